//! Formulas in terms of the ids of a survey: what people read of them, and what an artefact can carry before it says
//! where its cells are.

use super::formula::{Each, Spot};
use super::lower::Refused;
use super::print::{Around, Rows, Site};
use super::target::Target;
use crate::ir::expr::{Time, Ty};
use crate::ir::{BlockId, Cell, Root, Step, Survey};

/// Cells by their ids: `t09.total.calls`, in a row `cities.calls`, in a row of the n-th iteration `cities1.calls`.
#[derive(Debug, Clone, Copy)]
pub struct Named<'s> {
    /// The survey.
    pub survey: &'s Survey,
    /// The target whose names these are.
    pub target: &'static Target,
}

impl Named<'_> {
    /// The name of a cell as the rule language has it.
    pub fn plain(survey: &Survey, spot: Spot) -> String {
        parts(survey, spot).map_or_else(|| format!("cell{}", spot.cell.0), |parts| parts.join("."))
    }

    fn row(&self, each: Each) -> String {
        let id = self.survey.block(each.0).map_or("rows", |b| b.id.as_str());
        format!("{}{}", plain_name(id), each.1)
    }

    fn path(&self, parts: &[String]) -> String {
        let (sql, js) = (matches!(self.target.name, "postgres" | "duckdb"), self.target.name == "js");
        if sql {
            return sql_path(parts);
        }
        let mut out = String::new();
        for (at, part) in parts.iter().enumerate() {
            match (at, js && !is_plain(part)) {
                (0, _) => out.push_str(&plain_name(part)),
                (_, true) => out.push_str(&format!("[{}]", serde_json::Value::from(part.as_str()))),
                (_, false) if js => out.push_str(&format!(".{part}")),
                (_, false) => out.push_str(&format!(".{}", plain_name(part))),
            }
        }
        out
    }
}

/// A column of the table of its record.
fn sql_path(parts: &[String]) -> String {
    let Some((record, column)) = parts.split_first() else { return String::new() };
    format!("{}.\"{}\"", plain_name(record), column.join("_").replace('"', "\"\""))
}

fn is_plain(part: &str) -> bool {
    part.chars().all(|c| c.is_alphanumeric() || c == '_') && !part.starts_with(|c: char| c.is_numeric())
}

/// A name that every target takes.
fn plain_name(part: &str) -> String {
    let name: String = part.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_numeric()) { format!("_{name}") } else { name }
}

/// The record of a cell and its path in it.
fn parts(survey: &Survey, spot: Spot) -> Option<Vec<String>> {
    let cell = survey.cell(spot.cell)?;
    let mut parts = Vec::new();
    if let Time::Previous(at) = spot.time {
        let name = survey.previous.get(usize::from(at)).map_or("", |(name, _)| name.as_str());
        parts.push(if name.is_empty() { "previous".to_owned() } else { format!("previous_{name}") });
    }
    match cell.home.block.and_then(|b| survey.block(b)) {
        Some(block) if spot.scope == 0 => parts.push(block.id.clone()),
        Some(block) => parts.push(format!("{}{}", block.id, spot.scope)),
        None if cell.home.root == Root::Context => parts.push("context".to_owned()),
        None => {}
    }
    parts.extend(keys_in_record(cell));
    Some(parts)
}

/// The members below the record that holds a cell.
fn keys_in_record(cell: &Cell) -> Vec<String> {
    let from = cell.path.iter().rposition(|s| matches!(s, Step::Rows(_))).map_or(0, |at| at + 1);
    let keys = cell.path.iter().skip(from).filter_map(|step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Rows(_) => None,
    });
    keys.enumerate()
        .filter(|(at, key)| !(from == 0 && *at == 0 && key == "tables"))
        .map(|(_, key)| key)
        .collect()
}

impl Site for Named<'_> {
    fn value(&self, spot: Spot, _: &Ty, around: Around<'_>) -> Result<String, Refused> {
        let parts = parts(self.survey, spot).ok_or("not-printed")?;
        let path = self.path(&parts);
        Ok(match self.target.name {
            "rust" => format!("{path}.get()"),
            "excel" if around.range => format!("{path}.all"),
            _ => path,
        })
    }

    fn state(
        &self,
        state: super::formula::State,
        spot: Spot,
        ty: &Ty,
        _: Around<'_>,
    ) -> Option<Result<super::print::Text, bool>> {
        // A cell of Rust tells its state before its value is taken.
        let path =
            (self.target.name == "rust").then(|| parts(self.survey, spot).map(|p| self.path(&p)))??;
        let [test, _] = (self.target.state)(state, ty).ok()?;
        Some(Ok(super::print::Text::tight(test.replace("{0}", &path))))
    }

    fn rows(&self, each: Each, _: Around<'_>) -> Result<Rows, Refused> {
        let block = self.survey.block(each.0).ok_or("not-printed")?;
        let (id, name) = (plain_name(&block.id), self.row(each));
        let table = block.table.and_then(|t| self.survey.tables.get(t)).map_or("context", |t| t.id.as_str());
        let (source, present) = match self.target.name {
            "postgres" | "duckdb" => (
                format!("{}_{id} AS {name}", plain_name(table)),
                Some(format!("{name}.return_id = r.return_id")),
            ),
            "excel" => (String::new(), Some(format!("{}.{id}.present", plain_name(table)))),
            _ => (format!("{}.{id}", plain_name(table)), None),
        };
        Ok(Rows { source, name, present, most: u64::from(block.max_rows), position: None })
    }

    fn position(&self, block: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        let name = match scope {
            0 => plain_name(self.survey.block(block).map_or("rows", |b| b.id.as_str())),
            n => self.row((block, n)),
        };
        Ok(match self.target.name {
            "excel" if scope > 0 => format!("{name}.position.all"),
            "excel" | "postgres" | "duckdb" => format!("{name}.position"),
            _ => format!("{name}_at"),
        })
    }
}
