//! What the whole-system tests and measuring tools stand on: real processes, real load, figures.

pub mod account;
pub mod consent;
pub mod drive;
pub mod gateway;
pub mod load;
pub mod measure;
pub mod network;
pub mod postgres;
pub mod rest;
pub mod shape;
pub mod tool;
pub mod verifiers;
