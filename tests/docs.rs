//! Every example of the reference is run (`tests/surveys/README.md` says how a block is read).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod literate;

use std::path::Path;

/// The documents whose blocks are run.
const DOCUMENTS: &[&str] = &["language.md", "rules.md"];

#[test]
fn every_example_comes_out_as_written() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let there = DOCUMENTS.iter().map(|d| docs.join(d)).filter(|d| d.exists());
    let wrong: Vec<String> = there.flat_map(|d| literate::check(&d)).collect();
    assert!(
        wrong.is_empty(),
        "{}\nUPDATE=1 writes the blocks anew; read them before you commit",
        wrong.join("\n")
    );
}
