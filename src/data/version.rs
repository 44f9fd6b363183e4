//! The order of versions.

use std::cmp::Ordering;

/// Compares versions part by part between dots, `-` and `+`: numbers as numbers, other parts as text; a version with
/// further parts is later, unless they begin with a `-` (`1.0-beta` is earlier than `1.0`).
pub fn compare(a: &str, b: &str) -> Ordering {
    let ((a, before_a), (b, before_b)) = (split(a), split(b));
    parts(a, b).then_with(|| match (before_a, before_b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => parts(a, b),
    })
}

fn split(version: &str) -> (&str, Option<&str>) {
    let version = version.split('+').next().unwrap_or_default();
    version.split_once('-').map_or((version, None), |(main, before)| (main, Some(before)))
}

fn parts(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => match part(a.unwrap_or("0"), b.unwrap_or("0")) {
                Ordering::Equal => {}
                other => return other,
            },
        }
    }
}

fn part(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_the_order_people_mean() {
        let rising = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.2",
            "1.0.0-beta",
            "1",
            "1.0.1",
            "1.2",
            "1.10",
            "2015",
            "2016.1",
        ];
        for pair in rising.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("1", "1.0.0"), Ordering::Equal);
        assert_eq!(compare("1.0+a", "1.0+b"), Ordering::Equal);
    }
}
