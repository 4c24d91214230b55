//! Classes 1 to 3: a signed element, and another one that is read in its place.

use idbridge_saml::{ErrorKind, Expected, ReceivedRequest, SignedParts};

use crate::common::{
    ASSERTION_ID, Pen, RESPONSE_ID, accept, accept_as, assertion, idp, insert, issue, issue_unsolicited, keys, now, replace, request_xml,
    signature, sp, stripped, unsigned,
};
use crate::refused;

/// The same element, as somebody else would like it: with another identifier, and another name in it.
fn forged(element: &str, id: &str) -> String {
    let forged = element.replace("anna.berg@example.com", "root@example.com");
    assert_ne!(forged, element);
    forged.replace(id, "_f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0")
}

fn name(xml: &str) -> String {
    accept(xml).unwrap().name_id().value().to_owned()
}

/// XSW 1 and 2: a forged response around the signed one, which is in the signature or beside it.
#[test]
fn class_01_a_signed_response_within_a_forged_one() {
    let xml = issue(SignedParts::Response).xml().to_owned();
    assert_eq!(name(&xml), "anna.berg@example.com");
    let own = signature(&xml).to_owned();
    let original = stripped(&xml);
    let forged = forged(&original, RESPONSE_ID);
    let forged_id = "_f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";
    let other_assertion = |text: &str| text.replace(ASSERTION_ID, "_e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0");
    let forged = other_assertion(&forged);
    for wrapped in [
        // In the signature, as what it signs.
        insert(&forged, forged_id, &own.replace("</ds:Signature>", &format!("{original}</ds:Signature>"))),
        insert(&forged, forged_id, &own.replace("</ds:Signature>", &format!("<ds:Object>{original}</ds:Object></ds:Signature>"))),
        // Beside the signature.
        insert(&forged, forged_id, &format!("{own}{original}")),
        insert(&forged, forged_id, &format!("{original}{own}")),
        // Whole, with its signature.
        insert(&forged, forged_id, &format!("<samlp:Extensions>{xml}</samlp:Extensions>")),
        insert(&forged, forged_id, &format!("{own}<samlp:Extensions>{original}</samlp:Extensions>")),
    ] {
        refused!(accept(&wrapped), ErrorKind::Element { .. } | ErrorKind::SignatureShape { .. });
    }
}

/// XSW 3 to 8: a forged assertion before, behind, around and within the signed one, its signature and the extensions.
#[test]
fn class_01_a_signed_assertion_beside_a_forged_one() {
    for parts in [SignedParts::Assertion, SignedParts::Both] {
        let xml = issue(parts).xml().to_owned();
        assert_eq!(name(&xml), "anna.berg@example.com");
        let original = assertion(&xml).to_owned();
        let own = signature(&original).to_owned();
        let bare = stripped(&original);
        let evil = forged(&bare, ASSERTION_ID);
        let close = "</saml:Assertion>";
        let around = |inner: &str| evil.replace(close, &format!("{inner}{close}"));
        let with_own = |signature: &str| evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
        let holding = |inner: &str| own.replace("</ds:Signature>", &format!("{inner}</ds:Signature>"));
        let object = format!("<ds:Object>{bare}</ds:Object>");
        for replacement in [
            // 3: before; and behind.
            format!("{evil}{original}"),
            format!("{original}{evil}"),
            // 4: around.
            around(&original),
            around(&format!("<saml:Advice>{original}</saml:Advice>")),
            // 5: the forged one has the signature, the original is at the end.
            format!("{}{bare}", with_own(&own)),
            format!("{bare}{}", with_own(&own)),
            // 6: the original is in the signature of the forged one.
            with_own(&holding(&bare)),
            with_own(&holding(&original)),
            // 8: in an Object of it.
            with_own(&holding(&object)),
            // In what says whose key it was.
            with_own(&own.replace("</ds:KeyInfo>", &format!("{bare}</ds:KeyInfo>"))),
            // 9: the signature covers the original, in which the forged one is.
            original.replace(close, &format!("{evil}{close}")),
            original.replace("<saml:Subject>", &format!("{evil}<saml:Subject>")),
        ] {
            refused!(accept(&replace(&xml, &original, &replacement)), ErrorKind::Element { .. } | ErrorKind::SignatureShape { .. });
        }
        // 7: in extensions, and in the status.
        for (place, wrapped) in [
            ("<samlp:Status>", format!("<samlp:Extensions>{evil}</samlp:Extensions><samlp:Status>")),
            ("<samlp:Status>", format!("<samlp:Extensions>{original}</samlp:Extensions><samlp:Status>")),
            ("</samlp:Status>", format!("<samlp:StatusDetail>{original}</samlp:StatusDetail></samlp:Status>")),
        ] {
            let moved = replace(&replace(&xml, &original, &evil), place, &wrapped);
            refused!(accept(&moved), ErrorKind::Element { .. } | ErrorKind::SignatureShape { .. } | ErrorKind::Xml { .. });
            let doubled = replace(&xml, place, &wrapped);
            refused!(accept(&doubled), ErrorKind::Element { .. } | ErrorKind::SignatureShape { .. } | ErrorKind::Xml { .. });
        }
    }
}

/// The assertion moved away from where it was, with nothing in its place.
#[test]
fn class_01_a_signed_assertion_in_another_place() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    name(&xml);
    let original = assertion(&xml).to_owned();
    for moved in [
        replace(&xml, &original, &format!("<samlp:Extensions>{original}</samlp:Extensions>")),
        replace(&xml, &original, &format!("<samlp:Response>{original}</samlp:Response>")),
        replace(&xml, &original, &format!("<x xmlns=\"urn:x\">{original}</x>")),
        original,
    ] {
        refused!(accept(&moved), ErrorKind::Element { .. } | ErrorKind::SignatureShape { .. });
    }
}

/// A forged assertion beside a signature that is right, but is the response's alone and stands elsewhere.
#[test]
fn class_01_the_response_signature_in_the_assertion() {
    let xml = issue(SignedParts::Response).xml().to_owned();
    name(&xml);
    let own = signature(&xml).to_owned();
    let moved = insert(&stripped(&xml), ASSERTION_ID, &own);
    refused!(accept(&moved), ErrorKind::SignatureShape { .. }, "expected a Reference to #_0202");
    let behind = replace(&replace(&xml, &own, ""), "</samlp:Status>", &format!("</samlp:Status>{own}"));
    refused!(
        accept(&behind),
        ErrorKind::SignatureShape { .. },
        "expected the signature behind nothing but the Issuer, found it behind Status"
    );
}

/// Advice may hold other assertions (saml-core section 2.6.1). They are never read, and signatures are not wanted there.
#[test]
fn class_01_advice_is_never_read() {
    let advice = "<saml:Advice xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:Assertion ID=\"_advice\"><saml:Subject><saml:NameID>root@example.com</saml:NameID></saml:Subject>\
                  </saml:Assertion></saml:Advice>";
    let text = replace(&unsigned(), "<saml:AuthnStatement ", &format!("{advice}<saml:AuthnStatement "));
    assert_eq!(name(&Pen::honest().assertion(&text)), "anna.berg@example.com");
    let outside = replace(
        issue(SignedParts::Assertion).xml(),
        "<samlp:Status>",
        &format!("<samlp:Extensions>{advice}</samlp:Extensions><samlp:Status>"),
    );
    refused!(accept(&outside), ErrorKind::Element { .. }, "another one");
}

/// Whatever else the identity provider signed is not taken for a response, and its signature not for another one.
#[test]
fn class_02_other_signed_messages() {
    let response = issue(SignedParts::Both).xml().to_owned();
    name(&response);
    let sp = sp();
    let idp = idp();
    let accepted = idp.accept(&crate::common::request(), &sp, now()).unwrap();
    let refusal = accepted.refuse(&idbridge_saml::Status::denied(idbridge_saml::StatusCode::NO_PASSIVE), &crate::common::ids(), now());
    let refusal = refusal.unwrap().sign(&crate::common::credential()).unwrap().xml().to_owned();
    refused!(accept(&refusal), ErrorKind::Status { .. });
    // An assertion that nobody signed, in a response that somebody did without it.
    let bare = stripped(assertion(&response));
    let added = replace(&refusal, "</samlp:Response>", &format!("{bare}</samlp:Response>"));
    refused!(accept(&added), ErrorKind::Digest { .. });
    // Its status made success: nothing is in it.
    let success = replace(&unsigned(), assertion(&unsigned()), "");
    refused!(accept(&Pen::honest().response(&success)), ErrorKind::Element { .. }, "an Assertion, because the status is Success");
    refused!(accept(&success), ErrorKind::Element { .. });
    // A signed request of the same party.
    let request = Pen::honest().sign(&request_xml(&format!(" Destination=\"{}\"", crate::common::SSO), ""), &[], crate::common::REQUEST_ID);
    ReceivedRequest::from_xml(&request).unwrap().verify_signature(&keys()).unwrap();
    refused!(accept(&request), ErrorKind::Element { .. }, "expected a Response of SAML 2.0, found AuthnRequest");
    let own = signature(&request);
    refused!(accept(&insert(&unsigned(), ASSERTION_ID, own)), ErrorKind::SignatureShape { .. });
    refused!(
        accept(&insert(&unsigned(), ASSERTION_ID, own).replace(ASSERTION_ID, crate::common::REQUEST_ID)),
        ErrorKind::Digest { .. } | ErrorKind::Xml { .. } | ErrorKind::SignatureShape { .. }
    );
    // A request in which a response is, and the other way round.
    refused!(ReceivedRequest::from_xml(&response), ErrorKind::Element { .. }, "expected an AuthnRequest of SAML 2.0, found Response");
}

/// samael's "ancestor attack": the signature is in the element that it refers to, but deeper.
#[test]
fn class_02_a_signature_deeper_in_what_it_signs() {
    let xml = issue_unsolicited(SignedParts::Assertion).xml().to_owned();
    assert!(accept_as(&xml, &Expected::Unsolicited).is_ok());
    let own = signature(&xml).to_owned();
    let bare = stripped(&xml);
    for (place, id) in [("<saml:Subject>", "Subject"), ("<saml:AttributeStatement>", "AttributeStatement"), ("<samlp:Status>", "Status")] {
        let moved = replace(&bare, place, &format!("{place}{own}"));
        refused!(accept_as(&moved, &Expected::Unsolicited), ErrorKind::SignatureShape { .. }, id);
    }
}

/// CVE-2024-45409, CVE-2025-29774: a second digest, a second `SignedInfo`, a second signature, each for whoever looks in the whole document.
#[test]
fn class_03_parts_of_a_signature_more_than_once() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    name(&xml);
    let own = signature(&xml).to_owned();
    let part = |name: &str| crate::common::element(&own, name).to_owned();
    let twice = |name: &str| replace(&own, &part(name), &part(name).repeat(2));
    for name in [
        "ds:SignedInfo",
        "ds:SignatureValue",
        "ds:KeyInfo",
        "ds:CanonicalizationMethod",
        "ds:SignatureMethod",
        "ds:Reference",
        "ds:Transforms",
        "ds:DigestMethod",
        "ds:DigestValue",
    ] {
        refused!(accept(&replace(&xml, &own, &twice(name))), ErrorKind::SignatureShape { .. });
    }
    refused!(accept(&replace(&xml, &own, &own.repeat(2))), ErrorKind::Element { .. }, "expected one Signature, found a second one");
    // One in extensions, where //ds:DigestValue finds it first.
    let stray = part("ds:DigestValue").replace("<ds:DigestValue>", "<ds:DigestValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
    let changed = xml.replace("anna.berg", "root");
    let with_stray = replace(&changed, "<samlp:Status>", &format!("<samlp:Extensions>{stray}</samlp:Extensions><samlp:Status>"));
    refused!(accept(&with_stray), ErrorKind::Digest { .. });
    let detail = replace(&changed, "</samlp:Status>", &format!("<samlp:StatusDetail>{stray}</samlp:StatusDetail></samlp:Status>"));
    refused!(accept(&detail), ErrorKind::Digest { .. });
    // The old SignedInfo kept for whoever verifies the second, and a new one for whoever reads the first.
    let info = part("ds:SignedInfo");
    let forged_info = info.replace(crate::common::element(&info, "ds:DigestValue"), "<ds:DigestValue>AAAA</ds:DigestValue>");
    for both in [format!("{forged_info}{info}"), format!("{info}{forged_info}")] {
        refused!(accept(&replace(&xml, &info, &both)), ErrorKind::SignatureShape { .. });
    }
    let wrapped = format!("<ds:Object>{info}</ds:Object>");
    refused!(accept(&replace(&xml, "</ds:Signature>", &format!("{wrapped}</ds:Signature>"))), ErrorKind::SignatureShape { .. });
}
