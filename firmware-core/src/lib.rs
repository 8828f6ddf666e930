//! The firmware of a keypad lock that needs no network, generic over [`embedded_hal`].
//!
//! A guest types ten digits; the lock deciphers them into a window of time ([`smartpin`]), looks at its clock chip, and
//! opens or doesn't. [`lock::Lock`] is the whole of it: plain data that is polled with the time and a board's
//! peripherals, does all that is due, and says when to come again. Nothing blocks, sleeps or spins.
//!
//! - [`logic`]: pure state machines.
//! - [`drivers`]: embedded-hal calls.
//! - [`store`]: what survives a power loss.
//! - [`lock`]: the only place that knows all three.
//! - [`board`]: what a circuit board has to offer.
//! - [`audit`], [`settings`]: names that are written down, declared as a [`mod@vocabulary`].
//!
//! The pure parts run without a board. For example, change settings and convert UTC to the lock's civil time:
//!
//! ```
//! use firmware_core::civil::UtcTime;
//! use firmware_core::settings::{SettingName, Settings};
//!
//! let mut settings = Settings::default();
//! settings.set(SettingName::Timezone, "MST7MDT,M3.2.0,M11.1.0")?;
//! settings.set(SettingName::AutoLockSeconds, "10")?;
//! assert!(settings.set(SettingName::AutoLockSeconds, "1").is_err(), "0, or 2 to 99");
//!
//! let wall = settings.timezone.civil(UtcTime(1_796_166_000));
//! assert_eq!(wall.to_string(), "2026-12-01 16:00:00");
//! # Ok::<(), firmware_core::settings::SettingError>(())
//! ```
#![no_std]

pub mod audit;
pub mod board;
pub mod civil;
pub mod code;
pub mod drivers;
pub mod limits;
pub mod lock;
pub mod logic;
pub mod port;
pub mod settings;
pub mod store;
pub mod time;
pub mod units;
pub mod vocabulary;
pub mod zone;
