//! Chance.

use crate::rng::Random;

/// Chance, in words.
pub(super) struct Dice<'a>(pub(super) &'a mut Random);

impl Dice<'_> {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or_default()
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.below(high - low + 1)
    }

    pub(super) fn one<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        // Every list here has something in it.
        &of[self.below(of.len().max(1))]
    }

    /// One of these, each as often as its weight.
    pub(super) fn weighted<T: Copy>(&mut self, of: &[(u64, T)]) -> Option<T> {
        let mut at = self.0.below(of.iter().map(|(weight, _)| weight).sum());
        of.iter()
            .find(|(weight, _)| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            })
            .map(|(_, choice)| *choice)
    }

    pub(super) fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}
