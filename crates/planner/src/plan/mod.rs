//! Planning: from what is wanted, seen and remembered to what is done.
//!
//! In this order, each step over what the ones before it left:
//!
//! 1. who may not have the name that it wants ([`names`], E-7);
//! 2. which object of the service is whose ([`mod@correlate`], E-5);
//! 3. what becomes of each user, then of each group ([`users`], [`groups`], E-2);
//! 4. what is protected and is left alone ([`protect`]);
//! 5. what takes access away and is withheld ([`guard`], E-8);
//! 6. who waits for whose name, and who for which member ([`names`], E-9, E-10).
//!
//! The guard comes before the names, because a deletion that is withheld frees no name.

mod closure;
mod correlate;
mod cost;
mod drift;
mod explain;
mod groups;
mod guard;
mod links;
mod names;
mod protect;
mod saved;
mod staged;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use idbridge_scim::Resource;
use idbridge_scim::protocol::ResourceType;

pub(crate) use closure::{closed, is_open_user, wanting};
pub(crate) use correlate::{Correlation, Matched, correlate};
pub use cost::Cost;
pub(crate) use drift::is_another_name;
pub use drift::{DriftKind, Drifted};
pub use guard::Tripped;
pub(crate) use links::{group_link, managed, user_link};
pub(crate) use names::duplicates;
pub(crate) use protect::{protected, protection_of_group, protection_of_user};
pub use saved::SavedPlan;
pub(crate) use users::refused;

use crate::desired::{Answer, Desired, GroupRecord, UserRecord};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{Observed, name_of};
use crate::operation::{Held, Operation, OperationKind, Withheld};
use crate::policy::Policy;
use crate::scope::Scope;
use crate::state::{Digest, Group, Linked, Refusal, State, StateChange};
use crate::table::{Handle, join};

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
        Self::needed_within(&Scope::all(), desired, state)
    }

    /// The same for the records of a scope; nothing else is looked at.
    #[must_use]
    pub fn needed_within(scope: &Scope, desired: &Desired, state: &State) -> Vec<Key> {
        let users = desired.records().users();
        let user = |record: &UserRecord, link: Linked<'_>| match record.answer() {
            Some(Answer::Want(_)) => record.digest() != link.digest(),
            Some(Answer::Present(_)) => link.is_active(),
            _ => false,
        };
        let groups = desired.records().groups();
        let group = |record: &GroupRecord, link: &Group| record.resource().is_some() && record.digest() != link.digest;
        let Some(keys) = scope.keys() else {
            let users = join(users, state.users.table()).filter_map(|(record, link)| {
                let (record, link) = (record?.1, link?.1.linked()?);
                user(record, link).then(|| Key::from(record.user_key().clone()))
            });
            let groups = join(groups, state.groups.table()).filter_map(|(record, link)| {
                let (record, link) = (record?.1, link?.1);
                group(record, link).then(|| Key::from(record.group_key().clone()))
            });
            return users.chain(groups).collect();
        };
        let is_needed = |key: &&Key| match key {
            Key::User(key) => users.get(key.as_str()).zip(state.users.get(key.as_str())).is_some_and(|(record, link)| user(record, link)),
            Key::Group(key) => {
                groups.get(key.as_str()).zip(state.groups.get(key.as_str())).is_some_and(|(record, link)| group(record, link))
            }
        };
        keys.iter().filter(is_needed).cloned().collect()
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
    plan_within(&Scope::all(), desired, observed, state, last_sent, policy, now)
}

/// Plans for some records alone: what a full plan would do to them, and nothing to the others.
///
/// The time it takes goes with the records of the scope and their groups' members, not with the directory. What the guard counts are the removals
/// of this plan and of the window before it, so that many small plans take no more away than one full plan may (E-8).
///
/// # Examples
///
/// One of two people is provisioned on demand:
///
/// ```
/// use idbridge_planner::{plan_within, Answer, Coverage, Desired, DesiredUser, GroupManagement, LastSent, Observed, Policy, Scope, State, UserKey};
/// use idbridge_scim::{Profile, Resource, User};
/// use std::time::SystemTime;
///
/// let mut desired = Desired::new(Coverage::Complete);
/// for name in ["anna", "bo"] {
///     let user = User::new(format!("{name}@example.com"));
///     desired.set_user(UserKey::from(name), Answer::Want(DesiredUser::new(Resource::from(user))));
/// }
/// let mut observed = Observed::default();
/// observed.users_mut().searched_name("anna@example.com");
///
/// let scope = Scope::of([UserKey::from("anna").into()]);
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let plan =
///     plan_within(&scope, &desired, &observed, &State::default(), &LastSent::default(), &policy, SystemTime::UNIX_EPOCH);
/// assert_eq!(plan.operations().iter().map(|operation| operation.label.as_str()).collect::<Vec<_>>(), ["anna@example.com"]);
/// ```
#[must_use]
pub fn plan_within(
    scope: &Scope,
    desired: &Desired,
    observed: &Observed,
    state: &State,
    last_sent: &LastSent,
    policy: &Policy,
    now: SystemTime,
) -> Plan {
    let mut scope = closed(scope, desired, state);
    // A record that gives up what another one takes belongs to the plan as well; each round takes at least one more in.
    loop {
        match planned(&scope, desired, observed, state, last_sent, policy, now) {
            Ok(plan) => return plan,
            Err(beyond) => {
                scope.extend(beyond);
                scope = closed(&scope, desired, state);
            }
        }
    }
}

/// One round: the plan, or the records that it cannot do without.
fn planned(
    scope: &Scope,
    desired: &Desired,
    observed: &Observed,
    state: &State,
    last_sent: &LastSent,
    policy: &Policy,
    now: SystemTime,
) -> Result<Plan, BTreeSet<Key>> {
    let duplicates = duplicates(desired, state, policy, scope);
    let correlation = correlate(desired, observed, state, &duplicates.held_keys(), scope);
    if !correlation.beyond.is_empty() {
        return Err(correlation.beyond);
    }
    let mut draft = Draft {
        scope,
        desired,
        observed,
        state,
        last_sent,
        policy,
        correlation: &correlation,
        operations: Vec::new(),
        held: Vec::new(),
        withheld: Vec::new(),
        findings: if scope.is_all() { desired.findings().to_vec() } else { Vec::new() },
        bookkeeping: Vec::new(),
        unchanged: 0,
        frozen: BTreeSet::new(),
        beyond: BTreeSet::new(),
        linked: Vec::new(),
        now,
        removes_no_members: false,
    };
    draft.users(&duplicates);
    draft.hold_other_names();
    draft.doubt_members();
    if policy.manages_groups() {
        draft.groups(&duplicates);
    }
    draft.name_repairs();
    draft.delete_extra_groups();
    draft.beyond.append(&mut names::holders_beyond(&draft));
    if !draft.beyond.is_empty() {
        return Err(draft.beyond);
    }
    if let Some(before) = now.checked_sub(policy.guard.window).filter(|before| state.remembers_removals(*before)) {
        draft.bookkeeping.push(StateChange::RemovalsForgotten { before });
    }
    protect::apply(&mut draft);
    let tripped = guard::apply(&mut draft);
    draft.operations.sort_by_key(|operation| order_of(&operation.kind));
    names::order(&mut draft);
    Ok(draft.finish(tripped))
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
    scope: &'a Scope,
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
    /// The records outside of the scope that the plan cannot do without.
    beyond: BTreeSet<Key>,
    /// Of a full plan, the linked user behind each user of the source, by the source's number.
    linked: Vec<Handle>,
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

    /// Makes the plan of what was collected: members without a user are dropped, then what goes is counted and what is only remembered is added.
    fn finish(mut self, tripped: Option<Tripped>) -> Plan {
        self.drop_members_without_user();
        let cost = Cost::of(&self.operations, self.policy);
        self.held.sort_by(|a, b| a.key.cmp(&b.key));
        let people = self.people();
        let (created_members, rejoins) = (self.created_members(), self.rejoins());
        self.bookkeeping.extend(staged::changes(self.scope, &self.withheld, self.state, self.now));
        // Of some records alone it is not known who else is held, or what a full plan would withhold.
        let removes_no_members = self.removes_no_members || !self.withheld.is_empty() || !self.scope.is_all();
        Plan {
            scope: self.scope.clone(),
            operations: self.operations,
            withheld: self.withheld,
            held: self.held,
            findings: self.findings,
            tripped,
            bookkeeping: self.bookkeeping,
            unchanged: self.unchanged,
            cost,
            created_members,
            rejoins,
            removes_no_members,
            people,
            frozen: self.frozen,
            drift: self.observed.drift().to_vec(),
            looks: self.observed.looks().to_vec(),
            managed_user: self.desired.managed_user().to_vec(),
            managed_group: self.desired.managed_group().to_vec(),
        }
    }

    /// Who is in the directory's groups that are created, and is not among those who join: held, or not wanted. They decide about members of a group
    /// that is found on the way.
    fn created_members(&self) -> BTreeMap<GroupKey, BTreeSet<UserKey>> {
        let created = self.operations.iter().filter_map(|operation| match (&operation.key, &operation.kind) {
            (Key::Group(key), OperationKind::CreateGroup { members, .. }) => Some((key, members)),
            _ => None,
        });
        let records = self.desired.records();
        let others = created.filter_map(|(key, members)| {
            let wanted = records.groups().get(key.as_str()).map(GroupRecord::members).filter(|wanted| wanted.len() != members.len())?;
            let wanted = wanted.iter().filter_map(|member| records.users().at(*member)).map(UserRecord::user_key);
            let joining: BTreeSet<&UserKey> = members.iter().collect();
            Some((key.clone(), wanted.filter(|user| !joining.contains(user)).cloned().collect()))
        });
        others.collect()
    }

    /// The directory's groups of each user who is changed, those that are held left out: what is joined again if the service has lost the user.
    fn rejoins(&self) -> BTreeMap<UserKey, BTreeSet<GroupKey>> {
        if !self.policy.manages_groups() {
            return BTreeMap::new();
        }
        let held: BTreeSet<&GroupKey> = self
            .held
            .iter()
            .filter_map(|held| match &held.key {
                Key::Group(key) => Some(key),
                Key::User(_) => None,
            })
            .collect();
        let changed = self.operations.iter().filter_map(|operation| match (&operation.key, &operation.kind) {
            (Key::User(key), OperationKind::UpdateUser { wanted: Some(_), .. }) => Some(key),
            _ => None,
        });
        let groups = changed.map(|key| {
            let groups: BTreeSet<GroupKey> = self.desired.groups_of(key).into_iter().filter(|group| !held.contains(group)).collect();
            (key.clone(), groups)
        });
        groups.filter(|(_, groups)| !groups.is_empty()).collect()
    }

    /// The names of the members that an explanation shows.
    fn people(&self) -> BTreeMap<UserKey, String> {
        // Of each kind, an explanation shows the first ones.
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        let groups = self.operations.iter().filter_map(|operation| match &operation.kind {
            OperationKind::CreateGroup { members: users, .. }
            | OperationKind::AddMembers { users }
            | OperationKind::RemoveMembers { users, .. } => Some((operation.kind.name(), users)),
            _ => None,
        });
        let groups = groups.filter(|(kind, _)| {
            let count = shown.entry(kind).or_default();
            *count += 1;
            *count <= explain::MOST
        });
        let members = groups.flat_map(|(_, users)| users.iter().take(explain::NAMES));
        let named = members.filter_map(|key| {
            let wanted = self.desired.wanted_user(key).and_then(|user| name_of(ResourceType::User, &user.resource));
            let name = wanted.or_else(|| self.state.users.get(key.as_str()).map(Linked::user_name))?;
            Some((key.clone(), name.to_owned()))
        });
        named.collect()
    }

    /// Takes members out of group operations whose user is neither linked nor about to be, and then operations that have nothing to do.
    fn drop_members_without_user(&mut self) {
        // By number, because the operations change while it is asked, and there may be millions.
        let users = self.desired.records().users();
        let mut is_coming: Vec<bool> = Vec::new();
        for operation in &self.operations {
            if let (Key::User(key), OperationKind::AdoptUser { .. } | OperationKind::CreateUser { .. }) = (&operation.key, &operation.kind)
            {
                is_coming.resize(users.bound(), false);
                let place = users.find(key.as_str()).and_then(|handle| is_coming.get_mut(handle.index()));
                place.into_iter().for_each(|is_coming| *is_coming = true);
            }
        }
        let comes = |key: &UserKey| users.find(key.as_str()).is_some_and(|handle| is_coming.get(handle.index()) == Some(&true));
        let state = self.state;
        let is_ours = |key: &UserKey| state.users.get(key.as_str()).is_some() || comes(key);
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
        names::wait_for_members(&mut self.operations, self.desired);
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
///     "Plan: 1 change (1 create user). 0 records are as they shall be.\nCost: 1 write (1 CreateUser), at least 0.0 s.\n\nCreates\n  \
///      + create user anna@example.com [1]  because UL-01: is entitled (bound directly) and not at the service\n      \
///      userName: none -> \"anna@example.com\"\n"
/// );
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    scope: Scope,
    operations: Vec<Operation>,
    withheld: Vec<Withheld>,
    held: Vec<Held>,
    findings: Vec<Finding>,
    tripped: Option<Tripped>,
    bookkeeping: Vec<StateChange>,
    unchanged: usize,
    cost: Cost,
    people: BTreeMap<UserKey, String>,
    /// For each group that is created: who is in the directory's group, in case that it turns out to be there.
    pub(crate) created_members: BTreeMap<GroupKey, BTreeSet<UserKey>>,
    /// For each user who is changed: the directory's groups that he is in, in case that the service turns out to have lost him.
    pub(crate) rejoins: BTreeMap<UserKey, BTreeSet<GroupKey>>,
    pub(crate) removes_no_members: bool,
    pub(crate) frozen: BTreeSet<UserKey>,
    pub(crate) managed_user: Vec<idbridge_scim::AttrPath>,
    pub(crate) managed_group: Vec<idbridge_scim::AttrPath>,
    drift: Vec<Drifted>,
    looks: Vec<crate::look::Look>,
}

impl Plan {
    /// Returns which records it is about: those that were asked for, and those without which nothing could be said of them.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

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

    /// Whether there is nothing to do. A run of such a plan sends nothing, but may have something to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// What is only remembered, without a request: links that a 404 ended, searches in vain, groups whose members are in doubt.
    pub(crate) fn bookkeeping(&self) -> &[StateChange] {
        &self.bookkeeping
    }
}
