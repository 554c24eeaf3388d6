"""Checks a folder of a log with PyPI's aics-tlog.

log.py FOLDER reads checkpoint, policy, tile/, and where they exist checkpoint.before and
proof.tlog-proof. It exits with 0 where all of it holds, with 1 and a reason where not.
"""

import base64
import sys
from pathlib import Path

from aics_tlog.checkpoint import checkpoint_from_note, verify_checkpoint
from aics_tlog.hashing import leaf_hash
from aics_tlog.note import parse_note, parse_vkey
from aics_tlog.tiles import (
    FileSystemTileReader,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    read_entry,
)
from aics_tlog.tree import verify_consistency, verify_inclusion
from aics_tlog.verified import audit_tiles


def read_policy(text):
    """The keys of one log, of which any may sign, and one group of witnesses."""
    logs, witnesses, threshold = [], [], None
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["log"]:
            logs.append(parse_vkey(words[1]))
        elif words[:1] == ["witness"]:
            witnesses.append(parse_vkey(words[2]))
        elif words[:1] == ["group"]:
            threshold = int(words[2])
    return logs, witnesses, threshold


def opened(data, logs, witnesses, threshold):
    note = parse_note(data)
    for log in logs:
        result = verify_checkpoint(note, log, witnesses, threshold, expected_origin=log.name)
        if result.ok:
            return checkpoint_from_note(note)[0]
    raise ValueError(result.error)


def check_proof(data, policy, reader, tree):
    head, _, checkpoint = data.partition("\n\n")
    header, index, *path = head.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or not index.startswith("index "):
        raise ValueError("malformed proof")
    proved, index = opened(checkpoint, *policy), int(index[6:])
    leaf = leaf_hash(read_entry(reader, index, tree.size))
    path = [base64.b64decode(line, validate=True) for line in path]
    if not verify_inclusion(leaf, index, proved.size, path, proved.root):
        raise ValueError("the proof does not hold")


def check(folder):
    policy = read_policy((folder / "policy").read_text())
    logs, witnesses, _ = policy
    tree = opened((folder / "checkpoint").read_bytes(), *policy)
    reader = FileSystemTileReader(folder)
    audit_tiles(reader, tree.size, tree.root)
    for index in range(tree.size):
        leaf = leaf_hash(read_entry(reader, index, tree.size))
        path = inclusion_proof_from_tiles(reader, index, tree.size)
        if not verify_inclusion(leaf, index, tree.size, path, tree.root):
            raise ValueError(f"entry {index} is not in the log")
    before = folder / "checkpoint.before"
    if before.exists():
        old = opened(before.read_bytes(), logs, witnesses, 0)
        path = consistency_proof_from_tiles(reader, old.size, tree.size)
        if not verify_consistency(old.size, tree.size, old.root, tree.root, path):
            raise ValueError("the log did not grow out of the checkpoint before")
    proof = folder / "proof.tlog-proof"
    if proof.exists():
        check_proof(proof.read_text(), policy, reader, tree)


if __name__ == "__main__":
    try:
        check(Path(sys.argv[1]))
    except (ValueError, OSError) as error:
        sys.exit(f"{error}")
