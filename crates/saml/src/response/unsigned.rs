//! A response that nobody has signed yet.

use std::fmt;
use std::time::SystemTime;

use crate::binding::RelayState;
use crate::crypto::{Certificate, SignatureAlgorithm};
use crate::dsig::{Credential, Envelope};
use crate::entity_id::EntityId;
use crate::error::Error;
use crate::id::MessageId;
use crate::names::{saml, samlp};
use crate::response::{SignedResponse, Signing};
use crate::status::{Status, StatusCode};
use crate::time;
use crate::xml::Writer;

/// What of a response is signed.
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
/// let signatures = |parts| -> Result<usize, Error> {
///     let idp = idp.clone().with_signed_parts(parts);
///     let signed = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
///     Ok(signed.xml().matches("</ds:Signature>").count())
/// };
/// assert_eq!(signatures(SignedParts::Assertion)?, 1);
/// assert_eq!(signatures(SignedParts::Both)?, 2);
/// // This service provider wants its assertions signed, so they are.
/// assert_eq!(signatures(SignedParts::Response)?, 2);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing else to sign")]
pub enum SignedParts {
    /// The assertion alone. What is around it, such as the status and the destination, can be changed on the way.
    Assertion,
    /// The response, and the assertion within it.
    Response,
    /// The assertion and then the response around it: every service provider is content with this.
    Both,
}

/// A response as it will be, apart from its signatures. There is no way to send it: it has to be [signed](Self::sign).
///
/// A response without an assertion, which says that a request failed, is signed as a whole.
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
/// let unsigned = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?;
/// let signed = unsigned.sign(&credential)?;
/// assert!(signed.xml().starts_with("<samlp:Response "));
///
/// // The same input gives the same bytes.
/// let again = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
/// assert_eq!(again, signed);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone)]
pub struct UnsignedResponse {
    pub(super) assertion: Option<Envelope>,
    pub(super) signed_parts: SignedParts,
    /// The response up to its issuer; the status behind it.
    pub(super) head: Vec<u8>,
    pub(super) status: Vec<u8>,
    pub(super) id: MessageId,
    pub(super) destination: String,
    pub(super) relay_state: Option<RelayState>,
    pub(super) longest: usize,
}

/// What a response is made of.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) id: &'a MessageId,
    pub(crate) issuer: &'a EntityId,
    pub(crate) destination: &'a str,
    pub(crate) in_response_to: Option<&'a MessageId>,
    pub(crate) now: SystemTime,
    pub(crate) status: &'a Status,
    pub(crate) assertion: Option<Envelope>,
    pub(crate) signed_parts: SignedParts,
    pub(crate) relay_state: Option<RelayState>,
    pub(crate) longest: usize,
}

/// What closes a response.
pub(super) const CLOSING: &[u8] = b"</samlp:Response>";

impl UnsignedResponse {
    pub(crate) fn new(draft: Draft<'_>) -> Result<Self, Error> {
        let mut writer = Writer::with_capacity(1_024);
        let now = time::write(draft.now)?;
        writer.start(
            samlp("Response"),
            &[
                ("Destination", Some(draft.destination)),
                ("ID", Some(draft.id.as_str())),
                ("InResponseTo", draft.in_response_to.map(MessageId::as_str)),
                ("IssueInstant", Some(&now)),
                ("Version", Some("2.0")),
            ],
        );
        writer.element(saml("Issuer"), &[], draft.issuer.as_str());
        let place = writer.length();
        write_status(&mut writer, draft.status);
        let mut head = writer.finish()?;
        head.truncate(head.len() - CLOSING.len());
        let status = head.split_off(place);
        Ok(Self {
            assertion: draft.assertion,
            signed_parts: draft.signed_parts,
            head,
            status,
            id: draft.id.clone(),
            destination: draft.destination.to_owned(),
            relay_state: draft.relay_state,
            longest: draft.longest,
        })
    }

    /// Signs it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Caller`](crate::ErrorKind::Caller) if the signer fails, and [`ErrorKind::Limit`](crate::ErrorKind::Limit) if the response is longer
    /// than the identity provider was told that the service provider takes.
    pub fn sign(self, credential: &Credential) -> Result<SignedResponse, Error> {
        self.sign_with(credential)
    }

    /// Begins to sign it with a key that is elsewhere: what comes back says which bytes to sign, and takes the signature.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) for SHA-1, and [`ErrorKind::Key`](crate::ErrorKind::Key) if the certificate has a key that
    /// cannot be used.
    ///
    /// # Examples
    ///
    /// See [`Signing`].
    pub fn into_signing(self, algorithm: SignatureAlgorithm, certificate: &Certificate) -> Result<Signing, Error> {
        Signing::begin(self, algorithm, certificate)
    }

    /// Its `ID`.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// The assertion consumer service that it is for.
    #[must_use]
    pub fn destination(&self) -> &str {
        &self.destination
    }
}

impl fmt::Debug for UnsignedResponse {
    /// Nothing of what it says of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsignedResponse").field("id", &self.id).field("destination", &self.destination).finish_non_exhaustive()
    }
}

fn write_status(writer: &mut Writer, status: &Status) {
    writer.start(samlp("Status"), &[]);
    writer.start(samlp("StatusCode"), &[("Value", Some(status.code().as_str()))]);
    if let Some(second) = status.second_code().map(StatusCode::as_str) {
        writer.start(samlp("StatusCode"), &[("Value", Some(second))]);
        writer.end();
    }
    writer.end();
    if let Some(message) = status.message() {
        writer.element(samlp("StatusMessage"), &[], message);
    }
    writer.end();
}
