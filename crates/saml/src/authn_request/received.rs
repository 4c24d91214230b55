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
        match &self.form {
            Form::Redirect { signature: Some(signature) } => signature.verify(keys),
            Form::Redirect { signature: None } => Err(Error::whole(ErrorKind::NotSigned { element: "the query" })),
            Form::Xml { text, .. } => {
                let document = Document::parse(text, &Bounds::MESSAGE)?;
                dsig::only_own_signatures(document.root(), &[document.root()])?;
                dsig::verify(document.root(), "AuthnRequest", keys).map(|_| ())
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
    Ok((AuthnRequest::read(document.root())?, dsig::has_signature(document.root())))
}
