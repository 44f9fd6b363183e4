//! How many rule evaluations a second; run by hand: `cargo test --release --test validate_speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::data::{Layout, read_return};
use formwright::validate::{Beside, Options, validate};
use formwright::{SourceFileInput, compile};
use std::path::Path;
use std::time::Instant;

#[test]
#[ignore = "a measurement"]
fn evaluations_a_second() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    let input = |path: std::path::PathBuf| SourceFileInput {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: std::fs::read(&path).unwrap(),
        shown: path,
    };
    let survey = compile(files.map(input).collect()).survey.unwrap();
    let layout = Layout::new(&survey);
    let text = include_str!("validate_seed/final.json");
    let start = Instant::now();
    let (rounds, mut evaluated) = (300, 0);
    for _ in 0..rounds {
        let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
        let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
        evaluated += report.counts.all().map(|(_, _, n)| n).sum::<u64>();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} rules at {:.0} a second, {:.0} returns a second",
        survey.rules.len(),
        evaluated as f64 / seconds,
        f64::from(rounds) / seconds
    );
    assert!(evaluated > 0);
}
