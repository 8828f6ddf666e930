//! Programming at the keypad, as the owner means it.

use firmware_core::settings::SettingName;
use jiff::Timestamp;
use jiff::civil::DateTime;
use smartpin::Generation;

use super::truth::{Change, SLOTS, Truth};
use crate::owner::{Book, Digits};

/// A function that was named, and the arguments given to it so far.
#[derive(Clone, Debug)]
pub(super) struct Function {
    number: u16,
    arguments: Vec<Digits>,
}

/// How far it has come with one more entry.
pub(super) enum Progress {
    /// It wants more.
    On(Function),
    /// All is there: the function's number, and the change that it makes, if it is a valid one.
    Done(u16, Option<Change>),
}

/// After the programming code: the function's number, or an argument.
pub(super) fn entered(
    function: Option<Function>,
    digits: Digits,
    truth: &Truth,
    book: &Book,
) -> Progress {
    let function = match function {
        None => match digits.parse() {
            Ok(number) => Function {
                number,
                arguments: Vec::new(),
            },
            Err(_) => return Progress::Done(0, None),
        },
        Some(mut function) => {
            function.arguments.push(digits);
            function
        }
    };
    let Some(wanted) = arguments(function.number) else {
        return Progress::Done(function.number, None);
    };
    if function.arguments.len() < wanted {
        return Progress::On(function);
    }
    Progress::Done(function.number, function.change(truth, book))
}

/// How many arguments a function takes; none if there is no such function.
fn arguments(number: u16) -> Option<usize> {
    match number {
        100 | 110 | 129 => Some(2),
        111 | 127 | 128 | 130 | 140 => Some(1),
        120 | 121 | 150 | 151 | 160 | 161 => Some(0),
        _ => None,
    }
}

impl Function {
    fn change(&self, truth: &Truth, book: &Book) -> Option<Change> {
        let argument = |number: usize| self.arguments.get(number);
        let twice = || {
            argument(0)
                .filter(|first| Some(*first) == argument(1))
                .cloned()
        };
        let slot = || {
            let number: usize = argument(0)?.parse().ok()?;
            number.checked_sub(1).filter(|slot| *slot < SLOTS)
        };
        let switch = |name, on: bool| {
            let value = if on { "on" } else { "off" };
            Some(Change::Setting(name, value.to_owned()))
        };
        match self.number {
            100 => Some(Change::Programming(twice()?)),
            110 => Some(Change::Local(slot()?, argument(1).cloned())),
            111 => Some(Change::Local(slot()?, None)),
            120 | 121 => switch(SettingName::SmartpinEnabled, self.number == 121),
            127 | 128 => {
                let pin = truth.named(argument(0)?, book)?;
                Some(Change::Blocked(pin, self.number == 128))
            }
            129 => Some(Change::Generation(Generation(twice()?.parse().ok()?))),
            130 => {
                let seconds: u8 = argument(0)?.parse().ok()?;
                Some(Change::Setting(
                    SettingName::AutoLockSeconds,
                    seconds.to_string(),
                ))
            }
            140 => Some(Change::Clock(civil(argument(0)?, truth)?)),
            150 | 151 => switch(SettingName::PassageMode, self.number == 151),
            160 | 161 => switch(SettingName::Beeps, self.number == 161),
            _ => None,
        }
    }
}

/// `YYMMDDhhmm` where the lock hangs; an hour that comes twice means its first pass.
fn civil(digits: &str, truth: &Truth) -> Option<Timestamp> {
    let part = |at: usize| digits.get(at..at + 2)?.parse::<i8>().ok();
    if digits.len() != 10 {
        return None;
    }
    let year = 2000 + i16::from(part(0)?);
    let civil = DateTime::new(year, part(2)?, part(4)?, part(6)?, part(8)?, 0, 0).ok()?;
    truth.zone.instants(civil).first()
}

#[cfg(test)]
mod tests {
    use firmware_core::logic::programming::{Argument, FUNCTIONS};
    use firmware_core::settings::Settings;
    use smartpin::LockKey;

    use super::*;
    use crate::owner::{TEST_SERIAL, TEST_SITE_KEY, Terms, lock_key};
    use crate::zones::Zone;

    fn truth(key: LockKey) -> Truth {
        let terms = Terms {
            settings: Settings::default(),
            zone: Zone::default(),
            code: "246813".to_owned(),
        };
        Truth::new(key, &terms)
    }

    fn sample(argument: Argument, before: &str) -> &str {
        match argument {
            Argument::ProgrammingCode => "246813",
            Argument::Slot => "3",
            Argument::LocalCode => "4711",
            Argument::Pin => "0123456789",
            Argument::Generation => "1",
            Argument::Seconds => "30",
            Argument::Civil => "2612011400",
            Argument::Again => before,
        }
    }

    #[test]
    fn every_function_of_the_firmware_has_a_meaning() {
        let serial = TEST_SERIAL.parse().expect("a serial number");
        let key = lock_key(TEST_SITE_KEY, &serial);
        let (truth, book) = (truth(key.clone()), Book::new(key));
        for function in &FUNCTIONS {
            let mut progress = entered(None, function.number.to_string(), &truth, &book);
            let mut before = "";
            for argument in function.arguments() {
                let Progress::On(on) = progress else {
                    panic!("{} takes {argument:?}", function.number);
                };
                before = sample(argument, before);
                progress = entered(Some(on), before.to_owned(), &truth, &book);
            }
            assert!(
                matches!(progress, Progress::Done(number, Some(_)) if number == function.number),
                "{}",
                function.number
            );
        }
        let known = (0..=9_999).filter(|number| arguments(*number).is_some());
        assert!(known.eq(FUNCTIONS.iter().map(|function| function.number)));
    }
}
