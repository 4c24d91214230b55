//! What a sync costs: the number of requests is the bill, and it is counted here to the last one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Synced, World};

/// `count` people, `u0000` onwards, each of them in one of `groups` groups; the first group has all of them.
fn company(count: usize, groups: usize) -> World {
    let mut world = World::new();
    for number in 0..groups {
        world.group(&format!("g{number}"), &format!("Group {number}"), &[]);
    }
    for number in 0..count {
        let id = format!("u{number:04}");
        world.hire(&id, "Some Body");
        world.join("g0", &id);
        world.join(&format!("g{}", number % groups), &id);
    }
    world
}

fn count(synced: &Synced, call: &str) -> usize {
    synced.calls.iter().filter(|found| found.starts_with(call)).count()
}

/// A first sync into an empty service: one create a user, one create a group with its first 100 members, one PATCH for each further 100, and one
/// read a list, because a list of nothing is one page.
#[test]
fn a_first_sync_costs_one_request_an_object_and_one_a_hundred_members() {
    let mut world = company(250, 10);
    let synced = world.sync();
    assert_eq!(synced.reads(), ["GET Users", "GET Groups"]);
    assert_eq!((count(&synced, "POST User"), count(&synced, "POST Group"), count(&synced, "PATCH Group")), (250, 10, 2));
    assert_eq!(synced.calls.len(), 2 + 250 + 10 + 2);
    assert_eq!(synced.plan.writes(), 250 + 10 + 2);
    assert_eq!(world.members("Group 0").len(), 250);
}

/// A second sync over the same directory costs nothing, and one changed attribute costs one PATCH and no read.
#[test]
fn a_second_sync_costs_nothing() {
    let mut world = company(250, 10);
    world.sync();
    assert_eq!(world.sync().calls, Vec::<String>::new());
    world.user("u0007").job_title = Some("Lead".to_owned());
    assert_eq!(world.sync().calls, ["PATCH User u0007@example.com title"]);
    assert_eq!(world.sync().calls, Vec::<String>::new());
}

/// A thousand people who join a group are ten PATCH requests, and a thousand who leave are ten.
#[test]
fn a_thousand_members_are_ten_requests() {
    let mut world = company(1_000, 1);
    world.group("new", "New", &["u0000"]);
    world.sync();
    for number in 1..=999 {
        world.join("new", &format!("u{number:04}"));
    }
    world.hire("u1000", "Some Body");
    world.join("g0", "u1000");
    world.join("new", "u1000");
    let synced = world.settle();
    assert_eq!(synced.writes()[..2], ["POST User u1000@example.com", "PATCH Group Group 0 +1"]);
    assert_eq!(synced.writes()[2..], vec!["PATCH Group New +100"; 10]);
    for number in 0..1_000 {
        world.leave("new", &format!("u{number:04}"));
    }
    assert_eq!(world.settle().calls, vec!["PATCH Group New -100"; 10]);
}

/// A group of 2,500 is one POST with the first 100 members and 24 PATCH requests.
#[test]
fn a_group_of_2500_is_one_post_and_24_patches() {
    let mut world = company(2_500, 1);
    let synced = world.sync();
    assert_eq!((count(&synced, "POST User"), count(&synced, "POST Group"), count(&synced, "PATCH")), (2_500, 1, 24));
    assert_eq!((synced.reads().len(), world.members("Group 0").len()), (2, 2_500));
}

/// What exists is discovered by complete lists, one request a hundred objects, and a takeover without differences writes nothing.
#[test]
fn a_takeover_reads_one_page_a_hundred_objects() {
    let mut world = company(250, 10);
    world.sync();
    world.forget();
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!((count(&synced, "GET Users groups.value"), count(&synced, "GET Groups")), (12, 1));
    // Three pages of users, one of groups, and the members of ten groups: one page each, and two more for the one of 250.
    assert_eq!(synced.calls.len(), 3 + 1 + 12);
}

/// Somebody new among many is looked up and not searched in the whole list: two reads instead of a page for every hundred.
#[test]
fn somebody_new_among_many_costs_two_reads() {
    let mut world = company(300, 1);
    world.sync();
    world.hire("new", "New Comer");
    world.join("g0", "new");
    let synced = world.settle();
    assert_eq!((synced.reads().len(), synced.writes().len()), (2, 2));
}
