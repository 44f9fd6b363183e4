//! Runs the printed rules of all surveys on all their returns, each engine started once.

use crate::asked::{Asked, Bound, Column, Row, Survey, Verdict};
use crate::engine_run::{self, letters};
use crate::sites::{At, BEFORE, Objects, Sheet, Structs, Tables, is_textual, lines, units};
use formwright::engine::{Date, Value};
use formwright::expr::carry::{PrintedVerdicts, print_verdicts};
use formwright::expr::lower::Refused;
use formwright::expr::target::{DUCKDB, EXCEL, JS, POSTGRES, RUST, Target};
use formwright::ir::expr::Ty;
use formwright::ir::{BlockId, Type};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// A survey with its returns.
pub struct Case {
    pub survey: Survey,
    pub returns: Vec<Bound>,
}

/// A rule at a place of a return.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub case: usize,
    pub asked: usize,
    pub given: usize,
    /// The row at hand, by its position among the rows of its block in all groups.
    pub row: Option<usize>,
    pub expected: Verdict,
}

/// A target in its engine.
#[derive(Clone, Copy)]
pub struct Engine {
    pub name: &'static str,
    pub target: &'static Target,
    /// How many returns of a survey it is asked for: a spreadsheet is slow.
    pub most: usize,
    /// Prints a rule at a kind of place, for this question.
    pub print: Print,
    /// For each question whether the rule passes, fails, does not apply.
    pub judge: Judge,
}

/// What is printed for a question.
type Printed = Result<PrintedVerdicts, Refused>;
type Judge = fn(&Engine, &[Case], &[Question]) -> Vec<[bool; 3]>;
type Print = fn(&Engine, &[Case], Question) -> Printed;

pub static ENGINES: [Engine; 5] = [
    Engine {
        name: "node",
        target: &JS,
        most: usize::MAX,
        judge: node,
        print: |e, cases, q| e.at(cases, q, |at| Box::new(Objects(at))),
    },
    Engine { name: "LibreOffice", target: &EXCEL, most: 4, judge: calc, print: sheet },
    Engine {
        name: "DuckDB",
        target: &DUCKDB,
        most: usize::MAX,
        judge: |e, c, q| sql(e, c, q, engine_run::duckdb),
        print: table,
    },
    Engine {
        name: "PostgreSQL",
        target: &POSTGRES,
        most: usize::MAX,
        judge: |e, c, q| sql(e, c, q, engine_run::postgres),
        print: table,
    },
    Engine {
        name: "rustc",
        target: &RUST,
        most: usize::MAX,
        judge: rust,
        print: |e, cases, q| e.at(cases, q, |at| Box::new(Structs(at))),
    },
];

impl Engine {
    pub fn is_here(&self) -> bool {
        engine_run::is_here(self.name)
    }

    pub fn judge(&self, cases: &[Case], questions: &[Question]) -> Vec<[bool; 3]> {
        (self.judge)(self, cases, questions)
    }

    /// What the target prints for a question; the reason why it does not.
    pub fn print(&self, cases: &[Case], question: Question) -> Printed {
        (self.print)(self, cases, question)
    }

    fn at<'s>(
        &self,
        cases: &'s [Case],
        question: Question,
        site: impl FnOnce(At<'s>) -> Box<dyn formwright::expr::print::Site + 's>,
    ) -> Printed {
        let (survey, asked) = asked(cases, question);
        let verdicts = asked.verdicts.as_ref().map_err(|reason| *reason)?;
        print_verdicts(verdicts, self.target, &*site(At { survey, asked }))
    }
}

fn asked(cases: &[Case], question: Question) -> (&Survey, &Asked) {
    let survey = &cases[question.case].survey;
    (survey, &survey.asked[question.asked])
}

fn table(engine: &Engine, cases: &[Case], question: Question) -> Printed {
    engine.at(cases, question, |at| Box::new(Tables { at, number: question.case }))
}

fn sheet(engine: &Engine, cases: &[Case], question: Question) -> Printed {
    let case = &cases[question.case];
    let path = match (case.survey.asked[question.asked].home, question.row) {
        (Some(home), Some(row)) => &case.returns[question.given].rows[home.ix()][row].path[..],
        _ => &[],
    };
    let (number, given) = (question.case, question.given);
    engine.at(cases, question, |at| Box::new(Sheet { at, number, given, path, room: room(case) }))
}

/// Questions of one rule at one kind of place, one behind the other.
pub fn by_asked(questions: &[Question]) -> impl Iterator<Item = &[Question]> {
    questions.chunk_by(|a, b| (a.case, a.asked) == (b.case, b.asked))
}

fn three(printed: &PrintedVerdicts) -> [&str; 3] {
    [&printed.passes.text, &printed.fails.text, &printed.not_applicable.text]
}

fn blocks(survey: &Survey) -> impl Iterator<Item = BlockId> {
    (0..survey.ir.blocks.len()).map(|n| BlockId(n as u32))
}

/// Every record of a kind in a survey: the returns, and the rows of each block.
fn kinds(survey: &Survey) -> impl Iterator<Item = Option<BlockId>> {
    std::iter::once(None).chain(blocks(survey).map(Some))
}

fn records(bound: &Bound, kind: Option<BlockId>) -> &[Row] {
    match kind {
        None => std::slice::from_ref(&bound.top),
        Some(block) => &bound.rows[block.ix()],
    }
}

fn ty(survey: &Survey, column: Column) -> Ty {
    survey.ir.cell(column.cell()).unwrap().value_type()
}

/// The codes of a set in the order of their list, with commas between.
fn set(survey: &Survey, column: Column, value: &Value) -> Vec<String> {
    let Type::Codes(list) = survey.ir.cell(column.cell()).unwrap().ty else { return Vec::new() };
    let given: Vec<String> = value.as_list().unwrap_or_default().iter().map(Value::to_string).collect();
    let order = |code: &String| survey.ir.list(list).unwrap().codes.iter().position(|c| c.code == *code);
    let mut sorted = given;
    sorted.sort_by_key(order);
    sorted
}

// --- node ------------------------------------------------------------------------------------------------------------

fn node(engine: &Engine, cases: &[Case], questions: &[Question]) -> Vec<[bool; 3]> {
    let mut input = String::new();
    for of_case in questions.chunk_by(|a, b| a.case == b.case) {
        let case = &cases[of_case[0].case];
        let mut code = "const q = {};\n".to_owned();
        for of_asked in by_asked(of_case) {
            let printed = engine.print(cases, of_asked[0]).unwrap();
            writeln!(code, "q[{}] = (c, h) => [{}];", of_asked[0].asked, three(&printed).join(",\n  "))
                .unwrap();
        }
        code.push_str(
            "return c.asked.map(([n, g, b, row]) => q[n](c.returns[g], b && c.returns[g][b][row]));",
        );
        let asked = |q: &Question| {
            let home = case.survey.asked[q.asked].home.map(|b| format!("b{}", b.0));
            json!([q.asked, q.given, home, q.row])
        };
        let returns: Vec<Json> = case.returns.iter().map(|one| object(&case.survey, one)).collect();
        let cells = json!({"returns": returns, "asked": of_case.iter().map(asked).collect::<Vec<_>>()});
        writeln!(input, "{}", json!({"id": case.survey.name, "code": code, "cells": cells})).unwrap();
    }
    let answers = engine_run::node(&input);
    let all = answers.iter().flat_map(|a| a["value"].as_array().unwrap_or_else(|| panic!("{a}")).iter());
    all.map(truths).collect()
}

fn truths(row: &Json) -> [bool; 3] {
    [0, 1, 2].map(|n| row[n].as_bool().unwrap_or_else(|| panic!("{row}")))
}

fn object(survey: &Survey, bound: &Bound) -> Json {
    let mut out = json!({});
    for kind in kinds(survey) {
        let columns = survey.columns_of(kind);
        let fill = |row: &Row, to: &mut Json| {
            row.path.iter().enumerate().for_each(|(n, at)| to[format!("k{n}")] = json!(at));
            columns.iter().zip(&row.values).for_each(|(column, value)| put(survey, *column, value, to));
        };
        match kind {
            None => fill(&bound.top, &mut out),
            Some(block) => {
                let row = |row: &Row| {
                    let mut to = json!({});
                    fill(row, &mut to);
                    to
                };
                out[format!("b{}", block.0)] = records(bound, kind).iter().map(row).collect();
            }
        }
    }
    out
}

/// A value as JavaScript keeps it; what cannot be read is undefined.
fn put(survey: &Survey, column: Column, value: &Value, to: &mut Json) {
    to[column.name()] = match value {
        Value::Unknown => return,
        Value::Null => Json::Null,
        Value::Num(_) => json!(units(survey, column.cell(), value).unwrap() as i64),
        Value::Bool(known) => json!(known),
        Value::List(_) => json!(set(survey, column, value)),
        other => json!(other.to_string()),
    };
}

// --- DuckDB and PostgreSQL ---------------------------------------------------------------------------------------------

fn sql(
    engine: &Engine,
    cases: &[Case],
    questions: &[Question],
    ask: fn(&str) -> Vec<Json>,
) -> Vec<[bool; 3]> {
    let mut input = String::new();
    for of_asked in by_asked(questions) {
        let (question, case) = (of_asked[0], &cases[of_asked[0].case]);
        let printed = engine.print(cases, question).unwrap();
        let number = question.case;
        let (home, order) = match case.survey.asked[question.asked].home {
            None => (String::new(), ""),
            Some(block) => (format!(" JOIN s{number}b{} AS h ON h.id = c.id", block.0), ", h.n"),
        };
        let three = three(&printed).join(", ");
        let query = format!("SELECT {three} FROM s{number} AS c{home} ORDER BY c.id{order}");
        let id = format!("{} {}", case.survey.name, case.survey.rule(&case.survey.asked[question.asked]).id);
        writeln!(input, "{}", json!({"id": id, "setup": tables(case, number), "query": query})).unwrap();
    }
    let mut out = Vec::new();
    for (answer, of_asked) in ask(&input).iter().zip(by_asked(questions)) {
        let rows = answer["value"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(rows.len(), of_asked.len(), "{answer}");
        out.extend(rows.iter().map(truths));
    }
    out
}

fn tables(case: &Case, number: usize) -> Vec<String> {
    let survey = &case.survey;
    let mut out = Vec::new();
    for kind in kinds(survey) {
        let columns = survey.columns_of(kind);
        let name = kind.map_or(format!("s{number}"), |b| format!("s{number}b{}", b.0));
        let keys: String = (0..survey.chain(kind).len()).map(|n| format!(", k{n} INTEGER")).collect();
        let declared: String = columns.iter().map(|column| declared(survey, *column)).collect();
        out.push(format!("CREATE TABLE {name} (id INTEGER, n INTEGER{keys}{declared})"));
        let mut rows = Vec::new();
        for (id, bound) in case.returns.iter().enumerate() {
            for (n, row) in records(bound, kind).iter().enumerate() {
                let path: String = row.path.iter().map(|k| format!(", {k}")).collect();
                let values: String =
                    columns.iter().zip(&row.values).map(|(c, value)| sql_value(survey, *c, value)).collect();
                rows.push(format!("({id}, {n}{path}{values})"));
            }
        }
        if !rows.is_empty() {
            out.push(format!("INSERT INTO {name} VALUES {}", rows.join(", ")));
        }
    }
    out
}

fn declared(survey: &Survey, column: Column) -> String {
    let ty = match ty(survey, column) {
        Ty::Num { scale, digits, .. } => format!("DECIMAL({},{scale})", digits.max(scale + 1)),
        Ty::Bool => "BOOLEAN".to_owned(),
        Ty::Date(_) => "DATE".to_owned(),
        _ => "VARCHAR".to_owned(),
    };
    format!(", {0} {ty}, {0}_bad BOOLEAN", column.name())
}

fn sql_value(survey: &Survey, column: Column, value: &Value) -> String {
    let quoted = |text: String| format!("'{}'", text.replace('\'', "''"));
    let text = match value {
        Value::Null | Value::Unknown => "NULL".to_owned(),
        Value::Num(n) => n.to_string(),
        Value::Bool(known) => known.to_string(),
        Value::Date(date) => format!("DATE '{}'", date.first_day()),
        Value::List(_) => quoted(set(survey, column, value).join(",")),
        other => quoted(other.to_string()),
    };
    format!(", {text}, {}", value.is_unknown())
}

// --- LibreOffice -----------------------------------------------------------------------------------------------------

/// Lines for the rows of each group: as many as there are at most, and one to spare.
fn room(case: &Case) -> usize {
    let last = |row: &Row| row.path.last().copied().unwrap_or(0);
    let rows = case.returns.iter().flat_map(|one| one.rows.iter().flatten());
    rows.map(last).max().unwrap_or(0) + 2
}

fn calc(engine: &Engine, cases: &[Case], questions: &[Question]) -> Vec<[bool; 3]> {
    let mut formulas = Vec::new();
    for (n, question) in questions.iter().enumerate() {
        let printed = engine.print(cases, *question).unwrap();
        for (column, text) in ["A", "B", "C"].into_iter().zip(three(&printed)) {
            formulas.push(format!("\"{column}{}\":{}", n + 1, json!(format!("={text}"))));
        }
    }
    let mut sheets = vec![format!("{{\"name\":\"F\",\"cells\":{{{}}}}}", formulas.join(","))];
    for (number, case) in cases.iter().enumerate() {
        sheets.extend(kinds(&case.survey).map(|kind| sheet_of(case, number, kind)));
    }
    let out = engine_run::calc(&format!("{{\"sheets\":[{}]}}", sheets.join(",")));
    let cells = &out["sheets"][0]["cells"];
    let truth = |column: &str, n: usize| match &cells[format!("{column}{}", n + 1)] {
        Json::Bool(known) => *known,
        other => {
            let number = other["number"].as_str().map(|n| n != "0");
            number.unwrap_or_else(|| panic!("{other}: {:?}", engine.print(cases, questions[n])))
        }
    };
    (0..questions.len()).map(|n| ["A", "B", "C"].map(|column| truth(column, n))).collect()
}

fn sheet_of(case: &Case, number: usize, kind: Option<BlockId>) -> String {
    let survey = &case.survey;
    let (columns, depth, room) = (survey.columns_of(kind), survey.chain(kind).len(), room(case));
    let mut cells = Vec::new();
    for (given, bound) in case.returns.iter().enumerate() {
        for row in records(bound, kind) {
            let (line, _) = lines(room, given, depth, &row.path);
            let mut put =
                |column: usize, text: String| cells.push(format!("\"{}{line}\":{text}", letters(column)));
            put(0, "1".to_owned());
            put(1, row.path.last().unwrap_or(&0).to_string());
            for (at, (column, value)) in columns.iter().zip(&row.values).enumerate() {
                let bad = value.is_unknown() && is_textual(&ty(survey, *column));
                if let Some(text) = sheet_value(survey, *column, value) {
                    put(BEFORE + 2 * at + usize::from(bad), text);
                }
            }
        }
    }
    let block = kind.map_or(String::new(), |b| format!("B{}", b.0));
    format!("{{\"name\":\"S{number}{block}\",\"cells\":{{{}}}}}", cells.join(","))
}

fn sheet_value(survey: &Survey, column: Column, value: &Value) -> Option<String> {
    let text = |text: String| json!({"text": text}).to_string();
    Some(match value {
        Value::Null => return None,
        Value::Unknown => text("??".to_owned()),
        Value::Num(n) => n.to_string(),
        Value::Bool(known) => known.to_string(),
        Value::Date(date) => {
            let epoch = Date::parse("1899-12-30").unwrap().day_number();
            (date.first_day().day_number() - epoch).to_string()
        }
        Value::List(_) => text(set(survey, column, value).join(",")),
        other => text(other.to_string()),
    })
}

// --- Rust ------------------------------------------------------------------------------------------------------------

fn rust(engine: &Engine, cases: &[Case], questions: &[Question]) -> Vec<[bool; 3]> {
    let mut input = String::new();
    for case in cases {
        write!(input, "{}\t", case.returns.len()).unwrap();
        case.returns.iter().for_each(|bound| written(&case.survey, bound, &mut input));
    }
    for q in questions {
        write!(input, "{}\t{}\t{}\t{}\t", q.case, q.asked, q.given, q.row.unwrap_or(0)).unwrap();
    }
    let out = engine_run::rust(&program(engine, cases, questions), &input);
    let truth = |line: &str| [0, 1, 2].map(|n| line.as_bytes()[n] == b'1');
    out.lines().map(truth).collect()
}

fn written(survey: &Survey, bound: &Bound, out: &mut String) {
    for kind in kinds(survey) {
        let rows = records(bound, kind);
        if kind.is_some() {
            write!(out, "{}\t", rows.len()).unwrap();
        }
        for row in rows {
            row.path.iter().for_each(|k| write!(out, "{k}\t").unwrap());
            for (column, value) in survey.columns_of(kind).iter().zip(&row.values) {
                let text = match value {
                    Value::Null => "_".to_owned(),
                    Value::Unknown => "?".to_owned(),
                    Value::Num(_) => format!("={}", units(survey, column.cell(), value).unwrap()),
                    Value::List(_) => format!("={}", set(survey, *column, value).join(",")),
                    other => format!("={}", other.to_string().replace(['\t', '\n'], "␤")),
                };
                write!(out, "{text}\t").unwrap();
            }
        }
    }
}

/// What the program is made of before anything of a survey.
const RUNTIME: &str = r#"#![allow(warnings)]
extern crate formwright_engine;
use formwright_engine::scaled::{self, Held};
use formwright_engine::Date;

type Tokens = std::str::Split<'static, char>;
trait Read: Sized { fn read(text: &'static str) -> Self; }
impl Read for i128 { fn read(text: &'static str) -> Self { text.parse().unwrap() } }
impl Read for bool { fn read(text: &'static str) -> Self { text == "true" } }
impl Read for Date { fn read(text: &'static str) -> Self { Date::parse(text).unwrap() } }
impl Read for &'static str { fn read(text: &'static str) -> Self { text } }
impl Read for &'static [&'static str] { fn read(text: &'static str) -> Self { text.split(',').collect::<Vec<_>>().leak() } }
fn held<T: Read>(tokens: &mut Tokens) -> Held<T> {
    match tokens.next().unwrap() {
        "_" => Held::Blank,
        "?" => Held::Unreadable,
        text => Held::Value(T::read(&text[1..])),
    }
}
fn number(tokens: &mut Tokens) -> usize { tokens.next().unwrap().parse().unwrap() }
"#;

fn program(engine: &Engine, cases: &[Case], questions: &[Question]) -> String {
    let mut out = RUNTIME.to_owned();
    cases.iter().enumerate().for_each(|(number, case)| structures(&case.survey, number, &mut out));
    let mut arms = String::new();
    for of_asked in by_asked(questions) {
        let Question { case, asked, .. } = of_asked[0];
        let printed = engine.print(cases, of_asked[0]).unwrap();
        let (home, row) = match cases[case].survey.asked[asked].home {
            None => ("()".to_owned(), "()".to_owned()),
            Some(b) => (format!("S{case}B{}", b.0), format!("c.b{}[row]", b.0)),
        };
        let body = three(&printed).join(",\n    ");
        writeln!(out, "fn q{case}_{asked}(c: &S{case}, h: &{home}) -> [bool; 3] {{\n  [{body}]\n}}").unwrap();
        writeln!(
            arms,
            "      ({case}, {asked}) => {{ let c = &s{case}[given]; q{case}_{asked}(c, &{row}) }}"
        )
        .unwrap();
    }
    out.push_str("fn main() {\n  let text: &'static str = std::io::read_to_string(std::io::stdin()).unwrap().leak();\n");
    out.push_str("  let mut tokens = text.split('\\t');\n  let t = &mut tokens;\n");
    for number in 0..cases.len() {
        writeln!(out, "  let s{number}: Vec<_> = (0..number(t)).map(|_| S{number}::read(t)).collect();")
            .unwrap();
    }
    out.push_str("  let mut said = String::new();\n  loop {\n    let Some(Ok(case)) = t.next().map(str::parse::<usize>) else { break };\n");
    out.push_str("    let (asked, given, row) = (number(t), number(t), number(t));\n    let all = match (case, asked) {\n");
    out.push_str(&arms);
    out.push_str("      _ => panic!(),\n    };\n    all.iter().for_each(|one| said.push(if *one { '1' } else { '0' }));\n    said.push('\\n');\n  }\n  print!(\"{said}\");\n}\n");
    out
}

fn structures(survey: &Survey, number: usize, out: &mut String) {
    for kind in kinds(survey) {
        let (mut fields, mut reads, mut methods) = (String::new(), String::new(), String::new());
        let name = kind.map_or(format!("S{number}"), |b| format!("S{number}B{}", b.0));
        if kind.is_some() {
            let keys = vec!["number(t)"; survey.chain(kind).len()].join(", ");
            fields.push_str("k: Vec<usize>, ");
            write!(reads, "k: vec![{keys}], ").unwrap();
        }
        for column in survey.columns_of(kind) {
            let ty = match ty(survey, column) {
                Ty::Num { .. } => "i128",
                Ty::Bool => "bool",
                Ty::Date(_) => "Date",
                Ty::Codes(_) => "&'static [&'static str]",
                _ => "&'static str",
            };
            write!(fields, "{}: Held<{ty}>, ", column.name()).unwrap();
            write!(reads, "{}: held(t), ", column.name()).unwrap();
        }
        for block in blocks(survey).filter(|_| kind.is_none()) {
            let (b, of) = (block.0, format!("S{number}B{}", block.0));
            write!(fields, "b{b}: Vec<{of}>, ").unwrap();
            write!(reads, "b{b}: (0..number(t)).map(|_| {of}::read(t)).collect(), ").unwrap();
            write!(
                methods,
                "  fn b{b}(&self, within: &[usize]) -> &[{of}] {{\n    let from = self.b{b}.partition_point(|r| &r.k[..within.len()] < within);\n    let to = self.b{b}.partition_point(|r| &r.k[..within.len()] <= within);\n    &self.b{b}[from..to]\n  }}\n"
            )
            .unwrap();
        }
        writeln!(out, "struct {name} {{ {fields} }}\nimpl {name} {{\n  fn read(t: &mut Tokens) -> Self {{ {name} {{ {reads} }} }}\n{methods}}}")
            .unwrap();
    }
}
