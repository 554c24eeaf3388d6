//! The network of four, and everybody in it: banks, city, operator, shops and wallets.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use kyojo_genesis::actors::{Actor, Actors};
use kyojo_tests::account::{actors, genesis, payer};
use kyojo_tests::engine::{Engine, Pace};
use kyojo_tests::network::{Network, Plan};
use ledger_types::event::LotFate;
use ledger_types::programme::{BucketUse, Lots, Takes};
use ledger_types::{AccountId, Genesis, Hash, Operation, ProgrammeId, Timestamp};
use network_clock::Clock;

use super::books::{Books, Deed, Holder, Sums};
use super::noted::EXCLUSIONS;
use super::post::{Post, Prepared, Script, told};
use super::size::{LAB_RATE, LOTTERY_MS_MIN, Size, real, stretched};

/// The programme.
pub(crate) const PROGRAMME: ProgrammeId = ProgrammeId::new(7_202);
/// How long a request may take, repetitions included.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);
const READY_WITHIN: Duration = Duration::from_secs(120);
const PACE: Pace =
    Pace { in_flight_max: 4_000, bundle: 250, again_after: Some(Duration::from_secs(3)) };

/// Who is who among the holders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub(crate) banks: Vec<usize>,
    pub(crate) city: usize,
    pub(crate) university: usize,
    pub(crate) operator: usize,
    pub(crate) settlement: usize,
    /// One escrow at each bank, the main one first.
    pub(crate) escrows: Vec<usize>,
    /// Who gets the premium that was not used.
    pub(crate) fund: usize,
}

/// See the module.
pub(crate) struct Town {
    pub(crate) network: Network,
    pub(crate) engine: Engine,
    pub(crate) document: Genesis,
    pub(crate) size: Size,
    pub(crate) roles: Roles,
    pub(crate) books: Books,
}

impl Town {
    /// Starts the network, whose time is an hour a second.
    pub(crate) async fn start(size: Size, seed: u64) -> anyhow::Result<Self> {
        let arguments = [
            ("--banks", 3),
            ("--citizens", u64::from(size.wallets)),
            ("--merchants", 0),
            ("--lab-rate", LAB_RATE),
            ("--lab-lottery-ms", LOTTERY_MS_MIN),
            ("--net-debit-cap", size.cap()),
        ];
        let arguments = arguments.into_iter().flat_map(|(name, is)| [name.into(), is.to_string()]);
        let plan =
            Plan { validators: 4, seed, genesis_arguments: arguments.collect(), ..Plan::default() };
        let network = Network::start(&plan)?;
        network.wait_ready(READY_WITHIN).await?;
        let (document, known) = (genesis(network.folder())?, actors(network.folder())?);
        let urls: Vec<String> = (0..network.size()).map(|node| network.url(node)).collect();
        let engine = Engine::connect(&urls, REQUEST_WITHIN, PACE).await?;
        let mut town = Self {
            books: Books {
                holders: Vec::new(),
                shops: Vec::new(),
                wallets: 0..0,
                tickets: BTreeMap::new(),
                numbers: BTreeMap::new(),
                uses: Vec::new(),
                programme: PROGRAMME,
                use_until: Timestamp::default(),
                journal: Vec::new(),
                used: BTreeMap::new(),
                sums: Sums::default(),
                fate: LotFate::Returned,
                after_expiry: std::collections::BTreeSet::new(),
                fees: None,
                sales: Vec::new(),
                funded: 0,
                refused: BTreeMap::new(),
            },
            roles: Roles::default(),
            network,
            engine,
            document,
            size,
        };
        town.know(&known)?;
        Ok(town)
    }

    /// Enters everybody who is there from the start.
    fn know(&mut self, known: &Actors) -> anyhow::Result<()> {
        let banks: Vec<String> =
            self.document.banks.iter().map(|bank| format!("bank-{}", bank.bank)).collect();
        let named = |name: &str| -> anyhow::Result<&Actor> {
            let found = known.actors.iter().find(|actor| actor.name == name);
            found.with_context(|| format!("the network has no {name}"))
        };
        for bank in &banks {
            let place = self.enter(named(bank)?)?;
            self.roles.banks.push(place);
        }
        self.roles.city = self.enter(named("city")?)?;
        self.roles.university = self.enter(named("university")?)?;
        self.roles.operator = self.enter(named("zone-operator")?)?;
        self.roles.settlement = self.enter(named("settlement-operator")?)?;
        let first = self.books.holders.len();
        let citizens = known.actors.iter().filter(|actor| actor.name.starts_with("citizen-"));
        for citizen in citizens {
            self.enter(citizen)?;
        }
        self.books.wallets = first..self.books.holders.len();
        let balances: BTreeMap<AccountId, u64> = self
            .document
            .accounts
            .iter()
            .map(|account| (account.account, account.balance.get()))
            .collect();
        for holder in &mut self.books.holders {
            holder.balance = balances.get(&holder.account).copied().unwrap_or(0);
        }
        Ok(())
    }

    fn enter(&mut self, actor: &Actor) -> anyhow::Result<usize> {
        let payer = payer(actor)?;
        let bank = self.document.banks.iter().position(|bank| Some(bank.bank) == actor.bank);
        Ok(self.enter_new(payer.account, payer.key, bank.unwrap_or(0)))
    }

    /// Enters somebody new; gives its place.
    pub(crate) fn enter_new(
        &mut self,
        account: AccountId,
        key: ledger_types::SigningKey,
        bank: usize,
    ) -> usize {
        self.books.holders.push(Holder {
            account,
            keys: vec![key],
            nonce: 0,
            bank,
            balance: 0,
            coin: 0,
            lots: Lots::default(),
            bought: 0,
            plans: 0,
            is_dead: false,
        });
        self.books.holders.len() - 1
    }

    pub(crate) fn genesis(&self) -> Hash {
        self.engine.network().genesis_hash
    }

    pub(crate) fn account(&self, holder: usize) -> AccountId {
        self.books.holders[holder].account
    }

    /// The network's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock().now()
    }

    fn clock(&self) -> &Clock {
        &self.engine.network().clock
    }

    /// The network's time so long from now outside.
    pub(crate) fn after(&self, real_ms: u64) -> Timestamp {
        network_clock::after(self.now(), stretched(real_ms))
    }

    /// Waits until the network's time, and until a block has it.
    pub(crate) async fn until(&self, at: Timestamp) -> anyhow::Result<()> {
        loop {
            let left = at.as_millis().saturating_sub(self.now().as_millis());
            if left == 0 {
                // Blocks are dated when they are begun: the next one is after this.
                tokio::time::sleep(Duration::from_millis(30)).await;
                return Ok(());
            }
            tokio::time::sleep(real(left).max(Duration::from_millis(1))).await;
        }
    }

    /// Plays a script to its end; gives what was refused.
    pub(crate) async fn play(
        &mut self,
        senders: impl IntoIterator<Item = usize>,
        script: impl Script,
    ) -> anyhow::Result<BTreeMap<(u16, &'static str), u64>> {
        let network = self.engine.network().clone();
        let mut post = Post::new(&mut self.books, network, senders, script);
        let ran = self.engine.run(&mut post).await;
        let refused = post.done()?;
        ran?;
        Ok(refused)
    }

    /// Sends what is prepared, all of which must commit.
    pub(crate) async fn send(&mut self, prepared: Prepared) -> anyhow::Result<()> {
        let refused = self.play(prepared.senders(), prepared).await?;
        ensure!(refused.is_empty(), "refused: {}", told(&refused));
        Ok(())
    }

    /// One transaction that must commit.
    pub(crate) async fn does(
        &mut self,
        by: usize,
        operations: Vec<Operation>,
    ) -> anyhow::Result<()> {
        let mut prepared = Prepared::default();
        prepared.step(by, operations);
        self.send(prepared).await
    }

    /// One transaction that must be rejected by a rule.
    pub(crate) async fn is_refused(
        &mut self,
        by: usize,
        operations: Vec<Operation>,
        code: u16,
    ) -> anyhow::Result<()> {
        let mut prepared = Prepared::default();
        prepared.add(by, operations, Deed::Step);
        let refused = self.play([by], prepared).await?;
        let is_it = refused.keys().all(|(found, _)| *found == code) && !refused.is_empty();
        ensure!(is_it, "{code} was expected, and it was {}", told(&refused));
        // What was tried on purpose is none of the programme's refusals.
        if let Some(count) = self.books.refused.get_mut(&code) {
            *count -= 1;
        }
        self.books.refused.retain(|_, count| *count > 0);
        Ok(())
    }

    /// How buckets are used, for plans.
    pub(crate) fn uses(from: Timestamp) -> Vec<BucketUse> {
        let (exclusions, combines) = (EXCLUSIONS, false);
        vec![
            BucketUse { rank: 1, takes: Takes::LOCAL, from, exclusions, combines },
            BucketUse { rank: 2, takes: Takes::ALL, from, exclusions, combines },
        ]
    }
}
