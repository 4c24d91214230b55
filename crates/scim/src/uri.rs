//! Schema URIs.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaUri(Cow<'static, str>);

impl SchemaUri {
    /// The core User schema, RFC 7643 section 4.1.
    pub const USER: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:User"));
    /// The core Group schema, RFC 7643 section 4.2.
    pub const GROUP: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:Group"));
    /// The enterprise User extension, RFC 7643 section 4.3.
    pub const ENTERPRISE_USER: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"));
    /// What a service provider can do, RFC 7643 section 5.
    pub const SERVICE_PROVIDER_CONFIG: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"));
    /// A type of resource, RFC 7643 section 6.
    pub const RESOURCE_TYPE: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:ResourceType"));
    /// A schema, RFC 7643 section 7.
    pub const SCHEMA: Self = Self(Cow::Borrowed("urn:ietf:params:scim:schemas:core:2.0:Schema"));
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

    /// Whether this is the core schema of a User or a Group, whose attributes stand in the resource itself.
    pub(crate) fn is_core(&self) -> bool {
        *self == Self::USER || *self == Self::GROUP
    }

    /// Whether `uri` is a schema of RFC 7643 whose attributes a resource may have.
    pub(crate) fn is_known(uri: &str) -> bool {
        [Self::USER, Self::GROUP, Self::ENTERPRISE_USER].iter().any(|known| known.0.eq_ignore_ascii_case(uri))
    }
}

impl From<&str> for SchemaUri {
    fn from(uri: &str) -> Self {
        Self(Cow::Owned(uri.to_owned()))
    }
}

impl From<String> for SchemaUri {
    fn from(uri: String) -> Self {
        Self(Cow::Owned(uri))
    }
}

impl PartialEq for SchemaUri {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for SchemaUri {}

impl PartialOrd for SchemaUri {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SchemaUri {
    fn cmp(&self, other: &Self) -> Ordering {
        let lowered = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(lowered).cmp(other.0.bytes().map(lowered))
    }
}

impl Hash for SchemaUri {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        // No text holds this byte, so that two URIs in a row hash as two.
        state.write_u8(0xFF);
    }
}

impl fmt::Display for SchemaUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
