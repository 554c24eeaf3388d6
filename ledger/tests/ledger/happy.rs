//! Every operation once where it commits: the whole state is what it was but for what it says.

use ledger::record::{
    Account, AccountStatus, Authority, Bank, ChargedInYear, Merchant, Notice, OpenRedeem,
    OpenRedeems, PairPosition, Party, Payment, RecentPayment, RecentPayments, Record, Redeem,
    RedeemStatus, ReferenceMark, References, ZoneAccount,
};
use ledger::state::keys;
use ledger_types::consent::{
    CorporateNumber, Materiality, NoticeContent, PartyRoles, PartyStatus, Regime,
};
use ledger_types::event::{
    AccountOpened, Charged, Discharged, Event, Issued, List, MerchantRegistered, NetDebitCapSet,
    Paid, RedeemCancelled, RedeemRequested, RedeemSettled, Transferred, ZoneAccountOpened,
};
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, ClaimRedeem, Discharge, Issue, KycLevel, MerchantClass,
    MerchantProfile, OpenAccount, OpenZoneAccount, Operation, Pay, RegisterParty, RequestRedeem,
    SetNetDebitCap, SettleRedeem, Transfer,
};
use ledger_types::payment::payment_id;
use ledger_types::{AccountId, Hash, Height, Nonce, Position, Timestamp, Yen};

use super::chain::{Chain, Picture, codes, picture};
use super::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, NO_PARTY, NOTICE, START, TOWN, akari, botan, chika, commitment,
    japanese, keys_of, notice, operator, registers, shop, text_hash, yen,
};

/// The lists of accounts, as an event gives them.
fn lists<const N: usize>(accounts: [AccountId; N]) -> Vec<List> {
    let mut lists = accounts.map(List::Account).to_vec();
    lists.sort_unstable();
    lists
}

/// Commits one operation and compares the whole state with the one before as `expect` changes it.
/// The sender's nonce is expected already. Gives the events.
pub(crate) fn commits(
    chain: &mut Chain,
    actor: &Actor,
    operation: Operation,
    expect: impl FnOnce(&mut Picture),
) -> Vec<Event> {
    let mut expected = picture(&chain.state);
    let tx = chain.tx(actor, vec![operation]);
    use_nonce(&mut expected, &actor.account, tx.unsigned.nonce);
    expect(&mut expected);
    let applied = chain.commit(vec![tx]);
    assert_eq!(codes(&applied), [0]);
    assert_eq!(picture(&chain.state), expected);
    applied.events.into_iter().map(|happened| happened.event).collect()
}

/// Uses a nonce of whichever sender the account is.
pub(crate) fn use_nonce(picture: &mut Picture, account: &AccountId, nonce: Nonce) {
    for key in [keys::account(account), keys::subject(account), keys::party(account)] {
        let authority = match picture.get_mut(key.as_bytes()) {
            Some(Record::Account(record)) => &mut record.authority,
            Some(Record::Subject(record)) => &mut record.authority,
            Some(Record::Party(record)) => &mut record.authority,
            _ => continue,
        };
        authority.window = authority.window.after_use(nonce).unwrap();
    }
}

fn account_of<'a>(picture: &'a mut Picture, actor: &Actor) -> &'a mut Account {
    match picture.get_mut(keys::account(&actor.account).as_bytes()) {
        Some(Record::Account(record)) => record,
        other => panic!("no account: {other:?}"),
    }
}

fn bank_of(picture: &mut Picture, bank: ledger_types::BankId) -> &mut Bank {
    match picture.get_mut(keys::bank(bank).as_bytes()) {
        Some(Record::Bank(record)) => record,
        other => panic!("no bank: {other:?}"),
    }
}

fn zone_total(picture: &mut Picture, total: u64) {
    match picture.get_mut(keys::zone(TOWN).as_bytes()) {
        Some(Record::Zone(record)) => record.total = yen(total),
        other => panic!("no zone: {other:?}"),
    }
}

pub(crate) fn put(picture: &mut Picture, key: ledger::Key, record: Record) {
    picture.insert(key.as_bytes().to_vec(), record);
}

fn put_in_town(picture: &mut Picture, actor: &Actor, balance: u64) {
    let record = ZoneAccount { balance: yen(balance) };
    put(picture, keys::zone_account(TOWN, &actor.account), Record::ZoneAccount(record));
}

#[test]
fn open_account_opens_an_empty_account_at_the_sending_bank() {
    let mut chain = Chain::new();
    let newcomer = Actor::holder(AIZU, 20);
    let open = OpenAccount {
        holder_commitment: commitment(20),
        kind: AccountKind::Citizen,
        kyc_level: KycLevel::K2,
        keys: keys_of(&newcomer),
        threshold: 1,
    };
    let bank = Actor::bank(AIZU);
    let events = commits(&mut chain, &bank, Operation::OpenAccount(open), |picture| {
        let record = Account {
            custodian: AIZU,
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            status: AccountStatus::Open,
            holder_commitment: commitment(20),
            balance: Yen::ZERO,
            held: Yen::ZERO,
            authority: Authority::new(&keys_of(&newcomer), 1).unwrap(),
            opened: Height::new(1),
        };
        put(picture, keys::account(&newcomer.account), Record::Account(record));
    });
    let account = newcomer.account;
    assert_eq!(events, [Event::AccountOpened(AccountOpened { account, custodian: AIZU })]);
}

#[test]
fn issue_credits_the_account_and_raises_the_banks_liability() {
    let mut chain = Chain::new();
    let core_banking_ref = commitment(50);
    let account = akari().account;
    let issue = Issue { account, amount: yen(30), core_banking_ref };
    let events = commits(&mut chain, &Actor::bank(AIZU), Operation::Issue(issue), |picture| {
        account_of(picture, &akari()).balance = yen(130);
        bank_of(picture, AIZU).issued = yen(230);
        bank_of(picture, AIZU).liability = yen(230);
        let marks = [ReferenceMark::of_issue(&core_banking_ref)].into();
        let key = keys::references(AIZU, &ReferenceMark::LAST);
        put(picture, key, Record::References(References { marks }));
    });
    assert_eq!(events, [Event::Issued(Issued { account, bank: AIZU, amount: yen(30) })]);
}

#[test]
fn transfer_within_a_bank_moves_the_balance_alone() {
    let mut chain = Chain::new();
    let events = commits(&mut chain, &akari(), transfer(&chika(), 40), |picture| {
        account_of(picture, &akari()).balance = yen(60);
        account_of(picture, &chika()).balance = yen(140);
    });
    let expected = Event::Transferred(Transferred {
        debtor: akari().account,
        creditor: chika().account,
        amount: yen(40),
        reference: None,
    });
    assert_eq!(events[0].enters(), lists([akari().account, chika().account]));
    assert_eq!(events, [expected]);
}

#[test]
fn transfer_across_banks_moves_liabilities_and_positions() {
    let mut chain = Chain::new();
    commits(&mut chain, &akari(), transfer(&botan(), 40), |picture| {
        account_of(picture, &akari()).balance = yen(60);
        account_of(picture, &botan()).balance = yen(140);
        bank_of(picture, AIZU).liability = yen(160);
        bank_of(picture, AIZU).position = Position::new(-40);
        bank_of(picture, BANDAI).liability = yen(140);
        bank_of(picture, BANDAI).position = Position::new(40);
        put_pair(picture, -40);
    });
    // And back, more than came: the same pair, seen from the other side.
    commits(&mut chain, &botan(), transfer(&akari(), 100), |picture| {
        account_of(picture, &akari()).balance = yen(160);
        account_of(picture, &botan()).balance = yen(40);
        bank_of(picture, AIZU).liability = yen(260);
        bank_of(picture, AIZU).position = Position::new(60);
        bank_of(picture, BANDAI).liability = yen(40);
        bank_of(picture, BANDAI).position = Position::new(-60);
        put_pair(picture, 60);
    });
}

fn put_pair(picture: &mut Picture, position: i64) {
    let record = PairPosition { position: Position::new(position) };
    put(picture, keys::pair_position(AIZU, BANDAI), Record::PairPosition(record));
}

pub(crate) fn transfer(to: &Actor, amount: u64) -> Operation {
    Operation::Transfer(Transfer { to: to.account, amount: yen(amount), reference: None })
}

pub(crate) fn request(redeem: Hash, amount: u64) -> Operation {
    Operation::RequestRedeem(RequestRedeem { redeem, amount: yen(amount) })
}

#[test]
fn request_redeem_holds_the_amount() {
    let mut chain = Chain::new();
    let redeem = commitment(51);
    let expires = Timestamp::from_millis(START + 1000 + REDEEM_EXPIRY_MS);
    let (account, amount) = (akari().account, yen(70));
    let events = commits(&mut chain, &akari(), request(redeem, 70), |picture| {
        account_of(picture, &akari()).held = amount;
        let (bank, status, claimed_until) = (AIZU, RedeemStatus::Open, None);
        let record = Redeem { account, bank, amount, expires, status, claimed_until };
        put(picture, keys::redeem(&redeem), Record::Redeem(record));
        let open = OpenRedeems { requests: vec![OpenRedeem { redeem, amount, expires }] };
        put(picture, keys::open_redeems(&account), Record::OpenRedeems(open));
    });
    let (bank, bank_account) = (AIZU, Actor::bank(AIZU).account);
    assert_eq!(events[0].enters(), lists([account, bank_account]));
    let expected = Event::RedeemRequested(RedeemRequested {
        redeem,
        account,
        bank,
        bank_account,
        amount,
        expires,
    });
    assert_eq!(events, [expected]);
}

/// A claim of the next block, for an hour.
pub(crate) fn claim(chain: &Chain, redeem: Hash) -> Operation {
    let until = Timestamp::from_millis(chain.now + 3_600_000);
    Operation::ClaimRedeem(ClaimRedeem { redeem, until })
}

fn end_redeem(picture: &mut Picture, redeem: &Hash, status: RedeemStatus) {
    match picture.get_mut(keys::redeem(redeem).as_bytes()) {
        Some(Record::Redeem(record)) => record.status = status,
        other => panic!("no redeem request: {other:?}"),
    }
    account_of(picture, &akari()).held = Yen::ZERO;
    picture.remove(keys::open_redeems(&akari().account).as_bytes());
}

#[test]
fn settle_redeem_ends_the_held_tokens() {
    let mut chain = Chain::new();
    let redeem = commitment(51);
    chain.must(&akari(), request(redeem, 70));
    let claim = claim(&chain, redeem);
    chain.must(&Actor::bank(AIZU), claim);
    let settle = Operation::SettleRedeem(SettleRedeem { redeem });
    let events = commits(&mut chain, &Actor::bank(AIZU), settle, |picture| {
        end_redeem(picture, &redeem, RedeemStatus::Settled);
        account_of(picture, &akari()).balance = yen(30);
        bank_of(picture, AIZU).liability = yen(130);
        bank_of(picture, AIZU).redeemed = yen(70);
    });
    let (account, amount) = (akari().account, yen(70));
    let (bank, bank_account) = (AIZU, Actor::bank(AIZU).account);
    assert_eq!(events[0].enters(), lists([account, bank_account]));
    assert_eq!(
        events,
        [Event::RedeemSettled(RedeemSettled { redeem, account, bank, bank_account, amount })]
    );
}

#[test]
fn cancel_redeem_gives_the_held_tokens_back_by_holder_or_bank() {
    for canceller in [akari(), Actor::bank(AIZU)] {
        let mut chain = Chain::new();
        let redeem = commitment(51);
        chain.must(&akari(), request(redeem, 70));
        let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
        let events = commits(&mut chain, &canceller, cancel, |picture| {
            end_redeem(picture, &redeem, RedeemStatus::Cancelled);
        });
        let (account, amount) = (akari().account, yen(70));
        let (bank, bank_account) = (AIZU, Actor::bank(AIZU).account);
        assert_eq!(events[0].enters(), lists([account, bank_account]));
        assert_eq!(
            events,
            [Event::RedeemCancelled(RedeemCancelled {
                redeem,
                account,
                bank,
                bank_account,
                amount
            })]
        );
    }
}

#[test]
fn set_net_debit_cap_sets_the_cap_alone() {
    let mut chain = Chain::new();
    let set = Operation::SetNetDebitCap(SetNetDebitCap { bank: BANDAI, cap: yen(7) });
    let events = commits(&mut chain, &operator(), set, |picture| {
        bank_of(picture, BANDAI).net_debit_cap = yen(7);
    });
    let operator = operator().account;
    assert_eq!(
        events,
        [Event::NetDebitCapSet(NetDebitCapSet { bank: BANDAI, cap: yen(7), operator })]
    );
}

#[test]
fn register_merchant_opens_a_sub_account_where_there_is_none() {
    let mut chain = Chain::new();
    let (zone, merchant, class) = (TOWN, chika().account, MerchantClass::Chain);
    let register = registers(zone, merchant, class, 0);
    let events = commits(&mut chain, &operator(), register, |picture| {
        let record = Merchant {
            class,
            tier: 0,
            next_tier: None,
            profile: MerchantProfile::default(),
            held: None,
            closing: None,
            registered: Height::new(1),
            charged: ChargedInYear::default(),
        };
        put(picture, keys::merchant(zone, &merchant), Record::Merchant(record.into()));
        put_in_town(picture, &chika(), 0);
    });
    assert_eq!(events, [Event::MerchantRegistered(MerchantRegistered { zone, merchant, class })]);
}

#[test]
fn register_merchant_keeps_the_sub_account_that_there_is() {
    let mut chain = Chain::new();
    charged(&mut chain, 25);
    let (zone, merchant, class) = (TOWN, akari().account, MerchantClass::Local);
    let register = registers(zone, merchant, class, 0);
    commits(&mut chain, &operator(), register, |picture| {
        let record = Merchant {
            class,
            tier: 0,
            next_tier: None,
            profile: MerchantProfile::default(),
            held: None,
            closing: None,
            registered: Height::new(3),
            charged: ChargedInYear::default(),
        };
        put(picture, keys::merchant(zone, &merchant), Record::Merchant(record.into()));
    });
}

#[test]
fn open_zone_account_opens_an_empty_sub_account() {
    let mut chain = Chain::new();
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
    let events = commits(&mut chain, &akari(), open, |picture| put_in_town(picture, &akari(), 0));
    let account = akari().account;
    assert_eq!(events, [Event::ZoneAccountOpened(ZoneAccountOpened { zone: TOWN, account })]);
}

/// Opens Akari's sub-account in the town and charges it: two blocks.
pub(crate) fn charged(chain: &mut Chain, amount: u64) {
    chain.must(&akari(), Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }));
    chain.must(&akari(), Operation::Charge(Charge { zone: TOWN, amount: yen(amount) }));
}

#[test]
fn charge_and_discharge_move_yen_between_the_holders_own_balances() {
    let mut chain = Chain::new();
    chain.must(&akari(), Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }));
    let charge = Operation::Charge(Charge { zone: TOWN, amount: yen(60) });
    let events = commits(&mut chain, &akari(), charge, |picture| {
        account_of(picture, &akari()).balance = yen(40);
        put_in_town(picture, &akari(), 60);
        zone_total(picture, 60);
    });
    let account = akari().account;
    assert_eq!(events, [Event::Charged(Charged { zone: TOWN, account, amount: yen(60) })]);
    let discharge = Operation::Discharge(Discharge { zone: TOWN, amount: yen(20) });
    let events = commits(&mut chain, &akari(), discharge, |picture| {
        account_of(picture, &akari()).balance = yen(60);
        put_in_town(picture, &akari(), 40);
        zone_total(picture, 40);
    });
    assert_eq!(events, [Event::Discharged(Discharged { zone: TOWN, account, amount: yen(20) })]);
}

#[test]
fn pay_in_a_zone_posts_between_custodians_in_the_same_step() {
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    let reference = Some(commitment(52));
    let pay = Pay {
        zone: TOWN,
        merchant: shop().account,
        amount: yen(45),
        charge: None,
        vouchers: None,
        reference,
        request: None,
        again: true,
    };
    let (now, height) = (chain.now + 1000, chain.state.height().next().unwrap());
    let events = commits(&mut chain, &akari(), Operation::Pay(pay), |picture| {
        put_in_town(picture, &akari(), 15);
        put_in_town(picture, &shop(), 45);
        bank_of(picture, AIZU).liability = yen(155);
        bank_of(picture, AIZU).position = Position::new(-45);
        bank_of(picture, BANDAI).liability = yen(145);
        bank_of(picture, BANDAI).position = Position::new(45);
        put_pair(picture, -45);
        let (amount, time) = (yen(45), Timestamp::from_millis(now));
        let (merchant, payer) = (shop().account, akari().account);
        let recent = RecentPayments { payments: vec![RecentPayment { merchant, amount, time }] };
        put(picture, keys::recent(TOWN, &payer), Record::RecentPayments(recent.into()));
        let payment = Payment {
            zone: TOWN,
            payer,
            merchant,
            class: MerchantClass::Local,
            terminal: None,
            time,
            amount,
            coin: amount,
            lots: vec![],
            fee: None,
            refunded: yen(0),
            voided: false,
        };
        let id = payment_id(height, 0, 0, time);
        put(picture, keys::payment(&id), Record::Payment(payment.into()));
    });
    let (payer, merchant, amount) = (akari().account, shop().account, yen(45));
    assert_eq!(
        events,
        [Event::Paid(Paid {
            zone: TOWN,
            payer: payer.into(),
            merchant,
            amount,
            cash: yen(0),
            request: None,
            terminal: None,
            reference,
        })]
    );
}

#[test]
fn register_party_lets_it_act_through_its_own_account() {
    let mut chain = Chain::new();
    let actor = Actor::party(NO_PARTY);
    let roles = PartyRoles::PROCESSOR;
    let register = RegisterParty {
        party: NO_PARTY,
        roles,
        regime: Regime::PublicBody,
        corporate_number: CorporateNumber::new(7_000_012_050_002),
        keys: keys_of(&actor),
        threshold: 1,
    };
    commits(&mut chain, &operator(), Operation::RegisterParty(register), |picture| {
        let authority = Authority::new(&keys_of(&actor), 1).unwrap();
        let record = Party {
            party: NO_PARTY,
            roles,
            regime: Regime::PublicBody,
            corporate_number: CorporateNumber::new(7_000_012_050_002),
            status: PartyStatus::Active,
            overdue_reviews: 0,
            authority,
        };
        put(picture, keys::party(&actor.account), Record::Party(record));
    });
    assert_eq!(chain.outcome(&actor, vec![notice(1, Materiality::Minor)]), 4003);
}

#[test]
fn publish_notice_keeps_the_last_material_version() {
    let mut chain = Chain::new();
    let hospital = Actor::party(HOSPITAL);
    let versions = [
        (1, Materiality::Editorial, 1),
        (2, Materiality::Minor, 1),
        (3, Materiality::Material, 3),
        (4, Materiality::Editorial, 3),
    ];
    for (version, materiality, last_material_version) in versions {
        commits(&mut chain, &hospital, notice(version, materiality), |picture| {
            let contents =
                vec![NoticeContent { language: japanese(), content_hash: text_hash(version) }];
            let published = Height::new(u64::from(version));
            let record = Notice {
                version,
                materiality,
                last_material_version,
                contents,
                media_hashes: vec![],
                published,
            };
            put(picture, keys::notice(HOSPITAL, NOTICE), Record::Notice(Box::new(record)));
        });
    }
}
