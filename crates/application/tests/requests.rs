//! What a sync costs: the number of requests is the bill, and it is counted here to the last one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::{Synced, World};
use idbridge_emulator::Settings;

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

/// Somebody who joins a group, or leaves one, is one PATCH and no read.
#[test]
fn one_membership_costs_one_request() {
    let mut world = company(250, 10);
    world.sync();
    world.join("g3", "u0007");
    assert_eq!(world.settle().calls, ["PATCH Group Group 3 +1"]);
    world.leave("g3", "u0007");
    assert_eq!(world.settle().calls, ["PATCH Group Group 3 -1"]);
}

/// A day on which one in fifty changes: one write a person, one a group and kind of change, and of the newcomers, who alone are looked up, one read
/// by identifier and one by name. Who is gone takes the memberships along, and who is suspended keeps them.
#[test]
fn two_per_cent_of_churn_cost_one_request_a_person_and_one_a_changed_group() {
    let mut world = company(1_000, 10);
    world.sync();
    for number in 100..110 {
        world.user(&format!("u{number:04}")).job_title = Some("Lead".to_owned());
    }
    for number in 200..203 {
        world.suspend(&format!("u{number:04}"));
        world.delete_user(&format!("u{:04}", number + 100));
    }
    for number in 400..402 {
        // From group 0 to 5 and from 1 to 6; in group 0 is everybody anyway.
        world.leave(&format!("g{}", number % 10), &format!("u{number:04}"));
        world.join(&format!("g{}", number % 10 + 5), &format!("u{number:04}"));
        world.join("g0", &format!("u{number:04}"));
    }
    for id in ["v0", "v1"] {
        world.hire(id, "New Comer");
        world.join("g0", id);
        world.join("g2", id);
    }
    let synced = world.settle();
    let count = |call: &str| count(&synced, call);
    assert_eq!((count("PATCH User"), count("DELETE User"), count("POST User"), count("POST Group")), (13, 3, 2, 0));
    let mut groups: Vec<&str> = synced.writes().into_iter().filter(|call| call.starts_with("PATCH Group")).collect();
    groups.sort_unstable();
    let expected = ["Group 0 +2", "Group 1 -1", "Group 2 +2", "Group 5 +1", "Group 6 +1"];
    assert_eq!(groups, expected.map(|group| format!("PATCH Group {group}")));
    assert_eq!((synced.reads().len(), synced.calls.len()), (2 * 2, 4 + 13 + 3 + 2 + groups.len()));
}

/// At the rates that AWS publishes, a first sync takes as long as its writes at 25 a second, and no request is refused for coming too soon.
#[test]
fn a_first_sync_keeps_the_published_pace() {
    let mut world = company(500, 10);
    let mut settings = Settings::default();
    settings.short_pages = false;
    world.service.set_settings(settings);
    let started = world.now;
    let synced = world.sync();
    let writes = synced.writes().len();
    assert_eq!(writes, 500 + 10 + 4);
    assert_eq!(world.service.log().iter().filter(|logged| logged.status() == Some(429)).count(), 0);
    let lasted = world.now.duration_since(started).unwrap();
    let least = Duration::from_secs_f64(f64::from(u32::try_from(writes).unwrap()) / 25.0);
    assert!(
        lasted >= least.mul_f64(0.95) && lasted <= least.mul_f64(1.05),
        "{lasted:?} for {writes} writes, which at 25 a second take {least:?}"
    );
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
