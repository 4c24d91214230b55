//! What every reader of JSON does alike.
//!
//! ```text
//!   bytes --parse--> ObjectSeed  known keys, the others passed over
//!                       |
//!                    ListSeed    [..]   {"results": [..]}   [{"results": [..]}, ..]   [[..], ..]
//!                       |
//!                    Field<T>    one record, read without failing; Faults keeps what of it is wrong
//! ```

mod fault;
mod field;
mod list;
mod object;
mod stream;

use serde::de::DeserializeSeed;
use serde_json::error::Category;

use crate::error::{Error, ErrorKind, Location};

pub(in crate::directory) use fault::{Faults, usable};
pub(in crate::directory) use field::{Count, Field, Key, Open, Scalar, Simple, Wanted};
pub(in crate::directory) use list::{List, ListSeed, Page, Walked};
pub(in crate::directory) use object::{Object, ObjectSeed, record, wrong};
pub(in crate::directory) use stream::parse_from;

/// The most bytes that a reader takes: 512 MiB, which is some 200,000 people with everything that a directory keeps of them.
pub(in crate::directory) const LARGEST: usize = 512 << 20;

/// The most entries that a list may have over all its pages, and an array in a record, so that a small file cannot ask for much memory.
const MOST_ENTRIES: usize = 2_000_000;

/// What tools that are written in PowerShell mark UTF-8 files with, JumpCloud's own among them.
const BYTE_ORDER_MARK: [u8; 3] = *b"\xEF\xBB\xBF";

/// Reads one JSON text into what `seed` fills.
///
/// # Errors
///
/// [`ErrorKind::TooLarge`] if there are more than [`LARGEST`] bytes, [`ErrorKind::Json`] if the text is not JSON, [`ErrorKind::Shape`] if `seed`
/// refuses it; the last two with line and column.
pub(in crate::directory) fn parse<S>(bytes: &[u8], seed: S) -> Result<(), Error>
where
    S: for<'de> DeserializeSeed<'de, Value = ()>,
{
    if bytes.len() > LARGEST {
        let kind = ErrorKind::TooLarge { most: LARGEST, found: bytes.len() };
        return Err(Error::new(kind, Location::Whole));
    }
    let text = bytes.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut json = serde_json::Deserializer::from_slice(text);
    let outcome = seed.deserialize(&mut json).and_then(|()| json.end());
    outcome.map_err(|error| invalid(&error))
}

/// The error of the parser as one of this crate: the place is taken out of the text and kept as a place, and a refusal of a seed is told from a text
/// that
/// is no JSON.
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
