//! E-4 to E-6: what is at the service already, whose it is, and who is in the groups that are taken over.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_mapping::directory::Incomplete;
use idbridge_planner::UnmanagedMembers;

/// E-4, AM-00: found by externalId, a user gets everything that differs, userName and e-mail too, without a hold.
#[test]
fn e_04_found_by_external_id_everything_that_differs_is_changed() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let by_hand = r#"{"userName":"old@example.com","externalId":"anna","name":{"givenName":"Anna","familyName":"Old"},"displayName":"A",
        "emails":[{"value":"old@example.com","type":"work","primary":true}],"active":false}"#;
    let id = world.seed(by_hand);
    let synced = world.settle();
    assert_eq!(synced.writes()[0], "PATCH User old@example.com userName emails name.familyName active=true");
    assert_eq!((world.id_of("anna@example.com"), synced.held().len()), (id, 0));
}

/// E-5: userNames are compared without case for adoption, and the directory's spelling is sent; the display name is not.
#[test]
fn e_05_adoption_ignores_case_and_respells() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let id = world.made_by_hand("ANNA@Example.com");
    let synced = world.settle();
    assert!(synced.writes()[0].starts_with("PATCH User ANNA@Example.com externalId userName "), "{:?}", synced.writes());
    assert_eq!(world.id_of("anna@example.com"), id);
    assert_eq!(world.service.user(&id).and_then(|user| user.text("displayName")), Some("By Hand"));
}

/// E-5: a match that is linked to another record is not adopted: who has the name keeps it, and the newcomer is held.
#[test]
fn e_05_what_is_linked_to_another_record_is_not_adopted() {
    let mut world = World::company(1);
    let id = world.id_of("u00@example.com");
    // Somebody at the service gives a linked user another name, which somebody new in the directory has.
    world.service.edit_user(&id, |user| user.attributes_mut().set("userName", "anna@example.com"));
    world.hire("anna", "Anna Berg");
    world.join("staff", "anna");
    world.sync();
    assert_eq!((world.link("u00"), world.link("anna")), (Some(id), None));
    assert_eq!(world.everybody().len(), 1);
}

/// E-5: what carries the identifier of another record of the directory is that record's, held or not, and is adopted by name for nobody else:
/// not by the plan, and not behind a 409.
#[test]
fn e_05_what_carries_another_record_s_identifier_is_not_adopted() {
    let mut world = World::company(2);
    let id = world.id_of("u00@example.com");
    world.forget();
    world.user("u00").last_name = None;
    world.hire("anna", "Anna Berg").email = Some("u00@example.com".to_owned());
    world.join("staff", "anna");
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["user anna NameTaken", "user u00 MissingRequired"]);
    assert_eq!((world.link("anna"), world.service.user(&id).and_then(|user| user.text("externalId"))), (None, Some("u00")));

    let mut world = World::company(1);
    let id = world.made_by_hand("hidden@example.com");
    world.hire("anna", "Anna Berg");
    world.hire("bo", "Bo Ek");
    world.join("staff", "anna");
    let synced = world.sync_meanwhile(|world| {
        world.service.edit_user(&id, |user| {
            user.attributes_mut().set("userName", "anna@example.com");
            user.attributes_mut().set("externalId", "bo");
        });
    });
    assert_eq!((world.link("anna"), synced.remedies("NameTaken").len()), (None, 1));
    assert!(!world.was_written(&id));
}

/// E-5, E-10: when the state is lost and a record that was found by its identifier is held, nobody takes its name or its object.
#[test]
fn e_05_the_name_of_a_record_that_is_found_and_held_is_not_free() {
    let mut world = World::company(2);
    let ids = ["u00@example.com", "u01@example.com"].map(|name| world.id_of(name));
    world.made_by_hand("taken@example.com");
    world.forget();
    world.email("u00", "taken");
    world.hire("new", "New Comer").email = Some("u00@example.com".to_owned());
    world.join("staff", "new");
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["user new NameTaken", "user u00 NameTaken"]);
    assert_eq!((world.link("new"), world.link("u01"), world.id_of("u00@example.com")), (None, Some(ids[1].clone()), ids[0].clone()));
}

/// E-5: the same with groups.
#[test]
fn e_05_a_group_that_carries_another_s_identifier_is_not_adopted() {
    let mut world = World::company(1);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    world.forget();
    world.rename("dev", "Dev: all");
    world.group("new", "Developers", &["u00"]);
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["group dev GroupNameColon", "group new NameTaken"]);
}

/// E-5: another externalId, e-mail address or `active` on the match becomes the directory's.
#[test]
fn e_05_what_the_match_has_otherwise_becomes_the_directory_s() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let by_hand = r#"{"userName":"anna@example.com","externalId":"other tool","name":{"givenName":"Anna","familyName":"Berg"},"displayName":"A",
        "emails":[{"value":"other@example.com","type":"work","primary":true}],"active":false}"#;
    world.seed(by_hand);
    assert_eq!(world.settle().writes()[0], "PATCH User anna@example.com externalId emails active=true");
}

/// E-5: two objects of the service with one name match nobody.
#[test]
fn e_05_two_matches_are_none() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.made_by_hand("anna@example.com");
    world.made_by_hand("Anna@example.com");
    let synced = world.settle_reading();
    assert_eq!((synced.writes().len(), synced.held()), (0, vec!["user anna Ambiguous".to_owned()]));
}

/// E-6: members of an adopted group who are ours and not in the directory's group leave in the same run; nobody else's stay and are reported.
#[test]
fn e_06_members_of_an_adopted_group_that_are_ours_leave() {
    let mut world = World::company(3);
    let [ours, other] = ["u00@example.com", "u01@example.com"].map(|name| world.id_of(name));
    let stranger = world.made_by_hand("stranger@example.com");
    world.group_by_hand("Developers", &[&ours, &other, &stranger]);
    world.group("dev", "Developers", &["u01", "u02"]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Developers externalId", "PATCH Group Developers -1", "PATCH Group Developers +1"]);
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["stranger@example.com", "u01@example.com", "u02@example.com"]);
    assert!(synced.findings().contains("UnmanagedMembers") && !world.was_written(&stranger));
}

/// E-6: somebody who was nobody's when a group was taken over, and is adopted later, leaves that group unless the directory's has them.
#[test]
fn e_06_somebody_adopted_later_leaves_a_group_that_was_taken_over_before() {
    let mut world = World::company(2);
    let later = world.made_by_hand("later@example.com");
    world.group_by_hand("Developers", &[&later]);
    world.group("dev", "Developers", &["u00"]);
    assert!(world.settle().findings().contains("UnmanagedMembers"));
    world.hire("later", "Later On");
    world.join("staff", "later");
    let synced = world.settle();
    assert_eq!(world.link("later"), Some(later));
    assert!(synced.writes().contains(&"PATCH Group Developers -1"), "{:?}", synced.writes());
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["u00@example.com"]);
}

/// E-6, E-12: the same without membership filters: only who is adopted now is asked for, not everybody again.
#[test]
fn e_06_without_membership_filters_only_who_is_adopted_is_asked_for() {
    let mut world = World::company(3);
    world.without_cursors(50);
    let later = world.made_by_hand("later@example.com");
    let group = world.group_by_hand("Developers", &[&later]);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    world.hire("later", "Later On");
    world.join("staff", "later");
    let synced = world.settle();
    let check = format!(r#"GET Groups id eq "{group}" and members eq "{later}""#);
    assert_eq!(synced.reads(), ["GET Users", "GET Users", &format!(r#"GET Users groups.value eq "{group}""#), &check]);
    assert!(synced.writes().contains(&"PATCH Group Developers -1"), "{:?}", synced.writes());
}

/// E-6: the same when the group was held at the time of the adoption: it is read when it is no longer held.
#[test]
fn e_06_a_group_that_was_held_when_somebody_was_adopted_is_read_later() {
    let mut world = World::company(2);
    let later = world.made_by_hand("later@example.com");
    world.group_by_hand("Developers", &[&later]);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    world.rename("dev", "Dev: all");
    world.hire("later", "Later On");
    world.join("staff", "later");
    assert_eq!(world.settle().held(), ["group dev GroupNameColon"]);
    assert_eq!(world.members("Developers").len(), 2);
    world.rename("dev", "Developers");
    assert_eq!(world.settle().writes(), ["PATCH Group Developers -1"]);
}

/// E-6, E-2: a member who is to be adopted and is held stays in the group, and the plan says nothing of them.
#[test]
fn e_06_a_member_who_is_held_instead_of_adopted_stays() {
    let mut world = World::company(2);
    let later =
        world.seed(r#"{"userName":"old@example.com","externalId":"later","name":{"givenName":"L","familyName":"O"},"displayName":"L"}"#);
    world.group_by_hand("Developers", &[&later]);
    world.group("dev", "Developers", &["u00"]);
    world.hire("later", "Later On").email = Some("u01@example.com".to_owned());
    // The holder keeps the address, because nothing is wanted of somebody who is not entitled but to be inactive.
    world.leave("staff", "u01");
    world.settle();
    world.join("staff", "later");
    let synced = world.settle_reading();
    assert_eq!((synced.held(), synced.writes().len()), (vec!["user later NameTaken".to_owned()], 0));
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["old@example.com", "u00@example.com"]);
}

/// E-6: the same when the adoption comes of a 409 in the middle of a run: the next run reads the group again.
#[test]
fn e_06_somebody_adopted_after_a_conflict_leaves_such_a_group_in_the_next_run() {
    let mut world = World::company(2);
    let later = world.made_by_hand("hidden@example.com");
    world.group_by_hand("Developers", &[&later]);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    world.hire("later", "Later On");
    world.join("staff", "later");
    world.sync_meanwhile(|world| {
        world.service.edit_user(&later, |user| user.attributes_mut().set("userName", "later@example.com"));
    });
    assert_eq!(world.link("later"), Some(later));
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Developers -1"]);
}

/// E-6: a policy value removes those whom nobody manages.
#[test]
fn e_06_a_policy_removes_members_that_nobody_manages() {
    let mut world = World::company(1);
    world.policy.unmanaged_members = UnmanagedMembers::Remove;
    let stranger = world.made_by_hand("stranger@example.com");
    world.group_by_hand("Developers", &[&stranger]);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["u00@example.com"]);
    assert_eq!(world.everybody().len(), 2);
}

/// E-5, E-8: while the source was not read to its end, what carries somebody else's identifier may be theirs, though they are not seen.
#[test]
fn e_05_a_half_read_source_gives_nobody_the_object_of_somebody_unseen() {
    let mut world = World::company(3);
    let id = world.id_of("u01@example.com");
    world.forget();
    let gone = world.users.remove("u01").unwrap();
    world.leave("staff", "u01");
    world.user("u02").email = Some("u01@example.com".to_owned());
    world.partial = Some(Incomplete::Declared);
    let synced = world.sync();
    assert!(synced.findings().contains("NameTaken"), "{}", synced.explained());
    assert_eq!((synced.writes(), world.link("u02")), (Vec::<&str>::new(), None));

    world.partial = None;
    world.users.insert("u01".to_owned(), gone);
    world.user("u01").email = Some("u02@example.com".to_owned());
    world.join("staff", "u01");
    world.settle();
    assert_eq!(world.link("u01"), Some(id), "the swap keeps both identifiers");
}

/// E-6, E-2: a member who is found, and then held because the name is taken, is nobody's, so that the group is read again when somebody adopts them.
#[test]
fn e_06_a_member_who_is_found_and_held_is_not_remembered_as_ours() {
    let mut world = World::company(2);
    world.group("dev", "Developers", &["u00", "u01"]);
    world.settle();
    world.forget();
    world.user("u01").email = Some("taken@example.com".to_owned());
    world.made_by_hand("taken@example.com");
    let synced = world.sync();
    assert_eq!(synced.held(), ["user u01 NameTaken"]);
    let link = world.state.group(&"dev".into()).unwrap();
    assert_eq!(link.members.iter().map(|user| user.as_str()).collect::<Vec<_>>(), ["u00"]);
    assert!(link.unmanaged_members, "somebody is among its members who is not ours");
}

/// GM-05, E-7: a group all of whose members are held is searched once, and then costs no request.
#[test]
fn gm_05_a_group_of_held_members_is_searched_once() {
    let mut world = World::company(2);
    world.hire("later", "Later On").email = Some("u01@example.com".to_owned());
    world.group("twins", "Twins", &["later"]);
    let synced = world.sync();
    assert_eq!((synced.held(), synced.writes().len()), (vec!["user later DuplicateEmail".to_owned()], 0));
    assert_eq!(world.sync().calls, Vec::<String>::new());
}
