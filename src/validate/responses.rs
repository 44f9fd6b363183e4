//! Answers given with a return: they count only while rule, place and values are those they were given for.

use super::Pending;
use crate::data::GivenResponse;
use formwright_engine::finding::{Answer, Given, Place};
use formwright_engine::{Decimal, State};

/// Settles the findings that are answered; the positions of answers that count for none are returned.
pub(crate) fn apply(pending: &mut [Pending], responses: &[GivenResponse]) -> Vec<usize> {
    let mut unused = Vec::new();
    for (ix, response) in responses.iter().enumerate() {
        let mut used = false;
        for one in pending.iter_mut().filter(|p| matches(p, response)) {
            used = true;
            settle(one, response);
        }
        if !used {
            unused.push(ix);
        }
    }
    unused
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
