//! Functions of FEEL that are known by name and refused, with the reason.

/// Groups of names and their common reason, English and Chinese.
const REFUSED: &[(&[&str], &str, &str)] = &[
    (
        &["sqrt", "log", "exp"],
        "spreadsheets compute it in binary floats, which disagree with exact decimals",
        "电子表格以二进制浮点计算，与精确小数不一致",
    ),
    (&["even", "odd"], "write `modulo(x, 2) = 0`", "请写 modulo(x, 2) = 0"),
    (&["upper case", "lower case"], "the targets fold letters differently", "各输出格式的大小写转换不一致"),
    (
        &["replace", "split", "substring before", "substring after", "string", "string join", "extract"],
        "rules compare texts, they do not build them",
        "规则只比较文本，不加工文本",
    ),
    (
        &[
            "sort",
            "reverse",
            "index of",
            "union",
            "concatenate",
            "append",
            "insert before",
            "remove",
            "flatten",
            "sublist",
            "list replace",
            "partition",
        ],
        "rules read lists, they do not build them",
        "规则只读取列表，不构造列表",
    ),
    (
        &["product", "median", "stddev", "mode"],
        "the targets do not agree on it; `sum`, `count`, `min`, `max` and a rounded `mean` are available",
        "各输出格式的计算不一致；可用 sum、count、min、max 和取整后的 mean",
    ),
    (
        &[
            "time",
            "date and time",
            "duration",
            "years and months duration",
            "today",
            "now",
            "day of year",
            "last day of month",
        ],
        "rules know dates without time; use `days`, `months`, `year`, `month`, `day` and dates of the context",
        "规则只有日期，没有时刻；请用 days、months、year、month、day 和 context 中的日期",
    ),
    (
        &["day of week", "week of year", "month of year"],
        "its result depends on the language; use `year`, `month` and `day`",
        "其结果因语言而异；请用 year、month、day",
    ),
    (
        &["get value", "get entries", "context", "context put", "context merge", "get or else", "assert"],
        "name the column itself",
        "请直接写列名",
    ),
    (
        &[
            "before",
            "after",
            "meets range",
            "met by",
            "overlaps",
            "overlaps before",
            "overlaps after",
            "finishes",
            "finished by",
            "includes",
            "during",
            "starts",
            "started by",
            "coincides",
            "range",
        ],
        "compare the dates or numbers themselves, or write `x in [a..b]`",
        "请直接比较日期或数值，或写 x in [a..b]",
    ),
    (&["random number"], "a rule must give the same verdict each time", "规则每次判断的结果必须相同"),
];

/// Why a function of FEEL is refused, English and Chinese; `None` if it is not one of these.
pub fn refused(name: &str) -> Option<(&'static str, &'static str)> {
    REFUSED.iter().find(|(names, _, _)| names.contains(&name)).map(|(_, en, zh)| (*en, *zh))
}

/// All refused names.
#[cfg(test)]
pub fn refused_names() -> impl Iterator<Item = &'static str> {
    REFUSED.iter().flat_map(|(names, _, _)| names.iter().copied())
}
