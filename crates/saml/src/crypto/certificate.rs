//! Certificates.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use x509_cert::der::{self, Decode as _, Encode as _, Header, Reader as _, SliceReader};

use super::verifier::RustCryptoKey;
use super::{CertificateFinding, DigestAlgorithm, PublicKey, VerifyingKey as _, base64, bounded, invalid_der, oid, pem, unusable};
use crate::error::Error;

/// An X.509 certificate ([RFC 5280]): the bytes as they were given, and what is read of them.
///
/// SAML uses certificates as wrapping for keys: what makes a key believed is that a party's metadata holds its certificate. So nothing here builds
/// chains, asks for revocations, or looks at extensions, and [`expiry`](Self::expiry) is for people.
///
/// A certificate can be read even if its key cannot be computed with, such as one of Ed25519: metadata that holds one beside an RSA key stays
/// readable, and [`public_key`](Self::public_key) says what is wrong. Read are at most 64 KiB, in strict DER, with a validity from 1970 to 9999.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
/// use idbridge_saml::Certificate;
///
/// let certificate = Certificate::from_pem(pem)?;
/// assert_eq!(certificate.subject(), "CN=idp.example.com,O=Example");
/// assert_eq!(certificate.public_key()?.to_string(), "RSA with 2048 bits");
/// assert_eq!(Certificate::from_base64(&certificate.to_base64())?, certificate);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
///
/// [RFC 5280]: https://www.rfc-editor.org/rfc/rfc5280
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    key: Result<PublicKey, Error>,
}

const LABEL: &str = "CERTIFICATE";

impl Certificate {
    /// Reads the one block `CERTIFICATE` of a PEM text, with any ends of lines, and anything around it, such as what `openssl x509 -text` prints.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if there is no block, another one, or more than one: which of them would be meant is not for
    /// this function to guess. For the rest see [`from_der`](Self::from_der).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::Certificate;
    ///
    /// let error = Certificate::from_pem("MIIDCTCCAfGgAwIBAgIU").unwrap_err();
    /// assert_eq!(error.to_string(), "invalid PEM: expected -----BEGIN CERTIFICATE-----, found no block");
    /// ```
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::Block::only(text, LABEL)?;
        if block.label != LABEL {
            return Err(block.unexpected(LABEL));
        }
        Self::from_der(&block.decode()?)
    }

    /// Reads base64 without the lines of PEM, as `X509Certificate` of a `KeyInfo` has it, with white space anywhere.
    ///
    /// There are identity providers that encode a whole PEM text once more; that is read as well.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if it is not base64, and those of [`from_der`](Self::from_der).
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        bounded("bytes of a certificate in base64", text.len())?;
        let bytes = base64::decode(text, 0)?;
        match str::from_utf8(&bytes) {
            // DER begins with a SEQUENCE, which is no such character.
            Ok(pem) if pem.starts_with("-----BEGIN ") => Self::from_pem(pem),
            _ => Self::from_der(&bytes),
        }
    }

    /// Reads DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if it is not the DER of a certificate and nothing more,
    /// [`ErrorKind::Key`](crate::ErrorKind::Key) if a moment of its validity is not from 1970 to 9999, and
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) if it is longer than 64 KiB.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        bounded("bytes of a certificate", der.len())?;
        let parsed = x509_cert::Certificate::from_der(der).map_err(invalid)?;
        let info = parsed.tbs_certificate().subject_public_key_info();
        let key = info.to_der().map_err(invalid_der).and_then(|der| PublicKey::from_der(&der));
        Ok(Self(Arc::new(Inner { der: der.to_vec(), parsed, key })))
    }

    /// PEM with lines of 64 characters.
    #[must_use]
    pub fn to_pem(&self) -> String {
        String::clone(&pem::write(LABEL, self.der()))
    }

    /// base64 in one line, as XML gets it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        base64::encode(self.der())
    }

    /// The bytes as they were given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Whom it was made for, as [RFC 4514] writes names: `CN=idp.example.com,O=Example`, the most specific part first.
    ///
    /// Control characters are escaped, and values that are no text are hexadecimal.
    ///
    /// [RFC 4514]: https://www.rfc-editor.org/rfc/rfc4514
    #[must_use]
    pub fn subject(&self) -> String {
        let name = self.0.parsed.tbs_certificate().subject().to_string();
        // Those of ASCII are escaped by now. RFC 4514 section 2.4 has two hexadecimal digits for each byte of a character.
        let mut shown = String::with_capacity(name.len());
        for character in name.chars() {
            match character.is_control() {
                true => shown.extend(character.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:02x}"))),
                false => shown.push(character),
            }
        }
        shown
    }

    /// The number that its issuer gave it, hexadecimal as `openssl x509 -serial` prints it: upper case, two digits a byte.
    ///
    /// A negative number, which no issuer may give and some have given, is printed in two's complement.
    #[must_use]
    pub fn serial_number(&self) -> String {
        let number = self.0.parsed.tbs_certificate().serial_number().as_bytes();
        let number = match number {
            // The byte that makes a number positive whose first bit is set.
            [0, rest @ ..] if !rest.is_empty() => rest,
            number => number,
        };
        hexadecimal(number, "")
    }

    /// The first moment of its validity.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.0.parsed.tbs_certificate().validity().not_before.to_system_time()
    }

    /// The last moment of its validity.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.0.parsed.tbs_certificate().validity().not_after.to_system_time()
    }

    /// The key that it holds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key) if that is a key which cannot be computed with, as [`PublicKey::from_der`] says.
    pub fn public_key(&self) -> Result<&PublicKey, Error> {
        self.0.key.as_ref().map_err(Error::clone)
    }

    /// The SHA-256 of its bytes, as `openssl x509 -fingerprint -sha256` and the consoles of service providers show it: `AB:CD:...`.
    #[must_use]
    pub fn fingerprint_sha256(&self) -> String {
        hexadecimal(&DigestAlgorithm::Sha256.digest(&[self.der()]), ":")
    }

    /// Whether its issuer is its subject and its own key verifies its signature.
    ///
    /// A certificate with a key or a signature of an algorithm that is not known here is not.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        let body = self.0.parsed.tbs_certificate();
        let (Ok(key), Ok(signed)) = (self.public_key(), signed_bytes(self.der())) else {
            return false;
        };
        let Some(algorithm) = oid::signature(self.0.parsed.signature_algorithm().oid) else {
            return false;
        };
        let signature = self.0.parsed.signature().raw_bytes();
        let is_valid = |signature: &[u8]| RustCryptoKey(key.clone()).is_valid(algorithm, signed, signature);
        body.issuer() == body.subject()
            && if algorithm.is_rsa() { is_valid(signature) } else { key.signature_from_der(signature).is_some_and(|raw| is_valid(&raw)) }
    }

    /// What a person should know about its validity at the moment `now`: that it is over, has not begun, or ends within `notice`.
    ///
    /// # Examples
    ///
    /// ```
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
    /// use std::time::Duration;
    /// use idbridge_saml::{Certificate, CertificateFinding};
    ///
    /// let certificate = Certificate::from_pem(pem)?;
    /// let day = Duration::from_secs(86_400);
    /// assert_eq!(certificate.expiry(certificate.not_after() - 40 * day, 30 * day), None);
    /// let finding = certificate.expiry(certificate.not_after() - 20 * day, 30 * day);
    /// assert!(matches!(finding, Some(CertificateFinding::Expires { days: 20, .. })));
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    #[must_use]
    pub fn expiry(&self, now: SystemTime, notice: Duration) -> Option<CertificateFinding> {
        let (not_before, not_after) = (self.not_before(), self.not_after());
        // RFC 5280 section 4.1.2.5: "the period of time from notBefore through notAfter, inclusive".
        let Ok(left) = not_after.duration_since(now) else {
            return Some(CertificateFinding::Expired { not_after });
        };
        if now < not_before {
            return Some(CertificateFinding::NotYetValid { not_before });
        }
        (left <= notice).then_some(CertificateFinding::Expires { days: left.as_secs() / 86_400, not_after })
    }
}

/// Two certificates are equal if their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject())
            .field("fingerprint_sha256", &self.fingerprint_sha256())
            .finish_non_exhaustive()
    }
}

/// The bytes that the issuer signed, as they were given.
fn signed_bytes(der: &[u8]) -> Result<&[u8], der::Error> {
    let mut reader = SliceReader::new(der)?;
    Header::decode(&mut reader)?;
    reader.tlv_bytes()
}

fn invalid(error: der::Error) -> Error {
    match error.kind() {
        der::ErrorKind::DateTime
        | der::ErrorKind::Value { tag: der::Tag::UtcTime | der::Tag::GeneralizedTime }
        | der::ErrorKind::Length { tag: der::Tag::UtcTime | der::Tag::GeneralizedTime } => {
            unusable("certificate", "a moment of its validity is not one from 1970 to 9999 in UTC with seconds")
        }
        _ => invalid_der(error),
    }
}

fn hexadecimal(bytes: &[u8], separator: &str) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pem_text_in_base64_is_read_once_more_and_not_twice() {
        let pem = include_str!("../../tests/fixtures/rsa2048.crt");
        let once = base64::encode(pem.as_bytes());
        assert_eq!(Certificate::from_base64(&once), Certificate::from_pem(pem));
        assert!(Certificate::from_base64(&base64::encode(once.as_bytes())).is_err());
        assert!(Certificate::from_base64(&base64::encode(format!("{pem}{pem}").as_bytes())).is_err());
    }
}
