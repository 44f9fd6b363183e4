//! What an engine is, and when it agrees with the interpreter.
//!
//! A verdict is one rule (or fact) at one return. Only pass, fail and unknown count: where a rule does not apply there is
//! nothing to agree on. An engine that claims a rule exactly must fail it exactly where the interpreter does; one that
//! claims it weaker may pass where the interpreter fails, never the other way round; and only where the reason it gives
//! is true of the return: one that cannot read long numbers is held to short ones.

use crate::doc::Doc;
use formwright::emit::{Reason, Status};
use formwright::ir::{Fact, Origin, Rule, Survey};

/// A return to be judged.
#[derive(Debug, Clone)]
pub struct Return {
    /// The whole document.
    pub doc: Doc,
    /// Final, or a draft.
    pub is_final: bool,
    /// The one table that is looked at; `None`: all.
    pub table: Option<usize>,
}

impl Return {
    /// What is given to engines that look at one table.
    pub fn part(&self, survey: &Survey) -> Doc {
        let part = |table: usize| self.doc.get("tables")?.get(&survey.tables[table].id);
        match self.table {
            None => self.doc.clone(),
            // A table that is blank is given as an empty one.
            Some(table) => {
                part(table).filter(|part| **part != Doc::Null).cloned().unwrap_or(Doc::Object(Vec::new()))
            }
        }
    }
}

/// What came of a rule at a return, over all its places: failed at one, else unknown at one, else passed at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    NotApplicable,
    Pass,
    Unknown,
    Fail,
}

/// What the interpreter says of a return.
#[derive(Debug, Clone)]
pub struct Reference {
    /// By rule.
    pub rules: Vec<Verdict>,
    /// What keeps it from being read at all, or is no part of the survey.
    pub malformed: Option<String>,
}

/// What an engine says of a return.
#[derive(Debug, Clone)]
pub enum Judgement {
    /// Whether the whole return passes.
    Whole(bool),
    /// By rule; where it says nothing of a rule, not applicable.
    Rules(Vec<Verdict>),
}

/// How an engine carries a rule, and why not exactly.
#[derive(Debug, Clone)]
pub struct Claim {
    pub status: Status,
    pub reasons: Vec<Reason>,
}

impl Claim {
    /// What it is held to at a return: exactly, where none of its reasons is found there.
    fn held_to(&self, rule: &Rule, doc: &Doc) -> Status {
        let excused = |reason: &Reason| match (reason, rule.origin) {
            (Reason::Digits, Origin::Fact(Fact::Digits)) => true,
            (Reason::Digits | Reason::Notation, _) => !doc.has_plain_numbers(),
            (Reason::NoRegex, Origin::Fact(Fact::Type)) => !doc.has_composed_texts(),
            _ => true,
        };
        match self.status {
            Status::Weaker if !self.reasons.iter().any(excused) => Status::Exact,
            status => status,
        }
    }
}

/// Something that checks returns.
pub trait Engine {
    fn name(&self) -> &str;

    /// How it claims to carry each rule.
    fn claims(&self, survey: &Survey) -> Vec<Claim>;

    /// One judgement for each return; `None`: the engine is not installed.
    fn judge(&self, survey: &Survey, returns: &[Return]) -> Option<Vec<Judgement>>;
}

/// How many verdicts were compared, and what was wrong with the return.
#[derive(Debug, Default)]
pub struct Compared {
    pub pass: usize,
    pub unknown: usize,
    pub fail: usize,
    pub wrong: Option<String>,
}

impl Compared {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::NotApplicable => {}
            Verdict::Pass => self.pass += 1,
            Verdict::Unknown => self.unknown += 1,
            Verdict::Fail => self.fail += 1,
        }
    }
}

/// Compares a judgement with the interpreter's.
pub fn compare(
    survey: &Survey,
    claims: &[Claim],
    doc: &Doc,
    reference: &Reference,
    said: &Judgement,
) -> Compared {
    let claims: Vec<Status> =
        claims.iter().zip(&survey.rules).map(|(claim, rule)| claim.held_to(rule, doc)).collect();
    match said {
        Judgement::Whole(passes) => whole(survey, &claims, reference, *passes),
        Judgement::Rules(rules) => by_rule(survey, &claims, reference, rules),
    }
}

fn whole(survey: &Survey, claims: &[Status], reference: &Reference, passes: bool) -> Compared {
    let mut out = Compared::default();
    let claimed =
        || claims.iter().zip(&reference.rules).zip(&survey.rules).filter(|((c, _), _)| **c != Status::Absent);
    let failing: Vec<(Status, &str)> = claimed()
        .filter(|((_, v), _)| **v == Verdict::Fail)
        .map(|((c, _), rule)| (*c, rule.id.as_str()))
        .collect();
    let exact = failing.iter().find(|(c, _)| *c == Status::Exact).map(|(_, id)| (*id).to_owned());
    let must_refuse = reference.malformed.clone().or(exact);
    out.wrong = match (passes, must_refuse) {
        (true, Some(why)) => Some(format!("passes, although {why} fails")),
        (false, None) if failing.is_empty() => {
            Some("refuses, although nothing that it checks fails".to_owned())
        }
        _ => None,
    };
    for ((_, verdict), _) in claimed().filter(|((_, v), _)| passes || **v == Verdict::Fail) {
        out.count(*verdict);
    }
    out
}

fn by_rule(survey: &Survey, claims: &[Status], reference: &Reference, rules: &[Verdict]) -> Compared {
    let mut out = Compared::default();
    for (at, claim) in claims.iter().enumerate().filter(|(_, c)| **c != Status::Absent) {
        let (ours, theirs) = (reference.rules[at], rules[at]);
        let agrees = ours == theirs || *claim == Status::Weaker && theirs != Verdict::Fail;
        if !agrees && out.wrong.is_none() {
            out.wrong = Some(format!("{}: {ours:?} is {theirs:?} here", survey.rules[at].id));
        }
        out.count(ours);
    }
    out
}
