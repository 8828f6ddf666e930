//! The `locksim` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    locksim::main()
}
