//! The directory file: JumpCloud's shapes, and what is concluded when something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Incomplete, Lifecycle, Snapshot, jumpcloud};
use idbridge_mapping::{ErrorKind, Location};

const COUNTED: &str = include_str!("fixtures/users-counted.json");
const FULL: &str = include_str!("fixtures/user-full.json");
const GROUPS: &str = include_str!("fixtures/groups.json");

fn file(users: &str, groups: &str, application: &str) -> String {
    format!(r#"{{"systemusers": {users}, "usergroups": {groups}, "application": {application}}}"#)
}

fn read(text: &str) -> Snapshot {
    jumpcloud::read(text.as_bytes()).unwrap()
}

/// A snapshot of these users, and of nothing else.
fn users(users: &str) -> Snapshot {
    read(&file(users, "[]", r#"{"usergroups": []}"#))
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

/// A list of the API's version 1, with its count, unknown keys, nulls and an entry without `state`.
#[test]
fn counted_users_with_unknown_keys_and_nulls_are_read() {
    let snapshot = users(COUNTED);
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    let anna = &snapshot.users()["64f0a1b2c3d4e5f607180001"];
    assert_eq!(anna.email.as_deref(), Some("anna.berg+test@example.com"));
    assert_eq!(anna.username.as_deref(), Some("annaberg"));
    assert_eq!(anna.display_name.as_deref(), Some("Anna B"));
    assert_eq!((&anna.company, &anna.employee_identifier, &anna.job_title), (&None, &None, &None));
    let ola = &snapshot.users()["64f0a1b2c3d4e5f607180002"];
    assert_eq!((&ola.first_name, &ola.last_name), (&None, &None));
    assert_eq!((ola.lifecycle, ola.activated), (Lifecycle::Suspended, false));
    assert!(snapshot.users().values().all(|user| user.findings.is_empty()));
}

/// A page past the end states the count of all and has no results.
#[test]
fn a_page_past_the_end_is_not_an_empty_directory() {
    let snapshot = users(r#"{"totalCount": 1, "results": []}"#);
    assert_eq!(reasons(&snapshot), ["systemusers states 1 records, and 0 were read", "there is no user in it at all"]);
}

#[test]
fn every_value_of_a_full_user_is_read() {
    let snapshot = users(&format!("[{FULL}]"));
    let mia = &snapshot.users()["64f0a1b2c3d4e5f607180003"];
    assert_eq!(mia.first_name.as_deref(), Some("Mia"));
    assert_eq!(mia.last_name.as_deref(), Some("Lind"));
    assert_eq!(mia.job_title.as_deref(), Some("Staff Engineer"));
    assert_eq!(mia.company.as_deref(), Some("Example Works"));
    assert_eq!(mia.department.as_deref(), Some("Platform"));
    assert_eq!(mia.employee_identifier.as_deref(), Some("E-77"));
    // The blank address and the blank number are not kept.
    let kinds = |kinds: Vec<&Option<String>>| kinds.into_iter().flatten().cloned().collect::<Vec<_>>();
    assert_eq!(kinds(mia.addresses.iter().map(|address| &address.kind).collect()), ["home", "work"]);
    assert_eq!(kinds(mia.phone_numbers.iter().map(|phone| &phone.kind).collect()), ["mobile", "work", "work_fax", "work"]);
    assert_eq!(mia.work_address().unwrap().street_address.as_deref(), Some("1200 Larkspur Avenue"));
    assert_eq!(mia.work_phone().unwrap().number, "+1 303 555 0141");
    assert_eq!(mia.custom["AWSABACProject"], "Automation");
    assert_eq!(mia.custom["locale"], "en_US");
}

/// Groups of the API's version 2: with null attributes, dynamic ones with open attributes, members as identifiers, connections and nodes.
#[test]
fn groups_and_every_form_of_member_are_read() {
    let snapshot = read(&file(COUNTED, GROUPS, r#"{"usergroups": ["64f0a1b2c3d4e5f607181001"]}"#));
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    let sizes: Vec<_> = snapshot.groups().values().map(|group| (group.name.as_deref().unwrap(), group.members.len())).collect();
    assert_eq!(sizes, [("Everybody", 2), ("aws-platform", 2), ("Empty", 0)]);
}

/// The answers of `/applications/{id}/usergroups` and `/users`: graph nodes with paths.
#[test]
fn bindings_are_identifiers_or_graph_nodes() {
    let node = r#"{"id": "g1", "type": "user_group", "compiledAttributes": {"Hello": "World"}, "paths": [[{"to": {"id": "g1"}}]]}"#;
    let application = format!(r#"{{"name": "aws-sso", "usergroups": [{node}, "g2"], "users": [{{"to": {{"id": "u1"}}}}]}}"#);
    let snapshot = read(&file("[]", "[]", &application));
    let ids = |ids: &std::collections::BTreeSet<idbridge_mapping::directory::DirectoryId>| {
        ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&snapshot.application().groups), ["g1", "g2"]);
    assert_eq!(ids(&snapshot.application().users), ["u1"]);
}

#[test]
fn a_bare_array_a_byte_order_mark_and_taken_at_are_taken() {
    let text = format!(
        "\u{FEFF}{}",
        r#"{"taken_at": "yesterday", "systemusers": [{"id": "u1"}], "usergroups": [], "application": {"usergroups": []}}"#
    );
    let snapshot = read(&text);
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert_eq!(snapshot.taken_at(), Some("yesterday"));
    assert!(snapshot.users().contains_key("u1"), "`id` stands in for `_id`");
}

#[test]
fn underscore_id_goes_before_id() {
    let snapshot = users(r#"[{"id": "x", "_id": "u1"}, {"_id": "", "id": "u2"}, {"_id": null, "id": "u3"}]"#);
    assert_eq!(snapshot.users().keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["u1", "u2", "u3"]);
}

/// E-3: `active = !suspended`; a missing `state` is derived from `suspended`; letters compare without case.
#[test]
fn e_03_lifecycle_is_read_from_state_and_suspended() {
    let cases = [
        (r#""state": "ACTIVATED", "suspended": false"#, Lifecycle::Active),
        (r#""state": "activated""#, Lifecycle::Active),
        (r#""state": "SUSPENDED", "suspended": true"#, Lifecycle::Suspended),
        (r#""state": "Suspended", "suspended": false"#, Lifecycle::Suspended),
        (r#""state": "ACTIVATED", "suspended": true"#, Lifecycle::Suspended),
        (r#""suspended": true"#, Lifecycle::Suspended),
        (r#""suspended": false"#, Lifecycle::Active),
        (r#""state": "", "suspended": null"#, Lifecycle::Active),
        (r#""state": null, "suspended": true"#, Lifecycle::Suspended),
        (r#""state": "STAGED", "suspended": false"#, Lifecycle::Staged),
        (r#""state": "STAGED", "suspended": true"#, Lifecycle::Staged),
    ];
    for (state, expected) in cases {
        let snapshot = users(&format!(r#"[{{"_id": "u1", {state}}}]"#));
        let user = &snapshot.users()["u1"];
        assert_eq!(user.lifecycle, expected, "{state}");
        assert!(user.findings.is_empty(), "{state}");
    }
}

/// E-3: a member who is in no `systemusers` of a complete snapshot is a finding, not incompleteness.
#[test]
fn e_03_unknown_members_and_bindings_are_findings() {
    let groups = r#"[{"id": "g1", "name": "Staff", "members": ["u1", "gone", "lost"]}]"#;
    let snapshot = read(&file(r#"[{"_id": "u1"}]"#, groups, r#"{"usergroups": ["g1", "g9"], "users": ["u9"]}"#));
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    let found: Vec<_> = snapshot.findings().iter().map(|finding| (finding.code(), finding.path().map(str::to_owned))).collect();
    assert_eq!(
        found,
        [
            ("UnknownMember", None),
            ("UnknownBinding", Some("application.usergroups".to_owned())),
            ("UnknownBinding", Some("application.users".to_owned())),
        ]
    );
    // In a snapshot that is not complete they would prove nothing.
    let partial = read(&file(r#"{"totalCount": 2, "results": [{"_id": "u1"}]}"#, groups, r#"{"usergroups": ["g1"]}"#));
    assert!(partial.findings().iter().all(|finding| finding.code() == "SourceIncomplete"));
}

/// A value of another type holds its record, and does not make it absent.
#[test]
fn e_02_an_unreadable_record_is_held_and_not_absent() {
    let cases = [
        (r#""email": 5"#, "email"),
        (r#""firstname": ["Anna"]"#, "firstname"),
        (r#""lastname": {"x": [1, {"y": null}]}"#, "lastname"),
        (r#""suspended": "yes""#, "suspended"),
        (r#""state": "RETIRED""#, "state"),
        (r#""state": true"#, "state"),
        (r#""addresses": "Main Street""#, "addresses"),
        (r#""addresses": ["Main Street"]"#, "addresses"),
        (r#""addresses": [{"locality": 7}]"#, "addresses.locality"),
        (r#""phoneNumbers": [{"type": "work", "number": 555}]"#, "phoneNumbers.number"),
        (r#""attributes": {"locale": "en"}"#, "attributes"),
        (r#""email": "a@example.com", "email": "b@example.com""#, "email"),
        (r#""employeeIdentifier": 7.5"#, "employeeIdentifier"),
    ];
    for (content, path) in cases {
        let snapshot = users(&format!(r#"[{{"_id": "u1", {content}}}, {{"_id": "u2"}}]"#));
        assert_eq!(*snapshot.completeness(), Completeness::Complete, "{content}");
        let findings = &snapshot.users()["u1"].findings;
        assert_eq!(findings.len(), 1, "{content}");
        assert_eq!((findings[0].code(), findings[0].path()), ("UnreadableRecord", Some(path)), "{content}");
        assert!(snapshot.users()["u2"].findings.is_empty());
    }
    let group = read(&file("[]", r#"[{"id": "g1", "name": 5, "members": ["u1"]}]"#, r#"{"usergroups": []}"#));
    assert_eq!(group.groups()["g1"].findings[0].code(), "UnreadableRecord");
    assert_eq!(group.groups()["g1"].members.len(), 1, "who is in a held group still is");
}

/// Section 11: `employeeIdentifier 7` is a number on the way in and a text on the way out.
#[test]
fn am_15_a_number_is_taken_where_an_identifier_is_meant() {
    let snapshot = users(r#"[{"_id": "u1", "employeeIdentifier": 7, "attributes": [{"name": "floor", "value": 3}]}]"#);
    let user = &snapshot.users()["u1"];
    assert_eq!((user.employee_identifier.as_deref(), user.custom["floor"].as_str()), (Some("7"), "3"));
}

#[test]
fn a_custom_attribute_that_is_no_text_is_left_out_and_does_not_hold() {
    let attributes = r#"[{"name": "badge", "value": {"a": 1}}, {"name": "site", "value": "A"}, {"name": "site", "value": "B"}, {"name": "x", "value": ""}]"#;
    let snapshot = users(&format!(r#"[{{"_id": "u1", "attributes": {attributes}}}]"#));
    let user = &snapshot.users()["u1"];
    assert!(user.custom.is_empty());
    let found: Vec<_> = user.findings.iter().map(|finding| (finding.code(), finding.path().unwrap())).collect();
    assert_eq!(found, [("CustomAttributeUnreadable", "attributes.badge"), ("CustomAttributeUnreadable", "attributes.site")]);
}

#[test]
fn the_same_record_twice_is_one_and_two_different_ones_are_held() {
    let once = r#"{"_id": "u1", "email": "a@example.com"}"#;
    // The identifiers of parts change with every write and say nothing.
    let again = r#"{"_id": "u1", "email": "a@example.com", "addresses": [{"_id": "new", "type": "work", "locality": ""}]}"#;
    let snapshot = users(&format!("[{once}, {again}]"));
    assert_eq!((snapshot.users().len(), snapshot.users()["u1"].findings.len()), (1, 0));

    let other = r#"{"_id": "u1", "email": "b@example.com"}"#;
    let snapshot = users(&format!("[{once}, {other}, {other}, {once}]"));
    let codes: Vec<_> = snapshot.users()["u1"].findings.iter().map(|finding| finding.code()).collect();
    assert_eq!(codes, ["DuplicateRecord"]);

    let groups = r#"[{"id": "g1", "name": "A", "members": ["u1"]}, {"id": "g1", "name": "A", "members": ["u2"]}]"#;
    let snapshot = read(&file("[]", groups, r#"{"usergroups": ["g1"]}"#));
    let group = &snapshot.groups()["g1"];
    assert_eq!((group.findings[0].code(), group.members.len()), ("DuplicateRecord", 2), "nobody loses a membership by it");
}

/// Unknown is not empty, and empty is not absent.
#[test]
fn ul_11_whatever_is_missing_makes_the_snapshot_partial() {
    let some = r#"[{"_id": "u1"}]"#;
    let bound = r#"{"usergroups": []}"#;
    let cases = [
        (format!(r#"{{"usergroups": [], "application": {bound}}}"#), "systemusers is missing, which is not the same as empty"),
        (file("null", "[]", bound), "systemusers is missing, which is not the same as empty"),
        (file(r#"{"totalCount": 0}"#, "[]", bound), "systemusers is missing, which is not the same as empty"),
        (file(r#"{"totalCount": 1, "results": null}"#, "[]", bound), "systemusers is missing, which is not the same as empty"),
        (file(r#"{"totalCount": 2, "results": [{"_id": "u1"}]}"#, "[]", bound), "systemusers states 2 records, and 1 were read"),
        (
            file(r#"{"totalCount": 2, "results": [{"_id": "u1"}, {"_id": "u1"}]}"#, "[]", bound),
            "systemusers states 2 records, and 1 were read",
        ),
        (file(r#"{"results": [{"_id": "u1"}]}"#, "[]", bound), "systemusers does not state how many records there are"),
        (file(r#"{"totalCount": "1", "results": [{"_id": "u1"}]}"#, "[]", bound), "systemusers does not state how many records there are"),
        (file("[]", "[]", bound), "there is no user in it at all"),
        (format!(r#"{{"systemusers": {some}, "application": {bound}}}"#), "usergroups is missing, which is not the same as empty"),
        (file(some, "null", bound), "usergroups is missing, which is not the same as empty"),
        (format!(r#"{{"systemusers": {some}, "usergroups": []}}"#), "application.usergroups is missing, which is not the same as empty"),
        (file(some, "[]", "null"), "application.usergroups is missing, which is not the same as empty"),
        (file(some, "[]", "{}"), "application.usergroups is missing, which is not the same as empty"),
        (file(some, "[]", r#"{"usergroups": null}"#), "application.usergroups is missing, which is not the same as empty"),
        (file(some, r#"[{"id": "g1", "name": "A"}]"#, bound), "the group g1 has no list of members, which is not the same as an empty one"),
        (
            file(some, r#"[{"id": "g1", "name": "A", "members": null}]"#, bound),
            "the group g1 has no list of members, which is not the same as an empty one",
        ),
        (
            file(some, r#"[{"id": "g1", "name": "A", "members": ["u1", 5]}]"#, bound),
            "entry 2 of members of the group g1 has no identifier that can be used",
        ),
        (file(r#"[{"_id": "u1"}, {"email": "a@example.com"}]"#, "[]", bound), "entry 2 of systemusers has no identifier that can be used"),
        (file(r#"[{"_id": "u1"}, null]"#, "[]", bound), "entry 2 of systemusers has no identifier that can be used"),
        (file(r#"[{"_id": 5}, {"_id": "u1"}]"#, "[]", bound), "entry 1 of systemusers has no identifier that can be used"),
        (file(some, r#"[{"name": "A", "members": []}]"#, bound), "entry 1 of usergroups has no identifier that can be used"),
        (file(some, "[]", r#"{"usergroups": [""]}"#), "entry 1 of application.usergroups has no identifier that can be used"),
        (format!(r#"{{"complete": false, {}"#, &file(some, "[]", bound)[1..]), "it says of itself that it is not complete"),
        (format!(r#"{{"complete": "no", {}"#, &file(some, "[]", bound)[1..]), "`complete` is neither true nor false"),
    ];
    for (text, expected) in cases {
        let snapshot = read(&text);
        assert_eq!(reasons(&snapshot), [expected], "{text}");
        let findings = snapshot.findings();
        assert_eq!((findings.len(), findings[0].code()), (1, "SourceIncomplete"), "{text}");
    }
    for complete in ["true", "null", r#""""#] {
        let text = format!(r#"{{"complete": {complete}, {}"#, &file(some, "[]", bound)[1..]);
        assert_eq!(*read(&text).completeness(), Completeness::Complete, "{complete}");
    }
}

#[test]
fn a_thousand_reasons_are_counted_and_not_kept() {
    let snapshot = users(&format!("[{}{{}}]", "{},".repeat(999)));
    let Completeness::Partial(reasons) = snapshot.completeness() else { panic!("complete") };
    assert_eq!(reasons.len(), 101);
    assert_eq!(reasons[100], Incomplete::More { count: 901 }, "900 more rows, and that nobody is there");
}

#[test]
fn what_is_no_directory_file_is_refused_with_line_and_column() {
    let bound = r#"{"usergroups": []}"#;
    let cases = [
        ("", "invalid JSON at line 1 column 0: EOF while parsing a value"),
        ("{\n  \"systemusers\": [,]\n}", "invalid JSON at line 2 column 19: expected value"),
        ("{} {}", "invalid JSON at line 1 column 4: trailing characters"),
        ("[]", "invalid directory file at line 1 column 2: the file must be an object, found an array"),
        ("null", "invalid directory file at line 1 column 4: the file must be an object, found null"),
        (r#""secret""#, "invalid directory file at line 1 column 8: the file must be an object, found a string"),
        (r#"{"systemusers": "secret"}"#, "invalid directory file at line 1 column 24: systemusers must be an array, found a string"),
        (r#"{"usergroups": true}"#, "invalid directory file at line 1 column 19: usergroups must be an array, found a boolean"),
        (
            r#"{"systemusers": {"results": {}}}"#,
            "invalid directory file at line 1 column 30: systemusers must be an array, found an object",
        ),
        (r#"{"application": []}"#, "invalid directory file at line 1 column 18: application must be an object, found an array"),
        (
            r#"{"application": {"users": -1.5}}"#,
            "invalid directory file at line 1 column 30: application.users must be an array, found a number",
        ),
        (
            r#"{"application": {"usergroups": {}}}"#,
            "invalid directory file at line 1 column 33: application.usergroups must be an array, found an object",
        ),
        (r#"{"systemusers": [], "systemusers": []}"#, "invalid directory file at line 1 column 37: systemusers is there twice"),
        (
            r#"{"usergroups": [{"id": "g1", "members": "u1"}]}"#,
            "invalid directory file at line 1 column 46: members of a group must be an array, found a string",
        ),
    ];
    for (text, expected) in cases {
        let error = jumpcloud::read(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(matches!(error.at(), Location::Text { .. }));
        assert!(matches!(error.kind(), ErrorKind::Json { .. } | ErrorKind::Shape { .. }));
    }
    assert_eq!(reasons(&read(&file("null", "null", bound))).len(), 2, "but null is only missing");
}

/// E-1: entitled is who is not staged, and in a bound group or bound directly.
#[test]
fn e_01_entitled_is_not_staged_and_bound() {
    let people = r#"[
        {"_id": "direct"}, {"_id": "grouped"}, {"_id": "held", "email": 5}, {"_id": "nobody"},
        {"_id": "staged", "state": "STAGED"}, {"_id": "suspended", "suspended": true}, {"_id": "unbound"}
    ]"#;
    let groups = r#"[
        {"id": "g1", "name": "Staff", "members": ["grouped", "staged", "suspended", "unknown"]},
        {"id": "g2", "name": "Not bound", "members": ["unbound"]},
        {"id": "g3", "name": "Ops: EU", "members": ["held"]}
    ]"#;
    let snapshot = read(&file(people, groups, r#"{"usergroups": ["g1", "g3", "deleted"], "users": ["direct", "unknown"]}"#));
    let entitled: Vec<_> = snapshot.entitled().into_iter().map(|id| id.as_str()).collect();
    assert_eq!(entitled, ["direct", "grouped", "held", "suspended"]);
}
