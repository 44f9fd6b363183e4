//! The source tree to what it means: the only place that looks names up.

mod aggregates;
mod bindings;
mod blanks;
pub mod calc;
pub mod calls;
pub mod cells;
pub mod classify;
mod each;
mod effects;
pub mod expr;
mod expressions;
pub mod facts;
pub mod infer;
pub mod life;
mod lists;
pub mod lower;
pub mod mismatch;
pub mod model;
mod operators;
mod other_times;
mod overlap;
pub mod parts;
pub mod periods;
pub mod places;
mod print;
mod quantifiers;
mod quotients;
mod rule_facts;
mod rule_ids;
mod rule_set;
pub mod rules;
mod runs;
pub mod scope;
mod sections;
pub mod select;
pub mod structure;
mod tables;
pub mod template;
mod test_names;
mod tests;
pub mod texts;
pub mod typed_json;
pub mod types;
mod was;
pub mod words;
mod written_rules;

use crate::diag::{Code, Diagnostic, Problems, codes};
use crate::ir::expr::Expr;
use crate::ir::{CellId, Fact, Notes, Origin, Root, Step, Survey, Text};
use crate::parallel::both;
use crate::parse::ast;
use crate::parse::shapes::Str;
use crate::source::{SourceMap, Span};
use expressions::Expressions;
use formwright_engine::Date;
use model::{Model, TableModel};
use other_times::Unread;
use places::Places;
use rules::{Common, Rules};
use scope::Ctx;
use sections::Entry;
use std::collections::BTreeMap;
use structure::{Builder, SectionInput};
use template::Filler;
use texts::Texts;
use types::Typer;
use written_rules::InForce;

/// The files of a survey: name and tree.
pub struct Input {
    /// `survey.yaml`.
    pub survey: ast::Survey,
    /// Tables, in the order of the survey.
    pub tables: Vec<ast::Table>,
    /// Files of lists and units, in order of import.
    pub lists: Vec<ast::Lists>,
    /// Irregularities that nodes keep.
    pub accepts: Vec<crate::parse::decode::Accepted>,
}

/// Fewest conditions for whose reading another thread is worth while.
const WORTH_SHARING: usize = 16;

/// Resolves a survey. Problems are collected; the result is usable for artefacts only if none is an error.
pub fn resolve(input: &Input, sources: &SourceMap, problems: &mut Problems) -> Survey {
    let (survey, unread) = resolve_on(input, sources, problems, None);
    unread.read(input, sources, problems);
    survey
}

/// Resolves a survey as of its reference periods, or of a day; what these leave unread is found too.
fn resolve_on(
    input: &Input,
    sources: &SourceMap,
    problems: &mut Problems,
    day: Option<Date>,
) -> (Survey, Unread) {
    let languages: Vec<String> =
        input.survey.languages.iter().flat_map(|l| &l.0).map(|l| l.text().to_owned()).collect();
    let mut survey = lists::begin(input, &languages, problems);
    let mut model = Model {
        periods: survey.periods.clone(),
        lists: survey.lists.clone(),
        units: survey.units.clone(),
        previous: survey.previous.iter().map(|p| p.0.clone()).collect(),
        ..Model::default()
    };
    let expressions = Expressions::new(sources);
    let mut protos = Vec::new();
    // What needs nothing of the sections takes about as long as building them.
    let written = tables::conditions(input);
    let beside = || {
        let mut problems = Problems::default();
        written.iter().for_each(|text| expressions.read(text));
        effects::effects(input, &mut problems);
        rule_ids::rule_ids(input, &mut problems);
        (tests::tests(input, &mut problems), problems)
    };
    let (entries, (tests, found)) = {
        let mut builder = Builder {
            model: &mut model,
            protos: &mut protos,
            texts: Texts { languages: &languages },
            sources,
            problems,
            root_slots: &mut survey.root_slots,
            root_blocks: &mut survey.root_blocks,
        };
        let build = || sections::build(input, sources, &mut builder, day);
        both(written.len() >= WORTH_SHARING, build, beside)
    };
    let unread = Unread::new(&entries);
    problems.extend(found);
    survey.tests = tests;
    if model.full {
        return (survey, unread);
    }
    let kinds: BTreeMap<String, ast::RuleFacts> =
        input.survey.kinds.iter().flat_map(|k| &k.0).map(|(n, f)| (n.text().to_owned(), f.clone())).collect();
    let notes: Vec<usize> = input.tables.iter().map(note_count).collect();
    let (none, no_sections) = (BTreeMap::new(), BTreeMap::new());
    {
        let common = Common {
            model: &model,
            sources,
            languages: &languages,
            expressions: &expressions,
            kinds: &kinds,
            notes: &notes,
            guards: &none,
            section_guards: &no_sections,
        };
        let mut rules = Rules::new(common, problems);
        for e in &entries {
            let items = e.node.cells.as_ref().map(|c| c.0.as_slice()).unwrap_or_default();
            cells::lay_over(&mut rules, &mut protos, e.sec, e.input.life, items);
        }
    }
    let Typed { uses: mut all_uses, prefills } =
        typed(&protos, &mut model, &survey, Texts { languages: &languages }, problems);
    sections::specifications(
        &entries,
        &mut model,
        &mut protos,
        &mut all_uses,
        &mut survey,
        &languages,
        problems,
    );
    let in_force = InForce::new(input, &entries, &model, problems);
    let mut common = Common {
        model: &model,
        sources,
        languages: &languages,
        expressions: &expressions,
        kinds: &kinds,
        notes: &notes,
        guards: &none,
        section_guards: &no_sections,
    };
    let Guards { certain, cells: guards, sections: section_guards } = guards(&entries, common, &all_uses);
    (common.guards, common.section_guards) = (&guards, &section_guards);
    let prefilled: Vec<_> = {
        let mut rules = Rules::new(common, problems);
        let mut places = Places::new(&mut rules, &certain);
        let one =
            |(ix, sec, from, locked): &(usize, usize, Str, bool)| places.prefill(*ix, *sec, from, *locked);
        prefills.iter().filter_map(one).collect()
    };
    let given =
        tables::Given { common, certain: &certain, protos: &protos, uses: &all_uses, in_force: &in_force };
    let made = tables::made(input, &entries, given, problems);
    survey.rules = made.rules;
    survey.tables = made.tables;
    for (cell, source) in prefilled {
        if let Some(c) = model.cells.get_mut(cell) {
            c.source = source;
        }
    }
    finish(&mut survey, &mut model, made.calculated, made.required, problems);
    sections::others(input, &entries, &mut survey, &model, sources, &languages, problems);
    test_names::test_names(input, &model, &survey, problems);
    survey.accepts = lists::accepts(input, &languages, problems);
    survey.cells = model.cells;
    survey.blocks = model.blocks;
    survey.renames = was::renames(input, &survey);
    (survey, unread)
}

/// What the facts in force say of the cells.
struct Typed {
    /// By cell: the statements of its facts.
    uses: Vec<Vec<facts::Use>>,
    /// Cells that are filled beforehand: the cell, its section, from what, and whether that may not be changed.
    prefills: Vec<(usize, usize, Str, bool)>,
}

/// Gives each cell its type, bounds, help and note.
fn typed(
    protos: &[structure::Proto],
    model: &mut Model,
    survey: &Survey,
    texts: Texts,
    problems: &mut Problems,
) -> Typed {
    let mut out = Typed { uses: Vec::with_capacity(protos.len()), prefills: Vec::new() };
    for (ix, proto) in protos.iter().enumerate() {
        let Some(cell) = model.cells.get_mut(ix) else { continue };
        let node = cell.declared.clone();
        let (facts, uses) = cells::in_force(proto, &node);
        let (lists, units, marks) = (&survey.lists, &survey.units, &survey.marks);
        let mut typer = Typer { lists, units, marks, problems, unsure: false };
        typer.apply(cell, &facts);
        if typer.unsure {
            model.unsure.insert(CellId(u32::try_from(ix).unwrap_or(u32::MAX)));
        }
        types::bounds(cell, &uses);
        let locked = facts.locked.is_some_and(|l| l.0);
        out.prefills.extend(facts.prefill.clone().map(|from| (ix, proto.sec, from, locked)));
        cell.help = facts.help.as_ref().map(|t| texts.text(Some(t), problems));
        cell.note = facts.note.as_ref().map(|t| texts.text(Some(t), problems));
        out.uses.push(uses);
    }
    out
}

fn note_count(t: &ast::Table) -> usize {
    match &t.notes {
        Some(ast::Notes::List(l)) => l.items.as_ref().map_or(0, |i| i.0.len()),
        Some(ast::Notes::Text(_)) => 1,
        None => 0,
    }
}

/// Conditions under which places apply.
#[derive(Default)]
struct Guards {
    /// That a cell applies, for certain (for `required`).
    certain: BTreeMap<CellId, Expr>,
    /// That it does not certainly not (for everything else).
    cells: BTreeMap<CellId, Expr>,
    /// The same of a section as a whole.
    sections: BTreeMap<usize, Expr>,
}

/// Conditions under which cells and sections apply.
fn guards(entries: &[Entry], common: Common, uses: &[Vec<facts::Use>]) -> Guards {
    let model = common.model;
    let mut out = Guards::default();
    let mut scratch = Problems::default();
    let mut rules = Rules::new(Common { notes: &[], ..common }, &mut scratch);
    for e in entries {
        let none = model.sec(e.sec).and_then(|s| s.none);
        let settled = none.map(|cell| {
            let it = places::read(model, cell, 0);
            let blank = expr::by_key("blank", vec![it.clone()], crate::ir::expr::Ty::Bool);
            let not = expr::by_key("not", vec![it], crate::ir::expr::Ty::Bool);
            expr::by_key("or", vec![blank, not], crate::ir::expr::Ty::Bool)
        });
        let handed_down = sections::section_applies(e);
        let whole = Ctx { table: e.table, section: Some(e.sec), ..Ctx::default() };
        let of_section =
            handed_down.iter().filter_map(|u| rules.stated(&whole, u, e.kind())).reduce(rules::all_of);
        let guard = rules::both(settled.clone(), of_section.map(places::not_false));
        out.sections.extend(guard.map(|g| (e.sec, g)));
        for cell in sections::cells_of(model, e.sec) {
            if Some(cell) == none {
                continue;
            }
            let own = uses.get(cell.ix()).into_iter().flatten();
            let mut applies =
                own.chain(&handed_down).filter(|u| u.kind == crate::ir::Fact::Applies).peekable();
            if settled.is_none() && applies.peek().is_none() {
                continue;
            }
            let spot = places::spot_of(model, e.sec, cell);
            let mut condition = None;
            for u in applies {
                let found = rules.stated(&spot.ctx, u, e.kind());
                condition = rules::both(condition, found.filter(|f| !f.cells().contains(&cell)));
            }
            let guard = condition.clone().map(places::not_false);
            if let Some(g) = rules::both(settled.clone(), guard) {
                out.cells.insert(cell, g);
            }
            if let Some(c) = rules::both(settled.clone(), condition) {
                out.certain.insert(cell, c);
            }
        }
    }
    out
}

/// Sources of calculated cells, their order, and who reads what.
fn finish(
    survey: &mut Survey,
    model: &mut Model,
    calculated: Vec<(CellId, Expr)>,
    required: Vec<(CellId, bool)>,
    problems: &mut Problems,
) {
    for (cell, always) in required {
        if let Some(c) = model.cells.get_mut(cell.ix()) {
            c.required = Some(always || c.required == Some(true));
        }
    }
    let reads: Vec<_> = calculated.iter().map(|(c, e)| (*c, e.cells())).collect();
    survey.calculation_order = order(model, &reads, &codes::CYCLE, problems);
    let applies = survey.rules.iter().filter(|r| r.origin == Origin::Fact(Fact::Applies));
    // With `else` the condition reads the cell itself.
    let others = |(cell, mut reads): (CellId, Vec<CellId>)| {
        reads.retain(|read| *read != cell);
        (cell, reads)
    };
    let conditions =
        applies.flat_map(|r| &r.instances).filter_map(|i| Some((i.target?, i.when.as_ref()?.cells())));
    order(model, &conditions.map(others).collect::<Vec<_>>(), &codes::CONDITION_CYCLE, problems);
    for (cell, formula) in calculated {
        if let Some(c) = model.cells.get_mut(cell.ix()) {
            c.source = crate::ir::Source::Calculated(formula);
        }
    }
    for rule in survey.rules.iter().filter(|r| r.origin == Origin::Fact(Fact::Type) && !r.blocks()) {
        for id in rule.instances.iter().filter_map(|i| i.target) {
            model.cells.get_mut(id.ix()).into_iter().for_each(|cell| cell.lenient = true);
        }
    }
    for (ix, rule) in survey.rules.iter().enumerate() {
        let id = crate::ir::RuleId(u32::try_from(ix).unwrap_or(u32::MAX));
        for i in &rule.instances {
            for c in i.target.iter().chain(&i.reads) {
                if let Some(cell) = model.cells.get_mut(c.ix()).filter(|c| c.read_by.last() != Some(&id)) {
                    cell.read_by.push(id);
                }
            }
        }
    }
}

/// Each cell behind those it reads; a cycle is reported with its path.
fn order(
    model: &Model,
    all: &[(CellId, Vec<CellId>)],
    cycle: &'static Code,
    problems: &mut Problems,
) -> Vec<CellId> {
    let mut reads: BTreeMap<CellId, Vec<CellId>> = BTreeMap::new();
    all.iter().for_each(|(cell, read)| reads.entry(*cell).or_default().extend(read));
    let mut done: Vec<CellId> = Vec::new();
    let mut finished = std::collections::BTreeSet::new();
    for (start, _) in all {
        let mut path: Vec<(CellId, usize)> = vec![(*start, 0)];
        while let Some((cell, next)) = path.last().copied() {
            if finished.contains(&cell) {
                path.pop();
                continue;
            }
            match reads.get(&cell).and_then(|r| r.get(next)) {
                Some(read) => {
                    if let Some(last) = path.last_mut() {
                        last.1 += 1;
                    }
                    if let Some(first) = path.iter().position(|p| p.0 == *read) {
                        let round = path.iter().skip(first).map(|p| p.0).chain([*read]);
                        let cells = round.filter_map(|c| model.cells.get(c.ix()));
                        let names: Vec<&str> = cells.map(|c| c.id.as_str()).collect();
                        let span = model.cells.get(cell.ix()).map_or(Span::default(), |c| c.span);
                        problems.push(Diagnostic::new(cycle, span).arg("path", names.join(" → ")));
                    } else if reads.contains_key(read) && !finished.contains(read) {
                        path.push((*read, 0));
                    }
                }
                None => {
                    finished.insert(cell);
                    done.push(cell);
                    path.pop();
                }
            }
        }
    }
    done
}

/// The path of a table's or section's JSON.
fn json_path(table: &str, section: &str) -> Vec<Step> {
    let mut path = vec![Step::Key("tables".into()), Step::Key(table.to_owned())];
    if !section.is_empty() {
        path.push(Step::Key(section.to_owned()));
    }
    path
}

/// A section to be built.
fn section_input<'s>(
    table: Option<usize>,
    id: &str,
    node: &'s ast::Section,
    outer: Option<&ast::Section>,
    root: Root,
    path: Vec<Step>,
    life: life::Life,
) -> SectionInput<'s> {
    SectionInput {
        table,
        id: id.to_owned(),
        node,
        column_defaults: outer.and_then(|o| o.column_defaults.clone()).unwrap_or_default(),
        row_defaults: outer.and_then(|o| o.row_defaults.clone()).unwrap_or_default(),
        root,
        path,
        life,
        gone: structure::Gone::new(),
    }
}

/// Notes with their references filled in.
fn notes(notes: Option<&ast::Notes>, ctx: &Ctx, filler: &mut Filler) -> Option<Notes> {
    match notes? {
        ast::Notes::Text(t) => {
            Some(Notes { heading: None, items: vec![filler.note(ctx, t)], names: filler.quoted(t) })
        }
        ast::Notes::List(l) => {
            let heading = l.heading.as_ref().map(|h| filler.note(ctx, h));
            let items = l.items.iter().flat_map(|i| &i.0).map(|t| filler.note(ctx, t)).collect();
            let names = l.items.iter().flat_map(|i| &i.0).flat_map(|t| filler.quoted(t)).collect();
            Some(Notes { heading, items, names })
        }
    }
}

/// The table's number and title as its label.
fn table_label(texts: &Texts, t: &ast::Table, problems: &mut Problems) -> Text {
    let number = texts.text(t.number.as_ref(), problems);
    if number.is_empty() { texts.text(t.title.as_ref(), problems) } else { number }
}

/// The table of an id as listed in the survey.
fn table_model(t: &ast::Table, label: Text) -> TableModel {
    TableModel {
        id: t.table.as_ref().map(|x| x.text().to_owned()).unwrap_or_default(),
        sections: Vec::new(),
        label,
        life: life::Life::default(),
    }
}

/// A word that is none of the known ones.
fn bad_word(word: &str, span: Span, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::new(&codes::BAD_WORD, span).arg("word", word).arg("known", known.join(", "));
    match words::meant(word, known) {
        Some(meant) => Diagnostic { suggestions: vec![meant.to_owned()], ..d },
        None => d.suggest(word, known.iter().copied()),
    }
}

/// Whether a word is written that is the only one there is.
fn only(written: Option<&Str>, known: &str, problems: &mut Problems) -> bool {
    let Some(word) = written else { return false };
    if word.text() != known {
        problems.push(bad_word(word.text(), word.span(), &[known]));
    }
    word.text() == known
}

/// The text of an optional scalar.
fn text_of(s: Option<&Str>) -> &str {
    s.map_or("", Str::text)
}

mod written;
