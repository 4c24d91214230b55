//! The same on AWS-LC, several times as fast.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, ParsedPublicKey, RsaKeyPair, VerificationAlgorithm};

use super::public_key::ParsedKey;
use super::rsa_signer::signing_algorithm;
use super::verifier::RustCryptoKey;
use super::{PublicKey, RsaSigner, SignatureAlgorithm, Signer, Verifier, VerifyingKey, unusable};
use crate::error::Error;

/// Signs as [`RsaSigner`] does, with the same bytes for the same message, on AWS-LC.
///
/// The key is read once, and clones share it.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// use idbridge_saml::{AwsLcSigner, RsaSigner, Signer};
///
/// let slow = RsaSigner::from_pem(pem)?;
/// let fast = AwsLcSigner::new(&slow)?;
/// assert_eq!(fast.sign(b"message")?, slow.sign(b"message")?);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Clone)]
pub struct AwsLcSigner {
    key: Arc<RsaKeyPair>,
    public: PublicKey,
    algorithm: SignatureAlgorithm,
}

impl AwsLcSigner {
    /// Takes the key and the algorithm of `signer`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Key`](crate::ErrorKind::Key) if AWS-LC refuses the key.
    pub fn new(signer: &RsaSigner) -> Result<Self, Error> {
        let key = RsaKeyPair::from_pkcs8(signer.pkcs8()).map_err(|_| unusable("RSA private key", "AWS-LC refuses it"))?;
        Ok(Self { key: Arc::new(key), public: signer.public_key(), algorithm: signer.algorithm() })
    }

    /// Reads a key as [`RsaSigner::from_pem`] does.
    ///
    /// # Errors
    ///
    /// Those of [`RsaSigner::from_pem`] and of [`new`](Self::new).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Self::new(&RsaSigner::from_pem(text)?)
    }

    /// The same key with another algorithm, as [`RsaSigner::with_algorithm`] has it.
    ///
    /// # Errors
    ///
    /// Those of [`RsaSigner::with_algorithm`].
    pub fn with_algorithm(mut self, algorithm: SignatureAlgorithm) -> Result<Self, Error> {
        self.algorithm = signing_algorithm(algorithm)?;
        Ok(self)
    }

    /// The public part.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.public.clone()
    }
}

impl Signer for AwsLcSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let padding = match self.algorithm {
            SignatureAlgorithm::RsaSha384 => &signature::RSA_PKCS1_SHA384,
            SignatureAlgorithm::RsaSha512 => &signature::RSA_PKCS1_SHA512,
            _ => &signature::RSA_PKCS1_SHA256,
        };
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(padding, &SystemRandom::new(), message, &mut signature).map_err(|_| "AWS-LC does not sign")?;
        Ok(signature)
    }
}

impl fmt::Debug for AwsLcSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsLcSigner").field("key", &self.public).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// Verifies as [`RustCryptoVerifier`](crate::RustCryptoVerifier) does, with the same answers, on AWS-LC.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// use idbridge_saml::{AwsLcVerifier, RsaSigner, SignatureAlgorithm, Signer, Verifier};
///
/// let signer = RsaSigner::from_pem(pem)?;
/// let key = AwsLcVerifier.verifying_key(&signer.public_key())?;
/// assert!(key.is_valid(SignatureAlgorithm::RsaSha256, b"message", &signer.sign(b"message")?));
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_structs, reason = "it holds nothing, and is written as a value")]
pub struct AwsLcVerifier;

impl Verifier for AwsLcVerifier {
    fn verifying_key(&self, key: &PublicKey) -> Result<Box<dyn VerifyingKey>, Error> {
        let algorithms: &[(SignatureAlgorithm, Form, &'static dyn VerificationAlgorithm)] = match key.parsed() {
            // AWS-LC has no SHA-384 for RSA keys below 2,048 bits; RustCrypto verifies those.
            ParsedKey::Rsa(_) if key.bits() < 2048 => &[
                (SignatureAlgorithm::RsaSha256, Form::AsItIs, &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
                (SignatureAlgorithm::RsaSha512, Form::AsItIs, &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
                (SignatureAlgorithm::DangerousRsaSha1, Form::AsItIs, &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            ],
            ParsedKey::Rsa(_) => &[
                (SignatureAlgorithm::RsaSha256, Form::AsItIs, &signature::RSA_PKCS1_2048_8192_SHA256),
                (SignatureAlgorithm::RsaSha384, Form::AsItIs, &signature::RSA_PKCS1_2048_8192_SHA384),
                (SignatureAlgorithm::RsaSha512, Form::AsItIs, &signature::RSA_PKCS1_2048_8192_SHA512),
                (SignatureAlgorithm::DangerousRsaSha1, Form::AsItIs, &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            ],
            ParsedKey::P256(_) => &[
                (SignatureAlgorithm::EcdsaSha256, Form::AsItIs, &signature::ECDSA_P256_SHA256_FIXED),
                (SignatureAlgorithm::EcdsaSha384, Form::Der, &signature::ECDSA_P256_SHA384_ASN1),
            ],
            ParsedKey::P384(_) => &[
                (SignatureAlgorithm::EcdsaSha256, Form::Der, &signature::ECDSA_P384_SHA256_ASN1),
                (SignatureAlgorithm::EcdsaSha384, Form::AsItIs, &signature::ECDSA_P384_SHA384_FIXED),
            ],
        };
        let prepare = |(algorithm, form, verification): &(SignatureAlgorithm, Form, &'static dyn VerificationAlgorithm)| {
            let parsed = ParsedPublicKey::new(*verification, key.der()).map_err(|_| unusable("public key", "AWS-LC refuses it"))?;
            Ok((*algorithm, *form, parsed))
        };
        let prepared = algorithms.iter().map(prepare).collect::<Result<Vec<_>, Error>>()?;
        Ok(Box::new(AwsLcKey { fallback: RustCryptoKey(key.clone()), prepared }))
    }
}

/// How AWS-LC takes a signature.
#[derive(Clone, Copy)]
enum Form {
    AsItIs,
    /// ECDSA where the curve and the digest are of two lengths: AWS-LC takes DER alone.
    Der,
}

struct AwsLcKey {
    fallback: RustCryptoKey,
    prepared: Vec<(SignatureAlgorithm, Form, ParsedPublicKey)>,
}

impl VerifyingKey for AwsLcKey {
    fn is_valid(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match self.prepared.iter().find(|(prepared, ..)| *prepared == algorithm) {
            Some((_, Form::AsItIs, key)) => key.verify_sig(message, signature).is_ok(),
            Some((_, Form::Der, key)) => {
                let der = self.fallback.0.signature_to_der(signature);
                der.is_some_and(|der| key.verify_sig(message, &der).is_ok())
            }
            None => self.fallback.is_valid(algorithm, message, signature),
        }
    }
}

impl fmt::Debug for AwsLcKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AwsLcKey").field(&self.fallback.0).finish()
    }
}
