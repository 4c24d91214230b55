//! The laws of SAML.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_saml::{
    AssertionConsumerService, AuthnRequest, Certificate, EntityDescriptor, EntityId, Error, ErrorKind, ExclusiveCanonicalization, Expected,
    IdentityProvider, MemoryReplayStore, MessageId, Metadata, PublicKey, ReceivedRequest, ReceivedResponse, RegisteredSp, Registration,
    ServiceProvider, SignatureAlgorithm, SpMetadata, TrustedKeys, Verifier, VerifyingKey, XmlDocument,
};

/// A key that has signed none of the seeds, and of which no fuzzer has the other half.
const TRUSTED: &str = include_str!("../../crates/saml/tests/fixtures/rsa2048.crt");

const SSO: &str = "https://idp.example.com/sso";
const ACS: &str = "https://sp.example.com/acs";

/// What is read has a canonical form that reads as the same: it is its own canonical form.
pub fn xml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(document) = XmlDocument::parse(text) else { return };
    for with_comments in [false, true] {
        let how = ExclusiveCanonicalization::new().with_comments(with_comments);
        let Some(once) = within_limits(how.document(&document)) else { continue };
        let once = String::from_utf8(once).unwrap();
        // A declaration that was made once is made where it is used, which may be too much.
        let Some(again) = within_limits(XmlDocument::parse(&once)) else { continue };
        let twice = how.document(&again).unwrap();
        assert_eq!(String::from_utf8(twice).unwrap(), once, "a canonical form is canonical");
        let root = String::from_utf8(how.element(&document, &[]).unwrap()).unwrap();
        assert!(once.contains(&root), "a document has its root in it");
    }
}

/// A query that is read says the same when it is written as a query again, signed by nobody.
pub fn redirect(data: &[u8]) {
    let Ok(query) = std::str::from_utf8(data) else { return };
    let Ok(received) = ReceivedRequest::from_redirect(query) else { return };
    let url = received.request().to_redirect(SSO, received.relay_state(), None).unwrap();
    accepted(&received);
    // What was not escaped may be escaped now, which may be too much.
    let again = within_limits(ReceivedRequest::from_redirect(url.as_str().split_once('?').unwrap().1));
    let Some(again) = again else { return };
    assert_eq!(again.request(), &written(received.request()));
    assert_eq!(again.relay_state(), received.relay_state());
}

/// A request as XML is read or refused, says the same when it is posted again, and is answered nowhere but at what is registered.
pub fn authn_request(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(received) = ReceivedRequest::from_xml(text) else { return };
    let form = received.request().to_post(SSO, None, None).unwrap();
    accepted(&received);
    let Some(again) = within_limits(ReceivedRequest::from_post(form.message(), None)) else { return };
    assert_eq!(again.request(), &written(received.request()));
}

/// What a request says when it was written: moments have whole seconds, and a comparison compares something.
fn written(request: &AuthnRequest) -> AuthnRequest {
    let mut request = request.clone();
    let seconds = request.issue_instant.duration_since(UNIX_EPOCH).unwrap().as_secs();
    request.issue_instant = UNIX_EPOCH + Duration::from_secs(seconds);
    if request.requested_authn_context.is_empty() {
        request.authn_context_comparison = None;
    }
    request
}

/// Whoever sends a request, its answer goes to a registered endpoint; and a signature of a stranger is worse than none.
fn accepted(received: &ReceivedRequest) {
    let services = [AssertionConsumerService::new(0, ACS), AssertionConsumerService::new(1, "https://sp.example.com/acs/1")];
    let metadata = SpMetadata::new(EntityId::new("https://sp.example.com").unwrap(), services).to_xml().unwrap();
    let sp = RegisteredSp::from_xml(&metadata, &Registration::new()).unwrap();
    let idp = IdentityProvider::new(EntityId::new("https://idp.example.com").unwrap(), SSO);
    let keys = TrustedKeys::new([&Certificate::from_pem(TRUSTED).unwrap()]).unwrap();
    let Ok(accepted) = idp.accept_with_keys(received, &sp, &keys, received.request().issue_instant) else { return };
    assert!(!accepted.is_signed(), "the trusted key has signed nothing");
    let url = accepted.assertion_consumer_service().url();
    assert!([ACS, "https://sp.example.com/acs/1"].contains(&url), "{url} is not registered");
}

/// Arbitrary bytes, as XML, as a form and as the value of its field: nothing is accepted, because the trusted key has signed nothing.
pub fn response(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let certificate = Certificate::from_pem(TRUSTED).unwrap();
    let keys = TrustedKeys::new([&certificate]).unwrap().dangerous_allow_sha1().dangerous_allow_small_keys();
    let gullible = TrustedKeys::with_verifier(&Gullible, [&certificate]).unwrap();
    let received = [Ok(ReceivedResponse::from_xml(text)), ReceivedResponse::from_post_body(text), ReceivedResponse::from_post(text, None)];
    for received in received.into_iter().flatten() {
        assert!(received.verify_signature(&keys).is_err(), "the trusted key has signed nothing");
        let expected = [Expected::Unsolicited, Expected::ResponseTo(MessageId::new("_request").unwrap())];
        for expected in expected {
            assert!(accept(&received, keys.clone(), &expected).is_err(), "the trusted key has signed nothing");
            // What is behind a signature that holds is reached by a verifier that believes them all.
            let _ = accept(&received, gullible.clone(), &expected);
        }
    }
}

fn accept(received: &ReceivedResponse, keys: TrustedKeys, expected: &Expected) -> Result<(), Error> {
    let (entity_id, idp) = (EntityId::new("https://sp.example.com")?, EntityId::new("https://idp.example.com")?);
    let sp = ServiceProvider::new(entity_id, [ACS], idp, keys);
    sp.accept(received, expected, now(), &mut MemoryReplayStore::new(1)).map(|_| ())
}

/// 2026-11-01T08:00:00Z, when the seeds were made.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_793_520_000)
}

#[derive(Debug)]
struct Gullible;

impl Verifier for Gullible {
    fn verifying_key(&self, _: &PublicKey) -> Result<Box<dyn VerifyingKey>, Error> {
        Ok(Box::new(Self))
    }
}

impl VerifyingKey for Gullible {
    fn is_valid(&self, _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// Metadata is read or refused; what is cut out of it reads as the same; and an SP is registered with URLs that a browser can be sent to.
pub fn metadata(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let keys = TrustedKeys::new([&Certificate::from_pem(TRUSTED).unwrap()]).unwrap();
    assert!(Metadata::from_signed_xml(text, &keys).is_err(), "the trusted key has signed nothing");
    let Ok(metadata) = Metadata::from_xml(text) else { return };
    for entity in metadata.entities() {
        let Some(again) = within_limits(EntityDescriptor::from_xml(entity.metadata_xml())) else { continue };
        assert_eq!(&again, entity);
        let Ok(sp) = RegisteredSp::new(entity, &Registration::new()) else { continue };
        assert_eq!(RegisteredSp::from_xml(sp.metadata_xml(), sp.registration()).as_ref(), Ok(&sp), "what is stored makes the same again");
        assert!(sp.assertion_consumer_services().contains(sp.default_assertion_consumer_service()));
        for service in sp.assertion_consumer_services() {
            let url = service.url();
            assert!(url.to_ascii_lowercase().starts_with("https://"), "{url:?}");
            assert!(url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte)), "{url:?}");
        }
    }
}

/// What was made of what was read is refused for nothing but its size.
fn within_limits<T>(made: Result<T, Error>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
            None
        }
    }
}
