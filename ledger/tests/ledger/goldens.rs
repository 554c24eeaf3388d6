//! Pinned bytes: keys, records' kinds, and the roots of a small genesis and a few blocks.
//!
//! These change only with the protocol: a difference here forks the network from its past.

use ledger::record::{Duty, Owed, ReferenceMark};
use ledger::state::keys;
use ledger_types::consent::Materiality;
use ledger_types::operation::{Operation, Pay, SettleRedeem, Withdraw};
use ledger_types::{Hash, LegalBasisId, Regime, Transaction, VocabularyId};

use super::chain::{Chain, picture};
use super::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, NOTICE, PHARMACY, TOWN, access, akari, ask, botan, chika,
    commitment, consent_id, genesis_with, grant_of, notice, shop, subject, yen,
};
use super::happy::{charged, claim, request, transfer};

/// A chain of six blocks with every kind of record in it.
fn small_chain() -> (Vec<String>, Chain) {
    let mut chain = Chain::of(&genesis_with(4));
    let mut lines = vec![
        format!("genesis {}", chain.state.genesis_hash()),
        format!("state 0 {}", chain.state.state_root()),
    ];
    let hospital = Actor::party(HOSPITAL);
    chain.must(&hospital, notice(1, Materiality::Minor));
    charged(&mut chain, 60);
    let issue = ledger_types::operation::Issue {
        account: chika().account,
        amount: yen(5),
        core_banking_ref: commitment(60),
    };
    let pay = Pay {
        zone: TOWN,
        merchant: shop().account,
        amount: yen(45),
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    };
    let grant = Operation::Grant(grant_of(1));
    let txs = vec![
        chain.tx(&akari(), vec![transfer(&botan(), 20), request(commitment(51), 10)]),
        chain.tx(&Actor::bank(AIZU), vec![Operation::Issue(issue)]),
        chain.tx(&akari(), vec![Operation::Pay(pay)]),
        chain.cosigned(&subject(), &[&hospital], vec![grant]),
        chain.tx(&chika(), vec![transfer(&akari(), 1000)]),
        chain.tx(&botan(), vec![request(commitment(52), 1)]),
    ];
    chain.commit(txs);
    let claim = claim(&chain, commitment(51));
    let settle = SettleRedeem { redeem: commitment(51) };
    let txs: Vec<Transaction> = vec![
        chain.tx(&Actor::bank(AIZU), vec![claim, Operation::SettleRedeem(settle)]),
        chain.tx(&Actor::party(PHARMACY), vec![ask(1, access(1, 1))]),
        chain.tx(&subject(), vec![Operation::Withdraw(Withdraw { consent: consent_id(1) })]),
    ];
    let block = chain.propose(txs);
    chain.decide(block, 1);
    chain.commit(vec![]);
    for block in &chain.blocks {
        let header = &block.header;
        lines.push(format!("header {} {}", header.height, header.hash()));
        lines.push(format!("state before {} {}", header.height, header.state_root));
    }
    lines.push(format!("state {}", chain.state.state_root()));
    lines.push(format!("receipts {}", chain.state.receipts_root()));
    lines.push(format!("audit log {}", chain.state.audit_log_root()));
    lines.push(format!("rotation {}", chain.state.rotation().hash()));
    lines.push(format!("tip {}", Hash::of(&[&chain.state.tip_bytes()])));
    (lines, chain)
}

/// Writes the goldens anew where that is asked for: what changed is then read, not believed.
pub(crate) fn is_updated(file: &str, lines: &[String]) -> bool {
    let is_asked = std::env::var_os("UPDATE_GOLDEN").is_some();
    if is_asked {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger").join(file);
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
    is_asked
}

#[test]
fn roots_of_a_small_chain_are_pinned() {
    let (lines, _) = small_chain();
    if is_updated("roots.txt", &lines) {
        return;
    }
    let pinned: Vec<&str> = include_str!("roots.txt").lines().collect();
    assert_eq!(lines, pinned, "found:\n{}", lines.join("\n"));
}

#[test]
fn records_lie_under_keys_of_their_kind() {
    let (_, chain) = small_chain();
    let mut kinds: Vec<u8> = Vec::new();
    for (key, record) in picture(&chain.state) {
        assert_eq!(key[0], record.kind());
        assert_eq!(ledger_types::codec::encode(&record)[0], record.kind());
        kinds.push(record.kind());
    }
    kinds.dedup();
    let expected: Vec<u8> = (1..=10).chain([12, 13, 14, 28, 30, 37, 46, 66, 68]).collect();
    assert_eq!(kinds, expected);
}

#[test]
fn keys_are_pinned() {
    let account = ledger_types::AccountId::new([0xaa; 20]);
    let (aa, hash) = ("aa".repeat(20), Hash::new([0xbb; 32]));
    let bb = "bb".repeat(32);
    let consent = ledger_types::ConsentId::new(hash);
    let member = ledger_types::MemberId::new(0x0102);
    let rows = [
        (keys::account(&account), format!("01{aa}")),
        (keys::subject(&account), format!("02{aa}")),
        (keys::party(&account), format!("03{aa}")),
        (keys::bank(AIZU), "040001".to_owned()),
        (keys::pair_position(AIZU, BANDAI), "0500010002".to_owned()),
        (keys::zone(TOWN), "060001".to_owned()),
        (keys::zone_account(TOWN, &account), format!("070001{aa}")),
        (keys::merchant(TOWN, &account), format!("080001{aa}")),
        (keys::redeem(&hash), format!("09{bb}")),
        (keys::open_redeems(&account), format!("0a{aa}")),
        (keys::references(AIZU, &ReferenceMark::LAST), format!("2e0001{}", "ff".repeat(16))),
        (keys::notice(HOSPITAL, NOTICE), "0c0000000100000001".to_owned()),
        (keys::consent(&consent), format!("0d{bb}")),
        (keys::member(member), "0e0102".to_owned()),
        (keys::frozen(&account), format!("26{aa}")),
        (keys::account_recovery(&account), format!("27{aa}")),
    ];
    for (key, expected) in rows {
        assert_eq!(format!("{key:?}"), expected);
    }
}

#[test]
fn keys_of_the_consent_layer_are_pinned() {
    let account = ledger_types::AccountId::new([0xaa; 20]);
    let other = ledger_types::AccountId::new([0xcc; 20]);
    let (aa, cc, hash) = ("aa".repeat(20), "cc".repeat(20), Hash::new([0xbb; 32]));
    let bb = "bb".repeat(32);
    let consent = ledger_types::ConsentId::new(hash);
    let at = ledger_types::Timestamp::from_millis(0x0102);
    let (vocabulary, basis) = (VocabularyId::new(2), LegalBasisId::new(3));
    let (deadline, zeros) = ("0000000000000102", "00".repeat(20));
    let hour = Duty::MatchHour { holder: HOSPITAL, recipient: PHARMACY, hour: 5 };
    let due = |duty| keys::due(&Owed { debtor: PHARMACY, deadline: at, duty });
    let rows = [
        (keys::vocabulary(vocabulary, 4), "0f0000000200000004".to_owned()),
        (keys::legal_basis(basis), "1000000003".to_owned()),
        (keys::regime(Regime::PublicBody), "1101".to_owned()),
        (keys::joint_use(HOSPITAL, 4, 5), "12000000010000000400000005".to_owned()),
        (keys::opt_out(HOSPITAL, 4), "130000000100000004".to_owned()),
        (keys::opt_out_stop(HOSPITAL, 4, &hash), format!("140000000100000004{bb}")),
        (keys::terms(HOSPITAL, 4), "150000000100000004".to_owned()),
        (keys::contact(&account), format!("16{aa}")),
        (keys::reconsent(&hash), format!("17{bb}")),
        (keys::reconsent_count(HOSPITAL), "1800000001".to_owned()),
        (keys::subject_request(&hash), format!("19{bb}")),
        (keys::delegation(&account, &other), format!("1a{aa}{cc}")),
        (keys::recovery(&account), format!("1b{aa}")),
        (keys::access(&hash), format!("1c{bb}")),
        (keys::disclosures(HOSPITAL, PHARMACY, 5), "1d000000010000000200000005".to_owned()),
        (keys::acknowledgement(&consent), format!("1e{bb}")),
        (keys::glass(&hash), format!("1f{bb}")),
        (keys::emergency(7), "2000000007".to_owned()),
        (keys::dividend(HOSPITAL, 4, 5, 6), "2100000001000000040000000500000006".to_owned()),
        (keys::shred(&consent, HOSPITAL), format!("22{bb}00000001")),
        (keys::audit_view(&hash), format!("23{bb}")),
        (keys::log_read(&hash), format!("24{bb}")),
        (due(Duty::Acknowledge(consent)), format!("250100000002{deadline}00{bb}")),
        (due(Duty::Answer(hash)), format!("250100000002{deadline}01{bb}")),
        (due(Duty::Match(hash)), format!("250100000002{deadline}02{bb}")),
        (due(hour), format!("250100000002{deadline}03000000010000000200000005{zeros}")),
        (due(Duty::Review(hash)), format!("250000000002{deadline}04{bb}")),
        (due(Duty::Notify(hash)), format!("250100000002{deadline}05{bb}")),
        (keys::cursor(9, 1), "2b0000000900000001".to_owned()),
        (keys::counter(&account, HOSPITAL), format!("28{aa}00000001")),
        (keys::entered(&consent), format!("29{bb}")),
        (keys::counter_day(HOSPITAL), "2a00000001".to_owned()),
    ];
    for (key, expected) in rows {
        assert_eq!(format!("{key:?}"), expected);
    }
}
