//! Which operations are begun, and when: as few as keep the wire busy, in the order of the plan.

use std::time::SystemTime;

use crate::key::Key;
use crate::operation::{Operation, OperationKind};
use crate::run::outcome::Outcome;
use crate::run::task::Position;
use crate::run::{AHEAD, Run};

/// The requests that are lined up, at most, while there is enough to send: a request is a copy of what its operation says, and a first sync may have
/// a million of them. What becomes ready later and stands earlier in the plan waits behind no more than these.
const LINED_UP: usize = 4 * AHEAD;

/// The records that are made before they are stored, at most, by operations that send nothing, such as links of users who are as they shall be.
pub(super) const UNSTORED: usize = 4096;

impl Run {
    /// Tells an operation's dependencies of it, or lets it go if it has none.
    pub(super) fn wire(&mut self, index: usize) {
        let Some(operation) = self.operations.get(index) else {
            return;
        };
        if let Key::Group(key) = &operation.key {
            self.by_group.entry(key.clone()).or_default().push(index);
        }
        let edges = operation.requires.iter().map(|before| (*before, true)).chain(operation.after.iter().map(|before| (*before, false)));
        let mut waits = 0;
        for (before, is_required) in edges {
            if self.outcomes.get(before).is_some_and(Outcome::is_over) {
                continue;
            }
            if let Some(dependents) = self.dependents.get_mut(before) {
                dependents.push((index, is_required));
                waits += 1;
            }
        }
        if let Some(position) = self.positions.get_mut(index) {
            position.waits = waits;
        }
        if waits == 0 {
            self.ready.insert(index);
        }
    }

    /// Adds an operation that became necessary on the way.
    pub(super) fn spawn(&mut self, operation: Operation) {
        self.outcomes.push(Outcome::of(&operation));
        self.positions.push(Position::default());
        self.dependents.push(Vec::new());
        self.operations.push(operation);
        self.wire(self.operations.len() - 1);
    }

    /// Begins what waits for nothing, in the order of the plan, until there is enough to send.
    pub(super) fn start_ready(&mut self, now: SystemTime) {
        while !self.exchange.is_full(LINED_UP, AHEAD, now)
            && self.journal.len() < UNSTORED
            && let Some(index) = self.ready.pop_first()
        {
            match self.operations.get(index).map(|operation| &operation.kind) {
                Some(
                    OperationKind::CreateUser { .. }
                    | OperationKind::AdoptUser { .. }
                    | OperationKind::UpdateUser { .. }
                    | OperationKind::DeleteUser { .. },
                ) => self.start_user(index, now),
                _ => self.start_group(index, now),
            }
        }
    }
}
