//! The audit log with the run of short entries that is not in it yet.

use embedded_storage::nor_flash::NorFlash;

use super::Store;
use super::flash::StoreError;
use super::state::{Run, Vital};
use crate::audit::{Entry, Event, Reason, Stamp};
use crate::logic::trust::Mark;

impl Store {
    /// Writes an audit entry, and the mark with it. Short entries in a row are one entry, whose count rises.
    pub fn append<F: NorFlash>(
        &mut self,
        flash: &mut F,
        stamp: Stamp,
        event: Event,
        mark: Mark,
    ) -> Result<Entry, StoreError> {
        if matches!(
            event,
            Event::Denied {
                reason: Reason::TooShort,
                ..
            }
        ) {
            return self.lengthen_run(flash, stamp, mark);
        }
        if let Some(run) = self.open_run() {
            self.log.push(flash, &run.entry())?;
        }
        let sequence = self.next_entry();
        let entry = Entry {
            sequence,
            stamp,
            event,
        };
        self.log.push(flash, &entry)?;
        let next_entry = sequence.saturating_add(1);
        self.write_vital(
            flash,
            Vital {
                mark,
                run: None,
                next_entry,
                ..self.state.vital
            },
        )?;
        Ok(entry)
    }

    /// Shows the entries from a sequence number on, the oldest first.
    pub fn entries<F: NorFlash>(
        &self,
        flash: &mut F,
        from: u32,
        mut each: impl FnMut(Entry),
    ) -> Result<(), StoreError> {
        self.log.read(flash, |entry| {
            if entry.sequence >= from {
                each(entry);
            }
        })?;
        let run = self.open_run().map(Run::entry);
        run.filter(|entry| entry.sequence >= from)
            .into_iter()
            .for_each(each);
        Ok(())
    }

    /// The run of short entries that is not in the log yet. A cut can have come after it was written there.
    fn open_run(&self) -> Option<Run> {
        self.state
            .vital
            .run
            .filter(|run| self.log.last() < Some(run.sequence))
    }

    /// The sequence number of the next entry. What the log tells, the vital record still knows when the log is damaged.
    fn next_entry(&self) -> u32 {
        let logged = self.log.last().map_or(0, |last| last.saturating_add(1));
        self.state.vital.next_entry.max(logged)
    }

    fn lengthen_run<F: NorFlash>(
        &mut self,
        flash: &mut F,
        stamp: Stamp,
        mark: Mark,
    ) -> Result<Entry, StoreError> {
        let sequence = self.next_entry();
        let mut vital = Vital {
            mark,
            ..self.state.vital
        };
        let run = if let Some(run) = self.open_run() {
            Run {
                count: run.count.saturating_add(1),
                ..run
            }
        } else {
            vital.next_entry = sequence.saturating_add(1);
            Run {
                sequence,
                stamp,
                count: 1,
            }
        };
        vital.run = Some(run);
        self.write_vital(flash, vital)?;
        Ok(run.entry())
    }
}

impl Run {
    fn entry(self) -> Entry {
        let event = Event::Denied {
            reason: Reason::TooShort,
            pin: None,
            count: self.count,
        };
        Entry {
            sequence: self.sequence,
            stamp: self.stamp,
            event,
        }
    }
}
