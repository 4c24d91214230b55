//! Classes 11 and 12: by which algorithm, and with how strong a key.

use idbridge_saml::{
    Credential, DigestAlgorithm, Error, ErrorKind, ReceivedRequest, ReceivedResponse, RsaSigner, SignatureAlgorithm, SignedParts, Signer,
    TrustedKeys,
};
use rsa::PrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;

use crate::common::{
    P256_CERTIFICATE, Pen, RSA, RSA_SHA1, RSA_SHA256, SHA1, SMALL_RSA, SMALL_RSA_CERTIFICATE, accept, certificate, idp, ids, issue, keys,
    login, now, request_xml, sp, unsigned,
};
use crate::refused;

fn method(algorithm: &str, inner: &str) -> String {
    format!("<ds:SignatureMethod Algorithm=\"{algorithm}\">{inner}</ds:SignatureMethod>")
}

fn verify(xml: &str, keys: &TrustedKeys) -> Result<(), Error> {
    ReceivedResponse::from_xml(xml).verify_signature(keys)
}

#[test]
fn class_11_only_signatures_by_public_keys() {
    assert!(accept(&Pen { method: method(RSA_SHA256, ""), ..Pen::honest() }.assertion(&unsigned())).is_ok());
    for algorithm in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
        "rsa-sha256",
        "none",
        "",
    ] {
        let pen = Pen { method: method(algorithm, ""), ..Pen::honest() };
        refused!(accept(&pen.assertion(&unsigned())), ErrorKind::Algorithm { is_weak: false, .. });
    }
    for length in ["0", "8"] {
        let inner = format!("<ds:HMACOutputLength>{length}</ds:HMACOutputLength>");
        let pen = Pen { method: method("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", &inner), ..Pen::honest() };
        refused!(accept(&pen.assertion(&unsigned())), ErrorKind::SignatureShape { .. });
    }
    let pen = Pen { method: "<ds:SignatureMethod></ds:SignatureMethod>".to_owned(), ..Pen::honest() };
    refused!(accept(&pen.assertion(&unsigned())), ErrorKind::Value { name: "Algorithm", .. });
}

/// A signature by one algorithm that says another one: the key's kind and the algorithm must agree.
#[test]
fn class_11_another_algorithm_than_it_says() {
    for algorithm in [SignatureAlgorithm::RsaSha384, SignatureAlgorithm::EcdsaSha256, SignatureAlgorithm::EcdsaSha384] {
        let pen = Pen { method: method(algorithm.uri(), ""), ..Pen::honest() };
        refused!(accept(&pen.assertion(&unsigned())), ErrorKind::Signature { .. });
    }
    let pen = Pen { digest_method: DigestAlgorithm::Sha512.uri().to_owned(), ..Pen::honest() };
    refused!(accept(&pen.assertion(&unsigned())), ErrorKind::Digest { .. });
    let elliptic = TrustedKeys::new([&certificate(P256_CERTIFICATE)]).unwrap();
    refused!(verify(issue(SignedParts::Both).xml(), &elliptic), ErrorKind::Signature { tried: 1, .. });
}

#[test]
fn class_12_sha_1_and_md5() {
    let key = PrivateKey::from_pkcs8_pem(RSA).unwrap();
    let by_sha1 = |bytes: &[u8]| key.pkcs1v15_sign::<sha1::Sha1>(bytes).unwrap();
    let digest = |bytes: &[u8]| <sha1::Sha1 as sha1::Digest>::digest(bytes).to_vec();
    let signed = Pen { method: method(RSA_SHA1, ""), sign: &by_sha1, ..Pen::honest() }.assertion(&unsigned());
    let digested = Pen { digest_method: SHA1.to_owned(), digest: &digest, ..Pen::honest() }.assertion(&unsigned());
    for xml in [&signed, &digested] {
        refused!(accept(xml), ErrorKind::Algorithm { is_weak: true, .. }, "it is too weak");
        refused!(verify(xml, &keys().dangerous_allow_small_keys()), ErrorKind::Algorithm { is_weak: true, .. });
        verify(xml, &keys().dangerous_allow_sha1()).unwrap();
        refused!(verify(&xml.replace("anna", "hanna"), &keys().dangerous_allow_sha1()), ErrorKind::Digest { .. });
    }
    let md5 = Pen { digest_method: "http://www.w3.org/2001/04/xmldsig-more#md5".to_owned(), ..Pen::honest() };
    refused!(verify(&md5.assertion(&unsigned()), &keys().dangerous_allow_sha1()), ErrorKind::Algorithm { .. });

    // In a query as well.
    let deflated =
        miniz_oxide::deflate::compress_to_vec(request_xml(&format!(" Destination=\"{}\"", crate::common::SSO), "").as_bytes(), 6);
    let escape = |bytes: &[u8]| <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes).replace('+', "%2B").replace('=', "%3D");
    let query = format!("SAMLRequest={}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1", escape(&deflated));
    let query = format!("{query}&Signature={}", escape(&by_sha1(query.as_bytes())));
    let (idp, sp) = (idp(), sp());
    let received = ReceivedRequest::from_redirect(&query).unwrap();
    refused!(idp.accept(&received, &sp, now()), ErrorKind::Algorithm { is_weak: true, .. });
    assert!(idp.accept_with_keys(&received, &sp, &keys().dangerous_allow_sha1(), now()).is_ok());
}

/// Signs with whatever it is told to.
struct Weak {
    key: PrivateKey,
    algorithm: SignatureAlgorithm,
}

impl Signer for Weak {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.key.pkcs1v15_sign::<sha2::Sha256>(message)?)
    }
}

#[test]
fn class_12_small_keys() {
    let key = PrivateKey::from_pkcs8_pem(SMALL_RSA).unwrap();
    let small = TrustedKeys::new([&certificate(SMALL_RSA_CERTIFICATE)]).unwrap();
    let xml = Pen { sign: &|bytes| key.pkcs1v15_sign::<sha2::Sha256>(bytes).unwrap(), ..Pen::honest() }.assertion(&unsigned());
    refused!(verify(&xml, &small), ErrorKind::Algorithm { is_weak: true, .. }, "RSA with less than 2048 bits");
    refused!(verify(&xml, &small.clone().dangerous_allow_sha1()), ErrorKind::Algorithm { is_weak: true, .. });
    verify(&xml, &small.dangerous_allow_small_keys()).unwrap();
}

#[test]
fn class_12_nothing_weak_is_signed_with() {
    refused!(RsaSigner::from_pem(SMALL_RSA), ErrorKind::Key { .. });
    refused!(crate::common::signer().with_algorithm(SignatureAlgorithm::DangerousRsaSha1), ErrorKind::Algorithm { is_weak: true, .. });
    let weak = Weak { key: PrivateKey::from_pkcs8_pem(RSA).unwrap(), algorithm: SignatureAlgorithm::DangerousRsaSha1 };
    refused!(Credential::new(weak, certificate(crate::common::RSA_CERTIFICATE)), ErrorKind::Misuse { .. }, "nothing is signed by SHA-1");
    let strong = Weak { key: PrivateKey::from_pkcs8_pem(RSA).unwrap(), algorithm: SignatureAlgorithm::RsaSha256 };
    assert!(Credential::new(strong, certificate(crate::common::RSA_CERTIFICATE)).is_ok());
    let weak = Weak { key: PrivateKey::from_pkcs8_pem(SMALL_RSA).unwrap(), algorithm: SignatureAlgorithm::RsaSha256 };
    refused!(Credential::new(weak, certificate(SMALL_RSA_CERTIFICATE)), ErrorKind::Key { what: "certificate", .. }, "RSA with 1024 bits");

    let (idp, sp) = (idp(), sp());
    let response = idp.unsolicited(&sp, None, None).unwrap().respond(&login(), &ids(), now()).unwrap();
    refused!(
        response.clone().into_signing(SignatureAlgorithm::DangerousRsaSha1, &certificate(crate::common::RSA_CERTIFICATE)),
        ErrorKind::Misuse { .. }
    );
    refused!(response.into_signing(SignatureAlgorithm::RsaSha256, &certificate(SMALL_RSA_CERTIFICATE)), ErrorKind::Key { .. });
}
