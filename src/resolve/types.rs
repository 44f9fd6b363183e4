//! Facts of places to types, units, scales and limits.

use super::facts::Use;
use crate::diag::{Diagnostic, Problems, codes, nearest};
use crate::ir::rule::Fact;
use crate::ir::{Bounds, ListId, MarkId, Type, UnitId};
use crate::parse::ast::Facts;
use crate::parse::shapes::Str;
use crate::source::Span;
use formwright_engine::{Date, Decimal};
use std::borrow::Cow;

/// Most decimals of a number: no more than digits.
const MOST_DECIMALS: u32 = 15;

/// The words of `type`.
pub const TYPES: &[&str] = &[
    "text",
    "long_text",
    "count",
    "decimal",
    "percent",
    "money",
    "yes_no",
    "tick",
    "code",
    "codes",
    "date",
    "month",
    "year",
    "url",
    "phone",
    "email",
    "by_row",
    "target",
];

/// What other tools call our types.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("int", "count"),
    ("integer", "count"),
    ("number", "decimal"),
    ("numeric", "decimal"),
    ("float", "decimal"),
    ("currency", "money"),
    ("percentage", "percent"),
    ("string", "text"),
    ("textarea", "long_text"),
    ("bool", "yes_no"),
    ("boolean", "yes_no"),
    ("checkbox", "tick"),
    ("choice", "code"),
    ("enum", "code"),
    ("select", "code"),
    ("radio", "code"),
    ("multiselect", "codes"),
    ("文本", "text"),
    ("文字", "text"),
    ("字符", "text"),
    ("长文本", "long_text"),
    ("整数", "count"),
    ("数字", "decimal"),
    ("数值", "decimal"),
    ("小数", "decimal"),
    ("金额", "money"),
    ("百分比", "percent"),
    ("百分数", "percent"),
    ("日期", "date"),
    ("年月", "month"),
    ("年份", "year"),
    ("是否", "yes_no"),
    ("代码", "code"),
    ("单选", "code"),
    ("多选", "codes"),
    ("电话", "phone"),
    ("邮箱", "email"),
    ("网址", "url"),
];

/// The types that a word which is none may stand for, best first.
fn meant_types(word: &str) -> Vec<String> {
    match FOREIGN_TYPES.iter().find(|t| t.0 == word.to_lowercase()) {
        Some((_, ours)) => vec![(*ours).to_owned()],
        None => nearest(word, TYPES.iter().copied()),
    }
}

/// The word of a type as it is meant.
pub fn meant_type(word: &str) -> Cow<'_, str> {
    if TYPES.contains(&word) {
        return Cow::Borrowed(word);
    }
    meant_types(word).into_iter().next().map_or(Cow::Borrowed(word), Cow::Owned)
}

/// That a word is no type, if it is none.
pub fn unknown_type(name: &Str) -> Option<Diagnostic> {
    let word = name.text();
    (!TYPES.contains(&word)).then(|| {
        let d = Diagnostic::new(&codes::BAD_WORD, name.span()).arg("word", word);
        Diagnostic { suggestions: meant_types(word), ..d.arg("known", TYPES.join(", ")) }
    })
}

/// That there is no list of this name.
pub fn unknown_list(name: &Str, lists: &[crate::ir::CodeList]) -> Option<Diagnostic> {
    let is_known = lists.iter().any(|l| l.id == name.text());
    (!is_known).then(|| {
        let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
        d.suggest(name.text(), lists.iter().map(|l| l.id.as_str()))
    })
}

/// Types, units and scales of cells.
pub struct Typer<'a> {
    /// Lists.
    pub lists: &'a [crate::ir::CodeList],
    /// Units.
    pub units: &'a [crate::ir::Unit],
    /// Marks.
    pub marks: &'a [crate::ir::Mark],
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// Whether something of the cell at hand is missing or unknown.
    pub unsure: bool,
}

impl Typer<'_> {
    /// Gives a cell its type.
    pub fn apply(&mut self, cell: &mut crate::ir::Cell, facts: &Facts) {
        cell.ty = self.ty(facts, cell.span);
        if cell.ty.is_numeric() {
            cell.unit = self.unit(facts, cell.ty);
            cell.scale = self.scale(facts, cell);
            cell.digits = facts.digits.map_or(12, |d| d.0.clamp(1, 15));
            if let Some(d) = facts.digits.filter(|d| d.0 == 0 || d.0 > 15) {
                self.problems.push(Diagnostic::new(&codes::BAD_DIGITS, d.1).arg("digits", d.0));
            }
        }
        cell.trim = self.trimmed(facts.normalize.as_ref());
        for mark in facts.marks.iter().flat_map(|m| &m.0) {
            match self.marks.iter().position(|m| m.id == mark.text()) {
                Some(i) => cell.marks.push(MarkId(u32::try_from(i).unwrap_or(0))),
                None => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, mark.span()).arg("name", mark.text());
                    self.problems.push(d.suggest(mark.text(), self.marks.iter().map(|m| m.id.as_str())));
                }
            }
        }
    }

    fn trimmed(&mut self, normalize: Option<&Str>) -> bool {
        match normalize.map(|n| (n.text(), n.span())) {
            None | Some(("trim", _)) => true,
            Some(("none", _)) => false,
            Some((word, span)) => {
                self.problems.push(super::bad_word(word, span, &["trim", "none"]));
                true
            }
        }
    }

    fn ty(&mut self, facts: &Facts, span: Span) -> Type {
        let Some(name) = &facts.ty else {
            self.problems.push(Diagnostic::new(&codes::NO_TYPE, span));
            self.unsure = true;
            return Type::Text;
        };
        self.named_type(name.text(), facts, name)
    }

    fn named_type(&mut self, word: &str, facts: &Facts, name: &Str) -> Type {
        match word {
            "text" => Type::Text,
            "long_text" => Type::LongText,
            "count" => Type::Count,
            "decimal" => Type::Decimal,
            "percent" => Type::Percent,
            "money" => Type::Money,
            "yes_no" => Type::YesNo,
            "tick" => Type::Tick,
            "date" => Type::Date,
            "month" => Type::Month,
            "year" => Type::Year,
            "url" => Type::Url,
            "phone" => Type::Phone,
            "email" => Type::Email,
            "target" => Type::Target,
            "code" | "codes" => self.coded(facts, name, word == "code"),
            "by_row" => {
                self.problems.push(Diagnostic::new(&codes::NO_TYPE, name.span()));
                self.unsure = true;
                Type::Text
            }
            other => {
                self.problems.extend(unknown_type(name));
                // What was meant is taken, so that rules about it are not reported too.
                let meant = meant_types(other).into_iter().next();
                let open = match meant.as_deref() {
                    None | Some("by_row") => true,
                    Some("code" | "codes") => facts.list.is_none(),
                    _ => false,
                };
                self.unsure |= open;
                let meant = meant.filter(|_| !open);
                meant.map_or(Type::Text, |meant| self.named_type(&meant, facts, name))
            }
        }
    }

    fn coded(&mut self, facts: &Facts, name: &Str, single: bool) -> Type {
        let Some(list) = &facts.list else {
            self.problems.push(Diagnostic::new(&codes::NO_LIST, name.span()));
            self.unsure = true;
            return Type::Text;
        };
        let position = |id: &str| self.lists.iter().position(|l| l.id == id);
        let Some(unknown) = unknown_list(list, self.lists) else {
            return position(list.text()).map_or(Type::Text, |i| coded(i, single));
        };
        let meant = unknown.suggestions.first().and_then(|m| position(m));
        self.problems.push(unknown);
        self.unsure |= meant.is_none();
        meant.map_or(Type::Text, |i| coded(i, single))
    }

    fn unit(&mut self, facts: &Facts, ty: Type) -> Option<UnitId> {
        let find = |id: &str| {
            self.units.iter().position(|u| u.id == id).map(|i| UnitId(u32::try_from(i).unwrap_or(0)))
        };
        if ty == Type::Percent {
            return find("%");
        }
        let unit = facts.unit.as_ref()?;
        let found = find(unit.text());
        if found.is_some() {
            return found;
        }
        let d = super::lists::unknown_unit(unit.text(), unit.span(), self.units);
        let meant = d.suggestions.first().and_then(|m| find(m));
        self.problems.push(d);
        self.unsure |= meant.is_none();
        meant
    }

    fn scale(&mut self, facts: &Facts, cell: &crate::ir::Cell) -> u32 {
        if cell.ty == Type::Count {
            return 0;
        }
        match facts.scale {
            Some(s) => {
                if s.0 > MOST_DECIMALS {
                    self.problems.push(Diagnostic::new(&codes::BAD_SCALE, s.1).arg("scale", s.0));
                }
                s.0.min(MOST_DECIMALS)
            }
            None => {
                self.problems.push(Diagnostic::new(&codes::NO_SCALE, cell.span));
                self.unsure = true;
                0
            }
        }
    }
}

/// One code or several codes of a list.
fn coded(list: usize, single: bool) -> Type {
    let id = ListId(u32::try_from(list).unwrap_or(0));
    if single { Type::Code(id) } else { Type::Codes(id) }
}

/// Literal limits of a cell, from its facts and its type.
pub fn bounds(cell: &mut crate::ir::Cell, uses: &[Use]) {
    let number = |kind: Fact| {
        let always = |u: &&Use| {
            let r = &u.stated.rule;
            let dated = r.since.is_some() || r.until.is_some();
            u.kind == kind && r.severity.is_none() && !dated && u.when.is_none() && u.unless.is_empty()
        };
        let mut found = uses.iter().filter(always);
        found.find_map(|u| Some(u.stated.value.text().to_owned()).filter(|_| u.stated.rule.explain.is_none()))
    };
    let small = |kind| number(kind).and_then(|t| t.parse().ok());
    let mut b = Bounds {
        min_length: small(Fact::MinLength),
        max_length: small(Fact::MaxLength),
        min_choices: small(Fact::MinChoices),
        max_choices: small(Fact::MaxChoices),
        pattern: number(Fact::Pattern),
        ..Bounds::default()
    };
    let (min, max) = (number(Fact::Min), number(Fact::Max));
    b.min = min.as_deref().and_then(Decimal::parse);
    b.max = max.as_deref().and_then(Decimal::parse);
    b.min_date = min.as_deref().and_then(Date::parse);
    b.max_date = max.as_deref().and_then(Date::parse);
    // Nobody can correct what is calculated, and rates of growth pass 100.
    let says = |kind: Fact| uses.iter().any(|u| u.kind == kind);
    if cell.ty == Type::Percent && !says(Fact::Calculated) {
        b.min = b.min.or(Some(Decimal::ZERO).filter(|_| !says(Fact::Min)));
        b.max = b.max.or(Some(Decimal::HUNDRED).filter(|_| !says(Fact::Max)));
    }
    cell.bounds = b;
}
