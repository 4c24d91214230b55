//! Who may use the application.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use idbridge_mapping::directory::{Application as Bindings, DirectoryId, Group, Snapshot};

/// Through what a person is entitled. It prints as a person would say it.
///
/// # Examples
///
/// ```
/// use idbridge_application::{Route, route};
/// use idbridge_mapping::directory::{Application as Bindings, DirectoryId, Group, Snapshot};
///
/// let (anna, staff) = (DirectoryId::new("u1")?, DirectoryId::new("g1")?);
/// let mut group = Group::new(staff.clone(), "Staff");
/// group.members.insert(anna.clone());
/// let mut bindings = Bindings::default();
/// bindings.groups.insert(staff);
/// let mut snapshot = Snapshot::new(bindings);
/// snapshot.insert_group(group);
/// assert_eq!(route(&snapshot, &anna).map(|route| route.to_string()).as_deref(), Some("in Staff"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route<'a> {
    /// The person is bound to the application.
    Direct,
    /// The person is in this group, which is bound to the application.
    Group(&'a Group),
}

/// Through what the person `user` is entitled, if they are: bound directly, or in a bound group.
///
/// A held group entitles like any other: nobody loses access because a group cannot be synced.
#[must_use]
pub fn route<'a>(snapshot: &'a Snapshot, user: &DirectoryId) -> Option<Route<'a>> {
    if snapshot.application().users.contains(user) {
        return Some(Route::Direct);
    }
    snapshot.bound_groups_of(user).next().map(Route::Group)
}

/// The same for everybody at once.
pub(crate) fn routes(snapshot: &Snapshot) -> BTreeMap<&DirectoryId, Route<'_>> {
    let mut routes: BTreeMap<_, _> = snapshot.application().users.iter().map(|id| (id, Route::Direct)).collect();
    for group in snapshot.bound_groups() {
        for member in &group.members {
            routes.entry(member).or_insert(Route::Group(group));
        }
    }
    routes
}

/// Authorises exactly these groups for an application, as its own panel does: what is ticked is bound, and what is not is not.
///
/// [`authorise_applications`] is the same from the other side.
pub fn authorise_groups(bindings: &mut Bindings, groups: impl IntoIterator<Item = DirectoryId>) {
    bindings.groups = groups.into_iter().collect::<BTreeSet<_>>();
}

/// Authorises a group for exactly the applications that are ticked, as the panel of the group does; what other groups have stays.
///
/// # Examples
///
/// ```
/// use idbridge_application::{authorise_applications, authorise_groups};
/// use idbridge_mapping::directory::{Application as Bindings, DirectoryId};
///
/// let staff = DirectoryId::new("g1")?;
/// let (mut from_application, mut from_group) = (Bindings::default(), Bindings::default());
/// authorise_groups(&mut from_application, [staff.clone()]);
/// authorise_applications(&staff, [(&mut from_group, true)]);
/// assert_eq!(from_application, from_group);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn authorise_applications<'a>(group: &DirectoryId, applications: impl IntoIterator<Item = (&'a mut Bindings, bool)>) {
    for (bindings, is_ticked) in applications {
        if is_ticked {
            bindings.groups.insert(group.clone());
        } else {
            bindings.groups.remove(group);
        }
    }
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("bound directly"),
            Self::Group(group) => write!(f, "in {}", group.name.as_deref().unwrap_or(group.id.as_str())),
        }
    }
}
