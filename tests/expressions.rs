//! The rule corpus and random expressions on the reference evaluator and on every engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod expr_harness;

use expr_harness::corpus::{self, File, agrees};
use expr_harness::engines::{Batch, ENGINES, Engine};
use expr_harness::reference;
use formwright::engine::Value;
use formwright::expr::eval::eval;
use formwright::ir::expr::{Expr, Ty};

/// Nothing if the reference agrees with what a case expects, otherwise what came instead.
fn on_reference(case: &corpus::Case) -> Option<String> {
    let found = match &case.built {
        Err(code) => {
            return (case.expected != format!("refused {code}"))
                .then(|| format!("{}: refused {code}", case.line));
        }
        Ok(expr) => eval(expr, &mut case.given.clone(), &mut Vec::new()),
    };
    (!agrees(&found, &case.expected)).then(|| format!("{}: got {found:?}", case.line))
}

#[test]
fn the_corpus_holds_on_the_reference_evaluator() {
    let files = corpus::all();
    let wrong: Vec<String> = files.iter().flat_map(|f| &f.cases).filter_map(on_reference).collect();
    assert!(wrong.is_empty(), "{} cases fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_expectation_is_noticed() {
    for text in
        ["a + 1 | a=1.00 | 3", "a + 1 = 2 | a=1.00 | refused E0302", "sqrt(a) = 2 | a=1.00 | refused E0303"]
    {
        let file = corpus::parse("x", &format!("cell a: decimal 2\n{text}"));
        assert!(on_reference(&file.cases[0]).is_some(), "{text}");
    }
}

/// What the reference says, with all that an engine cannot tell apart made one: an undecided condition is `Null`.
fn reference_answer(expr: &Expr, given: &expr_harness::world::Given) -> Value {
    match eval(expr, &mut given.clone(), &mut Vec::new()) {
        Value::Unknown if expr.ty == Ty::Bool => Value::Null,
        other => other,
    }
}

fn cases_of(file: &File) -> impl Iterator<Item = (&corpus::Case, &Expr)> {
    file.cases.iter().filter_map(|c| c.built.as_ref().ok().map(|e| (c, e)))
}

#[test]
fn the_corpus_holds_for_the_formulas() {
    let mut wrong = Vec::new();
    for (case, expr) in corpus::all().iter().flat_map(cases_of) {
        let expected = reference_answer(expr, &case.given);
        match reference::answer(expr, &mut case.given.clone()) {
            Ok(found) if found == expected => {}
            other => wrong.push(format!("{}: {other:?} for {expected:?}", case.line)),
        }
    }
    assert!(wrong.is_empty(), "{} cases fail:\n{}", wrong.len(), wrong.join("\n"));
}

/// The corpus on an engine; cases that its target does not print are listed by reason, and must be expected.
fn corpus_on(engine: &Engine) {
    if !engine.is_here() {
        return;
    }
    let (mut wrong, mut compared, mut refused) = (Vec::new(), 0, Vec::new());
    for file in corpus::all() {
        let (cases, asked): (Vec<_>, Vec<_>) =
            cases_of(&file).filter(|(c, _)| expressible(engine, &file, c)).unzip();
        let asked = asked.into_iter().cloned().enumerate().map(|(n, e)| (e, vec![n])).collect();
        let givens = cases.iter().map(|c| c.given.clone()).collect();
        let batch = Batch { world: &file.world, cases: givens, asked };
        for ((answer, (expr, _)), case) in
            (engine.ask)(&batch, engine.target).into_iter().zip(&batch.asked).zip(&cases)
        {
            let expected = reference_answer(expr, &case.given);
            match answer {
                Err(reason) => refused.push(format!("{reason}: {}", case.line)),
                Ok(found) => {
                    compared += 1;
                    if found[0] != expected {
                        let texts = expr_harness::engines::texts;
                        let shown = print_for(engine, &file, expr, texts);
                        wrong.push(format!(
                            "{}: {}: {:?} for {expected:?}\n    {shown}",
                            file.name, case.line, found[0]
                        ));
                    }
                }
            }
        }
    }
    println!("{}: {compared} cases compared, {} not printed", engine.name, refused.len());
    refused.iter().for_each(|r| println!("  {r}"));
    assert!(wrong.is_empty(), "{}: {} cases disagree:\n{}", engine.name, wrong.len(), wrong.join("\n"));
}

type Print = fn(
    &Expr,
    &'static formwright::expr::target::Target,
    &dyn formwright::expr::print::Site,
) -> Result<expr_harness::engines::Texts, &'static str>;

fn print_for(engine: &Engine, file: &File, expr: &Expr, texts: Print) -> String {
    use expr_harness::sites::{Objects, Sheet, Structs, Tables};
    let world = &file.world;
    let found = match engine.name {
        "node" => texts(expr, engine.target, &Objects(world)),
        "LibreOffice" => texts(expr, engine.target, &Sheet(world)),
        "DuckDB" => texts(expr, engine.target, &Tables(world)),
        _ => texts(expr, engine.target, &Structs(world)),
    };
    found.map_or_else(|r| r.to_owned(), |t| format!("{} | {} | {:?}", t.first, t.second, t.value))
}

/// Whether an engine can hold the values of a case: a sheet has no unreadable text.
fn expressible(engine: &Engine, file: &File, case: &corpus::Case) -> bool {
    let texts = file.world.declared.iter().zip(&case.given.values);
    let lost = |(d, values): (&expr_harness::world::Declared, &Vec<Value>)| {
        !matches!(d.ty, Ty::Num { .. } | Ty::Date | Ty::Bool) && values.contains(&Value::Unknown)
    };
    engine.name != "LibreOffice" || !texts.into_iter().any(lost)
}

#[test]
fn the_corpus_holds_in_node() {
    corpus_on(&ENGINES[0]);
}

#[test]
fn the_corpus_holds_in_libreoffice() {
    corpus_on(&ENGINES[1]);
}

#[test]
fn the_corpus_holds_in_duckdb() {
    corpus_on(&ENGINES[2]);
}

#[test]
fn the_corpus_holds_in_rust() {
    corpus_on(&ENGINES[3]);
}
