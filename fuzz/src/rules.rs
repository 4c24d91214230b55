//! Files of rules, and expressions.

use std::sync::LazyLock;

use idbridge_mapping::directory::{Group, Snapshot, User, jumpcloud};
use idbridge_mapping::{Expression, Facts, Mapped, RuleFile, Source, Surroundings};
use idbridge_scim::Profile;

const DIRECTORY: &[u8] = br#"{
    "systemusers": [
        {"_id": "u1", "email": "Anna.Berg@example.com", "username": "anna", "firstname": "Anna", "lastname": "Berg", "department": "R&D: Lead",
         "addresses": [{"type": "work", "region": "CO"}], "attributes": [{"name": "badge", "value": "7"}]},
        {"_id": "u2", "email": "bo@example.com"}
    ],
    "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}],
    "application": {"usergroups": ["g1"]}
}"#;

static SNAPSHOT: LazyLock<Option<Snapshot>> = LazyLock::new(|| jumpcloud::read(DIRECTORY).ok());

fn users() -> impl Iterator<Item = (&'static User, &'static Snapshot)> {
    SNAPSHOT.iter().flat_map(|snapshot| snapshot.users().values().map(move |user| (user, snapshot)))
}

fn groups() -> impl Iterator<Item = &'static Group> {
    SNAPSHOT.iter().flat_map(|snapshot| snapshot.groups().values())
}

/// A file of rules that is read prints, in both forms, as one that reads the same; what its rules map is what the service takes.
pub fn rule_set(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for file in [RuleFile::from_toml(text), RuleFile::from_json(text)].into_iter().flatten() {
        assert_eq!(RuleFile::from_toml(&file.to_toml()).as_ref(), Ok(&file));
        assert_eq!(RuleFile::from_json(&file.to_json()).as_ref(), Ok(&file));
        let profile = Profile::aws_iam_identity_center();
        for (user, snapshot) in users() {
            let surroundings = Surroundings::of(snapshot);
            let _ = (
                file.rules.scope.of_user(user, &surroundings),
                file.saml.to_saml_in(user, &snapshot.bound_groups_of(&user.id).collect::<Vec<_>>()),
            );
            if let Mapped::Ready { resource, .. } = file.rules.to_scim_in(user, &surroundings, &profile) {
                assert_eq!(profile.check_user(&resource), [], "a mapped user is one that the service takes");
            }
        }
        for group in groups() {
            let _ = file.rules.scope.of_group(group);
            if let Mapped::Ready { resource, .. } = file.rules.group_to_scim(group, &profile) {
                assert_eq!(profile.check_group(&resource), [], "a mapped group is one that the service takes");
            }
        }
    }
}

/// An expression that is read prints as one that reads the same, gives the same each time, and nothing that is longer than it may be.
pub fn expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(expression) = Expression::new(text) else { return };
    assert_eq!(format!("= {expression}").parse(), Ok(Source::Expression(expression.clone())));
    for (user, snapshot) in users() {
        let surroundings = Surroundings::of(snapshot);
        let facts = Facts::of_user(user, &surroundings);
        let value = expression.evaluate(&facts);
        assert_eq!(value, expression.evaluate(&facts));
        assert!(
            value.is_ok_and(|text| text.is_none_or(|text| text.len() <= Expression::LONGEST_TEXT)) || expression.evaluate(&facts).is_err()
        );
        let _ = expression.holds(&facts);
    }
    for group in groups() {
        let _ = (expression.evaluate(&Facts::of_group(group)), expression.holds(&Facts::of_group(group)));
    }
}
