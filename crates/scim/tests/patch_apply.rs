//! PATCH applied: RFC 7644 section 3.5.2 and the forms that AWS takes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttributeDefinition, AttributeType, ErrorKind, Location, Mode, PatchOp, PatchOperation, Path, Resource, ResourceId, Schema,
    Schemas, Value,
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A User that has a list of plain texts and a list of keys besides, and members as a Group has them.
fn schemas() -> Schemas {
    let mut user = Schema::user().clone();
    let new = |name, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let mut tags = new("tags", AttributeType::String);
    tags.multi_valued = true;
    let mut keys = new("keys", AttributeType::Complex);
    keys.multi_valued = true;
    keys.sub_attributes = vec![
        new("n", AttributeType::Integer),
        new("on", AttributeType::Boolean),
        new("t", AttributeType::String),
        new("hit", AttributeType::Boolean),
    ]
    .into();
    let members = Schema::group().attribute("members").unwrap().clone();
    user.attributes.to_mut().extend([tags, keys, members]);
    Schemas::new(user, vec![Schema::enterprise_user().clone()])
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn read(operations: &str, mode: Mode) -> PatchOp {
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#);
    PatchOp::from_json(text.as_bytes(), mode).unwrap()
}

/// Applies `operations` to `before`, asserts what comes of it, and that `apply` says whether anything changed.
fn gives_in(mode: Mode, before: &str, operations: &str, after: &str) {
    let mut patched = resource(before);
    let changed = read(operations, mode).apply(&mut patched, &schemas(), mode).unwrap();
    assert_eq!(patched, resource(after), "{before} with {operations} gives {}", patched.to_json());
    assert_eq!(changed, !schemas().equal(&resource(before), &resource(after)), "{before} with {operations}");
}

/// The same in both modes.
fn gives(before: &str, operations: &str, after: &str) {
    gives_in(Mode::Strict, before, operations, after);
    gives_in(Mode::Lenient, before, operations, after);
}

/// The kind of failure and its place; the resource must be as it was.
fn fails(before: &str, operations: &str) -> (ErrorKind, Location) {
    let mut patched = resource(before);
    let error = read(operations, Mode::Strict).apply(&mut patched, &schemas(), Mode::Strict).unwrap_err();
    assert_eq!(patched.to_json(), resource(before).to_json(), "{operations} left something behind");
    (error.kind().clone(), error.at().clone())
}

fn at(operation: usize, path: &str) -> Location {
    Location::OperationAttribute { operation, path: path.to_owned() }
}

/// RFC 7644 section 3.5.2.1: what add does to each kind of target.
#[test]
fn add_sets_single_values_and_joins_lists() {
    for (before, operation, after) in [
        (r#"{}"#, r#"{"op":"add","path":"title","value":"x"}"#, r#"{"title":"x"}"#),
        (r#"{"title":"a"}"#, r#"{"op":"add","path":"TITLE","value":"x"}"#, r#"{"title":"x"}"#),
        (r#"{}"#, r#"{"op":"add","path":"name.givenName","value":"x"}"#, r#"{"name":{"givenName":"x"}}"#),
        (r#"{"name":null}"#, r#"{"op":"add","path":"name.givenName","value":"x"}"#, r#"{"name":{"givenName":"x"}}"#),
        (r#"{"tags":["a"]}"#, r#"{"op":"add","path":"tags","value":["b","a","c"]}"#, r#"{"tags":["a","b","c"]}"#),
        (r#"{"tags":["a"]}"#, r#"{"op":"add","path":"tags","value":"b"}"#, r#"{"tags":["a","b"]}"#),
        (r#"{"tags":[]}"#, r#"{"op":"add","path":"tags","value":["a","a"]}"#, r#"{"tags":["a"]}"#),
        (r#"{}"#, r#"{"op":"add","path":"tags","value":["a"]}"#, r#"{"tags":["a"]}"#),
        (
            r#"{"emails":[{"type":"work","value":"a"},{"type":"home","value":"b"}]}"#,
            r#"{"op":"add","path":"emails[type eq \"WORK\"]","value":{"primary":true}}"#,
            r#"{"emails":[{"type":"work","value":"a","primary":true},{"type":"home","value":"b"}]}"#,
        ),
        (
            r#"{"emails":[{"type":"work","value":"a"},{"type":"home","value":"b"}]}"#,
            r#"{"op":"add","path":"emails[type eq \"home\"].primary","value":true}"#,
            r#"{"emails":[{"type":"work","value":"a"},{"type":"home","value":"b","primary":true}]}"#,
        ),
    ] {
        gives(before, operation, after);
    }
}

/// RFC 7644 section 3.5.2.3: what replace does to each kind of target.
#[test]
fn replace_sets_what_it_names_and_leaves_the_rest() {
    for (before, operation, after) in [
        (r#"{"title":"a","x":1}"#, r#"{"op":"replace","path":"title","value":"b"}"#, r#"{"title":"b","x":1}"#),
        // "If the target location path specifies an attribute that does not exist, the service provider SHALL treat the operation as an "add"."
        (r#"{"x":1}"#, r#"{"op":"replace","path":"title","value":"b"}"#, r#"{"x":1,"title":"b"}"#),
        // "Sub-attributes that are not specified SHALL be left unchanged."
        (
            r#"{"name":{"givenName":"Anna","familyName":"Berg"}}"#,
            r#"{"op":"replace","path":"name","value":{"givenName":"Berta","middleName":"M"}}"#,
            r#"{"name":{"givenName":"Berta","familyName":"Berg","middleName":"M"}}"#,
        ),
        (r#"{"tags":["a","b"]}"#, r#"{"op":"replace","path":"tags","value":["c"]}"#, r#"{"tags":["c"]}"#),
        (
            r#"{"addresses":[{"type":"work","locality":"a"},{"type":"home","locality":"b"}]}"#,
            r#"{"op":"replace","path":"addresses[type eq \"work\"].locality","value":"c"}"#,
            r#"{"addresses":[{"type":"work","locality":"c"},{"type":"home","locality":"b"}]}"#,
        ),
        // A sub-attribute without a filter is that of all values.
        (
            r#"{"emails":[{"value":"a"},{"value":"b"}]}"#,
            r#"{"op":"replace","path":"emails.type","value":"work"}"#,
            r#"{"emails":[{"value":"a","type":"work"},{"value":"b","type":"work"}]}"#,
        ),
        (r#"{"emails":[]}"#, r#"{"op":"replace","path":"emails.value","value":"a"}"#, r#"{"emails":[{"value":"a"}]}"#),
        (r#"{"active":true}"#, r#"{"op":"replace","path":"active","value":false}"#, r#"{"active":false}"#),
    ] {
        gives(before, operation, after);
    }
}

/// RFC 7644 section 3.5.2.3: "all matching record values SHALL be replaced".
#[test]
fn a_value_that_a_filter_chose_is_replaced_as_a_whole() {
    let user = r#"{"addresses":[{"type":"work","locality":"a","region":"r"},{"type":"home","locality":"b"}]}"#;
    let replace = r#"{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","locality":"c"}}"#;
    gives_in(Mode::Strict, user, replace, r#"{"addresses":[{"type":"work","locality":"c"},{"type":"home","locality":"b"}]}"#);
}

/// RFC 7644 sections 3.5.2.1 and 3.5.2.3: without a path, the value holds the attributes.
#[test]
fn without_a_path_each_attribute_of_the_value_is_a_target() {
    let before = format!(r#"{{"title":"a","emails":[{{"value":"a"}}],"name":{{"givenName":"Anna"}},"{ENTERPRISE}":{{"department":"x"}}}}"#);
    let value = format!(r#"{{"TITLE":"b","emails":[{{"value":"b"}}],"name":{{"familyName":"Berg"}},"{ENTERPRISE}":{{"division":"y"}}}}"#);
    let after = |emails: &str| {
        format!(
            r#"{{"title":"b","emails":{emails},"name":{{"givenName":"Anna","familyName":"Berg"}},
                "{ENTERPRISE}":{{"department":"x","division":"y"}}}}"#
        )
    };
    gives(&before, &format!(r#"{{"op":"add","value":{value}}}"#), &after(r#"[{"value":"a"},{"value":"b"}]"#));
    gives(&before, &format!(r#"{{"op":"replace","value":{value}}}"#), &after(r#"[{"value":"b"}]"#));
    gives("{}", &format!(r#"{{"op":"add","value":{value}}}"#), &value);
    // AWS: a path-less replace of one attribute beside the id is used in production.
    gives_in(
        Mode::Lenient,
        r#"{"id":"g","displayName":"a"}"#,
        r#"{"op":"replace","value":{"id":"g","displayName":"b"}}"#,
        r#"{"id":"g","displayName":"b"}"#,
    );
}

/// RFC 7644 section 3.5.2.2: what remove does to each kind of target.
#[test]
fn remove_takes_away_what_it_names() {
    for (before, operation, after) in [
        (r#"{"title":"a","x":1}"#, r#"{"op":"remove","path":"TITLE"}"#, r#"{"x":1}"#),
        (r#"{"x":1}"#, r#"{"op":"remove","path":"title"}"#, r#"{"x":1}"#),
        (r#"{"tags":["a","b"]}"#, r#"{"op":"remove","path":"tags"}"#, r#"{}"#),
        (r#"{"name":{"givenName":"a","familyName":"b"}}"#, r#"{"op":"remove","path":"name.givenName"}"#, r#"{"name":{"familyName":"b"}}"#),
        (r#"{"name":{"givenName":"a"}}"#, r#"{"op":"remove","path":"name.givenName"}"#, r#"{}"#),
        (r#"{"name":{"givenName":"a"}}"#, r#"{"op":"remove","path":"name.familyName"}"#, r#"{"name":{"givenName":"a"}}"#),
        (r#"{"x":1}"#, r#"{"op":"remove","path":"name.familyName"}"#, r#"{"x":1}"#),
        (
            r#"{"emails":[{"type":"work","value":"a"},{"type":"home","value":"b"}]}"#,
            r#"{"op":"remove","path":"emails[type eq \"work\"]"}"#,
            r#"{"emails":[{"type":"home","value":"b"}]}"#,
        ),
        // "If no other values remain after removal of the selected values, the multi-valued attribute SHALL be considered unassigned."
        (r#"{"emails":[{"type":"work"}],"x":1}"#, r#"{"op":"remove","path":"emails[type eq \"work\"]"}"#, r#"{"x":1}"#),
        (
            r#"{"emails":[{"type":"work","value":"a"}]}"#,
            r#"{"op":"remove","path":"emails[type eq \"work\"].value"}"#,
            r#"{"emails":[{"type":"work"}]}"#,
        ),
        (
            r#"{"emails":[{"type":"w","value":"a"},{"value":"b"}]}"#,
            r#"{"op":"remove","path":"emails.type"}"#,
            r#"{"emails":[{"value":"a"},{"value":"b"}]}"#,
        ),
    ] {
        gives(before, operation, after);
    }
}

/// AWS developer guide, `PatchGroup`: members are taken away as a list of values.
#[test]
fn remove_takes_a_list_of_values() {
    let group = r#"{"members":[{"value":"a","type":"User"},{"value":"b"},{"value":"c"}],"x":1}"#;
    for (value, after) in [
        (r#"[{"value":"a"},{"value":"c"}]"#, r#"{"members":[{"value":"b"}],"x":1}"#),
        (r#"{"value":"b"}"#, r#"{"members":[{"value":"a","type":"User"},{"value":"c"}],"x":1}"#),
        (r#"[{"value":"nobody"}]"#, group),
        (r#"[{"value":"A"}]"#, group),
        ("[]", group),
        (r#"[{"value":"a"},{"value":"b"},{"value":"c"}]"#, r#"{"x":1}"#),
    ] {
        gives_in(Mode::Lenient, group, &format!(r#"{{"op":"remove","path":"members","value":{value}}}"#), after);
    }
    gives_in(Mode::Lenient, r#"{"members":[]}"#, r#"{"op":"remove","path":"members","value":[{"value":"a"}]}"#, r#"{"members":[]}"#);
    gives_in(Mode::Lenient, r#"{"tags":["a","b"]}"#, r#"{"op":"remove","path":"tags","value":["b"]}"#, r#"{"tags":["a"]}"#);
}

/// RFC 7643 section 3.3: an extension comes with its first attribute and goes with its last.
#[test]
fn extensions_come_and_go_with_their_attributes() {
    let path = |sub: &str| format!("{ENTERPRISE}:{sub}");
    let set = |sub: &str, value: &str| format!(r#"{{"op":"replace","path":"{}","value":{value}}}"#, path(sub));
    let take = |sub: &str| format!(r#"{{"op":"remove","path":"{}"}}"#, path(sub));
    let held = |inner: &str| format!(r#"{{"{ENTERPRISE}":{{{inner}}}}}"#);

    gives("{}", &set("department", "\"x\""), &held(r#""department":"x""#));
    gives(&format!(r#"{{"{ENTERPRISE}":null}}"#), &set("department", "\"x\""), &held(r#""department":"x""#));
    gives("{}", &set("manager.value", "\"m\""), &held(r#""manager":{"value":"m"}"#));
    gives(
        &held(r#""manager":{"value":"m","$ref":"r"}"#),
        &set("manager", r#"{"value":"n"}"#),
        &held(r#""manager":{"value":"n","$ref":"r"}"#),
    );
    gives(&held(r#""department":"x","division":"y""#), &take("department"), &held(r#""division":"y""#));
    gives(&held(r#""department":"x""#), &take("DEPARTMENT"), "{}");
    gives(&held(r#""manager":{"value":"m"}"#), &take("manager.value"), "{}");
    gives("{}", &take("department"), "{}");
    gives(&held(r#""department":"x""#), &format!(r#"{{"op":"remove","path":"{ENTERPRISE}"}}"#), "{}");
    gives(
        &held(r#""department":"x""#),
        &format!(r#"{{"op":"add","path":"{ENTERPRISE}","value":{{"division":"y"}}}}"#),
        &held(r#""department":"x","division":"y""#),
    );
    gives(
        r#"{"title":"a"}"#,
        r#"{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"b"}"#,
        r#"{"title":"b"}"#,
    );
    assert_eq!(
        fails(&format!(r#"{{"{ENTERPRISE}":"x"}}"#), &set("department", "\"x\"")),
        (ErrorKind::Type { expected: "an object", found: "a string" }, at(0, &path("department")))
    );
}

/// RFC 7644 section 3.5.2: "If a single operation encounters an error condition, the original SCIM resource MUST be restored".
#[test]
fn one_failure_leaves_the_resource_as_it_was() {
    let user = r#"{"title":"a","emails":[{"type":"work","value":"a"}],"name":"Anna"}"#;
    let change = r#"{"op":"replace","path":"title","value":"b"}"#;
    let type_error = |found| ErrorKind::Type { expected: "an object", found };
    for (operation, kind, path) in [
        (r#"{"op":"replace","path":"emails[type eq \"home\"].value","value":"x"}"#, ErrorKind::NoTarget, r#"emails[type eq "home"].value"#),
        (r#"{"op":"add","path":"emails[type eq \"home\"]","value":{"value":"x"}}"#, ErrorKind::NoTarget, r#"emails[type eq "home"]"#),
        (r#"{"op":"remove","path":"emails[type eq \"home\"]"}"#, ErrorKind::NoTarget, r#"emails[type eq "home"]"#),
        (r#"{"op":"replace","path":"ims[type eq \"home\"]","value":{"value":"x"}}"#, ErrorKind::NoTarget, r#"ims[type eq "home"]"#),
        (r#"{"op":"remove","path":"ims[type eq \"home\"].value"}"#, ErrorKind::NoTarget, r#"ims[type eq "home"].value"#),
        (r#"{"op":"remove","path":"urn:example:x:y[z eq 1]"}"#, ErrorKind::NoAttribute, "urn:example:x:y[z eq 1]"),
        (r#"{"op":"remove","path":"nothing"}"#, ErrorKind::NoAttribute, "nothing"),
        (r#"{"op":"add","value":{"title":"c","nothing":1}}"#, ErrorKind::NoAttribute, "nothing"),
        (r#"{"op":"replace","path":"name.givenName","value":"x"}"#, type_error("a string"), "name.givenName"),
        (r#"{"op":"replace","path":"emails[type eq \"work\"]","value":"x"}"#, type_error("a string"), r#"emails[type eq "work"]"#),
        (r#"{"op":"add","path":"emails[type eq \"work\"]","value":7}"#, type_error("a number"), r#"emails[type eq "work"]"#),
    ] {
        assert_eq!(fails(user, &format!("{change},{operation},{change}")), (kind, at(1, path)), "{operation}");
    }
}

/// RFC 7644 section 3.5.2: operations are applied in their order, each to what the one before it left.
#[test]
fn operations_build_on_each_other() {
    gives_in(
        Mode::Lenient,
        r#"{"tags":["a"]}"#,
        r#"{"op":"add","path":"tags","value":"b"},{"op":"remove","path":"tags","value":["a"]},{"op":"add","path":"tags","value":"c"}"#,
        r#"{"tags":["b","c"]}"#,
    );
    gives(
        "{}",
        r#"{"op":"add","path":"emails","value":[{"type":"work"}]},{"op":"replace","path":"emails[type eq \"work\"].value","value":"a"}"#,
        r#"{"emails":[{"type":"work","value":"a"}]}"#,
    );
    gives(
        r#"{"title":"a"}"#,
        r#"{"op":"replace","path":"title","value":"b"},{"op":"replace","path":"title","value":"a"}"#,
        r#"{"title":"a"}"#,
    );
}

/// RFC 7644 section 3.5.2.1: "If the value already exists, no changes SHOULD be made to the resource".
#[test]
fn what_changes_nothing_says_so() {
    let user = r#"{"title":"a","tags":["x","y"],"emails":[{"type":"work","value":"a"}],"name":{"givenName":"Anna","familyName":"Berg"}}"#;
    for operation in [
        r#"{"op":"replace","path":"title","value":"a"}"#,
        r#"{"op":"add","path":"tags","value":["y","x"]}"#,
        r#"{"op":"add","path":"emails","value":[{"VALUE":"a","type":"work"}]}"#,
        r#"{"op":"replace","path":"name","value":{"familyName":"Berg"}}"#,
        r#"{"op":"replace","path":"emails[type eq \"work\"].value","value":"a"}"#,
        r#"{"op":"remove","path":"nickName"}"#,
        r#"{"op":"add","value":{"title":"a"}}"#,
    ] {
        gives(user, operation, user);
    }
    assert!(!PatchOp::new(vec![]).apply(&mut resource(user), &schemas(), Mode::Strict).unwrap());
}

/// RFC 7643 section 2.4 and RFC 7644 section 3.4.2.2: a filter of any type of value chooses among the values.
#[test]
fn value_paths_choose_by_every_type() {
    let user = r#"{"keys":[{"n":1,"on":true,"t":"A"},{"n":2,"on":false},{"n":null},"text"]}"#;
    for (filter, chosen) in [
        ("n eq 2", 1),
        ("n gt 1", 1),
        ("on eq true", 0),
        (r#"t eq \"a\""#, 0),
        ("t pr", 0),
        ("on eq false and n eq 2", 1),
        (r#"n eq 2 or t sw \"b\""#, 1),
        ("n pr and not (on eq false)", 0),
    ] {
        let mut patched = resource(user);
        let operation = format!(r#"{{"op":"add","path":"keys[{filter}].hit","value":true}}"#);
        read(&operation, Mode::Strict).apply(&mut patched, &schemas(), Mode::Strict).unwrap();
        let hits: Vec<_> = patched
            .get("keys")
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key.as_object().is_some_and(|key| key.get("hit").is_some()))
            .collect();
        assert_eq!(hits.iter().position(|hit| *hit), Some(chosen), "{filter}");
        assert_eq!(hits.iter().filter(|hit| **hit).count(), 1, "{filter}");
    }
}

/// RFC 7644 section 3.5.2: a body is read into its operations and written as they are, and AWS's helpers write its documented forms.
#[test]
fn bodies_are_read_and_written() {
    let id = |id: &str| ResourceId::new(id).unwrap();
    let text = |operation: &str| format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#);
    for (built, operation) in [
        (PatchOp::add_members([&id("u-1")]), r#"{"op":"add","path":"members","value":[{"value":"u-1"}]}"#),
        (
            PatchOp::remove_members([&id("u-1"), &id("u-2")]),
            r#"{"op":"remove","path":"members","value":[{"value":"u-1"},{"value":"u-2"}]}"#,
        ),
        (PatchOp::new(vec![PatchOperation::remove(Path::of("title"))]), r#"{"op":"remove","path":"title"}"#),
        (PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]), r#"{"op":"replace","path":"active","value":false}"#),
    ] {
        assert_eq!(built.to_json(), text(operation));
        assert_eq!((built.to_string(), serde_json::to_string(&built).unwrap()), (text(operation), text(operation)));
        assert_eq!(PatchOp::from_json(text(operation).as_bytes(), Mode::Lenient).unwrap(), built);
    }
    let names = read(r#"{"OP":"ADD","Value":{"title":"x"}},{"op":"Remove","path":"title","value":null}"#, Mode::Lenient);
    assert_eq!(
        names.operations().iter().map(|operation| (operation.name(), operation.path().is_some())).collect::<Vec<_>>(),
        [("add", false), ("remove", true)]
    );
    // RFC 7643 section 2.5: a value that is null is none.
    assert_eq!(
        (names.operations()[0].value().map(Value::to_string), names.operations()[1].value()),
        (Some(r#"{"title":"x"}"#.to_owned()), None)
    );
}
