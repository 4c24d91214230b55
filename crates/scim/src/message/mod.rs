//! Messages: what stands in the bodies of requests and answers beside resources and patches.

mod bulk;
mod error;
mod list;
mod scim_type;
mod search;

use serde::de::{self, Deserialize, MapAccess};
use serde::{Deserializer, Serialize};

pub use bulk::{BulkMethod, BulkOperation, BulkOperationResponse, BulkRequest, BulkResponse, BulkStep};
pub use error::ErrorResponse;
pub use list::{Cursor, ListResponse};
pub use scim_type::ScimType;
pub use search::SearchRequest;

use crate::error::{Error, ErrorKind, Location};
use crate::value::{Object, Value};

/// The most members of a message that are kept although this crate does not know them.
const MOST_UNKNOWN: usize = 1_000;

/// Puts the value that follows in `map` into `slot`. A member that is there twice is refused, because two readers would take two different values.
fn fill<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, slot: &mut Option<T>, name: &'static str) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(de::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// The member of `members` that `name` names without case (RFC 7643 section 2.1), spelled as it is on the wire; `name` itself, if it names none.
fn spelled<'a>(name: &'a str, members: &[&'static str]) -> &'a str {
    members.iter().copied().find(|member| member.eq_ignore_ascii_case(name)).unwrap_or(name)
}

/// Keeps the value that follows in `map` under a name that this crate does not know.
fn keep<'de, A: MapAccess<'de>>(map: &mut A, other: &mut Object, name: &str) -> Result<(), A::Error> {
    if other.len() == MOST_UNKNOWN {
        return Err(de::Error::custom(format!("a message has more than {MOST_UNKNOWN} unknown members")));
    }
    if other.get(name).is_some() {
        return Err(de::Error::custom(format!("the member {:?} is there twice", crate::error::excerpt(name))));
    }
    other.set(name, map.next_value::<Value>()?);
    Ok(())
}

/// A list that may be written as null where it is empty.
struct NullAsEmpty<T>(Vec<T>);

impl<T> Default for NullAsEmpty<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for NullAsEmpty<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

/// Writes a message as compact JSON.
fn write_json(message: &impl Serialize) -> String {
    // Writing into memory fails only for a map whose keys are no strings, and no message has one.
    serde_json::to_string(message).unwrap_or_default()
}

/// A member of a message that has another type than it should.
fn mismatch(expected: &'static str, found: &Value, member: &str) -> Error {
    Error::new(ErrorKind::Type { expected, found: found.type_name() }, Location::Attribute(member.to_owned()))
}

/// Takes `member` out of `object`; null is as good as none.
fn take(object: &mut Object, member: &str) -> Option<Value> {
    object.remove(member).filter(|value| *value != Value::Null)
}

/// Takes a text out of `object`.
fn take_text(object: &mut Object, member: &str) -> Result<Option<String>, Error> {
    match take(object, member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(mismatch("a string", &other, member)),
    }
}

/// Takes a whole number out of `object`, which may be negative.
fn take_integer(object: &mut Object, member: &str) -> Result<Option<i64>, Error> {
    match take(object, member) {
        None => Ok(None),
        Some(value) => integer(&value).map(Some).ok_or_else(|| mismatch("a whole number", &value, member)),
    }
}

/// The whole number that `value` is.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// Takes `schemas` out of a message, and refuses it if they are those of another one.
///
/// RFC 7644 section 3.1: a message has its URI in `schemas`. One without the member is taken, since what it is follows from where it was sent.
fn take_schemas(object: &mut Object, schema: &str, expected: &'static str) -> Result<(), Error> {
    let Some(schemas) = take(object, "schemas") else {
        return Ok(());
    };
    let is_this = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(schema));
    match schemas.as_array() {
        Some(uris) if uris.iter().any(is_this) => Ok(()),
        Some(_) => {
            let kind = ErrorKind::Type { expected, found: "a message of another schema" };
            Err(Error::new(kind, Location::Attribute("schemas".to_owned())))
        }
        None => Err(mismatch("an array", &schemas, "schemas")),
    }
}
