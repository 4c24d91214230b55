//! The guard by itself: how much may go, what is withheld, and what it says.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::{Place, desired, group_key, key, partial, policy, wanted, wanted_group};
use idbridge_planner::{Answer, Because, Desired, Evidence, Guard, Plan, Presence};

/// The first `users` of ten people and the first `groups` of eight groups, all of them with everybody.
fn company(users: usize, groups: usize) -> Desired {
    fill(desired(), users, groups)
}

fn fill(mut desired: Desired, users: usize, groups: usize) -> Desired {
    let people: Vec<String> = (0..users).map(|number| format!("u{number}")).collect();
    for id in &people {
        desired.set_user(key(id), wanted(id, id));
    }
    let members: Vec<&str> = people.iter().map(String::as_str).collect();
    for number in 0..groups {
        let id = format!("g{number}");
        desired.set_group(group_key(&id), wanted_group(&id, &format!("Group {number}"), &members));
    }
    desired
}

fn synced() -> Place {
    let mut place = Place::new();
    place.sync(&company(10, 8), &policy());
    place
}

fn codes(plan: &Plan) -> Vec<&str> {
    let mut codes: Vec<&str> = plan.withheld().iter().map(|withheld| withheld.reason.code()).collect();
    codes.dedup();
    codes
}

/// The greater of the least and the share, the share rounded down and kept between nothing and all.
#[test]
fn the_limit_is_the_greater_of_the_least_and_the_share() {
    let cases: [(usize, f64, usize, usize); 9] = [
        (5, 0.2, 0, 5),
        (5, 0.2, 29, 5),
        (5, 0.2, 30, 6),
        (5, 0.2, 1_004, 200),
        (0, 0.0, 1_000, 0),
        (0, 1.0, 7, 7),
        (0, 9.0, 7, 7),
        (3, -1.0, 7, 3),
        (3, f64::NAN, 7, 3),
    ];
    for (least, share, linked, limit) in cases {
        let mut guard = Guard::default();
        (guard.least, guard.share) = (least, share);
        assert_eq!(guard.limit(linked), limit, "least {least}, share {share}, linked {linked}");
    }
}

/// The default: five, a fifth, a day.
#[test]
fn the_default_is_five_a_fifth_and_a_day() {
    let guard = Guard::default();
    assert_eq!((guard.least, guard.share, guard.window), (5, 0.2, Duration::from_secs(86_400)));
}

/// It tells what would go, what went before, and how much may.
#[test]
fn it_tells_what_it_counted() {
    let mut place = synced();
    let policy = policy();
    assert_eq!(place.sync(&company(7, 8), &policy).plan.tripped(), None);
    let plan = place.sync(&company(4, 2), &policy).plan;
    let tripped = plan.tripped().unwrap();
    assert_eq!((tripped.users, tripped.earlier_users, tripped.users_limit), (3, 3, 5));
    assert_eq!((tripped.groups, tripped.earlier_groups, tripped.groups_limit), (6, 0, 5));
    assert_eq!((tripped.objects(), codes(&plan)), (9, vec!["Guard"]));
    assert_eq!(
        tripped.to_string(),
        "The guard: 3 users would be deleted or deactivated after 3 within the window (at most 5), 6 groups deleted (at most 5). Nothing that \
         takes access away is sent. To let this run take away these 9 objects, allow 9 removals."
    );
}

/// Each of the four reasons has its words, and the allowance that would help is named where one helps.
#[test]
fn every_reason_has_its_words() {
    let policy = policy();
    let mut allowed = policy.clone();
    allowed.allowance = Some(2);
    let cases = [
        (
            company(4, 8),
            &policy,
            "Guard",
            "The guard: 6 users would be deleted or deactivated (at most 5), 0 groups deleted (at most 5). Nothing that takes access away is \
             sent. To let this run take away these 6 objects, allow 6 removals.",
        ),
        (
            company(7, 8),
            &allowed,
            "Guard",
            "The guard: 3 objects would be taken away, and 2 are allowed. Nothing that takes access away is sent. To let this run take away \
             these 3 objects, allow 3 removals.",
        ),
        (
            company(0, 0),
            &policy,
            "SourceEmpty",
            "The source is empty although records are linked (SourceIncomplete). Nothing that takes access away is sent. To let this run take \
             away these 18 objects, allow 18 removals.",
        ),
    ];
    for (desired, policy, code, words) in cases {
        let plan = synced().sync(&desired, policy).plan;
        assert_eq!((codes(&plan), plan.tripped().map(ToString::to_string).as_deref()), (vec![code], Some(words)));
    }
}

/// A window that has passed counts no more; to the millisecond.
#[test]
fn a_window_that_has_passed_counts_no_more() {
    for (later, is_tripped) in [(Duration::from_secs(86_400 - 60), true), (Duration::from_secs(86_400 + 60), false)] {
        let mut place = synced();
        place.sync(&company(5, 8), &policy());
        place.now += later;
        assert_eq!(place.sync(&company(4, 8), &policy()).plan.tripped().is_some(), is_tripped);
    }
}

/// The share is of what was linked when the window began, so that removals do not shrink their own limit.
#[test]
fn removals_do_not_shrink_their_own_limit() {
    let mut policy = policy();
    (policy.guard.least, policy.guard.share) = (0, 0.5);
    let mut place = synced();
    assert_eq!(place.sync(&company(7, 8), &policy).plan.tripped(), None);
    assert_eq!(place.sync(&company(5, 8), &policy).plan.tripped(), None);
    assert!(place.sync(&company(4, 8), &policy).plan.tripped().is_some());
}

/// A limit of nothing lets nothing go, and lets everything else go on.
#[test]
fn a_limit_of_nothing_lets_nothing_go() {
    let mut policy = policy();
    (policy.guard.least, policy.guard.share) = (0, 0.0);
    let mut place = synced();
    let mut desired = company(9, 8);
    desired.set_user(key("new"), wanted("new", "new"));
    let plan = place.sync(&desired, &policy).plan;
    assert_eq!((codes(&plan), plan.operations().len()), (vec!["Guard"], 1));
}

/// Of a partial source nothing goes, and no allowance lifts what rests on an absence.
#[test]
fn no_allowance_lifts_what_rests_on_an_absence() {
    let mut policy = policy();
    policy.allowance = Some(1_000);
    let plan = synced().sync(&fill(partial(), 4, 2), &policy).plan;
    let unseen = plan.held().iter().filter(|held| held.findings[0].code == "SourceIncomplete").count();
    assert_eq!((plan.operations().len(), unseen), (0, 6 + 6));

    // Who is there but in no group that was read: that too is an absence.
    let mut desired = fill(partial(), 10, 8);
    let presence = |evidence| Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), evidence));
    desired.set_user(key("u0"), presence(Evidence::Absence));
    desired.set_user(key("u1"), presence(Evidence::Record));
    let plan = synced().sync(&desired, &policy).plan;
    let operations: Vec<String> = plan.operations().iter().map(|operation| operation.key.to_string()).collect();
    assert_eq!((operations, codes(&plan)), (vec!["user u1".to_owned()], vec!["SourceIncomplete"]));
}
