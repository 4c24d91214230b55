//! SAML beside its floors: what the cryptography and a bare pass over the text cost by themselves.
//!
//! Ratios are per signature made or checked. The verifier and the signer are those of AWS-LC, because beside a slower one everything looks cheap.

mod measure;
mod one_pass;

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use idbridge_saml::{
    Attribute, AwsLcSigner, AwsLcVerifier, Certificate, Credential, EntityId, ExclusiveCanonicalization, Expected, IdentityProvider, Login,
    MessageId, NameId, ReceivedResponse, RegisteredSp, Registration, ReplayStore, ResponseIds, RsaBits, RsaSigner, SelfSigned,
    ServiceProvider, SignatureAlgorithm, SignedParts, Signer, SpMetadata, TrustedKeys, XmlDocument,
};
use quick_xml::events::Event;

use measure::{compare, say};

const IDP: &str = "https://idp.example.com/saml2/aws";
const SP: &str = "https://eu-north-1.signin.aws.amazon.com/platform/saml/d-1234567890";
const ACS: &str = "https://eu-north-1.signin.aws.amazon.com/platform/saml/acs/0f3c1a52-8e0b-4f7a-9d64-5b1c2d3e4f50";

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let bench = Bench::new()?;
    bench.issuing()?;
    bench.verifying()?;
    bench.reading()?;
    Ok(())
}

/// What everything is measured with.
struct Bench {
    signer: AwsLcSigner,
    certificate: Certificate,
    sp: RegisteredSp,
    idp: IdentityProvider,
    ids: ResponseIds,
    now: SystemTime,
}

impl Bench {
    fn new() -> Result<Self, Failure> {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let key = RsaSigner::generate(RsaBits::Rsa2048)?;
        let certificate = SelfSigned::new("idp.example.com", now, Duration::from_secs(86_400), [7; 16]).sign(&key, &key.public_key())?;
        let metadata = SpMetadata::new(EntityId::new(SP)?, [idbridge_saml::AssertionConsumerService::new(0, ACS)]).to_xml()?;
        Ok(Self {
            signer: AwsLcSigner::new(&key)?,
            certificate,
            sp: RegisteredSp::from_xml(&metadata, &Registration::new())?,
            idp: IdentityProvider::new(EntityId::new(IDP)?, IDP).with_longest_response(10_000_000),
            ids: ResponseIds::from_random([1; 16], [2; 16]),
            now,
        })
    }

    /// A log-in with so many attributes.
    fn login(&self, attributes: usize) -> Result<Login, Failure> {
        let mut login = Login::new(NameId::email_address("anna.berg@example.com")?, self.now);
        for index in 0..attributes {
            login.attributes.push(Attribute::access_control(&format!("CostCenter{index}"), format!("value of number {index}")));
        }
        Ok(login)
    }

    /// A response, signed in these parts.
    fn issue(&self, idp: &IdentityProvider, login: &Login, credential: &Credential) -> Result<String, Failure> {
        let response = idp.unsolicited(&self.sp, None, None)?.respond(login, &self.ids, self.now)?;
        Ok(response.sign(credential)?.xml().to_owned())
    }

    fn issuing(&self) -> Result<(), Failure> {
        let login = self.login(8)?;
        let real = Credential::new(self.signer.clone(), self.certificate.clone())?;
        for (name, parts, signatures) in [("assertion", SignedParts::Assertion, 1), ("both", SignedParts::Both, 2)] {
            let idp = self.idp.clone().with_signed_parts(parts);
            let text = self.issue(&idp, &login, &real)?;
            let start = text.find("<saml:Assertion").unwrap_or_default();
            say(&format!("issuing, {name} signed: a response of {} bytes, the assertion {}", text.len(), text.len() - start - 17));
            // The bytes that a signer gets are a SignedInfo of about this length.
            let message = vec![b'x'; 640];
            let instant = Instant::of(&self.signer, &self.certificate, &idp, &self.sp, &login, &self.ids, self.now)?;
            compare(
                &format!("everything but the RSA operation, {name} signed / {signatures} signature(s) [goal 0.03]"),
                || drop(black_box(instant.issue())),
                || (0..signatures).for_each(|_| drop(black_box(self.signer.sign(&message)))),
            );
            compare(
                &format!("issuing, {name} signed / {signatures} signature(s) [goal 1.05]"),
                || drop(black_box(self.issue(&idp, &login, &real))),
                || (0..signatures).for_each(|_| drop(black_box(self.signer.sign(&message)))),
            );
        }
        Ok(())
    }

    fn verifying(&self) -> Result<(), Failure> {
        let real = Credential::new(self.signer.clone(), self.certificate.clone())?;
        let idp = self.idp.clone().with_signed_parts(SignedParts::Assertion);
        let keys = TrustedKeys::with_verifier(&AwsLcVerifier, [&self.certificate])?;
        let sp = ServiceProvider::new(EntityId::new(SP)?, [ACS], EntityId::new(IDP)?, keys.clone());
        let raw = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.certificate.public_key()?.to_der())?;
        for (attributes, goal, accept_goal) in [(8, "1.7", "2.5"), (280, "2.8", "2.5")] {
            let text = self.issue(&idp, &self.login(attributes)?, &real)?;
            let received = ReceivedResponse::from_xml(text.clone());
            received.verify_signature(&keys)?;
            let floor = Floor::new(&text, &self.signer)?;
            let size = text.len();
            compare(
                &format!("verifying a response of {size} bytes / find, one pass, RSA [goal {goal}]"),
                || drop(black_box(received.verify_signature(&keys))),
                || assert!(floor.verify(&text, &raw), "the floor verifies as well"),
            );
            sp.accept(&received, &Expected::Unsolicited, self.now, &mut Forgetful)?;
            compare(
                &format!("accepting a response of {size} bytes / find, one pass, RSA [goal {accept_goal}]"),
                || drop(black_box(sp.accept(&received, &Expected::Unsolicited, self.now, &mut Forgetful))),
                || assert!(floor.verify(&text, &raw), "the floor verifies as well"),
            );
        }
        Ok(())
    }

    fn reading(&self) -> Result<(), Failure> {
        let real = Credential::new(self.signer.clone(), self.certificate.clone())?;
        for (attributes, tree_goal, from_tree_goal, from_text_goal) in
            [(8, "1.75", "1.6", "4"), (280, "1.75", "1.6", "4"), (6_000, "2.0", "1.5", "3")]
        {
            let text = self.issue(&self.idp, &self.login(attributes)?, &real)?;
            let size = text.len();
            compare(
                &format!("{size} bytes to the tree / the tokenizer's bare events [goal {tree_goal}]"),
                || drop(black_box(XmlDocument::parse(&text))),
                || assert!(bare_events(&text) > 20, "there are events"),
            );
            let document = XmlDocument::parse(&text)?;
            let how = ExclusiveCanonicalization::new();
            assert_eq!(how.element(&document, &[])?, one_pass::canonicalize(&text), "both are canonical");
            compare(
                &format!("{size} bytes canonical from the tree / in one pass by hand [goal {from_tree_goal}]"),
                || drop(black_box(how.element(&document, &[]))),
                || drop(black_box(one_pass::canonicalize(&text))),
            );
            compare(
                &format!("{size} bytes canonical from text / in one pass by hand [goal {from_text_goal}]"),
                || drop(black_box(XmlDocument::parse(&text).map(|document| how.element(&document, &[])))),
                || drop(black_box(one_pass::canonicalize(&text))),
            );
        }
        Ok(())
    }
}

fn bare_events(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut events = 0;
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) {
            break;
        }
        events += 1;
    }
    events
}

/// Issuing with a signature that is there already: everything but the RSA operation.
struct Instant<'a> {
    idp: &'a IdentityProvider,
    sp: &'a RegisteredSp,
    login: &'a Login,
    ids: &'a ResponseIds,
    now: SystemTime,
    credential: Credential,
}

impl<'a> Instant<'a> {
    fn of(
        signer: &AwsLcSigner,
        certificate: &Certificate,
        idp: &'a IdentityProvider,
        sp: &'a RegisteredSp,
        login: &'a Login,
        ids: &'a ResponseIds,
        now: SystemTime,
    ) -> Result<Self, Failure> {
        let recorded = Recorded { signer: signer.clone(), probed: std::sync::OnceLock::new(), signature: signer.sign(b"something")? };
        Ok(Self { idp, sp, login, ids, now, credential: Credential::new(recorded, certificate.clone())? })
    }

    fn issue(&self) -> Result<usize, Failure> {
        let response = self.idp.unsolicited(self.sp, None, None)?.respond(self.login, self.ids, self.now)?;
        Ok(response.sign(&self.credential)?.xml().len())
    }
}

/// Signs the first message, by which a credential is probed, and answers every other one with a signature of the same length.
struct Recorded {
    signer: AwsLcSigner,
    probed: std::sync::OnceLock<()>,
    signature: Vec<u8>,
}

impl Signer for Recorded {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        if self.probed.set(()).is_ok() { self.signer.sign(message) } else { Ok(self.signature.clone()) }
    }
}

/// What no verifier can do without: find the element, pass over its canonical bytes once, and verify the signature.
struct Floor {
    canonical: Vec<u8>,
    digest: Vec<u8>,
    signed_info: Vec<u8>,
    signature: Vec<u8>,
}

impl Floor {
    fn new(text: &str, signer: &AwsLcSigner) -> Result<Self, Failure> {
        let document = XmlDocument::parse(text)?;
        let canonical = ExclusiveCanonicalization::new().without_signature(true).element(&document, &[2])?;
        let signed_info = ExclusiveCanonicalization::new().element(&document, &[2, 1, 0])?;
        let signature = signer.sign(&signed_info)?;
        Ok(Self { digest: digest(&SHA256, &canonical).as_ref().to_vec(), canonical, signed_info, signature })
    }

    fn verify(&self, text: &str, key: &ParsedPublicKey) -> bool {
        let start = memchr::memmem::find(text.as_bytes(), b"<saml:Assertion ");
        let end = memchr::memmem::find(text.as_bytes(), b"</saml:Assertion>");
        let is_found = black_box(start.zip(end)).is_some_and(|(start, end)| start < end);
        is_found && digest(&SHA256, &self.canonical).as_ref() == self.digest && key.verify_sig(&self.signed_info, &self.signature).is_ok()
    }
}

/// Remembers nothing, so that one response can be measured many times.
struct Forgetful;

impl ReplayStore for Forgetful {
    fn remember(
        &mut self,
        _: &EntityId,
        _: &MessageId,
        _: SystemTime,
        _: SystemTime,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        Ok(true)
    }
}
