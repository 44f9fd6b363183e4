//! What a check reports, and whether it keeps a return from being final.

use crate::write::{JsonWriter, Style};

/// Defines an enum of words: the variants, their documentation and how each is written in JSON.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word written in JSON and in the source language.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The variant of a word, if there is one.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// How heavy a finding is.
    Severity {
        /// Blocks until corrected, or explained where that is allowed.
        Error = "error",
        /// Blocks until answered, unless it is left to the office.
        Warning = "warning",
        /// Only informs.
        Information = "information",
    }
}

words! {
    /// What came of checking a rule at a place.
    State {
        /// The check holds.
        Pass = "pass",
        /// The check does not hold.
        Fail = "fail",
        /// It does not hold and has been explained.
        Explained = "explained",
        /// It does not hold and the values have been confirmed.
        Confirmed = "confirmed",
        /// The rule does not apply here.
        NotApplicable = "not_applicable",
        /// Something the rule needs is blank or cannot be known.
        Unknown = "unknown",
    }
}

words! {
    /// What kind of property a rule checks: five of structure, then those of content.
    Class {
        /// The cell can be read as its type.
        Format = "format",
        /// The value is one of those allowed.
        Domain = "domain",
        /// What must be filled is filled.
        Completeness = "completeness",
        /// What is referred to exists.
        Reference = "reference",
        /// Keys are not repeated.
        Uniqueness = "uniqueness",
        /// The value lies within bounds.
        Range = "range",
        /// Sums agree.
        Balance = "balance",
        /// A part is not more than its whole.
        PartWhole = "part_whole",
        /// A ratio is as it should be.
        Ratio = "ratio",
        /// Answers fit each other.
        Consistency = "consistency",
        /// What does not apply is left blank.
        Skip = "skip",
        /// The change from another period is plausible.
        Change = "change",
        /// A target is met.
        Target = "target",
    }
}

words! {
    /// How much of the data a rule reads.
    Scope {
        /// One cell.
        Cell = "cell",
        /// Cells of one row.
        Row = "row",
        /// Cells of one group of rows.
        Group = "group",
        /// Cells of one column.
        Column = "column",
        /// Cells of one table.
        Table = "table",
        /// Several tables of a return.
        Return = "return",
        /// Returns of several periods.
        Period = "period",
        /// The return and the register of respondents.
        Register = "register",
    }
}

words! {
    /// What the filler may do about a finding.
    Answer {
        /// Change the values.
        Correct = "correct",
        /// Leave them and say why.
        Explain = "explain",
        /// Leave them and confirm that they are right.
        Confirm = "confirm",
    }
}

/// Text by language, in the survey's order of languages.
pub type Texts = Vec<(String, String)>;

/// The answers a finding allows and the one it has been given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// What the filler may do; empty where it is only informed or the office settles it.
    pub allowed: Vec<Answer>,
    /// The JSON pointer of the field that takes the explanation.
    pub at: Option<String>,
    /// The answer given with the return.
    pub given: Option<Given>,
}

/// An answer given with the return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Which answer.
    pub response: Answer,
    /// Its text, if any.
    pub text: Option<String>,
}

/// Where a finding belongs. Ids are those of the source; what does not apply is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The table; none for a rule of the whole survey.
    pub table: Option<String>,
    /// The section within the table.
    pub section: Option<String>,
    /// The block of repeated rows.
    pub block: Option<String>,
    /// The id of a fixed row, the key of a repeated one.
    pub row: Option<String>,
    /// The position in the block, counted from 0.
    pub index: Option<usize>,
    /// The key of the group that holds the row.
    pub group: Option<String>,
    /// The column or field.
    pub column: Option<String>,
    /// The period or code of each spread axis, by the axis.
    pub over: Vec<(String, String)>,
    /// What to call the place, by language.
    pub label: Texts,
    /// The workbook cell, such as `表9!H9`.
    pub cell: Option<String>,
}

/// The cells a finding names, as JSON pointers into the submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// The cells the rule is about.
    pub target: Vec<String>,
    /// The other cells it reads.
    pub source: Vec<String>,
    /// Those that are blank and left it undecided.
    pub blank: Vec<String>,
}

/// The sides of the failing comparison, as they are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Values {
    /// The left side.
    pub left: Option<String>,
    /// The right side.
    pub right: Option<String>,
    /// Left less right.
    pub diff: Option<String>,
    /// The difference that is allowed.
    pub tolerance: Option<String>,
}

/// The outcome of one rule at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id with its table, such as `t09.calls_add_up`.
    pub rule: String,
    /// The preset the rule is of.
    pub kind: Option<String>,
    /// How heavy it is.
    pub severity: Severity,
    /// What kind of property is checked.
    pub class: Class,
    /// How much of the data is read.
    pub scope: Scope,
    /// What came of it.
    pub state: State,
    /// Whether it keeps the return from being final.
    pub blocks: bool,
    /// What may be answered and what was.
    pub response: Response,
    /// Where it belongs.
    pub place: Place,
    /// The cells it names.
    pub cells: Cells,
    /// The values it compared.
    pub values: Values,
    /// What to tell the filler, by language.
    pub message: Texts,
    /// The clause it implements, such as `note 5`.
    pub from: Option<String>,
}

impl Finding {
    /// A finding with its rule, severity, class, scope and state; the rest is empty.
    pub fn new(rule: &str, severity: Severity, class: Class, scope: Scope, state: State) -> Self {
        Self {
            rule: rule.to_owned(),
            kind: None,
            severity,
            class,
            scope,
            state,
            blocks: false,
            response: Response::default(),
            place: Place::default(),
            cells: Cells::default(),
            values: Values::default(),
            message: Vec::new(),
            from: None,
        }
    }

    /// The documented JSON form, on one line or indented.
    pub fn to_json(&self, style: Style) -> String {
        let mut out = JsonWriter::new(style);
        self.write(&mut out);
        out.finish()
    }

    /// Writes the documented JSON form as the next value.
    pub fn write(&self, out: &mut JsonWriter) {
        out.begin_object();
        self.write_head(out);
        write_response(out, &self.response);
        write_place(out, &self.place);
        write_cells(out, &self.cells);
        write_values(out, &self.values);
        write_texts(out, "message", &self.message);
        out.name("from").string_or_null(self.from.as_deref());
        out.end_object();
    }

    fn write_head(&self, out: &mut JsonWriter) {
        out.name("rule").string(&self.rule);
        out.name("kind").string_or_null(self.kind.as_deref());
        out.name("severity").string(self.severity.as_str());
        out.name("class").string(self.class.as_str());
        out.name("scope").string(self.scope.as_str());
        out.name("state").string(self.state.as_str());
        out.name("blocks").bool(self.blocks);
    }
}

fn write_response(out: &mut JsonWriter, response: &Response) {
    out.name("response").begin_object();
    out.name("allowed").begin_array();
    for answer in &response.allowed {
        out.string(answer.as_str());
    }
    out.end_array();
    out.name("at").string_or_null(response.at.as_deref());
    out.name("given");
    match &response.given {
        None => out.null(),
        Some(given) => {
            out.begin_object();
            out.name("response").string(given.response.as_str());
            out.name("text").string_or_null(given.text.as_deref());
            out.end_object()
        }
    };
    out.end_object();
}

fn write_place(out: &mut JsonWriter, place: &Place) {
    out.name("place").begin_object();
    out.name("table").string_or_null(place.table.as_deref());
    out.name("section").string_or_null(place.section.as_deref());
    out.name("block").string_or_null(place.block.as_deref());
    out.name("row").string_or_null(place.row.as_deref());
    out.name("index");
    match place.index {
        Some(index) => out.number(&index.to_string()),
        None => out.null(),
    };
    out.name("group").string_or_null(place.group.as_deref());
    out.name("column").string_or_null(place.column.as_deref());
    write_texts(out, "over", &place.over);
    write_texts(out, "label", &place.label);
    out.name("cell").string_or_null(place.cell.as_deref());
    out.end_object();
}

fn write_cells(out: &mut JsonWriter, cells: &Cells) {
    out.name("cells").begin_object();
    for (name, pointers) in [("target", &cells.target), ("source", &cells.source), ("blank", &cells.blank)] {
        out.key(name).begin_array();
        for pointer in pointers {
            out.string(pointer);
        }
        out.end_array();
    }
    out.end_object();
}

fn write_values(out: &mut JsonWriter, values: &Values) {
    out.name("values").begin_object();
    out.name("left").string_or_null(values.left.as_deref());
    out.name("right").string_or_null(values.right.as_deref());
    out.name("diff").string_or_null(values.diff.as_deref());
    out.name("tolerance").string_or_null(values.tolerance.as_deref());
    out.end_object();
}

fn write_texts(out: &mut JsonWriter, name: &str, texts: &[(String, String)]) {
    out.key(name).begin_object();
    for (key, text) in texts {
        out.key(key).string(text);
    }
    out.end_object();
}

/// What the filler may do about a failing rule, or `None` for a combination that no rule may have
/// (an error left to the office, information with an explanation or left to the office).
pub fn allowed(severity: Severity, explain: bool, office: bool) -> Option<Vec<Answer>> {
    match (severity, explain, office) {
        (Severity::Warning, _, true) => Some(Vec::new()),
        (_, _, true) | (Severity::Information, true, _) => None,
        (Severity::Information, false, _) => Some(Vec::new()),
        (_, true, _) => Some(vec![Answer::Correct, Answer::Explain]),
        (Severity::Error, false, _) => Some(vec![Answer::Correct]),
        (Severity::Warning, false, _) => Some(vec![Answer::Correct, Answer::Confirm]),
    }
}

/// Whether a finding keeps a return from being final.
///
/// Nothing blocks a draft, and only what fails blocks: an error until corrected, or explained where it
/// has `explain`; a warning until answered (explained where it has `explain`, confirmed otherwise);
/// what is left to the office and information never.
pub fn blocks(severity: Severity, state: State, explain: bool, office: bool, final_return: bool) -> bool {
    let answered = match state {
        State::Fail => false,
        State::Explained => explain,
        State::Confirmed => severity == Severity::Warning && !explain,
        State::Pass | State::NotApplicable | State::Unknown => true,
    };
    final_return && !office && severity != Severity::Information && !answered
}

#[cfg(test)]
mod tests;
