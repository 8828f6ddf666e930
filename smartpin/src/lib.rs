//! Ten-digit PINs that carry a stay.
//!
//! A *SmartPIN* is a window of time, start and end, enciphered to ten decimal digits under a key that one lock and its
//! owner's app share. The lock needs no network: it deciphers what was typed and compares the window with its clock.
//! This crate is what both sides share, without std and without an allocator; a booking backend links it to issue PINs.
//!
//! ```
//! use chrono::NaiveDate;
//! use smartpin::{DailyHours, Generation, Pin, SiteKey, Stay, Variant, Window};
//!
//! let site = SiteKey::from_hex("000102030405060708090a0b0c0d0e0f")?;
//! let key = site.lock_key(&"SL-000042".parse()?).pin_key();
//!
//! let day = |day, hour| NaiveDate::from_ymd_opt(2026, 12, day).unwrap().and_hms_opt(hour, 0, 0).unwrap();
//! let window = Window::for_request(day(1, 15), day(5, 11))?;
//! let stay = Stay { window, variant: Variant::ZERO };
//! let pin = key.issue(stay, Generation(0));
//! println!("{} opens from {:?}", pin.grouped(), window.bounds(DailyHours::default()));
//!
//! let typed: Pin = pin.grouped().to_string().parse()?;
//! assert_eq!(key.read(&typed, Generation(0))?.grant(), stay.into());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # What is in a PIN
//!
//! A window is numbered (2020 to 2139, hourly up to 32 days, daily up to a year), its variant tells apart up to eight PINs
//! of one window, and both together are an [`Index`] below 6,366,252,640. FF1 (NIST SP 800-38G) under AES-128 turns the
//! index into ten digits and back; the lock's generation is the tweak, so that raising it voids every PIN before.
//!
//! Index and generation are a PIN's identity: keep these where you keep what was issued. What a PIN is good for is decoded
//! from its index: a [`Grant`], which tells when it opens and when it is over.
//!
//! # What is not
//!
//! No list of PINs: every window has one, issued or not, and at any moment 361,653 of the 10^10 numbers open a lock whose
//! settings allow it. What is left to the lock is how many guesses it takes. Nothing here reads a clock.
#![no_std]

mod ff1;
mod grant;
mod index;
mod key;
mod pin;
mod text;
mod window;

pub use grant::{Grant, Openness, Stay, WallClock};
pub use index::Index;
pub use key::{
    KeyError, LockKey, PinKey, Reserved, SerialError, SerialNumber, SiteKey, StoreKey, StoreMac,
};
pub use pin::{Generation, Grouped, Pin, PinError, Variant};
pub use text::NotAGrant;
pub use window::{DailyHours, EPOCH, WINDOWS, Window, WindowError, WindowKind};
