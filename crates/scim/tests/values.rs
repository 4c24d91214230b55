//! Values and attribute names: what is read is what is written.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use idbridge_scim::{AttrName, AttrPath, ErrorKind, Number, Object, Resource, SchemaUri, Value};

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn object(json: &str) -> Object {
    read(json).as_object().unwrap().clone()
}

fn hash(name: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// RFC 7643 section 2.1 and RFC 7644 section 3.10: what is equal hashes and sorts the same.
#[test]
fn uris_and_paths_hash_as_they_compare() {
    let upper = SchemaUri::from("URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER");
    assert_eq!((hash(&upper), upper.cmp(&SchemaUri::USER)), (hash(&SchemaUri::USER), std::cmp::Ordering::Equal));
    assert!(SchemaUri::GROUP < upper && hash(&SchemaUri::GROUP) != hash(&upper));
    assert_eq!(serde_json::to_string(&upper).unwrap(), format!("\"{upper}\""));
    assert_eq!(serde_json::from_str::<SchemaUri>(&format!("\"{upper}\"")).unwrap().as_str(), upper.as_str());

    let path = |text: &str| text.parse::<AttrPath>().unwrap();
    let plain = path("name.givenName");
    for same in ["NAME.GIVENNAME", "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName"] {
        assert_eq!((hash(&path(same)), path(same)), (hash(&plain), plain.clone()));
    }
    for other in ["name", "givenName.name", "urn:example:2.0:User:name.givenName"] {
        assert!(hash(&path(other)) != hash(&plain) && path(other) != plain);
    }
}

/// RFC 7643 sections 2.3.3 and 2.3.4: numbers go in and out as far as they are exact, and none is infinite.
#[test]
fn numbers_are_given_as_far_as_they_are_exact() {
    let number = |json: &str| read(json).as_number().unwrap();
    for (json, signed, unsigned) in [
        ("0", Some(0), Some(0)),
        ("-7", Some(-7), None),
        ("9223372036854775807", Some(i64::MAX), Some(9_223_372_036_854_775_807)),
        ("18446744073709551615", None, Some(u64::MAX)),
        ("6.0", None, None),
        ("1e300", None, None),
    ] {
        assert_eq!((number(json).as_i64(), number(json).as_u64()), (signed, unsigned), "{json}");
    }
    assert_eq!(number("18446744073709551615").as_f64().to_string(), "18446744073709552000");
    assert_eq!(Value::from(Number::try_from(6.5).unwrap()), read("6.5"));
    assert_eq!(Value::from(Number::from(7)), Value::from(7));
    for (infinite, found) in [(f64::NAN, "not a number"), (f64::INFINITY, "infinity"), (f64::NEG_INFINITY, "infinity")] {
        let error = Number::try_from(infinite).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Type { expected: "a finite number", found });
    }
    assert_eq!([read("null"), read("true"), read("\"7\""), read("[7]")].map(|value| value.as_number()), [None; 4]);
}

/// RFC 7643 section 2.3.8: a complex value is walked through in the order in which it is written.
#[test]
fn objects_are_walked_through_in_order() {
    let mut object = object(r#"{"b":1,"a":[],"C":"c"}"#);
    let mut names = Vec::new();
    for (name, value) in &object {
        names.push((name.to_string(), value.clone()));
    }
    assert_eq!(names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b", "a", "C"]);
    for (name, value) in object.iter_mut() {
        *value = Value::from(name.as_str());
    }
    assert_eq!(Value::from(object).to_string(), r#"{"b":"b","a":"a","C":"C"}"#);
}

/// RFC 7643 section 2.1: attribute names are case insensitive.
#[test]
fn attribute_names_compare_without_case_in_every_way() {
    let names = ["userName", "USERNAME", "username", "UserName"].map(|name| AttrName::new(name).unwrap());
    for name in &names {
        assert_eq!(*name, names[0]);
        assert_eq!(name.cmp(&names[0]), std::cmp::Ordering::Equal);
        assert_eq!(hash(name), hash(&names[0]));
        assert!(name.is("uSERnAME"));
        assert!(!name.is("userNames"));
    }
    assert_eq!(BTreeSet::from(names).len(), 1);
}

/// RFC 7643 section 2.1: names order by their letters, whatever their case.
#[test]
fn attribute_names_order_by_their_lower_case() {
    let ordered = ["active", "Addresses", "emails", "EMAILSX", "userName"].map(AttrName::from_static);
    for pair in ordered.windows(2) {
        assert!(pair[0] < pair[1], "{} is not before {}", pair[0], pair[1]);
    }
}

/// RFC 7643 section 2.1, rule `ATTRNAME`; section 3.3: the name of an extension is its URI.
#[test]
fn attribute_names_follow_the_rule() {
    for name in ["userName", "$ref", "x509Certificates", "a-b_c", "A", "urn:ietf:params:scim:schemas:core:2.0:User", "URN:example:x"] {
        assert_eq!(AttrName::new(name).unwrap().to_string(), name);
    }
    for name in ["", "1st", "_id", "-", "user name", "user.name", "user:name", "größe", "a[b", "a\"b", " a", "a\n"] {
        let error = AttrName::new(name).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::AttributeName { found: name.to_owned() });
    }
}

/// RFC 7643 section 2.1: a name is written as it was read.
#[test]
fn the_first_spelling_of_a_name_is_kept() {
    let mut user = object(r#"{"USERNAME":"anna","Title":"x"}"#);
    user.set("userName", "berta");
    user.set("nickName", "b");
    user.set("NICKNAME", "c");
    assert_eq!(Value::Object(user).to_string(), r#"{"USERNAME":"berta","Title":"x","nickName":"c"}"#);
}

/// RFC 7643 section 2.1: two names that differ only in case are one name, and one attribute has one value.
#[test]
fn an_attribute_that_is_there_twice_is_refused() {
    for json in [
        r#"{"userName":"a","userName":"b"}"#,
        r#"{"userName":"a","USERNAME":"a"}"#,
        r#"{"x":[{"value":1,"Value":2}]}"#,
        r#"{"urn:example:x":{},"URN:EXAMPLE:X":{}}"#,
    ] {
        let error = Resource::from_json(json.as_bytes()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Json { reason } if reason.contains("is there twice at line 1")), "{error}");
    }
}

/// RFC 7643 section 2.3 and 3.3: what nobody knows survives a round trip, with its order and its unassigned values.
#[test]
fn unknown_content_survives_a_round_trip() {
    for json in [
        r#"{}"#,
        r#"{"b":1,"a":{"Z":null,"y":[],"x":[[1],[{}]]}}"#,
        r#"{"urn:example:2.0:Badge":{"colour":"blue","levels":[1,2.5,-3]}}"#,
        r#"{"text":"\"quoted\" \\ \n \u0001 ü 🦀"}"#,
        r#"{"odd name":true,"ünïcode":false,"":0,"a.b":1}"#,
    ] {
        let resource = Resource::from_json(json.as_bytes()).unwrap();
        assert_eq!(resource.to_json(), json);
        assert_eq!(serde_json::to_string(&resource).unwrap(), json);
    }
}

/// RFC 7643 section 2.3.3 and 2.3.4: numbers are kept as far as 64 bits go.
#[test]
fn numbers_are_written_as_they_are_read() {
    for text in ["0", "7", "-7", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "2.5", "-0.25", "1.0", "1e300"] {
        let number: Number = serde_json::from_str(text).unwrap();
        let written = serde_json::to_string(&number).unwrap();
        assert_eq!(serde_json::from_str::<Number>(&written).unwrap(), number, "{text}");
        assert_eq!(number.to_string().parse::<f64>().unwrap(), text.parse::<f64>().unwrap());
        if text != "1e300" {
            assert_eq!((written.as_str(), number.to_string().as_str()), (text, text));
        }
    }
    assert_eq!(Number::from(-3).to_string(), "-3");
    assert!(serde_json::from_str::<Number>("\"7\"").is_err());
    assert!(serde_json::from_str::<Value>("1e999").is_err());
}

/// RFC 7643 section 2.3.3: a decimal keeps its last bit.
#[test]
fn decimals_keep_their_last_bit() {
    for text in ["1.7976931348623157e308", "0.1", "122.416294033786585", "5e-324", "2.2250738585072014e-308", "9007199254740993.5"] {
        let number: Number = serde_json::from_str(text).unwrap();
        assert_eq!(number.to_string().parse::<f64>().unwrap().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }
}

/// RFC 7643 section 2.5: null and the empty array say the same, and are kept apart all the same.
#[test]
fn null_and_the_empty_array_are_unassigned() {
    for (json, unassigned) in
        [("null", true), ("[]", true), ("{}", false), ("\"\"", false), ("false", false), ("0", false), ("[null]", false)]
    {
        assert_eq!(read(json).is_unassigned(), unassigned, "{json}");
    }
    assert_ne!(read("null"), read("[]"));
}

/// RFC 7643 section 2.3: each accessor gives its own type and no other.
#[test]
fn accessors_give_their_own_type() {
    let values = [read("null"), read("true"), read("7"), read("\"x\""), read("[1]"), read("{\"a\":1}")];
    let given = values.each_ref().map(|v| (v.as_bool().is_some(), v.as_str().is_some(), v.as_array().is_some(), v.as_object().is_some()));
    let none = (false, false, false, false);
    let expected =
        [none, (true, false, false, false), none, (false, true, false, false), (false, false, true, false), (false, false, false, true)];
    assert_eq!(given, expected);
}

/// RFC 8259 section 4: the members of an object have no order; those of an array have (section 5).
#[test]
fn objects_are_equal_whatever_their_order() {
    for (left, right, equal) in [
        (r#"{"a":1,"b":{"c":2,"d":3}}"#, r#"{"B":{"D":3,"C":2},"A":1}"#, true),
        (r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#, false),
        (r#"{"a":1,"b":2}"#, r#"{"b":1,"a":2}"#, false),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":1,"c":1}"#, r#"{"a":1,"b":1}"#, false),
        (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, false),
        (r#"{"a":"x"}"#, r#"{"a":"X"}"#, false),
        (r#"{"a":null}"#, r#"{}"#, false),
    ] {
        assert_eq!(object(left) == object(right), equal, "{left} {right}");
        assert_eq!(object(right) == object(left), equal, "{right} {left}");
    }
}

/// RFC 7643 section 2.1: an object is asked, changed and emptied without case.
#[test]
fn objects_are_changed_without_case() {
    let mut name = object(r#"{"givenName":"Anna","familyName":"Berg"}"#);
    assert_eq!(name.get("GIVENNAME").and_then(Value::as_str), Some("Anna"));
    *name.get_mut("GivenName").unwrap() = Value::from("Berta");
    assert_eq!(name.remove("GIVENname"), Some(Value::from("Berta")));
    assert_eq!(name.remove("givenName"), None);
    assert_eq!((name.len(), name.is_empty()), (1, false));
    assert_eq!(name.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["familyName"]);
    assert_eq!(name.into_iter().next(), Some((AttrName::from_static("familyname"), Value::from("Berg"))));
}

/// Bounds of this crate: depth 127, and 1,000 attributes in one object.
#[test]
fn depth_and_width_are_capped() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(Resource::from_json(nested(127).as_bytes()).is_ok());
    let error = Resource::from_json(nested(128).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
    assert!(Resource::from_json(nested(1_000_000).as_bytes()).is_err());

    let wide = |count: usize| format!("{{{}}}", (0..count).map(|i| format!("\"a{i}\":{i}")).collect::<Vec<_>>().join(","));
    assert_eq!(Resource::from_json(wide(1_000).as_bytes()).unwrap().attributes().len(), 1_000);
    let error = Resource::from_json(wide(1_001).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("an object has more than 1000 attributes"), "{error}");
}

/// RFC 8259 section 2 and 8.1: what is no JSON object in UTF-8 is refused.
#[test]
fn other_texts_are_refused() {
    let texts: [&[u8]; 10] =
        [b"", b"{", b"{}x", b"[]", b" [1]", b"null", b"\"x\"", b"{\"a\":\"\xff\"}", b"{\"a\":\"\\ud800\"}", b"\xef\xbb\xbf{}"];
    for text in texts {
        let error = Resource::from_json(text).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Json { .. }), "{text:?}");
    }
    assert!(Resource::from_json(b" \n{}\t ").is_ok());
}
