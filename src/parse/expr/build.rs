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
        let range = self.range(&p);
        match p.as_rule() {
            Rule::expr | Rule::primary => self.expr(p.into_inner().next()?),
            Rule::conditional => {
                let mut parts = p.into_inner().filter(|x| x.as_rule() == Rule::expr);
                let (c, a, b) =
                    (self.expr(parts.next()?)?, self.expr(parts.next()?)?, self.expr(parts.next()?)?);
                self.node(Kind::If(Box::new(c), Box::new(a), Box::new(b)), range)
            }
            Rule::quantified => self.quantified(p, range),
            Rule::disjunction | Rule::conjunction | Rule::sum | Rule::product => self.chain(p),
            Rule::comparison => self.comparison(p, range),
            Rule::negation => self.negation(p),
            Rule::postfix => self.postfix(p),
            Rule::number => {
                let text = p.as_str().to_owned();
                self.node(Kind::Num(text), range)
            }
            Rule::string => {
                let text = unescape(&self.half.source_text(&range));
                self.node(Kind::Str(text), range)
            }
            Rule::date => {
                let inner = p.into_inner().next()?;
                let text = unescape(inner.as_str());
                self.node(Kind::Date(text), range)
            }
            Rule::list | Rule::group | Rule::open_range => self.bracketed(p, range),
            Rule::constant => {
                let kind = match p.as_str() {
                    "true" => Kind::Bool(true),
                    "false" => Kind::Bool(false),
                    _ => Kind::Null,
                };
                self.node(kind, range)
            }
            Rule::call => self.call(p, range),
            Rule::name => {
                let name = self.ident(&p).text;
                self.node(Kind::Name(name), range)
            }
            _ => None,
        }
    }

    fn ident(&self, p: &P) -> Ident {
        let text: String = p.as_str().trim_matches('`').nfc().collect();
        Ident { text, range: self.range(p) }
    }

    fn quantified(&mut self, p: P, range: Range) -> Option<Expr> {
        let mut every = false;
        let mut binders = Vec::new();
        let mut body = None;
        for x in p.into_inner() {
            match x.as_rule() {
                Rule::kw_every => every = true,
                Rule::binder => {
                    let mut inner = x.into_inner();
                    let name = self.ident(&inner.next()?);
                    let list = inner.find(|y| y.as_rule() == Rule::disjunction)?;
                    binders.push((name, self.expr(list)?));
                }
                Rule::expr => body = Some(self.expr(x)?),
                _ => {}
            }
        }
        self.node(Kind::Quant { every, binders, body: Box::new(body?) }, range)
    }

    fn chain(&mut self, p: P) -> Option<Expr> {
        let (rule, whole) = (p.as_rule(), self.range(&p));
        let operators = p.clone().into_inner().count() / 2;
        let mut inner = p.into_inner();
        let first = inner.next()?;
        let mut left = self.below(operators, &whole, |b| b.expr(first))?;
        let mut length = 0;
        while let Some(op) = inner.next() {
            let right = self.expr(inner.next()?)?;
            length += 1;
            if length > MAX_CHAIN {
                let at = self.range(&op);
                self.problems.push(ExprProblem::over(at, "operators in a row", length, MAX_CHAIN));
                return None;
            }
            let operator = match (rule, op.as_str()) {
                (Rule::disjunction, _) => BinOp::Or,
                (Rule::conjunction, _) => BinOp::And,
                (_, "+") => BinOp::Add,
                (_, "-") => BinOp::Sub,
                (_, "*") => BinOp::Mul,
                _ => BinOp::Div,
            };
            let range = left.range.start..right.range.end;
            let at = self.range(&op);
            left = self.node(Kind::Binary(operator, at, Box::new(left), Box::new(right)), range)?;
        }
        Some(left)
    }

    fn comparison(&mut self, p: P, range: Range) -> Option<Expr> {
        let mut inner = p.into_inner();
        let left = self.expr(inner.next()?)?;
        let Some(next) = inner.next() else { return Some(left) };
        match next.as_rule() {
            Rule::compare_op => {
                let (op, at) = (compare(next.as_str()), self.range(&next));
                let right = self.expr(inner.next()?)?;
                self.node(Kind::Binary(op, at, Box::new(left), Box::new(right)), range)
            }
            Rule::between => {
                let mut ends = next.into_inner().filter(|x| x.as_rule() == Rule::sum);
                let (low, high) = (self.expr(ends.next()?)?, self.expr(ends.next()?)?);
                self.node(Kind::Between(Box::new(left), Box::new(low), Box::new(high)), range)
            }
            _ => {
                let tests = self.tests(next.into_inner().nth(1)?)?;
                self.node(Kind::In(Box::new(left), tests), range)
            }
        }
    }

    /// What stands behind `in`: one test, or several in round brackets.
    fn tests(&mut self, p: P) -> Option<Vec<Test>> {
        let items = match sole(&p).filter(|b| b.as_rule() == Rule::group && tail(b).is_none()) {
            Some(group) => group.into_inner().collect(),
            None => vec![p.clone()],
        };
        if let Some(beyond) = items.get(MAX_CHAIN) {
            let at = self.range(beyond);
            self.problems.push(ExprProblem::over(at, "values behind `in`", items.len(), MAX_CHAIN));
            return None;
        }
        match items.as_slice() {
            [one] if !is_test(one) => Some(vec![Test::Value(self.expr(p)?)]),
            _ => items.into_iter().map(|x| self.test(x)).collect(),
        }
    }

    fn test(&mut self, p: P) -> Option<Test> {
        if p.as_rule() == Rule::unary_test {
            let mut inner = p.into_inner();
            let op = compare(inner.next()?.as_str());
            return Some(Test::Compare(op, self.expr(inner.next()?)?));
        }
        let Some((range, tail)) = sole(&p).and_then(|b| tail(&b).map(|t| (b, t))) else {
            return self.expr(p).map(Test::Value);
        };
        let lo_closed = range.as_rule() == Rule::list;
        let low = range.into_inner().next()?;
        if low.as_rule() == Rule::unary_test {
            return self.misplaced(&low);
        }
        let lo = self.expr(low)?;
        let mut parts = tail.into_inner();
        let hi = self.expr(parts.next()?)?;
        let hi_closed = parts.next()?.as_str() == "]";
        Some(Test::Range { lo, lo_closed, hi, hi_closed })
    }

    /// A list or a group; a range or tests have their place behind `in` only.
    fn bracketed(&mut self, p: P, range: Range) -> Option<Expr> {
        if let Some(tail) = tail(&p) {
            return self.misplaced(&tail);
        }
        let is_list = p.as_rule() == Rule::list;
        let parts: Vec<P> = p.into_inner().collect();
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

    fn negation(&mut self, p: P) -> Option<Expr> {
        let range = self.range(&p);
        let mut starts = Vec::new();
        let mut inner = None;
        for x in p.into_inner() {
            if x.as_rule() == Rule::neg_op {
                starts.push(self.range(&x).start)
            } else {
                inner = Some(self.expr(x)?)
            }
        }
        let mut e = inner?;
        for start in starts.into_iter().rev() {
            e = self.node(Kind::Neg(Box::new(e)), start..range.end)?;
        }
        Some(e)
    }

    fn postfix(&mut self, p: P) -> Option<Expr> {
        let (whole, steps) = (self.range(&p), p.clone().into_inner().count().saturating_sub(1));
        let mut inner = p.into_inner();
        let first = inner.next()?;
        let mut e = self.below(steps, &whole, |b| b.expr(first))?;
        for x in inner {
            let range = e.range.start..self.range(&x).end;
            let is_filter = x.as_rule() == Rule::filter;
            let part = x.into_inner().next()?;
            let kind = if is_filter {
                Kind::Filter(Box::new(e), Box::new(self.expr(part)?))
            } else {
                Kind::Path(Box::new(e), self.ident(&part))
            };
            e = self.node(kind, range)?;
        }
        Some(e)
    }

    fn call(&mut self, p: P, range: Range) -> Option<Expr> {
        let mut inner = p.into_inner();
        let function = inner.next()?;
        let mut name = self.ident(&function);
        name.text = name.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let args = inner.map(|x| self.expr(x)).collect::<Option<Vec<_>>>()?;
        match (name.text.as_str(), <[Expr; 1]>::try_from(args)) {
            ("not", Ok([one])) => self.node(Kind::Not(Box::new(one)), range),
            (_, Ok([one])) => self.node(Kind::Call(name, vec![one]), range),
            (_, Err(args)) => self.node(Kind::Call(name, args), range),
        }
    }
}

/// The bracket that is the whole of an expression.
fn sole<'i>(p: &P<'i>) -> Option<P<'i>> {
    let mut at = p.clone();
    loop {
        if matches!(at.as_rule(), Rule::list | Rule::group | Rule::open_range) {
            return Some(at);
        }
        let mut inner = at.into_inner();
        let (Some(first), None) = (inner.next(), inner.next()) else { return None };
        at = first;
    }
}

/// The upper end of a range, if a bracket is one.
fn tail<'i>(bracket: &P<'i>) -> Option<P<'i>> {
    bracket.clone().into_inner().find(|x| x.as_rule() == Rule::range_tail)
}

/// Whether something can stand behind `in` only.
fn is_test(p: &P) -> bool {
    p.as_rule() == Rule::unary_test || sole(p).is_some_and(|b| tail(&b).is_some())
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
