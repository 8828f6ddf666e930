//! Names of files after tests.

use std::collections::BTreeSet;

/// Names of files after tests, no two alike.
#[derive(Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// A name of letters that every file system takes, after a test's file and its name.
    pub fn next(&mut self, file: &str, test: &str, extension: &str) -> String {
        let file = file.trim_end_matches(".json");
        let stem = format!("{}--{}", slug(file), slug(test));
        let mut name = format!("{stem}.{extension}");
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{stem}-{number}.{extension}");
        }
        name
    }
}

fn slug(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(90).collect()
}
