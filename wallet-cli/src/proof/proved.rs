//! What a bundle proved, in sentences: who owes what, what became of a payment, which consent.

use ledger_proof::bundle::{CosignedBy, Proved, Verified};
use ledger_proof::holding::{Account, Holding, HoldingKey, ZoneAccount};
use ledger_proof::record::{Consent, Notice, Party, Record};
use ledger_proof::state::Key;
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, AddressPrefix, ConsentStatus, Hash, Height, NoticeId, PartyId, Timestamp,
};

use crate::i18n::Lang;
use crate::{amount, calendar, refusal};

/// How sentences are made for one reader.
struct Teller<'a> {
    lang: Lang,
    prefix: Option<&'a AddressPrefix>,
}

/// A key of the state, by what stands under it.
enum Found {
    Money(HoldingKey),
    Party,
    Notice(PartyId, NoticeId),
    Consent(Hash),
    Other,
}

/// One line for each thing that was proved, and one on the log that vouches for them.
pub(crate) fn show(lang: Lang, verified: &Verified, prefix: Option<&AddressPrefix>) -> String {
    let teller = Teller { lang, prefix };
    let mut lines: Vec<String> = verified.proved.iter().map(|one| teller.tell(one)).collect();
    lines.extend(verified.checkpoint.as_ref().map(|checkpoint| teller.log(checkpoint)));
    if lines.is_empty() {
        lines.push(lang.text("note-proved-nothing", &[]));
    }
    lines.join("\n")
}

/// The consents that a bundle proved, with their records.
pub(crate) fn consents(verified: &Verified) -> Vec<(Hash, Consent)> {
    let states = verified.proved.iter().filter_map(|one| match one {
        Proved::State { key, value: Some(value), .. } => Some((key, value)),
        _ => None,
    });
    states
        .filter_map(|(key, value)| {
            let key = Key::new(&hex::decode(key).ok()?)?;
            let Found::Consent(consent) = Found::under(&key) else {
                return None;
            };
            match Record::decode(&hex::decode(value).ok()?).ok()? {
                Record::Consent(record) => Some((consent, *record)),
                _ => None,
            }
        })
        .collect()
}

impl Teller<'_> {
    fn tell(&self, proved: &Proved) -> String {
        match proved {
            Proved::Receipt { transaction, height, rejection, .. } => {
                self.receipt(&transaction.to_string(), *height, *rejection)
            }
            Proved::State { height, time, key, value, .. } => {
                self.state(&self.block(*height, *time), *time, key, value.as_deref())
            }
            Proved::Header { height, time, hash, .. } => {
                let block = self.block(*height, Some(*time));
                let variables = [("block", block.as_str()), ("hash", &hash.to_string())];
                self.lang.text("note-proved-header", &variables)
            }
            Proved::Decision { consent, requester, process, valid_until, .. } => {
                let none = || self.lang.text("label-not-named", &[]);
                let process = process.clone().unwrap_or_else(none);
                let variables = [
                    ("party", requester.to_string()),
                    ("consent", consent.get().to_string()),
                    ("process", process),
                    ("until", self.end(*valid_until)),
                ];
                self.text("note-proved-decision", &variables)
            }
        }
    }

    fn receipt(&self, transaction: &str, height: Height, rejection: Option<(u16, u16)>) -> String {
        let height = height.to_string();
        let mut variables = vec![("transaction", transaction.to_owned()), ("height", height)];
        let Some((code, _)) = rejection else {
            return self.text("note-proved-committed", &variables);
        };
        let rule = refusal::rule_text(self.lang, RejectionCode::new(code));
        variables.push(("rule", rule));
        variables.push(("code", code.to_string()));
        self.text("note-proved-rejected", &variables)
    }

    /// What stood under a key, in hexadecimal digits both.
    fn state(
        &self,
        block: &str,
        time: Option<Timestamp>,
        key: &str,
        value: Option<&str>,
    ) -> String {
        let bytes = hex::decode(key).unwrap_or_default();
        let record = value.map(|digits| hex::decode(digits).unwrap_or_default());
        let found = Key::new(&bytes).map_or(Found::Other, |key| Found::under(&key));
        let told = match (&record, &found) {
            (Some(bytes), Found::Money(place)) => self.money(block, place, bytes),
            (Some(bytes), _) => self.of_record(block, time, &found, bytes),
            (None, Found::Money(HoldingKey { account, zone: None })) => {
                let variables = [("account", self.address(account)), ("block", block.to_owned())];
                Some(self.text("note-proved-no-account", &variables))
            }
            (None, Found::Consent(consent)) => {
                let variables = [("consent", consent.to_string()), ("block", block.to_owned())];
                Some(self.text("note-proved-no-consent", &variables))
            }
            (None, _) => None,
        };
        told.unwrap_or_else(|| {
            let variables = [("block", block.to_owned()), ("key", key.to_owned())];
            match value {
                Some(value) => {
                    let [block, key] = variables;
                    self.text("note-proved-record", &[block, key, ("value", value.to_owned())])
                }
                None => self.text("note-proved-no-record", &variables),
            }
        })
    }

    fn money(&self, block: &str, place: &HoldingKey, bytes: &[u8]) -> Option<String> {
        let account = ("account", self.address(&place.account));
        let block = ("block", block.to_owned());
        Some(match (Holding::decode(bytes).ok()?, place.zone) {
            (Holding::Account(Account { custodian, balance, held, .. }), None) => {
                let bank = ("bank", format!("{:04}", custodian.get()));
                let amounts = [("balance", amount::show(balance)), ("held", amount::show(held))];
                let [balance, held] = amounts;
                self.text("note-proved-owed", &[bank, account, balance, held, block])
            }
            (Holding::ZoneAccount(ZoneAccount { balance }), Some(zone)) => {
                let amounts = [("zone", zone.to_string()), ("balance", amount::show(balance))];
                let [zone, balance] = amounts;
                self.text("note-proved-owed-in-zone", &[account, zone, balance, block])
            }
            _ => return None,
        })
    }

    fn of_record(
        &self,
        block: &str,
        time: Option<Timestamp>,
        found: &Found,
        bytes: &[u8],
    ) -> Option<String> {
        let block = ("block", block.to_owned());
        Some(match (Record::decode(bytes).ok()?, found) {
            (Record::Consent(record), Found::Consent(consent)) => {
                self.consent(block, time, consent, &record)
            }
            (Record::Notice(Notice { version, last_material_version, .. }), place) => {
                let Found::Notice(controller, notice) = place else {
                    return None;
                };
                let variables = [
                    ("party", controller.to_string()),
                    ("notice", notice.to_string()),
                    ("version", version.to_string()),
                    ("material", last_material_version.to_string()),
                    block,
                ];
                self.text("note-proved-notice", &variables)
            }
            (Record::Party(Party { party, .. }), Found::Party) => {
                self.text("note-proved-party", &[("party", party.to_string()), block])
            }
            _ => return None,
        })
    }

    /// The one place that reads a consent's record.
    fn consent(
        &self,
        block: (&'static str, String),
        time: Option<Timestamp>,
        id: &Hash,
        record: &Consent,
    ) -> String {
        let mut variables = vec![
            ("consent", id.to_string()),
            ("subject", self.address(&record.subject)),
            ("party", record.controller.to_string()),
            ("notice", record.notice.to_string()),
            ("version", record.notice_version.to_string()),
            ("from", self.time(record.valid_from)),
            ("until", self.end(record.expires)),
            block,
        ];
        if record.ended.is_none() && time.is_some_and(|time| record.expires <= time) {
            return self.text("note-proved-consent-expired", &variables);
        }
        if record.status == ConsentStatus::Given && record.ended.is_none() {
            return self.text("note-proved-consent", &variables);
        }
        if record.status == ConsentStatus::Suspended {
            return self.text("note-proved-consent-suspended", &variables);
        }
        let ended = record
            .ended
            .map_or_else(|| self.lang.text("label-not-known", &[]), |height| height.to_string());
        variables.push(("ended", ended));
        self.text("note-proved-consent-ended", &variables)
    }

    fn log(&self, checkpoint: &CosignedBy) -> String {
        let seconds = checkpoint.witnesses.iter().map(|(_, seconds)| *seconds).max();
        let time = Timestamp::from_millis(seconds.unwrap_or_default().saturating_mul(1000));
        let names: Vec<&str> = checkpoint.witnesses.iter().map(|(name, _)| name.as_str()).collect();
        let variables = [
            ("origin", checkpoint.origin.clone()),
            ("size", checkpoint.size.to_string()),
            ("count", checkpoint.witnesses.len().to_string()),
            ("names", names.join(", ")),
            ("time", self.time(time)),
        ];
        self.text("note-proved-log", &variables)
    }

    fn text(&self, key: &str, variables: &[(&'static str, String)]) -> String {
        let variables: Vec<(&'static str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.lang.text(key, &variables)
    }

    /// A block with its time where that is proved too.
    fn block(&self, height: Height, time: Option<Timestamp>) -> String {
        let height = ("height", height.to_string());
        match time {
            Some(time) => self.text("label-block-at", &[height, ("time", self.time(time))]),
            None => self.text("label-block", &[height]),
        }
    }

    fn time(&self, time: Timestamp) -> String {
        calendar::show(time)
    }

    fn end(&self, time: Timestamp) -> String {
        calendar::show_end(self.lang, time)
    }

    /// An account's address; its bare digits where the network's prefix is not known.
    fn address(&self, account: &AccountId) -> String {
        match self.prefix {
            Some(prefix) => account.to_address(prefix),
            None => hex::encode(account.as_bytes()),
        }
    }
}

impl Found {
    fn under(key: &Key) -> Self {
        if let Some(place) = HoldingKey::of(key) {
            return Self::Money(place);
        }
        match key.as_bytes() {
            [3, ..] => Self::Party,
            [12, a, b, c, d, e, f, g, h] => Self::Notice(
                PartyId::new(u32::from_be_bytes([*a, *b, *c, *d])),
                NoticeId::new(u32::from_be_bytes([*e, *f, *g, *h])),
            ),
            [13, consent @ ..] => {
                <[u8; 32]>::try_from(consent).map_or(Self::Other, |id| Self::Consent(Hash::new(id)))
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger_proof::record::{consent_key, notice_key, party_key};
    use ledger_types::consent::{Breadth, Language, Materiality, PartyStatus, Profile};
    use ledger_types::operation::{AccountKind, AccountStatus, KycLevel, WeightedKey};
    use ledger_types::{Authority, BankId, ConsentId, PartyRoles, Regime, SigningKey, Yen, codec};

    use super::*;

    const PREFIX: &str = "aizu";

    fn told(key: &[u8], value: Option<Vec<u8>>) -> [String; 2] {
        let proved = Proved::State {
            height: Height::new(12),
            time: Some(Timestamp::from_millis(1_767_225_600_000)),
            state_root: Hash::ZERO,
            key: hex::encode(key),
            value: value.map(hex::encode),
        };
        let verified = Verified { genesis: Hash::ZERO, checkpoint: None, proved: vec![proved] };
        let prefix = AddressPrefix::new(PREFIX).unwrap();
        [Lang::En, Lang::Ja].map(|lang| show(lang, &verified, Some(&prefix)))
    }

    fn authority() -> Authority {
        let key = SigningKey::from_seed(&[7; 32]).public_key();
        Authority::new(&[WeightedKey::plain(key, 1)], 1).unwrap()
    }

    fn account_key(kind: &[u8]) -> (Vec<u8>, String) {
        let account = AccountId::new([7; 20]);
        let address = account.to_address(&AddressPrefix::new(PREFIX).unwrap());
        ([kind, account.as_bytes()].concat(), address)
    }

    fn assert_says(told: &[String; 2], parts: &[&str]) {
        for text in told {
            for part in parts {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert_eq!(text.lines().count(), 1);
        }
    }

    #[test]
    fn who_owes_what_is_said_in_both_languages() {
        let (key, address) = account_key(&[1]);
        let holding = Holding::Account(Account {
            custodian: BankId::new(17),
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            status: AccountStatus::Open,
            holder_commitment: Hash::ZERO,
            balance: Yen::new(12_500),
            held: Yen::new(500),
            authority: authority(),
            opened: Height::new(1),
        });
        let owed = told(&key, Some(codec::encode(&holding)));
        assert_says(&owed, &["0017", "12,500円", "500円", &address, "12"]);
        assert!(owed[0].starts_with("Bank 0017 owed account aizu1"), "{owed:?}");
        assert!(owed[1].contains("支払う義務があります"), "{owed:?}");
        assert_says(&told(&key, None), &[&address]);
        let (key, address) = account_key(&[7, 0, 3]);
        let holding = Holding::ZoneAccount(ZoneAccount { balance: Yen::new(300) });
        assert_says(&told(&key, Some(codec::encode(&holding))), &["300円", "3", &address]);
    }

    #[test]
    fn a_consent_is_told_with_its_end() {
        let id = ConsentId::new(Hash::of(&[b"a consent"]));
        let mut record = Consent {
            subject: AccountId::new([7; 20]),
            controller: PartyId::new(31),
            terms_root: Hash::ZERO,
            notice: NoticeId::new(41),
            notice_version: 2,
            language: Language::new("ja").unwrap(),
            presentation_commitment: Hash::ZERO,
            valid_from: Timestamp::from_millis(1_767_225_600_000),
            expires: Timestamp::from_millis(1_798_761_600_000),
            use_limit: None,
            uses: 0,
            breadth: Breadth::Specific,
            frozen: None,
            compensation: None,
            profile: Profile::Ordinary,
            guardian: None,
            revision: 0,
            renewals: 0,
            status: ConsentStatus::Given,
            given: Height::new(3),
            ended: None,
        };
        let key = consent_key(&id);
        let of = |record: &Consent| Some(codec::encode(&Record::Consent(Box::new(record.clone()))));
        let until = calendar::show(record.expires);
        let given = told(key.as_bytes(), of(&record));
        assert_says(&given, &["31", "41", &until, &id.get().to_string()]);
        assert!(given[0].contains("had not been ended"), "{given:?}");
        let expired =
            Consent { expires: Timestamp::from_millis(1_767_225_600_000), ..record.clone() };
        let expired = told(key.as_bytes(), of(&expired));
        assert!(expired[0].contains("its time was over") && expired[1].contains("期間が終わって"));
        assert!(!expired[0].contains("had not been ended"), "{expired:?}");
        (record.status, record.ended) = (ConsentStatus::Withdrawn, Some(Height::new(77)));
        let ended = told(key.as_bytes(), of(&record));
        assert_says(&ended, &["77", &until]);
        assert!(!ended[0].contains("had not been ended"), "{ended:?}");
        assert_says(&told(key.as_bytes(), None), &[&id.get().to_string()]);
    }

    #[test]
    fn notices_parties_and_anything_else_have_a_sentence_too() {
        let notice = Record::Notice(Notice {
            version: 5,
            materiality: Materiality::Minor,
            last_material_version: 4,
            contents: vec![],
            media_hashes: vec![],
            published: Height::new(2),
        });
        let key = notice_key(PartyId::new(31), NoticeId::new(41));
        assert_says(&told(key.as_bytes(), Some(codec::encode(&notice))), &["31", "41", "5", "4"]);
        let party = Party {
            party: PartyId::new(31),
            roles: PartyRoles::CONTROLLER,
            regime: Regime::Private,
            corporate_number: None,
            status: PartyStatus::Active,
            overdue_reviews: 0,
            authority: authority(),
        };
        let key = party_key(PartyId::new(31));
        assert_says(&told(key.as_bytes(), Some(codec::encode(&Record::Party(party)))), &["31"]);
        assert_says(&told(&[9, 1], Some(vec![0xab])), &["0901", "ab"]);
        assert_says(&told(&[9, 1], None), &["0901"]);
        // A record that is not of its key's kind is told as bytes, never as what it is not.
        let (key, _) = account_key(&[1]);
        assert_says(&told(&key, Some(vec![7, 1, 2])), &["070102"]);
    }
}
