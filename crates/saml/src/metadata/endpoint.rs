//! Where messages go, and how.

use std::borrow::Cow;
use std::fmt;

use crate::uri;

/// How a message travels (saml-bindings section 3), compared as an exact string.
///
/// An open registry: the constants are those of saml-bindings, and any other string is kept as it is.
///
/// # Examples
///
/// ```
/// use idbridge_saml::Binding;
///
/// assert_eq!(Binding::from("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"), Binding::HTTP_POST);
/// assert_eq!(Binding::from("urn:example:pigeon").as_str(), "urn:example:pigeon");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Binding(Cow<'static, str>);

impl Binding {
    /// Section 3.5: in a form that the browser posts.
    pub const HTTP_POST: Self = Self(Cow::Borrowed(uri::HTTP_POST));
    /// Section 3.4: in the query of a URL that the browser is redirected to.
    pub const HTTP_REDIRECT: Self = Self(Cow::Borrowed(uri::HTTP_REDIRECT));
    /// Section 3.6: by reference, which this crate does not do.
    pub const HTTP_ARTIFACT: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"));
    /// Section 3.2: in a SOAP envelope, which this crate does not do.
    pub const SOAP: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:bindings:SOAP"));
    /// Section 3.3: in a SOAP envelope the other way round, which this crate does not do.
    pub const PAOS: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:bindings:PAOS"));

    /// The binding as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Binding {
    fn from(binding: &str) -> Self {
        Self(Cow::Owned(binding.to_owned()))
    }
}

impl From<String> for Binding {
    fn from(binding: String) -> Self {
        Self(Cow::Owned(binding))
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an SP takes responses (saml-metadata section 2.4.4): `AssertionConsumerService`, or ACS.
///
/// One that was read is what the file says, usable or not; those of a [`RegisteredSp`](crate::RegisteredSp) are usable. AWS IAM Identity Center
/// has several, for IPv4 alone, for both versions of IP, and for every additional Region.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{AssertionConsumerService, Binding};
///
/// let service = AssertionConsumerService::new(1, "https://sp.example.com/acs").with_default(true);
/// assert_eq!(service.index(), 1);
/// assert_eq!(service.binding(), &Binding::HTTP_POST);
/// assert_eq!(service.is_default(), Some(true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionConsumerService {
    pub(super) index: u16,
    pub(super) url: String,
    pub(super) binding: Binding,
    pub(super) is_default: Option<bool>,
}

impl AssertionConsumerService {
    /// An endpoint for [`Binding::HTTP_POST`] of which is not said whether it is the default.
    #[must_use]
    pub fn new(index: u16, url: impl Into<String>) -> Self {
        Self { index, url: url.into(), binding: Binding::HTTP_POST, is_default: None }
    }

    /// The same, for another binding.
    #[must_use]
    pub fn with_binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// The same, with `isDefault` said.
    #[must_use]
    pub fn with_default(mut self, is_default: bool) -> Self {
        self.is_default = Some(is_default);
        self
    }

    /// The number by which a request may name it; no two of one SP have the same.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// `Location`, exactly as it is written: requests are compared with it as a string.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How a response gets there.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// `isDefault`. Left out is not the same as false: see
    /// [`default_assertion_consumer_service`](crate::SpSsoDescriptor::default_assertion_consumer_service).
    #[must_use]
    pub fn is_default(&self) -> Option<bool> {
        self.is_default
    }
}

/// The default of indexed endpoints.
///
/// saml-metadata 2.2.3: "the default endpoint is the first such endpoint with the isDefault attribute set to true. If no such endpoints exist,
/// the default endpoint is the first such endpoint without the isDefault attribute set to false. If no such endpoints exist, the default
/// endpoint is the first element in the sequence."
pub(super) fn default_of(services: &[AssertionConsumerService]) -> Option<&AssertionConsumerService> {
    let first = |is_default| services.iter().find(|service| service.is_default == is_default);
    first(Some(true)).or_else(|| first(None)).or_else(|| services.first())
}

/// Where an IdP takes requests (saml-metadata section 2.4.3): `SingleSignOnService`.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{Binding, SingleSignOnService};
///
/// let service = SingleSignOnService::new(Binding::HTTP_REDIRECT, "https://idp.example.com/sso");
/// assert_eq!(service.url(), "https://idp.example.com/sso");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleSignOnService {
    pub(super) binding: Binding,
    pub(super) url: String,
}

impl SingleSignOnService {
    /// An endpoint for requests that come by `binding`.
    #[must_use]
    pub fn new(binding: Binding, url: impl Into<String>) -> Self {
        Self { binding, url: url.into() }
    }

    /// How a request gets there.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// `Location`, exactly as it is written.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
