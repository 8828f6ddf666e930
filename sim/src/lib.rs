//! A bench for a keypad lock: virtual hardware, scenario files, time travel.

pub mod cli;
pub mod owner;
pub mod scenario;
pub mod zones;
