//! Signatures are judged by ZIP-215 (<https://zips.z.cash/zip-0215>), single and in batches alike.

mod cases;
mod differential;
mod judge;
mod python;
mod reference;
mod registrable;
mod vectors;

use ledger_types::verify::verify_all;
