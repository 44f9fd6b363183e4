//! From the parts of an expression as written to typed expressions: what the calculator and the corpus of rules share.

use super::infer::{Mismatch, Typing, constant, list, unify};
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::func::typing;
use crate::source::{FileId, Span};
use formwright_engine::Value;
use std::ops::Range;

/// A test of `in`: `< 5`, `[1..9]`, or a value or list.
#[derive(Debug, Clone)]
pub enum Test {
    /// A comparison with a value.
    Compare(String, Expr),
    /// A range: low end and whether it is part of it, high end and whether it is.
    Range(Expr, bool, Expr, bool),
    /// A value or list.
    Value(Expr),
}

/// Builds typed expressions and collects what is wrong with them.
#[derive(Debug)]
pub struct Builder<'a> {
    /// Units, lists, and whether rules are built.
    pub typing: Typing<'a>,
    /// What was found.
    pub problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Reports a problem; the expression in its place is blank and of any type.
    pub fn problem(&mut self, diagnostic: Diagnostic, range: Range<usize>) -> Expr {
        self.problems.push(diagnostic);
        Expr { kind: Kind::Const(Value::Null), ty: Ty::Any, range }
    }

    /// Reports what does not fit.
    pub fn mismatch(&mut self, mismatch: &Mismatch, range: Range<usize>) -> Expr {
        let diagnostic = mismatch.diagnostic(place(&range), self.typing.units, self.typing.lists);
        self.problem(diagnostic, range)
    }

    /// An operator or function.
    pub fn apply(&mut self, name: &str, mut args: Vec<Expr>, range: Range<usize>) -> Expr {
        if !self.typing.rules && !matches!(name, "=" | "!=") {
            args.iter_mut().filter(|a| a.ty == Ty::Null).for_each(|a| a.ty = Ty::Any);
        }
        self.read_codes(&mut args);
        match self.typing.apply(name, args, range.clone()) {
            Ok(expr) => expr,
            Err(mismatch) => self.mismatch(&mismatch, range),
        }
    }

    /// Texts beside a code are codes of its list.
    fn read_codes(&mut self, args: &mut [Expr]) {
        let of = args.iter().find_map(|a| match typing::item(&a.ty) {
            Ty::Code(of) | Ty::Codes(of) => Some(*of),
            _ => None,
        });
        let Some(of) = of else { return };
        let listed = |text: &str| self.typing.lists.get(of.ix()).is_some_and(|l| l.find(text).is_some());
        let read = |e: &mut Expr| {
            if let Kind::Const(Value::Text(text)) = &e.kind
                && listed(text)
            {
                e.ty = Ty::Code(of);
            }
        };
        for arg in args {
            if let Kind::List(parts) = &mut arg.kind {
                parts.iter_mut().for_each(|p| read(&mut p.item));
                if !parts.is_empty() && parts.iter().all(|p| p.item.ty == Ty::Code(of)) {
                    arg.ty = Ty::List(Box::new(Ty::Code(of)));
                }
            }
            read(arg);
        }
    }

    /// `x in (tests)`: any of them.
    pub fn member(&mut self, x: &Expr, tests: Vec<Test>, range: &Range<usize>) -> Expr {
        let mut one: Vec<Expr> = tests.into_iter().map(|test| self.test(x, test, range)).collect();
        match one.len() {
            1 => one.remove(0),
            _ => self.apply("or", one, range.clone()),
        }
    }

    fn test(&mut self, x: &Expr, test: Test, range: &Range<usize>) -> Expr {
        match test {
            Test::Compare(op, right) => self.apply(&op, vec![x.clone(), right], range.clone()),
            Test::Value(e) => {
                let many = matches!(e.ty, Ty::List(_) | Ty::Codes(_) | Ty::Any | Ty::Code(_));
                self.apply(if many { "in" } else { "=" }, vec![x.clone(), e], range.clone())
            }
            Test::Range(low, true, high, true) => {
                self.apply("between", vec![x.clone(), low, high], range.clone())
            }
            Test::Range(low, with_low, high, with_high) => {
                let low_op = if with_low { ">=" } else { ">" };
                let high_op = if with_high { "<=" } else { "<" };
                let low = self.apply(low_op, vec![x.clone(), low], range.clone());
                let high = self.apply(high_op, vec![x.clone(), high], range.clone());
                self.apply("and", vec![low, high], range.clone())
            }
        }
    }

    /// `if c then a else b`.
    pub fn choice(&mut self, condition: Expr, then: Expr, otherwise: Expr, range: Range<usize>) -> Expr {
        if !matches!(condition.ty, Ty::Bool | Ty::Any | Ty::Null) {
            let wrong = operand("if", vec![Ty::Bool], condition.ty);
            return self.mismatch(&wrong, range);
        }
        let ty = unify(&then.ty, &otherwise.ty);
        if self.typing.rules && ty == Ty::Any {
            return self.mismatch(&operand("else", vec![then.ty], otherwise.ty), range);
        }
        Expr { kind: Kind::If(Box::new([condition, then, otherwise])), ty, range }
    }

    /// A list literal.
    pub fn list(&mut self, items: Vec<Expr>, range: Range<usize>) -> Expr {
        list(items, range)
    }

    /// A quantifier whose bodies are known for each part.
    pub fn quantifier(&mut self, every: bool, parts: Vec<Part>, range: Range<usize>) -> Expr {
        let wrong = parts.iter().map(|p| &p.item).find(|b| !matches!(b.ty, Ty::Bool | Ty::Any | Ty::Null));
        match wrong.map(|b| (b.ty.clone(), b.range.clone())) {
            Some((ty, at)) => self.mismatch(&operand("satisfies", vec![Ty::Bool], ty), at),
            None => Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range },
        }
    }

    /// A quantifier over a list of values.
    pub fn quantifier_values(
        &mut self,
        every: bool,
        list: Expr,
        (var, body): (u16, Expr),
        range: Range<usize>,
    ) -> Expr {
        if !matches!(body.ty, Ty::Bool | Ty::Any | Ty::Null) {
            return self.mismatch(&operand("satisfies", vec![Ty::Bool], body.ty), body.range);
        }
        let kind = Kind::QuantValues { every, list: Box::new(list), var, body: Box::new(body) };
        Expr { kind, ty: Ty::Bool, range }
    }

    /// A name that means nothing.
    pub fn unknown_name<'n>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
        range: Range<usize>,
    ) -> Expr {
        let diagnostic =
            Diagnostic::new(&codes::UNKNOWN_INPUT, place(&range)).arg("name", name).suggest(name, known);
        self.problem(diagnostic, range)
    }

    /// A constant.
    pub fn constant(&self, value: Value, range: Range<usize>) -> Expr {
        constant(value, range)
    }
}

fn operand(name: &str, expected: Vec<Ty>, found: Ty) -> Mismatch {
    Mismatch::Operand { name: name.to_owned(), position: 0, expected, found }
}

/// A place in an expression that stands alone.
pub fn place(range: &Range<usize>) -> Span {
    let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span { file: FileId::default(), start: at(range.start), end: at(range.end) }
}
