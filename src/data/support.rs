//! A small survey built by hand for the tests of reading, writing and checking.

use crate::ir::cell::{Bounds, Source};
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::func::by_key;
use crate::ir::rule::Explain;
use crate::ir::*;
use crate::source::Span;
use formwright_engine::{Class, Date, Decimal, Scope, Severity, Value};

/// A text in both languages.
pub fn text(zh: &str, en: &str) -> Text {
    Text(vec![zh.into(), en.into()])
}

/// An expression of a kind.
pub fn expr(kind: Kind) -> Expr {
    Expr { kind, ty: Ty::Any, range: 0..0 }
}

/// A call by the key of its row.
pub fn call(key: &str, args: Vec<Expr>) -> Expr {
    expr(Kind::Call(by_key(key).unwrap_or_else(|| panic!("no function {key}")), args))
}

/// A constant number.
pub fn num(text: &str) -> Expr {
    expr(Kind::Const(Value::Num(Decimal::parse(text).unwrap())))
}

/// The survey under construction.
#[derive(Default)]
pub struct Builder {
    /// What is built.
    pub survey: Survey,
}

impl Builder {
    /// An empty survey with one table `t09` and one list `ops`.
    pub fn new() -> Self {
        let code = |code: &str, specify, exclusive, retired| CodeItem {
            code: code.into(),
            label: text(&format!("{code}项"), &format!("item {code}")),
            specify,
            exclusive,
            retired,
            under: None,
            note: None,
            span: Span::default(),
        };
        let codes = vec![
            code("a", false, false, false),
            code("b", false, false, false),
            code("n", false, true, false),
            code("old", false, false, true),
            code("z", true, false, false),
        ];
        let list = CodeList {
            id: "ops".into(),
            label: text("业务", "work"),
            version: None,
            codes,
            spread: false,
            span: Span::default(),
        };
        let mark = |id: &str, reads| Mark { id: id.into(), label: text(id, id), reads };
        let period = table::Reference {
            named: None,
            from: Date::new(2015, 1, 1).unwrap(),
            to: Date::new(2015, 6, 30).unwrap(),
        };
        let table = Table {
            id: "t09".into(),
            number: text("表9", "Table 9"),
            title: text("电话", "calls"),
            own_page: false,
            period: Some(period),
            notes: None,
            sectioned: false,
            sections: vec![Section::default()],
            span: Span::default(),
        };
        let survey = Survey {
            id: "mini".into(),
            version: "1".into(),
            languages: vec!["zh".into(), "en".into()],
            lists: vec![list],
            marks: vec![
                mark(":", MarkReads::Unknown),
                mark("-", MarkReads::Zero),
                mark(".", MarkReads::Blank),
            ],
            tables: vec![table],
            previous: vec![(String::new(), "-1 year".into())],
            ..Survey::default()
        };
        Builder { survey }
    }

    /// Adds a cell.
    pub fn cell(&mut self, id: &str, ty: Type, root: Root, block: Option<BlockId>, path: &[&str]) -> CellId {
        let slot = match block {
            Some(block) => &mut self.survey.blocks[block.ix()].slots,
            None => &mut self.survey.root_slots[root as usize],
        };
        let home = Home { root, block, slot: *slot };
        *slot += 1;
        let at = CellId(u32::try_from(self.survey.cells.len()).unwrap());
        let path = self.path(block, path);
        self.survey.cells.push(Cell {
            table: (root == Root::Return).then_some(0),
            section: 0,
            id: id.into(),
            declared: id.into(),
            over: vec![],
            row: None,
            home,
            path,
            ty,
            unit: None,
            scale: 0,
            digits: 12,
            bounds: Bounds::default(),
            marks: vec![],
            trim: true,
            lenient: false,
            source: Source::Answer,
            empty: None,
            required: None,
            specify: vec![],
            specifies: None,
            label: text(id, id),
            spoken: text(id, id),
            groups: vec![],
            help: None,
            note: None,
            read_by: vec![],
            span: Span::default(),
        });
        if let Some(block) = block {
            self.survey.blocks[block.ix()].cells.push(at);
        }
        at
    }

    fn path(&self, block: Option<BlockId>, path: &[&str]) -> Path {
        let mut out = block.map_or_else(Vec::new, |block| {
            let mut path = self.survey.blocks[block.ix()].path.clone();
            path.push(Step::Rows(block));
            path
        });
        out.extend(path.iter().map(|name| Step::Key((*name).into())));
        out
    }

    /// Adds a block.
    pub fn block(&mut self, id: &str, root: Root, parent: Option<BlockId>, path: &[&str]) -> BlockId {
        let at = BlockId(u32::try_from(self.survey.blocks.len()).unwrap());
        let path = self.path(parent, path);
        let around = match parent {
            Some(parent) => &mut self.survey.blocks[parent.ix()].blocks,
            None => &mut self.survey.root_blocks[root as usize],
        };
        let index = u32::try_from(around.len()).unwrap();
        around.push(at);
        self.survey.blocks.push(Block {
            id: id.into(),
            table: (root == Root::Return).then_some(0),
            root,
            parent,
            index,
            slots: 0,
            cells: vec![],
            blocks: vec![],
            path,
            print: 3,
            min_rows: 0,
            max_rows: 1000,
            key: vec![],
            from: None,
            label: text(id, id),
            span: Span::default(),
        });
        at
    }

    /// Adds a rule with one instance.
    pub fn rule(&mut self, id: &str, origin: Origin, class: Class, instance: Instance) -> &mut Rule {
        self.survey.rules.push(Rule {
            id: format!("t09.{id}"),
            table: Some(0),
            origin,
            kind: None,
            severity: Severity::Error,
            class,
            scope: Scope::Row,
            office: false,
            explain: Explain::No,
            final_only: class == Class::Completeness,
            message: None,
            from: None,
            since: None,
            until: None,
            reference: None,
            withdrawn: false,
            source: String::new(),
            span: Span::default(),
            text: Span::default(),
            instances: vec![instance],
        });
        self.survey.rules.last_mut().unwrap()
    }

    /// The kind of place of a condition over the rows of a block.
    pub fn instance(&self, home: Option<BlockId>, check: Check, target: Option<CellId>) -> Instance {
        let mut reads = match &check {
            Check::Holds(expr) => expr.cells(),
            _ => vec![],
        };
        reads.retain(|cell| Some(*cell) != target);
        let place = Place {
            table: Some(0),
            block: home.map(|b| self.survey.blocks[b.ix()].id.clone()),
            column: target.map(|c| self.survey.cells[c.ix()].id.clone()),
            ..Place::default()
        };
        Instance {
            home,
            place,
            when: None,
            check,
            target,
            reads,
            explain: None,
            bindings: vec![],
            lost: vec![],
        }
    }
}

/// The cell in the row at hand.
pub fn here(cell: CellId) -> Expr {
    expr(Kind::Cell { cell, scope: 0, time: Time::Now })
}

/// The list of a cell over the rows of a block.
pub fn over(block: BlockId, cell: CellId) -> Expr {
    let item = expr(Kind::Cell { cell, scope: 1, time: Time::Now });
    expr(Kind::List(vec![Part { each: Some((block, 1)), filter: None, item }]))
}

/// The survey the tests use: hotline rows by city, groups with systems, fields of every type, a context.
pub fn mini() -> Survey {
    let mut b = Builder::new();
    let table = ["tables", "t09"];
    let ret = Root::Return;
    let at = |name: &'static str| [table[0], table[1], name];
    let id = b.cell("id", Type::Text, ret, None, &["respondent", "id"]);
    let field = table::Field { cell: id, half: false, boxes: false, under: None, stamp: None };
    b.survey.respondent = Some(Section { fields: vec![field], ..Section::default() });
    let cities = b.block("cities", ret, None, &at("cities"));
    let city = b.cell("city", Type::Text, ret, Some(cities), &["city"]);
    let opened = b.cell("opened", Type::YesNo, ret, Some(cities), &["opened"]);
    let staff = b.cell("staff", Type::Count, ret, Some(cities), &["staff"]);
    let agents = b.cell("agents", Type::Count, ret, Some(cities), &["agents"]);
    let calls = b.cell("calls", Type::Count, ret, Some(cities), &["calls"]);
    let manual = b.cell("manual", Type::Count, ret, Some(cities), &["manual"]);
    let automatic = b.cell("automatic", Type::Count, ret, Some(cities), &["automatic"]);
    let remark = b.cell("remark", Type::LongText, ret, Some(cities), &["remark"]);
    let share = b.cell("share", Type::Percent, ret, Some(cities), &["share"]);
    let groups = b.block("groups", ret, None, &at("groups"));
    let group = b.cell("group", Type::Text, ret, Some(groups), &["group"]);
    let systems = b.block("systems", ret, Some(groups), &["systems"]);
    let name = b.cell("name", Type::Text, ret, Some(systems), &["name"]);
    let total = b.cell("calls", Type::Count, ret, None, &["tables", "t09", "total", "calls"]);
    let site = b.cell("site", Type::Code(ListId(0)), ret, None, &at("site"));
    let scope = b.cell("scope", Type::Codes(ListId(0)), ret, None, &at("scope"));
    b.cell("scope_specify", Type::Text, ret, None, &["tables", "t09", "scope_specify", "z"]);
    b.cell("day", Type::Date, ret, None, &at("day"));
    b.cell("month", Type::Month, ret, None, &at("month"));
    b.cell("year", Type::Year, ret, None, &at("year"));
    let area = b.cell("area", Type::Decimal, ret, None, &at("area"));
    b.cell("mail", Type::Email, ret, None, &at("mail"));
    let most = b.cell("most", Type::Count, Root::Context, None, &["most"]);
    for cell in [area, share] {
        b.survey.cells[cell.ix()].scale = 2;
    }
    b.survey.cells[area.ix()].marks = vec![MarkId(0), MarkId(1), MarkId(2)];
    b.survey.cells[total.ix()].row = Some("total".into());
    b.survey.cells[share.ix()].source =
        Source::Calculated(call("percent", vec![here(manual), here(calls), num("2")]));
    b.survey.cells[total.ix()].source = Source::Calculated(call("sum", vec![over(cities, calls)]));
    b.survey.calculation_order = vec![share, total];
    b.survey.blocks[cities.ix()].key = vec![city];
    b.survey.blocks[groups.ix()].key = vec![group];
    b.survey.blocks[systems.ix()].key = vec![name];
    let key = b.instance(Some(systems), Check::Key(systems), None);
    b.rule("systems.key", Origin::Fact(Fact::Key), Class::Uniqueness, key);
    facts(&mut b, &[(staff, "staff"), (area, "area"), (site, "site"), (scope, "scope")]);
    let key = b.instance(Some(cities), Check::Key(cities), None);
    b.rule("cities.key", Origin::Fact(Fact::Key), Class::Uniqueness, key);
    let limit = b.instance(None, Check::Rows { block: cities, limit: 3 }, None);
    b.rule("cities.max_rows", Origin::Fact(Fact::MaxRows), Class::Domain, limit).instances[0].place.block =
        Some("cities".into());
    let mut required = b.instance(Some(cities), Check::Holds(call("filled", vec![here(staff)])), Some(staff));
    required.when = Some(here(opened));
    b.rule("staff.required", Origin::Fact(Fact::Required), Class::Completeness, required);
    let mut applies = b.instance(Some(cities), Check::Holds(call("blank", vec![here(staff)])), Some(staff));
    applies.when = Some(call("not", vec![here(opened)]));
    b.rule("staff.applies", Origin::Fact(Fact::Applies), Class::Skip, applies);
    let within = call("le_num", vec![here(agents), here(staff)]);
    let within = b.instance(Some(cities), Check::Holds(within), Some(agents));
    b.rule("agents_within_staff", Origin::Rule, Class::PartWhole, within);
    let sum = call("add_num", vec![here(manual), here(automatic)]);
    let sum = call("eq_num", vec![sum, here(calls)]);
    let mut sum = b.instance(Some(cities), Check::Holds(sum), Some(calls));
    sum.explain = Some(remark);
    b.rule("calls_add_up", Origin::Rule, Class::Balance, sum).explain = Explain::Field;
    let few = call("le_num", vec![here(total), here(most)]);
    let few = b.instance(None, Check::Holds(few), Some(total));
    b.rule("few_calls", Origin::Rule, Class::Consistency, few).severity = Severity::Warning;
    let before = expr(Kind::Cell { cell: staff, scope: 0, time: Time::Previous(0) });
    let grown =
        b.instance(Some(cities), Check::Holds(call("ge_num", vec![here(staff), before])), Some(staff));
    b.rule("not_falling", Origin::Rule, Class::Change, grown);
    b.survey
}

fn facts(b: &mut Builder, cells: &[(CellId, &str)]) {
    for (cell, name) in cells {
        for (fact, class) in
            [(Fact::Type, Class::Format), (Fact::Scale, Class::Domain), (Fact::List, Class::Domain)]
        {
            let home = b.survey.cells[cell.ix()].home.block;
            let instance = b.instance(home, Check::Raw, Some(*cell));
            b.rule(&format!("{name}.{}", fact.name()), Origin::Fact(fact), class, instance);
        }
    }
}

/// A return of the survey with this table.
pub fn document(table: &str) -> String {
    format!(
        r#"{{"survey": "mini", "version": "1", "respondent": {{"id": "99"}}, "tables": {{"t09": {table}}}}}"#
    )
}
