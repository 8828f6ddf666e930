//! What people and programs read of a run.
//!
//! A reporter takes [`crate::run::event::RunEvent`]s and writes text, or files; it knows nothing of worlds.

pub mod diff;
pub mod file_names;
pub mod human;
pub mod json;
pub mod junit;
pub mod line;
pub mod sweep;
pub mod trace;
pub mod vcd;
