//! The commands of the program `sso` that need no browser: what they write, and what they refuse.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::path::Path;
use std::time::SystemTime;

use common::sso::{ACS, Desk, SECOND_ACS, SP_ENTITY_ID, SP_METADATA, fixture};
use idbridge_saml::{
    AcceptedAssertion, Certificate, EntityDescriptor, EntityId, Error, Expected, MemoryReplayStore, MessageId, ReceivedResponse, RsaSigner,
    ServiceProvider, TrustedKeys,
};

/// The IdP URL where none is given.
const IDP: &str = "https://sso.jumpcloud.com/saml2/aws-iam-identity-center";

/// What a service provider that checks everything makes of a response.
fn accept(response: &str, expected: &Expected) -> Result<AcceptedAssertion, Error> {
    accept_from(IDP, &certificate(&fixture("rsa2048.crt")), response, expected)
}

fn accept_from(idp: &str, certificate: &Certificate, response: &str, expected: &Expected) -> Result<AcceptedAssertion, Error> {
    let keys = TrustedKeys::new([certificate])?;
    let sp = ServiceProvider::new(EntityId::new(SP_ENTITY_ID)?, [ACS, SECOND_ACS], EntityId::new(idp)?, keys);
    sp.accept(&ReceivedResponse::from_xml(response), expected, SystemTime::now(), &mut MemoryReplayStore::new(10))
}

fn certificate(path: &Path) -> Certificate {
    Certificate::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_certificate_is_made_with_a_key_that_only_its_owner_reads() {
    let desk = Desk::new();
    let ended = desk.run(["certificate", "--out", "idp.crt", "--common-name", "Example Works", "--days", "30"]).expect_status(0);
    let made = certificate(&desk.path("idp.crt"));
    assert_eq!((made.subject().as_str(), made.is_self_signed()), ("CN=Example Works", true));
    assert_eq!(made.not_after().duration_since(made.not_before()).unwrap().as_secs(), 30 * 86_400);
    let key = RsaSigner::from_pem(&desk.read("idp.key")).unwrap();
    assert_eq!(&key.public_key(), made.public_key().unwrap());
    #[cfg(unix)]
    assert_eq!(mode(&desk.path("idp.key")), 0o600);
    assert!(ended.stderr.contains(&made.fingerprint_sha256()), "{}", ended.stderr);
    let secret = desk.read("idp.key");
    for line in secret.lines() {
        assert!(!ended.stdout.contains(line) && !ended.stderr.contains(line));
    }
}

#[test]
fn a_key_is_never_overwritten() {
    let desk = Desk::new();
    desk.run(["certificate", "--out", "idp.crt"]).expect_status(0);
    let before = (desk.read("idp.key"), desk.read("idp.crt"));
    let ended = desk.run(["certificate", "--out", "idp.crt"]).expect_status(1);
    assert!(ended.stderr.contains("idp.key is there already, and a key is never overwritten"), "{}", ended.stderr);
    let ended = desk.run(["certificate", "--out", "other.crt", "--key-out", "idp.key"]).expect_status(1);
    assert!(ended.stderr.contains("never overwritten"), "{}", ended.stderr);
    assert_eq!((desk.read("idp.key"), desk.read("idp.crt")), before);
    assert_eq!(desk.files(), ["idp.crt", "idp.key", "sp.xml"]);
    let ended = desk.run(["certificate", "--out", "same", "--key-out", "same"]).expect_status(1);
    assert!(ended.stderr.contains("cannot be the key and the certificate"), "{}", ended.stderr);
    // Whatever is written, and however the file is named.
    for arguments in [
        vec!["certificate", "--key", "idp.key", "--out", "./idp.key"],
        vec!["metadata", "--certificate", "idp.crt", "--out", "idp.key"],
        vec!["certificate", "--key-out", "new.key", "--out", "./new.key"],
    ] {
        let ended = desk.run(arguments).expect_status(1);
        assert!(ended.stderr.contains("holds a private key, and a key is never overwritten"), "{}", ended.stderr);
    }
    assert_eq!((desk.read("idp.key"), desk.read("idp.crt")), before);
}

/// Nobody is told that a response was written which was not.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_no_success() {
    let desk = Desk::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = desk.sso(desk.issue("anna.berg@example.com", "-")).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

/// The identity provider may be on this machine; whom it sends responses to need not be.
#[test]
fn responses_go_in_clear_to_no_other_machine() {
    let desk = Desk::new();
    std::fs::write(desk.path("sp.xml"), SP_METADATA.replace("https://eu-north-1", "http://eu-north-1")).unwrap();
    let mut arguments = desk.issue("anna.berg@example.com", "r.xml");
    arguments.extend(["--idp-url".to_owned(), "http://127.0.0.1:8443/sso".to_owned()]);
    let ended = desk.run(arguments).expect_status(1);
    assert!(ended.stderr.contains("go to https:// alone") && !desk.path("r.xml").exists(), "{}", ended.stderr);
}

#[test]
fn a_key_that_is_there_gets_a_certificate_in_both_forms_of_pem() {
    let desk = Desk::new();
    for name in ["rsa2048.pem", "rsa2048.pkcs1.pem"] {
        let key = fixture(name);
        let ended = desk.run(["certificate", "--key", key.to_str().unwrap(), "--out", "-"]).expect_status(0);
        let made = Certificate::from_pem(&ended.stdout).unwrap();
        assert_eq!(made.public_key().unwrap(), certificate(&fixture("rsa2048.crt")).public_key().unwrap(), "{name}");
    }
    assert_eq!(desk.files(), ["sp.xml"]);
}

#[test]
fn metadata_says_who_where_and_with_which_certificates() {
    let desk = Desk::new();
    let (first, second) = (fixture("rsa2048.crt"), fixture("p256.crt"));
    let names = ["--idp-url", "https://idp.example.com/sso", "--idp-entity-id", "urn:example:idp"];
    let certificates = ["--certificate", first.to_str().unwrap(), "--certificate", second.to_str().unwrap()];
    let arguments = ["metadata", "--out", "idp.xml"].into_iter().chain(names).chain(certificates);
    desk.run(arguments.clone()).expect_status(0);
    let xml = desk.read("idp.xml");
    let entity = EntityDescriptor::from_xml(&xml).unwrap();
    let idp = entity.idp().unwrap();
    assert_eq!(entity.entity_id().as_str(), "urn:example:idp");
    assert_eq!(idp.signing_certificates(), [certificate(&first), certificate(&second)]);
    let services: Vec<_> = idp
        .single_sign_on_services()
        .iter()
        .map(|service| (service.binding().as_str().rsplit(':').next().unwrap(), service.url()))
        .collect();
    assert_eq!(services, [("HTTP-Redirect", "https://idp.example.com/sso"), ("HTTP-POST", "https://idp.example.com/sso")]);
    // AWS compares the file with the one before by eye; the same input gives the same bytes.
    desk.run(arguments.clone()).expect_status(0);
    assert_eq!(desk.read("idp.xml"), xml);
    let stdout = desk.run(["metadata", "--out", "-"].into_iter().chain(names).chain(certificates)).expect_status(0).stdout;
    assert_eq!(stdout.trim_end(), xml);
    let ended = desk.run(arguments.chain(["--certificate", "third.crt"])).expect_status(1);
    assert!(ended.stderr.contains("at most two certificates"), "{}", ended.stderr);
}

#[test]
fn metadata_alone_makes_a_key_and_a_certificate_beside_it_once() {
    let desk = Desk::new();
    let ended = desk.run(["metadata", "--out", "idp.xml"]).expect_status(0);
    assert!(ended.stderr.contains("There is no idp.crt, so it is made."), "{}", ended.stderr);
    assert_eq!(desk.files(), ["idp.crt", "idp.key", "idp.xml", "sp.xml"]);
    let xml = desk.read("idp.xml");
    let entity = EntityDescriptor::from_xml(&xml).unwrap();
    assert_eq!(entity.entity_id().as_str(), IDP);
    assert_eq!(entity.idp().unwrap().signing_certificates(), [certificate(&desk.path("idp.crt"))]);
    desk.run(["metadata", "--out", "idp.xml"]).expect_status(0);
    assert_eq!(desk.read("idp.xml"), xml);
    // And its key signs what that metadata verifies.
    let (key, made) = (desk.path("idp.key"), desk.path("idp.crt"));
    let mut arguments = desk.issue("anna.berg@example.com", "r.xml");
    arguments[8] = key.to_str().unwrap().to_owned();
    arguments[10] = made.to_str().unwrap().to_owned();
    desk.run(arguments).expect_status(0);
    accept_from(IDP, &certificate(&made), &desk.read("r.xml"), &Expected::Unsolicited).unwrap();
}

#[test]
fn a_response_that_nobody_asked_for_names_the_person_and_the_session_tags() {
    let desk = Desk::new();
    let ended = desk.run(desk.issue("anna.berg@example.com", "r.xml")).expect_status(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
    let accepted = accept(&desk.read("r.xml"), &Expected::Unsolicited).unwrap();
    assert_eq!((accepted.name_id().value(), accepted.recipient()), ("anna.berg@example.com", ACS));
    assert_eq!(accepted.in_response_to(), None);
    let tags: Vec<_> =
        accepted.attributes().iter().map(|attribute| (attribute.access_control_key().unwrap(), attribute.values()[0].as_str())).collect();
    assert_eq!(tags, [("Department", "Engineering"), ("CostCenter", "CC-100"), ("Title", "Engineering Manager")]);
}

#[test]
fn a_response_to_a_request_names_it_and_nothing_else_accepts_it() {
    let desk = Desk::new();
    let mut arguments = desk.issue("ANNA.berg@example.com", "r.xml");
    arguments[6] = SECOND_ACS.to_owned();
    arguments.extend(["--in-response-to".to_owned(), "aws_4f1d".to_owned()]);
    desk.run(arguments.clone()).expect_status(0);
    let xml = desk.read("r.xml");
    let id = |id| Expected::ResponseTo(MessageId::new(id).unwrap());
    let accepted = accept(&xml, &id("aws_4f1d")).unwrap();
    assert_eq!((accepted.name_id().value(), accepted.recipient()), ("anna.berg@example.com", SECOND_ACS));
    for wrong in [id("aws_other"), Expected::Unsolicited] {
        assert!(accept(&xml, &wrong).unwrap_err().to_string().contains("InResponseTo"), "{wrong:?}");
    }
    // The same where requests have to be signed: nothing more is to be shown than that one has the key.
    std::fs::write(desk.path("sp.xml"), SP_METADATA.replace(r#"AuthnRequestsSigned="false""#, r#"AuthnRequestsSigned="true""#)).unwrap();
    let ended = desk.run(arguments).expect_status(0);
    assert!(ended.stderr.contains("certificate"), "a finding about the missing certificate: {}", ended.stderr);
    accept(&desk.read("r.xml"), &id("aws_4f1d")).unwrap();
}

#[test]
fn a_response_is_written_as_a_page_as_base64_and_as_xml() {
    let desk = Desk::new();
    let relay_state = r#"a&b="><script>"#;
    for out in ["r.html", "r.b64", "r.xml", "-"] {
        let ended =
            desk.run(desk.issue("anna.berg@example.com", out).into_iter().chain(["--relay-state".to_owned(), relay_state.to_owned()]));
        let ended = ended.expect_status(0);
        assert_eq!(ended.stdout.is_empty(), out != "-");
        if out == "-" {
            accept(ended.stdout.trim_end(), &Expected::Unsolicited).unwrap();
        }
    }
    let page = desk.read("r.html");
    assert!(page.contains(&format!(r#"action="{ACS}""#)) && page.contains("a&amp;b=&quot;&gt;&lt;script&gt;"), "{page}");
    let message = page.split(r#"name="SAMLResponse" value=""#).nth(1).unwrap().split('"').next().unwrap();
    for base64 in [message, desk.read("r.b64").trim_end()] {
        let received = ReceivedResponse::from_post(base64, None).unwrap();
        received.verify_signature(&TrustedKeys::new([&certificate(&fixture("rsa2048.crt"))]).unwrap()).unwrap();
    }
    accept(&desk.read("r.xml"), &Expected::Unsolicited).unwrap();
    #[cfg(unix)]
    for name in ["r.html", "r.b64", "r.xml"] {
        assert_eq!(mode(&desk.path(name)), 0o600, "{name}");
    }
    assert_eq!(desk.files(), ["r.b64", "r.html", "r.xml", "sp.xml"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_could_read_is_replaced_by_one_that_only_the_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    std::fs::write(desk.path("r.xml"), "old").unwrap();
    std::fs::set_permissions(desk.path("r.xml"), std::fs::Permissions::from_mode(0o644)).unwrap();
    desk.run(desk.issue("anna.berg@example.com", "r.xml")).expect_status(0);
    assert_eq!(mode(&desk.path("r.xml")), 0o600);
    assert!(desk.read("r.xml").starts_with("<samlp:Response"));
}

#[test]
fn what_is_signed_can_be_chosen() {
    let desk = Desk::new();
    for (sign, signatures) in [("assertion", 1), ("both", 2), ("response", 2)] {
        // AWS's metadata wants assertions signed, so that `response` alone is not what it gets.
        let arguments = desk.issue("anna.berg@example.com", "r.xml").into_iter().chain(["--sign".to_owned(), sign.to_owned()]);
        desk.run(arguments).expect_status(0);
        assert_eq!(desk.read("r.xml").matches("<ds:SignatureValue>").count(), signatures, "{sign}");
        accept(&desk.read("r.xml"), &Expected::Unsolicited).unwrap();
    }
}

#[test]
fn whoever_may_not_sign_in_gets_no_file_and_status_2() {
    let desk = Desk::new();
    for (user, reason) in [
        ("walter.brandt@example.com", "in no group that is"),
        ("grace.okafor@example.com", "suspended in the directory"),
        ("henrik.solberg@example.com", "staged in the directory"),
        ("sam.taylor@example.com", "more than one person"),
        ("nobody@example.com", "nobody with this e-mail address"),
    ] {
        for in_response_to in [&["--in-response-to", "aws_1"][..], &[]] {
            let arguments = desk.issue(user, "r.xml").into_iter().chain(in_response_to.iter().map(|word| (*word).to_owned()));
            let ended = desk.run(arguments).expect_status(2);
            assert!(ended.stderr.contains(reason) && ended.stderr.contains("nothing was issued"), "{user}: {}", ended.stderr);
            assert_eq!(desk.files(), ["sp.xml"]);
        }
    }
}

#[test]
fn a_value_that_tags_do_not_take_is_left_out_with_a_finding() {
    let directory: serde_json::Value = serde_json::from_slice(include_bytes!("../data/directory.json")).unwrap();
    let users = directory["systemusers"]["results"].as_array().unwrap();
    let user = users.iter().find(|user| user["department"].as_str().is_some_and(|text| text.contains('\u{200B}'))).unwrap();
    let desk = Desk::new();
    let ended = desk.run(desk.issue(user["email"].as_str().unwrap(), "r.xml")).expect_status(0);
    assert!(ended.stderr.contains("AccessControl:Department"), "{}", ended.stderr);
    let accepted = accept(&desk.read("r.xml"), &Expected::Unsolicited).unwrap();
    let keys: Vec<_> = accepted.attributes().iter().filter_map(|attribute| attribute.access_control_key()).collect();
    assert!(!keys.contains(&"Department") && keys.contains(&"Title"), "{keys:?}");
}

#[test]
fn a_directory_file_of_ones_own_is_read() {
    let desk = Desk::new();
    let directory = r#"{"systemusers": [{"_id": "u1", "email": "bo@example.org", "state": "ACTIVATED", "department": "R&D"}],
        "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}], "application": {"usergroups": ["g1"]}}"#;
    std::fs::write(desk.path("directory.json"), directory).unwrap();
    let with_directory = |user| desk.issue(user, "r.xml").into_iter().chain(["--directory".to_owned(), "directory.json".to_owned()]);
    let ended = desk.run(with_directory("bo@example.org")).expect_status(0);
    assert!(ended.stderr.contains("Department"), "{}", ended.stderr);
    assert_eq!(accept(&desk.read("r.xml"), &Expected::Unsolicited).unwrap().attributes().len(), 0);
    desk.run(with_directory("anna.berg@example.com")).expect_status(2);
}

#[test]
fn what_makes_no_sense_is_status_1_and_leaves_no_file() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("idp.xml"),
        desk.run(["metadata", "--certificate", fixture("rsa2048.crt").to_str().unwrap(), "--out", "-"]).stdout,
    )
    .unwrap();
    std::fs::write(desk.path("http.xml"), SP_METADATA.replace("https://eu-north-1.s", "http://eu-north-1.s")).unwrap();
    std::fs::write(desk.path("broken.json"), "{").unwrap();
    let files = desk.files();
    let key = |name: &str| fixture(name).to_str().unwrap().to_owned();
    let acs_with_slash = format!("{ACS}/");
    for (option, value, reason) in [
        ("--acs", acs_with_slash.as_str(), "AssertionConsumerServiceURL does not match"),
        ("--acs", "javascript:alert(1)", "AssertionConsumerServiceURL does not match"),
        ("--in-response-to", "1 2", "invalid"),
        ("--sp-metadata", "idp.xml", "SPSSODescriptor"),
        ("--sp-metadata", "http.xml", "https://"),
        ("--sp-metadata", "missing.xml", "missing.xml cannot be read"),
        ("--directory", "broken.json", "broken.json"),
        ("--directory", "missing.json", "missing.json cannot be read"),
        ("--key", &key("rsa2048.encrypted.pem"), "encrypted"),
        ("--key", &key("rsa1024.pem"), "rsa1024.pem"),
        ("--key", &key("rsa2048.crt"), "rsa2048.crt"),
        ("--key", &key("p256.pem"), "p256.pem"),
        ("--certificate", &key("p256.crt"), "p256.crt"),
        ("--certificate", &key("rsa2048.pem"), "rsa2048.pem"),
        ("--out", "r.txt", "has to end in .html, .b64 or .xml"),
        ("--out", "missing/r.xml", "cannot be written"),
        ("--idp-url", "idp.example.com", "IdP URL"),
        ("--idp-url", "http://idp.example.com/sso", "https://"),
        ("--sign", "nothing", "--sign"),
        ("--colour", "red", "--colour"),
    ] {
        let mut arguments = desk.issue("anna.berg@example.com", "r.xml");
        match arguments.iter().position(|argument| argument == option) {
            Some(index) => arguments[index + 1] = value.to_owned(),
            None => arguments.extend([option.to_owned(), value.to_owned()]),
        }
        let ended = desk.run(arguments).expect_status(1);
        assert!(ended.stderr.contains(reason), "{option} {value}: {}", ended.stderr);
        assert_eq!(ended.stderr.matches("AssertionConsumerServiceURL").count(), usize::from(option == "--acs"), "{}", ended.stderr);
        assert_eq!(ended.stdout, "", "{option} {value}");
        assert_eq!(desk.files(), files, "{option} {value}");
    }
}

#[test]
fn the_key_is_in_nothing_that_is_written() {
    let desk = Desk::new();
    let mut all = String::new();
    for out in ["r.xml", "r.html", "r.b64"] {
        let ended = desk.run(desk.issue("anna.berg@example.com", out)).expect_status(0);
        all.push_str(&(ended.stdout + &ended.stderr + &desk.read(out)));
    }
    // Errors as well: a key of another pair, and one that cannot be read.
    for (key, certificate) in [("rsa2048.pem", "p256.crt"), ("rsa2048.encrypted.pem", "rsa2048.crt"), ("p256.pem", "p256.crt")] {
        let mut arguments = desk.issue("anna.berg@example.com", "r.xml");
        arguments[8] = fixture(key).to_str().unwrap().to_owned();
        arguments[10] = fixture(certificate).to_str().unwrap().to_owned();
        let ended = desk.run(arguments).expect_status(1);
        all.push_str(&(ended.stdout + &ended.stderr));
    }
    for name in ["rsa2048.pem", "rsa2048.encrypted.pem", "p256.pem"] {
        let key = std::fs::read_to_string(fixture(name)).unwrap();
        for line in key.lines().filter(|line| !line.starts_with("-----")) {
            assert!(line.len() < 20 || !all.contains(line), "a line of {name}");
        }
    }
    assert!(all.contains("SAMLResponse"));
}

#[test]
fn help_is_status_0_and_names_the_exit_statuses() {
    let desk = Desk::new();
    let ended = desk.run(["--help"]).expect_status(0);
    assert!(ended.stdout.contains("Exit status: 0 done; 1 usage or input; 2 "), "{}", ended.stdout);
    for command in ["serve", "issue", "metadata", "certificate"] {
        assert!(ended.stdout.contains(command));
        desk.run([command, "--help"]).expect_status(0);
    }
    desk.run(["--listen", "127.0.0.1:0", "issue"]).expect_status(1);
}
