//! Calls of functions, and those whose arguments are places.

use super::expr::{Meaning, Resolver, Stop, constant};
use super::scope::{Ctx, Sym};
use crate::diag::{Code, codes, nearest};
use crate::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use crate::ir::{BlockId, CellId, func};
use crate::parse::expr as ast;
use formwright_engine::Value;
use std::borrow::Cow;
use std::ops::Range;

/// Functions whose arguments may be groups, sections and lists: all their cells.
const FLATTENING: &[&str] =
    &["filled", "blank", "sum", "count", "min", "max", "mean", "unique", "distinct values", "tally"];

/// Functions of the language that are no rows of the function table.
const FORMS: &[&str] = &["same_row", "prev", "items", "convert", "label"];

/// Problems of names: what is found even in the operands of a function that is not known.
const OF_NAMES: &[&Code] = &[&codes::UNKNOWN_NAME, &codes::AMBIGUOUS_NAME, &codes::UNKNOWN_FUNCTION];

fn is_function(name: &str) -> bool {
    FORMS.contains(&name) || !func::find(name).is_empty() || func::refused(name).is_some()
}

/// The functions that a name which is none may stand for, best first.
fn nearest_functions(name: &str) -> Vec<String> {
    match super::words::meant(name, &[]) {
        Some(meant) => vec![meant.to_owned()],
        None => nearest(name, func::names().chain(FORMS.iter().copied())),
    }
}

/// The function of a name as it is meant.
pub fn meant(name: &str) -> Cow<'_, str> {
    if is_function(name) {
        return Cow::Borrowed(name);
    }
    nearest_functions(name).into_iter().next().map_or(Cow::Borrowed(name), Cow::Owned)
}

impl Resolver<'_> {
    /// A function call.
    pub fn call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &ast::Ident, args: &[ast::Expr]) -> Meaning {
        if is_function(&name.text) {
            self.called(ctx, e, &name.text, args)
        } else {
            self.unknown_call(ctx, e, name, args)
        }
    }

    /// A function that is not known: the one that was meant is taken, so that nothing follows from the slip.
    fn unknown_call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &ast::Ident, args: &[ast::Expr]) -> Meaning {
        let near = nearest_functions(&name.text);
        let meant = near.first().filter(|m| is_function(m)).cloned();
        self.problem(&codes::UNKNOWN_FUNCTION, &name.range, &[("name", name.text.clone())], near);
        let before = std::mem::take(self.problems);
        let found = match &meant {
            Some(meant) => self.called(ctx, e, meant, args),
            None => self.flattened(ctx, e, "count", args).and(Err(Stop::Wrong)),
        };
        let mut inside = std::mem::replace(self.problems, before);
        inside.retain(|d| OF_NAMES.iter().any(|of| of.code == d.code.code));
        self.problems.extend(inside);
        found
    }

    fn called(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        match (name, args) {
            ("same_row", [path]) => self.same_row(ctx, e, path),
            ("prev", [x]) => self.previous(ctx, e, x, None),
            ("prev", [x, which]) => self.previous(ctx, e, x, Some(which)),
            ("items", [selector]) => self.items(ctx, e, selector),
            ("convert", [x, unit]) => self.convert(ctx, e, x, unit),
            ("label", [x]) => self.label(ctx, e, x),
            ("matches", _) => self.matches(ctx, e, args),
            (form, _) if FORMS.contains(&form) => {
                let many = match form {
                    "convert" => (2, 2),
                    "prev" => (1, 2),
                    _ => (1, 1),
                };
                let (name, found) = (form.to_owned(), args.len());
                let mismatch = super::infer::Mismatch::Arity { name, found, allowed: vec![many] };
                Err(self.mismatch(&mismatch, &e.range, &[]))
            }
            ("percent", [_, whole, _]) if self.wary => {
                let made = self.plain_call(ctx, e, "percent", args)?;
                if let Kind::Call(_, args) = &made.kind
                    && let Some(meant) = args.get(1)
                {
                    self.beware_of_zero(whole, meant);
                }
                Ok(made)
            }
            ("count", [rows]) if self.counts_rows(ctx, rows) => self.count_rows(ctx, e, rows),
            (rounding, [x, places]) if rounding.starts_with("round") => {
                self.rounded(ctx, e, rounding, x, places)
            }
            (f, _) if FLATTENING.contains(&f) && f != "tally" => self.flattened(ctx, e, f, args),
            (f, _) => self.plain_call(ctx, e, f, args),
        }
    }

    fn plain_call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        let found = self.all(ctx, args)?;
        self.typed(name, found, &e.range)
    }

    /// `round half up(a / b, n)`: one exact division.
    fn rounded(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        name: &str,
        x: &ast::Expr,
        places: &ast::Expr,
    ) -> Meaning {
        let places = self.expr(ctx, places)?;
        let mut inner = x;
        while let ast::Kind::Paren(next) = &inner.kind {
            inner = next;
        }
        if let ast::Kind::Binary(ast::BinOp::Div, _, a, b) = &inner.kind {
            let (over, under) = self.pair(ctx, a, b)?;
            self.beware_of_zero(b, &under);
            return self.typed(&format!("{name} /"), vec![over, under, places], &e.range);
        }
        let outer = std::mem::replace(&mut self.rounding, true);
        let x = self.expr(ctx, x);
        self.rounding = outer;
        self.typed(name, vec![x?, places], &e.range)
    }

    pub(super) fn symbol_quietly(&mut self, ctx: &Ctx, e: &ast::Expr) -> Option<Sym> {
        match &e.kind {
            ast::Kind::Name(name) => match ctx.binds.iter().find(|b| b.0 == *name) {
                Some((_, target)) => self.symbol_quietly(&super::expr::without_binds(ctx), target),
                None => self.model.lookup(ctx, name).ok().flatten(),
            },
            ast::Kind::Path(of, name) => {
                let of = self.symbol_quietly(ctx, of)?;
                self.model.member(ctx, &of, &name.text)
            }
            ast::Kind::Paren(inner) => self.symbol_quietly(ctx, inner),
            _ => None,
        }
    }

    /// `same_row(t14.quantity)`: the row there that has the id of the row at hand.
    fn same_row(&mut self, ctx: &Ctx, e: &ast::Expr, path: &ast::Expr) -> Meaning {
        let Sym::Columns(sec, columns) = self.symbol(ctx, path)? else {
            return Err(self.report(&codes::NEEDS_ROW, &path.range, &[]));
        };
        let here = ctx.row.and_then(|r| self.model.sec(r.sec).and_then(|s| s.rows.get(r.row)));
        let Some(id) = here.map(|r| r.id.clone()) else {
            return Err(self.report(&codes::NEEDS_ROW, &e.range, &[]));
        };
        let there = self.model.sec(sec).and_then(|s| s.rows.iter().find(|r| r.id == id && !r.repeats));
        if there.is_none() && !self.missing.contains(&id) {
            self.missing.push(id);
        }
        let column = self.model.pick(ctx, sec, &columns).ok_or(Stop::Wrong)?;
        match there.and_then(|r| r.cells.get(column)).cloned() {
            Some(at) => self.at((at, Some((sec, column)), 0), &e.range),
            None => Err(Stop::NotApplicable),
        }
    }

    fn previous(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr, which: Option<&ast::Expr>) -> Meaning {
        let name = match which.map(|w| &w.kind) {
            None => String::new(),
            Some(ast::Kind::Str(s)) => s.clone(),
            Some(_) => return Err(self.report(&codes::NOT_A_PLACE, &e.range, &[])),
        };
        let Some(ix) = self.model.previous.iter().position(|p| *p == name) else {
            let said = if name.is_empty() { name } else { format!(" `{name}`") };
            return Err(self.report(&codes::NO_PREVIOUS, &e.range, &[("name", said)]));
        };
        let mut found = self.expr(ctx, x)?;
        let time = Time::Previous(u8::try_from(ix).unwrap_or(u8::MAX));
        match &mut found.kind {
            Kind::Cell { time: t, .. } => *t = time,
            _ => return Err(self.report(&codes::NOT_A_PLACE, &x.range, &[])),
        }
        Ok(found)
    }

    fn items(&mut self, ctx: &Ctx, e: &ast::Expr, selector: &ast::Expr) -> Meaning {
        let ast::Kind::Str(text) = &selector.kind else {
            return Err(self.report(&codes::NOT_A_PLACE, &selector.range, &[]));
        };
        let places = self.select(ctx, text, &selector.range)?;
        let parts: Vec<Part> = places.into_iter().map(|c| self.spread_here(ctx, c, &e.range)).collect();
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    /// A selected cell: of the row at hand if it lives there, else in every row around it.
    fn spread_here(&mut self, ctx: &Ctx, cell: CellId, range: &Range<usize>) -> Part {
        let home = self.model.cells.get(cell.ix()).and_then(|c| c.home.block);
        let row_home = ctx.row.and_then(|r| self.model.sec(r.sec)?.rows.get(r.row)?.home);
        if home.is_none() || self.model.chain(row_home).contains(&home.unwrap_or(BlockId(u32::MAX))) {
            return self.part(cell, ctx.row.map_or(0, |r| r.scope), range);
        }
        self.spread_out(ctx, cell, range)
    }

    fn convert(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr, unit: &ast::Expr) -> Meaning {
        let x = self.expr(ctx, x)?;
        let ast::Kind::Str(name) = &unit.kind else {
            return Err(self.report(&codes::NOT_A_PLACE, &unit.range, &[]));
        };
        let Some(to) = self.model.units.iter().position(|u| u.id == *name) else {
            let at = (self.locate)(unit.range.clone());
            self.problems.push(super::lists::unknown_unit(name, at, &self.model.units));
            return Err(Stop::Wrong);
        };
        if x.ty == Ty::Any {
            return Err(Stop::Wrong); // what it is could not be understood, and is reported where it stands
        }
        let to = crate::ir::UnitId(u32::try_from(to).unwrap_or(u32::MAX));
        let converted = self.typing().convert(x, to, e.range.clone());
        converted.map_err(|mismatch| match mismatch {
            super::infer::Mismatch::Convert { from: Dim::Literal | Dim::Pure, .. } => {
                self.report(&codes::CONVERT_WITHOUT_UNIT, &e.range, &[])
            }
            other => self.mismatch(&other, &e.range, &[]),
        })
    }

    /// `label(x)`: the labels of the list stand beside the code.
    fn label(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr) -> Meaning {
        let x = self.expr(ctx, x)?;
        let Ty::Code(list) = x.ty else { return self.typed("label", vec![x], &e.range) };
        let codes = self.model.lists.get(list.ix()).map(|l| l.codes.as_slice()).unwrap_or_default();
        let labels = codes.iter().map(|c| (c.code.as_str().into(), Value::Text(c.label.plain(0).into())));
        let labels = constant(Value::Row(labels.collect()), Ty::Row, e.range.clone());
        self.typed("label", vec![x, labels], &e.range)
    }

    /// `matches(x, "pattern")`: the pattern is written out, in the portable subset.
    fn matches(&mut self, ctx: &Ctx, e: &ast::Expr, args: &[ast::Expr]) -> Meaning {
        if let [_, ast::Expr { kind: ast::Kind::Str(text), range }] = args
            && let Err(what) = formwright_engine::pattern::parse(text)
        {
            return Err(self.report(&codes::BAD_PATTERN, range, &[("what", what)]));
        }
        self.plain_call(ctx, e, "matches", args)
    }
}
