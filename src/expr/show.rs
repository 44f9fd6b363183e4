//! Formulas as people read them: in the rule language, with `is` for the states of a cell.

use super::formula::{Formula, Items, Spot, State, Term, TermKind};
use crate::ir::func::{Func, Syntax};
use formwright_engine::Value;

/// A formula as text; `name` says what a cell is called.
pub fn show(formula: &Formula, name: &dyn Fn(Spot) -> String) -> String {
    match formula {
        Formula::Const(known) => known.to_string(),
        Formula::And(parts) => joined(parts, " and ", name),
        Formula::Or(parts) => joined(parts, " or ", name),
        Formula::Not(inner) => format!("not({})", show(inner, name)),
        Formula::Guard(two) => two.iter().map(|p| wrapped(p, name)).collect::<Vec<_>>().join(" and "),
        Formula::If(three) => {
            let [c, p, q] = three.as_ref();
            format!("if {} then {} else {}", show(c, name), wrapped(p, name), wrapped(q, name))
        }
        Formula::Is(state, spot, _) => match state {
            State::Filled => format!("filled({})", name(*spot)),
            State::Blank => format!("blank({})", name(*spot)),
            State::Unreadable => format!("unreadable({})", name(*spot)),
            State::Yes => format!("yes({})", name(*spot)),
            State::No => format!("no({})", name(*spot)),
        },
        Formula::Atom(id, args) => call(id.row(), args, name),
        Formula::Reads(text) => format!("number({}) != null", term(text, name)),
        Formula::Rows { every, each, body } => {
            let word = if *every { "every" } else { "some" };
            format!("{word} row {} satisfies {}", each.1, wrapped(body, name))
        }
        Formula::Before(_, a, b) => format!("row {a} before row {b}"),
    }
}

fn joined(parts: &[Formula], word: &str, name: &dyn Fn(Spot) -> String) -> String {
    parts.iter().map(|p| wrapped(p, name)).collect::<Vec<_>>().join(word)
}

/// In brackets where another word would split it.
fn wrapped(formula: &Formula, name: &dyn Fn(Spot) -> String) -> String {
    let text = show(formula, name);
    match formula {
        Formula::And(_) | Formula::Or(_) | Formula::Guard(_) | Formula::If(_) | Formula::Rows { .. } => {
            format!("({text})")
        }
        _ => text,
    }
}

fn call(row: &Func, args: &[Term], name: &dyn Fn(Spot) -> String) -> String {
    let texts: Vec<String> = args.iter().map(|a| term(a, name)).collect();
    match (row.syntax, texts.as_slice()) {
        (Syntax::Infix(_), [a, b]) => format!("{a} {} {b}", row.name),
        (Syntax::Prefix, [a]) => format!("-{a}"),
        (Syntax::Special, [x, rest @ ..]) if row.name == "in" => format!("{x} in [{}]", rest.join(", ")),
        (Syntax::Special, [x, low, high]) if row.name == "between" => format!("{x} between {low} and {high}"),
        (Syntax::Special, [a, b, n]) if row.name.ends_with(" /") => {
            format!("{}({a} / {b}, {n})", row.name.trim_end_matches(" /"))
        }
        _ => format!("{}({})", row.name, texts.join(", ")),
    }
}

fn term(of: &Term, name: &dyn Fn(Spot) -> String) -> String {
    match &of.kind {
        TermKind::Const(Value::Text(text)) => format!("{text:?}"),
        TermKind::Const(Value::Date(date)) => format!("@\"{date}\""),
        TermKind::Const(value) => value.to_string(),
        TermKind::Cell(spot) => name(*spot),
        TermKind::Call(id, args) => {
            let text = call(id.row(), args, name);
            if matches!(id.row().syntax, Syntax::Infix(_)) { format!("({text})") } else { text }
        }
        TermKind::If(choice) => {
            let (c, p, q) = choice.as_ref();
            format!("(if {} then {} else {})", show(c, name), term(p, name), term(q, name))
        }
        TermKind::Fold(id, items, places) => {
            let mut parts: Vec<String> = items.iter().map(|i| item(i, name)).collect();
            parts.extend(places.map(|n| n.to_string()));
            format!("{}({})", id.row().name, parts.join(", "))
        }
        TermKind::Tally(items) => {
            let parts: Vec<String> = items.iter().map(|i| show(&i.keep, name)).collect();
            format!("tally({})", parts.join(", "))
        }
    }
}

fn item(of: &Items, name: &dyn Fn(Spot) -> String) -> String {
    let text = term(&of.item, name);
    if of.keep == super::formula::TRUE { text } else { format!("{text} where {}", show(&of.keep, name)) }
}
