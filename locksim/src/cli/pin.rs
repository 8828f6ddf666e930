//! `locksim pin`: the owner's app on the command line.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::Path;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use smartpin::{
    DailyHours, Generation, Grant, LockKey, Pin, SerialNumber, SiteKey, Stay, Variant, Window,
    WindowKind,
};

use super::args::{Common, Issue, Key, Pin as Command, Read};
use super::terminal::Terminal;
use crate::exit::Exit;
use sim::moment::Moment;
use sim::zones::chrono_civil;

/// Why nothing was issued or read, for a person.
type Refused = String;

pub(super) fn run(command: &Command, terminal: &mut Terminal) -> Exit {
    let answer = match command {
        Command::Issue(issue) => self::issue(issue),
        Command::Read(read) => self::read(read),
    };
    match answer {
        Ok(text) => terminal.result(&text),
        Err(refused) => {
            terminal.error(refused);
            Exit::Usage
        }
    }
}

fn issue(issue: &Issue) -> Result<String, Refused> {
    let (key, serial) = key(&issue.common.key)?;
    let window = Window::for_request(civil("--start", &issue.start)?, civil("--end", &issue.end)?)
        .map_err(|error| error.to_string())?;
    let variant = Variant::new(issue.variant).ok_or("--variant: expected 0 to 7")?;
    let stay = Stay { window, variant };
    let pin = key
        .pin_key()
        .issue(stay, Generation(issue.common.generation));
    answer(&pin, stay.into(), &issue.common, serial.as_ref())
}

fn read(read: &Read) -> Result<String, Refused> {
    let (key, serial) = key(&read.common.key)?;
    let pin: Pin = match read.pin.as_str() {
        "-" => line()?.parse(),
        given => given.parse(),
    }
    .map_err(|error: smartpin::PinError| error.to_string())?;
    let index = key
        .pin_key()
        .read(&pin, Generation(read.common.generation))
        .map_err(|_| "no SmartPIN of this lock and generation: its index is reserved".to_owned())?;
    answer(&pin, index.grant(), &read.common, serial.as_ref())
}

fn line() -> Result<String, Refused> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| format!("standard input: {error}"))?;
    Ok(line)
}

fn civil(option: &str, text: &str) -> Result<NaiveDateTime, Refused> {
    match text.parse::<Moment>() {
        Ok(Moment::Civil(civil)) => {
            chrono_civil(civil).ok_or_else(|| format!("{option}: out of range"))
        }
        Ok(Moment::Exact(_)) => Err(format!(
            "{option}: a stay has civil times, `{text}` carries an offset"
        )),
        Err(error) => Err(format!("{option}: {error}")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    site_key: Option<String>,
    lock_key: Option<String>,
    serial: Option<String>,
}

/// The lock key that was given, in whichever way, and whose it is where that was said.
pub(super) fn key(key: &Key) -> Result<(LockKey, Option<SerialNumber>), Refused> {
    let given = match &key.file {
        Some(path) => key_file(path)?,
        None => KeyFile {
            site_key: key.site.clone(),
            lock_key: key.lock.clone(),
            serial: None,
        },
    };
    let serial = key
        .serial
        .as_ref()
        .or(given.serial.as_ref())
        .map(|serial| parsed("the serial number", serial))
        .transpose()?;
    match (given.site_key, given.lock_key, &serial) {
        (None, Some(hex), _) => Ok((LockKey::from_hex(&hex).map_err(of("the lock key"))?, serial)),
        (Some(hex), None, Some(number)) => Ok((
            SiteKey::from_hex(&hex)
                .map_err(of("the site key"))?
                .lock_key(number),
            serial,
        )),
        (Some(_), None, None) => Err("a site key needs the lock's serial number, too".to_owned()),
        (Some(_), Some(_), _) => Err("give a site key or a lock key, not both".to_owned()),
        (None, None, _) => {
            Err("no key: give --site-key and --serial, --lock-key, or --key-file".to_owned())
        }
    }
}

fn key_file(path: &Path) -> Result<KeyFile, Refused> {
    let text = fs::read_to_string(path).map_err(of(path.display()))?;
    let text = text.trim();
    if text.starts_with('{') {
        // A message of the JSON reader could show a part of the key.
        serde_json::from_str(text).map_err(|error| {
            format!(
                "{}:{}:{}: expected a JSON object of site_key and serial, or lock_key",
                path.display(),
                error.line(),
                error.column()
            )
        })
    } else {
        Ok(KeyFile {
            site_key: None,
            lock_key: Some(text.to_owned()),
            serial: None,
        })
    }
}

fn parsed<T: std::str::FromStr<Err: Display>>(what: &str, text: &str) -> Result<T, Refused> {
    text.parse().map_err(of(what))
}

fn of<E: Display>(what: impl Display) -> impl Fn(E) -> Refused {
    move |error| format!("{what}: {error}")
}

#[derive(Serialize)]
struct Answer<'a> {
    pin: String,
    display: String,
    kind: &'a str,
    start: String,
    end: String,
    variant: u8,
    generation: u32,
    serial: Option<&'a str>,
}

fn answer(
    pin: &Pin,
    grant: Grant,
    common: &Common,
    serial: Option<&SerialNumber>,
) -> Result<String, Refused> {
    let hours = DailyHours::new(common.daily_start_hour, common.daily_end_hour)
        .ok_or("daily hours are 0 to 23")?;
    let Grant::Stay(Stay { window, variant }) = grant;
    let (start, end) = window.bounds(hours);
    let answer = Answer {
        pin: pin
            .digits()
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect(),
        display: pin.grouped().to_string(),
        kind: match window.kind() {
            WindowKind::Hourly { .. } => "hourly",
            WindowKind::Daily { .. } => "daily",
        },
        start: start.format("%Y-%m-%dT%H:%M").to_string(),
        end: end.format("%Y-%m-%dT%H:%M").to_string(),
        variant: variant.get(),
        generation: common.generation,
        serial: serial.map(SerialNumber::as_str),
    };
    if common.json {
        return serde_json::to_string(&answer)
            .map(|json| json + "\n")
            .map_err(of("JSON"));
    }
    let shown = |time: NaiveDateTime| time.format("%a %Y-%m-%d %H:%M").to_string();
    Ok(format!(
        "{}\nopens {} until {} ({}, variant {}, generation {})\n",
        answer.display,
        shown(start),
        shown(end),
        length(window),
        answer.variant,
        answer.generation
    ))
}

fn length(window: Window) -> String {
    match window.kind() {
        WindowKind::Hourly { hours, .. } => format!("hourly, {hours} h"),
        WindowKind::Daily { first, last } => format!(
            "daily, last day {} days after the first",
            (last - first).num_days()
        ),
    }
}
