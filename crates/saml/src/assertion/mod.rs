//! What an identity provider says of a person (saml-core section 2).

mod attribute;
mod login;
mod write;

pub use attribute::Attribute;
pub use login::{AuthnContext, Login};

pub(crate) use write::{Bearer, write};
