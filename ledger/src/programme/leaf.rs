//! Leaves of who may buy: what each has to show, and what is noted of it.

use ledger_types::limits::{LEAF_PATH_MAX, LEAVES_MAX};
use ledger_types::operation::LeafClaim;
use ledger_types::programme::Allocation;
use ledger_types::record::{Household, LeafPlace, LeafUse, Programme};
use ledger_types::verify::verify;
use ledger_types::{AccountId, Hash, ProgrammeId, Rejection, refuse_if};
use public_draw::leaf::{application_message, is_listed};
use public_draw::{Application, Leaf};

use super::found;
use crate::execution::Execution;
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

/// A leaf, its household, and for how many sets it stands.
pub(super) type Part = (LeafPlace, Hash, u16);

/// The leaves that an applicant or buyer shows for a round, with their households and how many sets are
/// asked for: each is on a list and signed for the applicant, was not taken back, takes part in a
/// lottery of the round for the first time, and stays within the person's cap and the household's over all rounds.
///
/// Rejections, in order: `UnknownProgramme`, `BadLeaf`, `LeafIsRevoked`, `LeafUsed`, `ZeroSets`,
/// `PersonCapReached`, `HouseholdCapReached`.
pub(super) fn claim(
    execution: &Execution<'_>,
    programme: ProgrammeId,
    round: u16,
    applicant: &AccountId,
    leaves: &[LeafClaim],
) -> Result<Vec<Part>, Stop> {
    let books = &*execution.books;
    let record = found(books, programme)?;
    let is_counted = (1..=LEAVES_MAX).contains(&leaves.len()) && are_distinct(leaves);
    let is_shown = |claim| is_shown(execution, programme, round, applicant, claim);
    refuse_if(!is_counted || !leaves.iter().all(is_shown), Rejection::BadLeaf)?;
    let used = leaves.iter().map(|claim| (claim, use_of(books, programme, claim.leaf)));
    let used: Vec<(&LeafClaim, LeafUse)> = used.collect();
    let is_revoked = used.iter().any(|(_, used)| used.revoked.is_some());
    refuse_if(is_revoked, Rejection::LeafIsRevoked)?;
    // Where whoever comes first buys, a letter buys again within its cap.
    let is_drawn = record.terms.allocation != Allocation::FirstCome;
    let is_used = is_drawn && used.iter().any(|(_, used)| used.round == round);
    refuse_if(is_used, Rejection::LeafUsed)?;
    refuse_if(leaves.iter().any(|claim| claim.sets == 0), Rejection::ZeroSets)?;
    check_persons(record, &used)?;
    let parts: Vec<Part> =
        leaves.iter().map(|claim| (claim.leaf, claim.household, claim.sets)).collect();
    check_households(books, programme, round, record, &parts)?;
    Ok(parts)
}

/// What became of a leaf so far.
pub(super) fn use_of(books: &Books, programme: ProgrammeId, leaf: LeafPlace) -> LeafUse {
    books.leaf_use(programme, leaf).copied().unwrap_or_default()
}

fn are_distinct(leaves: &[LeafClaim]) -> bool {
    let mut places: Vec<LeafPlace> = leaves.iter().map(|claim| claim.leaf).collect();
    places.sort_unstable();
    places.is_sorted_by(|one, next| one < next)
}

/// Whether the leaf is on its list, and its key signed for this applicant in this round.
fn is_shown(
    execution: &Execution<'_>,
    programme: ProgrammeId,
    round: u16,
    applicant: &AccountId,
    claim: &LeafClaim,
) -> bool {
    let LeafClaim { leaf, key, household, entitled, ref path, ref signature, .. } = *claim;
    let list = execution.books.eligibility(programme, leaf.list);
    let is_on_list = list.is_some_and(|list| {
        let hash = Leaf { key, household, sets: entitled }.hash();
        path.len() <= LEAF_PATH_MAX && is_listed(&list.root, list.size, leaf.index, &hash, path)
    });
    let signed = Application::on_ledger(programme, round, leaf, *applicant);
    let is_signed =
        |signed| verify(&key, &application_message(execution.genesis_hash, signed), signature);
    is_on_list && signed.as_ref().is_some_and(is_signed)
}

/// Rejects with `PersonCapReached` where a leaf would have more sets than the programme or its letter
/// says, or all together pass the range of sets.
fn check_persons(programme: &Programme, used: &[(&LeafClaim, LeafUse)]) -> Result<(), Rejection> {
    let mut all = Some(0_u16);
    for (claim, used) in used {
        let most = programme.terms.per_person.min(claim.entitled);
        all = all.and_then(|all| all.checked_add(claim.sets));
        let fits = used.bought.checked_add(claim.sets).is_some_and(|sets| sets <= most);
        refuse_if(!fits || all.is_none(), Rejection::PersonCapReached { most })?;
    }
    Ok(())
}

/// Rejects with `HouseholdCapReached` where a household would have more sets than one may.
fn check_households(
    books: &Books,
    id: ProgrammeId,
    round: u16,
    programme: &Programme,
    parts: &[Part],
) -> Result<(), Rejection> {
    let Some(most) = programme.terms.per_household else { return Ok(()) };
    for (_, tag, _) in parts {
        let Household { asked, bought, .. } = household_in(books, id, round, tag);
        let mut new = parts.iter().filter(|(_, other, _)| other == tag).map(|(_, _, sets)| *sets);
        // What was bought of what was asked for in the round itself is in both: the applications of a
        // round are over before anything of it is bought.
        let all = new.try_fold(asked, u16::checked_add).and_then(|all| all.checked_add(bought));
        let fits = all.is_some_and(|all| all <= most);
        refuse_if(!fits, Rejection::HouseholdCapReached { most })?;
    }
    Ok(())
}

/// What a household asked for in a round, and bought.
fn household_in(books: &Books, programme: ProgrammeId, round: u16, tag: &Hash) -> Household {
    let record = books.household(programme, tag).copied().unwrap_or_default();
    if record.round == round { record } else { Household { round, asked: 0, ..record } }
}

/// Notes leaves in a new application.
pub(super) fn note_entered(
    books: &mut Books,
    programme: ProgrammeId,
    round: u16,
    ticket: u32,
    parts: &[Part],
) -> Result<(), Fault> {
    for (leaf, tag, sets) in parts {
        let used = use_of(books, programme, *leaf);
        books.put_leaf_use(programme, *leaf, LeafUse { round, ticket, ..used });
        note_household(books, programme, round, tag, |household| {
            Some(Household { asked: household.asked.checked_add(*sets)?, ..household })
        })?;
    }
    Ok(())
}

/// Takes back what a leaf asked for in a round, of its household.
pub(super) fn note_left(
    books: &mut Books,
    programme: ProgrammeId,
    round: u16,
    tag: &Hash,
    sets: u16,
) -> Result<(), Fault> {
    note_household(books, programme, round, tag, |household| {
        Some(Household { asked: household.asked.checked_sub(sets)?, ..household })
    })
}

/// Notes what was bought with leaves in a round, by the application or at once.
pub(super) fn note_bought(
    books: &mut Books,
    programme: ProgrammeId,
    round: u16,
    ticket: Option<u32>,
    parts: &[Part],
) -> Result<(), Fault> {
    for (leaf, tag, sets) in parts {
        let used = use_of(books, programme, *leaf);
        // A person's cap was checked before: at once, or when it was applied.
        let bought = must(used.bought.checked_add(*sets), "a leaf's sets pass the range")?;
        let ticket = ticket.unwrap_or(0);
        books.put_leaf_use(programme, *leaf, LeafUse { round, ticket, bought, ..used });
        note_household(books, programme, round, tag, |household| {
            Some(Household { bought: household.bought.checked_add(*sets)?, ..household })
        })?;
    }
    let Some(number) = ticket else { return Ok(()) };
    let ticket = must(books.ticket(programme, round, number), "an application is gone")?;
    let mut ticket = ticket.clone();
    for leaf in &mut ticket.leaves {
        let part = parts.iter().find(|(place, _, _)| *place == leaf.leaf);
        let bought = leaf.bought.checked_add(part.map_or(0, |(_, _, sets)| *sets));
        leaf.bought = must(bought, "a leaf's sets pass the range")?;
    }
    books.put_ticket(programme, round, number, ticket);
    Ok(())
}

/// Writes what changes of a household, where its programme limits households.
fn note_household(
    books: &mut Books,
    programme: ProgrammeId,
    round: u16,
    tag: &Hash,
    change: impl Fn(Household) -> Option<Household>,
) -> Result<(), Fault> {
    let record = must(books.programme(programme), "a programme is gone")?;
    if record.terms.per_household.is_some() {
        let changed = change(household_in(books, programme, round, tag));
        // The household's cap was checked before.
        let changed = must(changed, "a household's sets contradict each other")?;
        books.put_household(programme, tag, changed);
    }
    Ok(())
}
