//! A bench for a keypad lock: virtual hardware, scenario files, time travel.
//!
//! The library takes texts and gives texts, events and traces. It knows no terminal, no file system, no thread, no clock of
//! the host and no network, so the same file, seed and program give the same trace bytes wherever it runs, in a browser
//! too.
//!
//! # A lock, a PIN, a door that opens
//!
//! A [`stage`] is a world with a lock in it, the people who use it, and a monitor that watches it. It takes the steps of a
//! scenario file.
//!
//! ```
//! use sim::devices::BoltState;
//! use sim::scenario::decode::from_json;
//! use sim::scenario::model::Lock;
//! use sim::stage::Stage;
//! use sim::trace::TraceKind;
//! use sim::world::Secrets;
//!
//! let start = "2026-12-02T12:00".parse()?;
//! let mut stage = Stage::install(&Lock::default(), start, 1, Secrets::Hidden)?;
//! for step in [
//!     r#"{ "issue": { "as": "stay", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00" } }"#,
//!     r#"{ "type": "${stay}#" }"#,
//!     r#"{ "expect": { "signal": "granted" } }"#,
//! ] {
//!     let step = from_json(step).expect("a step");
//!     stage.take(&step).map_err(|error| error.message)?;
//! }
//! assert_eq!(stage.world.bolt(), BoltState::Unlocked);
//!
//! let events = stage.world.trace().iter();
//! let logged = events.filter_map(|event| match &event.kind {
//!     TraceKind::Audit(entry) => Some(entry.event.to_string()),
//!     _ => None,
//! });
//! assert_eq!(
//!     logged.last().as_deref(),
//!     Some("unlocked by=smartpin id=2026-12-01T15:00/2026-12-05T11:00/0")
//! );
//! # Ok::<(), String>(())
//! ```
//!
//! # A device of one's own
//!
//! Any firmware that is written against embedded-hal runs on the bench: implement [`world::Device`].
//!
//! ```
//! use std::time::Duration;
//!
//! use embedded_hal::digital::{InputPin as _, OutputPin as _};
//! use sim::devices::{Colour, Line, NorChip};
//! use sim::key::Key;
//! use sim::rng::{Random, Stream};
//! use sim::stimulus::Stimulus;
//! use sim::world::{BenchSetup, Device, FLASH_SECTORS, Secrets, Wake, Wiring, World};
//!
//! /// A doorbell: its LED shines while its button is down.
//! #[derive(Clone)]
//! struct Doorbell;
//!
//! impl Device for Doorbell {
//!     fn fork(&self) -> Box<dyn Device> {
//!         Box::new(self.clone())
//!     }
//!
//!     fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
//!         self.poll(wiring, uptime)
//!     }
//!
//!     fn poll(&mut self, wiring: Wiring<'_>, _: Duration) -> Wake {
//!         let Ok(is_down) = wiring.input(Line::Button).is_low();
//!         let Ok(()) = wiring.output(Line::Green).set_state(is_down.into());
//!         Wake::OnInput
//!     }
//!
//!     fn lose_power(&mut self) {}
//! }
//!
//! let setup = BenchSetup {
//!     start: "2026-12-01T14:00:00Z".parse().expect("a time"),
//!     seed: 1,
//!     secrets: Secrets::Hidden,
//!     flash: NorChip::new(FLASH_SECTORS, Random::new(1, Stream::Flash)),
//! };
//! let mut world = World::with_device(&setup, Doorbell);
//! let key = Key::named('L').expect("the Lock/Unlock button");
//! world.apply(Stimulus::KeyDown { key, label: None });
//! world.run_for(Duration::from_millis(50));
//! assert_eq!(world.light(), Some(Colour::Green));
//! ```
//!
//! # Layers
//!
//! From the top; a module uses what stands below it (ARCHITECTURE.md has every arrow, and a test holds them).
//!
//! | layer | modules |
//! | --- | --- |
//! | texts for people and programs | [`report`] |
//! | many runs | [`run`], [`sweep`], [`explore`], [`odds`], [`play`] over [`course`]; side by side through an [`executor`] |
//! | one lock and who deals with it | [`stage`] over [`monitor`], [`people`], [`owner`], [`port`], [`lockout`] |
//! | the language of scenario files | [`scenario`] |
//! | the bench | [`world`] and [`target`] over [`trace`], [`recognise`], [`devices`], [`stimulus`], [`fault`], [`rng`] |
//! | words for all | [`time`], [`pace`], [`moment`], [`zones`], [`key`], [`suggest`] |

pub mod course;
pub mod devices;
pub mod executor;
pub mod explore;
pub mod fault;
pub mod key;
pub mod lockout;
pub mod moment;
pub mod monitor;
pub mod odds;
pub mod owner;
pub mod pace;
pub mod people;
pub mod play;
pub mod port;
pub mod recognise;
pub mod report;
pub mod rng;
pub mod run;
pub mod scenario;
pub mod stage;
pub mod stimulus;
pub mod suggest;
pub mod sweep;
pub mod target;
pub mod time;
pub mod trace;
pub mod world;
pub mod zones;

use firmware_core::vocabulary;
