//! What was asked of the service.
//!
//! The log is what a test counts requests with, and what it reads to see what a client really sent. It has every request that reached the
//! service, whatever became of it, but no token.

use std::time::SystemTime;

use idbridge_scim::protocol::Request;
use idbridge_scim::{Filter, PatchOp, Resource, ResourceId};

use crate::fault::Fault;

/// One request that reached the service, for a test to look at.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use idbridge_emulator::{Service, Settings};
/// use idbridge_scim::protocol::Request;
///
/// let mut service = Service::new(Settings::default());
/// service.handle(&Request::ServiceProviderConfig, UNIX_EPOCH);
/// let logged = &service.log()[0];
/// assert_eq!((logged.method(), logged.operation(), logged.status()), ("GET", Some("ServiceProviderConfig"), Some(200)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    pub(crate) at: SystemTime,
    pub(crate) method: String,
    pub(crate) operation: Option<&'static str>,
    pub(crate) request: Option<Request>,
    pub(crate) request_id: String,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<Fault>,
}

impl Logged {
    /// When it came: the `now` of the request.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// The HTTP method, which a request without HTTP has too. `GET` reads; everything else counts as a write.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// AWS's name of the operation, such as `PatchGroup`; none if the path or the method names none.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    /// The whole request; none if it could not be read.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }

    /// The `id` of the resource it is about; none for a create, a list, or a request that could not be read.
    #[must_use]
    pub fn id(&self) -> Option<&ResourceId> {
        match self.request.as_ref()? {
            Request::Read { id, .. } | Request::Replace { id, .. } | Request::Patch { id, .. } | Request::Delete { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The filter of a list.
    #[must_use]
    pub fn filter(&self) -> Option<&Filter> {
        match self.request.as_ref()? {
            Request::List { query, .. } => query.filter.as_ref(),
            _ => None,
        }
    }

    /// The body of a create or a replace.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match self.request.as_ref()? {
            Request::Create { resource, .. } | Request::Replace { resource, .. } => Some(resource),
            _ => None,
        }
    }

    /// The body of a PATCH.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::protocol::{Request, ResourceType};
    /// use idbridge_scim::{Group, PatchOp, Resource, User};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let anna = service.seed_user(Resource::from(User::new("anna@example.com")));
    /// let id = service.seed_group(Resource::from(Group::new("Engineering")), []);
    /// let patch = PatchOp::add_members([&anna]);
    /// service.handle(&Request::patch(ResourceType::Group, id, patch.clone()), UNIX_EPOCH);
    /// assert_eq!(service.log()[0].patch(), Some(&patch));
    /// ```
    #[must_use]
    pub fn patch(&self) -> Option<&PatchOp> {
        match self.request.as_ref()? {
            Request::Patch { patch, .. } => Some(patch),
            _ => None,
        }
    }

    /// What the service calls the request (`x-amzn-RequestId`).
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The status that was answered; none if the answer was lost.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The fault that was applied to it; none if nothing went wrong on purpose.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }
}

/// The requests that came, the latest ones if there are too many.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    entries: Vec<Logged>,
}

impl Log {
    /// The entries, oldest first.
    pub(crate) fn entries(&self) -> &[Logged] {
        &self.entries
    }

    /// Adds an entry, and drops the older half if there are more than `length`.
    pub(crate) fn push(&mut self, length: usize, entry: Logged) {
        if self.entries.len() >= length {
            let surplus = self.entries.len() - length / 2;
            self.entries.drain(..surplus);
        }
        self.entries.push(entry);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
