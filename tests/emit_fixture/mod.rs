//! A small survey built by hand: a repeated table with a conditional column, a total with parts, and a stub table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)]

use formwright::emit::json_schema::recognise::functions;
use formwright::engine::{Class, Decimal, Scope, Severity, Value};
use formwright::ir::cell::{Home, Source};
use formwright::ir::expr::{Expr, Kind, Part, Time, Ty};
use formwright::ir::rule::Explain;
use formwright::ir::table::{
    Column, Content, Grid, Head, HeadingPart, Remarks, Row, RowKind, Section, Slot, Table,
};
use formwright::ir::*;
use formwright::source::Span;

pub fn text(s: &str) -> Text {
    Text(vec![s.to_owned()])
}

fn key(s: &str) -> Step {
    Step::Key(s.to_owned())
}

pub fn cell(survey: &mut Survey, path: &[&str], rows: Option<BlockId>, ty: Type) -> CellId {
    let id = *path.last().unwrap();
    let mut steps: Path = Vec::new();
    let mut home = Home { root: Root::Return, block: rows, slot: 0 };
    match rows {
        Some(block) => {
            steps.extend(survey.blocks[block.ix()].path.clone());
            steps.push(key(id));
            home.slot = survey.blocks[block.ix()].slots;
            survey.blocks[block.ix()].slots += 1;
        }
        None => {
            steps.extend(path.iter().map(|k| key(k)));
            home.slot = survey.root_slots[0];
            survey.root_slots[0] += 1;
        }
    }
    let at = CellId(survey.cells.len() as u32);
    if let Some(block) = rows {
        survey.blocks[block.ix()].cells.push(at);
    }
    survey.cells.push(Cell {
        table: Some(0),
        section: 0,
        id: id.to_owned(),
        declared: id.to_owned(),
        over: vec![],
        row: None,
        home,
        path: steps,
        ty,
        unit: None,
        scale: 0,
        digits: 12,
        bounds: Bounds::default(),
        marks: vec![],
        trim: true,
        source: Source::Answer,
        empty: None,
        required: None,
        specify: Vec::new(),
        specifies: None,
        label: text(id),
        spoken: text(id),
        groups: vec![],
        help: None,
        note: None,
        read_by: vec![],
        span: Span::default(),
    });
    at
}

pub fn block(survey: &mut Survey, path: &[&str], print: u32) -> BlockId {
    let id = BlockId(survey.blocks.len() as u32);
    survey.blocks.push(Block {
        id: path.last().unwrap().to_string(),
        table: Some(0),
        root: Root::Return,
        parent: None,
        index: 0,
        slots: 0,
        cells: vec![],
        blocks: vec![],
        path: path.iter().map(|k| key(k)).chain([Step::Rows(id)]).collect(),
        print,
        min_rows: 0,
        max_rows: 100,
        key: vec![],
        from: None,
        label: text(""),
        span: Span::default(),
    });
    id
}

pub fn table(id: &str, grid: Grid) -> Table {
    Table {
        id: id.to_owned(),
        number: text("表9"),
        title: text("甲"),
        own_page: false,
        period: None,
        notes: None,
        sectioned: false,
        sections: vec![Section { grid: Some(grid), ..Section::default() }],
        span: Span::default(),
    }
}

pub fn column(id: &str, content: Content) -> Column {
    Column { id: id.into(), declared: id.into(), label: text(id), content, over: vec![], unit: None }
}

pub fn head(id: &str, column: Option<usize>, children: Vec<Head>) -> Head {
    Head { id: id.into(), label: text(id), column, children, said: Remarks::default() }
}

pub fn row(id: &str, kind: RowKind, slots: Vec<Slot>) -> Row {
    Row {
        id: id.into(),
        kind,
        number: None,
        number_span: None,
        label: text(id),
        heading: vec![],
        slots,
        fields: vec![],
        rows: vec![],
        unit: None,
        said: Remarks::default(),
        span: Span::default(),
    }
}

pub fn heading(parts: Vec<HeadingPart>) -> Vec<Vec<HeadingPart>> {
    vec![parts]
}

fn expr(kind: Kind, ty: Ty) -> Expr {
    Expr { kind, ty, range: 0..0 }
}

pub fn read(survey: &Survey, cell: CellId) -> Expr {
    let ty = match survey.cells[cell.ix()].ty {
        Type::YesNo | Type::Tick => Ty::Bool,
        Type::Code(list) => Ty::Code(list),
        Type::Codes(list) => Ty::Codes(list),
        Type::Text => Ty::Text,
        _ => Ty::Num { scale: 0, dim: Default::default(), digits: 12 },
    };
    expr(Kind::Cell { cell, scope: 0, time: Time::Now }, ty)
}

pub fn lit(value: Value) -> Expr {
    let ty = match &value {
        Value::Bool(_) => Ty::Bool,
        Value::Num(_) => Ty::Num { scale: 0, dim: Default::default(), digits: 12 },
        _ => Ty::Text,
    };
    expr(Kind::Const(value), ty)
}

pub fn num(n: i64) -> Expr {
    lit(Value::Num(Decimal::from_int(n)))
}

pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    let id = functions::find(name).unwrap_or_else(|| panic!("no function {name}"));
    let numeric = matches!(name, "tally" | "string length" | "+" | "sum");
    let ty = if numeric { Ty::Num { scale: 0, dim: Default::default(), digits: 12 } } else { Ty::Bool };
    expr(Kind::Call(id, args), ty)
}

pub fn each(block: BlockId, item: Expr) -> Expr {
    let part = Part { each: Some((block, 1)), filter: None, item };
    expr(Kind::List(vec![part]), Ty::List(Box::new(Ty::Any)))
}

pub fn rule(survey: &mut Survey, id: &str, home: Option<BlockId>, when: Option<Expr>, check: Expr) -> usize {
    survey.rules.push(Rule {
        id: format!("t09.{id}"),
        table: Some(0),
        origin: Origin::Rule,
        kind: None,
        severity: Severity::Error,
        class: Class::Consistency,
        scope: Scope::Row,
        office: false,
        explain: Explain::No,
        final_only: false,
        message: None,
        from: None,
        since: None,
        until: None,
        reference: None,
        withdrawn: false,
        source: id.into(),
        span: Span::default(),
        text: Span::default(),
        instances: vec![Instance {
            home,
            place: Place::default(),
            when,
            check: Check::Holds(check),
            target: None,
            reads: vec![],
            explain: None,
            bindings: vec![],
            lost: vec![],
        }],
    });
    survey.rules.len() - 1
}

pub fn required(survey: &mut Survey, home: Option<BlockId>, cell: CellId, when: Option<Expr>) {
    let check = call("filled", vec![read(survey, cell)]);
    let at = rule(survey, &format!("required_{}", cell.0), home, when, check);
    survey.rules[at].origin = Origin::Fact(Fact::Required);
    survey.rules[at].final_only = true;
    survey.rules[at].instances[0].target = Some(cell);
}

/// Cells of [`hotline`], by name.
pub struct Cells {
    pub cities: BlockId,
    pub city: CellId,
    pub opened: CellId,
    pub staff: CellId,
    pub agents: CellId,
    pub kinds: CellId,
    pub kind: CellId,
    pub area: CellId,
    pub note: CellId,
    pub day: CellId,
}

/// A survey `s` with a table `t09`: rows `cities`, and fields `area`, `note`, `day` beside them.
pub fn hotline() -> (Survey, Cells) {
    let mut s = Survey {
        id: "s".into(),
        version: "1.0.0".into(),
        title: text("调查"),
        languages: vec!["zh".into()],
        fingerprint: "0123456789abcdef".into(),
        ..Survey::default()
    };
    let code = |c: &str, exclusive| CodeItem {
        code: c.into(),
        label: text(c),
        specify: false,
        exclusive,
        retired: false,
        under: None,
        note: None,
        span: Span::default(),
    };
    s.lists.push(CodeList {
        id: "kind".into(),
        label: text("类型"),
        version: None,
        codes: vec![code("a", false), code("b", false), code("z", true)],
        spread: false,
        span: Span::default(),
    });
    let cities = block(&mut s, &["tables", "t09", "cities"], 2);
    let city = cell(&mut s, &["city"], Some(cities), Type::Text);
    let opened = cell(&mut s, &["opened"], Some(cities), Type::YesNo);
    let staff = cell(&mut s, &["staff"], Some(cities), Type::Count);
    let agents = cell(&mut s, &["agents"], Some(cities), Type::Count);
    let kinds = cell(&mut s, &["kinds"], Some(cities), Type::Codes(ListId(0)));
    let kind = cell(&mut s, &["kind"], Some(cities), Type::Code(ListId(0)));
    let area = cell(&mut s, &["tables", "t09", "area"], None, Type::Decimal);
    let note = cell(&mut s, &["tables", "t09", "note"], None, Type::Text);
    let day = cell(&mut s, &["tables", "t09", "day"], None, Type::Date);
    s.blocks[0].key = vec![city];
    s.root_blocks[0].push(cities);
    s.tables.push(table("t09", Grid::default()));
    (s, Cells { cities, city, opened, staff, agents, kinds, kind, area, note, day })
}

/// [`hotline`] with a rule of each shape that keywords can say.
pub fn all_shapes() -> Survey {
    let (mut s, c) = hotline();
    let opened = read(&s, c.opened);
    required(&mut s, None, c.note, None);
    required(&mut s, Some(c.cities), c.staff, Some(opened.clone()));
    required(&mut s, Some(c.cities), c.kind, None);
    let blank = call("blank", vec![read(&s, c.staff), read(&s, c.kinds)]);
    rule(&mut s, "applies", Some(c.cities), Some(call("not", vec![opened])), blank);
    let check = call("matches", vec![read(&s, c.note), lit(Value::text("^\\d{2}-[a-z]+$"))]);
    rule(&mut s, "shape", None, None, check);
    let has = call("in", vec![lit(Value::text("a")), read(&s, c.kinds)]);
    let check = call("!=", vec![read(&s, c.staff), num(0)]);
    rule(&mut s, "has", Some(c.cities), Some(has), check);
    let blanks =
        vec![call("blank", vec![each(c.cities, read(&s, c.agents))]), call("blank", vec![read(&s, c.area)])];
    rule(&mut s, "one", None, None, call("=", vec![call("tally", blanks), num(1)]));
    let most = call("<=", vec![read(&s, c.area), num(100)]);
    rule(&mut s, "max", None, None, most);
    let at = rule(&mut s, "max_rows", None, None, lit(Value::Bool(true)));
    s.rules[at].origin = Origin::Fact(Fact::MaxRows);
    s.rules[at].instances[0].check = Check::Rows { block: c.cities, limit: 3 };
    limit(
        &mut s,
        Some(c.cities),
        c.agents,
        Fact::Min,
        Bounds { min: Some(Decimal::from_int(1)), ..Bounds::default() },
    );
    limit(
        &mut s,
        Some(c.cities),
        c.kinds,
        Fact::MinChoices,
        Bounds { min_choices: Some(2), ..Bounds::default() },
    );
    limit(&mut s, None, c.note, Fact::MinLength, Bounds { min_length: Some(3), ..Bounds::default() });
    s
}

/// A literal limit of a cell, as the fact it is.
pub fn limit(survey: &mut Survey, home: Option<BlockId>, cell: CellId, fact: Fact, bounds: Bounds) {
    survey.cells[cell.ix()].bounds = bounds;
    let at = rule(survey, fact.name(), home, None, lit(Value::Bool(true)));
    survey.rules[at].origin = Origin::Fact(fact);
    let check = call("filled", vec![read(survey, cell)]);
    survey.rules[at].instances[0].check = Check::Holds(check);
    survey.rules[at].instances[0].target = Some(cell);
}
