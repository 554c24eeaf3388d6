//! Consent through four validators: granted, used, withdrawn, refused at once.

use std::time::Duration;

use consent_records::holder;
use kyojo_genesis::actors::ActorRole;
use kyojo_tests::account::payer;
use kyojo_tests::load::{Payer, Signed, now, of_today, sign};
use ledger_types::consent::{
    Breadth, Language, Materiality, NoticeContent, Profile, Recipient, TermsLeaf,
};
use ledger_types::operation::{
    AccessBasis, ConsentBasis, Grant, PublishNotice, RequestAccess, Withdraw,
};
use ledger_types::{
    AccountId, ConsentId, Hash, Nonce, NoticeId, Operation, PartyId, SigningKey, Timestamp,
    Unsigned, merkle,
};
use serde_json::Value;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(15);

/// A subject's consent to two processes of one controller.
struct Consent {
    id: ConsentId,
    leaves: [TermsLeaf; 2],
    subject: Payer,
    controller: Payer,
    party: PartyId,
}

impl Consent {
    fn new(town: &Town) -> anyhow::Result<Self> {
        let controller = town
            .actors
            .actors
            .iter()
            .find(|actor| actor.role == ActorRole::Party)
            .expect("the town has a consent party");
        let key = SigningKey::from_seed(&[42; 32]);
        let party = controller.party.expect("a party has a number");
        let leaf = |number| leaf_for(party, number);
        Ok(Self {
            id: ConsentId::new(Hash::new([5; 32])),
            leaves: [leaf(1), leaf(2)],
            subject: Payer { account: AccountId::of_subject(&key.public_key()), key },
            controller: payer(controller)?,
            party,
        })
    }

    fn notice() -> Operation {
        Operation::PublishNotice(PublishNotice {
            notice: NoticeId::new(700),
            version: 1,
            materiality: Materiality::Material,
            contents: vec![NoticeContent {
                language: Language::new("ja").expect("two letters"),
                content_hash: Hash::of(&[b"notice"]),
            }],
            media_hashes: vec![],
        })
    }

    fn grant(&self) -> Operation {
        let hashes: Vec<Hash> = self.leaves.iter().map(TermsLeaf::hash).collect();
        Operation::Grant(Grant {
            consent: self.id,
            controller: self.party,
            terms_root: merkle::root(&hashes),
            notice: NoticeId::new(700),
            notice_version: 1,
            language: Language::new("ja").expect("two letters"),
            notice_hash: Hash::of(&[b"notice"]),
            presentation_commitment: Hash::new([6; 32]),
            valid_from: Timestamp::from_millis(0),
            expires: now().checked_add_millis(86_400_000).unwrap_or_default(),
            use_limit: None,
            breadth: Breadth::Specific,
            compensation: None,
            on_behalf_of: None,
            profile: Profile::Ordinary,
        })
    }

    fn access(&self, index: usize, leaf: TermsLeaf) -> Operation {
        let hashes: Vec<Hash> = self.leaves.iter().map(TermsLeaf::hash).collect();
        let basis = ConsentBasis {
            consent: self.id,
            leaf,
            leaf_index: u32::try_from(index).expect("two leaves"),
            path: merkle::inclusion_path(&hashes, index),
            purpose: None,
        };
        let access = of_today(Hash::new(rand::random()));
        let (holder, _) = holder::named(self.party);
        let basis = AccessBasis::Consent(basis);
        Operation::RequestAccess(RequestAccess { access, basis, holder })
    }

    /// The subject's first transaction: co-signed by the controller.
    fn first(&self, town: &Town) -> Signed {
        let unsigned = Unsigned {
            network: town.genesis.network(),
            account: self.subject.account,
            nonce: Nonce::new(0),
            valid_until: now().checked_add_millis(600_000).unwrap_or_default(),
            purpose: 0,
            operations: vec![self.grant()],
        };
        Signed::new(unsigned, &town.genesis, &[&self.subject.key, &self.controller.key])
    }
}

fn leaf_for(party: PartyId, number: u8) -> TermsLeaf {
    let recipient = Recipient::Party(party);
    TermsLeaf { sensitive: false, recipient, commitment: Hash::new([number; 32]) }
}

async fn settle(town: &Town, node: usize, made: &Signed) -> anyhow::Result<Value> {
    Ok(town.rest.settle(&town.url(node), made, WAIT).await?["receipt"].clone())
}

#[tokio::test]
async fn a_withdrawn_consent_is_refused_at_once_on_every_node() -> anyhow::Result<()> {
    let town = Town::start(41).await?;
    let consent = Consent::new(&town)?;
    let by_controller =
        |nonce, operation| sign(&town.genesis, &consent.controller, nonce, vec![operation]);

    let notice = settle(&town, 0, &by_controller(0, Consent::notice())).await?;
    assert_eq!(notice["outcome"], "committed", "{notice}");
    let granted = settle(&town, 1, &consent.first(&town)).await?;
    assert_eq!(granted["outcome"], "committed", "{granted}");

    let used = settle(&town, 2, &by_controller(1, consent.access(0, consent.leaves[0]))).await?;
    assert_eq!(used["outcome"], "committed", "{used}");
    let beyond = leaf_for(consent.party, 9);
    let outside = settle(&town, 3, &by_controller(2, consent.access(0, beyond))).await?;
    assert_eq!(outside["code"], 4018, "{outside}");

    let withdraw = Operation::Withdraw(Withdraw { consent: consent.id });
    let withdrawn =
        settle(&town, 3, &sign(&town.genesis, &consent.subject, 1, vec![withdraw])).await?;
    assert_eq!(withdrawn["outcome"], "committed", "{withdrawn}");
    for (nonce, node) in (3..).zip(0..4) {
        let asked = by_controller(nonce, consent.access(1, consent.leaves[1]));
        let refused = settle(&town, node, &asked).await?;
        assert_eq!(refused["code"], 4014, "{refused}");
    }
    let revived =
        settle(&town, 0, &sign(&town.genesis, &consent.subject, 2, vec![consent.grant()])).await?;
    assert_eq!(revived["code"], 4009, "an ended consent never returns: {revived}");
    Ok(())
}

#[tokio::test]
async fn a_new_subject_without_its_controllers_signature_is_not_admitted() -> anyhow::Result<()> {
    let town = Town::start(42).await?;
    let consent = Consent::new(&town)?;
    let alone = sign(&town.genesis, &consent.subject, 0, vec![consent.grant()]);
    let (status, body) =
        town.rest.submit(&town.url(0), alone.bytes, Duration::from_millis(500)).await?;
    assert_eq!((status, &body["code"]), (422, &Value::from(1015)), "{body}");
    Ok(())
}
