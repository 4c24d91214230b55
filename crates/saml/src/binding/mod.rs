//! How messages travel (saml-bindings): in the query of a URL, or in a form that posts itself.

mod form;
mod parameters;
mod post;
mod redirect;

pub use form::PostForm;
pub use redirect::RedirectUrl;

use crate::error::{Error, ErrorKind};
use crate::metadata::url_expects;

pub(crate) use parameters::RelayState;
pub(crate) use post::Posted;
pub(crate) use redirect::{QuerySignature, Redirected};

/// Refuses to send a browser to what is no URL of https, or of http where that was allowed.
fn check_location(location: &str) -> Result<(), Error> {
    match url_expects(location, true) {
        None => Ok(()),
        Some(expected) => Err(Error::whole(ErrorKind::Misuse { reason: format!("no message can be sent there: expected {expected}") })),
    }
}
