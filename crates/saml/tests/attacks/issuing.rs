//! Classes 20, 23 to 27 and 29: what an identity provider can be made to issue, and where it can be made to send it.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use idbridge_saml::{
    Attribute, ErrorKind, Login, MessageId, NameId, NameIdFormat, ReceivedRequest, RegisteredSp, Registration, ResponseIds, SignedParts,
    Status, StatusCode,
};

use crate::common::{
    ACS, ED25519_CERTIFICATE, Pen, REQUEST_ID, RSA_CERTIFICATE, SECOND_ACS, SSO, accept, acs, certificate, credential, idp, ids, issue,
    key_descriptor, login, metadata, now, registered, request, request_xml, seconds, sp,
};
use crate::refused;

/// CVE-2026-16443: a key without a use, a key for something else and no key: none of them switches a check off.
#[test]
fn class_20_keys_in_metadata() {
    let own = Pen::honest().sign(&request_xml(&format!(" Destination=\"{SSO}\""), ""), &[], REQUEST_ID);
    let received = ReceivedRequest::from_xml(&own).unwrap();
    let broken = ReceivedRequest::from_xml(&own.replace("08:00:00Z", "08:00:01Z")).unwrap();
    let idp = idp();
    let with = |keys: &str| registered("AuthnRequestsSigned=\"true\"", &format!("{keys}{}", acs(0, ACS)));
    let rsa = certificate(RSA_CERTIFICATE);
    for keys in [key_descriptor("", &rsa), key_descriptor(" use=\"signing\"", &rsa)] {
        let sp = with(&keys);
        assert!(idp.accept(&received, &sp, now()).unwrap().is_signed());
        refused!(idp.accept(&broken, &sp, now()), ErrorKind::Digest { .. });
        refused!(idp.accept(&request(), &sp, now()), ErrorKind::NotSigned { .. });
    }
    for keys in [String::new(), key_descriptor(" use=\"encryption\"", &rsa)] {
        let sp = with(&keys);
        refused!(idp.accept(&received, &sp, now()), ErrorKind::Misuse { .. }, "no certificate");
        refused!(idp.accept(&broken, &sp, now()), ErrorKind::Misuse { .. });
        refused!(idp.accept(&request(), &sp, now()), ErrorKind::NotSigned { .. });
    }
}

/// A certificate of a kind that nobody here can compute with does not keep the one beside it from being used.
#[test]
fn class_20_a_key_of_an_unknown_kind_beside_another() {
    let own = Pen::honest().sign(&request_xml(&format!(" Destination=\"{SSO}\""), ""), &[], REQUEST_ID);
    let received = ReceivedRequest::from_xml(&own).unwrap();
    let (unknown, rsa) = (key_descriptor("", &certificate(ED25519_CERTIFICATE)), key_descriptor("", &certificate(RSA_CERTIFICATE)));
    for keys in [format!("{unknown}{rsa}"), format!("{rsa}{unknown}")] {
        let sp = registered("", &format!("{keys}{}", acs(0, ACS)));
        assert!(idp().accept(&received, &sp, now()).unwrap().is_signed());
    }
    let sp = registered("", &format!("{unknown}{}", acs(0, ACS)));
    refused!(idp().accept(&received, &sp, now()), ErrorKind::Misuse { .. });
}

/// Where an answer may go.
fn goes_to(attributes: &str) -> Result<String, idbridge_saml::Error> {
    let received = ReceivedRequest::from_xml(&request_xml(attributes, ""))?;
    let (idp, sp) = (idp(), sp());
    let accepted = idp.accept(&received, &sp, now())?;
    let response = accepted.respond(&login(), &ids(), now())?.sign(&credential())?;
    assert!(response.xml().contains(&format!("Recipient=\"{}\"", response.destination())));
    assert_eq!(response.to_form()?.action(), accepted.assertion_consumer_service().url());
    Ok(response.destination().to_owned())
}

#[test]
fn class_23_only_registered_endpoints() {
    let url = |url: &str| goes_to(&format!(" AssertionConsumerServiceURL=\"{url}\""));
    assert_eq!(goes_to("").as_deref(), Ok(ACS));
    assert_eq!(url(ACS).as_deref(), Ok(ACS));
    assert_eq!(url(SECOND_ACS).as_deref(), Ok(SECOND_ACS));
    for stranger in [
        "https://sp.example.com/ac",
        "https://sp.example.com/acs/",
        "https://sp.example.com/acs/second/",
        "https://sp.example.com/acs?",
        "https://sp.example.com/acs?next=https://evil.example",
        "https://sp.example.com/acs#x",
        "https://sp.example.com/acs/../acs",
        "https://sp.example.com//acs",
        "https://sp.example.com/%61cs",
        "https://sp.example.com/ACS",
        "HTTPS://sp.example.com/acs",
        "https://SP.example.com/acs",
        "https://sp.example.com:443/acs",
        "https://sp.example.com./acs",
        "https://sp.example.com@evil.example/acs",
        "https://sp.example.com.evil.example/acs",
        "https://evil.example/?https://sp.example.com/acs",
        "http://sp.example.com/acs",
        "//sp.example.com/acs",
        "/acs",
        " https://sp.example.com/acs",
        "https://sp.example.com/acs&#10;",
        "https://sp.example.com/acs\u{200b}",
        "javascript:alert(1)",
        "data:text/html,x",
        "*",
        "",
    ] {
        refused!(
            url(stranger),
            ErrorKind::Mismatch { what: "AssertionConsumerServiceURL", .. },
            "one of the metadata's: https://sp.example.com/acs, "
        );
    }
    for stranger in ["https://evil.example/", "https://sp.example.com/acs/", ""] {
        refused!(idp().unsolicited(&sp(), Some(stranger), None), ErrorKind::Mismatch { what: "AssertionConsumerServiceURL", .. });
    }
}

#[test]
fn class_23_by_index_and_by_url() {
    let index = |index: &str| goes_to(&format!(" AssertionConsumerServiceIndex=\"{index}\""));
    assert_eq!(index("0").as_deref(), Ok(ACS));
    assert_eq!(index("7").as_deref(), Ok(SECOND_ACS));
    for other in ["1", "65535"] {
        refused!(index(other), ErrorKind::Mismatch { what: "AssertionConsumerServiceIndex", .. });
    }
    for other in ["-1", "65536", "x", "", "0x0", "1e0"] {
        refused!(index(other), ErrorKind::Value { name: "AssertionConsumerServiceIndex", .. });
    }
    let both = format!(" AssertionConsumerServiceIndex=\"0\" AssertionConsumerServiceURL=\"{ACS}\"");
    refused!(goes_to(&both), ErrorKind::Mismatch { .. }, "expected a URL or an index, found both");
    for binding in ["HTTP-Redirect", "HTTP-Artifact", "PAOS", "http-post"] {
        let other = format!(" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\"");
        refused!(goes_to(&other), ErrorKind::Unsupported { .. }, "a response by the binding");
    }
    assert!(goes_to(" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"").is_ok());
}

/// CVE-2023-45683: what would not be posted to over TLS is not registered.
#[test]
fn class_23_endpoints_that_are_not_registered() {
    let register = |url: &str| RegisteredSp::from_xml(&metadata("", &acs(0, url)), &Registration::new());
    assert!(register(ACS).is_ok());
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://sp.example.com/",
        "data:text/html,x",
        "http://sp.example.com/acs",
        "https:sp.example.com/acs",
        "https:///acs",
        "https://user@sp.example.com/acs",
        "https://sp.example.com\\@evil.example/acs",
        "https://sp.example.com/acs#x",
        "https://sp.example.com/&quot;onfocus=x",
        "https://sp.example.com/\u{e9}",
        " https://sp.example.com/acs",
    ] {
        refused!(register(url), ErrorKind::Element { .. }, "an AssertionConsumerService that a response can go to");
    }
    let http = Registration::new().dangerous_allow_http();
    assert!(RegisteredSp::from_xml(&metadata("", &acs(0, "http://localhost:8000/acs")), &http).is_ok());
    refused!(RegisteredSp::from_xml(&metadata("", &acs(0, "javascript:alert(1)")), &http), ErrorKind::Element { .. });
    // Beside one that can be used, it is never the default nor found.
    let sp = registered("", &format!("{}{}", acs(0, "javascript:alert(1)"), acs(1, ACS)));
    assert_eq!(sp.default_assertion_consumer_service().url(), ACS);
    assert!(sp.assertion_consumer_service_at("javascript:alert(1)").is_none());
}

/// A scheme is compared without case, when it is registered and when it is sent to.
#[test]
fn class_23_an_upper_case_scheme_is_answered() {
    let sp = registered("", &acs(0, "HTTPS://sp.example.com/acs"));
    let response = idp().unsolicited(&sp, None, None).unwrap().respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap();
    assert_eq!(response.to_form().unwrap().action(), "HTTPS://sp.example.com/acs");
}

/// What is to come back comes back, whatever it is, and nobody follows it.
#[test]
fn class_24_relay_state_is_passed_through() {
    let message = Base64::encode_string(request_xml("", "").as_bytes()).replace('+', "%2B");
    let (idp, sp) = (idp(), sp());
    for state in [
        "",
        "plain",
        " spaces  around ",
        "https://evil.example/?a=b&c=d",
        "javascript:alert(1)",
        "\"><script>alert(1)</script>",
        "a\r\nb\tc",
        "%20 %2B + ++",
        "\u{e9}\u{1F600}\u{200b}\u{fffd}",
        "&amp;&#13;",
    ] {
        let escaped: String = state.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let received = ReceivedRequest::from_post_body(&format!("SAMLRequest={message}&RelayState={escaped}")).unwrap();
        assert_eq!(received.relay_state(), Some(state));
        let accepted = idp.accept(&received, &sp, now()).unwrap();
        let response = accepted.respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap();
        assert_eq!((accepted.relay_state(), response.relay_state()), (Some(state), Some(state)));
        assert_eq!(response.to_form().unwrap().relay_state(), Some(state));
        assert!(!response.to_form().unwrap().html(None).unwrap().contains("<script>alert"));
        assert!(!response.xml().contains(state) || state.is_empty());
    }
    let received = ReceivedRequest::from_post_body(&format!("SAMLRequest={message}")).unwrap();
    let form = idp.accept(&received, &sp, now()).unwrap().respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap();
    assert!(!form.to_form().unwrap().html(None).unwrap().contains("RelayState"));
    refused!(ReceivedRequest::from_post_body(&format!("SAMLRequest={message}&RelayState=%ff")), ErrorKind::Encoding { .. });
}

/// GHSA-34r5-q4jw-r36m: values that would be markup.
#[test]
fn class_25_markup_in_every_value() {
    let evil = "\"'><![CDATA[x]]>&amp;&#65;</saml:AttributeValue><saml:AttributeValue>root<!-- --><?p?> ]]> \r\n\t\u{85}\u{2028}";
    let mut login = Login::new(NameId::new(evil, NameIdFormat::from(evil)).unwrap(), now());
    login.authn_context = "urn:\"'><&".into();
    login.session_index = Some(evil.to_owned());
    login.attributes.push(Attribute::new(evil, [evil, "", " ", "\n"]).with_name_format(evil).with_friendly_name(evil));
    let (idp, sp) = (idp(), sp());
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    let xml = accepted.respond(&login, &ids(), now()).unwrap().sign(&credential()).unwrap().xml().to_owned();
    let read = accept(&xml).unwrap();
    assert_eq!(read.name_id(), &login.name_id);
    assert_eq!(read.session_index(), Some(evil));
    assert_eq!(read.authn_context(), &login.authn_context);
    assert_eq!(read.attributes(), login.attributes);
    assert_eq!(xml.matches("<saml:AttributeValue>").count(), 4);

    for character in ['\u{0}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        let bad = format!("a{character}b");
        let refuse = |login: &Login| accepted.respond(login, &ids(), now()).map(|_| ());
        let mut login = crate::common::login();
        login.attributes.push(Attribute::new("x", [bad.clone()]));
        refused!(refuse(&login), ErrorKind::Value { .. }, "expected characters that XML 1.0 has");
        let mut login = crate::common::login();
        login.attributes.push(Attribute::new(bad.clone(), ["x"]));
        refused!(refuse(&login), ErrorKind::Value { .. });
        let mut login = crate::common::login();
        login.session_index = Some(bad.clone());
        refused!(refuse(&login), ErrorKind::Value { .. });
        refused!(refuse(&Login::new(NameId::email_address(bad.clone()).unwrap(), now())), ErrorKind::Value { .. });
        let status = Status::denied(StatusCode::AUTHN_FAILED).with_message(bad);
        refused!(accepted.refuse(&status, &ids(), now()), ErrorKind::Value { .. });
    }
}

/// An identifier is copied into the answer, so it must be a name.
#[test]
fn class_25_identifiers_that_are_no_names() {
    assert!(MessageId::new(REQUEST_ID).is_ok());
    for id in ["", " ", "1a", "a b", "a:b", "a\"b", "a'b", "<a>", "a&b", "a\nb", "\u{0}", "-a", ".a", &"a".repeat(257)] {
        refused!(MessageId::new(id), ErrorKind::Value { name: "ID", .. });
    }
    for id in ["&quot;&gt;&lt;evil/&gt;", "1a", "a b", "a:b", "", " _a"] {
        let xml = request_xml("", "").replace(REQUEST_ID, id);
        refused!(ReceivedRequest::from_xml(&xml), ErrorKind::Value { name: "ID", .. });
    }
}

#[test]
fn class_25_markup_in_a_status() {
    let (idp, sp) = (idp(), sp());
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    let status = Status::denied(StatusCode::from("urn:\"/><evil/>")).with_message("</samlp:StatusMessage><evil/>&\r");
    let xml = accepted.refuse(&status, &ids(), now()).unwrap().sign(&credential()).unwrap().xml().to_owned();
    assert!(!xml.contains("<evil/>"));
    refused!(accept(&xml), ErrorKind::Status { .. }, "urn:\"/><evil/>: </samlp:StatusMessage><evil/>&\\r");
}

#[test]
fn class_26_markup_in_the_form() {
    let sp = registered("", &acs(0, "https://sp.example.com/a'cs?a=1&amp;b='onfocus=x"));
    let evil = "\"'><script>alert(1)</script>&lt;\r\n";
    let response = idp().unsolicited(&sp, None, Some(evil)).unwrap().respond(&login(), &ids(), now()).unwrap();
    let form = response.sign(&credential()).unwrap().to_form().unwrap();
    let html = form.html(None).unwrap();
    assert!(html.contains("action=\"https://sp.example.com/a&#39;cs?a=1&amp;b=&#39;onfocus=x\""), "{html}");
    assert!(html.contains("value=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;&#13;&#10;\""), "{html}");
    assert_eq!((html.matches("<script").count(), html.matches("<input").count(), html.matches("<form").count()), (1, 2, 1));
    assert!(html.is_ascii());
    assert!(!html.contains("onload") && !html.contains("javascript:"));
    for nonce in ["", "\"", "a b", "a>", "a\nb", "\u{e9}", "'"] {
        refused!(form.html(Some(nonce)), ErrorKind::Misuse { .. }, "a nonce is a text in base64");
    }
    assert!(form.html(Some("aB+/-_9=")).unwrap().contains("<script nonce=\"aB+/-_9=\">"));
    assert!(form.headers().contains(&("Cache-Control", "no-store".to_owned())));
}

/// CVE-2026-3047: what is not to be used any more is not answered, whenever the request came.
#[test]
fn class_27_a_service_provider_that_has_ended() {
    let xml = metadata("", &acs(0, ACS)).replace(" entityID", " validUntil=\"2026-11-01T08:05:00Z\" entityID");
    let sp = RegisteredSp::from_xml(&xml, &Registration::new()).unwrap();
    let idp = idp();
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    assert!(accepted.respond(&login(), &ids(), now() + seconds(299)).is_ok());
    refused!(accepted.respond(&login(), &ids(), now() + seconds(300)), ErrorKind::TooLate { what: "validUntil of the metadata", .. });
    refused!(idp.accept(&request(), &sp, now() + seconds(300)), ErrorKind::TooLate { .. });
    let unsolicited = idp.unsolicited(&sp, None, None).unwrap();
    assert!(unsolicited.respond(&login(), &ids(), now()).is_ok());
    refused!(unsolicited.respond(&login(), &ids(), now() + Duration::from_secs(300)), ErrorKind::TooLate { .. });
}

/// Class 28: there is no artifact, and what looks like one is not taken for a message.
#[test]
fn class_28_artifacts() {
    assert!(goes_to("").is_ok());
    refused!(ReceivedRequest::from_redirect("SAMLart=AAQAAA%3D%3D"), ErrorKind::Value { .. }, "expected a message, found none");
    refused!(goes_to(" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\""), ErrorKind::Unsupported { .. });
}

#[test]
fn class_29_identifiers_are_random() {
    // Each of the 128 bits is in the identifier, behind a letter.
    let id = |bytes| MessageId::from_random(bytes).to_string();
    let zero = id([0; 16]);
    let mut seen = std::collections::BTreeSet::from([zero]);
    for bit in 0..128_usize {
        let mut bytes = [0_u8; 16];
        bytes[bit / 8] = 1 << (bit % 8);
        assert!(seen.insert(id(bytes)));
    }
    assert!(seen.iter().all(|id| id.len() == 33 && id.starts_with('_') && MessageId::new(id).is_ok()));
    let xml = issue(SignedParts::Both).xml().to_owned();
    assert!(xml.contains(" ID=\"_01010101010101010101010101010101\"") && xml.contains(" ID=\"_02020202020202020202020202020202\""));
    let same = ResponseIds::from_random([1; 16], [1; 16]);
    let (idp, sp) = (idp(), sp());
    refused!(idp.unsolicited(&sp, None, None).unwrap().respond(&login(), &same, now()), ErrorKind::Misuse { .. }, "two identifiers");
}

/// Class 30: nothing is decrypted, so nothing tells by its time or its error what a cipher text holds.
#[test]
fn class_30_nothing_is_decrypted() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    assert!(accept(&xml).is_ok());
    let assertion = crate::common::assertion(&xml).to_owned();
    let errors: Vec<String> = ["", "AAAA", "/////w==", "<x/>"]
        .iter()
        .map(|cipher| {
            let encrypted = format!(
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><e:EncryptedData \
                 xmlns:e=\"http://www.w3.org/2001/04/xmlenc#\"><e:CipherData><e:CipherValue>{cipher}</e:CipherValue></e:CipherData>\
                 </e:EncryptedData></saml:EncryptedAssertion>"
            );
            accept(&xml.replace(&assertion, &encrypted)).unwrap_err().to_string()
        })
        .collect();
    assert!(errors.iter().all(|error| *error == errors[0] && error.starts_with("an encrypted assertion is not supported")), "{errors:?}");
}
