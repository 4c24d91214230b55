//! E-7 to E-10: names and addresses that only one object may have, and in which order they change hands.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;

/// E-7: whoever is linked keeps the address, even against a smaller identifier.
#[test]
fn e_07_whoever_is_linked_keeps_the_address() {
    let mut world = World::company(2);
    world.email("u00", "u01");
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user u00 DuplicateEmail".to_owned()]));
}

/// E-9: somebody was deleted and somebody else hired with the same address: DELETE, then POST, in one run, as another person.
#[test]
fn e_09_an_address_of_somebody_deleted_goes_to_somebody_new() {
    let mut world = World::company(2);
    let old = world.id_of("u00@example.com");
    world.delete_user("u00");
    world.hire("new", "New Comer");
    world.email("new", "U00");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["DELETE User u00@example.com", "POST User U00@example.com", "PATCH Group Staff +1"]);
    assert_ne!(world.id_of("U00@example.com"), old);
}

/// E-10: an address that another gives up in the same plan is free, and the order is right.
#[test]
fn e_10_an_address_that_is_given_up_is_free() {
    let mut world = World::company(3);
    let ids: Vec<_> = ["u00", "u01"].map(|id| world.id_of(&format!("{id}@example.com"))).into();
    world.email("u00", "u01");
    world.email("u01", "new");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH User u01@example.com userName emails", "PATCH User u00@example.com userName emails"]);
    assert_eq!([world.id_of("u01@example.com"), world.id_of("new@example.com")].as_slice(), ids);
}

/// E-10: two, three and four people who pass their addresses on in a circle all get them, by way of one temporary value.
#[test]
fn e_10_addresses_in_a_circle_are_passed_on() {
    for count in 2..=4 {
        let mut world = World::company(5);
        let ids: Vec<_> = (0..count).map(|number| world.id_of(&format!("u{number:02}@example.com"))).collect();
        for number in 0..count {
            world.email(&format!("u{number:02}"), &format!("u{:02}", (number + 1) % count));
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
        let mut world = World::company(1);
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
        let mut world = World::company(5);
        let ids: Vec<_> = (0..3).map(|number| world.id_of(&format!("u{number:02}@example.com"))).collect();
        for number in 0..3 {
            world.email(&format!("u{number:02}"), &format!("u{:02}", (number + 1) % 3));
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
    let mut world = World::company(1);
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
    let mut world = World::company(2);
    let holder = world.made_by_hand("taken@example.com");
    world.email("u00", "taken");
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

/// E-10, UL-04: who is suspended and gets an address that is taken is deactivated all the same, in the same run; only the address waits.
#[test]
fn e_10_a_deactivation_does_not_wait_for_an_address_that_is_taken() {
    let mut world = World::company(2);
    world.made_by_hand("taken@example.com");
    world.email("u00", "taken");
    world.suspend("u00");
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User u00@example.com userName emails active=false", "PATCH User u00@example.com active=false"]);
    assert_eq!((synced.remedies("NameTaken").len(), world.is_active("u00@example.com")), (1, false));
    let synced = world.settle_reading();
    assert_eq!((synced.held(), synced.writes().len()), (vec!["user u00 NameTaken".to_owned()], 0));
}

/// E-10, GM-19: so is the name that a group gives up which was unbound, and is bound again under another name.
#[test]
fn e_10_a_name_that_a_group_bound_again_gives_up_is_free() {
    let mut world = World::company(1);
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
