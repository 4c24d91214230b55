//! Google's Directory API: what is read of it, and what is concluded when something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User, google};
use idbridge_mapping::{ErrorKind, Location, Mapped, RuleSet};
use idbridge_scim::Profile;

const BUNDLED: &[u8] = include_bytes!("../../../examples/data/directories/google.json");

fn file(users: &str, groups: &str, members: &str) -> String {
    format!(r#"{{"users": {users}, "groups": {groups}, "members": {members}}}"#)
}

fn read(text: &str) -> Snapshot {
    google::read(text.as_bytes()).unwrap()
}

/// The one person of a file, with these keys beside the identifier.
fn person(content: &str) -> User {
    read(&file(&format!(r#"[{{"id": "1", {content}}}]"#), "[]", "{}")).users()["1"].clone()
}

/// The members of the group `g1`, read from this list.
fn members(list: &str) -> (Vec<String>, Vec<String>) {
    let users = r#"[{"id": "1", "primaryEmail": "anna@example.com"}, {"id": "2", "primaryEmail": "ola@example.com"}]"#;
    let groups =
        r#"[{"id": "g1", "name": "Staff", "email": "staff@example.com"}, {"id": "g2", "name": "Ops", "email": "ops@example.com"}]"#;
    let snapshot = read(&file(users, groups, &format!(r#"{{"g1": {list}, "g2": ["2"]}}"#)));
    (snapshot.groups()["g1"].members.iter().map(ToString::to_string).collect(), reasons(&snapshot))
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn names(snapshot: &Snapshot, group: &str) -> Vec<String> {
    let group = snapshot.groups().values().find(|found| found.name.as_deref() == Some(group)).unwrap();
    group.members.iter().map(|id| snapshot.users()[id].first_name.clone().unwrap()).collect()
}

#[test]
fn the_bundled_directory_is_read_whole() {
    let snapshot = google::read(BUNDLED).unwrap();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    assert_eq!((snapshot.users().len(), snapshot.groups().len()), (7, 4));
    assert_eq!(snapshot.taken_at(), Some("2026-01-31T06:00:00Z"));
    assert_eq!((snapshot.application().users.len(), snapshot.application().groups.len()), (7, 4), "everybody is bound");
    assert_eq!(names(&snapshot, "Engineering"), ["Anna", "Tom"]);
    assert_eq!(names(&snapshot, "Operations"), ["Anna", "Tom", "Wei"], "nested members are members, people of elsewhere are not");
    assert_eq!(names(&snapshot, "Everyone").len(), 7);
    assert!(names(&snapshot, "Visitors").is_empty());

    let anna = &snapshot.users()["104200000000000000001"];
    assert_eq!(anna.username.as_deref(), Some("anna.berg@example.com"));
    assert_eq!(anna.email, anna.username);
    assert_eq!((anna.first_name.as_deref(), anna.last_name.as_deref()), (Some("Anna"), Some("Berg")));
    assert_eq!(anna.display_name.as_deref(), Some("Anna Berg"));
    assert_eq!(anna.job_title.as_deref(), Some("Engineering Manager"));
    assert_eq!((anna.company.as_deref(), anna.department.as_deref()), (Some("Example Works"), Some("Engineering")));
    assert_eq!((anna.cost_center.as_deref(), anna.location.as_deref()), (Some("CC-100"), Some("Oslo")));
    assert_eq!((anna.employee_identifier.as_deref(), anna.employee_type.as_deref()), (Some("E-1001"), Some("Full-time")));
    let address = anna.work_address().unwrap();
    assert_eq!((address.street_address.as_deref(), address.locality.as_deref()), (Some("Skogveien 4"), Some("Oslo")));
    assert_eq!((address.region.as_deref(), address.postal_code.as_deref()), (Some("Oslo"), Some("0150")));
    assert_eq!(address.country.as_deref(), Some("NO"), "the code goes before the name");
    assert_eq!(anna.work_phone().unwrap().number, "+47 22 55 01 00");
    assert_eq!(anna.phone_numbers.len(), 2);
    let custom: Vec<_> = anna.custom.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        custom,
        ["Access.Level=3", "Access.OnCall=true", "Access.Project=Automation", "locale=nb", "orgUnitPath=/Staff/Engineering"]
    );

    let tom = &snapshot.users()["104200000000000000002"];
    assert_eq!(tom.manager.as_ref(), Some(&anna.id), "the letters of an address compare without case");
    assert_eq!(tom.phone_numbers[0].kind.as_deref(), Some("desk"));
    assert_eq!(snapshot.users()["104200000000000000006"].custom["locale"], "zh-CN");
}

#[test]
fn of_the_bundled_directory_two_people_are_held() {
    let snapshot = google::read(BUNDLED).unwrap();
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let held: Vec<_> = snapshot.users().values().filter(|user| rules.to_scim(user, &profile).is_held()).collect();
    assert_eq!(held.iter().map(|user| user.first_name.as_deref().unwrap()).collect::<Vec<_>>(), ["Build", "Mona"]);
    let Mapped::Held { findings } = rules.to_scim(held[1], &profile) else { panic!("not held") };
    assert_eq!(
        findings[0].to_string(),
        "the record cannot be read: suspended must be true or false, found a string; correct the record in the source"
    );
}

/// E-3: whoever is suspended by anything is suspended. Google leaves out what is false.
#[test]
fn e_03_lifecycle_is_read_from_suspended_archived_and_deleted() {
    let cases = [
        (r#""suspended": false, "archived": false"#, Lifecycle::Active),
        (r#""suspended": null"#, Lifecycle::Active),
        (r#""name": {}"#, Lifecycle::Active),
        (r#""suspended": true"#, Lifecycle::Suspended),
        (r#""archived": true"#, Lifecycle::Suspended),
        (r#""suspended": true, "archived": false"#, Lifecycle::Suspended),
        (r#""suspended": false, "archived": true"#, Lifecycle::Suspended),
        (r#""deletionTime": "2026-01-30T06:00:00.000Z""#, Lifecycle::Suspended),
        (r#""agreedToTerms": false, "changePasswordAtNextLogin": true"#, Lifecycle::Active),
    ];
    for (content, expected) in cases {
        let user = person(content);
        assert_eq!((user.lifecycle, user.findings.len()), (expected, 0), "{content}");
    }
}

#[test]
fn one_entry_of_a_list_is_chosen() {
    let organizations = |list: &str| person(&format!(r#""organizations": {list}"#)).job_title;
    assert_eq!(organizations(r#"[{"title": "A"}, {"title": "B"}]"#).as_deref(), Some("A"), "the first");
    assert_eq!(organizations(r#"[{"title": "A"}, {"title": "B", "primary": true}]"#).as_deref(), Some("B"), "the primary one");
    assert_eq!(organizations(r#"[{"title": "A", "primary": true}, {"title": "B", "primary": true}]"#).as_deref(), Some("A"));
    assert_eq!(organizations("[]"), None);

    let language = |list: &str| person(&format!(r#""languages": {list}"#)).custom.get("locale").cloned();
    assert_eq!(language(r#"[{"languageCode": "en"}, {"languageCode": "nb", "preference": "preferred"}]"#).as_deref(), Some("nb"));
    assert_eq!(language(r#"[{"languageCode": "en"}, {"languageCode": "nb"}]"#).as_deref(), Some("en"));
    assert_eq!(language(r#"[{"languageCode": "en", "preference": "not_preferred"}]"#), None);
    assert_eq!(language(r#"[{"customLanguage": "Klingon", "preference": "preferred"}]"#), None);

    let employee = |list: &str| person(&format!(r#""externalIds": {list}"#)).employee_identifier;
    assert_eq!(employee(r#"[{"type": "account", "value": "a"}, {"type": "organization", "value": 7}]"#).as_deref(), Some("7"));
    assert_eq!(employee(r#"[{"type": "custom", "customType": "badge", "value": "a"}]"#), None);

    let country =
        |address: &str| person(&format!(r#""addresses": [{address}]"#)).addresses.first().and_then(|address| address.country.clone());
    assert_eq!(country(r#"{"country": "Norway", "countryCode": "NO"}"#).as_deref(), Some("NO"));
    assert_eq!(country(r#"{"country": "Norway"}"#).as_deref(), Some("Norway"));
    assert_eq!(country(r#"{"formatted": "Skogveien 4, Oslo"}"#), None, "an address without parts is not kept");

    let display = |name: &str| person(&format!(r#""name": {name}"#)).display_name;
    assert_eq!(display(r#"{"fullName": "Anna Berg", "displayName": "Anna B"}"#).as_deref(), Some("Anna B"));
    assert_eq!(display(r#"{"fullName": "Anna Berg", "displayName": ""}"#).as_deref(), Some("Anna Berg"));
}

#[test]
fn a_manager_is_whoever_has_the_address_alone() {
    let manager = |value: &str| {
        let people = r#"{"id": "2", "primaryEmail": "b@example.com"}, {"id": "3", "primaryEmail": "c@example.com"}, {"id": "4", "primaryEmail": "C@example.com"}"#;
        let report = format!(
            r#"{{"id": "1", "relations": [{{"type": "assistant", "value": "c@example.com"}}, {{"type": "manager", "value": {value}}}]}}"#
        );
        let user = read(&file(&format!("[{report}, {people}]"), "[]", "{}")).users()["1"].clone();
        assert!(user.findings.is_empty());
        user.manager.map(|id| id.to_string())
    };
    assert_eq!(manager(r#""b@example.com""#).as_deref(), Some("2"));
    assert_eq!(manager(r#"" B@Example.com ""#).as_deref(), Some("2"));
    assert_eq!(manager(r#""c@example.com""#), None, "two people have it");
    assert_eq!(manager(r#""gone@example.com""#), None);
    assert_eq!(manager("null"), None);
}

#[test]
fn a_custom_attribute_that_is_no_text_is_left_out_and_does_not_hold() {
    let user = person(r#""customSchemas": {"A": {"many": [{"value": "x"}], "n": -1.5, "none": null}, "B": "text", "C": null}"#);
    assert_eq!(user.custom.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(), ["A.n=-1.5"]);
    let found: Vec<_> = user.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "customSchemas.A.many must be a string, a number or a boolean, found an array, so it is left out; write it as one text",
            "customSchemas.B must be a string, a number or a boolean, found a string, so it is left out; write it as one text",
        ]
    );
}

#[test]
fn members_are_known_by_id_and_else_by_address() {
    let cases = [
        (r#"[{"id": "1", "type": "USER"}]"#, vec!["1"]),
        (r#"[{"id": "1"}, "2"]"#, vec!["1", "2"]),
        (r#"[{"id": "g2", "type": "GROUP"}]"#, vec!["2"]),
        (r#"[{"id": "g2", "type": "PLANET"}]"#, vec!["2"]),
        (r#"["g2"]"#, vec!["2"]),
        (r#"[{"id": "C01", "type": "CUSTOMER"}]"#, vec!["1", "2"]),
        (r#"[{"id": "9", "type": "EXTERNAL", "email": "x@example.net"}]"#, vec![]),
        (r#"[{"email": "Anna@example.com", "type": "USER"}]"#, vec!["1"]),
        (r#"[{"email": "ops@example.com"}]"#, vec!["2"]),
        (r#"[{"id": "gone", "type": "USER"}]"#, vec!["gone"]),
    ];
    for (list, expected) in cases {
        assert_eq!(members(list), (expected.into_iter().map(str::to_owned).collect(), vec![]), "{list}");
    }
    let group = "the group gone is in another group, and is not there itself";
    for list in [r#"[{"id": "gone", "type": "GROUP"}]"#, r#"["gone"]"#, r#"[{"id": "gone"}]"#] {
        assert_eq!(members(list).1, [group], "{list}");
    }
    let entry = "entry 2 of members of the group g1 has no identifier that can be used";
    for list in [r#"["1", {"email": "gone@example.com"}]"#, r#"["1", {"id": ""}]"#, r#"["1", 5]"#, r#"["1", {"role": "MEMBER"}]"#] {
        assert_eq!(members(list), (vec!["1".to_owned()], vec![entry.to_owned()]), "{list}");
    }
}

/// Unknown is not empty, and empty is not absent.
#[test]
fn ul_11_whatever_is_missing_makes_the_snapshot_partial() {
    let some = r#"[{"id": "1"}]"#;
    let group = r#"[{"id": "g1", "name": "A", "email": "a@example.com"}]"#;
    let no_members = "the group g1 has no list of members, which is not the same as an empty one";
    let with = |more: &str| format!(r#"{{{more}, {}"#, &file(some, "[]", "{}")[1..]);
    let cases = [
        (format!(r#"{{"users": {some}, "members": {{}}}}"#), "groups is missing, which is not the same as empty"),
        (r#"{"groups": [], "members": {}}"#.to_owned(), "users is missing, which is not the same as empty"),
        (file("null", "[]", "{}"), "users is missing, which is not the same as empty"),
        (file(r#"{"kind": "other"}"#, "[]", "{}"), "users is missing, which is not the same as empty"),
        (file(r#"{"users": null}"#, "[]", "{}"), "users is missing, which is not the same as empty"),
        (file("[]", "[]", "{}"), "there is no user in it at all"),
        (file(r#"{"kind": "admin#directory#users"}"#, "[]", "{}"), "there is no user in it at all"),
        (file(r#"{"users": [{"id": "1"}], "nextPageToken": "t"}"#, "[]", "{}"), "users has a page after the last one that was read"),
        (
            file(r#"[{"users": [{"id": "1"}]}, {"users": [], "nextPageToken": "t"}]"#, "[]", "{}"),
            "users has a page after the last one that was read",
        ),
        (file(some, r#"{"groups": [], "nextPageToken": "t"}"#, "{}"), "groups has a page after the last one that was read"),
        (
            file(r#"[{"users": [{"id": "1"}]}, {"users": null}]"#, "[]", "{}"),
            "a page of users has no list in it, which is not the same as an empty one",
        ),
        (file(r#"[{"id": "1"}, {"id": ""}]"#, "[]", "{}"), "entry 2 of users has no identifier that can be used"),
        (file(r#"[{"users": [{"id": "1"}]}, {"users": [5]}]"#, "[]", "{}"), "entry 2 of users has no identifier that can be used"),
        (file(some, r#"[{"name": "A"}]"#, "{}"), "entry 1 of groups has no identifier that can be used"),
        (file(some, group, "{}"), no_members),
        (file(some, group, "null"), no_members),
        (file(some, group, r#"{"g1": null}"#), no_members),
        (file(some, group, r#"{"g1": {"members": null}}"#), no_members),
        (file(some, group, r#"{"g1": {"etag": "x"}}"#), no_members),
        (file(some, group, r#"{"b@example.com": []}"#), no_members),
        (format!(r#"{{"users": {some}, "groups": {group}}}"#), no_members),
        (file(some, group, r#"{"g1": {"members": ["1"], "nextPageToken": "t"}}"#), "the group g1 has more members than were read"),
        (with(r#""application": null"#), "application.groups is missing, which is not the same as empty"),
        (with(r#""application": {"users": []}"#), "application.groups is missing, which is not the same as empty"),
        (with(r#""application": {"groups": [7]}"#), "entry 1 of application.groups has no identifier that can be used"),
        (with(r#""application": {"groups": [], "users": [{}]}"#), "entry 1 of application.users has no identifier that can be used"),
        (with(r#""complete": false"#), "it says of itself that it is not complete"),
        (with(r#""complete": "no""#), "`complete` is neither true nor false"),
    ];
    for (text, expected) in cases {
        let snapshot = read(&text);
        assert_eq!(reasons(&snapshot), [expected], "{text}");
        assert_eq!(snapshot.findings()[0].code(), "SourceIncomplete");
    }
    let whole = [
        with(r#""complete": true"#),
        with(r#""complete": null"#),
        file(some, group, r#"{"A@example.com": []}"#),
        file(some, group, r#"{"g1": {"kind": "admin#directory#members"}, "unknown": null}"#),
        file(some, group, r#"{"g1": [{"members": ["1"], "nextPageToken": "t"}, {"kind": "admin#directory#members"}]}"#),
        file(
            r#"[{"users": [{"id": "1"}], "nextPageToken": "t"}, {"users": [], "nextPageToken": ""}]"#,
            r#"{"kind": "admin#directory#groups"}"#,
            "{}",
        ),
    ];
    for text in whole {
        assert_eq!(reasons(&read(&text)), Vec::<String>::new(), "{text}");
    }
}

/// A value of another type holds its record, and does not make it absent.
#[test]
fn e_02_an_unreadable_record_is_held_and_not_absent() {
    let cases = [
        (r#""primaryEmail": 5"#, "primaryEmail"),
        (r#""name": "Anna""#, "name"),
        (r#""name": {"givenName": ["Anna"]}"#, "name.givenName"),
        (r#""archived": "yes""#, "archived"),
        (r#""organizations": {"title": "x"}"#, "organizations"),
        (r#""organizations": ["x"]"#, "organizations"),
        (r#""organizations": [{"primary": 1}]"#, "organizations.primary"),
        (r#""organizations": [{"department": 1}]"#, "organizations.department"),
        (r#""externalIds": [{"type": "organization", "value": true}]"#, "externalIds.value"),
        (r#""relations": [{"type": "manager", "value": {}}]"#, "relations.value"),
        (r#""addresses": [{"locality": 7}]"#, "addresses.locality"),
        (r#""phones": [{"type": "work", "value": 555}]"#, "phones.value"),
        (r#""languages": [{"languageCode": 1}]"#, "languages.languageCode"),
        (r#""customSchemas": []"#, "customSchemas"),
        (r#""orgUnitPath": 1"#, "orgUnitPath"),
        (r#""primaryEmail": "a@example.com", "primaryEmail": "b@example.com""#, "primaryEmail"),
    ];
    for (content, path) in cases {
        let snapshot = read(&file(&format!(r#"[{{"id": "1", {content}}}, {{"id": "2"}}]"#), "[]", "{}"));
        assert_eq!(*snapshot.completeness(), Completeness::Complete, "{content}");
        let findings = &snapshot.users()["1"].findings;
        assert_eq!(findings.len(), 1, "{content}");
        assert_eq!((findings[0].code(), findings[0].path()), ("UnreadableRecord", Some(path)), "{content}");
        assert!(snapshot.users()["2"].findings.is_empty());
    }
    let group = read(&file(r#"[{"id": "1"}]"#, r#"[{"id": "g1", "name": 5}]"#, r#"{"g1": ["1"]}"#));
    assert_eq!(group.groups()["g1"].findings[0].code(), "UnreadableRecord");
    assert_eq!(group.groups()["g1"].members.len(), 1, "who is in a held group still is");
}

/// E-1: what is bound is what the application says, by identifier or by address.
#[test]
fn e_01_an_application_says_who_is_entitled() {
    let users = r#"[{"id": "1", "primaryEmail": "a@example.com"}, {"id": "2", "primaryEmail": "b@example.com"}, {"id": "3"}]"#;
    let groups = r#"[{"id": "g1", "name": "A", "email": "staff@example.com"}, {"id": "g2", "name": "B"}]"#;
    let lists = file(users, groups, r#"{"g1": ["1"], "g2": ["3"]}"#);
    let entitled = |application: &str| {
        let snapshot = read(&format!(r#"{{"application": {application}, {}"#, &lists[1..]));
        (snapshot.entitled().iter().map(ToString::to_string).collect::<Vec<_>>(), snapshot.findings().len())
    };
    assert_eq!(entitled(r#"{"groups": ["g1"]}"#), (vec!["1".to_owned()], 0));
    assert_eq!(entitled(r#"{"groups": ["Staff@example.com"], "users": ["b@example.com"]}"#), (vec!["1".to_owned(), "2".to_owned()], 0));
    assert_eq!(entitled(r#"{"groups": {"groups": [{"id": "g2"}]}, "users": [{"id": "1"}]}"#), (vec!["1".to_owned(), "3".to_owned()], 0));
    assert_eq!(entitled(r#"{"groups": ["gone"], "users": ["gone@example.com"]}"#), (vec![], 2), "what leads nowhere is told");
    assert_eq!(read(&lists).entitled().len(), 3, "without an application, everybody is bound");
}

#[test]
fn the_same_record_twice_is_one_and_two_different_ones_are_held() {
    let once = r#"{"id": "1", "relations": [{"type": "manager", "value": "a@example.com"}]}"#;
    let snapshot = read(&file(&format!("[{once}, {once}]"), "[]", "{}"));
    assert_eq!((snapshot.users().len(), snapshot.users()["1"].findings.len()), (1, 0));
    let snapshot = read(&file(&format!(r#"[{once}, {{"id": "1"}}]"#), "[]", "{}"));
    assert_eq!(snapshot.users()["1"].findings[0].code(), "DuplicateRecord", "a manager makes a difference as well");
    let groups = r#"[{"id": "g1", "name": "A", "email": "a@example.com"}, {"id": "g1", "name": "B"}]"#;
    let snapshot = read(&file(r#"[{"id": "1"}]"#, groups, r#"{"g1": ["1"], "a@example.com": [{"id": "2", "type": "USER"}]}"#));
    let group = &snapshot.groups()["g1"];
    assert_eq!((group.findings[0].code(), group.members.len()), ("DuplicateRecord", 2), "nobody loses a membership by it");
}

#[test]
fn what_is_no_directory_file_is_refused_with_line_and_column() {
    let cases = [
        ("", "invalid JSON at line 1 column 0: EOF while parsing a value"),
        ("{} {}", "invalid JSON at line 1 column 4: trailing characters"),
        ("[]", "invalid directory file at line 1 column 2: the file must be an object, found an array"),
        ("null", "invalid directory file at line 1 column 4: the file must be an object, found null"),
        (r#"{"users": "secret"}"#, "invalid directory file at line 1 column 18: users must be an array, found a string"),
        (r#"{"users": {"users": {}}}"#, "invalid directory file at line 1 column 22: users must be an array, found an object"),
        (r#"{"users": [], "users": []}"#, "invalid directory file at line 1 column 25: users is there twice"),
        (r#"{"members": []}"#, "invalid directory file at line 1 column 14: members must be an object, found an array"),
        (r#"{"members": {"g": true}}"#, "invalid directory file at line 1 column 22: members must be an array, found a boolean"),
        (r#"{"members": {}, "members": {}}"#, "invalid directory file at line 1 column 29: members is there twice"),
        (r#"{"members": {"g": [], "g": []}}"#, "invalid directory file at line 1 column 25: the members of a group are there twice"),
        (r#"{"application": 1}"#, "invalid directory file at line 1 column 17: application must be an object, found a number"),
        (r#"{"application": {}, "application": {}}"#, "invalid directory file at line 1 column 37: application is there twice"),
        (
            r#"{"application": {"groups": "g"}}"#,
            "invalid directory file at line 1 column 30: application.groups must be an array, found a string",
        ),
    ];
    for (text, expected) in cases {
        let error = google::read(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(matches!(error.at(), Location::Text { .. }));
    }
}

/// A group that everybody is in needs one line, and memory for everybody.
#[test]
fn everybody_in_very_many_groups_is_refused() {
    let people: Vec<_> = (0..20_001).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let groups: Vec<_> = (0..1000).map(|id| format!(r#"{{"id":"g{id}"}}"#)).collect();
    let members: Vec<_> = (0..1000).map(|id| format!(r#""g{id}":[{{"type":"CUSTOMER"}}]"#)).collect();
    let text = file(&format!("[{}]", people.join(",")), &format!("[{}]", groups.join(",")), &format!("{{{}}}", members.join(",")));
    let error = google::read(text.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "invalid directory file: groups with everybody in them have 20001000 members, more than 20000000");
    assert!(matches!(error.kind(), ErrorKind::Shape { .. }) && *error.at() == Location::Whole);
}

/// Of members of whom not all were read, those that were are members, so that nobody loses a membership by it.
#[test]
fn members_that_were_read_stay_where_others_were_not() {
    let (ids, reasons) = members(r#"[{"members": ["1"]}, {"members": null}]"#);
    assert_eq!((ids, reasons.len()), (vec!["1".to_owned()], 1));
    assert_eq!(reasons[0], "the group g1 has no list of members, which is not the same as an empty one");
}

#[test]
fn what_a_file_says_of_itself_twice_it_does_not_say() {
    let snapshot = read(r#"{"users": [{"id": "1"}], "groups": [], "complete": true, "complete": true, "taken_at": "a", "taken_at": "b"}"#);
    assert_eq!((reasons(&snapshot), snapshot.taken_at()), (vec!["`complete` is neither true nor false".to_owned()], None));
}
