//! The service provider's side: is this response to be believed? (saml-profiles section 4.1.4.3)

mod accepted;
mod assertion;
mod conditions;
mod provider;
mod received;
mod replay;
mod response;

pub use accepted::AcceptedAssertion;
pub use provider::{Expected, ServiceProvider};
pub use received::ReceivedResponse;
pub use replay::{MemoryReplayStore, ReplayStore};

pub(crate) use response::verify_signatures;
