//! Section 13 of the rules, as far as a plan and a run make them true: entitlement, adoption, the guard, names, refusals, fallbacks, the token.

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::World;
use idbridge_emulator::{Fault, Faults, Token};
use idbridge_mapping::directory::Incomplete;
use idbridge_planner::{State, Stopped, UnmanagedMembers};
use idbridge_scim::Value;

/// `count` people, `u00` onwards, in Staff, synced.
fn company(count: usize) -> World {
    let mut world = World::with_staff(&[]);
    for number in 0..count {
        world.hire(&format!("u{number:02}"), "Some Body");
        world.join("staff", &format!("u{number:02}"));
    }
    world.settle();
    world
}

fn forget(world: &mut World) {
    (world.state, world.store) = (State::default(), BTreeMap::new());
}

fn email(world: &mut World, id: &str, name: &str) {
    world.user(id).email = Some(format!("{name}@example.com"));
}

/// E-1: entitled is who is in a bound group or bound directly, and not staged.
#[test]
fn e_01_entitled_is_who_is_bound_and_not_staged() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.hire("cleo", "Cleo Dahl");
    world.hire("dag", "Dag Foss");
    world.direct.insert("cleo".to_owned());
    world.stage("bo");
    world.settle();
    assert_eq!(world.everybody(), ["anna@example.com", "cleo@example.com"]);
}

/// E-2: of the four answers only absence deletes: who is staged or unbound is deactivated, who is held is left alone, who is gone is deleted.
#[test]
fn e_02_only_absence_deletes() {
    let mut world = company(5);
    world.stage("u00");
    world.leave("staff", "u01");
    world.user("u02").last_name = None;
    world.delete_user("u03");
    let synced = world.settle();
    assert_eq!(
        synced.writes(),
        [
            "DELETE User u03@example.com",
            "PATCH User u00@example.com active=false",
            "PATCH User u01@example.com active=false",
            "PATCH Group Staff -1"
        ]
    );
    assert_eq!(synced.held(), ["user u02 MissingRequired"]);
}

/// E-2, GM-16: of a group likewise: unbound is released, held is left alone, absent is deleted.
#[test]
fn e_02_only_an_absent_group_is_deleted() {
    let mut world = company(2);
    for (id, name) in [("unbound", "Unbound"), ("held", "Held"), ("absent", "Absent")] {
        world.group(id, name, &["u00"]);
    }
    world.settle();
    world.unbind("unbound");
    world.rename("held", "Held: too");
    world.delete_group("absent");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["DELETE Group Absent"]);
    assert_eq!(world.every_group(), ["Held", "Staff", "Unbound"]);
}

/// E-3: suspended is inactive; an expired password, a locked account or an unfinished registration change nothing unless switched on.
#[test]
fn e_03_only_suspension_makes_inactive_by_default() {
    let mut world = company(3);
    world.user("u00").password_expired = true;
    world.user("u01").account_locked = true;
    world.user("u02").activated = false;
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.rules.inactive_when.account_locked = true;
    assert_eq!(world.settle().calls, ["PATCH User u01@example.com active=false"]);
}

/// E-3: a member who is nobody in a complete directory is a finding; the group goes on, and nothing is withheld.
#[test]
fn e_03_a_member_whom_the_directory_does_not_have_is_a_finding() {
    let mut world = company(2);
    world.join("staff", "nobody");
    world.suspend("u00");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User u00@example.com active=false"]);
    assert!(synced.findings().contains("UnknownMember"));
}

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
    let mut world = company(1);
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
    let mut world = company(2);
    let id = world.id_of("u00@example.com");
    forget(&mut world);
    world.user("u00").last_name = None;
    world.hire("anna", "Anna Berg").email = Some("u00@example.com".to_owned());
    world.join("staff", "anna");
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["user anna NameTaken", "user u00 MissingRequired"]);
    assert_eq!((world.link("anna"), world.service.user(&id).and_then(|user| user.text("externalId"))), (None, Some("u00")));

    let mut world = company(1);
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
    let mut world = company(2);
    let ids = ["u00@example.com", "u01@example.com"].map(|name| world.id_of(name));
    world.made_by_hand("taken@example.com");
    forget(&mut world);
    email(&mut world, "u00", "taken");
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
    let mut world = company(1);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    forget(&mut world);
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
    let mut world = company(3);
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
    let mut world = company(2);
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
    let mut world = company(3);
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
    let mut world = company(2);
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
    let mut world = company(2);
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
    let mut world = company(2);
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
    let mut world = company(1);
    world.policy.unmanaged_members = UnmanagedMembers::Remove;
    let stranger = world.made_by_hand("stranger@example.com");
    world.group_by_hand("Developers", &[&stranger]);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["u00@example.com"]);
    assert_eq!(world.everybody().len(), 2);
}

/// E-7: whoever is linked keeps the address, even against a smaller identifier.
#[test]
fn e_07_whoever_is_linked_keeps_the_address() {
    let mut world = company(2);
    email(&mut world, "u00", "u01");
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user u00 DuplicateEmail".to_owned()]));
}

/// E-9: somebody was deleted and somebody else hired with the same address: DELETE, then POST, in one run, as another person.
#[test]
fn e_09_an_address_of_somebody_deleted_goes_to_somebody_new() {
    let mut world = company(2);
    let old = world.id_of("u00@example.com");
    world.delete_user("u00");
    world.hire("new", "New Comer");
    email(&mut world, "new", "U00");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["DELETE User u00@example.com", "POST User U00@example.com", "PATCH Group Staff +1"]);
    assert_ne!(world.id_of("U00@example.com"), old);
}

/// E-10: an address that another gives up in the same plan is free, and the order is right.
#[test]
fn e_10_an_address_that_is_given_up_is_free() {
    let mut world = company(3);
    let ids: Vec<_> = ["u00", "u01"].map(|id| world.id_of(&format!("{id}@example.com"))).into();
    email(&mut world, "u00", "u01");
    email(&mut world, "u01", "new");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH User u01@example.com userName emails", "PATCH User u00@example.com userName emails"]);
    assert_eq!([world.id_of("u01@example.com"), world.id_of("new@example.com")].as_slice(), ids);
}

/// E-10: two, three and four people who pass their addresses on in a circle all get them, by way of one temporary value.
#[test]
fn e_10_addresses_in_a_circle_are_passed_on() {
    for count in 2..=4 {
        let mut world = company(5);
        let ids: Vec<_> = (0..count).map(|number| world.id_of(&format!("u{number:02}@example.com"))).collect();
        for number in 0..count {
            email(&mut world, &format!("u{number:02}"), &format!("u{:02}", (number + 1) % count));
        }
        let synced = world.settle();
        assert_eq!(synced.writes().len(), count + 1, "{:?}", synced.writes());
        for (number, id) in ids.iter().enumerate() {
            assert_eq!(world.id_of(&format!("u{:02}@example.com", (number + 1) % count)), *id);
        }
    }
}

/// E-10: the same with the names of groups, case ignored.
#[test]
fn e_10_group_names_in_a_circle_are_passed_on() {
    for count in 2..=4 {
        let mut world = company(1);
        for number in 0..count {
            world.group(&format!("g{number}"), &format!("Group {number}"), &["u00"]);
        }
        world.settle();
        let ids: Vec<_> = (0..count).map(|number| world.group_id(&format!("Group {number}"))).collect();
        for number in 0..count {
            world.rename(&format!("g{number}"), &format!("GROUP {}", (number + 1) % count));
        }
        let synced = world.settle();
        assert_eq!(synced.writes().len(), count + 1, "{:?}", synced.writes());
        for (number, id) in ids.iter().enumerate() {
            assert_eq!(world.group_id(&format!("GROUP {}", (number + 1) % count)), *id);
        }
    }
}

/// E-10: a circle that is interrupted anywhere is finished by the next run, and nobody gets somebody else's identifier.
#[test]
fn e_10_a_circle_that_is_interrupted_is_finished() {
    for steps in 0..5 {
        let mut world = company(5);
        let ids: Vec<_> = (0..3).map(|number| world.id_of(&format!("u{number:02}@example.com"))).collect();
        for number in 0..3 {
            email(&mut world, &format!("u{number:02}"), &format!("u{:02}", (number + 1) % 3));
        }
        world.sync_steps(steps);
        world.settle();
        for (number, id) in ids.iter().enumerate() {
            assert_eq!(world.id_of(&format!("u{:02}@example.com", (number + 1) % 3)), *id, "interrupted after {steps}");
        }
    }
}

/// E-10: a name that a group gives up because it is deleted is free for another.
#[test]
fn e_10_a_name_of_a_deleted_group_is_free() {
    let mut world = company(1);
    world.group("old", "Developers", &["u00"]);
    world.group("dev", "Engineers", &["u00"]);
    world.settle();
    let id = world.group_id("Engineers");
    world.delete_group("old");
    world.rename("dev", "Developers");
    assert_eq!(world.settle().writes(), ["DELETE Group Developers", "PATCH Group Engineers displayName"]);
    assert_eq!(world.group_id("Developers"), id);
}

/// E-10: an address that somebody has whom nobody manages is not free. That costs one 409; from then on it is looked up, not sent, until it
/// is free.
#[test]
fn e_10_an_address_of_somebody_unmanaged_is_not_free() {
    let mut world = company(2);
    let holder = world.made_by_hand("taken@example.com");
    email(&mut world, "u00", "taken");
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User u00@example.com userName emails"]);
    assert_eq!((synced.remedies("NameTaken").len(), synced.failures().len()), (1, 0));
    let synced = world.settle_reading();
    assert_eq!((synced.reads(), synced.writes().len()), (vec!["GET Users"], 0));
    assert_eq!(synced.held(), ["user u00 NameTaken"]);
    world.service.remove_user(&holder);
    assert_eq!(world.settle().writes(), ["PATCH User u00@example.com userName emails"]);
    assert_eq!(world.everybody(), ["taken@example.com", "u01@example.com"]);
}

/// E-10, GM-19: so is the name that a group gives up which was unbound, and is bound again under another name.
#[test]
fn e_10_a_name_that_a_group_bound_again_gives_up_is_free() {
    let mut world = company(1);
    world.group("old", "Developers", &["u00"]);
    world.group("dev", "Engineers", &["u00"]);
    world.settle();
    world.unbind("old");
    world.settle();
    world.rename("dev", "Developers");
    assert_eq!(world.settle_reading().held(), ["group dev NameTaken"]);
    world.rename("old", "Testers");
    world.bind("old");
    assert_eq!(world.settle().writes(), ["PATCH Group Developers displayName", "PATCH Group Engineers displayName"]);
    assert_eq!(world.every_group(), ["Developers", "Staff", "Testers"]);
}

/// E-11: an optional attribute with a character that the profile refuses is left out with a finding; a required one holds the record.
#[test]
fn e_11_refused_characters_are_left_out_or_hold() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.user("anna").job_title = Some("R&D <lead>".to_owned());
    world.user("bo").last_name = Some("Ek; DROP".to_owned());
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    // The last name, and the display name that is composed of it.
    assert_eq!(synced.held(), ["user bo ValueRefused", "user bo ValueRefused"]);
    assert!(synced.findings().contains("AttributeLeftOut"));
    assert_eq!(world.there("anna@example.com").and_then(|user| user.get("title")), None);
}

/// E-11: a create that is answered 400 is not sent again while the record is unchanged, and is sent again when it changes.
#[test]
fn e_11_a_refused_create_is_not_sent_again() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    // This service refuses what the profile takes.
    world.service.set_faults(Faults::none().once("CreateUser", Fault::Failed { status: 400, applied: false }));
    let synced = world.sync();
    assert_eq!(synced.failures().len(), 1, "{:?}", synced.failures());
    world.service.clear_log();
    let synced = world.settle_reading();
    assert_eq!((synced.writes().len(), synced.held()), (0, vec!["user anna RefusedByService".to_owned()]));
    world.user("anna").job_title = Some("Lead".to_owned());
    assert_eq!(world.settle().writes(), ["POST User anna@example.com", "PATCH Group Staff +1"]);
}

/// E-11: a change that is answered 400 likewise, of users and of groups; the object stays as it was.
#[test]
fn e_11_a_refused_change_is_not_sent_again() {
    let mut world = company(2);
    let refuses = |operation| Faults::none().once(operation, Fault::Failed { status: 400, applied: false });
    world.user("u00").job_title = Some("Lead".to_owned());
    world.service.set_faults(refuses("PatchUser"));
    assert_eq!(world.sync().failures().len(), 1);
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user u00 RefusedByService".to_owned()]));
    world.rename("staff", "Everybody");
    world.service.set_faults(refuses("PatchGroup"));
    assert_eq!(world.sync().failures().len(), 1);
    let synced = world.settle_reading();
    assert_eq!(
        (synced.writes().len(), synced.held()),
        (0, vec!["user u00 RefusedByService".to_owned(), "group staff RefusedByService".to_owned()])
    );
    world.user("u00").job_title = Some("Boss".to_owned());
    world.rename("staff", "All");
    assert_eq!(world.settle().writes().len(), 2);
}

/// E-12: without cursors, the bare `?cursor` is answered 400 once a list, and the list is then read without one.
#[test]
fn e_12_without_cursors_lists_are_read_without() {
    for cap in [50, 100] {
        let mut world = World::with_staff(&[("anna", "Anna Berg")]);
        world.without_cursors(cap);
        let synced = world.settle();
        assert_eq!(synced.reads(), ["GET Users", "GET Groups", "GET Users", "GET Groups"]);
        assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    }
}

/// E-12: a page of exactly 50 or 100 is partial: who is not on it is looked up, and adopted where found.
#[test]
fn e_12_a_full_page_without_cursors_is_partial() {
    for cap in [50, 100] {
        let mut world = World::with_staff(&[]);
        world.without_cursors(cap);
        let mut by_hand = Vec::new();
        for number in 0..cap + 10 {
            let id = format!("u{number:03}");
            by_hand.push(world.made_by_hand(&format!("{id}@example.com")));
            world.hire(&id, "Some Body");
            world.join("staff", &id);
        }
        let synced = world.settle();
        assert!(synced.writes().iter().all(|call| !call.starts_with("POST User")), "{:?}", synced.writes());
        let linked: Vec<_> = (0..cap + 10).filter_map(|number| world.link(&format!("u{number:03}"))).collect();
        assert_eq!((linked, world.everybody().len()), (by_hand, cap + 10));
    }
}

/// E-12: without membership filters, the members of an adopted group are found by asking for each of our users.
#[test]
fn e_12_without_membership_filters_members_are_asked_one_by_one() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cleo", "Cleo Dahl")]);
    world.without_cursors(50);
    let [anna, bo] = ["anna@example.com", "bo@example.com"].map(|name| world.made_by_hand(name));
    let group = world.group_by_hand("Staff", &[&anna, &bo]);
    world.leave("staff", "bo");
    world.direct.insert("bo".to_owned());
    let synced = world.settle();
    for user in [&anna, &bo] {
        let check = format!(r#"GET Groups id eq "{group}" and members eq "{user}""#);
        assert!(synced.reads().contains(&check.as_str()), "{check} in {:?}", synced.reads());
    }
    assert_eq!(world.members("Staff").into_iter().collect::<Vec<_>>(), ["anna@example.com", "cleo@example.com"]);
}

/// E-12: with cursors and without membership filters, the 400 to `groups.value` falls back in the same way.
#[test]
fn e_12_a_refused_membership_filter_falls_back() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let mut settings = world.service.settings().clone();
    settings.membership_filters = false;
    world.service.set_settings(settings);
    let anna = world.made_by_hand("anna@example.com");
    let group = world.group_by_hand("Staff", &[&anna]);
    let synced = world.settle();
    assert_eq!(
        synced.reads(),
        [
            "GET Users".to_owned(),
            "GET Groups".to_owned(),
            format!(r#"GET Users groups.value eq "{group}""#),
            format!(r#"GET Groups id eq "{group}" and members eq "{anna}""#)
        ]
    );
}

/// E-12: the first retry after a 429 comes no sooner than 100 ms, even if the service asks for less; a longer wait is kept.
#[test]
fn e_12_a_retry_after_429_waits() {
    for (asked, least) in [(None, 100), (Some(0), 100), (Some(7_000), 7_000)] {
        let mut world = company(1);
        world.user("u00").job_title = Some("Lead".to_owned());
        let retry_after = asked.map(Duration::from_millis);
        world.service.set_faults(Faults::none().once("PatchUser", Fault::Throttled { retry_after }));
        world.service.clear_log();
        assert_eq!(world.settle().writes(), ["PATCH User u00@example.com title", "PATCH User u00@example.com title"]);
        let [first, second] = world.service.log() else { panic!("two requests") };
        assert!(second.at().duration_since(first.at()).unwrap() >= Duration::from_millis(least));
    }
}

/// E-13: after the first 401 no request starts, nothing is taken away because of it, and the state says that the token is refused.
#[test]
fn e_13_after_the_first_401_nothing_starts() {
    let mut world = company(3);
    for id in ["u00", "u01", "u02"] {
        world.user(id).job_title = Some("Lead".to_owned());
    }
    world.delete_user("u02");
    world.policy.in_flight = 1;
    world.service.set_faults(Faults::none().once("PatchUser", Fault::Failed { status: 401, applied: false }));
    let synced = world.sync();
    assert_eq!(synced.writes(), ["DELETE User u02@example.com", "PATCH User u00@example.com title"]);
    assert_eq!(synced.stopped, Some(Stopped::Unauthorized));
    assert!(world.state.blocked_since().is_some());
}

/// E-13: over the same state, a token that works lifts the block: one request asks, and the run goes on where it stopped.
#[test]
fn e_13_a_token_that_works_lifts_the_block() {
    let mut world = company(2);
    world.user("u00").job_title = Some("Lead".to_owned());
    world.service.set_faults(Faults::none().once("PatchUser", Fault::Failed { status: 401, applied: false }));
    world.sync();
    // Still refused: one request, nothing else, nothing lost.
    world.service.set_faults(Faults::none().once("ServiceProviderConfig", Fault::Failed { status: 401, applied: false }));
    let synced = world.sync();
    assert_eq!((synced.calls.as_slice(), synced.stopped), (&["ServiceProviderConfig".to_owned()][..], Some(Stopped::Unauthorized)));

    world.service.set_tokens([Token::new("new")]);
    let synced = world.settle();
    assert_eq!(synced.calls[0], "ServiceProviderConfig");
    assert_eq!(synced.writes().last(), Some(&"PATCH User u00@example.com title"));
    assert_eq!(world.state.blocked_since(), None);
}

/// E-14: falling out by another rule set is presence, not absence: deactivated within the guard, never deleted.
#[test]
fn e_14_another_rule_set_never_deletes() {
    let mut world = company(8);
    for number in 0..8 {
        world.user(&format!("u{number:02}")).account_locked = true;
    }
    world.rules.inactive_when.account_locked = true;
    let synced = world.sync();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert_eq!((synced.withheld().len(), world.everybody().len()), (8, 8));
    world.policy.allowance = Some(8);
    world.settle();
    assert_eq!(world.everybody().len(), 8);
    let active = |user: &idbridge_scim::Resource| user.get("active").and_then(Value::as_bool);
    assert!(world.service.users().all(|user| active(user) == Some(false)));
}

/// E-14, E-2: a partial directory whose people are in no group that was read deactivates nobody.
#[test]
fn e_14_a_group_that_was_not_read_takes_no_access() {
    let mut world = company(3);
    world.partial = Some(Incomplete::Declared);
    world.groups.clear();
    world.bound.clear();
    assert_eq!(world.settle().calls, Vec::<String>::new());
    forget(&mut world);
    world.sync();
    assert_eq!(world.everybody().len(), 3);
}
