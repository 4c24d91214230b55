//! Who signed in, and who did not.

use std::collections::BTreeMap;
use std::time::SystemTime;

use idbridge_saml::MessageId;
use idbridge_scim::ResourceId;

use crate::error::Error;
use crate::sso::session_tag::IgnoredAttribute;

/// A person who signed in.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Service, StartedBy};
///
/// fn departments(service: &Service) -> Vec<&str> {
///     let by_portal = service.sign_ins().iter().filter(|sign_in| sign_in.started_by() == StartedBy::ServiceProvider);
///     by_portal.filter_map(|sign_in| sign_in.session_tag("Department")).collect()
/// }
/// # assert!(departments(&Service::new(idbridge_emulator::Settings::default())).is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub(super) number: u64,
    pub(super) user: ResourceId,
    pub(super) user_name: String,
    pub(super) session_tags: BTreeMap<String, String>,
    pub(super) ignored: Vec<IgnoredAttribute>,
    pub(super) started_by: StartedBy,
    pub(super) request_id: Option<MessageId>,
    pub(super) at: SystemTime,
    pub(super) authenticated_at: SystemTime,
    pub(super) session_end: SystemTime,
    pub(super) assertion_consumer_service: String,
    pub(super) relay_state: Option<String>,
}

/// Where a sign-in began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "SAML has these two (saml-profiles section 4.1)")]
pub enum StartedBy {
    /// At the access portal, which sent a request.
    ServiceProvider,
    /// At the identity provider; nobody had asked.
    IdentityProvider,
}

impl SignIn {
    /// Which of the service's sign-ins it is, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The user's `id` in SCIM.
    #[must_use]
    pub fn user(&self) -> &ResourceId {
        &self.user
    }

    /// The user's `userName` in SCIM, which the `NameID` was.
    #[must_use]
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// The session tags that the assertion brought, by their keys.
    #[must_use]
    pub fn session_tags(&self) -> &BTreeMap<String, String> {
        &self.session_tags
    }

    /// The session tag of this key, in this case.
    #[must_use]
    pub fn session_tag(&self, key: &str) -> Option<&str> {
        self.session_tags.get(key).map(String::as_str)
    }

    /// The attributes that became no session tags, in the order of the assertion.
    #[must_use]
    pub fn ignored_attributes(&self) -> &[IgnoredAttribute] {
        &self.ignored
    }

    /// Where it began.
    #[must_use]
    pub fn started_by(&self) -> StartedBy {
        self.started_by
    }

    /// The request that was answered; none if it began at the identity provider.
    #[must_use]
    pub fn request_id(&self) -> Option<&MessageId> {
        self.request_id.as_ref()
    }

    /// When the response was taken.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// When the person showed the identity provider who they are.
    #[must_use]
    pub fn authenticated_at(&self) -> SystemTime {
        self.authenticated_at
    }

    /// When the session ends.
    #[must_use]
    pub fn session_end(&self) -> SystemTime {
        self.session_end
    }

    /// The URL that the response came to.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &str {
        &self.assertion_consumer_service
    }

    /// What the identity provider sent along; it is never followed.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }
}

/// A response that signed nobody in.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use idbridge_emulator::{Service, Settings};
///
/// let mut service = Service::new(Settings::default());
/// assert!(service.consume_response("https://elsewhere.example.com/acs", "SAMLResponse=PHg+", UNIX_EPOCH).is_err());
/// assert_eq!(service.failed_sign_ins()[0].error().check(), "AssertionConsumerService");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedSignIn {
    at: SystemTime,
    error: Error,
    assertion_consumer_service: String,
}

impl FailedSignIn {
    pub(super) fn new(assertion_consumer_service: &str, error: Error, at: SystemTime) -> Self {
        Self { at, error, assertion_consumer_service: assertion_consumer_service.to_owned() }
    }

    /// When the response came.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Why it signed nobody in.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The URL that it came to.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &str {
        &self.assertion_consumer_service
    }
}
