//! Okta's API: what is read of it, and what is concluded when something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User, okta};
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::Profile;

const BUNDLED: &[u8] = include_bytes!("../../../examples/data/directories/okta.json");

fn file(users: &str, groups: &str, members: &str) -> String {
    format!(r#"{{"users": {users}, "groups": {groups}, "members": {members}}}"#)
}

fn read(text: &str) -> Snapshot {
    okta::read(text.as_bytes()).unwrap()
}

/// The one person of a file, with these keys beside the identifier.
fn person(content: &str) -> User {
    read(&file(&format!(r#"[{{"id": "1", {content}}}]"#), "[]", "{}")).users()["1"].clone()
}

fn profile(content: &str) -> User {
    person(&format!(r#""status": "ACTIVE", "profile": {{{content}}}"#))
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn first_names<'a>(users: impl Iterator<Item = &'a User>) -> Vec<&'a str> {
    users.map(|user| user.first_name.as_deref().unwrap()).collect()
}

#[test]
fn the_bundled_directory_is_read_whole() {
    let snapshot = okta::read(BUNDLED).unwrap();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    let sizes: Vec<_> = snapshot.groups().values().map(|group| (group.name.as_deref().unwrap(), group.members.len())).collect();
    assert_eq!(sizes, [("Everyone", 7), ("Engineering", 3), ("Operations", 3)]);
    assert_eq!((snapshot.users().len(), snapshot.application().groups.len(), snapshot.application().users.len()), (8, 2, 1));
    let entitled = first_names(snapshot.entitled().into_iter().map(|id| &snapshot.users()[id]));
    assert_eq!(entitled, ["Anna", "Tom", "Inês", "Wei", "Josef", "Mona"], "Ravi is staged, and nobody bound Walter");

    let anna = &snapshot.users()["00u100000000000001"];
    assert_eq!((anna.username.as_deref(), anna.email.as_deref()), (Some("anna.berg@example.com"), Some("anna.berg@example.com")));
    let name = (anna.first_name.as_deref(), anna.middle_name.as_deref(), anna.last_name.as_deref());
    assert_eq!(name, (Some("Anna"), Some("Marie"), Some("Berg")));
    assert_eq!((anna.display_name.as_deref(), anna.job_title.as_deref()), (Some("Anna Berg"), Some("Engineering Manager")));
    assert_eq!((anna.company.as_deref(), anna.department.as_deref()), (Some("Example Works"), Some("Engineering")));
    assert_eq!((anna.employee_identifier.as_deref(), anna.employee_type.as_deref()), (Some("E-1001"), Some("Full-time")));
    assert_eq!(anna.cost_center.as_deref(), Some("CC-100"));
    let address = anna.work_address().unwrap();
    assert_eq!((address.street_address.as_deref(), address.locality.as_deref()), (Some("Skogveien 4"), Some("Oslo")));
    assert_eq!((&address.region, address.postal_code.as_deref(), address.country.as_deref()), (&None, Some("0150"), Some("NO")));
    let phones: Vec<_> = anna.phone_numbers.iter().map(|phone| (phone.kind.as_deref().unwrap(), phone.number.as_str())).collect();
    assert_eq!(phones, [("work", "+47 22 55 01 00"), ("mobile", "+47 400 55 100")]);
    let custom: Vec<_> = anna.custom.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(custom, ["division=Products", "level=3", "locale=nb_NO", "onCall=true", "project=Automation"]);
    for report in ["00u100000000000002", "00u100000000000005"] {
        assert_eq!(snapshot.users()[report].manager.as_ref(), Some(&anna.id), "by identifier or by log-in");
    }
}

#[test]
fn of_the_bundled_directory_one_person_is_held() {
    let snapshot = okta::read(BUNDLED).unwrap();
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let held: Vec<_> = snapshot.users().values().filter(|user| rules.to_scim(user, &profile).is_held()).collect();
    assert_eq!(first_names(held.iter().copied()), ["Mona"]);
    let Mapped::Held { findings } = rules.to_scim(held[0], &profile) else { panic!("not held") };
    assert_eq!(
        findings[0].to_string(),
        "the record cannot be read: status must be one of the eight that Okta has, found another text; correct the record in the source"
    );
}

/// E-3, with Okta's words: a status that is not known, or not there, is nobody's leave to log in.
#[test]
fn e_03_lifecycle_is_read_from_status() {
    let cases = [
        ("ACTIVE", Lifecycle::Active, (true, false, false)),
        ("active", Lifecycle::Active, (true, false, false)),
        ("RECOVERY", Lifecycle::Active, (true, false, false)),
        ("PROVISIONED", Lifecycle::Active, (false, false, false)),
        ("PASSWORD_EXPIRED", Lifecycle::Active, (true, true, false)),
        ("LOCKED_OUT", Lifecycle::Active, (true, false, true)),
        ("STAGED", Lifecycle::Staged, (true, false, false)),
        ("SUSPENDED", Lifecycle::Suspended, (true, false, false)),
        ("DEPROVISIONED", Lifecycle::Suspended, (true, false, false)),
    ];
    for (status, lifecycle, flags) in cases {
        let user = person(&format!(r#""status": "{status}""#));
        assert_eq!((user.lifecycle, user.findings.len()), (lifecycle, 0), "{status}");
        assert_eq!((user.activated, user.password_expired, user.account_locked), flags, "{status}");
    }
    let found = |content: &str| person(content).findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let held = |found: &str| {
        [format!(
            "the record cannot be read: status must be one of the eight that Okta has, found {found}; correct the record in the source"
        )]
    };
    assert_eq!(found(r#""status": "RETIRED""#), held("another text"));
    assert_eq!(found(r#""status": true"#), held("a boolean"));
    assert_eq!(found(r#""status": """#), held("nothing"));
    assert_eq!(found(r#""profile": {}"#), held("nothing"));
}

#[test]
fn what_is_not_known_of_a_profile_is_custom() {
    let user =
        profile(r#""secondEmail": "a@example.net", "rate": -1.5, "no": false, "tags": ["a"], "nothing": null, "twice": "1", "twice": "2""#);
    let custom: Vec<_> = user.custom.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(custom, ["no=false", "rate=-1.5", "secondEmail=a@example.net"]);
    let found: Vec<_> = user.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "profile.tags must be a string, a number or a boolean, found an array, so it is left out; write it as one text",
            "profile.twice must be a string, a number or a boolean, found two values, so it is left out; write it as one text",
        ]
    );
}

#[test]
fn a_manager_is_known_by_id_or_alone_by_address() {
    let manager = |content: &str| {
        let people =
            r#"{"id": "2", "profile": {"login": "b@example.com"}}, {"id": "3", "profile": {"login": "c", "email": "b2@example.com"}}"#;
        let snapshot = read(&file(&format!(r#"[{{"id": "1", "profile": {{{content}}}}}, {people}]"#), "[]", "{}"));
        snapshot.users()["1"].manager.as_ref().map(ToString::to_string)
    };
    assert_eq!(manager(r#""managerId": "2""#).as_deref(), Some("2"));
    assert_eq!(manager(r#""managerId": "B@example.com""#).as_deref(), Some("2"));
    assert_eq!(manager(r#""manager": "b2@example.com""#).as_deref(), Some("3"));
    assert_eq!(manager(r#""managerId": "2", "manager": "c""#).as_deref(), Some("2"), "the identifier goes first");
    assert_eq!(manager(r#""manager": "Bea Berg""#), None);
    assert_eq!(manager(r#""managerId": """#), None);
}

/// Okta names the next page in a header, so a file says it in an object of its own.
#[test]
fn pages_are_arrays_or_objects_that_name_the_next_one() {
    let page = |users: &str| {
        let snapshot = read(&file(users, "[]", "{}"));
        (snapshot.users().len(), reasons(&snapshot))
    };
    let more = vec!["users has a page after the last one that was read".to_owned()];
    assert_eq!(page(r#"[{"id": "1"}, {"id": "2"}]"#), (2, vec![]));
    assert_eq!(page(r#"[[{"id": "1"}], [{"id": "2"}], []]"#), (2, vec![]));
    assert_eq!(page(r#"{"items": [{"id": "1"}], "next": null}"#), (1, vec![]));
    assert_eq!(page(r#"{"items": [{"id": "1"}], "next": "https://x"}"#), (1, more.clone()));
    assert_eq!(page(r#"[{"items": [{"id": "1"}], "next": "https://x"}, {"items": [{"id": "2"}]}]"#), (2, vec![]));
    assert_eq!(page(r#"[{"items": [{"id": "1"}]}, {"items": [{"id": "2"}], "next": "https://x"}]"#), (2, more));
}

/// E-1: an assignment by group is the group's; any other is the person's own.
#[test]
fn e_01_an_application_says_who_is_entitled() {
    let lists =
        file(r#"[{"id": "1"}, {"id": "2"}, {"id": "3"}]"#, r#"[{"id": "g1", "profile": {"name": "A"}}]"#, r#"{"g1": [{"id": "1"}]}"#);
    let entitled = |application: &str| {
        let snapshot = read(&format!(r#"{{"application": {application}, {}"#, &lists[1..]));
        snapshot.entitled().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(entitled(r#"{"groups": [{"id": "g1", "priority": 0}]}"#), ["1"]);
    assert_eq!(entitled(r#"{"groups": [], "users": [{"id": "2", "scope": "USER"}, {"id": "3", "scope": "GROUP"}]}"#), ["2"]);
    assert_eq!(entitled(r#"{"groups": [], "users": [{"id": "2"}, "3"]}"#), ["2", "3"]);
    assert_eq!(read(&lists).entitled().len(), 3, "without an application, everybody is bound");
    let named = read(
        r#"{"users": [{"id": "1", "profile": {"login": "2"}}, {"id": "2"}], "groups": [], "application": {"groups": [], "users": ["2"]}}"#,
    );
    assert_eq!(named.entitled().iter().map(ToString::to_string).collect::<Vec<_>>(), ["2"], "an identifier goes before a log-in");
}

/// Unknown is not empty, and empty is not absent.
#[test]
fn ul_11_whatever_is_missing_makes_the_snapshot_partial() {
    let some = r#"[{"id": "1"}]"#;
    let group = r#"[{"id": "g1", "profile": {"name": "A"}}]"#;
    let no_members = "the group g1 has no list of members, which is not the same as an empty one";
    let cases = [
        (r#"{"groups": [], "members": {}}"#.to_owned(), "users is missing, which is not the same as empty"),
        (file(r#"{"items": null}"#, "[]", "{}"), "users is missing, which is not the same as empty"),
        (file(some, "null", "{}"), "groups is missing, which is not the same as empty"),
        (file("[[]]", "[]", "{}"), "there is no user in it at all"),
        (file(some, group, "{}"), no_members),
        (file(some, group, r#"{"g1": null}"#), no_members),
        (file(some, group, r#"{"g1": {"items": [], "next": "https://x"}}"#), "the group g1 has more members than were read"),
        (file(some, group, r#"{"g1": [{"profile": {}}]}"#), "entry 1 of members of the group g1 has no identifier that can be used"),
        (file(r#"[[{"id": "1"}], [{"status": "ACTIVE"}]]"#, "[]", "{}"), "entry 2 of users has no identifier that can be used"),
        (
            format!(r#"{{"application": {{"groups": {{"items": [], "next": "n"}}}}, {}"#, &file(some, "[]", "{}")[1..]),
            "application.groups has a page after the last one that was read",
        ),
        (
            format!(r#"{{"application": {{"groups": [], "users": {{"items": [], "next": "n"}}}}, {}"#, &file(some, "[]", "{}")[1..]),
            "application.users has a page after the last one that was read",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(reasons(&read(&text)), [expected], "{text}");
    }
}

/// A value of another type holds its record, and does not make it absent.
#[test]
fn e_02_an_unreadable_record_is_held_and_not_absent() {
    let cases = [
        (r#""email": 5"#, "profile.email"),
        (r#""firstName": ["Anna"]"#, "profile.firstName"),
        (r#""lastName": {}"#, "profile.lastName"),
        (r#""title": true"#, "profile.title"),
        (r#""employeeNumber": 7.5"#, "profile.employeeNumber"),
        (r#""manager": 5"#, "profile.manager"),
        (r#""city": -1"#, "profile.city"),
        (r#""login": "a", "login": "b""#, "profile.login"),
    ];
    for (content, path) in cases {
        let user = profile(content);
        assert_eq!(user.findings.len(), 1, "{content}");
        assert_eq!((user.findings[0].code(), user.findings[0].path()), ("UnreadableRecord", Some(path)), "{content}");
    }
    assert_eq!(profile(r#""employeeNumber": 7"#).employee_identifier.as_deref(), Some("7"));
    assert_eq!(person(r#""status": "ACTIVE", "profile": "x""#).findings[0].path(), Some("profile"));
    let group = read(&file(r#"[{"id": "1"}]"#, r#"[{"id": "g1", "profile": {"name": 5}}]"#, r#"{"g1": ["1"]}"#));
    assert_eq!((group.groups()["g1"].findings[0].path(), group.groups()["g1"].members.len()), (Some("profile.name"), 1));
}

#[test]
fn what_is_no_directory_file_is_refused_with_line_and_column() {
    let cases = [
        (r#"{"users": 5}"#, "invalid directory file at line 1 column 11: users must be an array, found a number"),
        (r#"{"members": {"g": {"items": {}}}}"#, "invalid directory file at line 1 column 30: members must be an array, found an object"),
        (r#"{"groups": [], "groups": []}"#, "invalid directory file at line 1 column 27: groups is there twice"),
    ];
    for (text, expected) in cases {
        assert_eq!(okta::read(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    }
}
