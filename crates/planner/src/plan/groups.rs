//! What becomes of each group and its members.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Resource, ResourceId, changes};

use crate::desired::{Answer, DesiredGroup, Evidence};
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{Found, folded, name_of};
use crate::operation::{Match, OperationKind};
use crate::plan::correlate::{is_unlinked_group, is_unlinked_user};
use crate::plan::names::Duplicates;
use crate::plan::users::{anothers, refused};
use crate::plan::{Draft, Matched, group_link, managed};
use crate::policy::UnmanagedMembers;
use crate::state::{Digest, GroupLink, StateChange};

impl Draft<'_> {
    /// Every group that the source or the state knows gets one answer (GM-11).
    pub(super) fn groups(&mut self, duplicates: &Duplicates) {
        let owners = self.owners();
        let keys: BTreeSet<&GroupKey> = self.desired.groups().map(|(key, _)| key).chain(self.state.groups().map(|(key, _)| key)).collect();
        for key in keys {
            self.group(key, duplicates, &owners);
        }
    }

    /// E-6: whoever is adopted may be a member of a group that was taken over before. A group that was not read again for that, because it is
    /// held or was not in the source, is read by the next run that can.
    pub(super) fn doubt_members(&mut self) {
        if !self.operations.iter().any(|operation| matches!(operation.kind, OperationKind::AdoptUser { .. })) {
            return;
        }
        let is_unread = |link: &GroupLink| link.unmanaged_members && link.members_known && self.observed.members(&link.id).is_none();
        let unread = self.state.groups().filter(|(_, link)| is_unread(link));
        let doubts = unread.map(|(key, _)| StateChange::MembersUnknown { key: key.clone() });
        self.bookkeeping.extend(doubts);
    }

    /// Whose each user of the service is: by link, or because it is adopted in this plan.
    fn owners(&self) -> BTreeMap<ResourceId, UserKey> {
        let linked = self.state.users().map(|(key, link)| (link.id.clone(), key.clone()));
        let adopted = self.correlation.adopted().filter_map(|(key, id)| match key {
            Key::User(key) => Some((id.clone(), key.clone())),
            Key::Group(_) => None,
        });
        linked.chain(adopted).collect()
    }

    /// What becomes of a group, by the answer for it and by whether it is linked. Only an absent group that is still managed is deleted.
    fn group(&mut self, key: &GroupKey, duplicates: &Duplicates, owners: &BTreeMap<ResourceId, UserKey>) {
        let any = Key::from(key.clone());
        let link = self.state.group(key).filter(|_| !is_unlinked_group(key, self.observed, self.state));
        match self.desired.group(key) {
            Answer::Want(group) => {
                let label = name_of(ResourceType::Group, &group.resource).unwrap_or(key.as_str()).to_owned();
                if let Some(finding) = duplicates.finding(&any) {
                    return self.hold(any, label, vec![finding]);
                }
                match link {
                    Some(link) => self.linked_group(key, &group, link, label, owners),
                    None => {
                        if self.state.group(key).is_some() {
                            self.bookkeeping.push(StateChange::GroupUnlinked { key: key.clone() });
                        }
                        self.unlinked_group(key, &group, label, owners);
                    }
                }
            }
            Answer::Hold(findings) => {
                let label = link.map(|link| link.display_name.to_string()).unwrap_or_default();
                self.hold(any, label, findings);
            }
            Answer::Present(presence) => {
                let is_known = !(self.desired.is_partial() && presence.evidence == Evidence::Absence);
                if let Some(link) = link.filter(|link| !link.released && is_known) {
                    self.add(any, link.display_name.clone(), OperationKind::ReleaseGroup, presence.because);
                }
            }
            Answer::Absent => match link {
                Some(link) if !link.released => {
                    let because = Because::new("GM-22", "is no longer in the directory");
                    self.add(any, link.display_name.clone(), OperationKind::DeleteGroup { id: link.id.clone() }, because);
                }
                // Disassociated before, so it is not ours to delete; or lost by the service.
                _ => self.bookkeeping.push(StateChange::GroupUnlinked { key: key.clone() }),
            },
        }
    }

    /// A group that is linked: renamed or changed where it differs, managed again where it was disassociated, and its members compared.
    fn linked_group(
        &mut self,
        key: &GroupKey,
        group: &DesiredGroup,
        link: &GroupLink,
        label: String,
        owners: &BTreeMap<ResourceId, UserKey>,
    ) {
        let any = Key::from(key.clone());
        let sent = managed(&group.resource, self.desired.managed_group());
        let digest = Digest::of(&sent);
        if let Some(refusal) = self.refusal(&any, digest) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        if let Some(finding) = self.not_read(&any).filter(|_| digest != link.digest || self.state.intents.contains_key(&any)) {
            return self.hold(any, label, vec![finding]);
        }
        let changes = match self.last_sent.get(&any) {
            _ if digest == link.digest => Vec::new(),
            Some(last) => changes(&managed(last, self.desired.managed_group()), &sent),
            None => changes(&Resource::new(), &sent),
        };
        if let Some(finding) = self.name_taken(&changes, &link.id, &label) {
            return self.hold(any, label, vec![finding]);
        }
        let members = match self.members_there(key, &link.id, link, owners) {
            Ok(members) => members,
            Err(finding) => return self.hold(any, label, vec![*finding]),
        };
        if link.members_known && !link.released && members.ours != link.members && self.observed.members(&link.id).is_some() {
            // Read again, because somebody was adopted who may have been among its members.
            let added = members.ours.difference(&link.members).cloned().collect();
            let removed = link.members.difference(&members.ours).cloned().collect();
            self.bookkeeping.push(StateChange::MembersChanged { key: key.clone(), added, removed });
        }
        let before = self.operations.len();
        if link.released {
            let because = Because::new("GM-19", "is associated with the application again");
            let kind = OperationKind::AdoptGroup {
                id: link.id.clone(),
                matched: Match::Link,
                changes,
                sent,
                members: members.ours.clone(),
                unmanaged_members: members.has_strangers,
            };
            self.add(any.clone(), label.clone(), kind, because);
        } else if changes.is_empty() {
            if digest != link.digest || !link.members_known {
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
            self.add(any.clone(), label.clone(), OperationKind::UpdateGroup { id: link.id.clone(), changes, sent }, because);
        }
        self.memberships(key, group, &label, &members);
        if self.operations.len() == before {
            self.unchanged += 1;
        }
    }

    /// GM-03, GM-08: a group that is there is taken over; one that is not is created, unless nobody would be in it.
    fn unlinked_group(&mut self, key: &GroupKey, group: &DesiredGroup, label: String, owners: &BTreeMap<ResourceId, UserKey>) {
        let any = Key::from(key.clone());
        let sent = managed(&group.resource, self.desired.managed_group());
        if let Some(reason) = self.observed.groups().failure(&any) {
            return self.hold(any, label, vec![Finding::new("NotSearched", format!("the service could not be searched for it: {reason}"))]);
        }
        if let Some(refusal) = self.refusal(&any, Digest::of(&sent)) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        let members: Vec<UserKey> = group.members.iter().filter(|user| self.may_join(user)).cloned().collect();
        match self.correlation.of(&any) {
            Matched::One(id, matched) => {
                let there = self.observed.groups().get(&id).cloned().unwrap_or_default();
                let changes = changes(&managed(&there, self.desired.managed_group()), &sent);
                if let Some(finding) = self.name_taken(&changes, &id, &label) {
                    return self.hold(any, label, vec![finding]);
                }
                let unknown = group_link(id.clone(), &sent, BTreeSet::new(), false);
                let there = match self.members_there(key, &id, &unknown, owners) {
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
            Matched::Unknown | Matched::None if members.is_empty() => {
                let finding =
                    if group.members.is_empty() { empty_group() } else { no_member_to_provision() }.of(any.clone()).labelled(label.clone());
                self.findings.push(finding);
                if self.correlation.of(&any) == Matched::None {
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
        let linked = self.state.groups().find(|(_, link)| link.id == *id).map(|(_, link)| &*link.display_name);
        if current.or(linked).is_some_and(same) {
            return None;
        }
        // One that was disassociated is managed again when it is associated again, and may give its name up in this plan.
        let is_managed = |key: &GroupKey, link: &GroupLink| !link.released || matches!(self.desired.group(key), Answer::Want(_));
        let managed: BTreeSet<&ResourceId> = self
            .state
            .groups()
            .filter(|(key, link)| is_managed(key, link))
            .map(|(_, link)| &link.id)
            .chain(self.correlation.adopted().map(|(_, id)| id))
            .collect();
        let strangers = |ids: BTreeSet<ResourceId>| ids.into_iter().find(|other| other != id && !managed.contains(other));
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
    fn members_there(
        &mut self,
        key: &GroupKey,
        id: &ResourceId,
        link: &GroupLink,
        owners: &BTreeMap<ResourceId, UserKey>,
    ) -> Result<MembersThere, Box<Finding>> {
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
            match owners.get(member) {
                Some(owner) => {
                    ours.insert(owner.clone());
                }
                // Somebody who is held is in the directory, though nothing is done for them now.
                None if self.is_known(member) => is_held = true,
                None => strangers.push(member.clone()),
            }
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

    fn holds_somebody_unlinked(&self) -> bool {
        let mut held = self.desired.users().filter(|(_, answer)| matches!(answer, Answer::Hold(_)));
        held.any(|(key, _)| self.state.user(key).is_none())
    }

    /// Whether an object of the service that is not linked is somebody of the directory all the same: by its identifier or its name.
    fn is_known(&mut self, id: &ResourceId) -> bool {
        let Some(resource) = self.observed.member(id) else { return false };
        let is_record = resource.external_id().is_some_and(|external_id| self.desired.has_user(external_id.as_str()));
        let name = name_of(ResourceType::User, resource).map(folded);
        let desired = self.desired;
        let names = self.names.get_or_insert_with(|| {
            let wanted = desired.users().filter_map(|(key, _)| desired.wanted_user(key));
            wanted.filter_map(|user| name_of(ResourceType::User, &user.resource)).map(folded).collect()
        });
        is_record || name.is_some_and(|name| names.contains(&name))
    }

    /// GM-12: whoever is ours and only at the service leaves; whoever is only in the directory joins.
    fn memberships(&mut self, key: &GroupKey, group: &DesiredGroup, label: &str, there: &MembersThere) {
        let any = Key::from(key.clone());
        let leaves = |user: &&UserKey| !group.members.contains(*user) && self.may_leave(user);
        let users: Vec<UserKey> = there.ours.iter().filter(leaves).cloned().collect();
        if !users.is_empty() || !there.strangers.is_empty() {
            let because = Because::new("GM-12", "are not in the directory's group");
            let kind = OperationKind::RemoveMembers { users, unmanaged: there.strangers.clone() };
            self.add(any.clone(), label, kind, because);
        }
        let joins = |user: &&UserKey| !there.ours.contains(*user) && self.may_join(user);
        let users: Vec<UserKey> = group.members.iter().filter(joins).cloned().collect();
        if !users.is_empty() {
            let because = Because::new("GM-12", "are in the directory's group");
            self.add(any, label, OperationKind::AddMembers { users }, because);
        }
    }

    /// Whether a user of the directory's group is made a member: wanted, not held, and there or coming.
    fn may_join(&self, user: &UserKey) -> bool {
        let Some(wanted) = self.desired.wanted_user(user) else {
            return false;
        };
        let is_there =
            !is_unlinked_user(user, self.observed, self.state) || matches!(self.correlation.of(&user.clone().into()), Matched::One(..));
        !self.frozen.contains(user) && (self.policy.creates(wanted.is_active()) || is_there)
    }

    /// Whether a member who is not in the directory's group is taken out: ours, not held, and not about to be deleted anyway (IC-13).
    fn may_leave(&self, user: &UserKey) -> bool {
        !self.frozen.contains(user) && matches!(self.desired.user(user), Answer::Want(_) | Answer::Present(_))
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

fn empty_group() -> Finding {
    Finding::new("EmptyGroup", "has no members, and empty groups are not created (GM-03)").with_remedy("add a member in the directory")
}

/// GM-05: a group all of whose members are held counts as empty.
pub(super) fn no_member_to_provision() -> Finding {
    Finding::new("EmptyGroup", "none of its members can be provisioned now, and empty groups are not created (GM-05)")
        .with_remedy("see the findings of its members")
}
