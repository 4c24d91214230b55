//! Whether a resource or a patch follows its schemas: every finding, in both modes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttributeDefinition, AttributeType, Finding, Mode, Mutability, PatchOp, Resource, Schema, Schemas};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.to_string().replace(ENTERPRISE, "E").replace(USER, "U")).collect()
}

/// A user that has all it must have, with `attributes` besides.
fn user(attributes: &str) -> String {
    let comma = if attributes.is_empty() { "" } else { "," };
    format!(r#"{{"schemas":["{USER}"],"userName":"anna"{comma}{attributes}}}"#)
}

fn created(mode: Mode, json: &str) -> Vec<String> {
    told(&Schemas::user().validate_create(&resource(json), mode))
}

/// RFC 7644 section 3.3: the message for each attribute that is wrong; nothing for one that is right.
#[test]
fn a_resource_that_is_created_follows_its_schemas() {
    for (attributes, strict, lenient) in [
        ("", None, None),
        (r#""title":"x","active":true,"name":{"givenName":"A"},"emails":[{"value":"a","display":"b","primary":true}]"#, None, None),
        (r#""title":null,"emails":[],"name":null"#, None, None),
        (r#""title":7"#, Some("title must be a string, found a number"), Some("title must be a string, found a number")),
        (r#""title":["x"]"#, Some("title must be a string, found an array"), Some("title must be a string, found an array")),
        (r#""active":"True""#, Some("active must be a boolean, found a string"), None),
        (r#""active":"yes""#, Some("active must be a boolean, found a string"), Some("active must be a boolean, found a string")),
        (r#""name":"Anna""#, Some("name must be an object, found a string"), Some("name must be an object, found a string")),
        (
            r#""name":{"givenName":7}"#,
            Some("name.givenName must be a string, found a number"),
            Some("name.givenName must be a string, found a number"),
        ),
        (r#""emails":{"value":"a"}"#, Some("emails must be an array, found an object"), None),
        (r#""emails":["a"]"#, Some("emails must be an object, found a string"), None),
        (r#""emails":[7]"#, Some("emails must be an object, found a number"), Some("emails must be an object, found a number")),
        (r#""emails":[{"kind":"x"}]"#, Some("emails.kind is not supported by the service"), None),
        (r#""emails":[{"primary":true},{"primary":true}]"#, Some("emails has 2 primary values, and may have one"), None),
        (r#""shoeSize":7"#, Some("shoeSize is not supported by the service"), None),
        (r#""profileUrl":7"#, Some("profileUrl must be a URI, found a number"), Some("profileUrl must be a URI, found a number")),
        (r#""x509Certificates":[{"value":"QUJD"}]"#, None, None),
        (r#""x509Certificates":[{"value":"A*=="}]"#, Some("x509Certificates.value must be a string in base64, found a string"), None),
        // "attributes whose mutability is "readOnly" that are included in the request body SHALL be ignored"
        (r#""id":7,"meta":"x","groups":7"#, None, None),
    ] {
        let expect = |message: Option<&str>| message.map(str::to_owned).into_iter().collect::<Vec<_>>();
        assert_eq!(created(Mode::Strict, &user(attributes)), expect(strict), "{attributes}");
        assert_eq!(created(Mode::Lenient, &user(attributes)), expect(lenient), "{attributes}");
    }
}

/// RFC 7643 section 2.2, `required`: an attribute that is missing, null, or an empty text is asked for.
#[test]
fn required_attributes_are_asked_for() {
    for name in ["", r#","userName":null"#, r#","userName":"""#] {
        let json = format!(r#"{{"schemas":["{USER}"]{name}}}"#);
        for mode in [Mode::Strict, Mode::Lenient] {
            assert_eq!(created(mode, &json), ["userName is required by the service and is missing"], "{json}");
        }
    }
    let group = told(&Schemas::group().validate_create(&resource(r#"{"members":[]}"#), Mode::Lenient));
    assert_eq!(group, ["displayName is required by the service and is missing"]);

    // RFC 7643 section 7: a sub-attribute is required where its attribute is.
    let new = |name, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let mut site = new("site", AttributeType::String);
    site.required = true;
    let mut places = new("places", AttributeType::Complex);
    places.multi_valued = true;
    places.sub_attributes = vec![site.clone(), new("room", AttributeType::String)].into();
    let badge = Schema::new("urn:example:2.0:Badge", "Badge", vec![site]);
    let schemas = Schemas::new(Schema::new("urn:example:2.0:Device", "Device", vec![places]), vec![badge]);
    let device = |json: &str| told(&schemas.validate_create(&resource(json), Mode::Lenient));
    assert_eq!(device("{}"), [""; 0]);
    assert_eq!(device(r#"{"places":[{"site":"a"},{"room":"b"}]}"#), ["places.site is required by the service and is missing"]);
    assert_eq!(device(r#"{"urn:example:2.0:Badge":{}}"#), ["urn:example:2.0:Badge:site is required by the service and is missing"]);
}

/// RFC 7643 section 3: `schemas` is required, and names the core schema and every extension with a value; lenient mode passes over it.
#[test]
fn schemas_name_what_a_resource_follows() {
    let extension = format!(r#""{ENTERPRISE}":{{"department":"x"}}"#);
    for (schemas, rest, expected) in [
        ("null".to_owned(), "", vec!["schemas is required by the service and is missing"]),
        ("[]".to_owned(), "", vec!["schemas is required by the service and is missing"]),
        (format!(r#""{USER}""#), "", vec!["schemas must be an array, found a string"]),
        (format!(r#"["{}"]"#, USER.to_uppercase()), "", vec![]),
        (format!(r#"["{ENTERPRISE}"]"#), "", vec!["U is not named in schemas, although the resource follows it"]),
        (format!(r#"["{USER}","urn:example:x"]"#), "", vec!["schemas is not supported by the service"]),
        (format!(r#"["{USER}","{ENTERPRISE}"]"#), "", vec![]),
        (format!(r#"["{USER}"]"#), extension.as_str(), vec!["E is not named in schemas, although the resource follows it"]),
        (format!(r#"["{USER}","{ENTERPRISE}"]"#), extension.as_str(), vec![]),
    ] {
        let comma = if rest.is_empty() { "" } else { "," };
        let json = format!(r#"{{"schemas":{schemas},"userName":"a"{comma}{rest}}}"#);
        assert_eq!(created(Mode::Strict, &json), expected, "{json}");
        assert_eq!(created(Mode::Lenient, &json), [""; 0], "{json}");
    }
    assert_eq!(created(Mode::Strict, r#"{"userName":"a"}"#), ["schemas is required by the service and is missing"]);
}

/// RFC 7643 section 3.3: the attributes of an extension stand under its URI, and each is told by its path.
#[test]
fn extensions_are_checked_as_well() {
    let json = |extension: &str| format!(r#"{{"schemas":["{USER}","{ENTERPRISE}"],"userName":"a","{ENTERPRISE}":{extension}}}"#);
    for (extension, expected) in [
        (r#"{"department":"x","manager":{"value":"m","displayName":"ignored"}}"#, vec![]),
        ("null", vec![]),
        ("7", vec!["E must be an object, found a number"]),
        (r#"{"department":7}"#, vec!["E:department must be a string, found a number"]),
        (r#"{"manager":{"value":7}}"#, vec!["E:manager.value must be a string, found a number"]),
        (r#"{"manager":"m"}"#, vec!["E:manager must be an object, found a string"]),
        (r#"{"floor":7}"#, vec!["E:floor is not supported by the service"]),
        (
            r#"{"floor":7,"division":true,"costCenter":[]}"#,
            vec![
                "E:floor is not supported by the service",
                "E:division must be a string, found a boolean",
                "E:costCenter must be a string, found an array",
            ],
        ),
    ] {
        assert_eq!(created(Mode::Strict, &json(extension)), expected, "{extension}");
    }
    assert_eq!(created(Mode::Lenient, &json(r#"{"manager":"m","floor":7}"#)), [""; 0]);
}

/// Findings come in the order of the attributes, all of them; what is missing comes last.
#[test]
fn all_findings_are_told_in_order() {
    assert_eq!(
        created(Mode::Strict, r#"{"zip":1,"TITLE":7,"emails":[{"value":1},{"type":2}],"active":0}"#),
        [
            "zip is not supported by the service",
            "TITLE must be a string, found a number",
            "emails.value must be a string, found a number",
            "emails.type must be a string, found a number",
            "active must be a boolean, found a number",
            "userName is required by the service and is missing",
            "schemas is required by the service and is missing",
        ]
    );
}

/// A device whose serial number, and whose maker's name, are written once.
fn devices() -> Schemas {
    let new = |name, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let once = |mut attribute: AttributeDefinition| {
        attribute.mutability = Mutability::Immutable;
        attribute
    };
    let mut maker = new("maker", AttributeType::Complex);
    maker.sub_attributes = vec![once(new("name", AttributeType::String)), new("site", AttributeType::String)].into();
    let badge = Schema::new("urn:example:2.0:Badge", "Badge", vec![once(new("number", AttributeType::String))]);
    let core = Schema::new("urn:example:2.0:Device", "Device", vec![once(new("serial", AttributeType::String)), maker]);
    Schemas::new(core, vec![badge])
}

/// RFC 7644 section 3.5.1: an immutable attribute that has a value must have the same in the resource that takes its place.
#[test]
fn a_replacement_keeps_what_is_written_once() {
    let device = |attributes: &str| resource(&format!(r#"{{"schemas":["urn:example:2.0:Device","urn:example:2.0:Badge"]{attributes}}}"#));
    let current = device(r#","serial":"1","maker":{"name":"a","site":"b"},"urn:example:2.0:Badge":{"number":"7"}"#);
    for (next, expected) in [
        (r#","serial":"1","maker":{"name":"a","site":"c"}"#, vec![]),
        (r#","serial":"2""#, vec!["serial is immutable and has another value already"]),
        (r#","maker":{"name":"x","site":"b"}"#, vec!["maker.name is immutable and has another value already"]),
        (r#","urn:example:2.0:Badge":{"number":"8"}"#, vec!["urn:example:2.0:Badge:number is immutable and has another value already"]),
        (r#","serial":7"#, vec!["serial must be a string, found a number", "serial is immutable and has another value already"]),
    ] {
        assert_eq!(told(&devices().validate_replace(&current, &device(next), Mode::Strict)), expected, "{next}");
    }
    // Where there is no value yet, one may be given.
    let empty = device(r#","serial":null,"maker":{"site":"b"}"#);
    let full = device(r#","serial":"1","maker":{"name":"a"}"#);
    assert_eq!(told(&devices().validate_replace(&empty, &full, Mode::Strict)), [""; 0]);
}

fn patched(mode: Mode, operation: &str) -> Vec<String> {
    let operation = operation.replace("E:", &format!("{ENTERPRISE}:")).replace("\"E\"", &format!("\"{ENTERPRISE}\""));
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#);
    told(&Schemas::user().validate_patch(&PatchOp::from_json(text.as_bytes(), mode).unwrap(), mode))
}

/// RFC 7644 section 3.5.2: the path and the value of each operation are checked, whatever resource they are for.
#[test]
fn a_patch_follows_the_schemas() {
    for (operation, expected) in [
        (r#"{"op":"add","path":"title","value":"x"}"#, None),
        (r#"{"op":"add","path":"emails","value":{"value":"x"}}"#, None),
        (r#"{"op":"add","path":"emails[type eq \"work\"].value","value":"x"}"#, None),
        (r#"{"op":"add","value":{"title":"x","E":{"department":"y"}}}"#, None),
        (r#"{"op":"remove","path":"E"}"#, None),
        (r#"{"op":"remove","path":"emails[type eq \"work\"]"}"#, None),
        (r#"{"op":"add","path":"shoeSize","value":7}"#, Some("shoeSize is not supported by the service")),
        (r#"{"op":"add","path":"name.clan","value":"x"}"#, Some("name.clan is not supported by the service")),
        (r#"{"op":"add","path":"E:floor","value":"x"}"#, Some("E:floor is not supported by the service")),
        (r#"{"op":"remove","path":"emails[kind pr]"}"#, Some("emails[kind pr] is not supported by the service")),
        (
            r#"{"op":"remove","path":"name[givenName pr]"}"#,
            Some("name[givenName pr] has a filter in brackets, and the attribute has one value"),
        ),
        (r#"{"op":"replace","path":"title","value":7}"#, Some("title must be a string, found a number")),
        (r#"{"op":"replace","path":"emails.value","value":7}"#, Some("emails.value must be a string, found a number")),
        (r#"{"op":"add","value":{"title":7}}"#, Some("title must be a string, found a number")),
        (r#"{"op":"add","value":{"shoeSize":7}}"#, Some("shoeSize is not supported by the service")),
        (r#"{"op":"add","path":"E","value":{"division":7}}"#, Some("E:division must be a string, found a number")),
        (r#"{"op":"replace","path":"id","value":"1"}"#, Some("id is read-only")),
        (r#"{"op":"remove","path":"meta.created"}"#, Some("meta.created is read-only")),
        (r#"{"op":"add","value":{"id":"1"}}"#, Some("id is read-only")),
        (r#"{"op":"add","value":{"id":null}}"#, Some("id is read-only")),
        (r#"{"op":"replace","path":"E:manager","value":{"displayName":"x"}}"#, Some("E:manager.displayName is read-only")),
        (r#"{"op":"remove","path":"userName"}"#, Some("userName is required by the service and is missing")),
        (r#"{"op":"replace","path":"userName","value":null}"#, Some("userName is required by the service and is missing")),
        (r#"{"op":"replace","path":"emails","value":{"value":"x"}}"#, Some("emails must be an array, found an object")),
        (
            r#"{"op":"replace","path":"emails","value":[{"primary":true},{"primary":true}]}"#,
            Some("emails has 2 primary values, and may have one"),
        ),
    ] {
        assert_eq!(patched(Mode::Strict, operation), expected.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{operation}");
    }
    let core = format!(r#"{{"op":"remove","path":"{USER}"}}"#);
    assert_eq!(patched(Mode::Strict, &core), ["U is required by the service and is missing"]);
}

/// Lenient mode finds nothing in what it takes.
#[test]
fn a_patch_is_checked_in_its_mode() {
    for operation in [
        r#"{"op":"Replace","path":"active","value":"True"}"#,
        r#"{"op":"Replace","path":"emails","value":{"value":"x"}}"#,
        r#"{"op":"Add","path":"E:manager","value":"m"}"#,
        r#"{"op":"Add","value":{"shoeSize":7,"name.givenName":"x"}}"#,
        r#"{"op":"Remove","path":"emails","value":[{"value":"x"}]}"#,
    ] {
        assert_eq!(patched(Mode::Lenient, operation), [""; 0], "{operation}");
    }
}
