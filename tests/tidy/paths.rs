//! The node's paths stand in one table: nobody else spells one.

use crate::rust::{is_test_module, lines_before_tests, test_modules, texts};
use crate::tree::{Tree, Violation};

/// The first parts of the node's paths.
const FIRST_PARTS: [&str; 2] = ["v1", "audit"];

/// Where they may be spelled: the table, what is no node, and tests that speak HTTP themselves.
const SPELLED: [&str; 4] = [
    "node/api/src/path.rs",
    "node/gateway/src/wire.rs",
    "tests/cluster/gateway/",
    "wallet-cli/tests/cli/node.rs",
];

/// No text begins with a path of the node, or has one behind a variable.
pub(crate) fn paths(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    let is_bound = |path: &str| {
        !SPELLED.iter().any(|spelled| path.starts_with(spelled)) && !is_test_module(&tests, path)
    };
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| is_bound(&file.path)) {
        let end = lines_before_tests(&file.text);
        for text in texts(&file.text).into_iter().filter(|text| text.line <= end) {
            let is_path = |part: &&str| {
                let behind = text.text.contains(&format!("}}/{part}/"));
                behind || text.text.starts_with(&format!("/{part}/"))
            };
            if FIRST_PARTS.iter().any(is_path) {
                let what = format!("\"{}\" stands in node_api::path", text.text);
                violations.push(Violation { path: file.path.clone(), line: text.line, what });
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, source: &str) -> usize {
        paths(&Tree::of(&[(path, source)])).len()
    }

    #[test]
    fn a_spelled_path_is_found_however_it_is_written() {
        for bad in [
            "get(\"/v1/status\")",
            "format!(\"{url}/v1/blocks/{height}\")",
            "r#\"/audit/tile/0/000\"#",
            "format!(\n\"/v1/consents/{}\", id)",
        ] {
            assert_eq!(found("wallet-cli/src/a.rs", bad), 1, "{bad}");
        }
    }

    #[test]
    fn the_table_tests_and_prose_may_spell_paths() {
        let source = "\"/v1/status\"";
        assert_eq!(found("node/api/src/path.rs", source), 0);
        assert_eq!(found("a.rs", &format!("#[cfg(test)]\nmod tests {{ {source} }}")), 0);
        assert_eq!(found("a.rs", "/// `/v1/status`.\nconst A: &str = \"see /v1/status\";"), 0);
    }
}
