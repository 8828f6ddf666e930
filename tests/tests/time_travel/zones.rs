//! The zones, and what is known of them.

use std::ops::Range;

use jiff::Timestamp;

/// Zones whose POSIX rule says what their clocks do from 2026 to 2038.
pub(crate) const EXACT: &[&str] = &[
    // No changes; whole hours, half hours and quarters; the ends of the world.
    "UTC",
    "Africa/Lagos",
    "America/Bogota",
    "America/Phoenix",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Australia/Brisbane",
    "Australia/Darwin",
    "Australia/Eucla",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
    "Pacific/Pago_Pago",
    // An hour in March and autumn.
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/London",
    // Half an hour off, at midnight, at an hour before or after the day.
    "America/Nuuk",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Atlantic/Azores",
    "Europe/Chisinau",
    // Winter time is the exception by the rule.
    "Europe/Dublin",
    // Two hours.
    "Antarctica/Troll",
    // The southern half.
    "America/Santiago",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Easter",
    "Pacific/Norfolk",
    // Half an hour, and an hour at a quarter to.
    "Australia/Lord_Howe",
    "Pacific/Chatham",
];

/// A zone whose clocks do otherwise than the rule of its latest years for a stretch of these years.
pub(crate) struct Inexact {
    pub(crate) name: &'static str,
    /// Other names of the same clocks.
    also: &'static [&'static str],
    from: &'static str,
    until: &'static str,
}

impl Inexact {
    /// Outside of it the rule holds.
    pub(crate) fn stretch(&self) -> Range<Timestamp> {
        let [from, until] = [self.from, self.until].map(|at| at.parse().expect("an instant"));
        from..until
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.also.iter().copied().chain([self.name])
    }
}

const BEGIN: &str = "2026-01-01T00:00Z";
const END: &str = "2039-01-01T00:00Z";

/// All such zones. The lock's rule has no history and no calendar but one.
pub(crate) const INEXACT: &[Inexact] = &[
    // An hour ahead but for Ramadan, until that was ended.
    Inexact {
        name: "Africa/Casablanca",
        also: &["Africa/El_Aaiun"],
        from: BEGIN,
        until: "2026-09-20T01:00Z",
    },
    // Daylight time for good from its beginning in 2026 on.
    Inexact {
        name: "America/Edmonton",
        also: &["America/Inuvik", "America/Yellowknife", "Canada/Mountain"],
        from: BEGIN,
        until: "2026-03-08T09:00Z",
    },
    Inexact {
        name: "America/Vancouver",
        also: &["Canada/Pacific"],
        from: BEGIN,
        until: "2026-03-08T10:00Z",
    },
    Inexact {
        name: "America/Winnipeg",
        also: &["America/Rainy_River", "Canada/Central"],
        from: BEGIN,
        until: "2026-03-08T08:00Z",
    },
    // One winter without winter time.
    Inexact {
        name: "America/Havana",
        also: &["Cuba"],
        from: "2026-11-01T05:00Z",
        until: "2027-03-14T05:00Z",
    },
    // Winter time in Ramadan, which falls before the end of summer time from 2036 on.
    Inexact {
        name: "Asia/Gaza",
        also: &[],
        from: "2036-10-17T23:00Z",
        until: END,
    },
    Inexact {
        name: "Asia/Hebron",
        also: &[],
        from: "2036-10-17T23:00Z",
        until: END,
    },
];
