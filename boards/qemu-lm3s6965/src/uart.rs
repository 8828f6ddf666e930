//! The first serial port of the LM3S6965, a PrimeCell PL011, and the processor's own counter.
//!
//! Interrupts are never taken: the port's own merely wakes the processor, which sleeps until the bench says something.

use core::convert::Infallible;
use core::ptr::{read_volatile, write_volatile};

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{NVIC, SYST};
use embedded_io::{ErrorType, Read, Write};
use link::target::Wire;

use crate::stack;

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

/// LM3S6965 data sheet, run-mode clock configuration.
const CLOCK: *mut u32 = 0x400F_E060 as *mut u32;
/// The 200 MHz of the PLL divided by 4.
const FIFTY_MEGAHERTZ: u32 = 3 << 23 | 1 << 22;

/// What SysTick counts to, in its 24 bits.
const RELOAD: u32 = 0x00FF_FFFF;

/// Waits until all is sent.
pub fn send(bytes: &[u8]) {
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
pub struct Uart {
    counter: Option<SYST>,
    /// SysTick counts down in 24 bits; this is the longer count that it is made into.
    counted: u32,
    last: u32,
}

impl Uart {
    /// The port, as the emulator has it after reset, and a counter.
    pub fn new(mut counter: Option<SYST>) -> Self {
        cortex_m::interrupt::disable();
        // SAFETY: registers of the chip's own, written once, before anything counts; and an interrupt that wakes the
        // processor and is never taken.
        unsafe {
            write_volatile(CLOCK, FIFTY_MEGAHERTZ);
            write_volatile(LINE_CONTROL, EIGHT_BITS_AND_FIFOS);
            write_volatile(INTERRUPT_MASK, RECEIVED);
            NVIC::unmask(Port);
        }
        if let Some(counter) = &mut counter {
            counter.set_clock_source(SystClkSource::Core);
            counter.set_reload(RELOAD);
            counter.clear_current();
            counter.enable_counter();
        }
        Self {
            counter,
            counted: 0,
            last: RELOAD,
        }
    }
}

impl Uart {
    /// Until a byte has come. The counter stands meanwhile: the emulator would go through its every round.
    fn sleep(&mut self) {
        self.ticks();
        if let Some(counter) = &mut self.counter {
            counter.disable_counter();
        }
        while is_empty() {
            NVIC::unpend(Port);
            cortex_m::asm::wfi();
        }
        if let Some(counter) = &mut self.counter {
            counter.enable_counter();
        }
    }
}

impl Wire for Uart {
    const TICKS_PER_SECOND: u32 = 50_000_000;

    fn ticks(&mut self) -> u32 {
        if self.counter.is_some() {
            let shown = SYST::get_current();
            self.counted = self
                .counted
                .wrapping_add(self.last.wrapping_sub(shown) & RELOAD);
            self.last = shown;
        }
        self.counted
    }

    fn stack(&self) -> u32 {
        stack::used()
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
