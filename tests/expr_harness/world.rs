//! Declared cells, and values for them.

use formwright::engine::{Date, Decimal, Precision, Value};
use formwright::expr::eval::Data;
use formwright::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use formwright::ir::func::by_key;
use formwright::ir::{BlockId, CellId, CodeItem, CodeList, ListId, Text};
use formwright::resolve::infer::{Typing, constant};
use formwright::source::Span;
use std::ops::ControlFlow;

/// A declared cell, or a cell of each row of the block.
#[derive(Debug, Clone)]
pub struct Declared {
    pub name: String,
    pub ty: Ty,
    pub list: bool,
    /// Whether it is one of the previous return.
    pub before: bool,
}

/// The cells of a file of cases.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub declared: Vec<Declared>,
    pub codes: Vec<CodeList>,
    /// Names of what only rules make: reads as zero, labels, numbers in other units.
    pub made: Vec<(String, Expr)>,
    /// The tolerance of the comparisons that follow.
    pub tolerance: Option<Decimal>,
}

impl World {
    /// Reads a declaration.
    pub fn declare(&mut self, line: &str) {
        let (what, rest) = line.split_once(' ').unwrap();
        if what == "tolerance" {
            self.tolerance = Decimal::parse(rest).filter(|n| !n.is_zero());
            return;
        }
        if what == "made" {
            let (name, how) = rest.split_once(':').unwrap();
            let made = self.make(&how.split_whitespace().collect::<Vec<_>>());
            self.made.push((name.to_owned(), made));
            return;
        }
        let (name, ty) = rest.split_once(':').unwrap();
        let words: Vec<&str> = ty.split_whitespace().collect();
        let digits = |at: usize| words.get(at).map_or(12, |d| d.parse().unwrap());
        let number = |scale, digits| Ty::Num { scale, dim: Dim::Pure, digits };
        let ty = match words[0] {
            "decimal" => number(words[1].parse().unwrap(), digits(2)),
            "count" => number(0, digits(1)),
            "text" => Ty::Text,
            "yes_no" => Ty::Bool,
            "date" => Ty::Date(Precision::Day),
            "month" => Ty::Date(Precision::Month),
            "year" => Ty::Date(Precision::Year),
            "code" => Ty::Code(self.code_list(&words[1..])),
            "codes" => Ty::Codes(self.code_list(&words[1..])),
            other => panic!("no type {other}"),
        };
        let (list, before) = (what == "list", what == "previous");
        self.declared.push(Declared { name: name.trim().into(), ty, list, before });
    }

    /// What a rule makes of a cell: `zero a`, `zero a if b`, `convert a 0.0001`, `label k`, `choices s`.
    fn make(&self, words: &[&str]) -> Expr {
        let read = |name: &str| self.name(name).unwrap_or_else(|| panic!("no cell {name}"));
        let (key, args) = match words {
            ["zero", a] => ("or_zero", vec![read(a)]),
            ["zero", a, "if", b] => ("or_zero_if", vec![read(a), call("filled", vec![read(b)])]),
            ["convert", a, factor] => {
                let factor = constant(Value::Num(Decimal::parse(factor).unwrap()), 0..0);
                ("convert", vec![read(a), factor])
            }
            ["choices", s] => ("choices", vec![read(s)]),
            ["label", k] => {
                let code = read(k);
                let Ty::Code(list) = code.ty else { panic!("{k} is no code") };
                let labels = self.codes[list.ix()].codes.iter();
                let labels =
                    labels.map(|c| (c.code.as_str().into(), Value::Text(format!("“{}”", c.code).into())));
                let kind = Kind::Const(Value::Row(labels.collect()));
                ("label", vec![code, Expr { kind, ty: Ty::Row, range: 0..0 }])
            }
            other => panic!("nothing is made by {other:?}"),
        };
        call(key, args)
    }

    fn code_list(&mut self, codes: &[&str]) -> ListId {
        let id = codes.join("");
        let at = self.codes.iter().position(|l| l.id == id).unwrap_or_else(|| {
            let codes = codes.iter().map(|c| code(c)).collect();
            let label = Text::default();
            self.codes.push(CodeList {
                id,
                label,
                version: None,
                codes,
                spread: false,
                span: Span::default(),
            });
            self.codes.len() - 1
        });
        ListId(at as u32)
    }

    pub fn typing(&self) -> Typing<'_> {
        Typing { units: &[], lists: &self.codes, rules: true }
    }

    /// A name as a typed expression: a cell, or the list of a cell over the rows of the block.
    pub fn name(&self, name: &str) -> Option<Expr> {
        if let Some((_, made)) = self.made.iter().find(|(n, _)| n == name) {
            return Some(made.clone());
        }
        let at = self.declared.iter().position(|d| d.name == name)?;
        let item = self.read(at, u8::from(self.declared[at].list));
        if !self.declared[at].list {
            return Some(item);
        }
        let ty = Ty::List(Box::new(item.ty.clone()));
        let part = Part { each: Some((BlockId(0), 1)), filter: None, item };
        Some(Expr { kind: Kind::List(vec![part]), ty, range: 0..0 })
    }

    /// A read of a cell.
    pub fn read(&self, at: usize, scope: u8) -> Expr {
        let time = if self.declared[at].before { Time::Previous(0) } else { Time::Now };
        let kind = Kind::Cell { cell: CellId(at as u32), scope, time };
        Expr { kind, ty: self.declared[at].ty.clone(), range: 0..0 }
    }

    /// Comparisons of numbers within the tolerance, as rules with one have them.
    pub fn within(&self, e: &mut Expr) {
        let Some(tolerance) = self.tolerance else { return };
        if let Kind::Call(id, args) = &mut e.kind {
            args.iter_mut().for_each(|a| self.within(a));
            if let Some(loose) = id.row().key.strip_suffix("_num").and_then(|op| by_key(&format!("{op}_tol")))
            {
                args.push(constant(Value::Num(tolerance), 0..0));
                *id = loose;
            }
        }
    }
}

/// A call as the resolver makes it.
fn call(key: &str, args: Vec<Expr>) -> Expr {
    let id = by_key(key).unwrap();
    let types: Vec<Ty> = args.iter().map(|a| a.ty.clone()).collect();
    let ty = (id.row().typing)(&types).unwrap_or_else(|| panic!("{key} does not take {types:?}"));
    Expr { kind: Kind::Call(id, args), ty, range: 0..0 }
}

fn code(code: &str) -> CodeItem {
    CodeItem {
        code: code.into(),
        label: Text::default(),
        specify: false,
        exclusive: false,
        retired: false,
        under: None,
        note: None,
        span: Span::default(),
    }
}

/// Values: one list for each declaration, and the row at hand.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub values: Vec<Vec<Value>>,
    pub rows: usize,
    pub at: usize,
}

impl Data for Given {
    fn cell(&self, cell: CellId, scope: u8, _: Time) -> Value {
        let row = if scope == 0 { 0 } else { self.at };
        self.values[cell.0 as usize].get(row).cloned().unwrap_or_default()
    }

    fn each(&mut self, _: BlockId, _: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {
        for row in 0..self.rows {
            self.at = row;
            if f(self).is_break() {
                return;
            }
        }
    }
}

/// A value as it is written in a case.
pub fn value(text: &str, ty: &Ty) -> Value {
    let text = text.trim_matches('"');
    match ty {
        _ if text.trim().is_empty() => Value::Null,
        _ if text == "?" => Value::Unknown,
        Ty::Num { .. } => Value::Num(Decimal::parse(text).unwrap_or_else(|| panic!("no number {text}"))),
        Ty::Bool => Value::Bool(text == "true"),
        Ty::Date(_) => Value::Date(Date::parse(text).unwrap_or_else(|| panic!("no date {text}"))),
        Ty::Codes(_) => Value::list(text.trim_matches(['{', '}']).split(',').map(Value::text)),
        _ => Value::text(text),
    }
}

/// Words apart by spaces outside of quotes.
fn words(text: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars().chain([' ']) {
        quoted ^= c == '"';
        if c != ' ' || quoted {
            word.push(c);
        } else if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
    }
    out
}

/// `a=1 t="x y" xs=[1,,2]` as values.
pub fn given(world: &World, text: &str) -> Given {
    let mut given = Given { values: vec![Vec::new(); world.declared.len()], rows: 0, at: 0 };
    for word in words(text) {
        let (name, text) = word.split_once('=').unwrap_or_else(|| panic!("no value in {word}"));
        let at =
            world.declared.iter().position(|d| d.name == name).unwrap_or_else(|| panic!("no cell {name}"));
        let Declared { ty, list, .. } = &world.declared[at];
        given.values[at] = match (list, text.trim_matches(['[', ']'])) {
            (true, "") => Vec::new(),
            (true, items) => items.split(',').map(|t| value(t, ty)).collect(),
            (false, _) => vec![value(text, ty)],
        };
        given.rows = given.rows.max(if *list { given.values[at].len() } else { 0 });
    }
    given
}
