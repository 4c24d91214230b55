//! XML signatures of the one shape that SAML prescribes (saml-core section 5.4), and nothing beyond it.
//!
//! ```text
//!   element --shape--> Shape: one Reference to its own ID, enveloped, exclusive C14N     before any cryptography
//!           --verify--> Verified(element)                                                the only thing that is read
//!   canonical text --Enveloped--> bytes to sign --> ds:Signature                         what is issued
//! ```

mod credential;
mod shape;
mod sign;
mod trust;
mod verify;

pub use credential::Credential;
pub use trust::TrustedKeys;

#[cfg(test)]
pub(crate) use sign::signed_by_fixture;
pub(crate) use sign::{Envelope, Pending};
pub(crate) use trust::check_signs;
pub(crate) use verify::{Verified, has_signature, only_own_signatures, verify};
