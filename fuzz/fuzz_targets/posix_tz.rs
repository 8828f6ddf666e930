//! `acceptance::properties::posix_tz` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::posix_tz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| posix_tz::holds(input));
