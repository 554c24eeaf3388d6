//! The cases that judge the reference judge the faster way too: every verdict is the same.

#[path = "../../../../ledger/types/tests/zip215/cases.rs"]
mod cases;
#[path = "../../../../ledger/types/tests/zip215/differential.rs"]
mod differential;
#[path = "../../../../ledger/types/tests/zip215/judge.rs"]
mod judge;
#[path = "../../../../ledger/types/tests/zip215/reference.rs"]
mod reference;
#[path = "../../../../ledger/types/tests/zip215/vectors.rs"]
mod vectors;

use node_verify::verify_all;
