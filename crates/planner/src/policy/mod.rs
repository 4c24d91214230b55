//! What the caller decides.
//!
//! A policy holds values and no behaviour: what differs between two callers, or between two runs of one caller, is here and nowhere else. The
//! limits of the service provider come from its [`Profile`], and everything else has a default that takes too little away rather than too much.

mod drift;
mod protected;

use std::time::Duration;

use idbridge_scim::{Profile, Rates, UpdateMethod};

pub use drift::{Correction, Drift, Observation, Strangers};
pub use protected::{Protected, Protection};

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
    /// Two per cent less are used, because a service counts arrivals and the network moves them together; [`burst`](Self::burst) says how many may go
    /// at once. After a 429 the pause becomes half as long again, up to sixteen times the first, and shrinks by three per cent with each answer.
    pub rates: Rates,
    /// The most members in one request (GM-32). Default: that of the profile, 100 for AWS; at least 1.
    pub members_per_request: usize,
    /// The sizes at which an uncursored list is taken as cut, so that nothing is concluded from what is not on it (IC-20). Default: those of the
    /// profile, 50 and 100 for AWS. A list of another size that names no next page is complete.
    pub page_caps: Vec<usize>,
    /// How a user is updated. Default: that of the profile, PATCH for AWS. With PUT, the user is read first, and what is written is the copy that
    /// was read with the changes in it, so that attributes that nobody maps survive (AC-05, AM-19). Groups are always changed by PATCH.
    pub user_update: UpdateMethod,
    /// How many requests may go at once behind a time in which none went, writes and reads apart. Default: 1, which spaces them evenly; less counts
    /// as 1.
    ///
    /// It is the depth of the two token buckets that [`rates`](Self::rates) fill. AWS counts the arrivals of all clients of a tenant together, so a
    /// burst of one is refused because of the burst of another; where a service belongs to one client, a greater one saves the start of a run.
    pub burst: u32,
    /// How long a service that fails as a whole is left alone. Default: [`Pauses::default`].
    pub pauses: Pauses,
    /// Whether this one run asks a service that is left alone, said by a person who knows that it is back. Default: no.
    pub ignores_quarantine: bool,
    /// What becomes of people who are entitled, suspended, and nowhere at the service (UL-06). Default: [`SuspendedNewcomers::NotCreated`].
    pub suspended_newcomers: SuspendedNewcomers,
    /// Users and groups of the service to which nothing is ever done. Default: none, because nothing is managed but what was linked or adopted; this
    /// is for what must not be adopted either, such as the account that is kept for emergencies.
    pub protected: Protected,
    /// Whether changes that others made at the service are looked for, and what becomes of them. Default: [`Drift::default`].
    pub drift: Drift,
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

/// How long a service that fails as a whole is left alone: longer with each failure in a row.
///
/// A look or a run that ends as [`Stopped::Unreachable`](crate::Stopped::Unreachable) or [`Stopped::Unreadable`](crate::Stopped::Unreadable) is one
/// failure. Until the pause is over, a machine ends at once as [`Stopped::Quarantined`](crate::Stopped::Quarantined), with no request; so a caller
/// may start a sync every minute and does not ask a service that is down more often than once an hour. The first answer ends it.
///
/// | failures in a row | with the defaults, nothing is asked for |
/// | --- | --- |
/// | 1 | 1 minute |
/// | 2 | 2 minutes |
/// | 6 | 32 minutes |
/// | 7 or more | 1 hour |
///
/// # Examples
///
/// ```
/// use idbridge_planner::Pauses;
/// use std::time::Duration;
///
/// let pauses = Pauses::default();
/// assert_eq!([1, 2, 7].map(|failures| pauses.after(failures).as_secs()), [60, 120, 3_600]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pauses {
    /// The pause behind the first failure; it doubles with each further one. Default: 1 minute. With 0, there is none.
    pub first: Duration,
    /// The longest pause. Default: 1 hour.
    pub longest: Duration,
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

/// What becomes of people who are entitled but suspended, and for whom nobody is there at the service (UL-06).
///
/// Whoever is there already is adopted and deactivated either way (E-5).
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupManagement, Policy, SuspendedNewcomers};
/// use idbridge_scim::Profile;
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// assert_eq!(policy.suspended_newcomers, SuspendedNewcomers::NotCreated);
/// policy.suspended_newcomers = SuspendedNewcomers::CreatedInactive;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuspendedNewcomers {
    /// They are created when they are back from suspension, and join their groups then.
    NotCreated,
    /// They are created with `active` false and join their groups, so that what hangs on the account can be prepared. They compete for addresses
    /// like anybody else (E-7).
    CreatedInactive,
}

impl Default for Guard {
    fn default() -> Self {
        Self { least: 5, share: 0.2, window: Duration::from_secs(24 * 60 * 60) }
    }
}

impl Default for Pauses {
    fn default() -> Self {
        Self { first: Duration::from_secs(60), longest: Duration::from_secs(60 * 60) }
    }
}

impl Pauses {
    /// Says how long nothing is asked behind this many failures in a row; behind none, it may be asked at once.
    #[must_use]
    pub fn after(&self, failures: u32) -> Duration {
        match failures.checked_sub(1) {
            Some(doublings) => self.first.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX)).min(self.longest),
            None => Duration::ZERO,
        }
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
            burst: 1,
            pauses: Pauses::default(),
            ignores_quarantine: false,
            suspended_newcomers: SuspendedNewcomers::NotCreated,
            protected: Protected::default(),
            drift: Drift::default(),
        }
    }

    /// UL-06: whether a wanted user, active or not, is created where nobody is there.
    pub(crate) fn creates(&self, is_active: bool) -> bool {
        is_active || self.suspended_newcomers == SuspendedNewcomers::CreatedInactive
    }

    /// Whether requests may name groups.
    pub(crate) fn manages_groups(&self) -> bool {
        self.groups == GroupManagement::On
    }
}
