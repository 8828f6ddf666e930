//! Contacts that bounce: a 4 x 3 matrix, and two buttons beside it.
//!
//! A finger closes a contact at once; in the next 10 ms at most it opens and closes a few times more, and again when the
//! finger leaves. A key joins its row to its column through a diode, so that a row is low while any of its closed keys
//! stands in a low column.

use super::{Defects, Level};
use crate::fault::{KeyFault, True};
use crate::key::Key;
use crate::rng::Random;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Microseconds for which a sound contact bounces at most.
const BOUNCE: u64 = 10_000;
/// How often a contact opens again at most while it closes, or closes while it opens.
const REBOUNDS: u64 = 3;
const BUTTON: usize = 12;
const RESET: usize = 13;

/// The keys and their wires.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keypad {
    random: Random,
    closed: Contacts,
    /// What still bounces, the next edge last.
    edges: Vec<Bounce>,
    defects: Defects<KeyFault>,
}

/// The levels of the keypad's wires, all at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeypadLevels {
    /// The closed contacts that pull their wire low.
    pulling: Contacts,
}

impl KeypadLevels {
    /// A row's, counted from the top.
    #[must_use]
    pub const fn row(self, row: usize) -> Level {
        Level::high_if(self.pulling >> (3 * row) & ROW == 0)
    }

    /// The Lock/Unlock button's.
    #[must_use]
    pub const fn button(self) -> Level {
        Level::high_if(self.pulling & 1 << BUTTON == 0)
    }

    /// The R button's.
    #[must_use]
    pub const fn reset(self) -> Level {
        Level::high_if(self.pulling & 1 << RESET == 0)
    }
}

/// A set of contacts, a bit each: the matrix by rows, then the two buttons.
type Contacts = u16;

/// Closed keys that it takes to make a fourth seem closed.
const CORNERS: u32 = 3;
/// The contacts of the first row.
const ROW: Contacts = 0b111;
/// The first contact of each row.
const EACH_ROW: Contacts = 0o1111;
/// The contacts of all rows.
const MATRIX: Contacts = ROW * EACH_ROW;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Bounce {
    at: Time,
    contact: usize,
}

impl Keypad {
    /// All contacts open.
    #[must_use]
    pub fn new(random: Random) -> Self {
        Self {
            random,
            closed: 0,
            edges: Vec::new(),
            defects: Defects::default(),
        }
    }

    /// A finger comes down on `key`.
    pub fn press(&mut self, key: Key, now: Time) {
        self.defects
            .feel(|fault| fault == KeyFault::Dead(key) || matches!(fault, KeyFault::BounceMs(_)));
        self.toggle(key, true, now);
    }

    /// The finger leaves `key`.
    pub fn release(&mut self, key: Key, now: Time) {
        self.toggle(key, false, now);
    }

    /// The levels of its wires while the columns have these.
    #[must_use]
    pub fn levels(&self, columns: [Level; 3]) -> KeypadLevels {
        let low = column_bits(columns.map(|level| !level.is_high()));
        let mut contacts = self.contacts();
        if self.has_lost_its_diodes() {
            contacts = joined(contacts);
        }
        KeypadLevels {
            pulling: contacts & ((low * EACH_ROW) | !MATRIX),
        }
    }

    /// When a contact changes next by itself.
    #[must_use]
    pub fn next(&self) -> Option<Time> {
        self.edges.last().map(|edge| edge.at)
    }

    /// Lets time pass until `now`.
    pub fn advance(&mut self, now: Time) {
        while let Some(edge) = self.edges.pop_if(|edge| edge.at <= now) {
            self.closed ^= 1 << edge.contact;
            self.feel_ghost();
        }
    }

    /// Breaks it.
    pub fn inject(&mut self, fault: KeyFault) {
        self.defects.add(fault);
        self.defects
            .feel(|fault| matches!(fault, KeyFault::Stuck(_)));
        self.feel_ghost();
    }

    /// Mends it.
    pub fn repair(&mut self) {
        self.defects.clear();
    }

    /// Whether [`Self::take_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.defects.has_felt()
    }

    /// The faults that were felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Vec<KeyFault> {
        self.defects.take_felt()
    }

    fn toggle(&mut self, key: Key, close: bool, now: Time) {
        let contact = contact(key);
        self.edges.retain(|edge| edge.contact != contact);
        self.closed = if close {
            self.closed | 1 << contact
        } else {
            self.closed & !(1 << contact)
        };
        let span = self.bounce_span();
        let mut times: Vec<u64> = (0..2 * self.random.below(REBOUNDS + 1))
            .map(|_| 1 + self.random.below(span))
            .collect();
        if span > 1 {
            let bounces = times.drain(..).map(|after| Bounce {
                at: Time::from_micros(now.micros() + after),
                contact,
            });
            self.edges.extend(bounces);
            self.edges
                .sort_by_key(|edge| std::cmp::Reverse((edge.at, edge.contact)));
        }
        self.feel_ghost();
    }

    fn bounce_span(&self) -> u64 {
        let faulty = self.defects.iter().filter_map(|fault| match fault {
            KeyFault::BounceMs(millis) => Some(u64::from(millis) * 1_000),
            _ => None,
        });
        faulty.last().unwrap_or(BOUNCE)
    }

    /// Which contacts are closed, all faults considered.
    fn contacts(&self) -> Contacts {
        self.defects
            .iter()
            .fold(self.closed, |closed, fault| match fault {
                KeyFault::Stuck(key) => closed | 1 << contact(key),
                KeyFault::Dead(key) => closed & !(1 << contact(key)),
                KeyFault::BounceMs(_) | KeyFault::Ghost(True) => closed,
            })
    }

    fn has_lost_its_diodes(&self) -> bool {
        self.defects.has(KeyFault::Ghost(True))
    }

    fn feel_ghost(&mut self) {
        if !self.has_lost_its_diodes() {
            return;
        }
        let contacts = self.contacts();
        if joined(contacts) != contacts {
            self.defects.feel(|fault| fault == KeyFault::Ghost(True));
        }
    }
}

/// The contacts that seem to be closed: those between each row and all columns that current reaches from it through any
/// closed keys, if no diode stops it.
fn joined(contacts: Contacts) -> Contacts {
    if contacts.count_ones() < CORNERS {
        return contacts;
    }
    let rows = [0, 3, 6, 9].map(|first| contacts >> first & ROW);
    rows.iter().rev().fold(contacts >> 12, |all, row| {
        let mut reached = *row;
        for _ in 0..3 {
            let near = rows.iter().filter(|bits| *bits & reached != 0);
            reached = near.fold(reached, |all, bits| all | bits);
        }
        all << 3 | reached
    })
}

fn contact(key: Key) -> usize {
    let matrix = Key::MATRIX.as_flattened();
    match matrix.iter().position(|known| *known == key) {
        Some(place) => place,
        None if key == Key::LOCK => BUTTON,
        None => RESET,
    }
}

fn column_bits(columns: [bool; 3]) -> u16 {
    columns
        .into_iter()
        .rev()
        .fold(0, |bits, column| bits << 1 | u16::from(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    const REST: [Level; 3] = [Level::Low; 3];

    fn keypad() -> Keypad {
        Keypad::new(Random::new(1, Stream::Keypad))
    }

    fn key(name: char) -> Key {
        Key::named(name).expect("a key")
    }

    /// The keys that a scan finds.
    fn scan(keypad: &Keypad) -> String {
        let mut found = String::new();
        for (row, keys) in Key::MATRIX.iter().enumerate() {
            for (column, key) in keys.iter().enumerate() {
                let mut columns = [Level::High; 3];
                columns[column] = Level::Low;
                if !keypad.levels(columns).row(row).is_high() {
                    found.push(key.name());
                }
            }
        }
        found
    }

    #[test]
    fn every_key_is_found_where_it_lies() {
        for name in Key::MATRIX.as_flattened() {
            let mut keypad = keypad();
            keypad.press(*name, Time::START);
            keypad.advance(Time::from_millis(10));
            assert_eq!(scan(&keypad), name.name().to_string());
        }
    }

    #[test]
    fn buttons_have_wires_of_their_own() {
        let mut keypad = keypad();
        keypad.press(Key::LOCK, Time::START);
        let levels = keypad.levels(REST);
        assert_eq!((levels.button(), levels.reset()), (Level::Low, Level::High));
        keypad.press(Key::RESET, Time::START);
        let levels = keypad.levels(REST);
        assert_eq!(levels.reset(), Level::Low);
        assert!((0..4).all(|row| levels.row(row).is_high()));
    }

    #[test]
    fn bounce_is_over_in_ten_milliseconds_and_differs_from_press_to_press() {
        let mut keypad = keypad();
        let mut counts = Vec::new();
        for press in 0..50 {
            let down = Time::from_millis(200 * press);
            keypad.press(key('5'), down);
            assert!(
                !keypad.levels(REST).row(1).is_high(),
                "the first contact is at once"
            );
            let mut edges = 0;
            while let Some(next) = keypad.next() {
                assert!(next > down && next <= Time::from_millis(200 * press + 10));
                keypad.advance(next);
                edges += 1;
            }
            assert!(!keypad.levels(REST).row(1).is_high(), "it ends closed");
            counts.push(edges);
            keypad.release(key('5'), Time::from_millis(200 * press + 80));
            keypad.advance(Time::from_millis(200 * press + 100));
            assert!(keypad.levels(REST).row(1).is_high(), "it ends open");
        }
        assert!(counts.iter().max() > counts.iter().min());
    }

    #[test]
    fn a_bounce_fault_lasts_as_long_as_it_says() {
        let mut keypad = keypad();
        keypad.inject(KeyFault::BounceMs(0));
        keypad.press(key('5'), Time::START);
        assert_eq!(keypad.next(), None);
        assert_eq!(keypad.take_felt(), [KeyFault::BounceMs(0)]);
        keypad.inject(KeyFault::BounceMs(60));
        let mut latest = Time::START;
        for _ in 0..50 {
            keypad.press(key('5'), Time::START);
            latest = latest.max(keypad.edges.first().map_or(Time::START, |edge| edge.at));
        }
        assert!(latest > Time::from_millis(30) && latest <= Time::from_millis(60));
    }

    #[test]
    fn stuck_and_dead_keys_are_felt() {
        let mut keypad = keypad();
        keypad.inject(KeyFault::Stuck(key('5')));
        keypad.inject(KeyFault::Dead(key('7')));
        assert_eq!(keypad.take_felt(), [KeyFault::Stuck(key('5'))]);
        keypad.press(key('7'), Time::START);
        assert_eq!(scan(&keypad), "5");
        assert_eq!(keypad.take_felt(), [KeyFault::Dead(key('7'))]);
        keypad.repair();
        keypad.advance(Time::from_millis(10));
        assert_eq!(scan(&keypad), "7", "the finger is still there");
    }

    #[test]
    fn three_corners_make_a_ghost_without_diodes_only() {
        let mut keypad = keypad();
        for name in "137".chars() {
            keypad.press(key(name), Time::START);
        }
        keypad.advance(Time::from_millis(10));
        assert_eq!(scan(&keypad), "137");
        keypad.inject(KeyFault::Ghost(True));
        assert_eq!(scan(&keypad), "1379");
        assert_eq!(keypad.take_felt(), [KeyFault::Ghost(True)]);
    }
}
