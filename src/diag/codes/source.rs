//! Files, YAML and keys (01).

super::codes! {
    OVER_LIMIT = "E0101" "over-limit" Error {
        en "{what}: {value}, at most {limit} are allowed"
        zh "{what}：{value}，上限为 {limit}"
        why "Every input has limits, so that no file can exhaust the machine. Split the file or shorten the text."
        why_zh ""
        wrong ""
        right ""
    }
    UNKNOWN_KEY = "E0102" "unknown-key" Error {
        en "`{key}` is not a key of {of}"
        zh "{of_zh}没有“{key}”这个键"
        why "A key is misspelt or stands in the wrong place. Only the keys of the reference are accepted, so that a typing error is never passed over in silence."
        why_zh ""
        wrong "tabel: t01
title: A"
        right "table: t01
title: A"
    }
    MISSING_KEY = "E0103" "missing-key" Error {
        en "{of} needs `{key}`"
        zh "{of_zh}缺少“{key}”"
        why "A fact without which the rest has no meaning is missing."
        why_zh ""
        wrong "title: A"
        right "table: t01
title: A"
    }
    WRONG_SHAPE = "E0104" "wrong-shape" Error {
        en "expected {expected}, found {found}"
        zh "应为{expected_zh}，此处为{found_zh}"
        why "The value has another shape than the key takes: a list where one value is meant, or the reverse."
        why_zh ""
        wrong "table: t01
title: [A]"
        right "table: t01
title: A"
    }
    ONE_ID = "E0105" "one-id" Error {
        en "an item of this list has one id; begin a new item with `- `"
        zh "此列表每项只有一个标识；另起一项请用“- ”"
        why "Ordered sets are lists of `- id: facts`. A second key in one item is usually a missing dash or a wrong indentation."
        why_zh ""
        wrong "columns:
  - a: {label: A}
    b: {label: B}"
        right "columns:
  - a: {label: A}
  - b: {label: B}"
    }
    UNQUOTED_ID = "W0106" "unquoted-id" Warning {
        en "other YAML tools read `{id}` as something else; write it in quotes"
        zh "其他 YAML 工具会把“{id}”读成别的值，请加引号"
        why "Some YAML readers take no, y, n, 8.10 or dates for booleans, numbers or days. In quotes the id stays what is written."
        why_zh ""
        wrong "codes:
  - n: Nothing"
        right "codes:
  - 'n': Nothing"
    }
    YAML_SYNTAX = "E0107" "yaml-syntax" Error {
        en "this is not YAML: {detail}"
        zh "不是有效的 YAML：{detail}"
        why "The text breaks the rules of YAML at this place; what follows is not read. Usual causes: a tab, a missing space behind a colon, an unclosed bracket or quote."
        why_zh ""
        wrong "table: [t01"
        right "table: t01"
    }
    SECOND_DOCUMENT = "E0108" "second-document" Error {
        en "a file holds one document"
        zh "一个文件只能有一个文档"
        why "`---` begins a second document in the same file. Put it into a file of its own."
        why_zh ""
        wrong "table: a
---
table: b"
        right "table: a"
    }
    UNKNOWN_TAG = "E0109" "unknown-tag" Error {
        en "YAML tags are not used here"
        zh "此处不使用 YAML 标签"
        why "A tag (`!name`) would change what a value is for some readers."
        why_zh ""
        wrong "table: !x t01"
        right "table: t01"
    }
    BAD_KEY = "E0110" "bad-key" Error {
        en "a key is a single value"
        zh "键必须是单个值"
        why "A list or a mapping stands where a key is expected."
        why_zh ""
        wrong "[a, b]: c"
        right "a: c"
    }
    MERGE_KEY = "E0111" "merge-key" Error {
        en "`<<` is not used; write the facts out, or give them to the group"
        zh "不使用 <<；请写出内容，或写在上一级"
        why "Merge keys are not part of YAML 1.2. Facts of a group pass to what stands below it."
        why_zh ""
        wrong "<<: {a: b}"
        right "a: b"
    }
    DUPLICATE_KEY = "E0112" "duplicate-key" Error {
        en "`{key}` stands here twice"
        zh "“{key}”重复出现"
        why "Most YAML readers silently take the last of two equal keys."
        why_zh ""
        wrong "table: t01
table: t02"
        right "table: t01"
    }
    ENCODING = "E0113" "encoding" Error {
        en "the file is not UTF-8 but {encoding}; convert it, for example with `iconv -f {iconv} -t UTF-8`"
        zh "文件不是 UTF-8，而是 {encoding}；请转换，例如用 iconv -f {iconv} -t UTF-8"
        why "Survey files are UTF-8, so that every tool reads the same characters."
        why_zh ""
        wrong ""
        right ""
    }
    FILE_MISSING = "E0114" "file-missing" Error {
        en "there is no file {file}"
        zh "没有文件 {file}"
        why "A table or list named in survey.yaml has no file beside it."
        why_zh ""
        wrong ""
        right ""
    }
}
