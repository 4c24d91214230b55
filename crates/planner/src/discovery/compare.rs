//! What was seen, compared with what was last sent.
//!
//! | seen | remembered or last sent | is drift | set back by |
//! | --- | --- | --- | --- |
//! | another value of a managed attribute | the value that was sent | yes, unless the directory wants it by now | the changed value as what was last sent: the plan sends the wanted one |
//! | another `userName` | the name that was sent | yes (IC-05) | the same; by default the record is held |
//! | another `displayName` of a user | whatever | no (AC-03) | |
//! | 404 | a link | yes (UL-09) | the plan, always: the link ends |
//! | a member who is ours | no member | yes, unless the directory wants it by now | the members as they are: the plan takes out whom it does not want |
//! | no member | a member who is ours | the same | the same: the plan adds whom it wants |
//! | a group without a link | | yes, in a complete list of groups | a deletion, if the policy says so |
//!
//! What is only listed is not written into the state, so that it is listed again next time.

use std::collections::BTreeSet;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Path, Resource, ResourceId, Value, changes};

use crate::desired::Answer;
use crate::discovery::Discovery;
use crate::key::{Key, UserKey};
use crate::name::folded;
use crate::observed::name_of;
use crate::plan::{DriftKind, Drifted, group_link, is_another_name, managed, user_link};
use crate::policy::{Correction, Strangers, UnmanagedMembers};
use crate::state::{Digest, GroupLink, StateChange, UserLink};

/// What is corrected in the state, and the values that stand there now.
type Correct = (Key, StateChange, Resource);

impl Discovery<'_> {
    /// Lists what others changed. What shall be set back is corrected in the state, so that the plan goes on from what is there.
    pub(super) fn compare(&mut self) {
        let held = self.held();
        let mut drift = self.lost_objects();
        let mut corrections = Vec::new();
        self.compare_users(&held, &mut drift, &mut corrections);
        if self.is_full() && self.policy.manages_groups() {
            self.compare_groups(&held, &mut drift, &mut corrections);
            self.extra_groups(&held, &mut drift);
        }
        for (key, change, values) in corrections {
            self.apply(&change);
            self.last_sent.insert(key, values);
        }
        self.observed.set_drift(drift);
    }

    /// UL-09: linked objects that were asked for and are gone.
    fn lost_objects(&self) -> Vec<Drifted> {
        let mut lost = Vec::new();
        for id in self.observed.users().gone_ids() {
            let Some(key) = self.state.owner(id).map(|key| key.to_owned()) else { continue };
            let label = self.state.user(&key).map(|link| link.user_name.to_string()).unwrap_or_default();
            let repairs = matches!(self.desired.user(&key), Answer::Want(user) if user.is_active());
            lost.push(Drifted { key: Some(key.into()), id: id.clone(), label, kind: DriftKind::Lost, repairs });
        }
        for id in self.observed.groups().gone_ids() {
            let Some(key) = self.owner_of_group(id) else { continue };
            let label = self.state.group(&key).map(|link| link.display_name.to_string()).unwrap_or_default();
            let repairs = matches!(self.desired.group(&key), Answer::Want(_));
            lost.push(Drifted { key: Some(key.into()), id: id.clone(), label, kind: DriftKind::Lost, repairs });
        }
        lost
    }

    /// Compares each linked user that was seen with what was last sent; whoever is held is listed and never set back.
    fn compare_users(&self, held: &BTreeSet<Key>, drift: &mut Vec<Drifted>, corrections: &mut Vec<Correct>) {
        for (id, there) in self.observed.users().iter() {
            let Some(key) = self.state.owner(id).map(|key| key.to_owned()) else { continue };
            let any = Key::from(key.clone());
            let Some(link) = self.state.user(&key).map(|link| link.to_owned()) else { continue };
            if !self.scope.contains(&any) || self.state.intents.contains_key(&any) {
                continue;
            }
            let answer = self.desired.user(&key);
            let wanted = match &answer {
                Answer::Want(user) => Some(managed(&user.resource, self.desired.managed_user())),
                _ => None,
            };
            let found = match &answer {
                Answer::Want(user) => managed(there, &self.desired.compared_user(&user.resource)),
                _ => managed(there, self.desired.managed_user()),
            };
            if Digest::of(&found) == link.digest {
                continue;
            }
            let expected = self.expected(&any, link.digest, wanted.as_ref());
            let another_name = is_another_name(&link, there, wanted.as_ref().unwrap_or(&found));
            let mut differences = match &expected {
                Some(expected) => changes(expected, &found),
                None => differences_of_link(&link, &found),
            };
            differences.retain(|change| !change.path().is_within("displayName") && !is_as_wanted(change, &found, wanted.as_ref()));
            if !self.is_full() {
                differences.retain(|change| another_name && change.path().is_within("userName"));
            }
            if differences.is_empty() && (expected.is_some() || !self.is_full()) {
                continue;
            }
            let policy = self.policy.drift;
            let repairs = match answer {
                Answer::Want(_) | Answer::Present(_) if held.contains(&any) => false,
                Answer::Want(_) if another_name => policy.user_name == Correction::Repair,
                Answer::Want(_) | Answer::Present(_) => policy.attributes == Correction::Repair,
                Answer::Hold(_) | Answer::Absent => false,
            };
            if repairs {
                let mut values = match &expected {
                    Some(expected) if !self.is_full() || policy.attributes == Correction::Report => {
                        let mut values = expected.clone();
                        set_or_remove(&mut values, "userName", found.get("userName"));
                        values
                    }
                    _ => found.clone(),
                };
                // AC-03: whatever it is by now, it is as it was sent.
                set_or_remove(&mut values, "displayName", expected.as_ref().unwrap_or(&found).get("displayName"));
                let link = user_link(id.clone(), &values, Some(&link));
                corrections.push((any.clone(), StateChange::UserLinked { key, link, sent: values.clone() }, values));
            }
            let label = name_of(ResourceType::User, there).unwrap_or_default().to_owned();
            drift.push(Drifted { key: Some(any), id: id.clone(), label, kind: DriftKind::Attributes { differences }, repairs });
        }
    }

    /// What was last sent, if it can be had: it is what is wanted where the digest says so, else what the store kept.
    fn expected(&self, key: &Key, digest: Digest, wanted: Option<&Resource>) -> Option<Resource> {
        let is_wanted = |wanted: &&Resource| Digest::of(wanted) == digest;
        let kept = || self.last_sent.get(key).filter(|_| !self.read_back.contains(key));
        wanted.filter(is_wanted).or_else(kept).cloned()
    }

    /// The same of groups, and then of those at the service that nobody manages.
    fn compare_groups(&self, held: &BTreeSet<Key>, drift: &mut Vec<Drifted>, corrections: &mut Vec<Correct>) {
        let adopted: BTreeSet<ResourceId> = self.adopted_users.clone();
        for (key, link) in self.linked_groups().filter(|(_, link)| !link.released) {
            let any = Key::from(key.clone());
            if self.state.intents.contains_key(&any) {
                continue;
            }
            let answer = self.desired.group(&key);
            let (wanted, members) = match &answer {
                Answer::Want(group) => (Some(managed(&group.resource, self.desired.managed_group())), Some(&group.members)),
                _ => (None, None),
            };
            let is_wanted = wanted.is_some() && !held.contains(&any);
            if let Some(there) = self.observed.groups().get(&link.id) {
                let found = managed(there, self.desired.managed_group());
                let expected = self.expected(&any, link.digest, wanted.as_ref());
                let mut differences = expected.as_ref().map(|expected| changes(expected, &found)).unwrap_or_default();
                differences.retain(|change| !is_as_wanted(change, &found, wanted.as_ref()));
                if Digest::of(&found) != link.digest && (expected.is_none() || !differences.is_empty()) {
                    let repairs = is_wanted && self.policy.drift.attributes == Correction::Repair;
                    if repairs {
                        let mut corrected = group_link(link.id.clone(), &found, link.members.clone(), link.members_known);
                        corrected.unmanaged_members = link.unmanaged_members;
                        corrections.push((
                            any.clone(),
                            StateChange::GroupLinked { key: key.clone(), link: corrected, sent: found.clone() },
                            found,
                        ));
                    }
                    let label = name_of(ResourceType::Group, there).unwrap_or_default().to_owned();
                    let kind = DriftKind::Attributes { differences };
                    drift.push(Drifted { key: Some(any.clone()), id: link.id.clone(), label, kind, repairs });
                }
            }
            if let Some(kind) = members.filter(|_| link.members_known).and_then(|members| self.compare_members(&link, members, &adopted)) {
                let only_strangers = matches!(&kind, DriftKind::Members { missing, extra, .. } if missing.is_empty() && extra.is_empty());
                let removes = self.policy.unmanaged_members == UnmanagedMembers::Remove;
                let repairs = is_wanted && self.policy.drift.members == Correction::Repair && (!only_strangers || removes);
                drift.push(Drifted { key: Some(any), id: link.id.clone(), label: link.display_name.to_string(), kind, repairs });
            }
        }
    }

    /// Compares the members of a group that were read with those that are remembered; what the directory changes as well is no drift.
    fn compare_members(&self, link: &GroupLink, wanted: &BTreeSet<UserKey>, adopted: &BTreeSet<ResourceId>) -> Option<DriftKind> {
        let there = self.compared.get(&link.id).or_else(|| self.observed.members(&link.id))?;
        let (mut ours, mut strangers) = (BTreeSet::new(), Vec::new());
        for id in there {
            match self.state.owner(id).map(|key| key.to_owned()) {
                Some(key) => {
                    ours.insert(key);
                }
                None if adopted.contains(id) => {}
                None => strangers.push(id.clone()),
            }
        }
        let is_there = |user: &&UserKey| self.state.user(user).is_some_and(|link| !self.observed.users().is_gone(&link.id));
        let missing = link.members.iter().filter(|user| !ours.contains(*user) && wanted.contains(*user)).filter(is_there);
        let missing: Vec<UserKey> = missing.cloned().collect();
        let extra: Vec<UserKey> = ours.iter().filter(|user| !link.members.contains(*user) && !wanted.contains(*user)).cloned().collect();
        let is_none = missing.is_empty() && extra.is_empty() && strangers.is_empty();
        let may_have_others = self.observed.may_have_other_members(&link.id);
        (!is_none).then_some(DriftKind::Members { missing, extra, strangers, may_have_others })
    }

    /// The groups that nobody manages; known only where the list of groups is complete.
    fn extra_groups(&self, held: &BTreeSet<Key>, drift: &mut Vec<Drifted>) {
        if !self.scope.is_all() || !self.observed.groups().is_complete() {
            return;
        }
        let correlation = self.correlation(held);
        let adopted: BTreeSet<&ResourceId> = correlation.adopted().map(|(_, id)| id).collect();
        let (mut managed, mut released) = (BTreeSet::new(), BTreeSet::new());
        for (key, link) in self.linked_groups() {
            // One that is associated again is managed again.
            let is_managed = !link.released || matches!(self.desired.group(&key), Answer::Want(_));
            if is_managed {
                managed.insert(link.id)
            } else {
                released.insert(link.id)
            };
        }
        for (id, there) in self.observed.groups().iter().filter(|(id, _)| !managed.contains(*id) && !adopted.contains(*id)) {
            let label = name_of(ResourceType::Group, there).unwrap_or_default().to_owned();
            let released = released.contains(id);
            let repairs = !released && self.policy.drift.groups == Strangers::Delete;
            drift.push(Drifted { key: None, id: id.clone(), label, kind: DriftKind::ExtraGroup { released }, repairs });
        }
    }
}

/// Whether what is there is what the directory wants by now, so that nobody need be told.
fn is_as_wanted(change: &Change, found: &Resource, wanted: Option<&Resource>) -> bool {
    wanted.is_some_and(|wanted| !changes(found, wanted).iter().any(|open| open.path() == change.path()))
}

/// What a link itself remembers, where the store could not say more.
fn differences_of_link(link: &UserLink, found: &Resource) -> Vec<Change> {
    let mut differences = Vec::new();
    let name = found.text("userName");
    if name.is_some_and(|name| folded(name) != folded(&link.user_name)) {
        differences.push(Change::new(Path::of("userName"), Some(Value::from(&*link.user_name)), name.map(Value::from)));
    }
    if let Some(active) = found.get("active").and_then(Value::as_bool).filter(|active| *active != link.active) {
        differences.push(Change::new(Path::of("active"), Some(Value::Boolean(link.active)), Some(Value::Boolean(active))));
    }
    differences
}

/// Makes an attribute what it is at the service, where it may be missing.
fn set_or_remove(resource: &mut Resource, attribute: &'static str, value: Option<&Value>) {
    match value {
        Some(value) => {
            resource.attributes_mut().set(attribute, value.clone());
        }
        None => {
            resource.attributes_mut().remove(attribute);
        }
    }
}
