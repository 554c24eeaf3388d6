//! The read side: receipts, histories, blocks and consents for the interface.
