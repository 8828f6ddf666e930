//! What happened and what will, in words.

use std::time::Duration;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, Zoned};

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
    let field = |name| entry.field(name).unwrap_or_default();
    let whose = || owner(&field("id"), known);
    match entry.event.as_ref() {
        "boot" => "the lock started".into(),
        "unlocked" => match &*field("by") {
            "local_code" => format!("unlocked by local code {}", field("id")),
            "custom_pin" => format!("unlocked by {} custom PIN", whose()),
            _ => format!("unlocked by {} SmartPIN", whose()),
        },
        "locked" => match &*field("by") {
            "enter" => "locked at the keypad".into(),
            "boot" => "locked at start-up".into(),
            by => format!("locked ({by})"),
        },
        "denied" => {
            let id = field("id");
            let who = if id.is_empty() {
                String::new()
            } else {
                format!(", {} SmartPIN", whose())
            };
            let count = match &*field("count") {
                "" | "1" => String::new(),
                count => format!(", {count} times"),
            };
            format!("denied: {}{who}{count}", reason(&field("reason")))
        }
        "locked_out" => format!("keypad locked out for {} min", field("minutes")),
        "custom_pin_saved" => format!("{} custom PIN saved", whose()),
        "custom_pin_refused" => {
            format!(
                "{} custom PIN refused: {}",
                whose(),
                refusal(&field("reason"))
            )
        }
        "smartpin_blocked" => format!("{} SmartPIN blocked", whose()),
        "smartpin_unblocked" => format!("{} SmartPIN unblocked", whose()),
        "generation_raised" => format!("generation raised to {}: all PINs void", field("to")),
        "setting_changed" => format!("setting {} changed", field("name")),
        "local_code_set" => format!("local code {} set", field("id")),
        "local_code_deleted" => format!("local code {} deleted", field("id")),
        "programming_code_changed" => "programming code changed".into(),
        "clock_set" => clock_set(&field("from"), &field("to"), known),
        "clock_untrusted" => format!("clock no longer trusted: {}", distrust(&field("reason"))),
        "battery_low" => "battery low".into(),
        "battery_critical" => "battery critical".into(),
        "jammed" => "the bolt is jammed".into(),
        "factory_reset" => "factory settings restored".into(),
        "store_repaired" => "the store was damaged, and repaired".into(),
        other => other.replace('_', " "),
    }
}

fn owner(id: &str, known: &OwnerView) -> String {
    let name = known
        .name_of(id)
        .and_then(|name| known.guest(&name).map(|guest| guest.title().to_owned()));
    name.map_or_else(|| format!("the {id}"), |name| format!("{name}'s"))
}

/// By the clocks on the wall, and by how much it was set.
fn clock_set(from: &str, to: &str, known: &OwnerView) -> String {
    let (Ok(from), Ok(to)) = (from.parse::<Timestamp>(), to.parse::<Timestamp>()) else {
        return format!("clock set from {from} to {to}");
    };
    let shift = signed(to.duration_since(from));
    format!(
        "clock set to {} ({shift})",
        known.zone.at(to).strftime("%F %T")
    )
}

fn reason(name: &str) -> &str {
    match name {
        "unknown" => "no such code",
        "too_short" => "too short for a code",
        "too_early" => "too early",
        "disabled" => "SmartPINs are off",
        "too_long" => "longer than max_smartpin_days",
        "variant" => "no live variant",
        "first_use_missed" => "first use came too late",
        "clock_untrusted" => "the clock isn't trusted",
        "table_full" => "a table is full",
        "bad_argument" => "wrong argument",
        other => other,
    }
}

fn refusal(name: &str) -> &str {
    match name {
        "length" => "not 4 to 8 digits",
        "repeat" => "one digit repeated",
        "run" => "a run of digits",
        "known" => "the lock knows that code",
        "too_many" => "five were saved already",
        "table_full" => "the table is full",
        other => other,
    }
}

fn distrust(name: &str) -> &str {
    match name {
        "stopped" => "oscillator stopped",
        "no_answer" => "no answer",
        "nonsense" => "tells nonsense",
        "unsteady" => "readings differ",
        "behind" => "went backwards",
        other => other,
    }
}

/// Why the lock doesn't trust its clock, by its own name for it.
pub(crate) fn why_untrusted(name: &str) -> &str {
    distrust(name)
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
