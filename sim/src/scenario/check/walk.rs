//! The steps in their order, with what is known before each.

use std::collections::BTreeSet;

use firmware_core::settings::{self as lock_settings, SettingName};
use jiff::{SignedDuration, Timestamp};

use super::{Found, entries, faults, lock};
use crate::fault::FaultName;
use crate::moment::Moment;
use crate::pace::{DOWN, UP};
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::Scenario;
use crate::scenario::model::expect::{Clock, Entry, Expect, Never};
use crate::scenario::model::keys::{Keys, Part};
use crate::scenario::model::settings::{Setting, Settings};
use crate::scenario::model::step::{Branch, Issue, Repeat, Step, Verb};
use crate::scenario::problem::Problem;
use crate::scenario::span::{Span, Spanned};
use crate::suggest::nearest;
use crate::time::Lapse;
use crate::zones::Zone;

pub(super) fn check(
    scenario: &Scenario,
    settings: lock_settings::Settings,
    zone: Zone,
    start: Timestamp,
    found: &mut Found,
) {
    if !expects(&scenario.steps) {
        let span = scenario
            .steps
            .first()
            .map_or(scenario.name.span, |step| step.span.head());
        found.push(
            Problem::new("no step expects anything, so the scenario proves nothing")
                .at(span)
                .help("add a step such as {\"expect\": {\"bolt\": \"locked\"}}"),
        );
    }
    let known = Known {
        settings,
        zone,
        now: start,
        issued: BTreeSet::new(),
        faults: BTreeSet::new(),
        repeated: false,
    };
    steps(&scenario.steps, known, found);
}

fn expects(steps: &[Step]) -> bool {
    steps.iter().any(|step| match &step.verb {
        Verb::Expect(_) => true,
        Verb::Repeat(repeat) => expects(&repeat.steps),
        Verb::Fork(branches) => branches.iter().any(|branch| expects(&branch.steps)),
        _ => false,
    })
}

/// What is certain before a step.
#[derive(Clone)]
struct Known {
    /// What the lock is set to, as far as the file tells.
    settings: lock_settings::Settings,
    zone: Zone,
    /// It is this late at least.
    now: Timestamp,
    /// Names that are bound, each with the place of its step.
    issued: BTreeSet<(String, Span)>,
    /// Faults that were injected.
    faults: BTreeSet<FaultName>,
    /// Inside of a `repeat`.
    repeated: bool,
}

fn steps(list: &[Step], mut known: Known, found: &mut Found) -> Known {
    for (index, step) in list.iter().enumerate() {
        if matches!(step.verb, Verb::Fork(_)) && index + 1 < list.len() {
            found.push(
                Problem::new("a fork is the last step of its list")
                    .at(step.span.head())
                    .help("what comes after it belongs into its branches"),
            );
        }
        known = one(step, known, found);
    }
    known
}

fn one(step: &Step, mut known: Known, found: &mut Found) -> Known {
    if step.optional && !step.verb.asks() {
        let wrong = Problem::new(format_args!(
            "`optional` beside `{}`, which has no way to be refused",
            step.verb.name()
        ));
        found.push(wrong.at(step.span.head()).help(
            "it belongs beside `issue`, `set_clock` or `settings`; a fault's own stands inside of `fault`",
        ));
    }
    match &step.verb {
        Verb::Issue(issue) => known.issue(issue, found),
        Verb::Type(keys) => known.typed(keys, found),
        Verb::Press(press) => known.pass(press.lasting),
        Verb::Wait(lapse) => known.pass(*lapse),
        Verb::Until(moment) => known.until(moment, found),
        Verb::Expect(expect) => known.expect(expect, found),
        Verb::Fault(injection) => {
            faults::check(injection, found);
            known.faults.insert(injection.fault.name());
        }
        Verb::Repair(name) => known.stands(name.value, name.span, found),
        Verb::Power(_) => {}
        Verb::SetClock(moment) => {
            lock::instant(moment, &known.zone, Timestamp::MIN, found);
        }
        Verb::Settings(settings) => known.settings(settings, found),
        Verb::Repeat(repeat) => known = known.repeat(repeat, step, found),
        Verb::Fork(branches) => known.fork(branches, found),
    }
    known
}

impl Known {
    fn pass(&mut self, lapse: Lapse) {
        let micros = i64::try_from(lapse.micros()).unwrap_or(i64::MAX);
        self.now = self
            .now
            .saturating_add(SignedDuration::from_micros(micros))
            .unwrap_or(Timestamp::MAX);
    }

    fn issue(&mut self, issue: &Issue, found: &mut Found) {
        let name = &issue.name;
        if name.is_empty()
            || !name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        {
            found.add(name.span, "a name is made of letters, digits and `_`");
        }
        if name.value == PROGRAMMING_CODE {
            found.add(
                name.span,
                "`programming_code` is bound from the start to the code on the label",
            );
        }
        if self
            .issued
            .iter()
            .any(|(known, span)| *known == name.value && *span != name.span)
        {
            found.add(
                name.span,
                format_args!("`{}` is the name of another PIN already", name.value),
            );
        }
        if let Some(variant) = issue.variant.as_ref().filter(|variant| variant.value > 7) {
            found.add(
                variant.span,
                format_args!("variant {} is out of range, expected 0 to 7", variant.value),
            );
        }
        match &issue.fails {
            Some(text) if text.trim().is_empty() => {
                found.add(text.span, "an empty text is in every error");
            }
            Some(_) => {}
            None => drop(self.issued.insert((name.value.clone(), name.span))),
        }
    }

    fn typed(&mut self, keys: &Spanned<Keys>, found: &mut Found) {
        for name in keys.names().filter(|name| *name != PROGRAMMING_CODE) {
            if let Some(problem) = self.unissued(name) {
                found.push(problem.at(keys.span));
            }
        }
        let presses: u64 = keys
            .parts()
            .iter()
            .map(|part| if matches!(part, Part::Key(_)) { 1 } else { 6 })
            .sum();
        self.pass(Lapse::from_micros(
            presses * DOWN.micros() + (presses - 1) * UP.micros(),
        ));
    }

    fn unissued(&self, name: &str) -> Option<Problem> {
        if self.issued.iter().any(|(known, _)| known == name) {
            return None;
        }
        let problem = Problem::new(format_args!("no PIN is named `{name}` at this step"));
        let names = self.issued.iter().map(|(known, _)| known.as_str());
        Some(match nearest(name, names) {
            Some(near) => problem.help(format_args!("did you mean `{near}`?")),
            None => problem.help("a step that issues it must come before"),
        })
    }

    fn until(&mut self, moment: &Spanned<Moment>, found: &mut Found) {
        let Some(instant) = lock::instant(moment, &self.zone, self.now, found) else {
            return;
        };
        if instant < self.now {
            let civil = self.zone.at(self.now).datetime();
            found.push(
                Problem::new(format_args!("{} is over at this step", moment.value))
                    .at(moment.span)
                    .help(format_args!(
                        "it is {civil} or later by then, and time doesn't go back"
                    )),
            );
        }
        self.now = self.now.max(instant);
    }

    fn stands(&self, name: FaultName, span: Span, found: &mut Found) {
        if !self.faults.contains(&name) {
            let names: Vec<_> = self.faults.iter().map(|name| name.as_str()).collect();
            let problem = Problem::new(format_args!(
                "no `{name}` fault was injected before this step"
            ))
            .at(span);
            found.push(if names.is_empty() {
                problem
            } else {
                problem.help(format_args!("injected: {}", names.join(", ")))
            });
        }
    }

    fn expect(&self, expect: &Spanned<Expect>, found: &mut Found) {
        if expect.is_empty() {
            found.add(expect.span.head(), "this expects nothing");
        }
        if expect.never == Some(Never::default()) {
            found.add(expect.span.head(), "`never` names nothing");
        }
        if let (Some(tolerance), None) = (&expect.clock_tolerance, &expect.clock) {
            found.add(tolerance.span, "`clock_tolerance` without a `clock`");
        }
        if let Some(clock) = &expect.clock
            && let Clock::Says(moment) = clock.value
        {
            let moment = Spanned {
                span: clock.span,
                value: moment,
            };
            lock::instant(&moment, &self.zone, Timestamp::MIN, found);
        }
        for fired in expect.fault_fired.iter().flat_map(|fired| &fired.0) {
            self.stands(*fired, expect.span.head(), found);
        }
        let listed = expect.log.iter().flatten();
        let anywhere = expect.log_has.iter().flat_map(|entries| &entries.0);
        listed
            .chain(anywhere)
            .for_each(|entry| self.entry(entry, found));
    }

    fn entry(&self, entry: &Entry, found: &mut Found) {
        entries::check(entry, &|name| self.unissued(name), found);
    }

    fn settings(&mut self, settings: &Spanned<Settings>, found: &mut Found) {
        if settings.is_empty() {
            found.add(settings.span, "no setting is named");
        }
        let before = self.settings.generation.0;
        if let Some(Spanned {
            span,
            value: Setting::Number(generation),
        }) = settings.get(SettingName::Generation)
            && *generation <= before.into()
        {
            let only =
                format_args!("the generation is {before} or more by this step, and only rises");
            found.add(*span, only);
        }
        if let Some(zone) = lock::put(&mut self.settings, settings, found) {
            self.zone = zone;
        }
    }

    fn repeat(mut self, repeat: &Repeat, step: &Step, found: &mut Found) -> Self {
        if repeat.times.value == 0 {
            found.add(
                repeat.times.span,
                "repeated no times, these steps would never run",
            );
        }
        if repeat.steps.is_empty() {
            found.add(step.span.head(), "there are no steps to repeat");
        }
        let outside = std::mem::replace(&mut self.repeated, true);
        // The second pass finds what holds for the first alone: a time that is over by then.
        for _ in 0..repeat.times.value.min(2) {
            self = steps(&repeat.steps, self, found);
        }
        self.repeated = outside;
        self
    }

    fn fork(&self, branches: &Spanned<Vec<Branch>>, found: &mut Found) {
        if self.repeated {
            found.add(branches.span.head(), "a fork can't stand in a repeat");
        }
        if branches.is_empty() {
            found.add(branches.span, "a fork without branches");
        }
        let mut names = BTreeSet::new();
        for branch in &branches.value {
            if branch.name.trim().is_empty() {
                found.add(branch.name.span, "a branch needs a name");
            } else if !names.insert(branch.name.as_str()) {
                found.add(
                    branch.name.span,
                    format_args!("two branches are named `{}`", branch.name.value),
                );
            }
            if branch.steps.is_empty() {
                found.add(branch.name.span, "a branch without steps");
            }
            steps(&branch.steps, self.clone(), found);
        }
    }
}
