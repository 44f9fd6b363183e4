//! Comparisons: a row for each operator and type.

use super::short::*;

/// Two values of one type; texts that are empty are texts here (cells deliver them blank).
fn compare(op: Compare, args: &[Value]) -> Value {
    match args {
        [Value::Text(a), Value::Text(b)] => Value::Bool(op.holds(a.cmp(b))),
        [a, b] => f::compare(op, a, b, None),
        [a, b, t] => within(op, a, b, t),
        _ => Value::Null,
    }
}

/// Two numbers within a third.
fn within(op: Compare, a: &Value, b: &Value, t: &Value) -> Value {
    match t {
        Value::Num(t) => f::compare(op, a, b, Some(*t)),
        Value::Unknown => Value::Unknown,
        _ => Value::Null,
    }
}

/// Two values whose types are known at run time; lists and rows are compared as they are, empty ones too.
fn compare_any(op: Compare, args: &[Value]) -> Value {
    match (op, args) {
        (Compare::Eq, [a @ (Value::List(_) | Value::Row(_)), b]) if alike(a, b) => Value::Bool(a == b),
        (Compare::Ne, [a @ (Value::List(_) | Value::Row(_)), b]) if alike(a, b) => Value::Bool(a != b),
        _ => compare(op, args),
    }
}

fn alike(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// One of the two is the literal `null`: whether the other is, too.
fn is_null(args: &[Value]) -> Value {
    let null = |v: &Value| match v {
        Value::Unknown => Value::Unknown,
        other => Value::Bool(*other == Value::Null),
    };
    two(args, |a, b| f::and(&null(a), &null(b)))
}

fn between(args: &[Value]) -> Value {
    match args {
        [x, lo, hi] => f::and(
            &compare(Compare::Ge, &[x.clone(), lo.clone()]),
            &compare(Compare::Le, &[x.clone(), hi.clone()]),
        ),
        _ => Value::Null,
    }
}

rows! {
    eq_num "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_num, |a| compare(Compare::Eq, a),
        [s("({0} === {1})"), s("(ROUND({0}-{1},{s})=0)"), s("({0} = {1})"), s("({0} = {1})"), s("({0} == {1})")],
        "Whether two numbers are equal (unknown if one is blank).", "1 = 1.0" => "true";
    eq_date "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_date, |a| compare(Compare::Eq, a),
        [s("({0} === {1})"), s("({0}={1})"), s("({0} = {1})"), s("({0} = {1})"), s("({0} == {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" = @\"2015-06-30\"" => "true";
    eq_text "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_text, |a| compare(Compare::Eq, a),
        [s("({0} === {1})"), s("EXACT({0},{1})"), s("({0} = {1})"), s("({0} = {1})"), s("({0} == {1})")],
        "Two texts compared by code points.", "\"a\" = \"A\"" => "false";
    eq_code "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_code, |a| compare(Compare::Eq, a),
        [s("({0} === {1})"), s("EXACT({0},{1})"), s("({0} = {1})"), s("({0} = {1})"), s("({0} == {1})")],
        "Two codes of one list compared.", "" => "";
    eq_codes "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_codes, |a| compare(Compare::Eq, a),
        [s("$.same({0}, {1})"), s("EXACT({0},{1})"), s("({0} = {1})"), s("({0} = {1})"), s("({0} == {1})")],
        "Two sets of codes of one list compared.", "" => "";
    eq_bool "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), K::Compare(Compare::Eq),
        t::cmp_bool, |a| compare(Compare::Eq, a),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Two conditions compared; unknown if one is.", "true = true" => "true";
    eq_null "=" CMP, (2, 2), ALL, Role::Null(true), K::Compare(Compare::Eq),
        t::cmp_null, is_null,
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Comparison with the literal null: whether a value is blank.", "1 = null" => "false";
    eq_tol "(= within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Eq), CALC,
        t::cmp_tol, |a| compare(Compare::Eq, a),
        [s("($.abs({0} - {1}) <= {2})"), s("(ROUND(ABS({0}-{1})-{2},{s})<=0)"), s("(abs({0} - {1}) <= {2})"), s("(abs({0} - {1}) <= {2})"), s("(({0} - {1}).abs() <= {2})")],
        "`=` within a tolerance, the third operand.", "" => "";
    eq_any "=" CMP, (2, 2), ALL, Role::Compare(Compare::Eq), EVAL,
        t::cmp_any, |a| compare_any(Compare::Eq, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    ne_num "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_num, |a| compare(Compare::Ne, a),
        [s("({0} !== {1})"), s("(ROUND({0}-{1},{s})<>0)"), s("({0} <> {1})"), s("({0} <> {1})"), s("({0} != {1})")],
        "Whether two numbers are different (unknown if one is blank).", "1 != 2" => "true";
    ne_date "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_date, |a| compare(Compare::Ne, a),
        [s("({0} !== {1})"), s("({0}<>{1})"), s("({0} <> {1})"), s("({0} <> {1})"), s("({0} != {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" != @\"2015-07-01\"" => "true";
    ne_text "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_text, |a| compare(Compare::Ne, a),
        [s("({0} !== {1})"), s("(1-EXACT({0},{1})>0)"), s("({0} <> {1})"), s("({0} <> {1})"), s("({0} != {1})")],
        "Two texts compared by code points.", "\"a\" != \"A\"" => "true";
    ne_code "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_code, |a| compare(Compare::Ne, a),
        [s("({0} !== {1})"), s("(1-EXACT({0},{1})>0)"), s("({0} <> {1})"), s("({0} <> {1})"), s("({0} != {1})")],
        "Two codes of one list compared.", "" => "";
    ne_codes "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_codes, |a| compare(Compare::Ne, a),
        [s("(!$.same({0}, {1}))"), s("(1-EXACT({0},{1})>0)"), s("({0} <> {1})"), s("({0} <> {1})"), s("({0} != {1})")],
        "Two sets of codes of one list compared.", "" => "";
    ne_bool "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), K::Compare(Compare::Ne),
        t::cmp_bool, |a| compare(Compare::Ne, a),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Two conditions compared; unknown if one is.", "true != true" => "false";
    ne_null "!=" CMP, (2, 2), ALL, Role::Null(false), K::Compare(Compare::Ne),
        t::cmp_null, |a| f::not(&is_null(a)),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether a value is filled.", "1 != null" => "true";
    ne_tol "(!= within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Ne), CALC,
        t::cmp_tol, |a| compare(Compare::Ne, a),
        [s("($.abs({0} - {1}) > {2})"), s("(ROUND(ABS({0}-{1})-{2},{s})>0)"), s("(abs({0} - {1}) > {2})"), s("(abs({0} - {1}) > {2})"), s("(({0} - {1}).abs() > {2})")],
        "`!=` within a tolerance, the third operand.", "" => "";
    ne_any "!=" CMP, (2, 2), ALL, Role::Compare(Compare::Ne), EVAL,
        t::cmp_any, |a| compare_any(Compare::Ne, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    lt_num "<" CMP, (2, 2), ALL, Role::Compare(Compare::Lt), K::Compare(Compare::Lt),
        t::cmp_num, |a| compare(Compare::Lt, a),
        [s("({0} < {1})"), s("(ROUND({0}-{1},{s})<0)"), s("({0} < {1})"), s("({0} < {1})"), s("({0} < {1})")],
        "Whether the first number is less than the second.", "1 < 2" => "true";
    lt_date "<" CMP, (2, 2), ALL, Role::Compare(Compare::Lt), K::Compare(Compare::Lt),
        t::cmp_date, |a| compare(Compare::Lt, a),
        [s("({0} < {1})"), s("({0}<{1})"), s("({0} < {1})"), s("({0} < {1})"), s("({0} < {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" < @\"2015-07-01\"" => "true";
    lt_text "<" CMP, (2, 2), ORDER, Role::Compare(Compare::Lt), EVAL,
        t::cmp_text, |a| compare(Compare::Lt, a),
        [NO, NO, NO, NO, NO],
        "Two texts in the order of their code points.", "\"a\" < \"b\"" => "true";
    lt_tol "(< within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Lt), CALC,
        t::cmp_tol, |a| compare(Compare::Lt, a),
        [s("({0} < {1} + {2})"), s("(ROUND({0}-{1}-{2},{s})<0)"), s("({0} < {1} + {2})"), s("({0} < {1} + {2})"), s("({0} < {1} + {2})")],
        "`<` within a tolerance, the third operand.", "" => "";
    lt_any "<" CMP, (2, 2), ALL, Role::Compare(Compare::Lt), EVAL,
        t::cmp_any, |a| compare_any(Compare::Lt, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    le_num "<=" CMP, (2, 2), ALL, Role::Compare(Compare::Le), K::Compare(Compare::Le),
        t::cmp_num, |a| compare(Compare::Le, a),
        [s("({0} <= {1})"), s("(ROUND({0}-{1},{s})<=0)"), s("({0} <= {1})"), s("({0} <= {1})"), s("({0} <= {1})")],
        "Whether the first number is at most the second.", "2 <= 2" => "true";
    le_date "<=" CMP, (2, 2), ALL, Role::Compare(Compare::Le), K::Compare(Compare::Le),
        t::cmp_date, |a| compare(Compare::Le, a),
        [s("({0} <= {1})"), s("({0}<={1})"), s("({0} <= {1})"), s("({0} <= {1})"), s("({0} <= {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" <= @\"2015-07-01\"" => "true";
    le_text "<=" CMP, (2, 2), ORDER, Role::Compare(Compare::Le), EVAL,
        t::cmp_text, |a| compare(Compare::Le, a),
        [NO, NO, NO, NO, NO],
        "Two texts in the order of their code points.", "\"a\" <= \"b\"" => "true";
    le_tol "(<= within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Le), CALC,
        t::cmp_tol, |a| compare(Compare::Le, a),
        [s("({0} <= {1} + {2})"), s("(ROUND({0}-{1}-{2},{s})<=0)"), s("({0} <= {1} + {2})"), s("({0} <= {1} + {2})"), s("({0} <= {1} + {2})")],
        "`<=` within a tolerance, the third operand.", "" => "";
    le_any "<=" CMP, (2, 2), ALL, Role::Compare(Compare::Le), EVAL,
        t::cmp_any, |a| compare_any(Compare::Le, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    gt_num ">" CMP, (2, 2), ALL, Role::Compare(Compare::Gt), K::Compare(Compare::Gt),
        t::cmp_num, |a| compare(Compare::Gt, a),
        [s("({0} > {1})"), s("(ROUND({0}-{1},{s})>0)"), s("({0} > {1})"), s("({0} > {1})"), s("({0} > {1})")],
        "Whether the first number is more than the second.", "2 > 1" => "true";
    gt_date ">" CMP, (2, 2), ALL, Role::Compare(Compare::Gt), K::Compare(Compare::Gt),
        t::cmp_date, |a| compare(Compare::Gt, a),
        [s("({0} > {1})"), s("({0}>{1})"), s("({0} > {1})"), s("({0} > {1})"), s("({0} > {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" > @\"2015-07-01\"" => "false";
    gt_text ">" CMP, (2, 2), ORDER, Role::Compare(Compare::Gt), EVAL,
        t::cmp_text, |a| compare(Compare::Gt, a),
        [NO, NO, NO, NO, NO],
        "Two texts in the order of their code points.", "\"a\" > \"b\"" => "false";
    gt_tol "(> within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Gt), CALC,
        t::cmp_tol, |a| compare(Compare::Gt, a),
        [s("({0} > {1} - {2})"), s("(ROUND({0}-{1}+{2},{s})>0)"), s("({0} > {1} - {2})"), s("({0} > {1} - {2})"), s("({0} > {1} - {2})")],
        "`>` within a tolerance, the third operand.", "" => "";
    gt_any ">" CMP, (2, 2), ALL, Role::Compare(Compare::Gt), EVAL,
        t::cmp_any, |a| compare_any(Compare::Gt, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    ge_num ">=" CMP, (2, 2), ALL, Role::Compare(Compare::Ge), K::Compare(Compare::Ge),
        t::cmp_num, |a| compare(Compare::Ge, a),
        [s("({0} >= {1})"), s("(ROUND({0}-{1},{s})>=0)"), s("({0} >= {1})"), s("({0} >= {1})"), s("({0} >= {1})")],
        "Whether the first number is at least the second.", "2 >= 2" => "true";
    ge_date ">=" CMP, (2, 2), ALL, Role::Compare(Compare::Ge), K::Compare(Compare::Ge),
        t::cmp_date, |a| compare(Compare::Ge, a),
        [s("({0} >= {1})"), s("({0}>={1})"), s("({0} >= {1})"), s("({0} >= {1})"), s("({0} >= {1})")],
        "Two dates compared by the calendar.", "@\"2015-06-30\" >= @\"2015-07-01\"" => "false";
    ge_text ">=" CMP, (2, 2), ORDER, Role::Compare(Compare::Ge), EVAL,
        t::cmp_text, |a| compare(Compare::Ge, a),
        [NO, NO, NO, NO, NO],
        "Two texts in the order of their code points.", "\"a\" >= \"b\"" => "false";
    ge_tol "(>= within)" SPECIAL, (3, 3), ALL, Role::Compare(Compare::Ge), CALC,
        t::cmp_tol, |a| compare(Compare::Ge, a),
        [s("({0} >= {1} - {2})"), s("(ROUND({0}-{1}+{2},{s})>=0)"), s("({0} >= {1} - {2})"), s("({0} >= {1} - {2})"), s("({0} >= {1} - {2})")],
        "`>=` within a tolerance, the third operand.", "" => "";
    ge_any ">=" CMP, (2, 2), ALL, Role::Compare(Compare::Ge), EVAL,
        t::cmp_any, |a| compare_any(Compare::Ge, a),
        [NO, NO, NO, NO, NO],
        "Two values whose types are known at run time.", "" => "";
    between_num "between" SPECIAL, (3, 3), ALL, Role::Between, K::Between,
        t::between_num, between,
        [s("({0} >= {1} && {0} <= {2})"), own("between_num"), s("({0} BETWEEN {1} AND {2})"), s("({0} BETWEEN {1} AND {2})"), s("({0} >= {1} && {0} <= {2})")],
        "Whether a number lies between two others, both included.", "2 between 1 and 2" => "true";
    between_date "between" SPECIAL, (3, 3), ALL, Role::Between, K::Between,
        t::between_date, between,
        [s("({0} >= {1} && {0} <= {2})"), own("between_date"), s("({0} BETWEEN {1} AND {2})"), s("({0} BETWEEN {1} AND {2})"), s("({0} >= {1} && {0} <= {2})")],
        "Whether a date lies between two others, both included.", "@\"2015-06-30\" between @\"2015-06-30\" and @\"2015-07-31\"" => "true";
    between_text "between" SPECIAL, (3, 3), ORDER, Role::Between, EVAL,
        t::between_text, between,
        [NO, NO, NO, NO, NO],
        "Whether a text lies between two others by code points.", "\"c\" between \"b\" and \"d\"" => "true";
    between_any "between" SPECIAL, (3, 3), ALL, Role::Between, EVAL,
        t::between_any, between,
        [NO, NO, NO, NO, NO],
        "Whether a value lies between two others, types known at run time.", "" => "";
    near "near" CALL, (3, 3), ALL, Role::Near, CALC,
        t::cmp_tol, |a| three(a, f::near),
        [s("($.abs({0} - {1}) <= {2})"), s("(ROUND(ABS({0}-{1})-{2},{s})<=0)"), s("(abs({0} - {1}) <= {2})"), s("(abs({0} - {1}) <= {2})"), s("(({0} - {1}).abs() <= {2})")],
        "Whether two numbers differ by at most the third.", "near(1.00, 1.01, 0.01)" => "true";
    meets "meets" CALL, (2, 2), ALL, Role::Meets, CALC,
        t::meets, |a| two(a, f::meets),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether a number meets a printed target: `100` is reached from 100, `> 90` only above 90.", "meets(90, \"> 90\")" => "false";
}
