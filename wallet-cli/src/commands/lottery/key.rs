//! `lottery key new`: a member's sealing key for one programme, kept in the wallet's vault.

use ledger_types::programme::ShareProof;
use public_draw::SealingSecret;
use public_draw::sharing::member_context;

use crate::acting::sharing;
use crate::commands::prelude::*;

/// `lottery key`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Makes your sealing key for a programme, and prints it for the programme's file.
    New(KeyArgs),
}

/// `lottery key new`.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// The programme's number.
    pub(crate) programme: u32,
}

pub(crate) fn run(app: &App, args: &KeyArgs) -> Result<Reply, Failure> {
    let wallet = app.wallet(None)?;
    let opened = app.unlock(&wallet)?;
    let attached = &opened.attached;
    let name = sharing::sealing_name(args.programme);
    let key = SealingSecret::from_seed(&*sharing::kept_or_new(app, &wallet, &opened, &name)?);
    let context = member_context(&attached.genesis_hash, args.programme, &attached.account);
    let proof = ShareProof::from(*key.prove_possession(&context).proof());
    let sealing = Hash::new(*key.public().encoding().as_bytes());
    let data = json!({
        "programme": args.programme, "account": attached.address, "sealing": sealing,
        "challenge": proof.challenge, "response": proof.response,
    });
    // As the programme's file has it.
    let text = format!(
        "[[committers]]\naccount = \"{}\"\nsealing = \"{sealing}\"\nchallenge = \"{}\"\n\
         response = \"{}\"",
        attached.address, proof.challenge, proof.response,
    );
    app.output.say(&app.text("note-send-key-to-sponsor", &[]));
    Ok(Reply::new(data, text).next(format!("kyojo lottery deposit {} 1", args.programme)))
}
