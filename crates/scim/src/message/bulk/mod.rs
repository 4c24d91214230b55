//! Many operations in one request (RFC 7644 section 3.7).

mod operation;
mod order;
mod reference;
mod request;
mod response;

use std::fmt;

pub use operation::BulkOperation;
pub use order::BulkStep;
pub use request::BulkRequest;
pub use response::{BulkOperationResponse, BulkResponse};

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::message::take;
use crate::value::{Object, Value};

/// The method of an operation of a bulk request (RFC 7644 section 3.7).
///
/// # Examples
///
/// ```
/// use idbridge_scim::BulkMethod;
///
/// assert_eq!(BulkMethod::from_keyword("PATCH"), Some(BulkMethod::Patch));
/// assert_eq!(BulkMethod::from_keyword("GET"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.7 has these four and no others")]
pub enum BulkMethod {
    /// `POST`: a new resource (section 3.3).
    Post,
    /// `PUT`: a resource in the place of what it was (section 3.5.1).
    Put,
    /// `PATCH`: changes of a resource (section 3.5.2).
    Patch,
    /// `DELETE`: one resource less (section 3.6).
    Delete,
}

impl BulkMethod {
    /// The method on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method that `keyword` names; none if it names none. Methods compare with case (RFC 9110 section 9.1).
    #[must_use]
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        [Self::Post, Self::Put, Self::Patch, Self::Delete].into_iter().find(|method| method.as_str() == keyword)
    }

    /// Takes the method out of the operation at `index`.
    fn take(object: &mut Object, index: usize) -> Result<Self, Error> {
        let expected = "the method POST, PUT, PATCH or DELETE";
        match take(object, "method") {
            Some(Value::String(method)) => Self::from_keyword(&method).ok_or_else(|| invalid(index, expected, excerpt(&method))),
            other => Err(invalid(index, expected, found(other.as_ref()))),
        }
    }
}

impl fmt::Display for BulkMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Takes `Operations` out of a message, at most `most` of them.
fn take_operations(body: &mut Object, most: usize) -> Result<Vec<Object>, Error> {
    let whole = |expected, found| Error::new(ErrorKind::Operation { expected, found }, Location::Whole);
    let values = match take(body, "Operations") {
        Some(Value::Array(values)) => values,
        other => return Err(whole("a list named Operations", found(other.as_ref()))),
    };
    if values.len() > most {
        return Err(whole("no more operations than maxOperations", format!("{} where {most} are taken", values.len())));
    }
    let objects = values.into_iter().enumerate().map(|(index, value)| match value {
        Value::Object(object) => Ok(object),
        other => Err(invalid(index, "an object", other.type_name().to_owned())),
    });
    objects.collect()
}

/// Takes a text out of the operation at `index`.
fn take_member(object: &mut Object, member: &str, expected: &'static str, index: usize) -> Result<Option<String>, Error> {
    match take(object, member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(index, expected, other.type_name().to_owned())),
    }
}

/// Writes the members that no RFC has behind the others.
fn write_other(object: &mut Object, other: &Object) {
    for (name, value) in other.iter() {
        object.set(name.as_str(), value.clone());
    }
}

/// What stands where something else is expected.
fn found(value: Option<&Value>) -> String {
    value.map_or("none", Value::type_name).to_owned()
}

fn invalid(index: usize, expected: &'static str, found: String) -> Error {
    Error::new(ErrorKind::Operation { expected, found }, Location::Operation(index))
}
