//! The shape of a resource: how it is stored, and how AWS gives it back.
//!
//! What is stored is what was taken, in AWS's order and spelling, with AWS's own attributes in front. What is given back is a little less. Order
//! means nothing in JSON; it is AWS's so that a recorded answer and one of this service can be laid side by side.

use std::time::SystemTime;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Object, PatchOperation, Resource, ResourceId, SchemaUri, Value};

use crate::refusal::Refusal;
use crate::time::date_time;

/// An attribute and its sub-attributes, in the order of AWS's examples.
type Attributes = &'static [(&'static str, &'static [&'static str])];

/// The enterprise extension, which is an attribute of the user by this name (RFC 7643 section 4.3).
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A user, as in the developer guide's answer to `CreateUser`.
const USER: Attributes = &[
    ("userName", &[]),
    ("name", &["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"]),
    ("displayName", &[]),
    ("nickName", &[]),
    ("profileUrl", &[]),
    ("title", &[]),
    ("userType", &[]),
    ("preferredLanguage", &[]),
    ("locale", &[]),
    ("timezone", &[]),
    ("active", &[]),
    ("emails", &["value", "type", "primary"]),
    ("addresses", &["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary"]),
    ("phoneNumbers", &["value", "type", "primary"]),
    ("roles", &["value", "type", "primary"]),
    (ENTERPRISE, &["employeeNumber", "costCenter", "organization", "division", "department", "manager"]),
];

/// A group, as in the developer guide's answer to `CreateGroup`; its members are not in the resource.
const GROUP: Attributes = &[("displayName", &[])];

/// The attributes that belong to the service and not to the client.
const OWN: [&str; 3] = ["id", "meta", "schemas"];

/// `resource` as it is stored: `id`, `externalId`, `meta`, `schemas`, then the attributes in AWS's order and spelling, then any others.
pub(crate) fn stored(resource_type: ResourceType, resource: &Resource, id: &ResourceId, created: &str, modified: SystemTime) -> Resource {
    let mut meta = Object::new();
    meta.set("resourceType", resource_type.to_string());
    meta.set("created", created);
    meta.set("lastModified", date_time(modified));
    let mut schemas = vec![Value::from(resource_type.schema().as_str())];
    if resource.get(ENTERPRISE).is_some() {
        schemas.push(Value::from(ENTERPRISE));
    }
    let mut object = Object::new();
    object.set("id", id.as_str());
    if let Some(external_id) = resource.get("externalId") {
        object.set("externalId", external_id.clone());
    }
    object.set("meta", meta);
    object.set("schemas", Value::Array(schemas));
    let attributes = if resource_type == ResourceType::Group { GROUP } else { USER };
    for (name, parts) in attributes {
        if let Some(value) = resource.get(name) {
            object.set(name, ordered(value, parts));
        }
    }
    for (name, value) in resource.attributes().iter() {
        if object.get(name.as_str()).is_none() {
            object.set(name.as_str(), value.clone());
        }
    }
    Resource::from(object)
}

/// When a stored resource was created: `meta.created`, which outlives every change.
pub(crate) fn created(resource: &Resource) -> Option<&str> {
    resource.get("meta")?.as_object()?.get("created")?.as_str()
}

/// What the client gave of a stored resource: everything but `id`, `meta` and `schemas`.
pub(crate) fn given(resource: &Resource) -> Resource {
    let mut given = resource.clone();
    for name in OWN {
        given.attributes_mut().remove(name);
    }
    given
}

/// A user as AWS gives it back: `profileUrl` and the manager's `$ref` are taken and not returned (developer guide, `CreateUser`).
pub(crate) fn shown_user(stored: &Resource) -> Resource {
    let mut shown = stored.clone();
    let attributes = shown.attributes_mut();
    attributes.remove("profileUrl");
    if let Some(Value::Object(enterprise)) = attributes.get_mut(ENTERPRISE)
        && let Some(Value::Object(manager)) = enterprise.get_mut("manager")
    {
        manager.remove("$ref");
        if manager.is_empty() {
            enterprise.remove("manager");
        }
    }
    shown
}

/// A group in a list as AWS gives it back: with a list of members that is always empty (developer guide, `ListGroups`).
pub(crate) fn listed_group(stored: &Resource) -> Resource {
    let mut shown = stored.clone();
    shown.attributes_mut().set("members", Value::Array(Vec::new()));
    shown
}

/// What a request gives of a resource: without `schemas`, and with `active` as a boolean.
///
/// AWS's own examples leave `schemas` out, so it may be missing; if it is there it must name the core schema and none that AWS does not have.
pub(crate) fn received(resource_type: ResourceType, resource: &Resource) -> Result<Resource, Refusal> {
    let mut received = resource.clone();
    if let Some(schemas) = received.attributes_mut().remove("schemas") {
        let core = resource_type.schema();
        let listed = schemas.as_array().ok_or(Refusal::generic())?;
        let uris: Option<Vec<SchemaUri>> = listed.iter().map(|uri| uri.as_str().map(SchemaUri::from)).collect();
        let uris = uris.ok_or(Refusal::generic())?;
        let is_known = |uri: &SchemaUri| *uri == core || (resource_type == ResourceType::User && *uri == SchemaUri::ENTERPRISE_USER);
        if !uris.contains(&core) || !uris.iter().all(is_known) {
            return Err(Refusal::generic());
        }
    }
    active_as_boolean(&mut received);
    Ok(received)
}

/// Reads `"true"` and `"false"` as booleans: AWS's own example of `PatchUser` sends the text `"false"`.
pub(crate) fn active_as_boolean(resource: &mut Resource) {
    if let Some(active) = resource.attributes_mut().get_mut("active") {
        match active.as_str() {
            Some("true") => *active = Value::Boolean(true),
            Some("false") => *active = Value::Boolean(false),
            _ => {}
        }
    }
}

/// The same for an operation that writes `active`, with its path or without.
pub(crate) fn active_as_boolean_in(mut operation: PatchOperation) -> PatchOperation {
    let (PatchOperation::Add { path, value } | PatchOperation::Replace { path, value }) = &mut operation else {
        return operation;
    };
    let mut written = Object::new();
    match path {
        None => {
            if let Value::Object(attributes) = value {
                written = std::mem::take(attributes);
            }
        }
        Some(path) if path.is_within("active") => written.set("active", std::mem::replace(value, Value::Null)),
        Some(_) => return operation,
    }
    let mut resource = Resource::from(written);
    active_as_boolean(&mut resource);
    let mut written = Object::from(resource);
    *value = match path {
        None => Value::Object(written),
        Some(_) => written.remove("active").unwrap_or(Value::Null),
    };
    operation
}

/// A value with its sub-attributes in the order of `parts`; of a list, every value so.
fn ordered(value: &Value, parts: &[&str]) -> Value {
    match value {
        Value::Object(object) if !parts.is_empty() => {
            let mut sorted = Object::new();
            for part in parts {
                if let Some(value) = object.get(part) {
                    sorted.set(part, value.clone());
                }
            }
            for (name, value) in object.iter() {
                if sorted.get(name.as_str()).is_none() {
                    sorted.set(name.as_str(), value.clone());
                }
            }
            Value::Object(sorted)
        }
        Value::Array(values) => Value::Array(values.iter().map(|value| ordered(value, parts)).collect()),
        other => other.clone(),
    }
}
