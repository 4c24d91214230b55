//! What a value names, and what it does not: nothing is taken away that is not named, and nothing that is named is lost.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttributeDefinition, AttributeType, Filter, Mode, Mutability, PatchOp, Profile, Resource, ResourceId, Schema, Schemas, Value,
    diff,
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.replace("ENT", ENTERPRISE).as_bytes()).unwrap()
}

/// What comes of one operation: the resource, or the keyword of the error.
fn outcome(schemas: &Schemas, mode: Mode, before: &str, operation: &str) -> Result<Resource, String> {
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#);
    let patch = PatchOp::from_json(text.replace("ENT", ENTERPRISE).as_bytes(), mode).map_err(|error| error.scim_type().to_string())?;
    let mut patched = resource(before);
    let changed = patch.apply(&mut patched, schemas, mode).map_err(|error| error.scim_type().to_string())?;
    assert_eq!(changed, !schemas.equal(&patched, &resource(before)), "{before} with {operation}");
    Ok(patched)
}

fn user(mode: Mode, before: &str, operation: &str, after: &str) {
    assert_eq!(outcome(&Schemas::user(), mode, before, operation), Ok(resource(after)), "{before} with {operation}, {mode:?}");
}

/// RFC 7643 section 2.5: null and a list of nothing take a value away; a value of which no schema knows a part says nothing.
#[test]
fn a_value_without_a_known_part_takes_nothing_away() {
    let user = |before: &str, operation, after: &str| user(Mode::Lenient, before, operation, after);
    let emails = r#"{"emails":[{"value":"a"},{"value":"b"}]}"#;
    for operation in [
        r#"{"op":"replace","path":"emails","value":[{"foo":"a"}]}"#,
        r#"{"op":"replace","path":"emails","value":{"foo":"a"}}"#,
        r#"{"op":"replace","path":"emails[value eq \"a\"]","value":{"foo":"a"}}"#,
        r#"{"op":"replace","path":"emails[value eq \"a\"]","value":{}}"#,
        r#"{"op":"add","path":"emails[type eq \"zz\"]","value":{}}"#,
        r#"{"op":"replace","value":{"emails":[{"foo":"a"}]}}"#,
    ] {
        user(emails, operation, emails);
    }
    user(emails, r#"{"op":"replace","path":"emails","value":[]}"#, "{}");
    user(emails, r#"{"op":"replace","path":"emails[value eq \"a\"]","value":null}"#, r#"{"emails":[{"value":"b"}]}"#);
}

/// RFC 7643 section 2.5: strict refuses a list in which nothing stands for a value.
#[test]
fn a_list_has_no_nothing_in_it() {
    let users = Schemas::user();
    let emails = r#"{"emails":[{"value":"a"}]}"#;
    for value in ["[null]", "[{}]", r#"[{"value":null}]"#, r#"[{"value":"b"},null]"#] {
        for op in ["add", "replace"] {
            let operation = format!(r#"{{"op":"{op}","path":"emails","value":{value}}}"#);
            assert_eq!(outcome(&users, Mode::Strict, emails, &operation), Err("invalidValue".to_owned()), "{operation}");
        }
    }
    user(Mode::Strict, emails, r#"{"op":"replace","path":"emails[value eq \"a\"]","value":{}}"#, emails);
    let missed = r#"{"op":"add","path":"emails[type eq \"zz\"]","value":{}}"#;
    assert_eq!(outcome(&users, Mode::Strict, emails, missed), Err("noTarget".to_owned()));
}

/// `Mode::Lenient`: a `remove` with a value takes away that value and no other, whatever the path names.
#[test]
fn remove_takes_away_what_is_named_and_no_more() {
    let both = r#"{"emails":[{"value":"a","type":"work"},{"value":"b","type":"work"}]}"#;
    let named = r#"{"name":{"givenName":"A","familyName":"F"}}"#;
    let manager = r#"{"ENT":{"manager":{"value":"m"},"department":"d"}}"#;
    for (before, path, value, after) in [
        (both, r#"emails[type eq \"work\"]"#, r#"[{"value":"a"}]"#, r#"{"emails":[{"value":"b","type":"work"}]}"#),
        (both, r#"emails[type eq \"home\"]"#, r#"[{"value":"a"}]"#, both),
        (both, "emails", r#"[{"value":"a","type":"home"}]"#, both),
        (both, "emails.type", r#""home""#, both),
        (both, "emails.type", r#""work""#, r#"{"emails":[{"value":"a"},{"value":"b"}]}"#),
        (named, "name", r#"{"givenName":"A"}"#, r#"{"name":{"familyName":"F"}}"#),
        (named, "name", r#"{"givenName":"other"}"#, named),
        (named, "name", "{}", named),
        (named, "name", r#"{"foo":"A"}"#, named),
        (named, "name", r#"{"givenName":"A","familyName":"F"}"#, "{}"),
        (named, "name.givenName", r#""other""#, named),
        (named, "name.givenName", r#""A""#, r#"{"name":{"familyName":"F"}}"#),
        (manager, "ENT:manager", r#"{"displayName":"x"}"#, manager),
        (manager, "ENT:manager", r#""m""#, r#"{"ENT":{"department":"d"}}"#),
        (manager, "ENT:manager", r#""other""#, manager),
        (manager, "ENT", r#"{"department":"d"}"#, r#"{"ENT":{"manager":{"value":"m"}}}"#),
        (manager, "ENT", r#"{"department":"other"}"#, manager),
        (r#"{"title":"a"}"#, "title", r#""b""#, r#"{"title":"a"}"#),
        (r#"{"title":"a"}"#, "title", r#""a""#, "{}"),
    ] {
        user(Mode::Lenient, before, &format!(r#"{{"op":"remove","path":"{path}","value":{value}}}"#), after);
    }
}

/// RFC 7644 section 3.5.2.1: a value is there already if it is equal, and not if it is a part of another one.
#[test]
fn a_part_of_a_value_is_another_value() {
    let held = r#"{"phoneNumbers":[{"value":"1","type":"home"}]}"#;
    let both = r#"{"phoneNumbers":[{"value":"1","type":"home"},{"value":"1"}]}"#;
    user(Mode::Strict, held, r#"{"op":"add","path":"phoneNumbers","value":[{"value":"1"}]}"#, both);
    user(Mode::Strict, held, r#"{"op":"add","path":"phoneNumbers","value":[{"TYPE":"home","value":"1"}]}"#, held);
    let many: Vec<String> = (0..20).map(|number| format!(r#"{{"value":"{}"}}"#, number % 10)).collect();
    let after: Vec<String> = (0..10).map(|number| format!(r#"{{"value":"{number}"}}"#)).collect();
    let add = format!(r#"{{"op":"add","path":"phoneNumbers","value":[{}]}}"#, many.join(","));
    user(Mode::Strict, "{}", &add, &format!(r#"{{"phoneNumbers":[{}]}}"#, after.join(",")));
}

/// RFC 7643 section 2.4: one value is primary, whether it was there before or not.
#[test]
fn a_value_that_is_there_may_become_primary() {
    let two = r#"{"op":"add","path":"emails","value":[{"value":"A","primary":true},{"value":"b","primary":true}]}"#;
    let held = r#"{"emails":[{"value":"b","primary":true}]}"#;
    assert_eq!(outcome(&Schemas::user(), Mode::Strict, held, two), Err("invalidValue".to_owned()));

    let text = |name: &'static str, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let mut links = text("links", AttributeType::Complex);
    links.multi_valued = true;
    let subs = [("value", AttributeType::String), ("$ref", AttributeType::Reference), ("primary", AttributeType::Boolean)];
    links.sub_attributes = subs.map(|(name, kind)| text(name, kind)).to_vec().into();
    let schemas = Schemas::new(Schema::new("urn:example:2.0:Page", "Page", vec![links]), vec![]);
    let add = r#"{"op":"add","path":"links","value":[{"value":"2","primary":true}]}"#;
    for second in ["", r#","primary":false"#] {
        let held = format!(r#"{{"links":[{{"value":"1","primary":true}},{{"value":"2"{second}}}]}}"#);
        let after = resource(r#"{"links":[{"value":"1","primary":false},{"value":"2","primary":true}]}"#);
        assert_eq!(outcome(&schemas, Mode::Strict, &held, add), Ok(after), "{held}");
    }
}

/// RFC 7644 section 3.5.2: what is immutable keeps its parts as well.
#[test]
fn a_complex_value_that_is_immutable_keeps_its_parts() {
    let mut lock = AttributeDefinition::new(AttrName::from_static("lock"), AttributeType::Complex);
    lock.mutability = Mutability::Immutable;
    lock.sub_attributes =
        ["a", "b"].map(|name| AttributeDefinition::new(AttrName::from_static(name), AttributeType::String)).to_vec().into();
    let schemas = Schemas::new(Schema::new("urn:example:2.0:Door", "Door", vec![lock]), vec![]);
    let held = r#"{"lock":{"a":"1"}}"#;
    for operation in [
        r#"{"op":"replace","path":"lock.a","value":"2"}"#,
        r#"{"op":"add","path":"lock.b","value":"2"}"#,
        r#"{"op":"replace","path":"lock","value":{"a":"2"}}"#,
        r#"{"op":"remove","path":"lock.a"}"#,
        r#"{"op":"remove","path":"lock"}"#,
        r#"{"op":"replace","path":"lock","value":null}"#,
    ] {
        assert_eq!(outcome(&schemas, Mode::Strict, held, operation), Err("mutability".to_owned()), "{operation}");
    }
    for operation in [r#"{"op":"replace","path":"lock.a","value":"1"}"#, r#"{"op":"add","path":"lock","value":{"a":"1"}}"#] {
        assert_eq!(outcome(&schemas, Mode::Strict, held, operation), Ok(resource(held)), "{operation}");
    }
    assert!(outcome(&schemas, Mode::Strict, "{}", r#"{"op":"add","path":"lock","value":{"a":"1"}}"#).is_ok());
}

/// RFC 7643 section 3: `schemas` follows from what the resource has, whoever writes it, and must be a list of strings all the same.
#[test]
fn schemas_follow_from_what_is_there() {
    let held = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a"}"#;
    for operation in [
        r#"{"op":"replace","path":"schemas","value":["x"]}"#,
        r#"{"op":"add","path":"schemas","value":["urn:x"]}"#,
        r#"{"op":"add","value":{"schemas":["urn:x"]}}"#,
    ] {
        user(Mode::Strict, held, operation, held);
    }
    for operation in [r#"{"op":"add","value":{"schemas":[7]}}"#, r#"{"op":"add","path":"schemas","value":[7]}"#] {
        assert_eq!(outcome(&Schemas::user(), Mode::Strict, held, operation), Err("invalidValue".to_owned()), "{operation}");
    }
}

/// RFC 7643 section 4.3: the name of a manager is the service provider's, and a difference leaves it alone.
#[test]
fn a_difference_leaves_what_is_read_only_alone() {
    let (from, to) = (
        resource(r#"{"ENT":{"manager":{"value":"1","displayName":"x"}}}"#),
        resource(r#"{"ENT":{"manager":{"value":"1","displayName":"y"}}}"#),
    );
    let (new, bare) = (resource(r#"{"ENT":{"manager":{"value":"2","displayName":"z"}}}"#), resource("{}"));
    for profile in [Profile::rfc(), Profile::aws_iam_identity_center()] {
        assert_eq!(diff(&from, &to, &profile).operations(), []);
        for held in [&from, &bare] {
            let mut patched = held.clone();
            diff(held, &new, &profile).apply(&mut patched, &Schemas::user(), Mode::Strict).unwrap();
            assert_eq!(patched.text(&format!("{ENTERPRISE}:manager.value")), Some("2"));
        }
    }
}

/// AWS developer guide, `PatchGroup`: whoever went is removed, even where somebody is there twice or has no identifier.
#[test]
fn a_member_who_went_is_removed_whoever_else_is_there() {
    let aws = Profile::aws_iam_identity_center();
    for (from, to) in [
        (r#"[{"value":"1"},{"value":"2"}]"#, r#"[{"value":"1"},{"value":"1"}]"#),
        (r#"[{"value":"1"},{"value":"1"},{"value":"2"}]"#, r#"[{"value":"1"}]"#),
        (r#"[{"value":"1"},{"value":"2"}]"#, r#"[{"value":"1"},{"display":"x"}]"#),
    ] {
        let group = |members: &str| resource(&format!(r#"{{"displayName":"g","members":{members}}}"#));
        let patch = diff(&group(from), &group(to), &aws);
        assert!(patch.to_json().ends_with(r#"[{"op":"remove","path":"members","value":[{"value":"2"}]}]}"#), "{}", patch.to_json());
    }
}

/// RFC 7643 section 2.1: a part whose name has no path is told with the value that it is in, and nothing is lost.
#[test]
fn names_without_a_path_are_told_without_one() {
    let address = |box_number: &str| resource(&format!(r#"{{"addresses":[{{"type":"work","locality":"X","po box":"{box_number}"}}]}}"#));
    let patch = diff(&address("1"), &address("2"), &Profile::rfc());
    assert_eq!(patch.operations()[0].value(), address("2").get("addresses"));
    let extension = |colour: &str| resource(&format!(r#"{{"https://example.com/Badge":{{"colour":"{colour}"}}}}"#));
    let patch = diff(&extension("red"), &extension("blue"), &Profile::rfc());
    assert_eq!(patch.operations()[0].value().map(ToString::to_string), Some(extension("blue").to_json()));
    let short = |colour: &str| resource(&format!(r#"{{"urn:example:ext:1.0":{{"colour":"{colour}"}}}}"#));
    let patch = diff(&short("red"), &resource("{}"), &Profile::rfc());
    assert_eq!(PatchOp::from_json(patch.to_json().as_bytes(), Mode::Strict).unwrap(), patch);
}

/// RFC 7643 section 3.3: an extension that the crate does not know is seen by filters as a whole.
#[test]
fn filters_see_an_extension_as_a_whole() {
    let colour = AttributeDefinition::new(AttrName::from_static("colour"), AttributeType::String);
    let schemas = Schemas::new(Schema::user().clone(), vec![Schema::new("urn:example:2.0:Badge", "Badge", vec![colour])]);
    let badge = resource(r#"{"urn:example:2.0:Badge":{"colour":"blue"}}"#);
    for (text, expected) in
        [("urn:example:2.0:Badge pr", true), (r#"urn:example:2.0:Badge:colour eq "BLUE""#, true), ("urn:example:2.0:Other pr", false)]
    {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.matcher(&schemas, Mode::Strict).unwrap().matches(&badge), expected, "{text}");
    }
    assert_eq!(badge.at(&"urn:example:2.0:Badge".parse().unwrap()).and_then(Value::as_object).map(|badge| badge.len()), Some(1));
}

/// RFC 7643 section 2.2, `caseExact`: without case, a sigma is a sigma wherever it stands, and a Kelvin sign is a k.
#[test]
fn letters_compare_without_case_one_by_one() {
    let name = resource(r#"{"displayName":"ΟΔΟΣΑ K"}"#);
    for (text, expected) in [
        (r#"displayName sw "ΟΔΟΣ""#, true),
        (r#"displayName co "οδος""#, true),
        (r#"displayName co "ΟΔΟΣ""#, true),
        (r#"displayName ew "k""#, true),
        (r#"displayName eq "οδοσα k""#, true),
        (r#"displayName co "x""#, false),
    ] {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.matcher(&Schemas::user(), Mode::Strict).unwrap().matches(&name), expected, "{text}");
    }
    assert!(Schemas::user().equal(&resource(r#"{"displayName":"ΟΔΟΣ"}"#), &resource(r#"{"displayName":"οδος"}"#)));
}

/// AWS developer guide, `PatchGroup`: at most 100 changes of members in a request, with a path or without.
#[test]
fn members_without_a_path_are_split_as_well() {
    let ids: Vec<ResourceId> = (0..250).map(|number| ResourceId::new(format!("u-{number}")).unwrap()).collect();
    let members = PatchOp::add_members(&ids).operations()[0].value().unwrap().clone();
    let mut value = resource(r#"{"displayName":"g"}"#);
    value.attributes_mut().set("members", members);
    let patch =
        PatchOp::new(vec![idbridge_scim::PatchOperation::Add { path: None, value: Value::from(idbridge_scim::Object::from(value)) }]);
    let requests = patch.requests(&Profile::aws_iam_identity_center());
    let counts: Vec<usize> = requests
        .iter()
        .map(|request| request.operations().iter().filter_map(|operation| operation.value()?.as_array()).map(<[Value]>::len).sum())
        .collect();
    assert_eq!(counts, [100, 100, 50]);
}
