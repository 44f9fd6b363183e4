//! Reports for people.

use super::format::{Checked, Format, Totals, nothing};
use super::surveys::Loaded;
use crate::cli::say;
use crate::diag::Lang;
use crate::validate::Report;
use formwright_engine::{Finding, Severity, State};

/// One line a finding, a verdict a return.
pub const FORMAT: Format = Format {
    name: "text",
    streams: true,
    between: "",
    report,
    fault: |_, _| String::new(),
    header,
    open: nothing,
    close: totals,
};

fn header(loaded: &Loaded, lang: Lang) -> String {
    let s = &loaded.survey;
    let period = crate::validate::period(s).map_or_else(String::new, |(from, to)| {
        say::PERIOD.text(lang, &[("from", &from.to_string()), ("to", &to.to_string())])
    });
    let keys = crate::validate::context_keys(s, loaded.context.as_ref());
    let context = if keys.is_empty() {
        say::NO_CONTEXT.text(lang, &[])
    } else {
        say::CONTEXT.text(lang, &[("keys", &keys.join(", "))])
    };
    let args = [
        ("survey", s.id.as_str()),
        ("version", &s.version),
        ("fingerprint", &s.fingerprint),
        ("period", &period),
        ("context", &context),
    ];
    format!("{}\n", say::HEADER.text(lang, &args))
}

fn report(one: &Checked<'_>) -> String {
    let (r, lang) = (one.report, one.lang);
    let state = if r.is_final { say::FINAL } else { say::DRAFT }.text(lang, &[]);
    let mut out = format!("{} ({state})\n", one.item.name());
    for finding in &r.findings {
        out.push_str(&line(finding, one));
    }
    let more = r.total.saturating_sub(r.findings.len());
    if more > 0 {
        let (listed, more) = (r.findings.len().to_string(), more.to_string());
        out.push_str(&format!("{}\n", say::MORE.text(lang, &[("listed", &listed), ("count", &more)])));
    }
    for answer in &r.unused_responses {
        out.push_str(&format!("{}\n", say::UNUSED.text(lang, &[("n", &(answer + 1).to_string())])));
    }
    out.push_str(&verdict(r, lang));
    out
}

fn verdict(r: &Report, lang: Lang) -> String {
    let of = |s: Severity| r.counts.of(State::Fail, s).to_string();
    let settled = r.counts.state(State::Explained) + r.counts.state(State::Confirmed);
    // What a draft leaves open is no question to anybody yet.
    let unknown = if r.is_final { r.counts.state(State::Unknown) } else { 0 };
    let word = if r.blocks { say::REFUSED } else { say::ACCEPTED }.text(lang, &[]);
    let args = [
        ("verdict", word),
        ("errors", of(Severity::Error)),
        ("warnings", of(Severity::Warning)),
        ("notices", of(Severity::Information)),
        ("settled", settled.to_string()),
        ("unknown", unknown.to_string()),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
    format!("{}\n", say::VERDICT.text(lang, &args))
}

/// The words of a finding that fails, by severity, and of one that does not, by state: English, Chinese, colour.
fn kind(f: &Finding) -> (&'static str, &'static str, &'static str) {
    match (f.state, f.severity) {
        (State::Fail, Severity::Error) => ("error", "错误", "31"),
        (State::Fail, Severity::Warning) => ("warning", "警告", "33"),
        (State::Fail, Severity::Information) => ("notice", "提示", "36"),
        (State::Explained, _) => ("explained", "已说明", "32"),
        (State::Confirmed, _) => ("confirmed", "已确认", "32"),
        (State::Unknown, _) => ("undecided", "待定", "35"),
        (State::Pass, _) => ("passed", "通过", "32"),
        (State::NotApplicable, _) => ("not applicable", "不适用", "32"),
    }
}

fn line(f: &Finding, one: &Checked<'_>) -> String {
    let lang = one.lang;
    let code = if lang == Lang::Zh { "zh" } else { "en" };
    let pick = |texts: &[(String, String)]| {
        texts.iter().find(|t| t.0 == code).or(texts.first()).map(|t| t.1.clone()).unwrap_or_default()
    };
    let survey = &one.loaded.survey;
    let table = survey.tables.iter().find(|t| Some(t.id.as_str()) == f.place.table.as_deref());
    let name = table.map(|t| if t.number.is_empty() { &t.title } else { &t.number });
    let name = name.map(|t| t.plain(survey.lang(code))).unwrap_or_default();
    let row = f.place.index.map_or_else(String::new, |i| say::ROW.text(lang, &[("n", &(i + 1).to_string())]));
    let label = Some(pick(&f.place.label)).filter(|l| !l.is_empty() && l != row.trim());
    let place: Vec<String> =
        [Some(format!("{name}{row}").trim().to_owned()).filter(|p| !p.is_empty()), label]
            .into_iter()
            .flatten()
            .collect();
    let (en, zh, colour) = kind(f);
    let word = if lang == Lang::Zh { zh } else { en };
    let word = if one.colour { format!("\x1b[{colour}m{word}\x1b[0m") } else { word.to_owned() };
    let sign = if lang == Lang::Zh { "：" } else { ": " };
    let head =
        [word, place.join(" ")].into_iter().filter(|p| !p.trim().is_empty()).collect::<Vec<_>>().join(sign);
    format!("  {head}{sign}{} [{}]\n", pick(&f.message), f.rule)
}

fn totals(t: &Totals, lang: Lang) -> String {
    if t.returns() < 2 {
        return String::new();
    }
    let args = [
        ("returns", t.returns()),
        ("accepted", t.accepted),
        ("refused", t.refused),
        ("unreadable", t.unreadable),
    ];
    let args: Vec<(&str, String)> = args.iter().map(|(n, v)| (*n, v.to_string())).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
    format!("{}\n", say::TOTALS.text(lang, &args))
}
