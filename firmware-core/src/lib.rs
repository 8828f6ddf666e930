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
//! - [`audit`], [`settings`]: names that are written down, declared as a [`vocabulary`].
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
