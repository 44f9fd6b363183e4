//! The reference: the interpreter's verdict of each rule, before findings are merged and one is blamed for another.

use crate::doc::Doc;
use crate::engine::{Reference, Return, Verdict};
use formwright::data::{Layout, RawProblem, Submission, read_return};
use formwright::engine::{Class, State};
use formwright::ir::{Check, Fact, Origin, Survey};
use formwright::validate::verdict::{self, verdict};
use formwright::validate::view::{Frame, View};
use formwright::validate::{Beside, Options, Report, calculate, validate};

/// A survey ready to check returns, whole and table by table.
pub struct Interpreter<'s> {
    pub survey: &'s Survey,
    pub layout: Layout,
    whole: Rules,
    tables: Vec<Rules>,
}

/// The survey with the rules of one table only (or with all).
struct Rules {
    survey: Survey,
    layout: Layout,
    /// Their positions in the whole survey.
    at: Vec<usize>,
}

impl Rules {
    fn of(survey: &Survey, table: Option<usize>) -> Self {
        let within = |of: Option<usize>| table.is_none() || of == table;
        let at: Vec<usize> = (0..survey.rules.len()).filter(|n| within(survey.rules[*n].table)).collect();
        let mut survey = survey.clone();
        survey.rules.retain(|rule| within(rule.table));
        let cells = &survey.cells;
        survey.calculation_order.retain(|cell| within(cells[cell.ix()].table));
        Rules { layout: Layout::new(&survey), survey, at }
    }

    /// The document as read; what keeps it from being read.
    fn read(&self, doc: &Doc) -> Result<Submission, String> {
        read_return(&self.survey, &self.layout, doc.to_string().as_bytes()).map_err(|e| e.to_string())
    }

    fn validated(&self, document: &Submission, is_final: bool) -> Report {
        let options = Options { is_final: Some(is_final), unknowns: false, ..Options::default() };
        validate(&self.survey, &self.layout, document, &Beside::default(), &options)
    }
}

impl<'s> Interpreter<'s> {
    pub fn new(survey: &'s Survey) -> Self {
        let tables = (0..survey.tables.len()).map(|table| Rules::of(survey, Some(table)));
        let (whole, tables) = (Rules::of(survey, None), tables.collect());
        Interpreter { survey, layout: Layout::new(survey), whole, tables }
    }

    fn rules(&self, one: &Return) -> &Rules {
        one.table.map_or(&self.whole, |table| &self.tables[table])
    }

    /// The findings, for those who want to change what fails.
    pub fn report(&self, one: &Return) -> Option<Report> {
        let rules = self.rules(one);
        Some(rules.validated(&rules.read(&one.doc).ok()?, one.is_final))
    }

    /// The verdicts of all rules.
    pub fn judge(&self, one: &Return) -> Reference {
        let among = self.rules(one);
        let mut all = vec![Verdict::NotApplicable; self.survey.rules.len()];
        let document = match among.read(&one.doc) {
            Ok(document) => document,
            Err(why) => return Reference { rules: all, malformed: Some(why) },
        };
        let mut rules = vec![Verdict::NotApplicable; among.at.len()];
        among.conditions(one.is_final, &document, &mut rules);
        let strays = among.structure(one.is_final, &document, &mut rules);
        for ((verdict, rule), at) in rules.into_iter().zip(&among.survey.rules).zip(&among.at) {
            if one.is_final || rule.class != Class::Completeness {
                all[*at] = verdict;
            }
        }
        Reference { rules: all, malformed: strays.into_iter().find(|pointer| self.is_within(one, pointer)) }
    }

    /// Whether a pointer lies in the table looked at.
    fn is_within(&self, one: &Return, pointer: &str) -> bool {
        let table = |table: usize| format!("/tables/{}/", self.survey.tables[table].id);
        one.table.is_none_or(|at| format!("{pointer}/").starts_with(&table(at)))
    }
}

impl Rules {
    /// Rules that are conditions.
    fn conditions(&self, is_final: bool, document: &Submission, rules: &mut [Verdict]) {
        let mut records = document.records.clone();
        calculate::calculate(&self.survey, &self.layout, &mut records, None, &[]);
        let view = View {
            survey: &self.survey,
            layout: &self.layout,
            now: &records.top,
            context: None,
            previous: &[],
        };
        for (at, rule) in self.survey.rules.iter().enumerate() {
            if rule.final_only && !is_final || rule.withdrawn {
                continue;
            }
            for instance in &rule.instances {
                let Check::Holds(check) = &instance.check else { continue };
                if rule.origin == Origin::Fact(Fact::Calculated) {
                    continue;
                }
                let mut note = |frame: Frame<'_>| {
                    let found = match verdict(&view, &frame, rule.origin, instance, check) {
                        verdict::Verdict::Pass => Verdict::Pass,
                        verdict::Verdict::Fail => Verdict::Fail,
                        verdict::Verdict::Unknown => Verdict::Unknown,
                        verdict::Verdict::NotApplicable => Verdict::NotApplicable,
                    };
                    rules[at] = rules[at].max(found);
                };
                match instance.home {
                    None => note(Frame::default()),
                    Some(block) => view.each_row(block, &Frame::default(), &mut |frame| note(frame)),
                }
            }
        }
    }

    /// What the reader found, keys and numbers of rows. Facts of values pass where nothing is found. Gives back the
    /// pointers of what is no part of the survey.
    fn structure(&self, is_final: bool, document: &Submission, rules: &mut [Verdict]) -> Vec<String> {
        let structural = |at: usize| {
            let checks = self.survey.rules[at].instances.iter().map(|i| &i.check);
            checks.into_iter().any(|check| !matches!(check, Check::Holds(_)))
        };
        let passing = (0..rules.len()).filter(|at| structural(*at)).collect::<Vec<_>>();
        passing.iter().for_each(|at| rules[*at] = Verdict::Pass);
        let mut strays = Vec::new();
        for problem in &document.problems {
            let fact = problem.problem.fact();
            match problem.cell.and_then(|cell| self.layout.fact(cell, fact)) {
                Some(rule) => rules[rule.ix()] = Verdict::Fail,
                None if matches!(problem.problem, RawProblem::Duplicate(_)) => {}
                None => strays.push(problem.pointer.clone()),
            }
        }
        for finding in self.validated(document, is_final).findings.iter().filter(|f| f.state == State::Fail) {
            let found = passing.iter().find(|at| self.survey.rules[**at].id == finding.rule);
            found.into_iter().for_each(|at| rules[*at] = Verdict::Fail);
        }
        strays
    }
}
