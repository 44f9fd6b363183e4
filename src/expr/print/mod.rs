//! The printer: one walk over formulas and values for all targets.
//!
//! The printer knows precedence, scales and sizes of numbers; how anything is spelt stands in the tables of
//! [`super::target`] and in the columns of the function table; where cells and rows are is said by a [`Site`], which the
//! artefact's emitter implements.
//!
//! **Numbers.** Each number carries its scale and the largest size it can have, both static. In a target of whole units
//! (JavaScript, Rust) `1.5` at scale 2 is `150`, and the sides of a comparison are brought to one scale by factors in the
//! text. A comparison is printed in the first [`Way`] of the target that is exact for all its numbers: in JavaScript
//! `Number` below 2^53, else `BigInt`; in Excel plain figures with rounded differences, else whole units, else whole
//! units behind a test of their size.
//!
//! **Blanks** do not occur: formulas test each operand before it is used.

pub mod fold;
mod number;

use super::formula::{Each, Formula, Node, Spot, State, Term, TermKind};
use super::lower::Refused;
use super::target::{Join, Own, Target, Way, Words};
use crate::ir::BlockId;
use crate::ir::expr::Ty;
use crate::ir::func::{Form, FuncId, Syntax};
pub use number::{Cut, Number, places, pow10};
use std::collections::BTreeSet;

/// How tightly text binds: nothing splits it.
pub const TIGHT: u8 = 9;
/// A sign before it.
pub const PREFIX: u8 = 6;
/// A comparison.
pub const COMPARES: u8 = 3;

/// Most bytes of a printed condition or value, in targets that have no shorter limit of their own.
pub const LONGEST: usize = 1 << 15;

/// A piece of target text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// How tightly it binds: 0 loosely (a choice), 1 `or`, 2 `and`, 3 comparisons, 4 sums, 5 products, 6 a sign, 9 whole.
    pub binds: u8,
}

impl Text {
    /// Text that nothing splits.
    pub fn tight(text: impl Into<String>) -> Self {
        Text { text: text.into(), binds: TIGHT }
    }

    /// Text that binds so tightly.
    pub fn new(text: impl Into<String>, binds: u8) -> Self {
        Text { text: text.into(), binds }
    }

    /// The text, in brackets if it binds more loosely than asked.
    pub fn at(&self, least: u8) -> String {
        if self.binds < least { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// What stands around a place in a formula.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The rows that are run through there, outermost first.
    pub rows: &'a [Each],
    /// Whether the rows of the place's scope are a range.
    pub range: bool,
}

/// Where an artefact keeps what formulas read.
pub trait Site {
    /// The value of a cell. In targets of whole units, the units at its scale; in targets that work on ranges, the
    /// range of all its rows where they are one.
    fn value(&self, spot: Spot, ty: &Ty, around: Around<'_>) -> Result<String, Refused>;

    /// The state of a cell where the target's own test of its value does not do: a test, or what is always so.
    fn state(&self, state: State, spot: Spot, ty: &Ty, around: Around<'_>) -> Option<Result<Text, bool>> {
        let _ = (state, spot, ty, around);
        None
    }

    /// The rows of a block inside the innermost record that holds it: the row of one of the iterations around, or the row
    /// at hand.
    fn rows(&self, each: Each, around: Around<'_>) -> Result<Rows, Refused>;

    /// The position of the row of a scope among the rows of its block.
    fn position(&self, block: BlockId, scope: u8, around: Around<'_>) -> Result<String, Refused>;
}

/// Rows run through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// What is run through: an array, a table with its alias; nothing for ranges.
    pub source: String,
    /// The name of a row, or what else the target binds.
    pub name: String,
    /// Which rows count, where not all do (spare rows of a sheet, rows of other returns in a table).
    pub present: Option<String>,
    /// The most rows there can be.
    pub most: u64,
    /// The name of a row's position, where the condition asks for it; set by the printer.
    pub position: Option<String>,
}

/// What became of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// Why it may leave undecided what the source decides, if it may: reason codes.
    pub weaker: BTreeSet<&'static str>,
}

/// Prints a condition.
pub fn print(formula: &Formula, target: &'static Target, site: &dyn Site) -> Result<Printed, Refused> {
    let mut printer = Printer::new(target, site);
    let text = printer.formula(formula)?;
    printer.finish(text, true)
}

/// Prints a value. Of numbers the text is the value itself, or its units at the scale that is returned.
pub fn print_value(term: &Term, target: &'static Target, site: &dyn Site) -> Result<(Printed, u32), Refused> {
    let mut printer = Printer::new(target, site);
    let number = printer.alone(term)?;
    let scale = number.scale;
    Ok((printer.finish(number.text, false)?, scale))
}

/// The state of a walk.
pub struct Printer<'s> {
    /// The target.
    pub target: &'static Target,
    /// Where things are.
    pub site: &'s dyn Site,
    /// How numbers are calculated with at the moment.
    pub way: Way,
    /// The largest number met in this way.
    pub peak: u128,
    /// The scope whose cells are ranges at the moment.
    pub range: Option<u8>,
    /// Whether something may go wrong in the target where a cell cannot be read.
    pub fragile: bool,
    weaker: BTreeSet<&'static str>,
    /// What must hold for the whole text to be exact: the sizes of its guarded numbers.
    sizes: Vec<String>,
    /// The numbers printed so far.
    spent: usize,
    /// The rows run through around what is printed, outermost first.
    open: Vec<Each>,
}

impl<'s> Printer<'s> {
    fn new(target: &'static Target, site: &'s dyn Site) -> Self {
        let way = target.ways.first().copied().unwrap_or(Way {
            scaled: false,
            big: false,
            limit: 0,
            guarded: false,
        });
        let (weaker, sizes) = (BTreeSet::new(), Vec::new());
        Printer {
            target,
            site,
            way,
            peak: 0,
            range: None,
            fragile: false,
            weaker,
            sizes,
            spent: 0,
            open: Vec::new(),
        }
    }

    fn finish(self, text: Text, condition: bool) -> Result<Printed, Refused> {
        let text = self.within_sizes(text, condition);
        let [undecided, blank] = self.target.rescue;
        let rescue = if condition { undecided } else { blank };
        let text = match self.fragile && !rescue.is_empty() {
            true => rescue.replace("{0}", &text.text),
            false => text.text,
        };
        // Limits of spreadsheets are in UTF-16 units.
        if self.target.length.is_some_and(|most| text.encode_utf16().count() > most) {
            return Err("length-limit");
        }
        if self.target.queries.is_some_and(|most| queries(&text) > most) {
            return Err("many-queries");
        }
        Ok(Printed { text, weaker: self.weaker })
    }

    /// The text behind the test that its guarded numbers are small. It stands outside of all: inside, what a number too
    /// large leaves open would be turned into its opposite by a `not`, or would choose the other of two branches.
    fn within_sizes(&self, text: Text, condition: bool) -> Text {
        if self.sizes.is_empty() {
            return text;
        }
        let small: Vec<Text> = self.sizes.iter().map(|s| Text::new(s.clone(), COMPARES)).collect();
        let open = if condition { self.truth(false) } else { Text::tight("\"\"") };
        self.choice(&[self.join(&small, self.words().and), text, open])
    }

    /// Notes what must be small for the text to be exact.
    fn guard_by(&mut self, size: &str) {
        self.weaker("digits");
        let small = format!("{size}<9E15");
        if !self.sizes.contains(&small) {
            self.sizes.push(small);
        }
    }

    /// The words at hand.
    pub fn words(&self) -> &'static Words {
        if self.range.is_some() { &self.target.range_words } else { &self.target.words }
    }

    /// Notes that the text may leave undecided what the source decides.
    pub fn weaker(&mut self, reason: &'static str) {
        self.weaker.insert(reason);
    }

    /// The text, if it is not too long: what stands several times in another is refused before that grows with it.
    pub fn kept(&self, text: Text) -> Result<Text, Refused> {
        // A character takes up to four bytes.
        let most = self.target.length.map_or(LONGEST, |units| units.saturating_mul(4));
        if text.text.len() > most { Err("length-limit") } else { Ok(text) }
    }

    /// A condition.
    pub fn formula(&mut self, formula: &Formula) -> Result<Text, Refused> {
        let text = self.formula_text(formula)?;
        self.kept(text)
    }

    fn formula_text(&mut self, formula: &Formula) -> Result<Text, Refused> {
        match formula {
            Formula::Const(known) => Ok(self.truth(*known)),
            Formula::And(parts) => self.joined(parts, true),
            Formula::Or(parts) => self.joined(parts, false),
            Formula::Not(inner) => {
                if let Formula::Is(state, spot, ty) = inner.as_ref() {
                    return self.state(*state, false, *spot, ty);
                }
                let inner = self.formula(inner)?;
                Ok(self.not(&inner))
            }
            Formula::Guard(two) => self.guarded(two),
            Formula::If(three) => {
                let [c, p, q] = three.as_ref();
                let parts = [self.formula(c)?, self.formula(p)?, self.formula(q)?];
                Ok(self.choice(&parts))
            }
            Formula::Is(state, spot, ty) => self.state(*state, true, *spot, ty),
            Formula::Atom(id, args) => self.atom(*id, args),
            Formula::Reads(term) => (self.target.reads)(self, term),
            Formula::Rows { every, each, body } => self.rows(*every, *each, body),
            Formula::Before(block, first, second) => {
                let position = |scope| self.site.position(*block, scope, self.around(false));
                let (a, b) = (position(*first)?, position(*second)?);
                Ok(fill(self.target.before, &[Text::tight(a), Text::tight(b)], COMPARES))
            }
        }
    }

    /// True or false.
    pub fn truth(&self, known: bool) -> Text {
        let [no, yes] = self.words().truth;
        Text::tight(if known { yes } else { no })
    }

    /// The opposite.
    pub fn not(&self, inner: &Text) -> Text {
        let (template, binds) = self.words().not;
        fill(template, std::slice::from_ref(inner), binds)
    }

    /// A choice of conditions or values.
    pub fn choice(&self, parts: &[Text; 3]) -> Text {
        let (template, binds) = self.words().choose;
        fill(template, parts, binds)
    }

    /// Parts joined by `and` or `or`; at least one.
    pub fn join(&self, parts: &[Text], join: Join) -> Text {
        match parts {
            [] => self.truth(true),
            [one] => one.clone(),
            _ => {
                let parts: Vec<String> = parts.iter().map(|p| p.at(join.part)).collect();
                Text::new(format!("{}{}{}", join.open, parts.join(join.between), join.close), join.binds)
            }
        }
    }

    fn joined(&mut self, parts: &[Formula], all: bool) -> Result<Text, Refused> {
        let join = if all { self.words().and } else { self.words().or };
        let mut texts = Vec::new();
        let mut rest = parts;
        while let Some((first, behind)) = rest.split_first() {
            let run = if all { self.filled_numbers(rest)? } else { Vec::new() };
            if let (true, Some(together)) = (run.len() > 1, self.target.filled_all) {
                texts.push(Text::new(together(&run), COMPARES));
                rest = rest.get(run.len()..).unwrap_or_default();
                continue;
            }
            texts.push(self.formula(first)?);
            rest = behind;
        }
        let known = |b: bool| self.truth(b);
        // A test that the site decides need not be printed.
        if texts.contains(&known(!all)) {
            return Ok(known(!all));
        }
        let neutral = known(all);
        texts.retain(|t| *t != neutral);
        Ok(if texts.is_empty() { neutral } else { self.join(&texts, join) })
    }

    /// The leading tests that a single number is filled, where the target tests several at once.
    fn filled_numbers(&self, parts: &[Formula]) -> Result<Vec<String>, Refused> {
        let mut run = Vec::new();
        if self.target.filled_all.is_none() || self.range.is_some() {
            return Ok(run);
        }
        for part in parts {
            match part {
                Formula::Is(State::Filled, spot, ty @ (Ty::Num { .. } | Ty::Date(_)))
                    if self.site.state(State::Filled, *spot, ty, self.around(false)).is_none() =>
                {
                    run.push(self.site.value(*spot, ty, self.around(false))?);
                }
                _ => break,
            }
        }
        Ok(run)
    }

    fn guarded(&mut self, two: &[Formula; 2]) -> Result<Text, Refused> {
        let [test, body] = two;
        let words = self.words();
        let parts = [self.formula(test)?, self.formula(body)?];
        if parts.contains(&self.truth(false)) {
            return Ok(self.truth(false));
        }
        let [test, body] = parts;
        if test == self.truth(true) {
            return Ok(body);
        }
        if body == self.truth(true) {
            return Ok(test);
        }
        match words.guard {
            Some(template) => Ok(fill(template, &[test, body], TIGHT)),
            None => Ok(self.join(&[test, body], words.and)),
        }
    }

    /// What stands around what is printed at the moment.
    pub fn around(&self, range: bool) -> Around<'_> {
        Around { rows: &self.open, range }
    }

    /// The rows of a block here.
    pub fn rows_of(&self, each: Each) -> Result<Rows, Refused> {
        self.site.rows(each, self.around(false))
    }

    /// Whether the cells of a scope are ranges at the moment.
    pub fn is_range(&self, spot: Spot) -> bool {
        self.range.is_some_and(|scope| scope == spot.scope)
    }

    /// The text of a cell.
    pub fn cell(&self, spot: Spot, ty: &Ty) -> Result<String, Refused> {
        if self.range.is_some() && spot.scope > 0 && !self.is_range(spot) {
            return Err("nested-rows");
        }
        self.site.value(spot, ty, self.around(self.is_range(spot)))
    }

    /// A test of a cell, or its opposite.
    fn state(&mut self, state: State, holds: bool, spot: Spot, ty: &Ty) -> Result<Text, Refused> {
        let own = self.site.state(state, spot, ty, self.around(self.is_range(spot)));
        let test = match own {
            Some(Err(known)) => return Ok(self.truth(known == holds)),
            Some(Ok(text)) => text,
            None => match (self.target.state)(state, ty) {
                Err(known) => return Ok(self.truth(known == holds)),
                Ok(templates) => {
                    let cell = Text::tight(self.cell(spot, ty)?);
                    match templates {
                        [_, opposite] if !holds && !opposite.is_empty() => {
                            return Ok(fill(opposite, &[cell], COMPARES));
                        }
                        [test, _] => fill(test, &[cell], COMPARES),
                    }
                }
            },
        };
        Ok(if holds { test } else { self.not(&test) })
    }

    fn rows(&mut self, every: bool, each: Each, body: &Formula) -> Result<Text, Refused> {
        let mut rows = self.rows_of(each)?;
        if uses_position(body, each.1) {
            rows.position = Some(self.site.position(each.0, each.1, self.around(false))?);
        }
        let body = self.in_rows(&[each], |p| p.formula(body))?;
        if body == self.truth(every) {
            return Ok(self.truth(every));
        }
        Ok((self.target.rows)(every, &rows, body))
    }

    /// Prints something inside the rows of blocks, outermost first; ranges are those of the innermost.
    pub fn in_rows<T>(
        &mut self,
        each: &[Each],
        print: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        let Some(innermost) = each.last() else { return print(self) };
        let outer = self.open.len();
        self.open.extend(each);
        let done = if self.target.ranges { self.in_range(innermost.1, print) } else { print(self) };
        self.open.truncate(outer);
        done
    }

    fn in_range<T>(
        &mut self,
        scope: u8,
        print: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        if self.range.is_some() {
            return Err("nested-rows");
        }
        self.range = Some(scope);
        self.fragile = true;
        let done = print(self);
        self.range = None;
        done
    }

    /// A test of values.
    fn atom(&mut self, id: FuncId, args: &[Term]) -> Result<Text, Refused> {
        let row = id.row();
        if let Some((_, reason)) = self.target.weaker.iter().find(|(key, _)| *key == row.key) {
            self.weaker(reason);
        }
        match (self.target.form)(row) {
            Form::No(reason) => Err(reason),
            Form::Lowered => Err("not-printed"),
            _ if args.iter().all(|a| matches!(a.ty, Ty::Num { .. })) => self.number_test(id, args),
            Form::Own(key) => match self.target.own(key) {
                Some(Own::Test(print)) => print(self, args),
                _ => Err("not-printed"),
            },
            Form::As(template) => {
                let texts = args.iter().map(|a| self.single(a)).collect::<Result<Vec<_>, _>>()?;
                Ok(self.spelt(template, &texts, 0, row.syntax))
            }
        }
    }

    /// A value that is no part of arithmetic.
    pub fn single(&mut self, term: &Term) -> Result<Text, Refused> {
        Ok(self.alone(term)?.text)
    }

    /// A template with its arguments.
    pub fn spelt(&self, template: &str, args: &[Text], scale: u32, syntax: Syntax) -> Text {
        let template = template.replace("{s}", &scale.to_string());
        // The members of a list are one more argument.
        let list =
            args.get(1..).unwrap_or_default().iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(", ");
        let template = template.replace("{list}", &format!("{{{}}}", args.len()));
        let args: Vec<Text> = args.iter().cloned().chain([Text::tight(list)]).collect();
        let args = args.as_slice();
        // A loose form carries the brackets it needs; here they are put where they are needed.
        match (stripped(&template), syntax) {
            (Some(inner), Syntax::Infix(binds)) => infix(inner, args, binds),
            (Some(inner), Syntax::Prefix) => fill_at(inner, args, PREFIX, PREFIX + 1, PREFIX + 1),
            (Some(inner), _) => fill_at(inner, args, 0, 5, 5),
            (None, _) => fill(&template, args, TIGHT),
        }
    }
}

/// How many queries stand side by side in a text whose values are taken; what is only asked for its rows, and queries
/// within queries, are not counted.
fn queries(text: &str) -> usize {
    let (mut found, mut depth, mut inside, mut quote) = (0, 0_usize, None, None);
    for (at, c) in text.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(c),
            '(' => {
                depth += 1;
                let (before, behind) =
                    (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
                if inside.is_none() && behind.starts_with("(SELECT ") && !before.ends_with("EXISTS ") {
                    found += 1;
                    inside = Some(depth);
                }
            }
            ')' => {
                inside = inside.filter(|opened| *opened != depth);
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    found
}

fn uses_position(body: &Formula, scope: u8) -> bool {
    let mut found = false;
    body.walk(&mut |node| {
        if let Node::Formula(Formula::Before(_, a, b)) = node {
            found |= *a == scope || *b == scope;
        }
    });
    found
}

/// The template without the brackets around it, if they belong together.
fn stripped(template: &str) -> Option<&str> {
    let inner = template.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for c in inner.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

/// `{0} op {1}`: an operand on the left may bind as tightly, one on the right must bind tighter; comparisons are not
/// chained.
fn infix(template: &str, args: &[Text], binds: u8) -> Text {
    let left = if binds == COMPARES { binds + 1 } else { binds };
    fill_at(template, args, binds, left, binds + 1)
}

/// A template that stands alone: arguments between brackets or commas stay as they are, others are made tight.
pub fn fill(template: &str, args: &[Text], binds: u8) -> Text {
    let least = if binds == TIGHT { TIGHT } else { binds.saturating_add(1) };
    fill_at(template, args, binds, least, least)
}

/// Puts arguments into a template: the first gets brackets if it binds looser than `first`, others than `rest`.
fn fill_at(template: &str, args: &[Text], binds: u8, first: u8, rest: u8) -> Text {
    let mut out = String::new();
    let mut tail = template;
    while let Some((before, after)) = tail.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) =
            after.split_once('}').filter(|(n, _)| n.bytes().all(|b| b.is_ascii_digit()))
        else {
            out.push('{');
            tail = after;
            continue;
        };
        let at = name.parse::<usize>().unwrap_or(usize::MAX);
        let enclosed = out.trim_end().ends_with(['(', ',', '[']) && behind.starts_with([')', ',', ']']);
        let least = match at {
            _ if enclosed => 0,
            0 => first,
            // What is taken away must not be a sum.
            _ if out.ends_with('-') || out.ends_with("- ") => rest.max(5),
            _ => rest,
        };
        out.push_str(&args.get(at).map(|a| a.at(least)).unwrap_or_default());
        tail = behind;
    }
    out.push_str(tail);
    Text::new(out, binds)
}

/// The place a value is, if it is one.
pub fn as_cell(term: &Term) -> Option<Spot> {
    if let TermKind::Cell(spot) = term.kind { Some(spot) } else { None }
}

#[cfg(test)]
mod tests {
    use super::queries;

    #[test]
    fn queries_side_by_side_are_counted() {
        assert_eq!(queries("1 + 2"), 0);
        assert_eq!(queries("(SELECT sum(a) FROM r) + (SELECT sum((SELECT 1)) FROM r)"), 2);
        assert_eq!(queries("EXISTS (SELECT 1 FROM r) AND '(SELECT ' = a"), 0);
        assert_eq!(queries("'it''s (SELECT ' = a AND \"o'(SELECT \" = (SELECT 1)"), 1);
    }
}
