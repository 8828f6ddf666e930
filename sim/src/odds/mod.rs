//! What the lock's settings leave to somebody who guesses.
//!
//! - [`live`]: how many SmartPINs open at an instant, by counting windows.
//! - [`exhaustive`]: the same, by reading every ten digits that there are and asking the lock.
//! - [`attack`]: how many entries the keypad takes from somebody whose entries are all wrong.
//! - [`codes`]: how many codes of a length may be chosen.
//! - [`chance`]: how many guesses a chance of opening takes.
//! - [`estimate`]: how long they take, from all of these.
//!
//! Nothing here prints, and nothing reads a clock.

pub mod attack;
pub mod chance;
pub mod codes;
pub mod estimate;
pub mod exhaustive;
pub mod live;
