//! Expressions of the rule language: text to the tree as written.

mod build;
mod lint;
mod print;

use crate::diag::{Code, codes};
use pest::Parser as _;

/// Longest expression, bytes.
pub const MAX_LENGTH: usize = 8 << 10;
/// Deepest nesting of brackets, conditions and quantifiers.
pub const MAX_DEPTH: usize = 64;
/// Most nodes.
pub const MAX_NODES: usize = 4096;
/// Most operators of one kind in a row.
pub const MAX_CHAIN: usize = 256;
/// Highest tree: what later stages descend.
pub const MAX_HEIGHT: usize = 320;

/// A byte range in the decoded text of an expression.
pub type Range = std::ops::Range<usize>;

/// An expression as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub range: Range,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number, as written.
    Num(String),
    /// A text, decoded.
    Str(String),
    /// A date, as written between the quotes.
    Date(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A name.
    Name(String),
    /// `a.b`
    Path(Box<Expr>, Ident),
    /// `a[cond]`
    Filter(Box<Expr>, Box<Expr>),
    /// `f(a, b)`
    Call(Ident, Vec<Expr>),
    /// `not(a)`
    Not(Box<Expr>),
    /// `-a`
    Neg(Box<Expr>),
    /// `a op b`, with the place of the operator.
    Binary(BinOp, Range, Box<Expr>, Box<Expr>),
    /// `x between a and b`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x in …`
    In(Box<Expr>, Vec<Test>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `some x in a satisfies b`, `every …`
    Quant {
        /// `every`
        every: bool,
        /// Names and what they run over.
        binders: Vec<(Ident, Expr)>,
        /// The condition.
        body: Box<Expr>,
    },
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// The name, without backticks.
    pub text: String,
    /// Where.
    pub range: Range,
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
}

impl BinOp {
    /// The canonical sign.
    pub fn sign(self) -> &'static str {
        match self {
            BinOp::Or => "or",
            BinOp::And => "and",
            BinOp::Eq => "=",
            BinOp::Ne => "!=",
            BinOp::Lt => "<",
            BinOp::Le => "<=",
            BinOp::Gt => ">",
            BinOp::Ge => ">=",
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::Div => "/",
        }
    }
}

/// What stands behind `in`.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `< 3`
    Compare(BinOp, Expr),
    /// `[1..3)`
    Range {
        /// Lower end.
        lo: Expr,
        /// Whether it belongs to the range.
        lo_closed: bool,
        /// Upper end.
        hi: Expr,
        /// Whether it belongs to the range.
        hi_closed: bool,
    },
    /// A value or list.
    Value(Expr),
}

impl Expr {
    /// Calls `f` for each expression directly below this one.
    pub fn each_child<'e>(&'e self, f: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            Kind::Num(_) | Kind::Str(_) | Kind::Date(_) | Kind::Bool(_) | Kind::Null | Kind::Name(_) => {}
            Kind::Path(x, _) | Kind::Not(x) | Kind::Neg(x) | Kind::Paren(x) => f(x),
            Kind::Filter(a, b) | Kind::Binary(_, _, a, b) => [a, b].into_iter().for_each(|x| f(x)),
            Kind::Call(_, all) | Kind::List(all) => all.iter().for_each(f),
            Kind::Between(a, b, c) | Kind::If(a, b, c) => [a, b, c].into_iter().for_each(|x| f(x)),
            Kind::In(x, tests) => {
                f(x);
                tests.iter().for_each(|t| t.each_side(f));
            }
            Kind::Quant { binders, body, .. } => {
                binders.iter().for_each(|b| f(&b.1));
                f(body);
            }
        }
    }
}

impl Test {
    /// Calls `f` for each expression of the test.
    pub fn each_side<'e>(&'e self, f: &mut dyn FnMut(&'e Expr)) {
        match self {
            Test::Compare(_, e) | Test::Value(e) => f(e),
            Test::Range { lo, hi, .. } => {
                f(lo);
                f(hi);
            }
        }
    }
}

/// A problem of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ExprProblem {
    /// The row of the catalogue.
    pub code: &'static Code,
    /// Where in the decoded text.
    pub range: Range,
    /// Arguments of its sentence.
    pub args: Vec<(&'static str, String)>,
    /// What may have been meant.
    pub suggestions: Vec<String>,
    /// A safe replacement.
    pub fix: Option<(Range, String)>,
}

impl ExprProblem {
    fn new(code: &'static Code, range: Range) -> Self {
        ExprProblem { code, range, args: Vec::new(), suggestions: Vec::new(), fix: None }
    }

    /// More than a limit allows, at the place where it is passed.
    fn over(range: Range, what: &'static str, value: usize, limit: usize) -> Self {
        let p = ExprProblem::new(&codes::EXPR_LIMIT, range).arg("what", what);
        let p = p.arg("what_zh", crate::diag::limit_zh(what));
        p.arg("value", value.to_string()).arg("limit", limit.to_string())
    }

    fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// The result of parsing.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The expression, unless an error prevents one.
    pub expr: Option<Expr>,
    /// Errors and warnings.
    pub problems: Vec<ExprProblem>,
}

#[allow(missing_docs)]
mod grammar {
    /// The generated parser.
    #[derive(pest_derive::Parser)]
    #[grammar = "parse/expr.pest"]
    pub struct Grammar;
}
use grammar::{Grammar, Rule};

/// Parses an expression.
pub fn parse(text: &str) -> Parsed {
    crate::stack::enough(|| parse_here(text))
}

fn parse_here(text: &str) -> Parsed {
    let mut problems = Vec::new();
    if text.len() > MAX_LENGTH {
        let past = (MAX_LENGTH..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let p = ExprProblem::over(past..past, "bytes", text.len(), MAX_LENGTH);
        return Parsed { expr: None, problems: vec![p] };
    }
    let half = lint::half_width(text);
    problems.extend(half.warning(text));
    problems.extend(lint::foreign_signs(&half));
    problems.extend(lint::brackets(&half));
    problems.extend(lint::depth(&half));
    if problems.iter().any(|p| p.code.severity == crate::diag::Severity::Error) {
        return Parsed { expr: None, problems };
    }
    match Grammar::parse(Rule::whole, &half.text) {
        Ok(mut pairs) => {
            let mut builder = build::Builder { half: &half, nodes: 0, height: 0, problems: Vec::new() };
            let expr = pairs.next().and_then(|whole| whole.into_inner().next()).and_then(|e| builder.expr(e));
            problems.extend(builder.problems);
            let failed = problems.iter().any(|p| p.code.severity == crate::diag::Severity::Error);
            Parsed { expr: expr.filter(|_| !failed), problems }
        }
        Err(error) => {
            problems.push(lint::syntax(&half, &error));
            Parsed { expr: None, problems }
        }
    }
}
