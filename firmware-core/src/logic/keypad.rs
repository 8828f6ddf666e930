//! From bouncing contacts to key presses.

use crate::limits::{SETTLE, SHORTEST_PRESS};
use crate::time::Instant;

/// A key of the lock's outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `0` to `9`.
    Digit(u8),
    /// `*`.
    Clear,
    /// `#` or the Lock/Unlock button.
    Enter,
}

/// Which contacts are closed: a bit a key, rows from the top, then the button. A digit of somebody's code, so [`Debug`]
/// tells their number alone.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Contacts(u16);

impl core::fmt::Debug for Contacts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Contacts([{} closed])", self.0.count_ones())
    }
}

impl Contacts {
    /// The keypad's columns.
    pub const COLUMNS: usize = 3;
    const BUTTON: u32 = 12;
    const KEYS: [Key; 13] = [
        Key::Digit(1),
        Key::Digit(2),
        Key::Digit(3),
        Key::Digit(4),
        Key::Digit(5),
        Key::Digit(6),
        Key::Digit(7),
        Key::Digit(8),
        Key::Digit(9),
        Key::Clear,
        Key::Digit(0),
        Key::Enter,
        Key::Enter,
    ];

    /// Adds the contact where `row` and `column` cross, both counted from 0.
    pub fn close(&mut self, row: usize, column: usize) {
        if row < 4 && column < Self::COLUMNS {
            self.0 |= 1 << (row * Self::COLUMNS + column);
        }
    }

    /// Adds the Lock/Unlock button.
    pub fn close_button(&mut self) {
        self.0 |= 1 << Self::BUTTON;
    }

    /// Whether no contact is closed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The key, where exactly one contact is closed.
    #[must_use]
    pub fn single(self) -> Option<Key> {
        if self.0.count_ones() != 1 {
            return None;
        }
        Self::KEYS.get(self.0.trailing_zeros() as usize).copied()
    }
}

/// Debounces the keypad as a whole: one press at a time, and two keys at once are none.
#[derive(Clone, Debug, Default)]
pub struct Keypad(State);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Open,
    /// Something closed at `since`, and last changed at `edge`.
    Closing {
        contacts: Contacts,
        since: Instant,
        edge: Instant,
    },
    /// A press was taken, or several keys were refused; `open` is when the last contact opened.
    Down { open: Option<Instant> },
}

impl Keypad {
    /// Takes the contacts as they are at `now`; a press comes back once, when it is certain.
    pub fn update(&mut self, contacts: Contacts, now: Instant) -> Option<Key> {
        match &mut self.0 {
            State::Open => {
                if !contacts.is_empty() {
                    self.0 = State::Closing {
                        contacts,
                        since: now,
                        edge: now,
                    };
                }
                None
            }
            State::Closing {
                contacts: seen,
                edge,
                ..
            } if *seen != contacts => {
                *seen = contacts;
                *edge = now;
                None
            }
            State::Closing { since, edge, .. } => {
                if now < *edge + SETTLE {
                    return None;
                }
                if contacts.is_empty() {
                    self.0 = State::Open;
                    return None;
                }
                if now < *since + SHORTEST_PRESS {
                    return None;
                }
                self.0 = State::Down { open: None };
                contacts.single()
            }
            State::Down { open } => {
                if !contacts.is_empty() {
                    *open = None;
                } else if now >= *open.get_or_insert(now) + SETTLE {
                    self.0 = State::Open;
                }
                None
            }
        }
    }

    /// When [`Keypad::update`] is to be called next if no contact changes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        match self.0 {
            State::Open => None,
            State::Closing { contacts, edge, .. } if contacts.is_empty() => Some(edge + SETTLE),
            State::Closing { since, edge, .. } => Some((edge + SETTLE).max(since + SHORTEST_PRESS)),
            State::Down { open } => open.map(|open| open + SETTLE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replays `(ms, closed keys)` edges with every deadline between them, and lists the presses with their times.
    fn presses(edges: &[(u64, &[(usize, usize)])]) -> heapless::Vec<(u64, Key), 8> {
        let mut keypad = Keypad::default();
        let mut pressed = heapless::Vec::new();
        let mut contacts = Contacts::default();
        let end = (10_000, [].as_slice());
        for (ms, closed) in edges.iter().chain([&end]) {
            let edge = at(*ms);
            while let Some(deadline) = keypad.deadline().filter(|deadline| *deadline < edge) {
                if let Some(key) = keypad.update(contacts, deadline) {
                    pressed
                        .push((deadline.as_ticks() / 1_000, key))
                        .expect("few presses");
                }
            }
            contacts = Contacts::default();
            for (row, column) in *closed {
                contacts.close(*row, *column);
            }
            if let Some(key) = keypad.update(contacts, edge) {
                pressed.push((*ms, key)).expect("few presses");
            }
        }
        pressed
    }

    fn at(ms: u64) -> Instant {
        Instant::from_ticks(ms * 1_000)
    }

    const FIVE: (usize, usize) = (1, 1);
    const HASH: (usize, usize) = (3, 2);

    #[test]
    fn a_press_counts_once_however_long() {
        assert_eq!(
            presses(&[(0, &[FIVE]), (5_000, &[])]),
            [(35, Key::Digit(5))]
        );
    }

    #[test]
    fn the_shortest_press_counts_and_a_shorter_one_does_not() {
        assert_eq!(presses(&[(0, &[FIVE]), (40, &[])]).len(), 1);
        assert_eq!(presses(&[(0, &[FIVE]), (30, &[])]).len(), 0);
    }

    #[test]
    fn bounce_at_both_ends_is_one_press() {
        let edges: [(u64, &[(usize, usize)]); 8] = [
            (0, &[HASH]),
            (3, &[]),
            (4, &[HASH]),
            (9, &[]),
            (10, &[HASH]),
            (90, &[]),
            (95, &[HASH]),
            (99, &[]),
        ];
        assert_eq!(presses(&edges), [(35, Key::Enter)]);
    }

    #[test]
    fn two_keys_at_once_are_none_until_both_are_up() {
        let edges: [(u64, &[(usize, usize)]); 5] = [
            (0, &[FIVE]),
            (20, &[FIVE, HASH]),
            (100, &[HASH]),
            (200, &[]),
            (400, &[FIVE]),
        ];
        assert_eq!(presses(&edges), [(435, Key::Digit(5))]);
    }

    #[test]
    fn a_second_key_beside_a_held_one_is_none() {
        let edges: [(u64, &[(usize, usize)]); 4] = [
            (0, &[FIVE]),
            (100, &[FIVE, HASH]),
            (300, &[HASH]),
            (500, &[]),
        ];
        assert_eq!(presses(&edges), [(35, Key::Digit(5))]);
    }

    #[test]
    fn a_row_of_quick_presses_is_as_many() {
        let edges: [(u64, &[(usize, usize)]); 4] =
            [(0, &[FIVE]), (40, &[]), (80, &[FIVE]), (120, &[])];
        assert_eq!(presses(&edges).len(), 2);
    }

    #[test]
    fn nothing_is_due_while_nothing_changes() {
        let mut keypad = Keypad::default();
        assert_eq!(keypad.deadline(), None);
        let mut contacts = Contacts::default();
        contacts.close(1, 1);
        keypad.update(contacts, at(0));
        keypad.update(contacts, at(35));
        assert_eq!(keypad.deadline(), None, "a held key wakes nobody");
    }
}
