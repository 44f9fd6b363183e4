//! The artefacts: each [`Emitter`] turns the [`Survey`] into files, and says of every rule how it carries it.

pub mod closed;
pub mod grid;
pub mod json;
pub mod json_schema;
pub mod portability;

use crate::ir::{RuleId, Survey};
use formwright_engine::write::{JsonWriter, Style};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// A text file.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Artifact { path: path.into(), bytes: text.into().into_bytes() }
    }
}

/// How an artefact carries a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// It refuses exactly what the rule refuses.
    Exact,
    /// A submission can pass here and fail the rule; never the other way round.
    Weaker,
    /// It does not check the rule.
    Absent,
}

impl Status {
    /// Every status.
    pub const ALL: &[Status] = &[Status::Exact, Status::Weaker, Status::Absent];

    /// The word in data and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Status::Exact => "exact",
            Status::Weaker => "weaker",
            Status::Absent => "absent",
        }
    }
}

/// Why an artefact does not carry a rule exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The artefact cannot calculate.
    NoArithmetic,
    /// The artefact sees one row at a time.
    NoCrossRow,
    /// The artefact sees one table at a time, and nothing beside the return.
    NoCrossTable,
    /// The pattern cannot be said there.
    NoRegex,
    /// Too long for the artefact.
    LengthLimit,
    /// The artefact does not tell upper from lower case.
    CaseInsensitive,
    /// The artefact counts characters above U+FFFF twice.
    BeyondBmp,
    /// It reads a previous return.
    OtherPeriod,
    /// A breach does not keep the return back, and the artefact can only refuse.
    NotBlocking,
    /// The artefact cannot count digits: it rounds numbers that have more than 15.
    Digits,
    /// The artefact reads what a number is worth, not how it is written (`1e2`).
    Notation,
    /// The artefact cannot count decimals.
    Scale,
    /// It cannot add up values without their repetitions.
    DistinctValues,
    /// It sees what a mark reads as, not the mark.
    Mark,
    /// It cannot run through rows within rows.
    NestedRows,
    /// The target is a text that is only known when the form is filled.
    TargetText,
    /// The order of texts differs from place to place.
    TextOrder,
    /// It is available in `eval` only.
    EvalOnly,
}

impl Reason {
    /// Every reason.
    pub const ALL: &[Reason] = &[
        Reason::NoArithmetic,
        Reason::NoCrossRow,
        Reason::NoCrossTable,
        Reason::NoRegex,
        Reason::LengthLimit,
        Reason::CaseInsensitive,
        Reason::BeyondBmp,
        Reason::OtherPeriod,
        Reason::NotBlocking,
        Reason::Digits,
        Reason::Notation,
        Reason::Scale,
        Reason::DistinctValues,
        Reason::Mark,
        Reason::NestedRows,
        Reason::TargetText,
        Reason::TextOrder,
        Reason::EvalOnly,
    ];

    /// What it means, in English, of an artefact.
    pub fn english(self) -> &'static str {
        match self {
            Reason::NoArithmetic => "it cannot calculate",
            Reason::NoCrossRow => "it sees one row at a time",
            Reason::NoCrossTable => "it sees one table at a time, and nothing beside the return",
            Reason::NoRegex => "it cannot say the pattern: trimmed texts, characters that cannot be seen",
            Reason::LengthLimit => "it is too long there",
            Reason::CaseInsensitive => "capital and small letters are the same there",
            Reason::BeyondBmp => "characters above U+FFFF count twice there",
            Reason::OtherPeriod => "it does not see the previous return",
            Reason::NotBlocking => "a breach does not keep the return back; the artefact can only refuse",
            Reason::Digits => "it cannot count digits: numbers of more than 15 are rounded",
            Reason::Notation => "it reads what a number is worth, not how it is written (1e2)",
            Reason::Scale => "it cannot count decimals",
            Reason::DistinctValues => "it cannot add up values without their repetitions",
            Reason::Mark => "it sees what a mark reads as, not the mark",
            Reason::NestedRows => "it cannot run through rows within rows",
            Reason::TargetText => "the target is a text that is only known when the form is filled",
            Reason::TextOrder => "the order of texts differs from place to place",
            Reason::EvalOnly => "it is available in `eval` only",
        }
    }

    /// What it means, in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Reason::NoArithmetic => "不能计算",
            Reason::NoCrossRow => "一次只看一行",
            Reason::NoCrossTable => "一次只看一张表，也看不到填报数据以外的内容",
            Reason::NoRegex => "不能表达该模式",
            Reason::LengthLimit => "超出其长度限制",
            Reason::CaseInsensitive => "不区分大小写",
            Reason::BeyondBmp => "U+FFFF 以上的字符按两个计",
            Reason::OtherPeriod => "看不到上期数据",
            Reason::NotBlocking => "违反时并不退回，而该成果只能拒收",
            Reason::Digits => "不能数位数：超过 15 位的数会被舍入",
            Reason::Notation => "只看数值，不看写法（如 1e2）",
            Reason::Scale => "不能数小数位",
            Reason::DistinctValues => "不能去掉重复值再相加",
            Reason::Mark => "只看到注记所代表的值，看不到注记本身",
            Reason::NestedRows => "不能遍历行中的行",
            Reason::TargetText => "目标值是填报时才知道的文本",
            Reason::TextOrder => "文本的排列次序因地区设置而异",
            Reason::EvalOnly => "只能用于 eval",
        }
    }

    /// The reason of a code.
    pub fn of(code: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// The code in data.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NoArithmetic => "no-arithmetic",
            Reason::NoCrossRow => "no-cross-row",
            Reason::NoCrossTable => "no-cross-table",
            Reason::NoRegex => "no-regex",
            Reason::LengthLimit => "length-limit",
            Reason::CaseInsensitive => "case-insensitive",
            Reason::BeyondBmp => "beyond-bmp",
            Reason::OtherPeriod => "other-period",
            Reason::NotBlocking => "not-blocking",
            Reason::Digits => "digits",
            Reason::Notation => "notation",
            Reason::Scale => "scale",
            Reason::DistinctValues => "distinct-values",
            Reason::Mark => "mark",
            Reason::NestedRows => "nested-rows",
            Reason::TargetText => "target-text",
            Reason::TextOrder => "text-order",
            Reason::EvalOnly => "eval-only",
        }
    }
}

/// How an artefact carries one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The rule.
    pub rule: RuleId,
    /// How.
    pub status: Status,
    /// Why not exactly; sorted, each once.
    pub reasons: Vec<Reason>,
}

/// What an emitter makes of a survey.
#[derive(Debug, Clone, Default)]
pub struct Emitted {
    /// Its files, in order of path.
    pub files: Vec<Artifact>,
    /// How it carries each rule, in order of rule.
    pub carried: Vec<Carried>,
}

/// A JSON value as the text of a file.
pub fn text(json: &json::Json<'_>) -> String {
    let mut out = JsonWriter::new(Style::Fit);
    json.write(&mut out);
    out.finish()
}

/// A kind of artefact.
pub trait Emitter: Sync {
    /// Its name on the command line, as `json-schema`.
    fn name(&self) -> &'static str;
    /// What it is, for people.
    fn title(&self) -> &'static str;
    /// Its files, and how it carries each rule.
    fn emit(&self, survey: &Survey) -> Emitted;
    /// How it carries each rule, in order of rule, without making the files.
    fn carries(&self, survey: &Survey) -> Vec<Carried>;
}

/// Every kind of artefact.
pub static EMITTERS: &[&dyn Emitter] = &[&json_schema::JsonSchema];

/// Every artefact of every kind, and what each carries of the rules (`portability.json`).
///
/// ```
/// # use formwright::{SourceFileInput, compile};
/// # let file = |name: &str, text: &str| SourceFileInput { name: name.into(), shown: name.into(), bytes: text.into() };
/// # let files = vec![
/// #     file("survey.yaml", "survey: shop\nversion: '2'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n"),
/// #     file("stock.yaml", "table: stock\ntitle: Stock\nfields:\n  - books: {label: Books, type: count, was: volumes}\n  - lent: {label: Lent, type: count}\nrules:\n  - within: {check: lent <= books}\n"),
/// # ];
/// # let survey = compile(files).survey.unwrap();
/// let artefacts = formwright::emit::all(&survey);
/// assert!(artefacts.iter().any(|a| a.path == "json-schema/return.schema.json"));
/// assert!(artefacts.iter().any(|a| a.path == "portability.json"));
/// ```
pub fn all(survey: &Survey) -> Vec<Artifact> {
    made(survey, |_| true).files.into_iter().flat_map(|(_, files)| files).collect()
}

/// The owner of the artefacts that belong to a survey as a whole (`portability.json`), beside the names of emitters.
pub const WHOLE: &str = "survey";

/// What the emitters make of a survey.
#[derive(Debug)]
pub struct Made {
    /// How each of them carries the rules.
    pub table: portability::Portability,
    /// The files of each that was wanted, then those of the survey as a whole ([`WHOLE`]).
    pub files: Vec<(&'static str, Vec<Artifact>)>,
}

/// The artefacts of the emitters whose names are wanted; the portability table is of all of them.
pub fn made(survey: &Survey, is_wanted: impl Fn(&str) -> bool + Send) -> Made {
    crate::parallel::sharing(|| made_here(survey, is_wanted))
}

fn made_here(survey: &Survey, is_wanted: impl Fn(&str) -> bool) -> Made {
    let (mut all, mut targets) = (Vec::new(), Vec::new());
    for emitter in EMITTERS {
        let carried = if is_wanted(emitter.name()) {
            let Emitted { files, carried } = emitter.emit(survey);
            all.push((emitter.name(), files));
            carried
        } else {
            emitter.carries(survey)
        };
        targets.push(portability::Target::new(*emitter, carried));
    }
    let table = portability::Portability { targets };
    all.push((WHOLE, portability::artifacts(survey, &table)));
    Made { table, files: all }
}

/// The emitter of a name.
pub fn find(name: &str) -> Option<&'static dyn Emitter> {
    EMITTERS.iter().copied().find(|e| e.name() == name)
}
