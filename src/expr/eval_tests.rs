use super::*;
use crate::ir::UnitId;
use crate::ir::expr::{Dim, Ty};
use crate::ir::func::by_key;
use crate::resolve::infer::{Typing, constant};

const RULES: Typing<'static> = Typing { units: &[], lists: &[], rules: true };
const XS: BlockId = BlockId(0);

/// Cells 0.. of the return, and cell 9 of each row of a block.
struct Return {
    cells: Vec<Value>,
    rows: Vec<Value>,
    at: [usize; 3],
}

impl Data for Return {
    fn cell(&self, cell: CellId, scope: u8, _: Time) -> Value {
        match cell.0 {
            9 => self.rows[self.at[usize::from(scope)]].clone(),
            n => self.cells[n as usize].clone(),
        }
    }

    fn each(&mut self, _: BlockId, scope: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {
        for row in 0..self.rows.len() {
            self.at[usize::from(scope)] = row;
            if f(self).is_break() {
                break;
            }
        }
    }
}

fn n(text: &str) -> Value {
    Value::Num(Decimal::parse(text).unwrap())
}

fn data(cells: &[&str], rows: &[&str]) -> Return {
    let read = |list: &[&str]| {
        list.iter()
            .map(|t| match *t {
                "" => Value::Null,
                "?" => Value::Unknown,
                t => n(t),
            })
            .collect()
    };
    Return { cells: read(cells), rows: read(rows), at: [0; 3] }
}

fn cell(id: u32, scope: u8) -> Expr {
    let ty = Ty::Num { scale: 2, dim: Dim::Unit(UnitId(0)), digits: 12 };
    Expr { kind: Kind::Cell { cell: CellId(id), scope, time: Time::Now }, ty, range: 0..1 }
}

fn op(name: &str, args: Vec<Expr>) -> Expr {
    RULES.apply(name, args, 0..9).unwrap()
}

fn num(text: &str) -> Expr {
    constant(n(text), 0..1)
}

fn over_rows(item: Expr, filter: Option<Expr>) -> Expr {
    let ty = Ty::List(Box::new(item.ty.clone()));
    Expr { kind: Kind::List(vec![Part { each: Some((XS, 1)), filter, item }]), ty, range: 0..1 }
}

fn balance() -> Expr {
    let sum = op("+", vec![op("+", vec![cell(0, 0), cell(1, 0)]), cell(2, 0)]);
    op("=", vec![sum, cell(3, 0)])
}

/// The sides of each failing comparison and their difference.
fn failing<D: Data>(expr: &Expr, data: &mut D) -> Vec<(Value, Value, Option<Decimal>)> {
    let mut found = Vec::new();
    crate::expr::failing::failing(expr, data, &mut |_, c| found.push((c.left.1, c.right.1, c.diff)));
    found
}

#[test]
fn a_strict_sum_needs_all_and_names_its_sides() {
    let ev = |cells: &[&str]| eval(&balance(), &mut data(cells, &[]), &mut Vec::new());
    assert_eq!(ev(&["60", "30", "5", "95"]), Value::Bool(true));
    assert_eq!(ev(&["60", "", "5", "95"]), Value::Null);
    assert_eq!(ev(&["60", "?", "5", ""]), Value::Unknown);
    let found = failing(&balance(), &mut data(&["60", "30", "5", "100"], &[]));
    assert_eq!(found, [(n("95"), n("100"), Decimal::parse("-5"))]);
    assert_eq!(failing(&balance(), &mut data(&["60", "30", "", "100"], &[])), []);
}

#[test]
fn each_failing_comparison_of_a_conjunction_is_reported() {
    let both = op(
        "and",
        vec![
            op("<=", vec![cell(0, 0), cell(1, 0)]),
            op("between", vec![cell(0, 0), num("0"), num("5")]),
            op("near", vec![cell(0, 0), cell(1, 0), num("100")]),
        ],
    );
    let found = failing(&both, &mut data(&["9", "4"], &[]));
    let diffs: Vec<String> = found.iter().filter_map(|c| c.2).map(|d| d.to_string()).collect();
    assert_eq!(diffs, ["5", "4"]);
    let target = op("meets", vec![cell(0, 0), constant(Value::text("> 90"), 0..1)]);
    assert_eq!(failing(&target, &mut data(&["89.5"], &[]))[0].2, Decimal::parse("-0.5"));
}

/// Folding gives what the engine gives for all values at once.
#[test]
fn folds_agree_with_the_engine() {
    let samples: [&[&str]; 8] = [
        &[],
        &[""],
        &["1"],
        &["1", "", "2.5"],
        &["", "?"],
        &["3", "1", "2"],
        &["1", "?", "2"],
        &["-1", "-1.0"],
    ];
    for rows in samples {
        let values = data(&[], rows).rows;
        for key in ["sum", "count", "min", "max", "filled", "blank", "unique", "distinct", "tally"] {
            let id = by_key(key).unwrap();
            let call =
                Expr { kind: Kind::Call(id, vec![over_rows(cell(9, 1), None)]), ty: Ty::Any, range: 0..1 };
            let expected = (id.row().eval)(&values);
            assert_eq!(eval(&call, &mut data(&[], rows), &mut Vec::new()), expected, "{key} of {rows:?}");
        }
    }
}

#[test]
fn filters_take_rows_that_certainly_fit() {
    let positive = op(">", vec![cell(9, 1), num("0")]);
    let sum = op("sum", vec![over_rows(cell(9, 1), Some(positive))]);
    assert_eq!(eval(&sum, &mut data(&[], &["1", "-2", "", "3"]), &mut Vec::new()), n("4"));
}

#[test]
fn quantifiers_report_each_row_that_fails() {
    let item = op("<=", vec![cell(9, 1), cell(0, 0)]);
    let parts = vec![Part { each: Some((XS, 1)), filter: None, item }];
    let every = Expr { kind: Kind::Quant { every: true, parts }, ty: Ty::Bool, range: 0..1 };
    let mut rows = data(&["2"], &["1", "3", "", "4"]);
    assert_eq!(eval(&every, &mut rows, &mut Vec::new()), Value::Bool(false));
    assert_eq!(failing(&every, &mut rows).len(), 2);
}

#[test]
fn tallies_are_decided_by_their_bounds() {
    let one = |id| op("=", vec![cell(id, 0), num("1")]);
    let tally = op("=", vec![op("tally", vec![one(0), one(1), one(2)]), num("1")]);
    let ev = |cells: &[&str]| eval(&tally, &mut data(cells, &[]), &mut Vec::new());
    assert_eq!(ev(&["1", "1", ""]), Value::Bool(false));
    assert_eq!(ev(&["1", "2", ""]), Value::Null);
    assert_eq!(ev(&["1", "2", "3"]), Value::Bool(true));
}

#[test]
fn blank_policies_read_zero() {
    let (plain, partial) = (by_key("or_zero").unwrap(), by_key("or_zero_if").unwrap());
    let yes = constant(Value::Bool(true), 0..1);
    let no = constant(Value::Bool(false), 0..1);
    for (id, args, given, expected) in [
        (plain, vec![cell(0, 0)], "", n("0")),
        (plain, vec![cell(0, 0)], "?", Value::Unknown),
        (plain, vec![cell(0, 0)], "7", n("7")),
        (partial, vec![cell(0, 0), yes], "", n("0")),
        (partial, vec![cell(0, 0), no.clone()], "", Value::Null),
        (partial, vec![cell(0, 0), no], "7", n("7")),
    ] {
        let expr = Expr { kind: Kind::Call(id, args), ty: Ty::Any, range: 0..1 };
        assert_eq!(eval(&expr, &mut data(&[given], &[]), &mut Vec::new()), expected);
    }
}

/// Run with `--ignored --nocapture` (optimised for a figure that means something).
#[test]
#[ignore = "a measurement"]
fn time_of_a_balance() {
    let (rule, mut cells) = (balance(), data(&["60", "30", "5", "95"], &[]));
    let start = std::time::Instant::now();
    for _ in 0..1_000_000 {
        assert_eq!(eval(&rule, &mut cells, &mut Vec::new()), Value::Bool(true));
    }
    println!("{} ns", start.elapsed().as_nanos() / 1_000_000);
}
