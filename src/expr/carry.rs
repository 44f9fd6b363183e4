//! How each expression target carries each rule: exactly, weaker or not at all, and why.

use super::lower::{Verdicts, instance};
use super::named::Named;
use super::print::{Printed, Site, print};
use super::target::Target;
use crate::ir::{Instance, Rule, Survey};
use std::collections::BTreeSet;

/// The reason codes of expression targets, each with what it says.
pub const REASONS: &[(&str, &str)] = &[
    ("case-insensitive", "the target does not tell upper from lower case there"),
    ("digits", "the numbers can have more digits than the target calculates with"),
    ("distinct-values", "the target cannot add up values without their repetitions"),
    ("length-limit", "the text is longer than the target takes"),
    ("many-queries", "the target takes too long over so many queries in one condition"),
    ("mark", "the target sees what a mark reads as, not the mark"),
    ("nested-rows", "a formula over ranges cannot run through rows within rows"),
    ("no-cross-row", "the target cannot compare the rows of several ranges with each other"),
    ("no-regex", "the target cannot search a text for this pattern"),
    ("scale", "a number read from text can have more decimals than the target calculates with"),
    ("target-text", "the target is a text that is only known when the form is filled"),
    ("text-order", "the order of texts differs from place to place"),
    ("beyond-bmp", "the target counts characters above U+FFFF twice"),
    ("eval-only", "it is available in `eval` only"),
];

/// What a reason code says.
pub fn reason(code: &str) -> Option<&'static str> {
    REASONS.iter().find(|(known, _)| *known == code).map(|(_, says)| *says)
}

/// How a target carries a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// It says exactly what the rule says.
    Exact,
    /// It may leave undecided what the rule decides, never the other way round; why.
    Weaker(BTreeSet<&'static str>),
    /// It does not say it; why.
    Absent(BTreeSet<&'static str>),
    /// A fact on the raw value of a cell, which the reader or widget of the artefact checks.
    Raw,
}

/// The verdicts of a rule at a place, printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedVerdicts {
    /// Whether it is fulfilled.
    pub passes: Printed,
    /// Whether it is broken.
    pub fails: Printed,
    /// Whether it does not apply.
    pub not_applicable: Printed,
}

/// Prints the verdicts of an instance for a target, at a site.
pub fn print_verdicts(
    verdicts: &Verdicts,
    target: &'static Target,
    site: &dyn Site,
) -> Result<PrintedVerdicts, &'static str> {
    Ok(PrintedVerdicts {
        passes: print(&verdicts.passes, target, site)?,
        fails: print(&verdicts.fails, target, site)?,
        not_applicable: print(&verdicts.not_applicable, target, site)?,
    })
}

/// How a target carries a rule: the worst of its places.
pub fn carried(survey: &Survey, rule: &Rule, target: &'static Target) -> Carried {
    let (mut weaker, mut absent, mut raw) = (BTreeSet::new(), BTreeSet::new(), true);
    for one in &rule.instances {
        match at_place(survey, rule, one, target) {
            Ok(None) => {}
            Ok(Some(reasons)) => {
                raw = false;
                weaker.extend(reasons);
            }
            Err(reason) => {
                raw = false;
                absent.insert(reason);
            }
        }
    }
    match (raw && !rule.instances.is_empty(), absent.is_empty(), weaker.is_empty()) {
        (true, _, _) => Carried::Raw,
        (_, false, _) => Carried::Absent(absent),
        (_, _, false) => Carried::Weaker(weaker),
        _ => Carried::Exact,
    }
}

/// Why it is weaker at a place; nothing for facts on raw values; the reason where it is absent.
fn at_place(
    survey: &Survey,
    rule: &Rule,
    one: &Instance,
    target: &'static Target,
) -> Result<Option<BTreeSet<&'static str>>, &'static str> {
    let Some(verdicts) = instance(survey, rule.origin, one)? else { return Ok(None) };
    let printed = print_verdicts(&verdicts, target, &Named { survey, target })?;
    let all = [printed.passes, printed.fails, printed.not_applicable];
    Ok(Some(all.into_iter().flat_map(|p| p.weaker).collect()))
}
