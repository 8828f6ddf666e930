//! The owner's app: it holds the keys, issues SmartPINs and remembers which.

use std::fmt;

use chrono::NaiveDateTime;
use firmware_core::audit::PinId;
use smartpin::{
    Generation, Grant, LockKey, Pin, SerialNumber, SiteKey, Stay, Variant, Window, WindowError,
};

/// The site key of every lock whose scenario names none. Published, so for the simulator alone.
pub const TEST_SITE_KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The serial number of every lock whose scenario names none.
pub const TEST_SERIAL: &str = "SL-000000";

/// The key of one lock.
#[must_use]
pub fn lock_key(site_key: [u8; 16], serial: &SerialNumber) -> LockKey {
    SiteKey::from_bytes(site_key).lock_key(serial)
}

/// A SmartPIN in the book.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its digits.
    pub pin: Pin,
    /// Which it is.
    pub id: PinId,
}

impl Issued {
    /// The PIN of that index and generation in a lock.
    #[must_use]
    pub fn new(key: &LockKey, id: PinId) -> Self {
        let pin = key.pin_key().issue(id.index, id.generation);
        Self { pin, id }
    }

    /// What it grants.
    #[must_use]
    pub fn grant(&self) -> Grant {
        self.id.grant()
    }
}

/// A stay that somebody wants a PIN for.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Civil time of its start.
    pub start: NaiveDateTime,
    /// Civil time of its end.
    pub end: NaiveDateTime,
    /// This of the window's PINs; the app's choice where none is named.
    pub variant: Option<Variant>,
    /// The generation to issue in.
    pub generation: Generation,
}

/// What the lock is known to open for.
pub struct Admission<'a> {
    /// The lock's setting of that name.
    pub pins_per_window: u8,
    /// Whether the lock blocks that PIN.
    pub blocked: &'a dyn Fn(PinId) -> bool,
}

/// Why no PIN was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The window breaks a limit.
    Window(WindowError),
    /// This window and variant were handed out before in this generation.
    HandedOut(Variant),
    /// The lock would not open for one more PIN of the window.
    Full {
        /// How many it opens for.
        live: u8,
    },
    /// All eight variants are gone.
    Spent,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(error) => error.fmt(formatter),
            Self::HandedOut(variant) => {
                write!(
                    formatter,
                    "handed out: this window and variant {} have a PIN already",
                    variant.get()
                )
            }
            Self::Full { live } => write!(
                formatter,
                "window full: the lock opens for {live} of its PINs at once, and they are issued; block one of them, or \
                 raise pins_per_window"
            ),
            Self::Spent => {
                formatter.write_str("window full: its eight PINs are issued; raise the generation")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// The access book of one lock.
#[derive(Clone, Debug)]
pub struct Book {
    key: LockKey,
    issued: Vec<Issued>,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new(key: LockKey) -> Self {
        Self {
            key,
            issued: Vec::new(),
        }
    }

    /// A book with these PINs in it.
    #[must_use]
    pub fn with(key: LockKey, issued: Vec<Issued>) -> Self {
        Self { key, issued }
    }

    /// The code on the lock's label.
    #[must_use]
    pub fn label_code(&self) -> [u8; 6] {
        self.key.programming_code()
    }

    /// Issues a PIN, never one window and variant twice in a generation.
    ///
    /// Without a wish for a variant it takes the lowest that is free and that the lock would open for.
    pub fn issue(&mut self, wish: Wish, admission: &Admission<'_>) -> Result<Issued, Refusal> {
        let window = Window::for_request(wish.start, wish.end).map_err(Refusal::Window)?;
        let stay = Grant::Stay(Stay {
            window,
            variant: wish.variant.unwrap_or_default(),
        });
        let id = |grant: Grant| PinId {
            index: grant.index(),
            generation: wish.generation,
        };
        let id = match wish.variant {
            Some(variant) if self.has(id(stay)) => return Err(Refusal::HandedOut(variant)),
            Some(_) => id(stay),
            None => self.free(stay.siblings().map(id), admission)?,
        };
        let issued = Issued::new(&self.key, id);
        self.issued.push(issued.clone());
        Ok(issued)
    }

    fn has(&self, id: PinId) -> bool {
        self.issued.iter().any(|issued| issued.id == id)
    }

    /// The first of these siblings that is free, if the lock has room for it.
    fn free(
        &self,
        siblings: impl Iterator<Item = PinId>,
        admission: &Admission<'_>,
    ) -> Result<PinId, Refusal> {
        let most = admission.pins_per_window;
        let mut blocked = 0;
        for id in siblings {
            if !id.grant().has_room(most, blocked) {
                return Err(Refusal::Full { live: most });
            }
            if !self.has(id) {
                return Ok(id);
            }
            blocked += u8::from((admission.blocked)(id));
        }
        Err(Refusal::Spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn book() -> Book {
        let serial: SerialNumber = TEST_SERIAL.parse().unwrap();
        Book::new(lock_key(TEST_SITE_KEY, &serial))
    }

    fn wish(variant: Option<u8>) -> Wish {
        let start = NaiveDate::from_ymd_opt(2026, 12, 1)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        let end = NaiveDate::from_ymd_opt(2026, 12, 5)
            .unwrap()
            .and_hms_opt(11, 0, 0)
            .unwrap();
        Wish {
            start,
            end,
            variant: variant.and_then(Variant::new),
            generation: Generation(0),
        }
    }

    #[test]
    fn a_second_pin_of_a_window_needs_room_in_the_lock() {
        let mut book = book();
        let none = Admission {
            pins_per_window: 1,
            blocked: &|_| false,
        };
        assert_eq!(
            book.issue(wish(None), &none)
                .unwrap()
                .grant()
                .variant()
                .get(),
            0
        );
        assert_eq!(
            book.issue(wish(None), &none).unwrap_err(),
            Refusal::Full { live: 1 }
        );
        let first = Admission {
            pins_per_window: 1,
            blocked: &|id| id.grant().variant() == Variant::ZERO,
        };
        assert_eq!(
            book.issue(wish(None), &first)
                .unwrap()
                .grant()
                .variant()
                .get(),
            1
        );
        assert_eq!(
            book.issue(wish(None), &first).unwrap_err(),
            Refusal::Full { live: 1 }
        );
    }

    #[test]
    fn no_window_and_variant_is_handed_out_twice() {
        let mut book = book();
        let none = Admission {
            pins_per_window: 4,
            blocked: &|_| false,
        };
        assert!(book.issue(wish(Some(3)), &none).is_ok());
        assert!(matches!(
            book.issue(wish(Some(3)), &none),
            Err(Refusal::HandedOut(_))
        ));
        let variants: Vec<_> = (0..3)
            .map(|_| {
                book.issue(wish(None), &none)
                    .unwrap()
                    .grant()
                    .variant()
                    .get()
            })
            .collect();
        assert_eq!(variants, [0, 1, 2]);
        assert_eq!(
            book.issue(wish(None), &none).unwrap_err(),
            Refusal::Full { live: 4 }
        );
    }
}
