//! Codes and keys that stand in a trace.

use std::collections::BTreeSet;

use crate::owner::Digits;
use crate::trace::Trace;

/// Codes shorter than this stand in numbers of all kinds by chance.
const SHORTEST: usize = 6;

/// The number of the first event that tells one of these codes or keys.
#[must_use]
pub fn told(trace: &Trace, secrets: Vec<Digits>) -> Option<usize> {
    let secrets: BTreeSet<_> = secrets
        .into_iter()
        .filter(|secret| secret.len() >= SHORTEST)
        .collect();
    trace.iter().zip(0..).find_map(|(event, number)| {
        let text = serde_json::to_string(&event.kind).unwrap_or_default();
        let tells = words(&text).any(|word| secrets.contains(word));
        tells.then_some(number)
    })
}

/// Letters and digits that stand together: a code within a longer number is none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_number_within_another_is_no_secret() {
        let has = |text: &str, code: &str| words(text).any(|word| word == code);
        assert!(has(r#"{"label":"471108"}"#, "471108"));
        assert!(has("471108", "471108"));
        assert!(!has("1471108", "471108"));
        assert!(!has(r#"{"read":"471108ab"}"#, "471108"));
    }
}
