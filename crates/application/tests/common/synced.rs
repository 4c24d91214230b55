//! What one sync did.

use std::collections::BTreeSet;

use idbridge_planner::{Outcome, OutcomeKind, Plan, Stopped};

/// What one sync did.
pub(crate) struct Synced {
    pub(crate) plan: Plan,
    pub(crate) outcomes: Vec<Outcome>,
    /// Every request, reads included, as `METHOD Type name-or-id`, in the order in which they were sent.
    pub(crate) calls: Vec<String>,
    pub(crate) stopped: Option<Stopped>,
}

impl Synced {
    /// The requests that change something.
    pub(crate) fn writes(&self) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|call| !call.starts_with("GET")).collect()
    }

    pub(crate) fn reads(&self) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|call| call.starts_with("GET")).collect()
    }

    /// The codes of all findings: of the source, of held records, and of outcomes.
    pub(crate) fn findings(&self) -> BTreeSet<String> {
        let held = self.plan.held().iter().flat_map(|held| &held.findings);
        let outcomes = self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            OutcomeKind::Held { finding } => Some(finding),
            _ => None,
        });
        self.plan.findings().iter().chain(held).chain(outcomes).map(|finding| finding.code.to_string()).collect()
    }

    /// The held records with the codes of their findings: `user anna DuplicateEmail`.
    pub(crate) fn held(&self) -> Vec<String> {
        let held = self.plan.held().iter();
        held.flat_map(|held| held.findings.iter().map(|finding| format!("{} {}", held.key, finding.code))).collect()
    }

    /// The remedies of all findings of this code, of held records and of outcomes.
    pub(crate) fn remedies(&self, code: &str) -> Vec<String> {
        let held = self.plan.held().iter().flat_map(|held| &held.findings);
        let outcomes = self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            OutcomeKind::Held { finding } => Some(finding),
            _ => None,
        });
        held.chain(outcomes).filter(|finding| finding.code == code).filter_map(|finding| finding.remedy.clone()).collect()
    }

    /// What is withheld, with the reason: `deleteUser user anna: Guard`.
    pub(crate) fn withheld(&self) -> Vec<String> {
        let withheld = self.plan.withheld().iter();
        withheld
            .map(|withheld| {
                let operation = &withheld.operation;
                format!("{} {}: {}", operation.kind.name(), operation.key, withheld.reason.code())
            })
            .collect()
    }

    /// The rules for which the operations are in the plan, in its order.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.plan.operations().iter().map(|operation| &*operation.because.rule).collect()
    }

    /// What failed, as the run tells it.
    pub(crate) fn failures(&self) -> Vec<String> {
        let failed = self.outcomes.iter().filter_map(|outcome| match &outcome.kind {
            OutcomeKind::Failed { reason, .. } => Some(format!("{} {}: {reason}", outcome.operation, outcome.key)),
            _ => None,
        });
        failed.collect()
    }

    pub(crate) fn explained(&self) -> String {
        self.plan.explain().to_string()
    }
}
