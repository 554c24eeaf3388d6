//! A node writes its files through one crate, so that a test can take from a disk what was not synced.

use crate::rust::{is_test_module, test_modules, tokens_outside_tests};
use crate::tree::{Tree, Violation};

/// Where a node's files are written.
const WRITERS: [&str; 2] = ["node/src/", "node/consensus/src/"];

/// What of `std::fs` changes a disk in a way that a crash may undo.
const CHANGES: [&str; 8] = [
    "write",
    "rename",
    "remove_file",
    "create_dir",
    "create_dir_all",
    "copy",
    "hard_link",
    "OpenOptions",
];

/// No file of the node changes a disk but through `kyojo_disk`; tests may.
pub(crate) fn disk(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    let is_writer = |path: &str| WRITERS.iter().any(|writer| path.starts_with(writer));
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| is_writer(&file.path)) {
        if is_test_module(&tests, &file.path) {
            continue;
        }
        let tokens = tokens_outside_tests(&file.text);
        for window in tokens.windows(4) {
            let words: Vec<&str> = window.iter().map(|token| token.text.as_str()).collect();
            if let ["fs", ":", ":", word] = words[..]
                && CHANGES.contains(&word)
            {
                let what = format!("`fs::{word}`: ask kyojo_disk");
                violations.push(Violation { path: file.path.clone(), line: window[3].line, what });
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, source: &str) -> usize {
        disk(&Tree::of(&[(path, source)])).len()
    }

    #[test]
    fn whoever_writes_past_the_layer_is_found() {
        for bad in [
            "fn f() { std::fs::write(path, bytes) }",
            "fn f() { fs::rename(from, to) }",
            "use std::fs::OpenOptions;",
        ] {
            assert_eq!(found("node/src/store/lock.rs", bad), 1, "{bad}");
            assert_eq!(found("node/disk/src/lib.rs", bad), 0, "{bad}");
        }
        for good in [
            "fn f() { std::fs::read(path) }",
            "#[cfg(test)] mod tests { fn f() { std::fs::write(path, bytes) } }",
            "fn f() { kyojo_disk::rename(from, to) }",
        ] {
            assert_eq!(found("node/consensus/src/standing.rs", good), 0, "{good}");
        }
    }
}
