//! Requests: how they are written, how they come in by both bindings, and what is checked of them (saml-core section 3.4, saml-bindings sections 3.4
//! and 3.5, saml-profiles section 4.1.4.1).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use base64ct::{Base64, Encoding as _};
use common::{
    ACS, NAME, REQUEST_ID, SECOND_ACS, SP, SSO, certificate, credential, idp, ids, keys, login, now, registered, request, request_xml,
    seconds, sp,
};
use idbridge_saml::{
    AuthnRequest, Credential, EntityId, ErrorKind, MessageId, NameIdFormat, PostForm, ReceivedRequest, StatusCode, TrustedKeys,
};

fn plain() -> AuthnRequest {
    AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now())
}

/// A request that says all that can be said.
fn full() -> AuthnRequest {
    let mut request = plain();
    request.destination = Some(SSO.to_owned());
    request.assertion_consumer_service_url = Some(SECOND_ACS.to_owned());
    request.protocol_binding = Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST".to_owned());
    request.force_authn = true;
    request.is_passive = true;
    request.name_id_format = Some(NameIdFormat::EMAIL_ADDRESS);
    request.allow_create = true;
    request.sp_name_qualifier = Some(SP.to_owned());
    request.requested_authn_context =
        vec!["urn:x".to_owned(), "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".to_owned()];
    request.authn_context_comparison = Some("exact".to_owned());
    request.subject = Some(NAME.to_owned());
    request
}

fn by_redirect(request: &AuthnRequest, relay_state: Option<&str>, credential: Option<&Credential>) -> ReceivedRequest {
    let url = request.to_redirect(SSO, relay_state, credential).unwrap();
    ReceivedRequest::from_redirect(url.as_str().strip_prefix("https://idp.example.com/sso?").unwrap()).unwrap()
}

fn body(form: &PostForm) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let state = form.relay_state().map(|state| format!("&RelayState={}", escape(state))).unwrap_or_default();
    format!("{}={}{state}", form.field(), escape(form.message()))
}

fn by_post(request: &AuthnRequest, relay_state: Option<&str>, credential: Option<&Credential>) -> ReceivedRequest {
    ReceivedRequest::from_post_body(&body(&request.to_post(SSO, relay_state, credential).unwrap())).unwrap()
}

#[test]
fn what_is_written_is_read_by_both_bindings() {
    let credential = credential();
    for request in [plain(), full()] {
        for signer in [None, Some(&credential)] {
            for state in [None, Some(""), Some("a b&c=d+e%/\u{e9}")] {
                for received in [by_redirect(&request, state, signer), by_post(&request, state, signer)] {
                    let mut expected = request.clone();
                    // A signed one always says where it goes.
                    if signer.is_some() {
                        expected.destination = Some(SSO.to_owned());
                    }
                    assert_eq!((received.request(), received.relay_state()), (&expected, state));
                    assert_eq!(received.is_signed(), signer.is_some());
                    assert_eq!(received.verify_signature(&keys()).is_ok(), signer.is_some());
                    assert_eq!(received.issuer().as_str(), SP);
                }
            }
        }
    }
}

#[test]
fn the_text_of_a_request() {
    let form = full().to_post(SSO, None, None).unwrap();
    let xml = String::from_utf8(Base64::decode_vec(form.message()).unwrap()).unwrap();
    assert_eq!(
        xml,
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         AssertionConsumerServiceURL=\"https://sp.example.com/acs/second\" Destination=\"https://idp.example.com/sso\" ForceAuthn=\"true\" \
         ID=\"_0123456789abcdef0123456789abcdef\" IsPassive=\"true\" IssueInstant=\"2026-11-01T08:00:00Z\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://sp.example.com/entity</saml:Issuer>\
         <saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:NameID>anna.berg@example.com</saml:NameID></saml:Subject>\
         <samlp:NameIDPolicy AllowCreate=\"true\" Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\" \
         SPNameQualifier=\"https://sp.example.com/entity\"></samlp:NameIDPolicy>\
         <samlp:RequestedAuthnContext Comparison=\"exact\">\
         <saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">urn:x</saml:AuthnContextClassRef>\
         <saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\
         </samlp:RequestedAuthnContext></samlp:AuthnRequest>"
    );
    assert_eq!((form.action(), form.field()), (SSO, "SAMLRequest"));
}

/// saml-bindings 3.4.4.1 puts the parameters in one order, each escaped once.
#[test]
fn the_url_of_a_redirect() {
    let url = plain().to_redirect("https://idp.example.com/sso?tenant=7", Some("a b"), Some(&credential())).unwrap();
    let names: Vec<_> = url.as_str().split(['?', '&']).skip(1).map(|pair| pair.split('=').next().unwrap()).collect();
    assert_eq!(names, ["tenant", "SAMLRequest", "RelayState", "SigAlg", "Signature"]);
    assert!(url.as_str().contains("&RelayState=a%20b&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature="));
    assert_eq!(url.to_string(), url.as_str());
    assert_eq!(format!("{url:?}"), "RedirectUrl(https://idp.example.com/sso?..)");
    let received = ReceivedRequest::from_redirect(url.as_str().split_once('?').unwrap().1).unwrap();
    assert!(received.verify_signature(&keys()).is_ok());
    for location in ["javascript:alert(1)", "/sso", "https://idp.example.com/sso#x", "https://idp.example.com/\r\nX: y", ""] {
        refused!(plain().to_redirect(location, None, None), ErrorKind::Misuse { .. });
        refused!(plain().to_post(location, None, None), ErrorKind::Misuse { .. });
    }
}

#[test]
fn by_elliptic_curves() {
    let credential = common::elliptic();
    let keys = TrustedKeys::new([credential.certificate()]).unwrap();
    for received in [by_redirect(&plain(), None, Some(&credential)), by_post(&plain(), None, Some(&credential))] {
        received.verify_signature(&keys).unwrap();
        refused!(received.verify_signature(&common::keys()), ErrorKind::Signature { .. });
    }
}

#[test]
fn what_is_asked_for_reaches_the_caller() {
    let (idp, sp) = (idp(), sp());
    let mut asked = full();
    asked.requested_authn_context.remove(0);
    let received = by_redirect(&asked, Some("state"), Some(&credential()));
    let accepted = idp.accept(&received, &sp, now()).unwrap();
    assert_eq!(accepted.request(), &asked);
    assert!(accepted.is_signed() && accepted.request().force_authn && accepted.request().is_passive);
    assert_eq!((accepted.assertion_consumer_service().url(), accepted.relay_state()), (SECOND_ACS, Some("state")));
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    assert!(!accepted.is_signed() && !accepted.request().force_authn && !accepted.request().is_passive);
    assert_eq!((accepted.assertion_consumer_service().url(), accepted.relay_state()), (ACS, None));
}

#[test]
fn the_age_of_a_request() {
    let sp = sp();
    let idp = idp().with_clock_skew(seconds(10)).with_longest_request_age(seconds(100));
    let at = |now| idp.accept(&request(), &sp, now).map(|_| ());
    at(now()).unwrap();
    at(now() - seconds(10)).unwrap();
    refused!(at(now() - seconds(11)), ErrorKind::TooEarly { what: "IssueInstant", skew: 10, .. });
    at(now() + seconds(109)).unwrap();
    refused!(at(now() + seconds(110)), ErrorKind::TooLate { what: "IssueInstant", skew: 10, .. });
    let standard = common::idp();
    assert!(standard.accept(&request(), &sp, now() + seconds(959)).is_ok());
    refused!(standard.accept(&request(), &sp, now() + seconds(960)), ErrorKind::TooLate { .. });
}

#[test]
fn for_whom_and_from_whom() {
    let (idp, sp) = (idp(), sp());
    let accept = |attributes: &str| idp.accept(&ReceivedRequest::from_xml(&request_xml(attributes, ""))?, &sp, now()).map(|_| ());
    accept(&format!(" Destination=\"{SSO}\"")).unwrap();
    accept(" Destination=\"\"").unwrap();
    for other in ["https://idp.example.com/sso/", "https://idp.example.com", "http://idp.example.com/sso", "https://evil.example/sso"] {
        refused!(accept(&format!(" Destination=\"{other}\"")), ErrorKind::Mismatch { what: "Destination", .. });
    }
    let other = ReceivedRequest::from_xml(&request_xml("", "").replace(SP, "https://other.example.com")).unwrap();
    refused!(idp.accept(&other, &sp, now()), ErrorKind::Mismatch { what: "Issuer", .. });
    // One that is signed must say where it goes.
    let signed = common::Pen::honest().sign(&request_xml("", ""), &[], REQUEST_ID);
    refused!(
        idp.accept(&ReceivedRequest::from_xml(&signed).unwrap(), &sp, now()),
        ErrorKind::Mismatch { what: "Destination", .. },
        "none, and the request is signed"
    );
}

#[test]
fn who_must_sign() {
    let (idp, strict) = (idp(), idp().with_wants_signed_requests(true));
    let key = common::key_descriptor("", &certificate(common::RSA_CERTIFICATE));
    let (free, signing) = (sp(), registered("AuthnRequestsSigned=\"1\"", &format!("{key}{}", common::acs(0, ACS))));
    let (unsigned, signed) = (by_redirect(&plain(), None, None), by_redirect(&plain(), None, Some(&credential())));
    assert!(idp.accept(&unsigned, &free, now()).is_ok());
    refused!(idp.accept(&unsigned, &signing, now()), ErrorKind::NotSigned { element: "the AuthnRequest" });
    refused!(strict.accept(&unsigned, &free, now()), ErrorKind::NotSigned { .. });
    for (idp, sp) in [(&idp, &free), (&idp, &signing), (&strict, &free), (&strict, &signing)] {
        assert!(idp.accept(&signed, sp, now()).unwrap().is_signed());
    }
    // SAML2INT SDP-IDP05: one that is there must be right.
    let wrong = by_redirect(&plain(), None, Some(&common::stranger().1));
    refused!(idp.accept(&wrong, &free, now()), ErrorKind::Signature { .. });
    let others = TrustedKeys::new([common::stranger().1.certificate()]).unwrap();
    assert!(idp.accept_with_keys(&wrong, &free, &others, now()).unwrap().is_signed());
    refused!(idp.accept_with_keys(&signed, &free, &others, now()), ErrorKind::Signature { .. });
    refused!(idp.accept_with_keys(&unsigned, &signing, &others, now()), ErrorKind::NotSigned { .. });
}

#[test]
fn what_is_asked_for_and_not_met() {
    let (idp, sp) = (idp(), sp());
    let unmet = |change: &dyn Fn(&mut AuthnRequest)| {
        let mut request = plain();
        change(&mut request);
        let received = by_redirect(&request, None, None);
        let accepted = idp.accept(&received, &sp, now()).unwrap();
        let status = accepted.status_for(&login()).map(|status| status.second_code().unwrap().clone());
        assert_eq!(accepted.respond(&login(), &ids(), now()).is_ok(), status.is_none());
        status
    };
    assert_eq!(unmet(&|_| ()), None);
    assert_eq!(unmet(&|request| request.name_id_format = Some(NameIdFormat::UNSPECIFIED)), None);
    assert_eq!(unmet(&|request| request.name_id_format = Some(NameIdFormat::EMAIL_ADDRESS)), None);
    assert_eq!(unmet(&|request| request.sp_name_qualifier = Some(SP.to_owned())), None);
    let refused = Some(StatusCode::INVALID_NAME_ID_POLICY);
    assert_eq!(unmet(&|request| request.sp_name_qualifier = Some("urn:affiliation".to_owned())), refused.clone());
    assert_eq!(unmet(&|request| request.sp_name_qualifier = Some(String::new())), refused.clone());
    assert_eq!(unmet(&|request| request.name_id_format = Some(NameIdFormat::PERSISTENT)), refused);
    assert_eq!(unmet(&|request| request.name_id_format = Some(NameIdFormat::ENCRYPTED)), refused);
    let refused = Some(StatusCode::NO_AUTHN_CONTEXT);
    assert_eq!(unmet(&|request| request.requested_authn_context = vec!["urn:x".to_owned()]), refused);
    assert_eq!(unmet(&|request| request.requested_authn_context = full().requested_authn_context), None);
    for comparison in ["exact", "minimum", "maximum", "better"] {
        let compared = |classes: Vec<String>| {
            unmet(&move |request| {
                request.requested_authn_context.clone_from(&classes);
                request.authn_context_comparison = Some(comparison.to_owned());
            })
        };
        // Which of two classes is better is not known, so what is not listed is not granted; and none is better than itself.
        assert_eq!(compared(vec!["urn:x".to_owned()]), Some(StatusCode::NO_AUTHN_CONTEXT), "{comparison}");
        let is_better = comparison == "better";
        assert_eq!(compared(full().requested_authn_context).is_some(), is_better, "{comparison}");
    }
    assert_eq!(unmet(&|request| request.subject = Some(NAME.to_owned())), None);
    for other in ["bert@example.com", "ANNA.BERG@example.com", "", " anna.berg@example.com"] {
        assert_eq!(unmet(&|request| request.subject = Some(other.to_owned())), Some(StatusCode::UNKNOWN_PRINCIPAL));
    }
}

/// What is asked for in a way that is not read would count as granted.
#[test]
fn what_is_asked_for_and_not_read() {
    let read = |inner: &str| ReceivedRequest::from_xml(&request_xml("", inner)).map(|_| ());
    let context = |attributes: &str, inner: &str| format!("<samlp:RequestedAuthnContext{attributes}>{inner}</samlp:RequestedAuthnContext>");
    let class = "<saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef>";
    read(&context(" Comparison=\"better\"", class)).unwrap();
    refused!(
        read(&context("", "<saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef>")),
        ErrorKind::Unsupported { .. },
        "an AuthnContextDeclRef is not supported"
    );
    for comparison in ["", "Exact", "strongest"] {
        refused!(read(&context(&format!(" Comparison=\"{comparison}\""), class)), ErrorKind::Value { name: "Comparison", .. });
    }
    read("<saml:Subject><saml:NameID>a</saml:NameID></saml:Subject>").unwrap();
    for other in ["BaseID", "EncryptedID"] {
        refused!(read(&format!("<saml:Subject><saml:{other}/></saml:Subject>")), ErrorKind::Unsupported { .. }, "a subject by");
    }
    for twice in [
        "<samlp:NameIDPolicy/>".repeat(2),
        context("", class).repeat(2),
        "<saml:Subject/>".repeat(2),
        "<saml:Subject><saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID></saml:Subject>".to_owned(),
        format!("<saml:Issuer>{SP}</saml:Issuer>"),
    ] {
        refused!(read(&twice), ErrorKind::Element { .. }, "a second one");
    }
}

#[test]
fn what_is_malformed() {
    let read = |from: &str, to: &str| ReceivedRequest::from_xml(&common::replace(&request_xml("", ""), from, to)).map(|_| ());
    read(" Version=", " ForceAuthn=\" 0 \" IsPassive=\"true\" AssertionConsumerServiceIndex=\" 7 \" Version=").unwrap();
    for value in ["2026-11-01", "2026-11-01T08:00:00", "yesterday", "2026-11-31T08:00:00Z", ""] {
        refused!(read("2026-11-01T08:00:00Z", value), ErrorKind::Value { name: "IssueInstant", .. });
    }
    for value in ["yes", "TRUE", "", "2"] {
        refused!(read(" Version=", &format!(" ForceAuthn=\"{value}\" Version=")), ErrorKind::Value { name: "ForceAuthn", .. });
        refused!(read(" Version=", &format!(" IsPassive=\"{value}\" Version=")), ErrorKind::Value { name: "IsPassive", .. });
    }
    refused!(read(" Version=\"2.0\"", ""), ErrorKind::Value { name: "Version", .. });
    refused!(read(" Version=\"2.0\"", " Version=\"1.1\""), ErrorKind::Mismatch { what: "Version", .. });
    refused!(read(&format!("<saml:Issuer>{SP}</saml:Issuer>"), ""), ErrorKind::Element { .. }, "the element Issuer");
    refused!(read(&format!(">{SP}<"), "><"), ErrorKind::Value { name: "entityID", .. });
    refused!(read(&format!(">{SP}<"), &format!(">\u{a0}{SP}<")), ErrorKind::Value { name: "entityID", .. });
    read(&format!(">{SP}<"), &format!(">\n  {SP}\n<")).unwrap();
    refused!(ReceivedRequest::from_xml("<AuthnRequest/>"), ErrorKind::Element { .. }, "expected an AuthnRequest of SAML 2.0");
}

#[test]
fn what_no_binding_carries() {
    for (query, encoding) in [
        ("SAMLRequest=", "DEFLATE"),
        ("SAMLRequest=!", "base64"),
        ("SAMLRequest=AAA", "base64"),
        ("SAMLRequest=%4", "percent-encoding"),
        ("SAMLRequest=%zz", "percent-encoding"),
        ("SAMLRequest=%FF", "percent-encoding"),
        ("%zz=&SAMLRequest=", "percent-encoding"),
    ] {
        let error = ReceivedRequest::from_redirect(query).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoding { encoding: found, .. } if *found == encoding), "{query}: {error}");
    }
    for (body, encoding) in [("SAMLRequest=!", "base64"), ("SAMLRequest=%2", "percent-encoding"), ("SAMLRequest=/w==", "UTF-8")] {
        let error = ReceivedRequest::from_post_body(body).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoding { encoding: found, .. } if *found == encoding), "{body}: {error}");
    }
    refused!(ReceivedRequest::from_post_body("SAMLRequest="), ErrorKind::Xml { .. });
    refused!(ReceivedRequest::from_post_body("RelayState=x"), ErrorKind::Value { .. }, "expected a message, found none in SAMLRequest");
}

#[test]
fn a_received_request_shows_no_relay_state() {
    let received = by_post(&plain(), Some("between us"), Some(&credential()));
    let shown = format!("{received:?}");
    assert!(shown.contains("is_signed: true") && !shown.contains("between us"), "{shown}");
}

/// A signature anywhere but directly in the request would pass for none; one of another binding, too.
#[test]
fn a_signature_in_another_place_is_refused() {
    let stray = "<samlp:Extensions><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/></samlp:Extensions>";
    refused!(ReceivedRequest::from_xml(&request_xml("", stray)), ErrorKind::SignatureShape { .. });
    ReceivedRequest::from_xml(&request_xml("", "<samlp:Extensions/>")).unwrap();
    for parameter in ["SigAlg", "Signature", "SAMLEncoding"] {
        let expected = format!("{parameter} in a form, which the HTTP POST binding does not have, is not supported in {parameter}");
        let error = ReceivedRequest::from_post_body(&format!("SAMLRequest=PGEvPg%3D%3D&{parameter}=x")).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
