//! What a service provider is, and what it expects.

use std::time::{Duration, SystemTime};

use crate::dsig::TrustedKeys;
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind};
use crate::id::MessageId;
use crate::response::SignedParts;
use crate::sp::response::Check;
use crate::sp::{AcceptedAssertion, ReceivedResponse, ReplayStore};

/// A service provider: its name, its assertion consumer services, and the one identity provider that it believes.
///
/// # Examples
///
/// ```no_run
/// use std::time::SystemTime;
///
/// use idbridge_saml::{Certificate, EntityId, Error, Expected, MemoryReplayStore, ReceivedResponse, ServiceProvider, TrustedKeys};
///
/// # fn example(certificate: &Certificate, body: &str, replays: &mut MemoryReplayStore, now: SystemTime) -> Result<(), Error> {
/// let sp = ServiceProvider::new(
///     EntityId::new("https://sp.example.com")?,
///     ["https://sp.example.com/acs"],
///     EntityId::new("https://idp.example.com")?,
///     TrustedKeys::new([certificate])?,
/// );
/// let received = ReceivedResponse::from_post_body(body)?;
/// let assertion = sp.accept(&received, &Expected::Unsolicited, now, replays)?;
/// println!("{} has logged in", assertion.name_id().value());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ServiceProvider {
    pub(super) entity_id: EntityId,
    pub(super) assertion_consumer_services: Vec<String>,
    pub(super) identity_provider: EntityId,
    pub(super) keys: TrustedKeys,
    pub(super) clock_skew: Duration,
    pub(super) required: Option<SignedParts>,
}

/// What a response may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a response is asked for, or it is not")]
pub enum Expected {
    /// The request with this identifier, which is outstanding in the session of whoever brings the response.
    ResponseTo(MessageId),
    /// Nothing: the identity provider began the log-in. Such a response must not say that it answers a request.
    Unsolicited,
}

impl ServiceProvider {
    /// A service provider that believes `identity_provider` where one of `keys` signed the assertion, or the response around it. Clocks may differ by
    /// 60 seconds.
    #[must_use]
    pub fn new<U: Into<String>>(
        entity_id: EntityId,
        assertion_consumer_services: impl IntoIterator<Item = U>,
        identity_provider: EntityId,
        keys: TrustedKeys,
    ) -> Self {
        let assertion_consumer_services = assertion_consumer_services.into_iter().map(Into::into).collect();
        let clock_skew = Duration::from_secs(60);
        Self { entity_id, assertion_consumer_services, identity_provider, keys, clock_skew, required: None }
    }

    /// By how much clocks may differ, in every comparison of times.
    #[must_use]
    pub fn with_clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew;
        self
    }

    /// What must be signed, at least. Without this, the assertion or the response must be; whatever is signed must be right in any case.
    #[must_use]
    pub fn with_required_signature(mut self, required: SignedParts) -> Self {
        self.required = Some(required);
        self
    }

    /// Its name.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// Checks everything that there is to check, and gives what the response says of the person, which can be had in no other way.
    ///
    /// In this order: the shape of the document and of its signatures, the signatures, the issuer, the destination, the status, the times, the
    /// recipient, the audience, what it answers, and last whether it was used before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSigned`], [`ErrorKind::SignatureShape`], [`ErrorKind::Algorithm`], [`ErrorKind::Digest`] and [`ErrorKind::Signature`];
    /// [`ErrorKind::Mismatch`], [`ErrorKind::TooEarly`], [`ErrorKind::TooLate`], [`ErrorKind::Status`], [`ErrorKind::Replayed`];
    /// [`ErrorKind::Unsupported`] for what is encrypted; [`ErrorKind::Element`] and [`ErrorKind::Value`] for what is missing or surplus, and
    /// [`ErrorKind::Caller`] if the store cannot say whether it was used before.
    pub fn accept(
        &self,
        received: &ReceivedResponse,
        expected: &Expected,
        now: SystemTime,
        replays: &mut dyn ReplayStore,
    ) -> Result<AcceptedAssertion, Error> {
        let accepted = received.with_document(|document| Check { sp: self, expected, now }.response(document))?;
        let until = accepted.not_on_or_after().checked_add(self.clock_skew).unwrap_or_else(|| accepted.not_on_or_after());
        let is_new = replays.remember(accepted.issuer(), accepted.id(), until, now);
        match is_new {
            Ok(true) => Ok(accepted),
            Ok(false) => Err(Error::whole(ErrorKind::Replayed { id: accepted.id().as_str().to_owned() })),
            Err(error) => Err(Error::whole(ErrorKind::Caller { what: "the replay store", reason: error.to_string() })),
        }
    }
}
