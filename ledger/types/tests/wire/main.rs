//! The wire format: its bytes are pinned, and decoding is total and canonical.

mod events;
mod golden;
mod json;
mod random;
mod sample;
mod totality;
