//! Linear constraints over whole units, decided by exact elimination (Fourier and Motzkin, with Gomory's rounding where
//! all variables lie on a grid): whether any values fulfil them, and small ones that do.

/// The sum of coefficient times variable is at most (if strict: less than) `most`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linear {
    /// Variable and coefficient, in order of variables, each once.
    pub terms: Vec<(usize, i128)>,
    /// What the sum may be at most.
    pub most: i128,
    /// Whether it must stay below.
    pub strict: bool,
}

/// A variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its values are whole multiples of this; `None`: any number.
    pub step: Option<i128>,
    /// The value to take where there is a choice.
    pub prefer: i128,
    /// Other values are brought to whole multiples of this where there is a choice.
    pub unit: i128,
}

/// What came of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Solved {
    /// These values fulfil it.
    Values(Vec<i128>),
    /// No values do: proved.
    Never,
    /// Not decided: too large, or only fractions of units fulfil it.
    Open,
}

/// Most constraints at a time.
const MOST: usize = 300;

/// Decides a system.
pub fn solve(variables: &[Variable], system: Vec<Linear>) -> Solved {
    let mut now = Vec::new();
    for one in system {
        match tightened(variables, one) {
            Some(Tight::Says(one)) => add(&mut now, one),
            Some(Tight::Nothing) => {}
            Some(Tight::Never) => return Solved::Never,
            None => return Solved::Open,
        }
    }
    let mut left: Vec<usize> = (0..variables.len()).collect();
    let mut passed: Vec<(usize, Vec<Linear>)> = Vec::new();
    while let Some(at) = cheapest(&left, &now) {
        left.retain(|v| *v != at);
        let (mentions, rest): (Vec<Linear>, Vec<Linear>) =
            now.into_iter().partition(|c| coefficient(c, at) != 0);
        now = rest;
        match eliminated(variables, at, &mentions, &mut now) {
            Some(true) => passed.push((at, mentions)),
            Some(false) => return Solved::Never,
            None => return Solved::Open,
        }
        if now.len() > MOST {
            return Solved::Open;
        }
    }
    values(variables, &passed).map_or(Solved::Open, Solved::Values)
}

enum Tight {
    Says(Linear),
    Nothing,
    Never,
}

/// Divided by what its coefficients have in common, its bound rounded to what can be reached; `None` on overflow.
fn tightened(variables: &[Variable], mut c: Linear) -> Option<Tight> {
    c.terms.retain(|t| t.1 != 0);
    if c.terms.is_empty() {
        let holds = if c.strict { 0 < c.most } else { 0 <= c.most };
        return Some(if holds { Tight::Nothing } else { Tight::Never });
    }
    let mut grid: Option<i128> = Some(0);
    let mut common = 0;
    for (v, k) in &c.terms {
        let step = variables.get(*v).and_then(|v| v.step);
        grid = match (grid, step) {
            (Some(g), Some(step)) => Some(gcd(g, k.checked_mul(step)?)),
            _ => None,
        };
        common = gcd(common, *k);
    }
    if let Some(grid) = grid.filter(|g| *g > 0) {
        let most = if c.strict { c.most.checked_sub(1)? } else { c.most };
        c.most = most.div_euclid(grid).checked_mul(grid)?;
        c.strict = false;
    }
    let common = gcd(common, c.most);
    if common > 1 {
        c.terms.iter_mut().for_each(|t| t.1 /= common);
        c.most /= common;
    }
    Some(Tight::Says(c))
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

/// Keeps of constraints on the same sum the narrowest.
fn add(system: &mut Vec<Linear>, c: Linear) {
    match system.iter_mut().find(|known| known.terms == c.terms) {
        Some(known) if c.most < known.most || (c.most == known.most && c.strict) => *known = c,
        Some(_) => {}
        None => system.push(c),
    }
}

fn coefficient(c: &Linear, variable: usize) -> i128 {
    c.terms.iter().find(|t| t.0 == variable).map_or(0, |t| t.1)
}

/// The variable whose elimination adds fewest constraints.
fn cheapest(left: &[usize], system: &[Linear]) -> Option<usize> {
    let cost = |v: &usize| {
        let sides = system.iter().fold((0usize, 0usize), |(up, down), c| match coefficient(c, *v) {
            0 => (up, down),
            1.. => (up + 1, down),
            _ => (up, down + 1),
        });
        sides.0 * sides.1
    };
    left.iter().copied().min_by_key(cost)
}

/// Adds what follows from each pair of an upper and a lower bound; whether that may hold, `None` on overflow.
fn eliminated(
    variables: &[Variable],
    at: usize,
    mentions: &[Linear],
    into: &mut Vec<Linear>,
) -> Option<bool> {
    for upper in mentions.iter().filter(|c| coefficient(c, at) > 0) {
        for lower in mentions.iter().filter(|c| coefficient(c, at) < 0) {
            match tightened(variables, combined(upper, lower, at)?)? {
                Tight::Says(c) => add(into, c),
                Tight::Nothing => {}
                Tight::Never => return Some(false),
            }
        }
    }
    Some(true)
}

fn combined(upper: &Linear, lower: &Linear, at: usize) -> Option<Linear> {
    let (up, down) = (coefficient(lower, at).checked_neg()?, coefficient(upper, at));
    let mut terms: Vec<(usize, i128)> = Vec::with_capacity(upper.terms.len() + lower.terms.len());
    let scaled = upper.terms.iter().map(|t| (t, up)).chain(lower.terms.iter().map(|t| (t, down)));
    for ((v, k), by) in scaled {
        let more = k.checked_mul(by)?;
        match terms.iter_mut().find(|t| t.0 == *v) {
            Some(known) => known.1 = known.1.checked_add(more)?,
            None => terms.push((*v, more)),
        }
    }
    terms.sort_unstable_by_key(|t| t.0);
    let most = upper.most.checked_mul(up)?.checked_add(lower.most.checked_mul(down)?)?;
    Some(Linear { terms, most, strict: upper.strict || lower.strict })
}

/// Values for the variables, the last eliminated first; `None` where only fractions are left.
fn values(variables: &[Variable], passed: &[(usize, Vec<Linear>)]) -> Option<Vec<i128>> {
    let mut found = vec![0i128; variables.len()];
    for (at, mentions) in passed.iter().rev() {
        let variable = variables.get(*at)?;
        let (mut low, mut high) = (None, None);
        for c in mentions {
            let rest =
                c.terms.iter().filter(|t| t.0 != *at).try_fold(0i128, |sum, (v, k)| {
                    sum.checked_add(k.checked_mul(found.get(*v).copied()?)?)
                })?;
            let most = c.most.checked_sub(rest)?.checked_sub(i128::from(c.strict))?;
            let by = coefficient(c, *at);
            if by > 0 {
                let bound = most.div_euclid(by);
                high = Some(high.map_or(bound, |h: i128| h.min(bound)));
            } else {
                let bound = -(most.div_euclid(-by));
                low = Some(low.map_or(bound, |l: i128| l.max(bound)));
            }
        }
        *found.get_mut(*at)? = chosen(variable, low, high)?;
    }
    Some(found)
}

/// The preferred value if it is between the bounds, else the nearest whole unit, else the nearest step.
fn chosen(variable: &Variable, low: Option<i128>, high: Option<i128>) -> Option<i128> {
    let fits = |v: i128| low.is_none_or(|l| l <= v) && high.is_none_or(|h| v <= h);
    let up = |v: i128, to: i128| v.checked_add(to - 1).map(|v| v.div_euclid(to) * to);
    let down = |v: i128, to: i128| v.div_euclid(to) * to;
    let step = variable.step.unwrap_or(1);
    let near = |to: i128| match (low, high) {
        (Some(low), _) if low > variable.prefer => up(low, to),
        (_, Some(high)) => Some(down(high, to)),
        _ => None,
    };
    let tried = [Some(variable.prefer), near(variable.unit), near(step)];
    tried.into_iter().flatten().find(|v| fits(*v))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Variable = Variable { step: Some(1), prefer: 0, unit: 1 };
    const ANY: Variable = Variable { step: None, prefer: 0, unit: 1 };

    fn at_most(terms: &[(usize, i128)], most: i128) -> Linear {
        Linear { terms: terms.to_vec(), most, strict: false }
    }

    #[test]
    fn a_sum_below_its_part_needs_a_negative_number() {
        let sum = vec![at_most(&[(0, 1), (1, 1)], 4), at_most(&[(0, -1)], -5), at_most(&[(1, -1)], 0)];
        assert_eq!(solve(&[WHOLE; 2], sum.clone()), Solved::Never);
        assert_eq!(solve(&[WHOLE; 2], sum[..2].to_vec()), Solved::Values(vec![5, -1]));
    }

    #[test]
    fn between_two_neighbours_lies_no_whole_number() {
        let strict = |terms: &[(usize, i128)], most| Linear { strict: true, ..at_most(terms, most) };
        let system = vec![strict(&[(0, 1)], 5), strict(&[(0, -1)], -4)];
        assert_eq!(solve(&[WHOLE], system.clone()), Solved::Never);
        assert_eq!(solve(&[ANY], system), Solved::Open);
    }

    #[test]
    fn numbers_too_large_are_left_open() {
        let big = i128::MAX / 2;
        let system = vec![at_most(&[(0, big), (1, 3)], big), at_most(&[(0, -3), (1, -big)], -big)];
        assert_eq!(solve(&[ANY; 2], system), Solved::Open);
    }

    #[test]
    fn small_systems_agree_with_trying_all_values() {
        let mut seed = 7u64;
        let mut next = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from((seed >> 33) % n)
        };
        let (mut never, mut found) = (0, 0);
        for _ in 0..3000 {
            let mut system: Vec<Linear> = (0..4)
                .map(|_| Linear {
                    terms: (0..3).map(|v| (v, next(7) - 3)).collect(),
                    most: next(9) - 6,
                    strict: next(2) == 0,
                })
                .collect();
            let given = system.clone();
            for v in 0..3 {
                system.push(at_most(&[(v, 1)], 3));
                system.push(at_most(&[(v, -1)], 3));
            }
            let fits = |x: &[i128]| {
                given.iter().all(|c| {
                    let sum: i128 = c.terms.iter().map(|(v, k)| k * x[*v]).sum();
                    if c.strict { sum < c.most } else { sum <= c.most }
                })
            };
            let any = (-3..=3).any(|a| (-3..=3).any(|b| (-3..=3).any(|c| fits(&[a, b, c]))));
            match solve(&[WHOLE; 3], system) {
                Solved::Never => {
                    assert!(!any, "{given:?}");
                    never += 1;
                }
                Solved::Values(x) => {
                    assert!(fits(&x), "{given:?} {x:?}");
                    found += 1;
                }
                Solved::Open => {}
            }
        }
        assert!(never > 200 && found > 200, "{never} {found}");
    }
}
