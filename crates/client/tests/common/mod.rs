//! States to store.

use idbridge_client::{Error, StateStore};
use idbridge_planner::{Record, State, StateChange, UserKey, UserLink};
use idbridge_scim::Resource;

/// Links the user `u{number}`, whose every value names `version`.
pub(crate) fn link(state: &mut State, number: usize, version: usize) -> Vec<Record> {
    let id = format!("id-{number}");
    let name = format!("user{number}-{version}@example.com");
    let sent = Resource::from_json(format!(r#"{{"userName":"{name}","title":"{}"}}"#, "x".repeat(version % 300)).as_bytes()).unwrap();
    let digest = idbridge_planner::Digest::of(&sent);
    let link: UserLink =
        serde_json::from_str(&format!(r#"{{"id":"{id}","user_name":"{name}","active":true,"digest":"{digest}"}}"#)).unwrap();
    state.apply(&StateChange::UserLinked { key: key(number), link, sent })
}

pub(crate) fn key(number: usize) -> UserKey {
    UserKey::from(format!("u{number}"))
}

/// What the store holds, index only.
pub(crate) fn load(store: &mut dyn StateStore) -> Result<State, Error> {
    let mut records = Vec::new();
    store.load(&mut |key, value| records.push((key, value)))?;
    Ok(State::restore(records).unwrap())
}

/// Whether every record of the store agrees with every other; how many users it holds.
pub(crate) fn check(store: &mut dyn StateStore) -> Result<usize, Error> {
    let state = load(store)?;
    for (key, link) in state.users() {
        let record = State::last_sent_record(&key.clone().into());
        let sent = store.read(&record)?.unwrap_or_else(|| panic!("{record} is not there"));
        let sent = Resource::from_json(&sent).unwrap();
        assert_eq!(sent.text("userName"), Some(&*link.user_name));
        assert_eq!(idbridge_planner::Digest::of(&sent), link.digest);
    }
    Ok(state.users().count())
}
