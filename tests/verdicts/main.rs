//! Every rule of compiled surveys at every place of their returns, on every engine that rules are printed for: the verdict
//! is the interpreter's, and what a target does not carry is what it says it does not.
//!
//! A survey with returns in `tests/surveys/` is judged here, too; there is nothing to be added. To have another target
//! judged: a site in `sites.rs`, and a line in `engines.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod asked;
#[path = "../agreement/chance.rs"]
mod chance;
mod corpus;
#[path = "../engine_run/mod.rs"]
mod engine_run;
mod engines;
#[path = "../literate/mod.rs"]
mod literate;
mod sites;
mod spoilt;

use asked::{Bound, Survey, Verdict};
use engines::{Case, ENGINES, Engine, Question};
use formwright::engine::Value;
use formwright::expr::carry::{Carried, carried};
use formwright::expr::lower::Refused;
use formwright::expr::target::Target;
use formwright::ir::expr::Ty;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn cases() -> Vec<Case> {
    corpus::all().into_iter().map(bound).collect()
}

fn bound(case: corpus::Case) -> Case {
    let returns = case.given.iter().map(|given| case.survey.bound(given));
    let returns = returns.filter(|one| fits(&case.survey, one)).collect();
    Case { survey: case.survey, returns }
}

/// Whether every number has the decimals and digits of its cell: what has more is kept out of tables and structures.
fn fits(survey: &Survey, bound: &Bound) -> bool {
    let all =
        std::iter::once((None, &bound.top)).chain(bound.rows.iter().enumerate().flat_map(|(n, rows)| {
            rows.iter().map(move |row| (Some(formwright::ir::BlockId(n as u32)), row))
        }));
    all.into_iter().all(|(kind, row)| {
        survey.columns_of(kind).iter().zip(&row.values).all(|(column, value)| match value {
            Value::Num(n) => {
                let cell = survey.ir.cell(column.cell()).unwrap();
                n.to_scale(cell.scale).is_some_and(|units| units.abs() < 10_i128.pow(cell.digits))
            }
            _ => true,
        })
    })
}

/// All questions, in order of survey, rule, place, return and row.
fn questions(cases: &[Case]) -> Vec<Question> {
    let mut out = Vec::new();
    for (case, Case { survey, returns }) in cases.iter().enumerate() {
        for asked in 0..survey.asked.len() {
            for (given, bound) in returns.iter().enumerate() {
                let home = survey.asked[asked].home;
                for (_, path, expected) in bound.expected.iter().filter(|(at, _, _)| *at == asked) {
                    let row = home.map(|b| bound.rows[b.ix()].iter().position(|r| r.path == *path).unwrap());
                    out.push(Question { case, asked, given, row, expected: *expected });
                }
            }
        }
    }
    out
}

/// What an engine says.
fn said(three: [bool; 3]) -> Result<Verdict, String> {
    match three {
        [true, false, false] => Ok(Verdict::Pass),
        [false, true, false] => Ok(Verdict::Fail),
        [false, false, true] => Ok(Verdict::NotApplicable),
        [false, false, false] => Ok(Verdict::Unknown),
        more => Err(format!("{more:?}")),
    }
}

/// How often verdicts were compared, left open, or not the interpreter's.
#[derive(Default)]
struct Tally {
    verdicts: [usize; 4],
    open: usize,
    wrong: Vec<String>,
}

fn held(engine: &Engine, cases: &[Case]) -> Tally {
    let mut questions = questions(cases);
    questions.retain(|q| q.given < engine.most);
    let printed = engines::by_asked(&questions).filter(|of_one| engine.print(cases, of_one[0]).is_ok());
    let questions: Vec<Question> = printed.flatten().copied().collect();
    let mut tally = Tally::default();
    let answers = engine.judge(cases, &questions);
    assert_eq!(answers.len(), questions.len());
    for (question, answer) in questions.iter().zip(answers) {
        tally.verdicts[question.expected as usize] += 1;
        match said(answer) {
            Ok(said) if said == question.expected => {}
            Ok(Verdict::Unknown) if may_stay_open(engine, cases, *question) => tally.open += 1,
            other => tally.wrong.push(wrong(engine, cases, *question, &other)),
        }
    }
    println!(
        "{}: seed {}, {:?} verdicts (pass, fail, not applicable, unknown), {} left open, {} wrong",
        engine.name,
        corpus::seed(),
        tally.verdicts,
        tally.open,
        tally.wrong.len()
    );
    tally
}

/// Whether a target says of itself that it may leave a verdict open; on ranges also where a number cannot be read.
fn may_stay_open(engine: &Engine, cases: &[Case], question: Question) -> bool {
    let Case { survey, returns } = &cases[question.case];
    let printed = engine.print(cases, question).unwrap();
    let weaker = [printed.passes, printed.fails, printed.not_applicable].iter().any(|p| !p.weaker.is_empty());
    let unreadable = || {
        returns[question.given].rows.iter().enumerate().any(|(n, rows)| {
            let columns = survey.columns_of(Some(formwright::ir::BlockId(n as u32)));
            let counted = |column: &asked::Column| {
                let ty = survey.ir.cell(column.cell()).unwrap().value_type();
                matches!(ty, Ty::Num { .. } | Ty::Date(_) | Ty::Bool)
            };
            rows.iter().any(|row| columns.iter().zip(&row.values).any(|(c, v)| v.is_unknown() && counted(c)))
        })
    };
    weaker || engine.target.ranges && unreadable()
}

fn wrong(engine: &Engine, cases: &[Case], question: Question, said: &Result<Verdict, String>) -> String {
    let Case { survey, returns } = &cases[question.case];
    let (asked, bound) = (&survey.asked[question.asked], &returns[question.given]);
    let rule = survey.rule(asked);
    let mut out = format!(
        "{} {} at {:?} {:?} of {}: {said:?} for {:?}\n  {}\n",
        engine.name, rule.id, asked.home, question.row, bound.name, question.expected, rule.source
    );
    for (column, value) in survey.columns_of(None).iter().zip(&bound.top.values) {
        write!(out, "  c.{} = {value:?}", column.name()).unwrap();
    }
    for (n, rows) in bound.rows.iter().enumerate() {
        let columns = survey.columns_of(Some(formwright::ir::BlockId(n as u32)));
        for row in rows {
            let values: Vec<String> =
                columns.iter().zip(&row.values).map(|(c, v)| format!("{} = {v:?}", c.name())).collect();
            write!(out, "\n  b{n} {:?}: {}", row.path, values.join(", ")).unwrap();
        }
    }
    let printed = engine.print(cases, question).unwrap();
    let texts = [printed.passes, printed.fails, printed.not_applicable].map(|p| p.text);
    write!(out, "\n  passes {}\n  fails {}\n  n/a {}", texts[0], texts[1], texts[2]).unwrap();
    out
}

fn agrees(at: usize) {
    let engine = &ENGINES[at];
    if engine.is_here() {
        let tally = held(engine, &cases());
        let wrong = &tally.wrong;
        assert!(wrong.is_empty(), "{} disagree:\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n\n"));
        assert!(tally.verdicts.iter().all(|n| *n > 100), "{:?}", tally.verdicts);
    }
}

#[test]
fn rules_hold_in_node() {
    agrees(0);
}

/// The fourteen tables, on the fastest engine.
#[test]
fn the_planning_survey_holds_in_node() {
    if ENGINES[0].is_here() {
        let tally = held(&ENGINES[0], &[bound(corpus::planning())]);
        assert!(tally.wrong.is_empty(), "{}", tally.wrong[..tally.wrong.len().min(8)].join("\n\n"));
        assert!(tally.verdicts.iter().sum::<usize>() > 10_000, "{:?}", tally.verdicts);
    }
}

#[test]
fn rules_hold_in_libreoffice() {
    agrees(1);
}

#[test]
fn rules_hold_in_duckdb() {
    agrees(2);
}

#[test]
fn rules_hold_in_postgres() {
    agrees(3);
}

#[test]
fn rules_hold_in_rust() {
    agrees(4);
}

/// How a rule is carried at the places of its engine.
fn found(engine: &Engine, cases: &[Case], case: usize, rule: usize) -> Option<Carried> {
    let survey = &cases[case].survey;
    let (mut weaker, mut absent, mut any) = (BTreeSet::new(), BTreeSet::new(), false);
    for asked in (0..survey.asked.len()).filter(|n| survey.asked[*n].rule == rule) {
        any = true;
        let row = survey.asked[asked].home.map(|_| 0);
        let has = |bound: &Bound| survey.asked[asked].home.is_none_or(|b| !bound.rows[b.ix()].is_empty());
        let given = cases[case].returns.iter().position(has)?;
        let question = Question { case, asked, given, row, expected: Verdict::Pass };
        match engine.print(cases, question) {
            Ok(p) => [p.passes, p.fails, p.not_applicable].into_iter().for_each(|p| weaker.extend(p.weaker)),
            Err(reason) => drop(absent.insert(reason as Refused)),
        }
    }
    Some(match (any, absent.is_empty(), weaker.is_empty()) {
        (false, _, _) => Carried::Raw,
        (_, false, _) => Carried::Absent(absent),
        (_, _, false) => Carried::Weaker(weaker),
        _ => Carried::Exact,
    })
}

/// What an engine's places let a target print is what the portability table says of it.
#[test]
fn what_is_not_carried_is_said() {
    let cases = cases();
    let (mut rules, mut absent) = (0, BTreeSet::new());
    for engine in &ENGINES {
        for (at, case) in cases.iter().enumerate() {
            for (n, rule) in case
                .survey
                .ir
                .rules
                .iter()
                .enumerate()
                .filter(|(_, r)| !r.withdrawn && !r.instances.is_empty())
            {
                let target: &'static Target = engine.target;
                let claimed = carried(&case.survey.ir, rule, target);
                let Some(found) = found(engine, &cases, at, n) else { continue };
                assert_eq!(found, claimed, "{} {}: {}", engine.name, case.survey.name, rule.id);
                rules += 1;
                if let Carried::Absent(reasons) = found {
                    absent.extend(reasons);
                }
            }
        }
    }
    println!("{rules} rules and targets; not carried because of {absent:?}");
    assert!(
        rules > 500 && absent.is_superset(&BTreeSet::from(["nested-rows", "many-queries"])),
        "{rules} {absent:?}"
    );
}

/// A wrong operator in a table is noticed.
#[test]
fn a_wrong_operator_is_noticed() {
    use formwright::expr::target::JS;
    use formwright::ir::func::Form;
    static WRONG: Target = Target {
        name: "js",
        form: |row| if row.key == "le_num" { Form::As("({0} < {1})") } else { row.js },
        ..JS
    };
    if ENGINES[0].is_here() {
        assert!(!held(&Engine { target: &WRONG, most: 3, ..ENGINES[0] }, &cases()).wrong.is_empty());
    }
}
