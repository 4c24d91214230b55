//! What others make of what `sso` issues: xmlsec1, python3-saml and pysaml2 accept it, and refuse it when one byte is changed.
//!
//! They need Debian's package xmlsec1, and the PyPI packages python3-saml and pysaml2 in a virtual environment at `judges` in the target folder
//! (`.ci/run` makes it), so `cargo test` passes them over: `cargo test --test sso_judges -- --ignored`.

#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stderr, reason = "what is passed over is told")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::sso::{ACS, Desk, SP_ENTITY_ID, SP_METADATA, encode_base64, fixture};
use serde_json::{Value, json};

const IDP: &str = "https://idp.example.com/sso";

/// What is signed, and of which elements the signature is looked at.
const PARTS: [(&str, &[&str]); 3] = [("assertion", &["Assertion"]), ("response", &["Response"]), ("both", &["Assertion", "Response"])];

/// What is changed by a byte: its name, and the text that the byte stands behind. None of the changes is refused for anything but its signature.
const CHANGES: [(&str, &str); 8] = [
    ("the NameID", "nameid-format:emailAddress\">"),
    ("an attribute", "AccessControl:CostCenter\"><saml:AttributeValue>CC-"),
    ("the name of an attribute", "AccessControl:CostCente"),
    ("the end of the validity", "SubjectConfirmationData InResponseTo=\"aws_1\" NotOnOrAfter=\"20"),
    ("the session", "SessionIndex=\"_"),
    ("the kind of log-in", "ac:classes:"),
    ("the digest", "<ds:DigestValue>"),
    ("the signature", "<ds:SignatureValue>"),
];

/// The next letter or digit.
fn next(c: char) -> char {
    match c {
        '9' => '8',
        'z' => 'y',
        'Z' => 'Y',
        '+' | '/' => 'A',
        c => char::from(u8::try_from(c).unwrap() + 1),
    }
}

/// A folder with one response and what the judges need to know.
struct Case {
    desk: Desk,
    elements: &'static [&'static str],
    xml: String,
}

impl Case {
    /// Issues a response of which these parts are signed.
    fn new(sign: &str, elements: &'static [&'static str]) -> Self {
        Self::issued(sign, elements, Some("aws_1"))
    }

    /// The same, in response to a request or to none.
    fn issued(sign: &str, elements: &'static [&'static str], request: Option<&str>) -> Self {
        let desk = Desk::new();
        // One that wants no more than it is given.
        std::fs::write(desk.path("sp.xml"), SP_METADATA.replace("WantAssertionsSigned=\"true\"", "WantAssertionsSigned=\"false\""))
            .unwrap();
        let more = ["--sign", sign, "--idp-url", IDP].into_iter().chain(request.into_iter().flat_map(|id| ["--in-response-to", id]));
        desk.run(desk.issue("anna.berg@example.com", "r.xml").into_iter().chain(more.map(str::to_owned))).expect_status(0);
        let certificate = fixture("rsa2048.crt");
        desk.run(["metadata", "--idp-url", IDP, "--certificate", certificate.to_str().unwrap(), "--out", "idp.xml"]).expect_status(0);
        let settings = json!({
            "sp": SP_ENTITY_ID, "acs": ACS, "idp": IDP, "in_response_to": request, "certificate": pem_body(&certificate),
            "assertion_signed": elements.contains(&"Assertion"), "response_signed": elements.contains(&"Response"),
        });
        std::fs::write(desk.path("settings.json"), settings.to_string()).unwrap();
        let xml = desk.read("r.xml");
        Self { desk, elements, xml }
    }

    fn settings(&self) -> Value {
        serde_json::from_str(&self.desk.read("settings.json")).unwrap()
    }

    /// What a judge says of a response.
    fn judge(&self, judge: &Judge, xml: &str) -> Verdict {
        std::fs::write(self.desk.path("judged.xml"), xml).unwrap();
        std::fs::write(self.desk.path("judged.b64"), encode_base64(xml.as_bytes())).unwrap();
        match judge {
            Judge::Xmlsec1 => self.xmlsec1(&fixture("rsa2048.crt")),
            Judge::Python(python, script) => {
                let mut command = Command::new(python);
                command.arg(script).args(["accept", "settings.json", "judged.b64", "idp.xml"]);
                Verdict::of(command.current_dir(self.desk.folder.path()), 3)
            }
        }
    }

    /// xmlsec1 of every signature that must be there, with the key of one certificate.
    fn xmlsec1(&self, certificate: &Path) -> Verdict {
        let mut verdict = None;
        for element in self.elements {
            let mut command = Command::new("xmlsec1");
            command.args(["--verify", "--pubkey-cert-pem"]).arg(certificate);
            command.args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response"]);
            command.args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"]);
            command.arg("--node-xpath").arg(format!("//*[local-name()='{element}']/*[local-name()='Signature']")).arg("judged.xml");
            let one = Verdict::of(command.current_dir(self.desk.folder.path()), 1);
            if !one.is_accepted {
                return one;
            }
            verdict = Some(one);
        }
        verdict.unwrap()
    }
}

#[derive(Debug)]
struct Verdict {
    is_accepted: bool,
    said: String,
    stdout: String,
}

impl Verdict {
    /// Status 0 is yes and `refused` is no; anything else is a judge that is ill.
    fn of(command: &mut Command, refused: i32) -> Self {
        let output = command.output().unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
        let status = output.status.code();
        assert!(status == Some(0) || status == Some(refused), "{command:?}: {status:?}\n{stdout}\n{stderr}");
        Self { is_accepted: status == Some(0), said: format!("{stdout}{stderr}"), stdout }
    }
}

enum Judge {
    Xmlsec1,
    Python(PathBuf, PathBuf),
}

impl Judge {
    fn xmlsec1() -> Option<Self> {
        let is_there = Command::new("xmlsec1").arg("--version").output().is_ok();
        is_there.then_some(Self::Xmlsec1).or_else(|| missing("xmlsec1", "install Debian's package xmlsec1"))
    }

    fn python(script: &str) -> Option<Self> {
        let test = std::env::current_exe().unwrap();
        let python = test.ancestors().map(|folder| folder.join("judges/bin/python")).find(|python| python.is_file());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges").join(script);
        python.map(|python| Self::Python(python, script)).or_else(|| missing("judges/bin/python", "`.ci/run` makes it"))
    }
}

/// Passes a test over, except in CI.
fn missing(what: &str, remedy: &str) -> Option<Judge> {
    assert!(std::env::var_os("CI").is_none(), "{what} is missing: {remedy}");
    eprintln!("skipped: there is no {what} here; {remedy}");
    None
}

fn pem_body(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap().lines().filter(|line| !line.starts_with("-----")).collect()
}

/// The response with one byte changed, behind the first `before`.
fn changed(xml: &str, before: &str) -> String {
    let at = xml.find(before).unwrap_or_else(|| panic!("no {before} in {xml}")) + before.len();
    let old = xml[at..].chars().next().unwrap();
    let mut changed = xml.to_owned();
    changed.replace_range(at..=at, &next(old).to_string());
    assert_eq!(changed.bytes().zip(xml.bytes()).filter(|(new, old)| new != old).count(), 1);
    changed
}

/// The judge accepts what was issued, asked for or not, and nothing that was changed by a byte.
fn judge_all(judge: &Judge, tells_who: bool) {
    let unsolicited = Case::issued("both", &["Assertion", "Response"], None);
    let verdict = unsolicited.judge(judge, &unsolicited.xml);
    assert!(verdict.is_accepted && !unsolicited.xml.contains("InResponseTo"), "unsolicited: {}", verdict.said);
    for (sign, elements) in PARTS {
        let case = Case::new(sign, elements);
        let verdict = case.judge(judge, &case.xml);
        assert!(verdict.is_accepted, "{sign}: {}", verdict.said);
        if tells_who {
            let answer: Value = serde_json::from_str(&verdict.stdout).unwrap();
            assert_eq!(answer["name_id"], "anna.berg@example.com");
            let tag = |key| answer["attributes"][format!("https://aws.amazon.com/SAML/Attributes/AccessControl:{key}")].clone();
            assert_eq!((tag("Department"), tag("CostCenter")), (json!(["Engineering"]), json!(["CC-100"])));
        }
        for (what, before) in CHANGES {
            let verdict = case.judge(judge, &changed(&case.xml, before));
            assert!(!verdict.is_accepted, "{sign}: {what} was changed, and it was accepted: {}", verdict.said);
            // For its signature, and not because it could not be read.
            let said = verdict.said.to_lowercase();
            assert!(["signature", "digest", "verif", "fail"].iter().any(|word| said.contains(word)), "{sign}: {what}: {said}");
        }
    }
}

#[test]
#[ignore = "needs xmlsec1"]
fn xmlsec1_verifies_every_signature_and_sees_every_change() {
    let Some(judge) = Judge::xmlsec1() else { return };
    judge_all(&judge, false);
}

#[test]
#[ignore = "needs xmlsec1"]
fn xmlsec1_refuses_the_signatures_under_another_certificate() {
    let Some(judge) = Judge::xmlsec1() else { return };
    let case = Case::new("both", &["Assertion", "Response"]);
    assert!(case.judge(&judge, &case.xml).is_accepted);
    case.desk.run(["certificate", "--out", "other.crt"]).expect_status(0);
    assert!(!case.xmlsec1(&case.desk.path("other.crt")).is_accepted);
}

#[test]
#[ignore = "needs python3-saml"]
fn python3_saml_accepts_a_response_and_sees_every_change() {
    let Some(judge) = Judge::python("python3_saml.py") else { return };
    judge_all(&judge, true);
}

#[test]
#[ignore = "needs pysaml2 and xmlsec1"]
fn pysaml2_accepts_a_response_and_sees_every_change() {
    let (Some(_), Some(judge)) = (Judge::xmlsec1(), Judge::python("pysaml2.py")) else { return };
    judge_all(&judge, true);
}

#[test]
#[ignore = "needs python3-saml, pysaml2 and xmlsec1"]
fn a_response_for_another_request_or_party_is_refused_by_both() {
    let (Some(_), Some(first), Some(second)) = (Judge::xmlsec1(), Judge::python("python3_saml.py"), Judge::python("pysaml2.py")) else {
        return;
    };
    for (key, value) in
        [("in_response_to", "aws_2"), ("acs", "https://sp.example.com/acs"), ("sp", "https://sp.example.com"), ("certificate", "other")]
    {
        for judge in [&first, &second] {
            let case = Case::new("both", &["Assertion", "Response"]);
            assert!(case.judge(judge, &case.xml).is_accepted);
            let mut settings = case.settings();
            settings[key] = json!(value);
            if key == "certificate" {
                case.desk.run(["metadata", "--idp-url", IDP, "--out", "idp.xml"]).expect_status(0);
                settings[key] = json!(pem_body(&case.desk.path("idp.crt")));
            }
            std::fs::write(case.desk.path("settings.json"), settings.to_string()).unwrap();
            let verdict = case.judge(judge, &case.xml);
            assert!(!verdict.is_accepted, "{key}: {}", verdict.said);
        }
    }
}

#[test]
#[ignore = "needs python3-saml, pysaml2 and xmlsec1"]
fn both_read_our_metadata() {
    let (Some(_), Some(Judge::Python(python, first)), Some(Judge::Python(_, second))) =
        (Judge::xmlsec1(), Judge::python("python3_saml.py"), Judge::python("pysaml2.py"))
    else {
        return;
    };
    let desk = Desk::new();
    let (certificate, next) = (fixture("rsa2048.crt"), fixture("p256.crt"));
    let (one, two) = (certificate.to_str().unwrap(), next.to_str().unwrap());
    let arguments = [
        "metadata",
        "--idp-url",
        IDP,
        "--idp-entity-id",
        "urn:example:idp",
        "--certificate",
        one,
        "--certificate",
        two,
        "--out",
        "idp.xml",
    ];
    desk.run(arguments).expect_status(0);
    let read = |script: &Path| -> Value {
        let output = Command::new(&python).arg(script).args(["metadata", "idp.xml"]).current_dir(desk.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let certificates = [pem_body(&certificate), pem_body(&next)];
    let seen = read(&first);
    assert_eq!((&seen["entityId"], &seen["singleSignOnService"]["url"]), (&json!("urn:example:idp"), &json!(IDP)));
    assert_eq!(seen["x509certMulti"]["signing"], json!(certificates));
    let seen = read(&second);
    let expected = json!({"entity_id": "urn:example:idp", "redirect": IDP, "post": IDP, "certificates": certificates});
    assert_eq!(seen, expected);
}
