//! What programs print goes through one crate: the macros of the standard library end a process
//! whose reader has closed the pipe with a panic, and say nothing of a disk that is full.

use crate::rust::{is_test_module, test_modules, tokens_outside_tests};
use crate::tree::{Tree, Violation};

/// What people run, by folder.
const PROGRAMS: [&str; 3] = ["genesis/src/", "node/", "wallet-cli/src/"];
const MACROS: [&str; 4] = ["eprint", "eprintln", "print", "println"];

/// Every use of such a macro in a program, outside tests.
pub(crate) fn output(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    let is_program = |path: &str| {
        PROGRAMS.iter().any(|folder| path.starts_with(folder))
            && path.contains("src/")
            && !path.contains("/tests")
            && !is_test_module(&tests, path)
    };
    let mut found = Vec::new();
    for file in tree.rust().filter(|file| is_program(&file.path)) {
        for pair in tokens_outside_tests(&file.text).windows(2) {
            if MACROS.contains(&pair[0].text.as_str()) && pair[1].text == "!" {
                let what = format!("`{}!` instead of `kyojo_cli`'s functions", pair[0].text);
                found.push(Violation { path: file.path.clone(), line: pair[0].line, what });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_macro_that_prints_is_found_in_programs_alone() {
        let count = |path, source| output(&Tree::of(&[(path, source)])).len();
        assert_eq!(count("wallet-cli/src/a.rs", "fn a() { println!(\"x\"); }"), 1);
        assert_eq!(count("node/gateway/src/a.rs", "fn a() { std::eprintln!(\"x\"); }"), 1);
        assert_eq!(count("wallet-cli/src/a.rs", "fn a() { let println = 1; }"), 0);
        assert_eq!(count("wallet-cli/src/a.rs", "// println!(\"x\")"), 0);
        assert_eq!(count("tests/lab/a.rs", "fn a() { println!(\"x\"); }"), 0);
        let test = "#[cfg(test)]\nmod tests { fn a() { println!(\"x\"); } }";
        assert_eq!(count("wallet-cli/src/a.rs", test), 0);
    }
}
