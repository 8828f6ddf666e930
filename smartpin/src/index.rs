//! Indexes: the numbers that are enciphered to PINs.

use core::fmt;

use crate::grant::{Grant, Stay};
use crate::pin::Variant;
use crate::window::{WINDOWS, Window};

/// What a PIN is before it is enciphered: with its generation, a PIN's identity. It is no secret, and a few bytes to keep.
///
/// Indexes are below 10^10, as there are ten digits, and only those that grant something can exist: those from
/// [`Index::COUNT`] on are reserved.
///
/// ```
/// use smartpin::{Grant, Index};
///
/// let index = Index::from_number(6_366_252_639).expect("the last one that grants a stay");
/// let Grant::Stay(stay) = index.grant();
/// assert_eq!(stay.to_string(), "2139-08-14/2140-08-13/7");
/// assert_eq!(stay.index(), index);
/// assert_eq!(Index::from_number(6_366_252_640), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index {
    /// The number is cut into blocks of [`WINDOWS`]: one for each variant of a stay, and the other kinds' begins the ninth.
    /// So the lock divides a number of 64 bits when it has deciphered one, and never again.
    block: u8,
    /// Within the block.
    place: u32,
}

impl Index {
    /// How many there are: 6,366,252,640. Numbers from here to 10^10 are reserved.
    pub const COUNT: u64 = Variant::COUNT as u64 * WINDOWS as u64;
    /// The index of the lowest number.
    pub const FIRST: Self = Self { block: 0, place: 0 };

    /// The index of a number; none from [`Index::COUNT`] on.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        if number < Self::COUNT {
            Some(Self {
                block: (number / WINDOWS as u64) as u8,
                place: (number % WINDOWS as u64) as u32,
            })
        } else {
            None
        }
    }

    /// The number, below [`Index::COUNT`].
    #[must_use]
    pub const fn number(self) -> u64 {
        self.block as u64 * WINDOWS as u64 + self.place as u64
    }

    /// The index as a record keeps it: the number modulo [`WINDOWS`] in four bytes, little endian, and the quotient.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 5] {
        let [p0, p1, p2, p3] = self.place.to_le_bytes();
        [p0, p1, p2, p3, self.block]
    }

    /// The index of these bytes; none where [`Index::to_bytes`] gives no such bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 5]) -> Option<Self> {
        let [p0, p1, p2, p3, block] = bytes;
        let place = u32::from_le_bytes([p0, p1, p2, p3]);
        if place < WINDOWS && block < Variant::COUNT {
            Some(Self { block, place })
        } else {
            None
        }
    }

    /// What a PIN of this index grants.
    #[must_use]
    pub const fn grant(self) -> Grant {
        Grant::Stay(Stay {
            window: Window::numbered(self.place),
            variant: Variant::numbered(self.block),
        })
    }

    pub(crate) const fn of_stay(stay: Stay) -> Self {
        Self {
            block: stay.variant.get(),
            place: stay.window.number(),
        }
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({})", self.number())
    }
}

impl From<Stay> for Index {
    fn from(stay: Stay) -> Self {
        stay.index()
    }
}

impl From<Grant> for Index {
    fn from(grant: Grant) -> Self {
        grant.index()
    }
}
