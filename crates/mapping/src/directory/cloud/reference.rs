//! What the application is bound to: a record, named by its identifier.

use serde::de::MapAccess;

use crate::directory::DirectoryId;
use crate::directory::json::{Field, Wanted, record, usable};

record! {
    /// A record of which only the name is wanted; `scope` is Okta's, of an assignment.
    Node {
        id: String = "id",
        scope: String = "scope",
    }
}

/// A record that is named: a text, or an object with `id`.
#[derive(Debug)]
pub(in crate::directory) struct Reference {
    /// The name, unless there is none that could be an identifier.
    pub(super) name: Option<DirectoryId>,
    /// Whether the record is only there because a group is, so that the group says it all.
    pub(super) is_by_group: bool,
}

impl Wanted for Reference {
    const EXPECTED: &'static str = "an identifier";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self { name: DirectoryId::new(text).ok(), is_by_group: false })
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let Some(node) = Node::from_map(map)? else { return Ok(None) };
        let is_by_group = matches!(&node.scope, Field::Is(scope) if scope.eq_ignore_ascii_case("GROUP"));
        Ok(Some(Self { name: usable(node.id), is_by_group }))
    }
}
