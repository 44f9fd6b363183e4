//! Types, units and functions of expressions (03).

super::codes! {
    UNKNOWN_FUNCTION = "E0301" "unknown-function" Error {
        en "there is no function `{name}`"
        zh "没有名为“{name}”的函数"
        why "Functions are those of the reference; their names are written as there, as `string length(x)`."
        why_zh ""
        wrong "check: summ(rows.calls) > 0"
        right "check: sum(rows.calls) > 0"
    }
    REFUSED_FUNCTION = "E0302" "refused-function" Error {
        en "`{name}` is not available in rules: {why}"
        zh "规则中不能使用“{name}”：{why_zh}"
        why "A rule must give the same verdict in the form, the workbook, the database and the program. What these do not compute alike is refused by name."
        why_zh ""
        wrong "check: sqrt(area) < 100"
        right "check: area < 10000"
    }
    WRONG_ARITY = "E0303" "wrong-arity" Error {
        en "`{name}` takes {allowed}, not {found}"
        zh "“{name}”需要{allowed_zh}参数，实际为 {found} 个"
        why "An operand is missing or one too many is given."
        why_zh ""
        wrong "check: abs(a, b) < 1"
        right "check: abs(a - b) < 1"
    }
    WRONG_OPERAND = "E0304" "wrong-operand" Error {
        en "operand {position} of `{name}` must be {expected}; this is {found}"
        zh "“{name}”的第 {position} 个参数应为{expected_zh}，实际为{found_zh}"
        why "Nothing is converted silently: text is no number, a number no condition. `number(x)` reads a text as a number."
        why_zh ""
        wrong "check: calls + remark > 0"
        right "check: calls > 0"
    }
    UNIT_SCALE = "E0305" "unit-scale" Error {
        en r#"one side is in {left}, the other in {right}: convert one, as `convert(…, "{right}")`"#
        zh r#"一侧单位为{left}，另一侧为{right}：请换算，如 convert(…, "{right}")"#
        why "Units of one dimension are never converted silently; `convert` does it exactly."
        why_zh ""
        wrong "check: holders = people"
        right r#"check: holders = convert(people, "万人")"#
    }
    UNIT_DIMENSION = "E0306" "unit-dimension" Error {
        en "{left} and {right} have nothing in common"
        zh "单位“{left}”与“{right}”不是同一量纲"
        why "Numbers of different dimensions cannot be added or compared; products and quotients of units are units of their own."
        why_zh ""
        wrong "check: quantity + amount > 0"
        right "check: quantity > 0 and amount > 0"
    }
    CODE_WITH_OTHER = "E0307" "code-with-other" Error {
        en "{code} cannot be compared with {other}"
        zh "{code_zh}不能与{other_zh}比较"
        why r#"A code is compared with codes of its own list, written as text: `operator = "a"`. `label(x)` gives the printed text."#
        why_zh ""
        wrong "check: operator = 6"
        right r#"check: operator = "a""#
    }
    SET_AS_CODE = "E0308" "set-as-code" Error {
        en r#"several codes may be chosen here: write `"a" in x`"#
        zh r#"此处为多选代码：请写 "a" in x"#
        why "A multiple choice is a set of codes; ask whether a code is in it."
        why_zh ""
        wrong r#"check: scope = "a""#
        right r#"check: '"a" in scope'"#
    }
    CODE_AS_SET = "E0309" "code-as-set" Error {
        en r#"only one code can be chosen here: write `x = "a"`"#
        zh r#"此处为单选代码：请写 x = "a""#
        why r#"A single choice holds one code; compare it, or ask whether it is in a list: `x in ["a", "b"]`."#
        why_zh ""
        wrong r#"check: '"a" in operator'"#
        right r#"check: operator = "a""#
    }
    BLANK_LITERAL = "E0310" "blank-literal" Error {
        en "`{name}` with the literal null is always unknown: write `blank(x)` or `filled(x)`"
        zh "“{name}”与 null 运算的结果总是未知：请写 blank(x) 或 filled(x)"
        why "A blank makes arithmetic blank and a comparison unknown. Ask for it by `blank(x)`, `filled(x)` or `x = null`."
        why_zh ""
        wrong "check: calls > null"
        right "check: filled(calls)"
    }
    SCALE_LOSS = "E0311" "scale-loss" Error {
        en "a number of {scale} decimals can never equal a literal of {literal}"
        zh "{scale} 位小数的数值不可能等于 {literal} 位小数的常数"
        why "The cell holds fewer decimals than the literal has, so the equality is never true. Round the literal or compare with a tolerance: `near(x, 0.3333, 0.005)`."
        why_zh ""
        wrong "check: rate = 0.3333"
        right "check: rate = 0.33"
    }
    DIGIT_BOUND = "E0312" "digit-bound" Error {
        en "the result may need {bound} digits; at most {limit} are exact everywhere"
        zh "结果可能需要 {bound} 位数字，超过各输出格式都能精确表示的 {limit} 位"
        why "Every intermediate result is bounded by the declared digits of its cells. Declare fewer `digits`, or compare sums instead of products."
        why_zh ""
        wrong "check: a * b * c = d"
        right "check: a * b = d"
    }
    NO_CONVERSION = "E0313" "no-conversion" Error {
        en "a number in {from} cannot be converted to {to} exactly"
        zh "单位为{from}的数值不能精确换算为{to}"
        why "`convert` needs two units of one dimension whose ratio is an exact decimal."
        why_zh ""
        wrong r#"check: convert(area, "人") > 0"#
        right r#"check: convert(people, "万人") > 0"#
    }
    UNKNOWN_INPUT = "E0314" "unknown-input" Error {
        en "there is no input `{name}`"
        zh "没有名为“{name}”的输入"
        why "In `eval` every name must be an input, a field of the row at hand, or bound by `some` or `every`."
        why_zh ""
        wrong r#"eval 'a + b' --input '{"a": 1}'"#
        right r#"eval 'a + b' --input '{"a": 1, "b": 2}'"#
    }
}
