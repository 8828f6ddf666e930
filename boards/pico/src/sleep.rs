//! Between two polls the processor sleeps: until a deadline, an input that changes, or a byte.

use cortex_m::peripheral::NVIC;
use embedded_hal::digital::InputPin;
use firmware_core::board::Parts;
use firmware_core::lock::Wake;
use firmware_core::time::{Duration, Instant, earliest};
use rp2040_hal::fugit::{ExtU32, MicrosDurationU32};
use rp2040_hal::gpio::Interrupt;
use rp2040_hal::pac::Interrupt as Source;
use rp2040_hal::timer::{Alarm, Alarm0, Timer};

use crate::pins::Input;
use crate::{Pico, now};

const SOURCES: [Source; 3] = [Source::TIMER_IRQ_0, Source::IO_IRQ_BANK0, Source::UART0_IRQ];
/// While a key is down, a second one in its row changes no input at rest: it is looked for this often.
const SCAN: Duration = Duration::from_ticks(5_000);
/// The alarm has 32 bits of microseconds. Whoever sleeps longer wakes in between, and sleeps on.
const LONGEST_ALARM: MicrosDurationU32 = MicrosDurationU32::from_ticks(1 << 31);

fn inputs(parts: &mut Parts<Pico>) -> impl Iterator<Item = &mut Input> {
    let single = [
        &mut parts.button,
        &mut parts.reset,
        &mut parts.thrown,
        &mut parts.withdrawn,
        &mut parts.stall,
    ];
    parts.rows.iter_mut().chain(single)
}

/// The inputs as they are: a bit for each that is high.
pub fn levels(parts: &mut Parts<Pico>) -> u32 {
    inputs(parts).enumerate().fold(0, |levels, (at, pin)| {
        let Ok(high) = pin.is_high();
        levels | u32::from(high) << at
    })
}

fn is_key_down(parts: &mut Parts<Pico>) -> bool {
    parts.rows.iter_mut().any(|row| {
        let Ok(low) = row.is_low();
        low
    })
}

/// What wakes the processor.
pub struct Sleeper {
    timer: Timer,
    alarm: Alarm0,
}

impl Sleeper {
    /// With an alarm of its own. Interrupts have to be disabled: what is pending wakes, and is not taken.
    pub fn new(timer: Timer, mut alarm: Alarm0) -> Self {
        alarm.enable_interrupt();
        for source in SOURCES {
            // SAFETY: no handler is ever entered, so none can surprise anyone.
            unsafe { NVIC::unmask(source) };
        }
        Self { timer, alarm }
    }

    /// Until the lock has something to do, which saw these levels when it was polled.
    pub fn sleep(&mut self, parts: &mut Parts<Pico>, seen: u32, wake: Wake) {
        let asked = match wake {
            Wake::At(at) => Some(at),
            Wake::OnInput => None,
        };
        let scan = is_key_down(parts).then(|| now(self.timer) + SCAN);
        let until = earliest(asked, scan);
        watch(parts, seen, true);
        loop {
            for source in SOURCES {
                NVIC::unpend(source);
            }
            parts.port.pump();
            if parts.port.has_come() || levels(parts) != seen || self.is_due(until) {
                break;
            }
            // What came since the looks above is pending again.
            cortex_m::asm::wfi();
        }
        watch(parts, seen, false);
    }

    /// Whether the moment has come; else the alarm is set to it.
    fn is_due(&mut self, until: Option<Instant>) -> bool {
        self.alarm.clear_interrupt();
        let Some(until) = until else {
            return false;
        };
        let left = until.checked_duration_since(now(self.timer));
        let Some(left) = left.filter(|left| left.as_ticks() > 0) else {
            return true;
        };
        let left = u32::try_from(left.as_ticks()).map_or(LONGEST_ALARM, |ticks| ticks.micros());
        // One that can't be set is one that has passed.
        self.alarm.schedule(left.min(LONGEST_ALARM)).is_err()
    }
}

/// Has the inputs wake the processor that are not, or no longer, what the lock saw.
fn watch(parts: &mut Parts<Pico>, seen: u32, enabled: bool) {
    for (at, pin) in inputs(parts).enumerate() {
        let other = if seen >> at & 1 == 1 {
            Interrupt::LevelLow
        } else {
            Interrupt::LevelHigh
        };
        pin.set_interrupt_enabled(other, enabled);
    }
}
