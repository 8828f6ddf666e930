//! The firmware on an emulated Cortex-M3: it leaves the trace that it leaves in the bench's own process, event by event,
//! and when it goes, that is told.
//!
//! This needs the image of `boards/build`, so it is left out of `cargo test`; the gate asks for it by `--ignored`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use acceptance::scenarios;
use assert_cmd::prelude::*;
use locksim::lines::Launch;
use predicates::str::contains;
use rustix::process::{Pid, Signal, kill_process};

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

/// The instructions of each kind of denial, by what `--needs` tells of a run: microseconds, of which the emulator has one
/// for a thousand instructions.
fn denials(needs: &str) -> Vec<(&str, f64)> {
    let rows = needs.lines().filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words[..] {
            ["denied", reason, _, least, _, _] => Some((reason, least.parse().ok()?)),
            _ => None,
        }
    });
    rows.collect()
}

#[test]
#[ignore = "needs the image of boards/build"]
fn no_denial_takes_more_work_than_another() {
    let run = locksim(&["run", "--dut", "qemu", "--needs"])
        .arg(scenarios().join("entry/every-refusal-looks-alike.json"))
        .assert()
        .code(0);
    let needs = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    let mut denials = denials(&needs);
    // It has no code to be compared.
    denials.retain(|(reason, _)| *reason != "too_short");
    assert_eq!(denials.len(), 6, "{needs}");
    let work = || denials.iter().map(|(_, work)| *work);
    let (least, most) = (work().fold(f64::MAX, f64::min), work().fold(0.0, f64::max));
    assert!(most - least < most / 100.0, "{denials:?}");
}

/// An emulator whose serial line is a pseudo-terminal, for whoever opens it.
struct Board {
    emulator: Child,
    port: String,
}

impl Board {
    fn start() -> Self {
        let mut emulator = Command::new("qemu-system-arm")
            .args(["-M", "lm3s6965evb", "-display", "none", "-monitor", "none"])
            .args(["-chardev", "pty,id=line", "-serial", "chardev:line"])
            .arg("-kernel")
            .arg(Launch::image().with_file_name("qemu-lm3s6965-uart.elf"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("an emulator");
        let said = emulator.stdout.take().expect("it says where the port is");
        let mut line = String::new();
        let read = BufReader::new(said).read_line(&mut line);
        read.expect("the emulator says something");
        let mut words = line.split_whitespace();
        let port = words.find(|word| word.starts_with("/dev/"));
        let port = port.unwrap_or_else(|| panic!("a port in {line:?}"));
        Self {
            port: port.to_owned(),
            emulator,
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.emulator.kill());
        drop(self.emulator.wait());
    }
}

#[test]
#[ignore = "needs the image of boards/build"]
fn a_board_behind_a_serial_port_is_driven_again_and_again() {
    let board = Board::start();
    let port = format!("serial:{}", board.port);
    for _ in 0..2 {
        locksim(&["run", "--dut", &port])
            .arg(scenarios().join("smartpin"))
            .assert()
            .code(0)
            .stdout(contains(" passed"));
    }
}

/// The emulator that this process has started, once it has.
fn child_of(parent: u32) -> Pid {
    let parents = |folder: &Path| {
        let status = fs::read_to_string(folder.join("stat")).ok()?;
        // "1234 (name) S 1200 …", and a name can hold anything.
        let (_, rest) = status.rsplit_once(')')?;
        rest.split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    for _ in 0..100 {
        let processes = fs::read_dir("/proc").expect("a list of processes");
        let child = processes
            .flatten()
            .find(|entry| parents(&entry.path()) == Some(parent));
        if let Some(child) = child {
            let number = child.file_name();
            let number = number.to_str().and_then(|number| number.parse().ok());
            return number.and_then(Pid::from_raw).expect("a process's number");
        }
        sleep(Duration::from_millis(50));
    }
    panic!("no emulator was started");
}

/// What a run says whose emulator gets a signal.
fn struck(signal: Signal) -> assert_cmd::assert::Assert {
    let mut run = locksim(&["run", "--jobs", "1", "--dut", "qemu"])
        .arg(scenarios().join("custom-pin"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let emulator = child_of(run.id());
    sleep(Duration::from_millis(300));
    assert!(run.try_wait().expect("a process").is_none(), "too late");
    kill_process(emulator, signal).expect("a signal");
    run.wait_with_output().expect("an end").assert()
}

#[test]
#[ignore = "needs the image of boards/build"]
fn an_emulator_that_ends_is_told() {
    struck(Signal::KILL)
        .code(3)
        .stdout(contains("qemu-system-arm has ended"));
}

#[test]
#[ignore = "needs the image of boards/build"]
fn an_emulator_that_hangs_is_told() {
    struck(Signal::STOP)
        .code(3)
        .stdout(contains("has said nothing for 10 s"));
}
