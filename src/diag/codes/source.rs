//! Files, YAML and keys (01).

super::codes! {
    OVER_LIMIT = "E0101" "over-limit" Error {
        en "{what}: {value}, at most {limit} are allowed"
        zh "{what_zh}：{value}，上限为 {limit}"
        why "Every input has limits, so that no file can exhaust the machine. Split the file or shorten the text."
        why_zh "每种输入都有上限，任何文件都不会耗尽机器的资源。请拆分文件或缩短文字。"
        wrong "table: t01
title: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[A]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        right "table: t01
title: A"
    }
    UNKNOWN_KEY = "E0102" "unknown-key" Error {
        en "`{key}` is not a key of {of}"
        zh "{of_zh}没有“{key}”这个键"
        why "A key is misspelt or stands in the wrong place. Only the keys of the reference are accepted, so that a typing error is never passed over in silence."
        why_zh "键写错了，或写错了地方。只接受参考手册里的键，这样笔误不会被悄悄放过。"
        wrong "table: t01
tilte: A"
        right "table: t01
title: A"
    }
    MISSING_KEY = "E0103" "missing-key" Error {
        en "{of} needs `{key}`"
        zh "{of_zh}缺少“{key}”"
        why "A fact is missing without which the rest has no meaning. Write it, on a line of its own."
        why_zh "缺少必需的内容，其余内容因此没有意义。请另起一行补上。"
        wrong "table: t01"
        right "table: t01
title: A"
    }
    WRONG_SHAPE = "E0104" "wrong-shape" Error {
        en "expected {expected}, found {found}"
        zh "应为{expected_zh}，此处为{found_zh}"
        why "The value has another shape than the key takes: a list where one value is meant, or the reverse."
        why_zh "值的形式与键的要求不同：要单个值的地方写成了列表，或者相反。"
        wrong "table: t01
title: [A]"
        right "table: t01
title: A"
    }
    ONE_ID = "E0105" "one-id" Error {
        en "an item of this list has one id; begin a new item with `- `"
        zh "此列表每项只有一个标识；另起一项请用“- ”"
        why "Ordered sets are lists of `- id: facts`. A second key in one item is usually a missing dash or a wrong indentation."
        why_zh "有顺序的一组事物写成“- 标识: 内容”的列表。一项里出现第二个键，多半是漏了“- ”或缩进不对。"
        wrong "table: t01
title: A
fields:
  - a: {label: A, type: count}
    b: {label: B, type: count}"
        right "table: t01
title: A
fields:
  - a: {label: A, type: count}
  - b: {label: B, type: count}"
    }
    UNQUOTED_ID = "W0106" "unquoted-id" Warning {
        en "other YAML tools read `{id}` as something else; write it in quotes"
        zh "其他 YAML 工具会把“{id}”读成别的值，请加引号"
        why "Some YAML readers take no, y, n, 8.10 or dates for booleans, numbers or days. In quotes the id stays what is written."
        why_zh "有些 YAML 读取程序把 no、y、n、8.10 或日期读成是非值、数或日子。加上引号，标识就是写下的文字。"
        wrong "table: t01
title: A
fields:
  - no: {label: A, type: count}"
        right "table: t01
title: A
fields:
  - 'no': {label: A, type: count}"
    }
    YAML_SYNTAX = "E0107" "yaml-syntax" Error {
        en "this is not YAML: {detail}"
        zh "不是有效的 YAML：{detail_zh}"
        why "The text breaks the rules of YAML at this place; what follows in this file is not read. Usual causes: a tab, a missing space behind a colon, a bracket or quotation mark that is not closed."
        why_zh "此处不符合 YAML 的写法，本文件后面的内容不再读取。常见原因：用了制表符、冒号后缺空格、括号或引号没有闭合。"
        wrong "table: t01
title: 'A"
        right "table: t01
title: 'A'"
    }
    SECOND_DOCUMENT = "E0108" "second-document" Error {
        en "a file holds one document"
        zh "一个文件只能有一个文档"
        why "`---` begins a second document in the same file. Put it into a file of its own."
        why_zh "“---”在同一文件里又开始了一个文档。请另存为一个文件。"
        wrong "table: t01
title: A
---
table: t02
title: B"
        right "# file: t01.yaml
table: t01
title: A
# file: t02.yaml
table: t02
title: B"
    }
    UNKNOWN_TAG = "E0109" "unknown-tag" Error {
        en "YAML tags are not used here"
        zh "此处不使用 YAML 标签"
        why "A tag (`!name`) would change what a value is for some readers. Leave it out; every value here is the text that is written."
        why_zh "标签（!name）会让某些读取程序改变值的含义。请去掉；这里的值就是写下的文字。"
        wrong "table: t01
title: !text A"
        right "table: t01
title: A"
    }
    BAD_KEY = "E0110" "bad-key" Error {
        en "a key is a single value"
        zh "键必须是单个值"
        why "A list or a mapping stands where the name of a fact is expected."
        why_zh "应写名称的地方写成了列表或映射。"
        wrong "table: t01
title: A
[note, help]: B"
        right "table: t01
title: A
notes: B"
    }
    MERGE_KEY = "E0111" "merge-key" Error {
        en "`<<` is not used; write the facts out, or give them to the group"
        zh "不使用 <<；请写出内容，或写在上一级"
        why "Readers of YAML disagree on `<<`. Facts of a group pass to what stands below it, and `column_defaults` holds for all columns."
        why_zh "各种 YAML 读取程序对 << 的理解不一。写在上一级的内容会传给下级，column_defaults 对所有列有效。"
        wrong "table: t01
title: A
fields:
  - a: {label: A, <<: {type: count}}"
        right "table: t01
title: A
fields:
  - a: {label: A, type: count}"
    }
    DUPLICATE_KEY = "E0112" "duplicate-key" Error {
        en "`{key}` stands here twice"
        zh "“{key}”重复出现"
        why "Most readers of YAML silently take the last of two equal keys. Keep the one that is meant."
        why_zh "多数 YAML 读取程序会悄悄取后一个。请只留下所要的一个。"
        wrong "table: t01
title: A
title: B"
        right "table: t01
title: A"
    }
    ENCODING = "E0113" "encoding" Error {
        en "the file is not UTF-8 but {encoding}; convert it, for example with `iconv -f {iconv} -t UTF-8`"
        zh "文件不是 UTF-8，而是{encoding_zh}；请转换，例如用 iconv -f {iconv} -t UTF-8"
        why "Survey files are UTF-8, so that every tool reads the same characters. Save the file as UTF-8 in the editor, or convert it."
        why_zh "调查文件一律用 UTF-8，各种工具读到的字符才相同。请在编辑器中另存为 UTF-8，或进行转换。"
        wrong "# with: utf-16
table: t01
title: A"
        right "table: t01
title: A"
    }
    FILE_MISSING = "E0114" "file-missing" Error {
        en "there is no file {file}{instead}"
        zh "没有文件 {file}{instead_zh}"
        why "A table or a file of lists that survey.yaml names is not in the folder. The table `t01` stands in `t01.yaml`."
        why_zh "survey.yaml 中列出的表或代码文件不在文件夹里。表 t01 应写在 t01.yaml 中。"
        wrong "# file: survey.yaml
survey: example
version: 1.0.0
title: A
languages: [en]
tables: [t01]"
        right "# file: survey.yaml
survey: example
version: 1.0.0
title: A
languages: [en]
tables: [t01]
# file: t01.yaml
table: t01
title: A"
    }
    UNSEEN_CHARACTER = "W0115" "unseen-character" Warning {
        en "a character that cannot be seen stands here: {character}"
        zh "此处有看不见的字符：{character}"
        why "Marks of zero width or of writing direction make a text look other than it is; in an id they make two names that look the same. The fix takes it out."
        why_zh "零宽字符或方向标记使文字看起来与实际不同；在标识中会使两个看起来相同的名称成为不同的名称。修正建议会删去它。"
        wrong "table: t01
title: A
fields:
  - calls\u{200b}: {label: Calls, type: count}"
        right "table: t01
title: A
fields:
  - calls: {label: Calls, type: count}"
    }
    NOT_A_FILE_NAME = "E0116" "not-a-file-name" Error {
        en "`{id}` cannot name a file"
        zh "“{id}”不能用作文件名"
        why "The ids of the survey and of its tables name files, on every system and never in another folder: no slashes, no `..`, no names of devices such as CON."
        why_zh "调查和表的标识用作文件名，在各种系统上都要可用，且不能指向别的文件夹：不用斜杠、“..”和 CON 之类的设备名。"
        wrong "# file: survey.yaml
survey: ../example
version: 1.0.0
title: A
languages: [en]
tables: []"
        right "# file: survey.yaml
survey: example
version: 1.0.0
title: A
languages: [en]
tables: []"
    }
    IMPORT_OUTSIDE = "E0117" "import-outside" Error {
        en "`{file}` lies outside the folder of the surveys"
        zh "“{file}”不在各调查所在的文件夹内"
        why "Code lists and units come from the survey's own folder, the folder of all surveys above it, or another survey's folder: `codes.yaml`, `../shared.yaml`, `../other/codes.yaml`. Nothing beyond is read."
        why_zh "代码表和单位可取自本调查的文件夹、上一级（各调查所在的）文件夹或其他调查的文件夹：codes.yaml、../shared.yaml、../other/codes.yaml。此外的文件一概不读。"
        wrong "# file: survey.yaml
survey: example
version: 1.0.0
title: A
languages: [en]
imports: [../../codes.yaml]
tables: []"
        right "# file: survey.yaml
survey: example
version: 1.0.0
title: A
languages: [en]
imports: []
tables: []"
    }
}
