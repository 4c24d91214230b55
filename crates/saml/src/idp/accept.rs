//! Checks a request against what is registered.

use std::time::SystemTime;

use crate::assertion::Login;
use crate::authn_request::{AuthnRequest, ReceivedRequest};
use crate::dsig::TrustedKeys;
use crate::error::{Error, ErrorKind, excerpt};
use crate::idp::respond::Addressee;
use crate::idp::{IdentityProvider, ResponseIds, registered};
use crate::metadata::{AssertionConsumerService, RegisteredSp};
use crate::name_id::NameIdFormat;
use crate::response::UnsignedResponse;
use crate::status::{Status, StatusCode};
use crate::uri;

/// A request that was checked: it comes from a service provider that is registered, or says so without a signature where none is needed, and its
/// answer can only go to an assertion consumer service that is registered.
///
/// What is left to do is to find out who the person is, whether they may go there at all, and to [`respond`](Self::respond) or to
/// [`refuse`](Self::refuse). Whoever may not gets no response.
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
/// let accepted = idp.accept(&received, &sp, now)?;
/// assert_eq!(accepted.assertion_consumer_service().url(), "https://sp.example.com/acs");
/// assert_eq!(accepted.relay_state(), Some("r"));
/// assert!(!accepted.is_signed() && !accepted.request().force_authn);
///
/// // An hour later it is too old, and a URL that is not registered is never answered.
/// let later = now + Duration::from_secs(3_600);
/// assert!(matches!(idp.accept(&received, &sp, later).map_err(|error| error.kind().clone()), Err(ErrorKind::TooLate { .. })));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AcceptedRequest<'a> {
    addressee: Addressee<'a>,
    request: AuthnRequest,
    is_signed: bool,
}

impl IdentityProvider {
    /// Checks `received` against the metadata of the service provider that it names.
    ///
    /// Checked are the issuer, the destination, the age, the signature (required where the metadata or this identity provider says so; one that is
    /// there must be right in any case), and that the assertion consumer service is a registered one: by its URL, exactly as it is written, or by its
    /// index, or the default.
    ///
    /// An error here is not answered by a response: nobody knows who would get it. Show it to the person.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Mismatch`], [`ErrorKind::TooEarly`] and [`ErrorKind::TooLate`], [`ErrorKind::NotSigned`] and what a signature is refused for,
    /// [`ErrorKind::Unsupported`] for another binding than HTTP POST, [`ErrorKind::Misuse`] if there is a signature and the metadata has no certificate,
    /// [`ErrorKind::Key`] if it has none that can be used.
    pub fn accept<'a>(&'a self, received: &ReceivedRequest, sp: &'a RegisteredSp, now: SystemTime) -> Result<AcceptedRequest<'a>, Error> {
        self.accept_by(received, sp, now, |sp| {
            if sp.signing_certificates().is_empty() {
                let reason = "the request is signed, and the service provider's metadata has no certificate to verify it with".to_owned();
                return Err(Error::whole(ErrorKind::Misuse { reason }));
            }
            TrustedKeys::new(sp.signing_certificates())
        })
    }

    /// The same, with keys of the caller's in the place of those of the metadata: for another verifier, or for a service provider whose signatures
    /// are weak and cannot be changed.
    ///
    /// # Errors
    ///
    /// As of [`accept`](Self::accept).
    pub fn accept_with_keys<'a>(
        &'a self,
        received: &ReceivedRequest,
        sp: &'a RegisteredSp,
        keys: &TrustedKeys,
        now: SystemTime,
    ) -> Result<AcceptedRequest<'a>, Error> {
        self.accept_by(received, sp, now, |_| Ok(keys.clone()))
    }

    fn accept_by<'a>(
        &'a self,
        received: &ReceivedRequest,
        sp: &'a RegisteredSp,
        now: SystemTime,
        keys: impl FnOnce(&RegisteredSp) -> Result<TrustedKeys, Error>,
    ) -> Result<AcceptedRequest<'a>, Error> {
        sp.check_valid_at(now)?;
        if received.issuer() != sp.entity_id() {
            return Err(mismatch("Issuer", sp.entity_id().as_str(), received.issuer().as_str()));
        }
        let is_signed = received.is_signed();
        let request = if self.needs_signature(sp, is_signed)? { received.verified(&keys(sp)?)? } else { received.request().clone() };
        self.check_destination(&request, is_signed)?;
        self.check_age(&request, now)?;
        let service = find_service(&request, sp)?;
        let in_response_to = Some(request.id.clone());
        let addressee = Addressee { idp: self, sp, service, in_response_to, relay_state: received.relay_state_as_given() };
        Ok(AcceptedRequest { addressee, request, is_signed })
    }

    /// Whether a signature is needed. One that is there and wrong is worse than none (SAML2INT SDP-IDP05).
    fn needs_signature(&self, sp: &RegisteredSp, is_signed: bool) -> Result<bool, Error> {
        if !is_signed && (self.wants_signed_requests || sp.authn_requests_signed()) {
            return Err(Error::whole(ErrorKind::NotSigned { element: "the AuthnRequest" }));
        }
        Ok(is_signed)
    }

    /// saml-bindings 3.4.5.2 and 3.5.5.2: of a signed message, "the Destination XML attribute [...] MUST contain the URL to which the sender has
    /// instructed the user agent to deliver the message."
    fn check_destination(&self, request: &AuthnRequest, is_signed: bool) -> Result<(), Error> {
        match &request.destination {
            Some(destination) if *destination != self.single_sign_on_url => {
                Err(mismatch("Destination", &self.single_sign_on_url, destination))
            }
            None if is_signed => Err(mismatch("Destination", &self.single_sign_on_url, "none, and the request is signed")),
            _ => Ok(()),
        }
    }

    fn check_age(&self, request: &AuthnRequest, now: SystemTime) -> Result<(), Error> {
        let (issued, skew) = (request.issue_instant, self.clock_skew);
        if issued.checked_sub(skew).is_some_and(|earliest| now < earliest) {
            return Err(Error::whole(ErrorKind::TooEarly { what: "IssueInstant", now, not_before: issued, skew: skew.as_secs() }));
        }
        let not_on_or_after = issued.checked_add(self.longest_request_age).unwrap_or(issued);
        if not_on_or_after.checked_add(skew).is_none_or(|latest| now >= latest) {
            return Err(Error::whole(ErrorKind::TooLate { what: "IssueInstant", now, not_on_or_after, skew: skew.as_secs() }));
        }
        Ok(())
    }
}

/// saml-core 3.4.1: index on the one hand, URL and binding on the other "are mutually exclusive"; without either, the default of the metadata.
fn find_service<'sp>(request: &AuthnRequest, sp: &'sp RegisteredSp) -> Result<&'sp AssertionConsumerService, Error> {
    if let Some(binding) = request.protocol_binding.as_deref().filter(|binding| *binding != uri::HTTP_POST) {
        return Err(Error::whole(ErrorKind::Unsupported { what: format!("a response by the binding {}", excerpt(binding)) }));
    }
    match (&request.assertion_consumer_service_url, request.assertion_consumer_service_index) {
        (Some(_), Some(_)) => Err(mismatch("AssertionConsumerServiceIndex", "a URL or an index", "both")),
        (Some(url), None) => registered(sp, url),
        (None, Some(index)) => sp
            .assertion_consumer_service_with_index(index)
            .ok_or_else(|| mismatch("AssertionConsumerServiceIndex", "an index that the metadata has, for HTTP POST", &index.to_string())),
        (None, None) => Ok(sp.default_assertion_consumer_service()),
    }
}

fn mismatch(what: &'static str, expected: &str, found: &str) -> Error {
    Error::whole(ErrorKind::Mismatch { what, expected: excerpt(expected), found: excerpt(found) })
}

impl AcceptedRequest<'_> {
    /// What the service provider asks for: `force_authn`, `is_passive`, the format of the NameID, the authentication context, the subject.
    #[must_use]
    pub fn request(&self) -> &AuthnRequest {
        &self.request
    }

    /// Whether it was signed, and the signature was verified.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// Where the response will go.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &AssertionConsumerService {
        self.addressee.service
    }

    /// What the service provider will get back, untouched.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.addressee.relay_state.as_ref().map(crate::binding::RelayState::as_str)
    }

    /// Answers that `login` is who it is, if that is what was asked for.
    ///
    /// Whether the person may go there at all is for the caller to decide, before this.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Mismatch`] if the request asks for another format of NameID, for another authentication context, or about another person;
    /// [`status_for`](Self::status_for) says what to refuse it with. [`ErrorKind::Misuse`] for an attribute that is there twice, and
    /// [`ErrorKind::Value`] for a text that XML cannot carry.
    pub fn respond(&self, login: &Login, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        if let Some((what, expected, found, _)) = self.unmet(login) {
            return Err(mismatch(what, &expected, found));
        }
        self.addressee.respond(login, ids, now)
    }

    /// Answers that the request cannot be met, and why. There is no assertion in the answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a status of success, and [`ErrorKind::Value`] for a message that XML cannot carry.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::time::SystemTime;
    /// # use idbridge_saml::{AcceptedRequest, Credential, Error, ResponseIds, SignedResponse};
    /// use idbridge_saml::{Status, StatusCode};
    ///
    /// # fn example(accepted: &AcceptedRequest<'_>, ids: &ResponseIds, now: SystemTime, credential: &Credential, has_session: bool) -> Result<(), Error> {
    /// if accepted.request().is_passive && !has_session {
    ///     let response = accepted.refuse(&Status::denied(StatusCode::NO_PASSIVE), ids, now)?.sign(credential)?;
    ///     // send response.to_form()
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn refuse(&self, status: &Status, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        self.addressee.refuse(status, ids, now)
    }

    /// The status to refuse the request with if `login` is not what was asked for.
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
    /// use idbridge_saml::AuthnContext;
    ///
    /// let mut asked = AuthnRequest::new(MessageId::from_random([3; 16]), sp.entity_id().clone(), now);
    /// asked.requested_authn_context = vec![AuthnContext::MULTI_FACTOR.as_str().to_owned()];
    /// let url = asked.to_redirect(idp.single_sign_on_url(), None, None)?;
    /// let received = ReceivedRequest::from_redirect(url.as_str().split_once('?').map_or("", |(_, query)| query))?;
    ///
    /// // The person logged in by password alone.
    /// let accepted = idp.accept(&received, &sp, now)?;
    /// assert!(accepted.respond(&login, &ids, now).is_err());
    /// let status = accepted.status_for(&login).ok_or_else(|| accepted.respond(&login, &ids, now).unwrap_err())?;
    /// assert_eq!(status.second_code(), Some(&StatusCode::NO_AUTHN_CONTEXT));
    /// assert!(accepted.refuse(&status, &ids, now)?.sign(&credential)?.xml().contains("NoAuthnContext"));
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    #[must_use]
    pub fn status_for(&self, login: &Login) -> Option<Status> {
        self.unmet(login).map(|(.., code)| Status::denied(code))
    }

    fn unmet<'l>(&self, login: &'l Login) -> Option<(&'static str, String, &'l str, StatusCode)> {
        let request = &self.request;
        // saml-core 3.4.1.1: unspecified leaves it to the identity provider.
        let wanted = request.name_id_format.as_ref().filter(|format| **format != NameIdFormat::UNSPECIFIED);
        if let Some(wanted) = wanted.filter(|wanted| *wanted != login.name_id.format()) {
            let found = login.name_id.format().as_str();
            return Some(("NameIDPolicy", wanted.as_str().to_owned(), found, StatusCode::INVALID_NAME_ID_POLICY));
        }
        // saml-core 3.4.1.1: a name in the namespace of another party, or of an affiliation, is one that is not known here.
        let qualifier = request.sp_name_qualifier.as_deref().filter(|qualifier| *qualifier != request.issuer.as_str());
        if let Some(qualifier) = qualifier {
            return Some(("SPNameQualifier", qualifier.to_owned(), "the name for the issuer", StatusCode::INVALID_NAME_ID_POLICY));
        }
        // saml-core 3.3.2.2.1: which class is better than another is not known here. One that is listed is exactly, at least and at most as good as
        // itself, and never better.
        let is_better = request.authn_context_comparison.as_deref() == Some("better");
        let context = login.authn_context.as_str();
        let is_listed = request.requested_authn_context.iter().any(|class| class == context);
        if !request.requested_authn_context.is_empty() && (is_better || !is_listed) {
            return Some(("RequestedAuthnContext", request.requested_authn_context.join(", "), context, StatusCode::NO_AUTHN_CONTEXT));
        }
        // saml-core 3.4.1: a subject that is named must be the one in the assertion.
        let subject = request.subject.as_deref().filter(|subject| *subject != login.name_id.value());
        subject.map(|subject| ("Subject", subject.to_owned(), login.name_id.value(), StatusCode::UNKNOWN_PRINCIPAL))
    }
}
