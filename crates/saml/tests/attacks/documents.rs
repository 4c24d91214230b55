//! Classes 6 to 9: one document that two readers read in two ways.

use idbridge_saml::{EntityDescriptor, ErrorKind, Metadata, ReceivedRequest, RegisteredSp, Registration, SignedParts, XmlDocument};

use crate::common::{
    ACS, ASSERTION_ID, IDP, Pen, RESPONSE_ID, accept, acs, insert, issue, metadata, replace, request_xml, signature, unsigned,
};
use crate::refused;

fn signed() -> String {
    let xml = issue(SignedParts::Both).xml().to_owned();
    assert!(accept(&xml).is_ok());
    xml
}

#[test]
fn class_06_two_roots_and_what_is_around_one() {
    let xml = signed();
    for text in [
        format!("{xml}{xml}"),
        format!("{xml}<a/>"),
        format!("<a/>{xml}"),
        format!("{xml}x"),
        format!("x{xml}"),
        format!("{xml}&#32;"),
        format!("{xml}<![CDATA[ ]]>"),
        format!("\u{feff}\u{feff}{xml}"),
        format!("{xml}\u{0}"),
        format!("{xml}<?xml version=\"1.0\"?>"),
        format!("<?xml version=\"1.1\"?>{xml}"),
        format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{xml}"),
        format!(" <?xml version=\"1.0\"?>{xml}"),
        xml.replace("</samlp:Response>", "</samlp:Response x=''>"),
        xml.replace("</samlp:Response>", "</saml:Response>"),
    ] {
        refused!(accept(&text), ErrorKind::Xml { .. });
    }
    accept(&format!("\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n<!-- c -->{xml}<?p d?>\n")).unwrap();
}

/// A mark of the encoding behind the mark of the encoding is a character that stands in a wrong place. No reader may skip it silently.
#[test]
fn class_06_a_second_byte_order_mark() {
    assert!(XmlDocument::parse("\u{feff}<a/>").is_ok());
    refused!(
        XmlDocument::parse("\u{feff}\u{feff}<a/>").map(|_| ()),
        ErrorKind::Xml { .. },
        "at byte 3: expected nothing but whitespace outside"
    );
}

/// CVE-2025-23369: an entity in an identifier, so that the one that is referred to is found under another name.
#[test]
fn class_06_entities_in_identifiers() {
    let xml = signed();
    // A reference to a character is that character, to everybody: the digest is the same.
    let escaped = replace(&xml, &format!(" ID=\"{RESPONSE_ID}\""), &format!(" ID=\"&#95;{}\"", &RESPONSE_ID[1..]));
    assert_eq!(accept(&escaped).unwrap(), accept(&xml).unwrap());
    for entity in ["&e;", "&nbsp;", "&#0;", "&#xFFFF;", "&amp", "&;", "&#;", "&#x110000;", "&AMP;", "&#-1;", "&#x+5f;"] {
        let declared = replace(&xml, &format!(" ID=\"{RESPONSE_ID}\""), &format!(" ID=\"{entity}\""));
        refused!(accept(&declared), ErrorKind::Xml { .. });
        refused!(accept(&replace(&xml, ">anna.berg@", &format!(">{entity}anna.berg@"))), ErrorKind::Xml { .. });
    }
}

/// What one reader takes for the end of markup and another one does not.
#[test]
fn class_06_markup_that_readers_differ_in() {
    let xml = signed();
    for (from, to) in [
        ("<samlp:Status>", "<!--><samlp:Status>-->"),
        ("<samlp:Status>", "<!-- -- --><samlp:Status>"),
        ("<samlp:Status>", "<!---><samlp:Status>-->"),
        ("<samlp:Status>", "<?xml version=\"1.0\"?><samlp:Status>"),
        ("<samlp:Status>", "<?><samlp:Status>?>"),
        ("<samlp:Status>", "]]><samlp:Status>"),
        ("<samlp:Status>", "<![cdata[]]><samlp:Status>"),
        ("<samlp:Status>", "<![CDATA[]]<samlp:Status>"),
        ("<samlp:Status>", "<!ENTITY a 'b'><samlp:Status>"),
        ("<samlp:Status>", "<samlp:Status\u{a0}>"),
        ("<samlp:Status>", "<samlp:Status =''>"),
        ("<samlp:Status>", "<samlp:Status a=b>"),
        ("<samlp:Status>", "<samlp:Status a='<'>"),
        ("<samlp:Status>", "<samlp:Status a=''b=''>"),
        ("<samlp:Status>", "<samlp:Status a='' a=''>"),
        ("<samlp:Status>", "<samlp:Status xmlns:p='urn:a' xmlns:q='urn:a' p:a='' q:a=''>"),
        ("<samlp:Status>", "<samlp:samlp:Status>"),
        ("<samlp:Status>", "< samlp:Status>"),
        ("</samlp:Status>", "</ samlp:Status>"),
        ("</samlp:Status>", "</samlp:Status/>"),
        ("<samlp:Status>", "<p:a/><samlp:Status>"),
        ("<samlp:Status>", "\u{8}<samlp:Status>"),
    ] {
        refused!(accept(&replace(&xml, from, to)), ErrorKind::Xml { .. });
    }
}

#[test]
fn class_07_a_document_type_at_every_entry() {
    let response = signed();
    let request = request_xml("", "");
    let sp = metadata("", &acs(0, ACS));
    assert!(ReceivedRequest::from_xml(&request).is_ok() && EntityDescriptor::from_xml(&sp).is_ok());
    for declared in [
        "<!DOCTYPE a>",
        "<!doctype a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a PUBLIC \"x\" \"http://198.51.100.1/\">",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE a [<!ATTLIST samlp:Response ID ID #IMPLIED>]>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://198.51.100.1/\"> %p;]>",
        "<?xml version=\"1.0\"?><!-- --><!DOCTYPE a>",
    ] {
        let with = |text: &str| format!("{declared}{text}");
        refused!(accept(&with(&response)), ErrorKind::Xml { .. });
        refused!(ReceivedRequest::from_xml(&with(&request)), ErrorKind::Xml { .. });
        refused!(EntityDescriptor::from_xml(&with(&sp)), ErrorKind::Xml { .. });
        refused!(Metadata::from_xml(&with(&sp)), ErrorKind::Xml { .. });
        refused!(RegisteredSp::from_xml(&with(&sp), &Registration::new()), ErrorKind::Xml { .. });
        refused!(XmlDocument::parse(&with(&sp)).map(|_| ()), ErrorKind::Xml { .. });
        let encoded = <base64ct::Base64 as base64ct::Encoding>::encode_string(with(&request).as_bytes());
        refused!(ReceivedRequest::from_post(&encoded, None), ErrorKind::Xml { .. });
        let deflated = miniz_oxide::deflate::compress_to_vec(with(&request).as_bytes(), 6);
        let encoded = <base64ct::Base64 as base64ct::Encoding>::encode_string(&deflated).replace('+', "%2B");
        refused!(ReceivedRequest::from_redirect(&format!("SAMLRequest={encoded}")), ErrorKind::Xml { .. });
    }
}

/// "The Fragile Lock": a canonicalization that fails, and whose nothing is digested.
#[test]
fn class_08_a_digest_of_nothing() {
    let xml = signed();
    let nothing = <base64ct::Base64 as base64ct::Encoding>::encode_string(&<sha2::Sha256 as sha2::Digest>::digest(b""));
    let digest = crate::common::element(&xml, "ds:DigestValue").to_owned();
    refused!(accept(&replace(&xml, &digest, &format!("<ds:DigestValue>{nothing}</ds:DigestValue>"))), ErrorKind::Signature { .. });
    // Signed by the right key: still nobody believes a digest of nothing.
    let void = Pen { digest: &|_| <sha2::Sha256 as sha2::Digest>::digest(b"").to_vec(), ..Pen::honest() };
    refused!(accept(&void.assertion(&unsigned())), ErrorKind::Digest { .. });
    refused!(accept(&Pen { digest: &|_| Vec::new(), ..Pen::honest() }.assertion(&unsigned())), ErrorKind::Digest { .. });
    for relative in ["1", "../x", "x/y", "//host/x", ":", "1:x", "#x", "?x:y", " urn:x"] {
        let declared = replace(&unsigned(), "<saml:Subject>", &format!("<saml:Subject xmlns:x=\"{relative}\">"));
        let own = signature(&xml);
        refused!(accept(&insert(&declared, RESPONSE_ID, own)), ErrorKind::Xml { .. }, "an absolute URI for the namespace");
        let default = replace(&unsigned(), "<saml:Subject>", &format!("<x xmlns=\"{relative}\"/><saml:Subject>"));
        refused!(accept(&insert(&default, RESPONSE_ID, own)), ErrorKind::Xml { .. });
    }
}

#[test]
fn class_09_other_attributes_called_id() {
    // Its identifier is the attribute ID that is in no namespace, and no other one.
    for attribute in ["samlp:ID", "saml:ID", "xml:id", "Id", "id"] {
        let renamed = replace(&unsigned(), &format!(" ID=\"{ASSERTION_ID}\""), &format!(" {attribute}=\"{ASSERTION_ID}\""));
        let own = Pen::honest().signature(&unsigned(), &[2], ASSERTION_ID);
        let issuer = renamed.rfind("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
        let text = format!("{}{own}{}", &renamed[..issuer], &renamed[issuer..]);
        refused!(accept(&text), ErrorKind::SignatureShape { .. }, "expected an ID, which is a name, on the signed element, found none");
    }
    // Another one beside it, under which somebody else finds another element.
    let own = signed();
    for attribute in ["samlp:ID", "saml:ID", "Id"] {
        let doubled = replace(&unsigned(), "<saml:Subject>", &format!("<saml:Subject {attribute}=\"{ASSERTION_ID}\">"));
        let doubled = doubled.replace("<saml:Assertion ", "<saml:Assertion xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ");
        assert_eq!(accept(&Pen::honest().assertion(&doubled)).unwrap().id().as_str(), ASSERTION_ID, "{attribute}");
    }
    assert!(accept(&own).is_ok());
}

#[test]
fn class_09_one_identifier_twice() {
    let xml = signed();
    for (from, to) in [
        (format!(" ID=\"{ASSERTION_ID}\""), format!(" ID=\"{RESPONSE_ID}\"")),
        ("<samlp:Status>".to_owned(), format!("<samlp:Status ID=\"{ASSERTION_ID}\">")),
        ("<saml:Subject>".to_owned(), format!("<saml:Subject xml:id=\"{RESPONSE_ID}\">")),
        ("<saml:Subject>".to_owned(), format!("<saml:Subject ID=\"&#95;{}\">", &RESPONSE_ID[1..])),
        (
            "<saml:Subject>".to_owned(),
            format!("<x:Object xmlns:x=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"{ASSERTION_ID}\"/><saml:Subject>"),
        ),
    ] {
        refused!(accept(&replace(&xml, &from, &to)), ErrorKind::Xml { .. }, "every identifier once");
    }
}

#[test]
fn class_09_namespaces_that_look_alike() {
    let honest = signed();
    let names = [
        ("urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:assertion "),
        ("urn:oasis:names:tc:SAML:2.0:assertion", "URN:oasis:names:tc:SAML:2.0:assertion"),
        ("urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:1.0:assertion"),
        ("urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"),
        ("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:protoc\u{43e}l"),
        ("http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2000/09/xmldsig"),
        ("http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2000/09/xmldsig#\u{200b}"),
        ("http://www.w3.org/2000/09/xmldsig#", "https://www.w3.org/2000/09/xmldsig#"),
    ];
    for (from, to) in names {
        let changed = honest.replace(&format!("=\"{from}\""), &format!("=\"{to}\""));
        assert_ne!(changed, honest);
        refused!(accept(&changed), ErrorKind::Element { .. } | ErrorKind::NotSigned { .. } | ErrorKind::SignatureShape { .. });
    }
    // A signed assertion of another namespace beside the one that is read, and the prefix bound anew within it.
    let other = "<saml:Assertion xmlns:saml=\"urn:example:assertion\"><saml:NameID>root@example.com</saml:NameID></saml:Assertion>";
    let beside = replace(&honest, "</samlp:Response>", &format!("{other}</samlp:Response>"));
    refused!(accept(&beside), ErrorKind::Element { .. }, "expected Issuer, Signature, Extensions, Status and Assertion in a Response");
    let inner = "<saml:NameID xmlns:saml=\"urn:example:assertion\">root@example.com</saml:NameID>";
    let text = replace(&unsigned(), "<saml:NameID ", &format!("{inner}<saml:NameID "));
    assert_eq!(accept(&Pen::honest().assertion(&text)).unwrap().name_id().value(), "anna.berg@example.com");
    for rebound in ["xmlns:xml=\"urn:x\"", "xmlns:xmlns=\"urn:x\"", "xmlns:x=\"\"", "xmlns:x=\"http://www.w3.org/XML/1998/namespace\""] {
        let text = replace(&honest, "<samlp:Status>", &format!("<samlp:Status {rebound}>"));
        refused!(accept(&text), ErrorKind::Xml { .. });
    }
    assert!(honest.contains(IDP));
}
