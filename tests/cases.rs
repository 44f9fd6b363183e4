//! Every file under `tests/cases` is one case; see the README there. `UPDATE=1` rewrites the expectations.

mod harness;

use harness::{Case, case_files, difference, run};

#[test]
fn every_case_has_the_diagnostics_it_expects() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut failed = Vec::new();
    let files = case_files();
    assert!(!files.is_empty(), "no cases were found");
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let case = Case::read(&text);
        let (found, outside) = case.annotated(&run(&case));
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display().to_string();
        if !outside.is_empty() {
            failed
                .push(format!("{name}: problems outside the files of the case:\n  {}", outside.join("\n  ")));
        } else if found != text && update {
            std::fs::write(&path, found).unwrap();
        } else if found != text {
            failed.push(format!("{name}:\n{}", difference(&text, &found)));
        }
    }
    assert!(failed.is_empty(), "{}\n(UPDATE=1 rewrites the expectations: read them)", failed.join("\n"));
}
