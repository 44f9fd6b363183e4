//! Values of a cell: good ones, around the limits and literals of the survey; and bad ones.

use crate::chance::Chance;
use crate::doc::Doc;
use formwright::engine::date::Precision;
use formwright::engine::{Date, Decimal, Value};
use formwright::ir::expr::{Expr, Kind};
use formwright::ir::{Cell, CellId, Check, Root, Step, Survey, Type};
use std::collections::HashMap;

const TEXTS: &[&str] =
    &["甲市", "乙市", "x", "a b", "😀", "两行\n文字", "12-ab", "第3号", "长长长长长长长长长长"];
const BAD_TEXTS: &[&str] =
    &[" x", "x ", "x\n", "\u{3000}甲", "１２", "a\rb", "e\u{301}", "x\u{85}", "http:///", "a@b@c", "=1+1"];
const BLANK_TEXTS: &[&str] = &["", " ", "\u{3000}\t", "\n"];
const URLS: &[&str] = &["http://www.example.cn/", "https://a.b/c?d=1", "http://x"];
const EMAILS: &[&str] = &["a@b", "某人@example.cn"];
const PHONES: &[&str] = &["000-12345678", "(010) 12345, #7", "1"];
const DATES: &[&str] = &["2015-06-30", "2015-07-01", "2016-02-29", "0001-01-01", "9999-12-31"];
const BAD_DATES: &[&str] = &[
    "2015-02-29",
    "2015-6-30",
    "2015-06-30\n",
    "0000-01-01",
    "2015-13-01",
    "２０１５-06-30",
    "2015-06-31",
    "1900-02-29",
];
const BAD_NUMBERS: &[&str] = &[
    "1e2",
    "1E-1",
    "0.001",
    "-0.005",
    "1234567890123456",
    "99999999999999999999",
    "1.00000000000000000001",
    "-1",
    "1.5",
];

pub struct Values<'s> {
    survey: &'s Survey,
    by_pointer: HashMap<String, CellId>,
    /// What the rules that read a cell compare with.
    numbers: HashMap<CellId, Vec<Decimal>>,
    dates: HashMap<CellId, Vec<Date>>,
}

impl<'s> Values<'s> {
    pub fn new(survey: &'s Survey) -> Self {
        let cells = survey.cells.iter().enumerate().filter(|(_, c)| c.home.root == Root::Return);
        let by_pointer = cells.map(|(at, cell)| (starred(&cell.path), CellId(at as u32))).collect();
        let mut out = Values { survey, by_pointer, numbers: HashMap::new(), dates: HashMap::new() };
        for instance in survey.rules.iter().flat_map(|rule| &rule.instances) {
            let check = match &instance.check {
                Check::Holds(check) => Some(check),
                _ => None,
            };
            instance.when.iter().chain(check).for_each(|e| out.literals(e));
        }
        out
    }

    fn literals(&mut self, expr: &Expr) {
        let cells = expr.cells();
        expr.walk(&mut |e| match &e.kind {
            Kind::Const(Value::Num(n)) => {
                cells.iter().for_each(|cell| self.numbers.entry(*cell).or_default().push(*n));
            }
            Kind::Const(Value::Date(d)) => {
                cells.iter().for_each(|cell| self.dates.entry(*cell).or_default().push(*d));
            }
            _ => {}
        });
    }

    /// The cell at a JSON pointer.
    pub fn at(&self, pointer: &str) -> Option<CellId> {
        let starred: Vec<&str> =
            pointer.split('/').map(|s| if s.parse::<usize>().is_ok() { "*" } else { s }).collect();
        self.by_pointer.get(pointer).or_else(|| self.by_pointer.get(&starred.join("/"))).copied()
    }

    /// A value, or a blank, or something that is none, so many times in a hundred.
    pub fn cell(&self, id: CellId, chance: &mut Chance, blank: usize, wrong: usize) -> Doc {
        let cell = &self.survey.cells[id.ix()];
        if chance.percent(wrong) {
            return if chance.percent(40) { self.stray(chance) } else { self.bad(cell, chance) };
        }
        if chance.percent(blank) { self.blank(cell, chance) } else { self.good(id, chance) }
    }

    fn blank(&self, cell: &Cell, chance: &mut Chance) -> Doc {
        let texts = match cell.ty {
            Type::Code(_) => &BLANK_TEXTS[..1],
            ty if ty.is_text() || matches!(ty, Type::Date | Type::Month | Type::Year) => BLANK_TEXTS,
            Type::Codes(_) if chance.percent(30) => return Doc::Array(Vec::new()),
            _ => return Doc::Null,
        };
        if chance.percent(30) { Doc::text(*chance.pick(texts)) } else { Doc::Null }
    }

    fn good(&self, id: CellId, chance: &mut Chance) -> Doc {
        let cell = &self.survey.cells[id.ix()];
        if !cell.marks.is_empty() && chance.percent(30) {
            let mark = chance.pick(&cell.marks);
            return Doc::text(&self.survey.marks[mark.ix()].id);
        }
        match cell.ty {
            Type::Url => Doc::text(*chance.pick(URLS)),
            Type::Email => Doc::text(*chance.pick(EMAILS)),
            Type::Phone => Doc::text(*chance.pick(PHONES)),
            Type::Date | Type::Month | Type::Year => Doc::text(self.date(id, chance)),
            Type::YesNo | Type::Tick => Doc::Bool(chance.percent(50)),
            Type::Code(list) => Doc::text(self.code(list, chance)),
            Type::Codes(list) => self.codes(list, chance),
            ty if ty.is_numeric() => self.number(id, chance),
            _ => Doc::text(self.line(cell, chance)),
        }
    }

    fn line(&self, cell: &Cell, chance: &mut Chance) -> String {
        let text = *chance.pick(TEXTS);
        if cell.ty == Type::Text { text.replace('\n', "") } else { text.to_owned() }
    }

    fn date(&self, id: CellId, chance: &mut Chance) -> String {
        let text = match self.dates.get(&id) {
            Some(dates) if chance.percent(60) => neighbour(*chance.pick(dates), chance),
            _ => (*chance.pick(DATES)).to_owned(),
        };
        let length = match self.survey.cells[id.ix()].ty {
            Type::Month => 7,
            Type::Year => 4,
            _ => 10,
        };
        text.chars().take(length).collect()
    }

    fn code(&self, list: formwright::ir::ListId, chance: &mut Chance) -> String {
        chance.pick(&self.survey.lists[list.ix()].codes).code.clone()
    }

    fn codes(&self, list: formwright::ir::ListId, chance: &mut Chance) -> Doc {
        let all = &self.survey.lists[list.ix()].codes;
        let mut out = Vec::new();
        for _ in 0..=chance.below(3) {
            let code = Doc::text(&chance.pick(all).code);
            if !out.contains(&code) {
                out.push(code);
            }
        }
        Doc::Array(out)
    }

    fn number(&self, id: CellId, chance: &mut Chance) -> Doc {
        let cell = &self.survey.cells[id.ix()];
        let near = match self.numbers.get(&id) {
            Some(limits) if chance.percent(60) => *chance.pick(limits),
            _ => Decimal::from_int(chance.below(200) as i64),
        };
        let near = if chance.percent(50) { self.beside(cell, near, chance) } else { near };
        let near = if near.is_negative() && cell.bounds.min.is_none() { near.abs() } else { near };
        let fits = near.with_scale(cell.scale);
        Doc::number(fits.unwrap_or(Decimal::from_int(chance.below(9) as i64)).to_string())
    }

    /// One unit of the last place more or less.
    fn beside(&self, cell: &Cell, number: Decimal, chance: &mut Chance) -> Decimal {
        let unit = Decimal::new(if chance.percent(50) { 1 } else { -1 }, cell.scale);
        unit.and_then(|unit| number.checked_add(unit)).unwrap_or(number)
    }

    /// The value a little changed.
    pub fn nudged(&self, id: CellId, now: &Doc, chance: &mut Chance) -> Option<Doc> {
        let cell = &self.survey.cells[id.ix()];
        match now {
            Doc::Number(digits) => {
                let number = Decimal::parse(digits)?;
                Some(Doc::number(self.beside(cell, number, chance).to_string()))
            }
            Doc::Text(text) => match cell.ty {
                Type::Date => Date::parse_as(text, Precision::Day).map(|d| Doc::text(neighbour(d, chance))),
                Type::Code(list) => Some(Doc::text(self.code(list, chance))),
                _ => Some(Doc::text(format!("{text}{}", chance.pick(BLANK_TEXTS)))),
            },
            Doc::Bool(b) => Some(Doc::Bool(!b)),
            Doc::Array(items) => {
                let mut items = items.clone();
                items.extend(items.first().cloned());
                Some(Doc::Array(items))
            }
            _ => None,
        }
    }

    fn bad(&self, cell: &Cell, chance: &mut Chance) -> Doc {
        match cell.ty {
            Type::Date | Type::Month | Type::Year => Doc::text(*chance.pick(BAD_DATES)),
            Type::Codes(_) => match chance.below(3) {
                0 => Doc::Array(vec![Doc::text("a"), Doc::text("a")]),
                1 => Doc::Array(vec![Doc::text("no such code")]),
                _ => Doc::Array(vec![Doc::number("1")]),
            },
            Type::Code(_) => Doc::text(*chance.pick(&["no such code", " ", "A", "ａ", "a "])),
            ty if ty.is_numeric() => Doc::number(*chance.pick(BAD_NUMBERS)),
            _ => Doc::text(*chance.pick(BAD_TEXTS)),
        }
    }

    /// Anything.
    pub fn stray(&self, chance: &mut Chance) -> Doc {
        match chance.below(10) {
            0 => Doc::Null,
            1 => Doc::Bool(true),
            2 => Doc::number("0"),
            3 => Doc::text(""),
            4 => Doc::text("3"),
            5 => Doc::Array(Vec::new()),
            6 => Doc::Object(Vec::new()),
            7 => Doc::Array(vec![Doc::Null]),
            8 => Doc::text(" "),
            _ => Doc::Object(vec![("a".to_owned(), Doc::number("1"))]),
        }
    }
}

/// The day itself, the day before or after it.
fn neighbour(date: Date, chance: &mut Chance) -> String {
    let (year, month, day) = (date.year(), date.month().max(1), date.first_day().day());
    let all = [
        Date::new(year, month, day),
        Date::new(year, month, day + 1),
        Date::new(year, month, day.saturating_sub(1).max(1)),
        Date::new(year, month % 12 + 1, 1),
        Date::new(year - 1, month, day),
    ];
    let known: Vec<Date> = all.into_iter().flatten().collect();
    chance.pick(&known).to_string()
}

fn starred(path: &[Step]) -> String {
    let step = |s: &Step| match s {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Rows(_) => "/*".to_owned(),
    };
    path.iter().map(step).collect()
}
