//! What went wrong with a state file, before it is an error.

use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind};

/// What went wrong with a state file.
#[derive(Debug)]
pub(super) enum Fault {
    /// It was cut off or altered.
    Damaged(String),
    /// It is something else.
    Foreign(String),
    /// redb says so.
    Redb(Box<redb::Error>),
    /// The system says so.
    Io(io::Error),
}

impl Fault {
    pub(super) fn into_error(self, action: &'static str, path: &Path) -> Error {
        let path = path.to_owned();
        let failed = |path| Error::new(ErrorKind::StateFile { action, path });
        match self {
            Self::Damaged(reason) => Error::new(ErrorKind::StateDamaged { path, reason }),
            Self::Foreign(found) => Error::new(ErrorKind::StateForeign { path, found }),
            Self::Io(error) => failed(path).caused_by(error),
            Self::Redb(error) => match *error {
                redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Error::new(ErrorKind::StateInUse { path }),
                error => failed(path).caused_by(error),
            },
        }
    }
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Corrupted(reason) => Self::Damaged(reason),
            // What lies behind the end of the file is asked for, or it does not begin as a database does.
            redb::Error::Io(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) => {
                Self::Damaged(error.to_string())
            }
            redb::Error::RepairAborted => Self::Damaged("what a crash left cannot be put in order".to_owned()),
            redb::Error::UpgradeRequired(version) => Self::Foreign(format!("a database of redb's older format {version}")),
            redb::Error::TableDoesNotExist(_) | redb::Error::TableTypeMismatch { .. } | redb::Error::TableIsMultimap(_) => {
                Self::Foreign("a database of another program".to_owned())
            }
            error => Self::Redb(Box::new(error)),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

macro_rules! from_redb {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for Fault {
            fn from(error: redb::$error) -> Self {
                Self::from(redb::Error::from(error))
            }
        })*
    };
}

from_redb!(DatabaseError, StorageError, TableError, TransactionError, CommitError, BackendError);
