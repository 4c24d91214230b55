//! Classes 16 and 17: signed by the right key, and still not to be believed.

use idbridge_saml::{ErrorKind, Expected, MessageId, SignedParts};

use crate::common::{
    ACS, ASSERTION_ID, IDP, Pen, REQUEST_ID, RESPONSE_ID, SECOND_ACS, SP, accept, accept_as, assertion, element, issue, issue_unsolicited,
    replace, stripped, unsigned,
};
use crate::refused;

/// The assertion changed and signed again, as an identity provider would that forgets or errs.
fn erring(from: &str, to: &str) -> Result<idbridge_saml::AcceptedAssertion, idbridge_saml::Error> {
    let text = unsigned();
    let inner = assertion(&text).to_owned();
    accept(&Pen::honest().assertion(&replace(&text, &inner, &replace(&inner, from, to))))
}

/// The response around a signed assertion changed, and signed again.
fn around(from: &str, to: &str) -> Result<idbridge_saml::AcceptedAssertion, idbridge_saml::Error> {
    let text = unsigned();
    let inner = assertion(&text).to_owned();
    let (head, tail) = text.split_once(&inner).unwrap();
    let text = format!("{}{inner}{tail}", replace(head, from, to));
    accept(&Pen::honest().response(&text))
}

#[test]
fn class_16_what_is_left_out() {
    assert!(erring("4711", "4712").is_ok());
    let inner = assertion(&unsigned()).to_owned();
    let part = |name: &str| element(&inner, name).to_owned();
    for (left_out, says) in [
        (part("saml:Conditions"), "the element Conditions"),
        (part("saml:AudienceRestriction"), "Audience does not match"),
        (part("saml:Audience"), "Audience does not match"),
        (part("saml:AuthnStatement"), "an AuthnStatement"),
        (part("saml:Subject"), "the element Subject"),
        (part("saml:SubjectConfirmation"), "a SubjectConfirmation by bearer"),
        (part("saml:SubjectConfirmationData"), "the element SubjectConfirmationData"),
        (format!(" Recipient=\"{ACS}\""), "invalid Recipient"),
        (format!(" ID=\"{ASSERTION_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\" Version=\"2.0\""), "an ID, which is a name"),
        (" Version=\"2.0\"".to_owned(), "invalid Version"),
        (" IssueInstant=\"2026-11-01T08:00:00Z\"".to_owned(), "invalid IssueInstant"),
        (" AuthnInstant=\"2026-11-01T07:59:00Z\"".to_owned(), "invalid AuthnInstant"),
        (part("saml:AuthnContext"), "the element AuthnContext"),
    ] {
        let text = unsigned();
        let changed = replace(&text, &inner, &replace(&inner, &left_out, ""));
        let at = changed.rfind("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
        let own = Pen::honest().signature(&changed, &[2], ASSERTION_ID);
        let error = accept(&format!("{}{own}{}", &changed[..at], &changed[at..])).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    let data = part("saml:SubjectConfirmationData");
    refused!(erring(&data, &data.replace(" NotOnOrAfter=\"2026-11-01T08:05:00Z\"", "")), ErrorKind::Value { name: "NotOnOrAfter", .. });
    let text = replace(&unsigned(), &format!("<saml:Issuer>{IDP}</saml:Issuer><saml:Subject>"), "<saml:Subject>");
    let own = Pen::honest().signature(&text, &[2], ASSERTION_ID);
    refused!(accept(&replace(&text, "<saml:Subject>", &format!("{own}<saml:Subject>"))), ErrorKind::Element { .. }, "the element Issuer");
}

#[test]
fn class_16_what_is_left_out_around() {
    assert!(around("urn:oasis:names:tc:SAML:2.0:status:Success", "urn:oasis:names:tc:SAML:2.0:status:Success").is_ok());
    refused!(
        around(&format!(" Destination=\"{ACS}\""), ""),
        ErrorKind::Mismatch { what: "Destination", .. },
        "none, and the Response is signed"
    );
    refused!(around(" Version=\"2.0\"", ""), ErrorKind::Value { name: "Version", .. });
    refused!(around(" IssueInstant=\"2026-11-01T08:00:00Z\"", ""), ErrorKind::Value { name: "IssueInstant", .. });
    refused!(around(element(&unsigned(), "samlp:Status"), ""), ErrorKind::Element { .. }, "the element Status");
    refused!(around(element(&unsigned(), "samlp:StatusCode"), ""), ErrorKind::Element { .. }, "the element StatusCode");
    refused!(around(" Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"", ""), ErrorKind::Value { name: "Value", .. });
    refused!(around(&format!(" InResponseTo=\"{REQUEST_ID}\""), ""), ErrorKind::Mismatch { .. });
    let issuer = format!("<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</saml:Issuer><samlp:Status>");
    let text = replace(&unsigned(), &issuer, "<samlp:Status>");
    let own = Pen::honest().signature(&text, &[], RESPONSE_ID);
    refused!(accept(&replace(&text, "<samlp:Status>", &format!("{own}<samlp:Status>"))), ErrorKind::Element { .. }, "the element Issuer");
    // Where only the assertion is signed, it may be missing.
    let own = Pen::honest().signature(&text, &[1], ASSERTION_ID);
    assert!(accept(&replace(&text, "<saml:Subject>", &format!("{own}<saml:Subject>"))).is_ok());
}

#[test]
fn class_16_for_whom_and_where() {
    let other = "https://sp.example.org/entity";
    let audience = |id: &str| format!("<saml:Audience>{id}</saml:Audience>");
    let restriction = |inner: &str| format!("<saml:AudienceRestriction>{inner}</saml:AudienceRestriction>");
    let own = restriction(&audience(SP));
    // One of several in one restriction; each of several restrictions.
    assert!(erring(&own, &restriction(&format!("{}{}", audience(other), audience(SP)))).is_ok());
    assert!(erring(&own, &own.repeat(2)).is_ok());
    for wrong in [
        restriction(&audience(other)),
        format!("{own}{}", restriction(&audience(other))),
        format!("{}{own}", restriction(&audience(other))),
        restriction(&audience(&format!("{SP}/"))),
        restriction(&audience(&SP[..SP.len() - 1])),
        restriction(&audience(&SP.to_uppercase())),
        restriction(&audience("")),
        restriction(""),
        format!("{own}{}", restriction("")),
        restriction(&audience(&format!("\u{a0}{SP}"))),
        restriction("<x:Audience xmlns:x=\"urn:x\">https://sp.example.com/entity</x:Audience>"),
    ] {
        refused!(erring(&own, &wrong), ErrorKind::Mismatch { what: "Audience", .. });
    }
    let recipient = |url: &str| format!(" Recipient=\"{url}\"");
    for wrong in [
        "https://sp.example.com/ac",
        "https://sp.example.com/acs/",
        "https://sp.example.com/acs?x",
        "https://sp.example.com:443/acs",
        "https://SP.example.com/acs",
        "https://sp.example.com/acs/second/third",
        "https://sp.example.com/",
        "https://evil.example/https://sp.example.com/acs",
        "",
    ] {
        refused!(erring(&recipient(ACS), &recipient(wrong)), ErrorKind::Mismatch { what: "Recipient", .. });
        refused!(
            around(&format!(" Destination=\"{ACS}\""), &format!(" Destination=\"{wrong}\"")),
            ErrorKind::Mismatch { what: "Destination", .. }
        );
    }
    // Both are ours, and still they are two.
    refused!(
        around(&format!(" Destination=\"{ACS}\""), &format!(" Destination=\"{SECOND_ACS}\"")),
        ErrorKind::Mismatch { what: "Destination", .. }
    );
    for issuer in ["https://idp.example.org/entity", "https://idp.example.com/entity/", "https://idp.example.com"] {
        refused!(around(IDP, issuer), ErrorKind::Mismatch { what: "Issuer of the Response", .. });
        refused!(erring(IDP, issuer), ErrorKind::Mismatch { what: "Issuer of the Assertion", .. });
    }
    refused!(erring(IDP, ""), ErrorKind::Value { name: "entityID", .. });
    refused!(
        erring(&format!(">{IDP}<"), &format!(" Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">{IDP}<")),
        ErrorKind::Value { name: "Format", .. }
    );
}

#[test]
fn class_16_conditions_that_are_not_known() {
    let own = element(&unsigned(), "saml:AudienceRestriction").to_owned();
    let with = |condition: &str| erring(&own, &format!("{own}{condition}"));
    assert!(with("<saml:OneTimeUse></saml:OneTimeUse><saml:ProxyRestriction Count=\"0\"></saml:ProxyRestriction>").is_ok());
    for condition in [
        "<saml:Condition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"x\"></saml:Condition>",
        "<saml:AudienceRestrictions></saml:AudienceRestrictions>",
        "<x:AudienceRestriction xmlns:x=\"urn:x\"></x:AudienceRestriction>",
        "<x:OneTimeUse xmlns:x=\"urn:x\"></x:OneTimeUse>",
    ] {
        refused!(with(condition), ErrorKind::Unsupported { .. }, "the condition");
    }
}

#[test]
fn class_16_confirmations() {
    let own = element(&unsigned(), "saml:SubjectConfirmation").to_owned();
    let key = own.replace("cm:bearer", "cm:holder-of-key");
    let elsewhere = own.replace(ACS, "https://sp.example.org/acs");
    // One that holds is enough.
    assert!(erring(&own, &format!("{key}{elsewhere}{own}")).is_ok());
    refused!(erring(&own, &key), ErrorKind::Element { .. }, "a SubjectConfirmation by bearer");
    refused!(erring(&own, &elsewhere), ErrorKind::Mismatch { what: "Recipient", .. });
    refused!(erring(&own, &format!("{key}{elsewhere}")), ErrorKind::Mismatch { what: "Recipient", .. });
    refused!(erring(" Recipient=", " NotBefore=\"2026-11-01T07:00:00Z\" Recipient="), ErrorKind::Value { name: "NotBefore", .. });
    refused!(erring("urn:oasis:names:tc:SAML:2.0:cm:bearer", "urn:oasis:names:tc:SAML:2.0:cm:Bearer"), ErrorKind::Element { .. });
}

#[test]
fn class_16_versions_and_status() {
    for version in ["1.1", "2.1", "2", "2.00", "", " 2.0"] {
        refused!(erring(" Version=\"2.0\"", &format!(" Version=\"{version}\"")), ErrorKind::Mismatch { what: "Version", .. });
        refused!(around(" Version=\"2.0\"", &format!(" Version=\"{version}\"")), ErrorKind::Mismatch { what: "Version", .. });
    }
    for status in ["Responder", "Requester", "success", "Success ", "SuccessX"] {
        let success = "urn:oasis:names:tc:SAML:2.0:status:Success";
        let other = format!("urn:oasis:names:tc:SAML:2.0:status:{status}");
        refused!(around(success, &other), ErrorKind::Status { .. });
        // The status is not signed where only the assertion is; an assertion beside a failure is still not believed.
        refused!(accept(&replace(issue(SignedParts::Assertion).xml(), success, &other)), ErrorKind::Status { .. });
    }
    let code = element(&unsigned(), "samlp:StatusCode").to_owned();
    let failure = code.replace("status:Success", "status:Responder");
    for both in [format!("{code}{failure}"), format!("{failure}{code}")] {
        refused!(around(&code, &both), ErrorKind::Element { .. }, "expected one StatusCode");
    }
    refused!(around(&code, &failure.replace("></samlp", &format!(">{code}</samlp"))), ErrorKind::Status { .. });
    let status = element(&unsigned(), "samlp:Status").to_owned();
    refused!(around(&status, &status.repeat(2)), ErrorKind::Element { .. }, "expected one Status");
}

/// CVE-2026-49284: what the response answers is taken from what is signed.
#[test]
fn class_17_in_response_to() {
    let solicited = issue(SignedParts::Assertion).xml().to_owned();
    let unsolicited = issue_unsolicited(SignedParts::Assertion).xml().to_owned();
    assert_eq!(accept(&solicited).unwrap().in_response_to().map(MessageId::as_str), Some(REQUEST_ID));
    assert_eq!(accept_as(&unsolicited, &Expected::Unsolicited).unwrap().in_response_to(), None);

    // An unsolicited one into an open request, also when the response is made to say so.
    refused!(accept(&unsolicited), ErrorKind::Mismatch { what: "InResponseTo of the Response", .. });
    let put = replace(&unsolicited, &format!(" ID=\"{RESPONSE_ID}\""), &format!(" ID=\"{RESPONSE_ID}\" InResponseTo=\"{REQUEST_ID}\""));
    refused!(accept(&put), ErrorKind::Mismatch { what: "InResponseTo of the SubjectConfirmationData", .. });
    // A solicited one where none was asked for, also when the response is made to say so.
    refused!(accept_as(&solicited, &Expected::Unsolicited), ErrorKind::Mismatch { what: "InResponseTo of the Response", .. });
    let (head, rest) = solicited.split_once(&format!(" InResponseTo=\"{REQUEST_ID}\"")).unwrap();
    refused!(
        accept_as(&format!("{head}{rest}"), &Expected::Unsolicited),
        ErrorKind::Mismatch { what: "InResponseTo of the SubjectConfirmationData", .. }
    );
    // To another request, and to one that is called nearly so.
    for other in ["_fedcba9876543210fedcba9876543210", "_0123456789abcdef0123456789abcde", "_0123456789ABCDEF0123456789ABCDEF"] {
        let expected = Expected::ResponseTo(MessageId::new(other).unwrap());
        refused!(accept_as(&solicited, &expected), ErrorKind::Mismatch { .. });
        let renamed = solicited.replacen(REQUEST_ID, other, 1);
        refused!(accept_as(&renamed, &expected), ErrorKind::Mismatch { what: "InResponseTo of the SubjectConfirmationData", .. });
    }
    let both = issue(SignedParts::Both).xml().to_owned();
    refused!(accept(&both.replacen(REQUEST_ID, "_other", 1)), ErrorKind::Digest { .. });
    assert!(!stripped(&both).contains("ds:Signature"));
}
