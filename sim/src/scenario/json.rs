//! Strict JSON, with the place of every value and key.

use std::collections::BTreeSet;

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Number;

use super::problem::Problem;
use super::span::Span;

/// A JSON value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// From its first to its last byte.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, unescaped.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in the order of the file; no key twice.
    Object(Vec<Member>),
}

/// One key of an object and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// How deep lists and objects may stand in one another.
pub const DEPTH: usize = 64;

/// Reads the bytes of a file.
///
/// # Errors
///
/// Everything that keeps the bytes from being one JSON value as RFC 8259 has it, with UTF-8, without a byte order mark,
/// without a key that stands twice in one object, and no deeper than [`DEPTH`]. A broken syntax is one problem; of keys
/// that stand twice, each is.
pub fn parse(bytes: &[u8]) -> Result<Node, Vec<Problem>> {
    let text = text(bytes).map_err(|problem| vec![problem])?;
    let ast = parse_to_ast(text, &CollectOptions::default(), &strict())
        .map_err(|error| vec![syntax(text, &error)])?
        .value
        .ok_or_else(|| vec![Problem::new("the file is empty, expected one JSON object")])?;
    plain(text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let node = convert(&ast, 0, &mut problems);
    if problems.is_empty() {
        Ok(node)
    } else {
        Err(problems)
    }
}

fn text(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Problem::new("the file begins with a byte order mark")
            .at(Span { start: 0, end: 3 })
            .help("save it as UTF-8 without one"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let end = start + error.error_len().unwrap_or(bytes.len() - start);
        Problem::new("not UTF-8")
            .at(Span { start, end })
            .help("scenario files are UTF-8")
    })
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// What the parser above still lets pass (control characters in strings, blanks that JSON doesn't know) is found by a
/// second reader, which knows lines and columns only.
fn plain(text: &str) -> Result<(), Problem> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(|_| ())
        .map_err(|error| {
            let line_start: usize = text
                .split_inclusive('\n')
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum();
            let start = (line_start + error.column().saturating_sub(1)).min(text.len());
            let message = error.to_string();
            let clause = message.split(" at line ").next().unwrap_or(&message);
            Problem::new(clause).at(Span {
                start,
                end: (start + 1).min(text.len()),
            })
        })
}

fn syntax(text: &str, error: &ParseError) -> Problem {
    use ParseErrorKind as NodeKind;
    let span = place(error.range());
    let (message, help) = match error.kind() {
        NodeKind::TrailingCommasNotAllowed => ("a comma after the last element", Some("remove it")),
        NodeKind::CommentsNotAllowed => (
            "a comment, which JSON doesn't have",
            Some("a step may carry a \"note\""),
        ),
        NodeKind::ExpectedComma => ("expected a comma", None),
        NodeKind::ExpectedColonAfterObjectKey => ("expected a colon after the key", None),
        NodeKind::ExpectedObjectValue => ("expected a value after the colon", None),
        NodeKind::ExpectedStringObjectProperty => ("expected a key in double quotes", None),
        NodeKind::UnexpectedTokenInObject => ("expected a key in double quotes, or `}`", None),
        NodeKind::SingleQuotedStringsNotAllowed => (
            "a string in single quotes",
            Some("JSON has double quotes only"),
        ),
        NodeKind::MultipleRootJsonValues => {
            ("something stands after the end of the JSON value", None)
        }
        NodeKind::UnterminatedObject => ("this object is never closed", Some("expected a `}`")),
        NodeKind::UnterminatedArray => ("this list is never closed", Some("expected a `]`")),
        NodeKind::NestingDepthExceeded => return too_deep(span.head()),
        NodeKind::UnexpectedWord => (
            "expected a value: a string in double quotes, a number, true, false, …",
            None,
        ),
        other => return Problem::new(lower(&other.to_string())).at(clip(span, text)),
    };
    let problem = Problem::new(message).at(clip(span, text));
    help.map_or(problem.clone(), |help| problem.help(help))
}

/// An unclosed object reaches to the end of the file; its first line is enough to see it.
fn clip(span: Span, text: &str) -> Span {
    let line = text
        .get(span.start..span.end)
        .and_then(|marked| marked.find('\n'));
    line.map_or(span, |length| Span {
        start: span.start,
        end: span.start + length,
    })
}

fn lower(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn too_deep(span: Span) -> Problem {
    Problem::new(format_args!("nested too deep, {DEPTH} levels are the most")).at(span)
}

fn place(range: Range) -> Span {
    Span {
        start: range.start,
        end: range.end,
    }
}

fn convert(value: &Value<'_>, depth: usize, problems: &mut Vec<Problem>) -> Node {
    let span = place(value.range());
    if depth > DEPTH {
        problems.push(too_deep(span.head()));
        return Node {
            span,
            kind: NodeKind::Null,
        };
    }
    let kind = match value {
        Value::NullKeyword(_) => NodeKind::Null,
        Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
        Value::StringLit(literal) => NodeKind::Text(literal.value.to_string()),
        Value::NumberLit(literal) => number(literal.value, span, problems),
        Value::Array(array) => NodeKind::List(
            array
                .elements
                .iter()
                .map(|element| convert(element, depth + 1, problems))
                .collect(),
        ),
        Value::Object(object) => members(&object.properties, depth, problems),
    };
    Node { span, kind }
}

fn number(text: &str, span: Span, problems: &mut Vec<Problem>) -> NodeKind {
    text.parse().map_or_else(
        |_| {
            problems.push(Problem::new("a number out of any range").at(span));
            NodeKind::Null
        },
        NodeKind::Number,
    )
}

fn members(properties: &[ObjectProp<'_>], depth: usize, problems: &mut Vec<Problem>) -> NodeKind {
    let mut seen = BTreeSet::new();
    let mut members = Vec::with_capacity(properties.len());
    for property in properties {
        let key = property.name.as_str().to_owned();
        let key_span = place(property.name.range());
        if !seen.insert(key.clone()) {
            problems.push(
                Problem::new(format_args!("the key `{key}` stands twice in this object"))
                    .at(key_span)
                    .help("most programs would silently take the last"),
            );
            continue;
        }
        members.push(Member {
            key,
            key_span,
            value: convert(&property.value, depth + 1, problems),
        });
    }
    NodeKind::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> (String, String) {
        let problem = parse(text.as_bytes()).unwrap_err().remove(0);
        let span = problem.span.unwrap_or_default();
        (problem.message, text[span.start..span.end].to_owned())
    }

    #[test]
    fn the_place_of_a_fault_is_exact() {
        assert_eq!(
            first(r#"{"a": 1,}"#),
            ("a comma after the last element".into(), ",".into())
        );
        assert_eq!(
            first(r#"{"a": 1, "a": 2}"#),
            (
                "the key `a` stands twice in this object".into(),
                "\"a\"".into()
            )
        );
        assert_eq!(first("{'a': 1}").1, "'");
        assert_eq!(first("{\"a\": 1 \"b\": 2}").0, "expected a comma");
        assert_eq!(first("{\"a\": [1, 2").0, "this list is never closed");
        assert_eq!(
            first("{} {}").0,
            "something stands after the end of the JSON value"
        );
        assert_eq!(
            first("{\"a\": \"x\ny\"}").0,
            "control character (\\u0000-\\u001F) found while parsing a string"
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(
            parse(b"\xef\xbb\xbf{}").unwrap_err()[0].message,
            "the file begins with a byte order mark"
        );
        assert_eq!(
            parse(b"{\"a\": \"\xff\"}").unwrap_err()[0].span,
            Some(Span { start: 7, end: 8 })
        );
        assert_eq!(
            parse(b" \n").unwrap_err()[0].message,
            "the file is empty, expected one JSON object"
        );
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(DEPTH).as_bytes()).is_ok());
        for depth in [DEPTH + 2, 120, 200, 100_000] {
            assert!(
                first(&nested(depth)).0.contains("deep")
                    || first(&nested(depth)).0.contains("recursion")
            );
        }
    }
}
