//! A service that fails as a whole, and how long it is left alone.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::state::{State, StateChange, milliseconds};

/// A service that failed as a whole and is left alone for a while.
///
/// A look or a run that ends as [`Stopped::Unreachable`] or [`Stopped::Unreadable`] leaves one; a refused token does not, because it has a block of
/// its own ([`State::blocked_since`]). Before [`until`](Self::until) nothing is asked, and each failure behind it makes the pause longer, as
/// [`Pauses`](crate::Pauses) says. The first answer that says what was asked for ends it.
///
/// [`Stopped::Unreachable`]: crate::Stopped::Unreachable
/// [`Stopped::Unreadable`]: crate::Stopped::Unreadable
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Quarantine, State, StateChange};
/// use std::time::{Duration, SystemTime};
///
/// let until = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_060);
/// let mut state = State::default();
/// state.apply(&StateChange::Quarantined { quarantine: Quarantine::new(1, until, "connection refused") });
/// assert_eq!(state.quarantine().map(Quarantine::until), Some(until));
/// state.apply(&StateChange::Recovered);
/// assert_eq!(state.quarantine(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quarantine {
    /// How often in a row the service failed as a whole.
    pub failures: u32,
    /// Until when nothing is asked, in milliseconds since 1970.
    until: u64,
    /// How it failed last, for people.
    pub reason: String,
}

impl Quarantine {
    /// A service that failed `failures` times in a row and is left alone until a time, which is kept to the millisecond.
    #[must_use]
    pub fn new(failures: u32, until: SystemTime, reason: impl Into<String>) -> Self {
        Self { failures, until: milliseconds(until), reason: reason.into() }
    }

    /// Returns the time before which nothing is asked.
    #[must_use]
    pub fn until(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(self.until)).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

impl State {
    /// Returns the quarantine of the service, if it failed as a whole when it was asked last; its time may be over.
    #[must_use]
    pub fn quarantine(&self) -> Option<&Quarantine> {
        self.quarantine.as_ref()
    }

    /// The quarantine, if nothing may be asked at `now` because of it. A time that is further away than the longest pause was set by a clock that
    /// went wrong, and counts as over.
    pub(crate) fn quarantined(&self, policy: &Policy, now: SystemTime) -> Option<&Quarantine> {
        let left = |quarantine: &&Quarantine| quarantine.until().duration_since(now).unwrap_or_default();
        let is_open = |quarantine: &&Quarantine| !left(quarantine).is_zero() && left(quarantine) <= policy.pauses.longest;
        self.quarantine().filter(is_open).filter(|_| !policy.ignores_quarantine)
    }

    /// What is remembered of a service that has just failed as a whole, for the `failures`th time in a row.
    pub(crate) fn fallen(failures: u32, reason: &str, policy: &Policy, now: SystemTime) -> StateChange {
        let until = now.checked_add(policy.pauses.after(failures)).unwrap_or(now);
        StateChange::Quarantined { quarantine: Quarantine::new(failures, until, reason) }
    }

    /// How often in a row the service failed as a whole until now.
    pub(crate) fn failures(&self) -> u32 {
        self.quarantine.as_ref().map_or(0, |quarantine| quarantine.failures)
    }
}
