//! People and weather, and what they do next: guests, owners, attackers, faults, and time that passes.

use jiff::civil::DateTime;

use crate::fault::{Fault, FaultName};
use crate::rng::Random;
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::fault::Injection;
use crate::scenario::model::keys::{Keys, Part};
use crate::scenario::model::names::Power;
use crate::scenario::model::settings::{Change, Setting, Settings};
use crate::scenario::model::step::{Issue, Press, Verb};
use crate::scenario::model::time::{Moment, StayTime};
use crate::stage::Stage;
use crate::stage::knowledge::{Guest, Knowledge};
use crate::stimulus::Key;
use crate::time::Lapse;

const SECOND: u64 = 1_000_000;
const HOUR: u64 = 3_600 * SECOND;
/// PINs in a walk's book, at most.
const GUESTS: usize = 12;

/// Chance, in words.
pub(super) struct Dice<'a>(pub(super) &'a mut Random);

impl Dice<'_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or_default()
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.below(high - low + 1)
    }

    pub(super) fn one<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        // Every list here has something in it.
        &of[self.below(of.len().max(1))]
    }

    /// One of these, each as often as its weight.
    fn weighted<T: Copy>(&mut self, of: &[(u64, T)]) -> Option<T> {
        let mut at = self.0.below(of.iter().map(|(weight, _)| weight).sum());
        of.iter()
            .find(|(weight, _)| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            })
            .map(|(_, choice)| *choice)
    }

    fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// What people remember who aren't the owner's app.
#[derive(Clone, Default)]
pub(super) struct Cast {
    named: u32,
    /// Codes of their own that people have tried to set.
    chosen: Vec<String>,
}

/// Somebody's next steps.
type Doing = fn(&mut Cast, &Stage, &mut Dice<'_>) -> Vec<Verb>;

/// How often who does what: mostly guests and time, as at a real door, and enough of all else.
const PEOPLE: &[(u64, Doing)] = &[
    (10, Cast::issue),
    (20, Cast::come_in),
    (8, Cast::choose_a_pin),
    (8, Cast::use_own_code),
    (6, Cast::slip),
    (4, Cast::lock_by_hand),
    (16, Cast::program),
    (4, Cast::program_wrongly),
    (6, Cast::use_the_port),
    (2, Cast::reset),
    (6, Cast::guess),
    (2, Cast::guess_on),
    (4, Cast::pull_the_batteries),
    (8, Cast::break_something),
    (6, Cast::repair_something),
    (16, Cast::wait),
    (8, Cast::wait_for_an_edge),
];

impl Cast {
    /// What happens next.
    pub(super) fn next(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        // Nobody comes before somebody is expected.
        if stage.known.guests().is_empty() && !dice.once_in(4) {
            return self.issue(stage, dice);
        }
        match dice.weighted(PEOPLE) {
            Some(doing) => doing(self, stage, dice),
            None => Vec::new(),
        }
    }

    fn issue(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        if stage.known.guests().len() >= GUESTS {
            return Vec::new();
        }
        self.named += 1;
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
            name: format!("guest_{}", self.named).into(),
            guest: None,
            start: start.into(),
            end: end.into(),
            variant: None,
            generation: None,
            fails: None,
        })]
    }

    fn come_in(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        guest(stage, dice)
            .map(|guest| typed(vec![bound(guest), ENTER]))
            .into_iter()
            .collect()
    }

    fn choose_a_pin(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let Some(guest) = guest(stage, dice) else {
            return Vec::new();
        };
        let mut verbs = vec![typed(vec![bound(guest), ENTER]), seconds(dice.from(1, 8))];
        for _ in 0..=dice.below(3) {
            let code = self.new_code(dice);
            verbs.push(typed(entry(&code)));
            if dice.once_in(3) {
                verbs.push(seconds(dice.from(1, 9)));
            }
        }
        verbs
    }

    fn use_own_code(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        if self.chosen.is_empty() {
            return self.choose_a_pin(stage, dice);
        }
        vec![typed(entry(dice.one::<String>(&self.chosen)))]
    }

    /// Mostly one that the rules allow.
    fn new_code(&mut self, dice: &mut Dice<'_>) -> String {
        let code = match dice.below(10) {
            0 => "2222".to_owned(),
            1 => "4321".to_owned(),
            2 => dice.digits(3),
            3 => dice.digits(9),
            4 if !self.chosen.is_empty() => dice.one(&self.chosen).clone(),
            _ => {
                let length = dice.from(4, 8) as usize;
                dice.digits(length)
            }
        };
        self.chosen.push(code.clone());
        code
    }

    fn slip(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

    fn lock_by_hand(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let lock = Part::Key(*dice.one(&[Key::ENTER, Key::LOCK]));
        vec![typed(vec![lock])]
    }

    fn program(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let known = &stage.known;
        let mut parts = programming_code(known);
        parts.push(ENTER);
        let number = *dice.one(&[
            100, 110, 110, 111, 120, 121, 121, 127, 128, 128, 129, 130, 140, 150, 151, 160, 161,
        ]);
        parts.extend(entry(&number.to_string()));
        match number {
            100 => {
                let length = dice.from(6, 10) as usize;
                let code = dice.digits(length);
                parts.extend(entry(&code));
                parts.extend(entry(&code));
            }
            110 => {
                parts.extend(entry(&dice.from(1, 10).to_string()));
                let code = self.new_code(dice);
                parts.extend(entry(&code));
            }
            111 => parts.extend(entry(&dice.from(1, 10).to_string())),
            127 | 128 => match guest(stage, dice) {
                Some(guest) => parts.extend([bound(guest), ENTER]),
                None => parts.extend(entry("0000000000")),
            },
            129 => {
                let to = known.settings.generation.0 + dice.from(1, 2) as u32;
                parts.extend(entry(&to.to_string()));
                parts.extend(entry(&to.to_string()));
            }
            130 => parts.extend(entry(dice.one::<&str>(&["2", "5", "30", "0"]))),
            140 => {
                let here = known.zone.at(stage.utc()).datetime();
                parts.extend(entry(&here.strftime("%y%m%d%H%M").to_string()));
            }
            _ => {}
        }
        vec![typed(parts)]
    }

    fn program_wrongly(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

    fn use_the_port(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let number = |dice: &mut Dice<'_>, low, high| Setting::Number(dice.from(low, high));
        let (name, value) = match dice.below(11) {
            0 => {
                let by = *dice.one(&[0, 0, 1, -1, 12, -12]);
                return vec![Verb::SetClock(moment(stage, i64::from(by) * 3_600).into())];
            }
            1 => ("smartpin_enabled", Setting::Switch(!dice.once_in(4))),
            2 => ("auto_lock_seconds", number(dice, 2, 20)),
            3 => ("passage_mode", Setting::Switch(dice.once_in(2))),
            4 => ("beeps", Setting::Switch(dice.once_in(2))),
            5 => ("wrong_tries", number(dice, 3, 10)),
            6 => ("wrong_try_budget", number(dice, 10, 100)),
            7 => ("max_smartpin_days", number(dice, 1, 365)),
            8 => ("first_use_within_hours", number(dice, 0, 48)),
            9 => ("pins_per_window", number(dice, 1, 4)),
            _ => ("lockout_minutes", Setting::List(vec![1, 2, 3])),
        };
        let change = Change {
            name,
            value: value.into(),
        };
        vec![Verb::Settings(Settings(vec![change]).into())]
    }

    fn reset(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let lasting = Lapse::from_micros(*dice.one(&[3, 4, 5, 6, 6, 6]) * SECOND + 200_000);
        let press = Verb::Press(Press {
            key: Key::RESET,
            lasting,
        });
        vec![Verb::Power(Power::Cycle), seconds(dice.from(0, 10)), press]
    }

    fn guess(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let length = dice.from(4, 10) as usize;
        vec![typed(entry(&dice.digits(length)))]
    }

    fn guess_on(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

    fn pull_the_batteries(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let wait = Verb::Wait(Lapse::from_micros(dice.from(1, 400_000)));
        let out = seconds(dice.from(1, 40));
        vec![wait, Verb::Power(Power::Off), out, Verb::Power(Power::On)]
    }

    fn break_something(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let json = match dice.below(22) {
            0 => r#"{"motor":"jammed"}"#.to_owned(),
            1 => r#"{"motor":"slow"}"#.to_owned(),
            2 => r#"{"motor":"open_circuit"}"#.to_owned(),
            3 => format!(
                r#"{{"battery":{{"volts":{}.{}}}}}"#,
                dice.from(2, 5),
                dice.from(0, 9)
            ),
            4..=6 => format!(
                r#"{{"power_cut":{{"at_flash_operation":{},"for":"{}s"}}}}"#,
                dice.from(1, 6),
                dice.from(1, 5)
            ),
            7 | 8 => format!(
                r#"{{"power_cut":{{"after_flash_bytes":{},"for":"1s"}}}}"#,
                dice.from(0, 60)
            ),
            9 => r#"{"rtc":"stopped"}"#.to_owned(),
            10 => r#"{"rtc":"no_ack"}"#.to_owned(),
            11 => r#"{"rtc":"wrong_read"}"#.to_owned(),
            12 => format!(r#"{{"rtc":{{"drift_ppm":{}}}}}"#, dice.from(0, 200)),
            13 => format!(
                r#"{{"rtc":{{"jump":"{}"}}}}"#,
                dice.one(&["-10m", "2h", "30h", "-1d", "4m"])
            ),
            14 => r#"{"backup_cell":"dead"}"#.to_owned(),
            15 => format!(r#"{{"key":{{"stuck":"{}"}}}}"#, dice.below(10)),
            16 => format!(r#"{{"key":{{"dead":"{}"}}}}"#, dice.below(10)),
            17 => format!(r#"{{"key":{{"bounce_ms":{}}}}}"#, dice.from(1, 40)),
            18 => r#"{"key":{"ghost":true}}"#.to_owned(),
            19 => format!(r#"{{"flash":{{"flip_bits":{}}}}}"#, dice.from(1, 3)),
            20 => dice
                .one(&[
                    r#"{"flash":{"worn_sector":1}}"#,
                    r#"{"flash":"write_error"}"#,
                ])
                .to_string(),
            _ => dice
                .one(&[r#"{"led":{"dead":"green"}}"#, r#"{"led":{"dead":"red"}}"#])
                .to_string(),
        };
        let fault: Option<Fault> = serde_json::from_str(&json).ok();
        let inject = |fault| {
            let injection = Injection {
                fault,
                optional: true,
            };
            Verb::Fault(injection.into())
        };
        fault.map(inject).into_iter().collect()
    }

    fn repair_something(&mut self, stage: &Stage, _: &mut Dice<'_>) -> Vec<Verb> {
        let broken = FaultName::ALL.into_iter().filter(|name| {
            let faults = stage.world.faults().iter();
            faults
                .clone()
                .any(|status| status.fault.name() == *name && status.repaired.is_none())
        });
        broken.map(|name| Verb::Repair(name.into())).collect()
    }

    fn wait(&mut self, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let longest = *dice.one(&[
            SECOND,
            12 * SECOND,
            60 * SECOND,
            1_200 * SECOND,
            30 * HOUR,
            24 * 40 * HOUR,
        ]);
        let whole = dice.from(1, longest);
        // A file reads better with round numbers.
        let unit = *[1_000, SECOND, 60 * SECOND, HOUR]
            .iter()
            .rfind(|unit| whole / **unit >= 3)
            .unwrap_or(&1_000);
        vec![Verb::Wait(Lapse::from_micros((whole / unit).max(1) * unit))]
    }

    /// To a second or two before somebody's stay begins or ends, or the clocks are changed, or after.
    fn wait_for_an_edge(&mut self, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
        let known = &stage.known;
        let hours = known.settings.daily_hours;
        let now = stage.utc();
        let bounds = known.guests().iter().flat_map(|guest| {
            let (start, end) = guest.issued.window.bounds(hours);
            [known.zone.reaches(start), known.zone.reaches(end)]
        });
        let change = known.zone.next_change(now).map(|(at, _)| at);
        let edges: Vec<_> = bounds
            .chain([change])
            .flatten()
            .filter(|edge| *edge > now)
            .collect();
        if edges.is_empty() {
            return Vec::new();
        }
        let edge = *dice.one(&edges);
        let off = *dice.one(&[-4, -3, -1, 0, 1, 60]);
        let target = edge.as_second() + off - now.as_second();
        match u64::try_from(target) {
            Ok(ahead) if ahead > 0 => vec![Verb::Until(moment(stage, target).into())],
            _ => Vec::new(),
        }
    }
}

const ENTER: Part = Part::Key(Key::ENTER);
const CLEAR: Part = Part::Key(Key::CLEAR);

fn digit(name: char) -> Part {
    Part::Key(Key::named(name).unwrap_or(Key::ENTER))
}

fn entry(digits: &str) -> Vec<Part> {
    digits
        .chars()
        .filter_map(Key::named)
        .map(Part::Key)
        .chain([ENTER])
        .collect()
}

fn typed(parts: Vec<Part>) -> Verb {
    Verb::Type(Keys::from(parts).into())
}

fn bound(guest: &Guest) -> Part {
    Part::Bound(guest.name.clone())
}

fn seconds(seconds: u64) -> Verb {
    Verb::Wait(Lapse::from_micros(seconds.max(1) * SECOND))
}

/// The code in force: by its name as long as it is the first.
fn programming_code(known: &Knowledge) -> Vec<Part> {
    match known.name_of_code(known.code()) {
        Some(name) if name == PROGRAMMING_CODE => vec![Part::Bound(name)],
        _ => known.code().chars().map(digit).collect(),
    }
}

fn guest<'a>(stage: &'a Stage, dice: &mut Dice<'_>) -> Option<&'a Guest> {
    let guests = stage.known.guests();
    (!guests.is_empty()).then(|| dice.one(guests))
}

/// The present moment, cut to the hour, and so many hours on.
fn on_the_hour(stage: &Stage, hours: i32) -> StayTime {
    let here = stage.known.zone.at(stage.utc()).datetime();
    let cut = DateTime::from_parts(here.date(), jiff::civil::time(here.hour(), 0, 0, 0));
    StayTime::Civil(cut.saturating_add(jiff::SignedDuration::from_hours(i64::from(hours))))
}

/// The whole second that lies so many seconds ahead.
fn moment(stage: &Stage, ahead: i64) -> Moment {
    let second = stage.utc().as_second() + ahead;
    let stamp = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX);
    stage.known.zone.moment(stamp)
}
