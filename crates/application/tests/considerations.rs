//! Section 1 of the rules: what holds whatever is synced, as far as it is about requests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_planner::GroupManagement;
use idbridge_scim::protocol::ResourceType;

/// IC-04: the userName of a new user is the e-mail address, not the username of the directory.
#[test]
fn ic_04_the_user_name_is_the_email_address() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.user("anna").username = Some("aberg".to_owned());
    world.settle();
    assert_eq!(world.everybody(), ["anna@example.com"]);
    assert!(world.created(ResourceType::User)[0].contains(r#""userName":"anna@example.com""#));
}

/// IC-05 with E-4: drift of a linked user that the directory did not cause is not looked for, and a change of the directory sets the name.
#[test]
fn a_user_name_that_drifted_is_not_changed_back_by_itself() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.settle();
    let id = world.id_of("anna@example.com");
    world.service.edit_user(&id, |user| user.attributes_mut().set("userName", "drifted@example.com"));
    world.settle();
    assert_eq!(world.everybody(), ["drifted@example.com"]);
    world.user("anna").email = Some("anna.berg@example.com".to_owned());
    assert_eq!(world.settle().calls, ["PATCH User drifted@example.com userName emails"]);
    assert_eq!(world.id_of("anna.berg@example.com"), id);
}

/// IC-12: a user who was deleted in the directory is deleted, and the link goes on 204.
#[test]
fn ic_12_a_deleted_user_is_deleted() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    world.delete_user("bo");
    let synced = world.settle();
    assert_eq!(synced.calls, ["DELETE User bo@example.com"]);
    assert_eq!(synced.rules(), ["IC-12"]);
    assert_eq!((world.everybody(), world.link("bo")), (vec!["anna@example.com".to_owned()], None));
}

/// IC-12: the link goes on 404 as well, because the user is gone either way.
#[test]
fn ic_12_the_link_of_a_deleted_user_goes_on_404_too() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.delete_user("bo");
    let synced = world.settle();
    assert_eq!(synced.calls, [format!("DELETE User {id}")]);
    assert_eq!((synced.failures().len(), world.link("bo")), (0, None));
}

/// IC-13: no member is removed before a user is deleted; the service drops the memberships.
#[test]
fn ic_13_a_deleted_user_is_not_removed_from_groups_first() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.group("dev", "Developers", &["anna", "bo"]);
    world.settle();
    world.delete_user("bo");
    assert_eq!(world.settle().calls, ["DELETE User bo@example.com"]);
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["anna@example.com"]);
}

/// IC-14: a user made by hand whose userName is the e-mail address of somebody entitled is adopted: no POST, only the differences.
#[test]
fn ic_14_a_user_made_by_hand_is_adopted() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let id = world.made_by_hand("anna@example.com");
    let synced = world.settle();
    assert_eq!(synced.reads(), ["GET Users", "GET Groups"]);
    assert_eq!(
        synced.writes(),
        ["PATCH User anna@example.com externalId emails name.givenName name.familyName remove title", "POST Group Staff +1"]
    );
    assert_eq!(world.link("anna"), Some(id.clone()));
    let there = world.there("anna@example.com").unwrap();
    assert_eq!(there.id(), Some(id));
    assert_eq!((there.text("displayName"), there.text("name.familyName")), (Some("By Hand"), Some("Berg")));
}

/// IC-14: an adopted user who already is as wanted costs no write at all.
#[test]
fn ic_14_an_adopted_user_without_differences_costs_no_write() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.settle();
    world.forget();
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(world.link("anna"), Some(world.id_of("anna@example.com")));
}

/// IC-15: a user made by hand who is in no bound group is never touched.
#[test]
fn ic_15_a_user_made_by_hand_who_is_not_entitled_is_left_alone() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.hire("bo", "Bo Ek");
    let id = world.made_by_hand("bo@example.com");
    let before = world.there("bo@example.com").cloned();
    world.settle();
    world.suspend("bo");
    world.settle();
    world.delete_user("bo");
    world.settle();
    assert_eq!(world.there("bo@example.com").cloned(), before);
    assert!(!world.was_written(&id));
}

/// IC-16: with group management off, no request names a group, not even one made by hand.
#[test]
fn ic_16_without_group_management_a_group_made_by_hand_is_left_alone() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.policy.groups = GroupManagement::Off;
    let id = world.group_by_hand("Staff", &[]);
    let synced = world.settle();
    assert_eq!(synced.calls, ["GET Users", "POST User anna@example.com"]);
    assert!(!world.was_written(&id));
}

/// IC-17: with group management on, a group made by hand is adopted: externalId and members, no POST.
#[test]
fn ic_17_a_group_made_by_hand_is_adopted() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let id = world.group_by_hand("Staff", &[]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "PATCH Group Staff externalId", "PATCH Group Staff +1"]);
    assert_eq!((world.group_link("staff"), world.members("Staff").len()), (Some(id), 1));
}

/// IC-18: what was not adopted is named by no write, whatever happens in the directory.
#[test]
fn ic_18_what_is_not_adopted_is_never_touched() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    let stranger = world.made_by_hand("root@example.com");
    let group = world.group_by_hand("Administrators by hand", &[&stranger]);
    world.settle();
    world.rename("staff", "Everybody");
    world.suspend("anna");
    world.delete_user("bo");
    world.settle();
    assert!(!world.was_written(&stranger) && !world.was_written(&group));
    assert_eq!(world.members("Administrators by hand").len(), 1);
}

/// IC-19: with 60 groups, lists cut at 50 and no cursor, the group that is not on the list is found by filter and adopted.
#[test]
fn ic_19_a_group_beyond_the_cap_is_found_by_filter() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.without_cursors(50);
    let ids: Vec<_> = (0..60).map(|number| world.group_by_hand(&format!("By hand {number}"), &[])).collect();
    // The list is in the order of the identifiers, so the greatest one is beyond the cap.
    let last = ids.iter().max().cloned().unwrap();
    let name = world.service.group(&last).and_then(|group| group.text("displayName")).map(ToOwned::to_owned).unwrap();
    world.rename("staff", &name);
    let synced = world.settle();
    assert_eq!(world.group_link("staff"), Some(last));
    assert!(synced.writes().iter().all(|call| !call.starts_with("POST Group")), "{:?}", synced.calls);
    assert_eq!(world.every_group().len(), 60);
}

/// IC-20: a list without a cursor that is exactly as long as the cap proves no absence: each record is looked up before it is created.
#[test]
fn ic_20_a_list_as_long_as_the_cap_proves_no_absence() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.without_cursors(50);
    for number in 0..50 {
        world.made_by_hand(&format!("by-hand-{number}@example.com"));
    }
    let synced = world.settle();
    assert_eq!(
        synced.reads(),
        [
            "GET Users",
            "GET Groups",
            "GET Users",
            "GET Groups",
            r#"GET Users externalId eq "anna""#,
            r#"GET Users userName eq "anna@example.com""#,
        ]
    );
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
}

/// IC-20: linked users who are not on a list that may be cut are not taken for gone.
#[test]
fn ic_20_linked_users_beyond_the_cap_are_not_taken_for_gone() {
    let mut world = World::with_staff(&[]);
    for number in 0..60 {
        world.hire(&format!("u{number:02}"), "Some Body");
        world.join("staff", &format!("u{number:02}"));
    }
    world.without_cursors(50);
    world.settle();
    world.hire("new", "New Comer");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User new@example.com", "PATCH Group Staff +1"]);
}

/// IC-21: a group with ':' in its name is held, and the others go on.
#[test]
fn ic_21_a_group_with_a_colon_is_held() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.group("ops", "Ops: EU", &["anna"]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    assert_eq!(synced.held(), ["group ops GroupNameColon"]);
}

/// IC-22: a managed group that gets a ':' in its name keeps its old name and its members, and is held.
#[test]
fn ic_22_a_managed_group_renamed_with_a_colon_is_held_as_it_is() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    world.rename("staff", "Staff: all");
    world.leave("staff", "bo");
    world.direct.insert("bo".to_owned());
    let synced = world.settle();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert_eq!(synced.held(), ["group staff GroupNameColon"]);
    assert_eq!(world.members("Staff").len(), 2);
}

/// IC-23: a held group that gets a valid name is synced as any other: renamed if it is linked, else created.
#[test]
fn ic_23_a_valid_name_lifts_the_hold() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.group("ops", "Ops: EU", &["anna"]);
    world.settle();
    world.rename("ops", "Ops EU");
    assert_eq!(world.settle().writes(), ["POST Group Ops EU +1"]);
    world.rename("staff", "Staff: all");
    world.settle();
    world.rename("staff", "Staff all");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Staff displayName"]);
    assert_eq!(world.every_group(), ["Ops EU", "Staff all"]);
}

/// IC-24: a user of the service with the same e-mail address under another userName cannot be taken over: one POST, 409, a finding with the
/// remedy, no second user, and the others go on. It is no failure of the run.
#[test]
fn ic_24_a_user_name_that_is_not_the_email_cannot_be_taken_over() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    let by_hand = r#"{"userName":"aberg","name":{"givenName":"A","familyName":"B"},"displayName":"A B","active":true,
        "emails":[{"value":"anna@example.com","type":"work","primary":true}]}"#;
    let id = world.seed(by_hand);
    let synced = world.sync();
    assert_eq!(
        synced.writes(),
        ["POST User anna@example.com", "POST User bo@example.com", "POST Group Staff +1"],
        "{}",
        synced.explained()
    );
    assert_eq!(synced.remedies("ConflictNotMatched").len(), 1);
    assert!(synced.remedies("ConflictNotMatched")[0].contains("change the AWS username of that user to anna@example.com"));
    assert_eq!(synced.failures(), Vec::<String>::new());
    assert_eq!(world.everybody(), ["aberg", "bo@example.com"]);
    assert!(!world.was_written(&id));

    // The administrator follows the remedy.
    world.service.edit_user(&id, |user| user.attributes_mut().set("userName", "anna@example.com"));
    world.settle();
    assert_eq!((world.link("anna"), world.members("Staff").len()), (Some(id), 2));
}
