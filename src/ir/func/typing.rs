//! Types of the results of function rows.

use super::super::UnitId;
use super::super::expr::{Dim, Ty};
use formwright_engine::Precision;

/// Digits that adding up the rows of a block can add (a million rows).
pub const ROW_DIGITS: u32 = 6;

/// A pure number without a unit of its own.
pub const fn plain(scale: u32, digits: u32) -> Ty {
    Ty::Num { scale, dim: Dim::Literal, digits }
}

/// A number as its scale, unit and digits.
pub(super) struct Number<'a> {
    pub scale: u32,
    pub dim: &'a Dim,
    pub digits: u32,
}

impl Number<'_> {
    /// Digits before the point.
    fn whole(&self) -> u32 {
        self.digits.saturating_sub(self.scale)
    }
}

pub(super) fn number(ty: &Ty) -> Option<Number<'_>> {
    match ty {
        Ty::Num { scale, dim, digits } => Some(Number { scale: *scale, dim, digits: *digits }),
        _ => None,
    }
}

fn two(args: &[Ty]) -> Option<(Number<'_>, Number<'_>)> {
    match args {
        [a, b] => Some((number(a)?, number(b)?)),
        _ => None,
    }
}

/// Whether each is a number or known only at run time.
fn numeric(args: &[Ty]) -> bool {
    args.iter().all(|a| matches!(a, Ty::Num { .. } | Ty::Any))
}

fn some_any(args: &[Ty]) -> bool {
    args.contains(&Ty::Any)
}

/// The unit two sides share: a literal takes the other's.
pub fn shared(a: &Dim, b: &Dim) -> Dim {
    if *a == Dim::Literal { b.clone() } else { a.clone() }
}

fn factors(dim: &Dim, sign: i8, into: &mut Vec<(UnitId, i8)>) {
    let one;
    let list: &[(UnitId, i8)] = match dim {
        Dim::Literal | Dim::Pure => &[],
        Dim::Unit(u) => {
            one = [(*u, 1)];
            &one
        }
        Dim::Derived(list) => list,
    };
    for (unit, exponent) in list {
        let exponent = exponent.saturating_mul(sign);
        match into.iter_mut().find(|(u, _)| u == unit) {
            Some((_, e)) => *e = e.saturating_add(exponent),
            None => into.push((*unit, exponent)),
        }
    }
}

/// The unit of a product (`sign` 1) or quotient (`sign` -1).
pub fn product(a: &Dim, b: &Dim, sign: i8) -> Dim {
    let mut list = Vec::new();
    factors(a, 1, &mut list);
    factors(b, sign, &mut list);
    list.retain(|(_, e)| *e != 0);
    list.sort();
    match list.as_slice() {
        [] if *a == Dim::Literal && *b == Dim::Literal => Dim::Literal,
        [] => Dim::Pure,
        [(unit, 1)] => Dim::Unit(*unit),
        _ => Dim::Derived(list),
    }
}

/// Two numbers compared.
pub(super) fn cmp_num(args: &[Ty]) -> Option<Ty> {
    two(args).map(|_| Ty::Bool)
}

/// Two numbers compared within a third.
pub(super) fn cmp_tol(args: &[Ty]) -> Option<Ty> {
    (args.len() == 3 && numeric(args)).then_some(Ty::Bool)
}

/// Two texts compared.
pub(super) fn cmp_text(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Text, Ty::Text]).then_some(Ty::Bool)
}

/// Two codes of one list.
pub(super) fn cmp_code(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Code(a), Ty::Code(b)] if a == b).then_some(Ty::Bool)
}

/// Two sets of codes of one list.
pub(super) fn cmp_codes(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Codes(a), Ty::Codes(b)] if a == b).then_some(Ty::Bool)
}

/// Two conditions.
pub(super) fn cmp_bool(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Bool, Ty::Bool]).then_some(Ty::Bool)
}

/// Two dates of one precision.
pub(super) fn cmp_date(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Date(a), Ty::Date(b)] if a == b).then_some(Ty::Bool)
}

/// Anything and the literal `null`.
pub(super) fn cmp_null(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Null, _] | [_, Ty::Null]).then_some(Ty::Bool)
}

/// Two operands of which one is known only at run time, or two lists or rows.
pub(super) fn cmp_any(args: &[Ty]) -> Option<Ty> {
    let lists = matches!(args, [Ty::List(_), Ty::List(_)] | [Ty::Row, Ty::Row]);
    (args.len() == 2 && (some_any(args) || lists)).then_some(Ty::Bool)
}

/// Three operands, one known only at run time.
pub(super) fn between_any(args: &[Ty]) -> Option<Ty> {
    (args.len() == 3 && some_any(args)).then_some(Ty::Bool)
}

/// Three operands of one ordered type.
pub(super) fn between_num(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Num { .. }, Ty::Num { .. }, Ty::Num { .. }]).then_some(Ty::Bool)
}

/// Three dates of one precision.
pub(super) fn between_date(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Date(a), Ty::Date(b), Ty::Date(c)] if a == b && b == c).then_some(Ty::Bool)
}

/// Three texts.
pub(super) fn between_text(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Text, Ty::Text, Ty::Text]).then_some(Ty::Bool)
}

/// Conditions only.
pub(super) fn bools(args: &[Ty]) -> Option<Ty> {
    args.iter().all(|a| matches!(a, Ty::Bool | Ty::Any)).then_some(Ty::Bool)
}

/// Conditions or lists of them.
pub(super) fn bool_items(args: &[Ty]) -> Option<Ty> {
    args.iter().all(|a| matches!(item(a), Ty::Bool | Ty::Any)).then_some(Ty::Bool)
}

/// Conditions counted.
pub(super) fn tally(args: &[Ty]) -> Option<Ty> {
    bool_items(args).map(|_| plain(0, ROW_DIGITS))
}

/// Whatever there is.
pub(super) fn presence(args: &[Ty]) -> Option<Ty> {
    (!args.is_empty()).then_some(Ty::Bool)
}

/// Sum and difference.
pub(super) fn add(args: &[Ty]) -> Option<Ty> {
    if args.len() == 2 && some_any(args) && numeric(args) && !matches!(args, [Ty::Any, Ty::Any]) {
        return Some(Ty::Any);
    }
    let (a, b) = two(args)?;
    let scale = a.scale.max(b.scale);
    Some(Ty::Num { scale, dim: shared(a.dim, b.dim), digits: a.whole().max(b.whole()) + scale + 1 })
}

/// Difference.
pub(super) fn sub(args: &[Ty]) -> Option<Ty> {
    if args == [Ty::Any, Ty::Any] { Some(Ty::Any) } else { add(args) }
}

/// Sum of what is known only at run time, or text after text.
pub(super) fn add_any(args: &[Ty]) -> Option<Ty> {
    let fits = args.iter().all(|a| matches!(a, Ty::Num { .. } | Ty::Text | Ty::Any));
    (args.len() == 2 && some_any(args) && fits).then_some(Ty::Any)
}

/// Text after text.
pub(super) fn add_text(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Text, Ty::Text]).then_some(Ty::Text)
}

/// Product.
pub(super) fn mul(args: &[Ty]) -> Option<Ty> {
    if args.len() == 2 && some_any(args) && numeric(args) {
        return Some(Ty::Any);
    }
    let (a, b) = two(args)?;
    Some(Ty::Num { scale: a.scale + b.scale, dim: product(a.dim, b.dim, 1), digits: a.digits + b.digits })
}

/// Quotient, unrounded.
pub(super) fn div(args: &[Ty]) -> Option<Ty> {
    if args.len() == 2 && some_any(args) && numeric(args) {
        return Some(Ty::Any);
    }
    let (a, b) = two(args)?;
    Some(Ty::Num { scale: 28, dim: product(a.dim, b.dim, -1), digits: 28 })
}

/// Quotient rounded to the third argument; the scale is refined where that is known.
pub(super) fn round_div(args: &[Ty]) -> Option<Ty> {
    let [a, b, n] = args else { return None };
    if some_any(args) && numeric(args) {
        return Some(Ty::Any);
    }
    number(n)?;
    let (a, b) = (number(a)?, number(b)?);
    let digits = (a.whole() + b.scale + 6).min(28);
    Some(Ty::Num { scale: 6, dim: product(a.dim, b.dim, -1), digits })
}

/// The number itself, its type kept.
pub(super) fn same_num(args: &[Ty]) -> Option<Ty> {
    match args {
        [a @ (Ty::Num { .. } | Ty::Any)] => Some(a.clone()),
        _ => None,
    }
}

/// A number rounded to whole ones.
pub(super) fn whole(args: &[Ty]) -> Option<Ty> {
    match args {
        [Ty::Any] => Some(Ty::Any),
        [a] => number(a).map(|a| Ty::Num { scale: 0, dim: a.dim.clone(), digits: a.whole() + 1 }),
        _ => None,
    }
}

/// A number rounded; the scale is refined where the second argument is known.
pub(super) fn rounded(args: &[Ty]) -> Option<Ty> {
    match args {
        [Ty::Any, Ty::Num { .. } | Ty::Any] | [_, Ty::Any] if numeric(args) => Some(Ty::Any),
        [a, Ty::Num { .. }] => {
            number(a).map(|a| Ty::Num { scale: a.scale, dim: a.dim.clone(), digits: a.digits + 1 })
        }
        _ => None,
    }
}

/// Remainder.
pub(super) fn modulo(args: &[Ty]) -> Option<Ty> {
    if args.len() == 2 && some_any(args) && numeric(args) {
        return Some(Ty::Any);
    }
    let (a, b) = two(args)?;
    let scale = a.scale.max(b.scale);
    Some(Ty::Num { scale, dim: shared(a.dim, b.dim), digits: b.whole() + scale })
}

/// Part, whole and decimals.
pub(super) fn percent(args: &[Ty]) -> Option<Ty> {
    let [a, _, _] = args else { return None };
    let digits = number(a).map_or(15, |a| a.whole() + 2 + a.scale + 6).min(28);
    numeric(args).then_some(Ty::Num { scale: 6, dim: Dim::Literal, digits })
}

/// A number and its factor.
pub(super) fn convert(args: &[Ty]) -> Option<Ty> {
    mul(args)
}

/// What a list holds; anything else is itself.
pub fn item(ty: &Ty) -> &Ty {
    match ty {
        Ty::List(of) => of,
        other => other,
    }
}

/// Numbers or lists of them, together.
fn numbers(args: &[Ty]) -> Option<Ty> {
    let mut all: Option<(u32, Dim, u32)> = None;
    for arg in args {
        match item(arg) {
            Ty::Any => return Some(Ty::Any),
            ty => {
                let n = number(ty)?;
                let (scale, dim, whole) = all.unwrap_or((0, Dim::Literal, 0));
                all = Some((scale.max(n.scale), shared(&dim, n.dim), whole.max(n.whole())));
            }
        }
    }
    all.map(|(scale, dim, whole)| Ty::Num { scale, dim, digits: whole + scale })
}

/// Sum of many.
pub(super) fn sum(args: &[Ty]) -> Option<Ty> {
    let rows = if args.iter().any(|a| matches!(a, Ty::List(_))) { ROW_DIGITS } else { 0 };
    let more = args.len().to_string().len() as u32;
    match numbers(args)? {
        Ty::Num { scale, dim, digits } => Some(Ty::Num { scale, dim, digits: digits + rows + more }),
        other => Some(other),
    }
}

/// Mean of many, unrounded.
pub(super) fn mean(args: &[Ty]) -> Option<Ty> {
    match numbers(args)? {
        Ty::Num { dim, .. } => Some(Ty::Num { scale: 28, dim, digits: 28 }),
        other => Some(other),
    }
}

/// Mean of many rounded to the last argument.
pub(super) fn round_mean(args: &[Ty]) -> Option<Ty> {
    let (last, items) = args.split_last()?;
    if *last == Ty::Any {
        return numbers(items).map(|_| Ty::Any);
    }
    number(last)?;
    match numbers(items)? {
        Ty::Num { scale, dim, digits } => Some(Ty::Num { scale: 6, dim, digits: digits - scale + 6 }),
        other => Some(other),
    }
}

/// The outermost of many numbers, dates or texts.
pub(super) fn outermost(args: &[Ty]) -> Option<Ty> {
    let first = item(args.first()?);
    match first {
        Ty::Date(_) | Ty::Text => args.iter().all(|a| item(a) == first).then(|| first.clone()),
        _ => numbers(args),
    }
}

/// How many of whatever.
pub(super) fn count(args: &[Ty]) -> Option<Ty> {
    (!args.is_empty()).then_some(plain(0, ROW_DIGITS))
}

/// The values of a list without repetition.
pub(super) fn distinct(args: &[Ty]) -> Option<Ty> {
    match args {
        [Ty::List(of)] => Some(Ty::List(of.clone())),
        [Ty::Any] => Some(Ty::List(Box::new(Ty::Any))),
        [first, ..] => Some(Ty::List(Box::new(item(first).clone()))),
        [] => None,
    }
}

/// Whatever items.
pub(super) fn items(args: &[Ty]) -> Option<Ty> {
    (!args.is_empty()).then_some(Ty::Bool)
}

/// A value in a list of its type.
pub(super) fn member(args: &[Ty], fits: fn(&Ty) -> bool) -> Option<Ty> {
    match args {
        [a, Ty::List(of)] => (fits(a) && (fits(of) || **of == Ty::Any)).then_some(Ty::Bool),
        _ => None,
    }
}

/// A number in a list.
pub(super) fn in_num(args: &[Ty]) -> Option<Ty> {
    member(args, |t| matches!(t, Ty::Num { .. }))
}

/// A text in a list.
pub(super) fn in_text(args: &[Ty]) -> Option<Ty> {
    member(args, |t| *t == Ty::Text)
}

/// A date in a list.
pub(super) fn in_date(args: &[Ty]) -> Option<Ty> {
    match args {
        [Ty::Date(a), Ty::List(of)] => matches!(&**of, Ty::Date(b) if a == b)
            .then_some(Ty::Bool)
            .or_else(|| (**of == Ty::Any).then_some(Ty::Bool)),
        _ => None,
    }
}

/// A condition in a list.
pub(super) fn in_bool(args: &[Ty]) -> Option<Ty> {
    member(args, |t| *t == Ty::Bool)
}

/// A code in a list of codes of the same list.
pub(super) fn in_code(args: &[Ty]) -> Option<Ty> {
    match args {
        [Ty::Code(a), Ty::List(of)] => matches!(&**of, Ty::Code(b) if a == b).then_some(Ty::Bool),
        _ => None,
    }
}

/// A code in a set of codes.
pub(super) fn in_codes(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Code(a), Ty::Codes(b)] if a == b).then_some(Ty::Bool)
}

/// Something in a list, known at run time.
pub(super) fn in_any(args: &[Ty]) -> Option<Ty> {
    matches!(args, [_, Ty::List(_) | Ty::Any] | [Ty::Any, _]).then_some(Ty::Bool)
}

/// A list and a value.
pub(super) fn list_contains(args: &[Ty]) -> Option<Ty> {
    match args {
        [list, value] => in_codes(&[value.clone(), list.clone()])
            .or_else(|| in_code(&[value.clone(), list.clone()]))
            .or_else(|| list_has(list, value)),
        _ => None,
    }
}

fn list_has(list: &Ty, value: &Ty) -> Option<Ty> {
    let same = |of: &Ty| std::mem::discriminant(of) == std::mem::discriminant(value);
    let loose = |of: &Ty| *of == Ty::Any || matches!(value, Ty::Any | Ty::Null | Ty::List(_));
    match list {
        Ty::Any => Some(Ty::Bool),
        Ty::List(of) => (loose(of) || same(of) && !matches!(value, Ty::Code(_))).then_some(Ty::Bool),
        _ => None,
    }
}

fn textual(args: &[Ty]) -> bool {
    args.iter().all(|a| matches!(a, Ty::Text | Ty::Any))
}

/// Two texts to a condition.
pub(super) fn texts2(args: &[Ty]) -> Option<Ty> {
    (args.len() == 2 && textual(args)).then_some(Ty::Bool)
}

/// Three texts to a condition.
pub(super) fn texts3(args: &[Ty]) -> Option<Ty> {
    (args.len() == 3 && textual(args)).then_some(Ty::Bool)
}

/// A text to a length.
pub(super) fn length(args: &[Ty]) -> Option<Ty> {
    (args.len() == 1 && textual(args)).then_some(plain(0, 6))
}

/// A set of codes to how many there are.
pub(super) fn choices(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Codes(_)]).then_some(plain(0, 6))
}

/// A text to a number.
pub(super) fn to_number(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Text | Ty::Any | Ty::Num { .. }]).then_some(plain(6, 15))
}

/// Dates of any precision to a number.
pub(super) fn date_number(args: &[Ty]) -> Option<Ty> {
    args.iter().all(|a| matches!(a, Ty::Date(_) | Ty::Any)).then_some(plain(0, 7))
}

/// The month of a date that has one.
pub(super) fn month_of(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Date(Precision::Day | Precision::Month) | Ty::Any]).then_some(plain(0, 7))
}

/// The day of a date that has one.
pub(super) fn day_of(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Date(Precision::Day) | Ty::Any]).then_some(plain(0, 7))
}

/// A number and a target.
pub(super) fn meets(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Num { .. } | Ty::Any, Ty::Target | Ty::Text | Ty::Num { .. } | Ty::Any])
        .then_some(Ty::Bool)
}

/// A code to its label.
pub(super) fn label(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Code(_)] | [Ty::Code(_), _]).then_some(Ty::Text)
}

/// The cell of a number to its mark.
pub(super) fn mark(args: &[Ty]) -> Option<Ty> {
    matches!(args, [Ty::Num { .. }]).then_some(Ty::Text)
}

/// A number whose blank is read as zero.
pub(super) fn or_zero(args: &[Ty]) -> Option<Ty> {
    match args {
        [a @ Ty::Num { .. }] | [a @ Ty::Num { .. }, Ty::Bool] => Some(a.clone()),
        _ => None,
    }
}

/// A text and positions.
pub(super) fn substring(args: &[Ty]) -> Option<Ty> {
    match args {
        [a, rest @ ..] => (textual(std::slice::from_ref(a)) && numeric(rest)).then_some(Ty::Text),
        [] => None,
    }
}

/// Any two.
pub(super) fn any_two(args: &[Ty]) -> Option<Ty> {
    (args.len() == 2).then_some(Ty::Bool)
}

/// A date from a text, a date, or year, month and day.
pub(super) fn date(args: &[Ty]) -> Option<Ty> {
    let one = matches!(args, [Ty::Text | Ty::Date(_) | Ty::Any]);
    (one || args.len() == 3 && numeric(args)).then_some(Ty::Date(Precision::Day))
}
