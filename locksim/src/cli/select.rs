//! Which tests, as the command line says it.

use sim::scenario::plan::{Deal, Partition, Root};

/// Reads `slice:1/4` or `hash:1/4`.
pub(super) fn partition(text: &str) -> Result<Partition, String> {
    let read = || {
        let (deal, share) = text.split_once(':')?;
        let (part, parts) = share.split_once('/')?;
        let by = match deal {
            "slice" => Deal::Slice,
            "hash" => Deal::Hash,
            _ => return None,
        };
        Some(Partition {
            by,
            part: part.parse().ok()?,
            parts: parts.parse().ok()?,
        })
    };
    read()
        .filter(|share| (1..=share.parts).contains(&share.part))
        .ok_or_else(|| "expected slice:M/N or hash:M/N, with M from 1 to N".to_owned())
}

/// How many tests there are, and how many of them are selected.
pub(super) fn counted(roots: &[Root]) -> (usize, usize) {
    let tests = || roots.iter().flat_map(|root| &root.tests);
    (
        tests().count(),
        tests().filter(|test| test.selected).count(),
    )
}
