//! The lock: the only place that knows logic, drivers and store together.

mod admit;
mod bolt;
mod installer;
mod keys;
mod owner;
mod record;

use smartpin::{LockKey, PinKey};

use crate::audit::{Cause, ClockFault, Event, PinId};
use crate::board::{Board, Parts};
use crate::civil::{CivilTime, UtcTime};
use crate::drivers::lamp::Sound;
use crate::drivers::{bridge, lamp, matrix};
use crate::limits::PROGRAMMING_FORGOTTEN;
use crate::logic::bolt::Bolt;
use crate::logic::entry::Entry;
use crate::logic::keypad::Keypad;
use crate::logic::lockout::{Lockout, Tally};
use crate::logic::programming::Programming;
use crate::logic::reset::ResetHold;
use crate::logic::signal::Player;
use crate::logic::trust::{Mark, Trust};
use crate::port::LineBuffer;
use crate::store::Store;
use crate::time::{Instant, earliest};

/// When the lock wants to be polled next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At this instant, or when an input changes before.
    At(Instant),
    /// When an input changes: nothing is due.
    OnInput,
}

/// The whole lock as plain data; its peripherals are lent to it at each poll.
#[derive(Clone)]
pub struct Lock {
    pins: PinKey,
    store: Store,
    volatile: Volatile,
}

/// What a power loss ends.
#[derive(Clone)]
struct Volatile {
    booted: Instant,
    keypad: Keypad,
    reset: ResetHold,
    entry: Entry,
    conversation: Conversation,
    lockout: Lockout,
    player: Player,
    bolt: Bolt,
    /// What the running stroke is logged as once it has thrown the bolt.
    cause: Cause,
    /// When a withdrawn bolt throws itself.
    throws_at: Option<Instant>,
    trust: Trust,
    /// When the high-water mark was written last.
    marked: Option<Instant>,
    line: LineBuffer,
    /// When the installer, who gave the programming code that is in force, was heard last.
    installer: Option<Instant>,
}

/// What an entry would be taken for.
#[derive(Clone, Debug)]
enum Conversation {
    /// A code.
    None,
    /// A guest's choice of a custom PIN, if it begins in time.
    Offer(Offer),
    /// A programming function or its argument.
    Programming {
        programming: Programming,
        last: Instant,
    },
}

#[derive(Clone, Copy, Debug)]
struct Offer {
    pin: PinId,
    until: Instant,
    refusals: u8,
}

impl Volatile {
    fn new(now: Instant) -> Self {
        Self {
            booted: now,
            keypad: Keypad::default(),
            reset: ResetHold::new(now),
            entry: Entry::default(),
            conversation: Conversation::None,
            lockout: Lockout::new(now),
            player: Player::default(),
            bolt: Bolt::default(),
            cause: Cause::Boot,
            throws_at: None,
            trust: Trust::boot(Mark::default()),
            marked: None,
            line: LineBuffer::default(),
            installer: None,
        }
    }
}

/// One poll: the lock, its peripherals, and the moment.
struct Turn<'a, B: Board> {
    pins: &'a PinKey,
    store: &'a mut Store,
    lock: &'a mut Volatile,
    parts: &'a mut Parts<B>,
    now: Instant,
    /// The clock chip is asked once a poll at most.
    reading: Option<Result<UtcTime, ClockFault>>,
}

impl Lock {
    /// Starts the lock at power-up, `now` by the board's timer, which begins anywhere.
    ///
    /// Whatever the flash holds, a lock comes of it: what can't be read is repaired from what is intact, and where blocks
    /// may be missing, SmartPINs are off.
    pub fn boot<B: Board>(key: &LockKey, parts: &mut Parts<B>, now: Instant) -> Self {
        let mut lock = Self::unpowered();
        lock.start(key, parts, now);
        lock
    }

    /// A lock that has not started yet, which opens to nobody. It and [`Lock::start`] are for those who have no room to move
    /// a lock about, as [`Lock::boot`] does.
    #[must_use]
    pub fn unpowered() -> Self {
        Self {
            pins: LockKey::from_bytes([0; 16]).pin_key(),
            volatile: Volatile::new(Instant::from_ticks(0)),
            store: Store::unread(),
        }
    }

    /// Starts a lock where it stays, for the first time or again. As [`Lock::boot`] for what the flash holds.
    #[inline(never)]
    pub fn start<B: Board>(&mut self, key: &LockKey, parts: &mut Parts<B>, now: Instant) {
        self.pins = key.pin_key();
        let opened = self.store.read(&mut parts.flash, key);
        let (lockout, tally) = Lockout::boot(self.store.tally(), self.store.settings(), now);
        self.volatile = Volatile {
            lockout,
            trust: Trust::boot(self.store.mark()),
            ..Volatile::new(now)
        };
        self.turn(parts, now).start(tally, opened.repaired);
    }

    /// Does all that is due at `now`, and tells when to come again. Never waits.
    pub fn poll<B: Board>(&mut self, parts: &mut Parts<B>, now: Instant) -> Wake {
        self.turn(parts, now).run();
        self.volatile.deadline(now).map_or(Wake::OnInput, Wake::At)
    }

    /// What the lock's clock says on the wall beside it, or why it can't be trusted. Asks the chip, and changes nothing.
    pub fn clock<B: Board>(
        &self,
        parts: &mut Parts<B>,
        now: Instant,
    ) -> Result<CivilTime, ClockFault> {
        let mut trust = self.volatile.trust.clone();
        let reading = crate::drivers::clock::read(&mut parts.bus);
        let time = trust.judge(reading, now).time?;
        Ok(self.store.settings().timezone.civil(time))
    }

    fn turn<'a, B: Board>(&'a mut self, parts: &'a mut Parts<B>, now: Instant) -> Turn<'a, B> {
        Turn {
            pins: &self.pins,
            store: &mut self.store,
            lock: &mut self.volatile,
            parts,
            now,
            reading: None,
        }
    }
}

impl Volatile {
    fn deadline(&self, now: Instant) -> Option<Instant> {
        let programming = match &self.conversation {
            Conversation::Programming { last, .. } => Some(*last + PROGRAMMING_FORGOTTEN),
            Conversation::Offer(_) | Conversation::None => None,
        };
        [
            self.keypad.deadline(),
            self.reset.deadline(),
            self.entry.deadline(),
            programming,
            self.lockout.deadline(),
            self.player.deadline(now),
            self.bolt.deadline(),
            self.throws_at,
        ]
        .into_iter()
        .fold(None, earliest)
    }
}

impl<B: Board> Turn<'_, B> {
    fn run(&mut self) {
        self.end_lockout();
        self.forget();
        self.read_keypad();
        self.read_reset();
        self.serve_installer();
        self.lock_by_itself();
        self.follow_bolt();
        self.show();
    }

    /// The first turn of a boot. A try that was never judged may have begun a lockout, which is news.
    fn start(&mut self, tally: Tally, repaired: bool) {
        let Ok(()) = matrix::rest(&mut self.parts.columns);
        let begun = tally.lockout.filter(|_| self.store.tally().pending);
        self.write_boot(tally);
        self.audit_boot();
        if let Some(minutes) = begun {
            self.audit(Event::LockedOut { minutes });
        }
        if repaired {
            self.audit(Event::StoreRepaired);
        }
        self.settle_bolt();
        self.run();
    }

    fn end_lockout(&mut self) {
        if let Some(tally) = self.lock.lockout.end(self.store.tally(), self.now) {
            self.write_tally(tally);
        }
    }

    /// Drops what nobody went on with.
    fn forget(&mut self) {
        self.lock.entry.update(self.now);
        let lapsed = match &self.lock.conversation {
            Conversation::None => false,
            Conversation::Offer(offer) => {
                let begun = self
                    .lock
                    .entry
                    .begun()
                    .is_some_and(|begun| begun <= offer.until);
                self.now > offer.until && !begun
            }
            Conversation::Programming { last, .. } => self.now >= *last + PROGRAMMING_FORGOTTEN,
        };
        if lapsed {
            self.lock.conversation = Conversation::None;
        }
    }

    fn read_keypad(&mut self) {
        let Ok(contacts) = matrix::scan(
            &mut self.parts.rows,
            &mut self.parts.columns,
            &mut self.parts.button,
        );
        if let Some(key) = self.lock.keypad.update(contacts, self.now) {
            self.press(key);
        }
    }

    fn show(&mut self) {
        let light = self.lock.player.update(self.now);
        let sound = if self.store.settings().beeps {
            Sound::On
        } else {
            Sound::Off
        };
        let Parts {
            green, red, buzzer, ..
        } = self.parts;
        let Ok(()) = lamp::show(green, red, buzzer, light, sound);
    }

    fn drive_bridge(&mut self) {
        let Parts {
            throw, withdraw, ..
        } = self.parts;
        let Ok(()) = bridge::drive(throw, withdraw, self.lock.bolt.drive());
    }
}

impl core::fmt::Debug for Lock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Lock")
            .field("settings", self.store.settings())
            .finish_non_exhaustive()
    }
}
