//! How messages travel (saml-bindings): in the query of a URL, or in a form that posts itself.

mod form;
mod parameters;
mod post;
mod redirect;

pub use form::PostForm;
pub use redirect::RedirectUrl;

pub(crate) use parameters::RelayState;
pub(crate) use post::Posted;
pub(crate) use redirect::{QuerySignature, Redirected};
