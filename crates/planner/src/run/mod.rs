//! Carrying a plan out.
//!
//! A run is a list of operations, each with a position, and an exchange of requests whose tasks say to which operation they belong and to what end.
//! An answer moves one operation on: to its next request, or to its end, which lets those go that waited for it. No request of one operation is
//! under way while another one of it is, so a position is never in two places.

mod chunks;
mod groups;
mod line_up;
mod look_up;
mod objects;
mod outcome;
mod task;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use idbridge_scim::protocol::{Reply, Request, ResourceType};
use idbridge_scim::{AttrPath, Resource, ResourceId};

pub use outcome::{Outcome, OutcomeKind, Summary};
pub(crate) use users::not_matched;

use crate::exchange::{Delivery, DeliveryId, Exchange, Next, Settled, described};
use crate::finding::Finding;
use crate::key::{GroupKey, Key, UserKey};
use crate::operation::{Operation, is_deactivation};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::run::line_up::UNSTORED;
use crate::run::task::{Aim, Position, Task};
use crate::state::{Intent, Journal, State, StateChange};
use crate::step::{Machine, Step, Stopped};

/// How many writes are intended ahead of the wire in one go, so that a store commits once for all of them.
const AHEAD: usize = 64;

/// A plan being carried out: it says which request goes next, takes what became of each, and hands out what to remember.
///
/// - The intent of every write is handed out to be stored before the write itself ([`Step::Store`] comes before [`Step::Send`]).
/// - What may or may not have taken effect is looked up before anything is sent again; a 409 likewise.
/// - One object's failure is one outcome, and the rest goes on. The first 401 ends the run: nothing is started after it.
/// - Several requests are under way at one time; an operation waits only for those that it needs.
///
/// | answered | creating | changing | deleting | members |
/// | --- | --- | --- | --- | --- |
/// | 2xx | linked; without an `id` in the answer, looked up | its values are remembered | link dropped | memberships are remembered |
/// | 400 | failed, and not sent again as it is (E-11); a group, first with fewer members | the same | failed | sent in halves, down to the one that is refused |
/// | 404 | failed | a linked, wanted user is looked up and created (UL-09); a group fails, unlinked | done | see whether the group is there |
/// | 409 | looked up: adopted, or held (UL-02, IC-24) | held, `NameTaken` | failed | as 400 |
/// | other 4xx | failed | failed | failed | failed |
/// | 5xx, or lost | looked up: linked, or created again (UL-03) | read back: remembered, or sent again | deleted again | one of them is asked for |
///
/// Whatever was asked, 401 ends the run, 429 is asked again after `Retry-After` (100 ms to 2 minutes) or a growing pause, and so is what was never
/// sent. A look-up that is answered 5xx, lost, or cut is asked again. If a change that also suspends somebody is refused, the suspension goes out
/// alone.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{plan, Coverage, Desired, GroupManagement, LastSent, Machine, Observed, Policy, Run, State, Step};
/// use idbridge_scim::Profile;
/// use std::time::SystemTime;
///
/// let now = SystemTime::UNIX_EPOCH;
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let desired = Desired::new(Coverage::Complete);
/// let plan = plan(&desired, &Observed::default(), &State::default(), &LastSent::default(), &policy, now);
/// let mut run = Run::new(&plan, State::default(), &policy, 0);
/// assert_eq!(run.next_step(now), Step::Done);
/// ```
///
/// A create whose answer is lost is looked for before it is sent again:
///
/// ```
/// # use idbridge_planner::{plan, Answer, Coverage, Desired, DesiredUser, GroupManagement, LastSent, Observed, Policy, Run, State, UserKey};
/// use idbridge_planner::{Delivery, Machine, Step};
/// # use idbridge_scim::{Profile, Resource};
/// # let mut now = std::time::SystemTime::UNIX_EPOCH;
/// # let mut desired = Desired::new(Coverage::Complete);
/// # let anna = Resource::from_json(br#"{"userName":"anna@example.com"}"#)?;
/// # desired.set_user(UserKey::from("1"), Answer::Want(DesiredUser::new(anna)));
/// # let mut observed = Observed::default();
/// # observed.users_mut().complete();
/// # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
/// # let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy, now);
/// # let mut run = Run::new(&plan, State::default(), &policy, 0);
/// let mut sent = Vec::new();
/// while sent.len() < 2 {
///     match run.next_step(now) {
///         Step::Send { id, request } => {
///             sent.push(request.operation());
///             run.handle_delivery(id, Delivery::Unknown { reason: "connection reset".to_owned() }, now);
///         }
///         Step::Wait { until } => now = until,
///         Step::Store(_records) => {}
///         Step::Blocked | Step::Done => break,
///     }
/// }
/// assert_eq!(sent, ["CreateUser", "ListUsers"]);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug)]
pub struct Run {
    operations: Vec<Operation>,
    positions: Vec<Position>,
    dependents: Vec<Vec<(usize, bool)>>,
    ready: BTreeSet<usize>,
    exchange: Exchange<Task>,
    state: State,
    journal: Journal,
    outcomes: Vec<Outcome>,
    stopped: Option<Stopped>,
    policy: Policy,
    managed_user: Vec<AttrPath>,
    managed_group: Vec<AttrPath>,
    frozen: BTreeSet<UserKey>,
    /// Who is in the directory's groups that the plan creates.
    created_members: BTreeMap<GroupKey, BTreeSet<UserKey>>,
    /// The directory's groups of the users whom the plan changes.
    rejoins: BTreeMap<UserKey, BTreeSet<GroupKey>>,
    removes_no_members: bool,
    /// Users whom the service had lost: the groups that they were in, to be joined again.
    rejoin: BTreeMap<UserKey, BTreeSet<GroupKey>>,
    /// The service's users and groups that the plan deletes.
    leaving: BTreeSet<ResourceId>,
    /// The operations on each group, in the order of the plan.
    by_group: BTreeMap<GroupKey, Vec<usize>>,
    requests: usize,
    has_started: bool,
}

impl Run {
    /// Begins to carry out `plan`, made over this `state` and with this `policy`. Over another state, it would change objects that the plan did not
    /// mean.
    ///
    /// `seed` decides the jitter of repeated requests: another one for each run, so that clients that failed together do not come back together.
    #[must_use]
    pub fn new(plan: &Plan, state: State, policy: &Policy, seed: u64) -> Self {
        let operations = plan.operations().to_vec();
        let mut run = Self {
            positions: operations.iter().map(|_| Position::default()).collect(),
            dependents: vec![Vec::new(); operations.len()],
            ready: BTreeSet::new(),
            exchange: Exchange::new(policy, seed),
            state,
            journal: Journal::default(),
            outcomes: operations.iter().map(Outcome::of).collect(),
            stopped: None,
            policy: policy.clone(),
            managed_user: plan.managed_user.clone(),
            managed_group: plan.managed_group.clone(),
            frozen: plan.frozen.clone(),
            created_members: plan.created_members.clone(),
            rejoins: plan.rejoins.clone(),
            removes_no_members: plan.removes_no_members,
            rejoin: BTreeMap::new(),
            leaving: operations.iter().filter_map(|operation| operation.kind.deleted().cloned()).collect(),
            by_group: BTreeMap::new(),
            requests: 0,
            has_started: false,
            operations,
        };
        for change in plan.bookkeeping() {
            run.apply(change);
        }
        for index in 0..run.operations.len() {
            run.wire(index);
        }
        run
    }

    /// Returns what became of each operation, in the plan's order; operations that the run added come behind.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// Counts what became of the operations so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(&self.outcomes, self.requests)
    }

    /// Says why the run ended early, if it did. A run that was cancelled did not.
    #[must_use]
    pub fn stopped(&self) -> Option<&Stopped> {
        self.stopped.as_ref()
    }

    /// Returns the state as it is now; the store has it once [`Step::Done`] was said.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the state, to go on with: what [`State::restore`] would make of the store.
    #[must_use]
    pub fn into_state(self) -> State {
        self.state
    }

    /// Starts nothing more. Requests under way are waited for, and what is left is reported as not started.
    ///
    /// Ask for steps until [`Step::Done`] all the same, so that what is still answered is stored. A write that is then answered 5xx or lost keeps its
    /// intent, and the next discovery looks it up.
    pub fn cancel(&mut self) {
        self.exchange.stop();
    }

    /// Changes the state, and keeps the records until there is time to store them.
    fn apply(&mut self, change: &StateChange) {
        let records = self.state.apply(change);
        self.journal.extend(records);
    }

    /// Lines a request up for an operation, within its budget of attempts.
    fn ask(&mut self, index: usize, aim: Aim, request: Request, not_before: SystemTime) {
        // Neither counted nor failed for it: the operation stays as not started.
        if self.exchange.is_stopped() {
            return;
        }
        let Some(position) = self.positions.get_mut(index) else {
            return;
        };
        position.requests += 1;
        // Chunks of a large group are progress, so the budget is for each of them.
        if position.requests > self.policy.attempts {
            let reason = position.trouble.clone().unwrap_or_else(|| "it needed too many requests".to_owned());
            return self.fail(index, None, reason);
        }
        self.exchange.push(Task { index, aim }, request, not_before);
    }

    /// The time at which an operation tries again: later with each attempt.
    fn later(&mut self, index: usize, now: SystemTime) -> SystemTime {
        let attempts = self.positions.get(index).map_or(1, |position| position.requests);
        now + self.exchange.backoff(attempts.max(1))
    }

    /// Remembers what went wrong last, to be said if the attempts run out.
    fn trouble(&mut self, index: usize, reason: String) {
        if let Some(position) = self.positions.get_mut(index) {
            position.trouble = Some(reason);
        }
    }

    /// The service holds what was wanted.
    fn done(&mut self, index: usize) {
        self.over(index, OutcomeKind::Done);
    }

    /// The record is at fault, or another object is in its way: a finding, no failure.
    fn held(&mut self, index: usize, finding: Finding) {
        let Some(operation) = self.operations.get(index) else {
            return;
        };
        let finding = finding.of(operation.key.clone()).labelled(operation.label.clone());
        self.over(index, OutcomeKind::Held { finding });
    }

    /// The service refused it, or did not answer often enough.
    fn fail(&mut self, index: usize, status: Option<u16>, reason: String) {
        self.over(index, OutcomeKind::Failed { status, reason });
    }

    /// Ends an operation, once: settles its intent unless it may have had an effect that nobody saw, and lets go or holds what waited for it.
    fn over(&mut self, index: usize, kind: OutcomeKind) {
        let Some(outcome) = self.outcomes.get_mut(index).filter(|outcome| !outcome.is_over()) else {
            return;
        };
        let succeeded = kind == OutcomeKind::Done;
        outcome.kind = kind;
        self.settle(index);
        self.doubt_membership(index);
        for (dependent, is_required) in self.dependents.get_mut(index).map(std::mem::take).unwrap_or_default() {
            if is_required && !succeeded {
                let on = self.operations.get(index).map(|operation| operation.label.clone()).unwrap_or_default();
                let finding = Finding::new("Waits", format!("it needs what was to be done to {on:?} first, and that did not succeed"));
                self.held(dependent, finding);
                continue;
            }
            if let Some(position) = self.positions.get_mut(dependent) {
                position.waits = position.waits.saturating_sub(1);
                if position.waits == 0 && !self.outcomes.get(dependent).is_some_and(Outcome::is_over) {
                    self.ready.insert(dependent);
                }
            }
        }
    }

    /// Ends the intent of an operation, unless a write of it may have taken effect unseen: then it stays, to be looked up by the next run.
    fn settle(&mut self, index: usize) {
        let is_uncertain = self.positions.get(index).is_some_and(|position| position.is_uncertain);
        if let Some(key) = self.operations.get(index).map(|operation| operation.key.clone())
            && self.state.intents.contains_key(&key)
            && !is_uncertain
        {
            self.apply(&StateChange::Settled { key });
        }
    }

    /// The next request of a group replaces its intent, so where it is not known whether members were changed, that is remembered with the group.
    fn doubt_membership(&mut self, index: usize) {
        if let Some(Key::Group(key)) = self.operations.get(index).map(|operation| operation.key.clone())
            && matches!(self.state.intents.get(&key.clone().into()), Some(Intent::AddMembers { .. } | Intent::RemoveMembers { .. }))
        {
            self.apply(&StateChange::MembersUnknown { key });
        }
    }

    /// Whether the last write may have taken effect unseen.
    fn set_uncertain(&mut self, index: usize, is_uncertain: bool) {
        if let Some(position) = self.positions.get_mut(index) {
            position.is_uncertain = is_uncertain;
        }
    }

    /// No request starts any more. What is under way is still heard, and operations that are not over stay as not started.
    fn stop(&mut self, stopped: Stopped) {
        self.exchange.stop();
        self.stopped.get_or_insert(stopped);
    }

    /// A service that failed as a whole is left alone: nothing is asked before its time.
    fn keep_quarantine(&mut self, now: SystemTime) {
        if std::mem::replace(&mut self.has_started, true) {
            return;
        }
        if let Some(stopped) = self.state.quarantined(&self.policy, now).map(Stopped::quarantined) {
            self.stop(stopped);
        }
    }

    /// The service's user that belongs to a key.
    fn user_id(&self, key: &UserKey) -> Option<ResourceId> {
        self.state.user(key).map(|link| link.id.clone())
    }

    /// Whether a user is still linked with what a request named: the service may have lost it meanwhile.
    fn is_still(&self, (user, id): &(UserKey, ResourceId)) -> bool {
        self.state.users.get(user.as_str()).is_some_and(|link| link.id() == id.as_str())
    }

    /// The intents of the writes that come next, if one of them is not stored yet.
    fn intents_ahead(&mut self, now: SystemTime) -> bool {
        let unstored = |run: &Self, task: &Task| match run.intent_of(task) {
            Some((key, intent)) => run.state.intents.get(&key) != Some(&intent) || run.is_uncounted(task.index),
            None => false,
        };
        if !self.exchange.peek(now).is_some_and(|task| unstored(self, task)) {
            return false;
        }
        let tasks: Vec<Task> = self.exchange.upcoming().take(AHEAD).cloned().collect();
        for task in tasks {
            let Some((key, intent)) = self.intent_of(&task) else { continue };
            if self.is_uncounted(task.index) {
                // Counted before it is sent: what is taken away and not known to be must count as well.
                let deleted = self.deletes(task.index);
                self.apply(&StateChange::Removed { key: key.clone(), at: now, deleted });
                if let Some(position) = self.positions.get_mut(task.index) {
                    position.is_counted = true;
                }
            }
            if self.state.intents.get(&key) != Some(&intent) {
                self.apply(&StateChange::Intended { key, intent });
            }
        }
        true
    }

    /// Whether an operation ends an object.
    fn deletes(&self, index: usize) -> bool {
        self.operations.get(index).is_some_and(|operation| operation.kind.deleted().is_some())
    }

    /// Whether an operation takes access away and is not in the guard's window yet. An intent that an earlier run left may be there already.
    fn is_uncounted(&self, index: usize) -> bool {
        self.takes_access(index) && !self.positions.get(index).is_some_and(|position| position.is_counted)
    }

    /// Whether an operation counts in the guard: it deletes or deactivates.
    fn takes_access(&self, index: usize) -> bool {
        // Of somebody who is found on the way, only the changes tell.
        let by_changes = || self.positions.get(index).is_some_and(|position| position.changes.iter().any(is_deactivation));
        self.deletes(index) || self.operations.get(index).is_some_and(|operation| operation.kind.deactivates()) || by_changes()
    }

    fn answered(&mut self, task: Task, reply: Reply, now: SystemTime) {
        let Task { index, aim } = task;
        if let Some(outcome) = self.outcomes.get_mut(index) {
            outcome.answered(&reply);
        }
        match (&aim, reply.status) {
            (Aim::Create { .. }, 200..300) => self.set_uncertain(index, reply.resource().and_then(Resource::id).is_none()),
            // What is in the way may be what an earlier sending of this request made, also where a look does not show it yet (E-12).
            (Aim::Create { .. }, 409) => self.set_uncertain(index, true),
            (aim, 200..300) if aim.is_write() => self.set_uncertain(index, false),
            _ => {}
        }
        match (aim, self.resource_type(index)) {
            (aim, _) if aim.is_about_members() => self.members_answered(index, aim, reply, now),
            (Aim::Delete, _) => self.deleted(index, &reply),
            (Aim::ReadBack, _) => self.read_back(index, &reply, now),
            (aim @ (Aim::FindByExternalId { .. } | Aim::FindByName { .. }), _) => self.looked_up(index, aim, &reply, now),
            (aim, ResourceType::Group) => self.group_answered(index, aim, reply, now),
            (aim, _) => self.user_answered(index, aim, reply, now),
        }
    }

    /// A write whose effect is not known: look before it is sent again.
    fn unknown(&mut self, task: Task, reason: String, now: SystemTime) {
        let Task { index, aim } = task;
        self.set_uncertain(index, true);
        self.trouble(index, reason);
        if self.exchange.is_stopped() {
            return;
        }
        if aim.is_about_members() {
            self.members_unknown(index, aim, now);
        } else {
            self.object_unknown(index, &aim, now);
        }
    }

    /// A look-up that did not say anything is asked again.
    fn ask_again(&mut self, index: usize, aim: Aim, request: Request, reply: &Reply, now: SystemTime) {
        let says_nothing = reply.is_success();
        if !says_nothing {
            return self.fail(index, Some(reply.status), described("a look-up was answered", reply));
        }
        self.trouble(index, "its answers cannot be read".to_owned());
        let at = self.later(index, now);
        self.ask(index, aim, request, at);
    }
}

impl Machine for Run {
    fn next_step(&mut self, now: SystemTime) -> Step {
        self.keep_quarantine(now);
        if self.stopped.is_none()
            && let Some(reason) = self.exchange.unreachable(now).map(ToOwned::to_owned)
        {
            self.apply(&State::fallen(self.state.failures().saturating_add(1), &reason, &self.policy, now));
            self.stop(Stopped::Unreachable { reason });
        }
        if !self.exchange.is_stopped() {
            self.start_ready(now);
        }
        // Confirmations are stored while there is time, and before the end.
        let is_idle = || self.exchange.peek(now).is_none();
        let stores = !self.journal.is_empty() && (self.journal.len() >= UNSTORED || is_idle());
        if self.intents_ahead(now) || stores {
            return Step::Store(self.journal.take(&mut self.state));
        }
        match self.exchange.next(now) {
            Next::Send(id, request) => {
                self.requests += 1;
                Step::Send { id, request: request.clone() }
            }
            Next::Wait(until) => Step::Wait { until },
            Next::Blocked => Step::Blocked,
            Next::Idle => Step::Done,
        }
    }

    fn handle_delivery(&mut self, id: DeliveryId, delivery: Delivery, now: SystemTime) {
        if self.state.quarantine().is_some() && self.stopped.is_none() && delivery.is_well() {
            self.apply(&StateChange::Recovered);
        }
        match self.exchange.settle(id, delivery, now) {
            Settled::Answered(task, reply) => self.answered(task, reply, now),
            Settled::Unknown(task, reason) => self.unknown(task, reason, now),
            Settled::Exhausted(task, reason) => self.fail(task.index, None, reason),
            Settled::Unauthorized(task) => {
                self.settle(task.index);
                self.apply(&StateChange::Blocked { at: now });
                self.stop(Stopped::Unauthorized);
            }
            Settled::Again | Settled::Stray => {}
        }
    }
}
