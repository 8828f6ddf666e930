//! Patterns of audit entries: fields that their event has, reasons that it can give.

use firmware_core::audit::{EventKind, Field};

use super::Found;
use crate::scenario::model::expect::{Entry, Id, To};
use crate::scenario::model::names::{Event, texts_of};
use crate::scenario::problem::Problem;
use crate::scenario::span::Span;

pub(super) fn check(entry: &Entry, issued: &dyn Fn(&str) -> Option<Problem>, found: &mut Found) {
    let fields = &entry.0;
    let event = fields.event;
    let given: [(Field, Option<Span>); 8] = [
        (Field::By, fields.by.as_ref().map(|field| field.span)),
        (Field::Id, fields.id.as_ref().map(|field| field.span)),
        (
            Field::Reason,
            fields.reason.as_ref().map(|field| field.span),
        ),
        (Field::Count, fields.count.as_ref().map(|field| field.span)),
        (
            Field::Minutes,
            fields.minutes.as_ref().map(|field| field.span),
        ),
        (Field::Name, fields.name.as_ref().map(|field| field.span)),
        (Field::From, fields.from.as_ref().map(|field| field.span)),
        (Field::To, fields.to.as_ref().map(|field| field.span)),
    ];
    for (name, span) in given {
        if let (Some(span), false) = (span, fields_of(event).contains(&name)) {
            found.push(not_of(event, name).at(span));
        }
    }
    reasons(entry, found);
    values(entry, issued, found);
}

fn not_of(event: Event, name: Field) -> Problem {
    let problem = Problem::new(format_args!("`{event}` entries have no `{name}`"));
    match fields_of(event) {
        [] => problem.help("they have no fields besides `event`"),
        fields => {
            let names: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
            problem.help(format_args!("they have: {}", names.join(", ")))
        }
    }
}

fn fields_of(event: Event) -> &'static [Field] {
    event.0.fields()
}

fn reasons(entry: &Entry, found: &mut Found) {
    let Some(reason) = &entry.0.reason else {
        return;
    };
    let event = entry.0.event;
    let Some(possible) = texts_of(event.0, Field::Reason) else {
        return;
    };
    if !possible.contains(&reason.as_str()) {
        found.push(
            Problem::new(format_args!("`{}` is no reason of `{event}`", reason.value))
                .at(reason.span)
                .help(format_args!("its reasons: {}", possible.join(", "))),
        );
    }
}

fn values(entry: &Entry, issued: &dyn Fn(&str) -> Option<Problem>, found: &mut Found) {
    let fields = &entry.0;
    if let Some(by) = &fields.by {
        let possible = texts_of(fields.event.0, Field::By);
        if possible.is_some_and(|possible| !possible.contains(&by.as_str())) {
            found.add(
                by.span,
                format_args!("`{}` is never `by` {}", fields.event, by.value),
            );
        }
    }
    if let Some(id) = &fields.id
        && let Id::Bound(name) = &id.value
        && let Some(problem) = issued(name)
    {
        found.push(problem.at(id.span));
    }
    if let Some(to) = &fields.to {
        let timed = matches!(to.value, To::Time(_));
        if timed != (fields.event.0 == EventKind::ClockSet) {
            found.add(
                to.span,
                if timed {
                    "expected a generation"
                } else {
                    "expected a time"
                },
            );
        }
    }
    if let Some(name) = &fields.name
        && !crate::scenario::model::settings::NAMES.contains(&name.as_str())
    {
        let known = crate::scenario::model::settings::NAMES.iter().copied();
        found.push(Problem::unknown("setting", name, known).at(name.span));
    }
}
