//! Batches of signatures, and the names of the bad ones among them.

use ledger_types::verify::{SignatureClaim, verify_all};

/// Below this many a failed batch is checked one by one.
const SINGLY_MAX: usize = 4;

/// For each group of claims in order whether all of its claims hold.
///
/// One good batch costs one batch verification; each bad claim costs about as much again as the
/// batch it hides in, in halves.
pub(super) fn judge(claims: &[SignatureClaim<'_>]) -> Vec<bool> {
    let mut verdicts = vec![true; claims.len()];
    if !verify_all(claims) {
        name_bad(claims, &mut verdicts);
    }
    verdicts
}

/// Marks the bad ones among claims that are known not to hold together.
fn name_bad(claims: &[SignatureClaim<'_>], verdicts: &mut [bool]) {
    if claims.len() <= SINGLY_MAX {
        for (claim, verdict) in claims.iter().zip(verdicts) {
            *verdict = verify_all(core::slice::from_ref(claim));
        }
        return;
    }
    let middle = claims.len() / 2;
    let (left, right) = claims.split_at(middle);
    let (left_verdicts, right_verdicts) = verdicts.split_at_mut(middle);
    let left_holds = verify_all(left);
    if !left_holds {
        name_bad(left, left_verdicts);
    }
    // Where the left half holds, the right one is what failed the whole.
    if left_holds || !verify_all(right) {
        name_bad(right, right_verdicts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger_types::{PublicKey, Signature, SigningKey};
    use proptest::prelude::{ProptestConfig, prop, proptest};

    fn signed(count: usize) -> Vec<(PublicKey, Vec<u8>, Signature)> {
        let key = SigningKey::from_seed(&[3; 32]);
        (0..count)
            .map(|n| {
                let message = n.to_le_bytes().to_vec();
                (key.public_key(), message.clone(), key.sign(&message))
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn exactly_the_bad_ones_are_named(
            count in 1_usize..80,
            bad in prop::collection::btree_set(0_usize..80, 0..6),
        ) {
            let mut signed = signed(count);
            for (place, (_, message, _)) in signed.iter_mut().enumerate() {
                if bad.contains(&place) {
                    message.push(0);
                }
            }
            let claims: Vec<SignatureClaim<'_>> = signed
                .iter()
                .map(|(key, message, signature)| SignatureClaim { key, message, signature })
                .collect();
            let named: Vec<bool> = (0..count).map(|place| !bad.contains(&place)).collect();
            assert_eq!(judge(&claims), named);
        }
    }
}
