//! The schema of a single value, by the type of its cell, and the definitions that all cells share.
//!
//! Validators differ in what `\s`, `\d` and `$` take, so white space is spelt out, and wherever a pattern ends in `$`
//! another one shuts out the line end that Python lets stand before it.

use super::{names, predicate::Test};
use crate::emit::closed::reference;
use crate::emit::json::{Json, json};
use crate::ir::{Cell, ListId, Mark, MarkReads, Survey, Type};

/// White space as blanks are told by, for use inside a class.
const WHITE: &str =
    "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/// Full-width digits, which canonical text does not hold.
const WIDE: &str = "\\uff10-\\uff19";

const DAY: &str = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
const MONTH: &str = "[0-9]{4}-(?:0[1-9]|1[0-2])";
const YEAR: &str = "[0-9]{4}";
const PHONE: &str = "[-0-9+() ,;/#*]*[0-9][-0-9+() ,;/#*]*";

/// Most significant digits of any number.
const MOST_DIGITS: u32 = 15;

/// A definition that cells refer to: its name, and the schema of its values, blanks taken or not.
type Shared = (&'static str, fn(bool) -> Json<'static>);

/// The definitions. Each stands there twice: as it is, and as `…_filled`, which takes no blank.
const SHARED: &[Shared] = &[
    ("line", |blank| text(blank, &canonical(true, true))),
    ("text", |blank| text(blank, &canonical(true, false))),
    ("line_untrimmed", |blank| text(blank, &canonical(false, true))),
    ("text_untrimmed", |blank| text(blank, &canonical(false, false))),
    ("url", |blank| shaped(blank, &format!("https?://[^/{WHITE}]"), &solid())),
    ("email", |blank| shaped(blank, &format!("[^@{WHITE}]+@[^@{WHITE}]+$"), &solid())),
    ("phone", |blank| shaped(blank, &format!("{PHONE}$"), &canonical(true, false))),
    ("phone_untrimmed", |blank| shaped(blank, &format!("{PHONE}$"), "[0-9][^0-9]*\\n")),
    ("day", |blank| dated(blank, DAY)),
    ("month", |blank| dated(blank, MONTH)),
    ("year", |blank| dated(blank, YEAR)),
];

/// Every definition, by name.
pub fn shared() -> Vec<(String, Json<'static>)> {
    let mut out = vec![("filled".to_owned(), filled_text()), ("blank".to_owned(), blank_text())];
    for (name, schema) in SHARED {
        out.push(((*name).to_owned(), schema(true)));
        out.push((format!("{name}_filled"), schema(false)));
    }
    out
}

/// The definition with its format, if it has one; an empty text is a blank and no date.
pub fn annotated(name: &str, schema: &Json<'static>) -> Option<Json<'static>> {
    let mut filled = schema.clone();
    match name {
        "day" => Some(json!({
            "anyOf": [{"type": ["string", "null"], "format": "date"}, (blank_text())], "allOf": [filled],
        })),
        "day_filled" => {
            filled.set("format", "date");
            Some(filled)
        }
        _ => None,
    }
}

fn filled_text() -> Json<'static> {
    json!({"type": "string", "pattern": (format!("[^{WHITE}]"))})
}

/// Null, or text of white space only.
fn blank_text() -> Json<'static> {
    json!({"type": ["string", "null"], "pattern": (format!("^[{WHITE}]*$"))})
}

/// Text in which nothing of `wrong` is found.
fn text(blank: bool, wrong: &str) -> Json<'static> {
    let mut out = if blank { json!({"type": ["string", "null"]}) } else { filled_text() };
    out.set("not", json!({"type": "string", "pattern": (wrong.to_owned())}));
    out
}

/// Text that begins as the pattern says, with nothing of `wrong` in it.
fn shaped(blank: bool, pattern: &str, wrong: &str) -> Json<'static> {
    let pattern = if blank { format!("^[{WHITE}]*$|^{pattern}") } else { format!("^{pattern}") };
    json!({
        "type": (or_null("string", blank)), "pattern": pattern,
        "not": {"type": "string", "pattern": (wrong.to_owned())},
    })
}

fn dated(blank: bool, pattern: &str) -> Json<'static> {
    shaped(blank, &format!("{pattern}$"), "^0000|[0-9]\\n")
}

/// What canonical text does not hold beside something filled: white space around it, other line ends (or any), full-width
/// digits. (Whether it is NFC no pattern can say.)
fn canonical(trimmed: bool, one_line: bool) -> String {
    let ends = if one_line { "\\n\\r" } else { "\\r" };
    let around = match trimmed {
        true => format!("^[{WHITE}]+[^{WHITE}]|[^{WHITE}][{WHITE}]+$"),
        false => format!("[{ends}][{WHITE}]*[^{WHITE}]"),
    };
    format!("{around}|[^{WHITE}][{WHITE}]*[{ends}]|[{WIDE}]")
}

/// White space anywhere beside something filled, or full-width digits.
fn solid() -> String {
    format!("[^{WHITE}][{WHITE}]|[{WHITE}][^{WHITE}]|[{WIDE}]")
}

/// The name of the definition of a type's values.
fn shared_name(cell: &Cell) -> Option<&'static str> {
    let name = match (cell.ty, cell.trim) {
        (Type::Text, true) => "line",
        (Type::Text, false) => "line_untrimmed",
        (Type::LongText | Type::Target, true) => "text",
        (Type::LongText | Type::Target, false) => "text_untrimmed",
        (Type::Url, _) => "url",
        (Type::Email, _) => "email",
        (Type::Phone, true) => "phone",
        (Type::Phone, false) => "phone_untrimmed",
        (Type::Date, _) => "day",
        (Type::Month, _) => "month",
        (Type::Year, _) => "year",
        _ => return None,
    };
    Some(name)
}

/// The schema of what a cell may hold, blanks taken or not.
pub fn value<'s>(survey: &'s Survey, cell: &'s Cell, blank: bool) -> Json<'s> {
    if cell.lenient {
        return json!({});
    }
    if let Some(name) = shared_name(cell) {
        return reference(&if blank { name.to_owned() } else { format!("{name}_filled") });
    }
    let plain = match cell.ty {
        Type::Code(list) if blank => return reference(&names::list_name(survey, list)),
        Type::Code(list) => return reference(&names::codes_name(survey, list)),
        Type::Codes(list) => codes(survey, list, blank),
        Type::YesNo | Type::Tick => json!({"type": (or_null("boolean", blank))}),
        _ => number_of(cell, blank),
    };
    with_marks(survey, cell, plain)
}

fn or_null(ty: &'static str, blank: bool) -> Json<'static> {
    if blank { json!([ty, "null"]) } else { json!(ty) }
}

/// A number with no more digits before its point than it may have; a count is no less than 0 unless it states a bound.
fn number_of(cell: &Cell, blank: bool) -> Json<'static> {
    let digits = if cell.digits == 0 { MOST_DIGITS } else { cell.digits.min(MOST_DIGITS) };
    let limit = 10_i64.pow(digits);
    if cell.ty != Type::Count {
        return json!({
            "type": (or_null("number", blank)), "exclusiveMinimum": (-limit), "exclusiveMaximum": limit,
        });
    }
    let least = if cell.bounds.min.is_none() { 0 } else { 1 - limit };
    json!({"type": (or_null("integer", blank)), "minimum": least, "maximum": (limit - 1)})
}

fn with_marks<'s>(survey: &'s Survey, cell: &'s Cell, plain: Json<'s>) -> Json<'s> {
    let signs: Vec<&str> = marks(survey, cell).map(|m| m.id.as_str()).collect();
    if signs.is_empty() {
        return plain;
    }
    json!({"anyOf": [plain, {"type": "string", "enum": signs}]})
}

/// The notation codes a cell takes.
pub fn marks<'s>(survey: &'s Survey, cell: &'s Cell) -> impl Iterator<Item = &'s Mark> {
    cell.marks.iter().filter_map(|m| survey.marks.get(m.ix()))
}

fn codes(survey: &Survey, list: ListId, blank: bool) -> Json<'_> {
    let mut schema = json!({
        "type": (or_null("array", blank)), "items": (reference(&names::codes_name(survey, list))), "uniqueItems": true,
    });
    if !blank {
        schema.set("minItems", 1_i64);
    }
    let all = survey.list(list).map(|l| l.codes.as_slice()).unwrap_or_default();
    let all: Vec<_> = all.iter().filter(|c| !c.retired).collect();
    let shared: Vec<&str> = all.iter().filter(|c| !c.exclusive).map(|c| c.code.as_str()).collect();
    if shared.len() < all.len() {
        let alone = json!({"type": (or_null("array", blank)), "maxItems": 1_i64});
        let together =
            json!({"type": (or_null("array", blank)), "items": {"type": "string", "enum": (shared.clone())}});
        schema.set("anyOf", if shared.is_empty() { json!([alone]) } else { json!([together, alone]) });
    }
    schema
}

/// Whether the cell is certainly filled; the opposite takes everything else.
pub fn filled<'s>(survey: &'s Survey, cell: &'s Cell) -> Test<'s> {
    let null = json!({"type": "null"});
    match cell.ty {
        Type::YesNo | Type::Tick => Test { yes: json!({"type": "boolean"}), no: null },
        ty if ty.is_numeric() => {
            let signs = signs(survey, cell, |reads| reads == MarkReads::Zero);
            match cell.marks.is_empty() {
                true => Test { yes: json!({"type": "number"}), no: null },
                false => Test::new(number_or(signs)),
            }
        }
        Type::Codes(_) => Test {
            yes: json!({"type": "array", "minItems": 1_i64}),
            no: json!({"type": ["array", "null"], "maxItems": 0_i64}),
        },
        Type::Code(_) => Test {
            yes: json!({"type": "string", "minLength": 1_i64}),
            no: json!({"type": ["string", "null"], "maxLength": 0_i64}),
        },
        _ => Test { yes: reference("filled"), no: reference("blank") },
    }
}

/// Whether the cell is certainly blank, as the test whose `no` takes it.
pub fn blank<'s>(survey: &'s Survey, cell: &'s Cell) -> Test<'s> {
    if cell.marks.is_empty() {
        return filled(survey, cell);
    }
    let signs = signs(survey, cell, |reads| reads == MarkReads::Blank);
    let no = match signs.is_empty() {
        true => json!({"type": "null"}),
        false => json!({"anyOf": [{"type": "null"}, {"type": "string", "enum": signs}]}),
    };
    Test { yes: json!({"not": (no.clone())}), no }
}

/// Whether anything stands in the cell, readable or not: what makes a row one.
pub fn present<'s>(survey: &'s Survey, cell: &'s Cell) -> Test<'s> {
    if cell.marks.is_empty() {
        return filled(survey, cell);
    }
    Test { yes: json!({"not": {"type": "null"}}), no: json!({"type": "null"}) }
}

fn signs<'s>(survey: &'s Survey, cell: &'s Cell, reads: impl Fn(MarkReads) -> bool) -> Vec<&'s str> {
    marks(survey, cell).filter(|m| reads(m.reads)).map(|m| m.id.as_str()).collect()
}

fn number_or<'s>(signs: Vec<&'s str>) -> Json<'s> {
    if signs.is_empty() {
        return json!({"type": "number"});
    }
    json!({"anyOf": [{"type": "number"}, {"type": "string", "enum": signs}]})
}

/// Whether a number of this cell is the same in every reader: whole, and no longer than a double holds.
pub fn is_whole(cell: &Cell) -> bool {
    cell.ty == Type::Count
}
