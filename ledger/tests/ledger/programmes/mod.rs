//! Premium vouchers: a small programme of a city, with escrows at two banks and shops at three.

mod committees;
mod ends;
mod extremes;
mod life;
mod opening;
mod paying;
mod random;
mod refusals;
mod selling;

use ledger_types::genesis::GenesisAccount;
use ledger_types::operation::{
    AccountKind, Buyer, CreateProgramme, DefineInstrument, FundProgramme, KycLevel, MerchantClass,
    OpenRound, Operation, Pay, Purchase, TenderLine,
};
use ledger_types::programme::{
    Allocation, Asked, Bucket, Capabilities, Eligibility, LegalClass, Life, LotKind,
    ProgrammeTerms, RoundTerms, Takes, in_lines, plan,
};
use ledger_types::record::{BucketTally, Programme, Tally};
use ledger_types::zone::{MunicipalityCode, Publishes};
use ledger_types::{AccountId, BankId, Genesis, InstrumentId, ProgrammeId, Timestamp, Yen};

use crate::chain::Chain;
use crate::fixture::{
    AIZU, Actor, BANDAI, START, TADAMI, TOWN, akari, botan, chika, commitment, genesis, keys_of,
    operator, registers, shop, toru, yen,
};

pub(crate) const HOUR: u64 = 3_600_000;
pub(crate) const DAY: u64 = 24 * HOUR;
pub(crate) const COUPONS: InstrumentId = InstrumentId::new(7);
pub(crate) const PREMIUM: ProgrammeId = ProgrammeId::new(70);
/// What a set costs, and what it is worth.
pub(crate) const PRICE: u64 = 1000;
pub(crate) const FACE: u64 = 1250;
pub(crate) const SALE_FROM: u64 = START + HOUR;
pub(crate) const SALE_UNTIL: u64 = START + 10 * DAY;
pub(crate) const USE_FROM: u64 = START + DAY;
pub(crate) const USE_UNTIL: u64 = START + 30 * DAY;
pub(crate) const REFUND_UNTIL: u64 = START + 44 * DAY;

/// The city, which sponsors, and who gets what was not used: a fund at Bandai and the city.
pub(crate) fn city() -> Actor {
    Actor::holder(AIZU, 30)
}
pub(crate) fn fund() -> Actor {
    Actor::holder(BANDAI, 36)
}
/// The escrows: the main one at Aizu, one at Bandai, and one at Tadami that is never pledged.
pub(crate) fn main_escrow() -> Actor {
    Actor::holder(AIZU, 31)
}
pub(crate) fn near() -> Actor {
    Actor::holder(BANDAI, 32)
}
pub(crate) fn far() -> Actor {
    Actor::holder(TADAMI, 33)
}
/// Shops beside the fixture's, which is a local one at Bandai: of a chain at Aizu, a local one at Tadami.
pub(crate) fn chain_shop() -> Actor {
    Actor::holder(AIZU, 34)
}
pub(crate) fn tadami_shop() -> Actor {
    Actor::holder(TADAMI, 35)
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn entry(number: u8, bank: BankId, kind: AccountKind, balance: u64) -> GenesisAccount {
    let actor = Actor::holder(bank, number);
    GenesisAccount {
        account: actor.account,
        custodian: bank,
        holder_commitment: commitment(number),
        kind,
        kyc_level: KycLevel::KB,
        keys: keys_of(&actor),
        threshold: 1,
        balance: yen(balance),
    }
}

/// The small network with the city, escrows and shops, and people who have something to spend. Aizu may
/// owe the others 150, the others more than they ever do.
pub(crate) fn founded() -> Genesis {
    let mut genesis = genesis();
    for bank in &mut genesis.banks {
        bank.issue_allowance = yen(1_000_000);
        bank.net_debit_cap = yen(if bank.bank == AIZU { 150 } else { 100_000 });
    }
    for person in [akari(), botan(), chika(), toru()] {
        let found = genesis.accounts.iter_mut().find(|entry| entry.account == person.account);
        found.unwrap().balance = yen(10_000);
    }
    genesis.accounts.extend([
        entry(30, AIZU, AccountKind::Municipality, 5_000),
        entry(31, AIZU, AccountKind::Program, 2_000),
        entry(32, BANDAI, AccountKind::Program, 500),
        entry(33, TADAMI, AccountKind::Program, 300),
        entry(34, AIZU, AccountKind::Merchant, 0),
        entry(35, TADAMI, AccountKind::Merchant, 0),
        entry(36, BANDAI, AccountKind::Citizen, 0),
    ]);
    // Payments are refunded to the end of these programmes, and after it.
    genesis.parameters.retention.payment_days = 90;
    let zone = &mut genesis.zones[0];
    zone.publishes = Publishes::MERCHANTS;
    zone.areas = areas();
    genesis
}

pub(crate) fn areas() -> Vec<MunicipalityCode> {
    [72_010, 72_028].map(|code| MunicipalityCode::new(code).unwrap()).to_vec()
}

pub(crate) fn define() -> DefineInstrument {
    DefineInstrument {
        zone: TOWN,
        instrument: COUPONS,
        issuer: city().account,
        class: LegalClass::PrepaidMunicipal,
        capabilities: Capabilities::SPEND,
        max_outstanding: yen(100_000),
        life: Life::Programme,
        areas: vec![],
        terms: commitment(80),
    }
}

/// Half of a set for local shops, half for any: each ¥500 with ¥125 of premium.
pub(crate) fn terms() -> ProgrammeTerms {
    let half = |rank, takes| Bucket { rank, takes, paid: yen(500), free: yen(125) };
    ProgrammeTerms {
        zone: TOWN,
        instrument: COUPONS,
        name: "プレミアム".to_owned(),
        terms: commitment(81),
        exclusions: 0,
        combines: false,
        fiscal_year: 1969,
        carried_over: false,
        escrows: vec![main_escrow().account, near().account, far().account],
        buckets: vec![half(1, Takes::LOCAL), half(2, Takes::ALL)],
        sets: 20,
        per_person: 3,
        per_household: None,
        eligibility: Eligibility::Anybody,
        allocation: Allocation::FirstCome,
        committers: vec![],
        threshold: 0,
        use_from: at(USE_FROM),
        use_until: at(USE_UNTIL),
        refund_until: at(REFUND_UNTIL),
        reconcile_by: at(START + 60 * DAY),
        unused_paid_to: fund().account,
        unused_free_to: city().account,
    }
}

pub(crate) fn create(terms: ProgrammeTerms) -> Operation {
    Operation::CreateProgramme(CreateProgramme { programme: PREMIUM, terms })
}

pub(crate) fn pledge() -> Operation {
    Operation::FundProgramme(FundProgramme { programme: PREMIUM })
}

pub(crate) fn sale(sets: u32) -> RoundTerms {
    RoundTerms { sets, sale_from: at(SALE_FROM), sale_until: at(SALE_UNTIL), lottery: None }
}

pub(crate) fn open(round: u16, terms: RoundTerms) -> Operation {
    Operation::OpenRound(OpenRound { programme: PREMIUM, round, terms })
}

pub(crate) fn buy(sets: u16) -> Operation {
    buy_in(1, sets)
}

pub(crate) fn buy_in(round: u16, sets: u16) -> Operation {
    let (programme, price) = (PREMIUM, yen(PRICE * u64::from(sets)));
    let buyer = Buyer::Anybody { sets };
    Operation::Purchase(Purchase { programme, round, buyer, price })
}

pub(crate) fn register(merchant: &Actor, class: MerchantClass) -> Operation {
    let merchant = merchant.account;
    registers(TOWN, merchant, class, 0)
}

/// The network with its instrument, changed at its start.
pub(crate) fn defined_in(change: impl FnOnce(&mut Genesis)) -> Chain {
    let mut genesis = founded();
    change(&mut genesis);
    let mut chain = Chain::of(&genesis);
    chain.must(&operator(), Operation::DefineInstrument(define()));
    chain
}

/// The network with its instrument and shops.
pub(crate) fn defined() -> Chain {
    let mut chain = defined_in(|_| {});
    chain.must(&operator(), register(&chain_shop(), MerchantClass::Chain));
    chain.must(&operator(), register(&tadami_shop(), MerchantClass::Local));
    chain
}

/// The same with the programme, of these terms, funded by two escrows, and its first round open.
pub(crate) fn selling_with(terms: ProgrammeTerms) -> Chain {
    let mut chain = defined();
    chain.must(&city(), create(terms));
    chain.must(&main_escrow(), pledge());
    chain.must(&near(), pledge());
    chain.must(&city(), open(1, sale(10)));
    chain.now = SALE_FROM;
    chain
}

pub(crate) fn selling() -> Chain {
    selling_with(terms())
}

/// Akari has two sets and Botan one, and vouchers can be used.
pub(crate) fn sold() -> Chain {
    let mut chain = selling();
    chain.must(&akari(), buy(2));
    chain.must(&botan(), buy(1));
    chain.now = USE_FROM;
    chain
}

pub(crate) fn line(bucket: u16, kind: LotKind, amount: u64) -> TenderLine {
    TenderLine { programme: PREMIUM, bucket, kind, amount: yen(amount) }
}

/// What vouchers of a payer would pay in the next block.
pub(crate) fn seen(
    chain: &Chain,
    payer: &Actor,
    class: MerchantClass,
    amount: u64,
) -> Vec<TenderLine> {
    let now = at(chain.now + 1000);
    let lots = chain.state.lots(TOWN, &payer.account).cloned().unwrap_or_default().lots;
    let open = |programme| chain.state.programme(programme).filter(|one| one.closed.is_none());
    let uses = |programme, bucket| open(programme)?.terms.bucket_use(bucket);
    let takes = plan(&lots, uses, &Asked { class, amount: yen(amount), request: None, now });
    in_lines(&lots, &takes).unwrap()
}

pub(crate) fn pay_with(merchant: &Actor, amount: u64, lines: Vec<TenderLine>) -> Pay {
    let (zone, merchant, amount) = (TOWN, merchant.account, yen(amount));
    Pay {
        zone,
        merchant,
        amount,
        charge: None,
        vouchers: Some(lines),
        reference: None,
        request: None,
        again: true,
    }
}

/// Pays by vouchers alone, by their plan.
pub(crate) fn spend(chain: &mut Chain, payer: &Actor, merchant: &Actor, amount: u64) -> u16 {
    let class = chain.state.merchant(TOWN, &merchant.account).unwrap().class;
    let lines = seen(chain, payer, class, amount);
    chain.outcome(payer, vec![Operation::Pay(pay_with(merchant, amount, lines))])
}

pub(crate) fn available(chain: &Chain, actor: &Actor) -> u64 {
    chain.state.available(&actor.account, at(chain.now)).unwrap().get()
}

pub(crate) fn coin(chain: &Chain, actor: &Actor) -> u64 {
    chain.state.zone_account(TOWN, &actor.account).map_or(0, |record| record.balance.get())
}

/// What a holder has in vouchers, by bucket and kind: local paid, local free, any paid, any free.
pub(crate) fn held(chain: &Chain, account: &AccountId) -> [u64; 4] {
    let lots = chain.state.vouchers(TOWN, account).lots;
    [(0, LotKind::Paid), (0, LotKind::Free), (1, LotKind::Paid), (1, LotKind::Free)].map(
        |(bucket, kind)| {
            let same = lots.iter().filter(|lot| (lot.bucket, lot.kind) == (bucket, kind));
            same.map(|lot| lot.remaining.get()).sum()
        },
    )
}

pub(crate) fn tally(chain: &Chain, round: u16) -> Tally {
    chain.state.tally(PREMIUM, round).unwrap().clone()
}

pub(crate) fn programme(chain: &Chain) -> Programme {
    chain.state.programme(PREMIUM).unwrap().clone()
}

/// Issued, used and expired of the instrument.
pub(crate) fn instrument(chain: &Chain) -> [u64; 3] {
    let record = chain.state.instrument(TOWN, COUPONS).unwrap();
    [record.issued, record.used, record.expired].map(Yen::get)
}

pub(crate) fn sums(tally: &BucketTally, kind: LotKind) -> [u64; 4] {
    let BucketTally { sold, used_local, used_chain, expired } = tally;
    [sold, used_local, used_chain, expired].map(|sum| sum.of(kind).get())
}

/// The shop of the fixture.
pub(crate) fn local_shop() -> Actor {
    shop()
}
