//! Where two traces part.

use std::fmt::{self, Display};

use super::line::EventLine;
use crate::time::Time;
use crate::trace::TraceEvent;

/// Common events that are shown before the first difference.
const BEFORE: usize = 8;
/// Events of each trace that are shown from there on.
const AFTER: usize = 4;

/// The first difference of two traces, with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<'a> {
    /// The number of the first event that differs, counted from 0.
    pub event: usize,
    before: &'a [TraceEvent],
    one: &'a [TraceEvent],
    other: &'a [TraceEvent],
}

/// The first difference; none where all events are the same.
#[must_use]
pub fn difference<'a>(one: &'a [TraceEvent], other: &'a [TraceEvent]) -> Option<Difference<'a>> {
    let pairs = one.iter().zip(other);
    let common = pairs.take_while(|(one, other)| one == other).count();
    if common == one.len() && common == other.len() {
        return None;
    }
    let part = |events: &'a [TraceEvent]| &events[common..events.len().min(common + AFTER)];
    Some(Difference {
        event: common,
        before: &one[common.saturating_sub(BEFORE)..common],
        one: part(one),
        other: part(other),
    })
}

impl Display for Difference<'_> {
    /// Common events, then those of the one (`-`) and of the other (`+`).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(' ', self.before), ('-', self.one), ('+', self.other)];
        for (mark, events) in parts {
            if events.is_empty() && mark != ' ' {
                writeln!(formatter, "  {mark} (the trace is at its end)")?;
            }
            for event in events {
                let since = Time::START;
                writeln!(formatter, "  {mark} {}", EventLine { event, since })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::TraceKind;

    fn boots(counts: &[u32]) -> Vec<TraceEvent> {
        let event = |(at, count): (u64, &u32)| TraceEvent {
            at: Time::from_millis(at),
            kind: TraceKind::Boot { count: *count },
        };
        (0..).zip(counts).map(event).collect()
    }

    #[test]
    fn the_same_events_do_not_differ() {
        assert_eq!(difference(&boots(&[1, 2]), &boots(&[1, 2])), None);
        assert_eq!(difference(&[], &[]), None);
    }

    #[test]
    fn the_first_difference_is_shown_between_its_neighbours() {
        let (one, other) = (boots(&[1, 2, 3, 4]), boots(&[1, 2, 7]));
        let difference = difference(&one, &other).expect("a difference");
        assert_eq!(difference.event, 2);
        assert_eq!(
            difference.to_string(),
            "    +0.000000  boot 1\n    +0.001000  boot 2\n  - +0.002000  boot 3\n  - +0.003000  boot 4\n  \
             + +0.002000  boot 7\n"
        );
    }

    #[test]
    fn a_trace_that_ends_early_differs() {
        let (one, other) = (boots(&[1]), boots(&[1, 2]));
        let difference = difference(&one, &other).expect("a difference");
        assert!(
            difference
                .to_string()
                .contains("- (the trace is at its end)")
        );
    }
}
