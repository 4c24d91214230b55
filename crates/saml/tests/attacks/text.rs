//! Classes 4 and 5: texts that end too early.

use idbridge_saml::{ErrorKind, SignedParts};

use crate::common::{NAME, Pen, SP, accept, element, issue, replace, unsigned};
use crate::refused;

/// CVE-2025-29775: a comment in the digest, which one reader stops at and another one leaves out.
#[test]
fn class_04_a_comment_in_the_values_of_a_signature() {
    let xml = issue(SignedParts::Assertion).xml().to_owned();
    assert!(accept(&xml).is_ok());
    for name in ["ds:DigestValue", "ds:SignatureValue"] {
        let value = element(&xml, name).to_owned();
        let open = format!("<{name}>");
        for (from, to) in [
            (open.clone(), format!("{open}<!-- AAAA -->")),
            (open.clone(), format!("{open}AAAA<!-- -->")),
            (format!("</{name}>"), format!("<!-- AAAA --></{name}>")),
            (open.clone(), format!("{open}<?p?>")),
            (open.clone(), format!("{open}<x xmlns=\"urn:x\"/>")),
        ] {
            let changed = replace(&xml, &value, &replace(&value, &from, &to));
            refused!(accept(&changed), ErrorKind::SignatureShape { .. } | ErrorKind::Element { .. });
        }
        // Whitespace is no text of base64, and a section is text.
        let spaced = replace(&xml, &value, &value.replace(&open, &format!("{open}\n\t ")));
        assert_eq!(accept(&spaced).is_ok(), name == "ds:SignatureValue", "{name}");
    }
    // In what is signed, a comment does not count, and nothing is read behind it or before it only.
    let algorithm = "<ds:SignatureMethod ";
    accept(&replace(&xml, algorithm, &format!("<!-- c -->{algorithm}"))).unwrap();
}

/// CVE-2017-11427 and its kin: `anna.berg@example.com<!-- -->.evil.example` is one name, and the whole of it.
#[test]
fn class_05_comments_do_not_end_a_text() {
    let xml = issue(SignedParts::Both).xml().to_owned();
    let honest = accept(&xml).unwrap();
    // Comments are not signed, so anybody can put one in; nothing may come of it.
    for (text, put) in [
        (NAME, "anna.berg<!-- c -->@example.com"),
        (NAME, "<!-- c -->anna.berg@example.com<!---->"),
        (NAME, "<![CDATA[anna.berg]]><!-- c -->&#64;example.com"),
        ("4711", "47<!-- c -->11"),
        ("Research", "Rese<!-- c --><![CDATA[]]>arch"),
    ] {
        assert_eq!(accept(&replace(&xml, &format!(">{text}<"), &format!(">{put}<"))).unwrap(), honest, "{put}");
    }
    let audience = format!("<saml:Audience>{SP}<");
    assert_eq!(accept(&replace(&xml, &audience, &format!("<saml:Audience>https://<!-- -->{}<", &SP[8..]))).unwrap(), honest);

    // A person who registered the longer name stays the person with the longer name.
    let evil = unsigned().replace(NAME, "anna.berg@example.com<!-- -->.evil.example");
    assert_eq!(accept(&Pen::honest().assertion(&evil)).unwrap().name_id().value(), "anna.berg@example.com.evil.example");
    let audience = unsigned().replace(&format!("<saml:Audience>{SP}"), &format!("<saml:Audience>{SP}<!-- -->/other"));
    refused!(accept(&Pen::honest().assertion(&audience)), ErrorKind::Mismatch { what: "Audience", .. });
    let issuer = unsigned().replace("/entity</saml:Issuer>", "/entity<!-- -->/other</saml:Issuer>");
    refused!(accept(&Pen::honest().assertion(&issuer)), ErrorKind::Mismatch { what: "Issuer of the Response", .. });
}

/// Signed by the right key all the same: what is not one text is no text.
#[test]
fn class_05_elements_and_instructions_in_a_text() {
    assert!(accept(&Pen::honest().assertion(&unsigned())).is_ok());
    for inner in ["<?p d?>", "<x xmlns=\"urn:x\"/>", "<x xmlns=\"urn:x\">x</x>", "<saml:NameID>root@example.com</saml:NameID>"] {
        for text in ["anna.berg@example.com", "Research", "4711", SP] {
            let close = if text == SP { "</saml:Audience>" } else { "</" };
            let changed = replace(&unsigned(), &format!(">{text}{close}"), &format!(">{text}{inner}{close}"));
            refused!(accept(&Pen::honest().assertion(&changed)), ErrorKind::Element { .. }, "expected nothing but text");
        }
        let issuer = unsigned().replace("/entity</saml:Issuer>", &format!("/entity{inner}</saml:Issuer>"));
        let at = issuer.rfind("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
        let own = Pen::honest().signature(&issuer, &[2], crate::common::ASSERTION_ID);
        let text = format!("{}{own}{}", &issuer[..at], &issuer[at..]);
        refused!(accept(&text), ErrorKind::Element { .. }, "expected nothing but text");
    }
    // In a text that is not signed it is not believed either.
    let xml = issue(SignedParts::Both).xml().to_owned();
    refused!(accept(&replace(&xml, &format!(">{NAME}<"), ">anna<?p?>.berg@example.com<")), ErrorKind::Digest { .. });
}

#[test]
fn class_05_two_names() {
    let name = element(&unsigned(), "saml:NameID").to_owned();
    for both in [
        name.repeat(2),
        format!("{name}<saml:NameID>root@example.com</saml:NameID>"),
        format!("<saml:NameID>root@example.com</saml:NameID>{name}"),
    ] {
        let text = replace(&unsigned(), &name, &both);
        refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Element { .. }, "expected one NameID, found a second one");
    }
    let subject = element(&unsigned(), "saml:Subject").to_owned();
    let text = replace(&unsigned(), &subject, &subject.repeat(2));
    refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Element { .. }, "expected one Subject");
    let text = replace(&unsigned(), &name, "");
    refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Element { .. }, "expected the element NameID, found none");
    let text = replace(&unsigned(), NAME, " \n");
    refused!(accept(&Pen::honest().assertion(&text)), ErrorKind::Value { name: "NameID", .. });
}
