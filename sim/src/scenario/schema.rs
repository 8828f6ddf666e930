//! The JSON Schema of scenario files, made from the types.

use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator};
use serde_json::json;

use super::model::Scenario;

/// The schema as `locksim schema` prints it and `scenarios/schema.json` holds it, with a newline at its end.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<Scenario>();
    OrName.transform(&mut schema);
    schema.insert("title".to_owned(), json!("locksim scenario"));
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Wherever a scalar may stand, `${key}` of a case may.
#[derive(Clone)]
struct OrName;

impl Transform for OrName {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let constrained = ["enum", "const", "pattern"]
            .iter()
            .any(|key| schema.get(*key).is_some());
        let kind = schema.get("type").and_then(|kind| kind.as_str());
        if constrained || matches!(kind, Some("integer" | "number" | "boolean")) {
            let mut plain = std::mem::take(schema);
            let described = plain.remove("description");
            let mut either = schemars::json_schema!({ "anyOf": [plain, { "type": "string", "pattern": "\\$\\{[^}]+\\}" }] });
            if let Some(text) = described {
                either.insert("description".to_owned(), text);
            }
            *schema = either;
        }
    }
}
