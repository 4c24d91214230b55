//! From an unsigned response to a signed one, at once or in steps.

use std::fmt;
use std::sync::Arc;

use crate::binding::{PostForm, RelayState};
use crate::crypto::{Certificate, RustCryptoVerifier, SignatureAlgorithm, Verifier, VerifyingKey};
use crate::dsig::{Credential, Envelope, Pending, check_signs};
use crate::encoding::base64_length;
use crate::error::{Error, ErrorKind};
use crate::id::MessageId;
use crate::response::unsigned::CLOSING;
use crate::response::{SignedParts, UnsignedResponse};

/// A response that waits for a signature by a key that is elsewhere: in a key management service, in a hardware module, behind a queue.
///
/// ```text
///   UnsignedResponse::into_signing --> Signing { algorithm, bytes_to_sign } --signature--> SigningStep::Next(Signing)
///                                                                           `------------> SigningStep::Done(SignedResponse)
/// ```
///
/// Nothing waits here: whoever has the key takes the bytes, whenever and however, and brings the signature. Each signature is verified with the
/// certificate before anything is made of it.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::{Certificate, RsaBits, RsaSigner, SelfSigned};
/// use idbridge_saml::{Error, SignedResponse, Signer, SigningStep, UnsignedResponse, SignatureAlgorithm};
///
/// fn sign(response: UnsignedResponse, certificate: &Certificate, remote: &dyn Signer) -> Result<SignedResponse, Box<dyn std::error::Error + Send + Sync>> {
///     let mut step = SigningStep::Next(response.into_signing(SignatureAlgorithm::RsaSha256, certificate)?);
///     loop {
///         step = match step {
///             SigningStep::Next(signing) => {
///                 let signature = remote.sign(signing.bytes_to_sign())?;
///                 signing.provide(&signature)?
///             }
///             SigningStep::Done(signed) => return Ok(signed),
///         }
///     }
/// }
/// ```
pub struct Signing {
    response: Box<UnsignedResponse>,
    stage: Stage,
    algorithm: SignatureAlgorithm,
    certificate: Arc<str>,
    key: Arc<dyn VerifyingKey>,
}

enum Stage {
    Assertion(Pending),
    Response(Pending),
}

/// What follows a signature.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever signs must do the one or the other")]
pub enum SigningStep {
    /// Another signature is needed.
    Next(Signing),
    /// That was the last one.
    Done(SignedResponse),
}

impl Signing {
    pub(super) fn begin(mut response: UnsignedResponse, algorithm: SignatureAlgorithm, certificate: &Certificate) -> Result<Self, Error> {
        if algorithm == SignatureAlgorithm::DangerousRsaSha1 {
            return Err(Error::whole(ErrorKind::Misuse { reason: "nothing is signed by SHA-1; choose RSA-SHA256".to_owned() }));
        }
        let key = RustCryptoVerifier.verifying_key(check_signs(certificate)?)?.into();
        let encoded = certificate.to_base64().into();
        let stage = response.first_stage(algorithm)?;
        Ok(Self { response: Box::new(response), stage, algorithm, certificate: encoded, key })
    }

    /// What to sign by.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// What to sign: the bytes themselves, not their digest.
    #[must_use]
    pub fn bytes_to_sign(&self) -> &[u8] {
        match &self.stage {
            Stage::Assertion(pending) | Stage::Response(pending) => &pending.signed_info,
        }
    }

    /// Takes the signature of [`bytes_to_sign`](Self::bytes_to_sign): for RSA that of PKCS #1 version 1.5, for ECDSA both numbers one behind the
    /// other.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Signature`] if the certificate's key does not verify it, and [`ErrorKind::Limit`] as of [`UnsignedResponse::sign`].
    pub fn provide(self, signature: &[u8]) -> Result<SigningStep, Error> {
        if !self.key.is_valid(self.algorithm, self.bytes_to_sign(), signature) {
            return Err(Error::whole(ErrorKind::Signature { what: "the response, as it was provided".to_owned(), tried: 1 }));
        }
        let Self { mut response, stage, algorithm, certificate, key } = self;
        match response.complete(stage, signature, &certificate, algorithm)? {
            Completed::Next(stage) => Ok(SigningStep::Next(Self { response, stage, algorithm, certificate, key })),
            Completed::Done(xml) => response.signed(xml).map(SigningStep::Done),
        }
    }
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Assertion(_) => "assertion",
            Stage::Response(_) => "response",
        };
        f.debug_struct("Signing").field("stage", &stage).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

enum Completed {
    Next(Stage),
    Done(Vec<u8>),
}

impl UnsignedResponse {
    pub(super) fn sign_with(mut self, credential: &Credential) -> Result<SignedResponse, Error> {
        let (algorithm, certificate) = (credential.algorithm(), credential.encoded_certificate());
        let mut stage = self.first_stage(algorithm)?;
        loop {
            let signature = match &stage {
                Stage::Assertion(pending) | Stage::Response(pending) => credential.sign(&pending.signed_info)?,
            };
            match self.complete(stage, &signature, &certificate, algorithm)? {
                Completed::Next(next) => stage = next,
                Completed::Done(xml) => return self.signed(xml),
            }
        }
    }

    fn first_stage(&mut self, algorithm: SignatureAlgorithm) -> Result<Stage, Error> {
        match (self.assertion.take(), self.signed_parts) {
            (Some(assertion), SignedParts::Assertion | SignedParts::Both) => assertion.digest(algorithm).map(Stage::Assertion),
            (Some(assertion), SignedParts::Response) => {
                let assertion = assertion.unsigned();
                self.response_stage(&assertion, algorithm)
            }
            (None, _) => self.response_stage(&[], algorithm),
        }
    }

    fn complete(&mut self, stage: Stage, signature: &[u8], certificate: &str, algorithm: SignatureAlgorithm) -> Result<Completed, Error> {
        match (stage, self.signed_parts) {
            (Stage::Assertion(pending), SignedParts::Assertion) => {
                let assertion = pending.complete(signature, certificate);
                let envelope = self.envelope(&assertion);
                Ok(Completed::Done(envelope.unsigned()))
            }
            (Stage::Assertion(pending), _) => {
                let assertion = pending.complete(signature, certificate);
                self.response_stage(&assertion, algorithm).map(Completed::Next)
            }
            (Stage::Response(pending), _) => Ok(Completed::Done(pending.complete(signature, certificate))),
        }
    }

    fn response_stage(&mut self, assertion: &[u8], algorithm: SignatureAlgorithm) -> Result<Stage, Error> {
        self.envelope(assertion).digest(algorithm).map(Stage::Response)
    }

    /// The whole response, with what is known of the assertion in it.
    fn envelope(&mut self, assertion: &[u8]) -> Envelope {
        let mut behind = std::mem::take(&mut self.status);
        behind.reserve_exact(assertion.len() + CLOSING.len());
        behind.extend_from_slice(assertion);
        behind.extend_from_slice(CLOSING);
        Envelope { id: self.id.as_str().to_owned(), before: std::mem::take(&mut self.head), behind }
    }

    fn signed(self, xml: Vec<u8>) -> Result<SignedResponse, Error> {
        if base64_length(xml.len()) > self.longest {
            return Err(Error::whole(ErrorKind::Limit { what: "characters of a response in base64", most: self.longest }));
        }
        Ok(SignedResponse { xml, id: self.id, destination: self.destination, relay_state: self.relay_state })
    }
}

/// A response that is signed, and addressed to an assertion consumer service that was registered.
///
/// # Security
///
/// Whoever has it can log in as the person it names, for some minutes. `Debug` shows none of it.
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
/// let signed = idp.unsolicited(&sp, None, Some("state"))?.respond(&login, &ids, now)?.sign(&credential)?;
/// let form = signed.to_form()?;
/// assert_eq!((form.action(), form.relay_state()), ("https://sp.example.com/acs", Some("state")));
/// assert!(!format!("{signed:?}").contains("anna@example.com"));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SignedResponse {
    xml: Vec<u8>,
    id: MessageId,
    destination: String,
    relay_state: Option<RelayState>,
}

impl SignedResponse {
    /// The form that takes it there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if the destination is no URL that a form may be sent to.
    pub fn to_form(&self) -> Result<PostForm, Error> {
        PostForm::new(&self.destination, "SAMLResponse", &self.xml, self.relay_state.as_ref())
    }

    /// Its text.
    #[must_use]
    pub fn xml(&self) -> &str {
        // It was written from texts.
        std::str::from_utf8(&self.xml).unwrap_or_default()
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

    /// What the service provider gets back, untouched.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_ref().map(RelayState::as_str)
    }
}

impl fmt::Debug for SignedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedResponse").field("id", &self.id).field("destination", &self.destination).finish_non_exhaustive()
    }
}
