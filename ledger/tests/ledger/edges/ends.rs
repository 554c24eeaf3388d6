//! States near the ends of their numbers: counters, amounts, times and windows, moved together so
//! that the books still hold.

use std::collections::BTreeMap;

use ledger::record::{Account, Authority, Bank, CyclePart, Duty, Kind, Owed, PairPosition, Record};
use ledger::state::keys;
use ledger::{State, StoredRecord};
use ledger_types::event::PairNet;
use ledger_types::limits::{REDEEM_EXPIRY_MS, VALID_UNTIL_AHEAD_MS_MAX};
use ledger_types::{
    AccountId, BankId, Genesis, Height, PartyId, Position, Timestamp, Yen, ZoneId, codec,
};

use crate::chain::{Chain, Picture, picture};
use crate::custody::{OTHER, PREPAID, float, other_float};
use crate::dice::Dice;
use crate::fixture::{AIZU, BANDAI, HOSPITAL, NOTICE, TADAMI};

/// The banks, then the issuers, which have no positions.
const CUSTODIANS: [BankId; 5] = [AIZU, BANDAI, TADAMI, PREPAID, OTHER];

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The chain's state with its numbers near their ends.
pub(super) fn near(chain: &Chain, genesis: &Genesis, dice: &mut Dice) -> State {
    let now = instant(dice, chain.now);
    let mut records = picture(&chain.state);
    times(&mut records, now - chain.now, now, dice);
    counters(&mut records, dice);
    money(&mut records, dice);
    let records = dues(&records);
    let stored = records.into_iter().zip(1_u32..).map(|((key, record), slot)| StoredRecord {
        slot,
        key,
        value: codec::encode(&record),
    });
    let mut tip = chain.state.tip_bytes();
    let height = if dice.one_in(4) { u64::MAX - dice.below(6) } else { chain.state.height().get() };
    tip[32..40].copy_from_slice(&codec::encode(&Height::new(height)));
    tip[40..48].copy_from_slice(&codec::encode(&at(now)));
    let state = State::restore(genesis, &tip, stored).unwrap();
    state.conservation().unwrap();
    state
}

const fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Now, or an instant after which some of what is counted from it does not fit.
fn instant(dice: &mut Dice, now: u64) -> u64 {
    let end = u64::MAX;
    match dice.below(8) {
        0 => end - 1 - dice.below(60_000),
        1 => end - VALID_UNTIL_AHEAD_MS_MAX - 1 - dice.below(60_000),
        2 => end - REDEEM_EXPIRY_MS - dice.below(60_000),
        3 => end - (8 + dice.below(40)) * DAY_MS,
        4 => end - (366 + dice.below(9)) * DAY_MS,
        5 => u64::from(u32::MAX) * DAY_MS + dice.below(2 * DAY_MS),
        _ => now + dice.below(30) * DAY_MS,
    }
}

/// A number at most a few below the last.
fn last(dice: &mut Dice) -> u32 {
    u32::MAX - u32::from(dice.small(4))
}

/// Moves every instant with now, and some to now or to the end.
fn times(records: &mut Picture, ahead: u64, now: u64, dice: &mut Dice) {
    for record in records.values_mut() {
        each_time(record, &mut |time| {
            let moved = time.as_millis().saturating_add(ahead);
            *time = at(match dice.below(8) {
                0 => now.saturating_add(dice.below(4)),
                1 => u64::MAX - dice.below(3),
                _ => moved,
            });
        });
        // What redeem requests hold, and for how long, is in two records alike.
        if let Record::OpenRedeems(open) = record {
            for request in &mut open.requests {
                request.expires = at(request.expires.as_millis().saturating_add(ahead));
            }
        } else if let Record::Redeem(redeem) = record {
            redeem.expires = at(redeem.expires.as_millis().saturating_add(ahead));
            let end = at(if dice.one_in(2) { now.saturating_add(dice.below(4)) } else { u64::MAX });
            redeem.claimed_until = redeem.claimed_until.map(|_| end.min(redeem.expires));
        }
    }
}

fn each_time(record: &mut Record, call: &mut dyn FnMut(&mut Timestamp)) {
    match record {
        Record::Consent(consent) => {
            call(&mut consent.valid_from);
            call(&mut consent.expires);
            consent.guardian.iter_mut().for_each(|guardian| call(&mut guardian.until));
        }
        Record::OptOut(scheme) => call(&mut scheme.wait_until),
        Record::Reconsent(request) => call(&mut request.deadline),
        Record::ReconsentCount(count) => count.recent.iter_mut().for_each(call),
        Record::SubjectRequest(request) => call(&mut request.deadline),
        Record::Delegation(delegation) => call(&mut delegation.until),
        Record::Recovery(recovery) => call(&mut recovery.executable_from),
        Record::Access(access) => {
            call(&mut access.valid_until);
            access.deadline.iter_mut().for_each(call);
        }
        Record::Disclosures(hour) => call(&mut hour.deadline),
        Record::Acknowledgement(owed) => call(&mut owed.deadline),
        Record::Glass(glass) => {
            call(&mut glass.opened);
            call(&mut glass.until);
            call(&mut glass.review_deadline);
            call(&mut glass.notify_deadline);
        }
        Record::Emergency(emergency) => {
            emergency.endorsements.iter_mut().for_each(|word| call(&mut word.until));
        }
        Record::AuditView(view) => call(&mut view.until),
        Record::Cycle(cycle) => call(&mut cycle.closed_at),
        _ => {}
    }
}

/// Counters, versions and windows of nonces.
fn counters(records: &mut Picture, dice: &mut Dice) {
    let version = if dice.one_in(4) { 2 } else { last(dice) };
    let mut moved = BTreeMap::new();
    for (key, mut record) in core::mem::take(records) {
        match &mut record {
            Record::Account(account) => window(&mut account.authority, dice),
            Record::Subject(subject) => window(&mut subject.authority, dice),
            Record::Party(party) => {
                window(&mut party.authority, dice);
                party.overdue_reviews = if dice.one_in(3) { last(dice) } else { 0 };
            }
            Record::Notice(notice) => notice.version = version,
            Record::Reconsent(request) => request.version = version,
            Record::LegalBasis(law) => law.version = last(dice),
            Record::Consent(consent) => {
                consent.notice_version = version - u32::from(dice.small(2));
                consent.revision = last(dice);
                consent.renewals = last(dice);
                consent.use_limit = consent.use_limit.map(|_| last(dice));
                consent.uses = last(dice);
            }
            _ => {}
        }
        moved.insert(key_with(&key, &record, version), record);
    }
    *records = moved;
}

/// The key, with the version in it moved to the end where it has one.
fn key_with(key: &[u8], record: &Record, version: u32) -> Vec<u8> {
    let key = match record {
        Record::JointUse(_) => keys::joint_use(HOSPITAL, 1, version),
        Record::Vocabulary(_) => keys::vocabulary(crate::consent::world::WORDS, version),
        Record::Notice(_) => keys::notice(HOSPITAL, NOTICE),
        _ => return key.to_vec(),
    };
    key.as_bytes().to_vec()
}

/// A window whose lowest unused nonce is one of the last.
fn window(authority: &mut Authority, dice: &mut Dice) {
    if dice.one_in(2) {
        let lowest = u64::MAX - dice.below(300);
        let bytes = [lowest.to_le_bytes(), [0; 8], [0; 8]].concat();
        authority.window = borsh::from_slice(&bytes).unwrap();
    }
}

/// Balances, what banks issued and redeemed, and what they owe each other.
fn money(records: &mut Picture, dice: &mut Dice) {
    loop {
        let mut tried = records.clone();
        if books(&mut tried, dice).is_some() {
            *records = tried;
            return;
        }
    }
}

/// One try, which some sums of large positions and balances do not fit.
fn books(records: &mut Picture, dice: &mut Dice) -> Option<()> {
    let liabilities = balances(records, dice);
    let pairs = pairs(dice);
    let sums = sums(pairs)?;
    cycle(records, dice)?;
    let large = position(dice);
    let settled = [large, large.checked_neg()?, 0];
    for ((lower, higher), position) in PAIRS.into_iter().zip(pairs) {
        let pair = PairPosition { position: Position::new(position) };
        let key = keys::pair_position(lower, higher).as_bytes().to_vec();
        records.insert(key, Record::PairPosition(pair));
    }
    // What a custodian issued and did not redeem is what it owes holders less what others owe it, or
    // paid it outside.
    let (mut positions, mut settled) = (sums.to_vec(), settled.to_vec());
    positions.resize(CUSTODIANS.len(), 0);
    settled.resize(CUSTODIANS.len(), 0);
    let net = |place: usize| {
        i128::from(liabilities[place]) - i128::from(positions[place]) - i128::from(settled[place])
    };
    let issued: i128 = (0..CUSTODIANS.len()).map(|place| net(place).max(0)).sum();
    let mut spare = u64::try_from(i128::from(u64::MAX) - issued).ok()?;
    for (place, bank) in CUSTODIANS.into_iter().enumerate() {
        // What else there is room for was issued and redeemed.
        let most = spare - u64::from(dice.small(90)).min(spare);
        let turned_over = if dice.one_in(2) { most } else { 0 };
        spare -= turned_over;
        let record = records.get_mut(keys::bank(bank).as_bytes());
        let Some(Record::Bank(record)) = record else { panic!("bank {bank} is gone") };
        let figure = |yen: i128| u64::try_from(yen + i128::from(turned_over)).ok().map(Yen::new);
        record.issued = figure(net(place).max(0))?;
        record.redeemed = figure((-net(place)).max(0))?;
        record.liability = Yen::new(liabilities[place]);
        record.position = Position::new(positions[place]);
        record.settled = Position::new(settled[place]);
        bounds(record, dice);
    }
    Some(())
}

const PAIRS: [(BankId, BankId); 3] = [(AIZU, BANDAI), (AIZU, TADAMI), (BANDAI, TADAMI)];

/// A position near an end, or a small one.
fn position(dice: &mut Dice) -> i64 {
    match dice.below(4) {
        0 => i64::MAX - i64::from(dice.small(100)),
        1 => i64::MIN + i64::from(dice.small(100)),
        _ => i64::from(dice.small(200)) - 100,
    }
}

fn pairs(dice: &mut Dice) -> [i64; 3] {
    let (one, other) = (position(dice), i64::from(dice.small(200)) - 100);
    if dice.one_in(2) { [one, other, 0] } else { [other, 0, one] }
}

/// The cycle that waits captured other amounts, as if much had been paid since; where these make no
/// cycle that waits, none.
fn cycle(records: &mut Picture, dice: &mut Dice) -> Option<()> {
    let captured = pairs(dice);
    let sums = sums(captured)?;
    let record = records.get_mut(keys::cycle(1).as_bytes());
    let Some(Record::Cycle(cycle)) = record else { panic!("the cycle is gone") };
    let word = cycle.parts.iter().find_map(|part| part.confirmed);
    let pair = |((lower, higher), position)| PairNet { lower, higher, position };
    let captured = captured.map(Position::new).into_iter();
    let all = PAIRS.into_iter().zip(captured).filter(|(_, position)| !position.is_zero());
    cycle.pairs = all.map(pair).collect();
    let banks = [AIZU, BANDAI, TADAMI].into_iter().zip(sums.map(Position::new));
    let owing = banks.filter(|(_, position)| !position.is_zero());
    let part =
        |(bank, position)| CyclePart { bank, position, confirmed: word.filter(|_| bank == AIZU) };
    cycle.parts = owing.map(part).collect();
    (!cycle.parts.is_empty()).then_some(())
}

/// What each bank's pairs sum to, where that fits.
fn sums([ab, ac, bc]: [i64; 3]) -> Option<[i64; 3]> {
    let third = ac.checked_neg()?.checked_sub(bc)?;
    Some([ab.checked_add(ac)?, bc.checked_sub(ab)?, third])
}

/// Caps and allowances: none that bind, or just enough.
fn bounds(bank: &mut Bank, dice: &mut Dice) {
    let outstanding = bank.issued.get().saturating_sub(bank.redeemed.get());
    bank.issue_allowance = Yen::new(match dice.below(2) {
        0 => u64::MAX,
        _ => outstanding.saturating_add(dice.below(60)),
    });
    bank.net_debit_cap = Yen::new(match dice.below(2) {
        0 => u64::MAX,
        _ => bank.position.net_debit().get().saturating_add(dice.below(60)),
    });
}

/// Gives accounts large sums beside what they have, and floats as much as their issuers' customers;
/// what each custodian owes then.
fn balances(records: &mut Picture, dice: &mut Dice) -> [u64; CUSTODIANS.len()] {
    let mut custodians = BTreeMap::new();
    let (mut owed, mut covered) = (BTreeMap::new(), BTreeMap::new());
    let mut in_zones: BTreeMap<u16, u64> = BTreeMap::new();
    let floats = [(PREPAID, float()), (OTHER, other_float())];
    let small: u64 = records.values_mut().filter_map(balance).map(|yen| yen.get()).sum();
    let mut left = *dice.of(&[u64::MAX, u64::MAX / 2, 1 << 40]) - small;
    for (key, record) in records.iter_mut() {
        let own = Account::of(record).map(|account| account.custodian);
        let Some(balance) = balance(record) else { continue };
        let holder = AccountId::new(key[key.len() - 20..].try_into().unwrap());
        if let Some(custodian) = own {
            custodians.insert(holder, custodian);
        }
        let custodian = custodians[&holder];
        let is_prepaid = floats.iter().any(|(issuer, _)| *issuer == custodian);
        // Of what is prepaid the float has as much again.
        let room = if is_prepaid { left / 2 } else { left };
        let share = if dice.one_in(3) { room - dice.below(20_000).min(room) } else { 0 };
        left -= if is_prepaid { 2 * share } else { share };
        *balance = Yen::new(balance.get() + share);
        *owed.entry(custodian).or_insert(0) += balance.get();
        *covered.entry(custodian).or_insert(0) += share;
        if let Record::ZoneAccount(account) = record {
            let zone = u16::from_be_bytes([key[1], key[2]]);
            *in_zones.entry(zone).or_default() += account.balance.get();
        }
    }
    for (issuer, float) in floats {
        let more = covered.get(&issuer).copied().unwrap_or_default();
        let float = records.get_mut(keys::account(&float.account).as_bytes());
        let Some(Record::Account(float)) = float else { panic!("the float is gone") };
        float.balance = Yen::new(float.balance.get() + more);
        *owed.entry(float.custodian).or_insert(0) += more;
    }
    for (zone, total) in in_zones {
        let zone = records.get_mut(keys::zone(ZoneId::new(zone)).as_bytes());
        let Some(Record::Zone(zone)) = zone else { panic!("the zone is gone") };
        zone.total = Yen::new(total);
    }
    for record in records.values_mut() {
        if let Record::Merchant(merchant) = record
            && dice.one_in(3)
        {
            merchant.charged.amount = Yen::new(u64::MAX - dice.below(5));
        }
    }
    CUSTODIANS.map(|custodian| owed.get(&custodian).copied().unwrap_or_default())
}

/// What is posted in the record, where it is an account or a sub-account.
fn balance(record: &mut Record) -> Option<&mut Yen> {
    match record {
        Record::Account(account) => Some(&mut account.balance),
        Record::ZoneAccount(account) => Some(&mut account.balance),
        _ => None,
    }
}

/// The records with each due under the instant that its own record says now.
fn dues(records: &Picture) -> Picture {
    let deadline = |duty: &Duty| {
        let record = |key: ledger::Key| records.get(key.as_bytes());
        match duty {
            Duty::Acknowledge(consent) => match record(keys::acknowledgement(consent))? {
                Record::Acknowledgement(owed) => Some(owed.deadline),
                _ => None,
            },
            Duty::Answer(request) => match record(keys::subject_request(request))? {
                Record::SubjectRequest(asked) => Some(asked.deadline),
                _ => None,
            },
            Duty::Match(access) => match record(keys::access(access))? {
                Record::Access(access) => access.deadline,
                _ => None,
            },
            Duty::MatchHour { holder, recipient, hour } => {
                match record(keys::disclosures(*holder, *recipient, *hour))? {
                    Record::Disclosures(hour) => Some(hour.deadline),
                    _ => None,
                }
            }
            Duty::Review(glass) | Duty::Notify(glass) => match record(keys::glass(glass))? {
                Record::Glass(glass) if matches!(duty, Duty::Review(_)) => {
                    Some(glass.review_deadline)
                }
                Record::Glass(glass) => Some(glass.notify_deadline),
                _ => None,
            },
        }
    };
    let moved = |(key, record): (&Vec<u8>, &Record)| match record {
        Record::Due(due) => {
            let deadline = deadline(&due.duty).expect("a due has its record");
            let debtor = PartyId::new(u32::from_be_bytes(key[2..6].try_into().unwrap()));
            let owed = Owed { debtor, deadline, duty: due.duty };
            (keys::due(&owed).as_bytes().to_vec(), record.clone())
        }
        _ => (key.clone(), record.clone()),
    };
    records.iter().map(moved).collect()
}
