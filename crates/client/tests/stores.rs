//! What every store does, with the one in memory.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod common;

use idbridge_client::{MemoryStore, StateStore};
use idbridge_planner::{State, StateChange};

/// What is committed is read again; last-sent values are read one by one only.
#[test]
fn a_store_gives_back_what_was_committed() {
    let mut store: Box<dyn StateStore> = Box::new(MemoryStore::new());
    let mut state = State::default();
    for number in 0..5 {
        store.commit(&common::link(&mut state, number, 0)).unwrap();
    }
    assert_eq!(common::check(&mut store).unwrap(), 5);
    assert_eq!(common::load(&mut store).unwrap(), state);
    store.load(&mut |key, _| assert!(!key.starts_with("sent/"), "{key}")).unwrap();

    store.commit(&common::link(&mut state, 3, 7)).unwrap();
    store.commit(&state.apply(&StateChange::UserUnlinked { key: common::key(1) })).unwrap();
    assert_eq!(common::check(&mut store).unwrap(), 4);
    assert_eq!(common::load(&mut store).unwrap(), state);
    assert_eq!(store.read("sent/user/u1").unwrap(), None);
    assert_eq!(store.read("no such record").unwrap(), None);
}
