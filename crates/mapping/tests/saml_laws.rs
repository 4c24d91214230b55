//! Laws of what an assertion says, that hold for every directory and every set of rules.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::{Duration, UNIX_EPOCH};

use idbridge_mapping::directory::{Address, DirectoryId, User};
use idbridge_mapping::{AddressPart, MappedLogin, RuleSet, SamlRule, SamlRuleSet, Severity, Source};
use idbridge_saml::{EntityId, IdentityProvider, NameIdFormat, RegisteredSp, Registration, ResponseIds};
use idbridge_scim::Profile;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Texts as they occur, and as they should not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Zé山 .'_:/=+@-]{0,12}",
        3 => "[ ]{0,1}[a-zA-Z.+]{1,8}@[a-z]{1,8}\\.com[ ]{0,1}",
        2 => any::<String>(),
        1 => Just("  ".to_owned()),
        1 => Just("a\u{0}b".to_owned()),
        1 => Just("\u{FFFE}".to_owned()),
        1 => "x{250,260}",
    ]
}

fn user() -> impl Strategy<Value = User> {
    ("[a-z :]{1,5}", vec(of(text()), 7)).prop_map(|(id, texts)| {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        let mut user = User::new(DirectoryId::new(id).unwrap());
        user.username = next();
        user.email = next();
        user.first_name = next();
        user.last_name = next();
        user.department = next();
        user.company = next();
        let mut work = Address::new("work");
        work.region = next();
        user.addresses = vec![work];
        user
    })
}

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Id),
        Just(Source::Username),
        Just(Source::Email),
        Just(Source::ComposedName),
        Just(Source::Department),
        Just(Source::Company),
        Just(Source::WorkAddress(AddressPart::Region)),
    ]
}

/// Rules of every kind; those that are refused when they are made are none.
fn rules() -> impl Strategy<Value = SamlRuleSet> {
    let rule = (any::<bool>(), text(), of(source()), text()).prop_map(|(is_tag, name, source, constant)| {
        let name = if is_tag { format!("https://aws.amazon.com/SAML/Attributes/AccessControl:{name}") } else { name };
        source.map_or_else(|| SamlRule::constant(&name, constant), |source| SamlRule::new(&name, source))
    });
    let formats = prop_oneof![Just(NameIdFormat::EMAIL_ADDRESS), Just(NameIdFormat::UNSPECIFIED), Just(NameIdFormat::PERSISTENT)];
    (source(), formats, vec(rule, 0..6)).prop_map(|(source, format, rules)| {
        let set = SamlRuleSet::jumpcloud().with_name_id(source).unwrap().with_name_id_format(format);
        rules.into_iter().flatten().fold(set, |set, rule| set.clone().with_attribute(rule).unwrap_or(set))
    })
}

fn sp() -> RegisteredSp {
    let xml = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>"#;
    RegisteredSp::from_xml(xml, &Registration::new()).unwrap()
}

proptest! {
    /// The same person and the same rules give the same.
    #[test]
    fn mapping_is_a_function(user in user(), rules in rules()) {
        prop_assert_eq!(rules.to_saml(&user), rules.clone().to_saml(&user.clone()));
    }

    /// What is mapped makes a response; what is held says why, and makes none.
    #[test]
    fn what_is_mapped_makes_a_response(user in user(), rules in rules()) {
        let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let mapped = rules.to_saml(&user);
        let is_holding = mapped.findings().iter().any(|finding| finding.severity() == Severity::Holds);
        prop_assert_eq!(mapped.is_held(), is_holding);
        if let Some(login) = mapped.into_login(now) {
            let idp = IdentityProvider::new(EntityId::new("https://idp.example.com").unwrap(), "https://idp.example.com/sso");
            let sp = sp();
            let ids = ResponseIds::from_random([1; 16], [2; 16]);
            let response = idp.unsolicited(&sp, None, None).unwrap().respond(&login, &ids, now);
            prop_assert!(response.is_ok(), "{:?} {:?}", response, login);
        }
    }

    /// Every attribute comes from its rule, in the order of the rules, with one value that is not blank; every other rule found nothing, or
    /// there is a finding.
    #[test]
    fn attributes_follow_the_rules(user in user(), rules in rules()) {
        if let MappedLogin::Ready { attributes, findings, .. } = rules.to_saml(&user) {
            let mut names = rules.attributes().iter().map(SamlRule::name);
            for attribute in &attributes {
                prop_assert!(names.any(|name| name == attribute.name()), "{:?}", attribute);
                prop_assert_eq!(attribute.values().len(), 1);
                prop_assert!(!attribute.values()[0].trim().is_empty());
                if attribute.access_control_key().is_some() {
                    prop_assert!(attribute.values()[0].chars().count() <= 256);
                }
            }
            prop_assert!(attributes.len() + findings.len() <= rules.attributes().len());
        }
    }

    /// SS-19: whoever is mapped by the connector's two tables has one name in both.
    #[test]
    fn ss_19_one_name_in_scim_and_saml(user in user()) {
        let scim = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
        let saml = SamlRuleSet::jumpcloud().to_saml(&user);
        if let (Some(resource), Some(name_id)) = (scim.resource(), saml.name_id()) {
            prop_assert_eq!(resource.text("userName"), Some(name_id.value()));
        }
    }

    /// No finding holds what the directory has of a person.
    #[test]
    fn findings_hold_no_values(rules in rules()) {
        let mut user = User::new(DirectoryId::new("u1").unwrap());
        for field in [&mut user.username, &mut user.email, &mut user.first_name, &mut user.last_name, &mut user.department, &mut user.company] {
            *field = Some("Geheimnis\u{1}".to_owned());
        }
        for finding in rules.to_saml(&user).findings() {
            prop_assert!(!finding.to_string().contains("Geheimnis"));
        }
    }
}
