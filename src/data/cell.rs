//! One JSON value as the value of a cell, and what is wrong with it.

use crate::ir::MarkReads;
use crate::ir::{Cell, CodeItem, CodeList, Fact, ListId, MarkId, Survey, Type};
use formwright_engine::date::Precision;
use formwright_engine::json::{Json, Kind};
use formwright_engine::{Date, Decimal, Value};
use std::collections::{HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Most significant digits a number may have anywhere.
pub const MAX_DIGITS: u32 = 15;

/// Longest name that is compared with known ones, characters.
const MAX_NAME: usize = 64;

/// So many codes are looked up in a list one by one.
const FEW_CODES: usize = 16;

/// What is wrong with a delivered value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawProblem {
    /// Another JSON type than the cell's.
    WrongType,
    /// A number written as text.
    NumberAsText,
    /// A number with an exponent.
    Exponent,
    /// A count that is no whole number from 0.
    NotCount,
    /// Text that is not canonical; as it should be.
    NotCanonical(String),
    /// A line break in a text of one line.
    LineBreak,
    /// No date of the cell's precision, or none that exists.
    NotDate,
    /// No web address, telephone number or mail address.
    NotAddress,
    /// More decimals than the scale.
    Scale(u32),
    /// More significant digits than these.
    Digits(u32),
    /// A code that is not in the list, and the nearest that is.
    UnknownCode(String, Option<String>),
    /// A code given twice.
    DuplicateCode(String),
    /// A code that stands alone, with others beside it.
    Exclusive(String),
    /// A code that may no longer be chosen.
    Retired(String),
    /// A member that is not part of the survey, and the nearest that is.
    Unexpected(String, Option<String>),
    /// A member that stands there twice; the first is read.
    Duplicate(String),
}

impl RawProblem {
    /// The fact that fails.
    pub fn fact(&self) -> Fact {
        match self {
            RawProblem::Scale(_) => Fact::Scale,
            RawProblem::Digits(_) => Fact::Digits,
            RawProblem::UnknownCode(..)
            | RawProblem::DuplicateCode(_)
            | RawProblem::Exclusive(_)
            | RawProblem::Retired(_) => Fact::List,
            RawProblem::Unexpected(..) | RawProblem::Duplicate(_) => Fact::Unexpected,
            _ => Fact::Type,
        }
    }
}

/// What a JSON value means to a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadCell {
    /// The value rules read.
    pub value: Value,
    /// What is wrong.
    pub problems: Vec<RawProblem>,
    /// Whether the delivered text must be kept beside the value.
    pub keep: bool,
}

impl ReadCell {
    fn good(value: Value) -> Self {
        ReadCell { value, ..Self::default() }
    }

    fn unreadable(problem: RawProblem) -> Self {
        ReadCell { value: Value::Unknown, problems: vec![problem], keep: true }
    }
}

/// Reads a JSON value as the value of a cell; of each fact at most one problem. `suggest`: the nearest code is looked for
/// where one is not known.
pub fn read_cell(survey: &Survey, cell: &Cell, json: &Json, suggest: bool) -> ReadCell {
    if is_blank(cell, json) {
        return ReadCell::default();
    }
    match cell.ty {
        Type::Count | Type::Decimal | Type::Percent | Type::Money => number(survey, cell, json),
        Type::YesNo | Type::Tick => match json.as_bool() {
            Some(answer) => ReadCell::good(Value::Bool(answer)),
            None => ReadCell::unreadable(RawProblem::WrongType),
        },
        Type::Code(list) => code(survey, list, json, suggest),
        Type::Codes(list) => codes(survey, list, json, suggest),
        _ => match &json.kind {
            Kind::Text(text) => text_cell(cell, text),
            _ => ReadCell::unreadable(RawProblem::WrongType),
        },
    }
}

/// Null; where the cell holds text, also text of white space only; for a code the empty text; for codes the empty list.
fn is_blank(cell: &Cell, json: &Json) -> bool {
    match (&json.kind, cell.ty) {
        (Kind::Null, _) => true,
        (Kind::Text(text), Type::Code(_)) => text.is_empty(),
        (Kind::Array(items), Type::Codes(_)) => items.is_empty(),
        (Kind::Text(_), Type::Codes(_)) => false,
        (Kind::Text(text), ty) => !ty.is_numeric() && !ty.is_bool() && text.trim().is_empty(),
        _ => false,
    }
}

fn number(survey: &Survey, cell: &Cell, json: &Json) -> ReadCell {
    let digits = match &json.kind {
        Kind::Number(digits) => digits,
        Kind::Text(text) => return mark_or_text(survey, &cell.marks, text),
        _ => return ReadCell::unreadable(RawProblem::WrongType),
    };
    if digits.contains(['e', 'E']) {
        return ReadCell::unreadable(RawProblem::Exponent);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let number = match Decimal::parse(digits) {
        None if fraction.is_empty() => Decimal::parse(whole),
        None if cell.ty == Type::Count => return ReadCell::unreadable(RawProblem::NotCount),
        number => number,
    };
    match number {
        Some(number) => bounded_number(cell, number),
        None => ReadCell::unreadable(RawProblem::Digits(MAX_DIGITS)),
    }
}

/// A whole number that is bounded below by a fact of its own is left to that fact.
fn bounded_number(cell: &Cell, number: Decimal) -> ReadCell {
    let below = number.is_negative() && cell.bounds.min.is_none();
    if cell.ty == Type::Count && (!number.is_integer() || below) {
        return ReadCell::unreadable(RawProblem::NotCount);
    }
    let exact = number.normalized();
    let most = if cell.digits == 0 { MAX_DIGITS } else { cell.digits.min(MAX_DIGITS) };
    let mut read = ReadCell::good(Value::Num(number.with_scale(cell.scale).unwrap_or(number)));
    if exact.scale() > cell.scale {
        read.problems.push(RawProblem::Scale(cell.scale));
    }
    if exact.digits() > most {
        read.problems.push(RawProblem::Digits(most));
    }
    read
}

fn mark_or_text(survey: &Survey, marks: &[MarkId], text: &str) -> ReadCell {
    let mark = marks.iter().filter_map(|id| survey.marks.get(id.ix())).find(|mark| mark.id == text);
    let value = match mark.map(|mark| mark.reads) {
        Some(MarkReads::Unknown) => Value::Unknown,
        Some(MarkReads::Zero) => Value::Num(Decimal::ZERO),
        Some(MarkReads::Blank) => Value::Null,
        None if Decimal::parse(text.trim()).is_some() => {
            return ReadCell::unreadable(RawProblem::NumberAsText);
        }
        None => return ReadCell::unreadable(RawProblem::WrongType),
    };
    ReadCell { value, problems: Vec::new(), keep: true }
}

fn text_cell(cell: &Cell, text: &str) -> ReadCell {
    let precision = match cell.ty {
        Type::Date => Precision::Day,
        Type::Month => Precision::Month,
        Type::Year => Precision::Year,
        _ => return plain_text(cell, text),
    };
    match Date::parse_as(text, precision) {
        Some(date) => ReadCell::good(Value::Date(date)),
        None => ReadCell::unreadable(RawProblem::NotDate),
    }
}

fn plain_text(cell: &Cell, text: &str) -> ReadCell {
    if let Some(problem) = canonical_problem(text, cell.trim) {
        return ReadCell::unreadable(problem);
    }
    if cell.ty == Type::Text && text.contains('\n') {
        return ReadCell::unreadable(RawProblem::LineBreak);
    }
    if !is_address(cell.ty, text) {
        return ReadCell::unreadable(RawProblem::NotAddress);
    }
    ReadCell::good(Value::Text(text.into()))
}

/// The canonical form of a text: NFC, LF, half-width digits, trimmed unless the cell says otherwise.
pub fn canonical(text: &str, trim: bool) -> String {
    let text: String = text.replace("\r\n", "\n").replace('\r', "\n").nfc().map(half_width).collect();
    if trim { text.trim().to_owned() } else { text }
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF10..=0xFF19 => char::from_u32(wide - 0xFF10 + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

fn canonical_problem(text: &str, trim: bool) -> Option<RawProblem> {
    let plain = is_nfc(text)
        && !text.contains(|c: char| c == '\r' || half_width(c) != c)
        && (!trim || text.trim().len() == text.len());
    (!plain).then(|| RawProblem::NotCanonical(canonical(text, trim)))
}

/// The shape of addresses, kept as plain as their names promise: `http(s)://…`, `a@b`, digits with signs.
fn is_address(ty: Type, text: &str) -> bool {
    let solid = !text.contains(char::is_whitespace);
    match ty {
        Type::Url => {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            solid && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        }
        Type::Email => {
            let parts = text.split_once('@');
            solid && parts.is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains('@'))
        }
        Type::Phone => {
            let known = |c: char| c.is_ascii_digit() || "+-() ,;/#*".contains(c);
            text.chars().all(known) && text.contains(|c: char| c.is_ascii_digit())
        }
        _ => true,
    }
}

fn code(survey: &Survey, list: ListId, json: &Json, suggest: bool) -> ReadCell {
    let Some(text) = json.as_text() else { return ReadCell::unreadable(RawProblem::WrongType) };
    let mut read = ReadCell::good(Value::Text(text.into()));
    if let Some(list) = survey.list(list) {
        read.problems.extend(code_problem(list, list.find(text), text, suggest));
    }
    read
}

fn code_problem(list: &CodeList, found: Option<&CodeItem>, code: &str, suggest: bool) -> Option<RawProblem> {
    match found {
        Some(item) if item.retired => Some(RawProblem::Retired(code.to_owned())),
        Some(_) => None,
        None => {
            let codes = list.codes.iter().map(|c| c.code.as_str());
            let near = if suggest { nearest(code, codes) } else { None };
            Some(RawProblem::UnknownCode(super::json::shown(code), near))
        }
    }
}

/// The set of codes in the order of the list, unknown ones at the end; the first problem.
fn codes(survey: &Survey, list: ListId, json: &Json, suggest: bool) -> ReadCell {
    let texts: Option<Vec<&str>> = json.items().and_then(|items| items.iter().map(Json::as_text).collect());
    let (Some(texts), Some(list)) = (texts, survey.list(list)) else {
        return ReadCell::unreadable(RawProblem::WrongType);
    };
    let find = positions(list, texts.len());
    let (mut problem, mut keep) = (None, false);
    let mut seen = HashSet::with_capacity(texts.len());
    let mut set: Vec<(usize, &str)> = Vec::with_capacity(texts.len());
    for text in texts {
        if !seen.insert(text) {
            keep = true;
            problem = problem.or_else(|| Some(RawProblem::DuplicateCode(super::json::shown(text))));
            continue;
        }
        let at = find(text);
        let item = at.and_then(|at| list.codes.get(at));
        problem = problem.or_else(|| code_problem(list, item, text, suggest));
        set.push((at.unwrap_or(usize::MAX), text));
    }
    let alone = |(at, _): &&(usize, &str)| list.codes.get(*at).is_some_and(|item| item.exclusive);
    if let Some((_, code)) = set.iter().find(alone).filter(|_| set.len() > 1) {
        problem = problem.or_else(|| Some(RawProblem::Exclusive((*code).to_owned())));
    }
    set.sort_unstable();
    let value = Value::list(set.into_iter().map(|(_, code)| Value::Text(code.into())));
    ReadCell { value, problems: problem.into_iter().collect(), keep }
}

/// Finds the position of a code; by a table where many will be asked for.
fn positions(list: &CodeList, asked: usize) -> impl Fn(&str) -> Option<usize> {
    let all = || list.codes.iter().map(|item| item.code.as_str()).enumerate();
    let table: Option<HashMap<&str, usize>> =
        (asked > FEW_CODES).then(|| all().rev().map(|(at, code)| (code, at)).collect());
    move |code| match &table {
        Some(table) => table.get(code).copied(),
        None => all().find(|(_, other)| *other == code).map(|(at, _)| at),
    }
}

/// The nearest of some names, if one is near.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().take(MAX_NAME + 1).count();
    if length > MAX_NAME {
        return None;
    }
    let most = (length / 3).max(1);
    names
        .filter(|other| length > 1 && other.chars().count() > 1)
        .map(|other| (strsim::osa_distance(name, other), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other.to_owned())
}
