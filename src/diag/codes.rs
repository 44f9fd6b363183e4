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
    OVER_LIMIT = "E0101", "over-limit", Error,
        "{what}: {value}, at most {limit} are allowed", "{what}：{value}，上限为 {limit}",
        "Every input has limits, so that no file can exhaust the machine. Split the file or shorten the text.",
        "", "";
    MISSING_KEY = "E0103", "missing-key", Error,
        "{of} needs `{key}`", "{of_zh}缺少“{key}”",
        "A fact without which the rest has no meaning is missing.",
        "title: A", "table: t01\ntitle: A";
    WRONG_SHAPE = "E0104", "wrong-shape", Error,
        "expected {expected}, found {found}", "应为{expected_zh}，此处为{found_zh}",
        "The value has another shape than the key takes: a list where one value is meant, or the reverse.",
        "table: t01\ntitle: [A]", "table: t01\ntitle: A";
    ONE_ID = "E0105", "one-id", Error,
        "an item of this list has one id; begin a new item with `- `", "此列表每项只有一个标识；另起一项请用“- ”",
        "Ordered sets are lists of `- id: facts`. A second key in one item is usually a missing dash or a wrong indentation.",
        "columns:\n  - a: {label: A}\n    b: {label: B}", "columns:\n  - a: {label: A}\n  - b: {label: B}";
    UNQUOTED_ID = "W0106", "unquoted-id", Warning,
        "other YAML tools read `{id}` as something else; write it in quotes", "其他 YAML 工具会把“{id}”读成别的值，请加引号",
        "Some YAML readers take no, y, n, 8.10 or dates for booleans, numbers or days. In quotes the id stays what is written.",
        "codes:\n  - n: Nothing", "codes:\n  - 'n': Nothing";
    YAML_SYNTAX = "E0107", "yaml-syntax", Error,
        "this is not YAML: {detail}", "不是有效的 YAML：{detail}",
        "The text breaks the rules of YAML at this place; what follows is not read. Usual causes: a tab, a missing space behind a colon, an unclosed bracket or quote.",
        "table: [t01", "table: t01";
    SECOND_DOCUMENT = "E0108", "second-document", Error,
        "a file holds one document", "一个文件只能有一个文档",
        "`---` begins a second document in the same file. Put it into a file of its own.",
        "table: a\n---\ntable: b", "table: a";
    UNKNOWN_TAG = "E0109", "unknown-tag", Error,
        "YAML tags are not used here", "此处不使用 YAML 标签",
        "A tag (`!name`) would change what a value is for some readers.",
        "table: !x t01", "table: t01";
    BAD_KEY = "E0110", "bad-key", Error,
        "a key is a single value", "键必须是单个值",
        "A list or a mapping stands where a key is expected.",
        "[a, b]: c", "a: c";
    MERGE_KEY = "E0111", "merge-key", Error,
        "`<<` is not used; write the facts out, or give them to the group", "不使用 <<；请写出内容，或写在上一级",
        "Merge keys are not part of YAML 1.2. Facts of a group pass to what stands below it.",
        "<<: {a: b}", "a: b";
    DUPLICATE_KEY = "E0112", "duplicate-key", Error,
        "`{key}` stands here twice", "“{key}”重复出现",
        "Most YAML readers silently take the last of two equal keys.",
        "table: t01\ntable: t02", "table: t01";
    ENCODING = "E0113", "encoding", Error,
        "the file is not UTF-8 but {encoding}; convert it, for example with `iconv -f {iconv} -t UTF-8`", "文件不是 UTF-8，而是 {encoding}；请转换，例如用 iconv -f {iconv} -t UTF-8",
        "Survey files are UTF-8, so that every tool reads the same characters.",
        "", "";
    FILE_MISSING = "E0114", "file-missing", Error,
        "there is no file {file}", "没有文件 {file}",
        "A table or list named in survey.yaml has no file beside it.",
        "", "";
    EXPR_LIMIT = "E0201", "expression-limit", Error,
        "the expression has {value} {what}, at most {limit} are allowed", "表达式有 {value} 个 {what}，上限为 {limit}",
        "Expressions are limited so that every target can carry them. Split the rule in two.",
        "", "";
    EXPR_FULL_WIDTH = "W0202", "full-width-signs", Warning,
        "full-width signs; write: {fixed}", "使用了全角符号，应写作：{fixed}",
        "Full-width signs outside texts are read as the half-width ones. `fmt` replaces them.",
        "a ＝ b", "a = b";
    EXPR_FOREIGN_SIGN = "E0203", "foreign-sign", Error,
        "`{sign}` is not used here; write `{right}`", "此处不用“{sign}”，请写“{right}”",
        "The rule language has one spelling for each operator.",
        "a == b", "a = b";
    EXPR_UNOPENED = "E0204", "unopened", Error,
        "this `{sign}` closes nothing", "这个“{sign}”没有对应的左括号",
        "A bracket is closed that was not opened.",
        "a)", "(a)";
    EXPR_UNCLOSED = "E0205", "unclosed", Error,
        "this `{sign}` is not closed", "这个“{sign}”没有闭合",
        "A bracket, call or text is opened and not closed.",
        "sum(a", "sum(a, b)";
    EXPR_EMPTY = "E0206", "empty-expression", Error,
        "an expression is missing here", "此处缺少表达式",
        "There is nothing to evaluate.",
        "", "a = b";
    EXPR_NOT = "E0207", "not-is-a-function", Error,
        "write `not(…)` with brackets", "请写 not(…)，要加括号",
        "`not` is a function, so that it is always clear what it covers.",
        "not a", "not(a)";
    EXPR_INCOMPLETE = "E0208", "incomplete", Error,
        "the expression ends too early; something is missing here", "表达式不完整，此处缺少内容",
        "An operator needs something on both sides.",
        "a +", "a + b";
    EXPR_CHAINED = "E0209", "chained-comparison", Error,
        "comparisons cannot follow each other; write `a < b and b < c`, or `b between a and c`", "比较不能连写，请写 a < b and b < c，或 b between a and c",
        "Each comparison has two sides.",
        "a < b < c", "a < b and b < c";
    EXPR_DIGIT_NAME = "E0210", "name-with-digit", Error,
        "a name that begins with a digit stands in backticks", "以数字开头的名称要放在反引号中",
        "Ids may be any text; in expressions those that are no plain names stand in backticks.",
        "2a = 3", "`2a` = 3";
    EXPR_UNEXPECTED = "E0211", "unexpected", Error,
        "`{found}` cannot stand here", "此处不能出现“{found}”",
        "The expression is understood up to this place only: an operator, a comma or a bracket is missing before it.",
        "a b", "a = b";
    BAD_SELECTOR = "E0212", "bad-selector", Error,
        "this is not a selector at `{found}`", "选择式在“{found}”处有误",
        "Selectors are `a, b`, `a..b`, `x.*`, `x.**`, `row.column`, each with `except …`.",
        "a..", "a..b";
    BAD_REFERENCE = "E0213", "bad-reference", Error,
        "a reference in a text is `{name}`; the sign itself is written `{{`", "文字中的引用写作 {name}；花括号本身写作 {{",
        "A brace in a label, note or message begins a reference.",
        "{", "{name}";
    UNKNOWN_NAME = "E0401", "unknown-name", Error,
        "there is no `{name}` here", "此处没有“{name}”",
        "A name must be declared in the same section, the same table, or once in the survey.",
        "totl = 1", "total = 1";
    AMBIGUOUS_NAME = "E0402", "ambiguous-name", Error,
        "`{name}` means several things: {all}", "“{name}”有多种含义：{all}",
        "Write the name with its table or section before it.",
        "", "";
    NOT_A_CONDITION = "E0403", "not-a-condition", Error,
        "this is not a condition that holds or not", "这不是一个成立与否的条件",
        "A rule checks something that is true or false.",
        "a + b", "a + b = c";
    BAD_NUMBER = "E0404", "bad-number", Error,
        "`{text}` is no number", "“{text}”不是数字",
        "Numbers have digits and at most one point, no exponent and no separators.",
        "", "";
    BAD_DATE = "E0405", "bad-date", Error,
        "`{text}` is no date; write '2015-06-30'", "“{text}”不是日期，请写 '2015-06-30'",
        "Dates are year, month and day of the calendar.",
        "@\"2015-02-30\"", "@\"2015-02-28\"";
    NOT_A_PLACE = "E0406", "not-a-place", Error,
        "this names no place that holds a value", "这里没有指明可取值的位置",
        "Here a field, column, row or cell is expected.",
        "", "";
    NOT_ONE_VALUE = "E0407", "not-one-value", Error,
        "this stands for several values; one is needed here", "这里表示多个值，而此处需要一个值",
        "A group, section or table is usable in filled, blank, sum and count; elsewhere one cell is needed.",
        "", "";
    NA_NAMED = "E0408", "not-applicable-cell", Error,
        "this cell prints —— and holds no value", "该单元格印有“——”，不能取值",
        "A cell that is not applicable cannot be read.",
        "", "";
    NEEDS_ROW = "E0409", "needs-row", Error,
        "this column has a value in each row; say which row, or take `rows.…`", "该列每行都有值，请指明行，或用 rows.…",
        "Outside its grid a column name alone does not say which row is meant.",
        "", "";
    NEEDS_COLUMN = "E0410", "needs-column", Error,
        "this row has a value in each column; say which column", "该行每列都有值，请指明列",
        "A row name alone does not say which column is meant.",
        "", "";
    UNLISTED_CODE = "E0411", "unlisted-code", Error,
        "`{code}` is not a code of `{list}`", "“{code}”不是代码表“{list}”中的代码",
        "A comparison with a code that is not in the list would never hold.",
        "", "";
    BARE_DIVISION = "E0412", "bare-division", Error,
        "a quotient must be rounded, as `round half up(a / b, 2)`, or compared as a product, as `a < c * b`", "商必须取舍，如 round half up(a / b, 2)，或改成乘积比较，如 a < c * b",
        "Quotients do not end, and every target rounds them differently.",
        "a / b = c", "round half up(a / b, 2) = c";
    SUM_OF_ONE = "E0413", "sum-of-one", Error,
        "`{function}` of one cell; for all rows write `{function}(rows.…)`", "{function} 只有一个单元格；要取各行请写 {function}(rows.…)",
        "A column name alone means the cell of the row at hand.",
        "", "";
    LIST_NEEDS_COLUMN = "E0414", "list-needs-column", Error,
        "say which column of the rows is meant, as `rows.x`", "请指明取各行的哪一列，如 rows.x",
        "A list of rows has no values of its own.",
        "", "";
    NOT_ROWS = "E0415", "not-rows", Error,
        "these are no rows", "这里不是行",
        "Here `rows`, a block of rows or a list is expected.",
        "", "";
    NO_PREVIOUS = "E0416", "no-previous-return", Error,
        "there is no previous return {name}; declare it under `context: {return: …}`", "没有声明上期报表 {name}，请在 context 的 return 中声明",
        "`prev` reads a previous return that the survey declares.",
        "", "";
    CONVERT_WITHOUT_UNIT = "E0417", "convert-without-unit", Error,
        "only a number with a unit can be converted", "只有带单位的数值才能换算",
        "`convert` needs a value whose unit is declared.",
        "", "";
    CONVERT_INEXACT = "E0418", "convert-inexact", Error,
        "{from} cannot be converted to {to} exactly", "{from} 不能精确换算为 {to}",
        "Conversions are exact, within one dimension.",
        "", "";
    NO_PLACE = "W0419", "no-place", Warning,
        "the rule {rule} is checked nowhere", "规则 {rule} 没有可检查的位置",
        "No place is left after ——, narrowing and conditions that are never true.",
        "", "";
    UNEVEN_EACH = "E0420", "uneven-each", Error,
        "`{name}` has {length} places, another name of `each` has {longest}", "“{name}”有 {length} 个位置，each 的另一名称有 {longest} 个",
        "Names of `each` run in step.",
        "", "";
    UNKNOWN_CLAUSE = "E0421", "unknown-clause", Error,
        "there is no {clause}; the table has {known} notes", "没有 {clause}；本表共有 {known} 条说明",
        "`from` names the note that a rule implements.",
        "", "";
    BAD_WORD = "E0422", "bad-word", Error,
        "`{word}` is none of: {known}", "“{word}”不在可用值之内：{known}",
        "Here one of a fixed set of words is expected.",
        "", "";
    UNKNOWN_LANGUAGE = "E0423", "unknown-language", Error,
        "`{lang}` is none of the survey's languages", "“{lang}”不是本调查的语言",
        "The survey lists its languages in survey.yaml.",
        "", "";
    MISSING_TRANSLATION = "W0424", "missing-translation", Warning,
        "no text in: {langs}", "缺少以下语言的文字：{langs}",
        "Where a translation is missing the default language is shown.",
        "", "";
    DUPLICATE_ID = "E0425", "duplicate-id", Error,
        "`{id}` is declared twice", "“{id}”重复声明",
        "Ids are unique in their section.",
        "", "";
    DUPLICATE_CODE = "E0426", "duplicate-code", Error,
        "code `{code}` stands twice in `{list}`", "代码“{code}”在“{list}”中重复",
        "Two equal codes could not be told apart in the data. Give one of them a free code and say so in a note.",
        "", "";
    CODE_GAP = "W0427", "code-gap", Warning,
        "the codes of `{list}` jump from {from} to {to}", "“{list}”的代码从 {from} 跳到 {to}",
        "A gap is usually a code that was forgotten. If the document has it so, say why with `accept: {code-gap: …}`.",
        "", "";
    UNUSED_ACCEPT = "W0428", "unused-accept", Warning,
        "nothing here needs `{name}` to be accepted", "此处没有需要接受的“{name}”",
        "An accepted irregularity is gone; remove the line.",
        "", "";
    BAD_UNIT = "E0429", "bad-unit", Error,
        "`{is}` is no unit: write a number and a unit, as `10000 人`, or `1` for a pure count", "“{is}”不是单位：请写数和单位，如 10000 人，纯计数写 1",
        "A unit is a number of another unit.",
        "", "";
    NO_TYPE = "E0430", "no-type", Error,
        "this needs a `type`", "此处缺少 type",
        "Every place that holds a value says what it holds.",
        "", "";
    NO_LIST = "E0431", "no-list", Error,
        "a code needs its `list`", "代码必须指明 list",
        "`code` and `codes` take their codes from a list.",
        "", "";
    NO_SCALE = "E0432", "no-scale", Error,
        "say how many decimals: `scale`", "请写明小数位数 scale",
        "Decimals, percentages and amounts have no default number of decimals.",
        "", "";
    BAD_DIGITS = "E0433", "bad-digits", Error,
        "digits: {digits}, at least 1 and at most 15", "有效数字 {digits}，应为 1 到 15",
        "Fifteen significant digits survive every target.",
        "", "";
    WRONG_BOUND = "E0434", "wrong-bound", Error,
        "`{fact}: {value}` does not fit the type", "“{fact}: {value}”与类型不符",
        "A bound has the type of the place: a number, a date or a length.",
        "", "";
    PARTS_DIFFER = "E0435", "parts-differ", Error,
        "the parts of `{node}` cannot be added to it: their types or units differ", "“{node}”的各部分类型或单位不同，不能相加",
        "A whole and its parts have one unit.",
        "", "";
    BLANK_ONCE = "E0436", "blank-once", Error,
        "the blank {field} stands {times} times in the {lang} sentences; it must stand once", "{lang} 的句子中空格 {field} 出现 {times} 次，应恰好一次",
        "Sentences hold each field exactly once.",
        "", "";
    CYCLE = "E0437", "cycle", Error,
        "these are calculated from each other: {path}", "以下各项互相计算：{path}",
        "A calculated value cannot depend on itself.",
        "", "";
    NUMBER_REPEATS = "W0438", "number-repeats", Warning,
        "the number {number} stands at another row too", "编号 {number} 与另一行重复",
        "Two rows print alike. If the document has it so, say why with `accept: {number-repeats: …}`.",
        "", "";
    UNUSED_LIST = "W0440", "unused-list", Warning,
        "the code list `{list}` is used nowhere", "代码表“{list}”没有被使用",
        "A list that no field, column or row takes codes from is usually left over, or misspelt where it is meant.",
        "", "";
    NOTE_NAME = "W0439", "note-name", Warning,
        "“{name}” in the notes is the label of nothing here", "说明中的“{name}”不是本表任何栏目的名称",
        "Notes name columns, sections and lists as they are labelled. If the document has it so, accept it with a reason.",
        "", "";
    UNKNOWN_KEY = "E0102", "unknown-key", Error,
        "`{key}` is not a key of {of}", "{of_zh}没有“{key}”这个键",
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

/// Every row, in order of code.
pub fn all() -> impl Iterator<Item = &'static Code> {
    let mut rows: Vec<&'static Code> = ALL.to_vec();
    rows.sort_by_key(|c| c.code.get(1..).unwrap_or(c.code));
    rows.into_iter()
}

/// The row of a code (`E0102`) or name (`unknown-key`).
pub fn find(code_or_name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|c| c.code.eq_ignore_ascii_case(code_or_name) || c.name == code_or_name)
}
