//! `every … satisfies …` and `some … satisfies …`.

use super::expr::{Meaning, Resolver, Stop};
use super::runs::Item;
use super::scope::{Ctx, Sym};
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::parse::expr as ast;

impl Resolver<'_> {
    /// `every r in rows satisfies …`
    pub fn quantified(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        every: bool,
        binders: &[(ast::Ident, ast::Expr)],
        body: &ast::Expr,
    ) -> Meaning {
        let [(name, of), rest @ ..] = binders else { return Err(Stop::Wrong) };
        self.unhidden(ctx, name)?;
        let (of_rows, filter) = match &of.kind {
            ast::Kind::Filter(rows, cond) => (&**rows, Some(&**cond)),
            _ => (of, None),
        };
        if !matches!(self.symbol_quietly(ctx, of_rows), Some(Sym::Rows(_) | Sym::Block(..))) {
            return self.quantified_values(ctx, e, every, binders, body);
        }
        let name = name.text.clone();
        let mut item = |this: &mut Self, inner: &Ctx, item: Item| {
            let mut inner = inner.clone();
            match item {
                Item::Row(row) => inner.rows.push((name.clone(), row)),
                Item::Group(group) => inner.groups.push((name.clone(), group)),
            }
            if ctx.group.is_some() {
                inner.group.clone_from(&ctx.group);
                inner.group_scope = ctx.group_scope;
            }
            if rest.is_empty() {
                this.condition(&inner, body)
            } else {
                this.quantified(&inner, e, every, rest, body)
            }
        };
        let parts = self.row_items(ctx, of_rows, filter, &mut item)?;
        Ok(Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range: e.range.clone() })
    }

    /// A quantifier over a list of values: a body for each item, or for all items of a block's rows.
    fn quantified_values(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        every: bool,
        binders: &[(ast::Ident, ast::Expr)],
        body: &ast::Expr,
    ) -> Meaning {
        let [(name, of), rest @ ..] = binders else { return Err(Stop::Wrong) };
        let list = self.expr(ctx, of)?;
        let Kind::List(parts) = list.kind else {
            return Err(self.report(&codes::NOT_ROWS, &of.range, &[]));
        };
        let mut bodies = Vec::new();
        for part in parts {
            let one = |this: &mut Self, inner: &Ctx| match rest {
                [] => this.condition(inner, body),
                _ => this.quantified(inner, e, every, rest, body),
            };
            match self.body_of(ctx, &name.text, part, every, &one) {
                Ok(part) => bodies.push(part),
                Err(Stop::NotApplicable) => {}
                Err(Stop::Wrong) => return Err(Stop::Wrong),
            }
        }
        Ok(Expr { kind: Kind::Quant { every, parts: bodies }, ty: Ty::Bool, range: e.range.clone() })
    }

    /// The body for the items of one part.
    fn body_of(
        &mut self,
        ctx: &Ctx,
        name: &str,
        part: Part,
        every: bool,
        body: &dyn Fn(&mut Self, &Ctx) -> Meaning,
    ) -> Result<Part, Stop> {
        let mut inner = ctx.clone();
        inner.depth = inner.depth.max(part.each.map_or(0, |e| e.1));
        let range = part.item.range.clone();
        let item = match part.item {
            Expr { kind: Kind::List(parts), .. } => {
                let parts = parts.into_iter().map(|p| self.body_of(&inner, name, p, every, body));
                let parts = parts.collect::<Result<Vec<_>, Stop>>()?;
                Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range }
            }
            item => {
                inner.values.push((name.to_owned(), item));
                body(self, &inner)?
            }
        };
        Ok(Part { item, ..part })
    }
}
