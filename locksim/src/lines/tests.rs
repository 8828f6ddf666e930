use std::io;
use std::path::PathBuf;
use std::thread;

use link::frame::{Encoder, FRAME};
use link::message::{Reply, VERSION};
use link::target::{Places, Target as Far};
use sim::run::event::{Outcome, RunEvent, TestReport};
use sim::run::{Options, run};
use sim::scenario::load::read;
use sim::scenario::plan::{Root, Selection, plan};

use super::*;
use crate::files::{find, read_file};
use crate::threads::Threads;

/// The bench's end of the socket.
struct Socket(UnixStream);

impl Wire for Socket {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.set_read_timeout(Some(PATIENCE))?;
        self.0.read(into)
    }
}

/// The target's end of a socket.
struct End(UnixStream);

impl embedded_io::ErrorType for End {
    type Error = embedded_io::ErrorKind;
}

impl embedded_io::Read for End {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, embedded_io::ErrorKind> {
        self.0.read(into).map_err(|_| embedded_io::ErrorKind::Other)
    }
}

impl embedded_io::Write for End {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, embedded_io::ErrorKind> {
        self.0
            .write(bytes)
            .map_err(|_| embedded_io::ErrorKind::Other)
    }

    fn flush(&mut self) -> Result<(), embedded_io::ErrorKind> {
        Ok(())
    }
}

impl link::target::Wire for End {
    const TICKS_PER_SECOND: u32 = 0;

    fn ticks(&mut self) -> u32 {
        0
    }
}

/// The firmware behind a socket, in a thread of its own. It ends with the socket.
fn firmware() -> Socket {
    let (near, far) = UnixStream::pair().expect("a pair of sockets");
    thread::spawn(move || {
        let mut places = Box::new(Places::<6>::new());
        let mut target = Far::new(End(far), &mut places, "a thread");
        while target.serve() != link::target::Lost::Ended {}
    });
    Socket(near)
}

fn reports(roots: &[Root], targets: Option<&Targets>) -> Vec<TestReport> {
    let mut options = Options::default();
    if let Some(targets) = targets {
        options.devices = targets;
    }
    let threads = Threads::new(None).expect("threads");
    let mut reports = Vec::new();
    run(roots, &options, &threads, &mut |event| {
        if let RunEvent::TestFinished(report) = event {
            reports.push(*report);
        }
    });
    reports
}

#[test]
fn every_scenario_leaves_the_same_trace_over_the_line() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios"));
    let paths = find(&[folder]).expect("the folder");
    let files = paths
        .iter()
        .map(|path| read_file(path).expect("a valid file"));
    let roots = plan(files.collect(), &Selection::default());
    let here = reports(&roots, None);
    let there = reports(&roots, Some(&Targets::by(|| Ok(Box::new(firmware())))));
    assert_eq!(here.len(), there.len());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(there.outcome, here.outcome, "{}: {}", here.file, here.name);
        let same = here.trace.iter().eq(there.trace.iter());
        assert!(same, "{}: {}: another trace", here.file, here.name);
    }
}

fn a_guest_comes_in() -> Vec<Root> {
    let text = r#"{ "name": "a guest comes in", "start": "2026-12-02T12:00", "steps": [
        { "issue": { "as": "stay", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00" } },
        { "type": "${stay}#" },
        { "expect": { "signal": "granted", "bolt": "unlocked" } }
    ] }"#;
    let file = read("comes-in.json", text.as_bytes()).expect("a valid file");
    plan(vec![file], &Selection::default())
}

/// What becomes of the guest over such a line.
fn ends(open: impl Fn() -> Result<Box<dyn Wire>, String> + Send + Sync + 'static) -> String {
    let reports = reports(&a_guest_comes_in(), Some(&Targets::by(open)));
    match &reports[..] {
        [report] => match &report.outcome {
            Outcome::Broken { message } => message.clone(),
            outcome => format!("{outcome:?}"),
        },
        reports => format!("{} reports", reports.len()),
    }
}

/// What a line does to the bytes that come over it, by the number of the read.
type Harm = fn(usize, &mut Vec<u8>);

/// A line on which something happens to what the target sends.
struct Poor {
    line: Socket,
    harm: Harm,
    reads: usize,
    unread: Vec<u8>,
}

impl Wire for Poor {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.send(bytes)
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.unread.is_empty() {
            let mut bytes = [0; FRAME];
            let count = self.line.receive(&mut bytes)?;
            self.unread.extend_from_slice(&bytes[..count]);
            (self.harm)(self.reads, &mut self.unread);
            self.reads += 1;
            if self.unread.is_empty() {
                // The target waits for an answer to what never came.
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        let count = self.unread.len().min(into.len());
        into[..count].copy_from_slice(&self.unread[..count]);
        self.unread.drain(..count);
        Ok(count)
    }
}

fn harmed(harm: Harm) -> String {
    ends(move || {
        Ok(Box::new(Poor {
            line: firmware(),
            harm,
            reads: 0,
            unread: Vec::new(),
        }))
    })
}

#[test]
fn a_line_that_harms_frames_is_told_and_proves_nothing() {
    assert!(harmed(|_, _| {}).contains("Passed"));
    let lost = harmed(|read, bytes| {
        if read == 100 {
            bytes.clear();
        }
    });
    assert!(lost.contains("has said nothing for"), "{lost}");
    let doubled = harmed(|read, bytes| {
        if read == 100 {
            bytes.extend(bytes.clone());
        }
    });
    assert!(doubled.contains("was due"), "{doubled}");
    let spoiled = harmed(|read, bytes| {
        if read == 100 {
            bytes[2] ^= 0x40;
        }
    });
    assert!(spoiled.contains("corrupt"), "{spoiled}");
}

#[test]
fn a_line_that_ends_or_never_was_is_told() {
    let closed = ends(|| {
        let (near, far) = UnixStream::pair().expect("a pair of sockets");
        drop(far);
        Ok(Box::new(Socket(near)))
    });
    assert!(closed.contains("has closed the line"), "{closed}");
    let absent = ends(|| Err("there is no such port".to_owned()));
    assert_eq!(absent, "there is no such port");
}

/// A target that says these, whatever it is asked.
fn says(replies: &[Reply<'_>]) -> Socket {
    let (near, mut far) = UnixStream::pair().expect("a pair of sockets");
    let mut encoder = Encoder::default();
    for reply in replies {
        let mut frame = [0; FRAME];
        let frame = encoder.encode(reply, &mut frame).expect("short enough");
        far.write_all(frame).expect("an open socket");
    }
    // What is asked is never read; the socket stays open.
    std::mem::forget(far);
    Socket(near)
}

fn welcome(version: u16) -> Reply<'static> {
    Reply::Welcome {
        version,
        places: 4,
        ticks_per_second: 0,
        name: "an impostor",
    }
}

#[test]
fn a_target_that_says_something_else_is_told() {
    let table: [(&[Reply<'_>], &str); 5] = [
        (&[welcome(VERSION + 1)], "version 4 of the link"),
        (&[welcome(VERSION), Reply::Ready], "wasn't asked"),
        (
            &[welcome(VERSION), Reply::Lost("panicked at the switch")],
            "panicked at the switch",
        ),
        (&[welcome(VERSION), welcome(VERSION)], "anew by itself"),
        (
            &[welcome(VERSION), Reply::Audited("one two three four")],
            "nobody understands",
        ),
    ];
    for (replies, expected) in table {
        let replies = replies.to_vec();
        let said = ends(move || Ok(Box::new(says(&replies))));
        assert!(said.contains(expected), "{said}, expected {expected}");
    }
}
