//! What each artefact checks and what it leaves to validation: the table people read, and `portability.json`.

use super::closed::{closed, file, one_of, text};
use super::json::{Json, json};
use super::{Artifact, Carried, Emitter, Reason, Status};
use crate::expr;
use crate::ir::{Origin, Rule, RuleId, Survey};
use formwright_engine::write::{JsonWriter, Style};
use unicode_width::UnicodeWidthStr;

/// How every artefact carries every rule.
#[derive(Debug, Clone)]
pub struct Portability {
    /// The artefacts, in order.
    pub targets: Vec<Target>,
}

/// How one artefact carries the rules.
#[derive(Debug, Clone)]
pub struct Target {
    /// The emitter's name.
    pub name: &'static str,
    /// The emitter's title.
    pub title: &'static str,
    /// A row for each rule that is asked about, in order of rule.
    pub rules: Vec<Carried>,
}

/// How many rules or facts are carried in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Exactly.
    pub exact: usize,
    /// In part.
    pub weaker: usize,
    /// Not.
    pub absent: usize,
}

/// A row that `--deny` refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The emitter's name.
    pub target: &'static str,
    /// The rule's id.
    pub rule: String,
    /// How it is carried.
    pub status: Status,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Asks the emitters.
pub fn portability(survey: &Survey, emitters: &[&'static dyn Emitter]) -> Portability {
    let target = |e: &&'static dyn Emitter| Target::new(*e, e.carries(survey));
    Portability { targets: emitters.iter().map(target).collect() }
}

/// How the expression printer carries every rule in each of its targets. Facts on the raw value of a cell (its type, its
/// decimals) are no expressions: whoever reads the cells checks them, and they have no row.
///
/// This prints every rule in every target, which takes longer than a build does: it is asked for by itself.
pub fn expressions(survey: &Survey) -> Portability {
    let target = |target: &&'static expr::target::Target| {
        let rules = survey.rules.iter().enumerate().filter_map(|(at, rule)| {
            let (status, reasons) = match expr::carry::carried(survey, rule, target) {
                expr::carry::Carried::Raw => return None,
                expr::carry::Carried::Exact => (Status::Exact, Default::default()),
                expr::carry::Carried::Weaker(reasons) => (Status::Weaker, reasons),
                expr::carry::Carried::Absent(reasons) => (Status::Absent, reasons),
            };
            let reasons = reasons.into_iter().filter_map(Reason::of).collect();
            Some(Carried { rule: RuleId(u32::try_from(at).ok()?), status, reasons })
        });
        Target { name: target.name, title: target.name, rules: rules.collect() }
    };
    Portability { targets: expr::target::TARGETS.iter().map(target).collect() }
}

fn is_fact(rule: &Rule) -> bool {
    matches!(rule.origin, Origin::Fact(_))
}

impl Target {
    /// What an emitter says of the rules.
    pub fn new(emitter: &'static dyn Emitter, rules: Vec<Carried>) -> Self {
        Target { name: emitter.name(), title: emitter.title(), rules }
    }

    /// The counts of the rules (`facts` false) or the facts of places (`facts` true).
    pub fn counts(&self, survey: &Survey, facts: bool) -> Counts {
        self.counts_of(survey, |rule| is_fact(rule) == facts)
    }

    /// How it carries the rule at a position.
    fn of(&self, at: usize) -> Option<&Carried> {
        let found = self.rules.binary_search_by_key(&at, |c| c.rule.ix()).ok()?;
        self.rules.get(found)
    }

    fn counts_of(&self, survey: &Survey, of: impl Fn(&Rule) -> bool) -> Counts {
        let mut counts = Counts::default();
        for carried in &self.rules {
            let Some(rule) = survey.rules.get(carried.rule.ix()) else { continue };
            if !of(rule) {
                continue;
            }
            match carried.status {
                Status::Exact => counts.exact += 1,
                Status::Weaker => counts.weaker += 1,
                Status::Absent => counts.absent += 1,
            }
        }
        counts
    }
}

/// The rows refused by `weaker:json-schema` (anything not exact) or `absent:json-schema`; without a target, of all.
/// An unknown status or target is the error, with the valid ones.
pub fn denied(survey: &Survey, portability: &Portability, deny: &str) -> Result<Vec<Denied>, String> {
    let (status, name) = deny.split_once(':').map_or((deny, None), |(s, t)| (s, Some(t)));
    let worst = match status {
        "weaker" => Status::Weaker,
        "absent" => Status::Absent,
        _ => return Err(format!("`{status}` is not one of: weaker, absent")),
    };
    let known: Vec<&str> = portability.targets.iter().map(|t| t.name).collect();
    if let Some(name) = name.filter(|n| !known.contains(n)) {
        return Err(format!("`{name}` is not one of: {}", known.join(", ")));
    }
    let wanted = portability.targets.iter().filter(|t| name.is_none_or(|n| n == t.name));
    Ok(wanted.flat_map(|t| denied_of(survey, t, worst)).collect())
}

fn denied_of(survey: &Survey, target: &Target, worst: Status) -> Vec<Denied> {
    let refused = target.rules.iter().filter(|c| c.status >= worst);
    let row = |c: &Carried| {
        let rule = survey.rules.get(c.rule.ix())?.id.clone();
        Some(Denied { target: target.name, rule, status: c.status, reasons: c.reasons.clone() })
    };
    refused.filter_map(row).collect()
}

/// The words of the table in one language.
#[derive(Debug)]
pub struct Words {
    /// Heads the column of tables.
    pub table: &'static str,
    /// Heads the list of rules.
    pub rule: &'static str,
    /// Heads the counts of rules.
    pub rules: &'static str,
    /// Heads the counts of facts.
    pub facts: &'static str,
    /// What is of no table.
    pub survey: &'static str,
    /// All of them.
    pub all: &'static str,
    /// Heads the list of reasons.
    pub reason: &'static str,
    /// What the three counts of a cell are.
    pub legend: &'static str,
    /// The position of this language in a reason's sentence.
    pub lang: fn(Reason) -> &'static str,
}

/// In English.
pub const ENGLISH: Words = Words {
    table: "table",
    rule: "rule",
    rules: "rules",
    facts: "facts",
    survey: "(survey)",
    all: "all",
    reason: "reason",
    legend: "checked exactly / in part (weaker) / not (absent); `validate` checks everything",
    lang: Reason::english,
};

/// In Chinese.
pub const CHINESE: Words = Words {
    table: "表",
    rule: "规则",
    rules: "规则",
    facts: "事实",
    survey: "（整套）",
    all: "合计",
    reason: "原因",
    legend: "完全检查 / 部分检查（weaker）/ 不检查（absent）；validate 检查全部",
    lang: Reason::chinese,
};

/// The summary for people: how each artefact carries the rules and facts of each table, the rules of the survey that
/// one of them does not carry exactly, and what the reasons mean.
pub fn summary(survey: &Survey, portability: &Portability, words: &Words) -> String {
    let mut out = aligned(&table_rows(survey, portability, words));
    out.push_str(&format!("{}\n", words.legend));
    for rows in [rule_rows(survey, portability, words.rule, false), reason_rows(portability, words)] {
        if rows.len() > 1 {
            out.push('\n');
            out.push_str(&aligned(&rows));
        }
    }
    out
}

fn table_rows(survey: &Survey, portability: &Portability, words: &Words) -> Vec<Vec<String>> {
    let mut head = vec![words.table.to_owned()];
    for t in &portability.targets {
        head.extend([words.rules, words.facts].map(|what| format!("{} {what}", t.name)));
    }
    let mut rows = vec![head];
    let tables = survey.tables.iter().enumerate().map(|(at, t)| (t.id.as_str(), Some(at)));
    for (name, at) in tables.chain([(words.survey, None)]) {
        rows.extend(counted(survey, portability, name, |r| r.table == at));
    }
    rows.extend(counted(survey, portability, words.all, |_| true));
    rows
}

/// A row of counts of the rules that `of` takes; none if there are none.
fn counted(
    survey: &Survey,
    portability: &Portability,
    name: &str,
    of: impl Fn(&Rule) -> bool,
) -> Option<Vec<String>> {
    survey.rules.iter().find(|r| of(r))?;
    let mut row = vec![name.to_owned()];
    for target in &portability.targets {
        for facts in [false, true] {
            let c = target.counts_of(survey, |r| is_fact(r) == facts && of(r));
            row.push(format!("{} / {} / {}", c.exact, c.weaker, c.absent));
        }
    }
    Some(row)
}

fn reason_rows(portability: &Portability, words: &Words) -> Vec<Vec<String>> {
    let mut rows = vec![vec![words.reason.to_owned(), String::new(), String::new()]];
    let used = || portability.targets.iter().flat_map(|t| &t.rules).flat_map(|c| &c.reasons);
    for reason in Reason::ALL {
        let count = used().filter(|r| *r == reason).count();
        if count > 0 {
            rows.push(vec![reason.code().to_owned(), count.to_string(), (words.lang)(*reason).to_owned()]);
        }
    }
    rows
}

/// The counts of all rules and facts, a line for each target, and what the reasons mean.
pub fn totals(survey: &Survey, portability: &Portability, words: &Words) -> String {
    let mut rows = vec![["", words.rules, words.facts].map(str::to_owned).to_vec()];
    for target in &portability.targets {
        let counts = [false, true].map(|facts| target.counts(survey, facts));
        let counts = counts.map(|c| format!("{} / {} / {}", c.exact, c.weaker, c.absent));
        rows.push([target.name.to_owned()].into_iter().chain(counts).collect());
    }
    format!("{}{}\n\n{}", aligned(&rows), words.legend, aligned(&reason_rows(portability, words)))
}

/// The whole table for people: every rule and fact that an artefact does not carry exactly.
pub fn table(survey: &Survey, portability: &Portability, words: &Words) -> String {
    let rows = rule_rows(survey, portability, words.rule, true);
    if rows.len() > 1 { aligned(&rows) } else { String::new() }
}

fn rule_rows(survey: &Survey, portability: &Portability, title: &str, facts: bool) -> Vec<Vec<String>> {
    let mut head = vec![title.to_owned()];
    head.extend(portability.targets.iter().map(|t| t.name.to_owned()));
    let mut rows = vec![head];
    for (at, rule) in survey.rules.iter().enumerate().filter(|(_, r)| facts || !is_fact(r)) {
        let ways: Vec<Option<&Carried>> = portability.targets.iter().map(|t| t.of(at)).collect();
        if ways.iter().flatten().any(|c| c.status != Status::Exact) {
            let mut row = vec![rule.id.clone()];
            row.extend(ways.into_iter().map(|c| c.map_or(String::new(), words)));
            rows.push(row);
        }
    }
    rows
}

fn words(carried: &Carried) -> String {
    let reasons: Vec<&str> = carried.reasons.iter().map(|r| r.code()).collect();
    if reasons.is_empty() {
        carried.status.name().to_owned()
    } else {
        format!("{} ({})", carried.status.name(), reasons.join(", "))
    }
}

/// Rows of cells as lines of text, columns aligned by printed width.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|t| t.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            line.push_str(text);
            line.push_str(&" ".repeat(width - text.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// `portability.json` and its schema.
pub fn artifacts(survey: &Survey, portability: &Portability) -> Vec<Artifact> {
    vec![
        Artifact::text("portability.json", document(survey, portability)),
        Artifact::text("portability.schema.json", super::text(&schema())),
    ]
}

fn document(survey: &Survey, portability: &Portability) -> String {
    let mut out = JsonWriter::new(Style::Fit);
    out.begin_object().name("survey").string(&survey.id).name("version").string(&survey.version);
    out.name("fingerprint").string(&survey.fingerprint).name("targets").begin_array();
    portability.targets.iter().for_each(|t| write_target(survey, t, &mut out));
    out.finish()
}

fn write_target(survey: &Survey, target: &Target, out: &mut JsonWriter) {
    out.begin_object().name("name").string(target.name).name("title").string(target.title);
    out.name("counts").begin_object();
    for (key, facts) in [("rules", false), ("facts", true)] {
        let Counts { exact, weaker, absent } = target.counts(survey, facts);
        json!({"exact": exact, "weaker": weaker, "absent": absent}).write(out.key(key));
    }
    out.end_object().name("rules").begin_array();
    target.rules.iter().for_each(|carried| write_carried(survey, carried, out));
    out.end_array().end_object();
}

fn write_carried(survey: &Survey, carried: &Carried, out: &mut JsonWriter) {
    let Some(rule) = survey.rules.get(carried.rule.ix()) else { return };
    out.begin_object().name("rule").string(&rule.id).name("fact").bool(is_fact(rule));
    out.name("status").string(carried.status.name()).name("reasons").begin_array();
    for reason in &carried.reasons {
        out.string(reason.code());
    }
    out.end_array().end_object();
}

/// The JSON Schema of `portability.json`.
pub fn schema() -> Json<'static> {
    let count = || json!({"type": "integer", "minimum": 0_i64});
    let counts = || closed(json!({"exact": (count()), "weaker": (count()), "absent": (count())}), &[]);
    let reasons = one_of(Reason::ALL.iter().map(|r| r.code()));
    let rule = json!({
        "rule": (text()), "fact": {"type": "boolean"}, "status": (one_of(Status::ALL.iter().map(|s| s.name()))),
        "reasons": {"type": "array", "items": reasons},
    });
    let target = json!({
        "name": (text()), "title": (text()),
        "counts": (closed(json!({"rules": (counts()), "facts": (counts())}), &[])),
        "rules": {"type": "array", "items": (closed(rule, &[]))},
    });
    let root = json!({
        "survey": (text()), "version": (text()), "fingerprint": (text()),
        "targets": {"type": "array", "items": (closed(target, &[]))},
    });
    let title = "How each artefact of a survey carries its rules";
    file(closed(root, &[]), "portability.schema.json", title, json!({}))
}
