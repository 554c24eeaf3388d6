//! What is there before anybody applies: shops, the instrument, the programme and its escrows.

use anyhow::Context as _;
use ledger_types::limits::OPERATIONS_MAX;
use ledger_types::operation::{
    AccountKind, CreateProgramme, DefineInstrument, FundProgramme, Issue, KeyRole, KycLevel,
    MerchantClass, MerchantProfile, OpenAccount, RegisterMerchant, RotateKeys, Transfer,
    WeightedKey,
};
use ledger_types::programme::{
    Allocation, Bucket, Capabilities, Committer, Eligibility, LegalClass, Life, ProgrammeTerms,
    Takes,
};
use ledger_types::{AccountId, Hash, InstrumentId, Operation, SigningKey, Timestamp, Yen, ZoneId};
use network_clock::after;
use public_draw::SealingSecret;
use public_draw::sharing::member_context;

use super::books::Shop;
use super::letters::Letters;
use super::noted::EXCLUSIONS;
use super::post::Prepared;
use super::size::{ASSUMED, FREE, PAID, PER_HOUSEHOLD, PER_PERSON, SHOPS_PERCENT, stretched};
use super::town::{PROGRAMME, Town};

/// The zone of the network's document.
pub(crate) const ZONE: ZoneId = ZoneId::new(1);
const INSTRUMENT: InstrumentId = InstrumentId::new(1);
/// How many committers open a secret together.
pub(crate) const THRESHOLD: u8 = 3;

/// The committers in their places: city, university, the first bank and the settlement office.
pub(crate) fn committers(town: &Town) -> [usize; 4] {
    let roles = &town.roles;
    let bank = roles.banks.first().copied().unwrap_or(roles.city);
    [roles.city, roles.university, bank, roles.settlement]
}

/// The key to which shares are sealed for the committer at a place.
pub(crate) fn sealing(place: u8) -> SealingSecret {
    SealingSecret::from_seed(Hash::of(&[b"sealing", &[place]]).as_bytes())
}

fn committed(what: &str, number: usize) -> Hash {
    Hash::of(&[b"aizu-premium", what.as_bytes(), &(number as u64).to_be_bytes()])
}

pub(crate) fn key(what: &str, number: usize) -> SigningKey {
    SigningKey::from_seed(committed(what, number).as_bytes())
}

/// When vouchers are used, and when they are settled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dates {
    pub(crate) use_from: Timestamp,
    pub(crate) use_until: Timestamp,
    pub(crate) refund_until: Timestamp,
}

impl Town {
    /// All of it, but the programme.
    pub(crate) async fn found(&mut self) -> anyhow::Result<()> {
        self.rotate_banks().await?;
        self.open_accounts().await?;
        self.set_fees().await?;
        self.register_shops().await?;
        self.register_terminals().await
    }

    /// Each bank signs with a maker's key and a checker's from now on.
    async fn rotate_banks(&mut self) -> anyhow::Result<()> {
        let (mut rotate, mut new) = (Prepared::default(), Vec::new());
        for bank in self.roles.banks.clone() {
            let keys = vec![key("maker", bank), key("checker", bank)];
            let roles = [KeyRole::Maker, KeyRole::Checker];
            let weighted = keys.iter().zip(roles).map(|(key, role)| WeightedKey {
                key: key.public_key(),
                weight: 1,
                role,
            });
            let operation = RotateKeys { keys: weighted.collect(), threshold: 2 };
            rotate.step(bank, vec![operation.into()]);
            new.push((bank, keys));
        }
        self.send(rotate).await?;
        for (bank, keys) in new {
            self.books.holders[bank].keys = keys;
        }
        Ok(())
    }

    /// The banks open accounts of shops, escrows and the fund; the first one takes in what the city pays.
    async fn open_accounts(&mut self) -> anyhow::Result<()> {
        let mut opened: Vec<Vec<Operation>> = vec![Vec::new(); self.roles.banks.len()];
        for (bank, opens) in opened.iter_mut().enumerate() {
            let (escrow, open) = self.open(bank, "escrow", bank, AccountKind::Program)?;
            self.roles.escrows.push(escrow);
            opens.push(open);
        }
        let (fund, open) = self.open(0, "fund", 0, AccountKind::Operator)?;
        self.roles.fund = fund;
        opened[0].push(open);
        for number in 0..self.size.shops {
            let bank = bank_of(number, self.size.shops);
            let (holder, open) = self.open(bank, "shop", number, AccountKind::Merchant)?;
            let is_chain = number * 7 % 10 < ASSUMED.chain_shops_percent as usize / 10;
            let class = if is_chain { MerchantClass::Chain } else { MerchantClass::Local };
            self.books.shops.push(Shop { holder, class, charged: 0 });
            opened[bank].push(open);
        }
        let mut sent = Prepared::default();
        for (bank, operations) in self.roles.banks.iter().zip(&opened) {
            for part in operations.chunks(OPERATIONS_MAX) {
                sent.step(*bank, part.to_vec());
            }
        }
        let (city, premium) = (self.roles.city, self.premium());
        let issue = Issue {
            account: self.account(city),
            amount: Yen::new(premium),
            core_banking_ref: committed("premium", 0),
        };
        let bank = self.roles.banks.first().copied().context("there is no bank")?;
        sent.step(bank, vec![issue.into()]);
        self.books.holders[city].balance += premium;
        self.send(sent).await
    }

    /// What the city pays beside what buyers do: all free yen.
    fn premium(&self) -> u64 {
        2 * FREE * u64::from(self.size.sets)
    }

    /// Somebody at a bank, and how it opens the account.
    fn open(
        &mut self,
        bank: usize,
        what: &str,
        number: usize,
        kind: AccountKind,
    ) -> anyhow::Result<(usize, Operation)> {
        let code = self.document.banks.get(bank).context("a bank")?.bank;
        let (holder_commitment, key) = (committed(what, number), key(what, number));
        let keys = vec![WeightedKey::plain(key.public_key(), 1)];
        let account = AccountId::opened_by(code, &holder_commitment);
        let kyc_level = KycLevel::KB;
        let open = OpenAccount { holder_commitment, kind, kyc_level, keys, threshold: 1 };
        Ok((self.enter_new(account, key, bank), open.into()))
    }

    async fn register_shops(&mut self) -> anyhow::Result<()> {
        let mut operations: Vec<Operation> = vec![
            DefineInstrument {
                zone: ZONE,
                instrument: INSTRUMENT,
                issuer: self.account(self.roles.city),
                class: LegalClass::PrepaidMunicipal,
                capabilities: Capabilities::SPEND,
                max_outstanding: Yen::new(self.size.face()),
                life: Life::Programme,
                areas: vec![],
                terms: committed("instrument", 0),
            }
            .into(),
        ];
        for Shop { holder, class, .. } in self.books.shops.clone() {
            let merchant = self.account(holder);
            let register = RegisterMerchant {
                zone: ZONE,
                merchant,
                class,
                tier: 0,
                profile: MerchantProfile::default(),
            };
            operations.push(register.into());
        }
        let mut sent = Prepared::default();
        for part in operations.chunks(OPERATIONS_MAX) {
            sent.step(self.roles.operator, part.to_vec());
        }
        self.send(sent).await
    }

    /// The city announces the programme and funds it; the escrows are pledged.
    pub(crate) async fn announce(&mut self, letters: &Letters, dates: Dates) -> anyhow::Result<()> {
        let (city, escrows) = (self.roles.city, self.roles.escrows.clone());
        let terms = self.terms(letters, dates)?;
        let mut operations = vec![Operation::from(CreateProgramme { programme: PROGRAMME, terms })];
        let premium = self.premium();
        for (escrow, percent) in escrows.iter().zip(SHOPS_PERCENT) {
            let amount = premium * percent as u64 / 100;
            let (to, amount) = (self.account(*escrow), Yen::new(amount));
            operations.push(Transfer { to, amount, reference: None }.into());
            self.books.holders[city].balance -= amount.get();
            self.books.funded += amount.get();
        }
        self.does(city, operations).await?;
        let mut pledge = Prepared::default();
        for escrow in escrows {
            pledge.step(escrow, vec![FundProgramme { programme: PROGRAMME }.into()]);
        }
        self.books.use_until = dates.use_until;
        self.books.uses = Self::uses(dates.use_from);
        self.send(pledge).await
    }

    fn terms(&self, letters: &Letters, dates: Dates) -> anyhow::Result<ProgrammeTerms> {
        let (root, size) = letters.root(1)?;
        let (paid, free) = (Yen::new(PAID), Yen::new(FREE));
        let genesis = self.genesis();
        let committer = |(place, holder): (u8, usize)| {
            let (secret, account) = (sealing(place), self.account(holder));
            let context = member_context(&genesis, PROGRAMME.get(), &account);
            let proof = (*secret.prove_possession(&context).proof()).into();
            Committer { account, sealing: Hash::new(*secret.public().encoding().as_bytes()), proof }
        };
        let fiscal_year = ledger_types::instant::JapanTime(self.now()).fiscal_year();
        Ok(ProgrammeTerms {
            zone: ZONE,
            instrument: INSTRUMENT,
            name: "会津プレミアムポイント".to_owned(),
            terms: committed("terms", 0),
            exclusions: EXCLUSIONS,
            combines: false,
            fiscal_year,
            carried_over: false,
            escrows: self.roles.escrows.iter().map(|escrow| self.account(*escrow)).collect(),
            buckets: vec![
                Bucket { rank: 1, takes: Takes::LOCAL, paid, free },
                Bucket { rank: 2, takes: Takes::ALL, paid, free },
            ],
            sets: self.size.sets,
            per_person: PER_PERSON,
            per_household: Some(PER_HOUSEHOLD),
            eligibility: Eligibility::Listed { root, size },
            allocation: Allocation::Whole,
            committers: (0..).zip(committers(self)).map(committer).collect(),
            threshold: THRESHOLD.into(),
            use_from: dates.use_from,
            use_until: dates.use_until,
            refund_until: dates.refund_until,
            reconcile_by: after(dates.refund_until, stretched(60_000)),
            unused_paid_to: self.account(self.roles.city),
            unused_free_to: self.account(self.roles.fund),
        })
    }
}

/// The bank of a shop: by the shares of the banks.
fn bank_of(number: usize, shops: usize) -> usize {
    let place = (number * 100 + 50) / shops.max(1);
    let ends = [SHOPS_PERCENT[0], SHOPS_PERCENT[0] + SHOPS_PERCENT[1]];
    ends.iter().filter(|end| place >= **end).count()
}
