//! Reads a directory file in JumpCloud's shapes.
//!
//! ```text
//! {
//!   "systemusers": { "totalCount": 2, "results": [ .. ] },                   GET /systemusers, version 1
//!   "usergroups":  [ { "id": "g1", "name": "Staff", "attributes": {..} } ],  GET /usergroups, version 2
//!   "memberships": { "g1": [ { "id": "u1", "type": "user", .. } ] },         GET /usergroups/{id}/membership or /members, of each group
//!   "application": { "usergroups": [ { "id": "g1", .. } ],                   GET /applications/{id}/usergroups
//!                    "users": [ { "id": "u1", "paths": [..], .. } ] },       GET /applications/{id}/users
//!   "complete":    true,                                                     false forbids every conclusion from absence
//!   "taken_at":    "2026-01-31T06:00:00Z"
//! }
//! ```
//!
//! Each list is one answer of the interface, or an array of the answers that its pages are: of `{"totalCount": .., "results": [..]}`, or of arrays.
//! Shorter forms are read as well. `systemusers` may be a bare array, a group may bring its members along as `"members": ["u1"]`, and an entry of
//! members or of a binding may be an identifier, `{"id": ..}`, or a graph connection `{"to": {"id": ..}}`.
//!
//! Keys that are not known are passed over, everywhere. For a value, absent, `null` and `""` are alike. For a list they are not: a list that is
//! missing or `null` was not read, and the snapshot is [`Partial`](crate::directory::Completeness::Partial); only `application.users`,
//! `memberships`, `complete` and `taken_at` may be left out. The same goes for a `totalCount` on any page that differs from the number of different
//! records, an entry without an identifier, a group without members in either place, members of a group that is not there, and a file without any
//! user.
//!
//! Members of type `user_group` are groups in the group, and are [flattened](crate::directory::Snapshot::flatten). An entry of `application.users`
//! whose `paths` all have more than one step is bound by way of its groups and not directly; if no bound group has it, something is missing, and
//! the snapshot is partial too. Its `compiledAttributes` become [`User::inherited`](crate::directory::User::inherited), and the `attributes` of a
//! group [`Group::custom`](crate::directory::Group::custom): what JumpCloud keeps there for itself (`sudo`, `ldapGroups`, `posixGroups`, `radius`,
//! `sambaEnabled`) is passed over, numbers and booleans are read as text, and anything else is left out with a finding.

mod bindings;
mod file;
mod group;
mod node;
mod record;

use std::io::Read;

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
///
/// | in the file | becomes |
/// | --- | --- |
/// | `_id`, else `id` | the identifier |
/// | `username`, `email`, `firstname`, `middlename`, `lastname`, `displayname` | the same |
/// | `state`, `suspended` | [`Lifecycle`](crate::directory::Lifecycle); whoever is suspended by either is |
/// | `addresses`, `phoneNumbers` | the same, without entries that are blank |
/// | `attributes` of a person | custom attributes; a name with two values is none |
/// | `manager` | the identifier of the person whom they report to |
///
/// A value of another type than it must have holds its record, and no other:
///
/// ```
/// use idbridge_mapping::directory::jumpcloud;
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "email": ["anna@example.com"]}, {"_id": "u2", "email": "ola@example.com"}],
///     "usergroups": [],
///     "application": {"usergroups": []}
/// }"#)?;
/// assert_eq!(
///     snapshot.users()["u1"].findings[0].to_string(),
///     "the record cannot be read: email must be a string, found an array; correct the record in the source"
/// );
/// assert!(snapshot.users()["u2"].findings.is_empty());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    let mut reader = Reader::new();
    json::parse(bytes, ObjectSeed(&mut File(&mut reader)))?;
    Ok(reader.finish())
}

/// Reads a directory file of at most `most` bytes as it comes.
///
/// It reads what [`read`] reads, and needs memory for what comes of the file and for one record of it, but not for the file.
///
/// # Errors
///
/// Those of [`read`], and [`ErrorKind::Unread`](crate::ErrorKind::Unread) if `reader` fails. A file is
/// [`TooLarge`](crate::ErrorKind::TooLarge) at the first byte that is too much.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::jumpcloud;
///
/// let file = br#"{"systemusers": [{"_id": "u1"}], "usergroups": [], "application": {"usergroups": []}}"#;
/// // In the place of the bytes, a `std::fs::File` or what a connection receives.
/// let snapshot = jumpcloud::read_from(file.as_slice(), 1 << 30)?;
/// assert_eq!(snapshot, jumpcloud::read(file)?);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_from(reader: impl Read, most: usize) -> Result<Snapshot, Error> {
    let mut file = Reader::new();
    json::parse_from(reader, most, ObjectSeed(&mut File(&mut file)))?;
    Ok(file.finish())
}
