//! What rules may say and where they stand (06).

super::codes! {
    EMPTY_TEXT = "E0601" "empty-text" Error {
        en "an empty text is blank: write `{fixed}`"
        zh "空文本即为空：请写 {fixed}"
        why "A text of nothing or of white space is blank, and a comparison with a blank is always unknown. Ask with `blank(x)` or `filled(x)`."
        why_zh "没有内容或只有空白的文本就是空，与空比较的结果总是未知。请用 blank(x) 或 filled(x)。"
        wrong r#"check: remark = """#
        right "check: blank(remark)"
    }
    PRECEDENCE = "E0602" "precedence" Error {
        en "this can be read in two ways; write `{fixed}`, or put the other part in brackets"
        zh "这里有两种读法；请写 {fixed}，或给另一部分加括号"
        why "`=` binds tighter than `and` and `or`. Where conditions are compared, brackets say which are meant."
        why_zh "= 的优先级高于 and 和 or。比较条件时请用括号写明所指。"
        wrong "check: filled(calls) or (filled(people)) = (blank(remark))"
        right "check: filled(calls) or ((filled(people)) = (blank(remark)))"
    }
    BARE_CONDITION = "E0603" "bare-condition" Error {
        en "conditions beside `=` are easily misread; write `{fixed}`"
        zh "等号两侧的条件容易误读，请写 {fixed}"
        why "Two conditions may be compared (both or neither), but it is easily misread; brackets make it plain."
        why_zh "两个条件可以比较（同真或同假），但容易误读，加括号即可明白。"
        wrong "check: filled(calls) = filled(people)"
        right "check: (filled(calls)) = (filled(people))"
    }
    LONE_VALUE = "E0604" "lone-value" Error {
        en "`{value}` is no condition; beside `{sign}` write the whole comparison, or `x in [a, b]`"
        zh "“{value}”不是条件；{sign} 两侧都要写完整的比较，或写 x in [a, b]"
        why "`a = 1 or 2` does not ask whether a is 1 or 2: both sides of `and` and `or` are conditions."
        why_zh "a = 1 or 2 并不表示 a 是 1 或 2：and 和 or 的两侧都是条件。"
        wrong "check: calls = 1 or 2"
        right "check: calls in [1, 2]"
    }
    BARE_MEAN = "E0605" "bare-mean" Error {
        en "a mean must be rounded, as `{fixed}`, or stand directly under an inequality"
        zh "平均值必须取舍，如 {fixed}，或直接与不等号相邻"
        why "Means do not end, and every target rounds them differently."
        why_zh "平均值往往除不尽，各输出格式的取舍不同。"
        wrong "check: mean(rows.calls) = 3"
        right "check: round half up(mean(rows.calls), 0) = 3"
    }
    DIVISOR_SIGN = "E0606" "divisor-sign" Error {
        en "the sign of the divisor `{divisor}` is not known: give it a `min`, or round the quotient"
        zh "除数“{divisor}”的正负未知：请为其规定 min，或对商取舍"
        why "A quotient under an inequality is compared as a product, which turns the inequality where the divisor is negative."
        why_zh "不等式中的商按乘积比较；除数为负时不等号要反向，因此必须知道除数的正负。"
        wrong "check: calls / (manual - automatic) <= 5"
        right "check: calls / (manual + automatic) <= 5
when: manual + automatic > 0"
    }
    DIVISOR_ZERO = "W0607" "divisor-zero" Warning {
        en "`{divisor}` may be 0, and the rule is unknown then; say what is meant with `when: {divisor} > 0`"
        zh "“{divisor}”可能为 0，此时规则的结果未知；请用 when: {divisor} > 0 写明"
        why "A quotient by zero is blank. A guard in `when` or `if` says that the rule does not apply then."
        why_zh "除以零的结果为空。在 when 或 if 中写明条件，表示此时规则不适用。"
        wrong "check: calls / manual <= 500"
        right "check: calls / manual <= 500
when: manual > 0"
    }
    BAD_PATTERN = "E0608" "bad-pattern" Error {
        en "the pattern has `{what}`, which is not read alike everywhere"
        zh "模式中的“{what}”在各输出格式中的含义不一致"
        why "Patterns use what Rust, JavaScript, Python and SQL read alike: classes, `? * + {m,n}`, groups, `|`, `^`, `$`, `\\d`, `\\w`, `\\s`. There are no look-around, back-references, flags or word boundaries, and no repetition of a repetition."
        why_zh "模式只用 Rust、JavaScript、Python 和 SQL 含义一致的写法：字符类、? * + {m,n}、分组、|、^、$、\\d、\\w、\\s；不用环视、反向引用、标志和单词边界，也不对重复再重复。"
        wrong r#"check: matches(remark, "^(?=a)b")"#
        right r#"check: matches(remark, "^[ab]+$")"#
    }
    SCALE_CUT = "E0609" "scale-cut" Error {
        en "the formula gives {found} {found:decimal|decimals}, the cell holds {scale}: round it, as `round half up(…, {scale})`"
        zh "公式的结果有 {found} 位小数，而该栏只有 {scale} 位：请取舍，如 round half up(…, {scale})"
        why "A calculated cell holds exactly what its formula gives. How the further decimals are rounded must be said."
        why_zh "计算栏的值与公式完全一致，多出的小数如何取舍必须写明。"
        wrong "table: t01
title: A
fields:
  - a: {label: a, type: decimal, scale: 2}
  - b: {label: b, type: decimal, scale: 1, calculated: a * 2}"
        right "table: t01
title: A
fields:
  - a: {label: a, type: decimal, scale: 2}
  - b: {label: b, type: decimal, scale: 1, calculated: 'round half up(a * 2, 1)'}"
    }
    COUNTED_TWICE = "E0610" "counted-twice" Error {
        en "{ids} would be taken twice"
        zh "{ids} 会被计算两次"
        why "Selectors of one sum overlap. Leave one out, or write `… except x`."
        why_zh "同一求和中的选择式有重叠。请去掉一个，或写 … except x。"
        wrong "check: sum(manual, automatic, manual) <= calls"
        right "check: sum(manual, automatic) <= calls"
    }
    TOTAL_AMONG_PARTS = "E0611" "total-among-parts" Error {
        en "{total} is the total of {ids}, which are taken as well"
        zh "{total} 是 {ids} 的合计，二者都被计入"
        why "A sum over rows and their total, or over a whole and its parts, counts everything twice."
        why_zh "既加各行又加其合计，或既加总体又加其部分，所有数都被计算两次。"
        wrong "check: sum(rows.calls, total.calls) > 0"
        right "check: sum(rows.calls) > 0"
    }
    TWO_AXES = "E0612" "two-axes" Error {
        en "the rule is open over {first} and over {second}; it can be checked along one of them only"
        zh "规则同时沿{first}和{second}展开，而只能沿其中之一检查"
        why "A column name means “in every row”, a row name “in every column”. One rule may leave one axis open; name the cell for the other, as `row.column`, or take a list, as `rows.x`."
        why_zh "列名表示“每一行”，行名表示“每一列”。一条规则只能展开一个方向；另一方向请写明单元格，如 row.column，或取列表，如 rows.x。"
        wrong "table: t01
title: A
rows: [{one: One}, {two: Two}]
columns:
  - a: {label: a, type: count}
  - b: {label: b, type: count}
rules:
  - r: {check: a <= one}"
        right "table: t01
title: A
rows: [{one: One}, {two: Two}]
columns:
  - a: {label: a, type: count}
  - b: {label: b, type: count}
rules:
  - r: {check: one.a <= one.b}"
    }
    HIDDEN_NAME = "E0613" "hidden-name" Error {
        en "`{name}` hides {other}, which has the same name here; choose another name"
        zh "“{name}”与此处的{other_zh}同名；请换一个名称"
        why "A name given by `each`, `some` or `every` must not hide a column, row, field, section or table."
        why_zh "each、some、every 引入的名称不能与列、行、字段、部分或表同名。"
        wrong "check: every calls in rows satisfies calls.people > 0"
        right "check: every r in rows satisfies r.people > 0"
    }
    NOT_ALLOWED = "E0614" "not-allowed" Error {
        en "{what} cannot be {answer}"
        zh "{what_zh}不能{answer_zh}"
        why "An error is corrected or explained; a warning is confirmed, explained, or left to the office; information asks for nothing."
        why_zh "错误须改正或说明；警告可确认、说明或交填报机关裁定；提示不要求答复。"
        wrong "check: manual <= calls
by: office"
        right "check: manual <= calls
severity: warning
by: office"
    }
    NOT_A_TEXT = "E0615" "not-a-text" Error {
        en "an explanation is a text; `{name}` is not"
        zh "说明必须填写在文本栏中，而“{name}”不是文本"
        why "`explain` names the text field or column in which an explanation settles the rule."
        why_zh "explain 指明填写说明的文本栏。"
        wrong "check: manual <= calls
explain: people"
        right "check: manual <= calls
explain: remark"
    }
    ROWS_WITHOUT_TWIN = "W0616" "rows-without-twin" Warning {
        en "these rows have none of the same id there, and the rule is not checked in them: {ids}"
        zh "以下各行在对方没有同标识的行，规则在这些行不检查：{ids}"
        why "`same_row` goes to the row of the same id in another grid. Say with `each: {row: …}` which rows are meant, or accept it with the reason."
        why_zh "same_row 指另一表中同标识的行。请用 each: {row: …} 写明所指的行，或注明理由予以接受。"
        wrong "table: t01
title: A
sections:
  - x:
      label: X
      rows: [{one: One}, {two: Two}]
      columns: [{a: {label: a, type: count}}]
      rules:
        - r: {check: a <= same_row(upper.b)}
  - upper:
      label: Y
      rows: [{one: One}]
      columns: [{b: {label: b, type: count}}]"
        right "table: t01
title: A
sections:
  - x:
      label: X
      rows: [{one: One}, {two: Two}]
      columns: [{a: {label: a, type: count}}]
      rules:
        - r: {check: a <= same_row(upper.b), each: {row: one}}
  - upper:
      label: Y
      rows: [{one: One}]
      columns: [{b: {label: b, type: count}}]"
    }
    OUT_OF_STEP = "E0618" "out-of-step" Error {
        en "`{name}` has no column for {over}"
        zh "“{name}”没有对应 {over} 的列"
        why "Names spread over periods or codes run in step: each must have a column for each of them."
        why_zh "按期间或代码展开的名称同步变化，每个名称都须有相应的列。"
        wrong "# file: codes.yaml
lists:
  - sexes: {label: Sexes, codes: [{f: Women}, {m: Men}]}
  - ages: {label: Ages, codes: [{young: Young}, {old: Old}]}
# file: t01.yaml
table: t01
title: A
rows: [{one: One}]
columns:
  - a: {label: a, type: count, over: sexes}
  - b: {label: b, type: count, over: ages}
rules:
  - r: {check: a <= b}"
        right "# file: codes.yaml
lists:
  - sexes: {label: Sexes, codes: [{f: Women}, {m: Men}]}
# file: t01.yaml
table: t01
title: A
rows: [{one: One}]
columns:
  - a: {label: a, type: count, over: sexes}
  - b: {label: b, type: count, over: sexes}
rules:
  - r: {check: a <= b}"
    }
    CONDITION_CYCLE = "E0619" "condition-cycle" Error {
        en "whether these apply hangs on each other: {path}"
        zh "这些位置是否适用互相依赖：{path}"
        why "Where a place does not apply it is blank; if its own condition reads what hangs on it, nothing can be filled in first."
        why_zh "不适用的位置为空；如果它的适用条件读取的内容又取决于它，就没有一处可以先填。"
        wrong "table: t01
title: A
fields:
  - opened: {label: Opened, type: yes_no, applies: filled(calls)}
  - calls: {label: Calls, type: count, applies: opened}"
        right "table: t01
title: A
fields:
  - opened: {label: Opened, type: yes_no}
  - calls: {label: Calls, type: count, applies: opened}"
    }
    WRONG_AXIS = "E0625" "wrong-axis" Error {
        en "`{name}` is no {axis}"
        zh "“{name}”不是 {axis} 所指的方向"
        why "`row` narrows the rows a rule is open over, `column` the columns."
        why_zh "row 限定规则所展开的行，column 限定列。"
        wrong "check: manual <= calls
each: {row: calls}"
        right "check: manual <= calls
each: {row: cities}"
    }
    NOT_WRITTEN_OUT = "E0626" "not-written-out" Error {
        en "the last operand of `{name}` must be written out in the rule"
        zh "“{name}”的最后一个参数必须在规则中直接写出"
        why "The decimals of a rounding and the pattern of `matches` are constants: `2`, `\"^[0-9]+$\"`."
        why_zh "取舍的小数位数和 matches 的模式都是常数，如 2、\"^[0-9]+$\"。"
        wrong "check: round half up(amount, calls) = 1"
        right "check: round half up(amount, 0) = 1"
    }
}
