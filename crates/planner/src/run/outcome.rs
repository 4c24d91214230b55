//! What became of the operations.

use idbridge_scim::protocol::Reply;

use crate::finding::{Because, Finding};
use crate::key::Key;
use crate::operation::Operation;

/// What became of one operation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Whose object it was.
    pub key: Key,
    /// The record's name, for people.
    pub label: String,
    /// The operation's name, such as `createUser`.
    pub operation: &'static str,
    /// Why it was in the plan.
    pub because: Because,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The service's names for its requests, in the order of the answers.
    pub request_ids: Vec<String>,
    /// The status of the last answer.
    pub status: Option<u16>,
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// Not at all: the run stopped before.
    NotStarted,
    /// As planned.
    Done,
    /// Another object stands in its way, or what it needs did not succeed: a finding, no failure.
    Held {
        /// What was found.
        finding: Finding,
    },
    /// The service refused it, or did not answer often enough.
    Failed {
        /// The status, if the service answered.
        status: Option<u16>,
        /// The service's words, or what went wrong on the way.
        reason: String,
    },
}

impl OutcomeKind {
    /// The name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotStarted => "notStarted",
            Self::Done => "done",
            Self::Held { .. } => "held",
            Self::Failed { .. } => "failed",
        }
    }
}

impl Outcome {
    pub(super) fn of(operation: &Operation) -> Self {
        Self {
            key: operation.key.clone(),
            label: operation.label.clone(),
            operation: operation.kind.name(),
            because: operation.because.clone(),
            kind: OutcomeKind::NotStarted,
            request_ids: Vec::new(),
            status: None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.kind != OutcomeKind::NotStarted
    }

    pub(super) fn answered(&mut self, reply: &Reply) {
        self.status = Some(reply.status);
        self.request_ids.extend(reply.request_id.clone());
    }
}

/// The counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// All operations.
    pub operations: usize,
    /// Operations that ended as planned.
    pub done: usize,
    /// Operations that ended with a finding.
    pub held: usize,
    /// Operations that failed.
    pub failed: usize,
    /// Operations that the run did not come to.
    pub not_started: usize,
    /// Requests sent, repetitions and look-ups included.
    pub requests: usize,
}

impl Summary {
    pub(super) fn of(outcomes: &[Outcome], requests: usize) -> Self {
        let mut summary = Self { operations: outcomes.len(), requests, ..Self::default() };
        for outcome in outcomes {
            match outcome.kind {
                OutcomeKind::NotStarted => summary.not_started += 1,
                OutcomeKind::Done => summary.done += 1,
                OutcomeKind::Held { .. } => summary.held += 1,
                OutcomeKind::Failed { .. } => summary.failed += 1,
            }
        }
        summary
    }
}
