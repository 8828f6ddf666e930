//! The processor's own counter.

use core::ptr::write_volatile;

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

/// LM3S6965 data sheet, run-mode clock configuration.
const CLOCK: *mut u32 = 0x400F_E060 as *mut u32;
/// The 200 MHz of the PLL divided by 4.
const FIFTY_MEGAHERTZ: u32 = 3 << 23 | 1 << 22;

/// What SysTick counts down from, in its 24 bits.
const RELOAD: u32 = 0x00FF_FFFF;

/// SysTick, made into a counter of 32 bits that counts up.
pub struct Counter {
    timer: Option<SYST>,
    counted: u32,
    last: u32,
}

impl Counter {
    /// How fast it counts.
    pub const TICKS_PER_SECOND: u32 = 50_000_000;

    /// Starts counting; without a timer it stays at 0.
    pub fn start(mut timer: Option<SYST>) -> Self {
        // SAFETY: a register of the chip's own, written once, before anything counts.
        unsafe { write_volatile(CLOCK, FIFTY_MEGAHERTZ) };
        if let Some(timer) = &mut timer {
            timer.set_clock_source(SystClkSource::Core);
            timer.set_reload(RELOAD);
            timer.clear_current();
            timer.enable_counter();
        }
        Self {
            timer,
            counted: 0,
            last: RELOAD,
        }
    }

    /// What it shows.
    pub fn read(&mut self) -> u32 {
        if self.timer.is_some() {
            let shown = SYST::get_current();
            let passed = self.last.wrapping_sub(shown) & RELOAD;
            self.counted = self.counted.wrapping_add(passed);
            self.last = shown;
        }
        self.counted
    }

    /// Does something meanwhile that isn't counted.
    pub fn pause(&mut self, act: impl FnOnce()) {
        self.read();
        if let Some(timer) = &mut self.timer {
            timer.disable_counter();
        }
        act();
        if let Some(timer) = &mut self.timer {
            timer.enable_counter();
        }
    }
}
