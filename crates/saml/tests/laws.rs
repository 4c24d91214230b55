//! What holds for every text.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use common::{REQUEST_ID, SP, SSO, accept, credential, idp, ids, issue, now, request, sp};
use idbridge_saml::{
    Attribute, AuthnRequest, Certificate, EntityDescriptor, EntityId, ExclusiveCanonicalization, Login, MessageId, Metadata, NameId,
    NameIdFormat, PublicKey, ReceivedRequest, ReceivedResponse, SignedParts, XmlDocument,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest};
use proptest::sample::{Index, select};

/// Any text that XML can carry, with what is markup elsewhere more often than by chance.
fn text() -> impl Strategy<Value = String> {
    const MARKUP: [&str; 26] = [
        "<", ">", "&", "\"", "'", "]]>", "<!--", "-->", "<?", "?>", "&#65;", "&amp;", "<a>", "</a>", "\r\n", "\r", "\n", "\t", " ", "%",
        "+", "=", "\u{85}", "\u{2028}", "\u{fffd}", "\u{feff}",
    ];
    let is_legal = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    let character = prop_oneof![
        4 => select(&MARKUP[..]).prop_map(str::to_owned),
        4 => "[a-zA-Z0-9@. ]",
        1 => any::<char>().prop_filter("XML has it", is_legal).prop_map(String::from),
    ];
    vec(character, 0..20).prop_map(|parts| parts.concat())
}

fn login() -> impl Strategy<Value = Login> {
    let name = text().prop_filter("a name", |name| !name.trim().is_empty());
    let attribute = (text(), vec(text(), 1..4), option::of(text()), option::of(text())).prop_map(|(name, values, format, friendly)| {
        let mut attribute = Attribute::new(format!("n{name}"), values);
        if let Some(format) = format {
            attribute = attribute.with_name_format(format);
        }
        if let Some(friendly) = friendly {
            attribute = attribute.with_friendly_name(friendly);
        }
        attribute
    });
    (name, vec(attribute, 0..5), option::of(text())).prop_map(|(name, attributes, session)| {
        let mut login = Login::new(NameId::new(name, NameIdFormat::PERSISTENT).unwrap(), now());
        login.session_index = session;
        for attribute in attributes {
            let is_there = |other: &Attribute| other.name() == attribute.name() && other.name_format() == attribute.name_format();
            if !login.attributes.iter().any(is_there) {
                login.attributes.push(attribute);
            }
        }
        login
    })
}

fn authn_request() -> impl Strategy<Value = AuthnRequest> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let texts = (option::of(text()), option::of(text()), option::of(text()));
    (flags, texts, option::of(any::<u16>()), vec("[a-z:]{1,9}", 0..3)).prop_map(|(flags, texts, index, classes)| {
        let mut request = AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now());
        (request.force_authn, request.is_passive, request.allow_create) = flags;
        // One that is empty says nothing.
        request.destination = texts.0.filter(|text| !text.is_empty());
        request.assertion_consumer_service_url = texts.1;
        request.subject = texts.2;
        request.assertion_consumer_service_index = index;
        request.requested_authn_context = classes;
        request
    })
}

fn parts() -> impl Strategy<Value = SignedParts> {
    prop_oneof![Just(SignedParts::Assertion), Just(SignedParts::Response), Just(SignedParts::Both)]
}

/// Each byte of a signed response, one after the other.
#[test]
fn every_byte_counts_or_says_nothing() {
    let xml = issue(SignedParts::Both).xml().as_bytes().to_vec();
    let honest = accept(std::str::from_utf8(&xml).unwrap()).unwrap();
    let mut passed = 0;
    for at in 0..xml.len() {
        let mut changed = xml.clone();
        changed[at] ^= 1;
        if let Ok(accepted) = accept(std::str::from_utf8(&changed).unwrap()) {
            assert_eq!(accepted, honest, "byte {at}");
            passed += 1;
        }
    }
    // Nothing but the certificate of the response's own signature, and the names of what is around it, is outside of everything signed.
    let certificate = credential().certificate().to_base64().len();
    assert!((certificate / 2..certificate * 2).contains(&passed), "{passed} of {}", xml.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_issued_is_accepted_letter_by_letter(login in login(), parts in parts()) {
        let (idp, sp) = (idp().with_signed_parts(parts), sp());
        let response = idp.accept(&request(), &sp, now()).unwrap().respond(&login, &ids(), now()).unwrap().sign(&credential()).unwrap();
        let accepted = accept(response.xml()).unwrap();
        prop_assert_eq!(accepted.name_id(), &login.name_id);
        prop_assert_eq!(accepted.attributes(), &login.attributes[..]);
        let session = login.session_index.as_deref().or(Some(common::ASSERTION_ID));
        prop_assert_eq!(accepted.session_index(), session);
        // It is its own canonical form, so what was digested is what was sent.
        let document = XmlDocument::parse(response.xml()).unwrap();
        let canonical = ExclusiveCanonicalization::new().document(&document).unwrap();
        prop_assert_eq!(std::str::from_utf8(&canonical).unwrap(), response.xml());
    }

    #[test]
    fn one_changed_byte_changes_nothing_or_is_refused(parts in parts(), at in any::<Index>(), byte in any::<u8>()) {
        let honest = issue(parts);
        let mut bytes = honest.xml().as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(xml) = String::from_utf8(bytes) && let Ok(accepted) = accept(&xml) {
            prop_assert_eq!(accepted, accept(honest.xml()).unwrap());
        }
    }

    #[test]
    fn one_byte_more_or_less_changes_nothing_or_is_refused(parts in parts(), at in any::<Index>(), more in option::of(text())) {
        let honest = issue(parts);
        let mut xml = honest.xml().to_owned();
        let at = at.index(xml.len());
        match more {
            Some(more) => xml.insert_str(at, &more),
            None => { xml.remove(at); }
        }
        if let Ok(accepted) = accept(&xml) {
            prop_assert_eq!(accepted, accept(honest.xml()).unwrap());
        }
    }

    #[test]
    fn canonical_form_is_canonical(texts in vec(text(), 3)) {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\r', "&#13;");
        let xml = format!(
            "<p:a xmlns:p='urn:p' xmlns='urn:d' z=\"{}\" p:y=\"1\"><b>{}<!-- c --></b><?q d?><c xmlns=''>{}</c></p:a>",
            escape(&texts[0]), escape(&texts[1]), escape(&texts[2])
        );
        let how = ExclusiveCanonicalization::new().with_comments(true);
        let once = String::from_utf8(how.document(&XmlDocument::parse(&xml).unwrap()).unwrap()).unwrap();
        let twice = how.document(&XmlDocument::parse(&once).unwrap()).unwrap();
        prop_assert_eq!(once.as_bytes(), &twice[..]);
    }

    #[test]
    fn requests_come_back_by_both_bindings(request in authn_request(), state in option::of(text()), signed in any::<bool>()) {
        let credential = signed.then(credential);
        let mut expected = request.clone();
        if signed {
            expected.destination = expected.destination.or_else(|| Some(SSO.to_owned()));
        }
        let url = request.to_redirect(SSO, state.as_deref(), credential.as_ref()).unwrap();
        let redirected = ReceivedRequest::from_redirect(url.as_str().split_once('?').unwrap().1).unwrap();
        let form = request.to_post(SSO, state.as_deref(), credential.as_ref()).unwrap();
        let posted = ReceivedRequest::from_post(form.message(), form.relay_state()).unwrap();
        for received in [redirected, posted] {
            prop_assert_eq!(received.request(), &expected);
            prop_assert_eq!(received.relay_state(), state.as_deref());
            prop_assert_eq!(received.verify_signature(&common::keys()).is_ok(), signed);
        }
    }

    #[test]
    fn a_changed_query_is_refused_or_the_same(at in any::<Index>(), byte in 32_u8..127) {
        let mut request = AuthnRequest::new(MessageId::new(REQUEST_ID).unwrap(), EntityId::new(SP).unwrap(), now());
        request.destination = Some(SSO.to_owned());
        let url = request.to_redirect(SSO, Some("state"), Some(&credential())).unwrap();
        let mut query = url.as_str().split_once('?').unwrap().1.as_bytes().to_vec();
        let at = at.index(query.len());
        prop_assume!(query[at] != byte);
        query[at] = byte;
        let (idp, sp) = (idp().with_wants_signed_requests(true), sp());
        if let Ok(received) = ReceivedRequest::from_redirect(std::str::from_utf8(&query).unwrap()) && let Ok(accepted) = idp.accept(&received, &sp, now()) {
            prop_assert_eq!(accepted.request(), &request);
            prop_assert_eq!(accepted.relay_state(), Some("state"));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..300), text in text(), from in any::<Index>()) {
        let lossy = String::from_utf8_lossy(&bytes);
        let valid = issue(SignedParts::Both).xml().to_owned();
        let at = from.index(valid.len());
        let mixed = format!("{}{text}{lossy}{}", &valid[..at], &valid[at..]);
        for text in [&*lossy, &text, &mixed, &valid[..at]] {
            let _ = accept(text);
            let _ = XmlDocument::parse(text).map(|document| ExclusiveCanonicalization::new().document(&document));
            let _ = ReceivedRequest::from_xml(text);
            let _ = ReceivedRequest::from_redirect(text);
            let _ = ReceivedRequest::from_post_body(text);
            let _ = ReceivedResponse::from_post_body(text);
            let _ = ReceivedResponse::from_post(text, Some(text));
            let _ = Metadata::from_xml(text);
            let _ = EntityDescriptor::from_xml(text);
            let _ = Certificate::from_pem(text);
            let _ = Certificate::from_base64(text);
            let _ = MessageId::new(text);
            let _ = EntityId::new(text);
        }
        let encoded = Base64::encode_string(&bytes).replace('+', "%2B");
        let _ = ReceivedRequest::from_redirect(&format!("SAMLRequest={encoded}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature={encoded}"));
        let _ = ReceivedRequest::from_post_body(&format!("SAMLRequest={encoded}&RelayState={encoded}"));
        let _ = Certificate::from_der(&bytes);
        let _ = PublicKey::from_der(&bytes);
    }

    #[test]
    fn no_moment_panics(seconds in any::<u64>(), skew in any::<u64>()) {
        let (idp, sp) = (idp().with_clock_skew(Duration::from_secs(skew)).with_longest_request_age(Duration::from_secs(seconds)), sp());
        let Some(then) = std::time::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) else { return Ok(()) };
        let _ = idp.accept(&request(), &sp, then);
        let idp = idp.with_validity(Duration::from_secs(skew)).with_backdating(Duration::from_secs(seconds));
        if let Ok(accepted) = idp.accept(&request(), &sp, now()) {
            let _ = accepted.respond(&common::login(), &ids(), then);
            let _ = accepted.respond(&common::login(), &ids(), now());
        }
        let provider = common::service_provider().with_clock_skew(Duration::from_secs(skew));
        let received = ReceivedResponse::from_xml(issue(SignedParts::Assertion).xml());
        let accepted = provider.accept(&received, &common::expected(), then, &mut idbridge_saml::MemoryReplayStore::new(1));
        if skew < 1_000 {
            prop_assert!(accepted.is_err() || then < now() + Duration::from_secs(300 + skew));
        }
    }
}
