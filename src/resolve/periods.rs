//! Reference periods: days and spans as written.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::PeriodId;
use crate::parse::ast;
use crate::parse::shapes::Str;
use crate::source::Span;
use formwright_engine::Date;

/// A reference period as written; `whole` is where it is reported if it says nothing.
pub fn reference(
    period: Option<&ast::PeriodRef>,
    whole: Span,
    periods: &[crate::ir::Period],
    problems: &mut Problems,
) -> Option<crate::ir::table::Reference> {
    match period? {
        ast::PeriodRef::Id(id) => match periods.iter().position(|p| p.id == id.text()) {
            Some(i) => {
                let p = periods.get(i)?;
                Some(crate::ir::table::Reference {
                    named: Some(PeriodId(u32::try_from(i).unwrap_or(0))),
                    from: p.from,
                    to: p.to,
                })
            }
            None => {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, id.span()).arg("name", id.text());
                problems.push(d.suggest(id.text(), periods.iter().map(|p| p.id.as_str())));
                None
            }
        },
        ast::PeriodRef::Long(p) => dates([p.at.as_ref(), p.from.as_ref(), p.to.as_ref()], whole, problems)
            .map(|(from, to)| crate::ir::table::Reference { named: None, from, to }),
    }
}

/// First and last day of `at`, or of `from` and `to`. `whole` is where a period without any of them is reported.
pub fn dates(
    [at, from, to]: [Option<&Str>; 3],
    whole: Span,
    problems: &mut Problems,
) -> Option<(Date, Date)> {
    let mut day = |s: Option<&Str>| {
        let s = s?;
        let d = Date::parse(s.text());
        if d.is_none() {
            problems.push(Diagnostic::new(&codes::BAD_DATE, s.span()).arg("text", s.text()));
        }
        d
    };
    let days = match (at, from, to) {
        (Some(_), None, None) => return day(at).map(|d| (d, d)),
        (None, Some(_), Some(_)) => day(from).zip(day(to))?,
        _ => {
            let said = at.or(from).or(to).map_or(whole, Str::span);
            problems.push(Diagnostic::new(&codes::BAD_PERIOD, said));
            return None;
        }
    };
    if days.0 > days.1 {
        problems.push(Diagnostic::new(&codes::BAD_PERIOD, to.map_or(whole, Str::span)));
        return None;
    }
    Some(days)
}
