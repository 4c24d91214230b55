//! What a run does to the members of groups, at most one request's worth at a time.
//!
//! | a chunk is answered | then |
//! | --- | --- |
//! | 2xx | its memberships are remembered, and the next chunk goes out |
//! | 400, 409 | sent in halves, each by itself, down to the member who is refused; the others are members |
//! | 404 | the group is read: if it is there, it is a member who is gone, and the chunk is sent in halves |
//! | 5xx, lost | one of its members is asked for: a PATCH is all or nothing (RFC 7644 section 3.5.2) |
//!
//! A chunk is built when it is sent and not before, because members who are created in the same run have no identifiers until then.

use std::collections::BTreeSet;
use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Reply, Request, ResourceType};
use idbridge_scim::{Filter, PatchOp, Resource, ResourceId};

use crate::exchange::described;
use crate::finding::Finding;
use crate::key::UserKey;
use crate::operation::OperationKind;
use crate::plan::protection_of_user;
use crate::run::Run;
use crate::run::task::{Aim, Chunk};
use crate::state::{GroupLink, StateChange};

impl Run {
    /// Those of these users who are there. Whoever could not be provisioned is left out and added by a later run (GM-33).
    pub(super) fn there(&self, users: &[UserKey]) -> Vec<UserKey> {
        users.iter().filter(|user| self.state.user(user).is_some()).cloned().collect()
    }

    /// Begins with the members of an operation.
    pub(super) fn send_members(&mut self, index: usize, users: &[UserKey], unmanaged: &[ResourceId], adds: bool, now: SystemTime) {
        self.line_up(index, users, unmanaged, adds);
        self.next_chunk(index, now);
    }

    /// GM-32: at most one request's worth of members in each chunk. Ours and others do not share one, because only ours are remembered.
    pub(super) fn line_up(&mut self, index: usize, users: &[UserKey], unmanaged: &[ResourceId], adds: bool) {
        let most = self.policy.members_per_request.max(1);
        let list = &self.policy.protected;
        let is_free = |user: &&UserKey| list.is_empty() || protection_of_user(list, &self.state, user).is_none();
        let users: Vec<UserKey> = users.iter().filter(is_free).cloned().collect();
        let is_free = |id: &&ResourceId| list.find(ResourceType::User, Some(id), &[], &[]).is_none();
        let unmanaged: Vec<ResourceId> = unmanaged.iter().filter(is_free).cloned().collect();
        let Some(position) = self.positions.get_mut(index) else {
            return;
        };
        let of_users = users.chunks(most).map(|users| Chunk { adds, users: users.to_vec(), unmanaged: Vec::new() });
        position.chunks.extend(of_users);
        let of_strangers = unmanaged.chunks(most).map(|ids| Chunk { adds, users: Vec::new(), unmanaged: ids.to_vec() });
        position.chunks.extend(of_strangers);
    }

    /// Sends the next members; when there are none left, the operation is over.
    pub(super) fn next_chunk(&mut self, index: usize, now: SystemTime) {
        let Some(position) = self.positions.get_mut(index) else {
            return;
        };
        position.requests = 0;
        if let Some(chunk) = position.chunks.pop_front() {
            return self.send_chunk(index, chunk, now);
        }
        let refused = std::mem::take(&mut position.refused);
        if refused.is_empty() {
            return self.done(index);
        }
        let users: Vec<&str> = refused.iter().map(UserKey::as_str).collect();
        let finding = Finding::new("MembersRefused", format!("the service refused these members: {}", users.join(", ")))
            .with_remedy("see whether they are still at the service");
        self.held(index, finding);
    }

    /// Builds the request only now, because identifiers of members are known only when their users are there.
    fn send_chunk(&mut self, index: usize, mut chunk: Chunk, not_before: SystemTime) {
        let Some(link) = self.group_link_of(index) else {
            return self.fail(index, None, "the group is not at the service".to_owned());
        };
        let id = link.id.clone();
        // Only who is named in the request is remembered by its answer: whoever was lost since it was lined up joins by the next plan (UL-09).
        chunk.users = self.there(&chunk.users);
        let members: Vec<ResourceId> = self.ids(&chunk);
        if members.is_empty() {
            return self.next_chunk(index, not_before);
        }
        let patch = if chunk.adds { PatchOp::add_members(&members) } else { PatchOp::remove_members(&members) };
        let request = Request::patch(ResourceType::Group, id, patch);
        self.ask(index, Aim::Members { chunk }, request, not_before);
    }

    /// The identifiers of those members who are at the service by now.
    fn ids(&self, chunk: &Chunk) -> Vec<ResourceId> {
        let users = chunk.users.iter().filter_map(|user| self.user_id(user));
        users.chain(chunk.unmanaged.iter().cloned()).collect()
    }

    /// The link of the group that an operation is about.
    fn group_link_of(&self, index: usize) -> Option<GroupLink> {
        self.state.group(&self.group_key(index)?)
    }

    /// What an answer about members means: see the table of [`Run`].
    pub(super) fn members_answered(&mut self, index: usize, aim: Aim, reply: Reply, now: SystemTime) {
        match aim {
            Aim::Members { chunk } => match reply.status {
                200..300 => self.chunk_done(index, &chunk, now),
                404 => {
                    // Either the group or one of the members is not there.
                    if let Some(id) = self.group_link_of(index).map(|link| link.id.clone()) {
                        let request = Request::read(ResourceType::Group, id);
                        self.ask(index, Aim::ReadGroup { chunk }, request, now);
                    }
                }
                400 | 409 => self.split(index, chunk, now),
                status => self.fail(index, Some(status), described("the service refused to change its members", &reply)),
            },
            Aim::ReadGroup { chunk } => match reply.status {
                404 => self.lost_group(index),
                _ => self.split(index, chunk, now),
            },
            Aim::CheckMember { chunk } => match reply.list().filter(|_| reply.is_success()) {
                Some(page) if page.resources().is_empty() != chunk.adds => self.chunk_done(index, &chunk, now),
                None if reply.is_success() => self.check_member(index, chunk, Some(&reply), now),
                // It did not take effect, or the service cannot tell; adding a member twice does no harm.
                _ => {
                    self.set_uncertain(index, false);
                    let at = self.later(index, now);
                    self.send_chunk(index, chunk, at);
                }
            },
            Aim::ReadMember { mut chunk } => {
                if reply.status == 404 {
                    // UL-09: the service has lost the user, who is looked for and created by the next run.
                    chunk.users.iter().for_each(|key| self.apply(&StateChange::UserUnlinked { key: key.clone() }));
                }
                if let Some(position) = self.positions.get_mut(index) {
                    position.refused.append(&mut chunk.users);
                }
                self.next_chunk(index, now);
            }
            Aim::ReadMembers { query } => self.members_page(index, query, &reply, now),
            _ => {}
        }
    }

    /// UL-03: the chunk may have taken effect. It is not sent again before somebody was asked for.
    pub(super) fn members_unknown(&mut self, index: usize, aim: Aim, now: SystemTime) {
        if let Aim::Members { chunk } = aim {
            self.check_member(index, chunk, None, now);
        }
    }

    /// Asks whether members were changed, once more if the answer before could not be read.
    fn check_member(&mut self, index: usize, chunk: Chunk, before: Option<&Reply>, now: SystemTime) {
        let group = self.group_link_of(index).map(|link| link.id.clone());
        let (Some(group), Some(user)) = (group, self.ids(&chunk).into_iter().next()) else {
            return self.next_chunk(index, now);
        };
        // RFC 7644 section 3.5.2: a PATCH is all or nothing, so one member speaks for all.
        let query = ListQuery::filtered(Filter::membership(&group, &user));
        let request = Request::list(ResourceType::Group, query);
        if let Some(reply) = before {
            return self.ask_again(index, Aim::CheckMember { chunk }, request, reply, now);
        }
        let at = self.later(index, now);
        self.ask(index, Aim::CheckMember { chunk }, request, at);
    }

    /// What took effect is remembered chunk by chunk, so that a run that ends half-way has got half-way.
    fn chunk_done(&mut self, index: usize, chunk: &Chunk, now: SystemTime) {
        self.set_uncertain(index, false);
        if let Some(key) = self.group_key(index) {
            let users: BTreeSet<UserKey> = chunk.users.iter().cloned().collect();
            let (added, removed) = if chunk.adds { (users, BTreeSet::new()) } else { (BTreeSet::new(), users) };
            self.apply(&StateChange::MembersChanged { key, added, removed });
        }
        self.next_chunk(index, now);
    }

    /// One bad member does not stop the others: what was refused together is sent in halves, down to the one.
    fn split(&mut self, index: usize, chunk: Chunk, now: SystemTime) {
        let most = self.policy.members_per_request;
        if let ([user], true) = (chunk.users.as_slice(), chunk.unmanaged.is_empty())
            && let Some(id) = self.user_id(user)
        {
            if let Some(key) = self.group_key(index) {
                self.apply(&StateChange::Settled { key: key.into() });
            }
            let request = Request::read(ResourceType::User, id);
            return self.ask(index, Aim::ReadMember { chunk }, request, now);
        }
        let Some(position) = self.positions.get_mut(index) else {
            return;
        };
        let Chunk { adds, mut users, mut unmanaged } = chunk;
        match (users.len(), unmanaged.len()) {
            (1, 0) => position.refused.append(&mut users),
            (0, 0 | 1) => {}
            (0, count) => {
                let second = unmanaged.split_off(count / 2);
                position.chunks.push_front(Chunk { adds, users: Vec::new(), unmanaged: second });
                position.chunks.push_front(Chunk { adds, users: Vec::new(), unmanaged });
            }
            (count, _) => {
                let second = users.split_off((count / 2).clamp(1, most));
                position.chunks.push_front(Chunk { adds, users: second, unmanaged: Vec::new() });
                position.chunks.push_front(Chunk { adds, users, unmanaged });
            }
        }
        self.next_chunk(index, now);
    }

    /// Asks who is in a group that was adopted on the way.
    pub(super) fn read_members(&mut self, index: usize, group: ResourceId, not_before: SystemTime) {
        let query = ListQuery::first_page(Some(Filter::members_of(&group)));
        let request = Request::list(ResourceType::User, query.clone());
        self.ask(index, Aim::ReadMembers { query }, request, not_before);
    }

    /// Walks through the members of a group that was adopted on the way.
    fn members_page(&mut self, index: usize, query: ListQuery, reply: &Reply, now: SystemTime) {
        let Some(page) = reply.list().filter(|_| reply.is_success()) else {
            if reply.is_success() {
                let request = Request::list(ResourceType::User, query.clone());
                return self.ask_again(index, Aim::ReadMembers { query }, request, reply, now);
            }
            // The group is linked, its members are marked as unknown, and the next run finds another way to read them.
            return self.fail(index, Some(reply.status), described("its members could not be read; the next run goes on", reply));
        };
        let next = page.next_cursor().cloned();
        if let Some(position) = self.positions.get_mut(index) {
            position.members.extend(page.resources().iter().filter_map(Resource::id));
            position.requests = 0;
        }
        if let Some(next) = next {
            let query = query.next_page(next);
            let request = Request::list(ResourceType::User, query.clone());
            return self.ask(index, Aim::ReadMembers { query }, request, now);
        }
        self.members_read(index, now);
    }

    /// E-6: the directory's members join; who is ours and not in the directory's group leaves; who is nobody of ours stays.
    fn members_read(&mut self, index: usize, now: SystemTime) {
        let Some(key) = self.group_key(index) else { return };
        let there = self.positions.get_mut(index).map(|position| std::mem::take(&mut position.members)).unwrap_or_default();
        let ours: BTreeSet<UserKey> = there.iter().filter_map(|id| self.state.owner(id)).collect();
        // Who joins is wanted; who leaves is not in the directory's group at all, which is less: somebody staged stays.
        let mut stays = self.created_members.get(&key).cloned().unwrap_or_default();
        let wanted = match self.operations.get(index).map(|operation| &operation.kind) {
            Some(OperationKind::CreateGroup { members, .. }) => {
                stays.extend(members.iter().cloned());
                self.there(members)
            }
            _ => Vec::new(),
        };
        if let Some(link) = self.state.group(&key) {
            let mut link = link;
            link.members = ours.clone();
            link.members_known = true;
            link.unmanaged_members = ours.len() < there.len();
            let sent = self.sent(index);
            self.apply(&StateChange::GroupLinked { key, link, sent });
        }
        let joins: Vec<UserKey> = wanted.into_iter().filter(|user| !ours.contains(user)).collect();
        // The service drops the memberships of who is deleted by itself (IC-13).
        let is_leaving = |user: &UserKey| self.user_id(user).is_some_and(|id| self.leaving.contains(&id));
        let may_leave = |user: &&UserKey| !stays.contains(*user) && !self.frozen.contains(*user) && !is_leaving(user);
        let leaves: Vec<UserKey> = if self.removes_no_members { Vec::new() } else { ours.iter().filter(may_leave).cloned().collect() };
        self.line_up(index, &leaves, &[], false);
        self.line_up(index, &joins, &[], true);
        self.next_chunk(index, now);
    }
}
