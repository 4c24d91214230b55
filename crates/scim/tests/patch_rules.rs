//! The rules of PATCH: what may be written, what is primary, what is a change, and that a failure leaves nothing behind.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttributeDefinition, AttributeType, Mode, Mutability, PatchOp, Resource, Schema, Schemas};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn new(name: &'static str, kind: AttributeType) -> AttributeDefinition {
    AttributeDefinition::new(AttrName::from_static(name), kind)
}

/// A device with an attribute of each mutability, and with attributes that it must have.
fn device() -> Schemas {
    let with = |mut attribute: AttributeDefinition, mutability, required| {
        attribute.mutability = mutability;
        attribute.required = required;
        attribute
    };
    let many = |mut attribute: AttributeDefinition| {
        attribute.multi_valued = true;
        attribute
    };
    let text = |name| new(name, AttributeType::String);
    let mut place = new("place", AttributeType::Complex);
    place.sub_attributes = vec![with(text("site"), Mutability::ReadWrite, true), text("room")].into();
    let mut ports = many(with(new("ports", AttributeType::Complex), Mutability::ReadWrite, true));
    ports.sub_attributes =
        vec![with(text("value"), Mutability::Immutable, false), with(text("name"), Mutability::ReadWrite, true), text("note")].into();
    let attributes = vec![
        with(text("model"), Mutability::ReadWrite, true),
        with(text("serial"), Mutability::Immutable, false),
        with(text("state"), Mutability::ReadOnly, false),
        with(text("pin"), Mutability::WriteOnly, false),
        many(with(text("keys"), Mutability::Immutable, false)),
        text("note"),
        place,
        ports,
    ];
    Schemas::new(Schema::new("urn:example:2.0:Device", "Device", attributes), vec![])
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn read(operations: &str, mode: Mode) -> PatchOp {
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#);
    PatchOp::from_json(text.as_bytes(), mode).unwrap()
}

/// What comes of the operations: the resource and `true` for a change; or the message, the resource being as it was to the byte.
fn outcome(schemas: &Schemas, mode: Mode, before: &str, operations: &str) -> Result<(String, bool), String> {
    let mut patched = resource(before);
    let result = read(operations, mode).apply(&mut patched, schemas, mode);
    if result.is_err() {
        assert_eq!(patched.to_json(), resource(before).to_json(), "{operations} left something behind");
    }
    result.map(|changed| (patched.to_json(), changed)).map_err(|error| format!("{}: {error}", error.scim_type()))
}

fn strict(schemas: &Schemas, before: &str, operations: &str) -> Result<(String, bool), String> {
    outcome(schemas, Mode::Strict, before, operations)
}

fn changed(after: &str) -> Result<(String, bool), String> {
    Ok((resource(after).to_json(), true))
}

fn same(before: &str) -> Result<(String, bool), String> {
    Ok((resource(before).to_json(), false))
}

fn refused(message: &str) -> Result<(String, bool), String> {
    Err(message.to_owned())
}

/// RFC 7644 section 3.5.2, `mutability`: a read-only attribute is not written, added to or removed.
#[test]
fn read_only_attributes_are_not_written() {
    let user = r#"{"id":"1","userName":"anna","meta":{"version":"v"},"groups":[{"value":"g"}]}"#;
    for (operation, path) in [
        (r#"{"op":"replace","path":"id","value":"2"}"#, "id"),
        (r#"{"op":"add","path":"id","value":"1"}"#, "id"),
        (r#"{"op":"remove","path":"id"}"#, "id"),
        (r#"{"op":"replace","path":"meta.version","value":"w"}"#, "meta.version"),
        (r#"{"op":"remove","path":"meta"}"#, "meta"),
        (r#"{"op":"remove","path":"groups[value eq \"g\"]"}"#, r#"groups[value eq "g"]"#),
        (r#"{"op":"replace","path":"groups.display","value":"x"}"#, "groups.display"),
        (r#"{"op":"add","value":{"title":"x","id":"2"}}"#, "id"),
    ] {
        let expected = refused(&format!("mutability: the attribute is read-only at {path} of operation 0"));
        assert_eq!(strict(&Schemas::user(), user, operation), expected, "{operation}");
    }
    let manager = format!(r#"{{"op":"replace","path":"{ENTERPRISE}:manager","value":{{"displayName":"x"}}}}"#);
    assert_eq!(
        strict(&Schemas::user(), user, &manager),
        refused(&format!("mutability: the attribute is read-only at {ENTERPRISE}:manager.displayName of operation 0"))
    );
    assert_eq!(
        strict(&device(), r#"{"state":"on"}"#, r#"{"op":"replace","path":"state","value":"off"}"#),
        refused("mutability: the attribute is read-only at state of operation 0")
    );
}

/// RFC 7643 section 7, `immutable`: a value is given once, where there is none; the same again is no change.
#[test]
fn immutable_attributes_are_written_once() {
    let immutable = |path: &str| refused(&format!("mutability: the attribute is immutable and has a value at {path} of operation 0"));
    for (before, operation, expected) in [
        (r#"{"note":"x"}"#, r#"{"op":"add","path":"serial","value":"1"}"#, changed(r#"{"note":"x","serial":"1"}"#)),
        (r#"{"serial":null}"#, r#"{"op":"replace","path":"serial","value":"1"}"#, changed(r#"{"serial":"1"}"#)),
        (r#"{"serial":"1"}"#, r#"{"op":"replace","path":"serial","value":"1"}"#, same(r#"{"serial":"1"}"#)),
        (r#"{"serial":"1"}"#, r#"{"op":"replace","path":"serial","value":"2"}"#, immutable("serial")),
        (r#"{"serial":"1"}"#, r#"{"op":"add","value":{"serial":"2"}}"#, immutable("serial")),
        (r#"{"serial":"1"}"#, r#"{"op":"replace","path":"serial","value":null}"#, immutable("serial")),
        (r#"{"serial":"1"}"#, r#"{"op":"remove","path":"serial"}"#, immutable("serial")),
        (r#"{"note":"x"}"#, r#"{"op":"remove","path":"serial"}"#, same(r#"{"note":"x"}"#)),
        ("{}", r#"{"op":"add","path":"keys","value":["a","b"]}"#, changed(r#"{"keys":["a","b"]}"#)),
        (r#"{"keys":["a","b"]}"#, r#"{"op":"add","path":"keys","value":["b"]}"#, same(r#"{"keys":["a","b"]}"#)),
        (r#"{"keys":["a","b"]}"#, r#"{"op":"add","path":"keys","value":["c"]}"#, immutable("keys")),
        (r#"{"keys":["a","b"]}"#, r#"{"op":"replace","path":"keys","value":["c"]}"#, immutable("keys")),
        (r#"{"keys":["a","b"]}"#, r#"{"op":"remove","path":"keys"}"#, immutable("keys")),
        (r#"{"keys":["a","b"]}"#, r#"{"op":"remove","path":"keys[value eq \"a\"]"}"#, immutable(r#"keys[value eq "a"]"#)),
    ] {
        assert_eq!(strict(&device(), before, operation), expected, "{before} {operation}");
    }
}

/// RFC 7643 section 8.7.1, `members.value`: a member's identifier is immutable; the member itself comes and goes.
#[test]
fn immutable_sub_attributes_are_written_once() {
    let group = r#"{"displayName":"x","members":[{"value":"1"},{"value":"2","type":"User"}]}"#;
    let schemas = Schemas::group();
    let immutable = |path: &str| refused(&format!("mutability: the attribute is immutable and has a value at {path} of operation 0"));
    for (operation, expected) in [
        (r#"{"op":"replace","path":"members[value eq \"1\"].value","value":"3"}"#, immutable(r#"members[value eq "1"].value"#)),
        (r#"{"op":"remove","path":"members[value eq \"2\"].type"}"#, immutable(r#"members[value eq "2"].type"#)),
        (
            r#"{"op":"add","path":"members[value eq \"1\"].type","value":"User"}"#,
            changed(r#"{"displayName":"x","members":[{"value":"1","type":"User"},{"value":"2","type":"User"}]}"#),
        ),
        (r#"{"op":"remove","path":"members[value eq \"2\"]"}"#, changed(r#"{"displayName":"x","members":[{"value":"1"}]}"#)),
        (r#"{"op":"replace","path":"members","value":[{"value":"3"}]}"#, changed(r#"{"displayName":"x","members":[{"value":"3"}]}"#)),
    ] {
        assert_eq!(strict(&schemas, group, operation), expected, "{operation}");
    }
}

/// RFC 7643 section 7, `writeOnly`: a password is written and taken away like any other attribute.
#[test]
fn write_only_attributes_are_written() {
    assert_eq!(strict(&device(), "{}", r#"{"op":"add","path":"pin","value":"1"}"#), changed(r#"{"pin":"1"}"#));
    assert_eq!(strict(&device(), r#"{"pin":"1"}"#, r#"{"op":"remove","path":"pin"}"#), changed("{}"));
}

/// RFC 7644 section 3.5.2.2: a required attribute is not removed and does not become unassigned, in whatever way.
#[test]
fn required_attributes_stay() {
    let before = r#"{"model":"m","place":{"site":"s","room":"r"},"ports":[{"value":"1","name":"a","note":"x"}],"note":"n"}"#;
    let required = |path: &str| refused(&format!("mutability: the attribute is required at {path} of operation 0"));
    for (operation, expected) in [
        (r#"{"op":"remove","path":"model"}"#, required("model")),
        (r#"{"op":"replace","path":"model","value":null}"#, required("model")),
        (r#"{"op":"add","value":{"model":null}}"#, required("model")),
        (
            r#"{"op":"replace","path":"model","value":""}"#,
            refused("invalidValue: wrong type: expected a string that is not empty, found an empty string at model of operation 0"),
        ),
        (r#"{"op":"remove","path":"place.site"}"#, required("place.site")),
        (r#"{"op":"replace","path":"place","value":{"site":null}}"#, required("place.site")),
        (r#"{"op":"remove","path":"ports"}"#, required("ports")),
        (r#"{"op":"replace","path":"ports","value":[]}"#, required("ports")),
        (r#"{"op":"remove","path":"ports[value eq \"1\"]"}"#, required(r#"ports[value eq "1"]"#)),
        (r#"{"op":"remove","path":"ports[value eq \"1\"].name"}"#, required(r#"ports[value eq "1"].name"#)),
        (
            r#"{"op":"remove","path":"place.room"}"#,
            changed(r#"{"model":"m","place":{"site":"s"},"ports":[{"value":"1","name":"a","note":"x"}],"note":"n"}"#),
        ),
        (
            r#"{"op":"remove","path":"ports[value eq \"1\"].note"}"#,
            changed(r#"{"model":"m","place":{"site":"s","room":"r"},"ports":[{"value":"1","name":"a"}],"note":"n"}"#),
        ),
    ] {
        assert_eq!(strict(&device(), before, operation), expected, "{operation}");
    }
    assert_eq!(
        strict(&Schemas::user(), r#"{"userName":"anna"}"#, r#"{"op":"remove","path":"userName"}"#),
        refused("mutability: the attribute is required at userName of operation 0")
    );
}

/// RFC 7644 section 3.5.2: a value that is made primary makes the others not primary.
#[test]
fn one_value_is_primary() {
    let user = r#"{"emails":[{"value":"a","primary":true},{"value":"b","type":"home"}]}"#;
    let emails = |emails: &str| changed(&format!(r#"{{"emails":{emails}}}"#));
    for (operation, expected) in [
        (
            r#"{"op":"add","path":"emails","value":[{"value":"c","primary":true}]}"#,
            emails(r#"[{"value":"a","primary":false},{"value":"b","type":"home"},{"value":"c","primary":true}]"#),
        ),
        (
            r#"{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}"#,
            emails(r#"[{"value":"a","primary":false},{"value":"b","type":"home","primary":true}]"#),
        ),
        (
            r#"{"op":"add","path":"emails[value eq \"b\"]","value":{"primary":true}}"#,
            emails(r#"[{"value":"a","primary":false},{"value":"b","type":"home","primary":true}]"#),
        ),
        (
            r#"{"op":"add","path":"emails","value":[{"value":"c","primary":false}]}"#,
            emails(r#"[{"value":"a","primary":true},{"value":"b","type":"home"},{"value":"c","primary":false}]"#),
        ),
        (
            r#"{"op":"replace","path":"emails[value eq \"a\"].primary","value":false}"#,
            emails(r#"[{"value":"a","primary":false},{"value":"b","type":"home"}]"#),
        ),
        (r#"{"op":"replace","path":"emails[value eq \"a\"].primary","value":true}"#, same(user)),
        (
            r#"{"op":"replace","path":"emails","value":[{"value":"c","primary":true},{"value":"d","primary":true}]}"#,
            refused("invalidValue: expected at most one primary value, found 2 at emails.primary of operation 0"),
        ),
        (
            r#"{"op":"replace","path":"emails.primary","value":true}"#,
            refused("invalidValue: expected at most one primary value, found 2 at emails.primary of operation 0"),
        ),
    ] {
        assert_eq!(strict(&Schemas::user(), user, operation), expected, "{operation}");
    }
}

/// RFC 7644 section 3.5.2: a failure restores the resource, attribute order included, whatever the operations before it did.
#[test]
fn a_failure_restores_every_byte() {
    let user = format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE}"],"Title":"a","NAME":{{"givenName":"A"}},"emails":[{{"value":"a"}},{{"value":"b"}}],
            "{ENTERPRISE}":{{"department":"x","manager":{{"value":"m"}}}},"nickName":"n","active":true}}"#
    );
    let failing = r#"{"op":"replace","path":"emails[value eq \"nobody\"].type","value":"x"}"#;
    for operations in [
        r#"{"op":"remove","path":"title"}"#.to_owned(),
        r#"{"op":"remove","path":"name.givenName"}"#.to_owned(),
        r#"{"op":"replace","path":"name","value":{"givenName":null}}"#.to_owned(),
        r#"{"op":"add","value":{"name":{"givenName":null}}}"#.to_owned(),
        r#"{"op":"remove","path":"emails"}"#.to_owned(),
        r#"{"op":"remove","path":"emails[value pr]"},{"op":"add","path":"emails","value":[{"value":"c"}]}"#.to_owned(),
        r#"{"op":"remove","path":"title"},{"op":"add","path":"title","value":"z"},{"op":"remove","path":"nickName"}"#.to_owned(),
        r#"{"op":"add","path":"locale","value":"de"},{"op":"remove","path":"title"},{"op":"remove","path":"locale"}"#.to_owned(),
        format!(r#"{{"op":"remove","path":"{ENTERPRISE}"}}"#),
        format!(r#"{{"op":"remove","path":"{ENTERPRISE}:department"}},{{"op":"remove","path":"{ENTERPRISE}:manager"}}"#),
        format!(r#"{{"op":"replace","path":"{ENTERPRISE}:manager","value":{{"value":null}}}}"#),
        format!(
            r#"{{"op":"remove","path":"{ENTERPRISE}:department"}},{{"op":"replace","path":"{ENTERPRISE}:manager","value":{{"value":null}}}}"#
        ),
        r#"{"op":"replace","value":{"emails":[{"value":"z","primary":true}],"active":false,"locale":"de","name":{"familyName":"B"}}}"#
            .to_owned(),
    ] {
        let message = r#"noTarget: no value matches the path at emails[value eq "nobody"].type of operation "#;
        let result = outcome(&Schemas::user(), Mode::Strict, &user, &format!("{operations},{failing}"));
        assert!(result.as_ref().is_err_and(|error| error.starts_with(message)), "{operations} {result:?}");
    }
}

/// RFC 7644 sections 3.5.2.1 and 3.5.2.3: what makes no difference is no change, so that `meta.lastModified` need not move.
#[test]
fn no_difference_is_no_change() {
    let user = format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE}"],"userName":"anna","active":true,"nickName":null,"roles":[],
            "emails":[{{"value":"a","type":"work","primary":true}},{{"value":"b"}}],"{ENTERPRISE}":{{"department":"x"}}}}"#
    );
    for operation in [
        r#"{"op":"add","path":"active","value":true}"#.to_owned(),
        r#"{"op":"replace","path":"USERNAME","value":"anna"}"#.to_owned(),
        r#"{"op":"remove","path":"title"}"#.to_owned(),
        r#"{"op":"remove","path":"emails.display"}"#.to_owned(),
        r#"{"op":"add","path":"emails","value":[{"primary":true,"TYPE":"work","value":"a"}]}"#.to_owned(),
        r#"{"op":"add","path":"emails","value":[]}"#.to_owned(),
        r#"{"op":"add","path":"name","value":{}}"#.to_owned(),
        r#"{"op":"replace","path":"nickName","value":null}"#.to_owned(),
        r#"{"op":"replace","path":"title","value":"x"},{"op":"remove","path":"title"}"#.to_owned(),
        format!(r#"{{"op":"replace","path":"{ENTERPRISE}:department","value":"x"}}"#),
        format!(r#"{{"op":"add","path":"{ENTERPRISE}","value":{{"department":"x"}}}}"#),
    ] {
        let result = strict(&Schemas::user(), &user, &operation).map(|(_, changed)| changed);
        assert_eq!(result, Ok(false), "{operation}");
    }
}

/// RFC 7643 section 3: `schemas` names an extension while the resource has attributes of it.
#[test]
fn schemas_name_the_extensions_that_are_there() {
    let without = format!(r#"{{"schemas":["{USER}"],"userName":"anna"}}"#);
    let held = |inner: &str| format!(r#"{{"schemas":["{USER}","{ENTERPRISE}"],"userName":"anna","{ENTERPRISE}":{{{inner}}}}}"#);
    let schemas = Schemas::user();
    let operation = |operation: &str| operation.replace("E:", &format!("{ENTERPRISE}:")).replace("\"E\"", &format!("\"{ENTERPRISE}\""));
    for (before, operations, expected) in [
        (&without, r#"{"op":"add","path":"E:department","value":"x"}"#, changed(&held(r#""department":"x""#))),
        (&without, r#"{"op":"add","value":{"E":{"department":"x"}}}"#, changed(&held(r#""department":"x""#))),
        (&held(r#""department":"x""#), r#"{"op":"remove","path":"E:department"}"#, changed(&without)),
        (&held(r#""department":"x""#), r#"{"op":"remove","path":"E"}"#, changed(&without)),
        (&held(r#""department":"x""#), r#"{"op":"replace","value":{"E":null}}"#, changed(&without)),
        (&held(r#""manager":{"value":"m"}"#), r#"{"op":"remove","path":"E:manager.value"}"#, changed(&without)),
        (&held(r#""manager":{"value":"m"}"#), r#"{"op":"replace","path":"E:manager","value":{"value":null}}"#, changed(&without)),
        (
            &held(r#""department":"x""#),
            r#"{"op":"remove","path":"E:department"},{"op":"add","path":"E:division","value":"y"}"#,
            changed(&held(r#""division":"y""#)),
        ),
        (&without, r#"{"op":"add","path":"E:department","value":"x"},{"op":"remove","path":"E:department"}"#, same(&without)),
        (&without, r#"{"op":"add","path":"E:manager","value":{"value":null}}"#, same(&without)),
    ] {
        assert_eq!(strict(&schemas, before, &operation(operations)), expected, "{operations}");
    }
    // A resource that names no schemas is not made to.
    assert_eq!(
        strict(&schemas, r#"{"userName":"anna"}"#, &operation(r#"{"op":"add","path":"E:department","value":"x"}"#)),
        changed(&format!(r#"{{"userName":"anna","{ENTERPRISE}":{{"department":"x"}}}}"#))
    );
}

/// RFC 7644 section 3.5.2.1: a member that is there already is told by its `value`, whatever else is said of it.
#[test]
fn members_are_told_by_their_value() {
    let group = r#"{"displayName":"x","members":[{"value":"1","display":"Anna"},{"value":"2"}]}"#;
    let schemas = Schemas::group();
    for (operation, expected) in [
        (r#"{"op":"add","path":"members","value":[{"value":"1"}]}"#, same(group)),
        (r#"{"op":"add","path":"members","value":[{"value":"1","display":"Someone else"}]}"#, same(group)),
        (
            r#"{"op":"add","path":"members","value":{"value":"2","display":"Berta"}}"#,
            changed(&group.replace(r#""2"}"#, r#""2","display":"Berta"}"#)),
        ),
        (
            r#"{"op":"add","path":"members","value":[{"value":"3"},{"value":"3"}]}"#,
            changed(&group.replace("\"2\"}", "\"2\"},{\"value\":\"3\"}")),
        ),
    ] {
        assert_eq!(strict(&schemas, group, operation), expected, "{operation}");
    }
    // Many members are found by their sorted identifiers, and with the same result.
    let many = |ids: std::ops::Range<usize>| ids.map(|id| format!(r#"{{"value":"{id}"}}"#)).collect::<Vec<_>>().join(",");
    let held = format!(r#"{{"displayName":"x","members":[{}]}}"#, many(0..30));
    let add = format!(r#"{{"op":"add","path":"members","value":[{}]}}"#, many(10..50));
    assert_eq!(strict(&schemas, &held, &add), changed(&format!(r#"{{"displayName":"x","members":[{}]}}"#, many(0..50))));
    assert_eq!(strict(&schemas, &held, &format!(r#"{{"op":"add","path":"members","value":[{}]}}"#, many(5..25))), same(&held));
}

/// RFC 7643 section 2.3: a value of another type than its attribute is refused, with the path of what is wrong.
#[test]
fn values_have_the_type_of_their_attribute() {
    let wrong = |expected: &str, found: &str, path: &str| {
        refused(&format!("invalidValue: wrong type: expected {expected}, found {found} at {path} of operation 0"))
    };
    for (path, value, expected) in [
        ("title", "7", wrong("a string", "a number", "title")),
        ("title", r#"["x"]"#, wrong("a string", "an array", "title")),
        ("active", r#""true""#, wrong("a boolean", "a string", "active")),
        ("name", r#""Anna""#, wrong("an object", "a string", "name")),
        ("name", r#"{"givenName":7}"#, wrong("a string", "a number", "name.givenName")),
        ("emails", r#"[{"value":"a","primary":"yes"}]"#, wrong("a boolean", "a string", "emails.primary")),
        ("emails", r#"["a"]"#, wrong("an object", "a string", "emails")),
        ("emails", r#"{"value":"a"}"#, wrong("an array", "an object", "emails")),
        ("profileUrl", "false", wrong("a URI", "a boolean", "profileUrl")),
        ("x509Certificates", r#"[{"value":"not base64"}]"#, wrong("a string in base64", "a string", "x509Certificates.value")),
        ("emails", r#"[{"kind":"a"}]"#, refused("invalidPath: no schema of the resource has this attribute at emails.kind of operation 0")),
    ] {
        let operation = format!(r#"{{"op":"replace","path":"{path}","value":{value}}}"#);
        assert_eq!(strict(&Schemas::user(), "{}", &operation), expected, "{operation}");
    }
    let number = |kind| {
        let schema = Schema::new("urn:example:2.0:Meter", "Meter", vec![new("level", kind), new("read", AttributeType::DateTime)]);
        Schemas::new(schema, vec![])
    };
    let level = |kind, value: &str| strict(&number(kind), "{}", &format!(r#"{{"op":"add","path":"level","value":{value}}}"#));
    assert_eq!(level(AttributeType::Integer, "7"), changed(r#"{"level":7}"#));
    assert_eq!(level(AttributeType::Integer, "7.5"), wrong("a number without a decimal point", "a number", "level"));
    assert_eq!(level(AttributeType::Decimal, "7.5"), changed(r#"{"level":7.5}"#));
    assert_eq!(level(AttributeType::Decimal, "\"7.5\""), wrong("a number", "a string", "level"));
    let read = |value: &str| strict(&number(AttributeType::Integer), "{}", &format!(r#"{{"op":"add","path":"read","value":"{value}"}}"#));
    assert_eq!(read("2026-11-01T08:00:00+01:00"), changed(r#"{"read":"2026-11-01T08:00:00+01:00"}"#));
    assert_eq!(read("yesterday"), wrong("a dateTime such as 2008-01-23T04:56:22Z", "a string", "read"));
}
