//! How the service is looked at: the cheapest way is taken, shows in the plan, and makes no difference to what is done.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_scim::protocol::ResourceType;

fn looks(synced: &common::Synced) -> Vec<String> {
    synced.plan.looks().iter().filter(|look| look.requests > 0).map(ToString::to_string).collect()
}

/// Many new people are found by one list; one among three hundred by two look-ups; nobody new by nothing.
#[test]
fn records_are_found_in_the_fewest_requests() {
    let mut world = World::with_staff(&[]);
    for number in 0..300 {
        world.hire(&format!("u{number:03}"), "Some Body");
        world.join("staff", &format!("u{number:03}"));
    }
    let synced = world.settle();
    assert_eq!(
        looks(&synced),
        ["users: list by cursor, 1 request (300 records to find)", "groups: list by cursor, 1 request (1 record to find)"]
    );
    world.hire("new", "New Comer");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(looks(&synced), ["users: look-ups by filter, 2 requests (1 record to find)"]);
    assert!(
        synced.explained().contains("\nLooked at\n  . users: look-ups by filter, 2 requests (1 record to find)\n"),
        "{}",
        synced.explained()
    );
    assert_eq!(world.sync().plan.looks().iter().map(|look| look.requests).sum::<usize>(), 0);
}

/// Twelve groups taken over before, each with a stranger; then some of the strangers are hired.
fn taken_over(has_filters: bool) -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    if !has_filters {
        world.without_cursors(50);
    }
    world.settle();
    let strangers: Vec<_> = (0..13).map(|number| world.made_by_hand(&format!("late{number:02}@example.com"))).collect();
    for number in 0..12 {
        let name = format!("Group {number:02}");
        world.group_by_hand(&name, &strangers.iter().collect::<Vec<_>>());
        world.group(&format!("g{number:02}"), &name, &["anna"]);
    }
    world.settle();
    world
}

/// One who is adopted is walked; as many as there are groups are read by group; without the filters it is user by user. What is done is the same.
#[test]
fn memberships_are_known_in_the_fewest_requests() {
    for (hired, has_filters, expected) in [
        (1, true, "members: members.value, 1 request (1 adopted, who may be in 12 groups)"),
        (13, true, "members: groups.value, 12 requests (12 groups)"),
    ] {
        let mut world = taken_over(has_filters);
        for number in 0..hired {
            world.hire(&format!("late{number:02}"), "By Hand");
            world.join("staff", &format!("late{number:02}"));
        }
        let synced = world.settle();
        assert_eq!(looks(&synced).last().map(String::as_str), Some(expected), "{:?}", looks(&synced));
        for number in 0..12 {
            assert_eq!(world.members(&format!("Group {number:02}")).len(), 14 - hired, "everybody who is ours by now has left");
        }
    }
    let mut world = taken_over(false);
    world.hire("late00", "By Hand");
    world.join("staff", "late00");
    let synced = world.settle();
    let checks: Vec<_> = looks(&synced).into_iter().filter(|look| look.starts_with("members: ")).collect();
    assert_eq!(synced.reads().iter().filter(|read| read.contains("members eq")).count(), 12);
    assert!(checks.iter().any(|look| look.starts_with("members: id and members, 12 requests")), "{checks:?}");
    (0..12).for_each(|number| assert_eq!(world.members(&format!("Group {number:02}")).len(), 13));
}

/// A state that was lost at any time is rebuilt with nothing recreated, whatever the service can do: by externalId, or by name where none is there.
#[test]
fn a_lost_state_is_rebuilt_with_nothing_recreated() {
    for (cap, filters, people) in
        [(None, true, 8), (None, true, 130), (None, false, 8), (Some(50), false, 70), (Some(100), false, 8), (Some(100), false, 110)]
    {
        for by_name in [false, true] {
            let mut world = World::with_staff(&[]);
            if let Some(cap) = cap {
                world.without_cursors(cap);
            }
            if !filters && cap.is_none() {
                let mut settings = idbridge_emulator::Settings::unhurried();
                settings.membership_filters = false;
                world.service.set_settings(settings);
            }
            for number in 0..people {
                world.hire(&format!("u{number:03}"), "Some Body");
                world.join("staff", &format!("u{number:03}"));
            }
            world.group("dev", "Developers", &["u000", "u001"]);
            world.settle();
            let ids: Vec<_> = (0..people).map(|number| world.link(&format!("u{number:03}"))).collect();
            let (groups, members) = (world.every_group(), world.members("Developers"));
            if by_name {
                for id in ids.iter().flatten() {
                    world.service.edit_user(id, |user| drop(user.attributes_mut().remove("externalId")));
                }
                let id = world.group_id("Developers");
                world.service.edit_group(&id, |group| drop(group.attributes_mut().remove("externalId")));
            }
            let created = (world.created(ResourceType::User).len(), world.created(ResourceType::Group).len());
            world.forget();
            let synced = world.settle();
            assert!(
                synced.writes().iter().all(|write| write.starts_with("PATCH") && write.ends_with("externalId")),
                "{:?}",
                synced.writes()
            );
            assert_eq!(synced.writes().is_empty(), !by_name);
            assert_eq!(created, (world.created(ResourceType::User).len(), world.created(ResourceType::Group).len()));
            assert_eq!(ids, (0..people).map(|number| world.link(&format!("u{number:03}"))).collect::<Vec<_>>());
            assert_eq!((groups, members), (world.every_group(), world.members("Developers")), "{cap:?} {filters} {people}");
        }
    }
}

/// A state that was lost in the middle of a first sync is rebuilt likewise.
#[test]
fn a_state_that_was_lost_half_way_is_rebuilt() {
    for steps in 0..7 {
        let mut world = World::with_staff(&[]);
        for id in ["anna", "bo", "cleo"] {
            world.hire(id, "Some Body");
            world.join("staff", id);
        }
        world.group("dev", "Developers", &["anna"]);
        world.sync_steps(steps);
        world.forget();
        world.settle();
        assert_eq!((world.created(ResourceType::User).len(), world.created(ResourceType::Group).len()), (3, 2), "{steps}");
    }
}
