//! Transactions between validators: each bundle once to each, never relayed.
