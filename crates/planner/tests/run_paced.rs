//! How fast a run is, over a service that throttles, in simulated time; and how much of a plan is lined up.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use common::{Place, desired, group_key, key, now, policy, wanted, wanted_group};
use idbridge_emulator::{Outcome, Service, Settings};
use idbridge_planner::{Delivery, DeliveryId, Desired, Discovery, LastSent, Machine, Policy, Run, State, Step, plan};
use idbridge_scim::protocol::Request;

/// `users` people in groups of a hundred.
fn company(users: usize) -> Desired {
    let mut desired = desired();
    let people: Vec<String> = (0..users).map(|number| format!("u{number:04}")).collect();
    people.iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    for (number, members) in people.chunks(100).enumerate() {
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        desired.set_group(group_key(&format!("g{number}")), wanted_group(&format!("g{number}"), &format!("Group {number}"), &members));
    }
    desired
}

/// A service behind a network: what is sent is answered after a while, and time passes only by waiting.
struct Network {
    service: Service,
    latency: Duration,
    now: SystemTime,
    throttled: usize,
    writes: Vec<SystemTime>,
}

impl Network {
    fn new(settings: Settings) -> Self {
        Self { service: Service::new(settings), latency: Duration::from_millis(150), now: now(), throttled: 0, writes: Vec::new() }
    }

    fn drive(&mut self, machine: &mut dyn Machine) {
        let mut under_way: BTreeMap<(SystemTime, DeliveryId), Delivery> = BTreeMap::new();
        loop {
            while let Some(entry) = under_way.first_entry().filter(|entry| entry.key().0 <= self.now) {
                let ((_, id), delivery) = entry.remove_entry();
                machine.handle_delivery(id, delivery, self.now);
            }
            let next = under_way.first_key_value().map(|((at, _), _)| *at);
            match machine.next_step(self.now) {
                Step::Store(_) => {}
                Step::Send { id, request } => {
                    if request.is_write() {
                        self.writes.push(self.now);
                    }
                    let Outcome::Replied(reply) = self.service.deliver(&request, self.now) else { panic!("no fault was asked for") };
                    self.throttled += usize::from(reply.status == 429);
                    under_way.insert((self.now + self.latency, id), Delivery::Answered(reply));
                }
                Step::Wait { until } => self.now = next.map_or(until, |next| next.min(until)),
                Step::Blocked => self.now = next.expect("blocked with nothing under way"),
                Step::Done => return,
            }
        }
    }

    /// A first sync: how long it took.
    fn first_sync(&mut self, desired: &Desired, policy: &Policy) -> Duration {
        let begun = self.now;
        let mut discovery = Discovery::new(desired, State::default(), LastSent::default(), policy, 1);
        self.drive(&mut discovery);
        let found = discovery.finish();
        let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
        let mut run = Run::new(&plan, found.state, policy, 2);
        self.drive(&mut run);
        assert_eq!((run.summary().done, run.summary().operations), (plan.operations().len(), plan.operations().len()));
        self.now.duration_since(begun).unwrap()
    }
}

/// At AWS's published 25 writes a second, a first sync takes no more than five per cent longer than its writes must, and is never throttled.
#[test]
fn a_first_sync_is_as_fast_as_the_service_lets_it_be() {
    let mut network = Network::new(Settings::default());
    assert!(network.service.settings().throttle.is_some());
    let took = network.first_sync(&company(1_000), &policy());
    let least = Duration::from_secs_f64(1_010.0 / 25.0);
    assert_eq!((network.writes.len(), network.throttled), (1_010, 0));
    assert!(took >= least && took <= least.mul_f64(1.05), "{took:?} for at least {least:?}");
}

/// The most writes within any second.
fn most_in_a_second(writes: &[SystemTime]) -> usize {
    let within = |at: &SystemTime| writes.iter().filter(|other| **other >= *at && **other < *at + Duration::from_secs(1)).count();
    writes.iter().map(within).max().unwrap()
}

/// With one token, requests are spaced evenly; with more, as many go at once, and then the rate holds all the same.
#[test]
fn a_burst_is_as_deep_as_the_policy_says() {
    for (burst, most) in [(0, 25), (1, 25), (10, 34)] {
        let mut network = Network::new(Settings::unhurried());
        network.latency = Duration::from_millis(1);
        let mut policy = policy();
        (policy.burst, policy.in_flight) = (burst, 64);
        network.first_sync(&company(100), &policy);
        assert_eq!(most_in_a_second(&network.writes), most, "burst {burst}");
        let at_once = network.writes.iter().filter(|at| **at == network.writes[0]).count();
        assert_eq!(at_once, usize::try_from(burst.max(1)).unwrap());
    }
}

/// A run does not make a copy of everything that it will send: what it has intended ahead of the wire is bounded, and so is what is lined up.
#[test]
fn a_large_plan_is_lined_up_in_parts() {
    let desired = company(3_000);
    let mut observed = idbridge_planner::Observed::default();
    observed.users_mut().complete();
    observed.groups_mut().complete();
    let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy(), now());
    let mut run = Run::new(&plan, State::default(), &policy(), 0);
    let mut place = Place::new();
    let mut names = Vec::new();
    loop {
        match run.next_step(place.now) {
            Step::Store(records) => {
                assert!(records.len() < 400, "{} records at once", records.len());
                place.remember(records);
            }
            Step::Send { id, request } => {
                if let Request::Create { resource, .. } = &request {
                    names.push(resource.external_id().map(String::from).unwrap());
                }
                let reply = place.service.handle(&request, place.now);
                run.handle_delivery(id, Delivery::Answered(reply), place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => break,
        }
    }
    // In the order of the plan: users by key. A group goes as soon as its members are there and its turn has come.
    let users: Vec<&String> = names.iter().filter(|name| name.starts_with('u')).collect();
    assert!(users.is_sorted() && users.len() == 3_000);
    assert_eq!(names.len(), 3_030);
}
