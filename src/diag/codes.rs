//! THE table of diagnostics: code, name, severity, sentence in each language, explanation with a wrong and a right example.

use super::Severity;

/// One row of the catalogue. The code and the name are promises.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code, as `E0201`.
    pub code: &'static str,
    /// Name for `accept`, as `code-gap`.
    pub name: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The English sentence, with `{arg}` for arguments.
    pub en: &'static str,
    /// The Chinese sentence, with the same arguments.
    pub zh: &'static str,
    /// One paragraph: what it means and what to do.
    pub explain: &'static str,
    /// A small source that has the problem.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

/// Declares the catalogue: one constant a row, and `ALL` in order.
macro_rules! codes {
    ($($id:ident = $code:literal, $name:literal, $severity:ident, $en:literal, $zh:literal, $explain:literal, $wrong:literal, $right:literal;)*) => {
        $(#[doc = $en] pub static $id: Code = Code {
            code: $code, name: $name, severity: Severity::$severity, en: $en, zh: $zh, explain: $explain, wrong: $wrong, right: $right,
        };)*
        /// Every row, in order of code.
        pub static ALL: &[&Code] = &[$(&$id),*];
    };
}

codes! {
    UNKNOWN_KEY = "E0102", "unknown-key", Error,
        "`{key}` is not a key of {of}", "{of}没有“{key}”这个键",
        "A key is misspelt or stands in the wrong place. Only the keys of the reference are accepted, so that a typing error is never passed over in silence.",
        "tabel: t01\ntitle: A", "table: t01\ntitle: A";
    // Types, units and functions of expressions.
    UNKNOWN_FUNCTION = "E0301", "unknown-function", Error,
        "there is no function `{name}`", "没有名为“{name}”的函数",
        "Functions are those of the reference; their names are written as there, as `string length(x)`.",
        "check: summ(rows.calls) > 0", "check: sum(rows.calls) > 0";
    REFUSED_FUNCTION = "E0302", "refused-function", Error,
        "`{name}` is not available in rules: {why}", "规则中不能使用“{name}”：{why_zh}",
        "A rule must give the same verdict in the form, the workbook, the database and the program. What these do not compute alike is refused by name.",
        "check: sqrt(area) < 100", "check: area < 10000";
    WRONG_ARITY = "E0303", "wrong-arity", Error,
        "`{name}` takes {allowed}, not {found}", "“{name}”需要{allowed_zh}参数，实际为 {found} 个",
        "An operand is missing or one too many is given.",
        "check: abs(a, b) < 1", "check: abs(a - b) < 1";
    WRONG_OPERAND = "E0304", "wrong-operand", Error,
        "operand {position} of `{name}` must be {expected}; this is {found}", "“{name}”的第 {position} 个参数应为{expected_zh}，实际为{found_zh}",
        "Nothing is converted silently: text is no number, a number no condition. `number(x)` reads a text as a number.",
        "check: calls + remark > 0", "check: calls > 0";
    UNIT_SCALE = "E0305", "unit-scale", Error,
        "one side is in {left}, the other in {right}: convert one, as `convert(…, \"{right}\")`", "一侧单位为{left}，另一侧为{right}：请换算，如 convert(…, \"{right}\")",
        "Units of one dimension are never converted silently; `convert` does it exactly.",
        "check: holders = people", "check: holders = convert(people, \"万人\")";
    UNIT_DIMENSION = "E0306", "unit-dimension", Error,
        "{left} and {right} have nothing in common", "单位“{left}”与“{right}”不是同一量纲",
        "Numbers of different dimensions cannot be added or compared; products and quotients of units are units of their own.",
        "check: quantity + amount > 0", "check: quantity > 0 and amount > 0";
    CODE_WITH_OTHER = "E0307", "code-with-other", Error,
        "{code} cannot be compared with {other}", "{code_zh}不能与{other_zh}比较",
        "A code is compared with codes of its own list, written as text: `operator = \"a\"`. `label(x)` gives the printed text.",
        "check: operator = 6", "check: operator = \"a\"";
    SET_AS_CODE = "E0308", "set-as-code", Error,
        "several codes may be chosen here: write `\"a\" in x`", "此处为多选代码：请写 \"a\" in x",
        "A multiple choice is a set of codes; ask whether a code is in it.",
        "check: scope = \"a\"", "check: '\"a\" in scope'";
    CODE_AS_SET = "E0309", "code-as-set", Error,
        "only one code can be chosen here: write `x = \"a\"`", "此处为单选代码：请写 x = \"a\"",
        "A single choice holds one code; compare it, or ask whether it is in a list: `x in [\"a\", \"b\"]`.",
        "check: '\"a\" in operator'", "check: operator = \"a\"";
    BLANK_LITERAL = "E0310", "blank-literal", Error,
        "`{name}` with the literal null is always unknown: write `blank(x)` or `filled(x)`", "“{name}”与 null 运算的结果总是未知：请写 blank(x) 或 filled(x)",
        "A blank makes arithmetic blank and a comparison unknown. Ask for it by `blank(x)`, `filled(x)` or `x = null`.",
        "check: calls > null", "check: filled(calls)";
    SCALE_LOSS = "E0311", "scale-loss", Error,
        "a number of {scale} decimals can never equal a literal of {literal}", "{scale} 位小数的数值不可能等于 {literal} 位小数的常数",
        "The cell holds fewer decimals than the literal has, so the equality is never true. Round the literal or compare with a tolerance: `near(x, 0.3333, 0.005)`.",
        "check: rate = 0.3333", "check: rate = 0.33";
    DIGIT_BOUND = "E0312", "digit-bound", Error,
        "the result may need {bound} digits; at most {limit} are exact everywhere", "结果可能需要 {bound} 位数字，超过各输出格式都能精确表示的 {limit} 位",
        "Every intermediate result is bounded by the declared digits of its cells. Declare fewer `digits`, or compare sums instead of products.",
        "check: a * b * c = d", "check: a * b = d";
    NO_CONVERSION = "E0313", "no-conversion", Error,
        "a number in {from} cannot be converted to {to} exactly", "单位为{from}的数值不能精确换算为{to}",
        "`convert` needs two units of one dimension whose ratio is an exact decimal.",
        "check: convert(area, \"人\") > 0", "check: convert(people, \"万人\") > 0";
    UNKNOWN_INPUT = "E0314", "unknown-input", Error,
        "there is no input `{name}`", "没有名为“{name}”的输入",
        "In `eval` every name must be an input, a field of the row at hand, or bound by `some` or `every`.",
        "eval 'a + b' --input '{\"a\": 1}'", "eval 'a + b' --input '{\"a\": 1, \"b\": 2}'";
}

/// Sentences of related places, by key: English, Chinese.
pub static RELATED: &[(&str, &str, &str)] =
    &[("declared", "declared here", "在此声明"), ("first", "first here", "先在此处")];

/// The row of a code (`E0102`) or name (`unknown-key`).
pub fn find(code_or_name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|c| c.code.eq_ignore_ascii_case(code_or_name) || c.name == code_or_name)
}
