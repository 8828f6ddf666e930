//! A bench for a keypad lock: virtual hardware, scenario files, time travel.

pub mod cli;
pub mod devices;
pub mod fault;
mod front;
pub mod odds;
pub mod owner;
mod play;
pub mod recognise;
pub mod report;
pub mod rng;
pub mod run;
pub mod scenario;
mod stage;
pub mod stimulus;
pub mod time;
pub mod trace;
pub mod world;
pub mod zones;
