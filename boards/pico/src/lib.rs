//! A Pico as it starts, whatever it is going to be: its second stage, its clocks, its pins and its serial port.
#![no_std]

use rp2040_hal as hal;

use hal::clocks::{ClocksManager, init_clocks_and_plls};
use hal::fugit::RateExtU32;
use hal::gpio::{FunctionNull, FunctionUart, Pin, Pins, PullDown, PullUp};
use hal::gpio::{bank0::Gpio0, bank0::Gpio1};
use hal::timer::Timer;
use hal::uart::{DataBits, Enabled, StopBits, UartConfig, UartPeripheral};
use hal::{Clock, Sio, Watchdog, pac};

/// For the W25Q16JV that a Pico has.
#[unsafe(link_section = ".boot2")]
#[used]
static BOOT2: [u8; 256] = rp2040_boot2::BOOT_LOADER_W25Q080;

/// Of a Pico's crystal, in hertz.
const CRYSTAL: u32 = 12_000_000;

/// A pin that is nothing yet.
pub type Unused<P> = Pin<P, FunctionNull, PullDown>;
/// GP0.
type Sending = Pin<Gpio0, FunctionUart, PullDown>;
/// GP1, pulled up: nobody at the other end is no break without end.
type Receiving = Pin<Gpio1, FunctionUart, PullUp>;
/// UART0 at 115,200 baud.
pub type Serial = UartPeripheral<Enabled, pac::UART0, (Sending, Receiving)>;

/// A chip that runs at 125 MHz, and what of it nobody has used yet.
pub struct Chip {
    /// All pins, as they are after a reset.
    pub pins: Pins,
    /// What counts microseconds.
    pub timer: Timer,
    /// Not started.
    pub watchdog: Watchdog,
    /// The clocks.
    pub clocks: ClocksManager,
    /// Brings peripherals out of reset.
    pub resets: pac::RESETS,
    /// The converter.
    pub adc: pac::ADC,
    /// A bus.
    pub i2c: pac::I2C0,
    /// A serial port.
    pub uart: pac::UART0,
}

impl Chip {
    /// The chip, once after a reset; none where it can't be had.
    #[must_use]
    pub fn start() -> Option<Self> {
        let mut chip = pac::Peripherals::take()?;
        let mut watchdog = Watchdog::new(chip.WATCHDOG);
        let clocks = init_clocks_and_plls(
            CRYSTAL,
            chip.XOSC,
            chip.CLOCKS,
            chip.PLL_SYS,
            chip.PLL_USB,
            &mut chip.RESETS,
            &mut watchdog,
        );
        let clocks = clocks.ok()?;
        let sio = Sio::new(chip.SIO);
        Some(Self {
            pins: Pins::new(
                chip.IO_BANK0,
                chip.PADS_BANK0,
                sio.gpio_bank0,
                &mut chip.RESETS,
            ),
            timer: Timer::new(chip.TIMER, &mut chip.RESETS, &clocks),
            watchdog,
            clocks,
            resets: chip.RESETS,
            adc: chip.ADC,
            i2c: chip.I2C0,
            uart: chip.UART0,
        })
    }
}

/// Opens the serial port; none where its clock can't make 115,200 baud.
pub fn serial(
    uart: pac::UART0,
    (tx, rx): (Unused<Gpio0>, Unused<Gpio1>),
    resets: &mut pac::RESETS,
    clocks: &ClocksManager,
) -> Option<Serial> {
    let pins = (
        tx.into_function::<FunctionUart>(),
        rx.into_function::<FunctionUart>()
            .into_pull_type::<PullUp>(),
    );
    let format = UartConfig::new(115_200.Hz(), DataBits::Eight, None, StopBits::One);
    let port = UartPeripheral::new(uart, pins, resets);
    port.enable(format, clocks.peripheral_clock.freq()).ok()
}
