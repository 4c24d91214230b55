//! A look for some records reads what these need, and nothing of the others.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Place, desired, key, now, policy, wanted};
use idbridge_planner::{Correction, Desired, Discovery, LastSent, Machine, Observation, Policy, Scope, State, Step};
use idbridge_scim::protocol::Request;

/// The paths of the first requests of a look, all of which go out before any answer.
fn asked(scope: &Scope, desired: &Desired, state: &State, policy: &Policy) -> Vec<String> {
    let mut discovery = Discovery::within(scope, desired, state.clone(), LastSent::default(), policy, 1);
    let (mut asked, mut at) = (Vec::new(), now());
    loop {
        match discovery.next_step(at) {
            Step::Send { request: Request::Read { id, .. }, .. } => asked.push(format!("read {id}")),
            Step::Send { request: Request::List { query, .. }, .. } => {
                asked.push(query.filter.map_or_else(|| "list".to_owned(), |filter| filter.to_string()));
            }
            Step::Wait { until } => at = until,
            _ => break,
        }
    }
    asked
}

fn company(count: usize) -> (Place, Desired) {
    let (mut place, mut wishes) = (Place::new(), desired());
    for number in 0..count {
        wishes.set_user(key(&format!("u{number:03}")), wanted(&format!("u{number:03}"), &format!("name{number:03}")));
    }
    place.sync(&wishes, &policy());
    (place, wishes)
}

/// Two are new and one is asked about: that one is looked up, and the other is not.
#[test]
fn only_what_is_in_scope_is_looked_up() {
    let (place, mut wishes) = company(250);
    for new in ["x", "y"] {
        wishes.set_user(key(new), wanted(new, new));
    }
    let policy = policy();
    assert_eq!(asked(&Scope::of([key("x").into()]), &wishes, &place.state, &policy), [r#"externalId eq "x""#]);
    assert_eq!(asked(&Scope::of([key("u007").into()]), &wishes, &place.state, &policy), Vec::<String>::new());
    assert_eq!(asked(&Scope::all(), &wishes, &place.state, &policy), ["list"]);
}

/// A full look at one record reads that record, and finds what others changed in it.
#[test]
fn a_full_look_at_one_record_reads_one_object() {
    let (mut place, wishes) = company(250);
    let mut policy = policy();
    policy.drift.observation = Observation::Full;
    policy.drift.attributes = Correction::Repair;
    let id = place.state.user(&key("u007")).map(|link| link.id.clone()).unwrap();
    let scope = Scope::of([key("u007").into()]);
    assert_eq!(asked(&scope, &wishes, &place.state, &policy), [format!("read {id}")]);
    place.service.edit_user(&id, |user| user.attributes_mut().set("title", "Queen"));
    let synced = place.sync(&wishes, &policy);
    assert_eq!((synced.writes, synced.plan.drift().len()), (1, 1));
}

/// Whoever holds the name that is wanted is looked at as well, and so on.
#[test]
fn the_holder_of_a_name_is_taken_in() {
    let (place, mut wishes) = company(250);
    wishes.set_user(key("u001"), wanted("u001", "name002"));
    wishes.set_user(key("u002"), wanted("u002", "name003"));
    wishes.set_user(key("u003"), wanted("u003", "free"));
    wishes.set_user(key("u004"), wanted("u004", "also free"));
    let policy = policy();
    let ids = ["u001", "u002", "u003"].map(|user| place.state.user(&key(user)).map(|link| format!("read {}", link.id)).unwrap());
    assert_eq!(asked(&Scope::of([key("u001").into()]), &wishes, &place.state, &policy), ids);
}
