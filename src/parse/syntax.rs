//! What the YAML reader says, in a designer's words.

use std::ops::Range;

/// A part of the reader's sentence; what it means in English and Chinese. The first that fits is taken.
const SAID: &[(&str, &str, &str)] = &[
    ("unclosed quote", "the quotation mark that begins here is not closed", "此处开始的引号没有闭合"),
    ("unclosed bracket", "a bracket or brace is not closed", "括号没有闭合"),
    ("only valid inside a block", "a bracket or brace opened above is not closed", "上文有括号没有闭合"),
    ("unexpected EOF while parsing", "a bracket or brace is not closed", "括号没有闭合"),
    ("unexpected eof", "the file ends too early", "文件过早结束"),
    ("tab", "a tab stands here; indent with spaces", "此处有制表符；缩进请用空格"),
    ("mismatched bracket", "this bracket closes another kind of bracket", "此括号与前面的括号不成对"),
    ("misplaced bracket", "this bracket closes nothing", "此括号没有对应的左括号"),
    (
        "expected ',' or",
        "a comma or a closing bracket is missing before this, or the text has a bracket or comma in it and needs quotes",
        "此处之前缺少逗号或右括号，或文字中含括号、逗号而未加引号",
    ),
    (
        "illegal placement of ':'",
        "a comma or a closing bracket is missing before this",
        "此处之前缺少逗号或右括号",
    ),
    (
        "mapping values are not allowed",
        "`key: value` cannot begin here: the line is indented too far, or a text with a colon needs quotes",
        "此处不能开始“键: 值”：该行缩进过多，或含冒号的文字需要加引号",
    ),
    (
        "simple key",
        "`key: value` is expected here; a colon with a space behind it is missing",
        "此处应为“键: 值”，缺少冒号和空格",
    ),
    ("':' must be followed", "a space is missing behind the colon", "冒号后缺少空格"),
    ("'-' must be followed", "a space is missing behind the dash", "短横后缺少空格"),
    ("did not find expected key", "this line is not indented like those above", "此行的缩进与上文不一致"),
    (
        "did not find expected '-'",
        "this line is not indented like those above, or lacks its `- `",
        "此行的缩进与上文不一致，或缺少“- ”",
    ),
    ("wrongly indented", "this line is not indented like those above", "此行的缩进与上文不一致"),
    ("indentation", "this line is not indented like those above", "此行的缩进与上文不一致"),
    (
        "block sequence entries are not allowed",
        "a list item cannot begin here; begin a new line",
        "列表项不能从此处开始，请另起一行",
    ),
    (
        "cannot start with '-'",
        "a text that begins with a sign of YAML stands in quotes",
        "以 YAML 符号开头的文字请加引号",
    ),
    (
        "invalid trailing content",
        "something stands behind the closing quotation mark; a value with quotation marks and commas in it, as `x in (\"a\", \"b\")`, needs quotes around all of it",
        "右引号之后还有内容；含引号和逗号的内容（如 x in (\"a\", \"b\")）要在外面再加引号",
    ),
    (
        "unknown escape",
        "`\\` begins an escape in double quotes; write `\\\\`, or use single quotes",
        "双引号中的反斜杠表示转义；请写 \\\\，或改用单引号",
    ),
    ("hexadecimal", "the escape of a character is not complete", "字符转义不完整"),
    ("surrogate", "the escape of a character is not complete", "字符转义不完整"),
    ("Unicode character", "the escape names no character", "转义不表示任何字符"),
    (
        "comment",
        "a space is missing before `#`, or the text of several lines is interrupted by a comment",
        "“#”前缺少空格，或多行文字被注释隔断",
    ),
    (
        "unknown anchor",
        "`*name` refers to nothing; a text that begins with `*` stands in quotes",
        "*名称 没有所指；以 * 开头的文字请加引号",
    ),
    (
        "anchor or alias",
        "a text that begins with `&` or `*` stands in quotes",
        "以 & 或 * 开头的文字请加引号",
    ),
    ("directive", "a line that begins with `%` is not used here", "此处不用以 % 开头的行"),
    ("tag", "a text that begins with `!` stands in quotes", "以 ! 开头的文字请加引号"),
    (
        "unexpected character",
        "a text that begins with this sign stands in quotes",
        "以此符号开头的文字请加引号",
    ),
    (
        "document",
        "a file holds one document, without `---` and `...`",
        "一个文件只有一个文档，不用 --- 和 ...",
    ),
    ("BOM", "an invisible byte order mark stands here", "此处有看不见的字节顺序标记"),
    ("recursion limit", "too many brackets stand in each other", "括号嵌套过深"),
    (
        "block scalar",
        "only `|`, `>`, `-`, `+` and a digit may begin a block text",
        "文字块的开头只能有 |、>、-、+ 和数字",
    ),
];

/// The sentence of the YAML reader in English and Chinese.
pub fn words(said: &str) -> (String, String) {
    match SAID.iter().find(|row| said.contains(row.0)) {
        Some((_, en, zh)) => ((*en).to_owned(), (*zh).to_owned()),
        None => (said.to_owned(), format!("此处的写法有误（{said}）")),
    }
}

/// A full-width sign that was written for one of YAML in the line where reading failed: behind its first key, or before
/// the word at which it failed.
pub fn full_width_sign(text: &str, at: usize) -> Option<Range<usize>> {
    let begin = text.get(..at)?.rfind('\n').map_or(0, |i| i + 1);
    let line = text.get(begin..)?.lines().next()?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let behind = line.trim_start_matches([' ', '-']).trim_start_matches(is_key);
    if behind.starts_with('：') && !line.trim_start().starts_with('：') {
        return Some(sign(begin + line.len() - behind.len()));
    }
    let before = text.get(begin..at)?.trim_end_matches(is_key);
    let last = before.chars().next_back().filter(|c| matches!(c, '：' | '，'))?;
    Some(sign(begin + before.len() - last.len_utf8()))
}

fn sign(start: usize) -> Range<usize> {
    start..start + '：'.len_utf8()
}

/// What to do with it.
pub fn full_width() -> (String, String) {
    let en =
        "a full-width sign stands here; YAML takes `:` and `,` in half width, each with a space behind it";
    let zh = "此处是全角符号；YAML 的冒号和逗号要用半角，后面加空格";
    (en.to_owned(), zh.to_owned())
}
