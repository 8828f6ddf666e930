//! `acceptance::properties::clock_chip` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::clock_chip;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| clock_chip::holds(input));
