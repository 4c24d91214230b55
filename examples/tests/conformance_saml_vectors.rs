//! The public vectors of SAML, where `IDBRIDGE_CORPUS` says where they are: each is answered as its verdict says, but for listed exceptions.

#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use idbridge_saml::{EntityDescriptor, Metadata, ReceivedRequest};
use serde_json::{Value, json};

/// One question about a vector.
struct Case {
    vector: Value,
    text: Vec<u8>,
    line: Value,
    /// What must be answered.
    expected: &'static str,
}

impl Case {
    fn name(&self) -> String {
        let name = self.vector["file"].as_str().unwrap();
        match (self.vector["expected"].as_str(), self.line["kind"].as_str(), self.line["allow_sha1"] == true) {
            (Some(canonical), ..) => format!("{name} as {canonical}"),
            (None, Some("response"), _) => format!("{name}, as a whole"),
            (None, _, true) => format!("{name}, SHA-1 allowed"),
            (None, ..) => name.to_owned(),
        }
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.text).unwrap()
    }
}

fn read(folder: &Path, file: &Value) -> Vec<u8> {
    fs::read(folder.join(file.as_str().unwrap())).unwrap()
}

/// The questions that a vector asks.
fn cases(folder: &Path, vector: &Value) -> Vec<Case> {
    let text = read(folder, &vector["file"]);
    let mut certificates = vector["certs"].as_array().cloned().unwrap_or_default();
    if certificates.is_empty() {
        // Refused for what it is, and not for want of a key.
        certificates.push(json!("certs/c7ff6e6167d03d25.pem"));
    }
    let certificates: Vec<_> = certificates.iter().map(|file| String::from_utf8(read(folder, file)).unwrap()).collect();
    let mut line = json!({"kind": vector["kind"], "data_b64": Base64::encode_string(&text), "certs_pem": certificates});
    let case = |line: &Value, expected| Case { vector: vector.clone(), text: text.clone(), line: line.clone(), expected };
    let mut allowing = line.clone();
    allowing["allow_sha1"] = json!(true);
    match vector["verdict"].as_str().unwrap() {
        "signature-valid" => vec![case(&line, "accept"), case(&allowing, "accept")],
        "signature-valid-if-sha1-allowed" => vec![case(&line, "reject"), case(&allowing, "accept")],
        // Both alone and as a response to the very SP that it may be for, at the moment that it is of.
        "reject" if vector["kind"] == "response-signature" => {
            vec![case(&line, "reject"), case(&allowing, "reject"), case(&as_a_whole(&text, &allowing), "reject")]
        }
        "reject" => vec![case(&line, "reject"), case(&allowing, "reject")],
        "reject-or-exact" if vector["kind"] == "response-signature" => {
            vec![case(&line, "reject-or-exact"), case(&as_a_whole(&text, &allowing), "reject-or-exact")]
        }
        "reject-or-exact" => vec![case(&line, "reject-or-exact")],
        "parse" => vec![case(&line, "parse")],
        "accept" => {
            for name in ["scope", "with_comments", "inclusive_prefixes"] {
                line[name] = vector[name].clone();
            }
            line["target"] = json!(target(vector));
            vec![case(&line, "accept")]
        }
        other => panic!("{other} is no verdict"),
    }
}

/// The question for everything in a response, with what the document itself says is expected.
fn as_a_whole(text: &[u8], line: &Value) -> Value {
    let text = String::from_utf8_lossy(text);
    let between = |before: &str, behind: &str| Some(text.split_once(before)?.1.split_once(behind)?.0.to_owned());
    let content = |name: &str| between(&format!("{name}>"), "</").map(|content| content.trim().to_owned());
    let mut line = line.clone();
    line["kind"] = json!("response");
    line["now"] = json!(between("IssueInstant=\"", "\"").unwrap_or_else(|| "2026-11-01T08:00:00Z".to_owned()));
    line["clock_skew_seconds"] = json!(60);
    line["sp_entity_id"] = json!(content("Audience").unwrap_or_else(|| "https://sp.example.com".to_owned()));
    line["idp_entity_id"] = json!(content("Issuer").unwrap_or_else(|| "https://idp.example.com".to_owned()));
    line["acs_url"] = json!(between("Recipient=\"", "\"").unwrap_or_else(|| "https://sp.example.com/acs".to_owned()));
    line["in_response_to"] = json!(between("InResponseTo=\"", "\""));
    line
}

/// What the vector's `XPath` means, as indexes of child elements.
fn target(vector: &Value) -> Vec<usize> {
    match (vector["file"].as_str().unwrap().rsplit("__").next().unwrap(), vector["target_xpath"].as_str().unwrap()) {
        ("exc-signature.xml", "//*[@Id='to-be-signed']") => vec![0, 3],
        ("exc-signature.xml", "//*[local-name()='SignedInfo']") => vec![0, 0],
        ("example2_2_1.xml" | "example2_2_2.xml", "//*[local-name()='elem2']") => vec![0],
        ("example2_2_3.xml", "//*[local-name()='p']") | ("example2_4.xml", "//*[local-name()='elem2']") => vec![0, 0],
        other => panic!("{other:?} is a new target"),
    }
}

/// What was answered instead of what is asked for, if it was something else.
fn divergence(folder: &Path, case: &Case, answer: &Value) -> Option<String> {
    if answer["ok"] == json!(false) {
        assert!(answer["error"].is_string() && answer.as_object().unwrap().len() == 2, "{answer}");
        return (!case.expected.starts_with("reject")).then(|| "refused".to_owned());
    }
    let vector = &case.vector;
    let is_same = match case.expected {
        "reject" => false,
        "reject-or-exact" => is_exact(vector, answer),
        "accept" if vector["kind"] == "c14n" => answer["out_b64"] == Base64::encode_string(&read(folder, &vector["expected"])),
        "parse" => is_parsed(case, answer),
        _ => true,
    };
    (!is_same).then(|| "accepted".to_owned())
}

/// Where a name can be had, it is the right one to the last letter.
fn is_exact(vector: &Value, answer: &Value) -> bool {
    let Some(name_id) = answer.get("name_id") else { return true };
    let forbidden = vector["must_not_yield"].as_array().cloned().unwrap_or_default();
    !forbidden.contains(name_id) && vector["expect"].get("name_id").is_none_or(|expected| expected == name_id)
}

fn is_parsed(case: &Case, answer: &Value) -> bool {
    let expect = &case.vector["expect"];
    match case.vector["kind"].as_str().unwrap() {
        "sp_metadata" => {
            let service = |service: &Value| {
                assert_eq!(service["binding"], "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST");
                let index: u16 = service["index"].as_str().unwrap().parse().unwrap();
                json!({"index": index, "url": service["url"], "default": service["isDefault"] == "true"})
            };
            let services: Value = expect["acs"].as_array().unwrap().iter().map(service).collect();
            expect["entity_ids"] == json!([answer["entity_id"]]) && answer["acs"] == services
        }
        "idp_metadata" => {
            let metadata = Metadata::from_xml(case.text()).unwrap();
            let entity_id = |entity: &EntityDescriptor| entity.entity_id().as_str().to_owned();
            let services = metadata.idps().flat_map(|entity| entity.idp().unwrap().single_sign_on_services());
            let services: Value = services.map(|service| json!({"binding": service.binding().as_str(), "url": service.url()})).collect();
            metadata.idps().next().map(entity_id).as_deref() == answer["entity_id"].as_str()
                && metadata.entities().iter().map(entity_id).collect::<Value>() == expect["entity_ids"]
                && services == expect["sso"]
        }
        _ => {
            let received = ReceivedRequest::from_xml(case.text()).unwrap();
            // An issuer is a URI, and whitespace around one is none of it (XML Schema part 2 section 3.2.17).
            let issuer = expect["issuer"].as_str().unwrap().trim();
            answer["id"] == expect["id"]
                && answer["issuer"] == issuer
                && answer["acs_url"] == expect["acs_url"]
                && received.request().destination.as_deref() == expect["destination"].as_str()
        }
    }
}

#[test]
fn the_public_vectors_are_answered_as_they_ask() {
    let Some(folder) = lines::corpus("saml") else { return };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let vectors = manifest["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 144, "{} vectors", vectors.len());
    let cases: Vec<_> = vectors.iter().flat_map(|vector| cases(&folder, vector)).collect();
    assert_eq!(cases.iter().map(Case::name).collect::<BTreeSet<_>>().len(), cases.len(), "a name for two");

    let exceptions: Vec<Value> = serde_json::from_str(include_str!("../conformance/exceptions_saml.json")).unwrap();
    let mut open: BTreeMap<_, _> =
        exceptions.iter().map(|exception| (exception["vector"].as_str().unwrap().to_owned(), exception)).collect();
    assert_eq!(open.len(), exceptions.len(), "an exception is there twice");
    let mut wrong = BTreeSet::new();
    let answers = lines::answers("saml", &cases.iter().map(|case| case.line.to_string()).collect::<Vec<_>>());
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        match (divergence(&folder, case, answer), open.remove(&case.name())) {
            (None, None) => {}
            (None, Some(_)) => {
                wrong.insert(format!("{} is answered as asked, and listed as an exception", case.name()));
            }
            (Some(actual), Some(exception)) => {
                assert_eq!((exception["expected"].as_str(), exception["actual"].as_str()), (Some(case.expected), Some(&*actual)));
                assert!(exception["reason"].as_str().is_some_and(|reason| reason.len() > 20));
            }
            (Some(_), None) => {
                wrong.insert(format!("{}: asked for {}, answered {answer}", case.name(), case.expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(open.is_empty(), "exceptions of vectors that there are none of: {:?}", open.keys());
}
