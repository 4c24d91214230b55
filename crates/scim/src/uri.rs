//! Schema URIs.

use std::borrow::Cow;
use std::fmt;

/// The URI of a schema or a message (RFC 7643 section 10.2, RFC 7644 section 8.2), compared without case.
///
/// An open registry: the constants are the ones this crate reads itself, and any other URI is kept as it is.
///
/// # Examples
///
/// ```
/// use idbridge_scim::SchemaUri;
///
/// let read = SchemaUri::from("URN:ietf:params:scim:schemas:core:2.0:User");
/// assert_eq!(read, SchemaUri::USER);
/// ```
#[derive(Debug, Clone)]
pub struct SchemaUri(Cow<'static, str>);

impl SchemaUri {
    /// The core User schema, RFC 7643 section 4.1.
    pub const USER: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:User"));
    /// The core Group schema, RFC 7643 section 4.2.
    pub const GROUP: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:Group"));
    /// The enterprise User extension, RFC 7643 section 4.3.
    pub const ENTERPRISE_USER: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"));
    /// A list response, RFC 7644 section 3.4.2.
    pub const LIST_RESPONSE: Self = Self(Cow::Borrowed("urn:ietf:params:scim:api:messages:2.0:ListResponse"));
    /// A PATCH request, RFC 7644 section 3.5.2.
    pub const PATCH_OP: Self = Self(Cow::Borrowed("urn:ietf:params:scim:api:messages:2.0:PatchOp"));
    /// An error response, RFC 7644 section 3.12.
    pub const ERROR: Self = Self(Cow::Borrowed("urn:ietf:params:scim:api:messages:2.0:Error"));

    /// The URI as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SchemaUri {
    fn from(uri: &str) -> Self {
        Self(Cow::Owned(uri.to_owned()))
    }
}

impl PartialEq for SchemaUri {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for SchemaUri {}

impl fmt::Display for SchemaUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
