//! A lock as text, without its power, so that it can be kept between runs.
//!
//! One line holds the owner's book and what was done so far, one the bench, flash and clock chip included. The text holds
//! keys and PINs' windows: whoever can read it can open the lock.

use serde::{Deserialize, Serialize};

use crate::course::Origin;
use crate::moment::Moment;
use crate::people::{Kept, OwnerView};
use crate::play::Play;
use crate::play::record::{Item, Record, What};
use crate::scenario::decode::from_json;
use crate::scenario::model::Lock;
use crate::scenario::model::names;
use crate::scenario::model::step::Verb;
use crate::scenario::print::inline;
use crate::stage::{Stage, key_of};
use crate::stimulus::{Power, Stimulus};
use crate::time::Lapse;
use crate::world::{Device, Dormant, Native, World};

/// How long the batteries are out between two runs.
const OUT: Lapse = Lapse::from_micros(1_000_000);

/// The line with the book.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    lock: Lock,
    start: Moment,
    seed: u64,
    people: Kept,
    record: Vec<Item>,
    /// Whether the batteries were in.
    powered: bool,
}

/// The lock as it is, with the hand off its keypad.
///
/// # Errors
///
/// Where a part of the bench has no text.
pub fn text(play: &Play, origin: &Origin) -> Result<String, String> {
    let mut play = play.clone();
    play.lay_down();
    let past = Past {
        lock: origin.lock.clone(),
        start: origin.start,
        seed: origin.seed,
        people: play.stage.known.keep(),
        record: play.record.items().cloned().collect(),
        powered: play.stage.world.is_powered(),
    };
    let bench = serde_json::to_string(&play.stage.world.into_dormant())
        .map_err(|error| error.to_string())?;
    Ok(format!("{}\n{bench}\n", inline(&past)))
}

/// The lock of a [`text`]; the batteries are put in again, if they were in.
///
/// # Errors
///
/// What of the text makes no sense.
pub fn read(text: &str) -> Result<(Play, Origin), String> {
    let mut lines = text.lines();
    let past = from_json::<Past>(lines.next().unwrap_or_default()).map_err(|problems| {
        problems
            .first()
            .map_or_else(String::new, |problem| problem.message.clone())
    })?;
    let bench: Dormant = serde_json::from_str(lines.next().unwrap_or_default())
        .map_err(|error| error.to_string())?;
    resume(past, bench)
}

fn resume(past: Past, bench: Dormant) -> Result<(Play, Origin), String> {
    let key = key_of(&past.lock)?;
    let known = OwnerView::restore(&past.people, &key).ok_or("the access book makes no sense")?;
    let mut record = Record::default();
    for item in past.record {
        record.push(item.at, item.what);
    }
    let device: Box<dyn Device> = Box::new(Native::new(key.clone()));
    let world = World::from_dormant(bench, device);
    let mut stage = Stage::resume(world, known, key);
    if past.powered {
        record.did(stage.world.now(), Verb::Power(names::Power::Cycle));
        let steps = stage
            .pass(OUT)
            .and_then(|()| stage.apply(Stimulus::Power(Power::On)));
        steps.map_err(|stop| stop.message)?;
        record.push(stage.world.now(), What::Reached);
        record.saved();
    }
    let origin = Origin {
        lock: past.lock,
        start: past.start,
        seed: past.seed,
    };
    Ok((Play::new(stage, record), origin))
}
