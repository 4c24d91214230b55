//! Reads a directory file in the shapes of Microsoft Graph (Entra ID).
//!
//! ```text
//! {
//!   "users":       { "value": [ .. ], "@odata.nextLink": ".." }    GET /users?$select=id,accountEnabled,..&$expand=manager($select=id)
//!   "groups":      { "value": [ .. ] }                             GET /groups
//!   "members":     { "GROUP ID": { "value": [ .. ] } }             GET /groups/{id}/members, or transitiveMembers
//!   "application": { "groups": ["GROUP ID"], "users": [] },        maybe: what is bound; without it, everybody is
//!   "complete":    true,                                           maybe: false forbids every conclusion from absence
//!   "taken_at":    "2026-01-31T06:00:00Z"
//! }
//! ```
//!
//! Each list is an answer, an array of answers (the pages, in order), or a bare array. Keys that are not known are passed over, everywhere. For a
//! value, absent, `null` and `""` are alike, `accountEnabled` excepted. For a list they are not: a list that is missing makes the snapshot
//! [`Partial`](crate::directory::Completeness::Partial), and so does
//!
//! - a last page with an `@odata.nextLink`, or a number of records other than a stated `@odata.count`;
//! - an `@odata.deltaLink`, a `@removed` or a `members@delta`: the answers of a delta query are what changed, and what is not in them did not change;
//! - a group without members. They may come with the group (`$expand=members`), but then Graph gives at most twenty and does not say that there are
//!   more, so that twenty of them count as not all; `members@odata.nextLink` says it outright. A list under `members` goes before them.
//!
//! # What to ask for
//!
//! ```text
//! GET /v1.0/users?$top=999&$select=id,userPrincipalName,mail,givenName,surname,displayName,accountEnabled,jobTitle,companyName,department,
//!     employeeId,employeeType,employeeOrgData,officeLocation,preferredLanguage,streetAddress,city,state,postalCode,country,businessPhones,
//!     mobilePhone,userType,onPremisesExtensionAttributes&$expand=manager($select=id)
//! GET /v1.0/groups?$top=999&$select=id,displayName
//! GET /v1.0/groups/{id}/members?$top=999&$select=id
//! ```
//!
//! Graph says `null` for what was asked for and is not set, and nothing for what was not asked for. Here both are no value, so that an attribute that
//! a rule sends has to be in `$select`: otherwise it is taken away. A query with a `$filter` gives a list that looks whole: say `"complete": false`
//! then.
//!
//! # What of a person is read
//!
//! | Graph | here |
//! | --- | --- |
//! | `id` | [`id`](crate::directory::User::id) |
//! | `userPrincipalName` | `username` |
//! | `mail` | `email`; nothing stands in for it, and a guest (`#EXT#` in the name) is known by it as well |
//! | `givenName`, `surname`, `displayName` | `first_name`, `last_name`, `display_name` |
//! | `accountEnabled` | `false` is [`Suspended`](crate::directory::Lifecycle::Suspended). Graph tells it only if `$select` asks for it, and **without it the person is held**: who may log in is not known |
//! | `deletedDateTime` | [`Suspended`](crate::directory::Lifecycle::Suspended) |
//! | `jobTitle`, `companyName`, `department`, `officeLocation` | `job_title`, `company`, `department`, `location` |
//! | `employeeId`, `employeeType`, `employeeOrgData.costCenter` | `employee_identifier`, `employee_type`, `cost_center` |
//! | `manager.id` | `manager` |
//! | `streetAddress`, `city`, `state`, `postalCode`, `country` | an address of type `work` |
//! | `businessPhones[]`, `mobilePhone` | phone numbers of type `work` and `mobile` |
//! | `preferredLanguage` | custom attribute `locale` |
//! | `userType`, `employeeOrgData.division` | custom attributes `userType` (`Guest`, for rules about who is provisioned) and `division` |
//! | `onPremisesExtensionAttributes.extensionAttribute1` to `15` | custom attributes of these names |
//! | `extension_APP_NAME` that is a text, a number or a boolean | custom attribute of this name |
//!
//! Not read: other mail addresses and proxies, `usageLocation`, licences, identities, open and schema extensions, custom security attributes.
//!
//! # What of a group is read
//!
//! `id`, `displayName`, and `members` if they came with it. Of a member, `id` and `@odata.type`: a `#microsoft.graph.user` is a member, a
//! `#microsoft.graph.group` brings its members, and anything else, such as a device or a service principal, is nobody. Where the type is not told,
//! an identifier of nobody in the file is taken for a group that was not read.

mod record;

use crate::directory::Snapshot;
use crate::directory::cloud;
use crate::error::Error;

use record::Graph;

/// Reads a directory file.
///
/// A record that has an identifier and cannot be read is kept, with a finding that holds it. Members of nested groups are members.
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
/// use idbridge_mapping::directory::{Completeness, Lifecycle, graph};
///
/// let file = br##"{
///     "users": {"value": [
///         {"id": "1", "userPrincipalName": "anna@example.com", "mail": "anna@example.com", "accountEnabled": true},
///         {"id": "2", "userPrincipalName": "ola@example.com", "mail": null, "accountEnabled": false}
///     ]},
///     "groups": {"value": [{"id": "g1", "displayName": "Staff"}]},
///     "members": {"g1": {"value": [{"@odata.type": "#microsoft.graph.user", "id": "1"}]}}
/// }"##;
/// let snapshot = graph::read(file)?;
/// assert_eq!(snapshot.users()["2"].lifecycle, Lifecycle::Suspended);
/// assert_eq!(snapshot.groups()["g1"].members.len(), 1);
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// Without `accountEnabled` a person is held, and the finding says what to ask for:
///
/// ```
/// use idbridge_mapping::{Severity, directory::graph};
///
/// let file = br#"{"users": {"value": [{"id": "1", "mail": "anna@example.com"}]}, "groups": {"value": []}, "members": {}}"#;
/// let snapshot = graph::read(file)?;
/// let finding = &snapshot.users()["1"].findings[0];
/// assert_eq!(finding.severity(), Severity::Holds);
/// assert_eq!(
///     finding.to_string(),
///     "the record cannot be read: accountEnabled must be true or false (add it to $select), found nothing; correct the record in the source"
/// );
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    cloud::read::<Graph>(bytes)
}
