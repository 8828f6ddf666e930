//! `acceptance::properties::key_stream` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::key_stream;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| key_stream::holds(input));
