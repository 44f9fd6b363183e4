//! How expressions are written (02).

super::codes! {
    EXPR_LIMIT = "E0201" "expression-limit" Error {
        en "the expression has {value} {what}, at most {limit} are allowed"
        zh "表达式的{what_zh}为 {value}，上限为 {limit}"
        why "Expressions are limited so that every target can carry them. Split the rule in two."
        why_zh "表达式有上限，各种输出才都能容纳。请把规则拆成两条。"
        wrong "check: ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((calls)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) > 0"
        right "check: calls > 0"
    }
    EXPR_FULL_WIDTH = "W0202" "full-width-signs" Warning {
        en "full-width signs; write: {fixed}"
        zh "使用了全角符号，应写作：{fixed}"
        why "Full-width signs outside texts are read as the half-width ones. The fix writes them so."
        why_zh "文字以外的全角符号按半角读取。修正建议会换成半角。"
        wrong "check: manual ≤ （calls）"
        right "check: manual <= (calls)"
    }
    EXPR_FOREIGN_SIGN = "E0203" "foreign-sign" Error {
        en "`{sign}` is not used here; write `{right}`"
        zh "此处不用“{sign}”，请写“{right}”"
        why "The rule language has one spelling for each operator."
        why_zh "规则语言中每个运算符只有一种写法。"
        wrong "check: manual == calls"
        right "check: manual = calls"
    }
    EXPR_UNOPENED = "E0204" "unopened" Error {
        en "this `{sign}` closes nothing"
        zh "这个“{sign}”没有对应的左括号"
        why "A bracket is closed that was not opened."
        why_zh "这里有右括号，却没有对应的左括号。"
        wrong "check: manual <= calls)"
        right "check: (manual) <= calls"
    }
    EXPR_UNCLOSED = "E0205" "unclosed" Error {
        en "this `{sign}` is not closed"
        zh "这个“{sign}”没有闭合"
        why "A bracket, call or text is opened and not closed."
        why_zh "括号、函数或文字有开头而没有结尾。"
        wrong "check: abs(manual - calls > 0"
        right "check: abs(manual - calls) > 0"
    }
    EXPR_EMPTY = "E0206" "empty-expression" Error {
        en "an expression is missing here"
        zh "此处缺少表达式"
        why "There is nothing to evaluate."
        why_zh "这里没有可以计算的内容。"
        wrong "check: ''"
        right "check: manual <= calls"
    }
    EXPR_NOT = "E0207" "not-is-a-function" Error {
        en "write `not(…)` with brackets"
        zh "请写 not(…)，要加括号"
        why "`not` is a function, so that it is always clear what it covers."
        why_zh "not 是函数，括号说明它管到哪里。"
        wrong "check: not manual > calls"
        right "check: not(manual > calls)"
    }
    EXPR_INCOMPLETE = "E0208" "incomplete" Error {
        en "the expression ends too early; something is missing here"
        zh "表达式不完整，此处缺少内容"
        why "An operator needs something on both sides."
        why_zh "运算符两边都要有内容。"
        wrong "check: manual <="
        right "check: manual <= calls"
    }
    EXPR_CHAINED = "E0209" "chained-comparison" Error {
        en "comparisons cannot follow each other; write `a < b and b < c`, or `b between a and c`"
        zh "比较不能连写，请写 a < b and b < c，或 b between a and c"
        why "Each comparison has two sides."
        why_zh "每个比较只有两边。"
        wrong "check: 0 < manual < calls"
        right "check: 0 <= manual and manual <= calls"
    }
    EXPR_DIGIT_NAME = "E0210" "name-with-digit" Error {
        en "a name that begins with a digit stands in backticks"
        zh "以数字开头的名称要放在反引号中"
        why "Ids may be any text; in expressions those that are no plain names stand in backticks."
        why_zh "标识可以是任何文字；在表达式中，不是普通名称的标识要放在反引号里。"
        wrong "table: t01
title: A
fields:
  - 2a: {label: A, type: count}
rules:
  - positive: {check: 2a > 0}"
        right "table: t01
title: A
fields:
  - 2a: {label: A, type: count}
rules:
  - positive: {check: '`2a` > 0'}"
    }
    EXPR_UNEXPECTED = "E0211" "unexpected" Error {
        en "`{found}` cannot stand here"
        zh "此处不能出现“{found}”"
        why "The expression is understood up to this place only: an operator, a comma or a bracket is missing before it."
        why_zh "表达式读到这里就读不通了：前面缺少运算符、逗号或括号。"
        wrong "check: manual calls"
        right "check: manual <= calls"
    }
    BAD_SELECTOR = "E0212" "bad-selector" Error {
        en "this is not a selector: {detail}"
        zh "选择式有误：{detail_zh}"
        why "Selectors are `a, b`, `a..b`, `x.*`, `x.**`, `row.column`, each with `except …`."
        why_zh "选择式写作 a, b、a..b、x.*、x.**、行.列，后面可加 except …。"
        wrong "table: t01
title: A
fields:
  - a: {label: A, type: count}
  - b: {label: B, type: count}
cells:
  - {at: a.., required: true}"
        right "table: t01
title: A
fields:
  - a: {label: A, type: count}
  - b: {label: B, type: count}
cells:
  - {at: a..b, required: true}"
    }
    BAD_REFERENCE = "E0213" "bad-reference" Error {
        en "a reference in a text is written as `{calls.label}`; the sign itself is written `{{`"
        zh "文字中的引用写作 {calls.label}；花括号本身写作 {{"
        why "A brace in a label, note or message begins a reference."
        why_zh "标签、说明或提示中的花括号表示引用。"
        wrong "check: manual <= calls
message: '{calls.label is smaller'"
        right "check: manual <= calls
message: '{calls.label} is smaller'"
    }
    EXPR_PART_MISSING = "E0214" "part-missing" Error {
        en "`{word}` is missing here: write `{form}`{hint}"
        zh "此处缺少“{word}”：请写 {form}{hint_zh}"
        why "These words belong together. An `if` says what holds in either case; a rule that is for some places only has a `when` instead."
        why_zh "这些词要成对使用。if 两种情况都要写；只在某些情况下检查的规则改用 when。"
        wrong "check: if calls > 9 then manual <= calls"
        right "check: if calls > 9 then manual <= calls else true"
    }
}
