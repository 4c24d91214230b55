//! Where the state of a tenant is kept between runs.

mod memory;
#[cfg(feature = "redb")]
mod redb;

use idbridge_planner::Record;

use crate::error::Error;

pub use memory::MemoryStore;
#[cfg(feature = "redb")]
pub use redb::RedbStore;

/// A place that keeps [`Record`]s: small values under text keys.
///
/// A file, a table of a database or an object in a bucket will do. What is not kept for certain would be created a second time, so an implementor
/// - writes the records of one [`commit`](Self::commit) **all or none**, and has them safe from a crash when it returns;
/// - reports what it cannot read as an error, and never as nothing;
/// - refuses a commit **as a whole** where a record expects something else than is there ([`Record::expected`]): another run has begun over the same
///   state, and both would provision everybody. [`Error::another_run`] says so. Look and write are one transaction.
///
/// A lock that keeps two processes apart from the start, as that of a file, spares the second one its requests; it does not stand in for the check.
///
/// An error of an implementor is made with [`Error::store`].
///
/// # Examples
///
/// ```
/// use idbridge_client::{MemoryStore, StateStore};
/// use idbridge_planner::{State, StateChange};
///
/// let mut store = MemoryStore::new();
/// let mut state = State::default();
/// store.commit(&state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() }))?;
///
/// let mut records = Vec::new();
/// store.load(&mut |key, value| records.push((key, value)))?;
/// assert_eq!(State::restore(records)?.service(), Some("/tenant/scim/v2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait StateStore {
    /// Hands every record to `visit`, but for those whose key begins with `sent/`: they are many times larger, and read one by one.
    ///
    /// # Errors
    ///
    /// An [`Error`] if not every record could be read; what was visited until then may not be used.
    fn load(&mut self, visit: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), Error>;

    /// Reads the value under `key`, if there is one.
    ///
    /// # Errors
    ///
    /// An [`Error`] if it cannot be read.
    fn read(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Writes all the records, in their order: a value is put under its key, a record without one is deleted.
    ///
    /// # Errors
    ///
    /// An [`Error`] if they were not written, or if that is not certain; [`ErrorKind::AnotherRun`](crate::ErrorKind::AnotherRun) if another run has
    /// begun. No request may be sent that they belong to.
    fn commit(&mut self, records: &[Record]) -> Result<(), Error>;
}

impl<S: StateStore + ?Sized> StateStore for &mut S {
    fn load(&mut self, visit: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), Error> {
        (**self).load(visit)
    }

    fn read(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        (**self).read(key)
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), Error> {
        (**self).commit(records)
    }
}

impl<S: StateStore + ?Sized> StateStore for Box<S> {
    fn load(&mut self, visit: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), Error> {
        (**self).load(visit)
    }

    fn read(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        (**self).read(key)
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), Error> {
        (**self).commit(records)
    }
}

/// Refuses records that expect something else than what `read` finds under their keys.
fn check(records: &[Record], mut found: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<(), Error> {
    for record in records.iter().filter(|record| record.expected().is_some()) {
        let found = found(record.key());
        if !record.may_replace(found.as_deref()) {
            return Err(Error::another_run(record, found.as_deref()));
        }
    }
    Ok(())
}

/// Whether a record holds last-sent values, which are not part of the index.
fn is_sent(key: &str) -> bool {
    key.starts_with("sent/")
}
