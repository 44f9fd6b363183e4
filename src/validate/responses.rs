//! Answers given with a return: they count only while rule, place and values are those they were given for.

use super::Pending;
use crate::data::GivenResponse;
use formwright_engine::finding::{Answer, Given, Place};
use formwright_engine::{Decimal, Finding, State};
use std::collections::HashMap;

/// A rule, and index and row of a place.
type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// The answers of a return, and which of them have counted.
#[derive(Debug)]
pub(crate) struct Responses<'a> {
    all: &'a [GivenResponse],
    /// By rule and row, as far as the answer names them.
    by_row: HashMap<Row<'a>, Vec<usize>>,
    used: Vec<bool>,
}

impl<'a> Responses<'a> {
    pub fn new(all: &'a [GivenResponse]) -> Self {
        let mut by_row: HashMap<Row<'_>, Vec<usize>> = HashMap::new();
        for (ix, response) in all.iter().enumerate() {
            let member = |name: &str| response.place.iter().find(|m| m.0 == name).map(|m| m.1.as_str());
            by_row.entry((&response.rule, member("index"), member("row"))).or_default().push(ix);
        }
        Responses { all, by_row, used: vec![false; all.len()] }
    }

    /// Settles a finding that is answered.
    pub fn settle(&mut self, one: &mut Pending) {
        for ix in self.about(&one.finding) {
            let Some(response) = self.all.get(ix).filter(|response| matches(one, response)) else {
                continue;
            };
            settle(one, response);
            if let Some(used) = self.used.get_mut(ix) {
                *used = true;
            }
        }
    }

    /// The answers that may be about a finding, in their order: with its row, or without one.
    fn about(&self, finding: &Finding) -> Vec<usize> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let index = finding.place.index.map(|index| index.to_string()).unwrap_or_default();
        let row = finding.place.row.as_deref().unwrap_or_default();
        let mut about = Vec::new();
        for index in [None, Some(index.as_str())] {
            for row in [None, Some(row)] {
                about.extend(self.by_row.get(&(finding.rule.as_str(), index, row)).into_iter().flatten());
            }
        }
        about.sort_unstable();
        about
    }

    /// The positions of answers that have counted for none.
    pub fn unused(self) -> Vec<usize> {
        self.used.iter().enumerate().filter(|(_, used)| !**used).map(|(ix, _)| ix).collect()
    }
}

fn settle(one: &mut Pending, response: &GivenResponse) {
    let finding = &mut one.finding;
    finding.response.given = Some(Given { response: response.response, text: response.text.clone() });
    let said = response.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    match response.response {
        Answer::Explain if said => finding.state = State::Explained,
        Answer::Confirm => finding.state = State::Confirmed,
        _ => {}
    }
}

fn matches(one: &Pending, response: &GivenResponse) -> bool {
    let finding = &one.finding;
    // Where the explanation has a field of its own, the field decides.
    let beside = finding.response.at.is_none() || response.response == Answer::Correct;
    finding.state == State::Fail
        && finding.rule == response.rule
        && finding.response.allowed.contains(&response.response)
        && beside
        && same_place(&finding.place, &response.place)
        && same_value(&finding.values.left, &response.values.0)
        && same_value(&finding.values.right, &response.values.1)
}

fn same_value(found: &Option<String>, given: &Option<String>) -> bool {
    match (found, given) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a == b || matches!((Decimal::parse(a), Decimal::parse(b)), (Some(a), Some(b)) if a == b)
        }
        _ => false,
    }
}

/// Every member given must be that of the finding; of a repeated row, key or index must be given.
fn same_place(place: &Place, given: &[(String, String)]) -> bool {
    let named = |name: &str| given.iter().any(|(key, _)| key == name);
    let row =
        place.index.is_none() || named("index") || (named("row") && place.row.is_some()) || named("group");
    let group = place.group.is_none() || named("group") || named("index");
    row && group && given.iter().all(|(key, text)| member(place, key).is_none_or(|found| found == *text))
}

/// The member of a place; `None` for names that places do not have.
fn member(place: &Place, key: &str) -> Option<String> {
    let text = |value: &Option<String>| Some(value.clone().unwrap_or_default());
    match key {
        "table" => text(&place.table),
        "section" => text(&place.section),
        "block" => text(&place.block),
        "row" => text(&place.row),
        "index" => text(&place.index.map(|ix| ix.to_string())),
        "group" => text(&place.group),
        "column" => text(&place.column),
        _ => {
            let axis = key.strip_prefix("over/")?;
            Some(place.over.iter().find(|(a, _)| a == axis).map(|(_, v)| v.clone()).unwrap_or_default())
        }
    }
}
