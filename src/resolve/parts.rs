//! Facts about several cells: parts of a whole, keys, numbers of rows, the word that settles a section, specifications.

use super::expr::{by_key, constant};
use super::model::{At, BranchModel, RowModel};
use super::places::{Places, call, read, spot_of};
use super::rules::{Spot, qualified};
use super::scope::{Ctx, GroupAt, RowAt};
use super::sections::Entry;
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::rule::{Check, Explain, Fact, Instance, Origin, Place};
use crate::ir::{BlockId, CellId, Type};
use crate::parse::ast::{self, RuleFacts};
use crate::parse::shapes::{FactUse, Named, Str};
use formwright_engine::Value;

/// The specification of a cell's codes: required exactly then.
pub fn specification(places: &mut Places, sec: usize, cell: CellId) {
    let model = places.rules.model;
    let Some(c) = model.cells.get(cell.ix()) else { return };
    let Some(of) = c.specifies else { return };
    let Some(base) = model.cells.get(of.ix()) else { return };
    let list = match base.ty {
        Type::Code(l) | Type::Codes(l) => l,
        _ => return,
    };
    let wanted: Vec<&String> = base.specify.iter().filter(|s| s.1 == cell).map(|s| &s.0).collect();
    let code = |c: &String| constant(Value::Text(c.as_str().into()), Ty::Code(list), 0..0);
    let it = read(places.rules.model, of, 0);
    let chosen = if matches!(base.ty, Type::Codes(_)) {
        wanted.first().and_then(|w| call(places.rules.model, "list contains", vec![it, code(w)]))
    } else {
        let parts = wanted.iter().map(|w| Part { each: None, filter: None, item: code(w) }).collect();
        let all = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Code(list))), range: 0..0 };
        call(places.rules.model, "in", vec![it, all])
    };
    let Some(chosen) = chosen else { return };
    let spot = spot_of(places.rules.model, sec, cell);
    for (fact, when, check) in [
        (Fact::Required, chosen.clone(), "filled"),
        (Fact::Applies, by_key("not", vec![chosen], Ty::Bool), "blank"),
    ] {
        let check = by_key(check, vec![read(places.rules.model, cell, 0)], Ty::Bool);
        let id = qualified(places.rules.model, spot.ctx.table, &[&c.declared, ".", fact.name()]);
        let facts = RuleFacts::default();
        let mut r = places.rules.shell(
            id,
            spot.ctx.table,
            Origin::Fact(fact),
            &facts,
            format!("{}: specify", fact.name()),
            c.span,
        );
        r.class = super::classify::fact_class(fact);
        r.final_only = fact == Fact::Required;
        let mut i = places.rules.placed(&spot, Some(when), check, None, &facts, &[]);
        i.target = Some(cell);
        i.place.column = Some(c.declared.clone());
        i.place.label = c.spoken.clone();
        r.instances = vec![i];
        places.rules.out.add(r);
    }
}

/// Facts of a section's columns, rows and blocks that concern several cells.
pub fn section(places: &mut Places, e: &Entry) {
    settles(places, e);
    for f in &e.built.declared_groups {
        for stated in f.node.facts.parts.iter().flat_map(|p| p.0.iter()) {
            column_parts(places, e, f, stated);
        }
    }
    for r in &e.built.declared_rows {
        for stated in r.node.facts.parts.iter().flat_map(|p| p.0.iter()) {
            row_parts(places, e, r, stated);
        }
        block_facts(places, e, r);
    }
    section_required(places, e);
}

fn base_spot(e: &Entry) -> Spot {
    Spot { ctx: Ctx { table: e.table, section: Some(e.sec), ..Ctx::default() }, home: None }
}

/// `none`: nothing else in the section.
fn settles(places: &mut Places, e: &Entry) {
    let Some(stated) = e.node.none.as_ref().and_then(|n| n.0.first()) else { return };
    let Some(s) = places.rules.model.sec(e.sec) else { return };
    let Some(none) = s.none else { return };
    let all: Vec<CellId> = s.all_cells();
    let parts: Vec<Part> = all
        .iter()
        .map(|c| {
            super::places::summand(
                places.rules.model,
                *c,
                places.rules.model.cells.get(c.ix()).and_then(|c| c.home.block),
            )
        })
        .collect();
    let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Any)), range: 0..0 };
    let check = by_key("blank", vec![list], Ty::Bool);
    let spot = base_spot(e);
    let facts = places.rules.facts(&stated.rule, e.node.kind.as_ref());
    let id = facts.id.as_ref().map_or_else(
        || format!("{}.none", if e.input.id.is_empty() { "section" } else { &e.input.id }),
        |i| i.text().to_owned(),
    );
    let id = qualified(places.rules.model, e.table, &[&id]);
    let mut r = places.rules.shell(id, e.table, Origin::Fact(Fact::None), &facts, "none".into(), stated.span);
    r.class = places.rules.class(&facts, super::classify::fact_class(Fact::None));
    let names = places.rules.message(&mut r, &facts);
    let mut i =
        places.rules.placed(&spot, Some(read(places.rules.model, none, 0)), check, None, &facts, &names);
    i.target = Some(none);
    i.place.label = s.label.clone();
    r.instances = vec![i];
    places.rules.out.add(r);
}

fn section_required(places: &mut Places, e: &Entry) {
    let Some(stated) = e.node.required.as_ref().and_then(|n| n.0.first()) else { return };
    let Some(s) = places.rules.model.sec(e.sec) else { return };
    let parts: Vec<Part> = s
        .all_cells()
        .iter()
        .map(|c| {
            super::places::summand(
                places.rules.model,
                *c,
                places.rules.model.cells.get(c.ix()).and_then(|c| c.home.block),
            )
        })
        .collect();
    let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Any)), range: 0..0 };
    let check = by_key("not", vec![by_key("blank", vec![list], Ty::Bool)], Ty::Bool);
    let facts = places.rules.facts(&stated.rule, e.node.kind.as_ref());
    let spot = base_spot(e);
    let when = if stated.value.text() == "true" {
        None
    } else {
        let Some(expr) = places.rules.expressions.parse(places.rules.problems, &stated.value) else {
            return;
        };
        places.rules.at(&spot.ctx, &super::rules::Text2 { expr, scalar: &stated.value }, &facts, true).ok()
    };
    let when = super::rules::both(applies(places, e), when);
    let node = if e.input.id.is_empty() { "table" } else { &e.input.id };
    let id = qualified(places.rules.model, e.table, &[node, ".required"]);
    let mut r =
        places.rules.shell(id, e.table, Origin::Fact(Fact::Required), &facts, "required".into(), stated.span);
    r.class = places.rules.class(&facts, super::classify::fact_class(Fact::Required));
    r.final_only = true;
    let names = places.rules.message(&mut r, &facts);
    let mut i = places.rules.placed(&spot, when, check, None, &facts, &names);
    i.place.label = places.rules.model.sec(e.sec).map(|s| s.label.clone()).unwrap_or_default();
    if i.place.label.is_empty() {
        i.place.label = crate::ir::Text(vec![node.to_owned()]);
    }
    r.instances = vec![i];
    places.rules.out.add(r);
}

/// That a section is to be filled: its conditions hold, and its word does not stand there.
fn applies(places: &mut Places, e: &Entry) -> Option<Expr> {
    let none = places.rules.model.sec(e.sec).and_then(|s| s.none);
    let unsettled = none.map(|cell| {
        let it = read(places.rules.model, cell, 0);
        let not = by_key("not", vec![it.clone()], Ty::Bool);
        by_key("or", vec![by_key("blank", vec![it], Ty::Bool), not], Ty::Bool)
    });
    let spot = base_spot(e);
    super::sections::section_applies(e).iter().fold(unsettled, |all, u| {
        let expr = places.rules.expressions.parse(places.rules.problems, &u.stated.value)?;
        let text = super::rules::Text2 { expr, scalar: &u.stated.value };
        super::rules::both(all, places.rules.at(&spot.ctx, &text, &u.stated.rule, true).ok())
    })
}

/// The relations of a statement of parts: the node of the id, and the columns.
fn relations(
    places: &mut Places,
    e: &Entry,
    f: &Named<ast::Field>,
    stated: &FactUse<Str>,
) -> Vec<(String, Vec<usize>)> {
    let id = f.id.text();
    if let Some(of) = &stated.of {
        let ctx = base_spot(e).ctx;
        let picks: Vec<_> = of.0.iter().flat_map(|s| places.rules.own_picks(&ctx, s)).collect();
        let columns = picks.into_iter().flat_map(|p| match p {
            super::select::Pick::Columns(_, c) => c,
            _ => Vec::new(),
        });
        return vec![(id.to_owned(), columns.collect())];
    }
    let Some(s) = places.rules.model.sec(e.sec) else { return Vec::new() };
    let Some(group) = s.group(id) else { return Vec::new() };
    let mut direct = Vec::new();
    let mut out = Vec::new();
    for child in &group.children {
        match s.group(child) {
            Some(g) if g.own.is_none() => out.push((child.clone(), g.columns.clone())),
            Some(g) => direct.extend(g.own),
            None => direct.extend(s.columns_named(child)),
        }
    }
    if !direct.is_empty() {
        out.insert(0, (id.to_owned(), direct));
    }
    out
}

fn column_parts(places: &mut Places, e: &Entry, f: &Named<ast::Field>, stated: &FactUse<Str>) {
    let relations = relations(places, e, f, stated);
    let Some(s) = places.rules.model.sec(e.sec) else { return };
    let Some(own) = s.group(f.id.text()).and_then(|g| g.own) else { return };
    let rows: Vec<(usize, RowModel)> =
        s.rows.iter().cloned().enumerate().filter(|(_, r)| !r.calculated).collect();
    for (node, columns) in relations {
        for (i, row) in &rows {
            let Some(At::Cell(whole)) = row.cells.get(own) else { continue };
            let parts: Vec<CellId> = columns.iter().filter_map(|c| cell_at(row.cells.get(*c)?)).collect();
            let spot = row_spot(e, *i, row, places);
            relation(places, &spot, e, &node, stated, *whole, &parts, 0);
        }
    }
}

fn cell_at(at: &At) -> Option<CellId> {
    match at {
        At::Cell(c) => Some(*c),
        _ => None,
    }
}

fn row_spot(e: &Entry, i: usize, row: &RowModel, places: &Places) -> Spot {
    let outer = places.rules.model.chain(row.home).into_iter().nth(usize::from(row.repeats));
    let group = outer
        .map(|b| (e.sec, GroupAt::Repeated(b)))
        .or_else(|| row.fixed_group.clone().map(|g| (e.sec, GroupAt::Fixed(g))));
    let ctx = Ctx {
        table: e.table,
        section: Some(e.sec),
        row: Some(RowAt { sec: e.sec, row: i, scope: 0 }),
        group,
        ..Ctx::default()
    };
    Spot { ctx, home: row.home }
}

/// One relation of a whole to its parts at one place.
#[allow(clippy::too_many_arguments)]
fn relation(
    places: &mut Places,
    spot: &Spot,
    e: &Entry,
    node: &str,
    stated: &FactUse<Str>,
    whole: CellId,
    parts: &[CellId],
    scope: u8,
) {
    if parts.is_empty() {
        return;
    }
    let model = places.rules.model;
    let sum = || {
        let mut terms: Vec<Expr> = parts.iter().map(|c| read(model, *c, scope)).collect();
        while terms.len() > 1 {
            let pair = |two: &[Expr]| {
                if let [a, b] = two {
                    call(model, "+", vec![a.clone(), b.clone()])
                } else {
                    two.first().cloned()
                }
            };
            terms = terms.chunks(2).map(pair).collect::<Option<Vec<_>>>()?;
        }
        terms.pop()
    };
    let it = || read(model, whole, scope);
    let checks: Vec<(Option<Expr>, Option<CellId>)> = match stated.value.text() {
        "sum" => vec![(sum().and_then(|s| compare(places, spot, "=", s, it(), stated)), Some(whole))],
        "disjoint" => vec![(sum().and_then(|s| compare(places, spot, "<=", s, it(), stated)), Some(whole))],
        "overlapping" => parts
            .iter()
            .map(|p| (compare(places, spot, "<=", read(model, *p, scope), it(), stated), Some(*p)))
            .collect(),
        other => {
            let known = ["sum", "disjoint", "overlapping"];
            let d = Diagnostic::new(&codes::BAD_WORD, stated.value.span())
                .arg("word", other)
                .arg("known", known.join(", "));
            places.rules.problems.push(d.suggest(other, known));
            return;
        }
    };
    let facts = places.rules.facts(&stated.rule, e.node.kind.as_ref());
    let name = facts.id.as_ref().map_or_else(|| format!("{node}.parts"), |i| i.text().to_owned());
    let id = qualified(model, e.table, &[&name]);
    for (check, target) in checks {
        let Some(check) = check else {
            places.rules.problems.push(Diagnostic::new(&codes::PARTS_DIFFER, stated.span).arg("node", node));
            continue;
        };
        let source = format!("parts: {}", stated.value.text());
        let mut r =
            places.rules.shell(id.clone(), e.table, Origin::Fact(Fact::Parts), &facts, source, stated.span);
        let derived = if stated.value.text() == "sum" {
            formwright_engine::Class::Balance
        } else {
            formwright_engine::Class::PartWhole
        };
        r.class = places.rules.class(&facts, derived);
        r.scope = super::classify::scope(&[&check], spot.home, &model.cells);
        let names = places.rules.message(&mut r, &facts);
        r.instances = vec![places.rules.placed(spot, None, check, target, &facts, &names)];
        places.rules.out.add(r);
    }
}

fn compare(
    places: &mut Places,
    _: &Spot,
    sign: &str,
    l: Expr,
    r: Expr,
    stated: &FactUse<Str>,
) -> Option<Expr> {
    let op = if sign == "=" { crate::parse::expr::BinOp::Eq } else { crate::parse::expr::BinOp::Le };
    places.rules.compared(op, l, r, stated)
}

fn row_parts(places: &mut Places, e: &Entry, r: &Named<ast::Row>, stated: &FactUse<Str>) {
    let Some(s) =
        places.rules.model.sec(e.sec).map(|s| (s.rows.clone(), s.branches.clone(), s.columns.len()))
    else {
        return;
    };
    let (all, branches, columns) = s;
    let wholes = all.iter().enumerate().filter(|(_, x)| x.id == r.id.text()).map(|(i, _)| i);
    for own in wholes.collect::<Vec<_>>() {
        parts_of_row(places, e, r, stated, own, (&all, &branches, columns));
    }
}

/// The relations of one row to its parts, column by column.
fn parts_of_row(
    places: &mut Places,
    e: &Entry,
    r: &Named<ast::Row>,
    stated: &FactUse<Str>,
    own: usize,
    (all, branches, columns): (&[RowModel], &[BranchModel], usize),
) {
    let beside =
        |x: &RowModel| all.get(own).is_some_and(|o| o.home == x.home && o.fixed_group == x.fixed_group);
    let rows: Vec<usize> = match &stated.of {
        Some(of) => {
            let ctx = base_spot(e).ctx;
            let picks: Vec<_> = of.0.iter().flat_map(|s| places.rules.own_picks(&ctx, s)).collect();
            picks
                .into_iter()
                .flat_map(|p| if let super::select::Pick::Rows(_, r) = p { r } else { Vec::new() })
                .filter(|r| *r != own)
                .collect()
        }
        None => {
            let branch = branches
                .iter()
                .find(|b| b.id == r.id.text() && b.rows.iter().any(|i| all.get(*i).is_some_and(beside)));
            branch
                .map(|b| {
                    b.rows
                        .iter()
                        .copied()
                        .filter(|i| all.get(*i).is_some_and(|x| b.children.contains(&x.id) && beside(x)))
                        .collect()
                })
                .unwrap_or_default()
        }
    };
    for column in 0..columns {
        let Some(whole) = all.get(own).and_then(|x| cell_at(x.cells.get(column)?)) else { continue };
        let ty = places.rules.model.cells.get(whole.ix()).map(|c| c.ty);
        let ratio = ty == Some(Type::Percent) && stated.value.text() != "overlapping";
        let computed = places.calculated.iter().any(|c| c.0 == whole);
        if ratio || computed || !ty.is_some_and(Type::is_numeric) {
            continue;
        }
        let parts: Vec<CellId> =
            rows.iter().filter_map(|i| cell_at(all.get(*i)?.cells.get(column)?)).collect();
        let Some(row) = all.get(own) else { continue };
        let spot = row_spot(e, own, row, places);
        relation(places, &spot, e, r.id.text(), stated, whole, &parts, 0);
    }
}

fn block_facts(places: &mut Places, e: &Entry, r: &Named<ast::Row>) {
    let blocks: Vec<BlockId> = places
        .rules
        .model
        .sec(e.sec)
        .map(|s| s.blocks.iter().filter(|b| b.id == r.id.text()).map(|b| b.block).collect())
        .unwrap_or_default();
    for block in blocks {
        if let Some(stated) = r.node.key.as_ref().and_then(|k| k.0.first()) {
            let source = stated.value.0.0.iter().map(Str::text).collect::<Vec<_>>().join(", ");
            structural(
                places,
                e,
                r,
                Fact::Key,
                &stated.rule,
                format!("key: {source}"),
                stated.span,
                Some(block),
                Check::Key(block),
            );
        }
        let Some(b) = places.rules.model.blocks.get(block.ix()).cloned() else { continue };
        if let Some(from) = r.node.from.as_ref().filter(|_| b.from.is_some()) {
            let source = format!("from: {}", from.text());
            let own = RuleFacts::default();
            structural(places, e, r, Fact::From, &own, source, from.span(), Some(block), Check::Raw);
        }
        for (fact, stated, limit) in
            [(Fact::MinRows, &r.node.min_rows, b.min_rows), (Fact::MaxRows, &r.node.max_rows, b.max_rows)]
        {
            if fact == Fact::MinRows && stated.is_none() {
                continue;
            }
            let rule = stated.as_ref().and_then(|s| s.0.first()).map(|s| s.rule.clone()).unwrap_or_default();
            structural(
                places,
                e,
                r,
                fact,
                &rule,
                format!("{}: {limit}", fact.name()),
                r.id.span(),
                b.parent,
                Check::Rows { block, limit },
            );
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn structural(
    places: &mut Places,
    e: &Entry,
    r: &Named<ast::Row>,
    fact: Fact,
    own: &RuleFacts,
    source: String,
    span: crate::source::Span,
    home: Option<BlockId>,
    check: Check,
) {
    let facts = places.rules.facts(own, e.node.kind.as_ref());
    let name =
        facts.id.as_ref().map_or_else(|| format!("{}.{}", r.id.text(), fact.name()), |i| i.text().to_owned());
    let id = qualified(places.rules.model, e.table, &[&name]);
    let mut rule = places.rules.shell(id, e.table, Origin::Fact(fact), &facts, source, span);
    rule.class = places.rules.class(&facts, super::classify::fact_class(fact));
    rule.scope = formwright_engine::Scope::Column;
    rule.final_only = fact == Fact::MinRows;
    rule.explain = Explain::No;
    let section = places.rules.model.sec(e.sec).map(|s| s.id.clone()).filter(|s| !s.is_empty());
    let block = home.and_then(|b| places.rules.model.blocks.get(b.ix())).map(|b| b.id.clone());
    let place = Place { table: e.table, section, block, ..Place::default() };
    let target = match &check {
        Check::Key(b) => places.rules.model.blocks.get(b.ix()).and_then(|b| b.key.first().copied()),
        _ => None,
    };
    rule.instances = vec![Instance {
        home,
        place,
        when: None,
        check,
        target,
        reads: Vec::new(),
        explain: None,
        bindings: Vec::new(),
        lost: Vec::new(),
    }];
    places.rules.out.add(rule);
}
