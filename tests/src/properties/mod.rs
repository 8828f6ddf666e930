//! What must hold whatever comes from outside: a property a module, each a function `holds` of bytes that panics where it
//! doesn't hold. `fuzz/` looks for such bytes; `tests/tests/seeds.rs` tries those that were kept.

pub mod clock_chip;
pub mod contacts;
mod feed;
pub mod flash_image;
pub mod key_stream;
pub mod pin_text;
pub mod posix_tz;
pub mod scenario_file;

/// A property of bytes; it panics where it doesn't hold.
pub type Property = fn(&[u8]);

/// All of them, by the names of their fuzz targets.
pub const ALL: [(&str, Property); 7] = [
    ("clock_chip", clock_chip::holds),
    ("contacts", contacts::holds),
    ("flash_image", flash_image::holds),
    ("key_stream", key_stream::holds),
    ("pin_text", pin_text::holds),
    ("posix_tz", posix_tz::holds),
    ("scenario_file", scenario_file::holds),
];
