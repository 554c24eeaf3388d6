//! `consent receipt`: a consent in plain words.

use node_api::Time;

use crate::agreement::facts;
use crate::commands::prelude::*;

pub(crate) async fn run(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, name).await?;
    let body = people.body(named).await?;
    let kept = people.kept(&body)?;
    let text = facts::text(app, &people, &body, &kept).await?;
    let ended = facts::facts(&people, &body, &kept).await?.ended().map(Time::from);
    people.consents.keep_receipt(&named.consent, &text)?;
    let short = beginning(&named.consent);
    let data = json!({ "consent": named.consent, "standing": body.standing, "ended": ended,
                       "receipt": text });
    Ok(Reply::new(data, text.trim_end()).next(format!("kyojo consent export {short} --proof")))
}
