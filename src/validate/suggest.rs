//! Tests suggested for a rule: the smallest returns it passes, fails and leaves undecided, as the designer writes them.

use super::designer::run_test;
use crate::expr::verdict::Verdict;
use crate::ir::{Cell, Expect, Root, Rule, Step, Survey, Test};
use crate::solve::{Answer, Slot, Solver, Witness};
use formwright_engine::Value;
use formwright_engine::write::push_string;
use serde_json::{Map, Value as Json};

/// A test that does what it says: it has been run.
#[derive(Debug, Clone)]
pub struct Suggested {
    /// What the rule does in it.
    pub outcome: Verdict,
    /// `given`, `tables`, `context`, `previous` and `expect`, each with its value on one line of YAML.
    pub members: Vec<(&'static str, String)>,
}

/// The outcomes that are suggested, in order.
pub const OUTCOMES: [Verdict; 3] = [Verdict::Pass, Verdict::Fail, Verdict::Unknown];

/// A test of a rule with this outcome; `None` where none is found or no test of its table can give it.
pub fn suggest<'s>(
    survey: &'s Survey,
    solver: &Solver<'s>,
    rule: &'s Rule,
    wanted: Verdict,
) -> Option<Suggested> {
    rule.instances.iter().find_map(|instance| {
        let Answer::Found(mut witness) = solver.find(instance, wanted) else { return None };
        keyed(survey, instance.home, &mut witness);
        let members = Parts::of(survey, rule, &witness)?.tested(survey, rule, wanted)?;
        Some(Suggested { outcome: wanted, members })
    })
}

/// Fills the keys of the rows that are there, so that each row is one.
fn keyed(survey: &Survey, home: Option<crate::ir::BlockId>, witness: &mut Witness) {
    let mut rows: Vec<(crate::ir::BlockId, Option<u8>, usize)> =
        home.map(|b| (b, None, 0)).into_iter().collect();
    for slot in witness.values.keys() {
        rows.extend(survey.cell(slot.cell).and_then(|c| c.home.block).map(|b| (b, slot.previous, slot.row)));
    }
    for (block, previous, row) in rows {
        for cell in survey.block(block).map(|b| b.key.as_slice()).unwrap_or_default() {
            let slot = Slot { cell: *cell, previous, row };
            if survey.cell(*cell).is_some_and(|c| c.ty.is_text()) {
                let name = if row == 0 { "A" } else { "B" };
                witness.values.entry(slot).or_insert_with(|| Value::Text(name.into()));
            }
        }
    }
}

/// The documents of a test.
#[derive(Default)]
struct Parts {
    tables: Map<String, Json>,
    context: Json,
    previous: Json,
}

impl Parts {
    /// `None` where a test has no place for a value.
    fn of(survey: &Survey, rule: &Rule, witness: &Witness) -> Option<Self> {
        let mut parts = Parts::default();
        let mut whole = Json::Null;
        for (slot, value) in &witness.values {
            let cell = survey.cell(slot.cell)?;
            let into = match (slot.previous, cell.home.root) {
                (Some(0), _) => &mut parts.previous,
                (Some(_), _) => return None,
                (None, Root::Context) => &mut parts.context,
                (None, Root::Return) => &mut whole,
            };
            put(into, cell, slot.row, json(value))?;
        }
        if let Json::Object(mut members) = whole {
            match (members.remove("tables"), members.is_empty()) {
                (Some(Json::Object(tables)), true) => parts.tables = tables,
                _ => return None,
            }
        }
        let own = rule.table.and_then(|t| survey.tables.get(t));
        if let Some(own) = own {
            parts.tables.entry(own.id.as_str()).or_insert(Json::Object(Map::new()));
        }
        Some(parts)
    }

    /// The members of the test, if run as it stands it comes out so; what other rules find is expected beside.
    fn tested(&self, survey: &Survey, rule: &Rule, wanted: Verdict) -> Option<Vec<(&'static str, String)>> {
        let expected = |id: &str, state: Option<&str>| Expect {
            rule: short(survey, rule, id),
            state: state.map(str::to_owned),
            ..Expect::default()
        };
        let mut test = Test {
            table: rule.table,
            name: rule.id.clone(),
            submission: self.submission(survey),
            context: (!self.context.is_null()).then(|| self.context.to_string()),
            previous: (!self.previous.is_null()).then(|| self.previous.to_string()),
            expect: Vec::new(),
            span: rule.span,
        };
        match wanted {
            Verdict::Fail => test.expect.push(expected(&rule.id, None)),
            Verdict::Unknown => test.expect.push(expected(&rule.id, Some("unknown"))),
            Verdict::Pass | Verdict::NotApplicable => {}
        }
        let first = run_test(survey, &test);
        let own = |f: &formwright_engine::Finding| f.rule == rule.id;
        if !first.missing.is_empty() || first.error.is_some() || first.unexpected.iter().any(own) {
            return None;
        }
        for found in &first.unexpected {
            let state = found.state.as_str();
            test.expect.push(expected(&found.rule, (state != "fail").then_some(state)));
        }
        run_test(survey, &test).passed.then(|| self.members(survey, &test))
    }

    fn submission(&self, survey: &Survey) -> String {
        let mut text = String::from("{\"survey\":");
        push_string(&mut text, &survey.id);
        text.push_str(",\"version\":");
        push_string(&mut text, &survey.version);
        let tables = Json::Object(self.tables.clone());
        text.push_str(&format!(",\"state\":\"final\",\"tables\":{tables}}}"));
        text
    }

    fn members(&self, survey: &Survey, test: &Test) -> Vec<(&'static str, String)> {
        let own = test.table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str());
        let mut others = self.tables.clone();
        let given = match own {
            Some(own) => others.remove(own).unwrap_or_default(),
            None => Json::Object(std::mem::take(&mut others)),
        };
        let mut members = vec![("given", yaml(&given))];
        if !others.is_empty() {
            members.push(("tables", yaml(&Json::Object(others))));
        }
        for (name, part) in [("context", &self.context), ("previous", &self.previous)] {
            if !part.is_null() {
                members.push((name, yaml(part)));
            }
        }
        let expect = test.expect.iter().map(|e| match &e.state {
            Some(state) => format!("{{rule: {}, state: {state}}}", e.rule),
            None => format!("{{rule: {}}}", e.rule),
        });
        members.push(("expect", format!("[{}]", expect.collect::<Vec<_>>().join(", "))));
        members
    }
}

/// A rule as the tests of a table call it.
pub fn short(survey: &Survey, rule: &Rule, id: &str) -> String {
    let own = rule.table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str());
    let rest = own.and_then(|own| id.strip_prefix(own)?.strip_prefix('.'));
    rest.unwrap_or(id).to_owned()
}

/// Puts a value at the path of its cell; `row` counts in its own block, blocks around have one row.
fn put(into: &mut Json, cell: &Cell, row: usize, value: Json) -> Option<()> {
    let blocks = cell.path.iter().filter(|s| matches!(s, Step::Rows(_))).count();
    let mut seen = 0;
    let mut at = into;
    for step in &cell.path {
        at = match step {
            Step::Key(key) => {
                if at.is_null() {
                    *at = Json::Object(Map::new());
                }
                at.as_object_mut()?.entry(key.as_str()).or_insert(Json::Null)
            }
            Step::Rows(_) => {
                seen += 1;
                let index = if seen == blocks { row } else { 0 };
                if at.is_null() {
                    *at = Json::Array(Vec::new());
                }
                let rows = at.as_array_mut()?;
                while rows.len() <= index {
                    rows.push(Json::Object(Map::new()));
                }
                rows.get_mut(index)?
            }
        };
    }
    *at = value;
    Some(())
}

fn json(value: &Value) -> Json {
    match value {
        Value::Bool(b) => Json::Bool(*b),
        Value::Num(number) => serde_json::from_str(&number.to_string()).unwrap_or(Json::Null),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        other => Json::String(other.to_string()),
    }
}

/// A value as YAML on one line. As deep as places lie in each other.
fn yaml(value: &Json) -> String {
    match value {
        Json::Object(members) => {
            let each = members.iter().map(|(k, v)| format!("{}: {}", word(k), yaml(v)));
            format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(yaml).collect::<Vec<_>>().join(", ")),
        Json::String(text) => word(text),
        other => other.to_string(),
    }
}

/// A text, in quotes where YAML could read something else.
fn word(text: &str) -> String {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let plain = text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && text.chars().next().is_some_and(char::is_alphabetic)
        && !reserved.contains(&text.to_lowercase().as_str());
    if plain { text.to_owned() } else { Json::String(text.to_owned()).to_string() }
}
