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
}
