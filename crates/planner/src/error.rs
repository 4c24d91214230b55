//! The one error type of this crate.

/// Why remembered state could not be read.
///
/// What the planner will not do is no error: it is in [`Plan::held`](crate::Plan::held) and [`Plan::withheld`](crate::Plan::withheld).
///
/// # Examples
///
/// ```
/// use idbridge_planner::State;
///
/// let error = State::restore([("format".to_owned(), b"7".to_vec())]).unwrap_err();
/// assert_eq!(error.to_string(), "the state record \"format\" cannot be read: expected format 1, found 7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    kind: ErrorKind,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

/// What is wrong, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A record of the state is not what this version writes.
    #[error("the state record {key:?} cannot be read: {reason}")]
    Record {
        /// The record's key.
        key: String,
        /// What was expected and what was found.
        reason: String,
    },
}
