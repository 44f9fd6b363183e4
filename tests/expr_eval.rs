//! The rule corpus `tests/expr/*.txt` on the reference evaluator; the format is described beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::engine::{Date, Decimal, Value};
use formwright::expr::eval::{Data, eval};
use formwright::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use formwright::ir::{BlockId, CellId, CodeItem, CodeList, ListId, Text};
use formwright::resolve::calc::lower_text;
use formwright::resolve::infer::{Typing, left_over};
use formwright::source::Span;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// A declared cell or list.
struct Declared {
    name: String,
    ty: Ty,
    list: bool,
}

#[derive(Default)]
struct File {
    declared: Vec<Declared>,
    codes: Vec<CodeList>,
}

impl File {
    fn declare(&mut self, line: &str) {
        let (what, rest) = line.split_once(' ').unwrap();
        let (name, ty) = rest.split_once(':').unwrap();
        let words: Vec<&str> = ty.split_whitespace().collect();
        let number = |scale, digits| Ty::Num { scale, dim: Dim::Pure, digits };
        let ty = match words[0] {
            "decimal" => number(words[1].parse().unwrap(), 12),
            "count" => number(0, 12),
            "text" => Ty::Text,
            "yes_no" => Ty::Bool,
            "date" => Ty::Date,
            "code" => Ty::Code(self.code_list(&words[1..])),
            "codes" => Ty::Codes(self.code_list(&words[1..])),
            other => panic!("no type {other}"),
        };
        self.declared.push(Declared { name: name.trim().into(), ty, list: what == "list" });
    }

    fn code_list(&mut self, codes: &[&str]) -> ListId {
        let id = codes.join("");
        let at = self.codes.iter().position(|l| l.id == id).unwrap_or_else(|| {
            let codes = codes.iter().map(|c| code(c)).collect();
            self.codes.push(CodeList {
                id,
                label: Text::default(),
                version: None,
                codes,
                span: Span::default(),
            });
            self.codes.len() - 1
        });
        ListId(at as u32)
    }

    /// A name as a typed expression: a cell, or the list of a cell over the rows of the block.
    fn name(&self, name: &str) -> Option<Expr> {
        let at = self.declared.iter().position(|d| d.name == name)?;
        let Declared { ty, list, .. } = &self.declared[at];
        let kind = Kind::Cell { cell: CellId(at as u32), scope: u8::from(*list), time: Time::Now };
        let item = Expr { kind, ty: ty.clone(), range: 0..0 };
        if !list {
            return Some(item);
        }
        let ty = Ty::List(Box::new(ty.clone()));
        let part = Part { each: Some((BlockId(0), 1)), filter: None, item };
        Some(Expr { kind: Kind::List(vec![part]), ty, range: 0..0 })
    }
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
    }
}

/// The values of a case: one list of values for each declaration.
struct Given {
    values: Vec<Vec<Value>>,
    rows: usize,
    at: usize,
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

fn value(text: &str, ty: &Ty) -> Value {
    let text = text.trim_matches('"');
    match ty {
        _ if text.trim().is_empty() => Value::Null,
        _ if text == "?" => Value::Unknown,
        Ty::Num { .. } => Value::Num(Decimal::parse(text).unwrap()),
        Ty::Bool => Value::Bool(text == "true"),
        Ty::Date => Value::Date(Date::parse(text).unwrap()),
        Ty::Codes(_) => Value::list(text.trim_matches(['{', '}']).split(',').map(Value::text)),
        _ => Value::text(text),
    }
}

/// `a=1 t="x y" xs=[1,,2]` by name.
fn settings(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        quoted ^= c == '"';
        if c != ' ' || quoted {
            word.push(c);
        } else if !word.is_empty() {
            let (name, value) = word.split_once('=').unwrap_or_else(|| panic!("no value in {word}"));
            out.push((name.into(), value.into()));
            word.clear();
        }
    }
    out
}

fn given(file: &File, text: &str) -> Given {
    let mut given = Given { values: vec![Vec::new(); file.declared.len()], rows: 0, at: 0 };
    for (name, text) in settings(text) {
        let at =
            file.declared.iter().position(|d| d.name == name).unwrap_or_else(|| panic!("no cell {name}"));
        let Declared { ty, list, .. } = &file.declared[at];
        given.values[at] = match (list, text.trim_matches(['[', ']'])) {
            (true, "") => Vec::new(),
            (true, items) => items.split(',').map(|t| value(t, ty)).collect(),
            (false, _) => vec![value(&text, ty)],
        };
        given.rows = given.rows.max(if *list { given.values[at].len() } else { 0 });
    }
    given
}

fn agrees(found: &Value, expected: &str) -> bool {
    match expected {
        "true" => *found == Value::Bool(true),
        "false" => *found == Value::Bool(false),
        "unknown" => matches!(found, Value::Null | Value::Unknown),
        "blank" => *found == Value::Null,
        text if text.starts_with('"') => found.as_text() == Some(text.trim_matches('"')),
        text => match (Decimal::parse(text), Date::parse(text)) {
            (Some(number), _) => found.as_num() == Some(number),
            (_, date) => date.is_some() && found.as_date() == date,
        },
    }
}

/// Nothing if the case passes, otherwise what came instead.
fn run(file: &File, line: &str) -> Option<String> {
    let columns: Vec<&str> = line.split('|').map(str::trim).collect();
    let [text, set, expected] = columns[..] else { panic!("three columns in {line}") };
    let typing = Typing { units: &[], lists: &file.codes, rules: true };
    let built = lower_text(text, &|name| file.name(name), typing);
    let expr = match built {
        Ok(expr) if left_over(&expr).is_none() => expr,
        Ok(_) => return (expected != "refused E0302").then(|| format!("{line}: refused E0302")),
        Err(problems) => {
            let code = problems.first().map_or("", |p| p.code.code);
            let agrees = expected == format!("refused {code}");
            return (!agrees).then(|| format!("{line}: refused {code}: {problems:?}"));
        }
    };
    let found = eval(&expr, &mut given(file, set), &mut Vec::new());
    (!agrees(&found, expected)).then(|| format!("{line}: got {found:?}"))
}

fn run_file(text: &str) -> (usize, Vec<String>) {
    let (mut file, mut cases, mut wrong) = (File::default(), 0, Vec::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        match !line.contains('|') {
            true => file.declare(line),
            false => {
                cases += 1;
                wrong.extend(run(&file, line));
            }
        }
    }
    (cases, wrong)
}

#[test]
fn the_corpus_holds_on_the_reference_evaluator() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/expr");
    let (mut cases, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            let (count, bad) = run_file(&std::fs::read_to_string(path).unwrap());
            cases += count;
            wrong.extend(bad);
        }
    }
    assert!(cases > 150, "only {cases} cases");
    assert!(wrong.is_empty(), "{} of {cases} cases fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_expectation_is_noticed() {
    assert_eq!(run_file("cell a: decimal 2\na + 1 | a=1.00 | 3").1.len(), 1);
    assert_eq!(run_file("cell a: decimal 2\na + 1 = 2 | a=1.00 | refused E0302").1.len(), 1);
    assert_eq!(run_file("cell a: decimal 2\nsqrt(a) = 2 | a=1.00 | refused E0303").1.len(), 1);
}
