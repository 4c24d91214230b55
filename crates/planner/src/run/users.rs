//! What a run does to users.
//!
//! ```text
//! create   POST --2xx--> linked
//!            |--409--> looked up --one--> adopted, then changed     --none, several--> held
//!            |--5xx, lost--> looked up --one--> linked              --none--> POST again
//! change   PATCH --2xx--> remembered
//!            |--404--> looked up, created, put back into its groups
//!            |--409--> held; a suspension in it goes out alone
//!            |--5xx, lost--> read back --as it shall be--> remembered --else--> PATCH again
//! delete   DELETE --204, 404--> the link ends      --5xx, lost--> DELETE again
//! ```
//!
//! With PUT in the place of PATCH, the user is read first, and written back with the changes in it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use idbridge_scim::protocol::{Reply, Request, ResourceType};
use idbridge_scim::{Change, ExternalId, Mode, PatchOp, Resource, ResourceId, Schemas, UpdateMethod, Value, changes};

use crate::exchange::described;
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::operation::{Operation, OperationKind, is_deactivation};
use crate::plan::{managed, protected, protection_of_group, refused, user_link};
use crate::run::Run;
use crate::run::objects::{reason, reverted};
use crate::run::outcome::Outcome;
use crate::run::task::{Aim, Doubt};
use crate::state::StateChange;

const USER: ResourceType = ResourceType::User;

impl Run {
    /// The first request of an operation. An adoption is remembered before its changes are sent: the link is true whatever becomes of them.
    pub(super) fn start_user(&mut self, index: usize, now: SystemTime) {
        let Some(Operation { key: Key::User(key), kind, .. }) = self.operations.get(index) else { return };
        match kind {
            OperationKind::CreateUser { .. } => self.create_user(index, now),
            OperationKind::AdoptUser { id, changes, sent, .. } => {
                let (key, id, changes) = (key.clone(), id.clone(), changes.clone());
                let there = reverted(USER, sent, &changes);
                let link = user_link(id.clone(), &there, None);
                self.apply(&StateChange::UserLinked { key, link, sent: there });
                if changes.is_empty() {
                    return self.user_done(index, id);
                }
                self.change_user(index, id, changes, now);
            }
            OperationKind::UpdateUser { id, changes, sent, .. } => {
                let (key, id, changes) = (key.clone(), id.clone(), changes.clone());
                if self.state.users.get(key.as_str()).is_none() {
                    // E-10: somebody to be adopted takes another name first, and is linked before that, or nobody knew whose the name is.
                    let there = reverted(USER, sent, &changes);
                    let link = user_link(id.clone(), &there, None);
                    self.apply(&StateChange::UserLinked { key, link, sent: there });
                }
                self.change_user(index, id, changes, now);
            }
            OperationKind::DeleteUser { id } => {
                let request = Request::delete(USER, id.clone());
                self.ask(index, Aim::Delete, request, now);
            }
            _ => {}
        }
    }

    /// Sends the whole user, also for an update whose user the service has lost.
    pub(super) fn create_user(&mut self, index: usize, not_before: SystemTime) {
        if let Some(resource) = self.wanted(index).cloned() {
            let resource = resource.with_schemas(&USER.schema());
            self.ask(index, Aim::Create { members: Vec::new() }, Request::create(USER, resource), not_before);
        }
    }

    /// Remembers what is changed, so that it can be compared with what is there if the answer is lost.
    pub(super) fn change_user(&mut self, index: usize, id: ResourceId, changes: Vec<Change>, not_before: SystemTime) {
        let patch = PatchOp::from_changes(&changes);
        if let Some(position) = self.positions.get_mut(index) {
            position.found = Some(id.clone());
            position.changes = changes;
        }
        match self.policy.user_update {
            UpdateMethod::Put => self.ask(index, Aim::ReadForReplace, Request::read(USER, id), not_before),
            _ => self.ask(index, Aim::Change, Request::patch(USER, id, patch), not_before),
        }
    }

    /// The user that an operation is about, if it is about one.
    pub(super) fn user_key(&self, index: usize) -> Option<UserKey> {
        match self.operations.get(index).map(|operation| &operation.key) {
            Some(Key::User(key)) => Some(key.clone()),
            _ => None,
        }
    }

    /// What an answer means for a user: see the table of [`Run`].
    pub(super) fn user_answered(&mut self, index: usize, aim: Aim, reply: Reply, now: SystemTime) {
        match aim {
            Aim::Create { .. } => match (reply.status, reply.resource().and_then(Resource::id)) {
                (200..300, Some(id)) => self.user_done(index, id),
                // Created, but the answer does not say as what.
                (200..300, None) => self.find(index, Doubt::Unknown, now),
                (409, _) => self.find(index, Doubt::Conflict, now),
                (400, _) => self.refuse(index, &reply),
                (status, _) => self.fail(index, Some(status), described("the service refused to create it", &reply)),
            },
            Aim::Change | Aim::Replace => match (reply.status, self.object(index)) {
                (200..300, Some(id)) => self.user_done(index, id),
                (404, Some(_)) => self.lost_user(index, now),
                (400 | 409, _) => self.refused_change(index, &reply, now),
                (status, _) => self.fail(index, Some(status), described("the service refused to change it", &reply)),
            },
            Aim::ReadForReplace => self.replace_user(index, &reply, now),
            _ => {}
        }
    }

    /// E-5: adopts what was found, unless it belongs to another record or is about to be deleted. What carries another `externalId` is never adopted
    /// on the way, because only a plan has the directory at hand and knows whether that is anybody's.
    pub(super) fn user_found(&mut self, index: usize, resource: &Resource, now: SystemTime) {
        let (Some(id), Some(key)) = (resource.id(), self.user_key(index)) else {
            return;
        };
        let other = self.state.owner(&id).filter(|owner| *owner != key);
        if other.is_some() || self.leaving.contains(&id) {
            let whose = other.map_or_else(|| "one that is about to be deleted".to_owned(), |owner| format!("user {owner}"));
            let message = format!("the service's user with its name or externalId belongs to {whose}");
            return self.held(index, Finding::new("NameTaken", message).with_remedy("change one of the two records"));
        }
        if let Some(carried) = self.carries_anothers(index, resource) {
            return self.held(index, carries_anothers("user", &id, &carried));
        }
        if let Some(protection) = self.policy.protected.of_resource(USER, resource) {
            return self.held(index, protected(USER, &protection));
        }
        self.set_uncertain(index, false);
        self.doubt_members();
        let there = managed(resource, &self.managed_user);
        let mut changes = changes(&there, &self.sent(index));
        if self.removes_no_members && changes.iter().any(is_deactivation) {
            // What the guard forbids is not done on the way either; the next plan decides.
            changes.retain(|change| !is_deactivation(change));
            self.leave_active(index);
        }
        let link = user_link(id.clone(), &there, None);
        self.apply(&StateChange::UserLinked { key, link, sent: there });
        if changes.is_empty() {
            return self.user_done(index, id);
        }
        self.change_user(index, id, changes, now);
    }

    /// Takes a deactivation out of what an operation sends.
    fn leave_active(&mut self, index: usize) {
        let values = match self.operations.get_mut(index).map(|operation| &mut operation.kind) {
            Some(OperationKind::CreateUser { resource }) => Arc::make_mut(resource),
            Some(OperationKind::UpdateUser { sent, .. } | OperationKind::AdoptUser { sent, .. }) => sent,
            _ => return,
        };
        values.attributes_mut().set("active", true);
    }

    /// E-6: whoever is adopted on the way may be a member of a group that was taken over; the next run reads such groups again.
    fn doubt_members(&mut self) {
        let taken_over = self.state.groups.with_unmanaged().filter(|link| !link.is_released);
        let keys: Vec<GroupKey> = taken_over.map(|link| link.group_key().clone()).collect();
        for key in keys {
            self.apply(&StateChange::MembersUnknown { key });
        }
    }

    /// The service holds what was sent.
    pub(super) fn user_done(&mut self, index: usize, id: ResourceId) {
        let Some(key) = self.user_key(index) else { return };
        let sent = self.sent(index);
        let link = user_link(id, &sent, self.state.user(&key).as_ref());
        self.apply(&StateChange::UserLinked { key: key.clone(), link, sent });
        for group in self.rejoin.remove(&key).unwrap_or_default() {
            self.rejoin_group(&key, group);
        }
        match self.positions.get_mut(index).and_then(|position| position.finding.take()) {
            Some(finding) => self.held(index, finding),
            None => self.done(index),
        }
    }

    /// UL-09: the service does not have the user any more.
    pub(super) fn lost_user(&mut self, index: usize, now: SystemTime) {
        let Some(key) = self.user_key(index) else { return };
        self.remember_memberships(&key);
        self.apply(&StateChange::UserUnlinked { key });
        match self.operations.get(index).map(|operation| &operation.kind) {
            // UL-06: suspended, and not there any more: nothing is created for it.
            Some(OperationKind::UpdateUser { wanted: Some(wanted), .. })
                if !self.policy.creates(wanted.get("active") != Some(&Value::Boolean(false))) =>
            {
                self.done(index);
            }
            Some(OperationKind::UpdateUser { wanted: Some(_), .. }) => {
                if let Some(position) = self.positions.get_mut(index) {
                    position.requests = 0;
                }
                self.find(index, Doubt::Lost, now);
            }
            // Nobody wants it, and it is gone.
            Some(OperationKind::UpdateUser { wanted: None, .. }) => self.done(index),
            _ => self.fail(index, Some(404), "the service does not have it any more; the next run looks for it again".to_owned()),
        }
    }

    /// The service refuses a value (400), or another object is in the way (409). That is remembered: the first is not sent again, and the second
    /// is looked at before it is. A deactivation that was asked for together with it is not kept waiting.
    fn refused_change(&mut self, index: usize, reply: &Reply, now: SystemTime) {
        let Some(refusal) = self.remember_refusal(index, reply.status, reason(reply)) else { return };
        let finding = if refusal.is_conflict() { name_taken(reply) } else { refused(&refusal) };
        let changes = self.positions.get(index).map(|position| position.changes.clone()).unwrap_or_default();
        let (deactivation, others): (Vec<Change>, Vec<Change>) = changes.iter().cloned().partition(is_deactivation);
        if deactivation.is_empty() || others.is_empty() {
            if refusal.is_conflict() {
                return self.held(index, finding);
            }
            return self.fail(index, Some(refusal.status), refusal.detail);
        }
        let Some((id, position)) = self.object(index).zip(self.positions.get_mut(index)) else { return };
        position.finding = Some(finding);
        let mut left = reverted(USER, &self.sent(index), &changes);
        left.attributes_mut().set("active", false);
        if let Some(OperationKind::AdoptUser { sent, .. } | OperationKind::UpdateUser { sent, .. }) =
            self.operations.get_mut(index).map(|operation| &mut operation.kind)
        {
            *sent = left;
        }
        self.change_user(index, id, deactivation, now);
    }

    /// UL-09: the service drops the memberships with the user, and the directory still wants them.
    fn remember_memberships(&mut self, key: &UserKey) {
        let Some(wanted) = self.rejoins.get(key) else { return };
        let is_managed = |group: &GroupKey| self.state.groups.get(group.as_str()).is_some_and(|link| !link.is_released);
        let is_free = |group: &GroupKey| protection_of_group(&self.policy.protected, &self.state, group).is_none();
        let groups = self.state.groups_of(key).into_iter().filter(|group| wanted.contains(group) && is_managed(group) && is_free(group));
        let groups: BTreeSet<GroupKey> = groups.collect();
        if !groups.is_empty() {
            self.rejoin.insert(key.clone(), groups);
        }
    }

    /// Adds an operation for it, behind whatever else is still to be done to that group.
    fn rejoin_group(&mut self, user: &UserKey, group: GroupKey) {
        let label = self.state.group(&group).map(|link| link.display_name.to_string()).unwrap_or_default();
        let is_open = |index: &&usize| !self.outcomes.get(**index).is_some_and(Outcome::is_over);
        let after = self.by_group.get(&group).into_iter().flatten().filter(is_open).copied().collect();
        let because = Because::new("UL-09", "was a member before the service lost the user");
        let kind = OperationKind::AddMembers { users: vec![user.clone()] };
        self.spawn(Operation { key: group.into(), label, kind, because, requires: Vec::new(), after });
    }

    /// AC-05, AM-19: PUT carries the copy that was read, with the changes in it, so that what is not managed stays.
    fn replace_user(&mut self, index: usize, reply: &Reply, now: SystemTime) {
        let Some(id) = self.object(index) else { return };
        let Some(mut resource) = reply.resource().filter(|_| reply.is_success()).cloned() else {
            if reply.status == 404 {
                return self.lost_user(index, now);
            }
            return self.ask_again(index, Aim::ReadForReplace, Request::read(USER, id), reply, now);
        };
        let changes = self.positions.get(index).map(|position| position.changes.clone()).unwrap_or_default();
        if PatchOp::from_changes(&changes).apply(&mut resource, &Schemas::user(), Mode::Strict).is_err() {
            // An address of another kind stands there now: the whole attribute is written.
            for (name, value) in self.sent(index).attributes().iter() {
                resource.attributes_mut().set(name.as_str(), value.clone());
            }
        }
        for own in ["meta", "groups"] {
            resource.attributes_mut().remove(own);
        }
        let resource = resource.with_schemas(&USER.schema());
        self.ask(index, Aim::Replace, Request::replace(USER, id, resource), now);
    }
}

/// GM-15, E-10: another object has what this one wants.
pub(super) fn name_taken(reply: &Reply) -> Finding {
    let message = described("another object of the service has its name, e-mail address or externalId", reply);
    Finding::new("NameTaken", message).with_remedy("change one of the two")
}

/// E-5: an object that carries another identifier of the directory, or of another one, than the record's.
pub(super) fn carries_anothers(kind: &str, id: &ResourceId, carried: &ExternalId) -> Finding {
    let message = format!("the service's {kind} with its name ({id}) carries another externalId, {:?}", carried.as_str());
    Finding::new("NameTaken", message).with_remedy("plan again: the next run sees the whole directory and decides whose it is")
}

/// IC-24: the service has something that is in the way and that cannot be found by name.
pub(crate) fn not_matched(name: &str) -> Finding {
    let message = format!(
        "the service refuses it as a duplicate (409), and has no user named {name:?}; another user has its e-mail address or externalId"
    );
    Finding::new("ConflictNotMatched", message).with_remedy(format!("change the AWS username of that user to {name}, or delete that user"))
}
