use super::TARGETS;
use crate::ir::func::{Form, Use, all};

#[test]
fn every_key_has_its_code_and_every_code_its_key() {
    for target in TARGETS {
        let mut used = Vec::new();
        for (_, row) in all() {
            if let Form::Own(key) = (target.form)(row) {
                assert!(target.own(key).is_some(), "{}: {} of {}", target.name, key, row.key);
                used.push(key);
            }
        }
        for (key, _) in target.own {
            assert!(used.contains(key), "{}: nothing is printed by {key}", target.name);
        }
    }
}

/// What a target says no to is known by a code that people can look up.
#[test]
fn every_refusal_has_a_reason_of_the_portability_table() {
    for target in TARGETS {
        for (_, row) in all().filter(|(_, row)| row.usable == Use::Everywhere && !row.key.ends_with("_any")) {
            if let Form::No(reason) = (target.form)(row) {
                assert!(
                    crate::expr::carry::reason(reason).is_some(),
                    "{}: {} says {reason}",
                    target.name,
                    row.key
                );
            }
        }
    }
}

#[test]
fn templates_name_arguments_there_are() {
    for target in TARGETS {
        for (_, row) in all() {
            let Form::As(template) = (target.form)(row) else { continue };
            // Roundings to whole ones are given their unit.
            for at in usize::from(row.arity.1) + 1..10 {
                let stray = template.contains(&format!("{{{at}}}"));
                assert!(!stray || template.contains("{list}"), "{}: {}", target.name, row.key);
            }
        }
    }
}
