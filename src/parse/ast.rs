//! The source tree, as written: names are text, everything has its place. One declaration gives the struct, its decoder
//! and its part of the editor schema; the doc comment of a key is what an editor shows.

use super::decode::{Cx, Defs, Source, by_type, mappings};
use super::shapes::{Fact, Flag, Free, Int, List, NamedList, OneOrMany, Raw, Str, Text};
use super::yaml::{Node, NodeKind, Scalar, Style};
use crate::diag::{Diagnostic, codes};
use crate::source::Span;
use serde_json::{Value, json};

mappings! {
    /// Facts of a rule that any fact which can fail may carry too.
    struct RuleFacts ("facts of a rule", "规则属性") {
        /// The id of the rule; otherwise node and fact.
        "id" id: Str,
        /// error (default), warning or information
        "severity" severity: Str,
        /// A preset of rule facts (survey.yaml, `kinds`).
        "kind" kind: Str,
        /// The sentence of a finding, with {left} {right} {diff} {field} {field.label} {row.label} {n}
        "message" message: Text,
        /// The field in which an explanation settles it; `true`: kept beside the return
        "explain" explain: Str,
        /// `office`: left to the receiving office
        "by" by: Str,
        /// How blanks are read: skip (default), zero or partial
        "blank" blank: Str,
        /// The clause it implements, as `note 5`
        "from" from: Str,
        /// A number in the left side's unit, '0.5%', or `rounding`
        "tolerance" tolerance: Str,
        /// First day of the reference periods it holds for
        "since" since: Str,
        /// Last day of the reference periods it holds for
        "until" until: Str,
        /// The class; derived unless written
        "class" class: Str,
    }

    /// What stands beside `is` or `when` in the long form of a fact.
    struct FactRest ("a fact", "事实") {
        /// The cells that are the parts (`parts`)
        "of" of: OneOrMany<Str>,
        /// What the place must be where it does not apply: blank (default), zero, keep or mark
        "else" otherwise: Str,
    } flat { rule: RuleFacts }

    /// Facts of a field, column, group or row, and of the places of `cells`.
    struct Facts ("facts of a place", "位置的属性") {
        /// text long_text count decimal percent money yes_no tick code codes date month year url phone email by_row target
        "type" ty: Str,
        /// The code list of `code` and `codes`
        "list" list: Str,
        /// The unit
        "unit" unit: Str,
        /// Decimals
        "scale" scale: Int,
        /// Significant digits, at most 15 (12 unless written)
        "digits" digits: Int,
        /// Smallest value
        "min" min: Fact<Str>,
        /// Largest value
        "max" max: Fact<Str>,
        /// Fewest characters
        "min_length" min_length: Fact<Str>,
        /// Most characters
        "max_length" max_length: Fact<Str>,
        /// Pattern of the whole text
        "pattern" pattern: Fact<Str>,
        /// Fewest codes
        "min_choices" min_choices: Fact<Str>,
        /// Most codes
        "max_choices" max_choices: Fact<Str>,
        /// `true` or a condition: filled wherever the place applies
        "required" required: Fact<Str>,
        /// A condition; where it certainly does not hold the place must be blank (or as `else` says)
        "applies" applies: Fact<Str>,
        /// sum, disjoint or overlapping: the relation of the whole to its parts
        "parts" parts: Fact<Str>,
        /// A constant for each row is printed
        "constant" constant: Flag,
        /// An expression: read-only, compared when delivered
        "calculated" calculated: Fact<Str>,
        /// A context field that fills it
        "prefill" prefill: Str,
        /// Whether a prefilled value is read-only
        "locked" locked: Flag,
        /// Notation codes allowed in the cell
        "marks" marks: OneOrMany<Str>,
        /// trim (default) or none
        "normalize" normalize: Str,
        /// Earlier id: it, {id, until} with the last version that used it, or a list of these
        "was" was: OneOrMany<Was>,
        /// Irregularities that are kept, by name of the diagnostic, with the reason
        "accept" accept: Free<Text>,
        /// First day of the reference periods it exists for
        "since" since: Str,
        /// Last day of the reference periods it exists for
        "until" until: Str,
        /// Facts that hold for some reference periods or under a condition
        "editions" editions: List<Edition>,
        /// What is said about it beside the field
        "help" help: Text,
        /// A note that reaches every rendition
        "note" note: Text,
        /// `half`: takes half the width
        "width" width: Str,
        /// `boxes`: the answers print as boxes to tick; of a section: rows, lines or side_by_side
        "layout" layout: Str,
        /// Stands under the box of a code, as `capable.no`
        "under" under: Str,
        /// A stamp area beside it, with its text
        "stamp" stamp: Text,
        /// What a blank calculated cell prints
        "empty" empty: Text,
    }

    /// Facts that are laid over those of a place.
    struct Edition ("an edition", "版本") {
        /// A condition under which the facts hold
        "when" when: Str,
        /// The label in this edition
        "label" label: Text,
    } flat { facts: Facts }

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
        /// Facts by reference period
        "editions" editions: List<Raw>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
        /// Earlier id: it, {id, until}, or a list of these
        "was" was: OneOrMany<Was>,
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

    /// A file of code lists and units.
    struct Lists ("a file of lists", "代码文件") {
        /// Code lists
        "lists" lists: NamedList<CodeList>,
        /// Units
        "units" units: NamedList<Unit>,
    }

    /// A code list.
    struct CodeList ("a code list", "代码表") {
        /// The label
        "label" label: Text,
        /// The codes
        "codes" codes: NamedList<Code>,
        /// The version
        "version" version: Str,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
        /// A CSV file with the codes
        "csv" csv: Str,
    }

    /// A code.
    struct Code ("a code", "代码") label label {
        /// The label
        "label" label: Text,
        /// Whether it needs a specification
        "specify" specify: Flag,
        /// Whether no other code may be chosen beside it
        "exclusive" exclusive: Flag,
        /// Whether it may no longer be chosen
        "retired" retired: Flag,
        /// The code above it
        "under" under: Str,
        /// A note that reaches every rendition
        "note" note: Text,
        /// Earlier code: it, {id, until}, or a list of these
        "was" was: OneOrMany<Was>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }

    /// A unit.
    struct Unit ("a unit", "单位") label label {
        /// The label
        "label" label: Text,
        /// How many of which unit it is, as `10000 人`; `1`: a pure count
        "is" is: Str,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }

    /// A test: a part of a return, and every finding it must have.
    struct Test ("a test", "测试") requires ["name", "expect"] {
        /// What it shows
        "name" name: Str,
        /// This table's part of a submission
        "given" given: Raw,
        /// Parts of other tables
        "tables" tables: Raw,
        /// The context
        "context" context: Raw,
        /// The previous return
        "previous" previous: Raw,
        /// The findings
        "expect" expect: List<Expect>,
    }

    /// An expected finding.
    struct Expect ("an expected finding", "预期结果") requires ["rule"] {
        /// The rule
        "rule" rule: Str,
        /// The section
        "section" section: Str,
        /// The group, as `cities 1`
        "group" group: Str,
        /// The row, as `cities 1` or an id
        "row" row: Str,
        /// The column
        "column" column: Str,
        /// The period or code
        "over" over: Str,
        /// The state, if not fail
        "state" state: Str,
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

/// Declares a shape that is a scalar or one of the mappings.
macro_rules! either {
    ($($(#[doc = $doc:literal])* enum $name:ident ($en:literal, $zh:literal) { $short:ident, $long:ident($ty:ty) })*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub enum $name {
            /// The short form.
            $short(Str),
            /// The long form.
            $long($ty),
        }
        impl Source for $name {
            fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
                match &node.kind {
                    NodeKind::Scalar(s) => Some($name::$short(Str(s.clone()))),
                    NodeKind::Map(_) => <$ty>::decode(node, cx).map($name::$long),
                    _ => {
                        cx.wrong_shape(node, Self::words());
                        None
                    }
                }
            }
            fn schema(defs: &mut Defs) -> Value {
                let long = <$ty>::schema(defs);
                by_type("object", long, Str::schema(defs))
            }
            fn words() -> (&'static str, &'static str) {
                ($en, $zh)
            }
        }
    )*};
}

either! {
    /// An earlier id.
    enum Was ("an earlier id", "原标识") { Id, Long(WasLong) }
    /// A reference period: a period's id, `{at}` or `{from, to}`.
    enum PeriodRef ("a period", "时期") { Id, Long(PeriodLong) }
    /// Previous returns: one, or several by name.
    enum PreviousReturns ("a previous return", "上期报表") { One, Named(Free<Str>) }
}

/// Notes: a list with a heading, or one text.
#[derive(Debug, Clone)]
pub enum Notes {
    /// A heading and items.
    List(NoteList),
    /// One text.
    Text(Text),
}

impl Source for Notes {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        let is_list = matches!(&node.kind, NodeKind::Map(entries) if entries.iter().any(|(k, _)| matches!(k.text.as_str(), "heading" | "items" | "accept")));
        if is_list {
            NoteList::decode(node, cx).map(Notes::List)
        } else {
            Text::decode(node, cx).map(Notes::Text)
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let list = NoteList::schema(defs);
        let is_list = json!({"type": "object", "anyOf": [{"required": ["heading"]}, {"required": ["items"]}, {"required": ["accept"]}]});
        json!({"if": is_list, "then": list, "else": Text::schema(defs)})
    }
    fn words() -> (&'static str, &'static str) {
        ("notes", "说明")
    }
}

/// The columns of a key: one or several.
#[derive(Debug, Clone)]
pub struct Key(pub OneOrMany<Str>);

impl Source for Key {
    const TAKES_LIST: bool = true;
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        OneOrMany::decode(node, cx).map(Key)
    }
    fn schema(defs: &mut Defs) -> Value {
        OneOrMany::<Str>::schema(defs)
    }
    fn words() -> (&'static str, &'static str) {
        ("a column, or several", "一列或几列")
    }
}

/// `each` of a rule: a selector whose places are `this`, or names with what they run over.
#[derive(Debug, Clone)]
pub enum Each {
    /// Places, each called `this`.
    Places(OneOrMany<Str>),
    /// Names in step, and `row` and `column` that narrow an open axis.
    Names(Free<OneOrMany<Str>>),
}

impl Source for Each {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => Free::decode(node, cx).map(Each::Names),
            _ => OneOrMany::decode(node, cx).map(Each::Places),
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let one = OneOrMany::<Str>::schema(defs);
        by_type("object", json!({"additionalProperties": one}), one)
    }
    fn words() -> (&'static str, &'static str) {
        ("a selector, or names with selectors", "选择式，或带选择式的名称")
    }
}

/// What a file of the source is.
#[derive(Debug, Clone)]
pub enum File {
    /// survey.yaml
    Survey(Box<Survey>),
    /// A table.
    Table(Box<Table>),
    /// Code lists and units.
    Lists(Box<Lists>),
}

/// Decodes a file by the keys it has.
pub fn file(node: &Node, cx: &mut Cx) -> Option<File> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_shape(node, ("a mapping", "映射"));
        return None;
    };
    let has = |key: &str| entries.iter().any(|(k, _)| k.text == key);
    if has("survey") || has("languages") {
        Survey::decode(node, cx).map(|s| File::Survey(Box::new(s)))
    } else if has("lists") || has("units") {
        Lists::decode(node, cx).map(|s| File::Lists(Box::new(s)))
    } else {
        Table::decode(node, cx).map(|s| File::Table(Box::new(s)))
    }
}

/// The editor schema: any file of the source.
pub fn schema() -> schemars::Schema {
    let mut defs = Defs::new();
    let kinds = [Survey::schema(&mut defs), Table::schema(&mut defs), Lists::schema(&mut defs)];
    let [survey, table, lists] = kinds;
    schemars::json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Formwright survey source",
        "type": "object",
        "if": {"anyOf": [{"required": ["survey"]}, {"required": ["languages"]}]},
        "then": survey,
        "else": {"if": {"anyOf": [{"required": ["lists"]}, {"required": ["units"]}]}, "then": lists, "else": table},
        "$defs": defs
    })
}

/// Warns of an id or code that other YAML readers would change.
pub fn check_id(id: &Scalar, cx: &mut Cx) {
    if id.style == Style::Plain && changes_elsewhere(&id.text) {
        let quoted = format!("'{}'", id.text.replace('\'', "''"));
        cx.problems
            .push(Diagnostic::new(&codes::UNQUOTED_ID, id.span).arg("id", &id.text).fix(id.span, quoted));
    }
}

/// Whether a YAML 1.1 or typed reader takes a plain scalar for something else than its text.
fn changes_elsewhere(text: &str) -> bool {
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~"
    );
    word || changed_number(text) || is_date(text)
}

/// Numbers that do not come back as they were written: `8.10`, `010`, `1e3`, `0x1F`, `1_000`, `12:30`, 30 digits.
fn changed_number(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let unsigned = text.trim_start_matches(['+', '-']);
    let plain = unsigned.parse::<f64>().is_ok()
        && (unsigned.ends_with('0') && unsigned.contains('.')
            || unsigned.starts_with('0') && unsigned.len() > 1
            || unsigned.ends_with('.')
            || unsigned.starts_with('.')
            || text.starts_with('+')
            || unsigned.contains(['e', 'E'])
            || unsigned.len() > 15);
    let based = ["0x", "0o", "0b"].iter().any(|p| {
        unsigned.strip_prefix(p).is_some_and(|r| !r.is_empty() && r.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    let grouped =
        unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.contains('_') && digits(unsigned);
    let clock = unsigned.contains(':') && unsigned.split(':').all(digits);
    plain || based || grouped || clock
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

/// The span of a mapping's first key, for problems about the whole.
pub fn head(span: Span) -> Span {
    Span { end: span.start, ..span }
}
