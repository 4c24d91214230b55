//! Operations on groups, as the developer guide of AWS IAM Identity Center's SCIM service describes them.

#[cfg(test)]
mod common;

use std::collections::BTreeSet;

use common::{
    DUPLICATE, GENERIC, assert_refused, create_group, created, delete, group, noon, patch_group, read, resource, service, unknown, user,
};
use idbridge_emulator::{Service, Settings};
use idbridge_scim::protocol::{Body, Request, ResourceType};
use idbridge_scim::{PatchOp, ResourceId};

fn seed_users(service: &mut Service, count: usize) -> Vec<ResourceId> {
    (0..count).map(|number| service.seed_user(user(&format!("user{number}")))).collect()
}

fn with_members(name: &str, members: &[ResourceId]) -> idbridge_scim::Resource {
    let listed: Vec<String> = members.iter().map(|id| format!(r#"{{"value":"{id}","type":"User","$ref":"../Users/{id}"}}"#)).collect();
    resource(&format!(r#"{{"displayName":"{name}","members":[{}]}}"#, listed.join(",")))
}

fn send(service: &mut Service, id: &ResourceId, patch: PatchOp) -> idbridge_scim::protocol::Reply {
    service.handle(&Request::patch(ResourceType::Group, id.clone(), patch), noon())
}

/// Developer guide, `CreateGroup` and `GetGroup`: members are taken and never returned.
#[test]
fn create_takes_members_and_returns_none() {
    let mut service = service();
    let users = seed_users(&mut service, 2);
    let reply = create_group(&mut service, with_members("Tools", &users));
    let id = created(&reply);
    assert_eq!(
        reply.resource().unwrap().to_json(),
        format!(
            concat!(
                r#"{{"id":"{}","meta":{{"resourceType":"Group","created":"2026-03-01T12:00:00Z","lastModified":"2026-03-01T12:00:00Z"}},"#,
                r#""schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Tools"}}"#
            ),
            id
        )
    );
    assert_eq!(service.members(&id), users.into_iter().collect());
    assert_eq!(read(&mut service, ResourceType::Group, &id).resource().unwrap().get("members"), None);
}

/// AWS's own client, ssosync, creates groups with an empty list of members.
#[test]
fn create_takes_an_empty_list_of_members() {
    let mut service = service();
    created(&create_group(&mut service, with_members("Tools", &[])));
}

/// Developer guide, `CreateGroup`: at most 100 members; user guide: users only.
#[test]
fn create_with_members_that_aws_does_not_take_is_refused() {
    let mut service = service();
    let users = seed_users(&mut service, 101);
    assert_refused(&create_group(&mut service, with_members("Tools", &users)));
    assert_refused(&create_group(&mut service, with_members("Tools", &[unknown()])));
    let nested = service.seed_group(group("Nested"), []);
    assert_refused(&create_group(&mut service, with_members("Tools", &[nested])));
    let typed = resource(&format!(r#"{{"displayName":"Tools","members":[{{"value":"{}","type":"Group"}}]}}"#, users[0]));
    assert_refused(&create_group(&mut service, typed));
    let displayed = resource(&format!(r#"{{"displayName":"Tools","members":[{{"value":"{}","display":"A"}}]}}"#, users[0]));
    assert_refused(&create_group(&mut service, displayed));
    created(&create_group(&mut service, with_members("Tools", &users[..100])));
}

/// Developer guide, limitations; Identity Store model.
#[test]
fn create_with_attributes_that_aws_does_not_take_is_refused() {
    let mut service = service();
    for body in [
        r#"{"externalId":"1"}"#,
        r#"{"displayName":"Tools","description":"x"}"#,
        r#"{"displayName":"Ops: EU"}"#,
        r#"{"displayName":"Administrator"}"#,
        r#"{"displayName":null}"#,
        r#"{"displayName":"Tools","members":null}"#,
        r#"{"displayName":"Tools","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}"#,
    ] {
        assert_refused(&create_group(&mut service, resource(body)));
    }
}

/// User guide, SCIM logging (`Duplicate GroupDisplayName`) and re:Post: displayName and externalId are unique.
#[test]
fn a_duplicate_is_refused_without_regard_to_case() {
    let mut service = service();
    created(&create_group(&mut service, group("Tools")));
    for body in [r#"{"displayName":"TOOLS"}"#, r#"{"displayName":"Other","externalId":"EXT-Tools"}"#] {
        let reply = create_group(&mut service, resource(body));
        assert_eq!((reply.status, reply.detail()), (409, Some(DUPLICATE)));
    }
    // Users have externalIds of their own.
    let mut other = user("anna");
    other.attributes_mut().set("externalId", "ext-Tools");
    created(&common::create_user(&mut service, other));
}

/// Developer guide, `PatchGroup`: 204 without a body; a list of values is added and removed, twice the same is harmless.
#[test]
fn patch_adds_and_removes_members() {
    let mut service = service();
    let users = seed_users(&mut service, 3);
    let id = service.seed_group(group("Tools"), [&users[0]]);
    let reply = send(&mut service, &id, PatchOp::add_members(&users));
    assert_eq!((reply.status, &reply.body), (204, &Body::Empty));
    assert_eq!(service.members(&id).len(), 3);
    assert_eq!(send(&mut service, &id, PatchOp::remove_members(&users[1..])).status, 204);
    assert_eq!(send(&mut service, &id, PatchOp::remove_members(&users[1..])).status, 204);
    assert_eq!(service.members(&id), BTreeSet::from([users[0].clone()]));
    assert_eq!(service.memberships(&users[0]), BTreeSet::from([id.clone()]));
    assert!(service.memberships(&users[1]).is_empty());
}

/// Developer guide, `PatchGroup`: at most 100 membership changes in a request, with the generic text (recorded 2022).
#[test]
fn patch_of_more_than_100_members_is_refused_whole() {
    let mut service = service();
    let users = seed_users(&mut service, 101);
    let id = service.seed_group(group("Tools"), []);
    assert_refused(&send(&mut service, &id, PatchOp::add_members(&users)));
    let both = [PatchOp::add_members(&users[..60]), PatchOp::remove_members(&users[60..])];
    let operations = both.iter().flat_map(|patch| patch.operations().to_vec()).collect();
    assert_refused(&send(&mut service, &id, PatchOp::new(operations)));
    assert!(service.members(&id).is_empty());
    assert_eq!(send(&mut service, &id, PatchOp::add_members(&users[..100])).status, 204);
}

/// Developer guide, `PatchGroup`: members are not replaced, not removed all at once, and an empty list is nothing to send.
#[test]
fn patch_that_replaces_or_removes_all_members_is_refused() {
    let mut service = service();
    let users = seed_users(&mut service, 1);
    let id = service.seed_group(group("Tools"), &users);
    let value = format!(r#"[{{"value":"{}"}}]"#, users[0]);
    let replacing = [
        format!(r#"[{{"op":"replace","path":"members","value":{value}}}]"#),
        r#"[{"op":"replace","path":"members","value":[]}]"#.to_owned(),
        format!(r#"[{{"op":"replace","value":{{"members":{value}}}}}]"#),
    ];
    for operations in replacing {
        let reply = patch_group(&mut service, &id, &operations);
        assert_eq!((reply.status, reply.detail()), (400, Some("Replacing group memberships is not supported.")));
    }
    let refused = [
        r#"[{"op":"remove","path":"members"}]"#.to_owned(),
        r#"[{"op":"remove","path":"members","value":[]}]"#.to_owned(),
        r#"[{"op":"add","path":"members","value":[]}]"#.to_owned(),
        r#"[{"op":"add","path":"members","value":{"value":"x"}}]"#.to_owned(),
        format!(r#"[{{"op":"remove","path":"members[value eq \"{}\"]"}}]"#, users[0]),
        format!(r#"[{{"op":"remove","path":"members.value","value":{value}}}]"#),
    ];
    for operations in refused {
        assert_refused(&patch_group(&mut service, &id, &operations));
    }
    assert_eq!(service.members(&id).len(), 1);
}

/// Not documented: the status of a PATCH that names an unknown user is a switch; the request has no effect either way.
#[test]
fn patch_with_an_unknown_member_is_refused_whole() {
    for (is_not_found, status) in [(false, 400), (true, 404)] {
        let mut settings = Settings::unhurried();
        settings.unknown_member_is_not_found = is_not_found;
        let mut service = Service::new(settings);
        let known = service.seed_user(user("anna"));
        let id = service.seed_group(group("Tools"), []);
        assert_eq!(send(&mut service, &id, PatchOp::add_members([&known, &unknown()])).status, status);
        assert_eq!(send(&mut service, &id, PatchOp::remove_members([&unknown()])).status, status);
        assert!(service.members(&id).is_empty());
        assert_eq!(create_group(&mut service, with_members("Other", &[unknown()])).status, 400);
    }
}

/// ssosync, Terraform provider and authentik: displayName and externalId replaced in one request. The id and the members stay.
#[test]
fn patch_renames() {
    let mut service = service();
    let users = seed_users(&mut service, 1);
    let id = service.seed_group(group("Tools"), &users);
    let operations = r#"[{"op":"replace","path":"displayName","value":"Instruments"},{"op":"replace","path":"externalId","value":"9"}]"#;
    assert_eq!(patch_group(&mut service, &id, operations).status, 204);
    let held = service.group(&id).unwrap();
    assert_eq!((held.text("displayName"), held.text("externalId")), (Some("Instruments"), Some("9")));
    assert_eq!(service.members(&id).len(), 1);
    created(&create_group(&mut service, group("Tools")));
    let reply = patch_group(&mut service, &id, r#"[{"op":"replace","path":"displayName","value":"tools"}]"#);
    assert_eq!((reply.status, reply.detail()), (409, Some(DUPLICATE)));
    assert_eq!(patch_group(&mut service, &id, r#"[{"op":"replace","path":"displayName","value":"INSTRUMENTS"}]"#).status, 204);
}

/// idp-scim-sync sends one attribute and the id without a path; a whole resource is refused (recorded 2024).
#[test]
fn patch_without_a_path_takes_one_attribute() {
    let mut service = service();
    let users = seed_users(&mut service, 1);
    let id = service.seed_group(group("Tools"), []);
    let one = format!(r#"[{{"op":"replace","value":{{"id":"{id}","externalId":"9"}}}}]"#);
    assert_eq!(patch_group(&mut service, &id, &one).status, 204);
    let members = format!(r#"[{{"op":"add","value":{{"members":[{{"value":"{}"}}]}}}}]"#, users[0]);
    assert_eq!(patch_group(&mut service, &id, &members).status, 204);
    assert_eq!(service.members(&id).len(), 1);
    let whole = format!(r#"[{{"op":"replace","value":{{"id":"{id}","displayName":"Tools","externalId":"9"}}}}]"#);
    let reply = patch_group(&mut service, &id, &whole);
    assert!(reply.status == 400 && reply.detail().unwrap().starts_with("Current PATCH support allows omitting \"path\""), "{reply:?}");
}

/// Developer guide, `PatchGroup`: nothing but displayName, members and externalId; displayName stays.
#[test]
fn patch_of_another_attribute_is_refused() {
    let mut service = service();
    let id = service.seed_group(group("Tools"), []);
    for operations in [
        r#"[{"op":"replace","path":"description","value":"x"}]"#,
        r#"[{"op":"replace","path":"id","value":"x"}]"#,
        r#"[{"op":"replace","value":{"id":"another","displayName":"x"}}]"#,
        r#"[{"op":"remove","path":"displayName"}]"#,
        r#"[{"op":"replace","path":"displayName","value":"Ops: EU"}]"#,
        "[]",
    ] {
        assert_refused(&patch_group(&mut service, &id, operations));
    }
    assert_eq!(patch_group(&mut service, &id, r#"[{"op":"remove","path":"externalId"}]"#).status, 204);
}

/// Developer guide, limitations: there is no `PutGroup`.
#[test]
fn put_is_refused() {
    let mut service = service();
    let id = service.seed_group(group("Tools"), []);
    let request = Request::replace(ResourceType::Group, id, group("Other"));
    let reply = service.handle(&request, noon());
    assert_eq!((reply.status, reply.detail()), (400, Some(GENERIC)));
}

/// Developer guide, `DeleteGroup`: 204; the users stay, without the membership.
#[test]
fn delete_leaves_the_users() {
    let mut service = service();
    let users = seed_users(&mut service, 1);
    let id = service.seed_group(group("Tools"), &users);
    assert_eq!(delete(&mut service, ResourceType::Group, &id).status, 204);
    assert_eq!(delete(&mut service, ResourceType::Group, &id).status, 404);
    assert_eq!(read(&mut service, ResourceType::Group, &id).status, 404);
    assert_eq!(patch_group(&mut service, &id, r#"[{"op":"replace","path":"displayName","value":"x"}]"#).status, 404);
    assert_eq!(service.users().count(), 1);
    assert!(service.memberships(&users[0]).is_empty());
}

/// Seeding stands for what an administrator did.
#[test]
fn members_change_behind_the_services_back() {
    let mut service = service();
    let users = seed_users(&mut service, 2);
    let id = service.seed_group(with_members("Tools", &users), [&users[0], &unknown()]);
    assert_eq!(service.members(&id), BTreeSet::from([users[0].clone()]));
    assert!(service.add_member(&id, &users[1]) && !service.add_member(&id, &users[1]));
    assert!(service.remove_member(&id, &users[0]) && !service.remove_member(&id, &users[0]));
    assert!(service.edit_group(&id, |group| group.attributes_mut().set("displayName", "Renamed")));
    assert_eq!(service.groups().next().unwrap().text("displayName"), Some("Renamed"));
    assert_eq!(service.members(&id), BTreeSet::from([users[1].clone()]));
    assert!(service.remove_group(&id) && service.memberships(&users[1]).is_empty());
}
