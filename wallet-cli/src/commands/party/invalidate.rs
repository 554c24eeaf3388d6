//! `party invalidate`: the end of a consent that should never have counted.

use ledger_types::operation::Invalidate;

use crate::commands::party::revoke::{EndArgs, end};
use crate::commands::prelude::*;

pub(crate) async fn run(app: &App, args: &EndArgs) -> Result<Reply, Failure> {
    let (consent, ground) =
        (reading::consent(&args.consent)?, Evidence::of_file("ground", &args.ground)?);
    let operation = Operation::Invalidate(Invalidate { consent, ground: ground.commitment });
    end(app, "label-act-invalidate", operation, consent, ground).await
}
