//! Settings and the clock, over the installer's port.

use firmware_core::settings::SettingName;

use super::deed::{Deed, Performance};
use super::form::{Fields, Form, Note, Purpose, Submission};
use super::picker::{Choice, Item, Picker};
use crate::theme::Role;
use crate::view::ViewModel;
use crate::when;
use sim::scenario::model::settings::{Change, Setting, Settings};
use sim::scenario::model::step::Verb;
use sim::scenario::settings::put;

/// The settings with the values that the lock tells of them, in the order of [`SettingName::ALL`]; and the clock.
pub(crate) fn picker(values: Vec<String>) -> Picker {
    let mut items = vec![Item {
        label: "clock".to_owned(),
        detail: "sets the clock chip".to_owned(),
        choice: Choice::Fill(Form::new("set the clock", SetClock).field(
            "to",
            "",
            "now, 15:00, now - 1h",
        )),
        why_not: None,
    }];
    items.extend(
        SettingName::ALL
            .iter()
            .zip(values)
            .map(|(name, value)| Item {
                label: name.to_string(),
                detail: value.clone(),
                choice: Choice::Fill(
                    Form::new(name.as_str(), SetSetting { name: *name }).field("value", value, ""),
                ),
                why_not: None,
            }),
    );
    Picker::new(
        "settings, over the installer's port",
        items,
        "the lock has none",
    )
}

#[derive(Debug)]
struct SetSetting {
    name: SettingName,
}

impl Purpose for SetSetting {
    fn notes(&self, _fields: &Fields, _view: &ViewModel<'_>) -> Vec<Note> {
        let expects = self.name.expects();
        let iana = if self.name == SettingName::Timezone {
            ", or an IANA name such as America/Denver"
        } else {
            ""
        };
        vec![(Role::Faint, format!("{expects}{iana}"))]
    }

    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String> {
        let (name, value) = (self.name, fields.value(0));
        let change = Change {
            name,
            value: setting(value).into(),
        };
        // A wrong value is refused before anybody goes to the port with it.
        let mut trial = view.known().settings.clone();
        put(&mut trial, &change).map_err(|problem| problem.message)?;
        Ok(Submission::Do(Deed::Perform(Performance {
            deed: format!("setting {name}"),
            verb: Verb::Settings(Settings(vec![change]).into()),
            said: (Role::Good, format!("{name} is {value}")),
        })))
    }
}

fn setting(text: &str) -> Setting {
    let numbers = text
        .trim_start_matches('[')
        .trim_end_matches(']')
        .split(',');
    let list: Option<Vec<u64>> = numbers.map(|part| part.trim().parse().ok()).collect();
    match (text, text.parse(), list) {
        ("on" | "true", ..) => Setting::Switch(true),
        ("off" | "false", ..) => Setting::Switch(false),
        (_, Ok(number), _) => Setting::Number(number),
        (_, Err(_), Some(list)) => Setting::List(list),
        (_, Err(_), None) => Setting::Text(text.to_owned()),
    }
}

#[derive(Debug)]
struct SetClock;

impl Purpose for SetClock {
    fn notes(&self, fields: &Fields, view: &ViewModel<'_>) -> Vec<Note> {
        if fields.value(0).is_empty() {
            return vec![(Role::Faint, format!("such as now, {}", when::EXPECTED))];
        }
        match when::instant(fields.value(0), view.known(), view.utc()) {
            Ok(stamp) => {
                let there = view.known().zone.at(stamp);
                vec![(Role::Good, there.strftime("%a %F %T %Z").to_string())]
            }
            Err(why) => vec![(Role::Warn, why)],
        }
    }

    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String> {
        let stamp = when::instant(fields.value(0), view.known(), view.utc())?;
        let moment = view.known().zone.moment(stamp);
        Ok(Submission::Do(Deed::Perform(Performance {
            deed: "setting the clock".to_owned(),
            verb: Verb::SetClock(moment.into()),
            said: (Role::Good, "the clock is set".to_owned()),
        })))
    }
}
