//! A thin client for SCIM provisioning: what carries a plan to a service and keeps what must be remembered.
//!
//! ```text
//!   directory --> desired --> plan          the pure crates: application, mapping, planner
//!                               |
//!   Integration                 v           one object that does all of it
//!       |      Driver <-- Step, Delivery --> Discovery, Run
//!       |        |
//!       |        |  Request --encode--> http::Request  --> Transport --> the service
//!       |        |  Reply  <--decode--  http::Response <--     |
//!       |        |                                             '- ureq 3, or a closure
//!       '----> StateStore                   in memory, or one redb file
//! ```
//!
//! # What it does
//!
//! - [`Integration`] syncs a directory into a service: it looks, plans, asks, carries out, remembers, and reports.
//! - [`Driver`] carries the requests of a planner's machine, several at a time, and tells it what became of each: answered, not sent, or unknown.
//! - [`encode`] and [`decode`] turn SCIM requests and answers into HTTP messages and back, without any IO, so any HTTP library can carry them.
//! - [`Transport`] is that library; `Ureq3Transport` is ready to use. [`StateStore`] keeps the state; `RedbStore` does so in one file.
//! - [`Endpoint`] and [`BearerToken`] are where a tenant's service is and its secret.
//!
//! # What it refuses to do
//!
//! - It owns no rule: what is sent and what is held back is the planner's and the mapping's.
//! - It never sends a token in the clear to another machine, follows no redirect, and prints no token: not in an error, a log or `Debug`.
//! - It never takes a broken answer for an empty list, or a broken state file for an empty state.
//! - It never sends a write twice by itself. What may have arrived is looked up by the planner first.
//!
//! # First use
//!
//! ```
//! use idbridge_client::{BearerToken, Endpoint, TransportError, Transport, decode, encode};
//! use idbridge_scim::Filter;
//! use idbridge_scim::protocol::{ListQuery, Request, ResourceType};
//!
//! // The console shows both, once.
//! let endpoint = Endpoint::parse("https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d/scim/v2")?;
//! let token = BearerToken::new("bcad8d0c-0a5c-4f0f-9a7e-5f3f2a4f4a3b")?;
//!
//! // Feature `ureq3` has a transport to use instead.
//! let transport = |request: http::Request<Vec<u8>>| -> Result<_, TransportError> {
//!     assert!(request.uri().query().unwrap_or_default().starts_with("filter=userName%20eq%20"));
//!     Ok(http::Response::new(br#"{"totalResults":1,"Resources":[{"id":"9067","userName":"anna@example.com"}]}"#.to_vec()))
//! };
//! let query = ListQuery::filtered(Filter::user_name("anna@example.com"));
//! let request = Request::list(ResourceType::User, query);
//! let reply = decode(&request, transport.send(encode(&request, &endpoint, &token)?)?);
//! let found = reply.list().map(|page| page.resources().len());
//! assert_eq!(found, Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Feature flags
//!
//! None is on by default.
//!
//! - `ureq3`: `Ureq3Transport`, a blocking transport over the caller's [`ureq::Agent`](https://docs.rs/ureq/3) or one with safe settings.
//! - `redb`: `RedbStore`, a state store in one file. redb needs Rust 1.90.

mod codec;
mod drive;
mod endpoint;
mod error;
mod integration;
mod report;
mod store;
mod token;
mod transport;

pub use codec::{decode, encode};
pub use drive::{Count, Driver, Ended, Exchanged, Traffic};
pub use endpoint::Endpoint;
pub use error::{Error, ErrorKind};
pub use integration::{ApplyAll, Approval, Conversation, Integration, PlanOnly, Progress};
pub use report::{SyncReport, SyncStatus};
#[cfg(feature = "redb")]
pub use store::RedbStore;
pub use store::{MemoryStore, StateStore};
pub use token::BearerToken;
#[cfg(feature = "ureq3")]
pub use transport::Ureq3Transport;
pub use transport::{Sent, Transport, TransportError};
