//! The keywords of errors.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The keyword that says what kind of error a 400 or a 409 is: `scimType` (RFC 7644 section 3.12, table 9; RFC 9865 section 2.1).
///
/// An open registry: the constants are the keywords of the two RFCs, and any other one is kept as it was written. Keywords compare without case.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ScimType;
///
/// let read = ScimType::from("InvalidFilter");
/// assert_eq!(read, ScimType::INVALID_FILTER);
/// assert_eq!(read.as_str(), "InvalidFilter");
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScimType(Cow<'static, str>);

impl ScimType {
    /// 400: the filter has another syntax, or an attribute and an operator that do not go together.
    pub const INVALID_FILTER: Self = Self(Cow::Borrowed("invalidFilter"));
    /// 400: the filter finds more resources than the service provider will look through or return.
    pub const TOO_MANY: Self = Self(Cow::Borrowed("tooMany"));
    /// 409: a value is in use already, or reserved.
    pub const UNIQUENESS: Self = Self(Cow::Borrowed("uniqueness"));
    /// 400: the change does not go with what the attribute is now, such as a change of what never changes.
    pub const MUTABILITY: Self = Self(Cow::Borrowed("mutability"));
    /// 400: the body has another structure than the request's schema.
    pub const INVALID_SYNTAX: Self = Self(Cow::Borrowed("invalidSyntax"));
    /// 400: the `path` of a PATCH is none, or is malformed.
    pub const INVALID_PATH: Self = Self(Cow::Borrowed("invalidPath"));
    /// 400: the `path` of a PATCH names no attribute or value that could be changed.
    pub const NO_TARGET: Self = Self(Cow::Borrowed("noTarget"));
    /// 400: a required value is missing, or a value does not go with its attribute's definition.
    pub const INVALID_VALUE: Self = Self(Cow::Borrowed("invalidValue"));
    /// 400: the version of the protocol is not supported.
    pub const INVALID_VERS: Self = Self(Cow::Borrowed("invalidVers"));
    /// 403: the request has personal or sensitive data in its URI.
    pub const SENSITIVE: Self = Self(Cow::Borrowed("sensitive"));
    /// 400: the cursor is none that goes with this query (RFC 9865).
    pub const INVALID_CURSOR: Self = Self(Cow::Borrowed("invalidCursor"));
    /// 400: the cursor is no longer valid; the walk begins anew (RFC 9865).
    pub const EXPIRED_CURSOR: Self = Self(Cow::Borrowed("expiredCursor"));
    /// 400: the count is not one that the service provider takes, or is another one than at the beginning of the walk (RFC 9865).
    pub const INVALID_COUNT: Self = Self(Cow::Borrowed("invalidCount"));

    /// The keyword as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ScimType {
    fn from(keyword: &str) -> Self {
        Self(Cow::Owned(keyword.to_owned()))
    }
}

impl PartialEq for ScimType {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ScimType {}

impl fmt::Display for ScimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
