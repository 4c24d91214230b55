//! Reads a directory file in JumpCloud's shapes.
//!
//! ```text
//! {
//!   "systemusers": [ .. ]  or  { "totalCount": 2, "results": [ .. ] },       users of the API's version 1
//!   "usergroups":  [ { "id": "g1", "name": "Staff", "members": ["u1"] } ],   groups of version 2, with the ids of their members
//!   "application": { "usergroups": ["g1"], "users": [] },                    what is bound; `users` are bound directly
//!   "complete":    true,                                                     false forbids every conclusion from absence
//!   "taken_at":    "2026-01-31T06:00:00Z"
//! }
//! ```
//!
//! Keys that are not known are passed over, everywhere. For a value, absent, `null` and `""` are alike. For a list they are not: a list that is
//! missing or `null` was not read, and the snapshot is [`Partial`](crate::directory::Completeness::Partial); only `application.users`,
//! `complete` and `taken_at` may be left out. The same goes for a `totalCount` that differs from the number of different records, an entry
//! without an identifier, a group without `members`, and a file without any user.
//!
//! An entry of `members` or of a binding is an identifier, `{"id": ..}`, or a graph connection `{"to": {"id": ..}}`.

mod file;
mod record;

use crate::directory::Snapshot;
use crate::directory::json::{self, ObjectSeed};
use crate::error::Error;

use file::{File, Reader};

/// The most bytes that [`read`] takes: 512 MiB, which is some 200,000 people with everything that JumpCloud keeps of them.
pub const LARGEST: usize = json::LARGEST;

/// Reads a directory file.
///
/// Records are taken one by one, and keys that no rule can use are never stored, so that the memory needed is a fraction of a usual file. A
/// record that has an identifier and cannot be read is kept, with a finding that holds it.
///
/// # Errors
///
/// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not JSON, [`ErrorKind::Shape`](crate::ErrorKind::Shape) if it is no object, if a list is something else than a list, is there twice
/// or has more than two million entries, both with line and column; [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if there are more than [`LARGEST`] bytes.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, jumpcloud};
///
/// let file = br#"{
///     "systemusers": [{"_id": "u1", "email": "anna@example.com", "state": "ACTIVATED"}],
///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}],
///     "application": {"usergroups": ["g1"]}
/// }"#;
/// let snapshot = jumpcloud::read(file)?;
/// assert_eq!(snapshot.users()["u1"].email.as_deref(), Some("anna@example.com"));
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
///
/// // A list that is not there proves nothing.
/// let partial = jumpcloud::read(br#"{"systemusers": []}"#)?;
/// assert_ne!(*partial.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    let mut reader = Reader::new();
    json::parse(bytes, ObjectSeed(&mut File(&mut reader)))?;
    Ok(reader.finish())
}
