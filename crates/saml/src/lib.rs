//! SAML 2.0 web SSO as identity provider.

mod error;
mod time;

pub use error::{Error, ErrorKind, Location};
