//! What happens without its users: batteries, faults, repairs, and time.

use super::actors::Actors;
use super::dice::Dice;
use super::steps::{HOUR, SECOND, moment, seconds};
use crate::fault::{
    BackupCellFault, BatteryFault, Cut, Fault, FaultName, FlashFault, Half, KeyFault, LedFault,
    Milli, MotorFault, PowerCut, Ppm, RtcFault, True,
};
use crate::key::Key;
use crate::scenario::model::fault::Injection;
use crate::scenario::model::names::Power;
use crate::scenario::model::step::Verb;
use crate::stage::Stage;
use crate::time::{Lapse, Shift};

pub(super) fn pull_the_batteries(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let wait = Verb::Wait(Lapse::from_micros(dice.from(1, 400_000)));
    let out = seconds(dice.from(1, 40));
    vec![wait, Verb::Power(Power::Off), out, Verb::Power(Power::On)]
}

pub(super) fn break_something(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let injection = Injection {
        fault: fault(dice),
        optional: true,
    };
    vec![Verb::Fault(injection.into())]
}

fn fault(dice: &mut Dice<'_>) -> Fault {
    match dice.below(22) {
        0 => Fault::Motor(MotorFault::Jammed),
        1 => Fault::Motor(MotorFault::Slow),
        2 => Fault::Motor(MotorFault::OpenCircuit),
        3 => Fault::Battery(BatteryFault {
            volts: Milli(dice.from(20, 59) as u16 * 100),
            ohms: None,
        }),
        4..=6 => power_cut(Cut::AtFlashOperation(dice.from(1, 6)), dice.from(1, 5)),
        7 | 8 => power_cut(Cut::AfterFlashBytes(dice.from(0, 60)), 1),
        9 => Fault::Rtc(RtcFault::Stopped),
        10 => Fault::Rtc(RtcFault::NoAck),
        11 => Fault::Rtc(RtcFault::WrongRead),
        12 => Fault::Rtc(RtcFault::DriftPpm(Ppm::whole(dice.from(0, 200) as i16))),
        13 => {
            let minutes = *dice.one(&[-10, 2 * 60, 30 * 60, -24 * 60, 4]);
            Fault::Rtc(RtcFault::Jump(Shift::from_micros(minutes * 60_000_000)))
        }
        14 => Fault::BackupCell(BackupCellFault::Dead),
        15 => Fault::Key(KeyFault::Stuck(digit_key(dice))),
        16 => Fault::Key(KeyFault::Dead(digit_key(dice))),
        17 => Fault::Key(KeyFault::BounceMs(dice.from(1, 40) as u16)),
        18 => Fault::Key(KeyFault::Ghost(True)),
        19 => Fault::Flash(FlashFault::FlipBits(dice.from(1, 3) as u32)),
        20 => Fault::Flash(*dice.one(&[FlashFault::WornSector(1), FlashFault::WriteError])),
        _ => Fault::Led(LedFault::Dead(*dice.one(&[Half::Green, Half::Red]))),
    }
}

fn power_cut(at: Cut, seconds: u64) -> Fault {
    Fault::PowerCut(PowerCut {
        at,
        lasting: Lapse::from_micros(seconds * SECOND),
        pattern: 0,
        again: None,
    })
}

fn digit_key(dice: &mut Dice<'_>) -> Key {
    let digit = dice.below(10) as u8;
    Key::named(char::from(b'0' + digit)).unwrap_or(Key::ENTER)
}

pub(super) fn repair_something(_: &mut Actors, stage: &Stage, _: &mut Dice<'_>) -> Vec<Verb> {
    let broken = FaultName::ALL.into_iter().filter(|name| {
        let faults = stage.world.faults().iter();
        faults
            .clone()
            .any(|status| status.fault.name() == *name && status.repaired.is_none())
    });
    broken.map(|name| Verb::Repair(name.into())).collect()
}

pub(super) fn wait(_: &mut Actors, _: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
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

pub(super) fn wait_for_an_edge(_: &mut Actors, stage: &Stage, dice: &mut Dice<'_>) -> Vec<Verb> {
    let known = &stage.known;
    let hours = known.settings.daily_hours;
    let now = stage.utc();
    let bounds = known.guests().iter().flat_map(|guest| {
        let grant = guest.issued.grant();
        let edges = [grant.opens_at(hours), grant.over_at(hours)];
        edges.map(|edge| known.zone.reaches(edge?))
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
