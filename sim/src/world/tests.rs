//! The bench with firmware that is no lock, and with the lock.

use firmware_core::settings::Settings;
use smartpin::LockKey;

use super::*;
use crate::stimulus::Key;

mod with_the_lock {
    use super::*;
    use crate::recognise::Signal;

    const DOWN: Duration = Duration::from_millis(80);
    const UP: Duration = Duration::from_millis(120);

    fn lock() -> World {
        let setup = Setup {
            lock_key: LockKey::from_bytes([7; 16]),
            settings: Settings {
                smartpin_enabled: true,
                ..Settings::default()
            },
            programming_code: None,
            start: "2026-12-01T14:00:00Z".parse().expect("a time"),
            seed: 1,
            secrets: Secrets::Hidden,
        };
        World::new(&setup).expect("room in the store")
    }

    fn type_keys(world: &mut World, keys: &str) {
        for key in keys.chars().filter_map(Key::named) {
            world.apply(Stimulus::KeyDown { key, label: None });
            world.run_for(DOWN);
            world.apply(Stimulus::KeyUp { key, label: None });
            world.run_for(UP);
        }
    }

    fn signals(world: &World) -> Vec<Signal> {
        let signal = |event: &crate::trace::TraceEvent| match &event.kind {
            TraceKind::Signal(group) => group.signal,
            _ => None,
        };
        world.trace().iter().filter_map(signal).collect()
    }

    #[test]
    fn a_wrong_code_is_denied_and_the_bolt_stays() {
        let mut world = lock();
        type_keys(&mut world, "1234#");
        world.run_for(Duration::from_secs(3));
        assert_eq!(signals(&world), [Signal::Denied]);
        assert_eq!(world.bolt(), BoltState::Locked);
    }
}
