//! Which records a look is about.
//!
//! With a scope of keys, these are looked up one by one, and the directory is not walked. What needs an index over all records stands here, each in
//! a function of its own.

use std::collections::BTreeSet;

use idbridge_scim::ResourceId;
use idbridge_scim::protocol::ResourceType;

use crate::desired::{Answer, Desired, DesiredGroup, DesiredUser};
use crate::discovery::Discovery;
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{folded, name_of};
use crate::plan::{Correlation, LastSent, correlate, duplicates, managed};
use crate::scope::Scope;
use crate::state::{Digest, GroupLink, State, UserLink};

impl Discovery<'_> {
    /// The users of the source that are looked at, with the answers for them.
    pub(super) fn desired_users(&self) -> Box<dyn Iterator<Item = (UserKey, Answer<DesiredUser>)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.desired.users().map(|(key, answer)| (key.clone(), answer.clone()))),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::User(key) => Some((key.clone(), self.desired.user(key))),
                Key::Group(_) => None,
            })),
        }
    }

    /// The groups of the source that are looked at, with the answers for them.
    pub(super) fn desired_groups(&self) -> Box<dyn Iterator<Item = (GroupKey, Answer<DesiredGroup>)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.desired.groups().map(|(key, answer)| (key.clone(), answer.clone()))),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::Group(key) => Some((key.clone(), self.desired.group(key))),
                Key::User(_) => None,
            })),
        }
    }

    /// The linked users that are looked at.
    pub(super) fn linked_users(&self) -> Box<dyn Iterator<Item = (UserKey, UserLink)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.state.users().map(|(key, link)| (key.clone(), link.clone()))),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::User(key) => self.state.user(key).map(|link| (key.clone(), link.clone())),
                Key::Group(_) => None,
            })),
        }
    }

    /// The linked groups that are looked at, those that were disassociated among them.
    pub(super) fn linked_groups(&self) -> Box<dyn Iterator<Item = (GroupKey, GroupLink)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.state.groups().map(|(key, link)| (key.clone(), link.clone()))),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::Group(key) => self.state.group(key).map(|link| (key.clone(), link.clone())),
                Key::User(_) => None,
            })),
        }
    }

    /// The records whose requests of an earlier run are still open, as far as they are looked at.
    pub(super) fn open_intents(&self) -> Vec<Key> {
        match self.scope.keys() {
            None => self.state.intents.keys().cloned().collect(),
            Some(keys) => keys.iter().filter(|key| self.state.intents.contains_key(*key)).cloned().collect(),
        }
    }

    /// The records whose last values decide what changes.
    pub(super) fn needed_values(&self) -> Vec<Key> {
        let Some(keys) = self.scope.keys() else {
            return LastSent::needed(self.desired, &self.state);
        };
        let is_needed = |key: &&Key| match key {
            Key::User(key) => self.state.user(key).is_some_and(|link| match self.desired.user(key) {
                Answer::Want(user) => Digest::of(&managed(&user.resource, self.desired.managed_user())) != link.digest,
                Answer::Present(_) => link.active,
                Answer::Hold(_) | Answer::Absent => false,
            }),
            Key::Group(key) => self.state.group(key).is_some_and(|link| match self.desired.group(key) {
                Answer::Want(group) => Digest::of(&managed(&group.resource, self.desired.managed_group())) != link.digest,
                _ => false,
            }),
        };
        keys.iter().filter(is_needed).cloned().collect()
    }

    /// The records that the plan will hold as duplicates; nothing is looked up for them.
    pub(super) fn held(&self) -> BTreeSet<Key> {
        let held = duplicates(self.desired, &self.state, self.policy).held_keys();
        held.into_iter().filter(|key| self.scope.contains(key)).collect()
    }

    /// The same matching as that of the plan, over what has been seen: both must mean the same objects.
    pub(super) fn correlation(&self, held: &BTreeSet<Key>) -> Correlation {
        correlate(self.desired, &self.observed, &self.state, held)
    }

    /// Whose the service's group `id` is.
    pub(super) fn owner_of_group(&self, id: &ResourceId) -> Option<GroupKey> {
        self.state.groups().find(|(_, link)| link.id == *id).map(|(key, _)| key.clone())
    }
}

/// Takes into a scope the linked records that hold a name which a record in it wants: whether they give it up is known only when they are looked at.
pub(super) fn with_holders(mut scope: Scope, desired: &Desired, state: &State) -> Scope {
    let mut open: Vec<Key> = scope.keys().into_iter().flatten().cloned().collect();
    while let Some(key) = open.pop() {
        for holder in holders(&key, desired, state) {
            if !scope.contains(&holder) {
                scope.extend([holder.clone()]);
                open.push(holder);
            }
        }
    }
    scope
}

/// The other linked records that hold a name which this record wants.
fn holders(key: &Key, desired: &Desired, state: &State) -> Vec<Key> {
    match key {
        Key::User(key) => {
            let Answer::Want(user) = desired.user(key) else { return Vec::new() };
            let name = name_of(ResourceType::User, &user.resource).map(folded);
            let email = user.resource.primary_value("emails").map(folded);
            let own = state.user(key).map(|link| (folded(&link.user_name), folded(link.email())));
            if own.is_some_and(|(own_name, own_email)| name.as_ref() == Some(&own_name) && email.is_none_or(|email| email == own_email)) {
                return Vec::new();
            }
            let email = user.resource.primary_value("emails").map(folded);
            let holds = |link: &UserLink| name.as_ref() == Some(&folded(&link.user_name)) || email.as_ref() == Some(&folded(link.email()));
            let others = state.users().filter(|(other, link)| **other != *key && holds(link));
            others.map(|(other, _)| other.clone().into()).collect()
        }
        Key::Group(key) => {
            let Answer::Want(group) = desired.group(key) else { return Vec::new() };
            let Some(name) = name_of(ResourceType::Group, &group.resource).map(folded) else { return Vec::new() };
            if state.group(key).is_some_and(|link| folded(&link.display_name) == name) {
                return Vec::new();
            }
            let others = state.groups().filter(|(other, link)| **other != *key && folded(&link.display_name) == name);
            others.map(|(other, _)| other.clone().into()).collect()
        }
    }
}
