//! SAML 2.0 web SSO as identity provider.

mod canonical;
mod crypto;
mod entity_id;
mod error;
mod metadata;
mod name_id;
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
pub use entity_id::EntityId;
pub use error::{Error, ErrorKind, Location};
pub use metadata::{
    AssertionConsumerService, Binding, EntityDescriptor, IdpMetadata, IdpSsoDescriptor, Metadata, MetadataFinding, RegisteredSp,
    Registration, SingleSignOnService, SpMetadata, SpSsoDescriptor,
};
pub use name_id::{NameId, NameIdFormat};
