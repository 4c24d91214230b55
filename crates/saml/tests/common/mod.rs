//! One identity provider, one service provider and their keys, and a pen with which anybody can forge.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests, of which each test uses some")]

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding as _};
use idbridge_saml::{
    AcceptedAssertion, Attribute, Certificate, Credential, EntityId, Error, ExclusiveCanonicalization, Expected, IdentityProvider, Login,
    MemoryReplayStore, MessageId, NameId, ReceivedRequest, ReceivedResponse, RegisteredSp, Registration, ResponseIds, RsaSigner,
    ServiceProvider, SignatureAlgorithm, SignedParts, SignedResponse, Signer, TrustedKeys, XmlDocument,
};
use sha2::{Digest as _, Sha256};

pub(crate) const IDP: &str = "https://idp.example.com/entity";
pub(crate) const SSO: &str = "https://idp.example.com/sso";
pub(crate) const SP: &str = "https://sp.example.com/entity";
pub(crate) const ACS: &str = "https://sp.example.com/acs";
pub(crate) const SECOND_ACS: &str = "https://sp.example.com/acs/second";
pub(crate) const NAME: &str = "anna.berg@example.com";
pub(crate) const REQUEST_ID: &str = "_0123456789abcdef0123456789abcdef";
pub(crate) const RESPONSE_ID: &str = "_01010101010101010101010101010101";
pub(crate) const ASSERTION_ID: &str = "_02020202020202020202020202020202";

pub(crate) const RSA: &str = include_str!("../fixtures/rsa2048.pem");
pub(crate) const RSA_CERTIFICATE: &str = include_str!("../fixtures/rsa2048.crt");
pub(crate) const SMALL_RSA: &str = include_str!("../fixtures/rsa1024.pem");
pub(crate) const SMALL_RSA_CERTIFICATE: &str = include_str!("../fixtures/rsa1024.crt");
pub(crate) const P256: &str = include_str!("../fixtures/p256.pem");
pub(crate) const P256_CERTIFICATE: &str = include_str!("../fixtures/p256.crt");
pub(crate) const P384_CERTIFICATE: &str = include_str!("../fixtures/p384.crt");
pub(crate) const ED25519_CERTIFICATE: &str = include_str!("../fixtures/ed25519.crt");

pub(crate) const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// 2026-11-01T08:00:00Z.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_793_520_000)
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn certificate(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

pub(crate) fn signer() -> RsaSigner {
    static SIGNER: OnceLock<RsaSigner> = OnceLock::new();
    SIGNER.get_or_init(|| RsaSigner::from_pem(RSA).unwrap()).clone()
}

pub(crate) fn credential() -> Credential {
    static CREDENTIAL: OnceLock<Credential> = OnceLock::new();
    CREDENTIAL.get_or_init(|| Credential::new(signer(), certificate(RSA_CERTIFICATE)).unwrap()).clone()
}

/// Signs by ECDSA, as a module does that is not ours.
pub(crate) struct EllipticSigner;

impl Signer for EllipticSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::EcdsaSha256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        use p256::ecdsa::signature::{SignatureEncoding as _, Signer as _};
        use p256::pkcs8::DecodePrivateKey as _;
        let key = p256::ecdsa::SigningKey::from_pkcs8_pem(P256)?;
        let signature: p256::ecdsa::Signature = key.sign(message);
        Ok(signature.to_vec())
    }
}

pub(crate) fn elliptic() -> Credential {
    Credential::new(EllipticSigner, certificate(P256_CERTIFICATE)).unwrap()
}

/// A key that nobody believes.
pub(crate) fn stranger() -> (RsaSigner, Credential) {
    static STRANGER: OnceLock<(RsaSigner, Credential)> = OnceLock::new();
    let make = || {
        let signer = RsaSigner::generate(idbridge_saml::RsaBits::Rsa2048).unwrap();
        let certificate = idbridge_saml::SelfSigned::new("idp.example.com", now(), seconds(86_400), [7; 16]);
        let certificate = certificate.sign(&signer, &signer.public_key()).unwrap();
        (signer.clone(), Credential::new(signer, certificate).unwrap())
    };
    STRANGER.get_or_init(make).clone()
}

pub(crate) fn keys() -> TrustedKeys {
    TrustedKeys::new([&certificate(RSA_CERTIFICATE)]).unwrap()
}

pub(crate) fn idp() -> IdentityProvider {
    IdentityProvider::new(EntityId::new(IDP).unwrap(), SSO)
}

/// The metadata of the service provider, with what is wanted of its descriptor and in it.
pub(crate) fn metadata(attributes: &str, inner: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{SP}\"><md:SPSSODescriptor {attributes} \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inner}</md:SPSSODescriptor></md:EntityDescriptor>"
    )
}

pub(crate) fn acs(index: u16, url: &str) -> String {
    let binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    format!("<md:AssertionConsumerService Binding=\"{binding}\" Location=\"{url}\" index=\"{index}\"/>")
}

pub(crate) fn key_descriptor(r#use: &str, certificate: &Certificate) -> String {
    format!(
        "<md:KeyDescriptor{}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        r#use,
        certificate.to_base64()
    )
}

pub(crate) fn registered(attributes: &str, inner: &str) -> RegisteredSp {
    RegisteredSp::from_xml(&metadata(attributes, inner), &Registration::new()).unwrap()
}

/// The service provider as the identity provider knows it: two endpoints, and a key to sign requests with.
pub(crate) fn sp() -> RegisteredSp {
    let key = key_descriptor(" use=\"signing\"", &certificate(RSA_CERTIFICATE));
    registered("", &format!("{key}{}{}", acs(0, ACS), acs(7, SECOND_ACS)))
}

/// The service provider as it sees itself.
pub(crate) fn service_provider() -> ServiceProvider {
    ServiceProvider::new(EntityId::new(SP).unwrap(), [ACS, SECOND_ACS], EntityId::new(IDP).unwrap(), keys())
}

pub(crate) fn login() -> Login {
    let mut login = Login::new(NameId::email_address(NAME).unwrap(), now() - seconds(60));
    login.attributes.push(Attribute::new("department", ["Research", "Teaching"]));
    login.attributes.push(Attribute::access_control("CostCenter", "4711"));
    login
}

pub(crate) fn ids() -> ResponseIds {
    ResponseIds::from_random([1; 16], [2; 16])
}

/// What `request` in XML asks for.
pub(crate) fn request_xml(attributes: &str, inner: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"{REQUEST_ID}\" IssueInstant=\"2026-11-01T08:00:00Z\" Version=\"2.0\"{attributes}><saml:Issuer>{SP}</saml:Issuer>{inner}\
         </samlp:AuthnRequest>"
    )
}

pub(crate) fn request() -> ReceivedRequest {
    ReceivedRequest::from_xml(&request_xml("", "")).unwrap()
}

pub(crate) fn expected() -> Expected {
    Expected::ResponseTo(MessageId::new(REQUEST_ID).unwrap())
}

/// A response of our own identity provider to [`request`].
pub(crate) fn issue(parts: SignedParts) -> SignedResponse {
    let (idp, sp) = (idp().with_signed_parts(parts), sp());
    let accepted = idp.accept(&request(), &sp, now()).unwrap();
    accepted.respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap()
}

/// One that nobody asked for.
pub(crate) fn issue_unsolicited(parts: SignedParts) -> SignedResponse {
    let (idp, sp) = (idp().with_signed_parts(parts), sp());
    idp.unsolicited(&sp, None, None).unwrap().respond(&login(), &ids(), now()).unwrap().sign(&credential()).unwrap()
}

/// What the service provider says of `xml` as the answer to [`request`].
pub(crate) fn accept(xml: &str) -> Result<AcceptedAssertion, Error> {
    accept_as(xml, &expected())
}

pub(crate) fn accept_as(xml: &str, expected: &Expected) -> Result<AcceptedAssertion, Error> {
    service_provider().accept(&ReceivedResponse::from_xml(xml), expected, now(), &mut MemoryReplayStore::new(9))
}

/// `text` with `from`, which must be there once, replaced.
pub(crate) fn replace(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replacen(from, to, 1)
}

/// From the start tag of `name` at or behind `from` to the end tag that closes it, which must not have another one in it.
pub(crate) fn element<'t>(text: &'t str, name: &str) -> &'t str {
    let start = text.find(&format!("<{name} ")).or_else(|| text.find(&format!("<{name}>"))).unwrap();
    let close = format!("</{name}>");
    let end = start + text[start..].find(&close).unwrap() + close.len();
    &text[start..end]
}

pub(crate) fn signature(text: &str) -> &str {
    element(text, "ds:Signature")
}

pub(crate) fn assertion(text: &str) -> &str {
    element(text, "saml:Assertion")
}

/// The same without any signature.
pub(crate) fn stripped(text: &str) -> String {
    let mut text = text.to_owned();
    while text.contains("<ds:Signature ") {
        let signature = signature(&text).to_owned();
        text = text.replacen(&signature, "", 1);
    }
    text
}

/// A response without a signature, as the identity provider might have written it.
pub(crate) fn unsigned() -> String {
    stripped(issue(SignedParts::Both).xml())
}

/// What goes into a signature; the default is what the identity provider does.
pub(crate) struct Pen<'a> {
    pub(crate) canonicalization: String,
    pub(crate) method: String,
    pub(crate) transforms: String,
    pub(crate) digest_method: String,
    pub(crate) reference: String,
    pub(crate) digest: &'a dyn Fn(&[u8]) -> Vec<u8>,
    pub(crate) sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
    pub(crate) key_info: String,
}

pub(crate) const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

impl Pen<'_> {
    pub(crate) fn honest() -> Self {
        Self {
            canonicalization: format!("<ds:CanonicalizationMethod Algorithm=\"{C14N}\"></ds:CanonicalizationMethod>"),
            method: format!("<ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod>"),
            transforms: format!(
                "<ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{C14N}\"></ds:Transform>"
            ),
            digest_method: SHA256.to_owned(),
            reference: String::new(),
            digest: &|bytes| Sha256::digest(bytes).to_vec(),
            sign: &|bytes| signer().sign(bytes).unwrap(),
            key_info: String::new(),
        }
    }

    /// The signature over the element with `id` at `path` among the child elements of `text`.
    pub(crate) fn signature(&self, text: &str, path: &[usize], id: &str) -> String {
        let document = XmlDocument::parse(text).unwrap();
        let canonical = ExclusiveCanonicalization::new().without_signature(true).element(&document, path).unwrap();
        let reference = if self.reference.is_empty() { format!("URI=\"#{id}\"") } else { self.reference.clone() };
        let digest = Base64::encode_string(&(self.digest)(&canonical));
        let inner = format!(
            "{}{}<ds:Reference {reference}><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            self.canonicalization, self.method, self.transforms, self.digest_method
        );
        let signed_info = format!("<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{inner}");
        // What is signed is the canonical form, whatever was put in.
        let parsed = XmlDocument::parse(&signed_info).unwrap();
        let value = (self.sign)(&ExclusiveCanonicalization::new().element(&parsed, &[]).unwrap());
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>{inner}<ds:SignatureValue>{}\
             </ds:SignatureValue>{}</ds:Signature>",
            Base64::encode_string(&value),
            self.key_info
        )
    }

    /// `text` with the element of this `id` at `path` signed.
    pub(crate) fn sign(&self, text: &str, path: &[usize], id: &str) -> String {
        let signature = self.signature(text, path, id);
        insert(text, id, &signature)
    }

    /// A response whose assertion is signed.
    pub(crate) fn assertion(&self, text: &str) -> String {
        self.sign(text, &[2], ASSERTION_ID)
    }

    /// A response that is signed.
    pub(crate) fn response(&self, text: &str) -> String {
        self.sign(text, &[], RESPONSE_ID)
    }
}

/// `text` with `inserted` behind the issuer of the element with `id`.
pub(crate) fn insert(text: &str, id: &str, inserted: &str) -> String {
    let element = text.find(&format!(" ID=\"{id}\"")).unwrap();
    let issuer = "</saml:Issuer>";
    let at = element + text[element..].find(issuer).unwrap() + issuer.len();
    format!("{}{inserted}{}", &text[..at], &text[at..])
}

/// The error's kind is this.
#[macro_export]
macro_rules! refused {
    ($result:expr, $pattern:pat) => {{
        let error = $result.err().expect(concat!("accepted: ", stringify!($result)));
        assert!(matches!(error.kind(), $pattern), "{error}\n{error:?}");
    }};
    ($result:expr, $pattern:pat, $text:expr) => {{
        let error = $result.err().expect("accepted");
        assert!(matches!(error.kind(), $pattern), "{error}\n{error:?}");
        assert!(error.to_string().contains($text), "{error}");
    }};
}
