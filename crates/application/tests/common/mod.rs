//! A small company: a directory, the emulated service, and what is remembered, synced as a caller would, without IO.

#![allow(dead_code, reason = "each test file uses its part")]

mod crash;
mod describe;
mod inspect;
mod synced;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_application::desired;
use idbridge_emulator::{Outcome as Answer, Service, Settings};
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::{Application, DirectoryId, Group, Incomplete, Lifecycle, Snapshot, User};
use idbridge_planner::{
    Delivery, Discovery, GroupKey, GroupManagement, Key, LastSent, Machine, Policy, Record, Run, State, Step, UserKey, plan,
};
use idbridge_scim::{Profile, Resource, ResourceId};

use describe::describe;
pub(crate) use synced::Synced;

/// The patience of the caller with one request.
const TIME_OUT: Duration = Duration::from_secs(30);

pub(crate) struct World {
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) bound: BTreeSet<String>,
    pub(crate) direct: BTreeSet<String>,
    pub(crate) partial: Option<Incomplete>,
    pub(crate) rules: RuleSet,
    pub(crate) policy: Policy,
    pub(crate) service: Service,
    pub(crate) state: State,
    pub(crate) store: BTreeMap<String, Vec<u8>>,
    pub(crate) now: SystemTime,
    /// Whether an answer that was cut off reaches the machine as one that cannot be read, and not as none.
    pub(crate) shows_cut_answers: bool,
}

impl World {
    pub(crate) fn new() -> Self {
        let profile = Profile::aws_iam_identity_center();
        let mut policy = Policy::new(&profile, GroupManagement::On);
        policy.in_flight = 4;
        Self {
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            bound: BTreeSet::new(),
            direct: BTreeSet::new(),
            partial: None,
            rules: RuleSet::jumpcloud(),
            policy,
            service: Service::new(Settings::unhurried()),
            state: State::default(),
            store: BTreeMap::new(),
            now: UNIX_EPOCH + Duration::from_secs(1_790_000_000),
            shows_cut_answers: false,
        }
    }

    /// A world with these people, `id` to "First Last", in one bound group `staff` named Staff.
    pub(crate) fn with_staff(people: &[(&str, &str)]) -> Self {
        let mut world = Self::new();
        world.group("staff", "Staff", &[]);
        for (id, name) in people {
            world.hire(id, name);
            world.join("staff", id);
        }
        world
    }

    /// `count` people, `u00` onwards, in Staff, synced.
    pub(crate) fn company(count: usize) -> Self {
        let mut world = Self::with_staff(&[]);
        for number in 0..count {
            world.hire(&format!("u{number:02}"), "Some Body");
            world.join("staff", &format!("u{number:02}"));
        }
        world.settle();
        world
    }

    /// Loses everything that is remembered.
    pub(crate) fn forget(&mut self) {
        (self.state, self.store) = (State::default(), BTreeMap::new());
    }

    /// Gives somebody the e-mail address `name@example.com`.
    pub(crate) fn email(&mut self, id: &str, name: &str) {
        self.user(id).email = Some(format!("{name}@example.com"));
    }

    /// Somebody new in the directory, with the e-mail address `id@example.com`.
    pub(crate) fn hire(&mut self, id: &str, name: &str) -> &mut User {
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        let mut user = User::new(DirectoryId::new(id).unwrap());
        user.username = Some(id.to_owned());
        user.email = Some(format!("{id}@example.com"));
        user.first_name = Some(first.to_owned()).filter(|text| !text.is_empty());
        user.last_name = Some(last.to_owned()).filter(|text| !text.is_empty());
        user.activated = true;
        self.users.insert(id.to_owned(), user);
        self.users.get_mut(id).unwrap()
    }

    pub(crate) fn user(&mut self, id: &str) -> &mut User {
        self.users.get_mut(id).unwrap()
    }

    pub(crate) fn suspend(&mut self, id: &str) {
        self.user(id).lifecycle = Lifecycle::Suspended;
    }

    pub(crate) fn activate(&mut self, id: &str) {
        self.user(id).lifecycle = Lifecycle::Active;
    }

    pub(crate) fn stage(&mut self, id: &str) {
        self.user(id).lifecycle = Lifecycle::Staged;
    }

    /// A bound group.
    pub(crate) fn group(&mut self, id: &str, name: &str, members: &[&str]) {
        let mut group = Group::new(DirectoryId::new(id).unwrap(), name);
        group.members = members.iter().map(|member| DirectoryId::new(*member).unwrap()).collect();
        self.groups.insert(id.to_owned(), group);
        self.bound.insert(id.to_owned());
    }

    pub(crate) fn rename(&mut self, id: &str, name: &str) {
        self.groups.get_mut(id).unwrap().name = Some(name.to_owned());
    }

    pub(crate) fn join(&mut self, group: &str, user: &str) {
        self.groups.get_mut(group).unwrap().members.insert(DirectoryId::new(user).unwrap());
    }

    pub(crate) fn leave(&mut self, group: &str, user: &str) {
        self.groups.get_mut(group).unwrap().members.remove(user);
    }

    pub(crate) fn delete_user(&mut self, id: &str) {
        self.users.remove(id);
        for group in self.groups.values_mut() {
            group.members.remove(id);
        }
    }

    pub(crate) fn delete_group(&mut self, id: &str) {
        self.groups.remove(id);
        self.bound.remove(id);
    }

    pub(crate) fn unbind(&mut self, id: &str) {
        self.bound.remove(id);
    }

    pub(crate) fn bind(&mut self, id: &str) {
        self.bound.insert(id.to_owned());
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let id = |text: &String| DirectoryId::new(text.as_str()).unwrap();
        let mut application = Application::default();
        application.groups = self.bound.iter().map(id).collect();
        application.users = self.direct.iter().map(id).collect();
        let mut snapshot = Snapshot::new(application);
        self.users.values().for_each(|user| snapshot.insert_user(user.clone()));
        self.groups.values().for_each(|group| snapshot.insert_group(group.clone()));
        if let Some(reason) = &self.partial {
            snapshot.mark_partial(reason.clone());
        }
        snapshot
    }

    /// Syncs, and shows that nothing is left to do: the next sync has an empty plan and asks nothing.
    #[track_caller]
    pub(crate) fn settle(&mut self) -> Synced {
        let synced = self.sync();
        self.rest(&synced);
        synced
    }

    /// The same, where a record that is held is looked up again each time: the next sync has an empty plan and writes nothing.
    #[track_caller]
    pub(crate) fn settle_reading(&mut self) -> Synced {
        let synced = self.sync();
        let again = self.sync();
        assert!(again.plan.is_empty(), "first:\n{}\nagain:\n{}", synced.explained(), again.explained());
        assert_eq!(again.writes(), Vec::<&str>::new(), "first:\n{}", synced.explained());
        synced
    }

    #[track_caller]
    pub(crate) fn rest(&mut self, synced: &Synced) {
        let again = self.sync();
        assert!(again.plan.is_empty(), "first:\n{}\nagain:\n{}", synced.explained(), again.explained());
        assert_eq!(again.calls, Vec::<String>::new(), "first:\n{}", synced.explained());
    }

    /// Looks, plans, runs and remembers.
    pub(crate) fn sync(&mut self) -> Synced {
        self.sync_steps(usize::MAX)
    }

    /// The same, but the process dies after `steps` requests of the run, before the answer to the last one is heard.
    pub(crate) fn sync_steps(&mut self, steps: usize) -> Synced {
        self.sync_while(steps, |_| ())
    }

    /// The same as [`sync`](Self::sync), but something happens at the service behind the look and before the first write.
    pub(crate) fn sync_meanwhile(&mut self, meanwhile: impl FnOnce(&mut Self)) -> Synced {
        self.sync_while(usize::MAX, meanwhile)
    }

    fn sync_while(&mut self, steps: usize, meanwhile: impl FnOnce(&mut Self)) -> Synced {
        let desired = desired(&self.snapshot(), &self.rules, &Profile::aws_iam_identity_center());
        let mut last_sent = LastSent::default();
        for key in LastSent::needed(&desired, &self.state) {
            if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
                last_sent.insert(key, Resource::from_json(json).unwrap());
            }
        }
        let mut calls = Vec::new();
        let policy = self.policy.clone();
        let mut discovery = Discovery::new(&desired, self.state.clone(), last_sent, &policy, 1);
        self.drive(&mut discovery, &mut calls, usize::MAX);
        let discovered = discovery.finish();
        let plan = plan(&desired, &discovered.observed, &discovered.state, &discovered.last_sent, &policy, self.now);
        if discovered.stopped.is_some() {
            self.state = discovered.state;
            return Synced { plan, outcomes: Vec::new(), calls, stopped: discovered.stopped };
        }
        meanwhile(self);
        let mut run = Run::new(&plan, discovered.state, &policy, 2);
        self.drive(&mut run, &mut calls, steps);
        let outcomes = run.outcomes().to_vec();
        let stopped = run.stopped().cloned();
        // What counts is what was stored, as it would be after a crash.
        self.state = State::restore(self.store.clone()).unwrap();
        if steps == usize::MAX {
            assert_eq!(self.state, run.into_state(), "what is stored is what the run knew");
        }
        Synced { plan, outcomes, calls, stopped }
    }

    fn drive(&mut self, machine: &mut dyn Machine, calls: &mut Vec<String>, steps: usize) {
        let mut in_flight = Vec::new();
        let mut sent = 0;
        for _ in 0..1_000_000 {
            match machine.next_step(self.now) {
                Step::Store(records) => self.remember(records),
                Step::Send { id, request } => {
                    if sent == steps {
                        return;
                    }
                    sent += 1;
                    calls.push(describe(&self.service, &request));
                    let delivery = match self.service.deliver(&request, self.now) {
                        Answer::Replied(reply) => Delivery::Answered(reply),
                        Answer::Late { reply, after } if after < TIME_OUT => {
                            self.now += after;
                            Delivery::Answered(reply)
                        }
                        Answer::Late { .. } => Delivery::Unknown { reason: "no answer in time".to_owned() },
                        // The status is there and the body is not: a client may see either.
                        Answer::Cut(reply) if self.shows_cut_answers => Delivery::Answered(reply),
                        Answer::Cut(_) => Delivery::Unknown { reason: "the answer was cut off".to_owned() },
                        Answer::Lost { .. } => Delivery::Unknown { reason: "the connection was lost".to_owned() },
                    };
                    in_flight.push((id, delivery));
                    if sent == steps {
                        return;
                    }
                    if in_flight.len() == 3 {
                        // Answers need not come in the order of the requests.
                        let (id, delivery) = in_flight.remove(1);
                        machine.handle_delivery(id, delivery, self.now);
                    }
                }
                Step::Wait { until } => match in_flight.pop() {
                    Some((id, delivery)) => machine.handle_delivery(id, delivery, self.now),
                    None => self.now = until,
                },
                Step::Blocked => {
                    let (id, delivery) = in_flight.pop().expect("blocked with nothing in flight");
                    machine.handle_delivery(id, delivery, self.now);
                }
                Step::Done => return,
            }
        }
        panic!("a sync that does not end");
    }

    fn remember(&mut self, records: Vec<Record>) {
        for record in records {
            assert!(record.may_replace(self.store.get(record.key()).map(Vec::as_slice)), "another run has begun");
            match record.value() {
                Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
                None => self.store.remove(record.key()),
            };
        }
    }

    /// Makes the service, still empty, one without cursors and membership filters, whose lists are cut at `cap`.
    pub(crate) fn without_cursors(&mut self, cap: usize) {
        let mut settings = Settings::before_cursors();
        (settings.throttle, settings.short_pages, settings.cap) = (None, false, cap);
        self.service.set_settings(settings);
    }

    /// Somebody whom an administrator made at the service by hand.
    pub(crate) fn made_by_hand(&mut self, user_name: &str) -> ResourceId {
        let json = format!(
            r#"{{"userName":"{user_name}","name":{{"givenName":"By","familyName":"Hand"}},"displayName":"By Hand","active":true,"title":"Kept"}}"#
        );
        self.service.seed_user(Resource::from_json(json.as_bytes()).unwrap())
    }

    pub(crate) fn group_by_hand(&mut self, name: &str, members: &[&ResourceId]) -> ResourceId {
        let json = format!(r#"{{"displayName":"{name}"}}"#);
        self.service.seed_group(Resource::from_json(json.as_bytes()).unwrap(), members.iter().copied())
    }

    /// Somebody at the service with exactly these attributes, which no request made.
    pub(crate) fn seed(&mut self, json: &str) -> ResourceId {
        self.service.seed_user(Resource::from_json(json.as_bytes()).unwrap())
    }
}

/// The key of a user.
pub(crate) fn user_key(id: &str) -> Key {
    UserKey::from(id).into()
}

/// The key of a group.
pub(crate) fn group_key(id: &str) -> Key {
    GroupKey::from(id).into()
}
