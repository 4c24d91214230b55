//! What a link remembers of a resource.

use std::collections::BTreeSet;

use idbridge_scim::{AttrPath, Resource, ResourceId};

use crate::key::UserKey;
use crate::observed::name_of;
use crate::state::{Digest, GroupLink, UserLink};
use idbridge_scim::protocol::ResourceType;

/// The managed attributes of a resource.
pub(crate) fn managed(resource: &Resource, paths: &[AttrPath]) -> Resource {
    resource.project(paths)
}

/// The link to a user that holds `sent`; what `sent` does not say is as it was in `before`.
pub(crate) fn user_link(id: ResourceId, sent: &Resource, before: Option<&UserLink>) -> UserLink {
    let user_name: Box<str> = match (name_of(ResourceType::User, sent), before) {
        (Some(name), _) => name.into(),
        (None, Some(before)) => before.user_name.clone(),
        (None, None) => "".into(),
    };
    let email = match (sent.primary_value("emails"), before) {
        (Some(email), _) => Some(Box::<str>::from(email)),
        (None, Some(before)) => before.email.clone(),
        (None, None) => None,
    };
    let active = match (sent.get("active").and_then(idbridge_scim::Value::as_bool), before) {
        (Some(active), _) => active,
        (None, Some(before)) => before.active,
        (None, None) => true,
    };
    let email = email.filter(|email| *email != user_name);
    UserLink { id, user_name, email, active, digest: Digest::of(sent) }
}

/// The link to a group that holds `sent` and these members.
pub(crate) fn group_link(id: ResourceId, sent: &Resource, members: BTreeSet<UserKey>, members_known: bool) -> GroupLink {
    let display_name = name_of(ResourceType::Group, sent).unwrap_or_default().into();
    GroupLink { id, display_name, digest: Digest::of(sent), released: false, members_known, unmanaged_members: false, members }
}
