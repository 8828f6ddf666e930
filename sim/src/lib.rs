//! A bench for a keypad lock: virtual hardware, scenario files, time travel.

pub mod devices;
pub mod fault;
pub mod recognise;
pub mod rng;
pub mod stimulus;
pub mod time;
pub mod trace;
