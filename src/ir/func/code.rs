//! Membership and codes.

use super::short::*;

/// Whether the first is in the second: a list, a set of codes, or a single value.
fn member(args: &[Value]) -> Value {
    two(args, |x, list| match list {
        Value::List(items) if !items.is_empty() => f::in_list(x, items.iter()),
        Value::List(_) if !x.is_blank() && !x.is_unknown() => Value::Bool(false),
        Value::List(_) | Value::Null => {
            if x.is_unknown() {
                Value::Unknown
            } else {
                Value::Null
            }
        }
        single => f::eq(x, single),
    })
}

/// Whether a code is in a set of codes, whose blank leaves it undecided.
fn in_codes(args: &[Value]) -> Value {
    two(args, |x, set| f::list_contains(set, x))
}

/// How many codes a set has.
fn choices(args: &[Value]) -> Value {
    match args {
        [Value::List(codes)] => Value::int(i64::try_from(codes.len()).unwrap_or(i64::MAX)),
        [Value::Unknown] => Value::Unknown,
        _ => Value::Null,
    }
}

/// Whether a list holds a value.
fn contains(args: &[Value]) -> Value {
    two(args, |list, x| match (list, x) {
        (Value::List(items), Value::Null) => Value::Bool(items.contains(&Value::Null)),
        (Value::List(items), _) if items.is_empty() => Value::Bool(false),
        _ => f::list_contains(list, x),
    })
}

/// The label of a code, from the row of labels by code that is the second argument.
fn label(args: &[Value]) -> Value {
    match args {
        [Value::Text(code), labels] => labels.cell(code).cloned().unwrap_or_default(),
        [Value::Unknown, ..] => Value::Unknown,
        _ => Value::Null,
    }
}

rows! {
    in_num "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_num, member,
        [s("[{list}].includes({0})"), own("in_num"), s("({0} IN ({list}))"), s("({0} IN ({list}))"), s("[{list}].contains(&{0})")],
        "Whether a number is in a list; only the filled ones are looked at.", "1 in [2, 3, 1]" => "true";
    in_text "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_text, member,
        [s("[{list}].includes({0})"), own("in_text"), s("({0} IN ({list}))"), s("({0} IN ({list}))"), s("[{list}].contains(&{0})")],
        "Whether a text is in a list.", "\"a\" in [\"b\", \"A\"]" => "false";
    in_date "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_date, member,
        [s("[{list}].includes({0})"), own("in_date"), s("({0} IN ({list}))"), s("({0} IN ({list}))"), s("[{list}].contains(&{0})")],
        "Whether a date is in a list.", "@\"2015-06-30\" in [@\"2015-06-30\"]" => "true";
    in_bool "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_bool, member,
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether a condition is in a list.", "true in [false]" => "false";
    in_code "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_code, member,
        [s("[{list}].includes({0})"), own("in_text"), s("({0} IN ({list}))"), s("({0} IN ({list}))"), s("[{list}].contains(&{0})")],
        "Whether a code is in a list of codes.", "" => "";
    in_codes "in" SPECIAL, (2, 2), ALL, Role::Member, K::Member,
        t::in_codes, in_codes,
        [s("{1}.includes({0})"), s("ISNUMBER(FIND(\",\"&{0}&\",\",\",\"&{1}&\",\"))"), s("(strpos(',' || {1} || ',', ',' || {0} || ',') > 0)"), s("list_contains(string_split({1}, ','), {0})"), s("{1}.contains(&{0})")],
        "Whether a code is in the set of codes of a multiple choice.", "" => "";
    in_any "in" SPECIAL, (2, 2), ALL, Role::Member, EVAL,
        t::in_any, member, [NO, NO, NO, NO, NO],
        "Whether a value is in a list, types known at run time.", "" => "";
    list_contains "list contains" CALL, (2, 2), ALL, Role::Member, K::Contains,
        t::list_contains, contains,
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether a list or set of codes holds a value.", "list contains([1, 2], 2)" => "true";
    choices "(choices)" SPECIAL, (1, 1), ALL, Role::Plain, CALC,
        t::choices, choices,
        [s("{0}.length"), s("(LEN({0})-LEN(SUBSTITUTE({0},\",\",\"\"))+1)"), s("(char_length({0}) - char_length(replace({0}, ',', '')) + 1)"), s("len(string_split({0}, ','))"), s("({0}.len() as i128)")],
        "How many codes a set of codes has.", "" => "";
    mark "mark" CALL, (1, 1), ALL, Role::Mark, CALC,
        t::mark, |_| Value::Null,
        [no("mark"), no("mark"), no("mark"), no("mark"), no("mark")],
        "The mark that stands in a numeric cell instead of a number; blank if none does.", "" => "";
    label "label" CALL, (1, 2), ALL, Role::Plain, CALC,
        t::label, label,
        [own("label"), own("label"), own("label"), own("label"), own("label")],
        "The label of a code, as text.", "" => "";
}
