//! Class 21: small messages that become large, and large ones that take long.

use std::fmt::Write as _;

use base64ct::{Base64, Encoding as _};
use idbridge_saml::{ErrorKind, ReceivedRequest, ReceivedResponse, SignedParts, XmlDocument};

use crate::common::{Pen, accept, issue, keys, replace, request_xml, unsigned};
use crate::refused;

fn query(xml: &[u8]) -> String {
    format!("SAMLRequest={}", Base64::encode_string(&miniz_oxide::deflate::compress_to_vec(xml, 9)).replace('+', "%2B"))
}

#[test]
fn class_21_deflate() {
    let padded = |spaces: usize| request_xml("", &" ".repeat(spaces));
    let room = 128 * 1024 - padded(0).len();
    assert!(ReceivedRequest::from_redirect(&query(padded(room).as_bytes())).is_ok());
    let text = "too much: at most 131072 bytes when decompressed in SAMLRequest";
    refused!(ReceivedRequest::from_redirect(&query(padded(room + 1).as_bytes())), ErrorKind::Limit { most: 131_072, .. }, text);
    let bomb = query(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    refused!(ReceivedRequest::from_redirect(&bomb), ErrorKind::Limit { .. }, text);
    // Twice compressed is once decompressed.
    let once = miniz_oxide::deflate::compress_to_vec(request_xml("", "").as_bytes(), 9);
    refused!(ReceivedRequest::from_redirect(&query(&once)), ErrorKind::Encoding { encoding: "UTF-8", .. });
    // A form is never compressed.
    refused!(ReceivedRequest::from_post(&Base64::encode_string(&once), None), ErrorKind::Encoding { encoding: "UTF-8", .. });
    for wrong in [&b""[..], b"\x00", b"\x03", b"\x78\x9c\x03\x00\x00\x00\x00\x01", b"\xff\xff\xff\xff"] {
        let query = format!("SAMLRequest={}", Base64::encode_string(wrong).replace('+', "%2B"));
        refused!(ReceivedRequest::from_redirect(&query), ErrorKind::Encoding { .. } | ErrorKind::Xml { .. });
    }
}

#[test]
fn class_21_length() {
    let long = format!("{}{}", unsigned(), " ".repeat(2 * 1024 * 1024));
    refused!(accept(&long), ErrorKind::Limit { what: "bytes of XML", .. });
    refused!(ReceivedRequest::from_xml(&long), ErrorKind::Limit { what: "bytes of XML", .. });
    let base64 = "A".repeat(4 * 1024 * 1024 + 4);
    refused!(ReceivedRequest::from_post(&base64, None), ErrorKind::Limit { what: "bytes of base64", .. });
    refused!(ReceivedResponse::from_post(&base64, None), ErrorKind::Limit { what: "bytes of base64", .. });
    refused!(
        ReceivedRequest::from_post_body(&format!("SAMLRequest={base64}")),
        ErrorKind::Limit { what: "bytes of a query or a form", .. }
    );
    refused!(ReceivedRequest::from_redirect(&format!("SAMLRequest={base64}")), ErrorKind::Limit { .. });
    let request = Base64::encode_string(request_xml("", "").as_bytes());
    let state = "x".repeat(8_193);
    assert!(ReceivedRequest::from_post(&request, Some(&state[1..])).is_ok());
    refused!(ReceivedRequest::from_post(&request, Some(&state)), ErrorKind::Limit { what: "bytes of RelayState", .. });
}

#[test]
fn class_21_depth_attributes_and_namespaces() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(XmlDocument::parse(&nested(64)).is_ok());
    refused!(XmlDocument::parse(&nested(65)).map(|_| ()), ErrorKind::Limit { what: "elements within one another", most: 64 });
    refused!(XmlDocument::parse(&nested(100_000)).map(|_| ()), ErrorKind::Limit { .. });
    refused!(XmlDocument::parse(&"<a>".repeat(600_000)).map(|_| ()), ErrorKind::Limit { .. });

    let with = |count: usize, name: &dyn Fn(usize) -> String| {
        let mut text = "<a".to_owned();
        (0..count).for_each(|index| write!(text, " {}", name(index)).unwrap());
        text + "/>"
    };
    let attribute = |index| format!("a{index}=''");
    assert!(XmlDocument::parse(&with(64, &attribute)).is_ok());
    refused!(XmlDocument::parse(&with(65, &attribute)).map(|_| ()), ErrorKind::Limit { what: "attributes of one element", most: 64 });
    let declaration = |index| format!("xmlns:n{index}='urn:n:{index}'");
    refused!(XmlDocument::parse(&with(65, &declaration)).map(|_| ()), ErrorKind::Limit { what: "attributes of one element", most: 64 });

    let mut text = String::new();
    (0..3).for_each(|level| {
        text.push_str("<a");
        (0..60).for_each(|index| write!(text, " xmlns:n{level}x{index}='urn:n'").unwrap());
        text.push('>');
    });
    refused!(XmlDocument::parse(&text).map(|_| ()), ErrorKind::Limit { what: "namespaces", most: 128 });
    let mut text = "<a>".to_owned();
    (0..200).for_each(|index| write!(text, "<b xmlns='urn:{index}'/>").unwrap());
    refused!(XmlDocument::parse(&(text + "</a>")).map(|_| ()), ErrorKind::Limit { what: "namespaces", most: 128 });
}

/// A long namespace that each of many elements declares anew in canonical form, because none of them is in another.
#[test]
fn class_21_declarations_that_canonical_form_repeats() {
    let few = |count: usize, length: usize| {
        let declared = format!("<samlp:Extensions xmlns:n=\"urn:{}\">", "n".repeat(length));
        let text = format!("{declared}{}</samlp:Extensions><samlp:Status>", "<n:a/>".repeat(count));
        insert_own(&replace(&unsigned(), "<samlp:Status>", &text))
    };
    refused!(ReceivedResponse::from_xml(few(100, 1_000)).verify_signature(&keys()), ErrorKind::Digest { .. });
    refused!(
        ReceivedResponse::from_xml(few(100_000, 1_000_000)).verify_signature(&keys()),
        ErrorKind::Limit { what: "bytes of canonical XML", .. }
    );
}

fn insert_own(text: &str) -> String {
    crate::common::insert(text, crate::common::RESPONSE_ID, crate::common::signature(issue(SignedParts::Response).xml()))
}

#[test]
fn class_21_prefix_lists() {
    let list = |count: usize| (0..count).map(|index| format!("p{index}")).collect::<Vec<_>>().join(" ");
    let pen = |count: usize| {
        let list = list(count);
        let inner =
            format!("<ec:InclusiveNamespaces xmlns:ec=\"{0}\" PrefixList=\"{list}\"></ec:InclusiveNamespaces>", crate::common::C14N);
        let honest = Pen::honest();
        let transforms = honest.transforms.replace(
            &format!("<ds:Transform Algorithm=\"{}\"></ds:Transform>", crate::common::C14N),
            &format!("<ds:Transform Algorithm=\"{}\">{inner}</ds:Transform>", crate::common::C14N),
        );
        Pen { transforms, ..honest }
    };
    assert!(accept(&pen(32).assertion(&unsigned())).is_ok());
    refused!(accept(&pen(33).assertion(&unsigned())), ErrorKind::Limit { what: "inclusive prefixes", most: 32 });
}

/// Two mebibytes of whatever takes longest are read in seconds, even without optimization; were any of it quadratic, these were hours.
#[test]
fn class_21_nothing_is_quadratic() {
    let most = 2_000_000;
    let fill = |piece: &str| piece.repeat(most / piece.len());
    for (open, piece, close) in [
        ("<a>", "<b/>", "</a>"),
        ("<a>", "&#65;", "</a>"),
        ("<a>", "x<!---->", "</a>"),
        ("<a>", "<![CDATA[x]]>", "</a>"),
        ("<a>", "]]", "</a>"),
        ("<a>", "<?p?>", "</a>"),
        ("<a b='", "&#9;", "'/>"),
        ("<a b='", "\t", "'/>"),
        ("<a>", "<b xmlns:p='urn:p' p:c=''/>", "</a>"),
        ("<a>", "\r", "</a>"),
        ("<a>", "&", ""),
        ("<a>", "<", ""),
        ("<", "a", ""),
        ("<!--", "-", ""),
        ("<a b=\"", "'", ""),
    ] {
        let _ = XmlDocument::parse(&format!("{open}{}{close}", fill(piece)));
    }
    // Within a message, where each is looked at.
    for piece in ["<saml:Issuer/>", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>", "<saml:NameID/>", "<x/>"] {
        let text = unsigned().replace("<saml:Subject>", &format!("{}<saml:Subject>", fill(piece)));
        assert!(ReceivedResponse::from_xml(text).verify_signature(&keys()).is_err());
    }
    let many = fill("<saml:AuthnContextClassRef>x</saml:AuthnContextClassRef>");
    let _ = ReceivedRequest::from_xml(&request_xml("", &format!("<samlp:RequestedAuthnContext>{many}</samlp:RequestedAuthnContext>")));
    let _ = ReceivedRequest::from_redirect(&fill("&a=%41"));
}

/// Confirmations by bearer, each of which makes an error where it does not hold.
#[test]
fn class_21_many_confirmations() {
    let own = crate::common::element(&unsigned(), "saml:SubjectConfirmation").to_owned();
    let elsewhere = own.replace(crate::common::ACS, "https://sp.example.org/acs");
    let with = |count: usize| accept(&Pen::honest().assertion(&replace(&unsigned(), &own, &format!("{}{own}", elsewhere.repeat(count)))));
    assert!(with(63).is_ok());
    refused!(with(64), ErrorKind::Limit { what: "bearer confirmations", most: 64 });
    refused!(with(4_000), ErrorKind::Limit { .. });
}

/// An error is for a log, not for the whole of what somebody sent.
#[test]
fn class_21_errors_stay_short() {
    let long = "n".repeat(100_000);
    let texts = [
        request_xml("", &format!("<{long}/>")),
        request_xml(&format!(" ProtocolBinding=\"{long}\" Version2=\"\""), ""),
        format!("<{long}/>"),
        format!("<a><{long}>"),
        request_xml("", "").replace(crate::common::REQUEST_ID, &long),
        request_xml("", "").replace("</saml:Issuer>", &format!("<{long}/></saml:Issuer>")),
        request_xml("", &format!("<samlp:NameIDPolicy AllowCreate=\"{long}\"/>")),
        request_xml("", &format!("<saml:Subject><saml:NameID><{long}/></saml:NameID></saml:Subject>")),
    ];
    for text in texts {
        if let Err(error) = ReceivedRequest::from_xml(&text) {
            assert!(error.to_string().len() < 1_000, "{} bytes", error.to_string().len());
        }
    }
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    for (from, to) in [
        ("</ds:Signature>", format!("<{long}/></ds:Signature>")),
        ("<ds:SignedInfo>", format!("<ds:SignedInfo {long}=\"\">")),
        ("<ds:SignedInfo>", format!("<ds:{long}/><ds:SignedInfo>")),
        ("<ds:SignatureValue>", format!("<ds:SignatureValue><{long}/>")),
        (crate::common::ASSERTION_ID, long.clone()),
        ("<samlp:Status>", format!("<{long}/><samlp:Status>")),
        ("<samlp:Status>", format!("<samlp:Extensions><{long}><saml:Assertion/></{long}></samlp:Extensions><samlp:Status>")),
        (crate::common::IDP, long.clone()),
        ("status:Success", long.clone()),
        (" Version=\"2.0\"", format!(" Version=\"{long}\"")),
    ] {
        let error = accept(&xml.replacen(from, &to, 1)).unwrap_err();
        assert!(error.to_string().len() < 1_000, "{} bytes for {from}", error.to_string().len());
    }
}
