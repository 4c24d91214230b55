//! What a test asks of the service and of what is remembered.

use std::collections::BTreeSet;

use idbridge_planner::{GroupKey, UserKey};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{PatchOp, Resource, ResourceId, Value};

use crate::common::World;

impl World {
    /// The service's user with this userName.
    pub(crate) fn there(&self, user_name: &str) -> Option<&Resource> {
        self.service.users().find(|user| user.text("userName") == Some(user_name))
    }

    pub(crate) fn id_of(&self, user_name: &str) -> ResourceId {
        self.there(user_name).and_then(Resource::id).unwrap()
    }

    pub(crate) fn group_there(&self, name: &str) -> Option<&Resource> {
        self.service.groups().find(|group| group.text("displayName") == Some(name))
    }

    pub(crate) fn group_id(&self, name: &str) -> ResourceId {
        self.group_there(name).and_then(Resource::id).unwrap()
    }

    /// The userNames of a group's members at the service.
    pub(crate) fn members(&self, group: &str) -> BTreeSet<String> {
        let ids = self.service.members(&self.group_id(group));
        ids.iter().filter_map(|id| self.service.user(id)).filter_map(|user| user.text("userName")).map(ToOwned::to_owned).collect()
    }

    pub(crate) fn is_active(&self, user_name: &str) -> bool {
        self.there(user_name).and_then(|user| user.get("active")).and_then(Value::as_bool).unwrap()
    }

    /// The service's users by userName, in order.
    pub(crate) fn everybody(&self) -> Vec<String> {
        let mut names: Vec<String> = self.service.users().filter_map(|user| user.text("userName")).map(ToOwned::to_owned).collect();
        names.sort();
        names
    }

    /// The service's groups by name, in order.
    pub(crate) fn every_group(&self) -> Vec<String> {
        let mut names: Vec<String> = self.service.groups().filter_map(|group| group.text("displayName")).map(ToOwned::to_owned).collect();
        names.sort();
        names
    }

    /// The bodies of the creates of this type that reached the service, as JSON, oldest first.
    pub(crate) fn created(&self, resource_type: ResourceType) -> Vec<String> {
        let created = self.service.log().iter().filter_map(|logged| match logged.request() {
            Some(Request::Create { resource_type: found, resource, .. }) if *found == resource_type => Some(resource.to_json()),
            _ => None,
        });
        created.collect()
    }

    /// The bodies of the PATCH requests that reached the service, as JSON, oldest first.
    pub(crate) fn patches(&self) -> Vec<String> {
        self.service.log().iter().filter_map(|logged| logged.patch().map(PatchOp::to_json)).collect()
    }

    /// Whether any write that reached the service named this object.
    pub(crate) fn was_written(&self, id: &ResourceId) -> bool {
        self.service.log().iter().any(|logged| {
            let is_it = logged.id() == Some(id);
            let names_it = logged.patch().is_some_and(|patch| patch.to_json().contains(id.as_str()));
            logged.method() != "GET" && (is_it || names_it)
        })
    }

    pub(crate) fn link(&self, id: &str) -> Option<ResourceId> {
        self.state.user(&UserKey::from(id)).map(|link| link.id.clone())
    }

    pub(crate) fn group_link(&self, id: &str) -> Option<ResourceId> {
        self.state.group(&GroupKey::from(id)).map(|link| link.id.clone())
    }
}
