//! Markdown whose examples are run: tables and lists in YAML, returns in JSON, and what comes of them as text.
//! The convention is described in `tests/surveys/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)]

mod print;

use formwright::data::{Earlier, Layout, migrate, read_context, read_loose};
use formwright::diag::{Diagnostic, Lang, Severity, render};
use formwright::ir::Survey;
use formwright::validate::{Beside, Options, run_tests, validate};
use formwright::{Compiled, SourceFileInput, compile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A fenced block: its info string and text, and the lines it covers.
#[derive(Clone, Debug)]
struct Block {
    info: String,
    text: String,
    line: usize,
}

impl Block {
    fn word(&self, n: usize) -> &str {
        self.info.split_whitespace().nth(n).unwrap_or("")
    }

    fn has(&self, word: &str) -> bool {
        self.info.split_whitespace().any(|w| w == word)
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.info.split_whitespace().find_map(|w| w.strip_prefix(key)?.strip_prefix('='))
    }
}

/// The text of a document in parts: prose lines, and blocks.
enum Part {
    Prose(String),
    Block(Block),
}

fn parts(text: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.trim().to_owned(), text: String::new(), line: i + 1 })
            }
            (Some(_), Some("")) => out.extend(open.take().map(Part::Block)),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => out.push(Part::Prose(line.to_owned())),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    out
}

/// A file of an example, and how many lines stand in it before the block begins.
#[derive(Clone)]
struct File {
    name: String,
    text: String,
    before: usize,
    /// Lines of the block that are not in the file.
    left_out: usize,
    block: usize,
}

/// An example: its files, and what came of compiling them.
struct Example {
    files: Vec<File>,
    compiled: Compiled,
    said: bool,
    context: Option<String>,
    previous: Option<String>,
    returns: Vec<Return>,
}

/// A return of an example as it stands there, whole, with what is given beside it.
#[derive(Clone)]
pub struct Return {
    /// The line of its block.
    pub line: usize,
    pub text: String,
    pub context: Option<String>,
    pub previous: Option<String>,
}

/// The surveys of a document that compile, each with its returns.
pub fn surveys(text: &str) -> Vec<(Survey, Vec<Return>)> {
    let mut run = Run::default();
    let blocks = parts(text).into_iter().filter_map(|part| match part {
        Part::Block(block) => Some(block),
        Part::Prose(_) => None,
    });
    blocks.for_each(|block| run.block(&block));
    run.end();
    run.surveys
}

/// Runs the examples of a document; returns it with every `text` block as it comes out, and what is wrong otherwise.
pub fn run(text: &str) -> (String, Vec<String>) {
    let mut run = Run::default();
    for part in parts(text) {
        match part {
            Part::Prose(line) => run.out.push(line),
            Part::Block(block) => run.block(&block),
        }
    }
    run.end();
    (run.out.join("\n") + "\n", run.wrong)
}

#[derive(Default)]
struct Run {
    out: Vec<String>,
    wrong: Vec<String>,
    named: BTreeMap<String, Vec<File>>,
    files: Vec<File>,
    example: Option<Example>,
    /// Findings of the last return, until they are shown.
    findings: Option<(usize, String)>,
    returned: String,
    surveys: Vec<(Survey, Vec<Return>)>,
}

impl Run {
    fn block(&mut self, block: &Block) {
        let text = match block.word(0) {
            "yaml" => {
                self.yaml(block);
                block.text.clone()
            }
            "json" if block.has("written") => self.written(),
            "json" if block.has("old") => {
                self.old(block);
                block.text.clone()
            }
            "json" if block.has("migrated") => self.returned.clone(),
            "json" => {
                self.json(block);
                block.text.clone()
            }
            "text" if block.has("print") => self.print(block),
            "text" => self.text(block),
            _ => block.text.clone(),
        };
        self.out.push(format!("```{}", block.info));
        self.out.extend(text.lines().map(str::to_owned));
        self.out.push("```".to_owned());
    }

    fn yaml(&mut self, block: &Block) {
        if block.has("no-run") {
            return;
        }
        self.finished(block.has("with"));
        if !block.has("with") {
            self.files.clear();
        }
        if let Some(skeleton) = block.value("in") {
            let files = self.named.get(skeleton).cloned();
            self.files = files.unwrap_or_else(|| panic!("line {}: no example `{skeleton}`", block.line));
            let at = self.files.iter().rposition(|f| f.text.contains("table:")).unwrap();
            let table = &mut self.files[at];
            table.before = table.text.lines().count();
            table.text.push_str(&block.text);
            table.block = block.line;
        } else {
            let mut file = file(block);
            let same = self.files.iter().filter(|f| f.name.starts_with("lists")).count();
            if file.name == "lists.yaml" && same > 0 {
                file.name = format!("lists{}.yaml", same + 1);
            }
            self.files.push(file);
        }
        if let Some(name) = block.value("name") {
            self.named.insert(name.to_owned(), self.files.clone());
        }
    }

    /// Compiles the files gathered, once.
    fn example(&mut self) -> &mut Example {
        if self.example.is_none() {
            let inputs = inputs(&self.files);
            let compiled = compile(inputs);
            self.example = Some(Example {
                files: self.files.clone(),
                compiled,
                said: false,
                context: None,
                previous: None,
                returns: Vec::new(),
            });
        }
        self.example.as_mut().unwrap()
    }

    /// An example that ends without having said its problems must have none, and its own tests must pass.
    fn finished(&mut self, joined: bool) {
        self.unsaid();
        if !joined && !self.files.is_empty() {
            let example = self.example();
            let mut wrong = Vec::new();
            if !example.said {
                wrong = said(example);
            }
            if let Some(survey) = &example.compiled.survey {
                wrong.extend(tests(survey));
            }
            let line = example.files.last().map_or(0, |f| f.block);
            self.wrong.extend(wrong.into_iter().map(|w| format!("example at line {line}: {w}")));
        }
        if let Some(Example { compiled: Compiled { survey: Some(survey), .. }, returns, .. }) =
            self.example.take()
            && !joined
        {
            self.surveys.push((survey, returns));
        }
    }

    fn end(&mut self) {
        self.finished(false);
    }

    /// Findings that no block shows must be none.
    fn unsaid(&mut self) {
        if let Some((line, text)) = self.findings.take()
            && !text.is_empty()
        {
            self.wrong.push(format!("the return at line {line} has findings that are not shown:\n{text}"));
        }
    }

    fn json(&mut self, block: &Block) {
        self.unsaid();
        let example = self.example();
        if block.has("context") {
            example.context = Some(block.text.clone());
        } else if block.has("previous") {
            example.previous = Some(block.text.clone());
        } else if let Some(survey) = &example.compiled.survey {
            let whole = whole(survey, &block.text);
            let found = findings(survey, example, &whole, !block.has("draft"));
            let (context, previous) = (example.context.clone(), example.previous.clone());
            let previous = previous.map(|p| self::whole(survey, &p));
            example.returns.push(Return { line: block.line, text: whole.clone(), context, previous });
            self.returned = whole;
            self.findings = Some((block.line, found));
        } else {
            let wrong = said(example).join("\n");
            self.wrong.push(format!("line {}: no return can be checked: {wrong}", block.line));
        }
    }

    fn text(&mut self, block: &Block) -> String {
        if let Some((_, text)) = self.findings.take() {
            return nothing(text);
        }
        if self.files.is_empty() {
            return block.text.clone();
        }
        let example = self.example();
        example.said = true;
        nothing(said(example).into_iter().map(|l| l + "\n").collect())
    }

    fn print(&mut self, block: &Block) -> String {
        let example = self.example();
        match &example.compiled.survey {
            Some(survey) => print::tables(survey, block.value("table"), block.value("lang")),
            None => said(example).into_iter().map(|l| l + "\n").collect(),
        }
    }

    /// A return of an earlier revision, carried over.
    fn old(&mut self, block: &Block) {
        self.unsaid();
        let Some(survey) = &self.example().compiled.survey else { panic!("line {}: no survey", block.line) };
        let (layout, style) = (Layout::new(survey), formwright::engine::write::Style::Pretty);
        self.returned = migrate(survey, &layout, block.text.as_bytes(), style).unwrap().text;
    }

    /// The last return as the canonical writer gives it.
    fn written(&mut self) -> String {
        let returned = self.returned.clone();
        let Some(survey) = &self.example().compiled.survey else { return String::new() };
        let layout = Layout::new(survey);
        let read = read_loose(survey, &layout, returned.as_bytes()).unwrap();
        formwright::data::write_return(survey, &layout, &read)
    }
}

fn nothing(text: String) -> String {
    if text.is_empty() { "nothing\n".to_owned() } else { text }
}

/// A block as a file: its name from a `# file:` line, its `table:` or its keys; facts of a table get its head.
fn file(block: &Block) -> File {
    let key = |key: &str| block.text.lines().find_map(|l| l.strip_prefix(key)).map(str::trim);
    let has = |key: &str| block.text.lines().any(|l| l.starts_with(key));
    let mut file =
        File { name: String::new(), text: block.text.clone(), before: 0, left_out: 0, block: block.line };
    if let Some(name) = key("# file: ") {
        file.name = name.to_owned();
        if !name.ends_with(".yaml") {
            file.text = block.text.lines().skip(1).map(|l| format!("{l}\n")).collect();
            file.left_out = 1;
        }
    } else if has("survey:") {
        file.name = "survey.yaml".to_owned();
    } else if let Some(id) = key("table: ") {
        file.name = format!("{id}.yaml");
    } else if has("lists:") || has("units:") {
        file.name = "lists.yaml".to_owned();
    } else {
        let head = "table: t01\ntitle: Table 1\n";
        file.name = "t01.yaml".to_owned();
        file.before = head.lines().count();
        file.text = format!("{head}{}", block.text);
    }
    file
}

/// The files as they are compiled; a survey.yaml that lacks the keys every survey has gets them.
fn inputs(files: &[File]) -> Vec<SourceFileInput> {
    let mut out: Vec<SourceFileInput> = Vec::new();
    let list = |f: &&File| {
        f.name.ends_with(".yaml")
            && ["lists:", "units:"].iter().any(|k| f.text.lines().any(|l| l.starts_with(k)))
    };
    let imports: Vec<&str> = files.iter().filter(list).map(|f| f.name.as_str()).collect();
    let tables: Vec<&str> = files
        .iter()
        .filter(|f| f.text.lines().any(|l| l.starts_with("table:")))
        .filter_map(|f| f.name.strip_suffix(".yaml"))
        .collect();
    let of_survey =
        files.iter().find(|f| f.name == "survey.yaml").map(|f| f.text.clone()).unwrap_or_default();
    let mut survey = of_survey.clone();
    let keys = [
        ("survey", "example".to_owned()),
        ("version", "1.0.0".to_owned()),
        ("title", "Example".to_owned()),
        ("languages", "[en]".to_owned()),
        ("imports", format!("[{}]", imports.join(", "))),
        ("tables", format!("[{}]", tables.join(", "))),
    ];
    for (key, value) in keys {
        if !of_survey.lines().any(|l| l.starts_with(&format!("{key}:"))) {
            survey.push_str(&format!("{key}: {value}\n"));
        }
    }
    out.push(input("survey.yaml", &survey));
    out.extend(files.iter().filter(|f| f.name != "survey.yaml").map(|f| input(&f.name, &f.text)));
    out
}

fn input(name: &str, text: &str) -> SourceFileInput {
    SourceFileInput { name: name.to_owned(), shown: PathBuf::from(name), bytes: text.as_bytes().to_vec() }
}

/// The diagnostics, one a line, with the line in the block.
fn said(example: &Example) -> Vec<String> {
    example.compiled.diagnostics.iter().map(|d| diagnostic(example, d)).collect()
}

fn diagnostic(example: &Example, d: &Diagnostic) -> String {
    let sources = &example.compiled.sources;
    let name = sources.get(d.span.file).map(|f| f.path.display().to_string()).unwrap_or_default();
    let file = example.files.iter().find(|f| f.name == name);
    let at = sources.position(d.span);
    let line = (at.line + file.map_or(0, |f| f.left_out)).saturating_sub(file.map_or(0, |f| f.before));
    let of = if example.files.len() > 1 { format!("{name} ") } else { String::new() };
    let word = match d.code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    };
    let near = match d.suggestions.first() {
        Some(near) => format!(" (did you mean {near}?)"),
        None => String::new(),
    };
    let code = d.code.code;
    format!("{of}line {line}: {word}[{code}]: {}{near}", render::message(d, Lang::En))
}

/// A return from the part of one table, or from several tables by id.
fn whole(survey: &Survey, text: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    if json.get("tables").is_some() || json.get("respondent").is_some() || json.get("signature").is_some() {
        return text.to_owned();
    }
    let several = json
        .as_object()
        .is_some_and(|o| !o.is_empty() && o.keys().all(|k| survey.tables.iter().any(|t| t.id == *k)));
    match several {
        true => format!("{{\"tables\": {text}}}"),
        false => format!("{{\"tables\": {{\"{}\": {text}}}}}", survey.tables[0].id),
    }
}

/// The findings of a return, one a line: severity and state, rule, place, message.
fn findings(survey: &Survey, example: &Example, text: &str, is_final: bool) -> String {
    let layout = Layout::new(survey);
    let read = read_loose(survey, &layout, text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    let context = example.context.as_ref().map(|c| read_context(survey, &layout, c.as_bytes()).unwrap().0);
    let carried = |p: &String| {
        let style = formwright::engine::write::Style::Compact;
        migrate(survey, &layout, whole(survey, p).as_bytes(), style).unwrap().text
    };
    let previous = example
        .previous
        .as_ref()
        .map(|p| Earlier::new(survey, read_loose(survey, &layout, carried(p).as_bytes()).unwrap().records));
    let previous = [previous.as_ref()];
    let beside = Beside { context: context.as_ref(), previous: &previous };
    let options = Options { is_final: Some(is_final), ..Options::default() };
    let report = validate(survey, &layout, &read, &beside, &options);
    report.findings.iter().map(finding).collect()
}

fn finding(f: &formwright::engine::Finding) -> String {
    let state = match f.state.as_str() {
        "fail" => f.severity.as_str().to_owned(),
        other => format!("{other} {}", f.severity.as_str()),
    };
    let p = &f.place;
    let mut at: Vec<String> = Vec::new();
    at.extend(p.section.clone());
    at.extend(p.group.clone());
    let row = match (&p.block, p.index) {
        (Some(block), Some(index)) => Some(format!("{block} {}", index + 1)),
        (Some(block), None) if p.row.is_none() => Some(block.clone()),
        _ => p.row.clone(),
    };
    at.extend(row);
    if let (Some(_), Some(row), true) = (&p.block, &p.row, p.index.is_some()) {
        at.push(format!("({row})"));
    }
    at.extend(p.column.clone());
    at.extend(
        (!p.over.is_empty()).then(|| p.over.iter().map(|o| o.1.as_str()).collect::<Vec<_>>().join(" ")),
    );
    let place = if at.is_empty() { String::new() } else { format!(" at {}", at.join(" ")) };
    let message = f.message.iter().map(|m| m.1.as_str()).next().unwrap_or("");
    format!("{state}: {}{place}: {message}\n", f.rule)
}

/// The designer's tests that fail.
fn tests(survey: &Survey) -> Vec<String> {
    let outcomes = run_tests(survey);
    let failed = survey.tests.iter().zip(outcomes).filter(|(_, o)| !o.passed);
    failed
        .map(|(t, o)| {
            let found: Vec<String> = o.unexpected.iter().map(finding).collect();
            format!("test “{}”: not found {:?}; not expected {found:?}; {:?}", t.name, o.missing, o.error)
        })
        .collect()
}

/// Runs a file; with `UPDATE=1` its `text` blocks are written anew. Returns what is wrong.
pub fn check(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let (out, mut wrong) = run(&text);
    if out != text {
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &out).unwrap();
        } else {
            wrong.push(difference(&text, &out));
        }
    }
    wrong.into_iter().map(|w| format!("{}: {w}", path.display())).collect()
}

fn difference(wanted: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), found.lines().collect());
    let first = a.iter().zip(&b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
    let here = |l: &[&str]| l.iter().skip(first).take(6).map(|l| format!("    {l}\n")).collect::<String>();
    format!("line {}:\n  written:\n{}  comes out:\n{}", first + 1, here(&a), here(&b))
}

/// The Markdown files below a folder, in order of path.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") && !path.ends_with("README.md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
