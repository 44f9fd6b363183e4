//! Mistakes planted into the survey of fourteen tables: each is found, at its characters, with the name that was meant,
//! and nothing else is said. Several are planted at once, one in a file: what is wrong in one hides nothing in another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "planting/chinese.rs"]
mod chinese;
#[path = "planting/garden.rs"]
mod garden;
#[path = "planting/misspelt.rs"]
mod misspelt;
#[path = "planting/mistakes.rs"]
mod mistakes;

use garden::{Outcome, Plant, Survey, plant_all};
use std::collections::BTreeMap;

/// Fewest plantings of a class.
const FEWEST: usize = 5;

/// Everything wrong with the outcomes, one line each.
fn complaints(outcomes: &[Outcome], named: bool) -> Vec<String> {
    outcomes.iter().filter_map(|o| o.complaint(named)).collect()
}

/// The figures of some plantings.
fn figures(what: &str, outcomes: &[Outcome]) {
    let count = |f: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|o| f(o)).count();
    let near: Vec<&Outcome> = outcomes.iter().filter(|o| o.plant.near.is_some()).collect();
    let classes: BTreeMap<&str, usize> = outcomes.iter().map(|o| (o.plant.class.as_str(), 0)).collect();
    println!(
        "{what}: {} classes, {} planted, {} found, {} at the character, {} of {} names suggested, {} false alarms",
        classes.len(),
        outcomes.len(),
        count(&|o| o.found),
        count(&|o| o.in_place),
        near.iter().filter(|o| o.suggested).count(),
        near.len(),
        outcomes.iter().map(|o| o.others.len()).sum::<usize>(),
    );
}

#[test]
fn the_clean_surveys_have_no_diagnostic() {
    for survey in [Survey::seed(), chinese::survey()] {
        assert_eq!(survey.said(), Vec::<String>::new());
    }
}

#[test]
fn each_mistake_is_found_at_its_characters() {
    let seed = Survey::seed();
    let plants: Vec<Plant> = mistakes::ALL.iter().flat_map(|class| class.plants(&seed)).collect();
    for class in mistakes::ALL {
        assert!(class.plants.len() >= FEWEST, "{}: {} plantings", class.name, class.plants.len());
    }
    let outcomes = plant_all(&seed, plants);
    figures("mistakes", &outcomes);
    let wrong = complaints(&outcomes, true);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), outcomes.len(), wrong.join("\n"));
}

#[test]
fn the_name_that_was_meant_is_suggested() {
    let mut outcomes = Vec::new();
    for survey in [Survey::seed(), chinese::survey()] {
        let plants = misspelt::plants(&survey);
        outcomes.extend(plant_all(&survey, plants));
    }
    figures("misspelt names", &outcomes);
    let wrong = complaints(&outcomes, false);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), outcomes.len(), wrong.join("\n"));
    let missed: Vec<String> =
        outcomes.iter().filter(|o| !o.suggested).filter_map(|o| o.complaint(true)).collect();
    println!("{}", missed.join("\n"));
    assert!(
        missed.len() * 10 <= outcomes.len(),
        "{} of {}:\n{}",
        missed.len(),
        outcomes.len(),
        missed.join("\n")
    );
}
