//! Where a new entry goes in a table of 64.

use smartpin::{Generation, Grant};

use super::flash::StoreError;
use crate::audit::PinId;
use crate::civil::CivilTime;

/// Tells when a grant was over, where a trusted clock says that it is.
pub type Ended<'a> = &'a dyn Fn(Grant) -> Option<CivilTime>;

/// A free place, and the end of the entry that has to go for it, if it is one that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) erases: Option<CivilTime>,
}

/// Finds a place: a free one; else that of an older generation, which is void anyway; else that of the grant which was
/// over first.
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
        .filter_map(|(at, entry)| Some((ended(entry?.grant())?, at)));
    let (end, at) = over.min().ok_or(StoreError::Full)?;
    Ok(Place {
        at,
        erases: Some(end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartpin::{DailyHours, Index};

    #[expect(clippy::unnecessary_wraps, reason = "the tables hold options")]
    fn pin(number: u64, generation: u32) -> Option<PinId> {
        Some(PinId {
            index: Index::from_number(number).expect("an index"),
            generation: Generation(generation),
        })
    }

    fn find(entries: &[Option<PinId>], over: &[u64]) -> Result<Place, StoreError> {
        place(entries.iter().copied(), Generation(1), &|grant| {
            let is_over = over.contains(&grant.index().number());
            is_over.then(|| end(grant)).flatten()
        })
    }

    fn end(grant: Grant) -> Option<CivilTime> {
        grant.over_at(DailyHours::default())
    }

    #[test]
    fn free_then_void_then_over_then_full() {
        let at = |at, erases| Ok(Place { at, erases });
        assert_eq!(find(&[pin(7, 1), None, pin(3, 0)], &[7]), at(1, None));
        assert_eq!(find(&[pin(7, 1), pin(5, 1), pin(3, 0)], &[7]), at(2, None));
        let earliest = pin(5, 1).and_then(|pin| end(pin.grant()));
        assert!(earliest.is_some());
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
