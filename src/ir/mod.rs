//! What a survey means: plain data with ids, typed expressions, defaults filled in, totals and declarations expanded.
//!
//! Every place that can hold a value is a [`Cell`]; a place inside repeated rows is one cell for all rows of its
//! [`Block`]. Every condition, stated as a rule or as a fact of a place, is a [`Rule`] with its [`Instance`]s.

pub mod cell;
pub mod expr;
pub mod func;
pub mod rule;
pub mod table;
pub mod text;

pub use cell::{Block, BlockId, Bounds, Cell, CellId, Home, Path, Root, Source, Step, Type};
pub use rule::{Check, Fact, Instance, Origin, Place, Rule, RuleId};
pub use table::{Column, Content, Field, Grid, Head, Row, RowKind, Section, Table};
pub use text::{Piece, Template, Text};

use crate::source::Span;
use formwright_engine::Date;

/// Index of a language in [`Survey::languages`].
pub type LangIx = usize;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in the survey's list.
            pub fn ix(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
pub(crate) use ids;

ids! {
    /// A code list, by position in [`Survey::lists`].
    ListId;
    /// A unit, by position in [`Survey::units`].
    UnitId;
    /// A period, by position in [`Survey::periods`].
    PeriodId;
    /// A notation code, by position in [`Survey::marks`].
    MarkId;
}

/// A whole survey.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Its id, as `planning-2015`.
    pub id: String,
    /// Its version, as written.
    pub version: String,
    /// Its title.
    pub title: Text,
    /// Its languages; the first is the default.
    pub languages: Vec<String>,
    /// Who fills it.
    pub filled_by: Option<Text>,
    /// The instructions for the whole.
    pub instructions: Option<Notes>,
    /// The section that identifies the respondent.
    pub respondent: Option<Section>,
    /// The inputs from outside.
    pub context: Option<Section>,
    /// Names of previous returns and their distance, as (`""`, `-1 year`); the unnamed one is first.
    pub previous: Vec<(String, String)>,
    /// Named periods.
    pub periods: Vec<Period>,
    /// Code lists.
    pub lists: Vec<CodeList>,
    /// Units.
    pub units: Vec<Unit>,
    /// Notation codes.
    pub marks: Vec<Mark>,
    /// The tables in order.
    pub tables: Vec<Table>,
    /// The survey's own signature section.
    pub signature: Option<Section>,
    /// Every place that holds a value.
    pub cells: Vec<Cell>,
    /// Every block of repeated rows.
    pub blocks: Vec<Block>,
    /// Number of value slots of the return's and the context's root record.
    pub root_slots: [u32; 2],
    /// Top-level blocks of the return and of the context.
    pub root_blocks: [Vec<BlockId>; 2],
    /// Every rule and every fact that can fail, in declaration order (a table's facts before its rules).
    pub rules: Vec<Rule>,
    /// Calculated cells in an order in which each stands behind what it reads.
    pub calculation_order: Vec<CellId>,
    /// The designer's tests.
    pub tests: Vec<Test>,
    /// Irregularities of the source that are kept, with reasons.
    pub accepts: Vec<Accept>,
    /// Declared renames; those of outer places before those of inner ones.
    pub renames: Vec<Rename>,
    /// Hex SHA-256 of the sources, first 16 digits.
    pub fingerprint: String,
}

/// A declared rename (`was:`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// What has been renamed.
    pub what: Renamed,
    /// The earlier name.
    pub from: String,
    /// The name now.
    pub to: String,
    /// The last version that used the earlier name; `None`: any.
    pub until: Option<String>,
}

/// What a [`Rename`] renames.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Renamed {
    /// A member of the object at this path from the root of a return, names of today, `*` for every row.
    Member(Vec<String>),
    /// A code.
    Code(ListId),
    /// A table, in rule ids and in places.
    Table,
    /// A section, row, block, column or field of a table of today, in places.
    Place(String),
    /// A rule of a table of today (the empty name: of the survey), its id without the table.
    Rule(String),
}

/// A list of numbered notes.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// 填写说明 or what stands above them.
    pub heading: Option<Text>,
    /// The notes; references already replaced by labels and lists.
    pub items: Vec<Text>,
    /// The names in quotation marks (“…”) as written in the first language, and where.
    pub names: Vec<(String, Span)>,
}

/// An irregularity of the source that is kept.
#[derive(Debug, Clone)]
pub struct Accept {
    /// The name of its diagnostic, as `code-gap`.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// All of the node it stands on.
    pub node: Span,
    /// Why it is kept.
    pub reason: Text,
}

/// A point or span of time that has a name.
#[derive(Debug, Clone)]
pub struct Period {
    /// The id.
    pub id: String,
    /// The label.
    pub label: Text,
    /// First day (of a point: the day).
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Whether figures for it are forecasts.
    pub forecast: bool,
}

/// A code list.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// The id.
    pub id: String,
    /// The label.
    pub label: Text,
    /// The list's own version.
    pub version: Option<String>,
    /// The codes in order.
    pub codes: Vec<CodeItem>,
    /// Whether rows or columns are spread over it, or constants taken from it.
    pub spread: bool,
    /// Where it is declared.
    pub span: Span,
}

impl CodeList {
    /// The code `code` of the list.
    pub fn find(&self, code: &str) -> Option<&CodeItem> {
        self.codes.iter().find(|c| c.code == code)
    }

    /// Whether every code is one character, so that `acx` reads as three codes.
    pub fn single_letters(&self) -> bool {
        self.codes.iter().all(|c| c.code.chars().count() == 1)
    }
}

/// A code of a list.
#[derive(Debug, Clone)]
pub struct CodeItem {
    /// The code.
    pub code: String,
    /// Its label.
    pub label: Text,
    /// Whether it needs a specification.
    pub specify: bool,
    /// Whether no other code may be chosen beside it.
    pub exclusive: bool,
    /// Whether it may no longer be chosen.
    pub retired: bool,
    /// The code above it in a hierarchy.
    pub under: Option<String>,
    /// A note that reaches every rendition.
    pub note: Option<Text>,
    /// Where it is declared.
    pub span: Span,
}

/// A unit of measure.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The id.
    pub id: String,
    /// The label.
    pub label: Text,
    /// The base unit; itself if it is one; `None` for a pure count.
    pub base: Option<UnitId>,
    /// How many base units (or ones) it is.
    pub factor: formwright_engine::Decimal,
    /// Where it is declared.
    pub span: Span,
}

/// What rules read where a notation code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkReads {
    /// Unknown.
    Unknown,
    /// Zero.
    Zero,
    /// Blank.
    Blank,
}

/// A notation code.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The sign.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// What rules read.
    pub reads: MarkReads,
}

/// A designer's test.
#[derive(Debug, Clone)]
pub struct Test {
    /// The table whose findings are compared; `None` for all.
    pub table: Option<usize>,
    /// Its name.
    pub name: String,
    /// The submission as JSON text (whole return).
    pub submission: String,
    /// Context as JSON text.
    pub context: Option<String>,
    /// Previous return as JSON text.
    pub previous: Option<String>,
    /// Expected findings.
    pub expect: Vec<Expect>,
    /// Where it stands.
    pub span: Span,
}

/// One expected finding of a test.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// Rule id without or with table.
    pub rule: String,
    /// The state; fail if not written.
    pub state: Option<String>,
    /// Section id.
    pub section: Option<String>,
    /// Group as `cities 1` or `province`.
    pub group: Option<String>,
    /// Row as `cities 1` or a row id.
    pub row: Option<String>,
    /// Column id.
    pub column: Option<String>,
    /// Period or codes.
    pub over: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Survey {
    /// The cell of `id`.
    pub fn cell(&self, id: CellId) -> Option<&Cell> {
        self.cells.get(id.ix())
    }

    /// The block of `id`.
    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.ix())
    }

    /// The code list of `id`.
    pub fn list(&self, id: ListId) -> Option<&CodeList> {
        self.lists.get(id.ix())
    }

    /// The unit of `id`.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(id.ix())
    }

    /// The position of a language; the default one if it is not there.
    pub fn lang(&self, code: &str) -> LangIx {
        self.languages.iter().position(|l| l == code).unwrap_or(0)
    }
}
