//! The answer (saml-core section 3.3.3): written, signed, and on its way.

mod signing;
mod unsigned;

pub use signing::{SignedResponse, Signing, SigningStep};
pub use unsigned::{SignedParts, UnsignedResponse};

pub(crate) use unsigned::Draft;
