//! One group, as JumpCloud's API writes them, and its members.
//!
//! Of a group's `attributes`, those of the administrator's own are kept for the people in it (AB-09): they stand at the top level, side by side
//! with the ones that JumpCloud uses for devices and LDAP.

use serde::de::Error;

use crate::directory::json::{Faults, Field, Open, Simple, Wanted, record, usable};
use crate::directory::jumpcloud::node::{Attributes, Node, custom};
use crate::directory::{DirectoryId, Group};
use crate::finding::{FindingKind, Record};

record! {
    /// A `UserGroup` of the API's version 2, with the `members` that a directory file may add.
    pub(super) WireGroup {
        underscore_id: String = "_id",
        id: String = "id",
        name: String = "name",
        attributes: Open<Simple> = "attributes",
        members: Vec<Field<Node>> = "members",
    }
}

/// A group as it was read: its record, and what is not known of its members.
///
/// No list of members and an empty one are two things: the first makes the snapshot partial unless the members come from elsewhere.
pub(super) struct ReadGroup {
    pub(super) group: Group,
    /// Whether there was a list of members.
    pub(super) has_members: bool,
    /// The places in that list, from 1, whose entries have no identifier.
    pub(super) members_without_id: Vec<usize>,
}

impl WireGroup {
    /// The group, unless there is no identifier that can be used.
    ///
    /// # Errors
    ///
    /// If the members are no list: what a group without readable members takes away from whom cannot be told.
    pub(super) fn into_group<E: Error>(self) -> Result<Option<ReadGroup>, E> {
        let (has_members, entries) = match self.members {
            Field::Absent => (false, Vec::new()),
            Field::Is(entries) => (true, entries),
            Field::Not(found) => return Err(E::custom(format_args!("members of a group must be an array, found {found}"))),
        };
        let Some(id) = usable(self.id).or_else(|| usable(self.underscore_id)) else { return Ok(None) };
        let mut faults = Faults::new(Record::Group(id.clone()));
        let mut group = Group::new(id, "");
        group.name = faults.take(self.name, "name");
        match self.attributes {
            Field::Absent => {}
            Field::Is(attributes) => add_attributes(&mut group, custom(attributes), &mut faults),
            Field::Not(found) => {
                faults.add("attributes", FindingKind::CustomAttributeUnreadable { expected: Open::<Simple>::EXPECTED, found });
            }
        }
        group.findings = faults.into_findings();
        let mut members_without_id = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            match Node::of(entry) {
                Some((id, node)) => add_member(&mut group, id, node.is_group),
                None => members_without_id.push(index + 1),
            }
        }
        Ok(Some(ReadGroup { group, has_members, members_without_id }))
    }
}

/// Adds what may be inherited. An attribute that cannot be is left out and does not hold the group.
fn add_attributes(group: &mut Group, attributes: Attributes, faults: &mut Faults) {
    for (name, value) in attributes {
        match value {
            Ok(value) => {
                group.custom.insert(name, value);
            }
            Err(found) => {
                faults.add(format!("attributes.{name}"), FindingKind::CustomAttributeUnreadable { expected: Simple::EXPECTED, found });
            }
        }
    }
}

/// Adds a person, or a group whose members are members too.
pub(super) fn add_member(group: &mut Group, id: DirectoryId, is_group: bool) {
    if is_group {
        group.groups.insert(id);
    } else {
        group.members.insert(id);
    }
}
