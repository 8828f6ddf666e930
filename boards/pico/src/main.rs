//! The lock on a Raspberry Pi Pico, standing alone: its pins, bus, flash and serial port. README.md says what hangs where.
#![no_std]
#![no_main]

mod bus;
mod flash;
mod gauge;
mod key;
mod pins;
mod serial;
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
use hal::gpio::{FunctionUart, PullDown, PullUp};
use hal::timer::Timer;
use hal::uart::{DataBits, StopBits, UartConfig, UartPeripheral};
use hal::{Adc, Clock, I2C, Sio, Watchdog, clocks, entry, pac};
use pins::{Input, Output};
use rp2040_hal as hal;
use serial::{Backlog, InstallerPort};
use sleep::Sleeper;

/// For the W25Q16JV that a Pico has.
#[unsafe(link_section = ".boot2")]
#[used]
static BOOT2: [u8; 256] = rp2040_boot2::BOOT_LOADER_W25Q080;

/// What the HAL makes the processor's clock.
const SYSTEM_MEGAHERTZ: u32 = 125;
/// Of a Pico's crystal, in hertz.
const CRYSTAL: u32 = 12_000_000;
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
    let Some(mut chip) = pac::Peripherals::take() else {
        hal::reset();
    };
    let mut watchdog = Watchdog::new(chip.WATCHDOG);
    let clocks = clocks::init_clocks_and_plls(
        CRYSTAL,
        chip.XOSC,
        chip.CLOCKS,
        chip.PLL_SYS,
        chip.PLL_USB,
        &mut chip.RESETS,
        &mut watchdog,
    );
    let Ok(clocks) = clocks else {
        hal::reset();
    };
    let mut timer = Timer::new(chip.TIMER, &mut chip.RESETS, &clocks);
    let sio = Sio::new(chip.SIO);
    let pins = hal::gpio::Pins::new(
        chip.IO_BANK0,
        chip.PADS_BANK0,
        sio.gpio_bank0,
        &mut chip.RESETS,
    );

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
    let serial = UartPeripheral::new(
        chip.UART0,
        (
            pins.gpio0.into_function::<FunctionUart>(),
            // Nobody at the other end is no break without end.
            pins.gpio1
                .into_function::<FunctionUart>()
                .into_pull_type::<PullUp>(),
        ),
        &mut chip.RESETS,
    );
    let format = UartConfig::new(115_200.Hz(), DataBits::Eight, None, StopBits::One);
    let serial = serial.enable(format, clocks.peripheral_clock.freq());
    let battery = hal::adc::AdcPin::new(pins.gpio26.into_floating_input());
    let (Ok(serial), Ok(battery), Some(alarm)) = (serial, battery, timer.alarm_0()) else {
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
            chip.I2C0,
            sda,
            scl,
            400.kHz(),
            &mut chip.RESETS,
            clocks.system_clock.freq(),
        )),
        flash: StoreFlash,
        gauge: BatteryGauge::new(Adc::new(chip.ADC, &mut chip.RESETS), battery),
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
        if is_driven() {
            watchdog.start(LONGEST_STROKE.millis());
        } else {
            watchdog.disable();
        }
        sleeper.sleep(&mut parts, seen, wake);
        let longest = if is_driven() {
            LONGEST_STROKE
        } else {
            LONGEST_POLL
        };
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
