//! What only the whole of a scenario tells: names in their order, times that go on, faults that stand.

mod entries;
mod faults;
mod lock;
mod walk;

use std::collections::BTreeSet;

use super::model::{Scenario, Tag};
use super::problem::Problem;
use super::span::{Span, Spanned};

/// Everything that is wrong with a scenario whose types are right.
#[must_use]
pub fn check(scenario: &Scenario) -> Vec<Problem> {
    let mut found = Found::default();
    if scenario.name.trim().is_empty() {
        found.add(scenario.name.span, "the name is empty");
    }
    if let Some(tags) = &scenario.tags {
        tagged(tags, &mut found);
    }
    let (settings, zone) = lock::check(&scenario.lock, &mut found);
    let start = lock::start(&scenario.start, &zone, &mut found);
    walk::check(scenario, settings, zone, start, &mut found);
    found.problems
}

fn tagged(tags: &Spanned<Vec<Spanned<Tag>>>, found: &mut Found) {
    if tags.is_empty() {
        let none = Problem::new("`tags` without a tag").at(tags.span);
        found.push(none.help("leave it out, or write a word: [\"sweep\"]"));
    }
    let mut seen = BTreeSet::new();
    for tag in tags.iter().filter(|tag| !seen.insert(&tag.value)) {
        found.add(
            tag.span,
            format_args!("the tag `{}` stands here twice", tag.value),
        );
    }
}

/// The problems found so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn add(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(Problem::new(message).at(span));
    }

    fn push(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}
