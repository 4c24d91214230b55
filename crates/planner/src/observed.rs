//! What was seen at the service.
//!
//! Seeing something is one thing, and knowing that there is nothing else is another: a list of AWS may be cut without a word (IC-20). So what was
//! looked for is remembered beside what was found, and a question that nobody asked is answered [`Found::Unknown`].

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Filter, Resource, ResourceId};

use crate::key::Key;
use crate::look::Look;
use crate::name::folded;
use crate::plan::Drifted;

/// What was seen at the service, and how much of it.
///
/// A [`Discovery`](crate::Discovery) fills it with as few reads as the evidence needs. A caller who knows the service in another way, such as a
/// test, fills it by hand: the default says that nobody looked.
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
    shown_members: BTreeMap<ResourceId, Resource>,
    looks: Vec<Look>,
    drift: Vec<Drifted>,
}

impl Default for Observed {
    fn default() -> Self {
        Self {
            users: Sightings::of(ResourceType::User),
            groups: Sightings::of(ResourceType::Group),
            members: BTreeMap::new(),
            asked_one_by_one: BTreeSet::new(),
            shown_members: BTreeMap::new(),
            looks: Vec::new(),
            drift: Vec::new(),
        }
    }
}

impl Observed {
    /// Returns the users that were seen.
    #[must_use]
    pub fn users(&self) -> &Sightings {
        &self.users
    }

    /// Returns the users that were seen, to see more.
    pub fn users_mut(&mut self) -> &mut Sightings {
        &mut self.users
    }

    /// Returns the groups that were seen.
    #[must_use]
    pub fn groups(&self) -> &Sightings {
        &self.groups
    }

    /// Returns the groups that were seen, to see more.
    pub fn groups_mut(&mut self) -> &mut Sightings {
        &mut self.groups
    }

    /// Returns who is in a group; `None` if it was not asked.
    ///
    /// AWS lists groups without members, and an empty list of members there means nothing. So the `members` of a group that was seen are never
    /// looked at: members are known from here or not at all.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::Observed;
    /// use idbridge_scim::{Resource, ResourceId};
    ///
    /// let group = ResourceId::new("g1")?;
    /// let mut observed = Observed::default();
    /// observed.groups_mut().see(Resource::from_json(br#"{"id":"g1","displayName":"Staff","members":[]}"#)?);
    /// assert_eq!(observed.members(&group), None);
    /// observed.set_members(group.clone(), [ResourceId::new("u1")?].into());
    /// assert_eq!(observed.members(&group).map(|members| members.len()), Some(1));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn members(&self, group: &ResourceId) -> Option<&BTreeSet<ResourceId>> {
        self.members.get(group)
    }

    /// Says who is in a group: all of them, ours and others.
    pub fn set_members(&mut self, group: ResourceId, members: BTreeSet<ResourceId>) {
        self.members.insert(group, members);
    }

    /// Returns how it was looked, in the order of the phases of a look; nothing if it was filled by hand.
    #[must_use]
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    pub(crate) fn set_looks(&mut self, looks: Vec<Look>) {
        self.looks = looks;
    }

    /// What others changed, as a [`Discovery`](crate::Discovery) found it.
    pub(crate) fn drift(&self) -> &[Drifted] {
        &self.drift
    }

    pub(crate) fn set_drift(&mut self, drift: Vec<Drifted>) {
        self.drift = drift;
    }

    /// Says that of a group's members only our own users were asked for, so that there may be others.
    pub(crate) fn asked_one_by_one(&mut self, group: ResourceId) {
        self.asked_one_by_one.insert(group);
    }

    /// Whether a group may have members that were not seen.
    pub(crate) fn may_have_other_members(&self, group: &ResourceId) -> bool {
        self.asked_one_by_one.contains(group)
    }

    /// Takes a user that was shown as a member of a group. It tells who that is, and is no sighting on which anything else rests.
    pub(crate) fn see_member(&mut self, resource: Resource) {
        if let Some(id) = resource.id() {
            self.shown_members.insert(id, resource);
        }
    }

    /// What was seen of a member, in whichever way.
    pub(crate) fn member(&self, id: &ResourceId) -> Option<&Resource> {
        self.users.get(id).or_else(|| self.shown_members.get(id))
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
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Found, Observed};
/// use idbridge_scim::{Resource, ResourceId};
///
/// let mut observed = Observed::default();
/// let users = observed.users_mut();
/// // Searched and not found is evidence; not searched is none.
/// users.searched_external_id("5c39");
/// assert_eq!(users.by_external_id("5c39"), Found::None);
/// assert_eq!(users.by_external_id("77aa"), Found::Unknown);
/// // Two with one name: it is not known which is meant.
/// users.see(Resource::from_json(br#"{"id":"1","userName":"anna@example.com"}"#)?);
/// users.see(Resource::from_json(br#"{"id":"2","userName":"Anna@Example.com"}"#)?);
/// assert!(matches!(users.by_name("anna@example.com"), Found::Many(ids) if ids.len() == 2));
/// // Only a 404 says that a linked object is gone.
/// users.gone(ResourceId::new("3")?);
/// assert!(users.is_gone(&ResourceId::new("3")?) && !users.is_gone(&ResourceId::new("4")?));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
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
///
/// | found | a record that is wanted and not linked is |
/// | --- | --- |
/// | `None` | created |
/// | `One` | adopted |
/// | `Many` | held, `Ambiguous` |
/// | `Unknown` | held, `NotSearched` |
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on each: none is evidence, unknown is not")]
pub enum Found {
    /// There is none: the list is complete, or exactly this was searched.
    None,
    /// There is exactly one.
    One(ResourceId),
    /// There are several, so it is not known which is meant.
    Many(BTreeSet<ResourceId>),
    /// Nobody looked, so there may be one: to create now might make a second.
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

    /// Takes an object that the service showed; one without an `id` says nothing. Seen again, the object is as it was seen last, but stays findable
    /// under its earlier names.
    pub fn see(&mut self, resource: Resource) {
        let Some(id) = resource.id() else {
            return;
        };
        if let Some(external_id) = resource.external_id() {
            self.by_external_id.entry(external_id.as_str().to_owned()).or_default().insert(id.clone());
        }
        if let Some(name) = name_of(self.resource_type, &resource) {
            self.by_name.entry(folded(name).into_owned()).or_default().insert(id.clone());
        }
        self.resources.insert(id, resource);
    }

    /// Says that every object was seen, so that not seeing one means that there is none.
    pub fn complete(&mut self) {
        self.is_complete = true;
    }

    /// Says that an `externalId` was searched, so that not seeing it means that there is none.
    pub fn searched_external_id(&mut self, external_id: impl Into<String>) {
        self.searched_external_ids.insert(external_id.into());
    }

    /// Says that a name was searched, so that not seeing it means that there is none.
    pub fn searched_name(&mut self, name: &str) {
        self.searched_names.insert(folded(name).into_owned());
    }

    /// Says that the object with this `id` was asked for and is not there (404). A link to it then counts as no link (UL-09).
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

    /// Whether no object was seen, so that nothing can be found.
    pub(crate) fn is_blank(&self) -> bool {
        self.resources.is_empty()
    }

    /// Whether objects were asked for and are not there.
    pub(crate) fn has_gone(&self) -> bool {
        !self.gone.is_empty()
    }

    /// The same as [`is_gone`](Self::is_gone) for an identifier that is kept as text.
    pub(crate) fn is_gone_text(&self, id: &str) -> bool {
        self.has_gone() && self.gone.contains(id)
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

    /// The objects that were asked for and are not there.
    pub(crate) fn gone_ids(&self) -> impl Iterator<Item = &ResourceId> {
        self.gone.iter()
    }

    /// Returns the object with this `id`, if it was seen; not to have seen it means nothing.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// Walks the objects that were seen, in the order of their identifiers.
    pub fn iter(&self) -> impl Iterator<Item = (&ResourceId, &Resource)> {
        self.resources.iter()
    }

    /// Looks for the object with this `externalId`, compared with case (RFC 7643 section 3.1).
    #[must_use]
    pub fn by_external_id(&self, external_id: &str) -> Found {
        let is_evidence = self.is_complete || self.searched_external_ids.contains(external_id);
        found(self.by_external_id.get(external_id), is_evidence)
    }

    /// Looks for the object with this `userName` or `displayName`, compared without case, as AWS does (E-5).
    #[must_use]
    pub fn by_name(&self, name: &str) -> Found {
        let name = folded(name);
        let is_evidence = self.is_complete || self.searched_names.contains(&*name);
        found(self.by_name.get(&*name), is_evidence)
    }
}

/// What was seen counts whether or not the list is complete; that nothing was seen counts only with evidence.
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
        ResourceType::Group => resource.get("displayName")?.as_str(),
        _ => resource.get("userName")?.as_str(),
    }
}

/// The filter by that attribute.
pub(crate) fn name_filter(resource_type: ResourceType, name: &str) -> Filter {
    match resource_type {
        ResourceType::Group => Filter::display_name(name),
        _ => Filter::user_name(name),
    }
}
