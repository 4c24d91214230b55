//! The names that SAML and XML signatures have for things.

/// XML Signature Syntax and Processing.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The transform that leaves out the signature itself (xmldsig-core section 6.6.4).
pub(crate) const ENVELOPED_SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Exclusive canonicalization without comments; also the namespace of `InclusiveNamespaces`.
pub(crate) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// saml-core section 2.
pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// saml-core section 3; also what `protocolSupportEnumeration` lists (saml-metadata section 2.4.1).
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// saml-metadata section 2.
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// saml-bindings section 3.5.
pub(crate) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// saml-bindings section 3.4.
pub(crate) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// saml-profiles section 3.3: whoever has the assertion is its subject.
pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
