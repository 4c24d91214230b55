//! Paths: of attributes, of extensions, and into the values of multi-valued attributes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttrPath, ErrorKind, Filter, Location, Path, SchemaUri};

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

fn error(text: &str) -> (usize, bool) {
    let error = text.parse::<Path>().unwrap_err();
    match error.at() {
        Location::Byte(at) => (*at, matches!(error.kind(), ErrorKind::Filter { .. })),
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
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", None, "name", None, Some("givenName")),
        ("urn:ietf:params:scim:schemas:core:2.0:Group:members", None, "members", None, None),
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
    ] {
        let path: Path = text.parse().unwrap();
        assert_eq!(path.to_string(), text);
        assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
    }
    assert_eq!("urn:ietf:params:scim:schemas:core:2.0:User:title".parse::<Path>().unwrap().to_string(), "title");
}

/// RFC 7644 section 3.10: the core schema's URI may be left out, so with and without it a path is the same, read or built.
#[test]
fn the_core_schema_is_left_out() {
    let plain = AttrPath::new(AttrName::from_static("title"));
    assert_eq!(plain.clone().in_schema(SchemaUri::USER), plain);
    assert_eq!(plain.clone().in_schema(SchemaUri::GROUP), plain);
    let extension = plain.clone().in_schema(SchemaUri::ENTERPRISE_USER);
    assert_eq!(extension.to_string(), format!("{ENTERPRISE}:title"));
    assert_ne!(extension, plain);
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
    let kind = |value: &str| Filter::equal(AttrPath::new(AttrName::from_static("type")), value);
    let sub = AttrName::from_static("locality");
    let built = [
        (Path::of("title"), "title"),
        (Path::of("name").then(AttrName::from_static("givenName")), "name.givenName"),
        (Path::of("addresses").where_value(kind("work")), "addresses[type eq \"work\"]"),
        (Path::of("addresses").where_value(kind("a\"]")).then(sub), "addresses[type eq \"a\\\"]\"].locality"),
    ];
    for (path, text) in built {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse::<Path>().unwrap(), path);
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
fn errors_have_the_byte() {
    for (text, at, in_filter) in [
        ("", 0, false),
        ("1st", 0, false),
        ("a b", 0, false),
        (".name", 0, false),
        ("name.", 5, false),
        ("name.given name", 5, false),
        ("name.a.b", 5, false),
        ("user:name", 4, false),
        ("urn:example:2.0:Badge:", 22, false),
        ("urn:example:2.0:Badge:a.", 24, false),
        ("[type eq 1]", 0, false),
        ("emails[type eq 1", 6, false),
        ("emails]type eq 1[", 0, false),
        ("name.x[type eq 1]", 6, false),
        ("emails[type eq 1]value", 17, false),
        ("emails[type eq 1].", 18, false),
        ("emails[type eq 1].a.b", 18, false),
        ("emails[]", 7, true),
        ("emails[type pr]", 12, true),
        ("emails[type eq work]", 15, true),
        ("emails[type eq 1 or type eq 2]", 17, true),
    ] {
        assert_eq!(error(text), (at, in_filter), "{text:?}");
    }
}

/// RFC 7643 section 10.2: schema URIs compare without case and keep their spelling.
#[test]
fn schema_uris_compare_without_case() {
    let upper = SchemaUri::from(ENTERPRISE.to_uppercase().as_str());
    assert_eq!(upper, SchemaUri::ENTERPRISE_USER);
    assert_ne!(upper, SchemaUri::USER);
    assert_eq!(upper.to_string(), ENTERPRISE.to_uppercase());
}
