//! The directory file of SCIM resources.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::scim::{self, ScimIds};
use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User};
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::Profile;
use proptest::prelude::*;

const BUNDLED: &str = include_str!("../../../examples/data/directories/scim.json");
const USER: &str = r#""schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]"#;
const GROUP: &str = r#""schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]"#;

fn read(text: &str) -> Snapshot {
    scim::read(text.as_bytes()).unwrap()
}

/// The person whose resource has these attributes.
fn user(attributes: &str) -> User {
    let snapshot = read(&format!(r#"{{"Users": [{{"id": "u1", {attributes}}}], "Groups": []}}"#));
    assert_eq!(*snapshot.completeness(), Completeness::Complete, "{attributes}");
    snapshot.users()["u1"].clone()
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn findings(user: &User) -> Vec<String> {
    user.findings.iter().map(ToString::to_string).collect()
}

fn by_name<'a>(snapshot: &'a Snapshot, name: &str) -> &'a User {
    snapshot.users().values().find(|user| user.username.as_deref() == Some(name)).unwrap()
}

#[test]
fn the_bundled_directory_is_complete_and_read_in_full() {
    let snapshot = read(BUNDLED);
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty() && snapshot.users().values().all(|user| user.findings.is_empty()));
    assert_eq!(snapshot.taken_at(), Some("2026-03-04T21:00:00Z"));
    assert_eq!((snapshot.users().len(), snapshot.entitled().len()), (6, 6), "everybody is bound");
    let sizes: Vec<_> = snapshot.groups().values().map(|group| (group.name.as_deref().unwrap(), group.members.len())).collect();
    assert_eq!(sizes, [("Lending", 3), ("Archive", 2), ("Library", 6)], "the library has the members of the other two");

    let ada = by_name(&snapshot, "ada.holm@example.com");
    assert_eq!((ada.job_title.as_deref(), ada.employee_type.as_deref()), (Some("Head Librarian"), Some("Employee")));
    assert_eq!((ada.company.as_deref(), ada.department.as_deref()), (Some("Example Library"), Some("Lending")));
    assert_eq!((ada.employee_identifier.as_deref(), ada.cost_center.as_deref()), (Some("L-1"), Some("LIB-10")));
    assert_eq!(ada.work_address().unwrap().region.as_deref(), Some("Trøndelag"));
    let custom: Vec<_> = ada.custom.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        custom,
        [
            "locale=nb-NO",
            "urn:example:library:2.0:User:badge=4711",
            "urn:example:library:2.0:User:nightShift=false",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division=Books",
        ]
    );
    let ben = by_name(&snapshot, "ben.ruiz@example.com");
    assert_eq!((ben.email.as_deref(), ben.manager.as_ref()), (Some("ben.ruiz@example.com"), Some(&ada.id)));
    assert_eq!((ben.employee_identifier.as_deref(), ben.phone_numbers.len()), (Some("2"), 2));
    let min = by_name(&snapshot, "cho.min@example.com");
    assert_eq!((min.lifecycle, min.manager.as_ref()), (Lifecycle::Suspended, Some(&ada.id)));
    assert_eq!(by_name(&snapshot, "eli.stern@example.com").lifecycle, Lifecycle::Active, "who has no `active` is active");
    let fay = by_name(&snapshot, "fay.okoro@example.com");
    assert_eq!((fay.middle_name.as_deref(), fay.display_name.as_deref()), (Some("Ngozi"), Some("Fay Okoro")));
}

#[test]
fn everybody_in_the_bundled_directory_but_one_is_mapped() {
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let snapshot = read(BUNDLED);
    let held = snapshot.users().values().filter(|user| matches!(rules.to_scim(user, &profile), Mapped::Held { .. }));
    assert_eq!(held.map(|user| user.username.as_deref().unwrap()).collect::<Vec<_>>(), ["dora@example.com"]);
}

/// Where `externalId` is the identifier, members and managers are found by `id` all the same.
#[test]
fn records_are_known_by_external_id_if_asked() {
    let snapshot = scim::read_by(BUNDLED.as_bytes(), ScimIds::ExternalId).unwrap();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    assert_eq!(snapshot.users()["lib-002"].manager.as_ref().map(ToString::to_string).as_deref(), Some("lib-001"));
    let library: Vec<_> = snapshot.groups()["lib-group-3"].members.iter().map(ToString::to_string).collect();
    assert_eq!(library, ["lib-001", "lib-002", "lib-003", "lib-004", "lib-005", "lib-006"]);

    // A record without one is not gone, and an `id` of nobody is not somebody else's `externalId`.
    let text = r#"{"Users": [{"id": "1", "externalId": "2"}, {"id": "3"}], "Groups": [{"id": "4", "externalId": "g", "members": [{"value": "2"}]}]}"#;
    let snapshot = scim::read_by(text.as_bytes(), ScimIds::ExternalId).unwrap();
    assert!(snapshot.groups()["g"].members.is_empty());
    assert_eq!(
        reasons(&snapshot),
        ["entry 2 of Users has no identifier that can be used", "entry 1 of members of the group g has no identifier that can be used"]
    );
}

/// RFC 7643 section 2.1: attribute names are case insensitive; one that is there in two cases is there twice.
#[test]
fn attribute_names_are_known_in_any_case() {
    let anna = user(r#""USERNAME": "anna", "Name": {"GIVENNAME": "Anna"}, "emails": [{"VALUE": "a@example.com"}], "ACTIVE": false"#);
    assert_eq!((anna.username.as_deref(), anna.first_name.as_deref()), (Some("anna"), Some("Anna")));
    assert_eq!((anna.email.as_deref(), anna.lifecycle), (Some("a@example.com"), Lifecycle::Suspended));
    let twice = user(r#""userName": "anna", "username": "berit""#);
    assert_eq!(
        findings(&twice),
        ["the record cannot be read: userName must be a string, found two values; correct the record in the source"]
    );
    let enterprise = user(r#""URN:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"department": "Lending"}"#);
    assert_eq!(enterprise.department.as_deref(), Some("Lending"));
}

#[test]
fn active_may_be_a_text_and_defaults_to_true() {
    let cases = [
        (r#""active": true"#, Lifecycle::Active),
        (r#""active": "True""#, Lifecycle::Active),
        (r#""active": null"#, Lifecycle::Active),
        (r#""active": """#, Lifecycle::Active),
        (r#""userName": "x""#, Lifecycle::Active),
        (r#""active": false"#, Lifecycle::Suspended),
        (r#""active": "False""#, Lifecycle::Suspended),
        (r#""active": "false""#, Lifecycle::Suspended),
    ];
    for (attributes, expected) in cases {
        let user = user(attributes);
        assert_eq!((user.lifecycle, user.findings.len()), (expected, 0), "{attributes}");
    }
}

#[test]
fn the_primary_email_goes_before_work_and_work_before_the_first() {
    let cases = [
        (r#"{"value": "a"}, {"value": "b", "type": "Work"}, {"value": "c", "primary": true}"#, Some("c")),
        (r#"{"value": "a"}, {"value": "b", "type": "work"}, {"value": "c", "type": "work"}"#, Some("b")),
        (r#"{"value": "a", "type": "home"}, {"value": "b", "primary": false}"#, Some("a")),
        (r#"{"type": "work", "primary": true}, {"value": "b"}"#, Some("b")),
        ("", None),
    ];
    for (emails, expected) in cases {
        assert_eq!(user(&format!(r#""emails": [{emails}]"#)).email.as_deref(), expected, "{emails}");
    }
}

/// E-2: what cannot be read holds its record, which is there all the same, and its neighbours are read.
#[test]
fn e_02_an_unreadable_record_is_held_and_not_absent() {
    let cases = [
        (r#""userName": 5"#, "userName must be a string, found a number"),
        (r#""active": "perhaps""#, "active must be true or false, found a string"),
        (r#""emails": "a@example.com""#, "emails must be an array, found a string"),
        (r#""emails": ["a@example.com"]"#, "emails must be an object, found a string"),
        (r#""name": []"#, "name must be an object, found an array"),
        (r#""phoneNumbers": [{"value": {}}]"#, "phoneNumbers.value must be a string, found an object"),
        (
            r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": 7}}"#,
            "manager.value must be a string, found a number",
        ),
    ];
    for (attributes, expected) in cases {
        let held = user(attributes);
        assert_eq!(findings(&held), [format!("the record cannot be read: {expected}; correct the record in the source")], "{attributes}");
        assert!(held.findings.iter().all(|finding| finding.severity() == idbridge_mapping::Severity::Holds));
    }
    let long = format!(r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {{"manager": "{}"}}"#, "m".repeat(1025));
    assert_eq!(
        findings(&user(&long)),
        [
            "the record cannot be read: manager.value must be an identifier of at most 1024 bytes, found a longer text; correct the record in the source"
        ]
    );
    let twice = user(r#""urn:x:y": {"a": 1, "a": 2, "b": {}, "c": 3}, "urn:z": 5"#);
    assert_eq!(
        findings(&twice),
        ["urn:x:y:a must be a string, a number or a boolean, found two values, so it is left out; write it as one text"]
    );
    assert_eq!(twice.custom.keys().collect::<Vec<_>>(), ["urn:x:y:c"]);
}

/// Every form that a file may have.
#[test]
fn every_form_of_a_file_is_read() {
    let (anna, ola) = (format!(r#"{{{USER}, "id": "u1"}}"#), r#"{"id": "u2", "meta": {"resourceType": "user"}}"#.to_owned());
    let staff = format!(r#"{{{GROUP}, "id": "g1", "members": [{{"value": "u1"}}, {{"value": "u2"}}]}}"#);
    let page = |total: usize, resources: &str| format!(r#"{{"totalResults": {total}, "Resources": [{resources}]}}"#);
    let files = [
        format!("[{anna}, {ola}, {staff}]"),
        page(3, &format!("{anna}, {ola}, {staff}")),
        format!("[{}, {}]", page(3, &format!("{anna}, {staff}")), page(3, &ola)),
        format!("[{}, {}, {}]", page(2, &anna), page(2, &ola), page(1, &staff)),
        format!("[{}, {ola}, {anna}]", page(1, &staff)),
        format!(r#"{{"Users": [{anna}, {ola}], "Groups": {}}}"#, page(1, &staff)),
        format!(r#"{{"Groups": [{}], "Users": [{}, {}, {}]}}"#, page(1, &staff), page(2, &ola), page(2, &anna), page(2, "")),
        format!(r#"{{"Resources": [{ola}, {anna}], "totalResults": 2, "Groups": [{staff}], "complete": true}}"#),
    ];
    let first = read(&files[0]);
    assert_eq!((reasons(&first).len(), first.users().len(), first.entitled().len()), (0, 2, 2));
    for file in &files {
        assert_eq!(read(file), first, "{file}");
    }
    let one = read(&format!(r#"{{{USER}, "id": "u1", "groups": [{{"value": "g1"}}]}}"#));
    assert_eq!(one.users().len(), 1, "the `groups` of a person are no list of groups");
    assert_eq!(reasons(&one), ["Groups is missing, which is not the same as empty"]);
}

/// UL-11: what may be missing makes the snapshot partial.
#[test]
fn ul_11_whatever_is_missing_makes_the_snapshot_partial() {
    let anna = format!(r#"{{{USER}, "id": "u1"}}"#);
    let staff = format!(r#"{{{GROUP}, "id": "g1", "members": []}}"#);
    let file = |users: &str, groups: &str| format!(r#"{{"Users": {users}, "Groups": {groups}}}"#);
    let list = format!("[{anna}]");
    let cases = [
        (format!(r#"{{"Users": {list}}}"#), "Groups is missing, which is not the same as empty"),
        (list.clone(), "Groups is missing, which is not the same as empty"),
        (format!("[{staff}]"), "Users is missing, which is not the same as empty"),
        (file("[]", "[]"), "there is no user in it at all"),
        (file(&list, "null"), "Groups is missing, which is not the same as empty"),
        (
            file(&list, &format!(r#"[{{{GROUP}, "id": "g1"}}]"#)),
            "the group g1 has no list of members, which is not the same as an empty one",
        ),
        (
            file(&list, r#"[{"id": "g1", "members": [{"value": "u1"}, {"display": "Ola"}]}]"#),
            "entry 2 of members of the group g1 has no identifier that can be used",
        ),
        (
            file(&list, r#"[{"id": "g1", "members": [{"value": "g2", "type": "Group"}]}]"#),
            "the group g2 is in another group, and is not there itself",
        ),
        (file(&format!(r#"{{"totalResults": 2, "Resources": {list}}}"#), "[]"), "Users states 2 records, and 1 were read"),
        (file(&format!(r#"{{"Resources": {list}}}"#), "[]"), "Users does not state how many records there are"),
        (
            file(&format!(r#"{{"totalResults": 1, "Resources": {list}, "nextCursor": "x"}}"#), "[]"),
            "Users has a page after the last one that was read",
        ),
        (
            file(&format!(r#"[{anna}, {{"id": "d1", "schemas": ["urn:example:Device"]}}]"#), "[]"),
            "entry 2 of Users does not say whether it is a user or a group",
        ),
        (file(&format!(r#"[{anna}, {{"userName": "ola"}}]"#), "[]"), "entry 2 of Users has no identifier that can be used"),
        (file(&format!("[{anna}, 5]"), "[]"), "entry 2 of Users has no identifier that can be used"),
        (
            format!(r#"[{anna}, {staff}, {{"detail": "no", "status": "500"}}]"#),
            "entry 3 of Resources does not say whether it is a user or a group",
        ),
        (format!(r#"[{{"totalResults": 2, "Resources": {list}}}, {staff}]"#), "Resources states 2 records, and 1 were read"),
        (format!(r#"{{"totalResults": 3, "Resources": [{anna}, {staff}]}}"#), "Resources states 3 records, and 2 were read"),
        (format!(r#"{{"Resources": [{anna}, {staff}]}}"#), "Resources does not state how many records there are"),
        (
            format!(r#"[{{"totalResults": 1, "Resources": [{staff}]}}, {{"totalResults": 1, "Resources": {list}, "nextCursor": "x"}}]"#),
            "Resources has a page after the last one that was read",
        ),
        (format!(r#"{{"complete": false, {}"#, &file(&list, "[]")[1..]), "it says of itself that it is not complete"),
        (format!(r#"{{"application": {{}}, {}"#, &file(&list, "[]")[1..]), "application.groups is missing, which is not the same as empty"),
    ];
    for (text, expected) in cases {
        assert_eq!(reasons(&read(&text)), [expected], "{text}");
    }
    // A group that cannot be read is held, and its members are not known.
    let snapshot = read(&file(&list, r#"[{"id": "g1", "members": {}}]"#));
    assert_eq!(reasons(&snapshot), ["the group g1 has no list of members, which is not the same as an empty one"]);
    assert_eq!(snapshot.groups()["g1"].findings[0].code(), "UnreadableRecord");
}

#[test]
fn an_application_beside_the_lists_says_who_is_bound() {
    let lists = r#""Users": [{"id": "u1"}, {"id": "u2"}, {"id": "u3"}], "Groups": [{"id": "g1", "members": [{"value": "u1"}]}, {"id": "g2", "members": [{"value": "u2"}]}]"#;
    let snapshot = read(&format!(r#"{{"application": {{"groups": ["g1"], "users": ["u3"]}}, {lists}}}"#));
    assert_eq!(snapshot.entitled().into_iter().map(ToString::to_string).collect::<Vec<_>>(), ["u1", "u3"]);
    assert_eq!(read(&format!(r#"{{"application": null, {lists}}}"#)).entitled().len(), 3, "null is as if it were not there");
}

/// A member without a type is whatever has its identifier.
#[test]
fn members_are_people_or_groups_by_type_reference_or_identifier() {
    let groups = r#"[
        {"id": "g1", "members": [{"value": "g2"}, {"value": "u1"}]},
        {"id": "g2", "members": [{"value": "g3", "$ref": "../Groups/g3"}]},
        {"id": "g3", "members": [{"value": "g1", "type": "group"}, {"value": "u2", "type": "User"}, {"value": "u9"}]}
    ]"#;
    let snapshot = read(&format!(r#"{{"Users": [{{"id": "u1"}}, {{"id": "u2"}}], "Groups": {groups}}}"#));
    for group in snapshot.groups().values() {
        let members: Vec<_> = group.members.iter().map(ToString::to_string).collect();
        assert_eq!(members, ["u1", "u2", "u9"], "{}", group.id);
        assert_eq!(group.findings[0].code(), "NestedInItself");
    }
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
}

#[test]
fn what_is_no_directory_file_is_refused_with_line_and_column() {
    let cases = [
        ("", "invalid JSON at line 1 column 0: EOF while parsing a value"),
        (r#""secret""#, "invalid directory file at line 1 column 8: Resources must be an array, found a string"),
        (r#"{"Users": 5}"#, "invalid directory file at line 1 column 11: Users must be an array, found a number"),
        (r#"{"Resources": {}}"#, "invalid directory file at line 1 column 16: Resources must be an array, found an object"),
        (r#"{"Users": [], "Users": []}"#, "invalid directory file at line 1 column 25: Users is there twice"),
        (r#"{"resources": [], "Resources": []}"#, "invalid directory file at line 1 column 29: Resources is there twice"),
        (r#"{"application": []}"#, "invalid directory file at line 1 column 18: application must be an object, found an array"),
        ("[]\n[]", "invalid JSON at line 2 column 1: trailing characters"),
    ];
    let found = cases.map(|(text, _)| scim::read(text.as_bytes()).unwrap_err().to_string());
    assert_eq!(found.each_ref().map(String::as_str), cases.map(|(_, expected)| expected));
}

/// A file over the limit is refused before any of it is read.
#[test]
fn a_file_that_is_too_large_is_refused() {
    // Memory that nobody has written to costs nothing.
    let error = scim::read(&vec![0; scim::LARGEST + 1]).unwrap_err();
    assert_eq!(error.to_string(), "the directory file is too large: at most 536870912 bytes are read, found 536870913");
}

proptest! {
    /// Neither the order of the keys nor where a page ends changes what is read, nor the case of names.
    #[test]
    fn order_of_keys_and_length_of_pages_change_nothing(
        people in prop::collection::btree_set(0..9_u8, 1..7),
        members in prop::collection::vec(prop::collection::vec(0..11_u8, 0..5), 1..4),
        size in 1..4_usize,
        is_turned in any::<bool>(),
    ) {
        let users: Vec<_> = people.iter().map(|person| [format!(r#""id": "u{person}""#), r#""active": false"#.to_owned(), USER.to_owned()]).collect();
        let group = |(number, members): (usize, &Vec<u8>)| {
            let members: Vec<_> = members.iter().map(|person| format!(r#"{{"value": "u{person}"}}"#)).collect();
            [format!(r#""id": "g{number}""#), format!(r#""members": [{}]"#, members.join(",")), GROUP.to_owned()]
        };
        let groups: Vec<_> = members.iter().enumerate().map(group).collect();
        let object = |keys: &[String; 3], is_turned: bool| {
            let keys = if is_turned { [keys[2].to_uppercase().replace("URN", "urn"), keys[1].clone(), keys[0].clone()] } else { keys.clone() };
            format!("{{{}}}", keys.join(","))
        };
        let pages = |list: &[[String; 3]], size: usize, is_turned: bool| {
            let page = |page: &[[String; 3]]| {
                let resources: Vec<_> = page.iter().map(|keys| object(keys, is_turned)).collect();
                let mut keys = [format!(r#""totalResults": {}"#, list.len()), format!(r#""Resources": [{}]"#, resources.join(","))];
                if is_turned {
                    keys.reverse();
                }
                format!("{{{}}}", keys.join(","))
            };
            format!("[{}]", list.chunks(size).map(page).collect::<Vec<_>>().join(","))
        };
        let one = read(&format!(r#"{{"Users": {}, "Groups": {}}}"#, pages(&users, 100, false), pages(&groups, 100, false)));
        let many = if is_turned {
            format!(r#"{{"Groups": {}, "Users": {}}}"#, pages(&groups, size, true), pages(&users, size, true))
        } else {
            format!(r#"{{"Users": {}, "Groups": {}}}"#, pages(&users, size, false), pages(&groups, size, false))
        };
        prop_assert_eq!(one.completeness(), &Completeness::Complete);
        prop_assert_eq!(&one, &read(&many));
        let mixed: Vec<_> = users.iter().chain(&groups).cloned().collect();
        prop_assert_eq!(&one, &read(&pages(&mixed, 100, is_turned)));
    }

    /// Any bytes, and any change to a file that can be read, are read or refused, by either identifier, and alike if they are read as they come.
    #[test]
    fn reading_never_panics(bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut changed = BUNDLED.as_bytes().to_vec();
        let at = at.index(changed.len());
        changed[at] = byte;
        for ids in [ScimIds::Id, ScimIds::ExternalId] {
            for bytes in [&bytes, &changed] {
                let read = scim::read_by(bytes, ids);
                let streamed = scim::read_from(bytes.as_slice(), bytes.len(), ids);
                prop_assert_eq!(streamed.map_err(|error| error.kind().clone()), read.map_err(|error| error.kind().clone()));
            }
        }
    }
}
