//! Who acts on the lock, its users or the environment, and whose turn it is.

use super::dice::Dice;
use super::{environment, people};
use crate::scenario::model::step::Verb;
use crate::stage::Stage;

/// What people remember who aren't the owner's app.
#[derive(Clone, Default)]
pub(super) struct Actors {
    pub(super) named: u32,
    /// Codes of their own that people have tried to set.
    pub(super) chosen: Vec<String>,
}

/// Somebody's next steps.
type Doing = fn(&mut Actors, &Stage, &mut Dice<'_>) -> Vec<Verb>;

/// How often who does what: mostly guests and time, as at a real door, and enough of all else.
const PEOPLE: &[(u64, Doing)] = &[
    (10, people::issue),
    (20, people::come_in),
    (8, people::choose_a_pin),
    (8, people::use_own_code),
    (6, people::slip),
    (4, people::lock_by_hand),
    (16, people::program),
    (1, people::block_a_whole_list),
    (4, people::program_wrongly),
    (6, people::use_the_port),
    (2, people::reset),
    (6, people::guess),
    (2, people::guess_on),
    (4, environment::pull_the_batteries),
    (8, environment::break_something),
    (6, environment::repair_something),
    (16, environment::wait),
    (8, environment::wait_for_an_edge),
];

impl Actors {
    /// What happens next.
    pub(super) fn next(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        // Nobody comes before somebody is expected.
        if stage.known.guests().is_empty() && !dice.once_in(4) {
            return people::issue(self, stage, dice);
        }
        match dice.weighted(PEOPLE) {
            Some(doing) => doing(self, stage, dice),
            None => Vec::new(),
        }
    }
}
