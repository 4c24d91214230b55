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
//! let request = Request::List {
//!     resource_type: ResourceType::User,
//!     query: ListQuery::filtered(Filter::user_name("anna@example.com")),
//! };
//! assert!(!request.is_write());
//! ```

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::id::ResourceId;
use crate::message::{Cursor, ErrorResponse, ListResponse};
use crate::patch::PatchOp;
use crate::resource::Resource;
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

/// One request.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ResourceId;
/// use idbridge_scim::protocol::{Request, ResourceType};
///
/// let request = Request::Delete { resource_type: ResourceType::User, id: ResourceId::new("u-1")? };
/// assert_eq!((request.method(), request.operation(), request.is_write()), ("DELETE", "DeleteUser", true));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Request {
    /// `POST /Users` (section 3.3).
    Create {
        /// What is created.
        resource_type: ResourceType,
        /// The new resource, without an `id`.
        resource: Resource,
    },
    /// `GET /Users/{id}` (section 3.4.1).
    Read {
        /// What is read.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
    },
    /// `GET /Users` (section 3.4.2).
    List {
        /// What is listed.
        resource_type: ResourceType,
        /// Which part of the list.
        query: ListQuery,
    },
    /// `PUT /Users/{id}` (section 3.5.1).
    Replace {
        /// What is replaced.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// The whole resource as it shall be.
        resource: Resource,
    },
    /// `PATCH /Users/{id}` (section 3.5.2).
    Patch {
        /// What is changed.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// The changes.
        patch: PatchOp,
    },
    /// `DELETE /Users/{id}` (section 3.6).
    Delete {
        /// What is deleted.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
    },
    /// `GET /ServiceProviderConfig` (section 4).
    ServiceProviderConfig,
}

impl Request {
    /// Whether the request changes something at the service provider; writes and reads have separate rates.
    #[must_use]
    pub fn is_write(&self) -> bool {
        match self {
            Self::Create { .. } | Self::Replace { .. } | Self::Patch { .. } | Self::Delete { .. } => true,
            Self::Read { .. } | Self::List { .. } | Self::ServiceProviderConfig => false,
        }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Create { .. } => "POST",
            Self::Read { .. } | Self::List { .. } | Self::ServiceProviderConfig => "GET",
            Self::Replace { .. } => "PUT",
            Self::Patch { .. } => "PATCH",
            Self::Delete { .. } => "DELETE",
        }
    }

    /// The name of AWS's operation, such as `CreateUser`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        use ResourceType::{Group, User};
        match self {
            Self::Create { resource_type: User, .. } => "CreateUser",
            Self::Create { resource_type: Group, .. } => "CreateGroup",
            Self::Read { resource_type: User, .. } => "GetUser",
            Self::Read { resource_type: Group, .. } => "GetGroup",
            Self::List { resource_type: User, .. } => "ListUsers",
            Self::List { resource_type: Group, .. } => "ListGroups",
            Self::Replace { resource_type: User, .. } => "PutUser",
            Self::Replace { resource_type: Group, .. } => "PutGroup",
            Self::Patch { resource_type: User, .. } => "PatchUser",
            Self::Patch { resource_type: Group, .. } => "PatchGroup",
            Self::Delete { resource_type: User, .. } => "DeleteUser",
            Self::Delete { resource_type: Group, .. } => "DeleteGroup",
            Self::ServiceProviderConfig => "ServiceProviderConfig",
        }
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ListQuery {
    /// Only resources that pass.
    pub filter: Option<Filter>,
    /// How pages are asked for.
    pub paging: Paging,
    /// The most resources on a page; the service provider's default without one. AWS: 1 to 100.
    pub count: Option<u32>,
}

/// How the pages of a list are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// No parameter: the service provider gives one page, and at AWS never says that it is cut.
    #[default]
    None,
    /// `?cursor` without a value: the first page of a walk (RFC 9865 section 2.1).
    FirstPage,
    /// `?cursor=VALUE`: the page that begins there.
    From(Cursor),
}

impl ListQuery {
    /// One page of what passes `filter`, without a cursor.
    #[must_use]
    pub fn filtered(filter: Filter) -> Self {
        Self { filter: Some(filter), ..Self::default() }
    }

    /// The first page of a walk over everything, or over what passes `filter`.
    #[must_use]
    pub fn first_page(filter: Option<Filter>) -> Self {
        Self { filter, paging: Paging::FirstPage, count: None }
    }

    /// The page of the same walk that begins at `cursor`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Cursor;
    /// use idbridge_scim::protocol::{ListQuery, Paging};
    ///
    /// let next = ListQuery::first_page(None).next_page(Cursor::new("VGVzdA"));
    /// assert_eq!(next.paging, Paging::From(Cursor::new("VGVzdA")));
    /// ```
    #[must_use]
    pub fn next_page(&self, cursor: Cursor) -> Self {
        Self { filter: self.filter.clone(), paging: Paging::From(cursor), count: self.count }
    }
}

/// One answer.
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{Body, Reply};
///
/// let reply = Reply::new(204, Body::Empty);
/// assert!(reply.is_success() && reply.resource().is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The service provider's name for the request (AWS: `x-amzn-RequestId`).
    pub request_id: Option<String>,
    /// How long the service provider asks to wait (`Retry-After`, in seconds on the wire).
    pub retry_after: Option<Duration>,
    /// What it answered.
    pub body: Body,
}

/// What a [`Reply`] carries.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// Nothing, as behind a 204.
    Empty,
    /// A resource, or the service provider's configuration.
    Resource(Box<Resource>),
    /// A page of a list.
    List(ListResponse),
    /// An error message.
    Error(ErrorResponse),
    /// Something that is no SCIM message: cut off, not JSON, or of another shape.
    Unreadable {
        /// What the body should have been.
        expected: &'static str,
        /// Why it is not.
        reason: String,
    },
}

impl Reply {
    /// An answer of `status` with `body`.
    #[must_use]
    pub fn new(status: u16, body: Body) -> Self {
        Self { status, request_id: None, retry_after: None, body }
    }

    /// Whether the status says success (2xx).
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The resource, if the body is one.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match &self.body {
            Body::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The page, if the body is one.
    #[must_use]
    pub fn list(&self) -> Option<&ListResponse> {
        match &self.body {
            Body::List(list) => Some(list),
            _ => None,
        }
    }

    /// The service provider's words for an error, as far as it said any.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match &self.body {
            Body::Error(error) => error.detail(),
            _ => None,
        }
    }
}
