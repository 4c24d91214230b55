//! The operations on groups (developer guide, `CreateGroup`, `GetGroup`, `PatchGroup`, limitations).
//!
//! A group's resource has no `members`: they are links in the store, so that no answer can show them by accident.

use std::time::SystemTime;

use idbridge_scim::protocol::{Body, ResourceType};
use idbridge_scim::{Mode, PatchOp, PatchOperation, Path, Resource, ResourceId, Schemas, Value};

use crate::refusal::Refusal;
use crate::service::{Answer, Service};
use crate::shape;
use crate::time::date_time;
use crate::users::{only_attribute, without_id};

impl Service {
    /// `CreateGroup`: 201 with the group, without its members. At most 100 of them come with it, and every one must be a user.
    ///
    /// What is malformed is refused before what is a duplicate, and nothing is stored unless all of it is taken.
    pub(crate) fn create_group(&mut self, resource: &Resource, now: SystemTime) -> Answer {
        let mut received = shape::received(ResourceType::Group, resource)?;
        let members = match received.attributes_mut().remove("members") {
            // An empty list is what AWS's own client, ssosync, sends.
            Some(value) => {
                // CreateGroup does not list 404 among its answers.
                self.read_members(&value).map_err(|_| Refusal::generic())?
            }
            None => Vec::new(),
        };
        if members.len() > self.profile.members_per_request {
            return Err(Refusal::generic());
        }
        self.accept_group(&received, None)?;
        let id = self.next_id();
        let stored = shape::stored(ResourceType::Group, &received, &id, &date_time(now), now);
        self.store.put(ResourceType::Group, &id, stored.clone());
        for member in &members {
            self.store.link(&id, member);
        }
        Ok((201, Body::Resource(Box::new(stored))))
    }

    /// `GetGroup`: the group without so much as the name `members` (developer guide, "cannot be read in a response").
    pub(crate) fn get_group(&self, id: &ResourceId) -> Answer {
        let entry = self.store.shelf(ResourceType::Group).get(id).ok_or(Refusal::not_found())?;
        Ok((200, Body::Resource(Box::new(entry.resource.clone()))))
    }

    /// `PatchGroup`: 204. At most 100 memberships begin and end in one request, counted as they are named and not as they change.
    ///
    /// To add who is there already changes nothing (inferred from clients that do it); to remove a user who is no member is taken the same way
    /// (open). A new name that another group has is a duplicate, although 409 is not among the answers that AWS lists (inferred).
    pub(crate) fn patch_group(&mut self, id: &ResourceId, patch: &PatchOp, now: SystemTime) -> Answer {
        let created = self.created(ResourceType::Group, id)?;
        let Changes { attributes, memberships } = self.read_changes(patch, id)?;
        if memberships.len() > self.profile.members_per_request {
            return Err(Refusal::generic());
        }
        let entry = self.store.shelf(ResourceType::Group).get(id).ok_or(Refusal::not_found())?;
        let before = shape::given(&entry.resource);
        let mut patched = before.clone();
        attributes.apply(&mut patched, &Schemas::group(), Mode::Strict).map_err(|_| Refusal::generic())?;
        if patched != before {
            self.accept_group(&patched, Some(id))?;
        }
        // Nothing is refused from here on, so that a request has its whole effect or none.
        let mut changed = patched != before;
        for membership in &memberships {
            changed |= match membership {
                Membership::Begins(user) => self.store.link(id, user),
                Membership::Ends(user) => self.store.unlink(id, user),
            };
        }
        if changed {
            let stored = shape::stored(ResourceType::Group, &patched, id, &created, now);
            self.store.put(ResourceType::Group, id, stored);
        }
        Ok((204, Body::Empty))
    }

    /// Whether AWS would hold this group: its attributes first, then its uniqueness; `own` may have its own names.
    fn accept_group(&self, group: &Resource, own: Option<&ResourceId>) -> Result<(), Refusal> {
        Refusal::of_findings(&self.profile.check_group(group), &self.profile.group, &self.profile)?;
        if self.store.shelf(ResourceType::Group).clashes(group, own) {
            return Err(Refusal::duplicate());
        }
        Ok(())
    }

    /// Sorts the operations into what changes attributes and what changes memberships, and refuses any other.
    fn read_changes(&self, patch: &PatchOp, id: &ResourceId) -> Result<Changes, Refusal> {
        if patch.operations().is_empty() {
            return Err(Refusal::generic());
        }
        let mut attributes = Vec::new();
        let mut memberships = Vec::new();
        for operation in patch.operations() {
            let operation = without_id(operation, id)?;
            let name = match operation.path() {
                Some(path) => whole_attribute(path)?,
                None => only_attribute(&operation)?,
            };
            if name.eq_ignore_ascii_case("members") {
                self.read_memberships(&operation, &mut memberships)?;
            } else if ["displayName", "externalId"].iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                let is_null = operation.value() == Some(&Value::Null);
                if is_null || matches!(operation, PatchOperation::Remove { value: Some(_), .. }) {
                    return Err(Refusal::generic());
                }
                attributes.push(operation);
            } else {
                return Err(Refusal::generic());
            }
        }
        Ok(Changes { attributes: PatchOp::new(attributes), memberships })
    }

    /// Developer guide, `PatchGroup`: members are added and removed as a list of values; they are not replaced, and not removed all at once.
    fn read_memberships(&self, operation: &PatchOperation, memberships: &mut Vec<Membership>) -> Result<(), Refusal> {
        let (value, change): (_, fn(ResourceId) -> Membership) = match operation {
            PatchOperation::Add { path: Some(_), value } => (value, Membership::Begins),
            PatchOperation::Add { path: None, value } => {
                let members = value.as_object().and_then(|attributes| attributes.get("members"));
                (members.ok_or(Refusal::generic())?, Membership::Begins)
            }
            PatchOperation::Remove { value: Some(value), .. } => (value, Membership::Ends),
            PatchOperation::Remove { value: None, .. } => return Err(Refusal::generic()),
            PatchOperation::Replace { .. } => return Err(Refusal::replacing_members()),
        };
        let users = self.read_members(value)?;
        if users.is_empty() {
            return Err(Refusal::generic());
        }
        memberships.extend(users.into_iter().map(change));
        Ok(())
    }
}

/// What a PATCH changes of a group.
struct Changes {
    /// The operations on `displayName` and `externalId`.
    attributes: PatchOp,
    /// What the operations on `members` come to, in their order.
    memberships: Vec<Membership>,
}

/// A membership that begins or ends.
enum Membership {
    /// This user comes in.
    Begins(ResourceId),
    /// This user goes out.
    Ends(ResourceId),
}

/// The attribute that `path` names as a whole; AWS documents no path into the attributes of a group.
fn whole_attribute(path: &Path) -> Result<String, Refusal> {
    let is_whole = path.attribute().extension().is_none() && path.sub_attribute().is_none() && path.value_filter().is_none();
    if is_whole { Ok(path.attribute().attribute().as_str().to_owned()) } else { Err(Refusal::generic()) }
}
