//! The program `locksim`: what a terminal, files, threads, processes and serial ports are needed for.
//!
//! [`sim`] has the bench; this crate lends it what an operating system has.

mod cli;
mod exit;
pub mod files;
mod folder;
pub mod lines;
mod terminal;
pub mod threads;

pub use cli::main;
