//! The folder's check by the crates `signed_note` and `tlog_tiles`, a port of Go's packages.
//!
//! They put a tile's height into its path (`tile/8/0/000`), which tlog-tiles does not: it is taken
//! out. Cosignatures they do not know: their interface for other signatures takes one in.

use std::fs;
use std::path::Path;

use signed_note::{Note, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::{
    Error, Hash, HashReader, Tile, TileHashReader, TileReader, check_record, check_tree,
    prove_record, prove_tree, record_hash, stored_hash_index,
};

struct Cosigner {
    name: String,
    id: u32,
    key: ledger_types::PublicKey,
}

impl Verifier for Cosigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, msg: &[u8], sig: &[u8]) -> bool {
        let Some((time, signature)) = sig.split_first_chunk::<8>() else { return false };
        let Ok(signature) = signature.try_into().map(ledger_types::Signature::Ed25519) else {
            return false;
        };
        let head = format!("cosignature/v1\ntime {}\n", u64::from_be_bytes(*time));
        let message = [head.as_bytes(), msg].concat();
        ledger_types::verify::verify(&self.key, &message, &signature)
    }
}

struct Folder<'a>(&'a Path);

impl TileReader for Folder<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let bytes = fs::read(self.0.join(tile.path().replacen("/8/", "/", 1)));
            let bytes = bytes.map_err(|error| Error::InvalidInput(error.to_string()))?;
            let whole = bytes.len() == tile.width() as usize * 32;
            if whole { Ok(bytes) } else { Err(Error::InvalidTile) }
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _tiles: &[Tile], _data: &[Vec<u8>]) {}
}

/// The keys of one log, of which any may sign, and one group of witnesses.
struct Policy {
    logs: Vec<String>,
    witnesses: Vec<(String, u32, [u8; 32])>,
    threshold: usize,
}

impl Policy {
    fn read(text: &str) -> Self {
        let mut policy = Self { logs: Vec::new(), witnesses: Vec::new(), threshold: usize::MAX };
        for line in text.lines() {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["log", key, ..] => policy.logs.push((*key).to_owned()),
                ["witness", _, key, ..] => {
                    let key = ledger_proof::note::VerifierKey::parse(key).unwrap();
                    let id = u32::from_be_bytes(key.id());
                    policy.witnesses.push((key.name.to_string(), id, *key.key.as_bytes()));
                }
                ["group", _, threshold, ..] => policy.threshold = threshold.parse().unwrap(),
                _ => {}
            }
        }
        policy
    }

    /// Size and root of a checkpoint that the log and at least so many witnesses signed.
    fn open(&self, note: &[u8], witnesses: usize) -> Result<(u64, Hash), String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let mut name = String::new();
        let mut verifiers: Vec<Box<dyn Verifier>> = Vec::new();
        for key in &self.logs {
            let log = StandardVerifier::new(key).map_err(|error| text(&error))?;
            name = log.name().to_owned();
            verifiers.push(Box::new(log));
        }
        for (name, id, key) in &self.witnesses {
            let (name, key) = (name.clone(), ledger_types::PublicKey::Ed25519(*key));
            verifiers.push(Box::new(Cosigner { name, id: *id, key }));
        }
        let note = Note::from_bytes(note).map_err(|error| text(&error))?;
        let (good, _) = note.verify(&VerifierList::new(verifiers)).map_err(|error| text(&error))?;
        if !good.iter().any(|sig| sig.name() == name) || good.len() <= witnesses {
            return Err("too few signatures".to_owned());
        }
        let head = tlog_tiles::Checkpoint::from_bytes(note.text()).map_err(|error| text(&error))?;
        if head.origin() == name && head.extension().is_empty() {
            Ok((head.size(), *head.hash()))
        } else {
            Err("another log, or extension lines".to_owned())
        }
    }
}

/// Whether the folder holds.
pub(crate) fn check(folder: &Path) -> Result<(), String> {
    let text = |error: Error| error.to_string();
    let policy = Policy::read(&fs::read_to_string(folder.join("policy")).unwrap());
    let checkpoint = fs::read(folder.join("checkpoint")).unwrap();
    let (size, root) = policy.open(&checkpoint, policy.threshold)?;
    let source = Folder(folder);
    let reader = TileHashReader::new(size, root, &source);
    let entries = entries(folder, size)?;
    let indexes: Vec<u64> = (0..size).map(|index| stored_hash_index(0, index)).collect();
    let leaves = reader.read_hashes(&indexes).map_err(text)?;
    for ((index, leaf), entry) in (0..).zip(&leaves).zip(&entries) {
        if record_hash(entry) != *leaf {
            return Err(format!("entry {index} is not its leaf's"));
        }
        let proof = prove_record(size, index, &reader).map_err(text)?;
        check_record(&proof, size, root, index, *leaf).map_err(text)?;
    }
    if let Ok(before) = fs::read(folder.join("checkpoint.before")) {
        let (old, old_root) = policy.open(&before, 0)?;
        let proof = prove_tree(size, old, &reader).map_err(text)?;
        check_tree(&proof, size, root, old, old_root).map_err(text)?;
    }
    match fs::read_to_string(folder.join("proof.tlog-proof")) {
        Ok(proof) => check_proof(&policy, &proof, &entries),
        Err(_) => Ok(()),
    }
}

fn entries(folder: &Path, size: u64) -> Result<Vec<Vec<u8>>, String> {
    let mut entries: Vec<Vec<u8>> = Vec::new();
    for index in 0..size.div_ceil(256) {
        let width = u32::try_from((size - index * 256).min(256)).unwrap();
        let path = Tile::new(8, 0, index, width, true).path();
        let path = path.replacen("/8/data/", "/entries/", 1);
        let mut bytes = fs::read(folder.join(path)).map_err(|error| error.to_string())?;
        while bytes.len() >= 2 {
            let rest = bytes.split_off(2);
            let length = usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
            if rest.len() < length {
                return Err("a bundle ends inside an entry".to_owned());
            }
            let (entry, rest) = rest.split_at(length);
            entries.push(entry.to_vec());
            bytes = rest.to_vec();
        }
    }
    let count = entries.len() as u64;
    if count == size { Ok(entries) } else { Err(format!("{count} entries in a log of {size}")) }
}

fn check_proof(policy: &Policy, proof: &str, entries: &[Vec<u8>]) -> Result<(), String> {
    let (head, checkpoint) = proof.split_once("\n\n").ok_or("malformed proof")?;
    let lines: Vec<&str> = head.lines().collect();
    let ["c2sp.org/tlog-proof@v1", index, path @ ..] = lines.as_slice() else {
        return Err("malformed proof".to_owned());
    };
    let index = index.strip_prefix("index ").and_then(|index| index.parse::<u64>().ok());
    let index = index.ok_or("malformed index")?;
    let (size, root) = policy.open(checkpoint.as_bytes(), policy.threshold)?;
    let path: Result<Vec<Hash>, Error> = path.iter().map(|line| Hash::parse_hash(line)).collect();
    let path = path.map_err(|error| error.to_string())?;
    let entry =
        usize::try_from(index).ok().and_then(|at| entries.get(at)).ok_or("no such entry")?;
    check_record(&path, size, root, index, record_hash(entry)).map_err(|error| error.to_string())
}
