//! What people and programs read of a run.
//!
//! A [`reporters::Reporter`] takes [`crate::run::event::RunEvent`]s and makes text of them, or files; it knows nothing of
//! worlds, and where text goes its caller says.

pub mod conclusion;
pub mod diff;
pub mod file_names;
pub mod human;
pub mod json;
pub mod junit;
pub mod line;
pub mod reporters;
pub mod sweep;
pub mod trace;
pub mod vcd;
