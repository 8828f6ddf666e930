//! Which cuts there are to try, and an even choice among them.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::baseline::{Baseline, Operation};
use crate::devices::flash::{FlashOperation, WORD};
use crate::fault::{Cut, PowerCut};
use crate::time::Lapse;

/// How long the power stays away.
const OUTAGE: Lapse = Lapse::from_micros(1_000_000);
/// After a cut, so many of the lock's next flash operations are cut at most.
const SECOND: u32 = 8;

/// A cut inside an operation of the baseline run.
#[derive(Clone, Copy)]
pub(super) struct Planned {
    /// The step before which it is armed, by its number on the way.
    pub(super) point: usize,
    pub(super) operation: Operation,
    /// How many bytes are whole, where the pattern doesn't decide it.
    pub(super) byte: Option<u32>,
    pub(super) cut: PowerCut,
}

/// Every cut of a baseline run, in the order of its operations: inside each with so many patterns of torn bits, and inside
/// each write at the words' borders at its begin, middle and end.
pub(super) fn all(baseline: &Baseline, patterns: u8) -> Vec<Planned> {
    let mut all = Vec::new();
    for (point, at) in baseline.points.iter().enumerate() {
        let mut written = 0;
        for (number, operation) in (1..).zip(&at.operations) {
            let planned = |at, pattern: u8, byte| Planned {
                point,
                operation: *operation,
                byte,
                cut: PowerCut {
                    at,
                    lasting: OUTAGE,
                    pattern,
                    again: None,
                },
            };
            let somewhere = |pattern| planned(Cut::AtFlashOperation(number), pattern, None);
            all.extend((0..patterns).map(somewhere));
            if operation.kind == FlashOperation::Write {
                let cycle = (0..patterns.max(1)).cycle();
                let at_byte = |(byte, pattern): (u32, u8)| {
                    let cut = Cut::AfterFlashBytes(written + u64::from(byte));
                    planned(cut, pattern, Some(byte))
                };
                all.extend(borders(operation.bytes).into_iter().zip(cycle).map(at_byte));
                written += u64::from(operation.bytes);
            }
        }
    }
    all
}

/// How many bytes of a write may be whole: none, a byte, a word; half of them; all but a word, all but a byte.
fn borders(bytes: u32) -> BTreeSet<u32> {
    let word = WORD as u32;
    let middle = bytes / 2 / word * word;
    let end = [bytes.saturating_sub(word), bytes.saturating_sub(1)];
    let borders = [0, 1, word, middle].into_iter().chain(end);
    borders.filter(|whole| *whole < bytes).collect()
}

impl Planned {
    /// The same cut, and one more in each of what the lock did with the flash after the first: in all of it, or in some
    /// of it, evenly.
    pub(super) fn again(self, operations: u32) -> impl Iterator<Item = Self> {
        let numbers = spread((1..=operations).collect(), SECOND as usize);
        let numbers = numbers.into_iter().filter_map(NonZeroU32::new);
        numbers.map(move |number| Self {
            cut: PowerCut {
                again: Some(number),
                ..self.cut
            },
            ..self
        })
    }
}

/// So many of all at most: one out of each of as many equal parts, and not always the same of it, so that a part that
/// is as long as a pattern of the list doesn't hide the rest.
pub(super) fn spread<T>(all: Vec<T>, most: usize) -> Vec<T> {
    if all.len() <= most {
        return all;
    }
    let begin = |part: usize| part * all.len() / most;
    // Knuth's multiplicative hash: the golden ratio of 2^32.
    let place = |part: usize| {
        let wide = begin(part + 1) - begin(part);
        begin(part) + part.wrapping_mul(2_654_435_769) % wide
    };
    let chosen: BTreeSet<usize> = (0..most).map(place).collect();
    let numbered = all.into_iter().enumerate();
    numbered
        .filter(|(number, _)| chosen.contains(number))
        .map(|(_, item)| item)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_cut_at_its_borders() {
        let borders = |bytes| borders(bytes).into_iter().collect::<Vec<_>>();
        assert_eq!(borders(52), [0, 1, 4, 24, 48, 51]);
        assert_eq!(borders(8), [0, 1, 4, 7]);
        assert_eq!(borders(4), [0, 1, 3]);
    }

    #[test]
    fn a_choice_is_even_and_as_large_as_was_asked_for() {
        let all = || (0..1_000).collect::<Vec<usize>>();
        assert_eq!(spread(all(), 1_000), all());
        for most in [1, 7, 100, 999] {
            let chosen = spread(all(), most);
            assert_eq!(chosen.len(), most);
            let parts: BTreeSet<_> = chosen.iter().map(|item| item * most / 1_000).collect();
            assert!(parts.len() >= most - most / 10, "{most}: {chosen:?}");
        }
        assert!(spread(all(), 0).is_empty());
    }

    #[test]
    fn parts_as_long_as_a_pattern_take_of_all_of_it() {
        let kinds: BTreeSet<_> = spread((0..400).collect(), 50)
            .iter()
            .map(|item| item % 8)
            .collect();
        assert!(kinds.len() > 4, "{kinds:?}");
    }
}
