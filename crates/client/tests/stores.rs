//! What every store does, with the one in memory.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod common;

use idbridge_client::{ErrorKind, MemoryStore, StateStore};
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

/// Of two runs over one store, the one that was overtaken writes nothing more: not the generation, and not what comes with it.
#[test]
fn a_commit_of_a_run_that_was_overtaken_is_refused_as_a_whole() {
    let mut stores: Vec<Box<dyn StateStore>> = vec![Box::new(MemoryStore::new())];
    #[cfg(feature = "redb")]
    let folder = tempfile::tempdir().unwrap();
    #[cfg(feature = "redb")]
    stores.push(Box::new(idbridge_client::RedbStore::open(folder.path().join("state.redb")).unwrap()));
    for mut store in std::mem::take(&mut stores) {
        let mut first = common::load(&mut store).unwrap();
        let begun = |state: &mut State| {
            let mut records = state.apply(&StateChange::Begun);
            records.extend(common::link(state, 1, 0));
            records
        };
        store.commit(&begun(&mut first)).unwrap();
        let mut second = common::load(&mut store).unwrap();
        assert_eq!((first.generation(), second.generation()), (1, 1));
        store.commit(&begun(&mut second)).unwrap();

        let mut late = first.apply(&StateChange::Begun);
        late.extend(common::link(&mut first, 2, 0));
        let error = store.commit(&late).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::AnotherRun { expected: "1".to_owned(), found: "2".to_owned() });
        assert_eq!(
            error.to_string(),
            "another run has begun over this state: expected generation 1, found 2; nothing of this commit was written. Wait until the other run \
             is over, and sync again"
        );
        assert_eq!(common::check(&mut store).unwrap(), 1);
        assert_eq!(common::load(&mut store).unwrap(), second);
        // The one that is ahead goes on.
        store.commit(&begun(&mut second)).unwrap();
        assert_eq!(common::load(&mut store).unwrap().generation(), 3);
    }
}
