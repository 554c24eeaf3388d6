//! Transactions waiting for a block: verified, admitted, fair across accounts.
