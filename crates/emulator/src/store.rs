//! What the service holds: users, groups, who is in which group, and who has which name.
//!
//! A membership stands on both sides, with the user and with the group, and both sides change together; a name is found through an index that
//! changes with the resource. Every look-up takes a time that hardly grows with the number of resources, so that 100,000 users, which is AWS's
//! quota, are no trouble to a test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

/// Users and groups.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    users: Shelf,
    groups: Shelf,
}

/// The resources of one type, in the order of their ids, and an index of their unique attributes.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    entries: BTreeMap<ResourceId, Entry>,
    unique: &'static [Unique],
    // Seeding may give one name to two resources, as a directory that was filled by hand may have it.
    index: BTreeMap<(Unique, String), Vec<ResourceId>>,
}

/// One resource and what it is linked to.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The resource as it is stored, which is more than is returned.
    pub(crate) resource: Resource,
    /// Of a user its groups, of a group its members.
    pub(crate) linked: BTreeSet<ResourceId>,
}

/// An attribute that no two resources of a type share, compared without case (user guide, troubleshooting; schema `caseExact: false`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unique {
    /// Of users.
    UserName,
    /// Of users.
    PrimaryEmail,
    /// Of users and of groups, each among themselves.
    ExternalId,
    /// Of groups; users may share one.
    DisplayName,
}

impl Unique {
    /// The attribute's value in `resource`.
    pub(crate) fn of(self, resource: &Resource) -> Option<&str> {
        match self {
            Self::UserName => resource.get("userName")?.as_str(),
            Self::PrimaryEmail => resource.primary_value("emails"),
            Self::ExternalId => resource.get("externalId")?.as_str(),
            Self::DisplayName => resource.get("displayName")?.as_str(),
        }
    }
}

impl Store {
    /// Nobody and nothing.
    pub(crate) fn new() -> Self {
        Self {
            users: Shelf::new(&[Unique::UserName, Unique::PrimaryEmail, Unique::ExternalId]),
            groups: Shelf::new(&[Unique::DisplayName, Unique::ExternalId]),
        }
    }

    /// The resources of one type.
    pub(crate) fn shelf(&self, resource_type: ResourceType) -> &Shelf {
        match resource_type {
            ResourceType::Group => &self.groups,
            _ => &self.users,
        }
    }

    /// Stores `resource` under `id`, where it keeps its links if it was there already.
    pub(crate) fn put(&mut self, resource_type: ResourceType, id: &ResourceId, resource: Resource) {
        let shelf = match resource_type {
            ResourceType::Group => &mut self.groups,
            _ => &mut self.users,
        };
        shelf.put(id, resource);
    }

    /// Takes a resource and all its memberships away, and says whether it was there.
    pub(crate) fn remove(&mut self, resource_type: ResourceType, id: &ResourceId) -> bool {
        let (shelf, others) = match resource_type {
            ResourceType::Group => (&mut self.groups, &mut self.users),
            _ => (&mut self.users, &mut self.groups),
        };
        let Some(removed) = shelf.take(id) else {
            return false;
        };
        for other in &removed.linked {
            if let Some(entry) = others.entries.get_mut(other) {
                entry.linked.remove(id);
            }
        }
        true
    }

    /// Puts a user into a group, and says whether that changed anything; nothing happens unless both are there.
    pub(crate) fn link(&mut self, group: &ResourceId, user: &ResourceId) -> bool {
        match (self.groups.entries.get_mut(group), self.users.entries.get_mut(user)) {
            (Some(group_entry), Some(user_entry)) => {
                user_entry.linked.insert(group.clone());
                group_entry.linked.insert(user.clone())
            }
            _ => false,
        }
    }

    /// Takes a user out of a group, and says whether that changed anything.
    pub(crate) fn unlink(&mut self, group: &ResourceId, user: &ResourceId) -> bool {
        if let Some(entry) = self.users.entries.get_mut(user) {
            entry.linked.remove(group);
        }
        self.groups.entries.get_mut(group).is_some_and(|entry| entry.linked.remove(user))
    }
}

impl Shelf {
    /// An empty shelf for resources that are told apart by `unique`.
    fn new(unique: &'static [Unique]) -> Self {
        Self { entries: BTreeMap::new(), unique, index: BTreeMap::new() }
    }

    /// The entry of `id`.
    pub(crate) fn get(&self, id: &ResourceId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// Whether there is a resource of this id.
    pub(crate) fn contains(&self, id: &ResourceId) -> bool {
        self.entries.contains_key(id)
    }

    /// All resources, in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ResourceId, &Entry)> {
        self.entries.iter()
    }

    /// The ids behind `position`, in order; all of them without one.
    pub(crate) fn ids_after(&self, position: Option<&ResourceId>) -> impl Iterator<Item = &ResourceId> {
        let from = position.map_or(Bound::Unbounded, Bound::Excluded);
        self.entries.range::<ResourceId, _>((from, Bound::Unbounded)).map(|(id, _)| id)
    }

    /// The resources that have `value` for `unique`, compared without case.
    pub(crate) fn find(&self, unique: Unique, value: &str) -> &[ResourceId] {
        self.index.get(&(unique, value.to_lowercase())).map_or(&[], Vec::as_slice)
    }

    /// Whether another resource than `own` has one of the unique values of `resource`. AWS never says which, so nobody is told here either.
    pub(crate) fn clashes(&self, resource: &Resource, own: Option<&ResourceId>) -> bool {
        self.unique.iter().any(|unique| {
            let holders = unique.of(resource).map(|value| self.find(*unique, value));
            holders.is_some_and(|holders| holders.iter().any(|holder| Some(holder) != own))
        })
    }

    /// Stores a resource with the links that its id has already, and indexes it anew.
    fn put(&mut self, id: &ResourceId, resource: Resource) {
        let linked = self.take(id).map(|entry| entry.linked).unwrap_or_default();
        for unique in self.unique {
            if let Some(value) = unique.of(&resource) {
                // Most values have one holder, and `vec!` makes room for exactly that one.
                self.index
                    .entry((*unique, value.to_lowercase()))
                    .and_modify(|holders| holders.push(id.clone()))
                    .or_insert_with(|| vec![id.clone()]);
            }
        }
        self.entries.insert(id.clone(), Entry { resource, linked });
    }

    /// Takes a resource out of the shelf and out of the index; the other side of its links is the caller's.
    fn take(&mut self, id: &ResourceId) -> Option<Entry> {
        let removed = self.entries.remove(id)?;
        for unique in self.unique {
            let Some(value) = unique.of(&removed.resource) else {
                continue;
            };
            let key = (*unique, value.to_lowercase());
            if let Some(holders) = self.index.get_mut(&key) {
                holders.retain(|holder| holder != id);
                if holders.is_empty() {
                    self.index.remove(&key);
                }
            }
        }
        Some(removed)
    }
}
