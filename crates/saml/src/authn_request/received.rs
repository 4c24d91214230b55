//! An AuthnRequest as it came: read, and not believed yet.

use std::fmt;

use crate::authn_request::AuthnRequest;
use crate::binding::{Posted, QuerySignature, Redirected, RelayState};
use crate::dsig::{self, TrustedKeys};
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind, Location};
use crate::xml::{Bounds, Document};

/// A request that was received. Nothing in it is believed: anybody can send one.
///
/// [`issuer`](Self::issuer) tells whose metadata to look up; [`IdentityProvider::accept`](crate::IdentityProvider::accept) checks the request against
/// it.
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
/// # let asked = AuthnRequest::new(MessageId::from_random([3; 16]), sp.entity_id().clone(), now).to_redirect(idp.single_sign_on_url(), Some("r"), None)?;
/// # let query = asked.as_str().split_once('?').map_or("", |(_, query)| query);
/// let received = ReceivedRequest::from_redirect(query)?;
/// assert_eq!(received.issuer().as_str(), "https://sp.example.com");
/// assert_eq!(received.relay_state(), Some("r"));
/// assert!(!received.is_signed());
///
/// // A parameter that is there twice would be one text to whoever signs, and another one to whoever reads.
/// let twice = format!("{query}&RelayState=other");
/// let error = ReceivedRequest::from_redirect(&twice).unwrap_err();
/// assert_eq!(error.to_string(), "invalid parameter: expected each parameter once, found a second one in RelayState");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone)]
pub struct ReceivedRequest {
    request: AuthnRequest,
    relay_state: Option<RelayState>,
    form: Form,
}

/// What a signature would be over.
#[derive(Clone)]
enum Form {
    Redirect { signature: Option<QuerySignature> },
    Xml { text: String, is_signed: bool },
}

impl ReceivedRequest {
    /// Reads a request of the HTTP Redirect binding out of the **raw** query of the URL, without its `?`: escapes as they came, because a signature is
    /// over just these octets.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] for a parameter that is there twice, is missing or has an escaped name, [`ErrorKind::Encoding`] for what is no
    /// percent-encoding, base64 or DEFLATE, [`ErrorKind::Limit`] beyond 128 KiB when decompressed, [`ErrorKind::SignatureShape`] for a message that
    /// has a signature in it, and what reading the XML says.
    pub fn from_redirect(query: &str) -> Result<Self, Error> {
        let redirected = Redirected::read(query, "SAMLRequest")?;
        let (request, is_signed) = read(&redirected.xml)?;
        // saml-bindings 3.4.4.1: "Any signature on the SAML protocol message, including the <ds:Signature> XML element itself, MUST be removed."
        if is_signed {
            let (expected, found) = ("a signature of the query and none in its message".to_owned(), "one in the message".to_owned());
            return Err(Error::new(ErrorKind::SignatureShape { expected, found }, Location::Parameter("SAMLRequest")));
        }
        Ok(Self { request, relay_state: redirected.relay_state, form: Form::Redirect { signature: redirected.signature } })
    }

    /// Reads a request of the HTTP POST binding out of the body of the form, `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    ///
    /// As of [`from_redirect`](Self::from_redirect), without DEFLATE.
    pub fn from_post_body(body: &str) -> Result<Self, Error> {
        Self::posted(Posted::read(body, "SAMLRequest")?)
    }

    /// Reads a request of the HTTP POST binding out of the values of a form that your framework has read. Use it only if that refuses a field that is
    /// there twice.
    ///
    /// # Errors
    ///
    /// As of [`from_post_body`](Self::from_post_body).
    pub fn from_post(saml_request: &str, relay_state: Option<&str>) -> Result<Self, Error> {
        Self::posted(Posted::from_values(saml_request, relay_state, "SAMLRequest")?)
    }

    /// Reads a request that is XML already.
    ///
    /// # Errors
    ///
    /// What reading the XML says.
    pub fn from_xml(xml: &str) -> Result<Self, Error> {
        Self::posted(Posted { xml: xml.to_owned(), relay_state: None })
    }

    /// Who says to have sent it.
    #[must_use]
    pub fn issuer(&self) -> &EntityId {
        &self.request.issuer
    }

    /// What it says.
    #[must_use]
    pub fn request(&self) -> &AuthnRequest {
        &self.request
    }

    /// What the service provider wants to have back, untouched.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_ref().map(RelayState::as_str)
    }

    /// Whether it carries a signature, true or not.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        match &self.form {
            Form::Redirect { signature } => signature.is_some(),
            Form::Xml { is_signed, .. } => *is_signed,
        }
    }

    /// Verifies its signature, of the query or of the message, and nothing else of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSigned`], and what [the signature](crate::TrustedKeys) is refused for.
    pub fn verify_signature(&self, keys: &TrustedKeys) -> Result<(), Error> {
        self.verified(keys).map(|_| ())
    }

    /// What the request says, read from what was verified.
    pub(crate) fn verified(&self, keys: &TrustedKeys) -> Result<AuthnRequest, Error> {
        match &self.form {
            // The whole query was signed, and the message was read out of just these octets.
            Form::Redirect { signature: Some(signature) } => signature.verify(keys).map(|()| self.request.clone()),
            Form::Redirect { signature: None } => Err(Error::whole(ErrorKind::NotSigned { element: "the query" })),
            Form::Xml { text, .. } => {
                let document = Document::parse(text, &Bounds::MESSAGE)?;
                AuthnRequest::read(*dsig::verify(document.root(), "AuthnRequest", keys)?)
            }
        }
    }

    pub(crate) fn relay_state_as_given(&self) -> Option<RelayState> {
        self.relay_state.clone()
    }

    fn posted(posted: Posted) -> Result<Self, Error> {
        let (request, is_signed) = read(&posted.xml)?;
        Ok(Self { request, relay_state: posted.relay_state, form: Form::Xml { text: posted.xml, is_signed } })
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest").field("request", &self.request).field("is_signed", &self.is_signed()).finish_non_exhaustive()
    }
}

/// What it says, and whether there is a signature in it.
fn read(xml: &str) -> Result<(AuthnRequest, bool), Error> {
    let document = Document::parse(xml, &Bounds::MESSAGE)?;
    let request = AuthnRequest::read(document.root())?;
    // One in another place would pass for none, and whoever put it there meant it to be looked at.
    dsig::only_own_signatures(document.root(), &[document.root()])?;
    Ok((request, dsig::has_signature(document.root())))
}
