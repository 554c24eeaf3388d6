//! From payments to what is signed: accounts, their keys and banks, and rows of ledger operations.

use std::collections::{BTreeMap, BTreeSet};

use kyojo_tests::load::{Payer, now, of_today};
use ledger_types::limits::OPERATIONS_MAX;
use ledger_types::operation::{
    AccountKind, ClaimRedeem, Issue, KycLevel, OpenAccount, RequestRedeem, SettleRedeem, Transfer,
    WeightedKey,
};
use ledger_types::{AccountId, BankId, Hash, Operation, SigningKey, Yen};

use crate::read::{Files, Payment};

const TAG: &[u8] = b"kyojo/replay/v1";
/// How long from its planning on a claim lasts, in milliseconds: a day less than the request.
const CLAIM_MS: u64 = 6 * 24 * 60 * 60 * 1000;

/// One transaction of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Who sends it: an index of [`Plan::senders`].
    pub(crate) sender: usize,
    /// What it does.
    pub(crate) operations: Vec<Operation>,
}

/// One row: its steps run one after another, and rows of one lane begin in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The account whose order it keeps.
    pub(crate) lane: usize,
    /// Its transactions.
    pub(crate) steps: Vec<Step>,
}

/// A bank of the network with the key by which it acts.
#[derive(Clone, Debug)]
pub(crate) struct Bank {
    /// Its code.
    pub(crate) bank: BankId,
    /// Its own account.
    pub(crate) account: AccountId,
    /// Its key.
    pub(crate) key: SigningKey,
}

/// Everything that a replay sends.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Who sends: the banks first, in order, then the accounts.
    pub(crate) senders: Vec<Payer>,
    /// Rows that open the accounts.
    pub(crate) openings: Vec<Row>,
    /// Rows that give accounts their opening balance, after all are open.
    pub(crate) funding: Vec<Row>,
    /// The files' rows, transactions before orders.
    pub(crate) rows: Vec<Row>,
    /// The files' bank codes with the bank that each became.
    pub(crate) partner_banks: BTreeMap<String, BankId>,
}

/// The network has fewer banks than the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the files need {needed} banks, the network has {found}")]
pub(crate) struct TooFewBanks {
    /// How many the files need.
    pub(crate) needed: usize,
    /// How many there are.
    pub(crate) found: usize,
}

/// What accounts start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpeningBalance {
    /// Nothing; accounts of a plain file, what they pay in all.
    Usual,
    /// The same for every account that pays.
    Each(Yen),
}

impl Plan {
    /// Plans a replay of `files` on a network with these banks. Keys and identities follow from
    /// `run`, so that two replays never meet.
    ///
    /// # Errors
    /// [`TooFewBanks`].
    pub(crate) fn new(
        files: &Files,
        banks: &[Bank],
        run: &Hash,
        opening: OpeningBalance,
    ) -> Result<Self, TooFewBanks> {
        let mut planner = Planner::new(files, banks, run)?;
        for account in &files.accounts {
            planner.account(0, account);
        }
        let rows: Vec<Row> = files
            .transactions
            .iter()
            .chain(&files.orders)
            .enumerate()
            .map(|(number, payment)| planner.row(number, payment))
            .collect();
        let openings = planner.openings();
        let funding = planner.funding(opening);
        let senders = banks
            .iter()
            .map(|bank| Payer { account: bank.account, key: bank.key.clone() })
            .chain(planner.accounts.into_iter().map(|account| account.payer))
            .collect();
        let partner_banks =
            planner.codes.into_iter().map(|(code, index)| (code, banks[index].bank)).collect();
        Ok(Self { senders, openings, funding, rows, partner_banks })
    }
}

struct Account {
    bank: usize,
    holder_commitment: Hash,
    payer: Payer,
    /// What it pays in a plain file.
    pays_plainly: u64,
    /// Whether it pays at all.
    pays: bool,
}

struct Planner<'a> {
    banks: &'a [Bank],
    run: &'a Hash,
    /// The files' bank codes, each with the index of a bank after the first.
    codes: BTreeMap<String, usize>,
    known: BTreeMap<(usize, String), usize>,
    plain: BTreeMap<String, usize>,
    accounts: Vec<Account>,
}

impl<'a> Planner<'a> {
    fn new(files: &Files, banks: &'a [Bank], run: &'a Hash) -> Result<Self, TooFewBanks> {
        let codes: BTreeSet<&String> = files
            .transactions
            .iter()
            .chain(&files.orders)
            .filter_map(|payment| match payment {
                Payment::Outgoing { bank, .. } | Payment::Incoming { bank, .. } => Some(bank),
                _ => None,
            })
            .collect();
        let needed = codes.len() + 1;
        if banks.len() < needed {
            return Err(TooFewBanks { needed, found: banks.len() });
        }
        let codes = codes.into_iter().cloned().zip(1..).collect();
        let (known, plain) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { banks, run, codes, known, plain, accounts: Vec::new() })
    }

    /// The index of an account among the accounts, opened at its bank where it is new.
    fn account(&mut self, bank: usize, name: &str) -> usize {
        if let Some(index) = self.known.get(&(bank, name.to_owned())) {
            return *index;
        }
        let code = self.banks[bank].bank.get().to_be_bytes();
        let derived =
            |what: &[u8]| Hash::of(&[TAG, what, self.run.as_bytes(), &code, name.as_bytes()]);
        let holder_commitment = derived(b"/holder/");
        let key = SigningKey::from_seed(derived(b"/key/").as_bytes());
        let account = AccountId::opened_by(self.banks[bank].bank, &holder_commitment);
        let payer = Payer { account, key };
        let index = self.accounts.len();
        self.accounts.push(Account {
            bank,
            holder_commitment,
            payer,
            pays_plainly: 0,
            pays: false,
        });
        self.known.insert((bank, name.to_owned()), index);
        index
    }

    /// An account of a plain file: they take turns at the banks in order of appearance.
    fn plain_account(&mut self, name: &str) -> usize {
        if let Some(index) = self.plain.get(name) {
            return *index;
        }
        let index = self.account(self.plain.len() % self.banks.len(), name);
        self.plain.insert(name.to_owned(), index);
        index
    }

    fn row(&mut self, number: usize, payment: &Payment) -> Row {
        match payment {
            Payment::Deposit { account, amount } => {
                let lane = self.account(0, account);
                Row { lane, steps: vec![self.issue(lane, *amount, number)] }
            }
            Payment::Withdrawal { account, amount } => {
                let lane = self.account(0, account);
                self.accounts[lane].pays = true;
                Row { lane, steps: self.redeem(lane, *amount, number) }
            }
            Payment::Fee { account, amount } => {
                let lane = self.account(0, account);
                let bank = self.banks[self.accounts[lane].bank].account;
                Row { lane, steps: vec![self.transfer(lane, bank, *amount)] }
            }
            Payment::Outgoing { account, bank, partner, amount } => {
                let lane = self.account(0, account);
                let partner = self.account(self.codes[bank], partner);
                let to = self.accounts[partner].payer.account;
                Row { lane, steps: vec![self.transfer(lane, to, *amount)] }
            }
            Payment::Incoming { account, bank, partner, amount } => {
                let lane = self.account(0, account);
                let partner = self.account(self.codes[bank], partner);
                let to = self.accounts[lane].payer.account;
                let funded = self.issue(partner, *amount, number);
                let steps = vec![funded, self.transfer(partner, to, *amount)];
                // It was just issued what it pays, so it needs no opening balance.
                self.accounts[partner].pays = false;
                Row { lane, steps }
            }
            Payment::Plain { debtor, creditor, amount } => {
                let lane = self.plain_account(debtor);
                let creditor = self.plain_account(creditor);
                let to = self.accounts[creditor].payer.account;
                let pays = &mut self.accounts[lane].pays_plainly;
                *pays = pays.saturating_add(*amount);
                Row { lane, steps: vec![self.transfer(lane, to, *amount)] }
            }
        }
    }

    fn issue(&self, account: usize, amount: u64, number: usize) -> Step {
        let issue = Issue {
            account: self.accounts[account].payer.account,
            amount: Yen::new(amount),
            core_banking_ref: self.identity(b"/entry/", number),
        };
        Step { sender: self.accounts[account].bank, operations: vec![Operation::Issue(issue)] }
    }

    fn transfer(&mut self, from: usize, to: AccountId, amount: u64) -> Step {
        self.accounts[from].pays = true;
        let transfer = Transfer { to, amount: Yen::new(amount), reference: None };
        Step { sender: self.banks.len() + from, operations: vec![Operation::Transfer(transfer)] }
    }

    fn redeem(&self, account: usize, amount: u64, number: usize) -> Vec<Step> {
        let redeem = of_today(self.identity(b"/redeem/", number));
        let amount = Yen::new(amount);
        let request = Operation::RequestRedeem(RequestRedeem { redeem, amount });
        let until = now().checked_add_millis(CLAIM_MS).unwrap_or_default();
        let claim = Operation::ClaimRedeem(ClaimRedeem { redeem, until });
        let settle = Operation::SettleRedeem(SettleRedeem { redeem });
        vec![
            Step { sender: self.banks.len() + account, operations: vec![request] },
            Step { sender: self.accounts[account].bank, operations: vec![claim, settle] },
        ]
    }

    fn identity(&self, what: &[u8], number: usize) -> Hash {
        Hash::of(&[TAG, what, self.run.as_bytes(), &(number as u64).to_be_bytes()])
    }

    fn openings(&self) -> Vec<Row> {
        let opening = |account: &Account| {
            Operation::OpenAccount(OpenAccount {
                holder_commitment: account.holder_commitment,
                kind: AccountKind::Citizen,
                kyc_level: KycLevel::K2,
                keys: vec![WeightedKey::plain(account.payer.key.public_key(), 1)],
                threshold: 1,
            })
        };
        self.in_bulk(|_, account| Some(opening(account)))
    }

    fn funding(&self, balance: OpeningBalance) -> Vec<Row> {
        self.in_bulk(|index, account| {
            let amount = match balance {
                OpeningBalance::Each(amount) if account.pays => amount,
                OpeningBalance::Each(_) => Yen::ZERO,
                OpeningBalance::Usual => Yen::new(account.pays_plainly),
            };
            (!amount.is_zero()).then(|| {
                Operation::Issue(Issue {
                    account: account.payer.account,
                    amount,
                    core_banking_ref: self.identity(b"/opening/", index),
                })
            })
        })
    }

    /// One operation an account, as many in a transaction of its bank as fit.
    fn in_bulk(&self, operation: impl Fn(usize, &Account) -> Option<Operation>) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for sender in 0..self.banks.len() {
            let operations: Vec<Operation> = self
                .accounts
                .iter()
                .enumerate()
                .filter(|(_, account)| account.bank == sender)
                .filter_map(|(index, account)| operation(index, account))
                .collect();
            for chunk in operations.chunks(OPERATIONS_MAX) {
                let step = Step { sender, operations: chunk.to_vec() };
                rows.push(Row { lane: rows.len(), steps: vec![step] });
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banks(count: u16) -> Vec<Bank> {
        (0..count)
            .map(|number| Bank {
                bank: BankId::new(number + 1),
                account: AccountId::new([u8::try_from(number).unwrap(); 20]),
                key: SigningKey::from_seed(&[9; 32]),
            })
            .collect()
    }

    fn files() -> Files {
        let (account, partner) = ("7".to_owned(), "5".to_owned());
        let incoming = |bank: &str| Payment::Incoming {
            account: account.clone(),
            bank: bank.to_owned(),
            partner: partner.clone(),
            amount: 30,
        };
        Files {
            accounts: (0..200).map(|number| number.to_string()).collect(),
            transactions: vec![
                Payment::Deposit { account: account.clone(), amount: 100 },
                incoming("YZ"),
                incoming("AB"),
                Payment::Withdrawal { account: account.clone(), amount: 10 },
                Payment::Fee { account: account.clone(), amount: 1 },
            ],
            orders: vec![Payment::Outgoing {
                account: account.clone(),
                bank: "AB".to_owned(),
                partner: partner.clone(),
                amount: 5,
            }],
            cut: Vec::new(),
        }
    }

    #[test]
    fn each_row_becomes_the_steps_that_the_mapping_names() {
        let plan = Plan::new(&files(), &banks(3), &Hash::ZERO, OpeningBalance::Usual).unwrap();
        let senders: Vec<Vec<usize>> = plan
            .rows
            .iter()
            .map(|row| row.steps.iter().map(|step| step.sender).collect())
            .collect();
        let (own, ab, yz) = (0, 1, 2);
        // Accounts come after the three banks: 200 of the file, then YZ's "5", then AB's "5".
        let (holder, at_yz, at_ab) = (3 + 7, 3 + 200, 3 + 201);
        assert_eq!(
            senders,
            [
                vec![own],
                vec![yz, at_yz],
                vec![ab, at_ab],
                vec![holder, own],
                vec![holder],
                vec![holder]
            ]
        );
        assert!(plan.rows.iter().all(|row| row.lane == 7), "one account, one lane");
        assert_eq!(plan.partner_banks["AB"], BankId::new(2));
        assert_eq!(plan.senders.len(), 3 + 202);
        assert!(plan.funding.is_empty());
    }

    #[test]
    fn openings_fill_transactions_and_open_every_account_once() {
        let plan = Plan::new(&files(), &banks(3), &Hash::ZERO, OpeningBalance::Usual).unwrap();
        let counts: Vec<usize> =
            plan.openings.iter().map(|row| row.steps[0].operations.len()).collect();
        assert_eq!(counts, [64, 64, 64, 8, 1, 1]);
    }

    #[test]
    fn too_few_banks_is_said_before_anything_is_sent() {
        let refused = Plan::new(&files(), &banks(2), &Hash::ZERO, OpeningBalance::Usual);
        assert_eq!(refused.err(), Some(TooFewBanks { needed: 3, found: 2 }));
    }

    #[test]
    fn two_runs_share_no_account_and_one_run_repeats_itself() {
        let accounts = |run: &Hash| -> BTreeSet<AccountId> {
            let plan = Plan::new(&files(), &banks(3), run, OpeningBalance::Usual).unwrap();
            plan.senders.iter().skip(3).map(|sender| sender.account).collect()
        };
        let (one, other) = (Hash::of(&[b"1"]), Hash::of(&[b"2"]));
        assert_eq!(accounts(&one), accounts(&one));
        assert!(accounts(&one).is_disjoint(&accounts(&other)));
    }

    #[test]
    fn debtors_of_a_plain_file_start_with_what_they_pay() {
        let pay = |debtor: &str, creditor: &str, amount| Payment::Plain {
            debtor: debtor.to_owned(),
            creditor: creditor.to_owned(),
            amount,
        };
        let files = Files {
            transactions: vec![pay("a", "b", 5), pay("b", "c", 2), pay("a", "c", 1)],
            ..Files::default()
        };
        let issued = |opening| -> Vec<u64> {
            let plan = Plan::new(&files, &banks(2), &Hash::ZERO, opening).unwrap();
            let operations =
                plan.funding.into_iter().flat_map(|mut row| row.steps.remove(0).operations);
            operations
                .map(|operation| match operation {
                    Operation::Issue(issue) => issue.amount.get(),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(issued(OpeningBalance::Usual), [6, 2], "a at the first bank, b at the second");
        assert_eq!(issued(OpeningBalance::Each(Yen::new(9))), [9, 9], "c pays nothing");
    }
}
