//! The source tree, as written: names are text, everything has its place. One declaration gives the struct, its decoder
//! and its part of the editor schema; the doc comment of a key is what an editor shows.

mod facts;
mod file;
mod forms;
mod lists;
mod tests;

pub use facts::{Edition, FactRest, Facts, RuleFacts};
pub use file::{File, file, schema};
pub use forms::{Each, Key, Notes, PeriodRef, PreviousReturns, Was};
pub use lists::{Code, CodeList, Lists, Unit};
pub use tests::{Expect, Test};

use super::decode::mappings;
use super::shapes::{Fact, Flag, Free, Int, List, NamedList, OneOrMany, Str, Text};

/// The rules of a table, a section or the survey.
pub type Rules = NamedList<Rule>;

mappings! {
    /// A field, a column, or a group of columns.
    struct Field ("a field or column", "字段或列") label label {
        /// The printed label; `|` marks where it may break
        "label" label: Text,
        /// How it is spoken of in messages and notes
        "short" short: Text,
        /// The columns of a group
        "columns" columns: NamedList<Field>,
        /// Periods or a code list: one column for each
        "over" over: OneOrMany<Str>,
        /// Prints a fact of the row: number, label or unit
        "show" show: Str,
    } flat { facts: Facts }

    /// A row, a tree of rows, repeated rows, a group of rows or a total.
    struct Row ("a row", "行") label label {
        /// The printed label
        "label" label: Text,
        /// How it is spoken of in messages
        "short" short: Text,
        /// The printed number, as text, or a pattern with {n} {n.zh} {group.n}
        "number" number: Str,
        /// Constants by column
        "values" values: Free<Text>,
        /// Columns that print ——
        "na" na: OneOrMany<Str>,
        /// The rows under it
        "rows" rows: NamedList<Row>,
        /// A calculated total of the rows before it or under it
        "total" total: Flag,
        /// Any number of rows
        "repeat" repeat: Flag,
        /// Rows printed
        "print" print: Int,
        /// Fewest rows
        "min_rows" min_rows: Fact<Str>,
        /// Most rows
        "max_rows" max_rows: Fact<Str>,
        /// The columns that identify a row
        "key" key: Fact<Key>,
        /// Rows given by a list of the context, as `context.cities`
        "from" from: Str,
        /// Whether rows may be added to those given
        "open" open: Flag,
        /// The sentence that heads a group
        "heading" heading: Text,
        /// Fields of a group
        "fields" fields: NamedList<Field>,
        /// A group like another one, once
        "like" like: Str,
        /// A row for each code of a list
        "over" over: Str,
    } flat { facts: Facts }

    /// Facts for places that are not one node.
    struct CellsItem ("an item of `cells`", "cells 的一项") requires ["at"] {
        /// The places, as a selector
        "at" at: OneOrMany<Str>,
        /// The ids of rules of these facts, unless a fact has its own
        "id" id: Str,
        /// error (default), warning or information
        "severity" severity: Str,
        /// A preset of rule facts
        "kind" kind: Str,
        /// The sentence of a finding
        "message" message: Text,
        /// The field in which an explanation settles it
        "explain" explain: Str,
        /// `office`: left to the receiving office
        "by" by: Str,
        /// How blanks are read
        "blank" blank: Str,
        /// The clause it implements
        "from" from: Str,
        /// Tolerance of comparisons
        "tolerance" tolerance: Str,
        /// These places print ——
        "na" na: Flag,
    } flat { facts: Facts }

    /// A rule: a condition that must hold at every place it is open over.
    struct Rule ("a rule", "规则") requires ["check"] {
        /// What must hold
        "check" check: Str,
        /// Where it is checked: false, or unknown because of blanks, means not applicable
        "when" when: Str,
        /// Narrows an open axis (column, row), or names what runs in step
        "each" each: Each,
        /// Kept, never run
        "withdrawn" withdrawn: Flag,
        /// Facts that hold for some reference periods
        "editions" editions: List<RuleEdition>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
        /// Earlier id: it, {id, until}, or a list of these
        "was" was: OneOrMany<Was>,
    } flat { rule: RuleFacts }

    /// What a rule is from or until a day, laid over what is written.
    struct RuleEdition ("an edition of a rule", "规则的版本") {
        /// What must hold
        "check" check: Str,
        /// Where it is checked
        "when" when: Str,
        /// Narrows an open axis, or names what runs in step
        "each" each: Each,
        /// Kept, not run
        "withdrawn" withdrawn: Flag,
    } flat { rule: RuleFacts }

    /// Numbered notes.
    struct NoteList ("notes", "说明") {
        /// What stands above them
        "heading" heading: Text,
        /// The notes; {x} prints a label, {codes list} a list
        "items" items: List<Text>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }

    /// A part of a table.
    struct Section ("a section", "部分") {
        /// The printed heading
        "label" label: Text,
        /// Sentences with {field} blanks
        "text" text: List<Text>,
        /// The last line
        "closing" closing: Text,
        /// rows (default), lines or side_by_side
        "layout" layout: Str,
        /// The word that settles the whole section
        "none" none: Fact<Text>,
        /// The reference period
        "period" period: PeriodRef,
        /// The rows of the grid
        "rows" rows: NamedList<Row>,
        /// The columns of the grid
        "columns" columns: NamedList<Field>,
        /// The fields
        "fields" fields: NamedList<Field>,
        /// Facts for places that are not one node
        "cells" cells: List<CellsItem>,
        /// Facts of all columns and fields, unless they say otherwise
        "column_defaults" column_defaults: Facts,
        /// Facts of all rows, unless they say otherwise
        "row_defaults" row_defaults: Facts,
        /// Where the section applies
        "applies" applies: Fact<Str>,
        /// Whether something in it must be filled
        "required" required: Fact<Str>,
        /// Conditions
        "rules" rules: NamedList<Rule>,
        /// Tests
        "tests" tests: List<Test>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
        /// Names for places of hostile axes: row, column, cell patterns
        "names" names: Names,
        /// Earlier id: it, {id, until}, or a list of these
        "was" was: OneOrMany<Was>,
        /// The preset of all its rules
        "kind" kind: Str,
    }

    /// Patterns of the names that rules and findings use.
    struct Names ("names", "命名") {
        /// For rows, as 'L{}'
        "row" row: Str,
        /// For columns, as 'C{}'
        "column" column: Str,
        /// For cells, as 'Q7{row}{column}'
        "cell" cell: Str,
    }

    /// The file of a table.
    struct Table ("a table", "表") requires ["table", "title"] {
        /// The id
        "table" table: Str,
        /// The number as printed, as 表9
        "number" number: Text,
        /// The title
        "title" title: Text,
        /// `own`: on a page of its own
        "page" page: Str,
        /// The notes under it
        "notes" notes: Notes,
        /// Its parts
        "sections" sections: NamedList<Section>,
    } flat { section: Section }

    /// The file survey.yaml.
    struct Survey ("a survey", "调查") requires ["survey", "version", "title", "languages", "tables"] {
        /// The id
        "survey" survey: Str,
        /// The version
        "version" version: Str,
        /// The title
        "title" title: Text,
        /// The languages; the first is the default
        "languages" languages: List<Str>,
        /// Who fills it
        "filled_by" filled_by: Text,
        /// Who reports; its first field is the respondent's id
        "respondent" respondent: Section,
        /// The instructions for the whole
        "instructions" instructions: Notes,
        /// Named periods and dates
        "periods" periods: NamedList<Period>,
        /// Files with code lists and units
        "imports" imports: List<Str>,
        /// Inputs from outside
        "context" context: Context,
        /// Presets of rule facts
        "kinds" kinds: Free<RuleFacts>,
        /// Notation codes
        "marks" marks: Free<Mark>,
        /// The tables, in order
        "tables" tables: List<Str>,
        /// The signature of the whole return
        "signature" signature: Section,
        /// Conditions across tables
        "rules" rules: NamedList<Rule>,
        /// Tests of whole returns
        "tests" tests: List<Test>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }

    /// Inputs from outside.
    struct Context ("the context", "上下文") {
        /// A previous return: its distance, as `-1 year`, or a map of names to distances
        "return" previous: PreviousReturns,
    } flat { section: Section }

    /// A point or span of time.
    struct Period ("a period", "时期") label label {
        /// The label
        "label" label: Text,
        /// The day
        "at" at: Str,
        /// The first day
        "from" from: Str,
        /// The last day
        "to" to: Str,
        /// Whether figures are forecasts
        "forecast" forecast: Flag,
    }

    /// A notation code.
    struct Mark ("a mark", "符号") {
        /// What it means
        "label" label: Text,
        /// What rules read: unknown, zero or blank
        "reads" reads: Str,
    }

    /// A rename.
    struct WasLong ("a rename", "改名") requires ["id"] {
        /// The earlier id
        "id" id: Str,
        /// The version until which it was used
        "until" until: Str,
    }

    /// A reference period.
    struct PeriodLong ("a reference period", "时期") {
        /// The day
        "at" at: Str,
        /// The first day
        "from" from: Str,
        /// The last day
        "to" to: Str,
    }
}
