//! `formwright validate`

use super::{Context, FINE, FOUND, Failure, Outcome, files, out};
use crate::data::{self, layout::Layout, records::Records};
use crate::diag::Lang;
use crate::ir::Survey;
use crate::validate::{Beside, Options, Report, validate};
use formwright_engine::write::Style;
use formwright_engine::{Finding, Severity, State};
use std::path::{Path, PathBuf};

/// Most bytes of one return.
const MAX_RETURN: u64 = 64 << 20;

/// Check returns against every rule
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright validate examples/planning-2015/return.json\n  formwright validate --draft draft.json\n  formwright validate returns.jsonl --format jsonl"
)]
pub struct Args {
    /// Returns: .json, or .jsonl with one a line; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The survey (default: the one the return names, under schemas/)
    #[arg(long)]
    survey: Option<PathBuf>,
    /// As drafts: missing answers are no finding
    #[arg(long)]
    draft: bool,
    /// The context, a JSON file
    #[arg(long)]
    context: Option<PathBuf>,
    /// The previous return, a JSON file; NAME=FILE where there are several
    #[arg(long)]
    previous: Vec<String>,
    /// How findings are written
    #[arg(long, default_value = "text", value_parser = ["text", "json", "jsonl"])]
    format: String,
    /// `warnings`: exit 1 on a warning too
    #[arg(long, value_parser = ["warnings"])]
    deny: Vec<String>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let mut cache: Vec<(PathBuf, Loaded)> = Vec::new();
    let mut code = FINE;
    let mut all = Vec::new();
    for file in &args.files {
        let lines = file.extension().is_some_and(|e| e == "jsonl" || e == "ndjson");
        let bytes = files::read_input(file, if lines { u64::MAX - 1 } else { MAX_RETURN })?;
        let documents: Vec<(usize, &[u8])> = if lines {
            let split = bytes.split(|b| *b == b'\n').enumerate();
            split.filter(|(_, l)| !l.trim_ascii().is_empty()).map(|(i, l)| (i + 1, l)).collect()
        } else {
            vec![(0, bytes.as_slice())]
        };
        for (line, document) in documents {
            let name =
                if line == 0 { file.display().to_string() } else { format!("{}:{line}", file.display()) };
            if document.len() as u64 > MAX_RETURN {
                return Err(Failure::unusable(format!(
                    "{name}: {} bytes, at most {MAX_RETURN} are read",
                    document.len()
                )));
            }
            let folder = survey_of(args, document, &name)?;
            if !cache.iter().any(|c| c.0 == folder) {
                cache.push((folder.clone(), Loaded::open(context, args, &folder)?));
            }
            let Some((_, loaded)) = cache.iter().find(|c| c.0 == folder) else { continue };
            let report = loaded.check(args, document, &name)?;
            let warned =
                report.findings.iter().any(|f| f.severity == Severity::Warning && f.state == State::Fail);
            if report.blocks || (warned && !args.deny.is_empty()) {
                code = FOUND;
            }
            match args.format.as_str() {
                "jsonl" => {
                    report.findings.iter().for_each(|f| out(&format!("{}\n", f.to_json(Style::Compact))))
                }
                "json" => all.push(as_json(&report, &name)),
                _ => out(&as_text(&report, &name, &loaded.survey, context.lang)),
            }
        }
    }
    if args.format == "json" {
        out(&format!("{{\"reports\": [\n{}\n]}}\n", all.join(",\n")));
    }
    Ok(code)
}

/// A survey and what is given beside returns.
struct Loaded {
    survey: Survey,
    layout: Layout,
    context: Option<Records>,
    previous: Vec<Option<Records>>,
}

impl Loaded {
    fn open(context: &Context, args: &Args, folder: &Path) -> Result<Loaded, Failure> {
        let compiled = files::compiled(context, folder)?;
        let Some(survey) = compiled.survey else {
            return Err(Failure::unusable("the survey could not be compiled"));
        };
        let layout = Layout::new(&survey);
        let given = match &args.context {
            None => None,
            Some(path) => {
                let bytes = files::read_input(path, MAX_RETURN)?;
                let read = data::json::read_context(&survey, &layout, &bytes);
                Some(read.map_err(|e| unreadable(&path.display().to_string(), &bytes, &e))?.0)
            }
        };
        let mut previous: Vec<Option<Records>> = survey.previous.iter().map(|_| None).collect();
        for given in &args.previous {
            let (name, path) = given.split_once('=').unwrap_or(("", given));
            let Some(ix) = survey.previous.iter().position(|p| p.0 == name) else {
                return Err(Failure::unusable(format!("the survey declares no previous return {name}")));
            };
            let bytes = files::read_input(Path::new(path), MAX_RETURN)?;
            let migrated =
                data::migrate::migrate(&survey, &bytes).map_err(|e| unreadable(path, &bytes, &e))?;
            let read = data::json::read_loose(&survey, &layout, migrated.as_bytes());
            let records = read.map_err(|e| unreadable(path, &bytes, &e))?.records;
            if let Some(slot) = previous.get_mut(ix) {
                *slot = Some(records);
            }
        }
        Ok(Loaded { survey, layout, context: given, previous })
    }

    fn check(&self, args: &Args, document: &[u8], name: &str) -> Result<Report, Failure> {
        let read = data::json::read_return(&self.survey, &self.layout, document);
        let submission = read.map_err(|e| unreadable(name, document, &e))?;
        let previous: Vec<Option<&Records>> = self.previous.iter().map(Option::as_ref).collect();
        let beside = Beside { context: self.context.as_ref(), previous: &previous };
        let options = Options { is_final: args.draft.then_some(false), ..Options::default() };
        Ok(validate(&self.survey, &self.layout, &submission, &beside, &options))
    }
}

/// Line and column of a byte.
fn unreadable(name: &str, bytes: &[u8], error: &data::json::ReadError) -> Failure {
    let before = bytes.get(..error.offset).unwrap_or_default();
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
    let place = if error.pointer.is_empty() { String::new() } else { format!(" ({})", error.pointer) };
    Failure::unusable(format!("{name}:{line}:{column}: {}{place}", error.message("en")))
}

/// The folder of the survey that a return names.
fn survey_of(args: &Args, document: &[u8], name: &str) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.survey {
        return files::surveys(Some(path))?
            .into_iter()
            .next()
            .ok_or_else(|| Failure::unusable("there is no such survey"));
    }
    let all = files::surveys(None)?;
    let limits = formwright_engine::json::Limits::default();
    let named = formwright_engine::json::parse(document, &limits).ok();
    let id = named
        .as_ref()
        .and_then(|d| d.root.get("survey"))
        .and_then(|s| s.as_text())
        .unwrap_or_default()
        .to_owned();
    if let Some(found) = all.iter().find(|f| f.file_name().is_some_and(|n| n.to_string_lossy() == id)) {
        return Ok(found.clone());
    }
    let [only] = all.as_slice() else {
        let known: Vec<String> =
            all.iter().filter_map(|f| f.file_name()).map(|n| n.to_string_lossy().into_owned()).collect();
        return Err(Failure::unusable(format!(
            "{name}: it names no survey of these: {}; say --survey",
            known.join(", ")
        )));
    };
    Ok(only.clone())
}

fn as_json(report: &Report, name: &str) -> String {
    let mut w = formwright_engine::write::JsonWriter::new(Style::Pretty);
    w.begin_object();
    w.key("file").string(name).key("survey").string(&report.survey).key("version").string(&report.version);
    w.key("fingerprint").string(&report.fingerprint).key("state").string(if report.is_final {
        "final"
    } else {
        "draft"
    });
    w.key("respondent").string_or_null(report.respondent.as_deref());
    w.key("blocks").bool(report.blocks).key("total").number(&report.total.to_string());
    w.key("counts").begin_array();
    for (state, severity, n) in report.counts.all() {
        w.begin_object().key("state").string(state.as_str()).key("severity").string(severity.as_str());
        w.key("count").number(&n.to_string()).end_object();
    }
    w.end_array().key("findings").begin_array();
    for f in &report.findings {
        f.write(&mut w);
    }
    w.end_array().end_object();
    w.finish()
}

fn as_text(report: &Report, name: &str, survey: &Survey, lang: Lang) -> String {
    let code = if lang == Lang::Zh { "zh" } else { "en" };
    let state = match (report.is_final, lang) {
        (true, Lang::En) => "final",
        (false, Lang::En) => "draft",
        (true, Lang::Zh) => "定稿",
        (false, Lang::Zh) => "草稿",
    };
    let mut text =
        format!("{name}: {} {} ({state}, source {})\n", report.survey, report.version, report.fingerprint);
    for f in &report.findings {
        text.push_str(&line(f, survey, code, lang));
    }
    let of = |s: Severity| report.counts.of(State::Fail, s);
    let (e, w, i) = (of(Severity::Error), of(Severity::Warning), of(Severity::Information));
    let settled = report.counts.state(State::Explained) + report.counts.state(State::Confirmed);
    let unknown = report.counts.state(State::Unknown);
    let verdict = match (report.blocks, lang) {
        (true, Lang::En) => "not accepted",
        (false, Lang::En) => "accepted",
        (true, Lang::Zh) => "不予接收",
        (false, Lang::Zh) => "可以接收",
    };
    text.push_str(&match lang {
        Lang::En => format!(
            "{verdict}: {e} errors, {w} warnings, {i} notices, {settled} settled, {unknown} undecided\n"
        ),
        Lang::Zh => {
            format!("{verdict}：错误 {e}，警告 {w}，提示 {i}，已说明或确认 {settled}，待定 {unknown}\n")
        }
    });
    text
}

fn line(f: &Finding, survey: &Survey, code: &str, lang: Lang) -> String {
    let pick = |texts: &[(String, String)]| {
        texts.iter().find(|t| t.0 == code).or(texts.first()).map(|t| t.1.clone()).unwrap_or_default()
    };
    let table = survey.tables.iter().find(|t| t.id == f.place.table.clone().unwrap_or_default());
    let number = table.map(|t| t.number.plain(survey.lang(code))).unwrap_or_default();
    let label = pick(&f.place.label);
    let row = match (f.place.index, lang) {
        (Some(i), Lang::En) => format!(" row {}", i + 1),
        (Some(i), Lang::Zh) => format!("第{}行", i + 1),
        (None, _) => String::new(),
    };
    let kind = if f.state == State::Fail { f.severity.as_str() } else { f.state.as_str() };
    let gap = if label.is_empty() { "" } else { " " };
    format!("  {kind}: {number}{row}{gap}{label}: {} [{}]\n", pick(&f.message), f.rule)
}
