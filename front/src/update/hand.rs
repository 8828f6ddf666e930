//! What fingers do to the lock: keys, codes, batteries.

use crate::app::{App, NextKey};
use crate::dialogs::{Ask, Dialog, Question};
use crate::theme::Role;
use crate::words::{Standing, standing};
use sim::key::Key;
use sim::pace::DOWN;
use sim::play::Stroke;
use sim::scenario::model::names::Power;
use sim::scenario::model::step::Verb;

impl App {
    /// Digits that were pasted are typed, whatever stands between them: a PIN as it came by message.
    pub(super) fn paste(&mut self, text: &str) {
        let keys: Vec<_> = text
            .chars()
            .filter_map(Key::named)
            .filter(|key| key.is_digit())
            .collect();
        if keys.is_empty() || !self.may_type() {
            return;
        }
        self.mark("pasting");
        for key in keys {
            self.play.tap(key);
        }
    }

    pub(super) fn may_type(&mut self) -> bool {
        let why = self.why_no_keys();
        if let Some(why) = &why {
            self.say(Role::Warn, why.clone());
        }
        why.is_none()
    }

    pub(super) fn tap(&mut self, key: Key) {
        if std::mem::replace(&mut self.next_key, NextKey::Tapped) == NextKey::Held {
            self.mark(format!("holding {key}"));
            self.play.hold(key);
            self.say(
                Role::Text,
                format!("{key} is held: any key of the lock lets it go"),
            );
        } else if self.play.is_holding() {
            self.play.let_go();
        } else {
            self.mark(format!("key {key}"));
            self.play.tap(key);
            if !self.observed.powered {
                self.say(
                    Role::Warn,
                    "the lock has no power: keys do nothing; p puts the batteries in",
                );
            }
        }
    }

    /// Types somebody's PIN at a person's pace.
    pub(super) fn type_pin(&mut self) {
        let Some(guest) = self.view().chosen_guest() else {
            return;
        };
        let title = guest.title().to_owned();
        let keys = entry(&guest.name, &guest.code());
        self.mark(format!("typing {title}'s PIN"));
        self.play.press(keys);
    }

    /// Types the owner's sequence that blocks a PIN.
    pub(super) fn block(&mut self) {
        let known = &self.play.stage.known;
        let Some(guest) = self.view().chosen_guest() else {
            return;
        };
        if standing(guest, known, self.play.stage.utc()) == Standing::Void {
            let text = format!(
                "{}'s PIN is of an older generation, void already",
                guest.title()
            );
            self.say(Role::Warn, text);
            return;
        }
        let title = guest.title().to_owned();
        let mut all = entry("programming_code", known.code());
        all.extend(entry("pin", "128"));
        all.extend(entry(&guest.name, &guest.code()));
        self.mark(format!("blocking {title}'s PIN"));
        self.play.press(all);
        let text = format!("the owner types: programming code, 128, {title}'s PIN");
        self.say(Role::Text, text);
    }

    pub(super) fn ask_for_generation(&mut self) {
        let now = self.play.stage.known.settings.generation.0;
        let live = self.play.stage.known.guests().len();
        self.dialog = Some(Dialog::Ask(Ask {
            words: vec![
                format!(
                    "Raise the generation from {now} to {}?",
                    now.saturating_add(1)
                ),
                format!("Every PIN issued so far ({live} in the book) is void then."),
                "u takes it back, here on the bench.".to_owned(),
            ],
            about: Question::RaiseGeneration,
        }));
    }

    pub(crate) fn raise_generation(&mut self) {
        let known = &self.play.stage.known;
        let next = known.settings.generation.0.saturating_add(1).to_string();
        let mut all = entry("programming_code", known.code());
        all.extend(entry("pin", "129"));
        all.extend(entry("pin", &next));
        all.extend(entry("pin", &next));
        self.mark("raising the generation");
        self.play.press(all);
        let text = format!("the owner types: programming code, 129, {next} twice");
        self.say(Role::Text, text);
    }

    pub(super) fn switch_power(&mut self) {
        let (power, deed) = if self.observed.powered {
            (Power::Off, "taking the batteries out")
        } else {
            (Power::On, "putting the batteries in")
        };
        match self.perform(deed, &Verb::Power(power)) {
            Ok(()) => self.say(Role::Text, deed),
            Err(why) => self.say(Role::Bad, why),
        }
    }
}

/// A code, called by its name in the trace, and Enter.
fn entry(name: &str, code: &str) -> Vec<Stroke> {
    let digits = code.chars().filter_map(Key::named).zip(1..);
    let mut strokes: Vec<_> = digits
        .map(|(key, number)| Stroke {
            key,
            label: Some(format!("{name}:{number}")),
            lasting: Some(DOWN),
        })
        .collect();
    strokes.push(Stroke {
        key: Key::ENTER,
        label: None,
        lasting: Some(DOWN),
    });
    strokes
}
