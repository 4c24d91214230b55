//! What became of the operations.
//!
//! One operation's failure is no failure of the run (GM-33): it is one outcome among others, and what was not reached says so. Nothing is lost by it
//! either, because the next plan finds what is still to do.

use idbridge_scim::protocol::Reply;

use crate::finding::{Because, Finding};
use crate::key::Key;
use crate::operation::Operation;

/// What became of one operation.
///
/// It holds what an auditor asks: whose object, what, by which rule, how it ended, and under which names the service knows the requests.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Whose object it was.
    pub key: Key,
    /// The record's name, for people.
    pub label: String,
    /// The operation's name, such as `createUser`: [`OperationKind::name`](crate::OperationKind::name).
    pub operation: &'static str,
    /// Why it was in the plan.
    pub because: Because,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The service's names for its requests, in the order of the answers, look-ups included: what its support asks for. Empty if it gives none.
    pub request_ids: Vec<String>,
    /// The status of the last answer, be it to a look-up; none if nothing was answered, or nothing was sent.
    pub status: Option<u16>,
}

/// How an operation ended.
///
/// | kind | what the next run does |
/// | --- | --- |
/// | `NotStarted` | plans it again |
/// | `Done` | nothing |
/// | `Held` | plans it again, or holds it until the finding's cause has gone |
/// | `Failed` | plans it again; refused with 400, only when the record has changed (E-11) |
///
/// # Examples
///
/// ```
/// use idbridge_planner::OutcomeKind;
///
/// let failed = OutcomeKind::Failed { status: Some(403), reason: "forbidden".to_owned() };
/// assert_eq!([OutcomeKind::Done.name(), failed.name()], ["done", "failed"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// Not at all: the run stopped or was cancelled before, or has not come to its end. Requests may have been sent whose outcome is not known; then
    /// their intent is in the state.
    NotStarted,
    /// As planned: the service holds what was wanted. That somebody else did it is as good.
    Done,
    /// Another object stands in its way, or what it needs did not succeed: a finding, no failure.
    Held {
        /// What was found.
        finding: Finding,
    },
    /// The service refused it, or did not answer within [`Policy::attempts`](crate::Policy::attempts).
    Failed {
        /// The status, if the service answered.
        status: Option<u16>,
        /// The service's words, or what went wrong on the way.
        reason: String,
    },
}

impl OutcomeKind {
    /// Names the kind for reports and programs. The names do not change.
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
    /// That of an operation that has not begun.
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

    /// Whether it has ended, in whichever way.
    pub(super) fn is_over(&self) -> bool {
        self.kind != OutcomeKind::NotStarted
    }

    /// Notes an answer, whatever it was to.
    pub(super) fn answered(&mut self, reply: &Reply) {
        self.status = Some(reply.status);
        self.request_ids.extend(reply.request_id.clone());
    }
}

/// The counts of a run: `operations` is the sum of the four ways to end.
///
/// A caller whose programs act on the end of a run looks at `failed` and `not_started`, and at [`Run::stopped`](crate::Run::stopped); what is held
/// is for people.
///
/// # Examples
///
/// ```
/// use idbridge_planner::Summary;
///
/// fn is_over(summary: &Summary) -> bool {
///     summary.failed + summary.not_started == 0
/// }
/// assert!(is_over(&Summary::default()));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// All operations: those of the plan, and those that the run added, such as to join a group again (UL-09).
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
