//! What somebody may have meant who mistyped a name.

/// The known name that `name` most likely stands for, if any is near enough.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let allowed = 1 + folded.chars().count() / 4;
    known
        .into_iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(&folded, &known.to_lowercase()),
                known,
            )
        })
        .filter(|(distance, known)| {
            *distance <= allowed.min(known.chars().count().saturating_sub(1))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(nearest("signl", ["bolt", "signal", "leds"]), Some("signal"));
        assert_eq!(nearest("Bolt", ["bolt", "signal"]), Some("bolt"));
        assert_eq!(
            nearest("America/Devner", ["America/Denver", "America/Dawson"]),
            Some("America/Denver")
        );
    }

    #[test]
    fn another_word_is_not_guessed_at() {
        assert_eq!(nearest("colour", ["bolt", "signal", "leds"]), None);
    }
}
