//! GM-02 and GM-27 to GM-31: the switch "Enable management of User Groups and Group Membership", on, off and on again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Synced, World};
use idbridge_planner::GroupManagement;

const NOTHING: [&str; 0] = [];

/// Anna and Bo in Staff, Bo in Developers as well; everything synced with management on.
fn company() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.group("dev", "Developers", &["bo"]);
    world.settle();
    world
}

fn switch(world: &mut World, groups: GroupManagement) {
    world.policy.groups = groups;
}

/// Syncs to rest with management off, and shows that no request was about a group.
#[track_caller]
fn settle_off(world: &mut World) -> Synced {
    switch(world, GroupManagement::Off);
    let synced = world.settle();
    assert!(synced.calls.iter().all(|call| !call.contains("Group")), "{:?}", synced.calls);
    synced
}

fn members(world: &World, group: &str) -> Vec<String> {
    world.members(group).into_iter().collect()
}

/// What is remembered of groups: the record, its object, and its members.
fn links(world: &World) -> Vec<String> {
    world.state.groups().map(|(key, link)| format!("{key} {} {:?}", link.id, link.members)).collect()
}

/// GM-02: switched on for the first time, every bound group is looked for, and then adopted, created or named with a reason, with its members; the
/// users, who are linked already, cost nothing.
#[test]
fn gm_02_switched_on_every_bound_group_is_planned() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.group("dev", "Developers", &["bo"]);
    world.group("ops", "Ops: EU", &["anna"]);
    world.group("empty", "Empty", &[]);
    settle_off(&mut world);
    assert_eq!((world.everybody().len(), world.every_group().len(), links(&world).len()), (2, 0, 0));

    let by_hand = world.group_by_hand("Developers", &[]);
    switch(&mut world, GroupManagement::On);
    let synced = world.settle();
    assert_eq!(synced.reads(), ["GET Groups".to_owned(), format!(r#"GET Users groups.value eq "{by_hand}""#)]);
    assert_eq!(synced.writes(), ["PATCH Group Developers externalId", "POST Group Staff +2", "PATCH Group Developers +1"]);
    assert_eq!(synced.held(), ["group ops GroupNameColon"]);
    assert!(synced.findings().contains("EmptyGroup"));
    assert_eq!(world.group_link("dev"), Some(by_hand));
    assert_eq!((members(&world, "Staff").len(), members(&world, "Developers")), (2, vec!["bo@example.com".to_owned()]));
}

/// GM-27: with management off, a group that is unbound or deleted still decides who is entitled: who is in no other one is deactivated, and the group
/// stays as it is. So it is with groups that were never managed.
#[test]
fn gm_27_unmanaged_groups_still_decide_who_is_entitled() {
    for was_managed in [true, false] {
        for is_deleted in [true, false] {
            let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
            world.group("dev", "Developers", &["bo"]);
            switch(&mut world, if was_managed { GroupManagement::On } else { GroupManagement::Off });
            world.settle();
            let (groups, known) = (world.every_group(), links(&world));
            if is_deleted {
                world.delete_group("staff");
            } else {
                world.unbind("staff");
            }
            let synced = settle_off(&mut world);
            assert_eq!(synced.calls, ["PATCH User anna@example.com active=false"], "{was_managed} {is_deleted}");
            assert_eq!((world.every_group(), links(&world)), (groups, known), "{was_managed} {is_deleted}");
            assert!(!world.is_active("anna@example.com") && world.is_active("bo@example.com"));
        }
    }
}

/// GM-28: switching off is no request: the links are kept, and groups and members stay as they are, whatever the directory does to them.
#[test]
fn gm_28_switching_off_leaves_groups_and_members_and_keeps_the_links() {
    let mut world = company();
    let known = links(&world);
    assert_eq!(known.len(), 2);
    assert_eq!(settle_off(&mut world).calls, NOTHING);
    world.rename("dev", "Engineers");
    world.join("dev", "anna");
    world.leave("dev", "bo");
    world.group("new", "New", &["anna"]);
    assert_eq!(settle_off(&mut world).calls, NOTHING);
    assert_eq!(links(&world), known);
    assert_eq!(world.every_group(), ["Developers", "Staff"]);
    assert_eq!((members(&world, "Developers"), members(&world, "Staff").len()), (vec!["bo@example.com".to_owned()], 2));
}

/// GM-29: with management off, an attribute of a user is changed as usual.
#[test]
fn gm_29_without_management_users_are_changed_as_usual() {
    let mut world = company();
    settle_off(&mut world);
    world.user("anna").job_title = Some("Lead".to_owned());
    world.email("bo", "bo.ek");
    assert_eq!(settle_off(&mut world).calls, ["PATCH User anna@example.com title", "PATCH User bo@example.com userName emails"]);
}

/// GM-30: with management off, a user who is deleted in the directory is deleted, and one who is suspended or leaves the last group is deactivated.
#[test]
fn gm_30_without_management_users_are_deleted_and_deactivated_as_usual() {
    let mut world = company();
    for id in ["cleo", "dag"] {
        world.hire(id, "Some Body");
        world.join("staff", id);
    }
    world.settle();
    settle_off(&mut world);
    world.suspend("anna");
    world.delete_user("bo");
    world.leave("staff", "dag");
    assert_eq!(
        settle_off(&mut world).calls,
        ["DELETE User bo@example.com", "PATCH User anna@example.com active=false", "PATCH User dag@example.com active=false"]
    );
    world.activate("anna");
    assert_eq!(settle_off(&mut world).calls, ["PATCH User anna@example.com active=true"]);
    assert_eq!(world.everybody(), ["anna@example.com", "cleo@example.com", "dag@example.com"]);
}

/// GM-31: switched on again, the links are used again and only differences are sent, in one run: nothing is created a second time, and a group that
/// did not change costs nothing.
#[test]
fn gm_31_switched_on_again_only_differences_are_sent() {
    let mut world = company();
    for (id, name) in [("gone", "Gone"), ("left", "Left"), ("same", "Same")] {
        world.group(id, name, &["anna", "bo"]);
    }
    world.settle();
    let ids = ["Developers", "Staff", "Same", "Left"].map(|name| world.group_id(name));
    settle_off(&mut world);

    world.rename("dev", "Engineers");
    world.join("dev", "anna");
    world.leave("dev", "bo");
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    world.group("new", "New", &["cleo"]);
    world.delete_group("gone");
    world.unbind("left");
    assert_eq!(settle_off(&mut world).writes(), ["POST User cleo@example.com"]);

    switch(&mut world, GroupManagement::On);
    let synced = world.settle();
    assert_eq!(synced.reads(), ["GET Groups"]);
    let mut writes = synced.writes();
    writes.sort_unstable();
    assert_eq!(
        writes,
        [
            "DELETE Group Gone",
            "PATCH Group Developers displayName",
            "PATCH Group Engineers +1",
            "PATCH Group Engineers -1",
            "PATCH Group Staff +1",
            "POST Group New +1"
        ]
    );
    assert_eq!(["Engineers", "Staff", "Same", "Left"].map(|name| world.group_id(name)), ids);
    assert_eq!(members(&world, "Engineers"), ["anna@example.com"]);
    assert_eq!((members(&world, "Staff").len(), members(&world, "Left").len()), (3, 2));
}

/// GM-31, UL-09: who was deleted, or was lost by the service and created again while management was off, is known to be in no group: the first causes
/// no request, and the second joins again.
#[test]
fn gm_31_memberships_that_went_with_a_user_are_known() {
    let mut world = company();
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    world.settle();
    settle_off(&mut world);
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.user("bo").job_title = Some("Lead".to_owned());
    world.delete_user("cleo");
    let writes = ["DELETE User cleo@example.com".to_owned(), format!("PATCH User {id} title"), "POST User bo@example.com".to_owned()];
    assert_eq!(settle_off(&mut world).writes(), writes);

    switch(&mut world, GroupManagement::On);
    assert_eq!(world.settle().calls, ["PATCH Group Developers +1", "PATCH Group Staff +1"]);
    assert_eq!((members(&world, "Developers").len(), members(&world, "Staff").len()), (1, 2));
}
