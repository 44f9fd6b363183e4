//! Checks of a resolved survey: one file a check, one line in [`CHECKS`].

mod note_name;
mod number_repeats;
mod unused;

use crate::diag::Problems;
use crate::ir::Survey;
use crate::resolve::Input;

/// A check: what is written, what it means, where problems go.
pub type Check = fn(&Input, &Survey, &mut Problems);

/// Every check, in the order of their codes.
pub const CHECKS: &[Check] = &[number_repeats::check, note_name::check, unused::check];

/// Runs every check.
pub fn check(input: &Input, survey: &Survey, problems: &mut Problems) {
    for check in CHECKS {
        check(input, survey, problems);
    }
}
