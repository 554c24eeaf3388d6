//! `programme letters make`: the letters of a list, and the list that is published, without any node.
//!
//! Who is who stays here: the ledger and the published list have hashes alone. The list is shuffled,
//! so that a place on it says nothing of a person. Everything with a secret is for its owner's eyes
//! alone, and nothing that exists is overwritten: letters that were sent stay good.

use std::collections::BTreeSet;
use std::path::Path;

use consent_records::format::Version;
use kyojo_cli::{Given, given};
use ledger_types::limits::ELIGIBILITY_LEAVES_MAX;
use ledger_types::merkle::{leaf_hash, node_hash};
use public_draw::LetterSecret;
use public_draw::leaf::{Leaf, household_tag, list_root};
use rand::RngCore as _;
use rand::rngs::OsRng;
use rand::seq::SliceRandom as _;
use zeroize::Zeroizing;

use crate::acting::letters::Letter;
use crate::commands::prelude::*;

/// `programme letters`.
#[derive(Debug, Subcommand)]
pub(crate) enum LettersCommand {
    /// Makes the letters of a list, and the list that is published, without any node.
    Make(LettersArgs),
}

/// `programme letters make`.
#[derive(Debug, Args)]
pub(crate) struct LettersArgs {
    /// File of people (CSV) with the columns person, household, sets: numbers that only you can
    /// read. An empty household is one of its own.
    pub(crate) people: PathBuf,
    /// The programme's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) programme: u32,
    /// Which of the programme's lists it will be, counted from 1.
    #[arg(long = "list", value_name = "NUMBER", default_value_t = 1)]
    pub(crate) number: u16,
    /// A new folder for the list, the letters, and who got which.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// The salt of an earlier list's folder, so that its households are known again; by default a
    /// new one.
    #[arg(long, value_name = "FILE")]
    pub(crate) salt: Option<PathBuf>,
    /// The network, by its genesis hash; by default the wallet's.
    #[arg(long, value_name = "HASH")]
    pub(crate) genesis: Option<String>,
}

/// A person of the file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    person: String,
    household: String,
    sets: u16,
}

pub(crate) fn run(app: &App, args: &LettersArgs) -> Result<Reply, Failure> {
    let genesis = match &args.genesis {
        Some(text) => read_hash(text)?,
        None => app.attachment(&app.wallet(None)?)?.genesis_hash,
    };
    let mut people = people(&args.people)?;
    people.shuffle(&mut OsRng);
    let salt = salt(args.salt.as_deref())?;
    let folder = &args.out;
    // A folder that is there may hold letters that were sent.
    if folder.exists() {
        return Err(Failure::new(Exit::Config, "err-folder-exists").with("path", folder.display()));
    }
    let mut secrets = Vec::with_capacity(people.len());
    let mut leaves = Vec::with_capacity(people.len());
    for one in &people {
        let mut bytes = [0; 16];
        OsRng.fill_bytes(&mut bytes);
        let secret = LetterSecret::new(bytes);
        let key = secret.signing_key(&genesis, args.programme).public_key();
        let household = household_tag(&salt, household(one).as_bytes());
        leaves.push(Leaf { key, household, sets: one.sets });
        secrets.push(secret);
    }
    let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash).collect();
    let (root, tree) = (list_root(&hashes), Tree::over(&hashes));
    let mut who = Zeroizing::new(String::from("person,list,index,code\n"));
    for (((one, leaf), secret), index) in people.iter().zip(&leaves).zip(&secrets).zip(0_u32..) {
        let letter = Letter {
            version: Version,
            programme: args.programme,
            list: args.number,
            index,
            household: leaf.household,
            sets: leaf.sets,
            path: tree.path(index),
            secret: Some(secret.printed().to_string()),
        };
        let text = serde_json::to_string_pretty(&letter).map(Zeroizing::new);
        let text = text.map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
        let file = folder.join("letters").join(format!("{index:07}.json"));
        settings::write_new(&file, text.as_bytes())?;
        let code = secret.printed();
        who.push_str(&format!("{},{},{index},{}\n", one.person, args.number, *code));
    }
    let list: String = hashes.iter().map(|hash| format!("{hash}\n")).collect();
    settings::write_new(&folder.join("list.txt"), list.as_bytes())?;
    settings::write_new(&folder.join("who.csv"), who.as_bytes())?;
    settings::write_new(&folder.join("salt"), hex::encode(*salt).as_bytes())?;
    let count = people.len().to_string();
    let lines = [
        (app.text("label-letters", &[]), count),
        (app.text("label-list-root", &[]), root.to_string()),
        (app.text("label-public-list", &[]), folder.join("list.txt").display().to_string()),
        (app.text("label-who-got-which", &[]), folder.join("who.csv").display().to_string()),
    ];
    let data = json!({
        "programme": args.programme, "list": args.number, "root": root, "size": people.len(),
        "folder": folder,
    });
    let text = format!("{}\n{}", fields(&lines), app.text("note-letters-are-secret", &[]));
    Ok(Reply::new(data, text).next("kyojo programme create FILE"))
}

/// What names a household: who is in none is one alone.
fn household(one: &Person) -> String {
    if one.household.is_empty() {
        format!("person/{}", one.person)
    } else {
        format!("household/{}", one.household)
    }
}

/// The people of a file, each once.
fn people(file: &Path) -> Result<Vec<Person>, Failure> {
    let text = Given::Table.text(file)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let (mut people, mut known) = (Vec::new(), BTreeSet::new());
    for (row, line) in reader.deserialize::<Person>().zip(2_u64..) {
        let is_plain =
            |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let bad = || {
            let place = format!("{}:{line}", file.display());
            Failure::new(Exit::Usage, "err-bad-person").with("place", place)
        };
        // What is wrong with a row would repeat it.
        let one = row.map_err(|_| bad())?;
        let is_known = !known.insert(one.person.clone());
        if one.person.is_empty() || !is_plain(&one.person) || one.sets == 0 || is_known {
            return Err(bad());
        }
        people.push(one);
    }
    let most = usize::try_from(ELIGIBILITY_LEAVES_MAX).unwrap_or(usize::MAX);
    if people.is_empty() || people.len() > most {
        return Err(Failure::new(Exit::Usage, "code-3069"));
    }
    Ok(people)
}

/// The salt of the households' tags: an earlier list's, or a new one.
fn salt(file: Option<&Path>) -> Result<Zeroizing<[u8; 32]>, Failure> {
    let mut salt = Zeroizing::new([0; 32]);
    match file {
        None => OsRng.fill_bytes(salt.as_mut()),
        Some(file) => {
            let text = given::secret(file)?;
            hex::decode_to_slice(text.trim(), salt.as_mut()).map_err(|_| {
                Failure::new(Exit::Usage, "err-bad-salt").with("path", file.display())
            })?;
        }
    }
    Ok(salt)
}

/// The tree over a list, kept whole: each of many paths is then a few look-ups.
struct Tree(Vec<Vec<Hash>>);

impl Tree {
    fn over(list: &[Hash]) -> Self {
        let mut levels = vec![list.iter().map(|leaf| leaf_hash(leaf.as_bytes())).collect()];
        while let Some(level) = levels.last().filter(|level: &&Vec<Hash>| level.len() > 1) {
            let above = level.chunks(2).filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                // One without a sibling goes up as it is.
                [alone] => Some(*alone),
                _ => None,
            });
            let above = above.collect();
            levels.push(above);
        }
        Self(levels)
    }

    /// The path of a leaf, from the bottom.
    fn path(&self, index: u32) -> Vec<Hash> {
        let mut place = usize::try_from(index).unwrap_or(usize::MAX);
        let mut path = Vec::new();
        for level in &self.0 {
            path.extend(level.get(place ^ 1).copied());
            place /= 2;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use public_draw::leaf::list_path;

    use super::*;

    #[test]
    fn paths_of_the_whole_tree_are_those_of_each_leaf() {
        for size in 1..40_u32 {
            let list: Vec<Hash> = (0..size).map(|one| Hash::of(&[&one.to_be_bytes()])).collect();
            let tree = Tree::over(&list);
            for index in 0..size {
                assert_eq!(Some(tree.path(index)), list_path(&list, index), "{index} of {size}");
            }
        }
    }

    #[test]
    fn somebody_without_a_household_is_none_of_that_name() {
        let of = |person: &str, household: &str| Person {
            person: person.to_owned(),
            household: household.to_owned(),
            sets: 1,
        };
        assert_ne!(household(&of("7", "")), household(&of("8", "7")));
        assert_eq!(household(&of("7", "1")), household(&of("8", "1")));
    }
}
