//! Which records a plan is about.

use std::collections::BTreeSet;

use crate::key::Key;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    keys: Option<BTreeSet<Key>>,
}

impl Scope {
    /// Every record that the source or the state knows.
    #[must_use]
    pub fn all() -> Self {
        Self { keys: None }
    }

    /// These records. A group brings its memberships, a user does not bring its groups: name them where they are meant.
    #[must_use]
    pub fn of(keys: impl IntoIterator<Item = Key>) -> Self {
        Self { keys: Some(keys.into_iter().collect()) }
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

    /// Takes more records in; all stays all.
    pub fn extend(&mut self, keys: impl IntoIterator<Item = Key>) {
        if let Some(own) = &mut self.keys {
            own.extend(keys);
        }
    }
}
