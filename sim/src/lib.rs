//! A bench for a keypad lock: virtual hardware, scenario files, time travel.

pub mod course;
pub mod devices;
pub mod executor;
pub mod explore;
pub mod fault;
pub mod key;
pub mod lockout;
pub mod moment;
pub mod monitor;
pub mod odds;
pub mod owner;
pub mod pace;
pub mod people;
pub mod play;
pub mod port;
pub mod recognise;
pub mod report;
pub mod rng;
pub mod run;
pub mod scenario;
pub mod stage;
pub mod stimulus;
pub mod suggest;
pub mod sweep;
pub mod target;
pub mod time;
pub mod trace;
pub mod world;
pub mod zones;

pub use firmware_core::vocabulary;
