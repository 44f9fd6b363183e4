//! Rules and facts that can fail.

use super::expr::Expr;
use super::{BlockId, CellId, Template, Text, ids};
use crate::source::Span;
use formwright_engine::{Class, Date, Scope, Severity};
use std::ops::Range;

ids! {
    /// A rule, by position in [`super::Survey::rules`].
    RuleId;
}

macro_rules! facts {
    ($($(#[$doc:meta])* $fact:ident = $name:literal,)+) => {
        /// Which fact of a place a rule implements.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fact {
            $($(#[$doc])* $fact,)+
        }

        impl Fact {
            /// Every fact.
            pub const ALL: &[Fact] = &[$(Fact::$fact,)+];

            /// The name in ids.
            pub fn name(self) -> &'static str {
                match self {
                    $(Fact::$fact => $name,)+
                }
            }
        }
    };
}

facts! {
    /// Readable as its type.
    Type = "type",
    /// No more decimals than its scale.
    Scale = "scale",
    /// No more significant digits than allowed.
    Digits = "digits",
    /// One of the codes of its list; no code twice; an exclusive one alone.
    List = "list",
    /// Inclusive bounds.
    Min = "min",
    /// Inclusive bounds.
    Max = "max",
    /// Length of text.
    MinLength = "min_length",
    /// Length of text.
    MaxLength = "max_length",
    /// Pattern of text.
    Pattern = "pattern",
    /// Number of codes.
    MinChoices = "min_choices",
    /// Number of codes.
    MaxChoices = "max_choices",
    /// Filled.
    Required = "required",
    /// Where it does not apply it is as `else` says.
    Applies = "applies",
    /// The whole and its parts.
    Parts = "parts",
    /// The key of a block: filled and unique.
    Key = "key",
    /// Number of rows.
    MinRows = "min_rows",
    /// Number of rows.
    MaxRows = "max_rows",
    /// The word that settles a section: nothing else in it.
    None = "none",
    /// A calculated cell as delivered.
    Calculated = "calculated",
    /// Rows given by the context.
    From = "from",
    /// A member of the JSON that is not part of the survey.
    Unexpected = "unexpected",
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Written under `rules`.
    Rule,
    /// A fact.
    Fact(Fact),
}

/// How a finding may be settled by an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explain {
    /// Not at all.
    No,
    /// In a field of the return (see [`Instance::explain`]).
    Field,
    /// In a text kept beside the return.
    Beside,
}

/// A rule or fact.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `t09.calls_add_up`; ids of the survey's own rules have no table.
    pub id: String,
    /// The table.
    pub table: Option<usize>,
    /// Where it comes from.
    pub origin: Origin,
    /// The preset it uses.
    pub kind: Option<String>,
    /// Severity.
    pub severity: Severity,
    /// Class.
    pub class: Class,
    /// Scope.
    pub scope: Scope,
    /// Left to the office.
    pub office: bool,
    /// Settled by an explanation.
    pub explain: Explain,
    /// Counts in a final return only (it reads `filled` and `blank` only).
    pub final_only: bool,
    /// The sentence; `None`: generated from class and labels.
    pub message: Option<Template>,
    /// The clause it implements, as `note 5`.
    pub from: Option<String>,
    /// First day from which it holds, by the first day of the reference period.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// The first day of the reference period where it is written, which both are compared with: of its section, else of
    /// its table, else of the first table that has one.
    pub reference: Option<Date>,
    /// Kept, never run.
    pub withdrawn: bool,
    /// The condition as written (facts: as `fact = value`).
    pub source: String,
    /// Where it is written.
    pub span: Span,
    /// Where its condition is written (of a fact: the fact).
    pub text: Span,
    /// The places it is checked at.
    pub instances: Vec<Instance>,
}

impl Rule {
    /// Whether a breach of it keeps a return back without any way to answer.
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error
            && self.explain == Explain::No
            && !self.office
            && !self.withdrawn
            && self.in_force()
    }

    /// Whether its life holds the first day of its reference period, both ends included.
    pub fn in_force(&self) -> bool {
        let Some(first) = self.reference.map(Date::first_day) else { return true };
        self.since.is_none_or(|since| since.first_day() <= first)
            && self.until.is_none_or(|until| first <= until.first_day())
    }

    /// The place of the bytes `range` of the condition in the source; all of the condition where it is not written on
    /// one line as it reads.
    pub fn at(&self, range: &Range<usize>) -> Span {
        let length = (self.text.end - self.text.start) as usize;
        let quote = match length.checked_sub(self.source.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return self.text,
        };
        let start = self.text.start as usize + quote;
        Span::new(self.text.file, start + range.start, start + range.end)
    }
}

/// What is checked at a place.
#[derive(Debug, Clone)]
pub enum Check {
    /// A condition.
    Holds(Expr),
    /// Facts that the reader of submissions checks on the raw value of the target (type, scale, digits, list).
    Raw,
    /// Key of the block at hand: filled and unique.
    Key(BlockId),
    /// Number of rows of a block.
    Rows {
        /// The block.
        block: BlockId,
        /// Fewest or most.
        limit: u32,
    },
}

/// A rule at one kind of place: a fixed place, or every row of a block.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The block whose rows it runs over; `None`: once.
    pub home: Option<BlockId>,
    /// The place that a finding names.
    pub place: Place,
    /// Guards, all of which must certainly hold.
    pub when: Option<Expr>,
    /// The condition.
    pub check: Check,
    /// The cell the rule is about, if the side that is compared is one cell.
    pub target: Option<CellId>,
    /// Cells read, without the target, in order.
    pub reads: Vec<CellId>,
    /// The field for an explanation.
    pub explain: Option<CellId>,
    /// What the names of `each` stand for: name, cell if it is one, label.
    pub bindings: Vec<(String, Option<CellId>, Text)>,
    /// Terms of its sums and lists that have no cell here (——) and dropped out, as written or as `row.column`.
    pub lost: Vec<String>,
}

impl Instance {
    /// The condition that is checked, if the check is one.
    pub fn condition(&self) -> Option<&Expr> {
        match &self.check {
            Check::Holds(condition) => Some(condition),
            _ => None,
        }
    }
}

/// A place of a finding, its dynamic rows left open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Position of the table.
    pub table: Option<usize>,
    /// Section id (tables with sections).
    pub section: Option<String>,
    /// The block of repeated rows.
    pub block: Option<String>,
    /// The fixed row's id.
    pub row: Option<String>,
    /// The fixed group's id.
    pub group: Option<String>,
    /// The column's or field's declared id, where the rule is about one.
    pub column: Option<String>,
    /// Period or codes.
    pub over: Vec<(String, String)>,
    /// The label of the fixed row or field.
    pub label: Text,
}
