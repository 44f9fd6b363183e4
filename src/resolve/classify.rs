//! Class and scope of a rule, derived from its shape, its place and what it reads.

use crate::ir::expr::{Expr, Kind, Time};
use crate::ir::{BlockId, Cell, Fact, Root};
use formwright_engine::{Class, Scope};

/// The class of a fact.
pub fn fact_class(fact: Fact) -> Class {
    match fact {
        Fact::Type | Fact::Scale | Fact::Digits | Fact::Unexpected => Class::Format,
        Fact::List => Class::Domain,
        Fact::Required | Fact::MinRows => Class::Completeness,
        Fact::Key => Class::Uniqueness,
        Fact::From => Class::Reference,
        Fact::Applies | Fact::None => Class::Skip,
        Fact::Parts | Fact::Calculated => Class::Balance,
        Fact::Min
        | Fact::Max
        | Fact::MinLength
        | Fact::MaxLength
        | Fact::Pattern
        | Fact::MinChoices
        | Fact::MaxChoices
        | Fact::MaxRows => Class::Range,
    }
}

/// Whether a condition reads `filled` and `blank` only: it then counts in a final return only.
pub fn presence_only(check: &Expr) -> bool {
    match &check.kind {
        Kind::Call(id, args) => match Some(id.row().name) {
            Some("filled" | "blank") => true,
            Some("and" | "or" | "not" | "tally") => args.iter().all(presence_only),
            Some("=" | "!=") => {
                args.iter().all(|a| presence_only(a) || matches!(a.kind, Kind::Const(_)))
                    && args.iter().any(presence_only)
            }
            _ => false,
        },
        Kind::Quant { parts, .. } => parts.iter().all(|p| presence_only(&p.item)),
        _ => false,
    }
}

/// The class of a written rule.
pub fn rule_class(check: &Expr) -> Class {
    let has = |names: &[&str]| {
        let mut found = false;
        check.walk(&mut |e| {
            if let Kind::Call(id, _) = &e.kind {
                found |= names.contains(&id.row().name);
            }
        });
        found
    };
    let reads_before = {
        let mut found = false;
        check.walk(&mut |e| found |= matches!(e.kind, Kind::Cell { time: Time::Previous(_), .. }));
        found
    };
    let top = match &check.kind {
        Kind::Call(id, _) => id.row().name,
        _ => "",
    };
    if presence_only(check) {
        Class::Completeness
    } else if has(&["meets"]) {
        Class::Target
    } else if reads_before {
        Class::Change
    } else if has(&["unique"]) {
        Class::Uniqueness
    } else if has(&["percent", "/", "mean", "*"]) {
        Class::Ratio
    } else if has(&["in", "list contains"]) && check.cells().len() > 1 {
        Class::Reference
    } else if top == "=" && has(&["+", "sum"]) {
        Class::Balance
    } else if check.cells().len() == 1
        && matches!(top, "<" | "<=" | ">" | ">=" | "=" | "!=" | "and" | "matches" | "in")
    {
        Class::Range
    } else if matches!(top, "<=" | "<") {
        Class::PartWhole
    } else {
        Class::Consistency
    }
}

/// The scope: how far the rule reads.
pub fn scope(exprs: &[&Expr], home: Option<BlockId>, cells: &[Cell]) -> Scope {
    let mut found = Scope::Cell;
    let mut wider = |s: Scope| {
        if rank(s) > rank(found) {
            found = s;
        }
    };
    let mut seen: Vec<&Cell> = Vec::new();
    for e in exprs {
        e.walk(&mut |x| match &x.kind {
            Kind::Cell { time: Time::Previous(_), .. } => wider(Scope::Period),
            Kind::Cell { cell, scope, .. } => {
                let Some(c) = cells.get(cell.ix()) else { return };
                if c.home.root == Root::Context {
                    wider(Scope::Register);
                }
                if *scope > 0 {
                    wider(Scope::Column);
                }
                if home.is_some() && c.home.block.is_some() && c.home.block != home && *scope == 0 {
                    wider(Scope::Group);
                }
                if let Some(first) = seen.first() {
                    wider(between(first, c));
                }
                seen.push(c);
            }
            Kind::List(parts) if parts.iter().any(|p| p.each.is_some()) => wider(Scope::Column),
            _ => {}
        });
    }
    found
}

fn between(a: &Cell, b: &Cell) -> Scope {
    if a.table != b.table {
        Scope::Return
    } else if a.section != b.section {
        Scope::Table
    } else if a.row == b.row && a.home.block == b.home.block {
        if a.id == b.id { Scope::Cell } else { Scope::Row }
    } else if a.declared == b.declared {
        Scope::Column
    } else {
        Scope::Table
    }
}

fn rank(s: Scope) -> u8 {
    match s {
        Scope::Cell => 0,
        Scope::Row => 1,
        Scope::Group => 2,
        Scope::Column => 3,
        Scope::Table => 4,
        Scope::Return => 5,
        Scope::Period => 6,
        Scope::Register => 7,
    }
}
