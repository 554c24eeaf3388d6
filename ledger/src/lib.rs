//! Skeleton.

pub mod commitment;
