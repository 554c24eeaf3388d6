//! Any k members open what the dealer reveals, fewer do not, and every unsound dealing is refused.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as BASE;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use ledger_types::{Hash, codec};
use proptest::prelude::*;
use public_draw::sharing::{
    DEALING_BYTES_MAX, Dealing, DealingError, EqualityProof, OpeningError, PointBytes, Possession,
    ScalarBytes, SealingPublic, SealingSecret, combine, committer_context, deal, open_share,
    reveal, round_context, seed,
};

use crate::sample::{genesis, members, publics};

const SEED: [u8; 32] = [42; 32];

/// The group's order, little-endian: the least scalar that is not canonical.
const ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn context() -> Hash {
    committer_context(&round_context(&genesis(), 1, 0), 0)
}

/// Five members, a threshold of three, and a sound dealing to them.
fn five() -> (Vec<SealingSecret>, Vec<SealingPublic>, Dealing) {
    let members = members(5);
    let publics = publics(&members);
    let dealing = deal(&SEED, &context(), &publics, 3).unwrap();
    assert_eq!(dealing.check(&context(), &publics, 3), Ok(()));
    (members, publics, dealing)
}

fn refused(change: impl FnOnce(&mut Dealing)) -> DealingError {
    let (_, publics, mut dealing) = five();
    change(&mut dealing);
    dealing.check(&context(), &publics, 3).unwrap_err()
}

fn point(bytes: &PointBytes) -> RistrettoPoint {
    CompressedRistretto(*bytes.as_bytes()).decompress().unwrap()
}

fn bytes(point: &RistrettoPoint) -> PointBytes {
    PointBytes::new(point.compress().to_bytes())
}

const IDENTITY: PointBytes = PointBytes::new([0; 32]);
/// Minus one is no encoding: it is negative.
const NO_POINT: PointBytes = PointBytes::new([
    0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
]);

#[test]
fn every_subset_of_k_members_opens_what_the_dealer_reveals_and_no_smaller_one_does() {
    let (members, publics, dealing) = five();
    let secret = dealing.check_revealed(&reveal(&SEED, &context(), &publics, 3)).unwrap();
    let opened: Vec<_> = (1_u8..)
        .zip(&members)
        .zip(&dealing.shares)
        .map(|((number, member), share)| {
            let opened = open_share(member, &context(), number, &share.sealed).unwrap();
            let public = member.public();
            assert_eq!(opened.check(&context(), number, &public, &share.sealed), Ok(()));
            (number, opened.opened)
        })
        .collect();
    for subset in 0_u32..32 {
        let of = (0..5).filter(|place| subset >> place & 1 == 1);
        let mut shares: Vec<_> = of.map(|place: usize| opened[place]).collect();
        if shares.len() >= 3 {
            assert_eq!(combine(3, &shares), Ok(secret));
            shares.reverse();
            assert_eq!(combine(3, &shares), Ok(secret));
        } else {
            let few = OpeningError::TooFew { given: shares.len(), threshold: 3 };
            assert_eq!(combine(3, &shares), Err(few));
            // Nor do they by the interpolation of what they have.
            assert!(shares.is_empty() || combine(1, &shares) != Ok(secret));
        }
    }
}

#[test]
fn what_is_combined_has_to_be_shares_of_members_each_once() {
    let (_, _, dealing) = five();
    let share = dealing.shares[0].sealed;
    let of = |numbers: [u8; 3]| combine(3, &numbers.map(|number| (number, share)));
    assert_eq!(of([0, 1, 2]), Err(OpeningError::Member { member: 0 }));
    assert_eq!(of([1, 2, 17]), Err(OpeningError::Member { member: 17 }));
    assert_eq!(of([1, 2, 1]), Err(OpeningError::Twice { member: 1 }));
    let with = |point| combine(1, &[(1, point)]);
    assert_eq!(with(IDENTITY), Err(OpeningError::Share { member: 1 }));
    assert_eq!(with(NO_POINT), Err(OpeningError::Share { member: 1 }));
    assert_eq!(combine(0, &[]), Err(OpeningError::TooFew { given: 0, threshold: 0 }));
}

#[test]
fn a_dealing_of_other_shape_is_refused() {
    let (_, publics, dealing) = five();
    let check =
        |members: &[SealingPublic], threshold| dealing.check(&context(), members, threshold);
    assert_eq!(check(&[], 0), Err(DealingError::Members { members: 0 }));
    let many = self::publics(&members(17));
    assert_eq!(check(&many, 3), Err(DealingError::Members { members: 17 }));
    assert_eq!(check(&publics, 0), Err(DealingError::Threshold { threshold: 0, members: 5 }));
    assert_eq!(check(&publics, 6), Err(DealingError::Threshold { threshold: 6, members: 5 }));
    let other = DealingError::Commitments { given: 3, threshold: 2 };
    assert_eq!(check(&publics, 2), Err(other));
    assert_eq!(check(&publics[..4], 3), Err(DealingError::Shares { given: 5, members: 4 }));
    let mut twice = publics.clone();
    twice[4] = twice[1];
    assert_eq!(check(&twice, 3), Err(DealingError::SameMember { member: 5 }));
    for unsound in [IDENTITY, NO_POINT] {
        let mut with = publics.clone();
        with[2] = SealingPublic::new(unsound);
        assert_eq!(check(&with, 3), Err(DealingError::MemberKey { member: 3 }));
        assert_eq!(deal(&SEED, &context(), &with, 3), Err(DealingError::MemberKey { member: 3 }));
    }
    let given = refused(|dealing| dealing.shares.truncate(4));
    assert_eq!(given, DealingError::Shares { given: 4, members: 5 });
}

#[test]
fn a_dealing_counts_in_its_context_for_its_members_in_their_order() {
    let (_, publics, dealing) = five();
    let round = |genesis: &Hash, programme, round| round_context(genesis, programme, round);
    for other in [
        committer_context(&round(&genesis(), 1, 0), 1),
        committer_context(&round(&genesis(), 1, 1), 0),
        committer_context(&round(&genesis(), 2, 0), 0),
        committer_context(&round(&Hash::ZERO, 1, 0), 0),
    ] {
        let refused = dealing.check(&other, &publics, 3);
        assert_eq!(refused, Err(DealingError::Proof { member: 1 }));
        assert_ne!(deal(&SEED, &other, &publics, 3).unwrap().commitments, dealing.commitments);
    }
    let mut swapped = publics.clone();
    swapped.swap(0, 1);
    let refused = dealing.check(&context(), &swapped, 3);
    assert_eq!(refused, Err(DealingError::Proof { member: 1 }));
    let other = deal(&SEED, &context(), &publics, 4).unwrap();
    assert!(!other.commitments.contains(&dealing.commitments[0]));
}

#[test]
fn unsound_points_scalars_and_shares_are_refused() {
    for unsound in [IDENTITY, NO_POINT] {
        let found = refused(|dealing| dealing.commitments[2] = unsound);
        assert_eq!(found, DealingError::Commitment { number: 2 });
        // The first member's proof covers all points, so nothing reaches the fourth's.
        let found = refused(|dealing| dealing.shares[0].sealed = unsound);
        assert_eq!(found, DealingError::Share { member: 1 });
    }
    let add_order = |scalar: &mut ScalarBytes| {
        let mut carry = 0_u16;
        let sum = scalar.as_bytes().iter().zip(ORDER).map(|(one, other)| {
            let sum = u16::from(*one) + u16::from(other) + carry;
            carry = sum >> 8;
            sum.to_le_bytes()[0]
        });
        *scalar = ScalarBytes::new(sum.collect::<Vec<_>>().try_into().unwrap());
    };
    let found = refused(|dealing| add_order(&mut dealing.shares[4].proof.challenge));
    assert_eq!(found, DealingError::Proof { member: 5 });
    let found = refused(|dealing| add_order(&mut dealing.shares[4].proof.response));
    assert_eq!(found, DealingError::Proof { member: 5 });
    for (at, with) in [(1, 2), (3, 0)] {
        let found = refused(|dealing| dealing.shares[at].proof = dealing.shares[with].proof);
        assert_eq!(found, DealingError::Proof { member: u8::try_from(at).unwrap() + 1 });
        let found = refused(|dealing| dealing.shares[at].sealed = dealing.shares[with].sealed);
        assert_eq!(found, DealingError::Proof { member: 1 });
    }
    let double = |point_of: &PointBytes| bytes(&(point(point_of) + point(point_of)));
    let found = refused(|dealing| dealing.shares[4].sealed = double(&dealing.shares[4].sealed));
    assert_eq!(found, DealingError::Proof { member: 1 });
    let found = refused(|dealing| dealing.commitments[0] = double(&dealing.commitments[0]));
    assert_eq!(found, DealingError::Proof { member: 1 });
}

/// SHA-512 to a scalar, as FORMAT.md has it: a dealer that is not ours.
fn scalar(tag: &[u8], parts: &[&[u8]]) -> Scalar {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha512::new();
    hasher.update(tag);
    parts.iter().for_each(|part| hasher.update(part));
    Scalar::from_bytes_mod_order_wide(&hasher.finalize().into())
}

/// A dealing of shares of one polynomial under commitments to another, with proofs by all rules, each
/// for the value that is sealed.
fn dealt_by(committed: &[Scalar], polynomial: &[Scalar], keys: &[SealingPublic]) -> Dealing {
    use sha2::Digest as _;
    let values: Vec<Scalar> = (1_u8..=5)
        .map(|number| {
            let place = Scalar::from(number);
            polynomial.iter().rev().fold(Scalar::ZERO, |sum, next| sum * place + next)
        })
        .collect();
    let commitments: Vec<_> = committed.iter().map(|one| bytes(&(one * BASE))).collect();
    let sealed: Vec<_> = keys
        .iter()
        .zip(&values)
        .map(|(key, value)| bytes(&(value * point(key.encoding()))))
        .collect();
    let mut terms = sha2::Sha512::new();
    terms.update(b"kyojo/sharing/terms/1");
    terms.update(context().as_bytes());
    terms.update([3, 5]);
    keys.iter().for_each(|key| terms.update(key.encoding().as_bytes()));
    let mut statement = sha2::Sha512::new();
    statement.update(b"kyojo/sharing/dealing/1");
    statement.update(terms.finalize());
    commitments.iter().chain(&sealed).for_each(|one| statement.update(one.as_bytes()));
    let statement: [u8; 64] = statement.finalize().into();
    let shares =
        (1_u8..).zip(keys).zip(&values).zip(sealed).map(|(((number, key), value), sealed)| {
            let nonce = Scalar::from(77_u8 + number);
            let firsts = [nonce * BASE, nonce * point(key.encoding())].map(|first| bytes(&first));
            let parts: [&[u8]; 4] =
                [&statement, &[number], firsts[0].as_bytes(), firsts[1].as_bytes()];
            let challenge = scalar(b"kyojo/sharing/challenge/1", &parts);
            let response = nonce - challenge * value;
            let [challenge, response] =
                [challenge, response].map(|one| ScalarBytes::new(one.to_bytes()));
            public_draw::sharing::SealedShare {
                sealed,
                proof: EqualityProof { challenge, response },
            }
        });
    let shares = shares.collect();
    Dealing { commitments, shares }
}

#[test]
fn shares_of_a_polynomial_of_too_high_degree_are_refused() {
    let (_, publics, _) = five();
    let check = |committed: &[Scalar], shared: &[Scalar]| {
        dealt_by(committed, shared, &publics).check(&context(), &publics, 3)
    };
    let low = [5_u8, 6, 7].map(Scalar::from);
    assert_eq!(check(&low, &low), Ok(()));
    let high = [5_u8, 6, 7, 8].map(Scalar::from);
    assert_eq!(check(&low, &high), Err(DealingError::Proof { member: 1 }));
    assert_eq!(check(&high, &high), Err(DealingError::Commitments { given: 4, threshold: 3 }));
    // One wrong share alone: what (t − 1)(t − 2)(t − 3)(t − 4) adds is nothing at 1 to 4.
    let bump = [24_i8, -50, 35, -10, 1];
    let wrong: Vec<Scalar> = bump
        .iter()
        .enumerate()
        .map(|(place, by)| {
            let size = Scalar::from(by.unsigned_abs());
            let by = if *by < 0 { -size } else { size };
            low.get(place).copied().unwrap_or(Scalar::ZERO) + by
        })
        .collect();
    assert_eq!(check(&low, &wrong), Err(DealingError::Proof { member: 5 }));
    // A polynomial of too low degree: its last commitment is the identity.
    let flat = [Scalar::from(5_u8), Scalar::from(6_u8), Scalar::ZERO];
    assert_eq!(check(&flat, &flat), Err(DealingError::Commitment { number: 2 }));
}

#[test]
fn another_scalar_is_not_what_was_committed_to() {
    let (_, publics, dealing) = five();
    let right = reveal(&SEED, &context(), &publics, 3);
    assert!(dealing.check_revealed(&right).is_ok());
    for wrong in [
        reveal(&[43; 32], &context(), &publics, 3),
        reveal(&SEED, &Hash::ZERO, &publics, 3),
        reveal(&SEED, &context(), &publics, 2),
        ScalarBytes::new([0; 32]),
        ScalarBytes::new(ORDER),
        ScalarBytes::new([0xFF; 32]),
    ] {
        assert_eq!(dealing.check_revealed(&wrong), Err(OpeningError::Revealed));
    }
    let empty = Dealing { commitments: Vec::new(), shares: Vec::new() };
    assert_eq!(empty.check_revealed(&right), Err(OpeningError::Revealed));
    let nothing = Dealing { commitments: vec![IDENTITY], shares: Vec::new() };
    let zero = ScalarBytes::new([0; 32]);
    assert_eq!(nothing.check_revealed(&zero), Err(OpeningError::Revealed));
}

#[test]
fn an_opened_share_is_of_its_member_its_share_and_its_context() {
    let (members, publics, dealing) = five();
    let sealed = &dealing.shares[1].sealed;
    let opened = open_share(&members[1], &context(), 2, sealed).unwrap();
    let proof = Err(OpeningError::Proof { member: 2 });
    assert_eq!(opened.check(&context(), 2, &publics[1], sealed), Ok(()));
    assert_eq!(opened.check(&Hash::ZERO, 2, &publics[1], sealed), proof);
    assert_eq!(opened.check(&context(), 2, &publics[2], sealed), proof);
    assert_eq!(opened.check(&context(), 2, &publics[1], &dealing.shares[2].sealed), proof);
    let third = Err(OpeningError::Proof { member: 3 });
    assert_eq!(opened.check(&context(), 3, &publics[1], sealed), third);
    let mut wrong = opened;
    wrong.opened = bytes(&(point(&opened.opened) + BASE));
    assert_eq!(wrong.check(&context(), 2, &publics[1], sealed), proof);
    wrong.opened = IDENTITY;
    let share = Err(OpeningError::Share { member: 2 });
    assert_eq!(wrong.check(&context(), 2, &publics[1], sealed), share);
    assert_eq!(opened.check(&context(), 2, &SealingPublic::new(IDENTITY), sealed), share);
    assert_eq!(opened.check(&context(), 2, &publics[1], &IDENTITY), share);
    let mut wrong = opened;
    wrong.proof.response = ScalarBytes::new(ORDER);
    assert_eq!(wrong.check(&context(), 2, &publics[1], sealed), proof);
    // Who opens with another's key has a proof of nothing.
    let others = open_share(&members[0], &context(), 2, sealed).unwrap();
    assert_eq!(others.check(&context(), 2, &publics[1], sealed), proof);
    assert!(open_share(&members[0], &context(), 1, &IDENTITY).is_err());
}

#[test]
fn possession_is_of_one_key_in_one_context_and_no_key_of_others_has_it() {
    let members = members(2);
    let publics = publics(&members);
    let possession = members[0].prove_possession(&context());
    assert!(possession.holds(&context(), &publics[0]));
    assert!(!possession.holds(&Hash::ZERO, &publics[0]));
    assert!(!possession.holds(&context(), &publics[1]));
    let twice = point(publics[0].encoding()) + point(publics[0].encoding());
    let rogue = SealingPublic::new(bytes(&twice));
    let doubled: Scalar = {
        let response = possession.proof().response.as_bytes();
        let response = Scalar::from_canonical_bytes(*response).unwrap();
        response + response
    };
    let response = ScalarBytes::new(doubled.to_bytes());
    let forged = Possession::new(EqualityProof { response, ..*possession.proof() });
    assert!(!possession.holds(&context(), &rogue));
    assert!(!forged.holds(&context(), &rogue));
    assert!(!possession.holds(&context(), &SealingPublic::new(IDENTITY)));
    assert!(!possession.holds(&context(), &SealingPublic::new(NO_POINT)));
    // For the identity everybody knows a secret.
    let known = Possession::new(EqualityProof {
        challenge: ScalarBytes::new([0; 32]),
        response: ScalarBytes::new([0; 32]),
    });
    assert!(!known.holds(&context(), &SealingPublic::new(IDENTITY)));
}

#[test]
fn the_seed_depends_on_every_secret_their_order_and_the_round() {
    let secrets = [1_u8, 2, 3].map(|one| bytes(&(Scalar::from(one) * BASE)));
    let [one, two, three] = secrets;
    let round = round_context(&genesis(), 1, 0);
    let whole = seed(&round, &secrets);
    assert_eq!(whole, seed(&round, &secrets));
    for other in [
        seed(&round_context(&genesis(), 1, 1), &secrets),
        seed(&round, &[two, one, three]),
        seed(&round, &[one, two]),
        seed(&round, &[one, two, two]),
    ] {
        assert_ne!(whole, other);
    }
}

#[test]
fn nothing_secret_is_shown() {
    let secret = SealingSecret::from_seed(&[1; 32]);
    let shown = format!("{secret:?}");
    assert_eq!(shown, format!("SealingSecret(of {})", secret.public().encoding()));
}

#[test]
fn the_greatest_dealing_has_its_bytes_and_no_more() {
    let publics = publics(&members(16));
    let dealing = deal(&SEED, &context(), &publics, 16).unwrap();
    let bytes = dealing.to_bytes();
    assert_eq!(bytes.len(), DEALING_BYTES_MAX);
    assert_eq!(Dealing::from_bytes(&bytes), Ok(dealing.clone()));
    assert!(Dealing::from_bytes(&bytes[1..]).is_err());
    assert!(Dealing::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    let json = serde_json::to_string(&dealing).unwrap();
    assert_eq!(serde_json::from_str::<Dealing>(&json).unwrap(), dealing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_dealt_is_sound_and_opened_by_any_k(
        own in any::<[u8; 32]>(),
        count in 1_u8..=16,
        threshold in 1_u8..=16,
        order in Just((1_u8..=16).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        prop_assume!(threshold <= count);
        let members = members(count);
        let publics = publics(&members);
        let dealing = deal(&own, &context(), &publics, threshold).unwrap();
        prop_assert_eq!(dealing.check(&context(), &publics, threshold), Ok(()));
        let secret = dealing.check_revealed(&reveal(&own, &context(), &publics, threshold));
        let opening = order.iter().filter(|number| **number <= count).take(threshold.into());
        let opened: Vec<_> = opening
            .map(|number| {
                let at = usize::from(*number) - 1;
                let sealed = &dealing.shares[at].sealed;
                (*number, open_share(&members[at], &context(), *number, sealed).unwrap().opened)
            })
            .collect();
        prop_assert_eq!(combine(threshold, &opened), secret);
        let (_, fewer) = opened.split_first().unwrap();
        prop_assert!(fewer.is_empty() || combine(1, fewer) != secret);
    }

    #[test]
    fn one_changed_bit_of_a_dealing_is_refused(bit in 0_usize..(8 * (8 + 3 * 32 + 5 * 96))) {
        let (_, publics, dealing) = five();
        let mut changed = codec::encode(&dealing);
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(changed) = Dealing::from_bytes(&changed) {
            prop_assert!(changed.check(&context(), &publics, 3).is_err());
        }
    }

    #[test]
    fn no_bytes_end_in_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(dealing) = Dealing::from_bytes(&bytes) {
            let (_, publics, _) = five();
            prop_assert!(dealing.check(&context(), &publics, 3).is_err());
        }
    }
}
