//! The preview of a directory: who is sent, who is held and why, and what will not work.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Snapshot, jumpcloud};
use idbridge_mapping::{Absence, Effect, Report, RuleSet, Standing, UserNameFrom, escaped};
use idbridge_scim::Profile;

/// Somebody of each kind.
const COMPANY: &str = r#"{
    "systemusers": [
        {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "jobTitle": "Engineer", "department": "Cranes",
         "phoneNumbers": [{"type": "work", "number": "1"}, {"type": "home", "number": "2"}], "addresses": [{"type": "home", "country": "NO"}]},
        {"_id": "u2", "email": "ola@example.com", "firstname": "Ola"},
        {"_id": "u3", "email": "ANNA@example.com", "firstname": "Anna", "lastname": "Borg"},
        {"_id": "u4", "email": "grace@example.com", "firstname": "Grace", "lastname": "Okafor", "state": "SUSPENDED"},
        {"_id": "u5", "email": "new@example.com", "firstname": "New", "lastname": "Comer", "state": "STAGED"},
        {"_id": "u6", "email": "walter@example.com", "firstname": "Walter", "lastname": "Brandt"},
        {"_id": "u7", "email": "no-address", "firstname": "Lars", "lastname": "Lie", "jobTitle": "R&D: Lead"},
        {"_id": "u8", "email": 8}
    ],
    "usergroups": [
        {"id": "g1", "name": "Staff", "members": ["u1", "u2", "u3", "u4", "u5", "u7", "u8"]},
        {"id": "g2", "name": "Ops: EU", "members": ["u1"]},
        {"id": "g3", "name": "Twins", "members": []},
        {"id": "g4", "name": "twins", "members": []},
        {"id": "g5", "name": "Facilities", "members": ["u6"]},
        {"id": "g6", "name": "Guests", "members": ["u99"]}
    ],
    "application": {"usergroups": ["g1", "g2", "g3", "g4", "g6"], "users": ["u98"]},
    "taken_at": "2026-11-01T08:00:00Z"
}"#;

fn read(file: &str) -> Snapshot {
    jumpcloud::read(file.as_bytes()).unwrap()
}

fn report(file: &str) -> Report {
    Report::of(&read(file), &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center())
}

#[test]
fn the_text_says_of_everybody_what_is_sent_and_what_is_wrong() {
    let expected = "\
8 people: 3 sent, 3 held, 2 not sent. 6 groups: 2 sent, 3 held, 1 not sent.
Of 1 person who is sent, something will not work.
The directory is complete, as of 2026-11-01T08:00:00Z.
  group g6: the member u99 is not in the directory; remove them from the group, or read the directory again
  u98 in application.users is not in the directory; unbind them, or read the directory again

People
  u1  anna@example.com (Anna Berg): sends externalId, userName, emails, displayName, name, active, title, phoneNumbers, department
      dropped: 1 value of addresses is not sent; only the first of type work is
      dropped: 1 value of phoneNumbers is not sent; only the first of type work is
  u2  ola@example.com (Ola): held
      held: name.familyName is required and has no value; fill in lastname in the directory
  u3  ANNA@example.com (Anna Borg): held
      held: user u1 has the same userName, compared without case, and goes before; give one of the two another e-mail address
  u4  grace@example.com (Grace Okafor): inactive, sends externalId, userName, emails, displayName, name, active
  u5  new@example.com (New Comer): not sent: staged in the directory
  u6  walter@example.com (Walter Brandt): not sent: in no bound group and not bound directly
  u7  no-address (Lars Lie): sends externalId, userName, emails, displayName, name, active
      will not work: userName does not look like an e-mail address; check the e-mail address in the directory
      left out: title has the character ':' (U+003A) at 3, which the service refuses, so it is left out; change jobTitle in the directory
  u8  no userName: held
      held: the record cannot be read: email must be a string, found a number; correct the record in the source

Groups
  g1  Staff: sends displayName, externalId; 3 of 7 members
  g2  Ops: EU: held
      held: the group's name has a ':' at 3, which the service refuses; rename the group in the directory
  g3  Twins: held
      held: group g4 has the same name, compared without case; rename one of them
  g4  twins: held
      held: group g3 has the same name, compared without case; rename one of them
  g5  Facilities: not sent: not bound to the application
  g6  Guests: empty, sends displayName, externalId; 0 of 1 member
";
    assert_eq!(report(COMPANY).to_string(), expected);
}

#[test]
fn the_json_is_versioned_and_in_a_fixed_order() {
    let file = r#"{
        "systemusers": [
            {"_id": "u2", "email": "ola@example.com", "firstname": "Ola"},
            {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "company": "Example"},
            {"_id": "u3", "email": "new@example.com", "firstname": "New", "lastname": "Comer", "state": "STAGED"}
        ],
        "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2"]}, {"id": "g2", "name": "Others", "members": []}],
        "application": {"usergroups": ["g1", "g9"]}
    }"#;
    let expected = r#"{
  "format": 1,
  "complete": true,
  "counts": {
    "users": {
      "total": 3,
      "sent": 1,
      "held": 1,
      "not_sent": 1,
      "will_not_work": 0
    },
    "groups": {
      "total": 2,
      "sent": 1,
      "held": 0,
      "not_sent": 1,
      "will_not_work": 0
    }
  },
  "findings": [
    {
      "code": "UnknownBinding",
      "path": "application.usergroups",
      "message": "g9 in application.usergroups is not in the directory; unbind them, or read the directory again",
      "remedy": "unbind them, or read the directory again"
    }
  ],
  "users": [
    {
      "id": "u1",
      "userName": "anna@example.com",
      "displayName": "Anna Berg",
      "lifecycle": "active",
      "bound": true,
      "active": true,
      "standing": "sent",
      "sent": [
        "externalId",
        "userName",
        "emails.value",
        "emails.type",
        "emails.primary",
        "displayName",
        "name.givenName",
        "name.familyName",
        "active",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization"
      ],
      "findings": []
    },
    {
      "id": "u2",
      "userName": "ola@example.com",
      "displayName": "Ola",
      "lifecycle": "active",
      "bound": true,
      "active": true,
      "standing": "held",
      "sent": [],
      "findings": [
        {
          "effect": "held",
          "code": "MissingRequired",
          "path": "name.familyName",
          "message": "name.familyName is required and has no value; fill in lastname in the directory",
          "remedy": "fill in lastname in the directory"
        }
      ]
    },
    {
      "id": "u3",
      "userName": "new@example.com",
      "displayName": "New Comer",
      "lifecycle": "staged",
      "bound": false,
      "active": false,
      "standing": "notSent",
      "because": "staged",
      "sent": [],
      "findings": []
    }
  ],
  "groups": [
    {
      "id": "g1",
      "displayName": "Staff",
      "bound": true,
      "members": 2,
      "members_sent": 1,
      "standing": "sent",
      "sent": [
        "displayName",
        "externalId"
      ],
      "findings": []
    },
    {
      "id": "g2",
      "displayName": "Others",
      "bound": false,
      "members": 0,
      "members_sent": 0,
      "standing": "notSent",
      "because": "groupNotBound",
      "sent": [],
      "findings": []
    }
  ]
}"#;
    assert_eq!(report(file).to_json(), expected);
}

#[test]
fn a_partial_directory_says_so_and_accuses_nobody_of_leading_nowhere() {
    let partial = report(&COMPANY.replace(r#""taken_at""#, r#""complete": false, "taken_at""#));
    let summary = partial.summary();
    let head: Vec<&str> = summary.lines().skip(2).collect();
    assert_eq!(
        head,
        [
            "The directory may not be complete, as of 2026-11-01T08:00:00Z.",
            "  the directory may not be complete, so nothing is taken away: it says of itself that it is not complete; read the directory again, to its end",
        ]
    );
    assert!(partial.to_json().contains("\"complete\": false,"));
}

/// A report may be shown to anybody: of the values of a person only the names of the record are in it.
#[test]
fn no_value_but_the_names_is_in_a_report() {
    let file = r#"{
        "systemusers": [{"_id": "u1", "username": "secret", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg",
            "jobTitle": "secret:", "department": "secret", "company": "secret%", "employeeIdentifier": "secret", "costCenter": "secret",
            "phoneNumbers": [{"type": "work", "number": "secret;"}, {"type": "home", "number": "secret"}],
            "addresses": [{"type": "work", "region": "secret<"}, {"type": "home", "region": "secret"}],
            "attributes": [{"name": "locale", "value": "secret>"}, {"name": "other", "value": ["secret"]}]}],
        "usergroups": [],
        "application": {"usergroups": [], "users": ["u1"]}
    }"#;
    let report = report(file);
    assert!(report.users()[0].consequences().len() >= 6, "{report}");
    assert!(!report.to_string().contains("secret"), "{report}");
    assert!(!report.to_json().contains("secret"));
}

/// A name may clear the screen, or hide what stands beside it.
#[test]
fn a_terminal_obeys_nothing_in_a_report() {
    let file = r#"{
        "systemusers": [{"_id": "u\u001b1", "email": "an\u001b[2Jna\u0007\r\n@example.com", "firstname": "An\u202ena", "lastname": "Berg",
            "attributes": [{"name": "na\u009bme", "value": 5}, {"name": "na\u009bme", "value": []}]}],
        "usergroups": [{"id": "g\u0000", "name": "St\u200baff\u001b]0;x\u0007", "members": ["u\u001b9"]}],
        "application": {"usergroups": ["g\u0000"]},
        "taken_at": "now\u001b[0m"
    }"#;
    let text = report(file).to_string();
    let obeyed = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202e}');
    assert!(!text.contains(obeyed), "{text:?}");
    assert!(text.contains(r"an\u{1b}[2Jna\u{7}\u{d}\u{a}@example.com") && text.contains(r"St\u{200b}aff\u{1b}]0;x\u{7}"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("example.com")).count(), 1, "{text}");
    assert_eq!(escaped("Zoe\u{308} \u{1F600} Ωmega"), "Zoe\u{308} \u{1F600} Ωmega", "letters, marks and symbols stay");
}

/// E-7: who is suspended is not created, and so takes nobody's name.
#[test]
fn e_07_whoever_is_inactive_competes_for_no_name() {
    let file =
        COMPANY.replace(r#""firstname": "Anna", "lastname": "Berg","#, r#""firstname": "Anna", "lastname": "Berg", "state": "SUSPENDED","#);
    let report = report(&file);
    let standing = |place: usize| report.users()[place].standing();
    assert_eq!((standing(0), standing(2)), (Standing::Sent, Standing::Sent));
    assert!(!report.users()[0].is_active() && report.users()[2].is_active());
}

/// Staged, bound or not, is one reason; a record that cannot be read is held, bound or not.
#[test]
fn e_02_a_record_has_one_standing() {
    let report = report(COMPANY);
    let standings: Vec<Standing> = report.users().iter().map(|user| user.standing()).collect();
    let (staged, unbound) = (Standing::NotSent(Absence::Staged), Standing::NotSent(Absence::NotBound));
    let (sent, held) = (Standing::Sent, Standing::Held);
    assert_eq!(standings, [sent, held, held, sent, staged, unbound, sent, held]);
    assert!(report.has_held());
    assert!(report.users()[4].is_bound() && !report.users()[5].is_bound());
    let unbound = report_of_unreadable_and_unbound();
    assert_eq!(unbound.users()[0].standing(), Standing::Held);
}

fn report_of_unreadable_and_unbound() -> Report {
    report(r#"{"systemusers": [{"_id": "u1", "email": 5}], "usergroups": [], "application": {"usergroups": []}}"#)
}

#[test]
fn a_user_name_that_is_no_e_mail_address_will_not_work() {
    let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let snapshot = read(
        r#"{"systemusers": [{"_id": "u1", "username": "anna", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
        "usergroups": [], "application": {"usergroups": [], "users": ["u1"]}}"#,
    );
    let report = Report::of(&snapshot, &rules, &Profile::aws_iam_identity_center());
    let found: Vec<_> = report.users()[0].consequences().iter().map(|found| (found.effect, found.finding.code())).collect();
    assert_eq!(found, [(Effect::WillNotWork, "UserNameDiffersFromEmail"), (Effect::WillNotWork, "UserNameNotEmail")]);
    assert_eq!((report.user_counts().will_not_work, report.has_held()), (1, false));
}

/// E-14: out of scope is in the directory all the same, and the report names the rule.
#[test]
fn e_14_a_group_out_of_scope_is_not_sent_by_a_rule_that_is_named() {
    let mut rules = RuleSet::jumpcloud();
    rules.scope.exclude_groups.push("St*".parse().unwrap());
    let report = Report::of(&read(COMPANY), &rules, &Profile::aws_iam_identity_center());
    let staff = &report.groups()[0];
    assert_eq!((staff.standing(), staff.scope_rule()), (Standing::NotSent(Absence::OutOfScope), Some("exclude \"St*\"")));
    assert_eq!(staff.to_string(), "  g1  Staff: not sent: out of scope by the rule exclude \"St*\"");
    assert!(report.to_json().contains(r#""because": "outOfScope","#) && report.to_json().contains(r#""scope_rule": "exclude \"St*\"","#));
    assert_eq!(report.users()[0].standing(), Standing::Sent, "a group that is out of scope still lets its members in");
}
