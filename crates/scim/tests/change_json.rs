//! Changes as JSON: what is written is read back as the same change.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use idbridge_scim::{Change, Path, Resource, Value, changes};

fn round_trip(change: &Change) -> String {
    let json = serde_json::to_string(change).unwrap();
    let read: Change = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(&read, change, "{json}");
    json
}

/// A path is its text, and a value that is not there is a key that is not there.
#[test]
fn a_change_is_its_path_and_its_values() {
    let from = br#"{"name":{"familyName":"Berg"},"title":"Engineer","addresses":[{"type":"work","locality":"Oslo"}]}"#;
    let to = br#"{"name":{"familyName":"Tal"},"nickName":"Ann","addresses":[{"type":"work","locality":"Bergen"}]}"#;
    let found = changes(&Resource::from_json(from).unwrap(), &Resource::from_json(to).unwrap());
    let written: Vec<String> = found.iter().map(round_trip).collect();
    assert_eq!(
        written,
        [
            r#"{"path":"name.familyName","before":"Berg","after":"Tal"}"#,
            r#"{"path":"nickName","after":"Ann"}"#,
            r#"{"path":"addresses[type eq \"work\"].locality","before":"Oslo","after":"Bergen"}"#,
            r#"{"path":"title","before":"Engineer"}"#,
        ]
    );
}

/// Null is a value, and is not the same as none.
#[test]
fn null_is_a_value() {
    let change = Change::new(Path::of("title"), Some(Value::Null), None);
    assert_eq!(round_trip(&change), r#"{"path":"title","before":null}"#);
    assert_eq!(round_trip(&Change::new(Path::of("title"), None, None)), r#"{"path":"title"}"#);
}

/// A name that the grammar does not have is written in parts, because its text would not be read back.
#[test]
fn names_that_the_grammar_does_not_have_are_kept() {
    let cases: [(&[u8], &[u8]); 4] = [
        (br#"{"shoe size":1}"#, br#"{"shoe size":2}"#),
        (br#"{"name":{"nick name":"A"}}"#, br#"{"name":{"nick name":"B"}}"#),
        (br#"{"my addresses":[{"type":"work","locality":"Oslo"}]}"#, br#"{"my addresses":[{"type":"work","locality":"Bergen"}]}"#),
        (br#"{"urn:example:2.0:Badge":{"a.b":1}}"#, br#"{"urn:example:2.0:Badge":{"a.b":2}}"#),
    ];
    for (from, to) in cases {
        let found = changes(&Resource::from_json(from).unwrap(), &Resource::from_json(to).unwrap());
        assert_eq!(found.len(), 1);
        found.iter().for_each(|change| assert!(round_trip(change).contains(r#"{"path":{"#), "{change}"));
    }
}

/// Whatever else it may be is an error that says what.
#[test]
fn what_is_no_change_is_refused() {
    let cases = [
        (r#"{"after":1}"#, "missing field `path`"),
        (r#"{"path":"a b","after":1}"#, "expected an attribute name"),
        (r#"{"path":"title","now":1}"#, "unknown field `now`"),
        (r#"{"path":7}"#, "did not match any variant"),
        (r#"{"path":{"attribute":"a b","filter":"c"}}"#, "invalid"),
    ];
    for (json, words) in cases {
        let error = serde_json::from_str::<Change>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{json}: {error}");
    }
}
