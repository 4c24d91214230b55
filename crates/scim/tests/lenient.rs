//! What lenient mode takes beside the RFCs, row by row of the table of `Mode`; strict mode refuses each, and what is written is strict.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{Error, Filter, Mode, PatchOp, Path, Resource, Schemas};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn patched(schemas: &Schemas, mode: Mode, before: &str, operations: &str) -> Result<String, Error> {
    let operations = operations.replace("E:", &format!("{ENTERPRISE}:")).replace("\"E\"", &format!("\"{ENTERPRISE}\""));
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#);
    let patch = PatchOp::from_json(text.as_bytes(), mode)?;
    let mut patched = resource(&before.replace("\"E\"", &format!("\"{ENTERPRISE}\"")));
    patch.apply(&mut patched, schemas, mode)?;
    Ok(patched.to_json().replace(ENTERPRISE, "E"))
}

/// Asserts what lenient mode makes of the operations, and what strict mode says of them.
fn only_lenient(schemas: &Schemas, before: &str, operations: &str, after: &str, refusal: &str) {
    assert_eq!(patched(schemas, Mode::Lenient, before, operations).as_deref(), Ok(resource(after).to_json().as_str()), "{operations}");
    let error = patched(schemas, Mode::Strict, before, operations).unwrap_err();
    assert_eq!(error.to_string().replace(ENTERPRISE, "E"), refusal, "{operations}");
}

fn user(before: &str, operations: &str, after: &str, refusal: &str) {
    only_lenient(&Schemas::user(), before, operations, after, refusal);
}

fn group(before: &str, operations: &str, after: &str, refusal: &str) {
    only_lenient(&Schemas::group(), before, operations, after, refusal);
}

/// RFC 7644 section 3.5.2 has the names in small letters; Entra ID writes them with a capital.
#[test]
fn operation_names_are_taken_in_any_case() {
    for (name, before, value, after) in [
        ("Add", "{}", r#""x""#, r#"{"title":"x"}"#),
        ("REPLACE", r#"{"title":"y"}"#, r#""x""#, r#"{"title":"x"}"#),
        ("Remove", r#"{"title":"y"}"#, "null", "{}"),
    ] {
        let operation = format!(r#"{{"op":"{name}","path":"title","value":{value}}}"#);
        let refusal = format!("invalid operation: expected the op add, remove or replace, found {name} at operation 0");
        user(before, &operation, after, &refusal);
    }
}

/// RFC 7644 section 3.5.2: the body names its schema; some clients leave that out.
#[test]
fn a_patch_need_not_name_its_schema() {
    let body = br#"{"Operations":[{"op":"remove","path":"title"}]}"#;
    assert!(PatchOp::from_json(body, Mode::Lenient).is_ok());
    assert_eq!(
        PatchOp::from_json(body, Mode::Strict).unwrap_err().to_string(),
        "invalid operation: expected the schema urn:ietf:params:scim:api:messages:2.0:PatchOp, found none at schemas"
    );
}

/// RFC 7643 section 2.3.2 has `true` and `false`; Entra ID and AWS's clients write strings.
#[test]
fn booleans_are_taken_as_strings() {
    for (text, value) in [("True", true), ("true", true), ("FALSE", false), ("False", false)] {
        user(
            "{}",
            &format!(r#"{{"op":"replace","path":"active","value":"{text}"}}"#),
            &format!(r#"{{"active":{value}}}"#),
            "wrong type: expected a boolean, found a string at active of operation 0",
        );
    }
    user(
        "{}",
        r#"{"op":"add","path":"emails","value":[{"value":"a","primary":"True"}]}"#,
        r#"{"emails":[{"value":"a","primary":true}]}"#,
        "wrong type: expected a boolean, found a string at emails.primary of operation 0",
    );
    assert!(patched(&Schemas::user(), Mode::Lenient, "{}", r#"{"op":"add","path":"active","value":"yes"}"#).is_err());
}

/// RFC 7644 section 3.5.2.1 has attributes in a value without a path; Entra ID writes paths there.
#[test]
fn keys_of_a_value_may_be_paths() {
    let refusal = |name: &str| format!("no schema of the resource has this attribute at {name} of operation 0");
    user(
        r#"{"name":{"familyName":"Berg"}}"#,
        r#"{"op":"add","value":{"name.givenName":"Anna","title":"x"}}"#,
        r#"{"name":{"familyName":"Berg","givenName":"Anna"},"title":"x"}"#,
        &refusal("name.givenName"),
    );
    user("{}", r#"{"op":"replace","value":{"E:department":"Cranes"}}"#, r#"{"E":{"department":"Cranes"}}"#, &refusal("E:department"));
    user(
        r#"{"emails":[{"type":"work","value":"a"}]}"#,
        r#"{"op":"replace","value":{"emails[type eq \"work\"].value":"b"}}"#,
        r#"{"emails":[{"type":"work","value":"b"}]}"#,
        &refusal(r#"emails[type eq "work"].value"#),
    );
}

/// RFC 7644 section 3.3 lets a service provider leave out what it does not know.
#[test]
fn unknown_attributes_of_a_value_are_left_out() {
    let refusal = |path: &str| format!("no schema of the resource has this attribute at {path} of operation 0");
    user("{}", r#"{"op":"add","value":{"title":"x","shoeSize":7}}"#, r#"{"title":"x"}"#, &refusal("shoeSize"));
    user("{}", r#"{"op":"add","value":{"name":{"givenName":"A","clan":"B"}}}"#, r#"{"name":{"givenName":"A"}}"#, &refusal("name.clan"));
    user("{}", r#"{"op":"add","path":"E","value":{"department":"x","floor":7}}"#, r#"{"E":{"department":"x"}}"#, &refusal("E:floor"));
    // A path that names what no schema has is refused all the same.
    assert!(patched(&Schemas::user(), Mode::Lenient, "{}", r#"{"op":"add","path":"shoeSize","value":7}"#).is_err());
}

/// RFC 7644 section 3.5.2.2 has no value behind `remove`; Entra ID, JumpCloud and AWS name with it what shall go.
#[test]
fn remove_takes_the_values_that_go() {
    let refusal = |found: &str| format!("invalid operation: expected a remove operation without a value, found {found} at operation 0");
    let before = r#"{"displayName":"x","members":[{"value":"1","display":"A"},{"value":"2"},{"value":"3"}]}"#;
    let after = r#"{"displayName":"x","members":[{"value":"2"}]}"#;
    for (value, found) in [
        (r#"[{"value":"1"},{"value":"3"}]"#, "an array"),
        (r#"["1","3"]"#, "an array"),
        (r#"{"members":[{"value":"1"},{"value":"3"}]}"#, "an object"),
    ] {
        group(before, &format!(r#"{{"op":"remove","path":"members","value":{value}}}"#), after, &refusal(found));
    }
    user(
        r#"{"title":"x","nickName":"y"}"#,
        r#"{"op":"remove","path":"title","value":"x"},{"op":"remove","path":"nickName","value":"z"}"#,
        r#"{"nickName":"y"}"#,
        &refusal("a string"),
    );
}

/// RFC 7644 section 3.5.2.3 refuses a `valuePath` without a match; Entra ID expects that the value comes into being.
#[test]
fn a_value_path_without_a_match_makes_the_value() {
    let refusal = |path: &str| format!("no value matches the path at {path} of operation 0");
    user(
        r#"{"emails":[{"type":"home","value":"h"}]}"#,
        r#"{"op":"add","path":"emails[type eq \"work\"].value","value":"w"}"#,
        r#"{"emails":[{"type":"home","value":"h"},{"type":"work","value":"w"}]}"#,
        &refusal(r#"emails[type eq "work"].value"#),
    );
    user(
        "{}",
        r#"{"op":"replace","path":"addresses[type eq \"work\"]","value":{"locality":"Bremen"}}"#,
        r#"{"addresses":[{"type":"work","locality":"Bremen"}]}"#,
        &refusal(r#"addresses[type eq "work"]"#),
    );
    user(
        r#"{"emails":[{"type":"home","value":"h"}]}"#,
        r#"{"op":"remove","path":"emails[type eq \"work\"]"}"#,
        r#"{"emails":[{"type":"home","value":"h"}]}"#,
        &refusal(r#"emails[type eq "work"]"#),
    );
    // A filter that describes no value cannot make one.
    for filter in [r#"type ne \"home\""#, r#"type eq \"a\" or type eq \"b\""#, "not (type pr)"] {
        let operation = format!(r#"{{"op":"add","path":"ims[{filter}].value","value":"w"}}"#);
        let error = patched(&Schemas::user(), Mode::Lenient, "{}", &operation).unwrap_err();
        assert_eq!(error.scim_type().as_str(), "noTarget", "{filter}");
    }
}

/// RFC 7644 section 3.5.2.3 replaces the whole value that a `valuePath` chose; Entra ID sends the parts that are new.
#[test]
fn a_chosen_value_is_merged() {
    let before = r#"{"addresses":[{"type":"work","locality":"a","region":"r"}]}"#;
    let replace = r#"{"op":"replace","path":"addresses[type eq \"work\"]","value":{"locality":"c"}}"#;
    assert_eq!(
        patched(&Schemas::user(), Mode::Lenient, before, replace).as_deref(),
        Ok(r#"{"addresses":[{"type":"work","locality":"c","region":"r"}]}"#)
    );
    assert_eq!(patched(&Schemas::user(), Mode::Strict, before, replace).as_deref(), Ok(r#"{"addresses":[{"locality":"c"}]}"#));
}

/// RFC 7643 section 4.3 has `manager` as a complex value; Entra ID sends the identifier alone, and an empty text for nobody.
#[test]
fn a_manager_is_taken_as_a_string() {
    let refusal = "wrong type: expected an object, found a string at E:manager of operation 0";
    user("{}", r#"{"op":"add","path":"E:manager","value":"m-1"}"#, r#"{"E":{"manager":{"value":"m-1"}}}"#, refusal);
    user(
        r#"{"E":{"manager":{"value":"m-1"},"department":"x"}}"#,
        r#"{"op":"replace","path":"E:manager","value":""}"#,
        r#"{"E":{"department":"x"}}"#,
        refusal,
    );
}

/// RFC 7643 section 2.4 has complex values in a list; a string stands for its `value`.
#[test]
fn a_string_stands_for_a_value_of_a_list() {
    let refusal = |path: &str| format!("wrong type: expected an object, found a string at {path} of operation 0");
    user("{}", r#"{"op":"add","path":"roles","value":["a","b"]}"#, r#"{"roles":[{"value":"a"},{"value":"b"}]}"#, &refusal("roles"));
    group("{}", r#"{"op":"add","path":"members","value":["1"]}"#, r#"{"members":[{"value":"1"}]}"#, &refusal("members"));
}

/// RFC 7644 section 3.5.2.3: a list is replaced by a list; one value is taken for a list of one.
#[test]
fn one_value_stands_for_a_list() {
    user(
        r#"{"emails":[{"value":"a"},{"value":"b"}]}"#,
        r#"{"op":"replace","path":"emails","value":{"value":"c"}}"#,
        r#"{"emails":[{"value":"c"}]}"#,
        "wrong type: expected an array, found an object at emails of operation 0",
    );
}

/// RFC 7644 section 3.5.2: a read-only attribute is not written; Okta writes what is there already.
#[test]
fn read_only_attributes_may_be_written_as_they_are() {
    let held = r#"{"id":"1","meta":{"resourceType":"User","version":"v"},"groups":[{"value":"g","display":"G"}],"title":"x"}"#;
    let after = held.replace("\"x\"", "\"y\"");
    for (name, value) in
        [("id", r#""1""#), ("meta", r#"{"version":"v","resourceType":"User"}"#), ("groups", r#"[{"value":"g","display":"G"}]"#)]
    {
        let refusal = |path: &str| format!("the attribute is read-only at {path} of operation 0");
        let strict = patched(&Schemas::user(), Mode::Strict, held, &format!(r#"{{"op":"replace","value":{{"{name}":{value}}}}}"#));
        assert!(strict.unwrap_err().to_string().starts_with(&refusal(name)[..26]), "{name}");
        let lenient =
            patched(&Schemas::user(), Mode::Lenient, held, &format!(r#"{{"op":"replace","value":{{"{name}":{value},"title":"y"}}}}"#));
        assert_eq!(lenient.as_deref(), Ok(after.as_str()), "{name}");
        let by_path = format!(r#"{{"op":"replace","path":"{name}","value":{value}}}"#);
        assert_eq!(patched(&Schemas::user(), Mode::Lenient, held, &by_path).as_deref(), Ok(held), "{name}");
    }
    let other = patched(&Schemas::user(), Mode::Lenient, held, r#"{"op":"replace","path":"id","value":"2"}"#).unwrap_err();
    assert_eq!(other.to_string(), "the attribute is read-only at id of operation 0");
}

/// RFC 7643 section 2.4: "The primary attribute value "true" MUST appear no more than once"; the last one stays.
#[test]
fn the_last_of_two_primary_values_stays() {
    user(
        r#"{"emails":[{"value":"x","primary":true}]}"#,
        r#"{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}"#,
        r#"{"emails":[{"value":"x","primary":false},{"value":"a","primary":false},{"value":"b","primary":true}]}"#,
        "expected at most one primary value, found 2 at emails.primary of operation 0",
    );
}

/// RFC 7644 section 3.4.2.2: the grammar has one space here and none there, parentheses behind `not`, and nothing behind brackets.
#[test]
fn filters_are_taken_in_the_spellings_of_clients() {
    for (sent, printed) in [
        ("  userName   eq  \"a\"  ", r#"userName eq "a""#),
        ("userName\teq\n\"a\"", r#"userName eq "a""#),
        ("( title pr )", "title pr"),
        ("emails[ type eq \"work\" ]", r#"emails[type eq "work"]"#),
        ("title pr  AND  active eq TRUE", "title pr and active eq true"),
        ("active eq False or title eq Null", "active eq false or title eq null"),
        ("not title pr", "not (title pr)"),
        ("not title pr and active eq true", "not (title pr) and active eq true"),
        ("not  ( title pr )", "not (title pr)"),
        (r#"emails[type eq "work"].value eq "x""#, r#"emails[type eq "work" and value eq "x"]"#),
        (r#"emails[type eq "work"].value sw "x" and title pr"#, r#"emails[type eq "work" and value sw "x"] and title pr"#),
        (r#"emails[type eq "work"] pr"#, r#"emails[type eq "work"]"#),
    ] {
        let filter = Filter::parse(sent, Mode::Lenient).unwrap();
        assert_eq!(filter.to_string(), printed);
        assert_eq!(printed.parse::<Filter>().unwrap(), filter);
        assert_eq!(Filter::parse(sent, Mode::Strict).unwrap_err().scim_type().as_str(), "invalidFilter", "{sent}");
    }
    assert!(Path::parse("emails[type  eq  \"work\"].value", Mode::Lenient).is_ok());
    assert!(Path::parse("emails[type  eq  \"work\"].value", Mode::Strict).is_err());
}

/// Lenient mode takes more, and not everything.
#[test]
fn lenient_mode_has_a_grammar() {
    for text in ["", "title", "title is 1", "title eq x", "(title pr", "title pr)", "title pr and", "a[b[c pr]]", "emails[] pr", "not"] {
        assert_eq!(Filter::parse(text, Mode::Lenient).unwrap_err().scim_type().as_str(), "invalidFilter", "{text}");
    }
}

/// Entra ID asks a boolean whether it equals a string.
#[test]
fn a_filter_may_ask_for_a_boolean_as_a_string() {
    let active = resource(r#"{"active":true}"#);
    let schemas = Schemas::user();
    for (text, strict, lenient) in
        [(r#"active eq "True""#, false, true), (r#"active eq "False""#, false, false), (r#"active eq "x""#, false, false)]
    {
        let filter: Filter = text.parse().unwrap();
        let matches = |mode| filter.matcher(&schemas, mode).unwrap().matches(&active);
        assert_eq!((matches(Mode::Strict), matches(Mode::Lenient)), (strict, lenient), "{text}");
    }
}

/// RFC 8141: a URN has a namespace and a name; some clients leave the name out.
#[test]
fn a_urn_may_have_no_name() {
    assert!(Path::parse("urn:badge:colour", Mode::Lenient).is_ok());
    assert_eq!(
        Path::parse("urn:badge:colour", Mode::Strict).unwrap_err().to_string(),
        "invalid path at byte 0: expected a URN with a namespace and a name, found urn:badge:colour"
    );
}

/// What is written is strict, whatever was read.
#[test]
fn what_is_written_is_strict() {
    let sent =
        br#"{"Operations":[{"op":"Replace","path":"emails[ type  EQ \"work\" ].value","value":"a"},{"OP":"REMOVE","PATH":"title"}]}"#;
    let written = PatchOp::from_json(sent, Mode::Lenient).unwrap().to_json();
    assert_eq!(
        written,
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"emails[type eq \"work\"].value","value":"a"},{"op":"remove","path":"title"}]}"#
    );
    assert!(PatchOp::from_json(written.as_bytes(), Mode::Strict).is_ok());
}
