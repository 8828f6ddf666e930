//! What nobody does: batteries, faults, repairs, and time.

use super::cast::Cast;
use super::dice::Dice;
use super::steps::{HOUR, SECOND, moment, seconds};
use crate::fault::{Fault, FaultName};
use crate::scenario::model::fault::Injection;
use crate::scenario::model::names::Power;
use crate::scenario::model::step::Verb;
use crate::stage::Stage;
use crate::time::Lapse;

pub(super) fn pull_the_batteries(_: &mut Cast, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let wait = Verb::Wait(Lapse::from_micros(dice.from(1, 400_000)));
    let out = seconds(dice.from(1, 40));
    vec![wait, Verb::Power(Power::Off), out, Verb::Power(Power::On)]
}

pub(super) fn break_something(_: &mut Cast, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

pub(super) fn repair_something(_: &mut Cast, stage: &Stage, _: &mut Dice<'_>) -> Vec<Verb> {
    let broken = FaultName::ALL.into_iter().filter(|name| {
        let faults = stage.world.faults().iter();
        faults
            .clone()
            .any(|status| status.fault.name() == *name && status.repaired.is_none())
    });
    broken.map(|name| Verb::Repair(name.into())).collect()
}

pub(super) fn wait(_: &mut Cast, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

pub(super) fn wait_for_an_edge(_: &mut Cast, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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
