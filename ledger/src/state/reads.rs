//! Reads of the state beside one record under its key.

use ledger_types::record::{
    Account, Authority, Bank, Cycle, Delegation, Instrument, Member, Merchant, Party, Payment,
    Programme, Terminal, Zone, keys,
};
use ledger_types::{
    AccountId, BankId, Hash, InstrumentId, MemberId, PartyId, Position, ProgrammeId, ZoneId,
};

use super::{State, parts};

impl State {
    /// A consent party.
    #[must_use]
    pub fn party(&self, party: PartyId) -> Option<&Party> {
        self.books.party(party)
    }

    /// By which authority an account, a data subject or a party acts.
    #[must_use]
    pub fn authority(&self, account: &AccountId) -> Option<&Authority> {
        self.books.authority(account)
    }

    /// The bank whose own account this is.
    #[must_use]
    pub fn bank_of(&self, account: &AccountId) -> Option<BankId> {
        self.books.bank_of(account)
    }

    /// All banks, in order of code.
    pub fn banks(&self) -> impl Iterator<Item = (BankId, &Bank)> {
        let all = self.books.of_kind::<Bank>();
        all.filter_map(|(key, bank)| Some((BankId::new(parts::number(&key)?), bank)))
    }

    /// What banks owe each other, by pair, the lower code first: positive is owed to the lower.
    pub fn positions(&self) -> impl Iterator<Item = ((BankId, BankId), Position)> {
        self.books.positions()
    }

    /// The settlement cycles that are in the state, in order of number; all but the last have ended.
    pub fn cycles(&self) -> impl Iterator<Item = (u32, &Cycle)> {
        let all = self.books.of_kind::<Cycle>();
        all.filter_map(|(key, cycle)| Some((parts::long_number(&key)?, cycle)))
    }

    /// All zones, in order of number.
    pub fn zones(&self) -> impl Iterator<Item = (ZoneId, &Zone)> {
        let all = self.books.of_kind::<Zone>();
        all.filter_map(|(key, zone)| Some((ZoneId::new(parts::number(&key)?), zone)))
    }

    /// The merchants of a zone, in order of account.
    pub fn merchants(&self, zone: ZoneId) -> impl Iterator<Item = (AccountId, &Merchant)> {
        self.books.of_kind::<Merchant>().filter_map(move |(key, merchant)| {
            let is_there = parts::number(&key) == Some(zone.get());
            is_there.then(|| Some((parts::account_after(3, &key)?, merchant)))?
        })
    }

    /// The payments at shops that are remembered, the oldest days first.
    pub fn payments(&self) -> impl Iterator<Item = (Hash, &Payment)> {
        let all = self.books.of_kind::<Payment>();
        all.filter_map(|(key, payment)| Some((parts::hash(&key)?, payment)))
    }

    /// The terminals of a merchant, in order of number.
    pub fn terminals(
        &self,
        zone: ZoneId,
        merchant: &AccountId,
    ) -> impl Iterator<Item = (u16, &Terminal)> {
        let (first, last) =
            (keys::terminal(zone, merchant, 0), keys::terminal(zone, merchant, u16::MAX));
        let all = self.books.of_kind_from::<Terminal>(&first);
        let all = all.take_while(move |(key, _)| *key <= last);
        all.filter_map(|(key, terminal)| Some((parts::number_at(&key, 23)?, terminal)))
    }

    /// The instruments of a zone, in order of number.
    pub fn instruments(&self, zone: ZoneId) -> impl Iterator<Item = (InstrumentId, &Instrument)> {
        let first = keys::instrument(zone, InstrumentId::new(0));
        self.books.of_kind_from::<Instrument>(&first).map_while(move |(key, instrument)| {
            let is_there = parts::number(&key) == Some(zone.get());
            is_there
                .then(|| Some((InstrumentId::new(parts::long_number_at(&key, 3)?), instrument)))?
        })
    }

    /// All programmes, in order of number; those that were reconciled stay.
    pub fn programmes(&self) -> impl Iterator<Item = (ProgrammeId, &Programme)> {
        let all = self.books.of_kind::<Programme>();
        all.filter_map(|(key, one)| Some((ProgrammeId::new(parts::long_number(&key)?), one)))
    }

    /// All members, in order of number.
    pub fn members(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        let all = self.books.of_kind::<Member>();
        all.filter_map(|(key, member)| Some((MemberId::new(parts::number(&key)?), member)))
    }

    /// All consent parties, in order of their accounts.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.books.of_kind::<Party>().map(|(_, party)| party)
    }

    /// All accounts that can hold money, in order.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        let all = self.books.of_kind::<Account>();
        all.filter_map(|(key, account)| Some((parts::account_after(1, &key)?, account)))
    }

    /// Who may act for a data subject, or will: guardians in order, with what gave them authority.
    pub fn guardians(&self, subject: &AccountId) -> impl Iterator<Item = (AccountId, &Delegation)> {
        let first = keys::delegation(subject, &AccountId::new([0; 20]));
        let of_subject = *subject;
        self.books
            .of_kind_from::<Delegation>(&first)
            .map_while(move |(key, held)| {
                let rest = key.as_bytes().get(1..)?.strip_prefix(of_subject.as_bytes())?;
                Some((AccountId::new(rest.try_into().ok()?), held))
            })
            .filter(|(_, held)| held.goes_on(self.time()))
    }
}
