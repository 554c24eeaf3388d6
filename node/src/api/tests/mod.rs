//! The interface over a real chain: state, store, index and mempool; only consensus is stood in
//! for, by one validator's certificate.

mod audit;
mod audited;
mod bundles;
pub(crate) mod cast;
mod consent;
mod cycles;
mod directory;
mod duties;
mod ended;
mod errors;
mod keys;
mod logs;
mod money;
mod programmes;
mod redeem;
mod references;
mod registry;
mod reports;
mod rights;
mod routes;
mod shops;
mod stream;
mod vouchers;
mod witness;
pub(crate) mod world;

use world::World;
