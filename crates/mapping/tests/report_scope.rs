//! The preview of a directory with expressions in the rules and the scope.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::jumpcloud;
use idbridge_mapping::{Report, RuleSet, Source};
use idbridge_scim::Profile;

#[test]
fn e_14_people_out_of_scope_are_not_sent_and_whoever_is_undecided_is_held() {
    let snapshot = jumpcloud::read(
        br#"{
        "systemusers": [
            {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "employeeType": "Employee"},
            {"_id": "u2", "email": "bo@example.com", "firstname": "Bo", "lastname": "Ek", "employeeType": "Contractor"},
            {"_id": "u3", "email": "cy@example.com", "firstname": "Cy", "lastname": "Dahl"}
        ],
        "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2", "u3"]}],
        "application": {"usergroups": ["g1"]}
    }"#,
    )
    .unwrap();
    let mut rules = RuleSet::jumpcloud();
    rules.scope.users = Some("employeeType != 'Contractor'".parse().unwrap());
    rules.group[0].source = Source::Expression("'AWS ' ~ name".parse().unwrap());
    let report = Report::of(&snapshot, &rules, &Profile::aws_iam_identity_center());
    let people: Vec<String> = report.users().iter().map(ToString::to_string).collect();
    assert!(people[0].starts_with("  u1  anna@example.com (Anna Berg): sends "), "{}", people[0]);
    assert_eq!(people[1], "  u2  bo@example.com (Bo Ek): not sent: out of scope by the rule employeeType != 'Contractor'");
    assert!(people[2].starts_with("  u3  cy@example.com (Cy Dahl): held\n      held: "), "{}", people[2]);
    assert_eq!(report.groups()[0].to_string(), "  g1  AWS Staff: sends displayName, externalId; 1 of 3 members");
}
