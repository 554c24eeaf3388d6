//! `zone ls`: the zones.

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let zones = client.zones().await?;
    let titles = ["label-zone", "label-name", "label-total"];
    let rows: Vec<Vec<String>> = zones
        .zones
        .iter()
        .map(|zone| vec![zone.zone.to_string(), zone.name.clone(), amount::show(zone.total)])
        .collect();
    Ok(Reply::new(json!(zones), app.table(&titles, &rows, &[2])).next("kyojo zone open --zone 1"))
}
