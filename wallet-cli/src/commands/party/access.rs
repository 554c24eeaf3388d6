//! `party access`: asks for access on exactly one legal basis, to one holder's data. Committed means
//! permitted.
//!
//! The ledger sees the holder as a salted commitment. The access's file opens it: the holder records
//! with it what it gave, and the requester names with it a holder that did not (`party name-holder`).

use consent_records::format::Version;
use consent_records::holder;
use consent_records::terms::Disclosure;
use consent_records::vocabulary::Vocabulary;
use ledger_types::LegalBasisId;
use ledger_types::consent::PurposeProof;
use ledger_types::operation::{AccessBasis, ConsentBasis, RequestAccess};
use serde::Deserialize;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;
use crate::reading::{NamedAccess, TAG_PERSON};

/// `party access`, by the basis that it rests on.
#[derive(Debug, Subcommand)]
pub(crate) enum AccessCommand {
    /// The person agreed.
    Consent(ByConsentArgs),
    /// The person did not object to a scheme.
    OptOut(ByOptOutArgs),
    /// The party belongs to a published circle.
    JointUse(ByJointUseArgs),
    /// The law itself allows it.
    Exemption(ByExemptionArgs),
    /// The party broke a glass.
    BreakGlass(ByGlassArgs),
}

/// Whose data it is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct HolderArgs {
    /// The data holder that is asked, by its number; the ledger sees a salted hash of it.
    #[arg(long, value_name = "PARTY")]
    pub(crate) holder: PartyRef,
    /// The new file of the access, to be kept and given to the data holder; access-….json by default.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Access under a consent.
#[derive(Clone, Debug, Args)]
pub(crate) struct ByConsentArgs {
    /// The process, as the subject's wallet opened it (kyojo consent disclose).
    pub(crate) disclosure: PathBuf,
    /// The purpose, for a broad consent, by name or label.
    #[arg(long, value_name = "CONCEPT")]
    pub(crate) purpose: Option<String>,
    /// Whose data.
    #[command(flatten)]
    pub(crate) of: HolderArgs,
}

/// Access under an opt-out scheme.
#[derive(Clone, Debug, Args)]
pub(crate) struct ByOptOutArgs {
    /// Whose scheme: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
    /// Whose data.
    #[command(flatten)]
    pub(crate) of: HolderArgs,
}

/// Access within a joint use.
#[derive(Clone, Debug, Args)]
pub(crate) struct ByJointUseArgs {
    /// Whose scheme: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// The version under which the data was collected.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme_version: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
    /// Whose data.
    #[command(flatten)]
    pub(crate) of: HolderArgs,
}

/// Access that the law itself allows.
#[derive(Clone, Debug, Args)]
pub(crate) struct ByExemptionArgs {
    /// The legal basis.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) basis: u32,
    /// Its current version.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) basis_version: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
    /// File with the evidence that the basis asks for; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// The data is sensitive (要配慮個人情報).
    #[arg(long)]
    pub(crate) sensitive: bool,
    /// Whose data.
    #[command(flatten)]
    pub(crate) of: HolderArgs,
}

/// Access in an emergency that the party declared.
#[derive(Clone, Debug, Args)]
pub(crate) struct ByGlassArgs {
    /// The broken glass.
    pub(crate) glass: String,
    /// Whose data.
    #[command(flatten)]
    pub(crate) of: HolderArgs,
}

/// What `consent disclose` wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disclosed {
    consent: ConsentId,
    disclosure: Disclosure,
}

pub(crate) async fn run(app: &App, command: AccessCommand) -> Result<Reply, Failure> {
    let person = |text: &str| reading::number_or_opening(text, TAG_PERSON);
    // Files are read before a node is asked for anything.
    let begun = || Session::begin(app);
    let mut evidence = None;
    let (key, basis, of, session) = match command {
        AccessCommand::Consent(args) => {
            ("label-basis-consent", by_consent(&args)?, args.of, begun().await?)
        }
        AccessCommand::OptOut(args) => {
            let (person, session) = (person(&args.person)?, begun().await?);
            let controller = args.party.id(app, &session.client).await?;
            let scheme = args.scheme;
            let basis = AccessBasis::OptOut { controller, scheme, person, sensitive: false };
            ("label-basis-opt-out", basis, args.of, session)
        }
        AccessCommand::JointUse(args) => {
            let (person, session) = (person(&args.person)?, begun().await?);
            let controller = args.party.id(app, &session.client).await?;
            let (scheme, version) = (args.scheme, args.scheme_version);
            let basis = AccessBasis::JointUse { controller, scheme, version, person };
            ("label-basis-joint-use", basis, args.of, session)
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
            ("label-basis-exemption", basis, args.of, begun().await?)
        }
        AccessCommand::BreakGlass(args) => {
            let glass = read_hash(&args.glass)?;
            let basis = AccessBasis::BreakGlass { glass };
            ("label-basis-break-glass", basis, args.of, begun().await?)
        }
    };
    ask(app, &session, (key, basis), evidence, of).await
}

/// Asks, with the access's file written before: without it the holder could not record what it gave.
async fn ask(
    app: &App,
    session: &Session,
    (key, basis): (&'static str, AccessBasis),
    evidence: Option<Evidence>,
    of: HolderArgs,
) -> Result<Reply, Failure> {
    let access = dated_id(session.client.network().clock.now());
    let (party, path) = (of.holder.id(app, &session.client).await?, of.out);
    let path = path.unwrap_or_else(|| PathBuf::from(reading::access_file(&access)));
    let (holder, salt) = holder::named(party);
    let operation = Operation::RequestAccess(RequestAccess { access, basis, holder });
    let file = NamedAccess { version: Version, access, holder: party, salt };
    let file = serde_json::to_vec_pretty(&file);
    let file = file.map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    let shown = path.display().to_string();
    let mut act = Act::new("label-act-request-access-to", operation)
        .line("label-ground", app.text(key, &[]))
        .line("label-data-holder", party)
        .line("label-access", access)
        .line("label-access-file", &shown)
        .data(json!({ "access": access, "holder": party, "file": shown }))
        .file(path, file)
        .next(format!("kyojo party record receipt {} --disclosure NUMBER", word(&shown)));
    if let Some(evidence) = evidence {
        act = act.evidence(None, evidence);
    }
    act.by_account(app, session).await
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
