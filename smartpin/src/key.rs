//! Keys, and what is derived from them.

use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use aes::Aes128Enc;
use aes::cipher::common::array::Array;
use cmac::{Cmac, KeyInit, Mac};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ff1::{Direction, Ff1, LANES};
use crate::index::Index;
use crate::pin::{Generation, Pin};

/// A lock's serial number: 1 to 32 of A-Z, 0-9 and hyphen. It is printed on the lock and opens nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SerialNumber {
    bytes: [u8; SerialNumber::LONGEST],
    length: usize,
}

impl SerialNumber {
    /// The most characters.
    pub const LONGEST: usize = 32;

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialNumber({})", self.as_str())
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SerialError {
    /// Not 1 to 32 characters.
    Length(usize),
    /// Something other than A-Z, 0-9 and hyphen.
    Character(char),
}

impl fmt::Display for SerialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => write!(f, "a serial number has 1 to 32 characters, not {found}"),
            Self::Character(found) => write!(
                f,
                "a serial number has A-Z, 0-9 and hyphen alone, not {found:?}"
            ),
        }
    }
}

impl core::error::Error for SerialError {}

impl FromStr for SerialNumber {
    type Err = SerialError;

    fn from_str(text: &str) -> Result<Self, SerialError> {
        let wrong = |character: &char| !matches!(character, 'A'..='Z' | '0'..='9' | '-');
        if let Some(character) = text.chars().find(wrong) {
            return Err(SerialError::Character(character));
        }
        let mut bytes = [0; Self::LONGEST];
        let place = bytes
            .get_mut(..text.len())
            .filter(|place| !place.is_empty());
        place
            .ok_or(SerialError::Length(text.len()))?
            .copy_from_slice(text.as_bytes());
        Ok(Self {
            bytes,
            length: text.len(),
        })
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// Not 32 hex digits.
    Length(usize),
    /// Not a hex digit, counted from 0.
    NotHex {
        /// Where.
        at: usize,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => write!(f, "a key has 32 hex digits, not {found}"),
            Self::NotHex { at } => write!(
                f,
                "a key has hex digits alone; character {} is none",
                at + 1
            ),
        }
    }
}

impl core::error::Error for KeyError {}

/// Declares a 128-bit secret that shows nothing and leaves nothing behind.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The key of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The key of 32 hex digits, of either case.
            pub fn from_hex(text: &str) -> Result<Self, KeyError> {
                parse_hex(text).map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([16 bytes])"))
            }
        }
    };
}

secret!(
    /// The owner's secret, from which each lock's key comes. It stays in the owner's app.
    SiteKey
);
secret!(
    /// One lock's secret. A lock that is taken apart gives up its own at most.
    LockKey
);
secret!(
    /// What a lock digests its codes under. Derived in the lock, and nowhere else.
    StoreKey
);

impl SiteKey {
    /// The key of the lock with this serial number.
    #[must_use]
    pub fn lock_key(&self, serial: &SerialNumber) -> LockKey {
        LockKey(derive(&self.0, b"smartpin/lock", serial.as_bytes()))
    }
}

impl LockKey {
    /// The key itself, for whoever has to hand it to a lock.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key that PINs are issued and read with.
    #[must_use]
    pub fn pin_key(&self) -> PinKey {
        let mut key = derive(&self.0, b"smartpin/pin", b"");
        let pin_key = PinKey(Ff1::new(&key, 4));
        key.zeroize();
        pin_key
    }

    /// The programming code on the sealed label inside the lock: six digits as values of 0 to 9.
    #[must_use]
    pub fn programming_code(&self) -> [u8; 6] {
        let derived = u128::from_be_bytes(derive(&self.0, b"smartpin/programming", b""));
        let mut rest = (derived >> 64) % 1_000_000;
        let mut digits = [0; 6];
        for digit in digits.iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }

    /// The key for the digests that the lock keeps.
    #[must_use]
    pub fn store_key(&self) -> StoreKey {
        StoreKey(derive(&self.0, b"smartpin/store", b""))
    }
}

impl StoreKey {
    /// The key, expanded for many digests: on a small processor that costs several times as much as a digest.
    #[must_use]
    pub fn expand(&self) -> StoreMac {
        StoreMac(KeyInit::new(&Array(self.0)))
    }
}

/// A [`StoreKey`], expanded.
pub struct StoreMac(Cmac<Aes128Enc>);

impl ZeroizeOnDrop for StoreMac {}

impl StoreMac {
    /// AES-128-CMAC (NIST SP 800-38B) of the parts, one after the other.
    #[must_use]
    pub fn cmac(&mut self, parts: &[&[u8]]) -> [u8; 16] {
        for part in parts {
            self.0.update(part);
        }
        self.0.finalize_reset().into_bytes().into()
    }
}

impl fmt::Debug for StoreMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreMac([expanded])")
    }
}

/// A lock's PIN key, expanded: what issues PINs, and reads them.
#[derive(Clone)]
pub struct PinKey(Ff1);

impl ZeroizeOnDrop for PinKey {}

/// Ten digits that are nobody's PIN: their index is reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved;

impl fmt::Display for Reserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these digits are no SmartPIN of this lock and generation")
    }
}

impl core::error::Error for Reserved {}

impl PinKey {
    /// The PIN of an index, or of the stay or the grant that has it.
    ///
    /// ```
    /// use smartpin::{Generation, SiteKey, Stay, Variant, Window};
    ///
    /// let site = SiteKey::from_hex("000102030405060708090a0b0c0d0e0f")?;
    /// let key = site.lock_key(&"SL-000042".parse()?).pin_key();
    ///
    /// let start = "2026-12-01T15:00:00".parse().unwrap();
    /// let stay = Stay {
    ///     window: Window::hourly(start, 92)?,
    ///     variant: Variant::ZERO,
    /// };
    /// let pin = key.issue(stay, Generation(0));
    /// assert_eq!(pin.grouped().to_string(), "591-245-0186");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn issue(&self, index: impl Into<Index>, generation: Generation) -> Pin {
        let tweak = generation.0.to_be_bytes();
        let number = index.into().number();
        Pin::from_number(self.0.apply(Direction::Encrypt, &tweak, number))
    }

    /// The index of a PIN, which says what it grants. Six in ten of all ten-digit numbers grant some stay: that a PIN can
    /// be read says nothing of whether it was ever issued, or opens.
    ///
    /// ```
    /// use smartpin::{DailyHours, Generation, Openness, SiteKey};
    ///
    /// let site = SiteKey::from_hex("000102030405060708090a0b0c0d0e0f")?;
    /// let key = site.lock_key(&"SL-000042".parse()?).pin_key();
    ///
    /// let grant = key.read(&"591-245-0186".parse()?, Generation(0))?.grant();
    /// assert_eq!(grant.to_string(), "2026-12-01T15:00/2026-12-05T11:00/0");
    ///
    /// // Someone types it two hours before the guest leaves.
    /// let wall: chrono::NaiveDateTime = "2026-12-05T09:00:00".parse().unwrap();
    /// assert_eq!(grant.openness(DailyHours::default(), &wall), Openness::Open);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Reserved`] where these digits grant nothing in this generation.
    pub fn read(&self, pin: &Pin, generation: Generation) -> Result<Index, Reserved> {
        let tweak = generation.0.to_be_bytes();
        of_number(self.0.apply(Direction::Decrypt, &tweak, pin.number()))
    }

    /// Issues many PINs, several at a time where the processor can; each comes back in order. See
    /// [`PinKey::read_batch`].
    pub fn issue_batch(
        &self,
        indexes: &[Index],
        generation: Generation,
        mut each: impl FnMut(Pin),
    ) {
        let numbers = indexes.iter().map(|index| index.number());
        self.in_batches(Direction::Encrypt, generation, numbers, |number| {
            each(Pin::from_number(number));
        });
    }

    /// Reads many PINs, several at a time where the processor can; each result in order.
    ///
    /// How many it takes to be several times as fast as [`PinKey::read`] is the processor's: 8 with AES-NI, 64 with VAES.
    /// Fewer are done one by one where that is faster.
    pub fn read_batch(
        &self,
        pins: &[Pin],
        generation: Generation,
        mut each: impl FnMut(Result<Index, Reserved>),
    ) {
        let numbers = pins.iter().map(Pin::number);
        self.in_batches(Direction::Decrypt, generation, numbers, |number| {
            each(of_number(number));
        });
    }

    /// Reads all PINs whose ten digits, taken as a number, lie in the range, in their order: what somebody does who counts
    /// or tries them all. Numbers from 10^10 on have no PIN and no result. See [`PinKey::read_batch`].
    pub fn read_range(
        &self,
        numbers: Range<u64>,
        generation: Generation,
        mut each: impl FnMut(Result<Index, Reserved>),
    ) {
        let numbers = numbers.start..numbers.end.min(Pin::COUNT);
        self.in_batches(Direction::Decrypt, generation, numbers, |number| {
            each(of_number(number));
        });
    }

    fn in_batches(
        &self,
        direction: Direction,
        generation: Generation,
        mut numbers: impl Iterator<Item = u64>,
        mut each: impl FnMut(u64),
    ) {
        let tweak = generation.0.to_be_bytes();
        let mut batch = [0; LANES];
        loop {
            let mut filled = 0;
            for (slot, number) in batch.iter_mut().zip(&mut numbers) {
                *slot = number;
                filled += 1;
            }
            let batch = batch.get_mut(..filled).unwrap_or_default();
            self.0.apply_all(direction, &tweak, batch);
            batch.iter().copied().for_each(&mut each);
            if filled < LANES {
                break;
            }
        }
        batch.zeroize();
    }
}

impl fmt::Debug for PinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinKey([expanded])")
    }
}

fn of_number(number: u64) -> Result<Index, Reserved> {
    Index::from_number(number).ok_or(Reserved)
}

/// NIST SP 800-108r1 in counter mode over AES-128-CMAC: one block of 128 bits.
fn derive(key: &[u8; 16], label: &[u8], context: &[u8]) -> [u8; 16] {
    StoreMac(KeyInit::new(&Array(*key))).cmac(&[
        &1_u32.to_be_bytes(),
        label,
        &[0],
        context,
        &128_u32.to_be_bytes(),
    ])
}

fn parse_hex(text: &str) -> Result<[u8; 16], KeyError> {
    let digits = text.chars().count();
    if digits != 32 {
        return Err(KeyError::Length(digits));
    }
    let mut key = [0_u8; 16];
    for (at, character) in text.chars().enumerate() {
        let digit = character.to_digit(16).ok_or(KeyError::NotHex { at })?;
        if let Some(byte) = key.get_mut(at / 2) {
            *byte = (*byte << 4) | digit as u8;
        }
    }
    Ok(key)
}
