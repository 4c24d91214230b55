//! A crash-safe store in one file.

mod fault;
mod file;
mod format;

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use idbridge_planner::Record;
use redb::{Database, ReadableDatabase, ReadableTable};

use crate::error::{Error, ErrorKind};
use crate::store::redb::fault::Fault;
use crate::store::redb::format::{HEADER, Header, INDEX, SENT, unseal};
use crate::store::{StateStore, check, is_sent};

/// A [`StateStore`] in one [redb] file.
///
/// A commit is on the disk when it returns (two-phase, with `fsync`), and all or none of it is there after a crash at any point. Opening checks the
/// checksum of every page, some milliseconds for the state of ten thousand users; what is read carries a checksum of its own. So a file that was cut
/// off, overwritten in part or exchanged is an [`ErrorKind::StateDamaged`] or [`ErrorKind::StateForeign`], and is never taken for an empty state,
/// which would provision everybody anew.
///
/// On Unix the file is readable and writable by its owner only. It holds names and e-mail addresses, and no token. One process has it open at a
/// time; a second one is told [`ErrorKind::StateInUse`].
///
/// # Examples
///
/// ```
/// use idbridge_client::{RedbStore, StateStore};
/// use idbridge_planner::{State, StateChange};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("state.redb");
/// let mut state = State::default();
/// let mut store = RedbStore::open(&path)?;
/// store.commit(&state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() }))?;
/// drop(store);
///
/// let mut store = RedbStore::open(&path)?;
/// let mut records = Vec::new();
/// store.load(&mut |key, value| records.push((key, value)))?;
/// assert_eq!(State::restore(records)?, state);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [redb]: https://docs.rs/redb
pub struct RedbStore {
    path: PathBuf,
    contents: Contents,
    header: Header,
}

enum Contents {
    /// The file itself.
    File(Database),
    /// A copy of it in memory, to be read only.
    Copy(Database),
    /// There is no file, and there shall be none.
    Nothing,
    /// Something was found to be wrong; nothing that is read from here on could be trusted.
    Failed(String),
}

impl RedbStore {
    /// Opens the state file at `path`, and makes one if there is none.
    ///
    /// A new file appears whole: it is written under another name in the same folder first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::StateInUse`] if another process has it open, [`ErrorKind::StateDamaged`] or [`ErrorKind::StateForeign`] if it cannot be used, and
    /// [`ErrorKind::StateFile`] if the system does not let it be opened or made.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (database, header) = guarded(|| file::open_or_create(path)).map_err(|fault| fault.into_error("open", path))?;
        Ok(Self { path: path.to_owned(), contents: Contents::File(database), header })
    }

    /// Opens the state file at `path` to be read only; where there is none, the store is empty and no file is made.
    ///
    /// The file is read into memory once and is not touched: what a crash left to be tidied up is tidied up in memory. A commit is
    /// [`ErrorKind::ReadOnly`].
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::{RedbStore, StateStore};
    ///
    /// let mut store = RedbStore::open_read_only("/no/such/folder/state.redb")?;
    /// store.load(&mut |key, _| panic!("{key} in a file that is not there"))?;
    /// # Ok::<(), idbridge_client::Error>(())
    /// ```
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let copy = guarded(|| file::open_copy(path)).map_err(|fault| fault.into_error("read", path))?;
        let (contents, header) =
            copy.map_or((Contents::Nothing, Header::default()), |(database, header)| (Contents::Copy(database), header));
        Ok(Self { path: path.to_owned(), contents, header })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many commits the file has seen; 0 for a new one, and for one that is not there.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::{RedbStore, StateStore};
    /// use idbridge_planner::{State, StateChange};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let mut store = RedbStore::open(folder.path().join("state.redb"))?;
    /// assert_eq!(store.generation(), 0);
    /// store.commit(&State::default().apply(&StateChange::Unblocked))?;
    /// assert_eq!(store.generation(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.header.generation
    }

    /// Does something with the database, and nothing more with it if that shows that it cannot be trusted.
    fn with<T>(&mut self, action: &'static str, default: T, f: impl FnOnce(&Database) -> Result<T, Fault>) -> Result<T, Error> {
        let result = match &self.contents {
            Contents::File(database) | Contents::Copy(database) => guarded(|| f(database)),
            Contents::Nothing => return Ok(default),
            Contents::Failed(reason) => Err(Fault::Damaged(reason.clone())),
        };
        result.map_err(|fault| {
            if let Fault::Damaged(reason) = &fault {
                let failed = std::mem::replace(&mut self.contents, Contents::Failed(reason.clone()));
                // It may be in any condition.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(failed)));
            }
            fault.into_error(action, &self.path)
        })
    }
}

/// Calls into redb. It reports damage as an error where it looks for it, and panics where it does not, which is damage as well.
fn guarded<T>(f: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| Err(Fault::Damaged("its pages contradict each other".to_owned())))
}

impl StateStore for RedbStore {
    fn load(&mut self, visit: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), Error> {
        let expected = self.header.index;
        let records = self.with("read", Vec::new(), |database| {
            let index = database.begin_read()?.open_table(INDEX)?;
            let mut records = Vec::new();
            for entry in index.iter()? {
                let (key, sealed) = entry?;
                let value = unseal(key.value(), sealed.value())?.to_vec();
                records.push((key.value().to_owned(), value));
            }
            if u64::try_from(records.len()) != Ok(expected) {
                return Err(Fault::Damaged(format!("it should have {expected} records in its index and has {}", records.len())));
            }
            Ok(records)
        })?;
        records.into_iter().for_each(|(key, value)| visit(key, value));
        Ok(())
    }

    fn read(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        self.with("read", None, |database| {
            let table = database.begin_read()?.open_table(if is_sent(key) { SENT } else { INDEX })?;
            let sealed = table.get(key)?;
            sealed.map(|sealed| unseal(key, sealed.value()).map(<[u8]>::to_vec)).transpose()
        })
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), Error> {
        if matches!(self.contents, Contents::Copy(_) | Contents::Nothing) {
            return Err(Error::new(ErrorKind::ReadOnly));
        }
        if records.is_empty() {
            return Ok(());
        }
        let mut header = self.header;
        let checked = self.with("write", Ok(()), |database| {
            let mut transaction = database.begin_write()?;
            // The commit that the file names as its last is then never half there, so redb never falls back to the one before it.
            transaction.set_two_phase_commit(true);
            {
                let mut index = transaction.open_table(INDEX)?;
                let mut sent = transaction.open_table(SENT)?;
                let mut there = BTreeMap::new();
                for record in records.iter().filter(|record| record.expected().is_some()) {
                    let sealed = index.get(record.key())?;
                    if let Some(sealed) = sealed {
                        there.insert(record.key(), unseal(record.key(), sealed.value())?.to_vec());
                    }
                }
                // The transaction ends with nothing written.
                if let Err(error) = check(records, |key| there.remove(key)) {
                    return Ok(Err(error));
                }
                for record in records {
                    let key = record.key();
                    let (table, count) = if is_sent(key) { (&mut sent, &mut header.sent) } else { (&mut index, &mut header.index) };
                    match record.value() {
                        Some(value) => {
                            let is_new = table.insert(key, format::seal(key, value).as_slice())?.is_none();
                            *count += u64::from(is_new);
                        }
                        None => {
                            let was_there = table.remove(key)?.is_some();
                            *count = count.saturating_sub(u64::from(was_there));
                        }
                    }
                }
                header.generation += 1;
                header.write(&mut transaction.open_table(HEADER)?)?;
            }
            Ok(Ok(transaction.commit()?))
        })?;
        checked?;
        self.header = header;
        Ok(())
    }
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore").field("path", &self.path).field("generation", &self.header.generation).finish_non_exhaustive()
    }
}
