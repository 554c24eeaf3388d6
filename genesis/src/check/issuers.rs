//! Faults of prepaid issuers and of the floats that cover what they owe.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::record::CustodianKind;
use ledger_types::{BankId, Genesis, Yen};

use super::Check;

impl Check<'_> {
    /// Prepaid issuers share the banks' codes; of their floats, see [`Self::floats`].
    pub(super) fn issuers(&mut self) {
        let genesis = self.genesis;
        let mut seen: BTreeSet<BankId> = genesis.banks.iter().map(|bank| bank.bank).collect();
        for (index, issuer) in genesis.issuers.iter().enumerate() {
            let place = format!("issuers[{index}]");
            self.code(&place, "issuer", issuer.issuer, !seen.insert(issuer.issuer));
            self.name(format!("{place}.name"), &issuer.name);
            self.keys(&place, &issuer.keys, issuer.threshold);
            self.new_account(&place, issuer.account, AccountKind::Issuer, KycLevel::KB);
        }
    }

    /// A custodian's code is its own and has four digits.
    pub(super) fn code(&mut self, place: &str, what: &str, code: BankId, is_repeated: bool) {
        if is_repeated {
            let problem = format!("bank or issuer {code} is listed twice");
            self.fault("repeated_bank", place.to_owned(), problem, "remove one of them");
        }
        if !(1..=9999).contains(&code.get()) {
            let problem = format!("{code} is not a four-digit bank code");
            self.fault("bad_bank_code", format!("{place}.{what}"), problem, "use 1 to 9999");
        }
    }

    /// Each float is one issuer's alone, a listed account at a bank, and covers what is owed.
    pub(super) fn floats(&mut self) {
        let genesis = self.genesis;
        let mut seen = BTreeSet::new();
        for (index, issuer) in genesis.issuers.iter().enumerate() {
            let place = format!("issuers[{index}].float");
            let listed = genesis.accounts.iter().find(|entry| entry.account == issuer.float);
            let Some(float) = listed else {
                let problem = format!("account {:?} is not listed", issuer.float);
                self.fault("bad_float", place, problem, "list it among accounts: add-issuer");
                continue;
            };
            let is_issuers = float.kind == AccountKind::Issuer && float.kyc_level == KycLevel::KB;
            let at_bank = self.custodian(float.custodian).is_bank();
            if !seen.insert(issuer.float) || !is_issuers || !at_bank {
                let problem = "it is not one issuer's account of level k_b at a bank".to_owned();
                let remedy = "list an account of its own: kind issuer, kyc_level k_b, at a bank";
                self.fault("bad_float", place.clone(), problem, remedy);
            }
            let owed = self.issued.get(&issuer.issuer).copied().flatten().unwrap_or(Yen::ZERO);
            if float.balance < owed {
                let problem = format!("it has {} yen, the issuer owes {owed}", float.balance);
                self.fault("small_float", place, problem, "raise its balance, or lower theirs");
            }
        }
    }

    /// What kind of custodian this is; a bank, where none is listed, of which another fault tells.
    pub(super) fn custodian(&self, custodian: BankId) -> CustodianKind {
        self.custodians.get(&custodian).copied().unwrap_or(CustodianKind::Bank)
    }
}

/// Who keeps accounts. A code that is listed twice is a bank's first, as the ledger takes it.
pub(super) fn custodians(genesis: &Genesis) -> BTreeMap<BankId, CustodianKind> {
    let issuers = genesis
        .issuers
        .iter()
        .map(|issuer| (issuer.issuer, CustodianKind::PrepaidIssuer { float: issuer.float }));
    let banks = genesis.banks.iter().map(|bank| (bank.bank, CustodianKind::Bank));
    issuers.chain(banks).collect()
}
