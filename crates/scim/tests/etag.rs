//! Versions of resources, and requests that depend on them (RFC 7644 section 3.14, RFC 9110 sections 8.8.3 and 13.1).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{ETag, ETags, Precondition, Resource};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

fn tag(text: &str) -> ETag {
    text.parse().unwrap()
}

/// RFC 9110 section 8.8.3, figure 2: weak and strong tags, and one that is empty.
#[test]
fn tags_are_read_and_written() {
    for (text, is_weak, inside) in
        [("\"xyzzy\"", false, "xyzzy"), ("W/\"xyzzy\"", true, "xyzzy"), ("\"\"", false, ""), ("W/\"a,b\\c/é\"", true, "a,b\\c/é")]
    {
        let read = tag(text);
        assert_eq!((read.is_weak(), read.tag()), (is_weak, inside));
        assert_eq!(read.to_string(), text);
    }
}

/// RFC 9110 section 8.8.3: what is no tag is refused, with the place.
#[test]
fn what_is_no_tag_is_refused() {
    let malformed = |at: usize| format!("wrong type: expected an entity tag such as W/\"1\", found another text at byte {at}");
    for (text, at) in [
        ("", 0),
        ("*", 0),
        ("xyzzy", 0),
        ("'xyzzy'", 0),
        ("w/\"x\"", 0),
        ("W\"x\"", 0),
        ("W/x", 2),
        ("W/ \"x\"", 2),
        ("\"x", 2),
        ("W/\"x", 4),
        ("\"a b\"", 2),
        ("W/\"a\tb\"", 4),
        ("\"a\u{7f}\"", 2),
        ("\"a\" ", 3),
        ("\"a\"\"b\"", 3),
    ] {
        assert_eq!(text.parse::<ETag>().unwrap_err().to_string(), malformed(at), "{text}");
    }
    assert_eq!(ETag::strong("a\"b").unwrap_err().to_string(), malformed(1));
    let long = "x".repeat(1025);
    for error in [ETag::strong(&long).unwrap_err(), ETag::weak(&long).unwrap_err(), format!("\"{long}\"").parse::<ETag>().unwrap_err()] {
        assert_eq!(error.to_string(), "invalid identifier: expected 1 to 1024 bytes, found 1025");
    }
    assert!(ETag::strong(&"x".repeat(1024)).is_ok());
}

/// RFC 9110 section 8.8.3.2, table 3: the two ways to compare.
#[test]
fn tags_compare_strongly_and_weakly() {
    for (one, other, strongly, weakly) in [
        ("W/\"1\"", "W/\"1\"", false, true),
        ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true),
        ("\"1\"", "\"2\"", false, false),
        ("\"a\"", "\"A\"", false, false),
    ] {
        let (one, other) = (tag(one), tag(other));
        assert_eq!((one.matches_strongly(&other), one.matches_weakly(&other)), (strongly, weakly), "{one} {other}");
        assert_eq!((other.matches_strongly(&one), other.matches_weakly(&one)), (strongly, weakly), "{one} {other}");
    }
}

/// RFC 9110 section 13.1.1: a list of tags, or a star; empty elements are no elements (section 5.6.1.2).
#[test]
fn lists_of_tags_are_read_and_written() {
    for (text, expected, written) in [
        ("*", ETags::Any, "*"),
        (" * ", ETags::Any, "*"),
        ("\"a\"", ETags::from(tag("\"a\"")), "\"a\""),
        ("\"a\",W/\"b\" , \"c,d\"", ETags::These(vec![tag("\"a\""), tag("W/\"b\""), tag("\"c,d\"")]), "\"a\", W/\"b\", \"c,d\""),
        (", ,\"a\",,\t\"b\",", ETags::These(vec![tag("\"a\""), tag("\"b\"")]), "\"a\", \"b\""),
    ] {
        let read: ETags = text.parse().unwrap();
        assert_eq!(read, expected, "{text}");
        assert_eq!(read.to_string(), written);
    }
    for (text, at) in [("", 0), (" , ", 3), ("\"a\" \"b\"", 4), ("\"a\";", 3), ("*, \"a\"", 0), ("\"a\", *", 5), ("\"a\", b", 5)] {
        let expected = format!("wrong type: expected an entity tag such as W/\"1\", found another text at byte {at}");
        assert_eq!(text.parse::<ETags>().unwrap_err().to_string(), expected, "{text}");
    }
}

/// RFC 9110 section 13.1: a star is about whether there is a resource at all, tags are about its version.
#[test]
fn preconditions_hold() {
    let (weak, other) = (tag("W/\"1\""), tag("\"2\""));
    let these = || ETags::These(vec![tag("W/\"1\""), tag("\"3\"")]);
    for (current, any, named) in [(Some(&weak), true, true), (Some(&other), true, false), (None, false, false)] {
        assert_eq!(Precondition::IfMatch(ETags::Any).holds(current), any);
        assert_eq!(Precondition::IfNoneMatch(ETags::Any).holds(current), !any);
        assert_eq!(Precondition::IfMatch(these()).holds(current), named);
        assert_eq!(Precondition::IfNoneMatch(these()).holds(current), !named);
    }
    // RFC 7644 section 3.5.2 sends weak tags in If-Match, which the strong comparison of RFC 9110 section 13.1.1 never lets pass.
    assert!(Precondition::if_match(weak.clone()).holds(Some(&weak)));
    assert!(!Precondition::if_match(weak.clone()).holds_strongly(Some(&weak)));
    assert!(Precondition::if_match(other.clone()).holds_strongly(Some(&other)));
    assert!(Precondition::IfMatch(ETags::Any).holds_strongly(Some(&weak)));
    assert!(!Precondition::if_none_match(weak.clone()).holds_strongly(Some(&weak)));
    assert_eq!(Precondition::if_none_match(weak.clone()).tags(), &ETags::from(weak));
}

/// RFC 7643 section 3.1: `meta.version` is the value of the header `ETag`.
#[test]
fn resources_have_a_version() {
    for (json, expected) in [
        (r#"{"meta":{"version":"W/\"f250dd84\""}}"#, Some(tag("W/\"f250dd84\""))),
        (r#"{"Meta":{"VERSION":"\"7\""}}"#, Some(tag("\"7\""))),
        (r#"{"meta":{"version":"7"}}"#, None),
        (r#"{"meta":{"version":7}}"#, None),
        (r#"{"meta":[]}"#, None),
        ("{}", None),
    ] {
        assert_eq!(Resource::from_json(json.as_bytes()).unwrap().version(), expected, "{json}");
    }
}

fn any_tag() -> impl Strategy<Value = ETag> {
    let inside = prop_oneof!["[!#-~]{0,12}", "[!,/W*é漢]{0,6}"];
    (any::<bool>(), inside).prop_map(|(is_weak, inside)| if is_weak { ETag::weak(&inside) } else { ETag::strong(&inside) }.unwrap())
}

proptest! {
    /// What is written reads the same.
    #[test]
    fn tags_survive_a_round_trip(one in any_tag(), more in vec(any_tag(), 1..5)) {
        prop_assert_eq!(one.to_string().parse::<ETag>().unwrap(), one);
        let list = ETags::These(more);
        prop_assert_eq!(list.to_string().parse::<ETags>().unwrap(), list);
    }

    /// Whatever is read is read the same again, and nothing panics.
    #[test]
    fn any_text_may_be_a_list_of_tags(text in "[W/\"*, a\t]{0,16}") {
        if let Ok(read) = text.parse::<ETags>() {
            prop_assert_eq!(read.to_string().parse::<ETags>().unwrap(), read);
        }
    }
}
