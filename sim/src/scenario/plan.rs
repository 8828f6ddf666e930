//! Which tests there are: one for each scenario, and one for each way through its forks.

use super::load::{File, Source};
use super::model::Scenario;
use super::model::step::{Step, Verb};

/// A scenario, and the tests that it holds.
#[derive(Clone, Debug)]
pub struct Root {
    /// The file.
    pub source: Source,
    /// What happens.
    pub scenario: Scenario,
    /// One at least, in the order of the file.
    pub tests: Vec<Test>,
}

/// One way through a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Where it stands among all tests of all files that were named.
    pub number: usize,
    /// `name [key=value …] / branch`
    pub name: String,
    /// Whether it is to be run.
    pub selected: bool,
}

impl Root {
    /// All that happens on the way to the test of this number among its tests, repeats unrolled.
    #[must_use]
    pub fn way(&self, test: usize) -> Vec<Leaf<'_>> {
        let mut way = Vec::new();
        follow(&self.scenario.steps, "steps", "", test, &mut way);
        way
    }

    /// `path: name`
    #[must_use]
    pub fn title(&self, test: &Test) -> String {
        format!("{}: {}", self.source.path, test.name)
    }
}

/// Which tests to run, of all there are.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Those of scenarios that carry this tag.
    pub tag: Option<String>,
    /// Of those, the ones whose title contains this.
    pub filter: Option<String>,
    /// Of those, this part.
    pub partition: Option<Partition>,
}

/// One of several parts of equal size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// How tests are dealt out.
    pub by: Deal,
    /// Counted from 1.
    pub part: u64,
    /// How many parts there are.
    pub parts: u64,
}

/// How tests are dealt out to parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deal {
    /// In turn, in the order of the files.
    Slice,
    /// By their titles, so that a test stays in its part when others come or go.
    Hash,
}

/// All tests of the files, in order.
#[must_use]
pub fn plan(files: Vec<File>, selection: &Selection) -> Vec<Root> {
    let mut roots = Vec::new();
    let mut number = 0;
    let mut chosen = 0;
    for file in files {
        for (label, scenario) in file.scenarios {
            let name = match label {
                Some(label) => format!("{} [{label}]", scenario.name.value),
                None => scenario.name.value.clone(),
            };
            let mut root = Root {
                source: file.source.clone(),
                tests: Vec::new(),
                scenario,
            };
            for name in names(&root.scenario.steps, name) {
                let mut test = Test {
                    number,
                    name,
                    selected: false,
                };
                let title = root.title(&test);
                let tag = selection.tag.as_ref();
                let tagged = tag.is_none_or(|tag| root.scenario.is_tagged(tag));
                let named = selection
                    .filter
                    .as_ref()
                    .is_none_or(|text| title.contains(text));
                if tagged && named {
                    test.selected = selection
                        .partition
                        .is_none_or(|part| part.has(chosen, &title));
                    chosen += 1;
                }
                number += 1;
                root.tests.push(test);
            }
            roots.push(root);
        }
    }
    roots
}

fn names(steps: &[Step], name: String) -> Vec<String> {
    match steps.last().map(|step| &step.verb) {
        Some(Verb::Fork(branches)) => branches
            .iter()
            .flat_map(|branch| names(&branch.steps, format!("{name} / {}", branch.name.value)))
            .collect(),
        _ => vec![name],
    }
}

/// A step that is neither a repeat nor a fork.
#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    /// What happens.
    pub step: &'a Step,
    /// As in `steps[3].repeat[0] in round 2`.
    pub path: String,
}

/// The steps on the way to test `number` of a list that stands at `list`, in this round of the repeats around it.
fn follow<'a>(
    steps: &'a [Step],
    list: &str,
    round: &str,
    mut number: usize,
    way: &mut Vec<Leaf<'a>>,
) {
    for (index, step) in steps.iter().enumerate() {
        let path = format!("{list}[{index}]");
        match &step.verb {
            Verb::Repeat(repeat) => {
                for count in 1..=repeat.times.value {
                    let list = format!("{path}{round}.repeat");
                    follow(&repeat.steps, &list, &format!(" in round {count}"), 0, way);
                }
            }
            Verb::Fork(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    let own = tests_in(&branch.steps);
                    if number < own {
                        let list = format!("{path}.fork[{index}].steps");
                        follow(&branch.steps, &list, round, number, way);
                        break;
                    }
                    number -= own;
                }
            }
            _ => way.push(Leaf {
                step,
                path: format!("{path}{round}"),
            }),
        }
    }
}

/// How many tests the steps hold.
#[must_use]
pub fn tests_in(steps: &[Step]) -> usize {
    names(steps, String::new()).len()
}

impl Partition {
    fn has(self, number: u64, title: &str) -> bool {
        let number = match self.by {
            Deal::Slice => number,
            Deal::Hash => fnv1a(title.as_bytes()),
        };
        number % self.parts == self.part - 1
    }
}

/// FNV-1a of 64 bits: small, and the same on every machine and in every version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::read;

    const TEXT: &str = r#"{"name": "n", "start": "2026-01-01T00:00", "cases": [{"k": 1}, {"k": 2}], "steps": [
        {"expect": {"bolt": "locked"}},
        {"fork": [{"name": "a", "steps": [{"wait": "${k}s"}]}, {"name": "b", "steps": [{"wait": "1s"}]}]}]}"#;

    fn selected(selection: &Selection) -> Vec<String> {
        let file = read("f", TEXT.as_bytes()).unwrap();
        let tests = plan(vec![file], selection)
            .into_iter()
            .flat_map(|root| root.tests);
        tests
            .filter(|test| test.selected)
            .map(|test| test.name)
            .collect()
    }

    #[test]
    fn cases_and_branches_are_tests_of_their_own() {
        let all = ["n [k=1] / a", "n [k=1] / b", "n [k=2] / a", "n [k=2] / b"];
        assert_eq!(selected(&Selection::default()), all);
    }

    #[test]
    fn a_way_leads_through_every_round_and_one_branch() {
        const NESTED: &str = r#"{"name": "n", "start": "2026-01-01T00:00", "steps": [
            {"repeat": {"times": 2, "steps": [{"expect": {"bolt": "locked"}}]}},
            {"fork": [{"name": "a", "steps": [{"wait": "1s"}]},
                      {"name": "b", "steps": [{"wait": "2s"}, {"fork": [
                          {"name": "c", "steps": [{"wait": "3s"}]}, {"name": "d", "steps": [{"wait": "4s"}]}]}]}]}]}"#;
        let roots = plan(
            vec![read("f", NESTED.as_bytes()).unwrap()],
            &Selection::default(),
        );
        let way = |test| {
            roots[0]
                .way(test)
                .into_iter()
                .map(|leaf| leaf.path)
                .collect::<Vec<_>>()
        };
        let rounds = [
            "steps[0].repeat[0] in round 1",
            "steps[0].repeat[0] in round 2",
        ];
        assert_eq!(
            way(0),
            [&rounds[..], &["steps[1].fork[0].steps[0]"]].concat()
        );
        let tail = [
            "steps[1].fork[1].steps[0]",
            "steps[1].fork[1].steps[1].fork[1].steps[0]",
        ];
        assert_eq!(way(2), [&rounds[..], &tail].concat());
    }

    #[test]
    fn parts_are_disjoint_and_complete() {
        for by in [Deal::Slice, Deal::Hash] {
            let part = |part| Partition { by, part, parts: 3 };
            let of = |number| {
                selected(&Selection {
                    partition: Some(part(number)),
                    ..Selection::default()
                })
            };
            let mut all: Vec<_> = (1..=3).flat_map(of).collect();
            all.sort();
            assert_eq!(all, selected(&Selection::default()));
        }
        let filter = Selection {
            filter: Some("/ b".into()),
            ..Selection::default()
        };
        assert_eq!(selected(&filter), ["n [k=1] / b", "n [k=2] / b"]);
    }
}
