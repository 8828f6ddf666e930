//! The run without a cut: where its flash operations are, and a copy of the stage before each step, to go on from.

use crate::course::Origin;
use crate::devices::flash::{FlashOperation, FlashOutcome};
use crate::scenario::model::Scenario;
use crate::scenario::plan::{Leaf, Root};
use crate::stage::{Stage, StepError};
use crate::time::Lapse;
use crate::trace::TraceKind;
use crate::world::Secrets;

/// A test that passes.
pub(super) struct Baseline<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) points: Vec<Point<'a>>,
}

/// A step of it.
pub(super) struct Point<'a> {
    pub(super) leaf: Leaf<'a>,
    /// Its line in the file.
    pub(super) line: usize,
    /// Before it.
    pub(super) stage: Stage,
    /// How much virtual time it takes.
    pub(super) lasts: Lapse,
    /// The flash operations within.
    pub(super) operations: Vec<Operation>,
}

/// A write or a sector erase that the chip did.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) kind: FlashOperation,
    /// As the trace counts.
    pub(super) number: u64,
    pub(super) address: u32,
    pub(super) bytes: u32,
}

impl<'a> Baseline<'a> {
    /// Runs a test of a scenario.
    ///
    /// # Errors
    ///
    /// Where it fails, and why.
    pub(super) fn run(root: &'a Root, test: usize) -> Result<Self, String> {
        let scenario = &root.scenario;
        let mut stage = Origin::of(scenario).stage(Secrets::Hidden)?;
        let mut points = Vec::new();
        for leaf in root.way(test) {
            let failed = |stop: StepError| format!("{} at {}", reason(&stop), leaf.path);
            let before = stage.clone();
            stage.take(leaf.step).map_err(failed)?;
            points.push(Point {
                line: root.source.place(leaf.step.span).line,
                lasts: since(&before, &stage),
                operations: operations(&stage, before.world.trace().len()),
                stage: before,
                leaf,
            });
        }
        stage.close().map_err(|stop| reason(&stop))?;
        Ok(Self { scenario, points })
    }

    /// How many flash operations there are to be cut.
    pub(super) fn operations(&self) -> usize {
        self.points.iter().map(|point| point.operations.len()).sum()
    }
}

fn reason(stop: &StepError) -> String {
    let misses = stop.mismatches.iter();
    let misses = misses.map(|miss| format!(": {} {}, seen {}", miss.key, miss.expected, miss.seen));
    stop.message.clone() + &misses.collect::<String>()
}

fn since(before: &Stage, after: &Stage) -> Lapse {
    Lapse::from_micros(after.world.now().micros() - before.world.now().micros())
}

/// What the chip has done since an event.
fn operations(stage: &Stage, event: usize) -> Vec<Operation> {
    let done = stage.world.trace().since(event);
    done.filter_map(|event| match event.kind {
        TraceKind::Flash {
            operation,
            number,
            address,
            bytes,
            outcome: FlashOutcome::Done,
        } => Some(Operation {
            kind: operation,
            number,
            address,
            bytes,
        }),
        _ => None,
    })
    .collect()
}
