//! Which assertions were used already.

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::entity_id::EntityId;
use crate::id::MessageId;

/// Remembers assertions, so that none is used twice.
///
/// saml-profiles 4.1.4.5: "The service provider MUST ensure that bearer assertions are not replayed, by maintaining the set of used ID values for the
/// length of time for which the assertion would be considered valid". Where there are several servers, they must share one.
pub trait ReplayStore {
    /// Remembers an assertion of `issuer` until `until`, and says whether it is new. Both must be one step: of two at once, only one is new.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from knowing. Then the assertion is refused.
    fn remember(
        &mut self,
        issuer: &EntityId,
        assertion: &MessageId,
        until: SystemTime,
        now: SystemTime,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>>;
}

/// A [`ReplayStore`] in memory, for one process. It holds at most as many assertions as it is told; when these are all still valid, new ones are
/// refused, because to forget one would let it be used again.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use idbridge_saml::{EntityId, MemoryReplayStore, MessageId, ReplayStore};
///
/// let mut store = MemoryReplayStore::new(1_000);
/// let (issuer, id) = (EntityId::new("https://idp.example.com")?, MessageId::from_random([1; 16]));
/// let (now, until) = (UNIX_EPOCH, UNIX_EPOCH + Duration::from_secs(300));
/// assert!(store.remember(&issuer, &id, until, now)?);
/// assert!(!store.remember(&issuer, &id, until, now)?);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug, Clone)]
pub struct MemoryReplayStore {
    seen: BTreeMap<(EntityId, MessageId), SystemTime>,
    most: usize,
}

impl MemoryReplayStore {
    /// A store for at most `most` assertions that are valid at the same time.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { seen: BTreeMap::new(), most }
    }
}

impl ReplayStore for MemoryReplayStore {
    fn remember(
        &mut self,
        issuer: &EntityId,
        assertion: &MessageId,
        until: SystemTime,
        now: SystemTime,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let key = (issuer.clone(), assertion.clone());
        if self.seen.get(&key).is_some_and(|until| now < *until) {
            return Ok(false);
        }
        if self.seen.len() >= self.most {
            self.seen.retain(|_, until| now < *until);
        }
        if self.seen.len() >= self.most {
            return Err(format!("{} assertions are remembered, and all are still valid", self.most).into());
        }
        self.seen.insert(key, until);
        Ok(true)
    }
}
