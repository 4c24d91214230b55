//! Filters: the ones that AWS takes are built, printed and read, and nothing else is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttrPath, CompareOp, ErrorKind, ExternalId, Filter, Location, Number, ResourceId, Value};

fn id(id: &str) -> ResourceId {
    ResourceId::new(id).unwrap()
}

fn error(text: &str) -> (usize, &'static str, String) {
    let error = text.parse::<Filter>().unwrap_err();
    match (error.at(), error.kind()) {
        (Location::Byte(at), ErrorKind::Filter { expected, found }) => (*at, expected, found.clone()),
        other => panic!("{text:?} gives {other:?}"),
    }
}

/// AWS developer guide, `ListUsers` and `ListGroups`: every filter that the service takes.
#[test]
fn every_filter_that_aws_takes_is_built_printed_and_read() {
    let manager = |user: &str, manager: &str| {
        let path = |name| AttrPath::new(AttrName::from_static(name));
        Filter::equal(path("id"), user).and(Filter::equal(path("manager"), manager))
    };
    let built = [
        (Filter::user_name("anna@example.com"), r#"userName eq "anna@example.com""#),
        (Filter::external_id(&ExternalId::new("u-1").unwrap()), r#"externalId eq "u-1""#),
        (manager("u-1", "m-1"), r#"id eq "u-1" and manager eq "m-1""#),
        (Filter::members_of(&id("g-1")), r#"groups.value eq "g-1""#),
        (Filter::display_name("Crane drivers"), r#"displayName eq "Crane drivers""#),
        (Filter::groups_of(&id("u-1")), r#"members.value eq "u-1""#),
        (Filter::membership(&id("g-1"), &id("u-1")), r#"id eq "g-1" and members eq "u-1""#),
    ];
    for (filter, text) in built {
        assert_eq!(filter.to_string(), text);
        assert_eq!(text.parse::<Filter>().unwrap(), filter);
    }
}

/// RFC 7644 section 3.4.2.2: what is printed is read as the same filter, and printing is canonical.
#[test]
fn filters_are_printed_in_one_form() {
    for (text, printed) in [
        (r#"userName eq "a""#, r#"userName eq "a""#),
        (r#"USERNAME EQ "a" AND Active Eq true"#, r#"USERNAME eq "a" and Active eq true"#),
        ("a eq 1 and b eq -2.5 and c eq null and d eq false", "a eq 1 and b eq -2.5 and c eq null and d eq false"),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m-1""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m-1""#,
        ),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a""#, r#"userName eq "a""#),
        (r#"a eq " and b eq ""#, r#"a eq " and b eq ""#),
        (r#"a eq """#, r#"a eq """#),
    ] {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.to_string(), printed);
        assert_eq!(printed.parse::<Filter>().unwrap(), filter);
    }
}

/// RFC 7644 section 3.4.2.2: a string follows the rules of JSON (RFC 7159 section 7).
#[test]
fn strings_are_escaped_as_in_json() {
    for (name, printed) in [
        (r#"o"neil"#, r#"userName eq "o\"neil""#),
        (r"a\b", r#"userName eq "a\\b""#),
        ("a\nb\t\u{1}", r#"userName eq "a\nb\t\u0001""#),
        ("Größe 🦀", "userName eq \"Größe 🦀\""),
    ] {
        let filter = Filter::user_name(name);
        assert_eq!(filter.to_string(), printed);
        assert_eq!(printed.parse::<Filter>().unwrap(), filter);
    }
    let escaped: Filter = r#"userName eq "\u0061\/\uD83E\uDD80""#.parse().unwrap();
    assert_eq!(escaped.comparisons()[0].value(), &Value::from("a/🦀"));
}

/// RFC 7644 section 3.4.2.2: a filter is a list of comparisons here, and each tells its parts.
#[test]
fn comparisons_tell_their_parts() {
    let filter: Filter = r#"name.givenName eq "Anna" and active eq true and age eq 7 and x eq null"#.parse().unwrap();
    let values: Vec<_> = filter.comparisons().iter().map(|comparison| comparison.value().clone()).collect();
    assert_eq!(values, [Value::from("Anna"), Value::from(true), Value::Number(Number::from(7)), Value::Null]);
    let first = &filter.comparisons()[0];
    assert_eq!(first.path().sub_attribute().unwrap().as_str(), "givenName");
    assert_eq!((first.operator(), first.operator().to_string().as_str()), (CompareOp::Equal, "eq"));
}

/// RFC 7644 section 3.4.2.2: an error has the byte at which the grammar was left, what it allows there, and what stands there.
#[test]
fn errors_have_the_byte_and_the_expectation() {
    const PATH: &str = "an attribute path";
    const OPERATOR: &str = "the operator eq";
    const VALUE: &str = "a JSON string, number, true, false or null";
    for (text, at, expected, found) in [
        ("", 0, PATH, ""),
        (" userName eq \"a\"", 0, PATH, " "),
        ("1st eq 1", 0, PATH, "1st"),
        ("user:name eq 1", 0, PATH, "user:name"),
        ("(userName eq \"a\")", 0, PATH, "(userName"),
        ("not (a eq 1)", 4, OPERATOR, "(a"),
        ("userName", 8, "a space and the operator eq", ""),
        ("userName pr", 9, OPERATOR, "pr"),
        ("userName co \"a\"", 9, OPERATOR, "co"),
        ("userName  eq \"a\"", 9, OPERATOR, " "),
        ("userName eq", 11, "a space and a value", ""),
        ("userName eq ", 12, VALUE, ""),
        ("userName eq  \"a\"", 12, VALUE, " "),
        ("userName eq \n\"a\"", 12, VALUE, "\n\"a\""),
        ("userName eq anna", 12, VALUE, "anna"),
        ("userName eq 'anna'", 12, VALUE, "'anna'"),
        ("userName eq \"anna", 12, VALUE, "\"anna"),
        ("userName eq \"\\x\"", 12, VALUE, "\"\\x\""),
        ("userName eq [1]", 12, VALUE, "[1]"),
        ("userName eq {}", 12, VALUE, "{}"),
        ("userName eq 01", 12, VALUE, "01"),
        ("userName eq True", 12, VALUE, "True"),
        ("größe eq 1", 0, PATH, "größe"),
        ("userName eq \"ü\" or a eq 1", 17, "the word and", "or"),
        ("userName eq \"a\" ", 16, "the word and", ""),
        ("userName eq \"a\"and b eq 1", 15, "a space and the word and", "and"),
        ("a eq 1 and", 10, "a space", ""),
        ("a eq 1 and ", 11, PATH, ""),
        ("a eq 1 and b gt 2", 13, OPERATOR, "gt"),
        ("a eq 1 and  b eq 2", 11, PATH, " "),
        ("emails[type eq \"work\"] eq 1", 0, PATH, "emails[type"),
    ] {
        assert_eq!(error(text), (at, expected, found.to_owned()), "{text:?}");
    }
}

/// Bounds of this crate: 10,000 bytes and 20 comparisons; an error quotes 40 bytes at most.
#[test]
fn length_and_comparisons_are_capped() {
    let joined = |count: usize| vec!["a eq 1"; count].join(" and ");
    assert_eq!(joined(20).parse::<Filter>().unwrap().comparisons().len(), 20);
    assert_eq!(error(&joined(21)).1, "at most 20 comparisons");

    let long = |length: usize| format!("a eq \"{}\"", "x".repeat(length - 7));
    assert!(long(10_000).parse::<Filter>().is_ok());
    assert_eq!((error(&long(10_001)).0, error(&long(10_001)).1), (0, "at most 10,000 bytes"));

    assert_eq!(error(&format!("a eq {}", "ü".repeat(100))).2, "ü".repeat(20));
    assert_eq!(error(&format!("a eq x{}", "ü".repeat(100))).2, format!("x{}", "ü".repeat(19)));
    assert_eq!(error(&format!("a eq {}", "[".repeat(9_000))).2, "[".repeat(40));
}
