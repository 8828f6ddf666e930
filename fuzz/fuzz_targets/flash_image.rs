//! `acceptance::properties::flash_image` says what the bytes are and what must hold.

#![no_main]

use acceptance::properties::flash_image;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| flash_image::holds(input));
