//! A Pico as a device under test: the lock's firmware, whose hardware is the bench at the other end of UART0.
//!
//! All that is the Pico's own is a serial line with a counter, and where a panic goes.
#![no_std]
#![no_main]

use core::convert::Infallible;
use core::fmt::Write as _;
use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, exception};
use embedded_io::{ErrorType, Read, Write};
use hal::fugit::RateExtU32;
use hal::gpio::{FunctionUart, Pin, PullDown, bank0::Gpio0, bank0::Gpio1};
use hal::timer::Timer;
use hal::uart::{DataBits, Enabled, StopBits, UartConfig, UartPeripheral};
use hal::{Clock, Sio, Watchdog, clocks, entry, pac};
use link::frame::{Encoder, FRAME};
use link::message::Reply;
use link::target::{Places, Target, Wire};
use rp2040_hal as hal;

/// For the W25Q16JV that a Pico has.
#[unsafe(link_section = ".boot2")]
#[used]
static BOOT2: [u8; 256] = rp2040_boot2::BOOT_LOADER_W25Q080;

/// Of a Pico's crystal, in hertz.
const CRYSTAL: u32 = 12_000_000;

#[entry]
fn main() -> ! {
    static mut ROOM: Places<5> = Places::new();

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
    let sio = Sio::new(chip.SIO);
    let pins = hal::gpio::Pins::new(
        chip.IO_BANK0,
        chip.PADS_BANK0,
        sio.gpio_bank0,
        &mut chip.RESETS,
    );
    let pins = (pins.gpio0.into_function(), pins.gpio1.into_function());
    let format = UartConfig::new(115_200.Hz(), DataBits::Eight, None, StopBits::One);
    let uart = UartPeripheral::new(chip.UART0, pins, &mut chip.RESETS)
        .enable(format, clocks.peripheral_clock.freq());
    let Ok(uart) = uart else {
        hal::reset();
    };
    let timer = Timer::new(chip.TIMER, &mut chip.RESETS, &clocks);
    let mut target = Target::new(Serial { uart, timer }, ROOM, "pico");
    loop {
        // Whatever ended it, the bench was told, and may say hello again.
        target.serve();
    }
}

type Line<P> = Pin<P, FunctionUart, PullDown>;

/// The line to the bench.
struct Serial {
    uart: UartPeripheral<Enabled, pac::UART0, (Line<Gpio0>, Line<Gpio1>)>,
    timer: Timer,
}

impl Wire for Serial {
    /// The chip's timer counts microseconds: some 125 instructions each.
    const TICKS_PER_SECOND: u32 = 1_000_000;

    fn ticks(&mut self) -> u32 {
        self.timer.get_counter_low()
    }
}

impl ErrorType for Serial {
    type Error = Infallible;
}

impl Read for Serial {
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

impl Write for Serial {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.uart.write_full_blocking(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Tells the bench, and stops.
fn give_up(why: &str) -> ! {
    let mut frame = [0; FRAME];
    if let Ok(frame) = Encoder::last_words().encode(&Reply::Lost(why), &mut frame) {
        // SAFETY: registers of the port, which nobody uses any more.
        let uart = unsafe { &*pac::UART0::PTR };
        for byte in frame {
            while uart.uartfr().read().txff().bit_is_set() {}
            // SAFETY: any byte may be sent.
            uart.uartdr().write(|w| unsafe { w.data().bits(*byte) });
        }
    }
    loop {
        cortex_m::asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let mut text = heapless::String::<192>::new();
    // A text that is cut says enough.
    let _ = write!(text, "{info}");
    give_up(&text);
}

// SAFETY: it never returns.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    give_up("hard fault: the stack ran over, or an address is none");
}
