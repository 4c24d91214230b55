//! Makes responses.

use std::time::SystemTime;

use crate::assertion::{self, Bearer, Login};
use crate::binding::RelayState;
use crate::error::{Error, ErrorKind};
use crate::id::MessageId;
use crate::idp::IdentityProvider;
use crate::metadata::{AssertionConsumerService, RegisteredSp};
use crate::response::{Draft, SignedParts, UnsignedResponse};
use crate::status::Status;

/// The identifiers of a response and of the assertion in it.
///
/// # Examples
///
/// ```
/// use idbridge_saml::ResponseIds;
///
/// let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// assert_ne!(ids.response(), ids.assertion());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseIds {
    response: MessageId,
    assertion: MessageId,
}

impl ResponseIds {
    /// Both from 16 bytes each of the system's generator, new for each response.
    #[must_use]
    pub fn from_random(response: [u8; 16], assertion: [u8; 16]) -> Self {
        Self { response: MessageId::from_random(response), assertion: MessageId::from_random(assertion) }
    }

    /// The response's.
    #[must_use]
    pub fn response(&self) -> &MessageId {
        &self.response
    }

    /// The assertion's.
    #[must_use]
    pub fn assertion(&self) -> &MessageId {
        &self.assertion
    }
}

/// A log-in that no request asked for, addressed to a registered assertion consumer service.
///
/// [`IdentityProvider::unsolicited`] makes one.
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
/// let response = idp.unsolicited(&sp, None, Some("https://sp.example.com/start"))?.respond(&login, &ids, now)?;
/// assert_eq!(response.destination(), "https://sp.example.com/acs");
///
/// // Only what the metadata registered is an address, letter for letter.
/// let refusal = idp.unsolicited(&sp, Some("https://sp.example.com/acs/"), None).unwrap_err();
/// assert!(refusal.to_string().starts_with("AssertionConsumerServiceURL does not match"));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct UnsolicitedLogin<'a>(Addressee<'a>);

impl<'a> UnsolicitedLogin<'a> {
    pub(super) fn new(addressee: Addressee<'a>) -> Self {
        Self(addressee)
    }

    /// Where the response will go.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &'a AssertionConsumerService {
        self.0.service
    }

    /// Says who `login` is. Whether the person may go there at all is for the caller to decide, before this.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for an attribute that is there twice, and [`ErrorKind::Value`] for a text that XML cannot carry.
    pub fn respond(&self, login: &Login, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        self.0.respond(login, ids, now)
    }
}

/// Whom a response is for, and what it answers.
#[derive(Debug, Clone)]
pub(super) struct Addressee<'a> {
    pub(super) idp: &'a IdentityProvider,
    pub(super) sp: &'a RegisteredSp,
    pub(super) service: &'a AssertionConsumerService,
    pub(super) in_response_to: Option<MessageId>,
    pub(super) relay_state: Option<RelayState>,
}

impl Addressee<'_> {
    pub(super) fn respond(&self, login: &Login, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        self.sp.check_valid_at(now)?;
        if ids.response == ids.assertion {
            let reason = "a response and its assertion need two identifiers, each from new random bytes".to_owned();
            return Err(Error::whole(ErrorKind::Misuse { reason }));
        }
        let out_of_range = || Error::whole(ErrorKind::Misuse { reason: "the validity reaches beyond what a moment can be".to_owned() });
        let assertion = assertion::write(
            &Bearer {
                id: &ids.assertion,
                issuer: &self.idp.entity_id,
                audience: self.sp.entity_id(),
                recipient: self.service.url(),
                in_response_to: self.in_response_to.as_ref(),
                now,
                not_before: now.checked_sub(self.idp.backdating).ok_or_else(out_of_range)?,
                not_on_or_after: now.checked_add(self.idp.validity).ok_or_else(out_of_range)?,
            },
            login,
        )?;
        let signed_parts = match self.idp.signed_parts {
            SignedParts::Response if self.sp.want_assertions_signed() => SignedParts::Both,
            chosen => chosen,
        };
        self.draft(ids, now, &Status::success(), Some(assertion), signed_parts)
    }

    pub(super) fn refuse(&self, status: &Status, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        self.sp.check_valid_at(now)?;
        if status.is_success() {
            let reason = "a refusal does not have the status of success; respond with a log-in instead".to_owned();
            return Err(Error::whole(ErrorKind::Misuse { reason }));
        }
        self.draft(ids, now, status, None, SignedParts::Response)
    }

    fn draft(
        &self,
        ids: &ResponseIds,
        now: SystemTime,
        status: &Status,
        assertion: Option<crate::dsig::Envelope>,
        signed_parts: SignedParts,
    ) -> Result<UnsignedResponse, Error> {
        UnsignedResponse::new(Draft {
            id: &ids.response,
            issuer: &self.idp.entity_id,
            destination: self.service.url(),
            in_response_to: self.in_response_to.as_ref(),
            now,
            status,
            assertion,
            signed_parts,
            relay_state: self.relay_state.clone(),
            longest: self.idp.longest_response,
        })
    }
}
