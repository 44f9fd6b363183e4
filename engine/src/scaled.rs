//! What generated validators calculate with: cells that know whether they hold something, and numbers as whole units.
//!
//! A number of scale 2 is the integer of its hundredths; the compiler brings operands to one scale and proves that every
//! result fits. Aggregates take options and pass over what is not there.

use crate::date::{self, Date};
use crate::decimal::Decimal;
pub use crate::pattern::Kept as Pattern;
use std::collections::HashSet;
use std::hash::Hash;

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held<T> {
    /// Nothing.
    #[default]
    Blank,
    /// Something that cannot be read, or a place that is not there.
    Unreadable,
    /// A value.
    Value(T),
}

impl<T: Copy + PartialEq> Held<T> {
    /// Whether it holds a value.
    pub fn is_filled(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Whether it holds nothing.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }

    /// Whether it cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }

    /// Whether it holds this value.
    pub fn is(&self, value: T) -> bool {
        *self == Self::Value(value)
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<T> {
        if let Self::Value(value) = self { Some(*value) } else { None }
    }
}

impl<T: Copy + PartialEq + Default> Held<T> {
    /// The value; where there is none, that of a blank as zero.
    pub fn get(&self) -> T {
        self.value().unwrap_or_default()
    }
}

/// Rounds a quotient of sizes, given whole and rest, outward where `outward` says so.
fn settle(a: i128, b: i128, outward: fn(u128, u128, bool) -> bool) -> i128 {
    let (size, divisor) = (a.unsigned_abs(), b.unsigned_abs());
    let (Some(whole), Some(rest)) = (size.checked_div(divisor), size.checked_rem(divisor)) else { return 0 };
    let negative = (a < 0) != (b < 0);
    let whole = whole.saturating_add(u128::from(outward(rest, divisor, negative)));
    let whole = i128::try_from(whole).unwrap_or(i128::MAX);
    if negative { -whole } else { whole }
}

/// The quotient rounded half away from zero; 0 where the divisor is 0, which callers exclude.
pub fn half_up(a: i128, b: i128) -> i128 {
    settle(a, b, |rest, divisor, _| rest >= divisor - rest)
}

/// The quotient rounded away from zero.
pub fn up(a: i128, b: i128) -> i128 {
    settle(a, b, |rest, _, _| rest > 0)
}

/// The quotient rounded towards zero.
pub fn down(a: i128, b: i128) -> i128 {
    settle(a, b, |_, _, _| false)
}

/// The largest whole number not above the quotient.
pub fn floor(a: i128, b: i128) -> i128 {
    settle(a, b, |rest, _, negative| negative && rest > 0)
}

/// The smallest whole number not below the quotient.
pub fn ceil(a: i128, b: i128) -> i128 {
    settle(a, b, |rest, _, negative| !negative && rest > 0)
}

/// The remainder with the sign of the divisor; 0 where that is 0.
pub fn modulo(a: i128, b: i128) -> i128 {
    let rest = a.checked_rem(b).unwrap_or(0);
    if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
}

/// The sum of what is there.
pub fn sum(items: impl IntoIterator<Item = Option<i128>>) -> i128 {
    items.into_iter().flatten().fold(0, i128::saturating_add)
}

/// How many are there.
pub fn count<T>(items: impl IntoIterator<Item = Option<T>>) -> i128 {
    size(items.into_iter().flatten().count())
}

/// The smallest that is there.
pub fn min<T: Ord + Default>(items: impl IntoIterator<Item = Option<T>>) -> T {
    items.into_iter().flatten().min().unwrap_or_default()
}

/// The largest that is there.
pub fn max<T: Ord + Default>(items: impl IntoIterator<Item = Option<T>>) -> T {
    items.into_iter().flatten().max().unwrap_or_default()
}

/// How many different ones are there.
pub fn distinct<T: Eq + Hash>(items: impl IntoIterator<Item = Option<T>>) -> i128 {
    size(items.into_iter().flatten().collect::<HashSet<T>>().len())
}

/// Whether none that is there is repeated.
pub fn unique<T: Eq + Hash>(items: impl IntoIterator<Item = Option<T>>) -> bool {
    let mut seen = HashSet::new();
    items.into_iter().flatten().all(|item| seen.insert(item))
}

fn size(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

/// The code points of a text.
pub fn length(text: &str) -> i128 {
    size(text.chars().count())
}

/// A date that is known to exist.
pub fn date(year: i32, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap_or_default()
}

/// The days from `b` to `a`.
pub fn days(a: Date, b: Date) -> i128 {
    i128::from(date::days(a, b))
}

/// The full months from `b` to `a`.
pub fn months(a: Date, b: Date) -> i128 {
    i128::from(date::months(a, b))
}

/// Decimals of a number read from text.
const TEXT_SCALE: u32 = 6;

/// Whether a text reads as a number of at most nine digits and six decimals.
pub fn reads(text: &str) -> bool {
    read(text).is_some()
}

/// The number a text reads as, in millionths.
pub fn number(text: &str) -> i128 {
    read(text).unwrap_or(0)
}

fn read(text: &str) -> Option<i128> {
    let text = text.trim();
    let body = text.trim_start_matches(['-', '+']);
    let whole = body.split('.').next().unwrap_or_default();
    let number = Decimal::parse(text).filter(|n| n.scale() <= TEXT_SCALE && whole.len() <= 9)?;
    number.to_scale(TEXT_SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Rounding;
    use crate::random::Random;

    #[test]
    fn quotients_agree_with_the_decimals() {
        let mut random = Random::new(7);
        for _ in 0..20_000 {
            let (a, b) = (random.below(4000) as i128 - 2000, random.below(40) as i128 - 20);
            if b == 0 {
                continue;
            }
            let exact = |mode| {
                let (a, b) = (Decimal::new(a, 0).unwrap(), Decimal::new(b, 0).unwrap());
                a.div_round(b, 0, mode).unwrap().units()
            };
            assert_eq!(half_up(a, b), exact(Rounding::HalfUp), "{a}/{b}");
            assert_eq!(up(a, b), exact(Rounding::Up), "{a}/{b}");
            assert_eq!(down(a, b), exact(Rounding::Down), "{a}/{b}");
            assert_eq!(floor(a, b), exact(Rounding::Floor), "{a}/{b}");
            assert_eq!(ceil(a, b), exact(Rounding::Ceiling), "{a}/{b}");
            assert_eq!(modulo(a, b), a - b * floor(a, b), "{a}/{b}");
        }
    }

    #[test]
    fn aggregates_pass_over_what_is_not_there() {
        let items = [Some(3), None, Some(1), Some(3)];
        assert_eq!((sum(items), count(items), min(items), max(items)), (7, 3, 1, 3));
        assert_eq!((distinct(items), unique(items), unique([Some(1), None, None])), (2, false, true));
        assert_eq!((half_up(1, 0), modulo(1, 0)), (0, 0));
    }

    #[test]
    fn cells_and_texts() {
        assert!(
            Held::<i128>::Blank.is_blank()
                && Held::Value(true).is(true)
                && Held::<i128>::Unreadable.is_unreadable()
        );
        assert_eq!((Held::Value("x").get(), Held::<&str>::Blank.get()), ("x", ""));
        assert_eq!([number(" 1.5"), number("-.25"), number("1e3")], [1_500_000, -250_000, 0]);
        assert!(!reads("1.") && !reads("1234567890") && reads("+7"));
        assert_eq!(days(date(2015, 7, 1), date(2015, 6, 30)), 1);
    }
}
