//! Settings and the clock, over the installer's port.

use firmware_core::settings::SettingName;

use super::form::{Form, Note, Purpose};
use super::picker::{Choice, Item, Picker};
use crate::front::app::App;
use crate::front::theme::Role;
use crate::front::when;
use crate::scenario::model::settings::{Change, NAMES, Setting, Settings};
use crate::scenario::model::step::Verb;
use crate::scenario::settings::put;

impl App {
    pub(crate) fn open_settings(&mut self) {
        // What a copy of the lock answers: to ask the lock itself counts as giving it the programming code.
        let values = self.play.stage.clone().read_settings(NAMES);
        let mut items = vec![Item {
            label: "clock".to_owned(),
            detail: "sets the clock chip".to_owned(),
            choice: Choice::Clock,
            why_not: None,
        }];
        match values {
            Ok(values) => items.extend(NAMES.iter().zip(values).map(|(name, value)| Item {
                label: (*name).to_owned(),
                detail: value.clone(),
                choice: Choice::Setting(name, value),
                why_not: None,
            })),
            Err(stop) => return self.say(Role::Bad, stop.message),
        }
        self.open_picker(Picker::new(
            "settings, over the installer's port",
            items,
            "the lock has none",
        ));
    }

    pub(super) fn edit_setting(&mut self, name: &'static str, value: String) {
        self.open_form(Form::new(name, Purpose::Setting(name)).field("value", value, ""));
    }

    pub(super) fn edit_clock(&mut self) {
        let form = Form::new("set the clock", Purpose::Clock);
        self.open_form(form.field("to", "", "now, 15:00, now - 1h"));
    }
}

pub(super) fn notes(name: &'static str) -> Vec<Note> {
    let expects = name.parse().map_or("", SettingName::expects);
    let iana = if name == "timezone" {
        ", or an IANA name such as America/Denver"
    } else {
        ""
    };
    vec![(Role::Faint, format!("{expects}{iana}"))]
}

pub(super) fn submit(app: &mut App, name: &'static str, form: &Form) -> Result<(), String> {
    let change = Change {
        name,
        value: setting(form.value(0)).into(),
    };
    // A wrong value is refused before anybody goes to the port with it.
    let mut trial = app.play.stage.known.settings.clone();
    put(&mut trial, &change).map_err(|problem| problem.message)?;
    let verb = Verb::Settings(Settings(vec![change]).into());
    app.perform(&format!("setting {name}"), &verb)?;
    app.say(Role::Good, format!("{name} is {}", form.value(0)));
    Ok(())
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

pub(super) fn clock_notes(app: &App, form: &Form) -> Vec<Note> {
    let stage = &app.play.stage;
    if form.value(0).is_empty() {
        return vec![(Role::Faint, format!("such as now, {}", when::EXPECTED))];
    }
    match when::instant(form.value(0), &stage.known, stage.utc()) {
        Ok(stamp) => {
            let there = stage.known.zone.at(stamp);
            vec![(Role::Good, there.strftime("%a %F %T %Z").to_string())]
        }
        Err(why) => vec![(Role::Warn, why)],
    }
}

pub(super) fn submit_clock(app: &mut App, form: &Form) -> Result<(), String> {
    let stage = &app.play.stage;
    let stamp = when::instant(form.value(0), &stage.known, stage.utc())?;
    let moment = stage.known.zone.moment(stamp);
    app.perform("setting the clock", &Verb::SetClock(moment.into()))?;
    app.say(Role::Good, "the clock is set");
    Ok(())
}
