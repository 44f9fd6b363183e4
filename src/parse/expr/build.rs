//! From the grammar's pairs to the tree.

use super::lint::Half;
use super::{BinOp, Expr, ExprProblem, Ident, Kind, MAX_CHAIN, MAX_HEIGHT, MAX_NODES, Range, Rule, Test};
use crate::diag::codes;
use pest::iterators::Pair;
use unicode_normalization::UnicodeNormalization;

/// Builds the tree; counts nodes.
pub struct Builder<'a> {
    /// The text with half-width signs.
    pub half: &'a Half,
    /// Nodes so far.
    pub nodes: usize,
    /// Nodes above the one at hand.
    pub height: usize,
    /// Problems found on the way.
    pub problems: Vec<ExprProblem>,
}

type P<'i> = Pair<'i, Rule>;

impl Builder<'_> {
    fn range(&self, p: &P) -> Range {
        let span = p.as_span();
        self.half.original(span.start()..span.end())
    }

    fn node(&mut self, kind: Kind, range: Range) -> Option<Expr> {
        self.nodes += 1;
        if self.nodes == MAX_NODES + 1 {
            self.problems.push(ExprProblem::over(range.clone(), "nodes", self.nodes, MAX_NODES));
        }
        (self.nodes <= MAX_NODES).then_some(Expr { kind, range })
    }

    /// What stands `by` nodes deeper: limited, because all later stages descend as deep.
    fn below<T>(&mut self, by: usize, at: &Range, f: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.height += by;
        let out = if self.height > MAX_HEIGHT {
            let what = "operations inside each other";
            self.problems.push(ExprProblem::over(at.clone(), what, self.height, MAX_HEIGHT));
            None
        } else {
            f(self)
        };
        self.height -= by;
        out
    }

    /// Any expression.
    pub fn expr(&mut self, p: P) -> Option<Expr> {
        let parts: Vec<P> = p.into_inner().collect();
        match parts.as_slice() {
            [one] if one.as_rule() == Rule::conditional => self.conditional(one),
            [one] if one.as_rule() == Rule::quantified => self.quantified(one),
            row => self.row(row, Level::Or),
        }
    }

    /// Operands and operators in a row, of a level and those that bind tighter.
    fn row(&mut self, row: &[P], level: Level) -> Option<Expr> {
        match level {
            Level::Or => self.chain(row, Rule::kw_or, Level::And),
            Level::And => self.chain(row, Rule::kw_and, Level::Comparison),
            Level::Comparison => self.comparison(row),
            Level::Sum => self.chain(row, Rule::add_op, Level::Product),
            Level::Product => self.chain(row, Rule::mul_op, Level::Operand),
            Level::Operand => self.operand(row),
        }
    }

    fn ident(&self, p: &P) -> Ident {
        let written = p.as_str().trim_matches('`');
        let text = if written.is_ascii() { written.to_owned() } else { written.nfc().collect() };
        Ident { text, range: self.range(p) }
    }

    fn conditional(&mut self, p: &P) -> Option<Expr> {
        let start = self.range(p).start;
        let mut parts = p.clone().into_inner().filter(|x| x.as_rule() == Rule::expr);
        let (c, a, b) = (self.expr(parts.next()?)?, self.expr(parts.next()?)?, self.expr(parts.next()?)?);
        let range = start..b.range.end;
        self.node(Kind::If(Box::new(c), Box::new(a), Box::new(b)), range)
    }

    fn quantified(&mut self, p: &P) -> Option<Expr> {
        let mut every = false;
        let mut binders = Vec::new();
        let mut body = None;
        for x in p.clone().into_inner() {
            match x.as_rule() {
                Rule::kw_every => every = true,
                Rule::binder => {
                    let parts: Vec<P> = x.into_inner().collect();
                    let [name, _in, list @ ..] = parts.as_slice() else { return None };
                    binders.push((self.ident(name), self.row(list, Level::Or)?));
                }
                Rule::expr => body = Some(self.expr(x)?),
                _ => {}
            }
        }
        let body = body?;
        let range = self.range(p).start..body.range.end;
        self.node(Kind::Quant { every, binders, body: Box::new(body) }, range)
    }

    /// Operands with one kind of operator between them, from the left.
    fn chain(&mut self, row: &[P], sign: Rule, tighter: Level) -> Option<Expr> {
        let is_sign = |p: &P| p.as_rule() == sign;
        let operators: Vec<&P> = row.iter().filter(|p| is_sign(p)).collect();
        let mut operands = row.split(is_sign);
        let first = operands.next()?;
        if operators.is_empty() {
            return self.row(first, tighter);
        }
        let whole = self.whole(row)?;
        let mut left = self.below(operators.len(), &whole, |b| b.row(first, tighter))?;
        for (before, (op, operand)) in operators.into_iter().zip(operands).enumerate() {
            let right = self.row(operand, tighter)?;
            let at = self.range(op);
            if before >= MAX_CHAIN {
                self.problems.push(ExprProblem::over(at, "operators in a row", before + 1, MAX_CHAIN));
                return None;
            }
            let operator = match (sign, op.as_str()) {
                (Rule::kw_or, _) => BinOp::Or,
                (Rule::kw_and, _) => BinOp::And,
                (_, "+") => BinOp::Add,
                (_, "-") => BinOp::Sub,
                (_, "*") => BinOp::Mul,
                _ => BinOp::Div,
            };
            let range = left.range.start..right.range.end;
            left = self.node(Kind::Binary(operator, at, Box::new(left), Box::new(right)), range)?;
        }
        Some(left)
    }

    /// From the first of a row to the last.
    fn whole(&self, row: &[P]) -> Option<Range> {
        Some(self.range(row.first()?).start..self.range(row.last()?).end)
    }

    fn comparison(&mut self, row: &[P]) -> Option<Expr> {
        let is_sign = |p: &P| matches!(p.as_rule(), Rule::compare_op | Rule::between | Rule::membership);
        let Some(at) = row.iter().position(is_sign) else { return self.row(row, Level::Sum) };
        let (left, rest) = row.split_at_checked(at)?;
        let (sign, right) = rest.split_first()?;
        let left = self.row(left, Level::Sum)?;
        let start = left.range.start;
        if sign.as_rule() == Rule::compare_op {
            let right = self.row(right, Level::Sum)?;
            let range = start..right.range.end;
            let kind =
                Kind::Binary(compare(sign.as_str()), self.range(sign), Box::new(left), Box::new(right));
            return self.node(kind, range);
        }
        let parts: Vec<P> = sign.clone().into_inner().collect();
        let end = self.range(parts.last()?).end;
        let (_keyword, parts) = parts.split_first()?;
        if sign.as_rule() == Rule::membership {
            let tests = self.tests(parts)?;
            return self.node(Kind::In(Box::new(left), tests), start..end);
        }
        let mut ends = parts.split(|p| p.as_rule() == Rule::kw_and);
        let (low, high) = (self.row(ends.next()?, Level::Sum)?, self.row(ends.next()?, Level::Sum)?);
        self.node(Kind::Between(Box::new(left), Box::new(low), Box::new(high)), start..end)
    }

    /// What stands behind `in`: one test, or several in round brackets.
    fn tests(&mut self, row: &[P]) -> Option<Vec<Test>> {
        let group = sole(row).filter(|b| b.as_rule() == Rule::group && tail(b).is_none());
        let Some(group) = group else { return self.test(row).map(|one| vec![one]) };
        let items: Vec<P> = group.into_inner().collect();
        if let Some(beyond) = items.get(MAX_CHAIN) {
            let at = self.range(beyond);
            self.problems.push(ExprProblem::over(at, "values behind `in`", items.len(), MAX_CHAIN));
            return None;
        }
        match items.as_slice() {
            [one] if !is_test(one) => Some(vec![Test::Value(self.row(row, Level::Sum)?)]),
            all => all.iter().map(|x| self.test(std::slice::from_ref(x))).collect(),
        }
    }

    fn test(&mut self, row: &[P]) -> Option<Test> {
        if let [one] = row
            && one.as_rule() == Rule::unary_test
        {
            let parts: Vec<P> = one.clone().into_inner().collect();
            let (op, value) = parts.split_first()?;
            return Some(Test::Compare(compare(op.as_str()), self.row(value, Level::Sum)?));
        }
        let Some(range) = sole(row).filter(|b| tail(b).is_some()) else {
            return self.row(row, Level::Sum).map(Test::Value);
        };
        let lo_closed = range.as_rule() == Rule::list;
        let parts: Vec<P> = range.into_inner().collect();
        let (tail, low) = parts.split_last()?;
        if let [one] = low
            && one.as_rule() == Rule::unary_test
        {
            return self.misplaced(one);
        }
        let lo = self.row(low, Level::Sum)?;
        let parts: Vec<P> = tail.clone().into_inner().collect();
        let (close, high) = parts.split_last()?;
        let hi = self.row(high, Level::Sum)?;
        Some(Test::Range { lo, lo_closed, hi, hi_closed: close.as_str() == "]" })
    }

    /// A list or a group; a range or tests have their place behind `in` only.
    fn bracketed(&mut self, p: &P, range: Range) -> Option<Expr> {
        if let Some(tail) = tail(p) {
            return self.misplaced(&tail);
        }
        let is_list = p.as_rule() == Rule::list;
        let parts: Vec<P> = p.clone().into_inner().collect();
        if let Some(test) = parts.iter().find(|x| x.as_rule() == Rule::unary_test) {
            return self.misplaced(test);
        }
        let mut items = parts.into_iter().map(|x| self.expr(x)).collect::<Option<Vec<_>>>()?;
        match items.pop() {
            Some(one) if !is_list && items.is_empty() => self.node(Kind::Paren(Box::new(one)), range),
            Some(last) if !is_list => {
                let before = items.last().map_or(range.start, |x| x.range.end);
                let between = self.half.slice(before..last.range.start);
                let (at, comma) =
                    between.char_indices().find(|c| matches!(c.1, ',' | '，')).unwrap_or((0, ','));
                self.unexpected(",", before + at..before + at + comma.len_utf8())
            }
            last => {
                items.extend(last);
                self.node(Kind::List(items), range)
            }
        }
    }

    /// A sign that has its meaning behind `in` only.
    fn misplaced<T>(&mut self, p: &P) -> Option<T> {
        let sign = match p.as_rule() {
            Rule::range_tail => "..",
            _ => p.as_str().get(..1).unwrap_or_default(),
        };
        let start = self.range(p).start;
        self.unexpected(sign, start..start + sign.len())
    }

    fn unexpected<T>(&mut self, sign: &str, range: Range) -> Option<T> {
        self.problems.push(ExprProblem::new(&codes::EXPR_UNEXPECTED, range).arg("found", sign));
        None
    }

    /// An operand: signs, a primary with its arguments, what is taken of it.
    fn operand(&mut self, row: &[P]) -> Option<Expr> {
        let signs = row.iter().take_while(|p| p.as_rule() == Rule::neg_op).count();
        let (signs, rest) = row.split_at_checked(signs)?;
        let mut e = match rest {
            [name, arguments, steps @ ..] if arguments.as_rule() == Rule::arguments => {
                self.steps(rest, steps, |b| b.call(name, arguments))?
            }
            [one, steps @ ..] => self.steps(rest, steps, |b| b.primary(one))?,
            [] => return None,
        };
        for sign in signs.iter().rev() {
            let range = self.range(sign).start..e.range.end;
            e = self.node(Kind::Neg(Box::new(e)), range)?;
        }
        Some(e)
    }

    /// Filters and paths behind a primary.
    fn steps(&mut self, row: &[P], steps: &[P], of: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let whole = self.whole(row)?;
        let mut e = self.below(steps.len(), &whole, of)?;
        for x in steps {
            let range = e.range.start..self.range(x).end;
            let part = x.clone().into_inner().next()?;
            let kind = if x.as_rule() == Rule::filter {
                Kind::Filter(Box::new(e), Box::new(self.expr(part)?))
            } else {
                Kind::Path(Box::new(e), self.ident(&part))
            };
            e = self.node(kind, range)?;
        }
        Some(e)
    }

    fn primary(&mut self, p: &P) -> Option<Expr> {
        let range = self.range(p);
        let kind = match p.as_rule() {
            Rule::expr => return self.expr(p.clone()),
            Rule::list | Rule::group | Rule::open_range => return self.bracketed(p, range),
            Rule::number => Kind::Num(p.as_str().to_owned()),
            Rule::string => Kind::Str(unescape(&self.half.source_text(&range))),
            Rule::date => Kind::Date(unescape(p.clone().into_inner().next()?.as_str())),
            Rule::name => Kind::Name(self.ident(p).text),
            Rule::constant => match p.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                _ => Kind::Null,
            },
            _ => return None,
        };
        self.node(kind, range)
    }

    fn call(&mut self, function: &P, arguments: &P) -> Option<Expr> {
        let range = self.range(function).start..self.range(arguments).end;
        let mut name = self.ident(function);
        name.text = name.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let args = arguments.clone().into_inner().map(|x| self.expr(x)).collect::<Option<Vec<_>>>()?;
        match (name.text.as_str(), <[Expr; 1]>::try_from(args)) {
            ("not", Ok([one])) => self.node(Kind::Not(Box::new(one)), range),
            (_, Ok([one])) => self.node(Kind::Call(name, vec![one]), range),
            (_, Err(args)) => self.node(Kind::Call(name, args), range),
        }
    }
}

/// How tight an operator binds, from loose to tight.
#[derive(Clone, Copy)]
enum Level {
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Operand,
}

/// The bracket that is the whole of an expression.
fn sole<'i>(row: &[P<'i>]) -> Option<P<'i>> {
    let [one] = row else { return None };
    match one.as_rule() {
        Rule::list | Rule::group | Rule::open_range => Some(one.clone()),
        Rule::expr => sole(&one.clone().into_inner().collect::<Vec<_>>()),
        _ => None,
    }
}

/// The upper end of a range, if a bracket is one.
fn tail<'i>(bracket: &P<'i>) -> Option<P<'i>> {
    bracket.clone().into_inner().find(|x| x.as_rule() == Rule::range_tail)
}

/// Whether something can stand behind `in` only.
fn is_test(p: &P) -> bool {
    p.as_rule() == Rule::unary_test || sole(std::slice::from_ref(p)).is_some_and(|b| tail(&b).is_some())
}

fn compare(sign: &str) -> BinOp {
    match sign {
        "=" => BinOp::Eq,
        "!=" | "≠" => BinOp::Ne,
        "<" => BinOp::Lt,
        "<=" | "≤" => BinOp::Le,
        ">" => BinOp::Gt,
        _ => BinOp::Ge,
    }
}

/// The text between the quotes, escapes decoded.
fn unescape(quoted: &str) -> String {
    let mut chars = quoted.chars();
    chars.next();
    chars.next_back();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => out.extend(code_point(&mut chars, 4)),
            Some('U') => out.extend(code_point(&mut chars, 6)),
            Some(other) => {
                if !matches!(other, '"' | '\\' | '\'') {
                    out.push('\\');
                }
                out.push(other);
            }
            None => {}
        }
    }
    out
}

fn code_point(chars: &mut std::str::Chars, digits: usize) -> Option<char> {
    let hex: String = chars.by_ref().take(digits).collect();
    u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use crate::parse::expr::parse;

    #[test]
    fn nested_tests_are_read_once() {
        let nested = format!("{}true{}", "true in ((".repeat(30), "))".repeat(30));
        assert!(parse(&nested).expr.is_some());
        let broken = format!("{}true true{}", "true in ((".repeat(30), "))".repeat(30));
        assert!(parse(&broken).expr.is_none());
    }

    #[test]
    fn what_would_descend_too_deep_is_refused() {
        let chain = |n: usize| format!("a{}", " + a".repeat(n));
        assert!(parse(&chain(256)).expr.is_some());
        let nested = (0..20).fold("a".to_owned(), |inner, _| format!("({inner}) + {}", chain(30)));
        for deep in [nested, format!("a{}", ".b".repeat(2000))] {
            let parsed = parse(&deep);
            assert_eq!(parsed.problems.first().map(|p| p.code.code), Some("E0201"), "{:?}", parsed.problems);
        }
    }

    #[test]
    fn ranges_and_tests_stand_behind_in_only() {
        for right in
            ["x in (1, [2..3], < 4)", "x in ]1..2[", "x in ([1..2])", "x in (1) + 2", "[]", "x in []"]
        {
            assert!(parse(right).expr.is_some(), "{right}");
        }
        for (wrong, at) in [("[1..2]", 2..4), ("(1, 2)", 2..3), ("(< 2)", 1..2), ("(1，2)", 2..5)] {
            let parsed = parse(wrong);
            assert_eq!(parsed.problems.last().map(|p| p.range.clone()), Some(at), "{wrong}");
        }
    }
}
