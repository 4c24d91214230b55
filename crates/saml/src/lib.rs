//! SAML 2.0 web SSO as identity provider.

mod assertion;
mod authn_request;
mod binding;
mod canonical;
mod crypto;
mod dsig;
mod encoding;
mod entity_id;
mod error;
mod id;
mod idp;
mod metadata;
mod name_id;
mod names;
mod response;
mod sp;
mod status;
mod time;
mod uri;
mod xml;

pub use assertion::{Attribute, AuthnContext, Login};
pub use authn_request::{AuthnRequest, ReceivedRequest};
pub use binding::{PostForm, RedirectUrl};
pub use canonical::{ExclusiveCanonicalization, XmlDocument};
#[cfg(feature = "aws-lc-rs")]
pub use crypto::{AwsLcSigner, AwsLcVerifier};
pub use crypto::{
    Certificate, CertificateFinding, DigestAlgorithm, KeyKind, PrivateKeyPem, PublicKey, RsaBits, RsaSigner, RustCryptoVerifier,
    SelfSigned, SignatureAlgorithm, Signer, Verifier, VerifyingKey,
};
pub use dsig::{Credential, TrustedKeys};
pub use entity_id::EntityId;
pub use error::{Error, ErrorKind, Location};
pub use id::MessageId;
pub use idp::{AcceptedRequest, IdentityProvider, ResponseIds, UnsolicitedLogin};
pub use metadata::{
    AssertionConsumerService, Binding, EntityDescriptor, IdpMetadata, IdpSsoDescriptor, Metadata, MetadataFinding, RegisteredSp,
    Registration, SingleSignOnService, SpMetadata, SpSsoDescriptor,
};
pub use name_id::{NameId, NameIdFormat};
pub use response::{SignedParts, SignedResponse, Signing, SigningStep, UnsignedResponse};
pub use sp::{AcceptedAssertion, Expected, MemoryReplayStore, ReceivedResponse, ReplayStore, ServiceProvider};
pub use status::{Status, StatusCode};
pub use time::parse_date_time;
