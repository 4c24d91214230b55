//! SAML 2.0 web SSO as identity provider.

mod canonical;
mod error;
mod time;
mod uri;
mod xml;

pub use canonical::{ExclusiveCanonicalization, XmlDocument};
pub use error::{Error, ErrorKind, Location};
