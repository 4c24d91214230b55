//! The directory: people, groups, and what the application is bound to; the model that every reader fills.
//!
//! ```text
//!   bytes --jumpcloud::read--> Snapshot { users, groups, application, completeness }
//!                                 |                                      |
//!                        one record, maybe held             may absence be believed?
//! ```
//!
//! Unknown, empty and absent are three things. A list that was not read makes the snapshot [`Completeness::Partial`]; a record that could not be
//! read is kept and held; only what is missing from a complete snapshot is gone.

mod bound;
mod cloud;
#[cfg(feature = "csv")]
pub mod csv;
mod encoding;
mod flatten;
pub mod google;
pub mod graph;
mod group;
mod id;
mod json;
pub mod jumpcloud;
pub mod ldif;
pub mod okta;
pub mod scim;
mod snapshot;
mod user;

pub use group::{Application, Group};
pub use id::DirectoryId;
pub use snapshot::{Completeness, Incomplete, Snapshot};
pub use user::{Address, Lifecycle, PhoneNumber, User};
