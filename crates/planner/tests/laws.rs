//! What holds for every input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::moment::{Moment, Says, complete, moment, tell};
use common::{Place, desired, key, now, partial, policy, wanted};
use idbridge_planner::{Answer, Key, LastSent, Observed, OperationKind, Plan, Risk, State, plan};
use idbridge_scim::Resource;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, proptest};
use proptest::test_runner::{RngSeed, TestCaseError};
use proptest::{prop_assert, prop_assert_eq};

/// A place at which `moment` was synced, with everything allowed.
fn synced(moment: &Moment) -> Place {
    let mut place = Place::new();
    let mut policy = policy();
    policy.allowance = Some(1000);
    place.sync(&complete(moment), &policy);
    place
}

/// The users whom a plan deletes or deactivates.
fn taken(plan: &Plan) -> BTreeSet<Key> {
    let takes = |kind: &OperationKind| matches!(kind, OperationKind::DeleteUser { .. }) || kind.deactivates();
    plan.operations().iter().filter(|operation| takes(&operation.kind)).map(|operation| operation.key.clone()).collect()
}

fn deleted_groups(plan: &Plan) -> usize {
    plan.operations().iter().filter(|operation| matches!(operation.kind, OperationKind::DeleteGroup { .. })).count()
}

/// The same cases every time; `IDBRIDGE_CASES=10000` tries more of them.
fn config() -> ProptestConfig {
    let cases = std::env::var("IDBRIDGE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Same inputs, same plan and same words; and the order in which the directory and the service told things does not matter.
    #[test]
    fn the_order_of_the_inputs_is_irrelevant(before in moment(), after in moment()) {
        let place = synced(&before);
        let last_sent = place.last_sent(&complete(&after));
        let mut plans = Vec::new();
        for backwards in [false, true, false] {
            let mut desired = desired();
            tell(&mut desired, &after, backwards);
            let mut observed = Observed::default();
            let (mut users, mut groups): (Vec<&Resource>, Vec<&Resource>) = (place.service.users().collect(), place.service.groups().collect());
            if backwards {
                users.reverse();
                groups.reverse();
            }
            users.into_iter().for_each(|user| observed.users_mut().see(user.clone()));
            groups.into_iter().for_each(|group| observed.groups_mut().see(group.clone()));
            observed.users_mut().complete();
            observed.groups_mut().complete();
            plans.push(plan(&desired, &observed, &place.state, &last_sent, &policy(), place.now));
        }
        prop_assert_eq!(&plans[0], &plans[1]);
        prop_assert_eq!(&plans[0], &plans[2]);
        prop_assert_eq!(plans[0].explain().to_string(), plans[1].explain().to_string());
    }

    /// Behind a full run nothing is left to do, and nothing is asked but for records that are held.
    #[test]
    fn a_plan_behind_a_full_run_is_empty(first in moment(), second in moment(), third in moment()) {
        let mut place = Place::new();
        let mut policy = policy();
        policy.allowance = Some(1000);
        for moment in [&first, &second, &third] {
            let desired = complete(moment);
            let done = place.sync(&desired, &policy);
            let again = place.sync(&desired, &policy);
            prop_assert!(again.plan.is_empty(), "first:\n{}\n{:?}\nagain:\n{}", done.plan.explain(), done.findings, again.plan.explain());
            prop_assert_eq!(again.writes, 0);
            prop_assert!(again.reads == 0 || !again.plan.held().is_empty(), "{}", again.plan.explain());
        }
    }

    /// Who is held is in no operation on users; and nobody is deleted who is in the source.
    #[test]
    fn who_is_held_is_left_alone(before in moment(), after in moment()) {
        let mut place = synced(&before);
        let mut policy = policy();
        policy.allowance = Some(1000);
        let plan = place.sync(&complete(&after), &policy).plan;
        let deleted = |id: &str| {
            let found = plan.operations().iter().find(|operation| operation.key.as_str() == id);
            found.is_some_and(|operation| matches!(operation.kind, OperationKind::DeleteUser { .. }))
        };
        for (number, says) in after.people.iter().enumerate() {
            let id = format!("u{number:02}");
            prop_assert!(matches!(says, Says::Nothing) || !deleted(&id), "{id} was deleted");
            let is_touched = plan.operations().iter().any(|operation| operation.key == Key::from(key(&id)));
            prop_assert!(!matches!(says, Says::Hold) || !is_touched, "{id} is held:\n{}", plan.explain());
        }
    }

    /// A source that was not read to its end takes nothing away, whoever is missing from it; and with an allowance only what a record itself says.
    #[test]
    fn a_partial_source_takes_nothing_away(before in moment(), after in moment()) {
        for allowance in [None, Some(1000)] {
            let mut place = synced(&before);
            let (mut policy, mut desired) = (policy(), partial());
            policy.allowance = allowance;
            tell(&mut desired, &after, false);
            let plan = place.sync(&desired, &policy).plan;
            for operation in plan.operations() {
                let number = operation.key.as_str().trim_start_matches('u').parse::<usize>().ok();
                let says = number.and_then(|number| after.people.get(number));
                let is_said = matches!(says, Some(Says::Want { is_active: false, .. } | Says::Present { is_record: true }));
                let may_go = allowance.is_some() && is_said && operation.kind.risk() == Risk::TakesAccess;
                prop_assert!(may_go || operation.kind.risk() == Risk::Harmless, "{}", plan.explain());
            }
        }
    }

    /// The guard never lets more go within its window than its limit, however it is spread over runs; and what it withholds it withholds whole.
    #[test]
    fn the_guard_never_lets_more_go(moments in vec(moment(), 2..6), least in 0..6_usize, hours in vec(0..40_u64, 6)) {
        let mut place = synced(&moments[0]);
        let mut policy = policy();
        policy.guard.least = least;
        let mut gone: Vec<(Duration, Key)> = Vec::new();
        for (moment, hours) in moments[1..].iter().zip(hours) {
            place.now += Duration::from_secs(hours * 3600);
            let at = place.now.duration_since(now()).unwrap();
            // What was deleted within the window was linked when it began.
            let users = policy.guard.limit(place.state.linked_users() + gone.len());
            let groups = policy.guard.limit(place.state.linked_groups() + 5);
            let plan = place.sync(&complete(moment), &policy).plan;
            check_guard(&plan, at, &mut gone, users, groups)?;
        }
    }

    /// An allowance lets through no more than it says.
    #[test]
    fn an_allowance_lets_no_more_go_than_it_says(before in moment(), after in moment(), allowance in 0..8_usize) {
        let mut place = synced(&before);
        let mut policy = policy();
        policy.allowance = Some(allowance);
        let plan = place.sync(&complete(&after), &policy).plan;
        prop_assert!(taken(&plan).len() + deleted_groups(&plan) <= allowance, "{}", plan.explain());
    }
}

/// What goes in this plan, with what went in the 24 hours before it, is no more than `limit`.
fn check_guard(plan: &Plan, at: Duration, gone: &mut Vec<(Duration, Key)>, limit: usize, groups: usize) -> Result<(), TestCaseError> {
    let now_gone = taken(plan);
    let day = Duration::from_secs(24 * 3600);
    if !now_gone.is_empty() {
        let earlier = gone.iter().filter(|(time, _)| at.saturating_sub(*time) < day).map(|(_, key)| key.clone());
        let together: BTreeSet<Key> = earlier.chain(now_gone.iter().cloned()).collect();
        prop_assert!(together.len() <= limit, "{} of {limit}:\n{}", together.len(), plan.explain());
    }
    prop_assert!(deleted_groups(plan) <= groups);
    if plan.tripped().is_some() {
        prop_assert!(plan.operations().iter().all(|operation| operation.kind.risk() == Risk::Harmless), "{}", plan.explain());
    }
    gone.extend(now_gone.into_iter().map(|key| (at, key)));
    Ok(())
}

/// A plan over nothing at all is empty.
#[test]
fn a_plan_over_nothing_is_empty() {
    let plan = plan(&desired(), &Observed::default(), &State::default(), &LastSent::default(), &policy(), now());
    assert!(plan.is_empty() && plan.held().is_empty() && plan.findings().is_empty());
    assert!(matches!(wanted("u", "u"), Answer::Want(_)));
}
