//! What a lock is set up with: its key, and the programming code for its label.
//!
//! ```console
//! $ openssl rand -hex 16 > site-key
//! $ cargo run -q -p smartpin --example lock_key SL-000042 < site-key
//! ```
//!
//! The site key stays with the owner's app; nobody who has one lock's key can tell another's.

use std::error::Error;
use std::io::{Write, read_to_string, stdin, stdout};

use smartpin::{SerialNumber, SiteKey};

fn main() -> Result<(), Box<dyn Error>> {
    let serial = std::env::args().nth(1).ok_or("which serial number?")?;
    let serial: SerialNumber = serial.parse()?;
    let site_key = SiteKey::from_hex(read_to_string(stdin())?.trim())?;
    let key = site_key.lock_key(&serial);
    let mut out = stdout();
    for byte in key.expose() {
        write!(out, "{byte:02x}")?;
    }
    write!(out, "\nprogramming code: ")?;
    for digit in key.programming_code() {
        write!(out, "{digit}")?;
    }
    writeln!(out)?;
    Ok(())
}
