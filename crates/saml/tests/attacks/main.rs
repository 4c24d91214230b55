//! The classes of attacks on SAML that were found in the field, one test or more for each, on really issued and really signed messages.
//!
//! The number in a test's name is that of the class. Each test shows that the message which it was made of is accepted.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

#[path = "../common/mod.rs"]
mod common;

mod algorithms;
mod bombs;
mod checks;
mod documents;
mod issuing;
mod query;
mod replay;
mod signatures;
mod text;
mod wrapping;
