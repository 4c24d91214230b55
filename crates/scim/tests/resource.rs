//! The generic resource: looking into it, taking a part of it, naming its schemas.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrPath, Object, Resource, SchemaUri, Value};

const USER: &str = r#"{
    "id": "9067729b3d-00000000-0000-0000-0000-000000000001", "externalId": "u-1",
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "anna@example.com", "title": "Engineer", "active": true, "nickName": null, "roles": [],
    "name": {"givenName": "Anna", "familyName": "Berg", "formatted": "Anna Berg"},
    "emails": [
        {"value": "private@example.com", "type": "home"},
        {"value": "anna@example.com", "type": "work", "primary": true, "display": "Anna"}
    ],
    "tags": ["a", "b"],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "department": "Cranes", "costCenter": "41", "manager": {"value": "m-1", "displayName": "Carla"}
    },
    "urn:example:2.0:Badge": {"colour": "blue"}
}"#;

fn user() -> Resource {
    Resource::from_json(USER.as_bytes()).unwrap()
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn paths(paths: &[&str]) -> Vec<AttrPath> {
    paths.iter().map(|path| path.parse().unwrap()).collect()
}

/// RFC 7644 section 3.10: an attribute is named by its path, an extension's with the URI, a core one with or without.
#[test]
fn text_finds_what_a_path_names() {
    for (path, expected) in [
        ("userName", Some("anna@example.com")),
        ("USERNAME", Some("anna@example.com")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", Some("anna@example.com")),
        ("name.givenName", Some("Anna")),
        ("NAME.GIVENNAME", Some("Anna")),
        ("emails.value", Some("private@example.com")),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", Some("Cranes")),
        ("URN:IETF:params:scim:schemas:extension:enterprise:2.0:user:MANAGER.VALUE", Some("m-1")),
        ("urn:example:2.0:Badge:colour", Some("blue")),
        ("urn:example:2.0:Other:colour", None),
        ("name.nickName", None),
        ("title.x", None),
        ("tags.value", None),
        ("name", None),
        ("active", None),
        ("nickName", None),
        ("nowhere", None),
        ("not a path", None),
        ("", None),
    ] {
        assert_eq!(user().text(path), expected, "{path}");
    }
}

/// RFC 7643 section 2.5: an unassigned value is found as it is written, and nothing where there is none.
#[test]
fn at_gives_values_of_every_type() {
    let at = |path: &str| user().at(&path.parse().unwrap()).cloned();
    assert_eq!(at("active"), Some(Value::Boolean(true)));
    assert_eq!(at("nickName"), Some(Value::Null));
    assert_eq!(at("roles"), Some(Value::Array(vec![])));
    assert_eq!(at("roles.value"), None);
    assert_eq!(at("name").unwrap().as_object().unwrap().len(), 3);
    // The extension itself is a target as well (RFC 7644 section 3.5.2).
    assert_eq!(at("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").unwrap().as_object().unwrap().len(), 3);
}

/// RFC 7643 section 2.4: the primary value stands for all, and the first one where none is primary.
#[test]
fn primary_value_is_the_primary_one_or_the_first() {
    for (emails, expected) in [
        (r#"[{"value":"a"},{"value":"b","primary":true}]"#, Some("b")),
        (r#"[{"value":"a"},{"value":"b"}]"#, Some("a")),
        (r#"[{"value":"a","primary":false},{"value":"b"}]"#, Some("a")),
        (r#"["x",{"value":"b"}]"#, Some("b")),
        (r#"[{"value":"a"},{"primary":true}]"#, None),
        (r#"[{"value":7}]"#, None),
        ("[]", None),
        ("null", None),
        (r#""a""#, None),
    ] {
        assert_eq!(resource(&format!("{{\"emails\":{emails}}}")).primary_value("Emails"), expected, "{emails}");
    }
    assert_eq!(Resource::new().primary_value("emails"), None);
}

/// RFC 7643 section 3.1: the two identifiers are strings that are not empty.
#[test]
fn identifiers_are_given_only_if_they_can_be_ones() {
    let id = |json| resource(json).id().map(String::from);
    assert_eq!(id(r#"{"ID":"7"}"#).as_deref(), Some("7"));
    for json in [r#"{"id":""}"#, r#"{"id":7}"#, r#"{"id":null}"#, "{}"] {
        assert_eq!(id(json), None, "{json}");
    }
    assert_eq!(id(&format!("{{\"id\":\"{}\"}}", "x".repeat(1025))), None);
    assert_eq!(resource(r#"{"externalId":"u-1"}"#).external_id().unwrap().as_str(), "u-1");
    assert_eq!(Resource::new().external_id(), None);
}

/// What a rule set manages: nothing but the attributes that its paths name, in the resource's order and spelling.
#[test]
fn project_keeps_what_the_paths_name() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (named, expected) in [
        (&[][..], "{}".to_owned()),
        (&["nowhere", "name.nickName"], "{}".to_owned()),
        (&["urn:ietf:params:scim:schemas:core:2.0:User:title"], r#"{"title":"Engineer"}"#.to_owned()),
        (&["title", "USERNAME"], r#"{"userName":"anna@example.com","title":"Engineer"}"#.to_owned()),
        (&["name.familyName", "name.givenName"], r#"{"name":{"givenName":"Anna","familyName":"Berg"}}"#.to_owned()),
        (&["name", "name.givenName"], r#"{"name":{"givenName":"Anna","familyName":"Berg","formatted":"Anna Berg"}}"#.to_owned()),
        (
            &["emails.value"],
            r#"{"emails":[{"value":"private@example.com","type":"home"},{"value":"anna@example.com","type":"work","primary":true}]}"#
                .to_owned(),
        ),
        (&["nickName", "roles", "tags.value"], r#"{"nickName":null,"roles":[],"tags":["a","b"]}"#.to_owned()),
        (
            &[
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            ],
            format!(r#"{{"{enterprise}":{{"department":"Cranes","manager":{{"value":"m-1"}}}}}}"#),
        ),
        (&["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division"], "{}".to_owned()),
        (&["urn:example:2.0:Badge:colour", "department"], r#"{"urn:example:2.0:Badge":{"colour":"blue"}}"#.to_owned()),
    ] {
        assert_eq!(user().project(&paths(named)).to_json(), expected, "{named:?}");
    }
}

/// RFC 7644 section 3.5.2: a path can be the extension itself, and then names all that is in it.
#[test]
fn project_keeps_a_whole_extension() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let part = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    for named in [&[enterprise][..], &[part, enterprise]] {
        let kept = user().project(&paths(named));
        assert_eq!(kept.get(enterprise), user().get(enterprise));
    }
}

/// Projecting twice is projecting once.
#[test]
fn project_is_idempotent() {
    let named = paths(&["name.givenName", "emails.value", "title", "urn:example:2.0:Badge:colour"]);
    let once = user().project(&named);
    assert_eq!(once.project(&named), once);
}

/// RFC 7643 section 3: `schemas` names the core schema and every extension that has a value, and nothing else.
#[test]
fn with_schemas_names_the_core_and_the_extensions_there_are() {
    let schemas = |json: &str| resource(json).with_schemas(&SchemaUri::USER).get("schemas").unwrap().to_string();
    let core = SchemaUri::USER.as_str();
    assert_eq!(schemas(r#"{"userName":"a"}"#), format!("[\"{core}\"]"));
    assert_eq!(schemas(r#"{"schemas":["x"],"urn:example:b":{"c":1},"userName":"a"}"#), format!("[\"{core}\",\"urn:example:b\"]"));
    assert_eq!(schemas(r#"{"urn:example:b":null}"#), format!("[\"{core}\"]"));

    let written = resource(r#"{"userName":"a","SCHEMAS":[],"title":"b"}"#).with_schemas(&SchemaUri::USER);
    assert_eq!(written.to_json(), format!(r#"{{"schemas":["{core}"],"userName":"a","title":"b"}}"#));
    assert_eq!(written.with_schemas(&SchemaUri::USER), written);
}

/// A resource is an object of attributes, and can be changed as one.
#[test]
fn resources_are_objects() {
    let mut user = Resource::new();
    user.attributes_mut().set("userName", "anna");
    assert_eq!(user.get("username"), Some(&Value::from("anna")));
    assert_eq!(Resource::from(Object::from(user.clone())), user);
    assert_eq!(serde_json::from_str::<Resource>("{\"userName\":\"anna\"}").unwrap(), user);
    assert_eq!(Resource::default(), Resource::new());
}
