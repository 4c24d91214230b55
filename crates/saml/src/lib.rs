//! SAML 2.0 web single sign-on as an identity provider, and the strict other side of it: pure Rust, without IO.
//!
//! ```text
//!   SP metadata ----RegisteredSp::from_xml-----> RegisteredSp           all assertion consumer services, index and default kept
//!   query, form ----ReceivedRequest::from_..---> ReceivedRequest        read, nothing believed
//!     IdentityProvider::accept(&received, &sp, now) ---> AcceptedRequest    signature, issuer, destination, age; an ACS that is registered
//!     IdentityProvider::unsolicited(&sp, ..) ----------> UnsolicitedLogin
//!       .respond(&login, &ids, now) ---> UnsignedResponse ---sign---> SignedResponse ---to_form---> PostForm
//!                                                `------into_signing---> Signing (a key that is elsewhere) ---^
//!
//!   form ----ReceivedResponse::from_..----> ReceivedResponse ----ServiceProvider::accept----> AcceptedAssertion
//! ```
//!
//! Stages are types: there is no form with a response but of a signed one, no response but to an assertion consumer service that the metadata registered, and
//! nothing can be read of a response but what was verified and checked.
//!
//! # What it does
//!
//! - **Metadata** ([`Metadata`], [`EntityDescriptor`], [`RegisteredSp`]): read as AWS IAM Identity Center writes it, and as others do; written with the
//!   same bytes each time ([`IdpMetadata`], [`SpMetadata`]).
//! - **Requests** ([`ReceivedRequest`], [`AuthnRequest`]): by HTTP Redirect, out of the raw query, and by HTTP POST; signed or not.
//! - **Responses** ([`IdentityProvider`], [`Login`], [`Attribute`]): solicited or not, with attributes for access control in AWS; the assertion, the
//!   response or both signed; refusals as a [`Status`].
//! - **Checking** ([`ServiceProvider`]): every rule of saml-profiles section 4.1.4.3, each with an error that names the check, what was expected, what
//!   was found, and where.
//! - **Keys** ([`Signer`], [`RsaSigner`], [`Credential`], [`Signing`]), **certificates** ([`Certificate`], [`SelfSigned`]), and trust ([`TrustedKeys`]).
//! - **Exclusive canonicalization** ([`ExclusiveCanonicalization`]), for whoever tests with it.
//!
//! # What it refuses to do
//!
//! It opens no socket, reads no clock and keeps nothing: `now`, identifiers and the memory of used assertions are arguments. Two things alone draw
//! from the system's generator: making an RSA key, and blinding an RSA signature, whose bytes are the same without.
//!
//! There is one reading of a document. Whatever is no XML 1.0 in UTF-8 with namespaces is refused, document types and entities above all; the digest and
//! the values come from the same nodes. There is one shape of a signature, checked before anything is computed: one reference, to the element that
//! the signature is directly in, enveloped, by exclusive canonicalization. A key that a message brings along counts for nothing.
//!
//! Not there: encryption (such an assertion is refused), artifact and SOAP bindings, single logout, HMAC, SHA-1 but to verify and under a name that says
//! danger, DTDs in any form.
//!
//! # First use
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//!
//! use idbridge_saml::{
//!     Attribute, Credential, EntityId, IdentityProvider, IdpMetadata, Login, NameId, ReceivedRequest, RegisteredSp, Registration, ResponseIds, RsaBits,
//!     RsaSigner, SelfSigned,
//! };
//! # use idbridge_saml::{AuthnRequest, MessageId};
//!
//! // Once: a key, its certificate, and what the two sides have to know of each other.
//! let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000); // in a program, the clock
//! let signer = RsaSigner::generate(RsaBits::Rsa2048)?;
//! let certificate = SelfSigned::new("idp.example.com", now, Duration::from_secs(3 * 365 * 86_400), [7; 16]).sign(&signer, &signer.public_key())?;
//! let credential = Credential::new(signer, certificate)?;
//! let idp = IdentityProvider::new(EntityId::new("https://idp.example.com/aws")?, "https://idp.example.com/aws/sso");
//! let for_aws = IdpMetadata::new(idp.entity_id().clone(), idp.single_sign_on_url(), credential.certificate().clone()).to_xml()?;
//! assert!(for_aws.contains("SingleSignOnService"));
//! let from_aws = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com/d-1"><md:SPSSODescriptor
//!     WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService index="0"
//!     Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs"/></md:SPSSODescriptor></md:EntityDescriptor>"#;
//! let sp = RegisteredSp::from_xml(from_aws, &Registration::new())?;
//!
//! // For each request: read it, check it, find out who it is and whether they may, and answer.
//! # let asked = AuthnRequest::new(MessageId::from_random([3; 16]), sp.entity_id().clone(), now).to_redirect(idp.single_sign_on_url(), Some("r"), None)?;
//! # let query = asked.as_str().split_once('?').map_or("", |(_, query)| query);
//! let received = ReceivedRequest::from_redirect(query)?;
//! let accepted = idp.accept(&received, &sp, now)?;
//! let mut login = Login::new(NameId::email_address("anna@example.com")?, now);
//! login.attributes.push(Attribute::access_control("Department", "Research"));
//! let ids = ResponseIds::from_random([1; 16], [2; 16]); // in a program, from the system's generator
//! let form = accepted.respond(&login, &ids, now)?.sign(&credential)?.to_form()?;
//! assert_eq!(form.action(), "https://sp.example.com/acs");
//! assert_eq!(form.relay_state(), Some("r"));
//! # Ok::<(), idbridge_saml::Error>(())
//! ```
//!
//! # Bounds
//!
//! What is read is bounded: messages and the metadata of one party of 2 MiB, metadata of a federation of 128 MiB, 64 levels, 64 attributes of an element, 128 namespaces; a request out of a query has at
//! most 128 KiB when it is decompressed; RelayState 8 KiB; 16 trusted keys, 32 inclusive prefixes. A canonical form that is many times as long as its
//! document is refused. A response has at most 50,000 characters in base64, unless the identity provider is told otherwise.
//!
//! # Feature flags
//!
//! - `aws-lc-rs`: `AwsLcSigner` and `AwsLcVerifier`, on AWS-LC: signing takes about a quarter of the time, verifying a third. Needs a C compiler. It
//!   changes no default: whoever wants them passes them.

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
mod web_url;
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
pub use web_url::WebUrl;
