//! What changes between two resources, attribute by attribute, and the PatchOp of it in the dialect of a service provider.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttributeDefinition, AttributeType, Change, Deviation, Mode, Object, PatchOp, PatchOperation, Path, Profile, Resource,
    ResourceId, Schema, Schemas, Value, changes, diff,
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A User with a number, a number in its addresses, and a badge.
fn schemas() -> Schemas {
    let new = |name, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let mut user = Schema::user().clone();
    user.attributes.to_mut().push(new("n", AttributeType::Integer));
    for attribute in user.attributes.to_mut() {
        if attribute.name.is("addresses") {
            attribute.sub_attributes.to_mut().push(new("x", AttributeType::Integer));
        }
    }
    let badge = Schema::new("urn:example:2.0:Badge", "Badge", vec![new("colour", AttributeType::String)]);
    Schemas::new(user, vec![Schema::enterprise_user().clone(), badge])
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// RFC 7644 sections 3.5.2.1 and 3.5.2.2: operations that add values, and that take values away.
#[test]
fn operations_on_values_are_built() {
    let member = || vec![Value::from(Object::from(resource(r#"{"value":"u-1"}"#)))];
    let id = ResourceId::new("u-1").unwrap();
    let add = PatchOp::new(vec![PatchOperation::add(Path::of("members"), member())]);
    assert_eq!(add, PatchOp::add_members([&id]));
    let remove = PatchOp::new(vec![PatchOperation::remove_values(Path::of("members"), member())]);
    assert_eq!(remove, PatchOp::remove_members([&id]));
}

/// The changes as they are shown.
fn shown(from: &str, to: &str) -> Vec<String> {
    changes(&resource(from), &resource(to)).iter().map(|change| change.to_string().replace(ENTERPRISE, "E")).collect()
}

/// The changes as they are shown, and the proof that they lead from one to the other.
fn applied(from: &str, to: &str) -> Vec<String> {
    let mut patched = resource(from);
    let changes = changes(&patched, &resource(to));
    let changed = PatchOp::from_changes(&changes).apply(&mut patched, &schemas(), Mode::Strict).unwrap();
    assert_eq!(patched, resource(to), "{changes:?}");
    assert_eq!(changed, !changes.is_empty());
    shown(from, to)
}

/// The operations in a dialect, and the proof that they lead from one to the other.
fn operations(profile: &Profile, schemas: &Schemas, from: &str, to: &str) -> Vec<String> {
    let patch = diff(&resource(from), &resource(to), profile);
    let mode = if profile.patch.removes_by_value_list { Mode::Lenient } else { Mode::Strict };
    let mut patched = resource(from);
    patch.apply(&mut patched, schemas, mode).unwrap();
    assert!(schemas.equal(&patched, &resource(to)), "{} gives {}", patch, patched.to_json());
    written(&patch)
}

fn written(patch: &PatchOp) -> Vec<String> {
    let body = resource(&patch.to_json());
    body.get("Operations").unwrap().as_array().unwrap().iter().map(|operation| operation.to_string().replace(ENTERPRISE, "E")).collect()
}

fn aws() -> Profile {
    Profile::aws_iam_identity_center()
}

/// A group with these members.
fn group(members: impl IntoIterator<Item = usize>) -> String {
    let members: Vec<_> = members.into_iter().map(|id| format!(r#"{{"value":"u-{id}"}}"#)).collect();
    format!(r#"{{"displayName":"Cranes","members":[{}]}}"#, members.join(","))
}

/// RFC 7644 section 3.5.2: one attribute that changes is one operation, and nothing else is said.
#[test]
fn one_changed_attribute_is_one_operation() {
    let user = r#"{"userName":"a","title":"x","active":true,"n":1}"#;
    for (to, expected) in [
        (user, vec![]),
        (r#"{"userName":"a","title":"y","active":true,"n":1}"#, vec![r#"title: "x" -> "y""#]),
        (r#"{"userName":"a","title":"x","active":false,"n":1}"#, vec!["active: true -> false"]),
        (r#"{"userName":"a","title":"x","active":true,"n":1,"locale":"de"}"#, vec![r#"locale: none -> "de""#]),
        (r#"{"userName":"a","active":true,"n":1}"#, vec![r#"title: "x" -> none"#]),
        (r#"{"n":2,"active":true,"USERNAME":"a","title":"x"}"#, vec!["n: 1 -> 2"]),
        (
            r#"{"userName":"b","active":false}"#,
            vec![r#"userName: "a" -> "b""#, "active: true -> false", r#"title: "x" -> none"#, "n: 1 -> none"],
        ),
    ] {
        assert_eq!(applied(user, to), expected, "{to}");
    }
}

/// RFC 7644 section 3.5.2.3: the parts of a name change one by one, so that the others stay.
#[test]
fn name_parts_change_by_themselves() {
    let from = r#"{"name":{"givenName":"Anna","familyName":"Berg","formatted":"Anna Berg"}}"#;
    assert_eq!(
        applied(from, r#"{"name":{"givenName":"Anna","familyName":"Tal","middleName":"M"}}"#),
        [r#"name.familyName: "Berg" -> "Tal""#, r#"name.middleName: none -> "M""#, r#"name.formatted: "Anna Berg" -> none"#]
    );
    assert_eq!(applied("{}", r#"{"name":{"givenName":"Anna"}}"#), [r#"name: none -> {"givenName":"Anna"}"#]);
    assert_eq!(applied(r#"{"name":{"givenName":"Anna"}}"#, "{}"), [r#"name: {"givenName":"Anna"} -> none"#]);
}

/// AWS developer guide, `PatchUser`: a part of the one address is named by the address's type.
#[test]
fn address_parts_change_by_the_type() {
    let from = r#"{"addresses":[{"type":"work","locality":"Bremen","region":"HB"}]}"#;
    assert_eq!(
        applied(from, r#"{"addresses":[{"type":"work","locality":"Hamburg","country":"DE"}]}"#),
        [
            r#"addresses[type eq "work"].locality: "Bremen" -> "Hamburg""#,
            r#"addresses[type eq "work"].country: none -> "DE""#,
            r#"addresses[type eq "work"].region: "HB" -> none"#,
        ]
    );
    assert_eq!(
        applied(r#"{"addresses":[{"type":"a\"]","x":1}]}"#, r#"{"addresses":[{"type":"a\"]","x":2}]}"#),
        [r#"addresses[type eq "a\"]"].x: 1 -> 2"#]
    );
}

/// An address of another type, several addresses, or one without a type change as a whole: no path would name one of them for sure.
#[test]
fn addresses_that_are_not_the_same_place_change_whole() {
    let from = r#"[{"type":"work","locality":"Bremen"}]"#;
    for to in [
        r#"[{"type":"home","locality":"Bremen"}]"#,
        r#"[{"locality":"Hamburg"}]"#,
        r#"[{"type":"work","locality":"Hamburg"},{"type":"work"}]"#,
    ] {
        let [from, to] = [from, to].map(|addresses| format!(r#"{{"addresses":{addresses}}}"#));
        assert_eq!(applied(&from, &to).len(), 1);
        assert!(applied(&from, &to)[0].starts_with("addresses: "), "{to}");
        assert!(applied(&to, &from)[0].starts_with("addresses: "), "{to}");
    }
}

/// AWS takes one e-mail and one phone number, each complete: they change as a whole.
#[test]
fn emails_and_phones_change_whole() {
    for name in ["emails", "phoneNumbers"] {
        let list = |value: &str| format!(r#"{{"{name}":[{{"value":"{value}","type":"work","primary":true}}]}}"#);
        let shown = |value: &str| format!(r#"[{{"value":"{value}","type":"work","primary":true}}]"#);
        assert_eq!(applied(&list("a"), &list("b")), [format!("{name}: {} -> {}", shown("a"), shown("b"))]);
        assert_eq!(applied(&list("a"), "{}"), [format!("{name}: {} -> none", shown("a"))]);
        assert_eq!(applied("{}", &list("a")), [format!("{name}: none -> {}", shown("a"))]);
    }
}

/// AWS developer guide, `PatchUser`: the attributes of an extension change by their full path.
#[test]
fn enterprise_parts_change_by_themselves() {
    let held = |inner: &str| format!(r#"{{"{ENTERPRISE}":{{{inner}}}}}"#);
    let from = held(r#""department":"Steel","manager":{"value":"m-1","$ref":"r"}"#);
    assert_eq!(
        applied(&from, &held(r#""division":"Cranes","manager":{"value":"m-2","$ref":"r"}"#)),
        [r#"E:division: none -> "Cranes""#, r#"E:manager.value: "m-1" -> "m-2""#, r#"E:department: "Steel" -> none"#]
    );
    assert_eq!(applied("{}", &held(r#""manager":{"value":"m-1"}"#)), [r#"E:manager: none -> {"value":"m-1"}"#]);
    assert_eq!(applied(&from, "{}"), [r#"E:department: "Steel" -> none"#, r#"E:manager: {"value":"m-1","$ref":"r"} -> none"#]);
}

/// RFC 7643 section 3.3: an extension nobody knows changes as the known one does, and something else under a URI changes whole.
#[test]
fn unknown_extensions_change_by_their_attributes() {
    let held = |value: &str| format!(r#"{{"urn:example:2.0:Badge":{value}}}"#);
    for (from, to, expected) in [
        (r#"{"colour":"blue"}"#, r#"{"colour":"red"}"#, r#"urn:example:2.0:Badge:colour: "blue" -> "red""#),
        (r#""blue""#, r#""red""#, r#"urn:example:2.0:Badge: "blue" -> "red""#),
        (r#"{"colour":"blue"}"#, r#""red""#, r#"urn:example:2.0:Badge: {"colour":"blue"} -> "red""#),
        (r#""blue""#, r#"{"colour":"red"}"#, r#"urn:example:2.0:Badge: "blue" -> {"colour":"red"}"#),
    ] {
        assert_eq!(shown(&held(from), &held(to)), [expected]);
    }
}

/// RFC 7643 section 3.1 and AWS's `PatchGroup`: what belongs to the service, and the members, are never in a diff.
#[test]
fn attributes_of_the_service_are_untouched() {
    let from = resource(r#"{"id":"1","meta":{"x":1},"schemas":["a"],"groups":[{"value":"g"}],"members":[{"value":"u"}],"title":"x"}"#);
    for to in [r#"{"title":"x"}"#, r#"{"ID":"2","META":{"x":2},"Schemas":["b"],"GROUPS":[],"Members":[{"value":"v"}],"title":"x"}"#] {
        assert_eq!(changes(&from, &resource(to)), [], "{to}");
        assert_eq!(changes(&resource(to), &from), [], "{to}");
    }
}

/// RFC 7643 section 2.5: null, the empty list and nothing at all are one state.
#[test]
fn unassigned_values_are_no_change() {
    for unassigned in [r#"{"title":null,"emails":[],"name":{"middleName":null,"givenName":"a"}}"#, r#"{"name":{"givenName":"a"}}"#] {
        let unassigned = resource(unassigned);
        let bare = resource(r#"{"name":{"givenName":"a"}}"#);
        assert_eq!(changes(&bare, &unassigned), []);
        assert_eq!(changes(&unassigned, &bare), []);
    }
    let gone = changes(&resource(r#"{"title":"x","emails":[{"value":"a"}]}"#), &resource(r#"{"title":null,"emails":[]}"#));
    assert_eq!(gone.iter().map(|change| change.after()).collect::<Vec<_>>(), [None, None]);
}

/// A change tells where, from what and to what, and becomes one operation with a path.
#[test]
fn a_change_tells_its_parts() {
    let change = Change::new(Path::of("title"), None, Some(Value::from("x")));
    assert_eq!((change.path(), change.before(), change.after()), (&Path::of("title"), None, Some(&Value::from("x"))));
    let gone = Change::new(Path::of("nickName"), Some(Value::from("y")), None);
    assert!(
        PatchOp::from_changes(&[change, gone])
            .to_json()
            .ends_with(r#""Operations":[{"op":"replace","path":"title","value":"x"},{"op":"remove","path":"nickName"}]}"#)
    );
}

/// The same inputs give the same bytes, and the order of the old attributes decides nothing but the order of what goes away.
#[test]
fn the_same_inputs_give_the_same_operations() {
    let to = resource(r#"{"title":"b","name":{"givenName":"c"},"locale":"d"}"#);
    let texts = [r#"{"title":"a","name":{"givenName":"b"}}"#, r#"{"name":{"givenName":"b"},"title":"a"}"#];
    let [first, second] = texts.map(|from| PatchOp::from_changes(&changes(&resource(from), &to)).to_json());
    assert_eq!(first, second);
}

/// RFC 7644 section 3.5.2.2: an extension that is gone is removed as a whole; AWS's `PatchUser` names each attribute.
#[test]
fn an_extension_goes_as_the_dialect_has_it() {
    let from = format!(r#"{{"title":"x","{ENTERPRISE}":{{"department":"Steel","manager":{{"value":"m-1"}}}}}}"#);
    let to = r#"{"title":"x"}"#;
    assert_eq!(operations(&Profile::rfc(), &schemas(), &from, to), [r#"{"op":"remove","path":"E"}"#]);
    let each = [r#"{"op":"remove","path":"E:department"}"#, r#"{"op":"remove","path":"E:manager"}"#];
    assert_eq!(operations(&aws(), &schemas(), &from, to), each);
    assert_eq!(operations(&Profile::rfc().with(Deviation::NoExtensionRemoval), &schemas(), &from, to), each);
    // One that only lost some of its attributes is no gone one.
    let less = format!(r#"{{"title":"x","{ENTERPRISE}":{{"department":"Steel"}}}}"#);
    assert_eq!(operations(&Profile::rfc(), &schemas(), &from, &less), [r#"{"op":"remove","path":"E:manager"}"#]);
}

/// AWS developer guide, `PatchUser`: each operation has one path, in either dialect.
#[test]
fn each_operation_has_one_path() {
    let from = r#"{"title":"x","name":{"givenName":"Anna","familyName":"Berg"},"emails":[{"value":"a","primary":true}]}"#;
    let to = r#"{"nickName":"y","name":{"givenName":"Berta","familyName":"Berg"},"emails":[{"value":"b","primary":true}]}"#;
    let expected = [
        r#"{"op":"replace","path":"nickName","value":"y"}"#,
        r#"{"op":"replace","path":"name.givenName","value":"Berta"}"#,
        r#"{"op":"replace","path":"emails","value":[{"value":"b","primary":true}]}"#,
        r#"{"op":"remove","path":"title"}"#,
    ];
    for profile in [Profile::rfc(), aws()] {
        assert_eq!(operations(&profile, &schemas(), from, to), expected);
        assert!(diff(&resource(from), &resource(to), &profile).operations().iter().all(|operation| operation.path().is_some()));
    }
}

/// AWS developer guide, `PatchUser`: `userName` and `active` are changed and never removed; the RFC lets `active` go.
#[test]
fn what_is_not_removable_is_left() {
    let from = r#"{"userName":"anna","active":true,"title":"x"}"#;
    assert_eq!(
        operations(&Profile::rfc(), &schemas(), from, r#"{"userName":"anna"}"#),
        [r#"{"op":"remove","path":"active"}"#, r#"{"op":"remove","path":"title"}"#]
    );
    let aws_operations = |to: &str| written(&diff(&resource(from), &resource(to), &aws()));
    assert_eq!(aws_operations("{}"), [r#"{"op":"remove","path":"title"}"#]);
    assert_eq!(aws_operations(r#"{"userName":null,"active":null,"title":"x"}"#), [""; 0]);
    assert_eq!(
        aws_operations(r#"{"userName":"berta","active":false,"title":"x"}"#),
        [r#"{"op":"replace","path":"userName","value":"berta"}"#, r#"{"op":"replace","path":"active","value":false}"#]
    );
    let keeps_title = Profile::rfc().with(Deviation::NotRemovable("TITLE".to_owned()));
    assert_eq!(written(&diff(&resource(from), &resource(r#"{"userName":"anna"}"#), &keeps_title)), [r#"{"op":"remove","path":"active"}"#]);
}

/// RFC 7644 sections 3.5.2.1 and 3.5.2.2, AWS developer guide, `PatchGroup`: members come with a list, and go as the dialect has it.
#[test]
fn members_come_and_go_as_the_dialect_has_it() {
    let of = |profile: &Profile, from: &str, to: &str| operations(profile, &Schemas::group(), from, to);
    let (rfc, aws) = (Profile::rfc(), aws());
    for profile in [&rfc, &aws] {
        assert_eq!(
            of(profile, &group([1]), &group([3, 1, 2])),
            [r#"{"op":"add","path":"members","value":[{"value":"u-2"},{"value":"u-3"}]}"#]
        );
        assert_eq!(of(profile, &group([1, 2]), &group([2, 1])), [""; 0]);
        assert_eq!(of(profile, r#"{"displayName":"Cranes"}"#, &group([1])), [r#"{"op":"add","path":"members","value":[{"value":"u-1"}]}"#]);
    }
    let add = r#"{"op":"add","path":"members","value":[{"value":"u-4"}]}"#;
    assert_eq!(of(&rfc, &group([1, 2, 3]), &group([2, 3, 4])), [r#"{"op":"remove","path":"members[value eq \"u-1\"]"}"#, add]);
    assert_eq!(
        of(&aws, &group([1, 2, 3]), &group([3, 4])),
        [r#"{"op":"remove","path":"members","value":[{"value":"u-1"},{"value":"u-2"}]}"#, add]
    );
}

/// RFC 7644 section 3.5.2.3: where most members go, the whole list is shorter; AWS takes no such replacement.
#[test]
fn many_members_go_at_once_where_the_dialect_has_it() {
    let of = |profile: &Profile, from: &str, to: &str| operations(profile, &Schemas::group(), from, to);
    assert_eq!(of(&Profile::rfc(), &group([1, 2]), &group([])), [r#"{"op":"remove","path":"members"}"#]);
    assert_eq!(of(&Profile::rfc(), &group([1, 2, 3]), &group([3])), [r#"{"op":"replace","path":"members","value":[{"value":"u-3"}]}"#]);
    let no_replacement = Profile::rfc().with(Deviation::NoMemberReplacement);
    assert_eq!(
        of(&no_replacement, &group([1, 2]), &group([])),
        [r#"{"op":"remove","path":"members[value eq \"u-1\"]"}"#, r#"{"op":"remove","path":"members[value eq \"u-2\"]"}"#]
    );
    let all = of(&aws(), &group(0..250), &group([]));
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|operation| operation.starts_with(r#"{"op":"remove","path":"members","value":[{"value":"u-"#)), "{all:?}");
    // A member that says something else cannot be told to AWS at all.
    let [from, to] = ["User", "Group"].map(|kind| format!(r#"{{"members":[{{"value":"u-1","type":"{kind}"}}]}}"#));
    assert_eq!(written(&diff(&resource(&from), &resource(&to), &aws())), [""; 0]);
    assert_eq!(of(&Profile::rfc(), &from, &to), [r#"{"op":"replace","path":"members","value":[{"value":"u-1","type":"Group"}]}"#]);
}

/// RFC 7643 section 8.7.1: a member's `value` compares without case, so a path that names one of two such members names both.
#[test]
fn members_that_differ_in_case_alone_are_not_told_by_a_path() {
    let of = |ids: &[&str]| {
        let members: Vec<_> = ids.iter().map(|id| format!(r#"{{"value":"{id}"}}"#)).collect();
        format!(r#"{{"displayName":"x","members":[{}]}}"#, members.join(","))
    };
    for (from, to) in [
        (&["a", "A", "b", "c"][..], &["A", "b", "c"][..]),
        (&["a", "A", "b", "c"], &["b", "c", "d"]),
        (&["a", "b", "c"], &["A", "b", "c"]),
        // A final sigma is a sigma to the filter.
        (&["ας", "ασ", "b", "c"], &["b", "c", "ασ"]),
        (&["ας", "ασ", "b", "c"], &["b", "c", "d"]),
    ] {
        for profile in [Profile::rfc(), aws()] {
            let patch = diff(&resource(&of(from)), &resource(&of(to)), &profile);
            let mode = if profile.patch.removes_by_value_list { Mode::Lenient } else { Mode::Strict };
            let mut patched = resource(&of(from));
            patch.apply(&mut patched, &Schemas::group(), mode).unwrap();
            let mut ids: Vec<_> = patched
                .get("members")
                .unwrap()
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m.as_object().unwrap().get("value").unwrap().to_string())
                .collect();
            ids.sort();
            assert_eq!(ids, to.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>(), "{from:?} {patch}");
        }
    }
}

/// RFC 7643 section 2.4: the order of values says nothing, also where members are there twice or have no identifier.
#[test]
fn the_order_of_values_is_no_change() {
    for (one, other) in [
        (r#"{"emails":[{"value":"a"},{"value":"b"}]}"#, r#"{"emails":[{"value":"b"},{"value":"a"}]}"#),
        (r#"{"members":[{"value":"a"},{"value":"a"},{"value":"b"}]}"#, r#"{"members":[{"value":"b"},{"value":"a"},{"value":"a"}]}"#),
        (r#"{"members":[{"display":"a"},{"value":"b"}]}"#, r#"{"members":[{"value":"b"},{"display":"a"}]}"#),
        (r#"{"emails":[{"value":"a","type":"work"}],"title":"x"}"#, r#"{"title":"x","emails":[{"type":"work","value":"a"}]}"#),
    ] {
        for profile in [Profile::rfc(), aws()] {
            assert_eq!(written(&diff(&resource(one), &resource(other), &profile)), [""; 0], "{one}");
        }
    }
    let twice = r#"{"members":[{"value":"a"},{"value":"a"}]}"#;
    let once = r#"{"members":[{"value":"a"}]}"#;
    assert_eq!(
        operations(&Profile::rfc(), &Schemas::group(), twice, once),
        [r#"{"op":"replace","path":"members","value":[{"value":"a"}]}"#]
    );
}

/// AWS developer guide, `PatchGroup`: at most 100 changes of members stand in one request, and none is lost.
#[test]
fn requests_have_as_many_members_as_the_service_takes() {
    let ids: Vec<ResourceId> = (0..250).map(|id| ResourceId::new(format!("u-{id}")).unwrap()).collect();
    let counts = |patch: PatchOp, profile: &Profile| -> Vec<Vec<usize>> {
        let requests = patch.requests(profile);
        let count = |value: Option<&Value>| value.and_then(Value::as_array).map_or(0, <[Value]>::len);
        requests.iter().map(|request| request.operations().iter().map(|operation| count(operation.value())).collect()).collect()
    };
    assert_eq!(counts(PatchOp::add_members(&ids), &aws()), [vec![100], vec![100], vec![50]]);
    assert_eq!(counts(PatchOp::remove_members(&ids), &aws()), [vec![100], vec![100], vec![50]]);
    assert_eq!(counts(PatchOp::add_members(&ids), &Profile::rfc()), [vec![250]]);
    assert_eq!(counts(PatchOp::new(vec![]), &aws()), Vec::<Vec<usize>>::new());
    assert_eq!(counts(PatchOp::add_members(&ids[..2]), &aws().with(Deviation::MembersPerRequest(0))), [vec![1], vec![1]]);

    // What else changes stands where there is room; a `valuePath` is a change of one member.
    let mixed = diff(&resource(&group(0..150)), &resource(&group(100..230).replace("Cranes", "Steel")), &aws());
    assert_eq!(counts(mixed.clone(), &aws()), [vec![0, 100], vec![80]]);
    let removed = diff(&resource(&group(0..150)), &resource(&group(70..150)), &Profile::rfc());
    assert_eq!(removed.operations().len(), 70);
    let requests = removed.requests(&Profile::rfc().with(Deviation::MembersPerRequest(30)));
    assert_eq!(requests.iter().map(|request| request.operations().len()).collect::<Vec<_>>(), [30, 30, 10]);
    let mut patched = resource(&group(0..150));
    for request in mixed.requests(&aws()) {
        request.apply(&mut patched, &Schemas::group(), Mode::Lenient).unwrap();
    }
    assert!(Schemas::group().equal(&patched, &resource(&group(100..230).replace("Cranes", "Steel"))));
}

/// An attribute whose name the grammar does not have is written without a path, as the service provider sent it.
#[test]
fn a_name_that_is_none_is_written_without_a_path() {
    let patch = diff(&resource(r#"{"odd name":1}"#), &resource(r#"{"odd name":2}"#), &Profile::rfc());
    assert_eq!(written(&patch), [r#"{"op":"replace","value":{"odd name":2}}"#]);
    let patch = diff(&resource(r#"{"urn:example:2.0:Badge":{"odd name":1}}"#), &resource("{}"), &aws());
    assert_eq!(written(&patch), [r#"{"op":"replace","value":{"urn:example:2.0:Badge":{"odd name":null}}}"#]);
}
