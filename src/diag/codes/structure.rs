//! What a survey declares: facts that have no effect, lives, constants, files.

super::codes! {
    NO_REFERENCE_PERIOD = "E0450" "no-reference-period" Error {
        en "there is no reference period to compare `since`, `until` or `editions` with"
        zh "没有可与 since、until 或 editions 比较的报告期"
        why "What exists from or until a day is compared with the first day of the reference period. Give the table, or the first table, a `period`."
        why_zh "从某日起或到某日止有效的内容，按报告期的第一天判断。请给本表或第一张表写上 period。"
        wrong "table: t01\ntitle: A\nfields:\n  - calls: {label: Calls, type: count, since: '2015-01-01'}\n"
        right "table: t01\ntitle: A\nperiod: {from: '2015-01-01', to: '2015-12-31'}\nfields:\n  - calls: {label: Calls, type: count, since: '2015-01-01'}\n"
    }
    VALUE_NOT_CONSTANT = "E0451" "value-not-constant" Error {
        en "`{column}` is no column of constants; write `constant: true` there, or take the value out"
        zh "“{column}”不是印有常数的列：请在该列写 constant: true，或删去此值"
        why "`values` of a row are printed in columns of constants. A column that people fill takes no value from the source."
        why_zh "行的 values 印在常数列（constant: true）中。由人填写的列不能从源文件取值。"
        wrong "table: t01\ntitle: A\nrows:\n  - a: {label: A, values: {target: 5}}\ncolumns:\n  - name: {label: Name, show: label}\n  - target: {label: Target, type: count}\n"
        right "table: t01\ntitle: A\nrows:\n  - a: {label: A, values: {target: 5}}\ncolumns:\n  - name: {label: Name, show: label}\n  - target: {label: Target, type: count, constant: true}\n  - done: {label: Done, type: count}\n"
    }
    NO_EFFECT = "E0452" "no-effect" Error {
        en "`{key}` has no effect here: {why}"
        zh "“{key}”在此不起作用：{why_zh}"
        why "A fact that cannot have an effect is a mistake: it belongs to another type, to another kind of row, or to a section. It is never passed over in silence."
        why_zh "不起作用的属性必有差错：它属于另一种类型、另一种行，或应写在某一部分中。系统不会默不作声地忽略它。"
        wrong "table: t01\ntitle: A\nfields:\n  - name: {label: Name, type: text, scale: 2}\n"
        right "table: t01\ntitle: A\nfields:\n  - name: {label: Name, type: text}\n"
    }
    BAD_CSV = "E0453" "bad-csv" Error {
        en "this line of the CSV file cannot be read: {detail}"
        zh "CSV 文件的这一行无法读取：{detail}"
        why "Each line has as many values as the header; a value with a comma, a quote or a line break stands in double quotes."
        why_zh "每行的值数应与表头相同；含逗号、引号或换行的值要用双引号括起来。"
        wrong "# file: t01.yaml\ntable: t01\ntitle: A\nfields:\n  - a: {label: A, type: code, list: l}\n# file: codes.yaml\nlists:\n  - l: {csv: l.csv}\n# file: l.csv\ncode,label\na,One,Two\nb,Three\n"
        right "# file: t01.yaml\ntable: t01\ntitle: A\nfields:\n  - a: {label: A, type: code, list: l}\n# file: codes.yaml\nlists:\n  - l: {csv: l.csv}\n# file: l.csv\ncode,label\na,\"One, Two\"\nb,Three\n"
    }
    TABLE_ID = "E0454" "table-id" Error {
        en "the table `{id}` stands in the file of `{file}`"
        zh "表“{id}”写在“{file}”的文件中"
        why "The table t01 stands in t01.yaml; survey.yaml lists it by that id."
        why_zh "表 t01 写在 t01.yaml 中，survey.yaml 以该标识列出它。"
        wrong "# file: t01.yaml\ntable: t02\ntitle: A\nfields:\n  - a: {label: A, type: text}\n"
        right "# file: t01.yaml\ntable: t01\ntitle: A\nfields:\n  - a: {label: A, type: text}\n"
    }
    UNDER_UNKNOWN = "E0455" "code-hierarchy" Error {
        en "`{code}` stands under `{under}`, which is no code above it"
        zh "“{code}”的上级“{under}”不是它的上级代码"
        why "`under` names another code of the same list, and no code stands under itself."
        why_zh "under 应写同一代码表中的另一个代码；代码不能直接或间接成为自己的上级。"
        wrong "# file: t01.yaml\ntable: t01\ntitle: A\nfields:\n  - a: {label: A, type: code, list: l}\n# file: codes.yaml\nlists:\n  - l: {codes: [{a: One}, {b: {label: Two, under: c}}]}\n"
        right "# file: t01.yaml\ntable: t01\ntitle: A\nfields:\n  - a: {label: A, type: code, list: l}\n# file: codes.yaml\nlists:\n  - l: {codes: [{a: One}, {b: {label: Two, under: a}}]}\n"
    }
    BAD_PERIOD = "E0456" "bad-period" Error {
        en "a period is one day (`at`), or a first and a later last day (`from` and `to`)"
        zh "报告期应写为某一天（at），或起止两天（from 和 to，先后有序）"
        why "A point in time is `{at: day}`, a span is `{from: day, to: day}`; a span without an end, or that ends before it begins, has no days."
        why_zh "时点写 at；时段同时写 from 和 to。缺少一端或终止早于开始的时段没有意义。"
        wrong "table: t01\ntitle: A\nperiod: {from: '2015-01-01'}\nfields:\n  - a: {label: A, type: count}\n"
        right "table: t01\ntitle: A\nperiod: {from: '2015-01-01', to: '2015-12-31'}\nfields:\n  - a: {label: A, type: count}\n"
    }
    BAD_SCALE = "E0457" "bad-scale" Error {
        en "scale: {scale}, at most 15"
        zh "小数位数 {scale}，最多 15"
        why "A number has at most fifteen significant digits, so no more decimals than that."
        why_zh "数值最多十五位有效数字，小数位数不能更多。"
        wrong "table: t01\ntitle: A\nfields:\n  - a: {label: A, type: decimal, scale: 20}\n"
        right "table: t01\ntitle: A\nfields:\n  - a: {label: A, type: decimal, scale: 2}\n"
    }
    NO_DAYS = "E0458" "no-days" Error {
        en "`since` {since} is after `until` {until}: it would never be in force"
        zh "since {since} 晚于 until {until}，永远不会生效"
        why "`since` is the first day, `until` the last one, both included."
        why_zh "since 是第一天，until 是最后一天，两者都包含在内。"
        wrong "table: t01\ntitle: A\nperiod: {from: '2015-01-01', to: '2015-12-31'}\nfields:\n  - calls: {label: Calls, type: count, since: '2015-01-01', until: '2014-12-31'}\n"
        right "table: t01\ntitle: A\nperiod: {from: '2015-01-01', to: '2015-12-31'}\nfields:\n  - calls: {label: Calls, type: count, since: '2015-01-01', until: '2015-12-31'}\n"
    }
}
