//! The table of who may read what, held against the decision and against every route.

use super::{
    Accesses, Decision, Extent, Ground, Kind, Matter, Named, Open, Reader, Signer, decide,
};
use crate::api::tests::cast::{
    ALICE_LONG_AGO, Cast, DISCLOSED, READ_BY_CLINIC, READ_BY_SCHOOL, READ_ENDED, READ_LONG_AGO,
    READ_OF_ALICE, READ_OF_ALL, READ_OF_BANK, READ_OF_CLINIC, READ_OF_SCHOOL, READ_OF_ZONE,
    VIEW_ENDED, VIEW_OF_ALL, VIEW_OF_CLINIC, VIEW_OF_SCHOOL, VIEW_OF_SUBJECT,
};
use crate::api::tests::world::{Asked, Today, actor, key};
use ledger_types::{ConsentId, Hash};

/// Of everyone who reads (down) and everything that is read (across), how much is shown.
///
/// A number is the code of a refusal: 6101 unsigned, 6102 not by a key without an address, 6107 not
/// entitled, 6108 no read is recorded, 6109 it is too old, 6110 the view does not allow it,
/// 6221 the zone does not publish them, 6228 nor its report.
/// Otherwise it is shown: `all` of it, `c1` as to party 1 (the clinic; 8 is the school), `ppl`
/// without people, `psn` with pseudonyms, `ops` the operations that name the reader, `rcpt` without
/// content. With `!` it is an audit, and logged.
const TABLE: &str = "
reader          acct hist abun tick cref keys tran merc merh term rept mfee paym list cons cbun clog slog plog duty prev accs abdl reqs glas view
nobody          6101 6101 6101 6101 6101 6101 rcpt 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101 6101
holder          all  psn  all  all  6107 6107 all  6221 6221 6107 6228 6107 all  6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
another holder  6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
payee           6107 6107 6107 6107 6107 6107 ops  all  all  all  all  all  ppl  6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
holder's bank   all  psn  all  all  all  6107 all  6221 6221 6107 6228 6107 all  6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
payee's bank    6107 6107 6107 6107 6107 6107 ops  6221 6221 all  6228 all  ppl  6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
auditor member  6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
giver of views  6107 6107 6107 6107 6107 6107 6107 all  all  6107 all  all  6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 all
subject         6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 all  all  all  all  all  6107 6107 6107 all  all  all  6107 all
guardian        6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 all  all  all  all  all  6107 6107 6107 all  all  all  6107 all
former guardian 6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107 6107
controller      6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c1   all  all  6108 6108 all  all  all  all  all  all  6107 6107
- its read      6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c1   all  all  c1   c1   all  all  all  all  all  all  6107 6107
- its old read  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c1   all  all  6109 6109 all  all  all  all  all  all  6107 6107
2nd controller  6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c8   6107 6107 6107 6108 6107 6107 all  6107 6107 6107 6107 6107
- its read      6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c8   6107 6107 6107 c8   6107 6107 all  6107 6107 6107 6107 6107
- other's read  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c8   6107 6107 6108 6108 6107 6107 all  6107 6107 6107 6107 6107
requester       6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c2   6107 6107 6107 6108 6107 6107 all  all  all  6107 6107 6107
- its access    6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c2   all  all  6107 6108 6107 6107 all  all  all  6107 6107 6107
data holder     6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c4   6107 6107 6107 6108 6107 6107 all  all  all  6107 6107 6107
- its access    6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c4   all  all  6107 6108 6107 6107 all  all  all  6107 6107 6107
auditor party   6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6107 6107 6107 6108 6107 6107 all  6107 6107 6107 all! all
- view of all   6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   all! all! 6107 6108 ppl! all! all  all! all! all! all! all
- view, clinic  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   all! all! 6107 6108 ppl! all! all  all! all! all! all! all
- view, subject 6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   all! all! 6107 6108 6110 6110 all  all! all! all! all! all
- view, school  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6110 6110 6107 6108 6110 6110 all  6110 6110 6110 all! all
- view, ended   6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6110 6110 6107 6108 6110 6110 all  6110 6110 6110 all! all
- read, all     6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6107 6107 all! all! 6107 6107 all  6107 6107 6107 all! all
- read, clinic  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6107 6107 c1!  c1!  6107 6107 all  6107 6107 6107 all! all
- read, school  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6107 6107 6107 c8!  6107 6107 all  6107 6107 6107 all! all
- read, ended   6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c5   6107 6107 6110 6110 6107 6107 all  6107 6107 6107 all! all
- read, account all! ppl! all! all! 6107 6107 all! 6221 6221 6108 6228 6108 all! c5   6107 6107 6108 6108 6107 6107 all  6107 6107 6107 all! all
- read, bank    all! ppl! all! all! 6107 6107 all! 6221 6221 6108 6228 6108 all! c5   6107 6107 6108 6108 6107 6107 all  6107 6107 6107 all! all
- read, zone    6108 6108 6108 6108 6107 6107 ops! 6221 6221 all! 6228 all! ppl! c5   6107 6107 6108 6108 6107 6107 all  6107 6107 6107 all! all
- read, old     6109 6109 6109 6109 6107 6107 6109 6221 6221 6108 6228 6108 6109 c5   6107 6107 6108 6108 6107 6107 all  6107 6107 6107 all! all
glass breaker   6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c6   6107 6107 6107 6108 6107 6107 all  6107 6107 6107 all  6107
another party   6107 6107 6107 6107 6107 6107 6107 6221 6221 6107 6228 6107 6107 c7   6107 6107 6107 6108 6107 6107 all  6107 6107 6107 6107 6107
- other rights  6108 6108 6108 6108 6107 6107 6108 6221 6221 6108 6228 6108 6108 c7   6110 6110 6108 6108 6110 6110 all  6110 6110 6110 6107 6107
key by itself   6102 6102 6102 6102 6102 all  6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102
another key     6102 6102 6102 6102 6102 6107 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102 6102
";

/// What stands across: alice's account, a reference of her bank's, for whom her key acts, her payment
/// to the shop, the merchants of a zone that does not publish them, the one of them that is there, its
/// terminals, this zone's report, the one merchant's fees, a payment of alice there, the subject's consent to the clinic, an access under it, a request
/// to the clinic, a broken glass, a view of the subject.
const COLUMNS: [(&str, Kind); Kind::ALL.len()] = [
    ("acct", Kind::Account),
    ("hist", Kind::History),
    ("abun", Kind::AccountBundle),
    ("tick", Kind::Tickets),
    ("cref", Kind::Reference),
    ("keys", Kind::Key),
    ("tran", Kind::Transaction),
    ("merc", Kind::Merchants),
    ("merh", Kind::Merchant),
    ("term", Kind::Terminals),
    ("rept", Kind::Report),
    ("mfee", Kind::MerchantFees),
    ("paym", Kind::Payment),
    ("list", Kind::Consents),
    ("cons", Kind::Consent),
    ("cbun", Kind::ConsentBundle),
    ("clog", Kind::ConsentLog),
    ("slog", Kind::SubjectLog),
    ("plog", Kind::PartyLog),
    ("duty", Kind::Duties),
    ("prev", Kind::Preview),
    ("accs", Kind::Access),
    ("abdl", Kind::AccessBundle),
    ("reqs", Kind::Request),
    ("glas", Kind::Glass),
    ("view", Kind::AuditView),
];

const NONE: Named = Named { access: None, view: None, read: None };

fn accessed(access: Today) -> Named {
    Named { access: Some(access.id()), ..NONE }
}

const fn viewing(view: Hash) -> Named {
    Named { view: Some(view), ..NONE }
}

fn reading(read: Today) -> Named {
    Named { read: Some(read.id()), ..NONE }
}

fn others() -> Named {
    let (access, read) = (Some(DISCLOSED.id()), Some(READ_BY_CLINIC.id()));
    Named { access, view: Some(VIEW_OF_ALL), read }
}

/// Who stands down: the actor that plays it, and the rights that it names.
fn readers() -> [(&'static str, &'static str, Named); 40] {
    [
        ("nobody", "", NONE),
        ("holder", "alice", NONE),
        ("another holder", "bob", NONE),
        ("payee", "shop", NONE),
        ("holder's bank", "first bank", NONE),
        ("payee's bank", "second bank", NONE),
        ("auditor member", "auditor", NONE),
        ("giver of views", "operator", NONE),
        ("subject", "subject", NONE),
        ("guardian", "guardian", NONE),
        ("former guardian", "neighbour", NONE),
        ("controller", "clinic", NONE),
        ("- its read", "clinic", reading(READ_BY_CLINIC)),
        ("- its old read", "clinic", reading(READ_LONG_AGO)),
        ("2nd controller", "school", NONE),
        ("- its read", "school", reading(READ_BY_SCHOOL)),
        ("- other's read", "school", reading(READ_BY_CLINIC)),
        ("requester", "pharmacy", NONE),
        ("- its access", "pharmacy", accessed(DISCLOSED)),
        ("data holder", "archive", NONE),
        ("- its access", "archive", accessed(DISCLOSED)),
        ("auditor party", "inspector", NONE),
        ("- view of all", "inspector", viewing(VIEW_OF_ALL)),
        ("- view, clinic", "inspector", viewing(VIEW_OF_CLINIC)),
        ("- view, subject", "inspector", viewing(VIEW_OF_SUBJECT)),
        ("- view, school", "inspector", viewing(VIEW_OF_SCHOOL)),
        ("- view, ended", "inspector", viewing(VIEW_ENDED)),
        ("- read, all", "inspector", reading(READ_OF_ALL)),
        ("- read, clinic", "inspector", reading(READ_OF_CLINIC)),
        ("- read, school", "inspector", reading(READ_OF_SCHOOL)),
        ("- read, ended", "inspector", reading(READ_ENDED)),
        ("- read, account", "inspector", reading(READ_OF_ALICE)),
        ("- read, bank", "inspector", reading(READ_OF_BANK)),
        ("- read, zone", "inspector", reading(READ_OF_ZONE)),
        ("- read, old", "inspector", reading(ALICE_LONG_AGO)),
        ("glass breaker", "ambulance", NONE),
        ("another party", "counter", NONE),
        ("- other rights", "counter", others()),
        ("key by itself", "key of alice", NONE),
        ("another key", "key of bob", NONE),
    ]
}

/// How an actor is called where its key asks by itself.
const KEY_OF: &str = "key of ";

/// How wide the table's first column is.
const NAME_WIDTH: usize = 16;

fn reader(cast: &Cast, actor_name: &str, named: Named) -> Reader {
    if actor_name.is_empty() {
        return Reader::Nobody;
    }
    if let Some(name) = actor_name.strip_prefix(KEY_OF) {
        return Reader::Key(key(name).public_key());
    }
    let account = actor(actor_name).account;
    let (signer, _) = Signer::find(&cast.world.query.state(), &account).unwrap();
    signer.naming(named)
}

/// What is decided where every access is in the state.
fn decided(reader: &Reader, matter: &Matter<'_>, cast: &Cast) -> Decision {
    decide(reader, matter, &cast.world.query.state(), &Accesses::default())
}

/// A decision as the table writes it.
fn cell(decision: Decision) -> String {
    let (extent, ground) = match decision {
        Decision::Refused(refusal) => return refusal.code.number().to_string(),
        Decision::Granted(extent, ground) => (extent, ground),
    };
    let text = match extent {
        Extent::All => "all".to_owned(),
        Extent::AsTo(party) => format!("c{party}"),
        Extent::WithoutPeople => "ppl".to_owned(),
        Extent::WithPseudonyms => "psn".to_owned(),
        Extent::Operations(_) => "ops".to_owned(),
        Extent::WithoutContent => "rcpt".to_owned(),
    };
    match ground {
        Ground::Open | Ground::Own | Ground::Custodian => text,
        Ground::Audit => text + "!",
    }
}

/// The table's rows, whose form is checked: every reader, and for each a cell of every column.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut lines = TABLE.trim().lines().map(|line| {
        let (name, cells) = line.split_at(NAME_WIDTH);
        (name.trim(), cells.split_whitespace().collect::<Vec<_>>())
    });
    let (_, header) = lines.next().unwrap();
    assert_eq!(header, COLUMNS.map(|(name, _)| name));
    assert!(COLUMNS.iter().map(|(_, kind)| kind).eq(Kind::ALL), "a column is there twice");
    let rows: Vec<_> = lines.collect();
    assert!(rows.iter().map(|(name, _)| name).eq(readers().iter().map(|(name, ..)| name)));
    for (name, cells) in &rows {
        assert_eq!(cells.len(), COLUMNS.len(), "cells of {name}");
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn the_decision_is_the_tables() {
    let cast = Cast::new().await;
    let mut wrong = Vec::new();
    for ((name, cells), (_, actor_name, named)) in rows().into_iter().zip(readers()) {
        let reader = reader(&cast, actor_name, named);
        for (expected, (column, kind)) in cells.into_iter().zip(COLUMNS) {
            let decided = decided(&reader, &cast.matter(kind), &cast);
            if cell(decided) != expected {
                wrong.push(format!("{actor_name} ({name}), {column}: {decided:?}, not {expected}"));
            }
        }
        for open in Open::ALL {
            let decided = decided(&reader, &Matter::Open(*open), &cast);
            assert_eq!(decided, Decision::Granted(Extent::All, Ground::Open), "{name}, {open:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How an answer differs from what was decided, if it does.
fn difference(cast: &Cast, decided: Decision, asked: &Asked, kind: Kind) -> Option<String> {
    let body = String::from_utf8_lossy(&asked.body);
    let is_right = match decided {
        Decision::Refused(refusal) => {
            let problem = asked.problem();
            problem.is_some_and(|problem| {
                problem.code == refusal.code.number() && problem.detail == refusal.detail
            })
        }
        // Nobody cosigns here, so that a proof is waited for in vain.
        Decision::Granted(..)
            if [Kind::AccountBundle, Kind::ConsentBundle, Kind::AccessBundle].contains(&kind) =>
        {
            asked.problem().is_some_and(|problem| problem.status == 503)
        }
        Decision::Granted(extent, _) if kind == Kind::Transaction => {
            let has_content = body.contains("\"content\":{");
            let has_operations = body.contains("\"operations\":[") && !has_content;
            asked.status == 200
                && has_content == (extent == Extent::All)
                && has_operations == matches!(extent, Extent::Operations(_))
        }
        Decision::Granted(extent, _) if kind == Kind::PartyLog => {
            let has_people = body.contains(&cast.world.address("subject"));
            asked.status == 200 && has_people == (extent == Extent::All)
        }
        Decision::Granted(..) => asked.status == 200,
    };
    (!is_right).then(|| format!("decided {decided:?}, answered {} {body}", asked.status))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_as_is_decided() {
    let cast = Cast::new().await;
    let mut asking = Vec::new();
    for (name, actor_name, named) in readers() {
        let reader = reader(&cast, actor_name, named);
        for kind in Kind::ALL {
            let decided = decided(&reader, &cast.matter(*kind), &cast);
            let (path, cast, world) = (cast.path(*kind, &named), &cast, &cast.world);
            asking.push(async move {
                let asked = match (actor_name, actor_name.strip_prefix(KEY_OF)) {
                    ("", _) => world.get(&path).await,
                    (_, Some(name)) => world.read_by_key(&key(name), &path).await,
                    (_, None) => world.read(actor_name, &path).await,
                };
                let difference = difference(cast, decided, &asked, *kind);
                difference.map(|how| format!("{actor_name} ({name}) {path}: {how}"))
            });
        }
    }
    let wrong: Vec<String> =
        futures::future::join_all(asking).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_hidden_as_what_is_anothers() {
    let cast = Cast::new().await;
    let none = Hash::of(&[b"nothing"]);
    let consent = ConsentId::new(none);
    let absent = [
        (Matter::Consent(consent), "6107"),
        (Matter::ConsentBundle(consent), "6107"),
        (Matter::ConsentLog(consent), "6107"),
        (Matter::Request(none), "6107"),
        (Matter::Glass(none), "6107"),
        (Matter::AuditView(none), "6107"),
        (Matter::Access(none), "6107"),
        (Matter::AccessBundle(none), "6107"),
    ];
    let by_address = |name: &str| !name.is_empty() && !name.starts_with(KEY_OF);
    let readers = readers();
    let signed = readers.iter().filter(|(_, actor_name, _)| by_address(actor_name));
    for (name, actor_name, named) in signed {
        let reader = reader(&cast, actor_name, *named);
        for (matter, hidden) in &absent {
            // Data holders are told: they check what they are shown, before a block may hold it.
            let is_access = matches!(matter, Matter::Access(_) | Matter::AccessBundle(_));
            let is_told = *actor_name == "archive" && is_access;
            let expected = if is_told { "6211" } else { *hidden };
            let decided = decided(&reader, matter, &cast);
            assert_eq!(cell(decided), expected, "{actor_name} ({name}), {matter:?}");
        }
    }
}
