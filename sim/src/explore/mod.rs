//! The bench looks for trouble by itself: random users in a random environment, the monitor as judge, coverage as
//! guide.
//!
//! Walks go in rounds. The walks of a round begin new, or go on from where an earlier one had come by something new; what
//! they do follows from the seed and their number alone. So the same seed and number of rounds find the same, at any
//! number of jobs.

mod actors;
pub mod coverage;
mod dice;
mod environment;
mod people;
mod steps;
mod walk;

pub use crate::course::Finding;
use crate::executor::{Executor, map};
use crate::rng::{Random, Stream};
use crate::stage::Cause;
use crate::trace::Rule;
use coverage::Coverage;
use walk::{Outcome, Walk};

/// Walks of a round.
pub const ROUND: u64 = 64;
/// Places to go on from, at most.
const PLACES: usize = 512;

/// What has been explored so far.
pub struct Exploration {
    seed: u64,
    places: Vec<Walk>,
    judges: Vec<Rule>,
    /// What came of it so far.
    pub tally: Tally,
}

/// What came of it.
#[derive(Clone, Default)]
pub struct Tally {
    /// How many walks there were.
    pub walks: u64,
    /// How many steps they took.
    pub steps: usize,
    /// How often a door was opened.
    pub openings: usize,
    /// What the lock was seen to do.
    pub coverage: Coverage,
}

impl Exploration {
    /// Nothing yet. Only `judges` count; all, where there are none.
    #[must_use]
    pub fn new(seed: u64, judges: Vec<Rule>) -> Self {
        Self {
            seed,
            places: Vec::new(),
            judges,
            tally: Tally::default(),
        }
    }

    /// One more round, of at most so many walks; the first failure of it, as short as can be.
    ///
    /// # Errors
    ///
    /// Where no lock can be hung.
    pub fn round(&mut self, most: u64, executor: &dyn Executor) -> Result<Option<Finding>, String> {
        let begun = self.tally.walks;
        let numbers: Vec<u64> = (begun..begun + most.min(ROUND)).collect();
        let walks = map(executor, &numbers, |number| self.walk(*number));
        let outcomes = walks.into_iter().collect::<Result<Vec<_>, String>>()?;
        let mut found = None;
        for outcome in outcomes {
            self.tally.walks += 1;
            self.tally.steps += outcome.steps;
            self.tally.openings += outcome.openings;
            let new = self.tally.coverage.merge(outcome.coverage);
            if let Some(walk) = outcome.walk.filter(|walk| new && walk.is_young()) {
                if self.places.len() == PLACES {
                    self.places.remove(0);
                }
                self.places.push(walk);
            }
            found = found.or(outcome.found.filter(|found| self.counts(found)));
        }
        Ok(found.map(Finding::shrink))
    }

    fn walk(&self, number: u64) -> Result<Outcome, String> {
        let seed = self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = Random::new(seed, Stream::Walk);
        let walk = self.place(&mut random)?;
        Ok(walk.go_on(random.bits()))
    }

    /// Half of the walks begin new, half go on from a place.
    fn place(&self, random: &mut Random) -> Result<Walk, String> {
        let count = self.places.len() as u64;
        if count == 0 || random.below(2) == 0 {
            return Walk::begin(random);
        }
        let number = usize::try_from(random.below(count)).unwrap_or_default();
        self.places
            .get(number)
            .cloned()
            .map_or_else(|| Walk::begin(random), Ok)
    }

    fn counts(&self, finding: &Finding) -> bool {
        match finding.error.cause {
            Cause::Rule(rule) => self.judges.is_empty() || self.judges.contains(&rule),
            Cause::Hindered | Cause::Panic => true,
        }
    }
}
