//! The ten digits, and the small numbers that go with them.

use core::fmt;
use core::str::FromStr;

use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Which of a window's PINs, 0 to 7. The app hands out 0 first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variant(u8);

impl Variant {
    /// How many there are.
    pub const COUNT: u8 = 8;
    /// The first PIN of a window.
    pub const ZERO: Self = Self(0);

    /// None above 7.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number < Self::COUNT {
            Some(Self(number))
        } else {
            None
        }
    }

    /// All of them, the lowest first.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        (0..Self::COUNT).map(Self)
    }

    /// The variant of a number that is known to be 0 to 7.
    pub(crate) const fn numbered(number: u8) -> Self {
        Self(number)
    }

    /// 0 to 7.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The lock's generation: raising it voids every SmartPIN issued before. A new lock is of generation 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u32);

/// A SmartPIN: ten digits, leading zeros included. A secret: it shows itself through [`Pin::grouped`] alone.
#[derive(Clone)]
pub struct Pin([u8; Pin::LENGTH]);

impl Pin {
    /// The number of digits.
    pub const LENGTH: usize = 10;
    /// How many ten-digit numbers there are, nobody's PINs included.
    pub const COUNT: u64 = 10_000_000_000;

    /// None unless there are ten values of 0 to 9.
    #[must_use]
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        let digits: [u8; Self::LENGTH] = digits.try_into().ok()?;
        digits
            .iter()
            .all(|digit| *digit < 10)
            .then_some(Self(digits))
    }

    /// The digits, as values of 0 to 9.
    #[must_use]
    pub fn digits(&self) -> [u8; Self::LENGTH] {
        self.0
    }

    /// The PIN as people read it: `234-693-0987`.
    #[must_use]
    pub fn grouped(&self) -> Grouped<'_> {
        Grouped(self)
    }

    pub(crate) fn from_number(number: u64) -> Self {
        let mut rest = number;
        let mut digits = [0; Self::LENGTH];
        for digit in digits.iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        Self(digits)
    }

    pub(crate) fn number(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |number, digit| number * 10 + u64::from(*digit))
    }
}

impl ConstantTimeEq for Pin {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin([10 digits])")
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Pin {}

/// A PIN in groups of 3-3-4, for the eyes of whom it is issued to.
pub struct Grouped<'a>(&'a Pin);

impl fmt::Display for Grouped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.0.iter().enumerate() {
            if place == 3 || place == 6 {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Why a text is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinError {
    /// Something other than digits, spaces and hyphens.
    NotADigit(char),
    /// Not ten digits.
    Length(usize),
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADigit(found) => write!(
                f,
                "a PIN has digits, spaces and hyphens alone, not {found:?}"
            ),
            Self::Length(found) => write!(f, "a PIN has ten digits, not {found}"),
        }
    }
}

impl core::error::Error for PinError {}

impl FromStr for Pin {
    type Err = PinError;

    /// Spaces and hyphens are ignored, wherever they stand; leading zeros count.
    fn from_str(text: &str) -> Result<Self, PinError> {
        let mut pin = Self([0; Self::LENGTH]);
        let mut length = 0;
        for character in text
            .chars()
            .filter(|character| !matches!(character, ' ' | '-'))
        {
            let digit = character
                .to_digit(10)
                .ok_or(PinError::NotADigit(character))?;
            if let Some(place) = pin.0.get_mut(length) {
                *place = digit as u8;
            }
            length += 1;
        }
        if length == Self::LENGTH {
            Ok(pin)
        } else {
            Err(PinError::Length(length))
        }
    }
}
