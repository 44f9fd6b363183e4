//! What is asked of the engines: every rule at every place, and the values that it reads there.

use crate::corpus::Given;
use formwright::data::{Earlier, Layout, Record};
use formwright::engine::Value;
use formwright::expr::formula::{Each, Formula, Node, Spot, TermKind};
use formwright::expr::lower::{self, Refused, Verdicts};
use formwright::ir::expr::{Expr, Kind, Time, Ty};
use formwright::ir::{self, BlockId, CellId, Check, Fact, Instance, Origin, Rule};
use formwright::validate::calculate::{Disagreement, calculate};
pub use formwright::validate::verdict::Verdict;
use formwright::validate::verdict::verdict;
use formwright::validate::view::{Frame, View};
use std::collections::{HashMap, HashSet};

/// A column: a cell as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// What rules read of it.
    Value(CellId, Time),
    /// A calculated cell as it was delivered.
    Delivered(CellId),
}

impl Column {
    pub fn cell(self) -> CellId {
        match self {
            Column::Value(cell, _) | Column::Delivered(cell) => cell,
        }
    }

    /// A name that every target takes.
    pub fn name(self) -> String {
        match self {
            Column::Value(cell, Time::Now) => format!("x{}", cell.0),
            Column::Value(cell, Time::Previous(at)) => format!("p{at}_{}", cell.0),
            Column::Delivered(cell) => format!("d{}", cell.0),
        }
    }
}

/// A rule at one kind of place.
pub struct Asked {
    pub rule: usize,
    pub instance: usize,
    /// The block at whose rows it is checked.
    pub home: Option<BlockId>,
    pub verdicts: Result<Verdicts, Refused>,
}

/// A survey with all that is asked.
pub struct Survey {
    pub name: String,
    pub ir: ir::Survey,
    pub layout: Layout,
    pub asked: Vec<Asked>,
    pub columns: Vec<Column>,
}

/// A record as rules read it: the values of the survey's columns that lie in it and in the records around it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its position in each block around it, among the rows that count, outermost first.
    pub path: Vec<usize>,
    pub values: Vec<Value>,
}

/// A return as rules read it.
pub struct Bound {
    pub name: String,
    pub top: Row,
    /// The rows of each block, in order; those of all groups one behind the other.
    pub rows: Vec<Vec<Row>>,
    /// What the interpreter says: what is asked, the row at hand, the verdict.
    pub expected: Vec<(usize, Vec<usize>, Verdict)>,
}

impl Survey {
    pub fn new(name: String, ir: ir::Survey) -> Self {
        let layout = Layout::new(&ir);
        let mut survey = Survey { name, ir, layout, asked: Vec::new(), columns: Vec::new() };
        for (at, rule) in survey.ir.rules.iter().enumerate().filter(|(_, rule)| !rule.withdrawn) {
            for (number, one) in rule.instances.iter().enumerate() {
                let verdicts = match lower::instance(&survey.ir, rule.origin, one) {
                    Ok(None) => continue,
                    Ok(Some(verdicts)) => Ok(verdicts),
                    Err(reason) => Err(reason),
                };
                let home = home(&survey.ir, rule, one);
                survey.asked.push(Asked { rule: at, instance: number, home, verdicts });
            }
        }
        survey.columns = survey.read();
        survey
    }

    pub fn rule(&self, asked: &Asked) -> &Rule {
        &self.ir.rules[asked.rule]
    }

    pub fn instance(&self, asked: &Asked) -> &Instance {
        &self.rule(asked).instances[asked.instance]
    }

    /// The calculated cell that is compared as delivered.
    pub fn delivered(&self, asked: &Asked) -> Option<CellId> {
        let calculated = self.rule(asked).origin == Origin::Fact(Fact::Calculated);
        self.instance(asked).target.filter(|_| calculated)
    }

    /// The column that a formula reads.
    pub fn column(&self, asked: &Asked, spot: Spot) -> Column {
        match (spot.time, self.delivered(asked)) {
            (Time::Now, Some(cell)) if cell == spot.cell => Column::Delivered(cell),
            (time, _) => Column::Value(spot.cell, time),
        }
    }

    fn read(&self) -> Vec<Column> {
        let (mut seen, mut out) = (HashSet::new(), Vec::new());
        for one in &self.asked {
            let Ok(verdicts) = &one.verdicts else { continue };
            for formula in [&verdicts.passes, &verdicts.fails, &verdicts.not_applicable] {
                spots(formula, &mut |spot| {
                    let column = self.column(one, spot);
                    if seen.insert(column) {
                        out.push(column);
                    }
                });
            }
        }
        out.sort_by_key(|column| (column.cell(), column.name()));
        out
    }

    /// The blocks around a row, itself last.
    pub fn chain(&self, block: Option<BlockId>) -> &[BlockId] {
        self.layout.chain(block)
    }

    pub fn block_of(&self, cell: CellId) -> Option<BlockId> {
        self.ir.cell(cell).unwrap().home.block
    }

    /// The columns of the records of a block: its own and those of the rows around.
    pub fn columns_of(&self, block: Option<BlockId>) -> Vec<Column> {
        let chain = self.chain(block);
        let within = |column: &Column| match self.block_of(column.cell()) {
            None => block.is_none(),
            Some(home) => chain.contains(&home),
        };
        self.columns.iter().copied().filter(within).collect()
    }

    /// The row inside which the rows of a block lie: that of an iteration around, or the row at hand; and how many blocks
    /// both stand in.
    pub fn holder(&self, asked: &Asked, block: BlockId, around: &[Each]) -> (u8, usize) {
        let chain = self.chain(Some(block));
        let outer = chain.len() - 1;
        let parent = self.ir.block(block).unwrap().parent;
        let holds = |each: &&Each| parent.is_some_and(|p| self.chain(Some(each.0)).contains(&p));
        if let Some(each) = around.iter().rev().find(holds) {
            return (each.1, outer);
        }
        let home = self.chain(asked.home);
        (0, chain.iter().zip(home).take_while(|(a, b)| a == b).count().min(outer))
    }

    /// The return as rules read it, with what the interpreter says.
    pub fn bound(&self, given: &Given) -> Bound {
        let earlier = given.previous.as_ref().map(|p| Earlier::new(&self.ir, p.clone()));
        let previous = [earlier.as_ref()];
        let mut records = given.now.clone();
        let disagreements =
            calculate(&self.ir, &self.layout, &mut records, given.context.as_ref(), &previous);
        let context = given.context.as_ref().map(|c| &c.top);
        let view =
            View { survey: &self.ir, layout: &self.layout, now: &records.top, context, previous: &previous };
        Binder { survey: self, view, given, disagreements, numbers: HashMap::new() }.bound()
    }
}

/// Where a rule is checked, whatever it is.
fn home(survey: &ir::Survey, rule: &Rule, one: &Instance) -> Option<BlockId> {
    match (&one.check, one.target) {
        (Check::Key(block), _) => Some(*block),
        (Check::Rows { block, .. }, _) => survey.block(*block).unwrap().parent,
        (Check::Raw, Some(cell)) if rule.origin == Origin::Fact(Fact::Calculated) => {
            survey.cell(cell).unwrap().home.block
        }
        _ => one.home,
    }
}

/// Every place that a formula reads.
pub fn spots(formula: &Formula, f: &mut dyn FnMut(Spot)) {
    formula.walk(&mut |node| match node {
        Node::Formula(Formula::Is(_, spot, _)) => f(*spot),
        Node::Term(term) => {
            if let TermKind::Cell(spot) = term.kind {
                f(spot);
            }
        }
        Node::Formula(_) => {}
    });
}

/// What passes wherever a rule applies.
fn always() -> Expr {
    Expr { kind: Kind::Const(Value::Bool(true)), ty: Ty::Bool, range: 0..0 }
}

struct Binder<'a> {
    survey: &'a Survey,
    view: View<'a>,
    given: &'a Given,
    disagreements: Vec<Disagreement>,
    /// By block and indexes as delivered: the position among the rows that count.
    numbers: HashMap<(BlockId, Vec<usize>), Vec<usize>>,
}

impl<'a> Binder<'a> {
    fn bound(mut self) -> Bound {
        self.number();
        let blocks = (0..self.survey.ir.blocks.len()).map(|n| BlockId(n as u32));
        let rows = blocks.map(|block| self.frames(Some(block)).iter().map(|f| self.row(f)).collect());
        let rows = rows.collect();
        let mut expected = Vec::new();
        for (at, asked) in self.survey.asked.iter().enumerate() {
            for frame in self.frames(asked.home) {
                expected.push((at, self.path(&frame), self.verdict(asked, &frame)));
            }
        }
        let name = format!("{} {}", self.survey.name, self.given.name);
        Bound { name, top: self.row(&Frame::default()), rows, expected }
    }

    fn frames(&self, block: Option<BlockId>) -> Vec<Frame<'a>> {
        let Some(block) = block else { return vec![Frame::default()] };
        let mut out = Vec::new();
        self.view.each_row(block, &Frame::default(), &mut |frame| out.push(frame));
        out
    }

    fn number(&mut self) {
        let mut blocks: Vec<BlockId> = (0..self.survey.ir.blocks.len()).map(|n| BlockId(n as u32)).collect();
        blocks.sort_by_key(|block| self.survey.chain(Some(*block)).len());
        for block in blocks {
            let mut counts: HashMap<Vec<usize>, usize> = HashMap::new();
            for frame in self.frames(Some(block)) {
                let delivered = self.view.indexes(&frame, Some(block));
                let outer = match self.survey.ir.block(block).unwrap().parent {
                    Some(parent) => {
                        self.numbers[&(parent, delivered[..delivered.len() - 1].to_vec())].clone()
                    }
                    None => Vec::new(),
                };
                let next = counts.entry(outer.clone()).or_default();
                let path = outer.into_iter().chain([*next]).collect();
                *next += 1;
                self.numbers.insert((block, delivered), path);
            }
        }
    }

    fn path(&self, frame: &Frame<'a>) -> Vec<usize> {
        let Some(block) = frame.block else { return Vec::new() };
        self.numbers[&(block, self.view.indexes(frame, Some(block)))].clone()
    }

    fn row(&self, frame: &Frame<'a>) -> Row {
        let columns = self.survey.columns_of(frame.block).into_iter();
        let values = columns.map(|column| match column {
            Column::Value(cell, time) => self.view.value(cell, frame, time).clone(),
            Column::Delivered(cell) => self.delivered(cell, frame).clone(),
        });
        Row { path: self.path(frame), values: values.collect() }
    }

    /// What was delivered in a cell that is calculated; what is no value is left to the fact of its type.
    fn delivered(&self, cell: CellId, frame: &Frame<'a>) -> &'a Value {
        let home = self.survey.ir.cell(cell).unwrap().home;
        let given: &'a Given = self.given;
        let rows = self.view.indexes(frame, home.block);
        let record = given.now.row(&self.survey.ir, self.survey.chain(home.block), &rows).unwrap();
        record.value(home.slot)
    }

    fn verdict(&self, asked: &Asked, frame: &Frame<'a>) -> Verdict {
        let (rule, one) = (self.survey.rule(asked), self.survey.instance(asked));
        match &one.check {
            Check::Holds(check) => self.condition(asked, frame, check),
            Check::Raw => self.calculated(one.target.unwrap(), frame),
            Check::Key(block) => self.key(*block, frame),
            Check::Rows { block, limit } => {
                let found = self.inside(*block, frame).len();
                let fewest = rule.origin == Origin::Fact(Fact::MinRows);
                let wrong = if fewest { found < *limit as usize } else { found > *limit as usize };
                match self.condition(asked, frame, &always()) {
                    Verdict::Pass if wrong => Verdict::Fail,
                    other => other,
                }
            }
        }
    }

    fn condition(&self, asked: &Asked, frame: &Frame<'a>, check: &Expr) -> Verdict {
        let (rule, one) = (self.survey.rule(asked), self.survey.instance(asked));
        verdict(&self.view, frame, rule.origin, one, check)
    }

    fn calculated(&self, cell: CellId, frame: &Frame<'a>) -> Verdict {
        let block = self.survey.block_of(cell);
        let delivered = self.delivered(cell, frame);
        let rows = self.view.indexes(frame, block);
        let calculated = self.view.value(cell, frame, Time::Now);
        match self.disagreements.iter().any(|d| d.cell == cell && d.rows == rows) {
            true => Verdict::Fail,
            false if delivered.is_blank() || delivered.is_unknown() || calculated.is_unknown() => {
                Verdict::NotApplicable
            }
            false => Verdict::Pass,
        }
    }

    /// The rows of a block inside the record at hand.
    fn inside(&self, block: BlockId, frame: &Frame<'a>) -> Vec<&'a Record> {
        let mut out = Vec::new();
        let depth = self.view.depth(block);
        self.view.each_row(block, frame, &mut |inner| out.extend(inner.row(depth)));
        out
    }

    fn key(&self, block: BlockId, frame: &Frame<'a>) -> Verdict {
        let declared = self.survey.ir.block(block).unwrap();
        let key = |row: &'a Record| -> Vec<&'a Value> {
            declared.key.iter().map(|k| row.value(self.survey.ir.cell(*k).unwrap().home.slot)).collect()
        };
        let row = frame.row(self.view.depth(block)).unwrap();
        let values = key(row);
        if values.iter().any(|v| v.is_unknown()) {
            return Verdict::Unknown;
        }
        let earlier = self.inside(block, &self.around(block, frame));
        let repeated =
            earlier.into_iter().take_while(|other| !std::ptr::eq(*other, row)).any(|r| key(r) == values);
        if repeated || values.iter().any(|v| v.is_blank()) { Verdict::Fail } else { Verdict::Pass }
    }

    /// The frame around a row of a block.
    fn around(&self, block: BlockId, frame: &Frame<'a>) -> Frame<'a> {
        let rows = self.view.indexes(frame, Some(block));
        self.view.frame_of(self.survey.ir.block(block).unwrap().parent, &rows[..rows.len() - 1])
    }
}
