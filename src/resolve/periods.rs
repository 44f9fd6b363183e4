//! Reference periods: days and spans as written.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::PeriodId;
use crate::parse::ast;
use crate::parse::shapes::Str;
use formwright_engine::Date;

/// A reference period as written.
pub fn reference(
    period: Option<&ast::PeriodRef>,
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
        ast::PeriodRef::Long(p) => dates(p.at.as_ref(), p.from.as_ref(), p.to.as_ref(), problems)
            .map(|(from, to)| crate::ir::table::Reference { named: None, from, to }),
    }
}

/// First and last day of `at` or `from` and `to`.
pub fn dates(
    at: Option<&Str>,
    from: Option<&Str>,
    to: Option<&Str>,
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
    match at {
        Some(_) => day(at).map(|d| (d, d)),
        None => Some((day(from)?, day(to)?)),
    }
}
