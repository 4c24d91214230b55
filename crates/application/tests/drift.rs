//! What others changed at the service: listed, apart from what the directory changed, and set back by policy.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{World, user_key};
use idbridge_planner::{Correction, DriftKind, GroupManagement, Observation, Strangers, UnmanagedMembers};

const NOTHING: [&str; 0] = [];

/// Four people in Staff and one group more, synced, then looked at in full.
fn watched() -> World {
    let mut world = World::company(4);
    world.group("dev", "Developers", &["u00", "u01"]);
    world.settle();
    world.policy.drift.observation = Observation::Full;
    world
}

fn repairing() -> World {
    let mut world = watched();
    world.policy.drift.attributes = Correction::Repair;
    world.policy.drift.user_name = Correction::Repair;
    world.policy.drift.members = Correction::Repair;
    world
}

/// Somebody else renames a group, gives u00 a title, deactivates u01, takes u00 out of Developers and puts u02 into it.
fn meddle(world: &mut World) {
    let ids = ["u00", "u01", "u02"].map(|name| world.id_of(&format!("{name}@example.com")));
    let developers = world.group_id("Developers");
    world.service.edit_user(&ids[0], |user| user.attributes_mut().set("title", "Queen"));
    world.service.edit_user(&ids[1], |user| user.attributes_mut().set("active", false));
    world.service.remove_member(&developers, &ids[0]);
    world.service.add_member(&developers, &ids[2]);
    world.service.edit_group(&developers, |group| group.attributes_mut().set("displayName", "Hackers"));
}

/// With a full look and nothing changed, everything is read and nothing is found.
#[test]
fn nothing_changed_is_no_drift() {
    let mut world = watched();
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.plan.drift().len()), (vec![], 0));
    assert_eq!(synced.reads().len(), 4, "{:?}", synced.calls);
}

/// What is only reported is not written, not even to the state: the next look reports it again.
#[test]
fn report_only_writes_nothing() {
    let mut world = watched();
    meddle(&mut world);
    for _ in 0..2 {
        let (store, synced) = (world.store.clone(), world.sync());
        assert_eq!((synced.writes(), synced.plan.drift().len()), (vec![], 4), "{}", synced.explained());
        assert!(synced.plan.drift().iter().all(|drifted| !drifted.repairs) && synced.plan.is_empty());
        assert_eq!(world.store, store);
    }
    // What the directory changes goes out as ever, and takes nothing else along.
    world.user("u00").job_title = Some("Lead".to_owned());
    assert_eq!(world.sync().writes(), ["PATCH User u00@example.com title"]);
    world.policy.drift.observation = Observation::Needed;
    assert_eq!(world.sync().calls, NOTHING);
}

/// What is repaired is as the directory says; then a full look finds nothing, and so does the plan.
#[test]
fn after_a_repair_nothing_differs() {
    let mut world = repairing();
    meddle(&mut world);
    let synced = world.sync();
    assert_eq!(
        synced.writes(),
        [
            "PATCH User u00@example.com remove title",
            "PATCH User u01@example.com active=true",
            "PATCH Group Hackers displayName",
            "PATCH Group Developers -1",
            "PATCH Group Developers +1",
        ],
        "{}",
        synced.explained()
    );
    assert!(synced.plan.operations().iter().all(|operation| operation.because.reason.starts_with("drift: ")), "{}", synced.explained());
    assert_eq!(world.members("Developers").into_iter().collect::<Vec<_>>(), ["u00@example.com", "u01@example.com"]);
    let again = world.sync();
    assert_eq!((again.plan.is_empty(), again.plan.drift().len(), again.writes()), (true, 0, vec![]), "{}", again.explained());
    world.policy.drift.observation = Observation::Needed;
    assert_eq!(world.sync().calls, NOTHING);
}

/// A repair that dies before it is done is finished by the next plan, full look or not, because the state says what is there.
#[test]
fn a_repair_that_was_broken_off_is_finished() {
    for steps in 0..5 {
        let mut world = repairing();
        meddle(&mut world);
        world.sync_steps(steps);
        world.sync();
        let again = world.sync();
        assert_eq!((again.plan.is_empty(), again.plan.drift().len()), (true, 0), "{steps}: {}", again.explained());
    }
}

/// AC-03: the display name of a user is no drift.
#[test]
fn ac_03_a_display_name_is_no_drift() {
    let mut world = repairing();
    let id = world.id_of("u00@example.com");
    world.service.edit_user(&id, |user| user.attributes_mut().set("displayName", "Her Majesty"));
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.plan.drift().len()), (vec![], 0));
}

/// IC-05: a userName that others changed holds the user, seen in whichever way; by policy it is changed back. A suspension goes out all the same.
#[test]
fn ic_05_another_user_name_holds_or_is_changed_back() {
    for full in [false, true] {
        let mut world = if full { watched() } else { World::company(4) };
        let id = world.id_of("u00@example.com");
        world.service.edit_user(&id, |user| user.attributes_mut().set("userName", "other@example.com"));
        // Somebody new has the list walked.
        world.hire("new", "New Comer");
        world.join("staff", "new");
        world.user("u00").job_title = Some("Lead".to_owned());
        let synced = world.sync();
        assert_eq!(synced.held(), ["user u00 UserNameMismatch"]);
        assert_eq!(synced.plan.drift()[0].key, Some(user_key("u00")));
        assert!(!world.was_written(&id) && world.link("u00") == Some(id.clone()));
        world.suspend("u00");
        world.hire("newer", "New Comer");
        world.join("staff", "newer");
        let synced = world.sync();
        assert!(synced.writes().contains(&"PATCH User other@example.com active=false"), "{:?}", synced.calls);
        world.activate("u00");
        world.policy.drift.user_name = Correction::Repair;
        world.hire("newest", "New Comer");
        world.join("staff", "newest");
        let synced = world.sync();
        assert_eq!(synced.writes()[0], "PATCH User other@example.com userName active=true title", "{}", synced.explained());
        assert_eq!((world.id_of("u00@example.com"), world.is_active("u00@example.com")), (id, true));
    }
}

/// UL-09: what the service lost is created again, and is in the list.
#[test]
fn ul_09_what_was_lost_is_drift() {
    let mut world = watched();
    let id = world.id_of("u00@example.com");
    world.service.remove_user(&id);
    let synced = world.sync();
    let lost: Vec<_> = synced.plan.drift().iter().filter(|drifted| drifted.kind == DriftKind::Lost).collect();
    assert_eq!((lost.len(), &lost[0].id, lost[0].repairs), (1, &id, true));
    assert_ne!(world.id_of("u00@example.com"), id);
    assert_eq!(world.members("Developers").len(), 2);
}

/// IC-18: groups and members that are nobody's are listed and left alone; a disassociated group is told apart.
#[test]
fn ic_18_what_nobody_manages_is_listed_and_left() {
    let mut world = repairing();
    world.group("ops", "Operations", &["u00"]);
    world.sync();
    world.unbind("ops");
    world.sync();
    let stranger = world.made_by_hand("stranger@example.com");
    let extra = world.group_by_hand("By hand", &[&stranger]);
    let staff = world.group_id("Staff");
    world.service.add_member(&staff, &stranger);
    let synced = world.sync();
    assert_eq!(synced.writes(), NOTHING);
    let kinds: Vec<_> = synced.plan.drift().iter().map(|drifted| (drifted.label.as_str(), &drifted.kind)).collect();
    assert!(kinds.contains(&("By hand", &DriftKind::ExtraGroup { released: false })));
    assert!(kinds.contains(&("Operations", &DriftKind::ExtraGroup { released: true })));
    let strangers =
        kinds.iter().any(|(label, kind)| matches!(kind, DriftKind::Members { strangers, .. } if *label == "Staff" && strangers.len() == 1));
    assert!(strangers && !world.was_written(&extra) && !world.was_written(&stranger));

    // By policy both go; who was disassociated stays.
    world.policy.unmanaged_members = UnmanagedMembers::Remove;
    world.policy.drift.groups = Strangers::Delete;
    assert_eq!(world.sync().writes(), ["DELETE Group By hand", "PATCH Group Staff -1"]);
    assert_eq!(world.every_group(), ["Developers", "Operations", "Staff"]);
    let again = world.sync();
    assert!(again.plan.is_empty() && again.plan.drift().len() == 1, "{}", again.explained());
}

/// E-8: extra groups count like our own; under a partial source none goes; and one that may be a held record's stays.
#[test]
fn e_08_extra_groups_count_in_the_guard() {
    let mut world = repairing();
    world.policy.drift.groups = Strangers::Delete;
    let extra: Vec<_> = (0..6).map(|number| world.group_by_hand(&format!("Extra {number}"), &[])).collect();
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.withheld().len()), (vec![], 6));
    world.service.remove_group(&extra[0]);
    world.partial = Some(idbridge_mapping::directory::Incomplete::Declared);
    assert_eq!(world.sync().writes(), NOTHING);
    world.partial = None;
    world.group("held", "Extra 1: held", &["u00"]);
    assert_eq!(world.sync().writes(), NOTHING);
    world.delete_group("held");
    assert_eq!(world.sync().writes().len(), 5);
    assert_eq!(world.every_group(), ["Developers", "Staff"]);
}

/// IC-20: without cursors each linked object is read by itself, and groups that nobody manages cannot be known.
#[test]
fn ic_20_without_a_complete_list_extra_groups_are_unknown() {
    let mut world = World::with_staff(&[]);
    world.without_cursors(50);
    for number in 0..60 {
        world.hire(&format!("u{number:02}"), "Some Body");
        world.join("staff", &format!("u{number:02}"));
    }
    world.settle();
    (0..60).for_each(|number| drop(world.group_by_hand(&format!("Extra {number}"), &[])));
    world.policy.drift.observation = Observation::Full;
    world.policy.drift.groups = Strangers::Delete;
    let id = world.id_of("u59@example.com");
    world.service.edit_user(&id, |user| user.attributes_mut().set("title", "Queen"));
    let synced = world.sync();
    assert_eq!((synced.writes(), synced.findings().contains("ExtraGroupsUnknown")), (vec![], true));
    let drift: Vec<_> = synced.plan.drift().iter().map(|drifted| drifted.label.as_str()).collect();
    assert_eq!(drift, ["u59@example.com"]);
}

/// GM-01: with group management off, a full look asks nothing of groups.
#[test]
fn gm_01_a_full_look_names_no_group_when_they_are_not_managed() {
    let mut world = repairing();
    meddle(&mut world);
    world.policy.groups = GroupManagement::Off;
    let synced = world.sync();
    assert!(synced.calls.iter().all(|call| !call.contains("Group")), "{:?}", synced.calls);
    assert_eq!(synced.plan.drift().len(), 2);
}
