//! A company, its service, and what is remembered of it: a script is carried out here.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_emulator::{Service, Settings};
use idbridge_planner::{
    Correction, Discovery, Event, GroupManagement, Key, LastSent, Observation, OutcomeKind, Plan, Policy, Protection, Run, SavedPlan,
    Scope, State, Stopped, UnmanagedMembers, plan_within,
};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{Group, PatchOperation, Profile, Resource, ResourceId, UpdateMethod, User, Value};

use crate::directory::{Change, Directory, address, group_name};
use crate::disk::Disk;
use crate::events;
use crate::invariants::{Violation, broken};
use crate::ledger::Ledger;
use crate::mutations::Mutation;
use crate::script::{Edit, Element, Script, Switches};
use crate::sync::{self, Driven, Ended, Happenings, Sync};

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) service: Service,
    pub(crate) disk: Disk,
    pub(crate) ledger: Ledger,
    pub(crate) now: SystemTime,
    pub(crate) switches: Switches,
    pub(crate) script_seed: u64,
    pub(crate) is_token_refused: bool,
    pub(crate) mutation: Option<Mutation>,
    pub(crate) next: Happenings,
    syncs: usize,
    /// The directory as the last sync saw it, if it saw all of it; and whether groups were managed then.
    seen: Option<Directory>,
    managed_groups: bool,
    /// What the last sync did, for a person who looks for the reason of a failure.
    pub(crate) last: Vec<String>,
}

/// What came of a sync that was not interrupted.
pub(crate) struct Synced {
    pub(crate) plan: Plan,
    pub(crate) requests: usize,
    pub(crate) stopped: Option<Stopped>,
    pub(crate) held: Vec<Key>,
    pub(crate) codes: Vec<String>,
}

impl World {
    pub(crate) fn new(script: &Script, mutation: Option<Mutation>) -> Self {
        let switches = script.switches;
        let mut settings = if switches.throttles { Settings::default() } else { Settings::unhurried() };
        settings.seed = script.seed;
        settings.log_length = 0;
        settings.cursor = switches.cursor;
        settings.cap = switches.cap;
        settings.page_size = switches.page_size;
        settings.short_pages = switches.short_pages;
        settings.membership_filters = switches.membership_filters;
        settings.unknown_member_is_not_found = switches.unknown_member_is_not_found;
        settings.case_sensitive_filters = switches.case_sensitive_filters;
        settings.active_when_omitted = switches.active_when_omitted;
        settings.bare_errors = switches.bare_errors;
        Self {
            directory: Directory::default(),
            service: Service::new(settings),
            disk: Disk::default(),
            ledger: Ledger::default(),
            now: UNIX_EPOCH + Duration::from_secs(1_790_000_000),
            switches,
            script_seed: script.seed,
            is_token_refused: false,
            mutation,
            next: Happenings::default(),
            syncs: 0,
            seen: None,
            managed_groups: true,
            last: Vec::new(),
        }
    }

    /// Lets one element happen.
    pub(crate) fn happen(&mut self, element: &Element) -> Result<(), Violation> {
        match element.clone() {
            Element::Change(change) => self.change(&change),
            Element::Edit(edit) => self.edit(&edit),
            Element::Pass { seconds } => self.now += Duration::from_secs(seconds),
            Element::Forget => self.forget(),
            Element::Renew => self.is_token_refused = false,
            Element::During(moment, meanwhile) => self.next.during.push((moment, meanwhile)),
            Element::Fault(request, fault) => drop(self.next.faults.insert(request, fault)),
            Element::Outage { from, requests, connects } => self.next.outages.push((from, requests, connects)),
            // Without identifiers, what a read does not show yet may be made again under another name: nothing could tell.
            Element::Stale { .. } if !self.switches.external_ids => {}
            Element::Stale { from, requests, milliseconds } => self.next.stale.push((from, requests, milliseconds)),
            Element::Crash(moment) => self.next.crash = Some(moment),
            Element::Cancel(moment) => self.next.cancel = Some(moment),
            Element::Expire(request) => self.next.expire = Some(request),
            Element::Partial { people, groups, members } => self.next.partial = Some((people, groups, members)),
            Element::Empty => self.next.is_empty = true,
            Element::Allow(objects) => self.next.allowance = Some(objects),
            Element::GroupsOff => self.next.groups_off = true,
            Element::Told => self.next.is_told = true,
            Element::Saved => self.next.is_saved = true,
            Element::Overtaken(moment) => self.next.overtaken = Some(moment),
            Element::Sync => drop(self.sync()?),
        }
        Ok(())
    }

    pub(crate) fn change(&mut self, change: &Change) {
        self.directory.apply(change);
        self.ledger.note(&self.directory);
    }

    pub(crate) fn forget(&mut self) {
        self.disk = Disk::default();
        self.ledger.has_forgotten = true;
        // What was taken away is forgotten with the rest, and so is, without identifiers, whose an object was.
        self.ledger.taken.clear();
        if !self.switches.external_ids {
            self.ledger.belongs.clear();
            self.ledger.made.clear();
            self.ledger.creations.clear();
            self.ledger.ends.clear();
        }
    }

    fn policy(&self, happenings: &Happenings) -> Policy {
        let mut profile = Profile::aws_iam_identity_center();
        profile.user_update = if self.switches.puts { UpdateMethod::Put } else { UpdateMethod::Patch };
        let is_off = happenings.groups_off && self.mutation != Some(Mutation::GroupsManagedAllTheSame);
        let mut policy = Policy::new(&profile, if is_off { GroupManagement::Off } else { GroupManagement::On });
        policy.allowance = happenings.allowance;
        policy.in_flight = self.switches.in_flight;
        policy.members_per_request = self.switches.members_per_request;
        policy.page_caps = vec![self.switches.cap];
        if self.switches.removes_strangers {
            policy.unmanaged_members = UnmanagedMembers::Remove;
        }
        if self.switches.protects {
            for id in self.ledger.strangers.keys().cloned().map(Protection::Id) {
                policy.protected.user(id.clone());
                policy.protected.group(id);
            }
        }
        if self.switches.repairs {
            policy.drift.observation = Observation::Full;
            (policy.drift.attributes, policy.drift.members) = (Correction::Repair, Correction::Repair);
        }
        if self.mutation == Some(Mutation::GuardOff) {
            policy.guard.least = usize::MAX;
        }
        if self.mutation == Some(Mutation::AllowanceIgnored) {
            policy.allowance = policy.allowance.map(|_| 1000);
        }
        policy
    }

    /// Looks, plans, runs and remembers. Nothing comes of it if the process dies on the way.
    pub(crate) fn sync(&mut self) -> Result<Option<Synced>, Violation> {
        let happenings = std::mem::take(&mut self.next);
        self.syncs += 1;
        // Longer than any read is behind, so that a sync sees what the one before it left.
        self.now += Duration::from_secs(5);
        for table in self.mutation.map(Mutation::forgets).unwrap_or_default() {
            self.disk.lose(table);
        }
        let mut view = match &happenings.partial {
            Some((people, groups, members)) => self.directory.without(people, groups, members),
            None => self.directory.clone(),
        };
        if happenings.is_empty {
            view = Directory::default();
        }
        let policy = self.policy(&happenings);
        let mut sync = Sync::new(self.syncs, happenings, view, policy.clone(), self.switches.removes_strangers);
        if self.mutation == Some(Mutation::GroupsManagedAllTheSame) && sync.happenings.groups_off {
            sync.policy.groups = GroupManagement::Off;
        }
        if self.mutation == Some(Mutation::AllowanceIgnored) {
            sync.policy.allowance = sync.happenings.allowance;
        }
        if self.switches.protects {
            sync.protected = self.ledger.strangers.keys().cloned().collect();
        }
        let seen = std::mem::take(&mut self.seen);
        if !sync.is_partial && !sync.happenings.is_empty {
            sync.told_since = seen.filter(|_| sync.happenings.is_told);
            self.seen = Some(sync.view.clone());
        }
        let synced = self.carry_out(&mut sync, &policy);
        self.last = std::iter::once(format!("the plan:\n{}the calls:", sync.plan)).chain(sync.calls).collect();
        synced
    }

    fn carry_out(&mut self, sync: &mut Sync, policy: &Policy) -> Result<Option<Synced>, Violation> {
        let mut shown = sync.view.clone();
        if self.mutation == Some(Mutation::HeldGivenAsAbsent) {
            shown.people.retain(|_, person| person.status != crate::directory::Status::Held);
        }
        let declares = sync.is_partial && self.mutation != Some(Mutation::PartialDeclaredComplete);
        let mut desired = shown.desired(declares, self.switches.external_ids);
        let state = self.disk.state();
        let mut scope = Scope::all();
        let is_switched = std::mem::replace(&mut self.managed_groups, policy.groups == GroupManagement::On) != self.managed_groups;
        if let Some(before) = &sync.told_since {
            let mut events = shown.events_since(before, self.switches.external_ids);
            events.extend(is_switched.then_some(Event::ManagementSwitched));
            desired = before.desired(false, self.switches.external_ids);
            scope = events::tell(&mut desired, events, &state);
        }
        let mut last_sent = LastSent::default();
        for key in LastSent::needed_within(&scope, &desired, &state) {
            if let Some(values) = self.disk.last_sent(&key) {
                last_sent.insert(key, values);
            }
        }
        let seed = self.script_seed ^ u64::try_from(sync.number).unwrap();
        let mut discovery = Discovery::within(&scope, &desired, state, last_sent, policy, seed);
        if self.drive(Driven::Discovery(&mut discovery), sync)? == Ended::Crashed {
            return Ok(None);
        }
        let found = discovery.finish();
        let mut plan = plan_within(&scope, &desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
        sync.plan = plan.explain().to_string();
        sync.scope = plan.scope().clone();
        let mut held: Vec<Key> = plan.held().iter().map(|held| held.key.clone()).collect();
        let mut codes: Vec<String> =
            plan.held().iter().flat_map(|held| &held.findings).map(|finding| finding.code.clone().into_owned()).collect();
        if found.stopped.is_some() {
            if self.disk.state() != found.state {
                return broken("disk_is_what_is_known", "what a discovery that stopped knew is not on disk");
            }
            return Ok(Some(Synced { plan, requests: sync.requests, stopped: found.stopped, held, codes }));
        }
        let mut state = found.state;
        if sync.happenings.is_saved {
            let json = SavedPlan::new(plan.clone(), &desired, &state, policy).to_json();
            state = self.disk.state();
            plan = self.through_file(plan, &json, &shown, &state, policy, declares)?;
        }
        let mut run = Run::new(&plan, state, policy, seed ^ 0x5EED);
        if self.drive(Driven::Run(&mut run), sync)? == Ended::Crashed {
            return Ok(None);
        }
        for outcome in run.outcomes() {
            sync.plan.push_str(&format!("  {} {}: {:?}\n", outcome.operation, outcome.key, outcome.kind));
            if let OutcomeKind::Held { finding } = &outcome.kind {
                held.push(outcome.key.clone());
                codes.push(finding.code.clone().into_owned());
            }
        }
        let stopped = run.stopped().cloned();
        if self.disk.state() != run.into_state() {
            return broken("disk_is_what_is_known", "what the run knew is not on disk");
        }
        Ok(Some(Synced { plan, requests: sync.requests, stopped, held, codes }))
    }

    /// Reads a plan that was saved; what the directory wants is what it was made of, also where that was told as events.
    fn through_file(
        &self,
        plan: Plan,
        json: &str,
        shown: &Directory,
        state: &State,
        policy: &Policy,
        declares: bool,
    ) -> Result<Plan, Violation> {
        let saved = match SavedPlan::from_json(json.as_bytes(), state, policy) {
            Ok(saved) => saved,
            Err(error) => return broken("saved_plan_is_the_plan", error.to_string()),
        };
        if !saved.is_made_from(&shown.desired(declares, self.switches.external_ids)) {
            return broken("events_say_what_is_wanted", "what is wanted after the events is not what the directory says");
        }
        if saved.plan() != &plan {
            return broken("saved_plan_is_the_plan", format!("{} was read as\n{}", plan.explain(), saved.plan().explain()));
        }
        Ok(saved.into_plan())
    }

    /// Somebody else does something at the service, if what it is about is there.
    pub(crate) fn edit(&mut self, edit: &Edit) {
        let service = &mut self.service;
        let id_of = |key: Key| self.disk.link(&key).cloned();
        match edit {
            Edit::UserByHand { name, is_upper } => {
                let address = if *is_upper { address(*name).to_uppercase() } else { address(*name) };
                if service.users().any(|user| {
                    user.text("userName").is_some_and(|found| found.eq_ignore_ascii_case(&address))
                        || user.primary_value("emails").is_some_and(|found| found.eq_ignore_ascii_case(&address))
                }) {
                    return;
                }
                let mut user = User::new(address);
                user.display_name = Some("By Hand".to_owned());
                user.name = Some(idbridge_scim::Name::new("By", "Hand"));
                user.active = Some(true);
                service.seed_user(Resource::from(user));
            }
            Edit::GroupByHand { name, people } => {
                let name = group_name(*name);
                if service.groups().any(|group| group.text("displayName") == Some(&name)) {
                    return;
                }
                let members: Vec<ResourceId> = people.iter().filter_map(|person| id_of(sync::user(*person))).collect();
                service.seed_group(Resource::from(Group::new(name)), &members);
            }
            Edit::Stranger(number) => {
                let name = format!("stranger{number}@elsewhere.example.com");
                if service.users().any(|user| user.text("userName") == Some(&name)) {
                    return;
                }
                let user = service.seed_user(Resource::from(User::new(name)));
                let group = service.seed_group(Resource::from(Group::new(format!("By hand {number}"))), [&user]);
                for id in [user, group] {
                    let made = service.user(&id).or_else(|| service.group(&id)).cloned().unwrap();
                    self.ledger.strangers.insert(id, made);
                }
            }
            Edit::JoinStranger { group, stranger } => {
                let name = format!("stranger{stranger}@elsewhere.example.com");
                let user = service.users().find(|user| user.text("userName") == Some(&name)).and_then(Resource::id);
                if let (Some(user), Some(group)) = (user, id_of(sync::group(*group))) {
                    service.add_member(&group, &user);
                }
            }
            Edit::RemoveUser(person) => {
                if let Some(id) = id_of(sync::user(*person)).filter(|id| service.remove_user(id)) {
                    self.ledger.ended(&id);
                    self.ledger.removed.insert(id);
                }
            }
            Edit::RemoveGroup(group) => {
                if let Some(id) = id_of(sync::group(*group)).filter(|id| service.remove_group(id)) {
                    self.ledger.ended(&id);
                    self.ledger.removed.insert(id);
                }
            }
            Edit::Retitle(person) => {
                if let Some(id) = id_of(sync::user(*person)) {
                    service.edit_user(&id, |user| user.attributes_mut().set("title", "By Hand"));
                    self.ledger.edited.insert(id);
                }
            }
            Edit::Activate { person, active } => {
                if let Some(id) = id_of(sync::user(*person)) {
                    service.edit_user(&id, |user| user.attributes_mut().set("active", *active));
                    self.ledger.edited.insert(id);
                }
            }
            Edit::Join { group, person } | Edit::Leave { group, person } => {
                if let (Some(group), Some(user)) = (id_of(sync::group(*group)), id_of(sync::user(*person))) {
                    let _ = if matches!(edit, Edit::Join { .. }) {
                        service.add_member(&group, &user)
                    } else {
                        service.remove_member(&group, &user)
                    };
                    self.ledger.edited_members.insert(group);
                }
            }
        }
    }

    /// A request by the names that a reader knows: `PATCH User name7@example.com active=false`.
    pub(crate) fn described(&self, request: &Request) -> String {
        let label = |id: &ResourceId| {
            let there = self.service.user(id).and_then(|user| user.text("userName"));
            let there = there.or_else(|| self.service.group(id).and_then(|group| group.text("displayName")));
            let owner = self.disk.owner(id).map(|key| format!(" ({key})")).unwrap_or_default();
            format!("{}{owner}", there.unwrap_or(id.as_str()))
        };
        match request {
            Request::Create { resource_type, resource, .. } => {
                let name = if *resource_type == ResourceType::Group { "displayName" } else { "userName" };
                format!("POST {resource_type} {}", resource.text(name).unwrap_or_default())
            }
            Request::List { resource_type, query, .. } => {
                let filter = query.filter.as_ref().map(|filter| format!(" {filter}")).unwrap_or_default();
                format!("GET {resource_type}s{filter}")
            }
            Request::Patch { resource_type, id, patch, .. } => {
                let operations = patch.operations().iter().map(|operation| {
                    let path = operation.path().map(ToString::to_string).unwrap_or_default();
                    let members = operation.value().and_then(Value::as_array).unwrap_or_default().iter();
                    let members = members.filter_map(|member| member.as_object()?.get("value")?.as_str());
                    let members: Vec<String> = members.filter_map(|id| ResourceId::new(id).ok()).map(|id| label(&id)).collect();
                    match (operation, members.is_empty()) {
                        (PatchOperation::Remove { .. }, true) => format!("-{path}"),
                        (PatchOperation::Remove { .. }, false) => format!("-{members:?}"),
                        (_, false) => format!("+{members:?}"),
                        (_, true) => format!("{path}={:?}", operation.value()),
                    }
                });
                format!("PATCH {resource_type} {} {}", label(id), operations.collect::<Vec<_>>().join(" "))
            }
            Request::Read { id, .. } | Request::Replace { id, .. } | Request::Delete { id, .. } => {
                format!("{} {}", request.operation(), label(id))
            }
            _ => request.operation().to_owned(),
        }
    }
}
