//! The program `conformance` asked about SAML: each kind, what is refused, and what is no line to answer.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod lines;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding};
use idbridge_saml::{
    Attribute, AuthnRequest, Certificate, Credential, EntityId, IdentityProvider, Login, MessageId, NameId, NameIdFormat, ReceivedRequest,
    RegisteredSp, Registration, ResponseIds, RsaSigner,
};
use serde_json::{Value, json};

const ACS: &str = "https://sp.example.com/acs";
const SSO: &str = "https://idp.example.com/sso";
const PEM: &str = include_str!("../../crates/saml/tests/fixtures/rsa2048.crt");
const OTHER_PEM: &str = include_str!("../../crates/saml/tests/fixtures/p256.crt");
/// Signed by the key of [`PEM`].
const SIGNED_METADATA: &str = include_str!("fixtures/signed_metadata.xml");

/// 2026-11-01T08:00:00Z.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_793_520_000)
}

fn credential() -> Credential {
    let signer = RsaSigner::from_pem(include_str!("../../crates/saml/tests/fixtures/rsa2048.pem")).unwrap();
    Credential::new(signer, Certificate::from_pem(PEM).unwrap()).unwrap()
}

fn base64(text: &str) -> String {
    Base64::encode_string(text.as_bytes())
}

fn answer(request: &Value) -> Value {
    lines::answers("saml", &[request.to_string()]).remove(0)
}

/// `request` with other members; null takes one away.
fn with(request: &Value, others: &Value) -> Value {
    let mut request = request.clone();
    for (name, value) in others.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

/// Everything that is refused is refused with a reason, and says nothing else.
fn assert_refused(request: &Value, reason: &str) {
    let answer = answer(request);
    let members: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((members, &answer["ok"]), (vec!["error", "ok"], &json!(false)), "{request}: {answer}");
    assert!(answer["error"].as_str().unwrap().contains(reason), "asked for {reason:?}, found {answer}");
}

fn request() -> AuthnRequest {
    let mut request = AuthnRequest::new(MessageId::new("_request").unwrap(), EntityId::new("https://sp.example.com").unwrap(), now());
    request.destination = Some(SSO.to_owned());
    request
}

/// The response to a request, or to none, as XML.
fn response(request: Option<&AuthnRequest>) -> String {
    let sp = RegisteredSp::from_xml(SIGNED_METADATA, &Registration::new()).unwrap();
    let idp = IdentityProvider::new(EntityId::new("https://idp.example.com").unwrap(), SSO);
    let mut login = Login::new(NameId::email_address("anna@example.com").unwrap(), now());
    login.attributes.push(Attribute::new("groups", ["a", "b"]));
    login.attributes.push(Attribute::new("Groups", ["c<&>"]));
    let ids = ResponseIds::from_random([1; 16], [2; 16]);
    let unsigned = match request {
        None => idp.unsolicited(&sp, None, None).unwrap().respond(&login, &ids, now()).unwrap(),
        Some(request) => {
            let url = request.to_redirect(SSO, None, None).unwrap();
            let received = ReceivedRequest::from_redirect(url.as_str().split_once('?').unwrap().1).unwrap();
            idp.accept(&received, &sp, now()).unwrap().respond(&login, &ids, now()).unwrap()
        }
    };
    unsigned.sign(&credential()).unwrap().xml().to_owned()
}

fn response_line() -> Value {
    json!({
        "kind": "response", "data_b64": base64(&response(None)), "certs_pem": [OTHER_PEM, PEM], "now": "2026-11-01T08:00:00Z",
        "sp_entity_id": "https://sp.example.com", "acs_url": ACS, "idp_entity_id": "https://idp.example.com", "in_response_to": null, "unknown": 1
    })
}

#[test]
fn a_response_is_validated_and_read() {
    let line = response_line();
    let expected = json!({
        "ok": true, "name_id": "anna@example.com", "name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "attributes": {"groups": ["a", "b"], "Groups": ["c<&>"]}
    });
    assert_eq!(answer(&line), expected);
    // A line stands alone: what was used before is new to the next.
    let posted = base64(&response(None));
    let broken_lines: String = posted.as_bytes().chunks(64).map(|chunk| format!("{}\r\n", str::from_utf8(chunk).unwrap())).collect();
    for others in [
        json!({"data_b64": base64(&broken_lines), "encoding": "base64"}),
        // No signature is over a comment, and none ends a name.
        json!({"data_b64": base64(&response(None).replace("anna@", "an<!--x-->na<!---->@"))}),
        json!({"now": 1_793_520_000}),
        json!({"now": 1_793_520_000.5}),
        json!({"acs_url": null, "acs_urls": ["https://other.example.com", ACS]}),
        json!({"now": "2026-11-01T08:05:01Z", "clock_skew_seconds": 2}),
        json!({"data_b64": base64(&response(Some(&request()))), "in_response_to": "_request"}),
    ] {
        assert_eq!(answer(&with(&line, &others)), expected, "{others}");
    }
    for (others, reason) in [
        (json!({"data_b64": base64(&posted)}), "invalid XML at byte 0"),
        (json!({"encoding": "base64"}), "base64"),
        (json!({"data_b64": base64(&base64(&posted)), "encoding": "base64"}), "invalid XML at byte 0"),
        (json!({"now": "2026-11-01T08:05:00Z"}), "NotOnOrAfter"),
        (json!({"now": "2026-11-01T07:59:59Z"}), "IssueInstant"),
        (json!({"acs_url": "https://sp.example.com/acs/"}), "Destination"),
        // Where it was delivered counts, and not where it could have been.
        (json!({"acs_url": "https://other.example.com", "acs_urls": [ACS]}), "Destination"),
        (json!({"sp_entity_id": "https://other.example.com"}), "Audience"),
        (json!({"idp_entity_id": "https://other.example.com"}), "Issuer"),
        (json!({"in_response_to": "_request"}), "InResponseTo"),
        (json!({"data_b64": base64(&response(Some(&request())))}), "InResponseTo"),
        (json!({"certs_pem": [OTHER_PEM]}), "no trusted key"),
        (json!({"certs_pem": []}), "no certificate"),
        (json!({"certs_pem": [PEM, "x"]}), "invalid PEM"),
        (json!({"data_b64": base64(&response(None).replace("anna", "bert"))}), "digest"),
        (json!({"now": null}), "now is missing"),
        (json!({"acs_url": null}), "acs_url is missing"),
        (json!({"sp_entity_id": null}), "sp_entity_id is missing"),
        (json!({"idp_entity_id": null}), "idp_entity_id is missing"),
        (json!({"clock_skew_seconds": -1}), "clock_skew_seconds must be"),
    ] {
        assert_refused(&with(&line, &others), reason);
    }
}

#[test]
fn a_signature_alone_is_verified() {
    let signed = |xml: String| json!({"data_b64": base64(&xml), "certs_pem": [PEM]});
    let posted = request().to_post(SSO, None, Some(&credential())).unwrap();
    let signed_request = json!({"data_b64": base64(posted.message()), "encoding": "base64", "certs_pem": [PEM]});
    let metadata = signed(SIGNED_METADATA.to_owned());
    for (kind, line) in [
        ("response-signature", &signed(response(None))),
        ("dsig", &signed(response(None))),
        ("authn-request-signature", &signed_request),
        ("dsig", &signed_request),
        ("metadata-signature", &metadata),
        ("signed_metadata", &metadata),
        ("dsig", &metadata),
    ] {
        let line = with(line, &json!({"kind": kind}));
        assert_eq!(answer(&line), json!({"ok": true}), "{kind}");
        assert_refused(&with(&line, &json!({"certs_pem": [OTHER_PEM]})), "no trusted key");
        assert_refused(&with(&line, &json!({"certs_pem": null})), "no certificate");
    }
    for (kind, xml, reason) in [
        ("response-signature", SIGNED_METADATA.to_owned(), "expected a Response"),
        ("authn-request-signature", SIGNED_METADATA.to_owned(), "expected an AuthnRequest"),
        ("metadata-signature", response(None), "expected EntityDescriptor"),
        ("metadata-signature", SIGNED_METADATA.replace("/acs", "/ACS"), "digest"),
        ("metadata-signature", "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='e'/>".to_owned(), "not signed"),
        ("dsig", "<a/>".to_owned(), "not signed"),
        ("dsig", format!("<a>{}</a>", response(None)), "not accepted"),
    ] {
        assert_refused(&with(&signed(xml), &json!({"kind": kind})), reason);
    }
}

fn redirect_line(request: &AuthnRequest, relay_state: Option<&str>, credential: Option<&Credential>) -> Value {
    let url = request.to_redirect(SSO, relay_state, credential).unwrap();
    let query = url.as_str().split_once('?').unwrap().1;
    json!({
        "kind": "authn_request_redirect", "data_b64": base64(query), "sp_entity_id": "https://sp.example.com", "sso_url": SSO,
        "now": "2026-11-01T08:00:10Z", "acs_urls": [ACS, "https://two.example.com/acs"]
    })
}

#[test]
fn a_request_says_what_it_wants() {
    let mut full = request();
    full.force_authn = true;
    full.name_id_format = Some(NameIdFormat::PERSISTENT);
    full.requested_authn_context = vec!["urn:one".to_owned(), "urn:two".to_owned()];
    full.subject = Some("anna".to_owned());
    let expected = json!({
        "ok": true, "id": "_request", "issuer": "https://sp.example.com", "acs_url": ACS, "relay_state": "a b&c",
        "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "force_authn": true, "is_passive": false,
        "requested_authn_context": ["urn:one", "urn:two"], "subject": "anna"
    });
    assert_eq!(answer(&redirect_line(&full, Some("a b&c"), None)), expected);
    assert_eq!(answer(&redirect_line(&full, Some(""), None))["relay_state"], json!(""));
    let plain = answer(&redirect_line(&request(), None, None));
    for name in ["relay_state", "name_id_format", "subject"] {
        assert_eq!(plain.get(name), Some(&Value::Null), "{name}");
    }
    let posted = full.to_post(SSO, None, None).unwrap();
    let line = with(
        &redirect_line(&full, None, None),
        &json!({"kind": "authn_request_post", "data_b64": base64(posted.message()), "encoding": "base64"}),
    );
    assert_eq!(answer(&line), with(&expected, &json!({"relay_state": null})));
    // What is not given is not checked.
    let unchecked = json!({"sp_entity_id": null, "sso_url": null, "now": null});
    assert_eq!(answer(&with(&line, &unchecked))["ok"], json!(true));
    for (others, reason) in [
        (json!({"sp_entity_id": "https://other.example.com"}), "Issuer"),
        (json!({"sso_url": "https://idp.example.com/SSO"}), "Destination"),
        (json!({"now": "2026-11-01T07:59:59Z"}), "IssueInstant"),
        (json!({"now": "2026-11-01T09:00:00Z"}), "IssueInstant"),
        (json!({"require_signed": true}), "not signed"),
        (json!({"acs_urls": []}), "acs_urls is missing"),
        (json!({"acs_urls": ["javascript:alert(1)"]}), "AssertionConsumerService"),
        (json!({"encoding": null}), "invalid XML"),
    ] {
        assert_refused(&with(&line, &others), reason);
    }
}

#[test]
fn the_endpoint_is_one_of_those_that_are_given() {
    let two = "https://two.example.com/acs";
    let by = |url: Option<&str>, index: Option<u16>| {
        let mut request = request();
        request.assertion_consumer_service_url = url.map(str::to_owned);
        request.assertion_consumer_service_index = index;
        with(&redirect_line(&request, None, None), &json!({"acs_indexes": {"0": ACS, "7": two}}))
    };
    for (line, acs_url) in [
        (by(None, None), ACS),
        (with(&by(None, None), &json!({"default_acs_url": two})), two),
        (with(&by(None, None), &json!({"acs_indexes": null, "acs_url": two})), two),
        (by(Some(two), None), two),
        (by(None, Some(7)), two),
        (with(&by(None, None), &json!({"acs_urls": null, "acs_indexes": null, "default_acs_url": two})), two),
        // http is for one's own machine, and a vector may be of one.
        (with(&by(None, None), &json!({"acs_urls": null, "acs_indexes": {"1": "http://localhost/acs"}})), "http://localhost/acs"),
    ] {
        assert_eq!(answer(&line)["acs_url"], json!(acs_url), "{line}");
    }
    for (line, reason) in [
        (by(Some("https://evil.example/acs"), None), "AssertionConsumerServiceURL"),
        (by(Some("https://two.example.com/acs/"), None), "AssertionConsumerServiceURL"),
        (by(Some(two), Some(7)), "both"),
        (by(None, Some(1)), "AssertionConsumerServiceIndex"),
        // Endpoints without an index have none.
        (with(&by(None, Some(u16::MAX)), &json!({"acs_indexes": null})), "AssertionConsumerServiceIndex"),
        (with(&by(None, Some(0)), &json!({"acs_indexes": null})), "AssertionConsumerServiceIndex"),
        (with(&by(None, None), &json!({"acs_indexes": {"70000": ACS}})), "acs_indexes must be"),
    ] {
        assert_refused(&line, reason);
    }
}

#[test]
fn a_signature_that_is_there_is_verified() {
    let certified = json!({"certs_pem": [PEM], "require_signed": true});
    let line = with(&redirect_line(&request(), Some("s"), Some(&credential())), &certified);
    assert_eq!(answer(&line)["ok"], json!(true));
    let posted = request().to_post(SSO, None, Some(&credential())).unwrap();
    let posted = with(&line, &json!({"kind": "authn_request_post", "data_b64": base64(posted.message()), "encoding": "base64"}));
    assert_eq!(answer(&posted)["ok"], json!(true));
    for line in [&line, &posted] {
        assert_refused(&with(line, &json!({"certs_pem": [OTHER_PEM], "require_signed": false})), "no trusted key");
        assert_refused(&with(line, &json!({"certs_pem": [], "require_signed": false})), "no certificate");
    }
    let query = String::from_utf8(Base64::decode_vec(line["data_b64"].as_str().unwrap()).unwrap()).unwrap();
    let changed = query.replace("RelayState=s", "RelayState=t");
    assert_refused(&with(&line, &json!({"data_b64": base64(&changed)})), "no trusted key");
    assert_refused(&with(&redirect_line(&request(), None, None), &certified), "not signed");
}

#[test]
fn metadata_is_read() {
    let line = json!({"kind": "sp_metadata", "data_b64": base64(SIGNED_METADATA)});
    let expected = json!({
        "ok": true, "entity_id": "https://sp.example.com", "acs": [{"index": 0, "url": ACS, "default": false}], "default_acs_url": ACS,
        "name_id_formats": [], "authn_requests_signed": false, "want_assertions_signed": false, "signing_certs": 0, "encryption_certs": 0
    });
    assert_eq!(answer(&line), expected);
    let idp = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://idp.example.com'>
      <IDPSSODescriptor protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'/></EntityDescriptor>";
    let idp_line = json!({"kind": "idp_metadata", "data_b64": base64(idp)});
    assert_eq!(answer(&idp_line), json!({"ok": true, "entity_id": "https://idp.example.com"}));
    let both = format!(
        "<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' validUntil='2026-11-01T08:00:00Z'>{idp}{SIGNED_METADATA}</EntitiesDescriptor>"
    );
    for (kind, entity_id) in [("sp_metadata", "https://sp.example.com"), ("idp_metadata", "https://idp.example.com")] {
        let line = json!({"kind": kind, "data_b64": base64(&both), "now": "2026-11-01T07:59:59Z"});
        assert_eq!(answer(&line)["entity_id"], json!(entity_id));
        assert_eq!(answer(&with(&line, &json!({"now": null})))["ok"], json!(true));
        assert_refused(&with(&line, &json!({"now": "2026-11-01T08:00:00Z"})), "validUntil");
    }
    assert_refused(&with(&line, &json!({"kind": "idp_metadata"})), "IDPSSODescriptor");
    assert_refused(&with(&idp_line, &json!({"kind": "sp_metadata"})), "SPSSODescriptor");
    let javascript = SIGNED_METADATA.replace("https://sp.example.com/acs", "javascript:alert(1)");
    assert_refused(&with(&line, &json!({"data_b64": base64(&javascript)})), "AssertionConsumerService");
}

#[test]
fn a_request_is_read_unchecked() {
    let xml =
        "<samlp:AuthnRequest xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol' ID='_1' Version='2.0' IssueInstant='2026-11-01T08:00:00Z'
      AssertionConsumerServiceURL='http://a'><Issuer xmlns='urn:oasis:names:tc:SAML:2.0:assertion'>i</Issuer></samlp:AuthnRequest>";
    let line = json!({"kind": "authn_request", "data_b64": base64(xml)});
    assert_eq!(answer(&line), json!({"ok": true, "id": "_1", "issuer": "i", "acs_url": "http://a"}));
    assert_refused(&with(&line, &json!({"data_b64": base64(&xml.replace("2.0' Issue", "1.1' Issue"))})), "Version");
}

#[test]
fn canonical_forms() {
    let xml = "<!--o--><a xmlns='urn:d' xmlns:p='urn:p' z='1' b='2'><p:x/><y><!--c--></y><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/></a>";
    let signature = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"></Signature>";
    let root = |comment: &str, signature: &str| {
        format!("<a xmlns=\"urn:d\" b=\"2\" z=\"1\"><p:x xmlns:p=\"urn:p\"></p:x><y>{comment}</y>{signature}</a>")
    };
    for (others, expected) in [
        (json!({}), root("", signature)),
        (json!({"scope": "document", "with_comments": true}), format!("<!--o-->\n{}", root("<!--c-->", signature))),
        (json!({"scope": "element"}), root("", signature)),
        (json!({"target": [], "with_comments": true}), root("<!--c-->", signature)),
        (json!({"scope": "element", "target": [], "remove_own_signature": true}), root("", "")),
        (json!({"target": [1], "with_comments": true}), "<y xmlns=\"urn:d\"><!--c--></y>".to_owned()),
        (json!({"target": [0]}), "<p:x xmlns:p=\"urn:p\"></p:x>".to_owned()),
        (json!({"target": [0], "inclusive_prefixes": ["#default"]}), "<p:x xmlns=\"urn:d\" xmlns:p=\"urn:p\"></p:x>".to_owned()),
        (json!({"target": [1], "inclusive_prefixes": ["p", "q"]}), "<y xmlns=\"urn:d\" xmlns:p=\"urn:p\"></y>".to_owned()),
    ] {
        let line = with(&json!({"kind": "c14n", "data_b64": base64(xml)}), &others);
        assert_eq!(answer(&line), json!({"ok": true, "out_b64": base64(&expected)}), "{others}");
    }
    for (others, reason) in [
        (json!({"target": [9]}), "there is no element"),
        (json!({"target": [-1]}), "target must be"),
        (json!({"target": 0}), "target must be"),
        (json!({"scope": "subtree"}), "scope must be"),
        (json!({"with_comments": "yes"}), "with_comments must be"),
        (json!({"inclusive_prefixes": "p"}), "inclusive_prefixes must be"),
        (json!({"data_b64": base64("<!DOCTYPE a><a/>")}), "no document type"),
        (json!({"data_b64": "PGEvPg"}), "data_b64 must be base64"),
        (json!({"data_b64": "/w=="}), "UTF-8"),
        (json!({"data_b64": null}), "data_b64 is missing"),
    ] {
        assert_refused(&with(&json!({"kind": "c14n", "data_b64": base64(xml)}), &others), reason);
    }
}

/// A line that is none is answered, and in its place.
#[test]
fn a_bad_line_is_answered_with_an_error_line() {
    let deep = format!("{{\"kind\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let long = format!("{{\"kind\":\"{}\"}}", "x".repeat(16 * 1024 * 1024));
    let mut asked: Vec<String> = ["", "nonsense", "[]", "7", "{}", "{\"kind\":7}", "{\"kind\":\"else\"}", "{\"kind\":null}", "\u{0}"]
        .map(str::to_owned)
        .into_iter()
        .chain(["response", "dsig", "c14n", "sp_metadata", "authn_request_redirect"].map(|kind| json!({"kind": kind}).to_string()))
        .chain([json!({"kind": "dsig", "data_b64": "", "certs_pem": 7}).to_string(), deep, long])
        .collect();
    asked.push(json!({"kind": "c14n", "data_b64": base64("<a/>")}).to_string());
    let answers = lines::answers("saml", &asked);
    assert_eq!(answers.len(), asked.len());
    let (last, refused) = answers.split_last().unwrap();
    assert_eq!(last["ok"], json!(true));
    for (line, answer) in asked.iter().zip(refused) {
        let line = &line[..line.len().min(100)];
        assert_eq!(answer.as_object().unwrap().len(), 2, "{line}: {answer}");
        assert!(answer["ok"] == json!(false) && answer["error"].as_str().is_some_and(|error| error.len() < 400), "{line}: {answer}");
    }
}
