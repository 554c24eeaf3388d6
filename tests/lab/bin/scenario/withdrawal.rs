//! A consent given, used and withdrawn; how soon every node denies; and a proof of each step.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use consent_records::commitment::TAG_PRESENTATION;
use consent_records::terms::Disclosure;
use kyojo_tests::load::{Signed, now};
use kyojo_tests::measure::millis;
use kyojo_tests::verifiers::{Judgement, Tally, Verifiers};
use ledger_proof::bundle::{Bundle, Claim, DecisionClaim, Opening, StateAnchor, TrustRoot};
use ledger_proof::request::AccessRequest;
use ledger_types::consent::{Breadth, Language, Materiality, NoticeContent, Profile};
use ledger_types::operation::{
    AccessBasis, ConsentBasis, Grant, PublishNotice, RecordReceipt, RecordUse, RequestAccess,
    Withdraw,
};
use ledger_types::rejection::RejectionCode;
use ledger_types::{ConsentId, Hash, Nonce, NoticeId, Operation, Unsigned};
use node_api::body::Decision;
use node_api::query::{Check, Right};
use node_client::Reader;

use crate::people::Citizen;
use crate::region::{Party, Region};

const NOTICE: NoticeId = NoticeId::new(1);
const NOTICE_TEXT: &str = "あなたのお薬の記録を、薬局が見られるようにします。";
const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1000;
/// Nobody waits longer for a denial than this.
const DENIED_WITHIN: Duration = Duration::from_secs(20);
/// The consent's rule that ends uses after a withdrawal.
const CONSENT_ENDED: u16 = 4014;

/// What came of it.
pub(crate) struct Played {
    pub(crate) citizen: Citizen,
    pub(crate) withdrawal_to_denial_ms: BTreeMap<String, f64>,
    pub(crate) denied_on_every_node: bool,
    pub(crate) stale_decision_refused: bool,
}

/// The people and the consent between them.
struct Affair {
    clinic: Party,
    pharmacy: Party,
    citizen: Citizen,
    consent: ConsentId,
    disclosure: Disclosure,
}

/// Plays the scenario; every proof is judged by both verifiers as it is written.
pub(crate) async fn play(region: &mut Region, tally: &mut Tally) -> anyhow::Result<Played> {
    let mut affair = Affair::begin(region)?;
    affair.give(region, tally).await?;
    let access = affair.disclose(region, tally).await?;
    let permit = affair.decision(region, &access).await?;
    let times = affair.withdraw(region, tally).await?;
    let denied_on_every_node = affair.refused_everywhere(region, tally).await?;
    let stale_decision_refused = is_stale(region, &permit)?;
    Ok(Played {
        citizen: affair.citizen,
        withdrawal_to_denial_ms: times,
        denied_on_every_node,
        stale_decision_refused,
    })
}

impl Affair {
    fn begin(region: &Region) -> anyhow::Result<Self> {
        let clinic = region.party("party-clinic")?;
        let pharmacy = region.party("party-pharmacy")?;
        let citizen = Citizen::new(&region.genesis, clinic.number, pharmacy.number)?;
        let disclosure = citizen.terms.disclose(0).context("the terms have a process")?;
        let consent = ConsentId::new(consent_records::commitment::random_id());
        Ok(Self { clinic, pharmacy, citizen, consent, disclosure })
    }

    /// The clinic publishes its notice; the citizen consents, with the clinic's signature beside.
    async fn give(&mut self, region: &Region, tally: &mut Tally) -> anyhow::Result<()> {
        let notice = Operation::PublishNotice(PublishNotice {
            notice: NOTICE,
            version: 1,
            materiality: Materiality::Material,
            contents: vec![NoticeContent { language: japanese()?, content_hash: notice_hash() }],
            media_hashes: vec![],
        });
        let notice = self.clinic.sender.sign(&region.genesis, vec![notice]);
        region.commit(0, &notice).await?;
        let grant = self.grant(&region.genesis)?;
        region.commit(1, &grant).await?;
        let file = region.save_receipt(&grant.id, "grant.json").await?;
        region.verifiers.prove(&file, tally)?;
        self.prove_state(region, "given.json", tally).await?;
        Ok(())
    }

    fn grant(&mut self, genesis: &Hash) -> anyhow::Result<Signed> {
        let (evidence, salt) = &self.citizen.presentation;
        let begins = now();
        let grant = Grant {
            consent: self.consent,
            controller: self.clinic.number,
            terms_root: self.citizen.terms.root(),
            notice: NOTICE,
            notice_version: 1,
            language: japanese()?,
            notice_hash: notice_hash(),
            presentation_commitment: salt.commit(TAG_PRESENTATION, evidence.as_bytes()),
            valid_from: begins,
            expires: begins.checked_add_millis(YEAR_MS).context("a year from now")?,
            use_limit: None,
            breadth: Breadth::Specific,
            compensation: None,
            on_behalf_of: None,
            profile: Profile::Ordinary,
        };
        let unsigned = Unsigned {
            network: genesis.network(),
            account: self.citizen.sender.payer.account,
            nonce: Nonce::new(self.citizen.sender.take_nonce()),
            valid_until: begins.checked_add_millis(600_000).context("ten minutes from now")?,
            purpose: 0,
            operations: vec![Operation::Grant(grant)],
        };
        let keys = [&self.citizen.sender.payer.key, &self.clinic.sender.payer.key];
        Ok(Signed::new(unsigned, genesis, &keys))
    }

    /// The pharmacy asks, the clinic discloses, and both record their half; the access.
    async fn disclose(&mut self, region: &Region, tally: &mut Tally) -> anyhow::Result<Hash> {
        let (access, salt, asked) = self.ask(region);
        region.commit(2, &asked).await?;
        let disclosure = Hash::of(&[b"disclosure", access.as_bytes()]);
        let used = Operation::RecordUse(RecordUse { access, disclosure, salt });
        region.commit(0, &self.clinic.sender.sign(&region.genesis, vec![used])).await?;
        let received = Operation::RecordReceipt(RecordReceipt { access, disclosure });
        let received = self.pharmacy.sender.sign(&region.genesis, vec![received]);
        region.commit(3, &received).await?;
        let file = region.save_receipt(&asked.id, "permitted.json").await?;
        region.verifiers.prove(&file, tally)?;
        let file = region.save_receipt(&received.id, "matched.json").await?;
        region.verifiers.prove(&file, tally)?;
        Ok(access)
    }

    /// The pharmacy's next request for access to the clinic's data, and what opens its holder.
    fn ask(&mut self, region: &Region) -> (Hash, Hash, Signed) {
        let access = consent_records::commitment::dated_id(now());
        let (holder, salt) = consent_records::holder::named(self.clinic.number);
        let asked = RequestAccess { access, basis: self.basis(), holder };
        let asked = Operation::RequestAccess(asked);
        (access, salt, self.pharmacy.sender.sign(&region.genesis, vec![asked]))
    }

    /// A decision that the pharmacy can show, and the clinic can judge without any node.
    async fn decision(&self, region: &Region, access: &Hash) -> anyhow::Result<Bundle> {
        let right = Right { access: Some(*access), view: None };
        let reader = region.reader(&self.pharmacy.sender);
        let bytes = region.client(0).await?.consent_bundle(&self.consent, &right, &reader).await?;
        let mut bundle = Bundle::from_json(&bytes)?;
        let mut proofs = BTreeMap::new();
        let mut last = None;
        for claim in core::mem::take(&mut bundle.claims) {
            let Claim::State { anchor: StateAnchor::Commit(commit), key, proof } = claim else {
                anyhow::bail!("the consent's bundle holds another claim");
            };
            last = Some(commit);
            proofs.insert(key, *proof);
        }
        let mut take = |key| proofs.remove(&key).context("a record's proof is missing");
        let opened = &self.disclosure.process.opening;
        let request = AccessRequest {
            requester: self.pharmacy.number,
            holder: self.clinic.number,
            consent: self.consent,
            leaf: self.disclosure.process.leaf(),
            leaf_index: self.disclosure.process.index,
            path: self.disclosure.path.clone(),
            purpose: None,
            time: now(),
        };
        let claim = DecisionClaim {
            request: request.sign(&region.genesis, &[&self.pharmacy.sender.payer.key]),
            commit: last.context("the bundle is empty")?,
            party: take(ledger_proof::record::party_key(self.pharmacy.number))?,
            consent: take(ledger_proof::record::consent_key(&self.consent))?,
            notice: take(ledger_proof::record::notice_key(self.clinic.number, NOTICE))?,
            joint_use: None,
            opening: Some(Opening {
                process: consent_records::canonical::canonical_document(&opened.document)?,
                salt: *opened.salt.as_bytes(),
            }),
        };
        Ok(Bundle { claims: vec![Claim::Decision(Box::new(claim))], ..bundle })
    }

    /// From handing the withdrawal to one node to the first denial of each.
    async fn withdraw(
        &mut self,
        region: &Region,
        tally: &mut Tally,
    ) -> anyhow::Result<BTreeMap<String, f64>> {
        let operation = Operation::Withdraw(Withdraw { consent: self.consent });
        let withdrawal = self.citizen.sender.sign(&region.genesis, vec![operation]);
        let mut askers = tokio::task::JoinSet::new();
        let (permitted, mut seen) = tokio::sync::mpsc::channel(region.network.size());
        for node in 0..region.network.size() {
            let client = region.client(node).await?;
            let (asked, reader) = (self.check(), region.reader(&self.pharmacy.sender));
            let permitted = permitted.clone();
            askers.spawn(async move {
                let denied = first_denial(&client, &asked, &reader, &permitted).await?;
                anyhow::Ok((node, denied))
            });
        }
        for _ in 0..region.network.size() {
            seen.recv().await.context("an asker ended")?;
        }
        let begun = Instant::now();
        let receipt = region.commit(0, &withdrawal);
        let (receipt, times) = tokio::join!(receipt, async {
            let mut times = BTreeMap::new();
            while let Some(asked) = askers.join_next().await {
                let (node, denied) = asked??;
                times.insert(format!("node{node}"), millis(denied.duration_since(begun)));
            }
            anyhow::Ok(times)
        });
        receipt?;
        let file = region.save_receipt(&withdrawal.id, "withdrawn.json").await?;
        region.verifiers.prove(&file, tally)?;
        self.prove_state(region, "ended.json", tally).await?;
        times
    }

    /// Every node refuses the next disclosure, and the refusal can be shown to anyone.
    async fn refused_everywhere(
        &mut self,
        region: &Region,
        tally: &mut Tally,
    ) -> anyhow::Result<bool> {
        let mut denied = true;
        for node in 0..region.network.size() {
            let (_, _, asked) = self.ask(region);
            let receipt = region.settle(node, &asked).await?;
            denied &= receipt["code"] == CONSENT_ENDED;
            let name = format!("refused-by-node{node}.json");
            let file = region.save_receipt(&asked.id, &name).await?;
            let found = region.verifiers.prove(&file, tally)?;
            let proved = &found["proved"][0];
            denied &= proved["committed"] == false && proved["rejection"][0] == CONSENT_ENDED;
        }
        Ok(denied)
    }

    /// What the ledger holds of the consent now, as the clinic may have it proved.
    async fn prove_state(
        &self,
        region: &Region,
        name: &str,
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let reader = self.clinic_reads(region);
        let (client, right) = (region.client(0).await?, Right::default());
        let bundle = client.consent_bundle(&self.consent, &right, &reader).await?;
        let file = region.save(&bundle, name)?;
        region.verifiers.prove(&file, tally)?;
        Ok(())
    }

    /// The question whether the pharmacy may use the data.
    fn check(&self) -> Check {
        Check::of(&self.basis())
    }

    fn basis(&self) -> AccessBasis {
        AccessBasis::Consent(ConsentBasis {
            consent: self.consent,
            leaf: self.disclosure.process.leaf(),
            leaf_index: self.disclosure.process.index,
            path: self.disclosure.path.clone(),
            purpose: None,
        })
    }

    fn clinic_reads(&self, region: &Region) -> Reader {
        region.reader(&self.clinic.sender)
    }
}

/// Asks one node again and again: when it first denied, after it had permitted.
async fn first_denial(
    client: &node_client::Client,
    asked: &Check,
    reader: &Reader,
    permitted: &tokio::sync::mpsc::Sender<()>,
) -> anyhow::Result<Instant> {
    let deadline = Instant::now() + DENIED_WITHIN;
    let mut has_permitted = false;
    while Instant::now() < deadline {
        let answer = client.check(asked, reader).await?;
        if answer.decision == Decision::Deny {
            ensure!(has_permitted, "denied before anything was withdrawn: {answer:?}");
            let code = answer.code.map(RejectionCode::get);
            ensure!(code == Some(CONSENT_ENDED), "denied by another rule: {answer:?}");
            return Ok(Instant::now());
        }
        if !has_permitted {
            has_permitted = true;
            permitted.send(()).await?;
        }
    }
    anyhow::bail!("not denied within {DENIED_WITHIN:?}")
}

/// A permit from before the withdrawal holds under the clock of then, and no longer once Δ is over.
fn is_stale(region: &Region, permit: &Bundle) -> anyhow::Result<bool> {
    let folder = region.out.join("decision");
    std::fs::create_dir(&folder)?;
    let file = folder.join("permit.json");
    std::fs::write(&file, permit.to_json())?;
    let Some(Claim::Decision(claim)) = permit.claims.first() else {
        anyhow::bail!("the permit holds no decision");
    };
    let then = claim.request.request.time;
    let delta = region.document.parameters.decision_validity_ms;
    let later = then.checked_add_millis(delta + 1).context("a time that there is")?;
    let judge = |name: &str, at| -> anyhow::Result<Judgement> {
        let trust = TrustRoot::of_genesis(&region.document, Some(at))?;
        Verifiers::new(&trust, &folder.join(name))?.judge(&file)
    };
    let held = matches!(judge("trust-then.json", then)?, Judgement::Accepted(_));
    ensure!(held, "the permit does not hold at its own time");
    Ok(matches!(judge("trust-later.json", later)?, Judgement::Refused(_)))
}

fn japanese() -> anyhow::Result<Language> {
    Language::new("ja").context("two letters are a language")
}

fn notice_hash() -> Hash {
    Hash::of(&[NOTICE_TEXT.as_bytes()])
}
