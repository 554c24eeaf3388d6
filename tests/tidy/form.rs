//! How files look: their first line, their length, and that nothing in them is unfinished.

use crate::rust::{
    code, is_test_module, lines_before_tests, test_modules, tokens, tokens_outside_tests,
};
use crate::tree::{Tree, Violation};

/// The most lines that a file may have before its tests.
const FILE_LINES_MAX: usize = 500;
/// From here on a file is worth a look.
const FILE_LINES_LONG: usize = 300;
/// The most lines of a script.
const SCRIPT_LINES_MAX: usize = 60;

/// Every Rust file opens with `//!` and a sentence.
pub(crate) fn headers(tree: &Tree) -> Vec<Violation> {
    let opens = |text: &str| {
        let first = text.lines().next().unwrap_or_default();
        first.strip_prefix("//! ").is_some_and(|rest| rest.split_whitespace().count() >= 2)
    };
    let without = tree.rust().filter(|file| !opens(&file.text));
    let what = "the first line is not `//!` and a sentence that says what the file is for";
    without.map(|file| at(&file.path, 1, what)).collect()
}

/// No file is too long.
pub(crate) fn sizes(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    tree.rust()
        .filter(|file| !is_test_module(&tests, &file.path))
        .map(|file| (file, lines_before_tests(&file.text)))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(file, lines)| {
            at(&file.path, 0, &format!("{lines} lines before its tests, at most {FILE_LINES_MAX}"))
        })
        .collect()
}

/// Files that are long, the longest first.
pub(crate) fn long_files(tree: &Tree) -> Vec<(String, usize)> {
    let all = tree.rust().map(|file| (file.path.clone(), lines_before_tests(&file.text)));
    let mut long: Vec<_> = all.filter(|(_, lines)| *lines > FILE_LINES_LONG).collect();
    long.sort_by_key(|(_, lines)| core::cmp::Reverse(*lines));
    long
}

/// Scripts are short: logic belongs in a program.
pub(crate) fn scripts(tree: &Tree) -> Vec<Violation> {
    let is_script = |path: &str| path.starts_with("scripts/") || path.starts_with(".ci/");
    tree.files
        .iter()
        .filter(|file| is_script(&file.path) && file.text.lines().count() > SCRIPT_LINES_MAX)
        .map(|file| {
            let lines = file.text.lines().count();
            at(&file.path, 0, &format!("{lines} lines, a script has at most {SCRIPT_LINES_MAX}"))
        })
        .collect()
}

/// No ignored test, and no place left to be written.
pub(crate) fn unfinished(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust() {
        let all = tokens(&code(&file.text));
        for window in all.windows(3) {
            let [one, two, three] = window else { continue };
            let texts = [one.text.as_str(), two.text.as_str(), three.text.as_str()];
            if texts == ["#", "[", "ignore"] {
                violations.push(at(&file.path, one.line, "an ignored test"));
            }
        }
        for pair in tokens_outside_tests(&file.text).windows(2) {
            let [one, two] = pair else { continue };
            let is_left = matches!(one.text.as_str(), "todo" | "unimplemented" | "dbg");
            if is_left && two.text == "!" {
                violations.push(at(&file.path, one.line, &format!("{}!", one.text)));
            }
        }
    }
    violations
}

fn at(path: &str, line: usize, what: &str) -> Violation {
    Violation { path: path.to_owned(), line, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_sentence_at_its_head_is_found() {
        for bad in
            ["", "use x;\n//! Late.", "//!", "//! Skeleton", "// A comment only.", "\n//! A b"]
        {
            assert_eq!(headers(&Tree::of(&[("a.rs", bad)])).len(), 1, "{bad:?}");
        }
        assert_eq!(headers(&Tree::of(&[("a.rs", "//! What it is for.\n")])), []);
        assert_eq!(headers(&Tree::of(&[("a.md", "prose")])), []);
    }

    #[test]
    fn a_long_file_is_found_and_tests_do_not_count() {
        let long = "x\n".repeat(501);
        assert_eq!(sizes(&Tree::of(&[("a.rs", &long)])).len(), 1);
        let fits = format!("{}#[cfg(test)]\nmod tests {{}}\n{long}", "x\n".repeat(500));
        assert_eq!(sizes(&Tree::of(&[("a.rs", &fits)])), []);
        let apart = [("a.rs", "#[cfg(test)]\nmod tests;"), ("a/tests.rs", &long)];
        assert_eq!(sizes(&Tree::of(&apart)), []);
        let hidden = format!("// #[cfg(test)]\n{long}");
        assert_eq!(sizes(&Tree::of(&[("a.rs", &hidden)])).len(), 1);
        assert_eq!(long_files(&Tree::of(&[("a.rs", &"x\n".repeat(301))])).len(), 1);
    }

    #[test]
    fn a_long_script_is_found() {
        let long = "x\n".repeat(61);
        assert_eq!(scripts(&Tree::of(&[("scripts/a.sh", &long)])).len(), 1);
        assert_eq!(scripts(&Tree::of(&[(".ci/run", &long)])).len(), 1);
        assert_eq!(scripts(&Tree::of(&[("docs/a.md", &long)])), []);
    }

    #[test]
    fn ignored_tests_and_stubs_are_found_but_not_talk_of_them() {
        let bad = ["#[ignore]", "#[ ignore = \"slow\"]", "todo!()", "unimplemented!(\"x\")"];
        for source in bad {
            assert_eq!(unfinished(&Tree::of(&[("a.rs", source)])).len(), 1, "{source}");
        }
        let fine = "// todo!()\nlet a = \"#[ignore]\"; ignore(todo)";
        assert_eq!(unfinished(&Tree::of(&[("a.rs", fine)])), []);
    }
}
