//! Who logged in, when and how.

use std::borrow::Cow;
use std::time::SystemTime;

use crate::assertion::Attribute;
use crate::error::{Error, ErrorKind, excerpt};
use crate::name_id::NameId;

/// How a person showed who they are: a URI (saml-authn-context).
///
/// # Examples
///
/// ```
/// use idbridge_saml::AuthnContext;
///
/// let own = AuthnContext::from("urn:example:hardware-key");
/// assert_ne!(own, AuthnContext::MULTI_FACTOR);
/// assert_eq!(AuthnContext::PASSWORD.as_str(), "urn:oasis:names:tc:SAML:2.0:ac:classes:Password");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthnContext(Cow<'static, str>);

impl AuthnContext {
    /// A password over TLS.
    pub const PASSWORD_PROTECTED_TRANSPORT: Self = Self::known("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport");
    /// A password.
    pub const PASSWORD: Self = Self::known("urn:oasis:names:tc:SAML:2.0:ac:classes:Password");
    /// Not said.
    pub const UNSPECIFIED: Self = Self::known("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified");
    /// More than one factor, as the REFEDS profile names it.
    pub const MULTI_FACTOR: Self = Self::known("https://refeds.org/profile/mfa");

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const fn known(uri: &'static str) -> Self {
        Self(Cow::Borrowed(uri))
    }
}

impl From<&str> for AuthnContext {
    fn from(uri: &str) -> Self {
        Self(Cow::Owned(uri.to_owned()))
    }
}

/// A person who has shown who they are, and what is said of them.
///
/// AWS IAM Identity Center finds the person by the NameID, which must be the SCIM `userName`, letter for letter.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use idbridge_saml::{Attribute, Login, NameId};
///
/// let mut login = Login::new(NameId::email_address("anna@example.com")?, UNIX_EPOCH + Duration::from_secs(1_700_000_000));
/// login.attributes.push(Attribute::access_control("Department", "Research"));
/// assert_eq!(login.name_id.value(), "anna@example.com");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// The person.
    pub name_id: NameId,
    /// `AuthnInstant`: when they showed who they are, which may lie hours before the response.
    pub authenticated_at: SystemTime,
    /// How they did.
    pub authn_context: AuthnContext,
    /// `SessionIndex`; the assertion's identifier if it is `None`.
    pub session_index: Option<String>,
    /// `SessionNotOnOrAfter`: when the other side shall end its session; it decides by itself if it is `None`.
    pub session_not_on_or_after: Option<SystemTime>,
    /// What is said of them, in this order. Those without a value are left out.
    pub attributes: Vec<Attribute>,
}

impl Login {
    /// A log-in by password, with no attributes.
    #[must_use]
    pub fn new(name_id: NameId, authenticated_at: SystemTime) -> Self {
        Self {
            name_id,
            authenticated_at,
            authn_context: AuthnContext::PASSWORD_PROTECTED_TRANSPORT,
            session_index: None,
            session_not_on_or_after: None,
            attributes: Vec::new(),
        }
    }

    /// Refuses what two readers could read in two ways.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let twice = self.attributes.iter().enumerate().find(|(index, attribute)| {
            let same = |other: &&Attribute| other.name() == attribute.name() && other.name_format() == attribute.name_format();
            self.attributes.iter().take(*index).any(|other| same(&other))
        });
        if let Some((_, attribute)) = twice {
            let reason = format!("the attribute {} is there twice; give it both values, or leave one out", excerpt(attribute.name()));
            return Err(Error::whole(ErrorKind::Misuse { reason }));
        }
        if self.attributes.iter().any(|attribute| attribute.name().is_empty()) {
            return Err(Error::whole(ErrorKind::Misuse { reason: "an attribute has no name".to_owned() }));
        }
        Ok(())
    }
}
