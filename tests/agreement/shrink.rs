//! A return on which an engine disagrees, made as small as the disagreement allows.

use crate::engine::{Claim, Engine, Return, compare};
use crate::interpreter::Interpreter;

/// Rounds of leaving things out; each asks the engine once.
const ROUNDS: usize = 200;

/// What is wrong with the return, if anything.
fn wrong(
    interpreter: &Interpreter<'_>,
    engine: &dyn Engine,
    claims: &[Claim],
    all: &[Return],
) -> Vec<Option<String>> {
    let said = engine.judge(interpreter.survey, all).unwrap_or_default();
    let judged = all.iter().zip(&said);
    judged
        .map(|(one, said)| compare(interpreter.survey, claims, &one.doc, &interpreter.judge(one), said).wrong)
        .collect()
}

/// The disagreement in words, on the smallest return found.
pub fn shrunk(
    interpreter: &Interpreter<'_>,
    engine: &dyn Engine,
    claims: &[Claim],
    first: &Return,
) -> String {
    let mut smallest = first.clone();
    let mut why = String::new();
    for _ in 0..ROUNDS {
        let smaller = smallest.doc.smaller().into_iter();
        let mut all: Vec<Return> = smaller.map(|doc| Return { doc, ..smallest.clone() }).collect();
        all.sort_by_key(|one| one.doc.size());
        all.push(smallest.clone());
        let found = wrong(interpreter, engine, claims, &all);
        let Some(at) = found.iter().position(Option::is_some) else { break };
        why = found[at].clone().unwrap_or_default();
        if at + 1 == all.len() {
            break;
        }
        smallest = all.swap_remove(at);
    }
    let kind = if smallest.is_final { "final" } else { "draft" };
    format!("{} {why}\n  {kind}: {}", engine.name(), smallest.part(interpreter.survey))
}
