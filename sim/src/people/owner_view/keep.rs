//! What the owner knows, as it is kept outside of the program. PINs aren't in it: they follow from key and window.

use std::collections::BTreeSet;

use firmware_core::audit::PinId;
use firmware_core::settings::{SettingName, Settings};
use serde::{Deserialize, Serialize};
use smartpin::{Generation, Grant, LockKey, Stay, Variant, Window};

use super::OwnerView;
use crate::lockout::Lockout;
use crate::owner::{Book, Guest, Issued, Terms};
use crate::zones::Zone;

/// Everything but the lock key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    guests: Vec<KeptGuest>,
    /// The log's names of PINs, and their generation.
    blocked: Vec<(String, u32)>,
    custom: Vec<(String, u32)>,
    /// By name, in the words of the installer's port.
    settings: Vec<(String, String)>,
    generation: u32,
    zone: String,
    code: String,
    first_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lockout: Option<Lockout>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptGuest {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    called: Option<String>,
    window: u32,
    variant: u8,
    generation: u32,
}

impl OwnerView {
    /// What is to be kept.
    pub fn keep(&self) -> Kept {
        let names = SettingName::ALL.iter();
        let kept = names.filter(|name| **name != SettingName::Generation);
        Kept {
            guests: self.guests().iter().map(KeptGuest::of).collect(),
            blocked: listed(&self.blocked),
            custom: listed(&self.custom),
            settings: kept
                .map(|name| (name.to_string(), self.settings.get(*name).to_string()))
                .collect(),
            generation: self.settings.generation.0,
            zone: self.zone.name().to_owned(),
            code: self.code.clone(),
            first_code: self.first_code.clone(),
            lockout: self.lockout,
        }
    }

    /// What was kept; none where it makes no sense.
    #[must_use]
    pub fn restore(kept: &Kept, key: &LockKey) -> Option<Self> {
        let mut settings = Settings::default();
        for (name, value) in &kept.settings {
            settings.set(name.parse().ok()?, value).ok()?;
        }
        settings.generation = Generation(kept.generation);
        let zone: Zone = kept.zone.parse().ok()?;
        let guests: Option<Vec<_>> = kept.guests.iter().map(|guest| guest.restore(key)).collect();
        let book = Book::with(key.clone(), guests?);
        let terms = Terms {
            settings,
            zone,
            code: kept.first_code.clone(),
        };
        let mut known = Self::new(book, terms);
        known.blocked = set(&kept.blocked)?;
        known.custom = set(&kept.custom)?;
        known.code.clone_from(&kept.code);
        known.lockout = kept.lockout;
        Some(known)
    }
}

impl KeptGuest {
    fn of(guest: &Guest) -> Self {
        let Grant::Stay(stay) = guest.issued.grant();
        Self {
            name: guest.name.clone(),
            called: guest.called.clone(),
            window: stay.window.number(),
            variant: stay.variant.get(),
            generation: guest.issued.id.generation.0,
        }
    }

    fn restore(&self, key: &LockKey) -> Option<Guest> {
        let stay = Stay {
            window: Window::from_number(self.window)?,
            variant: Variant::new(self.variant)?,
        };
        let id = PinId {
            index: stay.index(),
            generation: Generation(self.generation),
        };
        Some(Guest {
            name: self.name.clone(),
            called: self.called.clone(),
            issued: Issued::new(key, id),
        })
    }
}

fn listed(pins: &BTreeSet<PinId>) -> Vec<(String, u32)> {
    let mut listed: Vec<_> = pins
        .iter()
        .map(|pin| (pin.to_string(), pin.generation.0))
        .collect();
    listed.sort_unstable();
    listed
}

fn set(listed: &[(String, u32)]) -> Option<BTreeSet<PinId>> {
    let pin = |(name, generation): &(String, u32)| {
        let grant: Grant = name.parse().ok()?;
        Some(PinId {
            index: grant.index(),
            generation: Generation(*generation),
        })
    };
    listed.iter().map(pin).collect()
}
