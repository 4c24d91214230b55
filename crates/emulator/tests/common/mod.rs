//! What the tests of the service have in common.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod idp;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_emulator::{Service, Settings};
use idbridge_scim::protocol::{ListQuery, Reply, Request, ResourceType};
use idbridge_scim::{Filter, Mode, PatchOp, Resource, ResourceId};

/// The text of a 400 that AWS has no finer text for.
pub(crate) const GENERIC: &str = "Request is unparsable, syntactically incorrect, or violates schema.";
/// The text of every 409.
pub(crate) const DUPLICATE: &str = "Refused to create a new, duplicate resource.";

/// 2026-03-01T12:00:00Z.
pub(crate) fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_772_366_400)
}

/// A service that never throttles and gives full pages.
pub(crate) fn service() -> Service {
    Service::new(Settings::unhurried())
}

pub(crate) fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// A user that AWS takes, with every unique attribute made from `name`.
pub(crate) fn user(name: &str) -> Resource {
    resource(&format!(
        r#"{{"externalId":"ext-{name}","userName":"{name}@example.com","name":{{"givenName":"Given","familyName":"Family"}},
            "displayName":"Given Family","emails":[{{"value":"{name}@example.com","type":"work","primary":true}}],"active":true}}"#
    ))
}

/// The same user with the attribute `name` set to the JSON `value`.
pub(crate) fn user_with(name: &str, value: &str) -> Resource {
    let mut user = user("anna");
    let holder = resource(&format!(r#"{{"value":{value}}}"#));
    user.attributes_mut().set(name, holder.get("value").unwrap().clone());
    user
}

pub(crate) fn group(name: &str) -> Resource {
    resource(&format!(r#"{{"externalId":"ext-{name}","displayName":"{name}"}}"#))
}

pub(crate) fn create(service: &mut Service, resource_type: ResourceType, resource: Resource) -> Reply {
    service.handle(&Request::create(resource_type, resource), noon())
}

pub(crate) fn create_user(service: &mut Service, resource: Resource) -> Reply {
    create(service, ResourceType::User, resource)
}

pub(crate) fn create_group(service: &mut Service, resource: Resource) -> Reply {
    create(service, ResourceType::Group, resource)
}

/// Creates and gives the id.
pub(crate) fn created(reply: &Reply) -> ResourceId {
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.resource().unwrap().id().unwrap()
}

pub(crate) fn patch(service: &mut Service, resource_type: ResourceType, id: &ResourceId, operations: &str) -> Reply {
    let patch = PatchOp::from_json(format!(r#"{{"Operations":{operations}}}"#).as_bytes(), Mode::Lenient).unwrap();
    service.handle(&Request::patch(resource_type, id.clone(), patch), noon())
}

pub(crate) fn patch_user(service: &mut Service, id: &ResourceId, operations: &str) -> Reply {
    patch(service, ResourceType::User, id, operations)
}

pub(crate) fn patch_group(service: &mut Service, id: &ResourceId, operations: &str) -> Reply {
    patch(service, ResourceType::Group, id, operations)
}

pub(crate) fn read(service: &mut Service, resource_type: ResourceType, id: &ResourceId) -> Reply {
    service.handle(&Request::read(resource_type, id.clone()), noon())
}

pub(crate) fn delete(service: &mut Service, resource_type: ResourceType, id: &ResourceId) -> Reply {
    service.handle(&Request::delete(resource_type, id.clone()), noon())
}

pub(crate) fn list(service: &mut Service, resource_type: ResourceType, query: ListQuery) -> Reply {
    service.handle(&Request::list(resource_type, query), noon())
}

/// Lists by a filter, without a cursor.
pub(crate) fn filtered(service: &mut Service, resource_type: ResourceType, filter: &str) -> Reply {
    let filter: Filter = filter.parse().unwrap();
    list(service, resource_type, ListQuery::filtered(filter))
}

/// The ids of a page.
pub(crate) fn ids(reply: &Reply) -> Vec<ResourceId> {
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.list().unwrap().resources().iter().map(|resource| resource.id().unwrap()).collect()
}

pub(crate) fn unknown() -> ResourceId {
    ResourceId::new("00000000-0000-0000-0000-000000000000").unwrap()
}

/// Asserts a 400 with the generic text.
#[track_caller]
pub(crate) fn assert_refused(reply: &Reply) {
    assert_eq!((reply.status, reply.detail()), (400, Some(GENERIC)), "{reply:?}");
}
