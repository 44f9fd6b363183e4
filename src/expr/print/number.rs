//! Numbers: scales, sizes, and the way to calculate with them.

use super::{Around, PREFIX, Printer, TIGHT, Text, fill};
use crate::expr::formula::{Formula, Node, State, Term, TermKind};
use crate::expr::lower::Refused;
use crate::expr::target::Own;
use crate::ir::expr::Ty;
use crate::ir::func::{Form, Func, FuncId, Syntax, by_key};
use formwright_engine::{Decimal, Value};

/// A printed number (or another value, whose scale is 0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The text: the number, or its units.
    pub text: Text,
    /// Its decimals.
    pub scale: u32,
    /// The most units, without sign.
    pub most: u128,
    /// The constant it is.
    pub constant: Option<Decimal>,
}

impl Number {
    /// A number that is no constant.
    pub fn new(text: Text, scale: u32, most: u128) -> Self {
        Number { text, scale, most, constant: None }
    }
}

/// Most numbers that are printed for one text, those of ways that turn out too small counted too.
const MOST_TRIES: usize = 50_000;

/// 10 to a power; the largest there is where that does not fit.
pub fn pow10(exponent: u32) -> u128 {
    10_u128.checked_pow(exponent).unwrap_or(u128::MAX)
}

impl Printer<'_> {
    /// A value by itself: a number in the first way that is exact for it.
    pub fn alone(&mut self, term: &Term) -> Result<Number, Refused> {
        if !matches!(term.ty, Ty::Num { .. }) {
            return self.other(term);
        }
        let ((number, scaled), guarded) = self.in_a_way(|p| Ok((p.number(term)?, p.way.scaled)))?;
        // Cells hold figures, not units.
        let units = scaled && !self.target.units.is_empty() && number.scale > 0;
        let figure = match units {
            true => {
                let text = format!("ROUND({}/{},{})", number.text.at(5), pow10(number.scale), number.scale);
                Text::tight(text)
            }
            false => number.text,
        };
        if guarded {
            let size = self.size(term, number.scale)?;
            self.guard_by(&size);
        }
        Ok(Number { text: figure, ..number })
    }

    /// Prints in the first way that is exact, and says whether it is a guarded one.
    pub fn in_a_way<T>(
        &mut self,
        mut print: impl FnMut(&mut Self) -> Result<T, Refused>,
    ) -> Result<(T, bool), Refused> {
        let (way, peak) = (self.way, self.peak);
        let mut found = Err("digits");
        for one in self.target.ways {
            (self.way, self.peak) = (*one, 0);
            match print(self) {
                Ok(done) if self.peak <= one.limit => {
                    found = Ok((done, one.guarded));
                    break;
                }
                Ok(_) => {}
                Err(reason) => {
                    found = Err(reason);
                    break;
                }
            }
        }
        (self.way, self.peak) = (way, peak);
        found
    }

    /// A test of numbers.
    pub(super) fn number_test(&mut self, id: FuncId, args: &[Term]) -> Result<Text, Refused> {
        let ((text, scale), guarded) = self.in_a_way(|p| p.number_test_here(id, args))?;
        if guarded {
            let parts = args.iter().map(|arg| self.size(arg, scale)).collect::<Result<Vec<_>, _>>()?;
            self.guard_by(&parts.join("+"));
        }
        Ok(text)
    }

    /// The test, and the scale that its sides are brought to.
    fn number_test_here(&mut self, id: FuncId, args: &[Term]) -> Result<(Text, u32), Refused> {
        let numbers = args.iter().map(|a| self.number(a)).collect::<Result<Vec<_>, _>>()?;
        let scale = numbers.iter().map(|n| n.scale).max().unwrap_or(0);
        // Differences and tolerances are formed inside the test.
        let sum = numbers
            .iter()
            .fold(0_u128, |sum, n| sum.saturating_add(n.most.saturating_mul(pow10(scale - n.scale))));
        self.meet(sum);
        let texts: Vec<Text> = numbers.into_iter().map(|n| self.to_scale(n, scale).text).collect();
        let row = id.row();
        let text = match (self.target.form)(row) {
            Form::As(template) => {
                let places = if self.way.scaled { 0 } else { scale };
                self.spelt(template, &texts, places, row.syntax)
            }
            Form::Own(key) => match self.target.own(key) {
                Some(Own::Test(print)) => print(self, args)?,
                _ => return Err("not-printed"),
            },
            Form::No(reason) => return Err(reason),
            Form::Lowered => return Err("not-printed"),
        };
        Ok((text, scale))
    }

    /// Notes the size of a number that is calculated with.
    pub fn meet(&mut self, most: u128) {
        self.peak = self.peak.max(most);
    }

    /// The number at a scale that is not smaller than its own.
    pub fn to_scale(&mut self, number: Number, scale: u32) -> Number {
        if let Some(constant) = number.constant {
            return self.literal(constant, scale);
        }
        if scale <= number.scale {
            return number;
        }
        let factor = pow10(scale - number.scale);
        let most = number.most.saturating_mul(factor);
        self.meet(most);
        let text = match self.way.scaled {
            true => self.times(&number.text, factor),
            false => number.text,
        };
        Number::new(text, scale, most)
    }

    /// Text times a whole number.
    fn times(&self, text: &Text, factor: u128) -> Text {
        Text::new(format!("{}{}{factor}{}", text.at(5), self.target.times, self.suffix()), 5)
    }

    /// What stands behind a literal.
    pub fn suffix(&self) -> &'static str {
        if self.way.big { self.target.big_suffix } else { "" }
    }

    /// A constant at a scale.
    pub fn literal(&mut self, constant: Decimal, scale: u32) -> Number {
        let plain = constant.normalized();
        let scale = scale.max(plain.scale());
        let units = plain.to_scale(scale).unwrap_or(i128::MAX);
        self.meet(units.unsigned_abs());
        let text = if self.way.scaled { format!("{units}{}", self.suffix()) } else { plain.to_string() };
        let binds = if units < 0 { PREFIX } else { TIGHT };
        Number { text: Text::new(text, binds), scale, most: units.unsigned_abs(), constant: Some(constant) }
    }

    /// A whole number that the target delivers as an ordinary one.
    pub fn whole(&mut self, text: Text, most: u128) -> Number {
        self.meet(most);
        let text = match self.target.whole {
            "" => self.lifted(text),
            template => fill(template, &[text], TIGHT),
        };
        Number::new(text, 0, most)
    }

    /// An ordinary number of the target as one of the way at hand.
    fn lifted(&self, text: Text) -> Text {
        if self.way.big && !self.target.big.is_empty() { fill(self.target.big, &[text], TIGHT) } else { text }
    }

    /// A number.
    pub fn number(&mut self, term: &Term) -> Result<Number, Refused> {
        // Each way is tried again for what stands inside.
        self.spent += 1;
        if self.spent > MOST_TRIES {
            return Err("length-limit");
        }
        let number = self.number_text(term)?;
        Ok(Number { text: self.kept(number.text)?, ..number })
    }

    fn number_text(&mut self, term: &Term) -> Result<Number, Refused> {
        match &term.kind {
            TermKind::Const(Value::Num(n)) => {
                let number = self.literal(*n, 0);
                Ok(number)
            }
            TermKind::Const(_) => Err("not-printed"),
            TermKind::Cell(spot) => {
                let text = Text::tight(self.cell(*spot, &term.ty)?);
                // Beside ranges nothing is lazy: a text that stands where a number should must not spoil the rows.
                let text = match (
                    self.range.is_some() && !self.is_range(*spot),
                    (self.target.form)(row("or_zero")?),
                ) {
                    (true, Form::As(template)) => self.spelt(template, &[text], 0, Syntax::Call),
                    _ => text,
                };
                self.cell_number(text, &term.ty)
            }
            TermKind::If(choice) => self.number_choice(&choice.0, &choice.1, &choice.2),
            TermKind::Call(id, args) => self.number_call(*id, args),
            TermKind::Fold(id, items, places) => match (self.target.form)(id.row()) {
                Form::Own(key) => match self.target.own(key) {
                    Some(Own::Fold(print)) => print(self, items, *places),
                    _ => Err("not-printed"),
                },
                Form::No(reason) => Err(reason),
                Form::As(_) | Form::Lowered => Err("not-printed"),
            },
            TermKind::Tally(items) => match self.target.own("tally") {
                Some(Own::Fold(print)) => print(self, items, None),
                _ => Err("not-printed"),
            },
        }
    }

    /// A cell's text as a number of the way at hand.
    fn cell_number(&mut self, text: Text, ty: &Ty) -> Result<Number, Refused> {
        let Ty::Num { scale, digits, .. } = ty else { return Err("not-printed") };
        let most = pow10(*digits) - 1;
        self.meet(most);
        let text = match self.way.scaled && !self.target.units.is_empty() {
            true => {
                let template = self.target.units.replace("{s}", &pow10(*scale).to_string());
                if *scale == 0 { text } else { fill(&template, &[text], TIGHT) }
            }
            false => self.lifted(text),
        };
        Ok(Number::new(text, *scale, most))
    }

    fn number_choice(
        &mut self,
        condition: &Formula,
        then: &Term,
        otherwise: &Term,
    ) -> Result<Number, Refused> {
        let zero = |t: &Term| t.value().and_then(Value::as_num).is_some_and(Decimal::is_zero);
        if let (Formula::Is(State::Filled, spot, _), TermKind::Cell(cell), true) =
            (condition, &then.kind, zero(otherwise))
            && spot == cell
            && let Form::As(template) = (self.target.form)(row("or_zero")?)
        {
            // In ranges a blank counts as zero by itself.
            let text = Text::tight(self.cell(*spot, &then.ty)?);
            let text = if self.is_range(*spot) {
                text
            } else {
                self.spelt(template, &[text], 0, row("or_zero")?.syntax)
            };
            return self.cell_number(text, &then.ty);
        }
        let condition = self.formula(condition)?;
        let (then, otherwise) = (self.number(then)?, self.number(otherwise)?);
        let scale = then.scale.max(otherwise.scale);
        let (then, otherwise) = (self.to_scale(then, scale), self.to_scale(otherwise, scale));
        let most = then.most.max(otherwise.most);
        let alike = self.target.alike.replace("{s}", &scale.to_string());
        let one = |text: Text| if alike.is_empty() { text } else { fill(&alike, &[text], TIGHT) };
        Ok(Number::new(self.choice(&[condition, one(then.text), one(otherwise.text)]), scale, most))
    }

    fn number_call(&mut self, id: FuncId, args: &[Term]) -> Result<Number, Refused> {
        let func = id.row();
        if let Some((_, reason)) = self.target.weaker.iter().find(|(key, _)| *key == func.key) {
            self.weaker(reason);
        }
        if let Form::Own(key) = (self.target.form)(func) {
            return match self.target.own(key) {
                Some(Own::Value(print)) => print(self, args),
                _ => Err("not-printed"),
            };
        }
        match (func.key, args) {
            ("add_num" | "sub_num", [a, b]) => self.sum(func, a, b),
            ("mul_num", [a, b]) => self.product(func, a, b),
            ("convert", [_, _]) => self.number_call(by_key("mul_num").ok_or("not-printed")?, args),
            ("neg_num" | "abs", [a]) => {
                let a = self.number(a)?;
                let (scale, most) = (a.scale, a.most);
                Ok(Number::new(self.formed(func, &[a.text], scale)?, scale, most))
            }
            ("round_half_up" | "round_up" | "round_down", [x, n]) => self.rounded(func, x, places(n)?),
            ("floor" | "ceiling", [x]) => self.rounded(func, x, 0),
            ("round_div" | "round_up_div" | "round_down_div", [a, b, n]) => {
                self.quotient(func, a, b, places(n)?, 0)
            }
            ("percent", [a, b, n]) => self.quotient(func, a, b, places(n)?, 2),
            ("modulo", [a, b]) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let scale = a.scale.max(b.scale);
                let (a, b) = (self.to_scale(a, scale), self.to_scale(b, scale));
                let most = b.most;
                Ok(Number::new(self.formed(func, &[a.text, b.text], scale)?, scale, most))
            }
            ("number", [x]) if matches!(x.ty, Ty::Num { .. }) => self.number(x),
            ("string_length" | "choices", _) => self.delivered(func, args, 1_000_000),
            _ => self.delivered(func, args, 10_000_000),
        }
    }

    /// The target's form of a row for these arguments.
    pub fn formed(&mut self, func: &Func, args: &[Text], scale: u32) -> Result<Text, Refused> {
        match (self.target.form)(func) {
            Form::As(template) => Ok(self.spelt(template, args, scale, func.syntax)),
            Form::No(reason) => Err(reason),
            Form::Own(_) | Form::Lowered => Err("not-printed"),
        }
    }

    fn delivered(&mut self, func: &Func, args: &[Term], most: u128) -> Result<Number, Refused> {
        let texts = args.iter().map(|a| self.single(a)).collect::<Result<Vec<_>, _>>()?;
        let text = self.formed(func, &texts, 0)?;
        Ok(self.whole(text, most))
    }

    fn sum(&mut self, func: &Func, a: &Term, b: &Term) -> Result<Number, Refused> {
        let (a, b) = (self.number(a)?, self.number(b)?);
        let scale = a.scale.max(b.scale);
        let (a, b) = (self.to_scale(a, scale), self.to_scale(b, scale));
        let most = a.most.saturating_add(b.most);
        self.meet(most);
        Ok(Number::new(self.formed(func, &[a.text, b.text], scale)?, scale, most))
    }

    fn product(&mut self, func: &Func, a: &Term, b: &Term) -> Result<Number, Refused> {
        let (a, b) = (self.number(a)?, self.number(b)?);
        let (scale, most) = (a.scale + b.scale, a.most.saturating_mul(b.most));
        self.meet(most);
        Ok(Number::new(self.formed(func, &[a.text, b.text], scale)?, scale, most))
    }

    /// What rounding to so many decimals cuts off; the number as it is where that is nothing.
    pub fn cut(&mut self, x: &Term, places: i32) -> Result<Result<Cut, Number>, Refused> {
        let x = self.number(x)?;
        let up = u32::try_from(places).unwrap_or(0);
        if places >= 0 && up >= x.scale {
            return Ok(Err(x));
        }
        let tens = pow10(u32::try_from(-places).unwrap_or(0));
        let step = pow10(x.scale.saturating_sub(up)).saturating_mul(tens);
        let most = (x.most / step).saturating_add(1).saturating_mul(tens);
        Ok(Ok(Cut { x, up, tens, step, most }))
    }

    /// Rounding to so many decimals. In whole units: `{0}` the units, `{1}` what one unit of the result is of them;
    /// otherwise `{0}` the number, `{1}` the decimals, `{s}` the number's own decimals.
    fn rounded(&mut self, func: &Func, x: &Term, places: i32) -> Result<Number, Refused> {
        let Cut { x, up: places_up, tens, step, most } = match self.cut(x, places)? {
            Ok(cut) => cut,
            Err(whole) => return Ok(whole),
        };
        self.meet(step.max(most));
        if !self.way.scaled {
            let args = [x.text, Text::tight(places.to_string())];
            return Ok(Number::new(self.formed(func, &args, x.scale)?, places_up, most));
        }
        let step = Text::tight(format!("{step}{}", self.suffix()));
        let text = self.formed(func, &[x.text, step], 0)?;
        let text = match tens {
            1 => text,
            tens => self.times(&text, tens),
        };
        Ok(Number::new(text, places_up, most))
    }

    /// A rounded quotient, `10^more` times. In whole units `{0}` is the dividend and `{1}` the divisor, brought to the
    /// scale of the result; otherwise `{0}`, `{1}` are the numbers and `{2}` the decimals.
    fn quotient(
        &mut self,
        func: &Func,
        a: &Term,
        b: &Term,
        places: i32,
        more: u32,
    ) -> Result<Number, Refused> {
        let (a, b) = (self.number(a)?, self.number(b)?);
        let (a, b, places_up) = self.fraction(a, b, places, more)?;
        let most = a.most;
        if self.way.scaled {
            return Ok(Number::new(self.formed(func, &[a.text, b.text], 0)?, places_up, most));
        }
        let args = [a.text, b.text, Text::tight(places.to_string())];
        Ok(Number::new(self.formed(func, &args, places_up)?, places_up, most))
    }

    /// Dividend and divisor such that their whole quotient has the decimals asked for; the texts of plain ways stay.
    pub fn fraction(
        &mut self,
        a: Number,
        b: Number,
        places: i32,
        more: u32,
    ) -> Result<(Number, Number, u32), Refused> {
        let up = u32::try_from(places).map_err(|_| "not-printed")?;
        let (left, right) = (b.scale + up + more, a.scale);
        let (a_up, b_up) = (left.saturating_sub(right), right.saturating_sub(left));
        let (sa, sb) = (a.scale + a_up, b.scale + b_up);
        let (a, b) = (self.to_scale(a, sa), self.to_scale(b, sb));
        self.meet(a.most.saturating_mul(2));
        self.meet(b.most.saturating_mul(2));
        Ok((a, b, up))
    }

    /// A value that is no number.
    pub fn other(&mut self, term: &Term) -> Result<Number, Refused> {
        let text = match &term.kind {
            TermKind::Const(value) => Text::tight((self.target.literal)(value, &term.ty)?),
            TermKind::Cell(spot) => Text::tight(self.cell(*spot, &term.ty)?),
            TermKind::If(choice) => {
                let parts = [self.formula(&choice.0)?, self.single(&choice.1)?, self.single(&choice.2)?];
                self.choice(&parts)
            }
            TermKind::Call(id, args) => match (self.target.form)(id.row()) {
                Form::Own(key) => match self.target.own(key) {
                    Some(Own::Value(print)) => return print(self, args),
                    _ => return Err("not-printed"),
                },
                Form::No(reason) => return Err(reason),
                Form::As(_) | Form::Lowered => return Err("not-printed"),
            },
            TermKind::Fold(id, items, places) => match (self.target.form)(id.row()) {
                Form::Own(key) => match self.target.own(key) {
                    Some(Own::Fold(print)) => return print(self, items, *places),
                    _ => return Err("not-printed"),
                },
                Form::No(reason) => return Err(reason),
                Form::As(_) | Form::Lowered => return Err("not-printed"),
            },
            TermKind::Tally(_) => return Err("not-printed"),
        };
        Ok(Number::new(text, 0, 0))
    }

    /// An upper bound, as text, of the units of a number and of all that it is made of, at a scale or at the largest of
    /// theirs: what keeps a calculation in doubles exact.
    fn size(&mut self, term: &Term, scale: u32) -> Result<String, Refused> {
        let mut scale = scale;
        term.walk(&mut |node| {
            if let Node::Term(Term { ty: Ty::Num { scale: one, .. }, .. }) = node {
                scale = scale.max(*one);
            }
        });
        let sized = self.sized(term)?;
        Ok(if scale == 0 { sized } else { format!("{sized}*{}", pow10(scale)) })
    }

    /// The sum of the sizes of all that goes into a number.
    fn sized(&mut self, term: &Term) -> Result<String, Refused> {
        match &term.kind {
            TermKind::Const(Value::Num(n)) => Ok(n.abs().to_string()),
            // The size holds for all rows at once.
            TermKind::Cell(spot) if self.is_range(*spot) => Ok(farthest(&self.cell(*spot, &term.ty)?)),
            TermKind::Cell(spot) => Ok(format!("ABS(N({}))", self.cell(*spot, &term.ty)?)),
            TermKind::If(choice) => Ok(format!("({}+{})", self.sized(&choice.1)?, self.sized(&choice.2)?)),
            TermKind::Call(id, args) => {
                let parts = args.iter().map(|a| self.sized(a)).collect::<Result<Vec<_>, _>>()?;
                let of = |n: usize| parts.get(n).cloned().unwrap_or_default();
                match id.row().key {
                    "mul_num" | "convert" => Ok(format!("{}*{}", of(0), of(1))),
                    "add_num" | "sub_num" => Ok(format!("({}+{})", of(0), of(1))),
                    "round_div" | "round_up_div" | "round_down_div" | "percent" | "modulo" => {
                        let up = pow10(brought_up(args, id.row().key == "percent"));
                        Ok(format!("({}+{})*{up}", of(0), of(1)))
                    }
                    // A rounding to tens or hundreds may go up by so much.
                    "round_half_up" | "round_up" | "round_down" => Ok(format!("({}+{})", of(0), up_to(args))),
                    "string_length" | "choices" => Ok("1000000".to_owned()),
                    _ => Ok(format!("({}+1)", of(0))),
                }
            }
            TermKind::Fold(_, items, places) => {
                let mut parts = Vec::new();
                for one in items {
                    let Some(spot) = super::as_cell(&one.item) else { return Err("digits") };
                    let rows: Vec<_> = self.open.iter().chain(&one.each).copied().collect();
                    let around = Around { rows: &rows, range: !one.each.is_empty() };
                    let range = self.site.value(spot, &one.item.ty, around)?;
                    parts.push(format!("{}*MAX(1,COUNT({range}))", farthest(&range)));
                }
                // A mean is rounded by twice the rest of its division.
                Ok(format!("({}){}", parts.join("+"), if places.is_some() { "*2" } else { "" }))
            }
            _ => Ok("0".to_owned()),
        }
    }
}

/// By how many decimals more than the largest of their scales dividend and divisor are brought to whole units of one
/// kind; one more for twice the rest.
fn brought_up(args: &[Term], percent: bool) -> u32 {
    let scale = |t: Option<&Term>| match t.map(|t| &t.ty) {
        Some(Ty::Num { scale, .. }) => *scale,
        _ => 0,
    };
    let places = args.get(2).and_then(|n| places(n).ok()).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let all = [scale(args.first()), scale(args.get(1)), places];
    let largest = all.iter().copied().max().unwrap_or(0);
    all.iter().sum::<u32>() - largest + if percent { 3 } else { 1 }
}

/// The largest figure of a range, without sign; texts in it do not count.
fn farthest(range: &str) -> String {
    format!("MAX(MAX({range}),-MIN({range}))")
}

/// By how much a rounding goes up at most.
fn up_to(args: &[Term]) -> u128 {
    let places = args.get(1).and_then(|n| places(n).ok()).unwrap_or(0);
    pow10(u32::try_from(-places).unwrap_or(0))
}

/// A rounding that cuts something off.
pub struct Cut {
    /// The number that is rounded.
    pub x: Number,
    /// Decimals that are left.
    pub up: u32,
    /// What one step of the result is in whole numbers: 100 for rounding to hundreds, else 1.
    pub tens: u128,
    /// What one step of the result is in units of the number.
    pub step: u128,
    /// The largest figure that can come of it, in units of the result.
    pub most: u128,
}

/// The decimals a rounding asks for: a constant, in rules.
pub fn places(term: &Term) -> Result<i32, Refused> {
    let n = term.value().and_then(Value::as_num).and_then(Decimal::to_i64);
    n.and_then(|n| i32::try_from(n).ok()).filter(|n| n.abs() <= 28).ok_or("not-printed")
}

fn row(key: &str) -> Result<&'static Func, Refused> {
    by_key(key).map(|id| id.row()).ok_or("not-printed")
}
