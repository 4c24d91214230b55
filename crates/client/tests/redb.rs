//! The store in one file: what it keeps, whom it keeps apart, and what a crash leaves.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use idbridge_client::{ErrorKind, RedbStore, StateStore};
use idbridge_planner::{State, StateChange};

/// What is committed is there when the file is opened again, by whomever.
#[test]
fn what_was_committed_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    let mut state = State::default();
    let mut store = RedbStore::open(&path).unwrap();
    assert_eq!((store.generation(), common::check(&mut store).unwrap()), (0, 0));
    for number in 0..300 {
        store.commit(&common::link(&mut state, number, number)).unwrap();
    }
    store.commit(&state.apply(&StateChange::UserUnlinked { key: common::key(7) })).unwrap();
    // Nothing to write is no commit.
    store.commit(&[]).unwrap();
    assert_eq!(store.generation(), 301);
    assert_eq!(common::load(&mut store).unwrap(), state);
    drop(store);

    for _ in 0..2 {
        let mut store = RedbStore::open(&path).unwrap();
        assert_eq!((store.generation(), common::check(&mut store).unwrap()), (301, 299));
        assert_eq!(common::load(&mut store).unwrap(), state);
        assert_eq!(store.read("sent/user/u7").unwrap(), None);
    }
    // Nothing but the file is left in the folder.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The file holds names and addresses of people: its owner reads it, and nobody else.
#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    drop(RedbStore::open(&path).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// A second process is told that the first one has the file, whichever of the two only reads; so is this process.
#[test]
fn a_file_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    let store = RedbStore::open(&path).unwrap();
    for error in [RedbStore::open(&path).unwrap_err(), RedbStore::open_read_only(&path).unwrap_err()] {
        assert_eq!(error.kind(), &ErrorKind::StateInUse { path: path.clone() });
        assert_eq!(error.to_string(), format!("the state file {} is in use by another process; wait until that is over", path.display()));
    }
    drop(store);
    // Readers do not stand in each other's way, and let go of the file once they have read it.
    let readers = [RedbStore::open_read_only(&path).unwrap(), RedbStore::open_read_only(&path).unwrap()];
    drop(RedbStore::open(&path).unwrap());
    drop(readers);
}

/// A dry run leaves the file as it is, byte for byte, and makes none.
#[test]
fn a_file_that_is_only_read_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    let mut state = State::default();
    let mut records = common::link(&mut state, 0, 0);

    let mut store = RedbStore::open_read_only(&path).unwrap();
    assert_eq!((common::check(&mut store).unwrap(), store.read("format").unwrap()), (0, None));
    assert_eq!(store.commit(&records).unwrap_err().kind(), &ErrorKind::ReadOnly);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    let mut store = RedbStore::open(&path).unwrap();
    store.commit(&records).unwrap();
    // As a crash leaves it, and as it is when it was closed.
    let crashed = folder.path().join("crashed.redb");
    fs::copy(&path, &crashed).unwrap();
    drop(store);
    for path in [path, crashed] {
        let before = fs::read(&path).unwrap();
        let mut store = RedbStore::open_read_only(&path).unwrap();
        assert_eq!(common::check(&mut store).unwrap(), 1);
        records.extend(common::link(&mut state, 1, 1));
        assert_eq!(store.commit(&records).unwrap_err().kind(), &ErrorKind::ReadOnly);
        drop(store);
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

/// What the system refuses is said with the file and the reason.
#[test]
fn a_file_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none").join("state.redb");
    let error = RedbStore::open(&path).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::StateFile { action: "open", path: path.clone() });
    assert_eq!(error.to_string(), format!("could not open the state file {}", path.display()));
    assert!(std::error::Error::source(&error).is_some());
    for error in [RedbStore::open(folder.path()).unwrap_err(), RedbStore::open_read_only(folder.path()).unwrap_err()] {
        assert!(matches!(error.kind(), ErrorKind::StateFile { .. }), "{error:?}");
    }
}

/// Eight start at once where there is no file: one makes it, the others find it in use or open it afterwards; nobody loses anything.
#[test]
fn one_of_many_makes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    thread::scope(|scope| {
        for number in 0..8 {
            let path = &path;
            scope.spawn(move || {
                loop {
                    match RedbStore::open(path) {
                        Ok(mut store) => {
                            let mut state = common::load(&mut store).unwrap();
                            return store.commit(&common::link(&mut state, number, 0)).unwrap();
                        }
                        Err(error) => assert!(matches!(error.kind(), ErrorKind::StateInUse { .. }), "{error:?}"),
                    }
                    thread::sleep(Duration::from_millis(1));
                }
            });
        }
    });
    assert_eq!(common::check(&mut RedbStore::open(&path).unwrap()).unwrap(), 8);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

const CHILD: &str = "IDBRIDGE_TEST_STATE";

/// Not a test of its own: the process that [`a_killed_process_loses_no_commit`] kills.
#[test]
fn child_that_commits_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let mut store = RedbStore::open(path).unwrap();
    let mut state = common::load(&mut store).unwrap();
    for version in usize::try_from(store.generation()).unwrap().. {
        // Several users in one commit: all of them, or none.
        let records: Vec<_> = (0..10).flat_map(|number| common::link(&mut state, version % 7 * 10 + number, version)).collect();
        store.commit(&records).unwrap();
        println!("committed {}", store.generation());
    }
}

/// `kill -9` at any point: the file opens again, with every commit that was acknowledged, and each of them whole.
#[test]
fn a_killed_process_loses_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    let mut least = 0;
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_that_commits_until_it_is_killed", "--exact", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reader = thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            lines.filter_map(|line| line.rsplit_once("committed ")?.1.parse::<u64>().ok()).last()
        });
        // Also while the file is made, and while it is put in order after the last kill.
        thread::sleep(Duration::from_millis(round * 17));
        child.kill().unwrap();
        child.wait().unwrap();
        least = reader.join().unwrap().unwrap_or(least);
        if !path.exists() {
            assert_eq!(least, 0);
            continue;
        }
        // Read without tidying up first, so that both ways meet what the kill left.
        let copy = inspected(RedbStore::open_read_only(&path).unwrap());
        let file = if round % 2 == 0 { inspected(RedbStore::open(&path).unwrap()) } else { copy };
        assert_eq!(copy, file);
        assert!(file.0 >= least, "{} commits of {least} are there", file.0);
    }
    assert!(least > 0, "the child never came to commit");
}

/// The number of commits, and of users, who all agree with their last-sent values; those of one commit have one version.
fn inspected(mut store: RedbStore) -> (u64, usize) {
    let users = common::check(&mut store).unwrap();
    let state = common::load(&mut store).unwrap();
    let version = |number: usize| {
        let link = state.user(&common::key(number))?;
        link.user_name.split_once('-')?.1.split('@').next()?.parse::<usize>().ok()
    };
    for batch in 0..7 {
        let versions: Vec<_> = (0..10).map(|number| version(batch * 10 + number)).collect();
        assert!(versions.iter().all(|found| *found == versions[0]), "half a commit: {versions:?}");
    }
    (store.generation(), users)
}

/// Opening is quick: a sync starts after every crash and by every scheduler.
#[test]
fn opening_takes_milliseconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    fill(&path, 2_000);
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let started = std::time::Instant::now();
            let mut store = RedbStore::open(&path).unwrap();
            assert_eq!(common::load(&mut store).unwrap().linked_users(), 2_000);
            started.elapsed()
        })
        .collect();
    times.sort();
    // Generous, for a busy machine and a build without optimisation.
    assert!(times[0] < Duration::from_millis(150), "{times:?}");
}

fn fill(path: &Path, users: usize) {
    let mut store = RedbStore::open(path).unwrap();
    let mut state = State::default();
    let records: Vec<_> = (0..users).flat_map(|number| common::link(&mut state, number, number)).collect();
    store.commit(&records).unwrap();
}
