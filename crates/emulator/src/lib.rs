//! AWS IAM Identity Center's SCIM service to test against: strict, in memory, in process or over HTTP.
//!
//! ```text
//!   protocol::Request ----------> Service::handle  ----------> protocol::Reply       no HTTP
//!   http::Request<Vec<u8>> -----> Service::respond ----------> http::Response        token, path, query, JSON
//!                                 Service::deliver, exchange -> Outcome              the same, with faults
//!   a socket -------------------> Server (feature `server`)                          the same, over loopback
//! ```
//!
//! # What it does
//!
//! - Everything that AWS is known to refuse is refused, with AWS's status and body: attributes, lengths, characters, values a list may hold,
//!   forms of PATCH, combinations of filters, query parameters, duplicates. What [`Settings`] says by default is the strictest reading of
//!   what is documented; where AWS's answer is not known, a named switch has both.
//! - Members of a group are taken and never given back, pages are shorter than asked for although more follows, and requests beyond
//!   [the published rates](Settings::throttle) are answered 429.
//! - [`Service::log`] tells a test what was asked, [`Service::users`] and [`Service::members`] what came of it.
//! - [`Faults`] answer 429 and 500, lose the answer before or after the effect, cut it in the middle, or delay it; by script or by seed.
//!
//! # What it refuses to do
//!
//! It reads no clock and draws no random number: `now` is an argument, and identifiers come from a counter with a seed, so that a run can be
//! repeated exactly. It is no identity provider, keeps nothing on disk, and is not hardened against the outside: the server is for loopback.
//!
//! # First use
//!
//! ```
//! use std::time::UNIX_EPOCH;
//!
//! use idbridge_emulator::{Service, Settings};
//! use idbridge_scim::protocol::{Request, ResourceType};
//! use idbridge_scim::{Group, Resource};
//!
//! let mut service = Service::new(Settings::default());
//! let resource = Resource::from(Group::new("Engineering"));
//! let request = Request::create(ResourceType::Group, resource);
//!
//! assert_eq!(service.handle(&request, UNIX_EPOCH).status, 201);
//! let reply = service.handle(&request, UNIX_EPOCH);
//! assert_eq!((reply.status, reply.detail()), (409, Some("Refused to create a new, duplicate resource.")));
//!
//! assert_eq!(service.groups().count(), 1);
//! assert_eq!(service.log()[1].operation(), Some("CreateGroup"));
//! ```
//!
//! # What it answers, and how that is known
//!
//! *Documented*: AWS's SCIM developer guide, user guide or Identity Store model say so. *Recorded*: an answer of the real service was published.
//! *Reported*: users or other vendors say so. *In use*: a client that runs against the real service does it. *Inferred*: it follows from
//! something else. *Open*: nobody has said; where a switch of [`Settings`] has both answers, it is named.
//!
//! | operation | answers | weight |
//! | --- | --- | --- |
//! | `CreateUser`, `CreateGroup` | 201 with the resource, without members | documented |
//! | `GetUser`, `GetGroup` | 200 with the resource; a group has no `members` at all | documented |
//! | `ListUsers`, `ListGroups` | 200 with a page; every group has `members: []` | documented |
//! | `PutUser` | 201 with the user; what was left out is gone | documented; the second half inferred |
//! | `PatchUser` | 200 with the user | documented |
//! | `PatchGroup` | 204 | documented |
//! | `DeleteUser`, `DeleteGroup` | 204; memberships go with the resource | documented |
//! | `ServiceProviderConfig` | 200 | documented |
//! | `PutGroup`, which there is none of | 400 | documented; the status open |
//!
//! | refused with 400 | weight |
//! | --- | --- |
//! | a user without `userName`, `name.givenName`, `name.familyName` or `displayName` | documented |
//! | a group without `displayName` | documented |
//! | more than one of `emails`, `addresses`, `phoneNumbers`, `roles` | documented |
//! | an e-mail that is not primary | documented |
//! | an attribute that AWS has not, even empty (`photos: []`) | reported |
//! | an empty text, a text too long, a character outside the class | documented |
//! | `< > ; : %`, tab and line ends, but in `profileUrl` | reported ([`accepts_suspicious_characters`](Settings::accepts_suspicious_characters)) |
//! | `null`, an empty list, a value of another type | reported; the list inferred |
//! | `schemas` without the core schema or with one that is not known | inferred |
//! | the names `Administrator` and `AWSAdministrators` | documented |
//! | a member who is no user, or a group | documented; the status open ([`unknown_member_is_not_found`](Settings::unknown_member_is_not_found)) |
//! | more than 100 members in a create, more than 100 changes of membership in a PATCH | documented, recorded |
//! | `replace` of members, `remove` of all members, an empty list of members in a PATCH | documented; the first recorded |
//! | `members[value eq ".."]` | open: no client of AWS uses it |
//! | a PATCH of an attribute outside the list, such as `roles` | documented |
//! | `remove` of `userName` or `active`, or two operations on one of them | documented |
//! | an operation without a path on more than one attribute, an `id` beside it not counted | recorded; the `id` in use |
//! | a PATCH whose result breaks one of the rules above | documented for two e-mails; the rest inferred |
//! | a filter outside the documented combinations | documented |
//! | a parameter other than `cursor`, `count` and `filter`; a `count` outside 1 to 100 | documented |
//! | a cursor under another filter than its own | documented |
//! | `?cursor` before there were cursors | inferred ([`cursor`](Settings::cursor)) |
//!
//! | other answers | weight |
//! | --- | --- |
//! | 401: no token, another one, another tenant | documented; the body open ([`bare_errors`](Settings::bare_errors)) |
//! | 404: an unknown id, an unknown endpoint, an unknown user in a filter for members | documented; the text open |
//! | 409: `userName`, primary e-mail, `externalId`, group `displayName`, without regard to case | documented, recorded; the case inferred |
//! | 413: a body of more than 1 MiB, over HTTP | documented as `maxPayloadSize`; the status open |
//! | 429: more than 25 writes or 40 reads a second | documented; `Retry-After` open ([`retry_after`](Settings::retry_after)) |
//!
//! `/Schemas` and `/ResourceTypes` are not there yet; they are answered 404.
//!
//! # With faults
//!
//! ```
//! use std::time::UNIX_EPOCH;
//!
//! use idbridge_emulator::{Fault, Faults, Outcome, Service, Settings};
//! use idbridge_scim::protocol::{Request, ResourceType};
//! use idbridge_scim::{Group, Resource};
//!
//! let mut service = Service::new(Settings::unhurried());
//! service.set_faults(Faults::none().once("CreateGroup", Fault::Dropped { applied: true }));
//!
//! let resource = Resource::from(Group::new("Engineering"));
//! let outcome = service.deliver(&Request::create(ResourceType::Group, resource), UNIX_EPOCH);
//! assert_eq!(outcome, Outcome::Lost { applied: true });
//! // The client must find out: a second create would be a duplicate.
//! assert_eq!(service.groups().count(), 1);
//! ```
//!
//! # Feature flags
//!
//! - `server`: an HTTP server (`Server`) on a thread of its own, for clients in other processes and other languages. Brings tokio and hyper.

mod error;
mod fault;
mod generator;
mod groups;
mod inspect;
mod listing;
mod log;
mod member;
#[cfg(feature = "server")]
mod portal;
mod refusal;
#[cfg(feature = "server")]
mod server;
mod service;
mod settings;
mod shape;
mod sso;
mod store;
mod throttle;
mod time;
mod users;
mod wire;

pub use error::{Error, ErrorKind};
pub use fault::{Fault, Faults, Outcome};
pub use log::Logged;
#[cfg(feature = "server")]
pub use server::Server;
pub use service::Service;
pub use settings::{Settings, Token};
pub use sso::{
    AccessPortal, ExternalIdentityProvider, FailedSignIn, IgnoredAttribute, IgnoredReason, SignIn, SignInMessage, SignInRequest, StartedBy,
};
