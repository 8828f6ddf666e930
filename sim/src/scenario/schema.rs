//! The JSON Schema of scenario files, made from the types.

use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::model::Scenario;

/// The schema as `locksim schema` prints it and `scenarios/schema.json` holds it, with a newline at its end.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<Scenario>();
    OrName.transform(&mut schema);
    schema.insert("title".to_owned(), json!("locksim scenario"));
    let mut value = schema.to_value();
    // Otherwise the order of keys would depend on features that other crates ask of serde_json.
    value.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// Wherever a scalar may stand, `${key}` of a case may; and what may be left out is left out, never null.
#[derive(Clone)]
struct OrName;

impl Transform for OrName {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        without_null(schema);
        loosened(schema);
        let constrained = ["enum", "const", "pattern"]
            .iter()
            .any(|key| schema.get(*key).is_some());
        let kind = schema.get("type").and_then(Value::as_str);
        if constrained || matches!(kind, Some("integer" | "number" | "boolean")) {
            or_name(schema);
        }
    }
}

fn or_name(schema: &mut Schema) {
    let mut plain = std::mem::take(schema);
    let described = plain.remove("description");
    let name = json!({ "type": "string", "pattern": "\\$\\{[^}]+\\}" });
    *schema = json_schema!({ "anyOf": [plain, name] });
    if let Some(text) = described {
        schema.insert("description".to_owned(), text);
    }
}

fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            schema.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    }
}

/// Names are told apart by themselves; where each may be a `${key}`, more than one may match.
fn loosened(schema: &mut Schema) {
    let exact = |choices: &Value| {
        choices.pointer("/0/required").is_some() && choices.pointer("/0/type").is_none()
    };
    if schema.get("oneOf").is_some_and(|choices| !exact(choices))
        && let Some(choices) = schema.remove("oneOf")
    {
        schema.insert("anyOf".to_owned(), choices);
    }
}
