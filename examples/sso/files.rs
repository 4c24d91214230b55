//! Files that are read and written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::Failure;

/// The largest file that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Where something is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    Stdout,
    File(PathBuf),
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Everybody,
    /// The owner alone, from the moment when the file is there.
    Owner,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("expected a file, or - for standard output".to_owned()),
            "-" => Ok(Self::Stdout),
            path => Ok(Self::File(PathBuf::from(path))),
        }
    }
}

impl Output {
    /// The file beside this one with another ending; none beside standard output.
    pub(crate) fn beside(&self, extension: &str) -> Option<PathBuf> {
        match self {
            Self::Stdout => None,
            Self::File(path) => Some(path.with_extension(extension)).filter(|beside| beside != path),
        }
    }

    /// Writes the whole of `text`, or leaves what was there.
    pub(crate) fn write(&self, text: &str, readers: Readers) -> Result<(), Failure> {
        match self {
            Self::Stdout => {
                let mut out = io::stdout().lock();
                let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
                written.map_err(|error| format!("standard output cannot be written: {error}").into())
            }
            Self::File(path) if holds_key(path) => {
                Err(format!("{} holds a private key, and a key is never overwritten", path.display()).into())
            }
            Self::File(path) => replace(path, text.as_bytes(), readers).map_err(|error| failed(path, "written", &error)),
        }
    }
}

/// Reads a text.
pub(crate) fn read_text(what: &str, path: &Path) -> Result<String, Failure> {
    let bytes = read(what, path)?;
    String::from_utf8(bytes).map_err(|_| format!("{what} {} is not a text in UTF-8", path.display()).into())
}

/// Reads a file.
pub(crate) fn read(what: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: &io::Error| -> Failure { format!("{what} {} cannot be read: {error}", path.display()).into() };
    let length = fs::metadata(path).map_err(|error| failed(&error))?.len();
    if length > LARGEST {
        return Err(format!("{what} {} is larger than {} MiB", path.display(), LARGEST / 1024 / 1024).into());
    }
    fs::read(path).map_err(|error| failed(&error))
}

/// Writes a file that only its owner reads, and that must not be there yet: what is overwritten by mistake may be the only copy of a key.
pub(crate) fn create_private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = create(path, Readers::Owner).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!("{} is there already, and a key is never overwritten", path.display()).into(),
        _ => failed(path, "written", &error),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| failed(path, "written", &error))
}

/// Whether there is a private key in the file: it may be the only copy.
fn holds_key(path: &Path) -> bool {
    let is_file = fs::metadata(path).is_ok_and(|known| known.is_file() && known.len() <= LARGEST);
    is_file && fs::read(path).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("PRIVATE KEY-----"))
}

/// Writes beside the file and then puts the one in the place of the other, so that nobody reads a half of it, and its readers are those of the
/// new one.
fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    // A device or a pipe is written to as it is.
    if fs::metadata(path).is_ok_and(|known| !known.is_file() && !known.is_dir()) {
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_string_lossy();
    let new = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = create(&new, readers).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)
    });
    if written.is_err() {
        // What failed first is what is told.
        let _ = fs::remove_file(&new);
    }
    written
}

fn create(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn failed(path: &Path, what: &str, error: &io::Error) -> Failure {
    format!("{} cannot be {what}: {error}", path.display()).into()
}
