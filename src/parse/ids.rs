//! Ids and codes that other YAML readers would change.

use super::decode::Cx;
use super::yaml::{Scalar, Style};
use crate::diag::{Diagnostic, Problems, codes};

/// Warns of an id or code that other YAML readers would change.
pub fn check(id: &Scalar, cx: &mut Cx) {
    if id.style == Style::Plain && changes_elsewhere(&id.text) {
        let quoted = format!("'{}'", id.text.replace('\'', "''"));
        cx.problems
            .push(Diagnostic::new(&codes::UNQUOTED_ID, id.span).arg("id", &id.text).fix(id.span, quoted));
    }
}

/// Warns of a number where a text is meant that other YAML readers would change: `8.10`, `010`.
pub fn check_text(text: &Scalar, problems: &mut Problems) {
    if text.style == Style::Plain && changed_number(&text.text) {
        let d = Diagnostic::new(&codes::UNQUOTED_ID, text.span).arg("id", &text.text);
        problems.push(d.fix(text.span, format!("'{}'", text.text)));
    }
}

/// Whether a YAML 1.1 or typed reader takes a plain scalar for something else than its text.
fn changes_elsewhere(text: &str) -> bool {
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~"
    );
    word || changed_number(text) || is_date(text)
}

/// Numbers that do not come back as they were written: `8.10`, `010`, `1e3`, `0x1F`, `1_000`, `12:30`, 30 digits.
fn changed_number(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let unsigned = text.trim_start_matches(['+', '-']);
    let plain = unsigned.parse::<f64>().is_ok()
        && (unsigned.ends_with('0') && unsigned.contains('.')
            || unsigned.starts_with('0') && unsigned.len() > 1
            || unsigned.ends_with('.')
            || unsigned.starts_with('.')
            || text.starts_with('+')
            || unsigned.contains(['e', 'E'])
            || unsigned.len() > 15);
    let based = ["0x", "0o", "0b"].iter().any(|p| {
        unsigned.strip_prefix(p).is_some_and(|r| !r.is_empty() && r.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    let grouped =
        unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.contains('_') && digits(unsigned);
    let clock = unsigned.contains(':') && unsigned.split(':').all(digits);
    plain || based || grouped || clock
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}
