//! Names that must be unique: who keeps one that two want, and who must give one up before another can have it.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Path, Resource, ResourceId, Value};

use crate::desired::{Answer, Desired};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{Found, folded, name_of};
use crate::operation::{Operation, OperationKind, is_deactivation};
use crate::plan::Draft;
use crate::plan::correlate::{is_given_up, is_unlinked_group, is_unlinked_user};
use crate::policy::Policy;
use crate::state::{Digest, State};

/// A name that only one object may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    User(String),
    Email(String),
    Group(String),
}

impl Name {
    fn describe(&self) -> String {
        match self {
            Self::User(name) => format!("the userName {name:?}"),
            Self::Email(name) => format!("the e-mail address {name:?}"),
            Self::Group(name) => format!("the group name {name:?}"),
        }
    }
}

/// Records that want a name which another record has a better right to.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    findings: BTreeMap<Key, Finding>,
}

impl Duplicates {
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
pub(crate) fn duplicates(desired: &Desired, state: &State, policy: &Policy) -> Duplicates {
    let mut wanted: BTreeMap<Name, Vec<&UserKey>> = BTreeMap::new();
    for (key, answer) in desired.users() {
        let Answer::Want(user) = answer else { continue };
        // A suspended person who was never provisioned is not created, and so does not compete.
        if state.user(key).is_none() && !user.is_active() {
            continue;
        }
        for name in user_names(&user.resource) {
            wanted.entry(name).or_default().push(key);
        }
    }
    let mut duplicates = Duplicates::default();
    for (name, keys) in wanted.iter().filter(|(_, keys)| keys.len() > 1) {
        let holds = |key: &&&UserKey| state.user(key).is_some_and(|link| link_names(&link.user_name, link.email()).contains(name));
        let linked = |key: &&&UserKey| state.user(key).is_some();
        // The keys are in order, so the first is the smallest.
        let keeper = keys.iter().find(holds).or_else(|| keys.iter().find(linked)).or_else(|| keys.first());
        for key in keys.iter().filter(|key| Some(*key) != keeper) {
            let keeper = keeper.map(|key| key.as_str()).unwrap_or_default();
            let finding = Finding::new("DuplicateEmail", format!("{} is wanted by user {keeper} as well, who keeps it", name.describe()))
                .with_remedy("give one of the two another e-mail address");
            duplicates.findings.entry(Key::from((*key).clone())).or_insert(finding);
        }
    }
    if policy.manages_groups() {
        duplicate_groups(desired, state, &mut duplicates);
    }
    duplicates
}

/// GM-10: with groups, nobody but the one that has the name at the service gets it; the directory may order them in any way.
fn duplicate_groups(desired: &Desired, state: &State, duplicates: &mut Duplicates) {
    let mut wanted: BTreeMap<String, Vec<&GroupKey>> = BTreeMap::new();
    for (key, answer) in desired.groups() {
        if let Answer::Want(group) = answer
            && let Some(name) = name_of(ResourceType::Group, &group.resource)
        {
            wanted.entry(folded(name)).or_default().push(key);
        }
    }
    for (name, keys) in wanted.iter().filter(|(_, keys)| keys.len() > 1) {
        let holds = |key: &&&GroupKey| state.group(key).is_some_and(|link| !link.released && folded(&link.display_name) == *name);
        let keeper = keys.iter().find(holds);
        for key in keys.iter().filter(|key| Some(*key) != keeper) {
            let others: Vec<&str> = keys.iter().filter(|other| other != &key).map(|other| other.as_str()).collect();
            let finding = Finding::new("DuplicateGroupName", format!("group {} has the same name", others.join(", ")))
                .with_remedy("rename one of them");
            duplicates.findings.insert(Key::from((*key).clone()), finding);
        }
    }
}

/// What must be unique of a user: the `userName` and the primary e-mail address, each in a name space of its own.
fn user_names(resource: &Resource) -> Vec<Name> {
    let name = name_of(ResourceType::User, resource).map(|name| Name::User(folded(name)));
    let email = resource.primary_value("emails").map(|email| Name::Email(folded(email)));
    name.into_iter().chain(email).collect()
}

fn link_names(user_name: &str, email: &str) -> [Name; 2] {
    [Name::User(folded(user_name)), Name::Email(folded(email))]
}

/// E-9, E-10: an operation that takes a name waits for the one that gives it up; where nobody gives it up, the record is held; and where they wait
/// for each other in a circle, one of them takes another name for a moment.
pub(super) fn order(draft: &mut Draft<'_>) {
    let holders = holders(draft);
    // Who is held may have been about to give a name up, so this is repeated until nobody more is.
    loop {
        let by_key = by_key(&draft.operations);
        let wanting = draft.operations.iter().enumerate();
        let blocked: Vec<(usize, Finding)> = wanting
            .filter_map(|(index, operation)| {
                let claims = claims(&operation.kind);
                let finding = claims.iter().find_map(|name| giver(draft, &holders, &by_key, operation, name).err())?;
                Some((index, *finding))
            })
            .collect();
        if blocked.is_empty() {
            break;
        }
        give_up(draft, blocked);
    }
    let by_key = by_key(&draft.operations);
    let requires = |operation: &Operation| {
        let givers =
            claims(&operation.kind).into_iter().filter_map(|name| giver(draft, &holders, &by_key, operation, &name).ok().flatten());
        givers.collect::<BTreeSet<usize>>().into_iter().collect::<Vec<usize>>()
    };
    let requires: Vec<Vec<usize>> = draft.operations.iter().map(requires).collect();
    for (operation, requires) in draft.operations.iter_mut().zip(requires) {
        operation.requires = requires;
    }
    while let Some(index) = circle(&draft.operations) {
        break_circle(draft, index);
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

/// Who holds which name at the service: linked objects, and those that were found for a record.
fn holders(draft: &Draft<'_>) -> BTreeMap<Name, Key> {
    let mut holders = BTreeMap::new();
    for (key, link) in draft.state.users().filter(|(key, _)| !is_unlinked_user(key, draft.observed, draft.state)) {
        for name in link_names(&link.user_name, link.email()) {
            holders.insert(name, Key::from(key.clone()));
        }
    }
    let groups = draft.state.groups().filter(|(key, _)| !is_unlinked_group(key, draft.observed, draft.state));
    for (key, link) in groups.filter(|(key, link)| !is_given_up(key, link, draft.desired)) {
        holders.insert(Name::Group(folded(&link.display_name)), Key::from(key.clone()));
    }
    // What was found for a record keeps its name even if the record is held and nothing is adopted.
    for (key, id) in draft.correlation.adopted() {
        match key {
            Key::User(_) => {
                for name in draft.observed.users().get(id).map(user_names).unwrap_or_default() {
                    holders.insert(name, key.clone());
                }
            }
            Key::Group(_) => {
                let name = draft.observed.groups().get(id).and_then(|there| name_of(ResourceType::Group, there));
                if let Some(name) = name {
                    holders.insert(Name::Group(folded(name)), key.clone());
                }
            }
        }
    }
    holders
}

/// The names that an operation sets.
fn claims(kind: &OperationKind) -> Vec<Name> {
    match kind {
        OperationKind::CreateUser { resource, .. } => user_names(resource),
        OperationKind::CreateGroup { resource, .. } => {
            name_of(ResourceType::Group, resource).map(|name| Name::Group(folded(name))).into_iter().collect()
        }
        OperationKind::AdoptUser { changes, .. } | OperationKind::UpdateUser { changes, .. } => {
            let mut after = Resource::new();
            for change in changes {
                for attribute in ["userName", "emails"] {
                    if let Some(value) = change.after().filter(|_| change.path().is_within(attribute)) {
                        after.attributes_mut().set(attribute, value.clone());
                    }
                }
            }
            user_names(&after)
        }
        OperationKind::AdoptGroup { changes, .. } | OperationKind::UpdateGroup { changes, .. } => {
            let name = changes.iter().find(|change| change.path().is_within("displayName")).and_then(Change::after);
            name.and_then(Value::as_str).map(|name| Name::Group(folded(name))).into_iter().collect()
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

/// The operation that must have succeeded before `operation` can have `name`; none if the name is free.
fn giver(
    draft: &Draft<'_>,
    holders: &BTreeMap<Name, Key>,
    by_key: &BTreeMap<Key, Vec<usize>>,
    operation: &Operation,
    name: &Name,
) -> Result<Option<usize>, Box<Finding>> {
    let taken = |by: String| {
        let finding = Finding::new("NameTaken", format!("{} belongs to {by}", name.describe()));
        Err(Box::new(finding.with_remedy("change one of the two records")))
    };
    match holders.get(name) {
        Some(holder) if *holder == operation.key => Ok(None),
        Some(holder) => {
            let places = by_key.get(holder).map(Vec::as_slice).unwrap_or_default();
            let gives = |index: &&usize| draft.operations.get(**index).is_some_and(|other| frees(&other.kind, name));
            let giver = places.iter().find(gives).copied();
            match giver {
                Some(index) => Ok(Some(index)),
                None => taken(format!("{holder}, who keeps it for now")),
            }
        }
        None => match stranger(draft, operation, name) {
            Some(id) => taken(format!("an object of the service that is not managed ({id})")),
            None => Ok(None),
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
pub(super) fn wait_for_members(operations: &mut [Operation]) {
    let mut coming: BTreeMap<UserKey, usize> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        if let (Key::User(key), OperationKind::CreateUser { .. } | OperationKind::AdoptUser { .. }) = (&operation.key, &operation.kind) {
            coming.insert(key.clone(), index);
        }
    }
    let mut last: BTreeMap<Key, (usize, bool)> = BTreeMap::new();
    for (index, operation) in operations.iter_mut().enumerate() {
        let temporary = operation.requires.iter().any(|required| *required > index);
        let members = match &operation.kind {
            OperationKind::CreateGroup { members, .. } | OperationKind::AddMembers { users: members } => members.as_slice(),
            _ => &[],
        };
        operation.after.extend(members.iter().filter_map(|user| coming.get(user)));
        let makes = matches!(operation.kind, OperationKind::CreateGroup { .. } | OperationKind::AdoptGroup { .. });
        match last.insert(operation.key.clone(), (index, makes)) {
            // A temporary name stands at the end of the list and goes first all the same.
            Some(_) if is_temporary(operation) => {}
            Some((before, true)) => operation.requires.push(before),
            Some((before, false)) if !temporary => operation.after.push(before),
            _ => {}
        }
    }
}

/// Whether an operation only gives its object another name for a moment.
pub(super) fn is_temporary(operation: &Operation) -> bool {
    operation.because.rule == "E-10"
}
