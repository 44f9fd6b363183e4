//! Sentences of findings that have none of their own, in Chinese and English: the field, its value, what to do.

use super::message::{self, Occasion, code_label, is_chinese, spoken_value, texts, unsigned, value_text};
use super::undecided;
use super::verdict::{Failing, single_cell};
use super::view::View;
use crate::data::{Problem, RawProblem};
use crate::diag::fill::counted;
use crate::expr::failing::Comparison;
use crate::ir::cell::Block;
use crate::ir::expr::{Expr, Kind};
use crate::ir::func::Role;
use crate::ir::rule::Explain;
use crate::ir::{BlockId, Cell, CellId, Check, Fact, LangIx, Origin, Row, Text, Type};
use formwright_engine::finding::Texts;
use formwright_engine::func::Compare;
use formwright_engine::{Finding, State, Value};

/// The words of a comparison that fails: what the left side is, seen from the right.
const COMPARED: [(Compare, &str, &str); 6] = [
    (Compare::Eq, "不等于", "is not equal to"),
    (Compare::Ne, "不应等于", "must not equal"),
    (Compare::Lt, "应小于", "must be less than"),
    (Compare::Le, "大于", "is more than"),
    (Compare::Gt, "应大于", "must be more than"),
    (Compare::Ge, "小于", "is less than"),
];

const CHARACTERS: &str = "character|characters";
const ROWS_ARE: &str = "row is|rows are";

/// A sentence for what the reader found wrong with a value.
pub fn raw(view: &View<'_>, cell: Option<&Cell>, problem: &Problem) -> Texts {
    texts(view.survey, |lang| raw_in(view, cell, problem, lang))
}

fn raw_in(view: &View<'_>, cell: Option<&Cell>, problem: &Problem, lang: LangIx) -> String {
    let zh = is_chinese(view.survey, lang);
    let name = cell.map_or_else(|| problem.pointer.clone(), |cell| cell.spoken.plain(lang));
    let found = shorten(&problem.text);
    let (head_zh, head_en) = (format!("“{name}”"), format!("“{name}”"));
    let shown = |code: &str| match cell.map(|c| c.ty) {
        Some(Type::Code(list) | Type::Codes(list)) => code_label(view.survey, list, code, lang),
        _ => code.to_owned(),
    };
    let (a, b) = match &problem.problem {
        RawProblem::WrongType => (
            format!("{head_zh}应填{}，现为 {found}，请改正", expected(cell, true)),
            format!("{head_en} takes {}, not {found}; please correct it", expected(cell, false)),
        ),
        RawProblem::NumberAsText => (
            format!("{head_zh}应为数字，现为文本“{found}”，请改为数字"),
            format!("{head_en} must be a number, not the text “{found}”"),
        ),
        RawProblem::Exponent => (
            format!("{head_zh}不能用指数写法，现为 {found}，请写出全部数位"),
            format!("{head_en} must not be written with an exponent ({found}); write all digits"),
        ),
        RawProblem::NotCount => (
            format!("{head_zh}应为不小于 0 的整数，现为 {found}，请改正"),
            format!("{head_en} must be a whole number from 0, not {found}"),
        ),
        RawProblem::NotCanonical(to) => (
            format!("{head_zh}的写法不规范（首尾空格、全角数字等），请改为“{}”", shorten(to)),
            format!(
                "{head_en} is not in canonical form (blanks around it, full-width digits …); write “{}”",
                shorten(to)
            ),
        ),
        RawProblem::LineBreak => (
            format!("{head_zh}只能填一行，请去掉换行"),
            format!("{head_en} takes one line; please remove the line breaks"),
        ),
        RawProblem::NotDate => (
            format!("{head_zh}应为{}，现为 {found}，请改正", expected(cell, true)),
            format!("{head_en} must be {}, not {found}", expected(cell, false)),
        ),
        RawProblem::NotAddress => (
            format!("{head_zh}应为{}，现为 {found}，请改正", expected(cell, true)),
            format!("{head_en} must be {}, not {found}", expected(cell, false)),
        ),
        RawProblem::Scale(most) => (
            format!("{head_zh}最多 {most} 位小数，现为 {found}，请改正"),
            format!("{head_en} takes at most {}, not {found}", counted(most, "decimal|decimals")),
        ),
        RawProblem::Digits(most) => (
            format!("{head_zh}最多 {most} 位有效数字，现为 {found}，请改正"),
            format!(
                "{head_en} takes at most {}, not {found}",
                counted(most, "significant digit|significant digits")
            ),
        ),
        RawProblem::UnknownCode(code, near) => (
            format!("{head_zh}中没有代码“{}”{}，请从所列代码中选填", shorten(code), near_zh(near)),
            format!("{head_en} has no code “{}”{}; please choose a listed one", shorten(code), near_en(near)),
        ),
        RawProblem::DuplicateCode(code) => (
            format!("{head_zh}中“{}”重复，请只保留一个", shown(code)),
            format!("{head_en} has “{}” twice; please keep one", shown(code)),
        ),
        RawProblem::Exclusive(code) => (
            format!("{head_zh}选了“{}”就不能再选其他，请只保留其一", shown(code)),
            format!("{head_en}: “{}” cannot stand beside others; please keep one or the other", shown(code)),
        ),
        RawProblem::Retired(code) => (
            format!("{head_zh}中“{}”已停用，请改选其他", shown(code)),
            format!("{head_en}: “{}” may no longer be chosen; please choose another", shown(code)),
        ),
        RawProblem::Unexpected(name, near) => {
            let printed = super::stray::sentence(view.survey, &problem.pointer, lang);
            let (en, zh) = printed.unwrap_or_else(|| (not_part_en(name, near), not_part_zh(name, near)));
            (zh, en)
        }
        RawProblem::Duplicate(name) => (
            format!("“{}”重复出现，请只保留一个", shorten(name)),
            format!("“{}” stands there twice; please keep one", shorten(name)),
        ),
    };
    if zh { a } else { b }
}

/// What a cell takes.
fn expected(cell: Option<&Cell>, zh: bool) -> &'static str {
    let (a, b) = match cell.map(|c| c.ty) {
        None => ("其他类型的内容", "another JSON type"),
        Some(Type::Count) => ("不小于 0 的整数", "a whole number from 0"),
        Some(Type::Decimal | Type::Percent | Type::Money) => ("数字", "a number"),
        Some(Type::YesNo | Type::Tick) => ("是或否", "yes or no"),
        Some(Type::Code(_)) => ("一个代码", "one code"),
        Some(Type::Codes(_)) => ("若干代码", "a list of codes"),
        Some(Type::Date) => ("日期（如 2015-06-30）", "a date such as 2015-06-30"),
        Some(Type::Month) => ("年月（如 2015-06）", "a month such as 2015-06"),
        Some(Type::Year) => ("年份（如 2015）", "a year such as 2015"),
        Some(Type::Url) => ("网址（以 http:// 或 https:// 开头）", "a web address (http:// or https://)"),
        Some(Type::Phone) => ("电话号码", "a telephone number"),
        Some(Type::Email) => ("电子邮件地址", "a mail address"),
        Some(Type::Text | Type::LongText | Type::Target) => ("文字", "text"),
    };
    if zh { a } else { b }
}

fn not_part_zh(name: &str, near: &Option<String>) -> String {
    format!("“{}”不在本调查中{}，请删除或改名", shorten(name), near_zh(near))
}

fn not_part_en(name: &str, near: &Option<String>) -> String {
    format!("“{}” is not part of this survey{}; please remove or rename it", shorten(name), near_en(near))
}

fn near_zh(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!("（是否为“{near}”？）"))
}

fn near_en(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!(" (did you mean “{near}”?)"))
}

/// Delivered text is shown to people, not repeated at any length.
fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A calculated cell as delivered.
pub fn calculated(view: &View<'_>, cell: &Cell, delivered: &Value, value: &Value) -> Texts {
    texts(view.survey, |lang| {
        let name = cell.spoken.plain(lang);
        let (found, should) =
            (spoken_value(view.survey, cell, delivered, lang), spoken_value(view.survey, cell, value, lang));
        match is_chinese(view.survey, lang) {
            true => format!("“{name}”按公式应为 {should}，现为 {found}，请更正或留空"),
            false => format!(
                "“{name}” is calculated as {should}, not {found}; please correct it or leave it blank"
            ),
        }
    })
}

fn key_names(view: &View<'_>, block: BlockId, lang: LangIx) -> String {
    let keys = view.survey.block(block).map_or(&[][..], |b| &b.key);
    names(view, keys.iter().copied(), false, lang)
}

/// A key that stands there already.
pub fn key_repeated(view: &View<'_>, block: BlockId, key: &str, first: usize) -> Texts {
    texts(view.survey, |lang| {
        let name = key_names(view, block, lang);
        match is_chinese(view.survey, lang) {
            true => format!("{name}“{}”与第 {} 行重复，请合并或改正", shorten(key), first + 1),
            false => format!(
                "{name} “{}” stands in row {} already; please merge or correct them",
                shorten(key),
                first + 1
            ),
        }
    })
}

/// A row without its key.
pub fn key_missing(view: &View<'_>, block: BlockId) -> Texts {
    texts(view.survey, |lang| {
        let name = key_names(view, block, lang);
        match is_chinese(view.survey, lang) {
            true => format!("{name}必填，请填写"),
            false => format!("{name} must be filled in"),
        }
    })
}

/// Too few or too many rows.
pub fn row_count(view: &View<'_>, block: &Block, found: usize, limit: u32, fewest: bool) -> Texts {
    texts(view.survey, |lang| {
        let label = block.label.plain(lang);
        let name = if label.is_empty() { String::new() } else { format!("“{label}”") };
        match (is_chinese(view.survey, lang), fewest) {
            (true, true) => format!("{name}至少填 {limit} 行，现有 {found} 行，请补填"),
            (true, false) => format!("{name}最多填 {limit} 行，现有 {found} 行，请删减"),
            (false, true) => {
                let (needed, there) = (counted(limit, ROWS_ARE), if found == 1 { "is" } else { "are" });
                format!("{name} at least {needed} needed, there {there} {found}").trim_start().to_owned()
            }
            (false, false) => {
                let (taken, there) = (counted(limit, ROWS_ARE), if found == 1 { "is" } else { "are" });
                format!("{name} at most {taken} taken, there {there} {found}").trim_start().to_owned()
            }
        }
    })
}

/// A row that the context does not give.
pub fn not_given(view: &View<'_>, key: &str) -> Texts {
    texts(view.survey, |lang| match is_chinese(view.survey, lang) {
        true => format!("“{}”不在给定的名单中，请删除或改正", shorten(key)),
        false => format!("“{}” is not on the given list; please remove or correct it", shorten(key)),
    })
}

/// A row that the context gives and the return lacks.
pub fn given_missing(view: &View<'_>, key: &str) -> Texts {
    texts(view.survey, |lang| match is_chinese(view.survey, lang) {
        true => format!("缺少“{}”一行，请补填", shorten(key)),
        false => format!("the row “{}” is missing; please add it", shorten(key)),
    })
}

/// The sentence of a rule or fact that has none. Where an explanation settles it, it says so and where.
pub fn generated(view: &View<'_>, occasion: &Occasion<'_, '_>, finding: &Finding, lang: LangIx) -> String {
    let text = amiss(view, occasion, finding, lang);
    let field = occasion.instance.explain.and_then(|id| view.survey.cell(id));
    let way = match (occasion.rule.explain, field, is_chinese(view.survey, lang)) {
        (Explain::Field, Some(cell), true) => format!("，或在“{}”说明原因", called(view, cell, false, lang)),
        (Explain::Field, Some(cell), false) => {
            format!(" or explain it under “{}”", called(view, cell, false, lang))
        }
        (Explain::Beside, _, true) => "，或说明原因".to_owned(),
        (Explain::Beside, _, false) => " or explain it".to_owned(),
        _ => return text,
    };
    if text.ends_with("please check") || text.ends_with("请核对") { text + &way } else { text }
}

fn amiss(view: &View<'_>, occasion: &Occasion<'_, '_>, finding: &Finding, lang: LangIx) -> String {
    let zh = is_chinese(view.survey, lang);
    if occasion.state == State::Unknown {
        return undecided::sentence(view, occasion, finding, lang);
    }
    if let Some(text) = fact(view, occasion, finding, lang) {
        return text;
    }
    if let Some(side) = occasion.side {
        return compared(view, side, finding, lang);
    }
    let named = names(view, cells(occasion), false, lang);
    if named.is_empty() {
        let (a, b) = ("条件不成立，请核对", "the condition does not hold; please check");
        return if zh { a } else { b }.to_owned();
    }
    if let Check::Holds(Expr { kind: Kind::Quant { every: false, .. }, .. }) = &occasion.instance.check {
        return match zh {
            true => format!("没有一行的{named}符合要求，请核对"),
            false => format!("{named}: no row is as required; please check"),
        };
    }
    let class = crate::validate::sentence::class_words(finding.class, zh);
    if zh { format!("{named}{class}，请核对") } else { format!("{named}: {class}; please check") }
}

/// The cells of a rule at a place.
pub(super) fn cells<'o>(occasion: &'o Occasion<'_, '_>) -> impl Iterator<Item = CellId> + 'o {
    occasion.instance.target.iter().chain(&occasion.instance.reads).copied()
}

/// What is amiss, by class.
pub fn class_words(class: formwright_engine::Class, zh: bool) -> &'static str {
    use formwright_engine::Class as C;
    let (a, b) = match class {
        C::Completeness => ("的填写情况不符合要求", "not filled in as required"),
        C::Skip => ("在此不适用", "does not apply here"),
        C::Uniqueness => ("有重复", "values are repeated"),
        C::Reference => ("所指的内容不存在", "what is referred to does not exist"),
        C::Change => ("的变化异常", "an unusual change"),
        C::Target => ("未达到目标", "the target is not met"),
        C::Format | C::Domain => ("不符合要求", "not as required"),
        _ => ("之间不一致", "the answers do not agree"),
    };
    if zh { a } else { b }
}

/// The cells of a side, without those that only say how its blanks are read.
fn of_side(e: &Expr, found: &mut Vec<CellId>) {
    if let Kind::Call(id, args) = &e.kind
        && id.row().role == Role::OrZero
    {
        args.iter().take(1).for_each(|a| of_side(a, found));
    } else if let Kind::Call(_, args) = &e.kind {
        args.iter().for_each(|a| of_side(a, found));
    } else {
        found.extend(e.cells());
    }
}

/// Labels in quotes, at most four, each once.
pub(super) fn names(
    view: &View<'_>,
    cells: impl Iterator<Item = CellId>,
    by_row: bool,
    lang: LangIx,
) -> String {
    let zh = is_chinese(view.survey, lang);
    let mut all: Vec<String> = Vec::new();
    for cell in cells.filter_map(|id| view.survey.cell(id)) {
        let text = format!("“{}”", called(view, cell, by_row, lang));
        if !all.contains(&text) {
            all.push(text);
        }
    }
    let more = all.len() > 4;
    all.truncate(4);
    let end = match (more, zh) {
        (false, _) => "",
        (true, true) => "等",
        (true, false) => " and others",
    };
    all.join(if zh { "、" } else { ", " }) + end
}

/// What a cell is called: by its column or field, or by its row where several rows of one column are compared.
fn called(view: &View<'_>, cell: &Cell, by_row: bool, lang: LangIx) -> String {
    let row = cell.row.as_deref().filter(|_| by_row).and_then(|id| {
        let section = view.survey.tables.get(cell.table?)?.sections.get(cell.section)?;
        labelled(&section.grid.as_ref()?.rows, id)
    });
    row.unwrap_or(&cell.spoken).plain(lang)
}

fn labelled<'r>(rows: &'r [Row], id: &str) -> Option<&'r Text> {
    rows.iter().find_map(|row| {
        let own = (row.id == id && !row.label.is_empty()).then_some(&row.label);
        own.or_else(|| labelled(&row.rows, id))
    })
}

/// Whether a comparison is one of several fixed rows in one column.
fn between_rows(view: &View<'_>, side: &Comparison<'_>) -> bool {
    let ids = side.left.0.cells().into_iter().chain(side.right.0.cells());
    let cells: Vec<&Cell> = ids.filter_map(|id| view.survey.cell(id)).collect();
    let Some(first) = cells.first() else { return false };
    let alike = |c: &&Cell| c.row.is_some() && c.id == first.id && c.table == first.table;
    cells.iter().all(alike) && cells.iter().any(|c| c.row != first.row)
}

fn fact(view: &View<'_>, occasion: &Occasion<'_, '_>, finding: &Finding, lang: LangIx) -> Option<String> {
    let Origin::Fact(fact) = occasion.rule.origin else { return None };
    let zh = is_chinese(view.survey, lang);
    let target = occasion.instance.target.and_then(|id| Some((id, view.survey.cell(id)?)));
    let called = target.map_or(&occasion.instance.place.label, |(_, cell)| &cell.spoken).plain(lang);
    let name = format!("“{called}”");
    let value = target.map_or_else(String::new, |(id, _)| value_text(view, id, occasion.frame, lang));
    let side = |text: &Option<String>| text.clone().unwrap_or_default();
    let (left, right) = (side(&finding.values.left), side(&finding.values.right));
    let (a, b) = match fact {
        Fact::Required => (format!("{name}必填，请填写"), format!("{name} must be filled in")),
        Fact::Applies if wants_blank(occasion) => (
            format!("{name}在此不适用，应为空，现为 {value}，请删除"),
            format!("{name} does not apply here and must be blank, not {value}"),
        ),
        Fact::Applies if wants_filled(occasion) => (
            format!("{name}在此不适用，请填 0"),
            format!("{name} does not apply here: it must be 0, not blank"),
        ),
        Fact::Applies if right.is_empty() => {
            let marks = target.map(|(_, cell)| marks(view, cell)).unwrap_or_default();
            (
                format!("{name}在此不适用，现为 {value}，请改填符号 {marks}"),
                format!("{name} does not apply here: it must hold {marks}, not {value}"),
            )
        }
        Fact::Applies => (
            format!("{name}在此不适用，现为 {value}，请改为 {right}"),
            format!("{name} does not apply here: it must be {right}, not {value}"),
        ),
        Fact::Min => (
            format!("{name}为 {left}，不得小于 {right}，请改正"),
            format!("{name} is {left}, but must not be less than {right}"),
        ),
        Fact::Max => (
            format!("{name}为 {left}，不得大于 {right}，请改正"),
            format!("{name} is {left}, but must not be more than {right}"),
        ),
        Fact::MinLength => (
            format!("{name}至少 {right} 个字，现有 {left} 个"),
            format!("{name} takes at least {}, not {left}", counted(&right, CHARACTERS)),
        ),
        Fact::MaxLength => (
            format!("{name}最多 {right} 个字，现有 {left} 个"),
            format!("{name} takes at most {}, not {left}", counted(&right, CHARACTERS)),
        ),
        Fact::MinChoices => (
            format!("{name}至少选 {right} 项，现选 {left} 项"),
            format!("{name}: at least {right} must be chosen, not {left}"),
        ),
        Fact::MaxChoices => (
            format!("{name}最多选 {right} 项，现选 {left} 项"),
            format!("{name}: at most {right} may be chosen, not {left}"),
        ),
        Fact::Pattern => (
            format!("{name}的格式不符合要求，现为 {value}，请改正"),
            format!("{name} does not have the required form ({value})"),
        ),
        Fact::None => (
            "已选择整节不填的选项，其余内容应为空，请删除已填内容或取消该选项".to_owned(),
            "the section is marked as having nothing to report; please clear the rest or the mark".to_owned(),
        ),
        _ => return None,
    };
    Some(if zh { a } else { b })
}

/// The notation codes a cell takes.
fn marks(view: &View<'_>, cell: &Cell) -> String {
    let all = cell.marks.iter().filter_map(|m| view.survey.marks.get(m.ix()));
    all.map(|m| format!("“{}”", m.id)).collect::<Vec<_>>().join(" / ")
}

/// Whether the place itself is to be filled, whatever with.
fn wants_filled(occasion: &Occasion<'_, '_>) -> bool {
    let Check::Holds(Expr { kind: Kind::Call(id, args), .. }) = &occasion.instance.check else {
        return false;
    };
    let is_cell = matches!(args.as_slice(), [Expr { kind: Kind::Cell { .. }, .. }]);
    is_cell && id.row().role == Role::Presence(true)
}

fn wants_blank(occasion: &Occasion<'_, '_>) -> bool {
    match &occasion.instance.check {
        Check::Holds(Expr { kind: Kind::Call(id, _), .. }) => {
            matches!(id.row().role, Role::Presence(false) | Role::Null(true))
        }
        _ => occasion.side.is_none(),
    }
}

/// Both sides of a comparison with their names, the difference, and what to do; of an `every` with the row.
fn compared(view: &View<'_>, side: &Failing<'_, '_>, finding: &Finding, lang: LangIx) -> String {
    let zh = is_chinese(view.survey, lang);
    let of = &side.comparison;
    let by_row = between_rows(view, of);
    let value = |e: &Expr, text: &Option<String>| {
        side_text(view, e, text.as_deref().unwrap_or_default(), by_row, lang)
    };
    let (left, right) = (value(of.left.0, &finding.values.left), value(of.right.0, &finding.values.right));
    let op = match of.role {
        Role::Compare(op) => Some(op),
        Role::Near => Some(Compare::Eq),
        _ => None,
    };
    let diff = finding.values.diff.as_deref().map(unsigned).filter(|_| op == Some(Compare::Eq));
    let (words_zh, words) = match (COMPARED.iter().find(|(o, ..)| Some(*o) == op), of.role) {
        (Some((_, zh, en)), _) => (*zh, *en),
        (None, Role::Between) => ("超出界限", "lies beyond"),
        (None, _) => ("未达到", "does not meet"),
    };
    let (place, more) = row_words(view, side, zh, lang);
    if zh {
        let diff = diff.map_or_else(String::new, |d| format!("，相差 {d}"));
        format!("{place}{}{diff}，请核对{more}", set_beside(&[&left, words_zh, &right]))
    } else {
        let diff = diff.map_or_else(String::new, |d| format!(", a difference of {d}"));
        format!("{place}{left} {words} {right}{diff}; please check{more}")
    }
}

/// The row of an `every` that fails first, and how many others do.
fn row_words(view: &View<'_>, side: &Failing<'_, '_>, zh: bool, lang: LangIx) -> (String, String) {
    if side.comparison.within.is_none() {
        return Default::default();
    }
    let repeated = side.row.and_then(|frame| Some(message::row_label(view, frame.block?, &frame, lang)));
    let label = repeated.or_else(|| fixed_row(view, &side.comparison, lang));
    let place = match (label, zh) {
        (None, _) => String::new(),
        (Some(label), true) => format!("“{label}”中，"),
        (Some(label), false) => format!("in “{label}”: "),
    };
    let more = match (side.more, zh) {
        (0, _) => String::new(),
        (n, true) => format!("（另有 {n} 行也是如此）"),
        (n, false) => format!(" (and {})", counted(n, "more row|more rows")),
    };
    (place, more)
}

/// The label of the fixed row in which all cells of a comparison stand.
fn fixed_row(view: &View<'_>, of: &Comparison<'_>, lang: LangIx) -> Option<String> {
    let ids = of.left.0.cells().into_iter().chain(of.right.0.cells());
    let cells: Vec<&Cell> = ids.filter_map(|id| view.survey.cell(id)).collect();
    let first = cells.first()?;
    let alike = |c: &&Cell| c.row == first.row && c.table == first.table;
    let section = view.survey.tables.get(first.table?)?.sections.get(first.section)?;
    let row = first.row.as_deref().filter(|_| cells.iter().all(alike))?;
    Some(labelled(&section.grid.as_ref()?.rows, row)?.plain(lang))
}

/// Pieces of a Chinese sentence one behind the other, with a space between a character and a figure.
fn set_beside(pieces: &[&str]) -> String {
    let mut out = String::new();
    for piece in pieces.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let (end, begin) = (out.chars().next_back(), piece.chars().next());
        if end.is_some_and(plain) && begin.is_some_and(han)
            || end.is_some_and(han) && begin.is_some_and(plain)
        {
            out.push(' ');
        }
        out.push_str(piece);
    }
    out
}

/// `“总人数”31`, `“a”、“b”之和 95`, or a constant by itself.
fn side_text(view: &View<'_>, e: &Expr, value: &str, by_row: bool, lang: LangIx) -> String {
    let zh = is_chinese(view.survey, lang);
    if let Some(cell) = single_cell(e).and_then(|id| view.survey.cell(id)) {
        let shown = shown_value(view, cell, value, lang);
        let name = called(view, cell, by_row, lang);
        return if zh { format!("“{name}”{shown}") } else { format!("“{name}” ({shown})") };
    }
    let mut read = Vec::new();
    of_side(e, &mut read);
    let of = names(view, read.into_iter(), by_row, lang);
    match (&e.kind, of.is_empty(), zh) {
        (Kind::Const(_), ..) | (_, true, _) => value.to_owned(),
        (_, false, true) if is_sum(e) => format!("{of}之和 {value}"),
        (_, false, true) => format!("由{of}算得的 {value}"),
        (_, false, false) if is_sum(e) => format!("the sum of {of} ({value})"),
        (_, false, false) => format!("{value} (from {of})"),
    }
}

fn shown_value(view: &View<'_>, cell: &Cell, value: &str, lang: LangIx) -> String {
    match cell.ty {
        Type::Code(list) => code_label(view.survey, list, value, lang),
        Type::YesNo | Type::Tick => spoken_value(view.survey, cell, &Value::Bool(value == "true"), lang),
        _ => value.to_owned(),
    }
}

fn is_sum(e: &Expr) -> bool {
    match &e.kind {
        Kind::Call(id, args) => match id.row().name {
            "+" => args.iter().all(|a| single_cell(a).is_some() || is_sum(a)),
            "sum" => true,
            _ => false,
        },
        _ => false,
    }
}
