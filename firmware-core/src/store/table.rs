//! Where a new entry goes in a table of 64.

use smartpin::{Generation, Window};

use super::flash::StoreError;
use crate::audit::PinId;
use crate::civil::CivilTime;

/// Tells when a window ended, where a trusted clock says that it has.
pub type Ended<'a> = &'a dyn Fn(Window) -> Option<CivilTime>;

/// A free place, and the end of the entry that has to go for it, if it is one that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) erases: Option<CivilTime>,
}

/// Finds a place: a free one; else that of an older generation, which is void anyway; else that of the window which
/// ended first.
pub(super) fn place(
    entries: impl Iterator<Item = Option<PinId>> + Clone,
    generation: Generation,
    ended: Ended<'_>,
) -> Result<Place, StoreError> {
    let free = entries
        .clone()
        .position(|entry| entry.is_none_or(|pin| pin.generation != generation));
    if let Some(at) = free {
        return Ok(Place { at, erases: None });
    }
    let over = entries
        .enumerate()
        .filter_map(|(at, entry)| Some((ended(entry?.window)?, at)));
    let (end, at) = over.min().ok_or(StoreError::Full)?;
    Ok(Place {
        at,
        erases: Some(end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartpin::Variant;

    #[expect(clippy::unnecessary_wraps, reason = "the tables hold options")]
    fn pin(number: u32, generation: u32) -> Option<PinId> {
        let window = Window::from_number(number).expect("a window");
        Some(PinId {
            window,
            variant: Variant::ZERO,
            generation: Generation(generation),
        })
    }

    fn find(entries: &[Option<PinId>], over: &[u32]) -> Result<Place, StoreError> {
        place(entries.iter().copied(), Generation(1), &|window| {
            over.contains(&window.number()).then(|| end(window))
        })
    }

    fn end(window: Window) -> CivilTime {
        window.bounds(smartpin::DailyHours::default()).1
    }

    #[test]
    fn free_then_void_then_over_then_full() {
        let at = |at, erases| Ok(Place { at, erases });
        assert_eq!(find(&[pin(7, 1), None, pin(3, 0)], &[7]), at(1, None));
        assert_eq!(find(&[pin(7, 1), pin(5, 1), pin(3, 0)], &[7]), at(2, None));
        let earliest = pin(5, 1).map(|pin| end(pin.window));
        assert_eq!(
            find(&[pin(7, 1), pin(5, 1), pin(3, 1)], &[7, 5]),
            at(1, earliest)
        );
        assert_eq!(
            find(&[pin(7, 1), pin(5, 1), pin(3, 1)], &[]),
            Err(StoreError::Full)
        );
    }
}
