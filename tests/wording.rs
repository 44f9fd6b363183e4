//! The words of every message that a case, an example of the catalogue or an explanation gives: nothing left unfilled,
//! no slips of spacing, Chinese signs in Chinese sentences.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod harness;

use formwright::diag::{Diagnostic, Lang, codes, render};
use harness::{Case, case_files, run};

/// Every diagnostic of every case and of every wrong example, with where it comes from.
fn all() -> Vec<(String, Diagnostic)> {
    let cases = case_files().into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), text)
    });
    let examples = codes::all().map(|c| (format!("explain {}", c.code), c.wrong.to_owned()));
    let found = cases.chain(examples.filter(|e| !e.1.starts_with("eval "))).flat_map(|(name, text)| {
        let found = run(&Case::read(&text)).diagnostics;
        found.into_iter().map(move |d| (format!("{name} {}", d.code.code), d))
    });
    found.collect()
}

fn report(failed: Vec<String>) {
    assert!(failed.is_empty(), "{} sentences:\n{}", failed.len(), failed.join("\n"));
}

/// The arguments that a template names.
fn named(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1).filter_map(|p| p.split_once('}'));
    parts.map(|p| p.0).filter(|n| render::is_argument(n)).collect()
}

#[test]
fn every_argument_of_a_sentence_is_given() {
    let lacks = |d: &Diagnostic, template| {
        named(template).into_iter().find(|n| !d.args.iter().any(|a| a.0 == *n)).map(str::to_owned)
    };
    let failed = all().into_iter().filter_map(|(from, d)| {
        let lacking = lacks(&d, d.code.en).or_else(|| lacks(&d, d.code.zh))?;
        Some(format!("{from}: no `{lacking}`"))
    });
    report(failed.collect());
}

#[test]
fn an_explanation_has_no_place_for_an_argument() {
    let failed =
        codes::all().flat_map(|c| [Lang::En, Lang::Zh].map(|lang| (c, lang))).filter_map(|(c, lang)| {
            let text = render::explain(c, lang);
            let said = text.split("\n\n    ").next().unwrap().to_owned();
            (!named(&said).is_empty()).then(|| format!("{}: {said}", c.code))
        });
    report(failed.collect());
}

/// What is wrong with the signs of a Chinese sentence: a half-width one beside a Chinese character.
fn half_width(text: &str) -> Option<String> {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let chars: Vec<char> = text.chars().collect();
    let three = chars.windows(3).find(|w| han(w[0]) && ",:;()?!".contains(w[1]) && han(w[2]));
    let two = chars.windows(2).find(|w| han(w[0]) && ",;(?!".contains(w[1]));
    three.map(|w| w.iter().collect()).or(two.map(|w| w.iter().collect()))
}

#[test]
fn messages_have_single_spaces_and_the_signs_of_their_language() {
    let mut failed = Vec::new();
    for (from, d) in all() {
        let (en, zh) = (render::message(&d, Lang::En), render::message(&d, Lang::Zh));
        // What the source says is quoted as it is.
        let own = |text: &str| d.args.iter().any(|a| a.1.contains(text) && !a.0.ends_with("_zh"));
        if [&en, &zh].iter().any(|text| text.contains("  ")) && !own("  ") {
            failed.push(format!("{from}: two spaces: {en} / {zh}"));
        }
        if let Some(slip) = half_width(&zh).filter(|slip| !own(slip)) {
            failed.push(format!("{from}: `{slip}`: {zh}"));
        }
    }
    report(failed);
}

#[test]
fn explanations_in_chinese_have_chinese_signs() {
    let failed = codes::all().filter_map(|c| {
        let slip = half_width(c.why_zh).or_else(|| half_width(c.zh))?;
        Some(format!("{} `{slip}`: {} {}", c.code, c.zh, c.why_zh))
    });
    report(failed.collect());
}

/// A whole return with every number made smaller or larger breaks most rules of the fourteen tables.
#[test]
fn findings_have_single_spaces_and_the_signs_of_their_language() {
    use formwright::data::{Layout, read_return};
    use formwright::validate::{Beside, Options, validate};
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = formwright::cli::files::sources(&root.join("schemas/planning-2015")).unwrap();
    let survey = formwright::compile(files).survey.unwrap();
    let layout = Layout::new(&survey);
    let text = std::fs::read_to_string(root.join("examples/planning-2015/return.json")).unwrap();
    let mut rules = std::collections::BTreeSet::new();
    let mut failed = Vec::new();
    for (from, to) in [("true", "false"), ("1", "7"), ("2", "0"), ("5", "9"), ("8", "3"), ("\"a\"", "\"c\"")]
    {
        let head = text.find("\"tables\"").unwrap();
        let changed = text[..head].to_owned() + &text[head..].replace(from, to);
        let Ok(read) = read_return(&survey, &layout, changed.as_bytes()) else { continue };
        let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
        for finding in &report.findings {
            rules.insert(finding.rule.clone());
            for (_, message) in &finding.message {
                if message.contains("  ") || half_width(message).is_some() || message.contains(" ，") {
                    failed.push(format!("{}: {message}", finding.rule));
                }
            }
        }
    }
    assert!(rules.len() > 90, "only {} rules failed", rules.len());
    report(failed);
}
