//! The modules of a crate, and which of them needs what another defines.
//!
//! Names are resolved as the compiler does, as far as the text tells: through `use`, `pub use`,
//! globs and renames to the module that holds the definition. What a macro defines is taken to be
//! defined in the module that is asked for it. Methods are not seen: they need their type's name
//! somewhere.

use std::collections::BTreeMap;

use crate::rust::{Token, after_group, attributes_and_visibility, module_folder};
use crate::rust::{tokens_outside_tests, without_comments};
use crate::tree::{SourceFile, Tree};

/// The most names that one name may stand for in turn.
const ALIASES_MAX: usize = 32;

/// A place in [`Crate::modules`].
type Id = usize;

/// A module names something that another (or itself) defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) by: Id,
    pub(crate) defined_in: Id,
    pub(crate) line: usize,
}

/// A library or program with all its modules.
pub(crate) struct Crate {
    modules: Vec<Module>,
}

struct Module {
    /// Where it stands.
    file: String,
    /// Its folder or file without `.rs`, for the root the file.
    name: String,
    parent: Option<Id>,
    children: BTreeMap<String, Id>,
    /// Names that stand for other paths.
    aliases: BTreeMap<String, Vec<Vec<String>>>,
    /// Names that are defined here.
    items: Vec<String>,
    globs: Vec<Vec<String>>,
    /// Every path that is named, with its line.
    paths: Vec<(Vec<String>, usize)>,
}

enum Found {
    Module(Id),
    DefinedIn(Id),
    /// Another crate's.
    Elsewhere,
}

impl Crate {
    /// All libraries and programs of the workspace that are no tests.
    pub(crate) fn all(tree: &Tree) -> Vec<Self> {
        tree.manifests().flat_map(roots).filter_map(|root| Self::read(tree, &root)).collect()
    }

    fn read(tree: &Tree, root: &str) -> Option<Self> {
        let file = tree.get(root)?;
        let mut one = Self { modules: Vec::new() };
        one.add(tree, file, None);
        Some(one)
    }

    fn add(&mut self, tree: &Tree, file: &SourceFile, parent: Option<Id>) -> Id {
        let tokens = tokens_outside_tests(&file.text);
        let name = match parent {
            None => file.path.as_str(),
            Some(_) => file.path.trim_end_matches(".rs").trim_end_matches("/mod"),
        };
        self.add_module(tree, file, name.to_owned(), &tokens, parent)
    }

    fn add_module(
        &mut self,
        tree: &Tree,
        file: &SourceFile,
        name: String,
        tokens: &[Token],
        parent: Option<Id>,
    ) -> Id {
        let id = self.modules.len();
        self.modules.push(Module::empty(file, name, parent));
        let mut reading = Reading { tokens, at: 0, depth: 0 };
        while let Some(seen) = reading.next() {
            let module = &mut self.modules[id];
            match seen {
                Seen::Item(item) => module.items.push(item),
                Seen::Use(uses) => uses.into_iter().for_each(|one| module.take(one)),
                Seen::Path(path, line) => module.paths.push((path, line)),
                Seen::ModuleApart(child) => {
                    let Some(source) = child_file(tree, file, &self.modules[id], &child) else {
                        continue;
                    };
                    let child_id = self.add(tree, source, Some(id));
                    self.modules[id].children.insert(child, child_id);
                }
                Seen::ModuleInside(child, inside) => {
                    let name = format!("{}/{child}", self.modules[id].name);
                    let child_id = self.add_module(tree, file, name, inside, Some(id));
                    self.modules[id].children.insert(child, child_id);
                }
            }
        }
        id
    }

    /// Everything that one module needs of another.
    pub(crate) fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for (by, module) in self.modules.iter().enumerate() {
            for (path, line) in &module.paths {
                if let Some(Found::DefinedIn(defined_in)) = self.resolve(by, path, ALIASES_MAX)
                    && defined_in != by
                {
                    needs.push(Need { by, defined_in, line: *line });
                }
            }
        }
        needs
    }

    /// The name of the top-level module that a module is or lies in; none for the root.
    pub(crate) fn top(&self, id: Id) -> Option<&str> {
        let module = &self.modules[id];
        match module.parent? {
            0 => Some(&module.name),
            parent => self.top(parent),
        }
    }

    pub(crate) fn file(&self, id: Id) -> &str {
        &self.modules[id].file
    }

    /// Whether what is needed stands in the file of the needing file's own parent.
    pub(crate) fn is_own_parent(&self, need: &Need) -> bool {
        let own = self.file(need.by);
        let mut above = self.modules[need.by].parent;
        while let Some(id) = above {
            if self.file(id) != own {
                return self.file(id) == self.file(need.defined_in);
            }
            above = self.modules[id].parent;
        }
        false
    }

    fn resolve(&self, from: Id, path: &[String], left: usize) -> Option<Found> {
        let left = left.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Found::Module(0),
            "self" => Found::Module(from),
            "super" => Found::Module(self.modules[from].parent?),
            name => self.lookup(from, name, left)?,
        };
        self.walk(start, rest, left)
    }

    fn walk(&self, start: Found, rest: &[String], left: usize) -> Option<Found> {
        let mut found = start;
        for name in rest {
            let Found::Module(id) = found else { break };
            found = match name.as_str() {
                "self" => Found::Module(id),
                "super" => Found::Module(self.modules[id].parent?),
                // A name that is not seen was made by a macro there.
                name => self.lookup(id, name, left).unwrap_or(Found::DefinedIn(id)),
            };
        }
        Some(found)
    }

    fn lookup(&self, id: Id, name: &str, left: usize) -> Option<Found> {
        let left = left.checked_sub(1)?;
        let module = &self.modules[id];
        if module.items.iter().any(|item| item == name) {
            return Some(Found::DefinedIn(id));
        }
        if let Some(child) = module.children.get(name) {
            return Some(Found::Module(*child));
        }
        if let Some(path) = module.aliases.get(name).and_then(|paths| paths.first()) {
            // `use name::…` where `name` is a crate must not be looked for under its own alias.
            let is_crate = path.first().is_some_and(|first| first == name);
            let found = if is_crate { None } else { self.resolve(id, path, left) };
            return Some(found.unwrap_or(Found::Elsewhere));
        }
        module.globs.iter().find_map(|glob| match self.resolve(id, glob, left)? {
            Found::Module(target) if target != id => self.lookup(target, name, left),
            Found::Module(_) | Found::DefinedIn(_) | Found::Elsewhere => None,
        })
    }
}

impl Module {
    fn empty(file: &SourceFile, name: String, parent: Option<Id>) -> Self {
        Self {
            file: file.path.clone(),
            name,
            parent,
            children: BTreeMap::new(),
            aliases: BTreeMap::new(),
            items: Vec::new(),
            globs: Vec::new(),
            paths: Vec::new(),
        }
    }

    fn take(&mut self, one: Use) {
        let Use { path, alias, line } = one;
        if alias == "*" {
            self.globs.push(path);
        } else {
            self.paths.push((path.clone(), line));
            self.aliases.entry(alias).or_default().push(path);
        }
    }
}

/// The roots that a manifest names or that cargo finds.
fn roots(manifest: &SourceFile) -> Vec<String> {
    let table: toml::Table = manifest.text.parse().unwrap_or_default();
    let base = manifest.path.strip_suffix("Cargo.toml").unwrap_or_default();
    let mut roots = vec![format!("{base}src/lib.rs"), format!("{base}src/main.rs")];
    let lib = table.get("lib").into_iter();
    let bins = table.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    for path in lib.chain(bins).filter_map(|target| target.get("path")?.as_str()) {
        let root = format!("{base}{path}");
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// The file of `mod child;`.
fn child_file<'a>(
    tree: &'a Tree,
    file: &SourceFile,
    module: &Module,
    child: &str,
) -> Option<&'a SourceFile> {
    let inside = match module.parent {
        Some(_) => module.name.as_str(),
        None => module_folder(&file.path),
    };
    let named = named_path(file, child).map(|path| {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        plain(&format!("{folder}/{path}"))
    });
    let usual = [format!("{inside}/{child}.rs"), format!("{inside}/{child}/mod.rs")];
    named.into_iter().chain(usual).find_map(|path| tree.get(&path))
}

/// The path of `#[path = "…"]` before `mod child;`.
fn named_path<'a>(file: &'a SourceFile, child: &str) -> Option<&'a str> {
    let code = without_comments(&file.text);
    let wanted = format!("mod {child};");
    let at = code.lines().position(|line| line.trim_end().ends_with(&wanted))?;
    let before = file.text.lines().take(at).collect::<Vec<_>>();
    let attributes = before.into_iter().rev().take_while(|line| line.trim().starts_with("#["));
    attributes.into_iter().find_map(|line| line.strip_prefix("#[path = \"")?.strip_suffix("\"]"))
}

/// A path without `..`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// One leaf of a `use`: a path and the name that it gets.
struct Use {
    path: Vec<String>,
    alias: String,
    line: usize,
}

enum Seen<'a> {
    Item(String),
    Use(Vec<Use>),
    Path(Vec<String>, usize),
    ModuleApart(String),
    ModuleInside(String, &'a [Token]),
}

/// Goes through the tokens of one module.
struct Reading<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

const ITEMS: [&str; 8] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

impl<'a> Reading<'a> {
    fn text(&self, offset: usize) -> &'a str {
        self.tokens.get(self.at + offset).map_or("", |token| token.text.as_str())
    }

    fn next(&mut self) -> Option<Seen<'a>> {
        loop {
            let token = self.tokens.get(self.at)?;
            match token.text.as_str() {
                "{" => self.depth += 1,
                "}" => self.depth = self.depth.saturating_sub(1),
                "use" if is_name(self.text(1)) || self.text(1) == ":" || self.text(1) == "{" => {
                    return Some(Seen::Use(self.uses()));
                }
                "mod" if is_name(self.text(1)) => return Some(self.module()),
                "pub" => {
                    // `pub(in crate::a)` needs nothing of `a`.
                    self.at += attributes_and_visibility(&self.tokens[self.at..]).max(1);
                    continue;
                }
                word if self.depth == 0 && ITEMS.contains(&word) && is_item(self.text(1)) => {
                    let name = self.text(1).to_owned();
                    self.at += 2;
                    return Some(Seen::Item(name));
                }
                "macro_rules" if self.text(1) == "!" => {
                    let name = self.text(2).to_owned();
                    self.at = after_group(self.tokens, self.at + 3);
                    return Some(Seen::Item(name));
                }
                word if is_name(word) => {
                    if let Some(path) = self.path() {
                        return Some(path);
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn module(&mut self) -> Seen<'a> {
        let name = self.text(1).to_owned();
        if self.text(2) == "{" {
            let end = after_group(self.tokens, self.at + 2);
            let inside = &self.tokens[self.at + 3..end - 1];
            self.at = end;
            return Seen::ModuleInside(name, inside);
        }
        self.at += 3;
        Seen::ModuleApart(name)
    }

    /// A path of two names or more; none for a name alone, which came through a `use`.
    fn path(&mut self) -> Option<Seen<'a>> {
        let line = self.tokens[self.at].line;
        let is_field = self.at > 0 && self.tokens[self.at - 1].text == ".";
        let mut path = vec![self.text(0).to_owned()];
        self.at += 1;
        while self.text(0) == ":" && self.text(1) == ":" && is_name(self.text(2)) {
            path.push(self.text(2).to_owned());
            self.at += 3;
        }
        (path.len() > 1 && !is_field).then_some(Seen::Path(path, line))
    }

    fn uses(&mut self) -> Vec<Use> {
        self.at += 1;
        let mut leaves = Vec::new();
        self.use_tree(&[], &mut leaves);
        leaves
    }

    /// One tree of a `use`, after which `,`, `}` or `;` stands.
    fn use_tree(&mut self, before: &[String], leaves: &mut Vec<Use>) {
        let mut path = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.text(0) {
                ":" => self.at += 1,
                "{" => {
                    self.at += 1;
                    while self.text(0) != "}" && self.at < self.tokens.len() {
                        self.use_tree(&path, leaves);
                        if self.text(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "*" => {
                    self.at += 1;
                    leaves.push(Use { path, alias: "*".to_owned(), line });
                    return;
                }
                "as" => {
                    let alias = self.text(1).to_owned();
                    self.at += 2;
                    leaves.push(Use { path, alias, line });
                    return;
                }
                name if is_name(name) => {
                    // `a::{self}` is `a`.
                    if name != "self" || path.is_empty() {
                        path.push(name.to_owned());
                    }
                    self.at += 1;
                }
                _ => {
                    let alias = path.last().cloned().unwrap_or_default();
                    leaves.push(Use { path, alias, line });
                    return;
                }
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_item(text: &str) -> bool {
    is_name(text) && text != "fn" && text != "_"
}
