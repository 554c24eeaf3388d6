//! Letters by which a person is on a programme's list: a file each, and the secret that is on paper.
//!
//! Whoever has the secret applies in the person's place: it is read without an echo, never shown,
//! and no error repeats a letter's content.

use std::path::{Path, PathBuf};

use consent_records::format::Version;
use kyojo_cli::given;
use ledger_types::operation::LeafClaim;
use ledger_types::programme::LeafPlace;
use ledger_types::{AccountId, Hash, Signature, SigningKey};
use node_api::body::ProgrammeBody;
use public_draw::leaf::{Application, Leaf, application_message, is_listed};
use public_draw::{LetterError, LetterSecret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::app::App;
use crate::failure::{Exit, Failure};

/// A letter as its file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Letter {
    /// The form of this document.
    pub(crate) version: Version<1>,
    /// The programme.
    pub(crate) programme: u32,
    /// The list, from 1.
    pub(crate) list: u16,
    /// The place on it, from 0.
    pub(crate) index: u32,
    /// The household's salted tag.
    pub(crate) household: Hash,
    /// How many sets the letter may ask for.
    pub(crate) sets: u16,
    /// The path from the leaf to the list's root, from the bottom.
    pub(crate) path: Vec<Hash>,
    /// The secret as it is printed; left out where it is on paper alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<String>,
}

/// For which round of a programme, and for whom, letters sign.
pub(crate) struct For<'a> {
    pub(crate) genesis: &'a Hash,
    pub(crate) programme: &'a ProgrammeBody,
    pub(crate) round: u16,
    pub(crate) applicant: AccountId,
    /// How many sets each asks for; as many as it may where nothing is said.
    pub(crate) sets: Option<u16>,
}

/// What the letters of some files claim.
///
/// # Errors
/// [`Failure`] where a file is no letter of the programme, or its secret is not the letter's.
pub(crate) fn claims(
    app: &App,
    files: &[PathBuf],
    of: &For<'_>,
) -> Result<Vec<LeafClaim>, Failure> {
    let mut claims =
        files.iter().map(|file| claim(app, file, of)).collect::<Result<Vec<_>, _>>()?;
    claims.sort_by_key(|claim| claim.leaf);
    Ok(claims)
}

/// How many sets they ask for together.
pub(crate) fn asked(claims: &[LeafClaim]) -> u16 {
    claims.iter().fold(0, |sum, claim| sum.saturating_add(claim.sets))
}

/// The letters for machines: their places alone.
pub(crate) fn data(claims: &[LeafClaim]) -> Value {
    let one = |claim: &LeafClaim| json!({ "list": claim.leaf.list, "index": claim.leaf.index, "sets": claim.sets });
    claims.iter().map(one).collect()
}

fn claim(app: &App, file: &Path, of: &For<'_>) -> Result<LeafClaim, Failure> {
    let path = || file.display().to_string();
    let text = given::secret(file)?;
    // What is wrong with the file would repeat it.
    let mut letter: Letter = serde_json::from_str(&text)
        .map_err(|_| Failure::new(Exit::Usage, "err-bad-letter").with("path", path()))?;
    let programme = of.programme;
    if letter.programme != programme.programme.get() {
        return Err(Failure::new(Exit::Usage, "err-letter-elsewhere").with("path", path()));
    }
    let secret = match letter.secret.take() {
        Some(printed) => Zeroizing::new(printed),
        None => typed(app, &letter)?,
    };
    let secret: LetterSecret = secret.parse().map_err(|why| mistyped(&why, &path()))?;
    let key = secret.signing_key(of.genesis, letter.programme);
    let leaf = Leaf { key: key.public_key(), household: letter.household, sets: letter.sets };
    let place = LeafPlace { list: letter.list, index: letter.index };
    let list = usize::from(letter.list).checked_sub(1).and_then(|at| programme.lists.get(at));
    let is_there =
        |root: &Hash, size| is_listed(root, size, place.index, &leaf.hash(), &letter.path);
    if !list.is_some_and(|list| is_there(&list.root, list.size)) {
        return Err(Failure::new(Exit::Refused, "err-letter-not-listed").with("path", path()));
    }
    let most = letter.sets.min(programme.per_person);
    Ok(LeafClaim {
        leaf: place,
        key: leaf.key,
        household: leaf.household,
        entitled: leaf.sets,
        sets: of.sets.unwrap_or(most),
        path: letter.path.clone(),
        signature: signed(&key, of, place)?,
    })
}

/// What a letter's key signs, so that it serves this applicant alone.
fn signed(key: &SigningKey, of: &For<'_>, place: LeafPlace) -> Result<Signature, Failure> {
    let (programme, round) = (of.programme.programme, of.round);
    let application = Application::on_ledger(programme, round, place, of.applicant);
    let application = application.ok_or_else(|| Failure::new(Exit::Other, "err-internal"))?;
    Ok(key.sign(&application_message(of.genesis, &application)))
}

/// The secret that is on the paper of a letter, typed without an echo.
fn typed(app: &App, letter: &Letter) -> Result<Zeroizing<String>, Failure> {
    app.need_terminal("err-letter-secret-needed", Exit::Auth)?;
    let place = letter.index.to_string();
    dialoguer::Password::new()
        .with_prompt(app.text("ask-letter-secret", &[("place", &place)]))
        .report(false)
        .interact()
        .map(Zeroizing::new)
        .map_err(|_| Failure::new(Exit::Declined, "err-declined"))
}

/// What is wrong with a secret, said by its group: never the characters.
fn mistyped(why: &LetterError, path: &str) -> Failure {
    let of = |key| Failure::new(Exit::Usage, key).with("path", path);
    match why {
        LetterError::Length { characters } => {
            of("err-letter-length").with("characters", characters)
        }
        LetterError::Group { group, .. } | LetterError::Character { group, .. } => {
            of("err-letter-group").with("group", group)
        }
        LetterError::Beginning => of("err-letter-group").with("group", 1),
        LetterError::Check => of("err-letter-check"),
    }
}
