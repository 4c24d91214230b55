//! A store that forgets.

use std::collections::BTreeMap;

use idbridge_planner::Record;

use crate::error::Error;
use crate::store::{StateStore, check, is_sent};

/// A [`StateStore`] in memory, for tests and for runs against an embedded service.
///
/// # Examples
///
/// ```
/// use idbridge_client::{MemoryStore, StateStore};
///
/// let mut store = MemoryStore::new();
/// assert_eq!(store.read("format")?, None);
/// assert!(store.is_empty());
/// # Ok::<(), idbridge_client::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryStore {
    records: BTreeMap<String, Vec<u8>>,
}

impl MemoryStore {
    /// A store that holds nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { records: BTreeMap::new() }
    }

    /// How many records are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no record is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

impl StateStore for MemoryStore {
    fn load(&mut self, visit: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), Error> {
        for (key, value) in self.records.iter().filter(|(key, _)| !is_sent(key)) {
            visit(key.clone(), value.clone());
        }
        Ok(())
    }

    fn read(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.records.get(key).cloned())
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), Error> {
        check(records, |key| self.records.get(key).cloned())?;
        for record in records {
            match record.value() {
                Some(value) => self.records.insert(record.key().to_owned(), value.to_vec()),
                None => self.records.remove(record.key()),
            };
        }
        Ok(())
    }
}
