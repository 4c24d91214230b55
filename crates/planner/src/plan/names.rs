//! Names that must be unique: who keeps one that two want, and who must give one up before another can have it.
//!
//! Two questions, asked at two times.
//!
//! *Before* anything is planned: who may not have the name that it wants, because another record of the source wants it as well (E-7, GM-10)? These
//! records are held, and take part in no matching, so that they take nobody's object.
//!
//! *Behind* the guard, when it is known what is really sent: whom must each operation wait for (E-9, E-10)?
//!
//! | the name that an operation takes is | then |
//! | --- | --- |
//! | nobody's | it waits for nothing |
//! | that of an object that gives it up in this plan | it waits for that operation |
//! | that of an object that keeps it, or whose change is held or withheld | its record is held, `NameTaken`; what takes access away goes out alone |
//! | that of a record outside of the scope, which may give it up | the plan is made again with that record |
//! | part of a circle: each waits for the next | one of the circle takes another name for a moment |
//!
//! A circle of two, as it is sent:
//!
//! ```text
//! anna@example.com --wants--> bo@example.com        1. Anna: userName = a temporary name    frees anna@
//! bo@example.com   --wants--> anna@example.com      2. Bo:   userName = anna@example.com    frees bo@
//!                                                   3. Anna: userName = bo@example.com
//! ```
//!
//! The temporary name is made of the digest of the record's key: the same plan each time, byte for byte.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::{Change, Path, Resource, ResourceId, Value};

use crate::desired::{Desired, GroupRecord, UserRecord};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::name::{Name, folded};
use crate::observed::Found;
use crate::operation::{Operation, OperationKind, is_deactivation};
use crate::plan::Draft;
use crate::plan::closure::{may_give_up, names_wanted};
use crate::plan::correlate::is_given_up;
use crate::policy::Policy;
use crate::scope::Scope;
use crate::state::{Digest, Linked, State};

/// Records that want a name which another record has a better right to.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    findings: BTreeMap<Key, Finding>,
    users: BTreeSet<UserKey>,
    groups: BTreeSet<GroupKey>,
}

impl Duplicates {
    /// Whether a user is held for it, asked without a copy of the key.
    pub(super) fn holds_user(&self, key: &UserKey) -> bool {
        self.users.contains(key)
    }

    /// The same of a group.
    pub(super) fn holds_group(&self, key: &GroupKey) -> bool {
        self.groups.contains(key)
    }

    /// The first finding of a record stands.
    fn insert(&mut self, key: Key, finding: Finding) {
        match &key {
            Key::User(key) => self.users.insert(key.clone()),
            Key::Group(key) => self.groups.insert(key.clone()),
        };
        self.findings.entry(key).or_insert(finding);
    }

    /// Why a record is held for its name, if it is.
    pub(super) fn finding(&self, key: &Key) -> Option<Finding> {
        self.findings.get(key).cloned()
    }

    /// The records that are held for it; they take part in no matching, so that they take nobody's object.
    pub(crate) fn held_keys(&self) -> BTreeSet<Key> {
        self.findings.keys().cloned().collect()
    }
}

/// E-7: of two people with one e-mail address, whoever is linked keeps it, else the smallest key. Of two groups with one name, the one that is
/// linked under it keeps it, else both are held.
pub(crate) fn duplicates(desired: &Desired, state: &State, policy: &Policy, scope: &Scope) -> Duplicates {
    let mut duplicates = Duplicates::default();
    for name in shared(desired, scope) {
        match &*name {
            Name::Group(name) if policy.manages_groups() => duplicate_groups(desired, state, name, &mut duplicates),
            Name::Group(_) => {}
            name => duplicate_users(desired, state, policy, name, &mut duplicates),
        }
    }
    duplicates
}

/// The names that more than one record wants, as far as the scope is concerned.
fn shared<'a>(desired: &'a Desired, scope: &Scope) -> BTreeSet<Cow<'a, Name>> {
    let Some(keys) = scope.keys() else {
        return desired.shared_names().map(Cow::Borrowed).collect();
    };
    let groups = scope.memberships().map(|(key, _)| Key::from(key.clone()));
    keys.iter().cloned().chain(groups).flat_map(|key| names_wanted(desired, &key)).map(Cow::Owned).collect()
}

/// E-7: one of the people who want a name keeps it, the others are held.
fn duplicate_users(desired: &Desired, state: &State, policy: &Policy, name: &Name, duplicates: &mut Duplicates) {
    let wanting = desired.records().users_wanting(name);
    // A suspended person who was never provisioned is not created, and so does not compete.
    let competes = |user: &&&UserRecord| {
        state.users.get(user.user_key().as_str()).is_some() || user.wanted().is_some_and(|user| policy.creates(user.is_active()))
    };
    let keys: Vec<&UserKey> = wanting.iter().filter(competes).map(|user| user.user_key()).collect();
    if keys.len() < 2 {
        return;
    }
    let linked = |key: &&&UserKey| state.users.get(key.as_str());
    let holds = |key: &&&UserKey| linked(key).is_some_and(|link| link.names().contains(name));
    // The keys are in order, so the first is the smallest.
    let keeper = keys.iter().find(holds).or_else(|| keys.iter().find(|key| linked(key).is_some())).or_else(|| keys.first());
    for key in keys.iter().filter(|key| Some(*key) != keeper) {
        let keeper = keeper.map(|key| key.as_str()).unwrap_or_default();
        let finding = Finding::new("DuplicateEmail", format!("{} is wanted by user {keeper} as well, who keeps it", name.describe()))
            .with_remedy("give one of the two another e-mail address");
        duplicates.insert(Key::from((*key).clone()), finding);
    }
}

/// GM-10: with groups, nobody but the one that has the name at the service gets it; the directory may order them in any way.
fn duplicate_groups(desired: &Desired, state: &State, name: &str, duplicates: &mut Duplicates) {
    let keys: Vec<&GroupKey> = desired.records().groups_wanting(name).into_iter().map(GroupRecord::group_key).collect();
    if keys.len() < 2 {
        return;
    }
    let holds =
        |key: &&&GroupKey| state.groups.get(key.as_str()).is_some_and(|link| !link.is_released && folded(&link.display_name) == name);
    let keeper = keys.iter().find(holds);
    for key in keys.iter().filter(|key| Some(*key) != keeper) {
        let others: Vec<&str> = keys.iter().filter(|other| other != &key).map(|other| other.as_str()).collect();
        let finding =
            Finding::new("DuplicateGroupName", format!("group {} has the same name", others.join(", "))).with_remedy("rename one of them");
        duplicates.insert(Key::from((*key).clone()), finding);
    }
}

/// E-9, E-10: an operation that takes a name waits for the one that gives it up; where nobody gives it up, the record is held; and where they wait
/// for each other in a circle, one of them takes another name for a moment.
pub(super) fn order(draft: &mut Draft<'_>) {
    let adopted = adopted_names(draft);
    // Where the service holds nothing that is known of, every name is free.
    let is_free = adopted.is_empty() && draft.state.linked_users() == 0 && draft.state.groups.table().len() == 0;
    if is_free && draft.observed.users().is_blank() {
        return;
    }
    // Who is held may have been about to give a name up, so this is repeated until nobody more is.
    let requires = loop {
        let places = Places::default();
        let (mut blocked, mut requires) = (Vec::new(), Vec::new());
        for (index, operation) in draft.operations.iter().enumerate() {
            let mut givers = BTreeSet::new();
            let finding = claims(&operation.kind).iter().find_map(|name| match giver(draft, &adopted, &places, operation, name) {
                Ok(Giver::None) => None,
                Ok(Giver::Operation(index)) => {
                    givers.insert(index);
                    None
                }
                Ok(Giver::Beyond(_)) => None,
                Err(finding) => Some(finding),
            });
            match finding {
                Some(finding) => blocked.push((index, *finding)),
                None if !givers.is_empty() => requires.push((index, givers)),
                None => {}
            }
        }
        if blocked.is_empty() {
            break requires;
        }
        give_up(draft, blocked);
    };
    for (index, givers) in requires {
        if let Some(operation) = draft.operations.get_mut(index) {
            operation.requires = givers.into_iter().collect();
        }
    }
    while let Some(index) = circle(&draft.operations) {
        break_circle(draft, index);
    }
}

/// The records outside of the scope that hold a name which an operation takes, and that may give it up in a full plan: they must take part.
pub(super) fn holders_beyond(draft: &Draft<'_>) -> BTreeSet<Key> {
    if draft.scope.is_all() {
        return BTreeSet::new();
    }
    let (adopted, places) = (adopted_names(draft), Places::default());
    let claimed = draft.operations.iter().flat_map(|operation| claims(&operation.kind).into_iter().map(move |name| (operation, name)));
    let beyond = claimed.filter_map(|(operation, name)| match giver(draft, &adopted, &places, operation, &name) {
        Ok(Giver::Beyond(key)) => Some(key),
        _ => None,
    });
    beyond.collect()
}

/// The places of each object's operations, once they are asked for.
#[derive(Default)]
struct Places {
    by_key: OnceCell<BTreeMap<Key, Vec<usize>>>,
}

impl Places {
    /// The places of the operations on one object.
    fn of(&self, operations: &[Operation], key: &Key) -> &[usize] {
        self.by_key.get_or_init(|| by_key(operations)).get(key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The places of each object's operations.
fn by_key(operations: &[Operation]) -> BTreeMap<Key, Vec<usize>> {
    let mut by_key: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        by_key.entry(operation.key.clone()).or_default().push(index);
    }
    by_key
}

/// Holds the records of operations that cannot have their names. What takes access away is done all the same.
fn give_up(draft: &mut Draft<'_>, blocked: Vec<(usize, Finding)>) {
    let by_key = by_key(&draft.operations);
    let mut gone = BTreeSet::new();
    for (index, finding) in blocked {
        let Some(operation) = draft.operations.get_mut(index) else {
            continue;
        };
        let (key, label) = (operation.key.clone(), operation.label.clone());
        let last = draft.last_sent.get(&key).cloned().unwrap_or_default();
        match &mut operation.kind {
            OperationKind::UpdateUser { changes, sent, .. } if changes.iter().any(is_deactivation) => {
                changes.retain(is_deactivation);
                *sent = last;
                sent.attributes_mut().set("active", false);
            }
            OperationKind::AdoptGroup { .. } | OperationKind::UpdateGroup { .. } => gone.extend(by_key.get(&key).into_iter().flatten()),
            _ => {
                gone.insert(index);
            }
        }
        draft.hold(key, label, vec![finding]);
    }
    remove(&mut draft.operations, &gone);
}

/// The names of what was found for a record: it keeps its name even if the record is held and nothing is adopted.
fn adopted_names(draft: &Draft<'_>) -> BTreeMap<Name, Key> {
    let mut names = BTreeMap::new();
    for (key, id) in draft.correlation.adopted() {
        match key {
            Key::User(_) => {
                let there = draft.observed.users().get(id);
                names.extend(there.into_iter().flat_map(Name::of_user).map(|name| (name, key.clone())));
            }
            Key::Group(_) => {
                let name = draft.observed.groups().get(id).and_then(Name::of_group);
                names.extend(name.map(|name| (name, key.clone())));
            }
        }
    }
    names
}

/// Who holds a name at the service: what was found for a record, else what is linked and not lost.
fn holder(draft: &Draft<'_>, adopted: &BTreeMap<Name, Key>, name: &Name) -> Option<Key> {
    if let Some(key) = adopted.get(name) {
        return Some(key.clone());
    }
    let user = |link: Option<Linked<'_>>| {
        let link = link.filter(|link| !draft.observed.users().is_gone_text(link.id()))?;
        Some(Key::from(UserKey::from(link.key())))
    };
    match name {
        Name::User(name) => user(draft.state.users.named(name)),
        Name::Email(email) => user(draft.state.users.with_email(email)),
        Name::Group(name) => {
            let mut groups = draft.state.groups.named(name);
            groups.retain(|group| !draft.observed.groups().is_gone(&group.id) && !is_given_up(group, draft.desired));
            groups.pop().map(|group| group.group_key().clone().into())
        }
    }
}

/// The names that an operation sets.
fn claims(kind: &OperationKind) -> Vec<Name> {
    match kind {
        OperationKind::CreateUser { resource, .. } => Name::of_user(resource).collect(),
        OperationKind::CreateGroup { resource, .. } => Name::of_group(resource).into_iter().collect(),
        OperationKind::AdoptUser { changes, .. } | OperationKind::UpdateUser { changes, .. } => {
            let mut after = Resource::new();
            for change in changes {
                for attribute in ["userName", "emails"] {
                    if let Some(value) = change.after().filter(|_| change.path().is_within(attribute)) {
                        after.attributes_mut().set(attribute, value.clone());
                    }
                }
            }
            Name::of_user(&after).collect()
        }
        OperationKind::AdoptGroup { changes, .. } | OperationKind::UpdateGroup { changes, .. } => {
            let name = changes.iter().find(|change| change.path().is_within("displayName")).and_then(Change::after);
            name.and_then(Value::as_str).map(|name| Name::Group(folded(name).into_owned())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Whether an operation makes its object give `name` up.
fn frees(kind: &OperationKind, name: &Name) -> bool {
    if matches!(kind, OperationKind::DeleteUser { .. } | OperationKind::DeleteGroup { .. }) {
        return true;
    }
    let claimed = claims(kind);
    let same_kind = |claim: &&Name| std::mem::discriminant(*claim) == std::mem::discriminant(name);
    !matches!(kind, OperationKind::CreateUser { .. } | OperationKind::CreateGroup { .. })
        && claimed.iter().find(same_kind).is_some_and(|claim| claim != name)
}

/// Whom an operation must wait for to have a name.
enum Giver {
    /// Nobody: it is free.
    None,
    /// The operation at this place.
    Operation(usize),
    /// A record outside of the scope, which may give it up.
    Beyond(Key),
}

/// The operation that must have succeeded before `operation` can have `name`; a finding if nobody gives it up.
fn giver(
    draft: &Draft<'_>,
    adopted: &BTreeMap<Name, Key>,
    places: &Places,
    operation: &Operation,
    name: &Name,
) -> Result<Giver, Box<Finding>> {
    let taken = |by: String| {
        let finding = Finding::new("NameTaken", format!("{} belongs to {by}", name.describe()));
        Err(Box::new(finding.with_remedy("change one of the two records")))
    };
    match holder(draft, adopted, name) {
        Some(holder) if holder == operation.key => Ok(Giver::None),
        Some(holder) if !draft.scope.contains(&holder) && may_give_up(draft.desired, draft.state, &holder) => Ok(Giver::Beyond(holder)),
        Some(holder) => {
            let gives = |index: &&usize| draft.operations.get(**index).is_some_and(|other| frees(&other.kind, name));
            match places.of(&draft.operations, &holder).iter().find(gives).copied() {
                Some(index) => Ok(Giver::Operation(index)),
                None => taken(format!("{holder}, who keeps it for now")),
            }
        }
        None => match stranger(draft, operation, name) {
            Some(id) => taken(format!("an object of the service that is not managed ({id})")),
            None => Ok(Giver::None),
        },
    }
}

/// An object of the service that nobody manages and that has `name`, where `operation` renames a user to it.
fn stranger(draft: &Draft<'_>, operation: &Operation, name: &Name) -> Option<ResourceId> {
    let (OperationKind::AdoptUser { id, .. } | OperationKind::UpdateUser { id, .. }, Name::User(name)) = (&operation.kind, name) else {
        return None;
    };
    match draft.observed.users().by_name(name) {
        Found::One(other) if other != *id => Some(other),
        Found::Many(others) => others.into_iter().find(|other| other != id),
        _ => None,
    }
}

/// An operation that waits for itself, by way of others: of one circle, the one with the smallest key.
fn circle(operations: &[Operation]) -> Option<usize> {
    if operations.iter().all(|operation| operation.requires.is_empty()) {
        return None;
    }
    let requires = |index: usize| operations.get(index).map(|operation| operation.requires.as_slice()).unwrap_or_default();
    let mut waits: Vec<usize> = operations.iter().map(|operation| operation.requires.len()).collect();
    let mut dependents: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        for required in &operation.requires {
            dependents.entry(*required).or_default().push(index);
        }
    }
    let mut ready: Vec<usize> = waits.iter().enumerate().filter(|(_, waits)| **waits == 0).map(|(index, _)| index).collect();
    let mut free: BTreeSet<usize> = BTreeSet::new();
    while let Some(index) = ready.pop() {
        free.insert(index);
        for dependent in dependents.get(&index).into_iter().flatten() {
            if let Some(waits) = waits.get_mut(*dependent) {
                *waits -= 1;
                if *waits == 0 {
                    ready.push(*dependent);
                }
            }
        }
    }
    let mut at = (0..operations.len()).find(|index| !free.contains(index))?;
    let mut path = Vec::new();
    while !path.contains(&at) {
        path.push(at);
        at = *requires(at).iter().find(|required| !free.contains(required))?;
    }
    let start = path.iter().position(|index| *index == at)?;
    path.get(start..)?.iter().copied().min_by_key(|index| operations.get(*index).map(|operation| operation.key.clone()))
}

/// Lets the object of one operation take another name first, so that those that wait for its name need not wait for the operation.
fn break_circle(draft: &mut Draft<'_>, index: usize) {
    let Some(operation) = draft.operations.get(index) else {
        return;
    };
    let key = operation.key.clone();
    let short: String = Digest::of(&keyed(&key)).to_string().chars().take(12).collect();
    let mut sent = draft.last_sent.get(&key).cloned().unwrap_or_default();
    let mut changes = Vec::new();
    let mut rename = |attribute: &'static str, before: Option<Value>, after: Value| {
        sent.attributes_mut().set(attribute, after.clone());
        changes.push(Change::new(Path::of(attribute), before, Some(after)));
    };
    let kind = match &operation.kind {
        OperationKind::AdoptUser { id, changes: later, .. } | OperationKind::UpdateUser { id, changes: later, .. } => {
            let temporary = format!("renaming-{short}@idbridge.invalid");
            for change in later {
                if change.path().is_within("userName") {
                    rename("userName", change.before().cloned(), Value::from(temporary.as_str()));
                }
                if change.path().is_within("emails") {
                    let mut email = idbridge_scim::User::new("");
                    email.user_name = None;
                    email.emails = vec![idbridge_scim::Email::work(temporary.as_str())];
                    let value = Resource::from(email).get("emails").cloned().unwrap_or(Value::Null);
                    rename("emails", change.before().cloned(), value);
                }
            }
            OperationKind::UpdateUser { id: id.clone(), changes, sent, wanted: None }
        }
        OperationKind::AdoptGroup { id, changes: later, .. } | OperationKind::UpdateGroup { id, changes: later, .. } => {
            let before = later.iter().find(|change| change.path().is_within("displayName")).and_then(Change::before).cloned();
            rename("displayName", before, Value::from(format!("renaming-{short}")));
            OperationKind::UpdateGroup { id: id.clone(), changes, sent }
        }
        // Nothing else waits for a name and gives one up.
        _ => return,
    };
    let because = Because::new("E-10", "takes another name for a moment, because another object takes its name");
    let temporary = Operation { key, label: operation.label.clone(), kind, because, requires: Vec::new(), after: Vec::new() };
    let place = draft.operations.len();
    for operation in &mut draft.operations {
        for required in &mut operation.requires {
            if *required == index {
                *required = place;
            }
        }
    }
    if let Some(operation) = draft.operations.get_mut(index) {
        operation.requires.push(place);
    }
    draft.operations.push(temporary);
}

/// What the digest for a temporary name is made of: the same for the same record, so that plans are the same, byte for byte.
fn keyed(key: &Key) -> Resource {
    let mut resource = Resource::new();
    resource.attributes_mut().set("key", key.as_str());
    resource
}

/// Takes operations out and keeps what the others say of each other's places.
pub(super) fn remove(operations: &mut Vec<Operation>, gone: &BTreeSet<usize>) {
    if gone.is_empty() {
        return;
    }
    let mut kept = 0;
    let places: Vec<usize> = (0..operations.len())
        .map(|index| {
            let place = kept;
            kept += usize::from(!gone.contains(&index));
            place
        })
        .collect();
    let place = |index: usize| places.get(index).copied().unwrap_or_default();
    let mut index = 0;
    operations.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
    for operation in operations {
        for places in [&mut operation.requires, &mut operation.after] {
            places.retain(|index| !gone.contains(index));
            places.iter_mut().for_each(|index| *index = place(*index));
        }
    }
}

/// Lets memberships wait for the users that are created or adopted, and what is done to one object happen in order.
pub(super) fn wait_for_members(operations: &mut [Operation], desired: &Desired) {
    // By the numbers of the source's users, because there may be millions.
    let users = desired.records().users();
    let mut coming: Vec<u32> = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        if let (Key::User(key), OperationKind::CreateUser { .. } | OperationKind::AdoptUser { .. }) = (&operation.key, &operation.kind) {
            coming.resize(users.bound(), u32::MAX);
            let place = users.find(key.as_str()).and_then(|handle| coming.get_mut(handle.index()));
            place.into_iter().for_each(|place| *place = u32::try_from(index).unwrap_or(u32::MAX));
        }
    }
    let place_of = |user: &UserKey| {
        let place = coming.get(users.find(user.as_str())?.index()).copied().filter(|place| *place != u32::MAX)?;
        usize::try_from(place).ok()
    };
    for operation in operations.iter_mut().filter(|_| !coming.is_empty()) {
        if let OperationKind::CreateGroup { members, .. } | OperationKind::AddMembers { users: members } = &operation.kind {
            operation.after.extend(members.iter().filter_map(place_of));
        }
    }
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by(|a, b| operations.get(*a).map(|operation| &operation.key).cmp(&operations.get(*b).map(|operation| &operation.key)));
    for pair in order.windows(2) {
        let &[before, index] = pair else { continue };
        let (Some(former), Some(operation)) = (operations.get(before), operations.get(index)) else { continue };
        // A temporary name stands at the end of the list and goes first all the same.
        if former.key != operation.key || is_temporary(operation) {
            continue;
        }
        let makes = matches!(former.kind, OperationKind::CreateGroup { .. } | OperationKind::AdoptGroup { .. });
        let waits_for_temporary = operation.requires.iter().any(|required| *required > index);
        let Some(operation) = operations.get_mut(index) else { continue };
        match makes {
            true => operation.requires.push(before),
            false if !waits_for_temporary => operation.after.push(before),
            false => {}
        }
    }
}

/// Whether an operation only gives its object another name for a moment.
pub(super) fn is_temporary(operation: &Operation) -> bool {
    operation.because.rule == "E-10"
}
