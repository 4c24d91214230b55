//! Public keys.

use std::fmt;
use std::sync::Arc;

use rsa::BoxedUint;
use rsa::pkcs1::RsaPublicKeyRef;
use rsa::signature::SignatureEncoding as _;
use x509_cert::der::Decode as _;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::{bounded, invalid_der, oid, pem, unusable};
use crate::error::Error;

/// What kind of key a [`PublicKey`] is.
///
/// # Examples
///
/// ```
/// use idbridge_saml::KeyKind;
///
/// assert_eq!(KeyKind::P256.to_string(), "ECDSA P-256");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA, used with PKCS#1 v1.5.
    Rsa,
    /// ECDSA on the curve P-256 (`secp256r1`).
    P256,
    /// ECDSA on the curve P-384 (`secp384r1`).
    P384,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::P256 => "ECDSA P-256",
            Self::P384 => "ECDSA P-384",
        })
    }
}

/// A public key: RSA of 1,024 to 8,192 bits, or ECDSA on P-256 or P-384.
///
/// One that exists can be computed with: it was read once, and a clone shares what was read. An RSA key below 2,048 bits is a key here; whether a
/// signature of it is believed is for another place to say, which reads [`bits`](Self::bits).
///
/// # Examples
///
/// ```
/// # let certificate = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
/// use idbridge_saml::{Certificate, KeyKind, PublicKey};
///
/// let certificate = Certificate::from_pem(certificate)?;
/// let key = certificate.public_key()?;
/// assert_eq!((key.kind(), key.bits()), (KeyKind::Rsa, 2048));
/// assert_eq!(PublicKey::from_pem(&key.to_pem())?, *key);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    bits: u32,
    parsed: ParsedKey,
}

/// The key in the form that is computed with.
pub(super) enum ParsedKey {
    Rsa(rsa::PublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

const WHAT: &str = "public key";
const LABEL: &str = "PUBLIC KEY";

impl PublicKey {
    /// Reads the DER of a `SubjectPublicKeyInfo` ([RFC 5280] section 4.1.2.7), which is also what key management services answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if it is none, [`ErrorKind::Key`](crate::ErrorKind::Key) if it is a key of another kind or
    /// size, if its RSA exponent is even, below 3 or longer than 33 bits, or if its point is not on its curve, and
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) if it is longer than 64 KiB.
    ///
    /// [RFC 5280]: https://www.rfc-editor.org/rfc/rfc5280
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        bounded("bytes of a public key", der.len())?;
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(invalid_der)?;
        let (bits, parsed) = parsed(info)?;
        Ok(Self(Arc::new(Inner { der: der.to_vec(), bits, parsed })))
    }

    /// Reads PEM with the label `PUBLIC KEY`, with any text around the block.
    ///
    /// # Errors
    ///
    /// As [`from_der`](Self::from_der), and [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if there is no block, another one, or more than one.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::Block::only(text, LABEL)?;
        if block.label != LABEL {
            return Err(block.unexpected(LABEL));
        }
        Self::from_der(&block.decode()?)
    }

    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self.0.parsed {
            ParsedKey::Rsa(_) => KeyKind::Rsa,
            ParsedKey::P256(_) => KeyKind::P256,
            ParsedKey::P384(_) => KeyKind::P384,
        }
    }

    /// The length of the RSA modulus, or of the curve's field, in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits
    }

    /// The `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        self.0.der.clone()
    }

    /// The same in PEM, with the label `PUBLIC KEY`.
    #[must_use]
    pub fn to_pem(&self) -> String {
        String::clone(&pem::write(LABEL, &self.0.der))
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.0.der
    }

    pub(super) fn parsed(&self) -> &ParsedKey {
        &self.0.parsed
    }

    pub(super) fn of_rsa(key: rsa::PublicKey, der: Vec<u8>, bits: u32) -> Self {
        Self(Arc::new(Inner { der, bits, parsed: ParsedKey::Rsa(key) }))
    }

    /// An ECDSA signature of this key from r and s one behind the other to the DER that certificates have.
    pub(super) fn signature_to_der(&self, signature: &[u8]) -> Option<Vec<u8>> {
        match self.parsed() {
            ParsedKey::Rsa(_) => None,
            ParsedKey::P256(_) => Some(p256::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec()),
            ParsedKey::P384(_) => Some(p384::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec()),
        }
    }

    /// The other way.
    pub(super) fn signature_from_der(&self, signature: &[u8]) -> Option<Vec<u8>> {
        match self.parsed() {
            ParsedKey::Rsa(_) => None,
            ParsedKey::P256(_) => Some(p256::ecdsa::Signature::from_der(signature).ok()?.to_vec()),
            ParsedKey::P384(_) => Some(p384::ecdsa::Signature::from_der(signature).ok()?.to_vec()),
        }
    }
}

/// Two keys are equal if their numbers are, however they were written.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        match (self.parsed(), other.parsed()) {
            (ParsedKey::Rsa(one), ParsedKey::Rsa(other)) => one == other,
            (ParsedKey::P256(one), ParsedKey::P256(other)) => one == other,
            (ParsedKey::P384(one), ParsedKey::P384(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// The kind, and for RSA the bits: `RSA with 2048 bits`, `ECDSA P-256`.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            KeyKind::Rsa => write!(f, "RSA with {} bits", self.bits()),
            curve => curve.fmt(f),
        }
    }
}

/// The length of a number that is written in bytes, most significant first.
pub(super) fn bits(number: &[u8]) -> u32 {
    let number = number.get(number.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default();
    let unused = number.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(number.len()).map_or(u32::MAX, |length| length.saturating_mul(8)) - unused
}

fn parsed(info: SubjectPublicKeyInfoRef<'_>) -> Result<(u32, ParsedKey), Error> {
    match info.algorithm.oid {
        oid::RSA => rsa(info),
        oid::ELLIPTIC_CURVE => {
            let off = |_| unusable(WHAT, "its point is not on its curve, or is not encoded as it must be");
            match info.algorithm.parameters_oid() {
                Ok(oid::P256) => Ok((256, ParsedKey::P256(info.try_into().map_err(off)?))),
                Ok(oid::P384) => Ok((384, ParsedKey::P384(info.try_into().map_err(off)?))),
                Ok(curve) => Err(unusable(WHAT, format!("its curve is {curve}; P-256 and P-384 are known"))),
                Err(_) => Err(unusable(WHAT, "its curve has no name; P-256 and P-384 are known")),
            }
        }
        oid::RSA_PSS => Err(unusable(WHAT, "it is for RSASSA-PSS only; RSA with PKCS#1 v1.5 is known")),
        algorithm => Err(unusable(WHAT, format!("its algorithm is {algorithm}; RSA and ECDSA are known"))),
    }
}

fn rsa(info: SubjectPublicKeyInfoRef<'_>) -> Result<(u32, ParsedKey), Error> {
    // RFC 3279 section 2.3.1: "The rsaEncryption OID is intended to be used in the algorithm field [...]. The parameters field MUST have ASN.1
    // type NULL for this algorithm identifier."
    if !info.algorithm.parameters.is_some_and(|parameters| parameters.is_null()) {
        return Err(unusable(WHAT, "its RSA algorithm has other parameters than NULL"));
    }
    let key = info.subject_public_key.as_bytes().and_then(|bytes| RsaPublicKeyRef::try_from(bytes).ok());
    let key = key.ok_or_else(|| unusable(WHAT, "it holds no RSA key"))?;
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let bits = bits(modulus);
    // The length is checked before anything is computed with it.
    if !(1024..=8192).contains(&bits) {
        return Err(unusable(WHAT, format!("its RSA modulus has {bits} bits; 1024 to 8192 are known")));
    }
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let key = rsa::PublicKey::new(number(modulus), number(exponent))
        .map_err(|_| unusable(WHAT, "its RSA modulus is even, or its exponent is even, below 3 or longer than 33 bits"))?;
    Ok((bits, ParsedKey::Rsa(key)))
}
