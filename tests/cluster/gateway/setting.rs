//! The clinic's notice, and the citizen's consent under it.

use anyhow::Context as _;
use consent_records::terms::Terms;
use kyojo_tests::gateway::setting::HOLDER;
use kyojo_tests::load::{Payer, Signed, now, sign};
use ledger_types::consent::{Breadth, Language, Materiality, NoticeContent, Profile};
use ledger_types::operation::{Grant, PublishNotice};
use ledger_types::{ConsentId, Hash, Nonce, NoticeId, Operation, Timestamp, Unsigned};

use super::world::settle;
use crate::town::Town;

/// The notice is published and the consent given.
pub(crate) async fn consented(
    town: &Town,
    clinic: &Payer,
    citizen: &Payer,
    consent: ConsentId,
    (terms, use_limit): (&Terms, Option<u32>),
) -> anyhow::Result<()> {
    let (notice, language) = (NoticeId::new(700), Language::new("ja").context("two letters")?);
    let content_hash = Hash::of(&[b"notice"]);
    let publish = Operation::PublishNotice(PublishNotice {
        notice,
        version: 1,
        materiality: Materiality::Material,
        contents: vec![NoticeContent { language, content_hash }],
        media_hashes: vec![],
    });
    settle(town, &sign(&town.genesis, clinic, 0, vec![publish])).await?;
    let grant = Operation::Grant(Grant {
        consent,
        controller: HOLDER,
        terms_root: terms.root(),
        notice,
        notice_version: 1,
        language,
        notice_hash: content_hash,
        presentation_commitment: Hash::new([6; 32]),
        valid_from: Timestamp::from_millis(0),
        expires: now().checked_add_millis(86_400_000).unwrap_or_default(),
        use_limit,
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    });
    let unsigned = Unsigned {
        network: town.genesis.network(),
        account: citizen.account,
        nonce: Nonce::new(0),
        valid_until: now().checked_add_millis(600_000).unwrap_or_default(),
        purpose: 0,
        operations: vec![grant],
    };
    let presigned = Signed::new(unsigned, &town.genesis, &[&citizen.key, &clinic.key]);
    settle(town, &presigned).await
}
