//! Why operands do not fit an operator or function, and how it is said.

use super::infer::MAX_DIGITS;
use super::words::{self, Words};
use crate::diag::fill::counted;
use crate::diag::{Code, Diagnostic, codes};
use crate::ir::expr::{Dim, Ty};
use crate::ir::{CodeList, Unit, UnitId, func};
use crate::source::Span;
use formwright_engine::Precision;

/// Why operands do not fit an operator or function.
#[derive(Debug, Clone, PartialEq)]
pub enum Mismatch {
    /// No function of this name.
    Unknown {
        /// The name.
        name: String,
    },
    /// A function that rules do not have, and why.
    Refused {
        /// The name.
        name: String,
        /// The reason, English and Chinese.
        why: (&'static str, &'static str),
    },
    /// The last operand is not written out.
    WrittenOut {
        /// The name.
        name: String,
    },
    /// Too few or too many operands.
    Arity {
        /// The name.
        name: String,
        /// How many were given.
        found: usize,
        /// How many may be: fewest and most of each row (255: any number).
        allowed: Vec<(u8, u8)>,
    },
    /// An operand of a wrong type.
    Operand {
        /// The name.
        name: String,
        /// Which one, from 0.
        position: usize,
        /// What may stand there.
        expected: Vec<Ty>,
        /// What stands there.
        found: Ty,
    },
    /// Two units of one dimension: one side must be converted.
    UnitScale {
        /// The units.
        left: UnitId,
        /// The units.
        right: UnitId,
    },
    /// Two dates of different precision.
    Precision {
        /// The operator.
        name: String,
        /// What the left side is.
        left: Precision,
        /// What the right side is.
        right: Precision,
    },
    /// Two units that have nothing in common.
    Dimension {
        /// The units.
        left: Dim,
        /// The units.
        right: Dim,
        /// Which operand does not fit the ones before it, from 0.
        position: usize,
    },
    /// A code beside something that is no code of its list.
    CodeWith {
        /// The code.
        code: Ty,
        /// The other side.
        other: Ty,
        /// Which operand the other side is, from 0.
        position: usize,
    },
    /// A set of codes where one code is needed.
    SetAsCode,
    /// One code where a set or list is needed.
    CodeAsSet,
    /// The literal `null` where a value is needed.
    BlankLiteral {
        /// The operator.
        name: String,
    },
    /// Equality with a literal of more decimals than the other side can have.
    ScaleLoss {
        /// Decimals of the literal.
        literal: u32,
        /// Decimals of the other side.
        scale: u32,
    },
    /// More digits than any target can hold.
    Digits {
        /// The bound.
        bound: u32,
    },
    /// A unit that a number cannot be converted to exactly.
    Convert {
        /// From.
        from: Dim,
        /// To.
        to: UnitId,
    },
}

impl Mismatch {
    /// The diagnostic at a place.
    pub fn diagnostic(&self, span: Span, units: &[Unit], lists: &[CodeList]) -> Diagnostic {
        let mut out = Diagnostic::new(self.code(), span);
        out.args = self.arguments(units, lists);
        if let Mismatch::Unknown { name } = self {
            out = match words::meant(name, &[]) {
                Some(meant) => Diagnostic { suggestions: vec![meant.to_owned()], ..out },
                None => out.suggest(name, func::names()),
            };
        }
        out
    }

    /// Which operand is wrong, from 0, where it is one.
    pub fn position(&self) -> Option<usize> {
        match self {
            Mismatch::Operand { position, .. }
            | Mismatch::Dimension { position, .. }
            | Mismatch::CodeWith { position, .. } => Some(*position),
            _ => None,
        }
    }

    fn code(&self) -> &'static Code {
        match self {
            Mismatch::Unknown { .. } => &codes::UNKNOWN_FUNCTION,
            Mismatch::Refused { .. } => &codes::REFUSED_FUNCTION,
            Mismatch::WrittenOut { .. } => &codes::NOT_WRITTEN_OUT,
            Mismatch::Arity { .. } => &codes::WRONG_ARITY,
            Mismatch::Operand { .. } => &codes::WRONG_OPERAND,
            Mismatch::UnitScale { .. } => &codes::UNIT_SCALE,
            Mismatch::Precision { .. } => &codes::OTHER_PRECISION,
            Mismatch::Dimension { .. } => &codes::UNIT_DIMENSION,
            Mismatch::CodeWith { .. } => &codes::CODE_WITH_OTHER,
            Mismatch::SetAsCode => &codes::SET_AS_CODE,
            Mismatch::CodeAsSet => &codes::CODE_AS_SET,
            Mismatch::BlankLiteral { .. } => &codes::BLANK_LITERAL,
            Mismatch::ScaleLoss { .. } => &codes::SCALE_LOSS,
            Mismatch::Digits { .. } => &codes::DIGIT_BOUND,
            Mismatch::Convert { .. } => &codes::NO_CONVERSION,
        }
    }

    fn arguments(&self, units: &[Unit], lists: &[CodeList]) -> Vec<(&'static str, String)> {
        let unit = |u: &UnitId| units.get(u.ix()).map_or(String::new(), |u| u.id.clone());
        let dim = |d: &Dim| words::of_dim(d, units);
        let pair = |key: [&'static str; 2], (en, zh): Words| [(key[0], en), (key[1], zh)];
        let ty = |key, t: &Ty| pair(key, words::of_type(t, units, lists));
        match self {
            Mismatch::Unknown { name } | Mismatch::BlankLiteral { name } | Mismatch::WrittenOut { name } => {
                vec![("name", name.clone())]
            }
            Mismatch::Refused { name, why } => {
                vec![("name", name.clone()), ("why", why.0.to_owned()), ("why_zh", why.1.to_owned())]
            }
            Mismatch::Arity { name, found, allowed } => {
                let mut out = vec![("name", name.clone()), ("found", found.to_string())];
                out.extend(pair(["allowed", "allowed_zh"], counts(allowed)));
                out
            }
            Mismatch::Operand { name, position, expected, found } => {
                let mut out = vec![("name", name.clone()), ("position", (position + 1).to_string())];
                out.extend(pair(["expected", "expected_zh"], either(expected, units, lists)));
                out.extend(ty(["found", "found_zh"], found));
                out
            }
            Mismatch::UnitScale { left, right } => {
                let factor =
                    |u: &UnitId| units.get(u.ix()).map_or_else(String::new, |u| u.factor.to_string());
                let ratio = format!("{} : {}", factor(left), factor(right));
                let fixed = format!("convert(…, \"{}\")", unit(right));
                vec![("left", unit(left)), ("right", unit(right)), ("factor", ratio), ("fixed", fixed)]
            }
            Mismatch::Precision { left, right, .. } => {
                let mut out = ty(["left", "left_zh"], &Ty::Date(*left)).to_vec();
                out.extend(ty(["right", "right_zh"], &Ty::Date(*right)));
                out
            }
            Mismatch::Dimension { left, right, .. } => {
                let words = |d: &Dim| words::of_unit(d, units);
                let (left, right) = (pair(["left", "left_zh"], words(left)), words(right));
                left.into_iter().chain(pair(["right", "right_zh"], right)).collect()
            }
            Mismatch::CodeWith { code, other, .. } => {
                let mut out = ty(["code", "code_zh"], code).to_vec();
                out.extend(ty(["other", "other_zh"], other));
                out
            }
            Mismatch::SetAsCode => vec![("fixed", "\"a\" in x".to_owned())],
            Mismatch::CodeAsSet => vec![("fixed", "x = \"a\"".to_owned())],
            Mismatch::ScaleLoss { literal, scale } => {
                vec![("literal", literal.to_string()), ("scale", scale.to_string())]
            }
            Mismatch::Digits { bound } => {
                vec![("bound", bound.to_string()), ("limit", MAX_DIGITS.to_string())]
            }
            Mismatch::Convert { from, to } => vec![("from", dim(from)), ("to", unit(to))],
        }
    }
}

/// `2 operands or 3 operands`, `at least 1 operand`.
fn counts(allowed: &[(u8, u8)]) -> Words {
    let many = |n: u8| counted(n, "operand|operands");
    let one = |(low, high): &(u8, u8)| match *high {
        255 => (format!("at least {}", many(*low)), format!("至少 {low} 个")),
        high if high == *low => (many(high), format!("{low} 个")),
        high => (format!("{low} to {}", many(high)), format!("{low} 至 {high} 个")),
    };
    let (en, zh): (Vec<_>, Vec<_>) = allowed.iter().map(one).unzip();
    (en.join(" or "), zh.join("或"))
}

/// `a number or text`.
fn either(types: &[Ty], units: &[Unit], lists: &[CodeList]) -> Words {
    let (en, zh): (Vec<_>, Vec<_>) = types.iter().map(|t| words::of_type(t, units, lists)).unzip();
    match en.is_empty() {
        true => ("something else".to_owned(), "其他类型".to_owned()),
        false => (en.join(" or "), zh.join("或")),
    }
}

/// How dates of two precisions are compared: a literal is cut, else years and months are compared as numbers.
pub fn alike(sign: &str, (l, left): (&str, Precision), (r, right): (&str, Precision)) -> String {
    let cut = |text: &str, to: Precision| {
        let literal = text.strip_prefix("@\"").and_then(|t| t.strip_suffix('"'))?;
        let length = if to == Precision::Year { 4 } else { 7 };
        literal.get(..length).map(|short| format!("@\"{short}\""))
    };
    let number = |text: &str| {
        let text = if text.is_empty() { "…" } else { text };
        match left.max(right) {
            Precision::Year => format!("year({text})"),
            _ => format!("year({text}) * 12 + month({text})"),
        }
    };
    match (cut(l, right).filter(|_| left < right), cut(r, left).filter(|_| right < left)) {
        (Some(l), _) => format!("{l} {sign} {r}"),
        (_, Some(r)) => format!("{l} {sign} {r}"),
        (None, None) => format!("{} {sign} {}", number(l), number(r)),
    }
}
