//! Random blocks: few names and small amounts, so that transactions meet each other.

use ledger_types::consent::{Language, Materiality, NoticeContent, PartyRoles, Regime};
use ledger_types::day::DAY_MS;
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, ClaimRedeem, CloseAccount, CloseCycle, ConfirmSettlement,
    CorrectDeath, CreateZone, Discharge, FailSettlement, Issue, KycLevel, Limits, MarkDeceased,
    MerchantClass, OpenAccount, OpenZoneAccount, Operation, Pay, PublishNotice, RaiseAllowance,
    RaiseFor, RegisterParty, ReleaseRedeem, RequestRedeem, SetFeeSchedule, SetLimits,
    SetNetDebitCap, SetRevenueShare, SettleRedeem, SettlementFailure, Transfer, TransferEstate,
    UpdateZone, WeightedKey, Withdraw,
};
use ledger_types::zone::{
    BasisPoints, FeeTax, FeeTerms, FeeTier, MunicipalityCode, Publishes, Share, ShareTerms,
};
use ledger_types::{AccountId, BankId, Hash, NoticeId, PartyId, Timestamp, Yen, ZoneId};
use proptest::prelude::*;

use super::custody::{float, mei, nao, other_float, ren, sora, stall};
use super::fixture::{
    AIZU, Actor, START, access, akari, ask as ask_for, botan, chika, commitment, consent_id,
    grant_of, japanese, kenji, keys_of, nobody, operator, other_subject, registers, seeded, shop,
    subject, text_hash, toru, updates,
};
use super::payouts;

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
/// requests of which one is claimed, a settlement cycle, and consents.
fn prologue() -> Vec<Step> {
    let step = |sender: Actor, operations| Step { sender, is_subject: false, operations };
    let open = || Operation::OpenZoneAccount(OpenZoneAccount { zone: ZoneId::new(1) });
    let charge =
        |amount| Operation::Charge(Charge { zone: ZoneId::new(1), amount: Yen::new(amount) });
    let request = |number| {
        let redeem = commitment(number);
        Operation::RequestRedeem(RequestRedeem { redeem, amount: Yen::new(20) })
    };
    let until = Timestamp::from_millis(START + REDEEM_EXPIRY_MS / 2);
    let claim = Operation::ClaimRedeem(ClaimRedeem { redeem: commitment(50), until });
    let owing = Transfer { to: botan().account, amount: Yen::new(9), reference: None };
    let owing = Operation::Transfer(owing);
    let notice = super::fixture::notice(1, Materiality::Minor);
    let account = departed().account;
    let left = vec![
        Operation::OpenAccount(OpenAccount {
            holder_commitment: commitment(24),
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            keys: keys_of(&departed()),
            threshold: 1,
        }),
        Operation::Issue(Issue { account, amount: Yen::new(40), core_banking_ref: commitment(59) }),
        Operation::MarkDeceased(MarkDeceased { account, evidence: commitment(8) }),
    ];
    let shops = payouts::prologue();
    let shops = shops.into_iter().map(|(sender, operations)| step(sender, operations));
    let first = vec![
        step(Actor::bank(AIZU), left),
        step(Actor::party(PartyId::new(1)), vec![notice]),
        step(akari(), vec![open(), charge(60), request(50)]),
        step(botan(), vec![open(), charge(60), request(51)]),
        step(toru(), vec![request(52)]),
        step(Actor::bank(AIZU), vec![claim]),
        step(chika(), vec![owing]),
        step(operator(), vec![Operation::CloseCycle(CloseCycle { cycle: 1 })]),
        step(operator(), charging(ZoneId::new(2))),
        step(chika(), vec![paying_in(ZoneId::new(2))]),
        step(mei(), vec![open(), charge(20)]),
        Step {
            sender: subject(),
            is_subject: true,
            operations: vec![Operation::Grant(grant_of(1))],
        },
    ];
    first.into_iter().chain(shops).collect()
}

/// What makes a zone without merchants one that charges 20 %, all of it for the operator.
fn charging(zone: ZoneId) -> Vec<Operation> {
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone });
    let from = Timestamp::from_millis(0);
    let terms = ShareTerms { shares: vec![], fund: operator().account };
    let shares = Operation::SetRevenueShare(SetRevenueShare { zone, version: 1, from, terms });
    let tiers = vec![FeeTier { yearly_cap: Some(Yen::new(9)) }, FeeTier { yearly_cap: None }];
    let (rate, minimum) = (BasisPoints::new(2_000).unwrap(), Yen::new(1));
    let terms = FeeTerms { rate, minimum, tax: FeeTax::Included, tiers };
    let fees = Operation::SetFeeSchedule(SetFeeSchedule { zone, version: 1, from, terms });
    let (merchant, class) = (shop().account, MerchantClass::Local);
    let register = registers(zone, merchant, class, 0);
    vec![open, shares, fees, register]
}

/// A payment straight from the bank account, by somebody who has nothing in the zone.
fn paying_in(zone: ZoneId) -> Operation {
    let amount = Yen::new(20);
    let (merchant, charge) = (shop().account, Some(amount));
    Operation::Pay(Pay {
        zone,
        merchant,
        amount,
        charge,
        vouchers: None,
        reference: None,
        request: None,
        again: !amount.get().is_multiple_of(3),
    })
}

fn step() -> impl Strategy<Value = Step> {
    let some = |operation: BoxedStrategy<Operation>| {
        let count = prop_oneof![6 => Just(1_usize), 1 => Just(2), 1 => Just(3)];
        count.prop_flat_map(move |count| prop::collection::vec(operation.clone(), count))
    };
    let of = |sender: BoxedStrategy<Actor>, operation| (sender, some(operation));
    prop_oneof![
        8 => of(holder().boxed(), of_holder().boxed()),
        6 => of(bank().boxed(), of_bank().boxed()),
        2 => of(Just(operator()).boxed(), of_operator().boxed()),
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
    let at_banks = prop::sample::select(vec![akari(), botan(), chika(), toru(), kenji(), shop()]);
    let of_issuers =
        prop::sample::select(vec![mei(), sora(), nao(), ren(), float(), other_float(), stall()]);
    prop_oneof![3 => at_banks, 1 => of_issuers]
}

fn bank() -> impl Strategy<Value = Actor> {
    prop_oneof![4 => 1..4_u16, 1 => 4..6_u16].prop_map(|number| Actor::bank(BankId::new(number)))
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
    let move_in =
        (zone(), amount()).prop_map(|(zone, amount)| Operation::Charge(Charge { zone, amount }));
    let discharge = (zone(), amount())
        .prop_map(|(zone, amount)| Operation::Discharge(Discharge { zone, amount }));
    let payee = prop_oneof![3 => Just(shop().account), 1 => account()];
    let charge = prop_oneof![3 => Just(None), 2 => amount().prop_map(Some)];
    let pay = (zone(), payee, amount(), charge).prop_map(|(zone, merchant, amount, charge)| {
        Operation::Pay(Pay {
            zone,
            merchant,
            amount,
            charge,
            vouchers: None,
            reference: None,
            request: None,
            again: !amount.get().is_multiple_of(3),
        })
    });
    prop_oneof![
        12 => transfer, 4 => request, 2 => cancel, 6 => open, 8 => move_in, 4 => discharge,
        8 => pay, 1 => closing(), 5 => payouts::of_shop()
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
    let confirm = (0..3_u32, identity()).prop_map(|(cycle, external_ref)| {
        Operation::ConfirmSettlement(ConfirmSettlement { cycle, external_ref })
    });
    prop_oneof![
        8 => issue, 8 => settle, 2 => cancel, 4 => opening(), 4 => raise, 12 => claim,
        2 => release, 8 => of_lives(), 8 => confirm, 10 => payouts::of_bank()
    ]
}

/// A holder who died and left something.
fn departed() -> Actor {
    Actor::holder(AIZU, 24)
}

/// Most often that one.
fn mortal() -> impl Strategy<Value = AccountId> {
    prop_oneof![3 => Just(departed().account), 2 => account()]
}

fn closing() -> impl Strategy<Value = Operation> {
    // The first has nothing.
    let some = prop_oneof![2 => Just(kenji().account), 1 => account()];
    some.prop_map(|account| Operation::CloseAccount(CloseAccount { account }))
}

/// What a custodian says of the lives of accounts.
fn of_lives() -> impl Strategy<Value = Operation> {
    let limit = || prop::option::weighted(0.3, (0..150_u64).prop_map(Yen::new));
    let limits = (account(), (limit(), limit(), limit(), limit())).prop_map(
        |(account, (per_payment, per_day, per_month, holding))| {
            let limits = Limits { per_payment, per_day, per_month, holding };
            Operation::SetLimits(SetLimits { account, limits })
        },
    );
    let mark = mortal().prop_map(|account| {
        Operation::MarkDeceased(MarkDeceased { account, evidence: commitment(8) })
    });
    let correct = mortal().prop_map(|account| {
        Operation::CorrectDeath(CorrectDeath { account, evidence: commitment(9) })
    });
    let estate = (mortal(), account(), amount()).prop_map(|(account, to, amount)| {
        Operation::TransferEstate(TransferEstate {
            account,
            to,
            amount,
            vouchers: vec![],
            evidence: commitment(8),
        })
    });
    prop_oneof![3 => limits, 2 => mark, 2 => correct, 5 => estate, 1 => closing()]
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
    let kind =
        prop::sample::select(vec![AccountKind::Citizen, AccountKind::Merchant, AccountKind::Bank]);
    let level = prop::sample::select(vec![KycLevel::K0, KycLevel::K1, KycLevel::K2]);
    (20..23_u8, kind, level, 0..3_u16).prop_map(|(number, kind, kyc_level, threshold)| {
        let keys = vec![WeightedKey::plain(seeded(number).public_key(), 1)];
        let holder_commitment = commitment(number);
        Operation::OpenAccount(OpenAccount { holder_commitment, kind, kyc_level, keys, threshold })
    })
}

fn of_operator() -> impl Strategy<Value = Operation> {
    let bank = prop_oneof![6 => 1..6_u16, 1 => Just(9_u16)].prop_map(BankId::new);
    let cap = (bank, amount())
        .prop_map(|(bank, cap)| Operation::SetNetDebitCap(SetNetDebitCap { bank, cap }));
    let merchant = (zone(), account(), 0..2_u16).prop_map(|(zone, merchant, tier)| {
        let class = MerchantClass::Chain;
        registers(zone, merchant, class, tier)
    });
    let payee = prop_oneof![2 => Just(shop().account), 1 => account()];
    let moved = (zone(), payee, 0..3_u16).prop_map(|(zone, merchant, tier)| {
        let class = MerchantClass::Local;
        updates(zone, merchant, class, tier)
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
    let close = (0..3_u32).prop_map(|cycle| Operation::CloseCycle(CloseCycle { cycle }));
    let fail = (0..3_u32, identity()).prop_map(|(cycle, ground)| {
        let cause = SettlementFailure::Mistake;
        Operation::FailSettlement(FailSettlement { cycle, cause, ground })
    });
    prop_oneof![
        2 => cap, 2 => merchant, 2 => register, 1 => raise, 4 => close, 2 => fail, 1 => moved,
        6 => of_zones(), 1 => payouts::of_operator()
    ]
}

/// Zones, fees and shares: small numbers, so that versions meet, and changes of all kinds.
fn of_zones() -> impl Strategy<Value = Operation> {
    let from =
        prop::sample::select(vec![0, START + 5_000, START + 31 * DAY_MS, START + 40 * DAY_MS]);
    let from = from.prop_map(Timestamp::from_millis).boxed();
    let create =
        (2..6_u16, prop::bool::weighted(0.8), 0..2_usize).prop_map(|(zone, is_operator, areas)| {
            let operator = if is_operator { operator().account } else { akari().account };
            let areas = MunicipalityCode::new(72_028).into_iter().cycle().take(areas).collect();
            let (zone, name) = (ZoneId::new(zone), "new".to_owned());
            let publishes = Publishes::MERCHANTS;
            Operation::CreateZone(CreateZone { zone, name, operator, areas, publishes })
        });
    let update = (zone(), 0..2_usize).prop_map(|(zone, length)| {
        let (name, areas, publishes) = ("n".repeat(length), vec![], Publishes::REPORT);
        Operation::UpdateZone(UpdateZone { zone, name, areas, publishes })
    });
    let cap = || prop::sample::select(vec![None, Some(Yen::new(5)), Some(Yen::new(2))]);
    let tiers =
        prop_oneof![4 => prop::collection::vec(cap(), 2), 1 => prop::collection::vec(cap(), 0..3)];
    let rates = prop::sample::select(vec![0, 200, 2_000, 10_000]);
    let schedule = (zone(), 1..5_u32, from.clone(), (rates, 0..3_u64, tiers));
    let schedule = schedule.prop_map(|(zone, version, from, (rate, minimum, caps))| {
        let tiers = caps.into_iter().map(|yearly_cap| FeeTier { yearly_cap }).collect();
        let rate = BasisPoints::new(rate).unwrap();
        let terms = FeeTerms { rate, minimum: Yen::new(minimum), tax: FeeTax::Exempt, tiers };
        Operation::SetFeeSchedule(SetFeeSchedule { zone, version, from, terms })
    });
    let parts = prop::sample::select(vec![3_000, 5_000, 8_000]);
    let parts = prop::collection::vec((holder(), parts), 0..3);
    let fund = prop::sample::select(vec![operator(), botan(), shop()]);
    let shares = (zone(), 1..5_u32, from, (parts, fund, any::<bool>()));
    let shares = shares.prop_map(|(zone, version, from, (parts, fund, is_sorted))| {
        let share = |(holder, share): (Actor, u16)| Share {
            account: holder.account,
            share: BasisPoints::new(share).unwrap(),
        };
        let mut shares: Vec<Share> = parts.into_iter().map(share).collect();
        if is_sorted {
            shares.sort_by_key(|one| one.account);
        }
        let terms = ShareTerms { shares, fund: fund.account };
        Operation::SetRevenueShare(SetRevenueShare { zone, version, from, terms })
    });
    prop_oneof![3 => create, 2 => update, 4 => schedule, 3 => shares]
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
