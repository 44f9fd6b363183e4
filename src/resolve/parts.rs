//! Facts about several cells: parts of a whole, keys, numbers of rows, the word that settles a section, specifications.

use super::expr::{by_key, constant};
use super::facts::Use;
use super::model::{At, BranchModel, FieldSet, RowModel, SectionModel};
use super::places::{Places, call, read, spot_of};
use super::rules::{Spot, qualified};
use super::scope::{Ctx, GroupAt, RowAt};
use super::sections::Entry;
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::rule::{Check, Fact, Instance, Origin, Place};
use crate::ir::{BlockId, CellId, Type};
use crate::parse::ast::{self, RuleFacts};
use crate::parse::shapes::{FactUse, Named, Str};
use formwright_engine::Value;

/// The specification of a cell's codes: required exactly then.
pub fn specification(places: &mut Places, sec: usize, cell: CellId, kind: Option<&Str>) {
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
        let facts = places.rules.facts(&RuleFacts::default(), kind);
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
        if let (Type::Codes(list), [code]) = (base.ty, wanted.as_slice()) {
            let list = model.lists.get(list.ix()).map(|l| l.id.clone());
            i.place.over.extend(list.map(|list| (list, (*code).clone())));
        }
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
            field_parts(places, e, f, stated);
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
    let facts = places.rules.facts(&stated.rule, e.kind());
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

/// `required` of a section, or of a table without sections.
fn section_required(places: &mut Places, e: &Entry) {
    if e.node.required.is_none() {
        return;
    }
    let whole = Whole {
        spot: base_spot(e),
        node: if e.input.id.is_empty() { "table" } else { &e.input.id },
        cells: places.rules.model.sec(e.sec).map(SectionModel::all_cells).unwrap_or_default(),
        when: applies(places, e),
        label: called(places, e),
        kind: e.kind(),
    };
    e.node.required.iter().flat_map(|r| r.0.iter()).for_each(|stated| whole.required(places, stated));
}

/// `required` of a table in sections: something in one of them is filled, or said to be nothing.
pub fn table_required(places: &mut Places, table: usize, node: &ast::Section, entries: &[Entry]) {
    if node.required.is_none() {
        return;
    }
    let model = places.rules.model;
    let sections = entries.iter().filter_map(|e| model.sec(e.sec));
    let spot = Spot { ctx: Ctx { table: Some(table), ..Ctx::default() }, home: None };
    let conditions =
        node.applies.iter().flat_map(|a| a.0.iter()).map(|u| Use::new(Fact::Applies, "table", u));
    let when = conditions
        .map(|u| places.rules.stated(&spot.ctx, &u, node.kind.as_ref()))
        .fold(None, super::rules::both);
    let whole = Whole {
        cells: sections.flat_map(|s| s.none.into_iter().chain(s.all_cells())).collect(),
        label: model.tables.get(table).map(|t| t.label.clone()).unwrap_or_default(),
        node: "table",
        kind: node.kind.as_ref(),
        spot,
        when,
    };
    node.required.iter().flat_map(|r| r.0.iter()).for_each(|stated| whole.required(places, stated));
}

/// A section or table of which something is to be filled.
struct Whole<'n> {
    spot: Spot,
    /// What its rule is called after.
    node: &'n str,
    cells: Vec<CellId>,
    /// Where it applies.
    when: Option<Expr>,
    label: crate::ir::Text,
    kind: Option<&'n Str>,
}

impl Whole<'_> {
    fn required(&self, places: &mut Places, stated: &FactUse<Str>) {
        let facts = places.rules.facts(&stated.rule, self.kind);
        let condition = match stated.value.text() {
            "false" => return,
            "true" => None,
            _ => {
                let stated = Use::new(Fact::Required, self.node, stated);
                let Some(condition) = places.rules.stated(&self.spot.ctx, &stated, self.kind) else { return };
                Some(condition)
            }
        };
        let when = super::rules::both(self.when.clone(), condition);
        let table = self.spot.ctx.table;
        let id = match &facts.id {
            Some(own) => qualified(places.rules.model, table, &[own.text()]),
            None => qualified(places.rules.model, table, &[self.node, ".required"]),
        };
        let source = format!("required: {}", stated.value.text());
        let mut r = places.rules.shell(id, table, Origin::Fact(Fact::Required), &facts, source, stated.span);
        r.class = places.rules.class(&facts, super::classify::fact_class(Fact::Required));
        r.final_only = true;
        let names = places.rules.message(&mut r, &facts);
        let filled = self.filled(places);
        let mut i = places.rules.placed(&self.spot, when, filled, None, &facts, &names);
        i.place.label = self.label.clone();
        r.instances = vec![i];
        places.rules.out.add(r);
    }

    /// That not all of it is blank.
    fn filled(&self, places: &Places) -> Expr {
        let model = places.rules.model;
        let home = |c: &CellId| model.cells.get(c.ix()).and_then(|c| c.home.block);
        let parts = self.cells.iter().map(|c| super::places::summand(model, *c, home(c))).collect();
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Any)), range: 0..0 };
        by_key("not", vec![by_key("blank", vec![list], Ty::Bool)], Ty::Bool)
    }
}

/// What a section is called: by its heading, that of its table, its id.
fn called(places: &Places, e: &Entry) -> crate::ir::Text {
    let model = places.rules.model;
    let of_table = e.table.filter(|_| e.of_table).and_then(|t| model.tables.get(t)).map(|t| &t.label);
    let label = model.sec(e.sec).map(|s| &s.label).filter(|l| !l.is_empty()).or(of_table);
    label.cloned().unwrap_or_else(|| crate::ir::Text(vec![e.input.id.clone(); places.rules.languages.len()]))
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
    let conditions = super::sections::section_applies(e);
    conditions
        .iter()
        .fold(unsettled, |all, u| super::rules::both(all, places.rules.stated(&spot.ctx, u, e.kind())))
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
            let gone = columns.iter().filter(|c| is_gone(row.cells.get(**c)));
            let lost =
                gone.filter_map(|c| places.rules.model.sec(e.sec)?.columns.get(*c).map(|c| c.id.clone()));
            let lost = lost.collect();
            relation(places, &spot, e, &node, stated, *whole, (&parts, lost), 0);
        }
    }
}

/// The relations of a group of fields that is a total.
fn field_parts(places: &mut Places, e: &Entry, f: &Named<ast::Field>, stated: &FactUse<Str>) {
    let Some(s) = places.rules.model.sec(e.sec) else { return };
    let sets: Vec<FieldSet> = s.field_sets.iter().filter(|x| x.id == f.id.text()).cloned().collect();
    for set in sets {
        let Some(own) = set.own else { continue };
        let spot = spot_of(places.rules.model, e.sec, own);
        for (node, parts) in field_relations(places, e, &set, stated) {
            relation(places, &spot, e, &node, stated, own, (&parts, Vec::new()), 0);
        }
    }
}

fn field_relations(
    places: &mut Places,
    e: &Entry,
    set: &FieldSet,
    stated: &FactUse<Str>,
) -> Vec<(String, Vec<CellId>)> {
    if let Some(of) = &stated.of {
        let ctx = base_spot(e).ctx;
        let picks: Vec<_> = of.0.iter().flat_map(|s| places.rules.own_picks(&ctx, s)).collect();
        let parts = picks.iter().flat_map(|p| super::cells::flat(places.rules.model, p));
        return vec![(set.id.clone(), parts.collect())];
    }
    let Some(s) = places.rules.model.sec(e.sec) else { return Vec::new() };
    let (mut direct, mut out) = (Vec::new(), Vec::new());
    for child in &set.children {
        let below = s.field_sets.iter().find(|x| x.id == *child && x.home == set.home);
        match below {
            Some(group) if group.own.is_some() => direct.extend(group.own),
            Some(spread) if spread.spread => direct.extend(&spread.cells),
            Some(group) => out.push((child.clone(), group.cells.clone())),
            None => {
                let at =
                    |c: &&CellId| places.rules.model.cells.get(c.ix()).is_some_and(|x| x.declared == *child);
                direct.extend(set.cells.iter().find(at));
            }
        }
    }
    if !direct.is_empty() {
        out.insert(0, (set.id.clone(), direct));
    }
    out
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
    (parts, lost): (&[CellId], Vec<String>),
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
    let (facts, at) = (places.rules.facts(&stated.rule, e.kind()), stated.span);
    let checks: Vec<(Option<Expr>, Option<CellId>)> = match stated.value.text() {
        "sum" => vec![(sum().and_then(|s| compare(places, "=", s, it(), &facts, at)), Some(whole))],
        "disjoint" => vec![(sum().and_then(|s| compare(places, "<=", s, it(), &facts, at)), Some(whole))],
        "overlapping" => parts
            .iter()
            .map(|p| (compare(places, "<=", read(model, *p, scope), it(), &facts, at), Some(*p)))
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
        // Each part by itself loses no term.
        places.rules.lost = if target == Some(whole) { lost.clone() } else { Vec::new() };
        r.instances = vec![places.rules.placed(spot, None, check, target, &facts, &names)];
        places.rules.out.add(r);
    }
}

fn is_gone(at: Option<&At>) -> bool {
    matches!(at, Some(At::NotApplicable(_)))
}

fn compare(
    places: &mut Places,
    sign: &str,
    l: Expr,
    r: Expr,
    facts: &RuleFacts,
    span: crate::source::Span,
) -> Option<Expr> {
    let op = if sign == "=" { crate::parse::expr::BinOp::Eq } else { crate::parse::expr::BinOp::Le };
    places.rules.compared(op, l, r, facts, span)
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
    let relations: Vec<(String, Vec<usize>)> = match &stated.of {
        Some(of) => {
            let ctx = base_spot(e).ctx;
            let picks: Vec<_> = of.0.iter().flat_map(|s| places.rules.own_picks(&ctx, s)).collect();
            let rows = picks
                .into_iter()
                .flat_map(|p| if let super::select::Pick::Rows(_, r) = p { r } else { Vec::new() })
                .filter(|r| *r != own)
                .collect();
            vec![(r.id.text().to_owned(), rows)]
        }
        None => {
            let branch = branches
                .iter()
                .find(|b| b.id == r.id.text() && b.rows.iter().any(|i| all.get(*i).is_some_and(beside)));
            let direct = |b: &BranchModel| -> Vec<usize> {
                let is_child =
                    |i: &usize| all.get(*i).is_some_and(|x| b.children.contains(&x.id) && beside(x));
                b.rows.iter().copied().filter(is_child).collect()
            };
            // Children that only head others classify: each of them adds up by itself.
            let heads = |b: &&BranchModel| {
                let below = |whole: &BranchModel| whole.children.contains(&b.id);
                branch.is_some_and(below) && !b.rows.is_empty() && !all.iter().any(|x| x.id == b.id)
            };
            let own_parts = branch.map(|b| (r.id.text().to_owned(), direct(b)));
            let classes = branches.iter().filter(heads).map(|b| (b.id.clone(), direct(b)));
            own_parts.into_iter().chain(classes).collect()
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
        let Some(row) = all.get(own) else { continue };
        let spot = row_spot(e, own, row, places);
        for (node, rows) in &relations {
            let parts: Vec<CellId> =
                rows.iter().filter_map(|i| cell_at(all.get(*i)?.cells.get(column)?)).collect();
            let gone = rows.iter().filter_map(|i| all.get(*i)).filter(|r| is_gone(r.cells.get(column)));
            let id = places.rules.model.sec(e.sec).and_then(|s| s.columns.get(column)).map_or("", |c| &c.id);
            let lost = gone.map(|r| format!("{}.{id}", r.id)).collect();
            relation(places, &spot, e, node, stated, whole, (&parts, lost), 0);
        }
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
    let facts = places.rules.facts(own, e.kind());
    let name =
        facts.id.as_ref().map_or_else(|| format!("{}.{}", r.id.text(), fact.name()), |i| i.text().to_owned());
    let id = qualified(places.rules.model, e.table, &[&name]);
    let mut rule = places.rules.shell(id, e.table, Origin::Fact(fact), &facts, source, span);
    rule.class = places.rules.class(&facts, super::classify::fact_class(fact));
    rule.scope = formwright_engine::Scope::Column;
    rule.final_only = fact == Fact::MinRows;
    let names = places.rules.message(&mut rule, &facts);
    let section = places.rules.model.sec(e.sec).map(|s| s.id.clone()).filter(|s| !s.is_empty());
    let block = home.and_then(|b| places.rules.model.blocks.get(b.ix())).map(|b| b.id.clone());
    let place = Place { table: e.table, section, block, ..Place::default() };
    let target = match &check {
        Check::Key(b) => places.rules.model.blocks.get(b.ix()).and_then(|b| b.key.first().copied()),
        _ => None,
    };
    let mut spot = base_spot(e);
    if let Some(first) = target {
        spot = spot_of(places.rules.model, e.sec, first);
    }
    rule.instances = vec![Instance {
        home,
        place,
        when: applies(places, e).filter(|_| fact == Fact::MinRows && home.is_none()),
        check,
        target,
        reads: Vec::new(),
        explain: places.rules.explain(&spot, &facts),
        bindings: places.rules.bindings(&spot, &names),
        lost: Vec::new(),
    }];
    places.rules.out.add(rule);
}
