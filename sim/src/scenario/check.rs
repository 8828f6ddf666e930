//! What only the whole of a scenario tells: names in their order, times that go on, faults that stand.

mod entries;
mod faults;
mod lock;
mod walk;

use super::model::Scenario;
use super::problem::Problem;
use super::span::Span;

/// Everything that is wrong with a scenario whose types are right.
#[must_use]
pub fn check(scenario: &Scenario) -> Vec<Problem> {
    let mut found = Found::default();
    if scenario.name.trim().is_empty() {
        found.add(scenario.name.span, "the name is empty");
    }
    let (settings, zone) = lock::check(&scenario.lock, &mut found);
    let start = lock::start(&scenario.start, &zone, &mut found);
    walk::check(scenario, settings, zone, start, &mut found);
    found.problems
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
