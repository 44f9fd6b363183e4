//! Texts with references: `{x}`, `{x.label}`, `{codes list}`; `{{` and `}}` are the signs themselves.

use super::expr::{ExprProblem, Range};
use crate::diag::codes;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// What stands between braces, trimmed, and where (without the braces).
    Ref(String, Range),
}

/// The pieces of a text, and its problems.
pub fn parse(text: &str) -> (Vec<Piece>, Vec<ExprProblem>) {
    let mut pieces = Vec::new();
    let mut problems = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let plain = rest.find(['{', '}']).unwrap_or(rest.len());
        if plain > 0 {
            literal.push_str(rest.get(..plain).unwrap_or(""));
            at += plain;
        } else if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push_str(rest.get(..1).unwrap_or(""));
            at += 2;
        } else if rest.starts_with('{') {
            let Some(end) = rest.find('}') else {
                problems.push(problem(at..at + 1));
                break;
            };
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            let inner = rest.get(1..end).unwrap_or("");
            if inner.trim().is_empty() {
                problems.push(problem(at..at + end + 1));
            }
            let lead = inner.len() - inner.trim_start().len();
            let start = at + 1 + lead;
            pieces.push(Piece::Ref(inner.trim().to_owned(), start..start + inner.trim().len()));
            at += end + 1;
        } else {
            literal.push('}');
            at += 1;
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    (pieces, problems)
}

fn problem(range: Range) -> ExprProblem {
    ExprProblem { code: &codes::BAD_REFERENCE, range, args: Vec::new(), suggestions: Vec::new(), fix: None }
}
