//! The installer's port from the bench's end: a request a line, and a line in reply.
//!
//! docs/lock.md has the language. The lock reads it by code of its own.

use std::fmt::{self, Display};

use firmware_core::civil::UtcTime;
use firmware_core::settings::SettingName;

use crate::owner::Digits;

/// What the installer asks for. `Display` writes it as the lock reads it, without the line's end.
#[derive(Clone, PartialEq, Eq)]
pub enum Request {
    /// Here is the programming code.
    Code(Digits),
    /// What is this setting?
    Get(SettingName),
    /// It is to be this.
    Set(SettingName, String),
    /// The clock is to take this time.
    Clock(UtcTime),
    /// Forget that the code was given.
    Bye,
}

impl Request {
    /// What reports call it: they tell no code.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Code(_) => "the programming code".to_owned(),
            other => other.to_string(),
        }
    }
}

impl Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(digits) => write!(formatter, "code {digits}"),
            Self::Get(name) => write!(formatter, "get {name}"),
            Self::Set(name, value) => write!(formatter, "set {name} {value}"),
            Self::Clock(to) => write!(formatter, "clock {to}"),
            Self::Bye => formatter.write_str("bye"),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({})", self.title())
    }
}

/// What the lock answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is so; after `get`, the value.
    Ok(String),
    /// The line by which it refuses.
    Refused(String),
}

impl Reply {
    /// Reads a line without its end.
    #[must_use]
    pub fn read(line: &str) -> Self {
        match line.strip_prefix("ok") {
            Some("") => Self::Ok(String::new()),
            Some(value) if value.starts_with(' ') => Self::Ok(value.trim_start().to_owned()),
            _ => Self::Refused(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_reads_what_the_installer_asks() {
        for (request, line) in [
            (Request::Code("860297".to_owned()), "code 860297"),
            (Request::Get(SettingName::Beeps), "get beeps"),
            (
                Request::Set(SettingName::WrongTries, "3".to_owned()),
                "set wrong_tries 3",
            ),
            (
                Request::Clock(UtcTime(1_796_126_400)),
                "clock 2026-12-01T12:00:00Z",
            ),
            (Request::Bye, "bye"),
        ] {
            assert_eq!(request.to_string(), line);
            assert!(line.parse::<firmware_core::port::Request>().is_ok());
        }
    }

    #[test]
    fn a_code_is_not_told() {
        let code = Request::Code("860297".to_owned());
        assert!(!format!("{code:?}").contains("860297"));
    }

    #[test]
    fn a_reply_is_ok_or_refuses() {
        assert_eq!(Reply::read("ok"), Reply::Ok(String::new()));
        assert_eq!(Reply::read("ok off"), Reply::Ok("off".to_owned()));
        for line in ["denied", "okay", "error: no such setting", ""] {
            assert_eq!(Reply::read(line), Reply::Refused(line.to_owned()));
        }
    }
}
