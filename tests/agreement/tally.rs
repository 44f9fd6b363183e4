//! Engines, verdicts compared, disagreements.

use crate::engine::{Compared, Judgement};
use std::fmt;

#[derive(Debug, Default)]
struct Row {
    engine: String,
    returns: usize,
    /// Returns that pass as a whole.
    passing: usize,
    pass: usize,
    unknown: usize,
    fail: usize,
    wrong: usize,
}

/// The counts of all engines.
#[derive(Debug, Default)]
pub struct Tally(Vec<Row>);

impl Tally {
    pub fn add(&mut self, engine: &str, said: &Judgement, compared: &Compared) {
        let at = self.0.iter().position(|row| row.engine == engine).unwrap_or_else(|| {
            self.0.push(Row { engine: engine.to_owned(), ..Row::default() });
            self.0.len() - 1
        });
        let row = &mut self.0[at];
        row.returns += 1;
        row.passing += usize::from(matches!(said, Judgement::Whole(true)));
        row.pass += compared.pass;
        row.unknown += compared.unknown;
        row.fail += compared.fail;
        row.wrong += usize::from(compared.wrong.is_some());
    }

    /// The fewest verdicts of any engine.
    pub fn least(&self) -> usize {
        self.0.iter().map(|row| row.pass + row.unknown + row.fail).min().unwrap_or(0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{:<20} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>13}",
            "engine", "returns", "passing", "pass", "unknown", "fail", "verdicts", "disagreements"
        )?;
        for row in &self.0 {
            let verdicts = row.pass + row.unknown + row.fail;
            let Row { engine, returns, passing, pass, unknown, fail, wrong } = row;
            writeln!(
                out,
                "{engine:<20} {returns:>8} {passing:>8} {pass:>8} {unknown:>8} {fail:>8} {verdicts:>9} {wrong:>13}"
            )?;
        }
        Ok(())
    }
}
