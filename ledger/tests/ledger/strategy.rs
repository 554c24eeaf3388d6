//! Random blocks: few names and small amounts, so that transactions meet each other.

use ledger_types::consent::{Language, Materiality, NoticeContent, PartyRoles, Regime};
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, ClaimRedeem, Discharge, Issue, KycLevel, MerchantClass,
    OpenAccount, OpenZoneAccount, Operation, Pay, PublishNotice, RaiseAllowance, RaiseFor,
    RegisterMerchant, RegisterParty, ReleaseRedeem, RequestRedeem, SetNetDebitCap, SettleRedeem,
    Transfer, WeightedKey, Withdraw,
};
use ledger_types::{AccountId, BankId, Hash, NoticeId, PartyId, Timestamp, Yen, ZoneId};
use proptest::prelude::*;

use super::fixture::{
    AIZU, Actor, START, access, akari, ask as ask_for, botan, chika, commitment, consent_id,
    grant_of, japanese, kenji, nobody, operator, other_subject, seeded, shop, subject, text_hash,
    toru,
};

/// One transaction: who sends it and what it does.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) sender: Actor,
    pub(crate) is_subject: bool,
    pub(crate) operations: Vec<Operation>,
}

/// One block: what comes in it, and how long after the one before.
#[derive(Clone, Debug)]
pub(crate) struct RandomBlock {
    pub(crate) pause_ms: u64,
    pub(crate) reversed: bool,
    pub(crate) steps: Vec<Step>,
}

pub(crate) fn blocks() -> impl Strategy<Value = Vec<RandomBlock>> {
    let pause =
        prop_oneof![8 => Just(0_u64), 1 => Just(REDEEM_EXPIRY_MS / 2), 1 => Just(1_800_000)];
    let block = (pause, any::<bool>(), prop::collection::vec(step(), 1..10))
        .prop_map(|(pause_ms, reversed, steps)| RandomBlock { pause_ms, reversed, steps });
    let first = Just(RandomBlock { pause_ms: 0, reversed: false, steps: prologue() });
    (prop::option::weighted(0.9, first), prop::collection::vec(block, 1..14))
        .prop_map(|(first, rest)| first.into_iter().chain(rest).collect())
}

/// A first block that gives the others something to meet: a notice, sub-accounts with yen, redeem
/// requests and consents.
fn prologue() -> Vec<Step> {
    let step = |sender: Actor, operations| Step { sender, is_subject: false, operations };
    let open = || Operation::OpenZoneAccount(OpenZoneAccount { zone: ZoneId::new(1) });
    let charge = || Operation::Charge(Charge { zone: ZoneId::new(1), amount: Yen::new(60) });
    let request = |number| {
        let redeem = commitment(number);
        Operation::RequestRedeem(RequestRedeem { redeem, amount: Yen::new(20) })
    };
    let notice = super::fixture::notice(1, Materiality::Minor);
    vec![
        step(Actor::party(PartyId::new(1)), vec![notice]),
        step(akari(), vec![open(), charge(), request(50)]),
        step(botan(), vec![open(), charge(), request(51)]),
        step(toru(), vec![request(52)]),
        Step {
            sender: subject(),
            is_subject: true,
            operations: vec![Operation::Grant(grant_of(1))],
        },
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let some = |operation: BoxedStrategy<Operation>| {
        let count = prop_oneof![6 => Just(1_usize), 1 => Just(2), 1 => Just(3)];
        count.prop_flat_map(move |count| prop::collection::vec(operation.clone(), count))
    };
    let of = |sender: BoxedStrategy<Actor>, operation| (sender, some(operation));
    prop_oneof![
        8 => of(holder().boxed(), of_holder().boxed()),
        3 => of(bank().boxed(), of_bank().boxed()),
        1 => of(Just(operator()).boxed(), of_operator().boxed()),
        3 => of(party().boxed(), of_party().boxed()),
        3 => of(data_subject().boxed(), of_subject().boxed()),
        2 => of(anyone().boxed(), any_operation().boxed()),
    ]
    .prop_map(|(sender, mut operations)| {
        let subjects = [subject().account, other_subject().account];
        let is_subject = subjects.contains(&sender.account);
        if is_subject {
            operations.truncate(1);
        }
        Step { sender, is_subject, operations }
    })
}

fn holder() -> impl Strategy<Value = Actor> {
    prop::sample::select(vec![akari(), botan(), chika(), toru(), kenji(), shop()])
}

fn bank() -> impl Strategy<Value = Actor> {
    (1..4_u16).prop_map(|number| Actor::bank(BankId::new(number)))
}

fn party() -> impl Strategy<Value = Actor> {
    (1..4_u32).prop_map(|number| Actor::party(PartyId::new(number)))
}

fn data_subject() -> impl Strategy<Value = Actor> {
    prop::sample::select(vec![subject(), other_subject()])
}

fn anyone() -> impl Strategy<Value = Actor> {
    prop_oneof![holder(), bank(), party(), data_subject(), Just(operator()), Just(nobody())]
}

fn account() -> impl Strategy<Value = AccountId> {
    let opened = (20..23_u8).prop_map(|number| Actor::holder(AIZU, number));
    prop_oneof![12 => holder(), 1 => opened, 1 => anyone()].prop_map(|actor| actor.account)
}

fn amount() -> impl Strategy<Value = Yen> {
    prop_oneof![1 => Just(0_u64), 10 => 1..60_u64, 2 => 60..200_u64].prop_map(Yen::new)
}

fn zone() -> impl Strategy<Value = ZoneId> {
    prop_oneof![8 => Just(1_u16), 2 => Just(2_u16), 1 => Just(9_u16)].prop_map(ZoneId::new)
}

/// A few identities for redeem requests and references.
fn identity() -> impl Strategy<Value = Hash> {
    (50..58_u8).prop_map(commitment)
}

fn of_holder() -> impl Strategy<Value = Operation> {
    let transfer = (account(), amount())
        .prop_map(|(to, amount)| Operation::Transfer(Transfer { to, amount, reference: None }));
    let request = (identity(), amount())
        .prop_map(|(redeem, amount)| Operation::RequestRedeem(RequestRedeem { redeem, amount }));
    let cancel = identity().prop_map(|redeem| Operation::CancelRedeem(CancelRedeem { redeem }));
    let open = zone().prop_map(|zone| Operation::OpenZoneAccount(OpenZoneAccount { zone }));
    let charge =
        (zone(), amount()).prop_map(|(zone, amount)| Operation::Charge(Charge { zone, amount }));
    let discharge = (zone(), amount())
        .prop_map(|(zone, amount)| Operation::Discharge(Discharge { zone, amount }));
    let payee = prop_oneof![3 => Just(shop().account), 1 => account()];
    let pay = (zone(), payee, amount()).prop_map(|(zone, merchant, amount)| {
        Operation::Pay(Pay { zone, merchant, amount, reference: None })
    });
    prop_oneof![
        6 => transfer, 2 => request, 1 => cancel, 3 => open, 4 => charge, 2 => discharge, 4 => pay
    ]
}

fn of_bank() -> impl Strategy<Value = Operation> {
    let issue = (account(), amount(), identity()).prop_map(|(account, amount, reference)| {
        Operation::Issue(Issue { account, amount, core_banking_ref: reference })
    });
    let settle = identity().prop_map(|redeem| Operation::SettleRedeem(SettleRedeem { redeem }));
    let cancel = identity().prop_map(|redeem| Operation::CancelRedeem(CancelRedeem { redeem }));
    let raise = account().prop_flat_map(|account| raising(RaiseFor::Holder { account }));
    let claim = (identity(), claim_end()).prop_map(|(redeem, until)| {
        Operation::ClaimRedeem(ClaimRedeem { redeem, until: Timestamp::from_millis(until) })
    });
    let release = identity().prop_map(|redeem| Operation::ReleaseRedeem(ReleaseRedeem { redeem }));
    prop_oneof![
        4 => issue, 4 => settle, 1 => cancel, 2 => opening(), 2 => raise, 6 => claim, 1 => release
    ]
}

/// Instants about those at which blocks come, requests lapse, and past both.
fn claim_end() -> impl Strategy<Value = u64> {
    let short = (0..20_u64).prop_map(|blocks| START + 1000 * blocks);
    let half = (0..8_u64).prop_map(|halves| START + halves * (REDEEM_EXPIRY_MS / 2));
    prop_oneof![2 => short, 3 => half, 1 => Just(u64::MAX)]
}

fn raising(whose: RaiseFor) -> impl Strategy<Value = Operation> {
    let burst = prop::sample::select(vec![0, 1, 10_000]);
    let per_minute = prop::sample::select(vec![0, 1, 3_000_000, 70_000_000]);
    let later = prop::sample::select(vec![0, 3_000, 1_800_000, 400 * 24 * 3_600_000]);
    (burst, per_minute, later).prop_map(move |(burst, per_minute, later)| {
        let until = Timestamp::from_millis(START + later);
        Operation::RaiseAllowance(RaiseAllowance { whose, burst, per_minute, until })
    })
}

fn opening() -> impl Strategy<Value = Operation> {
    let kind = prop::sample::select(vec![AccountKind::Citizen, AccountKind::Bank]);
    let level = prop::sample::select(vec![KycLevel::K0, KycLevel::K2]);
    (20..23_u8, kind, level, 0..3_u16).prop_map(|(number, kind, kyc_level, threshold)| {
        let keys = vec![WeightedKey::plain(seeded(number).public_key(), 1)];
        let holder_commitment = commitment(number);
        Operation::OpenAccount(OpenAccount { holder_commitment, kind, kyc_level, keys, threshold })
    })
}

fn of_operator() -> impl Strategy<Value = Operation> {
    let bank = prop_oneof![6 => 1..4_u16, 1 => Just(9_u16)].prop_map(BankId::new);
    let cap = (bank, amount())
        .prop_map(|(bank, cap)| Operation::SetNetDebitCap(SetNetDebitCap { bank, cap }));
    let merchant = (zone(), account()).prop_map(|(zone, merchant)| {
        let class = MerchantClass::Chain;
        Operation::RegisterMerchant(RegisterMerchant { zone, merchant, class })
    });
    let register = (1..6_u32, 0..300_u16, 0..3_u16).prop_map(|(party, bits, threshold)| {
        let roles = borsh::from_slice::<PartyRoles>(&bits.to_le_bytes()).unwrap();
        let party = PartyId::new(party);
        let keys = vec![WeightedKey::plain(seeded(90).public_key(), 1)];
        let (regime, corporate_number) = (Regime::Private, None);
        Operation::RegisterParty(RegisterParty {
            party,
            roles,
            regime,
            corporate_number,
            keys,
            threshold,
        })
    });
    let raise = (zone(), account())
        .prop_flat_map(|(zone, merchant)| raising(RaiseFor::Merchant { zone, merchant }));
    prop_oneof![2 => cap, 2 => merchant, 2 => register, 1 => raise]
}

fn of_party() -> impl Strategy<Value = Operation> {
    let materiality = prop::sample::select(vec![
        Materiality::Editorial,
        Materiality::Minor,
        Materiality::Material,
    ]);
    let contents = prop_oneof![1 => Just(0_usize), 6 => Just(1)];
    let publish = (1..4_u32, materiality, contents).prop_map(|(version, materiality, count)| {
        let content_hash = text_hash(version);
        let contents = vec![NoticeContent { language: japanese(), content_hash }; count];
        let notice = NoticeId::new(1);
        let media_hashes = vec![];
        Operation::PublishNotice(PublishNotice {
            notice,
            version,
            materiality,
            contents,
            media_hashes,
        })
    });
    let ask = (0..200_u32, consent(), 0..4_u32, any::<bool>());
    let ask = ask.prop_map(|(id, number, leaf, moved)| {
        let mut request = access(number, leaf);
        if moved {
            request.leaf_index = 0;
        }
        ask_for(id, request)
    });
    prop_oneof![1 => publish, 5 => ask]
}

fn consent() -> impl Strategy<Value = u8> {
    1..5_u8
}

fn of_subject() -> impl Strategy<Value = Operation> {
    let controller = prop_oneof![12 => Just(1_u32), 1 => Just(2), 1 => Just(9)];
    let version = prop_oneof![8 => Just(1_u32), 2 => 2..4_u32];
    let times = (
        prop_oneof![5 => Just(0_u64), 1 => Just(1_000_000)],
        prop_oneof![5 => Just(3_600_000_u64), 1 => Just(4_000)],
    );
    let rest =
        (prop::option::of(0..3_u32), prop_oneof![9 => Just("ja"), 1 => Just("en")], 1..3_u32);
    let grant = (consent(), controller, version, times, rest).prop_map(
        |(number, controller, version, (from, until), (use_limit, language, notice))| {
            let mut grant = grant_of(number);
            grant.controller = PartyId::new(controller);
            grant.notice = NoticeId::new(if notice == 2 && number == 4 { 2 } else { 1 });
            (grant.notice_version, grant.notice_hash) = (version, text_hash(version));
            grant.language = Language::new(language).unwrap();
            grant.valid_from = Timestamp::from_millis(START + from);
            grant.expires = Timestamp::from_millis(START + until);
            grant.use_limit = use_limit;
            Operation::Grant(grant)
        },
    );
    let withdraw =
        consent().prop_map(|number| Operation::Withdraw(Withdraw { consent: consent_id(number) }));
    prop_oneof![3 => grant, 1 => withdraw]
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![of_holder(), of_bank(), of_operator(), of_party(), of_subject()]
}
