//! What a sync did, for people and for programs.

use std::fmt;
use std::time::Duration;

use idbridge_planner::{
    Because, Cost, Finding, Held, Key, Operation, OperationKind, Outcome, OutcomeKind, Plan, Risk, Stopped, Tripped, UserKey, Withheld,
};
use idbridge_scim::{Change, Resource, Value};
use serde::Serialize;

use crate::drive::Traffic;

/// What one sync planned and did.
///
/// [`SyncReport::to_json`] writes all of it for programs, its [`Display`](fmt::Display) the sum of it for people; the plan itself prints with
/// [`Plan::explain`].
///
/// The JSON object, keys in this order:
///
/// | key | holds |
/// | --- | --- |
/// | `status` | `complete`, `withheld`, `failed` or `stopped` |
/// | `applied` | whether the plan was carried out |
/// | `stopped` | why it ended early, if it did |
/// | `cost` | what the plan takes when nothing goes wrong: `requests` by AWS's name, `writes`, `reads`, `shortest_seconds` |
/// | `operations` | for each: `key`, `label`, `kind`, `risk` (`harmless`, `takesAccess`, `replacesId`), `because` (`rule`, `reason`), `outcome` (`planned`, `notStarted`, `done`, `held`, `failed`), the last `status`, `reason` or `finding`, `request_id` and `request_ids` of the service, `changes` (`path`, `old`, `new`), `members_added`, `members_removed` |
/// | `findings` | everything that a person should know, those of held records and of outcomes among them: `code`, `key`, `label`, `path`, `message`, `remedy` |
/// | `held` | the records to which nothing is done, with their findings |
/// | `withheld` | what takes access away and was not done: `key`, `label`, `kind`, `risk`, `because`, `reason`. Of linked records that a source, not read to its end, does not show, nothing is even concluded: they stand in `held`, with the finding `SourceIncomplete`, and the status is `withheld` all the same |
/// | `guard` | why, with the number of `objects` that an allowance would have to let pass |
/// | `unchanged` | how many linked records are as they shall be |
/// | `requests` | `total`, `by_operation` and `by_status` |
/// | `wall_time_seconds` | how long it took |
///
/// The report holds the old and new values of people's attributes, and never a token.
///
/// # Examples
///
/// ```
/// use idbridge_client::{SyncReport, SyncStatus};
///
/// /// What a scheduler does with a report.
/// fn conclude(report: &SyncReport) -> u8 {
///     if report.status() != SyncStatus::Complete {
///         eprintln!("{report}");
///     }
///     report.status().exit_status()
/// }
/// # let _: fn(&SyncReport) -> u8 = conclude;
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct SyncReport {
    /// The plan; none if the service could not be looked at.
    pub plan: Option<Plan>,
    /// Whether the plan was carried out, or only made.
    pub applied: bool,
    /// What became of each operation, where the plan was carried out.
    pub outcomes: Vec<Outcome>,
    /// Why the sync ended early, if it did.
    pub stopped: Option<Stopped>,
    /// The requests.
    pub traffic: Traffic,
    /// How long it took.
    pub wall_time: Duration,
}

/// How a sync ended, from the best to the worst.
///
/// # Examples
///
/// ```
/// use idbridge_client::SyncStatus;
///
/// assert!(SyncStatus::Complete < SyncStatus::Stopped);
/// assert_eq!(SyncStatus::Withheld.exit_status(), 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SyncStatus {
    /// Everything that may be done is done. Held records are findings, no failures.
    Complete,
    /// Something that takes access away was withheld.
    Withheld,
    /// Some operations failed.
    Failed,
    /// It ended early: the token was refused, or the service could not be reached or read.
    Stopped,
}

impl SyncStatus {
    /// The exit status of a program that syncs: 0, 3, 2 and 4, in the order of the variants; 1 is for its own input.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Failed => 2,
            Self::Withheld => 3,
            Self::Stopped => 4,
        }
    }
}

impl SyncReport {
    /// How the sync ended; of several, the worst.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        let has_failed = |outcome: &Outcome| matches!(outcome.kind, OutcomeKind::Failed { .. } | OutcomeKind::NotStarted);
        let withheld = self.plan.as_ref().is_some_and(Plan::is_withholding);
        if self.stopped.is_some() {
            SyncStatus::Stopped
        } else if self.outcomes.iter().any(has_failed) {
            SyncStatus::Failed
        } else if withheld {
            SyncStatus::Withheld
        } else {
            SyncStatus::Complete
        }
    }

    /// Writes the report as JSON, indented, keys in a fixed order.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only strings, numbers and maps with string keys are written, which JSON can always carry.
        serde_json::to_string_pretty(&Written::of(self)).unwrap_or_default()
    }

    fn failures(&self) -> impl Iterator<Item = (&Outcome, &str)> {
        self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            OutcomeKind::Failed { reason, .. } => Some((outcome, reason.as_str())),
            _ => None,
        })
    }

    fn found_on_the_way(&self) -> impl Iterator<Item = &Finding> {
        self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            OutcomeKind::Held { finding } => Some(finding),
            _ => None,
        })
    }
}

impl fmt::Display for SyncReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |name: &str| self.outcomes.iter().filter(|outcome| outcome.kind.name() == name).count();
        if self.applied {
            let (done, held, failed, left) = (count("done"), count("held"), count("failed"), count("notStarted"));
            write!(f, "Applied: {done} done, {held} held, {failed} failed")?;
            if left > 0 {
                write!(f, ", {left} not started")?;
            }
        } else {
            f.write_str("Only planned, nothing applied")?;
        }
        writeln!(f, " in {:.1} s. {}.", self.wall_time.as_secs_f64(), self.traffic)?;
        for (outcome, reason) in self.failures() {
            writeln!(f, "  x {} {} [{}]: {reason}", outcome.operation, outcome.label, outcome.key.as_str())?;
        }
        for finding in self.found_on_the_way() {
            writeln!(f, "  ! {finding}")?;
        }
        if let Some(stopped) = &self.stopped {
            writeln!(f, "Stopped: {stopped}.")?;
        }
        Ok(())
    }
}

/// The report as it is written.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
struct Written<'a> {
    status: SyncStatus,
    applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<&'a Cost>,
    operations: Vec<WrittenOperation<'a>>,
    findings: Vec<&'a Finding>,
    held: Vec<WrittenHeld<'a>>,
    withheld: Vec<WrittenWithheld<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<WrittenGuard>,
    unchanged: usize,
    requests: &'a Traffic,
    wall_time_seconds: f64,
}

#[derive(Serialize)]
struct WrittenOperation<'a> {
    key: &'a Key,
    label: &'a str,
    kind: &'static str,
    /// Of what the run adds by itself: it only adds members again, which is harmless.
    risk: &'static str,
    because: &'a Because,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<&'a Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    request_ids: &'a [String],
    changes: Vec<WrittenChange>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    members_added: &'a [UserKey],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    members_removed: &'a [UserKey],
}

#[derive(Serialize)]
struct WrittenChange {
    path: String,
    old: Option<Value>,
    new: Option<Value>,
}

#[derive(Serialize)]
struct WrittenHeld<'a> {
    key: &'a Key,
    label: &'a str,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct WrittenWithheld<'a> {
    key: &'a Key,
    label: &'a str,
    kind: &'static str,
    risk: &'static str,
    because: &'a Because,
    reason: &'static str,
}

#[derive(Serialize)]
struct WrittenGuard {
    reason: &'static str,
    objects: usize,
    message: String,
}

impl<'a> Written<'a> {
    fn of(report: &'a SyncReport) -> Self {
        let plan = report.plan.as_ref();
        let planned = plan.map(Plan::operations).unwrap_or_default();
        let operations = if report.applied {
            // Operations that the run added have no place in the plan.
            let planned = planned.iter().map(Some).chain(std::iter::repeat(None));
            report.outcomes.iter().zip(planned).map(|(outcome, operation)| WrittenOperation::done(outcome, operation)).collect()
        } else {
            planned.iter().map(WrittenOperation::planned).collect()
        };
        let held = plan.map(Plan::held).unwrap_or_default().iter().flat_map(|held| &held.findings);
        let findings = plan.map(Plan::findings).unwrap_or_default().iter().chain(held).chain(report.found_on_the_way());
        Self {
            status: report.status(),
            applied: report.applied,
            stopped: report.stopped.as_ref().map(ToString::to_string),
            cost: plan.map(Plan::cost),
            operations,
            findings: findings.collect(),
            held: plan.map(Plan::held).unwrap_or_default().iter().map(WrittenHeld::of).collect(),
            withheld: plan.map(Plan::withheld).unwrap_or_default().iter().map(WrittenWithheld::of).collect(),
            guard: plan.and_then(Plan::tripped).map(WrittenGuard::of),
            unchanged: plan.map_or(0, Plan::unchanged),
            requests: &report.traffic,
            wall_time_seconds: report.wall_time.as_secs_f64(),
        }
    }
}

impl<'a> WrittenOperation<'a> {
    fn planned(operation: &'a Operation) -> Self {
        Self {
            key: &operation.key,
            label: &operation.label,
            kind: operation.kind.name(),
            risk: operation.kind.risk().name(),
            because: &operation.because,
            outcome: "planned",
            status: None,
            reason: None,
            finding: None,
            request_id: None,
            request_ids: &[],
            changes: changes(&operation.kind),
            members_added: members(&operation.kind).0,
            members_removed: members(&operation.kind).1,
        }
    }

    fn done(outcome: &'a Outcome, operation: Option<&'a Operation>) -> Self {
        let kind = operation.map(|operation| &operation.kind);
        let (reason, finding) = match &outcome.kind {
            OutcomeKind::Failed { reason, .. } => (Some(reason.as_str()), None),
            OutcomeKind::Held { finding } => (None, Some(finding)),
            _ => (None, None),
        };
        Self {
            key: &outcome.key,
            label: &outcome.label,
            kind: outcome.operation,
            risk: kind.map_or(Risk::Harmless, OperationKind::risk).name(),
            because: &outcome.because,
            outcome: outcome.kind.name(),
            status: outcome.status,
            reason,
            finding,
            request_id: outcome.request_ids.last().map(String::as_str),
            request_ids: &outcome.request_ids,
            changes: kind.map(changes).unwrap_or_default(),
            members_added: kind.map(members).unwrap_or_default().0,
            members_removed: kind.map(members).unwrap_or_default().1,
        }
    }
}

/// What changes, attribute by attribute; of something new, everything it has.
fn changes(kind: &OperationKind) -> Vec<WrittenChange> {
    let written =
        |change: &Change| WrittenChange { path: change.path().to_string(), old: change.before().cloned(), new: change.after().cloned() };
    match kind {
        OperationKind::CreateUser { resource, .. } => idbridge_scim::changes(&Resource::new(), resource).iter().map(written).collect(),
        OperationKind::CreateGroup { resource, .. } => idbridge_scim::changes(&Resource::new(), resource).iter().map(written).collect(),
        kind => kind.changes().iter().map(written).collect(),
    }
}

/// Who joins and who leaves a group.
fn members(kind: &OperationKind) -> (&[UserKey], &[UserKey]) {
    match kind {
        OperationKind::CreateGroup { members, .. } => (members, &[]),
        OperationKind::AddMembers { users } => (users, &[]),
        OperationKind::RemoveMembers { users, .. } => (&[], users),
        _ => (&[], &[]),
    }
}

impl<'a> WrittenHeld<'a> {
    fn of(held: &'a Held) -> Self {
        Self { key: &held.key, label: &held.label, findings: &held.findings }
    }
}

impl<'a> WrittenWithheld<'a> {
    fn of(withheld: &'a Withheld) -> Self {
        let Operation { key, label, kind, because, .. } = &withheld.operation;
        Self { key, label, kind: kind.name(), risk: kind.risk().name(), because, reason: withheld.reason.code() }
    }
}

impl WrittenGuard {
    fn of(tripped: &Tripped) -> Self {
        Self { reason: tripped.reason.code(), objects: tripped.objects(), message: tripped.to_string() }
    }
}
