//! The one error type of this crate.

use std::fmt::{self, Write};

use serde::de::DeserializeOwned;

use crate::message::ScimType;

/// Why a text or a value is not the SCIM that it should be.
///
/// An error says what was expected, what was found and where: [`Error::at`] is a byte offset into the text, an attribute path, or the index of
/// an operation.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Filter, Location};
///
/// let error = "userName is \"a\"".parse::<Filter>().unwrap_err();
/// assert_eq!(error.to_string(), "invalid filter at byte 9: expected an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr, found is");
/// assert_eq!(error.at(), &Location::Byte(9));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    at: Location,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, at: Location) -> Self {
        Self { kind, at }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The keyword of RFC 7644 section 3.12, table 9, with which a service provider answers.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, ScimType};
    ///
    /// let error = "userName is \"a\"".parse::<Filter>().unwrap_err();
    /// assert_eq!(error.scim_type(), ScimType::INVALID_FILTER);
    /// ```
    #[must_use]
    pub fn scim_type(&self) -> ScimType {
        match &self.kind {
            ErrorKind::Json { .. } | ErrorKind::Operation { .. } => ScimType::INVALID_SYNTAX,
            ErrorKind::Filter { .. } | ErrorKind::Operator { .. } => ScimType::INVALID_FILTER,
            ErrorKind::AttributeName { .. } | ErrorKind::Path { .. } | ErrorKind::NoAttribute | ErrorKind::NotMultiValued => {
                ScimType::INVALID_PATH
            }
            ErrorKind::Type { .. } | ErrorKind::Definition { .. } | ErrorKind::Identifier { .. } | ErrorKind::Primary { .. } => {
                ScimType::INVALID_VALUE
            }
            ErrorKind::NoTarget | ErrorKind::NoPath => ScimType::NO_TARGET,
            ErrorKind::ReadOnly | ErrorKind::Immutable | ErrorKind::Required => ScimType::MUTABILITY,
        }
    }

    /// Where it is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Location, Path};
    ///
    /// assert_eq!("name.".parse::<Path>().unwrap_err().at(), &Location::Byte(5));
    /// ```
    #[must_use]
    pub fn at(&self) -> &Location {
        &self.at
    }
}

/// What is wrong, with the evidence.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{ErrorKind, ResourceId};
///
/// let error = ResourceId::new("").unwrap_err();
/// assert_eq!(error.kind(), &ErrorKind::Identifier { longest: 1024, found: 0 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON, or not JSON of the shape that the message has.
    #[error("invalid JSON: {reason}")]
    Json {
        /// What the JSON reader met, at most 200 bytes of it, with line and column.
        reason: String,
    },
    /// An attribute name has a character that RFC 7643 section 2.1 does not allow, or is empty.
    #[error("invalid attribute name {found:?}: expected a letter or $, then letters, digits, - or _")]
    AttributeName {
        /// The name as it was given.
        found: String,
    },
    /// A filter does not follow the grammar of RFC 7644 section 3.4.2.2.
    #[error("invalid filter")]
    Filter {
        /// What the grammar allows here.
        expected: &'static str,
        /// The text found here, at most 40 bytes of it.
        found: String,
    },
    /// A path does not follow the grammar of RFC 7644 section 3.5.2.
    #[error("invalid path")]
    Path {
        /// What the grammar allows here.
        expected: &'static str,
        /// The text found here, at most 40 bytes of it.
        found: String,
    },
    /// A value has another type than its attribute.
    #[error("wrong type: expected {expected}, found {found}")]
    Type {
        /// The type that the attribute has.
        expected: &'static str,
        /// The type that was found.
        found: &'static str,
    },
    /// An identifier is empty or longer than a service provider could have made.
    #[error("invalid identifier: expected 1 to {longest} bytes, found {found}")]
    Identifier {
        /// The most bytes an identifier may have.
        longest: usize,
        /// The number of bytes found.
        found: usize,
    },
    /// A filter asks which of two values is the greater one, of a kind that has no order (RFC 7644 section 3.4.2.2).
    #[error("the operator {operator} does not order {found}")]
    Operator {
        /// The operator.
        operator: &'static str,
        /// The kind of value that it is asked of.
        found: &'static str,
    },
    /// An operation names a value that the resource does not have (RFC 7644 section 3.5.2, `noTarget`).
    #[error("no value matches the path")]
    NoTarget,
    /// A `remove` operation has no path (RFC 7644 section 3.5.2.2, `noTarget`).
    #[error("a remove operation must have a path")]
    NoPath,
    /// A path names an attribute that the resource's schemas do not have (RFC 7644 section 3.5.2, `invalidPath`).
    #[error("no schema of the resource has this attribute")]
    NoAttribute,
    /// A path has a filter behind an attribute that has one value (RFC 7644 section 3.5.2, `invalidPath`).
    #[error("a filter in brackets stands behind an attribute of one value")]
    NotMultiValued,
    /// An operation writes what no client may write (RFC 7644 section 3.5.2, `mutability`).
    #[error("the attribute is read-only")]
    ReadOnly,
    /// An operation changes what is written once (RFC 7644 section 3.5.2, `mutability`).
    #[error("the attribute is immutable and has a value")]
    Immutable,
    /// An operation takes away what a resource must have (RFC 7644 section 3.5.2.2, `mutability`).
    #[error("the attribute is required")]
    Required,
    /// A write makes two values primary (RFC 7643 section 2.4).
    #[error("expected at most one primary value, found {found}")]
    Primary {
        /// The primary values that are written.
        found: usize,
    },
    /// An operation lacks what its kind needs, or names a kind that there is none of (RFC 7644 section 3.5.2).
    #[error("invalid operation: expected {expected}, found {found}")]
    Operation {
        /// What the operation should have.
        expected: &'static str,
        /// What it has.
        found: String,
    },
    /// A schema or a resource type lacks what RFC 7643 sections 6 and 7 ask of it, or says something that there is none of.
    #[error("invalid definition: expected {expected}, found {found}")]
    Definition {
        /// What the definition should have.
        expected: &'static str,
        /// What it has, at most 40 bytes of it.
        found: String,
    },
}

/// Where an [`Error`] was found.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Location, Resource, User};
///
/// let resource = Resource::from_json(br#"{"name":{"givenName":7}}"#)?;
/// let error = User::try_from(resource).unwrap_err();
/// assert_eq!(error.at(), &Location::Attribute("name.givenName".to_owned()));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// Nowhere in particular: the whole text or value.
    Whole,
    /// A byte offset into the text that was given.
    Byte(usize),
    /// The path of an attribute.
    Attribute(String),
    /// The index of an operation in a PatchOp, from 0.
    Operation(usize),
    /// A byte offset into the path of an operation.
    OperationPath {
        /// The index of the operation, from 0.
        operation: usize,
        /// The byte.
        byte: usize,
    },
    /// The path of an attribute that an operation writes.
    OperationAttribute {
        /// The index of the operation, from 0.
        operation: usize,
        /// The attribute's path.
        path: String,
    },
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        match &self.at {
            Location::Whole => {}
            Location::Byte(offset) => write!(f, " at byte {offset}")?,
            Location::Attribute(path) => write!(f, " at {path}")?,
            Location::Operation(index) => write!(f, " at operation {index}")?,
            Location::OperationPath { operation, byte } => write!(f, " at byte {byte} of the path of operation {operation}")?,
            Location::OperationAttribute { operation, path } => write!(f, " at {path} of operation {operation}")?,
        }
        match &self.kind {
            ErrorKind::Filter { expected, found } | ErrorKind::Path { expected, found } => {
                match found.as_str() {
                    "" => return write!(f, ": expected {expected}, found the end of the text"),
                    " " => return write!(f, ": expected {expected}, found a space"),
                    _ => {}
                }
                write!(f, ": expected {expected}, found ")?;
                // A line break in the text must not begin a line of a log.
                found.chars().try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_debug()) } else { f.write_char(c) })
            }
            _ => Ok(()),
        }
    }
}

/// The first bytes of `text` that fit into an error, cut at a character boundary.
pub(crate) fn excerpt(text: &str) -> String {
    cut(text, 40).to_owned()
}

fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

/// Reads a message, which is always a JSON object; a record would be read from a JSON array as well.
pub(crate) fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    let invalid = |reason| Error::new(ErrorKind::Json { reason }, Location::Whole);
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(invalid("expected an object, found an array".to_owned()));
    }
    serde_json::from_slice(json).map_err(|error| {
        let reason = error.to_string();
        let shown = cut(&reason, LONGEST_REASON);
        // The JSON reader quotes the value it does not take, however long; the place stands at the end.
        invalid(if shown == reason { reason } else { format!("{shown}... at line {} column {}", error.line(), error.column()) })
    })
}

/// The most bytes of a JSON reader's words that are kept.
const LONGEST_REASON: usize = 200;
