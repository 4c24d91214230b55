//! What the guard withholds, remembered until it is withheld no more.

use std::collections::BTreeSet;
use std::time::SystemTime;

use crate::key::Key;
use crate::operation::{OperationKind, Withheld, WithheldReason};
use crate::scope::Scope;
use crate::state::{State, StateChange};

/// What changes in the list of staged removals: those that are withheld by the guard and not on it, and those that are on it and not withheld any
/// more, because they are allowed or not wanted. Of records out of the scope, nothing is said.
pub(super) fn changes(scope: &Scope, withheld: &[Withheld], state: &State, now: SystemTime) -> Vec<StateChange> {
    let by_guard = withheld.iter().filter(|withheld| withheld.reason == WithheldReason::Guard);
    let staged: BTreeSet<(&Key, &str)> = by_guard.map(|withheld| (&withheld.operation.key, name(&withheld.operation.kind))).collect();
    let known = |key: &Key, operation: &str| state.staged.get(key).is_some_and(|operations| operations.contains_key(operation));
    let added = staged.iter().filter(|(key, operation)| !known(key, operation));
    let added = added.map(|(key, operation)| StateChange::Staged { key: (*key).clone(), operation: (*operation).to_owned(), at: now });

    let over = |key: &Key| {
        let operations = state.staged.get(key).into_iter().flatten().map(|(operation, _)| operation);
        let over = operations.filter(|operation| !staged.contains(&(key, operation)));
        over.map(|operation| StateChange::Unstaged { key: key.clone(), operation: operation.to_string() }).collect::<Vec<_>>()
    };
    let removed: Vec<StateChange> = match scope.keys() {
        Some(keys) => keys.iter().flat_map(over).collect(),
        None => state.staged.keys().flat_map(over).collect(),
    };
    added.chain(removed).collect()
}

/// The name under which a removal is staged. A deactivation is the same one whether its user is adopted by this plan or was by the one before.
fn name(kind: &OperationKind) -> &'static str {
    match kind {
        OperationKind::AdoptUser { .. } => "updateUser",
        kind => kind.name(),
    }
}
