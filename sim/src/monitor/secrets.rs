//! Codes and keys that stand in a trace.

use crate::stage::knowledge::Knowledge;
use crate::trace::Trace;

/// Codes shorter than this stand in numbers of all kinds by chance.
const SHORTEST: usize = 6;

/// The number of the first event that tells a code or a key.
pub(crate) fn told(trace: &Trace, known: &Knowledge) -> Option<usize> {
    let secrets = known.secrets();
    let secrets: Vec<_> = secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST)
        .collect();
    trace.iter().zip(0..).find_map(|(event, number)| {
        let text = serde_json::to_string(&event.kind).unwrap_or_default();
        let tells = secrets.iter().any(|secret| has_word(&text, secret));
        tells.then_some(number)
    })
}

/// Whether it stands there by itself, and not within a longer number.
fn has_word(text: &str, word: &str) -> bool {
    let bounds = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        bounds(text[..at].chars().next_back()) && bounds(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn a_number_within_another_is_no_secret() {
        assert!(has_word(r#"{"label":"4711"}"#, "4711"));
        assert!(has_word("4711", "4711"));
        assert!(!has_word("14711", "4711"));
        assert!(!has_word(r#"{"read":"4711ab"}"#, "4711"));
    }
}
