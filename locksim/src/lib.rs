//! The program `locksim`: what a terminal, files, threads, processes and serial ports are needed for.
//!
//! [`sim`] has the bench; this crate lends it what an operating system has.

mod cli;
pub mod files;
mod folder;
mod front;
pub mod lines;
pub mod threads;

pub use cli::main;

use sim::{
    devices, explore, fault, key, moment, odds, owner, pace, people, play, report, run, scenario,
    stage, stimulus, suggest, sweep, target, time, trace, world, zones,
};
