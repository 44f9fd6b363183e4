//! Types, units and functions of expressions (03).

super::codes! {
    UNKNOWN_FUNCTION = "E0301" "unknown-function" Error {
        en "there is no function `{name}`"
        zh "没有名为“{name}”的函数"
        why "Functions are those of the reference; their names are written as there, as `string length(x)`."
        why_zh "函数以参考手册为准，名称照写，如 string length(x)。"
        wrong "check: abss(manual - calls) < 10"
        right "check: abs(manual - calls) < 10"
    }
    REFUSED_FUNCTION = "E0302" "refused-function" Error {
        en "`{name}` is not available in rules: {why}"
        zh "规则中不能使用“{name}”：{why_zh}"
        why "A rule must give the same verdict in the form, the workbook, the database and the program. What these do not compute alike is refused by name."
        why_zh "同一条规则在表单、工作簿、数据库和程序中必须得出相同的结论。各处算法不一的函数一律不用，并说明原因。"
        wrong "check: sqrt(calls) < 100"
        right "check: calls < 10000"
    }
    WRONG_ARITY = "E0303" "wrong-arity" Error {
        en "`{name}` takes {allowed}, not {found}"
        zh "“{name}”需要{allowed_zh}参数，实际为 {found} 个"
        why "An operand is missing or one too many is given."
        why_zh "参数少了或多了。"
        wrong "check: abs(manual, calls) < 10"
        right "check: abs(manual - calls) < 10"
    }
    WRONG_OPERAND = "E0304" "wrong-operand" Error {
        en "operand {position} of `{name}` must be {expected}; this is {found}"
        zh "“{name}”的第 {position} 个参数应为{expected_zh}，实际为{found_zh}"
        why "Nothing is converted silently: text is no number, a number no condition. `number(x)` reads a text as a number."
        why_zh "不做暗中的转换：文字不是数，数不是条件。number(x) 把文字读成数。"
        wrong "check: calls + remark > 0"
        right "check: calls > 0 and filled(remark)"
    }
    UNIT_SCALE = "E0305" "unit-scale" Error {
        en r#"one side is in {left}, the other in {right} ({factor}): write `{fixed}`"#
        zh r#"一侧单位为{left}，另一侧为{right}（{factor}）：请写 {fixed}"#
        why "Units of one dimension are never converted silently; `convert` does it exactly."
        why_zh "同一量纲的不同单位不会暗中换算；用 convert 精确换算。"
        wrong "check: holders <= people"
        right r#"check: holders <= convert(people, "万人")"#
    }
    UNIT_DIMENSION = "E0306" "unit-dimension" Error {
        en "{left} and {right} can neither be added nor compared"
        zh "{left_zh}与{right_zh}不是同一量纲，不能相加或比较"
        why "Numbers of different dimensions cannot be added or compared; products and quotients of units are units of their own."
        why_zh "不同量纲的数不能相加或比较；单位相乘、相除得到新的单位。"
        wrong "check: calls + amount > 0"
        right "check: calls > 0 and amount > 0"
    }
    CODE_WITH_OTHER = "E0307" "code-with-other" Error {
        en "{code} cannot be compared with {other}"
        zh "{code_zh}不能与{other_zh}比较"
        why r#"A code is compared with codes of its own list, written as text: `operator = "a"`. `label(x)` gives the printed text."#
        why_zh r#"代码只与本代码表的代码比较，写成文字：operator = "a"。label(x) 给出印出的文字。"#
        wrong "check: operator = 6"
        right r#"check: operator = "a""#
    }
    SET_AS_CODE = "E0308" "set-as-code" Error {
        en "several codes may be chosen here: write `{fixed}`"
        zh "此处为多选代码：请写 {fixed}"
        why "A multiple choice is a set of codes; ask whether a code is in it."
        why_zh "多选的值是一组代码，应当问某个代码是否在其中。"
        wrong r#"check: scope = "a""#
        right r#"check: '"a" in scope'"#
    }
    CODE_AS_SET = "E0309" "code-as-set" Error {
        en "only one code can be chosen here: write `{fixed}`"
        zh "此处为单选代码：请写 {fixed}"
        why r#"A single choice holds one code; compare it, or ask whether it is in a list: `x in ["a", "b"]`."#
        why_zh r#"单选的值是一个代码，可以比较，也可以问它是否在列出的代码之中：x in ["a", "b"]。"#
        wrong r#"check: '"a" in operator'"#
        right r#"check: operator = "a""#
    }
    BLANK_LITERAL = "E0310" "blank-literal" Error {
        en "`{name}` with the literal null is always unknown: write `blank(x)` or `filled(x)`"
        zh "“{name}”与 null 运算的结果总是未知：请写 blank(x) 或 filled(x)"
        why "A blank makes arithmetic blank and a comparison unknown. Ask for it by `blank(x)`, `filled(x)` or `x = null`."
        why_zh "空值使算式为空、使比较为未知。要判断空值请写 blank(x)、filled(x) 或 x = null。"
        wrong "check: calls > null"
        right "check: filled(calls)"
    }
    SCALE_LOSS = "E0311" "scale-loss" Error {
        en "a number of {scale} {scale:decimal|decimals} can never equal a literal of {literal}"
        zh "{scale} 位小数的数值不可能等于 {literal} 位小数的常数"
        why "The cell holds fewer decimals than the literal has, so the equality is never true. Round the literal or compare with a tolerance: `near(x, 0.3333, 0.005)`."
        why_zh "单元格的小数位少于常数，所以等式永远不成立。请减少常数的小数位，或允许误差：near(x, 0.3333, 0.005)。"
        wrong "check: rate = 33.3333"
        right "check: rate = 33.33"
    }
    DIGIT_BOUND = "E0312" "digit-bound" Error {
        en "the result may need {bound} digits; at most {limit} are exact everywhere"
        zh "结果可能需要 {bound} 位数字，超过各输出格式都能精确表示的 {limit} 位"
        why "Every intermediate result is bounded by the declared digits of its cells. Declare fewer `digits`, or compare sums instead of products."
        why_zh "每个中间结果的位数由单元格声明的位数限定。请声明较少的 digits，或改用和来比较。"
        wrong "check: calls * manual * automatic >= 0"
        right "check: calls * manual >= 10"
    }
    NO_CONVERSION = "E0313" "no-conversion" Error {
        en "a number in {from} cannot be converted to {to} exactly"
        zh "单位为{from}的数值不能精确换算为{to}"
        why "`convert` needs two units of one dimension whose ratio is an exact decimal."
        why_zh "convert 要求两个单位属同一量纲，且换算率是有限小数。"
        wrong r#"check: convert(amount, "万人") > 1"#
        right r#"check: convert(people, "万人") > 1"#
    }
    UNKNOWN_INPUT = "E0314" "unknown-input" Error {
        en "there is no input `{name}`"
        zh "没有名为“{name}”的输入"
        why "In `eval` every name must be an input, a field of the row at hand, or bound by `some` or `every`."
        why_zh "在 eval 中，每个名称必须是输入、所在行的字段，或由 some、every 引入。"
        wrong r#"eval 'a + b' --input '{"a": {"number": "1"}}'"#
        right r#"eval 'a + b' --input '{"a": {"number": "1"}, "b": {"number": "2"}}'"#
    }
    YES_NO_TEXT = "E0315" "yes-no-text" Error {
        en "a field answered by yes or no is no text: write `{yes}` or `{no}`"
        zh "是否栏不是文本：请写 {yes} 或 {no}"
        why "A yes/no answer is a condition itself; it needs no comparison."
        why_zh "是否栏本身就是条件，不需要比较。"
        wrong r#"check: online = "yes""#
        right "check: online"
    }
    OTHER_PRECISION = "E0316" "date-precision" Error {
        en "one side is {left}, the other {right}: write `{fixed}`"
        zh "一侧是{left_zh}，另一侧是{right_zh}：请写 {fixed}"
        why "A date, a month and a year are different types: whether June comes before 15 June has no answer. Compare what both have."
        why_zh "日期、年月、年份是不同的类型：“6月”与“6月15日”谁先谁后，没有答案。请比较两边都有的部分。"
        wrong "table: t01
title: A
fields: [{begun: {label: Begun, type: month}}, {ended: {label: Ended, type: date}}]
rules: [{in_order: {check: begun <= ended}}]"
        right "table: t01
title: A
fields: [{begun: {label: Begun, type: month}}, {ended: {label: Ended, type: date}}]
rules: [{in_order: {check: year(begun) * 12 + month(begun) <= year(ended) * 12 + month(ended)}}]"
    }
}
