//! The one error type of this crate.

use std::fmt;
use std::path::{Path, PathBuf};

use idbridge_planner::Record;

/// Why an endpoint or a token cannot be used, or the state cannot be kept.
///
/// What becomes of a single request is no error but a [`Delivery`](idbridge_planner::Delivery). No message holds a token.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Endpoint, ErrorKind};
///
/// let error = Endpoint::parse("http://scim.example.com/tenant/scim/v2").unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Endpoint { .. }));
/// assert_eq!(
///     error.to_string(),
///     "invalid SCIM endpoint: expected https:// (http:// is for this machine only), found http://scim.example.com"
/// );
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// The failure of a store that is not one of this crate's: `action` is what could not be done, such as "read the state".
    ///
    /// # Examples
    ///
    /// ```
    /// use std::error::Error as _;
    ///
    /// use idbridge_client::Error;
    ///
    /// let error = Error::store("write the state", "the bucket is gone");
    /// assert_eq!(error.to_string(), "could not write the state");
    /// assert_eq!(error.source().unwrap().to_string(), "the bucket is gone");
    /// ```
    pub fn store(action: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Store { action }).caused_by(source)
    }

    /// The refusal of a commit by a store that found something else than `record` expects: another run has begun over the same state.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::{Error, ErrorKind};
    /// use idbridge_planner::{State, StateChange};
    ///
    /// let records = State::default().apply(&StateChange::Begun);
    /// let error = Error::another_run(&records[1], Some(b"7"));
    /// assert!(matches!(error.kind(), ErrorKind::AnotherRun { found, .. } if found == "7"));
    /// ```
    #[must_use]
    pub fn another_run(record: &Record, found: Option<&[u8]>) -> Self {
        let shown = |value: Option<&[u8]>| match value {
            Some(value) if !value.is_empty() => String::from_utf8_lossy(value).into_owned(),
            _ => "0".to_owned(),
        };
        Self::new(ErrorKind::AnotherRun { expected: shown(record.expected()), found: shown(found) })
    }

    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind, source: None }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file that the error is about, if it is about one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.kind {
            ErrorKind::TokenFile { path }
            | ErrorKind::StateFile { path, .. }
            | ErrorKind::StateInUse { path }
            | ErrorKind::StateForeign { path, .. }
            | ErrorKind::StateDamaged { path, .. } => Some(path),
            _ => None,
        }
    }
}

/// What is wrong, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no URL that a token may be sent to.
    #[error("invalid SCIM endpoint: expected {expected}, found {found}")]
    Endpoint {
        /// What to give instead.
        expected: &'static str,
        /// What was given, without anything that may be a secret.
        found: String,
    },
    /// The text cannot be a bearer token.
    #[error("invalid bearer token: expected {expected}, found {found}")]
    Token {
        /// What to give instead.
        expected: &'static str,
        /// What is wrong with what was given; nothing of its text.
        found: String,
    },
    /// The file with the token cannot be read.
    #[error("the token file {} cannot be read", path.display())]
    TokenFile {
        /// Which file.
        path: PathBuf,
    },
    /// A request cannot be written as an HTTP message.
    #[error("the request {operation} cannot be written as an HTTP message: {reason}")]
    Request {
        /// AWS's name of the operation.
        operation: &'static str,
        /// What is in the way.
        reason: String,
    },
    /// The state could not be read or written; the source says why.
    #[error("could not {action}")]
    Store {
        /// What could not be done.
        action: &'static str,
    },
    /// The state file could not be opened, read or written; the source says why.
    #[error("could not {action} the state file {}", path.display())]
    StateFile {
        /// What could not be done.
        action: &'static str,
        /// Which file.
        path: PathBuf,
    },
    /// Another process has the state file open.
    #[error("the state file {} is in use by another process; wait until that is over", path.display())]
    StateInUse {
        /// Which file.
        path: PathBuf,
    },
    /// The file is there, and is no state file of this version.
    #[error("{} is no state file that this version can use: found {found}", path.display())]
    StateForeign {
        /// Which file.
        path: PathBuf,
        /// What it is instead.
        found: String,
    },
    /// The state file was cut off or altered by something else than this crate. Nothing that was read from it may be used.
    #[error(
        "the state file {} is damaged: {reason}; put back a copy of it, or move it away to begin again from what the service holds",
        path.display()
    )]
    StateDamaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The state belongs to another service than the endpoint.
    #[error(
        "the state belongs to the service at {state}, and the endpoint is {endpoint}; nothing was sent. Use another state for another service"
    )]
    AnotherService {
        /// The path of the service that the state belongs to.
        state: String,
        /// The path of the endpoint.
        endpoint: String,
    },
    /// Another run has begun over the same state; nothing of the commit was written, and nothing more may be sent by this one.
    #[error(
        "another run has begun over this state: expected generation {expected}, found {found}; nothing of this commit was written. Wait until the \
         other run is over, and sync again"
    )]
    AnotherRun {
        /// The generation that this run left in the store, or found at its start.
        expected: String,
        /// The generation that is there.
        found: String,
    },
    /// The records in the store are none that this version wrote; the source names the record.
    #[error("the state in the store cannot be used")]
    State,
    /// The store was opened to be read only.
    #[error("the state was opened to be read only")]
    ReadOnly,
    /// A machine waits for an outcome while no request is under way. A mistake in the machine; please report it.
    #[error("the run waits for an answer although nothing was asked; please report this")]
    Stuck,
}

impl From<idbridge_planner::Error> for Error {
    fn from(error: idbridge_planner::Error) -> Self {
        Self::new(ErrorKind::State).caused_by(error)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}
