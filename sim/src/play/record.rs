//! What was done, and what was to be seen, in order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::devices::BoltState;
use crate::fault::Fault;
use crate::key::Key;
use crate::recognise::Group;
use crate::scenario::model::step::{Press, Step, Verb};
use crate::time::Time;
use crate::trace::{AuditEntry, FaultState, TraceEvent, TraceKind};

/// One thing that was done or seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// When.
    pub at: Time,
    /// What was done or seen.
    pub what: What,
}

/// What was done or seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "each lies behind an Arc of its own"
)]
pub enum What {
    /// Somebody did this.
    Did(Step),
    /// All that it did by itself is over.
    Reached,
    /// A signal was complete.
    Signal(Group),
    /// The bolt came to rest, or left where it was.
    Bolt(BoltState),
    /// An entry of the log.
    Audit(AuditEntry),
    /// A fault was felt for the first time.
    Fired(Fault),
}

/// Everything since the lock was hung on its door. Clones share what they have in common.
#[derive(Clone, Debug, Default)]
pub struct Record {
    items: Vec<Arc<Item>>,
    /// Whether hands did something since it was saved last.
    unsaved: bool,
}

impl Record {
    /// All of it, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().map(AsRef::as_ref)
    }

    /// Whether nobody did anything.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        !self.items().any(|item| matches!(item.what, What::Did(_)))
    }

    /// Whether hands did something since [`Record::saved`]; what a scenario does stands in its file.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.unsaved
    }

    /// It is written down.
    pub fn saved(&mut self) {
        self.unsaved = false;
    }

    /// Whether nothing was done or seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How much there is; it only grows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Somebody does something.
    pub fn did(&mut self, at: Time, verb: Verb) {
        self.unsaved = true;
        self.push(at, What::Did(Step::from(verb)));
    }

    /// A scenario does its next step.
    pub fn follow(&mut self, at: Time, step: Step) {
        self.push(at, What::Did(step));
    }

    /// How long the last key was really down is known once it goes up.
    pub fn held(&mut self, press: Press) {
        let stroke = self.items.iter_mut().rev().find(
            |item| matches!(&item.what, What::Did(step) if matches!(&step.verb, Verb::Press(_))),
        );
        if let Some(item) = stroke
            && let What::Did(step) = &mut Arc::make_mut(item).what
        {
            step.verb = Verb::Press(press);
        }
    }

    /// The key that went down last, and when.
    #[must_use]
    pub fn last_stroke(&self) -> Option<(Key, Time)> {
        self.items
            .iter()
            .rev()
            .take(64)
            .find_map(|item| match &item.what {
                What::Did(Step {
                    verb: Verb::Press(press),
                    ..
                }) => Some((press.key, item.at)),
                _ => None,
            })
    }

    /// Something happened.
    pub fn saw(&mut self, event: &TraceEvent) {
        let what = match &event.kind {
            TraceKind::Signal(group) => What::Signal(group.clone()),
            TraceKind::Bolt { state } => What::Bolt(*state),
            TraceKind::Audit(entry) => What::Audit(*entry),
            TraceKind::Fault {
                fault,
                state: FaultState::Fired,
            } => What::Fired(*fault),
            TraceKind::Power { .. }
            | TraceKind::Boot { .. }
            | TraceKind::Key { .. }
            | TraceKind::Pin { .. }
            | TraceKind::Motor { .. }
            | TraceKind::I2c { .. }
            | TraceKind::Flash { .. }
            | TraceKind::Port { .. }
            | TraceKind::Fault { .. }
            | TraceKind::Violation { .. }
            | TraceKind::Step { .. }
            | TraceKind::Expect { .. } => return,
        };
        self.push(event.at, what);
    }

    /// Whether a fault has fired since it was injected as item `number`.
    #[must_use]
    pub fn fired_since(&self, number: usize, fault: Fault) -> bool {
        self.items()
            .skip(number)
            .any(|item| matches!(&item.what, What::Fired(fired) if *fired == fault))
    }

    /// Appends something.
    pub fn push(&mut self, at: Time, what: What) {
        self.items.push(Arc::new(Item { at, what }));
    }
}
