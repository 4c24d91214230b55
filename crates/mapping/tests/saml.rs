//! What an assertion says of a person.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::time::UNIX_EPOCH;

use idbridge_mapping::directory::{Address, DirectoryId, PhoneNumber, User, jumpcloud};
use idbridge_mapping::{
    AddressPart, ErrorKind, Finding, MappedLogin, RuleSet, SamlRefusal, SamlRule, SamlRuleSet, Severity, Source, UserNameFrom,
};
use idbridge_saml::{Attribute, NameIdFormat};
use idbridge_scim::Profile;

fn user(change: impl FnOnce(&mut User)) -> User {
    let mut user = User::new(DirectoryId::new("u1").unwrap());
    user.username = Some("john".to_owned());
    user.email = Some("john@x.yz".to_owned());
    user.first_name = Some("John".to_owned());
    user.last_name = Some("Doe".to_owned());
    change(&mut user);
    user
}

fn rules(rules: impl IntoIterator<Item = SamlRule>) -> SamlRuleSet {
    rules.into_iter().fold(SamlRuleSet::jumpcloud(), |set, rule| set.with_attribute(rule).unwrap())
}

fn attributes(mapped: &MappedLogin) -> &[Attribute] {
    match mapped {
        MappedLogin::Ready { attributes, .. } => attributes,
        MappedLogin::Held { findings } => panic!("{findings:?}"),
    }
}

/// SS-19: the NameID is the SCIM userName, letter for letter, by whichever of the two sources it is.
#[test]
fn ss_19_the_name_id_is_the_user_name() {
    let profile = Profile::aws_iam_identity_center();
    let by_email = (RuleSet::jumpcloud(), SamlRuleSet::jumpcloud());
    let by_username = (
        RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username),
        SamlRuleSet::jumpcloud().with_name_id(Source::Username).unwrap().with_name_id_format(NameIdFormat::UNSPECIFIED),
    );
    for (scim, saml) in [by_email, by_username] {
        for text in ["John.Doe@X.yz", "  john@x.yz\u{A0}", "\tj+aws@x.yz\n"] {
            let user = user(|user| (user.email, user.username) = (Some(text.to_owned()), Some(text.to_owned())));
            let resource = scim.to_scim(&user, &profile);
            let user_name = resource.resource().unwrap().text("userName").unwrap();
            assert_eq!(saml.to_saml(&user).name_id().unwrap().value(), user_name);
            assert_eq!(saml.check_user_name(&user, user_name), None);
        }
    }
}

/// The table to start from: the e-mail address as an e-mail address, and nothing else.
#[test]
fn the_connector_sends_the_email_and_no_attributes() {
    let mapped = SamlRuleSet::jumpcloud().to_saml(&user(|user| user.department = Some("R".to_owned())));
    assert_eq!(mapped.name_id().unwrap().format(), &NameIdFormat::EMAIL_ADDRESS);
    assert_eq!((attributes(&mapped), mapped.findings()), ([].as_slice(), [].as_slice()));
    let login = mapped.into_login(UNIX_EPOCH).unwrap();
    assert_eq!((login.name_id.value(), login.authenticated_at), ("john@x.yz", UNIX_EPOCH));
}

/// Whoever cannot be named is held, and nothing is said of them.
#[test]
fn whoever_cannot_be_named_is_held() {
    let rules = SamlRuleSet::jumpcloud();
    for (email, code) in [
        (None, "MissingRequired"),
        (Some("  "), "MissingRequired"),
        (Some("john"), "NameIdNotEmail"),
        (Some("john@"), "NameIdNotEmail"),
        (Some("John <john@x.yz>"), "NameIdNotEmail"),
        (Some("jöhn@x.yz"), "NameIdNotEmail"),
        (Some("john\u{0}@x.yz"), "NameIdNotEmail"),
    ] {
        let mapped = rules.to_saml(&user(|user| user.email = email.map(ToOwned::to_owned)));
        assert_eq!((mapped.is_held(), mapped.name_id()), (true, None));
        let codes: Vec<_> = mapped.findings().iter().map(Finding::code).collect();
        assert_eq!(codes, [code], "{email:?}");
        assert_eq!(mapped.into_login(UNIX_EPOCH), None);
    }
    // Another format asks for no address, and still for what XML can carry.
    let free =
        rules.with_name_id(Source::Username).unwrap().with_name_id_format("urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified".into());
    let mapped = free.to_saml(&user(|user| user.username = Some("jöhn".to_owned())));
    assert_eq!(mapped.name_id().unwrap().format().as_str(), "urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified");
    for username in ["john\u{0}", "\u{FFFF}"] {
        let mapped = free.to_saml(&user(|user| user.username = Some(username.to_owned())));
        assert_eq!(mapped.findings()[0].code(), "NameIdRefused");
    }
}

/// A record that was held when it was read stays held, with all the attributes in the world.
#[test]
fn an_unreadable_record_is_held() {
    let file = br#"{"systemusers": [{"_id": "u1", "email": "john@x.yz", "state": "PAUSED"}], "usergroups": [], "application": {"usergroups": []}}"#;
    let snapshot = jumpcloud::read(file).unwrap();
    let mapped = SamlRuleSet::jumpcloud().to_saml(&snapshot.users()["u1"]);
    assert!(mapped.is_held());
    assert_eq!(mapped.findings()[0].severity(), Severity::Holds);
}

/// Attributes have the order of the rules, one value each, and the names byte for byte.
#[test]
fn attributes_come_in_the_order_of_the_rules() {
    let rules = rules([
        SamlRule::access_control("CostCenter", Source::EmployeeIdentifier).unwrap(),
        SamlRule::constant("origin", "portal").unwrap(),
        SamlRule::access_control("Region", Source::WorkAddress(AddressPart::Region)).unwrap(),
        SamlRule::new("phone", Source::WorkPhone).unwrap().with_name_format("urn:example:format").unwrap(),
        SamlRule::constant(format!("{}Cloud", Attribute::ACCESS_CONTROL), "aws + others").unwrap(),
        SamlRule::new("name", Source::ComposedName).unwrap(),
    ]);
    let mapped = rules.to_saml(&user(|user| {
        user.employee_identifier = Some(" 4711 ".to_owned());
        let mut work = Address::new("work");
        work.region = Some("Skåne".to_owned());
        let mut home = Address::new("home");
        home.region = Some("Oslo".to_owned());
        user.addresses = vec![home, work];
        user.phone_numbers = vec![PhoneNumber::new("work", "+46 40 123")];
    }));
    let expected = [
        Attribute::access_control("CostCenter", "4711"),
        Attribute::new("origin", ["portal"]),
        Attribute::access_control("Region", "Skåne"),
        Attribute::new("phone", ["+46 40 123"]).with_name_format("urn:example:format"),
        Attribute::access_control("Cloud", "aws + others"),
        Attribute::new("name", ["John Doe"]),
    ];
    assert_eq!(attributes(&mapped), expected);
    assert_eq!(mapped.findings(), []);
}

/// An absent value leaves the attribute out, without a word: nothing is wrong. An empty one is never sent.
#[test]
fn an_absent_value_leaves_the_attribute_out() {
    let rules = rules([
        SamlRule::access_control("Department", Source::Department).unwrap(),
        SamlRule::new("title", Source::JobTitle).unwrap(),
        SamlRule::new("id", Source::Id).unwrap(),
    ]);
    let mapped = rules.to_saml(&user(|user| {
        user.id = DirectoryId::new("  ").unwrap();
        (user.department, user.job_title) = (None, Some(" \t".to_owned()));
    }));
    assert_eq!((attributes(&mapped), mapped.findings()), ([].as_slice(), [].as_slice()));
}

/// A value that AWS does not take as a tag is left out with a finding, which does not hold the value; others are not looked at so.
#[test]
fn a_value_that_is_no_tag_is_left_out() {
    let rules = rules([
        SamlRule::access_control("Department", Source::Department).unwrap(),
        SamlRule::new("department", Source::Department).unwrap(),
        SamlRule::access_control("Company", Source::Company).unwrap(),
    ]);
    let mapped = rules.to_saml(&user(|user| {
        user.department = Some("secret&".to_owned());
        user.company = Some("é".repeat(256));
    }));
    let names: Vec<&str> = attributes(&mapped).iter().map(Attribute::name).collect();
    assert_eq!(names, ["department", "https://aws.amazon.com/SAML/Attributes/AccessControl:Company"]);
    let [finding] = mapped.findings() else { panic!("{:?}", mapped.findings()) };
    assert_eq!(
        (finding.code(), finding.severity(), finding.record().unwrap().to_string()),
        ("SamlAttributeLeftOut", Severity::LeavesOut, "user u1".to_owned())
    );
    assert_eq!(
        finding.to_string(),
        "https://aws.amazon.com/SAML/Attributes/AccessControl:Department has the character '&' (U+0026) at 6, which is refused, so it is left \
         out; change department in the directory"
    );
    let mapped = rules.to_saml(&user(|user| user.department = Some("s".repeat(257))));
    assert_eq!(
        mapped.findings()[0].to_string(),
        "https://aws.amazon.com/SAML/Attributes/AccessControl:Department has 257 characters, at most 256 are taken, so it is left out; change \
         department in the directory"
    );
    assert_eq!(SamlRefusal::Character { found: '\u{0}', at: 1 }.to_string(), "has the character '\\0' (U+0000) at 1, which is refused");
    // What XML cannot carry is no attribute of any name.
    let mapped = rules.to_saml(&user(|user| user.department = Some("a\u{0}".to_owned())));
    assert_eq!((attributes(&mapped).len(), mapped.findings().len()), (0, 2));
}

/// A rule that nothing could come of is refused when it is made.
#[test]
fn rules_that_cannot_be_are_refused() {
    let tag = |key: &str| SamlRule::access_control(key, Source::Department);
    let name = |name: &str| SamlRule::new(name, Source::Department);
    for refused in [
        tag(""),
        tag(" "),
        tag("Cost&Center"),
        tag("aws:cost"),
        tag(&"k".repeat(129)),
        name(""),
        name(" "),
        name("a\u{0}"),
        name("https://aws.amazon.com/SAML/Attributes/AccessControl:a;b"),
        SamlRule::new("active", Source::Active),
        SamlRule::new("name", Source::Name),
        SamlRule::constant("a", ""),
        SamlRule::constant("a", "\u{1}"),
        SamlRule::constant(format!("{}Key", Attribute::ACCESS_CONTROL), "a;b"),
        SamlRule::constant(format!("{}Key", Attribute::ACCESS_CONTROL), "v".repeat(257)),
        name("a").and_then(|rule| rule.with_name_format(" ")),
        name("a").and_then(|rule| rule.with_name_format("\u{FFFE}")),
    ] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::SamlRule { .. }), "{refused}");
    }
    for source in [Source::Active, Source::Name] {
        let refused = SamlRuleSet::jumpcloud().with_name_id(source).unwrap_err();
        assert!(refused.to_string().starts_with("invalid SAML rule for NameID: expected a text that a person has"), "{refused}");
    }
    // Keys compare with case; a name twice is what AWS refuses a log-in for.
    let set = rules([tag("Region").unwrap(), tag("region").unwrap()]);
    assert!(set.with_attribute(tag("Region").unwrap()).is_err());
    let fifty = rules((0..50).map(|number| tag(&format!("Key{number}")).unwrap()));
    assert!(fifty.clone().with_attribute(tag("Key50").unwrap()).is_err());
    assert!(fifty.with_attribute(name("department").unwrap()).is_ok());
}

/// Each error says what the rule would have to have.
#[test]
fn errors_of_rules_say_what_is_expected() {
    let lines = [
        SamlRule::access_control("a;b", Source::Department),
        SamlRule::access_control("", Source::Department),
        SamlRule::access_control("AWS:a", Source::Department),
        SamlRule::new("\n", Source::Department),
        SamlRule::new("a", Source::Active),
        SamlRule::constant("a", "x".repeat(200) + "\u{0}"),
    ]
    .map(|refused| refused.unwrap_err().to_string().replace(Attribute::ACCESS_CONTROL, "[AC]"));
    assert_eq!(
        lines,
        [
            r#"invalid SAML rule for [AC]a;b: expected a key of letters, digits, spaces and _ . : / = + - @, found "a;b""#.to_owned(),
            r#"invalid SAML rule for [AC]: expected a key that is not blank, found """#.to_owned(),
            r#"invalid SAML rule for [AC]AWS:a: expected a key that does not begin with aws:, which AWS keeps for itself, found "AWS:a""#
                .to_owned(),
            r#"invalid SAML rule for an attribute: expected a name that XML can carry, found "\n""#.to_owned(),
            r#"invalid SAML rule for a: expected a text that a person has in the directory, found "active""#.to_owned(),
            format!(r#"invalid SAML rule for a: expected a value that XML can carry, found "{}...""#, "x".repeat(100)),
        ]
    );
}

/// Each finding of a person says what to change, and holds no value of an attribute.
#[test]
fn findings_say_what_to_change() {
    let rules = SamlRuleSet::jumpcloud();
    let free = SamlRuleSet::jumpcloud().with_name_id(Source::Username).unwrap().with_name_id_format(NameIdFormat::UNSPECIFIED);
    let findings = [
        rules.to_saml(&user(|user| user.email = None)).findings()[0].clone(),
        rules.to_saml(&user(|user| user.email = Some("secret".to_owned()))).findings()[0].clone(),
        free.to_saml(&user(|user| user.username = Some("secret\u{1}".to_owned()))).findings()[0].clone(),
        rules.check_user_name(&user(|_| ()), "secret").unwrap(),
    ];
    let lines: Vec<String> = findings.iter().map(|finding| format!("{} {:?}: {finding}", finding.code(), finding.severity())).collect();
    assert_eq!(
        lines,
        [
            "MissingRequired Holds: NameID is required and has no value; fill in email in the directory",
            "NameIdNotEmail Holds: NameID must be an e-mail address (addr-spec of RFC 2822) and is none; correct email in the directory",
            "NameIdRefused Holds: NameID has the character '\\u{1}' (U+0001) at 6, which is refused; correct username in the directory",
            "NameIdDiffersFromUserName Informs: cannot log in by single sign-on: NameID is not the user name that the service has; change the user \
             name there to email in the directory",
        ]
    );
    assert!(findings.iter().all(|finding| finding.path() == Some("NameID") && finding.record().is_some()));
}

/// The table can be printed and compared.
#[test]
fn the_table_can_be_printed() {
    let set = rules([
        SamlRule::access_control("Region", Source::WorkAddress(AddressPart::Region)).unwrap(),
        SamlRule::constant("origin", "a \"b\"").unwrap(),
    ]);
    assert_eq!(
        set.to_string(),
        "  email                          NameID of the format urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\n  \
         addresses.work.region          https://aws.amazon.com/SAML/Attributes/AccessControl:Region\n  \
         \"a \\\"b\\\"\"                      origin\n"
    );
    assert_ne!(set, SamlRuleSet::jumpcloud());
    assert_eq!(set.attributes()[0].access_control_key(), Some("Region"));
}
