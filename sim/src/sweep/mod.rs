//! The power-cut sweep: a test's run is repeated with the supply failing inside every flash operation, in many ways, and
//! failing again while the lock recovers.
//!
//! What was answered `saved` must be there after each, and nothing else may open: the monitor judges, as it judges every
//! run. A run without a cut comes first; what it leaves of the stage before each step is where the others begin.
//! Prints nothing: it tells [`event::SweepEvent`]s.

mod baseline;
mod cuts;
pub mod event;
mod script;
mod trial;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use crate::course::{attempt, caught};
use crate::executor::{Executor, in_order, map};
use crate::scenario::plan::Root;
use crate::stage::Cause;
use baseline::Baseline;
use cuts::{Planned, all, spread};
use event::{CutPlace, Loss, Shown, SweepEvent, TestSwept, Totals};
use trial::{Survived, Trial};

/// Scenarios that carry it are swept.
pub const TAG: &str = "sweep";

/// How to sweep.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// In how many ways the bits of an operation are torn.
    pub patterns: u8,
    /// At most so many cuts of a test, chosen evenly; all where it isn't said.
    pub budget: Option<NonZeroUsize>,
}

/// Sweeps the selected tests and tells of each in the order of the files.
pub fn sweep(
    roots: &[Root],
    options: &Options,
    executor: &dyn Executor,
    tell: &mut dyn FnMut(SweepEvent),
) -> Totals {
    let of_root = |root| selected(root).map(move |test| (root, test));
    let tests: Vec<(&Root, usize)> = roots.iter().flat_map(of_root).collect();
    let mut totals = Totals::default();
    tell(SweepEvent::SweepStarted { tests: tests.len() });
    let work = |(root, test): &(&Root, usize)| swept(root, *test, options, executor);
    in_order(executor, &tests, work, |swept| {
        totals.add(&swept);
        tell(SweepEvent::TestSwept(Box::new(swept)));
    });
    tell(SweepEvent::SweepFinished(totals));
    totals
}

fn selected(root: &Root) -> impl Iterator<Item = usize> {
    let tests = root.tests.iter().enumerate();
    tests
        .filter(|(_, test)| test.selected)
        .map(|(number, _)| number)
}

impl Totals {
    fn add(&mut self, swept: &TestSwept) {
        self.tests += usize::from(swept.failure.is_none());
        self.operations += swept.operations;
        self.cuts += swept.cuts;
        self.losses += swept.losses.len();
        self.failed += usize::from(swept.failure.is_some());
    }
}

/// What came of one run with a cut.
enum Outcome {
    Survived(Survived),
    Lost(Box<Loss>),
}

fn swept(root: &Root, test: usize, options: &Options, executor: &dyn Executor) -> TestSwept {
    let name = root.tests.get(test).map(|test| test.name.clone());
    let mut swept = TestSwept {
        file: root.source.path.clone(),
        name: name.unwrap_or_default(),
        operations: 0,
        cuts: 0,
        second_cuts: 0,
        repaired: Vec::new(),
        losses: Vec::new(),
        failure: None,
    };
    let run = || Baseline::run(root, test);
    let baseline = caught(run).unwrap_or_else(|panicked| Err(panicked.to_string()));
    match baseline {
        Ok(baseline) => swept.sweep(&baseline, options, executor),
        Err(message) => swept.failure = Some(message),
    }
    swept
}

impl TestSwept {
    fn sweep(&mut self, baseline: &Baseline, options: &Options, executor: &dyn Executor) {
        self.operations = baseline.operations();
        // Half of a budget is for second cuts, which there are more of.
        let budget = options.budget.map(NonZeroUsize::get);
        let most = budget.map_or(usize::MAX, |budget| budget.div_ceil(2));
        let first = spread(all(baseline, options.patterns), most);
        let outcomes = self.try_all(baseline, &first, executor);
        let again = outcomes.iter().filter_map(|(planned, outcome)| {
            let Outcome::Survived(survived) = outcome else {
                return None;
            };
            Some(planned.again(survived.recovery))
        });
        let rest = budget.map_or(usize::MAX, |budget| budget - first.len());
        let second = spread(again.flatten().collect(), rest);
        let later = self.try_all(baseline, &second, executor);
        self.cuts = first.len() + second.len();
        self.second_cuts = second.len();
        for (planned, outcome) in outcomes.into_iter().chain(later) {
            match outcome {
                Outcome::Survived(survived) if survived.repaired => {
                    self.repaired.push(place(baseline, &planned));
                }
                Outcome::Survived(_) => {}
                Outcome::Lost(loss) => self.losses.push(*loss),
            }
        }
    }

    fn try_all(
        &self,
        baseline: &Baseline,
        cuts: &[Planned],
        executor: &dyn Executor,
    ) -> Vec<(Planned, Outcome)> {
        let tried = |planned: &Planned| Some((*planned, self.try_one(baseline, planned)?));
        map(executor, cuts, tried).into_iter().flatten().collect()
    }

    /// None for a cut of another run.
    fn try_one(&self, baseline: &Baseline, planned: &Planned) -> Option<Outcome> {
        let mut trial = Trial::new(baseline, planned)?;
        let (rule, message, shown) = match attempt(|| trial.run(planned)) {
            Ok(survived) if trial.has_fired() => return Some(Outcome::Survived(survived)),
            // Up to its cut, a run repeats the baseline.
            Ok(_) => ("missed", "the cut never came".to_owned(), Shown::End),
            Err(stop) => (rule(stop.cause), stop.message, trial.place.clone()),
        };
        let cut = place(baseline, planned);
        let name = format!("{}: {rule}, {}", self.name, cut.words());
        Some(Outcome::Lost(Box::new(Loss {
            cut,
            rule: rule.to_owned(),
            message,
            shown,
            scenario: Box::new(script::scenario(baseline, planned, &trial.done, &name)),
        })))
    }
}

/// The name of what a run with a cut stops for.
fn rule(cause: Cause) -> &'static str {
    match cause {
        Cause::Rule(rule) => rule.as_str(),
        Cause::Panic => "panicked",
        Cause::Hindered => "",
    }
}

fn place(baseline: &Baseline, planned: &Planned) -> CutPlace {
    let point = baseline.points.get(planned.point);
    CutPlace {
        step: point.map_or_else(String::new, |point| point.leaf.path.clone()),
        line: point.map_or(0, |point| point.line),
        operation: planned.operation.number,
        kind: planned.operation.kind,
        address: planned.operation.address,
        bytes: planned.operation.bytes,
        byte: planned.byte,
        pattern: planned.cut.pattern,
        again: planned.cut.again.map(std::num::NonZeroU32::get),
    }
}
