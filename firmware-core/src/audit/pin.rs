//! A SmartPIN as the text of the log names it.

use core::fmt::{self, Display};
use core::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};
use smartpin::{Grant, Stay, Variant, Window};

use super::{NotAnEntry, PinId};
use crate::civil;

/// Which SmartPIN, as far as the text of the log tells: what it grants, not the generation that it was issued in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PinName(pub Grant);

impl From<PinId> for PinName {
    fn from(pin: PinId) -> Self {
        Self(pin.grant())
    }
}

impl Display for PinName {
    /// What it grants: `2026-12-01T15:00/2026-12-05T11:00/0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PinName {
    type Err = NotAnEntry;

    /// Reads the form that [`Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAnEntry> {
        parse(text).ok_or(NotAnEntry)
    }
}

fn parse(text: &str) -> Option<PinName> {
    let (window, variant) = text.rsplit_once('/')?;
    let (start, end) = window.split_once('/')?;
    let variant = match variant.as_bytes() {
        [digit @ b'0'..=b'9'] => Variant::new(digit - b'0')?,
        _ => return None,
    };
    let window = if let (Some(start), Some(end)) = (on_the_hour(start), on_the_hour(end)) {
        let hours = end.signed_duration_since(start).num_hours();
        Window::hourly(start, hours.try_into().ok()?).ok()?
    } else {
        let first = civil::date(start.as_bytes())?;
        let days = civil::date(end.as_bytes())?.signed_duration_since(first);
        Window::daily(first, days.num_days().try_into().ok()?).ok()?
    };
    Some(PinName(Stay { window, variant }.into()))
}

/// Reads `2026-12-01T15:00`.
fn on_the_hour(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once('T')?;
    let date: NaiveDate = civil::date(date.as_bytes())?;
    let hour = match time.as_bytes() {
        &[tens, ones, b':', b'0', b'0'] => civil::two_digits(tens, ones)?,
        _ => return None,
    };
    date.and_hms_opt(hour, 0, 0)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_names_no_pin_is_refused() {
        for text in [
            "",
            "2026-12-01T15:00/2026-12-05T11:00",
            "2026-12-01T15:00/2026-12-05T11:00/10",
            "2026-12-01T15:00/2026-12-05T11:30/0",
            "2026-12-01T15:00/2026-12-02T11:00/0",
            "2026-12-05T15:00/2026-12-01T15:00/0",
            "2026-12-01T15:00/2026-12-05/0",
            "2026-12-01/2026-12-05/0",
            "2026-13-01/2027-12-05/0",
        ] {
            assert_eq!(text.parse::<PinName>(), Err(NotAnEntry), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_comes_back_from_its_text(number in 0..smartpin::Index::COUNT) {
            let index = smartpin::Index::from_number(number).expect("below the last");
            let name = PinName(index.grant());
            prop_assert_eq!(name.to_string().parse(), Ok(name));
        }

        #[test]
        fn no_text_panics(text in "[0-9T:/-]{0,40}|.*") {
            if let Ok(name) = text.parse::<PinName>() {
                prop_assert_eq!(name.to_string(), text);
            }
        }
    }
}
