//! Dates to numbers.

use super::short::*;

rows! {
    days "days" CALL, (2, 2), ALL, Role::Plain,
        t::date_number, |a| two(a, f::days),
        [own("days"), s("({0}-{1})"), s("({0} - {1})"), s("({0} - {1})"), s("func::days(&{0}, &{1})")],
        "The days from the second date to the first.", "days(@\"2015-07-10\", @\"2015-06-30\")" => "10";
    months "months" CALL, (2, 2), ALL, Role::Plain,
        t::date_number, |a| two(a, f::months),
        [own("months"), own("months"), own("months"), own("months"), s("func::months(&{0}, &{1})")],
        "The full months from the second date to the first.", "months(@\"2015-07-10\", @\"2014-06-30\")" => "12";
    year "year" CALL, (1, 1), ALL, Role::Plain,
        t::date_number, |a| one(a, f::year),
        [own("year"), s("YEAR({0})"), s("extract(year from {0})"), s("year({0})"), s("func::year(&{0})")],
        "The year of a date.", "year(@\"2015-06-30\")" => "2015";
    month "month" CALL, (1, 1), ALL, Role::Plain,
        t::date_number, |a| one(a, f::month),
        [own("month"), s("MONTH({0})"), s("extract(month from {0})"), s("month({0})"), s("func::month(&{0})")],
        "The month of a date.", "month(@\"2015-06-30\")" => "6";
    day "day" CALL, (1, 1), ALL, Role::Plain,
        t::date_number, |a| one(a, f::day),
        [own("day"), s("DAY({0})"), s("extract(day from {0})"), s("day({0})"), s("func::day(&{0})")],
        "The day of a date.", "day(@\"2015-06-30\")" => "30";
}
