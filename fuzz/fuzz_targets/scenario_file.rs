//! `acceptance::properties::scenario_file` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::scenario_file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| scenario_file::holds(input));
