//! The values an aggregate takes, ready for a target's code.

use super::{Number, Printer, Rows, Text, as_cell};
use crate::expr::formula::{Each, Formula, Items, State, TRUE, and};
use crate::expr::lower::Refused;
use crate::ir::expr::Ty;

/// A printed value of an aggregate, or one for each row.
#[derive(Debug, Clone)]
pub struct Item {
    /// The rows, outermost first.
    pub rows: Vec<Rows>,
    /// Whether it is taken; `None`: it is a cell whose filled values are taken.
    pub test: Option<Text>,
    /// The value, at the scale of all.
    pub value: Number,
    /// The most values.
    pub most: u128,
}

impl Printer<'_> {
    /// The values of an aggregate at one scale, and that scale.
    pub fn items(&mut self, items: &[Items]) -> Result<(Vec<Item>, u32), Refused> {
        let mut out = Vec::new();
        for one in items {
            out.push(self.item(one)?);
        }
        let scale = out.iter().map(|i| i.value.scale).max().unwrap_or(0);
        for (item, given) in out.iter_mut().zip(items) {
            if item.value.scale < scale || item.value.constant.is_some() {
                let before = item.value.text.clone();
                item.value = self.to_scale(item.value.clone(), scale);
                if item.test.is_none() && item.value.text != before {
                    item.test = Some(self.in_rows(&given.each, |p| p.formula(&given.filled))?);
                }
            }
        }
        Ok((out, scale))
    }

    fn item(&mut self, one: &Items) -> Result<Item, Refused> {
        let rows = self.rows_along(&one.each)?;
        let most = rows.iter().fold(1_u128, |most, r| most.saturating_mul(u128::from(r.most)));
        let spot = as_cell(&one.item);
        let own = spot.is_some_and(|s| one.filled == Formula::Is(State::Filled, s, one.item.ty.clone()));
        let bare = own && one.keep == TRUE && !self.way.big;
        let (test, value) = self.in_rows(&one.each, |p| {
            let test =
                if bare { None } else { Some(p.formula(&and([one.keep.clone(), one.filled.clone()]))?) };
            Ok((test, p.any(&one.item)?))
        })?;
        Ok(Item { rows, test, value, most })
    }

    /// The rows of blocks, each inside the row of the one before.
    fn rows_along(&mut self, each: &[Each]) -> Result<Vec<Rows>, Refused> {
        let outer = self.open.len();
        let mut out = Vec::new();
        for one in each {
            out.push(self.rows_of(*one));
            self.open.push(*one);
        }
        self.open.truncate(outer);
        out.into_iter().collect()
    }

    /// A number in the way at hand, or another value.
    fn any(&mut self, term: &crate::expr::formula::Term) -> Result<Number, Refused> {
        if matches!(term.ty, Ty::Num { .. }) { self.number(term) } else { self.other(term) }
    }

    /// The values of which the outermost is asked for, their scale and the largest size; texts have no order that is
    /// the same everywhere.
    pub fn in_order(&mut self, items: &[Items]) -> Result<(Vec<Item>, u32, u128), Refused> {
        if items.iter().any(|i| i.item.ty == Ty::Text) {
            return Err("text-order");
        }
        let (items, scale) = self.items(items)?;
        let most = items.iter().map(|i| i.value.most).max().unwrap_or(0);
        Ok((items, scale, most))
    }

    /// The largest sum of these values.
    pub fn most_of(&self, items: &[Item]) -> u128 {
        items.iter().fold(0_u128, |sum, i| sum.saturating_add(i.value.most.saturating_mul(i.most)))
    }

    /// How many values there can be.
    pub fn count_of(&self, items: &[Item]) -> u128 {
        items.iter().fold(0_u128, |sum, i| sum.saturating_add(i.most))
    }
}
