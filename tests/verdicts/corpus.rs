//! The surveys that are judged, and their returns: those that stand in the files, and many that differ from them a little.

use crate::asked::Survey;
use crate::chance::Chance;
use crate::literate;
use crate::spoilt;
use formwright::data::{Layout, Records, read_context, read_loose};
use std::path::{Path, PathBuf};

/// A return with what is given beside it.
#[derive(Debug, Clone)]
pub struct Given {
    /// Where it comes from.
    pub name: String,
    /// As delivered.
    pub now: Records,
    pub context: Option<Records>,
    pub previous: Option<Records>,
}

/// A survey and its returns.
pub struct Case {
    pub survey: Survey,
    pub given: Vec<Given>,
}

/// How many returns are made from those of a survey.
const MADE: usize = 16;

/// Every file: the surveys of the language, and those that stand in the reference of the rules.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = literate::files(&root.join("tests/surveys"));
    all.push(root.join("docs/rules.md"));
    all
}

/// The cases of all files.
pub fn all() -> Vec<Case> {
    files().iter().flat_map(|path| of_file(path)).collect()
}

/// The fourteen tables with the return and the draft of `examples/`.
pub fn planning() -> Case {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = formwright::cli::files::sources(&root.join("schemas/planning-2015")).unwrap();
    let returns = ["return.json", "draft.json"].map(|name| {
        let text = std::fs::read_to_string(root.join("examples/planning-2015").join(name)).unwrap();
        literate::Return { line: 1, text, context: None, previous: None }
    });
    case("planning-2015", formwright::compile(sources).survey.unwrap(), &returns).unwrap()
}

fn of_file(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let surveys = literate::surveys(&text).into_iter();
    surveys.filter_map(|(survey, returns)| case(&name, survey, &returns)).collect()
}

/// A survey without a return has nothing that could be judged.
fn case(file: &str, survey: formwright::ir::Survey, returns: &[literate::Return]) -> Option<Case> {
    let line = returns.first()?.line;
    let layout = Layout::new(&survey);
    let mut given: Vec<Given> = returns.iter().map(|one| read(file, &survey, &layout, one)).collect();
    let survey = Survey::new(format!("{file}:{line}"), survey);
    if survey.asked.is_empty() {
        return None;
    }
    let mut chance = Chance::new(seed() ^ line as u64);
    let stated = given.len();
    for n in 0..MADE {
        let one = spoilt::spoilt(&survey, &given[n % stated], &mut chance);
        given.push(Given { name: format!("{}, made {n}", one.name), ..one });
    }
    Some(Case { survey, given })
}

/// The seed of the returns that are made: `FORMWRIGHT_SEED`, or the same every time.
pub fn seed() -> u64 {
    std::env::var("FORMWRIGHT_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_150_630)
}

fn read(file: &str, survey: &formwright::ir::Survey, layout: &Layout, one: &literate::Return) -> Given {
    let loose = |text: &String| read_loose(survey, layout, text.as_bytes()).unwrap().records;
    Given {
        name: format!("{file}:{}", one.line),
        now: loose(&one.text),
        context: one.context.as_ref().map(|c| read_context(survey, layout, c.as_bytes()).unwrap().0),
        previous: one.previous.as_ref().map(loose),
    }
}
