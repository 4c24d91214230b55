//! Who is in the groups of the service, and how it is asked.
//!
//! AWS shows no members in a group, so they are asked for by filter, in whichever way takes the fewest requests:
//!
//! | way | a request for each | shows those who are nobody's |
//! | --- | --- | --- |
//! | users by `groups.value eq` | page of each group's members | yes |
//! | groups by `members.value eq` | user | no |
//! | groups by identifier and member | user of each group | no |
//!
//! A service without the first two filters answers 400 to the first request that has one (E-12); the others wait for that answer, so that it is asked
//! once and not for every group. Members are known when the last answer for their group is there, and not at all if one of them failed: the group is
//! then left as it is.

use std::collections::BTreeSet;
use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{Filter, Resource, ResourceId};

use crate::desired::Answer;
use crate::discovery::strategy::{Memberships, pages};
use crate::discovery::{Aim, Discovery};
use crate::key::{Key, UserKey};
use crate::look::{Subject, Way};
use crate::plan::Matched;
use crate::policy::Correction;
use crate::state::StateChange;

impl Discovery<'_> {
    /// Asks who is in the groups that are adopted, associated again, or whose members are not known; and in every group that is managed, where
    /// everything is looked at.
    pub(super) fn read_members(&mut self, now: SystemTime) {
        if !self.policy.manages_groups() {
            return;
        }
        let held = self.held();
        let correlation = self.correlation(&held);
        let adopted = correlation.adopted().filter(|(key, _)| matches!(key, Key::User(_)));
        self.adopted_users = adopted.map(|(_, id)| id.clone()).collect();
        // Whoever is adopted now may be a member of a group that was taken over before, as nobody's.
        let adopts_users = !self.adopted_users.is_empty();
        let (mut whole, mut taken_over, mut compared) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut whole_pages = 0;
        let mut taken_over_pages = 0;
        for (key, answer) in self.desired_groups() {
            if !matches!(answer, Answer::Want(_)) || held.contains(&Key::from(key.clone())) {
                continue;
            }
            match self.state.group(&key).filter(|link| !self.observed.groups().is_gone(&link.id)) {
                Some(link) if link.released || !link.members_known => {
                    whole_pages += pages(link.members.len());
                    whole.insert(link.id.clone());
                }
                Some(link) if self.is_full() => {
                    whole_pages += pages(link.members.len());
                    whole.insert(link.id.clone());
                    if self.policy.drift.members == Correction::Report && !(adopts_users && link.unmanaged_members) {
                        compared.insert(link.id.clone());
                    }
                }
                Some(link) if adopts_users && link.unmanaged_members => {
                    taken_over_pages += pages(link.members.len());
                    taken_over.insert(link.id.clone());
                }
                Some(_) => {}
                None => {
                    if let Some(Matched::One(id, _)) = correlation.found(&key.into()) {
                        whole_pages += 1;
                        whole.insert(id.clone());
                    }
                }
            }
        }
        self.only_compared = compared;
        let users = self.state.linked_users() + self.adopted_users.len();
        let all = Memberships { groups: whole.len(), pages: whole_pages, users, strangers: true };
        let some = Memberships { groups: taken_over.len(), pages: taken_over_pages, users: self.adopted_users.len(), strangers: false };
        let way = all.cheapest(self.abilities());
        if way != Way::Nothing {
            self.chose(Subject::Members, way, of_groups(whole.len()));
        }
        match some.cheapest(self.abilities()) {
            Way::Nothing => {}
            Way::MembersValue => {
                self.chose(
                    Subject::Members,
                    Way::MembersValue,
                    format!("{} adopted, who may be in {}", self.adopted_users.len(), of_groups(taken_over.len())),
                );
                self.walk_users(taken_over, now);
            }
            _ => {
                whole.extend(taken_over);
                let way = if self.has_member_filter { Way::GroupsValue } else { Way::PointChecks };
                self.chose(Subject::Members, way, of_groups(whole.len()));
            }
        }
        let mut groups = whole.into_iter();
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
            Some(link) if !self.is_full() => {
                let members = link.members.iter().filter_map(|user| self.state.user(user)).map(|user| user.id.clone());
                self.members.insert(group.clone(), members.collect());
                adopted.collect()
            }
            _ => self.state.users().map(|(_, link)| link.id.clone()).chain(adopted).collect(),
        };
        self.observed.asked_one_by_one(group.clone());
        if users.is_empty() {
            return self.members_read(group);
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
            (Aim::GroupsOf { user, query }, Some(page)) => {
                self.walk_waiting_users(now);
                let count = page.resources().len();
                for group in page.resources().iter().filter_map(Resource::id).filter(|group| self.walked_groups.contains(group)) {
                    if let Some(members) = self.members.get_mut(&group) {
                        members.insert(user.clone());
                    }
                }
                match page.next_cursor() {
                    Some(next) => {
                        let query = query.next_page(next.clone());
                        let request = Request::list(ResourceType::Group, query.clone());
                        self.ask(Aim::GroupsOf { user, query }, request, now);
                    }
                    None if query.paging == Paging::None && self.policy.page_caps.contains(&count) => self.check_walked(now),
                    None => self.walked(),
                }
            }
            // A user who is not there is in no group.
            (Aim::GroupsOf { .. }, None) if reply.status == 404 => {
                self.walk_waiting_users(now);
                self.walked();
            }
            (Aim::GroupsOf { .. }, None) if reply.status == 400 => {
                self.has_member_filter = false;
                self.check_walked(now);
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
                    Aim::MembersPage { query, .. } | Aim::GroupsOf { query, .. } => query.clone(),
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

    /// All members of a group were read: they go into what was observed or, if they were read to be compared only, beside it.
    fn members_read(&mut self, group: ResourceId) {
        let Some(members) = self.members.remove(&group) else { return };
        if self.only_compared.contains(&group) {
            self.compared.insert(group, members);
        } else {
            self.observed.set_members(group, members);
        }
    }

    /// Asks for the groups of each user, where that is fewer requests than the members of each group. The first answer tells whether the service
    /// has the filter.
    fn walk_users(&mut self, groups: BTreeSet<ResourceId>, now: SystemTime) {
        for group in &groups {
            let known = self.known_members(group);
            self.members.insert(group.clone(), known);
            self.observed.asked_one_by_one(group.clone());
        }
        self.walked_groups = groups;
        let mut users: Vec<ResourceId> = self.adopted_users.iter().cloned().collect();
        self.open_walks = users.len();
        if let Some(first) = users.pop() {
            self.waiting_users = users;
            self.walk(first, now);
        }
    }

    /// Asks for the groups of one user, page by page.
    fn walk(&mut self, user: ResourceId, now: SystemTime) {
        let filter = Filter::groups_of(&user);
        let query = if self.has_cursor { ListQuery::first_page(Some(filter)) } else { ListQuery::filtered(filter) };
        let request = Request::list(ResourceType::Group, query.clone());
        self.ask(Aim::GroupsOf { user, query }, request, now);
    }

    /// Asks for the users that waited for the first answer.
    pub(super) fn walk_waiting_users(&mut self, now: SystemTime) {
        for user in std::mem::take(&mut self.waiting_users) {
            self.walk(user, now);
        }
    }

    /// Counts the users that were walked; with the last one, the members of all groups are known.
    fn walked(&mut self) {
        self.open_walks = self.open_walks.saturating_sub(1);
        if self.open_walks == 0 {
            for group in std::mem::take(&mut self.walked_groups) {
                self.members_read(group);
            }
        }
    }

    /// Without one of the users, none of the groups is known.
    pub(super) fn walks_failed(&mut self) {
        for group in std::mem::take(&mut self.walked_groups) {
            self.members.remove(&group);
        }
    }

    /// E-12: asks user by user and group by group instead.
    fn check_walked(&mut self, now: SystemTime) {
        self.waiting_users.clear();
        for group in std::mem::take(&mut self.walked_groups) {
            self.check_each(group, now);
        }
    }

    /// Who is remembered as a member of a group, by the service's identifiers.
    fn known_members(&self, group: &ResourceId) -> BTreeSet<ResourceId> {
        let link = self.owner_of_group(group).and_then(|key| self.state.group(&key).map(|link| link.members.clone()));
        link.iter().flatten().filter_map(|user| self.state.user(user).map(|user| user.id.clone())).collect()
    }
}

/// How many groups it was about, for people.
fn of_groups(groups: usize) -> String {
    if groups == 1 { "1 group".to_owned() } else { format!("{groups} groups") }
}
