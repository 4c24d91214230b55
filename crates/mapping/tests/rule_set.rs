//! The rule set as data: AM-22, and what an update may touch.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::{DisplayNameFrom, Rule, RuleSet, Source, UserNameFrom, WhenAbsent, Write};
use idbridge_scim::Profile;

/// AM-22: the table is a value that prints.
#[test]
fn am_22_the_table_prints() {
    let expected = "\
users
  AM-00  id                             managed    required  externalId
  AM-01  email                          managed    required  userName
  AM-02  email                          managed    optional  emails.value
  AM-03  firstname + lastname           on create  required  displayName
  AM-04  firstname                      managed    required  name.givenName
  AM-05  lastname                       managed    required  name.familyName
  AM-06  active                         managed    optional  active
  AM-07  jobTitle                       managed    optional  title
  AM-08  attributes.locale              managed    optional  locale
  AM-09  addresses.work.streetAddress   managed    optional  addresses.streetAddress
  AM-10  addresses.work.locality        managed    optional  addresses.locality
  AM-11  addresses.work.region          managed    optional  addresses.region
  AM-12  addresses.work.postalCode      managed    optional  addresses.postalCode
  AM-13  addresses.work.country         managed    optional  addresses.country
  AM-14  phoneNumbers.work.number       managed    optional  phoneNumbers.value
  AM-15  employeeIdentifier             managed    optional  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber
  AM-16  company                        managed    optional  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization
  AM-17  department                     managed    optional  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department
groups
  GA-01  name                           managed    required  displayName
  GA-02  id                             managed    required  externalId
inactive when suspended
";
    assert_eq!(RuleSet::jumpcloud().to_string(), expected);
}

/// AM-22: it can be changed and compared, and every rule of it stands for an attribute of the service.
#[test]
fn am_22_the_table_can_be_changed_and_compared() {
    let mut rules = RuleSet::jumpcloud();
    assert_eq!(rules, RuleSet::jumpcloud());
    rules.inactive_when.password_expired = true;
    rules.inactive_when.account_locked = true;
    rules.inactive_when.not_activated = true;
    assert!(rules.to_string().ends_with("inactive when suspended, password expired, account locked, not activated\n"));
    rules.user.push(Rule::new("X-1", Source::Custom("badge".to_owned()), "userType".parse().unwrap()));
    assert_ne!(rules, RuleSet::jumpcloud());

    let profile = Profile::aws_iam_identity_center();
    for rule in RuleSet::jumpcloud().user {
        let target = rule.target.to_string();
        let limit = profile.user.iter().find(|limit| limit.path == target).unwrap_or_else(|| panic!("{target}"));
        assert!(!limit.required || rule.when_absent == WhenAbsent::Hold, "{target}");
    }
    assert_eq!(
        RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username).with_user_name_from(UserNameFrom::Email),
        RuleSet::jumpcloud()
    );
}

/// A rule of the caller's own is written like the others, into whatever shape its target has.
#[test]
fn am_22_a_rule_can_be_added() {
    let mut rules = RuleSet::jumpcloud();
    for (name, target) in [
        ("badge", "userType"),
        ("prefix", "name.honorificPrefix"),
        ("cost", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"),
        ("role", "roles.value"),
    ] {
        rules.user.push(Rule::new("X", Source::Custom(name.to_owned()), target.parse().unwrap()));
    }
    let file = r#"{"systemusers": [{"_id": "u1", "email": "a@x.yz", "firstname": "A", "lastname": "B", "attributes": [
        {"name": "badge", "value": "blue"}, {"name": "prefix", "value": "Dr."}, {"name": "cost", "value": "CC-1"}, {"name": "role", "value": "r"}
    ]}]}"#;
    let snapshot = idbridge_mapping::directory::jumpcloud::read(file.as_bytes()).unwrap();
    let mapped = rules.to_scim(&snapshot.users()["u1"], &Profile::aws_iam_identity_center());
    assert!(mapped.findings().is_empty(), "{:?}", mapped.findings());
    let resource = mapped.resource().unwrap();
    assert_eq!(resource.text("userType"), Some("blue"));
    assert_eq!(resource.text("name.honorificPrefix"), Some("Dr."));
    assert_eq!(resource.text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"), Some("CC-1"));
    assert_eq!(resource.get("roles").unwrap().to_string(), r#"[{"value":"r","type":"work"}]"#);
}

/// AC-02: while it is written on creation only, an update never touches `displayName`.
#[test]
fn ac_02_managed_attributes_leave_display_name_alone() {
    let paths = |rules: &RuleSet| rules.managed_user_attributes().iter().map(ToString::to_string).collect::<Vec<_>>();
    let defaults = paths(&RuleSet::jumpcloud());
    assert_eq!(defaults.len(), 17);
    assert_eq!(defaults[..6], ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"]);
    assert!(!defaults.iter().any(|path| path == "displayName"));

    let managed = RuleSet::jumpcloud().with_display_name(DisplayNameFrom::Names, Write::Managed);
    assert!(paths(&managed).iter().any(|path| path == "displayName"));
    assert!(!paths(&RuleSet::jumpcloud().without_external_id()).iter().any(|path| path == "externalId"));
}

/// AC-06: a group's name follows the directory.
#[test]
fn ac_06_a_groups_name_is_managed() {
    let paths: Vec<_> = RuleSet::jumpcloud().managed_group_attributes().iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["displayName", "externalId"]);
}
