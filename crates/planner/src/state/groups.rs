//! The linked groups, with their members by number.
//!
//! A group can be linked and *released*: disassociated, left as it is, and not counted among the managed ones. Its members may be *not known*: those that
//! are remembered are then kept, not believed, and read before anything is done to them. It may have *unmanaged* members, who are nobody's in the
//! directory; whoever is adopted later may be one of them, so such a group is read again then (E-6).

use std::collections::BTreeSet;

use idbridge_scim::ResourceId;

use crate::key::GroupKey;
use crate::name::{NameIndex, folded};
use crate::state::users::{User, Users};
use crate::state::{Digest, GroupLink};
use crate::table::{Handle, Keyed, Table};

/// A linked group.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    key: GroupKey,
    pub(crate) id: ResourceId,
    pub(crate) display_name: Box<str>,
    pub(crate) digest: Digest,
    pub(crate) is_released: bool,
    pub(crate) members_known: bool,
    pub(crate) unmanaged_members: bool,
    /// The members, in the order of their numbers.
    members: Vec<Handle>,
}

impl Keyed for Group {
    fn key(&self) -> &str {
        self.key.as_str()
    }
}

impl Group {
    /// The directory's key.
    pub(crate) fn group_key(&self) -> &GroupKey {
        &self.key
    }

    /// The members, in the order of their numbers.
    pub(crate) fn members(&self) -> &[Handle] {
        &self.members
    }

    /// The link as it is told to others.
    pub(crate) fn to_link(&self, users: &Users) -> GroupLink {
        let members = self.members.iter().filter_map(|member| users.at(*member)).map(|user: &User| user.key().into());
        GroupLink { members: members.collect(), ..self.without_members() }
    }

    /// The same without members, as a store keeps it.
    pub(crate) fn without_members(&self) -> GroupLink {
        GroupLink {
            id: self.id.clone(),
            display_name: self.display_name.clone(),
            digest: self.digest,
            released: self.is_released,
            members_known: self.members_known,
            unmanaged_members: self.unmanaged_members,
            members: BTreeSet::new(),
        }
    }

    /// Takes a link in; the members stay.
    fn set(&mut self, link: &GroupLink) {
        let GroupLink { id, display_name, digest, released, members_known, unmanaged_members, members: _ } = link.clone();
        (self.id, self.display_name, self.digest) = (id, display_name, digest);
        (self.is_released, self.members_known, self.unmanaged_members) = (released, members_known, unmanaged_members);
    }
}

/// All linked groups.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    table: Table<Group>,
    by_id: NameIndex,
    by_name: NameIndex,
    released: usize,
    /// Those that have members who are nobody's, or may have.
    with_unmanaged: BTreeSet<Handle>,
}

impl Groups {
    /// How many are linked, those aside that were disassociated.
    pub(crate) fn managed(&self) -> usize {
        self.table.len() - self.released
    }

    /// All linked groups, released ones included.
    pub(crate) fn table(&self) -> &Table<Group> {
        &self.table
    }

    /// The link of a group, if there is one.
    pub(crate) fn get(&self, key: &str) -> Option<&Group> {
        self.table.get(key)
    }

    /// The group with a number.
    pub(crate) fn at(&self, handle: Handle) -> Option<&Group> {
        self.table.at(handle)
    }

    /// Walks all of them, in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Group> {
        self.table.iter().map(|(_, group)| group)
    }

    /// Whose an object of the service is.
    pub(crate) fn owner(&self, id: &str) -> Option<&Group> {
        self.by_id.candidates(id).filter_map(|handle| self.table.at(handle)).find(|group| group.id.as_str() == id)
    }

    /// The groups that have this `displayName` at the service, as far as is known, in the order of their keys.
    pub(crate) fn named(&self, name: &str) -> Vec<&Group> {
        let name = folded(name);
        let candidates = self.by_name.candidates(&name).filter_map(|handle| self.table.at(handle));
        let mut named: Vec<&Group> = candidates.filter(|group| folded(&group.display_name) == name).collect();
        named.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        named
    }

    /// The groups that have members who are nobody's, or may have.
    pub(crate) fn with_unmanaged(&self) -> impl Iterator<Item = &Group> {
        self.with_unmanaged.iter().filter_map(|handle| self.table.at(*handle))
    }

    /// Remembers a link, its members aside.
    pub(crate) fn link(&mut self, key: &GroupKey, link: &GroupLink) -> Handle {
        let handle = match self.table.find(key.as_str()) {
            Some(handle) => {
                self.unindex(handle);
                if let Some(group) = self.table.at_mut(handle) {
                    group.set(link);
                }
                handle
            }
            None => {
                let mut group = Group {
                    key: key.clone(),
                    id: link.id.clone(),
                    display_name: link.display_name.clone(),
                    digest: link.digest,
                    is_released: false,
                    members_known: false,
                    unmanaged_members: false,
                    members: Vec::new(),
                };
                group.set(link);
                self.table.insert(group)
            }
        };
        let table = &self.table;
        self.by_id.insert(link.id.as_str(), handle, |other| table.at(other).map(|group| group.id.as_str()).unwrap_or_default());
        self.by_name.insert(&link.display_name, handle, |other| table.at(other).map(|group| &*group.display_name).unwrap_or_default());
        self.released += usize::from(link.released);
        if link.unmanaged_members {
            self.with_unmanaged.insert(handle);
        }
        handle
    }

    /// Takes a group out of the indexes.
    fn unindex(&mut self, handle: Handle) {
        let Some(group) = self.table.at(handle) else { return };
        self.by_id.remove(group.id.as_str(), handle);
        self.by_name.remove(&group.display_name, handle);
        self.released -= usize::from(group.is_released);
        self.with_unmanaged.remove(&handle);
    }

    /// Ends a link, and says who its members were.
    pub(crate) fn unlink(&mut self, key: &GroupKey) -> Option<(Handle, Vec<Handle>)> {
        let handle = self.table.find(key.as_str())?;
        self.unindex(handle);
        Some((handle, self.table.remove(handle)?.members))
    }

    /// Says that a user is a member, or is none any more; whether that is new.
    pub(crate) fn set_member(&mut self, group: Handle, user: Handle, is_member: bool) -> bool {
        let Some(group) = self.table.at_mut(group) else { return false };
        match (group.members.binary_search(&user), is_member) {
            (Err(place), true) => group.members.insert(place, user),
            (Ok(place), false) => {
                group.members.remove(place);
            }
            _ => return false,
        }
        true
    }

    /// Says who is in a group that is read from a store, all at once.
    pub(crate) fn restore_members(&mut self, group: Handle, mut members: Vec<Handle>) {
        if let Some(group) = self.table.at_mut(group) {
            members.sort_unstable();
            members.dedup();
            members.shrink_to_fit();
            group.members = members;
        }
    }

    /// The number of a group.
    pub(crate) fn find(&self, key: &str) -> Option<Handle> {
        self.table.find(key)
    }
}

impl Groups {
    /// Changes a link without touching names and members; a group that is not linked has nothing to change.
    pub(crate) fn change(&mut self, key: &GroupKey, change: impl FnOnce(&mut Group)) -> Option<&Group> {
        let handle = self.table.find(key.as_str())?;
        let group = self.table.at_mut(handle)?;
        let before = usize::from(group.is_released);
        change(group);
        self.released = self.released + usize::from(group.is_released) - before;
        if group.unmanaged_members {
            self.with_unmanaged.insert(handle)
        } else {
            self.with_unmanaged.remove(&handle)
        };
        self.table.at(handle)
    }
}
