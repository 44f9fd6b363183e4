//! Checks of a resolved survey: one file a check, one line in [`CHECKS`]. What they find may be accepted in the source,
//! with a reason; the checks need not know.

mod accept;
mod alike;
mod both_sides;
mod code_gap;
mod contradiction;
mod empty_range;
mod fails_empty;
mod never_decided;
mod never_false;
mod never_true;
mod note_name;
mod number_repeats;
mod odd_term;
mod solved;
mod specify;
mod terms;
mod two_sums;
mod unused;

use crate::diag::Problems;
use crate::ir::Survey;

/// A check: what is meant, and where problems go.
pub type Check = fn(&Survey, &mut Problems);

/// Every check, in the order of their codes; one whose finding says why another's comes about stands before it.
pub const CHECKS: &[Check] = &[
    code_gap::check,
    number_repeats::check,
    note_name::check,
    unused::lists,
    unused::units,
    specify::check,
    empty_range::check,
    specify::unasked,
    alike::check,
    never_decided::check,
    both_sides::check,
    two_sums::check,
    odd_term::check,
    never_true::check,
    fails_empty::check,
    never_false::check,
    contradiction::check,
];

/// Runs every check, then leaves out what the source accepts.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for check in CHECKS {
        check(survey, problems);
    }
    accept::settle(survey, problems);
}
