//! A letter or number that is left out of an otherwise regular sequence of codes.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{CodeItem, CodeList, Survey};

/// Reports the first gap of each list whose codes are all letters from a to z, or all numbers.
pub fn check(survey: &Survey, problems: &mut Problems) {
    let is_twice = |d: &&Diagnostic| d.code.code == codes::DUPLICATE_CODE.code;
    // Of a code that is mistyped as another one only that is said.
    let lists_of = |d: &Diagnostic| d.args.iter().find(|a| a.0 == "list").map(|a| a.1.clone());
    let mistyped: Vec<String> = problems.iter().filter(is_twice).filter_map(lists_of).collect();
    for list in survey.lists.iter().filter(|l| !mistyped.contains(&l.id)) {
        let Some(positions) = positions(list).filter(|p| p.len() > 2) else { continue };
        let pairs = list.codes.iter().zip(list.codes.iter().skip(1)).zip(positions.windows(2));
        let gap = pairs.into_iter().find(|(_, at)| matches!(at, [a, b] if *b > a + 1));
        if let Some(((before, behind), _)) = gap {
            let d = Diagnostic::new(&codes::CODE_GAP, behind.span).arg("list", &list.id);
            problems.push(d.arg("from", &before.code).arg("to", &behind.code));
        }
    }
}

fn positions(list: &CodeList) -> Option<Vec<u32>> {
    let position = |c: &CodeItem| match c.code.as_bytes() {
        [b @ b'a'..=b'z'] => Some(u32::from(*b)),
        _ => c.code.parse().ok().filter(|n: &u32| *n < u32::MAX),
    };
    list.codes.iter().map(position).collect()
}
