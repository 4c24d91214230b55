//! The one error type of this crate.
//!
//! Only reading what was kept can fail: remembered state, and a saved plan. A plan is a pure function that always answers, and what goes wrong at the
//! service is an [`Outcome`](crate::Outcome) of one operation or the [`Stopped`](crate::Stopped) of a whole run.

use crate::state::Digest;

/// Why remembered state, or a saved plan, could not be read.
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

    /// Returns what is wrong, for a program that acts on it; `Display` says the same to people.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{ErrorKind, State};
    ///
    /// let error = State::restore([("user/7".to_owned(), b"{".to_vec())]).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Record { key, .. } if key == "user/7"));
    /// ```
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

/// What is wrong, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A record of the state is not what this version writes: it was cut or changed in the store, or a newer version wrote it.
    ///
    /// Nothing is guessed and nothing is left out, because a lost link would be created a second time. Restore the store from a copy, or begin with
    /// an empty state: what is wanted is then found again by its `externalId`, and what has left the directory meanwhile stays at the service.
    #[error("the state record {key:?} cannot be read: {reason}")]
    Record {
        /// The record's key.
        key: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// A saved plan is no JSON, or not of the shape that this version writes: it was cut or changed in the file. Plan again.
    #[error("the saved plan cannot be read at line {line}, column {column}: {reason}; plan again")]
    SavedPlan {
        /// The line, from 1.
        line: usize,
        /// The byte in the line, from 1.
        column: usize,
        /// What was expected and what was found.
        reason: String,
    },
    /// The saved plan was written by a version with another layout. Plan again with this version, or apply it with that one.
    #[error("the saved plan is of version {found}, and this program reads version {expected}; plan again")]
    SavedPlanVersion {
        /// The version that is read.
        expected: u64,
        /// The version in the file.
        found: u64,
    },
    /// The saved plan is not, byte for byte, what was written: somebody changed it, or a program wrote it anew. Plan again.
    #[error("the saved plan was altered: its digest says {expected}, its content {found}; plan again")]
    SavedPlanAltered {
        /// The digest that stands in it.
        expected: Digest,
        /// The digest of what stands before it.
        found: Digest,
    },
    /// What the saved plan was made of is not what is there now, so it might change what it did not mean. Plan again.
    #[error("the saved plan was made of other inputs: {input} was {then} and is {now}; {remedy}")]
    InputChanged {
        /// Which input: `the service`, `the state`, or `the policy's guard.least`.
        input: String,
        /// What it was when the plan was made.
        then: String,
        /// What it is now.
        now: String,
        /// What to do.
        remedy: &'static str,
    },
}
