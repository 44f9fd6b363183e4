use super::*;

#[test]
fn keys_are_unique_and_found() {
    for (id, row) in all() {
        assert_eq!(by_key(row.key), Some(id), "{}", row.key);
        assert!(find(row.name).contains(&id));
    }
}

#[test]
fn every_row_of_a_rule_names_its_targets() {
    for (_, row) in all().filter(|(_, r)| r.usable == Use::Everywhere && !r.key.ends_with("_any")) {
        for form in [row.js, row.excel, row.postgres, row.duckdb, row.rust] {
            assert_ne!(form, Form::No("eval-only"), "{}", row.key);
        }
        assert_ne!(row.keywords, Keywords::No("eval-only"), "{}", row.key);
    }
}

#[test]
fn a_refused_name_is_not_a_function() {
    for name in refused::refused_names() {
        assert!(find(name).is_empty(), "{name}");
    }
    assert!(refused("sqrt").is_some());
    assert!(refused("sum").is_none());
}

#[test]
fn every_example_is_worth_what_it_says() {
    let value = |text: &str| {
        crate::resolve::calc::calculate(text, &[]).map_err(|p| format!("{text}: {p:?}")).unwrap()
    };
    for (_, row) in all().filter(|(_, row)| !row.example.0.is_empty()) {
        assert_eq!(value(row.example.0), value(row.example.1), "{}: {}", row.key, row.example.0);
    }
}
