//! How much Rust there is: lines without comments and blanks, by crate.
//!
//! A line counts where anything but a comment (`//`, `/* */`, `///`, `//!`) stands on it; a line of a
//! text of several lines counts too, where it is not blank. Each line is one of three kinds:
//!
//! - tests: what a manifest names as `[[test]]` or `[[bench]]`, folders `tests/` and `benches/` of
//!   the crates outside `tests/`, files `tests.rs`, and what stands under `#[cfg(test)]`, whether in
//!   the same file or in a module's own;
//! - lab: everything else under `tests/`, which makes load or plays a part;
//! - outside: the rest, which is what is delivered.

use std::collections::{BTreeMap, BTreeSet};

use crate::rust::{is_test_module, test_lines, test_modules, without_comments};
use crate::tree::{SourceFile, Tree};

/// Lines of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) outside: usize,
    pub(crate) tests: usize,
    pub(crate) lab: usize,
}

impl Lines {
    pub(crate) fn whole(self) -> usize {
        self.outside + self.tests + self.lab
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            outside: self.outside + other.outside,
            tests: self.tests + other.tests,
            lab: self.lab + other.lab,
        }
    }
}

/// The lines of each crate, by its folder.
pub(crate) fn count(tree: &Tree) -> BTreeMap<String, Lines> {
    let crates: Vec<&str> = tree.manifests().map(|file| folder(&file.path)).collect();
    let tests = Tests::of(tree);
    let mut areas: BTreeMap<String, Lines> = BTreeMap::new();
    for file in tree.rust() {
        let within = crates.iter().filter(|one| lies_in(&file.path, one));
        let area = within.max_by_key(|one| one.len()).copied().unwrap_or_default();
        let sum = areas.entry(area.to_owned()).or_default();
        *sum = sum.plus(tests.in_file(file));
    }
    areas
}

/// What is a test as a whole.
struct Tests {
    modules: BTreeSet<String>,
    /// Folders (or files) that manifests name.
    targets: BTreeSet<String>,
}

impl Tests {
    fn of(tree: &Tree) -> Self {
        let targets = tree.manifests().flat_map(targets).collect();
        Self { modules: test_modules(tree), targets }
    }

    fn in_file(&self, file: &SourceFile) -> Lines {
        let code: Vec<usize> = without_comments(&file.text)
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(index, _)| index + 1)
            .collect();
        if self.is_test(&file.path) {
            return Lines { tests: code.len(), ..Lines::default() };
        }
        let spans = test_lines(&file.text);
        let is_test = |line: &&usize| spans.iter().any(|span| span.contains(*line));
        let tests = code.iter().filter(is_test).count();
        let rest = code.len() - tests;
        if file.path.starts_with("tests/") {
            Lines { tests, lab: rest, ..Lines::default() }
        } else {
            Lines { tests, outside: rest, ..Lines::default() }
        }
    }

    fn is_test(&self, path: &str) -> bool {
        let inside = path.strip_prefix("tests/").unwrap_or(path);
        let mut parts = inside.split('/');
        let name = parts.next_back();
        name == Some("tests.rs")
            || parts.any(|part| part == "tests" || part == "benches")
            || is_test_module(&self.modules, path)
            || self.targets.iter().any(|target| path == target || lies_in(path, target))
    }
}

/// The paths under `[[test]]` and `[[bench]]`; that of a `main.rs` stands for its folder.
fn targets(manifest: &SourceFile) -> Vec<String> {
    let table: toml::Table = manifest.text.parse().unwrap_or_default();
    let kinds = ["test", "bench"].into_iter().filter_map(|kind| table.get(kind)?.as_array());
    let paths = kinds.flatten().filter_map(|target| target.get("path")?.as_str());
    let base = folder(&manifest.path);
    let whole = |path: &str| format!("{base}/{}", path.strip_suffix("/main.rs").unwrap_or(path));
    paths.map(whole).collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(outside: usize, tests: usize, lab: usize) -> Lines {
        Lines { outside, tests, lab }
    }

    fn of(path: &str, text: &str) -> Lines {
        let files = [
            ("Cargo.toml", "[workspace]"),
            ("ledger/Cargo.toml", "[package]"),
            ("ledger/types/Cargo.toml", "[package]"),
            ("tests/Cargo.toml", "[[test]]\nname = \"tidy\"\npath = \"tidy/main.rs\""),
            ("ledger/src/lib.rs", "#[cfg(test)] mod kept;"),
            (path, text),
        ];
        count(&Tree::of(&files)).values().fold(Lines::default(), |sum, one| sum.plus(*one))
    }

    #[test]
    fn comments_and_blanks_are_no_lines_and_texts_are() {
        let source = "//! a\n\n/// b\n// c\n/* d\n e */\nf /* g */ // h\n\"//\"\n\"i\n\nj\"\n   \n";
        assert_eq!(of("ledger/a.rs", source), lines(4, 1, 0));
    }

    #[test]
    fn tests_and_the_lab_are_counted_apart() {
        let two = "a\nb";
        assert_eq!(of("ledger/src/a.rs", two), lines(2, 1, 0));
        for path in [
            "ledger/tests/a/b.rs",
            "ledger/benches/a.rs",
            "ledger/src/a/tests.rs",
            "ledger/src/a/tests/b.rs",
            "ledger/src/kept.rs",
            "ledger/src/kept/a.rs",
            "tests/tidy/a.rs",
            "tests/lab/tests/a.rs",
        ] {
            assert_eq!(of(path, two), lines(0, 3, 0), "{path}");
        }
        assert_eq!(of("tests/tidy_not/a.rs", two), lines(0, 1, 2));
        let half = "a\n#[cfg(test)]\nmod tests {\n}\nb";
        assert_eq!(of("ledger/src/a.rs", half), lines(2, 4, 0));
        assert_eq!(of("tests/lab/a.rs", half), lines(0, 4, 2));
    }

    #[test]
    fn a_file_belongs_to_its_nearest_crate() {
        let files = [
            ("Cargo.toml", ""),
            ("a/Cargo.toml", ""),
            ("a/b/Cargo.toml", ""),
            ("a/src/x.rs", "x"),
            ("a/b/src/x.rs", "x\ny"),
            ("ab/x.rs", "x"),
        ];
        let areas: Vec<_> = count(&Tree::of(&files)).into_iter().collect();
        let expected = [("", 1), ("a", 1), ("a/b", 2)];
        assert_eq!(areas, expected.map(|(area, outside)| (area.to_owned(), lines(outside, 0, 0))));
    }
}
