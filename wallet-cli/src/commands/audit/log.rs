//! `audit log`: a copy of a node's log as files, checked as it comes.
//!
//! The folder is what C2SP's tlog-tiles calls a log: `checkpoint`, `policy`, `tile/`. Tools that
//! were made elsewhere read it. A copy that is there already is taken further, and only by a log
//! that it grew into: a node that shows another past is found out here. A first copy takes the policy
//! from the node; whether those are the network's signers, the genesis document says.

use std::collections::BTreeSet;
use std::path::Path;

use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::policy::Policy;
use ledger_proof::tile::{Tile, TileError, decode_entries, entry_tiles, grow, hash_tiles};
use ledger_types::merkle;

use crate::commands::prelude::*;

/// `audit log`.
#[derive(Debug, Args)]
pub(crate) struct AuditLogArgs {
    /// The folder; a copy that is there is taken further.
    pub(crate) folder: PathBuf,
}

const CHECKPOINT: &str = "checkpoint";

/// The checkpoint that the copy had before it was taken further.
const BEFORE: &str = "checkpoint.before";

const POLICY: &str = "policy";

pub(crate) async fn run(app: &App, folder: &Path) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let policy = client.policy().await?;
    let note = client.checkpoint().await?;
    let signed = judged(&policy, &note)?;
    let now = signed.checkpoint();
    let before = before(folder, &policy, now)?;
    for tile in tiles(now.size) {
        let path = folder.join(tile.path());
        // A full tile never changes; whether this one is right is told below.
        if !(tile.is_full() && path.exists()) {
            let bytes = client.tile(&tile.path()).await?;
            put(&path, &bytes)?;
        }
    }
    check(folder, now, before.as_ref().map(|(before, _)| before.checkpoint()))?;
    if let Some((before, note)) = &before
        && before.checkpoint().size < now.size
    {
        put(&folder.join(BEFORE), note.as_bytes())?;
        remove_outgrown(folder, before.checkpoint().size, now.size)?;
    }
    put(&folder.join(POLICY), policy.as_bytes())?;
    put(&folder.join(CHECKPOINT), note.as_bytes())?;
    let (size, path) = (now.size.to_string(), folder.display().to_string());
    let data = json!({
        "folder": path, "origin": now.origin.as_str(), "size": now.size, "root": now.root,
        "grown_from": before.map(|(before, _)| before.checkpoint().size),
    });
    let text = app.text("note-log-copied", &[("size", &size), ("path", &path)]);
    Ok(Reply::new(data, text).next(format!("kyojo audit log {}", word(&path))))
}

/// The checkpoint, where its signatures make the policy's quorum.
fn judged(policy: &str, note: &str) -> Result<SignedCheckpoint, Failure> {
    let policy = Policy::parse(policy).map_err(wrong)?;
    let signed = SignedCheckpoint::parse(note).map_err(wrong)?;
    policy.judge(&signed).map_err(wrong)?;
    Ok(signed)
}

/// The checkpoint of the copy that is there, as text too; refused where the log cannot have grown
/// out of it.
fn before(
    folder: &Path,
    policy: &str,
    now: &Checkpoint,
) -> Result<Option<(SignedCheckpoint, String)>, Failure> {
    let path = folder.join(CHECKPOINT);
    if !path.exists() {
        return Ok(None);
    }
    let read = |path: &Path| settings::read_text(path);
    let note = read(&path)?;
    let signed = SignedCheckpoint::parse(&note).map_err(wrong)?;
    if read(&folder.join(POLICY))? != policy || signed.checkpoint().origin != now.origin {
        return Err(wrong("the folder holds another log, or its policy has changed"));
    }
    if signed.checkpoint().size > now.size {
        return Err(Failure::new(Exit::Verification, "err-log-behind")
            .with("ours", signed.checkpoint().size)
            .with("theirs", now.size));
    }
    Ok(Some((signed, note)))
}

fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    entry_tiles(size).chain(hash_tiles(size))
}

/// The entries make up every tile, the checkpoint's root, and the root of the checkpoint before.
fn check(folder: &Path, now: &Checkpoint, before: Option<&Checkpoint>) -> Result<(), Failure> {
    let read = |tile: Tile| {
        let path = folder.join(tile.path());
        settings::read(&path)
    };
    let mut leaves: Vec<Hash> = Vec::new();
    for tile in entry_tiles(now.size) {
        let bytes = read(tile)?;
        let entries = decode_entries(&bytes).map_err(wrong)?;
        if entries.len() != usize::from(tile.width) {
            return Err(wrong(format!("{} has {} entries", tile.path(), entries.len())));
        }
        leaves.extend(entries.into_iter().map(merkle::leaf_hash));
    }
    let none = |_| Err::<Vec<u8>, ()>(());
    let grown = grow(&none, 0, &leaves).map_err(|error: TileError<()>| wrong(error))?;
    for (tile, bytes) in grown {
        if read(tile)? != bytes {
            return Err(wrong(format!("{} is not what the entries make", tile.path())));
        }
    }
    if merkle::root(&leaves) != now.root {
        return Err(wrong("the entries do not make the checkpoint's root"));
    }
    let Some(before) = before else { return Ok(()) };
    let count = usize::try_from(before.size).unwrap_or(usize::MAX);
    let grew = leaves.get(..count).is_some_and(|leaves| merkle::root(leaves) == before.root);
    if grew {
        return Ok(());
    }
    Err(Failure::new(Exit::Verification, "err-log-forked").with("size", before.size))
}

/// Takes away the partial tiles that only a smaller log had.
fn remove_outgrown(folder: &Path, old: u64, size: u64) -> Result<(), Failure> {
    let kept: BTreeSet<PathBuf> = tiles(size).map(|tile| folder.join(tile.path())).collect();
    for path in tiles(old).map(|tile| folder.join(tile.path())) {
        if !kept.contains(&path) {
            std::fs::remove_file(&path).map_err(|error| settings::file_failure(&path, &error))?;
        }
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| settings::file_failure(path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

fn wrong(reason: impl ToString) -> Failure {
    Failure::new(Exit::Verification, "err-log-wrong").because(reason)
}

#[cfg(test)]
mod tests {
    use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
    use ledger_proof::tile::encode_entries;
    use ledger_types::SigningKey;

    use super::*;

    const POLICY_TEXT: &str = "none\n";

    fn origin() -> KeyName {
        KeyName::new("log.example/kyojo").unwrap()
    }

    fn entry(fork: u64, index: u64) -> Vec<u8> {
        format!("entry {index} of {}", if index < fork { 0 } else { fork }).into_bytes()
    }

    /// Writes the tiles of a log that differs from the others from entry `fork` on.
    fn log(folder: &Path, size: u64, fork: u64) -> Checkpoint {
        let entries: Vec<Vec<u8>> = (0..size).map(|index| entry(fork, index)).collect();
        let leaves: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
        let none = |_| Err::<Vec<u8>, ()>(());
        for (tile, bytes) in grow(&none, 0, &leaves).unwrap() {
            put(&folder.join(tile.path()), &bytes).unwrap();
        }
        for (tile, entries) in entry_tiles(size).zip(entries.chunks(256)) {
            let bytes = encode_entries(entries.iter().map(Vec::as_slice)).unwrap();
            put(&folder.join(tile.path()), &bytes).unwrap();
        }
        Checkpoint { origin: origin(), size, root: merkle::root(&leaves) }
    }

    /// Puts the checkpoint in place as that of the copy.
    fn keep(folder: &Path, checkpoint: &Checkpoint) {
        let signer = NoteSigner::new(origin(), SigningKey::from_seed(&[1; 32]));
        assert_eq!(signer.verifier(SignatureKind::Ed25519).name, origin());
        let text = checkpoint.to_string();
        let signed = checkpoint.clone().signed(vec![signer.sign(&text)]).unwrap();
        put(&folder.join(CHECKPOINT), signed.to_string().as_bytes()).unwrap();
        put(&folder.join(POLICY), POLICY_TEXT.as_bytes()).unwrap();
    }

    #[test]
    fn a_copy_holds_and_none_with_a_changed_byte_does() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = log(folder.path(), 300, u64::MAX);
        check(folder.path(), &checkpoint, None).unwrap();
        for tile in tiles(300) {
            let path = folder.path().join(tile.path());
            let good = std::fs::read(&path).unwrap();
            for at in [0, good.len() / 2, good.len() - 1] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                std::fs::write(&path, &bad).unwrap();
                let failure = check(folder.path(), &checkpoint, None).unwrap_err();
                assert_eq!((failure.exit, failure.code()), (Exit::Verification, "log-wrong"));
            }
            std::fs::write(&path, &good).unwrap();
        }
        let other = Checkpoint { root: Hash::ZERO, ..checkpoint };
        assert_eq!(check(folder.path(), &other, None).unwrap_err().code(), "log-wrong");
    }

    #[test]
    fn a_copy_is_taken_further_only_by_the_log_that_grew_out_of_it() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let old = log(folder.path(), 100, u64::MAX);
        let new = log(folder.path(), 300, u64::MAX);
        keep(folder.path(), &old);
        let (kept, _) = before(folder.path(), POLICY_TEXT, &new).unwrap().unwrap();
        check(folder.path(), &new, Some(kept.checkpoint())).unwrap();
        remove_outgrown(folder.path(), 100, 300).unwrap();
        assert!(!folder.path().join("tile/0/000.p/100").exists());
        check(folder.path(), &new, Some(&old)).unwrap();

        let forked = log(elsewhere.path(), 300, 50);
        check(elsewhere.path(), &forked, None).unwrap();
        let failure = check(elsewhere.path(), &forked, Some(&old)).unwrap_err();
        assert_eq!((failure.exit, failure.code()), (Exit::Verification, "log-forked"));
    }

    #[test]
    fn a_shorter_log_or_another_policy_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let new = log(folder.path(), 300, u64::MAX);
        assert_eq!(before(folder.path(), POLICY_TEXT, &new).unwrap(), None);
        keep(folder.path(), &new);
        let shorter = Checkpoint { size: 299, ..new.clone() };
        let code = |policy, now| {
            let failure = before(folder.path(), policy, now).unwrap_err();
            failure.code().to_owned()
        };
        assert_eq!(code(POLICY_TEXT, &shorter), "log-behind");
        assert_eq!(code("quorum none\n", &new), "log-wrong");
    }
}
