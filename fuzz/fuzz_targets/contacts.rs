#![no_main]

use acceptance::properties::contacts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| contacts::holds(input));
