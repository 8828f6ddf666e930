//! What there is to be seen: all that panes and dialogs read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};

use super::layout::Pane;
use super::script::Script;
use super::speed::Speed;
use super::storage::Storage;
use super::theme::Role;
use super::waves::Waves;
use super::words::{self, Standing, standing};
use sim::devices::{BoltState, Colour, Line, MotorState};
use sim::fault::{Fault, FlashFault, RtcFault};
use sim::key::Key;
use sim::owner::Guest;
use sim::people::OwnerView;
use sim::play::Play;
use sim::play::outlook::Outlook;
use sim::stage::Stage;
use sim::time::Time;
use sim::trace::{AuditEntry, TraceKind};
use sim::world::{FaultStatus, LockClock};

/// All that is drawn, and that dialogs look up; nothing can be changed through it.
#[derive(Clone, Copy)]
pub(crate) struct ViewModel<'a> {
    /// What was observed of the lock when something last changed.
    pub(crate) lock: &'a Observed,
    pub(crate) light: Light,
    /// The buzzer sounds, or did a moment ago.
    pub(crate) sounds: bool,
    /// The key of the lock that is down.
    pub(crate) down: Option<Key>,
    pub(crate) hand: Hand<'a>,
    pub(crate) speed: Speed,
    /// The speed at present, which is lower while somebody types.
    pub(crate) pace: Speed,
    pub(crate) running: bool,
    /// Time goes to another without being waited for.
    pub(crate) leaping: bool,
    /// The scenario that is open.
    pub(crate) script: Option<&'a Script>,
    /// The pane that has the keys.
    pub(crate) focus: Pane,
    pub(crate) notice: Option<&'a Notice>,
    /// The number of the guest that is chosen in the access book.
    pub(crate) chosen: usize,
    pub(crate) log: &'a LogState,
    pub(crate) waves: &'a Waves,
    pub(crate) storage: &'a dyn Storage,
    /// For the methods here.
    pub(super) play: &'a Play,
}

/// What is to be observed of the lock, asked for once a change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observed {
    pub(crate) clock: LockClock,
    /// What clocks on the wall show.
    pub(crate) here: Zoned,
    pub(crate) outlook: Option<Outlook>,
    pub(crate) light: Option<Colour>,
    pub(crate) sounding: bool,
    pub(crate) bolt: BoltState,
    pub(crate) motor: MotorState,
    pub(crate) powered: bool,
}

/// The LED as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Light {
    Dark,
    Shining(Colour),
    /// It went out so recently that it is still shown faintly.
    Afterglow(Colour),
}

/// What the hand at the keypad does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand<'a> {
    Idle,
    /// The next key of the lock will be held.
    HoldsNext,
    Holding(Key),
    /// It has typed this, and not ended it.
    Typed(&'a str),
}

/// One line for the person at the screen.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) role: Role,
    /// By the host's time.
    pub(super) since: Duration,
}

/// Which part of the log is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogState {
    /// How many lines of newer entries are below the pane.
    pub(crate) back: usize,
    /// Only entries with this in them, in whatever case.
    pub(crate) filter: String,
}

/// An entry of the audit log, and what it says.
pub(crate) struct LogEntry<'a> {
    pub(crate) at: Time,
    pub(crate) entry: &'a AuditEntry,
    pub(crate) words: String,
}

impl<'a> ViewModel<'a> {
    /// What the owner knows: the access book, settings, the zone.
    pub(crate) fn known(&self) -> &'a OwnerView {
        &self.play.stage.known
    }

    pub(crate) fn now(&self) -> Time {
        self.play.now()
    }

    /// The true time.
    pub(crate) fn utc(&self) -> Timestamp {
        self.play.stage.utc()
    }

    /// What clocks on the wall showed at a moment.
    pub(crate) fn wall_clock(&self, at: Time) -> Zoned {
        self.known().zone.at(self.play.utc_at(at))
    }

    pub(crate) fn guests(&self) -> &'a [Guest] {
        self.known().guests()
    }

    /// The guest that is chosen in the access book.
    pub(crate) fn chosen_guest(&self) -> Option<&'a Guest> {
        let guests = self.guests();
        guests.get(self.chosen.min(guests.len().saturating_sub(1)))
    }

    /// The next beginning or end of a stay in the access book.
    pub(crate) fn next_stay_edge(&self) -> Option<(Timestamp, String)> {
        let now = self.utc();
        let edge = |ahead: Duration, text: String| {
            let ahead = SignedDuration::try_from(ahead).ok()?;
            Some((now.checked_add(ahead).ok()?, text))
        };
        self.guests()
            .iter()
            .filter_map(|guest| match standing(guest, self.known(), now) {
                Standing::Coming(ahead) => edge(ahead, format!("{}'s stay begins", guest.title())),
                Standing::Active(left) => edge(left, format!("{}'s stay ends", guest.title())),
                Standing::Blocked | Standing::Expired | Standing::Void => None,
            })
            .min_by_key(|(stamp, _)| *stamp)
    }

    /// How long the keys stay locked out.
    pub(crate) fn lockout_left(&self) -> Option<Duration> {
        let end = self.known().locked_out_until(self.now())?;
        Some(end - self.now())
    }

    /// Whether a scenario has its hands on the lock.
    pub(crate) fn is_scripted(&self) -> bool {
        self.script.is_some_and(Script::has_the_lock)
    }

    /// How far the bolt is withdrawn, from 0 to 1.
    pub(crate) fn bolt_travel(&self) -> f64 {
        self.play.stage.world.bolt_travel()
    }

    /// Whether a wire is high.
    pub(crate) fn is_high(&self, line: Line) -> bool {
        self.play.stage.world.level(line).is_high()
    }

    /// What is broken.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &'a Fault> {
        let faults = self.play.stage.world.faults().iter();
        faults
            .filter(|status| is_in_force(status))
            .map(|status| &status.fault)
    }

    /// The log from the oldest entry on, an amended one in its latest form; only what the filter lets through.
    pub(crate) fn log_entries(&self) -> Vec<LogEntry<'a>> {
        let filter = self.log.filter.to_lowercase();
        let mut all: Vec<LogEntry<'_>> = Vec::new();
        let older = self.play.logged_before();
        let trace = self.play.stage.world.trace().iter();
        let newer = trace.filter_map(|event| match &event.kind {
            TraceKind::Audit(entry) => Some((event.at, entry)),
            _ => None,
        });
        for (at, entry) in older.chain(newer) {
            if all
                .last()
                .is_some_and(|last| last.entry.sequence == entry.sequence)
            {
                all.pop();
            }
            let words = words::audit(entry, self.known());
            all.push(LogEntry { at, entry, words });
        }
        if !filter.is_empty() {
            all.retain(|entry| entry.words.to_lowercase().contains(&filter));
        }
        all
    }
}

/// A cut that has happened and a jump of the clock are over as soon as they began.
fn is_in_force(status: &FaultStatus) -> bool {
    let passing = matches!(
        status.fault,
        Fault::PowerCut(_) | Fault::Rtc(RtcFault::Jump(_)) | Fault::Flash(FlashFault::FlipBits(_))
    );
    status.repaired.is_none() && !(passing && status.fired.is_some())
}

impl Observed {
    pub(super) fn of(stage: &Stage, outlook: Option<Outlook>) -> Self {
        let world = &stage.world;
        let here = stage.known.zone.at(stage.utc());
        Self {
            clock: world.ask_clock(),
            here: here
                .with()
                .subsec_nanosecond(0)
                .build()
                .unwrap_or_else(|_| here.clone()),
            outlook,
            light: world.light(),
            sounding: world.is_sounding(),
            bolt: world.bolt(),
            motor: world.motor(),
            powered: world.is_powered(),
        }
    }

    /// How far the lock's clock is ahead of the true time; nothing where that is a second at most, or the lock trusts
    /// no clock.
    pub(crate) fn ahead(&self) -> SignedDuration {
        match &self.clock {
            LockClock::Says(says) => Some(says.duration_since(self.here.datetime())),
            LockClock::Untrusted(_) | LockClock::Silent => None,
        }
        .filter(|ahead| ahead.abs().as_secs() > 1)
        .unwrap_or_default()
    }
}
