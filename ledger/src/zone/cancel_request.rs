//! `CancelRequest`: what a shop asked for and nobody paid is taken back. Rejections, in order:
//! `NotAMoneyAccount`, `UnknownZone`, `NotAMerchant`, `UnknownTerminal`, `TerminalRightMissing`,
//! `RequestExpired`, `RequestUsed`.

use ledger_types::event::RequestCancelled;
use ledger_types::operation::CancelRequest;
use ledger_types::record::Cancelled;
use ledger_types::zone::{TerminalRights, request_id};

use super::request::check_unused;
use super::terminal::{sending_merchant, signing};
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for CancelRequest {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, made, ref nonce, terminal } = *self;
        let merchant = sending_merchant(execution, zone)?;
        signing(execution, zone, &merchant, terminal, TerminalRights::REQUEST)?;
        let request = request_id(zone, &merchant, made, nonce);
        check_unused(execution.books, &request, made, execution.time)?;
        let cancelled = execution.height;
        execution.books.put_cancelled(&request, Cancelled { cancelled });
        execution.emit(RequestCancelled { zone, merchant, request, terminal });
        Ok(())
    }
}
