//! What is kept between two requests, in memory alone.

use std::time::SystemTime;

use idbridge_mapping::directory::DirectoryId;
use idbridge_saml::ReceivedRequest;

/// Somebody who logged in.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) person: DirectoryId,
    /// What the person is called on the pages.
    pub(super) label: String,
    pub(super) authenticated_at: SystemTime,
    /// What the forms of this session carry, so that no other site can post them.
    pub(super) form_token: String,
}

/// A service provider's request that waits for a person.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) received: ReceivedRequest,
    /// The session that began for this request. One that was there before is not enough where the service provider wants a new one.
    pub(super) logged_in: Option<String>,
}
