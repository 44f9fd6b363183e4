//! Where each engine finds what a rule reads. An artefact that carries rules brings a [`Site`] of its own; these stand in
//! for the form, the workbook, the tables and the structures of a survey.
//!
//! Records hold the values of the records around them, so that a name says the record and the column only.

use crate::asked::{Asked, Column, Survey};
use crate::engine_run::letters;
use formwright::engine::Value;
use formwright::expr::formula::{Each, Spot, State};
use formwright::expr::lower::Refused;
use formwright::expr::print::{Around, Rows, Site, Text};
use formwright::ir::expr::Ty;
use formwright::ir::{BlockId, CellId};

/// A rule at a kind of place.
#[derive(Clone, Copy)]
pub struct At<'s> {
    pub survey: &'s Survey,
    pub asked: &'s Asked,
}

impl At<'_> {
    /// The name of a column's record: the document, the row at hand, the row of an iteration.
    fn record(&self, spot: Spot) -> String {
        match (self.survey.block_of(spot.cell), spot.scope) {
            (None, _) => "c".to_owned(),
            (_, 0) => "h".to_owned(),
            (_, n) => format!("r{n}"),
        }
    }

    fn column(&self, spot: Spot) -> Column {
        self.survey.column(self.asked, spot)
    }

    fn name(&self, spot: Spot) -> String {
        self.column(spot).name()
    }

    /// The row inside which the rows of a block lie, and how many blocks both stand in.
    fn holder(&self, block: BlockId, around: Around<'_>) -> (String, usize) {
        match self.survey.holder(self.asked, block, around.rows) {
            (0, shared) => ("h".to_owned(), shared),
            (scope, shared) => (format!("r{scope}"), shared),
        }
    }

    fn depth(&self, block: BlockId) -> usize {
        self.survey.chain(Some(block)).len() - 1
    }

    fn most(&self, block: BlockId) -> u64 {
        u64::from(self.survey.ir.block(block).unwrap().max_rows)
    }
}

/// JavaScript: objects `c`, `h`, `r1`; the rows of a block are `c.b2`, their positions `k0`, `k1`.
pub struct Objects<'s>(pub At<'s>);

impl Site for Objects<'_> {
    fn value(&self, spot: Spot, _: &Ty, _: Around<'_>) -> Result<String, Refused> {
        Ok(format!("{}.{}", self.0.record(spot), self.0.name(spot)))
    }

    fn rows(&self, each: Each, around: Around<'_>) -> Result<Rows, Refused> {
        let (holder, shared) = self.0.holder(each.0, around);
        let same: Vec<String> = (0..shared).map(|n| format!("r.k{n} === {holder}.k{n}")).collect();
        let filter =
            if shared == 0 { String::new() } else { format!(".filter((r) => {})", same.join(" && ")) };
        Ok(Rows {
            source: format!("c.b{}{filter}", each.0.0),
            name: format!("r{}", each.1),
            present: None,
            most: self.0.most(each.0),
            position: None,
        })
    }

    fn position(&self, block: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        let depth = self.0.depth(block);
        Ok(if scope == 0 { format!("h.k{depth}") } else { format!("i{scope}") })
    }
}

/// Rust: as objects; the rows of a block inside a record are `c.b2(&h.k[..1])`.
pub struct Structs<'s>(pub At<'s>);

impl Structs<'_> {
    fn cell(&self, spot: Spot) -> String {
        format!("{}.{}", self.0.record(spot), self.0.name(spot))
    }
}

impl Site for Structs<'_> {
    fn value(&self, spot: Spot, _: &Ty, _: Around<'_>) -> Result<String, Refused> {
        Ok(format!("{}.get()", self.cell(spot)))
    }

    fn state(&self, state: State, spot: Spot, _: &Ty, _: Around<'_>) -> Option<Result<Text, bool>> {
        let test = match state {
            State::Filled => "is_filled()",
            State::Blank => "is_blank()",
            State::Unreadable => "is_unreadable()",
            State::Yes => "is(true)",
            State::No => "is(false)",
        };
        Some(Ok(Text::tight(format!("{}.{test}", self.cell(spot)))))
    }

    fn rows(&self, each: Each, around: Around<'_>) -> Result<Rows, Refused> {
        let (holder, shared) = self.0.holder(each.0, around);
        let within = if shared == 0 { "&[]".to_owned() } else { format!("&{holder}.k[..{shared}]") };
        let source = format!("c.b{}({within})", each.0.0);
        Ok(Rows { source, ..Objects(self.0).rows(each, around)? })
    }

    fn position(&self, block: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        let depth = self.0.depth(block);
        Ok(if scope == 0 { format!("h.k[{depth}]") } else { format!("i{scope}") })
    }
}

/// Tables: `s1` of the returns, `s1b2` of the rows of a block; `x_bad` says that `x` cannot be read.
pub struct Tables<'s> {
    pub at: At<'s>,
    /// The number of the survey.
    pub number: usize,
}

impl Site for Tables<'_> {
    fn value(&self, spot: Spot, _: &Ty, _: Around<'_>) -> Result<String, Refused> {
        Ok(format!("{}.{}", self.at.record(spot), self.at.name(spot)))
    }

    fn state(&self, state: State, spot: Spot, ty: &Ty, around: Around<'_>) -> Option<Result<Text, bool>> {
        let cell = self.value(spot, ty, around).ok()?;
        match state {
            State::Blank => Some(Ok(Text::new(format!("{cell} IS NULL AND NOT {cell}_bad"), 2))),
            State::Unreadable => Some(Ok(Text::tight(format!("{cell}_bad")))),
            _ => None,
        }
    }

    fn rows(&self, each: Each, around: Around<'_>) -> Result<Rows, Refused> {
        let (holder, shared) = self.at.holder(each.0, around);
        let name = format!("r{}", each.1);
        let same = (0..shared).map(|n| format!(" AND {name}.k{n} = {holder}.k{n}")).collect::<String>();
        Ok(Rows {
            source: format!("s{}b{} AS {name}", self.number, each.0.0),
            present: Some(format!("{name}.id = c.id{same}")),
            name,
            most: self.at.most(each.0),
            position: None,
        })
    }

    fn position(&self, block: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        let of = if scope == 0 { "h".to_owned() } else { format!("r{scope}") };
        Ok(format!("{of}.k{}", self.at.depth(block)))
    }
}

/// Sheets: `S1` with a line for each return, `S1B2` for the rows of a block: a band of lines for each return, and in it
/// as many for each group as there can be rows. Before the columns stand which rows there are, and their position.
pub struct Sheet<'s> {
    pub at: At<'s>,
    /// The number of the survey.
    pub number: usize,
    /// The number of the return.
    pub given: usize,
    /// The row at hand.
    pub path: &'s [usize],
    /// Rows that each group has room for.
    pub room: usize,
}

/// Columns before those of the cells.
pub const BEFORE: usize = 2;

/// The first line of the rows of `depth` blocks within each other that lie in the row of a path, and how many there are.
pub fn lines(room: usize, given: usize, depth: usize, path: &[usize]) -> (usize, usize) {
    let count = room.pow((depth - path.len()) as u32);
    let before = path.iter().fold(given, |at, step| at * room + step);
    (before * count + 1, count)
}

/// The two columns of a cell: its value, and where a text cannot be read.
pub fn column_of(survey: &Survey, block: Option<BlockId>, column: Column) -> usize {
    BEFORE + 2 * survey.columns_of(block).iter().position(|c| *c == column).unwrap()
}

impl Sheet<'_> {
    /// Where a column stands: in the line at hand, or in all lines of an iteration.
    fn place(&self, block: Option<BlockId>, column: usize, lines: (usize, usize)) -> String {
        let sheet = match block {
            None => format!("S{}", self.number),
            Some(block) => format!("S{}B{}", self.number, block.0),
        };
        let (letter, (first, count)) = (letters(column), lines);
        match count {
            1 => format!("{sheet}!{letter}{first}"),
            _ => format!("{sheet}!{letter}{first}:{letter}{}", first + count - 1),
        }
    }

    /// The lines of the rows of a block inside the row at hand.
    fn range(&self, each: Each) -> (usize, usize) {
        let chain = self.at.survey.chain(Some(each.0));
        // A range that is run through inside another one is refused, or takes the rows of all.
        let home = self.at.survey.chain(self.at.asked.home);
        let shared = chain.iter().zip(home).take_while(|(a, b)| a == b).count().min(chain.len() - 1);
        lines(self.room, self.given, chain.len(), &self.path[..shared])
    }

    /// The block and lines of a cell's record.
    fn record(&self, spot: Spot, around: Around<'_>) -> (Option<BlockId>, (usize, usize)) {
        let survey = self.at.survey;
        if survey.block_of(spot.cell).is_none() {
            return (None, (self.given + 1, 1));
        }
        match around.rows.iter().rev().find(|each| spot.scope > 0 && each.1 == spot.scope) {
            Some(each) => (Some(each.0), self.range(*each)),
            None => {
                let home = self.at.asked.home;
                (home, lines(self.room, self.given, survey.chain(home).len(), self.path))
            }
        }
    }

    fn cell(&self, spot: Spot, around: Around<'_>, bad: bool) -> String {
        let (block, lines) = self.record(spot, around);
        let column = column_of(self.at.survey, block, self.at.column(spot));
        self.place(block, column + usize::from(bad), lines)
    }
}

/// Whether a sheet needs a column of its own to say that such a value cannot be read.
pub fn is_textual(ty: &Ty) -> bool {
    !matches!(ty, Ty::Num { .. } | Ty::Date(_) | Ty::Bool)
}

impl Site for Sheet<'_> {
    fn value(&self, spot: Spot, _: &Ty, around: Around<'_>) -> Result<String, Refused> {
        Ok(self.cell(spot, around, false))
    }

    fn state(&self, state: State, spot: Spot, ty: &Ty, around: Around<'_>) -> Option<Result<Text, bool>> {
        if !is_textual(ty) {
            return None;
        }
        let (cell, bad) = (self.cell(spot, around, false), self.cell(spot, around, true));
        match state {
            State::Blank => Some(Ok(Text::new(format!("LEN(TRIM({cell}))+LEN({bad})=0"), 3))),
            State::Unreadable => Some(Ok(Text::new(format!("LEN({bad})>0"), 3))),
            _ => None,
        }
    }

    fn rows(&self, each: Each, _: Around<'_>) -> Result<Rows, Refused> {
        let present = format!("{}=1", self.place(Some(each.0), 0, self.range(each)));
        Ok(Rows {
            source: String::new(),
            name: String::new(),
            present: Some(present),
            most: self.at.most(each.0),
            position: None,
        })
    }

    fn position(&self, block: BlockId, scope: u8, _: Around<'_>) -> Result<String, Refused> {
        let lines = match scope {
            0 => {
                let path = &self.path[..=self.at.depth(block)];
                let (first, _) = lines(self.room, self.given, path.len(), path);
                (first, 1)
            }
            _ => self.range((block, scope)),
        };
        Ok(self.place(Some(block), 1, lines))
    }
}

/// What a delivered or read value is to those who keep numbers as whole units.
pub fn units(survey: &Survey, cell: CellId, value: &Value) -> Option<i128> {
    value.as_num().and_then(|n| n.to_scale(survey.ir.cell(cell).unwrap().scale))
}
