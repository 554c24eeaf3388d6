//! Typed reads of the state, for queries and for the checks that stand before a block.

use ledger_types::{
    AccountId, BankId, ConsentId, Hash, MemberId, NoticeId, PartyId, Position, Timestamp, Yen,
    ZoneId,
};

use super::{State, keys};
use crate::record::{
    Account, Bank, Consent, Member, Merchant, Notice, OpenRedeems, Party, Record, Redeem, Subject,
    Zone, ZoneAccount,
};

impl State {
    /// An account that can hold money.
    #[must_use]
    pub fn account(&self, account: &AccountId) -> Option<&Account> {
        self.books.account(account)
    }

    /// What an account could pay at `now`: posted, less what requests hold that have not lapsed.
    #[must_use]
    pub fn available(&self, account: &AccountId, now: Timestamp) -> Option<Yen> {
        crate::financial::available(&self.books, account, now)
    }

    /// A data subject.
    #[must_use]
    pub fn subject(&self, account: &AccountId) -> Option<&Subject> {
        self.books.subject(account)
    }

    /// A consent party.
    #[must_use]
    pub fn party(&self, party: PartyId) -> Option<&Party> {
        self.books.party(party)
    }

    /// The consent party that acts through this account.
    #[must_use]
    pub fn party_at(&self, account: &AccountId) -> Option<&Party> {
        self.books.party_at(account)
    }

    /// A bank.
    #[must_use]
    pub fn bank(&self, bank: BankId) -> Option<&Bank> {
        self.books.bank(bank)
    }

    /// The bank whose own account this is.
    #[must_use]
    pub fn bank_of(&self, account: &AccountId) -> Option<BankId> {
        self.books.bank_of(account)
    }

    /// A zone.
    #[must_use]
    pub fn zone(&self, zone: ZoneId) -> Option<&Zone> {
        self.books.zone(zone)
    }

    /// An account's sub-account in a zone.
    #[must_use]
    pub fn zone_account(&self, zone: ZoneId, account: &AccountId) -> Option<&ZoneAccount> {
        self.books.zone_account(zone, account)
    }

    /// A merchant of a zone.
    #[must_use]
    pub fn merchant(&self, zone: ZoneId, account: &AccountId) -> Option<&Merchant> {
        self.books.merchant(zone, account)
    }

    /// A redeem request.
    #[must_use]
    pub fn redeem(&self, redeem: &Hash) -> Option<&Redeem> {
        self.books.redeem(redeem)
    }

    /// The redeem requests that make up an account's `held`.
    #[must_use]
    pub fn open_redeems(&self, account: &AccountId) -> Option<&OpenRedeems> {
        self.books.open_redeems(account)
    }

    /// A notice in its current version.
    #[must_use]
    pub fn notice(&self, controller: PartyId, notice: NoticeId) -> Option<&Notice> {
        self.books.notice(controller, notice)
    }

    /// A consent.
    #[must_use]
    pub fn consent(&self, consent: &ConsentId) -> Option<&Consent> {
        self.books.consent(consent)
    }

    /// A member.
    #[must_use]
    pub fn member(&self, member: MemberId) -> Option<&Member> {
        self.books.member(member)
    }

    /// All banks, in order of code.
    pub fn banks(&self) -> impl Iterator<Item = (BankId, &Bank)> {
        self.books.of_kind(&keys::BANK).filter_map(|(key, record)| match record {
            Record::Bank(bank) => Some((BankId::new(keys::number(&key)?), &**bank)),
            _ => None,
        })
    }

    /// What banks owe each other, by pair, the lower code first: positive is owed to the lower.
    pub fn positions(&self) -> impl Iterator<Item = ((BankId, BankId), Position)> {
        self.books.of_kind(&keys::PAIR_POSITION).filter_map(|(key, record)| match record {
            Record::PairPosition(pair) => {
                let (lower, higher) = (keys::number(&key)?, keys::number_at(&key, 3)?);
                Some(((BankId::new(lower), BankId::new(higher)), pair.position))
            }
            _ => None,
        })
    }

    /// All zones, in order of number.
    pub fn zones(&self) -> impl Iterator<Item = (ZoneId, &Zone)> {
        self.books.of_kind(&keys::ZONE).filter_map(|(key, record)| match record {
            Record::Zone(zone) => Some((ZoneId::new(keys::number(&key)?), zone)),
            _ => None,
        })
    }

    /// The merchants of a zone, in order of account.
    pub fn merchants(&self, zone: ZoneId) -> impl Iterator<Item = (AccountId, &Merchant)> {
        self.books.of_kind(&keys::MERCHANT).filter_map(move |(key, record)| match record {
            Record::Merchant(merchant) if keys::number(&key) == Some(zone.get()) => {
                Some((keys::account_after(3, &key)?, merchant))
            }
            _ => None,
        })
    }

    /// All members, in order of number.
    pub fn members(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        self.books.of_kind(&keys::MEMBER).filter_map(|(key, record)| match record {
            Record::Member(member) => Some((MemberId::new(keys::number(&key)?), member)),
            _ => None,
        })
    }

    /// All consent parties, in order of their accounts.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.books.of_kind(&keys::PARTY).filter_map(|(_, record)| match record {
            Record::Party(party) => Some(party),
            _ => None,
        })
    }

    /// All accounts that can hold money, in order.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.books.of_kind(&keys::ACCOUNT).filter_map(|(key, record)| match record {
            Record::Account(account) => Some((keys::account_after(1, &key)?, account)),
            _ => None,
        })
    }
}
