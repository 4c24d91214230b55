//! The state as records: what was written is what is read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{group_key, key, now};
use idbridge_planner::{GroupLink, Intent, Key, Quarantine, Refusal, State, StateChange, UserKey, UserLink};
use idbridge_scim::{ExternalId, Resource};
use proptest::collection::{btree_set, vec};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::RngSeed;
use proptest::{prop_assert, prop_assert_eq};

/// Keys as they may come: with the characters that a record's key gives a meaning.
const KEYS: [&str; 6] = ["1", "a/b", "a%2Fb", "50%", "ünï", " "];

fn some_key() -> impl Strategy<Value = &'static str> {
    (0..KEYS.len()).prop_map(|index| KEYS[index])
}

fn some_users() -> impl Strategy<Value = BTreeSet<UserKey>> {
    btree_set(some_key().prop_map(UserKey::from), 0..4)
}

fn any_key() -> impl Strategy<Value = Key> {
    (some_key(), any::<bool>()).prop_map(|(name, is_user)| if is_user { key(name).into() } else { group_key(name).into() })
}

fn user_link(name: &str, number: u8) -> UserLink {
    let email = if number.is_multiple_of(2) { r#","email":"other@example.com""# } else { "" };
    let digest = format!("{number:02x}").repeat(16);
    let json =
        format!(r#"{{"id":"id-{name}-{number}","user_name":"{name}@example.com"{email},"active":{},"digest":"{digest}"}}"#, number > 3);
    serde_json::from_str(&json).unwrap()
}

fn group_link(name: &str, number: u8, members: BTreeSet<UserKey>) -> GroupLink {
    let digest = format!("{number:02x}").repeat(16);
    let json = format!(
        r#"{{"id":"id-{name}-{number}","display_name":"{name}","digest":"{digest}","released":{},"members_known":{}}}"#,
        number > 5,
        number.is_multiple_of(2)
    );
    let mut link: GroupLink = serde_json::from_str(&json).unwrap();
    link.members = members;
    link
}

fn sent(number: u8) -> Resource {
    Resource::from_json(format!(r#"{{"title":"Title {number}"}}"#).as_bytes()).unwrap()
}

fn intent() -> impl Strategy<Value = Intent> {
    prop_oneof![
        any::<bool>().prop_map(|has_id| Intent::CreateUser {
            external_id: has_id.then(|| ExternalId::new("1").unwrap()),
            user_name: "anna@example.com".to_owned(),
        }),
        Just(Intent::CreateGroup { external_id: None, display_name: "Staff \"1\"".to_owned() }),
        Just(Intent::Change),
        some_users().prop_map(|users| Intent::AddMembers { users: users.into_iter().collect() }),
        some_users().prop_map(|users| Intent::RemoveMembers { users: users.into_iter().collect() }),
    ]
}

fn change() -> impl Strategy<Value = StateChange> {
    let at = (0..2_000_u64).prop_map(|seconds| now() + Duration::from_micros(seconds * 700_001));
    prop_oneof![
        (any_key(), intent()).prop_map(|(key, intent)| StateChange::Intended { key, intent }),
        any_key().prop_map(|key| StateChange::Settled { key }),
        (some_key(), 0..8_u8).prop_map(|(name, number)| StateChange::UserLinked {
            key: key(name),
            link: user_link(name, number),
            sent: sent(number)
        }),
        some_key().prop_map(|name| StateChange::UserUnlinked { key: key(name) }),
        (some_key(), 0..8_u8, some_users()).prop_map(|(name, number, members)| StateChange::GroupLinked {
            key: group_key(name),
            link: group_link(name, number, members),
            sent: sent(number)
        }),
        some_key().prop_map(|name| StateChange::GroupUnlinked { key: group_key(name) }),
        some_key().prop_map(|name| StateChange::GroupReleased { key: group_key(name) }),
        some_key().prop_map(|name| StateChange::MembersUnknown { key: group_key(name) }),
        (some_key(), some_users(), some_users()).prop_map(|(name, added, removed)| {
            let removed = removed.difference(&added).cloned().collect();
            StateChange::MembersChanged { key: group_key(name), added, removed }
        }),
        (any_key(), 0..8_u8).prop_map(|(key, number)| {
            let json = format!(r#"{{"digest":"{}","status":{},"detail":"no \u00fc"}}"#, "0f".repeat(16), 400 + u16::from(number));
            let refusal: Refusal = serde_json::from_str(&json).unwrap();
            StateChange::Refused { key, refusal }
        }),
        (any_key(), some_key()).prop_map(|(key, name)| StateChange::Searched { key, name: name.to_owned() }),
        (any_key(), at.clone(), any::<bool>()).prop_map(|(key, at, deleted)| StateChange::Removed { key, at, deleted }),
        at.clone().prop_map(|before| StateChange::RemovalsForgotten { before }),
        at.prop_map(|at| StateChange::Blocked { at }),
        Just(StateChange::Unblocked),
        some_key().prop_map(|name| StateChange::ServiceNamed { service: name.to_owned() }),
        Just(StateChange::Begun),
        (0..9_u32).prop_map(|failures| StateChange::Quarantined {
            quarantine: Quarantine::new(failures, now() + Duration::from_micros(u64::from(failures) * 700_001), "no \u{fc}")
        }),
        Just(StateChange::Recovered),
        (any_key(), some_key()).prop_map(|(key, name)| StateChange::Staged { key, operation: name.to_owned(), at: now() }),
        (any_key(), some_key()).prop_map(|(key, name)| StateChange::Unstaged { key, operation: name.to_owned() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a state, the records that a store kept of it give it back.
    #[test]
    fn what_was_written_is_what_is_read(changes in vec(change(), 0..40)) {
        let (mut state, mut store) = (State::default(), BTreeMap::new());
        for change in &changes {
            for record in state.apply(change) {
                match record.value() {
                    Some(value) => store.insert(record.key().to_owned(), value.to_vec()),
                    None => store.remove(record.key()),
                };
            }
            let restored = State::restore(store.clone());
            prop_assert_eq!(restored.as_ref(), Ok(&state), "behind {:?}", change);
        }
        // In any order.
        let restored = State::restore(store.into_iter().rev());
        prop_assert_eq!(restored, Ok(state));
    }

    /// Every linked user is found by the service's identifier, and nobody else is.
    #[test]
    fn the_owner_of_an_identifier_is_who_is_linked_to_it(changes in vec(change(), 0..40)) {
        let mut state = State::default();
        for change in &changes {
            drop(state.apply(change));
        }
        for name in KEYS {
            for number in 0..8 {
                let link = user_link(name, number);
                let is_linked = state.user(&key(name)).is_some_and(|found| found.id == link.id);
                prop_assert!(state.owner(&link.id).is_some() == is_linked);
            }
        }
    }

    /// A record that a store lost a piece of, or that is something else, is an error and never a panic.
    #[test]
    fn no_record_panics(key in "(user|group|member|intent|refused|searched|removed|blocked|sent|format|x)(/[a-z0-9%/]{0,6}){0,3}", value in vec(any::<u8>(), 0..20)) {
        drop(State::restore([(key, value)]));
    }
}

/// A record that this version does not write is refused, with its key, what was expected and what was found.
#[test]
fn a_bad_record_is_refused_with_its_reason() {
    let cases = [
        ("format", "2", "expected format 1, found 2"),
        ("shoe/1", "", "expected a record that this version knows"),
        ("user/1", "{", "EOF while parsing an object at line 1 column 1"),
        ("user/1", "{}", "missing field `id` at line 1 column 2"),
        (
            "user/1",
            r#"{"id":"1","user_name":"a","active":true,"digest":"xyz"}"#,
            "expected 32 hexadecimal digits, found \"xyz\" at line 1 column 55",
        ),
        ("group/1", "7", "invalid type: integer `7`, expected struct GroupLink at line 1 column 1"),
        ("member/1", "", "expected a group and a user in its key"),
        ("intent/1", "{}", "expected user or group in its key, found \"1\""),
        ("intent/shoe/1", "{}", "expected user or group in its key, found \"shoe/1\""),
        (
            "intent/user/1",
            r#"{"operation":"dance"}"#,
            "unknown variant `dance`, expected one of `createUser`, `createGroup`, `change`, `addMembers`, `removeMembers` at line 1 column 20",
        ),
        ("refused/user/1", "{}", "missing field `digest` at line 1 column 2"),
        ("searched/user/1", "1", "invalid type: integer `1`, expected a string at line 1 column 1"),
        ("removed/1", "true", "expected a time and a record in its key"),
        ("removed/soon/user/1", "true", "expected milliseconds in its key, found \"soon\""),
        ("blocked", "\"now\"", "invalid type: string \"now\", expected u64 at line 1 column 5"),
        ("service", "1", "invalid type: integer `1`, expected a string at line 1 column 1"),
        ("generation", "-1", "invalid value: integer `-1`, expected u64 at line 1 column 2"),
        ("quarantine", "{}", "missing field `failures` at line 1 column 2"),
        ("staged/deleteUser", "1", "expected an operation and a record in its key"),
        ("staged/deleteUser/shoe/1", "1", "expected user or group in its key, found \"shoe/1\""),
    ];
    for (key, value, reason) in cases {
        let error = State::restore([(key.to_owned(), value.as_bytes().to_vec())]).unwrap_err();
        assert_eq!(error.to_string(), format!("the state record {key:?} cannot be read: {reason}"));
    }
}

/// A membership whose group is gone says nothing, and a last-sent record is not read here.
#[test]
fn what_says_nothing_is_passed_over() {
    let records = [("member/1/2", ""), ("sent/user/1", "not JSON")];
    let state = State::restore(records.map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec())));
    assert_eq!(state, Ok(State::default()));
}
