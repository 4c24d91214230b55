//! Attributes for access control, from people and from their groups: AB-04 to AB-13.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Address, DirectoryId, Group, User, jumpcloud};
use idbridge_mapping::{AddressPart, ErrorKind, Finding, MappedLogin, SamlRule, SamlRuleSet, Severity, Source};
use idbridge_saml::Attribute;

const REGION: Source = Source::WorkAddress(AddressPart::Region);

fn user(change: impl FnOnce(&mut User)) -> User {
    let mut user = User::new(DirectoryId::new("u1").unwrap());
    user.email = Some("john@x.yz".to_owned());
    change(&mut user);
    user
}

fn address(kind: &str, region: &str) -> Address {
    let mut address = Address::default();
    address.kind = Some(kind.to_owned());
    address.region = Some(region.to_owned());
    address
}

/// A group that lists `u1`, with its value of the custom attribute `project`.
fn group(id: &str, project: &str) -> Group {
    let mut group = Group::new(DirectoryId::new(id).unwrap(), id);
    group.members.insert(DirectoryId::new("u1").unwrap());
    group.custom.insert("project".to_owned(), project.to_owned());
    group
}

fn rules(rules: impl IntoIterator<Item = SamlRule>) -> SamlRuleSet {
    rules.into_iter().fold(SamlRuleSet::jumpcloud(), |set, rule| set.with_attribute(rule).unwrap())
}

fn project() -> SamlRuleSet {
    rules([SamlRule::access_control("Project", Source::Custom("project".to_owned())).unwrap()])
}

fn ready(mapped: &MappedLogin) -> (&[Attribute], &[Finding]) {
    match mapped {
        MappedLogin::Ready { attributes, findings, .. } => (attributes, findings),
        held => panic!("{held:?}"),
    }
}

/// The values of `Project` and the codes of the findings.
fn projects(user: &User, groups: &[&Group]) -> (Vec<String>, Vec<&'static str>) {
    let mapped = project().to_saml_in(user, groups);
    let (attributes, findings) = ready(&mapped);
    let values = attributes.iter().flat_map(Attribute::values).cloned().collect();
    (values, findings.iter().map(Finding::code).collect())
}

/// AB-04: the name is the prefix and the key, byte for byte.
#[test]
fn ab_04_the_name_is_the_prefix_and_the_key() {
    for key in ["Region", "CostCenter", "cost-center_1", "Équipe: A+B=C@D/e.f"] {
        let rule = SamlRule::access_control(key, REGION).unwrap();
        assert_eq!(rule.name(), format!("https://aws.amazon.com/SAML/Attributes/AccessControl:{key}"));
        assert_eq!(rule.access_control_key(), Some(key));
    }
    let other = SamlRule::new("https://aws.amazon.com/SAML/attributes/AccessControl:Region", REGION).unwrap();
    assert_eq!(other.access_control_key(), None, "a prefix in another case is another name");
}

/// AB-05: letters keep their case, two keys that differ in nothing else are two attributes, and that is worth a look.
#[test]
fn ab_05_keys_keep_their_case() {
    let rule = |key: &str| SamlRule::access_control(key, REGION).unwrap();
    let set = rules([rule("Region"), rule("CostCenter"), rule("region"), rule("REGION")]);
    let mapped = set.to_saml(&user(|user| {
        user.addresses = vec![address("work", "CO")];
    }));
    assert_eq!(ready(&mapped).0.len(), 4);
    let findings = set.findings();
    assert_eq!(
        findings.iter().map(|finding| (finding.code(), finding.severity())).collect::<Vec<_>>(),
        [("KeysDifferInCase", Severity::Informs); 2]
    );
    assert_eq!(
        findings[1].to_string(),
        "the keys Region and REGION differ only in case, and AWS takes them for two; write both keys the same way, or take one of the rules out"
    );
    assert_eq!(rules([rule("Region"), rule("CostCenter")]).findings(), []);
}

/// AB-06: a key that AWS takes for no tag is refused when the rule is made, and so is a second rule of one name and the fifty-first key.
#[test]
fn ab_06_a_key_that_is_no_tag_is_refused() {
    for key in ["", " ", "R&D", "a;b", "aws:x", "AWS:x", "a\nb", &"x".repeat(129)] {
        let error = SamlRule::access_control(key, REGION).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SamlRule { .. }), "{key:?}: {error}");
    }
    SamlRule::access_control(&"x".repeat(128), REGION).unwrap();

    let fifty = rules((0..50).map(|index| SamlRule::access_control(&format!("k{index}"), REGION).unwrap()));
    assert!(fifty.clone().with_attribute(SamlRule::new("an attribute of another kind", REGION).unwrap()).is_ok());
    let error = fifty.clone().with_attribute(SamlRule::access_control("k50", REGION).unwrap()).unwrap_err();
    assert!(error.to_string().ends_with("expected at most 50 attributes for access control, found \"one more\""), "{error}");
    let error = fifty.with_attribute(SamlRule::access_control("k7", REGION).unwrap()).unwrap_err();
    assert!(error.to_string().ends_with("expected one rule for each attribute, found \"a second one\""), "{error}");
}

/// AB-07: a predefined attribute, where the type says which address is meant.
#[test]
fn ab_07_the_value_is_of_the_address_of_the_type() {
    let set = rules([SamlRule::access_control("Region", REGION).unwrap()]);
    assert_eq!(REGION.to_string(), "addresses.work.region");
    let at = |addresses| {
        let mapped = set.to_saml(&user(|user| user.addresses = addresses));
        ready(&mapped).0.iter().flat_map(Attribute::values).cloned().collect::<Vec<_>>()
    };
    assert_eq!(at(vec![address("home", "NY"), address("work", "CO")]), ["CO"]);
    assert_eq!(at(vec![address("home", "NY")]), [""; 0]);
}

/// AB-08: a custom attribute of the person, by its name, which keeps its case.
#[test]
fn ab_08_the_value_is_a_custom_attribute_of_the_person() {
    let set = rules([SamlRule::access_control("Project", Source::Custom("AWS-ABAC-Project".to_owned())).unwrap()]);
    let with = |name: &str| {
        let mapped = set.to_saml(&user(|user| {
            user.custom.insert(name.to_owned(), " Robots ".to_owned());
        }));
        ready(&mapped).0.iter().flat_map(Attribute::values).cloned().collect::<Vec<_>>()
    };
    assert_eq!(with("AWS-ABAC-Project"), ["Robots"]);
    assert_eq!(with("aws-abac-project"), [""; 0]);
}

/// AB-09: the value of a group that the person is in, and of no group that only the caller names.
#[test]
fn ab_09_the_value_is_a_custom_attribute_of_a_group() {
    let (mine, mut other) = (group("g1", "blue"), group("g2", "red"));
    other.members.clear();
    assert_eq!(projects(&user(|_| ()), &[&other, &mine]), (vec!["blue".to_owned()], vec![]));
    assert_eq!(projects(&user(|_| ()), &[&other]), (vec![], vec![]));
    assert_eq!(project().to_saml(&user(|_| ())), project().to_saml_in(&user(|_| ()), &[]));
}

/// AB-10: where nobody has a value, there is no attribute, and in no case an empty one.
#[test]
fn ab_10_no_value_is_no_attribute() {
    for blank in ["", " ", "\u{A0}\t"] {
        let user = user(|user| {
            user.custom.insert("project".to_owned(), blank.to_owned());
        });
        assert_eq!(projects(&user, &[&group("g1", blank)]), (vec![], vec![]));
        assert_eq!(projects(&user, &[&group("g1", blank), &group("g2", "red")]), (vec!["red".to_owned()], vec![]));
    }
}

/// AB-11: the person's own value goes first, then what the directory merged, then the groups where they agree; where they differ, none is sent.
#[test]
fn ab_11_the_person_goes_before_the_groups() {
    let (blue, red, blue_too) = (group("g1", "blue"), group("g2", "red"), group("g3", " blue "));
    let own = user(|user| {
        user.custom.insert("project".to_owned(), "own".to_owned());
        user.inherited.insert("project".to_owned(), "merged".to_owned());
    });
    assert_eq!(projects(&own, &[&blue, &red]), (vec!["own".to_owned()], vec![]));
    let merged = user(|user| {
        user.inherited.insert("project".to_owned(), "merged".to_owned());
    });
    assert_eq!(projects(&merged, &[&blue, &red]), (vec!["merged".to_owned()], vec![]));
    let none = user(|_| ());
    assert_eq!(projects(&none, &[&blue, &blue_too]), (vec!["blue".to_owned()], vec![]));
    for groups in [[&blue, &red], [&red, &blue]] {
        assert_eq!(projects(&none, &groups), (vec![], vec!["GroupValuesDiffer"]));
    }
}

/// AB-11: what could not be read is not absent: neither the person's own value nor a group's is passed over for another's.
#[test]
fn ab_11_what_could_not_be_read_is_not_passed_over() {
    let read = |own: &str, first: &str| {
        let file = format!(
            r#"{{
                "systemusers": [{{"_id": "u1", "email": "john@x.yz", "attributes": {own}}}],
                "usergroups": [
                    {{"id": "g1", "name": "A", "members": ["u1"], "attributes": {first}}},
                    {{"id": "g2", "name": "B", "members": ["u1"], "attributes": {{"project": "blue"}}}}
                ],
                "application": {{"usergroups": ["g1", "g2"]}}
            }}"#
        );
        let snapshot = jumpcloud::read(file.as_bytes()).unwrap();
        let user = &snapshot.users()["u1"];
        projects(user, &snapshot.bound_groups_of(&user.id).collect::<Vec<_>>())
    };
    let (own, of_group) = (r#"[{"name": "project", "value": {"en": "red"}}]"#, r#"{"project": {"en": "red"}}"#);
    assert_eq!(read("[]", "{}"), (vec!["blue".to_owned()], vec![]));
    assert_eq!(read(own, "{}"), (vec![], vec!["CustomAttributeUnreadable"]));
    assert_eq!(read("[]", of_group), (vec![], vec!["GroupValueUnreadable"]));
    assert_eq!(read("[]", "7"), (vec![], vec!["GroupValueUnreadable"]), "any of those that cannot be read may be the one");
    let others = (r#"[{"name": "projects", "value": {"en": "red"}}]"#, r#"{"projects": {"en": "red"}}"#);
    assert_eq!(read(others.0, others.1), (vec!["blue".to_owned()], vec!["CustomAttributeUnreadable"]));
}

/// AB-12: n rules make n attributes with one value each, in the order of the rules.
#[test]
fn ab_12_each_rule_makes_one_attribute_with_one_value() {
    let keys = ["Zone", "Alpha", "Middle", "alpha"];
    let set = rules(keys.map(|key| SamlRule::access_control(key, Source::Custom("project".to_owned())).unwrap()));
    let (user, blue) = (user(|_| ()), group("g1", "blue"));
    let mapped = set.to_saml_in(&user, &[&blue]);
    let sent: Vec<_> =
        ready(&mapped).0.iter().map(|attribute| (attribute.name().rsplit(':').next().unwrap(), attribute.values())).collect();
    let blue = ["blue".to_owned()];
    assert_eq!(sent, keys.map(|key| (key, blue.as_slice())));
}

/// AB-13: a group that is not bound to the application says nothing to it.
#[test]
fn ab_13_only_bound_groups_are_looked_at() {
    let file = r#"{
        "systemusers": [{"_id": "u1", "email": "john@x.yz"}],
        "usergroups": [
            {"id": "g1", "name": "A", "members": ["u1"], "attributes": {"project": "red"}},
            {"id": "g2", "name": "B", "members": ["u1"], "attributes": {"project": "blue"}},
            {"id": "g3", "name": "C", "members": [], "attributes": {"project": "green"}}
        ],
        "application": {"usergroups": BOUND}
    }"#;
    let bound = |groups: &str| {
        let snapshot = jumpcloud::read(file.replace("BOUND", groups).as_bytes()).unwrap();
        let user = &snapshot.users()["u1"];
        projects(user, &snapshot.bound_groups_of(&user.id).collect::<Vec<_>>())
    };
    assert_eq!(bound(r#"["g2", "g3"]"#), (vec!["blue".to_owned()], vec![]));
    assert_eq!(bound(r#"["g3"]"#), (vec![], vec![]));
    assert_eq!(bound(r#"["g1", "g2"]"#), (vec![], vec!["GroupValuesDiffer"]));
}
