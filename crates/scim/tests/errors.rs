//! Every message that a person may read: errors, and findings of a profile.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttrPath, Error, ErrorKind, ErrorResponse, ExternalId, Filter, ListResponse, Location, PatchOp, Path, Profile, Resource,
    ResourceId, User,
};

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn body(operations: &str) -> String {
    format!(r#"{{"Operations":[{operations}]}}"#)
}

/// Each message in full: what is wrong, where, what was expected and what was found.
#[test]
fn errors_say_what_where_and_what_was_expected() {
    let name = |text: &str| AttrName::new(text).unwrap_err();
    let attr_path = |text: &str| text.parse::<AttrPath>().unwrap_err();
    let path = |text: &str| text.parse::<Path>().unwrap_err();
    let filter = |text: &str| text.parse::<Filter>().unwrap_err();
    let json = |text: &str| Resource::from_json(text.as_bytes()).unwrap_err();
    let user = |text: &str| User::try_from(resource(text)).unwrap_err();
    let patch = |text: &str| PatchOp::from_json(text.as_bytes()).unwrap_err();
    let operation = |text: &str| patch(&body(text));
    let apply = |text: &str| PatchOp::from_json(body(text).as_bytes()).unwrap().apply(&mut resource(r#"{"title":"x"}"#)).unwrap_err();

    let table: Vec<(Error, &str)> = vec![
        (name(""), r#"invalid attribute name "": expected a letter or $, then letters, digits, - or _"#),
        (name("user\nname"), r#"invalid attribute name "user\nname": expected a letter or $, then letters, digits, - or _"#),
        (attr_path(""), "invalid path at byte 0: expected an attribute name, found the end of the text"),
        (attr_path("a.b c"), "invalid path at byte 2: expected a sub-attribute name, found b c"),
        (attr_path("a:b"), "invalid path at byte 1: expected an attribute name without a colon, or a URI that begins with urn:, found :b"),
        (path("a[b eq 1"), "invalid path at byte 1: expected a filter in brackets, found [b eq 1"),
        (
            path("a.b[c eq 1]"),
            "invalid path at byte 3: expected a dot or the end, because a filter stands behind an attribute and not a sub-attribute, found [c eq 1]",
        ),
        (path("a[b eq 1]c"), "invalid path at byte 9: expected a dot or the end, found c"),
        (path("a[b eq 1]."), "invalid path at byte 10: expected a sub-attribute name, found the end of the text"),
        (path("a[b co 1]"), "invalid filter at byte 4: expected the operator eq, found co"),
        (filter(""), "invalid filter at byte 0: expected an attribute path, found the end of the text"),
        (filter("a"), "invalid filter at byte 1: expected a space and the operator eq, found the end of the text"),
        (filter("a co 1"), "invalid filter at byte 2: expected the operator eq, found co"),
        (filter("a  eq 1"), "invalid filter at byte 2: expected the operator eq, found a space"),
        (filter("a eq"), "invalid filter at byte 4: expected a space and a value, found the end of the text"),
        (filter("a eq\n1"), r"invalid filter at byte 2: expected the operator eq, found eq\n1"),
        (filter("a eq b"), "invalid filter at byte 5: expected a JSON string, number, true, false or null, found b"),
        (filter("a eq 1\tand"), r"invalid filter at byte 6: expected a space and the word and, found \tand"),
        (filter("a eq 1 or b eq 2"), "invalid filter at byte 7: expected the word and, found or"),
        (filter("a eq 1 and"), "invalid filter at byte 10: expected a space, found the end of the text"),
        (
            filter(&"x".repeat(10_001)),
            "invalid filter at byte 0: expected at most 10,000 bytes, found xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        (filter(&vec!["a eq 1"; 21].join(" and ")), "invalid filter at byte 220: expected at most 20 comparisons, found a"),
        (json("{"), "invalid JSON: EOF while parsing an object at line 1 column 1"),
        (json("[]"), "invalid JSON: expected an object, found an array"),
        (json("7"), "invalid JSON: expected an object, found a number"),
        (json(r#"{"a":1,"A":1}"#), r#"invalid JSON: the attribute "A" is there twice at line 1 column 10"#),
        (user(r#"{"active":"no"}"#), "wrong type: expected a boolean, found a string at active"),
        (user(r#"{"emails":[{"value":1}]}"#), "wrong type: expected a string, found a number at emails.value"),
        (user(r#"{"id":""}"#), "invalid identifier: expected 1 to 1024 bytes, found 0 at id"),
        (ResourceId::new("x".repeat(1025)).unwrap_err(), "invalid identifier: expected 1 to 1024 bytes, found 1025"),
        (ExternalId::new("").unwrap_err(), "invalid identifier: expected 1 to 1024 bytes, found 0"),
        (patch("{}"), "invalid operation: expected a list named Operations, found none"),
        (patch(r#"{"Operations":7}"#), "invalid operation: expected a list named Operations, found a number"),
        (operation("7"), "invalid operation: expected an object, found a number at operation 0"),
        (operation("{}"), "invalid operation: expected an op, found none at operation 0"),
        (operation(r#"{"op":7}"#), "invalid operation: expected an op that is a string, found a number at operation 0"),
        (operation(r#"{"op":"move"}"#), "invalid operation: expected the op add, remove or replace, found move at operation 0"),
        (operation(r#"{"op":"remove"}"#), "invalid operation: expected a path, found none at operation 0"),
        (operation(r#"{"op":"add","path":"a"}"#), "invalid operation: expected a value, found none at operation 0"),
        (
            operation(r#"{"op":"add","value":7}"#),
            "invalid operation: expected an object of attributes where there is no path, found a number at operation 0",
        ),
        (
            operation(r#"{"op":"remove","path":"a"},{"op":"add","path":null,"value":1}"#),
            "invalid operation: expected a path that is a string, found null at operation 1",
        ),
        (
            operation(r#"{"op":"add","path":"a b","value":1}"#),
            r#"invalid operation: expected a path of RFC 7644 section 3.5.2, found "a b" (invalid path at byte 0: expected an attribute name, found a b) at operation 0"#,
        ),
        (apply(r#"{"op":"replace","path":"a[b eq 1].c","value":1}"#), "no value matches the path at operation 0"),
        (
            apply(r#"{"op":"add","path":"title","value":"y"},{"op":"add","path":"title.x","value":1}"#),
            "wrong type: expected an object, found a string at operation 1",
        ),
    ];
    for (error, message) in table {
        assert_eq!(error.to_string(), message);
        assert!(std::error::Error::source(&error).is_none());
    }
}

/// An error quotes a bounded part of what it was given, however long that is.
#[test]
fn errors_are_short() {
    let long = "x".repeat(1_000_000);
    let errors = [
        AttrName::new(&format!("{long} ")).unwrap_err(),
        format!("{long} ").parse::<AttrPath>().unwrap_err(),
        format!("{long}[").parse::<Path>().unwrap_err(),
        format!("a eq {long}").parse::<Filter>().unwrap_err(),
        PatchOp::from_json(body(&format!(r#"{{"op":"{long}"}}"#)).as_bytes()).unwrap_err(),
        PatchOp::from_json(body(&format!(r#"{{"op":"add","path":"{long} ","value":1}}"#)).as_bytes()).unwrap_err(),
        Resource::from_json(format!("\"{long}\"").as_bytes()).unwrap_err(),
        Resource::from_json(format!(r#"{{"{long}":1,"{long}":2}}"#).as_bytes()).unwrap_err(),
        ListResponse::from_json(format!(r#"{{"itemsPerPage":"{long}"}}"#).as_bytes()).unwrap_err(),
        ErrorResponse::from_json(format!("\"{long}\"").as_bytes()).unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().len() < 300, "{} bytes", error.to_string().len());
    }
    let error = ListResponse::from_json(format!(r#"{{"itemsPerPage":"{long}"}}"#).as_bytes()).unwrap_err();
    assert!(error.to_string().ends_with("xxx... at line 1 column 1000018"), "{error}");
}

/// An error is data: its kind and its place can be asked for.
#[test]
fn errors_are_data() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>(_: &T) {}
    let error = "a.b c".parse::<AttrPath>().unwrap_err();
    is_error(&error);
    assert_eq!(error.kind(), &ErrorKind::Path { expected: "a sub-attribute name", found: "b c".to_owned() });
    assert_eq!(error.at(), &Location::Byte(2));
}

/// Each finding in full: the attribute, the rule, and the class of what was found, never the value itself.
#[test]
fn findings_name_the_attribute_and_the_rule() {
    let user = resource(
        r#"{"nickName":"","title":"Ops: EU","locale":"\u200b","timezone":"\n","id":"1","active":"yes","userName":"Administrator",
            "emails":[{"value":"a"},{"value":"b","primary":true}],"roles":[],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"m"},"displayName":"long"}"#,
    );
    let mut user = user;
    user.attributes_mut().set("displayName", "x".repeat(1025));
    let findings = Profile::aws_iam_identity_center().check_user(&user);
    let told: Vec<_> = findings.iter().map(|finding| (finding.rule.code(), finding.to_string())).collect();
    let expected = [
        ("Empty", "nickName is empty; the service takes a value or no attribute at all"),
        ("Character", "title has the character ':' (U+003A) at 3, which the service refuses"),
        ("Character", r"locale has the character '\u{200b}' (U+200B) at 0, which the service refuses"),
        ("Character", r"timezone has the character '\n' (U+000A) at 0, which the service refuses"),
        ("Unsupported", "id is not supported by the service"),
        ("Type", "active must be a boolean, found a string"),
        ("Reserved", "userName is a name that the service keeps for itself"),
        ("TooManyValues", "emails has 2 values, the service takes at most 1"),
        ("NotPrimary", "emails must be marked as primary"),
        ("Empty", "roles is empty; the service takes a value or no attribute at all"),
        ("Type", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager must be an object, found a string"),
        ("TooLong", "displayName has 1025 characters, the service takes at most 1024"),
        ("Required", "name.givenName is required by the service and is missing"),
        ("Required", "name.familyName is required by the service and is missing"),
    ];
    assert_eq!(told, expected.map(|(code, text)| (code, text.to_owned())));
}
