//! What the lock writes down: audit entries with their time, the high-water mark, wrong tries.

use super::Turn;
use crate::audit::{ClockFault, Event, Stamp};
use crate::board::{Board, Witness};
use crate::civil::UtcTime;
use crate::drivers::clock;
use crate::limits::MARK_INTERVAL;
use crate::logic::lockout::Tally;
use crate::store::StoreError;

impl<B: Board> Turn<'_, B> {
    /// The time, if the clock can be trusted; the loss of trust is logged once.
    pub(super) fn time(&mut self) -> Result<UtcTime, ClockFault> {
        if let Some(reading) = self.reading {
            return reading;
        }
        let lost = self.read_clock();
        if let Some(fault) = lost {
            self.audit(Event::ClockUntrusted(fault));
        }
        self.reading.unwrap_or(Err(ClockFault::NoAnswer))
    }

    /// Asks the chip; gives why trust was lost, if it was just now.
    fn read_clock(&mut self) -> Option<ClockFault> {
        let judged = self
            .lock
            .trust
            .judge(clock::read(&mut self.parts.bus), self.now);
        self.reading = Some(judged.time);
        judged.lost
    }

    /// Writes an audit entry, and the mark with it. Whether it could be written decides nothing here: a store that
    /// refuses writes has refused to count a try before, and so to open.
    pub(super) fn audit(&mut self, event: Event) {
        let time = self.time();
        let stamp = time.map_or_else(|_| self.uptime(), Stamp::Utc);
        let mark = self.lock.trust.mark();
        let written = self.store.append(&mut self.parts.flash, stamp, event, mark);
        if let Ok(entry) = written {
            self.lock.marked = Some(self.now);
            self.parts.witness.audited(&entry);
        }
    }

    /// `boot` comes before the news that the clock can't be trusted.
    pub(super) fn audit_boot(&mut self) {
        let lost = self.read_clock();
        self.audit(Event::Boot);
        if let Some(fault) = lost {
            self.audit(Event::ClockUntrusted(fault));
        }
    }

    /// Writes the mark when the lock is used and it is old.
    pub(super) fn refresh_mark(&mut self) {
        let fresh = self
            .lock
            .marked
            .is_some_and(|marked| self.now < marked + MARK_INTERVAL);
        if fresh || self.time().is_err() {
            return;
        }
        if self
            .store
            .set_mark(&mut self.parts.flash, self.lock.trust.mark())
            .is_ok()
        {
            self.lock.marked = Some(self.now);
        }
    }

    /// Stores the wrong tries where that decides nothing: a store that fails here counts too many, never too few.
    pub(super) fn write_tally(&mut self, tally: Tally) {
        self.try_write_tally(tally).unwrap_or_default();
    }

    pub(super) fn try_write_tally(&mut self, tally: Tally) -> Result<(), StoreError> {
        if tally == self.store.tally() {
            return Ok(());
        }
        self.store.set_tally(&mut self.parts.flash, tally)
    }

    fn uptime(&self) -> Stamp {
        let up = self
            .now
            .checked_duration_since(self.lock.booted)
            .map_or(0, |up| up.as_secs());
        Stamp::Uptime {
            boot: self.store.boots(),
            seconds: u32::try_from(up).unwrap_or(u32::MAX),
        }
    }

    /// Counts the boot.
    pub(super) fn write_boot(&mut self, tally: Tally) {
        self.store
            .count_boot(&mut self.parts.flash, tally)
            .unwrap_or_default();
    }
}
