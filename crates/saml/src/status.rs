//! How a request ended (saml-core section 3.2.2).

use std::borrow::Cow;
use std::fmt;

/// A status code: a URI (saml-core section 3.2.2.2).
///
/// # Examples
///
/// ```
/// use idbridge_saml::StatusCode;
///
/// assert_eq!(StatusCode::NO_PASSIVE.to_string(), "urn:oasis:names:tc:SAML:2.0:status:NoPassive");
/// assert_eq!(StatusCode::from("urn:example:busy").as_str(), "urn:example:busy");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(Cow<'static, str>);

impl StatusCode {
    /// The request succeeded.
    pub const SUCCESS: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:Success");
    /// The fault is the requester's.
    pub const REQUESTER: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:Requester");
    /// The fault is the responder's.
    pub const RESPONDER: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:Responder");
    /// The versions do not match.
    pub const VERSION_MISMATCH: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:VersionMismatch");
    /// The person could not show who they are.
    pub const AUTHN_FAILED: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:AuthnFailed");
    /// The `NameIDPolicy` cannot be met.
    pub const INVALID_NAME_ID_POLICY: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy");
    /// The requested authentication context cannot be met.
    pub const NO_AUTHN_CONTEXT: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext");
    /// The person would have to be asked, and the request is passive.
    pub const NO_PASSIVE: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:NoPassive");
    /// The request is refused, for a reason of the responder.
    pub const REQUEST_DENIED: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:RequestDenied");
    /// The responder cannot do this.
    pub const REQUEST_UNSUPPORTED: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported");
    /// The responder does not know the person that the request names.
    pub const UNKNOWN_PRINCIPAL: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal");
    /// The responder cannot answer by the binding that the request asks for.
    pub const UNSUPPORTED_BINDING: Self = Self::known("urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding");

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const fn known(uri: &'static str) -> Self {
        Self(Cow::Borrowed(uri))
    }
}

impl From<&str> for StatusCode {
    fn from(uri: &str) -> Self {
        Self(Cow::Owned(uri.to_owned()))
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a request ended: a top-level code, and what is said beside it.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{Status, StatusCode};
///
/// let status = Status::denied(StatusCode::NO_PASSIVE).with_message("log in first");
/// assert_eq!(status.code(), &StatusCode::RESPONDER);
/// assert_eq!(status.second_code(), Some(&StatusCode::NO_PASSIVE));
/// assert!(!status.is_success());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    code: StatusCode,
    second: Option<StatusCode>,
    message: Option<String>,
}

impl Status {
    /// Success.
    #[must_use]
    pub fn success() -> Self {
        Self { code: StatusCode::SUCCESS, second: None, message: None }
    }

    /// The answer to a request that cannot be met, with the second-level code that says why. The top-level code says whose fault it is: the
    /// requester's where its request asks for what there is not, otherwise ours.
    #[must_use]
    pub fn denied(why: StatusCode) -> Self {
        let is_requesters = [
            StatusCode::INVALID_NAME_ID_POLICY,
            StatusCode::NO_AUTHN_CONTEXT,
            StatusCode::UNSUPPORTED_BINDING,
            StatusCode::REQUEST_UNSUPPORTED,
        ];
        let code = if is_requesters.contains(&why) { StatusCode::REQUESTER } else { StatusCode::RESPONDER };
        Self { code, second: Some(why), message: None }
    }

    pub(crate) fn read(code: StatusCode, second: Option<StatusCode>, message: Option<String>) -> Self {
        Self { code, second, message }
    }

    /// The same, with a sentence for whoever looks for the reason at the other side.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// The top-level code.
    #[must_use]
    pub fn code(&self) -> &StatusCode {
        &self.code
    }

    /// The code below it.
    #[must_use]
    pub fn second_code(&self) -> Option<&StatusCode> {
        self.second.as_ref()
    }

    /// `StatusMessage`.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Whether there is an assertion to be expected.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == StatusCode::SUCCESS
    }
}
