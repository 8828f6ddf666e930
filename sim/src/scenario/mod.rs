//! Scenario files: from bytes to a plan of tests.
//!
//! `json` reads strict JSON with places, `cases` puts values for `${key}`, `decode` turns it into the types of `model`,
//! `check` finds what only the whole tells, and `plan` names the tests. Everything wrong is a [`problem::Problem`].

pub mod decode;
pub mod json;
pub mod model;

pub mod problem;
pub mod span;
