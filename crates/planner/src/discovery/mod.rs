//! Looking at the service before planning, with as few reads as the evidence needs.

mod compare;
mod members;
mod scope;
mod search;
mod strategy;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{Filter, ListResponse, Resource, ResourceId};

use crate::desired::Desired;
use crate::discovery::strategy::Abilities;
use crate::exchange::{Delivery, DeliveryId, Exchange, Next, Settled, described};
use crate::key::{GroupKey, Key, UserKey};
use crate::look::{Look, Subject, Way};
use crate::observed::Observed;
use crate::plan::{LastSent, closed, group_link, managed, user_link};
use crate::policy::{Observation, Policy};
use crate::scope::Scope;
use crate::state::{Intent, Journal, State, StateChange};
use crate::step::{Machine, Step, Stopped};

/// Reads what a plan needs to know of the service, and nothing else.
///
/// With a known state and nothing new, it reads nothing. Where records are not linked yet, it walks the whole list by cursor if that costs fewer
/// requests than a look-up for each, and finds out by itself whether the service has cursors and membership filters. Requests of an earlier run
/// whose outcome is not known are looked up here, so a crash needs no other recovery.
///
/// | what is known | what is read |
/// | --- | --- |
/// | linked, with the digest of what is wanted | nothing |
/// | linked, with another digest, or present and active | the values last sent, from the store; the object, if the store has none |
/// | a linked group that gets another name | the name, by filter: has another group got it? (GM-15) |
/// | linked, and not on a complete list | the object: only a 404 says that it is gone |
/// | wanted and not linked | the whole list, or `externalId` and then name by filter, whichever is fewer requests |
/// | wanted and not linked, and refused with 400 as it is | nothing (E-11) |
/// | refused with 409 as it is | the name, by filter: is it still taken? |
/// | suspended or empty, not linked, and searched before under this name | nothing |
/// | held or absent, or present and not linked | nothing; a list that is walked anyway may show it |
/// | a group to be taken over, associated again, or with members unknown | its members: by `groups.value eq`, else user by user (E-12) |
/// | an intent of an earlier run | see [`Intent`] |
/// | a token that was refused | the service's configuration, before all else (E-13) |
/// | a service that failed as a whole, and its pause is not over | nothing; the look ends at once |
/// | group management is off | nothing about groups (GM-01) |
/// | everything shall be looked at ([`Observation::Full`](crate::Observation)) | all linked objects, all groups, the members of every managed group |
///
/// Of the ways that give the evidence, the one with the fewest requests is taken; [`Plan::looks`](crate::Plan::looks) tells which ones.
///
/// What became of requests of an earlier run is handed out to be stored ([`Step::Store`]), so that a look that is broken off has got on all the same.
///
/// A list is walked by cursor. If the service answers 400 to a cursor, one plain list is asked for, and if that is as long as a page may be, it is
/// taken as cut, and what it does not show is looked up (E-12, IC-20).
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Coverage, Desired, Discovery, GroupManagement, LastSent, Machine, Policy, State, Step};
/// use idbridge_scim::Profile;
/// use std::time::SystemTime;
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let desired = Desired::new(Coverage::Complete);
/// let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
/// // Nothing is wanted, so nothing is read.
/// assert_eq!(discovery.next_step(SystemTime::UNIX_EPOCH), Step::Done);
/// ```
///
/// With somebody wanted of whom nothing is known, the list is walked, because one page costs less than two look-ups:
///
/// ```
/// use idbridge_planner::{Answer, Coverage, Desired, DesiredUser, Discovery, GroupManagement, LastSent, Machine, Policy, State, Step, UserKey};
/// use idbridge_scim::protocol::Request;
/// use idbridge_scim::{Profile, Resource};
///
/// let mut desired = Desired::new(Coverage::Complete);
/// let anna = Resource::from_json(br#"{"userName":"anna@example.com","externalId":"5c39"}"#)?;
/// desired.set_user(UserKey::from("5c39"), Answer::Want(DesiredUser::new(anna)));
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
/// let Step::Send { request, .. } = discovery.next_step(std::time::SystemTime::UNIX_EPOCH) else { panic!("something is sent") };
/// assert!(matches!(request, Request::List { query, .. } if query.filter.is_none()));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug)]
pub struct Discovery<'a> {
    desired: &'a Desired,
    policy: &'a Policy,
    scope: Scope,
    state: State,
    last_sent: LastSent,
    observed: Observed,
    journal: Journal,
    exchange: Exchange<Task>,
    phase: Phase,
    has_cursor: bool,
    has_member_filter: bool,
    /// The users that are about to be adopted, as known when members are asked for.
    adopted_users: BTreeSet<ResourceId>,
    members: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    waiting_groups: Vec<ResourceId>,
    pending_members: BTreeMap<ResourceId, usize>,
    /// Groups whose members are asked for by walking the groups of some users, those users that wait for the first answer, and how many are open.
    walked_groups: BTreeSet<ResourceId>,
    waiting_users: Vec<ResourceId>,
    open_walks: usize,
    /// Groups whose members are read for the comparison only, and what was read: the plan goes on from what it remembers.
    only_compared: BTreeSet<ResourceId>,
    compared: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    /// The records whose last values were read at the service, because the store had none, so that they tell nothing of what others changed.
    read_back: BTreeSet<Key>,
    looks: Vec<Look>,
    reads: usize,
    stopped: Option<Stopped>,
    has_started: bool,
    is_failure_noted: bool,
    /// How often in a row the service had failed as a whole when this began.
    failures: u32,
}

/// What a [`Discovery`] found: all that [`plan`](crate::plan()) takes besides what is wanted.
#[derive(Debug)]
#[non_exhaustive]
pub struct Discovered {
    /// What was seen.
    pub observed: Observed,
    /// The state, with requests of an earlier run settled. It goes into the plan and then into the run, in the place of the one that was given.
    pub state: State,
    /// The values that were last sent, completed with what was read.
    pub last_sent: LastSent,
    /// How many requests it took, repetitions included.
    pub reads: usize,
    /// Why it ended early, if it did; nothing may then be planned, because what was not read would count as unknown or, worse, as lost.
    pub stopped: Option<Stopped>,
}

/// What is looked for, in this order: each phase rests on what the ones before it found, and begins when nothing of theirs is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Whether the service takes the token again.
    Probe,
    /// Requests whose outcome is not known.
    Resolve,
    /// Records that are not linked.
    Search,
    /// Linked objects that a complete list does not show.
    Confirm,
    /// Members of groups that are adopted.
    Members,
    Done,
}

/// What a read is for.
#[derive(Debug, Clone)]
struct Task {
    aim: Aim,
    tries: u32,
}

#[derive(Debug, Clone)]
enum Aim {
    Probe,
    Page { resource_type: ResourceType, query: ListQuery },
    ByExternalId { resource_type: ResourceType, key: Key, external_id: String, name: Option<String> },
    ByName { resource_type: ResourceType, key: Key, name: String },
    Read { resource_type: ResourceType, key: Key, id: ResourceId },
    Membership { group: GroupKey, probe: UserKey, users: Vec<UserKey>, adds: bool },
    MembersPage { group: ResourceId, query: ListQuery },
    MemberCheck { group: ResourceId, user: ResourceId },
    GroupsOf { user: ResourceId, query: ListQuery },
}

impl<'a> Discovery<'a> {
    /// Begins a look at the service for these wishes. `last_sent` holds what the store kept for [`LastSent::needed`]; what is missing there is read.
    ///
    /// `seed` decides the jitter of repeated requests: another one for each run, so that clients that failed together do not come back together.
    #[must_use]
    pub fn new(desired: &'a Desired, state: State, last_sent: LastSent, policy: &'a Policy, seed: u64) -> Self {
        Self::within(&Scope::all(), desired, state, last_sent, policy, seed)
    }

    /// Begins a look for some records only: the others are neither asked for nor walked. A record that holds a name which one of these wants is
    /// taken in.
    ///
    /// Without a list of all groups, groups that nobody manages cannot show.
    #[must_use]
    pub fn within(scope: &Scope, desired: &'a Desired, state: State, last_sent: LastSent, policy: &'a Policy, seed: u64) -> Self {
        Self {
            scope: closed(scope, desired, &state),
            desired,
            policy,
            failures: state.failures(),
            state,
            last_sent,
            observed: Observed::default(),
            journal: Journal::default(),
            exchange: Exchange::new(policy, seed),
            phase: Phase::Probe,
            has_cursor: true,
            has_member_filter: true,
            adopted_users: BTreeSet::new(),
            members: BTreeMap::new(),
            waiting_groups: Vec::new(),
            pending_members: BTreeMap::new(),
            walked_groups: BTreeSet::new(),
            waiting_users: Vec::new(),
            open_walks: 0,
            only_compared: BTreeSet::new(),
            compared: BTreeMap::new(),
            read_back: BTreeSet::new(),
            looks: Vec::new(),
            reads: 0,
            stopped: None,
            has_started: false,
            is_failure_noted: false,
        }
        .begun()
    }

    /// Hands out what was found, once [`next_step`](Machine::next_step) said that it is done. Taken earlier, it lacks what was not read yet.
    #[must_use]
    pub fn finish(mut self) -> Discovered {
        self.looks.sort_by_key(|look| look.subject.clone());
        self.observed.set_looks(std::mem::take(&mut self.looks));
        Discovered { observed: self.observed, state: self.state, last_sent: self.last_sent, reads: self.reads, stopped: self.stopped }
    }

    /// Lines the first request up at a time that is always over, because the first `now` is not known yet.
    fn begun(mut self) -> Self {
        self.begin(Phase::Probe, SystemTime::UNIX_EPOCH);
        self
    }

    /// Lines up the reads of a phase; a phase that needs none is over at once.
    fn begin(&mut self, phase: Phase, now: SystemTime) {
        self.phase = phase;
        match phase {
            Phase::Probe => {
                if self.state.blocked_since().is_some() {
                    self.ask(Aim::Probe, Request::ServiceProviderConfig, now);
                }
            }
            Phase::Resolve => self.resolve(now),
            Phase::Search => self.search(now),
            Phase::Confirm => self.confirm(now),
            Phase::Members => self.read_members(now),
            Phase::Done if self.stopped.is_none() => self.compare(),
            Phase::Done => {}
        }
    }

    /// Whether everything is looked at, and not only what the plan needs.
    fn is_full(&self) -> bool {
        self.policy.drift.observation == Observation::Full
    }

    /// What the service is known to have; what it refused once is not asked for again.
    fn abilities(&self) -> Abilities {
        Abilities { cursor: self.has_cursor, member_filters: self.has_member_filter }
    }

    /// Notes which way was chosen, and for what.
    fn chose(&mut self, subject: Subject, way: Way, reason: String) {
        match self.looks.iter_mut().find(|look| look.subject == subject && look.way == way) {
            Some(look) => look.reason = reason,
            None => self.looks.push(Look { subject, way, requests: 0, reason }),
        }
    }

    /// Counts a request to the way that it belongs to.
    fn count(&mut self, aim: &Aim) {
        let is_earlier = self.phase == Phase::Resolve;
        let of = |resource_type: &ResourceType| match resource_type {
            _ if is_earlier => Subject::Earlier,
            ResourceType::Group => Subject::Groups,
            _ => Subject::Users,
        };
        let (subject, way) = match aim {
            Aim::Probe => (Subject::Token, Way::Reads),
            Aim::Page { resource_type, query } if query.paging == Paging::None => (of(resource_type), Way::PlainList),
            Aim::Page { resource_type, .. } => (of(resource_type), Way::CursorList),
            Aim::ByExternalId { resource_type, .. } | Aim::ByName { resource_type, .. } => (of(resource_type), Way::LookUps),
            Aim::Read { resource_type, .. } => (of(resource_type), Way::Reads),
            Aim::Membership { .. } => (Subject::Earlier, Way::PointChecks),
            Aim::MembersPage { .. } => (Subject::Members, Way::GroupsValue),
            Aim::GroupsOf { .. } => (Subject::Members, Way::MembersValue),
            Aim::MemberCheck { .. } => (Subject::Members, Way::PointChecks),
        };
        match self.looks.iter_mut().find(|look| look.subject == subject && look.way == way) {
            Some(look) => look.requests += 1,
            None => self.looks.push(Look { subject, way, requests: 1, reason: String::new() }),
        }
    }

    /// Lines a read up.
    fn ask(&mut self, aim: Aim, request: Request, now: SystemTime) {
        self.exchange.push(Task { aim, tries: 1 }, request, now);
    }

    /// Lines the read of one object up, by its identifier.
    fn read(&mut self, resource_type: ResourceType, key: Key, id: ResourceId, now: SystemTime) {
        let request = Request::read(resource_type, id.clone());
        self.ask(Aim::Read { resource_type, key, id }, request, now);
    }

    /// Looks up what became of the requests that an earlier run had under way, and reads what the store could not supply.
    fn resolve(&mut self, now: SystemTime) {
        let open = self.open_intents();
        let intents: Vec<(Key, Intent)> =
            open.into_iter().filter_map(|key| self.state.intents.get(&key).cloned().map(|intent| (key, intent))).collect();
        let mut asked = BTreeSet::new();
        let manages_groups = self.policy.manages_groups();
        // With management off, no request names a group (GM-01): what became of it is found out when it is on again.
        for (key, intent) in intents.into_iter().filter(|(key, _)| manages_groups || matches!(key, Key::User(_))) {
            asked.insert(key.clone());
            match (&key, intent) {
                (Key::User(user), intent) => match (self.state.user(user).map(|link| link.id.clone()), intent) {
                    (Some(id), _) => self.read(ResourceType::User, key, id, now),
                    (None, Intent::CreateUser { external_id, user_name }) => {
                        // What carries our identifier is found by it; the name tells only where none was sent (AM-00 off).
                        let external_id = external_id.map(String::from);
                        let name = Some(user_name).filter(|_| external_id.is_none());
                        self.find(ResourceType::User, key, external_id, name, now);
                    }
                    (None, _) => self.apply(&StateChange::Settled { key }),
                },
                (Key::Group(group), intent) => match (self.state.group(group).map(|link| link.id.clone()), intent) {
                    (Some(_), Intent::AddMembers { users }) => self.check_membership(group.clone(), users, true, now),
                    (Some(_), Intent::RemoveMembers { users }) => self.check_membership(group.clone(), users, false, now),
                    (Some(id), _) => self.read(ResourceType::Group, key, id, now),
                    (None, Intent::CreateGroup { external_id, display_name }) => {
                        // What carries our identifier is found by it; the name tells only where none was sent (AM-00 off).
                        let external_id = external_id.map(String::from);
                        let name = Some(display_name).filter(|_| external_id.is_none());
                        self.find(ResourceType::Group, key, external_id, name, now);
                    }
                    (None, _) => self.apply(&StateChange::Settled { key }),
                },
            }
        }
        for key in self.needed_values() {
            if self.last_sent.get(&key).is_some() || asked.contains(&key) {
                continue;
            }
            match &key {
                Key::User(user) => {
                    if let Some(id) = self.state.user(user).map(|link| link.id.clone()) {
                        self.read(ResourceType::User, key, id, now);
                    }
                }
                Key::Group(group) => {
                    if let Some(id) = self.state.group(group).map(|link| link.id.clone()).filter(|_| self.policy.manages_groups()) {
                        self.read(ResourceType::Group, key, id, now);
                    }
                }
            }
        }
    }

    /// Whether one of `users` is a member tells whether the request for all of them took effect, because a PATCH is all or nothing (RFC 7644
    /// section 3.5.2).
    fn check_membership(&mut self, group: GroupKey, users: Vec<UserKey>, adds: bool, now: SystemTime) {
        let link = self.state.group(&group).map(|link| link.id.clone());
        let probe = users.iter().find_map(|user| self.state.user(user).map(|link| (user.clone(), link.id.clone())));
        let (Some(group_id), Some((probe, user_id))) = (link, probe) else {
            return self.members_unknown(group);
        };
        let query = ListQuery::filtered(Filter::membership(&group_id, &user_id));
        let request = Request::list(ResourceType::Group, query);
        self.ask(Aim::Membership { group, probe, users, adds }, request, now);
    }

    /// What became of a request for members cannot be told, so the members themselves are read.
    fn members_unknown(&mut self, key: GroupKey) {
        self.apply(&StateChange::MembersUnknown { key: key.clone() });
        self.apply(&StateChange::Settled { key: key.into() });
    }

    /// Changes the state and keeps the records until there is time to store them.
    fn apply(&mut self, change: &StateChange) {
        self.journal.extend(self.state.apply(change));
    }

    /// A service that failed as a whole is left alone: nothing is asked before its time.
    fn keep_quarantine(&mut self, now: SystemTime) {
        if std::mem::replace(&mut self.has_started, true) {
            return;
        }
        if let Some(stopped) = self.state.quarantined(self.policy, now).map(Stopped::quarantined) {
            self.stop(stopped);
        }
    }

    /// Remembers that the service has failed as a whole, once. Where single answers were readable and the look still failed, it is the next failure
    /// in a row all the same.
    fn remember_failure(&mut self, now: SystemTime) {
        let Some(reason) = self.stopped.as_ref().and_then(Stopped::failure).filter(|_| !self.is_failure_noted) else { return };
        let before = match self.stopped {
            Some(Stopped::Unreadable { .. }) => self.failures,
            _ => self.state.failures(),
        };
        let change = State::fallen(before.saturating_add(1), reason, self.policy, now);
        self.is_failure_noted = true;
        self.apply(&change);
    }

    /// The first reason stands: what fails behind it fails because of it.
    fn stop(&mut self, stopped: Stopped) {
        self.exchange.stop();
        self.stopped.get_or_insert(stopped);
    }

    /// Takes a resource that was read for a record that is linked, or was about to be created.
    fn take(&mut self, key: &Key, resource: &Resource) {
        let Some(id) = resource.id() else {
            return;
        };
        let had_intent = self.state.intents.contains_key(key);
        match key {
            Key::User(user) => {
                let sent = managed(resource, self.desired.managed_user());
                if had_intent {
                    let link = user_link(id, &sent, self.state.user(user).as_ref());
                    self.apply(&StateChange::UserLinked { key: user.clone(), link, sent: sent.clone() });
                }
                self.last_sent.insert(key.clone(), sent);
            }
            Key::Group(group) => {
                let sent = managed(resource, self.desired.managed_group());
                if had_intent {
                    let before = self.state.group(group);
                    let (members, known) = before.as_ref().map(|link| (link.members.clone(), link.members_known)).unwrap_or_default();
                    let mut link = group_link(id, &sent, members, known);
                    link.released = before.as_ref().is_some_and(|link| link.released);
                    link.unmanaged_members = before.is_some_and(|link| link.unmanaged_members);
                    self.apply(&StateChange::GroupLinked { key: group.clone(), link, sent: sent.clone() });
                }
                self.last_sent.insert(key.clone(), sent);
            }
        }
    }

    /// What an answer means, by what was asked.
    fn answered(&mut self, task: Task, reply: Reply, now: SystemTime) {
        let Task { aim, tries } = task;
        match aim {
            Aim::Probe => match reply.status {
                403 => self.stop(Stopped::Unauthorized),
                _ => self.apply(&StateChange::Unblocked),
            },
            Aim::Read { resource_type, key, id } => match reply.resource().filter(|_| reply.is_success()).cloned() {
                Some(resource) => {
                    // Of a record that is only compared, what was last sent stays what it is.
                    if self.state.intents.contains_key(&key) || self.last_sent.get(&key).is_none() {
                        self.read_back.insert(key.clone());
                        self.take(&key, &resource);
                    }
                    self.observed.of_mut(resource_type).see(resource);
                }
                None if reply.status == 404 => self.lost(resource_type, &key, id),
                None => {
                    let request = Request::read(resource_type, id.clone());
                    self.retry(Aim::Read { resource_type, key, id }, request, tries, &reply, now);
                }
            },
            Aim::Page { .. } | Aim::ByExternalId { .. } | Aim::ByName { .. } => self.found(aim, tries, reply, now),
            Aim::Membership { .. } | Aim::MembersPage { .. } | Aim::MemberCheck { .. } | Aim::GroupsOf { .. } => {
                self.member_answer(aim, tries, reply, now)
            }
        }
    }

    /// A linked object that the service does not have any more.
    fn lost(&mut self, resource_type: ResourceType, key: &Key, id: ResourceId) {
        self.observed.of_mut(resource_type).gone(id);
        if self.state.intents.contains_key(key) {
            // What was seen here is not seen again once the intent is over, and the plan may do nothing with it while the record is held.
            self.apply(&match key {
                Key::User(key) => StateChange::UserUnlinked { key: key.clone() },
                Key::Group(key) => StateChange::GroupUnlinked { key: key.clone() },
            });
        }
    }

    /// Asks again after an answer that says nothing, such as one that was cut off; in the end, the record is not known.
    fn retry(&mut self, aim: Aim, request: Request, tries: u32, reply: &Reply, now: SystemTime) {
        let says_nothing = reply.is_success();
        if says_nothing && tries < self.policy.attempts {
            let at = now + self.exchange.backoff(tries);
            self.exchange.push(Task { aim, tries: tries + 1 }, request, at);
            return;
        }
        let reason = if says_nothing { "its answers cannot be read".to_owned() } else { described("it answered", reply) };
        self.gave_up(&aim, reason);
    }

    /// What could not be read stops no more than it must: one record is held, one group's members stay unknown, and only a list stops everything.
    fn gave_up(&mut self, aim: &Aim, reason: String) {
        match aim {
            Aim::Probe | Aim::Page { .. } => self.stop(Stopped::Unreadable { reason }),
            Aim::ByExternalId { resource_type, key, .. }
            | Aim::ByName { resource_type, key, .. }
            | Aim::Read { resource_type, key, .. } => self.observed.of_mut(*resource_type).failed(key.clone(), reason),
            Aim::Membership { group, .. } => self.members_unknown(group.clone()),
            Aim::GroupsOf { .. } => self.walks_failed(),
            // Without an answer, the members stay unknown and the group is held.
            Aim::MembersPage { group, .. } | Aim::MemberCheck { group, .. } => {
                self.members.remove(group);
                self.pending_members.remove(group);
            }
        }
    }

    /// The page that an answer holds, if it is a success and can be read.
    fn page(reply: &Reply) -> Option<&ListResponse> {
        reply.list().filter(|_| reply.is_success())
    }
}

impl Machine for Discovery<'_> {
    fn next_step(&mut self, now: SystemTime) -> Step {
        loop {
            self.keep_quarantine(now);
            if let Some(reason) = self.exchange.unreachable(now).map(ToOwned::to_owned) {
                self.stop(Stopped::Unreachable { reason });
            }
            self.remember_failure(now);
            // What became of earlier requests is stored while there is time, so that a run that dies here has got on.
            if !self.journal.is_empty() && self.exchange.peek(now).is_none() {
                return Step::Store(self.journal.take(&mut self.state));
            }
            if let Some(aim) = self.exchange.peek(now).map(|task| task.aim.clone()) {
                self.count(&aim);
            }
            match self.exchange.next(now) {
                Next::Send(id, request) => {
                    self.reads += 1;
                    return Step::Send { id, request: request.clone() };
                }
                Next::Wait(until) => return Step::Wait { until },
                Next::Blocked => return Step::Blocked,
                Next::Idle if self.stopped.is_some() => return Step::Done,
                // The first group could not be asked for; the others can all the same.
                Next::Idle if !self.waiting_groups.is_empty() => {
                    self.ask_waiting_groups(now);
                    continue;
                }
                Next::Idle if !self.waiting_users.is_empty() => {
                    self.walk_waiting_users(now);
                    continue;
                }
                Next::Idle => {}
            }
            let next = match self.phase {
                Phase::Probe => Phase::Resolve,
                Phase::Resolve => Phase::Search,
                Phase::Search => Phase::Confirm,
                Phase::Confirm => Phase::Members,
                Phase::Members => Phase::Done,
                Phase::Done => return Step::Done,
            };
            self.begin(next, now);
        }
    }

    fn handle_delivery(&mut self, id: DeliveryId, delivery: Delivery, now: SystemTime) {
        if self.state.quarantine().is_some() && self.stopped.is_none() && delivery.is_well() {
            self.apply(&StateChange::Recovered);
        }
        match self.exchange.settle(id, delivery, now) {
            Settled::Answered(task, reply) => self.answered(task, reply, now),
            Settled::Unauthorized(_) => {
                self.apply(&StateChange::Blocked { at: now });
                self.stop(Stopped::Unauthorized);
            }
            Settled::Unknown(task, reason) | Settled::Exhausted(task, reason) => self.gave_up(&task.aim, reason),
            Settled::Again | Settled::Stray => {}
        }
    }
}
