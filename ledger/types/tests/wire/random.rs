//! Values of every kind made from a seed.

use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, ClaimRedeem, Discharge, Issue, KycLevel, MerchantClass,
    MerchantProfile, OpenAccount, OpenZoneAccount, Pay, RegisterMerchant, ReleaseRedeem,
    RequestRedeem, SetNetDebitCap, SettleRedeem, Transfer, WeightedKey,
};
use ledger_types::transaction::Authorisation;
use ledger_types::zone::{
    AnsweredRequest, Exception, MunicipalityCode, RequestNonce, RequestTerms, ShopYen,
};
use ledger_types::{
    AccountId, BankId, CommitCertificate, CommitSignature, Hash, Height, NetworkId, Nonce,
    Operation, PublicKey, Round, Signature, Timestamp, Transaction, Unsigned, ValidatorAddress,
    Yen, ZoneId,
};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};

use crate::sample;

fn is_consent(operation: &Operation) -> bool {
    ledger_types::codec::encode(operation)[0] >= 12
}

/// Makes values; the same seed makes the same.
pub(crate) struct Random(StdRng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn hash(&mut self) -> Hash {
        Hash::new(self.bytes())
    }

    fn account(&mut self) -> AccountId {
        AccountId::new(self.bytes())
    }

    fn key(&mut self) -> PublicKey {
        PublicKey::Ed25519(self.bytes())
    }

    fn yen(&mut self) -> Yen {
        Yen::new(self.0.r#gen())
    }

    fn zone(&mut self) -> ZoneId {
        ZoneId::new(self.0.r#gen())
    }

    fn time(&mut self) -> Timestamp {
        Timestamp::from_millis(self.0.r#gen())
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.choose(&mut self.0).expect("something to pick from")
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.0.r#gen::<bool>().then(|| make(self))
    }

    fn list<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.0.gen_range(0..5)).map(|_| make(self)).collect()
    }

    fn keys(&mut self) -> Vec<WeightedKey> {
        self.list(|r| WeightedKey::plain(r.key(), r.0.r#gen()))
    }

    pub(crate) fn operation(&mut self) -> Operation {
        match self.0.gen_range(0..3) {
            0 => self.money(),
            1 => self.zones(),
            _ => self.consent(),
        }
    }

    fn money(&mut self) -> Operation {
        match self.0.gen_range(0..9) {
            0 => Operation::OpenAccount(OpenAccount {
                holder_commitment: self.hash(),
                kind: self.pick(&[AccountKind::Citizen, AccountKind::Bank, AccountKind::Operator]),
                kyc_level: self.pick(&[KycLevel::K0, KycLevel::K1, KycLevel::K2, KycLevel::KB]),
                keys: self.keys(),
                threshold: self.0.r#gen(),
            }),
            1 => Operation::Issue(Issue {
                account: self.account(),
                amount: self.yen(),
                core_banking_ref: self.hash(),
            }),
            2 => {
                Operation::RequestRedeem(RequestRedeem { redeem: self.hash(), amount: self.yen() })
            }
            3 => Operation::SettleRedeem(SettleRedeem { redeem: self.hash() }),
            4 => Operation::CancelRedeem(CancelRedeem { redeem: self.hash() }),
            6 => Operation::ClaimRedeem(ClaimRedeem { redeem: self.hash(), until: self.time() }),
            7 => Operation::ReleaseRedeem(ReleaseRedeem { redeem: self.hash() }),
            5 => Operation::Transfer(Transfer {
                to: self.account(),
                amount: self.yen(),
                reference: self.maybe(Self::hash),
            }),
            _ => Operation::SetNetDebitCap(SetNetDebitCap {
                bank: BankId::new(self.0.r#gen()),
                cap: self.yen(),
            }),
        }
    }

    fn zones(&mut self) -> Operation {
        let zone = self.zone();
        match self.0.gen_range(0..5) {
            0 => Operation::RegisterMerchant(RegisterMerchant {
                zone,
                merchant: self.account(),
                class: self.pick(&[MerchantClass::Local, MerchantClass::Chain]),
                tier: self.0.r#gen(),
                profile: MerchantProfile {
                    category: self.0.r#gen(),
                    area: MunicipalityCode::new(72_028),
                    invoice_number: Some(self.hash()),
                },
            }),
            1 => Operation::OpenZoneAccount(OpenZoneAccount { zone }),
            2 => Operation::Charge(Charge { zone, amount: self.yen() }),
            3 => Operation::Discharge(Discharge { zone, amount: self.yen() }),
            _ => Operation::Pay(Pay {
                zone,
                merchant: self.account(),
                amount: self.yen(),
                charge: self.maybe(Self::yen),
                vouchers: None,
                reference: self.maybe(Self::hash),
                request: self.maybe(Self::answered),
                again: self.0.r#gen(),
            }),
        }
    }

    fn answered(&mut self) -> AnsweredRequest {
        let yen = |r: &mut Self| {
            ShopYen::new(Yen::new(r.0.r#gen::<u32>().into())).expect("it is below 2^32")
        };
        let terms = RequestTerms {
            terminal: self.0.r#gen(),
            nonce: RequestNonce::new(self.bytes()),
            eligible: yen(self),
            exceptions: self.list(|r| Exception { category: r.0.r#gen(), eligible: yen(r) }),
            takes_cash: self.0.r#gen(),
            tax_lines: self.hash(),
            fee_schedule: self.0.r#gen(),
            made: self.time(),
            seconds: self.0.r#gen(),
        };
        let signature = Signature::Ed25519(self.bytes());
        AnsweredRequest { terms, key: self.key(), signature, cash: self.yen() }
    }

    /// An operation of the consent layer: a sample with other bytes wherever they still decode.
    fn consent(&mut self) -> Operation {
        let samples = sample::operations();
        let consent: Vec<&Operation> =
            samples.iter().map(|(_, value)| value).filter(|value| is_consent(value)).collect();
        let sample = self.pick(&consent);
        let mut bytes = ledger_types::codec::encode(sample);
        for _ in 0..8 {
            let at = self.0.gen_range(1..bytes.len().max(2)).min(bytes.len() - 1);
            let before = core::mem::replace(&mut bytes[at], self.0.r#gen());
            if ledger_types::codec::decode::<Operation>(&bytes, bytes.len()).is_err() {
                bytes[at] = before;
            }
        }
        ledger_types::codec::decode(&bytes, bytes.len()).expect("every change was tried")
    }

    /// A transaction of the right form, whose signatures are noise.
    pub(crate) fn transaction(&mut self) -> Transaction {
        let mut operations = self.list(Self::operation);
        operations.push(self.operation());
        let mut authorise =
            |r: &mut Self| Authorisation { key: r.key(), signature: Signature::Ed25519(r.bytes()) };
        let mut authorisations = self.list(&mut authorise);
        authorisations.push(authorise(self));
        let unsigned = Unsigned {
            network: NetworkId::new(self.bytes()),
            account: self.account(),
            nonce: Nonce::new(self.0.r#gen()),
            valid_until: self.time(),
            purpose: self.0.r#gen(),
            operations,
        };
        Transaction { unsigned, authorisations }
    }

    pub(crate) fn certificate(&mut self) -> CommitCertificate {
        CommitCertificate {
            height: Height::new(self.0.r#gen()),
            round: Round::new(self.0.r#gen()),
            block: self.hash(),
            signatures: self.list(|r| CommitSignature {
                validator: ValidatorAddress::of(&r.key()),
                signature: Signature::Ed25519(r.bytes()),
            }),
        }
    }
}
