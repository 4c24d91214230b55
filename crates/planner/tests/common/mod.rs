//! A planner's surroundings in a few lines: what is wanted, the emulated service, and what is remembered.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod moment;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_emulator::{Outcome, Service, Settings};
use idbridge_planner::{
    Answer, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, GroupKey, GroupManagement, LastSent, Machine, Plan, Policy,
    Record, Run, State, Step, UserKey, plan,
};
use idbridge_scim::{Email, Group, Name, Profile, Resource, User};

/// The time at which everything begins.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

pub(crate) fn policy() -> Policy {
    Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On)
}

/// A user with the e-mail address `name@example.com` and the identifier `key`.
pub(crate) fn user(key: &str, name: &str) -> Resource {
    let mut user = User::new(format!("{name}@example.com"));
    user.name = Some(Name::new("Some", "Body"));
    user.display_name = Some("Some Body".to_owned());
    user.emails = vec![Email::work(format!("{name}@example.com"))];
    user.active = Some(true);
    let mut resource = Resource::from(user);
    resource.attributes_mut().remove("schemas");
    resource.attributes_mut().set("externalId", key);
    resource
}

pub(crate) fn group(key: &str, name: &str) -> Resource {
    let mut resource = Resource::from(Group::new(name));
    resource.attributes_mut().remove("schemas");
    resource.attributes_mut().remove("members");
    resource.attributes_mut().set("externalId", key);
    resource
}

pub(crate) fn wanted(key: &str, name: &str) -> Answer<DesiredUser> {
    Answer::Want(DesiredUser::new(user(key, name)).entitled_by("in Staff"))
}

pub(crate) fn wanted_group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
    let members: BTreeSet<UserKey> = members.iter().map(|key| UserKey::from(*key)).collect();
    Answer::Want(DesiredGroup::new(group(key, name), members))
}

/// Nothing wanted yet of a complete source, with the attributes of the tests managed.
pub(crate) fn desired() -> Desired {
    desired_of(Coverage::Complete)
}

pub(crate) fn partial() -> Desired {
    desired_of(Coverage::Partial { reasons: vec!["a page is missing".to_owned()] })
}

fn desired_of(coverage: Coverage) -> Desired {
    let paths = |paths: &[&str]| paths.iter().map(|path| path.parse().unwrap()).collect();
    let mut desired = Desired::new(coverage);
    desired.manage_user(paths(&["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active", "title"]));
    desired.manage_group(paths(&["displayName", "externalId"]));
    desired
}

/// The service and what is remembered of it.
pub(crate) struct Place {
    pub(crate) service: Service,
    pub(crate) state: State,
    pub(crate) store: BTreeMap<String, Vec<u8>>,
    pub(crate) now: SystemTime,
    /// Every request, by AWS's name of its operation, and in full.
    pub(crate) requests: Vec<(&'static str, String)>,
}

/// One look, one plan and one run.
pub(crate) struct Synced {
    pub(crate) plan: Plan,
    pub(crate) reads: usize,
    pub(crate) writes: usize,
    pub(crate) findings: Vec<String>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            service: Service::new(Settings::unhurried()),
            state: State::default(),
            store: BTreeMap::new(),
            now: now(),
            requests: Vec::new(),
        }
    }

    pub(crate) fn last_sent(&self, desired: &Desired) -> LastSent {
        let mut last_sent = LastSent::default();
        for key in LastSent::needed(desired, &self.state) {
            if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
                last_sent.insert(key, Resource::from_json(json).unwrap());
            }
        }
        last_sent
    }

    pub(crate) fn sync(&mut self, desired: &Desired, policy: &Policy) -> Synced {
        let mut discovery = Discovery::new(desired, self.state.clone(), self.last_sent(desired), policy, 1);
        let reads = self.drive(&mut discovery);
        let found = discovery.finish();
        let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
        let mut run = Run::new(&plan, found.state, policy, 2);
        let writes = self.drive(&mut run);
        let findings = run.outcomes().iter().filter_map(|outcome| match &outcome.kind {
            idbridge_planner::OutcomeKind::Held { finding } => Some(finding.to_string()),
            idbridge_planner::OutcomeKind::Failed { reason, .. } => Some(format!("{}: {reason}", outcome.key)),
            _ => None,
        });
        let findings = findings.collect();
        self.state = State::restore(self.store.clone()).unwrap();
        Synced { plan, reads, writes, findings }
    }

    /// Looks and plans, and carries nothing out; the state is the one that the plan is made over.
    pub(crate) fn look(&mut self, desired: &Desired, policy: &Policy) -> (Plan, State) {
        let mut discovery = Discovery::new(desired, self.state.clone(), self.last_sent(desired), policy, 1);
        self.drive(&mut discovery);
        let found = discovery.finish();
        let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
        (plan, found.state)
    }

    /// Carries a plan out, and tells every request with its words on the wire.
    pub(crate) fn carry_out(&mut self, plan: &Plan, state: State, policy: &Policy) -> Vec<(&'static str, String)> {
        let mut run = Run::new(plan, state, policy, 2);
        let before = self.requests.len();
        self.drive(&mut run);
        self.state = State::restore(self.store.clone()).unwrap();
        self.requests.split_off(before)
    }

    fn drive(&mut self, machine: &mut dyn Machine) -> usize {
        let mut requests = 0;
        for _ in 0..100_000 {
            match machine.next_step(self.now) {
                Step::Store(records) => self.remember(records),
                Step::Send { id, request } => {
                    requests += 1;
                    self.requests.push((request.operation(), format!("{request:?}")));
                    let delivery = match self.service.deliver(&request, self.now) {
                        Outcome::Replied(reply) => Delivery::Answered(reply),
                        _ => Delivery::Unknown { reason: "the connection was lost".to_owned() },
                    };
                    machine.handle_delivery(id, delivery, self.now);
                }
                Step::Wait { until } => self.now = until,
                Step::Blocked => panic!("blocked with nothing under way"),
                Step::Done => return requests,
            }
        }
        panic!("it does not end");
    }

    pub(crate) fn remember(&mut self, records: Vec<Record>) {
        for record in records {
            assert!(record.may_replace(self.store.get(record.key()).map(Vec::as_slice)), "another run has begun");
            match record.value() {
                Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
                None => self.store.remove(record.key()),
            };
        }
    }
}

pub(crate) fn key(text: &str) -> UserKey {
    UserKey::from(text)
}

pub(crate) fn group_key(text: &str) -> GroupKey {
    GroupKey::from(text)
}
