//! What is asked of a SCIM service provider and what it answers (RFC 7644 section 3), without HTTP.
//!
//! A plan speaks [`Request`] and [`Reply`]; a client turns them into HTTP messages; a service in the same process takes them as they are.
//!
//! # Examples
//!
//! ```
//! use idbridge_scim::protocol::{ListQuery, Request, ResourceType};
//! use idbridge_scim::Filter;
//!
//! let request = Request::list(ResourceType::User, ListQuery::filtered(Filter::user_name("anna@example.com")));
//! assert!(!request.is_write());
//! ```

mod query;
mod reply;
mod request;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use query::{AttributeSelection, ListQuery, Paging, Sort, SortOrder};
pub use reply::{Body, Reply};
pub use request::{MeAction, Request};

use crate::uri::SchemaUri;

/// The type of a resource, which names its endpoint (RFC 7643 section 6).
///
/// # Examples
///
/// ```
/// use idbridge_scim::SchemaUri;
/// use idbridge_scim::protocol::ResourceType;
///
/// assert_eq!(ResourceType::Group.endpoint(), "Groups");
/// assert_eq!(ResourceType::Group.schema(), SchemaUri::GROUP);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ResourceType {
    /// `/Users`.
    User,
    /// `/Groups`.
    Group,
}

impl ResourceType {
    /// The endpoint relative to the base URL, without a slash.
    #[must_use]
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The core schema.
    #[must_use]
    pub fn schema(self) -> SchemaUri {
        match self {
            Self::User => SchemaUri::USER,
            Self::Group => SchemaUri::GROUP,
        }
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "User",
            Self::Group => "Group",
        })
    }
}
