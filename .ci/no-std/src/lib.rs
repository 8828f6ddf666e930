//! A firmware image in miniature. It has a panic handler, as std would bring its own, and no allocator.
#![no_std]
#![forbid(unsafe_code)]

use core::panic::PanicInfo;

pub use {firmware_core, link};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
