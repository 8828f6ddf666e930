//! `acceptance::properties::contacts` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::contacts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| contacts::holds(input));
