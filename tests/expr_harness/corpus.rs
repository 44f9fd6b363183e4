//! The rule corpus `tests/expr/*.txt`; the format is described beside it.

use super::world::{Given, World, given};
use formwright::engine::{Date, Decimal, Value};
use formwright::ir::expr::Expr;
use formwright::resolve::calc::lower_text;
use formwright::resolve::infer::left_over;
use std::path::PathBuf;

/// A file of cases.
pub struct File {
    pub name: String,
    pub world: World,
    pub cases: Vec<Case>,
}

/// A case.
pub struct Case {
    /// The line as it stands.
    pub line: String,
    /// The expression, or the code of the diagnostic that refuses it.
    pub built: Result<Expr, String>,
    pub given: Given,
    pub expected: String,
}

/// Reads a file's text.
pub fn parse(name: &str, text: &str) -> File {
    let mut file = File { name: name.to_owned(), world: World::default(), cases: Vec::new() };
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        match !line.contains('|') {
            true => file.world.declare(line),
            false => file.cases.push(case(&file.world, line)),
        }
    }
    file
}

fn case(world: &World, line: &str) -> Case {
    let columns: Vec<&str> = line.rsplitn(3, '|').map(str::trim).collect();
    let [expected, set, text] = columns[..] else { panic!("three columns in {line}") };
    let built = match lower_text(text, &|name| world.name(name), world.typing()) {
        Ok(mut expr) if left_over(&expr).is_none() => {
            world.within(&mut expr);
            Ok(expr)
        }
        Ok(_) => Err("E0302".to_owned()),
        Err(problems) => Err(problems.first().map_or("", |p| p.code.code).to_owned()),
    };
    Case { line: line.to_owned(), built, given: given(world, set), expected: expected.to_owned() }
}

/// All files, by name.
pub fn all() -> Vec<File> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/expr");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    let read =
        |p: &PathBuf| parse(p.file_stem().unwrap().to_str().unwrap(), &std::fs::read_to_string(p).unwrap());
    paths.iter().map(read).collect()
}

/// Whether a value is what a case expects.
pub fn agrees(found: &Value, expected: &str) -> bool {
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
