//! Places that hold values, and where a value stands in a submission.

use super::expr::{Dim, Expr, Ty};
use super::{ListId, MarkId, RuleId, Text, UnitId, ids};
use crate::source::Span;
use formwright_engine::{Date, Decimal, Precision, Value};

ids! {
    /// A cell, by position in [`super::Survey::cells`].
    CellId;
    /// A block of repeated rows, by position in [`super::Survey::blocks`].
    BlockId;
}

/// The document a cell belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Root {
    /// The return itself (the respondent's section included).
    #[default]
    Return = 0,
    /// The context given beside it.
    Context = 1,
}

/// The record that holds a cell's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Home {
    /// The document.
    pub root: Root,
    /// The block of whose rows it is part; `None`: once in the document.
    pub block: Option<BlockId>,
    /// The slot in the record.
    pub slot: u32,
}

/// A step of a JSON path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A member.
    Key(String),
    /// Each element of the array of a block.
    Rows(BlockId),
}

/// A JSON path from the document's root, as `/tables/t09/cities/*/calls`.
pub type Path = Vec<Step>;

macro_rules! types {
    ($($(#[$doc:meta])* $ty:ident $(($of:ty))? = $name:literal,)+) => {
        /// What a cell holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Type {
            $($(#[$doc])* $ty $(($of))?,)+
        }

        impl Type {
            /// The name of every type in the source language.
            pub const NAMES: &[&str] = &[$($name,)+];

            /// The name in the source language.
            pub fn name(self) -> &'static str {
                match self {
                    $(Type::$ty { .. } => $name,)+
                }
            }
        }
    };
}

types! {
    /// One line.
    Text = "text",
    /// Several lines.
    LongText = "long_text",
    /// An integer from 0.
    Count = "count",
    /// A decimal.
    Decimal = "decimal",
    /// A percentage.
    Percent = "percent",
    /// An amount.
    Money = "money",
    /// 是 or 否.
    YesNo = "yes_no",
    /// √ or ×.
    Tick = "tick",
    /// One code of a list.
    Code(ListId) = "code",
    /// Several codes of a list.
    Codes(ListId) = "codes",
    /// A day.
    Date = "date",
    /// A month.
    Month = "month",
    /// A year.
    Year = "year",
    /// A web address.
    Url = "url",
    /// A telephone number.
    Phone = "phone",
    /// A mail address.
    Email = "email",
    /// A target such as `> 90` (constants only).
    Target = "target",
}

impl Type {
    /// Whether rules read it as a number.
    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Count | Type::Decimal | Type::Percent | Type::Money)
    }

    /// Whether rules read it as text.
    pub fn is_text(self) -> bool {
        matches!(self, Type::Text | Type::LongText | Type::Url | Type::Phone | Type::Email)
    }

    /// Whether rules read it as true or false.
    pub fn is_bool(self) -> bool {
        matches!(self, Type::YesNo | Type::Tick)
    }
}

/// Limits of a value that are known at compile time (literal facts without a condition). Each is also a [`super::Rule`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest number.
    pub min: Option<Decimal>,
    /// Largest number.
    pub max: Option<Decimal>,
    /// Earliest date.
    pub min_date: Option<Date>,
    /// Latest date.
    pub max_date: Option<Date>,
    /// Fewest characters.
    pub min_length: Option<u32>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// Pattern of the whole text, portable subset.
    pub pattern: Option<String>,
    /// Fewest codes.
    pub min_choices: Option<u32>,
    /// Most codes.
    pub max_choices: Option<u32>,
}

/// What a place that does not apply must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Otherwise {
    /// Blank.
    Blank,
    /// Zero.
    Zero,
    /// Whatever it is.
    Keep,
    /// A notation code.
    Mark,
}

/// How a cell gets its value.
#[derive(Debug, Clone)]
pub enum Source {
    /// A person fills it.
    Answer,
    /// Calculated; compared when delivered.
    Calculated(Expr),
    /// Filled from context, changeable unless locked.
    Prefilled {
        /// The context cell.
        from: Expr,
        /// Whether it is read-only.
        locked: bool,
    },
    /// Printed; never in a submission.
    Constant(Value),
}

/// One place that holds a value (in repeated rows: one for all rows of the block).
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its table; `None` in respondent, context and the survey's signature.
    pub table: Option<usize>,
    /// Position of the section in the table.
    pub section: usize,
    /// The id of its column or field, spread (`done_june`).
    pub id: String,
    /// The declared id (`done`), used in ids of facts.
    pub declared: String,
    /// The period or codes of a spread column, by axis (`period` or the list's id).
    pub over: Vec<(String, String)>,
    /// The id of its fixed row or total.
    pub row: Option<String>,
    /// Where its value is kept.
    pub home: Home,
    /// Its JSON path.
    pub path: Path,
    /// What it holds.
    pub ty: Type,
    /// The unit.
    pub unit: Option<UnitId>,
    /// Decimals (0 for a count).
    pub scale: u32,
    /// Significant digits, at most 15.
    pub digits: u32,
    /// Literal limits.
    pub bounds: Bounds,
    /// Notation codes allowed.
    pub marks: Vec<MarkId>,
    /// Whether text is trimmed.
    pub trim: bool,
    /// Whether a return may pass with a value that its type does not take: a preset makes the facts of its type no errors
    /// that block.
    pub lenient: bool,
    /// How it gets its value.
    pub source: Source,
    /// What a blank calculated cell prints.
    pub empty: Option<Text>,
    /// `Some(true)`: required wherever it applies; `None`: never; `Some(false)`: under a condition (a rule).
    pub required: Option<bool>,
    /// The cells that specify its codes, by code (of `code`: one cell for all of them).
    pub specify: Vec<(String, CellId)>,
    /// The cell that this one specifies.
    pub specifies: Option<CellId>,
    /// Label of the column or field, printed.
    pub label: Text,
    /// Label as it is spoken in messages (`short`, with the period or code of a spread column).
    pub spoken: Text,
    /// Labels of the groups above, outermost first.
    pub groups: Vec<Text>,
    /// What is said about it beside the field.
    pub help: Option<Text>,
    /// A note that reaches every rendition.
    pub note: Option<Text>,
    /// The rules that read this cell as target or source.
    pub read_by: Vec<RuleId>,
    /// Where it is declared.
    pub span: Span,
}

/// The rows of an array in a submission.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its id (`cities`).
    pub id: String,
    /// Its table; `None` in context.
    pub table: Option<usize>,
    /// The document.
    pub root: Root,
    /// The block of whose rows it is part.
    pub parent: Option<BlockId>,
    /// The position among the blocks of the record that holds it.
    pub index: u32,
    /// Number of value slots of one row.
    pub slots: u32,
    /// Cells of one row, in order of slots.
    pub cells: Vec<CellId>,
    /// Blocks inside a row.
    pub blocks: Vec<BlockId>,
    /// The JSON path of a row: that of the array, then [`Step::Rows`].
    pub path: Path,
    /// Rows printed.
    pub print: u32,
    /// Fewest and most rows.
    pub min_rows: u32,
    /// Most rows.
    pub max_rows: u32,
    /// Cells that together are the key.
    pub key: Vec<CellId>,
    /// Rows given by a list of the context, and whether more may be added.
    pub from: Option<(BlockId, bool)>,
    /// Label of the block, if any.
    pub label: Text,
    /// Where it is declared.
    pub span: Span,
}

impl Cell {
    /// The type with which expressions read it.
    pub fn value_type(&self) -> Ty {
        match self.ty {
            Type::Count | Type::Decimal | Type::Percent | Type::Money => {
                let dim = self.unit.map_or(Dim::Pure, Dim::Unit);
                Ty::Num { scale: self.scale, dim, digits: self.digits }
            }
            Type::YesNo | Type::Tick => Ty::Bool,
            Type::Code(list) => Ty::Code(list),
            Type::Codes(list) => Ty::Codes(list),
            Type::Date => Ty::Date(Precision::Day),
            Type::Month => Ty::Date(Precision::Month),
            Type::Year => Ty::Date(Precision::Year),
            Type::Target => Ty::Target,
            Type::Text | Type::LongText | Type::Url | Type::Phone | Type::Email => Ty::Text,
        }
    }
}

impl Block {
    /// The JSON path of the array.
    pub fn array(&self) -> &[Step] {
        match self.path.split_last() {
            Some((Step::Rows(_), array)) => array,
            _ => &self.path,
        }
    }
}
