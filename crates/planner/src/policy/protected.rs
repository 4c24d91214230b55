//! What is never touched at the service.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use idbridge_scim::ResourceId;
use idbridge_scim::protocol::ResourceType;

use crate::name::folded;

/// Users and groups of the service to which nothing is ever done, whatever the directory says.
///
/// An operation on one of them is left out of the plan, and its record held with a finding `Protected`; a run that finds one on its way does not adopt
/// it. A protected user is neither added to a group nor taken out of one, and no name on the list is given to another object. What was linked before
/// it was protected stays linked and is left as it is.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy, Protection};
/// use idbridge_scim::{Profile, ResourceId};
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// policy.protected.user(Protection::Name("break-glass@example.com".to_owned()));
/// policy.protected.group(Protection::Id(ResourceId::new("9067729b3d-94f1e0b3")?));
/// assert_eq!(policy.protected.to_string(), r#"user name "break-glass@example.com", group id "9067729b3d-94f1e0b3""#);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    users: Entries,
    groups: Entries,
}

/// By what an object of the service is known as protected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protection {
    /// The service's identifier.
    Id(ResourceId),
    /// The `userName` or `displayName`, compared without case.
    Name(String),
    /// The `externalId`, compared with case. Of a linked record it is the directory's identifier, which is what is sent as `externalId`.
    ExternalId(String),
}

/// The entries of one type; names in lower case, with the name as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entries {
    ids: BTreeSet<ResourceId>,
    names: BTreeMap<String, String>,
    external_ids: BTreeSet<String>,
}

impl Protected {
    /// Protects a user of the service.
    pub fn user(&mut self, by: Protection) {
        self.users.insert(by);
    }

    /// Protects a group of the service, its members included.
    pub fn group(&mut self, by: Protection) {
        self.groups.insert(by);
    }

    /// Whether nothing is protected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first entry that one of these is on; an identifier outweighs a name.
    pub(crate) fn find(
        &self,
        resource_type: ResourceType,
        id: Option<&ResourceId>,
        names: &[&str],
        external_ids: &[&str],
    ) -> Option<Protection> {
        let entries = if resource_type == ResourceType::Group { &self.groups } else { &self.users };
        let by_id = || entries.ids.get(id?).cloned().map(Protection::Id);
        let by_external_id = || external_ids.iter().find_map(|id| entries.external_ids.get(*id).cloned()).map(Protection::ExternalId);
        let by_name = || match entries.names.is_empty() {
            true => None,
            false => names.iter().find_map(|name| entries.names.get(&*folded(name)).cloned()).map(Protection::Name),
        };
        by_id().or_else(by_external_id).or_else(by_name)
    }
}

impl Entries {
    /// Adds an entry; one that is there already is one.
    fn insert(&mut self, by: Protection) {
        match by {
            Protection::Id(id) => drop(self.ids.insert(id)),
            Protection::Name(name) => drop(self.names.insert(folded(&name).into_owned(), name)),
            Protection::ExternalId(id) => drop(self.external_ids.insert(id)),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Protection> {
        let ids = self.ids.iter().cloned().map(Protection::Id);
        let names = self.names.values().cloned().map(Protection::Name);
        ids.chain(names).chain(self.external_ids.iter().cloned().map(Protection::ExternalId))
    }
}

impl fmt::Display for Protected {
    /// Lists the entries: users, then groups; of each, identifiers, names and `externalId`s, in their order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users = self.users.iter().map(|entry| format!("user {entry}"));
        let entries: Vec<String> = users.chain(self.groups.iter().map(|entry| format!("group {entry}"))).collect();
        if entries.is_empty() { f.write_str("nothing") } else { f.write_str(&entries.join(", ")) }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "id {:?}", id.as_str()),
            Self::Name(name) => write!(f, "name {name:?}"),
            Self::ExternalId(id) => write!(f, "externalId {id:?}"),
        }
    }
}
