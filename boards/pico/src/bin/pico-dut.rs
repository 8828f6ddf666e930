//! A Pico as a device under test: the lock's firmware, whose hardware is the bench at the other end of UART0.
//!
//! All that is the Pico's own is a serial line with a counter, and where a panic goes.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::fmt::Display;
use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, exception};
use embedded_io::{ErrorType, Read, Write};
use hal::timer::Timer;
use hal::{entry, pac};
use link::target::{Places, Target, Wire, last_words};
use rp2040_hal as hal;
use start::{Chip, Serial, serial};

#[entry]
fn main() -> ! {
    static mut ROOM: Places<5> = Places::new();

    let Some(mut chip) = Chip::start() else {
        hal::reset();
    };
    let pins = (chip.pins.gpio0, chip.pins.gpio1);
    let Some(uart) = serial(chip.uart, pins, &mut chip.resets, &chip.clocks) else {
        hal::reset();
    };
    let timer = chip.timer;
    let mut target = Target::new(Line { uart, timer }, ROOM, "pico");
    loop {
        // Whatever ended it, the bench was told, and may say hello again.
        target.serve();
    }
}

/// The line to the bench.
struct Line {
    uart: Serial,
    timer: Timer,
}

impl Wire for Line {
    /// The chip's timer counts microseconds: some 125 instructions each.
    const TICKS_PER_SECOND: u32 = 1_000_000;

    fn ticks(&mut self) -> u32 {
        self.timer.get_counter_low()
    }
}

impl ErrorType for Line {
    type Error = Infallible;
}

impl Read for Line {
    /// A byte that came spoilt is left out: the frame that it was of tells.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Infallible> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            if let Ok(count) = self.uart.read_raw(into) {
                return Ok(count);
            }
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.uart.write_full_blocking(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Tells the bench, and stops.
fn give_up(why: impl Display) -> ! {
    last_words(why, |frame| {
        // SAFETY: registers of the port, which nobody uses any more.
        let uart = unsafe { &*pac::UART0::PTR };
        for byte in frame {
            while uart.uartfr().read().txff().bit_is_set() {}
            // SAFETY: any byte may be sent.
            uart.uartdr().write(|w| unsafe { w.data().bits(*byte) });
        }
    });
    loop {
        cortex_m::asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    give_up(info);
}

// SAFETY: it never returns.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    give_up("hard fault: the stack ran over, or an address is none");
}
