//! Steps as reports show them: one line, without secrets.

use crate::scenario::load::Source;
use crate::scenario::model::keys::{Keys, Part};
use crate::scenario::model::step::{Step, Verb};

/// Longer steps are cut.
const LONGEST: usize = 120;

pub(super) fn step(step: &Step, source: &Source, show_secrets: bool) -> String {
    let written = match &step.verb {
        Verb::Type(keys) if !show_secrets => format!("{{\"type\":\"{}\"}}", redacted(keys)),
        Verb::Press(press) if !show_secrets && press.key.is_digit() => {
            format!(
                "{{\"press\":{{\"key\":\"[pin:1]\",\"for\":\"{}\"}}}}",
                press.lasting
            )
        }
        // What stands inside is told step by step.
        Verb::Repeat(repeat) => format!("{{\"repeat\":{{\"times\":{},…}}}}", repeat.times.value),
        Verb::Fork(_) => "{\"fork\":[…]}".to_owned(),
        _ => source.in_one_line(step.span),
    };
    if written.chars().count() <= LONGEST {
        return written;
    }
    written.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Each run of digits stands as its length: `pin:10`.
fn redacted(keys: &Keys) -> String {
    let mut text = String::new();
    let mut digits = 0;
    for part in keys.parts() {
        match part {
            Part::Key(key) if key.is_digit() => {
                digits += 1;
                continue;
            }
            _ => flush(&mut digits, &mut text),
        }
        match part {
            Part::Key(key) => text.push(key.name()),
            Part::Bound(name) => text.extend(["${", name, "}"]),
        }
    }
    flush(&mut digits, &mut text);
    text
}

fn flush(digits: &mut usize, text: &mut String) {
    if *digits > 0 {
        text.extend(["[pin:", &digits.to_string(), "]"]);
    }
    *digits = 0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_that_was_typed_is_shown() {
        let redacted = |keys: &str| redacted(&keys.parse().unwrap());
        assert_eq!(
            redacted("${stay}#591-245 0186*4#L"),
            "${stay}#[pin:10]*[pin:1]#L"
        );
    }
}
