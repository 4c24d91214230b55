//! The guard: what takes access away goes out only with evidence, and never in bulk.
//!
//! | withheld is | because | lifted by |
//! | --- | --- | --- |
//! | what rests on an absence in a source that may not be complete | nobody is gone for not having been read (UL-11) | reading the source again, to its end; no allowance |
//! | everything that takes access away | the source has no users, or no groups, although some are linked (UL-11) | an allowance |
//! | everything that takes access away | it is more than the limit, together with the window before (E-8) | an allowance, or time |
//!
//! All or nothing: a part of what may be wrong is not less wrong. Users and groups are counted apart, each object once, and with the removals of the
//! window; a plan of some records counts what is staged of the others as well. So many small runs do what one run may, and no more. A suspension in a
//! change of more is withheld alone; the rest of the change goes out.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::Value;
use serde::{Deserialize, Serialize};

use crate::desired::{Answer, Evidence};
use crate::finding::Finding;
use crate::key::{GroupKey, Key, UserKey};
use crate::operation::{Operation, OperationKind, Withheld, WithheldReason, is_deactivation};
use crate::plan::drift::is_unmanaged;
use crate::plan::{Draft, refused};
use crate::state::{Digest, Refusal};

/// Why everything that takes access away is withheld, with what was counted (E-8).
///
/// Its `Display` is the sentence that [`Plan::explain`](crate::Plan::explain) prints, with the allowance that would let the plan pass, where one
/// would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Tripped {
    /// The users that this plan would delete or deactivate, each counted once.
    pub users: usize,
    /// The users deleted or deactivated within the window before, those aside that this plan would take away again.
    pub earlier_users: usize,
    /// The users whose deletion or deactivation waits for an allowance and is no part of this plan, which is one of some records only.
    #[serde(default)]
    pub staged_users: usize,
    /// How many users may be taken away within the window: [`Guard::limit`](crate::Guard::limit) of those that were linked when it began.
    pub users_limit: usize,
    /// The groups that this plan would delete.
    pub groups: usize,
    /// The groups deleted within the window before.
    pub earlier_groups: usize,
    /// The groups whose deletion waits for an allowance and is no part of this plan.
    #[serde(default)]
    pub staged_groups: usize,
    /// How many groups may be deleted within the window.
    pub groups_limit: usize,
    /// The allowance that was given, if one was; it was too small.
    pub allowance: Option<usize>,
    /// The reason.
    pub reason: WithheldReason,
}

impl Tripped {
    /// Counts the objects that this plan would take away: the [`Policy::allowance`](crate::Policy::allowance) that would let it.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.users + self.groups
    }
}

/// Withholds what must not go out: first what rests on an absence in a source that may not be complete, which no allowance lifts; then, if the rest
/// is too much or is not to be trusted, all of it. To send the first five of six deletions would be five too many where the source is wrong.
pub(super) fn apply(draft: &mut Draft<'_>) -> Option<Tripped> {
    let partial = draft.desired.is_partial();
    if partial {
        // Nothing follows from an absence in a source that was not read to its end; no allowance changes that.
        withhold(draft, &WithheldReason::SourceIncomplete, |draft, operation| {
            operation.takes_access() && evidence(draft, operation) == Evidence::Absence
        });
    }
    let counted = Counted::of(draft);
    let lifted = draft.policy.allowance.is_some_and(|allowance| counted.objects() <= allowance);
    let empty = empty_source(draft);
    let reason = if lifted {
        None
    } else if partial {
        Some(WithheldReason::SourceIncomplete)
    } else if empty.is_some() {
        Some(WithheldReason::SourceEmpty)
    } else {
        counted.exceeds(draft).then_some(WithheldReason::Guard)
    };
    if let Some(finding) = empty {
        draft.findings.push(finding);
    }
    draft.removes_no_members = partial || reason.is_some();
    let reason = reason?;
    let before = draft.withheld.len();
    withhold(draft, &reason, |_, operation| operation.takes_access());
    (draft.withheld.len() > before).then(|| counted.tripped(draft, reason))
}

impl Operation {
    /// Whether the guard may withhold it: more than it counts, because member removals are withheld with the rest (E-8).
    fn takes_access(&self) -> bool {
        self.kind.risk() > crate::operation::Risk::Harmless
    }
}

/// UL-11: a source without any user, or any group, although some are linked.
fn empty_source(draft: &Draft<'_>) -> Option<Finding> {
    let no_users = draft.desired.records().answered_users() == 0 && draft.state.linked_users() > 0;
    let no_groups = draft.policy.manages_groups() && draft.desired.records().groups().len() == 0 && draft.state.linked_groups() > 0;
    let what = match (no_users, no_groups) {
        (true, true) => "no users and no groups",
        (true, false) => "no users",
        (false, true) => "no groups",
        (false, false) => return None,
    };
    let message = format!("the source has {what}, although some are linked, so nothing is taken away");
    Some(Finding::new("SourceIncomplete", message).with_remedy("read the source again, or allow the removals of this one run"))
}

/// What the removal of one operation rests on.
fn evidence(draft: &Draft<'_>, operation: &Operation) -> Evidence {
    match &operation.key {
        Key::User(key) if operation.kind.deactivates() => match draft.desired.user(key) {
            Answer::Want(_) => Evidence::Record,
            Answer::Present(presence) => presence.evidence,
            Answer::Hold(_) | Answer::Absent => Evidence::Absence,
        },
        _ => Evidence::Absence,
    }
}

/// What would be taken away now, and what was before.
struct Counted {
    users: usize,
    groups: usize,
    earlier_users: usize,
    earlier_groups: usize,
    staged_users: usize,
    staged_groups: usize,
    users_limit: usize,
    groups_limit: usize,
}

impl Counted {
    /// Counts what the operations would take away, and what the state remembers of before.
    fn of(draft: &Draft<'_>) -> Self {
        let guard = &draft.policy.guard;
        let taken = |operation: &&Operation| match operation.kind {
            OperationKind::DeleteUser { .. } => true,
            _ => operation.kind.deactivates(),
        };
        let current: BTreeSet<&UserKey> = draft
            .operations
            .iter()
            .filter(taken)
            .filter_map(|operation| match &operation.key {
                Key::User(key) => Some(key),
                Key::Group(_) => None,
            })
            .collect();
        let leaving: BTreeSet<&GroupKey> = draft
            .operations
            .iter()
            .filter(|operation| matches!(operation.kind, OperationKind::DeleteGroup { .. }))
            .filter_map(|operation| match &operation.key {
                Key::Group(key) => Some(key),
                Key::User(_) => None,
            })
            .collect();
        // A removal that is repeated, because its outcome was unknown, is one removal.
        let (state, window, now) = (draft.state, guard.window, draft.now);
        let (earlier_users, earlier_groups) = state.count_removed(window, now);
        let again_users = current.iter().filter(|key| state.was_removed(&Key::User((**key).clone()), window, now)).count();
        let again_groups = leaving.iter().filter(|key| state.was_removed(&Key::Group((**key).clone()), window, now)).count();
        let (staged_users, staged_groups) = staged_beyond(draft);
        let mut counted = Self {
            staged_users,
            staged_groups,
            users: current.len(),
            groups: leaving.len(),
            earlier_users: earlier_users.saturating_sub(again_users),
            earlier_groups: earlier_groups.saturating_sub(again_groups),
            users_limit: guard.limit(state.linked_users()),
            groups_limit: guard.limit(state.linked_groups()),
        };
        if counted.is_over() {
            // The share is of what was linked when the window began. Who was linked then is counted only where it decides.
            let (deleted_users, deleted_groups) = deleted(draft);
            counted.users_limit = guard.limit(state.linked_users() + deleted_users);
            counted.groups_limit = guard.limit(state.linked_groups() + deleted_groups);
        }
        counted
    }

    /// The objects of this plan, which an allowance is compared with.
    fn objects(&self) -> usize {
        self.users + self.groups
    }

    /// An allowance stands in the place of limits and window. A kind of which nothing is taken away now cannot trip, whatever was before.
    fn exceeds(&self, draft: &Draft<'_>) -> bool {
        if draft.policy.allowance.is_some() {
            return self.objects() > 0;
        }
        self.is_over()
    }

    /// Whether one of the two kinds is beyond its limit.
    fn is_over(&self) -> bool {
        let (users, groups) = (self.users + self.staged_users, self.groups + self.staged_groups);
        let users = users > 0 && users + self.earlier_users > self.users_limit;
        let groups = groups > 0 && groups + self.earlier_groups > self.groups_limit;
        users || groups
    }

    /// The same numbers, for people.
    fn tripped(&self, draft: &Draft<'_>, reason: WithheldReason) -> Tripped {
        Tripped {
            users: self.users,
            earlier_users: self.earlier_users,
            staged_users: self.staged_users,
            staged_groups: self.staged_groups,
            users_limit: self.users_limit,
            groups: self.groups,
            earlier_groups: self.earlier_groups,
            groups_limit: self.groups_limit,
            allowance: draft.policy.allowance,
            reason,
        }
    }
}

/// E-8: what a full plan withheld, and a plan of some records does not see, counts with what this one would take away; or a batch that waits for an
/// allowance would go out in pieces, one event at a time.
fn staged_beyond(draft: &Draft<'_>) -> (usize, usize) {
    if draft.scope.is_all() {
        return (0, 0);
    }
    let is_counted = |operations: &BTreeMap<Box<str>, u64>| {
        ["deleteUser", "updateUser", "deleteGroup"].iter().any(|operation| operations.contains_key(*operation))
    };
    let beyond = draft.state.staged.iter().filter(|(key, operations)| !draft.scope.contains(key) && is_counted(operations));
    beyond.fold((0, 0), |(users, groups), (key, _)| match key {
        Key::User(_) => (users + 1, groups),
        Key::Group(_) => (users, groups + 1),
    })
}

/// How many users and groups were deleted within the window and are not linked again.
fn deleted(draft: &Draft<'_>) -> (usize, usize) {
    let (mut users, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for removal in draft.state.recent_removals(draft.policy.guard.window, draft.now) {
        match &removal.key {
            Key::User(key) if removal.deleted && draft.state.users.get(key.as_str()).is_none() => users.insert(key),
            Key::Group(key) if draft.state.groups.get(key.as_str()).is_none() && !is_unmanaged(key) => groups.insert(key),
            _ => false,
        };
    }
    (users.len(), groups.len())
}

/// Moves every operation that `chosen` picks to the withheld ones; of one that changes more, only the deactivation.
fn withhold(draft: &mut Draft<'_>, reason: &WithheldReason, chosen: impl Fn(&Draft<'_>, &Operation) -> bool) {
    let mut kept = Vec::new();
    for mut operation in std::mem::take(&mut draft.operations) {
        if !chosen(draft, &operation) {
            kept.push(operation);
            continue;
        }
        let mut withheld = operation.clone();
        if operation.kind.deactivates() {
            keep_only(&mut withheld.kind, true);
            keep_only(&mut operation.kind, false);
            let adopts = matches!(operation.kind, OperationKind::AdoptUser { .. });
            if let Some(refusal) = refused_rest(draft, &operation) {
                // E-11: what is left of it was refused before.
                draft.hold(operation.key, operation.label, vec![refused(&refusal)]);
            } else if adopts || !operation.kind.changes().is_empty() {
                kept.push(operation);
            }
        }
        draft.withheld.push(Withheld { operation: withheld, reason: reason.clone() });
    }
    draft.operations = kept;
}

/// What the service refused of a change, where exactly what is left of it was refused before.
fn refused_rest(draft: &Draft<'_>, operation: &Operation) -> Option<Refusal> {
    match &operation.kind {
        OperationKind::UpdateUser { sent, changes, .. } if !changes.is_empty() => draft.refusal(&operation.key, Digest::of(sent)).cloned(),
        _ => None,
    }
}

/// Keeps only the deactivation among the changes, or everything but it; what is remembered as sent follows.
fn keep_only(kind: &mut OperationKind, deactivation: bool) {
    if let OperationKind::AdoptUser { changes, sent, .. } | OperationKind::UpdateUser { changes, sent, .. } = kind {
        changes.retain(|change| is_deactivation(change) == deactivation);
        if !deactivation {
            sent.attributes_mut().set("active", Value::Boolean(true));
        }
    }
}
