//! How expressions are written (02).

super::codes! {
    EXPR_LIMIT = "E0201" "expression-limit" Error {
        en "the expression has {value} {what}, at most {limit} are allowed"
        zh "表达式有 {value} 个 {what}，上限为 {limit}"
        why "Expressions are limited so that every target can carry them. Split the rule in two."
        why_zh ""
        wrong ""
        right ""
    }
    EXPR_FULL_WIDTH = "W0202" "full-width-signs" Warning {
        en "full-width signs; write: {fixed}"
        zh "使用了全角符号，应写作：{fixed}"
        why "Full-width signs outside texts are read as the half-width ones. `fmt` replaces them."
        why_zh ""
        wrong "a ＝ b"
        right "a = b"
    }
    EXPR_FOREIGN_SIGN = "E0203" "foreign-sign" Error {
        en "`{sign}` is not used here; write `{right}`"
        zh "此处不用“{sign}”，请写“{right}”"
        why "The rule language has one spelling for each operator."
        why_zh ""
        wrong "a == b"
        right "a = b"
    }
    EXPR_UNOPENED = "E0204" "unopened" Error {
        en "this `{sign}` closes nothing"
        zh "这个“{sign}”没有对应的左括号"
        why "A bracket is closed that was not opened."
        why_zh ""
        wrong "a)"
        right "(a)"
    }
    EXPR_UNCLOSED = "E0205" "unclosed" Error {
        en "this `{sign}` is not closed"
        zh "这个“{sign}”没有闭合"
        why "A bracket, call or text is opened and not closed."
        why_zh ""
        wrong "sum(a"
        right "sum(a, b)"
    }
    EXPR_EMPTY = "E0206" "empty-expression" Error {
        en "an expression is missing here"
        zh "此处缺少表达式"
        why "There is nothing to evaluate."
        why_zh ""
        wrong ""
        right "a = b"
    }
    EXPR_NOT = "E0207" "not-is-a-function" Error {
        en "write `not(…)` with brackets"
        zh "请写 not(…)，要加括号"
        why "`not` is a function, so that it is always clear what it covers."
        why_zh ""
        wrong "not a"
        right "not(a)"
    }
    EXPR_INCOMPLETE = "E0208" "incomplete" Error {
        en "the expression ends too early; something is missing here"
        zh "表达式不完整，此处缺少内容"
        why "An operator needs something on both sides."
        why_zh ""
        wrong "a +"
        right "a + b"
    }
    EXPR_CHAINED = "E0209" "chained-comparison" Error {
        en "comparisons cannot follow each other; write `a < b and b < c`, or `b between a and c`"
        zh "比较不能连写，请写 a < b and b < c，或 b between a and c"
        why "Each comparison has two sides."
        why_zh ""
        wrong "a < b < c"
        right "a < b and b < c"
    }
    EXPR_DIGIT_NAME = "E0210" "name-with-digit" Error {
        en "a name that begins with a digit stands in backticks"
        zh "以数字开头的名称要放在反引号中"
        why "Ids may be any text; in expressions those that are no plain names stand in backticks."
        why_zh ""
        wrong "2a = 3"
        right "`2a` = 3"
    }
    EXPR_UNEXPECTED = "E0211" "unexpected" Error {
        en "`{found}` cannot stand here"
        zh "此处不能出现“{found}”"
        why "The expression is understood up to this place only: an operator, a comma or a bracket is missing before it."
        why_zh ""
        wrong "a b"
        right "a = b"
    }
    BAD_SELECTOR = "E0212" "bad-selector" Error {
        en "this is not a selector at `{found}`"
        zh "选择式在“{found}”处有误"
        why "Selectors are `a, b`, `a..b`, `x.*`, `x.**`, `row.column`, each with `except …`."
        why_zh ""
        wrong "a.."
        right "a..b"
    }
    BAD_REFERENCE = "E0213" "bad-reference" Error {
        en "a reference in a text is `{name}`; the sign itself is written `{{`"
        zh "文字中的引用写作 {name}；花括号本身写作 {{"
        why "A brace in a label, note or message begins a reference."
        why_zh ""
        wrong "{"
        right "{name}"
    }
}
