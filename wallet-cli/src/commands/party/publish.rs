//! `party publish`: registries of law, vocabularies, schemes and compensation. Only hashes leave.

use consent_records::vocabulary::{TAG_VOCABULARY, Vocabulary};
use ledger_types::consent::{Mechanism, Regimes};
use ledger_types::operation::{
    NotifyOptOut, PublishCompensation, PublishJointUse, PublishLegalBasis, PublishRegime,
    PublishVocabulary,
};
use ledger_types::{
    Hash, LegalBasisId, NoticeId, Operation, PartyId, Regime, VocabularyId, ZoneId,
};
use serde_json::json;

use crate::app::App;
use crate::args::{
    JointUseArgs, LegalBasisArgs, MechanismName, OptOutArgs, PublishCommand, RegimeArgs,
    RegimeName, TermsOfPayArgs, VocabularyArgs,
};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::notice;
use crate::commands::reading;
use crate::commands::transact::Session;
use crate::failure::{Exit, Failure};
use crate::output::Reply;
use crate::settings::file_failure;

pub(super) async fn run(app: &App, command: PublishCommand) -> Result<Reply, Failure> {
    match command {
        PublishCommand::Notice(args) => notice::publish(app, args).await,
        PublishCommand::Vocabulary(args) => vocabulary(app, &args).await,
        PublishCommand::LegalBasis(args) => legal_basis(app, args).await,
        PublishCommand::Regime(args) => regime(app, &args).await,
        PublishCommand::JointUse(args) => joint_use(app, &args).await,
        PublishCommand::OptOut(args) => opt_out(app, &args).await,
        PublishCommand::Terms(args) => terms(app, &args).await,
    }
}

async fn vocabulary(app: &App, args: &VocabularyArgs) -> Result<Reply, Failure> {
    let frozen = match &args.file {
        None => Vocabulary::built_in().clone(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| file_failure(path, &error))?;
            Vocabulary::from_text(&text).map_err(|error| {
                Failure::new(Exit::Config, "err-bad-json")
                    .with("path", path.display())
                    .with("reason", error)
            })?
        }
    };
    // The document's hash without the tag: whoever has the file alone can check it.
    debug_assert_eq!(
        Hash::of(&[TAG_VOCABULARY, frozen.to_text().as_bytes()]),
        frozen.hash(),
        "the text is what was frozen"
    );
    let published = PublishVocabulary {
        vocabulary: VocabularyId::new(args.vocabulary),
        version: args.next_version,
        root: frozen.root(),
        nodes: frozen.size(),
        content_hash: Hash::of(&[frozen.to_text().as_bytes()]),
    };
    let data = json!({ "vocabulary": args.vocabulary, "version": args.next_version,
                       "root": published.root, "nodes": published.nodes });
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-vocabulary", Operation::PublishVocabulary(published))
        .line("label-number", format!("{}/{}", args.vocabulary, args.next_version))
        .line("label-count", frozen.size())
        .data(data)
        .by_account(app, &session)
        .await
}

async fn legal_basis(app: &App, args: LegalBasisArgs) -> Result<Reply, Failure> {
    let date = calendar::as_number(calendar::read_day(&args.statute_date)?);
    let bits =
        args.regimes.iter().fold(0, |bits, name| bits | Regimes::of(regime_of(*name)).bits());
    let regimes = Regimes::from_bits(bits).filter(|_| bits != 0).unwrap_or(Regimes::ALL);
    let published = PublishLegalBasis {
        basis: LegalBasisId::new(args.basis),
        version: args.next_version,
        code: args.code,
        statute_date: date,
        content_hash: reading::file_hash(&args.file)?,
        mechanism: match args.mechanism {
            MechanismName::Exemption => Mechanism::Exemption,
            MechanismName::OptOut => Mechanism::OptOut,
            MechanismName::JointUse => Mechanism::JointUse,
            MechanismName::Consent => Mechanism::Consent,
        },
        regimes,
        evidence_required: args.evidence_required,
        sensitive_allowed: args.sensitive,
    };
    let session = Session::begin(app).await?;
    let code = published.code.clone();
    Act::new("label-act-publish-legal-basis", Operation::PublishLegalBasis(published))
        .line("label-number", format!("{} v{}", args.basis, args.next_version))
        .line("label-ground", &code)
        .data(json!({ "basis": args.basis, "version": args.next_version, "code": code }))
        .by_account(app, &session)
        .await
}

pub(super) const fn regime_of(name: RegimeName) -> Regime {
    match name {
        RegimeName::Private => Regime::Private,
        RegimeName::PublicBody => Regime::PublicBody,
        RegimeName::HospitalOrUniversity => Regime::HospitalOrUniversity,
    }
}

async fn regime(app: &App, args: &RegimeArgs) -> Result<Reply, Failure> {
    let regime = regime_of(args.regime);
    let published = PublishRegime {
        regime,
        version: args.next_version,
        statute_date: calendar::as_number(calendar::read_day(&args.statute_date)?),
        rules: reading::from_json(&args.rules)?,
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-regime", Operation::PublishRegime(published))
        .data(json!({ "regime": regime, "version": args.next_version }))
        .by_account(app, &session)
        .await
}

async fn joint_use(app: &App, args: &JointUseArgs) -> Result<Reply, Failure> {
    let published = PublishJointUse {
        scheme: args.scheme,
        version: args.next_version,
        users: reading::parties(&args.users),
        items_hash: reading::file_hash(&args.items)?,
        purpose_hash: reading::file_hash(&args.purpose)?,
        responsible: PartyId::new(args.responsible),
        notice: NoticeId::new(args.notice),
        notice_version: args.notice_version,
    };
    let users: Vec<String> = published.users.iter().map(ToString::to_string).collect();
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-joint-use", Operation::PublishJointUse(published))
        .line("label-scheme", format!("{} v{}", args.scheme, args.next_version))
        .line("label-users", users.join(" "))
        .data(json!({ "scheme": args.scheme, "version": args.next_version }))
        .by_account(app, &session)
        .await
}

async fn opt_out(app: &App, args: &OptOutArgs) -> Result<Reply, Failure> {
    let wait_until = calendar::read_time(&args.wait_until)?;
    let notified = NotifyOptOut {
        scheme: args.scheme,
        filing_hash: reading::file_hash(&args.filing)?,
        prohibited_hash: reading::file_hash(&args.prohibited)?,
        wait_until,
        basis: LegalBasisId::new(args.basis),
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-opt-out", Operation::NotifyOptOut(notified))
        .line("label-scheme", args.scheme)
        .line("label-not-before", calendar::show(wait_until))
        .data(json!({ "scheme": args.scheme }))
        .by_account(app, &session)
        .await
}

async fn terms(app: &App, args: &TermsOfPayArgs) -> Result<Reply, Failure> {
    let unit_hash = reading::file_hash(&args.unit)?;
    let session = Session::begin(app).await?;
    let payer = reading::address(&args.payer, &session.attached.address_prefix)?;
    let zone = args.zone.map(ZoneId::new);
    let published = PublishCompensation { terms: args.terms, payer, unit_hash, zone };
    Act::new("label-act-publish-terms", Operation::PublishCompensation(published))
        .line("label-number", args.terms)
        .line("label-payer", &args.payer)
        .data(json!({ "terms": args.terms, "payer": args.payer }))
        .by_account(app, &session)
        .await
}
