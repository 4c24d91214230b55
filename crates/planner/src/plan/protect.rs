//! What the policy protects is left alone: a pass over the operations, before the guard counts them.
//!
//! An operation is left out, and its record held, if the object that it names, the object that it would adopt, or the name that it would take is on the
//! list. A protected user is taken out of what is done to the members of groups that are not protected; an operation that has nobody left is dropped.
//!
//! It comes before the guard, so that what is not done anyway does not trip it, and before the names, so that a change that is not made frees none.

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

use crate::finding::Finding;
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::name_of;
use crate::operation::{Operation, OperationKind};
use crate::plan::Draft;
use crate::policy::{Protected, Protection};
use crate::state::{State, UserLink};

/// The most members that a finding names.
const NAMES: usize = 5;

/// Leaves every operation on a protected object out and holds its record, and takes protected users out of the memberships of the rest.
pub(super) fn apply(draft: &mut Draft<'_>) {
    if draft.policy.protected.is_empty() {
        return;
    }
    let mut kept = Vec::new();
    for operation in std::mem::take(&mut draft.operations) {
        match protection(draft, &operation) {
            // It is only left as it is from now on.
            _ if operation.kind == OperationKind::ReleaseGroup => kept.push(operation),
            None => kept.push(operation),
            Some(protection) => {
                let finding = protected(resource_type(&operation.key), &protection);
                let is_held = draft.held.iter().any(|held| held.key == operation.key);
                if !is_held {
                    draft.hold(operation.key, operation.label, vec![finding]);
                }
            }
        }
    }
    for operation in &mut kept {
        if let Some(finding) = keep_out(draft, &mut operation.kind) {
            draft.findings.push(finding.of(operation.key.clone()).labelled(operation.label.clone()));
        }
    }
    kept.retain(|operation| !is_without_members(&operation.kind));
    draft.operations = kept;
}

/// The finding for a record whose object is protected.
pub(crate) fn protected(resource_type: ResourceType, protection: &Protection) -> Finding {
    let kind = if resource_type == ResourceType::Group { "group" } else { "user" };
    let message = format!("the service's {kind} with the {protection} is protected, so nothing is done to it");
    Finding::new("Protected", message)
        .with_remedy(format!("take it off the policy's protected {kind}s, or change it at the service by hand"))
}

/// Why a linked user must stay out of every membership that changes: by the object's identifier and name, or by the record's identifier, which is
/// the object's `externalId`.
pub(crate) fn protection_of_user(protected: &Protected, state: &State, key: &UserKey) -> Option<Protection> {
    let external_id = [key.as_str()];
    match state.user(key) {
        Some(link) => of_link(protected, key, &link),
        None => protected.find(ResourceType::User, None, &[], &external_id),
    }
}

/// The same of a linked group.
pub(crate) fn protection_of_group(protected: &Protected, state: &State, key: &GroupKey) -> Option<Protection> {
    let link = state.group(key)?;
    protected.find(ResourceType::Group, Some(&link.id), &[&link.display_name], &[key.as_str()])
}

/// Why a linked user is protected.
fn of_link(protected: &Protected, key: &UserKey, link: &UserLink) -> Option<Protection> {
    protected.find(ResourceType::User, Some(&link.id), &[&link.user_name], &[key.as_str()])
}

/// Of which type the object of a record is.
fn resource_type(key: &Key) -> ResourceType {
    if matches!(key, Key::Group(_)) { ResourceType::Group } else { ResourceType::User }
}

/// Why nothing is done to the object of an operation. A name that is wanted counts like one that is there: it is not given to another object.
fn protection(draft: &Draft<'_>, operation: &Operation) -> Option<Protection> {
    let (list, resource_type) = (&draft.policy.protected, resource_type(&operation.key));
    let linked = match &operation.key {
        Key::User(key) => protection_of_user(list, draft.state, key),
        Key::Group(key) => protection_of_group(list, draft.state, key),
    };
    let of = |resource: &Resource| list.of_resource(resource_type, resource);
    let id = object(&operation.kind);
    let seen = || of(draft.observed.of(resource_type).get(id?)?);
    let wanted = || match &operation.kind {
        OperationKind::CreateUser { resource } => of(resource),
        OperationKind::CreateGroup { resource, .. } => of(resource),
        OperationKind::AdoptUser { sent, .. }
        | OperationKind::UpdateUser { sent, .. }
        | OperationKind::AdoptGroup { sent, .. }
        | OperationKind::UpdateGroup { sent, .. } => of(sent),
        _ => None,
    };
    let by_id = || list.find(resource_type, id, &[], &[operation.key.as_str()]);
    linked.or_else(by_id).or_else(seen).or_else(wanted).or_else(|| of(draft.last_sent.get(&operation.key)?))
}

/// The object that an operation names.
fn object(kind: &OperationKind) -> Option<&ResourceId> {
    match kind {
        OperationKind::AdoptUser { id, .. }
        | OperationKind::UpdateUser { id, .. }
        | OperationKind::DeleteUser { id }
        | OperationKind::AdoptGroup { id, .. }
        | OperationKind::UpdateGroup { id, .. }
        | OperationKind::DeleteGroup { id } => Some(id),
        _ => None,
    }
}

/// Takes protected users out of what an operation does to members, and says whom.
fn keep_out(draft: &Draft<'_>, kind: &mut OperationKind) -> Option<Finding> {
    let list = &draft.policy.protected;
    let is_protected = |user: &UserKey| {
        let wanted = || list.of_resource(ResourceType::User, &draft.desired.wanted_user(user)?.resource);
        protection_of_user(list, draft.state, user).or_else(wanted).is_some()
    };
    let mut out: Vec<String> = Vec::new();
    let mut filter = |users: &mut Vec<UserKey>| {
        users.retain(|user| {
            let stays = !is_protected(user);
            if !stays {
                out.push(user.to_string());
            }
            stays
        });
    };
    match kind {
        OperationKind::CreateGroup { members, .. } => filter(members),
        OperationKind::AddMembers { users } => filter(users),
        OperationKind::RemoveMembers { users, unmanaged } => {
            filter(users);
            unmanaged.retain(|id| {
                let seen = || list.of_resource(ResourceType::User, draft.observed.member(id)?);
                let stays = list.find(ResourceType::User, Some(id), &[], &[]).or_else(seen).is_none();
                if !stays {
                    out.push(id.to_string());
                }
                stays
            });
        }
        _ => {}
    }
    let more = if out.len() > NAMES { ", ..." } else { "" };
    let named = out.get(..NAMES.min(out.len())).unwrap_or_default().join(", ");
    let message = format!("{} of its members are protected, and are neither added nor removed ({named}{more})", out.len());
    (!out.is_empty())
        .then(|| Finding::new("Protected", message).with_remedy("take them off the policy's protected users, or change it by hand"))
}

/// Whether an operation has nobody left to add or to remove. A creation is held by itself, where nobody is left.
fn is_without_members(kind: &OperationKind) -> bool {
    match kind {
        OperationKind::AddMembers { users } => users.is_empty(),
        OperationKind::RemoveMembers { users, unmanaged } => users.is_empty() && unmanaged.is_empty(),
        _ => false,
    }
}

impl Protected {
    /// Why an object that was seen, or is wanted, is protected.
    pub(crate) fn of_resource(&self, resource_type: ResourceType, resource: &Resource) -> Option<Protection> {
        let (id, external_id) = (resource.id(), resource.external_id());
        let names: Vec<&str> = name_of(resource_type, resource).into_iter().collect();
        let external_ids: Vec<&str> = external_id.iter().map(|id| id.as_str()).collect();
        self.find(resource_type, id.as_ref(), &names, &external_ids)
    }
}
