//! Guests, owners and attackers, and what they do next.

use std::iter;

use firmware_core::logic::programming::{Argument, FUNCTIONS, Function, Slot};
use firmware_core::settings::{SettingName, Values};

use super::actors::Actors;
use super::dice::Dice;
use super::steps::{
    CLEAR, ENTER, SECOND, bound, digit, entry, guest, moment, on_the_hour, programming_code,
    seconds, typed,
};
use crate::key::Key;
use crate::scenario::model::keys::Part;
use crate::scenario::model::names::Power;
use crate::scenario::model::settings::{Change, Setting, Settings};
use crate::scenario::model::step::{Issue, Press, Verb};
use crate::scenario::model::time::StayTime;
use crate::stage::Stage;
use crate::time::Lapse;

/// PINs in a walk's book, at most.
const GUESTS: usize = 12;
/// Functions that are used twice as often as others.
const OFTEN: [u16; 3] = [110, 121, 128];
/// Settings that are changed over the port. A walk stays in its zone and at its hours, and function 129 raises the
/// generation.
const CHANGED: [SettingName; 10] = [
    SettingName::SmartpinEnabled,
    SettingName::AutoLockSeconds,
    SettingName::PassageMode,
    SettingName::Beeps,
    SettingName::WrongTries,
    SettingName::WrongTryBudget,
    SettingName::MaxSmartpinDays,
    SettingName::FirstUseWithinHours,
    SettingName::PinsPerWindow,
    SettingName::LockoutMinutes,
];

pub(super) fn issue(actors: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    if stage.known.guests().len() >= GUESTS {
        return Vec::new();
    }
    actors.named += 1;
    let ahead = |days, hours| StayTime::Ahead { days, hours };
    let start = match dice.below(8) {
        0 => ahead(dice.below(4) as u32, 0),
        1 => ahead(0, dice.below(30) as u32),
        2 => on_the_hour(stage, -(dice.from(1, 60) as i32)),
        _ => ahead(0, 0),
    };
    let hours = match dice.below(6) {
        0 => dice.from(25, 48),
        1 => 24 * dice.from(33, 70),
        2 => 24 * dice.from(2, 30),
        _ => 24,
    };
    let end = match start {
        StayTime::Ahead { days, hours: first } => ahead(days, first + hours as u32),
        StayTime::Civil(_) => ahead(0, hours as u32),
    };
    vec![Verb::Issue(Issue {
        name: format!("guest_{}", actors.named).into(),
        guest: None,
        start: start.into(),
        end: end.into(),
        variant: None,
        generation: None,
        fails: None,
    })]
}

pub(super) fn come_in(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    guest(stage, dice)
        .map(|guest| typed(vec![bound(guest), ENTER]))
        .into_iter()
        .collect()
}

pub(super) fn choose_a_pin(actors: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let Some(guest) = guest(stage, dice) else {
        return Vec::new();
    };
    let mut verbs = vec![typed(vec![bound(guest), ENTER]), seconds(dice.from(1, 8))];
    for _ in 0..=dice.below(3) {
        let code = new_code(actors, dice);
        verbs.push(typed(entry(&code)));
        if dice.once_in(3) {
            verbs.push(seconds(dice.from(1, 9)));
        }
    }
    verbs
}

pub(super) fn use_own_code(actors: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    if actors.chosen.is_empty() {
        return choose_a_pin(actors, stage, dice);
    }
    vec![typed(entry(dice.one::<String>(&actors.chosen)))]
}

fn new_code(actors: &mut Actors, dice: &mut Dice<'_>) -> String {
    let code = match dice.below(10) {
        0 => "2222".to_owned(),
        1 => "4321".to_owned(),
        2 => dice.digits(3),
        3 => dice.digits(9),
        4 if !actors.chosen.is_empty() => dice.one(&actors.chosen).clone(),
        _ => {
            let length = dice.from(4, 8) as usize;
            dice.digits(length)
        }
    };
    actors.chosen.push(code.clone());
    code
}

pub(super) fn slip(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let Some(guest) = guest(stage, dice) else {
        return Vec::new();
    };
    let digits = guest.code();
    let half: Vec<Part> = digits
        .chars()
        .take(5)
        .filter_map(Key::named)
        .map(Part::Key)
        .collect();
    match dice.below(6) {
        0 => vec![typed(half), seconds(dice.from(9, 11)), typed(vec![ENTER])],
        1 => vec![typed([half, vec![CLEAR, bound(guest), ENTER]].concat())],
        2 => vec![typed(vec![bound(guest), digit('7'), ENTER])],
        3 => vec![typed(entry(&dice.digits(2)))],
        4 => vec![Verb::Press(Press {
            key: *dice.one(&[Key::ENTER, Key::LOCK, Key::RESET]),
            lasting: Lapse::from_micros(1_000 * dice.from(10, 90)),
        })],
        _ => {
            let mut wrong: Vec<Part> = digits
                .chars()
                .filter_map(Key::named)
                .map(Part::Key)
                .collect();
            let at = dice.below(wrong.len().max(1));
            wrong[at] = digit(char::from(b'0' + dice.below(10) as u8));
            wrong.push(ENTER);
            vec![typed(wrong)]
        }
    }
}

pub(super) fn lock_by_hand(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let lock = Part::Key(*dice.one(&[Key::ENTER, Key::LOCK]));
    vec![typed(vec![lock])]
}

pub(super) fn program(actors: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let known = &stage.known;
    let mut parts = programming_code(known);
    parts.push(ENTER);
    let often = |function: &&Function| {
        if OFTEN.contains(&function.number) {
            2
        } else {
            1
        }
    };
    let functions = FUNCTIONS.iter();
    let functions: Vec<_> = functions
        .flat_map(|function| iter::repeat_n(function, often(&function)))
        .collect();
    let function = dice.one(&functions);
    parts.extend(entry(&function.number.to_string()));
    let mut before = Vec::new();
    for argument in function.arguments() {
        let typed = match argument {
            Argument::Again => before,
            _ => self::argument(argument, actors, stage, dice),
        };
        parts.extend(typed.clone());
        before = typed;
    }
    vec![typed(parts)]
}

fn argument(
    argument: Argument,
    actors: &mut Actors,
    stage: &Stage,
    dice: &mut Dice<'_>,
) -> Vec<Part> {
    let known = &stage.known;
    match argument {
        Argument::ProgrammingCode => {
            let length = dice.from(6, 10) as usize;
            entry(&dice.digits(length))
        }
        Argument::Slot => entry(&dice.from(1, u64::from(Slot::COUNT)).to_string()),
        Argument::LocalCode => entry(&new_code(actors, dice)),
        Argument::Pin => match guest(stage, dice) {
            Some(guest) => vec![bound(guest), ENTER],
            None => entry("0000000000"),
        },
        Argument::Generation => {
            let to = known.settings.generation.0 + dice.from(1, 2) as u32;
            entry(&to.to_string())
        }
        Argument::Seconds => entry(dice.one::<&str>(&["2", "5", "30", "0"])),
        Argument::Civil => {
            let here = known.zone.at(stage.utc()).datetime();
            entry(&here.strftime("%y%m%d%H%M").to_string())
        }
        Argument::Again => Vec::new(),
    }
}

/// More PINs than the lock has places for, most of whose stays aren't over; ten at a time.
pub(super) fn block_a_whole_list(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let block = |dice: &mut Dice<'_>| {
        let code = programming_code(&stage.known);
        [code, vec![ENTER], entry("128"), entry(&dice.digits(10))].concat()
    };
    let ten = |dice: &mut Dice<'_>| typed((0..10).flat_map(|_| block(dice)).collect());
    (0..8).map(|_| ten(dice)).collect()
}

pub(super) fn program_wrongly(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let mut parts = programming_code(&stage.known);
    parts.push(ENTER);
    match dice.below(7) {
        0 => parts.extend(entry("199")),
        1 => parts.extend([entry("110"), entry("11"), entry("4711")].concat()),
        2 => parts.extend([entry("129"), entry("500"), entry("500")].concat()),
        3 => parts.extend([entry("130"), entry("1")].concat()),
        4 => parts.extend([entry("100"), entry("738291"), entry("738292")].concat()),
        5 => parts.extend([entry("128"), vec![CLEAR]].concat()),
        _ => {
            let wait = seconds(dice.from(28, 32));
            let rest = [
                entry("128"),
                guest(stage, dice).map_or_else(Vec::new, |guest| vec![bound(guest), ENTER]),
            ];
            return vec![typed(parts), wait, typed(rest.concat())];
        }
    }
    vec![typed(parts)]
}

pub(super) fn use_the_port(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let name = match dice.below(1 + CHANGED.len()) {
        0 => {
            let by = *dice.one(&[0, 0, 1, -1, 12, -12]);
            return vec![Verb::SetClock(moment(stage, i64::from(by) * 3_600).into())];
        }
        number => CHANGED[number - 1],
    };
    let change = value(name, dice).map(|value| Change {
        name,
        value: value.into(),
    });
    vec![Verb::Settings(
        Settings(change.into_iter().collect()).into(),
    )]
}

/// One of a setting's values: not a delay that outlasts the walk, and SmartPINs mostly on. None of the kinds that a walk
/// leaves alone.
fn value(name: SettingName, dice: &mut Dice<'_>) -> Option<Setting> {
    match name.values() {
        Values::Switch if name == SettingName::SmartpinEnabled => {
            Some(Setting::Switch(!dice.once_in(4)))
        }
        Values::Switch => Some(Setting::Switch(dice.once_in(2))),
        Values::Number(ranges) => {
            let range = ranges.last()?;
            let most = match name {
                SettingName::AutoLockSeconds => 20,
                SettingName::FirstUseWithinHours => 48,
                _ => range.max,
            };
            Some(Setting::Number(dice.from(range.min.into(), most.into())))
        }
        Values::Ladder(_) => Some(Setting::List(vec![1, 2, 3])),
        Values::Zone | Values::Rising { .. } => None,
    }
}

pub(super) fn reset(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let lasting = Lapse::from_micros(*dice.one(&[3, 4, 5, 6, 6, 6]) * SECOND + 200_000);
    let press = Verb::Press(Press {
        key: Key::RESET,
        lasting,
    });
    vec![Verb::Power(Power::Cycle), seconds(dice.from(0, 10)), press]
}

pub(super) fn guess(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let length = dice.from(4, 10) as usize;
    vec![typed(entry(&dice.digits(length)))]
}

pub(super) fn guess_on(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let mut verbs = Vec::new();
    for _ in 0..dice.from(3, 12) {
        let length = dice.from(4, 6) as usize;
        verbs.push(typed(entry(&dice.digits(length))));
        if dice.once_in(4) {
            verbs.push(Verb::Power(Power::Cycle));
        }
        if dice.once_in(5) {
            verbs.push(seconds(dice.from(30, 400)));
        }
    }
    verbs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_changes_every_setting_but_where_it_is_and_when() {
        let left = SettingName::ALL
            .into_iter()
            .filter(|name| !CHANGED.contains(name));
        assert!(left.eq([
            SettingName::DailyStartHour,
            SettingName::DailyEndHour,
            SettingName::Timezone,
            SettingName::Generation,
        ]));
    }

    #[test]
    fn a_walk_sets_what_the_lock_takes() {
        let mut random = crate::rng::Random::new(1, crate::rng::Stream::Walk);
        let mut dice = Dice(&mut random);
        let mut settings = firmware_core::settings::Settings::default();
        for name in CHANGED.repeat(50) {
            let value = value(name, &mut dice)
                .expect("one that is changed")
                .to_string();
            assert_eq!(settings.set(name, &value), Ok(()), "{name} {value}");
        }
    }
}
