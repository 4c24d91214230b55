//! What a machine hands out to be stored, guarded by the generation.
//!
//! Two processes that carry out plans over one state would create people twice, and each would take the other's half for its own. A lock keeps them
//! apart where the store has one; the generation keeps them apart everywhere. Each machine that writes takes the next number with its first batch,
//! and names the number that must be there with every batch, so that a store refuses all that comes from a machine that was overtaken.

use crate::state::record::{self, Record};
use crate::state::{State, StateChange};

/// Records that wait to be stored, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    records: Vec<Record>,
    has_begun: bool,
}

impl Journal {
    pub(crate) fn extend(&mut self, records: Vec<Record>) {
        // Each change names the layout; a batch need name it once.
        self.records.extend(records.into_iter().filter(|record| !record::is_format(record)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Takes the whole batch, led by the generation: the next one in the first batch, the same one in those behind it.
    pub(crate) fn take(&mut self, state: &mut State) -> Vec<Record> {
        let mut batch = match std::mem::replace(&mut self.has_begun, true) {
            false => state.apply(&StateChange::Begun),
            true => vec![record::format(), record::generation(state.generation, state.generation)],
        };
        batch.reverse();
        batch.append(&mut self.records);
        batch
    }
}

impl State {
    /// Counts the machines that have written to this state: runs, and looks that had something to settle. A state that was never written to, or by
    /// a version that did not count, has 0.
    ///
    /// A machine takes the next number with the first records that it hands out. A store refuses the records of one that was overtaken:
    /// [`Record::expected`].
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{State, StateChange};
    ///
    /// let mut state = State::default();
    /// assert_eq!(state.generation(), 0);
    /// let records = state.apply(&StateChange::Begun);
    /// assert_eq!((state.generation(), records[1].key(), records[1].value()), (1, "generation", Some(&b"1"[..])));
    /// ```
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }
}
