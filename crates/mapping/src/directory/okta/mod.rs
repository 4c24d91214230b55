//! Reads a directory file in the shapes of Okta's API.
//!
//! ```text
//! {
//!   "users":       [ { "id": "00u1", "status": "ACTIVE", "profile": { .. } } ]   GET /api/v1/users
//!   "groups":      [ { "id": "00g1", "profile": { "name": "Staff" } } ]          GET /api/v1/groups
//!   "members":     { "00g1": [ { "id": "00u1" } ] }                              GET /api/v1/groups/{id}/users
//!   "application": { "groups": [ { "id": "00g1" } ],                             maybe: GET /api/v1/apps/{id}/groups
//!                    "users":  [ { "id": "00u1", "scope": "USER" } ] },          maybe: GET /api/v1/apps/{id}/users
//!   "complete":    true,                                                         maybe: false forbids every conclusion from absence
//!   "taken_at":    "2026-01-31T06:00:00Z"
//! }
//! ```
//!
//! Each list is an array, or an array of such arrays (the pages, in order). Okta names the next page in a header (`Link`), which is not in a body:
//! **a bare array is taken as all there is**. Whoever keeps a page at a time writes `{"items": [ .. ], "next": "https://.."}`, with the address of
//! the header or `null`, for each; a last page with a `next` makes the snapshot [`Partial`](crate::directory::Completeness::Partial), and so does a
//! list that is missing, an entry without an identifier, and a group without a list of members.
//!
//! Without `application`, everybody is bound. Someone whose assignment has the `scope` `GROUP` is not bound directly, but by their groups.
//!
//! # What to ask for
//!
//! `GET /api/v1/users?limit=200`, `GET /api/v1/groups?limit=200` and `GET /api/v1/groups/{id}/users?limit=200`, each to its end by the header. A
//! `search` or a `filter` gives a list that looks whole: say `"complete": false` then.
//!
//! # What of a person is read
//!
//! Keys that are not known are passed over, except in `profile`. For a value, absent, `null` and `""` are alike, `status` excepted.
//!
//! | Okta | here |
//! | --- | --- |
//! | `id` | [`id`](crate::directory::User::id) |
//! | `status` | see below; without it, the person is held |
//! | `profile.login`, `profile.email` | `username`, `email` |
//! | `profile.firstName`, `middleName`, `lastName`, `displayName` | `first_name`, `middle_name`, `last_name`, `display_name` |
//! | `profile.title`, `organization`, `department`, `costCenter` | `job_title`, `company`, `department`, `cost_center` |
//! | `profile.employeeNumber`, `userType` | `employee_identifier`, `employee_type` |
//! | `profile.managerId`, else `manager` | `manager`, if it is the identifier of one person here, or the log-in or e-mail address of exactly one |
//! | `profile.streetAddress`, `city`, `state`, `zipCode`, `countryCode` | an address of type `work` |
//! | `profile.primaryPhone`, `mobilePhone` | phone numbers of type `work` and `mobile` |
//! | every other key of `profile` that is a text, a number or a boolean, `locale` and `division` among them | custom attribute of this name |
//!
//! Not read: credentials, `secondEmail` other than as a custom attribute, `type`, `transitioningToStatus`, and values of `profile` that are arrays or
//! objects, which are left out with a finding.
//!
//! | `status` | here |
//! | --- | --- |
//! | `ACTIVE` | [`Active`](crate::directory::Lifecycle::Active) |
//! | `PROVISIONED` | `Active`, not `activated`: let in, but without a password yet. Okta provisions applications for them, and JumpCloud lets in the same |
//! | `PASSWORD_EXPIRED` | `Active`, with `password_expired` |
//! | `LOCKED_OUT` | `Active`, with `account_locked` |
//! | `RECOVERY` | `Active`: a password is being reset |
//! | `STAGED` | [`Staged`](crate::directory::Lifecycle::Staged) |
//! | `SUSPENDED` | [`Suspended`](crate::directory::Lifecycle::Suspended) |
//! | `DEPROVISIONED` | `Suspended`: the person is still in the directory. Okta lists them only where a filter asks for it; whoever is not listed is gone |
//!
//! # What of a group is read
//!
//! `id` and `profile.name`. A member is an identifier, or an object with `id`. Okta has no nested groups.

mod profile;
mod record;

use crate::directory::Snapshot;
use crate::directory::cloud;
use crate::error::Error;

use record::Okta;

/// Reads a directory file.
///
/// A record that has an identifier and cannot be read is kept, with a finding that holds it.
///
/// # Errors
///
/// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not JSON, [`ErrorKind::Shape`](crate::ErrorKind::Shape) if it is no object, or if a
/// list is something else than a list, is there twice or has more than two million entries, both with line and column;
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if there are more than 512 MiB.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, okta};
///
/// let file = br#"{
///     "users": [{"id": "00u1", "status": "ACTIVE", "profile": {"login": "anna@example.com", "email": "anna@example.com"}}],
///     "groups": [{"id": "00g1", "profile": {"name": "Staff"}}],
///     "members": {"00g1": {"items": [{"id": "00u1"}], "next": null}}
/// }"#;
/// let snapshot = okta::read(file)?;
/// assert_eq!(snapshot.users()["00u1"].username.as_deref(), Some("anna@example.com"));
/// assert_eq!(snapshot.groups()["00g1"].members.len(), 1);
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    cloud::read::<Okta>(bytes)
}
