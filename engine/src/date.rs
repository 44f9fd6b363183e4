//! Calendar dates of day, month and year precision.

use std::fmt;

/// How much of a [`Date`] is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// `2015-06-30`
    Day,
    /// `2015-06`
    Month,
    /// `2015`
    Year,
}

/// A date of the proleptic Gregorian calendar, years 1 to 9999, ordered by year, month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Default for Date {
    /// The first day of the calendar, 0001-01-01.
    fn default() -> Self {
        Self { year: 1, month: 1, day: 1 }
    }
}

impl Date {
    /// A date that exists, or `None`; month and day are 0 where the precision leaves them out.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = match (month, day) {
            (0, 0) => true,
            (1..=12, day) => day <= days_in_month(year, month),
            _ => false,
        };
        (exists && (1..=9999).contains(&year)).then_some(Self { year, month, day })
    }

    /// Reads `2015-06-30`, `2015-06` or `2015`, with all digits and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = parts.next().and_then(|part| digits(part, 4))?;
        let month = parts.next().map_or(Some(0), nonzero)?;
        let day = parts.next().map_or(Some(0), nonzero)?;
        if parts.next().is_some() {
            return None;
        }
        Self::new(i32::try_from(year).ok()?, month, day)
    }

    /// Reads text of exactly that precision.
    pub fn parse_as(text: &str, precision: Precision) -> Option<Self> {
        Self::parse(text).filter(|date| date.precision() == precision)
    }

    /// How much of the date is known.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, or 0 for a year.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day, or 0 for a month or a year.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The first day of the period that this date names.
    pub fn first_day(self) -> Self {
        Self { year: self.year, month: self.month.max(1), day: self.day.max(1) }
    }

    /// The days from 0001-01-01 (which is 1) to the first day of this date.
    pub fn day_number(self) -> i64 {
        let date = self.first_day();
        let before = i64::from(date.year) - 1;
        let years = before * 365 + before / 4 - before / 100 + before / 400;
        let months: i64 = (1..date.month).map(|month| i64::from(days_in_month(date.year, month))).sum();
        years + months + i64::from(date.day)
    }
}

/// The days from `b` to `a`, that is `a - b`: negative when `a` is the earlier.
pub fn days(a: Date, b: Date) -> i64 {
    a.day_number() - b.day_number()
}

/// The full months from `b` to `a`, negative when `a` is the earlier: from 31 January to 28 February
/// none is full, from 15 January to 15 February one is.
pub fn months(a: Date, b: Date) -> i64 {
    let (a, b) = (a.first_day(), b.first_day());
    let whole = (i64::from(a.year) - i64::from(b.year)) * 12 + i64::from(a.month) - i64::from(b.month);
    match whole {
        1.. if a.day < b.day => whole - 1,
        ..=-1 if a.day > b.day => whole + 1,
        _ => whole,
    }
}

/// The days of a month, 0 for a month that does not exist.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn nonzero(text: &str) -> Option<u8> {
    digits(text, 2).and_then(|number| u8::try_from(number).ok()).filter(|number| *number > 0)
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.year)?;
        if self.month > 0 {
            write!(out, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(out, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn reads_and_prints_each_precision() {
        for text in ["2015-06-30", "2015-06", "2015", "0001-01-01", "9999-12-31", "2016-02-29"] {
            assert_eq!(date(text).to_string(), text);
        }
        assert_eq!(date("2015-06").precision(), Precision::Month);
        assert_eq!(date("2015").precision(), Precision::Year);
        assert_eq!(Date::parse_as("2015-06", Precision::Day), None);
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "2015-02-29",
            "2015-02-30",
            "1900-02-29",
            "2015-04-31",
            "2015-13-01",
            "2015-00-01",
            "2015-01-00",
            "2015-00",
            "0000-01-01",
            "15-01-01",
            "2015-1-1",
            "2015/01/01",
            "2015-01-01T00",
            "",
            "-2015",
            "+201",
            "2015-+1",
            "2015-01-01-01",
            "２０１５",
            " 2015",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_each_day_of_four_centuries_in_turn() {
        let mut expected = date("1800-01-01").day_number();
        for year in 1800..=2200 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(Date::new(year, month, day).unwrap().day_number(), expected);
                    expected += 1;
                }
            }
        }
        assert_eq!(date("0001-01-01").day_number(), 1);
        assert_eq!(days(date("1970-01-01"), date("0001-01-01")), 719_162);
    }

    #[test]
    fn counts_days_and_full_months_from_the_second_to_the_first() {
        assert_eq!(days(date("2015-07-01"), date("2015-06-30")), 1);
        assert_eq!(days(date("2015-06-30"), date("2015-07-01")), -1);
        assert_eq!(months(date("2015-02-28"), date("2015-01-31")), 0);
        assert_eq!(months(date("2015-02-15"), date("2015-01-15")), 1);
        assert_eq!(months(date("2014-12-15"), date("2015-01-15")), -1);
        assert_eq!(months(date("2014-12-16"), date("2015-01-15")), 0);
        assert_eq!(months(date("2016-01"), date("2015-01")), 12);
    }

    #[test]
    fn orders_by_year_month_day() {
        assert!(date("2015-06-30") < date("2015-07-01"));
        assert!(date("2015-06") < date("2015-06-01"));
        assert!(date("2014-12-31") < date("2015"));
    }
}
