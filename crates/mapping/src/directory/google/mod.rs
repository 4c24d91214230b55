//! Reads a directory file in the shapes of Google's Directory API (part of the Admin SDK).
//!
//! ```text
//! {
//!   "users":       { "users": [ .. ], "nextPageToken": ".." }      GET /admin/directory/v1/users
//!   "groups":      { "groups": [ .. ] }                            GET /admin/directory/v1/groups
//!   "members":     { "staff@example.com": { "members": [ .. ] } }  GET /admin/directory/v1/groups/{groupKey}/members
//!   "application": { "groups": ["staff@example.com"] },            maybe: what is bound; without it, everybody is
//!   "complete":    true,                                           maybe: false forbids every conclusion from absence
//!   "taken_at":    "2026-01-31T06:00:00Z"
//! }
//! ```
//!
//! Each list is an answer, an array of answers (the pages, in order), or a bare array. The keys of `members` are identifiers or e-mail addresses
//! of groups. Keys that are not known are passed over, everywhere. For a value, absent, `null` and `""` are alike. For a list they are not: a list
//! that is missing makes the snapshot [`Partial`](crate::directory::Completeness::Partial), and so does a last page with a `nextPageToken`, an
//! entry without an identifier, and a group without a list of members. Google leaves out a list that is empty, so an answer whose `kind` says that
//! it is that list (`admin#directory#members`) is an empty one.
//!
//! # What to ask for
//!
//! `users` with `customer=my_customer` and `projection=full` (`basic` leaves out custom schemas); never with `viewType=domain_public`, which leaves
//! out who is suspended. `groups` with `customer=my_customer`, and the `members` of each. A query that asks for some people only gives a list that
//! looks whole: say `"complete": false` then.
//!
//! # What of a person is read
//!
//! | Google | here |
//! | --- | --- |
//! | `id` | [`id`](crate::directory::User::id) |
//! | `primaryEmail` | `username` and `email` |
//! | `name.givenName`, `name.familyName` | `first_name`, `last_name` |
//! | `name.displayName`, else `name.fullName` | `display_name` |
//! | `suspended`, `archived`, `deletionTime` | [`Suspended`](crate::directory::Lifecycle::Suspended) by any of them; Google leaves out what is false |
//! | `organizations[]`: the one that is `primary`, else the first | `title` as `job_title`, `name` as `company`, `department`, `costCenter`, `location`, `description` as `employee_type`, which is where the admin console keeps it |
//! | `externalIds[]` of type `organization` | `employee_identifier` |
//! | `relations[]` of type `manager` | `manager`, if the e-mail address is exactly one person's |
//! | `addresses[]` | `addresses`, with `customType` for the type `custom`, and `countryCode` before `country` |
//! | `phones[]` | `phone_numbers`, with `customType` for the type `custom` |
//! | `languages[]`: the `preferred` one, else the first that does not say | custom attribute `locale` |
//! | `customSchemas.SCHEMA.FIELD` that is a text, a number or a boolean | custom attribute `SCHEMA.FIELD` |
//! | `orgUnitPath` | custom attribute `orgUnitPath`, for rules about who is provisioned |
//!
//! Not read: aliases and other e-mail addresses, `agreedToTerms`, `changePasswordAtNextLogin`, roles, devices, photographs, `locations`, the
//! `formatted` text of an address, and fields of a custom schema with many values, which are left out with a finding.
//!
//! # What of a group is read
//!
//! `id`, `name`, and `email`, by which lists of members and the application may name it. Of a member, `id` and `type`, or the `email` where there is
//! no `id`: a `USER` is a member, a `GROUP` brings its members, `CUSTOMER` is everybody in the file, and `EXTERNAL` is nobody, because people of
//! elsewhere are not in the directory. Where the type is not told, an identifier of nobody in the file is taken for a group that was not read.

mod record;

use crate::directory::Snapshot;
use crate::directory::cloud;
use crate::error::Error;

use record::Google;

/// Reads a directory file.
///
/// A record that has an identifier and cannot be read is kept, with a finding that holds it. Members of nested groups are members.
///
/// # Errors
///
/// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not JSON, [`ErrorKind::Shape`](crate::ErrorKind::Shape) if it is no object, or if a
/// list is something else than a list, is there twice or has more than two million entries, both with line and column; also if the groups that
/// have everybody in them would have more than twenty million members together.
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if there are more than 512 MiB.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, google};
///
/// let file = br#"{
///     "users": {"users": [{"id": "1", "primaryEmail": "anna@example.com", "name": {"givenName": "Anna"}}]},
///     "groups": {"groups": [{"id": "g1", "email": "staff@example.com", "name": "Staff"}]},
///     "members": {"staff@example.com": {"members": [{"id": "1", "type": "USER"}]}}
/// }"#;
/// let snapshot = google::read(file)?;
/// assert_eq!(snapshot.users()["1"].email.as_deref(), Some("anna@example.com"));
/// assert_eq!(snapshot.groups()["g1"].members.len(), 1);
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// The pages of a list are an array of answers, in the order in which they came. If the last one names another, nobody is taken for gone:
///
/// ```
/// use idbridge_mapping::directory::{Completeness, google};
///
/// let file = br#"{
///     "users": [
///         {"users": [{"id": "1"}], "nextPageToken": "second"},
///         {"users": [{"id": "2"}], "nextPageToken": "third"}
///     ],
///     "groups": [],
///     "members": {}
/// }"#;
/// let snapshot = google::read(file)?;
/// assert_eq!(snapshot.users().len(), 2);
/// let Completeness::Partial(reasons) = snapshot.completeness() else { return Err("complete".into()) };
/// assert_eq!(reasons[0].to_string(), "users has a page after the last one that was read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    cloud::read::<Google>(bytes)
}
