//! Diagnostics as text, JSON, SARIF and GitHub lines: sentences, lines and columns are made here and nowhere else.

use super::{Code, Diagnostic, Lang, Related, Severity, codes, fill};
use crate::source::{SourceFile, SourceMap, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::ops::Range;

/// A sentence of the catalogue with its arguments put in.
pub fn message(d: &Diagnostic, lang: Lang) -> String {
    let template = match lang {
        Lang::En => d.code.en,
        Lang::Zh => d.code.zh,
    };
    fill::fill(template, |name| d.args.iter().find(|a| a.0 == name).map(|a| a.1.as_str()))
}

fn hint(d: &Diagnostic, lang: Lang) -> Option<String> {
    let names: Vec<String> = d.suggestions.iter().map(|s| format!("`{s}`")).collect();
    match (names.is_empty(), lang) {
        (true, _) => None,
        (false, Lang::En) => Some(format!("did you mean {}?", names.join(", "))),
        (false, Lang::Zh) => Some(format!("是否指 {}？", names.join("、"))),
    }
}

fn related_note(key: &str, lang: Lang) -> &'static str {
    let row = codes::RELATED.iter().find(|r| r.0 == key);
    row.map_or("", |r| if lang == Lang::En { r.1 } else { r.2 })
}

/// Text for people, with carets.
pub fn text(sources: &SourceMap, list: &[Diagnostic], lang: Lang, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    list.iter().map(|d| rendered(&renderer, sources, d, lang) + "\n\n").collect()
}

fn rendered(renderer: &Renderer, sources: &SourceMap, d: &Diagnostic, lang: Lang) -> String {
    let (title, hint) = (message(d, lang), hint(d, lang));
    let level = match d.code.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO,
    };
    let path = |span: Span| {
        sources.get(span.file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let (beside, elsewhere): (Vec<&Related>, Vec<&Related>) =
        d.related.iter().partition(|r| r.span.file == d.span.file);
    let own_path = path(d.span);
    let paths: Vec<String> = elsewhere.iter().map(|r| path(r.span)).collect();
    let mut group = Group::with_title(level.primary_title(title.as_str()).id(d.code.code));
    if let Some(file) = sources.get(d.span.file) {
        let excerpt = Excerpt::new(file, beside.iter().map(|r| r.span).chain([d.span]));
        let primary = AnnotationKind::Primary.span(excerpt.range(d.span)).label(hint.as_deref());
        let mut snippet = excerpt.snippet(&own_path).annotation(primary);
        for r in &beside {
            let note = related_note(r.note, lang);
            snippet = snippet.annotation(AnnotationKind::Context.span(excerpt.range(r.span)).label(note));
        }
        group = group.element(snippet);
    }
    let mut groups = vec![group];
    for (r, path) in elsewhere.iter().zip(&paths) {
        if let Some(file) = sources.get(r.span.file) {
            let excerpt = Excerpt::new(file, [r.span]);
            let place = AnnotationKind::Context.span(excerpt.range(r.span));
            let note = Level::NOTE.primary_title(related_note(r.note, lang));
            groups.push(note.element(excerpt.snippet(path).annotation(place)));
        }
    }
    renderer.render(&groups).to_string()
}

/// The lines of a file that hold some spans: the renderer goes through all it is given, once for each problem.
struct Excerpt<'a> {
    text: &'a str,
    /// The number of its first line.
    line: usize,
    /// Its first byte in the file.
    start: usize,
}

impl<'a> Excerpt<'a> {
    fn new(file: &'a SourceFile, spans: impl IntoIterator<Item = Span>) -> Self {
        let ends = |(from, to): (u32, u32), span: Span| (from.min(span.start), to.max(span.end));
        let (from, to) = spans.into_iter().fold((u32::MAX, 0), ends);
        let (line, lines) = file.lines(from as usize..to as usize);
        Excerpt { text: file.text.get(lines.clone()).unwrap_or_default(), line, start: lines.start }
    }

    fn snippet<T: Clone>(&self, path: &'a str) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.line).path(path).fold(true)
    }

    /// The bytes of a span in it.
    fn range(&self, span: Span) -> Range<usize> {
        let end = (span.end as usize).saturating_sub(self.start).min(self.text.len());
        (span.start as usize).saturating_sub(self.start).min(end)..end
    }
}

fn severity(s: Severity) -> &'static str {
    match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

/// JSON: one document with every problem, its sentences in both languages.
pub fn json(sources: &SourceMap, list: &[Diagnostic]) -> String {
    let all: Vec<Value> = list.iter().map(|d| one(sources, d)).collect();
    format!("{}\n", serde_json::to_string_pretty(&json!({ "diagnostics": all })).unwrap_or_default())
}

fn place(sources: &SourceMap, span: Span) -> Value {
    let (start, end) = (sources.position(span), sources.end_position(span));
    let path =
        sources.get(span.file).map(|f| f.path.to_string_lossy().replace('\\', "/")).unwrap_or_default();
    json!({"file": path, "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column})
}

fn one(sources: &SourceMap, d: &Diagnostic) -> Value {
    let args: serde_json::Map<String, Value> =
        d.args.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect();
    let related: Vec<Value> = d
        .related
        .iter()
        .map(|r| json!({"note": related_note(r.note, Lang::En), "place": place(sources, r.span)}))
        .collect();
    json!({
        "code": d.code.code, "name": d.code.name, "severity": severity(d.code.severity),
        "message": {"en": message(d, Lang::En), "zh": message(d, Lang::Zh)},
        "place": place(sources, d.span), "arguments": args, "suggestions": d.suggestions, "related": related,
        "fix": d.fix.as_ref().map(|f| json!({"place": place(sources, f.span), "replacement": f.replacement})),
    })
}

/// SARIF 2.1.0.
pub fn sarif(sources: &SourceMap, list: &[Diagnostic], lang: Lang) -> String {
    let mut rules: Vec<&Code> = list.iter().map(|d| d.code).collect();
    rules.sort_by_key(|c| c.code);
    rules.dedup_by_key(|c| c.code);
    let described: Vec<Value> = rules
        .iter()
        .map(|c| json!({"id": c.code, "name": c.name, "shortDescription": {"text": said(c, lang).0}, "fullDescription": {"text": said(c, lang).1}}))
        .collect();
    let index = |d: &Diagnostic| rules.iter().position(|c| c.code == d.code.code);
    let results: Vec<Value> = list.iter().map(|d| result(sources, d, lang, index(d))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "formwright", "version": env!("CARGO_PKG_VERSION"), "rules": described}},
            "columnKind": "unicodeCodePoints", "results": results,
        }],
    });
    format!("{}\n", serde_json::to_string_pretty(&log).unwrap_or_default())
}

/// The sentence and the explanation of a code.
fn said(code: &Code, lang: Lang) -> (String, &'static str) {
    (sentence(code, lang), if lang == Lang::En { code.why } else { code.why_zh })
}

/// The artefact and the region of a span.
fn physical(sources: &SourceMap, span: Span) -> (Value, Value) {
    let (start, end) = (sources.position(span), sources.end_position(span));
    let uri = sources.get(span.file).map(|f| uri(&f.path.to_string_lossy())).unwrap_or_default();
    let region = json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column});
    (json!({"uri": uri}), region)
}

/// A path as a URI reference: what is not plain is written as percent and bytes.
pub fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    path.replace('\\', "/").bytes().map(one).collect()
}

fn location(sources: &SourceMap, span: Span) -> Value {
    let (artefact, region) = physical(sources, span);
    json!({"physicalLocation": {"artifactLocation": artefact, "region": region}})
}

fn result(sources: &SourceMap, d: &Diagnostic, lang: Lang, index: Option<usize>) -> Value {
    let level = if d.code.severity == Severity::Hint { "note" } else { severity(d.code.severity) };
    let related = d.related.iter().map(|r| {
        let mut place = location(sources, r.span);
        if let Some(o) = place.as_object_mut() {
            o.insert("message".into(), json!({"text": related_note(r.note, lang)}));
        }
        place
    });
    let related: Vec<Value> = related.collect();
    let text = [Some(message(d, lang)), hint(d, lang)].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let mut result = json!({
        "ruleId": d.code.code, "ruleIndex": index, "level": level, "message": {"text": text},
        "locations": [location(sources, d.span)], "relatedLocations": related,
    });
    if let (Some(fix), Some(o)) = (&d.fix, result.as_object_mut()) {
        let place = physical(sources, fix.span);
        let region = json!({"deletedRegion": place.1, "insertedContent": {"text": fix.replacement}});
        let change = json!({"artifactLocation": place.0, "replacements": [region]});
        o.insert("fixes".into(), json!([{"artifactChanges": [change]}]));
    }
    result
}

/// Workflow commands for GitHub.
pub fn github(sources: &SourceMap, list: &[Diagnostic], lang: Lang) -> String {
    let escape = |s: &str| s.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let line = |d: &Diagnostic| {
        let (start, end) = (sources.position(d.span), sources.end_position(d.span));
        let path =
            sources.get(d.span.file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default();
        let level = if d.code.severity == Severity::Hint { "notice" } else { severity(d.code.severity) };
        let text =
            [Some(message(d, lang)), hint(d, lang)].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let (file, code) = (escape(&path).replace(',', "%2C").replace(':', "%3A"), d.code.code);
        format!(
            "::{level} file={file},line={},col={},endLine={},endColumn={},title={code}::{}\n",
            start.line,
            start.column,
            end.line,
            end.column,
            escape(&text)
        )
    };
    list.iter().map(line).collect()
}

/// The sentence of a code with `…` for what is told of each problem.
pub fn sentence(code: &Code, lang: Lang) -> String {
    let mut out = String::new();
    let mut rest = if lang == Lang::En { code.en } else { code.zh };
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        rest = tail;
        let inside = tail.split_once('}').map(|(inside, behind)| (fill::split(inside), behind));
        match inside.filter(|((name, _), _)| is_argument(name)) {
            Some(((_, Some(words)), behind)) => {
                out.push_str(fill::many(words));
                rest = behind;
            }
            Some((_, behind)) => {
                if !out.ends_with('…') {
                    out.push('…');
                }
                rest = behind;
            }
            None => out.push('{'),
        }
    }
    out + rest
}

/// Whether what stands in braces names an argument of a sentence.
pub fn is_argument(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// What a code means, with a wrong and a right example.
pub fn explain(code: &Code, lang: Lang) -> String {
    let (why, words) = match lang {
        Lang::En => (code.why, ("Wrong:", "Right:")),
        Lang::Zh => (code.why_zh, ("错误写法：", "正确写法：")),
    };
    let sentence = sentence(code, lang);
    let indent =
        |s: &str| s.lines().map(|l| format!("    {l}").trim_end().to_owned() + "\n").collect::<String>();
    format!(
        "{} {} ({})\n\n  {sentence}\n\n{why}\n\n{}\n\n{}\n{}\n\n{}",
        code.code,
        code.name,
        severity(code.severity),
        words.0,
        indent(code.wrong),
        words.1,
        indent(code.right)
    )
}

/// The index of all codes as Markdown.
pub fn index() -> String {
    let mut out = format!(
        "# Diagnostics\n\nEvery problem that `formwright check` reports, by code. `formwright explain CODE` prints one of them, \
         `--lang zh` in Chinese. This file is generated from `src/diag/codes/`.\n\nA name may stand in `accept` where the \
         description says so. Examples that begin with `check:` are facts of a rule in this table:\n\n```yaml\n{}```\n",
        codes::SAMPLE
    );
    for c in codes::all() {
        let escape = |s: &str| s.replace('<', "\\<");
        out.push_str(&format!(
            "\n## {} {}\n\n{}: {}  \n{}\n\n{}\n\n{}\n\n```yaml\n# wrong\n{}\n```\n\n```yaml\n# right\n{}\n```\n",
            c.code, c.name, severity(c.severity), escape(&sentence(c, Lang::En)), escape(&sentence(c, Lang::Zh)), c.why, c.why_zh, c.wrong, c.right
        ));
    }
    out
}
