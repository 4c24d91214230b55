//! Every message that a person may read: errors, and findings of a profile.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttrPath, Deviation, Error, ErrorKind, ErrorResponse, ExternalId, Filter, ListResponse, Location, Mode, PatchOp, Path,
    Profile, Resource, ResourceId, ResourceTypeDefinition, Rule, Schema, SchemaUri, Schemas, User,
};

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn body(operations: &str) -> String {
    format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#)
}

/// Asserts each message, its keyword of RFC 7644 section 3.12, and that it has no cause behind it.
fn told(table: Vec<(Error, &str, &str)>) {
    for (error, scim_type, message) in table {
        assert_eq!((error.scim_type().as_str(), error.to_string().as_str()), (scim_type, message));
        assert!(std::error::Error::source(&error).is_none());
    }
}

/// RFC 7644 section 3.12, `invalidFilter` and `invalidPath`: the grammar's messages, with the byte.
#[test]
fn errors_of_the_grammar_say_what_was_expected() {
    let name = |text: &str| AttrName::new(text).unwrap_err();
    let attr_path = |text: &str| text.parse::<AttrPath>().unwrap_err();
    let path = |text: &str| text.parse::<Path>().unwrap_err();
    let filter = |text: &str| text.parse::<Filter>().unwrap_err();
    let uri = |text: &str| AttrPath::of("a").in_schema(SchemaUri::from(text)).unwrap_err();
    let nested = Filter::value_path(AttrPath::of("a"), Filter::present(AttrPath::of("b"))).unwrap();
    let order = |text: &str| text.parse::<Filter>().unwrap().matcher(&Schemas::user(), Mode::Strict).unwrap_err();
    told(vec![
        (name(""), "invalidPath", r#"invalid attribute name "": expected a letter or $, then letters, digits, - or _"#),
        (name("user\nname"), "invalidPath", r#"invalid attribute name "user\nname": expected a letter or $, then letters, digits, - or _"#),
        (attr_path(""), "invalidPath", "invalid path at byte 0: expected an attribute name, found the end of the text"),
        (attr_path("a.b c"), "invalidPath", "invalid path at byte 2: expected a sub-attribute name, found b c"),
        (
            attr_path("a:b"),
            "invalidPath",
            "invalid path at byte 1: expected an attribute name without a colon, or a URI that begins with urn:, found :b",
        ),
        (uri("badge"), "invalidPath", "invalid path: expected the URN of a schema, found badge"),
        (path("urn:a:b"), "invalidPath", "invalid path at byte 0: expected a URN with a namespace and a name, found urn:a:b"),
        (path("a[b eq 1"), "invalidPath", "invalid path at byte 8: expected and, or or a closing bracket, found the end of the text"),
        (
            path("a.b[c eq 1]"),
            "invalidPath",
            "invalid path at byte 3: expected a dot or the end, because a filter stands behind an attribute and not a sub-attribute, found [c eq 1]",
        ),
        (path("a[b eq 1]c"), "invalidPath", "invalid path at byte 9: expected a dot or the end, found c"),
        (path("a[b eq 1]."), "invalidPath", "invalid path at byte 10: expected a sub-attribute name, found the end of the text"),
        (
            path("a[b is 1]"),
            "invalidPath",
            "invalid path at byte 4: expected an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr, found is",
        ),
        (
            path(&"x".repeat(10_001)),
            "invalidPath",
            "invalid path at byte 0: expected at most 10,000 bytes, found xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        (
            Path::of("a").where_value(nested.clone()).unwrap_err(),
            "invalidPath",
            "invalid path: expected a filter without brackets inside the brackets, found a[b pr]",
        ),
        (
            Filter::value_path(AttrPath::of("a").then("b"), Filter::present(AttrPath::of("c"))).unwrap_err(),
            "invalidPath",
            "invalid path: expected an attribute without a sub-attribute in front of the brackets, found a.b",
        ),
        (filter(""), "invalidFilter", "invalid filter at byte 0: expected an attribute path, found the end of the text"),
        (filter("a"), "invalidFilter", "invalid filter at byte 1: expected a space and an operator, found the end of the text"),
        (
            filter("a  eq 1"),
            "invalidFilter",
            "invalid filter at byte 2: expected an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr, found a space",
        ),
        (filter("a eq"), "invalidFilter", "invalid filter at byte 4: expected a space and a value, found the end of the text"),
        (filter("a eq b"), "invalidFilter", "invalid filter at byte 5: expected a JSON string, number, true, false or null, found b"),
        (filter("a eq 1\tand"), "invalidFilter", r"invalid filter at byte 6: expected and, or or the end, found \t"),
        (filter("a eq 1 and"), "invalidFilter", "invalid filter at byte 10: expected a space, found the end of the text"),
        (filter("a eq \"b"), "invalidFilter", "invalid filter at byte 5: expected a closing quotation mark, found \"b"),
        (filter(r#"a eq "\x""#), "invalidFilter", r#"invalid filter at byte 5: expected a JSON string with valid escapes, found "\x""#),
        (filter("a eq \"\u{1}\""), "invalidFilter", "invalid filter at byte 6: expected no control character in a string, found \\u{1}\""),
        (
            filter("(a pr"),
            "invalidFilter",
            "invalid filter at byte 5: expected and, or or a closing parenthesis, found the end of the text",
        ),
        (
            filter("a[b[c pr]]"),
            "invalidFilter",
            "invalid filter at byte 3: expected a space and an operator, because brackets do not stand in brackets, found [c",
        ),
        (
            filter("a.b[c pr]"),
            "invalidFilter",
            "invalid filter at byte 3: expected a space and an operator, because brackets stand behind an attribute and not a sub-attribute, found [c",
        ),
        (
            filter(&"(".repeat(40)),
            "invalidFilter",
            "invalid filter at byte 32: expected at most 32 parentheses and brackets in each other, found ((((((((",
        ),
        (
            filter(&"x".repeat(10_001)),
            "invalidFilter",
            "invalid filter at byte 0: expected at most 10,000 bytes, found xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        (order("active gt true"), "invalidFilter", "the operator gt does not order a boolean at active"),
        (order(r#"x509Certificates.value le "QUJD""#), "invalidFilter", "the operator le does not order bytes at x509Certificates.value"),
    ]);
}

/// RFC 7644 section 3.12, `invalidSyntax` and `invalidValue`: the messages of JSON, of identifiers, of definitions and of types.
#[test]
fn errors_of_values_say_what_was_found() {
    let json = |text: &str| Resource::from_json(text.as_bytes()).unwrap_err();
    let user = |text: &str| User::try_from(resource(text)).unwrap_err();
    let schema = |text: &str| Schema::from_json(text.as_bytes()).unwrap_err();
    let resource_type = |text: &str| ResourceTypeDefinition::from_json(text.as_bytes()).unwrap_err();
    told(vec![
        (json("{"), "invalidSyntax", "invalid JSON: EOF while parsing an object at line 1 column 1"),
        (json("[]"), "invalidSyntax", "invalid JSON: expected an object, found an array"),
        (json("7"), "invalidSyntax", "invalid JSON: expected an object, found a number"),
        (json(r#"{"a":1,"A":1}"#), "invalidSyntax", r#"invalid JSON: the attribute "A" is there twice at line 1 column 10"#),
        (user(r#"{"active":"no"}"#), "invalidValue", "wrong type: expected a boolean, found a string at active"),
        (user(r#"{"emails":[{"value":1}]}"#), "invalidValue", "wrong type: expected a string, found a number at emails.value"),
        (user(r#"{"id":""}"#), "invalidValue", "invalid identifier: expected 1 to 1024 bytes, found 0 at id"),
        (ResourceId::new("x".repeat(1025)).unwrap_err(), "invalidValue", "invalid identifier: expected 1 to 1024 bytes, found 1025"),
        (ExternalId::new("").unwrap_err(), "invalidValue", "invalid identifier: expected 1 to 1024 bytes, found 0"),
        (schema("{}"), "invalidValue", "invalid definition: expected an id, found none"),
        (resource_type("{}"), "invalidValue", "invalid definition: expected a name, found none"),
    ]);
}

/// RFC 7644 section 3.5.2: a body that is no PatchOp is refused with the operation, or the byte of its path.
#[test]
fn errors_of_a_patch_that_is_read_have_the_operation() {
    let patch = |text: &str| PatchOp::from_json(text.as_bytes(), Mode::Strict).unwrap_err();
    let operation = |text: &str| patch(&body(text));
    told(vec![
        (
            patch("{}"),
            "invalidSyntax",
            "invalid operation: expected the schema urn:ietf:params:scim:api:messages:2.0:PatchOp, found none at schemas",
        ),
        (
            patch(r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}"#),
            "invalidSyntax",
            "invalid operation: expected a list named Operations, found none",
        ),
        (
            PatchOp::from_json(br#"{"Operations":7}"#, Mode::Lenient).unwrap_err(),
            "invalidSyntax",
            "invalid operation: expected a list named Operations, found a number",
        ),
        (operation("7"), "invalidSyntax", "invalid operation: expected an object, found a number at operation 0"),
        (operation("{}"), "invalidSyntax", "invalid operation: expected an op, found none at operation 0"),
        (operation(r#"{"op":7}"#), "invalidSyntax", "invalid operation: expected an op that is a string, found a number at operation 0"),
        (
            operation(r#"{"op":"move"}"#),
            "invalidSyntax",
            "invalid operation: expected the op add, remove or replace, found move at operation 0",
        ),
        (operation(r#"{"op":"remove"}"#), "noTarget", "a remove operation must have a path at operation 0"),
        (
            operation(r#"{"op":"remove","path":"a","value":["x"]}"#),
            "invalidSyntax",
            "invalid operation: expected a remove operation without a value, found an array at operation 0",
        ),
        (operation(r#"{"op":"add","path":"a"}"#), "invalidSyntax", "invalid operation: expected a value, found none at operation 0"),
        (
            operation(r#"{"op":"add","value":7}"#),
            "invalidSyntax",
            "invalid operation: expected an object of attributes where there is no path, found a number at operation 0",
        ),
        (
            operation(r#"{"op":"remove","path":"a"},{"op":"add","path":7,"value":1}"#),
            "invalidSyntax",
            "invalid operation: expected a path that is a string, found a number at operation 1",
        ),
        (
            operation(r#"{"op":"remove","path":"a"},{"op":"add","path":"a b","value":1}"#),
            "invalidPath",
            "invalid path at byte 0 of the path of operation 1: expected an attribute name, found a b",
        ),
    ]);
}

/// RFC 7644 section 3.5.2: an operation that fails is told by its number, and what it writes by its path.
#[test]
fn errors_of_a_patch_that_is_applied_have_the_attribute() {
    let apply = |text: &str| {
        let mut user = resource(r#"{"userName":"anna","title":"x","emails":[{"value":"a"}]}"#);
        let patch = PatchOp::from_json(body(text).as_bytes(), Mode::Strict).unwrap();
        patch.apply(&mut user, &Schemas::user(), Mode::Strict).unwrap_err()
    };
    let group = |text: &str| {
        let patch = PatchOp::from_json(body(text).as_bytes(), Mode::Strict).unwrap();
        patch.apply(&mut resource(r#"{"members":[{"value":"1"}]}"#), &Schemas::group(), Mode::Strict).unwrap_err()
    };
    told(vec![
        (
            apply(r#"{"op":"replace","path":"emails[type eq \"x\"].value","value":"y"}"#),
            "noTarget",
            r#"no value matches the path at emails[type eq "x"].value of operation 0"#,
        ),
        (
            apply(r#"{"op":"add","path":"title","value":"y"},{"op":"add","path":"name","value":{"givenName":1}}"#),
            "invalidValue",
            "wrong type: expected a string, found a number at name.givenName of operation 1",
        ),
        (
            apply(r#"{"op":"add","path":"title.x","value":1}"#),
            "invalidPath",
            "no schema of the resource has this attribute at title.x of operation 0",
        ),
        (
            apply(r#"{"op":"add","path":"name[givenName pr]","value":{}}"#),
            "invalidPath",
            "a filter in brackets stands behind an attribute of one value at name[givenName pr] of operation 0",
        ),
        (apply(r#"{"op":"add","path":"id","value":"1"}"#), "mutability", "the attribute is read-only at id of operation 0"),
        (apply(r#"{"op":"remove","path":"userName"}"#), "mutability", "the attribute is required at userName of operation 0"),
        (
            group(r#"{"op":"replace","path":"members.value","value":"2"}"#),
            "mutability",
            "the attribute is immutable and has a value at members.value of operation 0",
        ),
        (
            apply(r#"{"op":"add","path":"emails","value":[{"value":"b","primary":true},{"value":"c","primary":true}]}"#),
            "invalidValue",
            "expected at most one primary value, found 2 at emails.primary of operation 0",
        ),
        (
            Schemas::user().check_path(&"shoeSize".parse().unwrap()).unwrap_err(),
            "invalidPath",
            "no schema of the resource has this attribute at shoeSize",
        ),
    ]);
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
        PatchOp::from_json(body(&format!(r#"{{"op":"{long}"}}"#)).as_bytes(), Mode::Strict).unwrap_err(),
        PatchOp::from_json(body(&format!(r#"{{"op":"add","path":"{long} ","value":1}}"#)).as_bytes(), Mode::Strict).unwrap_err(),
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

/// The findings that AWS's profile never makes: each message, its code, and that the value is not in it.
#[test]
fn every_rule_has_its_message() {
    let schemas = Schemas::user();
    let create = |json: &str| schemas.validate_create(&resource(json), Mode::Strict);
    let patch = |operation: &str| {
        let patch = PatchOp::from_json(body(operation).as_bytes(), Mode::Strict).unwrap();
        schemas.validate_patch(&patch, Mode::Strict)
    };
    let listed = r#""schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]"#;
    let manager = format!(r#"{{{listed},"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"division":"x"}}}}"#);
    let mut serial = Schema::new("urn:example:2.0:Device", "Device", vec![]);
    let mut definition = idbridge_scim::AttributeDefinition::new(AttrName::from_static("serial"), idbridge_scim::AttributeType::String);
    definition.mutability = idbridge_scim::Mutability::Immutable;
    serial.attributes.to_mut().push(definition);
    let devices = Schemas::new(serial, vec![]);
    let device = |serial: &str| resource(&format!(r#"{{"schemas":["urn:example:2.0:Device"],"serial":"{serial}"}}"#));
    for (findings, code, message) in [
        (patch(r#"{"op":"replace","path":"id","value":"secret"}"#), "ReadOnly", "id is read-only"),
        (
            patch(r#"{"op":"add","path":"name[givenName pr]","value":{}}"#),
            "NotMultiValued",
            "name[givenName pr] has a filter in brackets, and the attribute has one value",
        ),
        (
            devices.validate_replace(&device("1"), &device("2"), Mode::Strict),
            "Immutable",
            "serial is immutable and has another value already",
        ),
        (
            create(&format!(r#"{{{listed},"userName":"a","emails":[{{"primary":true}},{{"primary":true}}]}}"#)),
            "Primaries",
            "emails has 2 primary values, and may have one",
        ),
        (
            create(&manager),
            "NotListed",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User is not named in schemas, although the resource follows it",
        ),
        (
            Profile::rfc().with(Deviation::SingleValued("emails".to_owned())).check_user(&resource(r#"{"userName":"a","emails":[{},{}]}"#)),
            "TooManyValues",
            "emails has 2 values, the service takes at most 1",
        ),
    ] {
        assert_eq!((findings[0].rule.code(), findings[0].to_string().as_str()), (code, message));
    }
    assert_eq!(patch(r#"{"op":"remove","path":"userName"}"#)[0].rule, Rule::Required);
}
