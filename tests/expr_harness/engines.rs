//! Asks each engine a batch of expressions, each for several cases, in one run.

use super::sites::{Objects, ROOM, ROW, Sheet, Structs, Tables};
use super::world::{Given, World};
use crate::engine_run::{self, letters};
use formwright::engine::{Date, Decimal, Value};
use formwright::expr::lower::{self, Refused};
use formwright::expr::print::{Site, print, print_value};
use formwright::expr::target::{DUCKDB, EXCEL, JS, POSTGRES, RUST, Target};
use formwright::ir::expr::{Expr, Ty};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is asked: expressions, each for some of the cases.
pub struct Batch<'w> {
    pub world: &'w World,
    pub cases: Vec<Given>,
    pub asked: Vec<(Expr, Vec<usize>)>,
}

/// An answer for each case asked, as [`super::reference::answer`] gives them; or why a target does not print it.
pub type Answers = Vec<Result<Vec<Value>, Refused>>;

/// An engine.
#[derive(Clone, Copy)]
pub struct Engine {
    pub name: &'static str,
    pub target: &'static Target,
    pub ask: fn(&Batch<'_>, &'static Target) -> Answers,
}

pub static ENGINES: [Engine; 5] = [
    Engine { name: "node", target: &JS, ask: node },
    Engine { name: "LibreOffice", target: &EXCEL, ask: calc },
    Engine { name: "DuckDB", target: &DUCKDB, ask: |b, t| sql(b, t, engine_run::duckdb) },
    Engine { name: "rustc", target: &RUST, ask: rust },
    Engine { name: "PostgreSQL", target: &POSTGRES, ask: |b, t| sql(b, t, engine_run::postgres) },
];

impl Engine {
    /// Whether it is installed; where engines are required, it must be.
    pub fn is_here(&self) -> bool {
        engine_run::is_here(self.name)
    }
}

/// The three texts of an expression: certainly so, certainly not (of values: filled, blank), and the value.
pub struct Texts {
    pub first: String,
    pub second: String,
    pub value: Option<(String, u32)>,
    /// Whether the target may leave the answer open.
    pub weaker: bool,
}

pub fn texts(expr: &Expr, target: &'static Target, site: &dyn Site) -> Result<Texts, Refused> {
    if expr.ty == Ty::Bool {
        let pair = lower::condition(expr)?;
        let (holds, fails) = (print(&pair.holds, target, site)?, print(&pair.fails, target, site)?);
        let weaker = !holds.weaker.is_empty() || !fails.weaker.is_empty();
        return Ok(Texts { first: holds.text, second: fails.text, value: None, weaker });
    }
    let value = lower::value(expr)?;
    let (filled, blank) = (print(&value.filled, target, site)?, print(&value.blank, target, site)?);
    let (text, scale) = print_value(&value.term, target, site)?;
    let weaker = !filled.weaker.is_empty() || !blank.weaker.is_empty() || !text.weaker.is_empty();
    Ok(Texts { first: filled.text, second: blank.text, value: Some((text.text, scale)), weaker })
}

/// The answer from the two tests and the value.
fn answer(name: &str, first: bool, second: bool, condition: bool, value: impl FnOnce() -> Value) -> Value {
    match (first, second) {
        (true, true) => panic!("{name}: both certainly so and certainly not"),
        (true, false) if condition => Value::Bool(true),
        (false, true) if condition => Value::Bool(false),
        (true, false) => value(),
        (false, true) => Value::Null,
        (false, false) if condition => Value::Null,
        (false, false) => Value::Unknown,
    }
}

/// The value of a list's row; a list that is shorter than others is blank there.
fn item(values: &[Value], row: usize) -> Value {
    values.get(row).cloned().unwrap_or_default()
}

// --- node ------------------------------------------------------------------------------------------------------------

fn node(batch: &Batch<'_>, target: &'static Target) -> Answers {
    let site = Objects(batch.world);
    let texts: Vec<Result<Texts, Refused>> =
        batch.asked.iter().map(|(e, _)| texts(e, target, &site)).collect();
    let mut input = String::new();
    for (one, (_, cases)) in texts.iter().zip(&batch.asked) {
        let Ok(one) = one else { continue };
        let value =
            one.value.as_ref().map_or(String::new(), |(v, _)| format!(", ({}) ? ({v}) : null", one.first));
        let code = format!("[{}, {}{value}]", one.first, one.second);
        for case in cases {
            let line = json!({"id": 0, "code": code, "cells": object(batch.world, &batch.cases[*case])});
            writeln!(input, "{line}").unwrap();
        }
    }
    let mut lines = engine_run::node(&input).into_iter();
    let mut answers = Vec::new();
    for (one, (expr, cases)) in texts.into_iter().zip(&batch.asked) {
        answers.push(one.map(|one| {
            let lines: Vec<Json> = lines.by_ref().take(cases.len()).collect();
            lines.iter().map(|line| js_answer(expr, &one, line)).collect()
        }));
    }
    answers
}

fn js_answer(expr: &Expr, texts: &Texts, line: &Json) -> Value {
    let all =
        line["value"].as_array().unwrap_or_else(|| panic!("{line}: {} | {}", texts.first, texts.second));
    let test =
        |at: usize| all[at].as_bool().unwrap_or_else(|| panic!("{line}: {} | {}", texts.first, texts.second));
    answer("node", test(0), test(1), texts.value.is_none(), || {
        let (_, scale) = texts.value.as_ref().unwrap();
        let value = &all[2];
        match (&expr.ty, value) {
            (Ty::Num { .. }, Json::Number(n)) => Value::Num(
                Decimal::new(n.as_i64().unwrap_or_else(|| panic!("{line}")).into(), *scale).unwrap(),
            ),
            (Ty::Num { .. }, big) => {
                let units = big["bigint"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{line}: {} | {:?}", texts.first, texts.value));
                Value::Num(Decimal::new(units.parse().unwrap(), *scale).unwrap())
            }
            (_, text) => typed(&expr.ty, text.as_str().unwrap()),
        }
    })
}

fn typed(ty: &Ty, text: &str) -> Value {
    if matches!(ty, Ty::Date(_)) { Value::Date(Date::parse(text).unwrap()) } else { Value::text(text) }
}

fn object(world: &World, given: &Given) -> Json {
    let mut cells = json!({});
    let mut rows = vec![json!({}); given.rows];
    for (declared, values) in world.declared.iter().zip(&given.values) {
        if !declared.list {
            put(&mut cells, &declared.name, &item(values, 0), &declared.ty);
        } else {
            rows.iter_mut()
                .enumerate()
                .for_each(|(n, row)| put(row, &declared.name, &item(values, n), &declared.ty));
        }
    }
    cells["rows"] = rows.into();
    cells
}

/// A value as JavaScript keeps it; what cannot be read is undefined.
fn put(to: &mut Json, name: &str, value: &Value, ty: &Ty) {
    to[name] = match (value, ty) {
        (Value::Unknown, _) => return,
        (Value::Null, _) => Json::Null,
        (Value::Num(n), Ty::Num { scale, .. }) => json!(n.to_scale(*scale).unwrap() as i64),
        (Value::Bool(b), _) => json!(b),
        (Value::List(codes), _) => json!(codes.iter().map(Value::to_string).collect::<Vec<_>>()),
        (other, _) => json!(other.to_string()),
    };
}

// --- LibreOffice -----------------------------------------------------------------------------------------------------

fn calc(batch: &Batch<'_>, target: &'static Target) -> Answers {
    let site = Sheet(batch.world);
    let texts: Vec<Result<Texts, Refused>> =
        batch.asked.iter().map(|(e, _)| texts(e, target, &site)).collect();
    let mut formulas = String::new();
    let mut row = 0;
    for (one, (_, cases)) in texts.iter().zip(&batch.asked) {
        let Ok(one) = one else { continue };
        for case in cases {
            row += 1;
            let at = (case + 1).to_string();
            let mut put = |column: &str, text: String| {
                let comma = if formulas.is_empty() { "" } else { "," };
                write!(
                    formulas,
                    "{comma}\"{column}{row}\":{}",
                    json!(format!("={}", text.replace(ROW, &at)))
                )
                .unwrap();
            };
            put("A", one.first.clone());
            put("B", one.second.clone());
            if let Some((value, _)) = &one.value {
                put("C", format!("IF({},{value},\"\")", one.first));
            }
        }
    }
    let data: Vec<String> =
        batch.cases.iter().enumerate().flat_map(|(n, given)| sheet_row(&site, n + 1, given)).collect();
    let book = format!(
        "{{\"sheets\":[{{\"name\":\"D\",\"cells\":{{{}}}}},{{\"name\":\"F\",\"cells\":{{{formulas}}}}}]}}",
        data.join(",")
    );
    let out = engine_run::calc(&book);
    let cells = &out["sheets"][1]["cells"];
    let mut row = 0;
    let mut answers = Vec::new();
    for (one, (expr, cases)) in texts.into_iter().zip(&batch.asked) {
        answers.push(one.map(|one| {
            let one_case = |_: &usize| {
                row += 1;
                let cell = |c: &str| &cells[format!("{c}{row}")];
                calc_answer(expr, &one, cell("A"), cell("B"), cell("C"))
            };
            cases.iter().map(one_case).collect()
        }));
    }
    answers
}

fn calc_answer(expr: &Expr, texts: &Texts, a: &Json, b: &Json, c: &Json) -> Value {
    let test = |cell: &Json, text: &str| match cell {
        Json::Bool(known) => *known,
        other => other["number"].as_str().map(|n| n != "0").unwrap_or_else(|| panic!("{other}: ={text}")),
    };
    answer(
        "LibreOffice",
        test(a, &texts.first),
        test(b, &texts.second),
        texts.value.is_none(),
        || match &expr.ty {
            Ty::Num { .. } => {
                let (text, scale) = texts.value.as_ref().unwrap();
                if c["string"] == "" {
                    return Value::Unknown;
                }
                let n = c["number"].as_str().unwrap_or_else(|| panic!("{c}: ={text}"));
                // Fifteen digits are what a sheet shows of a figure; the rest is the binary's.
                let figure: f64 = n.parse().unwrap();
                Value::Num(Decimal::parse(&format!("{figure:.*}", *scale as usize)).unwrap())
            }
            Ty::Date(_) => Value::Date(from_serial(c["number"].as_str().unwrap().parse().unwrap())),
            _ => Value::text(c["string"].as_str().unwrap()),
        },
    )
}

fn epoch() -> i64 {
    Date::parse("1899-12-30").unwrap().day_number()
}

fn from_serial(serial: i64) -> Date {
    let number = serial + epoch();
    let year = (number / 366) as i32;
    let day = |y| (1..=12).flat_map(move |m| (1..=31).filter_map(move |d| Date::new(y, m, d)));
    (year..year + 10).flat_map(day).find(|d| d.day_number() == number).unwrap()
}

fn sheet_row(site: &Sheet<'_>, row: usize, given: &Given) -> Vec<String> {
    let mut out = Vec::new();
    let mut put = |column: usize, text: String| out.push(format!("\"{}{row}\":{text}", letters(column)));
    for (at, (declared, values)) in site.0.declared.iter().zip(&given.values).enumerate() {
        for (n, value) in values.iter().enumerate() {
            let text = match value {
                Value::Null => continue,
                Value::Unknown => json!({"text": "??"}).to_string(),
                Value::Num(n) => n.to_string(),
                Value::Bool(b) => b.to_string(),
                Value::Date(d) => (d.day_number() - epoch()).to_string(),
                other => json!({"text": other.to_string()}).to_string(),
            };
            let _ = declared;
            put(site.column(at) + n, text);
        }
    }
    let marks = site.column(site.0.declared.len());
    (0..given.rows).for_each(|n| put(marks + n, "1".into()));
    assert!(given.rows <= ROOM);
    out
}

// --- DuckDB and PostgreSQL ----------------------------------------------------------------------------------------------------------

fn sql(batch: &Batch<'_>, target: &'static Target, ask: fn(&str) -> Vec<Json>) -> Answers {
    let site = Tables(batch.world);
    let texts: Vec<Result<Texts, Refused>> =
        batch.asked.iter().map(|(e, _)| texts(e, target, &site)).collect();
    let mut input = String::new();
    let mut setup = Vec::new();
    for (at, (one, (_, cases))) in texts.iter().zip(&batch.asked).enumerate() {
        // Tables of their own for some expressions at a time keep the lines short.
        if at % 25 == 0 {
            let near = batch.asked[at..].iter().take(25).flat_map(|(_, cases)| cases.iter().copied());
            setup = tables(batch, &near.collect());
        }
        let Ok(one) = one else { continue };
        let value = one
            .value
            .as_ref()
            .map_or(String::new(), |(v, _)| format!(", CASE WHEN {} THEN {v} END", one.first));
        let ids: Vec<String> = cases.iter().map(|c| format!("({c})")).collect();
        let query = format!(
            "SELECT {}, {}{value} FROM (VALUES {}) AS asked(id) JOIN c ON c.id = asked.id ORDER BY c.id",
            one.first,
            one.second,
            ids.join(", ")
        );
        writeln!(input, "{}", json!({"id": 0, "setup": setup, "query": query})).unwrap();
    }
    let mut lines = ask(&input).into_iter();
    let mut answers = Vec::new();
    for (one, (expr, cases)) in texts.into_iter().zip(&batch.asked) {
        answers.push(one.map(|one| {
            let line = lines.next().unwrap();
            let rows =
                line["value"].as_array().unwrap_or_else(|| panic!("{line}: {} | {}", one.first, one.second));
            assert!(cases.is_sorted() && rows.len() == cases.len());
            rows.iter().map(|row| sql_answer(expr, &one, row, target.name)).collect()
        }));
    }
    answers
}

fn sql_answer(expr: &Expr, texts: &Texts, row: &Json, name: &str) -> Value {
    let test =
        |at: usize| row[at].as_bool().unwrap_or_else(|| panic!("{row}: {} | {}", texts.first, texts.second));
    answer(name, test(0), test(1), texts.value.is_none(), || match &expr.ty {
        Ty::Num { .. } => {
            let text = row[2]["number"]
                .as_str()
                .unwrap_or_else(|| panic!("{row}: {}", texts.value.as_ref().unwrap().0));
            Value::Num(Decimal::parse(text).unwrap())
        }
        Ty::Date(_) => typed(&expr.ty, row[2]["date"].as_str().unwrap()),
        _ => typed(&expr.ty, row[2]["string"].as_str().unwrap()),
    })
}

fn tables(batch: &Batch<'_>, wanted: &BTreeSet<usize>) -> Vec<String> {
    let columns = |list: bool| {
        let one = batch.world.declared.iter().filter(move |d| d.list == list).map(|d| {
            let ty = match &d.ty {
                Ty::Num { scale, digits, .. } => format!("DECIMAL({digits},{scale})"),
                Ty::Bool => "BOOLEAN".to_owned(),
                Ty::Date(_) => "DATE".to_owned(),
                _ => "VARCHAR".to_owned(),
            };
            format!(", \"{0}\" {ty}, \"{0}_bad\" BOOLEAN", d.name)
        });
        one.collect::<String>()
    };
    let mut out = vec![
        format!("CREATE TABLE c (id INTEGER{})", columns(false)),
        format!("CREATE TABLE rows (id INTEGER, n INTEGER{})", columns(true)),
    ];
    let (mut singles, mut rows) = (Vec::new(), Vec::new());
    for id in wanted {
        let given = &batch.cases[*id];
        let fields = |list: bool, row: usize| {
            let pairs = batch.world.declared.iter().zip(&given.values).filter(move |(d, _)| d.list == list);
            pairs.map(move |(_, values)| sql_value(&item(values, row))).collect::<String>()
        };
        singles.push(format!("({id}{})", fields(false, 0)));
        rows.extend((0..given.rows).map(|n| format!("({id}, {n}{})", fields(true, n))));
    }
    for (table, values) in [("c", singles), ("rows", rows)] {
        if !values.is_empty() {
            out.push(format!("INSERT INTO {table} VALUES {}", values.join(", ")));
        }
    }
    out
}

fn sql_value(value: &Value) -> String {
    let text = match value {
        Value::Null | Value::Unknown => "NULL".to_owned(),
        Value::Num(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Date(d) => format!("DATE '{d}'"),
        other => format!("'{}'", other.to_string().replace('\'', "''")),
    };
    format!(", {text}, {}", value.is_unknown())
}

// --- Rust ------------------------------------------------------------------------------------------------------------

fn rust(batch: &Batch<'_>, target: &'static Target) -> Answers {
    let site = Structs(batch.world);
    let texts: Vec<Result<Texts, Refused>> =
        batch.asked.iter().map(|(e, _)| texts(e, target, &site)).collect();
    let out = engine_run::rust(&source(batch, &texts), "");
    let mut lines = out.lines();
    let mut answers = Vec::new();
    for (one, (expr, cases)) in texts.into_iter().zip(&batch.asked) {
        answers.push(
            one.map(|one| lines.by_ref().take(cases.len()).map(|l| rust_answer(expr, &one, l)).collect()),
        );
    }
    answers
}

fn rust_answer(expr: &Expr, texts: &Texts, line: &str) -> Value {
    let mut parts = line.splitn(3, ' ');
    let mut test = || parts.next() == Some("true");
    let (first, second) = (test(), test());
    let value = parts.next().unwrap_or_default();
    answer("rustc", first, second, texts.value.is_none(), || match (&expr.ty, &texts.value) {
        (Ty::Num { .. }, Some((_, scale))) => {
            Value::Num(Decimal::new(value.parse().unwrap(), *scale).unwrap())
        }
        (ty, _) => typed(ty, value),
    })
}

fn source(batch: &Batch<'_>, texts: &[Result<Texts, Refused>]) -> String {
    let mut out = String::from(
        "#![allow(warnings)]\nextern crate formwright_engine;\nuse formwright_engine::scaled::{self, Held};\nuse formwright_engine::Date;\n",
    );
    let fields = |list: bool| {
        let one = batch.world.declared.iter().filter(move |d| d.list == list).map(|d| {
            let ty = match &d.ty {
                Ty::Num { .. } => "i128",
                Ty::Bool => "bool",
                Ty::Date(_) => "Date",
                Ty::Codes(_) => "&'static [&'static str]",
                _ => "&'static str",
            };
            format!("{}: Held<{ty}>, ", d.name)
        });
        one.collect::<String>()
    };
    writeln!(out, "struct R {{ {} }}\nstruct C {{ {}rows: Vec<R> }}", fields(true), fields(false)).unwrap();
    for (at, one) in texts.iter().enumerate() {
        let Ok(one) = one else { continue };
        let value = one.value.as_ref().map_or_else(|| "\"\"".to_owned(), |(v, _)| format!("({v})"));
        writeln!(out, "fn q{at}(c: &C) {{ let (a, b) = ({}, {});\n  if a {{ println!(\"{{a}} {{b}} {{}}\", {value}) }} else {{ println!(\"{{a}} {{b}} \") }} }}", one.first, one.second).unwrap();
    }
    for (at, given) in batch.cases.iter().enumerate() {
        let fields = |list: bool, row: usize| {
            let pairs = batch.world.declared.iter().zip(&given.values).filter(move |(d, _)| d.list == list);
            pairs
                .map(move |(d, values)| format!("{}: {}, ", d.name, held(&item(values, row), &d.ty)))
                .collect::<String>()
        };
        let rows: Vec<String> = (0..given.rows).map(|n| format!("R {{ {} }}", fields(true, n))).collect();
        writeln!(out, "fn c{at}() -> C {{ C {{ {}rows: vec![{}] }} }}", fields(false, 0), rows.join(", "))
            .unwrap();
    }
    out.push_str("fn main() {\n");
    for (at, (one, (_, cases))) in texts.iter().zip(&batch.asked).enumerate() {
        for case in cases.iter().filter(|_| one.is_ok()) {
            writeln!(out, "  q{at}(&c{case}());").unwrap();
        }
    }
    out + "}\n"
}

fn held(value: &Value, ty: &Ty) -> String {
    let text = match (value, ty) {
        (Value::Null, _) => return "Held::Blank".into(),
        (Value::Unknown, _) => return "Held::Unreadable".into(),
        (Value::Num(n), Ty::Num { scale, .. }) => n.to_scale(*scale).unwrap().to_string(),
        (Value::Bool(b), _) => b.to_string(),
        (Value::Date(d), _) => format!("scaled::date({}, {}, {})", d.year(), d.month(), d.day()),
        (Value::List(codes), _) => {
            format!(
                "&[{}]",
                codes.iter().map(|c| format!("{:?}", c.to_string())).collect::<Vec<_>>().join(", ")
            )
        }
        (other, _) => format!("{:?}", other.to_string()),
    };
    format!("Held::Value({text})")
}
