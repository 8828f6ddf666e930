//! Inside of a crate arrows point one way: which module may use which stands in ARCHITECTURE.md, and is held against the
//! sources.
//!
//! A block there that begins with three backquotes and `arrows sim/src` is the table of the crate whose sources lie in that
//! folder. Each line names a module, and behind `->` what it may use, all of it further down; `#` begins a heading. Tests
//! may use what they like.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use acceptance::{files_below, root};

/// What a block of ARCHITECTURE.md allows.
struct Table {
    /// Where the sources lie, from the root of the project.
    folder: String,
    /// Modules from the top, and what each may use.
    rows: Vec<(String, Vec<String>)>,
}

/// One module uses another.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: String,
    to: String,
    line: usize,
}

#[test]
fn modules_use_what_architecture_allows() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let tables = tables(&text);
    assert!(!tables.is_empty(), "no block of arrows in ARCHITECTURE.md");
    let found: Vec<_> = tables.iter().flat_map(problems).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn tables(text: &str) -> Vec<Table> {
    let blocks = text.split("```arrows ").skip(1);
    let table = |block: &str| {
        let block = block.split("```").next().unwrap_or_default();
        let (folder, rows) = block.split_once('\n').unwrap_or((block, ""));
        let rows = rows.lines().filter(|line| !line.starts_with('#'));
        let rows = rows.filter(|line| !line.trim().is_empty());
        Table {
            folder: folder.trim().to_owned(),
            rows: rows.map(row).collect(),
        }
    };
    blocks.map(table).collect()
}

fn row(line: &str) -> (String, Vec<String>) {
    let (module, uses) = line.split_once("->").unwrap_or((line, ""));
    let uses = uses.split_whitespace().map(str::to_owned);
    (module.trim().to_owned(), uses.collect())
}

/// Everything in which a table and the sources don't agree.
fn problems(table: &Table) -> Vec<String> {
    let sources = sources(&root().join(&table.folder));
    let mut found = upward(table);
    found.extend(sources.iter().flat_map(|source| forbidden(source, table)));
    found.extend(unlisted(&sources, table));
    found.extend(needless(&sources, table));
    found
}

/// What a file uses, and must not.
fn forbidden(source: &Source, table: &Table) -> Vec<String> {
    let is_allowed = |arrow: &&Arrow| {
        let mut rows = table.rows.iter();
        rows.any(|(module, uses)| *module == arrow.from && uses.contains(&arrow.to))
    };
    let arrows = source.arrows.iter().filter(|arrow| !is_allowed(arrow));
    let told = arrows.map(|Arrow { from, to, line }| {
        let path = &source.path;
        format!("{path}:{line}: `{from}` uses `{to}`, which ARCHITECTURE.md doesn't allow")
    });
    told.collect()
}

/// Modules without a line.
fn unlisted(sources: &[Source], table: &Table) -> Vec<String> {
    let listed = |name: &&str| table.rows.iter().any(|(module, _)| module == *name);
    let modules: BTreeSet<_> = sources.iter().filter_map(Source::module).collect();
    let missing = modules.into_iter().filter(|name| !listed(name));
    let folder = &table.folder;
    missing
        .map(|name| format!("{folder}: `{name}` has no line in ARCHITECTURE.md"))
        .collect()
}

/// Lines of modules that aren't there, and arrows that nothing needs.
fn needless(sources: &[Source], table: &Table) -> Vec<String> {
    let folder = &table.folder;
    let mut found = Vec::new();
    for (module, uses) in &table.rows {
        let own = sources
            .iter()
            .filter(|source| source.module() == Some(module));
        if own.clone().next().is_none() {
            found.push(format!(
                "ARCHITECTURE.md: there is no `{module}` in {folder}"
            ));
        }
        let used: BTreeSet<_> = own
            .flat_map(|source| &source.arrows)
            .map(|arrow| &arrow.to)
            .collect();
        for to in uses.iter().filter(|to| !used.contains(to)) {
            found.push(format!(
                "ARCHITECTURE.md: `{module}` in {folder} doesn't use `{to}`"
            ));
        }
    }
    found
}

/// A file, and what it uses of other modules of its crate.
struct Source {
    /// From the root of the project.
    path: String,
    /// The modules that it is in, from the crate's root.
    place: Vec<String>,
    arrows: Vec<Arrow>,
}

impl Source {
    fn module(&self) -> Option<&str> {
        self.place.first().map(String::as_str)
    }
}

/// Every file below a folder but those of tests. What a path names that is no module, the crate's root has.
fn sources(folder: &Path) -> Vec<Source> {
    let mut sources: Vec<_> = files_below(folder, "rs")
        .into_iter()
        .map(|file| read(&file, folder))
        .filter(|source| !source.place.iter().any(|module| module == "tests"))
        .collect();
    let modules: BTreeSet<String> = sources
        .iter()
        .filter_map(|source| source.module().map(str::to_owned))
        .collect();
    for source in &mut sources {
        source.arrows.retain(|arrow| modules.contains(&arrow.to));
    }
    sources
}

fn read(file: &Path, folder: &Path) -> Source {
    let text = fs::read_to_string(file).expect("a source file");
    let place = place(file.strip_prefix(folder).unwrap_or(file));
    let path = file.strip_prefix(root()).unwrap_or(file).display();
    Source {
        path: path.to_string(),
        arrows: arrows(&text, &place),
        place,
    }
}

/// Arrows of a table that don't point further down.
fn upward(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for (number, (module, uses)) in table.rows.iter().enumerate() {
        let below = &table.rows[number + 1..];
        let is_below = |to: &&String| below.iter().any(|(lower, _)| lower == *to);
        for to in uses.iter().filter(|to| !is_below(to)) {
            found.push(format!(
                "ARCHITECTURE.md: `{to}` isn't below `{module}`, which uses it in {}",
                table.folder
            ));
        }
    }
    found
}

/// The modules that a file is in, from the crate's root; none for the root itself.
fn place(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    let mut place: Vec<_> = names.collect();
    if place.last().is_some_and(|name| name == "mod")
        || matches!(place.as_slice(), [root] if root == "lib" || root == "main")
    {
        place.pop();
    }
    place
}

/// What a file uses of other modules of its crate, outside of its tests.
fn arrows(text: &str, place: &[String]) -> Vec<Arrow> {
    let Some(from) = place.first() else {
        return Vec::new();
    };
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if begins(&tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            at = end_of_item(&tokens, at + 7);
            continue;
        }
        let after = match token.text {
            "crate" => Some(at + 1),
            "super" => beyond_root(&tokens, at, place.len()),
            _ => None,
        };
        if let Some(after) = after.filter(|after| begins(&tokens[*after..], &["::"])) {
            for token in heads(&tokens[after + 1..]) {
                found.push(Arrow {
                    from: from.clone(),
                    to: token.text.to_owned(),
                    line: token.line,
                });
            }
        }
        at = after.unwrap_or(at + 1);
    }
    found.retain(|arrow| arrow.to != *from);
    found
}

/// Where a chain of `super`s ends that leads from so deep to the crate's root.
fn beyond_root(tokens: &[Token<'_>], mut at: usize, depth: usize) -> Option<usize> {
    for _ in 1..depth {
        if !begins(&tokens[at..], &["super", "::", "super"]) {
            return None;
        }
        at += 2;
    }
    Some(at + 1)
}

/// The first names behind a path's root: one, or those of a group.
fn heads<'a, 'b>(tokens: &'b [Token<'a>]) -> Vec<&'b Token<'a>> {
    if !begins(tokens, &["{"]) {
        return tokens.first().into_iter().collect();
    }
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut before = "";
    for token in tokens {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && matches!(before, "{" | ",") => heads.push(token),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        before = token.text;
    }
    heads
}

/// What follows an item: behind its block, or its semicolon.
fn end_of_item(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// A word or a sign of Rust.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    /// Counted from 1.
    line: usize,
}

fn begins(tokens: &[Token<'_>], texts: &[&str]) -> bool {
    let same = tokens
        .iter()
        .zip(texts)
        .all(|(token, text)| token.text == *text);
    same && tokens.len() >= texts.len()
}

/// Words, `::` and single signs, without comments, texts and characters.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (length, is_code) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if let Some(length) = text(rest) {
            (length, false)
        } else if rest.starts_with("::") {
            (2, true)
        } else if is_in_word(first) {
            let end = rest.find(|letter| !is_in_word(letter));
            (end.unwrap_or(rest.len()), true)
        } else {
            (first.len_utf8(), !first.is_whitespace())
        };
        let (text, tail) = rest.split_at(length);
        if is_code {
            tokens.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = tail;
    }
    tokens
}

fn is_in_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The length of a text or a character, if one begins here.
fn text(source: &str) -> Option<usize> {
    match source.chars().next()? {
        '"' => Some(quoted(source, '"')),
        '\'' => character(source),
        'r' | 'b' => raw_text(source),
        _ => None,
    }
}

/// The length of what stands between two quotes, both included.
fn quoted(source: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in source.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    source.len()
}

/// The length of a character; none where the quote begins a lifetime.
fn character(source: &str) -> Option<usize> {
    let mut letters = source.chars().skip(1);
    match (letters.next()?, letters.next()?) {
        ('\\', _) | (_, '\'') => Some(quoted(source, '\'')),
        _ => None,
    }
}

/// The length of a text such as `r#"…"#`, if it begins here.
fn raw_text(source: &str) -> Option<usize> {
    let start = source.strip_prefix("br").or(source.strip_prefix('r'))?;
    let hashes = start.len() - start.trim_start_matches('#').len();
    let body = start[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end)? + end.len();
    Some(source.len() - body.len() + length)
}

#[test]
fn arrows_are_found_wherever_a_path_leads_out_of_a_module() {
    let source = r##"
        //! [`crate::comment`]
        use crate::time::Time;
        use crate::{fault::Fault, rng::{Random, Stream}, world};
        use super::super::stage;
        use super::sibling;
        fn f<'a>(text: &'a str) -> char {
            crate::trace::f("crate::text", r#"crate::"raw"#, '"', '\'');
            crate::monitor::own()
        }
        #[cfg(test)]
        mod tests {
            use crate::tested;
        }
        fn g() -> crate::after::Type {}
    "##;
    let place = ["monitor".to_owned(), "inputs".to_owned()];
    let found: Vec<_> = arrows(source, &place)
        .into_iter()
        .map(|arrow| (arrow.to, arrow.line))
        .collect();
    let expected = [
        ("time", 3),
        ("fault", 4),
        ("rng", 4),
        ("world", 4),
        ("stage", 5),
        ("trace", 8),
        ("after", 15),
    ];
    assert_eq!(found, expected.map(|(to, line)| (to.to_owned(), line)));
}

#[test]
fn an_arrow_up_and_a_line_too_many_are_told() {
    let text = "```arrows tests/src\n# all\nproperties -> lib\nlib -> properties\nnothing\n```";
    let found: Vec<_> = tables(text).iter().flat_map(problems).collect();
    assert_eq!(
        found,
        [
            "ARCHITECTURE.md: `properties` isn't below `lib`, which uses it in tests/src",
            "ARCHITECTURE.md: `properties` in tests/src doesn't use `lib`",
            "ARCHITECTURE.md: there is no `lib` in tests/src",
            "ARCHITECTURE.md: `lib` in tests/src doesn't use `properties`",
            "ARCHITECTURE.md: there is no `nothing` in tests/src",
        ]
    );
}
