//! The lock's firmware on an emulated Cortex-M3, with the bench as its hardware, at the emulator's standard input and output.
#![no_std]
#![no_main]

mod semihosting;

use core::panic::PanicInfo;

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use link::target::last_words;
use qemu_lm3s6965::{Counter, Room, serve};
use semihosting::{Console, Exit};

#[entry]
fn main() -> ! {
    static mut ROOM: Room = Room::new();

    let counter = Counter::start(Peripherals::take().map(|peripherals| peripherals.SYST));
    serve(Console::open(counter), ROOM);
    semihosting::exit(Exit::Done)
}

/// Tells the bench, and ends the emulator.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    last_words(info, semihosting::send);
    semihosting::exit(Exit::Failed)
}
