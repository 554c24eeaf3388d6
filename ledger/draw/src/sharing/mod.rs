//! Secrets that are shared so that nobody knows one before its time and nobody can withhold it after.
//!
//! Publicly verifiable secret sharing after Schoenmakers (CRYPTO 1999, "A Simple Publicly Verifiable
//! Secret Sharing Scheme and Its Application to Electronic Voting") over ristretto255 (RFC 9496), in
//! the use that Cascudo and David made of it (SCRAPE, ACNS 2017): several dealers deposit, and the
//! hash of all their secrets is the seed. `g` is ristretto255's base, `G` a second generator that is
//! hashed from a tag, so that nobody knows `log_g G`.
//!
//! A member has a sealing key `y = x·G` ([`SealingPublic`]) and shows that it knows `x`
//! ([`Possession`]). A dealer draws a polynomial `p` of degree `k − 1` and deposits a [`Dealing`]:
//! commitments `C_j = a_j·g` to its coefficients and for member `i` (from 1) the sealed share
//! `Y_i = p(i)·y_i` with a proof that `log_g X_i = log_{y_i} Y_i`, where `X_i = Σ iʲ·C_j` anybody
//! computes. The secret is `S = p(0)·G`. After the close the dealer reveals `p(0)`, or `k` members
//! open `S_i = x_i⁻¹·Y_i = p(i)·G`, each with a proof that `log_G y_i = log_{S_i} Y_i`, and
//! Lagrange's interpolation at 0 gives `S`: the same point in both ways.
//!
//! # What each check gives
//!
//! - *`k` commitments and a proof for each share* ([`Dealing::check`]): all shares lie on the one
//!   polynomial of degree at most `k − 1` that is committed to. So any `k` members get the same `S`,
//!   and it is the dealer's. A dealer that seals one wrong share is refused at the deposit, when
//!   nothing is known yet, and not found out after the close.
//! - *No commitment is the identity*: the degree is not less than `k − 1`, and `S`, whose exponent is
//!   that of `C_0`, is not the identity. *No key or share is the identity*: such a share would seal
//!   nothing. Members count from 1: a share at 0 would be the secret itself. *No key stands twice*
//!   among the members: who holds two places would count twice towards `k`.
//! - *Possession of sealing keys*: a key that was made from others' keys (`y = c·y_1`) would seal to
//!   whoever holds those, and its shares could be computed from theirs; no such key has a proof.
//! - *One encoding of everything*: points decode only from their one encoding, scalars only below the
//!   group's order, so nobody makes a second deposit that means the same out of a first.
//! - *The context in every challenge*: it names network, programme, round and committer
//!   ([`committer_context`]). A dealing, a share or a proof is good for nothing elsewhere; a second
//!   committer cannot deposit the first one's dealing as its own. A dealing's challenges cover all
//!   its points, so no part of it can be changed or moved to another place.
//! - *A revealed scalar is compared with `C_0`, an opened share with its sealed one*: neither can be
//!   another than was deposited.
//!
//! # Why nobody knows, and nobody chooses
//!
//! Before `k` members or the dealer speak, `S` is known to nobody else: `k − 1` members have `k − 1`
//! values of a polynomial with `k` free coefficients, and to tell `S` from a random point by the
//! commitments and the sealed shares is the decisional Diffie-Hellman problem (SCRAPE, theorem on
//! indistinguishability of secrets). `C_0 = p(0)·g` hides `p(0)·G` as hard as that.
//!
//! The seed is fixed as soon as the last dealing is deposited: every secret in it is bound by its
//! `C_0`. Whoever deals last has seen nothing of the others' secrets, and a hash over all of them
//! cannot be steered by one. Whoever reveals last knows the seed before the others do but cannot
//! change it: what it withholds is opened by any `k` members, and is never passed over. So two things
//! are trusted: that fewer than `k` members join before the close (they could know every secret
//! early, though not change one), and that `k` are there after it. `k` above half of `n` asks the
//! same of both. For the same reason lists have to stand before any dealing is opened: whoever knew
//! the seed could choose which leaves apply together, and who stands where in a later list.
//!
//! Dealing needs randomness only for its 32-byte seed; everything else is made from it by SHA-512
//! over everything that is public of the dealing (network to members and threshold), so that no
//! coefficient or nonce ever serves two dealings. A dealer keeps its seed until it has revealed.

mod context;
mod dealing;
mod group;
mod opening;
mod proof;
mod sealing;

pub use context::{
    COMMITTERS_MAX, COMMITTERS_MIN, committer_context, member_context, round_context, seed,
};
pub use dealing::{DEALING_BYTES_MAX, Dealing, DealingError, SealedShare, deal, reveal};
pub use group::{PointBytes, ScalarBytes};
pub use opening::{OpenedShare, OpeningError, combine, open_share};
pub use proof::EqualityProof;
pub use sealing::{MEMBERS_MAX, Possession, SealingPublic, SealingSecret};
