//! A stand-in for the parser of expressions, without its limits and messages, until that is merged: then this file goes
//! and `written.rs` reads the real tree.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::ops::Range;
#[derive(Debug, Clone)]
pub struct Ast {
    pub kind: Node,
    pub range: Range<usize>,
}
#[derive(Debug, Clone)]
pub enum In {
    Cmp(String, Ast),
    Range(Ast, bool, Ast, bool),
    Value(Ast),
}
#[derive(Debug, Clone)]
pub enum Node {
    Number(String),
    Text(String),
    Date(String),
    Bool(bool),
    Null,
    Name(String),
    Call(String, Vec<Ast>),
    Neg(Box<Ast>),
    Binary(String, Box<Ast>, Box<Ast>),
    Between(Box<Ast>, Box<Ast>, Box<Ast>),
    In(Box<Ast>, Vec<In>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
    Quant(bool, Vec<(String, Ast)>, Box<Ast>),
    List(Vec<Ast>),
    Filter(Box<Ast>, Box<Ast>),
    Field(Box<Ast>, String),
}
#[derive(Debug, Clone, PartialEq)]
enum T {
    Num(String),
    Str(String),
    Name(String),
    Sym(String),
    Tick(String),
    End,
}
pub struct P {
    t: Vec<(T, usize)>,
    i: usize,
}
type R<X> = Result<X, String>;
const MULTI: &[&str] = &[
    "round half up",
    "round half down",
    "round up",
    "round down",
    "list contains",
    "string length",
    "starts with",
    "ends with",
    "distinct values",
    "upper case",
];
fn lex(s: &str) -> R<Vec<(T, usize)>> {
    let c: Vec<char> = s.chars().collect();
    let mut i = 0;
    let mut o = vec![];
    while i < c.len() {
        let st = i;
        let ch = c[i];
        if ch.is_whitespace() {
            i += 1;
            continue;
        }
        if ch.is_ascii_digit() || ch == '.' && c.get(i + 1).is_some_and(|d| d.is_ascii_digit()) {
            while i < c.len() && (c[i].is_ascii_digit() || c[i] == '.' && c.get(i + 1) != Some(&'.')) {
                i += 1
            }
            let mut n: String = c[st..i].iter().collect();
            if n.starts_with('.') {
                n.insert(0, '0')
            }
            o.push((T::Num(n), st));
            continue;
        }
        if ch == '"' {
            i += 1;
            let mut b = String::new();
            while c.get(i).ok_or("str")? != &'"' {
                if c[i] == '\\' {
                    i += 1;
                    b.push(match c[i] {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        x => x,
                    });
                } else {
                    b.push(c[i])
                }
                i += 1
            }
            i += 1;
            o.push((T::Str(b), st));
            continue;
        }
        if ch == '`' {
            i += 1;
            let b0 = i;
            while c[i] != '`' {
                i += 1
            }
            o.push((T::Tick(c[b0..i].iter().collect()), st));
            i += 1;
            continue;
        }
        if ch.is_alphabetic() || ch == '_' {
            while i < c.len() && (c[i].is_alphanumeric() || c[i] == '_') {
                i += 1
            }
            o.push((T::Name(c[st..i].iter().collect()), st));
            continue;
        }
        let two: String = c[i..(i + 2).min(c.len())].iter().collect();
        if ["!=", "<=", ">=", "..", "**"].contains(&two.as_str()) {
            i += 2;
            o.push((T::Sym(two), st));
            continue;
        }
        let one = match ch {
            '≠' => "!=".into(),
            '≤' => "<=".into(),
            '≥' => ">=".into(),
            x => x.to_string(),
        };
        i += 1;
        o.push((T::Sym(one), st));
    }
    o.push((T::End, c.len()));
    Ok(o)
}
pub fn parse(s: &str) -> R<Ast> {
    let mut p = P { t: lex(s)?, i: 0 };
    let e = p.expr()?;
    if p.t[p.i].0 != T::End {
        return Err(format!("rest {:?}", p.t[p.i]));
    }
    Ok(e)
}
impl P {
    fn sym(&mut self, s: &str) -> bool {
        if self.t[self.i].0 == T::Sym(s.into()) {
            self.i += 1;
            true
        } else {
            false
        }
    }
    fn kw(&mut self, s: &str) -> bool {
        if self.t[self.i].0 == T::Name(s.into()) {
            self.i += 1;
            true
        } else {
            false
        }
    }
    fn need(&mut self, s: &str) -> R<()> {
        if self.sym(s) || self.kw(s) { Ok(()) } else { Err(format!("need {s} at {:?}", self.t[self.i])) }
    }
    fn mk(&self, k: Node, st: usize) -> Ast {
        Ast { kind: k, range: st..self.t[self.i].1 }
    }
    fn at(&self) -> usize {
        self.t[self.i].1
    }
    fn expr(&mut self) -> R<Ast> {
        let s = self.at();
        if self.kw("if") {
            let c = self.expr()?;
            self.need("then")?;
            let a = self.expr()?;
            self.need("else")?;
            let b = self.expr()?;
            return Ok(self.mk(Node::If(c.into(), a.into(), b.into()), s));
        }
        for (k, ev) in [("some", false), ("every", true)] {
            if self.kw(k) {
                let mut b = vec![];
                loop {
                    let T::Name(n) = self.t[self.i].0.clone() else { return Err("binder".into()) };
                    self.i += 1;
                    self.need("in")?;
                    b.push((n, self.or()?));
                    if !self.sym(",") {
                        break;
                    }
                }
                self.need("satisfies")?;
                let e = self.expr()?;
                return Ok(self.mk(Node::Quant(ev, b, e.into()), s));
            }
        }
        self.or()
    }
    fn or(&mut self) -> R<Ast> {
        let s = self.at();
        let mut l = self.and()?;
        while self.kw("or") {
            let r = self.and()?;
            l = self.mk(Node::Binary("or".into(), l.into(), r.into()), s)
        }
        Ok(l)
    }
    fn and(&mut self) -> R<Ast> {
        let s = self.at();
        let mut l = self.cmp()?;
        while self.kw("and") {
            let r = self.cmp()?;
            l = self.mk(Node::Binary("and".into(), l.into(), r.into()), s)
        }
        Ok(l)
    }
    fn op(&mut self) -> Option<String> {
        for o in ["=", "!=", "<=", ">=", "<", ">"] {
            if self.sym(o) {
                return Some(o.into());
            }
        }
        None
    }
    fn cmp(&mut self) -> R<Ast> {
        let s = self.at();
        let l = self.add()?;
        if let Some(o) = self.op() {
            let r = self.add()?;
            return Ok(self.mk(Node::Binary(o, l.into(), r.into()), s));
        }
        if self.kw("between") {
            let a = self.add()?;
            self.need("and")?;
            let b = self.add()?;
            return Ok(self.mk(Node::Between(l.into(), a.into(), b.into()), s));
        }
        if self.kw("in") {
            let save = self.i;
            if let Ok(Some(r)) = self.range() {
                return Ok(self.mk(Node::In(l.into(), vec![r]), s));
            }
            self.i = save;
            if self.sym("(") {
                let mut ts = vec![];
                loop {
                    ts.push(self.test()?);
                    if !self.sym(",") {
                        break;
                    }
                }
                self.need(")")?;
                return Ok(self.mk(Node::In(l.into(), ts), s));
            }
            let t = self.test()?;
            return Ok(self.mk(Node::In(l.into(), vec![t]), s));
        }
        Ok(l)
    }
    fn range(&mut self) -> R<Option<In>> {
        let li = if self.sym("[") {
            true
        } else if self.sym("(") || self.sym("]") {
            false
        } else {
            return Ok(None);
        };
        let a = self.add()?;
        if !self.sym("..") {
            return Ok(None);
        }
        let b = self.add()?;
        let hi = if self.sym("]") {
            true
        } else if self.sym(")") || self.sym("[") {
            false
        } else {
            return Ok(None);
        };
        Ok(Some(In::Range(a, li, b, hi)))
    }
    fn test(&mut self) -> R<In> {
        if let Some(o) = self.op() {
            return Ok(In::Cmp(o, self.add()?));
        }
        let save = self.i;
        if let Ok(Some(r)) = self.range() {
            return Ok(r);
        }
        self.i = save;
        Ok(In::Value(self.add()?))
    }
    fn add(&mut self) -> R<Ast> {
        let s = self.at();
        let mut l = self.mul()?;
        loop {
            let o = if self.sym("+") {
                "+"
            } else if self.sym("-") {
                "-"
            } else {
                return Ok(l);
            };
            let r = self.mul()?;
            l = self.mk(Node::Binary(o.into(), l.into(), r.into()), s)
        }
    }
    fn mul(&mut self) -> R<Ast> {
        let s = self.at();
        let mut l = self.neg()?;
        loop {
            let o = if self.sym("*") {
                "*"
            } else if self.sym("/") {
                "/"
            } else {
                return Ok(l);
            };
            let r = self.neg()?;
            l = self.mk(Node::Binary(o.into(), l.into(), r.into()), s)
        }
    }
    fn neg(&mut self) -> R<Ast> {
        let s = self.at();
        if self.sym("-") {
            let e = self.neg()?;
            return Ok(self.mk(Node::Neg(e.into()), s));
        }
        self.post()
    }
    fn post(&mut self) -> R<Ast> {
        let s = self.at();
        let mut e = self.prim()?;
        loop {
            if self.sym("[") {
                let b = self.expr()?;
                self.need("]")?;
                e = self.mk(Node::Filter(e.into(), b.into()), s)
            } else if self.sym(".") {
                let T::Name(n) = self.t[self.i].0.clone() else { return Err("field".into()) };
                self.i += 1;
                e = self.mk(Node::Field(e.into(), n), s)
            } else {
                return Ok(e);
            }
        }
    }
    fn args(&mut self, close: &str) -> R<Vec<Ast>> {
        let mut a = vec![];
        if self.sym(close) {
            return Ok(a);
        }
        loop {
            a.push(self.expr()?);
            if !self.sym(",") {
                break;
            }
        }
        self.need(close)?;
        Ok(a)
    }
    fn prim(&mut self) -> R<Ast> {
        let s = self.at();
        let (t, _) = self.t[self.i].clone();
        self.i += 1;
        let k = match t {
            T::Num(n) => Node::Number(n),
            T::Str(x) => Node::Text(x),
            T::Tick(n) => Node::Name(n),
            T::Sym(x) if x == "@" => {
                let T::Str(d) = self.t[self.i].0.clone() else { return Err("date".into()) };
                self.i += 1;
                Node::Date(d)
            }
            T::Sym(x) if x == "(" => {
                let e = self.expr()?;
                self.need(")")?;
                return Ok(e);
            }
            T::Sym(x) if x == "[" => Node::List(self.args("]")?),
            T::Name(n) => match n.as_str() {
                "true" => Node::Bool(true),
                "false" => Node::Bool(false),
                "null" => Node::Null,
                _ => {
                    for m in MULTI {
                        let w: Vec<&str> = m.split(' ').collect();
                        if w[0] == n
                            && (1..w.len()).all(|k| {
                                self.t.get(self.i + k - 1).is_some_and(|t| t.0 == T::Name(w[k].into()))
                            })
                        {
                            let save = self.i;
                            self.i += w.len() - 1;
                            if self.sym("(") {
                                let a = self.args(")")?;
                                return Ok(self.mk(Node::Call((*m).into(), a), s));
                            }
                            self.i = save
                        }
                    }
                    if self.sym("(") { Node::Call(n, self.args(")")?) } else { Node::Name(n) }
                }
            },
            other => return Err(format!("unexpected {other:?}")),
        };
        Ok(self.mk(k, s))
    }
}
