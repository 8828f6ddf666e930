//! What the images for the emulated LM3S6965 have in common: everything but their line to the bench.
#![no_std]

mod counter;
mod stack;

use link::target::{Lost, Places, Target, Wire};

pub use counter::Counter;
pub use stack::used as stack_used;

/// Room for one lock, and its copies where a scenario forks.
pub type Room = Places<5>;

/// Serves the bench until the line is at its end. Whatever else ends a service, the bench was told, and may say hello again.
pub fn serve(line: impl Wire, room: &mut Room) {
    let mut target = Target::new(line, room, "qemu-lm3s6965");
    // From here on a lock needs no more of it here than it would anywhere.
    stack::paint();
    while target.serve() != Lost::Ended {}
}
