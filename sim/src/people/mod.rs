//! The people around a lock: what its owner believes, what somebody types, and what of it is kept.
//!
//! The owner reads the lock's log and believes it. What is true is the monitor's: it keeps a book of its own on codes,
//! blocks and settings, from what was done to the lock, without believing the log. The two are witnesses for the same
//! facts on purpose, and neither asks the other.

mod owner_view;

pub use owner_view::{Kept, OwnerView};
