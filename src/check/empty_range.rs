//! Bounds between which no value lies.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Bounds, Survey};

/// Reports each place whose smallest value is larger than its largest, by the facts written there.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for cell in &survey.cells {
        if let Some((low, high, values)) = crossed(&cell.bounds) {
            let d = Diagnostic::new(&codes::EMPTY_RANGE, cell.span).arg("low", low).arg("high", high);
            problems.push(d.arg("min", values.0).arg("max", values.1));
        }
    }
}

/// The two facts and their values.
type Crossed = (&'static str, &'static str, (String, String));

fn crossed(b: &Bounds) -> Option<Crossed> {
    over("min", "max", b.min, b.max)
        .or_else(|| over("min", "max", b.min_date, b.max_date))
        .or_else(|| over("min_length", "max_length", b.min_length, b.max_length))
        .or_else(|| over("min_choices", "max_choices", b.min_choices, b.max_choices))
}

fn over<T: PartialOrd + ToString>(
    low: &'static str,
    high: &'static str,
    min: Option<T>,
    max: Option<T>,
) -> Option<Crossed> {
    let (min, max) = (min?, max?);
    (min > max).then(|| (low, high, (min.to_string(), max.to_string())))
}
