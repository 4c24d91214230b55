//! Signatures with an RSA key, in pure Rust.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use getrandom::SysRng;
use rsa::PrivateKey;
use rsa::pkcs1::RsaPrivateKeyRef;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, PrivateKeyInfoRef, SecretDocument};
use rsa::traits::PublicKeyParts as _;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::ObjectIdentifier;

use super::public_key::bits;
use super::{PrivateKeyPem, PublicKey, SignatureAlgorithm, Signer, bounded, oid, pem, unusable};
use crate::error::{Error, ErrorKind};

/// The length of an RSA key that is made.
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_saml::RsaBits::default(), idbridge_saml::RsaBits::Rsa2048);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum RsaBits {
    /// 2,048 bits, which every party takes.
    #[default]
    Rsa2048,
    /// 3,072 bits.
    Rsa3072,
    /// 4,096 bits; a signature takes some six times as long as with 2,048.
    Rsa4096,
}

impl RsaBits {
    const fn count(self) -> usize {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }
}

/// Signs with an RSA key of 2,048 to 8,192 bits: PKCS#1 v1.5, with SHA-256 unless [`with_algorithm`](Self::with_algorithm) says otherwise.
///
/// The key is read once, and clones share it. `Debug` shows no more than the public part.
///
/// # Security
///
/// Every signature is blinded with random numbers of the operating system, so that how long it takes tells nothing of the key; the bytes of the
/// signature do not depend on them. The key is overwritten in memory when the last clone is dropped.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{RsaBits, RsaSigner, Signer};
///
/// let signer = RsaSigner::generate(RsaBits::Rsa2048)?;
/// let again = RsaSigner::from_pem(signer.to_pem().expose())?;
/// assert_eq!(signer.sign(b"message")?, again.sign(b"message")?);
/// assert_eq!(format!("{signer:?}"), "RsaSigner { key: PublicKey(RSA with 2048 bits), algorithm: RsaSha256, .. }");
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Clone)]
pub struct RsaSigner {
    key: Arc<Key>,
    algorithm: SignatureAlgorithm,
}

struct Key {
    private: PrivateKey,
    /// PKCS#8. It is overwritten when it is dropped, as the private key is.
    der: SecretDocument,
    public: PublicKey,
}

const WHAT: &str = "RSA private key";
const LABEL: &str = "PRIVATE KEY";
const PKCS1_LABEL: &str = "RSA PRIVATE KEY";

impl RsaSigner {
    /// Makes a key with random numbers of the operating system, which takes from a tenth of a second to many seconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`] if the operating system has no random numbers.
    pub fn generate(bits: RsaBits) -> Result<Self, Error> {
        let key = PrivateKey::new(&mut SysRng, bits.count()).map_err(|error| unusable(WHAT, format!("none could be made: {error}")))?;
        Self::new(key)
    }

    /// Reads PEM: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), with any text around the block.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`] if there is no block, another one, or more than one, [`ErrorKind::Key`] if the key is encrypted, of another kind,
    /// shorter than 2,048 or longer than 8,192 bits, or inconsistent in itself, and [`ErrorKind::Limit`] if the text is longer than 64 KiB. None of
    /// them quotes the key.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::RsaSigner;
    ///
    /// let error = RsaSigner::from_pem("-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n").unwrap_err();
    /// assert_eq!(error.to_string(), "invalid PEM: expected a block PRIVATE KEY or RSA PRIVATE KEY, found EC PRIVATE KEY");
    /// ```
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        const EXPECTED: &str = "PRIVATE KEY or RSA PRIVATE KEY";
        let block = pem::Block::only(text, LABEL)?;
        if block.is_encrypted() {
            let reason =
                "it is encrypted, and passwords are not asked for here: decrypt it first, for example with openssl pkey -in key.pem";
            return Err(unusable(WHAT, reason));
        }
        match block.label {
            LABEL => Self::from_der(&block.decode()?),
            PKCS1_LABEL => Self::from_pkcs1(&block.decode()?),
            _ => Err(block.unexpected(EXPECTED)),
        }
    }

    /// Reads the DER of PKCS#8 ([RFC 5958]).
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem).
    ///
    /// [RFC 5958]: https://www.rfc-editor.org/rfc/rfc5958
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        bounded("bytes of a private key", der.len())?;
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| unusable(WHAT, "it is not the DER of PKCS#8"))?;
        if info.algorithm.oid != oid::RSA {
            return Err(unusable(WHAT, format!("it is a key of another algorithm, {}", name(info.algorithm.oid))));
        }
        Self::from_pkcs1(info.private_key.as_bytes())
    }

    /// The same key with another algorithm: `RsaSha256`, `RsaSha384` or `RsaSha512`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Algorithm`] for SHA-1, which is verified at most and never signed with, and [`ErrorKind::Misuse`] for an algorithm of other keys.
    ///
    /// # Examples
    ///
    /// ```
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
    /// use idbridge_saml::{RsaSigner, SignatureAlgorithm};
    ///
    /// let signer = RsaSigner::from_pem(pem)?;
    /// assert!(signer.clone().with_algorithm(SignatureAlgorithm::RsaSha512).is_ok());
    /// assert!(signer.with_algorithm(SignatureAlgorithm::DangerousRsaSha1).is_err());
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    pub fn with_algorithm(mut self, algorithm: SignatureAlgorithm) -> Result<Self, Error> {
        self.algorithm = signing_algorithm(algorithm)?;
        Ok(self)
    }

    /// The key in PKCS#8 PEM, to be kept.
    #[must_use]
    pub fn to_pem(&self) -> PrivateKeyPem {
        PrivateKeyPem::new(pem::write(LABEL, self.pkcs8()))
    }

    /// The public part.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.key.public.clone()
    }

    /// The key in PKCS#8 DER.
    pub(super) fn pkcs8(&self) -> &[u8] {
        self.key.der.as_bytes()
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let key = RsaPrivateKeyRef::from_der(der).map_err(|_| unusable(WHAT, "it is not the DER of PKCS#1"))?;
        // The length is checked before anything is computed with it.
        check_length(bits(key.modulus.as_bytes()))?;
        Self::new(PrivateKey::try_from(key).map_err(|_| unusable(WHAT, "its numbers do not belong together, or are more than two primes"))?)
    }

    fn new(private: PrivateKey) -> Result<Self, Error> {
        let length = private.n().bit_width_vartime();
        check_length(length)?;
        let unwritable = || unusable(WHAT, "it cannot be written as PKCS#8");
        let der = private.to_pkcs8_der().map_err(|_| unwritable())?;
        let public = rsa::PublicKey::from(&private);
        let public_der = public.to_public_key_der().map_err(|_| unwritable())?.as_bytes().to_vec();
        let public = PublicKey::of_rsa(public, public_der, length);
        Ok(Self { key: Arc::new(Key { private, der, public }), algorithm: SignatureAlgorithm::RsaSha256 })
    }
}

impl Signer for RsaSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        // These blind with the random numbers of the operating system, as the feature `getrandom` of the crate rsa says.
        let signature = match self.algorithm {
            SignatureAlgorithm::RsaSha384 => self.key.private.pkcs1v15_sign::<Sha384>(message),
            SignatureAlgorithm::RsaSha512 => self.key.private.pkcs1v15_sign::<Sha512>(message),
            _ => self.key.private.pkcs1v15_sign::<Sha256>(message),
        };
        Ok(signature?)
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigner").field("key", &self.key.public).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// Refuses the algorithms that an RSA key does not sign with.
pub(super) fn signing_algorithm(algorithm: SignatureAlgorithm) -> Result<SignatureAlgorithm, Error> {
    match algorithm {
        SignatureAlgorithm::DangerousRsaSha1 => {
            Err(Error::whole(ErrorKind::Algorithm { found: algorithm.uri().to_owned(), is_weak: true }))
        }
        algorithm if algorithm.is_rsa() => Ok(algorithm),
        _ => Err(Error::whole(ErrorKind::Misuse { reason: format!("an RSA key does not sign with {}", algorithm.uri()) })),
    }
}

fn check_length(bits: u32) -> Result<(), Error> {
    match bits {
        2048..=8192 => Ok(()),
        _ => Err(unusable(WHAT, format!("it has {bits} bits; 2048 to 8192 are signed with"))),
    }
}

fn name(algorithm: ObjectIdentifier) -> String {
    match algorithm {
        oid::ELLIPTIC_CURVE => "that of elliptic curves".to_owned(),
        oid::RSA_PSS => "RSASSA-PSS".to_owned(),
        other => other.to_string(),
    }
}
