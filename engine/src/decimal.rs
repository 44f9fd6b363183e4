//! Exact decimal numbers: an integer and the number of its decimals.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The most decimals a [`Decimal`] can have.
pub const MAX_SCALE: u32 = 38;

/// The significant digits of an unrounded quotient, see [`Decimal::div_28`].
const QUOTIENT_DIGITS: u32 = 28;

/// How a number is brought to fewer decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// To the nearest; a half goes towards zero.
    HalfDown,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceiling,
}

/// An exact decimal number, `units / 10^scale`.
///
/// Equality, order and hash are those of the number (`1.0` equals `1.00`); the scale is kept for
/// printing. At most [`MAX_SCALE`] decimals and 38 digits; an operation whose exact result does not
/// fit answers `None`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    /// Nought, without decimals.
    pub const ZERO: Self = Self { units: 0, scale: 0 };
    /// One, without decimals.
    pub const ONE: Self = Self { units: 1, scale: 0 };
    /// A hundred, without decimals.
    pub const HUNDRED: Self = Self { units: 100, scale: 0 };

    /// The number `units / 10^scale`; `None` beyond [`MAX_SCALE`] or for `i128::MIN`.
    pub const fn new(units: i128, scale: u32) -> Option<Self> {
        if scale > MAX_SCALE || units == i128::MIN { None } else { Some(Self { units, scale }) }
    }

    /// A whole number.
    pub const fn from_int(int: i64) -> Self {
        Self { units: int as i128, scale: 0 }
    }

    /// Reads an optional sign and `1`, `1.5` or `.5`; no exponent, no blanks, no separators.
    /// `None` for anything else and for numbers that do not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
        if fraction.is_empty() || (whole.is_empty() && !body.contains('.')) {
            return None;
        }
        let scale = if body.contains('.') { u32::try_from(fraction.len()).ok()? } else { 0 };
        let fraction = if scale == 0 { "" } else { fraction };
        let units = whole.bytes().chain(fraction.bytes()).try_fold(0i128, push_digit)?;
        Self::new(if negative { -units } else { units }, scale)
    }

    /// The integer of which this number is the `10^scale`th part.
    pub const fn units(self) -> i128 {
        self.units
    }

    /// The number of decimals, trailing zeros included.
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// Whether the number is nought.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Whether the number is below nought.
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Whether the number is whole, however many zeros are written after its point.
    pub fn is_integer(self) -> bool {
        self.normalized().scale == 0
    }

    /// The whole number, if it is one and fits.
    pub fn to_i64(self) -> Option<i64> {
        i64::try_from(self.to_scale(0)?).ok()
    }

    /// The number without its sign.
    pub const fn abs(self) -> Self {
        Self { units: self.units.abs(), scale: self.scale }
    }

    /// The number with the other sign.
    pub const fn neg(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }

    /// The same number without trailing zeros after its point.
    pub fn normalized(self) -> Self {
        let mut out = self;
        while out.scale > 0 && out.units % 10 == 0 {
            out = Self { units: out.units / 10, scale: out.scale - 1 };
        }
        out
    }

    /// The digits as written: leading zeros not counted, trailing ones counted (`0.50` has two,
    /// `100` three, `0` one).
    pub fn digits(self) -> u32 {
        digits_of(self.units.unsigned_abs())
    }

    /// The units at that scale when the number can be written so exactly and fits, otherwise `None`.
    pub fn to_scale(self, scale: u32) -> Option<i128> {
        if scale >= self.scale {
            return self.units.checked_mul(pow10(scale - self.scale)?);
        }
        let step = pow10(self.scale - scale)?;
        (self.units % step == 0).then(|| self.units / step)
    }

    /// The same number with exactly that many decimals, if it can be written so.
    pub fn with_scale(self, scale: u32) -> Option<Self> {
        Self::new(self.to_scale(scale)?, scale)
    }

    /// The exact sum, with the larger of both scales.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (left, right, scale) = align(self, other)?;
        Self::new(left.checked_add(right)?, scale)
    }

    /// The exact difference, with the larger of both scales.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.neg())
    }

    /// The exact product, with the sum of both scales.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        product(self, other).or_else(|| product(self.normalized(), other.normalized()))
    }

    /// The number rounded to that many decimals and written with them; with fewer decimals, or with
    /// none to add because the digits would not fit, it is returned as it is.
    pub fn round(self, scale: u32, mode: Rounding) -> Self {
        if scale >= self.scale {
            return self.with_scale(scale).unwrap_or(self);
        }
        match pow10(self.scale - scale) {
            Some(step) => {
                let (size, step) = (self.units.unsigned_abs(), step.unsigned_abs());
                let rounded = settle(size / step, size % step, step, self.units < 0, mode);
                rounded.map_or(self, |units| Self { units, scale })
            }
            None => self,
        }
    }

    /// The number rounded to a multiple of `10^places`; `None` if that does not fit.
    pub fn round_tens(self, places: u32, mode: Rounding) -> Option<Self> {
        let step = Self::new(pow10(places)?, 0)?;
        self.div_round(step, 0, mode)?.checked_mul(step)
    }

    /// The quotient with that many decimals, from an exact integer division.
    /// `None` if the divisor is nought or the quotient does not fit.
    pub fn div_round(self, other: Self, scale: u32, mode: Rounding) -> Option<Self> {
        let (left, right) = (self.normalized(), other.normalized());
        let up = right.scale.checked_add(scale)?;
        let negative = (left.units < 0) != (right.units < 0);
        let divisor = match left.scale.checked_sub(up) {
            Some(down) => right.units.checked_mul(pow10(down)?)?,
            None => right.units,
        };
        let mut long = LongDivision::start(left.units, divisor)?;
        (0..up.saturating_sub(left.scale)).try_for_each(|_| long.step())?;
        Self::new(settle(long.quotient, long.rest, long.divisor, negative, mode)?, scale)
    }

    /// The quotient to 28 significant digits, half-even, without trailing zeros; at most
    /// [`MAX_SCALE`] decimals. `None` if the divisor is nought or the quotient does not fit.
    pub fn div_28(self, other: Self) -> Option<Self> {
        let (left, right) = (self.normalized(), other.normalized());
        let negative = (left.units < 0) != (right.units < 0);
        let mut long = LongDivision::start(left.units, right.units)?;
        let mut scale = i64::from(left.scale) - i64::from(right.scale);
        while long.rest != 0 && digits_of(long.quotient) < QUOTIENT_DIGITS && scale < i64::from(MAX_SCALE) {
            long.step()?;
            scale += 1;
        }
        let extra = digits_of(long.quotient).saturating_sub(QUOTIENT_DIGITS);
        let units = long.shorten(extra, negative)?;
        from_exponent(units, scale - i64::from(extra))
    }

    /// What is left of this number after taking away whole multiples of the other, with the sign of
    /// the divisor. `None` if the divisor is nought or the numbers are too far apart.
    pub fn modulo(self, other: Self) -> Option<Self> {
        let (left, right, scale) = align(self, other)?;
        let rest = left.checked_rem(right)?;
        let crossed = rest != 0 && (rest < 0) != (right < 0);
        Self::new(if crossed { rest + right } else { rest }, scale)
    }
}

/// A division carried on digit by digit, on sizes without sign.
struct LongDivision {
    quotient: u128,
    rest: u128,
    divisor: u128,
}

impl LongDivision {
    fn start(left: i128, right: i128) -> Option<Self> {
        let (left, divisor) = (left.unsigned_abs(), right.unsigned_abs());
        Some(Self { quotient: left.checked_div(divisor)?, rest: left.checked_rem(divisor)?, divisor })
    }

    /// Brings down one more decimal.
    fn step(&mut self) -> Option<()> {
        let rest = self.rest.checked_mul(10)?;
        let digit = rest / self.divisor;
        self.quotient = self.quotient.checked_mul(10)?.checked_add(digit)?;
        self.rest = rest % self.divisor;
        Some(())
    }

    /// The quotient without its last `extra` digits, rounded half-even with the rest in view.
    fn shorten(&self, extra: u32, negative: bool) -> Option<i128> {
        if extra == 0 {
            return settle(self.quotient, self.rest, self.divisor, negative, Rounding::HalfEven);
        }
        let step = pow10(extra)?.unsigned_abs();
        let (size, dropped) = (self.quotient / step, self.quotient % step);
        // A rest below the last digit only matters where the digits alone would be a tie.
        let (dropped, step) = (dropped.checked_mul(2)?, step.checked_mul(2)?);
        let dropped = dropped + u128::from(self.rest != 0);
        settle(size, dropped, step, negative, Rounding::HalfEven)
    }
}

/// Rounds `size + rest / divisor` to an integer and gives it its sign.
fn settle(size: u128, rest: u128, divisor: u128, negative: bool, mode: Rounding) -> Option<i128> {
    let half = rest.cmp(&divisor.checked_sub(rest)?);
    let outward = match mode {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && size % 2 == 1),
        Rounding::Up => rest != 0,
        Rounding::Down => false,
        Rounding::Floor => rest != 0 && negative,
        Rounding::Ceiling => rest != 0 && !negative,
    };
    let size = i128::try_from(size.checked_add(u128::from(outward))?).ok()?;
    Some(if negative { -size } else { size })
}

fn product(left: Decimal, right: Decimal) -> Option<Decimal> {
    Decimal::new(left.units.checked_mul(right.units)?, left.scale.checked_add(right.scale)?)
}

/// Both units at the larger scale; without trailing zeros where they would not fit otherwise.
fn align(left: Decimal, right: Decimal) -> Option<(i128, i128, u32)> {
    let at = |left: Decimal, right: Decimal| {
        let scale = left.scale.max(right.scale);
        Some((left.to_scale(scale)?, right.to_scale(scale)?, scale))
    };
    at(left, right).or_else(|| at(left.normalized(), right.normalized()))
}

/// `units / 10^scale` without trailing zeros, where the scale may be negative.
fn from_exponent(units: i128, scale: i64) -> Option<Decimal> {
    if scale >= 0 {
        return Some(Decimal::new(units, u32::try_from(scale).ok()?)?.normalized());
    }
    let factor = pow10(u32::try_from(-scale).ok()?)?;
    Decimal::new(units.checked_mul(factor)?, 0)
}

fn push_digit(units: i128, byte: u8) -> Option<i128> {
    let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
    units.checked_mul(10)?.checked_add(digit)
}

fn pow10(exponent: u32) -> Option<i128> {
    10i128.checked_pow(exponent)
}

fn digits_of(size: u128) -> u32 {
    size.checked_ilog10().map_or(1, |log| log + 1)
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.units.cmp(&other.units);
        }
        let scale = self.scale.max(other.scale);
        let (left, right) = (parts(*self, scale), parts(*other, scale));
        left.cmp(&right)
    }
}

/// The floor of a number and what stands above it in units of `scale`, which always fits.
fn parts(number: Decimal, scale: u32) -> (i128, i128) {
    let one = pow10(number.scale).unwrap_or(i128::MAX);
    let above = number.units.rem_euclid(one);
    (number.units.div_euclid(one), above.saturating_mul(pow10(scale - number.scale).unwrap_or(1)))
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let plain = self.normalized();
        (plain.units, plain.scale).hash(state);
    }
}

impl From<i64> for Decimal {
    fn from(int: i64) -> Self {
        Self::from_int(int)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let size = self.units.unsigned_abs();
        match pow10(self.scale) {
            Some(one) if self.scale > 0 => {
                let one = one.unsigned_abs();
                let width = usize::try_from(self.scale).unwrap_or(0);
                write!(out, "{sign}{}.{:0width$}", size / one, size % one)
            }
            _ => write!(out, "{sign}{size}"),
        }
    }
}

#[cfg(test)]
mod tests;
