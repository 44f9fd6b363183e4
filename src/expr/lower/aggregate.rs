//! Functions of many values: the items of their arguments, and the rows these stand in.

use super::{EVAL_ONLY, Lower, Refused};
use crate::expr::formula::{Each, FALSE, Formula, Items, TRUE, Term, TermKind, and, not, or, rows};
use crate::ir::expr::{Expr, Kind, Part};
use crate::ir::func::{Aggregate, FuncId, typing};
use formwright_engine::Value;

/// The rows around an item, and the filters on them.
#[derive(Debug, Clone, Default)]
pub(super) struct Around {
    each: Vec<Each>,
    keep: Vec<Formula>,
}

impl Around {
    /// Every item that is taken satisfies the condition.
    pub(super) fn every(&self, body: Formula) -> Formula {
        let body = or([not(and(self.keep.clone())), body]);
        self.each.iter().rev().fold(body, |body, each| rows(true, *each, body))
    }

    /// Some item that is taken satisfies the condition.
    pub(super) fn some(&self, body: Formula) -> Formula {
        let body = and([and(self.keep.clone()), body]);
        self.each.iter().rev().fold(body, |body, each| rows(false, *each, body))
    }
}

type Visit<'v, 'a> = &'v mut dyn FnMut(&mut Lower<'a>, &'a Expr, &Around) -> Result<(), Refused>;

impl<'a> Lower<'a> {
    /// Calls `f` for the items of all arguments: those of lists one by one, anything else as it is.
    pub(super) fn each_item(&mut self, args: &'a [Expr], f: Visit<'_, 'a>) -> Result<(), Refused> {
        args.iter().try_for_each(|arg| match &arg.kind {
            Kind::List(parts) => self.each_part(parts, f),
            Kind::FilterValues { .. } | Kind::Field(..) => Err(EVAL_ONLY),
            Kind::Call(id, inner) if id.row().key == "distinct" => self.each_item(inner, f),
            _ => f(self, arg, &Around::default()),
        })
    }

    /// Calls `f` for the item of each part, those of nested lists too.
    pub(super) fn each_part(&mut self, parts: &'a [Part], f: Visit<'_, 'a>) -> Result<(), Refused> {
        self.parts_in(parts, &Around::default(), f)
    }

    fn parts_in(&mut self, parts: &'a [Part], outer: &Around, f: Visit<'_, 'a>) -> Result<(), Refused> {
        for part in parts {
            let mut around = outer.clone();
            around.each.extend(part.each);
            if let Some(filter) = &part.filter {
                around.keep.push(self.condition(filter)?.holds);
            }
            match &part.item.kind {
                Kind::List(inner) => self.parts_in(inner, &around, f)?,
                _ => f(self, &part.item, &around)?,
            }
        }
        Ok(())
    }

    /// The items an aggregate takes, and whether none of them is unreadable.
    pub(super) fn collected(&mut self, args: &'a [Expr]) -> Result<(Vec<Items>, Formula), Refused> {
        let (mut items, mut known) = (Vec::new(), Vec::new());
        self.each_item(args, &mut |this, item, around| {
            known.push(around.every(this.readable(item)?));
            let (keep, each) = (and(around.keep.clone()), around.each.clone());
            let filled = this.filled(item)?;
            if filled != FALSE && keep != FALSE {
                // A condition is only ever counted: that it is decided is all that is asked.
                let term = match this.term(item) {
                    Err(_) if item.ty == crate::ir::expr::Ty::Bool => {
                        Term::constant(Value::Bool(true), item.ty.clone())
                    }
                    other => other?,
                };
                items.push(Items { each, keep, filled, item: term });
            }
            Ok(())
        })?;
        Ok((items, and(known)))
    }

    /// The aggregate of what is there.
    pub(super) fn fold(&mut self, e: &Expr, id: FuncId, args: &'a [Expr]) -> Result<Term, Refused> {
        let (args, places) = match id.row().role {
            crate::ir::func::Role::Aggregate(Aggregate::RoundMean(_)) => {
                let Some((places, items)) = args.split_last() else { return Err(EVAL_ONLY) };
                let Kind::Const(Value::Num(n)) = &places.kind else { return Err(EVAL_ONLY) };
                (items, Some(n.to_i64().and_then(|n| u32::try_from(n).ok()).ok_or(EVAL_ONLY)?))
            }
            _ => (args, None),
        };
        let id = match (id.row().key, args) {
            ("count", [Expr { kind: Kind::Call(inner, _), .. }]) if inner.row().key == "distinct" => *inner,
            // The items of `distinct values` are collected as they are, which is the same wherever repetition is.
            (_, args) if args.iter().any(|a| repetition_matters(id, a)) => return Err("distinct-values"),
            _ => id,
        };
        let (items, _) = self.collected(args)?;
        Ok(Term { kind: TermKind::Fold(id, items, places), ty: e.ty.clone() })
    }

    /// An aggregate is there if nothing is unreadable and one is filled; a count always, if nothing is unreadable.
    pub(super) fn filled_fold(&mut self, aggregate: Aggregate, args: &'a [Expr]) -> Result<Formula, Refused> {
        let args = if matches!(aggregate, Aggregate::RoundMean(_)) { without_last(args) } else { args };
        let (items, known) = self.collected(args)?;
        match aggregate {
            Aggregate::Count => Ok(known),
            Aggregate::Sum | Aggregate::Min | Aggregate::Max | Aggregate::RoundMean(_) => {
                Ok(and([known, or(items.iter().map(some_filled))]))
            }
            Aggregate::Collect => Err(EVAL_ONLY),
        }
    }

    /// An aggregate is blank if all it takes is blank.
    pub(super) fn blank_fold(&mut self, aggregate: Aggregate, args: &'a [Expr]) -> Result<Formula, Refused> {
        let args = if matches!(aggregate, Aggregate::RoundMean(_)) { without_last(args) } else { args };
        if aggregate == Aggregate::Count {
            return Ok(FALSE);
        }
        let mut blank = Vec::new();
        self.each_item(args, &mut |this, item, around| {
            blank.push(around.every(this.blank(item)?));
            Ok(())
        })?;
        Ok(and(blank))
    }

    /// How many conditions hold at least, and at most.
    pub(super) fn tallied(&mut self, args: &'a [Expr]) -> Result<(Term, Term), Refused> {
        let (mut least, mut most) = (Vec::new(), Vec::new());
        self.each_item(args, &mut |this, item, around| {
            let pair = this.condition(item)?;
            let counted = |keep: Formula| {
                let keep = and([and(around.keep.clone()), keep]);
                let item = Term::constant(Value::Bool(true), crate::ir::expr::Ty::Bool);
                Items { each: around.each.clone(), keep, filled: TRUE, item }
            };
            least.push(counted(pair.holds));
            most.push(counted(not(pair.fails)));
            Ok(())
        })?;
        Ok((tally(least), tally(most)))
    }

    pub(super) fn all_decided(&mut self, args: &'a [Expr]) -> Result<Formula, Refused> {
        let mut all = Vec::new();
        self.each_item(args, &mut |this, item, around| {
            let pair = this.condition(item)?;
            all.push(around.every(or([pair.holds, pair.fails])));
            Ok(())
        })?;
        Ok(and(all))
    }

    pub(super) fn none_open(&mut self, args: &'a [Expr]) -> Result<Formula, Refused> {
        let mut all = Vec::new();
        self.each_item(args, &mut |this, item, around| {
            all.push(around.every(not(this.open(item)?)));
            Ok(())
        })?;
        Ok(and(all))
    }
}

fn without_last(args: &[Expr]) -> &[Expr] {
    args.split_last().map_or(args, |(_, items)| items)
}

fn repetition_matters(id: FuncId, arg: &Expr) -> bool {
    let distinct = matches!(&arg.kind, Kind::Call(inner, _) if inner.row().key == "distinct");
    distinct && !matches!(id.row().key, "min" | "max")
}

/// Whether one of the items that are taken is filled.
fn some_filled(items: &Items) -> Formula {
    let body = and([items.keep.clone(), items.filled.clone()]);
    items.each.iter().rev().fold(body, |body, each| rows(false, *each, body))
}

/// The number of conditions that hold; those decided when compiling are counted there.
fn tally(items: Vec<Items>) -> Term {
    let ty = typing::plain(0, typing::ROW_DIGITS);
    let fixed = |i: &Items| i.each.is_empty() && matches!(i.keep, Formula::Const(_));
    if items.iter().all(fixed) {
        let count = items.iter().filter(|i| i.keep == TRUE).count();
        return Term::constant(Value::int(i64::try_from(count).unwrap_or(i64::MAX)), ty);
    }
    let items = items.into_iter().filter(|i| i.keep != FALSE).collect();
    Term { kind: TermKind::Tally(items), ty }
}
