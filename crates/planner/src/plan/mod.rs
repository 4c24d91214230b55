//! Planning: from what is wanted, seen and remembered to what is done.
//!
//! In this order, each step over what the ones before it left:
//!
//! 1. who may not have the name that it wants ([`names`], E-7);
//! 2. which object of the service is whose ([`mod@correlate`], E-5);
//! 3. what becomes of each user, then of each group ([`users`], [`groups`], E-2);
//! 4. what takes access away and is withheld ([`guard`], E-8);
//! 5. who waits for whose name, and who for which member ([`names`], E-9, E-10).
//!
//! The guard comes before the names, because a deletion that is withheld frees no name.

mod correlate;
mod drift;
mod explain;
mod groups;
mod guard;
mod links;
mod names;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Rates, Resource};

pub(crate) use correlate::{Correlation, Matched, correlate};
pub(crate) use drift::is_another_name;
pub use drift::{DriftKind, Drifted};
pub use guard::Tripped;
pub(crate) use links::{group_link, managed, user_link};
pub(crate) use names::duplicates;
pub(crate) use users::refused;

use crate::desired::{Answer, Desired};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::Observed;
use crate::operation::{Held, Operation, OperationKind, Withheld};
use crate::policy::Policy;
use crate::state::{Digest, Refusal, State, StateChange};

/// The values that were last sent, for the records that [`plan`] needs them of.
///
/// The index of the [`State`] holds digests only. [`LastSent::needed`] says whose values to get from the store; a value that cannot be had is
/// left out, and the plan then says "not known" instead of an old value.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Coverage, Desired, LastSent, State};
///
/// let needed = LastSent::needed(&Desired::new(Coverage::Complete), &State::default());
/// assert!(needed.is_empty());
/// ```
///
/// With a store, here a map, the values are read by their records' keys:
///
/// ```
/// use idbridge_planner::{Desired, LastSent, State};
/// use idbridge_scim::{Error, Resource};
/// use std::collections::BTreeMap;
///
/// fn last_sent(desired: &Desired, state: &State, store: &BTreeMap<String, Vec<u8>>) -> Result<LastSent, Error> {
///     let mut last_sent = LastSent::default();
///     for key in LastSent::needed(desired, state) {
///         if let Some(json) = store.get(&State::last_sent_record(&key)) {
///             last_sent.insert(key, Resource::from_json(json)?);
///         }
///     }
///     Ok(last_sent)
/// }
/// # let desired = Desired::new(idbridge_planner::Coverage::Complete);
/// # assert!(last_sent(&desired, &State::default(), &BTreeMap::new()).is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LastSent {
    values: BTreeMap<Key, Resource>,
}

impl LastSent {
    /// Lists the linked records whose digest is not that of what is wanted, so that their last values decide what changes.
    ///
    /// Of a directory in which nothing changed, it is empty (AM-21). Users come first, each kind in the order of its keys.
    #[must_use]
    pub fn needed(desired: &Desired, state: &State) -> Vec<Key> {
        let users = state.users().filter(|(key, link)| match desired.user(key) {
            Answer::Want(user) => Digest::of(&managed(&user.resource, desired.managed_user())) != link.digest,
            Answer::Present(_) => link.active,
            Answer::Hold(_) | Answer::Absent => false,
        });
        let groups = state.groups().filter(|(key, link)| match desired.group(key) {
            Answer::Want(group) => Digest::of(&managed(&group.resource, desired.managed_group())) != link.digest,
            _ => false,
        });
        users.map(|(key, _)| Key::from(key.clone())).chain(groups.map(|(key, _)| Key::from(key.clone()))).collect()
    }

    /// Takes the values that a store kept for `key`. Taken twice, the last ones stand.
    pub fn insert(&mut self, key: Key, values: Resource) {
        self.values.insert(key, values);
    }

    /// Returns the values for `key`, if they could be had.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Resource> {
        self.values.get(key)
    }
}

/// Compares what is wanted with what is remembered and seen, and says what to do about it.
///
/// A pure function: the same inputs give the same plan, byte for byte. `now` only places the removals of earlier plans in the guard's window.
///
/// `observed`, `state` and `last_sent` are what one [`Discovery`](crate::Discovery) found for this `desired` and `policy`. Planned over less, a
/// record of which too little is known is held; nothing is ever created, dropped or removed because something was not read.
///
/// Planning again behind a run that did all of it gives a plan without operations.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{plan, Answer, Coverage, Desired, DesiredUser, GroupManagement, LastSent, Observed, Policy, State, UserKey};
/// use idbridge_scim::{Profile, Resource, User};
/// use std::time::SystemTime;
///
/// let mut desired = Desired::new(Coverage::Complete);
/// desired.manage_user(vec!["userName".parse()?]);
/// desired.set_user(UserKey::from("1"), Answer::Want(DesiredUser::new(Resource::from(User::new("anna@example.com")))));
///
/// let mut observed = Observed::default();
/// observed.users_mut().complete();
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
/// let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy, SystemTime::UNIX_EPOCH);
/// assert_eq!(plan.operations()[0].kind.name(), "createUser");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[must_use]
pub fn plan(desired: &Desired, observed: &Observed, state: &State, last_sent: &LastSent, policy: &Policy, now: SystemTime) -> Plan {
    let duplicates = duplicates(desired, state, policy);
    let correlation = correlate(desired, observed, state, &duplicates.held_keys());
    let mut draft = Draft {
        desired,
        observed,
        state,
        last_sent,
        policy,
        correlation: &correlation,
        operations: Vec::new(),
        held: Vec::new(),
        withheld: Vec::new(),
        findings: desired.findings().to_vec(),
        bookkeeping: Vec::new(),
        unchanged: 0,
        frozen: BTreeSet::new(),
        now,
        removes_no_members: false,
        names: None,
    };
    draft.users(&duplicates);
    draft.hold_other_names();
    draft.doubt_members();
    if policy.manages_groups() {
        draft.groups(&duplicates);
    }
    draft.name_repairs();
    draft.delete_extra_groups();
    if let Some(before) = now.checked_sub(policy.guard.window).filter(|before| state.remembers_removals(*before)) {
        draft.bookkeeping.push(StateChange::RemovalsForgotten { before });
    }
    let tripped = guard::apply(&mut draft);
    draft.operations.sort_by_key(|operation| order_of(&operation.kind));
    names::order(&mut draft);
    draft.finish(tripped)
}

/// What goes first where nothing else decides: what takes access away, then changes, then what is new, then memberships. Who has left is out soonest,
/// even if the run stops half-way.
fn order_of(kind: &OperationKind) -> u8 {
    match kind {
        OperationKind::DeleteUser { .. } => 0,
        _ if kind.deactivates() => 1,
        OperationKind::AdoptUser { .. } => 2,
        OperationKind::UpdateUser { .. } => 3,
        OperationKind::CreateUser { .. } => 4,
        OperationKind::DeleteGroup { .. } | OperationKind::ReleaseGroup => 5,
        OperationKind::AdoptGroup { .. } => 6,
        OperationKind::UpdateGroup { .. } => 7,
        OperationKind::RemoveMembers { .. } => 8,
        OperationKind::CreateGroup { .. } => 9,
        OperationKind::AddMembers { .. } => 10,
    }
}

/// A plan being made: what goes in, and what has come out so far.
pub(crate) struct Draft<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    state: &'a State,
    last_sent: &'a LastSent,
    policy: &'a Policy,
    correlation: &'a Correlation,
    operations: Vec<Operation>,
    held: Vec<Held>,
    withheld: Vec<Withheld>,
    findings: Vec<Finding>,
    bookkeeping: Vec<StateChange>,
    unchanged: usize,
    frozen: BTreeSet<UserKey>,
    now: SystemTime,
    /// Whether the guard forbids every removal, also one that becomes possible only on the way.
    removes_no_members: bool,
    /// The names that the directory wants, once they are asked for.
    names: Option<BTreeSet<String>>,
}

impl Draft<'_> {
    /// Plans an operation; whom it waits for is known only when all are there.
    fn add(&mut self, key: impl Into<Key>, label: impl Into<String>, kind: OperationKind, because: Because) {
        let operation = Operation { key: key.into(), label: label.into(), kind, because, requires: Vec::new(), after: Vec::new() };
        self.operations.push(operation);
    }

    /// What the service refused of `key` (400), if it is what would be sent now. A conflict (409) is looked up, and may be over.
    fn refusal(&self, key: &Key, digest: Digest) -> Option<&Refusal> {
        self.state.refusals.get(key).filter(|refusal| refusal.digest == digest && !refusal.is_conflict())
    }

    /// Why nothing is concluded of a linked record: what became of an earlier request, or what was last sent, had to be read and could not be.
    fn not_read(&self, key: &Key) -> Option<Finding> {
        let resource_type = if matches!(key, Key::Group(_)) { ResourceType::Group } else { ResourceType::User };
        let reason = self.observed.of(resource_type).failure(key)?;
        let is_needed = self.state.intents.contains_key(key) || self.last_sent.get(key).is_none();
        is_needed.then(|| Finding::new("NotSearched", format!("what the service holds of it could not be read: {reason}")))
    }

    /// Holds a record. A user who is held is frozen: not added to a group and not taken out of one (E-2).
    fn hold(&mut self, key: impl Into<Key>, label: impl Into<String>, findings: Vec<Finding>) {
        let (key, label) = (key.into(), label.into());
        if let Key::User(user) = &key {
            self.frozen.insert(user.clone());
        }
        let findings = findings
            .into_iter()
            .map(|mut finding| {
                finding.key.get_or_insert_with(|| key.clone());
                if finding.label.is_none() && !label.is_empty() {
                    finding.label = Some(label.clone());
                }
                finding
            })
            .collect::<Vec<Finding>>();
        let named = findings.iter().find_map(|finding| finding.label.clone());
        let label = if label.is_empty() { named.unwrap_or_default() } else { label };
        self.held.push(Held { key, label, findings });
    }

    fn finish(mut self, tripped: Option<Tripped>) -> Plan {
        self.drop_members_without_user();
        let writes = self.operations.iter().map(|operation| operation.kind.requests(self.policy.members_per_request)).sum();
        self.held.sort_by(|a, b| a.key.cmp(&b.key));
        let people = self.people();
        let directory_members = self.directory_members();
        let removes_no_members = self.removes_no_members || !self.withheld.is_empty();
        Plan {
            operations: self.operations,
            withheld: self.withheld,
            held: self.held,
            findings: self.findings,
            tripped,
            bookkeeping: self.bookkeeping,
            unchanged: self.unchanged,
            writes,
            rates: self.policy.rates,
            members_per_request: self.policy.members_per_request,
            directory_members,
            removes_no_members,
            people,
            frozen: self.frozen,
            is_partial: self.desired.is_partial(),
            kept_users: self.desired.users().map(|(key, _)| key.clone()).collect(),
            kept_groups: self.desired.groups().map(|(key, _)| key.clone()).collect(),
            drift: self.observed.drift().to_vec(),
            looks: self.observed.looks().to_vec(),
            managed_user: self.desired.managed_user().to_vec(),
            managed_group: self.desired.managed_group().to_vec(),
        }
    }

    /// Who is in the directory's groups, those that are held left out: what decides about memberships that come up on the way.
    fn directory_members(&self) -> BTreeMap<GroupKey, BTreeSet<UserKey>> {
        if !self.policy.manages_groups() {
            return BTreeMap::new();
        }
        let held: BTreeSet<&Key> = self.held.iter().map(|held| &held.key).collect();
        let wanted = self.desired.groups().filter_map(|(key, answer)| match answer {
            Answer::Want(group) if !held.contains(&Key::from(key.clone())) => Some((key.clone(), group.members.clone())),
            _ => None,
        });
        wanted.collect()
    }

    /// The names of the members that an explanation shows.
    fn people(&self) -> BTreeMap<UserKey, String> {
        let members = self.operations.iter().filter_map(|operation| match &operation.kind {
            OperationKind::CreateGroup { members: users, .. }
            | OperationKind::AddMembers { users }
            | OperationKind::RemoveMembers { users, .. } => Some(users.iter().take(explain::NAMES)),
            _ => None,
        });
        let named = members.flatten().filter_map(|key| {
            let wanted = self.desired.wanted_user(key).and_then(|user| user.resource.text("userName"));
            let name = wanted.or_else(|| self.state.user(key).map(|link| &*link.user_name))?;
            Some((key.clone(), name.to_owned()))
        });
        named.collect()
    }

    /// Takes members out of group operations whose user is neither linked nor about to be, and then operations that have nothing to do.
    fn drop_members_without_user(&mut self) {
        let comes: BTreeSet<UserKey> = self
            .operations
            .iter()
            .filter(|operation| matches!(operation.kind, OperationKind::CreateUser { .. } | OperationKind::AdoptUser { .. }))
            .filter_map(|operation| match &operation.key {
                Key::User(key) => Some(key.clone()),
                Key::Group(_) => None,
            })
            .collect();
        let state = self.state;
        let is_ours = |key: &UserKey| comes.contains(key) || state.user(key).is_some();
        for change in &mut self.bookkeeping {
            match change {
                StateChange::GroupLinked { link, .. } => {
                    let found = link.members.len();
                    link.members.retain(is_ours);
                    link.unmanaged_members |= link.members.len() < found;
                }
                StateChange::MembersChanged { added, .. } => added.retain(is_ours),
                _ => {}
            }
        }
        let frozen = std::mem::take(&mut self.frozen);
        // Who is held by now is neither added nor removed (E-2).
        let exists = |key: &UserKey| !frozen.contains(key) && is_ours(key);
        let mut emptied = BTreeSet::new();
        for (index, operation) in self.operations.iter_mut().enumerate() {
            match &mut operation.kind {
                OperationKind::CreateGroup { members, .. } | OperationKind::AddMembers { users: members } => {
                    members.retain(exists);
                    if members.is_empty() {
                        emptied.insert(index);
                    }
                }
                OperationKind::AdoptGroup { members, unmanaged_members, .. } => {
                    // Whoever was found and is held after all stays a member, and is nobody's until adopted.
                    let found = members.len();
                    members.retain(is_ours);
                    *unmanaged_members |= members.len() < found;
                }
                OperationKind::RemoveMembers { users, unmanaged } => {
                    // Somebody who is held instead of adopted is not ours to take out.
                    users.retain(exists);
                    if users.is_empty() && unmanaged.is_empty() {
                        emptied.insert(index);
                    }
                }
                _ => {}
            }
        }
        self.frozen = frozen;
        let held: Vec<(Key, String)> = emptied
            .iter()
            .filter_map(|index| self.operations.get(*index))
            .filter(|operation| matches!(operation.kind, OperationKind::CreateGroup { .. }))
            .map(|operation| (operation.key.clone(), operation.label.clone()))
            .collect();
        for (key, label) in held {
            let finding = groups::no_member_to_provision();
            self.hold(key, label, vec![finding]);
        }
        names::remove(&mut self.operations, &emptied);
        names::wait_for_members(&mut self.operations);
    }
}

/// What is done, what is not done, and why.
///
/// A plan is read, and then run: [`Plan::explain`] is for people, [`Run`](crate::Run) for the service. Every record of the source and of the state
/// is in it: in an operation, withheld, held, in a finding, or among the unchanged (GM-11); only what is neither linked nor to be created or taken
/// over is nowhere, and groups are while they are not managed.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{plan, Answer, Coverage, Desired, DesiredUser, GroupManagement, LastSent, Observed, Policy, State, UserKey};
/// use idbridge_scim::{Profile, Resource};
/// use std::time::SystemTime;
///
/// let mut desired = Desired::new(Coverage::Complete);
/// desired.manage_user(vec!["userName".parse()?]);
/// let anna = Resource::from_json(br#"{"userName":"anna@example.com"}"#)?;
/// desired.set_user(UserKey::from("1"), Answer::Want(DesiredUser::new(anna).entitled_by("bound directly")));
/// let mut observed = Observed::default();
/// observed.users_mut().complete();
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
/// let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy, SystemTime::UNIX_EPOCH);
/// assert_eq!((plan.operations().len(), plan.writes(), plan.is_empty()), (1, 1, false));
/// assert!(plan.held().is_empty() && !plan.is_withholding());
/// assert_eq!(
///     plan.explain().to_string(),
///     "Plan: 1 change (1 create user), 1 write, at least 0.0 s. 0 records are as they shall be.\n\nUsers\n  \
///      + create user anna@example.com [1]  because UL-01: is entitled (bound directly) and not at the service\n      \
///      userName: none -> \"anna@example.com\"\n"
/// );
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    operations: Vec<Operation>,
    withheld: Vec<Withheld>,
    held: Vec<Held>,
    findings: Vec<Finding>,
    tripped: Option<Tripped>,
    bookkeeping: Vec<StateChange>,
    unchanged: usize,
    writes: usize,
    rates: Rates,
    members_per_request: usize,
    people: BTreeMap<UserKey, String>,
    pub(crate) directory_members: BTreeMap<GroupKey, BTreeSet<UserKey>>,
    pub(crate) removes_no_members: bool,
    pub(crate) frozen: BTreeSet<UserKey>,
    pub(crate) is_partial: bool,
    pub(crate) kept_users: BTreeSet<UserKey>,
    pub(crate) kept_groups: BTreeSet<GroupKey>,
    pub(crate) managed_user: Vec<idbridge_scim::AttrPath>,
    pub(crate) managed_group: Vec<idbridge_scim::AttrPath>,
    drift: Vec<Drifted>,
    looks: Vec<crate::look::Look>,
}

impl Plan {
    /// Returns what is done, in the order in which it goes out where nothing has to wait: who loses access, then changes, then who is new, then
    /// groups and memberships; within each, by key. A name that is only for a moment (E-10) stands last and goes first.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Returns what takes access away and is not done, although the source asks for it. The next plan asks again.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }

    /// Returns the records to which nothing is done, because a finding stops us, in the order of their keys.
    ///
    /// A record may be here and have an operation as well: where a change is held because its name is taken or was refused, a deactivation that is
    /// part of it is done all the same.
    #[must_use]
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// Returns what a person should know and that stops nothing: what the caller reported ([`Desired::report`]), then what the planner found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Says why everything that takes access away is withheld, with the numbers, if it is. Of a partial source it may be nothing although something
    /// is withheld: what rests on an absence is withheld by itself.
    #[must_use]
    pub fn tripped(&self) -> Option<&Tripped> {
        self.tripped.as_ref()
    }

    /// Whether something that takes access away is not done: withheld by the guard, or not even concluded, because a linked record is not in a
    /// source that was not read to its end.
    #[must_use]
    pub fn is_withholding(&self) -> bool {
        let is_unseen = |held: &Held| held.findings.iter().any(|finding| finding.code == "SourceIncomplete");
        !self.withheld.is_empty() || self.held.iter().any(is_unseen)
    }

    /// Counts the linked records that are as they shall be: nothing is written for them.
    #[must_use]
    pub fn unchanged(&self) -> usize {
        self.unchanged
    }

    /// Counts the writes that it takes when nothing goes wrong: the bill before the run. Reads that PUT needs are not among them.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.writes
    }

    /// Whether there is nothing to do. A run of such a plan sends nothing, but may have something to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// What is only remembered, without a request: links that a 404 ended, searches in vain, groups whose members are in doubt.
    pub(crate) fn bookkeeping(&self) -> &[StateChange] {
        &self.bookkeeping
    }

    /// Who shall be in the groups that the run may find at the service and then adopts by itself.
    pub(crate) fn members_by_group(&self) -> BTreeMap<GroupKey, BTreeSet<UserKey>> {
        let mut members: BTreeMap<GroupKey, BTreeSet<UserKey>> = BTreeMap::new();
        for operation in &self.operations {
            if let (Key::Group(key), OperationKind::CreateGroup { members: users, .. } | OperationKind::AddMembers { users }) =
                (&operation.key, &operation.kind)
            {
                members.entry(key.clone()).or_default().extend(users.iter().cloned());
            }
        }
        members
    }
}
