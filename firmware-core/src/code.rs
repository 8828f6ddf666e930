//! An entry of digits, which is a secret whatever it turns out to be.

use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::limits::MOST_DIGITS;

/// 1 to 10 digits as somebody typed them.
#[derive(Clone)]
pub struct Code {
    digits: [u8; MOST_DIGITS],
    length: usize,
}

impl Code {
    /// None unless there are 1 to 10 values of 0 to 9.
    #[must_use]
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        if digits.is_empty() || digits.iter().any(|digit| *digit > 9) {
            return None;
        }
        let mut padded = [0; MOST_DIGITS];
        padded.get_mut(..digits.len())?.copy_from_slice(digits);
        Some(Self {
            digits: padded,
            length: digits.len(),
        })
    }

    /// The digits as values of 0 to 9.
    #[must_use]
    pub fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    /// The digits, filled up with zeros: what is digested, so that every entry costs the same.
    #[must_use]
    pub fn padded(&self) -> &[u8; MOST_DIGITS] {
        &self.digits
    }
}

impl ConstantTimeEq for Code {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.digits.ct_eq(&other.digits) & self.length.ct_eq(&other.length)
    }
}

impl core::fmt::Debug for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Code([{} digits])", self.length)
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl ZeroizeOnDrop for Code {}
