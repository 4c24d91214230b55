//! What may be concluded and what may not: from half a source, from a read that failed, from a crash, from an object that is somebody else's.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::World;
use idbridge_emulator::{Fault, Faults};
use idbridge_mapping::directory::Incomplete;
use idbridge_planner::{GroupManagement, UnmanagedMembers};
use idbridge_scim::protocol::ResourceType;

const NOTHING: [&str; 0] = [];

/// Anna and Bo in Staff, synced.
fn pair() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    world
}

/// Every way to read a user fails, for as many tries as there are.
fn unreadable(world: &mut World) {
    let throttled = || Fault::Throttled { retry_after: None };
    world.service.set_faults((0..world.policy.attempts).fold(Faults::none(), |faults, _| faults.once("GetUser", throttled())));
}

/// The group Developers, made by hand, with Anna and Bo.
fn developers_by_hand(world: &mut World) {
    let [anna, bo] = ["anna@example.com", "bo@example.com"].map(|name| world.id_of(name));
    world.group_by_hand("Developers", &[&anna, &bo]);
}

fn members(world: &World, group: &str) -> Vec<String> {
    world.members(group).into_iter().collect()
}

/// The removals that the state remembers.
fn removals(world: &World) -> usize {
    world.store.keys().filter(|key| key.starts_with("removed/")).count()
}

/// E-8: a group that is adopted on the way, behind a 409 or a create without an answer, loses nobody while the source is partial. Once it is
/// complete, whoever is ours and not in the directory's group leaves.
#[test]
fn e_08_a_group_adopted_on_the_way_removes_nobody_under_a_partial_source() {
    let lost = || Faults::none().once("CreateGroup", Fault::Dropped { applied: false });
    for faults in [Faults::none(), lost()] {
        let mut world = pair();
        world.group("dev", "Developers", &["anna"]);
        world.partial = Some(Incomplete::Declared);
        world.service.set_faults(faults);
        let synced = world.sync_meanwhile(developers_by_hand);
        assert_eq!(synced.writes(), ["POST Group Developers +1", "PATCH Group Developers externalId"]);
        world.rest(&synced);
        assert_eq!(members(&world, "Developers"), ["anna@example.com", "bo@example.com"]);
        world.partial = None;
        assert_eq!(world.settle().calls, ["PATCH Group Developers -1"]);
        assert_eq!(members(&world, "Developers"), ["anna@example.com"]);
    }
}

/// E-8: the same when the guard has tripped; with a complete source and no removals withheld, they leave at once.
#[test]
fn e_08_a_group_adopted_on_the_way_removes_nobody_behind_a_tripped_guard() {
    for (gone, left) in [(6, 2), (0, 1)] {
        let mut world = World::company(10);
        for number in 0..gone {
            world.delete_user(&format!("u{number:02}"));
        }
        world.group("dev", "Developers", &["u08"]);
        world.sync_meanwhile(|world| {
            let [stays, goes] = ["u08@example.com", "u09@example.com"].map(|name| world.id_of(name));
            world.group_by_hand("Developers", &[&stays, &goes]);
        });
        assert_eq!((world.members("Developers").len(), world.everybody().len()), (left, 10));
    }
}

/// UL-04: what was under way in a crash and could not be read afterwards is held, though it is as it was last known; the suspension goes out as
/// soon as it can be read.
#[test]
fn ul_04_a_suspension_behind_a_read_that_failed_goes_out_later() {
    let mut world = pair();
    world.suspend("anna");
    world.settle();
    world.activate("anna");
    world.sync_steps(1);
    assert!(world.is_active("anna@example.com") && world.state.has_intents());
    world.suspend("anna");
    unreadable(&mut world);
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.held()), (vec![], vec!["user anna NotSearched".to_owned()]));
    assert!(world.is_active("anna@example.com"));
    assert_eq!(world.settle().calls, ["GET User anna@example.com", "PATCH User anna@example.com active=false"]);
    assert!(!world.is_active("anna@example.com"));
}

/// UL-04: the same with another change beside the suspension.
#[test]
fn ul_04_a_suspension_with_another_change_goes_out_later() {
    let mut world = pair();
    world.suspend("anna");
    world.settle();
    world.activate("anna");
    world.sync_steps(1);
    world.suspend("anna");
    world.user("anna").department = Some("D1".to_owned());
    unreadable(&mut world);
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.held()), (vec![], vec!["user anna NotSearched".to_owned()]));
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    assert_eq!(world.settle().writes(), [format!("PATCH User anna@example.com active=false {department}")]);
    assert!(!world.is_active("anna@example.com"));
}

/// AM-19: an attribute likewise: what a crash left is not taken for what was last sent, and no stale value stays for ever.
#[test]
fn am_19_a_value_that_a_crash_left_does_not_stay() {
    for department in [None, Some("D1".to_owned())] {
        let mut world = pair();
        world.user("anna").job_title = Some("Lead".to_owned());
        world.sync_steps(1);
        world.user("anna").job_title = None;
        world.user("anna").department.clone_from(&department);
        world.service.set_faults(Faults::none().once("GetUser", Fault::Failed { status: 403, applied: false }));
        let synced = world.sync();
        assert_eq!((synced.writes(), synced.held()), (vec![], vec!["user anna NotSearched".to_owned()]));
        assert_eq!(world.there("anna@example.com").unwrap().text("title"), Some("Lead"));
        world.settle();
        assert_eq!(world.there("anna@example.com").unwrap().get("title"), None, "{department:?}");
    }
}

/// GM-14: the name of a group likewise; its members wait with it.
#[test]
fn gm_14_a_group_that_could_not_be_read_is_held() {
    let mut world = pair();
    world.hire("cleo", "Cleo Dahl");
    world.direct.insert("cleo".to_owned());
    world.settle();
    world.rename("staff", "Crew");
    world.sync_steps(1);
    assert_eq!(world.every_group(), ["Crew"]);
    world.rename("staff", "Staff");
    world.join("staff", "cleo");
    world.service.set_faults(Faults::none().once("GetGroup", Fault::Failed { status: 403, applied: false }));
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.held()), (vec![], vec!["group staff NotSearched".to_owned()]));
    assert_eq!(world.settle().writes(), ["PATCH Group Crew displayName", "PATCH Group Staff +1"]);
}

/// E-8: a removal counts in the window although a request for the same record was under way when an earlier run ended.
#[test]
fn e_08_a_removal_counts_behind_an_intent_of_an_earlier_run() {
    let mut world = World::company(10);
    world.user("u00").job_title = Some("Lead".to_owned());
    world.sync_steps(1);
    assert_eq!((world.state.has_intents(), removals(&world)), (true, 0));
    for number in 0..5 {
        world.delete_user(&format!("u{number:02}"));
    }
    world.service.set_faults(Faults::none().once("GetUser", Fault::Failed { status: 403, applied: false }));
    assert_eq!((world.sync().writes().len(), world.everybody().len(), removals(&world)), (5, 5, 5));
    world.delete_user("u05");
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld()), (0, vec!["deleteUser user u05: Guard".to_owned()]));
    assert_eq!(synced.plan.tripped().map(|tripped| tripped.earlier_users), Some(5));
}

/// E-7, UL-06: a suspended twin who was never provisioned does not take the account of the active one, whatever the order of their identifiers.
#[test]
fn e_07_a_suspended_twin_does_not_take_the_account_of_the_active_one() {
    for (suspended, active) in [("a1", "b2"), ("b2", "a1")] {
        let mut world = World::with_staff(&[("a1", "Anna Berg"), ("b2", "Anna Berg")]);
        for id in ["a1", "b2"] {
            world.email(id, "anna");
        }
        world.suspend(suspended);
        let id = world.made_by_hand("anna@example.com");
        let synced = world.sync();
        assert_eq!(
            synced.writes(),
            ["PATCH User anna@example.com externalId emails name.givenName name.familyName remove title", "POST Group Staff +1"]
        );
        assert_eq!((world.link(active), world.link(suspended)), (Some(id), None));
        assert!(world.is_active("anna@example.com"));
        world.settle_reading();
        assert!(world.is_active("anna@example.com"));
    }
}

/// E-6: a member who is somebody of the directory, held, is not nobody: neither removed by the policy that removes those, nor reported. A stranger
/// beside him is.
#[test]
fn e_06_a_held_member_of_an_adopted_group_is_not_nobody() {
    for (policy, writes) in [(UnmanagedMembers::Remove, &["PATCH Group Staff -1"][..]), (UnmanagedMembers::Leave, &[])] {
        for has_stranger in [false, true] {
            let mut world = pair();
            if has_stranger {
                let stranger = world.made_by_hand("stranger@example.com");
                let group = world.group_id("Staff");
                assert!(world.service.add_member(&group, &stranger));
            }
            world.forget();
            world.policy.unmanaged_members = policy;
            world.user("bo").last_name = None;
            let synced = world.settle();
            assert_eq!(synced.writes(), if has_stranger { writes } else { &[] });
            assert_eq!(synced.held(), ["user bo MissingRequired"]);
            assert_eq!(synced.findings().contains("UnmanagedMembers"), has_stranger && policy == UnmanagedMembers::Leave);
            assert_eq!(world.members("Staff").len(), if has_stranger && policy == UnmanagedMembers::Leave { 3 } else { 2 });
            // No longer held, he is a member like any other.
            world.user("bo").last_name = Some("Ek".to_owned());
            world.leave("staff", "bo");
            world.direct.insert("bo".to_owned());
            assert_eq!(world.settle().writes(), ["PATCH Group Staff -1"]);
            assert!(!world.members("Staff").contains("bo@example.com"));
        }
    }
}

/// E-6: a group that is adopted on the way keeps somebody staged, who is in the directory's group; who is not in it leaves.
#[test]
fn e_06_a_group_adopted_on_the_way_keeps_a_staged_member() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cleo", "Cleo Dahl")]);
    world.settle();
    world.stage("bo");
    world.settle();
    world.group("dev", "Developers", &["anna", "bo"]);
    let synced = world.sync_meanwhile(|world| {
        let [anna, bo, cleo] = ["anna@example.com", "bo@example.com", "cleo@example.com"].map(|name| world.id_of(name));
        world.group_by_hand("Developers", &[&anna, &bo, &cleo]);
    });
    assert_eq!(synced.writes(), ["POST Group Developers +1", "PATCH Group Developers externalId", "PATCH Group Developers -1"]);
    world.rest(&synced);
    assert_eq!(members(&world, "Developers"), ["anna@example.com", "bo@example.com"]);
}

/// E-2: somebody who is held late, because another who is held keeps the name, keeps the memberships as well.
#[test]
fn e_02_somebody_held_for_a_name_keeps_the_memberships() {
    let mut world = pair();
    world.group("dev", "Developers", &["anna", "bo"]);
    world.group("ops", "Operations", &["bo"]);
    world.settle();
    world.user("bo").last_name = None;
    world.email("bo", "bo2");
    world.email("anna", "bo");
    world.leave("dev", "anna");
    world.join("ops", "anna");
    let synced = world.settle_reading();
    assert_eq!(synced.writes(), NOTHING);
    assert_eq!(synced.held(), ["user anna NameTaken", "user bo MissingRequired"]);
    assert_eq!(members(&world, "Developers"), ["anna@example.com", "bo@example.com"]);
    world.user("bo").last_name = Some("Ek".to_owned());
    world.settle();
    assert_eq!((members(&world, "Developers"), world.members("Operations").len()), (vec!["bo2@example.com".to_owned()], 2));
}

/// IC-18, UL-03: a create that was under way is found again by exactly our identifier only: what another record of ours is linked to is not taken.
#[test]
fn ic_18_a_create_under_way_does_not_take_what_is_another_s() {
    let mut world = World::company(2);
    let id = world.id_of("u00@example.com");
    world.hire("anna", "Anna Berg");
    world.join("staff", "anna");
    world.sync_steps(0);
    assert!(world.state.has_intents());
    world.service.edit_user(&id, |user| user.attributes_mut().set("externalId", "anna"));
    world.sync();
    assert_eq!((world.link("u00"), world.link("anna")), (Some(id.clone()), None));
    assert!(!world.was_written(&id));
}

/// IC-18, UL-03: several objects with our identifier are none, and one whose identifier differs in the case of a letter is not ours.
#[test]
fn ic_18_a_create_under_way_takes_only_the_one_with_our_identifier() {
    for identifiers in [&["anna", "anna"][..], &["ANNA"]] {
        let mut world = World::company(1);
        world.hire("anna", "Anna Berg");
        world.join("staff", "anna");
        world.sync_steps(0);
        let seeded: Vec<_> = identifiers
            .iter()
            .enumerate()
            .map(|(number, external_id)| {
                world.seed(&format!(r#"{{"userName":"other{number}@example.com","externalId":"{external_id}","active":true}}"#))
            })
            .collect();
        world.sync();
        assert!(seeded.iter().all(|id| !world.was_written(id) && world.link("anna").as_ref() != Some(id)), "{identifiers:?}");
    }
}

/// GM-01: with group management off, nothing is asked of groups, not even what became of a request of an earlier run; switched on again, it is.
#[test]
fn gm_01_switched_off_nothing_is_asked_of_a_group_s_open_request() {
    for steps in 0..5 {
        let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
        world.sync_steps(steps);
        let is_open = world.store.keys().any(|key| key.starts_with("intent/group/"));
        assert_eq!(is_open, steps == 3, "{steps}");
        world.policy.groups = GroupManagement::Off;
        for _ in 0..2 {
            let calls = world.sync().calls;
            assert!(calls.iter().all(|call| !call.contains("Group")), "{steps}: {calls:?}");
        }
        world.policy.groups = GroupManagement::On;
        world.settle();
        assert_eq!((world.created(ResourceType::Group).len(), members(&world, "Staff").len()), (1, 2), "{steps}");
    }
}

/// E-8: removals from before the window are forgotten in the state as well.
#[test]
fn e_08_what_was_removed_before_the_window_is_forgotten() {
    let mut world = World::company(10);
    for number in 0..3 {
        world.delete_user(&format!("u{number:02}"));
    }
    world.settle();
    assert_eq!(removals(&world), 3);
    world.now += Duration::from_secs(23 * 3600);
    world.suspend("u09");
    world.settle();
    assert_eq!(removals(&world), 4);
    world.now += Duration::from_secs(2 * 3600);
    world.settle();
    assert_eq!(removals(&world), 1);
    world.now += Duration::from_secs(24 * 3600);
    world.settle();
    assert_eq!(removals(&world), 0);
}

/// UL-03: a process that dies again and again before it has looked up all that was under way gets to the end all the same, and nobody is created
/// twice: what was found out about open requests is stored before more is asked.
#[test]
fn ul_03_who_dies_again_and_again_gets_on() {
    // The first process creates some and leaves a dozen open, for which it takes two look-ups each to know that they are not there.
    for requests in 18..21 {
        let mut world = World::with_staff(&[]);
        for number in 0..30 {
            world.hire(&format!("u{number:02}"), "Some Body");
            world.join("staff", &format!("u{number:02}"));
        }
        let end = (0..10).find(|_| world.sync_requests(requests));
        assert!(end.is_some(), "with {requests} requests each, it does not end");
        assert_eq!((world.created(ResourceType::User).len(), world.everybody().len(), world.members("Staff").len()), (30, 30, 30));
        assert_eq!(world.settle().calls, Vec::<String>::new());
    }
}
