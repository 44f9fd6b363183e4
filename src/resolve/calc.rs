//! The calculator of the language: `eval`.
//!
//! FEEL with our blank logic. Names are inputs, whose types are known only at run time: what is statically wrong is
//! refused, what turns out wrong at run time is null.

use super::infer::Typing;
use super::lower::Builder;
use super::typed_json::{value_from_json, value_to_json};
use crate::diag::{Diagnostic, Lang};
use crate::expr::eval::{NoData, eval};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::parse::expr::Expr as Ast;
use formwright_engine::Value;
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::ops::Range;

/// The value of an expression over inputs.
///
/// Errors are the diagnostics of the expression: their spans are byte ranges of `text`.
pub fn calculate(text: &str, inputs: &[(String, Value)]) -> Result<Value, Vec<Diagnostic>> {
    let mut vars: Vec<Value> = inputs.iter().map(|(_, value)| value.clone()).collect();
    let name = |name: &str| {
        let at = inputs.iter().position(|(n, _)| n == name)?;
        let kind = Kind::Var(u16::try_from(at).ok()?);
        Some(Expr { kind, ty: Ty::Any, range: 0..0 })
    };
    let mut scope = Scope::new(&name, Typing { units: &[], lists: &[], rules: false });
    scope.next = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
    scope.known = inputs.iter().map(|(n, _)| n.as_str()).collect();
    inputs.iter().for_each(|(_, value)| scope.note_fields(value, 4));
    let expr = scope.text(text)?;
    Ok(eval(&expr, &mut NoData, &mut vars))
}

/// The typed expression for a text whose names the caller resolves (cells, lists of rows); with `typing.rules`, checked
/// like a rule.
pub fn lower_text(
    text: &str,
    names: &dyn Fn(&str) -> Option<Expr>,
    typing: Typing<'_>,
) -> Result<Expr, Vec<Diagnostic>> {
    Scope::new(names, typing).text(text)
}

/// One line of `eval --batch`: `{"expr", "inputs"}` in, `{"value": …}` or `{"error": {"code", "message", "span"}}` out.
pub fn batch_line(line: &str) -> String {
    let answer = match serde_json::from_str::<Json>(line) {
        Ok(json) => match json.get("expr").and_then(Json::as_str) {
            Some(text) => answer(text, json.get("inputs").unwrap_or(&Json::Null), Lang::En),
            None => input_error("a line needs `expr`"),
        },
        Err(error) => input_error(&error.to_string()),
    };
    answer.to_string()
}

/// The result of an expression over typed JSON inputs (an object or null): `{"value": …}` or `{"error": …}`.
pub fn answer(text: &str, inputs: &Json, lang: Lang) -> Json {
    crate::stack::enough(|| answer_here(text, inputs, lang))
}

fn answer_here(text: &str, inputs: &Json, lang: Lang) -> Json {
    let inputs = match inputs {
        Json::Null => Ok(Vec::new()),
        Json::Object(fields) => {
            fields.iter().map(|(name, value)| Ok((name.clone(), value_from_json(value)?))).collect()
        }
        other => Err(format!("inputs must be an object, found {other}")),
    };
    match inputs.map(|inputs: Vec<(String, Value)>| calculate(text, &inputs)) {
        Ok(Ok(value)) => json!({ "value": value_to_json(&value) }),
        Ok(Err(problems)) => refusal(&problems, lang),
        Err(message) => input_error(&message),
    }
}

fn input_error(message: &str) -> Json {
    json!({ "error": { "code": "input", "message": message, "span": null } })
}

/// The first problem, as the result line has it.
fn refusal(problems: &[Diagnostic], lang: Lang) -> Json {
    match problems.first() {
        Some(first) => json!({ "error": {
            "code": first.code.code,
            "message": message(first, lang),
            "span": [first.span.start, first.span.end],
        }}),
        None => input_error("the expression is refused"),
    }
}

/// The sentence of a diagnostic with its arguments.
fn message(diagnostic: &Diagnostic, lang: Lang) -> String {
    let template = if lang == Lang::Zh { diagnostic.code.zh } else { diagnostic.code.en };
    let put = |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{name}}}"), value);
    diagnostic.args.iter().fold(template.to_owned(), put)
}

/// The names in force.
pub(super) struct Scope<'a> {
    pub(super) build: Builder<'a>,
    names: &'a dyn Fn(&str) -> Option<Expr>,
    known: Vec<&'a str>,
    bound: Vec<(String, Expr)>,
    /// Items of the filters at hand, outermost first.
    items: Vec<u16>,
    /// Fields that rows of the inputs have.
    fields: HashSet<String>,
    next: u16,
}

impl<'a> Scope<'a> {
    fn new(names: &'a dyn Fn(&str) -> Option<Expr>, typing: Typing<'a>) -> Self {
        let build = Builder { typing, problems: Vec::new() };
        let (bound, items, fields) = (Vec::new(), Vec::new(), HashSet::new());
        Scope { build, names, known: Vec::new(), bound, items, fields, next: 0 }
    }

    /// Collects the names of fields, a few levels deep.
    fn note_fields(&mut self, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match value {
            Value::Row(cells) => {
                self.fields.extend(cells.iter().map(|(name, _)| name.to_string()));
                cells.iter().for_each(|(_, value)| self.note_fields(value, depth));
            }
            Value::List(items) => items.iter().for_each(|item| self.note_fields(item, depth)),
            _ => {}
        }
    }

    pub(super) fn name(&mut self, name: &str, range: Range<usize>) -> Expr {
        let bound = self.bound.iter().rev().find(|(n, _)| n == name).map(|(_, e)| e.clone());
        let item = self.items.last().map(|var| variable(*var, &range));
        let found = match (bound, item) {
            (Some(bound), _) => Some(bound),
            (None, Some(item)) if name == "item" => Some(item),
            (None, Some(item)) if self.fields.contains(name) => Some(field(item, name, range.clone())),
            (None, item) => (self.names)(name).or_else(|| Some(field(item?, name, range.clone()))),
        };
        match found {
            Some(expr) => Expr { range, ..expr },
            None => self.build.unknown_name(name, self.known.clone(), range),
        }
    }

    fn fresh(&mut self) -> u16 {
        let var = self.next;
        self.next = self.next.saturating_add(1);
        var
    }

    /// `list[condition]`
    pub(super) fn filter(&mut self, list: &Ast, body: &Ast, range: Range<usize>) -> Expr {
        let list = self.expr(list);
        let var = self.fresh();
        self.items.push(var);
        let body = self.expr(body);
        self.items.pop();
        let kind = Kind::FilterValues { list: Box::new(list), var, body: Box::new(body) };
        Expr { kind, ty: Ty::Any, range }
    }

    /// Binders from the outermost on; each further one is a quantifier inside.
    pub(super) fn quantifier(
        &mut self,
        every: bool,
        binders: &[(String, Ast)],
        body: &Ast,
        range: Range<usize>,
    ) -> Expr {
        let Some(((name, list), rest)) = binders.split_first() else { return self.expr(body) };
        let list = self.expr(list);
        match list.kind {
            Kind::List(parts) if self.build.typing.rules => {
                let parts = parts.into_iter().map(|part| self.bind(part, name, every, rest, body, &range));
                let parts = parts.collect();
                self.build.quantifier(every, parts, range)
            }
            _ => {
                let var = self.fresh();
                self.bound.push((name.clone(), variable(var, &range)));
                let body = self.quantifier(every, rest, body, range.clone());
                self.bound.pop();
                self.build.quantifier_values(every, list, (var, body), range)
            }
        }
    }

    fn bind(
        &mut self,
        part: Part,
        name: &str,
        every: bool,
        rest: &[(String, Ast)],
        body: &Ast,
        range: &Range<usize>,
    ) -> Part {
        self.bound.push((name.to_owned(), part.item));
        let item = self.quantifier(every, rest, body, range.clone());
        self.bound.pop();
        Part { each: part.each, filter: part.filter, item }
    }

    pub(super) fn all(&mut self, args: &[Ast]) -> Vec<Expr> {
        args.iter().map(|arg| self.expr(arg)).collect()
    }
}

fn variable(var: u16, range: &Range<usize>) -> Expr {
    Expr { kind: Kind::Var(var), ty: Ty::Any, range: range.clone() }
}

pub(super) fn field(of: Expr, name: &str, range: Range<usize>) -> Expr {
    Expr { kind: Kind::Field(Box::new(of), name.to_owned()), ty: Ty::Any, range }
}
