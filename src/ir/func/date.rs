//! Dates to numbers.

use super::short::*;

rows! {
    days "days" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::date_number, |a| two(a, f::days),
        [s("$.days({0}, {1})"), s("({0}-{1})"), s("({0} - {1})"), s("({0} - {1})"), s("scaled::days({0}, {1})")],
        "The days from the second date to the first; a month or a year counts from its first day.", "days(@\"2015-07-10\", @\"2015-06-30\")" => "10";
    months "months" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::date_number, |a| two(a, f::months),
        [s("$.months({0}, {1})"), s("((YEAR({0})-YEAR({1}))*12+MONTH({0})-MONTH({1})-({0}>{1})*(DAY({0})<DAY({1}))+({0}<{1})*(DAY({0})>DAY({1})))"), s("((extract(year from {0}) - extract(year from {1})) * 12 + extract(month from {0}) - extract(month from {1}) - CASE WHEN {0} > {1} AND extract(day from {0}) < extract(day from {1}) THEN 1 WHEN {0} < {1} AND extract(day from {0}) > extract(day from {1}) THEN -1 ELSE 0 END)"), s("((extract(year from {0}) - extract(year from {1})) * 12 + extract(month from {0}) - extract(month from {1}) - CASE WHEN {0} > {1} AND extract(day from {0}) < extract(day from {1}) THEN 1 WHEN {0} < {1} AND extract(day from {0}) > extract(day from {1}) THEN -1 ELSE 0 END)"), s("scaled::months({0}, {1})")],
        "The full months from the second date to the first; a month or a year counts from its first day.", "months(@\"2015-07-10\", @\"2014-06-30\")" => "12";
    year "year" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::date_number, |a| one(a, f::year),
        [s("$.year({0})"), s("YEAR({0})"), s("extract(year from {0})"), s("extract(year from {0})"), s("i128::from({0}.year())")],
        "The year of a date.", "year(@\"2015-06-30\")" => "2015";
    month "month" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::month_of, |a| one(a, f::month),
        [s("$.month({0})"), s("MONTH({0})"), s("extract(month from {0})"), s("extract(month from {0})"), s("i128::from({0}.month())")],
        "The month of a date.", "month(@\"2015-06-30\")" => "6";
    day "day" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::day_of, |a| one(a, f::day),
        [s("$.day({0})"), s("DAY({0})"), s("extract(day from {0})"), s("extract(day from {0})"), s("i128::from({0}.day())")],
        "The day of a date.", "day(@\"2015-06-30\")" => "30";
}
