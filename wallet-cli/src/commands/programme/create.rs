//! `programme create`: a programme from a file that its sponsor wrote.

use std::path::Path;

use kyojo_cli::Given;
use ledger_types::operation::CreateProgramme;
use ledger_types::programme::{
    Allocation, Bucket, Committer, Eligibility, ProgrammeTerms, ShareProof, Takes,
};
use ledger_types::{AccountId, AddressPrefix, InstrumentId, ProgrammeId, Timestamp, Yen, ZoneId};
use serde::Deserialize;

use super::list::{self, List};
use super::show::{combines_key, how_key};
use crate::acting::payee::read_payee;
use crate::acting::vouchers;
use crate::commands::prelude::*;

/// `programme create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The file that says what the programme is (TOML).
    pub(crate) file: PathBuf,
}

/// A programme's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    number: u32,
    zone: u16,
    instrument: u32,
    name: String,
    /// The published terms, by which their hash is made; or the hash.
    terms_file: Option<PathBuf>,
    terms: Option<Hash>,
    /// What is excluded, by the zone's number of it.
    #[serde(default)]
    exclusions: u8,
    /// Whether it pays together with another programme that says so too.
    #[serde(default)]
    combines: bool,
    fiscal_year: u32,
    #[serde(default)]
    carried_over: bool,
    escrows: Vec<String>,
    sets: u32,
    per_person: u16,
    per_household: Option<u16>,
    #[serde(default = "first_come")]
    allocation: Allocation,
    #[serde(default)]
    threshold: u16,
    use_from: String,
    use_until: String,
    refund_until: String,
    reconcile_by: String,
    unused_paid_to: String,
    unused_free_to: String,
    buckets: Vec<WrittenBucket>,
    list: Option<WrittenList>,
    #[serde(default)]
    committers: Vec<WrittenCommitter>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBucket {
    rank: u16,
    takes: Vec<String>,
    paid: u64,
    free: u64,
}

/// The published list, or its root and size.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenList {
    file: Option<PathBuf>,
    root: Option<Hash>,
    size: Option<u32>,
}

/// As `lottery key new` prints it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCommitter {
    account: String,
    sealing: Hash,
    challenge: Hash,
    response: Hash,
}

const fn first_come() -> Allocation {
    Allocation::FirstCome
}

pub(crate) async fn run(app: &App, args: &CreateArgs) -> Result<Reply, Failure> {
    let written = read(&args.file)?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let programme = ProgrammeId::new(written.number);
    let terms = terms(app, prefix, &args.file, written)?;
    let unusable = || Failure::new(Exit::Usage, "err-programme-price");
    let (price, face) = (terms.price().ok_or_else(unusable)?, terms.face().ok_or_else(unusable)?);
    let address = |account: AccountId| account.to_address(prefix);
    let somebody = |account: AccountId| vouchers::somebody(app, &address(account), prefix);
    let data = json!({
        "programme": programme, "zone": terms.zone, "instrument": terms.instrument,
        "name": terms.name, "terms": terms.terms, "price": price, "face": face,
        "sets": terms.sets, "exclusions": terms.exclusions, "combines": terms.combines,
    });
    let end = |at| calendar::show_end(app.output.lang, at);
    let who = match terms.eligibility {
        Eligibility::Anybody => "label-who-anybody",
        Eligibility::Listed { .. } => "label-who-listed",
    };
    let mut act =
        Act::ending(Operation::CreateProgramme(create(programme, &terms)), "done-created")
            .line("label-number", programme)
            .line("label-name", &terms.name)
            .line("label-zone", terms.zone)
            .line("label-instrument", terms.instrument)
            .line("label-price-of-set", amount::show(price))
            .line("label-worth-of-set", amount::show(face));
    for bucket in &terms.buckets {
        act = act.line("label-in-a-set", part(app, bucket));
    }
    act = act.line("label-sets", terms.sets).line("label-per-person", terms.per_person);
    if let Some(most) = terms.per_household {
        act = act.line("label-per-household", most);
    }
    for escrow in &terms.escrows {
        act = act.line("label-escrow", somebody(*escrow));
    }
    act.line("label-who-may-buy", app.text(who, &[]))
        .line("label-exclusions", terms.exclusions)
        .line("label-with-others", app.text(combines_key(terms.combines), &[]))
        .line("label-how-given", app.text(how_key(terms.allocation), &[]))
        .line("label-members", terms.committers.len())
        .line("label-use-from", calendar::show(terms.use_from))
        .line("label-use-until", end(terms.use_until))
        .line("label-refund-until", end(terms.refund_until))
        .line("label-reconcile-by", calendar::show(terms.reconcile_by))
        .line("label-unused-paid-to", somebody(terms.unused_paid_to))
        .line("label-unused-free-to", somebody(terms.unused_free_to))
        .line("label-terms-hash", terms.terms)
        .line("label-note", app.text("note-never-changes", &[]))
        .data(data)
        .next(format!("kyojo programme fund {programme} 1000000"))
        .by_account(app, &session)
        .await
}

fn create(programme: ProgrammeId, terms: &ProgrammeTerms) -> CreateProgramme {
    CreateProgramme { programme, terms: terms.clone() }
}

fn part(app: &App, bucket: &Bucket) -> String {
    let all = bucket.paid.checked_add(bucket.free).map(amount::show).unwrap_or_default();
    let (paid, free) = (amount::show(bucket.paid), amount::show(bucket.free));
    let shops = app.text(vouchers::shops_key(bucket.takes), &[]);
    let variables = [("all", all.as_str()), ("shops", &shops), ("paid", &paid), ("free", &free)];
    app.text("label-you-get-part", &variables)
}

/// A programme's file as it is written.
fn read(file: &Path) -> Result<Written, Failure> {
    let text = Given::Document.text(file)?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        Failure::new(Exit::Usage, "err-programme-file")
            .with("place", format!("{}:{line}", file.display()))
            .because(error.message())
    })
}

/// What the file says, as the ledger has it. Files that it names lie beside it.
fn terms(
    app: &App,
    prefix: &AddressPrefix,
    file: &Path,
    written: Written,
) -> Result<ProgrammeTerms, Failure> {
    let beside = |path: &Path| file.parent().unwrap_or(Path::new(".")).join(path);
    let account = |text: &str| read_payee(app, text, prefix).map(|payee| payee.account);
    let escrows = written.escrows.iter().map(|text| account(text)).collect::<Result<_, _>>()?;
    let last_day = |text: &str| calendar::read_until(text);
    let hash = match (&written.terms, &written.terms_file) {
        (Some(terms), None) => *terms,
        (None, Some(path)) => reading::file_hash(&beside(path))?,
        _ => return Err(Failure::new(Exit::Usage, "err-programme-terms")),
    };
    let eligibility = match &written.list {
        None => Eligibility::Anybody,
        Some(list) => {
            let List { root, size } = match (&list.file, list.root, list.size) {
                (Some(path), None, None) => list::read(&beside(path))?,
                (None, Some(root), Some(size)) => List { root, size },
                _ => return Err(Failure::new(Exit::Usage, "err-programme-list")),
            };
            Eligibility::Listed { root, size }
        }
    };
    let buckets = written.buckets.iter().map(bucket).collect::<Result<_, _>>()?;
    let committer = |one: &WrittenCommitter| {
        let proof = ShareProof { challenge: one.challenge, response: one.response };
        Ok(Committer { account: account(&one.account)?, sealing: one.sealing, proof })
    };
    let committers = written.committers.iter().map(committer).collect::<Result<_, Failure>>()?;
    Ok(ProgrammeTerms {
        zone: ZoneId::new(written.zone),
        instrument: InstrumentId::new(written.instrument),
        name: written.name,
        terms: hash,
        exclusions: written.exclusions,
        combines: written.combines,
        fiscal_year: written.fiscal_year,
        carried_over: written.carried_over,
        escrows,
        buckets,
        sets: written.sets,
        per_person: written.per_person,
        per_household: written.per_household,
        eligibility,
        allocation: written.allocation,
        committers,
        threshold: written.threshold,
        use_from: calendar::read_from(&written.use_from)?,
        use_until: last_day(&written.use_until)?,
        refund_until: last_day(&written.refund_until)?,
        reconcile_by: last_instant(&written.reconcile_by)?,
        unused_paid_to: account(&written.unused_paid_to)?,
        unused_free_to: account(&written.unused_free_to)?,
    })
}

/// The last instant of a day: what has to be done by 31 March is done within its fiscal year.
fn last_instant(text: &str) -> Result<Timestamp, Failure> {
    let end = calendar::read_until(text)?.as_millis();
    Ok(Timestamp::from_millis(end.saturating_sub(1)))
}

fn bucket(written: &WrittenBucket) -> Result<Bucket, Failure> {
    let takes = Takes::of_names(written.takes.iter().map(String::as_str));
    let takes = takes.ok_or_else(|| {
        Failure::new(Exit::Usage, "err-programme-takes").with("text", written.takes.join(", "))
    })?;
    let (paid, free) = (Yen::new(written.paid), Yen::new(written.free));
    Ok(Bucket { rank: written.rank, takes, paid, free })
}
