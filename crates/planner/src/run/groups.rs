//! What a run does to groups, their members aside.
//!
//! A create carries as many members as one request may, and the rest follow in chunks. A group that is found on the way, because its create was answered
//! 409 or its answer was lost, may have members already: they are read before any is added, and who is ours and not in the directory's group leaves
//! (E-6), unless the plan removes nobody. A group that is gone is not created on the way: its link ends, and the next run plans it and its members anew.

use std::collections::BTreeSet;
use std::time::SystemTime;

use idbridge_scim::protocol::{Reply, Request, ResourceType};
use idbridge_scim::{Change, Group, Member, PatchOp, Resource, ResourceId, changes};

use crate::exchange::described;
use crate::finding::Finding;
use crate::key::{GroupKey, Key, UserKey};
use crate::operation::{Operation, OperationKind};
use crate::plan::{group_link, managed, protected};
use crate::run::Run;
use crate::run::objects::reverted;
use crate::run::task::{Aim, Doubt};
use crate::run::users::{carries_anothers, name_taken};
use crate::state::StateChange;

const GROUP: ResourceType = ResourceType::Group;

impl Run {
    /// The first request of an operation on a group.
    pub(super) fn start_group(&mut self, index: usize, now: SystemTime) {
        let Some(Operation { key: Key::Group(key), kind, .. }) = self.operations.get(index) else { return };
        match kind {
            OperationKind::CreateGroup { .. } => self.create_group(index, now),
            OperationKind::AdoptGroup { id, changes, sent, members, unmanaged_members, .. } => {
                let (key, id, changes) = (key.clone(), id.clone(), changes.clone());
                let there = reverted(GROUP, sent, &changes);
                let mut link = group_link(id.clone(), &there, members.clone(), true);
                link.unmanaged_members = *unmanaged_members;
                self.apply(&StateChange::GroupLinked { key, link, sent: there });
                if changes.is_empty() {
                    return self.group_changed(index, id, now);
                }
                self.change_group(index, id, changes, now);
            }
            OperationKind::UpdateGroup { id, changes, sent } => {
                let (key, id, changes) = (key.clone(), id.clone(), changes.clone());
                if self.state.groups.get(key.as_str()).is_none() {
                    // E-10: a group to be adopted takes another name first, and is linked before that, or nobody knew whose the name is.
                    let there = reverted(GROUP, sent, &changes);
                    let link = group_link(id.clone(), &there, BTreeSet::new(), false);
                    self.apply(&StateChange::GroupLinked { key, link, sent: there });
                }
                self.change_group(index, id, changes, now);
            }
            OperationKind::DeleteGroup { id } => {
                let request = Request::delete(GROUP, id.clone());
                self.ask(index, Aim::Delete, request, now);
            }
            OperationKind::ReleaseGroup => {
                let key = key.clone();
                self.apply(&StateChange::GroupReleased { key });
                self.done(index);
            }
            OperationKind::AddMembers { users } => {
                let there = self.there(users);
                self.send_members(index, &there, &[], true, now);
            }
            OperationKind::RemoveMembers { users, unmanaged } => {
                let (there, unmanaged) = (self.there(users), unmanaged.clone());
                self.send_members(index, &there, &unmanaged, false, now);
            }
            _ => {}
        }
    }

    /// GM-04, GM-32, GM-33: the create carries the first members; who failed to be provisioned is left out.
    pub(super) fn create_group(&mut self, index: usize, not_before: SystemTime) {
        let Some(OperationKind::CreateGroup { resource, members }) = self.operations.get(index).map(|operation| &operation.kind) else {
            return;
        };
        let there = self.there(members);
        let fewer = self.positions.get(index).and_then(|position| position.first_members).unwrap_or(usize::MAX);
        let most = self.policy.members_per_request.min(fewer).max(1).min(there.len());
        let (first, rest) = there.split_at(most);
        if first.is_empty() {
            return self.held(
                index,
                Finding::new("EmptyGroup", "none of its members could be provisioned, and empty groups are not created (GM-05)"),
            );
        }
        let mut group = Group::default();
        let first: Vec<(UserKey, ResourceId)> = first.iter().filter_map(|user| Some((user.clone(), self.user_id(user)?))).collect();
        group.members = first.iter().map(|(_, id)| Member::new(id)).collect();
        let mut resource = resource.with_schemas(&GROUP.schema());
        if let Some(members) = Resource::from(group).get("members") {
            resource.attributes_mut().set("members", members.clone());
        }
        if let Some(position) = self.positions.get_mut(index) {
            // A create that is sent again has lined them up before.
            position.chunks.clear();
        }
        self.line_up(index, rest, &[], true);
        self.ask(index, Aim::Create { members: first }, Request::create(GROUP, resource), not_before);
    }

    /// Groups are changed by PATCH always: AWS has no PUT for them, and a PUT would have to carry members that are not known.
    pub(super) fn change_group(&mut self, index: usize, id: ResourceId, changes: Vec<Change>, not_before: SystemTime) {
        let patch = PatchOp::from_changes(&changes);
        if let Some(position) = self.positions.get_mut(index) {
            position.found = Some(id.clone());
            position.changes = changes;
        }
        self.ask(index, Aim::Change, Request::patch(GROUP, id, patch), not_before);
    }

    /// The group that an operation is about, if it is about one.
    pub(super) fn group_key(&self, index: usize) -> Option<GroupKey> {
        match self.operations.get(index).map(|operation| &operation.key) {
            Some(Key::Group(key)) => Some(key.clone()),
            _ => None,
        }
    }

    /// What an answer means for a group: see the table of [`Run`].
    pub(super) fn group_answered(&mut self, index: usize, aim: Aim, reply: Reply, now: SystemTime) {
        match aim {
            Aim::Create { members } => match (reply.status, reply.resource().and_then(Resource::id)) {
                (200..300, Some(id)) => self.group_created(index, id, members, now),
                (200..300, None) => self.find(index, Doubt::Unknown, now),
                (409, _) => self.find(index, Doubt::Conflict, now),
                (400 | 404, _) => self.create_with_fewer(index, members, reply, now),
                (status, _) => self.fail(index, Some(status), described("the service refused to create it", &reply)),
            },
            Aim::ReadFirstMember { user, refusal } => match reply.status {
                404 => self.create_without(index, user, now),
                200..300 if refusal.status == 400 => self.refuse(index, &refusal),
                200..300 => self.fail(index, Some(refusal.status), described("the service refused to create it", &refusal)),
                status => self.fail(index, Some(status), described("a look-up was answered", &reply)),
            },
            Aim::Change => match (reply.status, self.object(index)) {
                (200..300, Some(id)) => self.group_changed(index, id, now),
                (404, _) => self.lost_group(index),
                (409, _) => self.held(index, name_taken(&reply)),
                (400, _) => self.refuse(index, &reply),
                (status, _) => self.fail(index, Some(status), described("the service refused to change it", &reply)),
            },
            _ => {}
        }
    }

    /// A create that is refused may be so for one of its members, whom others removed: that says nothing of the group. So it carries half as many,
    /// down to one, and that one is looked at; the rest join it in chunks once it is there.
    fn create_with_fewer(&mut self, index: usize, members: Vec<(UserKey, ResourceId)>, refusal: Reply, now: SystemTime) {
        if members.iter().any(|member| !self.is_still(member)) {
            // UL-09: one of them was found to be lost meanwhile.
            return self.create_group(index, now);
        }
        let (Some(position), Some((user, id))) = (self.positions.get_mut(index), members.first().cloned()) else {
            return self.refuse(index, &refusal);
        };
        position.requests = 0;
        if members.len() > 1 {
            position.first_members = Some(members.len() / 2);
            return self.create_group(index, now);
        }
        self.ask(index, Aim::ReadFirstMember { user, refusal }, Request::read(ResourceType::User, id), now);
    }

    /// UL-09: the service has lost the user, who is looked for and created by the next run; the group is created without.
    fn create_without(&mut self, index: usize, user: UserKey, now: SystemTime) {
        self.apply(&StateChange::UserUnlinked { key: user.clone() });
        if let Some(position) = self.positions.get_mut(index) {
            position.refused.push(user);
        }
        self.create_group(index, now);
    }

    /// Linked with the members that the create carried; the rest follow in chunks. Whoever was lost meanwhile is no member, and joins by the next plan
    /// (UL-09).
    fn group_created(&mut self, index: usize, id: ResourceId, members: Vec<(UserKey, ResourceId)>, now: SystemTime) {
        let Some(key) = self.group_key(index) else { return };
        let sent = self.sent(index);
        let members = members.into_iter().filter(|member| self.is_still(member)).map(|(user, _)| user).collect();
        let link = group_link(id.clone(), &sent, members, true);
        self.apply(&StateChange::GroupLinked { key, link, sent });
        if let Some(position) = self.positions.get_mut(index) {
            position.found = Some(id);
        }
        self.next_chunk(index, now);
    }

    /// The service holds what was sent; members stay as they are known.
    pub(super) fn group_changed(&mut self, index: usize, id: ResourceId, now: SystemTime) {
        let Some(key) = self.group_key(index) else { return };
        let sent = self.sent(index);
        let before = self.state.group(&key);
        let (members, known) = before.as_ref().map(|link| (link.members.clone(), link.members_known)).unwrap_or_default();
        let mut link = group_link(id.clone(), &sent, members, known);
        link.unmanaged_members = before.is_some_and(|link| link.unmanaged_members);
        self.apply(&StateChange::GroupLinked { key, link, sent });
        let was_found = matches!(self.operations.get(index).map(|operation| &operation.kind), Some(OperationKind::CreateGroup { .. }));
        if was_found {
            // Adopted on the way: its members are read before they are changed.
            return self.read_members(index, id, now);
        }
        self.done(index);
    }

    /// A group that is gone is not created on the way: its members would have to be planned anew. The next run does both.
    pub(super) fn lost_group(&mut self, index: usize) {
        if let Some(key) = self.group_key(index) {
            self.apply(&StateChange::GroupUnlinked { key });
        }
        self.fail(index, Some(404), "the service does not have it any more; the next run looks for it again".to_owned());
    }

    /// Adopts the group that was found, reads its members, and goes on from there.
    pub(super) fn group_found(&mut self, index: usize, resource: &Resource, now: SystemTime) {
        let (Some(id), Some(key)) = (resource.id(), self.group_key(index)) else {
            return;
        };
        let is_anothers = self.state.group_owner(&id).is_some_and(|owner| owner != key);
        if is_anothers || self.leaving.contains(&id) {
            let message = "the service's group with its name or externalId belongs to another group of the directory";
            return self.held(index, Finding::new("NameTaken", message).with_remedy("rename one of the two"));
        }
        if let Some(carried) = self.carries_anothers(index, resource) {
            return self.held(index, carries_anothers("group", &id, &carried));
        }
        if let Some(protection) = self.policy.protected.of_resource(GROUP, resource) {
            return self.held(index, protected(GROUP, &protection));
        }
        self.set_uncertain(index, false);
        let there = managed(resource, &self.managed_group);
        let changes = changes(&there, &self.sent(index));
        let link = group_link(id.clone(), &there, BTreeSet::new(), false);
        self.apply(&StateChange::GroupLinked { key, link, sent: there });
        if let Some(position) = self.positions.get_mut(index) {
            position.found = Some(id.clone());
            position.chunks.clear();
            position.requests = 0;
        }
        if !changes.is_empty() {
            return self.change_group(index, id, changes, now);
        }
        self.read_members(index, id, now);
    }
}
