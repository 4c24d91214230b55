//! The question: who is this? (saml-core section 3.4.1)

mod read;
mod received;

pub use read::AuthnRequest;
pub(crate) use read::read_issuer;
pub use received::ReceivedRequest;
