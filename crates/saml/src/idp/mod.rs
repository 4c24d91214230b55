//! The identity provider: from a request, or from nothing, to a response.

mod accept;
mod respond;

pub use accept::AcceptedRequest;
pub use respond::{ResponseIds, UnsolicitedLogin};

use std::time::Duration;

use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind};
use crate::metadata::{AssertionConsumerService, RegisteredSp};
use crate::response::SignedParts;

use respond::Addressee;

/// An identity provider: its name, its URL, and how long what it says holds.
///
/// It is a value without a key, without a clock and without a memory; the same one serves all requests.
///
/// ```text
///   ReceivedRequest --accept(.., &sp, now)--> AcceptedRequest --respond(login, ids, now)--> UnsignedResponse --sign--> SignedResponse --> PostForm
///   nothing --------unsolicited(&sp, ..)----> UnsolicitedLogin --respond----------------------^
/// ```
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// # use idbridge_saml::{Credential, EntityDescriptor, RsaBits, RsaSigner, SelfSigned};
/// use idbridge_saml::{EntityId, IdentityProvider, Login, NameId, RegisteredSp, Registration, ResponseIds};
///
/// # let metadata = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>"#;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
/// # let signer = RsaSigner::generate(RsaBits::Rsa2048)?;
/// # let certificate = SelfSigned::new("idp", now, Duration::from_secs(86_400), [7; 16]).sign(&signer, &signer.public_key())?;
/// # let credential = Credential::new(signer, certificate)?;
/// let sp = RegisteredSp::from_xml(metadata, &Registration::new())?;
/// let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
///
/// let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// let ids = ResponseIds::from_random([1; 16], [2; 16]); // from the system's generator
/// let response = idp.unsolicited(&sp, None, Some("https://sp.example.com/start"))?.respond(&login, &ids, now)?;
/// let form = response.sign(&credential)?.to_form()?;
/// assert_eq!(form.action(), "https://sp.example.com/acs");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    entity_id: EntityId,
    single_sign_on_url: String,
    signed_parts: SignedParts,
    validity: Duration,
    backdating: Duration,
    clock_skew: Duration,
    longest_request_age: Duration,
    longest_response: usize,
    wants_signed_requests: bool,
}

impl IdentityProvider {
    /// An identity provider that signs the assertion and the response, for five minutes.
    #[must_use]
    pub fn new(entity_id: EntityId, single_sign_on_url: impl Into<String>) -> Self {
        Self {
            entity_id,
            single_sign_on_url: single_sign_on_url.into(),
            signed_parts: SignedParts::Both,
            validity: Duration::from_secs(300),
            backdating: Duration::from_secs(300),
            clock_skew: Duration::from_secs(60),
            longest_request_age: Duration::from_secs(900),
            longest_response: 50_000,
            wants_signed_requests: false,
        }
    }

    /// What is signed; both by default. Where a service provider's metadata wants its assertions signed, they are, whatever is said here.
    #[must_use]
    pub fn with_signed_parts(mut self, signed_parts: SignedParts) -> Self {
        self.signed_parts = signed_parts;
        self
    }

    /// How long behind its making an assertion may be used; five minutes by default.
    #[must_use]
    pub fn with_validity(mut self, validity: Duration) -> Self {
        self.validity = validity;
        self
    }

    /// By how much an assertion's `NotBefore` lies before its making, for clocks that are behind ours; five minutes by default.
    #[must_use]
    pub fn with_backdating(mut self, backdating: Duration) -> Self {
        self.backdating = backdating;
        self
    }

    /// By how much the clock of a service provider may be ahead of ours; 60 seconds by default.
    #[must_use]
    pub fn with_clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew;
        self
    }

    /// How old a request may be; 15 minutes by default, in which a person finds a password.
    #[must_use]
    pub fn with_longest_request_age(mut self, age: Duration) -> Self {
        self.longest_request_age = age;
        self
    }

    /// The most characters of a response in base64; 50,000 by default, which AWS takes.
    #[must_use]
    pub fn with_longest_response(mut self, characters: usize) -> Self {
        self.longest_response = characters;
        self
    }

    /// Whether requests must be signed even by those whose metadata does not say that they sign; they need not by default, as AWS signs none.
    #[must_use]
    pub fn with_wants_signed_requests(mut self, wants: bool) -> Self {
        self.wants_signed_requests = wants;
        self
    }

    /// Its name.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// Where requests are sent to.
    #[must_use]
    pub fn single_sign_on_url(&self) -> &str {
        &self.single_sign_on_url
    }

    /// Begins a log-in that no request asked for (saml-profiles section 4.1.5): to the assertion consumer service with the URL
    /// `assertion_consumer_service`, or to the default one.
    ///
    /// `relay_state` is what the service provider is to show first, in a form that it knows; it comes from configuration, never from a stranger.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Mismatch`] for a URL that the metadata does not have, and [`ErrorKind::Limit`] for a relay state beyond 8,192 bytes.
    pub fn unsolicited<'a>(
        &'a self,
        sp: &'a RegisteredSp,
        assertion_consumer_service: Option<&str>,
        relay_state: Option<&str>,
    ) -> Result<UnsolicitedLogin<'a>, Error> {
        let service = match assertion_consumer_service {
            None => sp.default_assertion_consumer_service(),
            Some(url) => registered(sp, url)?,
        };
        let relay_state = relay_state.map(crate::binding::RelayState::new).transpose()?;
        Ok(UnsolicitedLogin::new(Addressee { idp: self, sp, service, in_response_to: None, relay_state }))
    }
}

/// The one that is registered under exactly this URL. A prefix, a pattern or another spelling would send log-ins to strangers.
fn registered<'sp>(sp: &'sp RegisteredSp, url: &str) -> Result<&'sp AssertionConsumerService, Error> {
    sp.assertion_consumer_service_at(url).ok_or_else(|| {
        let known: Vec<&str> = sp.assertion_consumer_services().iter().map(AssertionConsumerService::url).collect();
        let kind = ErrorKind::Mismatch {
            what: "AssertionConsumerServiceURL",
            expected: format!("one of the metadata's: {}", crate::error::excerpt(&known.join(", "))),
            found: crate::error::excerpt(url),
        };
        Error::whole(kind)
    })
}
