//! The tree as canonical text.

use super::{BinOp, Expr, Kind, Test};
use std::fmt;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Num(n) => f.write_str(n),
            Kind::Str(s) => {
                write!(f, "\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
            }
            Kind::Date(d) => write!(f, "@\"{d}\""),
            Kind::Bool(b) => write!(f, "{b}"),
            Kind::Null => f.write_str("null"),
            Kind::Name(n) => f.write_str(&name(n)),
            Kind::Path(of, n) => write!(f, "{}.{}", At(of, 9), name(&n.text)),
            Kind::Filter(of, cond) => write!(f, "{}[{cond}]", At(of, 9)),
            Kind::Call(n, args) => write!(f, "{}({})", n.text, joined(args)),
            Kind::Not(x) => write!(f, "not({x})"),
            Kind::Neg(x) => write!(f, "-{}", At(x, 7)),
            Kind::Binary(op, _, l, r) => {
                let p = precedence(*op);
                let (left, right) = if p == 4 { (5, 5) } else { (p, p + 1) };
                write!(f, "{} {} {}", At(l, left), op.sign(), At(r, right))
            }
            Kind::Between(x, a, b) => write!(f, "{} between {} and {}", At(x, 5), At(a, 5), At(b, 5)),
            Kind::In(x, tests) => {
                let tests: Vec<String> = tests.iter().map(test).collect();
                match tests.as_slice() {
                    [one] => write!(f, "{} in {one}", At(x, 5)),
                    _ => write!(f, "{} in ({})", At(x, 5), tests.join(", ")),
                }
            }
            Kind::If(c, a, b) => write!(f, "if {c} then {a} else {b}"),
            Kind::Quant { every, binders, body } => {
                let names: Vec<String> =
                    binders.iter().map(|(n, e)| format!("{} in {}", name(&n.text), At(e, 2))).collect();
                write!(f, "{} {} satisfies {body}", if *every { "every" } else { "some" }, names.join(", "))
            }
            Kind::List(items) => write!(f, "[{}]", joined(items)),
            Kind::Paren(x) => write!(f, "({x})"),
        }
    }
}

fn joined(items: &[Expr]) -> String {
    items.iter().map(Expr::to_string).collect::<Vec<_>>().join(", ")
}

fn test(t: &Test) -> String {
    match t {
        Test::Compare(op, e) => format!("{} {}", op.sign(), At(e, 5)),
        Test::Range { lo, lo_closed, hi, hi_closed } => {
            format!(
                "{}{}..{}{}",
                if *lo_closed { '[' } else { '(' },
                At(lo, 5),
                At(hi, 5),
                if *hi_closed { ']' } else { ')' }
            )
        }
        Test::Value(e) => At(e, 5).to_string(),
    }
}

/// An operand, in brackets where its operator binds less tightly than its place asks.
struct At<'a>(&'a Expr, u8);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = match &self.0.kind {
            Kind::If(..) | Kind::Quant { .. } => 1,
            Kind::Binary(op, ..) => precedence(*op),
            Kind::Between(..) | Kind::In(..) => 4,
            Kind::Neg(_) => 7,
            _ => 9,
        };
        if own < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

fn precedence(op: BinOp) -> u8 {
    match op {
        BinOp::Or => 2,
        BinOp::And => 3,
        BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => 4,
        BinOp::Add | BinOp::Sub => 5,
        BinOp::Mul | BinOp::Div => 6,
    }
}

/// A name, in backticks where it is no plain name.
pub fn name(n: &str) -> String {
    let mut chars = n.chars();
    let plain = chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(|c| c == '·' || unicode_ident::is_xid_continue(c))
        && !matches!(
            n,
            "if" | "then"
                | "else"
                | "some"
                | "every"
                | "satisfies"
                | "between"
                | "in"
                | "or"
                | "and"
                | "true"
                | "false"
                | "null"
                | "not"
        );
    if plain { n.to_owned() } else { format!("`{n}`") }
}
