//! Who shares in the seed of a programme's lotteries: its members, and the keys that shares are sealed
//! to.

use ledger_types::limits::{COMMITTERS_MAX, COMMITTERS_MIN};
use ledger_types::programme::{Allocation, Committer, ProgrammeTerms};
use ledger_types::{ProgrammeId, Rejection, refuse_if};
use public_draw::sharing::{Possession, member_context};

use crate::execution::Execution;

/// Whether the committee is one for the programme's allocation: none without a lottery, else enough
/// members, whose keys are their own, and of whom no one opens a secret alone nor stops it by silence.
///
/// Rejections, in order: `UnknownAccount`, `BadCommittee`.
pub(super) fn check(
    execution: &Execution<'_>,
    programme: ProgrammeId,
    terms: &ProgrammeTerms,
) -> Result<(), Rejection> {
    let ProgrammeTerms { committers, threshold, allocation, .. } = terms;
    for committer in committers {
        let is_there = execution.books.account(&committer.account).is_some();
        refuse_if(!is_there, Rejection::UnknownAccount)?;
    }
    let threshold = usize::from(*threshold);
    let is_sized = match allocation {
        Allocation::FirstCome => committers.is_empty() && threshold == 0,
        Allocation::Whole | Allocation::EqualFirst => {
            (COMMITTERS_MIN..=COMMITTERS_MAX).contains(&committers.len())
                && (2..committers.len()).contains(&threshold)
        }
    };
    refuse_if(!is_sized || !are_distinct(committers), Rejection::BadCommittee)?;
    let is_keyed = |committer: &Committer| {
        let (genesis, account) = (execution.genesis_hash, &committer.account);
        let context = member_context(genesis, programme.get(), account);
        Possession::from(committer).holds(&context, &committer.into())
    };
    refuse_if(!committers.iter().all(is_keyed), Rejection::BadCommittee)
}

fn are_distinct(committers: &[Committer]) -> bool {
    committers.iter().enumerate().all(|(place, one)| {
        let mut before = committers.iter().take(place);
        before.all(|other| other.account != one.account && other.sealing != one.sealing)
    })
}
