//! What each verb does to the world.

use jiff::{Timestamp, civil::DateTime};

use super::{Armed, Session, StepPlace, Stop};
use crate::scenario::model::fault::Injection;
use crate::scenario::model::keys::Keys;
use crate::scenario::model::names::Power;
use crate::scenario::model::step::{Issue, Press, Step, Verb};
use crate::scenario::model::time::Moment;
use crate::stimulus::{self, Key, Stimulus};
use crate::time::Lapse;

/// A key's way down, at a person's pace.
const DOWN: Lapse = Lapse::from_micros(80_000);
/// And the pause before the next.
const UP: Lapse = Lapse::from_micros(120_000);
/// How long the batteries are out in a `cycle`.
const CYCLE: Lapse = Lapse::from_micros(1_000_000);

impl Session<'_> {
    pub(super) fn act(&mut self, step: &Step, place: &StepPlace) -> Result<(), Stop> {
        match &step.verb {
            Verb::Issue(issue) => self.issue(issue),
            Verb::Type(keys) => self.type_keys(keys),
            Verb::Press(press) => self.press(*press),
            Verb::Wait(lapse) => self.pass(*lapse),
            Verb::Until(moment) => self.until(moment.value),
            Verb::Expect(expect) => self.expect(expect),
            Verb::Fault(injection) => self.inject(injection, place),
            Verb::Repair(name) => self.apply(Stimulus::Repair(name.value)),
            Verb::Power(power) => self.power(*power),
            Verb::SetClock(moment) => self.set_clock(moment.value),
            Verb::Settings(settings) => self.set(&settings.value),
            // Both are taken apart before their steps come here.
            Verb::Repeat(_) | Verb::Fork(_) => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, stimulus: Stimulus) -> Result<(), Stop> {
        self.world.apply(stimulus);
        self.advance(self.world.now())
    }

    fn issue(&mut self, issue: &Issue) -> Result<(), Stop> {
        let outcome = self.known.issue(issue, self.utc());
        match (outcome, &issue.fails) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(text)) => {
                Err(format!("a PIN was issued, where \"{}\" was expected", text.value).into())
            }
            (Err(refusal), Some(text)) if refusal.to_string().contains(&text.value) => Ok(()),
            (Err(refusal), Some(text)) => Err(format!(
                "the app refused otherwise than expected (\"{}\"): {refusal}",
                text.value
            )
            .into()),
            (Err(refusal), None) => Err(format!("the app issued no PIN: {refusal}").into()),
        }
    }

    fn type_keys(&mut self, keys: &Keys) -> Result<(), Stop> {
        for stroke in self.known.strokes(keys) {
            self.stroke(stroke.key, stroke.label, DOWN)?;
        }
        Ok(())
    }

    fn press(&mut self, press: Press) -> Result<(), Stop> {
        self.stroke(
            press.key,
            press.key.is_digit().then(|| "pin:1".to_owned()),
            press.lasting,
        )
    }

    /// One key, down and up, a pause after the one before; over steps, too.
    fn stroke(&mut self, key: Key, label: Option<String>, lasting: Lapse) -> Result<(), Stop> {
        if let Some(released) = self.released {
            self.advance((released + UP.duration()).max(self.world.now()))?;
        }
        self.known.pressed(key, self.world.now());
        self.apply(Stimulus::KeyDown {
            key,
            label: label.clone(),
        })?;
        self.pass(lasting)?;
        self.apply(Stimulus::KeyUp { key, label })?;
        self.released = Some(self.world.now());
        Ok(())
    }

    fn until(&mut self, moment: Moment) -> Result<(), Stop> {
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
    fn instant(&self, moment: Moment, now: Timestamp) -> Result<Timestamp, Stop> {
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

    fn inject(&mut self, injection: &Injection, place: &StepPlace) -> Result<(), Stop> {
        self.armed.push(Armed {
            fault: injection.fault,
            optional: injection.optional,
            since: self.world.trace().len(),
            place: place.clone(),
        });
        self.apply(Stimulus::Inject(injection.fault))
    }

    fn power(&mut self, power: Power) -> Result<(), Stop> {
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

    fn set_clock(&mut self, moment: Moment) -> Result<(), Stop> {
        let stamp = match moment {
            Moment::Exact(stamp) => stamp,
            Moment::Civil(civil) => self
                .known
                .zone
                .instants(civil)
                .first()
                .ok_or_else(|| skipped(civil))?,
        };
        self.ask_installer(&[format!("clock {}", stamp.strftime("%FT%TZ"))])
    }
}

fn skipped(civil: DateTime) -> Stop {
    format!("{civil} does not exist where the lock hangs: the clocks skip it").into()
}
