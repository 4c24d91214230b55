//! What changes between two resources, in the operations that AWS takes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{Change, PatchOp, Path, Resource, Value, diff};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// The changes as they are shown, and the proof that they lead from one to the other.
fn changes(from: &str, to: &str) -> Vec<String> {
    let (from, to) = (resource(from), resource(to));
    let changes = diff(&from, &to);
    let mut patched = from.clone();
    let changed = PatchOp::from_changes(&changes).apply(&mut patched).unwrap();
    assert_eq!(patched, to, "{changes:?}");
    assert_eq!(changed, !changes.is_empty());
    changes.iter().map(|change| change.to_string().replace(ENTERPRISE, "E")).collect()
}

/// RFC 7644 section 3.5.2: one attribute that changes is one operation, and nothing else is said.
#[test]
fn one_changed_attribute_is_one_operation() {
    let user = r#"{"userName":"a","title":"x","active":true,"n":1}"#;
    for (to, expected) in [
        (user, vec![]),
        (r#"{"userName":"a","title":"y","active":true,"n":1}"#, vec![r#"title: "x" -> "y""#]),
        (r#"{"userName":"a","title":"x","active":false,"n":1}"#, vec!["active: true -> false"]),
        (r#"{"userName":"a","title":"x","active":true,"n":1,"locale":"de"}"#, vec![r#"locale: none -> "de""#]),
        (r#"{"userName":"a","active":true,"n":1}"#, vec![r#"title: "x" -> none"#]),
        (r#"{"n":2,"active":true,"USERNAME":"a","title":"x"}"#, vec!["n: 1 -> 2"]),
        (
            r#"{"userName":"b","active":false}"#,
            vec![r#"userName: "a" -> "b""#, "active: true -> false", r#"title: "x" -> none"#, "n: 1 -> none"],
        ),
    ] {
        assert_eq!(changes(user, to), expected, "{to}");
    }
}

/// RFC 7644 section 3.5.2.3: the parts of a name change one by one, so that the others stay.
#[test]
fn name_parts_change_by_themselves() {
    let from = r#"{"name":{"givenName":"Anna","familyName":"Berg","formatted":"Anna Berg"}}"#;
    assert_eq!(
        changes(from, r#"{"name":{"givenName":"Anna","familyName":"Tal","middleName":"M"}}"#),
        [r#"name.familyName: "Berg" -> "Tal""#, r#"name.middleName: none -> "M""#, r#"name.formatted: "Anna Berg" -> none"#]
    );
    assert_eq!(changes("{}", r#"{"name":{"givenName":"Anna"}}"#), [r#"name: none -> {"givenName":"Anna"}"#]);
    assert_eq!(changes(r#"{"name":{"givenName":"Anna"}}"#, "{}"), [r#"name: {"givenName":"Anna"} -> none"#]);
}

/// AWS developer guide, `PatchUser`: a part of the one address is named by the address's type.
#[test]
fn address_parts_change_by_the_type() {
    let from = r#"{"addresses":[{"type":"work","locality":"Bremen","region":"HB"}]}"#;
    assert_eq!(
        changes(from, r#"{"addresses":[{"type":"work","locality":"Hamburg","country":"DE"}]}"#),
        [
            r#"addresses[type eq "work"].locality: "Bremen" -> "Hamburg""#,
            r#"addresses[type eq "work"].country: none -> "DE""#,
            r#"addresses[type eq "work"].region: "HB" -> none"#,
        ]
    );
    assert_eq!(
        changes(r#"{"addresses":[{"type":"a\"]","x":1}]}"#, r#"{"addresses":[{"type":"a\"]","x":2}]}"#),
        [r#"addresses[type eq "a\"]"].x: 1 -> 2"#]
    );
}

/// An address of another type, several addresses, or one without a type change as a whole: no path would name one of them for sure.
#[test]
fn addresses_that_are_not_the_same_place_change_whole() {
    let from = r#"[{"type":"work","locality":"Bremen"}]"#;
    for to in [
        r#"[{"type":"home","locality":"Bremen"}]"#,
        r#"[{"locality":"Hamburg"}]"#,
        r#"[{"type":"work","locality":"Hamburg"},{"type":"work"}]"#,
    ] {
        let [from, to] = [from, to].map(|addresses| format!(r#"{{"addresses":{addresses}}}"#));
        assert_eq!(changes(&from, &to).len(), 1);
        assert!(changes(&from, &to)[0].starts_with("addresses: "), "{to}");
        assert!(changes(&to, &from)[0].starts_with("addresses: "), "{to}");
    }
}

/// AWS takes one e-mail and one phone number, each complete: they change as a whole.
#[test]
fn emails_and_phones_change_whole() {
    for name in ["emails", "phoneNumbers"] {
        let list = |value: &str| format!(r#"{{"{name}":[{{"value":"{value}","type":"work","primary":true}}]}}"#);
        let shown = |value: &str| format!(r#"[{{"value":"{value}","type":"work","primary":true}}]"#);
        assert_eq!(changes(&list("a"), &list("b")), [format!("{name}: {} -> {}", shown("a"), shown("b"))]);
        assert_eq!(changes(&list("a"), "{}"), [format!("{name}: {} -> none", shown("a"))]);
        assert_eq!(changes("{}", &list("a")), [format!("{name}: none -> {}", shown("a"))]);
    }
}

/// AWS developer guide, `PatchUser`: the attributes of an extension change by their full path.
#[test]
fn enterprise_parts_change_by_themselves() {
    let held = |inner: &str| format!(r#"{{"{ENTERPRISE}":{{{inner}}}}}"#);
    let from = held(r#""department":"Steel","manager":{"value":"m-1","$ref":"r"}"#);
    assert_eq!(
        changes(&from, &held(r#""division":"Cranes","manager":{"value":"m-2","$ref":"r"}"#)),
        [r#"E:division: none -> "Cranes""#, r#"E:manager.value: "m-1" -> "m-2""#, r#"E:department: "Steel" -> none"#]
    );
    assert_eq!(changes("{}", &held(r#""manager":{"value":"m-1"}"#)), [r#"E:manager: none -> {"value":"m-1"}"#]);
    assert_eq!(changes(&from, "{}"), [r#"E:department: "Steel" -> none"#, r#"E:manager: {"value":"m-1","$ref":"r"} -> none"#]);
}

/// RFC 7643 section 3.3: an extension nobody knows changes as the known one does, and something else under a URI changes whole.
#[test]
fn unknown_extensions_change_by_their_attributes() {
    let held = |value: &str| format!(r#"{{"urn:example:2.0:Badge":{value}}}"#);
    for (from, to, expected) in [
        (r#"{"colour":"blue"}"#, r#"{"colour":"red"}"#, r#"urn:example:2.0:Badge:colour: "blue" -> "red""#),
        (r#""blue""#, r#""red""#, r#"urn:example:2.0:Badge: "blue" -> "red""#),
        (r#"{"colour":"blue"}"#, r#""red""#, r#"urn:example:2.0:Badge: {"colour":"blue"} -> "red""#),
        (r#""blue""#, r#"{"colour":"red"}"#, r#"urn:example:2.0:Badge: "blue" -> {"colour":"red"}"#),
    ] {
        assert_eq!(changes(&held(from), &held(to)), [expected]);
    }
}

/// RFC 7643 section 3.1 and AWS's `PatchGroup`: what belongs to the service, and the members, are never in a diff.
#[test]
fn attributes_of_the_service_are_untouched() {
    let from = resource(r#"{"id":"1","meta":{"x":1},"schemas":["a"],"groups":[{"value":"g"}],"members":[{"value":"u"}],"title":"x"}"#);
    for to in [r#"{"title":"x"}"#, r#"{"ID":"2","META":{"x":2},"Schemas":["b"],"GROUPS":[],"Members":[{"value":"v"}],"title":"x"}"#] {
        assert_eq!(diff(&from, &resource(to)), [], "{to}");
        assert_eq!(diff(&resource(to), &from), [], "{to}");
    }
}

/// RFC 7643 section 2.5: null, the empty list and nothing at all are one state.
#[test]
fn unassigned_values_are_no_change() {
    for unassigned in [r#"{"title":null,"emails":[],"name":{"middleName":null,"givenName":"a"}}"#, r#"{"name":{"givenName":"a"}}"#] {
        let unassigned = resource(unassigned);
        let bare = resource(r#"{"name":{"givenName":"a"}}"#);
        assert_eq!(diff(&bare, &unassigned), []);
        assert_eq!(diff(&unassigned, &bare), []);
    }
    let gone = diff(&resource(r#"{"title":"x","emails":[{"value":"a"}]}"#), &resource(r#"{"title":null,"emails":[]}"#));
    assert_eq!(gone.iter().map(|change| change.after()).collect::<Vec<_>>(), [None, None]);
}

/// A change tells where, from what and to what, and becomes one operation with a path.
#[test]
fn a_change_tells_its_parts() {
    let change = Change::new(Path::of("title"), None, Some(Value::from("x")));
    assert_eq!((change.path(), change.before(), change.after()), (&Path::of("title"), None, Some(&Value::from("x"))));
    let gone = Change::new(Path::of("nickName"), Some(Value::from("y")), None);
    assert!(
        PatchOp::from_changes(&[change, gone])
            .to_json()
            .ends_with(r#""Operations":[{"op":"replace","path":"title","value":"x"},{"op":"remove","path":"nickName"}]}"#)
    );
}

/// The same inputs give the same bytes, and the order of the old attributes decides nothing but the order of what goes away.
#[test]
fn the_same_inputs_give_the_same_operations() {
    let to = resource(r#"{"title":"b","name":{"givenName":"c"},"locale":"d"}"#);
    let texts = [r#"{"title":"a","name":{"givenName":"b"}}"#, r#"{"name":{"givenName":"b"},"title":"a"}"#];
    let [first, second] = texts.map(|from| PatchOp::from_changes(&diff(&resource(from), &to)).to_json());
    assert_eq!(first, second);
}
