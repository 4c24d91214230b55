//! SAML 2.0 web SSO as identity provider.

mod canonical;
mod crypto;
mod error;
mod time;
mod uri;
mod xml;

pub use canonical::{ExclusiveCanonicalization, XmlDocument};
#[cfg(feature = "aws-lc-rs")]
pub use crypto::{AwsLcSigner, AwsLcVerifier};
pub use crypto::{
    Certificate, CertificateFinding, DigestAlgorithm, KeyKind, PrivateKeyPem, PublicKey, RsaBits, RsaSigner, RustCryptoVerifier,
    SelfSigned, SignatureAlgorithm, Signer, Verifier, VerifyingKey,
};
pub use error::{Error, ErrorKind, Location};
