//! `acceptance::properties::pin_text` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::pin_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| pin_text::holds(input));
