//! Codes whose label asks to be specified, without a field in which to do so, and the reverse.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{CodeItem, Survey};

/// What labels say that ask for a specification.
const ASKS: [&str; 6] = ["请说明", "请注明", "请填写", "please specify", "specify:", "please state"];

/// Reports each such code.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for code in survey.lists.iter().flat_map(|l| &l.codes) {
        if asks(code) && !code.specify {
            problems.push(Diagnostic::new(&codes::SPECIFY, code.span).arg("code", &code.code));
        }
    }
}

/// Reports codes that are to be specified and do not say so, where the labels of others do.
pub fn unasked(survey: &Survey, problems: &mut Problems) {
    let all = || survey.lists.iter().flat_map(|l| &l.codes).filter(|c| c.specify);
    let Some(other) = all().find(|c| asks(c)) else { return };
    for code in all().filter(|c| !asks(c)) {
        let d = Diagnostic::new(&codes::UNASKED, code.span).arg("code", &code.code);
        problems.push(d.arg("label", other.label.plain(0)));
    }
}

fn asks(code: &CodeItem) -> bool {
    code.label.0.iter().map(|text| text.to_lowercase()).any(|text| ASKS.iter().any(|a| text.contains(a)))
}
