//! One event, from the directory's word to the plan of it.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use idbridge_planner::{
    Answer, Desired, DesiredUser, Event, GroupKey, GroupManagement, LastSent, Observed, Plan, Policy, State, UserKey, plan_within,
};
use idbridge_scim::{Profile, Resource};

use crate::company::{Company, group_key, user_key};
use crate::measure::{duration, judge, say};

/// The most that one event may take, in microseconds.
const GOAL: f64 = 50.0;
/// The most that it may take of what it takes in a small company.
const GROWTH: f64 = 2.0;

/// How long each kind of event takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events {
    updated: Duration,
    membership: Duration,
}

/// Measures somebody who gets one title after another, and somebody who joins a group and leaves it again.
///
/// Both are taken in, asked for what was last sent, and planned, each time anew; `wanted` is in the end as it was.
pub(crate) fn measure(company: Company, wanted: &mut Desired, state: &State, small: Option<Events>) -> Option<Events> {
    let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    let person = company.people().nth(500)?;
    let key = UserKey::from(user_key(person.number));
    let Answer::Want(before) = wanted.user(&key).clone() else { return None };
    let mut last_sent = LastSent::default();
    last_sent.insert(key.clone().into(), before.resource.project(wanted.managed_user()));
    let titled = |title: &str| {
        let mut resource = Resource::clone(&before.resource);
        resource.attributes_mut().set("title", title.to_owned());
        Answer::Want(DesiredUser::new(resource).entitled_by(before.entitled_by.clone()))
    };
    let planned = |wanted: &mut Desired, event: Event| -> Plan {
        let scope = wanted.apply(event, state);
        black_box(LastSent::needed_within(&scope, wanted, state));
        plan_within(&scope, wanted, &Observed::default(), state, &last_sent, &policy, SystemTime::UNIX_EPOCH)
    };

    let (one, other, same) = (titled("Lead"), titled("Head"), Answer::Want(before.clone()));
    let updated = |answer: &Answer<DesiredUser>| Event::UserUpdated { key: key.clone(), answer: answer.clone() };
    assert_eq!(planned(wanted, updated(&one)).writes(), 1, "a new title is one request");
    let updated_twice = duration(|| {
        drop(black_box(planned(wanted, updated(&other))));
        drop(black_box(planned(wanted, updated(&one))));
    });
    assert!(planned(wanted, updated(&same)).is_empty(), "the former title is nothing to do");

    let group = (0..company.groups()).find(|group| !person.groups.contains(group)).map(|group| GroupKey::from(group_key(group)))?;
    let joins = || Event::MembershipAdded { group: group.clone(), user: key.clone(), answer: same.clone() };
    let leaves = || Event::MembershipRemoved { group: group.clone(), user: key.clone(), answer: same.clone() };
    assert_eq!(planned(wanted, joins()).writes(), 1, "a new membership is one request");
    assert!(planned(wanted, leaves()).is_empty(), "to leave again is nothing to do");
    let joined_and_left = duration(|| {
        drop(black_box(planned(wanted, joins())));
        drop(black_box(planned(wanted, leaves())));
    });

    let events = Events { updated: updated_twice / 2, membership: joined_and_left / 2 };
    report("  event: a user updated", events.updated, small.map(|small| small.updated));
    report("  event: a membership added or removed", events.membership, small.map(|small| small.membership));
    if wanted.user(&key).clone() != same {
        say("  the events left another company behind");
    }
    Some(events)
}

fn report(name: &str, lasted: Duration, small: Option<Duration>) {
    judge(name, lasted.as_secs_f64() * 1e6, "µs", Some(GOAL));
    if let Some(small) = small {
        let growth = lasted.as_secs_f64() / small.as_secs_f64().max(1e-9);
        judge("    to the same at 10,000 users", growth, "x", Some(GROWTH));
    }
}
