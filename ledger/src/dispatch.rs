//! One transaction's run: its operations in order, all of them or nothing.

use ledger_types::{Operation, Outcome};

use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop};
use crate::money::check_sender;

macro_rules! dispatch {
    ($( $number:literal $name:literal $type:ident; )*) => {
        impl Execute for Operation {
            fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
                match self { $( Self::$type(operation) => operation.execute(execution), )* }
            }
        }
    };
}

ledger_types::operations!(dispatch);

/// Runs the operations: all are kept, or the books and events are as before.
pub(crate) fn run(
    mut execution: Execution<'_>,
    operations: &[Operation],
) -> Result<Outcome, Fault> {
    let events_before = execution.events.len();
    execution.books.begin();
    for (operation, number) in operations.iter().zip(0_u16..) {
        execution.operation = number;
        let allowed = check_sender(&execution);
        match allowed.and_then(|()| operation.execute(&mut execution)) {
            Ok(()) => {}
            Err(Stop::Rejected(rejection)) => {
                execution.books.rollback();
                execution.events.truncate(events_before);
                return Ok(Outcome::Rejected { code: rejection.code(), operation: number });
            }
            Err(Stop::Broken(fault)) => return Err(fault),
        }
    }
    execution.books.keep();
    Ok(Outcome::Committed)
}
