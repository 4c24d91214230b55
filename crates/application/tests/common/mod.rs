//! A small company: a directory, the emulated service, and what is remembered, synced as a caller would, without IO.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_application::desired;
use idbridge_emulator::{Outcome as Answer, Service, Settings};
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::{Application, DirectoryId, Group, Incomplete, Lifecycle, Snapshot, User};
use idbridge_planner::{
    Delivery, Discovery, GroupKey, GroupManagement, Key, LastSent, Machine, Outcome, Plan, Policy, Record, Run, State, Step, Stopped,
    UserKey, plan,
};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{PatchOperation, Profile, Resource, ResourceId, Value};

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
}

/// What one sync did.
pub(crate) struct Synced {
    pub(crate) plan: Plan,
    pub(crate) outcomes: Vec<Outcome>,
    /// Every request, reads included, as `METHOD Type name-or-id`, in the order in which they were sent.
    pub(crate) calls: Vec<String>,
    pub(crate) stopped: Option<Stopped>,
}

impl Synced {
    /// The requests that change something.
    pub(crate) fn writes(&self) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|call| !call.starts_with("GET")).collect()
    }

    pub(crate) fn reads(&self) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|call| call.starts_with("GET")).collect()
    }

    /// The codes of all findings: of the source, of held records, and of outcomes.
    pub(crate) fn findings(&self) -> BTreeSet<String> {
        let held = self.plan.held().iter().flat_map(|held| &held.findings);
        let outcomes = self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            idbridge_planner::OutcomeKind::Held { finding } => Some(finding),
            _ => None,
        });
        self.plan.findings().iter().chain(held).chain(outcomes).map(|finding| finding.code.to_string()).collect()
    }

    pub(crate) fn explained(&self) -> String {
        self.plan.explain().to_string()
    }
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

    /// Looks, plans, runs and remembers.
    pub(crate) fn sync(&mut self) -> Synced {
        self.sync_steps(usize::MAX)
    }

    /// The same, but the process dies after `steps` requests of the run, before their answers are remembered.
    pub(crate) fn sync_steps(&mut self, steps: usize) -> Synced {
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
        self.remember(discovered.records);
        let plan = plan(&desired, &discovered.observed, &discovered.state, &discovered.last_sent, &policy, self.now);
        if discovered.stopped.is_some() {
            self.state = discovered.state;
            return Synced { plan, outcomes: Vec::new(), calls, stopped: discovered.stopped };
        }
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
                    calls.push(self.describe(&request));
                    let delivery = match self.service.deliver(&request, self.now) {
                        Answer::Replied(reply) => Delivery::Answered(reply),
                        Answer::Cut(reply) if reply.status == 204 => Delivery::Unknown { reason: "no answer".to_owned() },
                        Answer::Cut(_) => Delivery::Unknown { reason: "the answer was cut off".to_owned() },
                        _ => Delivery::Unknown { reason: "the connection was lost".to_owned() },
                    };
                    in_flight.push((id, delivery));
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
            match record.value() {
                Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
                None => self.store.remove(record.key()),
            };
        }
    }

    /// A request by the names that a reader knows: `PATCH User anna@example.com title`, `POST Group Staff +2`.
    fn describe(&self, request: &Request) -> String {
        let name = |resource_type: &ResourceType, id: &ResourceId| {
            let there = match resource_type {
                ResourceType::Group => self.service.group(id),
                _ => self.service.user(id),
            };
            there.and_then(|resource| named(*resource_type, resource)).unwrap_or_else(|| id.to_string())
        };
        match request {
            Request::Create { resource_type, resource } => {
                let members = resource.get("members").and_then(Value::as_array).map(<[Value]>::len);
                let members = members.map(|count| format!(" +{count}")).unwrap_or_default();
                format!("POST {resource_type} {}{members}", named(*resource_type, resource).unwrap_or_default())
            }
            Request::Read { resource_type, id } => format!("GET {resource_type} {}", name(resource_type, id)),
            Request::List { resource_type, query } => {
                let filter = query.filter.as_ref().map(|filter| format!(" {filter}")).unwrap_or_default();
                format!("GET {resource_type}s{filter}")
            }
            Request::Replace { resource_type, id, .. } => format!("PUT {resource_type} {}", name(resource_type, id)),
            Request::Patch { resource_type, id, patch } => {
                let operations = patch.operations().iter().map(|operation| {
                    let path = operation.path().map(ToString::to_string).unwrap_or_default();
                    let count = operation.value().and_then(Value::as_array).map(<[Value]>::len);
                    match (path.as_str(), operation, count) {
                        ("members", PatchOperation::Add { .. }, Some(count)) => format!("+{count}"),
                        ("members", PatchOperation::Remove { .. }, Some(count)) => format!("-{count}"),
                        (path, PatchOperation::Remove { .. }, _) => format!("remove {path}"),
                        (path, operation, _) => match operation.value() {
                            Some(Value::Boolean(value)) => format!("{path}={value}"),
                            _ => path.to_owned(),
                        },
                    }
                });
                format!("PATCH {resource_type} {} {}", name(resource_type, id), operations.collect::<Vec<_>>().join(" "))
            }
            Request::Delete { resource_type, id } => format!("DELETE {resource_type} {}", name(resource_type, id)),
            _ => request.operation().to_owned(),
        }
    }

    /// The service's user with this userName.
    pub(crate) fn there(&self, user_name: &str) -> Option<&Resource> {
        self.service.users().find(|user| user.text("userName") == Some(user_name))
    }

    pub(crate) fn id_of(&self, user_name: &str) -> ResourceId {
        self.there(user_name).and_then(Resource::id).unwrap()
    }

    pub(crate) fn group_there(&self, name: &str) -> Option<&Resource> {
        self.service.groups().find(|group| group.text("displayName") == Some(name))
    }

    pub(crate) fn group_id(&self, name: &str) -> ResourceId {
        self.group_there(name).and_then(Resource::id).unwrap()
    }

    /// The userNames of a group's members at the service.
    pub(crate) fn members(&self, group: &str) -> BTreeSet<String> {
        let ids = self.service.members(&self.group_id(group));
        ids.iter().filter_map(|id| self.service.user(id)).filter_map(|user| user.text("userName")).map(ToOwned::to_owned).collect()
    }

    pub(crate) fn is_active(&self, user_name: &str) -> bool {
        self.there(user_name).and_then(|user| user.get("active")).and_then(Value::as_bool).unwrap()
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

    pub(crate) fn link(&self, id: &str) -> Option<ResourceId> {
        self.state.user(&UserKey::from(id)).map(|link| link.id.clone())
    }

    pub(crate) fn group_link(&self, id: &str) -> Option<ResourceId> {
        self.state.group(&GroupKey::from(id)).map(|link| link.id.clone())
    }
}

fn named(resource_type: ResourceType, resource: &Resource) -> Option<String> {
    let attribute = if resource_type == ResourceType::Group { "displayName" } else { "userName" };
    resource.text(attribute).map(ToOwned::to_owned)
}

/// The key of a user.
pub(crate) fn user_key(id: &str) -> Key {
    UserKey::from(id).into()
}

/// The key of a group.
pub(crate) fn group_key(id: &str) -> Key {
    GroupKey::from(id).into()
}
