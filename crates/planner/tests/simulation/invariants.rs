//! What must be so after every step, each by its name.
//!
//! Nothing here asks the planner: the rules are written anew over the directory as the sync saw it, the records on disk, and the ledger.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use idbridge_emulator::Service;
use idbridge_planner::{GroupKey, GroupManagement, Key, UserKey};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{PatchOperation, Resource, ResourceId, Value};

use crate::directory::{Says, group_name, number_of};
use crate::disk::Disk;
use crate::events::is_within;
use crate::ledger::{Ledger, Taken};
use crate::sync::Sync;

/// What was broken, and how.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) invariant: &'static str,
    pub(crate) what: String,
}

/// Fails with the name of an invariant.
pub(crate) fn broken<T>(invariant: &'static str, what: impl Into<String>) -> Result<T, Violation> {
    Err(Violation { invariant, what: what.into() })
}

fn holds(invariant: &'static str, is_so: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if is_so { Ok(()) } else { broken(invariant, what()) }
}

/// What an invariant looks at.
pub(crate) struct Facts<'a> {
    pub(crate) disk: &'a Disk,
    pub(crate) ledger: &'a Ledger,
    pub(crate) sync: &'a Sync,
    pub(crate) service: &'a Service,
    pub(crate) now: SystemTime,
}

/// What must be so when a request is handed out.
pub(crate) const AT_SENDING: [fn(&Facts<'_>, &Request) -> Result<(), Violation>; 11] = [
    quarantine_is_kept,
    refused_token_stops,
    in_flight_is_bounded,
    groups_off_means_off,
    intents_before_effects,
    only_ours_is_touched,
    protected_is_left_alone,
    held_is_left_alone,
    nothing_is_taken_without_evidence,
    nothing_is_taken_beyond_scope,
    display_name_is_kept,
];

/// A service that failed as a whole is left alone until the time that is on disk.
fn quarantine_is_kept(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    let is_over = facts.disk.quarantined_until().is_none_or(|until| until <= facts.now);
    holds("quarantine_is_kept", is_over || facts.sync.policy.ignores_quarantine, || {
        format!("{} was sent before the service may be asked again", request.operation())
    })
}

/// E-13: nothing starts behind a 401.
fn refused_token_stops(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    holds("refused_token_stops", !facts.sync.was_refused, || format!("{} was sent behind a 401", request.operation()))
}

fn in_flight_is_bounded(facts: &Facts<'_>, _request: &Request) -> Result<(), Violation> {
    let (found, most) = (facts.sync.in_flight.len(), facts.sync.policy.in_flight);
    holds("in_flight_is_bounded", found <= most, || format!("{found} requests are under way, and {most} may be"))
}

/// GM-01: with management of groups off, no request names one.
fn groups_off_means_off(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    let is_group = type_of(request) == Some(ResourceType::Group);
    let is_off = facts.sync.policy.groups == GroupManagement::Off;
    holds("groups_off_means_off", !(is_off && is_group), || format!("{} was sent", request.operation()))
}

/// UL-03: what may happen is on disk before it is sent, and so is what is taken away (E-8).
fn intents_before_effects(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    if !request.is_write() {
        return Ok(());
    }
    let Some(key) = key_of(facts, request) else { return Ok(()) };
    let expected = match request {
        Request::Create { resource_type: ResourceType::Group, .. } => "createGroup",
        Request::Create { .. } => "createUser",
        _ if !members_of(request, true).is_empty() => "addMembers",
        _ if !members_of(request, false).is_empty() => "removeMembers",
        _ => "change",
    };
    let intent = facts.disk.intent(&key);
    holds("intents_before_effects", intent.is_some_and(|intent| intent.contains(expected)), || {
        format!("{} of {key} was sent, and on disk is intended: {intent:?}", request.operation())
    })?;
    let takes = matches!(request, Request::Delete { .. }) || deactivates(facts, request);
    holds("intents_before_effects", !takes || facts.disk.counts_removal(&key), || {
        format!("{} of {key} was sent before it was counted", request.operation())
    })
}

/// E-5: an object belongs to the record for which it was made, whose identifier it carries, or whose name it had when nobody else claimed it.
fn only_ours_is_touched(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    const NAME: &str = "only_ours_is_touched";
    let (Request::Patch { resource_type, id, .. } | Request::Replace { resource_type, id, .. } | Request::Delete { resource_type, id, .. }) =
        request
    else {
        return Ok(());
    };
    // Nothing can be done to what is not there any more.
    if facts.service.user(id).is_none() && facts.service.group(id).is_none() {
        return Ok(());
    }
    let Some(key) = facts.disk.owner(id) else {
        return broken(NAME, format!("{} of {id}, which is linked with nobody", request.operation()));
    };
    is_of(facts, NAME, *resource_type, id, key)?;
    for member in members_of(request, true) {
        match facts.disk.owner(&member) {
            Some(key) => is_of(facts, NAME, ResourceType::User, &member, key)?,
            None if facts.service.user(&member).is_none() => {}
            None => return broken(NAME, format!("{member}, who is linked with nobody, was added to {key}")),
        }
    }
    Ok(())
}

fn is_of(facts: &Facts<'_>, name: &'static str, resource_type: ResourceType, id: &ResourceId, key: &Key) -> Result<(), Violation> {
    if let Some(owner) = facts.ledger.belongs.get(id) {
        // Over lost state, what is nobody's in the directory any more goes by its name to whoever has that now.
        let is_nobodys = match owner {
            Key::User(_) => facts.sync.view.says_of_person(number_of(owner)) == Says::Nothing,
            Key::Group(_) => facts.sync.view.says_of_group(number_of(owner)) == Says::Nothing,
        };
        return holds(name, owner == key || (facts.ledger.has_forgotten && is_nobodys), || {
            format!("{id} is {owner}'s, and is taken for {key}'s")
        });
    }
    let there = if resource_type == ResourceType::Group { facts.service.group(id) } else { facts.service.user(id) };
    let Some(there) = there else { return Ok(()) };
    let carried = there.external_id().map(String::from);
    let found = there.text(if resource_type == ResourceType::Group { "displayName" } else { "userName" }).unwrap_or_default();
    let is_so = match carried {
        Some(carried) if carried == key.as_str() => true,
        Some(carried) if facts.ledger.is_key(&carried) => false,
        _ => facts.ledger.had_name(key, found) || found.starts_with("renaming-"),
    };
    holds(name, is_so, || format!("{id} ({found}) was taken for {key}'s, and nothing says so"))
}

/// What the policy protects is neither changed nor taken out of a group.
fn protected_is_left_alone(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    let object = match request {
        Request::Patch { id, .. } | Request::Replace { id, .. } | Request::Delete { id, .. } => Some(id.clone()),
        _ => None,
    };
    let mut named = members_of(request, true).into_iter().chain(members_of(request, false)).chain(object);
    let found = named.find(|id| facts.sync.protected.contains(id));
    holds("protected_is_left_alone", found.is_none(), || format!("{} names {found:?}", request.operation()))
}

/// UL-11, IC-12, GM-20: what is taken away, the directory says so, or it was read to its end.
fn nothing_is_taken_without_evidence(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    const NAME: &str = "nothing_is_taken_without_evidence";
    let (view, sync) = (&facts.sync.view, facts.sync);
    let takes_members = !members_of(request, false).is_empty();
    let takes = matches!(request, Request::Delete { .. }) || deactivates(facts, request) || takes_members;
    if !takes {
        return Ok(());
    }
    let what = || format!("{} of {:?}", request.operation(), key_of(facts, request).map(|key| key.to_string()));
    let is_thin = sync.is_partial
        || view.people.is_empty() && facts.disk.linked(true) > 0
        || view.groups.is_empty() && sync.policy.groups == GroupManagement::On && facts.disk.linked(false) > 0;
    if is_thin && sync.policy.allowance.is_none() {
        return broken(NAME, format!("{} over a directory that is partial or empty, without an allowance", what()));
    }
    let Some(key) = key_of(facts, request) else { return Ok(()) };
    match request {
        Request::Delete { .. } => {
            let is_gone = match &key {
                Key::User(_) => view.says_of_person(number_of(&key)) == Says::Nothing,
                Key::Group(_) => view.says_of_group(number_of(&key)) == Says::Nothing,
            };
            holds(NAME, is_gone && !sync.is_partial, || format!("{} who was not seen to be gone", what()))
        }
        _ if takes_members => {
            let Some(group) = view.groups.get(&number_of(&key)).filter(|group| group.is_bound && !group.is_held && !sync.is_partial) else {
                return broken(NAME, format!("{} whose members are not known", what()));
            };
            for id in members_of(request, false) {
                let is_so = match facts.disk.owner(&id) {
                    Some(user) => !group.members.contains(&number_of(user)),
                    None => facts.sync.removes_strangers || facts.service.user(&id).is_none(),
                };
                holds(NAME, is_so, || format!("{}: {id} was taken out, and the directory does not say so", what()))?;
            }
            Ok(())
        }
        _ => {
            let is_so = match view.says_of_person(number_of(&key)) {
                Says::Wanted { active } => !active,
                Says::Present { by_record } => by_record || !sync.is_partial,
                Says::Held | Says::Nothing => false,
            };
            holds(NAME, is_so, || format!("{} was deactivated, and the directory does not say so", what()))
        }
    }
}

/// A plan of some records takes nothing away from others.
fn nothing_is_taken_beyond_scope(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    let members = members_of(request, false);
    let takes = matches!(request, Request::Delete { .. }) || deactivates(facts, request) || !members.is_empty();
    let Some(key) = key_of(facts, request).filter(|_| takes) else { return Ok(()) };
    let users: Vec<UserKey> = members
        .iter()
        .filter_map(|id| match facts.disk.owner(id) {
            Some(Key::User(user)) => Some(user.clone()),
            _ => None,
        })
        .collect();
    holds("nothing_is_taken_beyond_scope", is_within(&facts.sync.scope, &key, &users), || {
        format!("{} of {key} ({users:?}), and nobody told of it", request.operation())
    })
}

/// E-2: nothing is done to who is held, nor to their memberships.
fn held_is_left_alone(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    if !request.is_write() {
        return Ok(());
    }
    let view = &facts.sync.view;
    let is_held = |key: &Key| match key {
        Key::User(_) => view.says_of_person(number_of(key)) == Says::Held,
        Key::Group(_) => view.says_of_group(number_of(key)) == Says::Held,
    };
    let members = [true, false].into_iter().flat_map(|adds| members_of(request, adds));
    let keys = members.filter_map(|id| facts.disk.owner(&id).cloned()).chain(key_of(facts, request));
    let held: Vec<Key> = keys.filter(is_held).collect();
    holds("held_is_left_alone", held.is_empty(), || format!("{} names {held:?}, held by the directory", request.operation()))
}

/// AC-03: the display name of a user is written once, and never corrected.
fn display_name_is_kept(facts: &Facts<'_>, request: &Request) -> Result<(), Violation> {
    let is_kept = match request {
        Request::Patch { resource_type: ResourceType::User, patch, .. } => !patch.to_json().contains("displayName"),
        Request::Replace { id, resource, .. } => {
            facts.service.user(id).is_none_or(|there| there.text("displayName") == resource.text("displayName"))
        }
        _ => true,
    };
    holds("display_name_is_kept", is_kept, || format!("{} changes a display name", request.operation()))
}

/// What a write did, seen at the service.
#[derive(Debug)]
pub(crate) enum Effect {
    Made(ResourceId, Key),
    Deactivated(Key),
    Deleted(ResourceId, Key),
}

/// E-8, and the allowance in its place.
pub(crate) fn guard_is_kept(facts: &Facts<'_>) -> Result<(), Violation> {
    if let Some(allowance) = facts.sync.policy.allowance {
        let taken = &facts.sync.taken;
        return holds("allowance_is_kept", taken.len() <= allowance, || format!("{taken:?} were taken away, and {allowance} were allowed"));
    }
    // A removal is in the window from its intent on, which is some minutes before its effect at most.
    let since = facts.now - Duration::from_secs(24 * 3_600 - 1_800);
    let recent = |taken: &&Taken| taken.at > since && !taken.is_allowed;
    for users in [true, false] {
        let of_kind = |taken: &&Taken| matches!(taken.key, Key::User(_)) == users;
        let taken: BTreeSet<&Key> = facts.ledger.taken.iter().filter(recent).filter(of_kind).map(|taken| &taken.key).collect();
        let deleted: BTreeSet<&Key> = facts
            .ledger
            .taken
            .iter()
            .filter(|taken| taken.at > since && taken.is_deletion && facts.disk.link(&taken.key).is_none())
            .filter(of_kind)
            .map(|taken| &taken.key)
            .collect();
        let most = ((facts.disk.linked(users) + deleted.len()) / 5).max(5);
        holds("guard_is_kept", taken.len() <= most, || format!("{taken:?} were taken away within a day, and {most} may be"))?;
    }
    Ok(())
}

/// UL-03, E-9: a record has one object, and gets another one only when that one is gone.
pub(crate) fn one_object_for_each(facts: &Facts<'_>, id: &ResourceId, key: &Key) -> Result<(), Violation> {
    let others: Vec<&ResourceId> =
        facts.ledger.made.iter().filter(|(other, owner)| *owner == key && *other != id).map(|(id, _)| id).collect();
    holds("one_object_for_each", others.is_empty(), || format!("{id} was created for {key}, who has {others:?}"))?;
    let count = |counts: &std::collections::BTreeMap<Key, usize>| counts.get(key).copied().unwrap_or_default();
    let (creations, ends) = (count(&facts.ledger.creations), count(&facts.ledger.ends));
    holds("nothing_is_recreated", creations <= ends + 1, || format!("{key} was created {creations} times, and ended {ends} times"))
}

fn type_of(request: &Request) -> Option<ResourceType> {
    match request {
        Request::Create { resource_type, .. }
        | Request::Read { resource_type, .. }
        | Request::List { resource_type, .. }
        | Request::Replace { resource_type, .. }
        | Request::Patch { resource_type, .. }
        | Request::Delete { resource_type, .. } => Some(*resource_type),
        _ => None,
    }
}

/// For which record a write is, by what it says or by the link on disk.
pub(crate) fn key_of(facts: &Facts<'_>, request: &Request) -> Option<Key> {
    match request {
        Request::Create { resource_type: ResourceType::Group, resource, .. } => {
            let name = resource.text("displayName").unwrap_or_default();
            let is_called = |(_, group): &(&u32, &crate::directory::Group)| group.is_bound && group_name(group.name) == name;
            let called = facts.sync.view.groups.iter().filter(is_called);
            let mut called = called.map(|(number, _)| Key::from(GroupKey::from(crate::directory::group_key(*number)))).peekable();
            let first = called.peek().cloned();
            // Of two that are called so, it is the one for which it was intended.
            let intended = called.find(|key| facts.disk.intent(key).is_some_and(|intent| intent.contains("createGroup")));
            let carried = resource.external_id().map(|id| Key::from(GroupKey::from(String::from(id))));
            carried.or(intended).or(first)
        }
        Request::Create { resource, .. } => resource.text("nickName").map(|key| Key::from(UserKey::from(key))),
        Request::Patch { id, .. } | Request::Replace { id, .. } | Request::Delete { id, .. } => facts.disk.owner(id).cloned(),
        _ => None,
    }
}

/// Whether a write deactivates somebody who is active.
pub(crate) fn deactivates(facts: &Facts<'_>, request: &Request) -> bool {
    let is_false = |value: Option<&Value>| value.and_then(Value::as_bool) == Some(false);
    let (id, is_asked) = match request {
        Request::Patch { resource_type: ResourceType::User, id, patch, .. } => {
            let asks = |operation: &PatchOperation| {
                operation.path().is_some_and(|path| path.to_string() == "active") && is_false(operation.value())
            };
            (id, patch.operations().iter().any(asks))
        }
        // A copy of somebody whom others activate meanwhile takes nothing away on purpose.
        Request::Replace { id, resource, .. } => (id, is_false(resource.get("active")) && !facts.ledger.edited.contains(id)),
        _ => return false,
    };
    is_asked && facts.service.user(id).is_some_and(is_active)
}

pub(crate) fn is_active(user: &Resource) -> bool {
    user.get("active").and_then(Value::as_bool) == Some(true)
}

/// The members that a write adds or takes out.
pub(crate) fn members_of(request: &Request, adds: bool) -> Vec<ResourceId> {
    let values: Vec<&Value> = match request {
        Request::Create { resource, .. } if adds => resource.get("members").into_iter().collect(),
        Request::Patch { resource_type: ResourceType::Group, patch, .. } => {
            let of_kind = patch.operations().iter().filter(|operation| matches!(operation, PatchOperation::Add { .. }) == adds);
            of_kind
                .filter(|operation| operation.path().is_some_and(|path| path.to_string() == "members"))
                .filter_map(PatchOperation::value)
                .collect()
        }
        _ => Vec::new(),
    };
    let members = values.into_iter().filter_map(Value::as_array).flatten();
    members.filter_map(|member| ResourceId::new(member.as_object()?.get("value")?.as_str()?).ok()).collect()
}
