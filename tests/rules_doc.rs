//! The functions that `docs/rules.md` lists are those of the function table.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use formwright::ir::func::{Syntax, Use, all};
use std::path::Path;

/// Functions whose arguments are places: they are no rows of the table.
const PLACES: &[(&str, &str)] = &[
    ("convert", "A number in another unit of the same dimension, exactly: `convert(x, \"万人\")`."),
    ("items", "The places of a selector: `items(\"a..c\")`."),
    ("prev", "The same place in a previous return; unknown where that return or row is absent."),
    ("same_row", "The cell of the row of the same id in another grid: `same_row(t14.quantity)`."),
];

/// One line for each function of rules, by name.
fn table() -> String {
    let mut lines: Vec<(String, String)> = PLACES.iter().map(|(n, d)| line(n, d, "")).collect();
    for (_, row) in all() {
        let special = matches!(row.name, "(convert)" | "(first)");
        let shown = row.syntax == Syntax::Call && row.usable == Use::Everywhere && !special;
        if shown && !lines.iter().any(|l| l.0 == row.name) {
            let (from, to) = row.example;
            let example = if from.is_empty() { String::new() } else { format!(" `{from}` is `{to}`.") };
            lines.push(line(row.name, row.doc, &example));
        }
    }
    lines.sort();
    lines.into_iter().map(|l| l.1).collect()
}

fn line(name: &str, doc: &str, example: &str) -> (String, String) {
    (name.to_owned(), format!("| `{name}` | {} |\n", format!("{doc}{example}").replace('|', "\\|")))
}

#[test]
fn the_reference_lists_every_function() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let head = "| function | what it gives |\n|---|---|\n";
    let start = text.find(head).expect("the table of functions") + head.len();
    let end = start + text[start..].find("\n\n").expect("the end of the table") + 1;
    let right = format!("{}{}{}", &text[..start], table(), &text[end..]);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    assert_eq!(text[start..end], table(), "UPDATE=1 writes the table anew");
}
