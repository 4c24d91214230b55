//! Makes signatures over text that is canonical already.

use crate::crypto::SignatureAlgorithm;
use crate::encoding::to_base64;
use crate::error::Error;
use crate::uri;
use crate::xml::{ElementName, Writer};

/// An element in canonical form that is to be signed: what is before its signature, and what is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    /// The element's `ID`.
    pub(crate) id: String,
    /// To the place of the signature, behind the issuer.
    pub(crate) before: Vec<u8>,
    /// From there to the end.
    pub(crate) behind: Vec<u8>,
}

/// A signature that is still to be made.
#[derive(Debug)]
pub(crate) struct Pending {
    /// `SignedInfo` in canonical form: the bytes to sign.
    pub(crate) signed_info: Vec<u8>,
    envelope: Envelope,
}

impl Envelope {
    /// Computes what is to be signed.
    pub(crate) fn digest(self, algorithm: SignatureAlgorithm) -> Result<Pending, Error> {
        let digest = algorithm.digest().digest(&[&self.before, &self.behind]);
        let digest = to_base64(&digest);
        let reference = format!("#{}", self.id);
        let mut writer = Writer::with_capacity(1_024);
        writer.start(ds("SignedInfo"), &[]);
        empty(&mut writer, "CanonicalizationMethod", uri::EXCLUSIVE_C14N);
        empty(&mut writer, "SignatureMethod", algorithm.uri());
        writer.start(ds("Reference"), &[("URI", Some(&reference))]);
        writer.start(ds("Transforms"), &[]);
        empty(&mut writer, "Transform", uri::ENVELOPED_SIGNATURE);
        empty(&mut writer, "Transform", uri::EXCLUSIVE_C14N);
        writer.end();
        empty(&mut writer, "DigestMethod", algorithm.digest().uri());
        writer.element(ds("DigestValue"), &[], &digest);
        Ok(Pending { signed_info: writer.finish()?, envelope: self })
    }

    /// The element as it is, without a signature.
    pub(crate) fn unsigned(mut self) -> Vec<u8> {
        self.before.append(&mut self.behind);
        self.before
    }
}

impl Pending {
    /// The element with its signature, in canonical form.
    pub(crate) fn complete(self, signature: &[u8], certificate: &str) -> Vec<u8> {
        const OPEN: &[u8] = b"<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>";
        // In canonical form by itself it declares its prefix; within the signature that is done outside.
        const DECLARING: &[u8] = b"<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
        let signed_info = self.signed_info.get(DECLARING.len()..).unwrap_or_default();
        let value = to_base64(signature);
        let mut out = self.envelope.before;
        out.reserve_exact(OPEN.len() + signed_info.len() + value.len() + certificate.len() + self.envelope.behind.len() + 256);
        for part in [
            OPEN,
            signed_info,
            b"<ds:SignatureValue>",
            value.as_bytes(),
            b"</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>",
            certificate.as_bytes(),
            b"</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
            &self.envelope.behind,
        ] {
            out.extend_from_slice(part);
        }
        out
    }
}

fn empty(writer: &mut Writer, local: &'static str, algorithm: &str) {
    writer.start(ds(local), &[("Algorithm", Some(algorithm))]);
    writer.end();
}

fn ds(local: &'static str) -> ElementName {
    ElementName { prefix: "ds", local, namespace: uri::DSIG }
}

/// Signs `before` and `behind`, an element in canonical form with `id`, by the fixture's key; gives the text and whoever believes it.
#[cfg(test)]
pub(crate) fn signed_by_fixture(id: &str, before: &str, behind: &str) -> (String, super::TrustedKeys) {
    let signer = crate::crypto::RsaSigner::from_pem(include_str!("../../tests/fixtures/rsa2048.pem")).unwrap();
    let certificate = crate::crypto::Certificate::from_pem(include_str!("../../tests/fixtures/rsa2048.crt")).unwrap();
    let keys = super::TrustedKeys::new([&certificate]).unwrap();
    let credential = super::Credential::new(signer, certificate).unwrap();
    let envelope = Envelope { id: id.to_owned(), before: before.into(), behind: behind.into() };
    let pending = envelope.digest(credential.algorithm()).unwrap();
    let signature = credential.sign(&pending.signed_info).unwrap();
    (String::from_utf8(pending.complete(&signature, &credential.encoded_certificate())).unwrap(), keys)
}
