//! `consent export`: a consent as other programs read it.
//!
//! With `--proof` the ledger's bundle goes in, and what opens each process of the terms: whoever has
//! the file can check that these were the terms (`kyojo verify`), so it is for the subject to give.

use consent_records::receipt;
use consent_records::terms::Disclosure;
use consent_records::vocabulary::Vocabulary;
use node_api::Time;
use node_api::query::Right;
use serde_json::Value;

use crate::acting::people::Named;
use crate::agreement::facts;
use crate::commands::prelude::*;
use crate::consents::Kept;

/// `consent export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// In which form.
    #[arg(long, value_name = "FORMAT", default_value = "27560")]
    pub(crate) format: Format,
    /// Put the ledger's proof inside.
    #[arg(long)]
    pub(crate) proof: bool,
    /// Write it to a new file, for you alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Forms of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// ISO/IEC TS 27560 in JSON-LD.
    #[value(name = "27560")]
    Iso27560,
    /// HL7 FHIR R5.
    Fhir,
    /// Kantara consent receipt 1.1.
    Kantara,
    /// Plain words.
    Text,
}

pub(crate) async fn run(app: &App, args: &ExportArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
    let body = people.body(named).await?;
    let kept = people.kept(&body)?;
    if args.proof && matches!(args.format, Format::Text | Format::Kantara) {
        return Err(Failure::new(Exit::Usage, "err-no-proof-in-text"));
    }
    let mut facts = facts::facts(&people, &body, &kept).await?;
    if args.proof {
        facts.proof = Some(proof(&people, named, &kept).await?);
    }
    let vocabulary = Vocabulary::built_in();
    let document = match args.format {
        Format::Iso27560 => receipt::json_ld(&facts, vocabulary),
        Format::Kantara => receipt::kantara(&facts, vocabulary),
        Format::Fhir => receipt::fhir(&facts, vocabulary)
            .ok_or(Failure::new(Exit::NotFound, "err-nothing-about-health"))?,
        Format::Text => Value::from(facts::text(app, &people, &body, &kept).await?),
    };
    let text = match &document {
        Value::String(text) => text.clone(),
        document => serde_json::to_string_pretty(document)
            .map_err(|_| Failure::new(Exit::Other, "err-internal"))?,
    };
    let mut data = json!({ "consent": named.consent, "standing": body.standing, "ended": facts.ended().map(Time::from) });
    let Some(path) = &args.out else {
        data["document"] = document;
        return Ok(Reply::new(data, text));
    };
    settings::write_new(path, text.as_bytes())?;
    let shown = path.display().to_string();
    data["file"] = json!(shown);
    let reply = Reply::new(data, app.text("done-exported", &[("path", &shown)]));
    let next = format!("kyojo verify {} --genesis genesis.json", word(&shown));
    Ok(if args.proof { reply.next(next) } else { reply })
}

/// The bundle about the consent, with what opens its terms.
async fn proof(people: &People, named: Named, kept: &Kept) -> Result<Value, Failure> {
    let (_, reader) = people.towards(named.party);
    let bundle = people.client.consent_bundle(&named.consent, &Right::default(), &reader).await?;
    let bundle: Value = serde_json::from_slice(&bundle)
        .map_err(|error| Failure::new(Exit::Other, "err-answer").because(error))?;
    let opened: Vec<Disclosure> =
        (0..kept.terms.processes().len()).filter_map(|place| kept.terms.disclose(place)).collect();
    Ok(json!({ "consent": named.consent, "bundle": bundle, "disclosures": opened }))
}
