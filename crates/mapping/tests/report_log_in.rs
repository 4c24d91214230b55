//! The preview of a directory with the rules of an assertion: who cannot log in.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::jumpcloud;
use idbridge_mapping::{Effect, Report, RuleSet, SamlRule, SamlRuleSet, Source, Standing, UserNameFrom};
use idbridge_saml::NameIdFormat;
use idbridge_scim::Profile;

fn found(rules: &RuleSet, saml: &SamlRuleSet, person: &str) -> (Standing, Vec<(Effect, &'static str)>) {
    let file = format!(
        r#"{{"systemusers": [{{"_id": "u1", "firstname": "Anna", "lastname": "Berg", {person}}}], "usergroups": [],
        "application": {{"usergroups": [], "users": ["u1"]}}}}"#
    );
    let snapshot = jumpcloud::read(file.as_bytes()).unwrap();
    let report = Report::with_log_in(&snapshot, rules, &Profile::aws_iam_identity_center(), saml);
    let user = &report.users()[0];
    (user.standing(), user.consequences().iter().map(|found| (found.effect, found.finding.code())).collect())
}

const ANNA: &str = r#""username": "anna", "email": "anna@example.com""#;

#[test]
fn whoever_is_named_by_the_user_name_finds_nothing() {
    let found = found(&RuleSet::jumpcloud(), &SamlRuleSet::jumpcloud(), ANNA);
    assert_eq!(found, (Standing::Sent, Vec::new()));
}

/// SS-19: the NameID is the userName, letter for letter.
#[test]
fn ss_19_another_name_than_the_user_name_will_not_work() {
    let by_username = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let (standing, found) = found(&by_username, &SamlRuleSet::jumpcloud(), ANNA);
    assert_eq!(standing, Standing::Sent);
    assert_eq!(found, [(Effect::WillNotWork, "UserNameNotEmail"), (Effect::WillNotWork, "NameIdDiffersFromUserName")]);
}

/// What was assumed of the e-mail address is not said where the rules name people otherwise.
#[test]
fn where_both_rules_take_the_log_in_name_it_works() {
    let by_username = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let saml = SamlRuleSet::jumpcloud().with_name_id(Source::Username).unwrap().with_name_id_format(NameIdFormat::UNSPECIFIED);
    let (_, found) = found(&by_username, &saml, ANNA);
    assert_eq!(found, [(Effect::WillNotWork, "UserNameNotEmail")]);
}

#[test]
fn a_name_that_cannot_be_sent_will_not_work_and_holds_nothing() {
    let (standing, found) = found(&RuleSet::jumpcloud(), &SamlRuleSet::jumpcloud(), r#""email": "anna.example.com""#);
    assert_eq!(standing, Standing::Sent);
    assert_eq!(found, [(Effect::WillNotWork, "UserNameNotEmail"), (Effect::WillNotWork, "NameIdNotEmail")]);
}

#[test]
fn a_tag_that_aws_refuses_is_left_out() {
    let saml = SamlRuleSet::jumpcloud().with_attribute(SamlRule::access_control("Department", Source::Department).unwrap()).unwrap();
    let person = format!(r#"{ANNA}, "department": "R&D", "attributes": [{{"name": "x", "value": []}}]"#);
    let (standing, found) = found(&RuleSet::jumpcloud(), &saml, &person);
    assert_eq!(standing, Standing::Sent);
    let expected = [(Effect::LeftOut, "CustomAttributeUnreadable"), (Effect::LeftOut, "SamlAttributeLeftOut")];
    assert_eq!(found, expected, "and what the reader found is told once");
}
