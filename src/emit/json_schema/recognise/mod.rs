//! Which rules keywords can say: each instance of a rule becomes a condition on the smallest object that holds all it
//! reads, or a reason why not.
//!
//! A submission is refused exactly where the rule certainly fails: its guard certainly holds and its check certainly
//! does not. Both are computed as two-valued conditions ([`shapes`]), blanks settled.

mod atoms;
pub mod shapes;

use super::predicate::{Cond, Test};
use super::types;
use crate::emit::closed;
use crate::emit::json::json;
use crate::emit::{Carried, Reason, Status};
use crate::ir::cell::{Root, Source};
use crate::ir::expr::Expr;
use crate::ir::{BlockId, Cell, CellId, Check, Fact, Instance, Origin, Rule, RuleId, Step, Survey, Type};
use crate::parallel::side_by_side;
use formwright_engine::Class;
use shapes::Scope;

/// A condition that submissions must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'s> {
    /// The rule.
    pub rule: RuleId,
    /// The object it is a condition on; ends in [`Step::Rows`] for each row of a block.
    pub anchor: &'s [Step],
    /// Where it is to be met.
    pub when: Cond<'s>,
    /// What is to be met there.
    pub then: Cond<'s>,
    /// Whether it counts in a final return only.
    pub presence: bool,
}

impl Placed<'_> {
    /// Whether an object without members meets it.
    pub fn of_empty(&self) -> bool {
        !self.when.of_empty() || self.then.of_empty()
    }
}

/// All conditions keywords can say, and how each rule is carried.
#[derive(Debug, Clone, Default)]
pub struct Recognised<'s> {
    /// The conditions, in order of rule.
    pub placed: Vec<Placed<'s>>,
    /// A row for each rule.
    pub carried: Vec<Carried>,
}

/// So many rules are gone through together.
const TOGETHER: usize = 64;

/// Goes through all rules.
pub fn recognise(survey: &Survey) -> Recognised<'_> {
    let parts: Vec<(usize, &[Rule])> =
        survey.rules.chunks(TOGETHER).enumerate().map(|(at, rules)| (at * TOGETHER, rules)).collect();
    let mut all = Recognised::default();
    for part in side_by_side(
        &parts,
        parts.len() > 1,
        |(_, rules)| rules.len(),
        |(first, rules)| some(survey, *first, rules),
    ) {
        all.placed.extend(part.placed);
        all.carried.extend(part.carried);
    }
    all
}

/// Goes through rules that stand one behind the other.
fn some<'s>(survey: &'s Survey, first: usize, rules: &'s [Rule]) -> Recognised<'s> {
    let mut all = Recognised::default();
    for (at, rule) in rules.iter().enumerate() {
        let id = RuleId(u32::try_from(first + at).unwrap_or(u32::MAX));
        let (placed, status, reasons) = one(survey, id, rule);
        all.placed.extend(placed);
        all.carried.push(Carried { rule: id, status, reasons });
    }
    all
}

type One<'s> = (Vec<Placed<'s>>, Status, Vec<Reason>);

fn one<'s>(survey: &'s Survey, id: RuleId, rule: &'s Rule) -> One<'s> {
    if !rule.blocks() {
        return (Vec::new(), Status::Absent, vec![Reason::NotBlocking]);
    }
    if let Some((status, reasons)) = by_structure(survey, rule) {
        return (Vec::new(), status, reasons);
    }
    let mut placed = Vec::new();
    let (mut reasons, mut refused) = (Vec::new(), 0);
    for instance in &rule.instances {
        match instance_of(survey, id, rule, instance) {
            Ok((found, weaker)) => {
                placed.extend(found);
                reasons.extend(weaker);
            }
            Err(reason) => {
                refused += 1;
                reasons.push(reason);
            }
        }
    }
    reasons.sort();
    reasons.dedup();
    let status = match (refused, reasons.is_empty()) {
        (n, _) if n > 0 && n == rule.instances.len() => Status::Absent,
        (_, true) => Status::Exact,
        _ => Status::Weaker,
    };
    (placed, status, reasons)
}

/// Facts that the types of the schema carry by themselves, and those it cannot carry.
fn by_structure(survey: &Survey, rule: &Rule) -> Option<(Status, Vec<Reason>)> {
    let Origin::Fact(fact) = rule.origin else { return None };
    let types: Vec<&Cell> = rule.instances.iter().filter_map(|i| survey.cell(i.target?)).collect();
    let exact = || Some((Status::Exact, Vec::new()));
    match fact {
        Fact::Unexpected | Fact::List => exact(),
        Fact::Type if types.iter().any(|c| c.ty.is_numeric()) => {
            let rounded = types.iter().any(|c| c.ty == Type::Count);
            let reasons =
                if rounded { vec![Reason::Digits, Reason::Notation] } else { vec![Reason::Notation] };
            Some((Status::Weaker, reasons))
        }
        Fact::Type if types.iter().any(|c| c.ty.is_text()) => Some((Status::Weaker, vec![Reason::NoRegex])),
        Fact::Type => exact(),
        Fact::Scale if types.iter().all(|c| c.ty == Type::Count) => exact(),
        Fact::Scale => Some((Status::Weaker, vec![Reason::Scale])),
        Fact::Digits if types.iter().all(|c| c.ty == Type::Count) => exact(),
        Fact::Digits => Some((Status::Weaker, vec![Reason::Digits])),
        Fact::Calculated => Some((Status::Absent, vec![Reason::NoArithmetic])),
        Fact::From => Some((Status::Absent, vec![Reason::NoCrossTable])),
        _ => None,
    }
}

type Instanced<'s> = Result<(Vec<Placed<'s>>, Vec<Reason>), Reason>;

fn instance_of<'s>(survey: &'s Survey, id: RuleId, rule: &Rule, instance: &Instance) -> Instanced<'s> {
    let presence = rule.final_only || rule.class == Class::Completeness;
    match &instance.check {
        Check::Raw => Err(Reason::NoRegex),
        Check::Key(block) => key(survey, id, *block),
        Check::Rows { block, limit } => rows(survey, id, rule, instance, (*block, *limit)),
        Check::Holds(check) => holds(survey, id, rule, instance, check, presence),
    }
}

/// The filled half of a key: uniqueness is beyond keywords (`uniqueItems` would refuse two empty rows).
fn key(survey: &Survey, id: RuleId, block: BlockId) -> Instanced<'_> {
    let found = survey.block(block).ok_or(Reason::NoCrossRow)?;
    let anchor = found.path.as_slice();
    let filled = |c: &CellId| {
        let cell = survey.cell(*c)?;
        let keys = shapes::keys_below(&cell.path, anchor).ok()?;
        Some(Cond::Yes(keys, types::blank(survey, cell)))
    };
    let then = Cond::all(found.key.iter().filter_map(filled).collect());
    Ok((vec![Placed { rule: id, anchor, when: Cond::True, then, presence: true }], vec![Reason::NoCrossRow]))
}

/// Rows counted: those that are not empty.
fn rows<'s>(
    survey: &'s Survey,
    id: RuleId,
    rule: &Rule,
    instance: &Instance,
    (block, limit): (BlockId, u32),
) -> Instanced<'s> {
    let found = survey.block(block).ok_or(Reason::NoCrossRow)?;
    let array = found.array();
    let outer = array.iter().rposition(|s| matches!(s, Step::Rows(_))).map(|p| p + 1);
    let split = outer.unwrap_or(array.len().saturating_sub(1));
    let (anchor, rest) = array.split_at_checked(split).ok_or(Reason::NoCrossRow)?;
    let keys: Vec<&str> =
        rest.iter().filter_map(|s| if let Step::Key(k) = s { Some(k.as_str()) } else { None }).collect();
    let row = json!({"not": (closed::reference(&super::names::empty_name(survey, block)))});
    let fewest = rule.origin == Origin::Fact(Fact::MinRows);
    let then = if fewest {
        let yes = json!({"type": "array", "contains": row, "minContains": limit});
        if limit == 0 { Cond::True } else { Cond::Yes(keys, Test::new(yes)) }
    } else {
        let no =
            json!({"type": ["array", "null"], "contains": row, "minContains": 0_i64, "maxContains": limit});
        Cond::No(keys, Test { yes: json!({"not": (no.clone())}), no })
    };
    let scope = Scope::new(survey, anchor);
    let when = instance.when.as_ref().map_or(Ok(Cond::True), |w| scope.holds(w, true, 0))?;
    let presence = rule.final_only || rule.class == Class::Completeness;
    Ok((vec![Placed { rule: id, anchor, when, then, presence }], scope.weaker()))
}

fn holds<'s>(
    survey: &'s Survey,
    id: RuleId,
    rule: &Rule,
    instance: &Instance,
    check: &Expr,
    presence: bool,
) -> Instanced<'s> {
    let exprs: Vec<&Expr> = instance.when.iter().chain([check]).collect();
    let anchor = anchor(survey, rule, instance, &exprs)?;
    let scope = Scope::new(survey, anchor);
    let when = instance.when.as_ref().map_or(Ok(Cond::True), |w| scope.holds(w, true, 0))?;
    let then = match choices(survey, rule, instance, &scope) {
        Some(cond) => cond,
        None => scope.holds(check, false, 0)?.opposite(),
    };
    let placed = Placed { rule: id, anchor, when, then, presence };
    let said = placed.when != Cond::False && placed.then != Cond::True;
    Ok((if said { vec![placed] } else { Vec::new() }, scope.weaker()))
}

/// How many codes a cell may hold, straight from the cell.
fn choices<'s>(survey: &'s Survey, rule: &Rule, instance: &Instance, scope: &Scope<'s>) -> Option<Cond<'s>> {
    let Origin::Fact(fact) = rule.origin else { return None };
    let cell = survey.cell(instance.target?)?;
    let keys = shapes::keys_below(&cell.path, scope.base()).ok()?;
    let test = atoms::choices(cell, fact)?;
    Some(Cond::No(keys, test))
}

/// The smallest object that holds all that is read: the row of a rule about rows, else where the paths part.
fn anchor<'s>(
    survey: &'s Survey,
    rule: &Rule,
    instance: &Instance,
    exprs: &[&Expr],
) -> Result<&'s [Step], Reason> {
    let mut paths: Vec<&[Step]> = Vec::new();
    for expr in exprs {
        shapes::read_paths(survey, expr, &mut paths)?;
    }
    if let Some(row) = instance.home.and_then(|b| survey.block(b)).map(|b| b.path.as_slice()) {
        return if paths.iter().all(|p| p.starts_with(row)) { Ok(row) } else { Err(outside(&paths)) };
    }
    let Some((first, others)) = paths.split_first() else { return Err(Reason::NoArithmetic) };
    let common = others.iter().fold(parent(first), |have, p| shared(have, parent(p)));
    if one_table(&paths) && (common.len() >= 2 || rule.table.is_none() && !common.is_empty()) {
        Ok(common)
    } else {
        Err(Reason::NoCrossTable)
    }
}

fn outside(paths: &[&[Step]]) -> Reason {
    if one_table(paths) { Reason::NoCrossRow } else { Reason::NoCrossTable }
}

/// Whether all paths lead into one table, or one part beside the tables.
fn one_table(paths: &[&[Step]]) -> bool {
    let part = |p: &&'_ [Step]| {
        let tables = matches!(p.first(), Some(Step::Key(key)) if key == "tables");
        if tables { 2 } else { 1 }
    };
    let first = paths.first().and_then(|p| p.get(..part(p)));
    paths.iter().all(|p| p.get(..part(p)) == first)
}

/// The object that holds a cell; of one in a row, the object that holds the rows.
fn parent(path: &[Step]) -> &[Step] {
    let above = path.split_last().map_or(path, |(_, above)| above);
    match above.iter().position(|s| matches!(s, Step::Rows(_))) {
        Some(rows) => above.get(..rows.saturating_sub(1)).unwrap_or_default(),
        None => above,
    }
}

fn shared<'p>(a: &'p [Step], b: &[Step]) -> &'p [Step] {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    a.get(..same).unwrap_or_default()
}

/// Whether keywords can read the cell: delivered with the return and not worked out by the validator.
fn readable(cell: &Cell) -> Result<(), Reason> {
    match (&cell.source, cell.home.root) {
        // What its type does not take may stand there, and then no rule reads it.
        _ if cell.lenient => Err(Reason::NotBlocking),
        (_, Root::Context) => Err(Reason::NoCrossTable),
        (Source::Calculated(_), _) => Err(Reason::NoArithmetic),
        _ => Ok(()),
    }
}
