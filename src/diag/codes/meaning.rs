//! Names, places and facts; what the checks find (04).

super::codes! {
    UNKNOWN_NAME = "E0401" "unknown-name" Error {
        en "there is no `{name}` here"
        zh "此处没有“{name}”"
        why "A name must be declared in the same section, the same table, or once in the whole survey."
        why_zh "名称应当在同一部分、同一表中声明，或在整个调查中只声明一次。"
        wrong "check: manuel <= calls"
        right "check: manual <= calls"
    }
    AMBIGUOUS_NAME = "E0402" "ambiguous-name" Error {
        en "`{name}` means several things: {all}"
        zh "“{name}”有多种含义：{all}"
        why "Write the name with its table or section before it."
        why_zh "请在名称前加上它的表或部分。"
        wrong "# file: t01.yaml
table: t01
title: A
fields:
  - a: {label: A, type: count}
rules:
  - same: {check: a = b}
# file: t02.yaml
table: t02
title: B
fields:
  - b: {label: B, type: count}
# file: t03.yaml
table: t03
title: C
fields:
  - b: {label: B, type: count}"
        right "# file: t01.yaml
table: t01
title: A
fields:
  - a: {label: A, type: count}
rules:
  - same: {check: a = t02.b}
# file: t02.yaml
table: t02
title: B
fields:
  - b: {label: B, type: count}
# file: t03.yaml
table: t03
title: C
fields:
  - b: {label: B, type: count}"
    }
    NOT_A_CONDITION = "E0403" "not-a-condition" Error {
        en "this is not a condition that holds or not"
        zh "这不是一个成立与否的条件"
        why "A rule checks something that is true or false."
        why_zh "规则检查的是成立与否的事。"
        wrong "check: manual + automatic"
        right "check: manual + automatic = calls"
    }
    BAD_NUMBER = "E0404" "bad-number" Error {
        en "`{text}` is no number: it has digits (at most 38) and at most one point, no separators"
        zh "“{text}”不是数：数由数字（最多 38 位）和最多一个小数点组成，不用分隔符"
        why "Numbers have digits and at most one point, no exponent and no separators; at most 38 digits."
        why_zh "数由数字和最多一个小数点组成，没有指数，也没有分隔符；最多 38 位。"
        wrong "check: calls < 1000000000000000000000000000000000000000"
        right "check: calls < 1000000000000"
    }
    BAD_DATE = "E0405" "bad-date" Error {
        en "`{text}` is no date; write '2015-06-30'"
        zh "“{text}”不是日期，请写 '2015-06-30'"
        why "Dates are year, month and day of the calendar."
        why_zh "日期是日历上的年、月、日。"
        wrong r#"check: opened <= @"2015-02-30""#
        right r#"check: opened <= @"2015-02-28""#
    }
    NOT_A_PLACE = "E0406" "not-a-place" Error {
        en "this names no place that holds a value"
        zh "这里没有指明可取值的位置"
        why "Here a field, column, row or cell is expected."
        why_zh "这里应当写字段、列、行或单元格。"
        wrong "check: sum(items(calls)) > 0"
        right r#"check: sum(items("calls, manual")) > 0"#
    }
    NOT_ONE_VALUE = "E0407" "not-one-value" Error {
        en "this stands for several values; one is needed here"
        zh "这里表示多个值，而此处需要一个值"
        why "A group, section or table stands for all its cells; it is usable in `filled`, `blank`, `sum` and `count`. Elsewhere one cell is needed."
        why_zh "列组、部分或表代表其中所有单元格，可用于 filled、blank、sum 和 count；其他地方需要一个单元格。"
        wrong "table: t01
title: A
rows:
  - north: North
columns:
  - size: {label: Size, type: count, columns: [{staff: Staff}, {seats: Seats}]}
rules:
  - some: {check: size > 0}"
        right "table: t01
title: A
rows:
  - north: North
columns:
  - size: {label: Size, type: count, columns: [{staff: Staff}, {seats: Seats}]}
rules:
  - some: {check: sum(size) > 0}"
    }
    NA_NAMED = "E0408" "not-applicable-cell" Error {
        en "`{name}` does not apply: the cell prints —— and holds no value"
        zh "“{name}”不适用：该单元格印有“——”，没有值"
        why "A cell that prints —— holds no value, so no rule can read it. Name another cell, or take it out of `na`. Rules that are open over rows pass over it by themselves."
        why_zh "印有“——”的单元格没有值，规则不能读取。请改写别的单元格，或把它从 na 中去掉。对各行通用的规则会自行跳过它。"
        wrong "check: total.rate > calls"
        right "check: total.calls >= calls"
    }
    NEEDS_ROW = "E0409" "needs-row" Error {
        en "this column has a value in each row; say which row, or take `rows.…`"
        zh "该列每行都有值，请指明行，或用 rows.…"
        why "A column has a value in every row. Where two grids meet in one rule, or outside a grid, the rule must say which row of the other grid is meant, take all of them by `rows.`, or the same one by `same_row(…)`."
        why_zh "一列在每行都有值。一条规则涉及两个表格或在表格之外时，要写明是另一表格的哪一行，或用 rows. 取全部行，或用 same_row(…) 取同一行。"
        wrong "table: t01
title: A
sections:
  - one:
      rows: [{north: North}, {south: South}]
      columns: [{calls: {label: Calls, type: count}}]
  - two:
      fields:
        - staff: {label: Staff, type: count, min: calls}"
        right "table: t01
title: A
sections:
  - one:
      rows: [{north: North}, {south: South}]
      columns: [{calls: {label: Calls, type: count}}]
  - two:
      fields:
        - staff: {label: Staff, type: count, min: north.calls}"
    }
    NEEDS_COLUMN = "E0410" "needs-column" Error {
        en "this row has a value in each column; say which column"
        zh "该行每列都有值，请指明列"
        why "A row has a value in every column. Where two grids meet in one rule, or outside a grid, the rule must say which column is meant."
        why_zh "一行在每列都有值。一条规则涉及两个表格或在表格之外时，要写明是哪一列。"
        wrong "table: t01
title: A
sections:
  - one:
      rows: [{north: North}, {south: South}]
      columns: [{calls: {label: Calls, type: count}}]
  - two:
      fields:
        - staff: {label: Staff, type: count, min: north}"
        right "table: t01
title: A
sections:
  - one:
      rows: [{north: North}, {south: South}]
      columns: [{calls: {label: Calls, type: count}}]
  - two:
      fields:
        - staff: {label: Staff, type: count, min: north.calls}"
    }
    UNLISTED_CODE = "E0411" "unlisted-code" Error {
        en "`{code}` is not a code of `{list}`"
        zh "“{code}”不是代码表“{list}”中的代码"
        why "A comparison with a code that is not in the list would never hold."
        why_zh "与代码表以外的代码比较，永远不会成立。"
        wrong r#"check: operator = "x""#
        right r#"check: operator = "a""#
    }
    BARE_DIVISION = "E0412" "bare-division" Error {
        en "a quotient must be rounded, as `{rounded}`, or stand directly under an inequality, as `{product}`"
        zh "商必须取舍，如 {rounded}，或直接与不等号相邻，如 {product}"
        why "Quotients do not end, and every target rounds them differently. Round to the decimals that are meant, or compare products."
        why_zh "商往往除不尽，各种输出的取舍又不相同。请写明取舍到几位小数，或改成乘积比较。"
        wrong "check: manual / calls = rate"
        right "check: round half up(manual / calls, 2) = 0.5
when: calls > 0"
    }
    SUM_OF_ONE = "E0413" "sum-of-one" Error {
        en "`{function}` of one cell; for all rows write `{function}(rows.…)`"
        zh "{function} 只有一个单元格；要取各行请写 {function}(rows.…)"
        why "A column name alone means the cell of the row at hand; its sum is the cell itself. For all rows write `rows.` before it."
        why_zh "单写列名指所在行的那个单元格，其和就是它自己。要取各行，请在前面加 rows.。"
        wrong "check: sum(calls) > 0"
        right "check: sum(rows.calls) > 0"
    }
    LIST_NEEDS_COLUMN = "E0414" "list-needs-column" Error {
        en "say which column of the rows is meant, as `rows.x`"
        zh "请指明取各行的哪一列，如 rows.x"
        why "A list of rows has no values of its own."
        why_zh "一组行本身没有值，要指明取哪一列。"
        wrong "check: sum(rows[calls > 0]) > 0"
        right "check: sum(rows[calls > 0].calls) > 0"
    }
    NOT_ROWS = "E0415" "not-rows" Error {
        en "these are no rows"
        zh "这里不是行"
        why "Here `rows`, a block of rows or a list is expected."
        why_zh "这里应当写 rows、重复行的标识或列表。"
        wrong "check: some x in calls satisfies x > 0"
        right "check: every x in rows.calls satisfies x > 0"
    }
    NO_PREVIOUS = "E0416" "no-previous-return" Error {
        en "there is no previous return{name}; declare it under `context: {return: …}`"
        zh "没有声明上期报表{name}，请在 context 的 return 中声明"
        why "`prev` reads a previous return, and survey.yaml declares none of this name. `context: {return: -1 year}` declares one."
        why_zh "prev 读取上期报表，而 survey.yaml 没有声明。context: {return: -1 year} 即声明一个。"
        wrong "check: calls >= prev(calls)"
        right "check: calls >= manual"
    }
    CONVERT_WITHOUT_UNIT = "E0417" "convert-without-unit" Error {
        en "only a number with a unit can be converted"
        zh "只有带单位的数值才能换算"
        why "`convert` needs a value whose unit is declared."
        why_zh "只有声明了单位的值才能用 convert 换算。"
        wrong r#"table: t01
title: A
fields:
  - a: {label: A, type: count}
rules:
  - enough: {check: 'convert(a, "万人") > 1'}
# file: units.yaml
units:
  - 人: people
  - 万人: {label: ten thousand people, is: 10000 人}"#
        right r#"table: t01
title: A
fields:
  - a: {label: A, type: count, unit: 人}
rules:
  - enough: {check: 'convert(a, "万人") > 1'}
# file: units.yaml
units:
  - 人: people
  - 万人: {label: ten thousand people, is: 10000 人}"#
    }
    NO_PLACE = "W0419" "no-place" Warning {
        en "the rule {rule} is checked nowhere"
        zh "规则 {rule} 没有可检查的位置"
        why "No place is left for the rule after ——, narrowing and conditions that are never true, so it would never be checked."
        why_zh "除去“——”、缩小的范围和永不成立的条件，规则没有可检查的位置，所以永远不会检查。"
        wrong "table: t01
title: A
rows: [{north: {label: North, na: [rate]}}, {south: South}]
columns: [{rate: {label: Rate, type: percent, scale: 2}}]
rules:
  - half: {each: {row: north}, check: rate <= 50}"
        right "table: t01
title: A
rows: [{north: {label: North, na: [rate]}}, {south: South}]
columns: [{rate: {label: Rate, type: percent, scale: 2}}]
rules:
  - half: {each: {row: south}, check: rate <= 50}"
    }
    UNEVEN_EACH = "E0420" "uneven-each" Error {
        en "`{name}` runs over {length}, another name of `each` over {longest}"
        zh "“{name}”有 {length} 个位置，each 的另一名称有 {longest} 个"
        why "Names of `each` run in step: the first place of one goes with the first of the other."
        why_zh "each 中的各名称一一对应地取值：第一个对第一个，依此类推。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: count}}, {b: {label: B, type: count}}, {c: {label: C, type: count}}]
rules:
  - smaller: {each: {part: [a, b], whole: c}, check: part <= whole}"
        right "table: t01
title: A
fields: [{a: {label: A, type: count}}, {b: {label: B, type: count}}, {c: {label: C, type: count}}]
rules:
  - smaller: {each: {part: [a, b], whole: [c, c]}, check: part <= whole}"
    }
    UNKNOWN_CLAUSE = "E0421" "unknown-clause" Error {
        en "there is no {clause}; the table has {known} {known:note|notes}"
        zh "没有 {clause}；本表共有 {known} 条说明"
        why "`from` names the note that a rule implements, counted from 1."
        why_zh "from 指明规则所依据的说明，从 1 起数。"
        wrong "table: t01
title: A
notes: {heading: Notes, items: [Fill in whole numbers.]}
fields: [{a: {label: A, type: count}}]
rules:
  - positive: {check: a > 0, from: note 2}"
        right "table: t01
title: A
notes: {heading: Notes, items: [Fill in whole numbers.]}
fields: [{a: {label: A, type: count}}]
rules:
  - positive: {check: a > 0, from: note 1}"
    }
    BAD_WORD = "E0422" "bad-word" Error {
        en "`{word}` is none of: {known}"
        zh "“{word}”不在可用值之内：{known}"
        why "Here one of a fixed set of words is expected."
        why_zh "这里只能用规定的几个词之一。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: counts}}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: count}}]"
    }
    UNKNOWN_LANGUAGE = "E0423" "unknown-language" Error {
        en "`{lang}` is none of the survey's languages"
        zh "“{lang}”不是本调查的语言"
        why "The survey lists its languages in survey.yaml."
        why_zh "调查所用的语言列在 survey.yaml 中。"
        wrong "table: t01
title: {en: A, fr: A}"
        right "table: t01
title: {en: A}"
    }
    MISSING_TRANSLATION = "W0424" "missing-translation" Warning {
        en "no text in: {langs}"
        zh "缺少以下语言的文字：{langs}"
        why "Where a translation is missing the default language is shown."
        why_zh "缺少译文的地方显示默认语言的文字。"
        wrong "# file: survey.yaml
survey: example
version: 1.0.0
title: {zh: 甲, en: A}
languages: [zh, en]
tables: [t01]
# file: t01.yaml
table: t01
title: {zh: 甲}"
        right "# file: survey.yaml
survey: example
version: 1.0.0
title: {zh: 甲, en: A}
languages: [zh, en]
tables: [t01]
# file: t01.yaml
table: t01
title: {zh: 甲, en: A}"
    }
    DUPLICATE_ID = "E0425" "duplicate-id" Error {
        en "`{id}` is declared twice"
        zh "“{id}”重复声明"
        why "Ids are unique in their section: rows, columns and fields together. Two that differ only in width or case count as one."
        why_zh "标识在所在部分内不得重复，行、列、字段一并计算。只有全角半角或大小写之差的，视为相同。"
        wrong "table: t01
title: A
fields:
  - a: {label: A, type: count}
  - a: {label: B, type: count}"
        right "table: t01
title: A
fields:
  - a: {label: A, type: count}
  - b: {label: B, type: count}"
    }
    DUPLICATE_CODE = "E0426" "duplicate-code" Error {
        en "code `{code}` stands twice in `{list}`"
        zh "代码“{code}”在“{list}”中重复"
        why "Two equal codes could not be told apart in the data. Give one of them a free code and say so in a note."
        why_zh "两个相同的代码在数据中无法区分。请给其中一个换用空闲的代码，并在说明中写明。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {a: Large}]}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Large}]}"
    }
    CODE_GAP = "W0427" "code-gap" Warning {
        en "the codes of `{list}` jump from {from} to {to}"
        zh "“{list}”的代码从 {from} 跳到 {to}"
        why "A gap is usually a code that was forgotten. If the document has it so, say why with `accept: {code-gap: …}`."
        why_zh "代码不连续，多半是漏了一个。如果文件本来如此，请用 accept: {code-gap: …} 说明原因。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Middle}, {d: Large}]}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes:
      label: Sizes
      codes: [{a: Small}, {b: Middle}, {d: Large}]
      accept: {code-gap: the printed form has no c}"
    }
    UNUSED_ACCEPT = "W0428" "unused-accept" Warning {
        en "nothing here needs `{name}` to be accepted"
        zh "此处没有需要接受的“{name}”"
        why "What was accepted here is no longer there, or the name is not that of a diagnostic which `accept` can settle. Remove the line."
        why_zh "原先接受的问题已不存在，或名称不是 accept 能接受的问题。请删去这一行。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes:
      label: Sizes
      codes: [{a: Small}, {b: Middle}, {c: Large}]
      accept: {code-gap: the printed form has no c}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Middle}, {c: Large}]}"
    }
    BAD_UNIT = "E0429" "bad-unit" Error {
        en "`{is}` is no unit: write a number and a unit, as `10000 人`, or `1` for a pure count"
        zh "“{is}”不是单位：请写数和单位，如 10000 人，纯计数写 1"
        why "A unit is a number of another unit."
        why_zh "单位写成另一单位的若干倍。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: count, unit: dozen}}]
# file: units.yaml
units:
  - piece: pieces
  - dozen: {label: dozens, is: twelve piece}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: count, unit: dozen}}]
# file: units.yaml
units:
  - piece: pieces
  - dozen: {label: dozens, is: 12 piece}"
    }
    NO_TYPE = "E0430" "no-type" Error {
        en "this needs a `type`"
        zh "此处缺少 type"
        why "Every place that holds a value says what it holds."
        why_zh "每个可填的位置都要写明填什么。"
        wrong "table: t01
title: A
fields: [{a: A}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: text}}]"
    }
    NO_LIST = "E0431" "no-list" Error {
        en "a code needs its `list`"
        zh "代码必须指明 list"
        why "`code` and `codes` take their codes from a list."
        why_zh "code 和 codes 的代码取自代码表。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: code}}]"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Large}]}"
    }
    NO_SCALE = "E0432" "no-scale" Error {
        en "say how many decimals: `scale`"
        zh "请写明小数位数 scale"
        why "Decimals, percentages and amounts have no default number of decimals."
        why_zh "小数、百分数和金额的小数位数没有默认值。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: percent}}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: percent, scale: 2}}]"
    }
    BAD_DIGITS = "E0433" "bad-digits" Error {
        en "digits: {digits}, at least 1 and at most 15"
        zh "有效数字 {digits}，应为 1 到 15"
        why "Fifteen significant digits survive every target; a spreadsheet drops what goes beyond."
        why_zh "十五位有效数字在各种输出中都不会丢失；更多的位数会被电子表格舍去。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: count, digits: 18}}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: count, digits: 15}}]"
    }
    WRONG_BOUND = "E0434" "wrong-bound" Error {
        en "`{fact}: {value}` does not fit the type"
        zh "“{fact}: {value}”与类型不符"
        why "A bound has the type of the place: a number for numbers, a date for dates, a length for texts."
        why_zh "界限的类型与所在位置相同：数用数，日期用日期，文字用长度。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: text, min: 3}}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: text, min_length: 3}}]"
    }
    PARTS_DIFFER = "E0435" "parts-differ" Error {
        en "the parts of `{node}` cannot be added to it: their types or units differ"
        zh "“{node}”的各部分类型或单位不同，不能相加"
        why "A whole and its parts have one unit."
        why_zh "总数与各部分的单位相同，才能相加。"
        wrong "# file: t01.yaml
table: t01
title: A
rows: [{north: North}]
columns:
  - area:
      label: Area
      type: count
      unit: square_metre
      parts: sum
      columns: [{office: Offices}, {seats: {label: Seats, unit: piece}}]
# file: units.yaml
units: [{square_metre: m²}, {piece: pieces}]"
        right "# file: t01.yaml
table: t01
title: A
rows: [{north: North}]
columns:
  - area:
      label: Area
      type: count
      unit: square_metre
      parts: sum
      columns: [{office: Offices}, {hall: Halls}]
# file: units.yaml
units: [{square_metre: m²}]"
    }
    BLANK_ONCE = "E0436" "blank-once" Error {
        en "the blank {field} stands {times} times in the {lang} sentences; it must stand once"
        zh "{lang} 的句子中空格 {field} 出现 {times} 次，应恰好一次"
        why "Sentences hold each field exactly once."
        why_zh "句子中每个字段的空格恰好出现一次。"
        wrong "table: t01
title: A
sections:
  - site:
      text: ['The site has {area} square metres.']
      fields: [{area: {label: Area, type: count}}, {seats: {label: Seats, type: count}}]"
        right "table: t01
title: A
sections:
  - site:
      text: ['The site has {area} square metres and {seats} seats.']
      fields: [{area: {label: Area, type: count}}, {seats: {label: Seats, type: count}}]"
    }
    CYCLE = "E0437" "cycle" Error {
        en "these are calculated from each other: {path}"
        zh "以下各项互相计算：{path}"
        why "A calculated value cannot depend on itself."
        why_zh "算出的值不能依赖它自己。"
        wrong "table: t01
title: A
fields:
  - a: {label: A, type: count, calculated: b + 1}
  - b: {label: B, type: count, calculated: a + 1}"
        right "table: t01
title: A
fields:
  - a: {label: A, type: count, calculated: b + 1}
  - b: {label: B, type: count}"
    }
    NUMBER_REPEATS = "W0438" "number-repeats" Warning {
        en "the number {number} stands at another row too"
        zh "编号 {number} 与另一行重复"
        why "Two rows print alike. If the document has it so, say why with `accept: {number-repeats: …}`."
        why_zh "两行印出相同的编号。如果文件本来如此，请用 accept: {number-repeats: …} 说明原因。"
        wrong "table: t01
title: A
rows: [{north: {label: North, number: 1}}, {south: {label: South, number: 1}}]
columns: [{calls: {label: Calls, type: count}}]"
        right "table: t01
title: A
rows: [{north: {label: North, number: 1}}, {south: {label: South, number: 2}}]
columns: [{calls: {label: Calls, type: count}}]"
    }
    NOTE_NAME = "W0439" "note-name" Warning {
        en "“{name}” in the notes is the label of nothing here"
        zh "说明中的“{name}”不是本表任何栏目的名称"
        why "Notes name columns, sections and lists as they are labelled. If the document has it so, accept it with a reason."
        why_zh "说明中提到的列、部分和代码表应与其标签一致。如果文件本来如此，请接受并说明原因。"
        wrong "table: t01
title: A
notes: {heading: Notes, items: [Fill “Call” with whole numbers.]}
fields: [{calls: {label: Calls, type: count}}]"
        right "table: t01
title: A
notes: {heading: Notes, items: [Fill “Calls” with whole numbers.]}
fields: [{calls: {label: Calls, type: count}}]"
    }
    UNUSED_LIST = "W0440" "unused-list" Warning {
        en "the code list `{list}` is used nowhere"
        zh "代码表“{list}”没有被使用"
        why "A list that no field, column or row takes codes from is usually left over, or misspelt where it is meant."
        why_zh "没有字段、列或行使用的代码表，多半是遗留的，或在使用处写错了名称。"
        wrong "# file: t01.yaml
table: t01
title: A
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Large}]}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: Large}]}"
    }
    UNUSED_UNIT = "W0441" "unused-unit" Warning {
        en "the unit `{unit}` is used nowhere"
        zh "单位“{unit}”没有被使用"
        why "A unit that no place, rule or other unit refers to is usually left over, or misspelt where it is meant."
        why_zh "没有任何位置、规则或其他单位使用的单位，多半是遗留的，或在使用处写错了名称。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: count}}]
# file: units.yaml
units: [{piece: pieces}]"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: count, unit: piece}}]
# file: units.yaml
units: [{piece: pieces}]"
    }
    NO_CELL = "E0442" "no-cell" Error {
        en "there is no cell at `{name}`: nothing is filled in or calculated there"
        zh "“{name}”处没有单元格：那里不填写，也不计算"
        why "A total has cells only in columns that can be added, and where a row stands under its label the label takes the place of the key. Name a place that holds a value."
        why_zh "合计行只在可以相加的列有单元格；固定行的标签占去了主键的位置。请写有值的位置。"
        wrong "check: filled(total.opened)"
        right "check: filled(total.calls)"
    }
    UNKNOWN_UNIT = "E0443" "unknown-unit" Error {
        en "no unit `{name}` is declared; declare it under `units:` in a file that survey.yaml imports, as `- {name}: label`"
        zh "没有声明单位“{name}”；请在 survey.yaml 的 imports 所列文件的 units: 下声明，写作 - {name}: 名称"
        why "Units are declared once, in a file such as units.yaml that `imports` of survey.yaml lists: `- 人: people` is a base unit, `- 万人: {label: ten thousand people, is: 10000 人}` a multiple of one, and `is: 1` a pure count."
        why_zh "单位只声明一次，写在 survey.yaml 的 imports 所列的文件（如 units.yaml）中：- 人: people 是基本单位，- 万人: {label: …, is: 10000 人} 是它的倍数，is: 1 表示纯计数。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: count, unit: piece}}]"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: count, unit: piece}}]
# file: units.yaml
units:
  - piece: pieces"
    }
    SPECIFY = "W0444" "no-specification" Warning {
        en "the label of code `{code}` asks to specify, and there is no place for it: write `specify: true`"
        zh "代码“{code}”的标签要求说明，却没有填写说明的地方：请写 specify: true"
        why "`specify: true` opens a text beside the code that is required exactly when it is chosen. If the document has it so, accept it with a reason."
        why_zh "specify: true 在代码旁增加一个文本栏，选了该代码时必填。如果文件本来如此，请接受并说明原因。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: 'Other (please specify)'}]}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: Small}, {b: {label: 'Other (please specify)', specify: true}}]}"
    }
    EMPTY_RANGE = "E0445" "empty-range" Error {
        en "no value is allowed here: {low} {min} is more than {high} {max}"
        zh "此处没有可填的值：{low} {min} 大于 {high} {max}"
        why "The smallest value allowed is larger than the largest. Bounds pass down from groups and defaults; `percent` has 0 and 100 by itself."
        why_zh "允许的最小值大于最大值。界限会从列组和默认值传下来；percent 本身的界限是 0 和 100。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: count, min: 10, max: 1}}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: count, min: 1, max: 10}}]"
    }
    UNASKED = "W0446" "unasked-specification" Warning {
        en "code `{code}` is to be specified, and its label does not say so, as “{label}” does"
        zh "代码“{code}”要求说明，标签却没有像“{label}”那样写明"
        why "Who fills the form on paper sees only the label. Write the same words there, or accept it with a reason."
        why_zh "在纸上填写的人只看得到标签。请写上同样的字样；如果文件本来如此，请接受并说明原因。"
        wrong "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: {label: Large, specify: true}}, {b: {label: 'Other (please specify)', specify: true}}]}"
        right "# file: t01.yaml
table: t01
title: A
fields: [{a: {label: A, type: code, list: sizes}}]
# file: codes.yaml
lists:
  - sizes: {label: Sizes, codes: [{a: {label: 'Large (please specify)', specify: true}}, {b: {label: 'Other (please specify)', specify: true}}]}"
    }
    ALIKE = "W0447" "alike-labels" Warning {
        en "`{id}` and `{other}` are both spoken of as “{label}”: give one of them a `short`"
        zh "“{id}”和“{other}”在提示中都称作“{label}”：请给其中一个写上 short"
        why "Messages and notes call a column or field by its label, without the heads above it. `short` is how they speak of it; the printed label stays."
        why_zh "提示和说明以标签称呼列和字段，不带上级表头。short 只改变这里的称呼，印出的标签不变。"
        wrong "table: t01
title: A
fields: [{a: {label: Staff, type: count}}, {b: {label: Staff, type: count}}]"
        right "table: t01
title: A
fields: [{a: {label: Staff, type: count}}, {b: {label: Staff, short: Staff of others, type: count}}]"
    }
}
