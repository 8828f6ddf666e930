//! What happened and what will, in words.

use std::time::Duration;

use firmware_core::audit::{Cause, ClockFault, Event, Opener, Reason, Refusal};
use firmware_core::civil::UtcTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, Zoned};
use smartpin::Grant;

use sim::devices::{BoltState, MotorState};
use sim::fault::{
    Cut, Fault, FaultName, FlashFault, Half, KeyFault, LedFault, MotorFault, RtcFault,
};
use sim::owner::Guest;
use sim::people::OwnerView;
use sim::play::outlook::Sight;
use sim::trace::AuditEntry;

/// An audit entry as a person would tell it.
pub(crate) fn audit(entry: &AuditEntry, known: &OwnerView) -> String {
    let whose = |pin| owner(pin, known);
    match entry.event {
        Event::Boot => "the lock started".into(),
        Event::Unlocked(Opener::LocalCode(slot)) => format!("unlocked by local code {slot}"),
        Event::Unlocked(Opener::CustomPin(pin)) => {
            format!("unlocked by {} custom PIN", whose(pin))
        }
        Event::Unlocked(Opener::Smartpin(pin)) => format!("unlocked by {} SmartPIN", whose(pin)),
        Event::Locked(Cause::Enter) => "locked at the keypad".into(),
        Event::Locked(Cause::Boot) => "locked at start-up".into(),
        Event::Locked(Cause::Auto) => "locked (auto)".into(),
        Event::Denied {
            reason: why,
            pin,
            count,
        } => {
            let who = pin.map_or_else(String::new, |pin| format!(", {} SmartPIN", whose(pin)));
            let count = match count {
                1 => String::new(),
                count => format!(", {count} times"),
            };
            format!("denied: {}{who}{count}", reason(why))
        }
        Event::LockedOut { minutes } => format!("keypad locked out for {minutes} min"),
        Event::CustomPinSaved(pin) => format!("{} custom PIN saved", whose(pin)),
        Event::CustomPinRefused { pin, reason } => {
            format!("{} custom PIN refused: {}", whose(pin), refusal(reason))
        }
        Event::SmartpinBlocked(pin) => format!("{} SmartPIN blocked", whose(pin)),
        Event::SmartpinUnblocked(pin) => format!("{} SmartPIN unblocked", whose(pin)),
        Event::GenerationRaised { to } => {
            format!("generation raised to {}: all PINs void", to.0)
        }
        Event::SettingChanged(name) => format!("setting {name} changed"),
        Event::LocalCodeSet { slot } => format!("local code {slot} set"),
        Event::LocalCodeDeleted { slot } => format!("local code {slot} deleted"),
        Event::ProgrammingCodeChanged => "programming code changed".into(),
        Event::ClockSet { from, to } => clock_set(from, to, known),
        Event::ClockUntrusted(fault) => format!("clock no longer trusted: {}", distrust(fault)),
        Event::BatteryLow => "battery low".into(),
        Event::BatteryCritical => "battery critical".into(),
        Event::Jammed => "the bolt is jammed".into(),
        Event::FactoryReset => "factory settings restored".into(),
        Event::StoreRepaired => "the store was damaged, and repaired".into(),
    }
}

fn owner(pin: Grant, known: &OwnerView) -> String {
    known.book().guest_of(pin).map_or_else(
        || format!("the {pin}"),
        |guest| format!("{}'s", guest.title()),
    )
}

/// By the clocks on the wall, and by how much it was set.
fn clock_set(from: Option<UtcTime>, to: UtcTime, known: &OwnerView) -> String {
    let instant = |utc: UtcTime| Timestamp::from_second(utc.0).ok();
    let (Some(before), Some(now)) = (from.and_then(instant), instant(to)) else {
        let from = from.map_or_else(|| "untrusted".to_owned(), |from| from.to_string());
        return format!("clock set from {from} to {to}");
    };
    let shift = signed(now.duration_since(before));
    format!(
        "clock set to {} ({shift})",
        known.zone.at(now).strftime("%F %T")
    )
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unknown => "no such code",
        Reason::TooShort => "too short for a code",
        Reason::TooEarly => "too early",
        Reason::Disabled => "SmartPINs are off",
        Reason::TooLong => "longer than max_smartpin_days",
        Reason::Variant => "no live variant",
        Reason::FirstUseMissed => "first use came too late",
        Reason::ClockUntrusted => "the clock isn't trusted",
        Reason::TableFull => "a table is full",
        Reason::BadArgument => "wrong argument",
        Reason::Expired | Reason::Blocked => reason.as_str(),
    }
}

fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Length => "not 4 to 8 digits",
        Refusal::Repeat => "one digit repeated",
        Refusal::Run => "a run of digits",
        Refusal::Known => "the lock knows that code",
        Refusal::TooMany => "five were saved already",
        Refusal::TableFull => "the table is full",
    }
}

fn distrust(fault: ClockFault) -> &'static str {
    match fault {
        ClockFault::Stopped => "oscillator stopped",
        ClockFault::NoAnswer => "no answer",
        ClockFault::Nonsense => "tells nonsense",
        ClockFault::Unsteady => "readings differ",
        ClockFault::Behind => "went backwards",
    }
}

/// Why the lock doesn't trust its clock, by its own name for it.
pub(crate) fn why_untrusted(name: &str) -> &str {
    match ClockFault::named(name) {
        Some(fault) => distrust(fault),
        None => name,
    }
}

/// Something broken, as a person would tell it.
pub(crate) fn fault(fault: &Fault) -> String {
    match fault {
        Fault::PowerCut(cut) => match cut.at {
            Cut::Now => "power cut".into(),
            Cut::AfterFlashBytes(bytes) => format!("power cut after {bytes} flash bytes"),
            Cut::AtFlashOperation(number) => format!("power cut in flash operation {number}"),
        },
        Fault::Motor(MotorFault::Jammed) => "motor jammed".into(),
        Fault::Motor(MotorFault::Slow) => "motor slow".into(),
        Fault::Motor(MotorFault::OpenCircuit) => "motor open circuit".into(),
        Fault::Battery(battery) => format!("battery at {} V", f64::from(battery.volts)),
        Fault::Rtc(RtcFault::Stopped) => "clock chip stopped".into(),
        Fault::Rtc(RtcFault::NoAck) => "clock chip silent".into(),
        Fault::Rtc(RtcFault::WrongRead) => "clock chip misread".into(),
        Fault::Rtc(RtcFault::DriftPpm(ppm)) => format!("clock chip {:+} ppm", f64::from(*ppm)),
        Fault::Rtc(RtcFault::Jump(by)) => format!("clock chip jumped {by}"),
        Fault::BackupCell(_) => "backup cell dead".into(),
        Fault::Key(KeyFault::Stuck(key)) => format!("key {key} stuck"),
        Fault::Key(KeyFault::Dead(key)) => format!("key {key} dead"),
        Fault::Key(KeyFault::BounceMs(ms)) => format!("keys bounce for {ms} ms"),
        Fault::Key(KeyFault::Ghost(_)) => "keys ghost".into(),
        Fault::Flash(FlashFault::FlipBits(bits)) => format!("{bits} bits flipped"),
        Fault::Flash(FlashFault::WornSector(sector)) => format!("flash sector {sector} worn out"),
        Fault::Flash(FlashFault::WriteError) => "flash writes fail".into(),
        Fault::Led(LedFault::Dead(Half::Green)) => "LED green dead".into(),
        Fault::Led(LedFault::Dead(Half::Red)) => "LED red dead".into(),
    }
}

/// What is called by a fault's name.
pub(crate) fn faulty(name: FaultName) -> &'static str {
    match name {
        FaultName::PowerCut => "power supply",
        FaultName::Motor => "motor",
        FaultName::Battery => "batteries",
        FaultName::Rtc => "clock chip",
        FaultName::BackupCell => "backup cell",
        FaultName::Key => "keys",
        FaultName::Flash => "flash",
        FaultName::Led => "LED",
    }
}

/// What comes next.
pub(crate) fn sight(sight: &Sight, bolt: BoltState, known: &OwnerView) -> String {
    match sight {
        Sight::Light => "the LED changes".into(),
        Sight::Sound => "the buzzer changes".into(),
        Sight::Motor(MotorState::Running) | Sight::Bolt(BoltState::Moving) => match bolt {
            BoltState::Unlocked => "bolt throws".into(),
            BoltState::Locked => "bolt withdraws".into(),
            _ => "bolt moves".into(),
        },
        Sight::Motor(MotorState::Stalled) => "motor stalls".into(),
        Sight::Motor(MotorState::Idle) => "motor stops".into(),
        Sight::Bolt(BoltState::Locked) => "bolt is thrown".into(),
        Sight::Bolt(BoltState::Unlocked) => "bolt is withdrawn".into(),
        Sight::Bolt(BoltState::Unknown) => "bolt stops half-way".into(),
        Sight::Audit(entry) => audit(entry, known),
        Sight::Power => "power changes".into(),
    }
}

/// How somebody's stay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It begins after so long.
    Coming(Duration),
    /// It ends after so long.
    Active(Duration),
    Blocked,
    Expired,
    /// The generation was raised since.
    Void,
}

/// How a guest's stay stands at a moment.
pub(crate) fn standing(guest: &Guest, known: &OwnerView, now: Timestamp) -> Standing {
    let hours = known.settings.daily_hours;
    let until = |edge: Timestamp| Duration::try_from(edge.duration_since(now)).unwrap_or_default();
    let grant = guest.issued.grant();
    let edges = [grant.opens_at(hours), grant.over_at(hours)];
    let [start, end] = edges.map(|edge| known.zone.reaches(edge?));
    if known.is_void(guest) {
        Standing::Void
    } else if known.is_blocked(guest) {
        Standing::Blocked
    } else if end.is_some_and(|end| end <= now) {
        Standing::Expired
    } else if let Some(start) = start.filter(|start| *start > now) {
        Standing::Coming(until(start))
    } else {
        Standing::Active(end.map(until).unwrap_or_default())
    }
}

/// A length of time, to two units: `7 d`, `3 h 20 min`, `3.2 s`.
pub(crate) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (10.., ..) | (1.., 0, _) => format!("{days} d"),
        (1.., ..) => format!("{days} d {hours} h"),
        (0, 1.., 0) => format!("{hours} h"),
        (0, 1.., _) => format!("{hours} h {minutes} min"),
        (0, 0, 10..) => format!("{minutes} min"),
        (0, 0, 1..) => format!("{minutes} min {} s", seconds % 60),
        _ if seconds >= 10 => format!("{seconds} s"),
        _ => format!("{:.1} s", span.as_secs_f64()),
    }
}

/// A length of time that may be below zero.
pub(crate) fn signed(shift: SignedDuration) -> String {
    let sign = if shift.is_negative() { '-' } else { '+' };
    format!("{sign}{}", span(shift.unsigned_abs()))
}

/// `MST (UTC-7)`
pub(crate) fn zone(now: &Zoned) -> String {
    let (name, offset) = (now.strftime("%Z").to_string(), offset(now.offset()));
    if name == offset || name.starts_with(['+', '-']) {
        return offset;
    }
    format!("{name} ({offset})")
}

/// `UTC-7`, `UTC+5:45`, `UTC`
pub(crate) fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    match (size / 3_600, size / 60 % 60) {
        (0, 0) => "UTC".into(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// `234-693-0987`
pub(crate) fn grouped(digits: &str) -> String {
    match (digits.get(..3), digits.get(3..6), digits.get(6..)) {
        (Some(first), Some(second), Some(rest)) if digits.len() == 10 => {
            format!("{first}-{second}-{rest}")
        }
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units_at_most() {
        let table = [
            (0.0, "0.0 s"),
            (3.24, "3.2 s"),
            (59.0, "59 s"),
            (90.0, "1 min 30 s"),
            (605.0, "10 min"),
            (3_600.0, "1 h"),
            (5_400.0, "1 h 30 min"),
            (86_400.0, "1 d"),
            (93_600.0, "1 d 2 h"),
            (864_000.0, "10 d"),
        ];
        for (seconds, text) in table {
            assert_eq!(span(Duration::from_secs_f64(seconds)), text);
        }
    }

    #[test]
    fn offsets_are_short() {
        let table = [(0, "UTC"), (-25_200, "UTC-7"), (20_700, "UTC+5:45")];
        for (seconds, text) in table {
            assert_eq!(offset(Offset::from_seconds(seconds).unwrap()), text);
        }
    }
}
