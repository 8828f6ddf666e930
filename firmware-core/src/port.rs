//! The language of the installer's port: requests and replies, a line each, in ASCII.
//!
//! | request | reply |
//! | --- | --- |
//! | `code DIGITS` | `ok`, `denied`, or `locked` during a lockout |
//! | `get NAME` | `ok VALUE` |
//! | `set NAME VALUE` | `ok` |
//! | `clock` | `ok 2026-12-01T15:00:00Z` |
//! | `clock 2026-12-01T15:00:00Z` | `ok` |
//! | `log FROM` | `entry ...` for each of the sequence number FROM or later, then `ok` |
//! | `bye` | `ok` |
//!
//! Anything that can't be done is answered `error: ...`. Before the code was given nothing but `code` is answered at all.

use core::fmt::{self, Write};
use core::str::FromStr;

use heapless::{String, Vec};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::audit::Entry;
use crate::board::Port;
use crate::civil::UtcTime;
use crate::code::Code;
use crate::limits::MOST_DIGITS;
use crate::settings::SettingName;
use crate::zone;

/// The longest setting's value, in bytes: a time zone's.
const LONGEST_VALUE: usize = zone::LONGEST;
/// The longest line, in bytes: `set`, the longest name, the longest value.
const LONGEST_LINE: usize = 96;

const _: () = assert!("set first_use_within_hours ".len() + LONGEST_VALUE <= LONGEST_LINE);

/// What the installer asks for.
#[derive(Clone, Debug)]
pub enum Request {
    /// Here is the programming code.
    Code(Code),
    /// What is this setting?
    Get(SettingName),
    /// Set it.
    Set(SettingName, String<LONGEST_VALUE>),
    /// What time is it?
    Clock,
    /// It is this.
    SetClock(UtcTime),
    /// What happened?
    Log {
        /// The first sequence number to tell of.
        from: u32,
    },
    /// Forget that the code was given.
    Bye,
}

/// Why a line is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// More bytes than any request has.
    TooLong,
    /// No such request, or too few or too many words.
    Unknown,
    /// What follows `code` is not 1 to 10 digits.
    Code,
    /// No such setting.
    Setting,
    /// A value longer than any setting takes.
    Value,
    /// Not a time.
    Time,
    /// Not a sequence number.
    Sequence,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "line too long",
            Self::Unknown => "no such request",
            Self::Code => "not 1 to 10 digits",
            Self::Setting => "no such setting",
            Self::Value => "value too long",
            Self::Time => "not a time such as 2026-12-01T15:00:00Z",
            Self::Sequence => "not a sequence number",
        })
    }
}

impl core::error::Error for LineError {}

impl FromStr for Request {
    type Err = LineError;

    /// Reads a line without its end.
    fn from_str(line: &str) -> Result<Self, LineError> {
        let mut words = line.split_ascii_whitespace();
        let request = match (words.next(), words.next(), words.next()) {
            (Some("code"), Some(digits), None) => {
                code(digits).map(Self::Code).ok_or(LineError::Code)
            }
            (Some("code"), ..) => Err(LineError::Code),
            (Some("get"), Some(name), None) => setting(name).map(Self::Get),
            (Some("set"), Some(name), Some(value)) => set(name, value),
            (Some("clock"), None, None) => Ok(Self::Clock),
            (Some("clock"), Some(time), None) => time
                .parse()
                .map(Self::SetClock)
                .map_err(|_| LineError::Time),
            (Some("log"), Some(from), None) => sequence(from),
            (Some("bye"), None, None) => Ok(Self::Bye),
            _ => Err(LineError::Unknown),
        };
        if words.next().is_some() {
            request.and(Err(LineError::Unknown))
        } else {
            request
        }
    }
}

fn code(text: &str) -> Option<Code> {
    let mut digits = Vec::<u8, MOST_DIGITS>::new();
    let read = text.bytes().try_for_each(|byte| {
        let digit = byte.checked_sub(b'0')?;
        digits.push(digit).ok()
    });
    let code = read.and_then(|()| Code::from_digits(&digits));
    digits.as_mut_slice().zeroize();
    code
}

fn setting(name: &str) -> Result<SettingName, LineError> {
    name.parse().map_err(|_| LineError::Setting)
}

fn set(name: &str, value: &str) -> Result<Request, LineError> {
    let name = setting(name)?;
    String::try_from(value)
        .map(|value| Request::Set(name, value))
        .map_err(|_| LineError::Value)
}

fn sequence(text: &str) -> Result<Request, LineError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LineError::Sequence);
    }
    text.parse()
        .map(|from| Request::Log { from })
        .map_err(|_| LineError::Sequence)
}

/// A line that has come whole.
#[derive(Clone, Debug)]
pub enum RequestLine {
    /// It asks for something.
    Request(Request),
    /// It doesn't.
    Wrong(LineError),
}

/// Makes lines of bytes. What it holds may be a code: it is wiped once it was read.
#[derive(Clone, Default)]
pub struct LineBuffer {
    bytes: Vec<u8, LONGEST_LINE>,
    overlong: bool,
}

impl LineBuffer {
    /// Takes a byte, and gives the line that it ends. A line is ended by LF; a CR before it is ignored, and so are empty
    /// lines. Of one that is too long nothing is read.
    pub fn push(&mut self, byte: u8) -> Option<RequestLine> {
        if byte != b'\n' {
            self.overlong |= self.bytes.push(byte).is_err();
            return None;
        }
        let line = self.read();
        self.clear();
        line
    }

    /// Forgets the line that was begun.
    pub fn clear(&mut self) {
        self.bytes.as_mut_slice().zeroize();
        self.bytes.clear();
        self.overlong = false;
    }

    fn read(&self) -> Option<RequestLine> {
        if self.overlong {
            return Some(RequestLine::Wrong(LineError::TooLong));
        }
        if self.bytes.is_empty() || self.bytes.as_slice() == b"\r" {
            return None;
        }
        let parsed = core::str::from_utf8(&self.bytes)
            .map_err(|_| LineError::Unknown)
            .and_then(str::parse);
        Some(parsed.map_or_else(RequestLine::Wrong, RequestLine::Request))
    }
}

impl fmt::Debug for LineBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LineBuffer([{} bytes])", self.bytes.len())
    }
}

impl Drop for LineBuffer {
    fn drop(&mut self) {
        self.clear();
    }
}

impl ZeroizeOnDrop for LineBuffer {}

/// What the lock answers.
#[derive(Clone, Copy)]
pub enum Reply<'a> {
    /// Done.
    Ok,
    /// The answer to a question.
    Value(&'a dyn fmt::Display),
    /// One line of the log; `ok` ends it.
    Entry(&'a Entry),
    /// Not the programming code.
    Denied,
    /// During a lockout no code is compared.
    Locked,
    /// It can't be done, and why.
    Error(&'a dyn fmt::Display),
}

impl Reply<'_> {
    /// Sends the line and its end.
    pub fn send<P: Port>(&self, port: &mut P) {
        // The port takes every byte or drops it: there is no error to be had.
        writeln!(Sender(port), "{self}").unwrap_or_default();
    }
}

impl fmt::Display for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Value(value) => write!(f, "ok {value}"),
            Self::Entry(entry) => write!(f, "entry {entry}"),
            Self::Denied => f.write_str("denied"),
            Self::Locked => f.write_str("locked"),
            Self::Error(error) => write!(f, "error: {error}"),
        }
    }
}

struct Sender<'a, P>(&'a mut P);

impl<P: Port> Write for Sender<'_, P> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.send(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::audit::{Event, Stamp};

    /// What the bytes of `text` come to, line by line.
    fn lines(text: &[u8]) -> Vec<RequestLine> {
        let mut buffer = LineBuffer::default();
        text.iter().filter_map(|byte| buffer.push(*byte)).collect()
    }

    /// A line in a form that can be compared; a code is told by its length.
    fn told(line: &RequestLine) -> std::string::String {
        format!("{line:?}")
    }

    #[test]
    fn requests_are_read() {
        let table = [
            ("code 539088", "Request(Code(Code([6 digits])))"),
            ("code 1", "Request(Code(Code([1 digits])))"),
            ("code 0123456789", "Request(Code(Code([10 digits])))"),
            ("get timezone", "Request(Get(Timezone))"),
            (
                "set auto_lock_seconds 9",
                r#"Request(Set(AutoLockSeconds, "9"))"#,
            ),
            (
                "set timezone MST7MDT,M3.2.0,M11.1.0",
                r#"Request(Set(Timezone, "MST7MDT,M3.2.0,M11.1.0"))"#,
            ),
            ("set beeps maybe", r#"Request(Set(Beeps, "maybe"))"#),
            ("clock", "Request(Clock)"),
            (
                "clock 1970-01-01T00:01:40Z",
                "Request(SetClock(UtcTime(100)))",
            ),
            ("log 0", "Request(Log { from: 0 })"),
            ("log 4294967295", "Request(Log { from: 4294967295 })"),
            ("bye", "Request(Bye)"),
            ("  get   beeps  ", "Request(Get(Beeps))"),
            ("bye\r", "Request(Bye)"),
        ];
        for (line, expected) in table {
            let read = lines(format!("{line}\n").as_bytes());
            assert_eq!(
                read.iter().map(told).collect::<Vec<_>>(),
                [expected],
                "{line}"
            );
        }
    }

    #[test]
    fn a_code_keeps_its_digits() {
        let Ok(Request::Code(code)) = "code 0123456789".parse() else {
            panic!("a code")
        };
        assert_eq!(code.digits(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn lines_that_ask_for_nothing_are_told_why() {
        let long_value = "A".repeat(LONGEST_VALUE + 1);
        let table = [
            ("hello", LineError::Unknown),
            ("GET beeps", LineError::Unknown),
            ("get", LineError::Unknown),
            ("get beeps now", LineError::Unknown),
            ("set beeps", LineError::Unknown),
            ("set beeps on off", LineError::Unknown),
            ("bye bye", LineError::Unknown),
            ("log", LineError::Unknown),
            ("\u{e4}", LineError::Unknown),
            (" ", LineError::Unknown),
            ("code", LineError::Code),
            ("code 12345678901", LineError::Code),
            ("code 12a4", LineError::Code),
            ("code -123", LineError::Code),
            ("code 123 456", LineError::Code),
            ("get pins", LineError::Setting),
            ("set pins 1", LineError::Setting),
            (&format!("set timezone {long_value}"), LineError::Value),
            ("clock now", LineError::Time),
            ("log -1", LineError::Sequence),
            ("log +1", LineError::Sequence),
            ("log 4294967296", LineError::Sequence),
            (&"9".repeat(LONGEST_LINE + 1), LineError::TooLong),
        ];
        for (line, error) in table {
            let read = lines(format!("{line}\n").as_bytes());
            assert_eq!(
                read.iter().map(told).collect::<Vec<_>>(),
                [told(&RequestLine::Wrong(error))],
                "{line}"
            );
        }
        assert_eq!(
            lines(b"\xFF\n").iter().map(told).collect::<Vec<_>>(),
            ["Wrong(Unknown)"]
        );
    }

    #[test]
    fn the_longest_request_fits_a_line() {
        for name in SettingName::ALL {
            let value = "A".repeat(LONGEST_VALUE);
            let read = lines(format!("set {name} {value}\r\n").as_bytes());
            assert!(
                matches!(read.as_slice(), [RequestLine::Request(Request::Set(..))]),
                "{name}"
            );
        }
    }

    #[test]
    fn a_line_is_read_once_it_ends_and_a_long_one_spoils_no_other() {
        let mut text = b"clock\n\r\n\nby".to_vec();
        assert_eq!(lines(&text).len(), 1);
        text.extend([b'e'; LONGEST_LINE]);
        text.extend(b"\nbye\n");
        let read: Vec<_> = lines(&text).iter().map(told).collect();
        assert_eq!(read, ["Request(Clock)", "Wrong(TooLong)", "Request(Bye)"]);
    }

    #[test]
    fn a_line_begun_can_be_forgotten() {
        let mut buffer = LineBuffer::default();
        for byte in b"code 53" {
            assert!(buffer.push(*byte).is_none());
        }
        buffer.clear();
        let read: Vec<_> = b"bye\n"
            .iter()
            .filter_map(|byte| buffer.push(*byte))
            .collect();
        assert_eq!(read.iter().map(told).collect::<Vec<_>>(), ["Request(Bye)"]);
    }

    #[test]
    fn nothing_tells_what_was_typed() {
        let mut buffer = LineBuffer::default();
        for byte in b"code 539088" {
            assert!(buffer.push(*byte).is_none());
        }
        assert_eq!(format!("{buffer:?}"), "LineBuffer([11 bytes])");
    }

    #[derive(Default)]
    struct Wire(Vec<u8>);

    impl Port for Wire {
        fn receive(&mut self) -> Option<u8> {
            None
        }

        fn send(&mut self, bytes: &[u8]) {
            self.0.extend(bytes);
        }
    }

    #[test]
    fn replies_are_lines() {
        let entry = Entry {
            sequence: 2,
            stamp: Stamp::Utc(UtcTime(0)),
            event: Event::LockedOut { minutes: 5 },
        };
        let table = [
            (Reply::Ok, "ok\n"),
            (Reply::Value(&"UTC0"), "ok UTC0\n"),
            (
                Reply::Entry(&entry),
                "entry 2 1970-01-01T00:00:00Z locked_out minutes=5\n",
            ),
            (Reply::Denied, "denied\n"),
            (Reply::Locked, "locked\n"),
            (
                Reply::Error(&LineError::Setting),
                "error: no such setting\n",
            ),
        ];
        for (reply, expected) in table {
            let mut wire = Wire::default();
            reply.send(&mut wire);
            assert_eq!(wire.0, expected.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let texts = bytes.split(|byte| *byte == b'\n').count();
            prop_assert!(lines(&bytes).len() < texts);
        }

        #[test]
        fn nothing_like_a_request_panics(line in "(code|get|set|clock|log|bye|x) ?([a-z_]{0,9}|[0-9TZ:-]{0,22}) ?[0-9,]{0,9}") {
            let text = format!("{line}\n");
            prop_assert_eq!(lines(text.as_bytes()).len(), 1);
        }

        #[test]
        fn settings_are_set_to_what_was_sent(
            name in prop::sample::select(SettingName::ALL.to_vec()),
            value in "[!-~]{1,63}",
        ) {
            let request = format!("set {name} {value}").parse();
            let Ok(Request::Set(set, to)) = request else { panic!("{request:?}") };
            prop_assert_eq!((set, to.to_string()), (name, value));
        }
    }
}
