//! How many guesses a chance of opening takes.

use smartpin::Pin;

/// A chance, from above 0 to below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance(f64);

impl Chance {
    /// 1 %.
    pub const ONE_PERCENT: Self = Self(0.01);
    /// 50 %.
    pub const HALF: Self = Self(0.5);

    /// Guesses until a SmartPIN was found with this chance, where `live` of all numbers of ten digits open at a time. None
    /// if none opens.
    ///
    /// Each guess counts by itself, as if numbers were drawn with repetition: while somebody guesses, windows end and
    /// others begin, so a number that failed yesterday is as good as any today.
    #[must_use]
    pub fn of_smartpins(self, live: u64) -> Option<u64> {
        if live == 0 {
            return None;
        }
        let share = live as f64 / Pin::COUNT as f64;
        let guesses = (-self.0).ln_1p() / (-share).ln_1p();
        Some((guesses.ceil() as u64).max(1))
    }

    /// Guesses until the one code among `codes`, each as likely as any other, was found with this chance. No guess is made
    /// twice.
    #[must_use]
    pub fn of_one_code(self, codes: u64) -> u64 {
        ((codes as f64 * self.0).ceil() as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chance that so many guesses have, by multiplying them out.
    fn reached(live: u64, guesses: u64) -> f64 {
        let miss = 1.0 - live as f64 / Pin::COUNT as f64;
        1.0 - (0..guesses).fold(1.0, |missed, _| missed * miss)
    }

    #[test]
    fn the_guess_before_does_not_reach_the_chance() {
        for live in [18_214, 361_653, 4 * 361_653] {
            for chance in [Chance::ONE_PERCENT, Chance::HALF] {
                let guesses = chance.of_smartpins(live).expect("some are live");
                assert!(reached(live, guesses) >= chance.0, "{live} {chance:?}");
                assert!(reached(live, guesses - 1) < chance.0, "{live} {chance:?}");
            }
        }
        assert_eq!(Chance::HALF.of_smartpins(0), None);
    }

    #[test]
    fn one_code_is_found_half_way_through_with_a_chance_of_a_half() {
        assert_eq!(Chance::HALF.of_one_code(9_970), 4_985);
        assert_eq!(Chance::ONE_PERCENT.of_one_code(9_970), 100);
    }
}
