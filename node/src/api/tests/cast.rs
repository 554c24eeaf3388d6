//! A world in which everything that can be read is there, with everyone who may wish to read it.

use ledger_types::operation::{
    AuditScope, BreakGlass, Delegate, EndAuditView, GrantAuditView, GuardianPowers, Issue,
    Operation, Pay, ReadAccessLog, ReadRight, RequestKind, SubjectRequest,
};
use ledger_types::{AccountId, Hash, Timestamp, TransactionId, Yen};
use node_api::path;

use super::World;
use super::consent::{a_grant, check, check_path, consent_id, publish, request, use_of};
use super::world::{CLINIC, CLOSED, INSPECTOR, SCHOOL, Today, ZONE, actor, bank_of, key, transfer};
use crate::api::routes;
use crate::rights::{Concerned, Kind, Matter, Named, OneMerchant, OnePayment, ReportOf};

/// A permitted access on which the archive recorded its half.
pub(crate) const DISCLOSED: Today = Today(3);
/// A permitted access on which nobody recorded anything.
const PERMITTED: Today = Today(4);
const GLASS: Today = Today(0x61);
const ASKED: Today = Today(0x62);

/// The inspector's views, all but the last in force.
pub(crate) const VIEW_OF_ALL: Hash = Hash::new([0x71; 32]);
pub(crate) const VIEW_OF_CLINIC: Hash = Hash::new([0x72; 32]);
pub(crate) const VIEW_OF_SUBJECT: Hash = Hash::new([0x73; 32]);
pub(crate) const VIEW_OF_SCHOOL: Hash = Hash::new([0x74; 32]);
pub(crate) const VIEW_ENDED: Hash = Hash::new([0x75; 32]);
const VIEW_OF_ALICE: Hash = Hash::new([0x76; 32]);
const VIEW_OF_BANK: Hash = Hash::new([0x77; 32]);
const VIEW_OF_ZONE: Hash = Hash::new([0x78; 32]);

/// Recorded reads of the subject's log: by consents, then by the inspector's views.
pub(crate) const READ_BY_CLINIC: Today = Today(0x81);
pub(crate) const READ_LONG_AGO: Today = Today(0x82);
pub(crate) const READ_BY_SCHOOL: Today = Today(0x83);
pub(crate) const READ_OF_ALL: Today = Today(0x84);
pub(crate) const READ_OF_CLINIC: Today = Today(0x85);
pub(crate) const READ_OF_SCHOOL: Today = Today(0x86);
pub(crate) const READ_ENDED: Today = Today(0x87);

/// The inspector's recorded reads of accounts: of alice's, of all at her bank, of all in a zone where
/// she has none.
pub(crate) const READ_OF_ALICE: Today = Today(0x88);
pub(crate) const READ_OF_BANK: Today = Today(0x89);
pub(crate) const READ_OF_ZONE: Today = Today(0x8a);
pub(crate) const ALICE_LONG_AGO: Today = Today(0x8b);

const HOUR_MS: u64 = 3_600_000;

/// What the first bank issued to alice by.
pub(crate) const REFERENCE: Hash = Hash::new([0x8c; 32]);

/// An issue of a bank, to somebody whom it knows.
pub(crate) fn issue(to: &str, amount: u64, core_banking_ref: Hash) -> Operation {
    let (account, amount) = (actor(to).account, Yen::new(amount));
    Operation::Issue(Issue { account, amount, core_banking_ref })
}

/// The world, and the payment of alice to the shop.
pub(crate) struct Cast {
    pub(crate) world: World,
    payment: TransactionId,
    /// A payment of alice at the shop.
    bought: Hash,
    told: Vec<Vec<AccountId>>,
}

pub(crate) fn view(world: &World, view: Hash, scope: AuditScope) -> Operation {
    view_for(world, view, scope, 24 * HOUR_MS)
}

/// A view that is in force for so long.
pub(crate) fn view_for(world: &World, view: Hash, scope: AuditScope, millis: u64) -> Operation {
    let until = Timestamp::from_millis(world.now_ms() + millis);
    Operation::GrantAuditView(GrantAuditView {
        view,
        auditor: INSPECTOR,
        scope,
        until,
        ground: Hash::ZERO,
    })
}

fn read(read: Hash, right: ReadRight) -> Operation {
    let subject = actor("subject").account;
    Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
}

/// A recorded read, by a view, of the account that stands for what the view covers.
pub(crate) fn read_of(read: Today, view: Hash, subject: AccountId) -> Operation {
    let (read, right) = (read.id(), ReadRight::View { view, consent: None });
    Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
}

fn by_consent(number: u8) -> ReadRight {
    ReadRight::Consent { consent: consent_id(number) }
}

fn by_view(view: Hash, number: u8) -> ReadRight {
    ReadRight::View { view, consent: Some(consent_id(number)) }
}

/// An authority over the subject for so long.
pub(crate) fn delegate(world: &World, guardian: &str, millis: u64) -> Operation {
    Operation::Delegate(Delegate {
        subject: actor("subject").account,
        subject_key: None,
        guardian: actor(guardian).account,
        powers: GuardianPowers::WITHDRAW.with(GuardianPowers::READ),
        from: Timestamp::from_millis(0),
        until: Timestamp::from_millis(world.now_ms() + millis),
        evidence: Hash::ZERO,
    })
}

impl Cast {
    pub(crate) async fn new() -> Self {
        let mut world = World::new();
        consents(&mut world).await;
        uses(&mut world).await;
        audits(&mut world).await;
        world.send("first bank", vec![issue("alice", 5, REFERENCE)]).await;
        let payment = world.send("alice", vec![transfer("shop", 300)]).await;
        let told = vec![["alice", "shop"].map(|name| actor(name).account).to_vec()];
        let pay = Pay {
            zone: CLOSED,
            merchant: actor("shop").account,
            amount: Yen::new(7),
            charge: Some(Yen::new(7)),
            vouchers: None,
            reference: None,
            request: None,
            again: false,
        };
        world.send("alice", vec![Operation::Pay(pay)]).await;
        let bought = world.query.state().payments().next().map(|(id, _)| id).expect("alice paid");
        Self { world, payment, bought, told }
    }

    /// The one thing of a kind that the table is about.
    pub(crate) fn matter(&self, kind: Kind) -> Matter<'_> {
        let [alice, subject, shop] = ["alice", "subject", "shop"].map(|name| actor(name).account);
        match kind {
            Kind::Account => Matter::Account(alice),
            Kind::History => Matter::History(alice),
            Kind::AccountBundle => Matter::AccountBundle(alice),
            Kind::Tickets => Matter::Tickets(alice),
            Kind::Reference => Matter::Reference(bank_of("first bank")),
            Kind::Key => Matter::Key(key("alice").public_key()),
            Kind::Transaction => {
                Matter::Transaction(Some(Concerned { sender: alice, told: &self.told }))
            }
            Kind::Merchants => Matter::Merchants(CLOSED),
            Kind::Merchant => Matter::Merchant(OneMerchant { zone: CLOSED, account: shop }),
            Kind::Terminals => Matter::Terminals(OneMerchant { zone: CLOSED, account: shop }),
            Kind::Report => Matter::Report(ReportOf { zone: CLOSED, is_over: true }),
            Kind::MerchantFees => Matter::MerchantFees(OneMerchant { zone: CLOSED, account: shop }),
            Kind::Payment => Matter::Payment(Some(OnePayment { payer: alice, merchant: shop })),
            Kind::Consents => Matter::Consents(subject),
            Kind::Consent => Matter::Consent(consent_id(1)),
            Kind::ConsentBundle => Matter::ConsentBundle(consent_id(1)),
            Kind::ConsentLog => Matter::ConsentLog(consent_id(1)),
            Kind::SubjectLog => Matter::SubjectLog(subject),
            Kind::PartyLog => Matter::PartyLog(CLINIC),
            Kind::Duties => Matter::Duties(CLINIC),
            Kind::Preview => Matter::Preview,
            Kind::Access => Matter::Access(PERMITTED.id()),
            Kind::AccessBundle => Matter::AccessBundle(PERMITTED.id()),
            Kind::Request => Matter::Request(ASKED.id()),
            Kind::Glass => Matter::Glass(GLASS.id()),
            Kind::AuditView => Matter::AuditView(VIEW_OF_SUBJECT),
        }
    }

    /// Where it is read by somebody who names these rights, as far as the path takes them.
    pub(crate) fn path(&self, kind: Kind, named: &Named) -> String {
        let (alice, subject) = (self.world.address("alice"), self.world.address("subject"));
        let consent = consent_id(1).get();
        let right = |name: &str, right: Option<Hash>| right.map(|right| format!("{name}={right}"));
        let (access, view) = (right("access", named.access), right("view", named.view));
        let (read, none) = (right("read", named.read), || [None, None]);
        let (path, rights) = match kind {
            Kind::Account => (format!("/v1/accounts/{alice}"), [read, None]),
            Kind::History => (format!("/v1/accounts/{alice}/history"), [read, None]),
            Kind::AccountBundle => (format!("/v1/accounts/{alice}/bundle"), [read, None]),
            Kind::Tickets => (path::account_tickets(&alice).to_string(), [read, None]),
            Kind::Reference => {
                (path::reference(bank_of("first bank"), &REFERENCE).to_string(), none())
            }
            Kind::Key => (path::key(&key("alice").public_key()).to_string(), none()),
            Kind::Transaction => (format!("/v1/transactions/{}", self.payment), [read, None]),
            Kind::Merchants => (path::merchants(CLOSED).to_string(), none()),
            Kind::Merchant => {
                (path::merchant(CLOSED, &self.world.address("shop")).to_string(), none())
            }
            Kind::Terminals => {
                (path::terminals(CLOSED, &self.world.address("shop")).to_string(), [read, None])
            }
            Kind::Report => (path::zone_report(CLOSED, self.world.month()).to_string(), none()),
            Kind::MerchantFees => {
                let (shop, month) = (self.world.address("shop"), self.world.month());
                (path::merchant_fees(CLOSED, &shop, month).to_string(), [read, None])
            }
            Kind::Payment => (path::payment(&self.bought).to_string(), [read, None]),
            Kind::Consents => return format!("/v1/consents?subject={subject}"),
            Kind::Consent => (format!("/v1/consents/{consent}"), [access, view]),
            Kind::ConsentBundle => (format!("/v1/consents/{consent}/bundle"), [access, view]),
            Kind::ConsentLog => (format!("/v1/consents/{consent}/log"), [read, None]),
            Kind::SubjectLog => (format!("/v1/subjects/{subject}/log"), [read, None]),
            Kind::PartyLog => (format!("/v1/parties/{CLINIC}/log"), [view, None]),
            Kind::Duties => (format!("/v1/parties/{CLINIC}/duties"), [view, None]),
            Kind::Preview => return check_path(&check(1, 0)),
            Kind::Access => (format!("/v1/accesses/{PERMITTED}"), [access, view]),
            Kind::AccessBundle => (format!("/v1/accesses/{PERMITTED}/bundle"), [access, view]),
            Kind::Request => (format!("/v1/requests/{ASKED}"), [access, view]),
            Kind::Glass => (format!("/v1/glasses/{GLASS}"), none()),
            Kind::AuditView => (format!("/v1/views/{VIEW_OF_SUBJECT}"), none()),
        };
        let rights: Vec<String> = rights.into_iter().flatten().collect();
        if rights.is_empty() { path } else { format!("{path}?{}", rights.join("&")) }
    }
}

/// The subject consents to the clinic and the school, and two others to the clinic. The guardian
/// acts for the subject, and the neighbour did until now.
async fn consents(world: &mut World) {
    world.send("clinic", vec![publish()]).await;
    world.send("school", vec![publish()]).await;
    for (name, number) in [("subject", 1), ("guardian", 8), ("neighbour", 9)] {
        let mut grant = a_grant(number);
        grant.use_limit = None;
        world.send_with(name, vec![Operation::Grant(grant)], &[name, "clinic"]).await;
    }
    let mut grant = a_grant(2);
    grant.controller = SCHOOL;
    let until_now = delegate(world, "neighbour", 300_000);
    let long = delegate(world, "guardian", 24 * HOUR_MS);
    world.send("subject", vec![Operation::Grant(grant), until_now, long]).await;
    world.send("clinic", vec![read(READ_LONG_AGO.id(), by_consent(1))]).await;
    let account = actor("alice").account;
    let of_alice = view(world, VIEW_OF_ALICE, AuditScope::Account { account });
    world.send("operator", vec![of_alice]).await;
    world.send("inspector", vec![read_of(ALICE_LONG_AGO, VIEW_OF_ALICE, account)]).await;
    world.pass(660_000).await;
}

/// What the pharmacy may have of the subject, what the subject asks, and a broken glass.
async fn uses(world: &mut World) {
    world.send("pharmacy", vec![request(3, &check(1, 0)), request(4, &check(1, 0))]).await;
    world.send("archive", vec![use_of(DISCLOSED.id(), b"disclosed")]).await;
    let ask = Operation::SubjectRequest(SubjectRequest {
        request: ASKED.id(),
        controller: CLINIC,
        kind: RequestKind::Access,
        commitment: Hash::ZERO,
        on_behalf_of: None,
    });
    world.send("subject", vec![ask]).await;
    let glass = Operation::BreakGlass(BreakGlass {
        glass: GLASS.id(),
        person: Hash::of(&[b"person"]),
        scope: Hash::ZERO,
        ground: Hash::ZERO,
        opened: world.chain.tip().time,
        duration_ms: HOUR_MS,
    });
    world.send("ambulance", vec![glass]).await;
}

/// The inspector's views and the reads that are recorded; one view then ends.
async fn audits(world: &mut World) {
    let subject = actor("subject").account;
    let [of_clinic, of_school] =
        [CLINIC, SCHOOL].map(|controller| AuditScope::Controller { controller });
    let views = [
        (VIEW_OF_ALL, AuditScope::All),
        (VIEW_OF_CLINIC, of_clinic),
        (VIEW_OF_SUBJECT, AuditScope::Subject { subject }),
        (VIEW_OF_SCHOOL, of_school),
        (VIEW_ENDED, AuditScope::All),
        (VIEW_OF_BANK, AuditScope::Bank { bank: bank_of("first bank") }),
        (VIEW_OF_ZONE, AuditScope::Zone { zone: ZONE }),
    ];
    let views = views.map(|(id, scope)| view(world, id, scope)).to_vec();
    world.send("operator", views).await;
    world.send("clinic", vec![read(READ_BY_CLINIC.id(), by_consent(1))]).await;
    world.send("school", vec![read(READ_BY_SCHOOL.id(), by_consent(2))]).await;
    let reads = [
        (READ_OF_ALL.id(), VIEW_OF_ALL, 1),
        (READ_OF_CLINIC.id(), VIEW_OF_CLINIC, 1),
        (READ_OF_SCHOOL.id(), VIEW_OF_SCHOOL, 2),
        (READ_ENDED.id(), VIEW_ENDED, 1),
    ];
    let reads = reads.map(|(id, view, consent)| read(id, by_view(view, consent))).to_vec();
    world.send("inspector", reads).await;
    let reads = [
        (READ_OF_ALICE, VIEW_OF_ALICE, "alice"),
        (READ_OF_BANK, VIEW_OF_BANK, "first bank"),
        (READ_OF_ZONE, VIEW_OF_ZONE, "operator"),
    ];
    let reads = reads.map(|(id, view, name)| read_of(id, view, actor(name).account)).to_vec();
    world.send("inspector", reads).await;
    world.send("operator", vec![Operation::EndAuditView(EndAuditView { view: VIEW_ENDED })]).await;
}

/// Whether a path is one of a route.
fn is_at(path: &str, route: &str) -> bool {
    let bare = path.split('?').next().unwrap();
    let (parts, expected): (Vec<&str>, Vec<&str>) =
        (bare.split('/').collect(), route.split('/').collect());
    let fits = |(part, expected): (&&str, &&str)| expected.starts_with('{') || part == expected;
    parts.len() == expected.len() && parts.iter().zip(&expected).all(fits)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_table_is_about_is_read_where_the_routes_say() {
    let cast = Cast::new().await;
    for kind in Kind::ALL {
        let (path, (route, _)) = (cast.path(*kind, &Named::default()), routes::route(*kind));
        assert!(is_at(&path, route), "{kind:?}: {path} is not at {route}");
    }
}
