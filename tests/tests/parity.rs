//! The firmware on an emulated Cortex-M3 leaves the trace that it leaves in the bench's own process, event by event.
//!
//! It needs the image of `boards/build`, so it is left out of `cargo test`; the gate asks for it by `--ignored`.

use std::fs;
use std::path::Path;

use acceptance::scenarios;
use assert_cmd::Command;

fn locksim(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.args(arguments);
    command
}

#[test]
#[ignore = "needs the image of boards/build"]
fn every_scenario_leaves_the_same_trace_on_a_cortex_m() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("last time's traces go");
    }
    for device in ["native", "qemu"] {
        locksim(&["run", "--dut", device, "--trace"])
            .arg(folder.join(device))
            .arg(scenarios())
            .assert()
            .code(0);
    }
    locksim(&["diff"])
        .args(["native", "qemu"].map(|device| folder.join(device)))
        .assert()
        .code(0);
}
