//! Names, places and facts; what the checks find (04).

super::codes! {
    UNKNOWN_NAME = "E0401" "unknown-name" Error {
        en "there is no `{name}` here"
        zh "此处没有“{name}”"
        why "A name must be declared in the same section, the same table, or once in the survey."
        why_zh ""
        wrong "totl = 1"
        right "total = 1"
    }
    AMBIGUOUS_NAME = "E0402" "ambiguous-name" Error {
        en "`{name}` means several things: {all}"
        zh "“{name}”有多种含义：{all}"
        why "Write the name with its table or section before it."
        why_zh ""
        wrong ""
        right ""
    }
    NOT_A_CONDITION = "E0403" "not-a-condition" Error {
        en "this is not a condition that holds or not"
        zh "这不是一个成立与否的条件"
        why "A rule checks something that is true or false."
        why_zh ""
        wrong "a + b"
        right "a + b = c"
    }
    BAD_NUMBER = "E0404" "bad-number" Error {
        en "`{text}` is no number"
        zh "“{text}”不是数字"
        why "Numbers have digits and at most one point, no exponent and no separators."
        why_zh ""
        wrong ""
        right ""
    }
    BAD_DATE = "E0405" "bad-date" Error {
        en "`{text}` is no date; write '2015-06-30'"
        zh "“{text}”不是日期，请写 '2015-06-30'"
        why "Dates are year, month and day of the calendar."
        why_zh ""
        wrong r#"@"2015-02-30""#
        right r#"@"2015-02-28""#
    }
    NOT_A_PLACE = "E0406" "not-a-place" Error {
        en "this names no place that holds a value"
        zh "这里没有指明可取值的位置"
        why "Here a field, column, row or cell is expected."
        why_zh ""
        wrong ""
        right ""
    }
    NOT_ONE_VALUE = "E0407" "not-one-value" Error {
        en "this stands for several values; one is needed here"
        zh "这里表示多个值，而此处需要一个值"
        why "A group, section or table is usable in filled, blank, sum and count; elsewhere one cell is needed."
        why_zh ""
        wrong ""
        right ""
    }
    NA_NAMED = "E0408" "not-applicable-cell" Error {
        en "this cell prints —— and holds no value"
        zh "该单元格印有“——”，不能取值"
        why "A cell that is not applicable cannot be read."
        why_zh ""
        wrong ""
        right ""
    }
    NEEDS_ROW = "E0409" "needs-row" Error {
        en "this column has a value in each row; say which row, or take `rows.…`"
        zh "该列每行都有值，请指明行，或用 rows.…"
        why "Outside its grid a column name alone does not say which row is meant."
        why_zh ""
        wrong ""
        right ""
    }
    NEEDS_COLUMN = "E0410" "needs-column" Error {
        en "this row has a value in each column; say which column"
        zh "该行每列都有值，请指明列"
        why "A row name alone does not say which column is meant."
        why_zh ""
        wrong ""
        right ""
    }
    UNLISTED_CODE = "E0411" "unlisted-code" Error {
        en "`{code}` is not a code of `{list}`"
        zh "“{code}”不是代码表“{list}”中的代码"
        why "A comparison with a code that is not in the list would never hold."
        why_zh ""
        wrong ""
        right ""
    }
    BARE_DIVISION = "E0412" "bare-division" Error {
        en "a quotient must be rounded, as `round half up(a / b, 2)`, or compared as a product, as `a < c * b`"
        zh "商必须取舍，如 round half up(a / b, 2)，或改成乘积比较，如 a < c * b"
        why "Quotients do not end, and every target rounds them differently."
        why_zh ""
        wrong "a / b = c"
        right "round half up(a / b, 2) = c"
    }
    SUM_OF_ONE = "E0413" "sum-of-one" Error {
        en "`{function}` of one cell; for all rows write `{function}(rows.…)`"
        zh "{function} 只有一个单元格；要取各行请写 {function}(rows.…)"
        why "A column name alone means the cell of the row at hand."
        why_zh ""
        wrong ""
        right ""
    }
    LIST_NEEDS_COLUMN = "E0414" "list-needs-column" Error {
        en "say which column of the rows is meant, as `rows.x`"
        zh "请指明取各行的哪一列，如 rows.x"
        why "A list of rows has no values of its own."
        why_zh ""
        wrong ""
        right ""
    }
    NOT_ROWS = "E0415" "not-rows" Error {
        en "these are no rows"
        zh "这里不是行"
        why "Here `rows`, a block of rows or a list is expected."
        why_zh ""
        wrong ""
        right ""
    }
    NO_PREVIOUS = "E0416" "no-previous-return" Error {
        en "there is no previous return {name}; declare it under `context: {return: …}`"
        zh "没有声明上期报表 {name}，请在 context 的 return 中声明"
        why "`prev` reads a previous return that the survey declares."
        why_zh ""
        wrong ""
        right ""
    }
    CONVERT_WITHOUT_UNIT = "E0417" "convert-without-unit" Error {
        en "only a number with a unit can be converted"
        zh "只有带单位的数值才能换算"
        why "`convert` needs a value whose unit is declared."
        why_zh ""
        wrong ""
        right ""
    }
    CONVERT_INEXACT = "E0418" "convert-inexact" Error {
        en "{from} cannot be converted to {to} exactly"
        zh "{from} 不能精确换算为 {to}"
        why "Conversions are exact, within one dimension."
        why_zh ""
        wrong ""
        right ""
    }
    NO_PLACE = "W0419" "no-place" Warning {
        en "the rule {rule} is checked nowhere"
        zh "规则 {rule} 没有可检查的位置"
        why "No place is left after ——, narrowing and conditions that are never true."
        why_zh ""
        wrong ""
        right ""
    }
    UNEVEN_EACH = "E0420" "uneven-each" Error {
        en "`{name}` has {length} places, another name of `each` has {longest}"
        zh "“{name}”有 {length} 个位置，each 的另一名称有 {longest} 个"
        why "Names of `each` run in step."
        why_zh ""
        wrong ""
        right ""
    }
    UNKNOWN_CLAUSE = "E0421" "unknown-clause" Error {
        en "there is no {clause}; the table has {known} notes"
        zh "没有 {clause}；本表共有 {known} 条说明"
        why "`from` names the note that a rule implements."
        why_zh ""
        wrong ""
        right ""
    }
    BAD_WORD = "E0422" "bad-word" Error {
        en "`{word}` is none of: {known}"
        zh "“{word}”不在可用值之内：{known}"
        why "Here one of a fixed set of words is expected."
        why_zh ""
        wrong ""
        right ""
    }
    UNKNOWN_LANGUAGE = "E0423" "unknown-language" Error {
        en "`{lang}` is none of the survey's languages"
        zh "“{lang}”不是本调查的语言"
        why "The survey lists its languages in survey.yaml."
        why_zh ""
        wrong ""
        right ""
    }
    MISSING_TRANSLATION = "W0424" "missing-translation" Warning {
        en "no text in: {langs}"
        zh "缺少以下语言的文字：{langs}"
        why "Where a translation is missing the default language is shown."
        why_zh ""
        wrong ""
        right ""
    }
    DUPLICATE_ID = "E0425" "duplicate-id" Error {
        en "`{id}` is declared twice"
        zh "“{id}”重复声明"
        why "Ids are unique in their section."
        why_zh ""
        wrong ""
        right ""
    }
    DUPLICATE_CODE = "E0426" "duplicate-code" Error {
        en "code `{code}` stands twice in `{list}`"
        zh "代码“{code}”在“{list}”中重复"
        why "Two equal codes could not be told apart in the data. Give one of them a free code and say so in a note."
        why_zh ""
        wrong ""
        right ""
    }
    CODE_GAP = "W0427" "code-gap" Warning {
        en "the codes of `{list}` jump from {from} to {to}"
        zh "“{list}”的代码从 {from} 跳到 {to}"
        why "A gap is usually a code that was forgotten. If the document has it so, say why with `accept: {code-gap: …}`."
        why_zh ""
        wrong ""
        right ""
    }
    UNUSED_ACCEPT = "W0428" "unused-accept" Warning {
        en "nothing here needs `{name}` to be accepted"
        zh "此处没有需要接受的“{name}”"
        why "An accepted irregularity is gone; remove the line."
        why_zh ""
        wrong ""
        right ""
    }
    BAD_UNIT = "E0429" "bad-unit" Error {
        en "`{is}` is no unit: write a number and a unit, as `10000 人`, or `1` for a pure count"
        zh "“{is}”不是单位：请写数和单位，如 10000 人，纯计数写 1"
        why "A unit is a number of another unit."
        why_zh ""
        wrong ""
        right ""
    }
    NO_TYPE = "E0430" "no-type" Error {
        en "this needs a `type`"
        zh "此处缺少 type"
        why "Every place that holds a value says what it holds."
        why_zh ""
        wrong ""
        right ""
    }
    NO_LIST = "E0431" "no-list" Error {
        en "a code needs its `list`"
        zh "代码必须指明 list"
        why "`code` and `codes` take their codes from a list."
        why_zh ""
        wrong ""
        right ""
    }
    NO_SCALE = "E0432" "no-scale" Error {
        en "say how many decimals: `scale`"
        zh "请写明小数位数 scale"
        why "Decimals, percentages and amounts have no default number of decimals."
        why_zh ""
        wrong ""
        right ""
    }
    BAD_DIGITS = "E0433" "bad-digits" Error {
        en "digits: {digits}, at least 1 and at most 15"
        zh "有效数字 {digits}，应为 1 到 15"
        why "Fifteen significant digits survive every target."
        why_zh ""
        wrong ""
        right ""
    }
    WRONG_BOUND = "E0434" "wrong-bound" Error {
        en "`{fact}: {value}` does not fit the type"
        zh "“{fact}: {value}”与类型不符"
        why "A bound has the type of the place: a number, a date or a length."
        why_zh ""
        wrong ""
        right ""
    }
    PARTS_DIFFER = "E0435" "parts-differ" Error {
        en "the parts of `{node}` cannot be added to it: their types or units differ"
        zh "“{node}”的各部分类型或单位不同，不能相加"
        why "A whole and its parts have one unit."
        why_zh ""
        wrong ""
        right ""
    }
    BLANK_ONCE = "E0436" "blank-once" Error {
        en "the blank {field} stands {times} times in the {lang} sentences; it must stand once"
        zh "{lang} 的句子中空格 {field} 出现 {times} 次，应恰好一次"
        why "Sentences hold each field exactly once."
        why_zh ""
        wrong ""
        right ""
    }
    CYCLE = "E0437" "cycle" Error {
        en "these are calculated from each other: {path}"
        zh "以下各项互相计算：{path}"
        why "A calculated value cannot depend on itself."
        why_zh ""
        wrong ""
        right ""
    }
    NUMBER_REPEATS = "W0438" "number-repeats" Warning {
        en "the number {number} stands at another row too"
        zh "编号 {number} 与另一行重复"
        why "Two rows print alike. If the document has it so, say why with `accept: {number-repeats: …}`."
        why_zh ""
        wrong ""
        right ""
    }
    NOTE_NAME = "W0439" "note-name" Warning {
        en "“{name}” in the notes is the label of nothing here"
        zh "说明中的“{name}”不是本表任何栏目的名称"
        why "Notes name columns, sections and lists as they are labelled. If the document has it so, accept it with a reason."
        why_zh ""
        wrong ""
        right ""
    }
    UNUSED_LIST = "W0440" "unused-list" Warning {
        en "the code list `{list}` is used nowhere"
        zh "代码表“{list}”没有被使用"
        why "A list that no field, column or row takes codes from is usually left over, or misspelt where it is meant."
        why_zh ""
        wrong ""
        right ""
    }
}
