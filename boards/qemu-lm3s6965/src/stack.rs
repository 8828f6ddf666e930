//! How deep the stack ever was: it is painted before anything of interest runs, and later the paint that is left is
//! counted.

use core::ptr::{addr_of, read_volatile, write_volatile};

const PAINT: u32 = 0xA5A5_A5A5;
/// The frames that paint are not painted over, in bytes.
const OWN: usize = 256;

unsafe extern "C" {
    /// Where static data ends, and the stack at its deepest: of cortex-m-rt's linker script.
    static __sheap: u32;
    /// Where the stack begins, growing down.
    static _stack_start: u32;
}

/// Paints all of the stack below the present frames.
pub fn paint() {
    let mut place = addr_of!(__sheap).cast_mut();
    let end = cortex_m::register::msp::read() as usize - OWN;
    while (place as usize) < end {
        // SAFETY: aligned RAM between static data and the frames in use, which nothing has used yet.
        unsafe {
            write_volatile(place, PAINT);
            place = place.add(1);
        }
    }
}

/// The most that was ever in use, in bytes.
pub fn used() -> u32 {
    let mut place = addr_of!(__sheap);
    let top = addr_of!(_stack_start);
    // SAFETY: aligned RAM up to the top of the stack, read only.
    unsafe {
        while place < top && read_volatile(place) == PAINT {
            place = place.add(1);
        }
    }
    (top as usize - place as usize) as u32
}
