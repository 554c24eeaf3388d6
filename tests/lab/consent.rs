//! A population of data subjects with one consent each, all derived from a seed.

use ledger_types::access::holder_commitment;
use ledger_types::consent::{
    Breadth, DATA_USERS, Language, Materiality, NoticeContent, Profile, Recipient, TermsLeaf,
};
use ledger_types::operation::{AccessBasis, ConsentBasis, Grant, PublishNotice, RequestAccess};
use ledger_types::{
    AccountId, ConsentId, Hash, Nonce, NoticeId, Operation, PartyId, SigningKey, Timestamp,
    Unsigned, merkle,
};
use node_api::query::Check;

use crate::load::{Payer, Signed, now, of_today, sign};

/// How many leaves each consent's terms have: as many as the wallet's, for a few processes.
pub const TERMS_LEAVES: u8 = 8;
/// The notice that all consent under, in version 1.
pub const NOTICE: NoticeId = NoticeId::new(1);
/// How long each consent lasts.
const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1000;

/// A consent party with its key.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Its number.
    pub party: PartyId,
    /// Its account and key.
    pub payer: Payer,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Population {
    /// The network.
    pub genesis: Hash,
    /// To whom everyone consents.
    pub controller: Actor,
    /// From which all keys and salts come.
    pub seed: u64,
}

impl Population {
    /// The controller's notice, as its first transaction.
    #[must_use]
    pub fn notice(&self) -> Signed {
        let content = NoticeContent { language: japanese(), content_hash: notice_hash() };
        let operation = Operation::PublishNotice(PublishNotice {
            notice: NOTICE,
            version: 1,
            materiality: Materiality::Material,
            contents: vec![content],
            media_hashes: vec![],
        });
        sign(&self.genesis, &self.controller.payer, 0, vec![operation])
    }

    /// The identity of a subject's consent.
    #[must_use]
    pub fn consent(&self, subject: u64) -> ConsentId {
        ConsentId::new(self.derived(b"consent", subject))
    }

    /// A subject.
    #[must_use]
    pub fn subject(&self, subject: u64) -> Payer {
        let seed = self.derived(b"subject", subject);
        let key = SigningKey::from_seed(seed.as_bytes());
        Payer { account: AccountId::of_subject(&key.public_key()), key }
    }

    /// A subject's first transaction: its consent, signed by the controller too.
    #[must_use]
    pub fn grant(&self, subject: u64) -> Signed {
        let who = self.subject(subject);
        let begins = now();
        let grant = Grant {
            consent: self.consent(subject),
            controller: self.controller.party,
            terms_root: merkle::root(&self.leaves(subject)),
            notice: NOTICE,
            notice_version: 1,
            language: japanese(),
            notice_hash: notice_hash(),
            presentation_commitment: self.derived(b"presentation", subject),
            valid_from: begins,
            expires: begins.checked_add_millis(YEAR_MS).unwrap_or(Timestamp::from_millis(u64::MAX)),
            use_limit: None,
            breadth: Breadth::Specific,
            compensation: None,
            on_behalf_of: None,
            profile: Profile::Ordinary,
        };
        let unsigned = Unsigned {
            network: self.genesis.network(),
            account: who.account,
            nonce: Nonce::new(0),
            valid_until: begins.checked_add_millis(3_600_000).unwrap_or_default(),
            purpose: 0,
            operations: vec![Operation::Grant(grant)],
        };
        Signed::new(unsigned, &self.genesis, &[&who.key, &self.controller.payer.key])
    }

    /// Grants of these subjects, signed on every core.
    #[must_use]
    pub fn grants(&self, subjects: core::ops::Range<u64>) -> Vec<Signed> {
        let all: Vec<u64> = subjects.collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = all.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let sign = |part: &[u64]| part.iter().map(|one| self.grant(*one)).collect::<Vec<_>>();
            let parts: Vec<_> =
                all.chunks(share).map(|part| scope.spawn(move || sign(part))).collect();
            parts.into_iter().flat_map(|part| part.join().expect("signing cannot fail")).collect()
        })
    }

    /// A party's request for access under a subject's consent.
    #[must_use]
    pub fn access(&self, requester: &Actor, nonce: u64, subject: u64) -> Signed {
        let party = requester.party.get().to_be_bytes();
        let random = Hash::of(&[b"access", &self.seed.to_be_bytes(), &party, &nonce.to_be_bytes()]);
        let asked = self.request(of_today(random), subject);
        sign(&self.genesis, &requester.payer, nonce, vec![asked])
    }

    /// The same as an operation, with this identity; what opens its commitment to the controller, the
    /// data holder, is the identity too.
    #[must_use]
    pub fn request(&self, access: Hash, subject: u64) -> Operation {
        let holder = holder_commitment(self.controller.party, &access);
        Operation::RequestAccess(RequestAccess { access, basis: self.basis(subject), holder })
    }

    /// The question whether a subject's consent allows its use.
    #[must_use]
    pub fn check(&self, subject: u64) -> Check {
        Check::of(&self.basis(subject))
    }

    fn basis(&self, subject: u64) -> AccessBasis {
        AccessBasis::Consent(ConsentBasis {
            consent: self.consent(subject),
            leaf: self.leaf(subject),
            leaf_index: 0,
            path: merkle::inclusion_path(&self.leaves(subject), 0),
            purpose: None,
        })
    }

    fn leaf(&self, subject: u64) -> TermsLeaf {
        let recipient = Recipient::Roles(DATA_USERS);
        TermsLeaf { sensitive: false, recipient, commitment: self.derived(b"process", subject) }
    }

    fn leaves(&self, subject: u64) -> Vec<Hash> {
        let fill = |place: u8| self.derived(&[b'f', place], subject);
        let mut leaves: Vec<Hash> = (0..TERMS_LEAVES).map(fill).collect();
        leaves[0] = self.leaf(subject).hash();
        leaves
    }

    fn derived(&self, what: &[u8], subject: u64) -> Hash {
        Hash::of(&[b"population", &self.seed.to_be_bytes(), what, &subject.to_be_bytes()])
    }
}

/// In which language it is shown.
#[must_use]
pub fn japanese() -> Language {
    Language::new("ja").expect("two letters are a language")
}

/// The hash of its text.
#[must_use]
pub fn notice_hash() -> Hash {
    Hash::of(&["購買データの利用について".as_bytes()])
}
