//! The rule corpus and random expressions on the reference evaluator and on every engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod engine_run;
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

/// The cases of the corpus that an engine answers otherwise; those its target does not print are listed by reason.
fn corpus_on(engine: &Engine) -> Vec<String> {
    if !engine.is_here() {
        return Vec::new();
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
                    let open = matches!(found[0], Value::Null | Value::Unknown);
                    if found[0] != expected && !(open && may_stay_open(engine, &file, expr, &case.given)) {
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
    wrong
}

fn all_agree(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} disagree:\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
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
        "DuckDB" | "PostgreSQL" => texts(expr, engine.target, &Tables(world)),
        _ => texts(expr, engine.target, &Structs(world)),
    };
    found.map_or_else(|r| r.to_owned(), |t| format!("{} | {} | {:?}", t.first, t.second, t.value))
}

/// Whether an engine can hold the values of a case: a sheet has no unreadable text.
fn expressible(engine: &Engine, file: &File, case: &corpus::Case) -> bool {
    let texts = file.world.declared.iter().zip(&case.given.values);
    let lost = |(d, values): (&expr_harness::world::Declared, &Vec<Value>)| {
        !matches!(d.ty, Ty::Num { .. } | Ty::Date(_) | Ty::Bool) && values.contains(&Value::Unknown)
    };
    engine.name != "LibreOffice" || !texts.into_iter().any(lost)
}

#[test]
fn the_corpus_holds_in_node() {
    all_agree(corpus_on(&ENGINES[0]));
}

#[test]
fn the_corpus_holds_in_libreoffice() {
    all_agree(corpus_on(&ENGINES[1]));
}

#[test]
fn the_corpus_holds_in_duckdb() {
    all_agree(corpus_on(&ENGINES[2]));
}

#[test]
fn the_corpus_holds_in_postgres() {
    all_agree(corpus_on(&ENGINES[4]));
}

#[test]
fn the_corpus_holds_in_rust() {
    all_agree(corpus_on(&ENGINES[3]));
}

/// The seed of the random expressions: `FORMWRIGHT_SEED`, or the same every time.
fn seed() -> u64 {
    std::env::var("FORMWRIGHT_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_150_630)
}

#[test]
fn random_formulas_agree_with_three_valued_logic() {
    use expr_harness::random::{Random, expression, values, world};
    let (seed, world) = (seed(), world());
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let (mut pairs, mut decided) = (0, 0);
    for _ in 0..2500 {
        let (text, expr) = expression(&mut random, &world);
        for _ in 0..20 {
            let mut given = values(&mut random, &world);
            let expected = reference_answer(&expr, &given);
            let found = reference::answer(&expr, &mut given);
            assert_eq!(found, Ok(expected.clone()), "seed {seed}: {text}\n{expr:?}\n{:?}", given.values);
            pairs += 1;
            decided += usize::from(expected != Value::Null);
        }
    }
    println!("{pairs} pairs, {decided} of them decided");
    assert!(decided > pairs / 4);
}

/// The random expressions that an engine answers otherwise.
fn random_on(engine: &Engine, expressions: usize, each: usize) -> Vec<String> {
    use expr_harness::random::{Random, expression, values, world};
    if !engine.is_here() {
        return Vec::new();
    }
    let (seed, world) = (seed(), world());
    let mut random = Random::new(seed ^ 7);
    let (mut asked, mut cases, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..expressions {
        let (text, expr) = expression(&mut random, &world);
        asked.push((expr, (cases.len()..cases.len() + each).collect()));
        texts.push(text);
        cases.extend((0..each).map(|_| values(&mut random, &world)));
    }
    let file = File { name: "random".into(), world: world.clone(), cases: Vec::new() };
    let batch = Batch { world: &world, cases, asked };
    let (mut wrong, mut compared, mut open, mut refused) =
        (Vec::new(), 0, 0, std::collections::BTreeMap::new());
    for ((answers, (expr, cases)), text) in
        (engine.ask)(&batch, engine.target).into_iter().zip(&batch.asked).zip(&texts)
    {
        let answers = match answers {
            Ok(answers) => answers,
            Err(reason) => {
                *refused.entry(reason).or_insert(0) += 1;
                continue;
            }
        };
        for (found, case) in answers.into_iter().zip(cases) {
            let given = &batch.cases[*case];
            let expected = reference_answer(expr, given);
            compared += 1;
            if found == expected {
                continue;
            }
            let undecided = matches!(found, Value::Null | Value::Unknown);
            if undecided && may_stay_open(engine, &file, expr, given) {
                open += 1;
                continue;
            }
            let shown = print_for(engine, &file, expr, expr_harness::engines::texts);
            wrong.push(format!("{text}: {found:?} for {expected:?}\n  {:?}\n  {shown}", given.values));
        }
    }
    println!(
        "{}: seed {seed}, {compared} pairs compared, {open} left open, not printed {refused:?}",
        engine.name
    );
    wrong
}

/// Whether a target says of itself that it may leave an answer open: numbers too large for it, or, on ranges, a cell that
/// cannot be read.
fn may_stay_open(engine: &Engine, file: &File, expr: &Expr, given: &expr_harness::world::Given) -> bool {
    let lists = file.world.declared.iter().zip(&given.values).filter(|(d, _)| d.list);
    let unreadable = lists.into_iter().any(|(_, values)| values.contains(&Value::Unknown));
    engine.name == "LibreOffice" && (unreadable || is_weaker(engine, file, expr))
}

fn is_weaker(engine: &Engine, file: &File, expr: &Expr) -> bool {
    let site = expr_harness::sites::Sheet(&file.world);
    expr_harness::engines::texts(expr, engine.target, &site).is_ok_and(|t| t.weaker)
}

#[test]
fn random_expressions_agree_in_node() {
    all_agree(random_on(&ENGINES[0], 600, 10));
}

#[test]
fn random_expressions_agree_in_libreoffice() {
    all_agree(random_on(&ENGINES[1], 400, 8));
}

#[test]
fn random_expressions_agree_in_duckdb() {
    all_agree(random_on(&ENGINES[2], 400, 10));
}

#[test]
fn random_expressions_agree_in_postgres() {
    all_agree(random_on(&ENGINES[4], 400, 10));
}

#[test]
fn random_expressions_agree_in_rust() {
    all_agree(random_on(&ENGINES[3], 150, 8));
}

/// An engine that hangs is ended, and the failure shows what it hung on.
#[test]
fn what_hangs_is_named() {
    if engine_run::is_here("node") {
        let input = "{\"id\": 1, \"code\": \"while (c.a > 3) {}\", \"cells\": {\"a\": 4}}\n";
        let wrong = engine_run::node_within(std::time::Duration::from_secs(1), input).unwrap_err();
        assert!(wrong.contains("while (c.a > 3) {}"), "{wrong}");
    }
}

/// One operator misspelt in a table is found by the corpus, and by random expressions.
#[test]
fn a_wrong_operator_in_a_table_is_noticed() {
    use formwright::expr::target::{JS, Target};
    use formwright::ir::func::Form;
    static WRONG: Target = Target {
        name: "js",
        form: |row| if row.key == "le_num" { Form::As("({0} < {1})") } else { row.js },
        ..JS
    };
    if !ENGINES[0].is_here() {
        return;
    }
    let engine = Engine { target: &WRONG, ..ENGINES[0] };
    assert!(!corpus_on(&engine).is_empty() && !random_on(&engine, 300, 10).is_empty());
}

/// Every row that rules can use has cases, and every target that prints it runs them.
#[test]
fn every_function_of_rules_has_cases() {
    use formwright::ir::expr::Kind;
    use formwright::ir::func::{Use, all};
    let mut used = std::collections::BTreeSet::new();
    for file in corpus::all() {
        for (_, expr) in cases_of(&file) {
            expr.walk(&mut |e| {
                if let Kind::Call(id, _) = &e.kind {
                    used.insert(id.row().key);
                }
            });
        }
    }
    // What no target prints has nothing to be compared with.
    let printed = |row: &formwright::ir::func::Func| {
        let forms = [row.js, row.excel, row.postgres, row.duckdb, row.rust];
        !forms.iter().all(|f| matches!(f, formwright::ir::func::Form::No(_)))
    };
    let missing: Vec<&str> = all()
        .filter(|(_, row)| printed(row))
        .filter(|(_, row)| row.usable == Use::Everywhere && !row.key.ends_with("_any"))
        .map(|(_, row)| row.key)
        .filter(|key| !used.contains(key))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
