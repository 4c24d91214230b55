//! What was believed.

use std::time::SystemTime;

use crate::assertion::{Attribute, AuthnContext};
use crate::entity_id::EntityId;
use crate::id::MessageId;
use crate::name_id::NameId;

/// An assertion that was checked: what the identity provider says of a person, for this service provider and for now.
///
/// Each of its values was read from the element whose signature was verified.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::*;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let certificate = Certificate::from_pem(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt")))?;
/// # let credential = Credential::new(RsaSigner::from_pem(pem)?, certificate.clone())?;
/// # let acs = AssertionConsumerService::new(0, "https://sp.example.com/acs");
/// # let sp = RegisteredSp::from_xml(&SpMetadata::new(EntityId::new("https://sp.example.com")?, [acs]).to_xml()?, &Registration::new())?;
/// # let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
/// # let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// # let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// # let service_provider = ServiceProvider::new(
/// #     EntityId::new("https://sp.example.com")?,
/// #     ["https://sp.example.com/acs"],
/// #     EntityId::new("https://idp.example.com")?,
/// #     TrustedKeys::new([&certificate])?,
/// # );
/// # let mut login = login;
/// # login.attributes.push(Attribute::access_control("Team", "Blue"));
/// # let signed = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
/// # let received = ReceivedResponse::from_xml(signed.xml());
/// let mut replays = MemoryReplayStore::new(10_000);
/// let assertion = service_provider.accept(&received, &Expected::Unsolicited, now, &mut replays)?;
/// assert_eq!(assertion.name_id().value(), "anna@example.com");
/// assert_eq!(assertion.attributes()[0].access_control_key(), Some("Team"));
/// assert_eq!(assertion.recipient(), "https://sp.example.com/acs");
///
/// let again = service_provider.accept(&received, &Expected::Unsolicited, now, &mut replays).unwrap_err();
/// assert!(matches!(again.kind(), ErrorKind::Replayed { .. }));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedAssertion {
    pub(super) id: MessageId,
    pub(super) issuer: EntityId,
    pub(super) name_id: NameId,
    pub(super) confirmation: Confirmation,
    pub(super) session: Session,
    pub(super) attributes: Vec<Attribute>,
}

/// What the bearer's confirmation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Confirmation {
    pub(super) recipient: String,
    pub(super) in_response_to: Option<MessageId>,
    /// The latest of all confirmations by bearer.
    pub(super) not_on_or_after: SystemTime,
}

/// What the statement of authentication says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) authenticated_at: SystemTime,
    pub(super) authn_context: AuthnContext,
    pub(super) index: Option<String>,
    pub(super) not_on_or_after: Option<SystemTime>,
}

impl AcceptedAssertion {
    /// Who it is.
    #[must_use]
    pub fn name_id(&self) -> &NameId {
        &self.name_id
    }

    /// What is said of them, in the order of the assertion.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The values of all attributes with this name, in the order of the assertion.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name() == name)
            .flat_map(|attribute| attribute.values())
            .map(String::as_str)
    }

    /// When they showed who they are.
    #[must_use]
    pub fn authenticated_at(&self) -> SystemTime {
        self.session.authenticated_at
    }

    /// How they did.
    #[must_use]
    pub fn authn_context(&self) -> &AuthnContext {
        &self.session.authn_context
    }

    /// `SessionIndex`.
    #[must_use]
    pub fn session_index(&self) -> Option<&str> {
        self.session.index.as_deref()
    }

    /// `SessionNotOnOrAfter`: when the session must end.
    #[must_use]
    pub fn session_not_on_or_after(&self) -> Option<SystemTime> {
        self.session.not_on_or_after
    }

    /// The assertion's `ID`.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// The identity provider.
    #[must_use]
    pub fn issuer(&self) -> &EntityId {
        &self.issuer
    }

    /// The assertion consumer service that it is for.
    #[must_use]
    pub fn recipient(&self) -> &str {
        &self.confirmation.recipient
    }

    /// The request that it answers, if it answers one.
    #[must_use]
    pub fn in_response_to(&self) -> Option<&MessageId> {
        self.confirmation.in_response_to.as_ref()
    }

    /// The first moment at which it could not have been used any more.
    #[must_use]
    pub fn not_on_or_after(&self) -> SystemTime {
        self.confirmation.not_on_or_after
    }
}
