//! What makes signatures.

use std::error::Error;
use std::sync::Arc;

use super::SignatureAlgorithm;

/// Makes signatures over bytes: an [`RsaSigner`](crate::RsaSigner), one on AWS-LC, or the caller's own, such as a key management service or a
/// hardware module.
///
/// # Examples
///
/// A signer that asks somebody else:
///
/// ```
/// use idbridge_saml::{SignatureAlgorithm, Signer};
///
/// struct Module;
///
/// impl Signer for Module {
///     fn algorithm(&self) -> SignatureAlgorithm {
///         SignatureAlgorithm::EcdsaSha256
///     }
///
///     fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
///         Err("the module does not answer".into())
///     }
/// }
///
/// let signer: &dyn Signer = &Module;
/// assert_eq!(signer.sign(b"message").unwrap_err().to_string(), "the module does not answer");
/// ```
pub trait Signer {
    /// The algorithm of every signature that it makes.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The signature over `message`, which is not a digest: computing that is part of signing.
    ///
    /// An ECDSA signature is r and s, each as long as the curve's field and one behind the other: 64 bytes for P-256, 96 for P-384. Modules that
    /// answer in DER need a conversion.
    ///
    /// # Errors
    ///
    /// Whatever the signer's own reason is; it becomes the text of a [`ErrorKind::Caller`](crate::ErrorKind::Caller), so it must not hold a key.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>>;
}

macro_rules! forward {
    ($($pointer:ty),+) => {
        $(impl<T: Signer + ?Sized> Signer for $pointer {
            fn algorithm(&self) -> SignatureAlgorithm {
                (**self).algorithm()
            }

            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
                (**self).sign(message)
            }
        })+
    };
}

forward!(&T, Box<T>, Arc<T>);
