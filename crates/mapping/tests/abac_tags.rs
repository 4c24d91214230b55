//! The tags that a person has at AWS: AB-01 to AB-03, AB-05, AB-15 and E-15.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use idbridge_mapping::abac::{AccessControlAttributes, EffectiveTags, Precedence, Selector, Tag, TagFinding, TagKey, TagOrigin};
use idbridge_mapping::directory::{DirectoryId, User};
use idbridge_mapping::{ErrorKind, Location, MappedLogin, RuleSet, SamlRule, SamlRuleSet, Source};
use idbridge_saml::Attribute;
use idbridge_scim::{Profile, Resource};
use proptest::prelude::*;

fn key(text: &str) -> TagKey {
    TagKey::new(text).unwrap()
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn console(attributes: &[(&str, &str)]) -> AccessControlAttributes {
    attributes.iter().fold(AccessControlAttributes::none(), |console, (name, path)| {
        console.with(key(name), format!("${{path:{path}}}").parse().unwrap()).unwrap()
    })
}

fn assertion(attributes: &[(&str, &str)]) -> Vec<Attribute> {
    attributes.iter().map(|(name, value)| Attribute::new(key(name).attribute_name(), [*value])).collect()
}

fn values(tags: &EffectiveTags) -> Vec<(&str, &str, String)> {
    tags.tags().iter().map(|(key, tag)| (key.as_str(), tag.value(), tag.origin().to_string())).collect()
}

/// AB-01: both ways work side by side, and a value of one is no value of the other.
#[test]
fn ab_01_both_ways_work_side_by_side() {
    let mut user = User::new(DirectoryId::new("u1").unwrap());
    user.username = Some("jd".to_owned());
    user.email = Some("john@x.yz".to_owned());
    user.first_name = Some("John".to_owned());
    user.last_name = Some("Doe".to_owned());
    user.department = Some("Research".to_owned());
    user.job_title = Some("Engineer".to_owned());
    let rules = SamlRuleSet::jumpcloud().with_attribute(SamlRule::access_control("Department", Source::Department).unwrap()).unwrap();
    let MappedLogin::Ready { attributes, .. } = rules.to_saml(&user) else { panic!("held") };
    let mapped = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());

    let console = console(&[("Title", "title"), ("Division", "enterprise.division")]);
    let tags = EffectiveTags::of(&attributes, mapped.resource().unwrap(), &console, Precedence::Saml);
    assert_eq!(values(&tags), [("Department", "Research", "saml".to_owned()), ("Title", "Engineer", "${path:title}".to_owned())]);
    assert_eq!(tags.findings(), []);
    assert_eq!(
        tags.to_map().into_iter().collect::<Vec<_>>(),
        [("Department".to_owned(), "Research".to_owned()), ("Title".to_owned(), "Engineer".to_owned())]
    );
}

/// AB-02 and E-15: where the two differ, one wins by the precedence, and both are shown with where they come from.
#[test]
fn ab_02_and_e_15_where_the_two_differ_both_are_shown() {
    let user = resource(r#"{"title": "Engineer", "userType": "Staff"}"#);
    let console = console(&[("Role", "title"), ("Kind", "userType")]);
    let assertion = assertion(&[("Role", "Lead"), ("Kind", "Staff")]);
    let of_console = TagOrigin::Console("${path:title}".parse().unwrap());
    let merged = |precedence| EffectiveTags::of(&assertion, &user, &console, precedence);
    let shown = |tag: &Tag| (tag.value().to_owned(), tag.origin(), tag.replaced().map(|(value, origin)| (value.to_owned(), origin)));

    assert_eq!(Precedence::default(), Precedence::Saml);
    let tags = merged(Precedence::Saml);
    assert_eq!(shown(&tags.tags()["Role"]), ("Lead".to_owned(), TagOrigin::Saml, Some(("Engineer".to_owned(), of_console))));
    let tags = merged(Precedence::Console);
    assert_eq!(shown(&tags.tags()["Role"]), ("Engineer".to_owned(), of_console, Some(("Lead".to_owned(), TagOrigin::Saml))));
    for (precedence, winner) in [(Precedence::Saml, "assertion"), (Precedence::Console, "console")] {
        let tags = merged(precedence);
        assert_eq!(tags.findings(), [TagFinding::ValuesDiffer { key: key("Role"), precedence }]);
        assert!(tags.findings()[0].to_string().contains(&format!("the {winner} is taken to win")));
        assert_eq!(tags.tags()["Kind"].replaced(), None, "a value that both have is one value");
    }
    assert_eq!(merged(Precedence::Console).tags()["Kind"].origin(), TagOrigin::Console("${path:userType}".parse().unwrap()));
}

/// E-15: which of the two wins is a value, read and printed by one word.
#[test]
fn e_15_precedence_is_a_value() {
    for precedence in [Precedence::Saml, Precedence::Console] {
        assert_eq!(precedence.to_string().parse(), Ok(precedence));
    }
    let error = "SAML".parse::<Precedence>().unwrap_err();
    assert_eq!(error.to_string(), "invalid precedence \"SAML\": expected saml or console");
}

/// AB-03: what AWS can select, with its selector, each of which reads what is sent.
#[test]
fn ab_03_what_aws_can_select_is_listed() {
    let user = resource(
        r#"{
            "userName": "userName", "displayName": "displayName", "nickName": "nickName", "userType": "userType", "title": "title",
            "locale": "locale", "timezone": "timezone", "name": {"familyName": "familyName", "givenName": "givenName"},
            "emails": [{"value": "no"}, {"value": "mail", "type": "work", "primary": true}],
            "phoneNumbers": [{"type": "mobile", "value": "no"}, {"type": "Work", "value": "phone"}],
            "addresses": [
                {"type": "home", "streetAddress": "no", "locality": "no", "region": "no", "postalCode": "no", "country": "no", "formatted": "no"},
                {"type": "work", "streetAddress": "streetAddress", "locality": "locality", "region": "region", "postalCode": "postalCode",
                    "country": "country", "formatted": "formatted"}
            ],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": "employeeNumber", "costCenter": "costCenter", "organization": "organization", "division": "division",
                "department": "department", "manager": {"value": "boss"}
            }
        }"#,
    );
    let listed: Vec<_> = Selector::all().map(|selector| (selector.to_string(), selector.value_of(&user).unwrap_or("absent"))).collect();
    assert_eq!(listed.iter().map(|(_, value)| value).collect::<BTreeSet<_>>().len(), 23, "{listed:?}");
    for (selector, value) in &listed {
        let last = selector.trim_end_matches('}').rsplit('.').next().unwrap().trim_start_matches("${path:");
        let expected = match selector.as_str() {
            "${path:emails[primary eq true].value}" => "mail",
            r#"${path:phoneNumbers[type eq "work"].value}"# => "phone",
            "${path:enterprise.manager.value}" => "boss",
            _ => last,
        };
        assert_eq!(*value, expected, "{selector}");
        assert_eq!(selector.parse::<Selector>().unwrap().to_string(), *selector);
    }
    for absent in ["{}", r#"{"title": null}"#, r#"{"title": " "}"#, r#"{"title": 7}"#, r#"{"name": "John"}"#, r#"{"emails": {}}"#] {
        let user = resource(absent);
        assert!(Selector::all().all(|selector| selector.value_of(&user).is_none()), "{absent}");
    }
    for unknown in ["title", "${path:Title}", "${path:title", "path:title}", "${path:}", "", "${path:enterprise.manager}"] {
        let error = unknown.parse::<Selector>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "unknown attribute for access control \"{unknown}\": expected one that AWS lists, such as ${{path:enterprise.costCenter}}"
            )
        );
    }
}

/// AB-05: two keys that differ only in case are two tags, from one way or from both, and that is worth a look.
#[test]
fn ab_05_keys_that_differ_in_case_are_two_tags() {
    let user = resource(r#"{"title": "Engineer"}"#);
    let found = TagFinding::KeysDifferInCase { first: key("Role"), second: key("role") };
    let both = EffectiveTags::of(&assertion(&[("role", "Lead")]), &user, &console(&[("Role", "title")]), Precedence::Saml);
    let one = EffectiveTags::of(&assertion(&[("role", "Lead"), ("Role", "Boss")]), &user, &console(&[]), Precedence::Saml);
    for tags in [both, one] {
        assert_eq!(tags.tags().len(), 2);
        assert_eq!(tags.findings(), std::slice::from_ref(&found));
    }
}

/// AB-15: what a policy asks for is the key of the attribute, byte for byte, and of a key that the console sets as well.
#[test]
fn ab_15_the_key_of_a_policy_is_the_key_of_the_attribute() {
    for text in ["CostCenter", "costcenter", "a b:c/d=e+f-g@h", "Équipe"] {
        let key = key(text);
        assert_eq!(key.condition_key(), format!("aws:PrincipalTag/{text}"));
        assert_eq!(key.variable(), format!("${{aws:PrincipalTag/{text}}}"));
        let rule = SamlRule::access_control(text, Source::Department).unwrap();
        assert_eq!((rule.name(), rule.access_control_key()), (key.attribute_name().as_str(), Some(text)));
    }
}

/// What AWS takes for no tag is left out with the reason, and the other way's value stands.
#[test]
fn what_is_no_tag_is_left_out_with_the_reason() {
    let user = resource(r#"{"title": "R&D", "userType": "Staff", "nickName": " "}"#);
    let console = console(&[("Title", "title"), ("Kind", "userType"), ("Nick", "nickName")]);
    let mut attributes = assertion(&[("Kind", &"x".repeat(257)), ("Blank", " ")]);
    attributes.push(Attribute::new(format!("{}aws:x", Attribute::ACCESS_CONTROL), ["v"]));
    attributes.push(Attribute::new(key("Two").attribute_name(), ["a", "b"]));
    attributes.push(Attribute::new(key("None").attribute_name(), [""; 0]));
    attributes.push(Attribute::new(key("Twice").attribute_name(), ["first"]));
    attributes.push(Attribute::new(key("Twice").attribute_name(), ["second"]));
    attributes.push(Attribute::new("https://aws.amazon.com/SAML/Attributes/RoleSessionName", ["john@x.yz"]));
    let tags = EffectiveTags::of(&attributes, &user, &console, Precedence::Saml);
    assert_eq!(values(&tags), [("Kind", "Staff", "${path:userType}".to_owned()), ("Twice", "first", "saml".to_owned())]);
    assert_eq!(
        tags.findings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "Kind is no tag: the value has 257 characters, at most 256 are taken; change it where it comes from (saml)",
            "aws:x is no tag: invalid tag key \"aws:x\": expected a key that does not begin with aws:, which AWS keeps for itself; change it where it \
         comes from (saml)",
            "Two is no tag: AWS takes one value, found 2; change it where it comes from (saml)",
            "None is no tag: AWS takes one value, found 0; change it where it comes from (saml)",
            "Twice is no tag: the assertion has the attribute twice; change it where it comes from (saml)",
            "Title is no tag: the value has the character '&' (U+0026) at 1, which is refused; change it where it comes from (${path:title})",
        ]
    );
    assert!(tags.findings().iter().all(|finding| finding.code() == "TagLeftOut"));
}

/// AWS STS: a session has at most fifty tags, of both ways together.
#[test]
fn more_than_fifty_tags_are_said() {
    let keys: Vec<_> = (0..=50).map(|index| format!("k{index}")).collect();
    let attributes = |count: usize| assertion(&keys.iter().take(count).map(|key| (key.as_str(), "v")).collect::<Vec<_>>());
    let user = resource(r#"{"title": "Engineer"}"#);
    let console = console(&[("Title", "title")]);
    assert_eq!(EffectiveTags::of(&attributes(49), &user, &console, Precedence::Saml).findings(), []);
    let tags = EffectiveTags::of(&attributes(50), &user, &console, Precedence::Saml);
    assert_eq!((tags.tags().len(), tags.findings()), (51, [TagFinding::TooMany { found: 51 }].as_slice()));
    assert_eq!(tags.findings()[0].to_string(), "a session has at most 50 tags, found 51; take some out of the rules or the console");
}

/// The page of the console is read in each form in which AWS gives it, and written as AWS takes it.
#[test]
fn the_console_is_read_as_aws_writes_it() {
    let list = r#"[{"Key": "Role", "Value": {"Source": ["${path:title}"]}, "New": 1}, {"Key": "CostCenter", "Value": {"Source": ["${path:enterprise.costCenter}"]}}]"#;
    let expected = console(&[("Role", "title"), ("CostCenter", "enterprise.costCenter")]);
    for text in [
        format!(r#"{{"AccessControlAttributes": {list}}}"#),
        format!(r#"{{"Status": "ENABLED", "InstanceAccessControlAttributeConfiguration": {{"AccessControlAttributes": {list}}}}}"#),
        expected.to_json(),
    ] {
        assert_eq!(AccessControlAttributes::from_json(text.as_bytes()).as_ref(), Ok(&expected), "{text}");
    }
    for none in
        ["{}", r#"{"AccessControlAttributes": []}"#, r#"{"AccessControlAttributes": null}"#, r#"{"Status": "CREATION_IN_PROGRESS"}"#]
    {
        assert_eq!(AccessControlAttributes::from_json(none.as_bytes()), Ok(AccessControlAttributes::none()), "{none}");
    }
    assert_eq!(expected.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["CostCenter", "Role"]);
    assert_eq!(expected.get("Role").map(Selector::path), Some("title"));
    assert_eq!(expected.get("role"), None);
}

/// What the console could not have is refused, with the line and the column.
#[test]
fn a_page_that_the_console_could_not_have_is_refused() {
    let entry = |key: &str, source: &str| format!(r#"{{"Key": {key}, "Value": {{"Source": {source}}}}}"#);
    let page = |entries: &[String]| format!("{{\"AccessControlAttributes\": [\n{}\n]}}", entries.join(",\n"));
    let title = r#"["${path:title}"]"#;
    let many: Vec<_> = (0..=50).map(|index| entry(&format!("\"k{index}\""), title)).collect();
    let messages: Vec<_> = [
        "[1".to_owned(),
        "7".to_owned(),
        page(&[entry("\"Role\"", title), entry("\"R&D\"", title)]),
        page(&[entry("\"Role\"", r#"["title"]"#)]),
        page(&[entry("\"Role\"", "[]")]),
        page(&[entry("\"Role\"", r#"["${path:title}", "${path:locale}"]"#)]),
        page(&[entry("\"Role\"", title), entry("\"Role\"", title)]),
        page(&[r#"{"Key": "Role"}"#.to_owned()]),
        page(&many),
        r#"{"AccessControlAttributes": {"Role": "title"}}"#.to_owned(),
    ]
    .iter()
    .map(|text| AccessControlAttributes::from_json(text.as_bytes()).unwrap_err().to_string())
    .collect();
    assert_eq!(messages, [
        "at line 1 column 2: invalid type: integer `1`, expected a list of keys with their sources",
        "at line 1 column 1: invalid type: integer `7`, expected an object with AccessControlAttributes",
        "at line 3 column 13: invalid tag key \"R&D\": expected a key of letters, digits, spaces and _ . : / = + - @",
        "at line 2 column 45: unknown attribute for access control \"title\": expected one that AWS lists, such as ${path:enterprise.costCenter}",
        "at line 2 column 39: expected one source, found 0",
        "at line 2 column 72: expected one source, found 2",
        "at line 4 column 1: expected one source for each key, found a second for Role",
        "at line 2 column 15: missing field `Value`",
        "at line 53 column 1: expected at most 50 keys, found one more: k50",
        "at line 1 column 28: invalid type: map, expected a list of keys with their sources",
    ].map(|message| format!("invalid attributes for access control {message}")));

    let large = vec![b' '; AccessControlAttributes::LARGEST + 1];
    let error = AccessControlAttributes::from_json(&large).unwrap_err();
    assert_eq!((error.at(), error.to_string().contains("at most 262144 bytes are read, found 262145")), (&Location::Whole, true));
    assert!(matches!(error.kind(), ErrorKind::AccessControl { .. }));
}

proptest! {
    /// Which way wins changes no key, and where the ways agree, no value; each value is one that one of the two has.
    #[test]
    fn precedence_changes_only_what_differs(
        sent in proptest::collection::btree_map("[ab]", "[xy]", 0..3),
        selected in proptest::collection::btree_map("[ab]", 0_usize..23, 0..3),
        title in "[xy]?",
        locale in "[xy]?",
    ) {
        let user = resource(&format!(r#"{{"title": "{title}", "locale": "{locale}"}}"#));
        let attributes: Vec<_> = sent.iter().map(|(name, value)| Attribute::new(key(name).attribute_name(), [value.as_str()])).collect();
        let console = selected.iter().fold(AccessControlAttributes::none(), |console, (name, at)| {
            console.with(key(name), Selector::all().nth(*at).unwrap()).unwrap()
        });
        let saml = EffectiveTags::of(&attributes, &user, &console, Precedence::Saml);
        let other = EffectiveTags::of(&attributes, &user, &console, Precedence::Console);
        prop_assert_eq!(saml.tags().keys().collect::<Vec<_>>(), other.tags().keys().collect::<Vec<_>>());
        prop_assert_eq!(AccessControlAttributes::from_json(console.to_json().as_bytes()), Ok(console.clone()));
        for (key, tag) in saml.tags() {
            let (by_assertion, by_console) = (sent.get(key.as_str()), console.get(key.as_str()).and_then(|selector| selector.value_of(&user)));
            prop_assert_eq!(Some(tag.value()), by_assertion.map(String::as_str).or(by_console));
            prop_assert_eq!(Some(other.tags()[key].value()), by_console.or_else(|| by_assertion.map(String::as_str)));
            prop_assert_eq!(tag.replaced().map(|(value, _)| value), by_console.filter(|value| *value != tag.value()));
        }
    }
}
