//! Whose signatures are believed.

use std::sync::Arc;

use crate::crypto::{Certificate, DigestAlgorithm, KeyKind, PublicKey, RustCryptoVerifier, SignatureAlgorithm, Verifier, VerifyingKey};
use crate::error::{Error, ErrorKind};

/// The keys whose signatures are believed, and how weak they may be.
///
/// Trust is in keys that were configured, from metadata or by hand; a key that a message brings along counts for nothing, and a certificate is
/// only what carries the key: its dates are for [`Certificate::expiry`] to watch and end no trust by themselves (SAML metadata interoperability
/// profile, section 2.6.1).
///
/// SHA-1 and RSA of less than 2,048 bits are refused unless a method whose name says danger allows them.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::*;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let certificate = Certificate::from_pem(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt")))?;
/// # let credential = Credential::new(RsaSigner::from_pem(pem)?, certificate.clone())?;
/// # let acs = AssertionConsumerService::new(0, "https://sp.example.com/acs");
/// # let sp = RegisteredSp::from_xml(&SpMetadata::new(EntityId::new("https://sp.example.com")?, [acs]).to_xml()?, &Registration::new())?;
/// # let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
/// # let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// # let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// // Two certificates, as during a roll-over: a signature of either key is believed.
/// let next = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/p256.crt"));
/// let keys = TrustedKeys::new([&certificate, &Certificate::from_pem(next)?])?;
/// let signed = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
/// ReceivedResponse::from_xml(signed.xml()).verify_signature(&keys)?;
///
/// // Nobody is believed where nobody was named.
/// let error = TrustedKeys::new([]).unwrap_err();
/// assert_eq!(error.to_string(), "no certificate is given, so no signature could be believed");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TrustedKeys {
    keys: Vec<Trusted>,
    allows_sha1: bool,
    allows_small_keys: bool,
}

#[derive(Debug, Clone)]
struct Trusted {
    key: Arc<dyn VerifyingKey>,
    is_small: bool,
}

impl TrustedKeys {
    /// The most keys that may be trusted at once: each costs a try for every signature.
    const MOST: usize = 16;

    /// The keys of `certificates`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for none, because then nothing could ever be believed; [`ErrorKind::Limit`] for more than 16; [`ErrorKind::Key`] for
    /// a key that is neither RSA nor ECDSA over P-256 or P-384.
    pub fn new<'c>(certificates: impl IntoIterator<Item = &'c Certificate>) -> Result<Self, Error> {
        Self::with_verifier(&RustCryptoVerifier, certificates)
    }

    /// The keys of `certificates`, used by `verifier`.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new), and what the verifier says of a key.
    pub fn with_verifier<'c>(verifier: &dyn Verifier, certificates: impl IntoIterator<Item = &'c Certificate>) -> Result<Self, Error> {
        let mut keys = Vec::new();
        for certificate in certificates {
            if keys.len() == Self::MOST {
                return Err(Error::whole(ErrorKind::Limit { what: "trusted keys", most: Self::MOST }));
            }
            let key = certificate.public_key()?;
            keys.push(Trusted { key: verifier.verifying_key(key)?.into(), is_small: is_small(key) });
        }
        if keys.is_empty() {
            return Err(Error::whole(ErrorKind::Misuse {
                reason: "no certificate is given, so no signature could be believed".to_owned(),
            }));
        }
        Ok(Self { keys, allows_sha1: false, allows_small_keys: false })
    }

    /// Believes signatures and digests by SHA-1, too.
    ///
    /// # Security
    ///
    /// Two documents with one SHA-1 digest can be made by anybody with some money: whoever can have one document signed can have two.
    /// For old test vectors, and for a service provider that cannot be changed.
    #[must_use]
    pub fn dangerous_allow_sha1(mut self) -> Self {
        self.allows_sha1 = true;
        self
    }

    /// Believes RSA keys of 1,024 bits and more, too.
    ///
    /// # Security
    ///
    /// Keys of 1,024 bits are within reach of whoever has a large budget. For old test vectors.
    #[must_use]
    pub fn dangerous_allow_small_keys(mut self) -> Self {
        self.allows_small_keys = true;
        self
    }

    /// Refuses what is too weak, before anything is computed.
    pub(crate) fn check_algorithms(&self, signature: SignatureAlgorithm, digest: DigestAlgorithm) -> Result<(), Error> {
        let weak = |found: &str| Err(Error::whole(ErrorKind::Algorithm { found: found.to_owned(), is_weak: true }));
        match (signature, digest) {
            _ if self.allows_sha1 => Ok(()),
            (SignatureAlgorithm::DangerousRsaSha1, _) => weak(signature.uri()),
            (_, DigestAlgorithm::DangerousSha1) => weak(digest.uri()),
            _ => Ok(()),
        }
    }

    /// Whether one of the keys made `signature` over `message`.
    pub(crate) fn verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8], what: &'static str) -> Result<(), Error> {
        self.check_algorithms(algorithm, algorithm.digest())?;
        let is_usable = |trusted: &&Trusted| self.allows_small_keys || !trusted.is_small;
        let usable = || self.keys.iter().filter(is_usable);
        if usable().any(|trusted| trusted.key.is_valid(algorithm, message, signature)) {
            return Ok(());
        }
        Err(Error::whole(match usable().count() {
            0 => ErrorKind::Algorithm { found: "RSA with less than 2048 bits".to_owned(), is_weak: true },
            tried => ErrorKind::Signature { what: what.to_owned(), tried },
        }))
    }
}

/// Refuses to sign by a key that nobody should believe.
///
/// # Errors
///
/// [`ErrorKind::Key`] with its length.
pub(crate) fn check_signs(certificate: &Certificate) -> Result<&PublicKey, Error> {
    let key = certificate.public_key()?;
    if is_small(key) {
        let reason = format!("its key is {key}, and nothing is signed with less than 2048");
        return Err(Error::whole(ErrorKind::Key { what: "certificate", reason }));
    }
    Ok(key)
}

fn is_small(key: &PublicKey) -> bool {
    matches!(key.kind(), KeyKind::Rsa) && key.bits() < 2_048
}
