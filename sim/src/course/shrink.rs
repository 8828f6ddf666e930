//! The shortest way to the same failure: fewer steps, then shorter ones.

use std::collections::BTreeSet;

use super::{Course, Finding};
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::keys::Keys;
use crate::scenario::model::step::{Press, Step, Verb};
use crate::time::Lapse;

/// Ways that are tried at most.
const TRIES: usize = 4_000;

/// What a course comes to, if it still fails as it should.
type Fails<'a> = &'a dyn Fn(&Course) -> Option<Finding>;

/// Makes a finding as short as can be; what is left fails, too.
pub(super) fn shrink(finding: Finding, fails: Fails<'_>) -> Finding {
    let mut search = Search {
        finding,
        fails,
        tries: TRIES,
    };
    loop {
        let before = search.steps().to_vec();
        search.drop_steps();
        search.simplify();
        if search.steps() == before || search.tries == 0 {
            return search.finding;
        }
    }
}

struct Search<'a> {
    finding: Finding,
    fails: Fails<'a>,
    /// That are left.
    tries: usize,
}

impl Search<'_> {
    fn steps(&self) -> &[Step] {
        &self.finding.course.steps
    }

    /// Removes runs of steps, from long runs to single ones.
    fn drop_steps(&mut self) {
        let mut size = self.steps().len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < self.steps().len() {
                let mut steps = self.steps().to_vec();
                steps.drain(at..(at + size).min(steps.len()));
                if !self.take_if_it_fails(steps) {
                    at += size;
                }
            }
            size /= 2;
        }
    }

    /// Makes single steps shorter: keys, waits, presses.
    fn simplify(&mut self) {
        let mut at = 0;
        while at < self.steps().len() {
            for verb in shorter(&self.steps()[at].verb) {
                let mut steps = self.steps().to_vec();
                steps[at].verb = verb;
                if self.take_if_it_fails(steps) {
                    break;
                }
            }
            at += 1;
        }
    }

    fn take_if_it_fails(&mut self, steps: Vec<Step>) -> bool {
        if self.tries == 0 || !are_bound(&steps) {
            return false;
        }
        self.tries -= 1;
        let origin = self.finding.course.origin.clone();
        let Some(finding) = (self.fails)(&Course { origin, steps }) else {
            return false;
        };
        self.finding = finding;
        true
    }
}

/// Simpler ways to do much the same, the simplest first.
fn shorter(verb: &Verb) -> Vec<Verb> {
    let lapses = |lapse: Lapse| {
        let micros = lapse.micros();
        let candidates = [1_000_000, 60_000_000, 3_600_000_000, micros / 2];
        candidates
            .into_iter()
            .filter(move |shorter| *shorter < micros && *shorter > 0)
            .map(Lapse::from_micros)
    };
    match verb {
        Verb::Wait(lapse) => lapses(*lapse).map(Verb::Wait).collect(),
        Verb::Press(press) => lapses(press.lasting)
            .map(|lasting| Verb::Press(Press { lasting, ..*press }))
            .collect(),
        Verb::Type(keys) => {
            let parts = keys.value.parts();
            let without = |at: usize| {
                let mut parts = parts.to_vec();
                parts.remove(at);
                Verb::Type(Keys::from(parts).into())
            };
            let halves = [&parts[parts.len() / 2..], &parts[..parts.len() / 2]];
            let halves = halves
                .into_iter()
                .filter(|half| !half.is_empty() && half.len() < parts.len())
                .map(|half| Verb::Type(Keys::from(half.to_vec()).into()));
            let singles = (0..parts.len()).filter(|_| parts.len() > 1).map(without);
            halves.chain(singles).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether every name that is typed was issued before.
fn are_bound(steps: &[Step]) -> bool {
    let mut bound = BTreeSet::from([PROGRAMMING_CODE]);
    steps.iter().all(|step| match &step.verb {
        Verb::Issue(issue) => {
            bound.insert(issue.name.value.as_str());
            true
        }
        Verb::Type(keys) => keys.value.names().all(|name| bound.contains(name)),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Origin;
    use crate::scenario::decode::from_json;
    use crate::scenario::model::Lock;
    use crate::scenario::print::print;
    use crate::trace::TraceKind;
    use crate::world::Secrets;

    fn steps(lines: &[&str]) -> Vec<Step> {
        lines.iter().map(|line| from_json(line).unwrap()).collect()
    }

    /// "Fails" where the log comes to an entry of this name.
    fn logs(event: &str, course: &Course) -> Option<Finding> {
        let mut stage = course.origin.stage(Secrets::Hidden).unwrap();
        for (number, step) in course.steps.iter().enumerate() {
            stage.take(step).ok()?;
            let logged = stage.world.trace().iter().any(|told| match &told.kind {
                TraceKind::Audit(entry) => entry.event.kind().as_str() == event,
                _ => false,
            });
            if logged {
                let mut course = course.clone();
                course.steps.truncate(number + 1);
                let error = event.to_owned().into();
                return Some(Finding { course, error });
            }
        }
        None
    }

    #[test]
    fn only_what_it_takes_is_left() {
        let origin = Origin {
            lock: Lock::default(),
            start: "2026-12-01T15:00".parse().unwrap(),
            seed: 1,
        };
        let finding = Finding {
            course: Course {
                origin,
                steps: steps(&[
                    r#"{ "type": "12345#99#" }"#,
                    r#"{ "issue": { "as": "ben", "start": "now", "end": "+9d" } }"#,
                    r#"{ "fault": { "led": { "dead": "red" } } }"#,
                    r#"{ "wait": "3h" }"#,
                    r#"{ "fault": { "motor": "jammed" } }"#,
                    r#"{ "type": "*${ben}#L" }"#,
                    r#"{ "wait": "5d" }"#,
                ]),
            },
            error: String::new().into(),
        };
        let short = shrink(finding, &|course| logs("jammed", course));
        assert_eq!(short.error.message, "jammed");
        let text = print(&short.scenario("what it takes"));
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("    "))
            .collect();
        assert_eq!(
            lines,
            [
                r#"    { "issue": { "as": "ben", "start": "now", "end": "+9d" } },"#,
                r#"    { "fault": { "motor": "jammed" } },"#,
                r#"    { "type": "${ben}L" },"#,
                r#"    { "wait": "1s" },"#,
                r#"    { "expect": { "motor": "idle", "within": "10s" } }"#,
            ],
            "{text}"
        );
    }

    #[test]
    fn nothing_is_typed_that_was_not_issued() {
        let finding = steps(&[r#"{ "type": "${ann}#" }"#]);
        assert!(!are_bound(&finding));
    }
}
