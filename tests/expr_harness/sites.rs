//! Where each engine finds the cells of a [`World`].

use super::world::World;
use crate::engine_run::letters;
use formwright::expr::formula::{Each, Spot, State};
use formwright::expr::lower::Refused;
use formwright::expr::print::{Around, Rows, Site, Text};
use formwright::ir::BlockId;
use formwright::ir::expr::Ty;

/// Rows that a sheet has room for.
pub const ROOM: usize = 8;
/// Stands for the number of a sheet's row.
pub const ROW: &str = "§";

fn name(world: &World, spot: Spot) -> &str {
    &world.declared[spot.cell.0 as usize].name
}

/// Objects: `c.a`, rows `c.rows`.
pub struct Objects<'w>(pub &'w World);

impl Site for Objects<'_> {
    fn value(&self, spot: Spot, _: &Ty, _: Around<'_>) -> Result<String, Refused> {
        let of = if spot.scope == 0 { "c".to_owned() } else { format!("r{}", spot.scope) };
        Ok(format!("{of}.{}", name(self.0, spot)))
    }

    fn rows(&self, each: Each, _: Around<'_>) -> Result<Rows, Refused> {
        Ok(Rows {
            source: "c.rows".into(),
            name: format!("r{}", each.1),
            present: None,
            most: ROOM as u64,
            position: None,
        })
    }

    fn position(&self, _: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        Ok(format!("i{scope}"))
    }
}

/// Rust structures: as objects, values by `get()`.
pub struct Structs<'w>(pub &'w World);

impl Site for Structs<'_> {
    fn value(&self, spot: Spot, ty: &Ty, around: Around<'_>) -> Result<String, Refused> {
        Ok(format!("{}.get()", Objects(self.0).value(spot, ty, around)?))
    }

    fn state(&self, state: State, spot: Spot, ty: &Ty, around: Around<'_>) -> Option<Result<Text, bool>> {
        let cell = Objects(self.0).value(spot, ty, around).ok()?;
        let test = match state {
            State::Filled => "is_filled()",
            State::Blank => "is_blank()",
            State::Unreadable => "is_unreadable()",
            State::Yes => "is(true)",
            State::No => "is(false)",
        };
        Some(Ok(Text::tight(format!("{cell}.{test}"))))
    }

    fn rows(&self, each: Each, around: Around<'_>) -> Result<Rows, Refused> {
        Objects(self.0).rows(each, around)
    }

    fn position(&self, block: BlockId, scope: u8, around: Around<'_>) -> Result<String, Refused> {
        Objects(self.0).position(block, scope, around)
    }
}

/// A sheet `D` with a row for each case: single cells first, then the rows of each list side by side, then which of them
/// there are.
pub struct Sheet<'w>(pub &'w World);

impl Sheet<'_> {
    /// The first column of a declared cell; behind the last one stand the marks of the rows.
    pub fn column(&self, at: usize) -> usize {
        self.0.declared.iter().take(at).map(|d| if d.list { ROOM } else { 1 }).sum()
    }

    fn range(&self, column: usize) -> String {
        format!("D!{}{ROW}:{}{ROW}", letters(column), letters(column + ROOM - 1))
    }
}

impl Site for Sheet<'_> {
    fn value(&self, spot: Spot, _: &Ty, around: Around<'_>) -> Result<String, Refused> {
        let column = self.column(spot.cell.0 as usize);
        Ok(if around.range { self.range(column) } else { format!("D!{}{ROW}", letters(column)) })
    }

    fn rows(&self, _: Each, _: Around<'_>) -> Result<Rows, Refused> {
        let present = format!("{}=1", self.range(self.column(self.0.declared.len())));
        Ok(Rows {
            source: String::new(),
            name: String::new(),
            present: Some(present),
            most: ROOM as u64,
            position: None,
        })
    }

    fn position(&self, _: BlockId, _: u8, _: Around<'_>) -> Result<String, Refused> {
        Err("not-printed")
    }
}

/// A table `c` of cases, a table `rows` of their rows; `x_bad` says that `x` could not be read.
pub struct Tables<'w>(pub &'w World);

impl Site for Tables<'_> {
    fn value(&self, spot: Spot, _: &Ty, _: Around<'_>) -> Result<String, Refused> {
        let of = if spot.scope == 0 { "c".to_owned() } else { format!("r{}", spot.scope) };
        Ok(format!("{of}.\"{}\"", name(self.0, spot)))
    }

    fn state(&self, state: State, spot: Spot, ty: &Ty, around: Around<'_>) -> Option<Result<Text, bool>> {
        let cell = self.value(spot, ty, around).ok()?;
        let bad = format!("{}_bad\"", cell.trim_end_matches('"'));
        match state {
            State::Blank => Some(Ok(Text::new(format!("{cell} IS NULL AND NOT {bad}"), 2))),
            State::Unreadable => Some(Ok(Text::tight(bad))),
            _ => None,
        }
    }

    fn rows(&self, each: Each, _: Around<'_>) -> Result<Rows, Refused> {
        let name = format!("r{}", each.1);
        let (source, present) = (format!("rows AS {name}"), Some(format!("{name}.id = c.id")));
        Ok(Rows { source, name, present, most: ROOM as u64, position: None })
    }

    fn position(&self, _: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        Ok(format!("r{scope}.n"))
    }
}
