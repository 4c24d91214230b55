//! What is answered.

use std::time::Duration;

use crate::etag::ETag;
use crate::message::{BulkResponse, ErrorResponse, ListResponse};
use crate::resource::Resource;

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
    /// The version of the resource that the answer is about (`ETag`, RFC 7644 section 3.14).
    pub etag: Option<ETag>,
    /// Where the resource is found (`Location`, RFC 7644 sections 3.1 and 3.3), as it was written.
    pub location: Option<String>,
    /// What it answered.
    pub body: Body,
}

/// What a [`Reply`] carries; a message becomes one with `into`.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ErrorResponse;
/// use idbridge_scim::protocol::{Body, Reply};
///
/// let reply = Reply::new(404, ErrorResponse::new(404).into());
/// assert!(matches!(reply.body, Body::Error(_)));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// Nothing, as behind a 204.
    Empty,
    /// A resource, or the service provider's configuration, a schema or a resource type.
    Resource(Box<Resource>),
    /// A page of a list.
    List(Box<ListResponse>),
    /// What became of the operations of a bulk request.
    Bulk(Box<BulkResponse>),
    /// An error message.
    Error(Box<ErrorResponse>),
    /// Something that is no SCIM message: cut off, not JSON, or of another shape.
    Unreadable {
        /// What the body should have been.
        expected: &'static str,
        /// Why it is not.
        reason: String,
    },
}

impl From<Resource> for Body {
    fn from(resource: Resource) -> Self {
        Self::Resource(Box::new(resource))
    }
}

impl From<ListResponse> for Body {
    fn from(list: ListResponse) -> Self {
        Self::List(Box::new(list))
    }
}

impl From<BulkResponse> for Body {
    fn from(bulk: BulkResponse) -> Self {
        Self::Bulk(Box::new(bulk))
    }
}

impl From<ErrorResponse> for Body {
    fn from(error: ErrorResponse) -> Self {
        Self::Error(Box::new(error))
    }
}

impl Reply {
    /// An answer of `status` with `body`.
    #[must_use]
    pub fn new(status: u16, body: Body) -> Self {
        Self { status, request_id: None, retry_after: None, etag: None, location: None, body }
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

    /// What became of the operations of a bulk request, if the body says it.
    #[must_use]
    pub fn bulk(&self) -> Option<&BulkResponse> {
        match &self.body {
            Body::Bulk(bulk) => Some(bulk),
            _ => None,
        }
    }

    /// The error message, if the body is one.
    #[must_use]
    pub fn error(&self) -> Option<&ErrorResponse> {
        match &self.body {
            Body::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The service provider's words for an error, as far as it said any.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.error()?.detail()
    }
}
