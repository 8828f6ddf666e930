//! Scenario files: from bytes to scenarios that make sense, and to a plan of tests.
//!
//! `json` reads strict JSON with places, `cases` puts values for `${key}`, `decode` turns it into the types of `model`,
//! `check` finds what only the whole tells, `plan` names the tests. Everything wrong is a [`problem::Problem`]; `diagnostic` draws it.

pub mod cases;
pub mod check;
pub mod decode;
pub mod diagnostic;
pub mod json;
pub mod load;
pub mod model;
mod optional;
pub mod plan;
pub mod print;
pub mod problem;
pub mod schema;
pub mod settings;
pub mod span;
