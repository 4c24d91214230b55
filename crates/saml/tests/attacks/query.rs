//! Class 22: what is signed of a query, and what is read of it.

use base64ct::{Base64, Encoding as _};
use idbridge_saml::{AuthnRequest, EntityId, Error, ErrorKind, MessageId, ReceivedRequest, ReceivedResponse, SignedParts};

use crate::common::{Pen, REQUEST_ID, SP, SSO, credential, idp, issue, keys, now, request_xml, sp, stranger};
use crate::refused;

/// A request with a signature over its query.
fn signed(relay_state: Option<&str>) -> String {
    let mut request = AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now());
    request.destination = Some(SSO.to_owned());
    let url = request.to_redirect(SSO, relay_state, Some(&credential())).unwrap();
    url.as_str().split_once('?').unwrap().1.to_owned()
}

fn accept(query: &str) -> Result<(), Error> {
    let (idp, sp) = (idp(), sp());
    let received = ReceivedRequest::from_redirect(query)?;
    idp.accept(&received, &sp, now()).map(|accepted| assert!(accepted.is_signed()))
}

fn parameter<'q>(query: &'q str, name: &str) -> &'q str {
    query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap()
}

#[test]
fn class_22_a_request_and_a_response() {
    let query = signed(Some("state"));
    accept(&query).unwrap();
    let response = Base64::encode_string(issue(SignedParts::Both).xml().as_bytes());
    for both in [format!("{query}&SAMLResponse={response}"), format!("SAMLResponse=&{query}"), format!("SAMLResponse&{query}")] {
        refused!(ReceivedRequest::from_redirect(&both), ErrorKind::Value { .. }, "expected either a request or a response");
    }
    let body = format!("SAMLRequest=AAAA&SAMLResponse={}", response.replace('+', "%2B"));
    refused!(ReceivedResponse::from_post_body(&body), ErrorKind::Value { .. });
    refused!(ReceivedRequest::from_post_body(&body), ErrorKind::Value { .. });
    refused!(ReceivedRequest::from_redirect(&query.replace("SAMLRequest", "SAMLResponse")), ErrorKind::Value { .. });
    refused!(ReceivedRequest::from_redirect(""), ErrorKind::Value { .. }, "expected a message, found none in SAMLRequest");
}

#[test]
fn class_22_parameters_twice() {
    let query = signed(Some("state"));
    accept(&query).unwrap();
    for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature"] {
        for value in [parameter(&query, name), "", "AAAA"] {
            refused!(accept(&format!("{query}&{name}={value}")), ErrorKind::Value { .. }, "expected each parameter once");
            refused!(accept(&format!("{name}={value}&{query}")), ErrorKind::Value { .. }, "expected each parameter once");
        }
        refused!(accept(&format!("{query}&{name}")), ErrorKind::Value { .. });
        // Under an escaped name, which some read and others do not.
        let escaped = format!("%{:02X}{}", name.as_bytes()[0], &name[1..]);
        refused!(accept(&format!("{query}&{escaped}=x")), ErrorKind::Value { .. }, "its name without escapes");
        refused!(accept(&query.replace(&format!("{name}="), &format!("{escaped}="))), ErrorKind::Value { .. });
    }
    // Others are not SAML's, and not signed.
    accept(&format!("x=1&{query}&x=2&samlrequest=3&")).unwrap();
}

#[test]
fn class_22_what_is_signed_is_what_came() {
    let query = signed(Some("a state/with?marks"));
    accept(&query).unwrap();
    let (message, state, algorithm, signature) =
        (parameter(&query, "SAMLRequest"), parameter(&query, "RelayState"), parameter(&query, "SigAlg"), parameter(&query, "Signature"));
    // In whatever order the query has them, what was signed has one order.
    accept(&format!("Signature={signature}&SigAlg={algorithm}&RelayState={state}&SAMLRequest={message}")).unwrap();
    for (changed, why) in [
        (query.replace(&format!("&RelayState={state}"), ""), "left out"),
        (query.replace(state, "other"), "another one"),
        (query.replace(state, &state.to_lowercase()), "escapes in lower case"),
        (query.replace(state, &state.replace("%20", "+")), "a plus for a space"),
        (query.replace(state, &state.replace("%2F", "/")), "without an escape"),
        (query.replace(state, ""), "empty"),
        (query.replace(algorithm, &algorithm.to_lowercase()), "the algorithm in lower case"),
        (query.replace(message, &message.replace('%', "%0A%")), "a line end in the base64"),
        (query.replace(algorithm, &algorithm.replace("sha256", "sha512")), "another algorithm"),
    ] {
        assert_ne!(changed, query);
        refused!(accept(&changed), ErrorKind::Signature { .. }, "no trusted key verifies the signature over the query");
        assert!(!why.is_empty());
    }
    // One that was signed in lower case, or without a RelayState, is verified as it came.
    let bare = signed(None);
    accept(&bare).unwrap();
    refused!(accept(&format!("{bare}&RelayState=")), ErrorKind::Signature { .. });
    refused!(accept(&format!("{bare}&RelayState=added")), ErrorKind::Signature { .. });
    let lower = format!(
        "SAMLRequest={}&SigAlg={}",
        parameter(&bare, "SAMLRequest").replace("%2B", "%2b").replace("%2F", "%2f"),
        algorithm.to_lowercase()
    );
    let value = idbridge_saml::Signer::sign(&crate::common::signer(), lower.as_bytes()).unwrap();
    let value = Base64::encode_string(&value).replace('+', "%2b").replace('/', "%2f").replace('=', "%3d");
    accept(&format!("{lower}&Signature={value}")).unwrap();
    // A plus that was not escaped is a space.
    let plus = Base64::encode_string(&[0xfb, 0xff]);
    assert!(plus.contains('+'));
    refused!(accept(&format!("SAMLRequest={plus}")), ErrorKind::Encoding { .. }, "a + of base64 must be written as %2B");
    let value = format!("{}&Signature={plus}", query.split_once("&Signature=").unwrap().0);
    refused!(accept(&value), ErrorKind::Encoding { .. });
}

#[test]
fn class_22_half_a_signature() {
    let query = signed(None);
    accept(&query).unwrap();
    let (head, signature) = query.split_once("&Signature=").unwrap();
    refused!(accept(head), ErrorKind::Value { .. }, "expected SigAlg and Signature, or neither, found none in Signature");
    let message = head.split_once("&SigAlg=").unwrap().0;
    refused!(accept(&format!("{message}&Signature={signature}")), ErrorKind::Value { .. }, "found none in SigAlg");
    refused!(accept(&format!("{head}&Signature=")), ErrorKind::Signature { .. });
    refused!(accept(&format!("{message}&SigAlg=&Signature={signature}")), ErrorKind::Algorithm { .. });
    refused!(accept(&format!("{message}&SigAlg=urn:x&Signature={signature}")), ErrorKind::Algorithm { is_weak: false, .. });
    // Neither: it is not signed, which is no secret.
    let received = ReceivedRequest::from_redirect(message).unwrap();
    assert!(!received.is_signed());
    refused!(received.verify_signature(&keys()), ErrorKind::NotSigned { .. });
    refused!(idp().with_wants_signed_requests(true).accept(&received, &sp(), now()), ErrorKind::NotSigned { .. });
    // By a stranger.
    let request = AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now());
    let url = request.to_redirect(SSO, None, Some(&stranger().1)).unwrap();
    refused!(accept(url.as_str().split_once('?').unwrap().1), ErrorKind::Signature { .. });
}

/// saml-bindings 3.4.4.1: "Any signature on the SAML protocol message, including the <ds:Signature> XML element itself, MUST be removed." One that
/// is there all the same would be believed by some and passed over by others.
#[test]
fn class_22_a_signature_in_a_message_in_a_query() {
    let xml = request_xml(&format!(" Destination=\"{SSO}\""), "");
    let query = |xml: &str| {
        format!("SAMLRequest={}", Base64::encode_string(&miniz_oxide::deflate::compress_to_vec(xml.as_bytes(), 6)).replace('+', "%2B"))
    };
    assert!(ReceivedRequest::from_redirect(&query(&xml)).is_ok());
    let own = Pen::honest().sign(&xml, &[], REQUEST_ID);
    assert!(ReceivedRequest::from_xml(&own).unwrap().verify_signature(&keys()).is_ok());
    refused!(ReceivedRequest::from_redirect(&query(&own)), ErrorKind::SignatureShape { .. });
    refused!(ReceivedRequest::from_redirect(&query(&own.replace("2026", "2027"))), ErrorKind::SignatureShape { .. });
}

#[test]
fn class_22_other_encodings() {
    let query = signed(None);
    let deflate = "SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE";
    accept(&format!("{query}&{deflate}")).unwrap();
    refused!(accept(&format!("{query}&SAMLEncoding=urn:x")), ErrorKind::Unsupported { .. }, "the encoding urn:x is not supported");
    refused!(accept(&format!("{query}&{deflate}&{deflate}")), ErrorKind::Value { .. });
}

/// A form may be signed in its message only, and what is signed there is all that is read.
#[test]
fn class_22_a_signed_form() {
    let (idp, sp) = (idp(), sp());
    let xml = request_xml(&format!(" Destination=\"{SSO}\""), "");
    let own = Pen::honest().sign(&xml, &[], REQUEST_ID);
    let accepted = |xml: &str| {
        let received = ReceivedRequest::from_post(&Base64::encode_string(xml.as_bytes()), None)?;
        idp.accept(&received, &sp, now()).map(|accepted| accepted.is_signed())
    };
    assert_eq!(accepted(&xml), Ok(false));
    assert_eq!(accepted(&own), Ok(true));
    refused!(accepted(&own.replace("08:00:00Z", "08:00:01Z")), ErrorKind::Digest { .. });
    refused!(accepted(&own.replace("</samlp:AuthnRequest>", "<samlp:NameIDPolicy/></samlp:AuthnRequest>")), ErrorKind::Digest { .. });
    let value = crate::common::element(&own, "ds:SignatureValue").to_owned();
    refused!(accepted(&own.replace(&value, "<ds:SignatureValue>AAAA</ds:SignatureValue>")), ErrorKind::Signature { .. });
    // The signature of one request in another one.
    let other = xml.replace(REQUEST_ID, "_other");
    let moved = crate::common::insert(&other, "_other", crate::common::signature(&own));
    refused!(accepted(&moved), ErrorKind::SignatureShape { .. });
    let inner = other.replace("</samlp:AuthnRequest>", &format!("<samlp:Extensions>{own}</samlp:Extensions></samlp:AuthnRequest>"));
    let wrapped = crate::common::insert(&inner, "_other", crate::common::signature(&own));
    refused!(accepted(&wrapped), ErrorKind::SignatureShape { .. } | ErrorKind::Xml { .. });
    // Without a key to verify it with, a signature is no help, and not passed over.
    let keyless = crate::common::registered("", &crate::common::acs(0, crate::common::ACS));
    let received = ReceivedRequest::from_xml(&own).unwrap();
    refused!(idp.accept(&received, &keyless, now()), ErrorKind::Misuse { .. });
}
