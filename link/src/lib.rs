//! A lock on one processor, its bench on another.
//!
//! The bench has the time, the keypad, the motor, the clock chip and the flash; the target has the firmware. The bench
//! polls the target, the target asks for each access that needs an answer, and says when it wants to be polled next. All
//! of that happens at one instant of the bench's time, however long it takes on the line: nothing depends on how fast the
//! target is.
//!
//! - [`message`]: what the two say.
//! - [`frame`]: how it stands on a serial line.
//! - [`target`]: the lock's end, for any processor with a serial line.
#![no_std]

pub mod frame;
pub mod message;
pub mod target;
