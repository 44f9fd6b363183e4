//! The items of `cells`: laid over the places they mean.

use super::effects;
use super::expr::Resolver;
use super::facts::{Use, each_use, fitted, of_item, overlay};
use super::life::Life;
use super::model::{At, Model};
use super::rules::Rules;
use super::scope::Ctx;
use super::select::Pick;
use super::structure::{Gone, Proto};
use crate::ir::CellId;
use crate::ir::rule::Fact;
use crate::parse::ast::{self, Facts};
use crate::parse::selector::{self, Term};
use crate::parse::shapes::Str;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lays the items of `cells` over the places they mean.
pub fn lay_over(rules: &mut Rules, protos: &mut [Proto], sec: usize, life: Life, items: &[ast::CellsItem]) {
    let ctx = Ctx { table: rules.model.sec(sec).and_then(|s| s.table), section: Some(sec), ..Ctx::default() };
    for item in items.iter().filter(|i| !i.na.is_some_and(|n| n.0)) {
        let facts = of_item(&life.item(item, rules.problems));
        let typed = effects::typed_keys(&facts);
        let mut fit = Vec::new();
        let selectors = item.at.as_ref().map(|a| a.0.as_slice()).unwrap_or_default();
        let node = selectors.first().map(|at| first_name(at.text())).unwrap_or_default();
        for at in selectors {
            // the text lives as long as the source tree; picks only reads it
            for pick in rules_picks(rules, &ctx, at) {
                for cell in flat(rules.model, &pick) {
                    if let Some(p) = protos.get_mut(cell.ix()) {
                        let ty = facts.ty.clone().or_else(|| p.facts.ty.clone());
                        fit.extend(ty.iter().flat_map(|t| effects::suiting(&typed, t.text())));
                        let own = Facts { ty, ..Facts::default() };
                        // Bounds that do not fit are told at each place.
                        let bounds =
                            Facts { min: facts.min.clone(), max: facts.max.clone(), ..fitted(&facts, &own) };
                        p.over.push((node.clone(), bounds));
                    }
                }
            }
        }
        effects::unfit(&typed, &fit, rules.problems);
    }
}

/// The places of a grid that items of `cells` make ——.
pub fn gone(rules: &mut Rules, sec: usize, items: &[ast::CellsItem]) -> Gone {
    let ctx = Ctx { table: rules.model.sec(sec).and_then(|s| s.table), section: Some(sec), ..Ctx::default() };
    let mut cells = BTreeMap::new();
    for at in items.iter().filter(|i| i.na.is_some_and(|n| n.0)).flat_map(|i| &i.at).flat_map(|a| &a.0) {
        for pick in rules_picks(rules, &ctx, at) {
            cells.extend(flat(rules.model, &pick).into_iter().map(|cell| (cell, at.span())));
        }
    }
    let rows = rules.model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default();
    let mut out = Gone::new();
    for (r, row) in rows.iter().enumerate() {
        let said = |at: &At| if let At::Cell(c) = at { cells.get(c).copied() } else { None };
        out.extend(row.cells.iter().enumerate().filter_map(|(c, at)| Some(((r, c), said(at)?))));
    }
    out
}

fn rules_picks(rules: &mut Rules, ctx: &Ctx, at: &Str) -> Vec<Pick> {
    let source = rules.sources.get(at.span().file).map_or("", |f| f.text.as_str());
    let locate = |r: std::ops::Range<usize>| at.0.locate(source, r);
    let mut r = Resolver::new(rules.model, rules.problems, &locate, at.text());
    r.picks(ctx, at.text(), &(0..at.text().len())).unwrap_or_default()
}

/// The first place named, which ids are made of.
fn first_name(text: &str) -> String {
    let Some(selector) = selector::parse(text).selector else { return String::new() };
    let first = selector.terms.first().or(selector.except.first());
    let path = first.map(|term| match term {
        Term::Name(path) | Term::Children(path) | Term::Descendants(path) | Term::Span(path, _) => path,
    });
    path.and_then(|p| p.last()).map(|name| name.text.clone()).unwrap_or_default()
}

/// Every cell of a pick.
pub fn flat(model: &Model, pick: &Pick) -> Vec<CellId> {
    let mut out = Vec::new();
    let (sec, rows, columns) = match pick {
        Pick::Cells(c) => return c.clone(),
        Pick::Columns(s, c) => (*s, None, Some(c)),
        Pick::Rows(s, r) => (*s, Some(r), None),
    };
    for (r, row) in model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default().iter().enumerate() {
        for (c, at) in row.cells.iter().enumerate() {
            let wanted = rows.is_none_or(|x| x.contains(&r)) && columns.is_none_or(|x| x.contains(&c));
            if let (At::Cell(cell), true) = (at, wanted) {
                out.push(*cell);
            }
        }
    }
    out
}

/// The facts in force at a cell, and the statements of those that can fail.
pub fn in_force(proto: &Proto, node: &str) -> (Arc<Facts>, Vec<Use>) {
    let mut uses: Vec<Use> = Vec::new();
    let mut facts = Arc::clone(&proto.facts);
    each_use(&proto.facts, &mut |kind, stated| uses.push(Use::new(kind, node, stated)));
    for (name, over) in &proto.over {
        let mut replaced = Vec::new();
        each_use(over, &mut |kind, _| replaced.push(kind));
        uses.retain(|u| u.kind == Fact::Applies || !replaced.contains(&u.kind));
        each_use(over, &mut |kind, stated| uses.push(Use::new(kind, name, stated)));
        facts = Arc::new(overlay(&facts, over));
    }
    for edition in super::life::conditional(&facts) {
        let mut replaced = Vec::new();
        each_use(&edition.facts, &mut |kind, _| replaced.push(kind));
        for u in uses.iter_mut().filter(|u| replaced.contains(&u.kind)) {
            u.unless.extend(edition.when.clone());
        }
        each_use(&edition.facts, &mut |kind, stated| {
            uses.push(Use { when: edition.when.clone(), ..Use::new(kind, node, stated) });
        });
    }
    (facts, uses)
}
