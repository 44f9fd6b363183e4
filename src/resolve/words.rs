//! Types in a designer's words, English and Chinese.

use crate::ir::expr::{Dim, Ty};
use crate::ir::{CodeList, Unit};
use formwright_engine::Precision;

/// A phrase in English and Chinese.
pub type Words = (String, String);

/// Words of other tools and of Chinese for words of the language.
const MEANT: &[(&str, &str)] = &[
    ("warn", "warning"),
    ("err", "error"),
    ("fatal", "error"),
    ("info", "information"),
    ("hint", "information"),
    ("警告", "warning"),
    ("错误", "error"),
    ("提示", "information"),
    ("编号", "number"),
    ("序号", "number"),
    ("标签", "label"),
    ("名称", "label"),
    ("单位", "unit"),
    ("是", "yes"),
    ("否", "no"),
    ("avg", "mean"),
    ("average", "mean"),
    ("平均", "mean"),
    ("求和", "sum"),
    ("合计", "sum"),
    ("计数", "count"),
    ("counta", "count"),
    ("最大", "max"),
    ("最小", "min"),
    ("len", "string length"),
    ("length", "string length"),
    ("isblank", "blank"),
    ("isempty", "blank"),
    ("isnull", "blank"),
    ("notnull", "filled"),
    ("iif", "if … then … else …"),
    ("if", "if … then … else …"),
    ("ifs", "if … then … else …"),
    ("countif", "count(rows[…])"),
    ("countifs", "count(rows[…])"),
    ("sumif", "sum(rows[…].x)"),
    ("sumifs", "sum(rows[…].x)"),
    ("regex", "matches"),
    ("mod", "modulo"),
];

/// What a foreign word stands for, if it is one of the known words (an empty list: of the functions and forms of rules).
pub fn meant(word: &str, known: &[&str]) -> Option<&'static str> {
    let plain = word.to_lowercase().replace('_', "");
    let found = MEANT.iter().find(|m| m.0 == plain)?.1;
    (known.is_empty() || known.contains(&found)).then_some(found)
}

fn both(en: &str, zh: &str) -> Words {
    (en.to_owned(), zh.to_owned())
}

/// A type in words: `a number in 万人`, `数值（万人）`.
pub fn of_type(ty: &Ty, units: &[Unit], lists: &[CodeList]) -> Words {
    match ty {
        Ty::Bool => both("a condition (true or false)", "条件（真或假）"),
        Ty::Num { dim: Dim::Literal | Dim::Pure, .. } => both("a number", "数值"),
        Ty::Num { dim, .. } => {
            let unit = of_dim(dim, units);
            (format!("a number in {unit}"), format!("数值（{unit}）"))
        }
        Ty::Text => both("text", "文本"),
        Ty::Code(l) => named("a code", "代码", l.ix(), lists),
        Ty::Codes(l) => named("a set of codes", "多选代码", l.ix(), lists),
        Ty::Date(Precision::Day) => both("a date", "日期"),
        Ty::Date(Precision::Month) => both("a month", "年月"),
        Ty::Date(Precision::Year) => both("a year", "年份"),
        Ty::Target => both("a target such as `> 90`", "目标值（如“> 90”）"),
        Ty::List(of) => list(of, units, lists),
        Ty::Row => both("a row", "一行"),
        Ty::Null => both("the literal null", "空值 null"),
        Ty::Any => both("a value of any type", "任意类型的值"),
    }
}

/// A list is named by what it holds, one level deep.
fn list(of: &Ty, units: &[Unit], lists: &[CodeList]) -> Words {
    let (en, zh) = match of {
        Ty::List(_) => both("lists", "列表"),
        plain => of_type(plain, units, lists),
    };
    (format!("a list, each {en}"), format!("列表，各项为{zh}"))
}

fn named(en: &str, zh: &str, list: usize, lists: &[CodeList]) -> Words {
    match lists.get(list) {
        Some(of) => (format!("{en} of list `{}`", of.id), format!("{zh}（代码表“{}”）", of.id)),
        None => both(en, zh),
    }
}

/// A unit as it is named in a sentence.
pub fn of_unit(dim: &Dim, units: &[Unit]) -> Words {
    match dim {
        Dim::Literal | Dim::Pure => both("a number without a unit", "无单位的数"),
        _ => {
            let unit = of_dim(dim, units);
            (format!("a number in {unit}"), format!("单位为“{unit}”的数"))
        }
    }
}

/// A unit in words: `万人`, `元/人`, `1` for none.
pub fn of_dim(dim: &Dim, units: &[Unit]) -> String {
    let id = |u: &crate::ir::UnitId| units.get(u.ix()).map_or("?".to_owned(), |u| u.id.clone());
    match dim {
        Dim::Literal | Dim::Pure => "1".to_owned(),
        Dim::Unit(u) => id(u),
        Dim::Derived(list) => {
            let power = |sign: i8| {
                let some = list.iter().filter(|(_, e)| e.signum() == sign);
                let one = |(u, e): &(crate::ir::UnitId, i8)| match e.unsigned_abs() {
                    1 => id(u),
                    n => format!("{}^{n}", id(u)),
                };
                some.map(one).collect::<Vec<_>>().join("·")
            };
            let (over, under) = (power(1), power(-1));
            match (over.is_empty(), under.is_empty()) {
                (_, true) => over,
                (true, false) => format!("1/{under}"),
                (false, false) => format!("{over}/{under}"),
            }
        }
    }
}
