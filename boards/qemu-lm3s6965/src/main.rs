//! The lock's firmware on a Cortex-M3, with the bench as its hardware: all it has of its own is a serial line.
#![no_std]
#![no_main]

mod stack;
mod uart;

use core::fmt::Write as _;
use core::panic::PanicInfo;

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use link::frame::{Encoder, FRAME};
use link::message::Reply;
use link::target::{Places, Target};
use static_cell::ConstStaticCell;
use uart::Uart;

/// For one lock, and its copies where a scenario forks.
static ROOM: ConstStaticCell<Places<5>> = ConstStaticCell::new(Places::new());

#[entry]
fn main() -> ! {
    let counter = Peripherals::take().map(|peripherals| peripherals.SYST);
    let mut target = Target::new(Uart::new(counter), ROOM.take(), "qemu-lm3s6965");
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
    let mut text = heapless::String::<192>::new();
    // A text that is cut says enough.
    let _ = write!(text, "{info}");
    let mut frame = [0; FRAME];
    if let Ok(frame) = Encoder::last_words().encode(&Reply::Lost(&text), &mut frame) {
        uart::send(frame);
    }
    loop {
        cortex_m::asm::wfi();
    }
}
