//! What the caller decides.
//!
//! A policy holds values and no behaviour: what differs between two callers, or between two runs of one caller, is here and nowhere else. The
//! limits of the service provider come from its [`Profile`], and everything else has a default that takes too little away rather than too much.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Profile, Rates, ResourceId, UpdateMethod};

use crate::observed::folded;

/// What the caller decides: which objects are managed, how much may be taken away, how fast requests go out.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy};
/// use idbridge_scim::Profile;
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// assert_eq!(policy.guard.least, 5);
/// assert_eq!(policy.allowance, None);
///
/// // A person has read the plan and lets this one run take away the seven objects that it names.
/// policy.allowance = Some(7);
/// // A service that is read elsewhere as well gets half of its rate from here.
/// policy.rates.writes /= 2.0;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Whether groups and memberships are managed at all. It has no default: the caller says it (GM-01, GM-02).
    pub groups: GroupManagement,
    /// How much may be taken away before everything that takes access away is withheld (E-8). Default: [`Guard::default`].
    pub guard: Guard,
    /// How many objects this one run may take away, said by a person; it stands in the guard's place. Default: none.
    ///
    /// An object is a user who is deleted or deactivated, or a group that is deleted; member removals are not counted. With an allowance, neither
    /// the guard's limit nor its window is looked at: a plan that takes away at most this many objects passes, even where the source is empty, and
    /// a plan that takes away more is withheld, even where the guard alone would have let it pass. So `Some(0)` lets nobody be taken away.
    ///
    /// It never lets anything be concluded from an incomplete source (UL-11); what a record itself says, a suspension, does pass.
    pub allowance: Option<usize>,
    /// What becomes of members of an adopted group that are nobody in the directory (E-6). Default: [`UnmanagedMembers::Leave`], because to
    /// remove strangers is the half of a take-over that cannot be undone from here.
    pub unmanaged_members: UnmanagedMembers,
    /// How often is tried before it is given up. Default: 16; less than 1 counts as 1.
    ///
    /// It bounds two things, each by itself. One request goes out at most this many times while it is answered 429, is not sent, or, for a read,
    /// is answered 5xx or lost. And one operation of a [`Run`](crate::Run) lines up at most this many requests, look-ups included, since it last
    /// got on; each page and each part of a long list of members is getting on. Between 16 attempts lie 29 to 57 seconds, which outlasts the
    /// throttling and the restarts that are usual, unless the service itself asks for longer.
    pub attempts: u32,
    /// The most requests under way at one time. Default: 8, which keeps 25 writes a second going while answers take up to 0.3 s; less than 1
    /// counts as 1.
    pub in_flight: usize,
    /// Requests a second, writes and reads apart. Default: those that the profile publishes.
    ///
    /// Requests are spaced evenly at two per cent less, because a service counts arrivals and the network moves them together. After a 429 the
    /// pause becomes half as long again, up to sixteen times the first, and shrinks by three per cent with each answer.
    pub rates: Rates,
    /// The most members in one request (GM-32). Default: that of the profile, 100 for AWS; at least 1.
    pub members_per_request: usize,
    /// The sizes at which an uncursored list is taken as cut, so that nothing is concluded from what is not on it (IC-20). Default: those of the
    /// profile, 50 and 100 for AWS. A list of another size that names no next page is complete.
    pub page_caps: Vec<usize>,
    /// How a user is updated. Default: that of the profile, PATCH for AWS. With PUT, the user is read first, and what is written is the copy that
    /// was read with the changes in it, so that attributes that nobody maps survive (AC-05, AM-19). Groups are always changed by PATCH.
    pub user_update: UpdateMethod,
    /// Users and groups of the service to which nothing is ever done. Default: none, because nothing is managed but what was linked or adopted; this
    /// is for what must not be adopted either, such as the account that is kept for emergencies.
    pub protected: Protected,
}

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
            false => names.iter().find_map(|name| entries.names.get(&folded(name)).cloned()).map(Protection::Name),
        };
        by_id().or_else(by_external_id).or_else(by_name)
    }
}

impl Entries {
    fn insert(&mut self, by: Protection) {
        match by {
            Protection::Id(id) => drop(self.ids.insert(id)),
            Protection::Name(name) => drop(self.names.insert(folded(&name), name)),
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

/// Whether groups are managed (the switch "Enable management of User Groups and Group Membership").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a switch")]
pub enum GroupManagement {
    /// Groups and memberships are managed. Switched on again, it goes on from the links that were kept, and only differences are sent (GM-31).
    On,
    /// No request names a group, not even a read; users are provisioned as before, and entitlement is still read from groups (GM-27, GM-29).
    /// Links to groups are kept, and groups and members stay as they are at the service (GM-28).
    Off,
}

/// When everything that takes access away is withheld (E-8).
///
/// The guard trips when the user deletions and deactivations of a plan, together with those of the window before it, exceed the greater of
/// `least` and `share` of the linked users; or when the group deletions exceed the same of the linked groups. Then nothing that takes access away
/// is sent: no deletion, no deactivation, no member removal. Creations, updates and additions go on.
///
/// | with the defaults, | the plan takes away | in the window before | limit | |
/// | --- | --- | --- | --- | --- |
/// | 10 users are linked | 5 users | none | 5 | passes |
/// | 10 users are linked | 6 users | none | 5 | all six are withheld |
/// | 7 are left of 10 | 3 users | 3 deleted | 5 | the three are withheld |
/// | 10 users are linked | 3 users | the same 3, outcome unknown | 5 | passes: a repetition counts once |
/// | 100 users are linked | 20 users | none | 20 | passes |
/// | 100 users, 8 groups | 20 users and 5 groups | none | 20 and 5 | passes: each kind has its limit |
/// | 100 users, 8 groups | 1 user and 6 groups | none | 20 and 5 | the user is withheld as well |
/// | 100 users are linked | 90 memberships | none | 20 | passes: memberships are not counted |
///
/// The share is of what was linked when the window began: users and groups deleted within it count as linked. A removal enters the window with
/// its intent, before it is sent, so that a crash cannot hide it.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy};
/// use idbridge_scim::Profile;
/// use std::time::Duration;
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// policy.guard.least = 2;
/// policy.guard.share = 0.05;
/// policy.guard.window = Duration::from_secs(60 * 60);
/// assert_eq!(policy.guard.limit(30), 2);
/// assert_eq!(policy.guard.limit(1_000), 50);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Guard {
    /// This many never trip it. Default: 5, so that a small company can let people go. With 0, the share alone counts.
    pub least: usize,
    /// This share of the linked objects never trips it. Default: 0.2. It is kept between 0.0 and 1.0; what is no number counts as 0.0.
    pub share: f64,
    /// The time over which removals are counted together. Default: 24 hours, so that many small runs cannot do what one run may not.
    pub window: Duration,
}

/// What becomes of members of an adopted or re-associated group that are nobody in the directory (E-6).
///
/// A member whose user is linked, or adopted in the same plan, is somebody: he stays if he is in the directory's group and goes if he is not. This
/// is about the others, such as people who were added by hand.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy, UnmanagedMembers};
/// use idbridge_scim::Profile;
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// assert_eq!(policy.unmanaged_members, UnmanagedMembers::Leave);
/// policy.unmanaged_members = UnmanagedMembers::Remove;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnmanagedMembers {
    /// They stay, and are reported in a finding `UnmanagedMembers`.
    Leave,
    /// They are removed by their identifiers, in [`OperationKind::RemoveMembers`](crate::OperationKind::RemoveMembers). That takes access away,
    /// and so is withheld with the rest when the guard trips.
    Remove,
}

impl Default for Guard {
    fn default() -> Self {
        Self { least: 5, share: 0.2, window: Duration::from_secs(24 * 60 * 60) }
    }
}

impl Guard {
    /// Says how many of `linked` objects may be taken away: the share of them, rounded down, but not less than [`least`](Self::least).
    ///
    /// # Examples
    ///
    /// ```
    /// let guard = idbridge_planner::Guard::default();
    /// assert_eq!(guard.limit(0), 5);
    /// assert_eq!(guard.limit(29), 5);
    /// assert_eq!(guard.limit(30), 6);
    /// assert_eq!(guard.limit(1_004), 200);
    /// ```
    #[must_use]
    pub fn limit(&self, linked: usize) -> usize {
        #[expect(clippy::as_conversions, reason = "a count of objects is far below 2^52, and the product is not negative")]
        let share = (linked as f64 * self.share.clamp(0.0, 1.0)).floor() as usize;
        share.max(self.least)
    }
}

impl Policy {
    /// Takes the limits of a service provider from its profile, and the defaults for the rest. Whether groups are managed has none.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{GroupManagement, Policy};
    /// use idbridge_scim::{Profile, Rates};
    ///
    /// let mut profile = Profile::aws_iam_identity_center();
    /// let policy = Policy::new(&profile, GroupManagement::Off);
    /// assert_eq!((policy.members_per_request, policy.attempts, policy.in_flight), (100, 16, 8));
    ///
    /// // Another service with its own limits: no code of the planner knows the difference.
    /// profile.members_per_request = 1_000;
    /// profile.rates = Rates::new(5.0, 10.0).ok_or("rates must be positive")?;
    /// assert_eq!(Policy::new(&profile, GroupManagement::Off).rates.writes, 5.0);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn new(profile: &Profile, groups: GroupManagement) -> Self {
        Self {
            groups,
            guard: Guard::default(),
            allowance: None,
            unmanaged_members: UnmanagedMembers::Leave,
            attempts: 16,
            in_flight: 8,
            rates: profile.rates,
            members_per_request: profile.members_per_request.max(1),
            page_caps: profile.page_caps.to_vec(),
            user_update: profile.user_update,
            protected: Protected::default(),
        }
    }

    /// Whether requests may name groups.
    pub(crate) fn manages_groups(&self) -> bool {
        self.groups == GroupManagement::On
    }
}
