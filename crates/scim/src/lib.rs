//! SCIM 2.0 as types: the schema of [RFC 7643] and the protocol of [RFC 7644], with the cursors of [RFC 9865], without any IO.
//!
//! ```text
//!   JSON text <----> Resource <----> User, Group               what is stored; typed records are read from JSON directly, too
//!                       |
//!          Schema, Schemas: validate, equal                    what there may be
//!                       |
//!   Filter + Matcher    Path    PatchOp: apply    diff         what is asked and changed
//!                       |
//!   protocol::Request ---------------------> protocol::Reply   what is said, without HTTP
//!                       |
//!          Profile: check_user, check_group, diff's dialect    what one service provider takes
//! ```
//!
//! # What it does
//!
//! - [`Resource`] keeps every attribute it reads, known or not, in the order it was written, and compares attribute names without case
//!   (RFC 7643 section 2.1). [`User`] and [`Group`] are the typed views of the same thing; what they do not know, they keep.
//! - [`Schema`]s are data, those of RFC 7643 constants. [`Schemas`] says everything that is wrong with a resource or a patch, and whether two
//!   resources are the same.
//! - [`Filter`] is the whole grammar: read with the byte and the expectation in every error, built in code, printed, and compared with resources,
//!   generic or typed, by a [`Matcher`].
//! - [`PatchOp`] is read, written and applied, all or nothing; [`diff`] writes the PatchOp between two resources in the dialect of a service
//!   provider, and [`changes`] tells a person what is different.
//! - [`Mode`] is strict or lenient, one value that the caller passes.
//! - [`Profile`] holds what one service provider takes as data, AWS IAM Identity Center's among them; [`Profile::check_user`] and
//!   [`Profile::check_group`] name the attribute and the rule *before* anything is sent.
//! - Messages: [`ListResponse`], [`ErrorResponse`], [`SearchRequest`], [`BulkRequest`], and [`protocol`] for all of RFC 7644 section 3, with the
//!   preconditions of [`ETag`]s.
//!
//! `CONFORMANCE.md` beside this crate lists the sections of the RFCs with the test that shows each.
//!
//! # What it refuses to do
//!
//! It never opens a socket, reads a clock or draws a random number, and has no HTTP in it: [`protocol`] says what is asked and answered, and
//! whoever owns a connection carries it. It stores nothing and sorts nothing, and it is no server. A password is read and written; `Debug` of a
//! record, typed or generic, and `Display` of a [`Change`] write `(..)` for it, and [`Password`] says what shows it all the same.
//!
//! # First use
//!
//! ```
//! use idbridge_scim::{diff, Email, Name, Profile, Resource, User};
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
//! let patch = diff(&resource, &Resource::from(user), &Profile::aws_iam_identity_center());
//! assert_eq!(
//!     patch.to_json(),
//!     r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Engineer"}]}"#
//! );
//! ```
//!
//! # Bounds
//!
//! What is read is bounded, so that no input takes memory or time out of proportion: JSON of 127 levels and 1,000 attributes an object, filters and
//! paths of 10,000 bytes with parentheses and brackets 32 deep, identifiers of 1,024 bytes, a PatchOp of 2,000 operations, bulk requests of as many
//! operations as the caller says. An [`Error`] quotes at most 200 bytes of what it was given. How large a body may be is for its transport to say.
//!
//! # Feature flags
//!
//! None.
//!
//! [RFC 7643]: https://www.rfc-editor.org/rfc/rfc7643
//! [RFC 7644]: https://www.rfc-editor.org/rfc/rfc7644
//! [RFC 9865]: https://www.rfc-editor.org/rfc/rfc9865

mod attr_name;
mod attr_path;
mod attributes;
mod case_fold;
mod complex;
mod contact;
mod date_time;
mod discovery;
mod enterprise_user;
mod entitlement;
mod error;
mod etag;
mod filter;
mod group;
mod id;
mod message;
mod meta;
mod mode;
mod password;
mod patch;
mod path;
mod profile;
pub mod protocol;

mod resource;
mod schema;
mod uri;
mod user;
mod value;

pub use attr_name::AttrName;
pub use attr_path::AttrPath;
pub use attributes::Attributes;
pub use contact::{Address, Email, InstantMessagingAddress, Name, PhoneNumber, Photo};
pub use discovery::{
    AuthenticationScheme, BulkSupport, FilterSupport, Pagination, ResourceTypeDefinition, SchemaExtension, ServiceProviderConfig, Support,
};
pub use enterprise_user::{EnterpriseUser, Manager};
pub use entitlement::{Entitlement, GroupMembership, Role, X509Certificate};
pub use error::{Error, ErrorKind, Location};
pub use etag::{ETag, ETags, Precondition};
pub use filter::{CompareOp, CompareValue, Comparison, Expression, Filter, Matcher};
pub use group::{Group, Member};
pub use id::{ExternalId, ResourceId};
pub use message::{
    BulkMethod, BulkOperation, BulkOperationResponse, BulkRequest, BulkResponse, BulkStep, Cursor, ErrorResponse, ListResponse, ScimType,
    SearchRequest,
};
pub use meta::Meta;
pub use mode::Mode;
pub use password::Password;
pub use patch::{Change, PatchOp, PatchOperation, changes, diff};
pub use path::Path;
pub use profile::{AttributeRule, CharacterClass, Deviation, Finding, PatchDialect, Profile, Rates, Rule, UpdateMethod, ValueClass};
pub use resource::Resource;
pub use schema::{AttributeDefinition, AttributeType, Mutability, Returned, Schema, Schemas, Uniqueness};
pub use uri::SchemaUri;
pub use user::User;
pub use value::{Number, Object, Value};
