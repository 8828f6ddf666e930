//! The lock on a Raspberry Pi Pico, standing alone: its pins, bus, flash and serial port. README.md says what hangs where.
#![no_std]
#![no_main]

mod bus;
mod flash;
mod gauge;
mod key;
mod pins;
mod port;
mod sleep;

use core::panic::PanicInfo;

use bus::ClockBus;
use cortex_m_rt::{ExceptionFrame, exception};
use embedded_hal::digital::{OutputPin, PinState};
use firmware_core::board::{Board, Parts};
use firmware_core::lock::Lock;
use firmware_core::time::Instant;
use flash::StoreFlash;
use gauge::BatteryGauge;
use hal::fugit::{ExtU32, RateExtU32};
use hal::gpio::PullDown;
use hal::timer::Timer;
use hal::{Adc, Clock, I2C, entry, pac};
use pins::{Input, Output};
use port::{Backlog, InstallerPort};
use rp2040_hal as hal;

use sleep::Sleeper;
use start::{Chip, serial};

/// What the HAL makes the processor's clock.
const SYSTEM_MEGAHERTZ: u32 = 125;
/// The bridge's inputs, by the bits of their pins: GP14 and GP15.
const BRIDGE: u32 = 1 << 14 | 1 << 15;
/// No poll takes longer, though it erase both banks (3.2 s), unless something hangs: the bus, say, in the middle of a
/// transfer. In milliseconds; the watchdog knows no more than 8,388 (RP2040-E1).
const LONGEST_POLL: u32 = 8_000;
/// While the motor runs something is due at least this often, asleep or not: a stroke ends after 1.5 s. In milliseconds.
const LONGEST_STROKE: u32 = 2_000;

/// A Pico, wired up as README.md says.
struct Pico;

impl Board for Pico {
    type Input = Input;
    type Output = Output;
    type Bus = ClockBus;
    type Flash = StoreFlash;
    type Gauge = BatteryGauge;
    type Port = InstallerPort;
    type Witness = ();
}

#[entry]
fn main() -> ! {
    static mut BACKLOG: Backlog = Backlog::new();

    // Interrupts wake the processor and are never taken.
    cortex_m::interrupt::disable();
    let Some(chip) = Chip::start() else {
        hal::reset();
    };
    let Chip {
        pins,
        mut timer,
        mut watchdog,
        clocks,
        mut resets,
        ..
    } = chip;

    macro_rules! input {
        ($pin:ident) => {
            pins.$pin.into_pull_up_input().into_dyn_pin()
        };
    }
    macro_rules! output {
        ($pin:ident) => {
            Output(
                pins.$pin
                    .into_pull_type::<PullDown>()
                    .into_push_pull_output_in_state(PinState::Low)
                    .into_dyn_pin(),
            )
        };
    }
    // First of all: a reset by a debugger leaves outputs as they were.
    let (throw, withdraw) = (output!(gpio14), output!(gpio15));
    let serial = serial(chip.uart, (pins.gpio0, pins.gpio1), &mut resets, &clocks);
    let battery = hal::adc::AdcPin::new(pins.gpio26.into_floating_input());
    let (Some(serial), Ok(battery), Some(alarm)) = (serial, battery, timer.alarm_0()) else {
        hal::reset();
    };
    let (sda, scl) = bus::clear(pins.gpio20, pins.gpio21);
    let mut parts = Parts::<Pico> {
        rows: [input!(gpio2), input!(gpio3), input!(gpio4), input!(gpio5)],
        columns: [output!(gpio6), output!(gpio7), output!(gpio8)],
        button: input!(gpio9),
        reset: input!(gpio10),
        green: output!(gpio11),
        red: output!(gpio12),
        buzzer: output!(gpio13),
        throw,
        withdraw,
        thrown: input!(gpio16),
        withdrawn: input!(gpio17),
        stall: input!(gpio18),
        bus: ClockBus(I2C::i2c0(
            chip.i2c,
            sda,
            scl,
            400.kHz(),
            &mut resets,
            clocks.system_clock.freq(),
        )),
        flash: StoreFlash,
        gauge: BatteryGauge::new(Adc::new(chip.adc, &mut resets), battery),
        port: InstallerPort::new(serial, BACKLOG),
        witness: (),
    };

    let Some(key) = key::read() else {
        without_key(&mut parts.red);
    };
    let mut sleeper = Sleeper::new(timer, alarm);
    watchdog.start(LONGEST_POLL.millis());
    let mut lock = Lock::boot(&key, &mut parts, now(timer));
    drop(key);
    loop {
        let seen = sleep::levels(&mut parts);
        let wake = lock.poll(&mut parts, now(timer));
        let driven = is_driven();
        if driven {
            watchdog.start(LONGEST_STROKE.millis());
        } else {
            watchdog.disable();
        }
        sleeper.sleep(&mut parts, seen, wake);
        let longest = if driven { LONGEST_STROKE } else { LONGEST_POLL };
        watchdog.start(longest.millis());
    }
}

fn now(timer: Timer) -> Instant {
    Instant::from_ticks(timer.get_counter().ticks())
}

/// Whether the motor runs.
fn is_driven() -> bool {
    // SAFETY: reads what outputs are set to, whoever has the pins.
    let outputs = unsafe { (*pac::SIO::PTR).gpio_out().read().bits() };
    outputs & BRIDGE != 0
}

/// Does nothing for so many microseconds, at the least.
fn delay(microseconds: u32) {
    cortex_m::asm::delay(SYSTEM_MEGAHERTZ * microseconds);
}

/// A lock that was never given its key shows red, and does nothing.
fn without_key(red: &mut Output) -> ! {
    let Ok(()) = red.set_high();
    loop {
        cortex_m::asm::wfi();
    }
}

/// Stops the motor and starts anew. Nothing is lost by it that anyone was told of; a code that was being judged counts as a
/// wrong one.
fn give_up() -> ! {
    // SAFETY: clears two bits of the output register, whoever has the pins: nothing runs but this any more.
    unsafe { (*pac::SIO::PTR).gpio_out_clr().write(|w| w.bits(BRIDGE)) };
    hal::reset();
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    give_up();
}

// SAFETY: it uses no stack to speak of, and never returns.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    give_up();
}
