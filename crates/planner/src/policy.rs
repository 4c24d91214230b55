//! What the caller decides.

use std::time::Duration;

use idbridge_scim::{Profile, Rates, UpdateMethod};

/// What the caller decides: which objects are managed, how much may be taken away, how fast requests go out.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy};
/// use idbridge_scim::Profile;
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// assert_eq!(policy.guard.least, 5);
/// assert_eq!(policy.allowance, None);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Whether groups and memberships are managed at all.
    pub groups: GroupManagement,
    /// How much may be taken away before everything that takes access away is withheld.
    pub guard: Guard,
    /// How many objects this one run may take away, said by a person; it stands in the guard's place.
    pub allowance: Option<usize>,
    /// What becomes of members of an adopted group that are nobody in the directory.
    pub unmanaged_members: UnmanagedMembers,
    /// The most requests for one object in one run, look-ups and repetitions included.
    pub attempts: u32,
    /// The most requests under way at one time.
    pub in_flight: usize,
    /// Requests a second.
    pub rates: Rates,
    /// The most members in one request.
    pub members_per_request: usize,
    /// The sizes at which an uncursored list is taken as cut.
    pub page_caps: Vec<usize>,
    /// How a user is updated.
    pub user_update: UpdateMethod,
}

/// Whether groups are managed (the switch "Enable management of User Groups and Group Membership").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a switch")]
pub enum GroupManagement {
    /// Groups and memberships are managed.
    On,
    /// No request names a group; entitlement is still read from groups.
    Off,
}

/// When everything that takes access away is withheld.
///
/// The guard trips when the user deletions and deactivations of a plan, together with those of the window before it, exceed the greater of
/// `least` and `share` of the linked users; or when the group deletions exceed the same of the linked groups.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Guard {
    /// This many never trip it.
    pub least: usize,
    /// This share of the linked objects never trips it, 0.0 to 1.0.
    pub share: f64,
    /// The time over which removals are counted together.
    pub window: Duration,
}

/// What becomes of members of an adopted or re-associated group that are nobody in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnmanagedMembers {
    /// They stay, and are reported.
    Leave,
    /// They are removed.
    Remove,
}

impl Default for Guard {
    fn default() -> Self {
        Self { least: 5, share: 0.2, window: Duration::from_secs(24 * 60 * 60) }
    }
}

impl Guard {
    /// How many of `linked` objects may be taken away.
    #[must_use]
    pub fn limit(&self, linked: usize) -> usize {
        #[expect(clippy::as_conversions, reason = "a count of objects is far below 2^52, and the product is not negative")]
        let share = (linked as f64 * self.share.clamp(0.0, 1.0)).floor() as usize;
        share.max(self.least)
    }
}

impl Policy {
    /// The defaults for a service provider. Whether groups are managed has none: the caller says it.
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
        }
    }

    pub(crate) fn manages_groups(&self) -> bool {
        self.groups == GroupManagement::On
    }
}
