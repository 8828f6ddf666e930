//! Breaking things, and repairing them.

use super::deed::{Deed, Performance};
use super::form::{Fields, Form, Note, Purpose, Submission};
use super::picker::{self, Item, Picker};
use crate::theme::Role;
use crate::view::ViewModel;
use crate::words;
use sim::fault::{Fault, FaultName};
use sim::scenario::decode::from_json;
use sim::scenario::model::fault::Injection;
use sim::scenario::model::step::Verb;

/// Something that can be broken.
#[derive(Debug)]
struct Choice {
    label: &'static str,
    about: &'static str,
    /// The fault as a file has it, `?` where its value stands.
    fault: &'static str,
    /// What stands there: how it is called, and where one begins.
    value: Option<(&'static str, &'static str)>,
}

/// What needs no value.
const fn whole(label: &'static str, about: &'static str, fault: &'static str) -> Choice {
    Choice {
        label,
        about,
        fault,
        value: None,
    }
}

impl Choice {
    const fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.value = Some((name, value));
        self
    }
}

#[rustfmt::skip]
const CHOICES: &[Choice] = &[
    whole("motor jammed", "the bolt can't leave its place", r#"{"motor":"jammed"}"#),
    whole("motor slow", "travel takes three times as long", r#"{"motor":"slow"}"#),
    whole("motor open circuit", "no motion, no current", r#"{"motor":"open_circuit"}"#),
    whole("battery at … volts", "brown-out under motor load included", r#"{"battery":{"volts":?}}"#).with("volts", "4.1"),
    whole("power cut inside flash operation …", "counted from now; for 1 s", r#"{"power_cut":{"at_flash_operation":?,"for":"1s"}}"#).with("number", "1"),
    whole("power cut after … flash bytes", "counted from now; for 1 s", r#"{"power_cut":{"after_flash_bytes":?,"for":"1s"}}"#).with("bytes", "8"),
    whole("clock chip stopped", "its oscillator stands still, and it tells so", r#"{"rtc":"stopped"}"#),
    whole("clock chip silent", "it doesn't acknowledge its address", r#"{"rtc":"no_ack"}"#),
    whole("clock chip misread", "what is read from it is wrong", r#"{"rtc":"wrong_read"}"#),
    whole("clock chip drifts by … ppm", "parts in a million, minus for slow", r#"{"rtc":{"drift_ppm":?}}"#).with("ppm", "20"),
    whole("clock chip jumps by …", "at once", r#"{"rtc":{"jump":"?"}}"#).with("by", "-10m"),
    whole("backup cell dead", "the clock chip forgets while main power is off", r#"{"backup_cell":"dead"}"#),
    whole("key … stuck", "its contact stays closed", r#"{"key":{"stuck":"?"}}"#).with("key", "5"),
    whole("key … dead", "its contact never closes", r#"{"key":{"dead":"?"}}"#).with("key", "7"),
    whole("keys bounce for … ms", "10 when sound", r#"{"key":{"bounce_ms":?}}"#).with("ms", "30"),
    whole("keys ghost", "three closed keys of a rectangle read as four", r#"{"key":{"ghost":true}}"#),
    whole("flash: … bits flip", "among the words that hold anything", r#"{"flash":{"flip_bits":?}}"#).with("bits", "1"),
    whole("flash: sector … worn out", "it neither erases nor programs any more", r#"{"flash":{"worn_sector":?}}"#).with("sector", "0"),
    whole("flash: write error", "every write and erase is refused", r#"{"flash":"write_error"}"#),
    whole("LED: green half dead", "it stays dark", r#"{"led":{"dead":"green"}}"#),
    whole("LED: red half dead", "it stays dark", r#"{"led":{"dead":"red"}}"#),
];

/// What is broken and can be repaired, and what can be broken.
pub(crate) fn picker(view: &ViewModel<'_>) -> Picker {
    let mut items: Vec<_> = FaultName::ALL
        .into_iter()
        .filter_map(|name| repairable(name, view))
        .collect();
    items.extend(CHOICES.iter().map(|choice| Item {
        label: choice.label.to_owned(),
        detail: choice.about.to_owned(),
        choice: breakable(choice),
        why_not: None,
    }));
    Picker::new("break or repair", items, "there is nothing")
}

/// The line that repairs what is broken of this name.
fn repairable(name: FaultName, view: &ViewModel<'_>) -> Option<Item> {
    let faults = view.faults().filter(|fault| fault.name() == name);
    let broken: Vec<_> = faults.map(words::fault).collect();
    let what = words::faulty(name);
    (!broken.is_empty()).then(|| Item {
        label: format!("repair the {what}"),
        detail: broken.join(", "),
        choice: picker::Choice::Do(Deed::Perform(Performance {
            deed: format!("repairing the {what}"),
            verb: Verb::Repair(name.into()),
            said: (Role::Good, format!("repaired: {what}")),
        })),
        why_not: None,
    })
}

/// Asks for the value that a fault needs, or breaks at once what needs none.
fn breakable(choice: &'static Choice) -> picker::Choice {
    match (choice.value, breaking(choice, "")) {
        (None, Ok(deed)) => picker::Choice::Do(deed),
        (value, _) => {
            let (name, value) = value.unwrap_or_default();
            let form = Form::new(choice.label, Break { choice });
            picker::Choice::Fill(form.field(name, value, value))
        }
    }
}

#[derive(Debug)]
struct Break {
    choice: &'static Choice,
}

impl Purpose for Break {
    fn notes(&self, fields: &Fields, _view: &ViewModel<'_>) -> Vec<Note> {
        match fault(self.choice, fields.value(0)) {
            Ok(_) => vec![(Role::Faint, self.choice.about.to_owned())],
            Err(why) => vec![(Role::Warn, why)],
        }
    }

    fn submit(&self, fields: &Fields, _view: &ViewModel<'_>) -> Result<Submission, String> {
        breaking(self.choice, fields.value(0)).map(Submission::Do)
    }
}

fn breaking(choice: &Choice, value: &str) -> Result<Deed, String> {
    let injection = Injection {
        fault: fault(choice, value)?,
        optional: false,
    };
    let label = choice.label.replace('…', value);
    Ok(Deed::Perform(Performance {
        deed: format!("breaking: {label}"),
        verb: Verb::Fault(injection.into()),
        said: (Role::Warn, format!("broken: {label}; f repairs it")),
    }))
}

fn fault(choice: &Choice, value: &str) -> Result<Fault, String> {
    // A value that could end the text it stands in is none of these, nor is a number that JSON has no name for.
    let quoted = choice.fault.contains("\"?\"");
    let fits = !value.contains(['"', '\\', '{', '}', ','])
        && (quoted || serde_json::from_str::<f64>(value).is_ok());
    if choice.value.is_some() && !fits {
        let expected = if quoted { "value" } else { "number" };
        return Err(format!("`{value}` is no {expected}"));
    }
    from_json(&choice.fault.replace('?', value)).map_err(|problems| {
        let first = problems.into_iter().next();
        first.map_or_else(String::new, |problem| problem.message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_broken_is_offered_and_understood() {
        let mut names = Vec::new();
        for choice in CHOICES {
            let value = choice.value.map_or("", |(_, value)| value);
            names.push(fault(choice, value).expect(choice.label).name());
        }
        for name in FaultName::ALL {
            assert!(names.contains(&name), "{name}");
        }
    }

    #[test]
    fn a_wrong_value_says_what_is_expected() {
        let of = |label: &str| CHOICES.iter().find(|choice| choice.label == label).unwrap();
        for (label, value) in [
            ("battery at … volts", "many"),
            ("battery at … volts", "99"),
            ("key … stuck", "55"),
            ("clock chip jumps by …", "soon"),
            ("power cut inside flash operation …", "0"),
            ("power cut after … flash bytes", "1}}"),
        ] {
            let error = fault(of(label), value).unwrap_err();
            assert!(!error.is_empty(), "{label} {value}");
        }
    }
}
