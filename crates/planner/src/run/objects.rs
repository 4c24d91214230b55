//! What a run does to users and groups alike: what each is about, what becomes of a refusal, a deletion, and a write without an answer.
//!
//! A refusal is remembered with the digest of what was refused, so that it is not sent again until the record is another one (E-11). A write without an
//! answer is never repeated blindly: a create is looked for, a change is read back, and only a deletion is sent again, because a second one does nothing.

use std::time::SystemTime;

use idbridge_scim::protocol::{Reply, Request, ResourceType};
use idbridge_scim::{Change, ExternalId, Mode, PatchOp, Resource, ResourceId, Schemas};

use crate::exchange::described;
use crate::key::Key;
use crate::operation::OperationKind;
use crate::plan::managed;
use crate::run::Run;
use crate::run::task::{Aim, Doubt};
use crate::state::{Digest, Refusal, StateChange};

impl Run {
    /// What an operation is about.
    pub(super) fn resource_type(&self, index: usize) -> ResourceType {
        match self.operations.get(index).map(|operation| &operation.key) {
            Some(Key::Group(_)) => ResourceType::Group,
            _ => ResourceType::User,
        }
    }

    /// The whole object that an operation wants to be there.
    pub(super) fn wanted(&self, index: usize) -> Option<&Resource> {
        self.operations.get(index)?.kind.wanted()
    }

    /// The values that are remembered once the service holds them.
    pub(super) fn sent(&self, index: usize) -> Resource {
        match self.operations.get(index).map(|operation| &operation.kind) {
            Some(
                OperationKind::AdoptUser { sent, .. }
                | OperationKind::UpdateUser { sent, .. }
                | OperationKind::AdoptGroup { sent, .. }
                | OperationKind::UpdateGroup { sent, .. },
            ) => sent.clone(),
            Some(OperationKind::CreateUser { resource }) => managed(resource, &self.managed_user),
            Some(OperationKind::CreateGroup { resource, .. }) => managed(resource, &self.managed_group),
            _ => Resource::new(),
        }
    }

    /// The object that an operation is about, once it is known.
    pub(super) fn object(&self, index: usize) -> Option<ResourceId> {
        self.positions.get(index)?.found.clone()
    }

    /// The `externalId` that an object carries, if it is another one than the record's.
    pub(super) fn carries_anothers(&self, index: usize, resource: &Resource) -> Option<ExternalId> {
        let key = &self.operations.get(index)?.key;
        let sent = self.wanted(index).and_then(Resource::external_id);
        resource.external_id().filter(|carried| carried.as_str() != key.as_str() && sent.as_ref() != Some(carried))
    }

    /// E-11: what the service refuses is remembered, and not sent again while the record is unchanged.
    pub(super) fn refuse(&mut self, index: usize, reply: &Reply) {
        if let Some(refusal) = self.remember_refusal(index, reply.status, reason(reply)) {
            self.fail(index, Some(refusal.status), refusal.detail);
        }
    }

    /// Remembers what was refused by its digest, so that another version of the record is sent again.
    pub(super) fn remember_refusal(&mut self, index: usize, status: u16, detail: &str) -> Option<Refusal> {
        let key = self.operations.get(index)?.key.clone();
        let refusal = Refusal { digest: Digest::of(&self.sent(index)), status, detail: detail.to_owned() };
        self.apply(&StateChange::Refused { key, refusal: refusal.clone() });
        Some(refusal)
    }

    /// UL-03: a write of which it is not known whether it took effect. A create is searched, a change read back, a deletion repeated.
    pub(super) fn object_unknown(&mut self, index: usize, aim: &Aim, now: SystemTime) {
        let at = self.later(index, now);
        match (aim, self.resource_type(index)) {
            (Aim::Create { .. }, _) => self.find(index, Doubt::Unknown, at),
            (Aim::Change | Aim::Replace, resource_type) => {
                if let Some(id) = self.object(index) {
                    self.ask(index, Aim::ReadBack, Request::read(resource_type, id), at);
                }
            }
            // A second DELETE of the same identifier does no harm, and a 404 says that the first one did it.
            (Aim::Delete, resource_type) => {
                if let Some(OperationKind::DeleteUser { id } | OperationKind::DeleteGroup { id }) =
                    self.operations.get(index).map(|operation| operation.kind.clone())
                {
                    self.ask(index, Aim::Delete, Request::delete(resource_type, id), at);
                }
            }
            _ => {}
        }
    }

    /// IC-12, GM-22: gone is gone, whether it was there (204) or not (404). The link goes with it.
    pub(super) fn deleted(&mut self, index: usize, reply: &Reply) {
        if !reply.is_success() && reply.status != 404 {
            return self.fail(index, Some(reply.status), described("the service refused to delete it", reply));
        }
        let change = match self.operations.get(index).map(|operation| operation.key.clone()) {
            Some(Key::User(key)) => StateChange::UserUnlinked { key },
            Some(Key::Group(key)) => StateChange::GroupUnlinked { key },
            None => return,
        };
        self.apply(&change);
        self.done(index);
    }

    /// What an object looks like after a change whose outcome is not known: as it shall be, or the change is sent again.
    pub(super) fn read_back(&mut self, index: usize, reply: &Reply, now: SystemTime) {
        let (Some(id), resource_type) = (self.object(index), self.resource_type(index)) else {
            return;
        };
        let is_group = resource_type == ResourceType::Group;
        let Some(resource) = reply.resource().filter(|_| reply.is_success()) else {
            return match (reply.status, is_group) {
                (404, true) => self.lost_group(index),
                (404, false) => self.lost_user(index, now),
                _ => self.ask_again(index, Aim::ReadBack, Request::read(resource_type, id), reply, now),
            };
        };
        self.set_uncertain(index, false);
        let changes = self.positions.get(index).map(|position| position.changes.clone()).unwrap_or_default();
        match (is_applied(&changes, self.resource_type(index), resource), is_group) {
            (true, true) => self.group_changed(index, id, now),
            (true, false) => self.user_done(index, id),
            (false, _) => {
                let at = self.later(index, now);
                if is_group {
                    self.change_group(index, id, changes, at);
                } else {
                    self.change_user(index, id, changes, at);
                }
            }
        }
    }
}

/// The service's words for a refusal.
pub(super) fn reason(reply: &Reply) -> &str {
    reply.detail().unwrap_or("no reason given")
}

/// Whether a resource already is as the changes make it.
fn is_applied(changes: &[Change], resource_type: ResourceType, resource: &Resource) -> bool {
    let mut after = resource.clone();
    matches!(PatchOp::from_changes(changes).apply(&mut after, &Schemas::of(resource_type), Mode::Strict), Ok(false))
}

/// What was there before the changes, as far as they say it.
pub(super) fn reverted(resource_type: ResourceType, sent: &Resource, changes: &[Change]) -> Resource {
    let back: Vec<Change> =
        changes.iter().map(|change| Change::new(change.path().clone(), change.after().cloned(), change.before().cloned())).collect();
    let mut before = sent.clone();
    match PatchOp::from_changes(&back).apply(&mut before, &Schemas::of(resource_type), Mode::Strict) {
        Ok(_) => before,
        Err(_) => Resource::new(),
    }
}
