//! The designer's own tests: a return given, findings expected.

use super::{Beside, Options, Pending, run};
use crate::data::{Earlier, Layout, ReadError, read_context, read_loose};
use crate::ir::Expect;
use crate::ir::{Origin, RuleId, Survey, Test};
use formwright_engine::{Class, Finding, State};
use std::collections::HashSet;

/// What came of a test.
#[derive(Debug, Clone, Default)]
pub struct TestOutcome {
    /// Whether exactly what was expected was found.
    pub passed: bool,
    /// What was expected and not found.
    pub missing: Vec<Expect>,
    /// What was found and not expected.
    pub unexpected: Vec<Finding>,
    /// Why the return, context or previous return of the test cannot be read.
    pub error: Option<ReadError>,
    /// The ids of rules that failed somewhere in it.
    pub failed_rules: HashSet<String>,
}

/// Which rules the tests exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The rules written under `rules` that run.
    pub rules: usize,
    /// Those that fail in no test.
    pub missing: Vec<RuleId>,
}

/// Runs one test: as a final return, missing values and unknowns only where expected.
pub fn run_test(survey: &Survey, test: &Test) -> TestOutcome {
    run_with(survey, &Layout::new(survey), test)
}

/// Runs every test of the survey, in order.
pub fn run_tests(survey: &Survey) -> Vec<TestOutcome> {
    run_tests_telling(survey, &mut |_| {})
}

/// Runs every test of the survey, in order; `tell` is told how many have been run before each.
pub fn run_tests_telling(survey: &Survey, tell: &mut dyn FnMut(usize)) -> Vec<TestOutcome> {
    let layout = Layout::new(survey);
    let each = survey.tests.iter().enumerate().map(|(ix, test)| {
        tell(ix);
        run_with(survey, &layout, test)
    });
    each.collect()
}

/// The rules that fail in none of the tests that were run.
pub fn coverage(survey: &Survey, outcomes: &[TestOutcome]) -> Coverage {
    let failed = |id: &str| outcomes.iter().any(|o| o.failed_rules.contains(id));
    let rules = survey.rules.iter().enumerate().filter(|(_, r)| r.origin == Origin::Rule && !r.withdrawn);
    let mut out = Coverage::default();
    for (ix, rule) in rules {
        out.rules += 1;
        if !failed(&rule.id) {
            out.missing.push(RuleId(u32::try_from(ix).unwrap_or(u32::MAX)));
        }
    }
    out
}

fn run_with(survey: &Survey, layout: &Layout, test: &Test) -> TestOutcome {
    match findings(survey, layout, test) {
        Ok(pending) => compare(survey, test, pending),
        Err(error) => {
            TestOutcome { error: Some(error), missing: test.expect.clone(), ..TestOutcome::default() }
        }
    }
}

fn findings(survey: &Survey, layout: &Layout, test: &Test) -> Result<Vec<Pending>, ReadError> {
    let document = read_loose(survey, layout, test.submission.as_bytes())?;
    let context = match &test.context {
        Some(text) => Some(read_context(survey, layout, text.as_bytes())?.0),
        None => None,
    };
    let previous = match &test.previous {
        Some(text) => Some(Earlier::new(survey, read_loose(survey, layout, text.as_bytes())?.records)),
        None => None,
    };
    let previous = [previous.as_ref()];
    let beside = Beside { context: context.as_ref(), previous: &previous };
    let options = Options { is_final: Some(true), most: usize::MAX, unknowns: true };
    Ok(run(survey, layout, &document, &beside, &options).kept.pending)
}

fn compare(survey: &Survey, test: &Test, pending: Vec<Pending>) -> TestOutcome {
    let table = test.table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str());
    let failed = |p: &&Pending| matches!(p.finding.state, State::Fail | State::Explained | State::Confirmed);
    let failed_rules = pending.iter().filter(failed).map(|p| p.finding.rule.clone()).collect();
    let mut open: Vec<Option<Pending>> =
        pending.into_iter().filter(|p| counts(p, table, &test.expect)).map(Some).collect();
    let mut missing = Vec::new();
    let mut wanted: Vec<&Expect> = test.expect.iter().collect();
    wanted.sort_by_key(|e| std::cmp::Reverse(words(e)));
    for expect in wanted {
        let fits = |p: &Option<Pending>| p.as_ref().is_some_and(|p| fits(survey, expect, p, table));
        match open.iter_mut().find(|p| fits(p)).and_then(Option::take) {
            Some(found) => open.iter_mut().filter(|p| is_twin(p.as_ref(), &found)).for_each(|p| *p = None),
            None => missing.push(expect.clone()),
        }
    }
    let unexpected: Vec<Finding> = open.into_iter().flatten().map(|p| p.finding).collect();
    let passed = missing.is_empty() && unexpected.is_empty();
    TestOutcome { passed, missing, unexpected, error: None, failed_rules }
}

/// How closely a place is named: the closest are looked for first.
fn words(expect: &Expect) -> usize {
    let all = [&expect.section, &expect.group, &expect.row, &expect.column, &expect.over];
    all.into_iter().filter(|word| word.is_some()).count()
}

/// The comparisons of one conjunction are expected as one.
fn is_twin(one: Option<&Pending>, found: &Pending) -> bool {
    one.is_some_and(|one| {
        let (a, b) = (&one.finding, &found.finding);
        (one.rule, one.instance, &one.rows, a.state) == (found.rule, found.instance, &found.rows, b.state)
            && a.place == b.place
    })
}

/// A table's test compares the findings of its own rules; what is missing or undecided only where it is named.
fn counts(one: &Pending, table: Option<&str>, expect: &[Expect]) -> bool {
    let finding = &one.finding;
    let own = match table {
        Some(table) => finding.rule.strip_prefix(table).is_some_and(|rest| rest.starts_with('.')),
        None => true,
    };
    let optional = finding.state == State::Unknown || finding.class == Class::Completeness;
    let named = || {
        expect.iter().any(|e| {
            let unknown = e.state.as_deref() == Some(State::Unknown.as_str());
            same_rule(e, finding, table) && unknown == (finding.state == State::Unknown)
        })
    };
    let elsewhere = || expect.iter().any(|e| e.rule == finding.rule);
    (own || elsewhere()) && (!optional || named())
}

fn same_rule(expect: &Expect, finding: &Finding, table: Option<&str>) -> bool {
    expect.rule == finding.rule
        || table.is_some_and(|table| {
            finding.rule.strip_prefix(table).and_then(|rest| rest.strip_prefix('.'))
                == Some(expect.rule.as_str())
        })
}

fn fits(survey: &Survey, expect: &Expect, one: &Pending, table: Option<&str>) -> bool {
    let finding = &one.finding;
    let place = &finding.place;
    let given = |want: &Option<String>, found: &Option<String>| want.is_none() || want == found;
    same_rule(expect, finding, table)
        && expect.state.as_deref().unwrap_or(State::Fail.as_str()) == finding.state.as_str()
        && given(&expect.section, &place.section)
        && given(&expect.column, &place.column)
        && expect
            .over
            .as_ref()
            .is_none_or(|over| place.over.iter().any(|(_, code)| code == over) || *over == joined(place))
        && expect.row.as_ref().is_none_or(|row| is_row(row, survey, one))
        && expect.group.as_ref().is_none_or(|group| is_group(group, survey, one))
}

fn joined(place: &formwright_engine::Place) -> String {
    place.over.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>().join(" ")
}

/// The rows around a place, outermost first, and whether the place is a fixed row in the last of them.
fn rows_of<'p>(survey: &Survey, one: &'p Pending) -> (&'p [(String, usize)], bool) {
    let rule = one.rule.and_then(|id| survey.rules.get(id.ix()));
    let instance = rule.and_then(|rule| rule.instances.get(one.instance));
    (&one.rows, instance.is_some_and(|i| i.place.row.is_some()))
}

/// The id of a fixed row, the key of a repeated one, or `cities 2`: the second row of that block.
fn is_row(want: &str, survey: &Survey, one: &Pending) -> bool {
    let (rows, is_fixed) = rows_of(survey, one);
    let own = rows.last().filter(|_| !is_fixed);
    one.finding.place.row.as_deref() == Some(want) || own.is_some_and(|row| *want == counted(row))
}

/// The id of a fixed group, the key of the innermost, or `cities 2` for any of those around the place; several, outermost
/// first, as `cities 2 offices 1`.
fn is_group(want: &str, survey: &Survey, one: &Pending) -> bool {
    if one.finding.place.group.as_deref() == Some(want) {
        return true;
    }
    let (rows, is_fixed) = rows_of(survey, one);
    let outer =
        if is_fixed || rows.len() == 1 { rows } else { rows.split_last().map_or(rows, |(_, outer)| outer) };
    let mut rest = want;
    for row in outer {
        if let Some(behind) = rest.strip_prefix(&counted(row)).filter(|r| r.is_empty() || r.starts_with(' '))
        {
            rest = behind.trim_start();
        }
    }
    rest.is_empty() && !want.is_empty()
}

/// A row as people count: the block and its number.
fn counted((block, index): &(String, usize)) -> String {
    format!("{block} {}", index + 1)
}
