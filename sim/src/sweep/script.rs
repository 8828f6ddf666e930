//! A run with a cut as a scenario, which `locksim run` takes to the same end.

use super::baseline::Baseline;
use super::cuts::Planned;
use crate::course::Origin;
use crate::fault::FaultName;
use crate::scenario::model::Scenario;
use crate::scenario::model::expect::{Expect, Many};
use crate::scenario::model::step::{Step, Verb};
use crate::time::Lapse;

/// The baseline run's steps up to the cut, and what was `done` since; repeats stand unrolled, and of the forks the branch
/// that was taken.
pub(super) fn scenario(
    baseline: &Baseline,
    planned: &Planned,
    done: &[Step],
    name: &str,
) -> Scenario {
    let before = baseline.points.iter().take(planned.point);
    let before = before.map(|point| point.leaf.step.clone());
    let fired = Expect {
        fault_fired: Some(Many(vec![FaultName::PowerCut])),
        within: Some(Lapse::from_micros(0)),
        ..Expect::default()
    };
    let fired = Step::from(Verb::Expect(fired.into()));
    let steps = before.chain(done.iter().cloned()).chain([fired]);
    Scenario {
        schema: baseline.scenario.schema.clone(),
        about: baseline.scenario.about.clone(),
        ..Origin::of(baseline.scenario).scenario(name, steps.collect())
    }
}
