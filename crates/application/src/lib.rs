//! The integrated application, pure: no IO, no clock, no randomness.
//!
//! ```text
//!   directory::Snapshot --+
//!   RuleSet --------------+--> desired() --> planner::Desired
//!   scim::Profile --------+
//!
//!   NewApplication --create--> Application --upload_metadata, ensure_certificate, export_metadata--> configured
//!     tile -----> launch(&snapshot, user) ---> Redirect | Bookmark | Denied | Unsolicited(Authorised)
//!     request --> accept(&received, now) ----> SignInRequest --sign_in(&snapshot, user)--> Authorised | Denied
//!                                              Authorised --respond--> saml::SignedResponse
//! ```
//!
//! # What it does
//!
//! - [`desired`] is the one glue from a directory to the planner: it knows who is entitled, maps each record by the rule set, and gives the planner
//!   one of four answers for it: wanted, held, present or (by not being in a complete snapshot) absent.
//! - [`Application`] is what an administrator sets up and people launch: its label, image and visibility; SAML or a [bookmark](Kind); the IdP URL, which
//!   never changes; the service provider, as its metadata has it; the certificate, and a second one while it changes.
//! - [`Application::launch`] and [`Application::accept`] are the two doors to signing in. People are [denied](Denied) unless the directory authorises
//!   them, directly or by a group; whoever is authorised has an [`Authorised`], and nothing else makes a response.
//!
//! # What it refuses to do
//!
//! It reads no file and sends no request, and it decides nothing about the service: what is there, what changes and what may be taken away is
//! the planner's. It asks nobody for a password: who the person is, and how they showed it, comes from the caller. A private key goes in and
//! never comes out.
//!
//! # First use
//!
//! Provisioning:
//!
//! ```
//! use idbridge_application::desired;
//! use idbridge_mapping::{RuleSet, directory::jumpcloud};
//! use idbridge_planner::{Answer, UserKey};
//! use idbridge_scim::Profile;
//!
//! let snapshot = jumpcloud::read(br#"{
//!     "systemusers": [
//!         {"_id": "u1", "username": "anna", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "state": "ACTIVATED"},
//!         {"_id": "u2", "username": "bo", "email": "bo@example.com", "firstname": "Bo", "lastname": "Ek", "state": "STAGED"}
//!     ],
//!     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2"]}],
//!     "application": {"usergroups": ["g1"]}
//! }"#)?;
//! let desired = desired(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
//! assert!(matches!(desired.user(&UserKey::from("u1")), Answer::Want(_)));
//! assert!(matches!(desired.user(&UserKey::from("u2")), Answer::Present(_)));
//! assert!(matches!(desired.user(&UserKey::from("u3")), Answer::Absent));
//! # Ok::<(), idbridge_mapping::Error>(())
//! ```
//!
//! Signing in:
//!
//! ```
//! # use std::time::{Duration, UNIX_EPOCH};
//! # use idbridge_saml::{AssertionConsumerService, EntityId, SpMetadata};
//! # let service = AssertionConsumerService::new(0, "https://eu.signin.aws/platform/saml/acs/1");
//! # let file = SpMetadata::new(EntityId::new("https://eu.signin.aws.amazon.com/platform/saml/d-1")?, [service]).to_xml()?;
//! # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! # fn random() -> [u8; 16] { use std::sync::atomic::{AtomicU8, Ordering}; static N: AtomicU8 = AtomicU8::new(1); [N.fetch_add(1, Ordering::Relaxed); 16] }
//! use idbridge_application::{Authentication, Launch, NewApplication, NewKey};
//! use idbridge_mapping::directory::{DirectoryId, jumpcloud};
//! use idbridge_saml::{ResponseIds, RsaBits, RsaSigner};
//!
//! // `file` is what AWS IAM Identity Center gives, and what is exported is what it takes. `random` asks the operating system.
//! let mut application = NewApplication::saml("AWS IAM Identity Center").create(|_| false)?;
//! application.upload_metadata(&file)?;
//! application.ensure_certificate(now, || Ok(NewKey::new(RsaSigner::generate(RsaBits::Rsa2048)?, random())))?;
//! assert!(application.export_metadata()?.contains("https://sso.jumpcloud.com/saml2/aws-iam-identity-center"));
//!
//! let snapshot = jumpcloud::read(br#"{
//!     "systemusers": [{"_id": "u1", "email": "anna@example.com", "state": "ACTIVATED"}, {"_id": "u2", "email": "bo@example.com"}],
//!     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}],
//!     "application": {"usergroups": ["g1"]}
//! }"#)?;
//! let Launch::Unsolicited(authorised) = application.launch(&snapshot, &DirectoryId::new("u1")?, None)? else { return Err("denied".into()) };
//! let response = authorised.respond(&Authentication::new(now), &ResponseIds::from_random(random(), random()), now)?;
//! assert_eq!(response.to_form()?.action(), "https://eu.signin.aws/platform/saml/acs/1");
//!
//! assert!(matches!(application.launch(&snapshot, &DirectoryId::new("u2")?, None)?, Launch::Denied(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Feature flags
//!
//! None.

mod certificate;
mod create;
mod denied;
mod desired;
mod entitlement;
mod error;
mod finding;
mod identity_management;
mod image;
mod launch;
mod settings;
mod sign_in;
mod slug;
mod sso;

pub use certificate::NewKey;
pub use create::NewApplication;
pub use denied::{Denied, Missing};
pub use desired::desired;
pub use entitlement::{Route, authorise_applications, authorise_groups, route};
pub use error::{Error, ErrorKind};
pub use finding::Finding;
pub use image::Image;
pub use launch::Launch;
pub use settings::{Application, Deleted, Kind, Visibility};
pub use sign_in::{Authentication, Authorised, SignInRequest};
pub use slug::Slug;
pub use sso::ResponseOptions;
