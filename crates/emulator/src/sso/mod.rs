//! AWS IAM Identity Center as a SAML SP: people sign in with what an identity provider says of them.
//!
//! ```text
//!   access portal --start_sign_in--> AuthnRequest --browser--> identity provider
//!                                                                    |
//!   SignIn <-- user, active <-- outstanding request <-- idbridge-saml's checks <-- consume_response <--browser-- Response
//! ```
//!
//! What makes a response believed is idbridge-saml's matter; what makes it a sign-in is here: whether it was asked for, and whether SCIM
//! brought the person.

mod access_portal;
mod identity_provider;
mod request;
mod response;
mod session_tag;
mod sign_in;

pub use access_portal::AccessPortal;
pub use identity_provider::ExternalIdentityProvider;
pub use request::{SignInMessage, SignInRequest};
pub use session_tag::{IgnoredAttribute, IgnoredReason};
pub use sign_in::{FailedSignIn, SignIn, StartedBy};

#[cfg(feature = "server")]
use std::time::SystemTime;

use idbridge_saml::MemoryReplayStore;

use crate::error::Error;
use crate::service::Service;
use request::Outstanding;

/// The most assertions that are remembered at a time.
const MOST_ASSERTIONS: usize = 1_000_000;

/// What the service knows of single sign-on.
#[derive(Debug, Clone)]
pub(crate) struct SingleSignOn {
    portal: AccessPortal,
    identity_provider: Option<ExternalIdentityProvider>,
    outstanding: Outstanding,
    replays: MemoryReplayStore,
    sign_ins: Vec<SignIn>,
    failed: Vec<FailedSignIn>,
    latest: u64,
}

impl Default for SingleSignOn {
    fn default() -> Self {
        Self {
            portal: AccessPortal::default(),
            identity_provider: None,
            outstanding: Outstanding::default(),
            replays: MemoryReplayStore::new(MOST_ASSERTIONS),
            sign_ins: Vec::new(),
            failed: Vec::new(),
            latest: 0,
        }
    }
}

impl SingleSignOn {
    fn next_number(&mut self) -> u64 {
        self.latest += 1;
        self.latest
    }
}

impl Service {
    /// What the instance is called and where it is.
    #[must_use]
    pub fn access_portal(&self) -> &AccessPortal {
        &self.sso.portal
    }

    /// Gives the instance other names and URLs. Requests that are outstanding came from the old ones, and are forgotten.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{AccessPortal, Service, Settings};
    ///
    /// let mut service = Service::new(Settings::default());
    /// service.set_access_portal(AccessPortal::aws("eu-north-1", "d-c36712ab90")?);
    /// assert!(service.sp_metadata()?.contains("eu-north-1.signin.aws.amazon.com/platform/saml/d-c36712ab90"));
    /// # Ok::<(), idbridge_emulator::Error>(())
    /// ```
    pub fn set_access_portal(&mut self, portal: AccessPortal) {
        self.sso.portal = portal;
        self.sso.outstanding = Outstanding::default();
    }

    /// The metadata to give to the identity provider: [`AccessPortal::metadata`].
    ///
    /// # Errors
    ///
    /// As of [`AccessPortal::metadata`].
    pub fn sp_metadata(&self) -> Result<String, Error> {
        self.sso.portal.metadata()
    }

    /// Sets up the identity provider by its metadata, all or nothing: what was set up before holds until the new file was taken.
    ///
    /// The file needs an entity id, the certificate of at least one key that is signed with (two while one key replaces the other) and a
    /// `SingleSignOnService` for HTTP-Redirect or HTTP-POST. URLs of http are taken where the instance itself has such. Requests that are outstanding
    /// stay so.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MetadataTooLong`](crate::ErrorKind::MetadataTooLong) beyond 75,000 characters,
    /// [`ErrorKind::NotAnIdentityProvider`](crate::ErrorKind::NotAnIdentityProvider), [`ErrorKind::NoCertificate`](crate::ErrorKind::NoCertificate),
    /// [`ErrorKind::NoSingleSignOnService`](crate::ErrorKind::NoSingleSignOnService), and [`ErrorKind::Saml`](crate::ErrorKind::Saml) for what is no
    /// metadata.
    pub fn import_idp_metadata(&mut self, text: &str) -> Result<&ExternalIdentityProvider, Error> {
        let identity_provider = ExternalIdentityProvider::from_metadata(text, self.sso.portal.is_http())?;
        Ok(self.sso.identity_provider.insert(identity_provider))
    }

    /// The identity provider that is set up.
    #[must_use]
    pub fn identity_provider(&self) -> Option<&ExternalIdentityProvider> {
        self.sso.identity_provider.as_ref()
    }

    /// Takes a sign-in back, because what came behind the response was wrong.
    #[cfg(feature = "server")]
    pub(crate) fn withdraw_sign_in(&mut self, sign_in: &SignIn, error: &Error, now: SystemTime) {
        self.sso.sign_ins.retain(|other| other.number() != sign_in.number());
        self.sso.failed.push(FailedSignIn::new(sign_in.assertion_consumer_service(), error.clone(), now));
    }

    /// Those who signed in, oldest first.
    #[must_use]
    pub fn sign_ins(&self) -> &[SignIn] {
        &self.sso.sign_ins
    }

    /// The responses that signed nobody in, oldest first, with the reason.
    #[must_use]
    pub fn failed_sign_ins(&self) -> &[FailedSignIn] {
        &self.sso.failed
    }
}
