//! `voucher ls`: what somebody has of vouchers, where it works and until when.

use node_api::query::ByRead;

use crate::acting::vouchers::{Heap, Vouchers};
use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let account = session.client.account(&reader.address, &ByRead::default(), &reader).await?;
    let Some(money) = &account.money else {
        return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
    };
    let vouchers = Vouchers::read(&session.client, &money.vouchers, None).await?;
    let (heaps, total) = (vouchers.heaps()?, vouchers.total()?);
    let data = json!({
        "total": total, "vouchers": heaps.iter().map(Heap::data).collect::<Vec<_>>(),
        "lots": vouchers.held(), "height": account.height,
    });
    if heaps.is_empty() {
        let text = app.text("note-no-vouchers", &[]);
        return Ok(Reply::new(data, text).next("kyojo programme ls"));
    }
    let now = session.client.network().clock.now();
    let titles = ["label-voucher", "label-amount", "label-where", "label-when"];
    let row = |heap: &Heap| {
        vec![heap.name.clone(), amount::show(heap.amount), heap.shops(app), heap.when(app, now)]
    };
    let rows: Vec<Vec<String>> = heaps.iter().map(row).collect();
    let table = app.table(&titles, &rows, &[1]);
    let sum = fields(&[(app.text("label-vouchers-total", &[]), amount::show(total))]);
    let first = app.text("note-first-ends-first", &[]);
    Ok(Reply::new(data, format!("{table}\n\n{sum}\n{first}")).next("kyojo pay NAME 850"))
}
