//! Paths: of attributes, of extensions, and into the values of multi-valued attributes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::panic::UnwindSafe;

use idbridge_scim::{AttrPath, CompareOp, ErrorKind, Filter, Location, Path, SchemaUri, Schemas};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Schema, attribute, filter and sub-attribute of a path.
fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
    let path: Path = text.parse().unwrap();
    let attribute = path.attribute();
    (
        attribute.schema().map(ToString::to_string),
        attribute.attribute().to_string(),
        path.value_filter().map(ToString::to_string),
        path.sub_attribute().map(ToString::to_string),
    )
}

/// The byte, what is expected there and what stands there.
fn error(text: &str) -> (usize, &'static str, String) {
    let error = text.parse::<Path>().unwrap_err();
    match (error.at(), error.kind()) {
        (Location::Byte(at), ErrorKind::Path { expected, found }) => (*at, expected, found.clone()),
        other => panic!("{text:?} gives {other:?}"),
    }
}

/// RFC 7644 section 3.5.2, rule `PATH`, and its examples; AWS developer guide, `PatchUser`.
#[test]
fn paths_have_their_parts() {
    let cases = [
        ("members", None, "members", None, None),
        ("name.familyName", None, "name", None, Some("familyName")),
        ("members[value eq \"2819c223\"]", None, "members", Some("value eq \"2819c223\""), None),
        ("members[value eq \"2819c223\"].displayName", None, "members", Some("value eq \"2819c223\""), Some("displayName")),
        ("addresses[type eq \"work\"]", None, "addresses", Some("type eq \"work\""), None),
        ("addresses[TYPE EQ \"work\" AND primary eq true].x", None, "addresses", Some("TYPE eq \"work\" and primary eq true"), Some("x")),
        ("members.$ref", None, "members", None, Some("$ref")),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", Some(ENTERPRISE), "department", None, None),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", Some(ENTERPRISE), "manager", None, Some("value")),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", None, ENTERPRISE, None, None),
        ("urn:example:2.0:Badge:codes[n eq 1].v", Some("urn:example:2.0:Badge"), "codes", Some("n eq 1"), Some("v")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", Some(USER), "name", None, Some("givenName")),
        ("urn:ietf:params:scim:schemas:core:2.0:Group:members", Some("urn:ietf:params:scim:schemas:core:2.0:Group"), "members", None, None),
        ("urn:ietf:params:scim:schemas:core:2.0:User", None, USER, None, None),
        ("emails[type pr or not (value co \"@\")].display", None, "emails", Some("type pr or not (value co \"@\")"), Some("display")),
        ("emails[(type eq 1 or type eq 2) and value pr]", None, "emails", Some("(type eq 1 or type eq 2) and value pr"), None),
        ("emails[value eq \"a]b\"]", None, "emails", Some("value eq \"a]b\""), None),
        ("emails[value eq \"a].b[\"].type", None, "emails", Some("value eq \"a].b[\""), Some("type")),
        ("emails[value eq \"\\\"]\"].type", None, "emails", Some("value eq \"\\\"]\""), Some("type")),
    ];
    for (text, schema, attribute, filter, sub) in cases {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        assert_eq!(parts(text), (owned(schema), attribute.to_owned(), owned(filter), owned(sub)), "{text}");
    }
}

/// What is printed is read as the same path.
#[test]
fn paths_are_printed_as_they_are_read() {
    for text in [
        "members",
        "NAME.familyName",
        "addresses[type eq \"work\"].streetAddress",
        "emails[value eq \"a].b[\"].type",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "URN:IETF:params:scim:schemas:extension:enterprise:2.0:USER",
        "urn:example:2.0:Badge:codes[n eq 1 and m eq null].v",
        "urn:ietf:params:scim:schemas:core:2.0:User:title",
        "emails[not (type eq \"work\") or primary eq true].value",
    ] {
        let path: Path = text.parse().unwrap();
        assert_eq!(path.to_string(), text);
        assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
    }
}

/// RFC 7644 section 3.10: the core schema's URI may be left out, so with and without it a path is the same, read or built.
#[test]
fn the_core_schema_is_left_out() {
    let plain = AttrPath::of("title");
    for core in [SchemaUri::USER, SchemaUri::GROUP] {
        let qualified = plain.clone().in_schema(core.clone()).unwrap();
        assert_eq!(qualified, plain);
        assert_eq!((qualified.schema(), qualified.extension()), (Some(&core), None));
        assert_eq!(qualified.to_string().parse::<AttrPath>().unwrap(), plain);
    }
    let extension = plain.clone().in_schema(SchemaUri::ENTERPRISE_USER).unwrap();
    assert_eq!(extension.to_string(), format!("{ENTERPRISE}:title"));
    assert_eq!(extension.extension(), Some(&SchemaUri::ENTERPRISE_USER));
    assert_ne!(extension, plain);
}

/// RFC 7644 section 3.10: a schema in a path is a URN, for no other URI could be told from the attribute.
#[test]
fn a_schema_in_a_path_is_a_urn() {
    for uri in ["https://example.com/badge", "badge", "", "urn:example:a b", "urn:example:a[b", "urn:", "urn:example", "urn::a", "urn:a:"] {
        let error = AttrPath::of("title").in_schema(SchemaUri::from(uri)).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Path { expected: "the URN of a schema", found: uri.to_owned() });
    }
}

/// RFC 7644 section 3.4.2.2: a whole schema stands in no other schema, and no attribute is written as a whole schema is.
#[test]
fn a_whole_schema_is_in_no_schema() {
    let whole: AttrPath = ENTERPRISE.parse().unwrap();
    let error = whole.in_schema(SchemaUri::USER).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid path: expected an attribute and not a whole schema, found urn:ietf:params:scim:schemas:extension:e"
    );
    assert!(AttrPath::of("User").in_schema(SchemaUri::from("urn:ietf:params:scim:schemas:core:2.0")).is_err());
}

/// Whether it panics with this message.
fn panics<T>(build: impl FnOnce() -> T + UnwindSafe, message: &str) -> bool {
    let panic = std::panic::catch_unwind(build).err().unwrap();
    panic.downcast_ref::<&str>() == Some(&message)
}

/// RFC 7644 section 3.4.2.2: a name that is written in a program has no colon, and a path has one sub-attribute at most.
#[test]
fn ill_formed_paths_are_not_built() {
    let colon = "an attribute name has no colon; a path with a URI is read from its text";
    assert!(panics(|| AttrPath::of("urn:foo:bar"), colon));
    assert!(panics(|| AttrPath::of_enterprise_user("urn:foo:bar"), colon));
    assert!(panics(|| Path::of("urn:foo:bar"), colon));
    assert!(panics(|| AttrPath::of("name").then("urn:a:b"), colon));
    assert!(panics(|| Path::of("name").then("urn:a:b"), colon));

    let twice = "a sub-attribute has no sub-attributes";
    assert!(panics(|| AttrPath::of("a").then("b").then("c"), twice));
    assert!(panics(|| Path::of("a").then("b").then("c"), twice));
    let kind = || Filter::equal(AttrPath::of("type"), "work");
    assert!(panics(|| Path::of("a").where_value(kind()).unwrap().then("b").then("c"), twice));

    let whole = "a whole schema has no sub-attributes";
    assert!(panics(|| ENTERPRISE.parse::<AttrPath>().unwrap().then("department"), whole));
    assert!(panics(|| ENTERPRISE.parse::<Path>().unwrap().then("department"), whole));
}

/// RFC 7643 section 2.1: paths compare without case, schemas too.
#[test]
fn paths_compare_without_case() {
    let path = |text: &str| text.parse::<Path>().unwrap();
    assert_eq!(path("NAME.GIVENNAME"), path("name.givenName"));
    assert_eq!(path(&format!("{}:DEPARTMENT", ENTERPRISE.to_uppercase())), path(&format!("{ENTERPRISE}:department")));
    assert_ne!(path("name.givenName"), path("name"));
}

/// Paths built in code are the ones that are read.
#[test]
fn built_paths_are_the_ones_that_are_read() {
    let kind = |value: &str| Filter::equal(AttrPath::of("type"), value);
    let places = |filter: Filter| Path::of("addresses").where_value(filter).unwrap();
    let domain = Filter::compare(AttrPath::of("value"), CompareOp::EndsWith, "@example.com");
    let built = [
        (Path::of("title"), "title"),
        (Path::of("name").then("givenName"), "name.givenName"),
        (places(kind("work")), "addresses[type eq \"work\"]"),
        (places(kind("a\"]")).then("locality"), "addresses[type eq \"a\\\"]\"].locality"),
        (places(kind("a").or(!domain)), "addresses[type eq \"a\" or not (value ew \"@example.com\")]"),
        (Path::new(AttrPath::of_enterprise_user("manager").then("value")), &format!("{ENTERPRISE}:manager.value")),
    ];
    for (path, text) in built {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse::<Path>().unwrap(), path);
    }
}

/// RFC 7644 section 3.5.2, rule `valuePath`: what the grammar does not have cannot be built.
#[test]
fn a_path_that_is_none_cannot_be_built() {
    let kind = || Filter::equal(AttrPath::of("type"), "work");
    assert!(Path::of("name").then("givenName").where_value(kind()).is_err());
    let nested = Filter::value_path(AttrPath::of("emails"), kind()).unwrap();
    assert!(Path::of("emails").where_value(!nested).is_err());
}

/// RFC 7644 section 3.5.2, `invalidPath`: a path that the schemas do not have is well-formed and refused by them.
#[test]
fn schemas_know_which_paths_are_theirs() {
    const NONE: Option<ErrorKind> = None;
    let absent = || Some(ErrorKind::NoAttribute);
    for (text, user, group) in [
        ("title".to_owned(), NONE, absent()),
        ("TITLE".to_owned(), NONE, absent()),
        ("externalId".to_owned(), NONE, NONE),
        ("meta.location".to_owned(), NONE, NONE),
        ("displayName".to_owned(), NONE, NONE),
        ("members[value eq \"1\"]".to_owned(), absent(), NONE),
        ("members[value eq \"1\"].displayName".to_owned(), absent(), NONE),
        ("members[value eq \"1\"].title".to_owned(), absent(), absent()),
        ("name.nickName".to_owned(), absent(), absent()),
        ("title.x".to_owned(), absent(), absent()),
        ("emails.primary".to_owned(), NONE, absent()),
        ("emails[display pr]".to_owned(), NONE, absent()),
        ("emails[kind pr]".to_owned(), absent(), absent()),
        ("emails[type pr and not (kind pr)]".to_owned(), absent(), absent()),
        ("emails[type.x pr]".to_owned(), absent(), absent()),
        ("name[givenName pr]".to_owned(), Some(ErrorKind::NotMultiValued), absent()),
        ("title[value pr]".to_owned(), Some(ErrorKind::NotMultiValued), absent()),
        (ENTERPRISE.to_owned(), NONE, absent()),
        (USER.to_owned(), NONE, absent()),
        (format!("{USER}:title"), NONE, absent()),
        (format!("{ENTERPRISE}:department"), NONE, absent()),
        (format!("{ENTERPRISE}:title"), absent(), absent()),
        (format!("{ENTERPRISE}:manager[value pr]"), Some(ErrorKind::NotMultiValued), absent()),
        ("department".to_owned(), absent(), absent()),
        ("urn:example:2.0:Badge:colour".to_owned(), absent(), absent()),
    ] {
        let path: Path = text.parse().unwrap();
        let kind = |schemas: Schemas| schemas.check_path(&path).err().map(|error| error.kind().clone());
        assert_eq!((kind(Schemas::user()), kind(Schemas::group())), (user, group), "{text}");
    }
}

/// A change lies within the attribute or the extension that its path begins with.
#[test]
fn paths_lie_within_their_attribute_or_extension() {
    for (text, name, within) in [
        ("name.givenName", "NAME", true),
        ("emails[type eq \"work\"].value", "emails", true),
        ("name.givenName", "givenName", false),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", ENTERPRISE, true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", ENTERPRISE, true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "department", false),
        ("department", ENTERPRISE, false),
    ] {
        assert_eq!(text.parse::<Path>().unwrap().is_within(name), within, "{text} {name}");
    }
}

/// RFC 7644 section 3.5.2: an error has the byte at which the path was left, inside a filter too.
#[test]
fn errors_have_the_byte_and_the_expectation() {
    const NAME: &str = "an attribute name";
    const SUB: &str = "a sub-attribute name";
    const FILTER: &str = "an attribute path";
    for (text, at, expected, found) in [
        ("", 0, NAME, ""),
        ("1st", 0, NAME, "1st"),
        ("a b", 0, NAME, "a b"),
        (".name", 0, NAME, ".name"),
        ("name.", 5, SUB, ""),
        ("name.given name", 5, SUB, "given name"),
        ("name.a.b", 5, SUB, "a.b"),
        ("user:name", 4, "an attribute name without a colon, or a URI that begins with urn:", ":name"),
        ("urn:example:2.0:Badge:", 22, NAME, ""),
        ("urn:example:2.0:Badge:a.", 24, SUB, ""),
        ("urn:ex\"ample:2.0:Badge:a", 0, "the URN of a schema", "urn:ex\"ample:2.0:Badge:a"),
        ("urn:badge:a", 0, "a URN with a namespace and a name", "urn:badge:a"),
        ("[type eq 1]", 0, NAME, ""),
        ("emails[type eq 1", 16, "and, or or a closing bracket", ""),
        ("emails]type eq 1[", 0, NAME, "emails]type eq 1"),
        ("name.x[type eq 1]", 6, "a dot or the end, because a filter stands behind an attribute and not a sub-attribute", "[type eq 1]"),
        ("emails[type eq 1]value", 17, "a dot or the end", "value"),
        ("emails[type eq 1].", 18, SUB, ""),
        ("emails[type eq 1].a.b", 18, SUB, "a.b"),
        ("emails[type eq 1].a[b pr]", 18, SUB, "a[b pr]"),
        ("emails[]", 7, FILTER, "]"),
        ("emails[ type pr]", 7, FILTER, " "),
        ("emails[type is 1]", 12, "an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr", "is"),
        ("emails[type eq work]", 15, "a JSON string, number, true, false or null", "work]"),
        ("emails[a[b pr]]", 8, "a space and an operator, because brackets do not stand in brackets", "[b"),
    ] {
        assert_eq!(error(text), (at, expected, found.to_owned()), "{text:?}");
    }
}

/// Bounds of this crate: a path has 10,000 bytes, and what stands in its brackets is as deep as a filter may be.
#[test]
fn length_and_depth_are_capped() {
    let long = |length: usize| format!("emails[type eq \"{}\"]", "x".repeat(length - 18));
    assert!(long(10_000).parse::<Path>().is_ok());
    assert_eq!((error(&long(10_001)).0, error(&long(10_001)).1), (0, "at most 10,000 bytes"));
    let deep = |depth: usize| format!("emails[{}type pr{}]", "(".repeat(depth), ")".repeat(depth));
    assert!(deep(31).parse::<Path>().is_ok());
    assert_eq!(error(&deep(32)).1, "at most 32 parentheses and brackets in each other");
}

/// RFC 7643 section 10.2: schema URIs compare without case and keep their spelling.
#[test]
fn schema_uris_compare_without_case() {
    let upper = SchemaUri::from(ENTERPRISE.to_uppercase().as_str());
    assert_eq!(upper, SchemaUri::ENTERPRISE_USER);
    assert_ne!(upper, SchemaUri::USER);
    assert_eq!(upper.to_string(), ENTERPRISE.to_uppercase());
}
