//! The integrated application, pure: no IO, no clock, no randomness.
//!
//! ```text
//!   directory::Snapshot --+
//!   RuleSet --------------+--> desired() --> planner::Desired
//!   scim::Profile --------+
//! ```
//!
//! # What it does
//!
//! [`desired`] is the one glue from a directory to the planner: it knows who is entitled, maps each record by the rule set, and gives the planner
//! one of four answers for it: wanted, held, present or (by not being in a complete snapshot) absent.
//!
//! # What it refuses to do
//!
//! It reads no file and sends no request, and it decides nothing about the service: what is there, what changes and what may be taken away is
//! the planner's.
//!
//! # First use
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
