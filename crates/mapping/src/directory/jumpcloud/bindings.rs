//! Who is in which group and what the application is bound to, where the interface answers that apart from the records.
//!
//! | answer | says | goes to |
//! |---|---|---|
//! | `/usergroups/{id}/members`, `/usergroups/{id}/membership` | who is in a group | `Group::members`, and `Group::groups` for entries of type `user_group` |
//! | `/applications/{id}/usergroups` | which groups are bound | `Application::groups` |
//! | `/applications/{id}/users` | who is bound, and how | `Application::users` for a path of one step |
//! | `compiledAttributes` of the latter | what a person has from their groups | `User::inherited` |
//!
//! The keys of a file come in any order, so what is said of a record is kept in [`Apart`] until all records were read, and joined then. What does
//! not fit together says that something was not read: members of a group that is not there, a group without members in either place, a person who
//! is bound by way of groups and is in none of those that are bound.
//!
//! Attributes of a membership are not read: they are those of the group, which has them itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Error, IgnoredAny, MapAccess};

use crate::directory::json::{Field, Key, List, ListSeed, Object, Open, Simple, Wanted};
use crate::directory::jumpcloud::file::Reader;
use crate::directory::jumpcloud::group::add_member;
use crate::directory::jumpcloud::node::{Attributes, Node, custom};
use crate::directory::{DirectoryId, Incomplete, Snapshot};
use crate::finding::{Finding, FindingKind, Record};

pub(super) const BOUND_GROUPS: &str = "application.usergroups";
const BOUND_USERS: &str = "application.users";
const MEMBERSHIPS: &str = "memberships";

/// What is known of a record before, or without, the record itself.
///
/// The lists of a file stand in any order, so nothing is put into a record before the file is read to its end.
#[derive(Default)]
pub(super) struct Apart {
    /// Of each group, its members, and whether each is a group.
    memberships: BTreeMap<DirectoryId, Vec<(DirectoryId, bool)>>,
    /// The groups whose record has no members.
    pub(super) without_members: BTreeSet<DirectoryId>,
    /// The people who are bound by way of groups only.
    by_groups: BTreeSet<DirectoryId>,
    /// What people have from their groups.
    inherited: BTreeMap<DirectoryId, Attributes>,
}

impl Apart {
    /// Brings it together with the records, and notes what does not add up.
    pub(super) fn join(self, snapshot: &mut Snapshot) {
        for group in self.without_members.iter().filter(|group| !self.memberships.contains_key(*group)) {
            snapshot.mark_partial(Incomplete::MembersMissing { group: group.clone() });
        }
        for (id, members) in self.memberships {
            match snapshot.group_mut(&id) {
                Some(group) => members.into_iter().for_each(|(id, is_group)| add_member(group, id, is_group)),
                None => snapshot.mark_partial(Incomplete::GroupMissing { group: id }),
            }
        }
        for (id, attributes) in self.inherited {
            let Some(user) = snapshot.user_mut(&id) else { continue };
            for (name, value) in attributes {
                match value {
                    Ok(value) => {
                        user.inherited.insert(name, value);
                    }
                    Err(found) => {
                        let kind = FindingKind::CustomAttributeUnreadable { expected: Simple::EXPECTED, found };
                        let finding = Finding::new(kind).of(Record::User(id.clone()));
                        user.findings.push(finding.at(format!("compiledAttributes.{name}")));
                    }
                }
            }
        }
        snapshot.flatten();
        let bound = snapshot.application().groups.iter().filter_map(|id| snapshot.groups().get(id));
        let members: BTreeSet<&DirectoryId> = bound.flat_map(|group| &group.members).collect();
        let is_stray = |user: &&DirectoryId| !members.contains(user) && !snapshot.application().users.contains(*user);
        let strays: Vec<DirectoryId> = self.by_groups.iter().filter(is_stray).cloned().collect();
        for user in strays {
            snapshot.mark_partial(Incomplete::BoundByNoGroup { user });
        }
    }

    /// Keeps what a person has from their groups; of two values that differ, neither is it.
    fn inherit(&mut self, id: &DirectoryId, attributes: Field<Open<Simple>>) {
        let Field::Is(attributes) = attributes else { return };
        let known = self.inherited.entry(id.clone()).or_default();
        for (name, value) in custom(attributes) {
            let first = known.entry(name).or_insert_with(|| value.clone());
            if *first != value {
                *first = Err("two values");
            }
        }
    }
}

/// What the application is bound to.
pub(super) struct Bindings<'a>(pub(super) &'a mut Reader);

impl Object for Bindings<'_> {
    fn name(&self) -> &'static str {
        "application"
    }

    /// `null` is as if it were not there.
    fn begin<E: Error>(&mut self, _is_null: bool) -> Result<(), E> {
        self.0.note("application")
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        match &*key.0 {
            "usergroups" => {
                map.next_value_seed(ListSeed(&mut Bound { name: BOUND_GROUPS, reader: self.0 }))?;
            }
            "users" => {
                map.next_value_seed(ListSeed(&mut Bound { name: BOUND_USERS, reader: self.0 }))?;
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The groups or the people that the application is bound to.
struct Bound<'a> {
    name: &'static str,
    reader: &'a mut Reader,
}

impl List for Bound<'_> {
    type Entry = Node;

    fn name(&self) -> &'static str {
        self.name
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        self.reader.note(self.name)
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<Node>) -> Result<(), E> {
        let Some((id, node)) = Node::of(entry) else {
            self.reader.entry_without_id(self.name, None, row);
            return Ok(());
        };
        let application = self.reader.snapshot.application_mut();
        if self.name == BOUND_GROUPS {
            application.groups.insert(id);
            return Ok(());
        }
        self.reader.apart.inherit(&id, node.compiled_attributes);
        if node.is_direct {
            application.users.insert(id);
        } else {
            self.reader.apart.by_groups.insert(id);
        }
        Ok(())
    }
}

/// The members of each group, by the group's identifier.
pub(super) struct Memberships<'a>(pub(super) &'a mut Reader);

impl Object for Memberships<'_> {
    fn name(&self) -> &'static str {
        MEMBERSHIPS
    }

    /// `null` is as if it were not there.
    fn begin<E: Error>(&mut self, _is_null: bool) -> Result<(), E> {
        self.0.note(MEMBERSHIPS)
    }

    /// Each key is a group. One that is no identifier takes its members with it, so the snapshot is partial.
    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        let Ok(group) = DirectoryId::new(&*key.0) else {
            map.next_value::<IgnoredAny>()?;
            let row = self.0.apart.memberships.len() + 1;
            self.0.entry_without_id(MEMBERSHIPS, None, row);
            return Ok(());
        };
        map.next_value_seed(ListSeed(&mut Membership { group, reader: self.0 }))?;
        Ok(())
    }
}

/// The members of one group.
struct Membership<'a> {
    group: DirectoryId,
    reader: &'a mut Reader,
}

impl List for Membership<'_> {
    type Entry = Node;

    fn name(&self) -> &'static str {
        MEMBERSHIPS
    }

    /// Two lists of one group would be two opinions of who is in it.
    fn begin<E: Error>(&mut self) -> Result<(), E> {
        if self.reader.apart.memberships.insert(self.group.clone(), Vec::new()).is_some() {
            return Err(E::custom(format_args!("{MEMBERSHIPS} of the group {} are there twice", self.group)));
        }
        Ok(())
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<Node>) -> Result<(), E> {
        match Node::of(entry) {
            Some((id, node)) => self.reader.apart.memberships.entry(self.group.clone()).or_default().push((id, node.is_group)),
            None => self.reader.entry_without_id(MEMBERSHIPS, Some(self.group.clone()), row),
        }
        Ok(())
    }
}
