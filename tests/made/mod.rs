//! Small surveys in `tests/made/`, compiled: a table, and what a test writes behind it or instead of a part of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)]

use formwright::SourceFileInput;
use formwright::ir::{Grid, Survey};

const SURVEY: &str = include_str!("survey.yaml");
const LISTS: &str = include_str!("lists.yaml");
/// Repeated rows with a value of each kind, and fields beside them.
pub const HOTLINE: &str = include_str!("hotline.yaml");
/// A rule of each shape that the keywords of JSON Schema can say, to stand behind [`HOTLINE`].
pub const SHAPES: &str = include_str!("shapes.yaml");

/// The survey of one table. What is wrong with it fails the test.
pub fn compiled(table: &str) -> Survey {
    let id = table.lines().find_map(|line| line.strip_prefix("table: ")).unwrap();
    let survey = format!("{SURVEY}tables: [{id}]\n");
    let file = |name: &str, text: &str| SourceFileInput {
        name: name.to_owned(),
        shown: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    let files =
        vec![file("survey.yaml", &survey), file("lists.yaml", LISTS), file(&format!("{id}.yaml"), table)];
    let compiled = formwright::compile(files);
    compiled.survey.unwrap_or_else(|| panic!("{table}\n{:#?}", compiled.diagnostics))
}

/// [`HOTLINE`] with facts and rules behind it.
pub fn hotline(more: &str) -> Survey {
    compiled(&format!("{HOTLINE}{more}"))
}

/// [`HOTLINE`] with other facts of its rows.
pub fn with_rows(facts: &str) -> Survey {
    compiled(&HOTLINE.replace("repeat: true, max_rows: 100", &format!("repeat: true, {facts}")))
}

/// A rule by its id.
pub fn rule(survey: &Survey, id: &str) -> usize {
    survey.rules.iter().position(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule {id}"))
}

/// The grid of the first table.
pub fn grid(survey: &Survey) -> &Grid {
    survey.tables[0].sections[0].grid.as_ref().unwrap()
}
