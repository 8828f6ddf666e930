//! Pure state machines: input and time in, effects out. Nothing here knows of a pin or of flash.

pub mod access;
pub mod bolt;
pub mod entry;
pub mod form;
pub mod keypad;
pub mod lockout;
pub mod programming;
pub mod reset;
pub mod signal;
pub mod trust;
pub mod wall;
