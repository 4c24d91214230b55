//! Which records are searched, how, and what an answer says.

use std::collections::BTreeSet;
use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{AttrPath, ExternalId, Filter, Resource, ResourceId};

use crate::desired::Answer;
use crate::discovery::{Aim, Discovery};
use crate::exchange::described;
use crate::key::{Key, UserKey};
use crate::name::folded;
use crate::observed::{Found, name_filter, name_of};
use crate::plan::{Matched, correlate, duplicates, managed};
use crate::scope::Scope;
use crate::state::{Digest, Intent, StateChange};
use crate::step::Stopped;

/// A record that is searched: its externalId and its name.
struct Wanted {
    key: Key,
    external_id: Option<String>,
    name: Option<String>,
}

/// The objects on a full page of a list.
const PAGE: usize = 100;

impl Discovery<'_> {
    /// Lines up what must be known of records that are not linked. The members of groups are asked for later, when it is known which groups are
    /// there.
    pub(super) fn search(&mut self, now: SystemTime) {
        let held = self.held();
        let users = self.wanted_users(&held);
        self.list_or_find(ResourceType::User, users, self.state.linked_users(), now);
        if self.policy.manages_groups() {
            let groups = self.wanted_groups(&held);
            let linked = self.state.groups().count();
            self.list_or_find(ResourceType::Group, groups, linked, now);
        }
    }

    /// The users that are not linked and must be known before they are created, or were never searched under their name.
    fn wanted_users(&self, held: &BTreeSet<Key>) -> Vec<Wanted> {
        let users = self.desired.users().filter_map(|(key, answer)| {
            let any = Key::from(key.clone());
            let Answer::Want(user) = answer else { return None };
            let is_lost = self.state.user(key).is_some_and(|link| self.observed.users().is_gone(&link.id));
            if held.contains(&any) {
                return None;
            }
            let name = name_of(ResourceType::User, &user.resource);
            if self.state.user(key).is_some() && !is_lost {
                // Somebody stood in the way of exactly this: whether they still do costs a look, not a write.
                let sent = Digest::of(&managed(&user.resource, self.desired.managed_user()));
                let conflict = self.state.refusals.get(&any).filter(|refusal| refusal.is_conflict() && refusal.digest == sent);
                return conflict.map(|_| Wanted { key: any, external_id: None, name: name.map(ToOwned::to_owned) });
            }
            let was_searched = self.state.searched.get(&any).map(String::as_str) == name;
            if (!self.policy.creates(user.is_active()) && was_searched)
                || self.was_refused(&any, &user.resource, self.desired.managed_user())
            {
                return None;
            }
            let external_id = user.resource.external_id().map(String::from);
            Some(Wanted { key: any, external_id, name: name.map(ToOwned::to_owned) })
        });
        users.collect()
    }

    /// The records that the plan will hold as duplicates; nothing is looked up for them.
    fn held(&self) -> BTreeSet<Key> {
        duplicates(self.desired, &self.state, self.policy, &Scope::all()).held_keys()
    }

    /// E-11: whether the service refused exactly this, so that it is not sent, and need not be searched.
    fn was_refused(&self, key: &Key, resource: &Resource, paths: &[AttrPath]) -> bool {
        let refusal = self.state.refusals.get(key).filter(|refusal| !refusal.is_conflict());
        refusal.is_some_and(|refusal| refusal.digest == Digest::of(&managed(resource, paths)))
    }

    /// The groups that are not linked, and the linked ones that get another name, which may be taken.
    fn wanted_groups(&self, held: &BTreeSet<Key>) -> Vec<Wanted> {
        let provisionable = |user: &UserKey| {
            let is_held = held.contains(&Key::from(user.clone()));
            !is_held
                && self
                    .desired
                    .wanted_user(user)
                    .is_some_and(|wanted| self.policy.creates(wanted.is_active()) || self.state.user(user).is_some())
        };
        let groups = self.desired.groups().filter_map(|(key, answer)| {
            let any = Key::from(key.clone());
            let Answer::Want(group) = answer else { return None };
            if held.contains(&any) {
                return None;
            }
            let name = name_of(ResourceType::Group, &group.resource);
            let link = self.state.group(key).filter(|link| !self.observed.groups().is_gone(&link.id));
            match link {
                Some(link) => {
                    let renamed = name.is_some_and(|name| folded(name) != folded(&link.display_name));
                    renamed.then(|| Wanted { key: any, external_id: None, name: name.map(ToOwned::to_owned) })
                }
                None => {
                    let was_searched = self.state.searched.get(&any).map(String::as_str) == name;
                    let is_refused = self.was_refused(&any, &group.resource, self.desired.managed_group());
                    if is_refused || (was_searched && !group.members.iter().any(provisionable)) {
                        return None;
                    }
                    let external_id = group.resource.external_id().map(String::from);
                    Some(Wanted { key: any, external_id, name: name.map(ToOwned::to_owned) })
                }
            }
        });
        groups.collect()
    }

    /// Walks the whole list where that costs no more requests than looking each record up.
    fn list_or_find(&mut self, resource_type: ResourceType, wanted: Vec<Wanted>, linked: usize, now: SystemTime) {
        let look_ups: usize = wanted.iter().map(|wanted| 1 + usize::from(wanted.external_id.is_some())).sum();
        if wanted.is_empty() {
            return;
        }
        let pages = linked / PAGE + 1;
        if look_ups >= pages {
            let query = if self.has_cursor { ListQuery::first_page(None) } else { ListQuery::default() };
            let request = Request::list(resource_type, query.clone());
            return self.ask(Aim::Page { resource_type, query }, request, now);
        }
        self.find_all(resource_type, wanted, now);
    }

    /// Looks each record up by itself.
    fn find_all(&mut self, resource_type: ResourceType, wanted: Vec<Wanted>, now: SystemTime) {
        for Wanted { key, external_id, name } in wanted {
            self.find(resource_type, key, external_id, name, now);
        }
    }

    /// Looks one record up: by externalId, then by name.
    pub(super) fn find(
        &mut self,
        resource_type: ResourceType,
        key: Key,
        external_id: Option<String>,
        name: Option<String>,
        now: SystemTime,
    ) {
        let filter = external_id.as_deref().and_then(|id| ExternalId::new(id).ok()).map(|id| Filter::external_id(&id));
        match (external_id, filter, name) {
            (Some(external_id), Some(filter), name) => {
                let request = Request::list(resource_type, ListQuery::filtered(filter));
                self.ask(Aim::ByExternalId { resource_type, key, external_id, name }, request, now);
            }
            (_, _, Some(name)) => {
                let request = Request::list(resource_type, ListQuery::filtered(name_filter(resource_type, &name)));
                self.ask(Aim::ByName { resource_type, key, name }, request, now);
            }
            (_, _, None) => {}
        }
    }

    /// Takes the answer to a list or a look-up.
    pub(super) fn found(&mut self, aim: Aim, tries: u32, reply: Reply, now: SystemTime) {
        let Some(page) = Self::page(&reply).cloned() else {
            return self.not_found(aim, tries, &reply, now);
        };
        match aim {
            Aim::Page { resource_type, query } => {
                let count = page.resources().len();
                let next = page.next_cursor().cloned();
                for resource in page.into_resources() {
                    self.observed.of_mut(resource_type).see(resource);
                }
                match next {
                    Some(next) if query.paging == Paging::From(next.clone()) => {
                        let reason = format!("the list of {} repeats its cursor", resource_type.endpoint());
                        self.stop(Stopped::Unreadable { reason });
                    }
                    Some(next) => {
                        let query = query.next_page(next);
                        let request = Request::list(resource_type, query.clone());
                        self.ask(Aim::Page { resource_type, query }, request, now);
                    }
                    // IC-20: a list without a cursor that is exactly as long as a page may be cut; nothing follows from what is not on it.
                    None if query.paging == Paging::None && self.policy.page_caps.contains(&count) => {
                        self.find_missing(resource_type, now);
                    }
                    None => self.observed.of_mut(resource_type).complete(),
                }
            }
            Aim::ByExternalId { resource_type, key, external_id, name } => {
                let ours: Vec<Resource> = page.resources().iter().filter(|resource| is_exactly(resource, &external_id)).cloned().collect();
                let is_there = !ours.is_empty();
                self.take_created(resource_type, &key, &ours);
                for resource in page.into_resources() {
                    self.observed.of_mut(resource_type).see(resource);
                }
                self.observed.of_mut(resource_type).searched_external_id(external_id);
                match name {
                    _ if is_there => {}
                    Some(name) => self.find(resource_type, key, None, Some(name), now),
                    // The request of the earlier run left nothing, or what it left is somebody else's by now.
                    None if self.is_pending_create(&key) => self.apply(&StateChange::Settled { key }),
                    None => {}
                }
            }
            Aim::ByName { resource_type, key, name } => {
                if self.is_pending_create_by_name(&key) {
                    let same = |resource: &&Resource| name_of(resource_type, resource).is_some_and(|found| folded(found) == folded(&name));
                    let ours: Vec<Resource> = page.resources().iter().filter(same).cloned().collect();
                    self.take_created(resource_type, &key, &ours);
                }
                for resource in page.into_resources() {
                    self.observed.of_mut(resource_type).see(resource);
                }
                self.observed.of_mut(resource_type).searched_name(&name);
                if self.is_pending_create(&key) {
                    // Not found under our own identifier: the request of the earlier run left nothing.
                    self.apply(&StateChange::Settled { key });
                }
            }
            _ => {}
        }
    }

    /// Whether an earlier run was about to create this record, so that what is found now may be what it created.
    fn is_pending_create(&self, key: &Key) -> bool {
        matches!(self.state.intents.get(key), Some(Intent::CreateUser { .. } | Intent::CreateGroup { .. }))
    }

    /// Whether an earlier run was about to create it without an identifier of ours (AM-00 off), so that only the name finds it again.
    fn is_pending_create_by_name(&self, key: &Key) -> bool {
        matches!(
            self.state.intents.get(key),
            Some(Intent::CreateUser { external_id: None, .. } | Intent::CreateGroup { external_id: None, .. })
        )
    }

    /// Links at once what an earlier run was about to create: exactly one object, which is nobody else's.
    fn take_created(&mut self, resource_type: ResourceType, key: &Key, found: &[Resource]) {
        let [resource] = found else { return };
        let Some(id) = resource.id().filter(|_| self.is_pending_create(key)) else { return };
        let is_anothers = match resource_type {
            ResourceType::Group => self.state.groups().any(|(_, link)| link.id == id),
            _ => self.state.owner(&id).is_some(),
        };
        if !is_anothers {
            self.take(key, resource);
        }
    }

    /// What an answer that is no page means: another way to ask, the same question again, or the end of looking.
    fn not_found(&mut self, aim: Aim, tries: u32, reply: &Reply, now: SystemTime) {
        match aim {
            // E-12: whether there are cursors is found out, not believed.
            Aim::Page { resource_type, query } if reply.status == 400 && query.paging == Paging::FirstPage => {
                self.has_cursor = false;
                let query = ListQuery::default();
                let request = Request::list(resource_type, query.clone());
                self.ask(Aim::Page { resource_type, query }, request, now);
            }
            Aim::Page { resource_type, query } if reply.status == 400 && query.paging == Paging::None => {
                self.find_missing(resource_type, now);
            }
            Aim::Page { resource_type, query } => {
                let request = Request::list(resource_type, query.clone());
                if reply.is_success() {
                    return self.retry(Aim::Page { resource_type, query }, request, tries, reply, now);
                }
                let reason = described(&format!("asked for {}, it answered", resource_type.endpoint()), reply);
                self.stop(Stopped::Unreadable { reason });
            }
            Aim::ByExternalId { resource_type, ref external_id, .. } => {
                let filter = ExternalId::new(external_id.as_str()).map(|id| Filter::external_id(&id));
                if let Ok(filter) = filter {
                    let request = Request::list(resource_type, ListQuery::filtered(filter));
                    self.retry(aim, request, tries, reply, now);
                }
            }
            Aim::ByName { resource_type, ref name, .. } => {
                let request = Request::list(resource_type, ListQuery::filtered(name_filter(resource_type, name)));
                self.retry(aim, request, tries, reply, now);
            }
            _ => {}
        }
    }

    /// Looks up what a list that may be cut did not show.
    fn find_missing(&mut self, resource_type: ResourceType, now: SystemTime) {
        let held = self.held();
        let wanted = match resource_type {
            ResourceType::Group => self.wanted_groups(&held),
            _ => self.wanted_users(&held),
        };
        let sightings = self.observed.of(resource_type);
        let is_missing = |wanted: &Wanted| {
            let by_id = wanted.external_id.as_deref().map(|id| sightings.by_external_id(id));
            !matches!(by_id, Some(Found::One(_)))
        };
        let missing: Vec<Wanted> = wanted.into_iter().filter(is_missing).collect();
        self.find_all(resource_type, missing, now);
    }

    /// Asks for linked objects that a complete list does not show: only a 404 is evidence that one is gone.
    pub(super) fn confirm(&mut self, now: SystemTime) {
        let unseen = |resource_type, id: &ResourceId| {
            let sightings = self.observed.of(resource_type);
            sightings.is_complete() && sightings.get(id).is_none() && !sightings.is_gone(id)
        };
        let users = self.state.users().filter(|(_, link)| unseen(ResourceType::User, &link.id));
        let users: Vec<_> = users.map(|(key, link)| (ResourceType::User, Key::from(key.clone()), link.id.clone())).collect();
        let groups = self.state.groups().filter(|(_, link)| !link.released && unseen(ResourceType::Group, &link.id));
        let groups: Vec<_> = groups.map(|(key, link)| (ResourceType::Group, Key::from(key.clone()), link.id.clone())).collect();
        for (resource_type, key, id) in users.into_iter().chain(groups) {
            self.read(resource_type, key, id, now);
        }
    }

    /// Asks who is in the groups that are adopted, associated again, or whose members are not known.
    pub(super) fn read_members(&mut self, now: SystemTime) {
        if !self.policy.manages_groups() {
            return;
        }
        let held = self.held();
        // The same matching as that of the plan, over what has been seen: both must mean the same groups.
        let correlation = correlate(self.desired, &self.observed, &self.state, &held, &Scope::all());
        let adopted = correlation.adopted().filter(|(key, _)| matches!(key, Key::User(_)));
        self.adopted_users = adopted.map(|(_, id)| id.clone()).collect();
        // Whoever is adopted now may be a member of a group that was taken over before, as nobody's.
        let adopts_users = !self.adopted_users.is_empty();
        let mut groups = BTreeSet::new();
        for (key, answer) in self.desired.groups() {
            if !matches!(answer, Answer::Want(_)) || held.contains(&Key::from(key.clone())) {
                continue;
            }
            match self.state.group(key).filter(|link| !self.observed.groups().is_gone(&link.id)) {
                Some(link) if link.released || !link.members_known || (adopts_users && link.unmanaged_members) => {
                    groups.insert(link.id.clone());
                }
                Some(_) => {}
                None => {
                    if let Some(Matched::One(id, _)) = correlation.found(&key.clone().into()) {
                        groups.insert(id.clone());
                    }
                }
            }
        }
        let mut groups = groups.into_iter();
        // The first answer tells whether the service has the filter; the others are asked for behind it.
        let first = groups.next();
        self.waiting_groups = groups.collect();
        if let Some(first) = first {
            self.ask_members(first, now);
        }
    }

    /// Asks for all members of a group in one list where the service has the filter, else for each of our users.
    fn ask_members(&mut self, group: ResourceId, now: SystemTime) {
        self.members.insert(group.clone(), BTreeSet::new());
        if self.has_member_filter {
            let filter = Filter::members_of(&group);
            let query = if self.has_cursor { ListQuery::first_page(Some(filter)) } else { ListQuery::filtered(filter) };
            let request = Request::list(ResourceType::User, query.clone());
            self.ask(Aim::MembersPage { group, query }, request, now);
        } else {
            self.check_each(group, now);
        }
    }

    /// Asks for the groups that waited for the first answer.
    pub(super) fn ask_waiting_groups(&mut self, now: SystemTime) {
        for group in std::mem::take(&mut self.waiting_groups) {
            self.ask_members(group, now);
        }
    }

    /// E-12: without a membership filter, each of our users is asked for one by one; where the others are known, only who is adopted now.
    fn check_each(&mut self, group: ResourceId, now: SystemTime) {
        let adopted = self.adopted_users.iter().cloned();
        let known = self.state.groups().map(|(_, link)| link).find(|link| link.id == group && link.members_known && !link.released);
        let users: BTreeSet<ResourceId> = match known {
            Some(link) => {
                let members = link.members.iter().filter_map(|user| self.state.user(user)).map(|user| user.id.clone());
                self.members.insert(group.clone(), members.collect());
                adopted.collect()
            }
            None => self.state.users().map(|(_, link)| link.id.clone()).chain(adopted).collect(),
        };
        self.observed.asked_one_by_one(group.clone());
        if users.is_empty() {
            self.observed.set_members(group, BTreeSet::new());
            return;
        }
        self.pending_members.insert(group.clone(), users.len());
        for user in users {
            let query = ListQuery::filtered(Filter::membership(&group, &user));
            let request = Request::list(ResourceType::Group, query);
            self.ask(Aim::MemberCheck { group: group.clone(), user }, request, now);
        }
    }

    /// Takes an answer about members.
    pub(super) fn member_answer(&mut self, aim: Aim, tries: u32, reply: Reply, now: SystemTime) {
        let page = Self::page(&reply).cloned();
        match (aim, page) {
            (Aim::Membership { group, users, adds, .. }, Some(page)) => {
                let is_member = !page.resources().is_empty();
                let users: BTreeSet<UserKey> = users.into_iter().collect();
                let change = match (adds, is_member) {
                    (true, true) => StateChange::MembersChanged { key: group, added: users, removed: BTreeSet::new() },
                    (false, false) => StateChange::MembersChanged { key: group, added: BTreeSet::new(), removed: users },
                    _ => StateChange::Settled { key: group.into() },
                };
                self.apply(&change);
            }
            (Aim::MembersPage { group, query }, Some(page)) => {
                self.ask_waiting_groups(now);
                let count = page.resources().len();
                if let Some(members) = self.members.get_mut(&group) {
                    members.extend(page.resources().iter().filter_map(Resource::id));
                }
                for resource in page.resources() {
                    self.observed.see_member(resource.clone());
                }
                match page.next_cursor() {
                    Some(next) => {
                        let query = query.next_page(next.clone());
                        let request = Request::list(ResourceType::User, query.clone());
                        self.ask(Aim::MembersPage { group, query }, request, now);
                    }
                    None if query.paging == Paging::None && self.policy.page_caps.contains(&count) => self.check_each(group, now),
                    None => self.members_read(group),
                }
            }
            (Aim::MemberCheck { group, user }, Some(page)) => {
                if !page.resources().is_empty()
                    && let Some(members) = self.members.get_mut(&group)
                {
                    members.insert(user);
                }
                self.member_checked(group);
            }
            // "filter querying with a nonexisting member" is a 404, and says that the user is in no group.
            (Aim::MemberCheck { group, .. }, None) if reply.status == 404 => self.member_checked(group),
            (Aim::MembersPage { group, .. }, None) if reply.status == 400 => {
                self.has_member_filter = false;
                self.ask_waiting_groups(now);
                self.check_each(group, now);
            }
            (Aim::Membership { group, .. }, None) if !reply.is_success() => {
                self.members_unknown(group);
            }
            (aim, None) => {
                let resource_type = if matches!(aim, Aim::MembersPage { .. }) { ResourceType::User } else { ResourceType::Group };
                let query = match &aim {
                    Aim::MembersPage { query, .. } => query.clone(),
                    Aim::MemberCheck { group, user } => ListQuery::filtered(Filter::membership(group, user)),
                    Aim::Membership { group, probe, .. } => match (self.state.group(group), self.state.user(probe)) {
                        (Some(group), Some(user)) => ListQuery::filtered(Filter::membership(&group.id, &user.id)),
                        _ => return self.members_unknown(group.clone()),
                    },
                    _ => return,
                };
                self.retry(aim, Request::list(resource_type, query), tries, &reply, now);
            }
            _ => {}
        }
    }

    /// Counts the answers for a group; its members are known only when the last one is there.
    fn member_checked(&mut self, group: ResourceId) {
        if let Some(pending) = self.pending_members.get_mut(&group) {
            *pending -= 1;
            if *pending == 0 {
                self.pending_members.remove(&group);
                self.members_read(group);
            }
        }
    }

    fn members_read(&mut self, group: ResourceId) {
        if let Some(members) = self.members.remove(&group) {
            self.observed.set_members(group, members);
        }
    }
}

/// A service that ignores a filter, or compares without case, shows what was not asked for.
fn is_exactly(resource: &Resource, external_id: &str) -> bool {
    resource.external_id().is_some_and(|found| found.as_str() == external_id)
}
