//! Reads a directory file of SCIM resources, as a service answers `GET /Users` and `GET /Groups` ([RFC 7644 section 3.4.2]).
//!
//! ```text
//! { "Users":  { "totalResults": 2, "Resources": [ .. ] },     each a ListResponse, an array of them, or an array of resources
//!   "Groups": [ { "Resources": [ .. ] }, { .. } ] }
//!
//! { "Resources": [ .. ] }   or   [ { "Resources": [ .. ] }, .. ]   or   [ { "schemas": [..User], .. }, { "schemas": [..Group], .. } ]
//! ```
//!
//! Without `Users` and `Groups`, the file is one answer, one resource, or an array of either, and each resource says by `meta.resourceType` or
//! `schemas` what it is. Attribute names are known in any case (RFC 7643 section 2.1), and a truth value may be a text, such as `"True"`; who has no
//! `active` is active. The keys `application`, `complete` and `taken_at` may stand beside the lists:
//!
//! ```text
//!   "application": { "groups": ["g1"], "users": [] }     what is bound; without it, every group and every person is
//!   "complete":    false                                 forbids every conclusion from absence
//! ```
//!
//! People and groups that were not read are not gone: the snapshot is [`Partial`](crate::directory::Completeness::Partial) if there is no group and
//! no empty list of `Groups` either, if a group has no `members` (a service that leaves out an empty list looks like one that does not tell its
//! members), if `totalResults` is missing or is not the number of different records, and if the last page names a `nextCursor` (RFC 9865).
//!
//! | SCIM | becomes |
//! |---|---|
//! | `emails` | the primary one, else the first of type `work`, else the first |
//! | `userType`, `title` | the type of employee, the job title |
//! | `organization`, `employeeNumber`, `department`, `costCenter`, `manager.value` of the enterprise extension | company, employee identifier, and what they say |
//! | `locale` | the custom attribute `locale` |
//! | attributes of other extensions that are no object and no array | custom attributes by their whole name, such as `urn:example:2.0:User:badge` |
//! | `members` with `type` or `$ref` of a group, or without a type and known as a group | groups in the group, which are [flattened](crate::directory::Snapshot::flatten) |
//!
//! [RFC 7644 section 3.4.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2

mod file;
mod record;
mod totals;

use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer};

use crate::directory::Snapshot;
use crate::directory::json::{self, ListSeed};
use crate::error::Error;

use file::{Reader, Resources};

/// The most bytes that [`read`] takes: 512 MiB.
pub const LARGEST: usize = json::LARGEST;

/// Which attribute is the identifier of a record.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::scim::{self, ScimIds};
///
/// let file = br#"{"Users": [{"id": "7", "externalId": "u1", "userName": "anna"}], "Groups": []}"#;
/// assert!(scim::read(file)?.users().contains_key("7"));
/// assert!(scim::read_by(file, ScimIds::ExternalId)?.users().contains_key("u1"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScimIds {
    /// `id`, which the service itself gave the record.
    #[default]
    Id,
    /// `externalId`, which whoever provisioned the record gave it. A record without one cannot be read, and makes the snapshot
    /// [`Partial`](crate::directory::Completeness::Partial). Members and managers, whom SCIM names by `id`, are found by that.
    ExternalId,
}

/// Reads a directory file whose records are known by `id`; [`read_by`] with [`ScimIds::Id`].
///
/// # Errors
///
/// Those of [`read_by`].
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, scim};
///
/// let snapshot = scim::read(br#"{
///     "Users": {"totalResults": 1, "Resources": [{"id": "u1", "userName": "anna@example.com", "active": true}]},
///     "Groups": [{"id": "g1", "displayName": "Staff", "members": [{"value": "u1"}]}]
/// }"#)?;
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// assert_eq!(snapshot.entitled().len(), 1);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// One answer for all resources, a group in a group, and a page that is missing:
///
/// ```
/// use idbridge_mapping::directory::{Completeness, scim};
///
/// let snapshot = scim::read(br#"{"totalResults": 4, "Resources": [
///     {"id": "u1", "meta": {"resourceType": "User"}, "userName": "anna", "emails": [{"value": "anna@example.com", "primary": true}]},
///     {"id": "g1", "meta": {"resourceType": "Group"}, "displayName": "Staff", "members": [{"value": "u1", "type": "User"}]},
///     {"id": "g2", "meta": {"resourceType": "Group"}, "displayName": "All", "members": [{"value": "g1", "type": "Group"}]}
/// ]}"#)?;
/// assert_eq!(snapshot.users()["u1"].email.as_deref(), Some("anna@example.com"));
/// assert!(snapshot.groups()["g2"].members.contains("u1"));
/// let Completeness::Partial(reasons) = snapshot.completeness() else { return Err("complete".into()) };
/// assert_eq!(reasons[0].to_string(), "Resources states 4 records, and 3 were read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    read_by(bytes, ScimIds::Id)
}

/// Reads a directory file whose records are known by the attribute that `ids` says.
///
/// Records are taken one by one. One that has an identifier and cannot be read is kept, with a finding that holds it.
///
/// # Errors
///
/// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not JSON, [`ErrorKind::Shape`](crate::ErrorKind::Shape) if it is neither an object nor
/// an array, if a list is something else than a list, is there twice or has more than two million entries, both with line and column;
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if there are more than [`LARGEST`] bytes.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::scim::{self, ScimIds};
///
/// let file = br#"{
///     "Users": [{"id": "7", "externalId": "u1", "userName": "anna"}, {"id": "8", "externalId": "u2", "userName": "ola"}],
///     "Groups": [{"id": "9", "externalId": "g1", "displayName": "Staff", "members": [{"value": "7"}, {"value": "8"}]}]
/// }"#;
/// let snapshot = scim::read_by(file, ScimIds::ExternalId)?;
/// // Members are named by `id` in the file, and by the same identifier as the people here.
/// assert_eq!(snapshot.groups()["g1"].members.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["u1", "u2"]);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_by(bytes: &[u8], ids: ScimIds) -> Result<Snapshot, Error> {
    let mut reader = Reader::new(ids);
    json::parse(bytes, File(&mut reader))?;
    Ok(reader.finish())
}

/// Reads a directory file of at most `most` bytes as it comes.
///
/// It reads what [`read_by`] reads, and needs memory for what comes of the file and for one record of it, but not for the file.
///
/// # Errors
///
/// Those of [`read_by`], and [`ErrorKind::Unread`](crate::ErrorKind::Unread) if `reader` fails. A file is
/// [`TooLarge`](crate::ErrorKind::TooLarge) at the first byte that is too much.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::scim::{self, ScimIds};
///
/// let file = br#"{"Users": [{"id": "u1", "userName": "anna@example.com"}], "Groups": []}"#;
/// // In the place of the bytes, a `std::fs::File` or what a connection receives.
/// let snapshot = scim::read_from(file.as_slice(), 1 << 30, ScimIds::Id)?;
/// assert_eq!(snapshot, scim::read(file)?);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_from(reader: impl Read, most: usize, ids: ScimIds) -> Result<Snapshot, Error> {
    let mut file = Reader::new(ids);
    json::parse_from(reader, most, File(&mut file))?;
    Ok(file.finish())
}

/// The file itself.
struct File<'a>(&'a mut Reader);

impl<'de> DeserializeSeed<'de> for File<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        ListSeed(&mut Resources(self.0)).deserialize(deserializer).map(|_| ())
    }
}
