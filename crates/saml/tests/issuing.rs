//! Responses: what they say, what is signed of them, by whom, and how they leave (saml-profiles sections 4.1.4.2 and 4.1.5).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;

use base64ct::{Base64, Encoding as _};
use common::{
    ACS, ASSERTION_ID, P256_CERTIFICATE, REQUEST_ID, RESPONSE_ID, RSA_CERTIFICATE, SECOND_ACS, accept, accept_as, acs, certificate,
    credential, elliptic, idp, ids, issue, issue_unsolicited, login, now, registered, request, request_xml, seconds, service_provider,
    signature, signer, sp, stripped,
};
use idbridge_saml::{
    Attribute, AuthnContext, Certificate, Credential, EntityId, ErrorKind, Expected, IdentityProvider, MemoryReplayStore, PostForm,
    ReceivedRequest, ReceivedResponse, ServiceProvider, SignatureAlgorithm, SignedParts, SignedResponse, Signer, SigningStep, Status,
    StatusCode, TrustedKeys, UnsignedResponse,
};
use sha2::{Digest as _, Sha256};

/// The whole of a response, byte by byte, but for what depends on the key alone.
#[test]
fn the_text_of_a_response() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    let certificate = certificate(RSA_CERTIFICATE).to_base64();
    let mut values = xml.match_indices("<ds:SignatureValue>").map(|(at, open)| {
        let rest = &xml[at + open.len()..];
        &rest[..rest.find('<').unwrap()]
    });
    let (outer, inner) = (values.next().unwrap(), values.next().unwrap());
    let shown = xml.replace(&certificate, "CERTIFICATE").replace(outer, "OUTER").replace(inner, "INNER");
    let signature = |id: &str, digest: &str, value: &str| {
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
             <ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
             <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>{value}</ds:SignatureValue>\
             <ds:KeyInfo><ds:X509Data><ds:X509Certificate>CERTIFICATE</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        )
    };
    let expected = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"https://sp.example.com/acs\" ID=\"{RESPONSE_ID}\" \
         InResponseTo=\"{REQUEST_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example.com/entity</saml:Issuer>{}\
         <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>\
         <saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{ASSERTION_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\" \
         Version=\"2.0\"><saml:Issuer>https://idp.example.com/entity</saml:Issuer>{}\
         <saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">anna.berg@example.com</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData InResponseTo=\"{REQUEST_ID}\" NotOnOrAfter=\"2026-11-01T08:05:00Z\" \
         Recipient=\"https://sp.example.com/acs\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"2026-11-01T07:55:00Z\" NotOnOrAfter=\"2026-11-01T08:05:00Z\"><saml:AudienceRestriction>\
         <saml:Audience>https://sp.example.com/entity</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2026-11-01T07:59:00Z\" SessionIndex=\"{ASSERTION_ID}\"><saml:AuthnContext>\
         <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name=\"department\">\
         <saml:AttributeValue>Research</saml:AttributeValue><saml:AttributeValue>Teaching</saml:AttributeValue></saml:Attribute>\
         <saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter\">\
         <saml:AttributeValue>4711</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>",
        signature(RESPONSE_ID, "OUTER_DIGEST", "OUTER"),
        signature(ASSERTION_ID, "INNER_DIGEST", "INNER"),
    );
    let digests = ["J2SPJ7emaZE/R5+th6HJQX9DFMfXd9Tu3uhe1IpB0p4=", "lG/xqT4usWaOpwlTryh1cnBHyH6gaHa+exti9k/5NGg="];
    let expected = expected.replace("OUTER_DIGEST", digests[0]).replace("INNER_DIGEST", digests[1]);
    assert_eq!(shown, expected);
    let digest: String = Sha256::digest(xml.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "ee490af999a40b99420bece67e31146d76dabf125d99d059ca5283368ae98d61");
    assert_eq!(issue(SignedParts::Both).xml(), xml, "the same input, the same bytes");
}

#[test]
fn both_flows_to_every_endpoint() {
    let (idp, sp) = (idp(), sp());
    for url in [ACS, SECOND_ACS] {
        let received = ReceivedRequest::from_xml(&request_xml(&format!(" AssertionConsumerServiceURL=\"{url}\""), "")).unwrap();
        let solicited = idp.accept(&received, &sp, now()).unwrap();
        assert_eq!(solicited.assertion_consumer_service().url(), url);
        let response = solicited.respond(&login(), &ids(), now()).unwrap();
        assert_eq!((response.id().as_str(), response.destination()), (RESPONSE_ID, url));
        let response = response.sign(&credential()).unwrap();
        assert_eq!((response.destination(), response.id().as_str(), response.relay_state()), (url, RESPONSE_ID, None));
        assert_eq!(accept(response.xml()).unwrap().recipient(), url);

        let unsolicited = idp.unsolicited(&sp, Some(url), Some("https://sp.example.com/start")).unwrap();
        assert_eq!(unsolicited.assertion_consumer_service().url(), url);
        let response = unsolicited.respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap();
        assert_eq!((response.destination(), response.relay_state()), (url, Some("https://sp.example.com/start")));
        assert!(!response.xml().contains("InResponseTo"));
        assert_eq!(accept_as(response.xml(), &Expected::Unsolicited).unwrap().recipient(), url);
    }
    let default = registered("", &format!("{}{}", acs(3, ACS), acs(1, SECOND_ACS).replace("index", "isDefault=\"true\" index")));
    assert_eq!(idp.unsolicited(&default, None, None).unwrap().assertion_consumer_service().url(), SECOND_ACS);
    assert_eq!(idp.accept(&request(), &default, now()).unwrap().assertion_consumer_service().url(), SECOND_ACS);
}

#[test]
fn what_is_signed() {
    for (parts, response, assertion) in
        [(SignedParts::Assertion, false, true), (SignedParts::Response, true, false), (SignedParts::Both, true, true)]
    {
        for xml in [issue(parts).xml().to_owned(), issue_unsolicited(parts).xml().to_owned()] {
            assert_eq!(xml.contains(&format!("URI=\"#{RESPONSE_ID}\"")), response);
            assert_eq!(xml.contains(&format!("URI=\"#{ASSERTION_ID}\"")), assertion);
            assert_eq!(xml.matches("<ds:Signature ").count(), usize::from(response) + usize::from(assertion));
            ReceivedResponse::from_xml(xml).verify_signature(&common::keys()).unwrap();
        }
    }
    // What the service provider's metadata wants comes first.
    let sp = registered("WantAssertionsSigned=\"true\"", &acs(0, ACS));
    let idp = idp().with_signed_parts(SignedParts::Response);
    let signed = idp.unsolicited(&sp, None, None).unwrap().respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap();
    assert_eq!(signed.xml().matches("<ds:Signature ").count(), 2);
    // All of them say the same.
    let bare = stripped(issue(SignedParts::Both).xml());
    assert_eq!(stripped(issue(SignedParts::Assertion).xml()), bare);
    assert_eq!(stripped(issue(SignedParts::Response).xml()), bare);
}

#[test]
fn what_a_login_says() {
    let (idp, sp) = (idp().with_validity(seconds(60)).with_backdating(seconds(30)), sp());
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    let mut login = login();
    login.authn_context = AuthnContext::MULTI_FACTOR;
    login.session_index = Some("session 7".to_owned());
    login.session_not_on_or_after = Some(now() + seconds(3_600));
    login.attributes.insert(0, Attribute::new("empty", Vec::<String>::new()));
    login.attributes.push(Attribute::new("same", ["1"]).with_name_format("urn:a"));
    login.attributes.push(Attribute::new("same", ["2"]).with_name_format("urn:b").with_friendly_name("Same"));
    let xml = accepted.respond(&login, &ids(), now()).unwrap().sign(&credential()).unwrap().xml().to_owned();
    assert!(xml.contains("NotBefore=\"2026-11-01T07:59:30Z\" NotOnOrAfter=\"2026-11-01T08:01:00Z\""));
    let read = accept(&xml).unwrap();
    assert_eq!((read.authn_context(), read.session_index()), (&AuthnContext::MULTI_FACTOR, Some("session 7")));
    assert_eq!(read.session_not_on_or_after(), login.session_not_on_or_after);
    assert_eq!(read.attributes(), &login.attributes[1..]);
    assert_eq!(read.values("same").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(read.not_on_or_after(), now() + seconds(60));
    assert_eq!(read.authenticated_at(), login.authenticated_at);

    login.attributes.clear();
    assert!(!accepted.respond(&login, &ids(), now()).unwrap().sign(&credential()).unwrap().xml().contains("AttributeStatement"));
    login.attributes = vec![Attribute::new("a", ["1"]), Attribute::new("a", ["2"])];
    refused!(accepted.respond(&login, &ids(), now()), ErrorKind::Misuse { .. }, "the attribute a is there twice");
    login.attributes = vec![Attribute::new("", ["1"])];
    refused!(accepted.respond(&login, &ids(), now()), ErrorKind::Misuse { .. }, "an attribute has no name");
    refused!(accepted.respond(&common::login(), &ids(), std::time::UNIX_EPOCH), ErrorKind::Misuse { .. });
}

#[test]
fn a_refusal() {
    let (idp, sp) = (idp().with_signed_parts(SignedParts::Assertion), sp());
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    let status = Status::denied(StatusCode::NO_AUTHN_CONTEXT).with_message("no second factor");
    let refusal = accepted.refuse(&status, &ids(), now()).unwrap().sign(&credential()).unwrap();
    assert!(refusal.xml().contains(
        "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext\"></samlp:StatusCode></samlp:StatusCode>\
         <samlp:StatusMessage>no second factor</samlp:StatusMessage></samlp:Status></samlp:Response>"
    ));
    assert!(!refusal.xml().contains("Assertion ") && refusal.xml().contains(&format!("InResponseTo=\"{REQUEST_ID}\"")));
    // It is signed as a whole, whatever is signed otherwise.
    ReceivedResponse::from_xml(refusal.xml()).verify_signature(&common::keys()).unwrap();
    assert_eq!(refusal.xml().matches("<ds:Signature ").count(), 1);
    let error = accept(refusal.xml()).unwrap_err();
    let (responder, second) = ("urn:oasis:names:tc:SAML:2.0:status:Requester", "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext");
    let kind = ErrorKind::Status { code: format!("{responder} / {second}"), message: Some("no second factor".to_owned()) };
    assert_eq!(error.kind(), &kind);
    refused!(accepted.refuse(&Status::success(), &ids(), now()), ErrorKind::Misuse { .. });
}

#[test]
fn the_longest_response() {
    let sp = sp();
    let length = Base64::encode_string(issue_unsolicited(SignedParts::Both).xml().as_bytes()).len();
    let sign =
        |idp: IdentityProvider| idp.unsolicited(&sp, None, None).unwrap().respond(&login(), &ids(), now()).unwrap().sign(&credential());
    assert!(sign(idp().with_longest_response(length)).is_ok());
    refused!(
        sign(idp().with_longest_response(length - 1)),
        ErrorKind::Limit { .. },
        &format!("too much: at most {} characters of a response in base64", length - 1)
    );
    let mut long = login();
    long.attributes.push(Attribute::new("groups", (0..2_000).map(|index| format!("group {index}"))));
    let idp = idp();
    let response = idp.unsolicited(&sp, None, None).unwrap().respond(&long, &ids(), now()).unwrap();
    refused!(response.sign(&credential()), ErrorKind::Limit { most: 50_000, .. });
}

#[test]
fn the_page() {
    let form = issue_unsolicited(SignedParts::Both).to_form().unwrap();
    let html = form.html(None).unwrap();
    assert_eq!(
        html.replace(form.message(), "MESSAGE"),
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Signing in</title>\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n<form method=\"post\" \
         action=\"https://sp.example.com/acs\">\n<input type=\"hidden\" name=\"SAMLResponse\" value=\"MESSAGE\">\n\
         <p>You are being signed in.</p>\n<button type=\"submit\">Continue</button>\n</form>\n\
         <script>document.forms[0].submit()</script>\n</body>\n</html>\n"
    );
    // The policy allows the script that is there.
    let script = html.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let hash = format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(script.as_bytes())));
    assert_eq!(hash, PostForm::SCRIPT_HASH);
    let policy = form.headers().into_iter().find(|(name, _)| *name == "Content-Security-Policy").unwrap().1;
    assert_eq!(policy, format!("default-src 'none'; script-src {hash}; base-uri 'none'; frame-ancestors 'none'"));
    // What it carries is the response.
    let received = ReceivedResponse::from_post(form.message(), form.relay_state()).unwrap();
    assert!(service_provider().accept(&received, &Expected::Unsolicited, now(), &mut MemoryReplayStore::new(1)).is_ok());
    let shown = format!("{form:?} {:?} {received:?}", issue(SignedParts::Both));
    assert!(!shown.contains(&form.message()[..40]) && !shown.contains("anna"), "{shown}");
}

/// A key that answers from another thread, as one in a key management service does.
fn remote(credential: impl Signer + Send + 'static) -> impl Fn(&[u8]) -> Vec<u8> {
    let (ask, asked) = mpsc::channel::<(Vec<u8>, mpsc::Sender<Vec<u8>>)>();
    thread::spawn(move || {
        for (bytes, answer) in asked {
            answer.send(credential.sign(&bytes).unwrap()).unwrap();
        }
    });
    move |bytes| {
        let (answer, answered) = mpsc::channel();
        ask.send((bytes.to_vec(), answer)).unwrap();
        answered.recv().unwrap()
    }
}

/// A key management service that is asked by the network: its answer is not there when it is first looked for.
struct Asked {
    answer: Vec<u8>,
    is_there: bool,
}

impl Future for Asked {
    type Output = Vec<u8>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Vec<u8>> {
        if self.is_there {
            return Poll::Ready(std::mem::take(&mut self.answer));
        }
        self.is_there = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

async fn sign_from_afar(unsigned: UnsignedResponse) -> SignedResponse {
    let mut step = SigningStep::Next(unsigned.into_signing(SignatureAlgorithm::RsaSha256, &certificate(RSA_CERTIFICATE)).unwrap());
    loop {
        step = match step {
            SigningStep::Next(signing) => {
                let asked = Asked { answer: signer().sign(signing.bytes_to_sign()).unwrap(), is_there: false };
                signing.provide(&asked.await).unwrap()
            }
            SigningStep::Done(signed) => return signed,
        };
    }
}

/// What waits for a signature may be held across an await, and moved between threads.
#[test]
fn an_asynchronous_key_signs_in_steps() {
    let mut signing: Pin<Box<dyn Future<Output = SignedResponse> + Send>> = Box::pin(sign_from_afar(unsigned(SignedParts::Both)));
    let mut context = Context::from_waker(Waker::noop());
    let mut waited = 0;
    let signed = loop {
        match signing.as_mut().poll(&mut context) {
            Poll::Ready(signed) => break signed,
            Poll::Pending => waited += 1,
        }
    };
    assert_eq!(waited, 2, "once for the assertion, once for the response");
    assert_eq!(signed, unsigned(SignedParts::Both).sign(&credential()).unwrap());
}

fn unsigned(parts: SignedParts) -> UnsignedResponse {
    let (idp, sp) = (idp().with_signed_parts(parts), sp());
    idp.accept(&request(), &sp, now()).unwrap().respond(&login(), &ids(), now()).unwrap()
}

fn in_steps(
    parts: SignedParts,
    algorithm: SignatureAlgorithm,
    certificate: &Certificate,
    key: impl Fn(&[u8]) -> Vec<u8>,
) -> (SignedResponse, usize) {
    let mut step = SigningStep::Next(unsigned(parts).into_signing(algorithm, certificate).unwrap());
    let mut count = 0;
    loop {
        step = match step {
            SigningStep::Next(signing) => {
                assert_eq!(signing.algorithm(), algorithm);
                assert!(signing.bytes_to_sign().starts_with(b"<ds:SignedInfo xmlns:ds="));
                count += 1;
                let signature = key(signing.bytes_to_sign());
                signing.provide(&signature).unwrap()
            }
            SigningStep::Done(signed) => return (signed, count),
        }
    }
}

#[test]
fn a_key_that_is_elsewhere_signs_the_same() {
    let rsa = remote(signer());
    for (parts, signatures) in [(SignedParts::Assertion, 1), (SignedParts::Response, 1), (SignedParts::Both, 2)] {
        let (signed, count) = in_steps(parts, SignatureAlgorithm::RsaSha256, &certificate(RSA_CERTIFICATE), &rsa);
        assert_eq!((signed.xml(), count), (issue(parts).xml(), signatures));
        assert_eq!(signed, issue(parts));
        let at_once = unsigned(parts).sign(&elliptic()).unwrap();
        let (signed, _) = in_steps(parts, SignatureAlgorithm::EcdsaSha256, &certificate(P256_CERTIFICATE), remote(common::EllipticSigner));
        assert_eq!(signed.xml(), at_once.xml());
    }
}

#[test]
fn every_algorithm_is_verified() {
    for algorithm in [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha384, SignatureAlgorithm::RsaSha512] {
        let credential = Credential::new(signer().with_algorithm(algorithm).unwrap(), certificate(RSA_CERTIFICATE)).unwrap();
        let signed = unsigned(SignedParts::Both).sign(&credential).unwrap();
        assert!(signed.xml().contains(algorithm.uri()) && signed.xml().contains(algorithm.digest().uri()));
        assert!(accept(signed.xml()).is_ok());
    }
    let signed = unsigned(SignedParts::Both).sign(&elliptic()).unwrap();
    refused!(accept(signed.xml()), ErrorKind::Signature { .. });
    let keys = TrustedKeys::new([&certificate(RSA_CERTIFICATE), &certificate(P256_CERTIFICATE)]).unwrap();
    let sp = ServiceProvider::new(EntityId::new(common::SP).unwrap(), [ACS], EntityId::new(common::IDP).unwrap(), keys);
    let received = ReceivedResponse::from_xml(signed.xml());
    let name = sp.accept(&received, &common::expected(), now(), &mut MemoryReplayStore::new(1)).unwrap().name_id().clone();
    assert_eq!(name, login().name_id);
}

#[test]
fn a_signature_that_is_not_right_is_not_taken() {
    let begin = |parts| unsigned(parts).into_signing(SignatureAlgorithm::RsaSha256, &certificate(RSA_CERTIFICATE)).unwrap();
    let bytes = begin(SignedParts::Both).bytes_to_sign().to_vec();
    let right = signer().sign(&bytes).unwrap();
    assert!(matches!(begin(SignedParts::Both).provide(&right), Ok(SigningStep::Next(_))));
    let mut changed = right.clone();
    changed[7] ^= 1;
    for wrong in
        [Vec::new(), vec![0; 256], right[1..].to_vec(), [&[0], &right[..]].concat(), changed, common::stranger().0.sign(&bytes).unwrap()]
    {
        refused!(begin(SignedParts::Both).provide(&wrong), ErrorKind::Signature { tried: 1, .. }, "as it was provided");
    }
    // That of the assertion is not that of the response.
    let Ok(SigningStep::Next(second)) = begin(SignedParts::Both).provide(&right) else { panic!("one signature was enough") };
    refused!(second.provide(&right), ErrorKind::Signature { .. });
    // The certificate of another key.
    let other = common::stranger().1.certificate().clone();
    let signing = unsigned(SignedParts::Assertion).into_signing(SignatureAlgorithm::RsaSha256, &other).unwrap();
    let signature = signer().sign(signing.bytes_to_sign()).unwrap();
    refused!(signing.provide(&signature), ErrorKind::Signature { .. });
    let signing = unsigned(SignedParts::Assertion).into_signing(SignatureAlgorithm::RsaSha256, &certificate(P256_CERTIFICATE)).unwrap();
    assert_eq!(format!("{signing:?}"), "Signing { stage: \"assertion\", algorithm: RsaSha256, .. }");
    let signature = signer().sign(signing.bytes_to_sign()).unwrap();
    refused!(signing.provide(&signature), ErrorKind::Signature { .. });
}

#[test]
fn a_credential_belongs_together() {
    refused!(Credential::new(signer(), certificate(P256_CERTIFICATE)), ErrorKind::Key { what: "certificate", .. });
    refused!(
        Credential::new(signer(), common::stranger().1.certificate().clone()),
        ErrorKind::Key { .. },
        "the two do not belong together"
    );
    refused!(Credential::new(common::EllipticSigner, certificate(RSA_CERTIFICATE)), ErrorKind::Key { .. });
    assert_eq!(elliptic().algorithm(), SignatureAlgorithm::EcdsaSha256);
    struct Silent;
    impl Signer for Silent {
        fn algorithm(&self) -> SignatureAlgorithm {
            SignatureAlgorithm::RsaSha256
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
            Err("no answer".into())
        }
    }
    refused!(Credential::new(Silent, certificate(RSA_CERTIFICATE)), ErrorKind::Caller { .. }, "the signer failed: no answer");
    assert!(!format!("{:?}", credential()).to_lowercase().contains("private"));
    assert!(signature(issue(SignedParts::Both).xml()).contains(&credential().certificate().to_base64()));
}
