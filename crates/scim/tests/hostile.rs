//! Input that is made to cost much is answered soon: nothing here takes time with the square of a body's size beyond the bounds that are documented.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use idbridge_scim::{Filter, Mode, PatchOp, Path, Resource, Schemas, User};

fn body(operations: &[String]) -> String {
    format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{}]}}"#, operations.join(","))
}

/// Bound of this crate: 2,000 operations; in strict and in lenient mode, and in whatever order the members of an operation stand.
#[test]
fn operations_are_capped() {
    let operation = r#"{"op":"replace","path":"title","value":"x"}"#.to_owned();
    for mode in [Mode::Strict, Mode::Lenient] {
        let most = body(&vec![operation.clone(); 2_000]);
        assert_eq!(PatchOp::from_json(most.as_bytes(), mode).unwrap().operations().len(), 2_000);
        let more = body(&vec![operation.clone(); 2_001]);
        let error = PatchOp::from_json(more.as_bytes(), mode).unwrap_err();
        assert_eq!(error.to_string(), "invalid operation: expected at most 2,000 operations, found 2001");
    }
}

/// A patch of many operations on one list, all of them taken back.
#[test]
fn many_operations_are_taken_back() {
    let members: Vec<String> = (0..2_000).map(|number| format!(r#"{{"value":"{number}"}}"#)).collect();
    let text = format!(r#"{{"displayName":"g","members":[{}],"externalId":"x"}}"#, members.join(","));
    let mut group = Resource::from_json(text.as_bytes()).unwrap();
    let mut operations: Vec<String> = Vec::new();
    for number in 0..999 {
        operations.push(format!(r#"{{"op":"remove","path":"members[value eq \"{number}\"]"}}"#));
        operations.push(format!(r#"{{"op":"add","path":"members","value":[{{"value":"new-{number}"}}]}}"#));
    }
    let patch = PatchOp::from_json(body(&operations).as_bytes(), Mode::Strict).unwrap();
    assert!(patch.apply(&mut group.clone(), &Schemas::group(), Mode::Strict).unwrap());
    operations.push(r#"{"op":"replace","path":"id","value":"y"}"#.to_owned());
    let patch = PatchOp::from_json(body(&operations).as_bytes(), Mode::Strict).unwrap();
    assert!(patch.apply(&mut group, &Schemas::group(), Mode::Strict).is_err());
    assert_eq!(group.to_json(), text);
}

/// What goes and comes back is no change, however many steps it takes.
#[test]
fn many_steps_may_come_to_nothing() {
    let text = r#"{"displayName":"g","members":[{"value":"1"},{"value":"2"}]}"#;
    let mut group = Resource::from_json(text.as_bytes()).unwrap();
    let step = [
        r#"{"op":"add","path":"members","value":[{"value":"3"}]}"#.to_owned(),
        r#"{"op":"remove","path":"members[value eq \"3\"]"}"#.to_owned(),
    ];
    let patch = PatchOp::from_json(body(&step.iter().cycle().take(2_000).cloned().collect::<Vec<_>>()).as_bytes(), Mode::Strict).unwrap();
    assert!(!patch.apply(&mut group, &Schemas::group(), Mode::Strict).unwrap());
    assert_eq!(group.to_json(), text);
}

/// Nesting of every kind ends in an error, and not in the end of the stack.
#[test]
fn nesting_is_capped() {
    for (open, close) in [("(", ")"), ("not (", ")"), ("emails[", "]")] {
        let text = format!("{}title pr{}", open.repeat(3_000), close.repeat(3_000));
        for mode in [Mode::Strict, Mode::Lenient] {
            assert!(Filter::parse(text.get(..text.len().min(9_999)).unwrap(), mode).is_err());
            assert!(Path::parse(&format!("emails[{text}]"), mode).is_err());
        }
    }
    assert!(Filter::parse(&format!("{}title pr", "not ".repeat(2_000)), Mode::Lenient).is_err());
    let deep = format!("{}1{}", r#"{"a":["#.repeat(100_000), "]}".repeat(100_000));
    assert!(Resource::from_json(deep.as_bytes()).is_err() && User::from_json(deep.as_bytes()).is_err());
    assert!(PatchOp::from_json(deep.as_bytes(), Mode::Lenient).is_err());
}
