//! Filters of lists: the documented combinations and no others.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

#[cfg(test)]
mod common;

use common::{filtered, group, ids, list, service, unknown, user};
use idbridge_emulator::{Service, Settings};
use idbridge_scim::protocol::{ListQuery, ResourceType};
use idbridge_scim::{Filter, ResourceId};

/// Anna manages Berta; both are in Tools, Anna alone in Admins.
struct Directory {
    service: Service,
    anna: ResourceId,
    berta: ResourceId,
    tools: ResourceId,
    admins: ResourceId,
}

fn directory(settings: Settings) -> Directory {
    let mut service = Service::new(settings);
    let anna = service.seed_user(user("anna"));
    let mut managed = user("berta");
    let extension = format!(r#"{{"value":{{"manager":{{"value":"{anna}"}}}}}}"#);
    let extension = common::resource(&extension).get("value").unwrap().clone();
    managed.attributes_mut().set("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", extension);
    let berta = service.seed_user(managed);
    let tools = service.seed_group(group("Tools"), [&anna, &berta]);
    let admins = service.seed_group(group("Admins"), [&anna]);
    Directory { service, anna, berta, tools, admins }
}

fn sorted(mut ids: Vec<ResourceId>) -> Vec<ResourceId> {
    ids.sort();
    ids
}

/// Developer guide, `ListUsers`: userName, externalId, id, id and manager in either order.
#[test]
fn users_by_the_documented_filters() {
    let Directory { mut service, anna, berta, .. } = directory(Settings::unhurried());
    let cases = [
        (r#"userName eq "anna@example.com""#.to_owned(), vec![anna.clone()]),
        (r#"USERNAME EQ "ANNA@example.com""#.to_owned(), vec![anna.clone()]),
        (r#"externalId eq "ext-berta""#.to_owned(), vec![berta.clone()]),
        (format!(r#"id eq "{anna}""#), vec![anna.clone()]),
        (format!(r#"id eq "{berta}" and manager eq "{anna}""#), vec![berta.clone()]),
        (format!(r#"manager eq "{anna}" and id eq "{berta}""#), vec![berta]),
        (format!(r#"id eq "{anna}" and manager eq "{anna}""#), vec![]),
        (r#"userName eq "nobody""#.to_owned(), vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&filtered(&mut service, ResourceType::User, &filter)), expected, "{filter}");
    }
}

/// Developer guide, `ListGroups`: displayName, externalId, id and members in either order.
#[test]
fn groups_by_the_documented_filters() {
    let Directory { mut service, berta, tools, admins, .. } = directory(Settings::unhurried());
    let cases = [
        (r#"displayName eq "TOOLS""#.to_owned(), vec![tools.clone()]),
        (r#"externalId eq "ext-Admins""#.to_owned(), vec![admins.clone()]),
        (format!(r#"id eq "{tools}" and members eq "{berta}""#), vec![tools.clone()]),
        (format!(r#"members eq "{berta}" and id eq "{admins}""#), vec![]),
        (format!(r#"id eq "{}" and members eq "{berta}""#, unknown()), vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&filtered(&mut service, ResourceType::Group, &filter)), expected, "{filter}");
    }
}

/// Developer guide, text of 2025: the members of a group and the groups of a user; no list shows members.
#[test]
fn memberships_are_read_by_filter() {
    let Directory { mut service, anna, berta, tools, admins } = directory(Settings::unhurried());
    let members = list(&mut service, ResourceType::User, ListQuery::filtered(Filter::members_of(&tools)));
    assert_eq!(ids(&members), sorted(vec![anna.clone(), berta]));
    let groups = list(&mut service, ResourceType::Group, ListQuery::filtered(Filter::groups_of(&anna)));
    assert_eq!(ids(&groups), sorted(vec![tools, admins]));
    for group in groups.list().unwrap().resources() {
        assert_eq!(group.get("members").and_then(|members| members.as_array()).map(<[_]>::len), Some(0));
    }
    assert!(ids(&list(&mut service, ResourceType::User, ListQuery::filtered(Filter::members_of(&unknown())))).is_empty());
}

/// Developer guide, `ListGroups`: 404 for "filter querying with a nonexisting member".
#[test]
fn a_filter_with_an_unknown_member_is_answered_404() {
    let Directory { mut service, tools, .. } = directory(Settings::unhurried());
    for filter in [Filter::groups_of(&unknown()), Filter::membership(&tools, &unknown())] {
        assert_eq!(list(&mut service, ResourceType::Group, ListQuery::filtered(filter)).status, 404);
    }
}

/// Developer guide, limitations, and user guide, SCIM logging: any other filter is "Invalid Filter format".
#[test]
fn any_other_filter_is_refused() {
    let Directory { mut service, .. } = directory(Settings::unhurried());
    let users = [
        r#"emails eq "a""#,
        r#"emails.value eq "a""#,
        r#"displayName eq "a""#,
        "active eq true",
        r#"meta.created eq "a""#,
        r#"manager eq "a""#,
        r#"userName eq "a" and externalId eq "b""#,
        r#"id eq "a" and id eq "b""#,
        r#"userName eq "a" and userName eq "a""#,
        "userName eq null",
        r#"members.value eq "a""#,
        r#"groups eq "a""#,
    ];
    let groups = [
        r#"id eq "a""#,
        r#"members eq "a""#,
        r#"userName eq "a""#,
        r#"displayName eq "a" and externalId eq "b""#,
        r#"groups.value eq "a""#,
        r#"id eq "a" and members.value eq "b""#,
    ];
    let users = users.into_iter().map(|filter| (ResourceType::User, filter));
    for (resource_type, filter) in users.chain(groups.into_iter().map(|filter| (ResourceType::Group, filter))) {
        let reply = filtered(&mut service, resource_type, filter);
        assert_eq!((reply.status, reply.detail()), (400, Some("Invalid Filter format")), "{filter}");
    }
}

/// The text of the developer guide before late 2025 has no membership filters; the point check is there in both.
#[test]
fn membership_filters_are_a_switch() {
    let mut settings = Settings::before_cursors();
    settings.throttle = None;
    let Directory { mut service, anna, tools, .. } = directory(settings);
    assert_eq!(list(&mut service, ResourceType::User, ListQuery::filtered(Filter::members_of(&tools))).status, 400);
    assert_eq!(list(&mut service, ResourceType::Group, ListQuery::filtered(Filter::groups_of(&anna))).status, 400);
    assert_eq!(ids(&list(&mut service, ResourceType::Group, ListQuery::filtered(Filter::membership(&tools, &anna)))), [tools]);
}

/// Not documented: whether `eq` regards case is a switch.
#[test]
fn case_in_filters_is_a_switch() {
    let mut settings = Settings::unhurried();
    settings.case_sensitive_filters = true;
    let Directory { mut service, anna, .. } = directory(settings);
    assert!(ids(&filtered(&mut service, ResourceType::User, r#"userName eq "Anna@example.com""#)).is_empty());
    assert_eq!(ids(&filtered(&mut service, ResourceType::User, r#"userName eq "anna@example.com""#)), [anna]);
}

/// RFC 7644 section 3.4.2.2: values are JSON strings; a quotation mark in one is escaped.
#[test]
fn values_with_quotation_marks_are_found() {
    let mut service = service();
    let id = service.seed_group(group("Plain"), []);
    service.edit_group(&id, |group| group.attributes_mut().set("displayName", r#"The "A" \ Team"#));
    let filter = Filter::display_name(r#"The "A" \ Team"#);
    assert_eq!(ids(&list(&mut service, ResourceType::Group, ListQuery::filtered(filter))), [id]);
}
