//! `CreateProgramme`: a sponsor announces a programme, once its shops are published.
//!
//! All that a buyer, a shop or a court asks later is fixed here and never changes. Rejections, in order:
//! `NotAMoneyAccount`, `ProgrammeExists`, `UnknownZone`, `UnknownInstrument`, `NotInstrumentIssuer`,
//! `BadProgramme`, `BadBuckets`, `BadDates`, `BadEscrows`, `ShopsUnpublished`, `UnknownAccount`,
//! `KycLevelTooLow`, `NotAtABank`, `BadCommittee`.

use ledger_types::event::ProgrammeCreated;
use ledger_types::instant::JapanTime;
use ledger_types::limits::{
    BUCKETS_MAX, ELIGIBILITY_LEAVES_MAX, ESCROWS_MAX, PROGRAMME_AHEAD_MS_MAX,
    PROGRAMME_NAME_BYTES_MAX,
};
use ledger_types::operation::{AccountKind, CreateProgramme};
use ledger_types::programme::{Allocation, Bucket, Eligibility, LegalClass, ProgrammeTerms, Takes};
use ledger_types::record::{AccountStatus, EligibilityList, Instrument, Programme, Zone};
use ledger_types::zone::Publishes;
use ledger_types::{AccountId, Rejection, Timestamp, Yen, refuse_if};

use super::committee;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::money;
use crate::state::Books;

impl Execute for CreateProgramme {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, ref terms } = *self;
        let sponsor = execution.sender.account()?;
        let books = &*execution.books;
        refuse_if(books.programme(programme).is_some(), Rejection::ProgrammeExists)?;
        let zone = books.zone(terms.zone).ok_or(Rejection::UnknownZone)?;
        let instrument = books.instrument(terms.zone, terms.instrument);
        let instrument = instrument.ok_or(Rejection::UnknownInstrument)?;
        refuse_if(instrument.issuer != sponsor, Rejection::NotInstrumentIssuer)?;
        refuse_if(!is_usable(terms, instrument), Rejection::BadProgramme)?;
        refuse_if(!are_buckets(terms, instrument), Rejection::BadBuckets)?;
        refuse_if(!are_dates(terms, execution.time), Rejection::BadDates)?;
        check_escrows(books, &terms.escrows)?;
        refuse_if(!has_shops(books, zone, terms), Rejection::ShopsUnpublished)?;
        for account in [terms.unused_paid_to, terms.unused_free_to] {
            check_target(books, &account)?;
        }
        committee::check(execution, programme, terms)?;
        let lists = create_list(execution.books, self);
        let record = Programme {
            terms: terms.clone(),
            sponsor,
            created: execution.height,
            rounds: 0,
            lists,
            closed: None,
        };
        execution.books.put_programme(programme, record);
        execution.emit(ProgrammeCreated { programme, zone: terms.zone, sponsor });
        Ok(())
    }
}

/// Writes the first list of who may buy, where there is one; gives how many there are.
fn create_list(books: &mut Books, create: &CreateProgramme) -> u16 {
    match create.terms.eligibility {
        Eligibility::Anybody => 0,
        Eligibility::Listed { root, size } => {
            books.put_eligibility(create.programme, 1, EligibilityList { root, size });
            1
        }
    }
}

/// Whether name, sets, caps, list and allocation are usable, and the instrument is a voucher's.
fn is_usable(terms: &ProgrammeTerms, instrument: &Instrument) -> bool {
    let (is_listed, fits) = match terms.eligibility {
        Eligibility::Anybody => (false, true),
        Eligibility::Listed { size, .. } => (true, (1..=ELIGIBILITY_LEAVES_MAX).contains(&size)),
    };
    let per_household = terms.per_household.is_none_or(|most| is_listed && most > 0);
    // A lottery is among people on a list.
    let is_drawn = terms.allocation != Allocation::FirstCome;
    (1..=PROGRAMME_NAME_BYTES_MAX).contains(&terms.name.len())
        && terms.sets > 0
        && terms.per_person > 0
        && per_household
        && fits
        && (is_listed || !is_drawn)
        && instrument.class != LegalClass::DepositToken
}

/// Whether the buckets are some, none of them empty or taken by nobody, and all sets together are in the
/// range of amounts: no sum over what is sold passes it then.
fn are_buckets(terms: &ProgrammeTerms, instrument: &Instrument) -> bool {
    let is_bucket = |bucket: &Bucket| {
        let Bucket { takes, paid, free, .. } = *bucket;
        let is_known = Takes::from_bits(takes.bits()).is_some() && takes.bits() != 0;
        is_known && !(paid.is_zero() && free.is_zero())
    };
    let is_free = terms.price() == Some(Yen::ZERO);
    let sets = Some(u64::from(terms.sets));
    let all = terms.face().zip(sets).and_then(|(face, sets)| face.get().checked_mul(sets));
    (1..=BUCKETS_MAX).contains(&terms.buckets.len())
        && terms.buckets.iter().all(is_bucket)
        && is_free == (instrument.class == LegalClass::FreePoint)
        && all.is_some()
}

/// Whether the dates are in order, not too far ahead, and within the fiscal year where they must be.
fn are_dates(terms: &ProgrammeTerms, now: Timestamp) -> bool {
    let ProgrammeTerms { use_from, use_until, refund_until, reconcile_by, .. } = *terms;
    let this_year = JapanTime(now).fiscal_year();
    let is_year = terms.fiscal_year == this_year
        || this_year.checked_add(1).is_some_and(|next| terms.fiscal_year == next);
    // What is reconciled by the year's end, in March, leaves nothing of it open.
    let within = terms.carried_over || JapanTime(reconcile_by).fiscal_year() <= terms.fiscal_year;
    let latest = now.checked_add_millis(PROGRAMME_AHEAD_MS_MAX);
    now <= use_from
        && use_from < use_until
        && use_until <= refund_until
        && refund_until <= reconcile_by
        && latest.is_some_and(|latest| reconcile_by <= latest)
        && is_year
        && within
}

/// Rejects with `BadEscrows` where they are none, too many, repeated, taken, or not program accounts at
/// banks.
fn check_escrows(books: &Books, escrows: &[AccountId]) -> Result<(), Stop> {
    let are_some = (1..=ESCROWS_MAX).contains(&escrows.len());
    let is_escrow = |account: &AccountId| {
        let Some(record) = books.account(account) else { return Ok(false) };
        let custodian = money::custodian(books, record)?;
        Ok::<_, Stop>(
            record.kind == AccountKind::Program
                && record.status == AccountStatus::Open
                && custodian.kind.is_bank()
                && custodian.kind.lets_hold(record.kyc_level)
                && books.escrow(account).is_none(),
        )
    };
    refuse_if(!are_some, Rejection::BadEscrows)?;
    for (place, account) in escrows.iter().enumerate() {
        let is_first = escrows.iter().position(|one| one == account) == Some(place);
        refuse_if(!is_first || !is_escrow(account)?, Rejection::BadEscrows)?;
    }
    Ok(())
}

/// Whether the zone publishes its merchants, and each bucket has one that takes it.
fn has_shops(books: &Books, zone: &Zone, terms: &ProgrammeTerms) -> bool {
    let missing = |found: Takes| !terms.buckets.iter().all(|one| one.takes.intersects(found));
    let mut found = Takes::default();
    let classes = books.merchants_of(terms.zone).map(|merchant| Takes::of(merchant.class));
    for class in classes {
        if !missing(found) {
            break;
        }
        found = found.with(class);
    }
    zone.publishes.intersects(Publishes::MERCHANTS) && !missing(found)
}

/// Whether what was not used can go to an account.
///
/// Rejections, in order: `UnknownAccount`, `KycLevelTooLow`, `NotAtABank`.
fn check_target(books: &Books, account: &AccountId) -> Result<(), Stop> {
    let record = books.account(account).ok_or(Rejection::UnknownAccount)?;
    money::check_holds(books, record)?;
    let is_at_bank = money::custodian(books, record)?.kind.is_bank();
    Ok(refuse_if(!is_at_bank, Rejection::NotAtABank)?)
}
