//! Objects of JumpCloud's graph: what a group holds, and what an application is bound to.
//!
//! ```text
//!   "u1"                                                          an identifier, as a file may have it for short
//!   {"id": "u1", "type": "user", "compiledAttributes": {..},      an object with paths: of /membership and of what an application is bound to
//!    "paths": [[{"to": {"id": "g1"}}, {"to": {"id": "u1"}}]]}
//!   {"attributes": {..}, "to": {"id": "u1", "type": "user"}}      a connection: of /members and /associations
//! ```
//!
//! A path is the way from the application to the object: `[user]` is a binding of the person, `[group, user]` one of the group. Who has both is
//! bound both ways, and stays if either is taken away.

use std::collections::BTreeMap;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use crate::directory::DirectoryId;
use crate::directory::json::{Field, Open, Simple, Wanted, record, usable};

/// The keys of a group's attributes that JumpCloud keeps for itself.
const RESERVED: [&str; 5] = ["sudo", "ldapGroups", "posixGroups", "radius", "sambaEnabled"];

/// Another record: its identifier, or a graph object that has it, with what that says of the way there.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: Option<DirectoryId>,
    /// Whether it is a group; anything else is a person.
    pub(super) is_group: bool,
    /// Whether it is bound itself. A way of one step says so, and so does an entry without any way.
    pub(super) is_direct: bool,
    /// What it has from its groups.
    pub(super) compiled_attributes: Field<Open<Simple>>,
}

record! {
    /// A graph object with its paths, `{"id": .., "paths": [[..]]}`, or a connection to one, `{"to": {"id": ..}}`.
    WireNode {
        id: String = "id",
        kind: String = "type",
        to: Node = "to",
        compiled_attributes: Open<Simple> = "compiledAttributes",
        paths: Vec<Field<Steps>> = "paths",
    }
}

/// The number of steps of one path.
#[derive(Debug)]
struct Steps(usize);

impl Wanted for Steps {
    const EXPECTED: &'static str = "an array";

    fn from_sequence<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Option<Self>, A::Error> {
        let mut steps = 0;
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            steps += 1;
        }
        Ok(Some(Self(steps)))
    }
}

impl Wanted for Node {
    const EXPECTED: &'static str = "an identifier";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self { id: DirectoryId::new(text).ok(), is_group: false, is_direct: true, compiled_attributes: Field::Absent })
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let Some(node) = WireNode::from_map(map)? else { return Ok(None) };
        let (is_direct, is_group) = (node.is_direct(), node.is_group());
        let (id, is_group_there) = match node.to {
            Field::Is(there) => (there.id, there.is_group),
            Field::Absent | Field::Not(_) => (None, false),
        };
        let id = id.or_else(|| usable(node.id));
        Ok(Some(Self { id, is_group: is_group || is_group_there, is_direct, compiled_attributes: node.compiled_attributes }))
    }
}

impl WireNode {
    /// JumpCloud writes types in both cases.
    fn is_group(&self) -> bool {
        matches!(&self.kind, Field::Is(kind) if kind.eq_ignore_ascii_case("user_group"))
    }

    /// A path that cannot be read counts as a direct one: to take a binding for one by groups would let it go when the groups do.
    fn is_direct(&self) -> bool {
        match &self.paths {
            Field::Is(paths) => paths.is_empty() || paths.iter().any(|path| !matches!(path, Field::Is(Steps(steps)) if *steps != 1)),
            Field::Absent | Field::Not(_) => true,
        }
    }
}

impl Node {
    /// The record behind an entry of a list, if the entry has an identifier.
    pub(super) fn of(entry: Field<Self>) -> Option<(DirectoryId, Self)> {
        match entry {
            Field::Is(mut node) => node.id.take().map(|id| (id, node)),
            Field::Absent | Field::Not(_) => None,
        }
    }
}

/// Custom attributes of a group, or of a person by way of their groups. Of each, the text, or the type that it has instead.
pub(super) type Attributes = BTreeMap<String, Result<String, &'static str>>;

/// The custom attributes among those of a group; there is no value where there is none.
pub(super) fn custom(Open(attributes): Open<Simple>) -> Attributes {
    let custom = attributes.into_iter().filter(|(name, _)| !RESERVED.contains(&name.as_str()));
    let readable = |(name, value)| match value {
        Field::Absent => None,
        Field::Is(Simple(text)) => Some((name, Ok(text))),
        Field::Not(found) => Some((name, Err(found))),
    };
    custom.filter_map(readable).collect()
}
