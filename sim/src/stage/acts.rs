//! What each verb does to the world.

use firmware_core::civil::UtcTime;
use jiff::{Timestamp, civil::DateTime};

use super::{Stage, StepError};
use crate::key::Key;
use crate::moment::Moment;
use crate::pace::{DOWN, UP};
use crate::port::Request;
use crate::scenario::model::keys::Keys;
use crate::scenario::model::names::Power;
use crate::scenario::model::step::{Issue, Press, Step, Verb};
use crate::stimulus::{self, Stimulus};
use crate::time::{Lapse, Time};

/// How long the batteries are out in a `cycle`.
const CYCLE: Lapse = Lapse::from_micros(1_000_000);

impl Stage {
    /// Does a step; one that need not succeed may fail.
    ///
    /// # Errors
    ///
    /// A rule that was broken; and, of a step that has to succeed, whatever hindered it.
    pub fn take(&mut self, step: &Step) -> Result<(), StepError> {
        self.begin(&step.verb);
        self.go_on(step)
    }

    /// A step begins. If it acts, what is seen and logged is looked for from here.
    pub fn begin(&mut self, verb: &Verb) {
        if verb.acts() {
            self.open_window();
        }
    }

    /// Does a step that has begun.
    ///
    /// # Errors
    ///
    /// As of [`Stage::take`].
    pub fn go_on(&mut self, step: &Step) -> Result<(), StepError> {
        let outcome = self.act(&step.verb);
        outcome.or_else(|stop| {
            if step.optional && stop.is_hindrance() {
                Ok(())
            } else {
                Err(stop)
            }
        })
    }

    /// Does what a step says. A `repeat` or `fork` is for its caller to take apart, and does nothing.
    pub fn act(&mut self, verb: &Verb) -> Result<(), StepError> {
        match verb {
            Verb::Issue(issue) => self.issue(issue),
            Verb::Type(keys) => self.type_keys(keys),
            Verb::Press(press) => self.press(*press),
            Verb::Wait(lapse) => self.pass(*lapse),
            Verb::Until(moment) => self.until(moment.value),
            Verb::Expect(expect) => self.expect(expect),
            Verb::Fault(injection) => self.apply(Stimulus::Inject(injection.fault)),
            Verb::Repair(name) => self.apply(Stimulus::Repair(name.value)),
            Verb::Power(power) => self.power(*power),
            Verb::SetClock(moment) => self.set_clock(moment.value),
            Verb::Settings(settings) => self.set(&settings.value),
            Verb::Repeat(_) | Verb::Fork(_) => Ok(()),
        }
    }

    fn issue(&mut self, issue: &Issue) -> Result<(), StepError> {
        let outcome = self.known.issue(issue, self.utc());
        match (outcome, &issue.fails) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(text)) => {
                Err(format!("a PIN was issued, where \"{}\" was expected", text.value).into())
            }
            (Err(refusal), Some(text)) if refusal.to_string().contains(&text.value) => Ok(()),
            (Err(refusal), Some(text)) => Err(format!(
                "expected a refusal containing \"{}\", got: {refusal}",
                text.value
            )
            .into()),
            (Err(refusal), None) => Err(format!("the app issued no PIN: {refusal}").into()),
        }
    }

    fn type_keys(&mut self, keys: &Keys) -> Result<(), StepError> {
        for stroke in self.known.strokes(keys) {
            self.stroke(stroke.key, stroke.label, DOWN)?;
        }
        Ok(())
    }

    fn press(&mut self, press: Press) -> Result<(), StepError> {
        self.stroke(press.key, held_label(press.key), press.lasting)
    }

    /// One key, down and up, a pause after the one before; over steps, too.
    fn stroke(&mut self, key: Key, label: Option<String>, lasting: Lapse) -> Result<(), StepError> {
        self.advance(self.ready_for_key())?;
        self.key_down(key, label.clone())?;
        self.pass(lasting)?;
        self.key_up(key, label)
    }

    /// The earliest moment at which a person's next key goes down.
    #[must_use]
    pub fn ready_for_key(&self) -> Time {
        let now = self.world.now();
        self.released
            .map_or(now, |released| (released + UP.duration()).max(now))
    }

    /// A key goes down; `label` is what the trace calls it.
    ///
    /// # Errors
    ///
    /// A rule that was broken.
    pub fn key_down(&mut self, key: Key, label: Option<String>) -> Result<(), StepError> {
        self.known.pressed(key, self.world.now());
        self.apply(Stimulus::KeyDown { key, label })
    }

    /// A key comes up; `label` is what the trace calls it.
    ///
    /// # Errors
    ///
    /// A rule that was broken.
    pub fn key_up(&mut self, key: Key, label: Option<String>) -> Result<(), StepError> {
        self.apply(Stimulus::KeyUp { key, label })?;
        self.released = Some(self.world.now());
        Ok(())
    }

    fn until(&mut self, moment: Moment) -> Result<(), StepError> {
        let now = self.utc();
        let target = self.instant(moment, now)?;
        let ahead = target.as_microsecond() - now.as_microsecond();
        let Ok(ahead) = u64::try_from(ahead) else {
            let here = self.known.zone.at(now).datetime();
            return Err(format!("{moment} is over: it is {here}, and time doesn't go back").into());
        };
        self.pass(Lapse::from_micros(ahead))
    }

    /// The instant of a moment: where clocks show it twice, the earliest that isn't over.
    fn instant(&self, moment: Moment, now: Timestamp) -> Result<Timestamp, StepError> {
        match moment {
            Moment::Exact(stamp) => Ok(stamp),
            Moment::Civil(civil) => self
                .known
                .zone
                .instants(civil)
                .from(now)
                .ok_or_else(|| skipped(civil)),
        }
    }

    fn power(&mut self, power: Power) -> Result<(), StepError> {
        match power {
            Power::Off => self.apply(Stimulus::Power(stimulus::Power::Off)),
            Power::On => self.apply(Stimulus::Power(stimulus::Power::On)),
            Power::Cycle => {
                self.apply(Stimulus::Power(stimulus::Power::Off))?;
                self.pass(CYCLE)?;
                self.apply(Stimulus::Power(stimulus::Power::On))
            }
        }
    }

    fn set_clock(&mut self, moment: Moment) -> Result<(), StepError> {
        let stamp = match moment {
            Moment::Exact(stamp) => stamp,
            Moment::Civil(civil) => self
                .known
                .zone
                .instants(civil)
                .first()
                .ok_or_else(|| skipped(civil))?,
        };
        self.ask_installer(&[Request::Clock(UtcTime(stamp.as_second()))])
    }
}

/// What the trace calls a key that is held: a digit may be part of a code.
#[must_use]
pub fn held_label(key: Key) -> Option<String> {
    key.is_digit().then(|| "pin:1".to_owned())
}

fn skipped(civil: DateTime) -> StepError {
    format!("{civil} does not exist where the lock hangs: the clocks skip it").into()
}
