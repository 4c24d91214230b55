//! What really happened, written down beside the planner and without it: what was made for whom, what was taken away, what others did.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use idbridge_planner::{GroupKey, Key, UserKey};
use idbridge_scim::{Resource, ResourceId};

use crate::directory::{Directory, address, group_key, group_name, person_key};

/// A deletion or a deactivation that took effect.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) at: SystemTime,
    pub(crate) key: Key,
    /// Whether a person allowed it.
    pub(crate) is_allowed: bool,
    pub(crate) is_deletion: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    /// Whose each object is: by its creation, or by the first write that took it over.
    pub(crate) belongs: BTreeMap<ResourceId, Key>,
    /// Every object that we made, while it is there.
    pub(crate) made: BTreeMap<ResourceId, Key>,
    /// How often an object was made for a record, and how often one of them ended.
    pub(crate) creations: BTreeMap<Key, usize>,
    pub(crate) ends: BTreeMap<Key, usize>,
    pub(crate) taken: Vec<Taken>,
    /// Every name that a record ever had.
    names: BTreeMap<Key, BTreeSet<String>>,
    /// Objects, and groups whose members, others changed; and objects that they removed.
    pub(crate) edited: BTreeSet<ResourceId>,
    pub(crate) edited_members: BTreeSet<ResourceId>,
    pub(crate) removed: BTreeSet<ResourceId>,
    /// What nobody asked to be managed, as it was made.
    pub(crate) strangers: BTreeMap<ResourceId, Resource>,
    /// Groups that were disassociated at some time.
    pub(crate) were_unbound: BTreeSet<u32>,
    /// Whether everything that is remembered was lost at some time.
    pub(crate) has_forgotten: bool,
}

impl Ledger {
    /// Notes the names that a directory has now.
    pub(crate) fn note(&mut self, directory: &Directory) {
        for (number, person) in &directory.people {
            self.names.entry(Key::from(UserKey::from(person_key(*number)))).or_default().insert(address(person.name));
        }
        for (number, group) in &directory.groups {
            self.names.entry(Key::from(GroupKey::from(group_key(*number)))).or_default().insert(group_name(group.name).to_lowercase());
            if !group.is_bound {
                self.were_unbound.insert(*number);
            }
        }
    }

    /// Whether a record ever had this name, in whatever letters.
    pub(crate) fn had_name(&self, key: &Key, name: &str) -> bool {
        self.names.get(key).is_some_and(|names| names.contains(&name.to_lowercase()))
    }

    /// Whether this is the key of some record.
    pub(crate) fn is_key(&self, text: &str) -> bool {
        self.names.keys().any(|key| key.as_str() == text)
    }

    /// Notes that an object is there no more.
    pub(crate) fn ended(&mut self, id: &ResourceId) {
        if let Some(key) = self.made.remove(id) {
            *self.ends.entry(key).or_default() += 1;
        }
    }
}
