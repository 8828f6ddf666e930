//! What has been typed since the last Enter.

use heapless::Vec;
use zeroize::Zeroize;

use crate::code::Code;
use crate::limits::{ENTRY_FORGOTTEN, MOST_DIGITS};
use crate::time::Instant;

/// The digits so far.
#[derive(Clone, Default)]
pub struct Entry {
    digits: Vec<u8, MOST_DIGITS>,
    overflowed: bool,
    begun: Option<Instant>,
    last: Option<Instant>,
}

/// An entry as Enter ends it.
#[derive(Clone, Debug)]
pub enum Entered {
    /// Enter on nothing.
    Nothing,
    /// 1 to 10 digits.
    Code(Code),
    /// More than 10.
    Overlong,
}

impl Entry {
    /// A digit was pressed at `now`.
    pub fn push(&mut self, digit: u8, now: Instant) {
        self.begun.get_or_insert(now);
        self.last = Some(now);
        self.overflowed |= self.digits.push(digit).is_err();
    }

    /// Ends the entry.
    pub fn take(&mut self) -> Entered {
        let entered = match Code::from_digits(&self.digits) {
            _ if self.overflowed => Entered::Overlong,
            Some(code) => Entered::Code(code),
            None => Entered::Nothing,
        };
        self.clear();
        entered
    }

    /// Forgets the entry.
    pub fn clear(&mut self) {
        self.digits.as_mut_slice().zeroize();
        *self = Self::default();
    }

    /// Forgets an entry that nobody went on with.
    pub fn update(&mut self, now: Instant) {
        if self.deadline().is_some_and(|deadline| now >= deadline) {
            self.clear();
        }
    }

    /// When the first key was pressed.
    #[must_use]
    pub fn begun(&self) -> Option<Instant> {
        self.begun
    }

    /// When the entry is forgotten if no key follows.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.last.map(|last| last + ENTRY_FORGOTTEN)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.digits.as_mut_slice().zeroize();
    }
}

impl core::fmt::Debug for Entry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Entry([{} digits])", self.digits.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(digits: usize) -> Entry {
        let mut entry = Entry::default();
        for n in 0..digits {
            entry.push(7, Instant::from_ticks(n as u64 * 200_000));
        }
        entry
    }

    #[test]
    fn ten_digits_are_a_code_and_eleven_are_not() {
        assert!(matches!(typed(0).take(), Entered::Nothing));
        assert!(matches!(typed(10).take(), Entered::Code(code) if code.digits().len() == 10));
        assert!(matches!(typed(11).take(), Entered::Overlong));
        let mut entry = typed(11);
        entry.take();
        assert!(
            matches!(entry.take(), Entered::Nothing),
            "Enter ends the invalid entry"
        );
    }

    #[test]
    fn ten_seconds_without_a_key_forget() {
        let mut entry = typed(2);
        entry.update(Instant::from_ticks(10_199_999));
        assert_eq!(entry.begun(), Some(Instant::from_ticks(0)));
        entry.update(Instant::from_ticks(10_200_000));
        assert!(matches!(entry.take(), Entered::Nothing));
    }
}
