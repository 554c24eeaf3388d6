//! `consent address`: the address and the key by which one controller knows a wallet.

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// One controller.
#[derive(Debug, Args)]
pub(crate) struct AddressArgs {
    /// Towards which controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
}

/// The wallet as one controller knows it; a new wallet needs nothing else to be found.
pub(crate) async fn run(app: &App, args: &AddressArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let (_, reader) = people.towards(party);
    let key = reader.key.public_key();
    let lines = [
        (app.text("label-address", &[]), reader.address.clone()),
        (app.text("label-public-key", &[]), key.to_string()),
    ];
    let data = json!({ "party": party, "address": reader.address, "public_key": key });
    Ok(Reply::new(data, fields(&lines)))
}
