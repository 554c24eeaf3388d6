//! Modules that need each other in a circle.
//!
//! A module needs another where it names something that the other defines, wherever the name came
//! through (see [`crate::modules`]). What a file takes from its own parent does not count, nor do
//! `mod` and tests. Two rules: no circle between the top-level modules of a crate, and none of more
//! than three files anywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::modules::{Crate, Need};
use crate::tree::{Tree, Violation};

/// The most files that may stand in one circle.
const CIRCLE_FILES_MAX: usize = 3;

/// Modules that still stand in circles with each other, each until it is mended.
pub(crate) const KNOWN_MODULES: [&str; 0] = [];

/// Files and folders that still stand in circles of too many files.
pub(crate) const KNOWN_FILES: [&str; 0] = [];

/// Who needs whom, with one place where it does.
type Graph = BTreeMap<String, BTreeMap<String, String>>;

/// Files or modules that all need each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circle {
    pub(crate) members: BTreeSet<String>,
    /// Each `member needs member`, and where.
    needs: Vec<String>,
}

/// Circles between the top-level modules of each crate. A module is named by its file or folder,
/// without `.rs`.
pub(crate) fn between_modules(tree: &Tree) -> Vec<Circle> {
    circles_by(tree, |one, need| Some((one.top(need.by)?, one.top(need.defined_in)?)))
}

/// Circles of more files than may be.
pub(crate) fn between_files(tree: &Tree) -> Vec<Circle> {
    let mut circles = circles_by(tree, |one, need| {
        (!one.is_own_parent(need)).then(|| (one.file(need.by), one.file(need.defined_in)))
    });
    circles.retain(|circle| circle.members.len() > CIRCLE_FILES_MAX);
    circles
}

fn circles_by(
    tree: &Tree,
    nodes: impl for<'a> Fn(&'a Crate, &Need) -> Option<(&'a str, &'a str)>,
) -> Vec<Circle> {
    let mut found = Vec::new();
    for one in Crate::all(tree) {
        let mut graph = Graph::new();
        for need in one.needs() {
            let Some((by, of)) = nodes(&one, &need).filter(|(by, of)| by != of) else { continue };
            let place = format!("{}:{}", one.file(need.by), need.line);
            graph.entry(by.to_owned()).or_default().entry(of.to_owned()).or_insert(place);
        }
        found.extend(circles(&graph));
    }
    found
}

/// Members of circles that are not known, and what is known but in no circle (any more). What is
/// known is a file, a module, or a folder that stands for all that lies in it.
pub(crate) fn unknown(circles: &[Circle], known: &[&str]) -> Vec<Violation> {
    let stands_for = |known: &str, member: &str| {
        member.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_known = |member: &String| known.iter().any(|one| stands_for(one, member));
    let mut violations = Vec::new();
    for circle in circles {
        let new: Vec<&str> =
            circle.members.iter().filter(|one| !is_known(one)).map(String::as_str).collect();
        if let Some(first) = new.first() {
            let count = circle.members.len();
            let what =
                format!("a circle of {count}: {}\n  {}", new.join(" "), circle.needs.join("\n  "));
            violations.push(at(first, &what));
        }
    }
    for one in known {
        let mut members = circles.iter().flat_map(|circle| &circle.members);
        if !members.any(|member| stands_for(one, member)) {
            violations.push(at(one, "is in no circle any more: take it off the list"));
        }
    }
    violations
}

fn at(path: &str, what: &str) -> Violation {
    Violation { path: path.to_owned(), line: 0, what: what.to_owned() }
}

/// The sets of nodes that reach each other.
fn circles(graph: &Graph) -> Vec<Circle> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|node| (node.as_str(), reachable(graph, node))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
    let mut circles: Vec<Circle> = Vec::new();
    for node in graph.keys().filter(|node| reaches(node, node)) {
        if circles.iter().all(|circle| !circle.members.contains(node)) {
            let mutual = graph.keys().filter(|one| reaches(node, one) && reaches(one, node));
            let members: BTreeSet<String> = mutual.cloned().collect();
            circles.push(Circle { needs: needs_among(graph, &members), members });
        }
    }
    circles
}

fn needs_among(graph: &Graph, members: &BTreeSet<String>) -> Vec<String> {
    let mut needs = Vec::new();
    for (by, all) in graph.iter().filter(|(by, _)| members.contains(*by)) {
        let inside = all.iter().filter(|(of, _)| members.contains(*of));
        needs.extend(inside.map(|(of, place)| format!("{by} needs {of} ({place})")));
    }
    needs
}

/// All that is reached from a node over one edge or more.
fn reachable<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let after = |node: &str| graph.get(node).into_iter().flat_map(BTreeMap::keys);
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = after(from).map(String::as_str).collect();
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            open.extend(after(node).map(String::as_str));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut all = vec![("x/Cargo.toml", "[package]\nname = \"x\"")];
        all.extend(files);
        Tree::of(&all)
    }

    fn circle(members: &[&str]) -> Circle {
        let members = members.iter().map(|one| (*one).to_owned()).collect();
        Circle { members, needs: vec!["x needs y (x:1)".to_owned()] }
    }

    fn members(circles: &[Circle]) -> Vec<Vec<&str>> {
        circles.iter().map(|one| one.members.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn a_circle_between_top_level_modules_is_found_in_every_spelling() {
        for back in [
            "use crate::a::A;",
            "use crate::a::{self, A};",
            "use super::a::A as Other;",
            "use crate::{a::A, c};",
            "fn f() { crate::a::A::new() }",
            "fn f(x: &super::a::A) {}",
            "use crate::a; fn f() { a::A::new() }",
            "fn f() { use crate::a::A; }",
            "use crate::Shown;",
            "mod inner { use crate::a::A; }",
            "use crate::a::made_by_a_macro;",
        ] {
            let tree = tree(&[
                ("x/src/lib.rs", "mod a; mod b; mod c; pub use a::A as Shown;"),
                ("x/src/a.rs", "use crate::b::B; pub struct A;"),
                ("x/src/b.rs", &format!("pub struct B; {back}")),
                ("x/src/c.rs", ""),
            ]);
            let found = between_modules(&tree);
            assert_eq!(members(&found), [["x/src/a", "x/src/b"]], "{back}");
        }
    }

    #[test]
    fn a_re_export_is_followed_to_where_a_thing_is_defined() {
        // `a` takes B through `c`, which only shows it; `c` needs `a` and nobody needs `c`.
        let through = tree(&[
            ("x/src/lib.rs", "mod a; mod b; mod c;"),
            ("x/src/a.rs", "use crate::c::B; pub struct A;"),
            ("x/src/b.rs", "pub struct B;"),
            ("x/src/c.rs", "pub use crate::b::*; use crate::a::A;"),
        ]);
        assert_eq!(between_modules(&through), []);
    }

    #[test]
    fn comments_texts_tests_and_other_crates_are_no_needs() {
        for harmless in [
            "// use crate::a::A;",
            "const T: &str = \"crate::a::A\";",
            "#[cfg(test)]\nmod tests { use crate::a::A; }",
            "#[cfg(test)]\nmod tests;",
            "use other::a::A;",
            "use crate::other::A;",
            "pub(in crate::b) fn f() {}",
            "fn f() { b.a::<u8>(); A::new() }",
        ] {
            let tree = tree(&[
                ("x/src/lib.rs", "mod a; mod b; pub use elsewhere as other;"),
                ("x/src/a.rs", "use crate::b::B; pub struct A;"),
                ("x/src/b.rs", &format!("pub struct B; {harmless}")),
                ("x/src/b/tests.rs", "use crate::a::A;"),
            ]);
            assert_eq!(between_modules(&tree), [], "{harmless}");
        }
    }

    #[test]
    fn four_files_in_a_circle_are_found_and_three_are_not() {
        let files = |last: &'static str| {
            tree(&[
                ("x/src/lib.rs", "mod top;"),
                ("x/src/top/mod.rs", "mod a; mod b; mod c; mod d; mod e;"),
                ("x/src/top/a.rs", "use super::b::B; pub struct A;"),
                ("x/src/top/b.rs", "use super::c::C; pub struct B;"),
                ("x/src/top/c.rs", last),
                ("x/src/top/d.rs", "use super::a::A; pub struct D;"),
                ("x/src/top/e.rs", "use super::a::A;"),
            ])
        };
        let four = files("use super::d::D; pub struct C;");
        let names = ["a", "b", "c", "d"].map(|name| format!("x/src/top/{name}.rs"));
        assert_eq!(members(&between_files(&four)), [names]);
        assert_eq!(between_modules(&four), []);
        assert_eq!(between_files(&files("use super::a::A; pub struct C;")), []);
    }

    #[test]
    fn what_a_file_takes_from_its_own_parent_does_not_count() {
        let files = |child: &'static str| {
            tree(&[
                ("x/src/lib.rs", "mod top;"),
                ("x/src/top.rs", "mod a; mod b; mod c; use self::a::A; pub struct Top;"),
                ("x/src/top/a.rs", "use super::b::B; pub struct A;"),
                ("x/src/top/b.rs", "use super::c::C; pub struct B;"),
                ("x/src/top/c.rs", child),
                ("x/src/top/c/d.rs", "use super::super::Top; pub struct D;"),
            ])
        };
        assert_eq!(between_files(&files("use super::Top; pub struct C;")), []);
        let deeper = files("mod d; use d::D; pub struct C;");
        assert_eq!(members(&between_files(&deeper)).concat().len(), 5);
    }

    #[test]
    fn a_known_circle_passes_until_it_is_mended() {
        let found = [circle(&["x/src/a", "x/src/b"]), circle(&["x/src/c/d.rs", "x/src/e.rs"])];
        assert_eq!(unknown(&found, &["x/src/a", "x/src/b", "x/src/c", "x/src/e.rs"]), []);
        let lacking = unknown(&found, &["x/src/a", "x/src/b", "x/src/c"]);
        let what = "a circle of 2: x/src/e.rs\n  x needs y (x:1)";
        assert_eq!(lacking, [at("x/src/e.rs", what)]);
        let mended = unknown(&[], &["x/src/a"]);
        assert_eq!(mended, [at("x/src/a", "is in no circle any more: take it off the list")]);
        assert_eq!(unknown(&found, &["x/src"]), []);
    }
}
