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

mod field;
mod file;
mod record;

use serde::de::DeserializeSeed;
use serde_json::error::Category;

use crate::directory::Snapshot;
use crate::error::{Error, ErrorKind, Location};

use file::{File, Reader};

/// The most bytes that [`read`] takes: 512 MiB, which is some 200,000 people with everything that JumpCloud keeps of them.
pub const LARGEST: usize = 512 << 20;

/// Reads a directory file.
///
/// Records are taken one by one, and keys that no rule can use are never stored, so that the memory needed is a fraction of a usual file. A
/// record that has an identifier and cannot be read is kept, with a finding that holds it.
///
/// # Errors
///
/// [`ErrorKind::Json`] if the text is not JSON, [`ErrorKind::Shape`] if it is no object, if a list is something else than a list, is there twice
/// or has more than two million entries, both with line and column; [`ErrorKind::TooLarge`] if there are more than [`LARGEST`] bytes.
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
    if bytes.len() > LARGEST {
        let kind = ErrorKind::TooLarge { most: LARGEST, found: bytes.len() };
        return Err(Error::new(kind, Location::Whole));
    }
    // JumpCloud's own tools are written in PowerShell, which marks UTF-8 files.
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = Reader::new();
    let mut json = serde_json::Deserializer::from_slice(text);
    let outcome = File(&mut reader).deserialize(&mut json).and_then(|()| json.end());
    outcome.map_err(|error| invalid(&error))?;
    Ok(reader.finish())
}

fn invalid(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let reason = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
    let kind = match error.classify() {
        Category::Data => ErrorKind::Shape { reason },
        Category::Syntax | Category::Eof | Category::Io => ErrorKind::Json { reason },
    };
    Error::new(kind, Location::Text { line, column })
}
