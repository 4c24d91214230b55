//! E-8: nothing is taken away in bulk, over several runs together, and nothing at all on the word of half a directory.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::World;
use idbridge_mapping::directory::Incomplete;

fn delete(world: &mut World, numbers: std::ops::Range<usize>) {
    numbers.for_each(|number| world.delete_user(&format!("u{number:02}")));
}

/// E-8: five may go however few there are; the sixth trips the guard for all of them.
#[test]
fn e_08_five_may_go_and_six_may_not() {
    let mut world = World::company(10);
    delete(&mut world, 0..6);
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld().len()), (0, 6));
    assert_eq!(synced.plan.tripped().map(|tripped| (tripped.users, tripped.users_limit)), Some((6, 5)));

    let mut world = World::company(10);
    delete(&mut world, 0..5);
    assert_eq!(world.settle().writes().len(), 5);
}

/// E-8: of many, a fifth may go; deletions and deactivations count together.
#[test]
fn e_08_a_fifth_may_go() {
    for (extra, passes) in [(0, true), (1, false)] {
        let mut world = World::company(50);
        delete(&mut world, 0..4);
        for number in 10..16 + extra {
            world.suspend(&format!("u{number}"));
        }
        let synced = world.sync();
        assert_eq!(synced.calls.len(), if passes { 10 } else { 0 }, "{:?}", synced.calls);
    }
}

/// E-8: what went in the last 24 hours counts with what goes now; a day later it counts no more.
#[test]
fn e_08_the_window_counts_over_several_runs() {
    let mut world = World::company(10);
    delete(&mut world, 0..3);
    assert_eq!(world.settle().writes().len(), 3);
    delete(&mut world, 3..5);
    world.now += Duration::from_secs(3600);
    assert_eq!(world.settle().writes().len(), 2);
    delete(&mut world, 5..6);
    world.now += Duration::from_secs(3600);
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld()), (0, vec!["deleteUser user u05: Guard".to_owned()]));
    assert_eq!(synced.plan.tripped().map(|tripped| (tripped.users, tripped.earlier_users)), Some((1, 5)));
    world.now += Duration::from_secs(24 * 3600);
    assert_eq!(world.settle().writes(), ["DELETE User u05@example.com"]);
}

/// E-8: the window is in the state, so it counts across a crash too; a removal that is repeated counts once.
#[test]
fn e_08_the_window_survives_a_crash() {
    for steps in 0..5 {
        let mut world = World::company(10);
        delete(&mut world, 0..5);
        world.sync_steps(steps);
        world.sync();
        assert_eq!(world.everybody().len(), 5, "interrupted after {steps}");
        delete(&mut world, 5..6);
        assert_eq!(world.sync().withheld(), ["deleteUser user u05: Guard"]);
    }
}

/// E-8: when it trips, nothing that takes access away is sent, member removals and group deletions included; everything else is.
#[test]
fn e_08_when_it_trips_nothing_that_takes_access_away_is_sent() {
    let mut world = World::company(12);
    world.group("dev", "Developers", &["u08", "u09"]);
    world.group("old", "Old", &["u08"]);
    world.settle();
    delete(&mut world, 0..6);
    world.leave("dev", "u08");
    world.join("dev", "u10");
    world.delete_group("old");
    world.suspend("u07");
    world.user("u07").job_title = Some("Lead".to_owned());
    world.hire("new", "New Comer");
    world.join("staff", "new");
    let synced = world.sync();
    assert_eq!(
        synced.writes(),
        ["PATCH User u07@example.com title", "POST User new@example.com", "PATCH Group Developers +1", "PATCH Group Staff +1"]
    );
    assert_eq!(synced.withheld().len(), 6 + 3);
    assert!(world.is_active("u07@example.com"));
    assert_eq!(world.members("Developers").len(), 3);

    world.policy.allowance = Some(8);
    let synced = world.settle();
    assert!(synced.withheld().is_empty());
    assert_eq!((world.everybody().len(), world.is_active("u07@example.com")), (7, false));
    assert_eq!((world.members("Developers").len(), world.every_group().len()), (2, 2));
}

/// E-8: member removals alone never trip it.
#[test]
fn e_08_member_removals_alone_never_trip_it() {
    let mut world = World::company(20);
    for number in 0..20 {
        world.direct.insert(format!("u{number:02}"));
        world.leave("staff", &format!("u{number:02}"));
    }
    assert_eq!(world.settle().calls, ["PATCH Group Staff -20"]);
}

/// E-8: group deletions have their own count.
#[test]
fn e_08_group_deletions_have_their_own_count() {
    let mut world = World::company(3);
    for number in 0..8 {
        world.group(&format!("g{number}"), &format!("Group {number}"), &["u00"]);
    }
    world.settle();
    for number in 0..6 {
        world.delete_group(&format!("g{number}"));
    }
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld().len()), (0, 6));
    world.group("g5", "Group 5", &["u00"]);
    assert_eq!(world.settle().writes().len(), 5);
}

/// E-8: only an allowance of at least as many removals lifts it, for this run.
#[test]
fn e_08_an_allowance_lifts_it_for_one_run() {
    let mut world = World::company(10);
    delete(&mut world, 0..7);
    world.policy.allowance = Some(6);
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld().len()), (0, 7));
    assert!(synced.explained().contains("7 objects would be taken away, and 6 are allowed"), "{}", synced.explained());
    world.policy.allowance = Some(7);
    assert_eq!(world.settle().writes().len(), 7);
    world.policy.allowance = None;
    delete(&mut world, 7..8);
    assert_eq!(world.sync().withheld(), ["deleteUser user u07: Guard"]);
}

/// E-8: an allowance of fewer than what the guard alone would let pass still binds: it stands in the guard's place.
#[test]
fn e_08_an_allowance_stands_in_the_guard_s_place() {
    let mut world = World::company(10);
    delete(&mut world, 0..3);
    world.policy.allowance = Some(2);
    assert_eq!(world.sync().withheld().len(), 3);
}

/// E-8: a partial directory takes nothing away: neither by what is missing nor by what is said of a record.
#[test]
fn e_08_a_partial_directory_takes_nothing_away() {
    let mut world = World::company(6);
    world.group("dev", "Developers", &["u00", "u01"]);
    world.settle();
    delete(&mut world, 5..6);
    world.suspend("u00");
    world.leave("dev", "u01");
    world.leave("staff", "u02");
    world.unbind("dev");
    world.bind("dev");
    world.partial = Some(Incomplete::Declared);
    let synced = world.sync();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert!(world.is_active("u00@example.com") && world.is_active("u02@example.com"));
    assert_eq!((world.members("Developers").len(), world.members("Staff").len()), (2, 6));

    // An allowance lets go what the records themselves say, and nothing that follows from an absence.
    world.policy.allowance = Some(1);
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User u00@example.com active=false"]);

    (world.partial, world.policy.allowance) = (None, None);
    assert_eq!(
        world.settle().writes(),
        ["DELETE User u05@example.com", "PATCH User u02@example.com active=false", "PATCH Group Developers -1", "PATCH Group Staff -1"]
    );
}

/// E-8, GM-16: a partial directory releases no group either, because a binding that was not read is not one that is gone.
#[test]
fn e_08_a_partial_directory_releases_no_group() {
    let mut world = World::company(2);
    world.group("dev", "Developers", &["u00"]);
    world.settle();
    world.unbind("dev");
    world.partial = Some(Incomplete::Declared);
    world.settle();
    (world.partial, ()) = (None, world.bind("dev"));
    assert_eq!(world.settle().calls, Vec::<String>::new());
}

/// E-8, E-9: a name that is given up by a deletion that is withheld is not free: who wants it waits, without a request.
#[test]
fn e_08_what_needs_something_withheld_waits() {
    let mut world = World::company(10);
    delete(&mut world, 0..6);
    world.hire("new", "New Comer").email = Some("u00@example.com".to_owned());
    world.join("staff", "new");
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["user new NameTaken"]);
    world.policy.allowance = Some(6);
    world.settle();
    assert_eq!(world.everybody().len(), 5);
}
