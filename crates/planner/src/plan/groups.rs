//! What becomes of each group and its members.
//!
//! | answer | linked | released | not linked |
//! | --- | --- | --- | --- |
//! | wanted | renamed or changed, members compared (GM-12, GM-14) | managed again: members read, then compared (GM-19) | see below |
//! | held | nothing | nothing | nothing |
//! | present | released: left as it is from now on (GM-16) | nothing | nothing |
//! | absent | deleted (GM-22) | its link ends, the group stays | nothing (GM-23) |
//!
//! | of a wanted group without a link, the service showed | what becomes of it | rule |
//! | --- | --- | --- |
//! | one with its identifier, or its name | taken over, with its members | GM-08, IC-17 |
//! | none, and somebody would be in it | created with those who are there or come | GM-11 |
//! | none, and nobody would be in it | not created, `EmptyGroup`; remembered as searched | GM-03, GM-05 |
//! | several, or one that is another record's | held | E-5 |
//! | nothing, because it was not looked for | held, `NotSearched` | IC-20 |
//!
//! Members are compared in one of two ways that give the same. Where they are remembered and nothing is in doubt, both sides are lists of numbers in
//! order, and one walk over both tells who joins and who leaves. Where they were read at the service, they are compared by identifiers, because there
//! may be members who are nobody's. Three things are never done to a member: whoever is held neither joins nor leaves, whoever is about to be deleted
//! does not leave first (IC-13), and who is not there and does not come does not join (GM-33).

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Resource, ResourceId, changes};

use crate::desired::{Answer, DesiredGroup, Evidence, GroupRecord, UserRecord};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::name::{Name, folded};
use crate::observed::{Found, name_of};
use crate::operation::{Match, OperationKind};
use crate::plan::correlate::is_unlinked_user;
use crate::plan::names::Duplicates;
use crate::plan::users::{anothers, refused};
use crate::plan::{Draft, Matched, group_link, is_open_user, managed};
use crate::policy::{Correction, UnmanagedMembers};
use crate::state::{Digest, Group, GroupLink, State, StateChange, User};
use crate::table::{Handle, Keyed as _, join};

impl Draft<'_> {
    /// Every group that the source or the state knows gets one answer (GM-11).
    pub(super) fn groups(&mut self, duplicates: &Duplicates) {
        let (desired, state, scope) = (self.desired, self.state, self.scope);
        let records = desired.records().groups();
        let Some(keys) = scope.keys() else {
            for (record, link) in join(records, state.groups.table()) {
                self.group(record.map(|(_, record)| record), link.map(|(_, link)| link), duplicates);
            }
            return;
        };
        let whole = keys.iter().filter_map(|key| if let Key::Group(key) = key { Some((key, None)) } else { None });
        let in_part = scope.memberships().map(|(key, users)| (key, Some(users)));
        let groups: BTreeMap<&GroupKey, Option<&BTreeSet<UserKey>>> = whole.chain(in_part).collect();
        for (key, users) in groups {
            let (record, link) = (records.get(key.as_str()), state.groups.get(key.as_str()));
            match (users, record.zip(link)) {
                (None, _) => self.group(record, link, duplicates),
                (Some(users), Some((record, link))) => self.some_memberships(record, link, users, duplicates),
                (Some(_), None) => {}
            }
        }
    }

    /// E-6: whoever is adopted may be a member of a group that was taken over before. A group that was not read again for that, because it is
    /// held or was not in the source, is read by the next run that can.
    pub(super) fn doubt_members(&mut self) {
        if !self.operations.iter().any(|operation| matches!(operation.kind, OperationKind::AdoptUser { .. })) {
            return;
        }
        let is_unread = |link: &&Group| link.members_known && self.observed.members(&link.id).is_none();
        let unread = self.state.groups.with_unmanaged().filter(is_unread);
        let doubts = unread.map(|link| StateChange::MembersUnknown { key: link.group_key().clone() });
        self.bookkeeping.extend(doubts);
    }

    /// What becomes of a group, by the answer for it and by whether it is linked. Only an absent group that is still managed is deleted.
    fn group(&mut self, record: Option<&GroupRecord>, linked: Option<&Group>, duplicates: &Duplicates) {
        let Some(key) = record.map(GroupRecord::group_key).or_else(|| linked.map(Group::group_key)) else { return };
        let any = Key::from(key.clone());
        let link = linked.filter(|link| !self.observed.groups().is_gone(&link.id));
        let unseen;
        let answer = match record {
            Some(record) => record.answer(),
            None => {
                unseen = self.desired.unseen(any.clone());
                &unseen
            }
        };
        match answer {
            Answer::Want(group) => {
                let Some(record) = record else { return };
                let label = name_of(ResourceType::Group, &group.resource).unwrap_or(key.as_str());
                if duplicates.holds_group(key) {
                    return self.hold(any.clone(), label, duplicates.finding(&any).into_iter().collect());
                }
                match link {
                    Some(link) => self.linked_group(record, &group.resource, link, label),
                    None => {
                        if linked.is_some() {
                            self.bookkeeping.push(StateChange::GroupUnlinked { key: key.clone() });
                        }
                        let Answer::Want(group) = self.desired.group(key) else { return };
                        self.unlinked_group(key, &group, label.to_owned());
                    }
                }
            }
            Answer::Hold(findings) => {
                let label = link.map(|link| link.display_name.to_string()).unwrap_or_default();
                self.hold(any, label, findings.clone());
            }
            Answer::Present(presence) => {
                let is_known = !(self.desired.is_partial() && presence.evidence == Evidence::Absence);
                if let Some(link) = link.filter(|link| !link.is_released && is_known) {
                    self.add(any, link.display_name.clone(), OperationKind::ReleaseGroup, presence.because.clone());
                }
            }
            Answer::Absent => match link {
                Some(link) if !link.is_released => {
                    let because = Because::new("GM-22", "is no longer in the directory");
                    self.add(any, link.display_name.clone(), OperationKind::DeleteGroup { id: link.id.clone() }, because);
                }
                // Disassociated before, so it is not ours to delete; or lost by the service.
                _ if linked.is_some() => self.bookkeeping.push(StateChange::GroupUnlinked { key: key.clone() }),
                _ => {}
            },
        }
    }

    /// A group that is linked: renamed or changed where it differs, managed again where it was disassociated, and its members compared.
    fn linked_group(&mut self, record: &GroupRecord, wanted: &Resource, link: &Group, label: &str) {
        let key = record.group_key();
        let is_same = record.digest() == link.digest;
        let is_read = self.observed.members(&link.id).is_some();
        if is_same && link.members_known && !link.is_released && !is_read && self.is_calm(key) {
            let (joins, leaves) = self.membership_changes(record, link);
            self.unchanged += usize::from(joins.is_empty() && leaves.is_empty());
            return self.add_memberships(key, label, leaves, Vec::new(), joins);
        }
        let any = Key::from(key.clone());
        let sent = managed(wanted, self.desired.managed_group());
        if let Some(refusal) = self.refusal(&any, record.digest()) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        if let Some(finding) = self.not_read(&any).filter(|_| !is_same || self.state.intents.contains_key(&any)) {
            return self.hold(any, label, vec![finding]);
        }
        let changes = match self.last_sent.get(&any) {
            _ if is_same => Vec::new(),
            Some(last) => changes(&managed(last, self.desired.managed_group()), &sent),
            None => changes(&Resource::new(), &sent),
        };
        if let Some(finding) = self.name_taken(&changes, &link.id, label) {
            return self.hold(any, label, vec![finding]);
        }
        let known = link.to_link(&self.state.users);
        let members = match self.members_there(key, &link.id, &known) {
            Ok(members) => members,
            Err(finding) => return self.hold(any, label, vec![*finding]),
        };
        if link.members_known && !link.is_released && members.ours != known.members && is_read {
            // Read again, because somebody was adopted who may have been among its members.
            let added = members.ours.difference(&known.members).cloned().collect();
            let removed = known.members.difference(&members.ours).cloned().collect();
            self.bookkeeping.push(StateChange::MembersChanged { key: key.clone(), added, removed });
        }
        let before = self.operations.len();
        if link.is_released {
            let because = Because::new("GM-19", "is associated with the application again");
            let kind = OperationKind::AdoptGroup {
                id: link.id.clone(),
                matched: Match::Link,
                changes,
                sent,
                members: members.ours.clone(),
                unmanaged_members: members.has_strangers,
            };
            self.add(any, label, kind, because);
        } else if changes.is_empty() {
            if !is_same || !link.members_known {
                let mut link = group_link(link.id.clone(), &sent, members.ours.clone(), true);
                link.unmanaged_members = members.has_strangers;
                self.bookkeeping.push(StateChange::GroupLinked { key: key.clone(), link, sent });
            }
        } else {
            let renamed = changes.iter().any(|change| change.path().is_within("displayName"));
            let because = if renamed {
                Because::new("GM-14", "has another name in the directory")
            } else {
                Because::new("AM-19", "is different in the directory")
            };
            self.add(any, label, OperationKind::UpdateGroup { id: link.id.clone(), changes, sent }, because);
        }
        if let Answer::Want(group) = self.desired.records().group_answer(record) {
            self.memberships(key, &group, label, &members);
        }
        self.unchanged += usize::from(self.operations.len() == before);
    }

    /// Whether nothing is in doubt about a group: no request of an earlier run, and nothing that was refused.
    fn is_calm(&self, key: &GroupKey) -> bool {
        let State { intents, refusals, .. } = self.state;
        (intents.is_empty() && refusals.is_empty()) || {
            let any = Key::from(key.clone());
            !intents.contains_key(&any) && !refusals.contains_key(&any)
        }
    }

    /// GM-12: who joins and who leaves a group whose members are known, by number: it is the most of what a large directory has to compare.
    fn membership_changes(&self, record: &GroupRecord, link: &Group) -> (Vec<UserKey>, Vec<UserKey>) {
        let users = self.desired.records().users();
        let mut wanted: Vec<(Handle, Handle)> =
            record.members().iter().map(|member| (self.linked_handle(*member).unwrap_or(Handle::NONE), *member)).collect();
        if !wanted.is_sorted() {
            wanted.sort_unstable();
        }
        let (mut joins, mut leaves) = (Vec::new(), Vec::new());
        let mut held = link.members().iter().copied().filter(|member| self.is_member_there(*member)).peekable();
        for (linked, member) in wanted {
            while let Some(leaving) = held.next_if(|other| *other < linked) {
                leaves.push(leaving);
            }
            if held.next_if_eq(&linked).is_none() {
                joins.extend(users.at(member).map(UserRecord::user_key));
            }
        }
        leaves.extend(held);
        let leaving = leaves.into_iter().filter_map(|member| self.state.users.at(member)).map(|user| UserKey::from(user.key()));
        let mut leaves: Vec<UserKey> = leaving.filter(|user| self.may_leave(user)).collect();
        let mut joins: Vec<UserKey> = joins.into_iter().filter(|user| self.may_join(user)).cloned().collect();
        leaves.sort_unstable();
        joins.sort_unstable();
        (joins, leaves)
    }

    /// The linked user, or remembered member, behind a number of the source.
    fn linked_handle(&self, member: Handle) -> Option<Handle> {
        match self.linked.get(member.index()) {
            Some(linked) => (*linked != Handle::NONE).then_some(*linked),
            None => self.state.users.find(self.desired.records().users().at(member)?.user_key().as_str()),
        }
    }

    /// A user whom the service has lost is in none of its groups, nor is one who is not linked: whoever they become is another object.
    fn is_member_there(&self, member: Handle) -> bool {
        let users = &self.state.users;
        if !self.observed.users().has_gone() && users.linked() == users.table().len() {
            return true;
        }
        let link = users.at(member).and_then(User::linked);
        link.is_some_and(|link| !self.observed.users().is_gone_text(link.id()))
    }

    /// The memberships of some users in a group of which nothing else is planned: the same as a plan of the whole group, for these users.
    fn some_memberships(&mut self, record: &GroupRecord, link: &Group, users: &BTreeSet<UserKey>, duplicates: &Duplicates) {
        let (key, any) = (record.group_key(), Key::from(record.group_key().clone()));
        let is_read = self.observed.members(&link.id).is_some();
        if !link.members_known || link.is_released || is_read || record.digest() != link.digest || !self.is_calm(key) {
            // More than memberships may have to be done, or its members are not as they are remembered: all of it is compared.
            self.beyond.insert(any);
            return;
        }
        let Some(resource) = record.resource().filter(|_| !duplicates.holds_group(key) && !self.observed.groups().is_gone(&link.id)) else {
            return;
        };
        let desired = self.desired.records().users();
        let is_wanted = |user: &UserKey| desired.find(user.as_str()).is_some_and(|user| record.members().binary_search(&user).is_ok());
        let is_there = |user: &UserKey| {
            let member = self.state.users.find(user.as_str()).filter(|user| link.members().binary_search(user).is_ok());
            member.is_some_and(|member| self.is_member_there(member))
        };
        let leaves = users.iter().filter(|user| is_there(user) && !is_wanted(user) && self.may_leave(user)).cloned().collect();
        let joins = users.iter().filter(|user| is_wanted(user) && !is_there(user) && self.may_join(user)).cloned().collect();
        let label = name_of(ResourceType::Group, resource).unwrap_or(key.as_str());
        self.add_memberships(key, label, leaves, Vec::new(), joins);
    }

    /// GM-03, GM-08: a group that is there is taken over; one that is not is created, unless nobody would be in it.
    fn unlinked_group(&mut self, key: &GroupKey, group: &DesiredGroup, label: String) {
        let any = Key::from(key.clone());
        let sent = managed(&group.resource, self.desired.managed_group());
        if let Some(reason) = self.observed.groups().failure(&any) {
            return self.hold(any, label, vec![Finding::new("NotSearched", format!("the service could not be searched for it: {reason}"))]);
        }
        if let Some(refusal) = self.refusal(&any, Digest::of(&sent)) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        let members: Vec<UserKey> = group.members.iter().filter(|user| self.may_join(user)).cloned().collect();
        match self.correlation.of_group(key, &group.resource, self.observed) {
            Matched::One(id, matched) => {
                let there = self.observed.groups().get(&id).cloned().unwrap_or_default();
                let changes = changes(&managed(&there, self.desired.managed_group()), &sent);
                if let Some(finding) = self.name_taken(&changes, &id, &label) {
                    return self.hold(any, label, vec![finding]);
                }
                let unknown = group_link(id.clone(), &sent, BTreeSet::new(), false);
                let there = match self.members_there(key, &id, &unknown) {
                    Ok(members) => members,
                    Err(finding) => return self.hold(any, label, vec![*finding]),
                };
                let because = Because::new("IC-17", format!("is at the service already (found by {matched})"));
                let (members, unmanaged_members) = (there.ours.clone(), there.has_strangers);
                let kind = OperationKind::AdoptGroup { id, matched, changes, sent, members, unmanaged_members };
                self.add(any, label.clone(), kind, because);
                self.memberships(key, group, &label, &there);
            }
            Matched::Anothers(id) => self.hold(any, label, vec![anothers(&id)]),
            Matched::Ambiguous(reason) => {
                let finding = Finding::new("Ambiguous", reason).with_remedy("delete or rename the ones at the service that are not meant");
                self.hold(any, label, vec![finding]);
            }
            matched @ (Matched::Unknown | Matched::None) if members.is_empty() => {
                let finding =
                    if group.members.is_empty() { empty_group() } else { no_member_to_provision() }.of(any.clone()).labelled(label.clone());
                self.findings.push(finding);
                if matched == Matched::None {
                    self.remember_search(any, &label);
                }
            }
            Matched::Unknown => {
                let finding = Finding::new("NotSearched", "the service was not searched for it, so it may be there already");
                self.hold(any, label, vec![finding]);
            }
            Matched::None => {
                let because = Because::new("GM-11", "is associated with the application and not at the service");
                self.add(any, label, OperationKind::CreateGroup { resource: group.resource.clone(), members }, because);
            }
        }
    }

    /// GM-15: a rename to a name that another group of the service has, unless that group gives it up in this plan.
    fn name_taken(&self, changes: &[Change], id: &ResourceId, name: &str) -> Option<Finding> {
        let renames = changes.iter().any(|change| change.path().is_within("displayName"));
        if !renames {
            return None;
        }
        let same = |other: &str| folded(other) == folded(name);
        let current = self.observed.groups().get(id).and_then(|there| name_of(ResourceType::Group, there));
        let linked = self.state.groups.owner(id.as_str()).map(|link| &*link.display_name);
        if current.or(linked).is_some_and(same) {
            return None;
        }
        // One that was disassociated is managed again when it is associated again, and may give its name up in this plan.
        let is_managed = |other: &ResourceId| {
            let link = self.state.groups.owner(other.as_str());
            link.is_some_and(|link| !link.is_released || matches!(self.desired.group_answer(link.group_key()), Answer::Want(_)))
                || self.correlation.adopted().any(|(_, adopted)| adopted == other)
        };
        let strangers = |ids: BTreeSet<ResourceId>| ids.into_iter().find(|other| other != id && !is_managed(other));
        match self.observed.groups().by_name(name) {
            Found::One(other) => strangers(BTreeSet::from([other])),
            Found::Many(others) => strangers(others),
            Found::None | Found::Unknown => None,
        }
        .map(|other| {
            Finding::new("NameTaken", format!("another group of the service has the name {name:?} ({other})"))
                .with_remedy("rename one of the two")
        })
    }

    /// Who is in a group at the service.
    fn members_there(&mut self, key: &GroupKey, id: &ResourceId, link: &GroupLink) -> Result<MembersThere, Box<Finding>> {
        let is_read = self.observed.members(id).is_some();
        if link.members_known && !link.released && !is_read {
            // A user whom the service has lost is in none of its groups.
            let ours = link.members.iter().filter(|user| !is_unlinked_user(user, self.observed, self.state)).cloned().collect();
            return Ok(MembersThere { ours, strangers: Vec::new(), has_strangers: link.unmanaged_members });
        }
        let Some(there) = self.observed.members(id) else {
            let message = "its members at the service could not be read, so they are left as they are";
            return Err(Box::new(Finding::new("MembersUnknown", message)));
        };
        let (mut ours, mut strangers, mut is_held) = (BTreeSet::new(), Vec::new(), false);
        for member in there {
            match self.owner(member) {
                Some(owner) => {
                    ours.insert(owner);
                }
                // Somebody who is held is in the directory, though nothing is done for them now.
                None if self.is_known(member) => is_held = true,
                None => strangers.push(member.clone()),
            }
        }
        if link.members_known && !link.released && self.policy.drift.members == Correction::Report {
            // It was read for whoever is adopted now. What others changed besides is reported and stays, so nothing else is taken from what was read.
            let is_adopted = |user: &UserKey| self.correlation.found(&user.clone().into()).is_some();
            ours.retain(is_adopted);
            ours.extend(link.members.iter().filter(|user| !is_unlinked_user(user, self.observed, self.state)).cloned());
        }
        let has_strangers = is_held || !strangers.is_empty() || self.observed.may_have_other_members(id);
        if !strangers.is_empty() && self.policy.unmanaged_members == UnmanagedMembers::Leave {
            let ids: Vec<&str> = strangers.iter().take(5).map(ResourceId::as_str).collect();
            let more = if strangers.len() > ids.len() { ", ..." } else { "" };
            let message = format!("{} of its members are nobody in the directory and stay ({}{more})", strangers.len(), ids.join(", "));
            self.findings.push(
                Finding::new("UnmanagedMembers", message)
                    .of(key.clone().into())
                    .labelled(link.display_name.to_string())
                    .with_remedy("remove them at the service, or let the policy remove them"),
            );
            strangers.clear();
        }
        // Of an object that was never seen it is not known whose it is; nor, while somebody is held who is not linked, where no identifier of
        // ours tells them (AM-00 off).
        let carries_key = self.desired.managed_user().iter().any(|path| path.attribute().is("externalId"));
        let is_sure = !strangers.is_empty() && (carries_key || !self.holds_somebody_unlinked());
        strangers.retain(|stranger| is_sure && self.observed.member(stranger).is_some());
        Ok(MembersThere { ours, strangers, has_strangers })
    }

    /// Whether somebody is held who may be at the service under any identifier.
    fn holds_somebody_unlinked(&self) -> bool {
        let mut held = self.desired.users().filter(|(_, answer)| matches!(answer, Answer::Hold(_)));
        held.any(|(key, _)| self.state.user(key).is_none())
    }

    /// Whether an object of the service that is not linked is somebody of the directory all the same: by its identifier or its name.
    fn is_known(&self, id: &ResourceId) -> bool {
        let Some(resource) = self.observed.member(id) else { return false };
        let is_record = resource.external_id().is_some_and(|external_id| self.desired.has_user(external_id.as_str()));
        let wants = |name: &str| !self.desired.records().users_wanting(&Name::User(folded(name).into_owned())).is_empty();
        is_record || name_of(ResourceType::User, resource).is_some_and(wants)
    }

    /// Whose a user of the service is: by link, or because it is adopted in this plan.
    fn owner(&self, id: &ResourceId) -> Option<UserKey> {
        self.correlation.adopter(id).or_else(|| self.state.owner(id))
    }

    /// GM-12: whoever is ours and only at the service leaves; whoever is only in the directory joins.
    fn memberships(&mut self, key: &GroupKey, group: &DesiredGroup, label: &str, there: &MembersThere) {
        let leaves = |user: &&UserKey| !group.members.contains(*user) && self.may_leave(user);
        let leaves: Vec<UserKey> = there.ours.iter().filter(leaves).cloned().collect();
        if !self.scope.is_all() {
            // Whoever is held leaves no group, and that is decided where they take part.
            let (scope, desired, state) = (self.scope, self.desired, self.state);
            let is_beyond = |user: &&UserKey| !scope.contains(&Key::from((*user).clone())) && is_open_user(desired, state, user);
            self.beyond.extend(leaves.iter().filter(is_beyond).map(|user| Key::from(user.clone())));
        }
        let joins = |user: &&UserKey| !there.ours.contains(*user) && self.may_join(user);
        let joins: Vec<UserKey> = group.members.iter().filter(joins).cloned().collect();
        self.add_memberships(key, label, leaves, there.strangers.clone(), joins);
    }

    /// Plans both changes of a group, those that take access away first.
    fn add_memberships(&mut self, key: &GroupKey, label: &str, leaves: Vec<UserKey>, unmanaged: Vec<ResourceId>, joins: Vec<UserKey>) {
        if !leaves.is_empty() || !unmanaged.is_empty() {
            let because = Because::new("GM-12", "are not in the directory's group");
            self.add(key.clone(), label, OperationKind::RemoveMembers { users: leaves, unmanaged }, because);
        }
        if !joins.is_empty() {
            let because = Because::new("GM-12", "are in the directory's group");
            self.add(key.clone(), label, OperationKind::AddMembers { users: joins }, because);
        }
    }

    /// Whether a user of the directory's group is made a member: wanted, not held, and there or coming.
    fn may_join(&self, user: &UserKey) -> bool {
        let Some(wanted) = self.desired.wanted_user(user) else {
            return false;
        };
        let is_there = !is_unlinked_user(user, self.observed, self.state)
            || matches!(self.correlation.found(&user.clone().into()), Some(Matched::One(..)));
        !self.frozen.contains(user) && (self.policy.creates(wanted.is_active()) || is_there)
    }

    /// Whether a member who is not in the directory's group is taken out: ours, not held, and not about to be deleted anyway (IC-13).
    fn may_leave(&self, user: &UserKey) -> bool {
        !self.frozen.contains(user) && matches!(self.desired.user_answer(user), Some(Answer::Want(_) | Answer::Present(_)))
    }
}

/// Who is in a group at the service.
struct MembersThere {
    ours: BTreeSet<UserKey>,
    /// Those who are nobody's and are to be removed.
    strangers: Vec<ResourceId>,
    /// Whether there are members that are nobody's, or may be.
    has_strangers: bool,
}

/// GM-03: a group without members is not created.
fn empty_group() -> Finding {
    Finding::new("EmptyGroup", "has no members, and empty groups are not created (GM-03)").with_remedy("add a member in the directory")
}

/// GM-05: a group all of whose members are held counts as empty.
pub(super) fn no_member_to_provision() -> Finding {
    Finding::new("EmptyGroup", "none of its members can be provisioned now, and empty groups are not created (GM-05)")
        .with_remedy("see the findings of its members")
}
