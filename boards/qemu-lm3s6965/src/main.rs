//! The lock's firmware on a Cortex-M3, with the bench as its hardware: all it has of its own is a serial line.
#![no_std]
#![no_main]

mod stack;
mod uart;

use core::panic::PanicInfo;

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use link::target::{Places, Target, last_words};
use uart::Uart;

#[entry]
fn main() -> ! {
    // For one lock, and its copies where a scenario forks.
    static mut ROOM: Places<5> = Places::new();

    let counter = Peripherals::take().map(|peripherals| peripherals.SYST);
    let mut target = Target::new(Uart::new(counter), ROOM, "qemu-lm3s6965");
    // From here on a lock needs no more of it here than it would anywhere.
    stack::paint();
    loop {
        // Whatever ended it, the bench was told, and may say hello again.
        target.serve();
    }
}

/// Tells the bench, and stops.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    last_words(info, uart::send);
    loop {
        cortex_m::asm::wfi();
    }
}
