//! `cases`: one file, several scenarios. `${key}` is replaced before the file is read as anything but JSON, so that a
//! string which is one `${key}` alone takes the value's own type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::{Member, Node, NodeKind};
use super::problem::Problem;
use super::span::Span;
use crate::suggest::nearest;

/// A scenario of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// `key=value …`; none where the file has no `cases`.
    pub label: Option<String>,
    /// The file with the case's values in it, and without `cases`.
    pub node: Node,
}

/// Bound from the start.
pub const PROGRAMMING_CODE: &str = "programming_code";

/// All cases of a file, and the names in `${…}` that nothing binds.
///
/// # Errors
///
/// Of `cases` itself, and of a list or object inside a longer string.
pub fn expand(root: &Node) -> Result<(Vec<Case>, Vec<Problem>), Vec<Problem>> {
    let NodeKind::Object(members) = &root.kind else {
        return Err(vec![
            Problem::new("a scenario is one JSON object").at(root.span.head()),
        ]);
    };
    let Some(cases) = members.iter().find(|member| member.key == "cases") else {
        let node = root.clone();
        let unbound = unbound(&node, &Vec::new());
        return Ok((vec![Case { label: None, node }], unbound));
    };
    let list = objects(&cases.value)?;
    let body = members.iter().filter(|member| member.key != "cases");
    let body = Node {
        span: root.span,
        kind: NodeKind::Object(body.cloned().collect()),
    };
    let secret = secrets(&body);
    let mut expanded: Vec<Case> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    let mut names = Vec::new();
    for (values, span) in list {
        if !seen.insert(label(&values, |_| false)) {
            problems.push(Problem::new("this case stands here twice").at(span.head()));
            continue;
        }
        names.extend(unbound(&body, &values));
        let node = replace(&body, &values, &mut problems);
        let label = label(&values, |key| secret.contains(key));
        let label = Some(numbered(label, &expanded));
        expanded.push(Case { label, node });
    }
    if problems.is_empty() {
        Ok((expanded, names))
    } else {
        Err(problems)
    }
}

/// The keys of a case and their values, in the order of the file; no key twice.
type Values<'a> = Vec<(&'a str, &'a NodeKind)>;

fn value<'a>(values: &Values<'a>, name: &str) -> Option<&'a NodeKind> {
    values
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| *value)
}

fn objects(cases: &Node) -> Result<Vec<(Values<'_>, Span)>, Vec<Problem>> {
    let wrong = |node: &Node| {
        vec![Problem::new("expected an object of keys and values").at(node.span.head())]
    };
    let NodeKind::List(elements) = &cases.kind else {
        return Err(vec![
            Problem::new("`cases` is a list of objects").at(cases.span.head()),
        ]);
    };
    if elements.is_empty() {
        return Err(vec![
            Problem::new("`cases` is empty, so nothing would run").at(cases.span),
        ]);
    }
    elements
        .iter()
        .map(|element| match &element.kind {
            NodeKind::Object(members) if !members.is_empty() => Ok((
                members
                    .iter()
                    .map(|member| (member.key.as_str(), &member.value.kind))
                    .collect(),
                element.span,
            )),
            _ => Err(wrong(element)),
        })
        .collect()
}

fn label(values: &Values<'_>, is_secret: impl Fn(&str) -> bool) -> String {
    let words = values.iter().map(|(key, value)| {
        let shown = shown(value);
        if is_secret(key) {
            format!("{key}={}", hidden(&shown))
        } else {
            format!("{key}={shown}")
        }
    });
    let words: Vec<_> = words.collect();
    words.join(" ")
}

/// A key stands as its length in digits, and so does all that may be a code; other words stay.
fn hidden(shown: &str) -> String {
    let digits = shown.chars().filter(|letter| !matches!(letter, ' ' | '-'));
    let (number, code) = digits.fold((0, true), |(number, code), letter| {
        (number + 1, code && letter.is_ascii_digit())
    });
    if number == 32 {
        "key".to_owned()
    } else if code && number >= SHORTEST_CODE {
        format!("pin:{number}")
    } else {
        shown.to_owned()
    }
}

/// Fewer digits open no lock.
const SHORTEST_CODE: usize = 4;

/// The same label again, for secrets that are equally long, gets a number.
fn numbered(label: String, before: &[Case]) -> String {
    let taken = |label: &str| {
        before
            .iter()
            .any(|case| case.label.as_deref() == Some(label))
    };
    if !taken(&label) {
        return label;
    }
    let mut numbers = (2..).map(|number| format!("{label} #{number}"));
    numbers.find(|label| !taken(label)).unwrap_or(label)
}

/// The names in what is typed, and in keys and codes: their values stand in no report.
fn secrets(node: &Node) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    collect_secrets(node, false, &mut secrets);
    secrets
}

fn collect_secrets(node: &Node, secret: bool, secrets: &mut BTreeSet<String>) {
    match &node.kind {
        NodeKind::Text(text) if secret => {
            let mut rest = text.as_str();
            while let Some((_, name, after)) = next_name(rest) {
                secrets.insert(name.to_owned());
                rest = after;
            }
        }
        NodeKind::List(elements) => {
            for element in elements {
                collect_secrets(element, secret, secrets);
            }
        }
        NodeKind::Object(members) => {
            for member in members {
                let secret = matches!(
                    member.key.as_str(),
                    "type" | "site_key" | "lock_key" | "programming_code"
                );
                collect_secrets(&member.value, secret, secrets);
            }
        }
        _ => {}
    }
}

fn shown(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Text(text) => text.clone(),
        other => plain(other).to_string(),
    }
}

fn plain(kind: &NodeKind) -> Value {
    match kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Number(value) => Value::Number(value.clone()),
        NodeKind::Text(value) => Value::String(value.clone()),
        NodeKind::List(elements) => elements
            .iter()
            .map(|element| plain(&element.kind))
            .collect(),
        NodeKind::Object(members) => members
            .iter()
            .map(|member| (member.key.clone(), plain(&member.value.kind)))
            .collect(),
    }
}

fn replace(node: &Node, values: &Values<'_>, problems: &mut Vec<Problem>) -> Node {
    let kind = match &node.kind {
        NodeKind::Text(text) => replace_text(text, node.span, values, problems),
        NodeKind::List(elements) => NodeKind::List(
            elements
                .iter()
                .map(|element| replace(element, values, problems))
                .collect(),
        ),
        NodeKind::Object(members) => NodeKind::Object(
            members
                .iter()
                .map(|member| Member {
                    value: replace(&member.value, values, problems),
                    ..member.clone()
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node {
        span: node.span,
        kind,
    }
}

fn replace_text(
    text: &str,
    span: Span,
    values: &Values<'_>,
    problems: &mut Vec<Problem>,
) -> NodeKind {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        match value(values, name) {
            Some(value) if name.len() + "${}".len() == text.len() => return value.clone(),
            Some(value @ (NodeKind::List(_) | NodeKind::Object(_))) => {
                problems.push(
                    Problem::new(format_args!(
                        "`${{{name}}}` is {} and can't be inserted into a longer string",
                        shown(value)
                    ))
                    .at(span),
                );
            }
            Some(value) => {
                written.push_str(before);
                written.push_str(&shown(value));
            }
            None => written.push_str(&rest[..rest.len() - after.len()]),
        }
        rest = after;
    }
    written.push_str(rest);
    NodeKind::Text(written)
}

/// What stands before the next `${name}`, the name, and what follows.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// Every `${name}` that is neither a key of the case nor bound by some `issue`.
fn unbound(root: &Node, values: &Values<'_>) -> Vec<Problem> {
    let mut issued = BTreeSet::new();
    collect_issued(root, values, &mut issued);
    let mut known: BTreeSet<&str> = values.iter().map(|(key, _)| *key).collect();
    known.insert(PROGRAMMING_CODE);
    known.extend(issued.iter().map(String::as_str));
    let mut problems = Vec::new();
    visit_texts(root, &mut |text, span| {
        unknown_names(text, span, &known, &mut problems);
    });
    problems
}

fn collect_issued(node: &Node, values: &Values<'_>, issued: &mut BTreeSet<String>) {
    match &node.kind {
        NodeKind::List(elements) => elements
            .iter()
            .for_each(|element| collect_issued(element, values, issued)),
        NodeKind::Object(members) => {
            for member in members {
                if let (NodeKind::Text(name), "as") = (&member.value.kind, member.key.as_str()) {
                    if let NodeKind::Text(name) =
                        replace_text(name, member.value.span, values, &mut Vec::new())
                    {
                        issued.insert(name);
                    }
                } else {
                    collect_issued(&member.value, values, issued);
                }
            }
        }
        _ => {}
    }
}

fn visit_texts(node: &Node, visit: &mut impl FnMut(&str, Span)) {
    match &node.kind {
        NodeKind::Text(text) => visit(text, node.span),
        NodeKind::List(elements) => elements
            .iter()
            .for_each(|element| visit_texts(element, visit)),
        NodeKind::Object(members) => members
            .iter()
            .for_each(|member| visit_texts(&member.value, visit)),
        _ => {}
    }
}

fn unknown_names(text: &str, span: Span, known: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        if !known.contains(name) {
            let offset = text.len() - rest.len() + before.len();
            problems.push(unknown(name, known).at(part(
                text,
                span,
                offset,
                name.len() + "${}".len(),
            )));
        }
        rest = after;
    }
}

/// Part of a string's text, as a place in the file; the whole string, where escapes make that hard.
fn part(text: &str, span: Span, offset: usize, length: usize) -> Span {
    let start = span.start + 1 + offset;
    if span.end - span.start == text.len() + 2 {
        Span {
            start,
            end: start + length,
        }
    } else {
        span
    }
}

fn unknown(name: &str, known: &BTreeSet<&str>) -> Problem {
    let problem = Problem::new(format_args!("nothing is named `${{{name}}}`"));
    if let Some(near) = nearest(name, known.iter().copied()) {
        return problem.help(format_args!("did you mean `${{{near}}}`?"));
    }
    let names: Vec<_> = known.iter().map(|name| format!("${{{name}}}")).collect();
    problem.help(format_args!("known here: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::json::parse;

    fn cases(text: &str) -> Result<Vec<(String, Value)>, Vec<String>> {
        let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect();
        let (cases, names) = expand(&parse(text.as_bytes()).unwrap()).map_err(told)?;
        if !names.is_empty() {
            return Err(told(names));
        }
        let told_apart = |case: Case| (case.label.unwrap_or_default(), plain(&case.node.kind));
        Ok(cases.into_iter().map(told_apart).collect())
    }

    #[test]
    fn a_string_that_is_one_name_takes_the_values_type() {
        let cases = cases(r#"{"a": "${n}", "b": "x${n}y", "cases": [{"n": 3}, {"n": [1, 2]}]}"#);
        assert_eq!(
            cases.unwrap_err(),
            ["`${n}` is [1,2] and can't be inserted into a longer string"]
        );
        let cases = super::tests::cases(
            r#"{"a": "${n}", "b": "x${n}y${t}", "cases": [{"n": 3, "t": "z"}]}"#,
        );
        assert_eq!(
            cases.unwrap(),
            [(
                "n=3 t=z".to_owned(),
                serde_json::json!({"a": 3, "b": "x3yz"})
            )]
        );
    }

    #[test]
    fn codes_stand_in_no_label() {
        let text = r#"{"steps": [{"type": "${code}#${slot}"}, {"wait": "${pause}"}],
            "cases": [{"slot": 1, "pause": "5000s", "code": "4711"}, {"slot": 1, "pause": "5000s", "code": "47-12"}]}"#;
        let labels: Vec<_> = cases(text)
            .unwrap()
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert_eq!(
            labels,
            [
                "slot=1 pause=5000s code=pin:4",
                "slot=1 pause=5000s code=pin:4 #2"
            ]
        );
    }

    #[test]
    fn names_that_nothing_binds_are_found_with_the_nearest() {
        let found = cases(
            r#"{"steps": [{"issue": {"as": "stay"}}, {"type": "${programming_code}${sta}#"}]}"#,
        );
        assert_eq!(
            found.unwrap_err(),
            ["nothing is named `${sta}` (did you mean `${stay}`?)"]
        );
    }

    #[test]
    fn cases_must_be_some_and_differ() {
        assert!(cases(r#"{"cases": []}"#).is_err());
        assert!(cases(r#"{"cases": [{}]}"#).is_err());
        assert!(cases(r#"{"cases": 3}"#).is_err());
        assert!(cases(r#"{"cases": [{"n": 1}, {"n": 1}]}"#).is_err());
    }
}
