//! Class 18: one assertion, used twice.

use std::time::SystemTime;

use idbridge_saml::{ErrorKind, MemoryReplayStore, ReceivedResponse, SignedParts};

use crate::common::{ASSERTION_ID, Pen, element, expected, issue, now, replace, seconds, service_provider, unsigned};
use crate::refused;

fn at(xml: &str, now: SystemTime, store: &mut MemoryReplayStore) -> Result<(), idbridge_saml::Error> {
    service_provider().accept(&ReceivedResponse::from_xml(xml), &expected(), now, store).map(|_| ())
}

#[test]
fn class_18_once_and_never_again() {
    let mut store = MemoryReplayStore::new(9);
    let xml = issue(SignedParts::Both).xml().to_owned();
    at(&xml, now(), &mut store).unwrap();
    // Until the last moment at which it would be believed, the skew included.
    let end = now() + seconds(300 + 60);
    for later in [now(), now() + seconds(1), now() + seconds(300), end - seconds(1)] {
        refused!(at(&xml, later, &mut store), ErrorKind::Replayed { .. }, ASSERTION_ID);
    }
    refused!(at(&xml, end, &mut store), ErrorKind::TooLate { .. });
    at(&xml, end - seconds(1), &mut MemoryReplayStore::new(9)).unwrap();
}

/// The same assertion in another response, with another signature, another identifier around it, or as XML that is written otherwise.
#[test]
fn class_18_in_another_dress() {
    let mut store = MemoryReplayStore::new(9);
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    at(&xml, now(), &mut store).unwrap();
    for other in [
        xml.replace(crate::common::RESPONSE_ID, "_another"),
        format!("<?xml version=\"1.0\"?>\n{xml}<!-- again -->"),
        xml.replace("><saml:Subject>", "><!-- c --><saml:Subject>"),
        replace(&xml, &format!(" ID=\"{ASSERTION_ID}\""), &format!(" ID='&#x5f;{}'", &ASSERTION_ID[1..])),
        issue(SignedParts::Both).xml().to_owned(),
        issue(SignedParts::Response).xml().to_owned(),
    ] {
        refused!(at(&other, now(), &mut store), ErrorKind::Replayed { .. });
    }
}

/// Of two confirmations that hold, the later one keeps the assertion alive.
#[test]
fn class_18_with_another_confirmation() {
    let own = element(&unsigned(), "saml:SubjectConfirmation").to_owned();
    let later = own.replace("08:05:00Z", "08:30:00Z");
    let text = replace(&unsigned(), &own, &format!("{own}{later}"));
    let text =
        text.replace("<saml:Conditions NotBefore=\"2026-11-01T07:55:00Z\" NotOnOrAfter=\"2026-11-01T08:05:00Z\">", "<saml:Conditions>");
    let xml = Pen::honest().assertion(&text);
    let mut store = MemoryReplayStore::new(9);
    at(&xml, now(), &mut store).unwrap();
    let between = now() + seconds(900);
    at(&xml, between, &mut MemoryReplayStore::new(9)).unwrap();
    refused!(at(&xml, between, &mut store), ErrorKind::Replayed { .. });
}

/// A store that is full forgets nothing that is still valid.
#[test]
fn class_18_a_full_store() {
    let mut store = MemoryReplayStore::new(1);
    let first = issue(SignedParts::Both).xml().to_owned();
    let second = Pen::honest().sign(&unsigned().replace(ASSERTION_ID, "_second"), &[2], "_second");
    at(&first, now(), &mut store).unwrap();
    refused!(at(&second, now(), &mut store), ErrorKind::Caller { what: "the replay store", .. });
    refused!(at(&first, now(), &mut store), ErrorKind::Replayed { .. });
    at(&second, now(), &mut MemoryReplayStore::new(1)).unwrap();
}

/// What is refused for another reason is not remembered: whoever sees a response cannot use it up with a broken copy.
#[test]
fn class_18_a_refused_one_is_not_used() {
    let mut store = MemoryReplayStore::new(9);
    let xml = issue(SignedParts::Both).xml().to_owned();
    refused!(at(&xml.replace("anna", "hanna"), now(), &mut store), ErrorKind::Digest { .. });
    refused!(at(&xml, now() - seconds(3_600), &mut store), ErrorKind::TooEarly { .. });
    at(&xml, now(), &mut store).unwrap();
}
