//! The other side: what a service provider checks of a response, one by one, and to the second (saml-profiles section 4.1.4.3).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::SystemTime;

use common::{
    ACS, ASSERTION_ID, IDP, NAME, Pen, REQUEST_ID, SECOND_ACS, SP, assertion, element, expected, issue, keys, now, replace, seconds,
    service_provider, stripped, unsigned,
};
use idbridge_saml::{
    AcceptedAssertion, Attribute, AuthnContext, Certificate, EntityId, Error, ErrorKind, Expected, MemoryReplayStore, MessageId,
    NameIdFormat, ReceivedResponse, ReplayStore, ServiceProvider, SignedParts, TrustedKeys,
};

fn accept(sp: &ServiceProvider, xml: &str, now: SystemTime) -> Result<AcceptedAssertion, Error> {
    sp.accept(&ReceivedResponse::from_xml(xml), &expected(), now, &mut MemoryReplayStore::new(1))
}

/// The response signed again after a change.
fn changed(from: &str, to: &str) -> String {
    Pen::honest().assertion(&replace(&unsigned(), from, to))
}

#[test]
fn everything_that_was_said_is_read() {
    for parts in [SignedParts::Assertion, SignedParts::Response, SignedParts::Both] {
        let accepted = accept(&service_provider(), issue(parts).xml(), now()).unwrap();
        assert_eq!((accepted.name_id().value(), accepted.name_id().format()), (NAME, &NameIdFormat::EMAIL_ADDRESS));
        assert_eq!((accepted.issuer().as_str(), accepted.id().as_str(), accepted.recipient()), (IDP, ASSERTION_ID, ACS));
        assert_eq!(accepted.in_response_to().map(MessageId::as_str), Some(REQUEST_ID));
        assert_eq!((accepted.not_on_or_after(), accepted.authenticated_at()), (now() + seconds(300), now() - seconds(60)));
        assert_eq!(accepted.authn_context(), &AuthnContext::PASSWORD_PROTECTED_TRANSPORT);
        assert_eq!((accepted.session_index(), accepted.session_not_on_or_after()), (Some(ASSERTION_ID), None));
        let tag = Attribute::access_control("CostCenter", "4711");
        assert_eq!(accepted.attributes(), [Attribute::new("department", ["Research", "Teaching"]), tag.clone()]);
        assert_eq!(accepted.values("department").collect::<Vec<_>>(), ["Research", "Teaching"]);
        assert_eq!(accepted.values(tag.name()).collect::<Vec<_>>(), ["4711"]);
        assert_eq!(accepted.values("Department").count(), 0);
        assert_eq!(tag.access_control_key(), Some("CostCenter"));
    }
}

/// Each bound of time, one second to each side of it, without a skew and with one.
#[test]
fn times_to_the_second() {
    let conditions = "NotBefore=\"2026-11-01T07:55:00Z\" NotOnOrAfter=\"2026-11-01T08:05:00Z\"";
    let data = "NotOnOrAfter=\"2026-11-01T08:05:00Z\" Recipient";
    let issued = format!("ID=\"{ASSERTION_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\"");
    let early = |what: &'static str| move |kind: &ErrorKind| matches!(kind, ErrorKind::TooEarly { what: found, .. } if *found == what);
    let late = |what: &'static str| move |kind: &ErrorKind| matches!(kind, ErrorKind::TooLate { what: found, .. } if *found == what);
    type IsRight = Box<dyn Fn(&ErrorKind) -> bool>;
    let cases: [(String, i64, i64, IsRight); 7] = [
        // The change, the first moment that is refused or accepted, and to which side the refused ones lie.
        (
            changed(conditions, "NotBefore=\"2026-11-01T08:01:40Z\" NotOnOrAfter=\"2026-11-01T08:05:00Z\""),
            100,
            -1,
            Box::new(early("NotBefore of the Conditions")),
        ),
        (changed(conditions, "NotOnOrAfter=\"2026-11-01T08:01:40Z\""), 100, 1, Box::new(late("NotOnOrAfter of the Conditions"))),
        (
            changed(data, "NotOnOrAfter=\"2026-11-01T08:01:40Z\" Recipient"),
            100,
            1,
            Box::new(late("NotOnOrAfter of the SubjectConfirmationData")),
        ),
        (changed(&issued, &issued.replace("08:00:00", "08:01:40")), 100, -1, Box::new(early("IssueInstant"))),
        (
            changed("AuthnInstant=\"2026-11-01T07:59:00Z\"", "AuthnInstant=\"2026-11-01T08:01:40Z\""),
            100,
            -1,
            Box::new(early("AuthnInstant")),
        ),
        (
            changed("AuthnInstant=", "SessionNotOnOrAfter=\"2026-11-01T08:01:40Z\" AuthnInstant="),
            100,
            1,
            Box::new(late("SessionNotOnOrAfter")),
        ),
        (
            Pen::honest().response(&replace(
                &unsigned(),
                &format!("InResponseTo=\"{REQUEST_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\""),
                &format!("InResponseTo=\"{REQUEST_ID}\" IssueInstant=\"2026-11-01T08:01:40Z\""),
            )),
            100,
            -1,
            Box::new(early("IssueInstant")),
        ),
    ];
    let at = |offset: i64| if offset < 0 { now() - seconds(offset.unsigned_abs()) } else { now() + seconds(offset.unsigned_abs()) };
    for (xml, bound, side, is_right) in &cases {
        for skew in [0, 60] {
            let sp = service_provider().with_clock_skew(seconds(skew));
            let skew = i64::try_from(skew).unwrap();
            // Not before: accepted from the moment on; not on or after: refused from the moment on.
            let (good, bad) = if *side < 0 { (bound - skew, bound - skew - 1) } else { (bound + skew - 1, bound + skew) };
            assert!(accept(&sp, xml, at(good)).is_ok(), "{bound} {side} {skew}: {:?}", accept(&sp, xml, at(good)));
            let error = accept(&sp, xml, at(bad)).unwrap_err();
            assert!(is_right(error.kind()), "{error}");
        }
    }
}

#[test]
fn fractions_of_a_second_and_other_zones() {
    let sp = service_provider().with_clock_skew(seconds(0));
    let data = "NotOnOrAfter=\"2026-11-01T08:05:00Z\" Recipient";
    let xml = changed(data, "NotOnOrAfter=\"2026-11-01T09:00:00.5+01:00\" Recipient");
    accept(&sp, &xml, now()).unwrap();
    refused!(accept(&sp, &xml, now() + seconds(1)), ErrorKind::TooLate { .. });
    for text in ["2026-11-01T08:05:00", "2026-11-01", "now", ""] {
        let xml = changed(data, &format!("NotOnOrAfter=\"{text}\" Recipient"));
        refused!(accept(&sp, &xml, now()), ErrorKind::Value { name: "NotOnOrAfter", .. });
    }
}

/// Conditions without times hold as long as the confirmation does.
#[test]
fn conditions_without_times() {
    let conditions = " NotBefore=\"2026-11-01T07:55:00Z\" NotOnOrAfter=\"2026-11-01T08:05:00Z\"";
    let sp = service_provider().with_clock_skew(seconds(0));
    let xml = changed(conditions, "");
    accept(&sp, &xml, now() + seconds(299)).unwrap();
    refused!(accept(&sp, &xml, now() + seconds(300)), ErrorKind::TooLate { what: "NotOnOrAfter of the SubjectConfirmationData", .. });
}

#[test]
fn what_must_be_signed() {
    for (required, accepted) in [
        (None, [true, true, true]),
        (Some(SignedParts::Assertion), [true, false, true]),
        (Some(SignedParts::Response), [false, true, true]),
        (Some(SignedParts::Both), [false, false, true]),
    ] {
        let mut sp = service_provider();
        if let Some(required) = required {
            sp = sp.with_required_signature(required);
        }
        for (parts, is_accepted) in [SignedParts::Assertion, SignedParts::Response, SignedParts::Both].into_iter().zip(accepted) {
            let result = accept(&sp, issue(parts).xml(), now());
            assert_eq!(result.is_ok(), is_accepted, "{required:?} {parts:?}");
            if !is_accepted {
                refused!(result, ErrorKind::NotSigned { .. });
            }
        }
        refused!(accept(&sp, &unsigned(), now()), ErrorKind::NotSigned { .. });
    }
}

#[test]
fn what_is_not_signed_is_said_so() {
    let error = accept(&service_provider(), &unsigned(), now()).unwrap_err();
    assert_eq!(error.to_string(), "the Assertion, alone or with the Response around it, is not signed at Response (byte 0)");
}

#[test]
fn several_keys() {
    let stranger = common::stranger().1.certificate().clone();
    let own = common::certificate(common::RSA_CERTIFICATE);
    let sp = |certificates: &[Certificate]| {
        let keys = TrustedKeys::new(certificates).unwrap();
        ServiceProvider::new(EntityId::new(SP).unwrap(), [ACS], EntityId::new(IDP).unwrap(), keys)
    };
    let xml = issue(SignedParts::Both).xml().to_owned();
    // A key that is to come or to go, before or behind the other one.
    accept(&sp(&[stranger.clone(), own.clone()]), &xml, now()).unwrap();
    accept(&sp(&[own.clone(), stranger.clone()]), &xml, now()).unwrap();
    refused!(accept(&sp(&[stranger]), &xml, now()), ErrorKind::Signature { tried: 1, .. });
    assert!(TrustedKeys::new(&vec![own.clone(); 16]).is_ok());
    refused!(TrustedKeys::new(&vec![own; 17]), ErrorKind::Limit { what: "trusted keys", most: 16 });
    refused!(TrustedKeys::new([&common::certificate(common::ED25519_CERTIFICATE)]), ErrorKind::Key { .. });
}

#[test]
fn several_endpoints() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    let sp = |urls: &[&str]| ServiceProvider::new(EntityId::new(SP).unwrap(), urls.iter().copied(), EntityId::new(IDP).unwrap(), keys());
    accept(&sp(&[SECOND_ACS, ACS]), &xml, now()).unwrap();
    refused!(accept(&sp(&[SECOND_ACS]), &xml, now()), ErrorKind::Mismatch { what: "Destination", .. });
    refused!(accept(&sp(&[]), &xml, now()), ErrorKind::Mismatch { .. });
    let other = ServiceProvider::new(EntityId::new("urn:other").unwrap(), [ACS], EntityId::new(IDP).unwrap(), keys());
    refused!(accept(&other, &xml, now()), ErrorKind::Mismatch { what: "Audience", .. });
    let other = ServiceProvider::new(EntityId::new(SP).unwrap(), [ACS], EntityId::new("urn:other").unwrap(), keys());
    refused!(accept(&other, &xml, now()), ErrorKind::Mismatch { what: "Issuer of the Response", .. });
    // Where only the assertion is signed, nothing need be said of the destination.
    let bare = unsigned().replacen(&format!(" Destination=\"{ACS}\""), "", 1);
    accept(&service_provider(), &Pen::honest().assertion(&bare), now()).unwrap();
}

#[test]
fn a_format_that_is_not_said() {
    let xml = changed(" Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"", "");
    let accepted = accept(&service_provider(), &xml, now()).unwrap();
    assert_eq!((accepted.name_id().value(), accepted.name_id().format()), (NAME, &NameIdFormat::UNSPECIFIED));
    let class = element(&unsigned(), "saml:AuthnContextClassRef").to_owned();
    let accepted = accept(&service_provider(), &changed(&class, ""), now()).unwrap();
    assert_eq!(accepted.authn_context(), &AuthnContext::UNSPECIFIED);
}

#[test]
fn by_a_form() {
    let xml = issue(SignedParts::Both);
    let form = xml.to_form().unwrap();
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body = format!("SAMLResponse={}&RelayState={}&other=1", escape(form.message()), escape("a b+c"));
    let received = ReceivedResponse::from_post_body(&body).unwrap();
    assert_eq!(received.relay_state(), Some("a b+c"));
    let again = ReceivedResponse::from_post(form.message(), Some("a b+c")).unwrap();
    assert_eq!(received, again);
    let sp = service_provider();
    assert!(sp.accept(&received, &expected(), now(), &mut MemoryReplayStore::new(1)).is_ok());
    refused!(ReceivedResponse::from_post_body("RelayState=x"), ErrorKind::Value { .. });
    refused!(ReceivedResponse::from_post_body(&format!("{body}&SAMLResponse=x")), ErrorKind::Value { .. });
    refused!(ReceivedResponse::from_post("!", None), ErrorKind::Encoding { encoding: "base64", .. });
    refused!(ReceivedResponse::from_post("/w==", None), ErrorKind::Encoding { encoding: "UTF-8", .. });
}

/// A store that cannot be asked.
struct Broken;

impl ReplayStore for Broken {
    fn remember(
        &mut self,
        issuer: &EntityId,
        assertion: &MessageId,
        until: SystemTime,
        at: SystemTime,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        assert_eq!((issuer.as_str(), assertion.as_str(), until, at), (IDP, ASSERTION_ID, now() + seconds(360), now()));
        Err("no connection".into())
    }
}

#[test]
fn a_store_that_does_not_know() {
    let received = ReceivedResponse::from_xml(issue(SignedParts::Both).xml());
    refused!(
        service_provider().accept(&received, &expected(), now(), &mut Broken),
        ErrorKind::Caller { .. },
        "the replay store failed: no connection"
    );
}

#[test]
fn a_store_forgets_what_is_over() {
    let mut store = MemoryReplayStore::new(2);
    let issuer = EntityId::new(IDP).unwrap();
    let mut remember = |id: u8, until: u64, at: u64| {
        let id = MessageId::from_random([id; 16]);
        store.remember(&issuer, &id, now() + seconds(until), now() + seconds(at)).ok()
    };
    assert_eq!(remember(1, 10, 0), Some(true));
    assert_eq!(remember(2, 20, 0), Some(true));
    assert_eq!(remember(3, 20, 9), None);
    assert_eq!(remember(1, 10, 9), Some(false));
    assert_eq!(remember(3, 20, 10), Some(true));
    assert_eq!(remember(2, 20, 19), Some(false));
    let other = EntityId::new("urn:other").unwrap();
    let mut store = MemoryReplayStore::new(9);
    let id = MessageId::from_random([1; 16]);
    assert_eq!(store.remember(&issuer, &id, now(), now() - seconds(1)).ok(), Some(true));
    assert_eq!(store.remember(&other, &id, now(), now() - seconds(1)).ok(), Some(true));
}

/// An answer that says no more than what went wrong, signed or not.
#[test]
fn failures_without_an_assertion() {
    let none = replace(&unsigned(), assertion(&unsigned()), "");
    let failed = none.replace("status:Success", "status:Responder");
    refused!(accept(&service_provider(), &failed, now()), ErrorKind::Status { .. });
    refused!(accept(&service_provider(), &Pen::honest().response(&failed), now()), ErrorKind::Status { .. });
    refused!(accept(&service_provider(), &none, now()), ErrorKind::Element { .. });
    let expected = Expected::Unsolicited;
    let received = ReceivedResponse::from_xml(stripped(&failed));
    refused!(service_provider().accept(&received, &expected, now(), &mut MemoryReplayStore::new(1)), ErrorKind::Status { .. });
}
