//! What verifies signatures.

use std::fmt;

use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::public_key::ParsedKey;
use super::{PublicKey, SignatureAlgorithm};
use crate::error::Error;

/// Prepares public keys for verifying: [`RustCryptoVerifier`], one on AWS-LC, or the caller's own.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// use idbridge_saml::{RsaSigner, RustCryptoVerifier, SignatureAlgorithm, Signer, Verifier};
///
/// let signer = RsaSigner::from_pem(pem)?;
/// let key = RustCryptoVerifier.verifying_key(&signer.public_key())?;
/// assert!(key.is_valid(SignatureAlgorithm::RsaSha256, b"message", &signer.sign(b"message")?));
/// assert!(!key.is_valid(SignatureAlgorithm::RsaSha256, b"massage", &signer.sign(b"message")?));
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub trait Verifier {
    /// What verifies with `key`: whatever can be computed once is computed here, and not for every signature.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key) if this verifier does not take the key.
    fn verifying_key(&self, key: &PublicKey) -> Result<Box<dyn VerifyingKey>, Error>;
}

/// A public key that is ready for verifying; a [`Verifier`] makes it.
pub trait VerifyingKey: fmt::Debug + Send + Sync {
    /// Whether `signature` is one of this key over `message`, which is not a digest.
    ///
    /// A key of another kind than the algorithm's, and a signature of another length than the key's, are invalid and no error. Any algorithm that is
    /// known is computed, SHA-1 included: whether to believe it is decided before.
    fn is_valid(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool;
}

/// Verifies in pure Rust.
///
/// # Examples
///
/// See [`Verifier`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_structs, reason = "it holds nothing, and is written as a value")]
pub struct RustCryptoVerifier;

impl Verifier for RustCryptoVerifier {
    fn verifying_key(&self, key: &PublicKey) -> Result<Box<dyn VerifyingKey>, Error> {
        Ok(Box::new(RustCryptoKey(key.clone())))
    }
}

/// The key as it was read: its modulus was prepared then.
#[derive(Debug)]
pub(super) struct RustCryptoKey(pub(super) PublicKey);

impl VerifyingKey for RustCryptoKey {
    fn is_valid(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match (self.0.parsed(), algorithm) {
            (ParsedKey::Rsa(key), SignatureAlgorithm::RsaSha256) => key.pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
            (ParsedKey::Rsa(key), SignatureAlgorithm::RsaSha384) => key.pkcs1v15_verify::<Sha384>(message, signature).is_ok(),
            (ParsedKey::Rsa(key), SignatureAlgorithm::RsaSha512) => key.pkcs1v15_verify::<Sha512>(message, signature).is_ok(),
            (ParsedKey::Rsa(key), SignatureAlgorithm::DangerousRsaSha1) => key.pkcs1v15_verify::<Sha1>(message, signature).is_ok(),
            (ParsedKey::P256(key), SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384) => {
                use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
                p256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_prehash(&algorithm.digest().digest(&[message]), &signature).is_ok())
            }
            (ParsedKey::P384(key), SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384) => {
                use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
                p384::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_prehash(&algorithm.digest().digest(&[message]), &signature).is_ok())
            }
            _ => false,
        }
    }
}
