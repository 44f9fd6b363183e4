//! Random expressions in the rule language and random values for them, the same for one seed.

use super::world::{Given, World};
use formwright::engine::{Date, Decimal, Value};
use formwright::ir::expr::{Expr, Kind, Part, Time, Ty};
use formwright::ir::func::by_key;
use formwright::resolve::calc::lower_text;
use formwright::resolve::infer::left_over;

/// A generator of numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const WORLD: &str = "cell a: decimal 2
cell b: decimal 2
cell c: decimal 2 8
cell r: decimal 3 9
cell n: count 6
cell m: count 6
cell t: text
cell u: text
cell k: code a b C c
cell k2: code a b C c
cell s: codes a b C c
cell p: yes_no
cell q: yes_no
cell day1: date
cell day2: date
list xs: decimal 2
list ns: count 4
list ts: text
list ps: yes_no
list days: date";

/// The cells of random expressions.
pub fn world() -> World {
    let mut world = World::default();
    WORLD.lines().for_each(|line| world.declare(line));
    world
}

const NUMBERS: &[&str] = &["a", "b", "c", "r", "n", "m"];
const LITERALS: &[&str] = &["0", "1", "2", "0.01", "2.5", "-1", "100", "0.005", "-0.5"];
const COMPARE: &[&str] = &["=", "!=", "<", "<=", ">", ">="];
const TEXTS: &[&str] =
    &["\"a\"", "\"A\"", "\"a*\"", "\"a?b\"", "\"地市\"", "\"😀\"", "\"~a\"", "\"it's\"", "\"x,y\""];

/// Patterns of all shapes; within a quantifier, too.
const PATTERNS: &[&str] = &[
    "^a",
    "b$",
    "^[a-z]+$",
    "^[A-Za-z]{1,2}$",
    "^a[*?X]b?$",
    "[*?]",
    "^.{2}$",
    "^地市",
    "😀",
    "^(?:a|A|ab)$",
    "^(?:x,|it's).?$",
    "^[^a]",
    "市$",
    "~a",
    "^.a$",
    "^$|b",
];

/// A number, written out. `x` is the number at hand inside a quantifier.
fn number(r: &mut Random, depth: usize, x: Option<&str>) -> String {
    if depth == 0 || r.percent(25) {
        return match (x, r.below(4)) {
            (Some(x), 0..2) => x.to_owned(),
            (_, 2) => r.pick(LITERALS).to_owned(),
            _ => r.pick(NUMBERS).to_owned(),
        };
    }
    let d = depth - 1;
    match r.below(18) {
        0..=3 => format!("({} {} {})", number(r, d, x), r.pick(&["+", "-", "+", "*"]), number(r, d, x)),
        4 => format!("-({})", number(r, d, x)),
        5 => format!("abs({})", number(r, d, x)),
        6 => format!("{}({})", r.pick(&["floor", "ceiling"]), number(r, d, x)),
        7 => format!(
            "{}({}, {})",
            r.pick(&["round half up", "round up", "round down"]),
            number(r, d, x),
            r.below(3)
        ),
        8 => {
            let mode = r.pick(&["round half up", "round half up", "round up", "round down"]);
            format!("{mode}({} / {}, {})", number(r, d.min(1), x), number(r, d.min(1), x), r.below(4))
        }
        9 => format!("percent({}, {}, {})", number(r, 0, x), number(r, 0, x), r.below(3)),
        10 => format!("modulo({}, {})", number(r, d.min(1), x), number(r, 0, x)),
        11 => format!("if {} then {} else {}", condition(r, d, x), number(r, d, x), number(r, d, x)),
        12 => {
            format!("{}({}, {})", r.pick(&["sum", "min", "max", "count"]), number(r, d, x), number(r, d, x))
        }
        13 | 14 if x.is_none() => {
            format!(
                "{}({})",
                r.pick(&["sum", "min", "max", "count", "count"]),
                r.pick(&["xs", "ns", "xs, a"])
            )
        }
        15 if x.is_none() => match r.below(3) {
            0 => "count(ts)".to_owned(),
            1 => "count(distinct values(xs))".to_owned(),
            _ => format!("round half up(mean({}), {})", r.pick(&["xs", "ns", "a, b, c"]), r.below(4)),
        },
        16 => format!("{}(day1, day2)", r.pick(&["days", "months"])),
        _ => r.pick(&["string length(t)", "year(day1)", "day(day2)"]).to_owned(),
    }
}

fn date(r: &mut Random) -> &'static str {
    r.pick(&["day1", "day2", "@\"2015-06-30\"", "@\"2016-02-29\""])
}

/// A condition, written out.
pub fn condition(r: &mut Random, depth: usize, x: Option<&str>) -> String {
    let d = depth.saturating_sub(1);
    let leaf = depth == 0;
    match r.below(if leaf { 14 } else { 24 }) {
        0..=3 => format!("{} {} {}", number(r, d, x), r.pick(COMPARE), number(r, d, x)),
        4 => format!("near({}, {}, {})", number(r, d, x), number(r, 0, x), r.pick(&["0", "0.01", "0.5"])),
        5 => format!("{} between {} and {}", number(r, d, x), number(r, 0, x), number(r, 0, x)),
        6 => format!("{} in [1, 2.5, 0, -1]", number(r, d, x)),
        7 => match r.below(7) {
            0 => format!("t = {}", r.pick(TEXTS)),
            1 => format!("t != {}", r.pick(&["u", "\"a\""])),
            2 => format!("t in [{}, {}]", r.pick(TEXTS), r.pick(TEXTS)),
            3 => format!("{}(t, {})", r.pick(&["contains", "starts with", "ends with"]), r.pick(TEXTS)),
            4 | 5 => format!("matches({}, \"{}\")", r.pick(&["t", "t", "u"]), r.pick(PATTERNS)),
            _ => format!("string length(t) {} {}", r.pick(COMPARE), r.below(4)),
        },
        8 => match r.below(4) {
            0 => format!("k {} {}", r.pick(&["=", "!="]), r.pick(&["\"a\"", "\"C\"", "k2"])),
            1 => "k in [\"a\", \"c\"]".to_owned(),
            2 => format!("{} in s", r.pick(&["\"a\"", "\"C\"", "k"])),
            _ => "s = s".to_owned(),
        },
        9 => format!("{} {} {}", date(r), r.pick(COMPARE), date(r)),
        10 => format!(
            "{}({})",
            r.pick(&["filled", "blank"]),
            r.pick(&["a", "b, t", "s", "p", "day1, k", "n, m", "t"])
        ),
        11 => format!("{} {} null", r.pick(&["a", "t", "k", "day1"]), r.pick(&["=", "!="])),
        12 => r.pick(&["p", "q"]).to_owned(),
        13 if x.is_none() => r
            .pick(&[
                "unique(xs)",
                "unique(ns)",
                "unique(a, b, c)",
                "a in xs",
                "filled(xs)",
                "blank(ts)",
                "t in ts",
                "unique(t, u)",
            ])
            .to_owned(),
        13 => "p = q".to_owned(),
        14 | 15 => format!("({} and {})", condition(r, d, x), condition(r, d, x)),
        16 | 17 => format!("({} or {})", condition(r, d, x), condition(r, d, x)),
        18 => format!("not({})", condition(r, d, x)),
        19 => format!(
            "if {} then {} else {}",
            condition(r, d.min(1), x),
            condition(r, d.min(1), x),
            condition(r, d.min(1), x)
        ),
        20 => format!("({}) = ({})", condition(r, d.min(1), x), condition(r, d.min(1), x)),
        21 | 22 if x.is_none() => {
            let list = r.pick(&["xs", "xs", "ns"]);
            format!(
                "{} x in {list} satisfies {}",
                r.pick(&["every", "some"]),
                condition(r, d.min(1), Some("x"))
            )
        }
        _ => {
            let conditions: Vec<String> = (0..2 + r.below(2)).map(|_| condition(r, d.min(1), x)).collect();
            format!("tally({}) {} {}", conditions.join(", "), r.pick(COMPARE), r.below(4))
        }
    }
}

/// An expression that compiles as a rule, with its text: a condition, sometimes a number.
pub fn expression(r: &mut Random, world: &World) -> (String, Expr) {
    loop {
        let depth = 1 + r.below(4);
        let text = if r.percent(15) { number(r, depth, None) } else { condition(r, depth, None) };
        let built = lower_text(&text, &|name| world.name(name), world.typing());
        if let Ok(mut expr) = built
            && left_over(&expr).is_none()
        {
            let vary = r.percent(30);
            varied(r, world, &mut expr, vary);
            return (text, expr);
        }
    }
}

/// Puts in what only the facts of a rule make: blank policies, filters on rows.
fn varied(r: &mut Random, world: &World, e: &mut Expr, vary: bool) {
    match &mut e.kind {
        Kind::Cell { .. } if vary && matches!(e.ty, Ty::Num { .. }) && r.percent(40) => {
            let read = e.clone();
            let (key, args) = match r.percent(50) {
                true => ("or_zero", vec![read]),
                false => ("or_zero_if", vec![read, policy(world)]),
            };
            e.kind = Kind::Call(by_key(key).unwrap(), args);
        }
        Kind::Call(id, args) => {
            args.iter_mut().for_each(|a| varied(r, world, a, vary));
            // A rule's tolerance is a third operand; tallies have none.
            let plain = |e: &Expr| !matches!(&e.kind, Kind::Call(id, _) if id.row().key == "tally");
            let loose = id.row().key.strip_suffix("_num").and_then(|op| by_key(&format!("{op}_tol")));
            if let (true, Some(loose)) = (vary && args.iter().all(plain) && r.percent(50), loose) {
                let tolerance = Value::Num(Decimal::parse(r.pick(&["0.5", "0.01", "0.005"])).unwrap());
                args.push(formwright::resolve::infer::constant(tolerance, 0..0));
                *id = loose;
            }
        }
        Kind::If(three) => three.iter_mut().for_each(|a| varied(r, world, a, vary)),
        Kind::List(parts) | Kind::Quant { parts, .. } => {
            parts.iter_mut().for_each(|p| filtered(r, world, p, vary))
        }
        Kind::QuantValues { list, body, .. } => {
            varied(r, world, list, vary);
            varied(r, world, body, vary);
        }
        _ => {}
    }
}

/// `filled(a) or filled(b)`: what `blank: partial` asks.
fn policy(world: &World) -> Expr {
    lower_text("not(blank(a, b))", &|name| world.name(name), world.typing()).unwrap()
}

fn filtered(r: &mut Random, world: &World, part: &mut Part, vary: bool) {
    if part.each.is_some() && r.percent(30) {
        let name = r.pick(&["xs", "ns"]);
        let at = world.declared.iter().position(|d| d.name == name).unwrap();
        let kind = Kind::Cell { cell: formwright::ir::CellId(at as u32), scope: 1, time: Time::Now };
        let read = Expr { kind, ty: world.declared[at].ty.clone(), range: 0..0 };
        let zero = formwright::resolve::infer::constant(Value::int(1), 0..0);
        let key = r.pick(&["gt_num", "ne_num", "le_num"]);
        let kind = Kind::Call(by_key(key).unwrap(), vec![read, zero]);
        part.filter = Some(Expr { kind, ty: Ty::Bool, range: 0..0 });
    }
    varied(r, world, &mut part.item, vary);
}

/// Random values: many blanks, ends of ranges, ties, off by one unit.
pub fn values(r: &mut Random, world: &World) -> Given {
    let rows = r.below(5);
    let unknown = if r.percent(30) { 8 } else { 0 };
    let mut before: Vec<Decimal> = Vec::new();
    let mut value = |r: &mut Random, ty: &Ty| match r.below(100) {
        0..30 => Value::Null,
        at if at < 30 + unknown && !matches!(ty, Ty::Text | Ty::Code(_) | Ty::Codes(_)) => Value::Unknown,
        _ => filled(r, ty, &mut before),
    };
    let values =
        world.declared.iter().map(|d| (0..if d.list { rows } else { 1 }).map(|_| value(r, &d.ty)).collect());
    Given { values: values.collect(), rows, at: 0 }
}

fn filled(r: &mut Random, ty: &Ty, before: &mut Vec<Decimal>) -> Value {
    match ty {
        Ty::Num { scale, digits, .. } => Value::Num(figure(r, *scale, *digits, before)),
        Ty::Bool => Value::Bool(r.percent(50)),
        Ty::Date(_) => {
            let text =
                r.pick(&["2015-06-30", "2015-07-01", "2016-02-29", "2015-01-31", "2014-06-30", "2100-12-31"]);
            Value::Date(Date::parse(text).unwrap())
        }
        Ty::Codes(_) => {
            let set = r.pick(&["a", "a,b", "C", "a,C,c", "b,c"]);
            Value::list(set.split(',').map(Value::text))
        }
        Ty::Code(_) => Value::text(r.pick(&["a", "b", "C", "c"])),
        _ => Value::text(r.pick(&[
            "a",
            "A",
            "a*",
            "aXb",
            "a?b",
            "地市",
            "地市😀",
            "~a",
            "it's",
            "x,y",
            "\"q\"",
            "ab",
        ])),
    }
}

fn figure(r: &mut Random, scale: u32, digits: u32, before: &mut Vec<Decimal>) -> Decimal {
    let count = scale == 0;
    let largest = 10_i128.pow(digits) - 1;
    let units = match (r.below(10), before.last()) {
        // Off by one unit, or the same.
        (0..3, Some(last)) => {
            last.round(scale, formwright::engine::Rounding::Down).to_scale(scale).unwrap_or(0)
                + r.below(3) as i128
                - 1
        }
        (3, _) => largest,
        (4, _) => -largest,
        (5..8, _) => [0, 1, 2, 5, 50, 100, 250, 1005, 2675][r.below(9)],
        _ => r.below(2000) as i128 - 500,
    };
    let units = if count { units.abs() } else { units }.clamp(-largest, largest);
    let number = Decimal::new(units, scale).unwrap();
    before.push(number);
    number
}
