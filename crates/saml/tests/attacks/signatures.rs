//! Classes 10, 13 to 15, 19: whose key it was, and what a signature is over.

use idbridge_saml::{Credential, ErrorKind, ReceivedResponse, SignedParts, TrustedKeys};

use crate::common::{
    ASSERTION_ID, C14N, ENVELOPED, P256_CERTIFICATE, P384_CERTIFICATE, Pen, RESPONSE_ID, accept, assertion, certificate, element, idp, ids,
    issue, keys, login, now, replace, request, signature, sp, stranger, unsigned,
};
use crate::refused;

fn of_stranger(parts: SignedParts) -> String {
    let (_, credential): (_, Credential) = stranger();
    let (idp, sp) = (idp().with_signed_parts(parts), sp());
    let response = idp.accept(&request(), &sp, now()).unwrap().respond(&login(), &ids(), now()).unwrap();
    response.sign(&credential).unwrap().xml().to_owned()
}

#[test]
fn class_10_a_key_that_the_message_brings_along() {
    assert!(accept(issue(SignedParts::Both).xml()).is_ok());
    for parts in [SignedParts::Assertion, SignedParts::Response, SignedParts::Both] {
        let xml = of_stranger(parts);
        assert!(xml.contains("<ds:X509Certificate>"));
        refused!(accept(&xml), ErrorKind::Signature { tried: 1, .. });
        // With the certificate of the one who is believed, or without any.
        let own = crate::common::credential().certificate().to_base64();
        let other = stranger().1.certificate().to_base64();
        refused!(accept(&xml.replace(&other, &own)), ErrorKind::Signature { tried: 1, .. } | ErrorKind::Digest { .. });
        let key_info = element(&xml, "ds:KeyInfo").to_owned();
        refused!(accept(&xml.replace(&key_info, "")), ErrorKind::Signature { tried: 1, .. } | ErrorKind::Digest { .. });
    }
    // One signature of the right key, one of another: both must be right.
    let (signer, _) = stranger();
    let evil = Pen { sign: &|bytes| idbridge_saml::Signer::sign(&signer, bytes).unwrap(), ..Pen::honest() };
    let inner = evil.assertion(&unsigned());
    refused!(accept(&Pen::honest().response(&inner)), ErrorKind::Signature { .. });
    let inner = Pen::honest().assertion(&unsigned());
    refused!(accept(&evil.response(&inner)), ErrorKind::Signature { .. });
}

#[test]
fn class_10_key_info_is_not_read() {
    let honest = accept(issue(SignedParts::Assertion).xml()).unwrap();
    for key_info in [
        "<ds:KeyInfo></ds:KeyInfo>",
        "<ds:KeyInfo><ds:KeyName>any</ds:KeyName></ds:KeyInfo>",
        "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://198.51.100.1/\"></ds:RetrievalMethod></ds:KeyInfo>",
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>no base64!</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
        "<ds:KeyInfo>text<x xmlns=\"urn:x\"></x></ds:KeyInfo>",
    ] {
        let pen = Pen { key_info: key_info.to_owned(), ..Pen::honest() };
        assert_eq!(accept(&pen.assertion(&unsigned())).unwrap(), honest);
    }
}

/// CVE-2018-7644: a message of another identity provider that is believed elsewhere.
#[test]
fn class_10_the_key_of_another_identity_provider() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    let received = ReceivedResponse::from_xml(xml.clone());
    received.verify_signature(&keys()).unwrap();
    let others = [certificate(P256_CERTIFICATE), certificate(P384_CERTIFICATE), stranger().1.certificate().clone()];
    let others = TrustedKeys::new(&others).unwrap();
    refused!(
        received.verify_signature(&others),
        ErrorKind::Signature { tried: 3, .. },
        "no trusted key verifies the signature over Response (3 tried)"
    );
    refused!(TrustedKeys::new(std::iter::empty()), ErrorKind::Misuse { .. });
    // The other one's name in a message that we believe: it speaks for itself alone.
    let text = unsigned().replace("https://idp.example.com/entity", "https://other.example.com/entity");
    let signed = Pen::honest().assertion(&text);
    refused!(accept(&signed), ErrorKind::Mismatch { what: "Issuer of the Response", .. });
    let inner = assertion(&text).to_owned();
    let mixed = replace(&unsigned(), assertion(&unsigned()), &inner);
    refused!(accept(&Pen::honest().assertion(&mixed)), ErrorKind::Mismatch { what: "Issuer of the Assertion", .. });
    let mixed = replace(&text, &inner, assertion(&unsigned()));
    refused!(accept(&Pen::honest().assertion(&mixed)), ErrorKind::Mismatch { what: "Issuer of the Response", .. });
}

/// Made by the right key: what the transforms would hide is refused by their names.
#[test]
fn class_13_transforms() {
    assert!(accept(&Pen::honest().assertion(&unsigned())).is_ok());
    let transform = |algorithm: &str, inner: &str| format!("<ds:Transform Algorithm=\"{algorithm}\">{inner}</ds:Transform>");
    let (enveloped, canonical) = (transform(ENVELOPED, ""), transform(C14N, ""));
    let xpath = "<ds:XPath xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">not(ancestor-or-self::ds:Signature)</ds:XPath>";
    let stylesheet = "<x:stylesheet xmlns:x=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"></x:stylesheet>";
    for transforms in [
        String::new(),
        enveloped.clone(),
        canonical.clone(),
        format!("{canonical}{enveloped}"),
        format!("{enveloped}{enveloped}{canonical}"),
        format!("{enveloped}{canonical}{canonical}"),
        format!("{}{canonical}", enveloped.repeat(50)),
        format!("{enveloped}{}{canonical}", transform("http://www.w3.org/TR/1999/REC-xpath-19991116", xpath)),
        format!("{}{canonical}", transform("http://www.w3.org/TR/1999/REC-xpath-19991116", xpath)),
        format!("{enveloped}{}", transform("http://www.w3.org/TR/1999/REC-xslt-19991116", stylesheet)),
        format!("{enveloped}{}", transform("http://www.w3.org/2002/06/xmldsig-filter2", "")),
        format!("{enveloped}{}", transform("http://www.w3.org/2000/09/xmldsig#base64", "")),
        format!("{enveloped}{}", transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "")),
        format!("{enveloped}{}", transform("http://www.w3.org/2006/12/xml-c14n11", "")),
        format!("{enveloped}{}", transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", "")),
        format!("{enveloped}{}", transform(C14N, "<x xmlns=\"urn:x\"></x>")),
        format!("{}{canonical}", transform(ENVELOPED, xpath)),
        format!("{enveloped}{}", canonical.replace(" Algorithm", " Other=\"1\" Algorithm")),
        format!("{enveloped}text{canonical}"),
        format!("{enveloped}{canonical}<x xmlns=\"urn:x\"></x>"),
    ] {
        refused!(accept(&Pen { transforms, ..Pen::honest() }.assertion(&unsigned())), ErrorKind::SignatureShape { .. });
    }
    let with_comments =
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"></ds:CanonicalizationMethod>";
    let pen = Pen { canonicalization: with_comments.to_owned(), ..Pen::honest() };
    refused!(accept(&pen.assertion(&unsigned())), ErrorKind::SignatureShape { .. }, "exclusive canonicalization without comments");
}

/// CVE-2026-33487: one reference, and it is the parent's.
#[test]
fn class_14_several_references() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    assert!(accept(&xml).is_ok());
    let reference = element(&xml, "ds:Reference").to_owned();
    let other = reference.replace(ASSERTION_ID, RESPONSE_ID);
    for both in [reference.repeat(2), format!("{reference}{other}"), format!("{other}{reference}")] {
        refused!(accept(&replace(&xml, &reference, &both)), ErrorKind::SignatureShape { .. });
    }
    refused!(accept(&replace(&xml, &reference, "")), ErrorKind::SignatureShape { .. }, "expected ds:Reference");
    let manifest = format!("<ds:Object><ds:Manifest>{reference}</ds:Manifest></ds:Object>");
    refused!(accept(&replace(&xml, "</ds:Signature>", &format!("{manifest}</ds:Signature>"))), ErrorKind::SignatureShape { .. });
}

/// Made by the right key over the right bytes: a reference that is not the parent's identifier is none.
#[test]
fn class_15_references_elsewhere() {
    let shown = |reference: String| Pen { reference, ..Pen::honest() }.assertion(&unsigned());
    assert!(accept(&shown(format!("URI=\"#{ASSERTION_ID}\""))).is_ok());
    assert!(accept(&shown(format!("Id=\"_r\" Type=\"urn:x\" URI=\"&#35;{ASSERTION_ID}\""))).is_ok());
    for uri in [
        String::new(),
        "#".to_owned(),
        format!("#{RESPONSE_ID}"),
        ASSERTION_ID.to_owned(),
        format!("##{ASSERTION_ID}"),
        format!("#{ASSERTION_ID} "),
        format!(" #{ASSERTION_ID}"),
        format!("#{}x", ASSERTION_ID),
        format!("#{}%32", &ASSERTION_ID[..ASSERTION_ID.len() - 1]),
        format!("#xpointer(id('{ASSERTION_ID}'))"),
        "#xpointer(/)".to_owned(),
        format!("http://198.51.100.1/#{ASSERTION_ID}"),
        "file:///etc/passwd".to_owned(),
        format!("#{ASSERTION_ID}' or '1'='1"),
        "cid:x".to_owned(),
    ] {
        refused!(accept(&shown(format!("URI=\"{uri}\""))), ErrorKind::SignatureShape { .. }, "a Reference to #_0202");
    }
    refused!(accept(&shown("Id=\"_r\"".to_owned())), ErrorKind::SignatureShape { .. });
    refused!(accept(&shown(format!("URI=\"#{ASSERTION_ID}\" Other=\"1\""))), ErrorKind::SignatureShape { .. });
    refused!(accept(&shown(format!("xml:base=\"http://198.51.100.1/\" URI=\"#{ASSERTION_ID}\""))), ErrorKind::SignatureShape { .. });
}

/// A signature is first behind the issuer, whole, and without what the shape does not have.
#[test]
fn class_15_the_shape_of_a_signature() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    assert!(accept(&xml).is_ok());
    let own = signature(&xml).to_owned();
    let foreign = "<x xmlns=\"urn:x\"/>";
    for (from, to) in [
        ("</ds:Signature>", "<ds:Object/></ds:Signature>".to_owned()),
        ("</ds:Signature>", "<ds:Object Id=\"_o\"><ds:SignatureProperties/></ds:Object></ds:Signature>".to_owned()),
        ("<ds:SignedInfo>", format!("{foreign}<ds:SignedInfo>")),
        ("<ds:SignatureValue>", format!("{foreign}<ds:SignatureValue>")),
        ("<ds:KeyInfo>", "text<ds:KeyInfo>".to_owned()),
        ("<ds:Reference ", "text<ds:Reference ".to_owned()),
        ("<ds:SignedInfo>", "<ds:SignedInfo Other=\"1\">".to_owned()),
        ("<ds:SignatureValue>", "<ds:SignatureValue Other=\"1\">".to_owned()),
        ("<ds:Transforms>", "<ds:Transforms Other=\"1\">".to_owned()),
        ("<ds:DigestValue>", "<ds:DigestValue Id=\"_d\">".to_owned()),
        ("<ds:Transforms>", format!("<ds:Transforms>{foreign}")),
        ("</ds:SignatureMethod>", "<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>".to_owned()),
        ("</ds:DigestMethod>", format!("{foreign}</ds:DigestMethod>")),
    ] {
        refused!(accept(&replace(&xml, from, &to)), ErrorKind::SignatureShape { .. });
    }
    let late = replace(&replace(&xml, &own, ""), "</saml:Subject>", &format!("</saml:Subject>{own}"));
    refused!(
        accept(&late),
        ErrorKind::SignatureShape { .. },
        "expected the signature behind nothing but the Issuer, found it behind Subject"
    );
}

#[test]
fn class_15_nothing_signed_is_nothing_believed() {
    assert!(accept(issue(SignedParts::Assertion).xml()).is_ok());
    refused!(accept(&unsigned()), ErrorKind::NotSigned { .. });
    let empty = replace(&unsigned(), "<saml:Subject>", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/><saml:Subject>");
    refused!(accept(&empty), ErrorKind::SignatureShape { .. });
    let value = element(issue(SignedParts::Assertion).xml(), "ds:SignatureValue").to_owned();
    for other in ["", "AAAA", "!!!!", &"A".repeat(344), &"/".repeat(344), &"A".repeat(100_000)] {
        let xml = replace(issue(SignedParts::Assertion).xml(), &value, &format!("<ds:SignatureValue>{other}</ds:SignatureValue>"));
        refused!(accept(&xml), ErrorKind::Signature { .. } | ErrorKind::Encoding { .. });
    }
}

/// CVE-2026-2092: what is encrypted is said to be, and is never a way around a signature.
#[test]
fn class_19_encrypted_assertions() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    assert!(accept(&xml).is_ok());
    let encrypted = "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><x xmlns=\"http://www.w3.org/2001/04/xmlenc#\"/>\
                     </saml:EncryptedAssertion>";
    let original = assertion(&xml).to_owned();
    for replacement in [encrypted.to_owned(), format!("{encrypted}{original}"), format!("{original}{encrypted}")] {
        refused!(accept(&replace(&xml, &original, &replacement)), ErrorKind::Unsupported { .. }, "an encrypted assertion is not supported");
    }
    let name = element(&unsigned(), "saml:NameID").to_owned();
    for other in ["EncryptedID", "BaseID"] {
        let text = replace(&unsigned(), &name, &format!("<saml:{other}></saml:{other}>{name}"));
        refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Unsupported { .. }, other);
    }
    let text =
        replace(&unsigned(), "<saml:AttributeStatement>", "<saml:AttributeStatement><saml:EncryptedAttribute></saml:EncryptedAttribute>");
    refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Unsupported { .. }, "EncryptedAttribute in an AttributeStatement");
}
