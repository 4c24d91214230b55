//! What was seen at the service.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

use crate::key::Key;

/// What was seen at the service, and how much of it.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Found, Observed};
/// use idbridge_scim::Resource;
///
/// let mut observed = Observed::default();
/// assert_eq!(observed.users().by_name("anna@example.com"), Found::Unknown);
/// observed.users_mut().see(Resource::from_json(br#"{"id":"7","userName":"Anna@Example.com"}"#)?);
/// observed.users_mut().complete();
/// assert!(matches!(observed.users().by_name("anna@example.com"), Found::One(_)));
/// assert_eq!(observed.users().by_name("bob@example.com"), Found::None);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    users: Sightings,
    groups: Sightings,
    members: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    asked_one_by_one: BTreeSet<ResourceId>,
}

impl Default for Observed {
    fn default() -> Self {
        Self {
            users: Sightings::of(ResourceType::User),
            groups: Sightings::of(ResourceType::Group),
            members: BTreeMap::new(),
            asked_one_by_one: BTreeSet::new(),
        }
    }
}

impl Observed {
    /// The users that were seen.
    #[must_use]
    pub fn users(&self) -> &Sightings {
        &self.users
    }

    /// The users that were seen, to see more.
    pub fn users_mut(&mut self) -> &mut Sightings {
        &mut self.users
    }

    /// The groups that were seen.
    #[must_use]
    pub fn groups(&self) -> &Sightings {
        &self.groups
    }

    /// The groups that were seen, to see more.
    pub fn groups_mut(&mut self) -> &mut Sightings {
        &mut self.groups
    }

    /// Who is in a group; `None` if it was not asked. Lists of groups never say it, and an empty list there means nothing.
    #[must_use]
    pub fn members(&self, group: &ResourceId) -> Option<&BTreeSet<ResourceId>> {
        self.members.get(group)
    }

    /// Says who is in a group.
    pub fn set_members(&mut self, group: ResourceId, members: BTreeSet<ResourceId>) {
        self.members.insert(group, members);
    }

    /// Says that of a group's members only our own users were asked for, so that there may be others.
    pub(crate) fn asked_one_by_one(&mut self, group: ResourceId) {
        self.asked_one_by_one.insert(group);
    }

    /// Whether a group may have members that were not seen.
    pub(crate) fn may_have_other_members(&self, group: &ResourceId) -> bool {
        self.asked_one_by_one.contains(group)
    }

    pub(crate) fn of(&self, resource_type: ResourceType) -> &Sightings {
        match resource_type {
            ResourceType::Group => &self.groups,
            _ => &self.users,
        }
    }

    pub(crate) fn of_mut(&mut self, resource_type: ResourceType) -> &mut Sightings {
        match resource_type {
            ResourceType::Group => &mut self.groups,
            _ => &mut self.users,
        }
    }
}

/// The objects of one type that were seen, and what their not being seen means.
#[derive(Debug, Clone, PartialEq)]
pub struct Sightings {
    resource_type: ResourceType,
    is_complete: bool,
    resources: BTreeMap<ResourceId, Resource>,
    by_external_id: BTreeMap<String, BTreeSet<ResourceId>>,
    by_name: BTreeMap<String, BTreeSet<ResourceId>>,
    searched_external_ids: BTreeSet<String>,
    searched_names: BTreeSet<String>,
    gone: BTreeSet<ResourceId>,
    unreadable: BTreeMap<Key, String>,
}

/// What is known of an object that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on each: none is evidence, unknown is not")]
pub enum Found {
    /// There is none: the list is complete, or exactly this was searched.
    None,
    /// There is exactly one.
    One(ResourceId),
    /// There are several, so it is not known which is meant.
    Many(BTreeSet<ResourceId>),
    /// Nobody looked.
    Unknown,
}

impl Sightings {
    fn of(resource_type: ResourceType) -> Self {
        Self {
            resource_type,
            is_complete: false,
            resources: BTreeMap::new(),
            by_external_id: BTreeMap::new(),
            by_name: BTreeMap::new(),
            searched_external_ids: BTreeSet::new(),
            searched_names: BTreeSet::new(),
            gone: BTreeSet::new(),
            unreadable: BTreeMap::new(),
        }
    }

    /// Takes an object that the service showed; one without an `id` says nothing.
    pub fn see(&mut self, resource: Resource) {
        let Some(id) = resource.id() else {
            return;
        };
        if let Some(external_id) = resource.external_id() {
            self.by_external_id.entry(external_id.as_str().to_owned()).or_default().insert(id.clone());
        }
        if let Some(name) = name_of(self.resource_type, &resource) {
            self.by_name.entry(folded(name)).or_default().insert(id.clone());
        }
        self.resources.insert(id, resource);
    }

    /// Says that every object was seen.
    pub fn complete(&mut self) {
        self.is_complete = true;
    }

    /// Says that an `externalId` was searched, so that not seeing it means that there is none.
    pub fn searched_external_id(&mut self, external_id: impl Into<String>) {
        self.searched_external_ids.insert(external_id.into());
    }

    /// Says that a name was searched, so that not seeing it means that there is none.
    pub fn searched_name(&mut self, name: &str) {
        self.searched_names.insert(folded(name));
    }

    /// Says that the object with this `id` was asked for and is not there (404).
    pub fn gone(&mut self, id: ResourceId) {
        self.gone.insert(id);
    }

    /// Says that a search for this record failed, and why.
    pub(crate) fn failed(&mut self, key: Key, reason: String) {
        self.unreadable.insert(key, reason);
    }

    /// Why a search for this record failed, if one did.
    pub(crate) fn failure(&self, key: &Key) -> Option<&str> {
        self.unreadable.get(key).map(String::as_str)
    }

    /// Whether every object was seen.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether the object with this `id` was asked for and is not there.
    #[must_use]
    pub fn is_gone(&self, id: &ResourceId) -> bool {
        self.gone.contains(id)
    }

    /// The object with this `id`, if it was seen.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// The objects that were seen, in the order of their identifiers.
    pub fn iter(&self) -> impl Iterator<Item = (&ResourceId, &Resource)> {
        self.resources.iter()
    }

    /// The object with this `externalId`, compared with case.
    #[must_use]
    pub fn by_external_id(&self, external_id: &str) -> Found {
        let is_evidence = self.is_complete || self.searched_external_ids.contains(external_id);
        found(self.by_external_id.get(external_id), is_evidence)
    }

    /// The object with this `userName` or `displayName`, compared without case, as AWS does.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Found {
        let name = folded(name);
        let is_evidence = self.is_complete || self.searched_names.contains(&name);
        found(self.by_name.get(&name), is_evidence)
    }
}

fn found(ids: Option<&BTreeSet<ResourceId>>, is_evidence: bool) -> Found {
    match ids.map(|ids| (ids.len(), ids.first())) {
        Some((1, Some(id))) => Found::One(id.clone()),
        Some((_, Some(_))) => Found::Many(ids.cloned().unwrap_or_default()),
        _ if is_evidence => Found::None,
        _ => Found::Unknown,
    }
}

/// The attribute that must be unique: `userName` of a user, `displayName` of a group.
pub(crate) fn name_of(resource_type: ResourceType, resource: &Resource) -> Option<&str> {
    match resource_type {
        ResourceType::Group => resource.text("displayName"),
        _ => resource.text("userName"),
    }
}

/// A name as it is compared without case.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}
