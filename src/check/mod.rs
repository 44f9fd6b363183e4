//! Checks of a resolved survey: one file a check, one line in [`CHECKS`].

use crate::diag::Problems;
use crate::ir::Survey;
use crate::resolve::Input;
use crate::source::SourceMap;

/// Runs every check.
pub fn check(_: &Input, _: &Survey, _: &SourceMap, _: &mut Problems) {}
