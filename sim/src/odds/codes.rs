//! Codes of one's own: how many there are of a length.

use std::ops::RangeInclusive;

use firmware_core::logic::form;

/// What a person can choose a code for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenCode {
    /// A guest's, after a SmartPIN has opened.
    CustomPin,
    /// A resident's.
    LocalCode,
    /// The owner's, which opens no door, but sets codes that do.
    ProgrammingCode,
}

impl ChosenCode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CustomPin, Self::LocalCode, Self::ProgrammingCode];

    /// How many digits it may have.
    #[must_use]
    pub const fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::CustomPin => form::CUSTOM_PIN,
            Self::LocalCode => form::LOCAL_CODE,
            Self::ProgrammingCode => form::PROGRAMMING_CODE,
        }
    }
}

/// How many codes of so many digits, 1 to 19, may be chosen: all but those that [`form::check`] refuses.
///
/// What it refuses goes on in even steps, one digit repeated being a step of 0. So the sequences of even steps, ten for
/// each first digit, are all that has to be asked.
#[must_use]
pub fn allowed(digits: usize) -> u64 {
    let all = u32::try_from(digits).map_or(u64::MAX, |digits| 10_u64.saturating_pow(digits));
    let steps = (0..10).flat_map(|first| (0..10).map(move |step| (first, step)));
    let refused = steps.filter(|(first, step)| {
        let code = even_steps(*first, *step, digits);
        form::check(&code, &(digits..=digits)).is_err()
    });
    all.saturating_sub(refused.count() as u64)
}

/// `first`, and from there on by `step`, 0 following 9.
fn even_steps(first: u8, step: u8, digits: usize) -> Vec<u8> {
    let next = |digit: &u8| Some((digit + step) % 10);
    std::iter::successors(Some(first), next)
        .take(digits)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code of that many digits, in turn.
    fn every_code(digits: usize) -> impl Iterator<Item = Vec<u8>> {
        (0..10_u32.pow(digits as u32)).map(move |number| {
            format!("{number:0digits$}")
                .bytes()
                .map(|byte| byte - b'0')
                .collect()
        })
    }

    #[test]
    fn the_count_is_that_of_asking_for_every_code() {
        for digits in 4..=6 {
            let asked = every_code(digits)
                .filter(|code| form::check(code, &(digits..=digits)).is_ok())
                .count();
            assert_eq!(allowed(digits), asked as u64, "{digits} digits");
        }
    }

    #[test]
    fn thirty_codes_of_any_length_are_refused() {
        let table = [(4, 9_970), (8, 99_999_970), (10, 9_999_999_970)];
        for (digits, expected) in table {
            assert_eq!(allowed(digits), expected, "{digits} digits");
        }
    }
}
