//! The elements that are written, with the prefixes that everybody uses for them.

use crate::uri;
use crate::xml::ElementName;

/// An element of saml-core section 2.
pub(crate) fn saml(local: &'static str) -> ElementName {
    ElementName { prefix: "saml", local, namespace: uri::ASSERTION }
}

/// An element of saml-core section 3.
pub(crate) fn samlp(local: &'static str) -> ElementName {
    ElementName { prefix: "samlp", local, namespace: uri::PROTOCOL }
}
