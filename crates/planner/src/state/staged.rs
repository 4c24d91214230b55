//! Removals that the guard withholds, remembered until they are allowed or not wanted any more.

use std::time::{Duration, SystemTime};

use crate::key::Key;
use crate::state::State;

/// A removal that the guard withholds, and since when (E-8).
///
/// It is what a person is asked to look at: it waits until it is allowed ([`Policy::allowance`](crate::Policy::allowance)), until the guard's window
/// lets it pass, or until the directory does not ask for it any more, and goes with the first plan that does not withhold it.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{State, StateChange, UserKey};
/// use std::time::{Duration, SystemTime};
///
/// let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let mut state = State::default();
/// let key = UserKey::from("7").into();
/// state.apply(&StateChange::Staged { key, operation: "deleteUser".to_owned(), at });
/// let staged: Vec<_> = state.staged().collect();
/// assert_eq!((staged[0].key.to_string().as_str(), &*staged[0].operation, staged[0].since), ("user 7", "deleteUser", at));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Staged {
    /// Whose object would be taken away, or would lose something.
    pub key: Key,
    /// What would be done: the name of an operation, such as `deleteUser`; a deactivation is `updateUser`.
    pub operation: Box<str>,
    /// When it was withheld first, to the millisecond.
    pub since: SystemTime,
}

impl State {
    /// Walks the removals that the guard withholds, in the order of their keys.
    pub fn staged(&self) -> impl Iterator<Item = Staged> {
        self.staged.iter().flat_map(|(key, operations)| {
            operations.iter().map(|(operation, since)| Staged { key: key.clone(), operation: operation.clone(), since: at(*since) })
        })
    }
}

fn at(milliseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds)).unwrap_or(SystemTime::UNIX_EPOCH)
}
