//! The front-end on a terminal: the loop, the terminal itself, files, and the folder that keeps a lock.

mod atomic_write;
mod crossterm_input;
mod disk;
mod environment;
mod events;
mod screen;
mod state;

pub(crate) use events::{Options, run};
