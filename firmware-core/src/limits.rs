//! Every timing and size that a person or a motor can notice, in one place.

use crate::time::Duration;
use crate::units::Millivolts;

/// A contact that was quiet for so long has stopped bouncing; bounce lasts 10 ms at most.
pub const SETTLE: Duration = Duration::from_millis(15);
/// A contact closed for less than this is no press; a person's lasts 40 ms at least.
pub const SHORTEST_PRESS: Duration = Duration::from_millis(35);

/// A begun entry is forgotten after so long without a key.
pub const ENTRY_FORGOTTEN: Duration = Duration::from_secs(10);
/// Programming is left after so long without a key.
pub const PROGRAMMING_FORGOTTEN: Duration = Duration::from_secs(30);
/// The most digits of an entry; one more makes it invalid.
pub const MOST_DIGITS: usize = 10;
/// Entries of fewer digits are refused without counting as a wrong try.
pub const COUNTED_DIGITS: usize = 4;

/// The blink and beep that acknowledge a key.
pub const TICK: Duration = Duration::from_millis(40);
/// A flash of a signal, and the dark between two.
pub const FLASH: Duration = Duration::from_millis(200);
/// From the Enter that is answered to the first flash of the answer, whatever it is.
pub const ANSWER: Duration = Duration::from_millis(200);
/// The dark between a signal and one that follows it by itself.
pub const BETWEEN_SIGNALS: Duration = Duration::from_millis(600);

/// How long after an opening a custom PIN can be begun.
pub const CUSTOM_PIN_OFFER: Duration = Duration::from_secs(10);
/// How often a refused choice lets the offer begin again.
pub const CUSTOM_PIN_RESTARTS: u8 = 3;
/// Custom PINs that one SmartPIN saves in its life.
pub const CUSTOM_PIN_SAVES: u8 = 5;

/// The longest drive towards an end.
pub const STROKE: Duration = Duration::from_millis(1_500);
/// A stall of this length ends a drive.
pub const STALL: Duration = Duration::from_millis(100);
/// The rest before the second try.
pub const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// Both bridge inputs stay low for so long when the direction changes.
pub const BRIDGE_DEAD_TIME: Duration = Duration::from_millis(20);

/// R must go down within so long of power-up.
pub const RESET_BEGINS: Duration = Duration::from_secs(10);
/// How long R must stay down, by its contact; the allowance is for the bounce on its release.
pub const RESET_HOLD: Duration = Duration::from_millis(5_000 - 20);

/// One wrong try comes back to the budget each time.
pub const BUDGET_REGAIN: Duration = Duration::from_minutes(15);
/// So long without a wrong try ends the run and the ladder.
pub const RUN_FORGOTTEN: Duration = Duration::from_hours(24);

/// The mark is written at least so often while the lock is in use.
pub const MARK_INTERVAL: Duration = Duration::from_hours(1);
/// The installer has to give the code again after so long without a line.
pub const PORT_FORGOTTEN: Duration = Duration::from_secs(30);

/// Below this `granted` is followed by `battery_low`.
pub const BATTERY_LOW: Millivolts = Millivolts(4_250);
/// Below this `granted` is followed by `battery_critical`.
pub const BATTERY_CRITICAL: Millivolts = Millivolts(3_750);
/// Below this the motor is not started.
pub const BATTERY_FLAT: Millivolts = Millivolts(3_300);

const _: () = {
    assert!(SETTLE.as_ticks() > 10_000, "outlasts the bounce");
    assert!(SHORTEST_PRESS.as_ticks() < 40_000, "never misses a press");
    assert!(
        SHORTEST_PRESS.as_ticks() > SETTLE.as_ticks() + 10_000,
        "room for bounce before the contact settles"
    );
    assert!(
        TICK.as_ticks() < FLASH.as_ticks(),
        "a tick is shorter than any signal"
    );
    assert!(
        ANSWER.as_ticks() > TICK.as_ticks(),
        "a tick and its answer never merge"
    );
    assert!(
        BETWEEN_SIGNALS.as_ticks() > 2 * FLASH.as_ticks(),
        "two signals are told apart"
    );
    assert!(
        STALL.as_ticks() < STROKE.as_ticks(),
        "a stall is noticed before the stroke's end"
    );
    assert!(COUNTED_DIGITS < MOST_DIGITS);
    assert!(BATTERY_FLAT.0 < BATTERY_CRITICAL.0 && BATTERY_CRITICAL.0 < BATTERY_LOW.0);
};
