//! `lottery deposit`, `reveal` and `open`: a member's secret, and its share of another's.

use ledger_types::operation::{DepositSecret, OpenShare, RevealSecret};
use ledger_types::programme::Sharing;
use node_api::body::ProgrammeBody;
use public_draw::on_ledger::{context_of_committer, point};
use public_draw::sharing::{deal, open_share, reveal as revealed};
use public_draw::{SealingPublic, SealingSecret};

use super::RoundName;
use crate::acting::{sharing, vouchers};
use crate::app::Unlocked;
use crate::commands::prelude::*;

/// `lottery open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// The programme, by its number or name.
    pub(crate) programme: String,
    /// The round, counted from 1.
    pub(crate) round: u16,
    /// Whose secret: the member's number, as `programme show` lists them.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) of: u16,
}

/// A committee as sharing has it.
struct Committee {
    members: Vec<SealingPublic>,
    threshold: u8,
    /// The place of the wallet's own account, from 0.
    own: u16,
}

impl Committee {
    fn of(session: &Session, programme: &ProgrammeBody) -> Result<Self, Failure> {
        let address = &session.attached.address;
        let own = programme.committers.iter().position(|it| it.account.as_str() == address);
        let own = own.and_then(|own| u16::try_from(own).ok());
        let own = own.ok_or_else(|| Failure::new(Exit::Refused, "code-3075"))?;
        let members = programme.committers.iter();
        let members = members.map(|it| SealingPublic::new(point(it.sealing))).collect();
        let threshold = u8::try_from(programme.threshold).map_err(|_| internal())?;
        Ok(Self { members, threshold, own })
    }
}

/// What the secret of the member at a place is bound to.
fn context(
    session: &Session,
    programme: &ProgrammeBody,
    round: u16,
    place: u16,
) -> Result<Hash, Failure> {
    let genesis = &session.client.network().genesis_hash;
    let context = context_of_committer(genesis, programme.programme, round, place);
    context.ok_or_else(|| Failure::new(Exit::Usage, "code-3044"))
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}

/// A member before its own secret of a round.
struct Member {
    session: Session,
    programme: ProgrammeBody,
    committee: Committee,
    context: Hash,
    round: u16,
    /// None in a dry run, which keeps nothing, and makes nothing that would have to be kept.
    opened: Option<Unlocked>,
}

impl Member {
    async fn begin(app: &App, args: &RoundName) -> Result<Self, Failure> {
        let (session, round) = (Session::begin(app).await?, args.round);
        let programme = vouchers::programme(&session.client, &args.programme).await?;
        let committee = Committee::of(&session, &programme)?;
        let context = context(&session, &programme, round, committee.own)?;
        let opened = app.unlock_to_send(&session.wallet)?;
        Ok(Self { session, programme, committee, context, round, opened })
    }

    /// By what name its seed is kept.
    fn name(&self) -> String {
        sharing::secret_name(self.programme.programme, self.round)
    }

    /// What is sent of it, and what is shown of that.
    fn act(&self, app: &App, operation: Operation, done: &'static str) -> Act {
        let (number, round) = (self.programme.programme, self.round);
        Act::ending(operation, done)
            .line("label-programme", vouchers::shown(app, &self.programme))
            .line("label-round", round)
            .data(json!({ "programme": number, "round": round,
                          "member": self.committee.own.saturating_add(1) }))
    }
}

pub(crate) async fn deposit(app: &App, args: &RoundName) -> Result<Reply, Failure> {
    let member = Member::begin(app, args).await?;
    let Member { session, committee, context, round, opened, .. } = &member;
    let (programme, round) = (member.programme.programme, *round);
    let shared = match opened {
        None => Sharing { commitments: Vec::new(), shares: Vec::new() },
        Some(opened) => {
            let seed = sharing::kept_or_new(app, &session.wallet, opened, &member.name())?;
            let dealing = deal(&seed, context, &committee.members, committee.threshold);
            Sharing::from(&dealing.map_err(|_| Failure::new(Exit::Refused, "code-3034"))?)
        }
    };
    let deposit = Operation::DepositSecret(DepositSecret { programme, round, sharing: shared });
    member
        .act(app, deposit, "done-secret-deposited")
        .line("label-note", app.text("note-keep-wallet", &[]))
        .next(format!("kyojo lottery reveal {programme} {round}"))
        .by_opened(app, session, opened.as_ref())
        .await
}

pub(crate) async fn reveal(app: &App, args: &RoundName) -> Result<Reply, Failure> {
    let member = Member::begin(app, args).await?;
    let Member { session, committee, context, round, opened, .. } = &member;
    let (programme, round) = (member.programme.programme, *round);
    let secret = match opened {
        None => Hash::ZERO,
        Some(opened) => {
            let seed = sharing::kept(app, &session.wallet, opened, &member.name())?;
            let seed = seed.ok_or_else(sharing::lost)?;
            let secret = revealed(&seed, context, &committee.members, committee.threshold);
            Hash::new(*secret.as_bytes())
        }
    };
    let reveal = Operation::RevealSecret(RevealSecret { programme, round, secret });
    member
        .act(app, reveal, "done-secret-revealed")
        .next(format!("kyojo lottery draw {programme} {round}"))
        .by_opened(app, session, opened.as_ref())
        .await
}

pub(crate) async fn open(app: &App, args: &OpenArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let programme = vouchers::programme(&session.client, &args.programme).await?;
    let committee = Committee::of(&session, &programme)?;
    let (number, round) = (programme.programme, args.round);
    let of = args.of.saturating_sub(1);
    let context = context(&session, &programme, round, of)?;
    let secrets = session.client.secrets(number, round).await?.secrets;
    let deposited = secrets.iter().find(|one| one.committer == of);
    let sealed = deposited.and_then(|one| one.sharing.shares.get(usize::from(committee.own)));
    let sealed = sealed.ok_or_else(|| Failure::new(Exit::Refused, "code-3080"))?.sealed;
    let opened = app.unlock_to_send(&session.wallet)?;
    let (share, proof) = match &opened {
        None => (
            Hash::ZERO,
            ledger_types::programme::ShareProof { challenge: Hash::ZERO, response: Hash::ZERO },
        ),
        Some(opened) => {
            let name = sharing::sealing_name(number);
            let seed = sharing::kept(app, &session.wallet, opened, &name)?;
            let key = SealingSecret::from_seed(&*seed.ok_or_else(sharing::lost)?);
            let member = u8::try_from(committee.own.saturating_add(1)).map_err(|_| internal())?;
            let share = open_share(&key, &context, member, &point(sealed));
            let share = share.map_err(|_| Failure::new(Exit::Verification, "code-3083"))?;
            (Hash::new(*share.opened.as_bytes()), share.proof.into())
        }
    };
    let open = OpenShare { programme: number, round, of, share, proof };
    Act::ending(Operation::OpenShare(open), "done-share-opened")
        .line("label-programme", vouchers::shown(app, &programme))
        .line("label-round", round)
        .line("label-member-opened", args.of)
        .data(json!({ "programme": number, "round": round, "of": args.of }))
        .next(format!("kyojo lottery draw {number} {round}"))
        .by_opened(app, &session, opened.as_ref())
        .await
}
