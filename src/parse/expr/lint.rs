//! What is checked on the characters before and after parsing, said in a designer's words.

use super::{ExprProblem, MAX_DEPTH, Range, Rule};
use crate::diag::codes;

/// The text with half-width signs, and where each of its bytes stood.
pub struct Half {
    /// The text that is parsed.
    pub text: String,
    /// For each byte of it (and its end) the byte of the original.
    map: Vec<usize>,
    /// The original.
    source: String,
    /// The first full-width sign.
    first: Option<Range>,
    /// Which bytes of `text` are outside strings, backticks and comments.
    code: Vec<bool>,
}

impl Half {
    /// A range of the original text.
    pub fn original(&self, range: Range) -> Range {
        let at = |i: usize| self.map.get(i).copied().unwrap_or(self.source.len());
        at(range.start)..at(range.end).max(at(range.start))
    }

    /// The text as written.
    pub fn slice(&self, range: Range) -> &str {
        self.source.get(range).unwrap_or_default()
    }

    /// The text of a range of the original (strings keep their full-width characters).
    pub fn source_text(&self, range: &Range) -> String {
        let text = self.source.get(range.clone()).unwrap_or("");
        let inner = text.trim_matches(|c| matches!(c, '“' | '”' | '"'));
        if text.starts_with('"') { text.to_owned() } else { format!("\"{inner}\"") }
    }

    /// One warning for all full-width signs, with the mended text.
    pub fn warning(&self, source: &str) -> Option<ExprProblem> {
        let first = self.first.clone()?;
        let mut p = ExprProblem::new(&codes::EXPR_FULL_WIDTH, first).arg("fixed", self.text.trim());
        p.fix = Some((0..source.len(), self.text.clone()));
        Some(p)
    }

    fn is_code(&self, i: usize) -> bool {
        self.code.get(i).copied().unwrap_or(false)
    }
}

/// Replaces full-width signs outside strings.
pub fn half_width(source: &str) -> Half {
    let mut half = Half {
        text: String::new(),
        map: Vec::new(),
        source: source.to_owned(),
        first: None,
        code: Vec::new(),
    };
    let mut state = Inside::Code;
    let mut chars = source.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|x| x.1);
        let outside = matches!(state, Inside::Code);
        let mapped = match state {
            Inside::Code => narrow(c),
            Inside::Curly if c == '”' || c == '“' => '"',
            _ => c,
        };
        if mapped != c && c != '\u{3000}' && half.first.is_none() {
            half.first = Some(i..i + c.len_utf8());
        }
        let opens = state.step(mapped, c, next);
        let start = half.text.len();
        half.text.push(if c == '\u{3000}' { c } else { mapped });
        for _ in start..half.text.len() {
            half.map.push(i);
            half.code.push(outside && !opens);
        }
    }
    half.map.push(source.len());
    half
}

/// Where the scanner is.
enum Inside {
    Code,
    String,
    Curly,
    Tick,
    Escape,
    Line,
    Block,
    Star,
}

impl Inside {
    /// Moves over a character; true if it opens something that is not code.
    fn step(&mut self, c: char, original: char, next: Option<char>) -> bool {
        match self {
            Inside::Code => {
                *self = match (c, next) {
                    ('"', _) if original != '"' => Inside::Curly,
                    ('"', _) => Inside::String,
                    ('`', _) => Inside::Tick,
                    ('/', Some('/')) => Inside::Line,
                    ('/', Some('*')) => Inside::Block,
                    _ => return false,
                };
                return true;
            }
            Inside::String if c == '\\' => *self = Inside::Escape,
            Inside::String if c == '"' => *self = Inside::Code,
            Inside::Curly if c == '"' => *self = Inside::Code,
            Inside::Tick if c == '`' => *self = Inside::Code,
            Inside::Line if c == '\n' => *self = Inside::Code,
            Inside::Block | Inside::Star if c == '*' => *self = Inside::Star,
            Inside::Star if c == '/' => *self = Inside::Code,
            Inside::Star => *self = Inside::Block,
            Inside::Escape => *self = Inside::String,
            _ => {}
        }
        false
    }
}

fn narrow(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '“' | '”' => '"',
        '。' => '.',
        '！' => '!',
        '／' => '/',
        '－' => '-',
        '【' | '［' => '[',
        '】' | '］' => ']',
        '０'..='９' | '＝' | '＜' | '＞' | '＋' | '＊' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        _ => c,
    }
}

/// Signs of other languages: `==`, `&&`, `||`, `<>`, `**`, `!`.
pub fn foreign_signs(half: &Half) -> Vec<ExprProblem> {
    let table: &[(&str, &str)] =
        &[("==", "="), ("&&", "and"), ("||", "or"), ("<>", "!="), ("=<", "<="), ("=>", ">=")];
    let mut found = Vec::new();
    let mut i = 0;
    while i < half.text.len() {
        let rest = half.text.get(i..).unwrap_or("");
        if half.is_code(i) && rest.starts_with("**") {
            let p = ExprProblem::new(&codes::EXPR_FOREIGN_SIGN, half.original(i..i + 2));
            found.push(p.arg("sign", "**").arg("right", "a * a"));
            i += 2;
            continue;
        }
        let sign = table.iter().find(|(s, _)| rest.starts_with(s)).filter(|_| half.is_code(i));
        if let Some((sign, right)) = sign {
            let range = half.original(i..i + sign.len());
            let mut p = ExprProblem::new(&codes::EXPR_FOREIGN_SIGN, range.clone())
                .arg("sign", *sign)
                .arg("right", *right);
            p.fix = Some((range, (*right).to_owned()));
            found.push(p);
            i += sign.len();
            continue;
        }
        if half.is_code(i) && rest.starts_with('!') && !rest.starts_with("!=") {
            let range = half.original(i..i + 1);
            found.push(
                ExprProblem::new(&codes::EXPR_FOREIGN_SIGN, range).arg("sign", "!").arg("right", "not(…)"),
            );
        }
        i += rest.chars().next().map_or(1, char::len_utf8);
    }
    found
}

/// Words of other languages where an operator is expected, and what is written here.
const FOREIGN_WORDS: &[(&str, &str)] = &[
    ("is", "="),
    ("to", "and"),
    ("AND", "and"),
    ("And", "and"),
    ("OR", "or"),
    ("Or", "or"),
    ("IN", "in"),
    ("equals", "="),
    ("like", "matches(…)"),
    ("且", "and"),
    ("并且", "and"),
    ("而且", "and"),
    ("和", "and"),
    ("或", "or"),
    ("或者", "or"),
    ("至", "and"),
    ("到", "and"),
    ("等于", "="),
    ("不等于", "!="),
    ("大于", ">"),
    ("小于", "<"),
    ("不大于", "<="),
    ("不小于", ">="),
    ("当", "when: …"),
    ("如果", "when: …"),
];

/// Brackets and quotes that are not closed, or not opened, at their character.
pub fn brackets(half: &Half) -> Option<ExprProblem> {
    let mut open: Vec<Bracket> = Vec::new();
    let mut before = ' ';
    for (i, c) in half.text.char_indices() {
        if !half.is_code(i) {
            before = if matches!(c, '"' | '`') { c } else { before };
            continue;
        }
        let operand = is_operand_end(before, half.text.get(..i).unwrap_or(""));
        let in_range = open.last().is_some_and(|b| b.dots);
        match c {
            '(' => open.push(Bracket { sign: c, at: i, dots: false }),
            '[' if in_range && operand => drop(open.pop()),
            '[' => open.push(Bracket { sign: c, at: i, dots: false }),
            ']' if !operand && !in_range && before != '[' => {
                open.push(Bracket { sign: c, at: i, dots: false });
            }
            ')' | ']' => {
                let own = if c == ')' { '(' } else { '[' };
                match open.last().map(|b| b.sign == own || b.dots) {
                    Some(true) => drop(open.pop()),
                    Some(false) if open.iter().any(|b| b.sign == own) => break,
                    _ => return Some(bracket_problem(half, &codes::EXPR_UNOPENED, c, i)),
                }
            }
            '.' if before == '.' => {
                if let Some(bracket) = open.last_mut() {
                    bracket.dots = true;
                }
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    if let Some(quote) = open_quote(half) {
        let sign = if half.text.get(quote..).is_some_and(|t| t.starts_with('`')) { '`' } else { '"' };
        return Some(bracket_problem(half, &codes::EXPR_UNCLOSED, sign, quote));
    }
    open.last().map(|b| bracket_problem(half, &codes::EXPR_UNCLOSED, b.sign, b.at))
}

/// An open bracket; `dots`: a range is in it, which another kind of bracket may close.
struct Bracket {
    sign: char,
    at: usize,
    dots: bool,
}

fn bracket_problem(half: &Half, code: &'static crate::diag::Code, sign: char, at: usize) -> ExprProblem {
    ExprProblem::new(code, half.original(at..at + sign.len_utf8())).arg("sign", sign.to_string())
}

/// Whether an operand ends with the last sign before: then `[` is a filter and `]` closes.
fn is_operand_end(last: char, text: &str) -> bool {
    let word: String = text.trim_end().chars().rev().take_while(|c| c.is_alphanumeric()).collect();
    let operator = matches!(word.as_str(), "ni" | "dna" | "ro" | "neht" | "esle" | "fi" | "neewteb");
    !operator && (last.is_alphanumeric() || matches!(last, ')' | ']' | '"' | '`' | '_'))
}

fn open_quote(half: &Half) -> Option<usize> {
    let last_code = half.code.iter().rposition(|c| *c).map_or(0, |i| i + 1);
    let tail = half.text.get(last_code..)?;
    let quote = tail.chars().next().filter(|c| matches!(c, '"' | '`'))?;
    let closed = tail.len() > 1 && tail.ends_with(quote) && !tail.ends_with("\\\"");
    (!closed).then_some(last_code)
}

/// Nesting of brackets, and number of `if`, `some`, `every`, and of signs in a row.
pub fn depth(half: &Half) -> Option<ExprProblem> {
    let (mut depth, mut minus, mut words) = (0usize, 0usize, 0usize);
    let (mut deepest, mut passed, mut in_word) = (0usize, None, false);
    for (at, c) in half.text.char_indices().filter(|(i, _)| half.is_code(*i)) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '-' => minus += 1,
            c if c.is_whitespace() => {}
            _ => minus = 0,
        }
        words += usize::from(!in_word && begins_nesting(half.text.get(at..).unwrap_or("")));
        in_word = c.is_alphanumeric();
        deepest = deepest.max(depth).max(minus).max(words);
        if deepest > MAX_DEPTH && passed.is_none() {
            passed = Some(at..at + c.len_utf8());
        }
    }
    passed.map(|at| ExprProblem::over(half.original(at), "levels of nesting", deepest, MAX_DEPTH))
}

/// Whether a text begins with a word that nests without brackets.
fn begins_nesting(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_alphanumeric()).next();
    matches!(word, Some("if" | "some" | "every"))
}

/// A syntax error of the grammar, as precisely as it can be said.
pub fn syntax(half: &Half, error: &pest::error::Error<Rule>) -> ExprProblem {
    let at = match error.location {
        pest::error::InputLocation::Pos(p) => p,
        pest::error::InputLocation::Span((s, _)) => s,
    };
    let rest = half.text.get(at..).unwrap_or("");
    let before = half.text.get(..at).unwrap_or("").trim_end();
    let token: String = token_at(rest);
    let range = half.original(at..at + token.len());
    if half.text.trim().is_empty() {
        return ExprProblem::new(&codes::EXPR_EMPTY, 0..half.source.len());
    }
    if before.ends_with("not") || rest.starts_with("not ") {
        return ExprProblem::new(&codes::EXPR_NOT, range);
    }
    if let Some(p) = missing_part(half, error, before, &token) {
        return p;
    }
    if rest.trim().is_empty() {
        return ExprProblem::new(&codes::EXPR_INCOMPLETE, half.original(before.len()..before.len()));
    }
    if matches!(token.as_str(), "=" | "<" | ">" | "<=" | ">=" | "!=" | "≠" | "≤" | "≥")
        && has_comparison(before)
    {
        return ExprProblem::new(&codes::EXPR_CHAINED, range).arg("sign", token);
    }
    if let Some(number) = foreign_number(before, half.text.get(..at).unwrap_or(""), rest) {
        let start = at - number.0;
        let text = half.text.get(start..start + number.1).unwrap_or("").to_owned();
        let range = half.original(start..start + number.1);
        return ExprProblem::new(&codes::BAD_NUMBER, range).arg("text", text);
    }
    if half.text.get(..at).unwrap_or("").ends_with(|c: char| c.is_ascii_digit())
        && rest.starts_with(|c: char| c.is_alphabetic())
    {
        return ExprProblem::new(&codes::EXPR_DIGIT_NAME, range);
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) && token.chars().any(char::is_alphabetic) {
        return ExprProblem::new(&codes::EXPR_DIGIT_NAME, range);
    }
    if let Some((word, right)) = FOREIGN_WORDS.iter().find(|(word, _)| *word == token) {
        return ExprProblem::new(&codes::EXPR_FOREIGN_SIGN, range).arg("sign", *word).arg("right", *right);
    }
    let mut p = ExprProblem::new(&codes::EXPR_UNEXPECTED, range).arg("found", token.as_str());
    let glued = ["satisfies", "between", "then", "else", "and", "or", "in"];
    if let Some(word) = glued.into_iter().find(|w| token.len() > w.len() && token.starts_with(w)) {
        p.suggestions = vec![format!("{word} {}", token.trim_start_matches(word))];
    }
    p
}

/// Words that belong to one written before, and how they are written together.
const PARTS: [(Rule, &str, &str); 5] = [
    (Rule::kw_else, "else", "if … then … else …"),
    (Rule::kw_then, "then", "if … then … else …"),
    (Rule::kw_satisfies, "satisfies", "every x in … satisfies …"),
    (Rule::kw_in, "in", "every x in … satisfies …"),
    (Rule::kw_and, "and", "x between … and …"),
];

/// The word that must follow where an expression or what is in brackets ends too early.
fn missing_part(
    half: &Half,
    error: &pest::error::Error<Rule>,
    before: &str,
    token: &str,
) -> Option<ExprProblem> {
    let pest::error::ErrorVariant::ParsingError { positives, .. } = &error.variant else { return None };
    let ends = token.trim().is_empty() || matches!(token, ")" | "]" | "," | "then" | "else");
    // A whole operand may be followed by operators; where one is wanted, that is what is missing.
    let is_whole = positives.iter().any(|rule| matches!(rule, Rule::mul_op | Rule::add_op | Rule::kw_in));
    if !ends || !is_whole {
        return None;
    }
    let (_, word, form) = PARTS.into_iter().find(|part| {
        let is_there = part.0 != Rule::kw_and || before.contains("between");
        positives.contains(&part.0) && is_there
    })?;
    let at = half.original(before.len()..before.len());
    let hint = match word {
        "else" => ("; `else true` where nothing is to hold otherwise", "；其余情况不作要求时写 else true"),
        _ => ("", ""),
    };
    let p = ExprProblem::new(&codes::EXPR_PART_MISSING, at).arg("word", word).arg("form", form);
    Some(p.arg("hint", hint.0).arg("hint_zh", hint.1))
}

/// An exponent or a thousands separator at a syntax error: digits before it, and the length of the whole.
fn foreign_number(before: &str, all_before: &str, rest: &str) -> Option<(usize, usize)> {
    let digits = |s: &str| s.chars().take_while(char::is_ascii_digit).count();
    let number = digits(rest);
    let apart = number > 0 || all_before.ends_with(char::is_whitespace);
    let reversed: String = if apart { String::new() } else { before.chars().rev().collect() };
    let whole = reversed.chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
    let tail = rest.get(number..)?;
    if whole + number == 0 {
        return None;
    }
    if let Some(exponent) = tail.strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let n = digits(exponent.get(sign..)?);
        return (n > 0).then_some((whole, whole + number + 1 + sign + n));
    }
    let group = tail.strip_prefix(',').map(digits);
    (group == Some(3) && whole + number <= 3).then_some((whole, whole + number + 4))
}

fn has_comparison(before: &str) -> bool {
    let part = before.rsplit(['(', ',', '[']).next().unwrap_or(before);
    part.split(" and ").last().unwrap_or(part).contains(['=', '<', '>', '≠', '≤', '≥'])
}

fn token_at(rest: &str) -> String {
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if !word.is_empty() {
        return word;
    }
    let two: String = rest.chars().take(2).collect();
    if matches!(two.as_str(), "<=" | ">=" | "!=") { two } else { rest.chars().take(1).collect() }
}
