//! An identity provider for tests, which is this workspace's own, and what a browser does between it and the service.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use idbridge_emulator::{Error, Service, SignIn, SignInMessage, SignInRequest};
use idbridge_saml::{
    Certificate, Credential, EntityId, IdentityProvider, IdpMetadata, Login, NameId, ReceivedRequest, RegisteredSp, Registration,
    ResponseIds, RsaBits, RsaSigner, SelfSigned, SignedParts, SignedResponse, Status,
};

use super::{noon, resource};

const KEY: &str = include_str!("../../../saml/tests/fixtures/rsa2048.pem");
const CERTIFICATE: &str = include_str!("../../../saml/tests/fixtures/rsa2048.crt");

pub(crate) const ENTITY_ID: &str = "https://idp.example.com/anna's";
pub(crate) const SSO_URL: &str = "https://idp.example.com/sso";

/// An identity provider with a key, and a counter for the identifiers of its responses.
pub(crate) struct Idp {
    pub(crate) provider: IdentityProvider,
    pub(crate) credential: Credential,
    /// How the service is registered.
    pub(crate) registration: Registration,
    made: u64,
}

impl Idp {
    pub(crate) fn new() -> Self {
        let credential = Credential::new(RsaSigner::from_pem(KEY).unwrap(), Certificate::from_pem(CERTIFICATE).unwrap()).unwrap();
        let provider = IdentityProvider::new(EntityId::new(ENTITY_ID).unwrap(), SSO_URL);
        Self { provider, credential, registration: Registration::new().dangerous_allow_http(), made: 0 }
    }

    /// The same one after its key was changed.
    pub(crate) fn with_other_key() -> Self {
        Self { credential: other_credential(), made: 1_000_000, ..Self::new() }
    }

    pub(crate) fn metadata(&self) -> IdpMetadata {
        IdpMetadata::new(self.provider.entity_id().clone(), self.provider.single_sign_on_url(), self.credential.certificate().clone())
    }

    /// Signs the assertion alone, so that the response around it can be changed.
    pub(crate) fn signing_assertions(mut self) -> Self {
        self.provider = self.provider.with_signed_parts(SignedParts::Assertion);
        self
    }

    pub(crate) fn ids(&mut self) -> ResponseIds {
        self.made += 1;
        let random = |number: u64| (u128::from(self.made) << 64 | u128::from(number)).to_be_bytes();
        ResponseIds::from_random(random(1), random(2))
    }

    pub(crate) fn sp(&self, service: &Service) -> RegisteredSp {
        RegisteredSp::from_xml(&service.sp_metadata().unwrap(), &self.registration).unwrap()
    }

    /// A response that nobody asked for.
    pub(crate) fn unsolicited(&mut self, service: &Service, login: &Login, now: SystemTime) -> SignedResponse {
        let (sp, ids) = (self.sp(service), self.ids());
        let unsolicited = self.provider.unsolicited(&sp, None, Some("https://console.aws.amazon.com/")).unwrap();
        unsolicited.respond(login, &ids, now).unwrap().sign(&self.credential).unwrap()
    }

    /// The answer to a request, as it arrives here.
    pub(crate) fn answer(&mut self, service: &Service, received: &ReceivedRequest, login: &Login, now: SystemTime) -> SignedResponse {
        let (sp, ids) = (self.sp(service), self.ids());
        let accepted = self.provider.accept(received, &sp, now).unwrap();
        accepted.respond(login, &ids, now).unwrap().sign(&self.credential).unwrap()
    }

    /// The answer that a request is not met.
    pub(crate) fn refuse(&mut self, service: &Service, received: &ReceivedRequest, status: &Status, now: SystemTime) -> SignedResponse {
        let (sp, ids) = (self.sp(service), self.ids());
        self.provider.accept(received, &sp, now).unwrap().refuse(status, &ids, now).unwrap().sign(&self.credential).unwrap()
    }
}

/// Another key, made once for each test binary.
pub(crate) fn other_credential() -> Credential {
    static OTHER: OnceLock<Credential> = OnceLock::new();
    let make = || {
        let signer = RsaSigner::generate(RsaBits::Rsa2048).unwrap();
        let certificate =
            SelfSigned::new("next", noon(), Duration::from_secs(86_400), [9; 16]).sign(&signer, &signer.public_key()).unwrap();
        Credential::new(signer, certificate).unwrap()
    };
    OTHER.get_or_init(make).clone()
}

/// Somebody of this name, who showed it at noon.
pub(crate) fn login(name: &str) -> Login {
    Login::new(NameId::email_address(name).unwrap(), noon())
}

/// A service that believes `idp`, and has Anna, who is active, and Bo, who is not.
pub(crate) fn service_for(idp: &Idp) -> Service {
    let mut service = super::service();
    service.import_idp_metadata(&idp.metadata().to_xml().unwrap()).unwrap();
    super::created(&super::create_user(&mut service, super::user("anna")));
    let mut bo = super::user("bo");
    bo.attributes_mut().set("active", false);
    super::created(&super::create_user(&mut service, bo));
    service
}

/// What arrives at the identity provider.
pub(crate) fn arrived(request: &SignInRequest) -> ReceivedRequest {
    match request.message() {
        SignInMessage::Redirect(url) => ReceivedRequest::from_redirect(url.as_str().split_once('?').unwrap().1).unwrap(),
        SignInMessage::Post(form) => ReceivedRequest::from_post(form.message(), form.relay_state()).unwrap(),
    }
}

/// The form of a response, as a browser posts it.
pub(crate) fn body(response: &SignedResponse) -> String {
    let form = response.to_form().unwrap();
    let relay_state = form.relay_state().map(|relay_state| format!("&RelayState={}", escaped(relay_state))).unwrap_or_default();
    format!("SAMLResponse={}{relay_state}", escaped(form.message()))
}

/// The form of a response that somebody changed on the way.
pub(crate) fn body_of(xml: &str, relay_state: Option<&str>) -> String {
    let relay_state = relay_state.map(|relay_state| format!("&RelayState={}", escaped(relay_state))).unwrap_or_default();
    format!("SAMLResponse={}{relay_state}", escaped(&base64(xml.as_bytes())))
}

/// Posts a response to where it is addressed to.
pub(crate) fn post(service: &mut Service, response: &SignedResponse, now: SystemTime) -> Result<SignIn, Error> {
    service.consume_response(response.destination(), &body(response), now)
}

/// Posts another text in the response's place.
pub(crate) fn post_xml(service: &mut Service, response: &SignedResponse, xml: &str, now: SystemTime) -> Result<SignIn, Error> {
    service.consume_response(response.destination(), &body_of(xml, response.relay_state()), now)
}

/// A user that AWS would not take from SCIM, as somebody may have made it by hand.
pub(crate) fn by_hand(service: &mut Service, json: &str) {
    service.seed_user(resource(json));
}

pub(crate) fn escaped(text: &str) -> String {
    let escape = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = char::from(DIGITS[number >> (18 - 6 * place) & 63]);
            text.push(if place > chunk.len() { '=' } else { digit });
        }
    }
    text
}
