//! The files of the workspace, and what a broken rule looks like.

use std::path::Path;

/// A text file under its path from the workspace's root, with `/` between the parts.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All text files of the workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<SourceFile>,
}

/// A rule broken at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) path: String,
    /// From 1; 0 is the file as a whole.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl core::fmt::Display for Violation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Folders of results, other people's code and history.
const SKIPPED: [&str; 4] = ["target", ".git", "node_modules", "results"];

impl Tree {
    /// Reads the workspace that this test belongs to.
    pub(crate) fn of_workspace() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root");
        Self::of_folder(root)
    }

    /// Reads what lies under this folder.
    pub(crate) fn of_folder(root: &Path) -> Self {
        let mut tree = Self::default();
        tree.read(root, root);
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        tree
    }

    /// A tree of these files, for trying a checker out.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect() }
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    pub(crate) fn manifests(&self) -> impl Iterator<Item = &SourceFile> {
        self.files
            .iter()
            .filter(|file| file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml"))
    }

    pub(crate) fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    fn read(&mut self, root: &Path, folder: &Path) {
        let entries = std::fs::read_dir(folder).expect("the source tree is readable");
        for entry in entries {
            let entry = entry.expect("the source tree is readable");
            let name = entry.file_name();
            let kind = entry.file_type().expect("the source tree is readable");
            if SKIPPED.iter().any(|skipped| name == *skipped) {
                continue;
            }
            if kind.is_dir() {
                self.read(root, &entry.path());
            } else if kind.is_file() {
                self.keep(root, &entry.path());
            }
        }
    }

    fn keep(&mut self, root: &Path, file: &Path) {
        // A file that is no text (an image, a compiled contract) has no rules here.
        let Ok(text) = std::fs::read_to_string(file) else { return };
        let path = file.strip_prefix(root).expect("the file lies under the root");
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        self.files.push(SourceFile { path: parts.join("/"), text });
    }
}
