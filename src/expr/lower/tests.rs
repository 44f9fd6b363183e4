use super::condition;
use crate::ir::expr::{Dim, Expr, Kind, Time, Ty};
use crate::ir::{CellId, UnitId};
use crate::resolve::infer::{Typing, constant};
use formwright_engine::{Decimal, Value};

const RULES: Typing<'static> = Typing { units: &[], lists: &[], rules: true };

fn cell(id: u32) -> Expr {
    let ty = Ty::Num { scale: 2, dim: Dim::Unit(UnitId(0)), digits: 12 };
    Expr { kind: Kind::Cell { cell: CellId(id), scope: 0, time: Time::Now }, ty, range: 0..1 }
}

fn op(name: &str, args: Vec<Expr>) -> Expr {
    RULES.apply(name, args, 0..9).unwrap()
}

fn sizes(expr: &Expr) -> [usize; 2] {
    let pair = condition(expr).unwrap();
    [pair.holds.size(), pair.fails.size()]
}

/// `a = 1 or b = 1 or …`, alternating with `and` and `not` as deep as `depth`.
fn nested(depth: u32) -> Expr {
    let one = |id| op("=", vec![cell(id), constant(Value::int(1), 0..1)]);
    (1..depth).fold(one(0), |inner, n| match n % 3 {
        0 => op("not", vec![inner]),
        1 => op("and", vec![inner, one(n)]),
        _ => op("or", vec![inner, one(n)]),
    })
}

#[test]
fn formulas_grow_linearly_with_connectives() {
    let (small, large) = (sizes(&nested(20)), sizes(&nested(40)));
    for (small, large) in small.into_iter().zip(large) {
        assert!(large <= small * 9 / 4, "{small} and {large}");
    }
}

/// What doubles with each level is refused before it is made.
#[test]
fn what_grows_beyond_the_bound_is_refused() {
    let doubled = |depth| {
        (0..depth).fold(op("=", vec![cell(0), cell(1)]), |inner, n| {
            op("=", vec![inner, op("=", vec![cell(n), cell(2)])])
        })
    };
    assert!(condition(&doubled(5)).is_ok());
    assert_eq!(condition(&doubled(50)), Err("length-limit"));
}

#[test]
fn what_is_constant_is_calculated() {
    let half = |text| constant(Value::Num(Decimal::parse(text).unwrap()), 0..1);
    let known = op("=", vec![op("+", vec![half("0.1"), half("0.2")]), half("0.3")]);
    let both = op("and", vec![known, op("=", vec![cell(0), cell(1)])]);
    let alone = op("=", vec![cell(0), cell(1)]);
    assert_eq!(condition(&both).unwrap(), condition(&alone).unwrap());
}
