//! Reports for programs: one JSON document, or JSON Lines.

use super::feed::Fault;
use super::format::{Checked, Format, Totals, no_header, nothing};
use super::surveys::Loaded;
use crate::validate::{Counts, Report, context_keys, period};
use formwright_engine::write::{JsonWriter, Style};

/// `{"header": …, "reports": […]}`.
pub const FORMAT: Format = Format {
    name: "json",
    streams: false,
    between: ",\n",
    report: |one| {
        let mut w = JsonWriter::new(Style::Pretty);
        w.begin_object();
        place(&mut w, &one.item.file, one.item.line);
        verdict(&mut w, one.report);
        w.name("findings").begin_array();
        one.report.findings.iter().for_each(|f| f.write(&mut w));
        w.end_array().end_object();
        w.finish().trim_end().to_owned()
    },
    fault: |f, _| {
        let mut w = JsonWriter::new(Style::Pretty);
        w.begin_object();
        fault(&mut w, f);
        w.end_object();
        w.finish().trim_end().to_owned()
    },
    header: no_header,
    open: |totals, _| {
        let mut w = JsonWriter::new(Style::Pretty);
        w.begin_object().name("formwright").string(env!("CARGO_PKG_VERSION"));
        w.name("surveys").begin_array();
        for loaded in &totals.surveys {
            w.begin_object();
            survey(&mut w, loaded);
            w.end_object();
        }
        w.end_array();
        sums(&mut w, totals);
        w.end_object();
        format!("{{\"header\": {},\n\"reports\": [\n", w.finish().trim_end())
    },
    close: |_, _| "\n]}\n".to_owned(),
};

/// Lines with a `type`: `header` once a survey, `finding`, `return` (its verdict), `error` (unreadable), `end`.
pub const LINES: Format = Format {
    name: "jsonl",
    streams: true,
    between: "",
    report: lines,
    fault: |f, _| {
        typed("error", |w| {
            fault(w, f);
        })
    },
    header: |loaded, _| typed("header", |w| survey(w, loaded)),
    open: nothing,
    close: |totals, _| typed("end", |w| sums(w, totals)),
};

fn typed(name: &str, write: impl FnOnce(&mut JsonWriter)) -> String {
    let mut w = JsonWriter::new(Style::Compact);
    w.begin_object().name("type").string(name);
    write(&mut w);
    w.end_object();
    let mut line = w.finish();
    line.push('\n');
    line
}

fn lines(one: &Checked<'_>) -> String {
    let (item, report) = (one.item, one.report);
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&typed("finding", |w| {
            place(w, &item.file, item.line);
            w.name("respondent").string_or_null(report.respondent.as_deref());
            w.name("finding");
            finding.write(w);
        }));
    }
    out.push_str(&typed("return", |w| {
        place(w, &item.file, item.line);
        verdict(w, report);
    }));
    out
}

fn number(w: &mut JsonWriter, name: &str, n: Option<u64>) {
    w.key(name);
    match n {
        Some(n) => w.number(&n.to_string()),
        None => w.null(),
    };
}

fn place(w: &mut JsonWriter, file: &str, line: Option<u64>) {
    w.name("file").string(file);
    number(w, "line", line);
}

fn survey(w: &mut JsonWriter, loaded: &Loaded) {
    let s = &loaded.survey;
    w.name("survey")
        .string(&s.id)
        .name("version")
        .string(&s.version)
        .name("fingerprint")
        .string(&s.fingerprint);
    w.name("period");
    match period(s) {
        Some((from, to)) => w
            .begin_object()
            .name("from")
            .string(&from.to_string())
            .name("to")
            .string(&to.to_string())
            .end_object(),
        None => w.null(),
    };
    w.name("context").begin_array();
    for key in context_keys(s, loaded.context.as_ref()) {
        w.string(&key);
    }
    w.end_array();
}

fn verdict(w: &mut JsonWriter, r: &Report) {
    w.name("survey").string(&r.survey).name("version").string(&r.version);
    w.name("state").string(if r.is_final { "final" } else { "draft" });
    w.name("respondent").string_or_null(r.respondent.as_deref());
    w.name("blocks").bool(r.blocks);
    number(w, "total", Some(r.total as u64));
    counts(w, &r.counts);
    w.name("unused_responses").begin_array();
    for answer in &r.unused_responses {
        w.number(&answer.to_string());
    }
    w.end_array();
}

fn sums(w: &mut JsonWriter, t: &Totals) {
    number(w, "returns", Some(t.returns()));
    number(w, "accepted", Some(t.accepted));
    number(w, "refused", Some(t.refused));
    number(w, "unreadable", Some(t.unreadable));
    counts(w, &t.counts);
}

fn counts(w: &mut JsonWriter, counts: &Counts) {
    w.name("counts").begin_array();
    for (state, severity, n) in counts.all() {
        w.begin_object().name("state").string(state.as_str()).name("severity").string(severity.as_str());
        number(w, "count", Some(n));
        w.end_object();
    }
    w.end_array();
}

fn fault(w: &mut JsonWriter, f: &Fault) {
    place(w, &f.file, f.line);
    w.name("error").begin_object();
    number(w, "column", f.column);
    w.name("pointer").string(&f.pointer);
    w.name("message")
        .begin_object()
        .name("en")
        .string(&f.words.en)
        .name("zh")
        .string(&f.words.zh)
        .end_object();
    w.end_object();
}
