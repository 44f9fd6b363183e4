//! Searching a text for a pattern, in time linear in the text.

use super::{Node, Set, parse};
use std::sync::OnceLock;

/// A step of a search.
#[derive(Debug, Clone)]
enum Step {
    /// A character of a set, then the next step.
    Take(Set),
    /// On at either.
    Fork(usize, usize),
    /// On at another.
    Jump(usize),
    /// Only at the beginning.
    Start,
    /// Only at the end.
    End,
    /// Found.
    Found,
}

/// A pattern made ready for searching.
#[derive(Debug, Clone)]
pub struct Matcher {
    steps: Vec<Step>,
}

impl Matcher {
    /// Makes a pattern ready; the error is what is outside of the subset.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        compile(&parse(pattern)?, &mut steps);
        steps.push(Step::Found);
        Ok(Matcher { steps })
    }

    /// Whether the pattern is found in a text.
    pub fn is_match(&self, text: &str) -> bool {
        let (mut now, mut next) = (Places::new(self.steps.len()), Places::new(self.steps.len()));
        let mut rest = text.chars();
        let mut first = true;
        loop {
            let c = rest.next();
            if self.enter(0, first, c.is_none(), &mut now) {
                return true;
            }
            let Some(c) = c else { return false };
            let last = rest.as_str().is_empty();
            next.clear();
            for at in &now.list {
                let taken = matches!(self.steps.get(*at), Some(Step::Take(set)) if set.has(c));
                if taken && self.enter(*at + 1, false, last, &mut next) {
                    return true;
                }
            }
            std::mem::swap(&mut now, &mut next);
            first = false;
        }
    }

    /// Notes a step and all that can be reached from it without a character; whether the pattern is found.
    fn enter(&self, at: usize, first: bool, last: bool, places: &mut Places) -> bool {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if !places.add(at) {
                continue;
            }
            match self.steps.get(at) {
                Some(Step::Found) | None => return true,
                Some(Step::Jump(to)) => open.push(*to),
                Some(Step::Fork(a, b)) => open.extend([*b, *a]),
                Some(Step::Start) if first => open.push(at + 1),
                Some(Step::End) if last => open.push(at + 1),
                Some(Step::Take(_) | Step::Start | Step::End) => {}
            }
        }
        false
    }
}

/// The steps at which a search stands.
struct Places {
    list: Vec<usize>,
    known: Vec<bool>,
}

impl Places {
    fn new(most: usize) -> Self {
        Places { list: Vec::new(), known: vec![false; most + 1] }
    }

    /// Adds a step; whether it is new.
    fn add(&mut self, at: usize) -> bool {
        match self.known.get_mut(at) {
            Some(known) if !*known => {
                *known = true;
                self.list.push(at);
                true
            }
            _ => false,
        }
    }

    fn clear(&mut self) {
        for at in self.list.drain(..) {
            if let Some(known) = self.known.get_mut(at) {
                *known = false;
            }
        }
    }
}

fn compile(node: &Node, steps: &mut Vec<Step>) {
    match node {
        Node::Set(set) => steps.push(Step::Take(set.clone())),
        Node::Start => steps.push(Step::Start),
        Node::End => steps.push(Step::End),
        Node::Sequence(parts) => parts.iter().for_each(|p| compile(p, steps)),
        Node::Either(parts) => either(parts, steps),
        Node::Repeat(part, low, high) => {
            (0..*low).for_each(|_| compile(part, steps));
            match high {
                None => {
                    let fork = hold(steps);
                    compile(part, steps);
                    steps.push(Step::Jump(fork));
                    let end = steps.len();
                    fill(steps, fork, Step::Fork(fork + 1, end));
                }
                Some(high) => {
                    let forks: Vec<usize> = (*low..*high)
                        .map(|_| {
                            let fork = hold(steps);
                            compile(part, steps);
                            fork
                        })
                        .collect();
                    let end = steps.len();
                    forks.into_iter().for_each(|fork| fill(steps, fork, Step::Fork(fork + 1, end)));
                }
            }
        }
    }
}

fn either(parts: &[Node], steps: &mut Vec<Step>) {
    let mut ends = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if at + 1 == parts.len() {
            compile(part, steps);
            break;
        }
        let fork = hold(steps);
        compile(part, steps);
        ends.push(hold(steps));
        let end = steps.len();
        fill(steps, fork, Step::Fork(fork + 1, end));
    }
    let end = steps.len();
    ends.into_iter().for_each(|at| fill(steps, at, Step::Jump(end)));
}

/// Room for a step whose aim is not known yet.
fn hold(steps: &mut Vec<Step>) -> usize {
    steps.push(Step::Found);
    steps.len() - 1
}

fn fill(steps: &mut [Step], at: usize, step: Step) {
    if let Some(place) = steps.get_mut(at) {
        *place = step;
    }
}

/// A pattern of generated code: made ready when it is first asked for, and kept.
#[derive(Debug)]
pub struct Kept {
    pattern: &'static str,
    matcher: OnceLock<Option<Matcher>>,
}

impl Kept {
    /// A pattern that is known to be of the subset.
    pub const fn new(pattern: &'static str) -> Self {
        Kept { pattern, matcher: OnceLock::new() }
    }

    /// Whether the pattern is found in a text; one that is not of the subset is found nowhere.
    pub fn is_match(&self, text: &str) -> bool {
        let matcher = self.matcher.get_or_init(|| Matcher::new(self.pattern).ok());
        matcher.as_ref().is_some_and(|m| m.is_match(text))
    }
}
