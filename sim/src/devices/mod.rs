//! Virtual devices at the level of pins, bus transactions and flash words.
//!
//! Each is one file with its physics, knows nothing of any firmware or of the others, and takes the time as an argument:
//! - [`keypad`]: contacts that bounce, in a matrix.
//! - [`lamp`]: an LED of two halves.
//! - [`bolt`]: an H-bridge, a motor, a bolt, its end switches, and a stall-current comparator.
//! - [`ds3231`]: a clock chip on I2C.
//! - [`flash`]: NOR flash that keeps NOR's rules and can be cut at any byte.
//! - [`supply`]: batteries with an internal resistance.
//! - [`port`]: a serial port's two queues.

pub mod bolt;
mod defects;
pub mod ds3231;
pub mod flash;
pub mod keypad;
pub mod lamp;
mod line;
pub mod port;
pub mod supply;

pub use bolt::{Bolt, BoltState, Drive, MotorState};
use defects::Defects;
pub use ds3231::Ds3231;
pub use flash::NorChip;
pub use keypad::Keypad;
pub use lamp::{Colour, Lamp};
pub use line::{Level, Line};
pub use port::SerialPort;
pub use supply::Supply;
