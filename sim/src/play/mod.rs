//! A lock played by hand: fingers that take their time, and a record of all that was done and shown.

mod hand;
pub mod kept;
pub mod outlook;
pub mod record;
mod transcript;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::key::Key;
use crate::moment::Moment;
use crate::pace::DOWN;
use crate::scenario::model::step::{Press, Verb};
use crate::stage::{Stage, StepError};
use crate::stimulus::Stimulus;
use crate::time::{Lapse, Time, earliest};
use crate::trace::AuditEntry;
use hand::Hand;
pub use hand::Stroke;
use record::{Record, What};
pub use transcript::Transcript;

/// A stage, the hand on its keypad, and what was done and shown so far. A clone is a point to go back to.
#[derive(Clone)]
pub struct Play {
    /// The world and the people in it.
    pub stage: Stage,
    /// What was done, and what was seen.
    pub record: Record,
    hand: Hand,
    /// How much of the record is of before this stage was there, in another run of the program.
    before: usize,
    /// How many events of the trace the record has seen.
    recorded: usize,
    /// A rule that the firmware broke; nothing after it means anything.
    broken: Option<String>,
}

impl Play {
    /// Whatever happened on the stage before is nobody's doing, and isn't recorded.
    #[must_use]
    pub fn new(stage: Stage, record: Record) -> Self {
        let recorded = stage.world.trace().len();
        Self {
            stage,
            before: record.len(),
            record,
            hand: Hand::default(),
            recorded,
            broken: None,
        }
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.stage.world.now()
    }

    /// What the lock logged in other runs of the program; what it logged in this one stands in the trace.
    pub fn logged_before(&self) -> impl Iterator<Item = (Time, &AuditEntry)> {
        let items = self.record.items().take(self.before);
        items.filter_map(|item| match &item.what {
            What::Audit(entry) => Some((item.at, entry)),
            _ => None,
        })
    }

    /// The rule that the firmware broke, if it did.
    #[must_use]
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Keys to be pressed one after the other, at a person's pace.
    pub fn press(&mut self, strokes: impl IntoIterator<Item = Stroke>) {
        self.hand.queue(strokes);
        self.move_hand();
    }

    /// One key, for 80 ms.
    pub fn tap(&mut self, key: Key) {
        self.press([Stroke {
            key,
            label: crate::stage::acts::held_label(key),
            lasting: Some(DOWN),
        }]);
    }

    /// A key goes down once those before it are up, and stays so until [`Play::let_go`].
    pub fn hold(&mut self, key: Key) {
        self.press([Stroke {
            key,
            label: crate::stage::acts::held_label(key),
            lasting: None,
        }]);
    }

    /// The key that is held goes up, though not sooner than a tap's would.
    pub fn let_go(&mut self) {
        self.hand.let_go(self.now());
        self.move_hand();
    }

    /// The key that is down.
    #[must_use]
    pub fn down(&self) -> Option<Key> {
        self.hand.down()
    }

    /// Whether a key stays down until it is let go.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        self.hand.is_holding()
    }

    /// Whether keys are still to be pressed or to go up by themselves.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.hand.due(&self.stage).is_some()
    }

    /// Forgets the keys that are still to come; a key that is down goes up in its time.
    pub fn stop_typing(&mut self) {
        self.hand.forget(self.now());
    }

    /// Lets the keys that are still to come be pressed, as long as that takes, and takes the hand off the keypad.
    pub fn finish_typing(&mut self) {
        self.let_go();
        while let Some(due) = self.hand.due(&self.stage) {
            self.advance(due);
        }
    }

    /// Takes the hand off the keypad: keys to come are forgotten, and one that is down goes up in its time.
    pub fn lay_down(&mut self) {
        self.stop_typing();
        self.finish_typing();
    }

    /// Does what a step says, at once; nothing has changed if it can't be done.
    ///
    /// # Errors
    ///
    /// Why it can't.
    pub fn perform(&mut self, verb: &Verb) -> Result<(), StepError> {
        let mut next = self.stage.clone();
        next.begin(verb);
        next.act(verb)?;
        self.record.did(self.now(), verb.clone());
        self.stage = next;
        self.look();
        Ok(())
    }

    /// Marks that somebody lets time pass until `moment`; [`Play::advance`] does it.
    pub fn head_for(&mut self, moment: Moment) {
        self.record.did(self.now(), Verb::Until(moment.into()));
    }

    /// When something happens next by itself, a finger's next move included.
    #[must_use]
    pub fn next(&self) -> Option<Time> {
        earliest([self.stage.world.next_event(), self.hand.due(&self.stage)])
    }

    /// Lets time pass, and all happen that is due by then.
    pub fn advance(&mut self, to: Time) {
        while let Some(due) = self.hand.due(&self.stage).filter(|due| *due <= to) {
            self.run(due);
            self.move_hand();
        }
        self.run(to);
    }

    /// Another stage in this one's place, which was brought there by known stimuli: a step of a scenario.
    pub fn replace_stage(&mut self, stage: Stage) {
        self.recorded = stage.world.trace().len();
        self.stage = stage;
        self.record.push(self.now(), What::Reached);
    }

    /// Lets time pass in a step of a scenario; what is to be seen of it, the step knows itself.
    pub fn follow_to(&mut self, at: Time) {
        let outcome = self.stage.advance(at);
        self.heed(outcome);
        self.recorded = self.stage.world.trace().len();
    }

    /// Something that a step of a scenario does in its time.
    pub fn follow(&mut self, at: Time, stimulus: Stimulus) {
        self.follow_to(at);
        let outcome = self.stage.apply(stimulus);
        self.heed(outcome);
        self.recorded = self.stage.world.trace().len();
    }

    /// The true time of a moment.
    #[must_use]
    pub fn utc_at(&self, at: Time) -> Timestamp {
        self.stage.world.utc_at(at)
    }

    fn run(&mut self, to: Time) {
        let outcome = self.stage.advance(to);
        self.heed(outcome);
        self.look();
    }

    fn heed(&mut self, outcome: Result<(), StepError>) {
        if let Err(stop) = outcome {
            self.broken.get_or_insert(stop.message);
        }
    }

    /// All moves of the hand that are due now.
    fn move_hand(&mut self) {
        while self
            .hand
            .due(&self.stage)
            .is_some_and(|due| due <= self.now())
        {
            self.look();
            if let Some((stroke, since)) = self.hand.raise() {
                let lasting = self.now() - since;
                let lasting = Lapse::from_micros(u64::try_from(lasting.as_micros()).unwrap_or(0));
                self.record.held(Press {
                    key: stroke.key,
                    lasting,
                });
                let outcome = self.stage.key_up(stroke.key, stroke.label);
                self.heed(outcome);
            } else if let Some(stroke) = self.hand.lower(self.now()) {
                self.stage.open_window();
                let press = Press {
                    key: stroke.key,
                    lasting: stroke.lasting.unwrap_or(DOWN),
                };
                self.record.did(self.now(), Verb::Press(press));
                let outcome = self.stage.key_down(stroke.key, stroke.label);
                self.heed(outcome);
            } else {
                break;
            }
        }
        self.look();
    }

    fn look(&mut self) {
        let trace = self.stage.world.trace();
        for event in trace.since(self.recorded) {
            self.record.saw(event);
        }
        self.recorded = trace.len();
    }
}
