//! Making and opening a state file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{BackendError, Builder, Database, ReadableDatabase, StorageBackend};

use crate::store::redb::fault::Fault;
use crate::store::redb::format::{HEADER, Header, INDEX, SENT};

/// The most memory for pages: as many as the index of a large directory has.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// The size of redb's header and one page, which the smallest file has.
const LEAST_BYTES: u64 = 8192;

/// What every redb file begins with.
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";

/// The file opened to be written, and made if there is none.
pub(super) fn open_or_create(path: &Path) -> Result<(Database, Header), Fault> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => open(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
        Err(error) => Err(error.into()),
    }
}

/// The file read into memory; nothing if there is none.
pub(super) fn open_copy(path: &Path) -> Result<Option<(Database, Header)>, Fault> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    check_beginning(&file)?;
    let length = file.metadata()?.len();
    let whole = usize::try_from(length).map_err(|_| Fault::Damaged("it is larger than the memory".to_owned()))?;
    let backend = FileBackend::new(file)?;
    // The writer has its lock for as long as it is open, so what is copied is between two commits.
    match backend.try_lock_shared_range(Bound::Unbounded, Bound::Unbounded) {
        Ok(true) | Err(BackendError::Unsupported) => {}
        Ok(false) => return Err(redb::Error::DatabaseAlreadyOpen.into()),
        Err(error) => return Err(error.into()),
    }
    let mut bytes = vec![0; whole];
    backend.read(0, &mut bytes)?;
    backend.close()?;
    let opened = (|| {
        let memory = InMemoryBackend::new();
        memory.set_len(length)?;
        memory.write(0, &bytes)?;
        drop(bytes);
        let database = builder().create_with_backend(memory)?;
        let header = read_header(&database)?;
        Ok((database, header))
    })();
    opened.map(Some).map_err(|fault| match fault {
        // No system is asked here: it is the file's own numbers that lead out of it.
        Fault::Redb(error) if matches!(*error, redb::Error::Io(_)) => Fault::Damaged(error.to_string()),
        fault => fault,
    })
}

fn open(file: File) -> Result<(Database, Header), Fault> {
    check_beginning(&file)?;
    let database = builder().create_with_backend(FileBackend::new(file)?)?;
    let header = read_header(&database)?;
    Ok((database, header))
}

/// How every state file is opened.
fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    // Without it, redb trusts a file that was closed in order, and panics if something else altered it.
    builder.set_check_integrity_on_open(true);
    builder
}

/// redb makes a new database of an empty file; here, an empty file is one that was cut off.
fn check_beginning(file: &File) -> Result<(), Fault> {
    let mut beginning = Vec::with_capacity(MAGIC.len());
    let limit = u64::try_from(MAGIC.len()).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut beginning)?;
    if beginning.is_empty() {
        return Err(Fault::Damaged("it is empty".to_owned()));
    }
    if MAGIC.starts_with(&beginning) && beginning.len() < MAGIC.len() {
        return Err(Fault::Damaged("it ends within its first bytes".to_owned()));
    }
    if beginning.iter().all(|byte| *byte == 0) {
        return Err(Fault::Damaged("its beginning is filled with zeros".to_owned()));
    }
    if beginning != MAGIC {
        return Err(Fault::Foreign("a file of another kind".to_owned()));
    }
    match file.metadata()?.len() {
        length if length < LEAST_BYTES => Err(Fault::Damaged(format!("it ends after {length} bytes"))),
        _ => Ok(()),
    }
}

/// What the file says of itself, compared with what redb says of its tables.
fn read_header(database: &Database) -> Result<Header, Fault> {
    use redb::ReadableTableMetadata as _;

    let transaction = database.begin_read()?;
    let header = Header::read(&transaction.open_table(HEADER)?)?;
    // redb keeps these numbers, so this reads no records.
    for (table, expected) in [(INDEX, header.index), (SENT, header.sent)] {
        let found = transaction.open_table(table)?.len()?;
        if found != expected {
            return Err(Fault::Damaged(format!("it should have {expected} records and has {found}")));
        }
    }
    Ok(header)
}

/// Makes a file that is whole before it has its name: a crash leaves either none or one that can be opened.
fn create(path: &Path) -> Result<(Database, Header), Fault> {
    let (draft, file) = create_draft(path)?;
    let created = fill(file).and_then(|created| {
        publish(&draft, path)?;
        Ok(created)
    });
    // Under its other name only; a draft that stays behind does no harm.
    let _ = fs::remove_file(&draft);
    match created {
        // Another process was faster, and has it open.
        Err(Fault::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            open(OpenOptions::new().read(true).write(true).open(path)?)
        }
        created => created,
    }
}

/// A new file in the same folder, so that it can be given its name by a link.
fn create_draft(path: &Path) -> Result<(PathBuf, File), Fault> {
    const TRIES: u32 = 100;
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut attempt = 0;
    loop {
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}-{attempt}.new", std::process::id()));
        let draft = path.with_file_name(draft);
        match options.open(&draft) {
            Ok(file) => return Ok((draft, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < TRIES => attempt += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// An empty state.
fn fill(file: File) -> Result<(Database, Header), Fault> {
    let database = builder().create_with_backend(FileBackend::new(file)?)?;
    let header = Header::default();
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    {
        transaction.open_table(INDEX)?;
        transaction.open_table(SENT)?;
        header.write(&mut transaction.open_table(HEADER)?)?;
    }
    transaction.commit()?;
    Ok((database, header))
}

/// Gives the draft its name, unless there is such a file by now, and has the name safe from a crash as well.
fn publish(draft: &Path, path: &Path) -> Result<(), Fault> {
    match fs::hard_link(draft, path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error.into()),
        // Not every file system has links; a rename could take the place of another process's file, which is why it is second.
        Err(_) => fs::rename(draft, path)?,
    }
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
