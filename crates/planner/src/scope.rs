//! Which records a plan is about.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::key::{GroupKey, Key, UserKey};

/// Which records a plan, and the look at the service before it, are about: all, or some.
///
/// A plan of some records does to them what a full plan would, and to the others nothing. Where it cannot be done without another record, because
/// that one gives up a name that is needed here, the other is taken into the scope: [`Plan::scope`](crate::Plan::scope) says which ones there were
/// in the end.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Scope, UserKey};
///
/// let anna = UserKey::from("anna").into();
/// let scope = Scope::of([UserKey::from("anna").into()]);
/// assert!(scope.contains(&anna) && !scope.is_all());
/// assert!(Scope::all().contains(&anna));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keys: Option<BTreeSet<Key>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    memberships: BTreeMap<GroupKey, BTreeSet<UserKey>>,
}

impl Scope {
    /// Every record that the source or the state knows.
    #[must_use]
    pub fn all() -> Self {
        Self { keys: None, memberships: BTreeMap::new() }
    }

    /// These records. A group brings its memberships, a user does not bring its groups: name them where they are meant.
    #[must_use]
    pub fn of(keys: impl IntoIterator<Item = Key>) -> Self {
        Self { keys: Some(keys.into_iter().collect()), memberships: BTreeMap::new() }
    }

    /// Whether it is all records.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.keys.is_none()
    }

    /// Whether a record is in it.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.contains(key))
    }

    /// Returns the records, users first, each kind in the order of its keys; nothing if it is all.
    #[must_use]
    pub fn keys(&self) -> Option<&BTreeSet<Key>> {
        self.keys.as_ref()
    }

    /// Takes the membership of one user in one group in, and nothing else of the group: of a group of a hundred thousand, one is looked at.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{GroupKey, Scope, UserKey};
    ///
    /// let mut scope = Scope::of([]);
    /// scope.add_membership(GroupKey::from("staff"), UserKey::from("anna"));
    /// assert!(!scope.contains(&GroupKey::from("staff").into()));
    /// assert_eq!(scope.memberships().count(), 1);
    /// ```
    pub fn add_membership(&mut self, group: GroupKey, user: UserKey) {
        if self.keys.as_ref().is_some_and(|keys| !keys.contains(&Key::from(group.clone()))) {
            self.memberships.entry(group).or_default().insert(user);
        }
    }

    /// Walks the groups of which some memberships alone are looked at, with the users whose they are.
    pub fn memberships(&self) -> impl Iterator<Item = (&GroupKey, &BTreeSet<UserKey>)> {
        self.memberships.iter()
    }

    /// Takes more records in; all stays all. A group that comes in whole brings all its memberships.
    pub fn extend(&mut self, keys: impl IntoIterator<Item = Key>) {
        if let Some(own) = &mut self.keys {
            own.extend(keys);
            self.memberships.retain(|group, _| !own.contains(&Key::from(group.clone())));
        }
    }
}
