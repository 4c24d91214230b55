//! Which records are searched, how, and what an answer says.
//!
//! | answered to | with | means |
//! | --- | --- | --- |
//! | a page of a list by cursor | a next page | it is asked for |
//! | | no next page | the list is complete: what is not on it is not there |
//! | a list without cursor | as many as a page may have | cut: what it does not show is looked up (IC-20) |
//! | a list by cursor | 400 | the service has no cursors (E-12): one plain list instead |
//! | a look-up by `externalId` | one with exactly that | found; a service that ignores the filter shows others, which say nothing |
//! | | none | the name is asked for |
//! | a look-up by name | none | not there |
//! | any | 5xx, lost, unreadable | asked again, and then not known, which is not the same as not there |
//!
//! Only for a request of an earlier run a look-up links at once: what carries our identifier and was about to be created is what was created (UL-03).

use std::collections::BTreeSet;
use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{AttrPath, ExternalId, Filter, Resource, ResourceId};

use crate::desired::Answer;
use crate::discovery::strategy::Objects;
use crate::discovery::{Aim, Discovery};
use crate::exchange::described;
use crate::key::{Key, UserKey};
use crate::look::{Subject, Way};
use crate::name::folded;
use crate::observed::{Found, name_filter, name_of};
use crate::plan::managed;
use crate::state::{Digest, Intent, StateChange};
use crate::step::Stopped;

/// A record that is searched: its externalId and its name.
struct Wanted {
    key: Key,
    external_id: Option<String>,
    name: Option<String>,
}

impl Discovery<'_> {
    /// Lines up what must be known of records that are not linked. The members of groups are asked for later, when it is known which groups are
    /// there.
    pub(super) fn search(&mut self, now: SystemTime) {
        let held = self.held();
        let users = self.wanted_users(&held);
        let reads = if self.is_full() { self.linked_users().count() } else { 0 };
        self.list_or_find(ResourceType::User, users, reads, now);
        if self.policy.manages_groups() {
            let groups = self.wanted_groups(&held);
            let reads = if self.is_full() { self.linked_groups().filter(|(_, link)| !link.released).count() } else { 0 };
            self.list_or_find(ResourceType::Group, groups, reads, now);
        }
    }

    /// The users that are not linked and must be known before they are created, or were never searched under their name.
    fn wanted_users(&self, held: &BTreeSet<Key>) -> Vec<Wanted> {
        let users = self.desired_users().filter_map(|(key, answer)| {
            let any = Key::from(key.clone());
            let Answer::Want(user) = answer else { return None };
            let is_lost = self.state.user(&key).is_some_and(|link| self.observed.users().is_gone(&link.id));
            if held.contains(&any) {
                return None;
            }
            let name = name_of(ResourceType::User, &user.resource);
            if self.state.user(&key).is_some() && !is_lost {
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
        let groups = self.desired_groups().filter_map(|(key, answer)| {
            let any = Key::from(key.clone());
            let Answer::Want(group) = answer else { return None };
            if held.contains(&any) {
                return None;
            }
            let name = name_of(ResourceType::Group, &group.resource);
            let link = self.state.group(&key).filter(|link| !self.observed.groups().is_gone(&link.id));
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

    /// Sees what must be seen in the cheapest way.
    fn list_or_find(&mut self, resource_type: ResourceType, wanted: Vec<Wanted>, reads: usize, now: SystemTime) {
        let (subject, there) = match resource_type {
            ResourceType::Group => (Subject::Groups, self.state.groups.table().len()),
            _ => (Subject::Users, self.state.linked_users()),
        };
        let look_ups = wanted.iter().map(|wanted| 1 + usize::from(wanted.external_id.is_some())).sum();
        let strangers = self.is_full() && self.scope.is_all() && resource_type == ResourceType::Group;
        let way = Objects { look_ups, reads, there, strangers }.cheapest(self.abilities(), self.shortest_cap());
        self.chose(subject, way, reason(wanted.len(), reads));
        match way {
            Way::Nothing => {}
            Way::CursorList | Way::PlainList => {
                let query = if self.has_cursor { ListQuery::first_page(None) } else { ListQuery::default() };
                let request = Request::list(resource_type, query.clone());
                self.ask(Aim::Page { resource_type, query }, request, now);
            }
            // What is linked and not seen is read behind it.
            _ => self.find_all(resource_type, wanted, now),
        }
    }

    /// The shortest list that may be cut.
    pub(super) fn shortest_cap(&self) -> Option<usize> {
        self.policy.page_caps.iter().copied().min()
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
            ResourceType::Group => self.owner_of_group(&id).is_some(),
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
                let linked = match resource_type {
                    ResourceType::Group => self.state.groups.table().len(),
                    _ => self.state.linked_users(),
                };
                // What is certainly cut shows nothing that need not be asked for all the same.
                if self.shortest_cap().is_some_and(|cap| linked >= cap) {
                    return self.find_missing(resource_type, now);
                }
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

    /// Asks for linked objects that were not seen: where a complete list does not show them, only a 404 is evidence that they are gone; and where
    /// everything is looked at, each must be seen.
    pub(super) fn confirm(&mut self, now: SystemTime) {
        let must_see = self.is_full();
        let unseen = |resource_type, id: &ResourceId| {
            let sightings = self.observed.of(resource_type);
            (sightings.is_complete() || must_see) && sightings.get(id).is_none() && !sightings.is_gone(id)
        };
        let is_idle = |resource_type| !must_see && !self.observed.of(resource_type).is_complete();
        let mut reads = Vec::new();
        if !is_idle(ResourceType::User) {
            let users = self.linked_users().filter(|(_, link)| unseen(ResourceType::User, &link.id));
            reads.extend(users.map(|(key, link)| (ResourceType::User, Key::from(key), link.id)));
        }
        if self.policy.manages_groups() && !is_idle(ResourceType::Group) {
            let groups = self.linked_groups().filter(|(_, link)| !link.released && unseen(ResourceType::Group, &link.id));
            reads.extend(groups.map(|(key, link)| (ResourceType::Group, Key::from(key), link.id)));
        }
        for (resource_type, key, id) in reads {
            self.read(resource_type, key, id, now);
        }
    }
}

/// What there is to see, for people.
fn reason(wanted: usize, reads: usize) -> String {
    let find = match wanted {
        0 => String::new(),
        1 => "1 record to find".to_owned(),
        _ => format!("{wanted} records to find"),
    };
    match (find.is_empty(), reads) {
        (_, 0) => find,
        (true, _) => format!("{reads} linked to compare"),
        (false, _) => format!("{find}, {reads} linked to compare"),
    }
}

/// A service that ignores a filter, or compares without case, shows what was not asked for.
fn is_exactly(resource: &Resource, external_id: &str) -> bool {
    resource.external_id().is_some_and(|found| found.as_str() == external_id)
}
