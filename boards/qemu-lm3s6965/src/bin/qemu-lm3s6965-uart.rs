//! The same firmware, with the bench at the emulated board's first serial port: as on a real board, and as slow.
//!
//! The port of the LM3S6965 is a PrimeCell PL011. Interrupts are never taken: the port's own merely wakes the processor,
//! which sleeps until the bench says something.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::panic::PanicInfo;
use core::ptr::{read_volatile, write_volatile};

use cortex_m::Peripherals;
use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::entry;
use embedded_io::{ErrorType, Read, Write};
use link::target::{Wire, last_words};
use qemu_lm3s6965::{Counter, Room, serve, stack_used};

/// PL011 technical reference manual, table 3-1: data, and flags.
const DATA: *mut u32 = 0x4000_C000 as *mut u32;
const FLAGS: *const u32 = 0x4000_C018 as *const u32;
const LINE_CONTROL: *mut u32 = 0x4000_C02C as *mut u32;
/// 8 bits, through the FIFOs: without those the emulator hands over a byte only once the last one was read.
const EIGHT_BITS_AND_FIFOS: u32 = 0b11 << 5 | 1 << 4;
const INTERRUPT_MASK: *mut u32 = 0x4000_C038 as *mut u32;
const RECEIVED: u32 = 1 << 4;
const RECEIVER_EMPTY: u32 = 1 << 4;
const TRANSMITTER_FULL: u32 = 1 << 5;

#[entry]
fn main() -> ! {
    static mut ROOM: Room = Room::new();

    let counter = Counter::start(Peripherals::take().map(|peripherals| peripherals.SYST));
    serve(Uart::new(counter), ROOM);
    stop()
}

/// Tells the bench, and stops.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    last_words(info, send);
    stop()
}

fn stop() -> ! {
    loop {
        cortex_m::asm::wfi();
    }
}

/// Waits until all is sent.
fn send(bytes: &[u8]) {
    for byte in bytes {
        // SAFETY: both addresses are registers of the port, always there, of 32 bits, and no memory of Rust's.
        unsafe {
            while read_volatile(FLAGS) & TRANSMITTER_FULL != 0 {}
            write_volatile(DATA, u32::from(*byte));
        }
    }
}

fn is_empty() -> bool {
    // SAFETY: as in `send`.
    unsafe { read_volatile(FLAGS) & RECEIVER_EMPTY != 0 }
}

/// The port's interrupt, number 5 of the LM3S6965.
#[derive(Clone, Copy)]
struct Port;

// SAFETY: the data sheet's table of interrupts, and a number that never changes.
unsafe impl InterruptNumber for Port {
    fn number(self) -> u16 {
        5
    }
}

/// The line to the bench.
struct Uart {
    counter: Counter,
}

impl Uart {
    /// The port, as the emulator has it after reset.
    fn new(counter: Counter) -> Self {
        cortex_m::interrupt::disable();
        // SAFETY: registers of the port, written once; and an interrupt that wakes the processor and is never taken.
        unsafe {
            write_volatile(LINE_CONTROL, EIGHT_BITS_AND_FIFOS);
            write_volatile(INTERRUPT_MASK, RECEIVED);
            NVIC::unmask(Port);
        }
        Self { counter }
    }

    /// Until a byte has come. The counter stands meanwhile: the emulator would go through its every round.
    fn sleep(&mut self) {
        self.counter.pause(|| {
            while is_empty() {
                NVIC::unpend(Port);
                cortex_m::asm::wfi();
            }
        });
    }
}

impl Wire for Uart {
    const TICKS_PER_SECOND: u32 = Counter::TICKS_PER_SECOND;

    fn ticks(&mut self) -> u32 {
        self.counter.read()
    }

    fn stack(&self) -> u32 {
        stack_used()
    }
}

impl ErrorType for Uart {
    type Error = Infallible;
}

impl Read for Uart {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Infallible> {
        let Some(first) = into.first_mut() else {
            return Ok(0);
        };
        if is_empty() {
            self.sleep();
        }
        // SAFETY: as in `send`.
        *first = unsafe { read_volatile(DATA) } as u8;
        Ok(1)
    }
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        send(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
