//! Lotteries for premium vouchers: a city's programme with five committers, and letters to people.

mod full;
mod lists;
mod random;
mod recount;
mod refusals;
mod rounds;

use ledger_types::event::Event;
use ledger_types::genesis::GenesisAccount;
use ledger_types::operation::{
    AccountKind, Apply, AwardLeft, Buyer, CreateProgramme, DefineInstrument, DepositSecret,
    DrawLottery, FundProgramme, KycLevel, LeafClaim, OpenRound, OpenShare, Operation, Purchase,
    RevealSecret,
};
use ledger_types::programme::{
    Allocation, Bucket, Capabilities, Committer, Eligibility, LeafPlace, LegalClass, Life,
    LotteryTerms, ProgrammeTerms, RoundTerms, Sharing, Takes,
};
use ledger_types::record::{Round, Ticket};
use ledger_types::zone::Publishes;
use ledger_types::{Genesis, Hash, InstrumentId, ProgrammeId, Timestamp};
use public_draw::leaf::{application_message, household_tag, list_path, list_root};
use public_draw::on_ledger::context_of_committer;
use public_draw::sharing::{PointBytes, deal, member_context, open_share, reveal};
use public_draw::{Application, Leaf, LetterSecret, SealingPublic, SealingSecret};

use crate::chain::{Chain, codes};
use crate::fixture::{AIZU, Actor, START, TOWN, commitment, genesis, keys_of, operator, yen};

pub(crate) const DAY: u64 = 24 * 3_600_000;
pub(crate) const PREMIUM: ProgrammeId = ProgrammeId::new(70);
const COUPONS: InstrumentId = InstrumentId::new(7);
/// What a set costs.
const PRICE: u64 = 500;
const APPLY_FROM: u64 = START + DAY;
const APPLY_UNTIL: u64 = START + 3 * DAY;
const SALE_FROM: u64 = START + 5 * DAY;
const SALE_UNTIL: u64 = START + 40 * DAY;
const CLAIM: u64 = 7 * DAY;
const USE_UNTIL: u64 = START + 80 * DAY;
/// How many letters are on the first list.
const LETTERS: u32 = 24;
const THRESHOLD: u8 = 3;

/// The city, which sponsors, and its escrow.
fn city() -> Actor {
    Actor::holder(AIZU, 30)
}
fn escrow() -> Actor {
    Actor::holder(AIZU, 31)
}

/// The committer at a place, of five.
fn committer(place: u8) -> Actor {
    Actor::holder(AIZU, 50 + place)
}

/// Somebody who gets letters.
fn person(number: u8) -> Actor {
    Actor::holder(AIZU, 140 + number)
}

fn sealing(place: u8) -> SealingSecret {
    SealingSecret::from_seed(&[1 + place; 32])
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn entry(number: u8, kind: AccountKind, balance: u64) -> GenesisAccount {
    let actor = Actor::holder(AIZU, number);
    GenesisAccount {
        account: actor.account,
        custodian: AIZU,
        holder_commitment: commitment(number),
        kind,
        kyc_level: KycLevel::KB,
        keys: keys_of(&actor),
        threshold: 1,
        balance: yen(balance),
    }
}

fn founded() -> Genesis {
    let mut genesis = genesis();
    genesis.banks[0].issue_allowance = yen(10_000_000);
    genesis.accounts.extend([
        entry(30, AccountKind::Municipality, 0),
        entry(31, AccountKind::Program, 100_000),
    ]);
    genesis.accounts.extend((50..55).map(|number| entry(number, AccountKind::Citizen, 0)));
    genesis.accounts.extend((140..170).map(|number| entry(number, AccountKind::Citizen, 50_000)));
    genesis.zones[0].publishes = Publishes::MERCHANTS;
    genesis
}

fn define() -> Operation {
    Operation::DefineInstrument(DefineInstrument {
        zone: TOWN,
        instrument: COUPONS,
        issuer: city().account,
        class: LegalClass::PrepaidMunicipal,
        capabilities: Capabilities::SPEND,
        max_outstanding: yen(1_000_000),
        life: Life::Programme,
        areas: vec![],
        terms: commitment(80),
    })
}

/// The committee with proofs for a network and a programme.
fn committee(genesis: &Hash, programme: ProgrammeId) -> Vec<Committer> {
    let one = |place| {
        let (secret, account) = (sealing(place), committer(place).account);
        let context = member_context(genesis, programme.get(), &account);
        let proof = (*secret.prove_possession(&context).proof()).into();
        let sealing = Hash::new(*secret.public().encoding().as_bytes());
        Committer { account, sealing, proof }
    };
    (0..5).map(one).collect()
}

fn terms(genesis: &Hash) -> ProgrammeTerms {
    let list = list_root(&hashes(genesis, 0..LETTERS));
    ProgrammeTerms {
        zone: TOWN,
        instrument: COUPONS,
        name: "プレミアム".to_owned(),
        terms: commitment(81),
        exclusions: 0,
        combines: false,
        fiscal_year: 1969,
        carried_over: true,
        escrows: vec![escrow().account],
        buckets: vec![Bucket { rank: 1, takes: Takes::ALL, paid: yen(PRICE), free: yen(125) }],
        sets: 100,
        per_person: 4,
        per_household: None,
        eligibility: Eligibility::Listed { root: list, size: LETTERS },
        allocation: Allocation::Whole,
        committers: committee(genesis, PREMIUM),
        threshold: THRESHOLD.into(),
        use_from: at(START + 10 * DAY),
        use_until: at(USE_UNTIL),
        refund_until: at(USE_UNTIL),
        reconcile_by: at(START + 100 * DAY),
        unused_paid_to: city().account,
        unused_free_to: city().account,
    }
}

/// The letter with this number: those below [`LETTERS`] are on the first list, the others on the second.
fn letter(number: u32) -> LetterSecret {
    let hash = Hash::of(&[b"a letter", &number.to_be_bytes()]);
    LetterSecret::new(hash.as_bytes()[..16].try_into().unwrap())
}

fn leaf(genesis: &Hash, number: u32) -> Leaf {
    Leaf {
        key: letter(number).signing_key(genesis, PREMIUM.get()).public_key(),
        household: household_tag(&[9; 32], &(number / 2).to_be_bytes()),
        sets: 3,
    }
}

fn hashes(genesis: &Hash, numbers: core::ops::Range<u32>) -> Vec<Hash> {
    numbers.map(|number| leaf(genesis, number).hash()).collect()
}

/// A letter's list, counted from 1, with its letters, and its place there.
fn place(number: u32) -> (LeafPlace, core::ops::Range<u32>) {
    match number.checked_sub(LETTERS) {
        None => (LeafPlace { list: 1, index: number }, 0..LETTERS),
        Some(index) => (LeafPlace { list: 2, index }, LETTERS..LETTERS + 6),
    }
}

/// A letter shown by somebody in a round, for so many sets.
fn claim(chain: &Chain, round: u16, by: &Actor, number: u32, sets: u16) -> LeafClaim {
    let genesis = chain.state.genesis_hash();
    let (leaf_place, list) = place(number);
    let Leaf { key, household, sets: entitled } = leaf(&genesis, number);
    let path = list_path(&hashes(&genesis, list), leaf_place.index).unwrap();
    let signed = Application::on_ledger(PREMIUM, round, leaf_place, by.account).unwrap();
    let signer = letter(number).signing_key(&genesis, PREMIUM.get());
    let signature = signer.sign(&application_message(&genesis, &signed));
    LeafClaim { leaf: leaf_place, key, household, entitled, sets, path, signature }
}

/// An application of somebody's with letters for so many sets each.
fn apply(chain: &Chain, round: u16, by: &Actor, letters: &[(u32, u16)]) -> Operation {
    let shown = |(number, sets): &(u32, u16)| claim(chain, round, by, *number, *sets);
    let leaves = letters.iter().map(shown).collect();
    Operation::Apply(Apply { programme: PREMIUM, round, leaves })
}

fn members() -> Vec<SealingPublic> {
    (0..5).map(|place| sealing(place).public()).collect()
}

/// What the committer at a place keeps to itself of a round.
fn own(round: u16, place: u8) -> [u8; 32] {
    *Hash::of(&[b"a dealing", &round.to_be_bytes(), &[place]]).as_bytes()
}

fn context(chain: &Chain, round: u16, place: u8) -> Hash {
    let genesis = chain.state.genesis_hash();
    context_of_committer(&genesis, PREMIUM, round, place.into()).unwrap()
}

fn sharing(chain: &Chain, round: u16, place: u8) -> Sharing {
    let context = context(chain, round, place);
    (&deal(&own(round, place), &context, &members(), THRESHOLD).unwrap()).into()
}

fn deposit(chain: &Chain, round: u16, place: u8) -> Operation {
    let sharing = sharing(chain, round, place);
    Operation::DepositSecret(DepositSecret { programme: PREMIUM, round, sharing })
}

fn tell(chain: &Chain, round: u16, place: u8) -> Operation {
    let context = context(chain, round, place);
    let secret = reveal(&own(round, place), &context, &members(), THRESHOLD);
    let secret = Hash::new(*secret.as_bytes());
    Operation::RevealSecret(RevealSecret { programme: PREMIUM, round, secret })
}

/// What the committer at place `by` opens of another's secret.
fn open(chain: &Chain, round: u16, of: u8, by: u8) -> Operation {
    let sealed = sharing(chain, round, of).shares[usize::from(by)].sealed;
    let sealed = PointBytes::new(*sealed.as_bytes());
    let context = context(chain, round, of);
    let share = open_share(&sealing(by), &context, by + 1, &sealed).unwrap();
    Operation::OpenShare(OpenShare {
        programme: PREMIUM,
        round,
        of: of.into(),
        share: Hash::new(*share.opened.as_bytes()),
        proof: share.proof.into(),
    })
}

fn draw(round: u16) -> Operation {
    Operation::DrawLottery(DrawLottery { programme: PREMIUM, round })
}

fn award(round: u16, wave: u16) -> Operation {
    Operation::AwardLeft(AwardLeft { programme: PREMIUM, round, wave })
}

fn buy(round: u16, ticket: u32, sets: u16) -> Operation {
    let (buyer, price) = (Buyer::Ticket { ticket, sets }, yen(PRICE * u64::from(sets)));
    Operation::Purchase(Purchase { programme: PREMIUM, round, buyer, price })
}

/// The first round with so many sets.
fn first(sets: u32) -> RoundTerms {
    RoundTerms {
        sets,
        sale_from: at(SALE_FROM),
        sale_until: at(SALE_UNTIL),
        lottery: Some(LotteryTerms {
            apply_from: at(APPLY_FROM),
            apply_until: at(APPLY_UNTIL),
            claim_ms: CLAIM,
        }),
    }
}

/// A round after one that is over: all of its times so much later.
fn later(terms: RoundTerms, millis: u64) -> RoundTerms {
    let later = |time: Timestamp| time.checked_add_millis(millis).unwrap();
    let lottery = terms.lottery.map(|lottery| LotteryTerms {
        apply_from: later(lottery.apply_from),
        apply_until: later(lottery.apply_until),
        ..lottery
    });
    let (sale_from, sale_until) = (later(terms.sale_from), later(terms.sale_until));
    RoundTerms { sale_from, sale_until, lottery, ..terms }
}

fn open_round(round: u16, terms: RoundTerms) -> Operation {
    Operation::OpenRound(OpenRound { programme: PREMIUM, round, terms })
}

/// The network with a programme, changed from the usual, and its first round of so many sets.
fn opened(sets: u32, change: impl FnOnce(&mut ProgrammeTerms)) -> Chain {
    opened_in(&founded(), sets, change)
}

fn opened_in(genesis: &Genesis, sets: u32, change: impl FnOnce(&mut ProgrammeTerms)) -> Chain {
    let mut chain = Chain::of(genesis);
    chain.must(&operator(), define());
    let mut terms = terms(&chain.state.genesis_hash());
    change(&mut terms);
    let create = CreateProgramme { programme: PREMIUM, terms };
    chain.must(&city(), Operation::CreateProgramme(create));
    chain.must(&escrow(), Operation::FundProgramme(FundProgramme { programme: PREMIUM }));
    chain.must(&city(), open_round(1, first(sets)));
    chain
}

/// The same in the time of applications: all committers but the third deposited.
fn applying(sets: u32, change: impl FnOnce(&mut ProgrammeTerms)) -> Chain {
    let mut chain = opened(sets, change);
    deposits(&mut chain, 1);
    chain.now = APPLY_FROM;
    chain
}

/// All committers but the third deposit for a round.
fn deposits(chain: &mut Chain, round: u16) {
    for place in [0, 1, 3, 4] {
        let deposit = deposit(chain, round, place);
        chain.must(&committer(place), deposit);
    }
}

/// All secrets become known: the second committer withholds its own, and others open it.
fn secrets(chain: &mut Chain, round: u16) {
    for place in [4, 0, 3] {
        let tell = tell(chain, round, place);
        chain.must(&committer(place), tell);
    }
    for by in [4, 2, 0] {
        let open = open(chain, round, 1, by);
        chain.must(&committer(by), open);
    }
}

/// After the applications: secrets are known and the round is drawn, before its sale begins.
fn drawn(chain: &mut Chain) {
    chain.now = APPLY_UNTIL;
    secrets(chain, 1);
    chain.must(&person(0), draw(1));
    chain.now = SALE_FROM;
}

fn round(chain: &Chain, round: u16) -> Round {
    chain.state.round(PREMIUM, round).unwrap().clone()
}

fn ticket(chain: &Chain, round: u16, number: u32) -> Ticket {
    chain.state.ticket(PREMIUM, round, number).unwrap().clone()
}

/// What applications of a round won so far, in order of their numbers.
fn granted(chain: &Chain, of: u16) -> Vec<u16> {
    let numbers = 1..=round(chain, of).tickets;
    numbers.map(|number| chain.state.won(PREMIUM, of, number).unwrap().granted).collect()
}

/// How many sets an application can buy in the next block.
fn buyable(chain: &Chain, round: u16, number: u32) -> u16 {
    chain.state.won(PREMIUM, round, number).unwrap().buyable(at(chain.now + 1000))
}

/// Buys all that applications can buy; who bought is the person of that number less one.
fn buy_all(chain: &mut Chain, of: u16, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        let sets = buyable(chain, of, number);
        if sets > 0 {
            let by = person(u8::try_from(number - 1).unwrap());
            chain.must(&by, buy(of, number, sets));
        }
    }
}

/// What an operation of somebody's does, which must commit.
fn said(chain: &mut Chain, actor: &Actor, operation: Operation) -> Vec<Event> {
    let tx = chain.tx(actor, vec![operation]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(codes(&applied), [0]);
    applied.events.into_iter().map(|happened| happened.event).collect()
}

fn sold(chain: &Chain, round: u16) -> u32 {
    chain.state.tally(PREMIUM, round).unwrap().sets
}
