//! `party access`: asks for access on exactly one legal basis. Committed means permitted.

use consent_records::commitment::random_id;
use consent_records::terms::Disclosure;
use consent_records::vocabulary::Vocabulary;
use ledger_types::consent::PurposeProof;
use ledger_types::operation::{AccessBasis, ConsentBasis, RequestAccess};
use ledger_types::{ConsentId, LegalBasisId, Operation, PartyId};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::args::{AccessCommand, ByConsentArgs, ByExemptionArgs};
use crate::commands::act::Act;
use crate::commands::read_hash;
use crate::commands::reading::{self, TAG_PERSON};
use crate::commands::transact::Session;
use crate::consents::Evidence;
use crate::failure::{Exit, Failure};
use crate::output::Reply;

/// What `consent disclose` wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disclosed {
    consent: ConsentId,
    disclosure: Disclosure,
}

pub(super) async fn run(app: &App, command: AccessCommand) -> Result<Reply, Failure> {
    let person = |text: &str| reading::number_or_opening(text, TAG_PERSON);
    let mut evidence = None;
    let (key, basis) = match command {
        AccessCommand::Consent(args) => ("label-basis-consent", by_consent(&args)?),
        AccessCommand::OptOut(args) => {
            let (controller, scheme) = (PartyId::new(args.party), args.scheme);
            let person = person(&args.person)?;
            let basis = AccessBasis::OptOut { controller, scheme, person, sensitive: false };
            ("label-basis-opt-out", basis)
        }
        AccessCommand::JointUse(args) => {
            let (controller, scheme) = (PartyId::new(args.party), args.scheme);
            let (version, person) = (args.scheme_version, person(&args.person)?);
            let basis = AccessBasis::JointUse { controller, scheme, version, person };
            ("label-basis-joint-use", basis)
        }
        AccessCommand::Exemption(args) => {
            evidence = evidence_of(&args)?;
            let basis = AccessBasis::Exemption {
                basis: LegalBasisId::new(args.basis),
                version: args.basis_version,
                person: person(&args.person)?,
                evidence: evidence.as_ref().map(|one| one.commitment),
                sensitive: args.sensitive,
            };
            ("label-basis-exemption", basis)
        }
        AccessCommand::BreakGlass(args) => {
            let glass = read_hash(&args.glass)?;
            ("label-basis-break-glass", AccessBasis::BreakGlass { glass })
        }
    };
    let session = Session::begin(app).await?;
    let access = random_id();
    let operation = Operation::RequestAccess(RequestAccess { access, basis });
    let mut act = Act::new("label-act-request-access-to", operation)
        .line("label-ground", app.text(key, &[]))
        .line("label-access", access)
        .data(json!({ "access": access }))
        .next(format!("kyojo party record receipt {access} --disclosure NUMBER"));
    if let Some(evidence) = evidence {
        act = act.evidence(None, evidence);
    }
    act.by_account(app, &session).await
}

fn evidence_of(args: &ByExemptionArgs) -> Result<Option<Evidence>, Failure> {
    args.evidence.as_deref().map(|path| Evidence::of_file("legal ground", path)).transpose()
}

fn by_consent(args: &ByConsentArgs) -> Result<AccessBasis, Failure> {
    let Disclosed { consent, disclosure } = reading::from_json(&args.disclosure)?;
    let vocabulary = Vocabulary::built_in();
    let purpose = match &args.purpose {
        None => None,
        Some(text) => {
            let name = reading::concept(text)?;
            let proof = vocabulary.proof(&name).ok_or_else(|| {
                Failure::new(Exit::Usage, "err-concept-unknown").with("text", text)
            })?;
            Some(PurposeProof { node: proof.node, path: proof.path })
        }
    };
    Ok(AccessBasis::Consent(ConsentBasis {
        consent,
        leaf: disclosure.process.leaf(),
        leaf_index: disclosure.process.index,
        path: disclosure.path,
        purpose,
    }))
}
