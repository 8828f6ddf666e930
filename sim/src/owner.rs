//! The owner's app: it holds the keys, issues SmartPINs and remembers which, and for whom.

use std::fmt;

use chrono::NaiveDateTime;
use firmware_core::audit::PinId;
use firmware_core::settings::Settings;
use smartpin::{
    Generation, Grant, LockKey, Pin, SerialNumber, SiteKey, Stay, Variant, Window, WindowError,
};

use crate::zones::Zone;

/// The site key of every lock whose scenario names none. Published, so for the simulator alone.
pub const TEST_SITE_KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The serial number of every lock whose scenario names none.
pub const TEST_SERIAL: &str = "SL-000000";

/// The key of one lock.
#[must_use]
pub fn lock_key(site_key: [u8; 16], serial: &SerialNumber) -> LockKey {
    SiteKey::from_bytes(site_key).lock_key(serial)
}

/// A code's digits as characters.
pub type Digits = String;

/// Digits from 0 to 9 as a person writes them.
#[must_use]
pub fn text(digits: &[u8]) -> Digits {
    digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

/// What a lock is set to, as its owner gave it.
#[derive(Clone)]
pub struct Terms {
    /// All settings.
    pub settings: Settings,
    /// Where the lock hangs.
    pub zone: Zone,
    /// The programming code in force.
    pub code: Digits,
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

/// Somebody with a SmartPIN.
#[derive(Clone, Debug)]
pub struct Guest {
    /// What steps call the PIN.
    pub name: String,
    /// What people call the guest, where that is another.
    pub called: Option<String>,
    /// The PIN.
    pub issued: Issued,
}

impl Guest {
    /// What people call the guest.
    #[must_use]
    pub fn title(&self) -> &str {
        self.called.as_deref().unwrap_or(&self.name)
    }

    /// How the log names the PIN.
    #[must_use]
    pub fn id(&self) -> String {
        self.issued.id.to_string()
    }

    /// The PIN's digits.
    #[must_use]
    pub fn code(&self) -> Digits {
        text(&self.issued.pin.digits())
    }
}

/// What the owner asks the app for: a PIN for a guest's stay.
#[derive(Clone, Debug)]
pub struct IssueRequest {
    /// What steps are to call the PIN.
    pub name: String,
    /// What people call the guest, where that is another.
    pub called: Option<String>,
    /// Civil time of its start.
    pub start: NaiveDateTime,
    /// Civil time of its end.
    pub end: NaiveDateTime,
    /// This of the window's PINs; the app's choice where none is named.
    pub variant: Option<Variant>,
    /// The generation to issue in.
    pub generation: Generation,
}

impl IssueRequest {
    /// What the PIN is to grant, if it is the first of its window where no variant is asked for.
    fn grant(&self) -> Result<Grant, WindowError> {
        let stay = Stay {
            window: Window::for_request(self.start, self.end)?,
            variant: self.variant.unwrap_or_default(),
        };
        Ok(stay.into())
    }
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

/// The access book of one lock: the only list of the PINs that were handed out.
#[derive(Clone, Debug)]
pub struct Book {
    key: LockKey,
    guests: Vec<Guest>,
    /// PINs whose name was given to a later one: nobody is called so any more, and they are handed out all the same.
    renamed: Vec<Issued>,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new(key: LockKey) -> Self {
        Self {
            key,
            guests: Vec::new(),
            renamed: Vec::new(),
        }
    }

    /// A book with these guests in it, in the order of issue.
    #[must_use]
    pub fn with(key: LockKey, guests: Vec<Guest>) -> Self {
        Self {
            guests,
            ..Self::new(key)
        }
    }

    /// The code on the lock's label.
    #[must_use]
    pub fn label_code(&self) -> Digits {
        text(&self.key.programming_code())
    }

    /// Everybody with a SmartPIN, in the order of issue.
    #[must_use]
    pub fn guests(&self) -> &[Guest] {
        &self.guests
    }

    /// The guest whose PIN steps call so.
    #[must_use]
    pub fn guest(&self, name: &str) -> Option<&Guest> {
        self.guests.iter().find(|guest| guest.name == name)
    }

    /// How the log names the SmartPIN that steps call `name`; the name itself where none is called so.
    #[must_use]
    pub fn id(&self, name: &str) -> String {
        self.guest(name).map_or_else(|| name.to_owned(), Guest::id)
    }

    /// The guest whose SmartPIN the log calls so; of several, who got it last.
    #[must_use]
    pub fn guest_of(&self, pin: Grant) -> Option<&Guest> {
        let mut latest = self.guests.iter().rev();
        latest.find(|guest| guest.issued.grant() == pin)
    }

    /// Issues a PIN, never one window and variant twice in a generation.
    ///
    /// Where no variant is asked for, it takes the lowest that is free and that the lock would open for. A name that
    /// another guest's PIN had is this one's from now on.
    ///
    /// # Errors
    ///
    /// Where there is no such window, or no room in it.
    pub fn issue(
        &mut self,
        request: IssueRequest,
        admission: &Admission<'_>,
    ) -> Result<&Guest, Refusal> {
        let grant = request.grant().map_err(Refusal::Window)?;
        let id = |grant: Grant| PinId {
            index: grant.index(),
            generation: request.generation,
        };
        let id = match request.variant {
            Some(variant) if self.has(id(grant)) => return Err(Refusal::HandedOut(variant)),
            Some(_) => id(grant),
            None => self.free(grant.siblings().map(id), admission)?,
        };
        let issued = Issued::new(&self.key, id);
        let namesakes = self
            .guests
            .extract_if(.., |guest| guest.name == request.name);
        self.renamed.extend(namesakes.map(|guest| guest.issued));
        let guest = Guest {
            name: request.name,
            called: request.called,
            issued,
        };
        Ok(self.guests.push_mut(guest))
    }

    fn has(&self, id: PinId) -> bool {
        let named = self.guests.iter().map(|guest| &guest.issued);
        named.chain(&self.renamed).any(|issued| issued.id == id)
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

    /// All of one name, so that each PIN but the last has lost it.
    fn request(variant: Option<u8>) -> IssueRequest {
        let start = NaiveDate::from_ymd_opt(2026, 12, 1)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        let end = NaiveDate::from_ymd_opt(2026, 12, 5)
            .unwrap()
            .and_hms_opt(11, 0, 0)
            .unwrap();
        IssueRequest {
            name: "stay".into(),
            called: None,
            start,
            end,
            variant: variant.and_then(Variant::new),
            generation: Generation(0),
        }
    }

    fn variant(issued: Result<&Guest, Refusal>) -> u8 {
        issued.unwrap().issued.grant().variant().get()
    }

    #[test]
    fn a_second_pin_of_a_window_needs_room_in_the_lock() {
        let mut book = book();
        let none = Admission {
            pins_per_window: 1,
            blocked: &|_| false,
        };
        assert_eq!(variant(book.issue(request(None), &none)), 0);
        assert_eq!(
            book.issue(request(None), &none).unwrap_err(),
            Refusal::Full { live: 1 }
        );
        let first = Admission {
            pins_per_window: 1,
            blocked: &|id| id.grant().variant() == Variant::ZERO,
        };
        assert_eq!(variant(book.issue(request(None), &first)), 1);
        assert_eq!(
            book.issue(request(None), &first).unwrap_err(),
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
        assert!(book.issue(request(Some(3)), &none).is_ok());
        assert!(matches!(
            book.issue(request(Some(3)), &none),
            Err(Refusal::HandedOut(_))
        ));
        let variants: Vec<_> = (0..3)
            .map(|_| variant(book.issue(request(None), &none)))
            .collect();
        assert_eq!(variants, [0, 1, 2]);
        assert_eq!(
            book.issue(request(None), &none).unwrap_err(),
            Refusal::Full { live: 4 }
        );
    }
}
