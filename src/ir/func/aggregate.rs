//! Functions of many values: they take the filled ones.

use super::short::*;

/// All but the last argument, and the last as a scale.
fn mean(args: &[Value], mode: Rounding) -> Value {
    let Some((n, items)) = args.split_last() else { return Value::Null };
    match scale(n).map(u32::try_from) {
        Some(Ok(n)) => f::mean_rounded(f::flatten(items), n, mode),
        _ => Value::Null,
    }
}

rows! {
    sum "sum" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Sum), CALC,
        t::sum, |a| f::sum(f::flatten(a)),
        [own("sum"), own("sum"), own("sum"), own("sum"), own("sum")],
        "The sum of the filled ones; blank if none is.", "sum(1.5, null, 2)" => "3.5";
    count "count" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Count), CALC,
        t::count, |a| f::count(f::flatten(a)),
        [own("count"), own("count"), own("count"), own("count"), own("count")],
        "How many are filled; of rows, how many there are.", "count([1, 2])" => "2";
    min "min" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Min), CALC,
        t::outermost, |a| f::min(f::flatten(a)),
        [own("min"), own("min"), own("min"), own("min"), own("min")],
        "The smallest of the filled ones; blank if none is.", "min(3, 1, 2)" => "1";
    max "max" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Max), CALC,
        t::outermost, |a| f::max(f::flatten(a)),
        [own("max"), own("max"), own("max"), own("max"), own("max")],
        "The largest of the filled ones; blank if none is.", "max(3, 1, 2)" => "3";
    round_mean "round half up mean" SPECIAL, (2, 255), ALL, Role::Aggregate(Aggregate::RoundMean(Rounding::HalfUp)), CALC,
        t::round_mean, |a| mean(a, Rounding::HalfUp),
        [own("round_mean"), own("round_mean"), own("round_mean"), own("round_mean"), own("round_mean")],
        "The mean of the filled ones, rounded half away from zero.", "round half up(mean(1, 2, 2), 2)" => "1.67";
    round_up_mean "round up mean" SPECIAL, (2, 255), ALL, Role::Aggregate(Aggregate::RoundMean(Rounding::Up)), CALC,
        t::round_mean, |a| mean(a, Rounding::Up),
        [own("round_up_mean"), own("round_up_mean"), own("round_up_mean"), own("round_up_mean"), own("round_up_mean")],
        "The mean of the filled ones, rounded away from zero.", "round up(mean(1, 1, 2), 2)" => "1.34";
    round_down_mean "round down mean" SPECIAL, (2, 255), ALL, Role::Aggregate(Aggregate::RoundMean(Rounding::Down)), CALC,
        t::round_mean, |a| mean(a, Rounding::Down),
        [own("round_down_mean"), own("round_down_mean"), own("round_down_mean"), own("round_down_mean"),
         own("round_down_mean")],
        "The mean of the filled ones, rounded towards zero.", "round down(mean(1, 2, 2), 2)" => "1.66";
    distinct "distinct values" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Collect), CALC,
        t::distinct, |a| f::distinct_values(f::flatten(a)),
        [own("distinct"), own("distinct"), own("distinct"), own("distinct"), own("distinct")],
        "The filled ones without repetition.", "count(distinct values([1, 1.0, 2]))" => "2";
    unique "unique" CALL, (1, 255), ALL, Role::Aggregate(Aggregate::Collect), CALC,
        t::items, |a| f::unique(f::flatten(a)),
        [own("unique"), own("unique"), own("unique"), own("unique"), own("unique")],
        "Whether no filled one is repeated.", "unique([1, 2, 1])" => "false";
}
