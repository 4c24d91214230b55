//! Which records a look is about.
//!
//! With a scope of keys, these are looked up one by one, and the directory is not walked.

use std::collections::BTreeSet;

use idbridge_scim::ResourceId;

use crate::desired::{Answer, DesiredGroup, DesiredUser};
use crate::discovery::Discovery;
use crate::key::{GroupKey, Key, UserKey};
use crate::plan::{Correlation, LastSent, correlate, duplicates};
use crate::state::{GroupLink, UserLink};

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
            None => Box::new(self.desired.groups().map(|(key, answer)| (key.clone(), answer))),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::Group(key) => Some((key.clone(), self.desired.group(key))),
                Key::User(_) => None,
            })),
        }
    }

    /// The linked users that are looked at.
    pub(super) fn linked_users(&self) -> Box<dyn Iterator<Item = (UserKey, UserLink)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.state.users()),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::User(key) => self.state.user(key).map(|link| (key.clone(), link)),
                Key::Group(_) => None,
            })),
        }
    }

    /// The linked groups that are looked at, those that were disassociated among them.
    pub(super) fn linked_groups(&self) -> Box<dyn Iterator<Item = (GroupKey, GroupLink)> + '_> {
        match self.scope.keys() {
            None => Box::new(self.state.groups()),
            Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
                Key::Group(key) => self.state.group(key).map(|link| (key.clone(), link)),
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
        LastSent::needed_within(&self.scope, self.desired, &self.state)
    }

    /// The records that the plan will hold as duplicates; nothing is looked up for them.
    pub(super) fn held(&self) -> BTreeSet<Key> {
        duplicates(self.desired, &self.state, self.policy, &self.scope).held_keys()
    }

    /// The same matching as that of the plan, over what has been seen: both must mean the same objects.
    pub(super) fn correlation(&self, held: &BTreeSet<Key>) -> Correlation {
        correlate(self.desired, &self.observed, &self.state, held, &self.scope)
    }

    /// Whose the service's group `id` is.
    pub(super) fn owner_of_group(&self, id: &ResourceId) -> Option<GroupKey> {
        self.state.group_owner(id)
    }
}
