//! Everything random, reproducible from a scenario's seed.
//!
//! xoshiro256++ by name: `rand_xoshiro` counts a change of its output as a breaking one. Each device draws from a stream
//! of its own, so that a device that draws more, or a new one, changes no other.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// Who draws. The streams of one seed lie 2^128 numbers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Contact bounce.
    Keypad,
    /// What a torn flash operation leaves, and which bits flip.
    Flash,
    /// What a faulty clock chip answers.
    Clock,
    /// What people do who are made up.
    Walk,
}

/// A stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The numbers that `stream` draws under `seed`.
    #[must_use]
    pub fn new(seed: u64, stream: Stream) -> Self {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
        for _ in 0..=stream as u32 {
            generator.jump();
        }
        Self(generator)
    }

    /// Goes on elsewhere in the stream, so far ahead that nothing else draws there; 0 stays.
    pub fn branch(&mut self, number: u8) {
        for _ in 0..number {
            self.0.long_jump();
        }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`; 0 for a bound of 0. Off from uniform by less than 2^-32 for bounds below 2^32.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_ever() {
        let mut random = Random::new(1, Stream::Keypad);
        assert_eq!([random.bits(), random.bits()], FIRST);
    }

    /// Written down at the first run; a change would change every trace.
    const FIRST: [u64; 2] = [15_779_930_236_080_080_313, 9_932_105_584_855_072_463];

    #[test]
    fn streams_differ() {
        let [keypad, flash, clock] = [Stream::Keypad, Stream::Flash, Stream::Clock]
            .map(|stream| Random::new(1, stream).bits());
        assert!(keypad != flash && flash != clock && clock != keypad);
        assert_ne!(
            Random::new(1, Stream::Keypad).bits(),
            Random::new(2, Stream::Keypad).bits()
        );
    }

    #[test]
    fn branches_differ_and_the_first_is_the_stream_itself() {
        let draws = |number| {
            let mut random = Random::new(1, Stream::Flash);
            random.branch(number);
            random.bits()
        };
        assert_eq!(draws(0), Random::new(1, Stream::Flash).bits());
        assert!(draws(0) != draws(1) && draws(1) != draws(2));
        assert_eq!(draws(2), draws(2));
    }

    #[test]
    fn a_bound_holds() {
        let mut random = Random::new(7, Stream::Flash);
        assert!((0..1_000).all(|_| random.below(3) < 3));
        assert_eq!(random.below(0), 0);
    }
}
