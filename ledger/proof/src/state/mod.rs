//! Proofs that the state has a value under a key, or none: the ledger's own format (protocol
//! rule 22).
//!
//! # The tree
//!
//! The state is a list of records, each with a *key* of 1 to 48 bytes and a *value*, its canonical
//! bytes. Each record owns a *slot*, the place of its leaf in a binary tree of depth 32. Slot 0 is
//! the sentinel's, which has no record. `‖` joins bytes.
//!
//! - Leaf = `SHA-256(0x00 ‖ len key ‖ key ‖ len next ‖ next ‖ SHA-256(value))`. A length is one
//!   byte. `next` is the next larger key that has a record, in the order of bytes; its length is 0
//!   after the last. The sentinel's key and value have no bytes, and its `next` is the first key.
//! - A slot without a record has 32 zero bytes in place of a leaf.
//! - Inner node = `SHA-256(0x01 ‖ left ‖ right)`. The root is 32 levels above the leaves.
//!
//! So the leaves are a sorted linked list: a leaf says that its key has a record, and that no key
//! between it and its `next` has one.
//!
//! # The proof
//!
//! Canonical borsh: integers are little-endian, `option` is one byte (0 or 1) and then the value, a
//! `key` is one byte of length and its bytes, `bytes` are a u32 of length and then they.
//!
//! ```text
//! slot      u32
//! kind      u8      0 = present, 1 = absent
//!   present: next   option key
//!            value  bytes
//!   absent:  before option key     none where the leaf is the sentinel's
//!            next   option key
//!            value_hash  32 bytes  SHA-256 of the value of `before`, which is not disclosed
//! path      32 × 32 bytes          siblings from the leaf's to the root's child
//! ```
//!
//! # Verifying that `key` has a value, or none, under `root`
//!
//! 1. *Present*: the leaf is that of (`key`, `next`, SHA-256 of `value`). *Absent*: `before` is
//!    none or smaller than `key`, and `next` is none or larger; the leaf is that of (`before`,
//!    `next`, `value_hash`).
//! 2. From level 0 up, bit `i` of `slot` says whether the node is its parent's left child (0) or
//!    right child (1); the sibling is `path[i]`. What results after 32 levels is `root`.

mod proof;

pub use ledger_types::record::{KEY_BYTES_MAX, Key};
pub use proof::{DEPTH, EMPTY_LEAF, Evidence, PROOF_BYTES_MAX, Proof, ProofError, leaf_hash};
