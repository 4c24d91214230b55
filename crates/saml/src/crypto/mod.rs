//! Keys, signatures over bytes, and certificates.

mod algorithm;
#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
pub(crate) mod base64;
mod certificate;
mod digest;
mod expiry;
mod oid;
mod pem;
mod private_key;
mod public_key;
mod rsa_signer;
mod self_signed;
mod signer;
mod verifier;

pub use algorithm::SignatureAlgorithm;
#[cfg(feature = "aws-lc-rs")]
pub use aws_lc::{AwsLcSigner, AwsLcVerifier};
pub use certificate::Certificate;
pub use digest::DigestAlgorithm;
pub use expiry::CertificateFinding;
pub use private_key::PrivateKeyPem;
pub use public_key::{KeyKind, PublicKey};
pub use rsa_signer::{RsaBits, RsaSigner};
pub use self_signed::SelfSigned;
pub use signer::Signer;
pub use verifier::{RustCryptoVerifier, Verifier, VerifyingKey};

use crate::error::{Error, ErrorKind, Location};

/// The most bytes of a key or a certificate that are read, in any encoding.
const LONGEST: usize = 65_536;

/// A key or a certificate that cannot be used; `reason` never quotes a key.
fn unusable(what: &'static str, reason: impl Into<String>) -> Error {
    Error::whole(ErrorKind::Key { what, reason: reason.into() })
}

/// Refuses what is longer than it has reason to be, before anything is computed of it.
fn bounded(what: &'static str, length: usize) -> Result<(), Error> {
    if length > LONGEST {
        return Err(Error::whole(ErrorKind::Limit { what, most: LONGEST }));
    }
    Ok(())
}

/// What the DER reader says, with its byte.
fn invalid_der(error: x509_cert::der::Error) -> Error {
    let at = error.position().and_then(|position| usize::try_from(position).ok()).map_or(Location::Whole, Location::Byte);
    Error::new(ErrorKind::Encoding { encoding: "DER", reason: error.kind().to_string() }, at)
}
