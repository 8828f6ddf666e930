//! From a file's settings to the lock's.

use firmware_core::settings::{SettingError, SettingName, Settings};
use smartpin::Generation;

use super::model::Lock;
use super::model::settings::{Change, Setting};
use super::problem::Problem;
use crate::zones::Zone;

/// What a lock hangs on the door with, and where.
#[must_use]
pub fn of_lock(lock: &Lock) -> (Settings, Zone) {
    let mut settings = Settings {
        smartpin_enabled: true,
        ..Settings::default()
    };
    let mut zone = Zone::default();
    let mut put = |change: &Change| {
        // What can't be put was a problem of the file, and kept it from being run.
        if let Ok(Some(new)) = put(&mut settings, change) {
            zone = new;
        }
    };
    lock.settings.0.iter().for_each(&mut put);
    if let Some(name) = &lock.timezone {
        let value = Setting::Text(name.0.name().to_owned()).into();
        put(&Change {
            name: SettingName::Timezone,
            value,
        });
    }
    if let Some(generation) = &lock.generation {
        settings.generation = Generation(generation.value);
    }
    (settings, zone)
}

/// Gives one setting its new value, as the owner's app does it: any generation, a time zone by its IANA name, too.
/// The new zone, if that is what changed.
pub fn put(settings: &mut Settings, change: &Change) -> Result<Option<Zone>, Problem> {
    let wrong = |error: SettingError| Problem::new(error).at(change.value.span);
    let name = change.name;
    match (name, &change.value.value) {
        (SettingName::Timezone, Setting::Text(text)) => {
            let zone: Zone = text
                .parse()
                .map_err(|error| Problem::new(error).at(change.value.span))?;
            settings.set(name, zone.posix()).map_err(wrong)?;
            Ok(Some(zone))
        }
        (SettingName::Generation, value) => {
            let generation = match value {
                Setting::Number(number) => u32::try_from(*number).ok(),
                _ => None,
            };
            let expected =
                || Problem::new("generation takes a whole number of 32 bits").at(change.value.span);
            settings.generation = Generation(generation.ok_or_else(expected)?);
            Ok(None)
        }
        (_, value) => settings
            .set(name, &value.to_string())
            .map(|()| None)
            .map_err(wrong),
    }
}
