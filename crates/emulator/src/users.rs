//! The operations on users (developer guide, `CreateUser`, `GetUser`, `PutUser`, `PatchUser`, limitations).
//!
//! Whatever the operation, what it leaves behind is checked as a whole against the profile and then against everybody else, so that there is one
//! rule for what a user may be and no operation with rules of its own.

use std::time::SystemTime;

use idbridge_scim::protocol::{Body, ResourceType};
use idbridge_scim::{Mode, Object, PatchOp, PatchOperation, Path, Resource, ResourceId, SchemaUri, Schemas, Value};

use crate::refusal::Refusal;
use crate::service::{Answer, Service};
use crate::shape;
use crate::time::date_time;

/// What `PatchUser` changes (developer guide, `PatchUser`); `roles` is not in the list.
const PATCHABLE: [&str; 16] = [
    "userName",
    "active",
    "externalId",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "name",
    "emails",
    "addresses",
    "phoneNumbers",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
];

impl Service {
    /// `CreateUser`: 201 with the user as AWS returns it. What is malformed is refused before what is a duplicate.
    pub(crate) fn create_user(&mut self, resource: &Resource, now: SystemTime) -> Answer {
        let mut received = shape::received(ResourceType::User, resource)?;
        self.complete_user(&mut received);
        self.accept_user(&received, None)?;
        let id = self.next_id();
        let stored = shape::stored(ResourceType::User, &received, &id, &date_time(now), now);
        let shown = shape::shown_user(&stored);
        self.store.put(ResourceType::User, &id, stored);
        Ok((201, Body::Resource(Box::new(shown))))
    }

    /// `GetUser`: the user without what AWS takes and does not return.
    pub(crate) fn get_user(&self, id: &ResourceId) -> Answer {
        let entry = self.store.shelf(ResourceType::User).get(id).ok_or(Refusal::not_found())?;
        Ok((200, Body::Resource(Box::new(shape::shown_user(&entry.resource)))))
    }

    /// Stands the resource in the place of the old one: what it leaves out is gone, as RFC 7644 section 3.5.1 has it and AWS leaves open. The
    /// status is 201, as in AWS's example.
    pub(crate) fn put_user(&mut self, id: &ResourceId, resource: &Resource, now: SystemTime) -> Answer {
        let created = self.created(ResourceType::User, id)?;
        let mut received = shape::received(ResourceType::User, resource)?;
        // AWS's example carries the id; what a client read and sends back carries `meta` as well, which is read-only (RFC 7643 section 3.1).
        if received.attributes_mut().remove("id").is_some_and(|given| given.as_str() != Some(id.as_str())) {
            return Err(Refusal::generic());
        }
        received.attributes_mut().remove("meta");
        self.complete_user(&mut received);
        self.accept_user(&received, Some(id))?;
        Ok((201, self.store_user(id, &received, &created, now)))
    }

    /// `PatchUser`: 200 with the whole user. All operations have their effect or none has, and one that changes nothing leaves
    /// `lastModified` as it is.
    pub(crate) fn patch_user(&mut self, id: &ResourceId, patch: &PatchOp, now: SystemTime) -> Answer {
        let created = self.created(ResourceType::User, id)?;
        let operations = check_operations(patch, id)?;
        let entry = self.store.shelf(ResourceType::User).get(id).ok_or(Refusal::not_found())?;
        let before = shape::given(&entry.resource);
        let mut patched = before.clone();
        let changed = operations.apply(&mut patched, &Schemas::user(), Mode::Strict).map_err(|_| Refusal::generic())?;
        if !changed {
            return Ok((200, Body::Resource(Box::new(shape::shown_user(&entry.resource)))));
        }
        self.accept_user(&patched, Some(id))?;
        Ok((200, self.store_user(id, &patched, &created, now)))
    }

    /// When the resource was created, or that there is none.
    pub(crate) fn created(&self, resource_type: ResourceType, id: &ResourceId) -> Result<String, Refusal> {
        let entry = self.store.shelf(resource_type).get(id).ok_or(Refusal::not_found())?;
        Ok(shape::created(&entry.resource).unwrap_or_default().to_owned())
    }

    /// Gives the user an `active` if it comes without one.
    fn complete_user(&self, user: &mut Resource) {
        if user.get("active").is_none() {
            user.attributes_mut().set("active", self.settings.active_when_omitted);
        }
    }

    /// Whether AWS would hold this user: its attributes first, then its uniqueness; `own` may have its own names.
    fn accept_user(&self, user: &Resource, own: Option<&ResourceId>) -> Result<(), Refusal> {
        Refusal::of_findings(&self.profile.check_user(user), &self.profile.user, &self.profile)?;
        if self.store.shelf(ResourceType::User).clashes(user, own) {
            return Err(Refusal::duplicate());
        }
        Ok(())
    }

    /// Stores the user under its old `id` and `created`, and gives it as AWS returns it.
    fn store_user(&mut self, id: &ResourceId, user: &Resource, created: &str, now: SystemTime) -> Body {
        let stored = shape::stored(ResourceType::User, user, id, created, now);
        let shown = shape::shown_user(&stored);
        self.store.put(ResourceType::User, id, stored);
        Body::Resource(Box::new(shown))
    }
}

/// The operations as they are applied, or why `PatchUser` does not take them.
///
/// Only what a request may say is decided here; what a user may be afterwards is decided on the result.
fn check_operations(patch: &PatchOp, id: &ResourceId) -> Result<PatchOp, Refusal> {
    if patch.operations().is_empty() {
        return Err(Refusal::generic());
    }
    let mut changed_once = Vec::new();
    let mut operations = Vec::new();
    for operation in patch.operations() {
        let operation = shape::active_as_boolean_in(without_id(operation, id)?);
        let name = match operation.path() {
            Some(path) => target(path)?,
            None => only_attribute(&operation)?,
        };
        let is_listed = PATCHABLE.iter().any(|listed| listed.eq_ignore_ascii_case(&name));
        // Developer guide, PatchUser: add and replace must have a value, and null is none (RFC 7643 section 2.5).
        let is_null = operation.value() == Some(&Value::Null);
        if !is_listed || is_null || matches!(operation, PatchOperation::Remove { value: Some(_), .. }) {
            return Err(Refusal::generic());
        }
        // Developer guide, PatchUser: userName and active are not removed, and not changed twice in one request.
        let once = ["userName", "active"].into_iter().find(|once| once.eq_ignore_ascii_case(&name));
        if let Some(once) = once {
            if matches!(operation, PatchOperation::Remove { .. }) || changed_once.contains(&once) {
                return Err(Refusal::generic());
            }
            changed_once.push(once);
        }
        operations.push(operation);
    }
    Ok(PatchOp::new(operations))
}

/// The attribute or the extension that `path` lies in.
fn target(path: &Path) -> Result<String, Refusal> {
    match path.attribute().extension() {
        None => Ok(path.attribute().attribute().as_str().to_owned()),
        Some(schema) if *schema == SchemaUri::ENTERPRISE_USER => Ok(schema.as_str().to_owned()),
        Some(_) => Err(Refusal::generic()),
    }
}

/// The one attribute of an operation without a path.
pub(crate) fn only_attribute(operation: &PatchOperation) -> Result<String, Refusal> {
    let attributes = operation.value().and_then(Value::as_object).ok_or(Refusal::generic())?;
    let mut names = attributes.iter().map(|(name, _)| name.as_str());
    match (names.next(), names.next()) {
        (Some(name), None) => Ok(name.to_owned()),
        _ => Err(Refusal::path_omitted()),
    }
}

/// The operation without an `id` beside its one attribute, which clients in production send and AWS takes; another resource's id is refused.
pub(crate) fn without_id(operation: &PatchOperation, id: &ResourceId) -> Result<PatchOperation, Refusal> {
    let mut operation = operation.clone();
    let (PatchOperation::Add { path: None, value } | PatchOperation::Replace { path: None, value }) = &mut operation else {
        return Ok(operation);
    };
    if let Value::Object(attributes) = value {
        let given = Object::remove(attributes, "id");
        if given.is_some_and(|given| given.as_str() != Some(id.as_str())) {
            return Err(Refusal::generic());
        }
    }
    Ok(operation)
}
