//! A response as it came: nothing of it can be read yet.

use std::fmt;

use crate::binding::{Posted, RelayState};
use crate::dsig::TrustedKeys;
use crate::error::Error;
use crate::id::MessageId;
use crate::sp::response::verify_signatures;
use crate::xml::{Bounds, Document};

/// A response that was received. What it says can be had from [`ServiceProvider::accept`](crate::ServiceProvider::accept) alone.
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
/// let signed = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
/// let keys = TrustedKeys::new([&certificate])?;
/// let received = ReceivedResponse::from_post(signed.to_form()?.message(), None)?;
/// received.verify_signature(&keys)?;
///
/// let forged = ReceivedResponse::from_xml(signed.xml().replace("anna@", "root@"));
/// assert!(matches!(forged.verify_signature(&keys).map_err(|error| error.kind().clone()), Err(ErrorKind::Digest { .. })));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedResponse {
    xml: String,
    relay_state: Option<RelayState>,
}

impl ReceivedResponse {
    /// Takes a response of the HTTP POST binding out of the body of the form, `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`](crate::ErrorKind::Value) for a parameter that is there twice, is missing or has an escaped name, and
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) for what is no percent-encoding, base64 or UTF-8.
    pub fn from_post_body(body: &str) -> Result<Self, Error> {
        Posted::read(body, "SAMLResponse").map(Self::from)
    }

    /// Takes a response out of the values of a form that your framework has read. Use it only if that refuses a field that is there twice.
    ///
    /// # Errors
    ///
    /// As of [`from_post_body`](Self::from_post_body).
    pub fn from_post(saml_response: &str, relay_state: Option<&str>) -> Result<Self, Error> {
        Posted::from_values(saml_response, relay_state, "SAMLResponse").map(Self::from)
    }

    /// Takes a response that is XML already.
    #[must_use]
    pub fn from_xml(xml: impl Into<String>) -> Self {
        Self { xml: xml.into(), relay_state: None }
    }

    /// What was sent along, and should be what was sent out.
    ///
    /// # Security
    ///
    /// Anybody may have written it. Where it is a URL to go to, go only to those on a list of yours.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_ref().map(RelayState::as_str)
    }

    /// The request that it says to answer, to look for among the outstanding ones; none if it names none, or cannot be read.
    ///
    /// Nothing is verified yet, and this decides nothing by itself: it goes into [`Expected`](crate::Expected), and is then compared with what is
    /// signed.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::ReceivedResponse;
    ///
    /// let xml = r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" InResponseTo="_1"/>"#;
    /// let claimed = ReceivedResponse::from_xml(xml).claimed_in_response_to();
    /// assert_eq!(claimed.map(|id| id.to_string()).as_deref(), Some("_1"));
    /// ```
    #[must_use]
    pub fn claimed_in_response_to(&self) -> Option<MessageId> {
        let claimed = self.with_document(|document| document.root().attribute("InResponseTo").map(MessageId::new).transpose());
        claimed.ok().flatten()
    }

    /// Verifies its signatures, and nothing else of it: whose it is, for whom and when is not looked at. To test with; nothing can be read from it.
    ///
    /// # Errors
    ///
    /// As of [`ServiceProvider::accept`](crate::ServiceProvider::accept), as far as signatures and the shape of the document go.
    pub fn verify_signature(&self, keys: &TrustedKeys) -> Result<(), Error> {
        self.with_document(|document| verify_signatures(document, keys))
    }

    pub(super) fn with_document<T>(&self, read: impl FnOnce(&Document<'_>) -> Result<T, Error>) -> Result<T, Error> {
        read(&Document::parse(&self.xml, &Bounds::MESSAGE)?)
    }
}

impl From<Posted> for ReceivedResponse {
    fn from(posted: Posted) -> Self {
        Self { xml: posted.xml, relay_state: posted.relay_state }
    }
}

impl fmt::Debug for ReceivedResponse {
    /// Whoever has it could log in with it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedResponse({} bytes)", self.xml.len())
    }
}
