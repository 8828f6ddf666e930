//! From a file's bytes to scenarios, or to everything that is wrong with them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use super::cases::{self, Case};
use super::check::check;
use super::decode::decode;
use super::json;
use super::model::Scenario;
use super::optional;
use super::problem::Problem;

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// As reports name it.
    pub path: String,
    /// Its text; what is no UTF-8 is replaced.
    pub text: Arc<str>,
}

/// A file that is valid.
#[derive(Clone, Debug)]
pub struct File {
    /// For reports.
    pub source: Source,
    /// Its scenarios, one where it has no `cases`.
    pub scenarios: Vec<Named>,
}

/// A scenario, and the label of its case.
pub type Named = (Option<String>, Scenario);

/// A file that is not, and why.
#[derive(Clone, Debug)]
pub struct Invalid {
    /// For reports.
    pub source: Source,
    /// One at least, in the order of the file.
    pub problems: Vec<Problem>,
}

impl Invalid {
    /// A file whose bytes can't be had.
    #[must_use]
    pub fn unread(path: &str, why: impl Display) -> Self {
        Self {
            source: Source {
                path: path.to_owned(),
                text: "".into(),
            },
            problems: vec![Problem::new(format_args!("can't be read: {why}"))],
        }
    }
}

/// Reads the bytes of one file.
///
/// # Errors
///
/// All that is wrong with it, as far as one thing doesn't hide another.
pub fn read(path: &str, bytes: &[u8]) -> Result<File, Invalid> {
    let source = Source {
        path: path.to_owned(),
        text: String::from_utf8_lossy(bytes).into(),
    };
    let found = json::parse(bytes)
        .and_then(|root| cases::expand(&root))
        .and_then(|(cases, names)| scenarios(&cases, names));
    match found {
        Ok(scenarios) => Ok(File { source, scenarios }),
        Err(mut problems) => {
            problems.sort();
            problems.dedup();
            Err(Invalid { source, problems })
        }
    }
}

/// Where a name is unbound already, what only the whole tells would follow from that, and isn't asked for.
fn scenarios(cases: &[Case], names: Vec<Problem>) -> Result<Vec<Named>, Vec<Problem>> {
    let mut read = Vec::new();
    let mut wrong: BTreeMap<Problem, Vec<&str>> = BTreeMap::new();
    for case in cases {
        let mut node = case.node.clone();
        optional::lift(&mut node);
        let outcome = decode::<Scenario>(&node).and_then(|scenario| {
            let problems = if names.is_empty() {
                check(&scenario)
            } else {
                Vec::new()
            };
            if problems.is_empty() {
                Ok(scenario)
            } else {
                Err(problems)
            }
        });
        match outcome {
            Ok(scenario) => read.push((case.label.clone(), scenario)),
            Err(problems) => problems.into_iter().for_each(|problem| {
                let label = case.label.as_deref().unwrap_or_default();
                wrong.entry(problem).or_default().push(label);
            }),
        }
    }
    if wrong.is_empty() && names.is_empty() {
        return Ok(read);
    }
    Err(names.into_iter().chain(named(wrong, cases.len())).collect())
}

/// What is wrong in some cases alone says in which first.
fn named(wrong: BTreeMap<Problem, Vec<&str>>, cases: usize) -> Vec<Problem> {
    wrong
        .into_iter()
        .map(|(problem, labels)| match labels.first() {
            Some(label) if labels.len() < cases => Problem {
                message: format!("{} [{label}]", problem.message),
                ..problem
            },
            _ => problem,
        })
        .collect()
}
