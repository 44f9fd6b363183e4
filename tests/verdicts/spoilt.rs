//! Returns that differ a little from those that are stated: blanks, what cannot be read, one unit more or less, the most
//! digits, rows twice or not at all, nothing beside the return.

use crate::asked::Survey;
use crate::chance::Chance;
use crate::corpus::Given;
use formwright::data::{Record, Records};
use formwright::engine::date::Precision;
use formwright::engine::{Date, Decimal, Value};
use formwright::ir::expr::Kind;
use formwright::ir::{BlockId, Cell, Check, ListId, Type};

const TEXTS: &[&str] = &["甲市", "乙市", "x", "12-ab", "A12", "长长长长长长长长长长", "O'Brien", "=1+1"];
const DATES: &[&str] = &["2015-06-30", "2015-07-01", "2014-12-31", "2016-02-29", "2009-10-15"];

/// A return with one to four changes.
pub fn spoilt(survey: &Survey, given: &Given, chance: &mut Chance) -> Given {
    let mut out = given.clone();
    for _ in 0..*chance.pick(&[1, 1, 2, 4]) {
        match chance.below(20) {
            0 => out.previous = None,
            1 => out.context = None,
            2..=4 => change(survey, out.previous.as_mut(), chance),
            5..=6 => change(survey, out.context.as_mut(), chance),
            _ => change(survey, Some(&mut out.now), chance),
        }
    }
    out
}

/// Changes a cell or the rows of a block somewhere in a document.
fn change(survey: &Survey, records: Option<&mut Records>, chance: &mut Chance) {
    let Some(records) = records else { return };
    let root = records.root;
    let blocks = &survey.ir.root_blocks[root as usize];
    let cells = survey.ir.cells.iter().filter(|c| c.home.root == root && c.home.block.is_none());
    let cells: Vec<&Cell> = cells.collect();
    within(survey, &mut records.top, &cells, blocks, chance);
}

fn within(survey: &Survey, record: &mut Record, cells: &[&Cell], blocks: &[BlockId], chance: &mut Chance) {
    let filled: Vec<usize> = (0..blocks.len()).filter(|n| !record.blocks[*n].is_empty()).collect();
    if !filled.is_empty() && (cells.is_empty() || chance.percent(75)) {
        let at = *chance.pick(&filled);
        rows(survey, &mut record.blocks[at], blocks[at], chance);
    } else if !cells.is_empty() {
        let cell = *chance.pick(cells);
        let slot = cell.home.slot;
        record.raw.remove(&slot);
        let value = value(survey, cell, record.value(slot), chance);
        if value.is_unknown() {
            record.raw.insert(slot, "\"??\"".to_owned());
        }
        record.set(slot, value);
    }
    record.settle();
}

fn rows(survey: &Survey, rows: &mut Vec<Record>, block: BlockId, chance: &mut Chance) {
    let at = chance.below(rows.len());
    match chance.below(12) {
        0 if rows.len() < 5 => rows.push(rows[at].clone()),
        1 => drop(rows.remove(at)),
        2 if rows.len() < 5 => rows.insert(at, Record::of_block(&survey.ir, block)),
        3 => {
            let last = rows.len() - 1;
            rows.swap(at, last);
        }
        _ => {
            let declared = survey.ir.block(block).unwrap();
            let cells: Vec<&Cell> = declared.cells.iter().map(|c| survey.ir.cell(*c).unwrap()).collect();
            within(survey, &mut rows[at], &cells, &declared.blocks, chance);
        }
    }
}

fn value(survey: &Survey, cell: &Cell, now: &Value, chance: &mut Chance) -> Value {
    match chance.below(10) {
        0 | 1 => return Value::Null,
        2 => return Value::Unknown,
        _ => {}
    }
    match cell.ty {
        ty if ty.is_numeric() => number(survey, cell, now, chance),
        Type::YesNo | Type::Tick => Value::Bool(chance.percent(50)),
        Type::Code(list) => Value::text(&code(survey, list, chance)),
        Type::Codes(list) => codes(survey, list, chance),
        Type::Date => date(cell, Precision::Day, 10, chance),
        Type::Month => date(cell, Precision::Month, 7, chance),
        Type::Year => date(cell, Precision::Year, 4, chance),
        _ => Value::text(chance.pick::<&str>(TEXTS)),
    }
}

fn number(survey: &Survey, cell: &Cell, now: &Value, chance: &mut Chance) -> Value {
    let unit = Decimal::new(1, cell.scale).unwrap();
    let most = Decimal::new(10_i128.pow(cell.digits.min(15)) - 1, cell.scale).unwrap();
    let near = now.as_num().unwrap_or(Decimal::from_int(3));
    let number = match chance.below(9) {
        0..=3 => near.checked_add(unit),
        4 => near.checked_sub(unit),
        5 => Some(Decimal::ZERO),
        6 if chance.percent(30) => Some(most),
        _ => literal(survey, chance),
    };
    let below = |n: &Decimal| n.is_negative() && cell.ty == Type::Count && cell.bounds.min.is_none();
    let number = number.filter(|n| !below(n) && n.abs() <= most).and_then(|n| n.with_scale(cell.scale));
    number.map_or(Value::Null, Value::Num)
}

/// A number that some rule compares with.
fn literal(survey: &Survey, chance: &mut Chance) -> Option<Decimal> {
    let mut found = vec![Decimal::from_int(1)];
    for instance in survey.ir.rules.iter().flat_map(|rule| &rule.instances) {
        if let Check::Holds(check) = &instance.check {
            check.walk(&mut |e| {
                if let Kind::Const(Value::Num(n)) = &e.kind {
                    found.push(*n);
                }
            });
        }
    }
    Some(*chance.pick(&found))
}

fn code(survey: &Survey, list: ListId, chance: &mut Chance) -> String {
    chance.pick(&survey.ir.list(list).unwrap().codes).code.clone()
}

fn codes(survey: &Survey, list: ListId, chance: &mut Chance) -> Value {
    let all = &survey.ir.list(list).unwrap().codes;
    let mut taken: Vec<&str> = all.iter().filter(|_| chance.percent(40)).map(|c| c.code.as_str()).collect();
    if taken.is_empty() {
        taken.push(&all[0].code);
    }
    Value::list(taken.into_iter().map(Value::text))
}

fn date(_: &Cell, precision: Precision, length: usize, chance: &mut Chance) -> Value {
    let text: String = chance.pick(DATES).chars().take(length).collect();
    Value::Date(Date::parse_as(&text, precision).unwrap())
}
