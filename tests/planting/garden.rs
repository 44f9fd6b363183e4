//! Planting: a survey in memory, mistakes that change one file each, and what the compiler says of them.

use formwright::diag::Diagnostic;
use formwright::source::Position;
use formwright::{Compiled, SourceFileInput, compile};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// The files of a survey, by name without `.yaml`.
#[derive(Clone)]
pub struct Survey {
    pub files: BTreeMap<String, String>,
}

impl Survey {
    /// The survey of fourteen tables.
    pub fn seed() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
        let sources = formwright::cli::files::sources(&folder).unwrap();
        let one = |f: SourceFileInput| {
            (f.name.trim_end_matches(".yaml").to_owned(), String::from_utf8(f.bytes).unwrap())
        };
        Survey { files: sources.into_iter().map(one).collect() }
    }

    fn compiled(&self, changed: &BTreeMap<&str, &str>) -> Compiled {
        let one = |(name, text): (&String, &String)| {
            let name_of_file = format!("{name}.yaml");
            let text = changed.get(name.as_str()).copied().unwrap_or(text);
            SourceFileInput { shown: (&name_of_file).into(), name: name_of_file, bytes: text.into() }
        };
        compile(self.files.iter().map(one).collect())
    }

    /// Everything that is said of the survey as it stands.
    pub fn said(&self) -> Vec<String> {
        let compiled = self.compiled(&BTreeMap::new());
        compiled.diagnostics.iter().map(|d| Said::of(&compiled, d).shown()).collect()
    }
}

/// One mistake: the text of a file with it, and what is to be said of it.
#[derive(Clone)]
pub struct Plant {
    /// The class of mistakes it belongs to.
    pub class: String,
    /// The file, without `.yaml`.
    pub file: String,
    /// What was written, for people.
    pub written: String,
    /// The whole text of the file.
    pub text: String,
    /// The bytes that are to be marked.
    pub place: Range<usize>,
    /// The code that is to be given.
    pub code: &'static str,
    /// The name that is to be suggested first.
    pub near: Option<String>,
}

impl Plant {
    /// Line and column of the place, counted anew.
    fn position(&self) -> Position {
        let before = &self.text[..self.place.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Position { line, column }
    }
}

/// A diagnostic as far as it is compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Said {
    file: String,
    code: &'static str,
    place: Range<usize>,
    position: Position,
    text: String,
    near: Vec<String>,
    message: String,
}

impl Said {
    fn of(compiled: &Compiled, d: &Diagnostic) -> Self {
        let path = compiled.sources.get(d.span.file).map(|f| f.path.display().to_string());
        Said {
            file: path.unwrap_or_default().trim_end_matches(".yaml").to_owned(),
            code: d.code.code,
            place: d.span.start as usize..d.span.end as usize,
            position: compiled.sources.position(d.span),
            text: compiled.sources.text(d.span).to_owned(),
            near: d.suggestions.clone(),
            message: formwright::diag::render::message(d, formwright::diag::Lang::En),
        }
    }

    fn shown(&self) -> String {
        let Position { line, column } = self.position;
        let Said { file, code, text, near, message, .. } = self;
        format!("{file}:{line}:{column} {code} [{text}] {message} {near:?}")
    }
}

/// What came of a mistake.
pub struct Outcome {
    pub plant: Plant,
    /// Its code is given in its file.
    pub found: bool,
    /// At its characters.
    pub in_place: bool,
    /// The name that was meant comes first.
    pub suggested: bool,
    /// What else is said.
    pub others: Vec<Said>,
}

impl Outcome {
    /// What is wrong, if anything; `named`: the suggestion counts.
    pub fn complaint(&self, named: bool) -> Option<String> {
        let good = self.found && self.in_place && self.others.is_empty() && (self.suggested || !named);
        if good {
            return None;
        }
        let Position { line, column } = self.plant.position();
        let Plant { class, file, written, code, near, .. } = &self.plant;
        let place = &self.plant.text[self.plant.place.clone()];
        let mut text =
            format!("{class}: {file}:{line}:{column} {written}\n    wanted {code} [{place}] {near:?}");
        for (is, what) in [(self.found, "found"), (self.in_place, "in place"), (self.suggested, "suggested")]
        {
            if !is {
                text.push_str(&format!("; not {what}"));
            }
        }
        for other in &self.others {
            text.push_str(&format!("\n    said {}", other.shown()));
        }
        Some(text)
    }
}

/// Plants all of them, as many at once as there are files, and each by itself where something is wrong.
pub fn plant_all(survey: &Survey, plants: Vec<Plant>) -> Vec<Outcome> {
    let beds = beds(plants);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(bed) = beds.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.extend(plant_bed(survey, bed));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|t| t.join().unwrap()).collect()
    })
}

/// Mistakes that are planted together: at most one in a file, those of survey.yaml by themselves.
fn beds(plants: Vec<Plant>) -> Vec<Vec<Plant>> {
    let mut beds: Vec<Vec<Plant>> = Vec::new();
    let mut filled: BTreeMap<String, usize> = BTreeMap::new();
    let mut alone = Vec::new();
    for plant in plants {
        if plant.file == "survey" {
            // What survey.yaml does not name is not read.
            alone.push(vec![plant]);
            continue;
        }
        let depth = filled.entry(plant.file.clone()).or_default();
        if beds.len() == *depth {
            beds.push(Vec::new());
        }
        beds[*depth].push(plant);
        *depth += 1;
    }
    beds.extend(alone);
    beds
}

/// Plants mistakes at once. What is said is that of the mistake in whose place or, else, in whose file it is said; where
/// anything is wrong, the mistake at fault is told by planting each by itself too.
fn plant_bed(survey: &Survey, bed: &[Plant]) -> Vec<Outcome> {
    let changed = bed.iter().map(|p| (p.file.as_str(), p.text.as_str())).collect();
    let compiled = survey.compiled(&changed);
    let mut said: Vec<Said> = compiled.diagnostics.iter().map(|d| Said::of(&compiled, d)).collect();
    let mut outcomes: Vec<Outcome> = bed.iter().map(|plant| judged(plant, &mut said)).collect();
    if !said.is_empty() && bed.len() > 1 && outcomes.iter().all(|o| o.complaint(false).is_none()) {
        // What is said of a file without a mistake: whose is it?
        for (outcome, plant) in outcomes.iter_mut().zip(bed) {
            let alone = plant_bed(survey, std::slice::from_ref(plant));
            let others: Vec<Said> = alone.into_iter().flat_map(|o| o.others).collect();
            said.retain(|s| !others.contains(s));
            outcome.others.extend(others);
        }
    }
    outcomes[0].others.extend(said);
    outcomes
}

/// Takes what is said of a mistake out of all that is said.
fn judged(plant: &Plant, said: &mut Vec<Said>) -> Outcome {
    let of_file: Vec<Said> = said.extract_if(.., |s| s.file == plant.file).collect();
    let hit = |s: &&Said| s.code == plant.code && s.place == plant.place && s.position == plant.position();
    let exact = of_file.iter().find(hit);
    let suggested = match &plant.near {
        Some(near) => exact.is_some_and(|s| s.near.first() == Some(near)),
        None => true,
    };
    Outcome {
        plant: plant.clone(),
        found: of_file.iter().any(|s| s.code == plant.code),
        in_place: exact.is_some(),
        suggested,
        others: of_file.iter().filter(|s| Some(*s) != exact).cloned().collect(),
    }
}
