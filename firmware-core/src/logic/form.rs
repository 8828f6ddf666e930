//! The form that a code of one's own must have.

use core::ops::RangeInclusive;

use crate::audit::Refusal;

/// Digits of a custom PIN.
pub const CUSTOM_PIN: RangeInclusive<usize> = 4..=8;
/// Digits of a local code.
pub const LOCAL_CODE: RangeInclusive<usize> = 4..=9;
/// Digits of the programming code.
pub const PROGRAMMING_CODE: RangeInclusive<usize> = 6..=10;

/// Refuses a wrong length, one digit repeated, and a run up or down; 0 follows 9 and precedes 1.
pub fn check(digits: &[u8], length: &RangeInclusive<usize>) -> Result<(), Refusal> {
    if !length.contains(&digits.len()) {
        return Err(Refusal::Length);
    }
    let steps_by = |step: u8| {
        digits
            .iter()
            .zip(digits.iter().skip(1))
            .all(|(a, b)| (a.wrapping_add(step)) % 10 == *b)
    };
    if steps_by(0) {
        Err(Refusal::Repeat)
    } else if steps_by(1) || steps_by(9) {
        Err(Refusal::Run)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_pins() {
        let table: [(&[u8], Result<(), Refusal>); 14] = [
            (&[2, 5, 8, 0], Ok(())),
            (&[1, 3, 5, 7, 9, 2, 4, 6], Ok(())),
            (&[1, 2, 3, 5], Ok(())),
            (&[1, 2, 2, 3], Ok(())),
            (&[2, 5, 8], Err(Refusal::Length)),
            (&[1, 3, 5, 7, 9, 2, 4, 6, 8], Err(Refusal::Length)),
            (&[], Err(Refusal::Length)),
            (&[2, 2, 2, 2], Err(Refusal::Repeat)),
            (&[1, 2, 3, 4], Err(Refusal::Run)),
            (&[6, 7, 8, 9], Err(Refusal::Run)),
            (&[7, 8, 9, 0], Err(Refusal::Run)),
            (&[8, 9, 0, 1], Err(Refusal::Run)),
            (&[4, 3, 2, 1], Err(Refusal::Run)),
            (&[1, 0, 9, 8], Err(Refusal::Run)),
        ];
        for (digits, expected) in table {
            assert_eq!(check(digits, &CUSTOM_PIN), expected, "{digits:?}");
        }
    }
}
