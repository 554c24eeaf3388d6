//! Just enough of Rust's lexical structure to look at code without its comments and texts.

use core::ops::RangeInclusive;
use std::collections::BTreeSet;

use crate::tree::Tree;

/// A word, number or punctuation mark of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
}

/// The code with comments, texts and characters blanked; lines stay where they are.
pub(crate) fn code(source: &str) -> String {
    blanked(source, |_| true)
}

/// The code with comments blanked; lines stay where they are.
pub(crate) fn without_comments(source: &str) -> String {
    blanked(source, |first| first == '/')
}

/// The code with those comments and literals blanked whose first character is `unwanted`.
fn blanked(source: &str, unwanted: impl Fn(char) -> bool) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = blank_until(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            let blank = |c: &char| if *c == '\n' { '\n' } else { ' ' };
            let is_unwanted = unwanted(chars[at]);
            out.extend(chars[at..end].iter().map(|c| if is_unwanted { blank(c) } else { *c }));
            at = end;
        }
    }
    out
}

/// The texts of code without their quotes, as they are written, each at the line where it begins.
pub(crate) fn texts(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut texts, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = blank_until(&chars, at).max(at + 1);
        let part: String = chars[at..end].iter().collect();
        let quotes = (part.find('"'), part.rfind('"'));
        if let (false, (Some(first), Some(last))) = (part.starts_with(['/', '\'']), quotes)
            && first < last
        {
            texts.push(Token { text: part[first + 1..last].to_owned(), line });
        }
        line += part.matches('\n').count();
        at = end;
    }
    texts
}

/// Where the comment or literal that begins at `at` ends; `at` itself where none begins.
fn blank_until(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, |c| c == '\n'),
        '/' if next == Some('*') => block_comment(chars, at),
        '"' => text(chars, at + 1),
        '\'' => character(chars, at),
        'r' | 'b' | 'c' if !in_word(chars, at) => prefixed(chars, at),
        _ => at,
    }
}

fn in_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|at| wanted(chars[*at])).unwrap_or(chars.len())
}

fn block_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = at;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn text(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// A character literal, or a lifetime (which is code).
fn character(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => find(chars, at + 3, |c| c == '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `b'…'`, `c"…"`.
fn prefixed(chars: &[char], at: usize) -> usize {
    let mut quote = at + 1;
    let mut raw = chars[at] == 'r';
    if chars.get(quote) == Some(&'r') {
        raw = true;
        quote += 1;
    }
    if !raw {
        return match chars.get(quote) {
            Some('"') => text(chars, quote + 1),
            Some('\'') if chars[at] == 'b' => character(chars, quote),
            _ => at,
        };
    }
    let hashes = chars[quote.min(chars.len())..].iter().take_while(|c| **c == '#').count();
    if chars.get(quote + hashes) != Some(&'"') {
        return at;
    }
    let mut end = quote + hashes + 1;
    while end < chars.len() {
        let closing = chars[end + 1..].iter().take(hashes).filter(|c| **c == '#').count();
        if chars[end] == '"' && closing == hashes {
            return end + 1 + hashes;
        }
        end += 1;
    }
    chars.len()
}

/// The tokens of code (as [`code`] leaves it).
pub(crate) fn tokens(code: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut word = String::new();
        for c in line.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                tokens.push(Token { text: core::mem::take(&mut word), line: index + 1 });
            }
            if !c.is_whitespace() {
                tokens.push(Token { text: c.to_string(), line: index + 1 });
            }
        }
    }
    tokens
}

/// The tokens of a file but for items under `#[cfg(test)]`.
pub(crate) fn tokens_outside_tests(source: &str) -> Vec<Token> {
    let tokens = tokens(&code(source));
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(&tokens[at..]) {
            at = end_of_item(&tokens, at + TEST_ATTRIBUTE.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

const TEST_ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn is_test_attribute(tokens: &[Token]) -> bool {
    tokens.len() >= TEST_ATTRIBUTE.len()
        && TEST_ATTRIBUTE.iter().zip(tokens).all(|(wanted, token)| token.text == *wanted)
}

/// Past the item's `;` or its closing brace.
fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return index + 1;
                }
            }
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The lines of items under `#[cfg(test)]`.
pub(crate) fn test_lines(source: &str) -> Vec<RangeInclusive<usize>> {
    let tokens = tokens(&code(source));
    let mut spans = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(&tokens[at..]) {
            let end = end_of_item(&tokens, at + TEST_ATTRIBUTE.len());
            spans.push(tokens[at].line..=tokens[end - 1].line);
            at = end;
        } else {
            at += 1;
        }
    }
    spans
}

/// The line of the first `#[cfg(test)]`, or the number of lines and one.
pub(crate) fn lines_before_tests(source: &str) -> usize {
    let tokens = tokens(&code(source));
    let first = (0..tokens.len()).find(|at| is_test_attribute(&tokens[*at..]));
    first.map_or_else(|| source.lines().count(), |at| tokens[at].line - 1)
}

/// Files and folders that are modules under `#[cfg(test)]` alone: `src/x/tests.rs`, `src/x/tests/`.
pub(crate) fn test_modules(tree: &Tree) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for file in tree.rust() {
        let tokens = tokens(&code(&file.text));
        for at in (0..tokens.len()).filter(|at| is_test_attribute(&tokens[*at..])) {
            let (attributes, item) = tokens[at + TEST_ATTRIBUTE.len()..]
                .split_at(attributes_and_visibility(&tokens[at + TEST_ATTRIBUTE.len()..]));
            let item: Vec<&str> = item.iter().take(3).map(|token| token.text.as_str()).collect();
            let ["mod", module, ";"] = item.as_slice() else { continue };
            let (folder, _) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
            if let Some(path) = path_attribute(attributes, &file.text) {
                modules.insert(format!("{folder}/{path}"));
            } else {
                let inside = module_folder(&file.path);
                modules.insert(format!("{inside}/{module}.rs"));
                modules.insert(format!("{inside}/{module}/"));
            }
        }
    }
    modules
}

/// The folder that holds the modules of a file.
pub(crate) fn module_folder(path: &str) -> &str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder,
        _ => path.trim_end_matches(".rs"),
    }
}

/// How many tokens of `#[…]`, `pub` and `pub(…)` stand before the item itself.
pub(crate) fn attributes_and_visibility(tokens: &[Token]) -> usize {
    let mut at = 0;
    loop {
        let text = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
        at = match (text(0), text(1)) {
            ("#", "[") => after_group(tokens, at + 1),
            ("pub", "(") => after_group(tokens, at + 1),
            ("pub", _) => at + 1,
            _ => return at,
        };
    }
}

/// Past the bracket that closes the one at `at`.
pub(crate) fn after_group(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// What `#[path = "…"]` among these attributes names, read from the source.
fn path_attribute<'a>(attributes: &[Token], source: &'a str) -> Option<&'a str> {
    let named = attributes.iter().find(|token| token.text == "path")?;
    source.lines().nth(named.line - 1)?.split('"').nth(1)
}

/// Whether a path is one of [`test_modules`].
pub(crate) fn is_test_module(modules: &BTreeSet<String>, path: &str) -> bool {
    modules.iter().any(|one| if one.ends_with('/') { path.starts_with(one) } else { path == one })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        tokens(&code(source)).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        assert_eq!(words("a // HashMap\nb"), ["a", "b"]);
        assert_eq!(words("a /* x /* y */ z */ b"), ["a", "b"]);
        assert_eq!(words(r#"a "HashMap \" still" b"#), ["a", "b"]);
        assert_eq!(words("a r#\"one \" two\"# b"), ["a", "b"]);
        assert_eq!(words("a br##\"x\"# y\"## b b\"z\" c"), ["a", "b", "c"]);
        assert_eq!(words("a '\"' b '\\'' c b'\"' d"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn code_after_a_text_that_looks_like_a_comment_is_still_code() {
        assert_eq!(words("let a = \"//\"; HashMap"), ["let", "a", "=", ";", "HashMap"]);
        assert_eq!(words("let a = \"/*\"; HashMap"), ["let", "a", "=", ";", "HashMap"]);
        assert_eq!(words("let a = '\"'; HashMap"), ["let", "a", "=", ";", "HashMap"]);
        assert_eq!(words("/* \" */ HashMap /* \" */"), ["HashMap"]);
    }

    #[test]
    fn lifetimes_are_code() {
        assert_eq!(words("fn f<'a>(x: &'a str) {}").iter().filter(|w| *w == "a").count(), 2);
    }

    #[test]
    fn texts_are_found_with_their_lines_and_nothing_else_is() {
        let source =
            "// \"no\"\na(\"one\", '\"', b'\"');\nr#\"two \"x\" \"#;\n\"th\nree\" b\"four\"";
        let found: Vec<_> = texts(source).into_iter().map(|one| (one.text, one.line)).collect();
        let expected = [("one", 2), ("two \"x\" ", 3), ("th\nree", 4), ("four", 5)];
        assert_eq!(found, expected.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn lines_are_counted_through_texts() {
        let tokens = tokens(&code("\"one\ntwo\"\nthree"));
        assert_eq!(tokens, [Token { text: "three".to_owned(), line: 3 }]);
    }

    #[test]
    fn items_under_cfg_test_are_left_out_and_no_more() {
        let source = "a\n#[cfg(test)]\nmod tests { fn x() { b } }\nc\n#[cfg(test)] use d;\ne";
        let kept: Vec<String> =
            tokens_outside_tests(source).into_iter().map(|token| token.text).collect();
        assert_eq!(kept, ["a", "c", "e"]);
        assert_eq!(lines_before_tests(source), 1);
        assert_eq!(lines_before_tests("// #[cfg(test)]\na\n"), 2);
    }

    #[test]
    fn a_file_is_a_test_module_only_where_it_is_declared_as_one() {
        let tree = Tree::of(&[
            ("x/src/lib.rs", "mod a;\nmod tests;"),
            ("x/src/a.rs", "#[cfg(test)]\nmod tests;"),
            ("x/src/b.rs", "#[cfg(test)]\n#[path = \"c.rs\"]\npub(crate) mod tests;"),
        ]);
        let expected = ["x/src/a/tests.rs", "x/src/a/tests/", "x/src/c.rs"].map(ToOwned::to_owned);
        assert_eq!(test_modules(&tree), BTreeSet::from(expected));
    }
}
