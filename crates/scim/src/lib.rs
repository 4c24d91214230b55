//! SCIM 2.0 as types: the schema of [RFC 7643] and the protocol of [RFC 7644], without any IO.
//!
//! ```text
//!   JSON text <--serde--> Resource <--> User, Group          what is stored
//!                            |
//!            Filter, Path, PatchOp, diff, apply               what is asked and changed
//!                            |
//!   protocol::Request ---------------------> protocol::Reply  what is said, without HTTP
//!                            |
//!              Profile::check_user, check_group                what one service provider takes
//! ```
//!
//! # What it does
//!
//! - [`Resource`] keeps every attribute it reads, known or not, in the order it was written, and compares attribute names without case
//!   (RFC 7643 section 2.1). [`User`] and [`Group`] are the typed views of the same thing.
//! - [`PatchOp`] is written the way AWS IAM Identity Center accepts it; [`diff`] gives the [`Change`]s between two resources, and
//!   [`PatchOp::apply`] applies them, all or nothing.
//! - [`Profile`] holds what one service provider takes as data, and [`Profile::check_user`] and [`Profile::check_group`] name the attribute and
//!   the rule *before* anything is sent.
//!
//! # What it refuses to do
//!
//! It never opens a socket, reads a clock or draws a random number, and has no HTTP in it: [`protocol`] says what is asked and answered, and
//! whoever owns a connection carries it. The filter grammar is the part that AWS takes: `eq` joined by `and`; other operators are refused with
//! the byte offset.
//!
//! # First use
//!
//! ```
//! use idbridge_scim::{diff, Email, Name, PatchOp, Profile, Resource, User};
//!
//! let mut user = User::new("anna.berg@example.com");
//! user.name = Some(Name::new("Anna", "Berg"));
//! user.display_name = Some("Anna Berg".to_owned());
//! user.emails = vec![Email::work("anna.berg@example.com")];
//! user.active = Some(true);
//!
//! // What AWS would refuse is known before it is asked.
//! let resource = Resource::from(user.clone());
//! assert!(Profile::aws_iam_identity_center().check_user(&resource).is_empty());
//!
//! // One changed attribute is one operation.
//! user.title = Some("Engineer".to_owned());
//! let changes = diff(&resource, &Resource::from(user));
//! let patch = PatchOp::from_changes(&changes);
//! assert_eq!(
//!     patch.to_json(),
//!     r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Engineer"}]}"#
//! );
//! ```
//!
//! # Bounds
//!
//! What is read is bounded, so that no input takes memory or time out of proportion: JSON of 127 levels and 1,000 attributes an object, filters
//! of 10,000 bytes and 20 comparisons, identifiers of 1,024 bytes. An [`Error`] quotes at most 200 bytes of what it was given. How large a body
//! may be is for its transport to say.
//!
//! # Feature flags
//!
//! None.
//!
//! [RFC 7643]: https://www.rfc-editor.org/rfc/rfc7643
//! [RFC 7644]: https://www.rfc-editor.org/rfc/rfc7644

mod attr_name;
mod attr_path;
mod complex;
mod error;
mod filter;
mod group;
mod id;
mod message;
mod patch;
mod path;
mod profile;
pub mod protocol;
mod resource;
mod uri;
mod user;
mod value;

pub use attr_name::AttrName;
pub use attr_path::AttrPath;
pub use error::{Error, ErrorKind, Location};
pub use filter::{CompareOp, Comparison, Filter};
pub use group::{Group, Member};
pub use id::{ExternalId, ResourceId};
pub use message::{Cursor, ErrorResponse, ListResponse};
pub use patch::{Change, PatchOp, PatchOperation, diff};
pub use path::Path;
pub use profile::{AttributeRule, CharacterClass, Finding, Profile, Rates, Rule, UpdateMethod, ValueClass};
pub use resource::Resource;
pub use uri::SchemaUri;
pub use user::{Address, Email, EnterpriseUser, Manager, Meta, Name, PhoneNumber, User};
pub use value::{Number, Object, Value};
