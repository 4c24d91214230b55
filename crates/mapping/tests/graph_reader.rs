//! Microsoft Graph: what is read of it, and what is concluded when something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User, graph};
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::Profile;

const BUNDLED: &[u8] = include_bytes!("../../../examples/data/directories/graph.json");

fn file(users: &str, groups: &str, members: &str) -> String {
    format!(r#"{{"users": {users}, "groups": {groups}, "members": {members}}}"#)
}

fn read(text: &str) -> Snapshot {
    graph::read(text.as_bytes()).unwrap()
}

/// The one person of a file, with these keys beside the identifier.
fn person(content: &str) -> User {
    read(&file(&format!(r#"[{{"id": "1", {content}}}]"#), "[]", "{}")).users()["1"].clone()
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
    let snapshot = graph::read(BUNDLED).unwrap();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    assert_eq!((snapshot.users().len(), snapshot.groups().len()), (7, 3));
    assert_eq!((snapshot.application().users.len(), snapshot.application().groups.len()), (7, 3), "everybody is bound");
    assert_eq!(names(&snapshot, "Engineering"), ["Anna", "Tom"], "a device is no member");
    assert_eq!(names(&snapshot, "Operations"), ["Anna", "Tom", "Inês", "Mona"]);
    assert_eq!(names(&snapshot, "Partners"), ["Ravi"], "members may come with the group");

    let anna = snapshot.users().values().next().unwrap();
    assert_eq!(anna.username.as_deref(), Some("anna.berg@example.com"));
    assert_eq!(anna.email.as_deref(), Some("anna.berg@example.com"));
    assert_eq!((anna.first_name.as_deref(), anna.last_name.as_deref()), (Some("Anna"), Some("Berg")));
    assert_eq!((anna.display_name.as_deref(), anna.lifecycle), (Some("Anna Berg"), Lifecycle::Active));
    assert_eq!((anna.job_title.as_deref(), anna.company.as_deref()), (Some("Engineering Manager"), Some("Example Works")));
    assert_eq!((anna.department.as_deref(), anna.location.as_deref()), (Some("Engineering"), Some("Oslo 2")));
    assert_eq!((anna.employee_identifier.as_deref(), anna.employee_type.as_deref()), (Some("E-1001"), Some("Full-time")));
    assert_eq!((anna.cost_center.as_deref(), &anna.manager), (Some("CC-100"), &None));
    let address = anna.work_address().unwrap();
    assert_eq!((address.street_address.as_deref(), address.locality.as_deref()), (Some("Skogveien 4"), Some("Oslo")));
    assert_eq!((&address.region, address.postal_code.as_deref(), address.country.as_deref()), (&None, Some("0150"), Some("NO")));
    let phones: Vec<_> = anna.phone_numbers.iter().map(|phone| (phone.kind.as_deref().unwrap(), phone.number.as_str())).collect();
    assert_eq!(phones, [("work", "+47 22 55 01 00"), ("mobile", "+47 400 55 100")]);
    let custom: Vec<_> = anna.custom.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        custom,
        [
            "division=Products",
            "extensionAttribute1=Automation",
            "extension_00000000000000000000000000000001_level=3",
            "locale=nb-NO",
            "userType=Member"
        ]
    );
    let tom = &snapshot.users()["5b1d0001-0000-4000-8000-000000000002"];
    assert_eq!(tom.manager.as_ref(), Some(&anna.id));
    assert!(tom.addresses.is_empty(), "an address without anything in it is none");
}

#[test]
fn of_the_bundled_directory_two_people_are_held() {
    let snapshot = graph::read(BUNDLED).unwrap();
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let held: Vec<_> = snapshot.users().values().filter(|user| rules.to_scim(user, &profile).is_held()).collect();
    assert_eq!(held.iter().map(|user| user.first_name.as_deref().unwrap()).collect::<Vec<_>>(), ["Build", "Mona"]);
    let Mapped::Held { findings } = rules.to_scim(held[1], &profile) else { panic!("not held") };
    assert_eq!(
        findings[0].to_string(),
        "the record cannot be read: accountEnabled must be true or false (add it to $select), found nothing; correct the record in the source"
    );
}

/// A guest's name at sign-in has `#EXT#` in it; the rules send the e-mail address, which is the guest's own.
#[test]
fn a_guest_is_known_by_mail() {
    let snapshot = graph::read(BUNDLED).unwrap();
    let ravi = &snapshot.users()["5b1d0001-0000-4000-8000-000000000004"];
    let mapped = RuleSet::jumpcloud().to_scim(ravi, &Profile::aws_iam_identity_center());
    assert_eq!(mapped.resource().unwrap().text("userName"), Some("ravi.menon@example.org"));
    assert_eq!(ravi.username.as_deref(), Some("ravi.menon_example.org#EXT#@example.onmicrosoft.com"));
    assert_eq!(ravi.custom["userType"], "Guest", "for a rule that leaves guests out");
}

/// Unknown is not active: Graph tells `accountEnabled` only where `$select` asks for it.
#[test]
fn e_03_lifecycle_is_read_from_account_enabled() {
    let cases = [
        (r#""accountEnabled": true"#, Lifecycle::Active, 0),
        (r#""accountEnabled": false"#, Lifecycle::Suspended, 0),
        (r#""accountEnabled": true, "deletedDateTime": null"#, Lifecycle::Active, 0),
        (r#""accountEnabled": true, "deletedDateTime": "2026-01-30T06:00:00Z""#, Lifecycle::Suspended, 0),
        (r#""mail": "anna@example.com""#, Lifecycle::Active, 1),
        (r#""accountEnabled": null"#, Lifecycle::Active, 1),
        (r#""accountEnabled": "true""#, Lifecycle::Active, 1),
    ];
    for (content, expected, held) in cases {
        let user = person(content);
        assert_eq!((user.lifecycle, user.findings.len()), (expected, held), "{content}");
        assert!(user.findings.iter().all(|finding| finding.code() == "UnreadableRecord"), "{content}");
    }
}

#[test]
fn extension_attributes_are_custom_ones() {
    let user = person(
        r#""accountEnabled": true, "extension_a": "x", "extension_b": [1], "extension_c": "1", "extension_c": "2", "extensions": {},
           "onPremisesExtensionAttributes": {"extensionAttribute15": true, "extensionAttribute16": "x", "extensionAttribute3": {}}"#,
    );
    assert_eq!(
        user.custom.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
        ["extensionAttribute15=true", "extension_a=x"]
    );
    let found: Vec<_> = user.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "onPremisesExtensionAttributes.extensionAttribute3 must be a string, a number or a boolean, found an object, so it is left out; \
             write it as one text",
            "extension_b must be a string, a number or a boolean, found an array, so it is left out; write it as one text",
            "extension_c must be a string, a number or a boolean, found two values, so it is left out; write it as one text",
        ]
    );
}

/// With a group come at most twenty of its members, and nothing says that there are more.
#[test]
fn twenty_members_that_came_with_a_group_are_not_all_of_them() {
    let group = |count: usize, more: &str, members: &str| {
        let ids: Vec<_> = (0..count).map(|id| format!(r##"{{"@odata.type": "#microsoft.graph.user", "id": "{id}"}}"##)).collect();
        let groups = format!(r#"[{{"id": "g1", "displayName": "A"{more}, "members": [{}]}}]"#, ids.join(","));
        let snapshot = read(&file(r#"[{"id": "1"}]"#, &groups, members));
        (snapshot.groups()["g1"].members.len(), reasons(&snapshot))
    };
    let more = vec!["the group g1 has more members than were read".to_owned()];
    assert_eq!(group(19, "", "{}"), (19, vec![]));
    assert_eq!(group(20, "", "{}"), (20, more.clone()));
    assert_eq!(group(21, "", "{}"), (21, vec![]), "whoever gives more does not stop at twenty");
    assert_eq!(group(3, r#", "members@odata.nextLink": "https://graph.example.com/next""#, "{}"), (3, more));
    assert_eq!(group(20, "", r##"{"g1": ["1", {"id": "2", "@odata.type": "#microsoft.graph.user"}]}"##), (2, vec![]));
    assert_eq!(group(2, "", r#"{"g1": null}"#), (2, vec![]), "a list that was not read does not replace one that was");
}

#[test]
fn members_are_people_and_groups_and_nobody_else() {
    let members = |list: &str| {
        let users = r#"[{"id": "1", "accountEnabled": true}, {"id": "2", "accountEnabled": true}]"#;
        let groups = r#"[{"id": "g1", "displayName": "A"}, {"id": "g2", "displayName": "B"}]"#;
        let snapshot = read(&file(users, groups, &format!(r#"{{"g1": {list}, "g2": ["2"]}}"#)));
        (snapshot.groups()["g1"].members.iter().map(ToString::to_string).collect::<Vec<_>>(), reasons(&snapshot))
    };
    let of = |kind: &str, id: &str| format!(r##"[{{"@odata.type": "#microsoft.graph.{kind}", "id": "{id}"}}]"##);
    assert_eq!(members(&of("user", "1")).0, ["1"]);
    assert_eq!(members(&of("group", "g2")).0, ["2"]);
    for kind in ["device", "servicePrincipal", "orgContact", "application"] {
        assert_eq!(members(&of(kind, "1")), (vec![], vec![]), "{kind}");
    }
    assert_eq!(members(r#"[{"id": "1"}, "g2"]"#).0, ["1", "2"], "without a type, by identifier");
    let changes = r#"{"value": ["1", {"id": "2", "@removed": {"reason": "deleted"}}], "@odata.deltaLink": "d"}"#;
    assert_eq!(members(changes), (vec!["1".to_owned()], vec!["the group g1 has more members than were read".to_owned()]));
    let gone = "the group gone is in another group, and is not there itself";
    assert_eq!(members(r#"[{"id": "gone"}]"#).1, [gone]);
    assert_eq!(members(&of("group", "gone")).1, [gone]);
    assert_eq!(members(&of("user", "gone")), (vec!["gone".to_owned()], vec![]), "a finding, not incompleteness");
    assert_eq!(members(r#"["1", {}]"#).1, ["entry 2 of members of the group g1 has no identifier that can be used"]);
}

#[test]
fn a_circle_of_groups_is_followed_once() {
    let groups = r#"[{"id": "g1", "displayName": "A", "members": ["1", "g2"]}, {"id": "g2", "displayName": "B", "members": ["2", "g1"]}]"#;
    let snapshot = read(&file(r#"[{"id": "1"}, {"id": "2"}]"#, groups, "{}"));
    for group in snapshot.groups().values() {
        assert_eq!((group.members.len(), group.findings[0].code()), (2, "NestedInItself"));
    }
}

/// Unknown is not empty, and empty is not absent.
#[test]
fn ul_11_whatever_is_missing_makes_the_snapshot_partial() {
    let some = r#"[{"id": "1"}]"#;
    let group = r#"[{"id": "g1", "displayName": "A"}]"#;
    let no_members = "the group g1 has no list of members, which is not the same as an empty one";
    let next = r#""@odata.nextLink": "https://graph.example.com/next""#;
    let changes = "users is what changed since an earlier answer, not what there is";
    let cases = [
        (r#"{"groups": [], "members": {}}"#.to_owned(), "users is missing, which is not the same as empty"),
        (file(r#"{"value": null}"#, "[]", "{}"), "users is missing, which is not the same as empty"),
        (file(some, "null", "{}"), "groups is missing, which is not the same as empty"),
        (file(r#"{"value": []}"#, "[]", "{}"), "there is no user in it at all"),
        (file(&format!(r#"{{"value": {some}, {next}}}"#), "[]", "{}"), "users has a page after the last one that was read"),
        (file(some, &format!(r#"[{{"value": [], {next}}}]"#), "{}"), "groups has a page after the last one that was read"),
        (file(&format!(r#"{{"value": {some}, "@odata.count": 2}}"#), "[]", "{}"), "users states 2 records, and 1 were read"),
        (file(&format!(r#"{{"value": {some}, "@odata.deltaLink": "https://graph.example.com/d"}}"#), "[]", "{}"), changes),
        (file(r#"{"value": [{"id": "1"}, {"id": "2", "@removed": {"reason": "changed"}}]}"#, "[]", "{}"), changes),
        (
            file(some, r#"[{"id": "g1", "@removed": {"reason": "deleted"}}]"#, "{}"),
            "groups is what changed since an earlier answer, not what there is",
        ),
        (
            file(some, r#"[{"id": "g1", "members": [], "members@delta": [{"id": "1"}]}]"#, "{}"),
            "groups is what changed since an earlier answer, not what there is",
        ),
        (file(some, group, "{}"), no_members),
        (file(some, group, r#"{"g1": {}}"#), no_members),
        (file(some, group, &format!(r#"{{"g1": {{"value": [], {next}}}}}"#)), "the group g1 has more members than were read"),
        (file(some, group, r#"{"g1": {"value": ["1"], "@odata.count": 3}}"#), "the group g1 has more members than were read"),
        (file(r#"[{"id": "1"}, {"mail": "a@example.com"}]"#, "[]", "{}"), "entry 2 of users has no identifier that can be used"),
    ];
    for (text, expected) in cases {
        let snapshot = read(&text);
        assert_eq!(reasons(&snapshot), [expected], "{text}");
    }
    let whole = [
        file(r#"[{"value": [{"id": "1"}], "@odata.count": 2, "@odata.nextLink": "n"}, {"value": [{"id": "2"}]}]"#, "[]", "{}"),
        file(r#"{"value": [{"id": "1"}], "@odata.nextLink": null}"#, "[]", r#"{"gone": null}"#),
    ];
    for text in whole {
        assert_eq!(reasons(&read(&text)), Vec::<String>::new(), "{text}");
    }
    let removed = read(&file(r#"[{"id": "1"}, {"id": "2", "@removed": {"reason": "deleted"}}]"#, "[]", "{}"));
    assert_eq!(removed.users().len(), 1, "whoever was removed is no record");
}

/// A value of another type holds its record, and does not make it absent.
#[test]
fn e_02_an_unreadable_record_is_held_and_not_absent() {
    let cases = [
        (r#""mail": ["a@example.com"]"#, "mail"),
        (r#""userPrincipalName": 5"#, "userPrincipalName"),
        (r#""surname": {}"#, "surname"),
        (r#""employeeOrgData": "x""#, "employeeOrgData"),
        (r#""employeeOrgData": {"costCenter": 5}"#, "employeeOrgData.costCenter"),
        (r#""manager": "x""#, "manager"),
        (r#""manager": {"id": 5}"#, "manager.id"),
        (r#""city": 5"#, "city"),
        (r#""businessPhones": "x""#, "businessPhones"),
        (r#""businessPhones": [5]"#, "businessPhones"),
        (r#""preferredLanguage": true"#, "preferredLanguage"),
        (r#""onPremisesExtensionAttributes": "x""#, "onPremisesExtensionAttributes"),
        (r#""mail": "a@example.com", "mail": "b@example.com""#, "mail"),
    ];
    for (content, path) in cases {
        let user = person(&format!(r#""accountEnabled": true, {content}"#));
        assert_eq!(user.findings.len(), 1, "{content}");
        assert_eq!((user.findings[0].code(), user.findings[0].path()), ("UnreadableRecord", Some(path)), "{content}");
    }
    assert_eq!(person(r#""accountEnabled": true, "employeeId": 7"#).employee_identifier.as_deref(), Some("7"));
    let group = read(&file(r#"[{"id": "1"}]"#, r#"[{"id": "g1", "displayName": 5, "members": ["1"]}]"#, "{}"));
    assert_eq!((group.groups()["g1"].findings[0].code(), group.groups()["g1"].members.len()), ("UnreadableRecord", 1));
}

#[test]
fn what_is_no_directory_file_is_refused_with_line_and_column() {
    let cases = [
        (r#"{"users": {"value": "secret"}}"#, "invalid directory file at line 1 column 28: users must be an array, found a string"),
        (r#"{"users": {"value": [], "value": []}}"#, "invalid directory file at line 1 column 31: users is there twice"),
        (
            r#"{"groups": [{"id": "g1", "members": "secret"}]}"#,
            "invalid directory file at line 1 column 46: members of a group must be an array, found a string",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(graph::read(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    }
}
