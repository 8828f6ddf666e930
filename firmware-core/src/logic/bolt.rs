//! The motor's sequence: drive, give up, go back, try once more.

use crate::limits::{BRIDGE_DEAD_TIME, RETRY_PAUSE, STALL, STROKE};
use crate::time::{Instant, earliest};

/// An end of the bolt's travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Out: the door is locked.
    Thrown,
    /// In: the door opens.
    Withdrawn,
}

impl End {
    /// The other end.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Thrown => Self::Withdrawn,
            Self::Withdrawn => Self::Thrown,
        }
    }
}

/// What the end switches and the comparator say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sense {
    /// The switch of the thrown end is closed.
    pub thrown: bool,
    /// The switch of the withdrawn end is closed.
    pub withdrawn: bool,
    /// The motor draws its stall current.
    pub stalled: bool,
}

impl Sense {
    /// The end that the bolt is at; none where neither switch, or a broken pair of both, is closed.
    #[must_use]
    pub fn end(self) -> Option<End> {
        match (self.thrown, self.withdrawn) {
            (true, false) => Some(End::Thrown),
            (false, true) => Some(End::Withdrawn),
            _ => None,
        }
    }
}

/// How a stroke ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The bolt is where it should be.
    Reached(End),
    /// It isn't, after two tries.
    Jammed,
}

/// Moves the bolt; the bridge is to follow [`Bolt::drive`] after each update.
#[derive(Clone, Debug, Default)]
pub struct Bolt(Option<Stroke>);

#[derive(Clone, Copy, Debug)]
struct Stroke {
    target: End,
    /// Where it came from, to go back to.
    origin: End,
    second: bool,
    phase: Phase,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// The bridge rests until then before it drives.
    Rest { until: Instant, towards: Towards },
    /// The bridge drives.
    Drive {
        since: Instant,
        stalled: Option<Instant>,
        towards: Towards,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Towards {
    Target,
    Origin,
}

impl Bolt {
    /// Begins to move the bolt to `target`, whatever it did before.
    pub fn start(&mut self, target: End, sense: Sense, now: Instant) {
        let drive = Phase::Drive {
            since: now,
            stalled: None,
            towards: Towards::Target,
        };
        let turns = self.drive().is_some_and(|end| end != target);
        let phase = if turns {
            Phase::Rest {
                until: now + BRIDGE_DEAD_TIME,
                towards: Towards::Target,
            }
        } else {
            drive
        };
        let origin = sense.end().unwrap_or(target.opposite());
        self.0 = Some(Stroke {
            target,
            origin,
            second: false,
            phase,
        });
    }

    /// Where the bolt is being moved.
    #[must_use]
    pub fn target(&self) -> Option<End> {
        self.0.map(|stroke| stroke.target)
    }

    /// Towards which end the bridge is to drive now.
    #[must_use]
    pub fn drive(&self) -> Option<End> {
        let stroke = self.0?;
        match stroke.phase {
            Phase::Rest { .. } => None,
            Phase::Drive { towards, .. } => Some(stroke.end(towards)),
        }
    }

    /// Takes the switches as they are at `now`. An outcome comes back once.
    pub fn update(&mut self, sense: Sense, now: Instant) -> Option<Outcome> {
        let stroke = self.0.as_mut()?;
        if let Phase::Rest { until, towards } = stroke.phase {
            if now < until {
                return None;
            }
            // The switch of the end that it is driven to may be closed already.
            stroke.phase = Phase::Drive {
                since: now,
                stalled: None,
                towards,
            };
        }
        let Phase::Drive {
            since,
            stalled,
            towards,
        } = &mut stroke.phase
        else {
            return None;
        };
        *stalled = if sense.stalled {
            stalled.or(Some(now))
        } else {
            None
        };
        let failed =
            now >= *since + STROKE || stalled.is_some_and(|stalled| now >= stalled + STALL);
        let towards = *towards;
        let arrived = sense.end() == Some(stroke.end(towards));
        if !arrived && !failed {
            return None;
        }
        let outcome = stroke.finish(towards, arrived, now);
        if outcome.is_some() {
            self.0 = None;
        }
        outcome
    }

    /// When [`Bolt::update`] is to be called next if no switch changes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        match self.0?.phase {
            Phase::Rest { until, .. } => Some(until),
            Phase::Drive { since, stalled, .. } => {
                earliest(Some(since + STROKE), stalled.map(|stalled| stalled + STALL))
            }
        }
    }
}

impl Stroke {
    fn end(&self, towards: Towards) -> End {
        match towards {
            Towards::Target => self.target,
            Towards::Origin => self.origin,
        }
    }

    /// A drive has ended, at its end or not.
    fn finish(&mut self, towards: Towards, arrived: bool, now: Instant) -> Option<Outcome> {
        match towards {
            Towards::Target if arrived => return Some(Outcome::Reached(self.target)),
            Towards::Target => {
                self.phase = Phase::Rest {
                    until: now + BRIDGE_DEAD_TIME,
                    towards: Towards::Origin,
                };
            }
            Towards::Origin if self.second => return Some(Outcome::Jammed),
            Towards::Origin => {
                self.second = true;
                self.phase = Phase::Rest {
                    until: now + RETRY_PAUSE,
                    towards: Towards::Target,
                };
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THROWN: Sense = Sense {
        thrown: true,
        withdrawn: false,
        stalled: false,
    };
    const WITHDRAWN: Sense = Sense {
        thrown: false,
        withdrawn: true,
        stalled: false,
    };
    const BETWEEN: Sense = Sense {
        thrown: false,
        withdrawn: false,
        stalled: false,
    };

    /// Runs a stroke to its end with a mechanism that answers `(drive, ms since the drive changed)`.
    /// Gives the outcome, when it came, and each change of the bridge.
    fn run(
        target: End,
        from: Sense,
        mechanism: impl Fn(Option<End>, u64) -> Sense,
    ) -> (Outcome, u64, heapless::Vec<(u64, Option<End>), 16>) {
        let mut bolt = Bolt::default();
        bolt.start(target, from, Instant::from_ticks(0));
        let mut changes = heapless::Vec::<_, 16>::new();
        changes.push((0, bolt.drive())).expect("room");
        let mut sense = from;
        for ms in 0..20_000 {
            let now = Instant::from_ticks(ms * 1_000);
            let due = bolt.deadline().is_some_and(|deadline| now >= deadline);
            let (since, drive) = *changes.last().expect("one at least");
            let next = if drive.is_some() {
                mechanism(drive, ms - since)
            } else {
                Sense {
                    stalled: false,
                    ..sense
                }
            };
            if next != sense || due || ms == 0 {
                sense = next;
                if let Some(outcome) = bolt.update(sense, now) {
                    assert_eq!(bolt.drive(), None, "an ended stroke leaves the bridge off");
                    return (outcome, ms, changes);
                }
                if bolt.drive() != drive {
                    changes.push((ms, bolt.drive())).expect("room");
                }
            }
        }
        panic!("a stroke ends");
    }

    #[test]
    fn a_free_bolt_takes_one_drive() {
        let (outcome, ms, changes) = run(End::Withdrawn, THROWN, |_, ms| {
            if ms < 400 { BETWEEN } else { WITHDRAWN }
        });
        assert_eq!((outcome, ms), (Outcome::Reached(End::Withdrawn), 400));
        assert_eq!(changes, [(0, Some(End::Withdrawn))]);
    }

    #[test]
    fn a_seized_bolt_is_tried_twice() {
        let (outcome, ms, changes) = run(End::Withdrawn, THROWN, |_, ms| Sense {
            stalled: ms >= 20,
            ..THROWN
        });
        assert_eq!(outcome, Outcome::Jammed);
        let to = |end| Some(end);
        // It never left its end: there is nothing to drive back.
        assert_eq!(
            changes[..],
            [
                (0, to(End::Withdrawn)),
                (120, None),
                (640, to(End::Withdrawn)),
                (760, None)
            ]
        );
        assert!(ms < 800, "took {ms} ms");
    }

    #[test]
    fn a_dead_motor_takes_the_whole_stroke_twice() {
        let (outcome, ms, _) = run(End::Thrown, WITHDRAWN, |_, _| WITHDRAWN);
        assert_eq!(outcome, Outcome::Jammed);
        assert!((3_500..3_600).contains(&ms), "took {ms} ms");
    }

    #[test]
    fn the_second_try_can_succeed() {
        use core::cell::Cell;
        let tries = Cell::new(0);
        let (outcome, _, _) = run(End::Withdrawn, THROWN, |drive, ms| match drive {
            Some(End::Withdrawn) if ms == 1 => {
                tries.set(tries.get() + 1);
                BETWEEN
            }
            Some(End::Withdrawn) if tries.get() < 2 => Sense {
                stalled: true,
                ..BETWEEN
            },
            Some(End::Withdrawn) if ms > 300 => WITHDRAWN,
            Some(End::Thrown) if ms > 100 => THROWN,
            _ => BETWEEN,
        });
        assert_eq!(outcome, Outcome::Reached(End::Withdrawn));
    }

    #[test]
    fn turning_round_rests_the_bridge() {
        let mut bolt = Bolt::default();
        bolt.start(End::Withdrawn, THROWN, Instant::from_ticks(0));
        bolt.start(End::Thrown, BETWEEN, Instant::from_ticks(100_000));
        assert_eq!(bolt.drive(), None);
        assert_eq!(bolt.deadline(), Some(Instant::from_ticks(120_000)));
        bolt.update(BETWEEN, Instant::from_ticks(120_000));
        assert_eq!(bolt.drive(), Some(End::Thrown));
    }

    #[test]
    fn both_switches_closed_are_no_end() {
        assert_eq!(
            Sense {
                thrown: true,
                withdrawn: true,
                stalled: false
            }
            .end(),
            None
        );
    }
}
