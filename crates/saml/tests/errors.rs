//! Every message of every error that this crate makes, but for those of metadata, keys and certificates.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64, Encoding as _};
use common::{
    ACS, ASSERTION_ID, C14N, ENVELOPED, P256_CERTIFICATE, Pen, REQUEST_ID, RSA_CERTIFICATE, RSA_SHA1, SHA1, SMALL_RSA_CERTIFICATE, SP,
    accept, accept_as, assertion, certificate, credential, element, idp, ids, issue, keys, login, now, replace, request_xml, seconds,
    service_provider, signature, signer, sp, unsigned,
};
use idbridge_saml::{
    AcceptedAssertion, Attribute, AuthnRequest, Credential, EntityId, Error, ExclusiveCanonicalization, Expected, Login, MemoryReplayStore,
    MessageId, NameId, NameIdFormat, ReceivedRequest, ReceivedResponse, ResponseIds, SignatureAlgorithm, SignedParts, Signer, Status,
    TrustedKeys, UnsignedResponse, XmlDocument,
};

/// A result's error, whatever it would have been otherwise.
fn error<T>(result: Result<T, Error>) -> Option<Error> {
    result.err()
}

/// Each is what it should be; all that are not are shown at once.
fn compare(said: &[(Option<Error>, &str)]) {
    let shown = |error: &Option<Error>| error.as_ref().map_or_else(|| "no error".to_owned(), ToString::to_string);
    let wrong: Vec<String> = said
        .iter()
        .filter(|(error, expected)| shown(error) != *expected)
        .map(|(error, expected)| format!("{expected}\n=> {}", shown(error)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn escaped(bytes: &[u8]) -> String {
    Base64::encode_string(bytes).replace('+', "%2B")
}

fn query(xml: &str) -> String {
    format!("SAMLRequest={}", escaped(&miniz_oxide::deflate::compress_to_vec(xml.as_bytes(), 6)))
}

fn request(inner: &str, attributes: &str) -> Result<ReceivedRequest, Error> {
    ReceivedRequest::from_xml(&request_xml(attributes, inner))
}

fn written() -> AuthnRequest {
    AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now())
}

fn signed_request(attributes: &str) -> ReceivedRequest {
    ReceivedRequest::from_xml(&Pen::honest().sign(&request_xml(attributes, ""), &[], REQUEST_ID)).unwrap()
}

fn taken(attributes: &str, later: u64) -> Result<(), Error> {
    idp().accept(&request("", attributes)?, &sp(), now() + seconds(later)).map(|_| ())
}

fn respond(change: &dyn Fn(&mut Login)) -> Result<UnsignedResponse, Error> {
    let mut login = login();
    change(&mut login);
    idp().unsolicited(&sp(), None, None)?.respond(&login, &ids(), now())
}

fn asked(inner: &str) -> Result<UnsignedResponse, Error> {
    let (idp, sp) = (idp(), sp());
    idp.accept(&request(inner, "")?, &sp, now())?.respond(&login(), &ids(), now())
}

fn unsolicited(longest: usize) -> UnsignedResponse {
    idp().with_longest_response(longest).unsolicited(&sp(), None, None).unwrap().respond(&login(), &ids(), now()).unwrap()
}

fn twice() -> Result<AcceptedAssertion, Error> {
    let mut store = MemoryReplayStore::new(2);
    let received = ReceivedResponse::from_xml(issue(SignedParts::Both).xml());
    let mut accept = || service_provider().accept(&received, &common::expected(), now(), &mut store);
    accept()?;
    accept()
}

/// Signs nothing.
struct Mute(SignatureAlgorithm);

impl Signer for Mute {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.0
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Err("no answer".into())
    }
}

/// The text of any message; `tests/xml.rs` has all of what is no XML.
#[test]
fn documents() {
    let document = XmlDocument::parse(
        "<a><s:Signature xmlns:s='http://www.w3.org/2000/09/xmldsig#'/><s:Signature xmlns:s='http://www.w3.org/2000/09/xmldsig#'/></a>",
    );
    let document = document.unwrap();
    compare(&[
        (error(accept("")), "invalid XML at byte 0: expected an element, found the end of the text"),
        (error(accept("<a>")), "invalid XML at byte 3: expected the end tag of every element, found the end of the text"),
        (error(accept("<!DOCTYPE a><a/>")), r##"invalid XML at byte 0: expected no document type declaration, found "<!DOCTYPE a>""##),
        (error(accept(&" ".repeat(2 * 1024 * 1024 + 1))), "too much: at most 2097152 bytes of XML"),
        (error(accept(&"<a>".repeat(65))), "too much: at most 64 elements within one another at byte 192"),
        (
            error(accept(&format!("<a{}/>", (0..65).map(|index| format!(" a{index}=''")).collect::<String>()))),
            "too much: at most 64 attributes of one element at byte 441",
        ),
        (
            error(accept(&(0..200).map(|index| format!("<a xmlns:n{index}='urn:n:{index}'>")).collect::<String>())),
            "too much: at most 64 elements within one another at byte 1516",
        ),
        (
            error(accept(&format!("<a>{}</a>", (0..200).map(|index| format!("<a xmlns='urn:n:{index}'/>")).collect::<String>()))),
            "too much: at most 128 namespaces at byte 2690",
        ),
        (
            error(ExclusiveCanonicalization::new().element(&document, &[0, 7])),
            "there is no element at [0, 7], counting child elements from the root",
        ),
        (
            error(ExclusiveCanonicalization::new().without_signature(true).document(&document)),
            "expected one Signature, found a second one at a/Signature[2] (byte 62)",
        ),
        (error(ExclusiveCanonicalization::new().with_inclusive_prefixes(vec!["p"; 33])), "too much: at most 32 inclusive prefixes"),
    ]);
}

/// What comes in by a query or a form.
#[test]
fn bindings() {
    compare(&[
        (error(ReceivedRequest::from_redirect("")), "invalid parameter: expected a message, found none in SAMLRequest"),
        (
            error(ReceivedRequest::from_redirect("SAMLResponse=&SAMLRequest=")),
            "invalid parameter: expected either a request or a response, found SAMLResponse in SAMLResponse",
        ),
        (
            error(ReceivedResponse::from_post_body("SAMLRequest=")),
            "invalid parameter: expected either a request or a response, found SAMLRequest in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect("SAMLRequest=&SAMLRequest=")),
            "invalid parameter: expected each parameter once, found a second one in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect("SAML%52equest=")),
            "invalid parameter: expected its name without escapes, found SAML%52equest in SAMLRequest",
        ),
        (error(ReceivedRequest::from_redirect("%=&SAMLRequest=")), "invalid percent-encoding: expected two hexadecimal digits behind %"),
        (
            error(ReceivedRequest::from_redirect("SAMLRequest=a+b")),
            "invalid percent-encoding: a + of base64 must be written as %2B in a query in SAMLRequest",
        ),
        (error(ReceivedRequest::from_redirect("SAMLRequest=%ff")), "invalid percent-encoding: expected UTF-8 in SAMLRequest"),
        (
            error(ReceivedRequest::from_redirect("SAMLRequest=A")),
            "invalid base64: expected the 64 characters of RFC 4648 section 4 and padding to a multiple of four in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect("SAMLRequest=AAAA")),
            "invalid DEFLATE: it is no DEFLATE stream without a header, or it ends early in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!("{}&SAMLEncoding=urn%3Ax", query(&request_xml("", ""))))),
            "the encoding urn:x is not supported in SAMLEncoding",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!("{}&SigAlg=urn%3Ax", query(&request_xml("", ""))))),
            "invalid parameter: expected SigAlg and Signature, or neither, found none in Signature",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!("{}&Signature=AAAA", query(&request_xml("", ""))))),
            "invalid parameter: expected SigAlg and Signature, or neither, found none in SigAlg",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!("{}&SigAlg=urn%3Ax&Signature=AAAA", query(&request_xml("", ""))))),
            "the algorithm urn:x is not accepted in SigAlg",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!("{}&RelayState=%e9", query(&request_xml("", ""))))),
            "invalid percent-encoding: expected UTF-8 in RelayState",
        ),
        (
            error(ReceivedRequest::from_redirect(&query(&" ".repeat(200_000)))),
            "too much: at most 131072 bytes when decompressed in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect(&format!(
                "SAMLRequest={}",
                escaped(&[miniz_oxide::deflate::compress_to_vec(b"x", 6), vec![0]].concat())
            ))),
            "invalid DEFLATE: there is something behind its end in SAMLRequest",
        ),
        (
            error(ReceivedRequest::from_redirect(&query(&Pen::honest().sign(&request_xml("", ""), &[], REQUEST_ID)))),
            "the signature is not accepted: expected a signature of the query and none in its message, found one in the message in SAMLRequest",
        ),
        (error(ReceivedRequest::from_redirect(&"a".repeat(5 * 1024 * 1024))), "too much: at most 4194304 bytes of a query or a form"),
        (error(ReceivedRequest::from_post(&"A".repeat(5 * 1024 * 1024), None)), "too much: at most 4194304 bytes of base64 in SAMLRequest"),
        (error(ReceivedRequest::from_post("/w==", None)), "invalid UTF-8: not a character in SAMLRequest"),
        (error(ReceivedRequest::from_post("", Some(&"x".repeat(8_193)))), "too much: at most 8192 bytes of RelayState in RelayState"),
        (
            error(written().to_redirect("javascript:alert(1)", None, None)),
            "no message can be sent there: expected a URL that begins with https:// or http://",
        ),
        (
            error(written().to_redirect("https://idp.example.com/#x", None, None)),
            "no message can be sent there: expected a URL without a fragment",
        ),
        (
            error(written().to_post("ftp://idp.example.com/", None, None)),
            "no message can be sent there: expected a URL that begins with https:// or http://",
        ),
        (error(issue(SignedParts::Both).to_form().unwrap().html(Some("\""))), "a nonce is a text in base64"),
    ]);
}

/// What is wrong with a request before anybody asks whose it is.
#[test]
fn requests() {
    compare(&[
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace("2.0\">", "1.1\">"))),
            "Version does not match: expected 2.0, found 1.1 at AuthnRequest (byte 0)",
        ),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace(REQUEST_ID, "1 2"))),
            "invalid ID: expected a name of at most 256 bytes that begins with a letter or _ and has no colon, found 1 2 at AuthnRequest (byte 0)",
        ),
        (error(ReceivedRequest::from_xml("<a/>")), "expected an AuthnRequest of SAML 2.0, found a at a (byte 0)"),
        (error(request("", " ForceAuthn=\"\"")), "invalid ForceAuthn: expected true or false, found nothing at AuthnRequest (byte 0)"),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace("08:00:00Z", "08:00"))),
            "invalid IssueInstant: expected a moment such as 2026-11-01T08:00:00Z, found 2026-11-01T08:00 at AuthnRequest (byte 0)",
        ),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace(" Version=", " Verse="))),
            "invalid Version: expected an attribute, found none at AuthnRequest (byte 0)",
        ),
        (error(request("", " ForceAuthn=\"yes\"")), "invalid ForceAuthn: expected true or false, found yes at AuthnRequest (byte 0)"),
        (
            error(request("", " AssertionConsumerServiceIndex=\"x\"")),
            "invalid AssertionConsumerServiceIndex: expected a number from 0 to 65535, found x at AuthnRequest (byte 0)",
        ),
        (
            error(request("<samlp:NameIDPolicy/><samlp:NameIDPolicy/>", "")),
            "expected one NameIDPolicy, found a second one at AuthnRequest/NameIDPolicy[2] (byte 288)",
        ),
        (
            error(request("<saml:Subject><saml:EncryptedID/></saml:Subject>", "")),
            "a subject by EncryptedID is not supported at AuthnRequest/Subject/EncryptedID (byte 281)",
        ),
        (
            error(request("<saml:Subject><saml:NameID>a<?b?></saml:NameID></saml:Subject>", "")),
            "expected nothing but text, found a processing instruction at AuthnRequest/Subject/NameID (byte 281)",
        ),
        (
            error(request("<saml:Subject><saml:NameID>a<b/></saml:NameID></saml:Subject>", "")),
            "expected nothing but text, found b at AuthnRequest/Subject/NameID/b (byte 295)",
        ),
        (
            error(request("<samlp:RequestedAuthnContext Comparison=\"x\"/>", "")),
            "invalid Comparison: expected exact, minimum, maximum or better, found x at AuthnRequest/RequestedAuthnContext (byte 267)",
        ),
        (
            error(request("<samlp:RequestedAuthnContext><saml:AuthnContextDeclRef/></samlp:RequestedAuthnContext>", "")),
            "an AuthnContextDeclRef is not supported at AuthnRequest/RequestedAuthnContext/AuthnContextDeclRef (byte 296)",
        ),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace("<saml:Issuer>", "<saml:Issuer Format=\"urn:x\">"))),
            "invalid Format: expected no format, or that of an entity, found urn:x at AuthnRequest/Issuer (byte 211)",
        ),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace(SP, ""))),
            "invalid entityID: expected 1 to 1,024 characters without control characters, and without whitespace around them, found \"\" at AuthnRequest/Issuer (byte 211)",
        ),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "").replace("saml:Issuer", "samlp:Issuer"))),
            "expected the element Issuer, found none at AuthnRequest (byte 0)",
        ),
    ]);
}

/// What an identity provider does not accept.
#[test]
fn accepting_requests() {
    compare(&[
        (
            error(taken(" Destination=\"https://other.example.com/\"", 0)),
            "Destination does not match: expected https://idp.example.com/sso, found https://other.example.com/",
        ),
        (
            error(taken(" AssertionConsumerServiceURL=\"https://evil.example/\"", 0)),
            "AssertionConsumerServiceURL does not match: expected one of the metadata's: https://sp.example.com/acs, https://sp.example.com/acs/second, found https://evil.example/",
        ),
        (
            error(taken(" AssertionConsumerServiceIndex=\"5\"", 0)),
            "AssertionConsumerServiceIndex does not match: expected an index that the metadata has, for HTTP POST, found 5",
        ),
        (
            error(taken(&format!(" AssertionConsumerServiceIndex=\"0\" AssertionConsumerServiceURL=\"{ACS}\""), 0)),
            "AssertionConsumerServiceIndex does not match: expected a URL or an index, found both",
        ),
        (error(taken(" ProtocolBinding=\"urn:x\"", 0)), "a response by the binding urn:x is not supported"),
        (error(taken("", 100_000)), "IssueInstant: 2026-11-02T11:46:40Z is not before 2026-11-01T08:15:00Z (skew 60 s)"),
        (
            error(idp().accept(&ReceivedRequest::from_xml(&request_xml("", "")).unwrap(), &sp(), now() - seconds(100))),
            "IssueInstant: 2026-11-01T07:58:20Z is before 2026-11-01T08:00:00Z (skew 60 s)",
        ),
        (
            error(idp().accept(&ReceivedRequest::from_xml(&request_xml("", "").replace(SP, "urn:other")).unwrap(), &sp(), now())),
            "Issuer does not match: expected https://sp.example.com/entity, found urn:other",
        ),
        (
            error(idp().with_wants_signed_requests(true).accept(&ReceivedRequest::from_xml(&request_xml("", "")).unwrap(), &sp(), now())),
            "the AuthnRequest is not signed",
        ),
        (
            error(idp().accept(&signed_request(""), &sp(), now())),
            "Destination does not match: expected https://idp.example.com/sso, found none, and the request is signed",
        ),
        (
            error(idp().accept(&signed_request(""), &common::registered("", &common::acs(0, ACS)), now())),
            "the request is signed, and the service provider's metadata has no certificate to verify it with",
        ),
        (error(ReceivedRequest::from_redirect(&query(&request_xml("", ""))).unwrap().verify_signature(&keys())), "the query is not signed"),
        (
            error(ReceivedRequest::from_xml(&request_xml("", "")).unwrap().verify_signature(&keys())),
            "AuthnRequest is not signed at AuthnRequest (byte 0)",
        ),
        (
            error(
                ReceivedRequest::from_redirect(&format!(
                    "{}&SigAlg=http://www.w3.org/2001/04/xmldsig-more%23rsa-sha256&Signature=AAAA",
                    query(&request_xml("", ""))
                ))
                .unwrap()
                .verify_signature(&keys()),
            ),
            "no trusted key verifies the signature over the query (1 tried) in Signature",
        ),
        (
            error(idp().unsolicited(&sp(), Some("https://evil.example/"), None)),
            "AssertionConsumerServiceURL does not match: expected one of the metadata's: https://sp.example.com/acs, https://sp.example.com/acs/second, found https://evil.example/",
        ),
        (error(idp().unsolicited(&sp(), None, Some(&"x".repeat(8_193)))), "too much: at most 8192 bytes of RelayState in RelayState"),
    ]);
}

/// What an identity provider does not say.
#[test]
fn issuing() {
    compare(&[
        (
            error(respond(&|login| login.name_id = NameId::new("a\u{1}", NameIdFormat::PERSISTENT).unwrap())),
            "invalid text: expected characters that XML 1.0 has, found a\\u{1}",
        ),
        (
            error(respond(&|login| login.attributes = vec![Attribute::new("a", ["1"]), Attribute::new("a", ["2"])])),
            "the attribute a is there twice; give it both values, or leave one out",
        ),
        (error(respond(&|login| login.attributes = vec![Attribute::new("", ["1"])])), "an attribute has no name"),
        (error(respond(&|login| login.authenticated_at = UNIX_EPOCH - seconds(1))), "a moment is written with a year from 1970 to 9999"),
        (
            error(asked("<samlp:NameIDPolicy SPNameQualifier=\"urn:other\"/>")),
            "SPNameQualifier does not match: expected urn:other, found the name for the issuer",
        ),
        (
            error(asked("<samlp:NameIDPolicy Format=\"urn:x\"/>")),
            "NameIDPolicy does not match: expected urn:x, found urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ),
        (
            error(asked(
                "<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>",
            )),
            "RequestedAuthnContext does not match: expected urn:x, found urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        ),
        (
            error(asked("<saml:Subject><saml:NameID>bert</saml:NameID></saml:Subject>")),
            "Subject does not match: expected bert, found anna.berg@example.com",
        ),
        (
            error(idp().unsolicited(&sp(), None, None).unwrap().respond(&login(), &ResponseIds::from_random([1; 16], [1; 16]), now())),
            "a response and its assertion need two identifiers, each from new random bytes",
        ),
        (
            error(idp().with_backdating(Duration::MAX).unsolicited(&sp(), None, None).unwrap().respond(&login(), &ids(), now())),
            "the validity reaches beyond what a moment can be",
        ),
        (
            error(idp().accept(&common::request(), &sp(), now()).unwrap().refuse(&Status::success(), &ids(), now())),
            "a refusal does not have the status of success; respond with a log-in instead",
        ),
        (error(unsolicited(100).sign(&credential())), "too much: at most 100 characters of a response in base64"),
        (
            error(unsolicited(50_000).into_signing(SignatureAlgorithm::DangerousRsaSha1, &certificate(RSA_CERTIFICATE))),
            "nothing is signed by SHA-1; choose RSA-SHA256",
        ),
        (
            error(unsolicited(50_000).into_signing(SignatureAlgorithm::RsaSha256, &certificate(SMALL_RSA_CERTIFICATE))),
            "unusable certificate: its key is RSA with 1024 bits, and nothing is signed with less than 2048",
        ),
        (
            error(unsolicited(50_000).into_signing(SignatureAlgorithm::RsaSha256, &certificate(RSA_CERTIFICATE)).unwrap().provide(b"")),
            "no trusted key verifies the signature over the response, as it was provided (1 tried)",
        ),
        (
            error(Credential::new(signer(), certificate(P256_CERTIFICATE))),
            "unusable certificate: its public key does not verify what the signer signs; the two do not belong together",
        ),
        (
            error(Credential::new(signer(), certificate(SMALL_RSA_CERTIFICATE))),
            "unusable certificate: its key is RSA with 1024 bits, and nothing is signed with less than 2048",
        ),
        (error(Credential::new(Mute(SignatureAlgorithm::RsaSha256), certificate(RSA_CERTIFICATE))), "the signer failed: no answer"),
        (
            error(Credential::new(Mute(SignatureAlgorithm::DangerousRsaSha1), certificate(RSA_CERTIFICATE))),
            "nothing is signed by SHA-1; choose RSA-SHA256",
        ),
        (error(TrustedKeys::new(std::iter::empty())), "no certificate is given, so no signature could be believed"),
        (error(TrustedKeys::new(&vec![certificate(RSA_CERTIFICATE); 17])), "too much: at most 16 trusted keys"),
        (
            error(MessageId::new("1")),
            "invalid ID: expected a name of at most 256 bytes that begins with a letter or _ and has no colon, found 1",
        ),
        (
            error(EntityId::new("")),
            "invalid entityID: expected 1 to 1,024 characters without control characters, and without whitespace around them, found \"\"",
        ),
        (error(NameId::email_address("")), r##"invalid NameID: expected a name, found """##),
    ]);
}

/// What is wrong with a signature.
#[test]
fn signatures() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    let shown = |from: &str, to: &str| accept(&replace(&xml, from, to));
    let by = |pen: Pen<'_>| accept(&pen.assertion(&unsigned()));
    compare(&[
        (error(accept(&unsigned())), "the Assertion, alone or with the Response around it, is not signed at Response (byte 0)"),
        (
            error(shown("4711", "4712")),
            "the digest of Assertion does not match: it was changed after it was signed, or canonicalized otherwise at Response/Assertion/Signature (byte 684)",
        ),
        (
            error(shown("<ds:SignatureValue>", "<ds:SignatureValue>AAAA")),
            "no trusted key verifies the signature over Assertion (1 tried) at Response/Assertion/Signature (byte 684)",
        ),
        (
            error(accept(&replace(&xml, signature(&xml), &signature(&xml).repeat(2)))),
            "expected one Signature, found a second one at Response/Assertion/Signature[2] (byte 3021)",
        ),
        (
            error(shown("<ds:KeyInfo>", "<ds:Object/><ds:KeyInfo>")),
            "the signature is not accepted: expected nothing more in Signature, found Object at Response/Assertion/Signature/Object (byte 1809)",
        ),
        (
            error(shown("<ds:SignedInfo>", "<ds:SignedInfo a=''>")),
            "the signature is not accepted: expected no attribute beside Id, found a at Response/Assertion/Signature/SignedInfo (byte 744)",
        ),
        (
            error(shown("<ds:SignedInfo>", "a<ds:SignedInfo>")),
            "the signature is not accepted: expected no text between elements, found text at Response/Assertion/Signature (byte 684)",
        ),
        (
            error(shown("<ds:DigestValue>", "<ds:DigestValue><!---->")),
            "the signature is not accepted: expected nothing but text, found a comment at Response/Assertion/Signature/SignedInfo/Reference/DigestValue (byte 1318)",
        ),
        (
            error(shown("<ds:DigestValue>", "<ds:DigestValue>!")),
            "invalid base64: expected the 64 characters of RFC 4648 section 4 and padding to a multiple of four at Response/Assertion/Signature/SignedInfo/Reference/DigestValue (byte 1318)",
        ),
        (
            error(shown("<ds:DigestMethod ", "<ds:Object/><ds:DigestMethod ")),
            "the signature is not accepted: expected ds:DigestMethod, found Object at Response/Assertion/Signature/SignedInfo/Reference/Object (byte 1231)",
        ),
        (
            error(shown(&format!("URI=\"#{ASSERTION_ID}\""), "URI=\"\"")),
            "the signature is not accepted: expected a Reference to #_02020202020202020202020202020202, which the signature is in, found nothing at Response/Assertion/Signature/SignedInfo/Reference (byte 969)",
        ),
        (
            error(shown(&format!(" ID=\"{ASSERTION_ID}\""), "")),
            "the signature is not accepted: expected an ID, which is a name, on the signed element, found none at Response/Assertion (byte 471)",
        ),
        (
            error(accept(&replace(&replace(&xml, signature(&xml), ""), "</saml:Subject>", &format!("</saml:Subject>{}", signature(&xml))))),
            "the signature is not accepted: expected the signature behind nothing but the Issuer, found it behind Subject at Response/Assertion/Signature (byte 1110)",
        ),
        (
            error(accept(&replace(&replace(&xml, signature(&xml), ""), "<saml:Subject>", &format!("<saml:Subject>{}", signature(&xml))))),
            "the signature is not accepted: expected signatures directly in what is signed, found one in another place at Response/Assertion/Subject/Signature (byte 698)",
        ),
        (
            error(by(Pen { method: "<ds:SignatureMethod Algorithm=\"urn:x\"/>".to_owned(), ..Pen::honest() })),
            "the algorithm urn:x is not accepted at Response/Assertion/Signature/SignedInfo/SignatureMethod (byte 866)",
        ),
        (
            error(by(Pen { method: format!("<ds:SignatureMethod Algorithm=\"{RSA_SHA1}\"/>"), ..Pen::honest() })),
            "the algorithm http://www.w3.org/2000/09/xmldsig#rsa-sha1 is not accepted: it is too weak at Response/Assertion/Signature (byte 684)",
        ),
        (
            error(by(Pen { method: "<ds:SignatureMethod/>".to_owned(), ..Pen::honest() })),
            "invalid Algorithm: expected an attribute, found none at Response/Assertion/Signature/SignedInfo/SignatureMethod (byte 866)",
        ),
        (
            error(by(Pen { digest_method: "urn:x".to_owned(), ..Pen::honest() })),
            "the algorithm urn:x is not accepted at Response/Assertion/Signature/SignedInfo/Reference/DigestMethod (byte 1231)",
        ),
        (
            error(by(Pen { digest_method: SHA1.to_owned(), ..Pen::honest() })),
            "the algorithm http://www.w3.org/2000/09/xmldsig#sha1 is not accepted: it is too weak at Response/Assertion/Signature (byte 684)",
        ),
        (
            error(by(Pen { canonicalization: "<ds:CanonicalizationMethod Algorithm=\"urn:x\"/>".to_owned(), ..Pen::honest() })),
            "the signature is not accepted: expected exclusive canonicalization without comments, found urn:x at Response/Assertion/Signature/SignedInfo/CanonicalizationMethod (byte 759)",
        ),
        (
            error(by(Pen { transforms: "<ds:Transform Algorithm=\"urn:x\"/>".to_owned(), ..Pen::honest() })),
            "the signature is not accepted: expected the enveloped-signature transform first, found urn:x at Response/Assertion/Signature/SignedInfo/Reference/Transforms/Transform (byte 1039)",
        ),
        (
            error(by(Pen { transforms: format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/>"), ..Pen::honest() })),
            "the signature is not accepted: expected ds:Transform, found none at Response/Assertion/Signature/SignedInfo/Reference/Transforms (byte 1024)",
        ),
        (
            error(by(Pen {
                transforms: format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{C14N}\"><a/></ds:Transform>"),
                ..Pen::honest()
            })),
            "the signature is not accepted: expected nothing but InclusiveNamespaces, found a at Response/Assertion/Signature/SignedInfo/Reference/Transforms/Transform[2]/a (byte 1186)",
        ),
        (
            error(by(Pen {
                transforms: format!(
                    "<ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{C14N}\"><InclusiveNamespaces xmlns=\"{C14N}\" PrefixList=\"{}\"/></ds:Transform>",
                    "p ".repeat(33)
                ),
                ..Pen::honest()
            })),
            "too much: at most 32 inclusive prefixes at Response/Assertion/Signature/SignedInfo/Reference/Transforms/Transform[2]/InclusiveNamespaces (byte 1186)",
        ),
        (
            error(ReceivedResponse::from_xml(&*xml).verify_signature(&TrustedKeys::new([&certificate(SMALL_RSA_CERTIFICATE)]).unwrap())),
            "the algorithm RSA with less than 2048 bits is not accepted: it is too weak at Response/Assertion/Signature (byte 684)",
        ),
    ]);
}

/// What is wrong with a response that is signed.
#[test]
fn responses() {
    let said = |from: &str, to: &str| accept(&Pen::honest().assertion(&replace(&unsigned(), from, to)));
    let around = |from: &str, to: &str| accept(&Pen::honest().response(&unsigned().replacen(from, to, 1)));
    let inner = |name: &str, to: &str| said(element(&unsigned(), name), to);
    compare(&[
        (error(accept("<a/>")), "expected a Response of SAML 2.0, found a at a (byte 0)"),
        (
            error(around("<samlp:Status>", "<a/><samlp:Status>")),
            "expected Issuer, Signature, Extensions, Status and Assertion in a Response, found a at Response/a (byte 1494)",
        ),
        (
            error(around("<samlp:Status>", "<samlp:Extensions><samlp:Response/></samlp:Extensions><samlp:Status>")),
            "expected one Assertion, directly in one Response, found another one at Response/Extensions/Response (byte 1512)",
        ),
        (
            error(around(
                "<samlp:Status>",
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/><samlp:Status>",
            )),
            "an encrypted assertion is not supported at Response/EncryptedAssertion (byte 1494)",
        ),
        (error(around(" Version=\"2.0\"", " Version=\"1.1\"")), "Version does not match: expected 2.0, found 1.1 at Response (byte 0)"),
        (
            error(around("https://idp.example.com/entity", "urn:other")),
            "Issuer of the Response does not match: expected https://idp.example.com/entity, found urn:other at Response (byte 0)",
        ),
        (
            error(around(&format!(" Destination=\"{ACS}\""), " Destination=\"urn:other\"")),
            "Destination does not match: expected https://sp.example.com/acs or https://sp.example.com/acs/second, found urn:other at Response (byte 0)",
        ),
        (
            error(around(&format!(" Destination=\"{ACS}\""), "")),
            "Destination does not match: expected https://sp.example.com/acs or https://sp.example.com/acs/second, found none, and the Response is signed at Response (byte 0)",
        ),
        (
            error(around(&format!(" Destination=\"{ACS}\""), " Destination=\"https://sp.example.com/acs/second\"")),
            "Destination does not match: expected https://sp.example.com/acs, found https://sp.example.com/acs/second at Response (byte 0)",
        ),
        (
            error(around("status:Success", "status:Responder")),
            "the response's status is urn:oasis:names:tc:SAML:2.0:status:Responder at Response/Status (byte 1494)",
        ),
        (
            error(around(
                "Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>",
                "Value=\"urn:x\"><samlp:StatusCode Value=\"urn:y\"/></samlp:StatusCode><samlp:StatusMessage>no\nway</samlp:StatusMessage>",
            )),
            "the response's status is urn:x / urn:y: no\\nway at Response/Status (byte 1494)",
        ),
        (
            error(around(REQUEST_ID, "_other")),
            "InResponseTo of the Response does not match: expected _0123456789abcdef0123456789abcdef, found _other at Response (byte 0)",
        ),
        (
            error(around(&format!(" InResponseTo=\"{REQUEST_ID}\""), "")),
            "InResponseTo of the Response does not match: expected _0123456789abcdef0123456789abcdef, found none at Response (byte 0)",
        ),
        (
            error(accept_as(issue(SignedParts::Both).xml(), &Expected::Unsolicited)),
            "InResponseTo of the Response does not match: expected none, because no request is outstanding, found _0123456789abcdef0123456789abcdef at Response (byte 0)",
        ),
        (
            error(around("08:00:00Z", "09:00:00Z")),
            "IssueInstant: 2026-11-01T08:00:00Z is before 2026-11-01T09:00:00Z (skew 60 s) at Response (byte 0)",
        ),
        (
            error(around("<saml:Assertion ", "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/><saml:Assertion ")),
            "expected one Assertion, found a second one at Response/Assertion[2] (byte 1679)",
        ),
        (
            error(accept(&Pen::honest().response(&replace(&unsigned(), assertion(&unsigned()), "")))),
            "expected an Assertion, because the status is Success, found none at Response (byte 0)",
        ),
        (error(inner("saml:NameID", "")), "expected the element NameID, found none at Response/Assertion/Subject (byte 1824)"),
        (
            error(inner("saml:NameID", "<saml:NameID/>")),
            r##"invalid NameID: expected a name, found "" at Response/Assertion/Subject/NameID (byte 1838)"##,
        ),
        (
            error(inner("saml:NameID", "<saml:BaseID/>")),
            "a subject by BaseID is not supported at Response/Assertion/Subject/BaseID (byte 1838)",
        ),
        (
            error(inner("saml:SubjectConfirmation", "")),
            "expected a SubjectConfirmation by bearer, found none at Response/Assertion/Subject (byte 1824)",
        ),
        (
            error(said(&format!("Recipient=\"{ACS}\""), "Recipient=\"urn:other\"")),
            "Recipient does not match: expected https://sp.example.com/acs or https://sp.example.com/acs/second, found urn:other at Response/Assertion/Subject/SubjectConfirmation/SubjectConfirmationData (byte 2023)",
        ),
        (
            error(said("NotOnOrAfter=\"2026-11-01T08:05:00Z\" Recipient", "Recipient")),
            "invalid NotOnOrAfter: expected an attribute, found none at Response/Assertion/Subject/SubjectConfirmation/SubjectConfirmationData (byte 2023)",
        ),
        (
            error(said("NotOnOrAfter=\"2026-11-01T08:05:00Z\" Recipient", "NotOnOrAfter=\"2026-11-01T07:00:00Z\" Recipient")),
            "NotOnOrAfter of the SubjectConfirmationData: 2026-11-01T08:00:00Z is not before 2026-11-01T07:00:00Z (skew 60 s) at Response/Assertion/Subject/SubjectConfirmation/SubjectConfirmationData (byte 2023)",
        ),
        (
            error(said(" Recipient=", " NotBefore=\"x\" Recipient=")),
            "invalid NotBefore: expected no such attribute here, found x at Response/Assertion/Subject/SubjectConfirmation/SubjectConfirmationData (byte 2023)",
        ),
        (
            error(said(
                "<saml:SubjectConfirmation Method",
                &format!(
                    "{}<saml:SubjectConfirmation Method",
                    "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>".repeat(64)
                ),
            )),
            "too much: at most 64 bearer confirmations at Response/Assertion/Subject (byte 1824)",
        ),
        (error(inner("saml:Conditions", "")), "expected the element Conditions, found none at Response/Assertion (byte 471)"),
        (
            error(said("NotBefore=\"2026-11-01T07:55:00Z\"", "NotBefore=\"2026-11-01T09:00:00Z\"")),
            "NotBefore of the Conditions: 2026-11-01T08:00:00Z is before 2026-11-01T09:00:00Z (skew 60 s) at Response/Assertion/Conditions (byte 2250)",
        ),
        (
            error(inner("saml:AudienceRestriction", "")),
            "Audience does not match: expected https://sp.example.com/entity, found none at Response/Assertion/Conditions (byte 2250)",
        ),
        (
            error(inner("saml:AudienceRestriction", "<saml:AudienceRestriction/>")),
            "Audience does not match: expected https://sp.example.com/entity, found none at Response/Assertion/Conditions/AudienceRestriction (byte 2336)",
        ),
        (
            error(said("/entity</saml:Audience>", "</saml:Audience>")),
            "Audience does not match: expected https://sp.example.com/entity, found https://sp.example.com at Response/Assertion/Conditions/AudienceRestriction (byte 2336)",
        ),
        (
            error(inner("saml:AudienceRestriction", "<saml:Condition/>")),
            "the condition Condition is not supported at Response/Assertion/Conditions/Condition (byte 2336)",
        ),
        (error(inner("saml:AuthnStatement", "")), "expected an AuthnStatement, found none at Response/Assertion (byte 471)"),
        (
            error(inner("saml:AuthnContext", "")),
            "expected the element AuthnContext, found none at Response/Assertion/AuthnStatement (byte 2467)",
        ),
        (
            error(said(" AuthnInstant=", " SessionNotOnOrAfter=\"2026-11-01T07:00:00Z\" AuthnInstant=")),
            "SessionNotOnOrAfter: 2026-11-01T08:00:00Z is not before 2026-11-01T07:00:00Z (skew 60 s) at Response/Assertion/AuthnStatement (byte 2467)",
        ),
        (
            error(said("<saml:AttributeStatement>", "<saml:AttributeStatement><saml:EncryptedAttribute/>")),
            "EncryptedAttribute in an AttributeStatement is not supported at Response/Assertion/AttributeStatement/EncryptedAttribute (byte 2779)",
        ),
        (
            error(said(" Name=\"department\"", "")),
            "invalid Name: expected an attribute, found none at Response/Assertion/AttributeStatement/Attribute (byte 2779)",
        ),
        (
            error(service_provider().with_required_signature(SignedParts::Response).accept(
                &ReceivedResponse::from_xml(issue(SignedParts::Assertion).xml()),
                &common::expected(),
                now(),
                &mut MemoryReplayStore::new(1),
            )),
            "the Response is not signed at Response (byte 0)",
        ),
        (
            error(service_provider().with_required_signature(SignedParts::Both).accept(
                &ReceivedResponse::from_xml(issue(SignedParts::Response).xml()),
                &common::expected(),
                now(),
                &mut MemoryReplayStore::new(1),
            )),
            "the Assertion is not signed at Response (byte 0)",
        ),
        (
            error(service_provider().accept(
                &ReceivedResponse::from_xml(issue(SignedParts::Both).xml()),
                &common::expected(),
                now(),
                &mut MemoryReplayStore::new(0),
            )),
            "the replay store failed: 0 assertions are remembered, and all are still valid",
        ),
        (error(twice()), "the assertion _02020202020202020202020202020202 was used before"),
    ]);
}

/// What somebody sent stays one line, and says what it says from left to right.
#[test]
fn no_message_breaks_a_line() {
    let text = request_xml("", "").replace("2.0\">", "&#10;\u{85}\u{2028}\u{202e}\u{2066}\u{feff}\u{200f}\u{e9}\">");
    let error = ReceivedRequest::from_xml(&text).unwrap_err();
    let shown = "\\n\\u{85}\\u{2028}\\u{202e}\\u{2066}\\u{feff}\\u{200f}\u{e9}";
    assert_eq!(error.to_string(), format!("Version does not match: expected 2.0, found {shown} at AuthnRequest (byte 0)"));
}

/// Of a long path, the end.
#[test]
fn a_long_path_is_cut() {
    let name = "n".repeat(150);
    let open = format!("<samlp:Extensions><{name}><{name}><saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>");
    let inner = format!("{open}</{name}></{name}></samlp:Extensions><samlp:Status>");
    let error = accept(&replace(&unsigned(), "<samlp:Status>", &inner)).unwrap_err();
    let path = format!("...{}/{name}/Assertion", "n".repeat(39));
    assert!(error.to_string().contains(&format!(" at {path} (byte ")), "{error}");
}
