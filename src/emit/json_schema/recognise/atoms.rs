//! Tests of one value as keywords.

use crate::emit::Reason;
use crate::emit::json::{Json, json};
use crate::emit::json_schema::predicate::Test;
use crate::emit::json_schema::types;
use crate::ir::{Cell, Fact, Survey, Type};
use formwright_engine::func::Compare;
use formwright_engine::pattern::{self, Node};
use formwright_engine::{Date, Decimal, Value};
use std::ops::Range;

/// Filled with this truth.
pub fn boolean(want: bool) -> Test<'static> {
    let no = json!({"type": ["boolean", "null"], "enum": [(!want), null]});
    Test { yes: json!({"type": "boolean", "const": want}), no }
}

/// Filled, and the comparison with a literal holds.
pub fn compared<'s>(
    survey: &'s Survey,
    cell: &'s Cell,
    op: Compare,
    value: &Value,
) -> Result<Test<'s>, Reason> {
    match value {
        Value::Num(limit) => numeric(survey, cell, op, *limit),
        Value::Bool(b) if op == Compare::Eq => Ok(boolean(*b)),
        Value::Bool(b) if op == Compare::Ne => Ok(boolean(!*b)),
        Value::Text(_) | Value::Date(_) if matches!(op, Compare::Eq | Compare::Ne) => {
            one_of(survey, cell, std::slice::from_ref(value), op == Compare::Eq)
        }
        Value::Date(date) => dated(cell, op, *date).ok_or(Reason::NoArithmetic),
        _ => Err(Reason::NoArithmetic),
    }
}

/// A date before or behind another. Written with all their digits, dates have the order of their texts.
fn dated(cell: &Cell, op: Compare, date: Date) -> Option<Test<'static>> {
    let digits = match cell.ty {
        Type::Date => 10,
        Type::Month => 7,
        Type::Year => 4,
        _ => return None,
    };
    let limit = date.to_string();
    if limit.len() != digits {
        return None;
    }
    let before = matches!(op, Compare::Lt | Compare::Le);
    let mut parts: Vec<String> = limit
        .char_indices()
        .filter_map(|(at, digit)| {
            let others = match before {
                true => '0'..digit,
                false => char::from_u32(u32::from(digit) + 1)?..':',
            };
            let one = digit.is_ascii_digit().then(|| class(others))??;
            Some(limit.get(..at)?.to_owned() + &one)
        })
        .collect();
    if matches!(op, Compare::Le | Compare::Ge) {
        parts.push(limit.clone());
    }
    // Nothing comes before the first one.
    let pattern = (!parts.is_empty()).then(|| format!("^(?:{})", parts.join("|")))?;
    Some(Test::new(json!({"type": "string", "pattern": pattern})))
}

/// One of these digits, if there is one.
fn class(digits: Range<char>) -> Option<String> {
    let (first, last) = (digits.clone().next()?, digits.last()?);
    Some(if first == last { first.to_string() } else { format!("[{first}-{last}]") })
}

fn limit_keyword<'s>(op: Compare, limit: Decimal) -> Json<'s> {
    match op {
        Compare::Eq => json!({"const": limit}),
        Compare::Ne => json!({"not": {"const": limit}}),
        Compare::Lt => json!({"exclusiveMaximum": limit}),
        Compare::Le => json!({"maximum": limit}),
        Compare::Gt => json!({"exclusiveMinimum": limit}),
        Compare::Ge => json!({"minimum": limit}),
    }
}

/// The keywords with the type beside them.
fn with_type<'s>(ty: Json<'s>, keywords: Json<'s>) -> Json<'s> {
    let mut out = vec![("type".into(), ty)];
    if let Json::Object(more) = keywords {
        out.extend(more);
    }
    Json::Object(out)
}

fn numeric<'s>(survey: &Survey, cell: &Cell, op: Compare, limit: Decimal) -> Result<Test<'s>, Reason> {
    let zero = |m: &crate::ir::MarkId| {
        survey.marks.get(m.ix()).is_some_and(|m| m.reads == crate::ir::MarkReads::Zero)
    };
    if !cell.ty.is_numeric() || cell.marks.iter().any(zero) {
        return Err(Reason::NoArithmetic);
    }
    let limit = limit.normalized();
    let yes = with_type(json!("number"), limit_keyword(op, limit));
    if !cell.marks.is_empty() || matches!(op, Compare::Ne) {
        return Ok(if op == Compare::Ne && cell.marks.is_empty() {
            not_equal(yes, limit)
        } else {
            Test::new(yes)
        });
    }
    let no = match op {
        Compare::Eq => json!({"type": ["number", "null"], "not": {"const": limit}}),
        op => with_type(json!(["number", "null"]), limit_keyword(op.opposite(), limit)),
    };
    Ok(Test { yes, no })
}

fn not_equal<'s>(yes: Json<'s>, limit: Decimal) -> Test<'s> {
    Test { yes, no: json!({"type": ["number", "null"], "enum": [limit, null]}) }
}

/// Filled and one of these (or filled and none of them).
pub fn one_of<'s>(
    survey: &'s Survey,
    cell: &'s Cell,
    values: &[Value],
    want: bool,
) -> Result<Test<'s>, Reason> {
    if cell.ty.is_numeric() || matches!(cell.ty, Type::Codes(_)) {
        return Err(Reason::NoArithmetic);
    }
    let is = match values {
        [one] => json!({"type": "string", "const": (one.to_string())}),
        many => json!({"type": "string", "enum": (many.iter().map(Value::to_string).collect::<Vec<_>>())}),
    };
    if want {
        return Ok(Test::new(is));
    }
    let filled = types::filled(survey, cell);
    let mut yes = filled.yes;
    yes.set("not", is.clone());
    let no = json!({"anyOf": [(filled.no), is]});
    Ok(Test { yes, no })
}

/// Filled, and this code among its codes (or not among them).
pub fn has_code<'s>(cell: &Cell, code: &str, want: bool) -> Result<Test<'s>, Reason> {
    if !matches!(cell.ty, Type::Codes(_)) {
        return Err(Reason::NoArithmetic);
    }
    let has = json!({"type": "array", "contains": {"type": "string", "const": (code.to_owned())}});
    let yes = if want { has } else { json!({"type": "array", "minItems": 1_i64, "not": has}) };
    Ok(Test::new(yes))
}

/// Filled, and its length compares with the limit.
pub fn length<'s>(
    survey: &'s Survey,
    cell: &'s Cell,
    op: Compare,
    limit: Decimal,
) -> Result<Test<'s>, Reason> {
    let limit = limit.to_i64().filter(|n| *n >= 0).ok_or(Reason::NoArithmetic)?;
    let keywords = match op {
        Compare::Ge => json!({"minLength": limit}),
        Compare::Gt => json!({"minLength": (limit + 1)}),
        Compare::Le => json!({"maxLength": limit}),
        Compare::Lt if limit > 0 => json!({"maxLength": (limit - 1)}),
        Compare::Eq => json!({"minLength": limit, "maxLength": limit}),
        _ => return Err(Reason::NoArithmetic),
    };
    let mut yes = types::filled(survey, cell).yes;
    yes.set("type", "string");
    if let Json::Object(more) = keywords {
        more.into_iter().for_each(|(key, value)| yes.set(key, value));
    }
    Ok(Test::new(yes))
}

/// Filled, and the pattern is found (or is not), with whether the keywords say exactly that.
///
/// Before a line end at the end Python's `$` stands too; where the pattern takes no line end, a text with one is said
/// not to match.
pub fn pattern<'s>(
    survey: &'s Survey,
    cell: &'s Cell,
    pattern: &str,
    want: bool,
) -> Option<(Test<'s>, bool)> {
    let pattern = pattern::parse(pattern).ok()?;
    let anchored = pattern.any(|part| *part == Node::End);
    let line_end = json!({"type": "string", "pattern": "\\n"});
    let closed = pattern.is_whole() && !pattern.any(|part| matches!(part, Node::Set(set) if set.has('\n')));
    let exact = !anchored || closed;
    let found = json!({"type": "string", "pattern": (pattern.print())});
    let filled = types::filled(survey, cell).yes;
    let not_found = json!({"not": (found.clone())});
    let yes = match (want, anchored) {
        (true, false) => json!({"type": "string", "allOf": [filled, found]}),
        (true, true) => json!({"type": "string", "allOf": [filled, found], "not": line_end}),
        (false, true) if closed => {
            json!({"type": "string", "allOf": [filled, {"anyOf": [not_found, line_end]}]})
        }
        (false, _) => json!({"type": "string", "allOf": [filled, not_found]}),
    };
    Some((Test::new(yes), exact))
}

/// Filled, and with more or fewer codes than a fact allows.
pub fn choices<'s>(cell: &Cell, fact: Fact) -> Option<Test<'s>> {
    let ty = json!(["array", "null"]);
    match fact {
        Fact::MaxChoices => Some(inverse(json!({"type": ty, "maxItems": (cell.bounds.max_choices?)}))),
        Fact::MinChoices => {
            let enough = json!({"type": "array", "minItems": (cell.bounds.min_choices?)});
            Some(inverse(json!({"type": (ty.clone()), "anyOf": [enough, {"type": ty, "maxItems": 0_i64}]})))
        }
        _ => None,
    }
}

/// The test whose opposite is `no`.
fn inverse(no: Json<'_>) -> Test<'_> {
    Test { yes: json!({"not": (no.clone())}), no }
}
