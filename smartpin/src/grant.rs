//! Grants: what a PIN opens a lock for.

use chrono::NaiveDateTime;

use crate::index::Index;
use crate::pin::Variant;
use crate::window::{DailyHours, Window};

/// What a PIN grants, as its [`Index`] says.
///
/// Whoever judges a PIN asks its grant and need not know its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// A guest may enter during one window of time.
    Stay(Stay),
}

/// One of the PINs of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    /// When it opens.
    pub window: Window,
    /// Which of the window's PINs.
    pub variant: Variant,
}

/// Whether a grant is open at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// It has yet to open, or clocks that went back show a time before its start once more.
    NotYet,
    /// Now.
    Open,
    /// It was, for the last time.
    Over,
}

/// A clock on the wall where the lock hangs, at one moment.
pub trait WallClock {
    /// What it shows.
    fn shows(&self) -> NaiveDateTime;

    /// Whether it has shown `time` by now, or has skipped it. That stays true when clocks go back.
    fn has_reached(&self, time: NaiveDateTime) -> bool;
}

/// A clock that shows this time and was never put back.
impl WallClock for NaiveDateTime {
    fn shows(&self) -> NaiveDateTime {
        *self
    }

    fn has_reached(&self, time: NaiveDateTime) -> bool {
        *self >= time
    }
}

impl Grant {
    /// The index of the PIN that grants this.
    #[must_use]
    pub const fn index(self) -> Index {
        match self {
            Self::Stay(stay) => stay.index(),
        }
    }

    /// Whether it is open at the moment that `wall` is looked at.
    ///
    /// The start counts on the wall, so an hour that the clocks skip begins when they skip it. The end comes once, the
    /// first time that the wall shows it: an hour that the clocks repeat belongs to a window both times, unless the window
    /// had already ended.
    #[must_use]
    pub fn openness(self, daily: DailyHours, wall: &impl WallClock) -> Openness {
        match self {
            Self::Stay(stay) => stay.openness(daily, wall),
        }
    }

    /// When it opens for the first time, in civil time. None where it has no start.
    #[must_use]
    pub fn opens_at(self, daily: DailyHours) -> Option<NaiveDateTime> {
        match self {
            Self::Stay(stay) => Some(stay.window.bounds(daily).0),
        }
    }

    /// When it is over for good, that second excluded, in civil time. None where it never is.
    #[must_use]
    pub fn over_at(self, daily: DailyHours) -> Option<NaiveDateTime> {
        match self {
            Self::Stay(stay) => Some(stay.window.bounds(daily).1),
        }
    }

    /// How many days it lasts. None where it lasts for good.
    ///
    /// An hourly window lasts its hours divided by 24, rounded up, and a daily one the days from the first to the last.
    #[must_use]
    pub fn length_days(self) -> Option<u16> {
        match self {
            Self::Stay(stay) => Some(stay.window.length_days()),
        }
    }

    /// Which of its window's PINs.
    #[must_use]
    pub const fn variant(self) -> Variant {
        match self {
            Self::Stay(stay) => stay.variant,
        }
    }

    /// Whether both are PINs of one window: they differ in their variants at most.
    #[must_use]
    pub fn is_sibling(self, other: Self) -> bool {
        self.with_variant(Variant::ZERO) == other.with_variant(Variant::ZERO)
    }

    /// All PINs of its window, this one included, the lowest variant first.
    pub fn siblings(self) -> impl Iterator<Item = Self> {
        let variants = match self {
            Self::Stay(_) => Variant::COUNT,
        };
        let variants = Variant::all().take(variants.into());
        variants.map(move |variant| self.with_variant(variant))
    }

    const fn with_variant(self, variant: Variant) -> Self {
        match self {
            Self::Stay(stay) => Self::Stay(Stay { variant, ..stay }),
        }
    }

    /// Whether a lock has room for it among the PINs of its window: it opens for `most` of them (its setting
    /// `pins_per_window`), and each that it blocks makes room for one of a higher variant. It blocks `blocked_below` of
    /// those with a lower variant than this one.
    #[must_use]
    pub const fn has_room(self, most: u8, blocked_below: u8) -> bool {
        match self {
            Self::Stay(stay) => stay.variant.get() < most.saturating_add(blocked_below),
        }
    }
}

impl Stay {
    /// The index of the PIN that grants this.
    #[must_use]
    pub const fn index(self) -> Index {
        Index::of_stay(self)
    }

    fn openness(self, daily: DailyHours, wall: &impl WallClock) -> Openness {
        let (start, end) = self.window.bounds(daily);
        // Both, before either is looked at: how long it takes tells nothing of the moment.
        let (over, begun) = (wall.has_reached(end), wall.shows() >= start);
        if over {
            Openness::Over
        } else if begun {
            Openness::Open
        } else {
            Openness::NotYet
        }
    }
}

impl From<Stay> for Grant {
    fn from(stay: Stay) -> Self {
        Self::Stay(stay)
    }
}

impl From<Index> for Grant {
    fn from(index: Index) -> Self {
        index.grant()
    }
}
